//! What actions of ASP.NET controllers take and give: by the types of their parameters and answer, and
//! by what their attributes say of responses.

pub(crate) mod results;

use crate::extractors::csharp_attributes::{VALUE, is_result, written};
use crate::extractors::nest_handlers::type_name;
use crate::facts::{Before, Claim, FileFacts, Handler, Input};
use crate::prose;
use crate::scan;
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::{Code, Declared};
use std::ops::Range;

/// What stands before the name of the class of an action among its calls, and in the name of the handler that
/// says what a controller asks of callers and answers for all its actions.
pub(crate) const CONTROLLER: &str = "controller ";

/// The place of what the framework binds by itself: where it comes from depends on the class.
pub(crate) const BOUND: &str = "bound";

/// The guard of what is free of those of its class.
pub(crate) const ANONYMOUS: &str = "!AllowAnonymous";

/// Adds what an action takes and gives.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, declared: &Declared, path: &str) {
    let code = file.code();
    let open = declared.at + 1;
    let Some(close) = code.partner(open).filter(|_| code.is(open, "(")) else {
        return;
    };
    let mut handler = Handler {
        name: declared.name.clone(),
        docs: prose::of_parameters(file, declared.first),
        ..Handler::default()
    };
    for range in scan::parameters(code, open) {
        parameter(code, range, path, &mut handler);
    }
    handler.responses = responses(code, declared);
    made(code, declared, close, &mut handler);
    asked(code, declared, &mut handler);
    handler.deprecated = declared.annotation(&["Obsolete"]).is_some();
    let class = declared.owner.and_then(|at| file.outline().types.get(at));
    handler
        .calls
        .extend(class.map(|class| format!("{CONTROLLER}{}", class.name)));
    let kind = answer(code, declared.at);
    let bare = kind.as_deref().and_then(|kind| kind.split('<').next());
    if let Some(bare) = bare.filter(|bare| is_result(bare)) {
        handler.calls.push(format!("{VALUE}{bare}"));
    }
    let last = code.line(close);
    acc.add(file, declared.line, last, Claim::Handler(Box::new(handler)));
}

/// What a controller asks of the callers of all its actions, and which class it extends.
pub(super) fn class(acc: &mut FileFacts, file: &SourceFile<'_>, index: usize, base: Option<&str>) {
    let outline = file.outline();
    let Some(class) = outline.types.get(index) else {
        return;
    };
    let mut handler = Handler {
        name: format!("{CONTROLLER}{}", class.name),
        bases: base
            .map(|b| format!("{CONTROLLER}{b}"))
            .into_iter()
            .collect(),
        ..Handler::default()
    };
    if let Some(declared) = outline.of_type(index) {
        asked(file.code(), declared, &mut handler);
        handler.more = declared.annotation(&["ApiController"]).is_some();
    }
    acc.add(
        file,
        class.line,
        class.line,
        Claim::Handler(Box::new(handler)),
    );
}

/// Adds what the body answers to what the signature and attributes say.
fn made(code: &Code<'_>, declared: &Declared, close: usize, handler: &mut Handler) {
    let kind = answer(code, declared.at);
    let nothing = code.is(declared.at.wrapping_sub(1), "void")
        || code.is(declared.at.wrapping_sub(1), "Task");
    let Some(found) = results::of(code, close, kind.is_none() && !nothing) else {
        handler.leaves = true;
        return;
    };
    handler.leaves = found.leaves;
    let success = |status: &String| status.starts_with(['2', '3']);
    // The type of the answer is that of what the body returns, if it returns one.
    if !found.leaves && !found.values && !found.statuses.contains("200") {
        let told = |r: &Response| r.status != "200" || r.schema != kind || kind.is_none();
        handler.responses.retain(told);
    }
    for status in found.statuses {
        if !handler.responses.iter().any(|r| r.status == status) {
            let one_type = status == "201" || status == "202";
            handler.responses.push(Response {
                schema: kind.clone().filter(|_| one_type),
                ..statuses::response(status)
            });
        }
    }
    let silent = !handler.responses.iter().any(|r| success(&r.status));
    if silent && (nothing || found.values) {
        handler.responses.push(statuses::response("200"));
    }
    handler.responses.sort_by(|a, b| a.status.cmp(&b.status));
}

/// What attributes ask of callers, and whether others may answer that are not known here: a filter of the
/// program stands before and behind an action
/// (<https://learn.microsoft.com/aspnet/core/mvc/controllers/filters>).
fn asked(code: &Code<'_>, declared: &Declared, handler: &mut Handler) {
    for annotation in &declared.annotations {
        let name = annotation.name.rsplit('.').next().unwrap_or_default();
        match name {
            "Authorize" => {
                let given = annotation.open.and_then(|open| {
                    let close = code.partner(open)?;
                    let words = scan::spoken(code, open + 1..close).replace('=', " = ");
                    Some(words).filter(|words| !words.is_empty())
                });
                let name = match &given {
                    Some(given) => format!("Authorize({given})"),
                    None => "Authorize".to_owned(),
                };
                if name.len() <= 80 && !handler.guards.contains(&name) {
                    handler.guards.push(name);
                }
            }
            "AllowAnonymous" => handler.guards.push(ANONYMOUS.to_owned()),
            "ServiceFilter" | "TypeFilter" | "MiddlewareFilter" => handler.leaves = true,
            name if is_framework(name) => {}
            // What an attribute of the program or of a package asks, its class says.
            name => handler.befores.push(Before {
                name: written(name).to_owned(),
                ..Before::default()
            }),
        }
    }
}

/// Whether an attribute of an action or controller is one of the framework that turns nobody away.
fn is_framework(name: &str) -> bool {
    const NAMES: [&str; 10] = [
        "ApiController",
        "ApiExplorerSettings",
        "ApiVersion",
        "Consumes",
        "MapToApiVersion",
        "Obsolete",
        "Produces",
        "ProducesResponseType",
        "Route",
        "SwaggerOperation",
    ];
    NAMES.contains(&name) || name.starts_with("Http")
}

/// `[FromBody] NewOrder order`, `[FromQuery(Name = "p")] int page = 1`, `Guid id`.
pub(super) fn parameter(code: &Code<'_>, range: Range<usize>, path: &str, handler: &mut Handler) {
    let mut at = range.start;
    let mut place: Option<&str> = None;
    let mut renamed = false;
    while at < range.end && code.is(at, "[") {
        let end = code.partner(at).unwrap_or(range.end);
        match code.raw(at + 1) {
            "FromBody" => place = Some("body"),
            "FromQuery" => place = Some("query"),
            "FromRoute" => place = Some("path"),
            "FromHeader" => place = Some("header"),
            "FromForm" => place = Some("form"),
            "FromServices" | "FromKeyedServices" => return,
            _ => {}
        }
        renamed |= code.is(at + 2, "(");
        at = end + 1;
    }
    let until = (at..range.end)
        .find(|&i| code.is(i, "="))
        .unwrap_or(range.end);
    if until < at + 2 {
        return;
    }
    let name = code.raw(until - 1);
    let nullable = code.is(until - 2, "?");
    let kind = type_name(code, at..until - 1 - usize::from(nullable));
    let in_path = path.contains(&format!("{{{name}}}")) || path.contains(&format!("{{{name}:"));
    match place {
        Some(_) if kind.as_deref() == Some("CancellationToken") => {}
        Some("body") => handler.request = kind,
        Some("query" | "header") if renamed => handler.more = true,
        // Several values, or one that may be left out, are enumerations where they are nothing simpler; a
        // class is taken apart into what it has.
        Some(place @ ("query" | "header"))
            if kind
                .as_deref()
                .is_some_and(|k| is_simple(k) || nullable || k.ends_with("[]")) =>
        {
            handler.inputs.push(Input {
                name: name.to_owned(),
                place: place.to_owned(),
                required: false,
                data_type: kind,
            });
        }
        Some("path") | None if in_path => {
            if let Some(kind) = kind.filter(|k| is_simple(k)) {
                handler.inputs.push(Input {
                    name: name.to_owned(),
                    place: "path".to_owned(),
                    required: true,
                    data_type: Some(kind),
                });
            }
        }
        Some("path") => {}
        Some("form") => handler.inputs.push(Input {
            name: name.to_owned(),
            place: "form".to_owned(),
            required: false,
            data_type: kind,
        }),
        None if matches!(kind.as_deref(), Some("HttpContext" | "HttpRequest")) => {
            handler.more = true;
        }
        None if kind
            .as_deref()
            .is_some_and(|k| k.contains("IFormFile") || !is_given(k)) =>
        {
            handler.inputs.push(Input {
                name: name.to_owned(),
                place: BOUND.to_owned(),
                required: false,
                data_type: kind,
            });
        }
        None if kind.is_some() => {}
        // What the framework binds by itself may come from anywhere.
        _ => handler.more = true,
    }
}

/// Whether the framework or the container of services gives a parameter of this type, and no caller: an interface
/// is given, but for those of lists.
pub(super) fn is_given(kind: &str) -> bool {
    const OF_FRAMEWORK: [&str; 4] = [
        "CancellationToken",
        "ClaimsPrincipal",
        "HttpResponse",
        "LinkGenerator",
    ];
    const LISTS: [&str; 5] = ["Collection", "Dictionary", "Enumerable", "List", "Set"];
    let bare = kind.split('<').next().unwrap_or(kind);
    let bare = bare.rsplit('.').next().unwrap_or(bare);
    let name = bare
        .strip_prefix('I')
        .filter(|name| name.starts_with(char::is_uppercase));
    let list = |name: &str| kind.contains('<') && LISTS.iter().any(|end| name.ends_with(end));
    name.is_some_and(|name| !list(name)) || OF_FRAMEWORK.contains(&bare)
}

/// Adds one value that the framework takes from the path, or else from the query.
pub(super) fn value(name: &str, kind: String, path: &str, handler: &mut Handler) {
    let in_path = path.contains(&format!("{{{name}}}"));
    handler.inputs.push(Input {
        name: name.to_owned(),
        place: if in_path { "path" } else { "query" }.to_owned(),
        required: in_path,
        data_type: Some(kind),
    });
}

/// Whether a type is one value.
pub(crate) fn is_simple(kind: &str) -> bool {
    const SIMPLE: [&str; 13] = [
        "string",
        "int",
        "long",
        "short",
        "bool",
        "double",
        "decimal",
        "float",
        "Guid",
        "DateTime",
        "DateTimeOffset",
        "DateOnly",
        "byte",
    ];
    SIMPLE.contains(&kind.trim_end_matches(['?', '[', ']']))
}

/// What attributes say, else the type before the name: what an action returns is answered with 200
/// (<https://learn.microsoft.com/aspnet/core/web-api/action-return-types>).
fn responses(code: &Code<'_>, declared: &Declared) -> Vec<Response> {
    let mut all: Vec<Response> = Vec::new();
    for annotation in &declared.annotations {
        let Some(open) = annotation.open else {
            continue;
        };
        if !matches!(
            annotation.name.as_str(),
            "ProducesResponseType" | "SwaggerResponse"
        ) {
            continue;
        }
        let arguments = code.arguments(open);
        let Some(status) = arguments.iter().find_map(|range| status_of(code, range)) else {
            continue;
        };
        let kind = arguments.iter().find_map(|range| {
            let typeof_ = code.is(range.start, "typeof") && code.is(range.start + 1, "(");
            let end = typeof_.then(|| code.partner(range.start + 1)).flatten()?;
            type_name(code, range.start + 2..end)
        });
        if !all.iter().any(|r| r.status == status) {
            all.push(Response {
                status,
                description: None,
                schema: kind.filter(|k| k != "void"),
                origin: None,
            });
        }
    }
    if !all.iter().any(|r| r.status.starts_with('2'))
        && let Some(kind) = answer(code, declared.at)
    {
        all.push(Response {
            status: "200".to_owned(),
            description: None,
            schema: Some(kind),
            origin: None,
        });
    }
    // An attribute may leave the type to the signature.
    let mut answers = all.iter_mut().filter(|r| r.status.starts_with('2'));
    if let (Some(one), None) = (answers.next(), answers.next())
        && one.schema.is_none()
        && one.status != "204"
    {
        one.schema = answer(code, declared.at);
    }
    all.sort_by(|a, b| a.status.cmp(&b.status));
    all
}

/// `404`, `StatusCodes.Status404NotFound`, `(int)HttpStatusCode.…` is none.
pub(super) fn status_of(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let raw = code.raw(range.end - 1);
    let digits = raw
        .strip_prefix("Status")
        .and_then(|rest| rest.get(..3))
        .unwrap_or(raw);
    let whole = raw.len() == 3 || code.is(range.start, "StatusCodes");
    (whole && digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.to_owned())
}

/// The type of the answer without what waits for it or wraps it: `Order` of `Task<ActionResult<Order>>`;
/// nothing of a type that says no more than that there is an answer.
fn answer(code: &Code<'_>, name: usize) -> Option<String> {
    const MODIFIERS: [&str; 8] = [
        "public", "async", "override", "virtual", "internal", "new", "sealed", "]",
    ];
    let first = (name.saturating_sub(24)..name).rev().find(|&at| {
        MODIFIERS.contains(&code.raw(at)) && !(code.is(at, "]") && code.is(at - 1, "["))
    })?;
    let (mut start, mut end) = (first + 1, name);
    while matches!(code.raw(start), "Task" | "ValueTask" | "ActionResult")
        && code.is(start + 1, "<")
        && code.is(end - 1, ">")
    {
        start += 2;
        end -= 1;
    }
    let plain = matches!(
        code.raw(end.checked_sub(1)?),
        "Task" | "ValueTask" | "IActionResult" | "ActionResult" | "IResult" | "void" | "dynamic"
    );
    let result = code.raw(start);
    // Results of other kinds have a status of their own; whether a class of the program is one, its own file says.
    let other = result.ends_with("Result") && !is_result(result) || result == "Results";
    if plain || start >= end || other {
        return None;
    }
    type_name(code, start..end)
}
