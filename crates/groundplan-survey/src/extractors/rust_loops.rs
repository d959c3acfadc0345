//! Rust: routes that a loop adds from a list of tuples, each with its path and what answers it.

use crate::code_view::CodeView;
use std::ops::Range;

/// Entries of one list at most.
const MOST: usize = 400;

/// Tokens between a list and the loop at most.
const FAR: usize = 4000;

/// The paths with what answers them where both are what a loop around the call takes from the tuples of a list:
/// `for (name, path, service) in routes { router = router.route(path, service); }`. Nothing where the list
/// does not stand in this file, may change before the loop, or anything in it is no tuple of as many parts.
pub(super) fn rounds(
    view: &CodeView<'_, '_>,
    at: usize,
    path: &Range<usize>,
    service: &Range<usize>,
) -> Vec<(Range<usize>, Range<usize>)> {
    let code = view.code;
    let one = |range: &Range<usize>| code.ident(range.start).filter(|_| range.len() == 1);
    let (Some(path), Some(service)) = (one(path), one(service)) else {
        return Vec::new();
    };
    let mut place = at;
    while let Some(open) = view.file.outline().parent(place) {
        place = open;
        if !code.is(open, "{") {
            continue;
        }
        let Some((pattern, given)) = head(view, open) else {
            continue;
        };
        let parts: Vec<&str> = (code.arguments(pattern).into_iter())
            .map(|part| code.ident(part.end - 1).unwrap_or_default())
            .collect();
        let place_of = |name: &str| parts.iter().position(|part| *part == name);
        let (Some(first), Some(second)) = (place_of(path), place_of(service)) else {
            continue;
        };
        return entries(view, given, parts.len(), first, second).unwrap_or_default();
    }
    Vec::new()
}

/// The bracket of the pattern of a loop, and what it goes through, by the brace of its body.
fn head(view: &CodeView<'_, '_>, open: usize) -> Option<(usize, Range<usize>)> {
    let code = view.code;
    let from = (open.saturating_sub(60)..open)
        .rev()
        .take_while(|&at| !matches!(code.raw(at), ";" | "}"))
        .find(|&at| code.is(at, "for"))?;
    let pattern = Some(from + 1).filter(|&at| code.is(at, "("))?;
    let after = code.partner(pattern)? + 1;
    (code.is(after, "in") && after + 1 < open).then_some((pattern, after + 1..open))
}

fn entries(
    view: &CodeView<'_, '_>,
    given: Range<usize>,
    parts: usize,
    first: usize,
    second: usize,
) -> Option<Vec<(Range<usize>, Range<usize>)>> {
    let code = view.code;
    let begin = given
        .clone()
        .find(|&at| !matches!(code.raw(at), "&" | "mut"))?;
    let list = match code.ident(begin).filter(|_| !code.is(begin + 1, "!")) {
        Some(name) => {
            // `routes`, `routes.iter()` and `routes.into_iter()` are all of it.
            let rest = begin + 1..given.end;
            let whole = rest.is_empty()
                || rest.len() == 4 && matches!(code.raw(begin + 2), "iter" | "into_iter");
            let known = view.visible(name, begin).into_iter().next_back();
            let list = known.filter(|_| whole)?.value.clone();
            Some(list).filter(|list| !changes(view, name, list.end..begin))?
        }
        None => begin..given.end,
    };
    let open = match code.is(list.start, "vec") && code.is(list.start + 1, "!") {
        true => list.start + 2,
        false => list.start,
    };
    let whole = code.is(open, "[") && code.partner(open).map(|close| close + 1) == Some(list.end);
    let mut all = Vec::new();
    for entry in code.arguments(Some(open).filter(|_| whole)?) {
        let tuple = code.is(entry.start, "(") && code.partner(entry.start) == Some(entry.end - 1);
        let inner = code.arguments(Some(entry.start).filter(|_| tuple)?);
        if inner.len() != parts || all.len() >= MOST {
            return None;
        }
        all.push((inner.get(first)?.clone(), inner.get(second)?.clone()));
    }
    Some(all)
}

/// Whether a list may get or lose entries between where it is made and where it is gone through.
fn changes(view: &CodeView<'_, '_>, name: &str, mut between: Range<usize>) -> bool {
    let code = view.code;
    let lent = |at: usize| at > 1 && code.is(at - 1, "mut") && code.is(at - 2, "&");
    let called = |at: usize| {
        matches!(code.raw(at + 1), "=" | "[")
            || code.is(at + 1, ".")
                && matches!(
                    code.raw(at + 2),
                    "append"
                        | "clear"
                        | "drain"
                        | "extend"
                        | "insert"
                        | "pop"
                        | "push"
                        | "remove"
                        | "retain"
                        | "swap_remove"
                        | "truncate"
                )
    };
    between.len() > FAR || between.any(|at| code.is(at, name) && (lent(at) || called(at)))
}
