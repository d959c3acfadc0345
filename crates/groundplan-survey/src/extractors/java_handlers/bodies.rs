//! What the body of a method of Spring shows beside the statuses that it names: whether an answer has a body,
//! whether others make it, which errors of the program are thrown, and what it takes of the request as a whole.

use crate::facts::{Handler, Input};
use crate::scan;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

/// Whether the answer whose status is named at a token has a body: `ResponseEntity.ok().build()` has none.
pub(super) fn has_body(code: &Code<'_>, at: usize) -> bool {
    let of = at.checked_sub(2).map_or("", |o| code.raw(o));
    let mut start = at;
    if matches!(of, "HttpStatus" | "Status") {
        let Some(open) = scan::open_around(code, at).filter(|&open| code.is(open, "(")) else {
            return true;
        };
        start = open - 1;
        // `new ResponseEntity<>(HttpStatus.CREATED)`
        if code.is(start, ">") || code.is(start, "ResponseEntity") {
            return code.arguments(open).len() > 1;
        }
        if !code.is(start, "status") {
            return true;
        }
    }
    let mut open = start + 1;
    if !code.is(open, "(") {
        return true;
    }
    let mut last = code.raw(start);
    let mut given = matches!(last, "ok" | "of" | "ofNullable") && !code.arguments(open).is_empty();
    while let Some(close) = code.partner(open) {
        if !code.is(close + 1, ".") || !code.is(close + 3, "(") {
            break;
        }
        last = code.raw(close + 2);
        given |= matches!(last, "body" | "entity");
        open = close + 3;
    }
    given || last != "build"
}

/// Whether a status is answered without a body in any case
/// (<https://www.rfc-editor.org/rfc/rfc9110#name-204-no-content>).
pub(super) fn is_empty(status: &str) -> bool {
    matches!(status, "204" | "205" | "304")
}

/// Whether bodies return what is made elsewhere: the result of a call on another object.
pub(super) fn hands_on(code: &Code<'_>, bodies: &[Range<usize>]) -> bool {
    // Statements of Kotlin end with their lines.
    if code.language != Language::Java {
        return false;
    }
    bodies.iter().any(|body| {
        let lambdas = lambdas(code, body);
        body.clone()
            .filter(|&at| code.is(at, "return"))
            .filter(|at| !lambdas.iter().any(|range| range.contains(at)))
            .any(|at| is_made_elsewhere(code, body, at + 1))
    })
}

/// The bodies of functions without a name in a body.
fn lambdas(code: &Code<'_>, body: &Range<usize>) -> Vec<Range<usize>> {
    let arrow = |at: usize| code.is(at, ">") && code.is(at - 1, "-");
    let all = body
        .clone()
        .filter(|&at| at > 1 && code.is(at, "{") && arrow(at - 1));
    all.filter_map(|at| Some(at..code.partner(at)?)).collect()
}

fn is_made_elsewhere(code: &Code<'_>, body: &Range<usize>, from: usize) -> bool {
    const MAKERS: [&str; 5] = [
        "ResponseEntity",
        "HttpStatus",
        "Response",
        "Status",
        "HttpResponse",
    ];
    let end = scan::end_of_expression(code, from);
    let makes = |range: Range<usize>| range.clone().any(|at| MAKERS.contains(&code.raw(at)));
    if end == from || makes(from..end) {
        return false;
    }
    // A method of the file is read with the one that calls it; of `return answer;` what it was made of.
    match code.ident(from) {
        Some(name) if code.is(from + 1, "(") => {
            !super::MADE.contains(&name) && super::method(code, name).is_none()
        }
        Some("null") => false,
        Some(name) if end == from + 1 => {
            let mut made = body
                .clone()
                .filter(|&at| code.is(at, name) && code.is(at + 1, "="));
            !made.any(|at| makes(at + 2..scan::end_of_expression(code, at + 2)))
        }
        _ => true,
    }
}

/// Adds the errors of the program that a body throws, `throw ApiError.NOT_FOUND.createException(id)`, and whether
/// it throws what is not known.
pub(super) fn errors(code: &Code<'_>, body: Range<usize>, handler: &mut Handler) {
    for at in body {
        let throws = code.is(at.wrapping_sub(1), "throw");
        let supplied = code.is(at.wrapping_sub(1), ">") && code.is(at.wrapping_sub(2), "-");
        // `orElseThrow(() -> …)`
        let supplied = supplied
            && scan::open_around(code, at)
                .and_then(|open| open.checked_sub(1))
                .is_some_and(|name| code.is(name, "orElseThrow"));
        if !throws && !supplied {
            continue;
        }
        match constant(code, at) {
            Some(name) if !handler.throws.contains(&name) => handler.throws.push(name),
            Some(_) => {}
            // What is caught may be thrown again.
            None => handler.leaves |= throws && !code.is(at, "new"),
        }
    }
}

/// `ApiError.NOT_FOUND` where a method of it is called.
fn constant(code: &Code<'_>, at: usize) -> Option<String> {
    let class = code
        .ident(at)
        .filter(|name| name.starts_with(char::is_uppercase))?;
    let name = code.ident(at + 2).filter(|_| code.is(at + 1, "."))?;
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let called = code.is(at + 3, ".") && code.is(at + 5, "(");
    (called && name.chars().all(plain)).then(|| format!("{class}.{name}"))
}

/// How what tells of a request without its body begins, in Java and as a property of Kotlin.
const ASIDE: [&str; 20] = [
    "getAttribute",
    "getContextPath",
    "getCookie",
    "getHeader",
    "getLocal",
    "getMethod",
    "getRemote",
    "getRequestUR",
    "getScheme",
    "getServ",
    "getSession",
    "getURI",
    "getUserPrincipal",
    "isSecure",
    "isUserInRole",
    "remote",
    "requestUR",
    "session",
    "setAttribute",
    "userPrincipal",
];

/// Adds what a body takes of a parameter that is the request as a whole: parameters by name, and that there is more
/// where a method that changes something asks it for more than what stands beside its body, or hands it on.
pub(super) fn of_request(
    code: &Code<'_>,
    name: &str,
    body: Range<usize>,
    changes: bool,
    handler: &mut Handler,
) {
    for at in body {
        if !code.is(at, name) || code.is(at.wrapping_sub(1), ".") {
            continue;
        }
        let method = code.raw(at + 2);
        match code.is(at + 1, ".") {
            true if method == "getParameter" => match code.string(at + 4) {
                // Of what changes something it may stand in a form as well.
                Some(name) if code.is(at + 5, ")") && !changes => {
                    if !handler.inputs.iter().any(|i| i.name == name) {
                        handler.inputs.push(Input {
                            name: name.to_owned(),
                            place: "query".to_owned(),
                            ..Input::default()
                        });
                    }
                }
                _ => handler.more = true,
            },
            true => {
                handler.more |= method.starts_with("getParameter")
                    || changes && !ASIDE.iter().any(|begin| method.starts_with(begin));
            }
            false => {
                let handed =
                    matches!(code.raw(at - 1), "(" | ",") && matches!(code.raw(at + 1), ")" | ",");
                handler.more |= changes && handed;
            }
        }
    }
}
