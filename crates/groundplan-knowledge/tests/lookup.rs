//! Lookups against lines as they stand in real files.
//!
//! Each folder of `fixtures/lookup` has `input.txt`, one query per line, and `expected.txt`, the
//! same lines with the answer. `UPDATE_EXPECT=1` rewrites the answers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

use groundplan_knowledge::{Technology, knowledge};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn cases() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/lookup");
    let mut found: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

/// Answers one line: `image REF`, `scheme S`, `port N`, `import LANGUAGE MODULE`, `file PATH`,
/// `env NAME`, `name NAME`, `resource TYPE` (the mark tells that it runs code of the
/// user), or an ecosystem and a package.
fn answer(query: &str) -> Vec<(&'static Technology, bool)> {
    let known = knowledge();
    let (kind, rest) = query.split_once(' ').expect("a query has two words");
    let plain =
        |found: Option<&'static Technology>| found.into_iter().map(|t| (t, false)).collect();
    match kind {
        "image" => plain(known.by_image(rest)),
        "scheme" => plain(known.by_scheme(rest)),
        "env" => plain(known.by_env(rest)),
        "resource" => known.by_resource(rest).into_iter().collect(),
        "name" => plain(known.by_name(rest)),
        "port" => known
            .by_port(rest.parse().unwrap())
            .into_iter()
            .map(|t| (t, false))
            .collect(),
        "file" => known
            .by_file(rest)
            .into_iter()
            .map(|t| (t, false))
            .collect(),
        "import" => {
            let (language, module) = rest.split_once(' ').expect("an import has a language");
            known.by_import(language, module).into_iter().collect()
        }
        ecosystem => known.by_package(ecosystem, rest).into_iter().collect(),
    }
}

fn line(query: &str) -> String {
    let answers: Vec<String> = answer(query)
        .into_iter()
        .map(|(t, driver)| {
            let mark = if driver { " (driver)" } else { "" };
            format!("{}{mark}", t.id)
        })
        .collect();
    if answers.is_empty() {
        format!("{query} -> none\n")
    } else {
        format!("{query} -> {}\n", answers.join(", "))
    }
}

#[test]
fn lines_of_real_files_are_found() {
    let mut wrong = String::new();
    for case in cases() {
        let input = fs::read_to_string(case.join("input.txt")).unwrap();
        let actual: String = input.lines().map(line).collect();
        let place = case.join("expected.txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&place, &actual).unwrap();
        }
        let expected = fs::read_to_string(&place).unwrap_or_default();
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!input.is_empty(), "{name} asks nothing");
        assert_eq!(
            expected.lines().count(),
            input.lines().count(),
            "{name}: as many answers as queries"
        );
        for (expected, actual) in expected.lines().zip(actual.lines()) {
            if expected != actual {
                wrong.push_str(&format!("{name}\n  - {expected}\n  + {actual}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_entry_is_detected_by_a_fixture() {
    let mut detected: BTreeSet<&str> = BTreeSet::new();
    for case in cases() {
        let input = fs::read_to_string(case.join("input.txt")).unwrap();
        for query in input.lines() {
            // A port, or a name in a brief, is no detection in a file.
            let kind = query.split(' ').next();
            if !matches!(kind, Some("name" | "port")) {
                detected.extend(answer(query).into_iter().map(|(t, _)| t.id.as_str()));
            }
        }
    }
    let missing: Vec<&str> = knowledge()
        .technologies()
        .into_iter()
        .map(|t| t.id.as_str())
        .filter(|id| !detected.contains(id))
        .collect();
    assert!(missing.is_empty(), "no fixture detects {missing:?}");
}
