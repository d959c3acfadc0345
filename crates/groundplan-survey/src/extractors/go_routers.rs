//! Go: where routers and groups stand, and which functions of other files get one.

use crate::code_view::{CodeView, is_below};
use crate::extractors::go_helpers;
use crate::extractors::go_http::{FRAMEWORKS, is_path};
use crate::extractors::go_lexical_groups;
use crate::extractors::go_own_routers;
use crate::extractors::go_paths::{self, constant_of};
use crate::extractors::go_restful;
use crate::extractors::go_router_places;
use crate::extractors::go_stripped::{handed_on, stripped};
use crate::extractors::go_wrappers::{self, Prefix};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths::{self, UNREAD, Written};
use groundplan_syntax::{Call, Definition, Function};
use std::collections::BTreeSet;
use std::ops::Range;

/// How far a prefix is followed.
pub(super) const DEEPEST: u8 = 8;

/// Where a route stands: prefixes of this file, the function that they begin in, and what the
/// handler may only mount.
#[derive(Clone, Debug, Default)]
pub(super) struct Stand {
    pub(super) prefix: String,
    pub(super) router: Option<String>,
    pub(super) mounts: Vec<Mount>,
}

/// `Server.routes` of `func (s *Server) routes()`.
pub(super) fn name_of(view: &CodeView<'_, '_>, function: &Function<'_>) -> String {
    let code = view.code;
    let kind = function
        .at
        .checked_sub(1)
        .filter(|&close| code.is(close, ")"))
        .and_then(|close| {
            let open = code.partner(close)?;
            (open..close).rev().find_map(|at| code.ident(at))
        });
    match kind {
        Some(kind) => format!("{kind}.{}", function.name),
        None => function.name.to_owned(),
    }
}

/// The named function around a scope.
fn named_scope(view: &CodeView<'_, '_>, scope: Option<usize>) -> Option<String> {
    let all = view.code.functions();
    let mut function = all.get(scope?)?;
    while function.name.is_empty() {
        function = all.get(function.parent?)?;
    }
    Some(name_of(view, function))
}

/// Where the router named at `at` stands, as far as this file shows it.
pub(super) fn stand(view: &CodeView<'_, '_>, at: usize, depth: u8) -> Stand {
    let around = go_lexical_groups::around(view, at);
    let mut found = stand_of(view, at, depth);
    if !around.is_empty() {
        let own = chain_prefix(view, at);
        let outer = found.prefix.strip_suffix(&own).unwrap_or(&found.prefix);
        found.prefix = http_paths::join(&http_paths::join(outer, &around), &own);
    }
    let root = go_restful::root(view, at);
    if !root.is_empty() {
        found.prefix = http_paths::join(&found.prefix, &root);
    }
    found
}

fn stand_of(view: &CodeView<'_, '_>, at: usize, depth: u8) -> Stand {
    let code = view.code;
    let Some(name) = code.ident(at).filter(|_| depth < DEEPEST) else {
        return Stand::default();
    };
    let own = chain_prefix(view, at);
    // `s.router.GET`: the field counts.
    let mut field = None;
    let mut step = at;
    while code.is(step + 1, ".") && code.ident(step + 2).is_some() && code.is(step + 3, ".") {
        step += 2;
        field = code.ident(step);
    }
    let definitions = match field {
        Some(field) => view.fields(field),
        None => view.in_blocks(name, at),
    };
    let below = |mut outer: Stand, own: &str| {
        outer.prefix = http_paths::join(&outer.prefix, own);
        if outer.prefix == "/" {
            outer.prefix.clear();
        }
        outer
    };
    // `mux = users.Routes(mux, service)` leaves the router where it stands.
    let handed = |definition: &&&Definition<'_>| {
        let given = passed_on(view, &definition.value);
        !given.iter().any(|range| code.is(range.start, name))
    };
    let Some(definition) = definitions.iter().rev().find(handed) else {
        // What this file neither declares nor imports is a variable of the package.
        let global = field.is_none() && view.alias(name).is_none();
        return Stand {
            prefix: own,
            router: global.then(|| name.to_owned()),
            ..Stand::default()
        };
    };
    if definition.param {
        let mut outer = parameter(view, definition.scope, name, depth).unwrap_or_else(|| Stand {
            router: go_router_places::of_parameter(
                view,
                definition.scope,
                name,
                named_scope(view, definition.scope),
            ),
            ..Stand::default()
        });
        if let Some(prefix) = stripped(view, name, definition.scope, depth) {
            outer.prefix = prefix;
        }
        return below(outer, &own);
    }
    let mut start = definition.value.start;
    while matches!(code.raw(start), "&" | "*") {
        start += 1;
    }
    // `h := &Handler{Router: mux.NewRouter()}`: a type of the program that is a router.
    let literal = code.ident(start).is_some() && code.is(start + 1, "{")
        || code.is(start, "new") && code.is(start + 1, "(");
    if definition.value.is_empty() || literal || start >= at && field.is_none() {
        let global = || (definition.scope.is_none() && field.is_none()).then(|| name.to_owned());
        return Stand {
            prefix: own,
            router: named_scope(view, definition.scope).or_else(global),
            ..Stand::default()
        };
    }
    // `api := users.Routes(router.Group("/api"), service)` stands where that does which it is given.
    let given = passed_on(view, &definition.value).into_iter();
    let given = given
        .map(|range| range.start)
        .find(|&at| is_router(view, at));
    // `r := NewRouter(engine.Group("/api"))` stands where the group does that it is made of.
    let wrapped = go_wrappers::wrapped(view, &definition.value).map(|range| range.start);
    let mut outer = stand(view, wrapped.or(given).unwrap_or(start), depth + 1);
    if outer.router.is_none() {
        outer.router = named_scope(view, definition.scope);
    }
    if let Some(made) = mounted_here(view, definition, depth) {
        outer = below(made, &outer.prefix);
    } else if let Some(made) = mounted(view, definition.scope, definition.value.start, depth) {
        outer = below(made, &outer.prefix);
    }
    // `mux.Handle("/api/", http.StripPrefix("/api", api))`
    if field.is_none()
        && let Some(prefix) = stripped(view, name, None, depth)
    {
        let prefix = http_paths::join(&prefix, &outer.prefix);
        outer.prefix = if prefix == "/" { String::new() } else { prefix };
    }
    below(outer, &own)
}

/// What a function of the program is given that makes a value; nothing where a framework makes it.
fn passed_on(view: &CodeView<'_, '_>, value: &Range<usize>) -> Vec<Range<usize>> {
    let code = view.code;
    let call = value.clone().find(|&at| code.is(at, "("));
    let whole = call.filter(|&open| code.partner(open).map(|close| close + 1) == Some(value.end));
    let Some(open) = whole
        .filter(|&open| (value.start..open).all(|at| code.ident(at).is_some() || code.is(at, ".")))
    else {
        return Vec::new();
    };
    // `chi.NewRouter()`, and `router.Group("/x")` of a router.
    let name = code.dotted(value.start, open);
    let kind = view.canonical(&name, value.start).unwrap_or_default();
    let mut frameworks = FRAMEWORKS.iter();
    let framework = frameworks.any(|(known, ..)| is_below(&kind, known));
    match framework || is_router(view, value.start) {
        true => Vec::new(),
        false => code.arguments(open),
    }
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
            let given = code.arguments(at + 1);
            let alone = given.len() == 1;
            let argument = given.into_iter().next();
            let text = argument.and_then(|r| text_of(view, r));
            match code.raw(at) {
                "PathPrefix" | "Path" => pending = text.unwrap_or_default(),
                "Subrouter" => prefix = http_paths::join(&prefix, &std::mem::take(&mut pending)),
                "Group" | "Party" | "Combo" => {
                    prefix = http_paths::join(&prefix, &text.unwrap_or_default());
                }
                // `server.Route("/v1")` of Kratos makes a group; that of others takes a function too.
                "Route" if alone => prefix = http_paths::join(&prefix, &text.unwrap_or_default()),
                // `router.Mount("/api")` of routegroup makes a group; that of chi takes a router too.
                "Mount" if alone => prefix = http_paths::join(&prefix, &text.unwrap_or_default()),
                name => match go_wrappers::prefix_of(view, name) {
                    Some(Prefix::Given(place)) => {
                        let own = view.argument(at + 1, place);
                        let unread = || UNREAD.to_owned();
                        let own = own.map(|r| text_of(view, r).unwrap_or_else(unread));
                        prefix = http_paths::join(&prefix, &own.unwrap_or_default());
                    }
                    Some(Prefix::Own(range)) => {
                        let own = text_of(view, range).unwrap_or_default();
                        prefix = http_paths::join(&prefix, &own);
                    }
                    None if go_own_routers::is_grouping(name)
                        && go_own_routers::type_of(view, from).is_some() =>
                    {
                        prefix = http_paths::join(&prefix, &text.unwrap_or_default());
                    }
                    None => {}
                },
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

/// The path that an argument gives: `…` where only other code knows it, none where it is no path.
fn text_of(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    if code.is(range.start, "func") {
        return None;
    }
    match go_paths::written(view, &range) {
        Written::Path(text) => {
            // `r.Group(".well-known")`
            let plain = |t: &String| is_path(t.strip_prefix('.').unwrap_or(t));
            Some(text).filter(|t| plain(t) || t.starts_with(UNREAD))
        }
        Written::Unread => Some(UNREAD.to_owned()),
        // `conf.Uri(config.Base)`: what a function of the program makes of it.
        Written::Other => code.is(range.end - 1, ")").then(|| UNREAD.to_owned()),
    }
}

/// Where a router stands that is a parameter: of a function literal given to `Route` or `Group`,
/// or of a function that is called once in this file.
fn parameter(
    view: &CodeView<'_, '_>,
    scope: Option<usize>,
    name: &str,
    depth: u8,
) -> Option<Stand> {
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
        if !matches!(last, "Route" | "Group" | "PartyFunc") {
            return None;
        }
        let own = view.argument(around, 0).and_then(|r| below(view, r));
        let own = own.unwrap_or_default();
        let mut outer = stand(view, call.first, depth + 1);
        outer.prefix = http_paths::join(&outer.prefix, &own);
        return Some(outer);
    }
    let place = code
        .arguments(open)
        .iter()
        .position(|r| code.is(r.start, name))?;
    let [caller] = view.calls_of(function.name) else {
        return None;
    };
    // A method of the same name is called on something else.
    if function.body.contains(&caller.open) {
        return None;
    }
    let given = code.arguments(caller.open).into_iter().nth(place)?;
    let outer = stand(view, given.start, depth + 1);
    outer.router.is_some().then_some(outer)
}

/// The path that `Route` and `Group` are given for the routes inside.
fn below(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    if view.code.is(range.start, "func") {
        return None;
    }
    if let Some(text) = go_helpers::open_path(view, &range) {
        return Some(text);
    }
    match go_paths::written(view, &range) {
        Written::Path(text) => Some(text).filter(|t| t.starts_with(['/', '{', '…'])),
        Written::Unread => Some(UNREAD.to_owned()),
        Written::Other => None,
    }
}

/// Where the router that a variable of the same function holds is mounted: `r.Mount("/x", api)`, and of
/// fiber `app.Use("/x", api)`.
fn mounted_here(view: &CodeView<'_, '_>, made: &Definition<'_>, depth: u8) -> Option<Stand> {
    let code = view.code;
    let calls = view.calls_of("Mount").iter().chain(view.calls_of("Use"));
    for &mount in calls {
        let arguments = code.arguments(mount.open);
        let [path, router] = arguments.as_slice() else {
            continue;
        };
        if router.len() != 1
            || !code.is(router.start, made.name)
            || code.is(mount.first, made.name)
            || code.function_at(mount.open) != made.scope
            || made.scope.is_none()
        {
            continue;
        }
        let own = text_of(view, path.clone())?;
        let mut outer = stand(view, mount.first, depth + 1);
        outer.prefix = http_paths::join(&outer.prefix, &own);
        return Some(outer);
    }
    None
}

/// Where the router that a function makes is mounted in this file: `r.Mount("/x", f())`.
fn mounted(view: &CodeView<'_, '_>, scope: Option<usize>, at: usize, depth: u8) -> Option<Stand> {
    let code = view.code;
    let function = code.functions().get(scope?)?;
    if function.name.is_empty() || !code.text.contains("Mount(") || at < function.body.start {
        return None;
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
            let own = text_of(view, path.clone()).unwrap_or_default();
            let mut outer = stand(view, mount.first, depth + 1);
            outer.prefix = http_paths::join(&outer.prefix, &own);
            return Some(outer);
        }
    }
    None
}

/// What a call names, as other files know it: `github.com/acme/shop/users.Routes`, `.routes` of the
/// same package, `?.Routes` of an object whose type is not known.
pub(super) fn target(view: &CodeView<'_, '_>, first: usize, open: usize) -> Option<String> {
    let code = view.code;
    let name = code.dotted(first, open);
    if name.contains('(') {
        return of_made(view, first, open);
    }
    if name.is_empty() {
        return None;
    }
    let Some((receiver, method)) = name.rsplit_once('.') else {
        return Some(format!(".{name}"));
    };
    if view.visible(receiver, first).is_empty()
        && let Some(module) = view.alias(receiver)
    {
        return Some(format!("{module}.{method}"));
    }
    let kind = view
        .canonical(receiver, first)
        .filter(|k| k.contains('/') && k.rsplit('/').next().is_some_and(|l| l.contains('.')));
    Some(match kind {
        Some(kind) => format!("{kind}.{method}"),
        None => go_router_places::of_field(receiver, method),
    })
}

/// The method of a value that is made in place: `users.Resource{}.Routes`.
fn of_literal(view: &CodeView<'_, '_>, first: usize, open: usize, method: usize) -> Option<String> {
    let method = view.code.ident(method)?;
    let kind = view.code.dotted(first, open);
    Some(match kind.split_once('.') {
        Some((package, kind)) => format!("{}.{kind}.{method}", view.alias(package)?),
        None => format!(".{kind}.{method}"),
    })
}

/// The method of what a function of another package has just made: `users.New(db).Routes`.
fn of_made(view: &CodeView<'_, '_>, first: usize, open: usize) -> Option<String> {
    let code = view.code;
    let made = (first..open).find(|&at| code.is(at, "("))?;
    let close = code.partner(made).filter(|c| code.is(c + 1, "."))?;
    let method = code.ident(close + 2).filter(|_| close + 3 == open)?;
    let name = code.dotted(first, made);
    let (package, maker) = name.split_once('.')?;
    let module = view.alias(package)?;
    let known = view.visible(package, first).is_empty() && !maker.contains('.');
    known.then(|| format!("{module}.{maker}.{method}"))
}

/// What the handler of a path that ends with a slash may mount. `None` if it is a router of this
/// file: then the path is no operation.
pub(super) fn behind(
    view: &CodeView<'_, '_>,
    given: &Range<usize>,
    place: &Stand,
    raw: &str,
) -> Option<Vec<Mount>> {
    let code = view.code;
    let mut all = Vec::new();
    let mut open: Vec<Range<usize>> = vec![given.clone()];
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let stripped = given.clone().any(|at| code.is(at, "StripPrefix"));
    while let Some(range) = open.pop() {
        if !seen.insert(range.start) || seen.len() > 12 {
            continue;
        }
        for at in range.clone() {
            let Some(word) = code.ident(at) else {
                continue;
            };
            let part = at > range.start && code.is(at - 1, ".");
            if matches!(word, "NewServeMux" | "NewRouter") && code.is(at + 1, "(") && part {
                return None;
            }
            if part || word == "func" {
                continue;
            }
            let mut end = at + 1;
            while code.is(end, ".") && code.ident(end + 1).is_some() {
                end += 2;
            }
            // `usersResource{}.Routes()`
            let made = (code.is(end, "{"))
                .then(|| code.partner(end))
                .flatten()
                .filter(|&close| code.is(close + 1, ".") && code.is(close + 3, "("));
            let found = match made {
                Some(close) if close + 3 < range.end => of_literal(view, at, end, close + 2),
                _ if code.is(end, "(") && end < range.end => target(view, at, end),
                _ => None,
            };
            if let Some(target) = found
                && !target.starts_with("net/http.")
            {
                let prefix = if stripped { raw } else { "" };
                let prefix = http_paths::join(&place.prefix, prefix);
                all.push(Mount {
                    router: place.router.clone(),
                    prefix: http_paths::prefix(&prefix),
                    target,
                    ..Mount::default()
                });
            } else if end == at + 1 && made.is_none() {
                let known = view.visible(word, at);
                // `http.StripPrefix("/api", api)` of a mux that the function is given.
                let alone = matches!(code.raw(at + 1), "," | ")") && !code.is(range.start, "func");
                if alone && known.last().is_some_and(|d| d.param) && is_router(view, at) {
                    return None;
                }
                let variable = known.into_iter().filter(|d| !d.param);
                open.extend(variable.map(|d| d.value.clone()).filter(|v| !v.is_empty()));
            }
        }
    }
    Some(all)
}

/// Whether what stands at `at` is a router or group of a framework.
pub(super) fn is_router(view: &CodeView<'_, '_>, at: usize) -> bool {
    is_known(view, at) || go_own_routers::type_of(view, at).is_some()
}

fn is_known(view: &CodeView<'_, '_>, at: usize) -> bool {
    let Some(name) = view.code.ident(at) else {
        return false;
    };
    let made = || go_own_routers::of_framework(view, at);
    let Some(kind) = view.canonical(name, at).or_else(made) else {
        return is_subrouter(view, name, at);
    };
    let last = kind.rsplit('.').next().unwrap_or_default();
    if matches!(
        last,
        "Context" | "Ctx" | "Request" | "ResponseWriter" | "HandlerFunc"
    ) {
        return false;
    }
    match FRAMEWORKS
        .iter()
        .find(|(module, ..)| is_below(&kind, module))
    {
        Some(("net/http", ..)) => matches!(last, "NewServeMux" | "ServeMux"),
        // A package is no router.
        Some(_) => kind.rsplit('/').next().is_some_and(|k| k.contains('.')) && last != "H",
        None => is_subrouter(view, name, at),
    }
}

/// Whether a variable has a part of a router that another file keeps:
/// `api := s.app.Router.PathPrefix("/api").Subrouter()`. No other type has a method of that name.
fn is_subrouter(view: &CodeView<'_, '_>, name: &str, at: usize) -> bool {
    let code = view.code;
    view.visible(name, at).last().is_some_and(|d| {
        let end = d.value.end;
        let made = end > d.value.start + 4 && code.is(end - 1, ")") && code.is(end - 2, "(");
        !d.param && made && code.is(end - 3, "Subrouter") && code.is(end - 4, ".")
    })
}

/// Adds the functions that get a router from others, and those of other files that get one here.
pub(super) fn add(acc: &mut FileFacts, view: &CodeView<'_, '_>, found: &[(Call, Endpoint)]) {
    let code = view.code;
    makers(acc, view);
    let framework = FRAMEWORKS
        .iter()
        .any(|(module, ..)| *module != "net/http" && view.imports_any(&[module]));
    let own = ["Router", "Mux", "RouteGroup"]
        .iter()
        .any(|word| code.text.contains(word));
    let hands = code.text.contains(").ServeHTTP(");
    if !framework && !own && !hands {
        return;
    }
    let mut mounts: Vec<(u32, Mount)> = Vec::new();
    for (last, calls) in view.calls() {
        if go_router_places::is_route(last) {
            continue;
        }
        for &call in calls.iter().filter(|c| code.is(c.open, "(")) {
            if last == "StripPrefix" {
                handed_on(view, call, &mut mounts);
            } else if last == "Mount" {
                mount(view, call, &mut mounts);
            } else if last.starts_with("Mount") || last.starts_with("mount") {
                mounted_by_helper(view, call, &mut mounts);
                given(view, call, &mut mounts);
            } else {
                given(view, call, &mut mounts);
            }
        }
    }
    mounts.sort_by(|a, b| (a.0, &a.1.target).cmp(&(b.0, &b.1.target)));
    mounts.dedup();
    let mut partial: BTreeSet<String> = BTreeSet::new();
    for (_, endpoint) in found {
        partial.extend(endpoint.router.clone());
    }
    for (_, mount) in &mounts {
        partial.extend(mount.router.clone());
    }
    for (_, mount) in &mut mounts {
        mount.prefix = go_helpers::closed(&mount.prefix);
    }
    for function in code.functions().iter().filter(|f| !f.name.is_empty()) {
        let Some(open) = function.params else {
            continue;
        };
        let names = go_router_places::names(&partial, &name_of(view, function));
        if !names.is_empty() && (takes_group(view, open) || go_own_routers::lends(view, function)) {
            let line = code.line(function.at);
            for name in names {
                let router = Router {
                    name,
                    ..Router::default()
                };
                acc.add(view.file, line, line, Claim::Router(router));
            }
        }
    }
    globals(acc, view, &partial);
    go_router_places::lists(acc, view);
    go_own_routers::add(acc, view, &partial);
    for (line, mount) in mounts {
        for prefix in http_paths::rounds(&mount.prefix) {
            let mount = Mount {
                prefix,
                ..mount.clone()
            };
            acc.add(view.file, line, line, Claim::Mount(mount));
        }
    }
}

/// Whether the parameters of a function hold a group of routes, which stands where its caller says.
pub(super) fn takes_group(view: &CodeView<'_, '_>, open: usize) -> bool {
    names_group(view, open..view.code.partner(open).unwrap_or(open))
}

/// Whether the type of a group of routes stands among tokens.
fn names_group(view: &CodeView<'_, '_>, mut tokens: Range<usize>) -> bool {
    let code = view.code;
    let of = |at: usize| code.raw(at.saturating_sub(2));
    tokens.any(|at| match code.raw(at) {
        "RouterGroup" | "IRouter" | "IRoutes" => true,
        "Group" => of(at) == "echo",
        "Router" => matches!(of(at), "chi" | "fiber"),
        "Bundle" => of(at) == "routegroup",
        "WebService" => of(at) == "restful",
        _ => false,
    })
}

/// Variables of the package that hold a router: which this file declares without a value, and what
/// it gives them, for the other files of the package.
fn globals(acc: &mut FileFacts, view: &CodeView<'_, '_>, partial: &BTreeSet<String>) {
    let code = view.code;
    for definition in code.definitions() {
        if definition.field || definition.param {
            continue;
        }
        let name = definition.name;
        let line = code.line(definition.at);
        if definition.value.is_empty() {
            let group = names_group(view, definition.kind.clone());
            if definition.scope.is_none() && group && partial.contains(name) {
                let router = Router {
                    name: name.to_owned(),
                    prefix: String::new(),
                    ..Router::default()
                };
                acc.add(view.file, line, line, Claim::Router(router));
            }
            continue;
        }
        // `Routes = engine.Group("/api")` in a function gives it to the package; `:=` does not.
        let assigned = code.is(definition.at + 1, "=");
        let declared = definition.at > 0 && code.is(definition.at - 1, "var");
        let outer = match definition.scope {
            None => true,
            Some(_) => assigned && !declared,
        };
        if !outer || !is_router(view, definition.value.start) {
            continue;
        }
        let place = stand(view, definition.value.start, 0);
        let mount = Mount {
            router: place.router.filter(|router| router != name),
            prefix: http_paths::from_unread(http_paths::prefix(&place.prefix)),
            target: format!("${name}"),
            ..Mount::default()
        };
        acc.add(view.file, line, line, Claim::Mount(mount));
    }
}

/// `r.Mount("/x", users.Routes())`
fn mount(view: &CodeView<'_, '_>, call: Call, mounts: &mut Vec<(u32, Mount)>) {
    let arguments = view.code.arguments(call.open);
    let [path, router] = arguments.as_slice() else {
        return;
    };
    let Some(own) = text_of(view, path.clone()) else {
        return;
    };
    if !is_router(view, call.first) && !view.imports_any(&["github.com/go-chi/chi"]) {
        return;
    }
    let place = stand(view, call.first, 0);
    let place = Stand {
        prefix: String::new(),
        ..place
    };
    let outer = stand(view, call.first, 0).prefix;
    let whole = http_paths::prefix(&http_paths::join(&outer, &own));
    for mut mount in behind(view, router, &place, "").unwrap_or_default() {
        mount.prefix.clone_from(&whole);
        mounts.push((call.line, mount));
    }
}

/// `users.Register(v1, service)`
fn given(view: &CodeView<'_, '_>, call: Call, mounts: &mut Vec<(u32, Mount)>) {
    let code = view.code;
    let mut handed = false;
    for (place_of, argument) in code.arguments(call.open).into_iter().enumerate().take(6) {
        let mut at = argument.start;
        if code.is(at, "&") {
            at += 1;
        }
        let single = argument.end == at + 1;
        let group = !single
            && code.ident(at).is_some()
            && (at..argument.end).any(|i| {
                matches!(code.raw(i), "Group" | "Subrouter" | "With" | "Route")
                    && code.is(i + 1, "(")
            });
        let bound = bound(view, &argument);
        let made = made_by(view, &argument).or_else(|| Some(stand(view, bound?, 0)));
        if made.is_none() && (!(single || group) || !is_router(view, at)) {
            continue;
        }
        let Some(target) = target(view, call.first, call.open) else {
            continue;
        };
        let looped = of_loop(view, call);
        let listed = looped.and_then(|method| go_router_places::methods(view, call, method));
        let target = match looped {
            Some(method) => format!(".*.{method}"),
            None => target,
        };
        let foreign = FRAMEWORKS
            .iter()
            .any(|(module, ..)| is_below(&target, module));
        if foreign {
            continue;
        }
        let place = made.unwrap_or_else(|| stand(view, at, 0));
        let all = match listed {
            Some(all) => all.into_iter().chain([target]).collect(),
            None => go_router_places::looped(view, call).unwrap_or_else(|| vec![target]),
        };
        for target in all {
            // A function that is given several routers has each where its caller says.
            let target = match handed {
                true => go_router_places::at_place(&target, place_of),
                false => target,
            };
            mounts.push((
                call.line,
                Mount {
                    router: place.router.clone(),
                    prefix: http_paths::prefix(&place.prefix),
                    target,
                    ..Mount::default()
                },
            ));
        }
        handed |= is_known(view, at);
    }
}

/// The method that each thing of a loop has: `for _, h := range handlers { h.Register(group) }`.
fn of_loop<'t>(view: &CodeView<'t, '_>, call: Call) -> Option<&'t str> {
    let code = view.code;
    let method = code.ident(call.open.checked_sub(1)?)?;
    let name = code
        .ident(call.first)
        .filter(|_| call.open == call.first + 3)?;
    let mut ranged = go_paths::ranged(code, name, call.first);
    ranged.next().is_some().then_some(method)
}

/// The router whose method that adds routes is given instead of itself: `api.Handle`, and a variable that
/// holds it.
fn bound(view: &CodeView<'_, '_>, given: &Range<usize>) -> Option<usize> {
    let code = view.code;
    let method = |value: &Range<usize>| {
        let plain = |at: usize| code.ident(at).is_some() || code.is(at, ".");
        let named = value.len() >= 3 && value.clone().all(plain);
        let adds = named && code.is(value.end - 1, "Handle");
        (adds && is_router(view, value.start)).then_some(value.start)
    };
    if given.len() > 1 {
        return method(given);
    }
    let known = view.visible(code.ident(given.start)?, given.start);
    method(&known.last().filter(|d| !d.param)?.value)
}

/// Where the router stands that a function of this file gives: `s.Router()` of
/// `func (s *Server) Router() *mux.Router { return mux.NewRouter().PathPrefix("/api").Subrouter() }`.
fn made_by(view: &CodeView<'_, '_>, argument: &Range<usize>) -> Option<Stand> {
    let code = view.code;
    let close = argument.end.checked_sub(1)?;
    let open = code.partner(close).filter(|&open| open + 1 == close)?;
    let named = argument.start..open;
    if !code.is(close, ")")
        || named.len() > 3
        || !named
            .clone()
            .all(|at| code.ident(at).is_some() || code.is(at, "."))
    {
        return None;
    }
    let function = view.function(code.ident(open.checked_sub(1)?)?)?;
    let given = code.partner(function.params?)? + 1..function.body.start;
    let framework = |at: usize| {
        let module = code.ident(at).and_then(|name| view.alias(name));
        module.is_some_and(|m| {
            let mut all = FRAMEWORKS.iter().filter(|(known, ..)| *known != "net/http");
            all.any(|(known, ..)| is_below(m, known))
        })
    };
    if !given.clone().any(framework) {
        return None;
    }
    let returned = |at: &usize| code.is(*at, "return");
    let mut values = function.body.clone().filter(returned).map(|at| at + 1);
    let value = values.find(|&at| framework(at) || is_router(view, at))?;
    Some(stand(view, value, 0))
}

/// `app.MountRouter("Admin API", paths.Admin, CreateAdminRouter())`: a helper of the program that mounts what
/// the last argument makes.
fn mounted_by_helper(view: &CodeView<'_, '_>, call: Call, mounts: &mut Vec<(u32, Mount)>) {
    let code = view.code;
    let arguments = code.arguments(call.open);
    let Some((router, before)) = arguments.split_last() else {
        return;
    };
    let path = before.iter().find_map(|range| {
        let named = constant_of(view, range).is_some() || range.clone().any(|at| code.is(at, "+"));
        let text = view.fold(range.clone()).filter(|t| t.starts_with('/'));
        text.or_else(|| match go_paths::written(view, range) {
            Written::Path(text) if named => Some(text),
            _ => None,
        })
    });
    let open = router.clone().find(|&at| code.is(at, "("));
    let made = open.filter(|&open| code.partner(open).map(|close| close + 1) == Some(router.end));
    let (Some(path), Some(open)) = (path, made) else {
        return;
    };
    if let Some(target) = target(view, router.start, open) {
        mounts.push((
            call.line,
            Mount {
                prefix: http_paths::prefix(&path),
                target,
                ..Mount::default()
            },
        ));
    }
}

/// Functions that give away a router which a function of another package, or a method of what they
/// make, has made: `CreateAdminRouter` returns `admin.New(store)`, and `New` keeps what `routes` gives.
fn makers(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for function in code.functions() {
        let speaks = ["Router", "Handler", "API", "Routes"]
            .iter()
            .any(|word| function.name.ends_with(word));
        let plain = function.name.starts_with("New");
        if function.class || !(speaks || plain) || code.is(function.at.saturating_sub(1), ")") {
            continue;
        }
        let body = function.body.clone();
        let mut targets: BTreeSet<(u32, String)> = BTreeSet::new();
        // `func CreateAdminRouter() *admin.Router { panic(wire.Build(providers)) }`: what Wire writes for it
        // calls a constructor of the type.
        let injects = (body.clone())
            .any(|at| code.is(at, "wire") && code.is(at + 1, ".") && code.is(at + 2, "Build"));
        let close = function.params.and_then(|open| code.partner(open));
        if let Some(close) = close.filter(|_| injects && speaks) {
            let at = close + 1 + usize::from(code.is(close + 1, "*"));
            let package = code.ident(at).and_then(|name| view.alias(name));
            if let (Some(package), Some(kind)) = (package, code.ident(at + 2)) {
                for maker in ["New".to_owned(), format!("New{kind}")] {
                    targets.insert((code.line(at), format!("{package}.{maker}")));
                }
            }
        }
        for at in body.clone() {
            // `return router`, `return admin.New(store)`
            if speaks && code.is(at, "return") {
                let first = at + 1;
                let made = match code.is(first + 1, ".") {
                    true => Some(first),
                    false => code.ident(first).and_then(|name| {
                        let all = view.visible(name, first);
                        all.last()
                            .filter(|d| !d.param && !d.value.is_empty())
                            .map(|d| d.value.start)
                    }),
                };
                let Some(first) = made else { continue };
                let open = first + 3;
                let package = code.ident(first).and_then(|name| view.alias(name));
                let maker = code.ident(first + 2).filter(|n| n.starts_with("New"));
                if let (Some(package), Some(maker)) = (package, maker)
                    && code.is(first + 1, ".")
                    && code.is(open, "(")
                {
                    targets.insert((code.line(first), format!("{package}.{maker}")));
                }
            }
            // `r.Handler = r.routes()`
            let field = code
                .ident(at)
                .is_some_and(|n| matches!(n, "Handler" | "Router" | "handler" | "router" | "mux"));
            if plain
                && field
                && code.is(at - 1, ".")
                && code.is(at + 1, "=")
                && code.is(at + 3, ".")
                && code.is(at + 5, "(")
                && let Some(method) = code.ident(at + 4)
                && view.function(method).is_some()
                && view
                    .visible(code.raw(at + 2), at)
                    .iter()
                    .any(|d| d.scope.is_some())
            {
                targets.insert((code.line(at), format!(".{method}")));
            }
        }
        let foreign = |target: &str| {
            let known = FRAMEWORKS
                .iter()
                .any(|(module, ..)| is_below(target, module));
            known
                || target
                    .rsplit('/')
                    .next()
                    .is_some_and(|last| last.starts_with("huma"))
        };
        for (line, target) in targets.into_iter().filter(|(_, target)| !foreign(target)) {
            let mount = Mount {
                router: Some(function.name.to_owned()),
                target,
                ..Mount::default()
            };
            acc.add(view.file, line, line, Claim::Mount(mount));
        }
    }
}
