//! Decorators of the program itself that stand before views: what they answer in place of those, and whether
//! they go on with them else.

use super::{answer, statement};
use crate::code_view::CodeView;
use crate::extractors::flask_handlers::Answer;
use crate::redact::without_secrets;
use crate::scan;
use crate::secrets;
use groundplan_syntax::{Annotation, Function};
use std::ops::Range;

/// What stands before the name of a decorator among what a view throws, and before it with its arguments
/// among what it asks of callers.
pub(crate) const DECORATED: char = '@';

/// Words of a decorator with its arguments at most.
const LONGEST: usize = 100;

/// The functions in a function, at any depth, that are given a request: those that a decorator puts in place
/// of what it decorates, also where it takes arguments of its own.
pub(super) fn wrappers(view: &CodeView<'_, '_>, index: usize) -> Vec<usize> {
    let all = view.code.functions();
    let end = all.get(index).map_or(0, |f| f.body.end);
    let below = all.iter().enumerate().skip(index + 1);
    below
        .take_while(|(_, f)| f.at < end)
        .filter(|(_, f)| !f.class && is_given(view, f))
        .map(|(i, _)| i)
        .collect()
}

/// Whether the first parameter of a function, or the one behind the instance, is the request.
fn is_given(view: &CodeView<'_, '_>, function: &Function<'_>) -> bool {
    let given = function.params.map(|open| view.code.arguments(open));
    let mut first = given.into_iter().flatten().take(2);
    first.any(|range| view.code.is(range.start, "request"))
}

/// Whether a function makes a decorator that only describes: `return extend_schema(**options)`.
pub(super) fn describes(view: &CodeView<'_, '_>, index: usize) -> bool {
    let code = view.code;
    let Some(function) = code.functions().get(index).filter(|f| f.parent.is_none()) else {
        return false;
    };
    let returns = function.body.clone().filter(|&at| code.is(at, "return"));
    let mut own = returns
        .filter(|&at| code.function_at(at) == Some(index))
        .peekable();
    own.peek().is_some()
        && own.all(|at| {
            matches!(code.raw(at + 1), "extend_schema" | "swagger_auto_schema")
                && code.is(at + 2, "(")
        })
}

/// Whether all that a wrapper returns is an answer of its own or that of what it decorates.
pub(super) fn goes_on(view: &CodeView<'_, '_>, index: usize) -> bool {
    let code = view.code;
    let Some(function) = code.functions().get(index) else {
        return false;
    };
    let returns = function.body.clone().filter(|&at| code.is(at, "return"));
    let mut own = returns.filter(|&at| code.function_at(at) == Some(index));
    own.all(|at| {
        let Some(range) = statement(view, at + 1, function.body.end) else {
            return false;
        };
        let told = || matches!(answer(view, index, range.clone(), 0), Answer::Status(_));
        is_of_view(view, index, &range, 0) || told()
    })
}

/// Whether an expression is what the decorated function gives: a call of a parameter, or a variable of it.
fn is_of_view(view: &CodeView<'_, '_>, scope: usize, range: &Range<usize>, depth: u8) -> bool {
    let code = view.code;
    let first = range.start + usize::from(code.is(range.start, "await"));
    let Some(name) = code.ident(first) else {
        return false;
    };
    let known = view.visible(name, first);
    if code.is(first + 1, "(") {
        return known.iter().any(|d| d.param);
    }
    let mut own = known.iter().filter(|d| d.scope == Some(scope) && !d.param);
    first + 1 == range.end
        && depth < 3
        && own
            .next()
            .is_some_and(|d| is_of_view(view, scope, &d.value, depth + 1))
}

/// A decorator as it is written: `allow([Role.ADMIN], level="shop")`; without its arguments where one of them
/// may be a secret.
pub(super) fn written(view: &CodeView<'_, '_>, note: &Annotation) -> Option<String> {
    let code = view.code;
    let last = note.name.rsplit('.').next().unwrap_or(&note.name);
    let given = note.open.and_then(|open| {
        let close = code.partner(open)?;
        let texts = (open..close).any(|at| code.string(at).is_some());
        Some(scan::spoken(code, open..close + 1)).filter(|_| !texts || !takes_secret(last))
    });
    let text = format!("{DECORATED}{last}{}", given.unwrap_or_default());
    (text.len() <= LONGEST && !text.contains('\n') && without_secrets(&text) == text)
        .then_some(text)
}

/// Whether a literal that a decorator is given may be a secret: `api_key_required`, `requires_token`.
fn takes_secret(name: &str) -> bool {
    let words = name.split('_').filter(|word| !word.starts_with("require"));
    secrets::is_secret_name(&words.collect::<Vec<_>>().join("_"))
}
