//! What functions of Flask and Quart ask of a request and answer, by their bodies: `return x, 201`,
//! `abort(404)`, `request.form["name"]`.

use crate::code_view::CodeView;
use crate::extractors::python_handlers::status_of;
use crate::facts::{Endpoint, Handler, Input};
use crate::statuses;
use groundplan_syntax::Function;
use std::ops::Range;

/// Statements inside each other that an answer is followed through.
const DEEPEST: u8 = 3;

/// Tokens of one answer at most.
const LONGEST: usize = 400;

/// The handlers of routes of Flask in this file, each at the line of its route.
pub(super) fn all(view: &CodeView<'_, '_>, routes: &[(u32, Endpoint)]) -> Vec<(u32, Handler)> {
    let functions = view.code.functions();
    let mut found: Vec<(u32, Handler)> = Vec::new();
    for (line, endpoint) in routes {
        let flask = matches!(endpoint.framework.as_str(), "flask" | "quart");
        let Some(name) = endpoint.handler.as_deref().filter(|_| flask) else {
            continue;
        };
        if found.iter().any(|(l, h)| l == line && h.name == name) {
            continue;
        }
        // Below its decorator, or wherever the only function of that name stands.
        let mut own = (functions.iter().enumerate()).filter(|(_, f)| f.name == name && !f.class);
        let below = own.clone().find(|(_, f)| f.line >= *line);
        let only = match (own.next(), own.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        if let Some((index, function)) = only.or(below) {
            let mut handler = Handler {
                name: name.to_owned(),
                ..Handler::default()
            };
            answers(view, index, function, &mut handler);
            asks(view, index, function, &mut handler);
            found.push((*line, handler));
        }
    }
    found
}

/// What an answer is known to be.
pub(super) enum Answer {
    Status(String),
    Unread,
}

fn answers(view: &CodeView<'_, '_>, index: usize, function: &Function<'_>, handler: &mut Handler) {
    let code = view.code;
    for at in function.body.clone() {
        let own = || code.function_at(at) == Some(index);
        let answer = match code.raw(at) {
            "return" if own() => match statement(view, at + 1, function.body.end) {
                Some(range) if !range.is_empty() => answer(view, index, range, 0),
                _ => continue,
            },
            "abort" if own() && code.is(at + 1, "(") && !is_of_other(view, at) => {
                aborted(view, at + 1)
            }
            "raise" if own() => match raised(view, at + 1) {
                Some(status) => Answer::Status(status),
                None => continue,
            },
            _ => continue,
        };
        match answer {
            Answer::Status(status) => statuses::add(&mut handler.responses, &status),
            Answer::Unread => handler.leaves = true,
        }
    }
    handler.responses.sort_by(|a, b| a.status.cmp(&b.status));
}

/// Whether a name is a method of something else than the framework.
fn is_of_other(view: &CodeView<'_, '_>, at: usize) -> bool {
    at > 0
        && view.code.is(at - 1, ".")
        && !(at > 1 && matches!(view.code.raw(at - 2), "flask" | "quart"))
}

/// The tokens of a statement from `from` to the end of its line; lines inside of brackets count as one.
pub(super) fn statement(view: &CodeView<'_, '_>, from: usize, end: usize) -> Option<Range<usize>> {
    let code = view.code;
    let mut at = from;
    while at < end && at < from + LONGEST {
        if code.starts_line(at) {
            break;
        }
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at)? + 1,
            _ => at + 1,
        };
    }
    Some(from..at)
}

/// The parts of an expression between commas that stand in no bracket.
pub(super) fn parts(view: &CodeView<'_, '_>, range: Range<usize>) -> Vec<Range<usize>> {
    let code = view.code;
    let (mut all, mut from, mut at) = (Vec::new(), range.start, range.start);
    while at < range.end {
        match code.raw(at) {
            "(" | "[" | "{" => match code.partner(at) {
                Some(close) => at = close,
                None => break,
            },
            "," => {
                all.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if from < range.end {
        all.push(from..range.end);
    }
    all
}

/// The status that an answer of a function has
/// (<https://flask.palletsprojects.com/en/stable/quickstart/#about-responses>).
fn answer(view: &CodeView<'_, '_>, scope: usize, range: Range<usize>, depth: u8) -> Answer {
    let code = view.code;
    let range = match code.is(range.start, "await") {
        true => range.start + 1..range.end,
        false => range,
    };
    // `return (body, 404)`
    if code.is(range.start, "(") && code.partner(range.start) == range.end.checked_sub(1) {
        return answer(view, scope, range.start + 1..range.end - 1, depth);
    }
    let parts = parts(view, range.clone());
    match parts.as_slice() {
        [one] => single(view, scope, one.clone(), depth),
        // A body with headers alone.
        [_, headers] if code.is(headers.start, "{") => Answer::Status("200".to_owned()),
        [_, status] | [_, status, _] => status_at(view, status.clone()),
        _ => Answer::Unread,
    }
}

/// The status that an expression names: `201`, `HTTPStatus.CREATED`, `status.HTTP_201_CREATED`.
pub(super) fn status_at(view: &CodeView<'_, '_>, range: Range<usize>) -> Answer {
    let code = view.code;
    let first = code.raw(range.start);
    let number = first.len() == 3 && first.bytes().all(|b| b.is_ascii_digit());
    let named = matches!(first, "HTTPStatus" | "http" | "status" | "codes") && range.len() > 2;
    let mut words = range.clone().rev();
    let found = match number && range.len() == 1 || named {
        true => words.find_map(|at| status_of(code.raw(at))),
        false => None,
    };
    found.map_or(Answer::Unread, Answer::Status)
}

/// The status of what is answered without naming one.
fn single(view: &CodeView<'_, '_>, scope: usize, range: Range<usize>, depth: u8) -> Answer {
    let code = view.code;
    let success = || Answer::Status("200".to_owned());
    let first = range.start;
    let whole = |open: usize| code.partner(open).map(|close| close + 1) == Some(range.end);
    if range.clone().any(|at| code.is(at, "if")) && !whole(first) {
        return Answer::Unread;
    }
    // A text, a record or a list is the body.
    if code.string(first).is_some() || matches!(code.raw(first), "{" | "[") && whole(first) {
        return success();
    }
    let Some(name) = code.ident(first) else {
        return Answer::Unread;
    };
    let (mut last, mut open) = (name, first + 1);
    while code.is(open, ".") && code.ident(open + 1).is_some() {
        last = code.raw(open + 1);
        open += 2;
    }
    if open == range.end {
        // `response = make_response(…)` and then `return response`.
        let known = view.visible(name, first);
        let mut own = known.iter().filter(|d| d.scope == Some(scope) && !d.param);
        let value = own.next().map(|d| d.value.clone());
        return match (value, own.next()) {
            (Some(value), None) if depth < DEEPEST && last == name && !value.is_empty() => {
                answer(view, scope, value, depth + 1)
            }
            _ => Answer::Unread,
        };
    }
    if !code.is(open, "(") || !whole(open) {
        return Answer::Unread;
    }
    let module = name == last || matches!(name, "flask" | "quart" | "json");
    let argument = |index: usize, word: &str| {
        code.named_argument(open, word)
            .or_else(|| view.argument(open, index))
    };
    match last {
        "jsonify"
        | "render_template"
        | "render_template_string"
        | "send_file"
        | "send_from_directory"
        | "dumps"
            if module =>
        {
            success()
        }
        "redirect" if module => match argument(1, "code") {
            Some(status) => status_at(view, status),
            None => Answer::Status("302".to_owned()),
        },
        "Response" if module => match argument(1, "status") {
            Some(status) => status_at(view, status),
            None => success(),
        },
        "make_response" if module => match (view.argument(open, 0), view.argument(open, 1)) {
            (_, Some(status)) => status_at(view, status),
            (Some(body), None) if depth < DEEPEST => answer(view, scope, body, depth + 1),
            _ => Answer::Unread,
        },
        "abort" if module => aborted(view, open),
        _ => Answer::Unread,
    }
}

/// The status of `abort(404)`.
fn aborted(view: &CodeView<'_, '_>, open: usize) -> Answer {
    match view.argument(open, 0) {
        Some(given) => status_at(view, given),
        None => Answer::Unread,
    }
}

/// The status of an exception of the framework: `raise NotFound()`
/// (<https://werkzeug.palletsprojects.com/en/stable/exceptions/>).
fn raised(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let name = view.code.ident(at)?;
    let whole = view.canonical(name, at)?;
    let of = ["werkzeug.exceptions.", "quart.exceptions."];
    let of_framework = of.iter().any(|module| whole.starts_with(module));
    let last = whole.rsplit('.').next()?;
    of_framework
        .then(|| statuses::code(last).map(str::to_owned))
        .flatten()
}

/// Adds what a body takes from the request.
fn asks(view: &CodeView<'_, '_>, index: usize, function: &Function<'_>, handler: &mut Handler) {
    let code = view.code;
    if !view.imports_any(&["flask", "quart"]) {
        return;
    }
    for at in function.body.clone() {
        let own = code.is(at, "request") && code.is(at + 1, ".");
        if !own || at > 0 && code.is(at - 1, ".") && !(at > 1 && code.is(at - 2, "flask")) {
            continue;
        }
        let Some(word) = code.ident(at + 2) else {
            continue;
        };
        let called = code.is(at + 3, "(");
        let (place, after) = match word {
            "args" => ("query", at + 3),
            "form" | "files" => ("form", at + 3),
            "headers" => ("header", at + 3),
            "cookies" => ("cookie", at + 3),
            "json" => ("body", at + 3),
            "get_json" if called => match code.partner(at + 3) {
                Some(close) => ("body", close + 1),
                None => continue,
            },
            "values" | "data" | "get_data" | "stream" | "view_args" => {
                handler.more |= word != "view_args";
                continue;
            }
            _ => continue,
        };
        if let Some(input) = keyed(view, place, after) {
            add(handler, input);
            continue;
        }
        // `data = request.get_json()` and then `data["name"]`.
        let mut taken = false;
        let here = |d: &&groundplan_syntax::Definition<'_>| {
            d.scope == Some(index) && d.value.contains(&at) && !d.field
        };
        if let Some(variable) = code.definitions().iter().find(here)
            && (variable.value.start..at).all(|i| matches!(code.raw(i), "await" | "("))
        {
            for use_at in variable.value.end..function.body.end {
                if code.is(use_at, variable.name)
                    && !(use_at > 0 && code.is(use_at - 1, "."))
                    && let Some(input) = keyed(view, place, use_at + 1)
                {
                    add(handler, input);
                    taken = true;
                }
            }
        }
        handler.more |= !taken && !matches!(place, "header" | "cookie");
    }
}

/// The input that `["name"]`, `.get("name")` or `.getlist("name")` takes.
pub(super) fn keyed(view: &CodeView<'_, '_>, place: &str, after: usize) -> Option<Input> {
    let code = view.code;
    let (at, required, open) = match code.raw(after) {
        "[" => (after + 1, true, None),
        "." if matches!(code.raw(after + 1), "get" | "getlist") && code.is(after + 2, "(") => {
            (after + 3, false, Some(after + 2))
        }
        _ => return None,
    };
    let name = code.string(at).filter(|name| {
        let end = code.raw(at + 1);
        !name.is_empty() && matches!(end, "]" | ")" | ",")
    })?;
    // `data["a"] = …` sets what it is called with.
    if required && code.is(at + 2, "=") && !code.is(at + 3, "=") {
        return None;
    }
    let data_type = open
        .and_then(|open| code.named_argument(open, "type"))
        .filter(|range| range.len() == 1)
        .map(|range| code.raw(range.start).to_owned());
    Some(Input {
        name: name.to_owned(),
        place: place.to_owned(),
        data_type,
        required,
    })
}

pub(super) fn add(handler: &mut Handler, input: Input) {
    let mut known = handler.inputs.iter_mut();
    match known.find(|k| k.name == input.name && k.place == input.place) {
        // Asked for in one branch and looked up in another.
        Some(known) => known.required &= input.required,
        None => handler.inputs.push(input),
    }
}
