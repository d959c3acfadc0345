//! What functions of FastAPI declare to take and to answer: in decorator and signature.

use crate::code_view::CodeView;
use crate::extractors::python_calls::Reader;
use crate::facts::{Handler, Input};
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::{Annotation, Function};
use std::ops::Range;

/// Types that frameworks fill themselves.
const GIVEN: [&str; 8] = [
    "Request",
    "Response",
    "WebSocket",
    "BackgroundTasks",
    "HTTPConnection",
    "SecurityScopes",
    "Depends",
    "Security",
];

/// Types of which a caller gives one in the query.
const PLAIN: [&str; 16] = [
    "int",
    "str",
    "bool",
    "float",
    "bytes",
    "UUID",
    "UUID4",
    "UUID1",
    "date",
    "datetime",
    "time",
    "Decimal",
    "timedelta",
    "EmailStr",
    "HttpUrl",
    "AnyUrl",
];

/// The place of a parameter with a default whose type says whether it is one of the query or the body.
pub(crate) const UNPLACED: &str = "?";

/// What a decorated function declares.
pub(super) fn declared(
    reader: &Reader<'_, '_, '_>,
    view: &CodeView<'_, '_>,
    note: &Annotation,
    function: &Function<'_>,
    path: &str,
) -> Handler {
    let mut handler = Handler {
        name: function.name.to_owned(),
        ..Handler::default()
    };
    if let Some(open) = function.params {
        parameters(view, open, path, &mut handler);
    }
    responses(reader, view, note, function, &mut handler);
    handler.calls = reader.of_handler(function);
    if let Some((open, close)) = note.open.and_then(|o| Some((o, view.code.partner(o)?))) {
        handler.calls.extend(reader.depended(open..close));
    }
    handler
}

/// The tokens of a range as a short type: `list[Recipe]`.
pub(super) fn type_text(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    if range.is_empty() || range.len() > 14 {
        return None;
    }
    if let Some(text) = code.string(range.start).filter(|_| range.len() == 1) {
        return Some(text.to_owned());
    }
    let mut out = String::new();
    for at in range {
        match code.raw(at) {
            "|" => out.push_str(" | "),
            "," => out.push_str(", "),
            word => out.push_str(word),
        }
    }
    (out != "None").then_some(out)
}

pub(super) fn parameters(view: &CodeView<'_, '_>, open: usize, path: &str, handler: &mut Handler) {
    let code = view.code;
    for range in code.arguments(open) {
        let Some(name) = code
            .ident(range.start)
            .filter(|n| !matches!(*n, "self" | "cls"))
        else {
            continue;
        };
        // Only what is annotated or has a default of a known kind says where it comes from.
        let equals = (range.start + 1..range.end)
            .find(|&at| code.is(at, "=") && depth(view, range.start, at) == 0);
        let kind = match code.is(range.start + 1, ":") {
            true => range.start + 2..equals.unwrap_or(range.end),
            false => 0..0,
        };
        let words = || (range.start + 1..range.end).filter_map(|at| code.ident(at));
        // What a form for signing in asks for stands in the specification of OAuth
        // (<https://fastapi.tiangolo.com/reference/security/#fastapi.security.OAuth2PasswordRequestForm>).
        if words().any(|w| w == "OAuth2PasswordRequestForm") {
            let field = |name: &str| Input {
                name: name.to_owned(),
                place: "form".to_owned(),
                data_type: Some("str".to_owned()),
                required: true,
            };
            handler.inputs.extend(["username", "password"].map(field));
            continue;
        }
        if words().any(|w| GIVEN.contains(&w)) {
            handler.more |= words().any(|w| matches!(w, "Depends" | "Security" | "Request"));
            continue;
        }
        let place = words().find_map(|w| match w {
            "Query" => Some("query"),
            "Header" => Some("header"),
            "Cookie" => Some("cookie"),
            "Form" | "File" | "UploadFile" => Some("form"),
            "Path" => Some("path"),
            "Body" => Some("body"),
            _ => None,
        });
        let optional = kind
            .clone()
            .any(|at| code.is(at, "None") || code.is(at, "Optional"));
        let given = equals.map(|at| at + 1);
        let marked = given.is_some_and(|at| {
            code.is(at, ".") && code.is(at + 1, ".")
                || code.is(at + 1, "(") && (code.is(at + 2, ".") || code.is(at + 2, ")"))
        });
        let required = (given.is_none() || marked) && !optional;
        let data_type = type_text(view, bare(view, kind.clone()));
        let in_path = path.contains(&format!("{{{name}}}")) || path.contains(&format!("{{{name}:"));
        let plain = data_type.as_deref().is_some_and(|t| {
            let mut all = t
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|w| !w.is_empty() && !matches!(*w, "None" | "Optional" | "list" | "List"));
            all.all(|w| PLAIN.contains(&w))
        });
        let place = match place {
            _ if in_path => "path",
            Some(place) => place,
            None if plain => "query",
            // A model is the body, unless it comes with parameters of its own.
            None if data_type.is_some() && given.is_none() => "body",
            None => {
                // An alias of a dependency, or a type of the system, which other files say.
                handler.more = true;
                match data_type.is_some() && given.is_some() {
                    true => UNPLACED,
                    false => continue,
                }
            }
        };
        // FastAPI writes the names of headers with dashes
        // (<https://fastapi.tiangolo.com/tutorial/header-params/#automatic-conversion>).
        let given = matches!(place, "query" | "header" | "cookie");
        let alias = (range.clone()).find(|&at| code.is(at, "alias") && code.is(at + 1, "="));
        let alias = alias.filter(|_| given).and_then(|at| code.string(at + 2));
        let kept = || {
            (range.clone()).any(|at| code.is(at, "convert_underscores") && code.is(at + 2, "False"))
        };
        let name = match (alias, place) {
            (Some(alias), _) => alias.to_owned(),
            (None, "header") if !kept() => name.replace('_', "-"),
            (None, _) => name.to_owned(),
        };
        // Which of several types are bodies and which stand for dependencies, other files say.
        handler.inputs.push(Input {
            name,
            place: place.to_owned(),
            data_type,
            required: required || in_path,
        });
    }
}

/// The type inside `Annotated[…]`, and all of any other.
pub(super) fn bare(view: &CodeView<'_, '_>, kind: Range<usize>) -> Range<usize> {
    let code = view.code;
    if code.is(kind.start, "Annotated") && code.is(kind.start + 1, "[") {
        return code
            .arguments(kind.start + 1)
            .into_iter()
            .next()
            .unwrap_or(kind);
    }
    kind
}

/// How many brackets are open at a token.
fn depth(view: &CodeView<'_, '_>, from: usize, to: usize) -> usize {
    let code = view.code;
    (from..to)
        .filter(|&at| {
            matches!(code.raw(at), "(" | "[" | "{") && code.partner(at).is_some_and(|p| p > to)
        })
        .count()
}

fn responses(
    reader: &Reader<'_, '_, '_>,
    view: &CodeView<'_, '_>,
    note: &Annotation,
    function: &Function<'_>,
    handler: &mut Handler,
) {
    let code = view.code;
    let named = |name: &str| note.open.and_then(|open| code.named_argument(open, name));
    let status = |range: Range<usize>| {
        let mut words = range.rev();
        words.find_map(|at| status_of(code.raw(at)))
    };
    let close = function.params.and_then(|open| code.partner(open));
    let annotated = close.filter(|&close| code.is(close + 1, "-") && code.is(close + 2, ">"));
    let annotated = annotated.and_then(|close| {
        let from = close + 3;
        let end = (from..function.body.start)
            .rev()
            .find(|&at| code.is(at, ":"))?;
        type_text(view, from..end)
    });
    let schema = named("response_model")
        .and_then(|r| type_text(view, r))
        .or_else(|| named("response_class").and_then(|r| type_text(view, r)))
        .or(annotated.filter(|t| !matches!(t.as_str(), "Any" | "dict" | "Response")));
    // The status of a success is 200 unless the decorator says otherwise
    // (<https://fastapi.tiangolo.com/tutorial/response-status-code/>).
    let own = named("status_code").map(status);
    let success = match own {
        Some(found) => found,
        None => Some("200".to_owned()),
    };
    if let Some(status) = success {
        handler.responses.push(Response {
            status,
            description: None,
            schema,
            origin: None,
        });
    }
    for status in reader.fails(function) {
        statuses::add(&mut handler.responses, &status);
    }
    handler.responses.sort_by(|a, b| a.status.cmp(&b.status));
}

/// `404`, `HTTP_404_NOT_FOUND`, `NOT_FOUND`.
pub(crate) fn status_of(word: &str) -> Option<String> {
    let bare = word.strip_prefix("HTTP_");
    let digits = bare.and_then(|w| w.get(..3)).unwrap_or(word);
    if digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some(digits.to_owned());
    }
    // `Response::HTTP_BAD_GATEWAY` of Symfony.
    statuses::code(bare.unwrap_or(word)).map(str::to_owned)
}

/// `SessionDep = Annotated[Session, Depends(get_db)]`: a type that a caller gives nothing of.
pub(super) fn dependencies(view: &CodeView<'_, '_>) -> Vec<(u32, Handler)> {
    let code = view.code;
    if !code.text.contains("Annotated[") {
        return Vec::new();
    }
    let mut all = Vec::new();
    for definition in code.definitions() {
        let value = definition.value.clone();
        let given = definition.scope.is_none()
            && code.is(value.start, "Annotated")
            && value
                .take(40)
                .any(|at| matches!(code.raw(at), "Depends" | "Security"));
        if given {
            let handler = Handler {
                name: definition.name.to_owned(),
                more: true,
                ..Handler::default()
            };
            all.push((code.line(definition.at), handler));
        }
    }
    all
}
