//! Flows that the brief describes itself, on the elements of the design.

use super::elements::{Parts, capital};
use super::{Maker, slug};
use crate::brief::OwnFlow;
use groundplan_model::{
    Blueprint, Element, ElementKind, Flow, Provenance, Statement, Step, StepKind,
};

/// Verbs after which a step without another element goes to the database.
const STORES: [&str; 12] = [
    "stores", "writes", "saves", "records", "keeps", "inserts", "updates", "deletes", "reads",
    "loads", "looks", "finds",
];

/// Adds the flows of the brief, in its order.
pub(crate) fn flows(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    let made: Vec<Flow> = m
        .brief
        .flows
        .iter()
        .filter(|f| !f.steps.is_empty())
        .map(|own| flow(parts, &b.elements, own))
        .collect();
    b.flows.extend(made);
}

fn flow(parts: &Parts, elements: &[Element], own: &OwnFlow) -> Flow {
    let reason = Provenance::declared(own.place.evidence.clone());
    let mut holder: Option<String> = None;
    let mut steps: Vec<Step> = Vec::new();
    for (sentence, place) in &own.steps {
        let (first, action) = acting(elements, &parts.main(), sentence);
        let from = first.or(holder.take()).unwrap_or_else(|| parts.main());
        let to = target(parts, elements, &from, &action);
        // Where the next sentence names nobody, who was reached goes on; a store does nothing.
        let store = elements
            .iter()
            .any(|e| e.id == to && (e.is_store() || e.external));
        holder = Some(if store { from.clone() } else { to.clone() });
        steps.push(Step {
            kind: kind(parts, &from, &to, &action),
            from,
            to,
            action,
            relationship: None,
            provenance: Provenance::declared(place.evidence.clone()),
        });
    }
    let name = |id: &str| elements.iter().find(|e| e.id == id);
    let person = steps
        .iter()
        .map(|s| &s.from)
        .find(|f| f.starts_with("person."));
    let errors = steps
        .iter()
        .enumerate()
        .filter_map(|(i, s)| {
            let other = name(&s.to).filter(|e| e.external && e.kind != ElementKind::Person)?;
            Some(Statement {
                text: format!(
                    "Step {}, {} does not answer in time: the call is given up, and no later step happens",
                    i + 1,
                    other.name
                ),
                provenance: s.provenance.clone(),
            })
        })
        .collect();
    Flow {
        id: slug(&own.name),
        title: capital(&own.name),
        actor: person.and_then(|id| name(id)).map(|e| e.name.clone()),
        steps,
        errors,
        provenance: reason,
    }
}

/// Words under which a brief speaks of the service that people call.
const SERVICE: [&str; 8] = [
    "api",
    "app",
    "application",
    "backend",
    "server",
    "service",
    "site",
    "system",
];

/// The element that a sentence begins with, by its longest name, and the rest of the sentence.
fn acting(elements: &[Element], main: &str, sentence: &str) -> (Option<String>, String) {
    let plain = sentence.trim().trim_end_matches('.');
    let bare = ["the ", "a ", "an "]
        .iter()
        .find_map(|article| {
            let head = plain.get(..article.len())?;
            head.eq_ignore_ascii_case(article)
                .then(|| &plain[article.len()..])
        })
        .unwrap_or(plain);
    let mut best: Option<(&Element, usize)> = None;
    for element in elements {
        for name in names(element) {
            let head = bare.get(..name.len());
            let begins = head.is_some_and(|h| h.eq_ignore_ascii_case(name));
            let ends = bare.get(name.len()..).is_some_and(|r| r.starts_with(' '));
            if begins && ends && best.is_none_or(|(_, length)| name.len() > length) {
                best = Some((element, name.len()));
            }
        }
    }
    match best {
        Some((element, length)) => (
            Some(element.id.clone()),
            bare.get(length..).unwrap_or_default().trim().to_owned(),
        ),
        None => match bare.split_once(' ') {
            Some((word, rest)) if SERVICE.contains(&word.to_lowercase().as_str()) => {
                (Some(main.to_owned()), rest.trim().to_owned())
            }
            _ => (None, plain.to_owned()),
        },
    }
}

/// Names under which a brief may speak of an element; the system itself is none.
fn names(element: &Element) -> impl Iterator<Item = &str> {
    let known = element.kind != ElementKind::SoftwareSystem || element.external;
    std::iter::once(element.name.as_str())
        .chain(element.aliases.iter().map(String::as_str))
        .filter(move |name| known && name.len() > 2)
}

/// The element that a step acts upon: the last one that its words name, the database for verbs of
/// storing, the service for people, else none but the actor itself.
fn target(parts: &Parts, elements: &[Element], from: &str, action: &str) -> String {
    let lower = action.to_lowercase();
    let mut best: Option<(usize, usize, &Element)> = None;
    for element in elements.iter().filter(|e| e.id != from) {
        for name in names(element) {
            let Some(at) = lower.rfind(&name.to_lowercase()) else {
                continue;
            };
            let before = lower
                .get(..at)
                .is_none_or(|t| !t.ends_with(char::is_alphanumeric));
            let after = lower
                .get(at + name.len()..)
                .is_none_or(|t| !t.starts_with(char::is_alphanumeric));
            let better = best.is_none_or(|(place, length, _)| (at, name.len()) > (place, length));
            if before && after && better {
                best = Some((at, name.len(), element));
            }
        }
    }
    let person = from.starts_with("person.") || from.starts_with("device.");
    match best {
        // People reach stores and partners through the service.
        Some((_, _, element)) if !(person && (element.is_store() || element.external)) => {
            element.id.clone()
        }
        _ if person => parts.main(),
        _ if lower
            .split(' ')
            .next()
            .is_some_and(|verb| STORES.contains(&verb)) =>
        {
            parts.database.clone()
        }
        _ => from.to_owned(),
    }
}

fn kind(parts: &Parts, from: &str, to: &str, action: &str) -> StepKind {
    let reads = ["reads", "loads", "looks", "finds"];
    if from == to {
        StepKind::Internal
    } else if to.starts_with("person.") {
        StepKind::Respond
    } else if to == parts.database {
        let verb = action.split(' ').next().unwrap_or_default().to_lowercase();
        if reads.contains(&verb.as_str()) {
            StepKind::Read
        } else {
            StepKind::Write
        }
    } else if parts.queue.as_deref() == Some(to) {
        StepKind::Publish
    } else {
        StepKind::Request
    }
}
