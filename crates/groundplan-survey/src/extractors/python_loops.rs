//! Python: loops over rows that each hold a router and its path:
//! `for router, prefix in [(orders.router, "/orders"), (users.router, "/users")]: app.include_router(router, prefix=prefix)`.

use crate::code_view::CodeView;
use groundplan_syntax::Call;
use std::ops::Range;

/// Tokens of the head of a loop at most, and those between it and the call.
const HEAD: usize = 24;
const BODY: usize = 80;

/// Rows of a list at most.
const MOST: usize = 200;

/// A router, and the path where the call takes one of the row.
pub(super) type Row = (Range<usize>, Option<Range<usize>>);

/// The routers that a loop with several names around a call gives to it.
pub(super) fn rows(view: &CodeView<'_, '_>, call: Call, given: &Range<usize>) -> Option<Vec<Row>> {
    let code = view.code;
    let router = code.ident(given.start).filter(|_| given.len() == 1)?;
    let back = (call.first.saturating_sub(BODY)..call.first).rev();
    let (names, list) = back
        .filter(|&at| code.is(at, "for"))
        .find_map(|at| head(view, at))?;
    let place = names.iter().position(|name| *name == router)?;
    // `prefix=prefix`, or a path that is put together of it, which is not followed.
    let path = ["prefix", "url_prefix"]
        .iter()
        .find_map(|key| code.named_argument(call.open, key));
    let own = path.as_ref().map(|range| {
        let alone = code.ident(range.start).filter(|_| range.len() == 1);
        alone.and_then(|name| names.iter().position(|known| *known == name))
    });
    // A path that names something of the row in another way would be told as it is written.
    let put_together = path.as_ref().is_some_and(|range| {
        let mut tokens = range.clone();
        // `f"/api{prefix}"`
        let within = |at: usize| names.iter().any(|name| holds(code.raw(at), name));
        tokens.any(|at| range.len() > 1 && names.contains(&code.raw(at)) || within(at))
    });
    if put_together {
        return None;
    }
    let mut open = list;
    if let Some(name) = code.ident(list)
        && let Some(definition) = view.visible(name, list).last()
    {
        open = definition.value.start;
    }
    if !matches!(code.raw(open), "[" | "(") {
        return None;
    }
    let mut all = Vec::new();
    for row in code.arguments(open).into_iter().take(MOST) {
        if !matches!(code.raw(row.start), "(" | "[") {
            return None;
        }
        let items = code.arguments(row.start);
        let child = items.get(place)?.clone();
        let path = own.flatten().and_then(|at| items.get(at)).cloned();
        all.push((child, path));
    }
    (!all.is_empty()).then_some(all)
}

/// Whether a text puts the value of a name into it.
fn holds(text: &str, name: &str) -> bool {
    let mut inner = text.split('{').skip(1);
    inner.any(|inner| inner.trim_start().starts_with(name))
}

/// The names that a loop gives values to, two at least, and where the list begins that it goes over.
fn head<'t>(view: &CodeView<'_, 't>, at: usize) -> Option<(Vec<&'t str>, usize)> {
    let code = view.code;
    let within = (at + 1..at + HEAD).find(|&i| code.is(i, "in"))?;
    let names: Vec<&str> = (at + 1..within).filter_map(|i| code.ident(i)).collect();
    let plain =
        (at + 1..within).all(|i| code.ident(i).is_some() || matches!(code.raw(i), "," | "(" | ")"));
    (plain && names.len() > 1).then_some((names, within + 1))
}
