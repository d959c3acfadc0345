//! Schemas and references inside one document.

use crate::source::SourceFile;
use groundplan_model::{Provenance, Schema};
use groundplan_syntax::{Key, Node};
use std::collections::BTreeMap;

/// How deep types are written out.
const MAX_DEPTH: u32 = 6;
/// How many references are followed in a row.
const MAX_HOPS: u32 = 8;

pub(crate) struct Schemas<'n> {
    root: &'n Node,
    named: BTreeMap<&'n str, &'n Node>,
    order: Vec<(&'n Key, &'n Node)>,
}

impl<'n> Schemas<'n> {
    pub(crate) fn new(root: &'n Node) -> Self {
        let node = root
            .at(&["components", "schemas"])
            .or_else(|| root.get("definitions"));
        let order = node.map(Node::entries).unwrap_or_default();
        let named = order.iter().map(|(k, n)| (k.text.as_str(), *n)).collect();
        Schemas { root, named, order }
    }

    /// The node that a reference inside this document points to.
    pub(crate) fn at(&self, reference: &str) -> Option<&'n Node> {
        let path = reference.strip_prefix("#/")?;
        if let Some(name) = path
            .strip_prefix("components/schemas/")
            .or(path.strip_prefix("definitions/"))
            && let Some(found) = self.named.get(name)
        {
            return Some(found);
        }
        path.split('/').take(16).try_fold(self.root, |node, part| {
            node.get(&part.replace("~1", "/").replace("~0", "~"))
        })
    }

    /// A node, or what its reference points to.
    pub(crate) fn follow<'m>(&self, node: &'m Node) -> &'m Node
    where
        'n: 'm,
    {
        let mut node = node;
        for _ in 0..MAX_HOPS {
            match node.str_of("$ref").and_then(|target| self.at(target)) {
                Some(found) => node = found,
                None => break,
            }
        }
        node
    }

    /// A type in the words of the document: the name of a schema, `string (uuid)`, `Pet[]`.
    pub(crate) fn type_of(&self, node: &Node) -> String {
        type_of(node, 0)
    }

    /// The named schemas with their fields.
    pub(crate) fn listed(&self, file: &SourceFile<'_>) -> Vec<Schema> {
        let schema = |(key, node): &(&Key, &Node)| Schema {
            name: key.text.clone(),
            fields: self.fields(node),
            form: form(node),
            provenance: Provenance::observed([file.evidence(key.line, node.last.max(key.line))]),
        };
        self.order.iter().map(schema).collect()
    }

    /// A schema that has no name of its own where it stands.
    pub(crate) fn schema(
        &self,
        file: &SourceFile<'_>,
        name: &str,
        lines: (u32, u32),
        node: &Node,
    ) -> Schema {
        Schema {
            name: name.to_owned(),
            fields: self.fields(node),
            form: form(node),
            provenance: Provenance::observed([file.evidence(lines.0, lines.1)]),
        }
    }

    /// The fields of a schema; those of `allOf` are merged one level deep.
    fn fields(&self, node: &Node) -> Vec<(String, String, bool)> {
        let mut fields = Vec::new();
        let parts = node.get("allOf").map(Node::items).unwrap_or_default();
        for part in parts.iter().take(64) {
            own_fields(self.follow(part), &mut fields);
        }
        own_fields(node, &mut fields);
        // A part may require what another one defines.
        for part in parts.iter().take(64) {
            require(self.follow(part), &mut fields);
        }
        fields
    }
}

/// What a schema is that is no set of fields: a list, a choice, a plain value.
fn form(node: &Node) -> Option<String> {
    let choice = ["oneOf", "anyOf"].iter().any(|key| node.get(key).is_some());
    if node.get("properties").is_some() && !choice {
        return None;
    }
    // A choice of fields beside fields of its own is told by its fields.
    let written = type_of(node, 0);
    match written.as_str() {
        "" | "object" => None,
        _ if node.get("allOf").is_some() => None,
        "string" | "integer" => Some(match values_of(node) {
            values if values.is_empty() => written,
            values => format!("{written}: {}", values.join(" | ")),
        }),
        _ => Some(written),
    }
}

/// The first values of an enumeration.
fn values_of(node: &Node) -> Vec<String> {
    let all = node.get("enum").map(Node::strings).unwrap_or_default();
    let mut values: Vec<String> = all.iter().take(12).map(|(v, _)| (*v).to_owned()).collect();
    if all.len() > values.len() {
        values.push("…".to_owned());
    }
    values
}

fn own_fields(node: &Node, fields: &mut Vec<(String, String, bool)>) {
    for (key, property) in node
        .get("properties")
        .map(Node::entries)
        .unwrap_or_default()
    {
        let field = (key.text.clone(), type_of(property, 0), false);
        match fields.iter_mut().find(|f| f.0 == key.text) {
            Some(known) => *known = field,
            None => fields.push(field),
        }
    }
    require(node, fields);
}

fn require(node: &Node, fields: &mut [(String, String, bool)]) {
    for (name, _) in node.get("required").map(Node::strings).unwrap_or_default() {
        if let Some(field) = fields.iter_mut().find(|f| f.0 == name) {
            field.2 = true;
        }
    }
}

fn type_of(node: &Node, depth: u32) -> String {
    if let Some(target) = node.str_of("$ref") {
        return name_of(target).to_owned();
    }
    if depth >= MAX_DEPTH {
        return "…".to_owned();
    }
    for (key, mark) in [("oneOf", " | "), ("anyOf", " | "), ("allOf", " & ")] {
        let parts = node.get(key).map(Node::items).unwrap_or_default();
        let names: Vec<String> = parts
            .iter()
            .take(8)
            .map(|part| type_of(part, depth + 1))
            .filter(|name| !name.is_empty())
            .collect();
        if !names.is_empty() {
            let more = if parts.len() > 8 { " …" } else { "" };
            return format!("{}{more}", names.join(mark));
        }
    }
    let types = node.get("type").map(Node::strings).unwrap_or_default();
    let types: Vec<&str> = types.into_iter().map(|(text, _)| text).collect();
    let kind = types.join(" | ");
    match kind.as_str() {
        "array" => {
            let items = node.get("items").map(|items| type_of(items, depth + 1));
            let items = items.filter(|i| !i.is_empty());
            match items {
                Some(items) if items.contains(' ') && !items.ends_with(')') => {
                    format!("({items})[]")
                }
                Some(items) => format!("{items}[]"),
                None => "array".to_owned(),
            }
        }
        "object" | ""
            if node
                .get("additionalProperties")
                .is_some_and(Node::is_mapping) =>
        {
            let value = node.get("additionalProperties");
            let value = value.map(|v| type_of(v, depth + 1)).unwrap_or_default();
            format!("map of {value}")
        }
        "" if node.get("properties").is_some() => "object".to_owned(),
        _ => match node.str_of("format") {
            Some(format) if !kind.is_empty() => format!("{kind} ({format})"),
            _ => kind,
        },
    }
}

/// The last part of a reference, without the ending of a file.
pub(in crate::extractors) fn name_of(reference: &str) -> &str {
    let last = reference.rsplit(['/', '#']).find(|part| !part.is_empty());
    let last = last.unwrap_or(reference);
    let stem = [".yaml", ".yml", ".json"]
        .iter()
        .find_map(|ending| last.strip_suffix(ending));
    stem.unwrap_or(last)
}
