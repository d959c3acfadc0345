//! The built-in entries: complete, parsed, without faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail loudly"
)]

use groundplan_knowledge::{Technology, knowledge, lint_all, technology_schema};
use std::fs;
use std::path::Path;

fn folder() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/technologies");
    let mut files: Vec<(String, String)> = fs::read_dir(root)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_file_of_the_folder_is_embedded_as_it_stands() {
    let files = folder();
    let embedded = knowledge().technologies();
    assert!(files.len() >= 180, "{} entries", files.len());
    assert_eq!(files.len(), embedded.len());
    for (name, text) in &files {
        let parsed: Technology = serde_saphyr::from_str(text).expect(name);
        assert_eq!(*name, format!("{}.yaml", parsed.id));
        assert_eq!(knowledge().by_id(&parsed.id), Some(&parsed));
    }
}

#[test]
fn entries_are_sorted_and_without_faults() {
    let embedded = knowledge().technologies();
    assert!(embedded.is_sorted_by(|a, b| a.id < b.id));
    let faults: Vec<String> = lint_all(embedded).into_iter().map(|d| d.message).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn entries_fit_the_schema() {
    let schema = technology_schema();
    let properties = schema["properties"].as_object().unwrap();
    for technology in knowledge().technologies() {
        let value = serde_json::to_value(technology).unwrap();
        for key in value.as_object().unwrap().keys() {
            assert!(properties.contains_key(key), "{key}");
        }
    }
    assert_eq!(schema["additionalProperties"], false);
}
