//! Pipelines of the OpenTelemetry Collector.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::mark;
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Language, Node};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "otel-collector",
    docs: "\
### What it finds
Pipelines of the OpenTelemetry Collector: for traces, metrics and logs what takes them, what handles
them and what they are handed to, in files of its own, in a ConfigMap and in
`OpenTelemetryCollector` objects (<https://opentelemetry.io/docs/collector/configuration/>).

### What it does not find
Settings of receivers and exporters; addresses of exporters see `config-addresses`.
",
    reads: &[Reads::Languages(&[Language::Yaml])],
    markers: &["pipelines:"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.yaml() {
        pipelines(acc, file, root, 0);
        match root.str_of("kind") {
            Some("OpenTelemetryCollector") => {
                if let Some(config) = root.at(&["spec", "config"]) {
                    match config.str() {
                        Some(text) => embedded(acc, file, text, config.first),
                        None => pipelines(acc, file, config, 0),
                    }
                }
            }
            Some("ConfigMap") => {
                for (key, node) in root.get("data").map(Node::entries).unwrap_or_default() {
                    if let Some(text) = node.str().filter(|t| t.contains("pipelines:")) {
                        embedded(acc, file, text, key.line);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A configuration in a block of text, whose lines follow that of its key.
fn embedded(acc: &mut FileFacts, file: &SourceFile<'_>, text: &str, line: u32) {
    let (documents, _) = groundplan_syntax::yaml(text);
    for document in &documents {
        pipelines(acc, file, document, line);
    }
}

fn pipelines(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node, offset: u32) {
    let Some(all) = root.at(&["service", "pipelines"]) else {
        return;
    };
    for (key, pipeline) in all.entries() {
        let names = |part: &str| {
            let listed = pipeline.get(part).map(Node::strings).unwrap_or_default();
            let names: Vec<String> = listed.iter().map(|(n, _)| format!("`{n}`")).collect();
            names.join(", ")
        };
        let (from, through, to) = (names("receivers"), names("processors"), names("exporters"));
        if from.is_empty() || to.is_empty() {
            continue;
        }
        let mut detail = format!("taken by {from}");
        if !through.is_empty() {
            detail.push_str(&format!(", handled by {through}"));
        }
        detail.push_str(&format!(", handed to {to}"));
        let lines = (key.line + offset, pipeline.last.max(key.line) + offset);
        mark(
            acc,
            file,
            lines,
            Topic::TelemetryPipeline,
            key.text.as_str(),
            Some(detail),
        );
    }
}
