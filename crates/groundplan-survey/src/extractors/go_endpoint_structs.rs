//! Go: endpoints that are values of a type of the program with a field for each method of HTTP, which a list
//! holds and a loop hands on: `var orderCmd = Endpoint{Path: "orders/{id}", Get: Action{Handler: orderGet}}`,
//! `for _, c := range api { s.createCmd(mux, "1.0", c) }`. The value and the list are routers of the names of
//! their variables, which other files of the package know.

use super::go_http::handler_name;
use super::go_paths;
use super::go_route_tables::{is_declared, is_of_routes};
use super::go_routers::{is_router, stand};
use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths::{self, Written};
use groundplan_syntax::{Call, Definition};
use std::ops::Range;

/// Values of a file at most.
const MOST: usize = 2_000;

/// Values inside of values at most.
const DEEPEST: u8 = 2;

/// Ends the name of a router that is a value: no function has such a name.
pub(crate) const VALUE: &str = "{}";

/// A method of an endpoint with what answers.
struct Answer {
    method: String,
    path: String,
    handler: Option<String>,
    at: usize,
}

pub(super) fn add(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let text = view.code.text;
    let held = text.contains("Path:") || text.contains("Get:");
    let handed = text.contains("range ") || text.contains("Mux") || text.contains("Router");
    if held {
        values(acc, view);
    }
    if held || handed {
        lists(acc, view);
    }
    if handed {
        handed_on(acc, view);
    }
}

/// The endpoints that variables of the package hold.
fn values(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for definition in globals(view).take(MOST) {
        let Some(open) = literal(view, &definition.value) else {
            continue;
        };
        let kind = code.ident(open - 1).unwrap_or_default();
        if !is_of_routes(kind) || is_declared(view, open) {
            continue;
        }
        let mut all = Vec::new();
        answers(view, open, "", 0, &mut all);
        if all.is_empty() {
            continue;
        }
        router(acc, view, definition.at, definition.name);
        for answer in all {
            let line = code.line(answer.at);
            let handler = answer.handler;
            let endpoint = Endpoint {
                method: answer.method,
                path: http_paths::template(&answer.path),
                summary: handler.as_deref().and_then(|name| view.summary(name)),
                handler,
                router: Some(format!("{}{VALUE}", definition.name)),
                ..http_paths::unread("go-net-http")
            };
            http_paths::add(acc, view.file, line, line, endpoint);
        }
    }
}

/// What the fields of a value say that are called like methods of HTTP, below its path; what it holds a list
/// of stands below it.
fn answers(view: &CodeView<'_, '_>, open: usize, outer: &str, depth: u8, all: &mut Vec<Answer>) {
    let code = view.code;
    let mut path = None;
    let mut own: Vec<(String, Range<usize>)> = Vec::new();
    let mut inner: Vec<usize> = Vec::new();
    for item in code.arguments(open).into_iter().take(40) {
        let Some(key) = code
            .ident(item.start)
            .filter(|_| code.is(item.start + 1, ":"))
        else {
            continue;
        };
        let value = item.start + 2..item.end;
        let upper = key.to_ascii_uppercase();
        if METHODS.contains(&upper.as_str()) {
            own.push((upper, value));
        } else if code.is(value.start, "[")
            && let Some(list) = value.clone().find(|&at| code.is(at, "{"))
            && code.partner(list).map(|close| close + 1) == Some(value.end)
        {
            inner.push(list);
        } else if path.is_none()
            && let Written::Path(text) = go_paths::written(view, &value)
        {
            let named = ["PATH", "PATTERN", "ROUTE", "URL", "URI"];
            // Below an endpoint anything that begins with a slash is the rest of the path.
            if named.iter().any(|word| upper.ends_with(word)) || depth > 0 && text.starts_with('/')
            {
                path = Some(text);
            }
        }
    }
    if own.is_empty() || depth > 0 && path.is_none() {
        return;
    }
    let whole = http_paths::join(outer, path.as_deref().unwrap_or_default());
    for (method, value) in own {
        let Some(handler) = answering(view, &value) else {
            continue;
        };
        all.push(Answer {
            method,
            path: whole.clone(),
            handler,
            at: value.start,
        });
    }
    if depth < DEEPEST {
        for list in inner {
            for row in code.arguments(list) {
                if code.is(row.start, "{") {
                    answers(view, row.start, &whole, depth + 1, all);
                }
            }
        }
    }
}

/// What answers, where something does: `Action{Handler: list}`, `s.list`, `func(…) {…}`.
fn answering(view: &CodeView<'_, '_>, value: &Range<usize>) -> Option<Option<String>> {
    let code = view.code;
    let plain = |range: &Range<usize>| {
        let word = code.ident(range.start)?;
        if word == "func" {
            return Some(None);
        }
        (!matches!(word, "nil" | "true" | "false")).then(|| handler_name(view, range, 0))
    };
    let Some(open) = literal(view, value) else {
        return plain(value);
    };
    code.arguments(open).iter().find_map(|item| {
        let key = code
            .ident(item.start)
            .filter(|_| code.is(item.start + 1, ":"))?;
        let lower = key.to_ascii_lowercase();
        let answers = ["handler", "handlerfunc", "func", "handle"].contains(&lower.as_str());
        let given = item.start + 2..item.end;
        answers.then(|| plain(&given)).flatten()
    })
}

/// The lists of endpoints that variables of the package hold.
fn lists(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for definition in globals(view).take(MOST) {
        let value = &definition.value;
        let list = code.is(value.start, "[") && code.is(value.start + 1, "]");
        let open = value.clone().find(|&at| code.is(at, "{"));
        let whole = |open: &usize| code.partner(*open).map(|close| close + 1) == Some(value.end);
        let Some(open) = open.filter(|open| list && whole(open)) else {
            continue;
        };
        if !code.ident(open - 1).is_some_and(is_of_routes) {
            continue;
        }
        let items = code.arguments(open);
        let held: Vec<(usize, String)> = items
            .iter()
            .filter_map(|item| Some((item.start, variable(view, item)?)))
            .collect();
        if held.is_empty() || held.len() < items.len() {
            continue;
        }
        router(acc, view, definition.at, definition.name);
        for (at, target) in held {
            let list = format!("{}{VALUE}", definition.name);
            mount(acc, view, at, Some(&list), "", target);
        }
    }
}

/// Where a function is given a router and an endpoint, or each endpoint of a list: a text beside them stands
/// before their paths.
fn handed_on(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let mut all: Vec<(Call, Vec<Range<usize>>)> = Vec::new();
    for (_, calls) in view.calls() {
        for call in calls.iter().filter(|call| code.is(call.open, "(")) {
            let given = code.arguments(call.open);
            if (2..9).contains(&given.len()) && given.iter().any(|g| code.string(g.start).is_some())
            {
                all.push((*call, given));
            }
        }
    }
    all.sort_by_key(|(call, _)| call.open);
    for (call, given) in all.into_iter().take(MOST) {
        let mut texts = given
            .iter()
            .filter(|g| g.len() == 1)
            .filter_map(|g| code.string(g.start));
        let (Some(text), None) = (texts.next(), texts.next()) else {
            continue;
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        if text.len() > 60 || !text.chars().all(plain) {
            continue;
        }
        let Some(router) = given
            .iter()
            .find(|g| g.len() == 1 && is_router(view, g.start))
        else {
            continue;
        };
        let rest = given
            .iter()
            .filter(|g| g.start != router.start && code.string(g.start).is_none());
        for one in rest {
            let target = match of_loop(view, one) {
                Some(list) => variable(view, &list),
                None => variable(view, one),
            };
            let Some(target) = target else {
                continue;
            };
            let place = stand(view, router.start, 0);
            let prefix = http_paths::join(&place.prefix, text);
            mount(
                acc,
                view,
                call.first,
                place.router.as_deref(),
                &prefix,
                target,
            );
        }
    }
}

/// What the loop goes over whose rounds give a name: `for _, c := range api {`.
fn of_loop(view: &CodeView<'_, '_>, given: &Range<usize>) -> Option<Range<usize>> {
    let code = view.code;
    let name = code.ident(given.start).filter(|_| given.len() == 1)?;
    let (_, list) = go_paths::ranged(code, name, given.start).next()?;
    let body = (list..list + 5).find(|&at| code.is(at, "{"))?;
    let inside = code.partner(body).is_some_and(|close| close > given.start);
    inside.then_some(list..body)
}

/// A variable of the package, or one of another package, as a target.
fn variable(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let first = code.ident(range.start)?;
    match range.len() {
        1 => {
            let own = view.in_blocks(first, range.start);
            let global = own
                .last()
                .is_none_or(|d| d.scope.is_none() && !d.param && !d.field);
            let known = !matches!(first, "nil" | "true" | "false") && view.alias(first).is_none();
            (global && known).then(|| format!("${first}{VALUE}"))
        }
        3 => {
            let module = view
                .alias(first)
                .filter(|_| code.is(range.start + 1, "."))?;
            let name = code.ident(range.start + 2)?;
            view.in_blocks(first, range.start)
                .is_empty()
                .then(|| format!("{module}.{name}{VALUE}"))
        }
        _ => None,
    }
}

/// Variables of the package with a value.
fn globals<'v, 't>(view: &'v CodeView<'_, 't>) -> impl Iterator<Item = &'v Definition<'t>> {
    let all = view.code.definitions().iter();
    all.filter(|d| d.scope.is_none() && !d.field && !d.param && !d.value.is_empty())
}

/// The brace of a value that is a literal of a named type as a whole: `rest.Endpoint{…}`, `&Endpoint{…}`.
fn literal(view: &CodeView<'_, '_>, value: &Range<usize>) -> Option<usize> {
    let code = view.code;
    let open = value.clone().find(|&at| code.is(at, "{"))?;
    let named = (value.start..open)
        .all(|at| code.ident(at).is_some() || matches!(code.raw(at), "." | "&" | "*"));
    let whole = code.partner(open).map(|close| close + 1) == Some(value.end);
    (named && whole && open > value.start && code.ident(open - 1).is_some()).then_some(open)
}

fn router(acc: &mut FileFacts, view: &CodeView<'_, '_>, at: usize, name: &str) {
    let line = view.code.line(at);
    let router = Router {
        name: format!("{name}{VALUE}"),
        ..Router::default()
    };
    acc.add(view.file, line, line, Claim::Router(router));
}

fn mount(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    at: usize,
    router: Option<&str>,
    prefix: &str,
    target: String,
) {
    let line = view.code.line(at);
    let mount = Mount {
        router: router.map(str::to_owned),
        prefix: http_paths::prefix(prefix),
        target,
        ..Mount::default()
    };
    acc.add(view.file, line, line, Claim::Mount(mount));
}
