//! Request guards of Rocket: types that a request has to give before a handler runs
//! (<https://rocket.rs/guide/requests/#request-guards>). Which types are such stands in one file, and
//! handlers that ask for them in others.

use crate::code_view::CodeView;
use crate::extractors::js_marks::guards::Behind;
use crate::facts::{Claim, Decorated, FileFacts, Guarding};
use crate::secrets::words_of;
use std::collections::BTreeMap;

/// What stands between the handlers that a guard is before: those of all files are one list.
pub(crate) const HANDLERS: &str = "\n";

/// Words of a type that asks who calls, or what they may do.
const WORDS: [&str; 16] = [
    "admin",
    "auth",
    "authenticated",
    "authorized",
    "guard",
    "headers",
    "identity",
    "login",
    "manager",
    "member",
    "moderator",
    "owner",
    "role",
    "session",
    "token",
    "user",
];

/// Adds the guards that a file defines.
pub(super) fn defined(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    if !view.file.text.contains("FromRequest<") {
        return;
    }
    for at in 0..code.tokens.len() {
        // `impl<'r> FromRequest<'r> for AdminHeaders {`
        if !code.is(at, "FromRequest") {
            continue;
        }
        let end = (at + 1..at + 8).find(|&end| code.is(end, "for"));
        let Some(name) = end.and_then(|end| code.ident(end + 1)) else {
            continue;
        };
        let open = end.and_then(|end| (end + 1..end + 12).find(|&open| code.is(open, "{")));
        let Some((open, close)) = open.and_then(|open| Some((open, code.partner(open)?))) else {
            continue;
        };
        // One that never refuses lets everybody pass.
        let refuses = (open..close).any(|at| {
            code.ident(at).is_some_and(|word| {
                matches!(word, "Unauthorized" | "Forbidden") || word.starts_with("err")
            })
        });
        if !refuses || !asks(name) {
            continue;
        }
        let claim = Claim::Guarding(Guarding {
            decorator: name.to_owned(),
            guards: vec![name.to_owned()],
        });
        let line = code.line(at);
        acc.add(view.file, line, line, claim);
    }
}

fn asks(name: &str) -> bool {
    let words = words_of(name);
    // `ClientHeaders` says what a caller is, not who.
    words.iter().any(|w| WORDS.contains(&w.as_str())) && words.first().is_none_or(|w| w != "client")
}

/// Adds which handlers of a file ask for a type that may be a guard.
pub(super) fn asked(acc: &mut FileFacts, view: &CodeView<'_, '_>, handlers: &[&str]) {
    let code = view.code;
    let mut all: BTreeMap<&str, Behind<'_>> = BTreeMap::new();
    for function in code.functions() {
        if !handlers.contains(&function.name) {
            continue;
        }
        let Some(open) = function.params else {
            continue;
        };
        for range in code.arguments(open) {
            let colon = range.clone().find(|&at| code.is(at, ":"));
            // A plain type: what stands in brackets is a body, a form, a state.
            let Some(kind) = colon.filter(|at| at + 2 == range.end) else {
                continue;
            };
            let Some(name) = code.ident(kind + 1).filter(|name| asks(name)) else {
                continue;
            };
            let behind = all.entry(name).or_insert_with(|| Behind {
                line: function.line,
                handlers: Vec::new(),
                whole: false,
            });
            if !behind.handlers.contains(&function.name) {
                behind.handlers.push(function.name);
            }
        }
    }
    for (name, behind) in all {
        let claim = Claim::Decorated(Decorated {
            decorator: name.to_owned(),
            class: String::new(),
            whole: false,
            detail: behind.handlers.join(HANDLERS),
        });
        acc.add(view.file, behind.line, behind.line, claim);
    }
}
