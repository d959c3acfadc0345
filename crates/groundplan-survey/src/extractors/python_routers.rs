//! Python: routers and blueprints, what they stand below, and which others they take in.

use crate::code_view::CodeView;
use crate::extractors::python_handed;
use crate::extractors::python_http::framework;
use crate::extractors::python_loops;
use crate::extractors::python_refs::Refs;
use crate::facts::{DEPENDS, HERE, Mount, OF_CLASS, Router, UNKNOWN};
use crate::http_paths;
use groundplan_syntax::{Call, Definition};
use std::collections::BTreeSet;
use std::ops::Range;

/// Where a route stands: prefixes of this file, and the router that they begin at.
#[derive(Clone, Debug, Default)]
pub(super) struct Stand {
    pub(super) prefix: String,
    pub(super) router: Option<String>,
    /// References to what FastAPI calls before each of its routes.
    pub(super) depends: Vec<String>,
}

impl Stand {
    pub(super) fn below(prefix: String) -> Self {
        Stand {
            prefix,
            ..Stand::default()
        }
    }
}

/// Calls that take in a router.
pub(super) const TAKING: [&str; 7] = [
    "register_blueprint",
    "include_router",
    "blueprint",
    "add_namespace",
    "register_api",
    "mount",
    "add_router",
];

/// Whether the prefix that a call gives stands in place of the one that a router is made with: of a blueprint of
/// Flask, and of a namespace of flask-restx.
fn is_replacing(taking: &str) -> bool {
    matches!(taking, "register_blueprint" | "blueprint" | "add_namespace")
}

const PREFIXES: [&str; 3] = ["url_prefix", "prefix", "path"];

/// A prefix as a path template: what code does not tell is one `{name}`.
fn text(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    if range.is_empty() || view.code.is(range.start, "None") {
        return None;
    }
    let folded = view.fold(range.clone());
    let folded = folded.unwrap_or_else(|| "{prefix}".to_owned());
    // `prefix=base_url` of `def build(base_url: str = "")`.
    if let Some(name) = folded.strip_prefix('{').and_then(|f| f.strip_suffix('}'))
        && http_paths::is_base(name)
        && !name.contains(['{', ':'])
    {
        let known = view.visible(name, range.start);
        let given = known.last().filter(|d| d.param && d.value.len() == 1);
        let default = given.and_then(|d| Some((d, view.code.string(d.value.start)?)));
        return Some(match default {
            Some((given, _)) if is_given(view, given) => format!("/{}", http_paths::UNREAD),
            Some((_, text)) => text.to_owned(),
            None => http_paths::open_base(name),
        });
    }
    if folded.is_empty() {
        return Some(folded);
    }
    let whole = match folded.starts_with('/') {
        true => folded,
        false => format!("/{folded}"),
    };
    Some(whole)
}

/// Whether a call of this file gives a parameter something else than its default.
fn is_given(view: &CodeView<'_, '_>, parameter: &Definition<'_>) -> bool {
    let functions = view.code.functions();
    let Some(function) = parameter.scope.and_then(|scope| functions.get(scope)) else {
        return true;
    };
    let class = function.parent.and_then(|p| functions.get(p));
    let name = match class.filter(|_| function.name == "__init__") {
        Some(class) => class.name,
        None => function.name,
    };
    let before = |d: &&Definition<'_>| {
        d.param && d.scope == parameter.scope && d.at < parameter.at && d.name != "self"
    };
    let place = view.code.definitions().iter().filter(before).count();
    view.calls_of(name).iter().any(|call| {
        view.code
            .named_argument(call.open, parameter.name)
            .is_some()
            || view.argument(call.open, place).is_some()
    })
}

fn named(view: &CodeView<'_, '_>, open: usize) -> Option<String> {
    PREFIXES
        .iter()
        .find_map(|n| view.code.named_argument(open, n))
        .and_then(|r| text(view, r))
}

/// The last word of what a definition calls, and the bracket: `Blueprint` of
/// `bp = flask.Blueprint("x", __name__)`.
fn maker<'t>(view: &CodeView<'_, 't>, definition: &Definition<'t>) -> Option<(&'t str, usize)> {
    let code = view.code;
    let open = (definition.value.start..definition.value.end)
        .take(12)
        .find(|&i| !(code.ident(i).is_some() || code.is(i, ".")))?;
    if !code.is(open, "(") || open == definition.value.start {
        return None;
    }
    Some((code.ident(open - 1)?, open))
}

/// Whether a type has to be taken in by something before its routes are reached.
fn is_partial(kind: &str) -> bool {
    kind.ends_with("Router") && kind != "DefaultRouter" && kind != "SimpleRouter"
        || kind.ends_with("Blueprint")
        || kind == "Namespace"
}

/// The prefix that a router is made with.
fn own(view: &CodeView<'_, '_>, kind: &str, open: usize) -> Option<String> {
    named(view, open).or_else(|| {
        // flask-restx puts the name of a namespace before its routes.
        let name = view.argument(open, 0).filter(|_| kind == "Namespace")?;
        view.constant(name).map(|n| format!("/{n}"))
    })
}

/// The name under which other files know a router: its own, or that of the function that makes it.
fn known_as(view: &CodeView<'_, '_>, name: &str, scope: Option<usize>) -> String {
    let function = scope
        .and_then(|s| view.code.functions().get(s))
        .filter(|f| !f.class);
    function.map_or(name, |f| f.name).to_owned()
}

/// Where a route of the router called `name` stands, as far as this file shows it.
pub(super) fn stand(view: &CodeView<'_, '_>, name: &str, at: usize, depth: u8) -> Stand {
    let code = view.code;
    if depth > 6 || name.is_empty() {
        return Stand::default();
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let found = match name.split_once('.') {
        None => view.visible(name, at),
        Some(("self" | "cls", rest)) if !rest.contains('.') => view.fields(rest),
        Some((first, _)) if view.visible(first, at).is_empty() => Vec::new(),
        Some(_) => return Stand::default(),
    };
    let definition = found.last().copied();
    let made = definition.and_then(|d| maker(view, d));
    let prefix = made.and_then(|(kind, open)| own(view, kind, open));
    let depends = || match definition {
        Some(definition) => asked(view, definition),
        None => Vec::new(),
    };
    // Where it is taken in more than once, each of these says where it stands.
    let once = !is_taken_twice(view, name, at);
    for taking in TAKING.iter().filter(|_| once).copied() {
        for &call in view.calls_of(taking) {
            let given = given_router(view, call, taking);
            let Some(given) = given.filter(|r| code.dotted(r.start, r.end) == name) else {
                continue;
            };
            if taking == "mount" && is_other_path(view, call, &given) {
                continue;
            }
            let receiver = receiver(view, call);
            if receiver == name {
                continue;
            }
            let given = given_prefix(view, call, taking);
            // Flask replaces the own prefix of a blueprint, FastAPI puts its own before it.
            let whole = match (taking, given, prefix) {
                (taking, Some(given), _) if is_replacing(taking) => given,
                (_, Some(given), Some(own)) => http_paths::join(&given, &own),
                (_, Some(one), None) | (_, None, Some(one)) => one,
                (_, None, None) => String::new(),
            };
            let mut above = stand(view, &receiver, call.first, depth + 1);
            above.prefix = http_paths::join(&above.prefix, &whole);
            // What is mounted answers by itself: nothing that is asked above it is called.
            if taking == "mount" {
                above.depends.clear();
            }
            above.depends.extend(asked_in(view, call));
            above.depends.extend(depends());
            return above;
        }
    }
    let Some(definition) = definition else {
        // A router of another file.
        let whole = view.canonical(name, at).filter(|w| w.contains('.'));
        let foreign = whole.filter(|w| {
            let first = w.split('.').next().unwrap_or(w);
            !matches!(
                first,
                "flask" | "fastapi" | "bottle" | "sanic" | "aiohttp" | "starlette" | "ninja"
            )
        });
        return Stand {
            prefix: String::new(),
            router: foreign.map(|w| format!("={w}")),
            depends: Vec::new(),
        };
    };
    if definition.param {
        let router =
            Some(known_as(view, last, definition.scope)).filter(|_| !is_app(view, definition));
        return Stand {
            prefix: String::new(),
            router,
            depends: Vec::new(),
        };
    }
    // `api = Api(blueprint)` stands where the blueprint does.
    if let Some(("Api", open)) = made
        && let Some(first) = view.argument(open, 0).filter(|first| first.len() == 1)
        && let Some(inner) = code.ident(first.start)
        && let Some(blueprint) = view.visible(inner, first.start).last().copied()
        && maker(view, blueprint).is_some_and(|(kind, _)| kind.ends_with("Blueprint"))
    {
        let mut above = stand(view, inner, first.start, depth + 1);
        above.prefix = http_paths::join(&above.prefix, &prefix.unwrap_or_default());
        return above;
    }
    let partial = made.is_some_and(|(kind, _)| is_partial(kind));
    Stand {
        // The prefix of a router that others take in stands with the router.
        prefix: prefix.filter(|_| !partial).unwrap_or_default(),
        router: Some(known_as(view, last, definition.scope)),
        depends: depends(),
    }
}

/// Whether a name is that of an application which this file makes.
fn makes_app(view: &CodeView<'_, '_>, name: &str, at: usize) -> bool {
    let known = view.visible(name, at);
    let made = known.last().and_then(|d| maker(view, d));
    made.is_some_and(|(kind, _)| is_app_class(kind))
}

/// Whether a class is that of applications of a framework.
fn is_app_class(kind: &str) -> bool {
    matches!(kind, "FastAPI" | "Flask" | "Quart" | "Sanic" | "Starlette")
}

/// Whether a router that this file makes is taken in at several places of it.
fn is_taken_twice(view: &CodeView<'_, '_>, name: &str, at: usize) -> bool {
    let known = view.visible(name, at);
    let made = known
        .last()
        .filter(|d| !d.param && !d.field && d.scope.is_none());
    if made
        .and_then(|d| maker(view, d))
        .is_none_or(|(kind, _)| !is_partial(kind))
    {
        return false;
    }
    let mut places = BTreeSet::new();
    for taking in TAKING {
        for &call in view.calls_of(taking) {
            let given = given_router(view, call, taking);
            let same = given.is_some_and(|r| view.code.dotted(r.start, r.end) == name);
            let by = receiver(view, call);
            if same && by != name {
                places.insert((by, given_prefix(view, call, taking), asked_in(view, call)));
            }
        }
    }
    places.len() > 1
}

/// What a router asks before its routes, as it is made: `APIRouter(dependencies=[Depends(user)])`, and the class that
/// it is of.
fn asked<'t>(view: &CodeView<'_, 't>, definition: &Definition<'t>) -> Vec<String> {
    let refs = Refs::of(view);
    let made = maker(view, definition);
    let open = made.map(|(_, open)| open);
    let all = refs.depended(definition.value.clone(), None);
    let mut all = certain(view, open, definition.value.clone(), all);
    if let Some((_, open)) = made.filter(|(kind, _)| kind.ends_with("Router")) {
        let name = view.code.dotted(definition.value.start, open);
        let class = refs.named(&name, definition.value.start, true);
        all.extend(class.map(|class| format!("{OF_CLASS}{class}")));
    }
    all
}

/// What a call that takes in a router asks before its routes.
fn asked_in(view: &CodeView<'_, '_>, call: Call) -> Vec<String> {
    let close = view.code.partner(call.open).unwrap_or(call.open);
    let all = Refs::of(view).depended(call.open..close, None);
    certain(view, Some(call.open), call.open..close, all)
}

/// What a call asks, if it does so always. Of `dependencies=[Depends(user)] if AUTH else []` it is only known that
/// something may refuse; `whole` is the value or the call.
fn certain(
    view: &CodeView<'_, '_>,
    open: Option<usize>,
    whole: Range<usize>,
    all: Vec<String>,
) -> Vec<String> {
    let code = view.code;
    let chosen = |at: usize| matches!(code.raw(at), "if" | "and" | "or");
    let given = open.and_then(|open| code.named_argument(open, "dependencies"));
    let close = open.and_then(|open| code.partner(open));
    let (open, close) = (open.unwrap_or(whole.end), close.unwrap_or(whole.end));
    // `APIRouter(dependencies=…) if AUTH else APIRouter()`
    let one_of = (whole.start..open).chain(close..whole.end).any(chosen);
    match !all.is_empty() && (one_of || given.is_some_and(|mut given| given.any(chosen))) {
        true => vec![format!("{DEPENDS}{UNKNOWN}")],
        false => all,
    }
}

/// Whether a parameter is the application itself.
fn is_app(view: &CodeView<'_, '_>, definition: &Definition<'_>) -> bool {
    let code = view.code;
    let mut kind = definition.kind.clone();
    kind.any(|at| is_app_class(code.raw(at)))
        || matches!(
            definition.name,
            "app" | "application" | "server" | "api" | "self"
        )
}

/// The condition of the innermost `if` that the statement at a token stands in, within its function.
pub(super) fn condition(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let indent = |text: &str| text.len() - text.trim_start().len();
    let lines = view.file.lines();
    let line = view.code.line(at);
    let mut own = indent(lines.text(line));
    for number in (1..line).rev() {
        if own == 0 {
            return None;
        }
        let text = lines.text(number);
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') || indent(text) >= own {
            continue;
        }
        own = indent(text);
        let starts = |word: &str| trimmed.starts_with(word);
        if starts("def ") || starts("async def ") || starts("class ") {
            return None;
        }
        let told = trimmed
            .strip_prefix("if ")
            .or(trimmed.strip_prefix("elif "));
        let told = told.and_then(|rest| rest.strip_suffix(':'));
        match told.map(str::trim) {
            Some(text) if text.contains("__name__") || text == "TYPE_CHECKING" => {}
            Some(text) => return Some(text.to_owned()).filter(|t| t.len() <= 80),
            None => {}
        }
    }
    None
}

fn receiver(view: &CodeView<'_, '_>, call: Call) -> String {
    let name = view.code.name(call);
    name.rsplit_once('.')
        .map_or("", |(head, _)| head)
        .to_owned()
}

/// The router that a call takes in: `app.mount("/api", api)`, `app.mount("/api", app=api)`.
fn given_router(view: &CodeView<'_, '_>, call: Call, taking: &str) -> Option<Range<usize>> {
    let named = match taking {
        "mount" => view.code.named_argument(call.open, "app"),
        _ => None,
    };
    let index = usize::from(matches!(taking, "mount" | "add_router"));
    named.or_else(|| view.argument(call.open, index))
}

/// Whether the variable that keeps what a call makes is mounted in this file: `app.mount("/api", app=api)`.
pub(super) fn is_mounted(view: &CodeView<'_, '_>, made: Call) -> bool {
    let code = view.code;
    let kept = made.first.checked_sub(2).and_then(|at| code.ident(at));
    let Some(name) = kept.filter(|_| code.is(made.first - 1, "=")) else {
        return false;
    };
    view.calls_of("mount").iter().any(|&call| {
        let given = given_router(view, call, "mount");
        given.is_some_and(|range| code.dotted(range.start, range.end) == name)
    })
}

/// Whether a mount has a path that only the configuration knows, and another mount of the same
/// application the one that it has without: `if base: app.mount(base, api)`, `else: app.mount("/api", api)`.
fn is_other_path(view: &CodeView<'_, '_>, call: Call, given: &Range<usize>) -> bool {
    let code = view.code;
    let read = |call: Call| {
        let path = view.argument(call.open, 0).and_then(|r| view.fold(r));
        path.is_some_and(|path| path.starts_with('/') && !path.contains('{'))
    };
    let name = code.dotted(given.start, given.end);
    let same = |other: &Call| {
        let range = given_router(view, *other, "mount");
        range.is_some_and(|r| code.dotted(r.start, r.end) == name)
            && code.function_at(other.open) == code.function_at(call.open)
    };
    let mut others = view
        .calls_of("mount")
        .iter()
        .filter(|c| c.open != call.open);
    !read(call) && others.any(|other| same(other) && read(*other))
}

fn given_prefix(view: &CodeView<'_, '_>, call: Call, taking: &str) -> Option<String> {
    named(view, call.open).or_else(|| {
        let index = match taking {
            "mount" | "add_router" => 0,
            "add_namespace" => 1,
            _ => return None,
        };
        view.argument(call.open, index).and_then(|r| text(view, r))
    })
}

/// Routers of this file that something else has to take in.
pub(super) fn routers(view: &CodeView<'_, '_>) -> Vec<(u32, Router)> {
    let code = view.code;
    let mut all = Vec::new();
    for definition in code.definitions() {
        let scope = definition.scope.and_then(|s| code.functions().get(s));
        if definition.param {
            let named = definition.name == "router"
                || definition.name.ends_with("_router")
                || matches!(definition.name, "bp" | "blueprint");
            if named && !is_app(view, definition) && scope.is_some_and(|f| !f.class) {
                let name = known_as(view, definition.name, definition.scope);
                let prefix = String::new();
                all.push((
                    code.line(definition.at),
                    Router {
                        name,
                        prefix,
                        ..Router::default()
                    },
                ));
            }
            continue;
        }
        let Some((kind, open)) = maker(view, definition) else {
            continue;
        };
        if !is_partial(kind) || framework(view, definition.name, definition.value.end).is_none() {
            continue;
        }
        let router = Router {
            name: known_as(view, definition.name, definition.scope),
            prefix: own(view, kind, open)
                .map(|p| http_paths::template(&p))
                .filter(|p| p != "/")
                .unwrap_or_default(),
            ..Router::default()
        };
        all.push((code.line(definition.at), router));
    }
    let mut seen = BTreeSet::new();
    all.retain(|(_, router)| seen.insert(router.name.clone()));
    all
}

/// Routers of other files that this file takes in or gives away again.
pub(super) fn mounts(view: &CodeView<'_, '_>) -> Vec<(u32, Mount)> {
    let code = view.code;
    let mut all: Vec<(u32, Mount)> = Vec::new();
    for taking in TAKING {
        for &call in view.calls_of(taking) {
            taken_in(view, call, taking, &mut all);
        }
    }
    python_handed::given(view, &mut all);
    for name in ["Starlette", "FastAPI"] {
        let given = view.calls_of(name).iter();
        all.extend(given.filter_map(|&call| given_routes(view, call)));
    }
    for &call in view.calls_of("path") {
        if let Some(mount) = django(view, call) {
            all.push((call.line, mount));
        }
    }
    for import in view.imports() {
        for (name, whole) in &import.names {
            let lower = name.to_ascii_lowercase();
            let leads_on = ["router", "bp", "blueprint", "blueprints", "routes"]
                .iter()
                .any(|end| lower.ends_with(end))
                && whole.contains('.')
                && name.starts_with(|c: char| c.is_ascii_lowercase());
            if leads_on && view.visible(name, code.tokens.len()).is_empty() {
                let mount = Mount {
                    router: Some(name.clone()),
                    target: whole.clone(),
                    alias: true,
                    ..Mount::default()
                };
                all.push((import.line, mount));
            }
        }
    }
    all.sort_by(|a, b| (a.0, &a.1.target).cmp(&(b.0, &b.1.target)));
    all
}

/// `Starlette(routes=build_routes())`, `Starlette(routes=router.routes)`: what an application is made with.
fn given_routes(view: &CodeView<'_, '_>, call: Call) -> Option<(u32, Mount)> {
    let code = view.code;
    let given = code.named_argument(call.open, "routes")?;
    let end = (given.clone().find(|&at| code.is(at, "("))).unwrap_or(given.end);
    let name = code.dotted(given.start, end);
    let name = name.strip_suffix(".routes").unwrap_or(&name);
    let first = name.split('.').next().filter(|first| !first.is_empty())?;
    let target = match view.alias(first) {
        Some(module) => format!("{module}{}", &name[first.len()..]),
        None => format!("#{name}"),
    };
    let is_mount = |open: usize| matches!(code.raw(open.wrapping_sub(1)), "mount" | "Mount");
    if view.file.outline().ancestors(call.first).any(is_mount) {
        return None;
    }
    // It may be mounted itself.
    let own = code
        .is(call.first.wrapping_sub(1), "=")
        .then(|| code.ident(call.first.wrapping_sub(2)));
    let own = own.flatten();
    let inner = |mount: &Call| {
        let end = code.partner(mount.open).unwrap_or(mount.open);
        (mount.open..end).any(|at| own.is_some_and(|own| code.is(at, own)))
    };
    if view.calls_of("Mount").iter().any(inner) {
        return None;
    }
    let end = code.partner(call.open)? + 1;
    let above = own.map(|own| stand(view, own, end, 0)).unwrap_or_default();
    let mount = Mount {
        // What a function of the same file lends only leads on where nothing else takes in the application.
        router: above.router.filter(|_| !target.starts_with('#')),
        prefix: http_paths::prefix(&above.prefix),
        target,
        ..Mount::default()
    };
    Some((code.line(given.start), mount))
}

/// `path("api/", api.urls)`: what Django puts before the routes of an API of Django Ninja.
fn django(view: &CodeView<'_, '_>, call: Call) -> Option<Mount> {
    let code = view.code;
    let given = view.argument(call.open, 1)?;
    let name = code.dotted(given.start, given.end);
    let name = name
        .strip_suffix(".urls")
        .filter(|name| *name != "admin.site")?;
    let first = name.split('.').next()?;
    let prefix = view
        .argument(call.open, 0)
        .and_then(|range| view.fold(range))?;
    let target = match view.alias(first) {
        Some(module) => format!("{module}{}", &name[first.len()..]),
        None => format!("#{name}"),
    };
    Some(Mount {
        prefix: http_paths::prefix(&prefix),
        target,
        ..Mount::default()
    })
}

fn taken_in(view: &CodeView<'_, '_>, call: Call, taking: &str, all: &mut Vec<(u32, Mount)>) {
    let code = view.code;
    let receiver = receiver(view, call);
    // Two names that nothing else has: a file that gets the application handed imports no framework.
    let telling = matches!(taking, "register_blueprint" | "include_router");
    if !telling && framework(view, &receiver, call.first).is_none() {
        return;
    }
    let Some(given) = given_router(view, call, taking) else {
        return;
    };
    if taking == "mount" && is_other_path(view, call, &given) {
        return;
    }
    let mut above = stand(view, &receiver, call.first, 0);
    if taking == "mount" {
        // Only what is said here is asked before it, also where a router of another file stands above.
        above.depends = vec![HERE.to_string()];
    }
    above.depends.extend(asked_in(view, call));
    let given_prefix = given_prefix(view, call, taking).unwrap_or_default();
    let prefix = http_paths::template(&http_paths::join(&above.prefix, &given_prefix));
    let prefix = if prefix == "/" { String::new() } else { prefix };
    // `api.add_router("/orders", "shop.orders.api.router")` of Django Ninja.
    if taking == "add_router"
        && let Some(target) = view
            .constant(given.clone())
            .filter(|text| text.contains('.'))
    {
        let mount = Mount {
            router: above.router.clone(),
            prefix,
            target,
            ..Mount::default()
        };
        all.push((code.line(call.first), mount));
        return;
    }
    let rows = python_loops::rows(view, call, &given);
    let all_given = match rows {
        Some(rows) => rows,
        None => children(view, given)
            .into_iter()
            .map(|child| (child, None))
            .collect(),
    };
    for (child, own) in all_given {
        // A loop gives each of its rounds another path.
        let prefix = match own {
            Some(range) => {
                let own = text(view, range).unwrap_or_default();
                let whole = http_paths::template(&http_paths::join(&above.prefix, &own));
                Some(whole).filter(|whole| whole != "/").unwrap_or_default()
            }
            None => prefix.clone(),
        };
        let mut end = child.start;
        while end < child.end && (code.ident(end).is_some() || code.is(end, ".")) {
            end += 1;
        }
        let name = code.dotted(child.start, end);
        let first = name.split('.').next().unwrap_or(&name);
        let local = view.visible(first, child.start);
        let target = if view.function(&name).is_some_and(|f| !f.class) && code.is(end, "(") {
            format!("#{name}")
        } else if local.is_empty() {
            match view.alias(first) {
                Some(module) => format!("{module}{}", &name[first.len()..]),
                None => continue,
            }
        } else if let Some(slot) = (local.last())
            .filter(|_| end == child.end && !name.contains('.'))
            .and_then(|parameter| python_handed::of_parameter(view, parameter))
        {
            format!("#{slot}")
        } else if is_taken_twice(view, &name, child.start) {
            format!("#{name}")
        } else if let Some(call) = local.last().filter(|d| d.scope.is_some()) {
            // `router = create_router(); app.include_router(router)`
            let Some((_, open)) = maker(view, call) else {
                continue;
            };
            let made = code.dotted(call.value.start, open);
            let first = made.split('.').next().unwrap_or(&made);
            match view.alias(first) {
                Some(module) => format!("{module}{}", &made[first.len()..]),
                None => format!("#{made}"),
            }
        } else {
            continue;
        };
        // What an application of this file takes in is served where that says.
        let twice = end == child.end && target.strip_prefix('#') == Some(name.as_str());
        let of_app = |router: &&String| !twice || !makes_app(view, router, child.start);
        let mount = Mount {
            router: above.router.as_ref().filter(of_app).cloned(),
            prefix,
            target,
            alias: false,
            condition: condition(view, call.first),
            replaces: is_replacing(taking) && !given_prefix.is_empty(),
            depends: above.depends.clone(),
        };
        all.push((code.line(call.first), mount));
    }
}

/// What a loop around a call gives to it: `for r in (a.router, b.router): app.include_router(r)`.
fn children(view: &CodeView<'_, '_>, given: Range<usize>) -> Vec<Range<usize>> {
    let code = view.code;
    let looped = (given.start.saturating_sub(40)..given.start)
        .rev()
        .find(|&at| {
            code.is(at, "for") && code.is(at + 1, code.raw(given.start)) && code.is(at + 2, "in")
        });
    let Some(at) = looped.filter(|_| given.len() == 1) else {
        return vec![given];
    };
    let mut list = at + 3;
    if let Some(name) = code.ident(list)
        && let Some(definition) = view.visible(name, at).last()
    {
        list = definition.value.start;
    }
    match matches!(code.raw(list), "[" | "(") {
        true => code.arguments(list),
        false => Vec::new(),
    }
}
