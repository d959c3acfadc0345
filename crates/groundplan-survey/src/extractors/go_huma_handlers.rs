//! Go: what handlers of Huma take and give, by the structures of their input and output.

use crate::code_view::{CodeView, is_below};
use crate::facts::{Claim, FileFacts, Handler, Input, Mount};
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::Function;
use std::ops::Range;

const HUMA: &str = "github.com/danielgtaylor/huma";

/// Target of a mount that says of a structure, its `router`, that it has a body.
pub(crate) const BODY: &str = "*huma-body";
/// Target of a mount that says of a function, its `router`, that it adds operations; the prefix holds the
/// statuses that it sets by method, `POST=201,DELETE=204`.
pub(crate) const ADDS: &str = "*huma-adds";
/// Begins the status of a handler's success until it is known how its operation is added: behind it stands the
/// structure that is answered, or one of the two below where the file shows it.
pub(crate) const SUCCESS: &str = "success:";
/// The structure has a body.
pub(crate) const WITH_BODY: &str = "+";
/// The structure has none.
pub(crate) const BARE: &str = "-";

/// Fields of one structure at most.
const MOST: usize = 60;

/// Adds handlers, structures with a body, and functions that add operations.
pub(super) fn add(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for at in 0..code.tokens.len() {
        if code.is(at, "type")
            && let Some(name) = code.ident(at + 1)
            && let Some(open) = structure(view, at + 2)
            && fields(view, open).iter().any(|f| f.name == Some("Body"))
        {
            note(acc, view, code.line(at), BODY, name, String::new());
        }
    }
    for function in code.functions() {
        if function.class || function.name.is_empty() {
            continue;
        }
        if let Some(handler) = handler(view, function) {
            let line = code.line(function.at);
            acc.add(view.file, line, line, Claim::Handler(Box::new(handler)));
        }
        adds(acc, view, function);
    }
}

fn note(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    line: u32,
    target: &str,
    name: &str,
    prefix: String,
) {
    let mount = Mount {
        router: Some(name.to_owned()),
        prefix,
        target: target.to_owned(),
        ..Mount::default()
    };
    acc.add(view.file, line, line, Claim::Mount(mount));
}

/// The bracket of `struct {`, also behind type parameters: `[T any] struct {`.
fn structure(view: &CodeView<'_, '_>, at: usize) -> Option<usize> {
    let code = view.code;
    let at = match code.raw(at) {
        "[" => code.partner(at)? + 1,
        _ => at,
    };
    (code.is(at, "struct") && code.is(at + 1, "{")).then_some(at + 1)
}

/// A field of a structure; one without a name is taken in whole.
struct Field<'t> {
    name: Option<&'t str>,
    kind: Range<usize>,
    tag: Option<&'t str>,
}

fn fields<'t>(view: &CodeView<'_, 't>, open: usize) -> Vec<Field<'t>> {
    let code = view.code;
    let close = code.partner(open).unwrap_or(open);
    let mut all = Vec::new();
    let mut at = open + 1;
    while at < close && all.len() < MOST {
        let line = code.line(at);
        let mut end = at;
        while end < close && (code.line(end) == line || end == at) {
            end = match code.raw(end) {
                "{" | "[" | "(" => code.partner(end).unwrap_or(end) + 1,
                _ => end + 1,
            };
            // A structure that begins in the line ends it behind its bracket.
            if end < close && code.line(end) != line && code.line(end - 1) == code.line(end) {
                while end < close && code.line(end) == code.line(end - 1) {
                    end += 1;
                }
            }
        }
        let last = end - 1;
        let tag = code.string(last).filter(|_| last > at);
        let until = if tag.is_some() { last } else { end };
        let embedded = until == at + 1 || code.is(at + 1, ".") || code.is(at, "*");
        all.push(match embedded {
            true => Field {
                name: None,
                kind: at..until,
                tag,
            },
            false => Field {
                name: code.ident(at),
                kind: at + 1..until,
                tag,
            },
        });
        at = end;
    }
    all
}

/// The value of a key in a tag: `path:"id"`.
fn tagged<'t>(tag: &'t str, key: &str) -> Option<&'t str> {
    let rest = tag.split(key).nth(1)?.strip_prefix(":\"")?;
    rest.split(['"', ','])
        .next()
        .filter(|name| !name.is_empty())
}

fn text(view: &CodeView<'_, '_>, range: Range<usize>) -> String {
    let words = range.map(|at| view.code.raw(at)).filter(|w| *w != "*");
    words.collect()
}

/// `func(ctx context.Context, in *Input) (*Output, error)`.
fn handler(view: &CodeView<'_, '_>, function: &Function<'_>) -> Option<Handler> {
    let code = view.code;
    let open = function.params?;
    let [context, input] = code.arguments(open).try_into().ok()?;
    if !code.is(context.end - 1, "Context") {
        return None;
    }
    let close = code.partner(open)?;
    let given = Some(close + 1).filter(|&at| code.is(at, "("))?;
    let [output, error] = code.arguments(given).try_into().ok()?;
    if !(code.is(error.end - 1, "error") && code.is(output.start, "*")) {
        return None;
    }
    let mut handler = Handler {
        name: function.name.to_owned(),
        summary: view.summary_of(function),
        // What an error of another function is answered with, stands there.
        leaves: true,
        ..Handler::default()
    };
    let kind = input.start + 1 + usize::from(code.is(input.start + 1, "*"));
    match code.is(kind, "struct") && code.is(kind + 1, "{") {
        true => inputs(view, kind + 1, &mut handler, 0),
        false => match declared(view, code.raw(kind)).filter(|_| kind + 1 == input.end) {
            Some(open) => inputs(view, open, &mut handler, 0),
            None => handler.more = true,
        },
    }
    let answered = output.start + 1..output.end;
    let plain = answered.len() == 1;
    let shown = declared(view, code.raw(answered.start)).filter(|_| plain);
    let all = shown.map(|open| fields(view, open));
    let whole = |f: &Field<'_>| f.name.is_some();
    let (mark, schema) = match all {
        Some(all) => match all.iter().find(|f| f.name == Some("Body")) {
            Some(body) => (WITH_BODY.to_owned(), text(view, body.kind.clone())),
            None if all.iter().all(whole) => (BARE.to_owned(), String::new()),
            None => (String::new(), text(view, answered)),
        },
        None => {
            let name = code.raw(answered.start).to_owned();
            let local = !code.is(answered.start + 1, ".");
            (
                if local { name } else { String::new() },
                text(view, answered),
            )
        }
    };
    handler.responses.push(Response {
        status: format!("{SUCCESS}{mark}"),
        description: None,
        schema: Some(schema).filter(|s| s.len() <= 80 && !s.contains('{') && !s.is_empty()),
        origin: None,
    });
    // <https://huma.rocks/features/request-validation/>
    let typed = |i: &Input| i.data_type.as_deref().is_some_and(|t| t != "string") || i.required;
    if handler.request.is_some() || handler.inputs.iter().any(typed) {
        statuses::add(&mut handler.responses, "422");
    }
    let package = code.text.contains("huma.").then_some("huma").or_else(|| {
        let mut names = view.imports().iter().filter(|i| is_below(&i.module, HUMA));
        names.next().map(|_| "huma")
    })?;
    for at in function.body.clone() {
        if !(code.is(at, package) && code.is(at + 1, ".")) {
            continue;
        }
        let name = code.raw(at + 2);
        // `huma.Error404NotFound("none")`, `huma.NewError(http.StatusConflict, "taken")`
        let status = match name.strip_prefix("Error").and_then(|rest| rest.get(..3)) {
            Some(digits) => statuses::code(digits),
            None if name == "NewError" => (code.arguments(at + 3).first())
                .and_then(|range| statuses::code(code.raw(range.end - 1))),
            None => None,
        };
        if let Some(status) = status {
            statuses::add(&mut handler.responses, status);
        }
    }
    Some(handler)
}

/// The bracket of a structure of the file.
fn declared(view: &CodeView<'_, '_>, name: &str) -> Option<usize> {
    let code = view.code;
    let at = (0..code.tokens.len()).find(|&at| code.is(at, "type") && code.is(at + 1, name))?;
    structure(view, at + 2)
}

/// What the fields of an input take (<https://huma.rocks/features/request-inputs/>).
fn inputs(view: &CodeView<'_, '_>, open: usize, handler: &mut Handler, depth: u8) {
    let code = view.code;
    for field in fields(view, open) {
        let Some(name) = field.name else {
            let inner = declared(view, code.raw(field.kind.start));
            match inner.filter(|_| field.kind.len() == 1 && depth < 4) {
                Some(open) => inputs(view, open, handler, depth + 1),
                None => handler.more = true,
            }
            continue;
        };
        if name == "Body" {
            let kind = text(view, field.kind);
            match kind.contains('{') {
                true => handler.more = true,
                false => handler.request = Some(kind),
            }
            continue;
        }
        if name == "RawBody" {
            handler.more = true;
            continue;
        }
        let tag = field.tag.unwrap_or_default();
        let place = ["path", "query", "header", "cookie", "form"];
        let Some((place, name)) = place
            .iter()
            .find_map(|place| Some((*place, tagged(tag, place)?)))
        else {
            continue;
        };
        let kind = text(view, field.kind);
        handler.inputs.push(Input {
            name: name.to_owned(),
            place: place.to_owned(),
            required: place == "path" || tagged(tag, "required") == Some("true"),
            data_type: Some(kind).filter(|k| k.len() <= 60 && !k.contains('{')),
        });
    }
}

/// A function of the program that adds operations, with the statuses that it sets:
/// `case http.MethodPost: op.DefaultStatus = http.StatusCreated`.
fn adds(acc: &mut FileFacts, view: &CodeView<'_, '_>, function: &Function<'_>) {
    let code = view.code;
    let registers = function
        .body
        .clone()
        .any(|at| code.is(at, "Register") && code.is(at - 1, ".") && code.is(at - 2, "huma"));
    let given = function.params.and_then(|open| {
        let close = code.partner(open)?;
        (open..close).find(|&at| code.is(at, "Operation") && code.is(at - 1, "."))
    });
    if !registers || given.is_none() {
        return;
    }
    let mut method: Vec<String> = Vec::new();
    let mut all: Vec<String> = Vec::new();
    for at in function.body.clone() {
        if code.is(at, "case") {
            let end = (at..function.body.end)
                .find(|&i| code.is(i, ":"))
                .unwrap_or(at);
            let names = (at..end).filter_map(|i| code.ident(i)?.strip_prefix("Method"));
            method = names.map(str::to_ascii_uppercase).collect();
        } else if code.is(at, "DefaultStatus") && code.is(at + 1, "=") && !code.is(at + 2, "=") {
            let line = code.line(at);
            let last = (at..function.body.end)
                .take_while(|&i| code.line(i) == line)
                .last()
                .unwrap_or(at);
            let Some(status) = statuses::code(code.raw(last)).filter(|_| !method.is_empty()) else {
                // What it sets otherwise is not known.
                return;
            };
            all.extend(method.iter().map(|m| format!("{m}={status}")));
        }
    }
    let line = code.line(function.at);
    note(acc, view, line, ADDS, function.name, all.join(","));
}
