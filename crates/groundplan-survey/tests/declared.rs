//! Declarations over a small surveyed shop: YAML in; diagnostics and what changes in the blueprint out.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use groundplan_model::{Blueprint, Diagnostic, Evidence, Provenance, ProvenanceKind, Severity};
use groundplan_survey::{
    Declaration, Options, Progress, Surroundings, declaration, declaration_schema,
    is_declaration_key, read_declaration, read_tree, reconcile, resolve, survey,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn base() -> Blueprint {
    let options = Options {
        history: false,
        ..Options::default()
    };
    let (tree, _) = read_tree(
        &fixtures().join("declared-base"),
        &options,
        &Progress::default(),
    )
    .facts();
    let around = Surroundings {
        fallback_name: "shop".to_owned(),
    };
    let mut blueprint = resolve(&tree, groundplan_knowledge::knowledge(), &around).0;
    // What no file of the shop says, as if one did.
    let seen = |path: &str| Provenance::observed([Evidence::new(path, 1, 1, "")]);
    blueprint.decisions = serde_json::from_value(serde_json::json!([{
        "id": "ADR-0001", "title": "Use PostgreSQL", "status": "accepted",
        "decision": "We use PostgreSQL.", "provenance": seen("docs/adr/0001.md"),
    }]))
    .unwrap();
    blueprint.slos = serde_json::from_value(serde_json::json!([{
        "id": "availability", "indicator": "availability", "target": "99.9 %",
        "provenance": seen("slo.yaml"),
    }]))
    .unwrap();
    blueprint.stakeholders = serde_json::from_value(serde_json::json!([
        { "name": "@acme/baskets", "role": "code owner", "provenance": seen("CODEOWNERS") },
        { "name": "@acme/shelves", "role": "code owner", "provenance": seen("CODEOWNERS") },
    ]))
    .unwrap();
    blueprint.environments = serde_json::from_value(serde_json::json!([{
        "id": "local", "name": "local", "tier": "development", "mechanism": "Docker Compose",
        "attributes": [{ "key": "regions", "value": "Paris", "provenance": seen("env.yaml") }],
        "provenance": seen("env.yaml"),
    }]))
    .unwrap();
    blueprint
}

/// Parts of a blueprint by list and name, each as lines of its fields, without hashes.
fn parts(blueprint: &Blueprint) -> BTreeMap<String, Vec<String>> {
    let mut value = serde_json::to_value(blueprint).unwrap();
    shorten(&mut value);
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (list, value) in value.as_object().unwrap() {
        match value {
            Value::Array(items) => {
                for item in items {
                    let name = ["id", "name", "term", "text"]
                        .iter()
                        .find_map(|k| item[k].as_str());
                    let mut fields = Vec::new();
                    for (key, value) in item.as_object().unwrap() {
                        match value {
                            Value::Array(inner) => {
                                fields.extend(inner.iter().map(|v| format!("{key}: {v}")));
                            }
                            other => fields.push(format!("{key}: {other}")),
                        }
                    }
                    all.entry(format!("{list} `{}`", name.unwrap()))
                        .or_default()
                        .extend(fields);
                }
            }
            Value::Object(map) if list == "system" => {
                for (key, value) in map {
                    let fields = match value {
                        Value::Object(inner) if key == "answers" => {
                            inner.iter().map(|(k, v)| format!("{k}: {v}")).collect()
                        }
                        Value::Array(inner) => inner.iter().map(Value::to_string).collect(),
                        other => vec![other.to_string()],
                    };
                    all.insert(format!("system.{key}"), fields);
                }
            }
            _ => {}
        }
    }
    all
}

/// What changed, field by field; of parts that are gone only the name.
fn changes(before: &Blueprint, after: &Blueprint) -> String {
    let (before, after) = (parts(before), parts(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut out = String::new();
    for name in names {
        let (old, new) = match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) if old != new => (old.as_slice(), new.as_slice()),
            (None, Some(new)) => (&[][..], new.as_slice()),
            (Some(_), None) => {
                writeln!(out, "- {name}").unwrap();
                continue;
            }
            _ => continue,
        };
        writeln!(out, "{} {name}", if old.is_empty() { "+" } else { "~" }).unwrap();
        for line in old.iter().filter(|l| !new.contains(l)) {
            writeln!(out, "    - {line}").unwrap();
        }
        for line in new.iter().filter(|l| !old.contains(l)) {
            writeln!(out, "    + {line}").unwrap();
        }
    }
    out
}

/// A provenance becomes its kind and the places in the declaration; what else was seen is for the
/// tests of the survey.
fn shorten(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.contains_key("kind")
                && let Ok(p) = serde_json::from_value::<Provenance>(Value::Object(map.clone()))
            {
                let kind = format!("{:?}", p.kind).to_lowercase();
                let own = p.evidence.iter().filter(|e| e.path == "groundplan.yaml");
                let places: Vec<String> = own.map(|e| e.label()).collect();
                *value = Value::String(format!("{kind} {}", places.join(" ")).trim().to_owned());
                return;
            }
            map.values_mut().for_each(shorten);
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}

fn told(diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let severity = format!("{:?}", d.severity).to_lowercase();
        let place = d.place.as_ref().map(|p| p.label()).unwrap_or_default();
        let columns = d
            .columns
            .map(|[a, b]| format!(":{a}-{b}"))
            .unwrap_or_default();
        writeln!(
            out,
            "{severity} {} {place}{columns}\n  {}",
            d.name, d.message
        )
        .unwrap();
        for label in &d.labels {
            writeln!(out, "  {}: {}", label.place.label(), label.text).unwrap();
        }
        for help in &d.help {
            writeln!(out, "  help: {help}").unwrap();
        }
    }
    out
}

#[test]
fn cases() {
    let before = base();
    groundplan_testing::run(&fixtures().join("declared"), |case| {
        let text = std::fs::read_to_string(case.path.join("groundplan.yaml")).unwrap();
        let (declared, diagnostics) = declaration(&text, "groundplan.yaml");
        let mut out = told(&diagnostics);
        let mut after = before.clone();
        out.push_str(&told(&reconcile(&mut after, &declared)));
        out.push_str(&changes(&before, &after));
        out
    });
}

#[test]
fn schema_agrees_with_the_check() {
    let schema = jsonschema::validator_for(&declaration_schema()).unwrap();
    let mut seen = 0;
    for case in groundplan_testing::cases(&fixtures().join("declared")) {
        let text = std::fs::read_to_string(case.path.join("groundplan.yaml")).unwrap();
        let Ok(value) = serde_saphyr::from_str::<Value>(&text) else {
            continue;
        };
        if text.contains("<<:") {
            continue;
        }
        let (_, diagnostics) = declaration(&text, "groundplan.yaml");
        let shape = ["unknown-key", "wrong-type", "unknown-choice", "missing-key"];
        let faulty = diagnostics.iter().any(|d| shape.contains(&d.name.as_str()));
        let errors: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
        assert_eq!(errors.is_empty(), !faulty, "{}: {errors:?}", case.name);
        seen += 1;
    }
    assert!(seen > 8, "only {seen} cases were compared");
}

#[test]
fn every_object_of_the_schema_is_closed_or_names_its_values() {
    fn walk(value: &Value, path: &str) {
        if let Value::Object(map) = value {
            if map.contains_key("properties") {
                assert!(map.contains_key("additionalProperties"), "{path} is open");
                for (key, inner) in map["properties"].as_object().unwrap() {
                    let about = inner["description"].as_str().unwrap_or_default();
                    assert!(about.ends_with('.'), "{path}.{key} says `{about}`");
                }
            }
            for (key, inner) in map {
                walk(inner, &format!("{path}/{key}"));
            }
        }
    }
    walk(&declaration_schema(), "");
}

#[test]
fn keys_that_questions_may_name_are_told_from_others() {
    for key in [
        "operations.rto",
        "elements.<id>.owner",
        "interfaces.<id>.schemas",
        "brief.scale",
    ] {
        assert!(is_declaration_key(key), "{key}");
    }
    for key in [
        "",
        "operations.nothing",
        "goals.first",
        "system.name.more",
        "nothing",
    ] {
        assert!(!is_declaration_key(key), "{key}");
    }
}

/// Reads it, joins it, and hands back what was told.
fn survives(text: &str) -> (Declaration, Vec<Diagnostic>) {
    let (declared, mut diagnostics) = declaration(text, "groundplan.yaml");
    let mut blueprint = base();
    diagnostics.extend(reconcile(&mut blueprint, &declared));
    (declared, diagnostics)
}

#[test]
fn hostile_texts_end_in_diagnostics() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (last, next) in ('a'..='h').zip('b'..='i') {
        let inner = vec![format!("*{last}"); 10].join(", ");
        writeln!(bomb, "{next}: &{next} [{inner}]").unwrap();
    }
    let fields = "&t {target: 1, measurement: 2, achieved: 3}";
    let wide: Vec<String> = (0..9_000)
        .map(|i| format!("  e{i}: {}", if i == 0 { fields } else { "*t" }))
        .collect();
    let long = "y".repeat(400_000);
    let hostile = [
        format!("{bomb}goals: *i\n"),
        format!("environments:\n{}\n", wide.join("\n")),
        format!(
            "glossary: {{a: &l {long}, {}}}",
            (0..5_000)
                .map(|i| format!("k{i}: *l"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        format!("goals: {}{}", "[".repeat(5_000), "]".repeat(5_000)),
        "a:\n ".repeat(200) + "b",
        "elements: &e\n  x: *e\n".to_owned(),
        "x".repeat(2 * 1024 * 1024),
        format!(
            "{{{}}}",
            (0..50_000)
                .map(|i| format!("k{i}: 1"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        format!(
            "owners: {{{}}}",
            (0..9_000)
                .map(|i| format!("'*{i}*': x"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        "system: {name: \"\\u0000<script>alert(1)</script>\\e[31m\"}".to_owned(),
        "? [a, b]\n: c\n".to_owned(),
        "- a\n- b\n".to_owned(),
        "just text".to_owned(),
        "\u{feff}system: {name: Shop}\n".to_owned(),
        "system: {name: 'ü\u{2028}ß', purpos\u{308}e: x}\r\ngoals: [\"é\"]\r\n".to_owned(),
        "%YAML 9.9\n---\n!!binary x: !<tag:y> &a *a\n".to_owned(),
    ];
    // A cycle of aliases is a key without a value.
    let clean = ["<script>", "\u{feff}", "&e\n"];
    for text in &hostile {
        let head: String = text.chars().take(60).collect();
        let (_, diagnostics) = survives(text);
        let told = diagnostics.iter().any(|d| d.severity == Severity::Error);
        assert_eq!(told, !clean.iter().any(|c| text.contains(c)), "{head}");
        assert!(
            diagnostics.len() < 250,
            "{head}: {} diagnostics",
            diagnostics.len()
        );
    }
}

#[test]
fn cut_texts_never_panic() {
    for case in groundplan_testing::cases(&fixtures().join("declared")) {
        let text = std::fs::read_to_string(case.path.join("groundplan.yaml")).unwrap();
        for (at, _) in text.char_indices().step_by(7) {
            let _ = declaration(&text[..at], "groundplan.yaml");
            let _ = declaration(&text[at..], "groundplan.yaml");
        }
    }
}

#[test]
fn every_declared_value_cites_its_lines() {
    for case in groundplan_testing::cases(&fixtures().join("declared")) {
        let text = std::fs::read_to_string(case.path.join("groundplan.yaml")).unwrap();
        let lines = groundplan_syntax::Lines::new(&text);
        let (declared, _) = declaration(&text, "groundplan.yaml");
        for (key, answer) in &declared.answers {
            assert_eq!(answer.provenance.kind, ProvenanceKind::Declared, "{key}");
            assert!(!answer.provenance.evidence.is_empty(), "{key}");
            for place in &answer.provenance.evidence {
                let [first, last] = place.lines;
                assert_eq!(
                    *place,
                    lines.evidence("groundplan.yaml", first, last),
                    "{key}"
                );
            }
        }
    }
}

/// A folder of its own below the build folder, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, files: &[(&str, &str)]) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("declared-{name}"));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).unwrap();
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Folder(root)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn surveyed(root: &Path) -> (Blueprint, Vec<Diagnostic>) {
    let options = Options {
        history: false,
        ..Options::default()
    };
    survey(root, &[], &options, &Progress::default())
}

#[test]
fn a_survey_reads_the_declaration_and_takes_it_for_no_evidence() {
    let compose = "services:\n  a: {build: ./a}\n  b: {image: postgres:16}\n";
    let declared = "system: {name: Two, purpose: Shows two.}\nexclude: [other]\n";
    let folder = Folder::with(
        "survey",
        &[
            ("compose.yaml", compose),
            ("a/Dockerfile", "FROM scratch\n"),
            ("groundplan.yaml", declared),
            ("other/compose.yaml", "services:\n  c: {image: redis:7}\n"),
            ("a/groundplan.yml", "services:\n  d: {image: nginx}\n"),
        ],
    );
    let (blueprint, diagnostics) = surveyed(&folder.0);
    assert!(
        diagnostics.iter().all(|d| d.severity != Severity::Error),
        "{diagnostics:?}"
    );
    assert_eq!(blueprint.system.name, "Two");
    let ids: Vec<&str> = blueprint.containers().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let purpose = blueprint.system.purpose.unwrap();
    assert_eq!(
        purpose.provenance.first().unwrap().label(),
        "groundplan.yaml:1"
    );
    assert!(!blueprint.coverage.languages.is_empty());
}

#[test]
fn a_system_may_be_declared_before_there_is_code() {
    let declared = "system: {name: Plan}\nelements:\n  api: {add: true, role: service}\n";
    let folder = Folder::with("greenfield", &[("groundplan.yml", declared)]);
    let (blueprint, diagnostics) = surveyed(&folder.0);
    assert!(
        diagnostics.iter().all(|d| d.severity != Severity::Error),
        "{diagnostics:?}"
    );
    assert_eq!(
        blueprint
            .containers()
            .map(|e| e.id.as_str())
            .collect::<Vec<_>>(),
        ["api"]
    );
}

#[test]
fn two_declarations_are_told_and_the_first_is_read() {
    let folder = Folder::with(
        "two",
        &[
            ("groundplan.yaml", "system: {name: One}\n"),
            ("groundplan.yml", "system: {name: Two}\n"),
        ],
    );
    let (declared, diagnostics) = read_declaration(&folder.0);
    assert_eq!(declared.unwrap().name.unwrap().text, "One");
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].severity, Severity::Warning);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let folder = Folder::with("link", &[("there.yaml", "system: {name: Two}\n")]);
    std::os::unix::fs::symlink("there.yaml", folder.0.join("groundplan.yaml")).unwrap();
    let (declared, diagnostics) = read_declaration(&folder.0);
    assert!(declared.is_none());
    assert_eq!(diagnostics[0].severity, Severity::Error);
}
