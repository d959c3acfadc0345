//! Go: handlers by method, as one value that a route is given.

use super::go_http::handler_name;
use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::facts::Endpoint;
use groundplan_syntax::Call;
use std::ops::Range;

/// Splits routes for any method whose handler is a literal of handlers by method:
/// `router.Handle("/orders", handlers.MethodHandler{"GET": list, http.MethodPost: create})`.
pub(super) fn split(
    view: &CodeView<'_, '_>,
    found: Vec<(Call, Endpoint)>,
) -> Vec<(Call, Endpoint)> {
    let mut all = Vec::new();
    for (call, endpoint) in found {
        let given = match endpoint.method == "ANY" && endpoint.verbs.is_empty() {
            true => view.code.arguments(call.open).pop(),
            false => None,
        };
        let Some(methods) = given.and_then(|range| by_method(view, &range)) else {
            all.push((call, endpoint));
            continue;
        };
        all.extend(methods.into_iter().map(|(method, handler)| {
            let name = handler.as_deref();
            let summary = name.and_then(|h| view.summary(h.rsplit('.').next().unwrap_or(h)));
            let one = Endpoint {
                method,
                summary: summary.or_else(|| endpoint.summary.clone()),
                handler,
                ..endpoint.clone()
            };
            (call, one)
        }));
    }
    all
}

/// The methods of a literal of a type whose keys are all methods, with the handler of each; what wraps the
/// literal does not matter.
fn by_method(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
) -> Option<Vec<(String, Option<String>)>> {
    let code = view.code;
    // What a function literal holds is not what the route is given.
    let until = range.clone().find(|&at| code.is(at, "func"));
    let mut within = range.start + 1..until.unwrap_or(range.end);
    let open = within.find(|&at| {
        let typed = code.ident(at - 1).is_some() || code.is(at - 1, "]");
        code.is(at, "{") && typed
    })?;
    let mut all = Vec::new();
    for part in code.arguments(open) {
        let key = (part.start..part.end).find(|&at| code.is(at, ":"))?;
        let method = match code.string(part.start).filter(|_| key == part.start + 1) {
            Some(text) => text.to_owned(),
            // `http.MethodGet`
            None => {
                let name = code.ident(key - 1)?.strip_prefix("Method")?;
                name.to_ascii_uppercase()
            }
        };
        // `map[string]int{"GET": 5}` counts something by method.
        let handler = code.ident(key + 1);
        let handler = handler.filter(|word| !matches!(*word, "true" | "false" | "nil"));
        if !METHODS.contains(&method.as_str()) || handler.is_none() {
            return None;
        }
        all.push((method, last_handler(view, key + 1..part.end)));
    }
    (!all.is_empty()).then_some(all)
}

/// The handler of an entry: of a chain of handlers the last one answers.
fn last_handler(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    let end = (range.start..range.end).find(|&at| code.is(at, "("));
    let chain = end.filter(|&open| {
        let whole = code.partner(open).map(|close| close + 1) == Some(range.end);
        whole
            && code
                .ident(open - 1)
                .is_some_and(|name| name.contains("Chain"))
    });
    match chain.and_then(|open| code.arguments(open).pop()) {
        Some(last) => handler_name(view, &last, 0),
        None => handler_name(view, &range, 0),
    }
}
