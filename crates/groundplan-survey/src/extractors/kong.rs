//! Routes of Kong that stand in a file, without a database behind them.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{add_route, mark};
use crate::facts::{FileFacts, GatewayRoute};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "kong",
    docs: "\
### What it finds
Services of a declarative configuration of Kong
(<https://developer.konghq.com/gateway/db-less-mode/>) by their `url` or their host and port, or by the
targets of the upstream that they name, with the paths and hosts of their routes; plugins that limit,
authenticate or open to other origins.

### What it does not find
What somebody puts in over the API of Kong, and objects of its controller for Kubernetes.
",
    reads: &[Reads::Paths(&["*.yaml", "*.yml"])],
    markers: &["_format_version"],
    run: extract,
};

/// Hosts, paths and targets of one route beyond this are left out.
const MAX_NAMES: usize = 16;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        if root.get("_format_version").is_none() {
            continue;
        }
        let upstreams: BTreeMap<&str, Vec<String>> = items(root, "upstreams")
            .filter_map(|node| Some((node.str_of("name")?, targets(node))))
            .collect();
        plugins(acc, file, root, "all routes");
        for service in items(root, "services") {
            let name = service.str_of("name");
            let found = addresses(service, &upstreams);
            plugins(acc, file, service, name.unwrap_or("a service"));
            let own = items(service, "routes");
            let elsewhere =
                items(root, "routes").filter(|route| name.is_some() && of(route) == name);
            let mut routes: Vec<&Node> = own.chain(elsewhere).collect();
            for route in &routes {
                let name = route.str_of("name").or(name);
                plugins(acc, file, route, name.unwrap_or("a route"));
            }
            if routes.is_empty() {
                routes.push(service);
            }
            for target in &found {
                for route in &routes {
                    add(acc, file, route, name, target);
                }
            }
        }
    }
}

/// Adds a route to a target, with its hosts and paths.
fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    route: &Node,
    service: Option<&str>,
    target: &str,
) {
    for host in several(route, "hosts") {
        for path in several(route, "paths") {
            let found = GatewayRoute {
                class: None,
                gateway: "Kong".to_owned(),
                name: route.str_of("name").or(service).map(str::to_owned),
                host: host.map(str::to_owned),
                path: path.map(str::to_owned),
                target: target.to_owned(),
                tls: false,
            };
            add_route(acc, file, (route.first, route.last), found);
        }
    }
}

fn items<'n>(root: &'n Node, key: &str) -> impl Iterator<Item = &'n Node> {
    let all = root.get(key).map_or(&[][..], Node::items);
    all.iter().map(AsRef::as_ref)
}

/// The service of a route that stands beside it: by its name, or an object with it.
fn of(route: &Node) -> Option<&str> {
    let named = route.get("service").and_then(|node| node.str_of("name"));
    route.str_of("service").or(named)
}

/// The values of a list; nothing once where it is not there. A path of a service itself is another.
fn several<'n>(node: &'n Node, key: &str) -> Vec<Option<&'n str>> {
    let all = node.get(key).map(Node::strings).unwrap_or_default();
    let all = all.into_iter().map(|(text, _)| Some(text));
    let all: Vec<Option<&str>> = all.take(MAX_NAMES).collect();
    if all.is_empty() { vec![None] } else { all }
}

/// Where a service is found.
fn addresses(service: &Node, upstreams: &BTreeMap<&str, Vec<String>>) -> Vec<String> {
    if let Some(url) = service.str_of("url") {
        return vec![url.to_owned()];
    }
    let Some(host) = service.str_of("host") else {
        return Vec::new();
    };
    if let Some(targets) = upstreams.get(host).filter(|all| !all.is_empty()) {
        return targets.clone();
    }
    let address = match service.str_of("port") {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    vec![match service.str_of("protocol") {
        Some(protocol) => format!("{protocol}://{address}"),
        None => address,
    }]
}

fn targets(upstream: &Node) -> Vec<String> {
    let all = items(upstream, "targets").filter_map(|node| node.str_of("target"));
    all.map(str::to_owned).take(MAX_NAMES).collect()
}

fn plugins(acc: &mut FileFacts, file: &SourceFile<'_>, node: &Node, of: &str) {
    for plugin in items(node, "plugins") {
        let Some(name) = plugin.str_of("name") else {
            continue;
        };
        let topic = match name {
            "rate-limiting" | "rate-limiting-advanced" | "response-ratelimiting" => {
                Topic::RateLimit
            }
            "basic-auth" | "hmac-auth" | "jwt" | "key-auth" | "ldap-auth" | "oauth2"
            | "openid-connect" => Topic::Authentication,
            "cors" => Topic::Cors,
            _ => continue,
        };
        let detail = Some(format!("Kong, {of}"));
        mark(acc, file, (plugin.first, plugin.last), topic, name, detail);
    }
}
