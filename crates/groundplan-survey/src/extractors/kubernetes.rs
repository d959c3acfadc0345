//! Kubernetes objects.

mod config;
mod container;
pub(crate) mod dapr;
mod network;
mod object;
mod operators;
mod policy;
mod release;
mod topics;
mod workload;

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::Node;
use object::Object;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "kubernetes",
    docs: "\
### What it finds
Objects of Kubernetes in YAML and JSON, also several in a file, in lists and in templates of OpenShift: workloads (Deployment,
StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod, Argo Rollout, Knative Service) with image,
command, ports, environment, replicas, requests and limits, probes, volumes, security settings and
update strategy; Services; routes of Ingress, Gateway API, Traefik, Istio and Contour; ConfigMaps
and the keys of Secrets; autoscalers; network policies, volume claims, roles, alert rules, monitors,
components and subscriptions of Dapr, also where no cluster is; certificates, external secrets and disruption budgets; stores and brokers that operators make (Strimzi,
CloudNativePG, Crunchy, Zalando, RabbitMQ, ECK, Redis, MongoDB, Percona, Altinity and others) with the
names of their Services; topics and queues that Strimzi and RabbitMQ keep; charts of others that Flux and Argo CD keep installed, with their versions.

### What it does not find
Objects of other operators, parameters of templates of OpenShift and values of Secrets. Templates of Helm are rendered first, see `helm`.
",
    reads: &[Reads::Paths(&["*.yaml", "*.yml", "*.json"])],
    markers: &["apiVersion:", "\"apiVersion\""],
    run: extract,
};

/// Lists in lists beyond this depth are left out.
const MAX_LISTS: u32 = 4;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("kind") || file.name().eq_ignore_ascii_case("Chart.yaml") {
        return;
    }
    if let Some(at) = helm_template(file.text) {
        if super::helm::is_template(file.path) {
            return;
        }
        let line = file.lines().line_of(at);
        let message = "a Helm template: expected YAML, found template actions";
        let note = Diagnostic::new(Severity::Note, "helm-template", message);
        let note = note.at(file.evidence(line, line));
        acc.diagnostics
            .push(note.help("charts are read by their values, not by this file"));
        return;
    }
    for document in file.documents() {
        read(acc, file, document, 0);
    }
}

/// Where a template action of Helm stands. Prometheus and Argo write `{{ }}` too, in plain YAML.
fn helm_template(text: &str) -> Option<usize> {
    const ACTIONS: [&str; 9] = [
        ".Values",
        ".Release",
        ".Chart",
        ".Capabilities",
        ".Files",
        "include \"",
        "template \"",
        "define \"",
        "toYaml",
    ];
    let mut from = 0;
    while let Some(at) = text[from..].find("{{") {
        let start = from + at + 2;
        let end = text[start..].find("}}").map_or(text.len(), |e| start + e);
        let action = &text[start..end];
        if ACTIONS.iter().any(|word| action.contains(word)) {
            return Some(start);
        }
        from = end;
    }
    None
}

/// Whether a text is a template of Helm.
pub(super) fn is_helm(text: &str) -> bool {
    helm_template(text).is_some()
}

/// The objects of a rendered template, with the lines of the template.
pub(crate) fn rendered(file: &SourceFile<'_>) -> FileFacts {
    let mut acc = FileFacts::of(file);
    for document in file.documents() {
        read(&mut acc, file, document, 0);
    }
    crate::redact::redact(acc, file.text)
}

fn read(acc: &mut FileFacts, file: &SourceFile<'_>, node: &Node, depth: u32) {
    let Some(object) = Object::of(file, node) else {
        return;
    };
    if let Some(items) = node.get("items")
        && object.kind.ends_with("List")
        && depth < MAX_LISTS
    {
        for item in items.items() {
            read(acc, file, item, depth + 1);
        }
        return;
    }
    // Whoever processes a template of OpenShift creates its objects
    // (<https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/images/using-templates>).
    if let Some(objects) = node.get("objects")
        && object.kind == "Template"
        && depth < MAX_LISTS
    {
        for item in objects.items() {
            read(acc, file, item, depth + 1);
        }
        return;
    }
    if object.name.is_empty() {
        return;
    }
    workload::read(acc, &object);
    network::read(acc, &object);
    config::read(acc, &object);
    policy::read(acc, &object);
    dapr::read(acc, &object);
    release::read(acc, &object);
    operators::read(acc, &object);
    topics::read(acc, &object);
}
