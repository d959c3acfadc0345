//! Static configuration of Envoy.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::add_route;
use crate::facts::{Claim, Client, FileFacts, GatewayRoute};
use crate::source::SourceFile;
use groundplan_syntax::{Node, Value};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "envoy",
    docs: "\
### What it finds
Routes of a static Envoy configuration by virtual host and path to the addresses of their cluster,
TCP proxies, and the clusters that Envoy itself calls over gRPC (tracing, logs, authorization).

### What it does not find
What a control plane sends at run time.
",
    reads: &[Reads::Paths(&["*.yaml", "*.yml", "*.json"])],
    markers: &["static_resources", "load_assignment"],
    run: extract,
};

/// Nodes and addresses beyond these are left out; also ends bombs of aliases.
const MAX_NODES: usize = 100_000;
const MAX_ADDRESSES: usize = 16;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        let mut clusters = BTreeMap::new();
        let mut left = MAX_NODES;
        find_clusters(root, &mut clusters, &mut left);
        let mut walk = Walk {
            acc: &mut *acc,
            file,
            clusters: &clusters,
            left: MAX_NODES,
        };
        walk.node(root, &[], false);
    }
}

/// Addresses by the name of their cluster.
type Clusters = BTreeMap<String, Vec<String>>;

fn children(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::Mapping(_) => node.entries().into_iter().map(|(_, node)| node).collect(),
        Value::Sequence(items) => items.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}

fn find_clusters(node: &Node, found: &mut Clusters, left: &mut usize) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    let endpoints = node.get("load_assignment").or_else(|| node.get("hosts"));
    if let (Some(name), Some(endpoints)) = (node.str_of("name"), endpoints) {
        let mut addresses = Vec::new();
        find_addresses(endpoints, &mut addresses, left);
        found.entry(name.to_owned()).or_insert(addresses);
        return;
    }
    for child in children(node) {
        find_clusters(child, found, left);
    }
}

fn find_addresses(node: &Node, found: &mut Vec<String>, left: &mut usize) {
    if *left == 0 || found.len() >= MAX_ADDRESSES {
        return;
    }
    *left -= 1;
    if let Some(address) = node.get("socket_address") {
        let host = address.str_of("address").unwrap_or_default();
        if !host.is_empty() {
            found.push(match address.str_of("port_value") {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            });
        }
        return;
    }
    for child in children(node) {
        find_addresses(child, found, left);
    }
}

struct Walk<'a, 's, 't> {
    acc: &'a mut FileFacts,
    file: &'s SourceFile<'t>,
    clusters: &'a Clusters,
    left: usize,
}

impl Walk<'_, '_, '_> {
    fn node(&mut self, node: &Node, domains: &[&str], tls: bool) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let tls = tls || node.get("filter_chains").is_some_and(ends_tls);
        if let (Some(matched), Some(route)) = (node.get("match"), node.get("route")) {
            self.route(node, matched, route, domains, tls);
        }
        if let Some(name) = node.at(&["envoy_grpc", "cluster_name"]).and_then(Node::str) {
            for target in self.addresses(name) {
                let client = Client {
                    protocol: "grpc".to_owned(),
                    target: Some(target),
                    method: None,
                    library: Some("envoy".to_owned()),
                    operation: None,
                };
                let claim = Claim::Client(client);
                self.acc.add(self.file, node.first, node.last, claim);
            }
            return;
        }
        let kind = node.str_of("@type").unwrap_or_default();
        if kind.ends_with("TcpProxy")
            && let Some(cluster) = node.get("cluster")
        {
            self.add(
                cluster,
                cluster.str().unwrap_or_default(),
                None,
                domains,
                tls,
            );
        }
        let hosts = node.get("domains").map(Node::strings).unwrap_or_default();
        let hosts: Vec<&str> = hosts
            .into_iter()
            .map(|(host, _)| host)
            .filter(|host| *host != "*")
            .take(MAX_ADDRESSES)
            .collect();
        let domains = if hosts.is_empty() { domains } else { &hosts };
        for child in children(node) {
            self.node(child, domains, tls);
        }
    }

    fn route(&mut self, node: &Node, matched: &Node, route: &Node, domains: &[&str], tls: bool) {
        let path = ["prefix", "path", "path_separated_prefix"]
            .iter()
            .find_map(|key| matched.str_of(key))
            .or_else(|| matched.at(&["safe_regex", "regex"])?.str());
        // A sidecar of Dapr passes on what is asked of it by the id of a part
        // (<https://docs.dapr.io/reference/api/service_invocation_api/>).
        let invoked = route.str_of("prefix_rewrite").and_then(|to| {
            let (_, rest) = to.split_once("/v1.0/invoke/")?;
            rest.split('/').next().filter(|id| !id.is_empty())
        });
        if let Some(id) = invoked {
            self.lead(node, id, id, path, domains, tls);
            return;
        }
        if let Some(cluster) = route.str_of("cluster") {
            self.add(node, cluster, path, domains, tls);
        }
        let weighted = route.at(&["weighted_clusters", "clusters"]);
        for cluster in weighted.map_or(&[][..], Node::items) {
            let name = cluster.str_of("name").unwrap_or_default();
            self.add(node, name, path, domains, tls);
        }
    }

    /// The addresses of a cluster; its name if this file does not have it.
    fn addresses(&self, name: &str) -> Vec<String> {
        match self.clusters.get(name) {
            Some(addresses) if !addresses.is_empty() => addresses.clone(),
            _ => vec![name.to_owned()],
        }
    }

    fn add(&mut self, at: &Node, cluster: &str, path: Option<&str>, domains: &[&str], tls: bool) {
        if cluster.is_empty() {
            return;
        }
        for target in self.addresses(cluster) {
            self.lead(at, cluster, &target, path, domains, tls);
        }
    }

    /// Notes a route to a target, for every host.
    fn lead(
        &mut self,
        at: &Node,
        name: &str,
        target: &str,
        path: Option<&str>,
        domains: &[&str],
        tls: bool,
    ) {
        let hosts: Vec<Option<&str>> = if domains.is_empty() {
            vec![None]
        } else {
            domains.iter().map(|d| Some(*d)).collect()
        };
        for host in &hosts {
            let route = GatewayRoute {
                class: None,
                gateway: "Envoy".to_owned(),
                name: Some(name.to_owned()),
                host: host.map(str::to_owned),
                path: path.map(str::to_owned),
                target: target.to_owned(),
                tls,
            };
            add_route(self.acc, self.file, (at.first, at.last), route);
        }
    }
}

fn ends_tls(chains: &Node) -> bool {
    chains
        .items()
        .iter()
        .any(|chain| chain.get("transport_socket").is_some() || chain.get("tls_context").is_some())
}
