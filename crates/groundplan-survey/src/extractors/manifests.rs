//! What the extractors of deployment files share: fields with their lines, variables of Compose,
//! and values without secrets. No extractor itself.

mod command;
mod redact;
mod variables;

pub(super) use command::{command_line, redact_command};
pub(super) use redact::{keep_block, keep_value, keep_whole, redact_line};
pub(super) use variables::{fill, fill_known, kubernetes_variables};

use crate::facts::{Claim, EnvValue, FileFacts, GatewayRoute, Mark, Placed};
use crate::secrets;
use crate::source::{SourceFile, join};
use groundplan_model::{Evidence, Topic};
use groundplan_syntax::{Key, Node};

/// Keys and values of a mapping, merges resolved once.
pub(super) struct Fields<'n>(Vec<(&'n Key, &'n Node)>);

/// A key with its value.
#[derive(Clone, Copy)]
pub(super) struct Field<'n> {
    pub(super) key: &'n Key,
    pub(super) node: &'n Node,
}

impl<'n> Fields<'n> {
    pub(super) fn of(node: &'n Node) -> Self {
        Fields(node.entries())
    }

    pub(super) fn get(&self, name: &str) -> Option<Field<'n>> {
        let (key, node) = self.0.iter().find(|(k, _)| k.text == name)?;
        Some(Field { key, node })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Field<'n>> + '_ {
        self.0.iter().map(|&(key, node)| Field { key, node })
    }
}

impl<'n> Field<'n> {
    /// First and last line. The value of an alias stands with its anchor, so there only the line
    /// of the key counts.
    pub(super) fn lines(&self) -> (u32, u32) {
        let first = self.key.line;
        let last = if self.node.first >= first {
            self.node.last
        } else {
            first
        };
        (first, last.max(first))
    }

    pub(super) fn evidence(&self, file: &SourceFile<'_>) -> Evidence {
        let (first, last) = self.lines();
        file.evidence(first, last)
    }

    pub(super) fn place<T>(&self, file: &SourceFile<'_>, value: T) -> Placed<T> {
        Placed {
            value,
            at: self.evidence(file),
        }
    }

    pub(super) fn str(&self) -> Option<&'n str> {
        self.node.str()
    }
}

/// A value that stands where a node stands.
pub(super) fn at_node<T>(file: &SourceFile<'_>, node: &Node, value: T) -> Placed<T> {
    Placed {
        value,
        at: file.node(node),
    }
}

/// An environment variable or entry with a literal value, which is kept unless it is a secret.
pub(super) fn env_value(name: &str, value: &str, at: Evidence) -> EnvValue {
    // What is empty waits for a value and gives none away.
    let empty = value.trim().is_empty();
    let kept = match empty {
        true => Some(String::new()),
        false => keep_block(name, value),
    };
    EnvValue {
        name: name.to_owned(),
        secret: !empty
            && (secrets::holds_secret(name, value)
                || kept.is_none()
                || secrets::holds_credentials(value)),
        value: kept,
        from: None,
        at,
    }
}

/// An environment variable or entry that is taken from elsewhere.
pub(super) fn env_from(name: &str, from: String, secret: bool, at: Evidence) -> EnvValue {
    EnvValue {
        name: name.to_owned(),
        value: None,
        secret: secret || secrets::is_secret_name(name),
        from: Some(from),
        at,
    }
}

/// A path relative to `folder` as a path relative to the root, also with variables in it; as
/// written if it leads out of the root.
pub(super) fn join_variables(folder: &str, path: &str) -> String {
    if let Some(joined) = join(folder, path) {
        return joined;
    }
    if !path.contains('$') || path.starts_with('/') || path.contains("..") {
        return path.to_owned();
    }
    let path = path.trim_start_matches("./");
    if folder.is_empty() {
        path.to_owned()
    } else {
        format!("{folder}/{path}")
    }
}

/// Most facts that routes of one file may make: a route stands for each host, path and target, so
/// a small file could ask for millions.
const MAX_FACTS: usize = 20_000;

/// Adds a route at lines `lines.0..=lines.1`, unless the file has too many.
pub(super) fn add_route(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    route: GatewayRoute,
) {
    if !route.target.is_empty() && acc.facts.len() < MAX_FACTS {
        acc.add(file, lines.0, lines.1, Claim::Route(route));
    }
}

/// Adds a mark at lines `lines.0..=lines.1`.
pub(super) fn mark(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    topic: Topic,
    name: impl Into<String>,
    detail: Option<String>,
) {
    let name = name.into();
    if name.is_empty() {
        return;
    }
    let detail = detail.filter(|d| !d.is_empty());
    let claim = Claim::Mark(Mark {
        topic,
        name,
        detail,
    });
    acc.add(file, lines.0, lines.1, claim);
}

/// Text cut to `limit` bytes at a character boundary, with an ellipsis if something was cut.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

/// One line: runs of white space become a blank.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
