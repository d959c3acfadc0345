//! What a string expression comes to, as far as one file shows it.
//!
//! Wider than the folding of `groundplan-syntax`: names are resolved to the assignment in whose
//! scope they stand, reads of the environment become `{env:NAME}`, injected configuration becomes
//! `${key}`, and calls of a function of this file that only returns an expression are stepped
//! into.

use crate::environment::{environment_at, injected};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language, Outline, TokenKind};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

mod discovery;
mod literals;

pub(crate) use literals::known;
use literals::{formatted, unknown};

/// Names, calls and templates that one expression may lead through.
const MAX_DEPTH: u32 = 8;

/// Longest result; what is longer is no address.
const MAX_LENGTH: usize = 400;

/// The assignments of one file.
pub(crate) struct Values<'c, 't> {
    code: &'c Code<'t>,
    file: &'c SourceFile<'t>,
    template: bool,
    /// Whether a name stays where nothing is known of what it is set to.
    by_names: bool,
    /// Read when the first name is asked for: most files have none to fold.
    tables: OnceCell<Tables<'t>>,
}

/// What the names of one file stand for.
#[derive(Default)]
struct Tables<'t> {
    /// For each name the indexes of the tokens that begin its values, in order.
    assigned: BTreeMap<&'t str, Vec<usize>>,
    /// Names that configuration is injected into, with the placeholder.
    injected: BTreeMap<&'t str, String>,
    /// Functions: name to the bracket of the parameters and the first token of what they return.
    returns: BTreeMap<&'t str, (usize, usize)>,
}

type Arguments = BTreeMap<String, String>;

impl<'c, 't> Values<'c, 't> {
    /// The assignments of a file; they are read once and only if one is asked for.
    pub(crate) fn new(file: &'c SourceFile<'t>) -> Self {
        let code = file.code();
        Values {
            code,
            file,
            template: matches!(
                code.language,
                Language::JavaScript | Language::TypeScript | Language::Kotlin | Language::CSharp
            ),
            by_names: false,
            tables: OnceCell::new(),
        }
    }

    /// Keeps the name of a variable that a call sets, where else the name of what is called stands.
    pub(crate) fn by_names(mut self) -> Self {
        self.by_names = true;
        self
    }

    /// What the file declares; made when the first name is asked for.
    fn outline(&self) -> &'c Outline {
        self.file.outline()
    }

    fn tables(&self) -> &Tables<'t> {
        self.tables
            .get_or_init(|| Tables::new(self.code, self.outline()))
    }
}

impl<'t> Tables<'t> {
    /// Linear in the length of the file.
    fn new(code: &Code<'t>, outline: &Outline) -> Self {
        let mut tables = Tables {
            injected: injected(code, outline),
            ..Tables::default()
        };
        for index in 1..code.tokens.len() {
            if code.is_byte(index, b'=') {
                tables.assignment(code, index);
            } else if code.is(index, "return") {
                tables.only_return(code, index);
            }
        }
        tables
    }

    fn assignment(&mut self, code: &Code<'t>, index: usize) {
        if matches!(code.raw(index + 1), "=" | ">")
            || matches!(code.raw(index - 1), "=" | "!" | "<" | ">" | "+" | "|" | "?")
        {
            return;
        }
        let mut name = index - 1;
        // `name: Type = value`
        if name >= 2 && code.is(name - 1, ":") && code.ident(name - 2).is_some() {
            name -= 2;
        }
        if let Some(word) = code.ident(name) {
            self.assigned.entry(word).or_default().push(index + 1);
        } else if code.is(name, "}") {
            self.destructured(code, name, index + 1);
        }
    }

    /// `const { A, B = "d", C: c } = process.env`: the names stand for members of the value.
    fn destructured(&mut self, code: &Code<'t>, close: usize, value: usize) {
        if environment_at(code, value).is_none() {
            return;
        }
        let Some(open) = code.partner(close) else {
            return;
        };
        for part in code.arguments(open) {
            let local = if code.is(part.start + 1, ":") {
                part.start + 2
            } else {
                part.start
            };
            if let (Some(variable), Some(name)) = (code.ident(part.start), code.ident(local)) {
                self.injected.insert(name, format!("{{env:{variable}}}"));
            }
        }
    }

    /// `name(a, b) { return …; }`
    fn only_return(&mut self, code: &Code<'t>, index: usize) {
        let Some(open) = index.checked_sub(1).filter(|&o| code.is(o, "{")) else {
            return;
        };
        let mut at = open;
        for _ in 0..10 {
            at = match at.checked_sub(1) {
                Some(at) => at,
                None => return,
            };
            if code.is(at, ")") {
                if let Some(round) = code.partner(at)
                    && let Some(name) = round.checked_sub(1).and_then(|n| code.ident(n))
                {
                    self.returns.entry(name).or_insert((round, index + 1));
                }
                return;
            }
            if matches!(code.raw(at), ";" | "{" | "}") {
                return;
            }
        }
    }
}

impl<'c, 't> Values<'c, 't> {
    /// The string that the tokens of `range` build, `{name}` for what is not known here. `None` if
    /// it is no string expression or nothing of it is known.
    pub(crate) fn fold(&self, range: Range<usize>) -> Option<String> {
        let text = self.expression(range, &Arguments::new(), 0)?;
        (known(&text) && text.len() <= MAX_LENGTH).then_some(text)
    }

    /// Folds the argument at `position` of the call whose bracket opens at `open`.
    pub(crate) fn argument(&self, open: usize, position: usize) -> Option<String> {
        self.fold(self.code.arguments(open).get(position)?.clone())
    }

    /// The opening bracket of the object or list literal that an argument is, also by way of a
    /// local name.
    pub(crate) fn literal_at(&self, range: &Range<usize>) -> Option<usize> {
        let at = range.start;
        if matches!(self.code.raw(at), "{" | "[") {
            return Some(at);
        }
        let word = self.code.ident(at).filter(|_| range.len() == 1)?;
        let value = self.assignment_for(word, at, true)?;
        matches!(self.code.raw(value), "{" | "[").then_some(value)
    }

    /// The tokens of a property of an object literal whose bracket opens at `open`.
    pub(crate) fn property(&self, open: usize, name: &str) -> Option<Range<usize>> {
        self.code.arguments(open).into_iter().find_map(|part| {
            let key = self.code.raw(part.start).trim_matches(['"', '\'']);
            if key != name {
                return None;
            }
            match self.code.raw(part.start + 1) {
                ":" | "=" => Some(part.start + 2..part.end),
                // `{ host }` stands for `{ host: host }`.
                _ if part.len() == 1 => Some(part),
                _ => None,
            }
        })
    }

    /// A property of an object literal, folded; the first of these names.
    pub(crate) fn folded_property(&self, open: usize, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.fold(self.property(open, name)?))
    }

    fn expression(&self, range: Range<usize>, given: &Arguments, depth: u32) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(choice) = self.choice(&range, given, depth) {
            return choice;
        }
        let mut out = String::new();
        let mut at = range.start;
        while at < range.end && out.len() <= MAX_LENGTH {
            let token = self.code.tokens.get(at)?;
            match token.kind {
                TokenKind::Str => {
                    out.push_str(&self.literal(at, given, depth));
                    at += 1;
                }
                TokenKind::Ident => at = self.operand(at, range.end, given, depth, &mut out)?,
                TokenKind::Number => {
                    out.push_str(self.code.raw(at));
                    at += 1;
                }
                TokenKind::Punct => match self.code.raw(at) {
                    "+" | "@" => at += 1,
                    "(" => {
                        let close = self.code.partner(at)?;
                        out.push_str(&self.expression(at + 1..close, given, depth + 1)?);
                        at = close + 1;
                    }
                    "!" if self.code.is(at + 1, "!") || at + 1 == range.end => at += 1,
                    // What follows works on the value: `.toString()`, `["x"]`.
                    "." | "?" | "[" => return Some(out).filter(|o| !o.is_empty()),
                    _ => return None,
                },
            }
        }
        (!out.is_empty()).then_some(out)
    }

    /// `a || b`, `a ?? b`, `c ? a : b`: the outer `None` means that it is none of them.
    #[allow(clippy::option_option, reason = "the layers are told apart above")]
    fn choice(
        &self,
        range: &Range<usize>,
        given: &Arguments,
        depth: u32,
    ) -> Option<Option<String>> {
        let mut at = range.start;
        while at < range.end {
            match self.code.raw(at) {
                "(" | "[" | "{" => at = self.code.partner(at).unwrap_or(at),
                mark @ ("|" | "?") if self.code.is(at + 1, mark) => {
                    let left = self.expression(range.start..at, given, depth + 1);
                    // A default that is a bare number stands for an identifier that is missing.
                    let right = || {
                        self.expression(at + 2..range.end, given, depth + 1)
                            .filter(|text| text.bytes().any(|b| !b.is_ascii_digit()))
                    };
                    return Some(match left {
                        Some(text) if known(&text) => Some(text),
                        left => right().or(left),
                    });
                }
                "?" if self.code.is(at + 1, ":") => {
                    // Elvis of Kotlin.
                    let left = self.expression(range.start..at, given, depth + 1);
                    return Some(match left {
                        Some(text) if known(&text) => Some(text),
                        _ => self.expression(at + 2..range.end, given, depth + 1),
                    });
                }
                "?" if !self.code.is(at + 1, ".") => {
                    let colon = (at..range.end).find(|&c| self.code.is(c, ":"))?;
                    let left = self.expression(at + 1..colon, given, depth + 1);
                    return Some(match left {
                        Some(text) if known(&text) => Some(text),
                        _ => self.expression(colon + 1..range.end, given, depth + 1),
                    });
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// A name, a call or a read of the environment; gives the index after it.
    fn operand(
        &self,
        at: usize,
        end: usize,
        given: &Arguments,
        depth: u32,
        out: &mut String,
    ) -> Option<usize> {
        let code = self.code;
        match code.raw(at) {
            "new" | "await" | "as" | "in" | "typeof" => return Some(at + 1),
            "$" | "f" if code.string(at + 1).is_some() => return Some(at + 1),
            "function" | "async" | "null" | "undefined" | "true" | "false" | "this"
                if !code.is(at + 1, ".") =>
            {
                return None;
            }
            _ => {}
        }
        if let Some((Some(name), next)) = environment_at(code, at) {
            out.push_str(&name);
            return Some(next);
        }
        let mut last = at;
        while last + 2 < end {
            let step = if code.is(last + 1, ".") {
                2
            } else if code.is(last + 1, "?") && code.is(last + 2, ".")
                || code.is(last + 1, "!") && code.is(last + 2, ".")
            {
                3
            } else {
                break;
            };
            if code.ident(last + step).is_none() {
                break;
            }
            last += step;
            // `builder.Configuration["A:B"]`, `this.configService.get("X")`
            if let Some((Some(name), next)) = environment_at(code, last)
                && next > last + 1
            {
                out.push_str(&name);
                return Some(next);
            }
        }
        if code.is(last + 1, "(") {
            let close = code.partner(last + 1)?;
            if let Some(address) = self.discovered(at, last, given, depth) {
                out.push_str(&address);
                return Some(discovery::after(code, close));
            }
            self.call(at, last, given, depth, out)?;
            return Some(close + 1);
        }
        let name = code.dotted(at, last + 1);
        if let Some(value) = given.get(&name) {
            out.push_str(value);
        } else {
            match self.name(last, at, depth) {
                Some(value) => out.push_str(&value),
                None => out.push_str(&unknown(&name)),
            }
        }
        Some(last + 1)
    }

    fn call(
        &self,
        first: usize,
        last: usize,
        given: &Arguments,
        depth: u32,
        out: &mut String,
    ) -> Option<()> {
        let code = self.code;
        let word = code.ident(last)?;
        let open = last + 1;
        let arguments = code.arguments(open);
        let receiver = code.dotted(first, last);
        if matches!(word, "format" | "Format" | "formatted") {
            let (pattern, rest) = match code.string(first) {
                Some(text) => (text.to_owned(), &arguments[..]),
                None => {
                    let (head, rest) = arguments.split_first()?;
                    (self.expression(head.clone(), given, depth + 1)?, rest)
                }
            };
            let texts = rest
                .iter()
                .map(|r| self.expression(r.clone(), given, depth + 1));
            out.push_str(&formatted(&pattern, texts));
            return Some(());
        }
        const THROUGH: [&str; 17] = [
            "URI",
            "URL",
            "Uri",
            "create",
            "parse",
            "fromHttpUrl",
            "fromUriString",
            "valueOf",
            "String",
            "encodeURI",
            "trim",
            "toString",
            "requireNonNull",
            "forUri",
            "resolve",
            "HttpHost",
            "StringBuilder",
        ];
        if THROUGH.contains(&word) && !arguments.is_empty() {
            out.push_str(&self.expression(arguments[0].clone(), given, depth + 1)?);
            return Some(());
        }
        if let Some(&(round, body)) = self.tables().returns.get(word)
            && (receiver.is_empty() || receiver == "this")
            && round != open
        {
            let mut inner = Arguments::new();
            for (parameter, value) in code.arguments(round).into_iter().zip(arguments) {
                let text = self
                    .expression(value.clone(), given, depth + 1)
                    .unwrap_or_else(|| unknown(&code.dotted(value.start, value.end)));
                if let Some(name) = self.parameter_name(parameter) {
                    inner.insert(name, text);
                }
            }
            let end = self.end_of_value(body);
            if let Some(text) = self.expression(body..end, &inner, depth + 1) {
                out.push_str(&text);
                return Some(());
            }
        }
        out.push_str(&unknown(&code.dotted(first, open)));
        Some(())
    }

    /// The name of a parameter: before `:` or `=`, else its last word.
    fn parameter_name(&self, range: Range<usize>) -> Option<String> {
        let end = range
            .clone()
            .find(|&at| matches!(self.code.raw(at), ":" | "=" | "?"))
            .unwrap_or(range.end);
        let at = (range.start..end)
            .rev()
            .find(|&at| self.code.ident(at).is_some())?;
        self.code.ident(at).map(str::to_owned)
    }

    /// The value of the name at `at`, which is used at `used`.
    fn name(&self, at: usize, used: usize, depth: u32) -> Option<String> {
        let word = self.code.ident(at)?;
        let own = at == used || (self.code.is(used, "this") && at == used + 2);
        let constant = word.chars().all(|c| !c.is_lowercase());
        if !own && !constant && !self.assigned_once(word) {
            return None;
        }
        if let Some(value) = self.assignment_for(word, at, own) {
            let end = self.end_of_value(value);
            if end > value
                && !(value..end).contains(&at)
                && let Some(text) = self.expression(value..end, &Arguments::new(), depth + 1)
            {
                return Some(text);
            }
        }
        self.tables().injected.get(word).cloned()
    }

    fn assigned_once(&self, word: &str) -> bool {
        self.tables()
            .assigned
            .get(word)
            .is_some_and(|all| all.len() == 1)
            && self.template
            && word.len() > 3
    }

    /// The nearest assignment before the use whose block holds the use, else any whose block
    /// does; fields set in a constructor count everywhere. A parameter hides what is outside.
    fn assignment_for(&self, word: &str, used: usize, own: bool) -> Option<usize> {
        let all = self.tables().assigned.get(word)?;
        let before = all.partition_point(|&v| v < used);
        let around = |value: usize| match self.block(value) {
            None => true,
            Some(open) => {
                let field =
                    value >= 4 && self.code.is(value - 3, ".") && self.code.is(value - 4, "this");
                let close = self.code.partner(open).unwrap_or(usize::MAX);
                field || !own || (open < used && used < close)
            }
        };
        let near = all[..before].iter().rev().take(40).copied();
        let far = all[before..].iter().take(40).copied();
        let found = near.clone().chain(far).find(|&value| around(value))?;
        let found = self.unconditional(near, found);
        (!self.is_parameter(word, used, self.block(found))).then_some(found)
    }

    /// Of a field that a block inside of another gives a value once more, the value that the outer one gives it:
    /// `this.url = a; if (paid) { this.url = b; }`.
    fn unconditional(&self, mut near: impl Iterator<Item = usize>, found: usize) -> usize {
        let is_field = |value: usize| {
            value >= 4 && self.code.is(value - 3, ".") && self.code.is(value - 4, "this")
        };
        let inner = self.block(found);
        let holds = |open: usize| {
            let close = self.code.partner(open).unwrap_or(open);
            inner != Some(open) && (open..close).contains(&found)
        };
        let outer = |value: &usize| is_field(*value) && self.block(*value).is_some_and(holds);
        match is_field(found) {
            true => near.find(outer).unwrap_or(found),
            false => found,
        }
    }

    /// The innermost curly bracket around a token.
    fn block(&self, at: usize) -> Option<usize> {
        self.outline()
            .ancestors(at)
            .find(|&open| self.code.is(open, "{"))
    }

    /// Whether a function between the use and `outer` has a parameter of this name.
    fn is_parameter(&self, word: &str, used: usize, outer: Option<usize>) -> bool {
        for open in self.outline().ancestors(used) {
            if Some(open) == outer {
                return false;
            }
            if !self.code.is(open, "{") {
                continue;
            }
            for back in 1..10 {
                let Some(at) = open.checked_sub(back) else {
                    break;
                };
                if self.code.is(at, ")") {
                    let Some(round) = self.code.partner(at) else {
                        break;
                    };
                    let keyword = round.checked_sub(1).map_or("", |k| self.code.raw(k));
                    if matches!(
                        keyword,
                        "if" | "while" | "for" | "switch" | "foreach" | "using" | "lock" | "when"
                    ) {
                        break;
                    }
                    let named = (round + 1..at).take(200).any(|i| {
                        self.code.is(i, word)
                            && matches!(self.code.raw(i + 1), "," | ")" | ":" | "=" | "?" | "}")
                    });
                    if named {
                        return true;
                    }
                    break;
                }
                if matches!(self.code.raw(at), ";" | "{" | "}") {
                    break;
                }
            }
        }
        false
    }

    /// The index after a value that begins at `from`.
    fn end_of_value(&self, from: usize) -> usize {
        let code = self.code;
        let mut at = from;
        while at < code.tokens.len() && at < from + 400 {
            match code.raw(at) {
                ";" | "," | ")" | "]" | "}" => return at,
                "(" | "[" | "{" => match code.partner(at) {
                    Some(close) => at = close,
                    None => return at,
                },
                raw => {
                    let new_line = at > from && code.line(at) > code.line(at - 1);
                    let goes_on = matches!(raw, "." | "+" | "?" | "|" | ":" | "&")
                        || at > from
                            && matches!(code.raw(at - 1), "+" | "|" | "?" | "=" | "(" | ":" | "&");
                    if new_line && !goes_on {
                        return at;
                    }
                }
            }
            at += 1;
        }
        at
    }
}
