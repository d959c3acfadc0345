//! LikeC4: kinds, a model with nested elements, one view of it.

use super::{TextForm, Tree, described, kind_and_technology, name, title};
use crate::card::shape;
use crate::measure::plain;
use crate::scene::Shape;
use groundplan_model::{Mode, View, ViewKind, ViewNode};
use std::fmt::Write;

pub(super) const FORM: TextForm = TextForm {
    name: "likec4",
    help: "LikeC4 text",
    extension: "c4",
    counts_further: false,
    write,
};

/// A single-quoted string.
fn quoted(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('\'', "\\'")
}

const SPECIFICATION: &str = "specification {
  element boundary
  element person {
    style {
      shape person
    }
  }
  element box
  element store {
    style {
      shape storage
    }
  }
  element queue {
    style {
      shape queue
    }
  }
  element outside {
    style {
      color muted
    }
  }
  relationship waiting
  relationship asynchronous {
    line dotted
  }
}
";

fn write(view: &View) -> String {
    let tree = Tree::of(view);
    let mut out = String::from(SPECIFICATION);
    out.push_str("model {\n");
    block(&mut out, &tree, None, 1);
    for edge in &view.edges {
        // A relation of something to itself or to what holds it is not allowed.
        if edge.from == edge.to {
            continue;
        }
        let kind = match edge.mode {
            Some(Mode::Async) => "asynchronous",
            _ => "waiting",
        };
        let (from, to) = (tree.full(&edge.from), tree.full(&edge.to));
        let _ = write!(out, "  {from} -[{kind}]-> {to} '{}'", quoted(&edge.label));
        if edge.technology.trim().is_empty() {
            out.push('\n');
        } else {
            let _ = writeln!(
                out,
                " {{\n    technology '{}'\n  }}",
                quoted(&edge.technology)
            );
        }
    }
    if view.kind == ViewKind::Sequence {
        for step in view.steps.iter().filter(|s| s.from != s.to) {
            let (from, to) = (tree.full(&step.from), tree.full(&step.to));
            let kind = if step.is_async || step.reply {
                "asynchronous"
            } else {
                "waiting"
            };
            let _ = writeln!(out, "  {from} -[{kind}]-> {to} '{}'", quoted(&step.label));
        }
    }
    let mut all: Vec<String> = view.groups.iter().map(|g| path(&tree, &g.id)).collect();
    all.extend(view.nodes.iter().map(|n| tree.full(&n.id)));
    let _ = writeln!(
        out,
        "}}\nviews {{\n  view index {{\n    title '{}'\n    include\n      {}\n    autoLayout \
         TopBottom\n  }}\n}}",
        quoted(&view.title),
        all.join(",\n      ")
    );
    out
}

/// Ids from the outermost boundary down to this one.
fn path(tree: &Tree<'_>, id: &str) -> String {
    let mut line = Vec::new();
    let mut at = Some(id);
    while let Some(id) = at {
        line.push(tree.group(id));
        let group = tree.view.groups.iter().find(|g| g.id == id);
        at = group.and_then(|g| g.parent.as_deref());
    }
    line.reverse();
    line.join(".")
}

fn block(out: &mut String, tree: &Tree<'_>, parent: Option<&str>, depth: usize) {
    let pad = "  ".repeat(depth);
    for node in tree.nodes_in(parent) {
        let _ = writeln!(
            out,
            "{pad}{} = {} '{}' {{",
            tree.node(&node.id),
            word(node),
            quoted(&name(node))
        );
        let (kind, technology) = kind_and_technology(node);
        let technology = if technology.is_empty() {
            kind
        } else {
            technology
        };
        for (key, value) in [("technology", technology), ("description", described(node))] {
            if !value.trim().is_empty() {
                let _ = writeln!(out, "{pad}  {key} '{}'", quoted(&value));
            }
        }
        let _ = writeln!(out, "{pad}}}");
    }
    for group in tree.groups_in(parent) {
        let _ = writeln!(
            out,
            "{pad}{} = boundary '{}' {{",
            tree.group(&group.id),
            quoted(&title(group))
        );
        block(out, tree, Some(&group.id), depth + 1);
        let _ = writeln!(out, "{pad}}}");
    }
}

fn word(node: &ViewNode) -> &'static str {
    match shape(node) {
        Shape::Person => "person",
        Shape::Cylinder | Shape::Table => "store",
        Shape::Pipe => "queue",
        _ if node.external => "outside",
        Shape::Card | Shape::Stack | Shape::Dot | Shape::Bar => "box",
    }
}
