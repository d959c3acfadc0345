//! Go: routes that a helper of the program adds, with a path that its callers give.

use super::go_http::{handler_name, open_handler};
use super::go_own_routers;
use super::go_routers::{is_router, name_of, stand};
use super::go_wrappers;
use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::facts::Endpoint;
use crate::http_paths;
use groundplan_syntax::{Call, Function};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Begins the name of a parameter of a helper in a path, until [`CLOSE`].
pub(super) const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';

/// Helpers of helpers at most.
const DEEPEST: u8 = 5;

/// Calls of helpers that are followed in one file, at most: helpers of helpers multiply.
const MOST: usize = 2000;

/// The position of a parameter of the named function around.
fn position(view: &CodeView<'_, '_>, name: &str, at: usize) -> Option<usize> {
    let scope = view.parameter_of(name, at)?;
    let function = view.code.functions().get(scope)?;
    place_of(view, function, name)
}

fn place_of(view: &CodeView<'_, '_>, function: &Function<'_>, name: &str) -> Option<usize> {
    let given = view.code.arguments(function.params?);
    let place = given.iter().position(|r| view.code.is(r.start, name))?;
    // `paths ...string` are many, whose loop gives each another name.
    let many = given.get(place)?.clone().any(|at| view.code.is(at, "..."));
    let called = !function.name.is_empty() || variable(view, function).is_some();
    (called && !many).then_some(place)
}

/// The variable that holds a helper without a name: `handle := func(path string, h http.Handler) {`.
fn variable<'t>(view: &CodeView<'_, 't>, function: &Function<'_>) -> Option<&'t str> {
    let code = view.code;
    let open = function.params.filter(|&open| open > 4)?;
    let sign = open - 2;
    let made = code.is(sign, "=");
    let at = sign - 1 - usize::from(code.is(sign - 1, ":"));
    // A field of something may be called from anywhere.
    let field = matches!(code.raw(at - 1), "." | ",");
    code.ident(at)
        .filter(|_| made && code.is(open - 1, "func") && !field)
}

/// The calls of a helper: of one that a variable holds those of the function around it, behind it.
fn callers(view: &CodeView<'_, '_>, function: &Function<'_>, label: &str) -> Vec<Call> {
    let all = view.calls_of(label).iter().copied();
    if !function.name.is_empty() {
        return all.collect();
    }
    let around = function.parent.and_then(|at| view.code.functions().get(at));
    let Some(around) = around else {
        return Vec::new();
    };
    let ends = around.body.end;
    // The same name is another function from where it is made anew.
    let other = (function.body.end..ends).find(|&at| {
        let set = (at + 1..at + 3).find(|&sign| view.code.is(sign, "="));
        view.code.is(at, label) && set.is_some_and(|sign| view.code.is(sign + 1, "func"))
    });
    let behind = function.body.end..other.unwrap_or(ends);
    all.filter(|call| call.first + 1 == call.open && behind.contains(&call.open))
        .collect()
}

/// The helper whose parameter a path has first.
fn helper<'v>(view: &'v CodeView<'_, '_>, open: &Open) -> Option<&'v Function<'v>> {
    let after = open.endpoint.path.split_once(OPEN).map(|(_, after)| after);
    let name = after
        .and_then(|after| after.split_once(CLOSE))
        .map(|(name, _)| name);
    let held = name.and_then(|name| view.parameter_of(name, open.call.open));
    let held = held.and_then(|at| view.code.functions().get(at));
    held.filter(|f| f.name.is_empty() && variable(view, f).is_some())
        .or_else(|| named(view, open.call.open))
}

/// The path that an argument gives where a parameter of the function around is part of it: `path`,
/// `"/" + path + ".view"`.
pub(super) fn open_path(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let mut text = String::new();
    let mut open = false;
    let mut at = range.start;
    while at < range.end {
        if let Some(part) = code.string(at) {
            text.push_str(part);
        } else {
            let name = code.ident(at)?;
            if position(view, name, at).is_some() {
                open = true;
                text.push(OPEN);
                text.push_str(name);
                text.push(CLOSE);
            } else {
                text.push_str(&view.constant(at..at + 1)?);
            }
        }
        at += 1;
        if at < range.end {
            if !code.is(at, "+") || at + 1 == range.end {
                return None;
            }
            at += 1;
        }
    }
    open.then_some(text)
}

/// A prefix without parameters of helpers, which only their callers know: the base of the deployment is none,
/// anything else was not read.
pub(super) fn closed(prefix: &str) -> String {
    let mut out = String::new();
    let mut rest = prefix;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, behind) = after.split_once(CLOSE).unwrap_or((after, ""));
        out.push_str(before);
        match http_paths::is_base(name) && out.trim_matches('/').is_empty() {
            true => out = http_paths::open_base(name),
            false => out.push_str(http_paths::UNREAD),
        }
        rest = behind;
    }
    out.push_str(rest);
    match out == prefix {
        true => out,
        false => http_paths::from_unread(http_paths::prefix(&out)),
    }
}

/// Whether a part of a path is made by a call or a variable: `"/" + service.Name() + "/auth"`.
pub(super) fn is_computed(view: &CodeView<'_, '_>, range: &Range<usize>, raw: &str) -> bool {
    let code = view.code;
    if !raw.contains('{') || !range.clone().any(|at| code.is(at, "+")) {
        return false;
    }
    raw.split('{').skip(1).any(|part| {
        let name = part.split('}').next().unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or(name);
        range.clone().any(|at| {
            code.string(at).is_none()
                && code.is(at, last)
                && (code.is(at + 1, "(")
                    || view.visible(last, at).iter().any(|d| d.scope.is_some()))
        })
    })
}

/// All routes, those of helpers once for each caller; where no caller of the file gives the path, a
/// route that was not read.
pub(super) fn expanded(
    view: &CodeView<'_, '_>,
    found: Vec<(Call, Endpoint)>,
) -> Vec<(Call, Endpoint)> {
    let mut all = Vec::new();
    let mut left = MOST;
    let mut changed = false;
    // Calls that are routes as they stand: `r.GET("/orders", list)` of a router of the program's own is one, and
    // what its method `GET` does with it is no second one.
    let mut direct = Direct::default();
    for (call, endpoint) in &found {
        if endpoint.path.trim_matches('/') != http_paths::UNREAD {
            direct.known.insert(call.open);
        }
    }
    for (call, endpoint) in found {
        if !endpoint.path.contains(OPEN) {
            all.push((call, endpoint));
            continue;
        }
        changed = true;
        let framework = endpoint.framework.clone();
        let open = Open {
            call,
            endpoint,
            conditions: conditions(view, call.open),
        };
        let read = expand(view, &open, 0, &mut left, &mut all, &mut direct);
        // A method of a router that is called after a method of HTTP is a definition: its callers stand elsewhere.
        let defines = || {
            let method = named(view, call.open).map_or("", |function| function.name);
            let upper = method.to_ascii_uppercase();
            (METHODS.contains(&upper.as_str()) || matches!(&*upper, "ANY" | "ALL"))
                && go_own_routers::is_method(view, call.open)
        };
        if !read && !defines() {
            all.push((call, http_paths::unread(&framework)));
        }
    }
    for (call, endpoint) in &mut all {
        direct.told(view, *call, endpoint);
    }
    if changed {
        all.sort_by_key(|(call, _)| call.open);
    }
    all
}

/// Calls that are read as routes where they stand, by their brackets.
#[derive(Default)]
struct Direct {
    known: BTreeSet<usize>,
    /// What answers of those whose parameters a method of this file shows.
    handlers: BTreeMap<usize, Option<String>>,
    /// What the method makes of the path that it is given.
    paths: BTreeMap<usize, (String, String)>,
}

impl Direct {
    /// Keeps what a method of this file shows of a call of it.
    fn add(
        &mut self,
        view: &CodeView<'_, '_>,
        (open, depth): (&Open, u8),
        function: &Function<'_>,
        caller: Call,
    ) {
        let given = view.code.arguments(caller.open);
        if let Some(range) = go_wrappers::answering(view, function, open.call.open, &given) {
            let handler = open_handler(view, &range);
            self.handlers.insert(caller.open, handler);
        }
        let argument = |name: &str| given.get(place_of(view, function, name)?).cloned();
        let own = own_path(view, open.call.open);
        let path = own
            .as_ref()
            .filter(|_| depth == 0)
            .unwrap_or(&open.endpoint.path);
        let bare =
            (path.find(OPEN).zip(path.find(CLOSE))).and_then(|(from, to)| path.get(from..=to));
        let bare = bare.and_then(|bare| filled(view, bare, &argument));
        if let (Some(bare), Some(whole)) = (bare, filled(view, path, &argument)) {
            let (bare, whole) = (http_paths::template(&bare), http_paths::template(&whole));
            if bare != whole && !whole.contains([OPEN, ' ']) {
                self.paths.insert(caller.open, (bare, whole));
            }
        }
    }

    /// Puts what was kept into the route of a call.
    fn told(&self, view: &CodeView<'_, '_>, call: Call, endpoint: &mut Endpoint) {
        if let Some(handler) = self.handlers.get(&call.open) {
            endpoint.handler.clone_from(handler);
            endpoint.summary = handler.as_deref().and_then(|h| view.summary(h));
        }
        if let Some((bare, whole)) = self.paths.get(&call.open)
            && let Some(outer) = endpoint.path.strip_suffix(bare.as_str())
        {
            endpoint.path = http_paths::join(outer, whole);
        }
    }
}

/// A route of a helper as one of its callers has it.
struct Open {
    call: Call,
    endpoint: Endpoint,
    /// Parameters without which the route is not added.
    conditions: Vec<String>,
}

/// Parameters that the blocks around a place ask for: `if writable {`.
fn conditions(view: &CodeView<'_, '_>, at: usize) -> Vec<String> {
    let code = view.code;
    let around = named(view, at).map_or(0, |function| function.body.start);
    let mut all = Vec::new();
    for open in around..at {
        if code.is(open, "{")
            && open >= 2
            && code.is(open - 2, "if")
            && code.partner(open).is_some_and(|close| close > at)
            && let Some(name) = code.ident(open - 1)
            && position(view, name, open - 1).is_some()
        {
            all.push(name.to_owned());
        }
    }
    all
}

/// The named function around a place.
pub(super) fn named<'v>(view: &'v CodeView<'_, '_>, at: usize) -> Option<&'v Function<'v>> {
    let all = view.code.functions();
    let mut function = all.get(view.code.function_at(at)?)?;
    while function.name.is_empty() {
        function = all.get(function.parent?)?;
    }
    Some(function)
}

/// Adds the route for each caller of its helper, as long as any of the calls to follow are left; false
/// where a caller was not read.
fn expand(
    view: &CodeView<'_, '_>,
    open: &Open,
    depth: u8,
    left: &mut usize,
    all: &mut Vec<(Call, Endpoint)>,
    direct: &mut Direct,
) -> bool {
    let code = view.code;
    let Some(function) = helper(view, open).filter(|_| depth < DEEPEST) else {
        return false;
    };
    let label = match function.name.is_empty() {
        true => variable(view, function),
        false => Some(function.name),
    };
    let Some(label) = label else {
        return false;
    };
    // What a variable holds adds its routes where the function around it does.
    let own = match function.name.is_empty() {
        true => None,
        false => Some(name_of(view, function)),
    };
    let owner = go_wrappers::owner(view, function);
    let on_owner = |caller: Call| {
        let kind = owner.as_deref();
        kind.is_some_and(|kind| go_wrappers::holds(view, caller.first, kind))
    };
    let callers = callers(view, function, label);
    let mut read = !callers.is_empty();
    for caller in callers {
        if direct.known.contains(&caller.open) {
            if on_owner(caller) {
                direct.add(view, (open, depth), function, caller);
            }
            continue;
        }
        if function.body.contains(&caller.open) || *left == 0 {
            read = false;
            continue;
        }
        *left -= 1;
        let given = code.arguments(caller.open);
        let argument = |name: &str| given.get(place_of(view, function, name)?).cloned();
        // `writable` is false here: the route is not added.
        let off = |name: &String| argument(name).is_some_and(|r| code.is(r.start, "false"));
        if open.conditions.iter().any(off) {
            continue;
        }
        let Some(path) = filled(view, &open.endpoint.path, &argument) else {
            read = false;
            continue;
        };
        let mut endpoint = open.endpoint.clone();
        let mut call = caller;
        endpoint.path = path;
        let router = given.iter().find(|r| is_router(view, r.start));
        if own.is_some() && endpoint.router == own {
            let place = match router {
                Some(router) => stand(view, router.start, 0),
                None => stand(view, caller.first, 0),
            };
            endpoint.path = http_paths::join(&place.prefix, &endpoint.path);
            endpoint.router = place.router;
        }
        // `v2.Public("/x", list)` of a group that a method of the program's own router made: where its field
        // stands, each value says itself.
        if depth == 0 && on_owner(caller) {
            let place = stand(view, caller.first, 0);
            let own = own_path(view, open.call.open);
            let own = own.and_then(|path| filled(view, &path, &argument));
            if let Some(own) = own.filter(|_| !place.prefix.is_empty()) {
                endpoint.path = http_paths::join(&place.prefix, &own);
                endpoint.router = place.router;
            }
        }
        if let Some(router) = router {
            call.first = router.start;
        }
        answered(view, (open, function), &given, &mut endpoint);
        if endpoint.path.contains(OPEN) {
            let mut conditions: Vec<String> = (open.conditions.iter())
                .filter_map(|name| argument(name))
                .filter(|r| r.len() == 1)
                .filter_map(|r| Some(code.ident(r.start)?.to_owned()))
                .collect();
            conditions.extend(self::conditions(view, caller.open));
            let next = Open {
                call,
                endpoint,
                conditions,
            };
            read &= expand(view, &next, depth + 1, left, all, direct);
        } else {
            // `mux.HandleFunc(method+" "+path, h)`
            let split = endpoint.path.trim_start_matches('/').split_once(' ');
            let split = split.map(|(method, path)| (method.to_owned(), path.to_owned()));
            if let Some((method, path)) = split.filter(|(m, _)| METHODS.contains(&m.as_str())) {
                endpoint.method = method;
                endpoint.path = path;
            }
            endpoint.path = http_paths::template(&endpoint.path);
            all.push((call, endpoint));
        }
    }
    read
}

/// The path that a call which adds a route is given, without where its router stands.
fn own_path(view: &CodeView<'_, '_>, route: usize) -> Option<String> {
    let given = view.code.arguments(route);
    given.iter().find_map(|range| open_path(view, range))
}

/// A path with what a caller gives for the parameters in it.
fn filled(
    view: &CodeView<'_, '_>,
    path: &str,
    argument: &dyn Fn(&str) -> Option<Range<usize>>,
) -> Option<String> {
    let mut whole = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, behind) = after.split_once(CLOSE)?;
        whole.push_str(before);
        let range = argument(name)?;
        let literal = view.code.string(range.start).filter(|_| range.len() == 1);
        match literal {
            Some(text) => whole.push_str(text),
            None => {
                let text = view.constant(range.clone());
                whole.push_str(&text.or_else(|| open_path(view, &range))?);
            }
        }
        rest = behind;
    }
    whole.push_str(rest);
    Some(whole)
}

/// The handler that a caller gives, where the helper has only a name of its own for it.
fn answered(
    view: &CodeView<'_, '_>,
    (open, function): (&Open, &Function<'_>),
    given: &[Range<usize>],
    endpoint: &mut Endpoint,
) {
    if let Some(range) = go_wrappers::answering(view, function, open.call.open, given) {
        endpoint.handler = open_handler(view, &range);
        let handler = endpoint.handler.as_deref();
        endpoint.summary = handler.and_then(|h| view.summary(h));
        return;
    }
    let name = endpoint.handler.as_deref().unwrap_or_default();
    let local = !name.contains('.') && !view.visible(name, open.call.open).is_empty();
    if !(name.is_empty() || local) {
        return;
    }
    let last = given.last().filter(|r| {
        let first = view.code.raw(r.start);
        view.code.string(r.start).is_none() && !matches!(first, "true" | "false" | "nil")
    });
    endpoint.handler = last.and_then(|r| handler_name(view, r, 0));
    let handler = endpoint.handler.as_deref();
    endpoint.summary = handler.and_then(|h| view.summary(h));
}

/// What the callers of the helper around a place make of texts with its parameters: for each the line, and
/// the texts that it gives.
pub(super) fn by_callers(
    view: &CodeView<'_, '_>,
    at: usize,
    texts: &[String],
) -> Vec<(u32, Vec<Option<String>>)> {
    let Some(function) = named(view, at) else {
        return Vec::new();
    };
    let outside = |call: &&Call| !function.body.contains(&call.open);
    let callers = view.calls_of(function.name).iter().filter(outside);
    let made = callers.take(MOST).map(|caller| {
        let given = view.code.arguments(caller.open);
        let argument = |name: &str| given.get(place_of(view, function, name)?).cloned();
        let filled = texts.iter().map(|text| filled(view, text, &argument));
        let read = |text: Option<String>| text.filter(|text| !text.contains(OPEN));
        (caller.line, filled.map(read).collect())
    });
    made.collect()
}
