//! Routes of Apache APISIX that stand in a file, without a store behind them.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{add_route, mark};
use crate::facts::{FileFacts, GatewayRoute};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "apisix",
    docs: "\
### What it finds
Routes of a standalone `apisix.yaml` by host and path to the nodes of their upstream, directly, by
`upstream_id` or through a service; plugins that limit, authenticate or open to other origins.

### What it does not find
Upstreams that a registry finds while APISIX runs, and routes that somebody puts in over its API.
",
    reads: &[Reads::Paths(&[
        "apisix.yaml",
        "apisix.yml",
        "apisix-*.yaml",
    ])],
    markers: &["nodes"],
    run: extract,
};

/// Hosts, paths and nodes of one route beyond this are left out.
const MAX_NAMES: usize = 16;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        let upstreams = named(root, "upstreams");
        let services = named(root, "services");
        for rule in items(root, "global_rules") {
            plugins(acc, file, rule, "all routes");
        }
        for route in items(root, "routes") {
            let service = route.str_of("service_id").and_then(|id| services.get(id));
            let upstream = |node: &'_ Node| -> Vec<String> {
                let own = node.get("upstream").map(nodes);
                let shared = || {
                    let id = node.str_of("upstream_id")?;
                    upstreams.get(id).map(|upstream| nodes(upstream))
                };
                own.or_else(shared).unwrap_or_default()
            };
            let mut targets = upstream(route);
            if let (true, Some(service)) = (targets.is_empty(), service) {
                targets = upstream(service);
            }
            let name = route.str_of("id").or_else(|| route.str_of("name"));
            plugins(acc, file, route, name.unwrap_or("a route"));
            for target in &targets {
                for host in one_or_more(route, "host", "hosts") {
                    for path in one_or_more(route, "uri", "uris") {
                        let found = GatewayRoute {
                            class: None,
                            gateway: "Apache APISIX".to_owned(),
                            name: name.map(str::to_owned),
                            host: host.map(str::to_owned),
                            path: path.map(str::to_owned),
                            target: target.clone(),
                            tls: false,
                        };
                        add_route(acc, file, (route.first, route.last), found);
                    }
                }
            }
        }
    }
}

fn items<'n>(root: &'n Node, key: &str) -> impl Iterator<Item = &'n Node> {
    let all = root.get(key).map_or(&[][..], Node::items);
    all.iter().map(AsRef::as_ref)
}

/// The objects of a list by their ids.
fn named<'n>(root: &'n Node, key: &str) -> BTreeMap<&'n str, &'n Node> {
    let all = items(root, key);
    all.filter_map(|node| Some((node.str_of("id")?, node)))
        .collect()
}

/// The values of a key of one or of the key of several; nothing once where neither is there.
fn one_or_more<'n>(node: &'n Node, one: &str, several: &str) -> Vec<Option<&'n str>> {
    let all = node.get(several).map(Node::strings).unwrap_or_default();
    let all = all.into_iter().map(|(text, _)| text);
    let all: Vec<Option<&str>> = (node.str_of(one).into_iter().chain(all))
        .map(Some)
        .take(MAX_NAMES)
        .collect();
    if all.is_empty() { vec![None] } else { all }
}

/// Addresses with their weights, or objects with host and port
/// (<https://apisix.apache.org/docs/apisix/admin-api/#upstream>).
fn nodes(upstream: &Node) -> Vec<String> {
    let Some(nodes) = upstream.get("nodes") else {
        return Vec::new();
    };
    let listed = nodes.items().iter().filter_map(|node| {
        let host = node.str_of("host")?;
        Some(match node.str_of("port") {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    });
    let weighed = nodes.entries().into_iter().map(|(key, _)| key.text.clone());
    listed.chain(weighed).take(MAX_NAMES).collect()
}

fn plugins(acc: &mut FileFacts, file: &SourceFile<'_>, node: &Node, of: &str) {
    let Some(plugins) = node.get("plugins") else {
        return;
    };
    for (key, value) in plugins.entries() {
        let topic = match key.text.as_str() {
            "limit-count" | "limit-req" | "limit-conn" => Topic::RateLimit,
            "basic-auth" | "forward-auth" | "hmac-auth" | "jwt-auth" | "key-auth" | "ldap-auth"
            | "openid-connect" => Topic::Authentication,
            "cors" => Topic::Cors,
            _ => continue,
        };
        let lines = (key.line, value.last.max(key.line));
        let detail = Some(format!("APISIX, {of}"));
        mark(acc, file, lines, topic, key.text.as_str(), detail);
    }
}
