//! Whether a declaration has the shapes of the table; every fault is a diagnostic with its place.

use super::shape::{Field, Shape, quoted};
use super::source::Source;
use super::table::ROOT;
use crate::secrets::is_secret_value;
use groundplan_knowledge::nearest;
use groundplan_model::{Diagnostic, Evidence, Severity};
use groundplan_syntax::{Key, Node, Value};
use std::collections::BTreeMap;

/// More values than this, or more text, is a bomb of aliases and not a declaration.
const MOST_VALUES: usize = 20_000;
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// Faults after this many are not looked for.
const MOST_FAULTS: usize = 100;

/// Checks a document; the answer says whether it may be read, with faults or without.
pub(crate) fn validate(root: &Node, source: &Source<'_>) -> (bool, Vec<Diagnostic>) {
    let mut check = Check {
        source,
        values: 0,
        text: 0,
        faults: Vec::new(),
        stopped: false,
    };
    if !matches!(root.value, Value::Null) {
        check.node(root, &ROOT, "", None);
    }
    (!check.stopped, check.faults)
}

struct Check<'s> {
    source: &'s Source<'s>,
    values: usize,
    text: usize,
    faults: Vec<Diagnostic>,
    stopped: bool,
}

impl Check<'_> {
    /// Checks a value that stands under `key` at the dotted `path`.
    fn node(&mut self, node: &Node, shape: &Shape, path: &str, key: Option<&Key>) {
        self.values += 1;
        if let Value::Scalar { text, .. } = &node.value {
            self.text += text.len();
        }
        if self.values > MOST_VALUES || self.text > MOST_TEXT {
            self.stop(
                "declaration-too-large",
                format!("expected at most {MOST_VALUES} values and {MOST_TEXT} bytes of text, aliases resolved, found more"),
                "write each value once, without aliases to long lists",
            );
        }
        if self.stopped {
            return;
        }
        match &node.value {
            // A key without a value is a question that is still open.
            Value::Null if key.is_some() => {}
            Value::Scalar { text, .. } if shape.takes_text() => self.word(node, text, shape, key),
            Value::Scalar { .. } if matches!(shape, Shape::Truth) && node.truth().is_some() => {}
            Value::Sequence(items) if shape.takes_texts() => {
                for item in items {
                    self.node(item, &Shape::Text, path, None);
                }
            }
            Value::Sequence(items) if shape.item().is_some() => {
                if let Some(inner) = shape.item() {
                    for item in items {
                        self.node(item, inner, path, None);
                    }
                }
            }
            Value::Mapping(entries) if shape.takes_mapping() => {
                self.mapping(node, entries, shape, path);
            }
            _ if matches!(shape, Shape::Anything) => {}
            other => self.wrong(node, other, shape, path, key),
        }
    }

    fn word(&mut self, node: &Node, text: &str, shape: &Shape, key: Option<&Key>) {
        if let Shape::Choice(words) = shape {
            let plain = text.trim();
            if words.contains(&plain) {
                return;
            }
            let place = self.place(node, key);
            let mut fault = Diagnostic::new(
                Severity::Error,
                "unknown-choice",
                format!(
                    "expected one of {}, found `{}`",
                    quoted(words),
                    short(plain)
                ),
            )
            .at(place);
            fault.columns = self.source.columns(node.first, plain);
            if let Some(meant) = nearest(plain, words.iter().copied()) {
                fault = fault.help(format!("did you mean `{meant}`?"));
            }
            self.fault(fault);
        } else if holds_secret(text) {
            // No place: whoever prints the diagnostic would print the line, and the secret with it.
            let place = self.place(node, key).label();
            self.fault(
                Diagnostic::new(
                    Severity::Error,
                    "secret-in-declaration",
                    format!("expected words at {place}, found something that looks like a secret"),
                )
                .help("say where the secret is kept, and change it: it stands in a file"),
            );
        }
    }

    fn mapping(
        &mut self,
        node: &Node,
        entries: &[(Key, std::rc::Rc<Node>)],
        shape: &Shape,
        path: &str,
    ) {
        let mut seen: BTreeMap<&str, &Key> = BTreeMap::new();
        for (key, _) in entries.iter().filter(|(key, _)| key.text != "<<") {
            if let Some(first) = seen.insert(&key.text, key) {
                let first = self.source.at(first.line, first.line);
                let mut fault = Diagnostic::new(
                    Severity::Error,
                    "duplicate-key",
                    format!("expected `{}` once, found it twice", short(&key.text)),
                )
                .at(self.source.at(key.line, key.line))
                .label(first, "the first one")
                .help("keep one of them");
                fault.columns = self.source.columns(key.line, &key.text);
                self.fault(fault);
            }
        }
        let all = node.entries();
        for (key, inner) in &all {
            if self.stopped {
                return;
            }
            let below = dotted(path, &key.text);
            match shape.under(&key.text) {
                Some(inner_shape) => self.node(inner, inner_shape, &below, Some(key)),
                None => self.unknown(key, shape.fields(), path),
            }
        }
        for field in shape.fields().iter().filter(|f| f.required) {
            let there = all
                .iter()
                .any(|(k, n)| k.text == field.key && !matches!(n.value, Value::Null));
            if !there {
                let place = self.source.at(node.first, node.first);
                let about = if path.is_empty() {
                    String::new()
                } else {
                    format!(" in `{path}`")
                };
                self.fault(
                    Diagnostic::new(
                        Severity::Error,
                        "missing-key",
                        format!("expected the key `{}`{about}, found none", field.key),
                    )
                    .at(place)
                    .help(format!(
                        "add `{}`: {}",
                        field.key,
                        decapitalised(field.about)
                    )),
                );
            }
        }
    }

    fn unknown(&mut self, key: &Key, fields: &[Field], path: &str) {
        let about = if path.is_empty() {
            String::new()
        } else {
            format!(" in `{path}`")
        };
        let mut fault = Diagnostic::new(
            Severity::Error,
            "unknown-key",
            format!("unknown key `{}`{about}", short(&key.text)),
        )
        .at(self.source.at(key.line, key.line));
        fault.columns = self.source.columns(key.line, &key.text);
        let known = fields.iter().map(|f| f.key);
        let elsewhere = places_of(&key.text);
        if let Some(meant) = nearest(&key.text, known) {
            fault = fault.help(format!("did you mean `{meant}`?"));
        } else if !elsewhere.is_empty() {
            let places: Vec<&str> = elsewhere.iter().map(String::as_str).collect();
            fault = fault.help(format!("did you mean {}?", quoted(&places)));
        } else {
            let keys: Vec<&str> = fields.iter().map(|f| f.key).collect();
            fault = fault.help(format!("known keys: {}", quoted(&keys)));
        }
        self.fault(fault);
    }

    fn wrong(&mut self, node: &Node, value: &Value, shape: &Shape, path: &str, key: Option<&Key>) {
        let found = match value {
            Value::Null => "nothing".to_owned(),
            Value::Scalar { text, .. } => format!("`{}`", short(text)),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
        };
        let about = if path.is_empty() {
            String::new()
        } else {
            format!(" for `{path}`")
        };
        let mut fault = Diagnostic::new(
            Severity::Error,
            "wrong-type",
            format!("expected {}{about}, found {found}", shape.expected()),
        )
        .at(self.place(node, key));
        fault.columns = key.and_then(|k| self.source.columns(k.line, &k.text));
        if let Some(help) = cure(value, shape) {
            fault = fault.help(help);
        }
        self.fault(fault);
    }

    /// The first line of a value, or of its key.
    fn place(&self, node: &Node, key: Option<&Key>) -> Evidence {
        let line = match key {
            Some(key) if !matches!(node.value, Value::Scalar { .. }) => key.line,
            _ => node.first,
        };
        self.source.at(line, line)
    }

    fn fault(&mut self, fault: Diagnostic) {
        if self.stopped {
            return;
        }
        self.faults.push(fault);
        if self.faults.len() >= MOST_FAULTS {
            self.stop(
                "declaration-too-broken",
                format!("found {MOST_FAULTS} faults, the rest was not looked at"),
                "mend these first",
            );
        }
    }

    fn stop(&mut self, name: &str, message: String, help: &str) {
        if !self.stopped {
            self.stopped = true;
            self.faults.push(
                Diagnostic::new(Severity::Error, name, message)
                    .at(self.source.at(1, 1))
                    .help(help),
            );
        }
    }
}

fn cure(value: &Value, shape: &Shape) -> Option<String> {
    match (shape, value) {
        (Shape::List(_) | Shape::ListOr(..), Value::Scalar { .. } | Value::Mapping(_)) => {
            Some("write each item on a line of its own that begins with `- `".to_owned())
        }
        (Shape::Text, Value::Mapping(_)) => {
            Some("put the text in quotes if it holds a colon".to_owned())
        }
        (Shape::Texts, Value::Mapping(_)) => {
            Some("put texts that hold a colon in quotes".to_owned())
        }
        (Shape::Record(_) | Shape::Map(..), _) if !shape.fields().is_empty() => {
            let keys: Vec<&str> = shape.fields().iter().map(|f| f.key).collect();
            Some(format!(
                "write one of these keys on a line of its own: {}",
                quoted(&keys)
            ))
        }
        _ => None,
    }
}

/// Dotted paths of the sections that know a key, for keys that stand one level too high or too deep.
fn places_of(key: &str) -> Vec<String> {
    let top = ROOT.fields();
    let mut all: Vec<String> = top
        .iter()
        .filter(|f| f.key == key)
        .map(|f| f.key.to_owned())
        .collect();
    for section in top {
        if section.shape.fields().iter().any(|f| f.key == key) {
            all.push(format!("{}.{key}", section.key));
        }
    }
    all.truncate(3);
    all
}

/// `path.key`, or `key` at the top.
pub(crate) fn dotted(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// A text as it may stand in a message.
pub(crate) fn short(text: &str) -> String {
    if holds_secret(text) {
        return "…".to_owned();
    }
    let plain: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if plain.chars().count() < text.chars().count() {
        format!("{plain}…")
    } else {
        plain
    }
}

/// Whether a word of the text looks like a secret.
pub(crate) fn holds_secret(text: &str) -> bool {
    text.contains("PRIVATE KEY-----") || text.split_whitespace().any(is_secret_value)
}

fn decapitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first
            .to_lowercase()
            .chain(chars)
            .collect::<String>()
            .trim_end_matches('.')
            .to_owned(),
        None => String::new(),
    }
}
