//! HTTP endpoints of Node services.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::extractors::js_preflight;
use crate::extractors::js_route_guards::{self, Guards};
use crate::extractors::js_routers::{self, Routers};
use crate::extractors::{
    js_contexts, js_described_routes, js_handed_routers, js_helpers, js_imports, js_inline,
    js_loops, js_own_paths, js_route_objects, js_sockets, js_validators,
};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::finders::Finders;
use crate::http_paths::{self, Written};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-http",
    docs: "\
### What it finds
Endpoints of Express, Koa, Fastify, Hapi, Restify, Polka, Elysia and Hono with the prefix under which a
router is mounted in the same file. Which router a route stands on, and which routers of other files
are taken in below which prefix, so that the whole path can be joined, also in a loop over a list of objects, with paths
of their own, over the list that the class of an application is given, or over the files of a folder; routes that
another file describes (`app.openapi(routes.list, list)` of Hono). What validators of Hono say that a route takes, and what the
middleware of its packages answers in place of a handler. Routes that a function of the program adds to the router which it is
given (`addRoute(router, \"get\", \"/orders\", list)`). Routers that are a field of what a function is given
(`function addOrders({ app, store }) { app.get(…) }`). Servers of socket.io.

### What it does not find
GraphQL, and single routes of other loops.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[
        ".get(",
        ".post(",
        ".put(",
        ".delete(",
        ".patch(",
        ".all(",
        ".del(",
        ".route(",
        ".get<",
        ".post<",
        ".use(",
        ".method](",
        ".method.toLowerCase()](",
        ".register(",
        ".openapi(",
        "exports = require(",
        "socket.io",
        "(app)",
        "(router)",
        "(router, ",
        "(app, ",
        "Route(",
        "Routes(",
        "Endpoints(",
        ".on([",
        "new App(",
        "new Server(",
        "createRoute(",
        "Hono(",
        "Hono<",
        ".Router(",
        " Router(",
    ],
    run: extract,
};

/// Begin of the target of a mount that takes in a folder, which follows it.
pub(crate) const AUTOLOAD: &str = "*autoload:";

/// The name of a router that stands for all that a script gives away of another:
/// `module.exports = require("./routes")`.
pub(crate) const EVERYTHING: &str = "*";

pub(super) const VERBS: [&str; 9] = [
    "get", "post", "put", "delete", "patch", "head", "options", "all", "del",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    js_imports::handed_on(acc, file);
    js_helpers::define(acc, file);
    js_own_paths::add(acc, file);
    js_validators::define(acc, file);
    js_described_routes::define(acc, file);
    if ["new App(", "new Server("]
        .iter()
        .any(|made| file.text.contains(made))
    {
        js_loops::fill(acc, file);
    }
    match framework(file) {
        Some(framework) => routers(acc, file, framework),
        None if js_handed_routers::hands_on(file.code()) => {
            let values = Values::new(file);
            js_routers::add(acc, file, &values, &Routers::of(file, &values));
        }
        None => {}
    }
    js_sockets::add(acc, file);
}

/// The framework that the file imports; `express` for a file that gets its router as a parameter.
fn framework(file: &SourceFile<'_>) -> Option<&'static str> {
    const MODULES: [(&str, &str); 14] = [
        ("fastify", "fastify"),
        ("@hapi/hapi", "hapi"),
        ("hapi", "hapi"),
        ("koa-router", "koa"),
        ("@koa/router", "koa"),
        ("koa", "koa"),
        ("restify", "restify"),
        ("hono", "hono"),
        ("@hono/zod-openapi", "hono"),
        ("elysia", "elysia"),
        ("polka", "polka"),
        ("express-promise-router", "express"),
        ("express", "express"),
        ("@feathersjs/express", "express"),
    ];
    let code = file.code();
    let mut module_names = (0..code.tokens.len()).filter_map(|at| {
        let before = at.checked_sub(1).map_or("", |b| code.raw(b));
        let imported = before == "from"
            || before == "import"
            || before == "(" && at >= 2 && code.is(at - 2, "require");
        code.string(at).filter(|_| imported)
    });
    let found = module_names.find_map(|name| {
        MODULES
            .iter()
            .find(|(module, _)| *module == name)
            .map(|(_, framework)| *framework)
    });
    static SHAPES: Finders = Finders::of(&[
        "function(app",
        "function (app",
        "(app) =>",
        "(router) =>",
        "(app, ",
        "(fastify",
    ]);
    let found = found.or_else(|| by_factory(code).then_some("hono"));
    let found = found.or_else(|| js_handed_routers::framework(code));
    found.or_else(|| {
        let shaped = SHAPES.any(file.text);
        (shaped || fills_router(code)).then_some(match file.says("(fastify") {
            true => "fastify",
            false => "express",
        })
    })
}

/// What stands before the name of a function that a request goes through before its handler.
pub(crate) const BEFORE: &str = "!>";

/// Tokens that are looked back at for a block around a call.
const FAR: usize = 600;

/// Functions that stand before one route at most.
const MOST_BEFORE: usize = 24;

/// Calls of `use` of one file that are told apart, at most.
const MOST_USED: usize = 1_000;

/// Functions that a router is given for all routes that follow in the same function: `router.use(requireAuth)`.
pub(super) struct Used<'t> {
    receiver: &'t str,
    first: usize,
    scope: Option<usize>,
    /// Where the innermost block around it ends.
    until: usize,
    names: Vec<String>,
}

pub(super) fn all_used<'t>(file: &SourceFile<'t>) -> Vec<Used<'t>> {
    let code = file.code();
    let mut all = Vec::new();
    for call in code.calls() {
        if all.len() >= MOST_USED {
            break;
        }
        let Some(receiver) = code
            .ident(call.first)
            .filter(|_| code.is(call.open - 1, "use") && call.first + 3 == call.open)
        else {
            continue;
        };
        let arguments = code.arguments(call.open);
        // What stands below a path is not for all routes, and what a call makes is told where its name asks
        // something: `router.use(requireRole("editor"))`.
        let made = |r: &Range<usize>| {
            let name = standing_name(file, r)?;
            js_route_guards::asks(&name).then_some(name)
        };
        let named = |r: &Range<usize>| name_of(file, r).or_else(|| made(r));
        let names: Vec<String> = arguments.iter().filter_map(named).collect();
        if names.is_empty() || names.len() != arguments.len() {
            continue;
        }
        // `if (settings.auth) { app.use(auth); }`
        let until = (0..call.first).rev().take(FAR).find_map(|at| {
            let close = code.is_byte(at, b'{').then(|| code.partner(at)).flatten();
            close.filter(|&close| close > call.open)
        });
        all.push(Used {
            receiver,
            first: call.open,
            scope: code.function_at(call.open),
            until: until.unwrap_or(usize::MAX),
            names,
        });
    }
    all
}

/// Those of them that a route goes through.
pub(super) fn used(all: &[Used<'_>], code: &Code<'_>, route: Call, receiver: &str) -> Vec<String> {
    let scope = code.function_at(route.open);
    let before = all.iter().filter(|u| {
        u.first < route.first
            && u.until >= route.first
            && u.receiver == receiver
            && u.scope == scope
    });
    let names = before.flat_map(|u| u.names.iter().cloned());
    names.take(MOST_BEFORE).collect()
}

/// Whether a file adds routes to what a function of another file makes: `const app = createApp()`, then
/// `app.get("/", (c) => c.json(all))`.
fn by_factory(code: &Code<'_>) -> bool {
    let named = (0..code.tokens.len())
        .any(|at| code.is(at + 1, "(") && code.ident(at).is_some_and(js_routers::is_factory));
    if !named {
        return false;
    }
    // What a package makes is another thing: `createRouter` of Vue.
    let imports = js_imports::imports(code);
    let made = (2..code.tokens.len()).any(|at| {
        code.is(at, "(")
            && (code.ident(at - 1))
                .is_some_and(|name| js_routers::is_factory(name) && imports.contains_key(name))
            && matches!(code.raw(at - 2), "=" | "default" | "new")
    });
    let context = |open: usize| {
        let literal = (open..open + 60).any(|at| {
            code.is(at, "(") && code.is(at + 1, "c") && matches!(code.raw(at + 2), ")" | ":")
        });
        literal || code.is(open - 1, "openapi")
    };
    made && code.calls().any(|call| {
        let word = code.raw(call.open - 1);
        (word == "openapi" || VERBS.contains(&word)) && context(call.open)
    })
}

/// Whether a function of a name gets an application or router: `function addUsers(app) {`.
fn fills_router(code: &Code<'_>) -> bool {
    (2..code.tokens.len()).any(|at| {
        code.is(at, "(")
            && code.is(at - 2, "function")
            && matches!(code.raw(at + 1), "app" | "router" | "apiRouter")
            && matches!(code.raw(at + 2), ")" | ",")
    })
}

fn routers(acc: &mut FileFacts, file: &SourceFile<'_>, framework: &str) {
    let code = file.code();
    let values = Values::new(file);
    let routers = Routers::of(file, &values);
    js_routers::add(acc, file, &values, &routers);
    js_helpers::add(acc, file, &values, &routers, framework);
    js_loops::add(acc, file, &values, &routers);
    js_route_objects::loops(acc, file, &routers);
    if framework == "fastify" && file.says("autoload") {
        loaders(acc, file);
    }
    let mut guards = Guards::default();
    let all_used = all_used(file);
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        if word == "openapi" {
            let (receiver, _) = js_routers::receiver(code, call.first);
            let own = is_own(file, &routers, receiver);
            js_described_routes::add(acc, file, &values, call, framework, &routers, own);
            continue;
        }
        if word == "route" {
            objects(acc, file, &values, call, framework, &routers);
            continue;
        }
        if word == "on" {
            listed(acc, file, &values, call, framework, &routers);
            continue;
        }
        if !VERBS.contains(&word) || call.first + 2 > call.open - 1 {
            continue;
        }
        let (receiver, at) = js_routers::receiver(code, call.first);
        if js_helpers::is_defining(code, call) {
            // Which paths there are, the callers say.
            scan::endpoint(
                acc,
                file,
                call.line,
                call.line,
                http_paths::unread(framework),
            );
            continue;
        }
        let plugin = || framework == "fastify" && routers.in_plugin(file, receiver, at);
        if !is_own(file, &routers, receiver) && !plugin() {
            continue;
        }
        let chained = (call.first..call.open)
            .find(|&at| code.is(at, "route") && code.is(at + 1, "("))
            .map(|at| at + 1);
        let arguments = code.arguments(call.open);
        // A setting is read with `app.get("x")`; a route has a handler.
        let handlers = match chained {
            Some(_) => &arguments[..],
            None => arguments.get(1..).unwrap_or_default(),
        };
        let Some(handler) = handlers.last() else {
            continue;
        };
        if code.is(handler.start, "{") && framework != "fastify" {
            continue;
        }
        if word == "options" && js_preflight::only(code, handler) {
            continue;
        }
        let (_, standing) = handlers.split_last().unwrap_or((handler, &[]));
        let standing = standing.iter().flat_map(|range| in_place(code, range));
        let standing: Vec<Range<usize>> = standing.collect();
        let before: Vec<String> = standing
            .iter()
            .filter_map(|r| standing_name(file, r))
            .collect();
        let path_open = chained.unwrap_or(call.open);
        // Koa puts the slash before a path that has none; before the path may stand the name of the route.
        let first = arguments.first().and_then(|r| code.string(r.start));
        let second = arguments.get(1).and_then(|r| code.string(r.start));
        let named = framework == "koa"
            && arguments.len() > 2
            && first.is_some_and(|name| !name.contains('/'))
            && second.is_some_and(|path| path.starts_with('/'));
        let paths = match second {
            Some(path) if named => vec![path.to_owned()],
            _ if chained.is_none() && is_made(code, &arguments) => {
                vec![http_paths::UNREAD.to_owned()]
            }
            _ => paths(file, &values, path_open, framework == "koa"),
        };
        let stand = routers.stand(file, receiver, at, 0);
        let inline = || match framework {
            "express" | "fastify" => js_inline::handler(code, handler),
            "koa" | "hono" => js_contexts::handler(code, handler),
            _ => None,
        };
        if !paths.is_empty()
            && name_of(file, handler).is_none()
            && let Some(mut made) = inline()
        {
            // What stands before it in its route may answer first.
            let named = framework == "hono" && before.len() == standing.len();
            made.leaves |= framework != "express" && handlers.len() > 1 && !named;
            js_validators::checked(code, &standing, &mut made);
            // What a handler of Fastify returns is its answer too.
            made.leaves |= framework == "fastify";
            acc.add(file, call.line, call.line, Claim::Handler(Box::new(made)));
        }
        let chain = js_validators::before(code, call);
        for path in paths {
            if path == http_paths::UNREAD {
                let endpoint = http_paths::unread(framework);
                scan::endpoint(acc, file, call.line, call.line, endpoint);
                continue;
            }
            let name = name_of(file, handler);
            let route = || format!("{} {}", verb(word), scan::below(&stand.prefix, &path));
            let last = |name: &String| name.rsplit('.').next().unwrap_or(name).to_owned();
            let behind = name.as_ref().map_or_else(route, last);
            guards.add(call.line, &before, &behind);
            let mut above = used(&all_used, code, call, receiver);
            above.extend(chain.iter().filter_map(|r| standing_name(file, r)));
            above.extend(before.iter().cloned());
            let asks = above.iter().filter_map(|name| {
                let last = name.rsplit('.').next().unwrap_or(name);
                js_route_guards::asks(last).then(|| last.to_owned())
            });
            let mut above_it: Vec<String> = asks.collect();
            above_it.extend(above.iter().map(|name| format!("{BEFORE}{name}")));
            above_it.dedup();
            let endpoint = Endpoint {
                method: verb(word),
                path: scan::below(&stand.prefix, &path),
                handler: name,
                framework: framework.to_owned(),
                summary: prose::beside_route(file, code.line(call.first)),
                router: stand.router.clone(),
                verbs: Vec::new(),
                given: false,
                mounts: Vec::new(),
                class: None,
                guards: above_it,
            };
            scan::endpoint(acc, file, call.line, call.line, endpoint);
        }
    }
    guards.write(acc, file);
}

/// `fastify.register(AutoLoad, { dir: path.join(__dirname, "routes") })`: folders below it are
/// prefixes (<https://github.com/fastify/fastify-autoload>). Options may change that for single
/// files, so that there may be more routes than are found.
fn loaders(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let [plugin, options, ..] = arguments.as_slice() else {
            continue;
        };
        let loads = plugin.len() == 1
            && code.raw(plugin.start).eq_ignore_ascii_case("autoload")
            && code.is(call.open - 1, "register");
        let Some(at) = options
            .clone()
            .find(|&at| loads && code.is(at, "dir") && code.is(at + 1, ":"))
        else {
            continue;
        };
        let end = (at..options.end)
            .find(|&i| code.is(i, "("))
            .and_then(|o| code.partner(o));
        let parts: Vec<&str> = (at..end.unwrap_or(at))
            .filter_map(|i| code.string(i))
            .flat_map(|text| text.split('/'))
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        let folder = parts.join("/");
        // Plugins are loaded in the same way and answer nothing.
        if folder.is_empty() || parts.contains(&"..") || folder.ends_with("plugins") {
            continue;
        }
        let mount = Mount {
            target: format!("{AUTOLOAD}{folder}"),
            ..Mount::default()
        };
        acc.add(file, call.line, call.line, Claim::Mount(mount));
        scan::endpoint(
            acc,
            file,
            call.line,
            call.line,
            http_paths::unread("fastify"),
        );
    }
}

pub(super) fn verb(word: &str) -> String {
    match word {
        "all" => "ANY".to_owned(),
        "del" => "DELETE".to_owned(),
        other => other.to_ascii_uppercase(),
    }
}

/// Whether a name is that of an application or router: by how it was made, else by custom.
pub(super) fn is_router(file: &SourceFile<'_>, name: &str) -> bool {
    const MADE: [&str; 5] = [
        "express()",
        "Router()",
        "new Router(",
        "new Hono(",
        "fastify(",
    ];
    let lower = name.to_ascii_lowercase();
    // One search for what the name is given, whatever makes it.
    let is_made = || {
        let given = format!("{name} = ");
        let mut places = memchr::memmem::find_iter(file.text.as_bytes(), &given);
        places.any(|at| {
            let value = file.text.get(at + given.len()..).unwrap_or_default();
            let inner = value.strip_prefix("express.").unwrap_or(value);
            let makes = |value: &str| MADE.iter().any(|made| value.starts_with(made));
            makes(value) || makes(inner)
        })
    };
    matches!(
        lower.as_str(),
        "app" | "router" | "server" | "fastify" | "routes" | "route"
    ) || lower.ends_with("router")
        || lower.ends_with("routes")
        || is_typed(file.text, name)
        || is_made()
}

/// Whether a parameter is said to be an application or a part of one: `api: FastifyInstance`.
fn is_typed(text: &str, name: &str) -> bool {
    const TYPES: [&str; 7] = [
        "FastifyInstance",
        "express.Express",
        "express.Application",
        "express.Router",
        "Express",
        "Application",
        "OpenAPIHono",
    ];
    // `const routes: FastifyPluginAsync = async (api) => {`
    let plugin = |(at, _): (usize, &str)| {
        let rest = &text[at..];
        let line = rest.find([';', '{']).map_or(rest, |end| &rest[..end]);
        let value = line.split_once("= ").map(|(_, value)| value);
        let value = value.map(|value| value.trim_start_matches("async ").trim_start_matches('('));
        let given = value.and_then(|value| value.strip_prefix(name));
        given.is_some_and(|rest| rest.starts_with([')', ',', ' ', ':']))
    };
    if text.match_indices("FastifyPlugin").any(plugin) {
        return true;
    }
    let written = format!("{name}: ");
    memchr::memmem::find_iter(text.as_bytes(), &written).any(|at| {
        let before = text[..at].trim_end().ends_with(['(', ',']);
        let kind = &text[at + written.len()..];
        let fits = |known: &str| {
            let rest = kind.strip_prefix(known);
            rest.is_some_and(|rest| rest.starts_with([')', ',', '<', ' ', '\n']))
        };
        before && TYPES.iter().any(|known| fits(known))
    })
}

/// Whether routes of a receiver are those of the program.
pub(super) fn is_own(file: &SourceFile<'_>, routers: &Routers, receiver: &str) -> bool {
    routers.makes(receiver) || is_router(file, receiver)
}

/// Whether a route has a path that a method makes, and a function that answers in its place:
/// `router.post(this.pathOf("list"), async (req, res) => …)`.
fn is_made(code: &Code<'_>, arguments: &[Range<usize>]) -> bool {
    let [path, .., handler] = arguments else {
        return false;
    };
    let own = code.is(path.start, "this") && code.is(path.end - 1, ")");
    let start = handler.start + usize::from(code.is(handler.start, "async"));
    let answers = code.is(start, "function")
        || code.is(start, "(")
            && (code.partner(start)).is_some_and(|close| code.is(close + 1, "="));
    own && answers
}

/// The paths in the first argument: one, or a list.
fn paths(file: &SourceFile<'_>, values: &Values<'_, '_>, open: usize, bare: bool) -> Vec<String> {
    let code = file.code();
    let Some(first) = code.arguments(open).into_iter().next() else {
        return Vec::new();
    };
    let parts = if code.is(first.start, "[") {
        code.arguments(first.start)
    } else {
        vec![first]
    };
    parts
        .into_iter()
        .filter_map(|part| match code.string(part.start) {
            Some("") if part.len() == 1 => Some(String::new()),
            _ => match http_paths::written(code, &part, |r| values.fold(r)) {
                // `/+api` of Express is `/api` behind any number of slashes.
                Written::Path(path) => Some(path.replace("/+", "/")),
                Written::Unread => Some(http_paths::UNREAD.to_owned()),
                Written::Other => None,
            },
        })
        .filter(|path| {
            path.is_empty()
                || path.starts_with(['/', '{', '*', '…'])
                || bare && !path.contains([' ', ':', '$'])
        })
        .flat_map(|path| http_paths::alternatives(&path))
        .map(|path| named_rest(&path))
        .collect()
}

/// A path with the name of what matches the rest of it as that of a parameter: `/files/*path` of Express 5 is
/// `/files/{path}`.
fn named_rest(path: &str) -> String {
    if !path.contains('*') {
        return path.to_owned();
    }
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let parts = path.split('/').map(|part| match part.strip_prefix('*') {
        Some(name) if !name.is_empty() && plain(name) => format!("{{{name}}}"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// `app.on(["PUT", "DELETE"], "/posts", handler)` of Hono.
fn listed(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    framework: &str,
    routers: &Routers,
) {
    let code = file.code();
    let (receiver, at) = js_routers::receiver(code, call.first);
    let arguments = code.arguments(call.open);
    let [methods, path, .., handler] = arguments.as_slice() else {
        return;
    };
    let known = |m: &&str| METHODS.contains(m);
    let methods: Vec<&str> = methods
        .clone()
        .filter_map(|i| code.string(i))
        .filter(known)
        .collect();
    let path = values
        .fold(path.clone())
        .filter(|path| path.starts_with('/'));
    let (Some(path), false, "hono") = (path, methods.is_empty(), framework) else {
        return;
    };
    if !is_own(file, routers, receiver) {
        return;
    }
    let stand = routers.stand(file, receiver, at, 0);
    for method in methods {
        let endpoint = Endpoint {
            method: method.to_owned(),
            path: scan::below(&stand.prefix, &path),
            handler: name_of(file, handler),
            router: stand.router.clone(),
            ..http_paths::unread(framework)
        };
        scan::endpoint(acc, file, call.line, call.line, endpoint);
    }
}

/// The name of a handler that is given by name.
pub(super) fn name_of(file: &SourceFile<'_>, range: &Range<usize>) -> Option<String> {
    let code = file.code();
    // `orders.list.bind(this)`
    let bound = (range.clone()).find(|&at| code.is(at, "bind") && code.is_byte(at + 1, b'('));
    let range = range.start..bound.map_or(range.end, |at| at.saturating_sub(1));
    let names = range
        .clone()
        .all(|at| code.ident(at).is_some() || code.is(at, "."));
    let name = code.dotted(range.start, range.end);
    (names && !name.is_empty() && range.len() <= 7).then_some(name)
}

/// What stands before a handler one by one, where a list of it is written in place: `[requireAuth, isOwner]`.
fn in_place(code: &Code<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let list = code.is(range.start, "[");
    match list && code.partner(range.start).map(|close| close + 1) == Some(range.end) {
        true => code.arguments(range.start),
        false => vec![range.clone()],
    }
}

/// The name of what stands before a handler: of a function, or of one that makes it, `auth({ admin: true })`.
pub(super) fn standing_name(file: &SourceFile<'_>, range: &Range<usize>) -> Option<String> {
    let code = file.code();
    let open = range.clone().find(|&at| code.is_byte(at, b'('));
    let made = open.filter(|&open| code.partner(open).map(|close| close + 1) == Some(range.end));
    match made {
        // `auth({ optional: true })` lets all pass.
        Some(open)
            if (open..range.end).any(|at| code.is(at, "optional") && code.is(at + 1, ":")) =>
        {
            None
        }
        Some(open) => name_of(file, &(range.start..open)),
        None => name_of(file, range),
    }
}

/// What stands before a router where it is taken in, `app.use("/users", requireAuth, users)`: by name, with no name
/// where it has none.
pub(super) fn standing(
    file: &SourceFile<'_>,
    above: &[String],
    before: Option<&[Range<usize>]>,
) -> Vec<String> {
    let code = file.code();
    let is_path =
        |range: &Range<usize>| code.string(range.start).is_some() || code.is(range.start, "/");
    let given = before.unwrap_or_default().iter();
    let given = given.flat_map(|range| in_place(code, range));
    let given = given.filter(|range| !is_path(range));
    let given = given.map(|r| standing_name(file, &r).unwrap_or_default());
    above.iter().cloned().chain(given).collect()
}

/// `fastify.route({ method, url, handler })`, `server.route({ method, path, handler })` or a list.
fn objects(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    framework: &str,
    routers: &Routers,
) {
    let code = file.code();
    let (receiver, at) = js_routers::receiver(code, call.first);
    let stand = routers.stand(file, receiver, at, 0);
    let Some(open) = code
        .arguments(call.open)
        .first()
        .and_then(|first| values.literal_at(first))
    else {
        return;
    };
    let opens: Vec<usize> = if code.is(open, "[") {
        let parts = code.arguments(open).into_iter();
        parts.filter_map(|part| values.literal_at(&part)).collect()
    } else {
        vec![open]
    };
    for open in opens {
        let Some(path) = values.folded_property(open, &["url", "path"]) else {
            continue;
        };
        let Some(range) = values.property(open, "method") else {
            continue;
        };
        let handler = values.property(open, "handler");
        let methods = range.filter_map(|at| code.string(at).map(str::to_ascii_uppercase));
        for method in methods {
            let endpoint = Endpoint {
                method: if method == "*" {
                    "ANY".to_owned()
                } else {
                    method
                },
                path: scan::below(&stand.prefix, &path),
                handler: handler.as_ref().and_then(|range| name_of(file, range)),
                framework: framework.to_owned(),
                summary: None,
                router: stand.router.clone(),
                verbs: Vec::new(),
                given: false,
                mounts: Vec::new(),
                class: None,
                guards: Vec::new(),
            };
            let last = code
                .partner(open)
                .map_or(call.line, |close| code.line(close));
            let first = code.line(open);
            scan::endpoint(acc, file, first, last.min(first + 20), endpoint);
        }
    }
}
