//! Rust: operations of poem-openapi (<https://docs.rs/poem-openapi>). A type answers what its methods
//! are marked with; a service is made of one type or of several, also by a function that gives them, and
//! stands where a route nests it.

use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::extractors::rust_http::{Region, made, stand_at};
use crate::extractors::rust_routers::{function_at, path_of};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths;
use groundplan_syntax::Annotation;
use std::collections::BTreeMap;
use std::ops::Range;

/// Adds the operations of a file, what its services are made of, and the types that answer.
pub(super) fn add(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    regions: &[Region],
    found: &mut Vec<(u32, Endpoint)>,
) {
    if !view.code.text.contains("OpenApi") {
        return;
    }
    for (line, name, prefix) in operations(view, found) {
        let router = Router {
            name,
            prefix: http_paths::prefix(&prefix),
            ..Router::default()
        };
        acc.add(view.file, line, line, Claim::Router(router));
    }
    for (line, mount) in services(view, regions) {
        acc.add(view.file, line, line, Claim::Mount(mount));
    }
}

/// `#[oai(path = "/orders", method = "get")]` in `#[OpenApi] impl Api`; the types that have some, with
/// the prefix that the mark gives all of them.
fn operations(
    view: &CodeView<'_, '_>,
    found: &mut Vec<(u32, Endpoint)>,
) -> Vec<(u32, String, String)> {
    let code = view.code;
    let notes = code.annotations();
    let mut types: Vec<(u32, String, String, Range<usize>)> = Vec::new();
    for note in notes.iter().filter(|note| note.name.ends_with("OpenApi")) {
        let body = (note.next..code.tokens.len().min(note.next + 40)).find(|&at| code.is(at, "{"));
        let Some((open, close)) = body.and_then(|open| Some((open, code.partner(open)?))) else {
            continue;
        };
        // `impl<S: Store> Api<S> {`
        let mut at = note.next;
        while at < open && !code.is(at, "impl") {
            at += 1;
        }
        let mut name = at + 1;
        if code.is(name, "<") {
            name = (name..open).find(|&i| code.is(i, ">")).unwrap_or(open) + 1;
        }
        let Some(name) = code.ident(name).filter(|_| name < open) else {
            continue;
        };
        let prefix = text_of(view, note, "prefix_path").unwrap_or_default();
        types.push((note.line, name.to_owned(), prefix, open..close));
    }
    let functions = code.functions();
    for note in notes.iter().filter(|note| note.name == "oai") {
        let Some(method) = text_of(view, note, "method") else {
            continue;
        };
        let method = method.to_ascii_uppercase();
        let Some(path) = text_of(view, note, "path").filter(|_| METHODS.contains(&method.as_str()))
        else {
            continue;
        };
        let Some((_, name, ..)) = types.iter().find(|(.., body)| body.contains(&note.next)) else {
            continue;
        };
        let function = functions.get(functions.partition_point(|f| f.at < note.next));
        let handler = function.map(|f| f.name.to_owned());
        let mut endpoint = made(view, &method, &path, handler, "poem");
        endpoint.router = Some(name.clone());
        found.push((note.line, endpoint));
    }
    let mut seen: BTreeMap<String, (u32, String)> = BTreeMap::new();
    for (line, name, prefix, _) in types {
        seen.entry(name).or_insert((line, prefix));
    }
    let all = seen.into_iter();
    all.map(|(name, (line, prefix))| (line, name, prefix))
        .collect()
}

/// The text of `name = "…"` in a mark.
pub(super) fn text_of(view: &CodeView<'_, '_>, note: &Annotation, name: &str) -> Option<String> {
    let range = view.code.named_argument(note.open?, name)?;
    let text = view.code.string(range.start).filter(|_| range.len() == 1);
    text.map(str::to_owned)
}

/// What the services of a file are made of: `OpenApiService::new((orders::Api, keys::Api), …)`,
/// `fn get() -> impl OpenApi { (orders::Api, keys::Api) }`.
fn services(view: &CodeView<'_, '_>, regions: &[Region]) -> Vec<(u32, Mount)> {
    let code = view.code;
    let mut all = Vec::new();
    for &call in view.calls_of("new") {
        let service = code.is(call.open.wrapping_sub(4), "OpenApiService");
        let Some(apis) = code
            .arguments(call.open)
            .into_iter()
            .next()
            .filter(|_| service)
        else {
            continue;
        };
        let (prefix, place) = stand_at(regions, call.open, 0);
        // A service that no route nests writes a description, and answers nothing.
        if place == call.open {
            continue;
        }
        let prefix = http_paths::prefix(&prefix);
        for (line, target) in named(view, apis) {
            let mount = Mount {
                router: function_at(view, place),
                prefix: prefix.clone(),
                target,
                ..Mount::default()
            };
            all.push((line, mount));
        }
    }
    for function in code.functions().iter().filter(|f| !f.name.is_empty()) {
        let close = function.params.and_then(|open| code.partner(open));
        let mut given = close.unwrap_or(function.at)..function.body.start;
        if function.class || !given.any(|at| code.is(at, "OpenApi")) {
            continue;
        }
        for (line, target) in named(view, function.body.clone()) {
            let mount = Mount {
                router: Some(function.name.to_owned()),
                target,
                ..Mount::default()
            };
            all.push((line, mount));
        }
    }
    all
}

/// The types and functions that an expression names, also in tuples.
fn named(view: &CodeView<'_, '_>, range: Range<usize>) -> Vec<(u32, String)> {
    let code = view.code;
    let mut all = Vec::new();
    let mut at = range.start;
    while at < range.end {
        if code.ident(at).is_none() {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while code.is(end, ":") && code.is(end + 1, ":") && code.ident(end + 2).is_some() {
            end += 3;
        }
        let whole = code.dotted(at, end);
        let called = code.is(end, "(");
        // `Api::new(store)`, `Api { store }`, `Api::default()`
        let made = whole.rsplit_once('.').map(|(kind, _)| kind);
        let of_type = |name: &str| {
            let last = name.rsplit('.').next().unwrap_or(name);
            last.starts_with(char::is_uppercase)
        };
        let whole = match made.filter(|kind| called && of_type(kind)) {
            Some(kind) => kind.to_owned(),
            None => whole,
        };
        if of_type(&whole) || called {
            let line = code.line(at);
            all.extend(path_of(view, &whole, at).map(|target| (line, target)));
        }
        at = match code.raw(end) {
            "(" | "{" => code.partner(end).unwrap_or(end) + 1,
            _ => end,
        };
        // What is done with it, `.with(…)`, makes nothing more.
        while code.is(at, ".") && code.ident(at + 1).is_some() {
            at += 2;
            if code.is(at, "(") {
                at = code.partner(at).unwrap_or(at) + 1;
            }
        }
    }
    all
}
