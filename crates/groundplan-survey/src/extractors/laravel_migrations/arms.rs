//! What a migration does for one driver or another: the arms of such a condition are alternatives, of
//! which a system runs one.

use crate::source::SourceFile;
use groundplan_syntax::Code;
use std::ops::Range;

/// Names of drivers (<https://laravel.com/docs/database#introduction>).
pub(super) const DRIVERS: [&str; 5] = ["mariadb", "mysql", "pgsql", "sqlite", "sqlsrv"];

/// The driver that tests and small installations run, and that others are migrated apart from.
const SPECIAL: &str = "sqlite";

/// One arm of a condition.
struct Arm {
    /// Its statements, without the brackets.
    body: Range<usize>,
    /// Whether it runs on the special driver alone.
    special: bool,
    /// Whether it runs where the driver is none of those named.
    denied: bool,
}

/// The ranges of tokens that one driver alone runs and that are not followed, in order.
pub(super) fn skipped(file: &SourceFile<'_>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    if !file.text.contains("river") {
        return all;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        let inner = all.iter().any(|range| range.contains(&at));
        let behind = at > 0 && code.is(at - 1, "else");
        if inner || behind || !code.is(at, "if") {
            continue;
        }
        let Some((arms, end)) = arms(code, at) else {
            continue;
        };
        // Of several the first that is not special, and that says something of tables.
        let leaves = |arm: &Arm| ends_with_return(code, &arm.body);
        let chosen = match arms.as_slice() {
            // What stands behind one that leaves is for all others.
            [one] if !one.denied && leaves(one) => None,
            _ => (arms.iter()).position(|arm| !arm.special && acts(code, &arm.body)),
        };
        let alone = arms.len() == 1 && arms.iter().any(leaves);
        for (index, arm) in arms.iter().enumerate() {
            if chosen != Some(index) && (arm.special || alone || chosen.is_some()) {
                all.push(arm.body.clone());
            }
        }
        // Behind an arm that ends with `return` only the other drivers go on.
        if chosen.and_then(|index| arms.get(index)).is_some_and(leaves) {
            all.push(end..end_of_block(code, end));
        }
    }
    all.retain(|range| !range.is_empty());
    all
}

/// The arms of a condition on the driver, and where the last ends.
fn arms(code: &Code<'_>, at: usize) -> Option<(Vec<Arm>, usize)> {
    let mut all = Vec::new();
    let mut at = at;
    loop {
        let open = at + 1;
        if !code.is_byte(open, b'(') {
            return None;
        }
        let close = code.partner(open)?;
        let names = drivers(code, open + 1..close)?;
        let denied = (open + 1..close).any(|i| code.raw(i).starts_with('!'));
        let special = !denied && names.iter().all(|name| *name == SPECIAL);
        let (body, end) = block(code, close + 1)?;
        all.push(Arm {
            body,
            special,
            denied,
        });
        let denies_special = denied && names.iter().all(|name| *name == SPECIAL);
        if code.is(end, "elseif") {
            at = end;
        } else if code.is(end, "else") && code.is(end + 1, "if") {
            at = end + 1;
        } else if code.is(end, "else") {
            let (body, end) = block(code, end + 1)?;
            all.push(Arm {
                body,
                special: denies_special,
                denied: true,
            });
            return Some((all, end));
        } else {
            return Some((all, end));
        }
    }
}

/// The drivers that a condition compares with; none if it asks for something else.
fn drivers<'t>(code: &Code<'t>, range: Range<usize>) -> Option<Vec<&'t str>> {
    let asks = range.clone().any(|at| {
        let name = code.ident(at).unwrap_or_default();
        name.to_ascii_lowercase().contains("driver")
    });
    let names: Vec<&str> = range.filter_map(|at| code.string(at)).collect();
    let known = !names.is_empty() && names.iter().all(|name| DRIVERS.contains(name));
    (asks && known).then_some(names)
}

/// The statements of a block in brackets, and the token behind it.
fn block(code: &Code<'_>, open: usize) -> Option<(Range<usize>, usize)> {
    let close = code.partner(open).filter(|_| code.is_byte(open, b'{'))?;
    Some((open + 1..close, close + 1))
}

/// Whether statements change a table by the builder of schemas; what is plain SQL is not read.
fn acts(code: &Code<'_>, body: &Range<usize>) -> bool {
    body.clone().any(|at| {
        let word = code.raw(at).trim_start_matches('$');
        matches!(word, "Schema" | "table" | "this" | "self")
    })
}

fn ends_with_return(code: &Code<'_>, body: &Range<usize>) -> bool {
    let last = body.end.saturating_sub(2);
    body.contains(&last) && code.is(last, "return") && code.is_byte(last + 1, b';')
}

/// Where the block around a token ends.
fn end_of_block(code: &Code<'_>, from: usize) -> usize {
    let mut at = from;
    while at < code.tokens.len() {
        if matches!(code.raw(at), "}" | ")" | "]") {
            return at;
        }
        at = code.partner(at).filter(|&p| p > at).unwrap_or(at) + 1;
    }
    at
}
