//! What each command prints.

use crate::sample::grocer;
use crate::support::{Folder, files, lossy};
use groundplan_syntax::{Lines, hash_lines};
use serde_json::Value;
use std::process::Stdio;

/// Expects `value` to be what the published schema says.
#[track_caller]
fn conforms(folder: &Folder, value: &Value, schema: &str) {
    let schema = folder.good(&["schema", schema]).json();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = schema
        .iter_errors(value)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .take(5)
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn survey_prints_a_blueprint() {
    let folder = grocer();
    let ran = folder.good(&["survey"]);
    let blueprint = ran.json();
    conforms(&folder, &blueprint, "blueprint");
    assert_eq!(blueprint["system"]["name"], "Grocer");
    let ids: Vec<&str> = blueprint["elements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["id"].as_str().unwrap())
        .collect();
    for id in ["web", "orders", "db", "cache"] {
        assert!(ids.contains(&id), "{id} is not among {ids:?}");
    }
    let edges: Vec<(&str, &str)> = blueprint["relationships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["from"].as_str().unwrap(), r["to"].as_str().unwrap()))
        .collect();
    for edge in [("web", "orders"), ("orders", "db"), ("orders", "cache")] {
        assert!(edges.contains(&edge), "{edge:?} is not among {edges:?}");
    }
}

#[test]
fn files_beside_the_documents_conform_to_their_schemas() {
    let folder = grocer();
    folder.good(&["generate"]);
    let json = |name: &str| -> Value {
        serde_json::from_str(&folder.read(&format!("docs/architecture/{name}"))).unwrap()
    };
    let blueprint = json("blueprint.json");
    conforms(&folder, &blueprint, "blueprint");
    let facts = json("facts.json");
    conforms(&folder, &facts, "facts");
    assert!(facts.as_object().unwrap().len() > 5);
    let id = blueprint["blueprint_id"].as_str().unwrap();
    assert!(id.starts_with("bp-") && id.len() == 19, "{id}");
    assert_eq!(folder.good(&["survey"]).json()["blueprint_id"], id);
}

#[test]
fn every_citation_resolves() {
    let folder = grocer();
    folder.good(&["generate"]);
    let blueprint: Value =
        serde_json::from_str(&folder.read("docs/architecture/blueprint.json")).unwrap();
    let mut cited = Vec::new();
    evidence(&blueprint, &mut cited);
    assert!(cited.len() > 60, "only {} citations", cited.len());
    for place in cited {
        let path = place["path"].as_str().unwrap();
        let text = folder.read(path);
        let lines = Lines::new(&text);
        let [first, last] = [0, 1].map(|at| place["lines"][at].as_u64().unwrap() as u32);
        assert!(
            1 <= first && first <= last && last <= lines.count(),
            "{place}"
        );
        let hash = hash_lines(lines.slice(first, last));
        assert_eq!(place["hash"].as_str(), Some(hash.as_str()), "{place}");
    }
}

/// All objects with a path and lines.
fn evidence(value: &Value, all: &mut Vec<Value>) {
    match value {
        Value::Object(map) => {
            if map.contains_key("path") && map.contains_key("lines") {
                all.push(value.clone());
            }
            map.values().for_each(|inner| evidence(inner, all));
        }
        Value::Array(list) => list.iter().for_each(|inner| evidence(inner, all)),
        _ => {}
    }
}

#[test]
fn explain_leads_down_to_lines() {
    let folder = grocer();
    let ran = folder.good(&["explain", "orders"]);
    assert!(ran.out.contains("observed at compose.yaml:"), "{}", ran.out);
    assert!(ran.out.contains("orders:"), "{}", ran.out);
    let blueprint = folder.good(&["survey"]).json();
    let edges = blueprint["relationships"].as_array().unwrap();
    let edge = edges
        .iter()
        .find(|r| r["from"] == "web" && r["to"] == "orders")
        .unwrap();
    let ran = folder.good(&["explain", edge["id"].as_str().unwrap()]);
    assert!(
        ran.out.contains("compose.yaml:6") && ran.out.contains("ORDERS_URL"),
        "{}",
        ran.out
    );
    let question = &blueprint["questions"][0];
    let ran = folder.good(&["explain", question["id"].as_str().unwrap()]);
    assert!(
        ran.out.contains("answer it in groundplan.yaml"),
        "{}",
        ran.out
    );
    let facts: Value = {
        folder.good(&["generate"]);
        serde_json::from_str(&folder.read("docs/architecture/facts.json")).unwrap()
    };
    for id in facts.as_object().unwrap().keys() {
        folder.good(&["explain", id]);
    }
    let ran = folder.run(&["explain", "order"]).ended(2);
    assert!(
        ran.err.contains("`order`") && ran.err.contains("orders"),
        "{}",
        ran.err
    );
    assert_eq!(ran.out, "");
}

#[test]
fn outlines_are_listed_and_shown() {
    let folder = Folder::new();
    let list = folder.good(&["outline", "list"]).out;
    let names: Vec<&str> = list
        .lines()
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert_eq!(
        names,
        ["module", "proposal", "reference", "standard", "technical"]
    );
    for name in names {
        let shown = folder.good(&["outline", "show", name]).out;
        assert!(
            shown.starts_with(&format!("{name}: ")) && shown.lines().count() > 10,
            "{shown}"
        );
    }
}

#[test]
fn completions_man_page_and_schemas_need_no_repository() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            folder
                .good(&["completions", shell])
                .out
                .contains("groundplan"),
            "{shell}"
        );
    }
    assert!(folder.good(&["man"]).out.contains(".TH groundplan"));
    assert!(folder.good(&["--version"]).out.starts_with("groundplan "));
    for schema in ["blueprint", "facts", "declaration", "technology"] {
        let schema = folder.good(&["schema", schema]).json();
        jsonschema::validator_for(&schema).unwrap();
    }
    for command in ["generate", "survey", "explain", "init", "outline", "schema"] {
        assert!(
            folder.good(&[command, "--help"]).out.contains("Usage:"),
            "{command}"
        );
    }
    assert!(files(&folder.home()).is_empty(), "something was written");
}

#[test]
fn diagnostics_as_json_are_one_object_per_line() {
    let folder = grocer();
    folder.write("broken/compose.yaml", "services: [");
    let ran = folder.good(&["generate", "--diagnostics", "json"]);
    let all: Vec<Value> = ran
        .err
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert!(
        all.iter()
            .any(|d| d["name"] == "broken-file" && d["place"]["path"] == "broken/compose.yaml")
    );
    // Notes are for programs only, warnings not for the quiet.
    assert!(folder.good(&["survey"]).err.contains("broken/compose.yaml"));
    assert_eq!(folder.good(&["survey", "--quiet"]).err, "");
    folder.write("groundplan.yaml", "sytem: {}\n");
    let ran = folder
        .run(&["generate", "--diagnostics", "json", "--quiet"])
        .ended(2);
    let all: Vec<Value> = ran
        .err
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert!(all.iter().all(|d| d["severity"] == "error") && !all.is_empty());
}

#[test]
fn formats_are_written_as_asked() {
    let folder = grocer();
    let ran = folder.good(&["generate", "--to", "json", "--outline", "standard,module"]);
    let named: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        named,
        [
            "./docs/architecture/standard.json",
            "./docs/architecture/module.json"
        ]
    );
    let outputs = folder.outputs();
    for name in ["standard.json", "module.json"] {
        assert!(
            serde_json::from_slice::<Value>(&outputs[name])
                .unwrap()
                .is_object()
        );
    }
    assert!(
        !outputs
            .keys()
            .any(|n| n.ends_with(".md") || n.ends_with(".html"))
    );
    assert!(
        outputs
            .keys()
            .any(|n| n.starts_with("diagrams/") && n.ends_with(".svg"))
    );
}

#[test]
fn the_declaration_chooses_outlines_and_links() {
    let folder = grocer();
    let declared = "outlines: [standard, technical, standard]\nsource_url: https://git.example.org/grocer/blob/main/\n";
    folder.write("groundplan.yaml", declared);
    let ran = folder.good(&["generate", "--to", "md"]);
    let named: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        named,
        [
            "./docs/architecture/standard.md",
            "./docs/architecture/technical.md"
        ]
    );
    let text = folder.read("docs/architecture/standard.md");
    assert!(
        text.contains("https://git.example.org/grocer/blob/main/compose.yaml#L"),
        "{text}"
    );
    // Options beat what is declared.
    folder.good(&[
        "generate",
        "--to",
        "md",
        "--outline",
        "module",
        "--source-url",
        "https://x.example.org/y",
    ]);
    let outputs = folder.outputs();
    assert!(outputs.contains_key("module.md") && !outputs.contains_key("standard.md"));
    let text = lossy(&outputs["module.md"]);
    assert!(
        text.contains("https://x.example.org/y/compose.yaml") && !text.contains("git.example.org")
    );
    folder.write("groundplan.yaml", "outlines: all\n");
    assert_eq!(
        folder.good(&["generate", "--to", "md"]).out.lines().count(),
        5
    );
    // Without an address, links lead to the files beside the documents.
    assert!(
        folder
            .read("docs/architecture/standard.md")
            .contains("](../../compose.yaml#L")
    );
}

#[test]
fn globs_narrow_the_survey() {
    let folder = grocer();
    let ran = folder
        .good(&["survey", "--exclude", "compose.yaml", "--exclude", "k8s"])
        .out;
    assert!(
        !ran.contains("\"path\": \"compose.yaml\"") && !ran.contains("k8s/"),
        "{ran}"
    );
    let ran = folder.good(&["survey", "--include", "web/**"]).json();
    let mut cited = Vec::new();
    evidence(&ran, &mut cited);
    let stray = |p: &Value| {
        !p["path"].as_str().unwrap().starts_with("web/") && p["path"] != "groundplan.yaml"
    };
    assert!(!cited.is_empty() && !cited.iter().any(stray), "{cited:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = grocer();
    for arguments in [
        &["survey"][..],
        &["schema", "blueprint"],
        &["man"],
        &["generate"],
        &["--help"],
        &["init", "--yes", "--force"],
    ] {
        let mut child = folder
            .command(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Closed before anything was read.
        drop(child.stdout.take());
        child.stdout = None;
        let ran = child.wait_with_output().unwrap();
        assert_eq!(
            ran.status.code(),
            Some(0),
            "{arguments:?}: {}",
            lossy(&ran.stderr)
        );
        assert!(!lossy(&ran.stderr).contains("panicked"));
    }
    // Standard error that nobody reads is none either.
    folder.write("broken/compose.yaml", "services: [");
    let mut child = folder
        .command(&["survey"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
}
