//! What an operation takes and answers, by its handler and by what stands before and behind it.

use crate::extractors::django_handlers::{DECORATED, OF_SELF, OF_SUPER};
use crate::extractors::java_handlers::{DEFAULT, UNCHECKED};
use crate::extractors::js_error_handlers::HANDED;
use crate::extractors::js_http::BEFORE;
use crate::extractors::js_route_guards;
use crate::extractors::rust_refusals::TAKEN;
use crate::extractors::sails_routes::SAILS;
use crate::facts::{ANSWERED_BY, Endpoint, WITH};
use crate::resolve::go_handed;
use crate::resolve::handlers::{Handlers, Seen};
use crate::resolve::rails::FORM;
use crate::statuses;
use groundplan_model::{Evidence, Operation, Parameter, Provenance, Response};
use std::collections::BTreeSet;

/// Places that speak for what stands before an action, at most.
pub(super) const MOST_PLACES: usize = 4;

pub(super) fn operation(endpoint: &Endpoint, at: &Evidence, seen: Option<Seen<'_>>) -> Operation {
    let mut made = Operation {
        id: format!("{} {}", endpoint.method, endpoint.path),
        method: endpoint.method.clone(),
        path: endpoint.path.clone(),
        summary: endpoint.summary.clone(),
        handler: endpoint.handler.clone(),
        parameters: path_parameters(&endpoint.path),
        request: None,
        responses: Vec::new(),
        security: Vec::new(),
        security_inherited: false,
        security_all: None,
        security_optional: false,
        tag: None,
        deprecated: false,
        unread: seen.is_none(),
        more_outcomes: false,
        undeclared: Vec::new(),
        // Marks of what stands before it are no names.
        guards: (endpoint.guards.iter())
            .filter(|name| !name.starts_with('!'))
            .cloned()
            .collect(),
        before: with(endpoint),
        provenance: Provenance::observed([at.clone()]),
    };
    if let Some(seen) = seen {
        made.summary = made.summary.or_else(|| seen.handler.summary.clone());
        fill_in(&mut made, seen);
        made.more_outcomes = seen.handler.leaves;
        for guard in &seen.handler.guards {
            if let Some(name) = guard.strip_prefix(WITH) {
                if !made.before.iter().any(|known| known == name) {
                    made.before.push(name.to_owned());
                }
                continue;
            }
            // What a decorator of the program asks, its own code says.
            if !made.guards.contains(guard) && !guard.starts_with(DECORATED) {
                made.guards.push(guard.clone());
            }
        }
        if endpoint.framework == SAILS {
            // Its inputs are of the query or of the body, and of the path.
            let body = made.parameters.iter_mut().filter(|p| p.place == "form");
            body.for_each(|p| p.place = "body".to_owned());
        }
        if endpoint.framework == "trpc" && matches!(&*made.method, "GET" | "HEAD" | "DELETE") {
            // These give a procedure what it takes in the query.
            made.request = None;
            let all = made.parameters.iter_mut().filter(|p| p.place == "body");
            all.for_each(|p| p.place = "query".to_owned());
        }
        made.unread = is_unread(&made, endpoint, seen);
    }
    made
}

/// Whether a framework names the fields of a body one by one.
pub(super) fn names_fields(framework: &str) -> bool {
    matches!(framework, "nestjs" | SAILS)
}

/// What stands before a handler beside guards.
pub(super) fn with(endpoint: &Endpoint) -> Vec<String> {
    let all = endpoint.guards.iter();
    all.filter_map(|name| Some(name.strip_prefix(WITH)?.to_owned()))
        .collect()
}

/// Whether not all was read of what an operation takes and answers.
///
/// What a handler leaves to a function that it calls was not followed: a change without a body, and no
/// answer at all, are read or written there.
pub(super) fn is_unread(made: &Operation, endpoint: &Endpoint, seen: Seen<'_>) -> bool {
    let named = names_fields(&endpoint.framework);
    let typed = |p: &Parameter| p.place == "body" && p.data_type.is_some() && !named;
    let more = seen.handler.more || made.parameters.iter().any(typed);
    let takes = matches!(made.method.as_str(), "POST" | "PUT" | "PATCH")
        && made.request.is_none()
        && made.parameters.iter().all(|p| p.place == "path");
    // A signature of FastAPI, ASP.NET or Spring names all that it takes, and one of NestJS but for what is
    // handed on; an action of Rails, Laravel or Symfony was read with the methods that it calls.
    let whole = matches!(
        endpoint.framework.as_str(),
        "aspnet-core"
            | "fastapi"
            | "nestjs"
            | "phoenix"
            | "rails"
            | FORM
            | "laravel"
            | "lumen"
            | "symfony"
            | SAILS
    ) || endpoint.framework.starts_with("spring");
    made.responses.is_empty() || takes && (more || !whole) || more && made.request.is_none()
}

/// Decides which of the types that a signature names is the body: one that stands for a dependency
/// is given by the framework.
pub(super) fn body(operation: &mut Operation, seen: Seen<'_>, handlers: &Handlers<'_>) {
    let given = |p: &Parameter| {
        p.place == "body"
            && p.data_type.as_deref().is_some_and(|t| {
                let found = handlers.named(t, &seen.at.path);
                found.is_some_and(|f| f.handler.more && f.handler.responses.is_empty())
            })
    };
    operation.parameters.retain(|p| !given(p));
    let mut bodies = operation
        .parameters
        .iter()
        .filter(|p| p.place == "body" && p.data_type.is_some());
    if let (Some(one), None) = (bodies.next(), bodies.next())
        && operation.request.is_none()
        && !matches!(operation.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    {
        operation.request.clone_from(&one.data_type);
        operation.parameters.retain(|p| p.place != "body");
        operation.unread &= operation.responses.is_empty();
    }
}

/// Functions that depend on each other, at most.
const DEEPEST: u8 = 6;

/// Adds what is answered when the handler throws what it makes itself, or what it calls and depends
/// on raises.
pub(super) fn fail(operation: &mut Operation, seen: Seen<'_>, handlers: &Handlers<'_>) {
    go_handed::add(operation, seen, handlers);
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut handed_at: Option<&Evidence> = None;
    let mut open: Vec<(Seen<'_>, u8)> = vec![(seen, 0)];
    while let Some((from, depth)) = open.pop() {
        for name in &from.handler.throws {
            if !known.insert(name.clone()) {
                continue;
            }
            if let Some(decorator) = name.strip_prefix(DECORATED) {
                if let Some(found) = decorated(operation, from, decorator, handlers) {
                    open.push((found, depth + 1));
                }
                continue;
            }
            // What is handed on with a status is answered with it where the program has a function that does so.
            if let Some(status) = name.strip_prefix(HANDED) {
                if let Some(found) = handlers.answering(&from.at.path) {
                    statuses::add(&mut operation.responses, status);
                    handed_at = handed_at.or(Some(found));
                }
                continue;
            }
            let answers = name.strip_prefix(ANSWERED_BY);
            // Methods of its own class are those of the classes above it.
            let of_class = |name: &str| name.starts_with(OF_SELF) || name.starts_with(OF_SUPER);
            if answers.is_some_and(of_class) {
                continue;
            }
            let found = handlers.named(answers.unwrap_or(name), &from.at.path);
            let view = |name| handlers.view(name, &operation.method, &from.at.path);
            let Some(found) = found.or_else(|| answers.and_then(view)) else {
                operation.more_outcomes |= answers.is_some();
                // Nobody here handles it, so that the framework does.
                if name == UNCHECKED {
                    statuses::add(&mut operation.responses, "400");
                }
                continue;
            };
            if let Some(kind) = name.strip_prefix(TAKEN) {
                asks_first(operation, kind, found);
            }
            // A view that answers for another takes what that is given.
            if answers.is_some_and(|name| name != found.handler.name) {
                fill_in(operation, found);
            }
            operation.more_outcomes |= answers.is_some() && found.handler.leaves;
            // What raises answers only failures; its own success is not that of the operation.
            let raises = name.starts_with('!') || found.handler.more;
            for response in &found.handler.responses {
                if (response.fails() || !raises)
                    && !operation
                        .responses
                        .iter()
                        .any(|r| r.status == response.status)
                {
                    operation.responses.push(response.clone());
                }
            }
            if (raises || answers.is_some()) && depth < DEEPEST {
                open.push((found, depth + 1));
            }
        }
    }
    if let Some(at) = handed_at {
        operation.provenance = operation.provenance.clone().and([at.clone()]);
    }
    operation
        .responses
        .sort_by_key(|r| r.status.starts_with(['4', '5']));
}

/// Adds the type that a handler of Rust takes out of a request to what guards it, if that turns callers away.
fn asks_first(operation: &mut Operation, kind: &str, found: Seen<'_>) {
    let mut answers = found.handler.responses.iter();
    let refuses = answers.any(|r| matches!(r.status.as_str(), "401" | "403"));
    if refuses && !operation.guards.iter().any(|guard| guard == kind) {
        operation.guards.push(kind.to_owned());
        let at = found.at.clone();
        operation.provenance = operation.provenance.clone().and([at]);
    }
}

/// Adds what a decorator of the program answers in place of what it stands before, and, where it turns callers
/// away, itself with its arguments.
fn decorated<'h>(
    operation: &mut Operation,
    from: Seen<'_>,
    name: &str,
    handlers: &Handlers<'h>,
) -> Option<Seen<'h>> {
    let (module, name) = name.rsplit_once('.').unwrap_or(("", name));
    let found = handlers.of_module(module, &format!("!{name}"), &from.at.path);
    let Some(found) = found else {
        operation.more_outcomes = true;
        return None;
    };
    operation.more_outcomes |= found.handler.leaves;
    for response in &found.handler.responses {
        statuses::add(&mut operation.responses, &response.status);
        if matches!(response.status.as_str(), "401" | "403") {
            let written = from.handler.guards.iter();
            let written = written.filter_map(|guard| guard.strip_prefix(DECORATED));
            let mut own = written.filter(|w| w.split('(').next() == Some(name));
            let guard = own.next().unwrap_or(name).to_owned();
            if !operation.guards.contains(&guard) {
                operation.guards.push(guard);
                let at = found.at.clone();
                operation.provenance = operation.provenance.clone().and([at]);
            }
        }
    }
    Some(found)
}

/// What FastAPI answers where what it is given does not fit its types, unless the program handles that itself
/// (<https://fastapi.tiangolo.com/tutorial/handling-errors/#override-request-validation-exceptions>).
pub(super) fn unfit(
    operation: &mut Operation,
    endpoint: &Endpoint,
    at: &Evidence,
    handlers: &Handlers<'_>,
) {
    const HANDLED: &str = "RequestValidationError";
    let typed = |p: &Parameter| {
        let texts = ["str", "Optional[str]", "str | None", "None | str"];
        let kind = p.data_type.as_deref();
        kind.is_some_and(|kind| !texts.contains(&kind)) && p.place != "body"
            || p.required && matches!(p.place.as_str(), "query" | "header" | "cookie" | "form")
    };
    let fits = operation.request.is_some() || operation.parameters.iter().any(typed);
    if endpoint.framework == "fastapi" && fits && handlers.named(HANDLED, &at.path).is_none() {
        statuses::add(&mut operation.responses, "422");
    }
}

/// What functions answer that a request goes through before its handler, with where they stand: only what they
/// fail with and whom they send on.
pub(super) fn stopping<'h>(
    endpoint: &Endpoint,
    at: &Evidence,
    handlers: &Handlers<'h>,
) -> Vec<(Response, &'h Evidence)> {
    let mut all = Vec::new();
    for name in before(endpoint, at) {
        let fails = |r: &&Response| r.status.starts_with(['3', '4', '5']) && r.status != "304";
        if let Some(found) = function(name, at, handlers) {
            let answers = match go_handed::hands_on(found) {
                true => go_handed::follow(found, handlers).responses,
                false => found.handler.responses.clone(),
            };
            let failing = answers.into_iter().filter(|r| fails(&r));
            all.extend(failing.map(|response| (response, found.at)));
            // What it hands on with a status is answered with it.
            if handlers.answering(&found.at.path).is_some() {
                let handed = found.handler.throws.iter();
                let handed = handed.filter_map(|name| name.strip_prefix(HANDED));
                all.extend(handed.map(|status| (statuses::response(status), found.at)));
            }
        }
    }
    all
}

/// The names of what a request goes through before its handler.
fn before<'e>(endpoint: &'e Endpoint, at: &Evidence) -> Vec<&'e str> {
    let go = at.path.ends_with(".go") && endpoint.framework != "huma";
    let all = endpoint.guards.iter().filter_map(|name| match go {
        true => Some(name.as_str()).filter(|name| !name.starts_with('!')),
        false => name.strip_prefix(BEFORE),
    });
    all.collect()
}

fn function<'h>(name: &str, at: &Evidence, handlers: &Handlers<'h>) -> Option<Seen<'h>> {
    match at.path.ends_with(".go") {
        true => handlers.routed_in_go(name, &at.path),
        false => handlers.function(name, &at.path),
    }
}

/// Adds what stands before a handler and may answer in its place.
pub(super) fn stopped(
    operation: &mut Operation,
    endpoint: &Endpoint,
    at: &Evidence,
    handlers: &Handlers<'_>,
) {
    let all = before(endpoint, at);
    let unknown = all
        .iter()
        .any(|name| function(name, at, handlers).is_none());
    operation.more_outcomes |= unknown && !operation.responses.is_empty();
    let mut places: Vec<Evidence> = Vec::new();
    for (response, place) in stopping(endpoint, at, handlers) {
        if !operation
            .responses
            .iter()
            .any(|r| r.status == response.status)
        {
            statuses::add(&mut operation.responses, &response.status);
            places.push(place.clone());
        }
    }
    // What a router is taken in behind guards its routes where it turns callers away.
    for name in all.iter().filter(|_| !at.path.ends_with(".go")) {
        let last = name.rsplit('.').next().unwrap_or(name);
        let turns = |found: Seen<'_>| {
            let mut answers = found.handler.responses.iter();
            answers.any(|r| matches!(r.status.as_str(), "401" | "403"))
        };
        if js_route_guards::asks(last)
            && !operation.guards.iter().any(|guard| guard == last)
            && let Some(found) = function(name, at, handlers).filter(|found| turns(*found))
        {
            operation.guards.push(last.to_owned());
            places.push(found.at.clone());
        }
    }
    places.dedup();
    if !places.is_empty() {
        let places = places.into_iter().take(MOST_PLACES);
        operation.provenance = operation.provenance.clone().and(places);
        statuses::in_order(&mut operation.responses);
    }
}

/// A description that names another default than the code has, with that of the code.
fn with_default(own: String, said: &str) -> String {
    let code = said.strip_prefix(DEFAULT).map(|d| d.trim_matches('`'));
    let lower = own.to_ascii_lowercase();
    let told = lower.split_once("default").map(|(_, rest)| rest);
    let (Some(code), Some(told)) = (code, told) else {
        return own;
    };
    let mut words = told.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-')));
    let same = words.any(|word| word.trim_matches('.') == code.to_ascii_lowercase());
    match same {
        true => own,
        false => format!(
            "{}; in code the default is `{code}`",
            own.trim_end_matches('.')
        ),
    }
}

/// Adds what the handler says and the operation does not yet know.
pub(super) fn fill_in(operation: &mut Operation, seen: Seen<'_>) {
    take_inputs(operation, seen);
    let has_body = !matches!(operation.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    if operation.request.is_none() && has_body {
        operation.request.clone_from(&seen.handler.request);
    }
    if operation.responses.is_empty() {
        operation.responses.clone_from(&seen.handler.responses);
    }
    operation.deprecated |= seen.handler.deprecated;
    let known = operation.provenance.evidence.first();
    if known.is_none_or(|e| e.path != seen.at.path || e.lines != seen.at.lines) {
        operation.provenance = operation.provenance.clone().and([seen.at.clone()]);
    }
}

/// Adds what a function reads of a request and the operation does not yet take.
pub(super) fn take_inputs(operation: &mut Operation, seen: Seen<'_>) {
    for input in &seen.handler.inputs {
        let known = operation
            .parameters
            .iter_mut()
            .find(|p| p.name == input.name);
        let mut said = seen.handler.docs.iter().filter(|(of, _)| *of == input.name);
        let said = said.next().map(|(_, said)| said.clone());
        match known {
            Some(known) => {
                known.data_type = known.data_type.take().or(input.data_type.clone());
                known.description = match (known.description.take(), said) {
                    (Some(own), Some(said)) => Some(with_default(own, &said)),
                    (own, said) => own.or(said),
                };
            }
            // A variable that the path does not have is another route's.
            None if input.place == "path" => {}
            None => operation.parameters.push(Parameter {
                name: input.name.clone(),
                // What a framework reads of a form or of the query alike, a `GET` has no form for.
                place: match (operation.method.as_str(), input.place.as_str()) {
                    ("GET" | "HEAD", "form") => "query".to_owned(),
                    _ => input.place.clone(),
                },
                data_type: input.data_type.clone(),
                required: input.required,
                description: said,
            }),
        }
    }
}

pub(super) fn path_parameters(path: &str) -> Vec<Parameter> {
    // `{entry}.{format}` holds two.
    path.split('{')
        .skip(1)
        .filter_map(|part| Some(part.split_once('}')?.0))
        .map(|name| Parameter {
            name: name.to_owned(),
            place: "path".to_owned(),
            data_type: None,
            required: true,
            description: None,
        })
        .collect()
}
