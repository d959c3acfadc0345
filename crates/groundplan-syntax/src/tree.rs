use std::rc::Rc;

/// A node of a YAML, JSON or TOML document, with its lines.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it holds.
    pub value: Value,
    /// First line, one-based.
    pub first: u32,
    /// Last line, one-based, inclusive.
    pub last: u32,
}

/// A key of a mapping with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key; other scalars than strings are given as written.
    pub text: String,
    /// One-based line.
    pub line: u32,
}

/// What a node holds. Aliases share their node, so a document of aliases stays small in memory;
/// walks must be bounded by their caller, see [`Node::entries`].
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing, `null`, `~`.
    Null,
    /// A scalar as written, without quotes.
    Scalar {
        /// Its text.
        text: String,
        /// Whether it was quoted, so that `"8080"` can be told from `8080`.
        quoted: bool,
    },
    /// A list.
    Sequence(Vec<Rc<Node>>),
    /// Keys and values in the order of the file; duplicate keys are kept.
    Mapping(Vec<(Key, Rc<Node>)>),
}

/// Why a document, or a part of it, could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What was expected or found.
    pub message: String,
    /// One-based line.
    pub line: u32,
    /// One-based column; 0 if not known.
    pub column: u32,
}

impl Node {
    /// The value of a key. A key that is missing is looked up in `<<` merges.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.get_at_depth(key, 0)
    }

    fn get_at_depth(&self, key: &str, depth: u32) -> Option<&Node> {
        let Value::Mapping(entries) = &self.value else {
            return None;
        };
        if let Some((_, node)) = entries.iter().find(|(k, _)| k.text == key) {
            return Some(node);
        }
        if depth > 16 {
            return None;
        }
        entries
            .iter()
            .filter(|(k, _)| k.text == "<<")
            .find_map(|(_, node)| match &node.value {
                Value::Sequence(parts) => parts.iter().find_map(|p| p.get_at_depth(key, depth + 1)),
                _ => node.get_at_depth(key, depth + 1),
            })
    }

    /// The value at a path of keys, for example `["spec", "template", "spec"]`.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Keys and values with merges resolved, own keys first. At most 20,000, so that a bomb of
    /// aliases ends.
    pub fn entries(&self) -> Vec<(&Key, &Node)> {
        let mut all: Vec<(&Key, &Node)> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        self.collect_entries(&mut all, &mut seen, 0);
        all
    }

    fn collect_entries<'n>(
        &'n self,
        all: &mut Vec<(&'n Key, &'n Node)>,
        seen: &mut std::collections::BTreeSet<&'n str>,
        depth: u32,
    ) {
        let Value::Mapping(entries) = &self.value else {
            return;
        };
        for (key, node) in entries {
            if key.text != "<<" && all.len() < 20_000 && seen.insert(key.text.as_str()) {
                all.push((key, node.as_ref()));
            }
        }
        if depth > 8 {
            return;
        }
        for (_, node) in entries.iter().filter(|(k, _)| k.text == "<<") {
            match &node.value {
                Value::Sequence(parts) => {
                    for part in parts.iter().take(64) {
                        part.collect_entries(all, seen, depth + 1);
                    }
                }
                _ => node.collect_entries(all, seen, depth + 1),
            }
        }
    }

    /// The items of a list; empty for everything else.
    pub fn items(&self) -> &[Rc<Node>] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn str(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of the scalar under a key.
    pub fn str_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.str()
    }

    /// A whole number.
    pub fn number(&self) -> Option<i64> {
        self.str()?.trim().parse().ok()
    }

    /// `true`, `yes`, `on` or their opposites.
    pub fn truth(&self) -> Option<bool> {
        match self.str()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// Whether it is a mapping.
    pub fn is_mapping(&self) -> bool {
        matches!(self.value, Value::Mapping(_))
    }

    /// A scalar, or a list of scalars, as texts with lines: many formats allow both.
    pub fn strings(&self) -> Vec<(&str, u32)> {
        match &self.value {
            Value::Scalar { text, .. } => vec![(text.as_str(), self.first)],
            Value::Sequence(items) => items
                .iter()
                .filter_map(|n| Some((n.str()?, n.first)))
                .collect(),
            _ => Vec::new(),
        }
    }
}
