//! Structures that operations take and give.

use super::goals::distinct;
use super::interfaces::{is_other_state, unread_parts, unread_text};
use super::seen::end;
use crate::answer::{Absence, Answer};
use crate::compose::{GLANCE, glance};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_model::{Interface, InterfaceKind, Operation, Response, Schema};

/// The answers of an operation that code or a contract gives, without what a decorator alone declares.
pub(super) fn given(o: &Operation) -> impl Iterator<Item = &Response> {
    o.responses.iter().filter(|r| !r.only_declared())
}

/// The types that an operation takes and gives, apart from those that say nothing of their form.
pub(crate) fn types(o: &Operation) -> impl Iterator<Item = &str> {
    let answers = given(o).filter_map(|r| r.schema.as_deref());
    let all = o.request.as_deref().into_iter().chain(answers);
    all.filter(|t| !matches!(*t, "JSON" | "HTML" | "text"))
}

/// Types that handlers of code take and answer with, and where the operations stand.
fn handler_types<'a>(c: &Context<'a>) -> Option<Text> {
    let served = || c.blueprint.interfaces.iter().filter(|i| !i.unserved);
    let operations = served().flat_map(|i| &i.operations);
    let typed: Vec<&Operation> = operations.filter(|o| types(o).next().is_some()).collect();
    let named = distinct(typed.iter().copied().flat_map(types));
    if named.is_empty() {
        return None;
    }
    let takes = typed.iter().any(|o| o.request.is_some());
    let answers = (typed.iter()).any(|o| given(o).any(|r| r.schema.is_some()));
    let verb = match (takes, answers, typed.len()) {
        (true, false, 1) => "takes",
        (true, false, _) => "take",
        (false, true, 1) => "answers with",
        (false, true, _) => "answer with",
        (_, _, 1) => "takes or answers with",
        _ => "take or answer with",
    };
    // What was read of some operations is not said of all.
    let all = served().map(|i| i.operations.len());
    let who = match (typed.len(), all.sum::<usize>()) {
        (n, all) if n < all && unread_parts(c).is_some() => format!(
            "{} of the {} that were found",
            words::number(n as u64),
            words::count(all, "operation")
        ),
        (n, all) if n < all => format!(
            "{} of {}",
            words::number(n as u64),
            words::count(all, "operation")
        ),
        (n, _) => words::count(n, "operation"),
    };
    let text = Text::plain(format!("{} {verb} ", words::capital(&who))).spans(names(named, 5));
    let sources = typed.iter().map(|o| &o.provenance);
    Some(end(text.from(&first_places(sources, 1))))
}

/// `` Shown to readers: OpenAPI 3.1.0 with 12 operations in `api.html`. `` Such a page is made from the code of some
/// day, so that what the code itself says goes before it.
fn shown(c: &Context) -> Option<Text> {
    let seen = c.seen(groundplan_model::Topic::Stated).iter();
    let all = seen.filter(|o| o.name == groundplan_model::CONTRACT_SHOWN);
    let mut text = Text::plain("Shown to readers: ");
    let mut joint = "";
    for o in all.take(3) {
        let (Some(said), Some(at)) = (o.detail.as_deref(), o.provenance.first()) else {
            continue;
        };
        text = text
            .then(format!("{joint}{said} in "))
            .then_code(at.path.as_str());
        text = text.from(&o.provenance);
        joint = "; ";
    }
    (!joint.is_empty()).then(|| end(text))
}

pub(super) fn no_schema(c: &Context) -> Answer {
    if let Some(text) = handler_types(c).or_else(|| unread_text(c)) {
        // The messages of a protobuf contract are the structures of its operations.
        let all = c.blueprint.interfaces.iter();
        let grpc: Vec<&Interface> = all.filter(|i| i.kind == InterfaceKind::Grpc).collect();
        let lead = match grpc.is_empty() {
            true if c.blueprint.interfaces.iter().any(is_other_state) => Text::plain(
                "No contract that describes requests and answers of the routes that were read was found",
            ),
            true => {
                Text::plain("No file of a contract that describes requests and answers was found")
            }
            false => {
                let n = words::count(grpc.len(), "gRPC interface");
                Text::plain(format!(
                    "No schema beside the protobuf contracts of {n} was found"
                ))
                .from(&first_places(grpc.iter().map(|i| &i.provenance), 2))
            }
        };
        // What code declares for a contract was read there, so that it has one.
        let operations = c.blueprint.interfaces.iter().flat_map(|i| &i.operations);
        let declared: Vec<&Operation> = operations
            .filter(|o| o.responses.iter().any(Response::only_declared))
            .collect();
        let lead = match declared.len() {
            0 => lead.then(
                " (searched: files of OpenAPI and GraphQL; one that code makes when it runs was not followed). ",
            ),
            n => lead
                .then(format!(
                    " (searched: files of OpenAPI and GraphQL). Code declares answers of {} for a contract. ",
                    words::count(n, "operation")
                ))
                .from(&first_places(declared.iter().map(|o| &o.provenance), 1)),
        };
        // What stands for a section is read at a glance.
        let short = lead.clone().append(text.clone());
        let text = match shown(c) {
            Some(shown) => lead.append(shown).then(" ").append(text),
            None => lead.append(text),
        };
        let text = if glance(&text) > GLANCE { short } else { text };
        return Answer::Absent(Absence::because(text));
    }
    c.absent(
        "request or response structure",
        &[
            "OpenAPI, GraphQL and protobuf contracts",
            "types of handlers",
        ],
        "schemas",
    )
}

/// A structure as JSON: field and type.
pub(super) fn schema_json(schema: &Schema) -> String {
    // A list, a choice or a plain value has no fields to show.
    if let (true, Some(form)) = (schema.fields.is_empty(), &schema.form) {
        return quoted(form);
    }
    let fields: Vec<String> = schema
        .fields
        .iter()
        .take(40)
        .map(|(name, data_type, required)| {
            let mark = if *required { "" } else { " (optional)" };
            format!(
                "  {}: {}",
                quoted(name),
                quoted(&format!("{data_type}{mark}"))
            )
        })
        .collect();
    format!("{{\n{}\n}}", fields.join(",\n"))
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\t' => out.push(' '),
            ch if ch.is_control() => {}
            ch => out.push(ch),
        }
    }
    out.push('"');
    out
}

pub(super) fn schema<'a>(i: &'a Interface, name: &str) -> Option<&'a Schema> {
    let bare = name.trim_end_matches("[]");
    i.schemas
        .iter()
        .find(|s| s.name == bare)
        .filter(|s| has_form(s))
}

/// Whether more than the name of a structure is known.
pub(crate) fn has_form(s: &Schema) -> bool {
    !s.fields.is_empty() || s.form.is_some()
}

/// Whether a type speaks of a structure: `Order`, `Order[]`, `map of Order`, `Order | Problem`.
fn speaks_of(data_type: &str, schema: &str) -> bool {
    // A type that is shorter or lacks its first letter cannot hold it, and is not taken apart.
    let first = schema.as_bytes().first();
    let may_hold = data_type.len() >= schema.len()
        && first.is_none_or(|first| data_type.as_bytes().contains(first));
    data_type == schema
        || may_hold
            && data_type
                .split(|c: char| !(c.is_alphanumeric() || "_.-".contains(c)))
                .any(|word| word == schema)
}

pub(super) fn operation_schema<'a>(_: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Operation(i, o) = s else {
        return Answer::Gap("schemas");
    };
    let request = o.request.as_deref().and_then(|n| schema(i, n));
    // What only a decorator declares comes last.
    let mut all = given(o).chain(&o.responses);
    let answer = all.find_map(|r| schema(i, r.schema.as_deref()?));
    let blocks: Vec<Block> = request
        .into_iter()
        .chain(answer.filter(|a| request.is_none_or(|r| r.name != a.name)))
        .map(|s| Block::Code {
            language: "json".to_owned(),
            text: schema_json(s),
            source: Some(s.provenance.clone()),
        })
        .collect();
    if blocks.is_empty() {
        Answer::Gap("schemas")
    } else {
        Answer::blocks(blocks)
    }
}

/// The structures of the operations that a design makes for the records of its own flows, what makes
/// a record first: names sort nothing that matters.
fn critical<'a>(c: &Context<'a>, i: &'a Interface) -> Vec<&'a str> {
    let writes = |o: &&Operation| o.request.is_some() && !o.provenance.evidence.is_empty();
    let rank = |o: &&Operation| {
        let made = o.method == "POST" && !o.path.contains('{') && !o.path.contains("/webhooks/");
        usize::from(!made)
    };
    if !c.designed() {
        return Vec::new();
    }
    let mut all: Vec<&Operation> = i.operations.iter().filter(writes).collect();
    all.sort_by_key(rank);
    let mut named: Vec<&str> = Vec::new();
    for o in all {
        for name in types(o) {
            if name != "Problem" && !named.contains(&name) {
                named.push(name);
            }
        }
    }
    named
}

pub(super) fn interface_schemas<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Interface(i) = s else {
        return no_schema(c);
    };
    let first = critical(c, i);
    let used = |s: &&Schema| {
        i.operations
            .iter()
            .filter(|o| {
                let answers = o.responses.iter().filter_map(|r| r.schema.as_deref());
                let mut all = o.request.as_deref().into_iter().chain(answers);
                all.any(|t| speaks_of(t, &s.name))
            })
            .count()
    };
    let mut all: Vec<&Schema> = i.schemas.iter().filter(|s| has_form(s)).collect();
    all.sort_by_cached_key(|s| {
        let at = first.iter().position(|n| *n == s.name);
        (
            at.unwrap_or(usize::MAX),
            std::cmp::Reverse(used(s)),
            s.name.clone(),
        )
    });
    let mut blocks = Vec::new();
    for s in all.iter().take(4) {
        let n = used(s);
        let mut text = Text::code(&s.name);
        if n > 0 {
            text = text.then(format!(", exchanged by {}", words::count(n, "operation")));
        }
        blocks.push(Block::Paragraph(text.then(":")));
        blocks.push(Block::Code {
            language: "json".to_owned(),
            text: schema_json(s),
            source: Some(s.provenance.clone()),
        });
    }
    if all.len() > 4 {
        let rest = names(all.iter().skip(4).map(|s| s.name.as_str()), 12);
        blocks.push(Block::Paragraph(end(
            Text::plain("Further structures: ").spans(rest)
        )));
    }
    Answer::blocks(blocks)
}

pub(super) fn schemas<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut blocks = Vec::new();
    for i in c.primary.iter().filter(|i| !i.schemas.is_empty()).take(3) {
        if let Answer::Said { blocks: more, .. } = interface_schemas(c, Subject::Interface(i)) {
            // A name and its structure each, so an even number.
            blocks.extend(more.into_iter().take(4));
        }
    }
    if blocks.is_empty() {
        for i in c.internal.iter().filter(|i| !i.schemas.is_empty()).take(2) {
            if let Answer::Said { blocks: more, .. } = interface_schemas(c, Subject::Interface(i)) {
                let lead = Text::plain("Of ").then_code(&i.name).then(":");
                blocks.push(Block::Paragraph(lead.from(&i.provenance)));
                blocks.extend(more.into_iter().take(4));
            }
        }
    }
    if blocks.is_empty() {
        no_schema(c)
    } else {
        blocks.extend(repeats(c));
        Answer::blocks(blocks)
    }
}

/// Which operations may be sent again under a key, and what the key does.
fn repeats(c: &Context) -> Option<Block> {
    let keyed = |o: &&Operation| {
        let key = |p: &groundplan_model::Parameter| {
            p.place == "header" && p.name.eq_ignore_ascii_case("idempotency-key")
        };
        o.parameters.iter().any(key)
    };
    let all: Vec<&Operation> = c
        .primary
        .iter()
        .flat_map(|i| i.operations.iter())
        .filter(keyed)
        .collect();
    // What people do shows it better than what operators do.
    let plain = all.iter().find(|o| !o.path.contains("/admin/"));
    let first = plain.or(all.first())?;
    let said = first.parameters.iter().find_map(|p| {
        let header = p.name.eq_ignore_ascii_case("idempotency-key");
        p.description.as_deref().filter(|_| header)
    });
    let mut text = Text::plain(words::count(all.len(), "operation"))
        .then(words::verb_for(all.len(), " takes", " take"))
        .then(" an ")
        .then_code("Idempotency-Key")
        .then(" in the header");
    if let Some(said) = said {
        text = text.then(": ").then(said);
    }
    let text = text
        .then(". First of them: ")
        .then_code(format!("{} {}", first.method, first.path));
    Some(Block::Paragraph(text.then(".").from(&first.provenance)))
}
