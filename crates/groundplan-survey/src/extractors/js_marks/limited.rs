//! Which routes a rate limit of Express stands before.

use crate::facts::{Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Code;
use std::collections::BTreeSet;

/// Routes that are named at most.
const NAMED: usize = 3;

/// Limits of one file that are looked at, at most.
const MOST: usize = 32;

/// Methods of an application or a router that take middleware
/// (<https://expressjs.com/en/5x/api.html#app.METHOD>).
const METHODS: [&str; 7] = ["all", "delete", "get", "head", "patch", "post", "put"];

/// Adds to each limit that was noted before which routes it is written at, where these are the only ones:
/// `router.get('/logs', rateLimit({ max: 50 }), handler)`. What another file takes in is not known here.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("express-rate-limit") {
        return;
    }
    let code = file.code();
    let limits = (code.calls()).filter(|call| code.raw(scan::word_at(code, *call)) == "rateLimit");
    for call in limits.take(MOST) {
        if is_offered(code, call.first) {
            continue;
        }
        let places: Vec<usize> = match assigned(code, call.first) {
            Some(name) => (0..code.tokens.len())
                .filter(|&at| code.ident(at) == Some(name) && !code.is(at + 1, "="))
                .filter(|&at| !code.is(at + 1, ":") && (at == 0 || !code.is(at - 1, ".")))
                .collect(),
            None => vec![call.first],
        };
        let scopes: Option<BTreeSet<String>> =
            places.into_iter().map(|at| scope(file, at)).collect();
        let Some(scopes) = scopes.filter(|scopes| !scopes.is_empty()) else {
            continue;
        };
        let said = told(&scopes.into_iter().collect::<Vec<_>>());
        let own = acc.facts.iter_mut().filter(|f| f.at.lines[0] == call.line);
        for fact in own {
            if let Claim::Mark(mark) = &mut fact.claim
                && mark.topic == Topic::RateLimit
            {
                mark.detail = Some(match mark.detail.take() {
                    Some(detail) => format!("{detail}, {said}"),
                    None => said.clone(),
                });
            }
        }
    }
}

/// `at GET /logs`, `at 5 routes, such as POST /login`.
fn told(scopes: &[String]) -> String {
    match scopes {
        [one] => format!("at {one}"),
        [some @ .., last] if scopes.len() <= NAMED => format!("at {} and {last}", some.join(", ")),
        [first, ..] => format!("at {} routes, such as {first}", scopes.len()),
        [] => String::new(),
    }
}

/// The name that a call is given to: `const limiter = rateLimit(…)`.
fn assigned<'c>(code: &Code<'c>, first: usize) -> Option<&'c str> {
    let equals = first.checked_sub(1).filter(|&at| code.is(at, "="))?;
    code.ident(equals.checked_sub(1)?)
}

/// Whether other files may use what a call is given to: `export const limiter = rateLimit(…)`,
/// `exports.limiter = rateLimit(…)`.
fn is_offered(code: &Code<'_>, first: usize) -> bool {
    let before = |back: usize| first.checked_sub(back).map_or("", |at| code.raw(at));
    before(1) == "=" && (before(3) == "." || before(4) == "export" || before(5) == "export")
        || matches!(before(1), "default" | "return" | ">")
}

/// The route whose middleware a token is: `` `GET /logs` ``, `` paths below `/api` ``; none where it is anything else, or
/// stands before all.
fn scope(file: &SourceFile<'_>, at: usize) -> Option<String> {
    let code = file.code();
    let outline = file.outline();
    let mut open = outline.parent(at)?;
    // `[limiter, checked]`
    if code.is(open, "[") {
        open = outline.parent(open)?;
    }
    let method = code
        .ident(open.checked_sub(1)?)
        .filter(|_| code.is(open, "("))?;
    let path = code.string(open + 1).filter(|path| path.starts_with('/'));
    let path = path.filter(|path| path.len() <= 80 && !path.contains(['`', '\n']));
    match (method, path) {
        ("use", Some(path)) if path != "/" => Some(format!("paths below `{path}`")),
        (method, Some(path)) if METHODS.contains(&method) => {
            Some(format!("`{} {path}`", method.to_ascii_uppercase()))
        }
        _ => None,
    }
}
