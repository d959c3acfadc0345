//! Who uses whom as a table of cells, for graphs whose lines nobody could follow.

use super::Bundle;
use groundplan_model::{View, ViewEdge, ViewKind, ViewNode};
use std::collections::BTreeMap;

/// Rows at most: so many are legible on a page of the largest size.
const ROWS: usize = 60;

/// The view `matrix-<view>` of what a view cannot show whole; none of fewer than two that use
/// each other.
pub(super) fn view(view: &View, nodes: &[ViewNode], bundles: &[Bundle]) -> Option<View> {
    // What runs where and what moves where has the same relations as the containers.
    if matches!(view.kind, ViewKind::Deployment | ViewKind::DataFlow) {
        return None;
    }
    let mut degree: BTreeMap<&str, usize> = BTreeMap::new();
    for bundle in bundles {
        *degree.entry(&bundle.from).or_default() += 1;
        *degree.entry(&bundle.to).or_default() += 1;
    }
    let of = |node: &&ViewNode| degree.get(node.id.as_str()).copied().unwrap_or(0);
    let mut rows: Vec<&ViewNode> = nodes.iter().filter(|n| of(n) > 0).collect();
    if rows.len() < 3 {
        return None;
    }
    let all = rows.len();
    rows.sort_by_key(|n| (std::cmp::Reverse(of(n)), n.id.as_str()));
    rows.truncate(ROWS);
    let shown = |id: &str| rows.iter().any(|n| n.id == id);
    let edges: Vec<ViewEdge> = bundles
        .iter()
        .filter(|b| shown(&b.from) && shown(&b.to))
        .map(|b| ViewEdge {
            label: b.count.to_string(),
            technology: String::new(),
            ..b.edge()
        })
        .collect();
    let mut made = super::view(
        format!("matrix-{}", view.id),
        ViewKind::Matrix,
        format!("{}, who uses whom", view.title),
    );
    let mut said = Vec::new();
    if rows.len() < all {
        said.push(format!(
            "The {} best connected of {all} are shown, with {} of {} relations.",
            rows.len(),
            edges.len(),
            bundles.len()
        ));
    }
    made.nodes = rows
        .into_iter()
        .map(|n| ViewNode {
            parent: None,
            ..n.clone()
        })
        .collect();
    made.edges = edges;
    made.omitted = said.join(" ");
    Some(made)
}
