//! Scaling, access, alerts and the rest.

use super::object::{Object, selector};
use super::workload::claim_text;
use crate::extractors::manifests::{cut, mark, one_line};
use crate::facts::{Autoscaler, Claim, FileFacts};
use groundplan_model::Topic;
use groundplan_syntax::Node;

/// Longest expression of an alert that is kept, in bytes.
const MAX_EXPRESSION: usize = 500;

pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    match object.kind {
        "HorizontalPodAutoscaler" => autoscaler(acc, object),
        "ScaledObject" => scaled_object(acc, object),
        "NetworkPolicy" => network_policy(acc, object),
        "PodDisruptionBudget" => {
            let text = [
                ("minAvailable", "min available"),
                ("maxUnavailable", "max unavailable"),
            ]
            .iter()
            .filter_map(|(key, words)| Some(format!("{words} {}", object.spec_str(&[key])?)))
            .collect::<Vec<_>>()
            .join(", ");
            let pods = selector(object.spec(&["selector"]));
            let name = format!("PodDisruptionBudget `{}`", object.name);
            object.mark(
                acc,
                Topic::ErrorHandling,
                name,
                Some(format!("{text} of {pods}")),
            );
        }
        "PersistentVolumeClaim" | "PersistentVolume" => {
            let mut text = claim_text(object.node.get("spec"));
            if let Some(size) = object.spec_str(&["capacity", "storage"]) {
                text = format!("{size} {text}");
            }
            object.mark(acc, Topic::Volume, object.name, Some(text));
        }
        "StorageClass" => {
            let detail = object.node.str_of("provisioner").map(str::to_owned);
            object.mark(acc, Topic::Volume, object.name, detail);
        }
        "ServiceAccount" | "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => {
            access(acc, object);
        }
        "AuthorizationPolicy" => {
            let action = object.spec_str(&["action"]).unwrap_or("ALLOW");
            let pods = selector(object.spec(&["selector"]));
            let name = format!("AuthorizationPolicy `{}`", object.name);
            object.mark(
                acc,
                Topic::Authorization,
                name,
                Some(format!("{action} for {pods}")),
            );
        }
        "RequestAuthentication" => {
            let rules = object
                .spec(&["jwtRules"])
                .map_or(&[][..], Node::items)
                .iter();
            let issuers: Vec<&str> = rules.filter_map(|r| r.str_of("issuer")).collect();
            let name = format!("RequestAuthentication `{}`", object.name);
            let detail = format!("JWT of {}", issuers.join(", "));
            object.mark(acc, Topic::Authentication, name, Some(detail));
        }
        "PeerAuthentication" => {
            let mode = object.spec_str(&["mtls", "mode"]).unwrap_or("UNSET");
            let name = format!("PeerAuthentication `{}`", object.name);
            object.mark(acc, Topic::Tls, name, Some(format!("mutual TLS {mode}")));
        }
        "DestinationRule" => destination_rule(acc, object),
        "Certificate" | "ManagedCertificate" => {
            let names = object
                .spec(&["dnsNames"])
                .or_else(|| object.spec(&["domains"]))
                .map(Node::strings)
                .unwrap_or_default();
            let names: Vec<&str> = names.into_iter().map(|(name, _)| name).collect();
            let name = format!("Certificate `{}`", object.name);
            object.mark(acc, Topic::Tls, name, Some(names.join(", ")));
        }
        "Issuer" | "ClusterIssuer" => {
            let server = object.spec_str(&["acme", "server"]).map(str::to_owned);
            object.mark(
                acc,
                Topic::Tls,
                format!("{} `{}`", object.kind, object.name),
                server,
            );
        }
        "PrometheusRule" => alerts(acc, object),
        "ServiceMonitor" | "PodMonitor" => monitor(acc, object),
        _ => {}
    }
}

fn autoscaler(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let text = |path: &[&str]| object.spec_str(path).map(str::to_owned);
    let mut metrics = Vec::new();
    if let Some(share) = text(&["targetCPUUtilizationPercentage"]) {
        metrics.push(format!("cpu {share} %"));
    }
    for metric in object.spec(&["metrics"]).map_or(&[][..], Node::items) {
        const KINDS: [&str; 5] = [
            "resource",
            "containerResource",
            "pods",
            "object",
            "external",
        ];
        let Some(source) = KINDS.iter().find_map(|kind| metric.get(kind)) else {
            continue;
        };
        let name = source
            .str_of("name")
            .or_else(|| source.at(&["metric", "name"])?.str())
            .or_else(|| source.str_of("metricName"))
            .unwrap_or("metric");
        let goal = source.get("target").unwrap_or(source);
        let share = goal
            .str_of("averageUtilization")
            .or_else(|| source.str_of("targetAverageUtilization"))
            .map(|share| format!("{share} %"));
        let value = ["averageValue", "value", "targetAverageValue", "targetValue"]
            .iter()
            .find_map(|key| goal.str_of(key))
            .map(str::to_owned);
        metrics.push(
            format!("{name} {}", share.or(value).unwrap_or_default())
                .trim()
                .to_owned(),
        );
    }
    let found = Autoscaler {
        target: text(&["scaleTargetRef", "name"]).unwrap_or_default(),
        min: text(&["minReplicas"]),
        max: text(&["maxReplicas"]),
        metrics,
        asks: Vec::new(),
    };
    object.claim(acc, Claim::Autoscaler(found));
}

fn scaled_object(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let text = |path: &[&str]| object.spec_str(path).map(str::to_owned);
    let mut metrics = Vec::new();
    for trigger in object.spec(&["triggers"]).map_or(&[][..], Node::items) {
        const SHOWN: [&str; 14] = [
            "topic",
            "queueName",
            "queueURL",
            "stream",
            "metricName",
            "subscriptionName",
            "listName",
            "consumerGroup",
            "value",
            "threshold",
            "lagThreshold",
            "queueLength",
            "listLength",
            "start",
        ];
        let kind = trigger.str_of("type").unwrap_or("trigger");
        let metadata = trigger.get("metadata");
        let mut parts = vec![kind.to_owned()];
        for key in SHOWN {
            let value = metadata.and_then(|m| m.str_of(key));
            parts.extend(value.map(|value| format!("{key} {value}")));
        }
        metrics.push(crate::secrets::without_credentials(&parts.join(" ")));
    }
    let found = Autoscaler {
        target: text(&["scaleTargetRef", "name"]).unwrap_or_default(),
        min: text(&["minReplicaCount"]),
        max: text(&["maxReplicaCount"]),
        metrics,
        asks: Vec::new(),
    };
    object.claim(acc, Claim::Autoscaler(found));
}

fn network_policy(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let peer = |node: &Node| -> String {
        let pods = node
            .get("podSelector")
            .map(|s| format!("pods {}", selector(Some(s))));
        let space = node.get("namespaceSelector");
        let space = space.map(|s| format!("namespaces {}", selector(Some(s))));
        let block = node.at(&["ipBlock", "cidr"]).and_then(Node::str);
        let parts: Vec<String> = pods.into_iter().chain(space).collect();
        block.map_or_else(|| parts.join(" in "), str::to_owned)
    };
    let mut parts = vec![format!("for {}", selector(object.spec(&["podSelector"])))];
    for (direction, key) in [("ingress", "from"), ("egress", "to")] {
        let Some(rules) = object.spec(&[direction]) else {
            continue;
        };
        if rules.items().is_empty() {
            parts.push(format!("no {direction}"));
        }
        for rule in rules.items().iter().take(16) {
            let peers = rule.get(key).map_or(&[][..], Node::items).iter().take(16);
            let peers: Vec<String> = peers.map(|p| peer(p)).collect();
            let ports = rule
                .get("ports")
                .map_or(&[][..], Node::items)
                .iter()
                .take(16);
            let ports: Vec<&str> = ports.filter_map(|p| p.str_of("port")).collect();
            let peers = if peers.is_empty() {
                "anywhere".to_owned()
            } else {
                peers.join(" or ")
            };
            let ports = if ports.is_empty() {
                String::new()
            } else {
                format!(" on port {}", ports.join(", "))
            };
            parts.push(format!("{direction} {key} {peers}{ports}"));
        }
    }
    let types = object
        .spec(&["policyTypes"])
        .map(Node::strings)
        .unwrap_or_default();
    for (kind, _) in types {
        let lower = kind.to_ascii_lowercase();
        if object.spec(&[&lower]).is_none() {
            parts.push(format!("no {lower}"));
        }
    }
    object.mark(
        acc,
        Topic::NetworkPolicy,
        object.name,
        Some(parts.join("; ")),
    );
}

fn access(acc: &mut FileFacts, object: &Object<'_, '_>) {
    // `Role` is also a kind of clouds and operators, whose rules stand elsewhere.
    let own = [
        "",
        "rbac.authorization.k8s.io",
        "authorization.openshift.io",
    ];
    if !own.contains(&object.group) {
        return;
    }
    let rules = object.node.get("rules").map_or(&[][..], Node::items);
    let mut parts: Vec<String> = rules
        .iter()
        .take(16)
        .filter_map(|rule| permission(rule))
        .collect();
    if let Some(role) = object.node.at(&["roleRef", "name"]).and_then(Node::str) {
        let subjects = object
            .node
            .get("subjects")
            .map_or(&[][..], Node::items)
            .iter();
        let subjects: Vec<&str> = subjects.filter_map(|s| s.str_of("name")).take(16).collect();
        parts.push(format!("role `{role}` for {}", subjects.join(", ")));
    }
    for key in [
        "eks.amazonaws.com/role-arn",
        "iam.gke.io/gcp-service-account",
    ] {
        parts.extend(
            object
                .annotation(key)
                .map(|role| format!("acts as `{role}`")),
        );
    }
    let name = format!("{} `{}`", object.kind, object.name);
    object.mark(acc, Topic::Authorization, name, Some(parts.join("; ")));
}

/// What a rule lets do with what: the group and the names limit it as much as the resources do
/// (<https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole>).
fn permission(rule: &Node) -> Option<String> {
    let words = |key: &str| -> Vec<&str> {
        let all = rule.get(key).map(Node::strings).unwrap_or_default();
        all.into_iter().map(|(text, _)| text).collect()
    };
    let verbs = words("verbs");
    let verbs = match verbs.as_slice() {
        [] => return None,
        all if all.contains(&"*") => "do everything with".to_owned(),
        all => listed(all),
    };
    let paths = words("nonResourceURLs");
    if !paths.is_empty() {
        let noun = if paths.len() == 1 { "path" } else { "paths" };
        return Some(format!("{verbs} the {noun} {}", listed(&paths)));
    }
    let resources = words("resources");
    let resources = match resources.as_slice() {
        [] => return None,
        all if all.contains(&"*") => "every resource".to_owned(),
        all => listed(all),
    };
    let groups = words("apiGroups");
    let groups: Vec<&str> = groups
        .into_iter()
        .map(|group| if group.is_empty() { "core" } else { group })
        .collect();
    let groups = match groups.as_slice() {
        [] => String::new(),
        all if all.contains(&"*") => " of every API group".to_owned(),
        [one] => format!(" of the {one} API group"),
        all => format!(" of the API groups {}", listed(all)),
    };
    let names = words("resourceNames");
    let names = match names.is_empty() {
        true => String::new(),
        false => format!(", only those named {}", listed(&names)),
    };
    Some(format!("{verbs} {resources}{groups}{names}"))
}

/// `a, b and c`.
fn listed(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

fn destination_rule(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let Some(policy) = object.spec(&["trafficPolicy"]) else {
        return;
    };
    let host = object.spec_str(&["host"]).unwrap_or(object.name);
    let name = format!("DestinationRule `{}`", object.name);
    for (key, node) in policy.entries() {
        let lines = (key.line, node.last.max(key.line));
        let (topic, detail) = match key.text.as_str() {
            "outlierDetection" => (
                Topic::CircuitBreaker,
                format!("outlier detection for {host}"),
            ),
            "connectionPool" => (Topic::CircuitBreaker, format!("connection pool for {host}")),
            "tls" => {
                let mode = node.str_of("mode").unwrap_or_default();
                (Topic::Tls, format!("{mode} to {host}"))
            }
            _ => continue,
        };
        mark(acc, object.file, lines, topic, &*name, Some(detail));
    }
}

fn alerts(acc: &mut FileFacts, object: &Object<'_, '_>) {
    for group in object.spec(&["groups"]).map_or(&[][..], Node::items) {
        for rule in group.get("rules").map_or(&[][..], Node::items) {
            let Some(name) = rule.str_of("alert") else {
                continue;
            };
            let mut parts: Vec<String> = Vec::new();
            let expression = rule.str_of("expr").map(one_line);
            parts.extend(expression.map(|e| cut(&e, MAX_EXPRESSION)));
            parts.extend(rule.str_of("for").map(|time| format!("for {time}")));
            let severity = rule.at(&["labels", "severity"]).and_then(Node::str);
            parts.extend(severity.map(|s| format!("severity {s}")));
            let lines = (rule.first, rule.last);
            let detail = Some(parts.join("; "));
            mark(acc, object.file, lines, Topic::AlertRule, name, detail);
        }
    }
}

fn monitor(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let pods = selector(object.spec(&["selector"]));
    for key in ["endpoints", "podMetricsEndpoints"] {
        for endpoint in object.spec(&[key]).map_or(&[][..], Node::items) {
            let path = endpoint.str_of("path").unwrap_or("/metrics");
            let port = endpoint
                .str_of("port")
                .or_else(|| endpoint.str_of("targetPort"));
            let port = port.map(|p| format!(" on port {p}")).unwrap_or_default();
            let every = endpoint.str_of("interval").map(|t| format!(" every {t}"));
            let every = every.unwrap_or_default();
            let detail = format!("{} scrapes {pods}{port}{every}", object.kind);
            let lines = (endpoint.first, endpoint.last);
            mark(acc, object.file, lines, Topic::Metric, path, Some(detail));
        }
    }
}
