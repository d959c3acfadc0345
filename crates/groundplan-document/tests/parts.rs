//! What is said of parts: what only developers start is told as such, and clients are not denied.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod common;

use common::{json, of_each};
use groundplan_model::{Blueprint, Element, Relationship};

fn element(value: serde_json::Value) -> Element {
    serde_json::from_value(value).unwrap()
}

/// A program with an image of its own, a store that only its developers start, and a user.
fn shop() -> Blueprint {
    let mut blueprint = Blueprint::default();
    blueprint.system.name = "Shop".to_owned();
    blueprint.origin = "built".to_owned();
    blueprint.coverage.files = 12;
    let seen = serde_json::json!({"kind": "observed"});
    blueprint.elements.push(element(serde_json::json!({
        "id": "orders", "kind": "container", "name": "orders", "role": "service", "source": "",
        "technology": ["Rust"], "provenance": seen,
        "attributes": [{"key": "base-image", "value": "debian:12", "provenance": seen}],
    })));
    blueprint.elements.push(element(serde_json::json!({
        "id": "db", "kind": "container", "name": "db", "role": "database",
        "technology": ["PostgreSQL"], "tags": ["on-demand", "development"], "provenance": seen,
        "attributes": [
            {"key": "deployed-by", "value": "Docker Compose", "provenance": seen},
            {"key": "exposed", "value": "5432", "provenance": seen},
            {"key": "image", "value": "postgres:16", "provenance": seen},
        ],
    })));
    blueprint.elements.push(element(serde_json::json!({
        "id": "user", "kind": "person", "name": "User", "external": true, "provenance": seen,
    })));
    let uses: Relationship = serde_json::from_value(serde_json::json!({
        "id": "user->orders:calls", "from": "user", "to": "orders", "kind": "calls",
        "description": "uses", "mode": "sync", "confidence": "medium", "provenance": seen,
    }))
    .unwrap();
    blueprint.relationships.push(uses);
    blueprint.dependencies.push(
        serde_json::from_value(serde_json::json!({
            "element": "orders", "ecosystem": "cargo", "name": "sqlx", "scope": "runtime",
            "provenance": {"kind": "observed",
                "evidence": [{"path": "Cargo.toml", "lines": [7, 7], "hash": ""}]},
        }))
        .unwrap(),
    );
    blueprint
}

#[test]
fn what_developers_start_is_told_as_such() {
    let said = json(&shop(), "component-count");
    assert!(
        said.contains("One more is started here only for development: "),
        "{said}"
    );
    let said = json(&shop(), "deployment-overview");
    assert!(
        said.contains("starts 1 container for development"),
        "{said}"
    );
    let said = json(&shop(), "entry-points");
    assert!(!said.contains("5432"), "{said}");
}

#[test]
fn people_are_no_systems() {
    let said = json(&shop(), "dependency-count");
    assert!(!said.contains("At least"), "{said}");
}

#[test]
fn a_driver_among_the_packages_is_not_denied() {
    let said = of_each(&shop(), "component", "component-dependencies");
    assert!(
        said.contains("whom they talk to was not followed"),
        "{said}"
    );
}
