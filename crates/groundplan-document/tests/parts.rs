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
        said.contains("Clients and drivers among its packages: "),
        "{said}"
    );
}

/// A Compose file for developers starts more than the parts that are told, and opens ports for it.
#[test]
fn a_file_for_developers_is_told_with_all_that_it_starts() {
    let at = |line: u32| {
        serde_json::json!({"kind": "observed",
            "evidence": [{"path": "docker-compose.yml", "lines": [line, line], "hash": ""}]})
    };
    let mut shop = shop();
    let db = shop.elements.iter_mut().find(|e| e.id == "db").unwrap();
    db.attributes.retain(|a| a.key != "exposed");
    let by = db.attributes.iter_mut().find(|a| a.key == "deployed-by");
    by.unwrap().provenance = serde_json::from_value(at(2)).unwrap();
    let environment = serde_json::json!({
        "id": "compose", "name": "docker-compose.yml", "tier": "development",
        "mechanism": "Docker Compose", "provenance": at(2),
        "attributes": [
            {"key": "containers", "value": "3", "provenance": at(2)},
            {"key": "published-port", "value": "8080 for app", "provenance": at(9)},
            {"key": "published-port", "value": "8025 for mail", "provenance": at(14)},
        ],
    });
    (shop.environments).push(serde_json::from_value(environment).unwrap());
    let said = json(&shop, "deployment-overview");
    assert!(
        said.contains("starts 3 containers for development, among them "),
        "{said}"
    );
    let said = json(&shop, "network-security");
    assert!(
        said.contains(" opens ports of the host, for development: 8080 for app and 8025 for mail"),
        "{said}"
    );
    // Nothing but developers' stores has a ready image.
    let said = json(&shop, "container-platform");
    assert!(!said.contains("ready image"), "{said}");
}

/// Routes in an interface that the build makes are not denied.
#[test]
fn routes_of_generated_interfaces_are_not_denied() {
    let mut shop = shop();
    let orders = shop.elements.iter_mut().find(|e| e.id == "orders").unwrap();
    let attribute = serde_json::json!({"key": "generated-routes", "value": "4 OrdersController",
        "provenance": {"kind": "observed"}});
    (orders.attributes).push(serde_json::from_value(attribute).unwrap());
    let said = json(&shop, "interfaces-intro");
    assert!(
        said.contains(" the routes of 4 methods were not read: "),
        "{said}"
    );
    assert!(
        said.contains(" implements an interface that the build makes"),
        "{said}"
    );
    assert!(!said.contains("No interface"), "{said}");
}
