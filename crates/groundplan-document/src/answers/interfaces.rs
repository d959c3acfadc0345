//! Interfaces and operations.

use super::goals::distinct;
use super::operation_guards::{before, interface_security, schemes_of};
use super::operation_words::{restates, trimmed};
use super::outcomes::{only_failures, outcome};
use super::records;
use super::schemas::{
    given, interface_schemas, no_schema, operation_schema, schema, schema_json, schemas,
};
use super::seen::end;
use super::structure::way;
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, full_table, inline, name, names, plain_cell, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_model::{Interface, InterfaceKind, Mode, Operation, Response};
use std::collections::BTreeSet;

records! {
    "endpoint-purpose": endpoint_purpose, "Why an internal endpoint exists.";
    "endpoint-request": endpoint_request, "What an internal endpoint takes.";
    "endpoint-response": endpoint_response, "What an internal endpoint gives back.";
    "endpoint-table": endpoint_table, "All operations that callers outside can use.";
    "endpoint-transport": endpoint_transport, "How an internal endpoint is reached.";
    "interface-intro": interface_intro, "One interface in a sentence.";
    "interface-schemas": interface_schemas, "The structures of one interface as JSON.";
    "interface-security": interface_security, "Security schemes, and which operations they guard.";
    "interfaces-intro": interfaces_intro, "Which interfaces there are.";
    "interfaces-missing": |c, _| no_interface(c), "Why there is no interface.";
    "internal-intro": internal_intro, "What parts offer each other.";
    "internal-missing": internal_missing, "Why there is no internal endpoint.";
    "operation-behavior": operation_behavior, "What an operation does, with its outcomes.";
    "operation-input": operation_input, "What an operation takes.";
    "operation-output": operation_output, "What an operation gives back.";
    "operation-schema": operation_schema, "Request and response of an operation as JSON.";
    "operations-missing": operations_missing, "Why an interface has no operation.";
    "resource-operations": resource_operations, "The operations about one thing, as a table.";
    "schemas": schemas, "The structures that callers exchange.";
    "schemas-missing": |c, _| no_schema(c), "Why there is no structure to show.";
}

pub(super) fn no_interface(c: &Context) -> Answer {
    if let Some(text) = generated_routes(c) {
        return Answer::text(text);
    }
    let inner: usize = c.internal.iter().map(|i| i.operations.len()).sum();
    if c.surveyed() && c.primary.is_empty() && inner > 0 {
        let operations = words::count(inner, "operation");
        let verb = words::verb_for(inner, "is", "are");
        let text = format!(
            "No interface for callers outside was found, because the {operations} that code shows {verb} offered by parts that only others of the system were seen to call; they stand below the interfaces between parts."
        );
        return Answer::Absent(Absence::because(Text::plain(text)));
    }
    c.absent(
        "interface",
        &[
            "routes in code",
            "OpenAPI, GraphQL and protobuf contracts",
            "command definitions",
        ],
        "interfaces",
    )
}

/// What to say where nothing is known of bodies and answers although code answers: that not all of
/// it was read, which denies nothing.
pub(super) fn unread(c: &Context) -> Option<Answer> {
    unread_text(c).map(Answer::text)
}

pub(super) fn unread_text(c: &Context) -> Option<Text> {
    let all: Vec<&Operation> = c
        .blueprint
        .interfaces
        .iter()
        .filter(|i| !i.unserved)
        .flat_map(|i| &i.operations)
        .collect();
    // Of some a part was read: they are not among those of which nothing is known.
    let nothing = |o: &&&Operation| {
        let given = o.parameters.iter().any(|p| p.place != "path");
        o.unread && o.responses.is_empty() && o.request.is_none() && !given
    };
    let unread: Vec<&&Operation> = all.iter().filter(nothing).collect();
    let partly: Vec<&&Operation> = all.iter().filter(|o| o.unread && !nothing(o)).collect();
    if unread.is_empty() {
        let sources = partly.iter().map(|o| &o.provenance);
        let text = partly_read(partly.len(), all.len())?;
        return Some(Text::plain(text).from(&first_places(sources, 1)));
    }
    let partial = c.blueprint.interfaces.iter().any(is_partial);
    let of = words::count(all.len(), "operation");
    let of = match partial {
        true => format!("the {of} that were found"),
        false => of,
    };
    let which = match (unread.len() == all.len(), partial) {
        (true, true) => of,
        (true, false) if all.len() > 1 => format!("all {of}"),
        (true, false) => format!("the {of}"),
        (false, _) => format!("{} of {of}", words::number(unread.len() as u64)),
    };
    let text = format!(
        "What {which} {} and {} was not read from code, and no contract says it.",
        words::verb_for(unread.len(), "takes", "take"),
        words::verb_for(unread.len(), "answers", "answer"),
    );
    let sources = unread.iter().map(|o| &o.provenance);
    let text = Text::plain(text).from(&first_places(sources, 1));
    Some(match partly_read(partly.len(), all.len()) {
        Some(more) => text.then(format!(" {more}")),
        None => text,
    })
}

/// That of some operations a part was read.
fn partly_read(some: usize, all: usize) -> Option<String> {
    (some > 0).then(|| {
        format!(
            "Of {} of {} only a part of what {} and {} was read from code.",
            words::number(some as u64),
            words::count(all, "operation"),
            words::verb_for(some, "it takes", "they take"),
            words::verb_for(some, "answers", "answer"),
        )
    })
}

/// Whether there may be more operations than are listed.
pub(crate) fn is_partial(i: &Interface) -> bool {
    i.partial || i.operations.iter().any(|o| o.path.starts_with('…'))
}

/// Parts whose routes no extractor reads, which no sum over operations may forget.
pub(super) fn unread_parts(c: &Context) -> Option<Text> {
    let mut languages: BTreeSet<String> = BTreeSet::new();
    let mut parts: Vec<&groundplan_model::Element> = Vec::new();
    for e in c.containers.iter().copied() {
        let serves = matches!(
            e.role,
            Some(groundplan_model::Role::Service | groundplan_model::Role::Ui)
        );
        let (read, unread) = crate::searched::languages_of(&e.technology);
        let plain =
            e.role == Some(groundplan_model::Role::Ui) && !unread.iter().any(|l| l == "Perl");
        if serves
            && !plain
            && read.is_empty()
            && !unread.is_empty()
            && c.interfaces_of(&e.id).is_empty()
        {
            languages.extend(unread);
            parts.push(e);
        }
    }
    if parts.is_empty() {
        return None;
    }
    let languages: Vec<String> = languages.into_iter().collect();
    let text = Text::plain("The routes of ")
        .spans(names(parts.iter().map(|e| e.name.as_str()), 4))
        .then(format!(
            " are not among them: {} {} not read for routes.",
            words::list(&languages, "and"),
            words::verb_for(languages.len(), "is", "are"),
        ));
    Some(text.from(&first_places(parts.iter().map(|e| &e.provenance), 2)))
}

/// Classes whose routes stand in interfaces that the build makes from a contract which is not among the
/// files: `` In `portal` the routes of 9 methods were not read: `UserController` implements … ``.
pub(super) fn generated_routes(c: &Context) -> Option<Text> {
    let mut items: Vec<Text> = Vec::new();
    for e in c.containers.iter().copied() {
        let all: Vec<(usize, &str)> = e
            .attributes_of("generated-routes")
            .filter_map(|a| {
                let (n, class) = a.value.split_once(' ')?;
                Some((n.parse().ok()?, class))
            })
            .collect();
        let methods: usize = all.iter().map(|(n, _)| n).sum();
        if methods == 0 {
            continue;
        }
        let routes = words::verb_for(methods, "the route", "the routes");
        let text = Text::plain("In ")
            .then_code(&e.name)
            .then(format!(
                " {routes} of {} {} not read: ",
                words::count(methods, "method"),
                words::verb_for(methods, "was", "were"),
            ))
            .spans(names(all.iter().map(|(_, class)| *class), 3))
            .then(words::verb_for(
                all.len(),
                " implements an interface that the build makes from a contract which is not among the files",
                " implement interfaces that the build makes from contracts which are not among the files",
            ));
        let sources = e.attributes_of("generated-routes").map(|a| &a.provenance);
        items.push(end(text.from(&first_places(sources, 2))));
    }
    let mut items = items.into_iter();
    let first = items.next()?;
    Some(items.fold(first, |all, one| all.then(" ").append(one)))
}

/// Contracts that name other paths than those that were read of their parts: they describe another state.
fn of_another_state(c: &Context) -> Option<Text> {
    let all = c.blueprint.interfaces.iter().filter(|i| is_other_state(i));
    let all: Vec<&Interface> = all.collect();
    let lead = match all.len() {
        0 => return None,
        1 => {
            "Most paths of one contract are answered by no route that was read, so that its operations are not listed: "
        }
        _ => {
            "Most paths of these contracts are answered by no route that was read, so that their operations are not listed: "
        }
    };
    let text = Text::plain(lead).spans(names(all.iter().map(|i| i.name.as_str()), 6));
    Some(end(
        text.from(&first_places(all.iter().map(|i| &i.provenance), 3))
    ))
}

/// Whether the operations of a contract were left out, because the routes of its part are others.
pub(super) fn is_other_state(i: &Interface) -> bool {
    i.unserved && i.kind == InterfaceKind::Http && i.operations.is_empty()
}

/// Contracts of which no code was seen to serve them, which are no interface of the system yet.
fn unserved(c: &Context) -> Option<Text> {
    let all: Vec<&Interface> = c
        .blueprint
        .interfaces
        .iter()
        .filter(|i| i.unserved && !is_other_state(i))
        .collect();
    if all.is_empty() || all.len() == c.blueprint.interfaces.len() {
        return None;
    }
    let lead = match all.len() {
        1 => "One more is defined by a contract, and code that serves it was not recognised: "
            .to_owned(),
        n => format!(
            "{} more are defined by contracts, and code that serves them was not recognised: ",
            words::capital(&words::number(n as u64))
        ),
    };
    let text = Text::plain(lead).spans(names(all.iter().map(|i| i.name.as_str()), 6));
    Some(end(
        text.from(&first_places(all.iter().map(|i| &i.provenance), 3))
    ))
}

/// Whether an operation is an endpoint of WebSockets, which messages are sent to, and no request.
fn is_socket(o: &Operation) -> bool {
    o.method == "WEBSOCKET"
}

/// Whether an operation is a topic that messages are sent to, beside the requests of its interface.
pub(super) fn is_topic(o: &Operation) -> bool {
    o.method == "MQTT"
}

/// How many operations an interface has, by what they go over: `12 operations over HTTP and 1 WebSocket endpoint`.
pub(super) fn counted(i: &Interface) -> String {
    let sockets = i.operations.iter().filter(|o| is_socket(o)).count();
    let topics = i.operations.iter().filter(|o| is_topic(o)).count();
    let rest = i.operations.len() - sockets - topics;
    let own = format!("{} over {}", words::count(rest, "operation"), i.kind.word());
    let sides = [
        (rest, own),
        (sockets, words::count(sockets, "WebSocket endpoint")),
        (topics, words::count(topics, "MQTT topic")),
    ];
    let mut told: Vec<&str> = sides
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(_, text)| text.as_str())
        .collect();
    if told.is_empty() {
        told.push(&sides[0].1);
    }
    words::list(&told, "and")
}

/// The operations of an interface by name, sockets behind what is asked for.
pub(super) fn named_operations(i: &Interface) -> Vec<&str> {
    let mut all: Vec<&Operation> = i.operations.iter().collect();
    all.sort_by_key(|o| is_socket(o));
    all.into_iter().map(|o| o.id.as_str()).collect()
}

fn interface_sentence(c: &Context, i: &Interface) -> Text {
    let mut text = Text::code(&i.name);
    if let Some(version) = &i.version {
        text = text.then(format!(" {version}"));
    }
    if let Some(id) = i.element.as_deref().filter(|id| c.name_of(id) != i.name) {
        text = text.then(" of ").then_code(c.name_of(id));
    }
    let least = if is_partial(i) { "at least " } else { "" };
    let verb = if i.unserved { "defines" } else { "offers" };
    text = text.then(format!(" {verb} {least}{}", counted(i)));
    if i.unserved {
        text = text.then("; code that serves them was not recognised");
    }
    if let Some(base) = i
        .base_path
        .as_deref()
        .filter(|b| *b != "/" && !b.is_empty())
    {
        text = text.then(" under ").then_code(base);
    }
    let open = i.operations.iter().filter(|o| o.path.starts_with('…'));
    match open.count() {
        0 => {}
        n => {
            text = text
                .then(format!(
                    "; {} of {} {} below a prefix that was not read, written ",
                    words::verb_for(n, "the path", "the paths"),
                    words::number(n as u64),
                    words::verb_for(n, "stands", "stand"),
                ))
                .then_code("…");
        }
    }
    match unrouted(i) {
        Some(more) => end(text.from(&i.provenance)).then(" ").append(more),
        None => end(text.from(&i.provenance)),
    }
}

/// The operations of a contract of which no route was read, where routes of most others were: the code has
/// them another way, or the contract is ahead or behind.
fn unrouted(i: &Interface) -> Option<Text> {
    // Of few operations, or where most routes were not read, nothing follows.
    const FEWEST: usize = 8;
    let routed = |o: &&Operation| {
        let mut places = o.provenance.evidence.iter();
        let first = places.next().map(|at| at.path.as_str());
        places.any(|at| Some(at.path.as_str()) != first)
    };
    let contract = |o: &&Operation| super::protection::in_contract(o);
    let all: Vec<&Operation> = i.operations.iter().filter(contract).collect();
    let (with, without): (Vec<&Operation>, Vec<&Operation>) = all.iter().partition(|o| routed(o));
    if with.len() < FEWEST || without.is_empty() || with.len() < all.len() * 3 / 4 {
        return None;
    }
    let text = Text::plain(format!(
        "{} of its contract have a route in the code that was read; none was read for ",
        words::count(with.len(), "operation")
    ));
    let shown = names(without.iter().map(|o| o.id.as_str()), 3);
    let text = end(text.spans(shown));
    Some(text.from(&first_places(without.iter().map(|o| &o.provenance), 2)))
}

fn interfaces_intro<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut shown: Vec<Text> = c
        .primary
        .iter()
        .take(6)
        .map(|i| interface_sentence(c, i))
        .collect();
    if !shown.is_empty() {
        shown.extend(unserved(c));
        shown.extend(of_another_state(c));
        shown.extend(super::sockets::texts(c));
        shown.extend(unread_parts(c));
        shown.extend(generated_routes(c));
    }
    match shown.len() {
        0 => no_interface(c),
        1 => Answer::text(shown.into_iter().next().unwrap_or_default()),
        _ => Answer::blocks(vec![bullets(shown)]),
    }
}

fn interface_intro<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Interface(i) = s else {
        return Answer::Gap("interfaces");
    };
    match &i.description {
        Some(d) => {
            let text = Text {
                spans: inline(&words::sentence(words::first_sentence(d))),
                sources: vec![i.provenance.clone()],
            };
            Answer::text(text.then(" ").append(interface_sentence(c, i)))
        }
        None => Answer::text(interface_sentence(c, i)),
    }
}

fn operations_missing<'a>(_: &Context<'a>, s: Subject<'a>) -> Answer {
    match s {
        Subject::Interface(i) => Answer::Absent(Absence::because(
            Text::plain("No operation of it was found in its contract or in code (searched: routes and methods of ")
                .then_code(&i.name)
                .then(").")
                .from(&i.provenance),
        )),
        _ => Answer::Gap("interfaces"),
    }
}

/// Whether the source of an operation says of a parameter that callers may leave it out: contracts and types
/// do, a handler that takes `r.FormValue("email")` checks it elsewhere.
fn says_optional(o: &Operation) -> bool {
    let untyped = [".go", ".js", ".mjs", ".ts", ".rb", ".php", ".ex"];
    let mut places = o.provenance.evidence.iter();
    !places.any(|at| untyped.iter().any(|end| at.path.ends_with(end)))
}

/// Whether all that an operation takes is written where it was read: in a contract, a design, or the types of
/// a language whose frameworks bind them.
fn seen_whole(c: &Context, o: &Operation) -> bool {
    !c.surveyed() || super::protection::in_contract(o) || says_optional(o)
}

fn parameter_table(o: &Operation) -> Block {
    let optional = if says_optional(o) { "no" } else { "" };
    let rows = o
        .parameters
        .iter()
        .map(|p| {
            vec![
                name(&p.name),
                plain_cell(&p.place),
                plain_cell(p.data_type.as_deref().unwrap_or("")),
                plain_cell(match (p.required, &p.data_type) {
                    (true, _) => "yes",
                    (false, Some(_)) => optional,
                    // What has no type was read from the request by its name: code may refuse without it.
                    (false, None) => "",
                }),
                plain_cell(p.description.as_deref().unwrap_or("")),
            ]
        })
        .collect();
    table(&["Parameter", "Place", "Type", "Required", "Meaning"], rows)
}

fn operation_input<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Operation(_, o) = s else {
        return Answer::Gap("schemas");
    };
    let body = o
        .request
        .as_deref()
        .map(|r| Text::plain("Body ").then_code(r));
    let path: Vec<&str> = path_parameters(&o.path);
    match (o.parameters.as_slice(), body) {
        ([], None) if path.is_empty() && o.unread && c.surveyed() => unfollowed(o),
        ([], None) if path.is_empty() => match c.surveyed() {
            true => Answer::Absent(Absence::because(
                Text::plain("No parameter or body was read (searched: contract and handler).")
                    .from(&o.provenance),
            )),
            false => Answer::Gap("schemas"),
        },
        ([], body) => {
            let mut text = body.unwrap_or_default();
            if !path.is_empty() {
                let joint = if text.spans.is_empty() {
                    "Path parameter "
                } else {
                    "; path parameter "
                };
                text = text.then(joint).spans(names(path, 5));
            }
            Answer::text(end(text.from(&o.provenance)))
        }
        ([p], None) => {
            // What a function that the request is handed to reads of it is not seen.
            let lead = match seen_whole(c, o) || p.place == "path" {
                true => "",
                false => "At least ",
            };
            let mut text = Text::plain(lead)
                .then_code(&p.name)
                .then(format!(" ({}", p.place));
            if let Some(t) = &p.data_type {
                text = text.then(format!(", {t}"));
            }
            text = text.then(match p.required {
                true => ", required)",
                false if says_optional(o) => ", optional)",
                false => ")",
            });
            if let Some(d) = &p.description {
                text = text.then(": ").spans(inline(words::first_sentence(d)));
            }
            Answer::text(end(text.from(&o.provenance)))
        }
        (_, body) => {
            let text = match body {
                Some(text) => end(text),
                None => {
                    let n = words::spelled_count(o.parameters.len(), "parameter");
                    let of_path = o.parameters.iter().all(|p| p.place == "path");
                    Text::plain(match seen_whole(c, o) || of_path {
                        true => format!("{}.", words::capital(&n)),
                        false => format!("At least {n}."),
                    })
                }
            };
            Answer::both(text.from(&o.provenance), vec![parameter_table(o)])
        }
    }
}

fn path_parameters(path: &str) -> Vec<&str> {
    // `{entry}.{format}` holds two.
    let parts = path.split('{').skip(1);
    parts.filter_map(|p| Some(p.split_once('}')?.0)).collect()
}

/// That the code of a handler was not read says nothing of the operation.
fn unfollowed(o: &Operation) -> Answer {
    let text = Text::plain("Not read, because its handler was not followed.");
    Answer::Absent(Absence::because(text.from(&o.provenance)))
}

fn operation_output<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Operation(_, o) = s else {
        return Answer::Gap("schemas");
    };
    if o.responses.is_empty() {
        return match c.surveyed() {
            true if o.unread => unfollowed(o),
            true => Answer::Absent(Absence::because(
                Text::plain("No response was read (searched: contract and handler).")
                    .from(&o.provenance),
            )),
            false => Answer::Gap("schemas"),
        };
    }
    let text = match (only_failures(o), in_code(o)) {
        (true, _) => {
            Text::plain("The answer on success was not recognized; it ").spans(outcome(o, true))
        }
        (false, true) if o.responses.iter().all(Response::only_declared) => {
            Text::plain("Answers ").spans(outcome(o, true))
        }
        (false, true) => Text::plain("Answers found in its code: ").spans(outcome(o, true)),
        (false, false) if c.surveyed() => Text::plain("By its contract: ")
            .spans(outcome(o, true))
            .append(undeclared(o)),
        (false, false) => Text::default().spans(outcome(o, true)),
    };
    Answer::text(end(text.from(&o.provenance)))
}

/// What the handler, and what stands before it, answers beside what its contract declares.
fn undeclared(o: &Operation) -> Text {
    match o.undeclared.as_slice() {
        [] => Text::default(),
        all => Text::plain("; its code also answers at least ")
            .spans(names(all.iter().map(String::as_str), 5)),
    }
}

/// Whether a file is written as contracts are, not as code.
pub(super) fn is_contract(path: &str) -> bool {
    const ENDINGS: [&str; 10] = [
        ".gql",
        ".graphql",
        ".graphqls",
        ".json",
        ".proto",
        ".raml",
        ".thrift",
        ".wsdl",
        ".yaml",
        ".yml",
    ];
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// Whether an operation was read from code, where no list of outcomes is sure to be whole.
pub(super) fn in_code(o: &Operation) -> bool {
    let first = o.provenance.first();
    first.is_some_and(|at| !is_contract(&at.path))
}

fn operation_behavior<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Operation(i, o) = s else {
        return Answer::Gap("interfaces");
    };
    let restated = o.summary.as_deref().is_some_and(|text| restates(o, text));
    let mut text = match &o.summary {
        Some(_) if restated => Text::default(),
        Some(summary) => Text {
            spans: inline(&words::sentence(summary)),
            sources: Vec::new(),
        },
        None => match super::use_cases::action(o) {
            Some(action) => Text::plain(words::sentence(&words::capital(&action))),
            None => match &o.handler {
                Some(handler) => {
                    Text::plain("No description of it was found in a contract or at its handler ")
                        .then_code(handler)
                        .then(".")
                }
                None => {
                    Text::plain("No description of it was found in a contract or beside its route.")
                }
            },
        },
    };
    let failures: Vec<_> = o
        .responses
        .iter()
        .filter(|r| r.fails() && !r.only_declared())
        .collect();
    if !failures.is_empty() {
        // A handler may leave a check to what it calls or depends on; a contract lists what it means.
        let lead = match in_code(o) {
            true => " Among its failures: ",
            false if c.surveyed() => " By its contract it fails with ",
            false => " It fails with ",
        };
        let words = failures
            .iter()
            .map(|r| match &r.description {
                Some(d) => Span::Plain(format!(
                    "{} ({})",
                    r.status,
                    words::short(d.trim_end_matches('.'), 60)
                )),
                None => Span::Plain(r.status.clone()),
            })
            .collect();
        text = text
            .then(lead)
            .spans(words::list_spans(words, 5, "or"))
            .then(".");
    }
    if o.deprecated {
        text = text.then(" Marked as deprecated.");
    }
    if !o.security.is_empty() {
        text = text.append(schemes_of(c, i, o));
    }
    if !o.guards.is_empty() {
        let guards = names(o.guards.iter().map(String::as_str), 4);
        text = text
            .then(" In code it is guarded by ")
            .spans(guards)
            .then(".");
    }
    text = trimmed(text.append(before(o)));
    match text.is_empty() {
        true => Answer::text(text),
        false => Answer::text(text.from(&o.provenance)),
    }
}

fn internal_intro<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let operations: usize = c.internal.iter().map(|i| i.operations.len()).sum();
    let connections = c.uncontracted.len();
    if operations + connections == 0 {
        return internal_missing(c, Subject::System);
    }
    let mut texts: Vec<Text> = c
        .internal
        .iter()
        .take(6)
        .map(|i| interface_sentence(c, i))
        .collect();
    if connections > 0 {
        let all = words::capital(&words::spelled_count(connections, "connection"));
        let verb = |one, many| words::verb_for(connections, one, many);
        texts.push(
            Text::plain(match c.designed() {
                true => format!(
                    "{all} between parts of {} {} no contract of the called side yet.",
                    c.blueprint.system.name,
                    verb("has", "have")
                ),
                false => format!(
                    "{all} between parts {} found without the contract of the called side.",
                    verb("was", "were")
                ),
            })
            .from(&first_places(
                c.uncontracted.iter().map(|r| &r.provenance),
                3,
            )),
        );
    }
    match texts.len() {
        1 => Answer::text(texts.into_iter().next().unwrap_or_default()),
        _ => Answer::blocks(vec![bullets(texts)]),
    }
}

fn internal_missing<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.surveyed() && c.containers.len() == 1 {
        return Answer::Absent(Absence::because(Text::plain(
            "No internal interface was found: with one container there is no other part to call; this would change with a second one.",
        )));
    }
    c.absent(
        "internal endpoint or call between parts",
        &["routes in code", "contracts", "clients in code"],
        "connections",
    )
}

fn endpoint_request<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    match s {
        Subject::Operation(..) => operation_input(c, s),
        Subject::Connection(r) if !r.operations.is_empty() => {
            let verb = match r.kind {
                groundplan_model::RelationshipKind::Routes => "Forwards what comes to ",
                groundplan_model::RelationshipKind::Publishes => "Publishes ",
                groundplan_model::RelationshipKind::Subscribes => "Consumes ",
                _ => "Calls ",
            };
            let text = Text::plain(verb).spans(names(r.operations.iter().map(String::as_str), 6));
            Answer::text(end(text.from(&r.provenance)))
        }
        _ => Answer::Gap("schemas"),
    }
}

fn endpoint_response<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    match s {
        Subject::Operation(..) => operation_output(c, s),
        Subject::Connection(r) => super::connections::answers(c, r),
        _ => Answer::Gap("schemas"),
    }
}

fn endpoint_purpose<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    match s {
        Subject::Operation(i, o) => {
            let callers = i.element.as_deref().map_or(Vec::new(), |id| {
                let uses = |r: &&groundplan_model::Relationship| {
                    r.kind != groundplan_model::RelationshipKind::Observes
                        && (r.asks(&o.id)
                            || r.operations.iter().any(|x| o.path.ends_with(x.as_str())))
                };
                distinct(
                    c.incoming(id)
                        .iter()
                        .copied()
                        .filter(uses)
                        .map(|r| c.name_of(&r.from)),
                )
            });
            let said = what(o);
            let mut text = match said.is_empty() {
                true => Text::default(),
                false => Text {
                    spans: inline(&words::sentence(&said)),
                    sources: Vec::new(),
                },
            };
            if !callers.is_empty() {
                let gap = if text.spans.is_empty() { "" } else { " " };
                text = text
                    .then(gap)
                    .then("Asked for by ")
                    .spans(names(callers, 4))
                    .then(".");
            }
            if text.spans.is_empty() {
                Answer::Gap("component-purpose")
            } else {
                Answer::text(text.from(&o.provenance))
            }
        }
        Subject::Connection(r) => super::connections::purpose(c, r),
        _ => Answer::Gap("connections"),
    }
}

fn endpoint_transport<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    match s {
        Subject::Operation(i, o) => {
            let kind = if i.kind == InterfaceKind::Message {
                "Asynchronous messages"
            } else {
                i.kind.word()
            };
            Answer::text(Text::plain(format!("{kind}, {}.", o.method)).from(&o.provenance))
        }
        Subject::Connection(r) => {
            let waiting = if super::found::waits(c, r) {
                "; the caller waits"
            } else if r.mode == Mode::Async {
                "; the caller does not wait"
            } else {
                ""
            };
            let text = match way(r) {
                way if r.only_addressed() => Text::plain(match way {
                    Some(way) => format!(
                        "{way} by the address that a setting holds; what is done with the address was not read."
                    ),
                    None => {
                        "A setting holds the address; what is done with it was not read.".to_owned()
                    }
                }),
                Some(way) => Text::plain(format!("{way}{waiting}.")),
                None => Text::plain(format!(
                    "The protocol was not found in configuration or code{waiting}."
                )),
            };
            Answer::text(text.from(&r.provenance))
        }
        _ => Answer::Gap("connections"),
    }
}

/// What an operation does, in its own words or those of its handler.
pub(crate) fn what(o: &Operation) -> String {
    let said = o.summary.clone();
    said.or_else(|| super::use_cases::action(o).map(|a| words::capital(&a)))
        .unwrap_or_default()
}

/// What an operation takes in its body or form, by name.
fn taken(o: &Operation) -> Vec<&str> {
    let own = |p: &&groundplan_model::Parameter| matches!(p.place.as_str(), "body" | "form");
    let all = o.parameters.iter().filter(own);
    all.map(|p| p.name.as_str()).collect()
}

fn operation_rows(all: &[(&Interface, &Operation)], most: usize) -> Vec<Vec<Text>> {
    all.iter()
        .take(most)
        .map(|(i, o)| {
            vec![
                name(&format!("{} {}", o.method, o.path)).from(&o.provenance),
                plain_cell(&what(o)),
                match &o.request {
                    Some(r) => name(r),
                    None if !taken(o).is_empty() => {
                        let text = Text::default().spans(names(taken(o), 4));
                        // With answers that were read, what is not known is what it takes.
                        match o.unread && !o.responses.is_empty() {
                            true => text.then(", others not read"),
                            false => text,
                        }
                    }
                    None if o.unread && matches!(o.method.as_str(), "POST" | "PUT" | "PATCH") => {
                        Text::plain("not read")
                    }
                    None => plain_cell(""),
                },
                match o.responses.is_empty() {
                    true if o.unread => Text::plain("not read"),
                    true => plain_cell(""),
                    false if (o.handler.is_some() || !o.undeclared.is_empty()) && !in_code(o) => {
                        Text::default()
                            .spans(outcome(o, false))
                            .then(", by its contract")
                            .append(undeclared(o))
                    }
                    false => Text::default().spans(outcome(o, false)),
                },
                name(&i.name),
            ]
        })
        .collect()
}

/// Columns of a table of operations: of a design all outcomes are known.
fn operation_columns(c: &Context) -> [&'static str; 5] {
    let outcomes = match c.designed() {
        true => "Outcomes",
        false => "Outcomes found",
    };
    ["Endpoint", "What it does", "Body", outcomes, "Interface"]
}

fn endpoint_table<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all: Vec<_> = c.primary_operations().collect();
    if all.is_empty() {
        return no_interface(c);
    }
    let mut blocks = vec![full_table(
        &operation_columns(c),
        operation_rows(&all, 40),
        &["Interface"],
    )];
    if all.len() > 40 {
        blocks.push(Block::Paragraph(crate::text::unlisted(
            all.len() - 40,
            "operation",
        )));
    }
    Answer::blocks(blocks)
}

fn resource_operations<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Resource(wanted) = s else {
        return no_interface(c);
    };
    let all: Vec<_> = c
        .primary_operations()
        .filter(|(_, o)| crate::subject::is_about(o, wanted))
        .collect();
    let mut blocks = vec![full_table(
        &operation_columns(c),
        operation_rows(&all, 20),
        &["Interface"],
    )];
    if all.len() > 20 {
        blocks.push(Block::Paragraph(crate::text::unlisted(
            all.len() - 20,
            "operation",
        )));
    }
    let example = all
        .iter()
        .find_map(|(i, o)| schema(i, given(o).find_map(|r| r.schema.as_deref())?));
    if let Some(s) = example {
        blocks.push(Block::Paragraph(
            Text::plain("An answer holds ").then_code(&s.name).then(":"),
        ));
        blocks.push(Block::Code {
            language: "json".to_owned(),
            text: schema_json(s),
            source: Some(s.provenance.clone()),
        });
    }
    Answer::blocks(blocks)
}
