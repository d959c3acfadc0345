//! What all objects have.

use crate::extractors::manifests::{Fields, mark};
use crate::facts::{Claim, FileFacts};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

/// An object with its kind and name.
pub(super) struct Object<'s, 't> {
    pub(super) file: &'s SourceFile<'t>,
    pub(super) node: &'s Node,
    pub(super) group: &'s str,
    pub(super) kind: &'s str,
    pub(super) name: &'s str,
    pub(super) namespace: Option<&'s str>,
}

impl<'s, 't> Object<'s, 't> {
    pub(super) fn of(file: &'s SourceFile<'t>, node: &'s Node) -> Option<Self> {
        let version = node.str_of("apiVersion")?;
        let kind = node.str_of("kind")?;
        let metadata = node.get("metadata");
        let text = |key: &str| metadata.and_then(|m| m.str_of(key));
        Some(Object {
            file,
            node,
            group: version.split_once('/').map_or("", |(group, _)| group),
            kind,
            name: text("name")
                .or_else(|| text("generateName").map(|n| n.trim_end_matches('-')))
                .unwrap_or_default(),
            namespace: text("namespace"),
        })
    }

    /// The value at a path below `spec`.
    pub(super) fn spec(&self, path: &[&str]) -> Option<&'s Node> {
        self.node.get("spec")?.at(path)
    }

    /// The text at a path below `spec`.
    pub(super) fn spec_str(&self, path: &[&str]) -> Option<&'s str> {
        self.spec(path)?.str()
    }

    /// First and last line of the object.
    pub(super) fn lines(&self) -> (u32, u32) {
        (self.node.first, self.node.last)
    }

    /// Adds a claim that stands where the object stands.
    pub(super) fn claim(&self, acc: &mut FileFacts, claim: Claim) {
        acc.add(self.file, self.node.first, self.node.last, claim);
    }

    /// Adds a mark that stands where the object stands.
    pub(super) fn mark(
        &self,
        acc: &mut FileFacts,
        topic: Topic,
        name: impl Into<String>,
        detail: Option<String>,
    ) {
        mark(acc, self.file, self.lines(), topic, name, detail);
    }

    /// An annotation.
    pub(super) fn annotation(&self, key: &str) -> Option<&'s str> {
        self.node.at(&["metadata", "annotations"])?.str_of(key)
    }
}

/// `key=value` of a mapping of labels.
pub(super) fn labels(node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else {
        return Vec::new();
    };
    Fields::of(node)
        .iter()
        .filter_map(|f| Some(format!("{}={}", f.key.text, f.str()?)))
        .collect()
}

/// The text of a selector: `matchLabels` and `matchExpressions`, or `everything`.
pub(super) fn selector(node: Option<&Node>) -> String {
    let Some(node) = node else {
        return "everything".to_owned();
    };
    let mut parts = labels(node.get("matchLabels"));
    for expression in node.get("matchExpressions").map_or(&[][..], Node::items) {
        let values: Vec<&str> = expression
            .get("values")
            .map(|v| v.strings().into_iter().map(|(text, _)| text).collect())
            .unwrap_or_default();
        let key = expression.str_of("key").unwrap_or_default();
        let operator = expression.str_of("operator").unwrap_or_default();
        parts.push(
            format!("{key} {operator} {}", values.join(" or "))
                .trim()
                .to_owned(),
        );
    }
    if parts.is_empty() {
        "everything".to_owned()
    } else {
        parts.join(", ")
    }
}
