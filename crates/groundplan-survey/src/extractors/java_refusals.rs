//! What Java and Kotlin programs refuse requests with beside their handlers: constants of errors that carry a
//! status, and servlet filters that answer themselves.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use groundplan_syntax::{Code, Language, TypeDecl};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-refusals",
    docs: "\
### What it finds
Constants of enumerations that carry an `HttpStatus` and of which a method of the enumeration makes an exception, so
that `throw ApiError.NOT_FOUND.createException(id)` has a status; statuses that servlet filters of the program answer
with themselves (`sendError`, `setStatus`).

### What it does not find
Exceptions that are given such a constant, and what a filter decides by.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &["HttpStatus", "doFilter"],
    run: extract,
};

/// What stands before the name of a filter among the names of handlers.
pub(crate) const FILTER: &str = "filter ";

/// Constants of one enumeration at most.
const MOST: usize = 400;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    for class in &file.outline().types {
        if class.keyword == "enum" && makes_exceptions(code, class) {
            constants(acc, file, class);
        } else if is_filter(code, class) {
            let mut responses = answered(code, class.open..class.close);
            // One that is for some requests says nothing of a single one.
            let leaves = !responses.is_empty() && chooses(code, class.open..class.close);
            if leaves {
                responses.clear();
            }
            let handler = Handler {
                name: format!("{FILTER}{}", class.name),
                responses,
                leaves,
                ..Handler::default()
            };
            let claim = Claim::Handler(Box::new(handler));
            acc.add(file, class.line, class.line, claim);
        }
    }
}

/// Whether a method of an enumeration makes an exception of the status: `new ApiException(message, this.status)`.
fn makes_exceptions(code: &Code<'_>, class: &TypeDecl) -> bool {
    (class.open..class.close).any(|at| {
        let name = code.ident(at + 1).filter(|_| code.is(at, "new"));
        let exception = name.is_some_and(|n| n.ends_with("Exception") || n.ends_with("Error"));
        exception
            && code.arguments(at + 2).iter().any(|given| {
                given.clone().any(|i| {
                    let word = code.ident(i).unwrap_or_default();
                    // `HttpStatus.BAD_REQUEST` is the same for all of them.
                    word != "HttpStatus" && word.to_ascii_lowercase().ends_with("status")
                })
            })
    })
}

fn constants(acc: &mut FileFacts, file: &SourceFile<'_>, class: &TypeDecl) {
    let code = file.code();
    let mut at = class.open + 1;
    let mut found = 0;
    // `BOOK_NOT_FOUND(HttpStatus.NOT_FOUND, "…"),`
    while let Some(name) = code.ident(at).filter(|_| at < class.close && found < MOST) {
        let Some(close) = code.partner(at + 1).filter(|_| code.is(at + 1, "(")) else {
            return;
        };
        let named = (at + 2..close).find(|&i| code.is(i, "HttpStatus") && code.is(i + 1, "."));
        let status = named
            .and_then(|i| code.ident(i + 2))
            .and_then(statuses::code);
        if let Some(status) = status {
            let handler = Handler {
                name: format!("{}.{name}", class.name),
                responses: vec![statuses::response(status)],
                ..Handler::default()
            };
            let line = code.line(at);
            acc.add(file, line, line, Claim::Handler(Box::new(handler)));
        }
        found += 1;
        if !code.is(close + 1, ",") {
            return;
        }
        at = close + 2;
    }
}

fn is_filter(code: &Code<'_>, class: &TypeDecl) -> bool {
    class.keyword == "class"
        && class.heritage.clone().any(|at| {
            matches!(
                code.raw(at),
                "OncePerRequestFilter" | "GenericFilterBean" | "HttpFilter" | "Filter"
            )
        })
}

/// Whether a filter lets some requests pass by what they ask for.
fn chooses(code: &Code<'_>, mut body: Range<usize>) -> bool {
    const ASKED: [&str; 13] = [
        "AntPathMatcher",
        "AntPathRequestMatcher",
        "RequestMatcher",
        "getMethod",
        "getPathInfo",
        "getRequestURI",
        "getRequestURL",
        "getServletPath",
        "pathInfo",
        "requestURI",
        "requestURL",
        "servletPath",
        "shouldNotFilter",
    ];
    body.any(|at| ASKED.contains(&code.raw(at)))
}

/// The failures that a body answers: `response.sendError(HttpServletResponse.SC_UNAUTHORIZED, "…")`.
fn answered(code: &Code<'_>, body: Range<usize>) -> Vec<groundplan_model::Response> {
    let mut all = Vec::new();
    for at in body {
        if !matches!(code.raw(at), "sendError" | "setStatus") || !code.is(at + 1, "(") {
            continue;
        }
        let given = code.arguments(at + 1).into_iter().next();
        let status = given
            .into_iter()
            .flatten()
            .find_map(|i| statuses::code(code.raw(i)));
        if let Some(status) = status.filter(|s| s.starts_with(['4', '5'])) {
            statuses::add(&mut all, status);
        }
    }
    all
}
