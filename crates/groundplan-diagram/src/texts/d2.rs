//! D2: nested keys for boundaries, `sql_table` for entities, `sequence_diagram` for sequences.

use super::{TextForm, Tree, edge_label, name, node_label, title};
use crate::card::shape;
use crate::measure::plain;
use crate::scene::Shape;
use groundplan_model::{Mode, View, ViewKind, ViewNode};
use std::fmt::Write;

pub(super) const FORM: TextForm = TextForm {
    name: "d2",
    help: "D2 text",
    extension: "d2",
    counts_further: false,
    write,
};

/// A double-quoted string; `$` would start a substitution.
fn quoted(text: &str) -> String {
    let text = plain(text).replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('$', "\\$")
}

fn write(view: &View) -> String {
    let tree = Tree::of(view);
    let mut out = String::new();
    let sequence = view.kind == ViewKind::Sequence;
    match (sequence, view.kind) {
        (true, _) => out.push_str("shape: sequence_diagram\n"),
        (false, ViewKind::Pipeline | ViewKind::Roadmap) => out.push_str("direction: right\n"),
        _ => out.push_str("direction: down\n"),
    }
    if !sequence {
        let _ = writeln!(
            out,
            "title: \"{}\" {{\n  shape: text\n  near: top-center\n}}",
            quoted(&view.title)
        );
    }
    block(&mut out, &tree, None, 0);
    if sequence {
        for step in &view.steps {
            let (from, to) = (tree.node(&step.from), tree.node(&step.to));
            let dash = if step.reply || step.is_async {
                " {style.stroke-dash: 3}"
            } else {
                ""
            };
            let _ = writeln!(out, "{from} -> {to}: \"{}\"{dash}", quoted(&step.label));
        }
        return out;
    }
    for edge in &view.edges {
        let label = edge_label(edge, quoted);
        let (from, to) = (tree.full(&edge.from), tree.full(&edge.to));
        if let Some((tail, head)) = &edge.ends {
            let _ = writeln!(
                out,
                "{from} <-> {to}: \"{label}\" {{\n  source-arrowhead.shape: {}\n  \
                 target-arrowhead.shape: {}\n}}",
                crow(tail),
                crow(head)
            );
            continue;
        }
        let dash = match edge.mode {
            Some(Mode::Async) => " {style.stroke-dash: 5}",
            _ => "",
        };
        let _ = writeln!(out, "{from} -> {to}: \"{label}\"{dash}");
    }
    out
}

fn crow(mark: &str) -> &'static str {
    match mark {
        "1" => "cf-one-required",
        "0..1" => "cf-one",
        "1..*" => "cf-many-required",
        _ => "cf-many",
    }
}

fn block(out: &mut String, tree: &Tree<'_>, parent: Option<&str>, depth: usize) {
    let pad = "  ".repeat(depth);
    for node in tree.nodes_in(parent) {
        let id = tree.node(&node.id);
        if !node.rows.is_empty() {
            let _ = writeln!(
                out,
                "{pad}{id}: \"{}\" {{\n{pad}  shape: sql_table",
                quoted(&name(node))
            );
            rows(out, node, &pad);
            let _ = writeln!(out, "{pad}}}");
            continue;
        }
        let label = node_label(node, quoted);
        let look = match shape(node) {
            Shape::Person => "shape: c4-person",
            Shape::Cylinder => "shape: cylinder",
            Shape::Pipe => "shape: queue",
            Shape::Stack => "style.multiple: true",
            _ if node.external => "style.stroke-dash: 5",
            _ => "shape: rectangle",
        };
        let _ = writeln!(out, "{pad}{id}: \"{label}\" {{{look}}}");
    }
    for group in tree.groups_in(parent) {
        let _ = writeln!(
            out,
            "{pad}{}: \"{}\" {{",
            tree.group(&group.id),
            quoted(&title(group))
        );
        block(out, tree, Some(&group.id), depth + 1);
        let _ = writeln!(out, "{pad}}}");
    }
}

/// Rows by position: two fields of one name would be one key.
fn rows(out: &mut String, node: &ViewNode, pad: &str) {
    let mut seen = std::collections::BTreeSet::new();
    for (name, data_type, marks) in &node.rows {
        let mut key = quoted(name);
        if key.is_empty() {
            "unnamed".clone_into(&mut key);
        }
        while !seen.insert(key.clone()) {
            key.push('\'');
        }
        let constraint = match marks.split([',', ' ']).next() {
            Some("PK") => " {constraint: primary_key}",
            Some("FK") => " {constraint: foreign_key}",
            Some("UQ") => " {constraint: unique}",
            _ => "",
        };
        let _ = writeln!(
            out,
            "{pad}  \"{key}\": \"{}\"{constraint}",
            quoted(data_type)
        );
    }
}
