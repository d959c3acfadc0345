//! A view in the neutral form, so that what was drawn can be changed by hand and drawn again.

use super::{
    Neutral, NeutralBoundary, NeutralColumn, NeutralEdge, NeutralNode, box_of, group_of, marks,
};
use groundplan_model::{Mode, View, ViewEdge, ViewGroup, ViewKind, ViewNode, ViewStep};

impl Neutral {
    /// The neutral form of a view: [`Neutral::view`] makes the same drawing of it.
    pub fn of(view: &View) -> Neutral {
        let word = match view.kind {
            ViewKind::SystemContext => "c4-context",
            ViewKind::Container => "c4-container",
            ViewKind::Component => "c4-component",
            ViewKind::Deployment => "deployment",
            ViewKind::DataFlow => "data-flow",
            ViewKind::EntityRelationship => "er",
            ViewKind::Sequence => "sequence",
            ViewKind::Pipeline => "pipeline",
            ViewKind::Landscape => "c4-landscape",
            ViewKind::Matrix => "matrix",
            ViewKind::Roadmap => "roadmap",
            ViewKind::Chart => "chart",
        };
        Neutral {
            r#type: Some(word.to_owned()),
            title: some(&view.title),
            nodes: view.nodes.iter().map(|n| node_of(n, view.kind)).collect(),
            boundaries: view.groups.iter().map(boundary_of).collect(),
            edges: if view.kind == ViewKind::Sequence {
                view.steps.iter().map(message_of).collect()
            } else {
                view.edges.iter().map(edge_of).collect()
            },
            omitted: some(&view.omitted),
        }
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A node whose box has the same words and shape: where the reader would make another kind, role
/// or place of its words, that is said apart.
fn node_of(node: &ViewNode, kind: ViewKind) -> NeutralNode {
    let (word, technology) = match node.kind.split_once(": ") {
        Some((word, technology)) => (some(word), some(technology)),
        None => (some(&node.kind), None),
    };
    let mut made = NeutralNode {
        id: node.id.clone(),
        kind: word,
        name: some(&node.name),
        technology,
        description: some(&node.description),
        parent: node.parent.clone(),
        columns: node.rows.iter().map(column_of).collect(),
        ..NeutralNode::default()
    };
    if box_of(&made, kind).kind != node.kind.trim() {
        // Such as a technology alone, or a kind in other letters.
        made.kind = None;
        made.technology = some(&node.kind);
    }
    let read = box_of(&made, kind);
    made.role = node.role.filter(|role| read.role != Some(*role));
    made.person = Some(node.person).filter(|person| read.person != *person);
    made.external = Some(node.external).filter(|external| read.external != *external);
    made
}

fn column_of((name, data_type, key): &(String, String, String)) -> NeutralColumn {
    NeutralColumn {
        name: some(name),
        r#type: some(data_type),
        key: some(&marks(key)),
    }
}

fn boundary_of(group: &ViewGroup) -> NeutralBoundary {
    let mut made = NeutralBoundary {
        id: group.id.clone(),
        name: some(&group.name),
        kind: some(&group.kind),
        parent: group.parent.clone(),
    };
    made.kind = match group.kind.as_str() {
        "Software System" => Some("system".to_owned()),
        _ => some(&group_of(&made).kind),
    };
    made
}

fn edge_of(edge: &ViewEdge) -> NeutralEdge {
    let ends = edge.ends.as_ref();
    NeutralEdge {
        id: some(&edge.id),
        from: edge.from.clone(),
        to: edge.to.clone(),
        label: some(&edge.label),
        technology: some(&edge.technology),
        mode: (edge.mode == Some(Mode::Async)).then(|| "async".to_owned()),
        card_from: ends.and_then(|(from, _)| some(from)),
        card_to: ends.and_then(|(_, to)| some(to)),
    }
}

fn message_of(step: &ViewStep) -> NeutralEdge {
    let mode = match (step.reply, step.is_async) {
        (true, _) => Some("reply"),
        (false, true) => Some("async"),
        (false, false) => None,
    };
    NeutralEdge {
        from: step.from.clone(),
        to: step.to.clone(),
        label: some(&step.label),
        mode: mode.map(str::to_owned),
        ..NeutralEdge::default()
    }
}
