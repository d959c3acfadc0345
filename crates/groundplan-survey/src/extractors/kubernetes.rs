//! Kubernetes objects.

mod config;
mod container;
mod helm;
mod network;
mod object;
mod policy;
mod workload;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Placed};
use crate::source::SourceFile;
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::Node;
use object::Object;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "kubernetes",
    docs: "\
### What it finds
Objects of Kubernetes in YAML and JSON, also several in a file and in lists: workloads (Deployment,
StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod, Argo Rollout, Knative Service) with image,
command, ports, environment, replicas, requests and limits, probes, volumes, security settings and
update strategy; Services; routes of Ingress, Gateway API, Traefik, Istio and Contour; ConfigMaps
and the keys of Secrets; autoscalers; network policies, volume claims, roles, alert rules, monitors,
certificates, external secrets and disruption budgets.

### What it does not find
What Helm templates make by conditions and loops inside an object, objects of other operators, and
values of Secrets. Templates of Helm are read without running Helm: actions that name a value are
filled from the `values.yaml` of the chart, and workloads whose image stays unknown are left out.
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
        if file.path.contains("/templates/") && template(acc, file) {
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

/// Reads a template of Helm; whether it held an object.
fn template(acc: &mut FileFacts, file: &SourceFile<'_>) -> bool {
    let masked = helm::masked(file.path, file.text);
    let (documents, _) = groundplan_syntax::yaml(&masked.text);
    let mut found = false;
    for document in &documents {
        let Some(object) = Object::of(file, document).filter(|o| !o.name.is_empty()) else {
            continue;
        };
        let Some(conditions) = masked.conditions(object.lines().0) else {
            continue;
        };
        let before = acc.facts.len();
        workload::read(acc, &object);
        let own = acc.facts.split_off(before);
        network::read(acc, &object);
        policy::read(acc, &object);
        let mut kept = acc.facts.split_off(before);
        // What stands under a condition or holds a value of the chart is known only for workloads.
        kept.retain(|fact| conditions.is_empty() && !format!("{:?}", fact.claim).contains("${"));
        for mut fact in own {
            if let Claim::Deployable(unit) = &mut fact.claim {
                unit.namespace = unit.namespace.take().filter(|n| !n.contains("${"));
                let switch = |c: &String| (CHART.to_owned(), fact_place(&fact.at, c));
                unit.attributes
                    .push((CHART.to_owned(), fact_place(&fact.at, "")));
                unit.attributes.extend(conditions.iter().map(switch));
                acc.facts.push(fact);
            }
        }
        acc.facts.append(&mut kept);
        found |= acc.facts.len() > before;
    }
    found
}

/// Attribute of a workload of a chart, before its values are filled in: the value that has to be
/// true for it, or nothing.
pub(crate) const CHART: &str = "helm.if";

fn fact_place(at: &groundplan_model::Evidence, value: &str) -> Placed<String> {
    Placed {
        value: value.to_owned(),
        at: at.clone(),
    }
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
    if object.name.is_empty() {
        return;
    }
    workload::read(acc, &object);
    network::read(acc, &object);
    config::read(acc, &object);
    policy::read(acc, &object);
}
