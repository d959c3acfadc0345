//! Which failures functions of FastAPI raise by what they call and depend on: each function and
//! class that raises, under its name behind `!`, so that a handler in another file can be joined
//! with it.

use crate::code_view::CodeView;
use crate::extractors::python_handlers::status_of;
use crate::facts::Handler;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::Function;
use std::collections::BTreeSet;
use std::ops::Range;

/// Functions that one calls, at most.
const MOST: usize = 24;

/// The name under which a function that raises is known to those that call it.
fn raising(name: &str) -> String {
    format!("!{name}")
}

/// What a function calls of its own class and file, and what it depends on.
pub(super) fn throws(view: &CodeView<'_, '_>, function: &Function<'_>) -> Vec<String> {
    let code = view.code;
    let mut all: BTreeSet<String> = BTreeSet::new();
    if let Some((open, close)) = function
        .params
        .and_then(|open| Some((open, code.partner(open)?)))
    {
        all.extend(depended(view, open..close));
        all.extend(aliases(view, open));
    }
    let class = function.parent.and_then(|p| code.functions().get(p));
    if let Some(class) = class.filter(|c| c.class) {
        all.insert(raising(class.name));
    }
    for at in function.body.clone() {
        if !code.is(at + 1, "(") {
            continue;
        }
        let Some(name) = code.ident(at).filter(|n| *n != function.name) else {
            continue;
        };
        let own = at >= 2 && code.is(at - 1, ".") && matches!(code.raw(at - 2), "self" | "cls");
        let known = || {
            let here = code.functions().iter();
            view.alias(name).is_some() || here.clone().any(|f| f.name == name && !f.class)
        };
        let plain = at >= 1 && !code.is(at - 1, ".") && !name.starts_with(char::is_uppercase);
        if own || plain && known() {
            all.insert(raising(name));
        }
    }
    all.into_iter().take(MOST).collect()
}

/// Types of parameters that may be aliases of dependencies: those of one word.
fn aliases(view: &CodeView<'_, '_>, open: usize) -> Vec<String> {
    let code = view.code;
    let kinds = code.arguments(open).into_iter().filter_map(|range| {
        let kind = code.ident(range.start + 2)?;
        let one =
            code.is(range.start + 1, ":") && (range.len() == 3 || code.is(range.start + 3, "="));
        (one && kind.starts_with(char::is_uppercase)).then(|| kind.to_owned())
    });
    kinds.collect()
}

/// Security schemes that turn away whoever brings no token
/// (<https://fastapi.tiangolo.com/reference/security/>).
fn schemes(view: &CodeView<'_, '_>, found: &mut Vec<(u32, Handler)>) {
    let code = view.code;
    for definition in code.definitions() {
        let value = definition.value.clone();
        let bearer = definition.scope.is_none()
            && matches!(
                code.raw(value.start),
                "OAuth2PasswordBearer" | "OAuth2AuthorizationCodeBearer"
            );
        if !bearer || value.clone().any(|at| code.is(at, "auto_error")) {
            continue;
        }
        let handler = Handler {
            name: raising(definition.name),
            responses: vec![statuses::response("401")],
            more: true,
            ..Handler::default()
        };
        found.push((code.line(definition.at), handler));
    }
}

/// The functions in `Depends(…)` and `Security(…)`.
pub(super) fn depended(view: &CodeView<'_, '_>, range: Range<usize>) -> Vec<String> {
    let code = view.code;
    let mut all = Vec::new();
    for at in range {
        if matches!(code.raw(at), "Depends" | "Security")
            && code.is(at + 1, "(")
            && let Some(first) = code.arguments(at + 1).into_iter().next()
            && let Some(name) = first.clone().rev().find_map(|i| code.ident(i))
            && first.len() <= 5
        {
            all.push(raising(name));
        }
    }
    all
}

/// The statuses of the `HTTPException`s that stand in a body.
pub(super) fn raised(view: &CodeView<'_, '_>, body: &Range<usize>) -> Vec<Response> {
    let code = view.code;
    let mut all: Vec<Response> = Vec::new();
    for call in view.calls_of("HTTPException") {
        if !body.contains(&call.open) {
            continue;
        }
        let given = code
            .named_argument(call.open, "status_code")
            .or_else(|| view.argument(call.open, 0));
        let status = given.and_then(|range| range.rev().find_map(|at| status_of(code.raw(at))));
        if let Some(status) = status
            && !all.iter().any(|r| r.status == status)
        {
            all.push(statuses::response(status));
        }
    }
    all
}

/// All functions that raise or depend on others, and classes whose handlers do, by their lines.
pub(super) fn all(view: &CodeView<'_, '_>) -> Vec<(u32, Handler)> {
    let code = view.code;
    if !["HTTPException", "Depends", "Security", "OAuth2"]
        .iter()
        .any(|w| code.text.contains(w))
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    schemes(view, &mut found);
    for (index, function) in code.functions().iter().enumerate() {
        let (responses, throws) = match function.class {
            true => {
                let own = function
                    .body
                    .clone()
                    .filter(|&at| matches!(code.raw(at), "Depends" | "Security"))
                    .filter(|&at| code.function_at(at) == Some(index))
                    .flat_map(|at| depended(view, at..at + 1));
                let bases = function
                    .params
                    .map_or_else(Vec::new, |open| code.arguments(open));
                let bases = bases.into_iter().filter_map(|range| {
                    let last = range
                        .clone()
                        .find(|&at| code.is(at, "["))
                        .unwrap_or(range.end);
                    code.ident(last.checked_sub(1)?).map(raising)
                });
                (Vec::new(), own.chain(bases).collect::<Vec<_>>())
            }
            false => {
                let responses = raised(view, &function.body);
                let close = function
                    .params
                    .and_then(|open| Some((open, code.partner(open)?)));
                let mut depends = close.map_or_else(Vec::new, |(o, c)| depended(view, o..c));
                // A dependency may depend on others by the names of their types.
                if !responses.is_empty()
                    && let Some((open, _)) = close
                {
                    depends.extend(aliases(view, open));
                }
                (responses, depends)
            }
        };
        if responses.is_empty() && throws.is_empty() {
            continue;
        }
        let handler = Handler {
            name: raising(function.name),
            responses,
            throws,
            more: true,
            ..Handler::default()
        };
        found.push((function.line, handler));
    }
    found
}
