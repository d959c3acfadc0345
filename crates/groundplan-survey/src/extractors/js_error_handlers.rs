//! Where programs of Node answer the errors that handlers hand on:
//! `app.use((err, req, res, next) => res.status(err.status || 500).json(…))`.

use crate::extractor::{Extractor, Reads};
use crate::extractors::{js_contexts, js_inline};
use crate::facts::{Claim, FileFacts, Handler};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-error-handlers",
    docs: "\
### What it finds
Functions of an error, a request, a response and what comes next that answer with the status which the error has
(`res.status(err.status || 500)`, `const { statusCode } = err`): what handlers hand on with a status
(`next({ status: 404 })`, `next(new HttpError(403))`, `next(createError(400))`), or throw within a function that hands
it on, is answered with it.

### What it does not find
Errors whose status is computed or set elsewhere, and what functions throw that handlers call.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &[".status", "statusCode"],
    run: extract,
};

/// The name of a function that answers errors with the status that they have.
pub(crate) const ANSWERS: &str = "#errors";

/// Begins the status of an error that a handler hands on to the function that answers it.
pub(crate) const HANDED: &str = "#error ";

/// Fields of errors that hold a status.
const FIELDS: [&str; 4] = ["httpCode", "httpStatus", "status", "statusCode"];

/// Functions of a file and tokens of one of them that are looked at, at most.
const MOST: usize = 40;
const LONGEST: usize = 20_000;

/// Tokens between where a status is taken of an error and where it is answered, and of what catches an error, at most.
const FAR: usize = 600;

/// Brackets around what is thrown at most.
const DEEPEST: usize = 40;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let mut looked = 0;
    for open in 1..code.tokens.len() {
        let Some((error, response)) = parameters(code, open) else {
            continue;
        };
        looked += 1;
        if looked > MOST {
            return;
        }
        let body = code
            .partner(open)
            .and_then(|close| js_inline::body(code, close));
        let Some((_, body)) = body else { continue };
        let answering = |at: &usize| answers(code, *at, &body, error, response);
        if let Some(at) = body.clone().take(LONGEST).find(answering) {
            let handler = Handler {
                name: ANSWERS.to_owned(),
                ..Handler::default()
            };
            let (first, last) = (code.line(open), code.line(at));
            acc.add(file, first, last, Claim::Handler(Box::new(handler)));
            // One of them speaks for the file.
            return;
        }
    }
}

/// The names of error and response among four parameters.
fn parameters<'t>(code: &Code<'t>, open: usize) -> Option<(&'t str, &'t str)> {
    const ERRORS: [&str; 7] = ["_err", "e", "err", "error", "ex", "exception", "_error"];
    if !code.is(open, "(") || !ERRORS.contains(&code.ident(open + 1)?) {
        return None;
    }
    let all = scan::parameters(code, open);
    let [error, _, response, _] = all.as_slice() else {
        return None;
    };
    Some((code.ident(error.start)?, code.ident(response.start)?))
}

/// Whether a place answers with the status of an error.
fn answers(code: &Code<'_>, at: usize, body: &Range<usize>, error: &str, response: &str) -> bool {
    let sends = code.is(at, response)
        && code.is(at + 1, ".")
        && matches!(code.raw(at + 2), "status" | "sendStatus" | "writeHead")
        && code.is(at + 3, "(");
    if !sends {
        return false;
    }
    let Some(first) = code.arguments(at + 3).into_iter().next() else {
        return false;
    };
    if has_status(code, first.clone(), error) {
        return true;
    }
    // `const status = err.status || 500;`, `let { statusCode, message } = err;`
    let Some(name) = code.ident(first.start).filter(|_| first.len() == 1) else {
        return false;
    };
    (body.start.max(at.saturating_sub(FAR))..at).any(|i| {
        if !code.is(i, name) || code.is(i - 1, ".") {
            return false;
        }
        if code.is(i + 1, "=") && !code.is(i + 2, "=") {
            return has_status(code, i + 2..(i + 10).min(at), error);
        }
        let close = (i..(i + 16).min(at)).find(|&c| code.is(c, "}"));
        let taken = close.is_some_and(|c| code.is(c + 1, "=") && code.is(c + 2, error));
        taken && !code.is(close.map_or(i, |c| c + 3), ".") && is_status(name)
    })
}

/// Whether a field of an error stands among tokens of one statement.
fn has_status(code: &Code<'_>, range: Range<usize>, error: &str) -> bool {
    let end = range
        .clone()
        .find(|&i| code.is(i, ";"))
        .unwrap_or(range.end);
    (range.start..end).any(|i| {
        let dot = i + 1 + usize::from(code.is(i + 1, "?"));
        code.is(i, error)
            && !code.is(i.wrapping_sub(1), ".")
            && code.is(dot, ".")
            && code.ident(dot + 1).is_some_and(is_status)
            && !matches!(code.raw(dot + 2), "." | "(")
    })
}

/// Whether a field of an error holds its status by its name; `err.response.status` is that of another answer.
fn is_status(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("status") && lower != "statustext" || matches!(name, "code" | "httpCode")
}

/// The status with which an error is handed on, `next` standing at a token: `next({ status: 404 })`,
/// `next(new HttpError(404))`, `next(createError(httpStatus.NOT_FOUND, …))`.
pub(super) fn handed_on(code: &Code<'_>, at: usize) -> Option<String> {
    let first = code.arguments(at + 1).into_iter().next()?;
    if code.is(first.start, "{") {
        let field = code.arguments(first.start).into_iter().find(|field| {
            FIELDS.contains(&code.raw(field.start)) && code.is(field.start + 1, ":")
        })?;
        // `status: e.status || 500` is not read.
        let end = if code.is(field.start + 3, ".") { 5 } else { 3 };
        let status = js_contexts::number(code, field.start + 2)?;
        return Some(status).filter(|s| field.len() == end && s.starts_with(['4', '5']));
    }
    made_error(code, first.start)
}

/// The status of an error that is made at a token: `new HttpError(404)`, `createError(httpStatus.NOT_FOUND, …)`.
fn made_error(code: &Code<'_>, at: usize) -> Option<String> {
    let made = at + usize::from(code.is(at, "new"));
    let name = code.ident(made).filter(|_| code.is(made + 1, "("))?;
    let of_errors = matches!(name, "createError" | "createHttpError")
        || made > at && (name.ends_with("Error") || name.ends_with("Exception"));
    if !of_errors {
        return None;
    }
    let arguments = code.arguments(made + 1);
    let mut statuses = arguments.iter().take(2).filter_map(|argument| {
        let whole = if argument.len() == 1 { 1 } else { 3 };
        js_contexts::number(code, argument.start).filter(|_| argument.len() == whole)
    });
    statuses.find(|status| status.starts_with(['4', '5']))
}

/// The bracket that opens around a token, nothing where none is; `None` where it lies too far before it.
fn around(code: &Code<'_>, at: usize) -> Option<Option<usize>> {
    let mut at = at;
    for _ in 0..4 * FAR {
        let Some(before) = at.checked_sub(1) else {
            return Some(None);
        };
        at = before;
        match code.raw(at) {
            ")" | "]" | "}" => at = code.partner(at).unwrap_or(at),
            "(" | "[" | "{" => return Some(Some(at)),
            _ => {}
        }
    }
    None
}

/// The status of an error that a handler with this body throws at a token, where that reaches the function that answers
/// errors: what a function that is not asynchronous throws, what is thrown within one that wraps handlers
/// (`catchAsync(async (req, res) => …)`), and what is caught and handed on.
pub(super) fn thrown(code: &Code<'_>, at: usize, body: &Range<usize>) -> Option<String> {
    let status = made_error(code, at + 1)?;
    let mut inner = at;
    let mut left = DEEPEST;
    while let Some(open) = around(code, inner)?.filter(|&open| open > body.start) {
        left = left.checked_sub(1)?;
        let before = open.checked_sub(1)?;
        // `try { … } catch (e) { next(e); }`
        if code.is(before, "try") {
            let close = code.partner(open)?;
            let error = code
                .ident(close + 3)
                .filter(|_| code.is(close + 1, "catch"))?;
            let block = (close + 4..close + 12).find(|&i| code.is(i, "{"))?;
            let end = code.partner(block)?.min(block + FAR);
            let hands = |i: usize| {
                code.is(i, "next")
                    && code.is(i + 1, "(")
                    && code.is(i + 2, error)
                    && code.is(i + 3, ")")
            };
            return (block..end).any(hands).then_some(status);
        }
        // What a function within it throws is that one's.
        let arrow = code.is(before, ">") && code.is(before.wrapping_sub(1), "=");
        let params = code.partner(before).filter(|_| code.is(before, ")"));
        let function = params.is_some_and(|open| {
            code.is(open.wrapping_sub(1), "function") || code.is(open.wrapping_sub(2), "function")
        });
        if arrow || function {
            return None;
        }
        inner = open;
    }
    let close = (body.start.saturating_sub(8)..body.start)
        .rev()
        .find(|&i| code.is(i, ")"))?;
    let open = code.partner(close)?;
    let before = |n: usize| open.checked_sub(n).map_or("", |i| code.raw(i));
    let waits = (1..4).any(|n| before(n) == "async");
    // `catchAsync(async (req, res) => …)`: all that it is given is the handler.
    let outer = if before(1) == "async" { 2 } else { 1 };
    let wrapped = before(outer) == "("
        && open.checked_sub(outer).is_some_and(|around| {
            code.ident(around.wrapping_sub(1)).is_some() && code.arguments(around).len() == 1
        });
    (!waits || wrapped).then_some(status)
}
