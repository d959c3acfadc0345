//! Go: routes of servers that oapi-codegen writes from an OpenAPI document.

use super::go_routers::{is_router, stand};
use super::{go_paths, go_route_tables};
use crate::code_view::{CodeView, is_below};
use crate::extractor::{Extractor, Reads};
use crate::extractors::go_http::FRAMEWORKS;
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths::{self, Written};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-generated",
    docs: "\
### What it finds
Routes that goctl writes for go-zero, and in the servers that oapi-codegen writes for chi, echo, gin, fiber, gorilla/mux, Iris and net/http, with the method
that a program implements for each, and where a program registers such a server, with the base path that it gives.

### What it does not find
Servers that other generators write. What no file registers is left out: the same package may hold a client alone.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["oapi-codegen", "goctl", "HandlerFromMux", "HandlerWithOptions", "RegisterHandlers"],
    run: extract,
};

/// The name under which the routes of a generated server stand.
pub(crate) const SERVER: &str = "ServerInterface";

/// Functions of a generated server that add its routes, or make a handler of them
/// (<https://github.com/oapi-codegen/oapi-codegen#registering-handlers>).
const REGISTERS: [&str; 7] = [
    "Handler",
    "HandlerFromMux",
    "HandlerFromMuxWithBaseURL",
    "HandlerWithOptions",
    "RegisterHandlers",
    "RegisterHandlersWithBaseURL",
    "RegisterHandlersWithOptions",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    if is_server(file.text) {
        server(acc, file);
    } else if !paths::is_generated(file.path, file.text) {
        registered(acc, file);
    }
}

/// Whether oapi-codegen wrote a file that has a server, or goctl the routes of one.
pub(crate) fn is_server(text: &str) -> bool {
    is_of_goctl(text) || is_of_oapi(text)
}

/// What goctl writes is the only place where a program of go-zero has its routes.
fn is_of_goctl(text: &str) -> bool {
    let marked = |line: &str| line.starts_with("//") && line.contains("goctl");
    text.lines().take(12).any(marked) && text.contains("/go-zero/rest\"")
}

fn is_of_oapi(text: &str) -> bool {
    let marked = |line: &str| line.starts_with("//") && line.contains("oapi-codegen");
    text.lines().take(12).any(marked) && text.contains("wrapper.")
}

/// The routes of a generated file, line by line: such files are long, and each route is a line.
pub(crate) fn server(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if is_of_goctl(file.text) {
        return go_route_tables::add(acc, &CodeView::of(file));
    }
    let mut known: Option<&str> = None;
    let mut first = None;
    for (number, line) in (1..).zip(file.text.lines()) {
        if known.is_none() {
            let module = line
                .trim()
                .trim_start_matches(|c: char| c.is_alphanumeric() || c == ' ');
            let module = module.trim_matches('"');
            let all = FRAMEWORKS.iter().filter(|(known, ..)| *known != "net/http");
            known = all
                .clone()
                .find(|(known, ..)| is_below(module, known))
                .map(|(_, id, _)| *id);
        }
        let Some((method, path, handler)) = route(line.trim()) else {
            continue;
        };
        first.get_or_insert(number);
        let endpoint = Endpoint {
            method: method.to_owned(),
            path: http_paths::template(path),
            handler: Some(handler.to_owned()),
            router: Some(SERVER.to_owned()),
            ..http_paths::unread(known.unwrap_or("go-net-http"))
        };
        http_paths::add(acc, file, number, number, endpoint);
    }
    let Some(line) = first else {
        return;
    };
    let router = Router {
        name: SERVER.to_owned(),
        ..Router::default()
    };
    acc.add(file, line, line, Claim::Router(router));
    // What another router takes in whole: `r.Mount("/api", api.Handler(server))`.
    for name in ["Handler", "HandlerFromMux", "HandlerWithOptions"] {
        if file.text.contains(&format!("func {name}(")) {
            let mount = Mount {
                router: Some(name.to_owned()),
                target: format!("#{SERVER}"),
                ..Mount::default()
            };
            acc.add(file, line, line, Claim::Mount(mount));
        }
    }
}

/// `r.Get(options.BaseURL+"/users", wrapper.ListUsers)`, `router.GET(baseURL+"/users", wrapper.ListUsers)`,
/// `m.HandleFunc("GET "+options.BaseURL+"/users", wrapper.ListUsers)`,
/// `r.HandleFunc(options.BaseURL+"/users", wrapper.ListUsers).Methods("GET")`.
fn route(line: &str) -> Option<(&str, &str, &str)> {
    let (call, rest) = line.split_once('(')?;
    let (_, word) = call.rsplit_once('.')?;
    let (before, rest) = rest
        .split_once("aseURL+\"")
        .or_else(|| rest.split_once("aseURL + \""))?;
    let (path, rest) = rest.split_once('"')?;
    let handler = rest.split_once("wrapper.")?.1;
    let end = handler
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(handler.len());
    let (handler, after) = handler.split_at(end);
    let verb = match word {
        "HandleFunc" | "Handle" => {
            let own = before.trim_start_matches('"').split([' ', '"']).next();
            let later = after
                .split_once(".Methods(\"")
                .and_then(|(_, m)| m.split('"').next());
            later.or(own)?
        }
        _ => word,
    };
    let known = crate::call_rules::METHODS
        .iter()
        .find(|m| verb.eq_ignore_ascii_case(m));
    Some((known?, path, handler))
}

/// Where a program registers a generated server: `api.HandlerFromMuxWithBaseURL(server, router, "/api/v1")`,
/// `api.HandlerWithOptions(server, api.ChiServerOptions{BaseURL: "/api/v1", BaseRouter: router})`,
/// `api.RegisterHandlers(e.Group("/api"), server)`.
fn registered(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let view = CodeView::of(file);
    let code = view.code;
    for name in REGISTERS {
        for &call in view.calls_of(name) {
            let package = code.ident(call.first).and_then(|first| view.alias(first));
            let target = match (package, call.open - call.first) {
                (Some(module), 3) => format!("{module}.{SERVER}"),
                (None, 1) => format!(".{SERVER}"),
                _ => continue,
            };
            if is_taken_in(&view, call) {
                continue;
            }
            let (router, base) = given(&view, call);
            let place = router.map(|at| stand(&view, at, 0)).unwrap_or_default();
            let mount = Mount {
                router: place.router,
                prefix: http_paths::prefix(&http_paths::join(&place.prefix, &base)),
                target,
                ..Mount::default()
            };
            acc.add(file, call.line, call.line, Claim::Mount(mount));
        }
    }
}

/// Whether what a call makes is given to a router, which says where it stands.
fn is_taken_in(view: &CodeView<'_, '_>, call: Call) -> bool {
    let code = view.code;
    (call.first.saturating_sub(40)..call.first).any(|at| {
        code.is(at, "(")
            && code.partner(at).is_some_and(|close| close > call.open)
            && matches!(code.raw(at.saturating_sub(1)), "Mount" | "Handle")
    })
}

/// The router that a server is registered at, and the base path.
fn given(view: &CodeView<'_, '_>, call: Call) -> (Option<usize>, String) {
    let code = view.code;
    let mut router = None;
    let mut base = String::new();
    for argument in code.arguments(call.open) {
        let brace = argument.clone().find(|&at| code.is(at, "{"));
        if let Some(open) = brace.filter(|&open| code.partner(open) == Some(argument.end - 1)) {
            for field in code.arguments(open) {
                let value = field.start + 2..field.end;
                match code.raw(field.start) {
                    "BaseURL" => base = text(view, &value),
                    "BaseRouter" => router = Some(value.start),
                    _ => {}
                }
            }
        } else if is_router(view, argument.start) {
            router = router.or(Some(argument.start));
        } else if base.is_empty() {
            base = text(view, &argument);
        }
    }
    (router, base)
}

/// A path that is written, or a constant with one; empty for anything else.
fn text(view: &CodeView<'_, '_>, range: &Range<usize>) -> String {
    match go_paths::written(view, range) {
        Written::Path(text) if text.starts_with('/') || text.starts_with("{const:") => text,
        _ => String::new(),
    }
}
