//! Every extractor over its fixtures: folder in, facts out, one per line.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use groundplan_survey::{EXTRACTORS, FileFacts, extract_file};
use std::path::{Path, PathBuf};

fn files_below(root: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(root).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files_below(&path))
        } else {
            all.push(path)
        }
    }
    all.sort();
    all
}

/// Facts as text for eyes: place, then the claim as compact JSON, without the line hashes.
fn listing(facts: &FileFacts) -> String {
    let mut out = format!("# {}\n", facts.path);
    for fact in &facts.facts {
        let mut claim = serde_json::to_value(&fact.claim).unwrap();
        shorten(&mut claim);
        // Keys of names say nothing to eyes: they are shown where something is made of them.
        if claim
            .get("fields_read")
            .is_some_and(|fields| fields.get("made").is_none())
        {
            continue;
        }
        out.push_str(&format!("{} {claim}\n", fact.at.label()));
    }
    for found in &facts.diagnostics {
        let place = found.place.as_ref().map(|p| p.label()).unwrap_or_default();
        out.push_str(&format!("{place} {}: {}\n", found.name, found.message));
    }
    out
}

/// Evidence becomes its label and `null` is dropped, so that a line can be read.
fn shorten(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            if let (Some(path), Some(lines)) = (map.get("path"), map.get("lines"))
                && map.len() <= 3
            {
                let line = |i: usize| lines[i].as_u64().unwrap();
                let label = format!("{}:{}-{}", path.as_str().unwrap(), line(0), line(1));
                *value = serde_json::Value::String(label);
                return;
            }
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(shorten);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}

#[test]
fn fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/extractors");
    groundplan_testing::run(&root, |case| {
        let input = case.path.join("input");
        let mut out = String::new();
        for file in files_below(&input) {
            let path = file
                .strip_prefix(&input)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            let text = std::fs::read(&file).unwrap();
            out.push_str(&listing(&extract_file(
                &path,
                &String::from_utf8_lossy(&text),
            )));
        }
        out
    });
}

#[test]
fn registry_is_sorted_documented_and_has_fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/extractors");
    let names: Vec<&str> = EXTRACTORS.iter().map(|e| e.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted, "sorted and unique");
    for extractor in EXTRACTORS {
        assert!(
            extractor.docs.contains("### What it finds"),
            "{}: docs",
            extractor.name
        );
        assert!(
            extractor.docs.contains("### What it does not find"),
            "{}: docs",
            extractor.name
        );
        assert!(
            root.join(extractor.name).is_dir(),
            "{}: no fixture folder",
            extractor.name
        );
    }
    for folder in std::fs::read_dir(&root).unwrap().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(
            names.contains(&name.as_str()),
            "fixture folder without extractor: {name}"
        );
    }
}

#[test]
fn deep_brackets_do_not_exhaust_the_stack() {
    const DEEP: usize = 50_000;
    let schema = format!("type Query {{ {} }}\n", "a(".repeat(DEEP));
    assert!(extract_file("a.graphql", &schema).facts.len() < 10);
    let open = "Guarded(".repeat(DEEP);
    let close = ")".repeat(DEEP);
    let routes = format!(
        "use actix_web::web;\nfn all(cfg: &mut web::ServiceConfig) {{\n    \
         cfg.route(\"/carts\", web::get().to({open}list{close}));\n}}\n"
    );
    let facts = extract_file("src/routes.rs", &routes);
    let found = listing(&facts);
    assert!(
        found.contains("/carts") && found.contains("list"),
        "{found}"
    );
    let edges = [
        ("src/a.rs", "use a::pb;\n::CartService for X {}\n"),
        (
            "src/b.rs",
            "fn main() { std::env::var(\"A\").unwrap_or(()); }\n",
        ),
        ("src/c.rs", "()"),
    ];
    for (path, text) in edges {
        extract_file(path, text);
    }
}
