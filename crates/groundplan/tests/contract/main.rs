//! The documents of the examples hold the contract of their outlines: every heading, label, column and count of
//! `outlines.json` stands in them, or the section says why it does not.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod labels;
mod markdown;

use markdown::{Section, norm};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_path_buf()
}

/// The sections that the contract has for an outline.
fn contract(outline: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("outlines.json")).unwrap();
    all[outline].as_array().unwrap().clone()
}

fn texts<'v>(want: &'v Value, key: &str) -> Vec<&'v str> {
    let all = want[key].as_array().into_iter().flatten();
    all.filter_map(Value::as_str).collect()
}

/// Sections at a path; `<x>` stands for each heading there that the contract does not name itself.
fn at_path<'s>(nodes: &'s [Section], path: &[&str], named: &BTreeSet<String>) -> Vec<&'s Section> {
    let Some((head, rest)) = path.split_first() else {
        return Vec::new();
    };
    let fits = |node: &&Section| match head.starts_with('<') {
        true => !named.contains(&node.key),
        false => markdown::same(&node.key, &norm(head)),
    };
    let hits = nodes.iter().filter(fits);
    match rest.is_empty() {
        true => hits.collect(),
        false => hits
            .flat_map(|hit| at_path(&hit.parts, rest, named))
            .collect(),
    }
}

/// The names of what a section repeats for.
fn repeated(blueprint: &Value, kind: &str) -> Vec<String> {
    let list = |key: &str| blueprint[key].as_array().cloned().unwrap_or_default();
    let name = |value: &Value| {
        let named = ["name", "title", "id"]
            .iter()
            .find_map(|key| value[*key].as_str());
        named.unwrap_or_default().to_owned()
    };
    let is_own = |e: &Value| e["kind"] == "container" && e["external"] != true;
    match kind {
        "component" => list("elements")
            .iter()
            .filter(|e| is_own(e))
            .map(name)
            .collect(),
        "entity" => list("entities").iter().map(name).collect(),
        "decision" => list("decisions").iter().map(name).collect(),
        _ => Vec::new(),
    }
}

/// What a document lacks of the contract of its outline.
fn faults(outline: &str, text: &str, blueprint: &Value) -> Vec<String> {
    let contract = contract(outline);
    let nodes = markdown::sections(text);
    let roots = match nodes.as_slice() {
        [one] => one.parts.as_slice(),
        all => all,
    };
    let last = |want: &Value| {
        texts(want, "path")
            .last()
            .copied()
            .unwrap_or_default()
            .to_owned()
    };
    let named: BTreeSet<String> = contract
        .iter()
        .map(last)
        .filter(|l| !l.starts_with('<'))
        .map(|l| norm(&l))
        .collect();
    let mut all = Vec::new();
    for want in &contract {
        let path = texts(want, "path");
        let name = path.join(" / ");
        let hits = at_path(roots, &path, &named);
        let above: Vec<&Section> = (1..path.len())
            .flat_map(|depth| at_path(roots, &path[..depth], &named))
            .collect();
        let free = above.iter().any(|section| section.is_excused());
        if hits.is_empty() {
            if !free {
                all.push(format!("section missing: {name}"));
            }
            continue;
        }
        let bodies: Vec<String> = hits.iter().map(|hit| hit.whole()).collect();
        if bodies
            .iter()
            .any(|body| !body.contains(|c: char| c.is_alphanumeric()))
        {
            all.push(format!("section empty: {name}"));
        }
        if free || hits.len() == 1 && hits[0].is_excused() {
            continue;
        }
        let labels = texts(want, "labels");
        for label in &labels {
            let missing = bodies
                .iter()
                .filter(|body| !labels::stands(body, label, &labels))
                .count();
            if missing > 0 {
                all.push(format!(
                    "label missing: {name} :: {label} (in {missing} of {})",
                    bodies.len()
                ));
            }
        }
        let of = repeated(blueprint, want["repeats_per"].as_str().unwrap_or_default());
        let heads: Vec<&str> = hits.iter().map(|hit| hit.key.as_str()).collect();
        let lost = of
            .iter()
            .filter(|one| !one.is_empty() && !heads.iter().any(|head| head.contains(&norm(one))));
        let lost = lost.count();
        if lost > 0 && !above.iter().any(|section| section.counts_more()) {
            all.push(format!("{name}: no section for {lost} of {}", of.len()));
        }
        let text = bodies.join("\n");
        let columns: BTreeSet<String> = markdown::cells(&text).map(norm).collect();
        for column in texts(want, "table_headers") {
            if !columns.contains(&norm(column)) {
                all.push(format!("table column missing: {name} :: {column}"));
            }
        }
        let (rows, items) = markdown::counts(&text);
        for (key, have) in [
            ("min_items", items),
            ("min_rows", rows.max(items)),
            ("min_threats", rows.max(items)),
        ] {
            let least = want[key].as_u64().unwrap_or(0) as usize;
            if have < least && !markdown::asks(&text) {
                all.push(format!("{name}: {have} entries, at least {least} wanted"));
            }
        }
    }
    all
}

/// The faults of all documents in a folder of this repository, each with its document.
fn of_folder(folder: &str, outlines: &[&str]) -> Vec<String> {
    let folder = root().join(folder);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let blueprint: Value = serde_json::from_str(&read("blueprint.json")).unwrap();
    let of = |outline: &&str| {
        let found = faults(outline, &read(&format!("{outline}.md")), &blueprint);
        found
            .into_iter()
            .map(|fault| format!("{outline}.md: {fault}"))
            .collect::<Vec<_>>()
    };
    outlines.iter().flat_map(of).collect()
}

const ALL: [&str; 5] = ["proposal", "technical", "reference", "standard", "module"];

#[test]
fn documents_of_the_example_hold_the_contract() {
    assert_eq!(of_folder("examples/shop/docs/architecture", &ALL), [""; 0]);
}

#[test]
fn documents_of_the_designed_example_hold_the_contract() {
    assert_eq!(
        of_folder("examples/boxoffice/docs/architecture", &ALL),
        [""; 0]
    );
}

#[test]
fn own_documents_hold_the_contract() {
    assert_eq!(
        of_folder("docs/architecture", &["reference", "technical"]),
        [""; 0]
    );
}

/// A document from which something is taken lacks just that.
#[test]
fn what_is_taken_away_is_missed() {
    let folder = root().join("examples/shop/docs/architecture");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let blueprint: Value = serde_json::from_str(&read("blueprint.json")).unwrap();
    let text = read("proposal.md");
    let without = |what: &str| {
        assert!(text.contains(what), "{what}");
        faults("proposal", &text.replace(what, ""), &blueprint)
    };
    assert_eq!(
        without("**Success criteria:**"),
        ["label missing: Overview & Goals :: Success criteria (in 1 of 1)"]
    );
    assert_eq!(
        without("| Requirement | Target | Measurement |"),
        [
            "table column missing: Non-Functional Requirements :: Requirement",
            "table column missing: Non-Functional Requirements :: Target",
            "table column missing: Non-Functional Requirements :: Measurement",
        ]
    );
    let renamed = text.replace("Security Architecture", "Safety");
    assert_eq!(
        faults("proposal", &renamed, &blueprint),
        ["section missing: Security Architecture"]
    );
}
