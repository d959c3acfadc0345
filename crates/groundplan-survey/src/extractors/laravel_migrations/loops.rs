//! Loops over texts that stand in the migration: tables and columns that are treated alike.

use super::Changes;
use crate::php;
use std::ops::Range;

/// Rounds of one loop at most.
const MOST: usize = 100;

/// A loop over texts that are written down.
pub(super) struct Each<'t> {
    /// What its variables stand for in each round.
    pub(super) values: Vec<Vec<(&'t str, String)>>,
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
            let value = php::text(code, &value);
            let bound: Vec<(&'t str, String)> = match (variables.as_slice(), key, value) {
                ([one], _, Some(value)) => vec![(*one, value)],
                ([first, second], Some(key), value) => std::iter::once((*first, key))
                    .chain(value.map(|value| (*second, value)))
                    .collect(),
                _ => continue,
            };
            values.push(bound);
        }
        (!values.is_empty()).then_some(Each { values, body })
    }

    /// The bracket of the list that an expression is, or that is assigned to what it names.
    fn list_of(&self, range: &Range<usize>) -> Option<usize> {
        let code = self.code;
        if let Some(open) = php::list_at(code, range) {
            return Some(open);
        }
        let name = code.ident(range.end.checked_sub(1)?)?;
        let name = name.trim_start_matches('$');
        (0..code.tokens.len()).find_map(|at| {
            let own = code.ident(at)?.trim_start_matches('$') == name;
            let given = own && code.is_byte(at + 1, b'=') && !code.is_byte(at + 2, b'=');
            given.then(|| php::list_at(code, &(at + 2..at + 3)))?
        })
    }
}
