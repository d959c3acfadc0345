//! What handlers of NestJS take and give: by the types of their parameters and answer, and by what
//! their decorators say of responses.

mod bodies;

use crate::conditions;
use crate::extractors::{js_inline, nest_above};
use crate::facts::{Claim, FileFacts, Handler, Input};
use crate::scan;
use crate::source::SourceFile;
use crate::statuses;
use crate::values::Values;
use groundplan_model::{Origin, Response};
use groundplan_syntax::{Code, Declared};
use std::ops::Range;

/// Decorators of responses with the status that their name means
/// (<https://docs.nestjs.com/openapi/operations#responses>).
const RESPONSES: [(&str, &str); 18] = [
    ("ApiOkResponse", "200"),
    ("ApiCreatedResponse", "201"),
    ("ApiAcceptedResponse", "202"),
    ("ApiNoContentResponse", "204"),
    ("ApiMovedPermanentlyResponse", "301"),
    ("ApiFoundResponse", "302"),
    ("ApiBadRequestResponse", "400"),
    ("ApiUnauthorizedResponse", "401"),
    ("ApiForbiddenResponse", "403"),
    ("ApiNotFoundResponse", "404"),
    ("ApiConflictResponse", "409"),
    ("ApiGoneResponse", "410"),
    ("ApiPayloadTooLargeResponse", "413"),
    ("ApiUnprocessableEntityResponse", "422"),
    ("ApiTooManyRequestsResponse", "429"),
    ("ApiInternalServerErrorResponse", "500"),
    ("ApiNotImplementedResponse", "501"),
    ("ApiServiceUnavailableResponse", "503"),
];

/// Adds what a method takes and gives.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
) {
    let code = file.code();
    let open = declared.at + 1;
    let Some(close) = code.partner(open).filter(|_| code.is(open, "(")) else {
        return;
    };
    let mut handler = Handler {
        name: declared.name.clone(),
        ..Handler::default()
    };
    let mut whole = Vec::new();
    for range in scan::parameters(code, open) {
        whole.extend(parameter(code, range, &mut handler));
    }
    let body = body(code, close);
    bodies::add(code, values, declared, whole, body.clone(), &mut handler);
    responses(file, values, declared, close, body, &mut handler);
    // What filters and interceptors answer stands elsewhere.
    handler.leaves = true;
    let last = code.line(close);
    acc.add(file, declared.line, last, Claim::Handler(Box::new(handler)));
}

/// `@Body() order: NewOrder`, `@Query('page') page?: number`. Gives back the tokens of a parameter that holds
/// a whole body whose type has no name.
fn parameter(code: &Code<'_>, range: Range<usize>, handler: &mut Handler) -> Option<Range<usize>> {
    let mut at = range.start;
    let mut place: Option<(&str, Option<String>)> = None;
    while at < range.end && code.is(at, "@") {
        let name = code.raw(at + 1);
        let open = at + 2;
        at = open;
        let mut given = None;
        if code.is(open, "(") {
            given = code.string(open + 1).map(str::to_owned);
            at = code.partner(open).map_or(range.end, |c| c + 1);
            if let Some(status) = nest_above::parsed(code, open..at) {
                statuses::add(&mut handler.responses, status);
            }
            if (open..at).any(|i| code.is(i, "ValidationPipe")) {
                handler.calls.push(CHECKS.to_owned());
            }
        }
        let known = match name {
            "Body" => "body",
            "Query" => "query",
            "Param" => "path",
            "Headers" => "header",
            "UploadedFile" | "UploadedFiles" => "form",
            _ => {
                handler.more |= !is_caller(name);
                continue;
            }
        };
        place = Some((known, given));
    }
    let (place, given) = place?;
    let colon = (at..range.end).find(|&i| code.is(i, ":"));
    let kind = colon.and_then(|colon| type_name(code, colon + 1..range.end));
    let optional = colon.is_some_and(|colon| code.is(colon - 1, "?"))
        || (at..range.end).any(|i| code.is(i, "="));
    if given.is_none()
        && matches!(place, "query" | "path")
        && let Some(kind) = &kind
    {
        handler.calls.push(format!("{TAKES}{kind}"));
    }
    match (place, given) {
        ("body", None) if kind.is_none() => return Some(at..range.end),
        ("body", None) => handler.request = kind,
        // An object of all parameters says a part of what is taken.
        ("query" | "header", None) => handler.more = true,
        ("path", None) | ("form", None) => handler.more = true,
        (place, Some(name)) => handler.inputs.push(Input {
            name,
            place: place.to_owned(),
            required: place == "path",
            data_type: kind.filter(|_| !optional || place != "path"),
        }),
        _ => {}
    }
    None
}

/// What stands before a class among the calls of a handler whose parameters it holds.
pub(crate) const TAKES: &str = "=";

/// Stands among the calls of a handler that has a pipe of its own that checks what it is given.
pub(crate) const CHECKS: &str = "ValidationPipe";

/// Whether a decorator of a parameter hands in who calls or what the answer is written to, which is no
/// input; the request as a whole and decorators of the repository may hand in anything.
fn is_caller(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    const WORDS: [&str; 7] = [
        "user", "session", "auth", "account", "tenant", "client", "lang",
    ];
    matches!(name, "Res" | "Response" | "Next" | "Ip" | "HostParam")
        || WORDS.iter().any(|word| lower.contains(word))
}

/// A type as it is written, if it is a name or a list of one: `Order`, `Order[]`, `Page<Order>`.
pub(super) fn type_name(code: &Code<'_>, range: Range<usize>) -> Option<String> {
    let end = (range.clone())
        .find(|&at| code.is(at, "=") || code.is(at, "{"))
        .unwrap_or(range.end);
    let plain = (range.start..end).all(|at| {
        code.ident(at).is_some() || matches!(code.raw(at), "." | "<" | ">" | "[" | "]" | ",")
    });
    let mut text = String::new();
    for at in range.start..end {
        text.push_str(code.raw(at));
        if code.is(at, ",") {
            text.push(' ');
        }
    }
    let empty = matches!(
        text.as_str(),
        "" | "any" | "unknown" | "void" | "object" | "Object" | "undefined" | "never"
    );
    (plain && !empty && text.len() <= 80).then_some(text)
}

/// The type that a decorator of OpenAPI names: `{ type: Order, isArray: true }`, `{ type: [Order] }`.
fn typed(code: &Code<'_>, values: &Values<'_, '_>, object: usize) -> Option<String> {
    let range = values.property(object, "type")?;
    let listed = code.is(range.start, "[");
    let one = match listed {
        true => code.arguments(range.start).into_iter().next()?,
        false => range,
    };
    let kind = type_name(code, one)?;
    let many = values.property(object, "isArray");
    let many = many.is_some_and(|range| code.is(range.start, "true"));
    let list = if listed || many { "[]" } else { "" };
    Some(format!("{kind}{list}"))
}

/// What is answered: the usual status with the type after the parameters, what the body throws, and, as
/// declared, what decorators name beside it.
fn responses(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
    close: usize,
    body: Option<Range<usize>>,
    handler: &mut Handler,
) {
    let code = file.code();
    let mut all: Vec<Response> = std::mem::take(&mut handler.responses);
    for annotation in &declared.annotations {
        let Some(open) = annotation.open else {
            continue;
        };
        if annotation.name == "UsePipes"
            && (code.partner(open))
                .is_some_and(|end| (open..end).any(|i| code.is(i, "ValidationPipe")))
        {
            handler.calls.push(CHECKS.to_owned());
        }
        let object = (code.arguments(open).first())
            .and_then(|first| values.literal_at(first))
            .filter(|&at| code.is(at, "{"));
        let named = RESPONSES.iter().find(|(name, _)| *name == annotation.name);
        let status = match named {
            Some((_, status)) => Some((*status).to_owned()),
            None if annotation.name == "ApiResponse" => object
                .and_then(|at| values.property(at, "status"))
                .and_then(|range| status_of(code, range)),
            None => None,
        };
        let Some(status) = status else {
            continue;
        };
        let kind = object.and_then(|at| typed(code, values, at));
        let described = object.and_then(|at| values.folded_property(at, &["description"]));
        let described = described.filter(|d| !d.is_empty());
        match all.iter_mut().find(|r| r.status == status) {
            Some(known) => {
                known.description = known.description.take().or(described);
                known.schema = known.schema.take().or(kind);
            }
            None => all.push(Response {
                status,
                description: described,
                schema: kind,
                origin: Some(Origin::Declared),
            }),
        }
    }
    let set = declared
        .annotation(&["HttpCode"])
        .and_then(|a| code.arguments(a.open?).into_iter().next())
        .and_then(|range| status_of(code, range));
    let posts = declared.annotation(&["Post"]).is_some();
    let sent = declared
        .annotation(&["Redirect", "Sse", "Render"])
        .is_some();
    // Where the handler holds the response itself, the type says nothing; one that only sets cookies
    // or headers leaves the answer to the framework.
    let held = (declared.at..close).find_map(|at| {
        let response = code.is(at, "@") && matches!(code.raw(at + 1), "Res" | "Response");
        let end = code.partner(at + 2).filter(|_| response)?;
        let object = at + 2..end;
        let passed = object.into_iter().any(|i| code.is(i, "passthrough"));
        let name = code.ident(end + 1)?;
        let sets =
            |at: usize| code.is(at, name) && code.is(at + 1, ".") && code.is(at + 2, "status");
        let sets = body.clone().is_some_and(|body| body.into_iter().any(sets));
        (!passed || sets).then_some(name)
    });
    if let (Some(name), Some(body)) = (held, body.clone())
        && let Some(read) = js_inline::read(code, "", "", name, body)
    {
        for one in read.responses {
            statuses::give(&mut all, one);
        }
    }
    let held = held.is_some();
    // Where a method does nothing, what stands before it sends the caller on.
    let sent_on = declared.annotation(&["UseGuards"]).is_some()
        && body.as_ref().is_some_and(|body| body.len() <= 1);
    let kind = answer(code, close).filter(|_| !held && !sent);
    // The framework answers so where nothing else says it, whatever is declared
    // (<https://docs.nestjs.com/controllers#status-code>).
    let usual = if posts { "201" } else { "200" };
    let dynamic = declared.annotation(&["HttpCode"]).is_some() && set.is_none();
    if !dynamic && !held && !sent && !sent_on && (kind.is_some() || body.is_some()) {
        let status = set.unwrap_or_else(|| usual.to_owned());
        let made = Response {
            schema: kind.filter(|kind| kind != "void"),
            ..statuses::response(status)
        };
        statuses::give(&mut all, made);
    }
    for made in body
        .into_iter()
        .flat_map(|body| exceptions(file, body, true))
    {
        statuses::give(&mut all, made);
    }
    all.sort_by(|a, b| a.status.cmp(&b.status));
    handler.responses = all;
}

/// The tokens of a method's body, behind its parameters and the type of its answer.
fn body(code: &Code<'_>, close: usize) -> Option<Range<usize>> {
    let mut at = close + 1;
    while at < close + 80 {
        if code.is(at, "{") {
            let end = code.partner(at)?;
            // `Promise<{ id: string }>`: the brackets of a type.
            let of_type = matches!(code.raw(at - 1), ":" | "<" | "|" | "&" | ",");
            if !of_type {
                return Some(at..end);
            }
            at = end;
        }
        if code.is(at, ";") || code.is(at, "@") {
            return None;
        }
        at += 1;
    }
    None
}

/// What the exceptions of the framework answer that a piece of code makes, or only those that it throws
/// (<https://docs.nestjs.com/exception-filters#built-in-http-exceptions>). One with a status of success refuses
/// all the same, so that its message and condition are told with it, unless it is also the one with which the handler
/// succeeds.
pub(super) fn exceptions(
    file: &SourceFile<'_>,
    within: Range<usize>,
    only_thrown: bool,
) -> Vec<Response> {
    let code = file.code();
    let mut all: Vec<Response> = Vec::new();
    for at in within.filter(|&at| code.is(at, "new") && code.is(at + 2, "(")) {
        let thrown = at > 0 && code.is(at - 1, "throw");
        let Some(name) = code.ident(at + 1).and_then(|n| n.strip_suffix("Exception")) else {
            continue;
        };
        let given = code.arguments(at + 2);
        let status = match name {
            "Http" => (given.get(1)).and_then(|range| statuses::code(code.raw(range.end - 1))),
            name => statuses::code(name),
        };
        let Some(status) = status.filter(|_| thrown || !only_thrown) else {
            continue;
        };
        if all.iter().any(|r| r.status == status) || thrown && is_swallowed(code, at) {
            continue;
        }
        let mut made = statuses::response(status);
        // Without being thrown, one with a status of success is not known to answer anything.
        if !thrown && !made.fails() {
            continue;
        }
        if !made.fails() {
            made.origin = Some(Origin::Thrown);
            let message = given.first().filter(|range| range.len() == 1);
            let message = message.and_then(|range| code.string(range.start));
            let parts = [
                message.map(|message| format!("“{message}”")),
                conditions::around(file, at).map(|all| all.sentence()),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            made.description = Some(parts.join(", ")).filter(|text| !text.is_empty());
        }
        all.push(made);
    }
    all
}

/// Whether a block takes what is thrown here and never looks at it: `try { throw … } catch { throw … }`.
fn is_swallowed(code: &Code<'_>, at: usize) -> bool {
    let close = crate::caught::tried(code, at).and_then(|open| code.partner(open));
    let taken = close.and_then(|close| crate::failing::catching(code, close + 1));
    taken.is_some_and(|(head, open, close)| {
        let error = head.clone().find_map(|at| code.ident(at));
        error.is_none_or(|name| !(open..close).any(|at| code.is(at, name)))
    })
}

/// `404`, `HttpStatus.NOT_FOUND`, `StatusCodes.NOT_FOUND`.
fn status_of(code: &Code<'_>, range: Range<usize>) -> Option<String> {
    let raw = code.raw(range.start);
    if range.len() == 1 && raw.len() == 3 && raw.bytes().all(|b| b.is_ascii_digit()) {
        return Some(raw.to_owned());
    }
    let words = ["HttpStatus", "StatusCodes"];
    let named = words.contains(&raw) && range.len() == 3;
    let name = named.then(|| code.ident(range.end - 1)).flatten()?;
    statuses::code(name).map(str::to_owned)
}

/// The type of the answer without what waits for it: `Order` of `Promise<Order>`.
fn answer(code: &Code<'_>, close: usize) -> Option<String> {
    if !code.is(close + 1, ":") {
        return None;
    }
    let mut start = close + 2;
    let mut end = (start..code.tokens.len().min(start + 40)).find(|&at| code.is(at, "{"))?;
    if matches!(code.raw(start), "Promise" | "Observable")
        && code.is(start + 1, "<")
        && code.is(end - 1, ">")
    {
        start += 2;
        end -= 1;
    }
    if end == start + 1 && code.is(start, "void") {
        return Some("void".to_owned());
    }
    // `Promise<{ id: string }>` has no name.
    type_name(code, start..end)
        .filter(|name| name.matches('<').count() == name.matches('>').count())
}
