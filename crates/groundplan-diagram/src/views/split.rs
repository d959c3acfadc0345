//! A view that one page does not hold, cut into parts: every line stands in one of them, with the
//! boxes at its ends.

use super::{Budget, Bundle, budget};
use groundplan_model::{View, ViewKind, ViewNode};
use std::collections::{BTreeMap, BTreeSet};

/// Parts of one view at most; what they do not hold stands in the matrix.
const PARTS: usize = 6;

/// The parts of a view that has no nodes yet.
pub(super) fn parts(
    view: &View,
    nodes: &[ViewNode],
    bundles: &[Bundle],
    budget: Budget,
) -> Vec<View> {
    let mut rest: Vec<&Bundle> = bundles.iter().collect();
    let mut cut: Vec<(BTreeSet<&str>, Vec<&Bundle>)> = Vec::new();
    while !rest.is_empty() && cut.len() < PARTS {
        cut.push(next(&mut rest, budget));
    }
    let drawn: BTreeSet<&str> = cut.iter().flat_map(|(ids, _)| ids).copied().collect();
    let left: BTreeSet<&str> = rest
        .iter()
        .flat_map(|b| [b.from.as_str(), b.to.as_str()])
        .collect();
    // Boxes without lines go where there is room.
    let bare = nodes.iter().map(|n| n.id.as_str());
    let mut bare = bare
        .filter(|id| !drawn.contains(id) && !left.contains(id))
        .peekable();
    let mut n = 0;
    while bare.peek().is_some() && n < PARTS {
        if n == cut.len() {
            cut.push((BTreeSet::new(), Vec::new()));
        }
        if let Some((ids, _)) = cut.get_mut(n) {
            let room = budget.nodes.saturating_sub(ids.len());
            ids.extend(bare.by_ref().take(room));
        }
        n += 1;
    }
    let count = cut.len();
    let made = cut.into_iter().enumerate().map(|(n, (ids, lines))| {
        let mut part = View {
            id: format!("{}-part-{}", view.id, n + 1),
            title: format!("{} (part {} of {count})", view.title, n + 1),
            nodes: nodes
                .iter()
                .filter(|node| ids.contains(node.id.as_str()))
                .cloned()
                .collect(),
            edges: lines.iter().map(|b| b.edge()).collect(),
            ..view.clone()
        };
        budget::keep_used_groups(&mut part);
        part.omitted = format!(
            "{} of {} boxes and {} of {} relations are in this part.",
            part.nodes.len(),
            nodes.len(),
            lines.len(),
            bundles.len()
        );
        part
    });
    made.collect()
}

/// The next lines of one page: those of the best connected box first, and then always those that
/// bring in the fewest boxes, so that what belongs together stands together.
fn next<'a>(rest: &mut Vec<&'a Bundle>, budget: Budget) -> (BTreeSet<&'a str>, Vec<&'a Bundle>) {
    let mut degree: BTreeMap<&str, usize> = BTreeMap::new();
    for bundle in rest.iter() {
        *degree.entry(&bundle.from).or_default() += 1;
        *degree.entry(&bundle.to).or_default() += 1;
    }
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let mut lines: Vec<&Bundle> = Vec::new();
    while lines.len() < budget.edges.max(1) {
        let of = |id: &str| degree.get(id).copied().unwrap_or(0);
        let best = rest.iter().enumerate().filter_map(|(n, b)| {
            let new = [b.from.as_str(), b.to.as_str()];
            let new = new.iter().filter(|id| !ids.contains(*id)).count();
            if ids.len() + new > budget.nodes.max(2) {
                return None;
            }
            let apart = new == 2 && !ids.is_empty();
            let most = of(&b.from).max(of(&b.to));
            Some((apart, new, std::cmp::Reverse(most), n))
        });
        let Some((.., n)) = best.min() else { break };
        let bundle = rest.remove(n);
        ids.extend([bundle.from.as_str(), bundle.to.as_str()]);
        lines.push(bundle);
    }
    (ids, lines)
}

/// What is said of the parts under the view itself.
pub(super) fn said(more: &[View]) -> Option<String> {
    let parts: Vec<&View> = more.iter().filter(|v| v.kind != ViewKind::Matrix).collect();
    let matrix = more.iter().any(|v| v.kind == ViewKind::Matrix);
    let table = if matrix {
        ", and a matrix shows all of them"
    } else {
        ""
    };
    match parts.as_slice() {
        [] => None,
        [only] => Some(format!("`{}` shows the relations{table}.", only.id)),
        [first, .., last] => Some(format!(
            "The parts `{}` to `{}` show the relations one by one{table}.",
            first.id, last.id
        )),
    }
}
