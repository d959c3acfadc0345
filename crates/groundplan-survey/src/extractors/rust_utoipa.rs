//! Rust: handlers that say themselves where they answer, for utoipa, and the routers of utoipa-axum that take
//! them in (<https://docs.rs/utoipa-axum/latest/utoipa_axum/>).

use crate::call_rules::METHODS;
use crate::code_view::{CodeView, rust_tests};
use crate::extractors::rust_http::{Region, made, stand_at};
use crate::extractors::rust_poem::text_of;
use crate::extractors::rust_routers::{function_at, lists, path_of};
use crate::facts::{Endpoint, Mount};
use crate::http_paths;
use std::ops::Range;

/// Begins the name of such a handler as a router that others have to take in: without that its attribute
/// describes it and serves nothing.
pub(crate) const HANDLER: &str = "routes!";

/// Adds the routes that attributes of a file give to its handlers, `#[utoipa::path(get, path = "/orders")]`.
pub(super) fn find(view: &CodeView<'_, '_>, found: &mut Vec<(u32, Endpoint)>) {
    let code = view.code;
    if !code.text.contains("utoipa") {
        return;
    }
    let tests = rust_tests(code);
    let all = code.functions();
    for note in code.annotations() {
        let Some(open) = note.open else { continue };
        let whole = view.canonical(&note.name, open);
        let whole = whole.as_deref().unwrap_or(&note.name);
        if whole != "utoipa.path" || tests.iter().any(|range| range.contains(&note.next)) {
            continue;
        }
        // The attribute is part of the declaration that follows it.
        let after = all.get(all.partition_point(|f| f.at < note.next));
        let Some(function) = after.filter(|f| f.first <= open) else {
            continue;
        };
        let given = code.arguments(open);
        let Some(path) = text_of(view, &note, "path") else {
            continue;
        };
        let before = text_of(view, &note, "context_path").unwrap_or_default();
        let name = function.name;
        for method in methods(view, &given) {
            let path = http_paths::join(&before, &path);
            let mut endpoint = made(view, &method, &path, Some(name.to_owned()), "axum");
            endpoint.router = Some(format!("{HANDLER}{name}"));
            found.push((note.line, endpoint));
        }
    }
}

/// `get`, or `method(get, head)`.
fn methods(view: &CodeView<'_, '_>, given: &[Range<usize>]) -> Vec<String> {
    let code = view.code;
    let listed = |range: &Range<usize>| {
        range.len() == 1 || code.is(range.start, "method") && code.is(range.start + 1, "(")
    };
    let words = given.iter().filter(|range| listed(range)).cloned();
    let words = words
        .flatten()
        .filter_map(|at| code.ident(at))
        .map(str::to_ascii_uppercase);
    words
        .filter(|word| METHODS.contains(&word.as_str()))
        .collect()
}

/// What `routes!(orders::list, orders::create)` of a file takes in.
pub(super) fn mounts(view: &CodeView<'_, '_>, regions: &[Region]) -> Vec<(u32, Mount)> {
    let code = view.code;
    let mut all = Vec::new();
    if !code.text.contains("utoipa_axum") {
        return all;
    }
    for open in lists(view) {
        let (prefix, place) = stand_at(regions, open, 0);
        for given in code.arguments(open) {
            let name = code.dotted(given.start, given.end);
            let target = match view.function(&name) {
                Some(_) => format!("#{HANDLER}{name}"),
                None => match path_of(view, &name, given.start) {
                    Some(whole) => match whole.rsplit_once('.') {
                        Some((module, last)) => format!("{module}.{HANDLER}{last}"),
                        None => format!("{HANDLER}{whole}"),
                    },
                    None => continue,
                },
            };
            let mount = Mount {
                router: function_at(view, place),
                prefix: http_paths::prefix(&prefix),
                target,
                ..Mount::default()
            };
            all.push((code.line(given.start), mount));
        }
    }
    all
}
