//! Keeps a view legible: at most [`NODES`] boxes and [`EDGES`] lines. Beyond that the least
//! connected boxes of a boundary become one, and the weakest lines are left out; both are said.

use super::{Bundle, merge};
use groundplan_model::{RelationshipKind, View, ViewNode};
use std::collections::{BTreeMap, BTreeSet};

/// Boxes of one view.
pub(super) const NODES: usize = 20;
/// Lines of one view.
pub(super) const EDGES: usize = 30;

/// Fills `view` with `nodes` and `bundles`, within the budget. `noun` names the boxes in the
/// plural.
pub(super) fn fill(view: &mut View, nodes: Vec<ViewNode>, bundles: Vec<Bundle>, noun: &str) {
    let mut said = Vec::new();
    let (nodes, bundles) = collapse(nodes, bundles, noun, &mut said);
    let bundles = thin(bundles, &mut said);
    view.edges = bundles.iter().map(Bundle::edge).collect();
    view.nodes = nodes;
    let used: BTreeSet<&str> = view
        .nodes
        .iter()
        .filter_map(|n| n.parent.as_deref())
        .collect();
    let parents: BTreeMap<String, Option<String>> = view
        .groups
        .iter()
        .map(|g| (g.id.clone(), g.parent.clone()))
        .collect();
    let mut kept: BTreeSet<String> = BTreeSet::new();
    for id in used {
        let mut at = Some(id.to_owned());
        while let Some(id) = at {
            at = parents.get(&id).cloned().flatten();
            if !kept.insert(id) {
                break;
            }
        }
    }
    view.groups.retain(|g| kept.contains(&g.id));
    if !said.is_empty() {
        view.omitted = said.join(" ");
    }
}

fn collapse(
    nodes: Vec<ViewNode>,
    bundles: Vec<Bundle>,
    noun: &str,
    said: &mut Vec<String>,
) -> (Vec<ViewNode>, Vec<Bundle>) {
    if nodes.len() <= NODES {
        return (nodes, bundles);
    }
    let mut degree: BTreeMap<&str, usize> = BTreeMap::new();
    for bundle in &bundles {
        *degree.entry(&bundle.from).or_default() += 1;
        *degree.entry(&bundle.to).or_default() += 1;
    }
    let mut ranked: Vec<&ViewNode> = nodes.iter().collect();
    ranked.sort_by_key(|n| {
        let degree = degree.get(n.id.as_str()).copied().unwrap_or(0);
        (std::cmp::Reverse(degree), n.external, n.id.as_str())
    });
    let place = |n: &ViewNode| (n.parent.clone(), n.external);
    // The fewer are kept by name, the more boundaries need a box for the rest.
    let kept = (1..NODES)
        .rev()
        .find(|kept| {
            let rest: BTreeSet<_> = ranked.iter().skip(*kept).map(|n| place(n)).collect();
            kept + rest.len() <= NODES
        })
        .unwrap_or(1);
    let mut folded: BTreeMap<String, String> = BTreeMap::new();
    let mut heaps: BTreeMap<(Option<String>, bool), Vec<&ViewNode>> = BTreeMap::new();
    for node in ranked.iter().skip(kept) {
        heaps.entry(place(node)).or_default().push(node);
    }
    let mut out: Vec<ViewNode> = ranked.iter().take(kept).map(|n| (*n).clone()).collect();
    let mut hidden = 0;
    for ((parent, external), mut members) in heaps {
        members.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        if let [only] = members.as_slice() {
            out.push((*only).clone());
            continue;
        }
        hidden += members.len();
        let outside = if external { "outside" } else { "inside" };
        let id = format!("more:{}:{outside}", parent.as_deref().unwrap_or_default());
        for member in &members {
            folded.insert(member.id.clone(), id.clone());
        }
        let names: Vec<&str> = members.iter().take(4).map(|n| n.name.as_str()).collect();
        let rest = if members.len() > 4 { ", …" } else { "" };
        out.push(ViewNode {
            id,
            name: format!("{} more", members.len()),
            kind: String::new(),
            description: format!("{}{rest}", names.join(", ")),
            role: None,
            person: false,
            external,
            parent,
            rows: Vec::new(),
        });
    }
    said.push(format!(
        "{} of {} {noun} are shown by name; the other {hidden}, none of them with more connections, are drawn together.",
        nodes.len() - hidden,
        nodes.len()
    ));
    let mut moved = Vec::new();
    for mut bundle in bundles {
        if let Some(id) = folded.get(&bundle.from) {
            bundle.from.clone_from(id);
        }
        if let Some(id) = folded.get(&bundle.to) {
            bundle.to.clone_from(id);
        }
        if bundle.from != bundle.to {
            moved.push(bundle);
        }
    }
    (out, merge(moved))
}

/// Leaves lines out until the budget holds: first those to what nearly everything uses, then those
/// of the heap, then those between the best connected.
fn thin(mut bundles: Vec<Bundle>, said: &mut Vec<String>) -> Vec<Bundle> {
    let all = bundles.len();
    if all <= EDGES {
        return bundles;
    }
    let mut reasons: Vec<String> = Vec::new();
    let only = |b: &Bundle, kind: RelationshipKind| b.kinds.iter().all(|k| *k == kind);
    for (kind, word) in [
        (RelationshipKind::Observes, "for monitoring"),
        (RelationshipKind::Configures, "for configuration"),
    ] {
        let count = bundles.iter().filter(|b| only(b, kind)).count();
        if bundles.len() > EDGES && count > 1 {
            bundles.retain(|b| !only(b, kind));
            reasons.push(format!("{count} {word}"));
        }
    }
    let mut weak = 0;
    while bundles.len() > EDGES {
        let mut degree: BTreeMap<&str, usize> = BTreeMap::new();
        for bundle in &bundles {
            *degree.entry(&bundle.from).or_default() += 1;
            *degree.entry(&bundle.to).or_default() += 1;
        }
        let of = |id: &str| degree.get(id).copied().unwrap_or(0);
        let worst = bundles
            .iter()
            .enumerate()
            .max_by_key(|(n, b)| {
                let heap = b.from.starts_with("more:") || b.to.starts_with("more:");
                let least = of(&b.from).min(of(&b.to));
                (
                    least > 1,
                    heap,
                    least,
                    of(&b.from) + of(&b.to),
                    std::cmp::Reverse(*n),
                )
            })
            .map(|(n, _)| n);
        match worst {
            Some(n) => {
                bundles.remove(n);
                weak += 1;
            }
            None => break,
        }
    }
    if weak > 0 {
        reasons.push(format!("{weak} between boxes that have other relations"));
    }
    let left = bundles.len();
    said.push(format!(
        "{left} of {all} relations are drawn; left out are {}.",
        crate::description::list(&reasons)
    ));
    bundles
}
