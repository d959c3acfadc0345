//! With which statuses types of Rust refuse: errors that are an answer themselves
//! (`impl IntoResponse for ShopError`), and what is taken out of a request before its handler runs
//! (`impl FromRequestParts<S> for Caller`). Which status a variant or constructor of them stands for is said
//! in one file, and handlers name it in others.

use crate::code_view::CodeView;
use crate::facts::{Claim, FileFacts, Handler};
use crate::statuses;
use groundplan_syntax::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What stands before the name of a type that a handler takes out of a request.
pub(crate) const TAKEN: &str = "!taken ";

/// Tokens of one walk outward, at most.
const FARTHEST: usize = 600;

/// Variants and constructors of one body, tokens of one pattern, and `impl`s of one file, at most.
const MOST: usize = 60;
const LONGEST: usize = 300;
const MOST_IMPLS: usize = 400;

/// Tokens of what one arm answers, at most.
const LARGEST: usize = 3_000;

/// Stands among the statuses of a variant that an arm gives no single one.
const SEVERAL: &str = "";

/// Traits of errors that are answers: of axum and Rocket, and of actix-web.
const ANSWERING: [&str; 3] = ["IntoResponse", "Responder", "ResponseError"];

/// Traits of what a request is asked for before its handler runs.
const TAKING: [&str; 2] = ["FromRequest", "FromRequestParts"];

/// Adds what types of a file refuse with.
pub(super) fn defined(acc: &mut FileFacts, view: &CodeView<'_, '_>, tests: &[Range<usize>]) {
    let code = view.code;
    let mut variants: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    let mut answering: BTreeSet<&str> = BTreeSet::new();
    let impls = impls(code);
    let own = |one: &&Impl<'_>| !tests.iter().any(|range| range.contains(&one.at));
    for one in impls.iter().filter(own) {
        let Some(of) = one.of else {
            continue;
        };
        if ANSWERING.contains(&of) {
            answering.insert(one.name);
            for (variant, status, at) in arms(code, &one.body) {
                let name = format!("{}::{variant}", one.name);
                lines.entry(name.clone()).or_insert_with(|| code.line(at));
                variants.entry(name).or_default().insert(status);
            }
        } else if TAKING.contains(&of) {
            let found: BTreeSet<&str> = (one.body.clone())
                .filter(|&at| is_status(code, at) && is_refused(code, &one.body, at))
                .filter_map(|at| statuses::code(code.raw(at + 3)))
                .collect();
            if !found.is_empty() {
                let name = format!("{TAKEN}{}", one.name);
                give(acc, view, code.line(one.at), name, found);
            }
        }
    }
    // `fn not_found(…) -> Self` of an error makes one of a single status.
    for one in impls.iter().filter(own) {
        if one.of.is_some() || !answering.contains(one.name) {
            continue;
        }
        for function in code.functions() {
            let inside = one.body.contains(&function.at);
            let close = function.params.and_then(|open| code.partner(open));
            let Some(close) = close.filter(|_| inside && !function.name.is_empty()) else {
                continue;
            };
            let makes =
                (close..function.body.start).any(|at| code.is(at, "Self") || code.is(at, one.name));
            let all: BTreeSet<&str> = (function.body.clone())
                .filter(|&at| is_status(code, at))
                .filter_map(|at| statuses::code(code.raw(at + 3)))
                .collect();
            if makes && all.len() == 1 {
                let name = format!("{}::{}", one.name, function.name);
                lines.insert(name.clone(), function.line);
                variants.insert(name, all);
            }
        }
    }
    for (name, found) in variants {
        // One that stands for several is told by what it holds.
        if found.len() == 1 {
            let line = lines.get(&name).copied().unwrap_or(1);
            give(acc, view, line, name, found);
        }
    }
}

fn give(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    line: u32,
    name: String,
    found: BTreeSet<&'static str>,
) {
    let responses = found.into_iter().filter(|s| s.starts_with(['4', '5']));
    let handler = Handler {
        name,
        responses: responses.map(statuses::response).collect(),
        ..Handler::default()
    };
    if !handler.responses.is_empty() {
        acc.add(view.file, line, line, Claim::Handler(Box::new(handler)));
    }
}

/// The variants and constructors of types that a body refuses with: `Err(ShopError::NotFound(id))`.
pub(super) fn named(code: &Code<'_>, body: &Range<usize>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for at in body.clone() {
        if all.len() >= MOST {
            break;
        }
        let typed = code.is(at + 1, ":") && code.is(at + 2, ":");
        let kind = code.ident(at).filter(|name| typed && is_type(name));
        let Some((kind, variant)) = kind.and_then(|kind| Some((kind, code.ident(at + 3)?))) else {
            continue;
        };
        let name = format!("{kind}::{variant}");
        if !all.contains(&name) && is_refused(code, body, at) {
            all.push(name);
        }
    }
    all
}

fn is_type(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && !matches!(
            name,
            "StatusCode" | "Status" | "HttpResponse" | "Json" | "Self"
        )
}

/// Whether a status of HTTP stands at a token: `StatusCode::CONFLICT`, `Status::Conflict`,
/// `HttpResponse::Conflict()`.
fn is_status(code: &Code<'_>, at: usize) -> bool {
    matches!(code.raw(at), "StatusCode" | "Status" | "HttpResponse")
        && code.is(at + 1, ":")
        && code.is(at + 2, ":")
}

/// Whether what stands at a token is part of what a body refuses with or returns: inside of `Err(…)`, or of
/// `map_err(…)?`, `ok_or(…)?` and `ok_or_else(…)?`; and no pattern and nothing that is compared.
pub(super) fn is_refused(code: &Code<'_>, body: &Range<usize>, at: usize) -> bool {
    // What a pattern or comparison has goes on with its arm or its sign.
    let end = match code.is(at + 4, "(") || code.is(at + 4, "{") {
        true => code.partner(at + 4).map_or(at + 5, |close| close + 1),
        false => at + 4,
    };
    if matches!(code.raw(end), "=" | "!" | "|" | "if") {
        return false;
    }
    let mut inner = at;
    let mut passed = false;
    for _ in 0..FARTHEST {
        if inner <= body.start {
            return false;
        }
        inner -= 1;
        match code.raw(inner) {
            ")" | "]" | "}" => match code.partner(inner) {
                Some(open) if open < inner => inner = open,
                _ => return false,
            },
            // Statements before it in its block.
            ";" => passed = true,
            "{" => passed = false,
            "=" if !passed
                && (code.is(inner - 1, "=") || code.is(inner - 1, "!"))
                && !code.is(inner + 1, ">") =>
            {
                return false;
            }
            "(" => {
                let after = code.partner(inner).map_or(inner, |close| close + 1);
                match code.raw(inner - 1) {
                    "Err" => return !matches!(code.raw(after), "=" | "if" | "|" | "!"),
                    "map_err" | "ok_or" | "ok_or_else" if code.is(after, "?") => return true,
                    "assert_eq" | "assert_ne" | "matches" => return false,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    false
}

/// One `impl` of a file.
struct Impl<'t> {
    at: usize,
    /// The trait, if it is one of a trait.
    of: Option<&'t str>,
    /// The type.
    name: &'t str,
    body: Range<usize>,
}

fn impls<'t>(code: &Code<'t>) -> Vec<Impl<'t>> {
    let mut all = Vec::new();
    for at in 0..code.tokens.len() {
        if !code.is(at, "impl") || all.len() >= MOST_IMPLS {
            continue;
        }
        let Some(open) = (at + 1..at + 60).find(|&i| matches!(code.raw(i), "{" | ";" | "(")) else {
            continue;
        };
        let Some(close) = code.partner(open).filter(|_| code.is(open, "{")) else {
            continue;
        };
        let end = (at + 1..open)
            .find(|&i| code.is(i, "where"))
            .unwrap_or(open);
        let split = (at + 1..end).find(|&i| code.is(i, "for") && !code.is(i + 1, "<"));
        let name = |from: usize, to: usize| last_name(code, from..to);
        let (of, kind) = match split {
            Some(split) => (name(at + 1, split), name(split + 1, end)),
            None => (None, name(at + 1, end)),
        };
        if let Some(kind) = kind.filter(|_| split.is_none() || of.is_some()) {
            all.push(Impl {
                at,
                of,
                name: kind,
                body: open + 1..close,
            });
        }
    }
    all
}

/// The name of a type or trait without its modules and its parameters: of `<S> axum::FromRequest<S>` that is
/// `FromRequest`.
fn last_name<'t>(code: &Code<'t>, range: Range<usize>) -> Option<&'t str> {
    let mut depth = 0_i32;
    let mut found = None;
    for at in range {
        match code.raw(at) {
            "<" => depth += 1,
            ">" if code.is(at - 1, "-") => {}
            ">" => depth -= 1,
            _ if depth == 0 => found = code.ident(at).or(found),
            _ => {}
        }
    }
    found
}

/// The arms of `match self { … }` that name a status: variant, status or `SEVERAL`, and where the arm begins.
fn arms<'t>(code: &Code<'t>, body: &Range<usize>) -> Vec<(&'t str, &'static str, usize)> {
    let mut all = Vec::new();
    for at in body.clone().filter(|&at| code.is(at, "match")) {
        let Some(open) = (at + 1..at + 6).find(|&i| code.is(i, "{")) else {
            continue;
        };
        let of_self = (at + 1..open).all(|i| matches!(code.raw(i), "self" | "&" | "*"));
        let Some(close) = code.partner(open).filter(|_| of_self) else {
            continue;
        };
        let mut from = open + 1;
        while from < close {
            // The pattern ends at its arrow.
            let mut arrow = from;
            while arrow < close && !(code.is(arrow, "=") && code.is(arrow + 1, ">")) {
                arrow = match code.raw(arrow) {
                    "(" | "[" | "{" => code.partner(arrow).unwrap_or(arrow) + 1,
                    _ => arrow + 1,
                };
            }
            let mut end = arrow + 2;
            let block = code.is(end, "{");
            while end < close && !code.is(end, ",") {
                let bracket = matches!(code.raw(end), "(" | "[" | "{");
                let last = bracket && block;
                end = match bracket {
                    true => code.partner(end).unwrap_or(end) + 1,
                    false => end + 1,
                };
                if last {
                    break;
                }
            }
            let value = (arrow + 2).min(end)..end;
            let told = value.len() <= LARGEST;
            let value = value.take(LARGEST);
            let found: BTreeSet<&str> = value
                .filter(|&i| is_status(code, i))
                .filter_map(|i| statuses::code(code.raw(i + 3)))
                .collect();
            // With a guard, or where an arm chooses, a variant stands for no single status.
            let guarded = || (from..arrow).any(|i| code.is(i, "if"));
            let short = arrow - from <= LONGEST && told;
            if let Some(first) = found.first().filter(|_| short) {
                let status = match found.len() == 1 && !guarded() {
                    true => *first,
                    false => SEVERAL,
                };
                let variants = (from..arrow)
                    .filter(|&i| code.is(i - 1, ":") && code.is(i - 2, ":") && i >= from + 3);
                let outer = |i: &usize| {
                    // Of `Self::Store(DbError::Missing)` the first is its own.
                    (from..*i).all(|b| {
                        !matches!(code.raw(b), "(" | "{")
                            || code.partner(b).is_some_and(|close| close < *i)
                    })
                };
                all.extend(
                    variants
                        .filter(outer)
                        .filter_map(|i| Some((code.ident(i)?, status, from))),
                );
            }
            from = match code.is(end, ",") {
                true => end + 1,
                false => end.max(from + 1),
            };
        }
    }
    all
}

/// The plain type of a parameter, which is taken out of the request if it is an extractor of the program.
pub(super) fn taken(code: &Code<'_>, kind: &Range<usize>) -> Option<String> {
    let plain = kind
        .clone()
        .all(|at| code.ident(at).is_some() || code.is(at, ":"));
    let name = code.ident(kind.end.checked_sub(1)?)?;
    (plain && is_type(name)).then(|| format!("{TAKEN}{name}"))
}
