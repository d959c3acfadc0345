//! What code does with data by itself: fields that it encrypts, and what it refuses.

use super::protection::in_contract;
use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{ENCRYPTED_FIELD, Observation, Operation, Topic};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that code encrypts before they are stored, by what does it and under which condition.
pub(super) fn field_texts(c: &Context) -> Vec<Text> {
    texts_of(c.seen(Topic::Encryption))
}

/// The same of some of what was seen.
pub(super) fn texts_of(seen: &[&Observation]) -> Vec<Text> {
    let mut by: BTreeMap<&str, BTreeMap<&str, &Observation>> = BTreeMap::new();
    for o in seen.iter().copied() {
        if let Some(field) = o.name.strip_prefix(ENCRYPTED_FIELD) {
            let detail = o.detail.as_deref().unwrap_or("Code");
            by.entry(detail).or_default().insert(field, o);
        }
    }
    let texts = by.into_iter().map(|(detail, fields)| {
        let (by, when) = match detail.split_once("; ") {
            Some((by, when)) => (by, Some(when)),
            None => (detail, None),
        };
        let text = Text::plain(format!("{} encrypts ", words::capital(by)))
            .spans(names(fields.keys().copied(), 8))
            .then(match fields.len() {
                1 => " before it is stored",
                _ => " before they are stored",
            });
        let text = match when {
            Some("under a condition") => text.then(", under a condition that was not read"),
            Some(when) => text.then(", but only below ").then_code(when),
            None => text,
        };
        end(text.from(&first_places(fields.values().map(|o| &o.provenance), 3)))
    });
    texts.collect()
}

/// How many operations refuse what they are given, by their code.
pub(super) fn refusals(c: &Context) -> Option<Text> {
    let refuses = |o: &&Operation| {
        let refused = |s: &str| matches!(s, "400" | "422");
        let given = |r: &&groundplan_model::Response| !r.only_declared();
        (o.responses.iter().filter(given)).any(|r| refused(&r.status))
    };
    let all: Vec<&Operation> = (c.blueprint.interfaces.iter())
        .filter(|i| !i.unserved)
        .flat_map(|i| &i.operations)
        .filter(|o| !in_contract(o))
        .collect();
    let found: Vec<&Operation> = all.iter().copied().filter(|o| refuses(o)).collect();
    if found.is_empty() || c.designed() {
        return None;
    }
    let n = found.len();
    let text = Text::plain(format!(
        "By their code, at least {} of {} can answer ",
        words::number(n as u64),
        words::count(all.len(), "operation"),
    ));
    let mut statuses: BTreeSet<&str> = BTreeSet::new();
    let answers = found.iter().flat_map(|o| &o.responses);
    let answers = answers.filter(|r| !r.only_declared());
    statuses.extend(
        answers
            .map(|r| r.status.as_str())
            .filter(|s| matches!(*s, "400" | "422")),
    );
    let spans = statuses.into_iter().map(|s| Span::Code(s.to_owned()));
    let text = text.spans(words::list_spans(spans.collect(), 2, "or"));
    Some(end(
        text.from(&first_places(found.iter().map(|o| &o.provenance), 2))
    ))
}
