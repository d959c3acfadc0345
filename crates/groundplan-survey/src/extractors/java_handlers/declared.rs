//! What annotations of Swagger and of OpenAPI of MicroProfile declare that a method answers.
//!
//! <https://docs.swagger.io/swagger-core/v2.2.0/apidocs/io/swagger/v3/oas/annotations/responses/ApiResponse.html>

use crate::facts::Handler;
use crate::statuses;
use groundplan_model::{Origin, Response};
use groundplan_syntax::{Code, Declared};

/// The longest description that is taken over.
const LONGEST: usize = 200;

/// Adds what is declared: of statuses that code gives what they mean, and the others as declared.
pub(super) fn answers(code: &Code<'_>, declared: &Declared, handler: &mut Handler) {
    for annotation in &declared.annotations {
        let name = annotation.name.rsplit('.').next().unwrap_or_default();
        let Some(open) = annotation.open else {
            continue;
        };
        if is_answer(name) {
            add(code, open, handler);
        } else if matches!(name, "ApiResponses" | "APIResponses" | "Operation") {
            let end = code.partner(open).unwrap_or(open);
            for at in open + 1..end {
                if is_answer(code.raw(at)) && code.is(at + 1, "(") {
                    add(code, at + 1, handler);
                }
            }
        }
    }
}

fn is_answer(name: &str) -> bool {
    matches!(name, "ApiResponse" | "APIResponse")
}

fn add(code: &Code<'_>, open: usize, handler: &mut Handler) {
    let Some(status) = status(code, open) else {
        return;
    };
    let description = described(code, open);
    let schema = body(code, open);
    match handler.responses.iter_mut().find(|r| r.status == status) {
        Some(known) => {
            known.description = known.description.take().or(description);
            known.schema = known.schema.take().or(schema);
        }
        None => handler.responses.push(Response {
            status,
            description,
            schema,
            origin: Some(Origin::Declared),
        }),
    }
}

/// `responseCode = "404"`, `code = 404` of the older Swagger, `responseCode = Codes.NOT_FOUND`.
fn status(code: &Code<'_>, open: usize) -> Option<String> {
    let range = ["responseCode", "code"]
        .iter()
        .find_map(|name| code.named_argument(open, name))?;
    let last = range.end.checked_sub(1)?;
    let text = code.string(last).unwrap_or_else(|| code.raw(last));
    let digits = text.len() == 3
        && text.starts_with(|c: char| ('1'..='5').contains(&c))
        && text.bytes().all(|b| b.is_ascii_digit());
    if digits {
        return Some(text.to_owned());
    }
    statuses::code(text).map(str::to_owned)
}

/// What a status means, where one literal says it.
fn described(code: &Code<'_>, open: usize) -> Option<String> {
    let range = ["description", "message"]
        .iter()
        .find_map(|name| code.named_argument(open, name))?;
    let only = Some(range.start).filter(|_| range.len() == 1)?;
    let words: Vec<&str> = code.string(only)?.split_whitespace().collect();
    let text = words.join(" ");
    let plain = !text.is_empty() && text.len() <= LONGEST && !text.contains(['<', '$', '\\']);
    plain.then_some(text)
}

/// The class of the body, where there is one: `implementation = Order.class`, `Order::class` of Kotlin.
fn body(code: &Code<'_>, open: usize) -> Option<String> {
    let range = code.named_argument(open, "content")?;
    let mut named = range.clone().filter(|&at| {
        code.is(at, "implementation") && code.is(at + 1, "=") && code.ident(at + 2).is_some()
    });
    let at = named.next().filter(|_| named.next().is_none())?;
    let many = range.clone().any(|at| code.is(at, "array"));
    let name = code.ident(at + 2)?;
    let class = code.is(at + 4, "class") || code.is(at + 5, "class");
    match (class, many) {
        (false, _) => None,
        (true, true) => Some(format!("List<{name}>")),
        (true, false) => Some(name.to_owned()),
    }
}
