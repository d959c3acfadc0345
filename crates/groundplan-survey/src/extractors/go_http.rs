//! Go: HTTP endpoints.

use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-http",
    docs: "\
### What it finds
Routes of gin, echo, chi, fiber, gorilla/mux, httprouter and net/http with the method patterns
of Go 1.22, with the prefixes of groups, subrouters and mounts of the same file, the name
of the handler and the first sentence of its comment.

### What it does not find
Prefixes that another file gives to a router, routes from tables and loops, routes of generated
gateways, routes in tests.
",
    reads: &[Reads::Languages(&[Language::Go])],
    markers: &[
        "gin-gonic/gin",
        "labstack/echo",
        "go-chi/chi",
        "gofiber/fiber",
        "gorilla/mux",
        "julienschmidt/httprouter",
        "net/http",
    ],
    run: extract,
};

/// Module, knowledge id, and which argument of a route is the handler (`-1`: the last).
const FRAMEWORKS: &[(&str, &str, i8)] = &[
    ("github.com/gin-gonic/gin", "gin", -1),
    ("github.com/labstack/echo", "echo", 1),
    ("github.com/go-chi/chi", "chi", 1),
    ("github.com/gofiber/fiber", "fiber", -1),
    ("github.com/gorilla/mux", "gorilla-mux", 1),
    ("github.com/julienschmidt/httprouter", "httprouter", 1),
    ("net/http", "go-net-http", 1),
];

/// How far a prefix is followed.
const DEEPEST: u8 = 8;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let mut found: Vec<(Call, Endpoint)> = Vec::new();
    for (last, calls) in view.calls() {
        let upper = last.to_ascii_uppercase();
        let verb = METHODS.contains(&upper.as_str());
        let known = verb
            || matches!(
                last,
                "Handle"
                    | "HandleFunc"
                    | "Any"
                    | "All"
                    | "Method"
                    | "MethodFunc"
                    | "Handler"
                    | "HandlerFunc"
                    | "Add"
                    | "Match"
                    | "GETX"
            );
        if !known {
            continue;
        }
        for &call in calls {
            if let Some(endpoint) = route(&view, call, last, verb.then_some(upper.as_str())) {
                found.push((call, endpoint));
            }
        }
    }
    found.sort_by_key(|(call, _)| call.open);
    for (call, endpoint) in found {
        // The chain may begin lines above; the route itself stands where its path does.
        let close = view.code.partner(call.open).unwrap_or(call.open);
        let last = view.code.line(close).min(call.line + 20);
        http_paths::add(acc, file, call.line, last, endpoint);
    }
}

fn framework(view: &CodeView<'_, '_>, call: Call) -> Option<(&'static str, i8)> {
    let callee = view.callee(call);
    let pick = |on: &str| {
        FRAMEWORKS
            .iter()
            .find(|(module, ..)| is_below(on, module))
            .map(|&(module, id, handler)| (module, id, handler))
    };
    let (module, id, handler) = match callee.on.as_deref() {
        Some(on) => pick(on)?,
        None => {
            // A field of another file: the only framework that the file imports is meant.
            let mut imported = FRAMEWORKS
                .iter()
                .filter(|(module, ..)| *module != "net/http")
                .filter(|(module, ..)| view.imports_any(&[module]));
            let &(module, id, handler) = imported.next()?;
            if imported.next().is_some() {
                return None;
            }
            (module, id, handler)
        }
    };
    if module == "net/http" {
        let on = callee.on.unwrap_or_default();
        let server = matches!(
            on.as_str(),
            "net/http" | "net/http.NewServeMux" | "net/http.ServeMux" | "net/http.DefaultServeMux"
        );
        if !server || !matches!(callee.method.as_ref(), "Handle" | "HandleFunc") {
            return None;
        }
    }
    // `c.Get("x")` of a context is no route.
    let on = view.callee(call).on.unwrap_or_default();
    let context = [
        "Context",
        "Ctx",
        "Request",
        "Vars",
        "Response",
        "CurrentRoute",
    ];
    if context.iter().any(|c| on.rsplit('.').next() == Some(c)) {
        return None;
    }
    Some((id, handler))
}

fn route(view: &CodeView<'_, '_>, call: Call, last: &str, verb: Option<&str>) -> Option<Endpoint> {
    let (id, handler_at) = framework(view, call)?;
    let arguments = view.code.arguments(call.open);
    let text = |index: usize| arguments.get(index).and_then(|r| view.fold(r.clone()));
    let mut method = verb.unwrap_or("ANY").to_owned();
    let mut path_at = 0;
    match (id, last) {
        ("gorilla-mux", "Handler" | "HandlerFunc") => {
            // `r.Methods("GET").Path("/x").HandlerFunc(h)`
            let raw = chained(view, call, "Path")?;
            let prefix = prefix_of(view, call.first, 0);
            let handler = arguments.first().and_then(|r| handler_name(view, r, 0));
            return Some(made(
                view,
                gorilla_method(view, call),
                &prefix,
                &raw,
                handler,
                id,
            ));
        }
        ("gorilla-mux", "Handle" | "HandleFunc") => method = gorilla_method(view, call),
        ("gorilla-mux", _) | (_, "GETX") => return None,
        ("httprouter", "Handler" | "HandlerFunc" | "Handle") | ("gin", "Handle") => {
            method = text(0)?.to_ascii_uppercase();
            path_at = 1;
        }
        ("chi", "Method" | "MethodFunc") | ("echo" | "fiber", "Add") => {
            method = text(0)?.to_ascii_uppercase();
            path_at = 1;
        }
        ("gin" | "echo", "Any")
        | ("fiber", "All")
        | ("chi" | "go-net-http", "Handle" | "HandleFunc") => {}
        (
            _,
            "Handle" | "HandleFunc" | "Any" | "All" | "Method" | "MethodFunc" | "Handler"
            | "HandlerFunc" | "Add" | "Match",
        ) => {
            return None;
        }
        _ => {}
    }
    if !METHODS.contains(&method.as_str()) && method != "ANY" {
        return None;
    }
    let raw = text(path_at)?;
    let raw = match raw.split_once(' ') {
        // `mux.HandleFunc("GET /x", h)` since Go 1.22.
        Some((word, rest)) if METHODS.contains(&word) && matches!(id, "go-net-http" | "chi") => {
            method = word.to_owned();
            rest.trim_start().to_owned()
        }
        _ => raw,
    };
    if arguments.len() < path_at + 2 || !is_path(&raw) {
        return None;
    }
    if view.callee(call).on.is_none() && !raw.starts_with('/') {
        return None;
    }
    let raw = match raw.find('/') {
        // A pattern may begin with a host.
        Some(at) if at > 0 && id == "go-net-http" => raw[at..].to_owned(),
        _ => raw,
    };
    let handler = match handler_at {
        -1 => arguments.last(),
        _ => arguments.get(path_at + 1),
    };
    let handler = handler.and_then(|r| handler_name(view, r, 0));
    let prefix = prefix_of(view, call.first, 0);
    Some(made(view, method, &prefix, &raw, handler, id))
}

fn is_path(raw: &str) -> bool {
    (raw.is_empty()
        || raw.contains('/')
        || raw
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b":_-{}*".contains(&b)))
        && !raw.contains([' ', '\n', '\\'])
        && !raw.contains("://")
}

fn made(
    view: &CodeView<'_, '_>,
    method: String,
    prefix: &str,
    raw: &str,
    handler: Option<String>,
    framework: &str,
) -> Endpoint {
    let summary = handler.as_deref().and_then(|h| view.summary(h));
    Endpoint {
        method,
        path: http_paths::template(&http_paths::join(prefix, raw)),
        handler,
        framework: framework.to_owned(),
        summary,
        router: None,
        mounts: None,
    }
}

/// The handler behind wrappers such as `http.HandlerFunc(h)`; `None` for a function literal.
fn handler_name(view: &CodeView<'_, '_>, range: &Range<usize>, depth: u8) -> Option<String> {
    let code = view.code;
    if code.is(range.start, "func") || depth > 4 {
        return None;
    }
    let mut start = range.start;
    while matches!(code.raw(start), "&" | "*") {
        start += 1;
    }
    code.ident(start)?;
    let mut end = start + 1;
    while end + 1 < range.end && code.is(end, ".") && code.ident(end + 1).is_some() {
        end += 2;
    }
    if code.is(end, "(") && end < range.end {
        // Of `wrap(h)` the innermost name that this file or the system has counts.
        let name = code.dotted(start, end);
        let inner = code
            .arguments(end)
            .iter()
            .find_map(|r| handler_name(view, r, depth + 1));
        if name.contains("FileServer") {
            return Some(name);
        }
        // `http.HandlerFunc(h)` wraps; `loginHandler(service)` makes a handler of its own.
        let wraps = name
            .split('.')
            .next()
            .is_some_and(|n| view.alias(n).is_some());
        let known = |n: &String| view.function(n.rsplit('.').next().unwrap_or(n)).is_some();
        return inner.filter(|n| wraps || known(n)).or(Some(name));
    }
    (end == range.end).then(|| code.dotted(start, end))
}

/// The argument of an earlier or later call of the same chain: `….Methods("GET")`.
fn chained(view: &CodeView<'_, '_>, call: Call, name: &str) -> Option<String> {
    let code = view.code;
    let mut at = call.first;
    while at < call.open {
        if code.is(at, name) && code.is(at + 1, "(") {
            return view.fold(code.arguments(at + 1).into_iter().next()?);
        }
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at)? + 1,
            _ => at + 1,
        };
    }
    let mut at = code.partner(call.open)? + 1;
    while code.is(at, ".") && code.is(at + 2, "(") {
        if code.is(at + 1, name) {
            return view.fold(code.arguments(at + 2).into_iter().next()?);
        }
        at = code.partner(at + 2)? + 1;
    }
    None
}

fn gorilla_method(view: &CodeView<'_, '_>, call: Call) -> String {
    chained(view, call, "Methods")
        .map(|m| m.to_ascii_uppercase())
        .filter(|m| METHODS.contains(&m.as_str()))
        .unwrap_or_else(|| "ANY".to_owned())
}

/// The prefix that the router named at `at` has in this file.
fn prefix_of(view: &CodeView<'_, '_>, at: usize, depth: u8) -> String {
    let code = view.code;
    let Some(name) = code.ident(at).filter(|_| depth < DEEPEST) else {
        return String::new();
    };
    let mut own = chain_prefix(view, at);
    // `s.router.GET`: the field counts.
    let mut field = None;
    let mut step = at;
    while code.is(step + 1, ".") && code.ident(step + 2).is_some() && code.is(step + 3, ".") {
        step += 2;
        field = code.ident(step);
    }
    let definitions = match field {
        Some(field) => view.fields(field),
        None => view.visible(name, at),
    };
    let Some(definition) = definitions.last() else {
        return own;
    };
    if definition.param {
        if let Some(outer) = parameter_prefix(view, definition.scope, name, depth) {
            own = http_paths::join(&outer, &own);
        }
        return own;
    }
    let mut start = definition.value.start;
    while matches!(code.raw(start), "&" | "*") {
        start += 1;
    }
    if definition.value.is_empty() || start >= at && field.is_none() {
        return own;
    }
    let outer = prefix_of(view, start, depth + 1);
    let made = mounted(view, definition.scope, definition.value.start, depth);
    http_paths::join(&http_paths::join(&made, &outer), &own)
}

/// Prefixes inside one chain: `r.PathPrefix("/x").Subrouter()`, `r.Group("/x")`.
fn chain_prefix(view: &CodeView<'_, '_>, from: usize) -> String {
    let code = view.code;
    let mut prefix = String::new();
    let mut at = from;
    let mut pending = String::new();
    while code.ident(at).is_some() {
        if code.is(at + 1, "(") {
            let Some(close) = code.partner(at + 1) else {
                break;
            };
            let argument = code.arguments(at + 1).into_iter().next();
            let text = argument.and_then(|r| view.fold(r)).filter(|t| is_path(t));
            match code.raw(at) {
                "PathPrefix" => pending = text.unwrap_or_default(),
                "Subrouter" => prefix = http_paths::join(&prefix, &std::mem::take(&mut pending)),
                "Group" => prefix = http_paths::join(&prefix, &text.unwrap_or_default()),
                _ => {}
            }
            at = close + 1;
        } else {
            at += 1;
        }
        if !code.is(at, ".") {
            break;
        }
        at += 1;
    }
    if prefix == "/" { String::new() } else { prefix }
}

/// The prefix of a router that is a parameter: of a function literal given to `Route` or `Group`,
/// or of a function that is called once in this file.
fn parameter_prefix(
    view: &CodeView<'_, '_>,
    scope: Option<usize>,
    name: &str,
    depth: u8,
) -> Option<String> {
    let code = view.code;
    let function = code.functions().get(scope?)?;
    let open = function.params?;
    if function.name.is_empty() {
        // `r.Route("/x", func(r chi.Router) {…})`: the call around the literal.
        let before = function.first.checked_sub(1)?;
        let around = if code.is(before, "(") {
            before
        } else {
            (before.saturating_sub(24)..before).rev().find(|&at| {
                code.is(at, "(") && code.partner(at).is_some_and(|c| c > function.first)
            })?
        };
        let call = code.call_at(around)?;
        let last = code.ident(around - 1)?;
        if !matches!(last, "Route" | "Group") {
            return None;
        }
        let own = view
            .argument(around, 0)
            .and_then(|r| view.fold(r))
            .filter(|t| t.starts_with('/'))
            .unwrap_or_default();
        let outer = prefix_of(view, call.first, depth + 1);
        return Some(http_paths::join(&outer, &own));
    }
    let place = code
        .arguments(open)
        .iter()
        .position(|r| code.is(r.start, name))?;
    let [caller] = view.calls_of(function.name) else {
        return None;
    };
    let given = code.arguments(caller.open).into_iter().nth(place)?;
    Some(prefix_of(view, given.start, depth + 1))
}

/// The prefix under which the router that a function makes is mounted: `r.Mount("/x", f())`.
fn mounted(view: &CodeView<'_, '_>, scope: Option<usize>, at: usize, depth: u8) -> String {
    let code = view.code;
    let Some(function) = scope.and_then(|s| code.functions().get(s)) else {
        return String::new();
    };
    if function.name.is_empty() || !code.text.contains("Mount(") || at < function.body.start {
        return String::new();
    }
    for &mount in view.calls_of("Mount") {
        let arguments = code.arguments(mount.open);
        let [path, router] = arguments.as_slice() else {
            continue;
        };
        let called = router
            .clone()
            .any(|i| code.is(i, function.name) && code.is(i + 1, "("));
        if called {
            let own = view.fold(path.clone()).unwrap_or_default();
            let outer = prefix_of(view, mount.first, depth + 1);
            return http_paths::join(&outer, &own);
        }
    }
    String::new()
}
