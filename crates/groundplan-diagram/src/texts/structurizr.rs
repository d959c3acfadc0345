//! Structurizr DSL: a workspace with a model and one view of it. Boundaries become groups of one
//! system; what C4 has no word for (tables, jobs) becomes a custom element.

use super::{TextForm, Tree, described, kind_and_technology, name, title};
use crate::card::shape;
use crate::measure::plain;
use crate::scene::Shape;
use groundplan_model::{View, ViewKind, ViewNode};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub(super) const FORM: TextForm = TextForm {
    name: "structurizr",
    help: "Structurizr DSL",
    extension: "dsl",
    counts_further: false,
    write,
};

/// A double-quoted string. The language has no escape for a backslash and reads `${…}` as a
/// constant, so that these two are written with look-alikes.
fn quoted(text: &str) -> String {
    let text = plain(text).replace('\\', "\u{2216}").replace('"', "\\\"");
    text.replace("${", "$ {")
}

fn write(view: &View) -> String {
    let tree = Tree::of(view);
    let names = names(view);
    let custom = matches!(
        view.kind,
        ViewKind::EntityRelationship
            | ViewKind::Pipeline
            | ViewKind::Sequence
            | ViewKind::Matrix
            | ViewKind::Roadmap
            | ViewKind::Chart
    );
    let mut out = format!(
        "workspace \"{0}\" {{\n  model {{\n    properties {{\n      \"structurizr.groupSeparator\" \
         \"/\"\n    }}\n",
        quoted(&view.title)
    );
    let level = |node: &ViewNode| level(view.kind, custom, node);
    for node in view.nodes.iter().filter(|n| level(n) != Level::Inside) {
        element(&mut out, &tree, &names, node, level(node), 2);
    }
    let inside = view.nodes.iter().any(|n| level(n) == Level::Inside);
    if inside {
        let _ = writeln!(
            out,
            "    described = softwareSystem \"{}\" {{",
            quoted(&system(view))
        );
        if view.kind == ViewKind::Component {
            let _ = writeln!(
                out,
                "      parts = container \"{}\" {{",
                quoted(&view.title)
            );
        }
        block(&mut out, &tree, &names, &level, None, 3);
        if view.kind == ViewKind::Component {
            out.push_str("      }\n");
        }
        out.push_str("    }\n");
    }
    let mut seen = BTreeSet::new();
    let mut relation = |out: &mut String, from: &str, to: &str, label: &str, technology: &str| {
        // The same relation twice is an error of the language, one to itself too.
        if from != to && seen.insert((from.to_owned(), to.to_owned(), plain(label))) {
            let _ = writeln!(
                out,
                "    {} -> {} \"{}\" \"{}\"",
                tree.node(from),
                tree.node(to),
                quoted(label),
                quoted(technology)
            );
        }
    };
    for edge in &view.edges {
        relation(
            &mut out,
            &edge.from,
            &edge.to,
            &edge.label,
            &edge.technology,
        );
    }
    if view.kind == ViewKind::Sequence {
        for step in &view.steps {
            relation(&mut out, &step.from, &step.to, &step.label, "");
        }
    }
    out.push_str("  }\n  views {\n");
    let kind = match view.kind {
        _ if !inside && !custom => "systemLandscape view".to_owned(),
        ViewKind::Component => "component parts view".to_owned(),
        _ if custom => "custom view".to_owned(),
        _ => "container described view".to_owned(),
    };
    let all: Vec<&str> = view.nodes.iter().map(|n| tree.node(&n.id)).collect();
    let _ = writeln!(
        out,
        "    {kind} \"{}\" {{\n      include {}\n      autoLayout\n    }}\n    styles {{\n      \
         element \"Store\" {{\n        shape Cylinder\n      }}\n      element \"Queue\" {{\n        \
         shape Pipe\n      }}\n      element \"Person\" {{\n        shape Person\n      }}\n      \
         element \"External\" {{\n        border dashed\n      }}\n    }}\n  }}\n}}",
        quoted(&view.title),
        all.join(" "),
    );
    out
}

/// The name of the described system: that of the outermost boundary, else the title.
fn system(view: &View) -> String {
    let outer = view.groups.iter().find(|g| g.parent.is_none());
    outer.map_or_else(|| view.title.clone(), |g| g.name.clone())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Person,
    System,
    Custom,
    /// A container or component of the described system.
    Inside,
}

fn level(kind: ViewKind, custom: bool, node: &ViewNode) -> Level {
    let system = kind_and_technology(node).0.ends_with("System");
    // A custom view takes nothing but custom elements.
    if custom {
        Level::Custom
    } else if node.person {
        Level::Person
    } else if matches!(kind, ViewKind::SystemContext | ViewKind::Landscape)
        || node.external
        || system
    {
        Level::System
    } else {
        Level::Inside
    }
}

/// Names made unique: two elements of one name and parent are an error of the language.
fn names(view: &View) -> BTreeMap<&str, String> {
    let mut seen = BTreeSet::new();
    let mut out = BTreeMap::new();
    for node in &view.nodes {
        let base = name(node);
        let mut unique = base.clone();
        let mut count = 1;
        while !seen.insert(unique.to_lowercase()) {
            count += 1;
            unique = format!("{base} ({count})");
        }
        out.insert(node.id.as_str(), unique);
    }
    out
}

fn element(
    out: &mut String,
    tree: &Tree<'_>,
    names: &BTreeMap<&str, String>,
    node: &ViewNode,
    level: Level,
    depth: usize,
) {
    let pad = "  ".repeat(depth);
    let (kind, technology) = kind_and_technology(node);
    let name = names.get(node.id.as_str()).map_or("", String::as_str);
    let (id, name, description) = (tree.node(&node.id), quoted(name), quoted(&described(node)));
    let tag = match shape(node) {
        _ if node.external => "External",
        Shape::Cylinder => "Store",
        Shape::Pipe => "Queue",
        _ if node.person => "Person",
        _ => "",
    };
    let technology = quoted(&technology);
    let _ = match (level, tree.view.kind) {
        (Level::Person, _) => writeln!(out, "{pad}{id} = person \"{name}\" \"{description}\""),
        (Level::System, _) => writeln!(
            out,
            "{pad}{id} = softwareSystem \"{name}\" \"{description}\" \"{tag}\""
        ),
        (Level::Custom, _) => writeln!(
            out,
            "{pad}{id} = element \"{name}\" \"{}\" \"{description}\" \"{tag}\"",
            quoted(&kind)
        ),
        (Level::Inside, ViewKind::Component) => writeln!(
            out,
            "{pad}{id} = component \"{name}\" \"{description}\" \"{technology}\" \"{tag}\""
        ),
        (Level::Inside, _) => writeln!(
            out,
            "{pad}{id} = container \"{name}\" \"{description}\" \"{technology}\" \"{tag}\""
        ),
    };
}

fn block(
    out: &mut String,
    tree: &Tree<'_>,
    names: &BTreeMap<&str, String>,
    level: &dyn Fn(&ViewNode) -> Level,
    parent: Option<&str>,
    depth: usize,
) {
    for node in tree.nodes_in(parent).filter(|n| level(n) == Level::Inside) {
        element(out, tree, names, node, Level::Inside, depth);
    }
    for group in tree.groups_in(parent) {
        if !holds(tree, level, &group.id) {
            continue;
        }
        let pad = "  ".repeat(depth);
        let _ = writeln!(
            out,
            "{pad}group \"{}\" {{",
            quoted(&title(group).replace('/', "\u{2215}"))
        );
        block(out, tree, names, level, Some(&group.id), depth + 1);
        let _ = writeln!(out, "{pad}}}");
    }
}

/// Whether a boundary holds anything of the system, at any depth.
fn holds(tree: &Tree<'_>, level: &dyn Fn(&ViewNode) -> Level, id: &str) -> bool {
    let mut own = tree.nodes_in(Some(id));
    own.any(|n| level(n) == Level::Inside)
        || tree.groups_in(Some(id)).any(|g| holds(tree, level, &g.id))
}
