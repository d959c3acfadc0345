//! Pages of documents that are on the topic of a question or an absence.

mod common;

use common::{element, say, secret, seen_at, surveyed, with};
use groundplan_document::open_questions;
use groundplan_model::{Blueprint, Observation, Role, Topic};

fn page(name: &str, path: &str, detail: &str) -> Observation {
    let mut page = seen_at(Topic::Stated, "shop", name, path, 1);
    page.element = None;
    page.detail = Some(detail.to_owned());
    page
}

fn shop(observations: Vec<Observation>) -> Blueprint {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Go"])];
    with(&mut blueprint.elements[0], "deployed-by", "compose.yaml");
    blueprint.observations = observations;
    blueprint
}

fn asks(blueprint: &Blueprint, key: &str) -> Option<String> {
    let all = open_questions(blueprint);
    all.into_iter().find(|q| q.key == key).map(|q| q.text)
}

#[test]
fn what_a_page_is_on_is_not_asked() {
    assert!(asks(&shop(Vec::new()), "glossary").is_some());
    let terms = page(
        "page on glossary",
        "docs/terms.md",
        "Concepts\nA van has one driver.",
    );
    let blueprint = shop(vec![terms]);
    assert_eq!(asks(&blueprint, "glossary"), None);
    let text = say(&blueprint, "glossary");
    assert!(
        text.contains("See “Concepts” in docs/terms.md: “A van has one driver.”"),
        "{text}"
    );
}

#[test]
fn several_pages_are_named_without_their_words() {
    let blueprint = shop(vec![
        page("page on glossary", "docs/glossary.md", "glossary\n"),
        page(
            "section on glossary",
            "README.md",
            "Key terms\nA van has one driver.",
        ),
        page("section on glossary", "docs/glossary.md", "Definitions\n"),
    ]);
    let text = say(&blueprint, "glossary");
    assert!(
        text.contains("See docs/glossary.md and “Key terms” in README.md."),
        "{text}"
    );
}

#[test]
fn absences_lead_to_the_page() {
    let absent = shop(Vec::new());
    let text = say(&absent, "migration-guides");
    assert!(text.contains("No migration guide was found"), "{text}");
    let guide = page(
        "section on migration-guide",
        "README.md",
        "Upgrading\nStop it first.",
    );
    let text = say(&shop(vec![guide]), "migration-guides");
    assert_eq!(
        text.trim(),
        "See “Upgrading” in README.md: “Stop it first.”"
    );
}

#[test]
fn a_setting_on_the_topic_answers_a_part() {
    let mut blueprint = shop(Vec::new());
    blueprint.settings = vec![secret("shop", "ORDER_RETENTION_DAYS", Some("30"))];
    let text = asks(&blueprint, "data-retention").unwrap_or_default();
    assert!(
        text.contains(", beyond what ") && text.ends_with(":4 shows?"),
        "{text}"
    );
}
