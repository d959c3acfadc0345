//! Rust: which functions hold routes, and which others they take in below which prefix.

use crate::code_view::CodeView;
use crate::extractors::rust_http::{Region, stand_at};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths;
use groundplan_syntax::Function;
use std::collections::BTreeSet;
use std::ops::Range;

/// Something of another file that is nested, mounted or configured here.
pub(super) struct Pending {
    /// Tokens of its path: `users::router`.
    pub(super) path: Range<usize>,
    pub(super) prefix: String,
    pub(super) at: usize,
}

/// The named function around a token.
pub(super) fn function_at(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let all = view.code.functions();
    let mut index = view.code.function_at(at)?;
    while let Some(parent) = all.get(index)?.parent {
        index = parent;
    }
    let name = all.get(index)?.name;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The prefix of a mount. What configuration puts before all paths is no part of them:
/// `[base, "/api"].concat()` and `format!("{base}/api")` are `/api`.
pub(super) fn prefix_text(view: &CodeView<'_, '_>, range: Range<usize>) -> String {
    let folded = view.fold(range.clone()).filter(|t| t.contains('/'));
    let text = folded.unwrap_or_else(|| {
        let parts = range.filter_map(|at| view.code.string(at));
        parts.collect::<Vec<_>>().concat()
    });
    let mut rest = text.as_str();
    while let Some((_, tail)) = rest.strip_prefix('{').and_then(|t| t.split_once('}')) {
        rest = tail;
    }
    match http_paths::template(rest) {
        root if root == "/" => String::new(),
        path => path,
    }
}

/// The brackets of `routes![…]`.
pub(super) fn lists(view: &CodeView<'_, '_>) -> Vec<usize> {
    let code = view.code;
    if !code.text.contains("routes!") {
        return Vec::new();
    }
    (2..code.tokens.len())
        .filter(|&at| matches!(code.raw(at), "[" | "(") && code.is(at - 1, "!"))
        .filter(|&at| code.is(at - 2, "routes"))
        .collect()
}

/// Adds the routers of a file that others have to take in, and those of others that it takes in.
pub(super) fn add(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    regions: &[Region],
    pending: &[Pending],
    found: &[(u32, Endpoint)],
) {
    let code = view.code;
    let mut mounts: Vec<(u32, Mount)> = Vec::new();
    for one in pending {
        let whole = code.dotted(one.path.start, one.path.end);
        let Some(target) = path_of(view, &whole, one.path.start) else {
            continue;
        };
        let (outer, place) = stand_at(regions, one.at, 0);
        let mount = Mount {
            router: function_at(view, place),
            prefix: http_paths::prefix(&http_paths::join(&outer, &one.prefix)),
            target,
            ..Mount::default()
        };
        mounts.push((code.line(one.path.start), mount));
    }
    if view.imports_any(&["rocket"]) || code.text.contains("rocket") {
        rocket(view, &mut mounts);
    }
    given_away(view, &mut mounts);
    for import in view.imports() {
        for (name, whole) in &import.names {
            if name.contains("route") && whole.contains('.') && !whole.starts_with("rocket") {
                let mount = Mount {
                    router: Some(name.clone()),
                    target: whole.clone(),
                    alias: true,
                    ..Mount::default()
                };
                mounts.push((import.line, mount));
            }
        }
    }
    mounts.sort_by(|a, b| (a.0, &a.1.target).cmp(&(b.0, &b.1.target)));
    mounts.dedup();
    // A handler under its own name, and a function that fills what it is given, serve nothing.
    let mut partial: BTreeSet<(&str, u32)> = BTreeSet::new();
    // What is called a route is an application of Poem, and a part of one of Rocket.
    let poem = view.imports_any(&["poem"]);
    for (line, endpoint) in found {
        let Some(name) = endpoint.router.as_deref() else {
            continue;
        };
        let itself = endpoint.handler.as_deref() == Some(name);
        let filled = view.function(name).is_some_and(|f| is_filled(view, f));
        let given = view.function(name).is_some_and(|f| {
            let close = f.params.and_then(|open| code.partner(open)).unwrap_or(f.at);
            (close..f.body.start).any(|at| match code.raw(at) {
                "Scope" | "Filter" | "BoxedFilter" => true,
                "Route" => !poem,
                _ => false,
            })
        });
        if itself || filled || given {
            partial.insert((name, *line));
        }
    }
    for (line, mount) in &mounts {
        let name = mount.router.as_deref().unwrap_or_default();
        if view.function(name).is_some_and(|f| is_filled(view, f)) {
            partial.insert((name, *line));
        }
    }
    let mut seen = BTreeSet::new();
    for (name, line) in partial {
        if seen.insert(name) {
            let router = Router {
                name: name.to_owned(),
                prefix: String::new(),
                ..Router::default()
            };
            acc.add(view.file, line, line, Claim::Router(router));
        }
    }
    for (line, mount) in mounts {
        acc.add(view.file, line, line, Claim::Mount(mount));
    }
}

/// Whether a function fills a configuration of actix that it is given.
fn is_filled(view: &CodeView<'_, '_>, function: &Function<'_>) -> bool {
    let code = view.code;
    function.params.is_some_and(|open| {
        let close = code.partner(open).unwrap_or(open);
        (open..close).any(|at| code.is(at, "ServiceConfig"))
    })
}

/// Functions that give away the router which a function of another file makes, and do nothing else:
/// `fn routes(&self) -> Router { crate::api::routes() }`.
fn given_away(view: &CodeView<'_, '_>, mounts: &mut Vec<(u32, Mount)>) {
    let code = view.code;
    for function in code.functions().iter().filter(|f| !f.name.is_empty()) {
        let close = function.params.and_then(|open| code.partner(open));
        let mut given = close.unwrap_or(function.at)..function.body.start;
        if function.class || !given.any(|at| code.is(at, "Router")) {
            continue;
        }
        let body = &function.body;
        let named = |at: &usize| code.ident(*at).is_some() || code.is(*at, ":");
        let end = body.start + body.clone().take_while(named).count();
        let whole = code.is(end, "(") && code.partner(end).map(|close| close + 1) == Some(body.end);
        if !whole || end < body.start + 3 {
            continue;
        }
        let name = code.dotted(body.start, end);
        if let Some(target) = path_of(view, &name, body.start) {
            let mount = Mount {
                router: Some(function.name.to_owned()),
                target,
                ..Mount::default()
            };
            mounts.push((code.line(body.start), mount));
        }
    }
}

/// A path as the file means it; `None` for one of a framework.
pub(super) fn path_of(view: &CodeView<'_, '_>, whole: &str, at: usize) -> Option<String> {
    let first = whole.split('.').next().unwrap_or(whole);
    let meant = match view.alias(first) {
        Some(module) => format!("{module}{}", &whole[first.len()..]),
        None => whole.to_owned(),
    };
    let foreign = ["actix_web", "axum", "rocket", "tower", "std", "utoipa"]
        .iter()
        .any(|m| meant == *m || meant.starts_with(&format!("{m}.")));
    let named = meant.contains('.') || view.visible(first, at).is_empty();
    (!foreign && !meant.is_empty() && named).then_some(meant)
}

/// `.mount("/x", users::routes())`, `routes![users::list]`, `all.append(&mut users::routes())`.
fn rocket(view: &CodeView<'_, '_>, mounts: &mut Vec<(u32, Mount)>) {
    let code = view.code;
    let mut inside: Vec<(Range<usize>, String)> = Vec::new();
    for &call in view.calls_of("mount") {
        let arguments = code.arguments(call.open);
        let [path, routes] = arguments.as_slice() else {
            continue;
        };
        let prefix = prefix_text(view, path.clone());
        inside.push((routes.clone(), prefix.clone()));
        let Some(open) = routes.clone().find(|&at| code.is(at, "(")) else {
            continue;
        };
        let name = code.dotted(routes.start, open);
        if let Some(target) = path_of(view, &name, routes.start).filter(|_| !code.is(open - 1, "!"))
        {
            let mount = Mount {
                prefix,
                target,
                ..Mount::default()
            };
            mounts.push((call.line, mount));
        }
    }
    for open in lists(view) {
        let around = inside.iter().find(|(range, _)| range.contains(&open));
        for given in code.arguments(open) {
            if given.len() == 1 {
                continue;
            }
            let name = code.dotted(given.start, given.end);
            let Some(target) = path_of(view, &name, given.start) else {
                continue;
            };
            let mount = Mount {
                router: match around {
                    Some(_) => None,
                    None => function_at(view, open),
                },
                prefix: around.map(|(_, prefix)| prefix.clone()).unwrap_or_default(),
                target,
                ..Mount::default()
            };
            mounts.push((code.line(given.start), mount));
        }
    }
    for (last, calls) in view.calls() {
        if !last.ends_with("routes") {
            continue;
        }
        for &call in calls {
            let Some(index) = code.function_at(call.open) else {
                continue;
            };
            let Some(function) = code.functions().get(index) else {
                continue;
            };
            let close = function
                .params
                .and_then(|open| code.partner(open))
                .unwrap_or(function.at);
            let gives = (close..function.body.start).any(|at| code.is(at, "Route"));
            let name = code.dotted(call.first, call.open);
            if gives
                && !name.contains('(')
                && let Some(target) = path_of(view, &name, call.first)
            {
                let mount = Mount {
                    router: Some(function.name.to_owned()),
                    target,
                    ..Mount::default()
                };
                mounts.push((call.line, mount));
            }
        }
    }
}
