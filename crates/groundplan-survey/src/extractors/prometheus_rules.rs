//! Alert rules of Prometheus, and those that Grafana is provisioned with.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Language, Node};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "prometheus-rules",
    docs: "\
### What it finds
Alerts of rule files and of `PrometheusRule` objects, with expression, waiting time and severity;
rules inside a ConfigMap. Alert rules that Grafana is provisioned with, by their title.

### What it does not find
Recording rules, and rules inside templates of Helm.
",
    reads: &[Reads::Languages(&[Language::Yaml])],
    markers: &["alert:", "condition:"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // A template of Helm is no YAML before it is filled in.
    if file.path.contains("/templates/") && file.text.contains("{{-") {
        return;
    }
    for root in file.yaml() {
        groups(acc, file, root);
        if let Some(spec) = root.get("spec") {
            groups(acc, file, spec);
        }
        embedded(acc, file, root);
    }
}

fn groups(acc: &mut FileFacts, file: &SourceFile<'_>, node: &Node) {
    for group in node.get("groups").map(Node::items).unwrap_or_default() {
        for rule in group.get("rules").map(Node::items).unwrap_or_default() {
            add(acc, file, rule, (rule.first, rule.last));
        }
    }
}

/// Rules in a block of text of a ConfigMap, whose lines follow those of its key.
fn embedded(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    if root.str_of("kind") != Some("ConfigMap") {
        return;
    }
    for (key, node) in root.get("data").map(Node::entries).unwrap_or_default() {
        let Some(text) = node
            .str()
            .filter(|t| t.contains("alert:") && t.contains("groups:"))
        else {
            continue;
        };
        let (documents, _) = groundplan_syntax::yaml(text);
        for document in documents {
            for group in document.get("groups").map(Node::items).unwrap_or_default() {
                for rule in group.get("rules").map(Node::items).unwrap_or_default() {
                    let lines = (key.line + rule.first, key.line + rule.last);
                    add(acc, file, rule, lines);
                }
            }
        }
    }
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, rule: &Node, (first, last): (u32, u32)) {
    let expression = rule.str_of("expr").unwrap_or_default();
    let name = match rule.str_of("alert") {
        Some(name) => name,
        // Grafana's own form (<https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/>).
        None => match (
            rule.str_of("title"),
            rule.get("condition"),
            rule.get("data"),
        ) {
            (Some(title), Some(_), Some(_)) => title,
            _ => return,
        },
    };
    let words: Vec<&str> = expression.split_whitespace().collect();
    let mut detail = words.join(" ");
    if let Some(wait) = rule.str_of("for") {
        detail.push_str(&format!(" for {wait}"));
    }
    if let Some(severity) = rule.get("labels").and_then(|l| l.str_of("severity")) {
        detail.push_str(&format!(", severity {severity}"));
    }
    let mark = Mark {
        topic: Topic::AlertRule,
        name: name.to_owned(),
        detail: (!detail.is_empty()).then_some(detail),
    };
    acc.add(file, first, last, Claim::Mark(mark));
}
