//! Views and blueprints in `fixtures/`, with what is written for them.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use groundplan_diagram::{description, lay_out, mermaid, svg, text, views};
use groundplan_model::{Blueprint, View, ViewKind};
use std::fmt::Write;
use std::path::Path;

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Everything that is written for a view, and the measures of its drawing.
fn written(view: &View) -> String {
    let mut out = String::new();
    for (name, part) in [
        ("mermaid", mermaid(view)),
        ("text", text(view)),
        ("description", description(view).join("\n") + "\n"),
        ("metrics", metrics(view)),
    ] {
        let _ = write!(out, "== {} {name}\n{part}", view.id);
    }
    out
}

fn metrics(view: &View) -> String {
    let scene = lay_out(view);
    let mut crossings = 0;
    let mut corners = 0;
    for (n, a) in scene.edges.iter().enumerate() {
        corners += a.points.len() - 2;
        for b in &scene.edges[n + 1..] {
            for p in a.points.windows(2) {
                for q in b.points.windows(2) {
                    let across =
                        |h: &[groundplan_diagram::Point], v: &[groundplan_diagram::Point]| {
                            h[0].y == h[1].y
                                && v[0].x == v[1].x
                                && h[0].x.min(h[1].x) < v[0].x
                                && v[0].x < h[0].x.max(h[1].x)
                                && v[0].y.min(v[1].y) < h[0].y
                                && h[0].y < v[0].y.max(v[1].y)
                        };
                    crossings += usize::from(across(p, q) || across(q, p));
                }
            }
        }
    }
    format!(
        "{} x {}, {} boxes, {} boundaries, {} edges, {} labels, {crossings} crossings, {corners} \
         corners\n",
        scene.width,
        scene.height,
        scene.boxes.len(),
        scene.boundaries.len(),
        scene.edges.len(),
        scene.labels.len(),
    )
}

#[test]
fn views_are_written_as_expected() {
    groundplan_testing::run(&root(), |case| {
        let read = |name: &str| std::fs::read_to_string(case.path.join(name)).ok();
        if let Some(source) = read("view.json") {
            let view: View = serde_json::from_str(&source).unwrap();
            return written(&view);
        }
        // One diagram in the language of every other tool.
        if let Some(source) = read("diagram.json") {
            let neutral: groundplan_diagram::Neutral = serde_json::from_str(&source).unwrap();
            let view = neutral.view("diagram");
            return groundplan_diagram::TEXT_FORMS
                .iter()
                .map(|form| format!("== {}\n{}", form.name, form.write(&view)))
                .collect();
        }
        let blueprint: Blueprint = serde_json::from_str(&read("blueprint.json").unwrap()).unwrap();
        views(&blueprint).iter().map(written).collect()
    });
}

#[test]
fn views_keep_their_budget_and_name_only_what_exists() {
    for case in groundplan_testing::cases(&root()) {
        let Ok(source) = std::fs::read_to_string(case.path.join("blueprint.json")) else {
            continue;
        };
        let blueprint: Blueprint = serde_json::from_str(&source).unwrap();
        let all = views(&blueprint);
        assert!(!all.is_empty(), "{}", case.name);
        for view in all {
            let label = format!("{}: {}", case.name, view.id);
            // A matrix is for what no budget holds; phases and quantities are no elements.
            if matches!(
                view.kind,
                ViewKind::Matrix | ViewKind::Roadmap | ViewKind::Chart
            ) {
                continue;
            }
            assert!((1..=20).contains(&view.nodes.len()), "{label}");
            assert!(
                view.edges.len() <= 30,
                "{label}: {} edges",
                view.edges.len()
            );
            let drawn = |id: &str| view.nodes.iter().any(|n| n.id == id);
            assert!(
                view.edges.iter().all(|e| drawn(&e.from) && drawn(&e.to)),
                "{label}"
            );
            assert!(
                view.steps.iter().all(|s| drawn(&s.from) && drawn(&s.to)),
                "{label}"
            );
            for node in view.nodes.iter().filter(|n| !n.id.starts_with("more:")) {
                // A further copy of a container has the id of its deployment node behind its own.
                let copy = node.id.split_once('@');
                let is_copy = copy.is_some_and(|(container, place)| {
                    let both = [blueprint.element(container), blueprint.element(place)];
                    view.kind == ViewKind::Deployment && both.iter().all(Option::is_some)
                });
                let known = is_copy
                    || blueprint.element(&node.id).is_some()
                    || blueprint.entities.iter().any(|e| e.id == node.id)
                    || blueprint
                        .pipelines
                        .iter()
                        .flat_map(|p| &p.jobs)
                        .any(|j| j.id == node.id)
                    || node.id == blueprint.system.id;
                assert!(known, "{label}: {} does not exist", node.id);
            }
        }
    }
}

#[test]
fn a_weak_guess_is_never_drawn() {
    let path = root().join("blueprint/garden-shop/blueprint.json");
    let source = std::fs::read_to_string(path).unwrap();
    let blueprint: Blueprint = serde_json::from_str(&source).unwrap();
    let weak = |view: &View| {
        view.edges
            .iter()
            .any(|e| e.from == "catalog" && e.to == "payment")
    };
    assert!(
        blueprint
            .relationships
            .iter()
            .any(|r| r.id == "catalog->payment:calls")
    );
    assert!(!views(&blueprint).iter().any(weak));
}

#[test]
fn the_views_do_not_depend_on_the_order_of_the_blueprint() {
    let path = root().join("blueprint/garden-shop/blueprint.json");
    let source = std::fs::read_to_string(path).unwrap();
    let blueprint: Blueprint = serde_json::from_str(&source).unwrap();
    let mut turned = blueprint.clone();
    turned.elements.reverse();
    turned.relationships.reverse();
    turned.entities.reverse();
    let pictures = |b: &Blueprint| views(b).iter().map(svg).collect::<Vec<_>>();
    assert_eq!(pictures(&blueprint), pictures(&turned));
}

#[test]
fn an_empty_blueprint_has_no_view() {
    assert!(views(&Blueprint::default()).is_empty());
}
