//! Sails: what actions take and answer, and what policies and custom responses answer.

use crate::extractor::{Extractor, Reads};
use crate::extractors::js_contexts;
use crate::extractors::sails_routes::POLICY;
use crate::extractors::waterline_models::{exported, key_of};
use crate::facts::{Claim, FileFacts, Handler, Input};
use crate::jsdoc_contracts::{self, Told};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use crate::values::Values;
use groundplan_model::{Origin, Response};
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sails-actions",
    docs: "\
### What it finds
Actions of Sails (<https://sailsjs.com/documentation/concepts/actions-and-controllers>): files of `api/controllers` with
`fn`, with their `inputs` and the statuses of their `exits`; what a `@swagger` or `@openapi` comment above one says of
it; what policies of `api/policies` and responses of `api/responses` answer.

### What it does not find
What actions of the classic form (`(req, res) => …`) take, inputs that a spread brings.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["module.exports"],
    run: extract,
};

/// Begins the name under which a response of the program is kept.
const RESPONSE: &str = "responses/";

/// Inputs and exits of an action at most.
const MOST: usize = 200;

/// What responses that Sails brings answer (<https://sailsjs.com/documentation/concepts/custom-responses/default-responses>),
/// and what those are answered with that are called after a status.
fn standard(word: &str) -> Option<&'static str> {
    Some(match word {
        "badRequest" => "400",
        "unauthorized" => "401",
        "forbidden" => "403",
        "notFound" => "404",
        "serverError" => "500",
        "redirect" => "302",
        "ok" | "view" | "json" => "200",
        _ => return None,
    })
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let below = |folder: &str| {
        let found = file.path.rsplit_once(&format!("/{folder}/"));
        let rest = found.map(|(_, rest)| rest);
        let rest = rest.or_else(|| file.path.strip_prefix(&format!("{folder}/")))?;
        Some(rest.rsplit_once('.').map_or(rest, |(stem, _)| stem))
    };
    if let Some(name) = below("api/controllers") {
        action(acc, file, &name.to_lowercase());
    } else if let Some(name) = below("api/policies") {
        answers(acc, file, format!("{POLICY}{name}"));
    } else if let Some(name) = below("api/responses") {
        answers(acc, file, format!("{RESPONSE}{name}"));
    }
}

/// What a policy or a custom response answers: `res.status(403)`, `res.forbidden()`.
fn answers(acc: &mut FileFacts, file: &SourceFile<'_>, name: String) {
    let code = file.code();
    let mut responses: Vec<Response> = Vec::new();
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        let of_answer = call.open > 2 && code.is(call.open - 2, ".") && {
            let on = code.raw(call.open - 3);
            on == "res" || on == "this"
        };
        if !of_answer {
            continue;
        }
        let status = match word {
            "status" | "sendStatus" => js_contexts::number(code, call.open + 1),
            _ => standard(word)
                .filter(|status| *status != "200")
                .map(str::to_owned),
        };
        if let Some(status) = status {
            statuses::add(&mut responses, &status);
        }
    }
    let handler = Handler {
        name,
        responses,
        ..Handler::default()
    };
    let last = file.lines().count();
    acc.add(file, 1, last, Claim::Handler(Box::new(handler)));
}

fn action(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str) {
    let code = file.code();
    let values = Values::new(file);
    let Some(open) = exported(code, None) else {
        return;
    };
    // `fn: async function (inputs) {…}`, `async fn(inputs) {…}`
    let has_function = code.arguments(open).into_iter().any(|part| {
        let first = part.start + usize::from(code.is(part.start, "async"));
        code.is(first, "fn")
    });
    if !has_function {
        return;
    }
    let first = code.line(open);
    let last = code.partner(open).map_or(first, |at| code.line(at));
    let told = jsdoc_contracts::only(code);
    let mut handler = Handler {
        name: name.to_owned(),
        more: ["this.req.file(", "req.body", "req.allParams("]
            .iter()
            .any(|mark| file.text.contains(mark)),
        ..Handler::default()
    };
    handler.summary = told.as_ref().and_then(|told| told.summary.clone());
    if handler.summary.is_none() {
        let said = values.folded_property(open, &["description"]);
        handler.summary = said.and_then(|text| prose::sentence(&text));
    }
    inputs(&mut handler, code, &values, open, told.as_ref());
    exits(&mut handler, code, &values, open);
    if let Some(told) = told {
        handler.deprecated = told.deprecated;
        for (status, description) in told.responses {
            let known = handler.responses.iter_mut().find(|r| r.status == status);
            match known {
                Some(known) => known.description = known.description.take().or(description),
                None => handler.responses.push(Response {
                    description,
                    origin: Some(Origin::Declared),
                    ..statuses::response(status)
                }),
            }
        }
    }
    acc.add(file, first, last, Claim::Handler(Box::new(handler)));
}

/// `inputs: { name: { type: "string", required: true } }`.
fn inputs(
    handler: &mut Handler,
    code: &Code<'_>,
    values: &Values<'_, '_>,
    open: usize,
    told: Option<&Told>,
) {
    let Some(list) = values.property(open, "inputs") else {
        return;
    };
    let Some(list) = values.literal_at(&list).filter(|&o| code.is(o, "{")) else {
        handler.more = true;
        return;
    };
    for part in code.arguments(list).into_iter().take(MOST) {
        let inner = part.start + 2;
        if !code.is(part.start + 1, ":") || !code.is(inner, "{") {
            handler.more = true;
            continue;
        }
        let name = key_of(code, &part);
        let required = values.property(inner, "required");
        let said = told.and_then(|told| told.parameters.iter().find(|p| p.name == name));
        let kind = values.folded_property(inner, &["type"]);
        let place = said.map_or("form", |said| said.place.as_str());
        handler.inputs.push(Input {
            name: name.to_owned(),
            place: place.to_owned(),
            data_type: kind.or_else(|| said.and_then(|said| said.data_type.clone())),
            required: required.is_some_and(|range| code.is(range.start, "true")),
        });
        let text = values.folded_property(inner, &["description"]);
        let text = text.or_else(|| said.and_then(|said| said.description.clone()));
        if let Some(text) = text {
            handler.docs.push((name.to_owned(), text));
        }
    }
    // Whatever does not fit its inputs, Sails turns down before the action.
    if !handler.inputs.is_empty() {
        statuses::add(&mut handler.responses, "400");
    }
}

/// `exits: { notFound: { statusCode: 404 }, taken: { responseType: "conflict" } }`.
fn exits(handler: &mut Handler, code: &Code<'_>, values: &Values<'_, '_>, open: usize) {
    let list = values.property(open, "exits");
    let list = list.and_then(|range| values.literal_at(&range));
    let parts = list.map(|open| code.arguments(open)).unwrap_or_default();
    let mut success = "200".to_owned();
    for part in parts.into_iter().take(MOST) {
        let inner = part.start + 2;
        if !code.is(part.start + 1, ":") || !code.is(inner, "{") {
            // `exits: { ...shared }`
            handler.leaves = true;
            continue;
        }
        let own = code.is(part.start, "success");
        let number = values.property(inner, "statusCode");
        let number = number.and_then(|range| js_contexts::number(code, range.start));
        let kind = values.folded_property(inner, &["responseType"]);
        let status = number.or_else(|| standard(kind.as_deref()?).map(str::to_owned));
        match (status, kind) {
            (Some(status), _) if own => success = status,
            (Some(status), _) => statuses::add(&mut handler.responses, &status),
            (None, Some(kind)) if kind.is_empty() || own => {}
            (None, Some(kind)) => handler.throws.push(format!("{RESPONSE}{kind}")),
            (None, None) if own => {}
            (None, None) if values.property(inner, "viewTemplatePath").is_some() => {}
            // What an exit does not say is a fault of the server.
            (None, None) => statuses::add(&mut handler.responses, "500"),
        }
    }
    statuses::add(&mut handler.responses, &success);
    statuses::in_order(&mut handler.responses);
}
