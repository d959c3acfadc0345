//! Values of Helm charts.

use super::manifests::keep_value;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Overlay};
use crate::source::SourceFile;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "helm-values",
    docs: "\
### What it finds
Scalars of `values.yaml`, which templates of a Helm chart are filled with.

### What it does not find
Values of lists, other value files, and secrets.
",
    reads: &[Reads::Paths(&["values.yaml", "values.yml"])],
    markers: &[],
    run: extract,
};

/// What the facts are called, for those who fill templates.
pub(crate) const MECHANISM: &str = "Helm values";

/// Values and depth beyond which the rest is left out.
const MAX_VALUES: usize = 2_000;
const MAX_DEPTH: usize = 8;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut changes = Vec::new();
    let Some(root) = file.documents().into_iter().next() else {
        return;
    };
    collect(root, "", 0, &mut changes);
    if changes.is_empty() {
        return;
    }
    let overlay = Overlay {
        mechanism: MECHANISM.to_owned(),
        name: file.folder().to_owned(),
        changes,
        ..Overlay::default()
    };
    acc.add(file, root.first, root.last, Claim::Overlay(overlay));
}

/// `path=value` of every scalar below a mapping.
fn collect(node: &Node, prefix: &str, depth: usize, out: &mut Vec<String>) {
    for (key, value) in node.entries() {
        if out.len() >= MAX_VALUES || depth >= MAX_DEPTH {
            return;
        }
        let path = match prefix {
            "" => key.text.clone(),
            _ => format!("{prefix}.{}", key.text),
        };
        match value.str() {
            Some(text) => {
                if let Some(kept) = keep_value(&key.text, text)
                    && !kept.is_empty()
                    && !matches!(kept.as_str(), "null" | "~")
                {
                    out.push(format!("{path}={kept}"));
                }
            }
            None => collect(value, &path, depth + 1, out),
        }
    }
}
