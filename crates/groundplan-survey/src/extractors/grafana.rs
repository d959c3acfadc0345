//! Dashboards of Grafana.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Language, Node};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "grafana",
    docs: "\
### What it finds
Dashboards of Grafana in JSON by their title, with the number of their panels.

### What it does not find
What the panels show; dashboards that are generated.
",
    reads: &[Reads::Languages(&[Language::Json])],
    markers: &["\"panels\"", "\"rows\""],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("\"schemaVersion\"") {
        return;
    }
    let Some(root) = file.json() else {
        return;
    };
    let root = root.get("dashboard").unwrap_or(root);
    let Some(title) = root.get("title") else {
        return;
    };
    let Some(name) = title.str().filter(|t| !t.is_empty()) else {
        return;
    };
    let mut count = 0;
    panels(root, 0, &mut count);
    let detail = match count {
        0 => return,
        1 => "1 panel".to_owned(),
        n => format!("{n} panels"),
    };
    let mark = Mark {
        topic: Topic::Dashboard,
        name: name.to_owned(),
        detail: Some(detail),
    };
    acc.add(file, title.first, title.last, Claim::Mark(mark));
}

/// Panels of a dashboard, those inside rows included; a row is none itself.
fn panels(node: &Node, depth: u32, count: &mut u32) {
    if depth > 3 {
        return;
    }
    for key in ["panels", "rows"] {
        for panel in node.get(key).map(Node::items).unwrap_or_default() {
            let is_row = key == "rows" || panel.str_of("type") == Some("row");
            *count += u32::from(!is_row);
            panels(panel, depth + 1, count);
        }
    }
}
