//! Platform, interfaces, protocols and flows of a design beside those that were found.

use super::{is_program, listed, statement};
use crate::design::Design;
use groundplan_model::{Blueprint, Flow, Interface, InterfaceKind, Provenance, Target};
use std::collections::{BTreeMap, BTreeSet};

/// What runs things in files, and the options of the decision on the platform that it is.
const PLATFORMS: [(&str, &[&str]); 12] = [
    ("kubernetes", &["kubernetes"]),
    ("openshift", &["kubernetes"]),
    ("helm", &["kubernetes"]),
    ("compose", &["vm", "vm + systemd/compose"]),
    ("systemd", &["vm", "vm + systemd/compose"]),
    ("ecs", &["managed containers"]),
    ("cloud run", &["managed containers"]),
    ("container apps", &["managed containers"]),
    ("lambda", &["functions"]),
    ("serverless", &["functions"]),
    ("heroku", &["paas"]),
    ("app engine", &["paas"]),
];

/// Families of protocols by the words of a connection; what it is encrypted with is left out.
const FAMILIES: [(&str, &[&str]); 8] = [
    ("gRPC", &["grpc"]),
    ("GraphQL", &["graphql"]),
    ("WebSocket", &["websocket"]),
    ("AMQP", &["amqp"]),
    ("Kafka", &["kafka"]),
    ("MQTT", &["mqtt"]),
    ("NATS", &["nats"]),
    ("HTTP", &["http", "rest", "oidc"]),
];

/// Adds the rows of this file.
pub(super) fn rows(built: &Blueprint, design: &Design, all: &mut Vec<Target>) {
    platform(built, design, all);
    style(built, design, all);
    protocols(built, &design.blueprint, all);
    operations(built, &design.blueprint, all);
    flows(built, &design.blueprint, all);
}

fn reason(plan: &Blueprint, path: &str) -> Option<Provenance> {
    let found = plan.calculations.iter().find(|c| c.id == path)?;
    Some(found.provenance.clone())
}

fn platform(built: &Blueprint, design: &Design, all: &mut Vec<Target>) {
    let Some(source) = reason(&design.blueprint, "platform") else {
        return;
    };
    let mut by: BTreeMap<&str, (Vec<&str>, Vec<Provenance>)> = BTreeMap::new();
    for element in built.containers().filter(|e| is_program(e)) {
        for how in element.attributes_of("deployed-by") {
            let (names, sources) = by.entry(&how.value).or_default();
            names.push(&element.name);
            sources.push(how.provenance.clone());
        }
    }
    let value = design.outcome.choice("platform");
    let is = |name: &str| {
        let lower = name.to_lowercase();
        let mut known = PLATFORMS.iter().filter(|(word, _)| lower.contains(word));
        known.any(|(_, options)| options.contains(&value))
    };
    let texts: Vec<String> = by
        .iter()
        .map(|(name, (parts, _))| format!("{name} ({})", listed(parts.iter().copied())))
        .collect();
    all.push(Target {
        id: "platform".to_owned(),
        name: "Platform".to_owned(),
        designed: statement(design.outcome.name("platform").to_owned(), [source]),
        agrees: by.keys().any(|name| is(name)),
        found: statement(
            texts.join("; "),
            by.values().flat_map(|(_, sources)| sources.iter().cloned()),
        ),
    });
}

/// Interfaces that programs call; a command line is none.
fn offered(b: &Blueprint) -> impl Iterator<Item = &Interface> {
    let called = |i: &&Interface| i.kind != InterfaceKind::CommandLine && !i.unserved;
    b.interfaces.iter().filter(called)
}

fn style(built: &Blueprint, design: &Design, all: &mut Vec<Target>) {
    let Some(source) = reason(&design.blueprint, "api_style") else {
        return;
    };
    let mut found: BTreeMap<&str, (usize, Vec<Provenance>)> = BTreeMap::new();
    for interface in offered(built) {
        let (operations, sources) = found.entry(interface.kind.word()).or_default();
        *operations += interface.operations.len();
        sources.push(interface.provenance.clone());
    }
    let wanted = match design.outcome.option("api_style") {
        "graphql" => "GraphQL",
        "grpc" => "gRPC",
        _ => "HTTP",
    };
    let others = ["GraphQL", "gRPC", "HTTP"];
    let agrees =
        found.contains_key(wanted) && !others.iter().any(|o| *o != wanted && found.contains_key(o));
    let texts: Vec<String> = found
        .iter()
        .map(|(kind, (n, _))| match n {
            1 => format!("{kind} (1 operation)"),
            n => format!("{kind} ({n} operations)"),
        })
        .collect();
    all.push(Target {
        id: "api-style".to_owned(),
        name: "Style of the interface".to_owned(),
        designed: statement(design.outcome.name("api_style").to_owned(), [source]),
        agrees,
        found: statement(
            texts.join(", "),
            found
                .values()
                .flat_map(|(_, sources)| sources.iter().cloned()),
        ),
    });
}

fn families(b: &Blueprint) -> BTreeMap<&'static str, Provenance> {
    let mut all = BTreeMap::new();
    for relationship in &b.relationships {
        let said = relationship.protocol.as_deref().unwrap_or_default();
        let lower = said.to_lowercase();
        let family = FAMILIES
            .iter()
            .find(|(_, words)| words.iter().any(|w| lower.contains(w)));
        if let Some((name, _)) = family {
            all.entry(*name)
                .or_insert_with(|| relationship.provenance.clone());
        }
    }
    all
}

/// Protocols, where files show any: code seldom names them all.
fn protocols(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    let (designed, found) = (families(plan), families(built));
    if designed.is_empty() || found.is_empty() {
        return;
    }
    let side = |of: &BTreeMap<&'static str, Provenance>| {
        statement(listed(of.keys().copied()), of.values().cloned())
    };
    all.push(Target {
        id: "protocols".to_owned(),
        name: "Protocols between parts".to_owned(),
        agrees: designed.keys().eq(found.keys()),
        designed: side(&designed),
        found: side(&found),
    });
}

/// Method and path without version, prefix and the names of parameters.
fn shape(method: &str, path: &str) -> String {
    let parts = path.split('/').filter(|part| {
        let version = part
            .strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        !part.is_empty() && *part != "api" && !version
    });
    let parts: Vec<&str> = parts
        .map(|part| {
            if part.starts_with(['{', ':', '<']) {
                "{}"
            } else {
                part
            }
        })
        .collect();
    format!("{} /{}", method.to_uppercase(), parts.join("/")).to_lowercase()
}

/// Operations by method and path.
fn operations(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    let of = |b: &Blueprint| -> BTreeMap<String, (String, Provenance)> {
        let http = offered(b).filter(|i| i.kind == InterfaceKind::Http);
        http.flat_map(|i| &i.operations)
            .map(|o| {
                let label = format!("{} {}", o.method, o.path);
                (shape(&o.method, &o.path), (label, o.provenance.clone()))
            })
            .collect()
    };
    let (designed, found) = (of(plan), of(built));
    if designed.is_empty() || found.is_empty() {
        return;
    }
    let side = |of: &BTreeMap<String, (String, Provenance)>, shapes: &[&String]| {
        let chosen: Vec<&(String, Provenance)> =
            shapes.iter().filter_map(|shape| of.get(*shape)).collect();
        let names = listed(chosen.iter().map(|(label, _)| label.as_str()));
        statement(names, chosen.iter().map(|(_, p)| p.clone()))
    };
    let (both, missing): (Vec<&String>, Vec<&String>) = designed
        .keys()
        .partition(|shape| found.contains_key(*shape));
    let more = found.keys().filter(|shape| !designed.contains_key(*shape));
    for (group, shapes) in [
        ("both", both),
        ("missing", missing),
        ("found", more.collect()),
    ] {
        if shapes.is_empty() {
            continue;
        }
        all.push(Target {
            id: format!("operations.{group}"),
            name: "Operations".to_owned(),
            designed: side(&designed, &shapes),
            found: side(&found, &shapes),
            agrees: group == "both",
        });
    }
}

/// Flows: their titles are not those of code, so that the two lists stand beside each other.
fn flows(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    if plan.flows.is_empty() || built.flows.is_empty() {
        return;
    }
    let side = |flows: &[Flow]| {
        let names = listed(flows.iter().map(|f| f.title.as_str()));
        let text = format!("{} ({names})", flows.len());
        statement(text, flows.iter().map(|f| f.provenance.clone()))
    };
    let titles: BTreeSet<String> = built.flows.iter().map(|f| f.title.to_lowercase()).collect();
    all.push(Target {
        id: "flows".to_owned(),
        name: "Flows".to_owned(),
        designed: side(&plan.flows),
        found: side(&built.flows),
        agrees: plan
            .flows
            .iter()
            .all(|f| titles.contains(&f.title.to_lowercase())),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_compared_without_versions_and_names_of_parameters() {
        for (one, other) in [
            (("GET", "/v1/orders/{order_id}"), ("get", "/orders/{id}")),
            (("POST", "/api/v2/orders"), ("POST", "/orders/")),
            (("GET", "/orders/:id"), ("GET", "/orders/<int:id>")),
        ] {
            assert_eq!(shape(one.0, one.1), shape(other.0, other.1));
        }
        assert_ne!(shape("GET", "/vans"), shape("GET", "/"));
        assert_ne!(shape("GET", "/orders"), shape("POST", "/orders"));
    }
}
