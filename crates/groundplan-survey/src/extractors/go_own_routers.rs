//! Go: routers of a type of the program's own, or of a library that is not known by name: what is called
//! a router and has a method for each method of HTTP.

use super::go_helpers;
use super::go_http::{self, FRAMEWORKS};
use super::go_paths;
use super::go_routers::{self, name_of};
use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths;
use groundplan_syntax::{Call, Function};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The type of the router named at `at` (of `s.router` that of the field) as other files know it:
/// `github.com/acme/web.RouterAdmin`, `.Router` of the same package. None for what a known framework makes.
pub(super) fn type_of(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    kind_of(view, at, 0)
}

/// The type of a framework that a function of this file makes alone or beside an error:
/// `r, err := newRouter()` of `func newRouter() (*chi.Mux, error)`.
pub(super) fn of_framework(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let known = view.in_blocks(code.ident(at)?, at);
    let value = &known.last().filter(|d| !d.param)?.value;
    // `new(restful.WebService)`
    if code.is(value.start, "new") && code.is(value.start + 1, "(") {
        return kind_at(view, value.start + 2);
    }
    let name = code
        .ident(value.start)
        .filter(|_| code.is(value.start + 1, "("))?;
    let function = view.function(name).filter(|f| !f.class)?;
    let close = code.partner(function.params?)?;
    let first = close + 1 + usize::from(code.is(close + 1, "("));
    kind_at(view, first + usize::from(code.is(first, "*")))
}

/// The type of a framework that is named at a place.
fn kind_at(view: &CodeView<'_, '_>, first: usize) -> Option<String> {
    let code = view.code;
    let module = code.ident(first).and_then(|name| view.alias(name))?;
    let kind = code.ident(first + 2).filter(|_| code.is(first + 1, "."))?;
    let mut frameworks = FRAMEWORKS.iter();
    let framework = frameworks.any(|(known, ..)| is_below(module, known));
    framework.then(|| format!("{module}.{kind}"))
}

/// Whether a method of a router makes a group of it: `AttachGroup`, `NewGroup`.
pub(super) fn is_grouping(method: &str) -> bool {
    method.len() > "Group".len() && method.ends_with("Group")
}

/// Groups that are made of groups at most.
const DEEPEST: u8 = 4;

fn kind_of(view: &CodeView<'_, '_>, at: usize, depth: u8) -> Option<String> {
    let code = view.code;
    let name = code.ident(at).filter(|_| depth < DEEPEST)?;
    let mut step = at;
    while code.is(step + 1, ".") && code.ident(step + 2).is_some() && code.is(step + 3, ".") {
        step += 2;
    }
    let definitions = match step == at {
        true => view.visible(name, at),
        false => view.fields(code.ident(step)?),
    };
    definitions.iter().rev().find_map(|definition| {
        if !definition.kind.is_empty() {
            return named(view, &definition.kind);
        }
        made(view, &definition.value).or_else(|| grouped(view, &definition.value, depth))
    })
}

/// The type of the router that a group is made of: `router.AttachGroup("/api")`.
fn grouped(view: &CodeView<'_, '_>, value: &Range<usize>, depth: u8) -> Option<String> {
    let code = view.code;
    let open = value.clone().find(|&at| code.is(at, "("))?;
    let method = code.ident(open.checked_sub(1)?)?;
    let whole = code.partner(open).map(|close| close + 1) == Some(value.end);
    let of = open >= value.start + 3 && code.is(open - 2, ".");
    // A group without a path is a router as it is.
    let plain = method == "Group" && code.is_byte(open + 1, b')');
    (whole && of && (plain || is_grouping(method)))
        .then(|| kind_of(view, value.start, depth + 1))
        .flatten()
}

/// The type that the words of a declaration name.
fn named(view: &CodeView<'_, '_>, kind: &Range<usize>) -> Option<String> {
    let code = view.code;
    let mut at = kind.start;
    while code.is(at, "*") {
        at += 1;
    }
    let first = code.ident(at)?;
    if at + 1 == kind.end {
        return is_router_name(first).then(|| format!(".{first}"));
    }
    let last = code.ident(at + 2).filter(|_| code.is(at + 1, "."))?;
    let module = view.alias(first)?;
    is_foreign(module, last).then(|| format!("{module}.{last}"))
}

/// The type that a function makes which is called after it: `web.NewRouterAdmin()`.
fn made(view: &CodeView<'_, '_>, value: &Range<usize>) -> Option<String> {
    let code = view.code;
    let first = code.ident(value.start)?;
    let open = (value.start..value.end).find(|&at| code.is(at, "("))?;
    let maker = |at: usize| code.ident(at)?.strip_prefix("New");
    if open == value.start + 1 {
        // `newRouter()` makes a `router`.
        if let Some(kind) = first
            .strip_prefix("new")
            .filter(|kind| is_router_name(kind))
        {
            let mut letters = kind.chars();
            let begin = letters.next()?.to_ascii_lowercase();
            return Some(format!(".{begin}{}", letters.as_str()));
        }
        let kind = maker(value.start).filter(|kind| is_router_name(kind))?;
        return Some(format!(".{kind}"));
    }
    let module = view.alias(first).filter(|_| open == value.start + 3)?;
    let kind = maker(value.start + 2)?;
    is_foreign(module, kind).then(|| format!("{module}.{kind}"))
}

fn is_foreign(module: &str, kind: &str) -> bool {
    // Their routers hand on calls of gRPC, tasks and messages.
    const OTHERS: [&str; 6] = [
        "xorm.io",
        "github.com/go-xorm",
        "github.com/grpc-ecosystem",
        "github.com/hibiken/asynq",
        "github.com/ThreeDotsLabs/watermill",
        "google.golang.org/grpc",
    ];
    let frameworks = FRAMEWORKS.iter().map(|(name, ..)| *name);
    let known = frameworks.chain(OTHERS).any(|name| is_below(module, name));
    !known && is_router_name(kind)
}

/// Whether a type is called a router: `RouterAdmin`, `APIRouter`, `ServeMux`, `RouteGroup`.
pub(super) fn is_router_name(kind: &str) -> bool {
    const ENDS: [&str; 6] = [
        "Router",
        "Mux",
        "RouterGroup",
        "RouteGroup",
        "RouteRegister",
        "RouteRegistrar",
    ];
    const NOT: [&str; 5] = ["Client", "Mock", "Fake", "Config", "Option"];
    // `web.Engine`; engines of other names keep data or judge rules.
    let named = ENDS.iter().any(|end| kind.ends_with(end))
        || kind.starts_with("Router")
        || matches!(kind, "Engine" | "router" | "mux");
    named && !NOT.iter().any(|word| kind.contains(word))
}

/// Whether a place is in a method of a router.
pub(super) fn is_method(view: &CodeView<'_, '_>, at: usize) -> bool {
    let Some(function) = go_helpers::named(view, at) else {
        return false;
    };
    let name = name_of(view, function);
    name.split_once('.')
        .is_some_and(|(kind, _)| is_router_name(kind))
}

/// Adds what the functions that make a router of this package put before its routes, and which functions
/// get a router of which type.
pub(super) fn add(acc: &mut FileFacts, view: &CodeView<'_, '_>, partial: &BTreeSet<String>) {
    let code = view.code;
    let mut prefixes: BTreeMap<&str, BTreeSet<(u32, String)>> = BTreeMap::new();
    for function in code.functions() {
        let Some(kind) = result(view, function).filter(|kind| is_router_name(kind)) else {
            continue;
        };
        let entry = prefixes.entry(kind).or_default();
        entry.extend(own_prefix(view, function));
    }
    for (kind, found) in prefixes {
        let mut found = found.into_iter();
        let (Some((line, prefix)), None) = (found.next(), found.next()) else {
            continue;
        };
        let router = Router {
            name: kind.to_owned(),
            ..Router::default()
        };
        acc.add(view.file, line, line, Claim::Router(router));
        let mount = Mount {
            prefix: http_paths::prefix(&prefix),
            target: format!("#{kind}"),
            ..Mount::default()
        };
        acc.add(view.file, line, line, Claim::Mount(mount));
    }
    for function in code.functions().iter().filter(|f| !f.name.is_empty()) {
        let name = name_of(view, function);
        if !partial.contains(&name) {
            continue;
        }
        let given = function.params.map(|open| code.arguments(open));
        let kind = (given.into_iter().flatten())
            .filter(|range| range.len() > 1)
            .find_map(|range| named(view, &(range.start + 1..range.end)));
        if let Some(kind) = kind {
            let line = code.line(function.at);
            let mount = Mount {
                router: Some(format!("={kind}")),
                target: format!("#{name}"),
                alias: true,
                ..Mount::default()
            };
            acc.add(view.file, line, line, Claim::Mount(mount));
        }
    }
}

/// The route that a function of another file of the package adds, which is told everything about it:
/// `addRoute(group, http.MethodGet, "/orders", h.list, verb)`.
pub(super) fn helped(view: &CodeView<'_, '_>, call: Call, last: &str) -> Option<Vec<Endpoint>> {
    let code = view.code;
    let lower = last.to_ascii_lowercase();
    let speaks = ["route", "endpoint", "handle", "register"]
        .iter()
        .any(|word| lower.contains(word));
    if !speaks || call.open != call.first + 1 || view.function(last).is_some() {
        return None;
    }
    let given = code.arguments(call.open);
    let [router, method, path, handler, ..] = given.as_slice() else {
        return None;
    };
    let name = code.ident(router.start).filter(|_| router.len() == 1)?;
    let method = view.fold(method.clone())?;
    let raw = view.fold(path.clone()).filter(|raw| raw.starts_with('/'))?;
    if !METHODS.contains(&method.as_str()) || !go_routers::is_router(view, router.start) {
        return None;
    }
    let kind = view.canonical(name, router.start).unwrap_or_default();
    let mut frameworks = FRAMEWORKS.iter();
    let framework = frameworks.find(|(module, ..)| is_below(&kind, module));
    let framework = framework.map_or("go-net-http", |(_, id, _)| id);
    let handler = go_http::open_handler(view, handler)?;
    let place = go_routers::stand(view, router.start, 0);
    Some(go_http::made(
        view,
        vec![method],
        &place,
        &raw,
        Some(handler),
        framework,
    ))
}

/// Whether a function gives back one that is given a group of routes:
/// `return "v1", func(group *echo.Group) { … }`. Where its routes stand, whoever calls that says.
pub(super) fn lends(view: &CodeView<'_, '_>, function: &Function<'_>) -> bool {
    let code = view.code;
    let all = code.functions();
    let returned = |inner: &Function<'_>| {
        let line = code.line(inner.first);
        (inner.first.saturating_sub(8)..inner.first)
            .any(|at| code.is(at, "return") && code.line(at) == line)
    };
    all.iter().any(|inner| {
        let open = inner.params.filter(|_| inner.name.is_empty());
        function.body.contains(&inner.first)
            && open.is_some_and(|open| go_routers::takes_group(view, open))
            && returned(inner)
    })
}

/// The type of this package that a function gives back alone: `*RouterAdmin`.
pub(super) fn result<'t>(view: &CodeView<'_, 't>, function: &Function<'_>) -> Option<&'t str> {
    let code = view.code;
    let close = code.partner(function.params?)?;
    let at = close + 1 + usize::from(code.is(close + 1, "*"));
    let kind = code.ident(at).filter(|_| code.is(at + 1, "{"))?;
    (!function.class).then_some(kind)
}

/// What a function that makes a router puts before its routes: `r.prefix = AdminPrefix`,
/// `&Router{prefix: "/api"}`.
fn own_prefix(view: &CodeView<'_, '_>, function: &Function<'_>) -> Option<(u32, String)> {
    let code = view.code;
    function.body.clone().find_map(|at| {
        let word = code.ident(at)?.to_ascii_lowercase();
        if !matches!(
            word.as_str(),
            "prefix" | "basepath" | "pathprefix" | "routeprefix" | "basepattern"
        ) || !(code.is(at + 1, "=") || code.is(at + 1, ":"))
            || code.is(at + 2, "=")
        {
            return None;
        }
        let end = (at + 2..function.body.end)
            .find(|&end| matches!(code.raw(end), "," | "}") || code.starts_line(end))?;
        let prefix = go_paths::constant_value(view, &(at + 2..end))?;
        prefix
            .starts_with(['/', '{'])
            .then(|| (code.line(at), prefix))
    })
}
