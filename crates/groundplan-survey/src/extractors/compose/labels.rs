//! Routes in the labels of a service, as Traefik reads them.

use crate::extractors::manifests::{Field, add_route, fill, mark};
use crate::extractors::traefik_rule;
use crate::facts::{FileFacts, GatewayRoute};
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

/// Labels with their lines: a list of `key=value` or a mapping.
pub(super) fn read(field: Field<'_>) -> Vec<(String, String, u32)> {
    if field.node.is_mapping() {
        return field
            .node
            .entries()
            .into_iter()
            .filter_map(|(key, node)| Some((fill(&key.text), fill(node.str()?), key.line)))
            .collect();
    }
    field
        .node
        .strings()
        .into_iter()
        .map(|(text, line)| {
            let text = fill(text);
            let (key, value) = text.split_once('=').unwrap_or((&text, ""));
            (key.trim().to_owned(), value.trim().to_owned(), line)
        })
        .collect()
}

#[derive(Default)]
struct Router {
    rule: Option<(String, u32)>,
    tls: bool,
    service: Option<String>,
}

/// Routes and middlewares of the labels of `service`.
pub(super) fn routes(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    service: &str,
    labels: &[(String, String, u32)],
) {
    let mut routers: BTreeMap<String, Router> = BTreeMap::new();
    let mut ports: BTreeMap<String, String> = BTreeMap::new();
    let mut middlewares: BTreeMap<(String, Topic), u32> = BTreeMap::new();
    for (key, value, line) in labels {
        let lower = key.to_ascii_lowercase();
        if lower == "traefik.enable" && value.eq_ignore_ascii_case("false") {
            return;
        }
        if lower == "traefik.port" {
            ports.insert(String::new(), value.clone());
        }
        if lower.starts_with("traefik.") && lower.ends_with("frontend.rule") {
            routers.entry(key.clone()).or_default().rule = Some((value.clone(), *line));
        }
        let parts: Vec<&str> = key.split('.').collect();
        let [_, protocol, kind, name, property @ ..] = parts.as_slice() else {
            continue;
        };
        if !lower.starts_with("traefik.") || !matches!(*protocol, "http" | "tcp" | "udp") {
            continue;
        }
        let property = property.join(".").to_ascii_lowercase();
        match (*kind, property.as_str()) {
            ("routers", "rule") => {
                routers.entry((*name).to_owned()).or_default().rule = Some((value.clone(), *line));
            }
            ("routers", "service") => {
                routers.entry((*name).to_owned()).or_default().service = Some(value.clone());
            }
            ("routers", "entrypoints") if value.contains("websecure") || value == "https" => {
                routers.entry((*name).to_owned()).or_default().tls = true;
            }
            ("routers", tls) if tls == "tls" && value != "false" || tls.starts_with("tls.") => {
                routers.entry((*name).to_owned()).or_default().tls = true;
            }
            ("services", "loadbalancer.server.port") => {
                ports.insert((*name).to_owned(), value.clone());
            }
            ("middlewares", property) => {
                if let Some(topic) = middleware_topic(property) {
                    middlewares
                        .entry(((*name).to_owned(), topic))
                        .or_insert(*line);
                }
            }
            _ => {}
        }
    }
    for (name, router) in routers {
        let Some((rule, line)) = router.rule else {
            continue;
        };
        let port = router
            .service
            .as_ref()
            .and_then(|s| ports.get(s))
            .or_else(|| ports.get(&name))
            .or_else(|| ports.values().next().filter(|_| ports.len() == 1));
        let target = port.map_or_else(|| service.to_owned(), |port| format!("{service}:{port}"));
        for (host, path) in traefik_rule::matches(&rule) {
            let route = GatewayRoute {
                class: None,
                gateway: "Traefik".to_owned(),
                name: (!name.starts_with("traefik.")).then(|| name.clone()),
                host,
                path,
                target: target.clone(),
                tls: router.tls,
            };
            add_route(acc, file, (line, line), route);
        }
    }
    for ((name, topic), line) in middlewares {
        let detail = Some(format!("Traefik middleware of `{service}`"));
        mark(acc, file, (line, line), topic, name, detail);
    }
}

fn middleware_topic(property: &str) -> Option<Topic> {
    let kind = property.split('.').next().unwrap_or(property);
    Some(match kind {
        "ratelimit" | "inflightreq" => Topic::RateLimit,
        "basicauth" | "digestauth" | "forwardauth" => Topic::Authentication,
        "ipwhitelist" | "ipallowlist" => Topic::NetworkPolicy,
        "circuitbreaker" => Topic::CircuitBreaker,
        "retry" => Topic::Retry,
        "redirectscheme" => Topic::Tls,
        "headers" if property.contains("accesscontrol") => Topic::Cors,
        "headers" if property.contains("sts") || property.contains("frame") => {
            Topic::SecurityHeader
        }
        _ => return None,
    })
}
