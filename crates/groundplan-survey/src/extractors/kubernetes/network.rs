//! Services and routes.

use super::object::{Object, labels};
use crate::extractors::manifests::{add_route, mark};
use crate::extractors::traefik_rule;
use crate::facts::{Claim, FileFacts, GatewayRoute, NetworkService};
use groundplan_model::Topic;
use groundplan_syntax::Node;

/// Hosts of one route beyond this are left out.
const MAX_HOSTS: usize = 32;

pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    match (object.kind, object.group) {
        ("Service", "") => service(acc, object),
        ("Ingress", _) => ingress(acc, object),
        ("HTTPRoute" | "GRPCRoute" | "TCPRoute" | "TLSRoute" | "UDPRoute", _) => {
            gateway_route(acc, object);
        }
        ("Gateway", _) => gateway(acc, object),
        ("IngressRoute" | "IngressRouteTCP", _) => traefik(acc, object),
        ("VirtualService", _) => virtual_service(acc, object),
        ("HTTPProxy", _) => http_proxy(acc, object),
        ("ApisixRoute", _) => apisix(acc, object),
        ("Route", "route.openshift.io") => openshift(acc, object),
        _ => {}
    }
}

fn service(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let ports = object.spec(&["ports"]).map_or(&[][..], Node::items);
    let text = |node: &Node, key: &str| node.str_of(key).map(str::to_owned);
    let kind = match object.spec_str(&["clusterIP"]) {
        Some("None") => "headless",
        _ => object.spec_str(&["type"]).unwrap_or("ClusterIP"),
    };
    let found = NetworkService {
        name: object.name.to_owned(),
        namespace: object.namespace.map(str::to_owned),
        selector: labels(object.spec(&["selector"])),
        ports: ports
            .iter()
            .filter_map(|p| Some((text(p, "port")?, text(p, "targetPort"), text(p, "name"))))
            .collect(),
        kind: kind.to_owned(),
        external: object.spec_str(&["externalName"]).map(str::to_owned),
    };
    object.claim(acc, Claim::Service(found));
}

/// A route at the lines of a node.
fn add(acc: &mut FileFacts, object: &Object<'_, '_>, at: &Node, route: GatewayRoute) {
    add_route(acc, object.file, (at.first, at.last), route);
}

fn target(name: &str, port: Option<&str>) -> String {
    match port {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

/// A host per route; one route without host if there is none.
fn hosts(node: Option<&Node>) -> Vec<Option<String>> {
    let all = node.map(Node::strings).unwrap_or_default();
    let all: Vec<Option<String>> = all
        .into_iter()
        .map(|(host, _)| host)
        .filter(|host| *host != "*")
        .map(|host| Some(host.to_owned()))
        .take(MAX_HOSTS)
        .collect();
    if all.is_empty() { vec![None] } else { all }
}

fn ingress(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let tls = object.spec(&["tls"]).map_or(&[][..], Node::items);
    let ends_tls = |host: Option<&str>| {
        tls.iter().any(|entry| match (entry.get("hosts"), host) {
            (Some(hosts), Some(host)) => hosts.strings().iter().any(|(h, _)| *h == host),
            _ => true,
        })
    };
    let backend = |node: &Node| -> Option<String> {
        if let Some(service) = node.get("service") {
            let port = service.get("port");
            let port = port.and_then(|p| p.str_of("number").or_else(|| p.str_of("name")));
            return Some(target(service.str_of("name")?, port));
        }
        Some(target(
            node.str_of("serviceName")?,
            node.str_of("servicePort"),
        ))
    };
    let annotations = object.node.at(&["metadata", "annotations"]);
    let annotated = annotations.and_then(|a| a.str_of("kubernetes.io/ingress.class"));
    let class = object.spec_str(&["ingressClassName"]).or(annotated);
    let route = |host: Option<&str>, path: Option<&str>, to: String| GatewayRoute {
        class: class.map(str::to_owned),
        gateway: "Ingress".to_owned(),
        name: Some(object.name.to_owned()),
        host: host.map(str::to_owned),
        path: path.map(str::to_owned),
        target: to,
        tls: ends_tls(host),
    };
    for rule in object.spec(&["rules"]).map_or(&[][..], Node::items) {
        let host = rule.str_of("host").filter(|h| *h != "*");
        let paths = rule.at(&["http", "paths"]).map_or(&[][..], Node::items);
        for path in paths {
            if let Some(to) = path.get("backend").and_then(backend) {
                add(acc, object, path, route(host, path.str_of("path"), to));
            }
        }
    }
    for key in ["defaultBackend", "backend"] {
        if let Some(node) = object.spec(&[key])
            && let Some(to) = backend(node)
        {
            add(acc, object, node, route(None, None, to));
        }
    }
    ingress_marks(acc, object);
}

/// Limits, authentication and cross-origin rules in annotations of the usual controllers.
fn ingress_marks(acc: &mut FileFacts, object: &Object<'_, '_>) {
    const KEYS: [(&str, Topic); 9] = [
        ("/limit-rps", Topic::RateLimit),
        ("/limit-rpm", Topic::RateLimit),
        ("/limit-connections", Topic::RateLimit),
        ("/auth-url", Topic::Authentication),
        ("/auth-type", Topic::Authentication),
        ("/enable-cors", Topic::Cors),
        ("/ssl-redirect", Topic::Tls),
        ("/proxy-read-timeout", Topic::Timeout),
        ("cert-manager.io/cluster-issuer", Topic::Tls),
    ];
    let Some(annotations) = object.node.at(&["metadata", "annotations"]) else {
        return;
    };
    for (key, node) in annotations.entries() {
        let topic = KEYS.iter().find(|(end, _)| key.text.ends_with(end));
        if let (Some((_, topic)), Some(value)) = (topic, node.str()) {
            let name = key.text.rsplit('/').next().unwrap_or(&key.text);
            let detail = format!("{value}, Ingress `{}`", object.name);
            let lines = (key.line, key.line);
            mark(acc, object.file, lines, *topic, name, Some(detail));
        }
    }
}

fn gateway_route(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let hosts = hosts(object.spec(&["hostnames"]));
    for rule in object.spec(&["rules"]).map_or(&[][..], Node::items) {
        let mut paths: Vec<Option<String>> = rule
            .get("matches")
            .map_or(&[][..], Node::items)
            .iter()
            .map(|m| {
                let path = m.at(&["path", "value"]).and_then(Node::str);
                let method = m.get("method").filter(|m| m.is_mapping());
                path.map(str::to_owned).or_else(|| {
                    let service = method?.str_of("service")?;
                    let call = method?.str_of("method").unwrap_or("*");
                    Some(format!("/{service}/{call}"))
                })
            })
            .take(MAX_HOSTS)
            .collect();
        if paths.is_empty() {
            paths.push(None);
        }
        for backend in rule.get("backendRefs").map_or(&[][..], Node::items) {
            let Some(name) = backend.str_of("name") else {
                continue;
            };
            let name = match backend.str_of("namespace") {
                Some(namespace) => format!("{name}.{namespace}"),
                None => name.to_owned(),
            };
            for host in &hosts {
                for path in &paths {
                    let route = GatewayRoute {
                        class: None,
                        gateway: object.kind.to_owned(),
                        name: Some(object.name.to_owned()),
                        host: host.clone(),
                        path: path.clone(),
                        target: target(&name, backend.str_of("port")),
                        tls: false,
                    };
                    add(acc, object, rule, route);
                }
            }
        }
    }
}

/// Listeners that end TLS: of the Gateway API and of Istio.
fn gateway(acc: &mut FileFacts, object: &Object<'_, '_>) {
    for (list, host) in [("listeners", "hostname"), ("servers", "hosts")] {
        for listener in object.spec(&[list]).map_or(&[][..], Node::items) {
            let Some(tls) = listener.get("tls") else {
                continue;
            };
            let hosts = listener.get(host).map(Node::strings).unwrap_or_default();
            let hosts: Vec<&str> = hosts.into_iter().map(|(host, _)| host).collect();
            let mode = tls.str_of("mode").unwrap_or("Terminate");
            let detail = format!("{mode} {}", hosts.join(", "));
            let lines = (listener.first, listener.last);
            let name = format!("Gateway `{}`", object.name);
            let detail = Some(detail.trim().to_owned());
            mark(acc, object.file, lines, Topic::Tls, name, detail);
        }
    }
}

fn traefik(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let tls = object.spec(&["tls"]).is_some();
    for route in object.spec(&["routes"]).map_or(&[][..], Node::items) {
        let pairs = traefik_rule::matches(route.str_of("match").unwrap_or_default());
        for service in route.get("services").map_or(&[][..], Node::items) {
            let name = service.str_of("name").unwrap_or_default();
            for (host, path) in &pairs {
                let found = GatewayRoute {
                    class: None,
                    gateway: "Traefik".to_owned(),
                    name: Some(object.name.to_owned()),
                    host: host.clone(),
                    path: path.clone(),
                    target: target(name, service.str_of("port")),
                    tls,
                };
                add(acc, object, route, found);
            }
        }
    }
}

fn virtual_service(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let hosts = hosts(object.spec(&["hosts"]));
    for kind in ["http", "tls", "tcp"] {
        for rule in object.spec(&[kind]).map_or(&[][..], Node::items) {
            let mut paths: Vec<Option<String>> = rule
                .get("match")
                .map_or(&[][..], Node::items)
                .iter()
                .map(|m| {
                    let uri = m.get("uri")?;
                    ["prefix", "exact", "regex"]
                        .iter()
                        .find_map(|key| uri.str_of(key))
                        .map(str::to_owned)
                })
                .take(MAX_HOSTS)
                .collect();
            paths.dedup();
            if paths.is_empty() {
                paths.push(None);
            }
            for route in rule.get("route").map_or(&[][..], Node::items) {
                let Some(to) = route.get("destination") else {
                    continue;
                };
                let name = to.str_of("host").unwrap_or_default();
                let port = to.at(&["port", "number"]).and_then(Node::str);
                for host in &hosts {
                    for path in &paths {
                        let found = GatewayRoute {
                            class: None,
                            gateway: "Istio".to_owned(),
                            name: Some(object.name.to_owned()),
                            host: host.clone(),
                            path: path.clone(),
                            target: target(name, port),
                            tls: kind == "tls",
                        };
                        add(acc, object, rule, found);
                    }
                }
            }
            rule_marks(acc, object, rule);
        }
    }
}

/// Time-outs and retries of an Istio rule.
fn rule_marks(acc: &mut FileFacts, object: &Object<'_, '_>, rule: &Node) {
    let name = format!("VirtualService `{}`", object.name);
    for (key, node) in rule.entries() {
        let lines = (key.line, node.last.max(key.line));
        let (topic, detail) = match key.text.as_str() {
            "timeout" => (Topic::Timeout, node.str().map(str::to_owned)),
            "retries" => {
                let attempts = node.str_of("attempts").unwrap_or_default();
                let on = node.str_of("retryOn").map(|on| format!(" on {on}"));
                let text = format!("{attempts} attempts{}", on.unwrap_or_default());
                (Topic::Retry, Some(text))
            }
            _ => continue,
        };
        mark(acc, object.file, lines, topic, &*name, detail);
    }
}

fn http_proxy(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let host = object.spec_str(&["virtualhost", "fqdn"]);
    let tls = object.spec(&["virtualhost", "tls"]).is_some();
    for route in object.spec(&["routes"]).map_or(&[][..], Node::items) {
        let conditions = route.get("conditions").map_or(&[][..], Node::items);
        let path = conditions.iter().find_map(|c| c.str_of("prefix"));
        for service in route.get("services").map_or(&[][..], Node::items) {
            let name = service.str_of("name").unwrap_or_default();
            let found = GatewayRoute {
                class: None,
                gateway: "Contour".to_owned(),
                name: Some(object.name.to_owned()),
                host: host.map(str::to_owned),
                path: path.map(str::to_owned),
                target: target(name, service.str_of("port")),
                tls,
            };
            add(acc, object, route, found);
        }
    }
}

/// Rules of APISIX as objects of a cluster
/// (<https://apisix.apache.org/docs/ingress-controller/concepts/apisix_route/>).
fn apisix(acc: &mut FileFacts, object: &Object<'_, '_>) {
    for rule in object.spec(&["http"]).map_or(&[][..], Node::items) {
        let hosts = hosts(rule.at(&["match", "hosts"]));
        let paths = rule.at(&["match", "paths"]).map(Node::strings);
        let mut paths: Vec<Option<&str>> = (paths.unwrap_or_default().into_iter())
            .map(|(path, _)| Some(path))
            .take(MAX_HOSTS)
            .collect();
        if paths.is_empty() {
            paths.push(None);
        }
        let several = rule.get("backends").map_or(&[][..], Node::items).iter();
        let backends = several.map(AsRef::as_ref).chain(rule.get("backend"));
        for backend in backends {
            let name = backend.str_of("serviceName").unwrap_or_default();
            for host in &hosts {
                for path in &paths {
                    let found = GatewayRoute {
                        class: None,
                        gateway: "ApisixRoute".to_owned(),
                        name: Some(object.name.to_owned()),
                        host: host.clone(),
                        path: path.map(str::to_owned),
                        target: target(name, backend.str_of("servicePort")),
                        tls: false,
                    };
                    add(acc, object, rule, found);
                }
            }
        }
    }
}

fn openshift(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let found = GatewayRoute {
        class: None,
        gateway: "OpenShift Route".to_owned(),
        name: Some(object.name.to_owned()),
        host: object.spec_str(&["host"]).map(str::to_owned),
        path: object.spec_str(&["path"]).map(str::to_owned),
        target: target(
            object.spec_str(&["to", "name"]).unwrap_or_default(),
            object.spec_str(&["port", "targetPort"]),
        ),
        tls: object.spec(&["tls"]).is_some(),
    };
    add(acc, object, object.node, found);
}
