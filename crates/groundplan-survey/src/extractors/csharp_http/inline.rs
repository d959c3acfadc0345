//! What handlers of minimal APIs take and answer: a lambda in its route, or a method of the same file
//! (<https://learn.microsoft.com/aspnet/core/fundamentals/minimal-apis/parameter-binding>).

use crate::extractors::csharp_handlers;
use crate::extractors::js_inline::INLINE;
use crate::extractors::nest_handlers::type_name;
use crate::facts::{Claim, FileFacts, Handler};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Response;
use groundplan_syntax::{Call, Code};
use std::collections::BTreeMap;
use std::ops::Range;

/// Results by the method that makes them
/// (<https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.http.typedresults>).
const RESULTS: [(&str, &str); 11] = [
    ("Accepted", "202"),
    ("BadRequest", "400"),
    ("Conflict", "409"),
    ("Created", "201"),
    ("Forbid", "403"),
    ("NoContent", "204"),
    ("NotFound", "404"),
    ("Ok", "200"),
    ("Unauthorized", "401"),
    ("UnprocessableEntity", "422"),
    ("ValidationProblem", "400"),
];

/// How types end that the container of services gives.
const SERVICES: [&str; 14] = [
    "Client",
    "Context",
    "Dispatcher",
    "Factory",
    "Handler",
    "Manager",
    "Mediator",
    "Options",
    "Principal",
    "Provider",
    "Repository",
    "Service",
    "Services",
    "Store",
];

/// Adds what the handler in the second argument of a route takes and answers.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    call: Call,
    given: &Range<usize>,
    method: &str,
    path: &str,
) {
    let code = file.code();
    let name = code.ident(given.start).filter(|_| given.len() == 1);
    let open = match name {
        Some(name) => definition(code, name),
        None => given.clone().find(|&at| lambda(code, at)),
    };
    let Some(open) = open else { return };
    let Some(close) = code.partner(open) else {
        return;
    };
    let mut handler = Handler {
        name: name.unwrap_or(INLINE).to_owned(),
        leaves: true,
        ..Handler::default()
    };
    let mut bodies: Vec<String> = Vec::new();
    for range in scan::parameters(code, open) {
        if code.is(range.start, "[") {
            csharp_handlers::parameter(code, range, path, &mut handler);
            // `[AsParameters] Services services` is taken apart elsewhere.
            let known = handler.inputs.len();
            handler.inputs.retain(|i| i.place != csharp_handlers::BOUND);
            handler.more |= handler.inputs.len() < known;
        } else {
            plain(code, range, path, &mut handler, &mut bodies);
        }
    }
    let changes = matches!(method, "POST" | "PUT" | "PATCH");
    match bodies.as_slice() {
        [] => {}
        [one] if changes && handler.request.is_none() => handler.request = Some(one.clone()),
        _ => handler.more = true,
    }
    handler.responses = responses(code, call, close, given, name.is_some());
    let empty = handler.responses.is_empty() && handler.request.is_none();
    if empty && handler.inputs.is_empty() {
        return;
    }
    let line = match name {
        Some(_) => code.line(open),
        None => call.line,
    };
    let last = match name {
        Some(_) => code.line(close),
        None => code.line(given.end.saturating_sub(1)),
    };
    acc.add(file, line, last, Claim::Handler(Box::new(handler)));
}

/// Whether a bracket holds the parameters of a lambda.
fn lambda(code: &Code<'_>, at: usize) -> bool {
    let close = code.is(at, "(").then(|| code.partner(at)).flatten();
    close.is_some_and(|close| arrow(code, close + 1))
}

fn arrow(code: &Code<'_>, at: usize) -> bool {
    code.is(at, "=>") || code.is(at, "=") && code.is(at + 1, ">")
}

/// The bracket with the parameters of a method of this file.
pub(in crate::extractors) fn definition(code: &Code<'_>, name: &str) -> Option<usize> {
    code.calls().find_map(|call| {
        let at = scan::word_at(code, call);
        let typed = at.checked_sub(1).is_some_and(|before| {
            code.ident(before)
                .is_some_and(|w| !matches!(w, "return" | "await" | "new"))
                || code.is(before, ">")
        });
        let close = code.partner(call.open)?;
        let body = code.is(close + 1, "{") || arrow(code, close + 1);
        (code.is(at, name) && typed && body).then_some(call.open)
    })
}

/// A parameter without an attribute: of the path, one value of the query, what the framework or the
/// container of services gives, or else the body.
fn plain(
    code: &Code<'_>,
    range: Range<usize>,
    path: &str,
    handler: &mut Handler,
    bodies: &mut Vec<String>,
) {
    let until = range.clone().find(|&at| code.is(at, "="));
    let until = until.unwrap_or(range.end);
    let end = match until.checked_sub(2).is_some_and(|at| code.is(at, "?")) {
        true => until.saturating_sub(2),
        false => until.saturating_sub(1),
    };
    if end <= range.start {
        handler.more = true;
        return;
    }
    let Some(kind) = type_name(code, range.start..end) else {
        handler.more = true;
        return;
    };
    let bare = kind.split('<').next().unwrap_or(&kind);
    let bare = bare.rsplit('.').next().unwrap_or(bare);
    let service = SERVICES
        .iter()
        .any(|end| bare != *end && bare.ends_with(end));
    if matches!(bare, "HttpRequest" | "HttpContext") {
        // Whatever it takes of the request, it takes by hand.
        handler.more = true;
    } else if csharp_handlers::is_simple(&kind) {
        csharp_handlers::value(code.raw(until - 1), kind, path, handler);
    } else if !service && !csharp_handlers::is_given(&kind) {
        bodies.push(kind);
    }
}

/// What the chain of the route says that it answers, else the results that the lambda makes.
fn responses(
    code: &Code<'_>,
    call: Call,
    parameters: usize,
    given: &Range<usize>,
    named: bool,
) -> Vec<Response> {
    let mut all: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut at = code
        .partner(call.open)
        .map_or(usize::MAX, |close| close + 1);
    for _ in 0..24 {
        if !code.is(at, ".") {
            break;
        }
        let Some(open) = (at + 2..at + 16).find(|&o| code.is(o, "(")) else {
            break;
        };
        let first = code.arguments(open).into_iter().next();
        let status = first
            .as_ref()
            .and_then(|r| csharp_handlers::status_of(code, r));
        match code.raw(at + 1) {
            "Produces" => {
                let kind = code
                    .is(at + 2, "<")
                    .then(|| type_name(code, at + 3..open - 1));
                all.insert(status.unwrap_or_else(|| "200".to_owned()), kind.flatten());
            }
            "ProducesProblem" => {
                all.extend(status.map(|status| (status, None)));
            }
            "ProducesValidationProblem" => {
                all.insert("400".to_owned(), None);
            }
            _ => {}
        }
        let Some(close) = code.partner(open) else {
            break;
        };
        at = close + 1;
    }
    let body = match named {
        true => parameters..body_end(code, parameters),
        false => parameters..given.end,
    };
    if all.is_empty() {
        for at in body {
            let made = matches!(code.raw(at), "Results" | "TypedResults") && code.is(at + 1, ".");
            let known = |(name, _): &&(&str, &str)| code.is(at + 2, name);
            if made && let Some((_, status)) = RESULTS.iter().find(known) {
                all.insert((*status).to_owned(), None);
            }
        }
    }
    // What an expression comes to is answered with 200.
    let arrow_at =
        (parameters + 1..parameters + 3).find(|&at| code.is(at, ">") || code.is(at, "=>"));
    if all.is_empty()
        && !named
        && arrow_at.is_some_and(|at| !code.is(at + 1, "{") && !code.is(at + 1, "Results"))
    {
        all.insert("200".to_owned(), None);
    }
    let one = |(status, schema)| Response {
        status,
        description: None,
        schema,
        origin: None,
    };
    all.into_iter().map(one).collect()
}

/// Where the body of a method ends whose parameters close at a token.
fn body_end(code: &Code<'_>, close: usize) -> usize {
    if code.is(close + 1, "{") {
        return code.partner(close + 1).unwrap_or(close);
    }
    let end = (close..code.tokens.len()).find(|&at| code.is(at, ";"));
    end.unwrap_or(close)
}
