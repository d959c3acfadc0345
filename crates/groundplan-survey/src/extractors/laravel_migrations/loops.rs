//! Loops over texts that stand in the migration: tables and columns that are treated alike.

use super::Changes;
use crate::php;
use std::ops::Range;

/// Rounds of one loop at most.
const MOST: usize = 100;

/// Names in names at most.
const DEEPEST: u8 = 4;

/// Tokens of one text that is put together at most.
const LONGEST: usize = 40;

/// Tokens between what a variable is given and its use at most.
const NEAR: usize = 400;

/// What the variable of a loop stands for.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Text(String),
    /// The bracket of a list.
    List(usize),
}

/// A loop over texts or lists that are written down.
pub(super) struct Each<'t> {
    /// What its variables stand for in each round.
    pub(super) values: Vec<Vec<(&'t str, Bound)>>,
    /// Its body.
    pub(super) body: Range<usize>,
}

impl<'t> Changes<'_, 't> {
    /// The loop that begins at a token: `foreach (['a', 'b'] as $table) {…}`, also over a property, a
    /// constant or a variable that is given a list of texts.
    pub(super) fn each(&self, at: usize) -> Option<Each<'t>> {
        let code = self.code;
        if !code.is(at, "foreach") || !code.is_byte(at + 1, b'(') {
            return None;
        }
        let close = code.partner(at + 1)?;
        let open = close + 1;
        let body = match code.is_byte(open, b'{') {
            true => open + 1..code.partner(open)?,
            false => return None,
        };
        let word = (at + 2..close).rev().find(|&i| code.is(i, "as"))?;
        let variables: Vec<&'t str> = (word + 1..close).filter_map(|i| code.ident(i)).collect();
        let list = self.list_of(&(at + 2..word))?;
        let mut values = Vec::new();
        for (key, value) in php::entries(code, list).into_iter().take(MOST) {
            let key = key.and_then(|range| php::text(code, &range));
            let value = (php::text(code, &value).map(Bound::Text))
                .or_else(|| php::list_at(code, &value).map(Bound::List));
            let bound: Vec<(&'t str, Bound)> = match (variables.as_slice(), key, value) {
                ([one], _, Some(value)) => vec![(*one, value)],
                ([first, second], Some(key), value) => std::iter::once((*first, Bound::Text(key)))
                    .chain(value.map(|value| (*second, value)))
                    .collect(),
                // `foreach ($columns as $index => $column)`: the place of an entry names nothing.
                ([_, second], None, Some(value)) => vec![(*second, value)],
                _ => continue,
            };
            values.push(bound);
        }
        (!values.is_empty()).then_some(Each { values, body })
    }

    /// What a variable of a loop around stands for.
    fn bound(&self, name: &str) -> Option<&Bound> {
        let mut all = self.bound.iter().rev();
        all.find(|(bound, _)| *bound == name).map(|(_, b)| b)
    }

    /// The bracket of the list that an expression is, or that is assigned to what it names.
    fn list_of(&self, range: &Range<usize>) -> Option<usize> {
        let code = self.code;
        if let Some(open) = php::list_at(code, range) {
            return Some(open);
        }
        let name = code.ident(range.end.checked_sub(1)?)?;
        match self.bound(name).filter(|_| range.len() == 1) {
            Some(Bound::List(open)) => return Some(*open),
            Some(Bound::Text(_)) => return None,
            None => {}
        }
        let name = name.trim_start_matches('$');
        (0..code.tokens.len()).find_map(|at| {
            let own = code.ident(at)?.trim_start_matches('$') == name;
            let given = own && code.is_byte(at + 1, b'=') && !code.is_byte(at + 2, b'=');
            given.then(|| php::list_at(code, &(at + 2..at + 3)))?
        })
    }

    /// The text that an argument gives: a literal, what the variable of a loop around stands for, a field
    /// of it, texts joined by dots or `sprintf`, the default of a setting, and a variable that was given one of these
    /// before.
    pub(super) fn value(&self, range: &Range<usize>) -> Option<String> {
        self.text_of(range, 0)
    }

    fn text_of(&self, range: &Range<usize>, depth: u8) -> Option<String> {
        let code = self.code;
        if let Some(text) = php::text(code, range) {
            return Some(text);
        }
        if depth > DEEPEST || range.len() > LONGEST {
            return None;
        }
        if range.len() == 1 && code.string(range.start).is_some() {
            return self.filled(range.start, depth);
        }
        // `'native_' . $column`
        let dots: Vec<usize> = self
            .outer(range)
            .filter(|&i| code.is_byte(i, b'.'))
            .collect();
        if !dots.is_empty() {
            let mut from = range.start;
            let mut out = String::new();
            for end in dots.into_iter().chain([range.end]) {
                out.push_str(&self.text_of(&(from..end), depth + 1)?);
                from = end + 1;
            }
            return Some(out);
        }
        let name = code.ident(range.start)?;
        if name == "sprintf" && code.is_byte(range.start + 1, b'(') {
            return self.printed(range.start + 1, depth);
        }
        // `config('audit.drivers.database.table', 'audits')`: what holds unless the configuration says otherwise.
        let open = range.start + 1;
        if name == "config" && code.is_byte(open, b'(') {
            let whole = code
                .partner(open)
                .is_some_and(|close| close + 1 == range.end);
            let default = code.arguments(open).into_iter().nth(1).filter(|_| whole)?;
            return self.text_of(&default, depth + 1);
        }
        if range.len() == 4 && code.is_byte(range.start + 1, b'[') {
            let Some(Bound::List(open)) = self.bound(name) else {
                return None;
            };
            let value = php::value_of(code, *open, code.string(range.start + 2)?)?;
            return self.text_of(&value, depth + 1);
        }
        if range.len() != 1 || !name.starts_with('$') {
            return None;
        }
        self.variable(name, range.start, depth)
    }

    /// The text of a variable at a place of the code.
    fn variable(&self, name: &str, at: usize, depth: u8) -> Option<String> {
        let code = self.code;
        match self.bound(name) {
            Some(Bound::Text(text)) => return Some(text.clone()),
            Some(Bound::List(_)) => return None,
            None => {}
        }
        // What it was given last, in the function around.
        let mut before = (0..at).rev().take(NEAR);
        let given = before.find(|&i| {
            code.is(i, name) && code.is_byte(i + 1, b'=') && !code.is_byte(i + 2, b'=')
        })?;
        let end = (given..at).find(|&i| code.is_byte(i, b';'))?;
        self.text_of(&(given + 2..end), depth + 1)
    }

    /// `"{$column}_tz"` and `"${column}_tz"`, `"old_$column"`.
    fn filled(&self, at: usize, depth: u8) -> Option<String> {
        let mut rest = self.code.string(at)?;
        let mut out = String::new();
        while let Some(dollar) = rest.find('$') {
            let braced = rest[..dollar].ends_with('{');
            out.push_str(&rest[..dollar - usize::from(braced)]);
            let name = &rest[dollar + 1..];
            let end = name
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(name.len());
            out.push_str(&self.variable(&rest[dollar..dollar + 1 + end], at, depth + 1)?);
            rest = &name[end..];
            match rest.strip_prefix('}') {
                Some(after) if braced => rest = after,
                None if !braced && !rest.starts_with(['[', '-']) => {}
                _ => return None,
            }
        }
        out.push_str(rest);
        Some(out)
    }

    /// `sprintf('%s_tz', $column)`
    fn printed(&self, open: usize, depth: u8) -> Option<String> {
        let arguments = self.code.arguments(open);
        let (pattern, given) = arguments.split_first()?;
        let pattern = php::text(self.code, pattern)?;
        let mut parts = pattern.split("%s");
        let mut out = parts.next()?.to_owned();
        let mut given = given.iter();
        for part in parts {
            out.push_str(&self.text_of(given.next()?, depth + 1)?);
            out.push_str(part);
        }
        (!out.contains('%')).then_some(out)
    }

    /// The tokens of a range that stand in no bracket of it.
    fn outer(&self, range: &Range<usize>) -> impl Iterator<Item = usize> {
        let (code, end) = (self.code, range.end);
        let step = move |at: &usize| {
            let next = code.partner(*at).filter(|p| p > at).unwrap_or(*at) + 1;
            (next < end).then_some(next)
        };
        std::iter::successors(Some(range.start).filter(|at| *at < end), step)
    }
}
