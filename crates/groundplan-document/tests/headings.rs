//! What stands under a heading is of its kind, and what is known is not denied, as a reader meets it.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use groundplan_document::{Block, Options, Outline, Span, Text, compose, parse_outline};
use groundplan_model::{
    Attribute, Blueprint, Confidence, Dependency, DependencyScope, Element, ElementKind, Evidence,
    LanguageCoverage, Mode, Observation, Provenance, Relationship, RelationshipKind, Role, Topic,
};

fn outline(key: &str) -> Outline {
    let text = format!(
        "name: one\ntitle: One\nabout: One answer\nsections:\n  - heading: Answer\n    keep: true\n    labels:\n      - {{label: Answer, fill: {key}}}\n"
    );
    parse_outline(&text).unwrap()
}

fn words(text: &Text) -> String {
    let word = |span: &Span| match span {
        Span::Plain(t) | Span::Strong(t) | Span::Emphasis(t) => t.clone(),
        Span::Code(t) => format!("`{t}`"),
        Span::Link { text, .. } | Span::File { text, .. } | Span::Section { text, .. } => {
            text.clone()
        }
        Span::Question(id) | Span::Decision(id) => id.clone(),
        Span::Cite(_) => String::new(),
    };
    text.spans.iter().map(word).collect()
}

fn lines(block: &Block, out: &mut Vec<String>) {
    match block {
        Block::Paragraph(text) => out.push(words(text)),
        Block::Labelled { text, blocks, .. } => {
            out.push(words(text));
            blocks.iter().for_each(|b| lines(b, out));
        }
        Block::List { items, .. } => {
            for item in items {
                let label = item
                    .label
                    .as_ref()
                    .map(|l| format!("{l}: "))
                    .unwrap_or_default();
                out.push(format!("{label}{}", words(&item.text)));
                item.items.iter().for_each(|i| out.push(words(&i.text)));
            }
        }
        Block::Table { rows, .. } => {
            for row in rows {
                out.push(row.iter().map(words).collect::<Vec<_>>().join(" | "));
            }
        }
        Block::Code { text, .. } => out.push(text.clone()),
        Block::Diagram { .. } | Block::Contents => {}
    }
}

/// What stands under a key, one line for each paragraph, item and row.
fn say(blueprint: &Blueprint, key: &str) -> String {
    let (document, diagnostics) = compose(blueprint, &outline(key), &Options::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut out = Vec::new();
    document
        .sections
        .iter()
        .flat_map(|s| &s.blocks)
        .for_each(|b| lines(b, &mut out));
    out.retain(|l| !l.trim().is_empty());
    out.iter()
        .map(|l| l.strip_prefix("Answer: ").unwrap_or(l))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The same for a key that is asked of each part.
fn of_parts(blueprint: &Blueprint, key: &str) -> String {
    let outline = parse_outline(&format!(
        "name: one\ntitle: One\nabout: One answer\nsections:\n  - heading: Parts\n    sections:\n      - repeat: component\n        heading: \"{{name}}\"\n        empty: components-missing\n        labels:\n          - {{label: Answer, fill: {key}}}\n"
    ))
    .unwrap();
    let (document, _) = compose(blueprint, &outline, &Options::default());
    format!("{document:?}")
}

fn at(line: u32) -> Provenance {
    Provenance::observed([Evidence::new("compose.yaml", line, line, "")])
}

fn element(id: &str, role: Role, technology: &[&str]) -> Element {
    let mut e = Element::new(id, ElementKind::Container, id, at(1));
    e.role = Some(role);
    e.technology = technology.iter().map(|t| (*t).to_owned()).collect();
    with(&mut e, "deployed-by", "Docker Compose");
    e
}

fn with(e: &mut Element, key: &str, value: &str) {
    e.attributes.push(Attribute {
        key: key.to_owned(),
        value: value.to_owned(),
        provenance: at(2),
    });
}

fn edge(from: &str, to: &str, kind: RelationshipKind) -> Relationship {
    Relationship {
        id: format!("{from}->{to}"),
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
        description: String::new(),
        technology: None,
        protocol: None,
        mode: Mode::Sync,
        operations: Vec::new(),
        data_direction: None,
        confidence: Confidence::High,
        provenance: at(3),
    }
}

fn surveyed() -> Blueprint {
    let mut blueprint = Blueprint::default();
    blueprint.system.name = "Shop".to_owned();
    blueprint.coverage.files = 12;
    blueprint
}

fn seen(topic: Topic, name: &str, detail: &str) -> Observation {
    Observation {
        topic,
        element: None,
        name: name.to_owned(),
        detail: Some(detail.to_owned()),
        provenance: at(5),
    }
}

#[test]
fn names_alone_are_joined_and_claim_nothing() {
    let mut blueprint = surveyed();
    for (name, detail) in [
        ("BasicAuth", ""),
        ("LoginManager", ""),
        ("AuthGuard(jwt)", "guards getOrders"),
        ("AuthGuard(jwt)", "guards getUsers"),
        ("addRole", "hasRole('admin')  or isOwner()"),
        ("dropRole", "hasRole('admin')  or isOwner()"),
    ] {
        let mut o = seen(Topic::Authentication, name, detail);
        o.detail = Some(detail.to_owned()).filter(|d| !d.is_empty());
        blueprint.observations.push(o);
    }
    let text = say(&blueprint, "authentication");
    assert!(
        text.contains("`AuthGuard(jwt)` guards `getOrders` and `getUsers`."),
        "{text}"
    );
    assert!(
        text.contains("what they do was not followed: `BasicAuth` and `LoginManager`."),
        "{text}"
    );
    assert!(text.contains("`addRole` and `dropRole`: hasRole"), "{text}");
    assert!(!text.contains("names `"), "{text}");
}

#[test]
fn what_packages_speak_to_is_not_denied() {
    let mut blueprint = surveyed();
    let mut shop = element("shop", Role::Service, &["Python"]);
    shop.source = Some("shop".to_owned());
    blueprint.elements.push(shop);
    blueprint.dependencies.push(Dependency {
        element: Some("shop".to_owned()),
        ecosystem: "pypi".to_owned(),
        name: "psycopg".to_owned(),
        version: String::new(),
        scope: DependencyScope::Runtime,
        technology: Some("PostgreSQL".to_owned()),
        provenance: at(9),
    });
    let text = of_parts(&blueprint, "component-dependencies");
    assert!(
        text.contains("PostgreSQL") && text.contains("whom they talk to was not followed."),
        "{text}"
    );
    assert!(!text.contains("No outgoing connection"), "{text}");
}

#[test]
fn a_part_leaves_out_only_its_own_languages() {
    let mut blueprint = surveyed();
    let language = |language: &str, lines: u32| LanguageCoverage {
        language: language.to_owned(),
        files: 3,
        lines,
        depth: "read".to_owned(),
    };
    blueprint.coverage.languages = vec![language("Go", 9000), language("Lua", 3000)];
    let mut shop = element("shop", Role::Service, &["Go"]);
    shop.source = Some("shop".to_owned());
    blueprint.elements.push(shop);
    let text = of_parts(&blueprint, "component-dependencies");
    assert!(text.contains("No outgoing connection"), "{text}");
    assert!(!text.contains("Lua"), "{text}");
    // Where the language of its code is not known, it may be any of the repository.
    blueprint.elements[0].technology.clear();
    let text = of_parts(&blueprint, "component-dependencies");
    assert!(text.contains("not searched: Lua"), "{text}");
}

#[test]
fn a_restart_is_no_failover() {
    let mut blueprint = surveyed();
    for id in ["cart", "ads"] {
        let mut e = element(id, Role::Service, &[]);
        with(&mut e, "restart", "always");
        blueprint.elements.push(e);
    }
    let text = say(&blueprint, "failover");
    assert!(
        text.starts_with("No second copy of a part that could take over was found"),
        "{text}"
    );
}

#[test]
fn stores_and_tools_are_no_door() {
    let mut blueprint = surveyed();
    for (id, role, technology) in [
        ("shop", Role::Service, ""),
        ("redis", Role::Cache, "Redis"),
        ("mail", Role::Service, "MailHog"),
    ] {
        let mut e = element(
            id,
            role,
            &[technology][..usize::from(!technology.is_empty())],
        );
        with(&mut e, "exposed", "8080");
        blueprint.elements.push(e);
    }
    let text = say(&blueprint, "entry-points");
    assert!(text.contains("`shop` is open"), "{text}");
    assert!(!text.contains("redis") && !text.contains("mail"), "{text}");
}

#[test]
fn features_are_no_goals_without_a_word() {
    let mut blueprint = surveyed();
    let feature = serde_json::json!({
        "text": "Sells books.", "provenance": {"kind": "observed"},
    });
    blueprint
        .system
        .features
        .push(serde_json::from_value(feature).unwrap());
    let text = say(&blueprint, "goals");
    assert!(
        text.starts_with("No goals were found under such a heading"),
        "{text}"
    );
    assert!(text.contains("Sells books."), "{text}");
}

#[test]
fn tests_of_one_level_are_called_by_it() {
    let mut blueprint = surveyed();
    blueprint
        .observations
        .push(seen(Topic::Test, "e2e", "11 files"));
    let text = say(&blueprint, "tests");
    assert!(text.starts_with("11 files with end-to-end tests"), "{text}");
}

#[test]
fn a_section_under_the_heading_is_the_answer() {
    let mut blueprint = surveyed();
    let mut said = seen(Topic::Stated, "rollback", "Restore the backup first.");
    said.provenance = Provenance::observed([Evidence::new("docs/upgrade.md", 4, 5, "")]);
    blueprint.observations.push(said);
    let text = say(&blueprint, "rollback");
    assert!(
        text.starts_with("See docs/upgrade.md: “Restore the backup first.”"),
        "{text}"
    );
}

#[test]
fn what_runs_is_not_the_count_of_its_lines() {
    let mut blueprint = surveyed();
    let mut e = element("web", Role::Ui, &[]);
    e.source = Some("web".to_owned());
    with(&mut e, "base-image", "node:22-slim");
    blueprint.elements.push(e);
    let text = say(&blueprint, "backend-language");
    assert_eq!(text, "`web`, on `node:22-slim`.");
}

#[test]
fn a_stack_in_a_manifest_is_quoted() {
    let mut blueprint = surveyed();
    let purpose = serde_json::json!({
        "text": "A shop built with Python and React.",
        "provenance": {"kind": "observed", "evidence": [
            {"path": "pyproject.toml", "lines": [3, 3], "hash": ""}]},
    });
    blueprint.system.purpose = Some(serde_json::from_value(purpose).unwrap());
    let text = say(&blueprint, "purpose-and-scope");
    assert!(
        text.contains("The manifest says: “A shop built with"),
        "{text}"
    );
}

#[test]
fn a_name_in_the_name_of_the_system_says_nothing_of_a_metric() {
    let mut blueprint = surveyed();
    blueprint.system.name = "Authelia".to_owned();
    for name in ["authelia_request", "authelia_login_failed"] {
        blueprint
            .observations
            .push(seen(Topic::Metric, name, "A count."));
    }
    let text = say(&blueprint, "security-metrics");
    assert!(
        text.contains("login_failed") && !text.contains("authelia_request"),
        "{text}"
    );
}

#[test]
fn a_call_says_no_more_than_was_seen() {
    let mut blueprint = surveyed();
    for (id, role) in [
        ("shop", Role::Service),
        ("post", Role::Service),
        ("bank", Role::Service),
    ] {
        blueprint.elements.push(element(id, role, &[]));
    }
    let mut mail = edge("shop", "post", RelationshipKind::Calls);
    mail.protocol = Some("SMTP".to_owned());
    mail.description = "calls".to_owned();
    let mut pay = edge("shop", "bank", RelationshipKind::Calls);
    pay.description = "calls".to_owned();
    blueprint.relationships.extend([mail, pay]);
    let text = say(&blueprint, "dependency-table");
    assert!(text.contains("| `post` | sends mail |"), "{text}");
    assert!(text.contains("| `bank` | calls |"), "{text}");
}
