//! Values of templates.

use crate::{Node, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What stands in the output for a value that is not known; a text with it is not known either.
pub const UNKNOWN: &str = "${helm}";

/// What stands where something was cut out of a text that is handed in: it is not empty.
const CUT: char = '…';

/// Collections in collections beyond this depth are not known, so that a value is freed without
/// exhausting the stack.
const MAX_DEPTH: u16 = 64;
/// Items of a collection beyond which it is not known.
pub(super) const MAX_ITEMS: usize = 5_000;
/// Nodes of a document that become values; a bomb of aliases ends there.
const MAX_NODES: usize = 50_000;
/// Longest text that a function makes, in bytes.
pub(super) const MAX_TEXT: usize = 200_000;

/// A collection with the depth of what it holds.
#[derive(Debug)]
pub struct Held<T> {
    depth: u16,
    pub(super) all: T,
}

/// A value. Collections never change, so that none can hold itself.
#[derive(Clone, Debug)]
pub enum Data {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number.
    Number(f64),
    /// A text.
    Text(Rc<str>),
    /// A list.
    List(Rc<Held<Vec<Data>>>),
    /// Values by key.
    Map(Rc<Held<BTreeMap<String, Data>>>),
    /// A value that is not known, with whether it is known not to be empty.
    Unknown(bool),
}

impl Data {
    /// A text.
    pub fn text(text: impl AsRef<str>) -> Data {
        let text = text.as_ref();
        match text.len() > MAX_TEXT {
            true => Data::Unknown(true),
            false => Data::Text(Rc::from(text)),
        }
    }

    /// A list.
    pub fn list(all: Vec<Data>) -> Data {
        let depth = 1 + all.iter().map(Data::depth).max().unwrap_or(0);
        match depth > MAX_DEPTH || all.len() > MAX_ITEMS {
            true => Data::Unknown(true),
            false => Data::List(Rc::new(Held { depth, all })),
        }
    }

    /// A mapping.
    pub fn map(all: BTreeMap<String, Data>) -> Data {
        let depth = 1 + all.values().map(Data::depth).max().unwrap_or(0);
        match depth > MAX_DEPTH || all.len() > MAX_ITEMS {
            true => Data::Unknown(true),
            false => Data::Map(Rc::new(Held { depth, all })),
        }
    }

    fn depth(&self) -> u16 {
        match self {
            Data::List(held) => held.depth,
            Data::Map(held) => held.depth,
            _ => 0,
        }
    }

    /// The value of a document; [`UNKNOWN`] as a whole scalar is a value that is not known, but
    /// not empty.
    pub fn of(node: &Node) -> Data {
        Data::of_node(node, 0, &mut 0)
    }

    fn of_node(node: &Node, depth: u16, count: &mut usize) -> Data {
        *count += 1;
        if *count > MAX_NODES || depth >= MAX_DEPTH {
            return Data::Unknown(false);
        }
        match &node.value {
            Value::Null => Data::Null,
            Value::Scalar { text, .. } if text == UNKNOWN => Data::Unknown(true),
            Value::Scalar { text, quoted: true } => Data::text(text),
            Value::Scalar { text, .. } => Data::plain(text),
            Value::Sequence(items) => {
                let all = items.iter().map(|n| Data::of_node(n, depth + 1, count));
                Data::list(all.collect())
            }
            Value::Mapping(_) => {
                let all = node.entries().into_iter();
                let all = all.map(|(k, n)| (k.text.clone(), Data::of_node(n, depth + 1, count)));
                Data::map(all.collect())
            }
        }
    }

    /// A scalar without quotes, as YAML 1.1 reads it.
    fn plain(text: &str) -> Data {
        match text {
            "true" | "True" | "yes" | "on" => return Data::Bool(true),
            "false" | "False" | "no" | "off" => return Data::Bool(false),
            "" | "~" | "null" => return Data::Null,
            _ => {}
        }
        if let Ok(number) = text.parse() {
            return Data::Int(number);
        }
        let digits = text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
        match text.parse() {
            Ok(number) if digits => Data::Number(number),
            _ => Data::text(text),
        }
    }

    /// The value under a key; what is not known has only what is not known.
    pub fn get(&self, key: &str) -> Data {
        match self {
            Data::Map(held) => held.all.get(key).cloned().unwrap_or(Data::Null),
            Data::Unknown(_) => Data::Unknown(false),
            _ => Data::Null,
        }
    }

    /// The value at a path with dots between its keys.
    pub fn at(&self, path: &str) -> Data {
        path.split('.')
            .fold(self.clone(), |data, key| data.get(key))
    }

    /// The same with a value under a key.
    #[must_use]
    pub fn with(&self, key: &str, value: Data) -> Data {
        let mut all = match self {
            Data::Map(held) => held.all.clone(),
            Data::Unknown(_) => return self.clone(),
            _ => BTreeMap::new(),
        };
        all.insert(key.to_owned(), value);
        Data::map(all)
    }

    /// This with all of `other` over it, key by key; `null` takes a key away, as in values of Helm.
    #[must_use]
    pub fn overlaid(&self, other: &Data) -> Data {
        /// Maps share what they hold, so that a small value may be a tree of any size.
        const MOST_KEYS: usize = 100_000;
        self.overlaid_within(other, &mut { MOST_KEYS })
    }

    fn overlaid_within(&self, other: &Data, left: &mut usize) -> Data {
        match (self, other) {
            (Data::Map(own), Data::Map(over)) => {
                let mut all = own.all.clone();
                for (key, value) in &over.all {
                    let Some(rest) = left.checked_sub(1) else {
                        return Data::Unknown(true);
                    };
                    *left = rest;
                    let under = all.get(key).unwrap_or(&Data::Null);
                    let merged = under.overlaid_within(value, left);
                    match merged {
                        Data::Null => all.remove(key),
                        merged => all.insert(key.clone(), merged),
                    };
                }
                Data::map(all)
            }
            _ => other.clone(),
        }
    }

    /// Whether it counts as true; nothing if that is not known.
    pub fn truth(&self) -> Option<bool> {
        Some(match self {
            Data::Null => false,
            Data::Bool(value) => *value,
            Data::Int(number) => *number != 0,
            Data::Number(number) => *number != 0.0,
            Data::Text(text) if text.trim() == UNKNOWN => return None,
            Data::Text(text) => !text.is_empty(),
            Data::List(held) => !held.all.is_empty(),
            Data::Map(held) => !held.all.is_empty(),
            Data::Unknown(filled) => return filled.then_some(true),
        })
    }

    /// Whether it is not known, or a text with a part that is not.
    pub(super) fn is_unknown(&self) -> bool {
        match self {
            Data::Unknown(_) => true,
            Data::Text(text) => text.contains(UNKNOWN) || text.contains(CUT),
            _ => false,
        }
    }

    /// The value as a template shows it.
    pub fn show(&self) -> String {
        let mut out = String::new();
        self.show_in(&mut out);
        out
    }

    fn show_in(&self, out: &mut String) {
        if out.len() > MAX_TEXT {
            return;
        }
        match self {
            Data::Null => {}
            Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Data::Int(number) => out.push_str(&number.to_string()),
            Data::Number(number) => out.push_str(&number.to_string()),
            Data::Text(text) => out.push_str(text),
            Data::Unknown(_) => out.push_str(UNKNOWN),
            Data::List(held) => {
                out.push('[');
                for (place, item) in held.all.iter().enumerate() {
                    out.push_str(if place > 0 { " " } else { "" });
                    item.show_in(out);
                }
                out.push(']');
            }
            Data::Map(held) => {
                out.push_str("map[");
                for (place, (key, item)) in held.all.iter().enumerate() {
                    out.push_str(if place > 0 { " " } else { "" });
                    out.push_str(key);
                    out.push(':');
                    item.show_in(out);
                }
                out.push(']');
            }
        }
    }

    /// The value as YAML in block style, without a line end.
    pub fn yaml(&self) -> String {
        let mut out = String::new();
        self.yaml_in(0, &mut out);
        out.truncate(out.trim_end_matches('\n').len());
        out
    }

    fn yaml_in(&self, indent: usize, out: &mut String) {
        if out.len() > MAX_TEXT {
            return;
        }
        match self {
            Data::Map(held) if !held.all.is_empty() => {
                for (place, (key, value)) in held.all.iter().enumerate() {
                    // The first key of an item stands behind its dash.
                    if place > 0 || !out.ends_with("- ") {
                        out.extend(std::iter::repeat_n(' ', indent));
                    }
                    out.push_str(&scalar(key));
                    out.push(':');
                    let is_list = matches!(value, Data::List(h) if !h.all.is_empty());
                    let is_map = matches!(value, Data::Map(h) if !h.all.is_empty());
                    out.push(if is_list || is_map { '\n' } else { ' ' });
                    value.yaml_in(if is_map { indent + 2 } else { indent }, out);
                }
            }
            Data::List(held) if !held.all.is_empty() => {
                for (place, value) in held.all.iter().enumerate() {
                    if place > 0 || !out.ends_with("- ") {
                        out.extend(std::iter::repeat_n(' ', indent));
                    }
                    out.push_str("- ");
                    value.yaml_in(indent + 2, out);
                }
            }
            Data::Map(_) => out.push_str("{}\n"),
            Data::List(_) => out.push_str("[]\n"),
            Data::Null => out.push_str("null\n"),
            Data::Text(text) if text.contains('\n') && !text.starts_with([' ', '\n']) => {
                out.push_str(if text.ends_with('\n') { "|\n" } else { "|-\n" });
                for line in text.lines() {
                    out.extend(std::iter::repeat_n(' ', indent + 2));
                    out.push_str(line);
                    out.push('\n');
                }
            }
            Data::Text(text) => {
                out.push_str(&scalar(text));
                out.push('\n');
            }
            _ => {
                self.show_in(out);
                out.push('\n');
            }
        }
    }

    /// The value as JSON on one line.
    pub fn json(&self) -> String {
        let mut out = String::new();
        self.json_in(&mut out);
        out
    }

    fn json_in(&self, out: &mut String) {
        if out.len() > MAX_TEXT {
            return;
        }
        match self {
            Data::Null => out.push_str("null"),
            Data::Text(text) => out.push_str(&quoted(text)),
            Data::Unknown(_) => out.push_str(&quoted(UNKNOWN)),
            Data::List(held) => {
                out.push('[');
                for (place, item) in held.all.iter().enumerate() {
                    out.push_str(if place > 0 { "," } else { "" });
                    item.json_in(out);
                }
                out.push(']');
            }
            Data::Map(held) => {
                out.push('{');
                for (place, (key, item)) in held.all.iter().enumerate() {
                    out.push_str(if place > 0 { "," } else { "" });
                    out.push_str(&quoted(key));
                    out.push(':');
                    item.json_in(out);
                }
                out.push('}');
            }
            _ => self.show_in(out),
        }
    }
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text as a scalar of YAML: in quotes where it would be read as something else.
fn scalar(text: &str) -> String {
    let plain = matches!(Data::plain(text), Data::Text(_))
        && !text.starts_with(|c: char| "!&*-?|>@`'\"%#{}[],: ".contains(c))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(|c| c < ' ');
    match plain || text == UNKNOWN {
        true => text.to_owned(),
        false => quoted(text),
    }
}
