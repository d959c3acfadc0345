//! What stands around the body of a view of Django REST framework and decides which of it counts: parameters
//! that a path may leave out, methods of its own class, functions that are handed the request, and what
//! exceptions are answered with.

use super::is_of_framework;
use crate::code_view::CodeView;
use crate::facts::{Before, Handler};
use crate::scan;
use groundplan_syntax::Function;
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands between the name of a method and a parameter that the path has, or has not.
pub(crate) const WITH: char = '+';
pub(crate) const WITHOUT: char = '-';

/// What stands before the name of a method of the own class, or of those above it.
pub(crate) const OF_SELF: &str = "self.";
pub(crate) const OF_SUPER: &str = "super.";

/// What answers exceptions for all views: a function of these parameters, as the setting that would name it may stand
/// anywhere (<https://www.django-rest-framework.org/api-guide/exceptions/#custom-exception-handling>).
pub(crate) const EXCEPTIONS: &str = "(exc, context)";

/// `def get(self, request, pk=None): if pk: … return …`: the parameter, the tokens of the branch, and whether
/// it ends with an answer, so that what follows is for those without.
pub(super) fn optional(
    view: &CodeView<'_, '_>,
    index: usize,
    function: &Function<'_>,
) -> Option<(String, Range<usize>, bool)> {
    let code = view.code;
    let given = code.arguments(function.params?);
    let names = given
        .iter()
        .filter(|r| code.is(r.start + 1, "=") && code.is(r.start + 2, "None"));
    let names: Vec<&str> = names.filter_map(|r| code.ident(r.start)).collect();
    if names.is_empty() {
        return None;
    }
    let at = function.body.clone().find(|&at| {
        code.is(at, "if")
            && code.is(at + 2, ":")
            && code.starts_line(at)
            && code.function_at(at) == Some(index)
            && code.ident(at + 1).is_some_and(|name| names.contains(&name))
    })?;
    let column = code.column(at);
    let lines = (at + 3..function.body.end).filter(|&i| code.starts_line(i));
    let end = lines.clone().find(|&i| code.column(i) <= column);
    let end = end.unwrap_or(function.body.end);
    let inner = code.column(at + 3);
    let last = lines
        .take_while(|&i| i < end)
        .filter(|&i| code.column(i) == inner)
        .last();
    let ends = last.is_some_and(|i| matches!(code.raw(i), "return" | "raise"));
    Some((code.raw(at + 1).to_owned(), at + 3..end, ends))
}

/// `self.paginate(…)`, `super().update(…)` that is all of an expression.
pub(super) fn of_own(view: &CodeView<'_, '_>, first: usize, end: usize) -> Option<String> {
    let code = view.code;
    let (lead, at) = match code.raw(first) {
        "self" if code.is(first + 1, ".") => (OF_SELF, first + 2),
        "super" if code.is(first + 2, ")") && code.is(first + 3, ".") => (OF_SUPER, first + 4),
        _ => return None,
    };
    let name = code.ident(at)?;
    let whole = code.is(at + 1, "(") && code.partner(at + 1).map(|c| c + 1) == Some(end);
    whole.then(|| format!("{lead}{name}"))
}

/// Methods, by name, that read what is sent.
pub(super) fn readers<'t>(view: &CodeView<'t, '_>) -> BTreeSet<&'t str> {
    let code = view.code;
    let all = code.functions();
    let reads = |at: &usize| {
        code.is(*at, "request")
            && code.is(at + 1, ".")
            && matches!(code.raw(at + 2), "data" | "POST" | "FILES" | "body")
    };
    let mut found = BTreeSet::new();
    for at in (0..code.tokens.len()).filter(reads) {
        let mut around = code.function_at(at).and_then(|index| all.get(index));
        while let Some(function) = around {
            if function.parent.is_some() {
                found.insert(function.name);
            }
            around = function.parent.and_then(|index| all.get(index));
        }
    }
    found
}

/// Notes a function of the program that the request is handed to: what that reads of it, the view takes.
pub(super) fn handed(
    view: &CodeView<'_, '_>,
    at: usize,
    readers: &BTreeSet<&str>,
    handler: &mut Handler,
) {
    let code = view.code;
    // `self.save()` of a method that reads the request of its class.
    if code.is(at, "self") && code.is(at + 1, ".") && code.is(at + 3, "(") {
        handler.more |= readers.contains(code.raw(at + 2));
        return;
    }
    let ends = matches!(code.raw(at + 1), "," | ")");
    let begins = matches!(code.raw(at.wrapping_sub(1)), "(" | "," | "=");
    if !code.is(at, "request") || !ends || !begins {
        return;
    }
    let open = scan::bracket_around(code, at, 200);
    let Some((open, name)) = open.and_then(|open| Some((open, code.ident(open.checked_sub(1)?)?)))
    else {
        return;
    };
    let first = {
        let mut first = open - 1;
        while first >= 2 && code.is(first - 1, ".") && code.ident(first - 2).is_some() {
            first -= 2;
        }
        first
    };
    let whole = code.dotted(first, open);
    if matches!(name, "def" | "lambda") || is_of_framework(view, &whole, first) {
        return;
    }
    let called = match whole.strip_prefix("self.") {
        Some(method) if !method.contains('.') => format!("{OF_SELF}{method}"),
        _ if first >= 2 && code.is(first - 1, ".") && code.is(first - 2, ")") => {
            format!("{OF_SUPER}{name}")
        }
        _ => {
            let known = view.canonical(&whole, first).filter(|w| w.ends_with(name));
            known.unwrap_or_else(|| name.to_owned())
        }
    };
    if !handler.calls.contains(&called) {
        handler.calls.push(called);
    }
}

/// A function that answers exceptions of all views, `def handler(exc, context)`.
pub(super) fn of_exceptions(view: &CodeView<'_, '_>, function: &Function<'_>) -> Option<Handler> {
    let code = view.code;
    let given = code.arguments(function.params?);
    let names: Vec<&str> = given.iter().map(|r| code.raw(r.start)).collect();
    if function.parent.is_some() || names != ["exc", "context"] {
        return None;
    }
    Some(Handler {
        name: EXCEPTIONS.to_owned(),
        befores: answered(view, function),
        ..Handler::default()
    })
}

/// `if isinstance(exc, X): return Response(…, status=400)`: the status by the name of the exception.
pub(crate) fn answered(view: &CodeView<'_, '_>, function: &Function<'_>) -> Vec<Before> {
    let code = view.code;
    let mut found = Vec::new();
    let tests = function
        .body
        .clone()
        .filter(|&at| code.is(at, "isinstance"));
    let tests: Vec<usize> = tests.collect();
    for (number, &at) in tests.iter().enumerate() {
        let end = tests.get(number + 1).copied().unwrap_or(function.body.end);
        let arguments = code.arguments(at + 1);
        let Some(kinds) = arguments.get(1) else {
            continue;
        };
        let status = (kinds.end..end).find_map(|at| {
            let raw = code.raw(at);
            let named = raw.strip_prefix("HTTP_").and_then(|rest| rest.get(..3));
            let set = code.is(at.wrapping_sub(1), "=")
                && matches!(code.raw(at.wrapping_sub(2)), "status" | "status_code");
            let number = named.or_else(|| Some(raw).filter(|_| set && raw.len() == 3))?;
            number
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| number.to_owned())
        });
        let Some(status) = status else { continue };
        for kind in kinds.clone().filter_map(|at| code.ident(at)) {
            found.push(Before {
                name: status.clone(),
                on: Some(kind.to_owned()),
                ..Before::default()
            });
        }
    }
    found
}
