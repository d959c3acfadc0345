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
    files.sort_by_key(|(name, _)| name.trim_end_matches(".yaml").to_owned());
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
    let faults: Vec<String> = lint_all(&embedded).into_iter().map(|d| d.message).collect();
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

#[test]
fn every_mark_leads_to_its_entry() {
    let known = knowledge();
    let plain = |name: &&String| !name.contains('*');
    for t in known.technologies() {
        let is = |found: Option<&Technology>| found.is_some_and(|f| f.id == t.id);
        for image in t.images.iter().filter(plain) {
            assert!(is(known.by_image(image)), "{}: image {image}", t.id);
        }
        for scheme in &t.schemes {
            assert!(is(known.by_scheme(scheme)), "{}: scheme {scheme}", t.id);
        }
        for name in t.env.iter().filter(plain) {
            assert!(is(known.by_env(name)), "{}: variable {name}", t.id);
        }
        for port in &t.ports {
            assert!(known.by_port(*port).contains(&t), "{}: port {port}", t.id);
        }
        for (ecosystem, names) in &t.packages {
            for name in names.iter().filter(plain) {
                let found = known.by_package(ecosystem.word(), name);
                assert_eq!(found, Some((t, false)), "{name}");
            }
        }
        for (ecosystem, names) in &t.drivers {
            for name in names.iter().filter(plain) {
                assert!(is(known.server_of(ecosystem.word(), name)), "{name}");
            }
        }
        for (language, modules) in &t.imports {
            for module in modules.iter().filter(plain) {
                let found = known.by_import(language.word(), module);
                assert!(is(found.map(|f| f.0)), "{}: import {module}", t.id);
            }
        }
        for file in t.files.iter().filter(plain) {
            assert!(known.by_file(file).contains(&t), "{}: file {file}", t.id);
            let deep = format!("services/cart/{file}");
            assert!(known.by_file(&deep).contains(&t), "{}: {deep}", t.id);
        }
        for name in t.aliases.iter().chain([&t.id, &t.name]) {
            assert!(is(known.by_name(name)), "{}: name {name}", t.id);
        }
        assert!(known.serves(&t.id, &t.id));
        if let Some(wanted) = &t.compatible_with {
            assert!(known.serves(&t.id, wanted), "{}", t.id);
            assert!(known.by_id(wanted).is_some_and(Technology::is_server));
        }
    }
    assert!(!known.serves("postgresql", "mysql"));
}
