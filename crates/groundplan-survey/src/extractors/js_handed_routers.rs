//! Routers that are a field of what a function is given: `registerUsers({ app, store })`,
//! `function addRoutes({ app }: Context) { app.get("/x", …) }`, `context.app.get("/x", …)`.

use crate::extractors::js_http::VERBS;
use crate::extractors::js_inline;
use crate::extractors::js_routers::{self, is_factory};
use crate::scan;
use groundplan_syntax::Code;
use std::collections::BTreeMap;
use std::ops::Range;

/// Fields that hold routers or applications, by custom.
const FIELDS: [&str; 5] = ["app", "router", "server", "fastify", "hono"];

/// Tokens of the body of a handler that are read to tell what it is given, at most.
const MOST: usize = 600;

/// Places of one name in lists that are looked at, and tokens that are looked through for them, at most.
const MOST_LISTED: usize = 64;
const MOST_BACK: usize = 4_000;

/// The router in a chain that begins with what holds it: of `context.app.get` the field `app`.
pub(super) fn member(code: &Code<'_>, first: usize) -> Option<usize> {
    let holder = code.ident(first)?;
    let field = first + 2;
    let known = FIELDS.contains(&code.raw(field));
    let chained = code.is(first + 1, ".") && code.is(field + 1, ".");
    // A request names its application to ask it for settings.
    let other = FIELDS.contains(&holder) || matches!(holder, "this" | "super" | "req" | "request");
    let router = holder.to_ascii_lowercase().ends_with("router");
    (known && chained && !other && !router).then_some(field)
}

/// What holds the router that stands at `at`: `context` of `context.app`, or of `const { app } = context`.
pub(super) fn holder<'t>(code: &Code<'t>, name: &str, at: usize) -> Option<&'t str> {
    if at >= 2 && code.is(at - 1, ".") {
        return code.ident(at - 2);
    }
    let back = (1..at).rev().take(MOST_BACK);
    let listed = back.filter(|&i| is_listed(code, name, i));
    listed.take(MOST_LISTED).find_map(|i| {
        let open = scan::open_around(code, i)?;
        let close = code.partner(open)?;
        let taken = matches!(code.raw(open.checked_sub(1)?), "const" | "let" | "var");
        let alone = matches!(code.raw(close + 3), ";" | "") || code.starts_line(close + 3);
        let given = code.is(open, "{") && code.is(close + 1, "=") && taken && alone;
        code.ident(close + 2).filter(|_| given)
    })
}

/// Whether a name stands at a place as one of a list: `{ store, app }`.
fn is_listed(code: &Code<'_>, name: &str, at: usize) -> bool {
    code.is(at, name) && matches!(code.raw(at - 1), "{" | ",")
}

/// Whether a file takes a router of that name out of what a function is given.
fn taken_out(code: &Code<'_>, name: &str) -> bool {
    let listed = (2..code.tokens.len()).filter(|&at| is_listed(code, name, at));
    let mut opens = listed
        .take(MOST_LISTED)
        .filter_map(|at| scan::open_around(code, at).filter(|&open| code.is(open, "{")));
    opens.any(|open| {
        let Some(close) = code.partner(open) else {
            return false;
        };
        match code.raw(open.saturating_sub(1)) {
            "const" | "let" | "var" => code.is(close + 1, "=") && code.ident(close + 2).is_some(),
            "(" | "," => scan::open_around(code, open).is_some_and(|outer| {
                let after = code.partner(outer).map_or(0, |close| close + 1);
                let arrow = code.is(after, "=") && code.is(after + 1, ">");
                code.is(outer, "(") && (arrow || matches!(code.raw(after), "{" | ":"))
            }),
            _ => false,
        }
    })
}

/// The framework of a file whose functions get their router so, by what its handlers are given and do.
pub(super) fn framework(code: &Code<'_>) -> Option<&'static str> {
    let mut named = false;
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        let lists = word == "on" && code.is(call.open + 1, "[");
        if !lists && !VERBS.contains(&word) || call.first + 2 >= call.open {
            continue;
        }
        let (name, at) = js_routers::receiver(code, call.first);
        let arguments = code.arguments(call.open);
        let (Some(path), Some(handler)) = (
            arguments.get(usize::from(lists)),
            arguments.get(1..).and_then(<[_]>::last),
        ) else {
            continue;
        };
        let is_path = code
            .string(path.start)
            .is_some_and(|path| path.starts_with('/'));
        if !is_path || !FIELDS.contains(&name) {
            continue;
        }
        let held = at > call.first && !code.is(call.first, "this");
        if !held && !*known.entry(name).or_insert_with(|| taken_out(code, name)) {
            continue;
        }
        match by_handler(code, handler) {
            Some(framework) => return Some(framework),
            None => named |= !lists && matches!(name, "app" | "router") && is_named(code, handler),
        }
    }
    named.then_some("express")
}

/// Whether an argument names a function: `orders.list`, `controller.list.bind(controller)`.
fn is_named(code: &Code<'_>, handler: &Range<usize>) -> bool {
    let names = |at: usize| code.ident(at).is_some() || code.is(at, ".");
    let mut names_only = handler.clone().take_while(|&at| names(at)).count();
    if code.is(handler.start + names_only, "(") && code.is(handler.end.saturating_sub(1), ")") {
        names_only = handler.len();
    }
    names_only == handler.len() && handler.len() <= 10
}

/// Which framework calls a function literal that takes these parameters and does this with them.
fn by_handler(code: &Code<'_>, handler: &Range<usize>) -> Option<&'static str> {
    let mut open = handler.start + usize::from(code.is(handler.start, "async"));
    while code.is(open, "function")
        || code.is(open.saturating_sub(1), "function") && !code.is(open, "(")
    {
        open += 1;
    }
    let (first, second, body) = match code.is(open, "(") {
        true => {
            let parameters = code.arguments(open);
            let named = |at: usize| parameters.get(at).and_then(|r| code.ident(r.start));
            let (_, body) = js_inline::body(code, code.partner(open)?)?;
            (named(0)?, named(1), body)
        }
        // `c => c.json(all)`
        false if code.is(open + 1, "=") && code.is(open + 2, ">") => {
            (code.ident(open)?, None, open + 3..handler.end)
        }
        false => return None,
    };
    let bare = |name: &str| name.trim_start_matches('_').to_ascii_lowercase();
    match second.map(bare).as_deref() {
        Some("res" | "response") => return Some("express"),
        Some("reply" | "rep") => return Some("fastify"),
        None | Some("next") => {}
        _ => return None,
    }
    body.take(MOST).find_map(|at| {
        if !code.is(at, first) || !code.is(at + 1, ".") {
            return None;
        }
        let (word, after) = (code.raw(at + 2), code.raw(at + 3));
        match word {
            "json" | "text" | "html" | "body" | "newResponse" if after == "(" => Some("hono"),
            "req" if after == "." => Some("hono"),
            "body" if after == "=" => Some("koa"),
            _ => None,
        }
    })
}

/// Whether a function is called like one that adds routes: `registerUserRoutes`.
fn adds_routes(name: &str) -> bool {
    let route = name.contains("Route") && !name.contains("Router") || name.starts_with("routes");
    (route || name.contains("Endpoint")) && !is_factory(name)
}

/// What a call hands a router on in: the field of an object, `{ app, store }`, or the object that holds it.
pub(super) fn handed<'t>(
    code: &Code<'t>,
    open: usize,
    arguments: &[Range<usize>],
    is_router: &mut dyn FnMut(&'t str) -> bool,
) -> Vec<(usize, Range<usize>)> {
    let mut all = Vec::new();
    for (place, given) in arguments.iter().enumerate() {
        if code.is(given.start, "{") {
            for item in code.arguments(given.start) {
                let key = code.ident(item.start).filter(|key| FIELDS.contains(key));
                let value = match item.len() {
                    1 => item.clone(),
                    3 if code.is(item.start + 1, ":") => item.start + 2..item.end,
                    _ => continue,
                };
                let named = code.ident(value.start).filter(|_| key.is_some());
                if named.is_some_and(&mut *is_router) {
                    all.push((place, value));
                }
            }
            continue;
        }
        let only = arguments.len() == 1 && given.len() == 1;
        let called = code.ident(open.saturating_sub(1)).is_some_and(adds_routes);
        if only && called && code.ident(given.start).is_some() {
            all.push((place, given.clone()));
        }
    }
    all
}

/// Whether a file without a router of its own hands those on that it is given.
pub(super) fn hands_on(code: &Code<'_>) -> bool {
    code.calls().any(|call| {
        let declared = call.first > 0 && code.is(call.first - 1, "function");
        let alone = code.is(call.open + 2, ")") && code.ident(call.open + 1).is_some();
        let object = code.is(call.open + 1, "{");
        !declared && (alone || object) && code.ident(call.open - 1).is_some_and(adds_routes)
    })
}
