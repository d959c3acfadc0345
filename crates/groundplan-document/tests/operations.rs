//! What is said of operations: no use case is made of a path, and no list is more than was read.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod common;

use common::json;
use groundplan_model::{Blueprint, Interface};

fn interface(value: serde_json::Value) -> Interface {
    serde_json::from_value(value).unwrap()
}

/// Pages that a port shows, and an interface with a contract that none was seen to.
fn shop() -> Blueprint {
    let mut blueprint = Blueprint::default();
    blueprint.system.name = "Shop".to_owned();
    blueprint.coverage.files = 12;
    let seen = serde_json::json!({"kind": "observed"});
    blueprint.interfaces.push(interface(serde_json::json!({
        "id": "pages", "name": "pages", "kind": "http", "audience": "public", "partial": true,
        "provenance": seen,
        "operations": [
            {"id": "GET /about", "method": "GET", "path": "/about", "handler": "noop", "provenance": seen},
        ],
    })));
    blueprint.interfaces.push(interface(serde_json::json!({
        "id": "api", "name": "Shop API", "kind": "http", "audience": "unknown", "provenance": seen,
        "schemas": [{"name": "Order", "fields": [["id", "integer", true]], "provenance": seen}],
        "operations": [
            {"id": "PUT /order", "method": "PUT", "path": "/order", "handler": "caclc",
             "responses": [{"status": "400"}, {"status": "500"}], "provenance": seen},
        ],
    })));
    blueprint
}

#[test]
fn a_path_is_no_use_case() {
    for key in ["use-cases", "requirement-count"] {
        let said = json(&shop(), key);
        assert!(!said.contains("can call"), "{said}");
        assert!(!said.contains("/order"), "{said}");
    }
    let said = json(&shop(), "use-cases");
    assert!(said.contains("offer at least 2 operations"), "{said}");
}

#[test]
fn a_contract_leads_and_is_not_inside_for_want_of_a_port() {
    let said = json(&shop(), "endpoint-table");
    let (api, page) = (said.find("PUT /order"), said.find("GET /about"));
    assert!(api.unwrap() < page.unwrap(), "{said}");
    let said = json(&shop(), "schemas");
    assert!(!said.contains("No schema"), "{said}");
}

#[test]
fn failures_alone_are_no_list_of_outcomes() {
    let said = json(&shop(), "endpoint-table");
    assert!(said.contains("fails with "), "{said}");
    // The name of a handler or of the interface does not say what is done.
    assert!(!said.contains("caclc"), "{said}");
}

/// A contract with a default for all operations, and structures of every form.
fn contract() -> Blueprint {
    let mut blueprint = Blueprint::default();
    blueprint.system.name = "Shop".to_owned();
    blueprint.coverage.files = 12;
    let seen = serde_json::json!({"kind": "observed"});
    let at = |first: u32, last: u32| {
        serde_json::json!({"kind": "observed",
            "evidence": [{"path": "api.yaml", "lines": [first, last], "hash": "0"}]})
    };
    blueprint.interfaces.push(interface(serde_json::json!({
        "id": "api", "name": "Shop API", "kind": "http", "audience": "public", "provenance": at(1, 4),
        "security_schemes": [["bearer", "http bearer"]],
        "security_default": at(5, 6),
        "schemas": [
            {"name": "Patch", "fields": [], "form": "(Add | Remove)[]", "provenance": seen},
            {"name": "Nothing", "fields": [], "provenance": seen},
            {"name": "Order", "fields": [["id", "integer", true]], "provenance": seen},
        ],
        "operations": [
            {"id": "GET /orders", "method": "GET", "path": "/orders", "security": ["bearer"],
             "security_inherited": true,
             "responses": [{"status": "200", "schema": "Order[]"}], "provenance": at(10, 12)},
            {"id": "PATCH /orders/{id}", "method": "PATCH", "path": "/orders/{id}", "security": ["bearer"],
             "security_inherited": true, "request": "Patch",
             "responses": [{"status": "200", "schema": "Order"}], "provenance": at(13, 15)},
        ],
    })));
    blueprint
}

#[test]
fn a_contract_names_schemes_and_guards_nothing() {
    for key in [
        "interface-security",
        "authentication-flow",
        "authentication",
    ] {
        let said = json(&contract(), key);
        assert!(
            !said.contains("guards") && !said.contains("accepts"),
            "{said}"
        );
        assert!(said.contains("The contract of "), "{said}");
        // The default is cited, not the head of the contract.
        assert!(said.contains("[5,6]"), "{said}");
        assert!(!said.contains("sends credentials"), "{said}");
    }
}

#[test]
fn callers_may_leave_out_what_a_contract_calls_optional() {
    let mut blueprint = contract();
    let mut operations = blueprint
        .interfaces
        .iter_mut()
        .flat_map(|i| &mut i.operations);
    if let Some(first) = operations.next() {
        first.security_optional = true;
    }
    for key in [
        "interface-security",
        "authentication-flow",
        "authentication",
        "application-security",
    ] {
        let said = json(&blueprint, key);
        let told = "; callers of 1 of them may also come without it";
        assert!(said.contains(told), "{key}: {said}");
        assert!(!json(&contract(), key).contains(told), "{key}");
    }
}

#[test]
fn a_structure_is_shown_in_its_form_and_counted_in_lists() {
    let said = json(&contract(), "schemas");
    assert!(said.contains("(Add | Remove)[]"), "{said}");
    assert!(!said.contains("Nothing"), "{said}");
    assert!(said.contains("exchanged by 2 operations"), "{said}");
}

/// A page that has the address of two parts in settings, and calls a third.
fn addressed() -> Blueprint {
    use groundplan_model::{Relationship, RelationshipKind, Role};
    let mut blueprint = Blueprint::default();
    blueprint.system.name = "Shop".to_owned();
    blueprint.coverage.files = 12;
    for id in ["web", "orders", "live", "stock"] {
        let part = common::element(id, Role::Service, &[]);
        blueprint.elements.push(part);
    }
    for (to, protocol) in [("orders", "HTTP"), ("live", "WebSocket"), ("stock", "HTTP")] {
        let mut edge = common::edge("web", to, RelationshipKind::Calls);
        edge.protocol = Some(protocol.to_owned());
        edge.description = match to {
            "orders" => Relationship::ADDRESS.to_owned(),
            _ => "calls".to_owned(),
        };
        if to == "stock" {
            edge.operations = vec!["GET /stock".to_owned()];
            let site = groundplan_model::Evidence::new("web/stock.go", 7, 7, "");
            edge.provenance = groundplan_model::Provenance::observed([site]);
        }
        blueprint.relationships.push(edge);
    }
    blueprint
}

#[test]
fn an_address_in_a_setting_is_no_call() {
    let table = common::say(&addressed(), "dependency-table");
    let line = |to: &str| table.lines().find(|l| l.contains(to)).unwrap().to_owned();
    assert!(line("`orders`").contains("has the address of"), "{table}");
    assert!(!line("`orders`").contains("waits"), "{table}");
    assert!(!line("`live`").contains("waits"), "{table}");
    assert!(line("`stock`").contains("waits"), "{table}");
    let said = common::say(&addressed(), "communication");
    assert!(!said.contains("web → orders"), "{said}");
    assert!(!said.contains("web → live"), "{said}");
    assert!(said.contains("web → stock"), "{said}");
}

#[test]
fn a_share_of_operations_counts_what_contracts_describe() {
    let mut blueprint = shop();
    let place = |path: &str| serde_json::json!({"kind": "observed", "evidence": [{"path": path, "lines": [4, 4], "hash": ""}]});
    let operation = |id: &str, path: &str, security: &[&str]| serde_json::json!({"id": id, "method": "GET", "path": id, "security": security, "provenance": place(path)});
    blueprint.interfaces = vec![interface(serde_json::json!({
        "id": "api", "name": "Shop API", "kind": "http", "audience": "public",
        "provenance": place("docs/api.yaml"),
        "operations": [
            operation("/orders", "docs/api.yaml", &["token"]),
            operation("/titles", "docs/api.yaml", &[]),
            operation("/halls", "routes/api.php", &[]),
        ],
    }))];
    let said = json(&blueprint, "application-security");
    let wanted = "1 of 2 operations of contracts names a security scheme in its contract";
    assert!(said.contains(wanted), "{said}");
}

/// A system whose operations take copies of all its data and bring one back makes backups when it is asked to;
/// copies of one record, and those that are only read, are none.
#[test]
fn operations_take_and_bring_back_copies() {
    let seen = serde_json::json!({"kind": "observed"});
    let with = |paths: &[(&str, &str)]| {
        let mut blueprint = Blueprint::default();
        blueprint.coverage.files = 12;
        let operations: Vec<serde_json::Value> = (paths.iter())
            .map(|(method, path)| {
                serde_json::json!({
                    "id": format!("{method} {path}"), "method": method, "path": path, "provenance": seen,
                })
            })
            .collect();
        blueprint.interfaces.push(interface(serde_json::json!({
            "id": "api", "name": "Shop API", "kind": "http", "audience": "public", "provenance": seen,
            "operations": operations,
        })));
        json(&blueprint, "backup")
    };
    let told = with(&[
        ("GET", "/admin/backups"),
        ("POST", "/api/v1/admin/backups"),
        ("POST", "/api/v1/admin/backups/{name}/restore"),
    ]);
    assert!(told.contains("makes backups when it is asked to"), "{told}");
    for paths in [
        [("GET", "/backups"), ("POST", "/backups/{id}/restore")],
        [
            ("POST", "/pages/{id}/backups"),
            ("POST", "/pages/{id}/backups/{name}/restore"),
        ],
        [
            ("POST", "/passkeys/backup"),
            ("POST", "/passkeys/backup/restore"),
        ],
        [("POST", "/backups"), ("GET", "/backups/{id}")],
    ] {
        let told = with(&paths);
        assert!(!told.contains("makes backups"), "{told}");
    }
}
