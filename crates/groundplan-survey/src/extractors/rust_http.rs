//! Rust: HTTP endpoints.

use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::rust_dropshot;
use crate::extractors::rust_guards;
use crate::extractors::rust_loops;
use crate::extractors::rust_poem;
use crate::extractors::rust_routers::{self, Pending, function_at, prefix_text};
use crate::extractors::rust_tables;
use crate::extractors::rust_utoipa;
use crate::extractors::warp_filters;
use crate::facts::{Claim, Endpoint, FileFacts};
use crate::http_paths::{self, UNREAD, Written};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-http",
    docs: "\
### What it finds
Routes of axum, actix-web, rocket, poem and warp (`path!`, `path`), operations of poem-openapi and of Dropshot, with the prefixes of `nest`, `scope`,
`resource`, `mount` and `path!(… / ..)` of the same file, the name of the handler and the first sentence of its
comment, and which request guards of Rocket stand before it. Tables of routes in an attribute (`path => [get(list), post(create)]`,
`path => sub(other::Api)`). Routes that a loop adds from
a list of tuples. Handlers that `routes!` of utoipa-axum takes in, with the path of their attribute. Which function a route stands in, and which routers of other files are
nested, mounted or configured below which prefix, so that the whole path can be joined.

### What it does not find
Filters of warp whose method a function of another file gives, routes from macros of the system
itself, tests.
",
    reads: &[Reads::Own(&[Language::Rust])],
    markers: &[
        "axum",
        "actix",
        "rocket",
        "warp",
        ".route(",
        "api_route",
        "#[get",
        "utoipa",
        "#[post",
        "routes(",
        "poem",
        "dropshot",
        "OpenApi",
        "=> get(",
        "=> post(",
        "=> [get(",
        "=> [post(",
    ],
    run: extract,
};

/// Tokens whose routes stand below a prefix, and where that prefix was given.
pub(super) struct Region {
    pub(super) range: Range<usize>,
    pub(super) prefix: String,
    pub(super) at: usize,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let mut found: Vec<(u32, Endpoint)> = Vec::new();
    let mut pending: Vec<Pending> = Vec::new();
    let mut regions = regions(&view, &mut pending);
    warp_filters::regions(&view, &mut regions, &mut pending);
    for call in ["route", "api_route", "api_route_with", "at"]
        .iter()
        .flat_map(|name| view.calls_of(name))
        .copied()
    {
        routed(&view, call, &regions, &mut found);
    }
    for &call in view.calls_of("to") {
        resource(&view, call, &regions, &mut found);
    }
    attributes(&view, &regions, &mut found);
    rust_poem::add(acc, &view, &regions, &mut found);
    let tables = rust_tables::find(&view, &mut found);
    warp_filters::find(&view, &regions, &mut found);
    rust_dropshot::find(&view, &mut found);
    rust_utoipa::find(&view, &mut found);
    rust_routers::add(acc, &view, &regions, &pending, &found);
    for (line, router) in tables.routers {
        acc.add(file, line, line, Claim::Router(router));
    }
    let taken = rust_utoipa::mounts(&view, &regions);
    for (line, mount) in tables.mounts.into_iter().chain(taken) {
        acc.add(file, line, line, Claim::Mount(mount));
    }
    found.sort_by(|a, b| (a.0, &a.1.path, &a.1.method).cmp(&(b.0, &b.1.path, &b.1.method)));
    found.dedup();
    if view.imports_any(&["rocket"]) {
        rust_guards::defined(acc, &view);
        let rocket = found.iter().filter(|(_, e)| e.framework == "rocket");
        let handlers: Vec<&str> = rocket.filter_map(|(_, e)| e.handler.as_deref()).collect();
        rust_guards::asked(acc, &view, &handlers);
    }
    for (line, endpoint) in found {
        http_paths::add(acc, file, line, line, endpoint);
    }
}

pub(super) fn made(
    view: &CodeView<'_, '_>,
    method: &str,
    path: &str,
    handler: Option<String>,
    framework: &str,
) -> Endpoint {
    let summary = handler.as_deref().and_then(|h| view.summary(h));
    Endpoint {
        method: method.to_owned(),
        path: http_paths::template(path),
        handler,
        framework: framework.to_owned(),
        summary,
        router: None,
        verbs: Vec::new(),
        given: false,
        mounts: Vec::new(),
        class: None,
        guards: Vec::new(),
    }
}

/// The calls of the chain that the call at `open` belongs to, from its begin: name and bracket.
pub(super) fn chain<'t>(view: &CodeView<'_, 't>, call: Call) -> Vec<(&'t str, usize)> {
    let code = view.code;
    let mut all = Vec::new();
    let mut at = call.first;
    while at <= call.open {
        match code.raw(at) {
            "(" => {
                if let Some(name) = at.checked_sub(1).and_then(|b| code.ident(b)) {
                    all.push((name, at));
                }
                at = code.partner(at).unwrap_or(at) + 1;
            }
            "[" | "{" => at = code.partner(at).unwrap_or(at) + 1,
            _ => at += 1,
        }
    }
    all
}

fn first_text(view: &CodeView<'_, '_>, open: usize) -> Option<String> {
    let range = view.code.arguments(open).into_iter().next()?;
    match http_paths::written(view.code, &range, |r| view.fold(r)) {
        Written::Path(text) => Some(text).filter(|t| !t.contains(' ')),
        Written::Unread => Some(UNREAD.to_owned()),
        Written::Other => None,
    }
}

/// The prefix that `scope("/x")` or `resource("/x")` at the begin of a chain gives.
fn chain_prefix(view: &CodeView<'_, '_>, call: Call) -> Option<String> {
    chain(view, call)
        .into_iter()
        .filter(|(name, open)| matches!(*name, "scope" | "resource") && *open != call.open)
        .find_map(|(_, open)| first_text(view, open))
        .or_else(|| kept_prefix(view, call))
}

/// The prefix of a scope that a variable keeps: `let orders = web::scope("/orders");` and then
/// `orders.service(list)`.
fn kept_prefix(view: &CodeView<'_, '_>, call: Call) -> Option<String> {
    let code = view.code;
    let name = code
        .ident(call.first)
        .filter(|_| code.is(call.first + 1, "."))?;
    let known = view.visible(name, call.first);
    known.iter().rev().find_map(|definition| {
        let value = definition.value.clone();
        let scope = value.clone().take(8).find(|&at| {
            let named = matches!(code.raw(at), "scope" | "resource");
            named && code.is(at + 1, "(") && code.is(at.wrapping_sub(1), ":")
        })?;
        (value.end > scope + 1)
            .then(|| first_text(view, scope + 1))
            .flatten()
    })
}

/// Everything in this file that stands below a prefix.
fn regions(view: &CodeView<'_, '_>, pending: &mut Vec<Pending>) -> Vec<Region> {
    let code = view.code;
    let mut all: Vec<Region> = Vec::new();
    let nests = ["nest", "nest_service", "nest_api", "nest_api_service"];
    for &call in nests.iter().flat_map(|name| view.calls_of(name)) {
        let arguments = code.arguments(call.open);
        let [path, router] = arguments.as_slice() else {
            continue;
        };
        // Poem nests at an empty path what stands at the same place.
        let fits = |p: &String| p.starts_with('/') || p.is_empty();
        let Some(prefix) = view.fold(path.clone()).filter(fits) else {
            continue;
        };
        target(view, router, prefix, call, &mut all, pending);
    }
    for &call in view.calls_of("merge") {
        if let Some(router) = code.arguments(call.open).into_iter().next() {
            target(view, &router, String::new(), call, &mut all, pending);
        }
    }
    for name in ["service", "configure"] {
        for &call in view.calls_of(name) {
            let Some(range) = code.arguments(call.open).into_iter().next() else {
                continue;
            };
            let prefix = chain_prefix(view, call).unwrap_or_default();
            target(view, &range, prefix, call, &mut all, pending);
        }
    }
    handed_on(view, &mut all, pending);
    all
}

/// Functions that are given the configuration which a function is given itself:
/// `fn configure(svc: &mut ServiceConfig) { crate::orders::configure(svc); }`.
fn handed_on(view: &CodeView<'_, '_>, all: &mut Vec<Region>, pending: &mut Vec<Pending>) {
    let code = view.code;
    if !code.text.contains("ServiceConfig") {
        return;
    }
    // `configure(|svc| …)`: what is given there is another one.
    let closures: Vec<Range<usize>> = (view.calls_of("configure").iter())
        .filter_map(|call| code.arguments(call.open).into_iter().next())
        .filter(|range| matches!(code.raw(range.start), "|" | "move"))
        .collect();
    for function in code.functions() {
        let given = function.params.map(|open| code.arguments(open));
        let config = given.into_iter().flatten().find(|range| {
            let mut kind = range.clone();
            kind.any(|at| code.is(at, "ServiceConfig"))
        });
        let Some(name) = config.and_then(|range| code.ident(range.start)) else {
            continue;
        };
        for open in function.body.clone().filter(|&at| code.is(at, "(")) {
            let alone = |range: &Range<usize>| {
                let bare = |at: usize| matches!(code.raw(at), "&" | "mut");
                let begin = range.clone().find(|&at| !bare(at));
                begin.is_some_and(|at| code.is(at, name) && at + 1 == range.end)
            };
            let inside = closures.iter().any(|range| range.contains(&open));
            if inside || !code.arguments(open).iter().any(alone) {
                continue;
            }
            let Some(call) = code.call_at(open) else {
                continue;
            };
            let path = call.first..open;
            let own = (path.len() == 1).then(|| view.function(code.raw(call.first)));
            let (prefix, at) = (String::new(), open);
            match own.flatten() {
                Some(called) => all.push(Region {
                    range: called.body.clone(),
                    prefix,
                    at,
                }),
                None => pending.push(Pending { path, prefix, at }),
            }
        }
    }
}

/// The argument of `nest`, `merge`, `service` or `configure` with what it names in this file.
pub(super) fn target(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
    prefix: String,
    call: Call,
    all: &mut Vec<Region>,
    pending: &mut Vec<Pending>,
) {
    let code = view.code;
    let at = call.open;
    let closure = range.start + usize::from(code.is(range.start, "move"));
    if code.is(closure, "|") {
        // `configure(|cfg| users::config(cfg, &limits))`
        let name = code.raw(closure + 1);
        for open in range.clone().filter(|&i| code.is(i, "(")) {
            let given = code.arguments(open);
            let same = |r: &Range<usize>| r.len() == 1 && code.is(r.start, name);
            if let Some(inner) = code.call_at(open).filter(|_| given.iter().any(same)) {
                let path = inner.first..open;
                let prefix = prefix.clone();
                // A function of this file, called by its bare name, stands where it is called.
                let bare = code.ident(open - 1).filter(|_| path.len() == 1);
                match bare.and_then(|name| view.function(name)) {
                    Some(function) => all.push(Region {
                        range: function.body.clone(),
                        prefix,
                        at,
                    }),
                    None => pending.push(Pending { path, prefix, at }),
                }
            }
        }
        return;
    }
    all.push(Region {
        range: range.clone(),
        prefix: prefix.clone(),
        at,
    });
    let Some(last) = (range.start..range.end)
        .take_while(|&i| code.ident(i).is_some() || code.is(i, ":"))
        .filter(|&i| code.ident(i).is_some())
        .last()
    else {
        return;
    };
    let name = code.raw(last);
    // `users::config::<Backend>` names a function as `users::config` does.
    let typed = code.is(last + 1, ":") && code.is(last + 2, ":") && code.is(last + 3, "<");
    let is_call = code.is(last + 1, "(") || typed && code.is(range.end - 1, ")");
    // `service.with(cache())` is what `service` is.
    let chained = code.is(last + 1, ".") && last == range.start;
    let alone =
        last + 1 == range.end || chained || typed && !(last..range.end).any(|i| code.is(i, "("));
    // `inner()` of `let inner = || …` stands where it is called.
    if is_call
        && last == range.start
        && let Some(closure) = view.visible(name, range.start).into_iter().next_back()
        && matches!(code.raw(closure.value.start), "|" | "move")
    {
        all.push(Region {
            range: closure.value.clone(),
            prefix,
            at,
        });
        return;
    }
    // `guarded(service)` of this file or another one hands on what it is given.
    if is_call
        && view.imports_any(&["poem"])
        && let [inner] = code.arguments(last + 1).as_slice()
        && code.ident(inner.start).is_some()
        && inner.len() == 1
    {
        return target(view, inner, prefix, call, all, pending);
    }
    // `config::router::<Store, State>` is no variable that is called `router`.
    if alone
        && last == range.start
        && let Some(variable) = view.visible(name, range.start).into_iter().next_back()
    {
        if !variable.value.is_empty() {
            // Of `users::router::<Backend, State>()` the name counts.
            let open = (variable.value.clone()).find_map(|i| match code.raw(i) {
                "(" => Some(i),
                "<" if code.is(i - 1, ":") => Some(i - 2),
                _ => None,
            });
            all.push(Region {
                range: variable.value.clone(),
                prefix: prefix.clone(),
                at,
            });
            if let Some(open) = open {
                let path = variable.value.start..open;
                pending.push(Pending { path, prefix, at });
            }
        }
        return;
    }
    // Of `users::router()` the function may be one of this file, called by its bare name.
    let bare = last == range.start;
    if let Some(function) = view.function(name).filter(|_| bare) {
        all.push(Region {
            range: function.body.clone(),
            prefix,
            at,
        });
    } else if name != "new" && (is_call || alone) {
        let path = range.start..last + 1;
        pending.push(Pending { path, prefix, at });
    }
}

/// Where everything that a token is part of is taken in, as far as this file shows it: the prefix,
/// and the token from which another file would lead on.
pub(super) fn stand_at(regions: &[Region], at: usize, depth: u8) -> (String, usize) {
    let inner = regions
        .iter()
        .filter(|r| r.range.contains(&at) && !r.range.contains(&r.at))
        .min_by_key(|r| r.range.len());
    match inner {
        Some(region) if depth < 8 => {
            let (outer, place) = stand_at(regions, region.at, depth + 1);
            (http_paths::join(&outer, &region.prefix), place)
        }
        _ => (String::new(), at),
    }
}

/// The last word of a path that names a handler; `None` for a closure.
pub(super) fn handler(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let mut range = range.clone();
    let mut found = None;
    loop {
        let mut end = range.start;
        while end < range.end && (code.ident(end).is_some() || code.is(end, ":")) {
            end += 1;
        }
        let name = code.dotted(range.start, end);
        if !name.is_empty() && !matches!(name.as_str(), "move" | "async") {
            found = Some(name.replace('.', "::"));
        }
        // `Guarded(create)` wraps the function that answers.
        if !code.is(end, "(") || code.partner(end).map(|close| close + 1) != Some(range.end) {
            return found;
        }
        match code.arguments(end).as_slice() {
            [inner] => range = inner.clone(),
            _ => return found,
        }
    }
}

/// Whether what answers is a constant of the framework that turns every request away.
fn refuses(handler: &str) -> bool {
    let mut words = handler.rsplit("::");
    let what = words.next().unwrap_or_default();
    matches!(words.next(), Some("HttpResponse" | "StatusCode"))
        && matches!(
            what,
            "NotFound"
                | "NOT_FOUND"
                | "MethodNotAllowed"
                | "METHOD_NOT_ALLOWED"
                | "NotImplemented"
                | "NOT_IMPLEMENTED"
                | "Gone"
                | "GONE"
                | "Forbidden"
                | "FORBIDDEN"
        )
}

/// `.route("/x", get(h).post(h2))` of axum and `.route("/x", web::get().to(h))` of actix.
fn routed(
    view: &CodeView<'_, '_>,
    call: Call,
    regions: &[Region],
    found: &mut Vec<(u32, Endpoint)>,
) {
    let arguments = view.code.arguments(call.open);
    let (outer, place) = stand_at(regions, call.open, 0);
    let router = function_at(view, place);
    let own = chain_prefix(view, call);
    let prefix = http_paths::join(&outer, own.as_deref().unwrap_or_default());
    match arguments.as_slice() {
        // aide's `api_route_with` has what it says of the operations behind them.
        [path, service] | [path, service, _] => {
            let rounds = rust_loops::rounds(view, call.open, path, service);
            let once = [(path.clone(), service.clone())];
            let all = if rounds.is_empty() {
                &once[..]
            } else {
                &rounds
            };
            for (path, service) in all {
                if let Some(raw) = own_path(view, path) {
                    let path = http_paths::join(&prefix, &raw);
                    answered(view, call, &path, service, router.as_ref(), found);
                }
            }
        }
        // `web::resource("/x").route(web::get().to(h))`; an empty path is that of the scope around.
        [service] if own.is_some() => {
            answered(view, call, &prefix, service, router.as_ref(), found);
        }
        _ => {}
    }
}

/// The path that a route is given; `None` where it is none.
fn own_path(view: &CodeView<'_, '_>, path: &Range<usize>) -> Option<String> {
    let raw = match http_paths::written(view.code, path, |r| view.fold(r)) {
        Written::Path(raw) => raw,
        Written::Unread => UNREAD.to_owned(),
        Written::Other => return None,
    };
    // actix-web puts a slash before a path that has none.
    let plain = |p: &str| view.imports_any(&["actix_web"]) && !p.contains([' ', ':']);
    let fits = raw.is_empty() || raw.starts_with(['/', '{', '…']) || plain(&raw);
    fits.then_some(raw)
}

/// Adds what answers at a path: the methods of a chain with their handlers.
fn answered(
    view: &CodeView<'_, '_>,
    call: Call,
    path: &str,
    service: &Range<usize>,
    router: Option<&String>,
    found: &mut Vec<(u32, Endpoint)>,
) {
    let code = view.code;
    // The chain of the second argument: methods with handlers.
    let mut at = service.start;
    let mut verbs: Vec<(String, Option<String>, usize)> = Vec::new();
    let mut actix = false;
    while at < service.end {
        if code.is(at, "(") {
            let name = code.ident(at - 1).unwrap_or_default();
            let close = code.partner(at).unwrap_or(at);
            let inner = code.arguments(at);
            // `get_with(h, described)` of aide
            let name = name.strip_suffix("_with").unwrap_or(name);
            let upper = name.to_ascii_uppercase();
            if METHODS.contains(&upper.as_str())
                || matches!(name, "any" | "get_service" | "post_service")
            {
                let upper = match name {
                    "any" => "ANY".to_owned(),
                    _ => upper.trim_end_matches("_SERVICE").to_owned(),
                };
                actix |= inner.is_empty();
                verbs.push((upper, inner.first().and_then(|r| handler(view, r)), at - 1));
            } else if let ("on", [filter, answers]) = (name, inner.as_slice())
                && filter.clone().any(|i| code.is(i, "MethodFilter"))
            {
                // `on(MethodFilter::GET.or(MethodFilter::POST), h)` of axum
                let named = filter.clone().filter_map(|i| code.ident(i));
                for method in named.filter(|word| METHODS.contains(word)) {
                    verbs.push((method.to_owned(), handler(view, answers), at - 1));
                }
            } else if name == "to"
                && let Some(last) = verbs.last_mut()
            {
                last.1 = inner.first().and_then(|r| handler(view, r));
            }
            at = close + 1;
        } else {
            at += 1;
        }
    }
    let poem = code.is(call.open - 1, "at");
    if poem && verbs.is_empty() {
        let name = handler(view, service);
        verbs.extend(name.map(|name| ("ANY".to_owned(), Some(name), service.start)));
    }
    let framework = match (poem, actix) {
        (true, _) => "poem",
        (_, true) => "actix-web",
        _ => "axum",
    };
    let known = if poem {
        view.imports_any(&["poem"])
    } else if actix {
        view.imports_any(&["actix_web"]) || code.text.contains("actix_web")
    } else {
        view.imports_any(&["axum", "axum_extra", "utoipa_axum", "aide"])
            || code.text.contains("axum::")
    };
    if !known {
        return;
    }
    for (method, name, place) in verbs {
        // `to(HttpResponse::NotFound)` says that there is nothing.
        if name.as_deref().is_some_and(refuses) {
            continue;
        }
        let line = code.line(place);
        if path.ends_with(UNREAD) {
            found.push((line, http_paths::unread(framework)));
            continue;
        }
        let mut endpoint = made(view, &method, path, name, framework);
        endpoint.router = router.cloned();
        found.push((line, endpoint));
    }
}

/// `web::resource("/x").to(h)` of actix: any method.
fn resource(
    view: &CodeView<'_, '_>,
    call: Call,
    regions: &[Region],
    found: &mut Vec<(u32, Endpoint)>,
) {
    let links = chain(view, call);
    let Some(&(_, open)) = links.iter().find(|(name, _)| *name == "resource") else {
        return;
    };
    if !view.imports_any(&["actix_web"]) {
        return;
    }
    let Some(raw) = first_text(view, open) else {
        return;
    };
    let (outer, place) = stand_at(regions, call.open, 0);
    let path = http_paths::join(&outer, &raw);
    let name = view
        .code
        .arguments(call.open)
        .first()
        .and_then(|r| handler(view, r));
    if path.ends_with(UNREAD) {
        found.push((call.line, http_paths::unread("actix-web")));
        return;
    }
    let mut endpoint = made(view, "ANY", &path, name, "actix-web");
    endpoint.router = function_at(view, place);
    found.push((call.line, endpoint));
}

/// `#[get("/x")]` of actix-web and rocket.
fn attributes(view: &CodeView<'_, '_>, regions: &[Region], found: &mut Vec<(u32, Endpoint)>) {
    let code = view.code;
    let notes = code.annotations();
    for note in &notes {
        let Some(open) = note.open else { continue };
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        let upper = last.to_ascii_uppercase();
        if !METHODS.contains(&upper.as_str()) && last != "route" {
            continue;
        }
        let whole = view
            .canonical(&note.name, open)
            .unwrap_or_else(|| note.name.clone());
        let framework = if whole.starts_with("rocket.") {
            "rocket"
        } else if whole.starts_with("actix_web.") {
            "actix-web"
        } else if view.imports_any(&["rocket"]) {
            "rocket"
        } else if view.imports_any(&["actix_web"]) {
            "actix-web"
        } else {
            continue;
        };
        let Some(raw) = first_text(view, open).filter(|p| p.starts_with('/') || p.is_empty())
        else {
            continue;
        };
        let all = code.functions();
        // The attribute is part of the declaration that follows it.
        let Some(function) = all
            .get(all.partition_point(|f| f.at < note.next))
            .filter(|f| f.first <= open)
        else {
            continue;
        };
        // What is compiled for developers only is no part of what is released.
        let aside = notes.iter().any(|other| {
            let of_it = other.next > function.first && other.next <= function.at;
            of_it && other.name == "cfg" && other.open.is_some_and(|o| for_debugging(view, o))
        });
        if aside {
            continue;
        }
        let name = function.name;
        let (outer, router) = registered(view, name, regions);
        let path = http_paths::join(&outer, &raw);
        let methods: Vec<String> = if last == "route" {
            (open..code.partner(open).unwrap_or(open))
                .filter(|&at| code.is(at, "method"))
                .filter_map(|at| code.string(at + 2))
                .map(str::to_ascii_uppercase)
                .collect()
        } else {
            vec![upper]
        };
        for method in methods {
            let mut endpoint = made(view, &method, &path, Some(name.to_owned()), framework);
            endpoint.router.clone_from(&router);
            found.push((note.line, endpoint));
        }
    }
}

/// `cfg(debug_assertions)`, alone or with others that have to hold as well.
fn for_debugging(view: &CodeView<'_, '_>, open: usize) -> bool {
    let code = view.code;
    let holds = |range: &Range<usize>| range.len() == 1 && code.is(range.start, "debug_assertions");
    code.arguments(open).iter().any(|part| {
        let all = code.is(part.start, "all") && code.is(part.start + 1, "(");
        holds(part) || all && code.arguments(part.start + 1).iter().any(holds)
    })
}

/// The prefix under which this file registers a handler, and the function that does so:
/// `.service(h)`, `.mount("/x", routes![h])`, `routes![h]`. Where nothing does, other files know
/// the handler by its own name.
fn registered(view: &CodeView<'_, '_>, name: &str, regions: &[Region]) -> (String, Option<String>) {
    let code = view.code;
    for &call in view.calls_of("service") {
        let given = code.arguments(call.open).into_iter().next();
        let named = given.is_some_and(|r| {
            let tuple = code.is(r.start, "(");
            r.end > r.start
                && (code.is(r.end - 1, name) || tuple && r.clone().any(|i| code.is(i, name)))
        });
        if named {
            let own = chain_prefix(view, call).unwrap_or_default();
            let (outer, place) = stand_at(regions, call.open, 0);
            return (http_paths::join(&outer, &own), function_at(view, place));
        }
    }
    for &call in view.calls_of("mount") {
        let arguments = code.arguments(call.open);
        let [path, routes] = arguments.as_slice() else {
            continue;
        };
        if routes.clone().any(|at| code.is(at, name)) {
            return (prefix_text(view, path.clone()), None);
        }
    }
    for open in rust_routers::lists(view) {
        if code
            .arguments(open)
            .iter()
            .any(|r| r.len() == 1 && code.is(r.start, name))
        {
            return (String::new(), function_at(view, open));
        }
    }
    (String::new(), Some(name.to_owned()))
}
