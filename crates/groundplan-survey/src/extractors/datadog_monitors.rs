//! Monitors of Datadog in JSON.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{mark, one_line};
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Language, Node};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "datadog-monitors",
    docs: "\
### What it finds
Monitors of Datadog in JSON as its interface gives them, alone or in a list: name, query and priority
(<https://docs.datadoghq.com/api/latest/monitors/>). Those in Terraform see `terraform`.

### What it does not find
Whom a monitor tells; dashboards.
",
    reads: &[Reads::Languages(&[Language::Json])],
    markers: &["\"query\""],
    run: extract,
};

/// Longest query that is told.
const MAX_QUERY: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !(file.text.contains(" alert\"") || file.text.contains(" check\"")) {
        return;
    }
    let Some(root) = file.json() else {
        return;
    };
    let listed = root.get("monitors").unwrap_or(root);
    let items = listed.items().iter().map(AsRef::as_ref);
    for monitor in std::iter::once(root).chain(items) {
        add(acc, file, monitor);
    }
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, monitor: &Node) {
    let (Some(name), Some(kind), Some(query)) = (
        monitor.str_of("name"),
        monitor.str_of("type"),
        monitor.str_of("query"),
    ) else {
        return;
    };
    if !(kind.ends_with(" alert") || kind.ends_with(" check")) {
        return;
    }
    let query = one_line(query);
    let mut detail: String = query.chars().take(MAX_QUERY).collect();
    if let Some(priority) = monitor.str_of("priority") {
        detail.push_str(&format!(", priority {priority}"));
    }
    let lines = (monitor.first, monitor.last);
    mark(acc, file, lines, Topic::AlertRule, name, Some(detail));
}
