//! What functions of axum, actix-web and Rocket take and answer, by their signatures and the statuses that their
//! bodies name.

use crate::call_rules::METHODS;
use crate::code_view::{CodeView, rust_tests};
use crate::extractor::{Extractor, Reads};
use crate::extractors::rust_poem::text_of;
use crate::extractors::rust_refusals;
use crate::facts::{Claim, FileFacts, Handler, Input};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::{Annotation, Code, Function, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-handlers",
    docs: "\
### What it finds
Functions that take what axum, actix-web or Rocket reads from requests: the type of the body (`Json<NewOrder>`,
`Form<Login>`, `data: Json<…>`), parameters of the query where the structure stands in the same file, the type that is
answered (`Json<Order>`, also in a `Result`), and the statuses that their bodies answer with
(`HttpResponse::NotFound()`, `(StatusCode::CREATED, …)`, `Err(StatusCode::CONFLICT)`, `ErrorForbidden(…)`, and what is
given to the program's own error, `Err(Problem::new(\"…\").with_status(StatusCode::CONFLICT))`). The statuses that errors
stand for by their `impl IntoResponse`, `ResponseError` or `Responder` (`ShopError::Missing => (StatusCode::NOT_FOUND, …)`),
and those that an extractor of the program refuses with (`impl FromRequestParts<S> for Caller`), for the handlers that
name them.

### What it does not find
What errors are answered with that `?` hands on, what extractors of the program read, structures of other files.
",
    reads: &[Reads::Own(&[Language::Rust])],
    markers: &["axum", "actix_web", "rocket"],
    run: extract,
};

/// What stands before the name of such a function among the names of handlers, so that no route of another language
/// leads to it.
pub(crate) const FUNCTION: &str = "fn ";

/// Functions of one file at most.
const MOST: usize = 300;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let tests = rust_tests(code);
    rust_refusals::defined(acc, &view, &tests);
    // Those of routes of Rocket, in order.
    let mut notes = match code.text.contains("rocket") {
        true => code.annotations(),
        false => Vec::new(),
    };
    notes.retain(|note| {
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        METHODS.contains(&last.to_ascii_uppercase().as_str())
    });
    let mut made = 0;
    for function in code.functions() {
        if made >= MOST || tests.iter().any(|range| range.contains(&function.at)) {
            continue;
        }
        if let Some(handler) = handler(&view, function, &notes) {
            let line = code.line(function.at);
            acc.add(file, line, line, Claim::Handler(Box::new(handler)));
            made += 1;
        }
    }
}

/// What a function takes and answers, if its signature shows that it answers requests.
fn handler(
    view: &CodeView<'_, '_>,
    function: &Function<'_>,
    notes: &[Annotation],
) -> Option<Handler> {
    let code = view.code;
    let open = function.params?;
    let close = code.partner(open)?;
    let mut handler = Handler {
        name: format!("{FUNCTION}{}", function.name),
        ..Handler::default()
    };
    let rocket = rocket_attribute(view, function, notes);
    let mut shown = rocket.is_some();
    handler.more |= rocket.as_ref().is_some_and(|route| route.rest);
    for range in scan::parameters(code, open) {
        let Some(colon) = range.clone().find(|&at| is_colon(code, at)) else {
            // A method of an object is called by other functions.
            return None;
        };
        let kind = colon + 1..range.end;
        if let Some(route) = &rocket {
            let name = code.ident(colon - 1).unwrap_or_default();
            if route.data.as_deref() == Some(name) {
                handler.request = body_of(code, &kind);
                handler.more |= handler.request.is_none();
            } else if route.query.iter().any(|q| q == name) {
                add(&mut handler, name, &kind, code);
            } else if code
                .ident(kind.start)
                .is_some_and(|k| k.starts_with(char::is_uppercase))
            {
                // A guard may turn the caller away.
                handler.leaves = true;
            }
            continue;
        }
        shown |= parameter(view, &kind, &mut handler);
    }
    shown |= answers(view, function, close, shown, &mut handler);
    handler.summary = view.summary_of(function);
    // One that says nothing is not to be taken for another of its name.
    shown.then_some(handler)
}

/// Whether a token parts a name from its type, and is no part of a path.
fn is_colon(code: &Code<'_>, at: usize) -> bool {
    code.is(at, ":") && !code.is(at + 1, ":") && !code.is(at.wrapping_sub(1), ":")
}

/// What an attribute of Rocket names: `#[post("/x?<page>", data = "<order>")]`.
struct Route {
    /// The parameter that takes the body.
    data: Option<String>,
    /// Those of the query.
    query: Vec<String>,
    /// Whether one takes the rest of the query: `?<filter..>`.
    rest: bool,
}

fn rocket_attribute(
    view: &CodeView<'_, '_>,
    function: &Function<'_>,
    notes: &[Annotation],
) -> Option<Route> {
    let code = view.code;
    let first = notes.partition_point(|note| note.next <= function.first);
    let note = notes.get(first).filter(|note| note.next <= function.at)?;
    let open = note.open?;
    let plain = |text: &str| {
        text.trim_matches(['<', '>'])
            .trim_end_matches("..")
            .to_owned()
    };
    let data = text_of(view, note, "data").map(|text| plain(&text));
    let path = code
        .arguments(open)
        .into_iter()
        .next()
        .and_then(|r| code.string(r.start))?;
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let parts = query
        .split('&')
        .filter(|part| part.starts_with('<') && !part.ends_with("..>"));
    Some(Route {
        data,
        query: parts.map(plain).collect(),
        rest: query.contains("..>"),
    })
}

/// Adds what a parameter of axum or actix-web reads; whether it is one that these frameworks read.
fn parameter(view: &CodeView<'_, '_>, kind: &Range<usize>, handler: &mut Handler) -> bool {
    let code = view.code;
    let words = || kind.clone().filter_map(|at| Some((at, code.ident(at)?)));
    for (at, word) in words() {
        let typed = code.is(at + 1, "<");
        match word {
            "State" | "Data" | "Extension" | "Path" | "ConnectInfo" if typed => return true,
            "Query" | "Qs" if typed => {
                query(code, &inner(code, at + 1), handler);
                handler.leaves = true;
                return true;
            }
            // Also `ValidatedJson<Order>` of a program.
            word if typed && (word == "Form" || word.ends_with("Json")) => {
                handler.request = type_text(code, &inner(code, at + 1));
                handler.leaves = true;
                return true;
            }
            "Multipart" | "Payload" | "Bytes" | "BodyStream" | "TypedMultipart"
            | "MultipartForm" => {
                handler.more = true;
                handler.leaves = true;
                return true;
            }
            "HttpRequest" | "HeaderMap" => return true,
            _ => {}
        }
    }
    // An extractor of the program may turn the caller away.
    handler.leaves = true;
    handler.throws.extend(rust_refusals::taken(code, kind));
    false
}

/// The tokens between a bracket of types and its partner.
fn inner(code: &Code<'_>, open: usize) -> Range<usize> {
    let mut depth = 0_i32;
    let mut at = open;
    while at < code.tokens.len() {
        match code.raw(at) {
            "<" => depth += 1,
            ">" if code.is(at - 1, "-") => {}
            ">" => depth -= 1,
            // `[u8; 4]`
            "(" | "[" => at = code.partner(at).unwrap_or(at),
            "{" | ";" => break,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        at += 1;
    }
    open + 1..at
}

/// The type of the body that `Json<NewOrder>`, `Form<Login>` or `Option<Json<…>>` reads.
fn body_of(code: &Code<'_>, kind: &Range<usize>) -> Option<String> {
    let at = kind.clone().find(|&at| {
        matches!(code.raw(at), "Json" | "Form" | "Strict" | "MsgPack") && code.is(at + 1, "<")
    })?;
    type_text(code, &inner(code, at + 1))
}

/// Bytes of a type that is told, at most.
const LONGEST: usize = 80;

/// A type without the modules before its names; nothing of what has no name of its own.
fn type_text(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let mut out = String::new();
    for at in range.clone() {
        let path = code.ident(at).is_some() && code.is(at + 1, ":") && code.is(at + 2, ":");
        // `&'a str`, `Order<'a>`: the quote is a token of its own.
        let lifetime = code.is(at, "'") || code.is(at.wrapping_sub(1), "'");
        match code.raw(at) {
            _ if path || lifetime => {}
            ":" | "&" | "mut" => {}
            // Of `Cow<'static, str>` only the type is left.
            "," if out.ends_with('<') => {}
            mark @ ("," | ";") => {
                out.push_str(mark);
                out.push(' ');
            }
            // `dyn Store`
            "dyn" => out.push_str("dyn "),
            word => out.push_str(word),
        }
    }
    let out = out.replace("<>", "");
    let named = out.starts_with(|c: char| c.is_ascii_alphabetic()) && !out.starts_with("impl");
    let none = matches!(out.as_str(), "Value" | "JsonValue" | "_");
    (named && !none && out.len() <= LONGEST).then_some(out)
}

fn add(handler: &mut Handler, name: &str, kind: &Range<usize>, code: &Code<'_>) {
    let optional = code.is(kind.start, "Option") && code.is(kind.start + 1, "<");
    let kind = if optional {
        inner(code, kind.start + 1)
    } else {
        kind.clone()
    };
    handler.inputs.push(Input {
        name: name.to_owned(),
        place: "query".to_owned(),
        data_type: type_text(code, &kind),
        required: !optional,
    });
}

/// Adds the fields of the structure that a query is read into, if it stands in the file and says nothing of other
/// names (<https://serde.rs/container-attrs.html>).
fn query(code: &Code<'_>, kind: &Range<usize>, handler: &mut Handler) {
    let found = code
        .ident(kind.start)
        .filter(|_| kind.len() == 1)
        .and_then(|name| {
            let at = (1..code.tokens.len())
                .find(|&at| code.is(at, name) && code.is(at - 1, "struct"))?;
            let open = (at + 1..at + 8).find(|&i| code.is(i, "{"))?;
            let mut above = (at.saturating_sub(40)..at)
                .rev()
                .take_while(|&i| !matches!(code.raw(i), "}" | ";"));
            let renamed = above.any(|i| matches!(code.raw(i), "rename_all" | "default"));
            Some(open).filter(|_| !renamed)
        });
    let Some(open) = found else {
        handler.more = true;
        return;
    };
    for field in scan::parameters(code, open) {
        if field.clone().any(|at| code.is(at, "serde")) {
            handler.more = true;
            continue;
        }
        let Some(colon) = field.clone().find(|&at| is_colon(code, at)) else {
            continue;
        };
        if let Some(name) = code.ident(colon - 1) {
            add(handler, name, &(colon + 1..field.end), code);
        }
    }
}

/// Words of the types of answers.
const ANSWERS: [&str; 9] = [
    "HttpResponse",
    "IntoResponse",
    "Response",
    "Responder",
    "StatusCode",
    "Json",
    "Html",
    "Redirect",
    "NamedFile",
];

/// Adds what a function answers; whether its type is that of an answer.
fn answers(
    view: &CodeView<'_, '_>,
    function: &Function<'_>,
    close: usize,
    shown: bool,
    handler: &mut Handler,
) -> bool {
    let code = view.code;
    let arrow = code.is(close + 1, "-") && code.is(close + 2, ">");
    let start = close + 3;
    let end = (start..function.body.start).find(|&at| code.is(at, "where"));
    let kind = match arrow {
        true => start..end.unwrap_or(function.body.start.saturating_sub(1)),
        false => start..start,
    };
    let has = |word: &str| kind.clone().any(|at| code.is(at, word));
    let answers = ANSWERS.iter().any(|word| has(word));
    if !answers && !shown {
        return false;
    }
    let body = function.body.clone();
    let falls = has("Result") || body.clone().any(|at| code.is(at, "?"));
    handler.leaves |= falls;
    let good = success(code, &kind);
    let json = good
        .clone()
        .find(|&at| code.is(at, "Json") && code.is(at + 1, "<"));
    let schema = json.and_then(|at| type_text(code, &inner(code, at + 1)));
    let mut found = named_statuses(code, &body);
    handler.throws.extend(rust_refusals::named(code, &body));
    for helper in helpers(view, function) {
        handler.throws.extend(rust_refusals::named(code, &helper));
        for status in named_statuses(code, &helper) {
            if !found.contains(&status) {
                found.push(status);
            }
        }
    }
    // A type alone is answered with 200; what stands around it may say another status.
    let alone = json == Some(past_modules(code, good.start));
    if alone && !found.iter().any(|s| s.starts_with('2')) {
        found.insert(0, "200");
    }
    for status in found {
        let told = status.starts_with('2') && json.is_some();
        if !handler.responses.iter().any(|r| r.status == status) {
            handler.responses.push(Response {
                schema: schema.clone().filter(|_| told),
                ..statuses::response(status)
            });
        }
    }
    statuses::in_order(&mut handler.responses);
    // What the last expression calls may answer otherwise.
    handler.leaves |= !alone && !ends_in_answer(code, &body);
    answers
}

/// The first token of a name behind the modules before it.
fn past_modules(code: &Code<'_>, mut at: usize) -> usize {
    while code.ident(at).is_some() && code.is(at + 1, ":") && code.is(at + 2, ":") {
        at += 3;
    }
    at
}

/// Of a type of answers the one where all went well: what a `Result` holds first.
fn success(code: &Code<'_>, kind: &Range<usize>) -> Range<usize> {
    let first = past_modules(code, kind.start);
    let result = code
        .ident(first)
        .is_some_and(|name| name.ends_with("Result"));
    if !result || first >= kind.end || !code.is(first + 1, "<") {
        return kind.clone();
    }
    let all = inner(code, first + 1);
    let mut depth = 0_i32;
    let end = all.clone().find(|&at| {
        match code.raw(at) {
            "<" | "(" | "[" => depth += 1,
            ">" if code.is(at - 1, "-") => {}
            ">" | ")" | "]" => depth -= 1,
            _ => {}
        }
        depth == 0 && code.is(at, ",")
    });
    all.start..end.unwrap_or(all.end)
}

/// Functions of a file that answer for one another, at most.
const DEEPEST: usize = 4;

/// The bodies of the functions of the same file that a function calls and that give answers themselves.
fn helpers(view: &CodeView<'_, '_>, function: &Function<'_>) -> Vec<Range<usize>> {
    let code = view.code;
    let mut all: Vec<Range<usize>> = Vec::new();
    let mut open = vec![function.body.clone()];
    // A look-up goes through all functions of the file.
    let mut known: BTreeSet<&str> = BTreeSet::new();
    while let Some(body) = open.pop() {
        for at in body.filter(|&at| code.is(at + 1, "(") && !matches!(code.raw(at - 1), "." | ":"))
        {
            let name = code.ident(at).filter(|name| known.insert(name));
            let named = name.and_then(|name| view.function(name));
            let Some(called) = named.filter(|f| f.body != function.body && !all.contains(&f.body))
            else {
                continue;
            };
            let close = called.params.and_then(|params| code.partner(params));
            let mut kind = close.unwrap_or(called.body.start)..called.body.start;
            if all.len() < DEEPEST && kind.any(|i| ANSWERS.contains(&code.raw(i))) {
                all.push(called.body.clone());
                open.push(called.body.clone());
            }
        }
    }
    all
}

/// Whether the value of a body, and all that it returns before, is an answer that it makes itself.
fn ends_in_answer(code: &Code<'_>, body: &Range<usize>) -> bool {
    let makes = |at: usize| code.is(at, "HttpResponse") && code.is(at + 1, ":");
    let mut last = body.start;
    let mut at = body.start;
    while at < body.end {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
            ";" => last = at + 1,
            "return" if !makes(at + 1) => return false,
            _ => {}
        }
        at += 1;
    }
    makes(last)
}

/// The statuses that a body answers with.
fn named_statuses(code: &Code<'_>, body: &Range<usize>) -> Vec<&'static str> {
    let mut all: Vec<&str> = Vec::new();
    let mut actix = None;
    for at in body.clone() {
        let of = |class: &str| code.is(at, class) && code.is(at + 1, ":") && code.is(at + 2, ":");
        let made = of("HttpResponse") && code.is(at + 4, "(");
        let given = |at| is_given(code, at) || rust_refusals::is_refused(code, body, at);
        let status = if made || of("StatusCode") && given(at) {
            code.ident(at + 3).and_then(statuses::code)
        } else if code.is(at + 1, "(") {
            // `ErrorForbidden("…")` of actix-web
            let name = code.ident(at).and_then(|name| name.strip_prefix("Error"));
            name.and_then(statuses::code)
                .filter(|_| *actix.get_or_insert_with(|| code.text.contains("actix_web")))
        } else {
            None
        };
        all.extend(status.filter(|status| !all.contains(status)));
    }
    all
}

/// Whether a status is given as an answer and not compared: `(StatusCode::CREATED, …)`, `Err(StatusCode::CONFLICT)`,
/// `StatusCode::OK.into_response()`.
fn is_given(code: &Code<'_>, at: usize) -> bool {
    let mut before = at.wrapping_sub(1);
    // `axum::http::StatusCode::OK`
    while code.is(before, ":") {
        before = before.wrapping_sub(3);
    }
    let next = code.raw(at + 4);
    let opens = code.is(before, "(");
    let of = code.raw(before.wrapping_sub(1));
    let tuple = opens
        && next == ","
        && (code.ident(before.wrapping_sub(1)).is_none() || matches!(of, "Ok" | "Err" | "return"));
    let wrapped = opens && next == ")" && matches!(of, "Ok" | "Err");
    let responds = next == "." && code.is(at + 5, "into_response");
    let returned = code.is(before, "return") && next == ";";
    // `Err(StatusCode::CONFLICT) => …`, `if let Err(StatusCode::CONFLICT) = …`
    let pattern = code
        .partner(before)
        .is_some_and(|end| matches!(code.raw(end + 1), "=" | "if" | "|" | "!"));
    (tuple || wrapped) && !pattern || responds || returned
}
