//! Functions of Node that make an answer for others: `return Response.json(doc, { status: 401 })`.

use crate::extractor::{Extractor, Reads};
use crate::extractors::js_contexts;
use crate::facts::{ANSWERED_BY, Claim, FileFacts, Handler};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-responses",
    docs: "\
### What it finds
Functions of JavaScript and TypeScript that return a response of the web platform or of Next.js
(`Response.json`, `new Response`, `NextResponse.json`, `NextResponse.redirect`), with its status, for the
routes that return what they make; the statuses that the type of a result lists (`status: 400 | 413`).

### What it does not find
Statuses that are computed, and functions that return a response by a variable; types of results in files that
make no response and list no refusal (`status: 4…`) first.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &[
        "Response.json(",
        "new Response(",
        "NextResponse",
        "status: 4",
    ],
    run: extract,
};

/// Functions of one file at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let mut made = 0;
    for at in 1..code.tokens.len() {
        if made >= MOST {
            return;
        }
        // `function unauthorized(…) {`, `const unauthorized = (…) => …`
        let name = match code.raw(at - 1) {
            "function" => code.ident(at).filter(|_| code.is(at + 1, "(")),
            "const" => code.ident(at).filter(|_| code.is(at + 1, "=")),
            _ => None,
        };
        // The methods of a route are read where its path is, and so are the functions of a route of Remix.
        let of_route =
            |name: &str| matches!(name, "action" | "loader") && file.path.contains("app/routes/");
        let Some(name) =
            name.filter(|n| n.starts_with(|c: char| c.is_ascii_lowercase()) && !of_route(n))
        else {
            continue;
        };
        let open = (at + 1..at + 4).find(|&i| code.is(i, "("));
        let body = open
            .and_then(|open| code.partner(open))
            .and_then(|close| super::js_inline::body(code, close));
        let Some((_, body)) = body else { continue };
        let mut handler = Handler {
            name: name.to_owned(),
            ..Handler::default()
        };
        let typed = open.and_then(|open| code.partner(open)).unwrap_or(at);
        told(code, typed..body.start, &mut handler);
        // A type that lists them lists all.
        if handler.responses.is_empty() {
            answers(code, body, &mut handler);
        }
        if handler.responses.is_empty() {
            continue;
        }
        let line = code.line(at);
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
        made += 1;
    }
}

/// Adds the statuses that the type of a result lists: `Promise<{ error: string; status: 400 | 413 }>`.
fn told(code: &Code<'_>, kind: Range<usize>, handler: &mut Handler) {
    for at in kind {
        if !code.is(at, "status") || !code.is(at + 1, ":") {
            continue;
        }
        let mut next = at + 2;
        while let Some(status) = js_contexts::number(code, next) {
            statuses::add(&mut handler.responses, &status);
            if !code.is(next + 1, "|") {
                break;
            }
            next += 2;
        }
    }
}

/// Adds what a body returns to a handler: statuses of responses that it makes itself, and the names of the
/// functions whose result it returns.
pub(super) fn answers(code: &Code<'_>, body: Range<usize>, handler: &mut Handler) {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for at in body.clone() {
        let word = code.raw(at);
        let dotted = code.is(at.wrapping_sub(1), ".");
        match word {
            "json" | "redirect" | "error" | "rewrite" | "next"
                if dotted
                    && matches!(code.raw(at.wrapping_sub(2)), "Response" | "NextResponse")
                    && code.is(at + 1, "(") =>
            {
                match (word, status(code, at + 1)) {
                    ("json" | "redirect", Some(Some(status))) => {
                        found.insert(status);
                    }
                    ("json", None) => {
                        found.insert("200".to_owned());
                    }
                    // (<https://developer.mozilla.org/en-US/docs/Web/API/Response/redirect_static>,
                    // <https://nextjs.org/docs/app/api-reference/functions/next-response#redirect>)
                    ("redirect", None) => {
                        let web = code.is(at - 2, "Response");
                        found.insert(if web { "302" } else { "307" }.to_owned());
                    }
                    _ => handler.leaves = true,
                }
            }
            "Response" | "NextResponse"
                if code.is(at.wrapping_sub(1), "new") && code.is(at + 1, "(") =>
            {
                match status(code, at + 1) {
                    Some(Some(status)) => {
                        found.insert(status);
                    }
                    None => {
                        found.insert("200".to_owned());
                    }
                    Some(None) => handler.leaves = true,
                }
            }
            // `return unauthorized();`
            "return" => returned(code, at + 1, handler),
            _ => {}
        }
    }
    for status in found {
        statuses::add(&mut handler.responses, &status);
    }
    handler.responses.sort_by(|a, b| a.status.cmp(&b.status));
}

/// A function whose result is returned.
fn returned(code: &Code<'_>, at: usize, handler: &mut Handler) {
    let at = if code.is(at, "await") { at + 1 } else { at };
    let Some(name) = code
        .ident(at)
        .filter(|n| !matches!(*n, "new" | "Response" | "NextResponse"))
    else {
        return;
    };
    let whole = code.is(at + 1, "(")
        && code.partner(at + 1).is_some_and(|close| {
            matches!(code.raw(close + 1), ";" | "}") || code.starts_line(close + 1)
        });
    if whole {
        let by = format!("{ANSWERED_BY}{name}");
        if !handler.throws.contains(&by) {
            handler.throws.push(by);
        }
    } else if !matches!(name, "undefined" | "null" | "true" | "false") {
        handler.leaves = true;
    }
}

/// The status that a call gives: none where it gives none, no text where it is not read.
fn status(code: &Code<'_>, open: usize) -> Option<Option<String>> {
    let second = code.arguments(open).into_iter().nth(1)?;
    if !code.is(second.start, "{") {
        return Some(js_contexts::number(code, second.start));
    }
    for field in code.arguments(second.start) {
        if code.is(field.start, "status") {
            return Some(match code.is(field.start + 1, ":") {
                true => js_contexts::number(code, field.start + 2),
                false => None,
            });
        }
        // `...init`
        if code.is(field.start, ".") {
            return Some(None);
        }
    }
    None
}
