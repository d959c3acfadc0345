//! The same view in the languages of other tools, one file each. Every text is escaped here or in
//! the writer's own `quoted`; ids are made up, so that no name can break a grammar.

mod d2;
mod dot;
mod json;
mod likec4;
mod plantuml;
mod structurizr;

use crate::measure::plain;
use groundplan_model::{View, ViewEdge, ViewGroup, ViewKind, ViewNode};
use std::collections::BTreeMap;

/// A language that a view can be written in.
pub struct TextForm {
    /// What `--to` calls it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub help: &'static str,
    /// How its files end, without the dot.
    pub extension: &'static str,
    /// Whether a row that says how many fields are left out is written.
    counts_further: bool,
    /// Writes a view in normal form.
    write: fn(&View) -> String,
}

impl TextForm {
    /// `view` in this language.
    pub fn write(&self, view: &View) -> String {
        let mut view = crate::normal::normal(view);
        // As in the picture, those who take part in a sequence stand beside each other.
        if view.kind == ViewKind::Sequence {
            view.groups.clear();
            view.nodes.iter_mut().for_each(|node| node.parent = None);
        }
        // That fields are left out is no field.
        for node in &mut view.nodes {
            node.rows
                .retain(|row| self.counts_further || crate::description::further(row).is_none());
        }
        (self.write)(&view)
    }
}

/// All of them, by name.
pub static TEXT_FORMS: [TextForm; 6] = [
    d2::FORM,
    dot::FORM,
    json::FORM,
    likec4::FORM,
    plantuml::FORM,
    structurizr::FORM,
];

/// Made-up ids of nodes (`n0`) and boundaries (`g0`), and who stands where.
struct Tree<'a> {
    view: &'a View,
    nodes: BTreeMap<&'a str, String>,
    groups: BTreeMap<&'a str, String>,
}

impl<'a> Tree<'a> {
    fn of(view: &'a View) -> Self {
        let nodes = view.nodes.iter().enumerate();
        let groups = view.groups.iter().enumerate();
        Tree {
            view,
            nodes: nodes
                .map(|(n, node)| (node.id.as_str(), format!("n{n}")))
                .collect(),
            groups: groups
                .map(|(n, group)| (group.id.as_str(), format!("g{n}")))
                .collect(),
        }
    }

    fn node(&self, id: &str) -> &str {
        self.nodes.get(id).map_or("", String::as_str)
    }

    fn group(&self, id: &str) -> &str {
        self.groups.get(id).map_or("", String::as_str)
    }

    fn nodes_in(&self, parent: Option<&str>) -> impl Iterator<Item = &'a ViewNode> + use<'a> {
        let parent = parent.map(str::to_owned);
        let nodes = self.view.nodes.iter();
        nodes.filter(move |n| n.parent == parent)
    }

    fn groups_in(&self, parent: Option<&str>) -> impl Iterator<Item = &'a ViewGroup> + use<'a> {
        let parent = parent.map(str::to_owned);
        let groups = self.view.groups.iter();
        groups.filter(move |g| g.parent == parent)
    }

    /// Ids from the outermost boundary down to the node, joined with dots.
    fn full(&self, id: &str) -> String {
        let node = self.view.nodes.iter().find(|n| n.id == id);
        let mut line = vec![self.node(id).to_owned()];
        let mut at = node.and_then(|n| n.parent.as_deref());
        while let Some(parent) = at {
            line.push(self.group(parent).to_owned());
            let group = self.view.groups.iter().find(|g| g.id == parent);
            at = group.and_then(|g| g.parent.as_deref());
        }
        line.reverse();
        line.join(".")
    }
}

/// The words of an edge in the lines of a label, each made safe by `quoted`.
fn edge_label(edge: &ViewEdge, quoted: fn(&str) -> String) -> String {
    let mut lines = vec![quoted(&edge.label)];
    lines.retain(|line| !line.is_empty());
    if !edge.technology.trim().is_empty() {
        lines.push(format!("[{}]", quoted(&edge.technology)));
    }
    lines.join("\\n")
}

/// Name, kind and description of a box in the lines of a label, each made safe by `quoted`.
fn node_label(node: &ViewNode, quoted: fn(&str) -> String) -> String {
    let mut lines = vec![quoted(&name(node))];
    if !node.kind.trim().is_empty() {
        lines.push(format!("[{}]", quoted(&node.kind)));
    }
    if !node.description.trim().is_empty() {
        lines.push(quoted(&node.description));
    }
    lines.join("\\n")
}

/// The description of a box and its fields in one line, for languages without tables.
pub(crate) fn described(node: &ViewNode) -> String {
    let field = |(name, data_type, marks): &(String, String, String)| {
        let field = format!("{name} {data_type} {marks}");
        plain(&field).trim().to_owned()
    };
    let own = Some(node.description.clone()).filter(|d| !d.is_empty());
    let all: Vec<String> = own.into_iter().chain(node.rows.iter().map(field)).collect();
    all.join("; ")
}

/// The ends of a reference between entities in crow's feet of text: many to one where none are given.
pub(crate) fn crow_feet(edge: &ViewEdge) -> (&'static str, &'static str) {
    let ends = edge.ends.as_ref();
    let (tail, head) = ends.map_or(("0..*", "1"), |(a, b)| (a.as_str(), b.as_str()));
    let left = match tail {
        "1" => "||",
        "0..1" => "|o",
        "1..*" => "}|",
        _ => "}o",
    };
    let right = match head {
        "1" => "||",
        "0..1" => "o|",
        "1..*" => "|{",
        _ => "o{",
    };
    (left, right)
}

/// The name of a node, never empty.
fn name(node: &ViewNode) -> String {
    let name = plain(&node.name);
    match (name.is_empty(), plain(&node.id)) {
        (false, _) => name,
        (true, id) if id.is_empty() => "unnamed".to_owned(),
        (true, id) => id,
    }
}

/// Kind and technology of a node, cut at the first colon: `Container: Go` is both.
fn kind_and_technology(node: &ViewNode) -> (String, String) {
    let kind = plain(&node.kind);
    match kind.split_once(": ") {
        Some((kind, technology)) => (kind.to_owned(), technology.to_owned()),
        None => (kind, String::new()),
    }
}

/// The title of a boundary, never empty.
fn title(group: &ViewGroup) -> String {
    let name = plain(&group.name);
    let name = if name.is_empty() {
        plain(&group.id)
    } else {
        name
    };
    match group.kind.trim() {
        "" => name,
        kind => format!("{name} [{}]", plain(kind)),
    }
}
