//! Values of a checked document, with their places.

use super::shape::Shape;
use super::source::Source;
use super::validate::holds_secret;
use crate::facts::Placed;
use crate::secrets::without_credentials;
use groundplan_model::{Evidence, Provenance, Statement};
use groundplan_syntax::{Key, Node, Value};
use serde::de::DeserializeOwned;

/// A value with the key it stands under.
#[derive(Clone, Copy)]
pub(crate) struct Part<'n> {
    pub(crate) key: Option<&'n Key>,
    pub(crate) node: &'n Node,
    pub(crate) source: &'n Source<'n>,
}

/// Whitespace folded to single blanks; credentials cut out.
pub(crate) fn one_line(text: &str) -> String {
    clean(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text without credentials; what holds a secret of its own is dropped whole, the check tells it.
fn clean(text: &str) -> String {
    if holds_secret(text) {
        String::new()
    } else {
        without_credentials(text)
    }
}

impl<'n> Part<'n> {
    pub(crate) fn new(node: &'n Node, source: &'n Source<'n>) -> Self {
        Part {
            key: None,
            node,
            source,
        }
    }

    /// Where it stands, key included.
    pub(crate) fn place(&self) -> Evidence {
        match self.key {
            Some(key) => self.source.entry(key, self.node),
            None => self.source.node(self.node),
        }
    }

    /// The first line of it, for what is told about it as a whole.
    pub(crate) fn head(&self) -> Evidence {
        let line = self.key.map_or(self.node.first, |key| key.line);
        self.source.at(line, line)
    }

    /// Who says so.
    pub(crate) fn provenance(&self) -> Provenance {
        Provenance::declared([self.place()])
    }

    /// What stands under a key, unless that is nothing.
    pub(crate) fn get(&self, key: &str) -> Option<Part<'n>> {
        self.all()
            .into_iter()
            .find(|p| p.key.is_some_and(|k| k.text == key))
    }

    /// All values of a mapping with their keys; those without a value are left out.
    pub(crate) fn all(&self) -> Vec<Part<'n>> {
        let entries = self.node.entries().into_iter();
        entries
            .filter(|(_, node)| !matches!(node.value, Value::Null))
            .map(|(key, node)| Part {
                key: Some(key),
                node,
                source: self.source,
            })
            .collect()
    }

    /// All items of a list.
    pub(crate) fn items(&self) -> Vec<Part<'n>> {
        let items = self.node.items().iter();
        items
            .map(|node| Part {
                key: None,
                node,
                source: self.source,
            })
            .collect()
    }

    /// The key as a text.
    pub(crate) fn name(&self) -> &'n str {
        self.key.map_or("", |key| key.text.as_str())
    }

    /// A scalar, or a list of them joined with `; `, as one line.
    pub(crate) fn statement(&self) -> Option<Statement> {
        let text = match &self.node.value {
            Value::Scalar { text, .. } => one_line(text),
            Value::Sequence(_) => {
                let texts: Vec<String> = self
                    .node
                    .strings()
                    .iter()
                    .map(|(text, _)| one_line(text))
                    .collect();
                texts.join("; ")
            }
            _ => return None,
        };
        (!text.is_empty()).then(|| Statement {
            text,
            provenance: self.provenance(),
        })
    }

    /// A scalar or a list of them, one statement each.
    pub(crate) fn statements(&self) -> Vec<Statement> {
        match &self.node.value {
            Value::Sequence(_) => self.items().iter().filter_map(Part::statement).collect(),
            _ => self.statement().into_iter().collect(),
        }
    }

    /// The statement under a key.
    pub(crate) fn statement_of(&self, key: &str) -> Option<Statement> {
        self.get(key)?.statement()
    }

    /// The statements under a key.
    pub(crate) fn statements_of(&self, key: &str) -> Vec<Statement> {
        self.get(key).map(|p| p.statements()).unwrap_or_default()
    }

    /// The text under a key.
    pub(crate) fn text_of(&self, key: &str) -> Option<String> {
        self.statement_of(key).map(|s| s.text)
    }

    /// The texts under a key.
    pub(crate) fn texts_of(&self, key: &str) -> Vec<String> {
        self.statements_of(key)
            .into_iter()
            .map(|s| s.text)
            .collect()
    }

    /// A text as written, with its paragraphs.
    pub(crate) fn paragraphs_of(&self, key: &str) -> String {
        let text = self.get(key).and_then(|p| p.node.str()).unwrap_or_default();
        clean(text.trim())
    }

    /// Whether a key says `true`.
    pub(crate) fn truth_of(&self, key: &str) -> Option<Placed<bool>> {
        let part = self.get(key)?;
        Some(Placed {
            value: part.node.truth()?,
            at: part.place(),
        })
    }

    /// A word of the vocabulary, by the name it has in the public form.
    pub(crate) fn word_of<T: DeserializeOwned>(&self, key: &str) -> Option<Placed<T>> {
        let part = self.get(key)?;
        let word = serde_json::Value::String(part.node.str()?.trim().to_owned());
        Some(Placed {
            value: serde_json::from_value(word).ok()?,
            at: part.place(),
        })
    }

    /// The statement that a text alone, or the leading key of a mapping, gives.
    pub(crate) fn lead(&self, shape: &Shape) -> Option<Statement> {
        match (&self.node.value, shape.lead()) {
            (Value::Mapping(_), Some(lead)) => self.statement_of(lead),
            _ => self.statement(),
        }
    }
}
