//! Go: HTTP endpoints.

use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::extractor::{Extractor, Reads};
use crate::extractors::go_allowed;
use crate::extractors::go_endpoint_structs;
use crate::extractors::go_guards;
use crate::extractors::go_helpers;
use crate::extractors::go_huma;
use crate::extractors::go_lexical_groups;
use crate::extractors::go_made_routes;
use crate::extractors::go_method_maps;
use crate::extractors::go_own_routers;
use crate::extractors::go_passing;
use crate::extractors::go_paths;
use crate::extractors::go_restful;
use crate::extractors::go_route_tables;
use crate::extractors::go_routers::{self, Stand, stand};
use crate::extractors::go_wrappers::{self, combines};
use crate::facts::{Claim, Endpoint, FileFacts, PASSING, WITH};
use crate::http_paths::{self, UNREAD, Written};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-http",
    docs: "\
### What it finds
Routes of gin, echo, chi, fiber, gorilla/mux, httprouter, the router of fasthttp, Hertz, Iris, Flamego, Macaron, go-restful and net/http
with the method patterns of Go 1.22, of routegroup, operations of Huma, and of routers of the program's own by what their type is called, with the prefixes of groups, subrouters and mounts of the same file, the name
of the handler and the first sentence of its comment; routes that a helper of the same file, or one that a variable
holds, adds with a path that its callers give as a literal, handlers by method (`handlers.MethodHandler{\"GET\": list}`), or that the method of a router adds which it is given; tables of routes with method, path and handler; values of a type
with a field for each method (`Endpoint{Path: \"orders\", Get: list}`), which a list may hold; routes that a function makes which is named after
the method (`NewGetRoute(\"/orders\", list)`); functions before it that let only some callers
pass. Which function a route stands in, and which
functions of other files get a router or are mounted below which prefix, so that the whole path can
be joined.

### What it does not find
Routes that a loop makes of anything but a table or a list of such values, routes of generated gateways, routes in tests.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &[
        "gin-gonic/gin",
        "labstack/echo",
        "go-chi/chi",
        "gofiber/fiber",
        "gorilla/mux",
        "julienschmidt/httprouter",
        "fasthttp/router",
        "fasthttprouter",
        "cloudwego/hertz",
        "go-pkgz/routegroup",
        "danielgtaylor/huma",
        "google/wire",
        "net/http",
        "kataras/iris",
        "flamego/flamego",
        "gopkg.in/macaron",
        "emicklei/go-restful",
        "Router",
        "Mux",
        "RouteGroup",
        "Routes{",
        "Route{",
        "Endpoint{",
        "RouteRegist",
        "Route(\"/",
        "Endpoint(\"/",
    ],
    run: extract,
};

/// Module, knowledge id, and which argument of a route is the handler (`-1`: the last).
pub(super) const FRAMEWORKS: &[(&str, &str, i8)] = &[
    ("github.com/gin-gonic/gin", "gin", -1),
    ("github.com/labstack/echo", "echo", 1),
    ("github.com/go-chi/chi", "chi", 1),
    ("github.com/gofiber/fiber", "fiber", -1),
    ("github.com/gorilla/mux", "gorilla-mux", 1),
    ("github.com/julienschmidt/httprouter", "httprouter", 1),
    ("github.com/fasthttp/router", "fasthttp", 1),
    ("github.com/buaazp/fasthttprouter", "fasthttp", 1),
    ("github.com/cloudwego/hertz", "hertz", -1),
    ("github.com/go-pkgz/routegroup", "go-net-http", 1),
    ("github.com/kataras/iris", "iris", -1),
    ("github.com/flamego/flamego", "flamego", -1),
    ("gopkg.in/macaron", "macaron", -1),
    ("github.com/emicklei/go-restful", "go-restful", 1),
    ("github.com/go-kratos/kratos", "go-net-http", -1),
    ("net/http", "go-net-http", 1),
];

/// What methods of registrars of a program's own are called.
const REGISTERS: [&str; 5] = [
    "Register",
    "RegisterHandler",
    "RegisterRoute",
    "AddRoute",
    "AddHandler",
];

/// A router of the program's own: it is one of net/http in the end.
const OWN: &str = "";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    go_huma::add(acc, &view);
    go_route_tables::add(acc, &view);
    go_endpoint_structs::add(acc, &view);
    let mut found: Vec<(Call, Endpoint)> = Vec::new();
    let lexical = go_lexical_groups::are_used(&view);
    for (last, calls) in view.calls() {
        let upper = last.to_ascii_uppercase();
        let verb = METHODS.contains(&upper.as_str());
        let known =
            verb || matches!(
                last,
                "Handle"
                    | "HandleFunc"
                    | "Any"
                    | "ANY"
                    | "All"
                    | "Method"
                    | "MethodFunc"
                    | "Handler"
                    | "HandlerFunc"
                    | "Add"
                    | "Match"
                    | "GETX"
            ) || REGISTERS.contains(&last)
                || lexical && matches!(last, "Route" | "Routes");
        for &call in calls {
            // `register := web.registrar.Register`, and then `register(http.MethodGet, …)`
            let bound = || call.open == call.first + 1 && is_bound(&view, last, call.first);
            if let Some(id) = handed(&view, last, call).filter(|_| !known) {
                let all = handed_route(&view, call, id).unwrap_or_default();
                found.extend(all.into_iter().map(|endpoint| (call, endpoint)));
                continue;
            }
            if !known && !bound() {
                let all = go_own_routers::helped(&view, call, last);
                let all = all.or_else(|| go_made_routes::of(&view, call, last));
                let all = all.unwrap_or_default();
                found.extend(all.into_iter().map(|endpoint| (call, endpoint)));
                continue;
            }
            let last = match known {
                true => last,
                false => REGISTERS[0],
            };
            let all = route(&view, call, last, verb.then_some(upper.as_str()));
            for endpoint in all.into_iter().flatten() {
                found.push((call, endpoint));
            }
        }
    }
    found.extend(go_restful::routes(&view));
    found.sort_by_key(|(call, _)| call.open);
    let found = go_helpers::expanded(&view, found);
    let found = go_method_maps::split(&view, found);
    go_routers::add(acc, &view, &found);
    let guarded = go_guards::add(acc, &view, &found);
    let rounds = found.into_iter().flat_map(|(call, endpoint)| {
        let all = http_paths::rounds(&endpoint.path).into_iter();
        all.map(move |path| {
            let one = Endpoint {
                path,
                ..endpoint.clone()
            };
            (call, one)
        })
    });
    for (call, mut endpoint) in rounds {
        let behind = guarded.get(&call.open);
        let lets_some = |names: &Vec<String>| names.iter().any(|name| !name.starts_with(WITH));
        let behind_guard = behind.is_some_and(lets_some);
        endpoint
            .guards
            .extend(behind.into_iter().flatten().cloned());
        if go_passing::is_passing(&view, call) {
            endpoint.guards = vec![PASSING.to_owned()];
        }
        // The chain may begin lines above; the route itself stands where its path does.
        let close = view.code.partner(call.open).unwrap_or(call.open);
        let last = view.code.line(close).min(call.line + 20);
        let before = acc.facts.len();
        http_paths::add(acc, file, call.line, last, endpoint);
        // Who probes a container cannot log in.
        if behind_guard {
            let mut added = acc.facts.split_off(before);
            added.retain(
                |fact| !matches!(&fact.claim, Claim::Mark(m) if m.topic == Topic::HealthCheck),
            );
            acc.facts.append(&mut added);
        }
    }
}

/// `s.router.Handle("/x", h).Methods("GET")` in a file that only another one gives its router of gorilla/mux:
/// no other router says its methods so.
fn says_methods(view: &CodeView<'_, '_>, call: Call) -> bool {
    let code = view.code;
    let path = code.arguments(call.open).into_iter().next();
    let path = path.and_then(|range| code.string(range.start));
    let Some(close) = code.partner(call.open) else {
        return false;
    };
    path.is_some_and(|path| path.starts_with('/'))
        && code.is(close + 1, ".")
        && code.is(close + 2, "Methods")
        && code.is(close + 3, "(")
        && !code.arguments(close + 3).is_empty()
}

/// The framework that a call is one of, with the place of the handler among its arguments.
fn framework(view: &CodeView<'_, '_>, call: Call) -> Option<(&'static str, i8)> {
    known(view, call).or_else(|| {
        go_own_routers::type_of(view, call.first)?;
        Some((OWN, 1))
    })
}

fn known(view: &CodeView<'_, '_>, call: Call) -> Option<(&'static str, i8)> {
    let callee = view.callee(call);
    let pick = |on: &str| {
        FRAMEWORKS
            .iter()
            .find(|(module, ..)| is_below(on, module))
            .map(|&(module, id, handler)| (module, id, handler))
    };
    let made = match &callee.on {
        None => go_own_routers::of_framework(view, call.first),
        Some(_) => None,
    };
    let on = callee.on.or(made);
    let (module, id, handler) = match on.as_deref() {
        Some(on) => pick(on)?,
        None => {
            // A field of another file: the only framework that the file imports is meant.
            let mut imported = FRAMEWORKS
                .iter()
                .filter(|(module, ..)| *module != "net/http")
                .filter(|(module, ..)| view.imports_any(&[module]));
            let Some(&(module, id, handler)) = imported.next() else {
                return says_methods(view, call).then_some(("gorilla-mux", 1));
            };
            if imported.next().is_some() {
                return None;
            }
            (module, id, handler)
        }
    };
    if module == "net/http" {
        let server = matches!(
            on.as_deref().unwrap_or_default(),
            "net/http" | "net/http.NewServeMux" | "net/http.ServeMux" | "net/http.DefaultServeMux"
        );
        if !server || !matches!(callee.method.as_ref(), "Handle" | "HandleFunc") {
            return None;
        }
    }
    // `c.Get("x")` of a context is no route.
    let on = on.unwrap_or_default();
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

/// Whether what a handler is added to is called a mux, of which another file says more:
/// `web.conf.mux.Handle("/users", h)`, also by a name for it.
fn is_mux(view: &CodeView<'_, '_>, call: Call, last: &str) -> bool {
    let code = view.code;
    let called = |at: usize| {
        let word = code.ident(at).unwrap_or_default();
        word == "mux" || word.ends_with("Mux")
    };
    let field = |at: usize| code.is(at.wrapping_sub(1), ".") && called(at);
    let receiver = call.open.wrapping_sub(3);
    if !matches!(last, "Handle" | "HandleFunc") || !view.imports_any(&["net/http"]) {
        return false;
    }
    let stands = |value: &Range<usize>| {
        let plain = |at: usize| code.ident(at).is_some() || code.is(at, ".");
        value.len() >= 3 && value.clone().all(plain) && field(value.end - 1)
    };
    match receiver == call.first {
        true => {
            let known = view.visible(code.raw(receiver), call.first);
            called(receiver) && known.last().is_some_and(|d| !d.param && stands(&d.value))
        }
        false => receiver > call.first && field(receiver),
    }
}

/// Whether a name stands for a method of a registrar: `register := web.registrar.Register`.
fn is_bound(view: &CodeView<'_, '_>, name: &str, at: usize) -> bool {
    let code = view.code;
    let stands = |value: &Range<usize>| {
        let plain = |at: usize| code.ident(at).is_some() || code.is(at, ".");
        value.len() >= 3
            && value.clone().all(plain)
            && code.is(value.end - 2, ".")
            && REGISTERS.contains(&code.raw(value.end - 1))
    };
    name.starts_with(char::is_lowercase)
        && view
            .visible(name, at)
            .last()
            .is_some_and(|d| !d.param && stands(&d.value))
}

/// The framework of a parameter that adds routes, since it is the method of a router:
/// `attach func(method, path string, handlers ...gin.HandlerFunc) gin.IRoutes`.
fn handed(view: &CodeView<'_, '_>, name: &str, call: Call) -> Option<&'static str> {
    let code = view.code;
    if call.open != call.first + 1 || !name.starts_with(char::is_lowercase) {
        return None;
    }
    let known = view.visible(name, call.first);
    let definition = known.last().filter(|d| d.param)?;
    let open = definition.kind.start + 1;
    if !code.is(definition.kind.start, "func") || !code.is(open, "(") {
        return None;
    }
    let given = code.arguments(open);
    let [method, path, handler] = given.as_slice() else {
        return None;
    };
    let text = |range: &Range<usize>| code.is(range.end - 1, "string");
    if !text(path) || !(text(method) || method.len() == 1) {
        return None;
    }
    let answers = |at: &usize| code.raw(*at).contains("Handler") && code.is(*at - 1, ".");
    let package = handler.clone().find(answers)?.checked_sub(2)?;
    let module = view.alias(code.ident(package)?)?;
    let mut frameworks = FRAMEWORKS.iter();
    let found = frameworks.find(|(known, ..)| is_below(module, known))?;
    Some(found.1)
}

/// The route that such a parameter adds.
fn handed_route(view: &CodeView<'_, '_>, call: Call, id: &str) -> Option<Vec<Endpoint>> {
    let arguments = view.code.arguments(call.open);
    let method = view.fold(arguments.first()?.clone())?.to_ascii_uppercase();
    if !METHODS.contains(&method.as_str()) {
        return None;
    }
    let raw = match go_paths::written(view, arguments.get(1)?) {
        Written::Path(raw) if is_path(&raw) => raw,
        Written::Unread => return Some(vec![http_paths::unread(id)]),
        _ => return None,
    };
    let handler = arguments.last().and_then(|r| open_handler(view, r));
    let place = stand(view, call.first, 0);
    Some(made(view, vec![method], &place, &raw, handler, id))
}

/// Whether the arguments of a call are a method of HTTP, a path and a function that answers, and
/// nothing else: `http.MethodGet, "/users", s.users`. Without a method any is answered.
fn is_registered(view: &CodeView<'_, '_>, arguments: &[Range<usize>]) -> bool {
    let [method, path, handler] = arguments else {
        return false;
    };
    let word = view.fold(method.clone());
    let method = word.is_some_and(|m| m.is_empty() || METHODS.contains(&m.as_str()));
    let path = view.fold(path.clone()).is_some_and(|p| p.starts_with('/'));
    method && path && open_handler(view, handler).is_some_and(|name| name != "nil")
}

fn route(
    view: &CodeView<'_, '_>,
    call: Call,
    last: &str,
    verb: Option<&str>,
) -> Option<Vec<Endpoint>> {
    let arguments = view.code.arguments(call.open);
    let registers = REGISTERS.contains(&last);
    let (mut id, handler_at) = match registers {
        // What is given a method, a path and a function that answers, is some kind of router.
        true => is_registered(view, &arguments).then_some((OWN, 1))?,
        false => framework(view, call).or_else(|| is_mux(view, call, last).then_some((OWN, 1)))?,
    };
    if let Some(method) = verb.filter(|_| go_lexical_groups::is_combined(view, call)) {
        // `m.Combo("/x").Get(h)`: the path stands before.
        let handler = arguments.last().and_then(|r| open_handler(view, r));
        let place = stand(view, call.first, 0);
        let id = if id == OWN { "go-net-http" } else { id };
        return Some(made(view, vec![method.to_owned()], &place, "", handler, id));
    }
    if id == OWN {
        // What is only kept or asked for has no handler.
        let last = arguments.last()?;
        let value = view.code.string(last.start).is_some() && last.len() == 1;
        if arguments.len() < 2 || value {
            return None;
        }
    }
    let text = |index: usize| arguments.get(index).and_then(|r| view.fold(r.clone()));
    let mut method = verb.unwrap_or("ANY").to_owned();
    let mut path_at = 0;
    match (id, last) {
        ("gorilla-mux", "Handler" | "HandlerFunc") => {
            // `r.Methods("GET").Path("/x").HandlerFunc(h)`
            let below = chained(view, call, "PathPrefix");
            let mut place = stand(view, call.first, 0);
            // `users := r.Path("/users").Subrouter()` has the path already.
            let path = chained(view, call, "Path").or(below.clone());
            let raw = match path {
                Some(raw) => raw,
                None if !place.prefix.is_empty() && chain_open(view, call, "Methods").is_some() => {
                    String::new()
                }
                None => return None,
            };
            // `Path(route.Pattern)` in a loop over a table.
            if raw == UNREAD {
                return Some(vec![http_paths::unread(id)]);
            }
            let handler = arguments.first().and_then(|r| open_handler(view, r));
            if below.is_some()
                && let Some(given) = arguments.first()
            {
                place.mounts = go_routers::behind(view, given, &place, &raw)?;
            }
            let methods = gorilla_methods(view, call);
            return Some(made(view, methods, &place, &raw, handler, id));
        }
        ("gorilla-mux", "Handle" | "HandleFunc") => {}
        ("flamego" | "macaron", "Route" | "Routes") => {
            let methods = text(1)?;
            let methods = methods.split(',').map(|m| m.trim().to_ascii_uppercase());
            let methods: Vec<String> = methods.filter(|m| METHODS.contains(&m.as_str())).collect();
            let raw = text(0).filter(|raw| is_path(raw) && !methods.is_empty())?;
            let handler = arguments.last().and_then(|r| open_handler(view, r));
            let place = stand(view, call.first, 0);
            return Some(made(view, methods, &place, &raw, handler, id));
        }
        ("flamego" | "macaron", "Any") => {}
        ("gin" | "echo", "Match") => path_at = 1,
        ("gorilla-mux" | "go-restful", _) | (_, "GETX") => return None,
        ("httprouter" | "fasthttp", "Handler" | "HandlerFunc" | "Handle")
        | ("gin" | "hertz" | "iris", "Handle") => {
            method = text(0)?.to_ascii_uppercase();
            path_at = 1;
        }
        (OWN, _) if registers => {
            method = text(0).filter(|m| !m.is_empty()).unwrap_or(method);
            path_at = 1;
        }
        (OWN, _)
            if arguments.len() > 2 && text(0).is_some_and(|m| METHODS.contains(&m.as_str())) =>
        {
            method = text(0)?;
            path_at = 1;
        }
        (OWN, "Handle" | "HandleFunc" | "Any") => {}
        ("chi", "Method" | "MethodFunc") | ("echo" | "fiber", "Add") => {
            method = text(0)?.to_ascii_uppercase();
            path_at = 1;
        }
        ("gin" | "echo" | "hertz" | "iris", "Any")
        | ("fasthttp", "ANY")
        | ("fiber", "All")
        | ("chi" | "go-net-http", "Handle" | "HandleFunc") => {}
        (
            _,
            "Handle" | "HandleFunc" | "Any" | "ANY" | "All" | "Method" | "MethodFunc" | "Handler"
            | "HandlerFunc" | "Add" | "Match" | "Route" | "Routes",
        ) => {
            return None;
        }
        _ => {}
    }
    if !METHODS.contains(&method.as_str()) && method != "ANY" {
        return None;
    }
    let own = id == OWN;
    if own {
        id = "go-net-http";
    }
    let given = arguments.get(path_at)?;
    if let Some(raw) = go_helpers::open_path(view, given)
        && arguments.len() >= path_at + 2
        && (METHODS.contains(&method.as_str()) || method == "ANY")
    {
        let handler = arguments.get(if handler_at == -1 {
            arguments.len() - 1
        } else {
            path_at + 1
        });
        let handler = handler.and_then(|r| open_handler(view, r));
        let place = stand(view, call.first, 0);
        let methods = match id {
            "gorilla-mux" => gorilla_methods(view, call),
            _ => vec![method],
        };
        return Some(made(view, methods, &place, &raw, handler, id));
    }
    let written = go_paths::written(view, given);
    // A router that is not known may be one of messages: only what is a path is a route.
    let plain = match &written {
        Written::Path(raw) => match verb {
            // `m.Get("", list)` in a group.
            Some(_) if raw.is_empty() => !stand(view, call.first, 0).prefix.is_empty(),
            Some(_) => raw.starts_with(['/', '{', '…']),
            None => raw.starts_with('/') || raw.contains(" /") || raw.contains(" {const:"),
        },
        _ => false,
    };
    if own && !plain {
        return None;
    }
    let raw = match written {
        Written::Path(raw) => raw,
        // `mux.Handle(path, h)` of a variable is a route, but not one that can be named.
        Written::Unread if arguments.len() >= path_at + 2 => {
            // What a router of the program does with what its methods are given is told where they are called.
            return (!go_own_routers::is_method(view, call.open))
                .then(|| vec![http_paths::unread(id)]);
        }
        _ => return None,
    };
    // `"/" + service.Name() + "/auth"` is made when the program starts: no caller gives it.
    if go_helpers::is_computed(view, given, &raw) {
        return Some(vec![http_paths::unread(id)]);
    }
    let raw = match raw.split_once(' ') {
        // `mux.HandleFunc("GET /x", h)` since Go 1.22.
        Some((word, rest))
            if (METHODS.contains(&word) || word == "ANY")
                && matches!(id, "go-net-http" | "chi") =>
        {
            method = word.to_owned();
            rest.trim_start().to_owned()
        }
        _ => raw,
    };
    if arguments.len() < path_at + 2 || !is_path(&raw) {
        return None;
    }
    // Paths of a group need no slash before them.
    let group = || !stand(view, call.first, 0).prefix.is_empty();
    if view.callee(call).on.is_none() && !raw.starts_with(['/', '{', '…']) && !group() {
        return None;
    }
    let raw = match raw.find('/') {
        // A pattern may begin with a host.
        Some(at) if at > 0 && id == "go-net-http" && !raw.starts_with(['…', '{']) => {
            raw[at..].to_owned()
        }
        _ => raw,
    };
    let of_own = go_wrappers::handler_at(view, call, &arguments, path_at);
    let handler = match handler_at {
        _ if of_own.is_some() => of_own.and_then(|place| arguments.get(place)),
        -1 => arguments.last(),
        _ => arguments.get(path_at + 1),
    };
    let handler = handler.and_then(|r| open_handler(view, r));
    let mut place = stand(view, call.first, 0);
    if id == "go-net-http"
        && raw.ends_with('/')
        && let Some(given) = arguments.get(path_at + 1)
    {
        place.mounts = go_routers::behind(view, given, &place, &raw)?;
    }
    let methods = match (id, last) {
        ("gorilla-mux", _) => gorilla_methods(view, call),
        (_, "Match") => listed(view, arguments.first()?.clone()),
        _ => vec![method],
    };
    // What is written in place may go on with some methods only.
    let allowed = arguments.get(path_at + 1).filter(|_| methods == ["ANY"]);
    let allowed = allowed.map_or_else(Vec::new, |given| go_allowed::of_literal(view, given));
    let methods = match allowed.is_empty() {
        true => methods,
        false => allowed,
    };
    Some(made(view, methods, &place, &raw, handler, id))
}

/// The methods that a list names.
fn listed(view: &CodeView<'_, '_>, range: Range<usize>) -> Vec<String> {
    let code = view.code;
    let named = range.filter_map(|at| {
        let word = code
            .string(at)
            .or_else(|| code.ident(at)?.strip_prefix("Method"))?;
        Some(word.to_ascii_uppercase())
    });
    let mut all: Vec<String> = named.filter(|m| METHODS.contains(&m.as_str())).collect();
    if all.is_empty() {
        all.push("ANY".to_owned());
    }
    all
}

pub(super) fn is_path(raw: &str) -> bool {
    (raw.is_empty()
        || raw.contains('/')
        || raw.starts_with("{const:")
        || raw
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b":_-{}*".contains(&b)))
        && !raw.contains([' ', '\n', '\\'])
        && !raw.contains("://")
}

pub(super) fn made(
    view: &CodeView<'_, '_>,
    methods: Vec<String>,
    place: &Stand,
    raw: &str,
    handler: Option<String>,
    framework: &str,
) -> Vec<Endpoint> {
    let alone = handler.as_deref().filter(|h| !h.contains('|'));
    let summary = alone.and_then(|h| view.summary(h));
    // A group of echo writes the path behind its prefix as it is: `users.GET("s", list)`.
    let written = framework == "echo" && !raw.is_empty() && !raw.starts_with('/');
    let whole = match written && !place.prefix.is_empty() {
        true => format!("{}{raw}", place.prefix),
        false => http_paths::join(&place.prefix, raw),
    };
    let methods = methods.into_iter();
    methods
        .map(|method| Endpoint {
            method,
            path: go_paths::template(framework, &whole),
            handler: handler.clone(),
            framework: framework.to_owned(),
            summary: summary.clone(),
            router: place.router.clone(),
            verbs: Vec::new(),
            given: false,
            mounts: place.mounts.clone(),
            class: None,
            guards: Vec::new(),
        })
        .collect()
}

/// The handler behind wrappers such as `http.HandlerFunc(h)`; `None` for a function literal.
pub(super) fn handler_name(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
    depth: u8,
) -> Option<String> {
    let code = view.code;
    if code.is(range.start, "func") || depth > 4 {
        return None;
    }
    let mut start = range.start;
    while matches!(code.raw(start), "&" | "*") {
        start += 1;
    }
    let first = code.ident(start)?;
    if matches!(first, "nil" | "true" | "false") {
        return None;
    }
    let mut end = start + 1;
    while end + 1 < range.end && code.is(end, ".") && code.ident(end + 1).is_some() {
        end += 2;
    }
    if code.is(end, "(") && end < range.end {
        // `gzip(options)(h)`: what the first call gives wraps what the second takes.
        let close = code.partner(end)?;
        if code.is(close + 1, "(") && close + 1 < range.end {
            let given = code.arguments(close + 1);
            return handler_name(view, given.first()?, depth + 1);
        }
        let named = code.arguments(end);
        let of_text = named
            .first()
            .is_some_and(|r| code.string(r.start).is_some());
        let wrapped = code
            .ident(end - 1)
            .filter(|_| !of_text)
            .and_then(|n| view.function(n));
        if let Some(place) = wrapped.and_then(|f| takes_handler(view, f)) {
            let given = code.arguments(end);
            return handler_name(view, given.get(place)?, depth + 1);
        }
        // Of `wrap(h)` the innermost name that this file or the system has counts.
        let name = code.dotted(start, end);
        // `promhttp.HandlerFor(registry(), options)` takes what it shows, no handler.
        if name.starts_with("promhttp.") {
            return Some(name);
        }
        let inner = code
            .arguments(end)
            .iter()
            .find_map(|r| handler_name(view, r, depth + 1));
        // `serveFile("index.html", noop)` of this file makes the handler from what it is given.
        let given = code.arguments(end);
        let text = given
            .first()
            .is_some_and(|r| code.string(r.start).is_some());
        if name.contains("FileServer") || text && view.function(&name).is_some() {
            return Some(name);
        }
        // `http.HandlerFunc(h)` wraps; `loginHandler(service)` makes a handler of its own.
        let wraps = name
            .split('.')
            .next()
            .is_some_and(|n| view.alias(n).is_some());
        // A variable that holds a middleware wraps too: `bridge(index)`.
        let wraps =
            wraps || view.function(&name).is_none() && !view.visible(&name, range.start).is_empty();
        let known = |n: &String| view.function(n.rsplit('.').next().unwrap_or(n)).is_some();
        // An argument that is a value and no function is what the handler works with.
        let value = |n: &String| {
            !n.contains('.')
                && !view.visible(n, range.start).is_empty()
                && !name.starts_with("http.")
        };
        let module = name.split('.').next().and_then(|n| view.alias(n));
        let framework = module.is_some_and(|m| FRAMEWORKS.iter().any(|(f, ..)| is_below(m, f)));
        // `echo.WrapHandler(files)` of a framework is nobody's handler.
        return inner
            .filter(|n| known(n) || wraps && !value(n))
            .or((!framework).then_some(name));
    }
    (end == range.end).then(|| code.dotted(start, end))
}

/// Which parameter of a function is a handler, so that it stands before one: `next
/// echo.HandlerFunc`, `h http.Handler`, `f func(c *gin.Context)`.
pub(super) fn takes_handler(
    view: &CodeView<'_, '_>,
    function: &groundplan_syntax::Function<'_>,
) -> Option<usize> {
    let code = view.code;
    let given = code.arguments(function.params?);
    given.iter().position(|r| {
        r.len() > 1
            && (code.is(r.start + 1, "func")
                || r.clone().any(|at| {
                    matches!(
                        code.raw(at),
                        "HandlerFunc" | "Handler" | "Handle" | "RequestHandler" | "HandlerFn"
                    )
                }))
    })
}

/// The names of functions in what is given to a call, from the outer to the inner: which of them
/// answers, only their files say.
pub(super) fn candidates(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
    depth: u8,
    all: &mut Vec<String>,
) {
    let code = view.code;
    if depth > 4 || code.is(range.start, "func") {
        return;
    }
    let mut end = range.start;
    while end < range.end && (code.ident(end).is_some() || code.is(end, ".")) {
        end += 1;
    }
    if end == range.start {
        return;
    }
    let name = code.dotted(range.start, end);
    if matches!(name.as_str(), "nil" | "true" | "false") {
        return;
    }
    if end == range.end {
        if name.contains('.') || view.visible(&name, range.start).is_empty() {
            all.push(name);
        }
    } else if code.is(end, "(") {
        all.push(name);
        for part in code.arguments(end) {
            candidates(view, &part, depth + 1, all);
        }
    }
}

/// The handler with those that may be it inside, divided by `|` from the outer to the inner, where a function of
/// another file stands around: it may be a middleware, or make the handler. What surely only stands around ends in
/// `()`.
pub(super) fn open_handler(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let name = handler_name(view, range, 0)?;
    let code = view.code;
    let mut end = range.start;
    while end < range.end && (code.ident(end).is_some() || code.is(end, ".")) {
        end += 1;
    }
    let last = name.rsplit('.').next().unwrap_or(&name);
    let own = view.function(last).is_some();
    // `auth.RequireAdmin(users.List)`: who stands around what answers.
    let outer = code.dotted(range.start, end);
    if outer != name && code.is(end, "(") && is_guard_around(&outer) {
        return Some(format!("{outer}()|{name}"));
    }
    if code.is(end, "(") && combines(&outer) && outer == name {
        return go_wrappers::combined(view, range, &outer);
    }
    // What stood inside functions of this file was taken out of them.
    if own
        || name.contains("FileServer")
        || end == range.end
        || code.dotted(range.start, end) != name
    {
        return Some(name);
    }
    let mut all = Vec::new();
    candidates(view, range, 0, &mut all);
    let mut whole = name.clone();
    for one in all {
        if one != name && !one.starts_with("http.") {
            whole.push('|');
            whole.push_str(&one);
        }
    }
    Some(whole)
}

/// Whether a function of another file that is given a handler lets only some pass, by its name: one that makes a
/// handler (`NewLoginHandler`) is none.
fn is_guard_around(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let lower = last.to_ascii_lowercase();
    // `users.ListRoles(db)` makes what answers, too.
    let makes = [
        "add", "create", "delete", "get", "handle", "list", "make", "new", "remove", "show",
        "update",
    ];
    let makes = makes.iter().any(|word| lower.starts_with(word));
    // `auth.Login(s.users)` logs in, `auth.LoginRequired(show)` asks for it.
    let asks = ["need", "only", "require"];
    let makes =
        makes || lower.starts_with("login") && !asks.iter().any(|word| lower.contains(word));
    name.contains('.') && go_guards::lets_some_pass(last) && !makes && !lower.ends_with("handler")
}

/// The argument of an earlier or later call of the same chain: `….Methods("GET")`.
fn chained(view: &CodeView<'_, '_>, call: Call, name: &str) -> Option<String> {
    let open = chain_open(view, call, name)?;
    match go_paths::written(view, &view.code.arguments(open).into_iter().next()?) {
        Written::Path(text) => Some(text),
        Written::Unread => Some(UNREAD.to_owned()),
        Written::Other => None,
    }
}

/// The bracket of an earlier or later call of the same chain.
pub(super) fn chain_open(view: &CodeView<'_, '_>, call: Call, name: &str) -> Option<usize> {
    let code = view.code;
    let mut at = call.first;
    while at < call.open {
        if code.is(at, name) && code.is(at + 1, "(") {
            return Some(at + 1);
        }
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at)? + 1,
            _ => at + 1,
        };
    }
    let mut at = code.partner(call.open)? + 1;
    while code.is(at, ".") && code.is(at + 2, "(") {
        if code.is(at + 1, name) {
            return Some(at + 2);
        }
        at = code.partner(at + 2)? + 1;
    }
    None
}

fn gorilla_methods(view: &CodeView<'_, '_>, call: Call) -> Vec<String> {
    match chain_open(view, call, "Methods") {
        Some(open) => {
            let close = view.code.partner(open).unwrap_or(open);
            listed(view, open + 1..close)
        }
        None => vec!["ANY".to_owned()],
    }
}
