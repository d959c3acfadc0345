//! The order in which a layout takes up boxes and lines: by what they say beside their names and by
//! what they join, so that a box under another name stands where it stood, and a new one leaves the
//! others in their order.

use groundplan_model::{View, ViewEdge, ViewNode};
use std::collections::{BTreeMap, BTreeSet};

/// Rounds in which boxes that say the same are told apart by their neighbours.
const ROUNDS: usize = 3;

/// `view`, in normal form, with its boxes and lines in that order.
pub(crate) fn ordered(view: &View) -> View {
    let mut view = view.clone();
    let place = places(&view);
    view.nodes
        .sort_by_key(|node| place.get(&node.id).copied().unwrap_or(usize::MAX));
    let of = |id: &str| place.get(id).copied().unwrap_or(usize::MAX);
    view.edges.sort_by(|a, b| {
        let key = |e: &ViewEdge| (of(&e.from), of(&e.to));
        let words = |a: &ViewEdge, b: &ViewEdge| (&a.label, &a.id).cmp(&(&b.label, &b.id));
        key(a).cmp(&key(b)).then_with(|| words(a, b))
    });
    view
}

/// The place of each box, by its id.
fn places(view: &View) -> BTreeMap<String, usize> {
    let groups = view.groups.iter().map(|g| (g.id.as_str(), g.name.as_str()));
    let groups: BTreeMap<&str, &str> = groups.collect();
    let group = |node: &ViewNode| groups.get(node.parent.as_deref()?).copied();
    let ends = view.edges.iter().flat_map(|e| [&e.from, &e.to]);
    let joined: BTreeSet<&String> = ends.collect();
    let own = view.nodes.iter().map(|node| {
        // What nothing joins is looked for by its name.
        if !joined.contains(&node.id) {
            return (group(node), None);
        }
        let kind = (
            !node.person,
            node.external,
            node.role.map(|r| format!("{r:?}")),
        );
        let said = (node.kind.as_str(), node.description.as_str(), &node.rows);
        (group(node), Some((kind, said)))
    });
    let mut class = classes(own.collect());
    let index: BTreeMap<&str, usize> = (view.nodes.iter().map(|n| n.id.as_str()))
        .zip(0..)
        .collect();
    let mut near: Vec<Vec<(bool, &str, usize)>> = vec![Vec::new(); view.nodes.len()];
    for edge in &view.edges {
        let ends = (index.get(edge.from.as_str()), index.get(edge.to.as_str()));
        if let (Some(from), Some(to)) = ends {
            near[*from].push((false, edge.label.as_str(), *to));
            near[*to].push((true, edge.label.as_str(), *from));
        }
    }
    // What joins more comes first: a new box changes that of few others.
    let told = class.iter().zip(&near);
    let told = told.map(|(own, near)| (*own, std::cmp::Reverse(near.len())));
    class = classes(told.collect());
    for _ in 0..ROUNDS {
        let told = class.iter().zip(&near).map(|(own, near)| {
            let beside = near
                .iter()
                .map(|(back, label, n)| (*back, *label, class[*n]));
            let mut beside: Vec<_> = beside.collect();
            beside.sort_unstable();
            (*own, beside)
        });
        class = classes(told.collect());
    }
    let mut order: Vec<usize> = (0..view.nodes.len()).collect();
    order.sort_by_key(|n| (class[*n], &view.nodes[*n].name, &view.nodes[*n].id));
    let ids = order.into_iter().map(|n| view.nodes[n].id.clone());
    ids.zip(0..).collect()
}

/// The number of each key among the different ones, sorted.
fn classes<K: Ord>(keys: Vec<K>) -> Vec<usize> {
    let mut sorted: Vec<&K> = keys.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let place = |key: &K| sorted.partition_point(|other| *other < key);
    keys.iter().map(place).collect()
}
