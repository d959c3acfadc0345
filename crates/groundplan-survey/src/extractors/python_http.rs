//! Python: HTTP endpoints, apart from Django.

use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::extractor::{Extractor, Reads};
use crate::extractors::flask_handlers;
use crate::extractors::flask_views;
use crate::extractors::python_calls::Reader;
use crate::extractors::python_handed;
use crate::extractors::python_handlers;
use crate::extractors::python_helpers;
use crate::extractors::python_routers::{self, Stand};
use crate::extractors::tornado_handlers;
use crate::facts::{Claim, Endpoint, FileFacts, Handler, Mount, ROUTER_DEPENDS};
use crate::http_paths::{self, Written};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Function, Language};
use std::cell::LazyCell;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-http",
    docs: "\
### What it finds
Routes of Flask, Quart, flask-restful, flask-restx and Flask-Classful, FastAPI, Starlette, aiohttp, Sanic, Bottle,
Tornado, Falcon and Django Ninja, with the prefixes of blueprints, routers and mounts of the same file, the name of the
handler and the first sentence of its docstring; routes that a function of the file adds with a path that its callers
give. Which router a route stands on, and which routers
of other files are taken in below which prefix, also by a function that is given them, so that the whole path can be
joined. Of FastAPI
what a handler declares: parameters, body, type and status of the answer, and statuses
that it raises.
Of functions of Flask and Quart the statuses of what they return, abort with and raise of the framework
(`return jsonify(order), 201`, `abort(404)`), and the fields of the request that they name
(`request.form['amount']`, `request.args.get('page')`, `request.get_json()['name']`).

### What it does not find
Routes from tables, routes in tests.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &[
        "flask",
        "fastapi",
        "starlette",
        "aiohttp",
        "sanic",
        "tornado",
        "quart",
        "bottle",
        "ninja",
        "falcon",
        ".urls)",
        "APIRouter",
        "Blueprint",
        "include_router",
        "register_blueprint",
        "@router.",
        "_router.",
        "@bp.",
        "import router",
        "_router",
        "route_prefix",
    ],
    run: extract,
};

/// Module and knowledge id.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("flask", "flask"),
    ("flask_restful", "flask"),
    ("flask_restx", "flask"),
    ("flask_classful", "flask"),
    ("flask_smorest", "flask"),
    ("flask_openapi3", "flask"),
    ("quart", "quart"),
    ("fastapi", "fastapi"),
    ("starlette", "starlette"),
    ("sanic", "sanic"),
    ("aiohttp.web", "aiohttp"),
    ("aiohttp", "aiohttp"),
    ("bottle", "bottle"),
    ("ninja", "django-ninja"),
    ("ninja_extra", "django-ninja"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let mut found: Vec<(u32, Endpoint)> = Vec::new();
    let mut handlers: Vec<(u32, Handler)> = Vec::new();
    decorators(&view, &mut found, &mut handlers);
    if view.imports_any(&["fastapi"]) {
        handlers.extend(python_handlers::dependencies(&view));
    }
    for (last, calls) in view.calls() {
        for &call in calls {
            called(&view, call, last, &mut found);
        }
    }
    tornado_handlers::find(&view, &mut found);
    let views = flask_views::find(&view, &mut found);
    let taken = python_routers::mounts(&view);
    let own = python_routers::routers(&view).into_iter();
    let own = own.chain(python_handed::routers(&taken));
    for (line, router) in views.into_iter().chain(own) {
        acc.add(file, line, line, Claim::Router(router));
    }
    root_path(acc, &view);
    let registered = flask_views::mounts(&view).into_iter();
    for (line, mount) in registered.chain(taken) {
        acc.add(file, line, line, Claim::Mount(mount));
    }
    found.sort_by(|a, b| (a.0, &a.1.path, &a.1.method).cmp(&(b.0, &b.1.path, &b.1.method)));
    handlers.extend(flask_handlers::all(&view, &found));
    for (line, endpoint) in found {
        http_paths::add(acc, file, line, line, endpoint);
    }
    for (line, handler) in handlers {
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
    }
}

/// `FastAPI(root_path="/shop")`: what a proxy before it takes off, and its callers write. An application
/// that is mounted says there again where it stands, and needs no more.
fn root_path(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    for &call in view.calls_of("FastAPI") {
        if python_routers::is_mounted(view, call) {
            continue;
        }
        let Some(range) = view.code.named_argument(call.open, "root_path") else {
            continue;
        };
        let path = view
            .fold(range)
            .filter(|p| p.starts_with('/') && !p.contains('{'));
        let Some(path) = path.filter(|p| p.len() > 1) else {
            continue;
        };
        let mount = Mount {
            prefix: http_paths::prefix(&path),
            target: "*fastapi".to_owned(),
            ..Mount::default()
        };
        acc.add(view.file, call.line, call.line, Claim::Mount(mount));
    }
}

/// The framework behind what `name` stands for.
pub(super) fn framework(view: &CodeView<'_, '_>, name: &str, at: usize) -> Option<&'static str> {
    let of = |whole: &str| {
        FRAMEWORKS
            .iter()
            .find(|(m, _)| is_below(whole, m))
            .map(|f| f.1)
    };
    if let Some(id) = view.canonical(name, at).as_deref().and_then(of) {
        return Some(id);
    }
    // An application of another module: the only framework that the file imports is meant.
    let mut imported: Vec<&'static str> = FRAMEWORKS
        .iter()
        .filter(|(m, _)| view.imports_any(&[m]))
        .map(|f| f.1)
        .collect();
    imported.sort_unstable();
    imported.dedup();
    match imported.as_slice() {
        [one] => Some(one),
        // FastAPI hands out parts of Starlette under both names.
        ["fastapi", "starlette"] => Some("fastapi"),
        _ => {
            // A router type of the system itself, and a router of another file.
            let last = name.rsplit('.').next().unwrap_or(name);
            let made = view.canonical(name, at).unwrap_or_default();
            let kind = made.rsplit('.').next().unwrap_or_default();
            let known = imported.is_empty() && !view.imports_any(&["ninja", "rest_framework"]);
            match () {
                () if !known => None,
                () if kind.ends_with("APIRouter") => Some("fastapi"),
                () if kind.ends_with("Blueprint") => Some("flask"),
                () if last == "router" || last.ends_with("_router") => Some("fastapi"),
                () if last == "bp" || last.ends_with("_bp") || last == "blueprint" => Some("flask"),
                () => None,
            }
        }
    }
}

fn decorators(
    view: &CodeView<'_, '_>,
    found: &mut Vec<(u32, Endpoint)>,
    handlers: &mut Vec<(u32, Handler)>,
) {
    let code = view.code;
    let reader = LazyCell::new(|| Reader::of(view));
    for note in code.annotations() {
        let Some(open) = note.open else { continue };
        let Some((receiver, method)) = note.name.rsplit_once('.') else {
            continue;
        };
        let upper = method.to_ascii_uppercase();
        let verb = METHODS.contains(&upper.as_str());
        if !verb
            && !matches!(
                method,
                "route" | "api_route" | "websocket" | "api_operation"
            )
        {
            continue;
        }
        let at = code.tokens.len();
        let Some(id) = framework(view, receiver, at) else {
            continue;
        };
        let range = ["rule", "path", "uri"]
            .iter()
            .find_map(|n| code.named_argument(open, n))
            .or_else(|| view.argument(open, usize::from(method == "api_operation")));
        let raw = match range.map_or(Written::Other, |r| written(view, &r)) {
            Written::Path(raw) if id == "django-ninja" && !raw.starts_with(['/', '…']) => {
                // Django Ninja puts the slash before a path that has none.
                format!("/{raw}")
            }
            Written::Path(raw) => raw,
            Written::Unread => {
                found.push((note.line, http_paths::unread(id)));
                continue;
            }
            Written::Other => continue,
        };
        if !is_path(&raw) {
            continue;
        }
        let all = code.functions();
        let Some(function) = all.get(all.partition_point(|f| f.first < note.next)) else {
            continue;
        };
        let stand = python_routers::stand(view, receiver, note.next, 0);
        if id == "fastapi" && method != "websocket" {
            let handler = python_handlers::declared(&reader, view, &note, function, &raw);
            handlers.push((note.line, handler));
        }
        let methods = if verb {
            vec![upper]
        } else if method == "websocket" {
            vec!["WEBSOCKET".to_owned()]
        } else if function.class {
            class_methods(view, function)
        } else {
            methods(view, open)
                .or_else(|| listed(view, open).filter(|_| method == "api_operation"))
                .unwrap_or_else(|| vec!["GET".to_owned()])
        };
        for method in methods {
            let handler = Some(function.name.to_owned());
            let summary = view.summary_of(function);
            // A route that is only declared where a setting asks for it.
            let condition = python_routers::condition(view, function.at);
            let summary = match condition {
                Some(condition) => Some(http_paths::only_if(summary.as_deref(), &condition)),
                None => summary,
            };
            let path = http_paths::template(&http_paths::join(&stand.prefix, &raw));
            let mut endpoint = made(method, path, handler, id, summary);
            endpoint.router.clone_from(&stand.router);
            let before = stand.depends.iter();
            let path = view.file.path;
            let before = before.map(|to| format!("{ROUTER_DEPENDS}{path} {to}"));
            endpoint.guards.extend(before);
            found.push((note.line, endpoint));
        }
    }
}

/// The methods of a class of this file that can be called with what a path gives: of a resource with
/// `get(self)` and `put(self, id)` only the second answers at `/orders/<id>`. All where none fits.
fn fitting(
    view: &CodeView<'_, '_>,
    resource: &Range<usize>,
    path: &str,
    verbs: &[String],
) -> Vec<String> {
    let code = view.code;
    let name = handler_name(view, resource.clone()).unwrap_or_default();
    let Some(class) = view.function(&name).filter(|f| f.class) else {
        return verbs.to_vec();
    };
    let given: Vec<&str> = path
        .split('<')
        .skip(1)
        .filter_map(|part| part.split('>').next())
        .map(|part| part.rsplit(':').next().unwrap_or(part))
        .collect();
    let all = code.functions();
    let index = all.iter().position(|f| f.at == class.at);
    let fits = |verb: &&String| {
        let own = |f: &&Function<'_>| f.parent == index && f.name.eq_ignore_ascii_case(verb);
        let Some(open) = all.iter().find(own).and_then(|f| f.params) else {
            return true;
        };
        let mut named = Vec::new();
        for range in code.arguments(open).into_iter().skip(1) {
            if code.is(range.start, "*") {
                return true;
            }
            let optional = range.clone().any(|at| code.is(at, "="));
            named.push((code.raw(range.start), optional));
        }
        given
            .iter()
            .all(|name| named.iter().any(|(known, _)| known == name))
            && named
                .iter()
                .all(|(name, optional)| *optional || given.contains(name))
    };
    let kept: Vec<String> = verbs.iter().filter(fits).cloned().collect();
    match kept.is_empty() {
        true => verbs.to_vec(),
        false => kept,
    }
}

/// Whether a call may speak to flask-restful or flask-restx.
fn is_restful(view: &CodeView<'_, '_>, call: Call) -> bool {
    let modules = ["flask_restful", "flask_restx"];
    view.imports_any(&modules)
        || view
            .callee(call)
            .on
            .is_some_and(|on| on.starts_with("flask_rest"))
}

/// Whether a function of this file gives its first argument on to `add_resource` or `add_url_rule`.
fn hands_on(view: &CodeView<'_, '_>, name: &str) -> bool {
    let code = view.code;
    let Some(function) = view.function(name).filter(|f| !f.class) else {
        return false;
    };
    let parameters = function.params.map(|open| code.arguments(open));
    let first = parameters
        .into_iter()
        .flatten()
        .filter_map(|r| code.ident(r.start))
        .find(|word| !matches!(*word, "self" | "cls"));
    let Some(first) = first else { return false };
    ["add_resource", "add_url_rule"]
        .iter()
        .flat_map(|word| view.calls_of(word))
        .filter(|call| function.body.contains(&call.open))
        .filter_map(|call| code.arguments(call.open).into_iter().next())
        .any(|given| code.is(given.start, first))
}

fn written(view: &CodeView<'_, '_>, range: &Range<usize>) -> Written {
    http_paths::written(view.code, range, |r| view.fold(r))
}

fn is_path(raw: &str) -> bool {
    raw.is_empty() || raw.starts_with(['/', '<', '{', '…'])
}

pub(super) fn made(
    method: String,
    path: String,
    handler: Option<String>,
    framework: &str,
    summary: Option<String>,
) -> Endpoint {
    Endpoint {
        method,
        path,
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

/// `methods=["GET", "POST"]`.
fn methods(view: &CodeView<'_, '_>, open: usize) -> Option<Vec<String>> {
    let range = view.code.named_argument(open, "methods")?;
    let all: Vec<String> = range
        .filter_map(|at| view.code.string(at))
        .map(str::to_ascii_uppercase)
        .filter(|m| METHODS.contains(&m.as_str()))
        .collect();
    (!all.is_empty()).then_some(all)
}

/// `api_operation(["GET", "POST"], "/x")` of Django Ninja.
fn listed(view: &CodeView<'_, '_>, open: usize) -> Option<Vec<String>> {
    let range = view.argument(open, 0)?;
    let all: Vec<String> = range
        .filter_map(|at| view.code.string(at))
        .filter(|m| METHODS.contains(m))
        .map(str::to_owned)
        .collect();
    (!all.is_empty()).then_some(all)
}

/// `app.add_route("/orders/{id}", Orders())` of Falcon: the class answers what its methods are named after,
/// `on_get`, or with a suffix `on_get_list`.
fn falcon(view: &CodeView<'_, '_>, call: Call, found: &mut Vec<(u32, Endpoint)>) {
    let code = view.code;
    let raw = view
        .argument(call.open, 0)
        .map(|range| written(view, &range));
    let (Some(Written::Path(raw)), Some(given)) = (raw, view.argument(call.open, 1)) else {
        return;
    };
    if !raw.starts_with(['/', '…']) {
        return;
    }
    let suffix = code.named_argument(call.open, "suffix");
    let suffix = suffix.and_then(|range| view.constant(range));
    let name = handler_name(view, given.clone());
    // `resource = Orders(store)` two lines above.
    let made = name
        .as_deref()
        .and_then(|name| view.visible(name, given.start).last().copied());
    let made = made.filter(|d| !d.param && !d.value.is_empty());
    let name = made
        .and_then(|d| handler_name(view, d.value.clone()))
        .or(name);
    let class = name
        .as_deref()
        .and_then(|name| view.function(name))
        .filter(|f| f.class);
    let all = code.functions();
    let verbs: Vec<String> = match class {
        None => vec!["ANY".to_owned()],
        Some(class) => {
            let index = all.iter().position(|f| f.at == class.at);
            let own = all.iter().filter(|f| f.parent == index && !f.class);
            let verbs = own.filter_map(|f| {
                let rest = f.name.strip_prefix("on_")?;
                match (&suffix, rest.split_once('_')) {
                    (None, None) => Some(rest.to_ascii_uppercase()),
                    (Some(suffix), Some((verb, end))) if end == suffix => {
                        Some(verb.to_ascii_uppercase())
                    }
                    _ => None,
                }
            });
            verbs
                .filter(|verb| METHODS.contains(&verb.as_str()))
                .collect()
        }
    };
    for verb in verbs {
        let path = http_paths::template(&raw);
        let summary = class.and_then(|class| view.summary_of(class));
        found.push((
            code.line(call.first),
            made_of(verb, path, name.clone(), summary),
        ));
    }
}

fn made_of(
    method: String,
    path: String,
    handler: Option<String>,
    summary: Option<String>,
) -> Endpoint {
    made(method, path, handler, "falcon", summary)
}

/// The methods of a class that are named after HTTP methods.
pub(super) fn class_methods(view: &CodeView<'_, '_>, class: &Function<'_>) -> Vec<String> {
    let all = view.code.functions();
    let index = all.iter().position(|f| f.at == class.at);
    let found: Vec<String> = all
        .iter()
        .filter(|f| f.parent == index && !f.class)
        .map(|f| f.name.to_ascii_uppercase())
        .filter(|m| METHODS.contains(&m.as_str()))
        .collect();
    if found.is_empty() {
        vec!["ANY".to_owned()]
    } else {
        found
    }
}

/// Routes that are registered by a call.
fn called(view: &CodeView<'_, '_>, call: Call, last: &str, found: &mut Vec<(u32, Endpoint)>) {
    let code = view.code;
    let line = code.line(call.first);
    let push = |found: &mut Vec<(u32, Endpoint)>,
                methods: Vec<String>,
                stand: &Stand,
                raw: String,
                handler: Option<Range<usize>>,
                id: &str| {
        if !is_path(&raw) {
            return;
        }
        let handler = handler.and_then(|r| handler_name(view, r));
        for method in methods {
            let summary = handler.as_deref().and_then(|h| view.summary(h));
            let path = http_paths::template(&http_paths::join(&stand.prefix, &raw));
            let mut endpoint = made(method, path, handler.clone(), id, summary);
            endpoint.router.clone_from(&stand.router);
            found.push((line, endpoint));
        }
    };
    let text = |index: usize| view.argument(call.open, index).and_then(|r| view.fold(r));
    let listed =
        |default: &str| methods(view, call.open).unwrap_or_else(|| vec![default.to_owned()]);
    let receiver = code.name(call);
    let receiver = receiver.rsplit_once('.').map_or("", |(head, _)| head);
    match last {
        "add_url_rule" | "add_api_route" => {
            let Some(id) = framework(view, receiver, call.first) else {
                return;
            };
            let given = view
                .argument(call.open, 0)
                .or_else(|| code.named_argument(call.open, "rule"));
            let written = given.clone().map_or(Written::Other, |r| written(view, &r));
            let handler = code
                .named_argument(call.open, "view_func")
                .or_else(|| {
                    code.named_argument(call.open, "endpoint")
                        .filter(|_| id == "fastapi")
                })
                .or_else(|| view.argument(call.open, if id == "flask" { 2 } else { 1 }));
            let prefix = python_routers::stand(view, receiver, call.first, 0);
            let said = code.named_argument(call.open, "methods");
            let handed = given.and_then(|path| {
                python_helpers::callers(view, call, &path, handler.as_ref(), said.as_ref())
            });
            if let Some(all) = handed {
                let one = |one| by_caller(view, &prefix, one, (&handler, &said), id);
                found.extend(all.into_iter().flat_map(one));
                return;
            }
            let raw = match written {
                Written::Path(raw) => raw,
                Written::Unread => {
                    found.push((line, http_paths::unread(id)));
                    return;
                }
                Written::Other => return,
            };
            // A class answers what its methods are named after.
            let class = handler
                .clone()
                .and_then(|r| handler_name(view, r))
                .and_then(|name| view.function(&name))
                .filter(|f| f.class && code.named_argument(call.open, "methods").is_none());
            let verbs = class.map_or_else(|| listed("GET"), |c| class_methods(view, c));
            push(found, verbs, &prefix, raw, handler, id);
        }
        "Route" | "WebSocketRoute" | "APIRoute" => {
            let on = view.callee(call).on.unwrap_or_default();
            if !is_below(&on, "starlette") && !is_below(&on, "fastapi") {
                return;
            }
            let Some(raw) = text(0) else { return };
            let handler = view
                .argument(call.open, 1)
                .or_else(|| code.named_argument(call.open, "endpoint"));
            let verbs = if last == "WebSocketRoute" {
                vec!["WEBSOCKET".to_owned()]
            } else {
                listed("GET")
            };
            push(
                found,
                verbs,
                &Stand::below(mounts(view, call.open)),
                raw,
                handler,
                "starlette",
            );
        }
        // `add_resource`, and what this file puts around it.
        name if is_restful(view, call) && (name == "add_resource" || hands_on(view, name)) => {
            let Some(resource) = view.argument(call.open, 0) else {
                return;
            };
            let verbs = handler_name(view, resource.clone())
                .and_then(|name| view.function(&name))
                .map_or_else(
                    || vec!["ANY".to_owned()],
                    |class| class_methods(view, class),
                );
            let wrapped = last != "add_resource";
            for index in 1..6 {
                let Some(range) = view.argument(call.open, index) else {
                    break;
                };
                let raw = match written(view, &range) {
                    Written::Path(raw) if is_path(&raw) && !raw.is_empty() => raw,
                    // What a wrapper gets, its callers say.
                    Written::Unread if code.function_at(call.open).is_none() => {
                        found.push((line, http_paths::unread("flask")));
                        break;
                    }
                    _ => break,
                };
                let fitting = fitting(view, &resource, &raw, &verbs);
                let raw = match wrapped && !raw.starts_with('…') {
                    true => format!("{}/{}", http_paths::UNREAD, raw.trim_start_matches('/')),
                    false => raw,
                };
                push(
                    found,
                    fitting,
                    &python_routers::stand(view, receiver, call.first, 0),
                    raw,
                    Some(resource.clone()),
                    "flask",
                );
            }
        }
        // What another file puts around it, only that file says.
        name if name.starts_with("add_")
            && name.ends_with("_resource")
            && is_restful(view, call)
            && view.function(name).is_none() =>
        {
            found.push((line, http_paths::unread("flask")));
        }
        "add_route" if view.imports_any(&["falcon"]) => falcon(view, call, found),
        "add_get" | "add_post" | "add_put" | "add_delete" | "add_patch" | "add_route" => {
            let on = view.callee(call).on.unwrap_or_default();
            let by_name = receiver.ends_with("router") && view.imports_any(&["aiohttp"]);
            if !by_name && !on.starts_with("aiohttp") {
                return;
            }
            let (verb, at) = match last.strip_prefix("add_") {
                Some("route") => (text(0).map(|m| m.to_ascii_uppercase()), 1),
                Some(verb) => (Some(verb.to_ascii_uppercase()), 0),
                None => (None, 0),
            };
            let verb = verb.map(|v| if v == "*" { "ANY".to_owned() } else { v });
            if let (Some(verb), Some(raw)) = (verb, text(at)) {
                push(
                    found,
                    vec![verb],
                    &Stand::default(),
                    raw,
                    view.argument(call.open, at + 1),
                    "aiohttp",
                );
            }
        }
        "get" | "post" | "put" | "delete" | "patch" | "view" => {
            if code.language == Language::Python
                && let Some(after) = code.partner(call.open).map(|close| close + 1)
                && code.is(after, "(")
            {
                // `app.post("/x")(handler)` is the decorator without its sign.
                let own = view.canonical(receiver, call.first).unwrap_or_default();
                let known = ["fastapi", "flask", "sanic", "quart"]
                    .iter()
                    .any(|m| is_below(&own, m));
                if let (true, Some(id), Some(raw)) =
                    (known, framework(view, receiver, call.first), text(0))
                {
                    let verb = last.to_ascii_uppercase();
                    let stand = python_routers::stand(view, receiver, call.first, 0);
                    push(found, vec![verb], &stand, raw, view.argument(after, 0), id);
                }
                return;
            }
            // `web.get("/x", h)` of aiohttp has a handler; a request of its client has none.
            if view.callee(call).on.as_deref() != Some("aiohttp.web") {
                return;
            }
            let verb = if last == "view" {
                "ANY".to_owned()
            } else {
                last.to_ascii_uppercase()
            };
            if let (Some(raw), Some(handler)) = (text(0), view.argument(call.open, 1)) {
                push(
                    found,
                    vec![verb],
                    &Stand::default(),
                    raw,
                    Some(handler),
                    "aiohttp",
                );
            }
        }
        _ => {}
    }
}

/// The routes that a helper adds for one of its callers: with the handler and the methods that the caller
/// gives, else those of the helper.
fn by_caller(
    view: &CodeView<'_, '_>,
    stand: &Stand,
    one: python_helpers::Given,
    (handler, said): (&Option<Range<usize>>, &Option<Range<usize>>),
    id: &str,
) -> Vec<(u32, Endpoint)> {
    let given = one.handler.or(handler.clone());
    let name = given.and_then(|range| handler_name(view, range));
    let last = name.as_deref().and_then(|name| name.rsplit('.').next());
    let verbs: Vec<String> = match last.filter(|last| last.starts_with(char::is_uppercase)) {
        // A class answers what its methods are named after, also one of another file.
        Some(class) => view
            .function(class)
            .filter(|f| f.class)
            .map_or_else(|| vec!["ANY".to_owned()], |f| class_methods(view, f)),
        None => {
            let range = one.methods.or(said.clone());
            let texts = range
                .into_iter()
                .flatten()
                .filter_map(|at| view.code.string(at));
            let known = texts.map(str::to_ascii_uppercase);
            let all: Vec<String> = known.filter(|m| METHODS.contains(&m.as_str())).collect();
            match all.is_empty() {
                true => vec!["GET".to_owned()],
                false => all,
            }
        }
    };
    let summary = name.as_deref().and_then(|name| view.summary(name));
    let path = http_paths::template(&http_paths::join(&stand.prefix, &one.path));
    let made_for = |verb: String| {
        let mut endpoint = made(verb, path.clone(), name.clone(), id, summary.clone());
        endpoint.router.clone_from(&stand.router);
        (one.line, endpoint)
    };
    verbs.into_iter().map(made_for).collect()
}

/// The name of a handler: `h`, `module.h`, `View.as_view("x")`.
pub(super) fn handler_name(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    code.ident(range.start)?;
    if code.is(range.start, "lambda") {
        return None;
    }
    let mut end = range.start + 1;
    while end + 1 < range.end && code.is(end, ".") && code.ident(end + 1).is_some() {
        end += 2;
    }
    let name = code.dotted(range.start, end);
    Some(
        name.trim_end_matches(".as_view")
            .trim_end_matches(".as_asgi")
            .to_owned(),
    )
}

/// Prefixes of the `Mount("/x", routes=[…])` around a token.
fn mounts(view: &CodeView<'_, '_>, at: usize) -> String {
    let code = view.code;
    let mut prefix = String::new();
    for &call in view.calls_of("Mount") {
        let around = call.open < at && code.partner(call.open).is_some_and(|close| close > at);
        if around && let Some(own) = view.argument(call.open, 0).and_then(|r| view.fold(r)) {
            prefix = http_paths::join(&prefix, &own);
        }
    }
    prefix
}
