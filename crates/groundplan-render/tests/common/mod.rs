//! The documents of the fixtures, and their rendering.
#![allow(dead_code, reason = "each test file uses a part")]

use groundplan_diagram::Theme;
use groundplan_document::Document;
use groundplan_model::Blueprint;
use groundplan_render::{Context, Links};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A path below `fixtures/`.
pub(crate) fn fixtures(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path)
}

/// A document with its blueprint.
pub(crate) fn load(case: &str) -> (Document, Blueprint) {
    let document = serde_json::from_value(json(case, "document.json")).unwrap();
    (
        document,
        serde_json::from_value(json(case, "blueprint.json")).unwrap(),
    )
}

fn json(case: &str, file: &str) -> Value {
    let text = std::fs::read_to_string(fixtures("documents").join(case).join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The conformance document with every string, names and paths included, replaced by `words`.
pub(crate) fn replaced(words: &str) -> (Document, Blueprint) {
    let mut document = json("conformance", "document.json");
    let mut blueprint = json("conformance", "blueprint.json");
    replace(&mut document, words);
    replace(&mut blueprint, words);
    (
        serde_json::from_value(document).unwrap(),
        serde_json::from_value(blueprint).unwrap(),
    )
}

fn replace(value: &mut Value, words: &str) {
    match value {
        Value::String(text) if text != "contents" => *text = words.to_string(),
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, words)),
        Value::Object(entries) => {
            for (key, value) in entries {
                // The words of closed vocabularies stay; a node's `kind` is free text.
                let closed = matches!(key.as_str(), "form" | "state" | "status" | "origin")
                    || key == "kind" && !value.as_str().is_some_and(|kind| kind.contains(':'));
                if !closed {
                    replace(value, words);
                }
            }
        }
        _ => {}
    }
}

/// A document in a format, two folders below the root of the repository.
pub(crate) fn render(format: &str, document: &Document, blueprint: &Blueprint) -> String {
    let relative_root = Some("../..".to_string());
    let links = Links {
        source_base: None,
        relative_root,
        diagrams: "diagrams".into(),
    };
    (groundplan_render::format(format).unwrap().run)(
        document,
        &Context::new(blueprint, links, Theme::default()),
    )
}
