//! What is known of a connection between two parts beside that it is there: what the called side says
//! of the operations used, and who stands at the other end of a message.

use super::goals::distinct;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::text::{first_places, inline, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{Mode, Operation, Relationship, RelationshipKind, Role};
use std::collections::BTreeSet;

/// Operations that are told of one connection.
const OPERATIONS: usize = 3;

/// The operations of the called side that a connection uses, each once.
fn used<'a>(c: &Context<'a>, r: &Relationship) -> Vec<&'a Operation> {
    let mut seen = BTreeSet::new();
    let all = c.interfaces_of(&r.to).into_iter();
    all.flat_map(|i| &i.operations)
        .filter(|o| r.asks(&o.id) && seen.insert(o.id.as_str()))
        .collect()
}

/// What the called side answers, as far as its handlers or contract show it.
pub(super) fn answers(c: &Context, r: &Relationship) -> Answer {
    // Who publishes may wait for the broker.
    if r.mode == Mode::Async && r.acknowledged {
        let text = Text::default()
            .then_code(c.name_of(&r.from))
            .then(" waits until ")
            .then_code(c.name_of(&r.to))
            .then(" has the message; no answer of a consumer comes back.");
        return Answer::text(text.from(&r.provenance));
    }
    if r.mode == Mode::Async {
        let text = Text::default()
            .then_code(c.name_of(&r.from))
            .then(" goes on at once: the message is asynchronous, and no answer comes back.");
        return Answer::text(text.from(&r.provenance));
    }
    let mut text = Text::default();
    let given = |a: &&groundplan_model::Response| !a.only_declared();
    let told = (used(c, r).into_iter()).filter(|o| o.responses.iter().any(|a| given(&a)));
    for o in told.take(OPERATIONS) {
        let gap = if text.is_empty() { "" } else { " " };
        let statuses: Vec<Span> = (o.responses.iter().filter(given))
            .map(|a| Span::Code(a.status.clone()))
            .collect();
        text = text
            .then(gap)
            .then_code(&o.id)
            .then(" answers ")
            .spans(words::list_spans(statuses, 5, "and"));
        if let Some(schema) = (o.responses.iter().filter(given)).find_map(|a| a.schema.as_deref()) {
            text = text.then(" with ").then_code(schema);
        }
        let seen = super::interfaces::in_code(o) && c.surveyed();
        let how = if seen {
            ", as far as its handler was read"
        } else {
            ""
        };
        text = end(text.then(how)).from(&first_places([&o.provenance], 1));
    }
    match text.is_empty() {
        true => Answer::Gap("schemas"),
        false => Answer::text(text),
    }
}

/// What the operations used are for, or who is at the other end of the messages.
pub(super) fn purpose(c: &Context, r: &Relationship) -> Answer {
    let summed: Vec<(&Operation, String)> = (used(c, r).into_iter())
        .map(|o| (o, super::interfaces::what(o)))
        .filter(|(_, said)| !said.is_empty())
        .take(OPERATIONS)
        .collect();
    if !summed.is_empty() {
        let mut text = Text::default();
        for (o, said) in &summed {
            let gap = if text.is_empty() { "" } else { " " };
            let said = words::sentence(said);
            text = text
                .then(gap)
                .then_code(&o.id)
                .then(": ")
                .spans(inline(&said))
                .from(&first_places([&o.provenance], 1));
        }
        return Answer::text(text);
    }
    // That one calls the other is what the connection is, not what it is for.
    let other = other_end(c, r).or_else(|| product_at_end(c, r));
    other.map_or(Answer::Gap("connections"), Answer::text)
}

/// `` `registry` is Netflix Eureka, which registers service instances by name. `` A part with code of its own is
/// more than the product that it is built on.
fn product_at_end(c: &Context, r: &Relationship) -> Option<Text> {
    let end = c.element(&r.to)?;
    let serves = |role| matches!(role, Role::Service | Role::Ui | Role::Job | Role::Gateway);
    if end.role.is_none_or(serves) {
        return None;
    }
    let product = super::externals::product(end).filter(|t| t.is_server())?;
    let text =
        Text::code(&end.name).then(format!(" is {}, which {}.", product.name, product.about));
    Some(text.from(&r.provenance))
}

/// `` `orders` is consumed by `dispatch`. ``
fn other_end(c: &Context, r: &Relationship) -> Option<Text> {
    let opposite = match r.kind {
        RelationshipKind::Publishes => RelationshipKind::Subscribes,
        RelationshipKind::Subscribes => RelationshipKind::Publishes,
        _ => return None,
    };
    let mut text = Text::default();
    for topic in r.operations.iter().take(OPERATIONS) {
        let others: Vec<_> = (c.incoming(&r.to).iter())
            .filter(|o| o.kind == opposite && o.operations.contains(topic))
            .collect();
        if others.is_empty() {
            continue;
        }
        let who = distinct(others.iter().map(|o| c.name_of(&o.from)));
        let verb = match opposite {
            RelationshipKind::Subscribes => " is consumed by ",
            _ => " is published by ",
        };
        let gap = if text.is_empty() { "" } else { " " };
        text = end(text
            .then(gap)
            .then_code(topic)
            .then(verb)
            .spans(names(who, 4)))
        .from(&first_places(others.iter().map(|o| o.at(topic)), 2));
    }
    (!text.is_empty()).then_some(text)
}
