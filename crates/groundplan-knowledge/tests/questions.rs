//! The catalogue of questions: complete, in order, and readable.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use groundplan_knowledge::{QuestionTemplate, question, questions};
use std::collections::BTreeSet;

/// The top-level keys of `groundplan.yaml` that answer questions.
const ANSWERS: &[&str] = &[
    "constraints",
    "data",
    "debt",
    "decisions",
    "elements",
    "environments",
    "glossary",
    "goals",
    "limitations",
    "non_goals",
    "operations",
    "owners",
    "requirements",
    "review",
    "roadmap",
    "security",
    "stakeholders",
    "success_criteria",
    "system",
    "targets",
];

const OWNERS: &[&str] = &[
    "data protection officer",
    "finance",
    "on-call lead",
    "platform engineer",
    "product owner",
    "security officer",
    "tech lead",
];

/// Placeholders that a text may contain.
const NAMES: &[&str] = &["{system}", "{element}", "{entity}", "{environment}"];

fn source() -> Vec<QuestionTemplate> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/questions.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_catalogue_is_embedded_in_its_order() {
    assert_eq!(source(), questions());
    assert_eq!(questions().first().unwrap().key, "purpose");
}

#[test]
fn keys_are_unique_and_found() {
    let keys: BTreeSet<&str> = questions().iter().map(|q| q.key.as_str()).collect();
    assert_eq!(keys.len(), questions().len());
    for q in questions() {
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(q.key.chars().all(plain), "{}", q.key);
        assert_eq!(question(&q.key), Some(q));
    }
    assert_eq!(question("no-such-key"), None);
}

#[test]
fn texts_are_one_question_each() {
    for q in questions() {
        assert!(q.text.ends_with('?'), "{}", q.key);
        assert_eq!(q.text.matches('?').count(), 1, "{}", q.key);
        assert!(q.text.starts_with(char::is_uppercase), "{}", q.key);
        let mut rest = q.text.clone();
        for name in NAMES {
            rest = rest.replace(name, "");
        }
        assert!(!rest.contains(['{', '}']), "{}: {}", q.key, q.text);
        assert!(q.why.ends_with('.'), "{}", q.key);
        assert_eq!(q.why.matches(". ").count(), 0, "{}: one sentence", q.key);
    }
}

#[test]
fn owners_and_answers_are_of_the_design() {
    for q in questions() {
        assert!(OWNERS.contains(&q.owner.as_str()), "{}: {}", q.key, q.owner);
        let top = q.answer.split('.').next().unwrap();
        assert!(ANSWERS.contains(&top), "{}: {}", q.key, q.answer);
        for part in q.answer.split('.') {
            let name = part.trim_start_matches('<').trim_end_matches('>');
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(name.chars().all(plain) && !name.is_empty(), "{}", q.answer);
        }
    }
}
