//! Rust: tables of routes in the attribute of an item, as macros of a program read them.

use crate::call_rules::METHODS;
use crate::code_view::{CodeView, rust_tests};
use crate::extractors::rust_routers::path_of;
use crate::facts::{Endpoint, Mount, Router};
use crate::http_paths;

/// What the tables of a file take in, and the tables that others have to take in.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) mounts: Vec<(u32, Mount)>,
    pub(super) routers: Vec<(u32, Router)>,
}

/// Adds the routes of `"/x" => get(list)` and `"/x" => [get(list), post(create)]` in any attribute;
/// gives what `"/y" => sub(other::Api)` takes in. The item that the attribute stands on is their
/// router. An empty path is the place itself at which another table takes this one in.
pub(super) fn find(view: &CodeView<'_, '_>, found: &mut Vec<(u32, Endpoint)>) -> Tables {
    let code = view.code;
    let mut tables = Tables::default();
    if !code.text.contains("=>") {
        return tables;
    }
    let tests = rust_tests(code);
    for note in code.annotations() {
        if tests.iter().any(|range| range.contains(&note.next)) {
            continue;
        }
        let Some((open, close)) = note.open.and_then(|o| Some((o, code.partner(o)?))) else {
            continue;
        };
        let mut router = None;
        for at in open..close {
            let Some(raw) = code.string(at) else { continue };
            let Some(value) = arrow(view, at + 1).filter(|v| *v < close) else {
                continue;
            };
            if !(raw.is_empty() || raw.starts_with('/')) {
                continue;
            }
            if router.is_none() {
                router = item_after(view, note.next);
            }
            let Some(router) = &router else { break };
            // What answers at the place where it is taken in, another has to take in.
            let known = |r: &(u32, Router)| r.1.name == *router;
            if raw.is_empty() && !tables.routers.iter().any(known) {
                let name = router.clone();
                let prefix = String::new();
                tables.routers.push((
                    note.line,
                    Router {
                        name,
                        prefix,
                        ..Router::default()
                    },
                ));
            }
            let parts = match code.is(value, "[") {
                true => code.arguments(value).into_iter().map(|r| r.start).collect(),
                false => vec![value],
            };
            for part in parts {
                entry(view, part, raw, router, found, &mut tables.mounts);
            }
        }
    }
    tables
}

/// The token behind `=>`.
fn arrow(view: &CodeView<'_, '_>, at: usize) -> Option<usize> {
    let code = view.code;
    (code.is(at, "=") && code.is(at + 1, ">")).then_some(at + 2)
}

/// The name of the item that an attribute stands on.
fn item_after(view: &CodeView<'_, '_>, from: usize) -> Option<String> {
    let code = view.code;
    (from..code.tokens.len()).take(80).find_map(|at| {
        let item = matches!(
            code.raw(at),
            "struct" | "enum" | "union" | "fn" | "mod" | "trait" | "type"
        );
        let name = code.ident(at + 1).filter(|_| item)?;
        Some(name.to_owned())
    })
}

fn entry(
    view: &CodeView<'_, '_>,
    at: usize,
    raw: &str,
    router: &str,
    found: &mut Vec<(u32, Endpoint)>,
    mounts: &mut Vec<(u32, Mount)>,
) {
    let code = view.code;
    let Some(word) = code.ident(at).filter(|_| code.is(at + 1, "(")) else {
        return;
    };
    let Some(given) = code.arguments(at + 1).into_iter().next() else {
        return;
    };
    let name = code.dotted(given.start, given.end);
    let line = code.line(at);
    let upper = word.to_ascii_uppercase();
    if METHODS.contains(&upper.as_str()) {
        let summary = view.summary(name.rsplit('.').next().unwrap_or(&name));
        let endpoint = Endpoint {
            method: upper,
            path: http_paths::template(raw),
            handler: Some(name.replace('.', "::")),
            framework: "rust-table".to_owned(),
            summary,
            router: Some(router.to_owned()),
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: None,
            guards: Vec::new(),
        };
        found.push((line, endpoint));
    } else if word.starts_with(|c: char| c.is_lowercase())
        && let Some(target) = path_of(view, &name, given.start)
    {
        // `Some(x)` makes a value and takes nothing in.
        let prefix = http_paths::prefix(raw);
        let mount = Mount {
            router: Some(router.to_owned()),
            prefix,
            target,
            ..Mount::default()
        };
        mounts.push((line, mount));
    }
}
