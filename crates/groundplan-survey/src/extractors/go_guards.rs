//! Functions that stand before handlers of Go and let only some callers pass: `group.Use(RequireAdmin)`,
//! `router.Group("/x", RequireAdmin)`, `router.GET("/x", RequireAdmin, handler)`.

use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::extractors::go_http::{open_handler, takes_handler};
use crate::extractors::go_own_routers;
use crate::extractors::go_wrappers::{self, Prefix};
use crate::extractors::guard_topic;
use crate::extractors::js_marks::guards::{Behind, described, is_guard};
use crate::facts::{Endpoint, FileFacts, WITH};
use crate::http_paths::UNREAD;
use crate::scan;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Code};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Whether a function around a handler lets only some callers pass, by its name.
pub(super) fn lets_some_pass(name: &str) -> bool {
    is_guard(name)
}

/// Groups and functions around a route at most.
const DEEPEST: usize = 24;

/// A variable: the function that it stands in, and its name.
type Variable<'t> = (Option<usize>, &'t str);

/// What stands before a handler: its line, its words, and the name of the function that is meant.
type Before<'t> = (u32, usize, usize, &'t str);

/// What a group has: the group that it was made from, and what was put before it.
#[derive(Default)]
struct Group<'t> {
    outer: Option<&'t str>,
    before: Vec<Before<'t>>,
}

/// Adds, for each guard, which of the routes of a file stand behind it; gives the names of the guards of each
/// route behind one, by its bracket.
pub(super) fn add(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    found: &[(Call, Endpoint)],
) -> BTreeMap<usize, Vec<String>> {
    let code = view.code;
    let mut guarded: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    if found.is_empty() {
        return guarded;
    }
    let groups = groups(code, view);
    let mut all: BTreeMap<(Topic, &str), Behind<'_>> = BTreeMap::new();
    let mut counted: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (call, endpoint) in found {
        for before in of_route(view, &groups, *call, endpoint) {
            let (line, _, _, guard) = before;
            if endpoint.path == UNREAD {
                continue;
            }
            let asks = is_guard(guard) && !of_some_paths(view, guard);
            let Some(topic) = guard_topic(guard).filter(|_| asks) else {
                if let Some(text) = written(code, before) {
                    let of_route = guarded.entry(call.open).or_default();
                    let text = format!("{WITH}{text}");
                    if !of_route.contains(&text) {
                        of_route.push(text);
                    }
                }
                continue;
            };
            // A handler may be called after what it does: `login`.
            let handler = endpoint.handler.as_deref().unwrap_or_default();
            let mut parts = handler.split(['|', '.']);
            if parts.any(|part| part.trim_end_matches("()") == guard) {
                continue;
            }
            let of_route = guarded.entry(call.open).or_default();
            if !of_route.iter().any(|known| known == guard) {
                of_route.push(guard.to_owned());
            }
            let behind = all.entry((topic, guard)).or_insert_with(|| Behind {
                line,
                handlers: Vec::new(),
                whole: false,
            });
            // What a library answers with has no name that says more than the path.
            let own = (endpoint.handler.as_deref()).filter(|name| !name.starts_with("promhttp."));
            let whole = own.unwrap_or(endpoint.path.as_str());
            // `carts.Delete` and `orders.Delete` are two.
            let name = whole.rsplit('.').next().unwrap_or(whole);
            if counted.insert((guard, whole)) {
                let known = behind.handlers.contains(&name);
                behind.handlers.push(if known { whole } else { name });
            }
        }
    }
    for ((topic, guard), behind) in all {
        let detail = described("", "", &behind);
        scan::mark(acc, view.file, behind.line, topic, guard, Some(detail));
    }
    guarded
}

/// Whether a guard of this file looks at the path itself and lets all others pass: which routes of its
/// group it guards is not known.
fn of_some_paths(view: &CodeView<'_, '_>, guard: &str) -> bool {
    let code = view.code;
    view.function(guard).is_some_and(|function| {
        function.body.clone().any(|at| {
            code.is(at, "HasPrefix")
                && code.partner(at + 1).is_some_and(|close| {
                    (at + 1..close).any(|inner| matches!(code.raw(inner), "Path" | "RequestURI"))
                })
        })
    })
}

fn groups<'t>(code: &Code<'t>, view: &CodeView<'_, 't>) -> BTreeMap<Variable<'t>, Group<'t>> {
    let mut all: BTreeMap<Variable<'t>, Group<'t>> = BTreeMap::new();
    let own = go_wrappers::makers(view);
    for (name, calls) in view.calls() {
        let maker = own.get(name).copied();
        let prefix = maker.and_then(|_| go_wrappers::prefix_of(view, name));
        if name != "Group" && !go_own_routers::is_grouping(name) && prefix.is_none() {
            continue;
        }
        // What a method of the program's own takes beside a path may be anything.
        let stands = |place: usize| match maker {
            Some(maker) => go_wrappers::takes_before(view, maker, place),
            None => name == "Group",
        };
        let path = match prefix {
            Some(Prefix::Given(place)) => Some(place),
            Some(Prefix::Own(_)) => None,
            None => Some(0),
        };
        for &call in calls {
            let Some(variable) = assigned(code, call.first) else {
                continue;
            };
            let scope = code.function_at(call.open);
            let group = all.entry((scope, variable)).or_default();
            group.outer = code.ident(call.first).filter(|outer| *outer != variable);
            let given = code.arguments(call.open).into_iter().enumerate();
            let given = given.filter(|(place, _)| Some(*place) != path);
            let given = given.filter_map(|(place, range)| Some((place, named(code, range)?)));
            let given = given.filter(|(place, (.., name))| stands(*place) || is_guard(name));
            group.before.extend(given.map(|(_, before)| before));
        }
    }
    for &call in view.calls_of("Use") {
        // `group := router.Group("/x").Use(guard)` is a group with its guard.
        let chained = (call.first..call.open).any(|at| code.is(at, "("));
        let on = match chained {
            true => assigned(code, call.first),
            false => code
                .ident(call.first)
                .filter(|_| call.open == call.first + 3),
        };
        let Some(group) = on else { continue };
        let given = code.arguments(call.open);
        if given
            .first()
            .is_some_and(|first| is_below_path(code, first))
        {
            continue;
        }
        let given = given.into_iter();
        let given = given.filter_map(|range| named(code, range));
        let own = all.entry((code.function_at(call.open), group)).or_default();
        own.before.extend(given);
    }
    all
}

/// Whether what `Use` of fiber is given stands before a part of the paths only: `app.Use("/admin", guard)`.
fn is_below_path(code: &Code<'_>, first: &Range<usize>) -> bool {
    let path = code.string(first.start).map(|path| path.trim_matches('/'));
    code.is(first.start, "[") || path.is_some_and(|path| !path.is_empty())
}

/// The variable that an expression is assigned to: `group := router.Group("/x")`.
fn assigned<'t>(code: &Code<'t>, first: usize) -> Option<&'t str> {
    let equals = first
        .checked_sub(1)
        .filter(|&at| matches!(code.raw(at), "=" | ":="))?;
    let before = equals.checked_sub(1)?;
    let name = before - usize::from(code.is(before, ":") && before > 0);
    code.ident(name)
}

/// Which argument of a route answers: the one that its handler was read from, else what is written in place.
fn answering(
    view: &CodeView<'_, '_>,
    given: &[Range<usize>],
    endpoint: &Endpoint,
) -> Option<usize> {
    let handler = endpoint.handler.as_deref();
    let read =
        |range: &Range<usize>| handler.is_some() && open_handler(view, range).as_deref() == handler;
    let literal = |range: &Range<usize>| view.code.is(range.start, "func");
    let place = given.iter().position(read);
    place.or_else(|| given.iter().position(literal))
}

/// What stands before a route, as it is written: not where texts stand in it, which may be secrets.
fn written(code: &Code<'_>, (_, start, end, name): Before<'_>) -> Option<String> {
    const LONGEST: usize = 60;
    let mut text = String::new();
    for at in start..end {
        text.push_str(code.raw(at));
        if code.is(at, ",") {
            text.push(' ');
        }
    }
    let plain = |at: usize| {
        code.ident(at).is_some() || matches!(code.raw(at), "." | "," | "(" | ")" | "&" | "*")
    };
    if (start..end).all(plain) && text.len() <= LONGEST {
        return Some(text);
    }
    let open = (start..end).find(|&at| code.is(at, "("))?;
    let whole = code.dotted(start, open);
    (whole.rsplit('.').next() == Some(name) && !whole.contains('(')).then(|| format!("{whole}(…)"))
}

/// What stands before a route: at its own line, in its chain, and before its groups above it.
fn of_route<'t>(
    view: &CodeView<'_, 't>,
    groups: &BTreeMap<Variable<'t>, Group<'t>>,
    call: Call,
    endpoint: &Endpoint,
) -> BTreeSet<Before<'t>> {
    let code = view.code;
    let line = code.line(call.open);
    let mut all = BTreeSet::new();
    let own = code.arguments(call.open);
    let read = answering(view, &own, endpoint);
    // Where none was read the last one mostly answers, and what else stands there may answer too.
    let answers = read.unwrap_or(own.len().saturating_sub(1));
    if let Some(range) = own.get(answers) {
        around(view, range, &mut all);
    }
    // What a helper of the program is given beside a path may be anything.
    let verb = code.raw(call.open.saturating_sub(1)).to_ascii_uppercase();
    let verb = METHODS.contains(&verb.as_str()) || matches!(verb.as_str(), "ANY" | "ALL");
    let verb = verb && read.is_some();
    let own = own.into_iter().enumerate().skip(1);
    let own = own.filter(|(place, _)| *place != answers);
    let own = own.filter_map(|(_, range)| named(code, range));
    all.extend(own.filter(|(.., name)| verb || is_guard(name)));
    // `r.With(requireAdmin)` may be given to a helper that adds the route.
    let mut end = call.open;
    if call.first > call.open {
        end = call.first;
        while code.ident(end).is_some() || matches!(code.raw(end), "." | "(") {
            end = match code.raw(end) {
                "(" => code.partner(end).map_or(end, |close| close) + 1,
                _ => end + 1,
            };
        }
    }
    chained(code, call.first..end, &mut all);
    // A closure is given a group of the router around it, mostly under the same name; a helper that is
    // called once, the group of its caller.
    let first = code.ident(call.first);
    let mut asked: Vec<(Variable<'t>, u32)> = Vec::new();
    asked.extend(first.map(|name| ((code.function_at(call.open), name), line)));
    let mut next = 0;
    while let Some(&((scope, name), line)) = asked.get(next).filter(|_| next < DEEPEST) {
        next += 1;
        if let Some(found) = groups.get(&(scope, name)) {
            all.extend(found.before.iter().filter(|(at, ..)| *at <= line).copied());
            asked.extend(found.outer.map(|outer| ((scope, outer), line)));
        }
        let Some(inner) = scope.and_then(|s| code.functions().get(s)) else {
            continue;
        };
        let given = inner
            .params
            .map(|open| code.arguments(open))
            .unwrap_or_default();
        let place = given.iter().position(|r| code.is(r.start, name));
        if inner.name.is_empty() {
            // `r.With(requireAdmin).Group(func(r chi.Router) {…})`
            let open = inner.first.checked_sub(1).filter(|&at| code.is(at, "("));
            if let Some(around) = open
                .filter(|_| place.is_some())
                .and_then(|at| code.call_at(at))
            {
                chained(code, around.first..around.open, &mut all);
            }
            asked.push(((inner.parent, name), line));
        } else if let (Some(place), [caller]) = (place, view.calls_of(inner.name)) {
            let router = code.arguments(caller.open).into_iter().nth(place);
            let outer = router.and_then(|r| code.ident(r.start));
            let around = code.function_at(caller.open);
            asked.extend(outer.map(|outer| ((around, outer), caller.line)));
        } else {
            asked.push(((inner.parent, name), line));
        }
    }
    all
}

/// Adds the guards of this file that stand around a handler: `requireAdmin(list)`.
fn around<'t>(view: &CodeView<'_, 't>, range: &Range<usize>, all: &mut BTreeSet<Before<'t>>) {
    let code = view.code;
    let mut range = range.clone();
    for _ in 0..4 {
        let Some(open) = range.clone().find(|&at| code.is(at, "(")) else {
            return;
        };
        let Some(name) = guard_or_not(code, &range, open) else {
            return;
        };
        let place = view.function(name).and_then(|f| takes_handler(view, f));
        let given = place.and_then(|place| code.arguments(open).into_iter().nth(place));
        let Some(given) = given else { return };
        if is_guard(name) {
            all.insert((code.line(open), open - 1, open, name));
        }
        range = given;
    }
}

/// The name that is called with the first bracket of a range.
fn guard_or_not<'t>(code: &Code<'t>, range: &Range<usize>, open: usize) -> Option<&'t str> {
    let name = open.checked_sub(1).filter(|&at| at >= range.start)?;
    code.ident(name).filter(|_| !code.is(range.start, "func"))
}

/// Adds what the calls of a chain are given: `r.Use(guard)`, `r.With(guard)`.
fn chained<'t>(code: &Code<'t>, range: Range<usize>, all: &mut BTreeSet<Before<'t>>) {
    for at in range.clone() {
        if matches!(code.raw(at), "Use" | "With") && code.is(at + 1, "(") && at + 1 < range.end {
            let given = code.arguments(at + 1).into_iter();
            all.extend(given.filter_map(|range| named(code, range)));
        }
    }
}

/// What an argument names, or calls.
fn named<'t>(code: &Code<'t>, range: Range<usize>) -> Option<Before<'t>> {
    let end = range.clone().find(|&at| code.is(at, "("));
    let end = end.unwrap_or(range.end);
    if end <= range.start || code.is(range.start, "func") {
        return None;
    }
    let name = code.ident(end - 1)?;
    let line = code.line(range.start);
    (!matches!(name, "nil" | "true" | "false")).then_some((line, range.start, range.end, name))
}
