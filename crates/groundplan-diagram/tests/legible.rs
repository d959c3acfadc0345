//! On the sheet that a figure is printed on, no text is smaller than 6 points.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use groundplan_diagram::{TextStyle, lay_out, views};
use groundplan_model::{Blueprint, ViewKind};
use serde_json::json;

/// A4 upright in the text, A4 across, A3 across and upright, in pixels inside margins and caption:
/// those of `groundplan-render`, which chooses among them.
const SHEETS: [(i32, i32); 4] = [(672, 718), (1001, 582), (1466, 907), (1001, 1375)];

/// Smallest text in points on the best sheet.
fn points(width: i32, height: i32) -> f64 {
    let fit = |(w, h): (i32, i32)| {
        (f64::from(w) / f64::from(width)).min(f64::from(h) / f64::from(height))
    };
    let best = SHEETS.into_iter().map(fit).fold(0.0, f64::max).min(1.0);
    f64::from(TextStyle::Kind.size()) * 0.75 * best
}

fn assert_legible(blueprint: &Blueprint) -> usize {
    let views = views(blueprint);
    for view in &views {
        // These are as long as what they tell.
        if matches!(view.kind, ViewKind::Sequence | ViewKind::Matrix) {
            continue;
        }
        let scene = lay_out(view);
        let points = points(scene.width, scene.height);
        assert!(
            points >= 6.0,
            "{}: {points:.2} points in {} x {}",
            view.id,
            scene.width,
            scene.height
        );
    }
    views.len()
}

#[test]
fn views_of_the_fixtures_can_be_read_on_paper() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut count = 0;
    for case in groundplan_testing::cases(&root) {
        if let Ok(source) = std::fs::read_to_string(case.path.join("blueprint.json")) {
            count += assert_legible(&serde_json::from_str(&source).unwrap());
        }
    }
    assert!(count > 10);
}

/// Services that all say much of themselves and call several others with many words.
fn wordy(services: usize, lines: usize, described: bool) -> Blueprint {
    let id = |n: usize| format!("service-{n:02}");
    let text = |n: usize| {
        let long = "Takes what people ordered, checks it and hands it to the next one in the chain";
        described.then(|| json!({"text": format!("{long} {n}"), "provenance": observed()}))
    };
    let elements: Vec<_> = (0..services)
        .map(|n| {
            json!({
                "id": id(n), "kind": "container", "name": format!("Service of department {n}"),
                "technology": ["TypeScript", "PostgreSQL client", "gRPC"],
                "description": text(n), "provenance": observed(),
            })
        })
        .collect();
    let relationships: Vec<_> = (0..lines)
        .map(|n| {
            // Steps that share no divisor with the count, so that lines cross.
            let (from, to) = (n % services, (n * 7 + n / services + 3) % services);
            json!({
                "id": format!("r{n:03}"), "from": id(from), "to": id(to), "kind": "calls",
                "description": format!("sends orders of kind {n} to be checked"),
                "protocol": "gRPC over HTTP/2", "mode": "sync", "confidence": "high",
                "provenance": observed(),
            })
        })
        .collect();
    serde_json::from_value(json!({
        "schema_version": "1", "blueprint_id": "wordy", "origin": "recovered",
        "system": {"id": "wordy", "name": "Wordy"},
        "elements": elements, "relationships": relationships,
    }))
    .unwrap()
}

fn observed() -> serde_json::Value {
    json!({"kind": "observed", "evidence": []})
}

#[test]
fn views_of_many_words_can_be_read_on_paper() {
    for (services, lines) in [(12, 20), (16, 30), (20, 30), (24, 60), (40, 90)] {
        for described in [true, false] {
            let blueprint = wordy(services, lines, described);
            assert!(assert_legible(&blueprint) >= 2);
        }
    }
}

#[test]
fn longer_names_take_no_numbers_from_lines() {
    let mut numbered = 0;
    for (services, lines) in [(16, 30), (20, 30), (24, 60), (30, 60), (40, 90)] {
        for mut view in views(&wordy(services, lines, false)) {
            let mut has_numbers = |letters: usize| {
                for node in &mut view.nodes {
                    node.name = "m".repeat(letters);
                }
                let scene = lay_out(&view);
                scene.labels.iter().any(|label| !label.words.is_empty())
            };
            let (short, long) = (has_numbers(4), has_numbers(24));
            assert!(long || !short, "{services} {lines} {}", view.id);
            numbered += usize::from(short);
        }
    }
    assert!(numbered > 0);
}

#[test]
fn a_chain_of_long_tables_is_turned_up_where_a_sheet_ends() {
    let nodes: Vec<_> = (0..9)
        .map(|n| {
            let rows: Vec<_> = (0..12).map(|k| (format!("column_{k}"), "text", "")).collect();
            json!({"id": format!("t{n}"), "name": format!("table_{n}"), "kind": "", "description": "",
                   "person": false, "external": false, "rows": rows})
        })
        .collect();
    let edges: Vec<_> = (1..9)
        .map(|n| {
            json!({"id": format!("e{n}"), "from": format!("t{}", n - 1), "to": format!("t{n}"),
                   "label": "", "technology": "", "ends": ["1", "0..*"]})
        })
        .collect();
    let view: groundplan_model::View = serde_json::from_value(json!({
        "id": "entities", "kind": "entity_relationship", "title": "Chain", "nodes": nodes,
        "edges": edges, "groups": [], "steps": [], "omitted": "",
    }))
    .unwrap();
    let scene = lay_out(&view);
    let points = points(scene.width, scene.height);
    assert!(
        points >= 6.0,
        "{points:.2} points in {} x {}",
        scene.width,
        scene.height
    );
}
