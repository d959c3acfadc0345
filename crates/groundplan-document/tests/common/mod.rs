//! Blueprints of a shop, and what is said of them.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use groundplan_document::{Block, Options, Outline, Span, Text, compose, parse_outline};
use groundplan_model::{
    Attribute, Blueprint, Confidence, Dependency, DependencyScope, Element, ElementKind, Evidence,
    LanguageCoverage, Mode, Observation, Provenance, Relationship, RelationshipKind, Role, Setting,
    SettingSource, Topic,
};

pub(crate) fn outline(key: &str) -> Outline {
    let text = format!(
        "name: one\ntitle: One\nabout: One answer\nsections:\n  - heading: Answer\n    keep: true\n    labels:\n      - {{label: Answer, fill: {key}}}\n"
    );
    parse_outline(&text).unwrap()
}

pub(crate) fn words(text: &Text) -> String {
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

pub(crate) fn lines(block: &Block, out: &mut Vec<String>) {
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
pub(crate) fn say(blueprint: &Blueprint, key: &str) -> String {
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

/// The same for a key that is asked of each part or entity: `component`, `entity`.
pub(crate) fn of_each(blueprint: &Blueprint, subject: &str, key: &str) -> String {
    let outline = parse_outline(&format!(
        "name: one\ntitle: One\nabout: One answer\nsections:\n  - heading: Answer\n    keep: true\n    sections:\n      - repeat: {subject}\n        heading: '{{name}}'\n        keep: true\n        labels:\n          - {{label: Answer, fill: {key}}}\n"
    ))
    .unwrap();
    let (document, diagnostics) = compose(blueprint, &outline, &Options::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut out = Vec::new();
    for section in document.sections.iter().flat_map(|s| &s.sections) {
        section.blocks.iter().for_each(|b| lines(b, &mut out));
    }
    out.join("\n")
}

/// The document of one key as JSON, with its sources.
pub(crate) fn json(blueprint: &Blueprint, key: &str) -> String {
    let (document, diagnostics) = compose(blueprint, &outline(key), &Options::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    serde_json::to_string(&document).unwrap()
}

pub(crate) fn at(line: u32) -> Provenance {
    Provenance::observed([Evidence::new("compose.yaml", line, line, "")])
}

pub(crate) fn element(id: &str, role: Role, technology: &[&str]) -> Element {
    let mut e = Element::new(id, ElementKind::Container, id, at(1));
    e.role = Some(role);
    e.technology = technology.iter().map(|t| (*t).to_owned()).collect();
    with(&mut e, "deployed-by", "Docker Compose");
    e
}

pub(crate) fn with(e: &mut Element, key: &str, value: &str) {
    e.attributes.push(Attribute {
        key: key.to_owned(),
        value: value.to_owned(),
        provenance: at(2),
    });
}

pub(crate) fn edge(from: &str, to: &str, kind: RelationshipKind) -> Relationship {
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
        places: Vec::new(),
        acknowledged: false,
        failures: Vec::new(),
        limits: Vec::new(),
        data_direction: None,
        confidence: Confidence::High,
        provenance: at(3),
    }
}

pub(crate) fn surveyed() -> Blueprint {
    let mut blueprint = Blueprint::default();
    blueprint.system.name = "Shop".to_owned();
    blueprint.coverage.files = 12;
    blueprint
}

pub(crate) fn seen(topic: Topic, name: &str, detail: &str) -> Observation {
    Observation {
        topic,
        element: None,
        name: name.to_owned(),
        detail: Some(detail.to_owned()),
        provenance: at(5),
    }
}

pub(crate) fn seen_at(
    topic: Topic,
    element: &str,
    name: &str,
    path: &str,
    line: u32,
) -> Observation {
    Observation {
        topic,
        element: Some(element.to_owned()),
        name: name.to_owned(),
        detail: None,
        provenance: Provenance::observed([Evidence::new(path, line, line, "")]),
    }
}

pub(crate) fn secret(element: &str, name: &str, value: Option<&str>) -> Setting {
    Setting {
        element: Some(element.to_owned()),
        name: name.to_owned(),
        source: SettingSource::Deployment,
        value: value.map(str::to_owned),
        secret: true,
        profile: None,
        provenance: at(4),
    }
}

pub(crate) fn package(element: &str, ecosystem: &str, name: &str, technology: &str) -> Dependency {
    Dependency {
        element: Some(element.to_owned()),
        ecosystem: ecosystem.to_owned(),
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        scope: DependencyScope::Runtime,
        technology: Some(technology.to_owned()),
        provenance: Provenance::observed([Evidence::new("go.mod", 9, 9, "")]),
    }
}

pub(crate) fn read(blueprint: &mut Blueprint, languages: &[(&str, u32)]) {
    blueprint.coverage.languages = languages
        .iter()
        .map(|(language, lines)| LanguageCoverage {
            language: (*language).to_owned(),
            files: 3,
            lines: *lines,
            depth: "read".to_owned(),
        })
        .collect();
}
