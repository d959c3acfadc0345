//! Containers of a pod.

use super::workload::field_at;
use crate::extractors::manifests::{
    Fields, at_node, command_line, env_from, env_value, kubernetes_variables, redact_command,
};
use crate::facts::{Deployable, EnvValue, Placed, Port};
use crate::source::SourceFile;
use groundplan_syntax::Node;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Container<'s, 't> {
    pub(super) file: &'s SourceFile<'t>,
    pub(super) node: &'s Node,
}

/// A pod with more volumes is cut.
const MAX_VOLUMES: usize = 256;

/// Variables that a pod has by now, see [`key`].
pub(super) type Seen = BTreeSet<(String, Option<String>)>;

/// Scalars of a container and the attribute they become.
const SCALARS: [(&[&str], &str); 11] = [
    (&["resources", "limits", "memory"], "limit.memory"),
    (&["resources", "limits", "cpu"], "limit.cpu"),
    (&["resources", "limits", "nvidia.com/gpu"], "limit.gpu"),
    (&["resources", "requests", "memory"], "request.memory"),
    (&["resources", "requests", "cpu"], "request.cpu"),
    (&["securityContext", "runAsNonRoot"], "run-as-non-root"),
    (&["securityContext", "runAsUser"], "user"),
    (
        &["securityContext", "readOnlyRootFilesystem"],
        "read-only-root-filesystem",
    ),
    (&["securityContext", "privileged"], "privileged"),
    (
        &["securityContext", "allowPrivilegeEscalation"],
        "privilege-escalation",
    ),
    (&["imagePullPolicy"], "image-pull-policy"),
];

const PROBES: [(&str, &str); 3] = [
    ("livenessProbe", "probe.liveness"),
    ("readinessProbe", "probe.readiness"),
    ("startupProbe", "probe.startup"),
];

impl Container<'_, '_> {
    /// The container that the pod is for.
    pub(super) fn main(&self, found: &mut Deployable, seen: &mut Seen) {
        let fields = Fields::of(self.node);
        if let Some(image) = fields.get("image")
            && let Some(text) = image.str()
        {
            found.image = Some(image.place(self.file, text.to_owned()));
        }
        let parts: Vec<_> = ["command", "args"]
            .iter()
            .filter_map(|key| fields.get(key))
            .filter_map(|field| Some((field, command_line(field.node)?)))
            .collect();
        if let (Some(first), Some(last)) = (
            parts.iter().map(|(f, _)| f.lines().0).min(),
            parts.iter().map(|(f, _)| f.lines().1).max(),
        ) {
            let words: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
            let text = kubernetes_variables(&words.join(" "), &BTreeMap::new());
            found.command = Some(Placed {
                value: redact_command(&text),
                at: self.file.evidence(first, last),
            });
        }
        self.ports(found);
        self.environment(found, seen);
        for (path, attribute) in SCALARS {
            if let Some(field) = field_at(self.node, path)
                && let Some(text) = field.str()
            {
                let value = field.place(self.file, text.to_owned());
                found.attributes.push((attribute.to_owned(), value));
            }
        }
        for (key, attribute) in PROBES {
            if let Some(field) = fields.get(key)
                && let Some(text) = probe(field.node)
            {
                let value = field.place(self.file, text);
                found.attributes.push((attribute.to_owned(), value));
            }
        }
        let stop = field_at(self.node, &["lifecycle", "preStop"]);
        if let Some(field) = stop
            && let Some(text) = probe(field.node)
        {
            let value = field.place(self.file, text);
            found.attributes.push(("pre-stop".to_owned(), value));
        }
        let drop = field_at(self.node, &["securityContext", "capabilities", "drop"]);
        if let Some(field) = drop {
            let words = field.node.strings().into_iter();
            let words: Vec<&str> = words.map(|(word, _)| word).collect();
            let value = field.place(self.file, words.join(", "));
            found
                .attributes
                .push(("capabilities.drop".to_owned(), value));
        }
    }

    /// A container beside it: its image, and what the pod as a whole has of it.
    pub(super) fn beside(&self, found: &mut Deployable, seen: &mut Seen) {
        if let Some(image) = Fields::of(self.node).get("image")
            && let Some(text) = image.str()
        {
            found.sidecars.push(image.place(self.file, text.to_owned()));
        }
        self.ports(found);
        // What it connects to, the pod reaches; its other settings are its own.
        let before = found.env.len();
        self.environment(found, seen);
        let own = found.env.split_off(before);
        let leads = |e: &EnvValue| e.value.as_deref().is_some_and(|v| v.contains(':'));
        found.env.extend(own.into_iter().filter(leads));
    }

    fn ports(&self, found: &mut Deployable) {
        for item in self.node.get("ports").map_or(&[][..], Node::items) {
            let text = |key: &str| item.str_of(key).map(str::to_owned);
            let Some(container) = text("containerPort") else {
                continue;
            };
            let port = Port {
                dynamic: false,
                container,
                host: text("hostPort"),
                protocol: text("protocol"),
                name: text("name"),
            };
            found.ports.push(at_node(self.file, item, port));
        }
    }

    fn environment(&self, found: &mut Deployable, seen: &mut Seen) {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut all: Vec<EnvValue> = Vec::new();
        for item in self.node.get("envFrom").map_or(&[][..], Node::items) {
            let prefix = item.str_of("prefix").unwrap_or_default();
            for (key, kind) in [("configMapRef", "config_map"), ("secretRef", "secret")] {
                let name = item.get(key).and_then(|r| r.str_of("name"));
                if let Some(name) = name {
                    let at = self.file.node(item);
                    let from = format!("{kind}:{name}");
                    all.push(env_from(prefix, from, kind == "secret", at));
                }
            }
        }
        for item in self.node.get("env").map_or(&[][..], Node::items) {
            let Some(name) = item.str_of("name") else {
                continue;
            };
            let at = self.file.node(item);
            let entry = match item.get("valueFrom") {
                Some(from) => match reference(from) {
                    Some((from, secret)) => env_from(name, from, secret, at),
                    None => continue,
                },
                None => {
                    let value = item.str_of("value").unwrap_or_default();
                    let value = kubernetes_variables(value, &known);
                    known.insert(name.to_owned(), value.clone());
                    env_value(name, &value, at)
                }
            };
            all.push(entry);
        }
        for entry in all {
            if seen.insert(key(&entry)) {
                found.env.push(entry);
            }
        }
    }
}

/// What tells two entries apart: the name, or for whole sources the source.
fn key(entry: &EnvValue) -> (String, Option<String>) {
    let whole = entry.from.clone().filter(|_| entry.name.is_empty());
    (entry.name.clone(), whole)
}

/// Where a value is taken from, and whether that is a secret.
fn reference(from: &Node) -> Option<(String, bool)> {
    let keyed = |node: &Node| {
        let name = node.str_of("name").unwrap_or_default();
        format!("{name}/{}", node.str_of("key").unwrap_or_default())
    };
    if let Some(node) = from.get("configMapKeyRef") {
        return Some((format!("config_map:{}", keyed(node)), false));
    }
    if let Some(node) = from.get("secretKeyRef") {
        return Some((format!("secret:{}", keyed(node)), true));
    }
    if let Some(path) = from.get("fieldRef").and_then(|r| r.str_of("fieldPath")) {
        return Some((format!("field:{path}"), false));
    }
    let resource = from
        .get("resourceFieldRef")
        .and_then(|r| r.str_of("resource"));
    resource.map(|resource| (format!("field:{resource}"), false))
}

/// `HTTP GET /path :port`, `gRPC :port`, `TCP :port` or `exec command`, with its times.
fn probe(node: &Node) -> Option<String> {
    let port = |node: &Node| {
        node.str_of("port")
            .map(|port| format!(" :{port}"))
            .unwrap_or_default()
    };
    let mut text = if let Some(http) = node.get("httpGet") {
        let path = http.str_of("path").unwrap_or("/");
        let scheme = http.str_of("scheme").unwrap_or("HTTP");
        format!("{scheme} GET {path}{}", port(http))
    } else if let Some(grpc) = node.get("grpc") {
        format!("gRPC{}", port(grpc))
    } else if let Some(tcp) = node.get("tcpSocket") {
        format!("TCP{}", port(tcp))
    } else {
        let command = node.at(&["exec", "command"])?;
        format!("exec {}", command_line(command)?)
    };
    for (key, words, unit) in [
        ("initialDelaySeconds", "after", " s"),
        ("periodSeconds", "every", " s"),
        ("timeoutSeconds", "timeout", " s"),
        ("failureThreshold", "failures", ""),
    ] {
        if let Some(value) = node.str_of(key) {
            text.push_str(&format!(", {words} {value}{unit}"));
        }
    }
    Some(text)
}

/// Volumes with their mount points in the main container: `kind:name:mount`.
pub(super) fn volumes(file: &SourceFile<'_>, pod: &Node, container: &Node) -> Vec<Placed<String>> {
    let mounts = container.get("volumeMounts").map_or(&[][..], Node::items);
    let mounts = &mounts[..mounts.len().min(MAX_VOLUMES)];
    let volumes = pod.get("volumes").map_or(&[][..], Node::items);
    let volumes = &volumes[..volumes.len().min(MAX_VOLUMES)];
    let mount = |name: &str| {
        mounts
            .iter()
            .find(|m| m.str_of("name") == Some(name))
            .and_then(|m| Some((m.str_of("mountPath")?, m.get("readOnly"))))
            .map(|(path, only)| match only.and_then(Node::truth) {
                // As Compose writes it.
                Some(true) => format!(":{path}:ro"),
                _ => format!(":{path}"),
            })
            .unwrap_or_default()
    };
    let mut all = Vec::new();
    for item in volumes {
        let Some(name) = item.str_of("name") else {
            continue;
        };
        for kind in sources(item, name) {
            let value = format!("{kind}{}", mount(name));
            all.push(at_node(file, item, value));
        }
    }
    // Claims of a StatefulSet are mounted by their name alone.
    for item in mounts {
        let name = item.str_of("name").unwrap_or_default();
        if !name.is_empty() && !volumes.iter().any(|v| v.str_of("name") == Some(name)) {
            let value = format!("claim:{name}{}", mount(name));
            all.push(at_node(file, item, value));
        }
    }
    all
}

fn sources(volume: &Node, name: &str) -> Vec<String> {
    let named = |kind: &str, word: &str, keys: &[&str]| -> Option<String> {
        let source = volume.get(kind)?;
        let name = keys.iter().find_map(|key| source.str_of(key));
        Some(format!("{word}:{}", name.unwrap_or(name_of(volume))))
    };
    let simple = [
        named("persistentVolumeClaim", "pvc", &["claimName"]),
        named("configMap", "config_map", &["name"]),
        named("secret", "secret", &["secretName", "name"]),
        named("emptyDir", "empty_dir", &[]),
        named("hostPath", "host_path", &["path"]),
        named("nfs", "nfs", &["server"]),
        named("csi", "csi", &["driver"]),
        named("ephemeral", "ephemeral", &[]),
    ];
    let mut all: Vec<String> = simple.into_iter().flatten().collect();
    let projected = volume.at(&["projected", "sources"]);
    for source in projected.map_or(&[][..], Node::items) {
        for (key, word) in [("configMap", "config_map"), ("secret", "secret")] {
            let name = source.get(key).and_then(|s| s.str_of("name"));
            all.extend(name.map(|name| format!("{word}:{name}")));
        }
    }
    if all.is_empty() {
        all.push(format!("volume:{name}"));
    }
    all
}

fn name_of(volume: &Node) -> &str {
    volume.str_of("name").unwrap_or_default()
}
