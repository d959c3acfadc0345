//! The text of a new `groundplan.yaml`: answers as values, questions as comments above their keys.

use serde_json::Value;

/// Comments are broken at this column.
const WIDTH: usize = 96;

/// A tree of keys in the order in which they were first named.
pub(super) struct Skeleton<'s> {
    schema: &'s Value,
    root: Entry,
}

#[derive(Default)]
struct Entry {
    notes: Vec<String>,
    value: Option<String>,
    children: Vec<(String, Entry)>,
}

impl<'s> Skeleton<'s> {
    /// Nothing yet; `schema` is that of the declaration and says what stands under a key.
    pub(super) fn new(schema: &'s Value) -> Self {
        Skeleton {
            schema,
            root: Entry::default(),
        }
    }

    /// Writes an answer under a dotted key.
    pub(super) fn answer(&mut self, key: &str, text: &str) {
        let text = plain(text);
        if !text.is_empty() {
            self.entry(key).value = Some(text);
        }
    }

    /// Adds a note above a dotted key; an answer there stays.
    pub(super) fn open(&mut self, key: &str, note: &str) {
        let note = plain(note);
        let entry = self.entry(key);
        if entry.value.is_none() && !entry.notes.contains(&note) {
            entry.notes.push(note);
        }
    }

    fn entry(&mut self, key: &str) -> &mut Entry {
        let mut entry = &mut self.root;
        for part in key.split('.') {
            let part = part.replace('\u{1}', ".");
            let at = entry.children.iter().position(|(name, _)| *name == part);
            let at = at.unwrap_or_else(|| {
                entry.children.push((part, Entry::default()));
                entry.children.len() - 1
            });
            entry = &mut entry.children[at].1;
        }
        entry
    }

    /// The file, with lines of comment at its head.
    pub(super) fn text(&self, head: &[String]) -> String {
        let mut out = format!("# yaml-language-server: $schema={}\n#\n", super::SCHEMA);
        for paragraph in head {
            comment(&plain(paragraph), "", &mut out);
        }
        for (key, entry) in &self.root.children {
            out.push('\n');
            let schema = under(self.schema, key);
            write(key, entry, schema, 0, false, &mut out);
        }
        out
    }
}

/// Writes a key with what stands under it; `closed` if it lies in a comment already.
fn write(key: &str, entry: &Entry, schema: &Value, depth: usize, closed: bool, out: &mut String) {
    let indent = "  ".repeat(depth);
    let mark = if closed { "# " } else { "" };
    // Inside a comment a note would look like a key; those keys are plain enough.
    if !closed {
        // The notes of several children that say the same stand once, above them.
        for note in entry.notes.iter().chain(&shared(entry)) {
            comment(note, &indent, out);
        }
    }
    if let Some(value) = &entry.value {
        out.push_str(&format!("{indent}{}: {}\n", scalar(key), scalar(value)));
        return;
    }
    if entry.children.is_empty() {
        let mark = if closed { mark } else { "# " };
        for line in stub(key, schema) {
            out.push_str(&format!("{indent}{mark}{line}\n"));
        }
        return;
    }
    let closes = closed || (depth > 0 && !entry.is_answered());
    let mark = if closes { "# " } else { "" };
    // A comment keeps its mark at the column where the outermost commented key begins.
    out.push_str(&format!("{indent}{mark}{}:\n", scalar(key)));
    let common = shared(entry);
    for (name, child) in &entry.children {
        let below = under(schema, name);
        if closes {
            inside(name, child, below, &indent, 1, out);
        } else {
            let child_notes: Vec<&String> =
                child.notes.iter().filter(|n| !common.contains(n)).collect();
            for note in child_notes {
                comment(note, &"  ".repeat(depth + 1), out);
            }
            let bare = Entry {
                notes: Vec::new(),
                value: child.value.clone(),
                children: Vec::new(),
            };
            if child.children.is_empty() {
                write(name, &bare, below, depth + 1, false, out);
            } else {
                write(name, child, below, depth + 1, false, out);
            }
        }
    }
}

/// Keys below a commented key: the mark stays in its column, the keys move.
fn inside(key: &str, entry: &Entry, schema: &Value, indent: &str, depth: usize, out: &mut String) {
    let gap = "  ".repeat(depth);
    if entry.children.is_empty() {
        for line in stub(key, schema) {
            out.push_str(&format!("{indent}# {gap}{line}\n"));
        }
        return;
    }
    out.push_str(&format!("{indent}# {gap}{}:\n", scalar(key)));
    for (name, child) in &entry.children {
        inside(name, child, under(schema, name), indent, depth + 1, out);
    }
}

/// Notes of the grandchildren, in order and once: what is asked of every element is asked above.
fn shared(entry: &Entry) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let inner = entry
        .children
        .iter()
        .filter(|(_, c)| !c.children.is_empty() && !c.is_answered());
    for (_, child) in inner {
        for (_, grandchild) in &child.children {
            for note in &grandchild.notes {
                if !all.contains(note) {
                    all.push(note.clone());
                }
            }
        }
    }
    all
}

impl Entry {
    fn is_answered(&self) -> bool {
        self.value.is_some() || self.children.iter().any(|(_, child)| child.is_answered())
    }
}

/// The schema under a key.
fn under<'s>(schema: &'s Value, key: &str) -> &'s Value {
    match schema["properties"].get(key) {
        Some(known) => known,
        None => &schema["additionalProperties"],
    }
}

/// A key without a value, as lines; lists and mappings show their form.
fn stub(key: &str, schema: &Value) -> Vec<String> {
    let key = scalar(key);
    let takes = |kind: &str| {
        schema["type"]
            .as_array()
            .is_some_and(|types| types.iter().any(|t| t == kind))
    };
    let mut lines = vec![format!("{key}:")];
    if takes("array") && !takes("string") {
        let item = &schema["items"];
        let required = item["required"].as_array();
        let names: Vec<&str> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if names.is_empty() {
            lines.push("  -".to_owned());
        }
        for (at, name) in names.iter().enumerate() {
            let lists = item["properties"][name]["type"]
                .as_array()
                .is_some_and(|types| {
                    types.iter().any(|t| t == "array") && !types.iter().any(|t| t == "string")
                });
            let dash = if at == 0 { "-" } else { " " };
            lines.push(format!(
                "  {dash} {name}:{}",
                if lists { " []" } else { "" }
            ));
        }
    } else if takes("object") && !takes("string") && schema["additionalProperties"].is_object() {
        lines.push("  <name>:".to_owned());
    }
    lines
}

/// A comment, broken at blanks.
fn comment(text: &str, indent: &str, out: &mut String) {
    let mut line = format!("{indent}#");
    for word in text.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > indent.len() + 1
        {
            out.push_str(&line);
            out.push('\n');
            line = format!("{indent}#");
        }
        line.push(' ');
        line.push_str(word);
    }
    out.push_str(&line);
    out.push('\n');
}

/// One line without control characters.
pub(super) fn plain(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.chars().filter(|c| !c.is_control()).collect()
}

/// A text as a YAML scalar: bare if it cannot be taken for anything else, else in double quotes,
/// which YAML reads like JSON.
pub(super) fn scalar(text: &str) -> String {
    let safe = |c: char| c.is_alphanumeric() || " ,.()/_+%&;=-".contains(c);
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n"
    );
    let bare = text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(safe)
        && !text.ends_with(' ')
        && !word;
    if bare {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}
