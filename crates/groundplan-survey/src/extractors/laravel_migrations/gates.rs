//! Conditions under which a migration does nothing: `if (! App::isLocal()) { return; }`.

use super::arms::DRIVERS;
use crate::conditions;
use groundplan_syntax::Code;
use std::ops::Range;

/// Parts of words of conditions that ask for the state or kind of the database, not for where the program runs.
const OF_SCHEMA: [&str; 5] = ["driver", "exist", "hascolumn", "hasindex", "hastable"];

/// Where the first condition ends under which a method leaves, and what is to be said of tables that it makes
/// behind it.
pub(super) fn gate(code: &Code<'_>, body: &Range<usize>) -> Option<(usize, String)> {
    let mut at = body.start;
    while at < body.end {
        // Where something else failed before, the condition alone does not decide.
        if code.is(at, "if")
            && !code.is(at - 1, "else")
            && code.is_byte(at + 1, b'(')
            && let Some(close) = code.partner(at + 1)
            && let Some(end) = leaves(code, close + 1)
            && let Some(said) = told(code, &(at + 2..close))
        {
            return Some((end, said));
        }
        at = code.partner(at).filter(|&p| p > at).unwrap_or(at) + 1;
    }
    None
}

/// Where a block ends that does nothing but return, without another way behind it.
fn leaves(code: &Code<'_>, open: usize) -> Option<usize> {
    let close = code.partner(open).filter(|_| code.is_byte(open, b'{'))?;
    let only = close == open + 3 && code.is(open + 1, "return") && code.is_byte(open + 2, b';');
    let more = code.is(close + 1, "else") || code.is(close + 1, "elseif");
    (only && !more).then_some(close)
}

/// What a condition to leave under says of what is made behind it.
fn told(code: &Code<'_>, asked: &Range<usize>) -> Option<String> {
    let of_schema = asked.clone().any(|at| {
        let word = code.ident(at).unwrap_or_default().to_ascii_lowercase();
        let driver = (code.string(at)).is_some_and(|text| DRIVERS.contains(&text));
        driver || OF_SCHEMA.iter().any(|part| word.contains(part))
    });
    let said = conditions::text(code, asked)?;
    if of_schema || !conditions::is_short_and_open(&said) {
        return None;
    }
    let joined = ["&&", "||", " and ", " or ", "?"]
        .iter()
        .any(|sign| said.contains(sign));
    let compares = said.contains("==") || said.contains('<') || said.contains("> ");
    Some(match said.strip_prefix('!') {
        Some(positive) if !joined && !compares => {
            format!("Made by its migration only if `{}`.", positive.trim_start())
        }
        _ => format!("Not made by its migration if `{said}`."),
    })
}
