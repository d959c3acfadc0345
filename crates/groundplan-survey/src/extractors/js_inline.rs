//! What a handler that stands in its route of Express takes and answers:
//! `app.get("/x", (req, res) => res.json(all))`.

use crate::extractors::{js_contexts, js_error_handlers};
use crate::facts::{Handler, Input};
use crate::scan;
use crate::statuses;
use groundplan_syntax::Code;
use std::ops::Range;

/// The name of handlers that have none: they belong to the route of their line.
pub(crate) const INLINE: &str = "#inline";

/// The function literal in an argument, if it answers with its second parameter.
pub(super) fn handler(code: &Code<'_>, given: &Range<usize>) -> Option<Handler> {
    let open = given.clone().find(|&at| {
        let close = code.is(at, "(").then(|| code.partner(at)).flatten();
        close.is_some_and(|close| {
            code.is(close + 1, "=") && code.is(close + 2, ">")
                || at > given.start
                    && (code.is(at - 1, "function")
                        || at > given.start + 1 && code.is(at - 2, "function"))
        })
    })?;
    let close = code.partner(open)?;
    let params = code.arguments(open);
    // Four parameters are those of a handler of errors.
    let (request, response) = match params.as_slice() {
        [request, response] | [request, response, _] => {
            (code.ident(request.start)?, code.ident(response.start)?)
        }
        _ => return None,
    };
    read(code, INLINE, request, response, close + 1..given.end)
}

/// What a function of a request and a response takes and answers, if it answers at all.
pub(super) fn read(
    code: &Code<'_>,
    name: &str,
    request: &str,
    response: &str,
    body: Range<usize>,
) -> Option<Handler> {
    let mut made = Handler {
        name: name.to_owned(),
        ..Handler::default()
    };
    let mut found = answers(code, request, response, body, &mut made);
    found.sort();
    found.dedup();
    made.responses = found.into_iter().map(statuses::response).collect();
    let hands_on = |name: &String| name.starts_with(js_error_handlers::HANDED);
    (!made.responses.is_empty() || made.throws.iter().any(hands_on)).then_some(made)
}

/// Methods of a response that answer nothing by themselves.
const SILENT: [&str; 31] = [
    "addTrailers",
    "append",
    "appendHeader",
    "attachment",
    "clearCookie",
    "contentType",
    "cookie",
    "cork",
    "emit",
    "flush",
    "flushHeaders",
    "get",
    "getHeader",
    "hasHeader",
    "header",
    "headers",
    "links",
    "location",
    "off",
    "on",
    "once",
    "removeHeader",
    "removeListener",
    "set",
    "setCookie",
    "setHeader",
    "setTimeout",
    "type",
    "uncork",
    "vary",
    "write",
];

/// Places before an answer where its status is set that are looked at, the nearest first, at most.
const MOST_SETS: usize = 64;

/// The statuses that a body answers with, and what it takes, which is added to a handler.
pub(super) fn answers(
    code: &Code<'_>,
    request: &str,
    response: &str,
    body: Range<usize>,
    made: &mut Handler,
) -> Vec<String> {
    let mut statuses: Vec<String> = Vec::new();
    // `err.statusCode` and `statusCode: 404` of an object set nothing.
    let is_set = |i: usize| {
        i > 2
            && code.is(i, "statusCode")
            && code.is(i - 1, ".")
            && code.is(i - 2, response)
            && !code.is(i - 3, ".")
            && code.is(i + 1, "=")
            && !code.is(i + 2, "=")
    };
    let sets: Vec<usize> = body.clone().filter(|&i| is_set(i)).collect();
    let whole = body.clone();
    for at in body {
        // Errors are answered where the program handles them.
        let fails = code.is(at, "throw") || code.is(at, "next") && !code.is(at + 2, ")");
        made.leaves |= fails && (code.is(at, "throw") || code.is(at + 1, "("));
        if fails {
            let handed = match code.is(at, "throw") {
                true => js_error_handlers::thrown(code, at, &whole),
                false if code.is(at + 1, "(") => js_error_handlers::handed_on(code, at),
                false => None,
            };
            let handed = handed.map(|status| format!("{}{status}", js_error_handlers::HANDED));
            if let Some(handed) = handed.filter(|h| !made.throws.contains(h)) {
                made.throws.push(handed);
            }
        }
        // A field of the same name is another thing.
        if at > 0 && code.is(at - 1, ".") {
            continue;
        }
        if code.is(at, response) {
            match code.is(at + 1, ".") {
                true => {
                    let holds = |&&set: &&usize| may_hold(code, response, set, at);
                    let before = &sets[..sets.partition_point(|&set| set < at)];
                    let nearest = before.iter().rev().take(MOST_SETS);
                    let mut holding = nearest.filter(holds).peekable();
                    let sets_code = holding.peek().is_some();
                    let given = answer(code, at + 2, sets_code);
                    let method = code.ident(at + 2).filter(|_| code.is(at + 3, "("));
                    let goes_on = code
                        .partner(at + 3)
                        .is_some_and(|close| code.is(close + 1, "."));
                    // A method that the program or a plugin gives the response answers in its own way, one that only
                    // is called by its status as well, and so does a status that is computed or may be another.
                    let known = method.is_none_or(|m| match is_own(m) {
                        true => {
                            given.is_some()
                                || is_sent_by(m) && holding.any(|&set| is_sure(code, set, at))
                        }
                        false => SILENT.contains(&m) && (given.is_some() || !goes_on),
                    });
                    made.leaves |= !known;
                    statuses.extend(given);
                    // `res.statusCode = 404`, `res.statusCode = HttpStatus.NOT_FOUND`
                    if is_set(at + 2) {
                        let end = if code.is(at + 5, ".") { at + 7 } else { at + 5 };
                        let whole = matches!(code.raw(end), ";" | "}") || code.starts_line(end);
                        let number = js_contexts::number(code, at + 4).filter(|_| whole);
                        made.leaves |= number.is_none();
                        statuses.extend(number);
                    }
                }
                // Who is handed the response may answer.
                false => {
                    made.leaves |= matches!(code.raw(at - 1), "(" | ",")
                        && matches!(code.raw(at + 1), ")" | ",");
                }
            }
        } else if code.is(at, request) {
            takes(code, at, 0, made);
        }
    }
    statuses
}

/// Whether a method of a response is one of the framework that answers, or says with which status.
fn is_own(method: &str) -> bool {
    is_sent_by(method)
        || matches!(
            method,
            "status" | "sendStatus" | "writeHead" | "code" | "redirect"
        )
}

/// Whether a method of a response sends it with the status that was set before.
fn is_sent_by(method: &str) -> bool {
    matches!(
        method,
        "json" | "jsonp" | "send" | "end" | "render" | "sendFile" | "download"
    )
}

/// Whether a status that is set at one place may still hold at a later one: no block between them was left before it
/// ended.
fn may_hold(code: &Code<'_>, response: &str, set: usize, at: usize) -> bool {
    let sends = |i: usize| {
        code.is(i, response) && code.is(i + 1, ".") && is_sent_by(code.raw(i + 2))
            || matches!(code.raw(i), "return" | "throw")
    };
    // `if (x) return;` need not leave.
    let always = |i: usize| {
        let before = i - 1 - usize::from(matches!(code.raw(i - 1), "await" | "return"));
        !matches!(code.raw(before), ")" | "else")
    };
    let mut inner = set;
    while let Some(open) = scan::open_around(code, inner) {
        let close = code.partner(open).unwrap_or(at);
        let left = |i: usize| sends(i) && always(i) && scan::open_around(code, i) == Some(open);
        if (set + 1..close.min(at)).any(left) {
            return false;
        }
        if close >= at {
            break;
        }
        inner = open;
    }
    true
}

/// Whether a status that is set at one place is set whenever a later one is reached.
fn is_sure(code: &Code<'_>, set: usize, at: usize) -> bool {
    let open = scan::open_around(code, set);
    let within = open
        .and_then(|open| code.partner(open))
        .is_none_or(|close| close > at);
    // `if (x) res.statusCode = 404;`, and another case of a `switch`.
    let alone = !matches!(code.raw(set - 3), ")" | "else" | "?");
    let case =
        |i: usize| matches!(code.raw(i), "case" | "default") && scan::open_around(code, i) == open;
    within && alone && !(set..at).any(case)
}

/// Whether an arrow leads to the body of a function, and the body.
pub(super) fn body(code: &Code<'_>, close: usize) -> Option<(bool, Range<usize>)> {
    let mut at = close + 1;
    // `: Promise<void>`
    if code.is(at, ":") {
        let last = at + 80;
        while !(code.is(at, "=") && code.is(at + 1, ">")) {
            match code.raw(at) {
                "{" if matches!(code.raw(at - 1), ":" | "<" | "|" | "&" | ",") => {
                    at = code.partner(at)?;
                }
                "{" => break,
                "(" | "[" => at = code.partner(at)?,
                ";" | ")" | "}" | "" => return None,
                _ => {}
            }
            at += 1;
            if at > last {
                return None;
            }
        }
    }
    let arrow = code.is(at, "=") && code.is(at + 1, ">");
    let start = if arrow { at + 2 } else { at };
    if code.is(start, "{") {
        return Some((arrow, start..code.partner(start)?));
    }
    // `(req, res) => res.json(all)`
    if !arrow {
        return None;
    }
    let line = code.line(start);
    let mut end = start;
    // A statement that begins on a line of its own is the next one.
    let goes_on = |at: usize| !code.starts_line(at) || code.ident(at).is_none();
    while end < code.tokens.len() && code.line(end) < line + 12 && (end == start || goes_on(end)) {
        match code.raw(end) {
            "(" | "[" | "{" => end = code.partner(end)?,
            ")" | "]" | "}" | ";" | "," => break,
            _ => {}
        }
        end += 1;
    }
    Some((true, start..end))
}

/// The status that a method of the response answers with.
fn answer(code: &Code<'_>, at: usize, sets_code: bool) -> Option<String> {
    let method = code.ident(at).filter(|_| code.is(at + 1, "("))?;
    let number = || {
        let first = code.arguments(at + 1).into_iter().next()?;
        let raw = code.raw(first.start);
        let digits = raw.len() == 3 && raw.bytes().all(|b| b.is_ascii_digit());
        if digits && first.len() == 1 {
            return Some(raw.to_owned());
        }
        let last = first.clone().next_back()?;
        let plain = first
            .clone()
            .all(|i| code.ident(i).is_some() || code.is(i, "."));
        let word = code.ident(last).filter(|_| plain && first.len() > 1)?;
        statuses::code(word).map(str::to_owned)
    };
    match method {
        "status" | "sendStatus" | "writeHead" | "code" => number(),
        "redirect" => Some(number().unwrap_or_else(|| "302".to_owned())),
        // `res.set("X", x).json(all)`: what follows in the chain answers.
        "append" | "attachment" | "cookie" | "clearCookie" | "contentType" | "header"
        | "headers" | "links" | "location" | "set" | "setCookie" | "setHeader" | "type"
        | "vary" => {
            let next = code.partner(at + 1)? + 1;
            code.is(next, ".")
                .then(|| answer(code, next + 1, sets_code))
                .flatten()
        }
        "json" | "jsonp" | "send" | "end" | "render" | "sendFile" | "download" if !sets_code => {
            Some("200".to_owned())
        }
        // `reply.notFound()` of `@fastify/sensible`, `res.badRequest()` of Sails: refusals that are called by their
        // status (<https://github.com/fastify/fastify-sensible#replyhttperrors>).
        name if name.contains(char::is_uppercase)
            || matches!(name, "forbidden" | "unauthorized") =>
        {
            statuses::code(name)
                .filter(|status| status.starts_with(['4', '5']))
                .map(str::to_owned)
        }
        _ => None,
    }
}

/// What a use of the request takes; what cannot be named is more.
fn takes(code: &Code<'_>, at: usize, depth: u8, made: &mut Handler) {
    let part = code.ident(at + 2).filter(|_| code.is(at + 1, "."));
    let Some(part) = part else {
        made.more |= depth > 0 || !handed(code, at, made);
        return;
    };
    if part == "body"
        && let Some(schema) = schema(code, at)
    {
        made.request = Some(schema.to_owned());
        return;
    }
    let place = match part {
        "query" | "body" => part,
        "headers" => "header",
        // What the path holds, who asks, and what the server knows of the connection.
        "params" | "log" | "path" | "url" | "originalUrl" | "method" | "ip" | "user"
        | "session" | "app" | "protocol" | "hostname" | "socket" => return,
        "get" | "header" if code.is(at + 3, "(") => {
            match code.string(at + 4) {
                Some(name) => add(made, name, "header"),
                None => made.more = true,
            }
            return;
        }
        _ => {
            made.more = true;
            return;
        }
    };
    let name = code.ident(at + 4).filter(|_| code.is(at + 3, "."));
    if let Some(name) = name.filter(|_| !code.is(at + 5, "(")) {
        return add(made, name, place);
    }
    if let Some(name) = code.string(at + 4).filter(|_| code.is(at + 3, "[")) {
        return add(made, name, place);
    }
    // `const { name, email = "" } = req.body`
    let open = (at >= 2 && code.is(at - 1, "=") && code.is(at - 2, "}"))
        .then(|| code.partner(at - 2))
        .flatten();
    match open.filter(|_| !code.is(at + 3, ".")) {
        Some(open) => {
            for field in code.arguments(open) {
                match code.ident(field.start) {
                    Some(name) => add(made, name, place),
                    None => made.more = true,
                }
            }
        }
        None => made.more = true,
    }
}

/// The schema that checks a whole body: `orderSchema.parse(req.body)`, `Schema.decodeUnknown(Order)(req.body)`.
fn schema<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    const CHECKS: [&str; 8] = [
        "parse",
        "parseAsync",
        "safeParse",
        "safeParseAsync",
        "validate",
        "validateAsync",
        "validateSync",
        "assert",
    ];
    let whole = !matches!(code.raw(at + 3), "." | "[" | "?");
    let open = at
        .checked_sub(1)
        .filter(|&open| whole && code.is(open, "("))?;
    let before = open.checked_sub(1)?;
    if code.is(before, ")") {
        let inner = code.partner(before)?;
        let decodes = code
            .ident(inner.checked_sub(1)?)?
            .starts_with("decodeUnknown");
        return code
            .ident(inner + 1)
            .filter(|_| decodes && code.is(inner + 2, ")"));
    }
    let checks = CHECKS.contains(&code.raw(before)) && code.is(before.wrapping_sub(1), ".");
    let name = code.ident(before.checked_sub(2)?).filter(|_| checks)?;
    // `JSON.parse(req.body)`, `qs.parse(req.body)` read a text and check nothing.
    let of_type = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
    let is_schema = name.to_ascii_lowercase().ends_with("schema")
        || of_type
        || builds_schema(code, name)
        || matches!(
            code.raw(before),
            "parseAsync" | "safeParse" | "safeParseAsync"
        );
    let whole = name != "this" && !code.is(before.wrapping_sub(3), ".");
    (is_schema && whole).then_some(name)
}

/// Whether the file makes a name with a builder of schemas: `const order = z.object({…})`.
fn builds_schema(code: &Code<'_>, name: &str) -> bool {
    const BUILDERS: [&str; 8] = ["Joi", "S", "Type", "joi", "v", "yup", "z", "zod"];
    (1..code.tokens.len()).any(|at| {
        code.is(at, name)
            && matches!(code.raw(at - 1), "const" | "let" | "var")
            && code.is(at + 1, "=")
            && code.is(at + 3, ".")
            && BUILDERS.contains(&code.raw(at + 2))
    })
}

/// Reads what a function of the file takes that is handed the request: `this.read(req, id)`.
fn handed(code: &Code<'_>, at: usize, made: &mut Handler) -> bool {
    let Some(open) = scan::bracket_around(code, at, 60) else {
        return false;
    };
    let given = code.arguments(open);
    let place = given
        .iter()
        .position(|range| range.len() == 1 && range.start == at);
    let name = open.checked_sub(1).and_then(|name| code.ident(name));
    let own = !code.is(open.wrapping_sub(2), ".") || code.is(open.wrapping_sub(3), "this");
    let (Some(place), Some(name)) = (place, name.filter(|_| own)) else {
        return false;
    };
    let mut defined = (1..code.tokens.len()).filter_map(|at| definition(code, name, at));
    let (Some((params, inside)), None) = (defined.next(), defined.next()) else {
        return false;
    };
    let parameters = code.arguments(params);
    let Some(parameter) = parameters
        .get(place)
        .and_then(|range| code.ident(range.start))
    else {
        return false;
    };
    for inner in inside {
        if code.is(inner, parameter) && !code.is(inner.wrapping_sub(1), ".") {
            takes(code, inner, 1, made);
        }
    }
    true
}

/// The brackets of the parameters and the body of a function that is called so and defined at `at`.
pub(super) fn definition(code: &Code<'_>, name: &str, at: usize) -> Option<(usize, Range<usize>)> {
    if !code.is(at, name) || matches!(code.raw(at - 1), "." | "new") {
        return None;
    }
    let (open, arrows) = match (code.raw(at + 1), code.raw(at + 2), code.raw(at + 3)) {
        ("(", ..) => (at + 1, false),
        ("=", "(", _) => (at + 2, true),
        ("=", "function", "(") => (at + 3, false),
        ("=", "async", "(") => (at + 3, true),
        ("=", "async", "function") => (at + 4, false),
        _ => return None,
    };
    let (arrow, inside) = body(code, code.partner(open)?)?;
    (arrow == arrows).then_some((open, inside))
}

pub(super) fn add(made: &mut Handler, name: &str, place: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$');
    let known = (made.inputs.iter()).any(|i| i.name == name && i.place == place);
    if !known && !name.is_empty() && name.len() <= 60 && name.chars().all(plain) {
        made.inputs.push(Input {
            name: name.to_owned(),
            place: place.to_owned(),
            data_type: None,
            required: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_syntax::Language;

    /// The statuses of a body, and whether it leaves others open.
    fn told(body: &str) -> (Vec<String>, bool) {
        let text = format!("x((req, res) => {{ {body} }});");
        let code = Code::new(&text, Language::JavaScript);
        let given = code.arguments(1).into_iter().next().unwrap_or_default();
        let made = handler(&code, &given).unwrap_or_default();
        let all = made.responses.into_iter().map(|r| r.status);
        (all.collect(), made.leaves)
    }

    #[test]
    fn a_status_that_is_set_holds_in_its_block() {
        let both = (vec!["200".to_owned(), "404".to_owned()], false);
        let one = (vec!["404".to_owned()], false);
        let open = (vec!["404".to_owned()], true);
        let set = "res.statusCode = 404;";
        let of = |body: String| told(&body);
        assert_eq!(
            of(format!(
                "if (!a) {{ {set} res.end(); return; }} res.json(a);"
            )),
            both
        );
        assert_eq!(
            of(format!(
                "if (!a) {{ {set} return res.end(); }} res.json(a);"
            )),
            both
        );
        assert_eq!(
            of(format!("{set} if (a) return res.json(a); res.end();")),
            one
        );
        assert_eq!(of(format!("if (!a) {{ {set} }} res.json(a);")), open);
        assert_eq!(of(format!("if (!a) {set} res.json(a);")), open);
        let named = "res.statusCode = HttpStatus.NOT_FOUND; res.end();";
        assert_eq!(told(named), one);
        let caught = "log(err.statusCode); res.json(a);";
        assert_eq!(told(caught), (vec!["200".to_owned()], false));
    }
}
