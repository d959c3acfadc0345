//! Changelogs in XML, YAML and JSON as one kind of tree.

use crate::markup;
use crate::source::SourceFile;
use groundplan_syntax::{Key, Node, Value};

/// Elements in elements at most: a set holds a change, which holds a column and its constraints.
const DEEPEST: u8 = 10;

/// An element of a changelog with what its format calls attributes.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// Its text and the line where that begins.
    pub(super) text: Option<(String, u32)>,
    pub(super) lines: (u32, u32),
}

impl Element {
    /// The value of an attribute, if it holds something.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }

    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name)
            .is_some_and(|v| v.eq_ignore_ascii_case(value))
    }

    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Whether an element brings rows, of which there are many, and nothing that is asked for.
fn is_data(name: &str) -> bool {
    matches!(
        name,
        "insert"
            | "update"
            | "delete"
            | "loadData"
            | "loadUpdateData"
            | "rollback"
            | "preConditions"
    )
}

/// An element of XML.
pub(super) fn of_xml(
    file: &SourceFile<'_>,
    node: roxmltree::Node<'_, '_>,
    depth: u8,
) -> Option<Element> {
    let name = node.tag_name().name();
    if !node.is_element() || is_data(name) || depth > DEEPEST {
        return None;
    }
    let attributes = node.attributes();
    let text = node
        .children()
        .find(|c| c.is_text() && c.text().is_some_and(|t| !t.trim().is_empty()));
    Some(Element {
        name: name.to_owned(),
        attributes: attributes
            .map(|a| (a.name().to_owned(), a.value().to_owned()))
            .collect(),
        children: (node.children())
            .filter_map(|child| of_xml(file, child, depth + 1))
            .collect(),
        text: text.and_then(|t| {
            let text = t.text()?;
            // An opening `<![CDATA[` belongs to the node and to no line of the text.
            Some((text.to_owned(), markup::lines(file, t).0))
        }),
        lines: markup::lines(file, node),
    })
}

/// An element of YAML or JSON: a key with a mapping; lists hold mappings of one key each.
pub(super) fn of_node(key: &Key, node: &Node, depth: u8) -> Option<Element> {
    if is_data(&key.text) || depth > DEEPEST {
        return None;
    }
    // What an alias stands for lies elsewhere.
    let elsewhere = node.first < key.line || node.first > key.line + 1;
    let last = if elsewhere { key.line } else { node.last };
    let mut element = Element {
        name: key.text.clone(),
        lines: (key.line, last.max(key.line)),
        ..Element::default()
    };
    match &node.value {
        Value::Mapping(_) => {
            for (key, node) in node.entries() {
                element.take(key, node, depth);
            }
        }
        Value::Sequence(_) => {
            for item in node.items() {
                for (key, node) in item.entries() {
                    element.children.extend(of_node(key, node, depth + 1));
                }
            }
        }
        Value::Scalar { text, .. } => element.text = Some((text.clone(), node.first)),
        Value::Null => {}
    }
    Some(element)
}

impl Element {
    fn take(&mut self, key: &Key, node: &Node, depth: u8) {
        match &node.value {
            Value::Scalar { text, .. } => {
                // `sql: {sql: "…"}` holds its text under its own name.
                if key.text == "sql" || key.text == "selectQuery" {
                    let block = node.last > key.line && node.first == key.line;
                    self.text = Some((text.clone(), node.first + u32::from(block)));
                }
                self.attributes.push((key.text.clone(), text.clone()));
            }
            // `changes` and `columns` hold what XML writes into the element itself.
            Value::Sequence(_) if matches!(key.text.as_str(), "changes" | "columns") => {
                let inner = of_node(key, node, depth + 1);
                self.children
                    .extend(inner.into_iter().flat_map(|e| e.children));
            }
            Value::Mapping(_) | Value::Sequence(_) => {
                self.children.extend(of_node(key, node, depth + 1));
            }
            Value::Null => {}
        }
    }
}
