//! The sources of all statements of a page, each once, for the panel that a click opens.

use super::page::Page;
use crate::words;
use groundplan_model::{Evidence, Provenance, ProvenanceKind};
use serde::Serialize;
use std::collections::BTreeMap;

/// The sources that were met so far; a statement names them by their number.
#[derive(Debug, Default)]
pub(super) struct Sources<'a> {
    numbers: BTreeMap<&'a Provenance, usize>,
    met: Vec<&'a Provenance>,
}

impl<'a> Sources<'a> {
    /// The number of a source; the same for equal sources.
    pub(super) fn number(&mut self, source: &'a Provenance) -> usize {
        let next = self.met.len();
        let number = *self.numbers.entry(source).or_insert(next);
        if number == next {
            self.met.push(source);
        }
        number
    }
}

#[derive(Serialize)]
struct Entry {
    kind: ProvenanceKind,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<Named>,
}

#[derive(Serialize)]
struct Place {
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    hash: String,
}

#[derive(Serialize)]
struct Named {
    id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    answer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
}

/// The word for a kind, as class name and in the panel.
pub(super) fn kind(kind: ProvenanceKind) -> &'static str {
    match kind {
        ProvenanceKind::Declared => "declared",
        ProvenanceKind::Observed => "observed",
        ProvenanceKind::Computed => "computed",
        ProvenanceKind::Decided => "decided",
        ProvenanceKind::Assumed => "assumed",
    }
}

impl Page<'_> {
    /// All sources as one JSON array that cannot end the element it stands in.
    pub(super) fn provenance_json(&self) -> String {
        let entries: Vec<Entry> = self
            .sources
            .met
            .iter()
            .map(|source| self.entry(source))
            .collect();
        // Entries have string keys only, so writing them to memory cannot fail.
        let json = serde_json::to_string(&entries).unwrap_or_default();
        json.replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026")
    }

    fn entry(&self, source: &Provenance) -> Entry {
        Entry {
            kind: source.kind,
            evidence: source
                .evidence
                .iter()
                .map(|place| self.place_entry(place))
                .collect(),
            formula: source.formula.as_deref().map(words::line),
            inputs: source
                .inputs
                .iter()
                .map(|input| words::line(input))
                .collect(),
            decision: source.decision.as_deref().map(|id| {
                let known = self.context.blueprint.decisions.iter().find(|d| d.id == id);
                let text = known.map(|d| words::line(&d.title)).unwrap_or_default();
                Named {
                    id: words::line(id),
                    text,
                    answer: String::new(),
                    href: self.listing(id),
                }
            }),
            question: source.question.as_deref().map(|id| {
                let known = self.context.blueprint.questions.iter().find(|q| q.id == id);
                let text = known.map(|q| words::line(&q.text)).unwrap_or_default();
                let answer = known.map(|q| words::line(&q.answer)).unwrap_or_default();
                Named {
                    id: words::line(id),
                    text,
                    answer,
                    href: self.listing(id),
                }
            }),
        }
    }

    fn place_entry(&self, place: &Evidence) -> Place {
        Place {
            label: words::line(&place.label()),
            href: self.context.links.file(&place.path, Some(place.lines)),
            hash: words::line(&place.hash),
        }
    }
}
