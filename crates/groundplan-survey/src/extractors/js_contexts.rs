//! What functions of Koa and Hono take and answer, which are given one context:
//! `router.get("/x", async (ctx) => { ctx.body = all; })`, `app.get("/x", (c) => c.json(all))`.

use crate::extractors::js_inline::{self, INLINE};
use crate::facts::{ANSWERED_BY, Handler};
use crate::statuses;
use groundplan_syntax::Code;
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands before a place among the calls of a handler whose values were checked before it.
pub(super) const CHECKED: &str = "checked ";

/// Members of a context in one chain at most.
const LONGEST: usize = 5;

/// The function literal in an argument of a route, if it takes a context.
pub(super) fn handler(code: &Code<'_>, given: &Range<usize>) -> Option<Handler> {
    let open = given.clone().find(|&at| {
        let close = code.is(at, "(").then(|| code.partner(at)).flatten();
        close.is_some_and(|close| {
            js_inline::body(code, close).is_some_and(|(arrow, body)| {
                body.end <= given.end
                    && (arrow
                        || at > given.start
                            && (code.is(at - 1, "function")
                                || at > given.start + 1 && code.is(at - 2, "function")))
            })
        })
    });
    let (name, body) = match open {
        Some(open) => (
            context(code, open)?,
            js_inline::body(code, code.partner(open)?)?.1,
        ),
        // `ctx => { … }`
        None => {
            let at = given
                .clone()
                .find(|&at| code.is(at, "=") && code.is(at + 1, ">"))?;
            let name = code.ident(at.checked_sub(1)?)?;
            let plain =
                at == given.start + 1 || at == given.start + 2 && code.is(given.start, "async");
            (plain.then_some(name)?, at + 2..given.end)
        }
    };
    read(code, INLINE, name, body)
}

/// The name of the context among the parameters between brackets: the first of one or two.
pub(super) fn context<'t>(code: &Code<'t>, open: usize) -> Option<&'t str> {
    let all = code.arguments(open);
    let first = all.first()?;
    let name = code.ident(first.start)?;
    // `serve(c: Context, id: string, user: string)`
    if code.is(first.start + 1, ":") && code.is(first.start + 2, "Context") {
        return Some(name);
    }
    if all.len() > 2 {
        return None;
    }
    let next = all.get(1).and_then(|r| code.ident(r.start));
    (next.is_none_or(|n| n.trim_start_matches('_') == "next")).then_some(name)
}

/// What a function of a context takes and answers, if it answers at all.
pub(super) fn read(
    code: &Code<'_>,
    name: &str,
    context: &str,
    body: Range<usize>,
) -> Option<Handler> {
    let mut made = Handler {
        name: name.to_owned(),
        ..Handler::default()
    };
    let mut found: BTreeSet<String> = BTreeSet::new();
    // The functions whose answers it gives away.
    let mut by: BTreeSet<&str> = BTreeSet::new();
    let mut bodies = 0_usize;
    let mut set: BTreeSet<String> = BTreeSet::new();
    // Whether a status is set only in some cases, and whether the caller is sent elsewhere.
    let mut sometimes = false;
    let mut sent = false;
    for at in body.clone() {
        // What is given back itself is the answer of Hono.
        made.leaves |= code.is(at, "return") && code.is(at + 1, "new");
        // Errors are answered where the program handles them.
        if code.is(at, "throw") {
            match thrown(code, at + 1) {
                Some(status) => {
                    found.insert(status);
                }
                None => made.leaves = true,
            }
        }
        if !code.is(at, context) || at > 0 && code.is(at - 1, ".") {
            continue;
        }
        if !code.is(at + 1, ".") {
            // Who is handed the context may answer; a key of a record is another thing.
            if matches!(code.raw(at + 1), ")" | "," | "}") {
                match handed_to(code, at) {
                    Some(name) if is_stream(code, name) => bodies += 1,
                    Some(name) => {
                        by.insert(name);
                    }
                    None => made.leaves = true,
                }
            }
            continue;
        }
        let mut chain: Vec<&str> = Vec::new();
        let mut end = at + 1;
        while code.is(end, ".") && chain.len() < LONGEST {
            let Some(word) = code.ident(end + 1) else {
                break;
            };
            chain.push(word);
            end += 2;
        }
        let assigned = code.is(end, "=") && !code.is(end + 1, "=");
        let called = code.is(end, "(");
        match chain.as_slice() {
            ["status"] | ["response", "status"] if assigned || called => {
                sometimes |= !is_unconditional(code, &body, at);
                match number(code, end + 1) {
                    Some(status) => {
                        set.insert(status);
                    }
                    None => made.leaves = true,
                }
            }
            ["body"] | ["response", "body"]
                if assigned && matches!(code.raw(end + 1), "null" | "undefined") =>
            {
                found.insert("204".to_owned());
            }
            ["body"] | ["response", "body"] if assigned => bodies += 1,
            // Of Hono (<https://hono.dev/docs/api/context>).
            ["json" | "text" | "html" | "body" | "newResponse"] if called => {
                let second = code.arguments(end).get(1).map(|r| r.start);
                match second.map(|start| number(code, start)) {
                    None => bodies += 1,
                    Some(Some(status)) => {
                        found.insert(status);
                    }
                    Some(None) => match second.and_then(|at| status_of(code, &body, at)) {
                        Some(name) => {
                            by.insert(name);
                        }
                        None => made.leaves = true,
                    },
                }
            }
            ["notFound"] if called => {
                found.insert("404".to_owned());
            }
            ["redirect"] | ["response", "redirect"] if called => {
                let second = code.arguments(end).get(1).map(|r| r.start);
                match second.map(|start| number(code, start)) {
                    Some(Some(status)) => {
                        found.insert(status);
                    }
                    Some(None) => made.leaves = true,
                    None => sent = true,
                }
            }
            ["throw"] if called => match number(code, end + 1) {
                Some(status) => {
                    found.insert(status);
                }
                // Without a number it is an error of the server
                // (<https://koajs.com/#ctx-throw-status-msg-properties->).
                None => made.leaves = true,
            },
            ["assert"] if called => {
                let second = code.arguments(end).get(1).map(|r| r.start);
                match second.and_then(|start| number(code, start)) {
                    Some(status) => {
                        found.insert(status);
                    }
                    None => made.leaves = true,
                }
            }
            _ => takes(code, at, &chain, end, &mut made),
        }
    }
    // A status that is set holds for the body that is given; which of several goes with which, and
    // whether one goes without, was not followed.
    let clear = set.len() <= 1 && !sometimes;
    made.leaves |= !clear;
    if bodies > 0 && (set.is_empty() || !clear) {
        set.insert("200".to_owned());
    }
    if sent && !set.iter().any(|status| status.starts_with('3')) {
        set.insert("302".to_owned());
    }
    found.extend(set);
    let by = by.into_iter().map(|name| format!("{ANSWERED_BY}{name}"));
    made.throws.extend(by);
    made.responses = found.into_iter().map(statuses::response).collect();
    (!made.responses.is_empty() || !made.throws.is_empty()).then_some(made)
}

/// The function whose result has the status that is answered: `const up = await upload(file)`, and then
/// `c.json({ error: up.error }, up.status)`.
fn status_of<'t>(code: &Code<'t>, body: &Range<usize>, at: usize) -> Option<&'t str> {
    let name = code
        .ident(at)
        .filter(|_| code.is(at + 1, ".") && code.is(at + 2, "status"))?;
    let given = (body.start..at).find(|&i| code.is(i, name) && code.is(i + 1, "="))? + 2;
    let function = given + usize::from(code.is(given, "await"));
    code.ident(function).filter(|_| code.is(function + 1, "("))
}

/// The function that is handed the context first and whose answer is returned: `return serve(c, id)`.
fn handed_to<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let name = at.checked_sub(2).filter(|_| code.is(at - 1, "("))?;
    let before = match code.is(name.wrapping_sub(1), "await") {
        true => name.wrapping_sub(2),
        false => name.wrapping_sub(1),
    };
    code.ident(name).filter(|_| code.is(before, "return"))
}

/// Whether a function of the framework itself answers bit by bit (<https://hono.dev/docs/helpers/streaming>).
fn is_stream(code: &Code<'_>, name: &str) -> bool {
    matches!(name, "stream" | "streamText" | "streamSSE") && code.text.contains("hono/streaming")
}

/// Whether a statement at `at` stands in the body itself, and not in a block or behind a condition.
fn is_unconditional(code: &Code<'_>, body: &Range<usize>, at: usize) -> bool {
    let inner = (body.start + 1..at)
        .any(|i| code.is(i, "{") && code.partner(i).is_some_and(|close| close > at));
    let before = code.raw(at.saturating_sub(1));
    // What a line above leaves open goes on here.
    let open = matches!(before, ")" | "else" | "&" | "|" | "?" | ":");
    !inner && (matches!(before, ";" | "{" | "}" | ">") || code.starts_line(at) && !open)
}

/// The status at a place, a number or a name of one.
pub(super) fn number(code: &Code<'_>, at: usize) -> Option<String> {
    let raw = code.raw(at);
    if raw.len() == 3 && raw.bytes().all(|b| b.is_ascii_digit()) {
        return Some(raw.to_owned());
    }
    // `HttpStatus.NOT_FOUND`
    (code.ident(at).is_some() && code.is(at + 1, "."))
        .then(|| code.ident(at + 2).and_then(statuses::code))
        .flatten()
        .map(str::to_owned)
}

/// `throw new HTTPException(401)` of Hono, `throw createError(404)` of `http-errors`.
fn thrown(code: &Code<'_>, at: usize) -> Option<String> {
    let at = if code.is(at, "new") { at + 1 } else { at };
    let known = matches!(
        code.raw(at),
        "HTTPException" | "createError" | "createHttpError"
    );
    (known && code.is(at + 1, "("))
        .then(|| number(code, at + 2))
        .flatten()
}

/// Whether a name is that of a header: several words, or one of those of one word.
fn is_header(name: &str) -> bool {
    const ONE: [&str; 9] = [
        "accept",
        "authorization",
        "cookie",
        "host",
        "origin",
        "range",
        "referer",
        "referrer",
        "via",
    ];
    name.contains('-') || ONE.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What a use of the context takes; what cannot be named is more.
fn takes(code: &Code<'_>, at: usize, chain: &[&str], end: usize, made: &mut Handler) {
    let called = code.is(end, "(");
    let given = || code.string(end + 1).filter(|_| called);
    let mut named = |name: Option<&str>, place: &str| match name {
        Some(name) => js_inline::add(made, name, place),
        None => made.more = true,
    };
    match chain {
        // `ctx.get("X-Token")`, `c.req.header("X-Token")`, `ctx.cookies.get("session")`.
        // A context of Hono keeps variables under names that are no headers.
        ["get"] if called && !given().is_some_and(is_header) => {}
        ["get"] | ["request", "get"] | ["req", "header"] if called => named(given(), "header"),
        ["cookies", "get"] if called => named(given(), "cookie"),
        ["req", "query" | "queries"] if called => named(given(), "query"),
        ["query"] | ["request" | "req", "query"] => destructured(code, at, end, "query", made),
        ["query", name] | ["request", "query", name] if !called => {
            js_inline::add(made, name, "query");
        }
        ["headers" | "header", name] | ["request" | "req", "headers" | "header", name]
            if !called =>
        {
            js_inline::add(made, name, "header");
        }
        ["request" | "req" | "input", "body"] | ["req", "json" | "parseBody"] => {
            let end = match called {
                true => code.partner(end).map_or(end, |close| close + 1),
                false => end,
            };
            destructured(code, at, end, "body", made);
        }
        ["request" | "req" | "input", "body", name] if !called => {
            js_inline::add(made, name, "body")
        }
        ["input", "query"] => destructured(code, at, end, "query", made),
        ["input", "query", name] if !called => js_inline::add(made, name, "query"),
        ["request" | "req" | "input", "body" | "query", ..] => made.more = true,
        // What checks it in the route says what is taken.
        ["req", "valid"] if given().is_some() => {
            let place = format!("{CHECKED}{}", given().unwrap_or_default());
            if !made.calls.contains(&place) {
                made.calls.push(place);
            }
        }
        ["req", "valid"]
        | ["file" | "files"]
        | ["request", "files" | "file"]
        | ["req"]
        | ["request"]
        | ["input"] => {
            made.more = true;
        }
        _ => {}
    }
}

/// `const { name, email = "" } = ctx.request.body`.
fn destructured(code: &Code<'_>, at: usize, end: usize, place: &str, made: &mut Handler) {
    if let Some(name) = code.string(end + 1).filter(|_| code.is(end, "[")) {
        return js_inline::add(made, name, place);
    }
    let before = (at.saturating_sub(3)..at)
        .rev()
        .find(|&i| !matches!(code.raw(i), "await" | "(" | "="));
    let open = before
        .filter(|&i| code.is(i, "}") && code.is(i + 1, "="))
        .and_then(|close| code.partner(close));
    match open {
        Some(open) => {
            for field in code.arguments(open) {
                match code.ident(field.start) {
                    Some(name) => js_inline::add(made, name, place),
                    None => made.more = true,
                }
            }
        }
        None => made.more = true,
    }
}
