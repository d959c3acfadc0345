//! Every declared text by its dotted key, as the questions of documents name it.

use super::parts::Part;
use super::shape::Shape;
use super::validate::dotted;
use groundplan_model::{Provenance, Statement};
use groundplan_syntax::Value;
use std::collections::BTreeMap;

/// Sections that become parts of the blueprint of their own, or are no answers.
const NOT_ANSWERS: [&str; 11] = [
    "slos",
    "decisions",
    "glossary",
    "owners",
    "elements",
    "relationships",
    "flows",
    "brief",
    "outlines",
    "include",
    "exclude",
];

/// Two keys for one thing: whoever answers one has answered the other.
const SYNONYMS: [(&str, &str); 25] = [
    ("scale", "system.scale"),
    ("recovery.rto", "operations.rto"),
    ("recovery.rpo", "operations.rpo"),
    ("recovery.failover", "operations.failover"),
    ("recovery.restore", "operations.restore"),
    ("delivery.rollback", "operations.rollback"),
    ("delivery.hotfix", "operations.hotfix"),
    ("delivery.windows", "operations.windows"),
    ("delivery.releases", "operations.release_frequency"),
    ("delivery.releases", "operations.release"),
    ("delivery.strategy", "operations.strategy"),
    ("testing.load", "operations.load_tests"),
    ("testing.resilience", "operations.resilience_tests"),
    ("targets.recovery_time", "operations.recovery_time"),
    ("use_cases", "system.use_cases"),
    ("data.growth", "scale.growth"),
    ("security.encryption.at_rest", "security.encryption_at_rest"),
    (
        "security.encryption.in_transit",
        "security.encryption_in_transit",
    ),
    ("observability.alert_channels", "operations.alert_channels"),
    ("documents.review.status", "review.status"),
    ("documents.review.reviewers", "review.reviewers"),
    ("documents.review.last", "review.last"),
    ("documents.review.next", "review.next"),
    ("documents.review.schedule", "review.schedule"),
    ("documents.review.feedback", "review.feedback"),
];

/// Sections that a question asks for as a whole: their parts together answer it.
const SUMMARIES: [&str; 10] = [
    "security.encryption",
    "targets.capacity",
    "scale",
    "recovery",
    "deployment",
    "caching",
    "scaling",
    "testing",
    "review",
    "documents.review",
];

/// Collects the answers of a checked document.
pub(crate) fn answers(root: &Part<'_>, shape: &Shape) -> BTreeMap<String, Statement> {
    let mut all = BTreeMap::new();
    for part in root.all() {
        if NOT_ANSWERS.contains(&part.name()) {
            continue;
        }
        if let Some(inner) = shape.under(part.name()) {
            collect(&part, inner, part.name(), &mut all);
        }
    }
    all
}

fn collect(part: &Part<'_>, shape: &Shape, path: &str, all: &mut BTreeMap<String, Statement>) {
    match (&part.node.value, shape) {
        (Value::Sequence(_), Shape::List(inner) | Shape::ListOr(inner, _)) => {
            let leads: Vec<String> = part
                .items()
                .iter()
                .filter_map(|p| p.lead(inner))
                .map(|s| s.text)
                .collect();
            if !leads.is_empty() {
                let statement = Statement {
                    text: leads.join("; "),
                    provenance: part.provenance(),
                };
                all.insert(path.to_owned(), statement);
            }
        }
        (Value::Mapping(_), _) => {
            if shape.lead().is_some()
                && let Some(statement) = part.lead(shape)
            {
                all.insert(path.to_owned(), statement);
            }
            for inner in part.all() {
                if let Some(below) = shape.under(inner.name()) {
                    collect(&inner, below, &dotted(path, inner.name()), all);
                }
            }
        }
        _ => {
            if let Some(statement) = part.statement() {
                all.insert(path.to_owned(), statement);
            }
        }
    }
}

/// Answers under the other name of their key, and of sections as a whole.
pub(crate) fn fill_synonyms(all: &mut BTreeMap<String, Statement>) {
    // Twice, for things with three names.
    for (one, other) in SYNONYMS.iter().chain(&SYNONYMS).copied() {
        let (first, second) = (all.get(one).cloned(), all.get(other).cloned());
        match (first, second) {
            (Some(statement), None) => {
                all.insert(other.to_owned(), statement);
            }
            (None, Some(statement)) => {
                all.insert(one.to_owned(), statement);
            }
            _ => {}
        }
    }
    for section in SUMMARIES {
        if all.contains_key(section) {
            continue;
        }
        let prefix = format!("{section}.");
        let parts: Vec<(&str, &Statement)> = all
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .map(|(key, statement)| (&key[prefix.len()..], statement))
            .filter(|(key, _)| !key.contains('.'))
            .collect();
        if parts.is_empty() {
            continue;
        }
        let texts: Vec<String> = parts
            .iter()
            .map(|(key, s)| format!("{}: {}", words(key), s.text))
            .collect();
        let places = parts
            .iter()
            .flat_map(|(_, s)| s.provenance.evidence.iter().cloned());
        let statement = Statement {
            text: texts.join("; "),
            provenance: Provenance::declared(places),
        };
        all.insert(section.to_owned(), statement);
    }
}

/// A key as words; what is an abbreviation stands in capitals.
pub(crate) fn words(key: &str) -> String {
    match key {
        "rto" | "rpo" | "cdn" | "cors" | "ttl" => key.to_uppercase(),
        _ => key.replace('_', " "),
    }
}
