//! Graphviz: clusters for boundaries, crow's feet for entities.

use super::{TextForm, Tree, edge_label, node_label, title};
use crate::card::shape;
use crate::measure::plain;
use crate::scene::Shape;
use groundplan_model::{Mode, View, ViewNode};
use std::fmt::Write;

pub(super) const FORM: TextForm = TextForm {
    name: "dot",
    help: "Graphviz text",
    extension: "dot",
    counts_further: false,
    write,
};

/// A quoted string; a backslash would start an escape.
fn quoted(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('"', "\\\"")
}

fn write(view: &View) -> String {
    let tree = Tree::of(view);
    let mut out = format!(
        "digraph view {{\n  graph [label=\"{}\", labelloc=t, rankdir=TB, compound=true];\n  node \
         [shape=box, style=rounded, fontname=Helvetica];\n  edge [fontname=Helvetica];\n",
        quoted(&view.title)
    );
    block(&mut out, &tree, None, 1);
    for edge in &view.edges {
        let label = edge_label(edge, quoted);
        let dashed = match edge.mode {
            Some(Mode::Async) => ", style=dashed",
            _ => "",
        };
        let ends = edge.ends.as_ref().map_or(String::new(), |(tail, head)| {
            format!(
                ", dir=both, arrowtail={}, arrowhead={}",
                crow(tail),
                crow(head)
            )
        });
        let (from, to) = (tree.node(&edge.from), tree.node(&edge.to));
        let _ = writeln!(out, "  {from} -> {to} [label=\"{label}\"{dashed}{ends}];");
    }
    for (n, step) in view.steps.iter().enumerate() {
        let (from, to) = (tree.node(&step.from), tree.node(&step.to));
        let dashed = if step.reply || step.is_async {
            ", style=dashed"
        } else {
            ""
        };
        let label = quoted(&step.label);
        let _ = writeln!(
            out,
            "  {from} -> {to} [label=\"{}. {label}\"{dashed}];",
            n + 1
        );
    }
    out.push_str("}\n");
    out
}

fn crow(mark: &str) -> &'static str {
    match mark {
        "1" => "teetee",
        "0..1" => "teeodot",
        "1..*" => "crowtee",
        _ => "crowodot",
    }
}

fn block(out: &mut String, tree: &Tree<'_>, parent: Option<&str>, depth: usize) {
    let pad = "  ".repeat(depth);
    for node in tree.nodes_in(parent) {
        let _ = writeln!(
            out,
            "{pad}{} [label=\"{}\"{}];",
            tree.node(&node.id),
            label(node),
            look(node)
        );
    }
    for group in tree.groups_in(parent) {
        let _ = writeln!(
            out,
            "{pad}subgraph cluster_{} {{\n{pad}  label=\"{}\"; style=dashed;",
            tree.group(&group.id),
            quoted(&title(group))
        );
        block(out, tree, Some(&group.id), depth + 1);
        let _ = writeln!(out, "{pad}}}");
    }
}

fn label(node: &ViewNode) -> String {
    let mut lines = vec![node_label(node, quoted)];
    for (name, data_type, marks) in &node.rows {
        lines.push(quoted(&format!("{name} {data_type} {marks}")));
    }
    lines.join("\\n")
}

fn look(node: &ViewNode) -> &'static str {
    match shape(node) {
        Shape::Person => ", shape=oval",
        Shape::Cylinder => ", shape=cylinder, style=solid",
        Shape::Pipe => ", shape=cds, style=solid",
        Shape::Table => ", style=solid",
        Shape::Stack => ", peripheries=2",
        Shape::Card if node.external => ", style=dashed",
        Shape::Card | Shape::Dot | Shape::Bar => "",
    }
}
