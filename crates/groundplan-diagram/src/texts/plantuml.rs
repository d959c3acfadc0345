//! PlantUML: C4-PlantUML for everything with boxes, its own forms for entities and sequences.

use super::{TextForm, Tree, kind_and_technology, name};
use crate::measure::plain;
use groundplan_model::{Mode, Role, View, ViewKind, ViewNode};
use std::fmt::Write;

pub(super) const FORM: TextForm = TextForm {
    name: "plantuml",
    help: "PlantUML text, with C4-PlantUML",
    extension: "puml",
    counts_further: false,
    write,
};

/// Text for a quoted argument: whatever Creole, the preprocessor or the quotes could read as
/// theirs becomes `<U+…>`.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    let text = plain(text);
    let mut before = ' ';
    for (n, c) in text.chars().enumerate() {
        let always = matches!(
            c,
            '"' | '<' | '>' | '&' | '\\' | '$' | '%' | '|' | '~' | '[' | ']' | '{' | '}' | '^'
        );
        // Doubled they set type, at the start they make lists and headings.
        let doubled = c == before && matches!(c, '*' | '/' | '_' | '-' | '\'' | '=' | '.' | '#');
        let first = n == 0 && matches!(c, '*' | '#' | '=' | '-' | '.' | '!' | '\'' | '@');
        if always || doubled || first {
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

fn write(view: &View) -> String {
    let tree = Tree::of(view);
    let mut out = String::from("@startuml\n");
    match view.kind {
        ViewKind::EntityRelationship => {
            let _ = writeln!(out, "title {}\nhide circle", quoted(&view.title));
            entities(&mut out, &tree);
        }
        ViewKind::Sequence => {
            let _ = writeln!(out, "title {}\nautonumber", quoted(&view.title));
            sequence(&mut out, &tree);
        }
        kind => {
            let library = match kind {
                ViewKind::Deployment => "C4_Deployment",
                ViewKind::Component => "C4_Component",
                ViewKind::SystemContext | ViewKind::Landscape => "C4_Context",
                _ => "C4_Container",
            };
            let _ = writeln!(out, "!include <C4/{library}>");
            if library == "C4_Context" {
                out.push_str("!include <C4/C4_Container>\n");
            }
            let _ = writeln!(out, "title {}", quoted(&view.title));
            if matches!(kind, ViewKind::Pipeline | ViewKind::Roadmap) {
                out.push_str("LAYOUT_LEFT_RIGHT()\n");
            }
            block(&mut out, &tree, None, 0);
            for edge in &view.edges {
                let _ = writeln!(
                    out,
                    "Rel({}, {}, \"{}\", \"{}\")",
                    tree.node(&edge.from),
                    tree.node(&edge.to),
                    match (plain(&edge.label).as_str(), edge.mode) {
                        ("", Some(Mode::Async)) => "uses, asynchronous".to_owned(),
                        ("", _) => "uses".to_owned(),
                        (label, _) => quoted(label),
                    },
                    quoted(&edge.technology)
                );
            }
            out.push_str("SHOW_LEGEND()\n");
        }
    }
    out.push_str("@enduml\n");
    out
}

fn block(out: &mut String, tree: &Tree<'_>, parent: Option<&str>, depth: usize) {
    let pad = "  ".repeat(depth);
    for node in tree.nodes_in(parent) {
        let (_, technology) = kind_and_technology(node);
        let (word, has_technology) = word(tree.view.kind, node);
        let outside = if node.external { "_Ext" } else { "" };
        let _ = write!(
            out,
            "{pad}{word}{outside}({}, \"{}\"",
            tree.node(&node.id),
            quoted(&name(node))
        );
        if has_technology {
            let _ = write!(out, ", \"{}\"", quoted(&technology));
        }
        let _ = writeln!(out, ", \"{}\")", quoted(&super::described(node)));
    }
    for group in tree.groups_in(parent) {
        let title = quoted(&super::title(group));
        let id = tree.group(&group.id);
        let _ = if tree.view.kind == ViewKind::Deployment {
            writeln!(out, "{pad}Deployment_Node({id}, \"{title}\") {{")
        } else {
            writeln!(out, "{pad}Boundary({id}, \"{title}\") {{")
        };
        block(out, tree, Some(&group.id), depth + 1);
        let _ = writeln!(out, "{pad}}}");
    }
}

/// The macro of a node, and whether it takes a technology.
fn word(kind: ViewKind, node: &ViewNode) -> (&'static str, bool) {
    let system = kind_and_technology(node).0.ends_with("System");
    let store = node.role.is_some_and(Role::is_store);
    let broker = node.role == Some(Role::Broker);
    match kind {
        _ if node.person => ("Person", false),
        _ if system || matches!(kind, ViewKind::SystemContext | ViewKind::Landscape) => {
            ("System", false)
        }
        ViewKind::Component if store => ("ComponentDb", true),
        ViewKind::Component if broker => ("ComponentQueue", true),
        ViewKind::Component => ("Component", true),
        _ if store => ("ContainerDb", true),
        _ if broker => ("ContainerQueue", true),
        _ => ("Container", true),
    }
}

fn entities(out: &mut String, tree: &Tree<'_>) {
    for node in &tree.view.nodes {
        let _ = writeln!(
            out,
            "entity \"{}\" as {} {{",
            quoted(&name(node)),
            tree.node(&node.id)
        );
        for (field, data_type, marks) in &node.rows {
            let marks = marks.split([',', ' ']).filter(|mark| !mark.is_empty());
            let marks: String = marks.map(|mark| format!(" <<{}>>", plain(mark))).collect();
            let _ = writeln!(out, "  {} : {}{marks}", quoted(field), quoted(data_type));
        }
        out.push_str("}\n");
    }
    for edge in &tree.view.edges {
        let (left, right) = super::crow_feet(edge);
        let (from, to) = (tree.node(&edge.from), tree.node(&edge.to));
        let label = quoted(&edge.label);
        let colon = if label.is_empty() { "" } else { " : " };
        let _ = writeln!(out, "{from} {left}--{right} {to}{colon}{label}");
    }
}

fn sequence(out: &mut String, tree: &Tree<'_>) {
    for node in &tree.view.nodes {
        let word = match node.role {
            _ if node.person => "actor",
            Some(role) if role.is_store() => "database",
            Some(Role::Broker) => "queue",
            _ => "participant",
        };
        let id = tree.node(&node.id);
        let _ = writeln!(out, "{word} \"{}\" as {id}", quoted(&name(node)));
    }
    for step in &tree.view.steps {
        let arrow = match (step.reply, step.is_async) {
            (true, _) => "-->",
            (false, true) => "->>",
            (false, false) => "->",
        };
        let (from, to) = (tree.node(&step.from), tree.node(&step.to));
        let _ = writeln!(out, "{from} {arrow} {to} : {}", quoted(&step.label));
    }
}
