//! Keeps a view legible: at most so many boxes and lines. Beyond that the least
//! connected boxes of a boundary become one, and the weakest lines are left out; both are said, and
//! parts of the view show what the whole of it does not.

use super::{Bundle, matrix, merge, split as parts};
use groundplan_model::{Mode, RelationshipKind, View, ViewKind, ViewNode};
use std::collections::{BTreeMap, BTreeSet};

/// How much one view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Boxes.
    pub(crate) nodes: usize,
    /// Lines.
    pub(crate) edges: usize,
}

impl Budget {
    /// What a page holds.
    pub(crate) const DEFAULT: Budget = Budget {
        nodes: 20,
        edges: 30,
    };

    /// So many boxes and half as many lines again.
    pub(crate) fn of(boxes: usize) -> Budget {
        let nodes = boxes.clamp(2, 100_000);
        Budget {
            nodes,
            edges: nodes + nodes / 2,
        }
    }
}

/// `view` within the budget.
pub(crate) fn within(view: &View, budget: Budget) -> View {
    let mut views = split(view, budget);
    views.truncate(1);
    views.pop().unwrap_or_else(|| view.clone())
}

/// `view` within the budget, and its parts if it is not whole.
pub(crate) fn split(view: &View, budget: Budget) -> Vec<View> {
    let mut view = view.clone();
    let mut more = Vec::new();
    let fits = view.nodes.len() <= budget.nodes && view.edges.len() <= budget.edges;
    match view.kind {
        _ if fits => {}
        ViewKind::Sequence | ViewKind::Matrix | ViewKind::Roadmap | ViewKind::Chart => {}
        ViewKind::EntityRelationship => cut(&mut view, budget),
        _ => {
            let bundles = view.edges.iter().map(|edge| Bundle {
                from: edge.from.clone(),
                to: edge.to.clone(),
                labels: BTreeSet::from([edge.label.clone()]),
                technologies: match edge.technology.trim() {
                    "" => BTreeSet::new(),
                    technology => BTreeSet::from([technology.to_owned()]),
                },
                kinds: BTreeSet::new(),
                waits: edge.mode != Some(Mode::Async),
                count: 1,
            });
            let bundles = merge(bundles.collect());
            let nodes = std::mem::take(&mut view.nodes);
            let said = std::mem::take(&mut view.omitted);
            more = fill(&mut view, nodes, bundles, "boxes", budget);
            if !said.is_empty() {
                view.omitted = format!("{said} {}", view.omitted).trim().to_owned();
            }
        }
    }
    with(view, more)
}

/// A view and its parts.
pub(super) fn with(view: View, parts: Vec<View>) -> Vec<View> {
    std::iter::once(view).chain(parts).collect()
}

/// Keeps the best connected entities and the references between them.
fn cut(view: &mut View, budget: Budget) {
    let mut degree: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in &view.edges {
        *degree.entry(&edge.from).or_default() += 1;
        *degree.entry(&edge.to).or_default() += 1;
    }
    let mut ranked: Vec<(std::cmp::Reverse<usize>, &str)> = view
        .nodes
        .iter()
        .map(|n| {
            let degree = degree.get(n.id.as_str()).copied().unwrap_or(0);
            (std::cmp::Reverse(degree), n.id.as_str())
        })
        .collect();
    ranked.sort_unstable();
    let kept: BTreeSet<String> = ranked
        .iter()
        .take(budget.nodes)
        .map(|(_, id)| (*id).to_owned())
        .collect();
    let (all, references) = (view.nodes.len(), view.edges.len());
    view.nodes.retain(|n| kept.contains(&n.id));
    view.edges
        .retain(|e| kept.contains(&e.from) && kept.contains(&e.to));
    view.edges.truncate(budget.edges);
    super::say(
        view,
        &format!(
            "{} of {all} entities are shown, the most connected first, with {} of {references} \
             references.",
            kept.len(),
            view.edges.len()
        ),
    );
}

/// Fills `view` with `nodes` and `bundles`, within the budget; returns the parts that show what it
/// does not. `noun` names the boxes in the plural.
pub(super) fn fill(
    view: &mut View,
    nodes: Vec<ViewNode>,
    bundles: Vec<Bundle>,
    noun: &str,
    budget: Budget,
) -> Vec<View> {
    let mut more = Vec::new();
    if nodes.len() > budget.nodes || bundles.len() > budget.edges {
        more = parts::parts(view, &nodes, &bundles, budget);
        more.extend(matrix::view(view, &nodes, &bundles));
    }
    let mut said = Vec::new();
    let (nodes, bundles) = collapse(nodes, bundles, noun, budget.nodes, &mut said);
    let bundles = thin(bundles, budget.edges, &mut said);
    view.edges = bundles.iter().map(Bundle::edge).collect();
    view.nodes = nodes;
    keep_used_groups(view);
    let said_of_parts = parts::said(&more);
    said.extend(said_of_parts);
    if !said.is_empty() {
        view.omitted = said.join(" ");
    }
    more
}

/// Drops the boundaries in which nothing stands.
pub(super) fn keep_used_groups(view: &mut View) {
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
}

fn collapse(
    nodes: Vec<ViewNode>,
    bundles: Vec<Bundle>,
    noun: &str,
    most: usize,
    said: &mut Vec<String>,
) -> (Vec<ViewNode>, Vec<Bundle>) {
    if nodes.len() <= most {
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
    // People and systems outside have nothing in common that one box could say.
    let place = |n: &ViewNode| (n.parent.clone(), n.external, n.person);
    // The fewer are kept by name, the more boundaries need a box for the rest.
    let kept = (1..most)
        .rev()
        .find(|kept| {
            let rest: BTreeSet<_> = ranked.iter().skip(*kept).map(|n| place(n)).collect();
            kept + rest.len() <= most
        })
        .unwrap_or(1);
    let mut folded: BTreeMap<String, String> = BTreeMap::new();
    let mut heaps: BTreeMap<(Option<String>, bool, bool), Vec<&ViewNode>> = BTreeMap::new();
    for node in ranked.iter().skip(kept) {
        heaps.entry(place(node)).or_default().push(node);
    }
    let mut out: Vec<ViewNode> = ranked.iter().take(kept).map(|n| (*n).clone()).collect();
    let mut hidden = 0;
    for ((parent, external, person), mut members) in heaps {
        members.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        if let [only] = members.as_slice() {
            out.push((*only).clone());
            continue;
        }
        hidden += members.len();
        let outside = match (external, person) {
            (_, true) => "people",
            (true, false) => "outside",
            (false, false) => "inside",
        };
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
            person,
            external,
            parent,
            rows: Vec::new(),
        });
    }
    said.push(format!(
        "{} of {} {noun} are shown by name; the other {hidden}, none of them with more connections than these, are drawn together.",
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
/// of the heap, then those between the best connected; the only line out of a box or into it stays as
/// long as others between named boxes can go.
fn thin(mut bundles: Vec<Bundle>, most: usize, said: &mut Vec<String>) -> Vec<Bundle> {
    let all = bundles.len();
    if all <= most {
        return bundles;
    }
    let mut reasons: Vec<String> = Vec::new();
    let only = |b: &Bundle, kind: RelationshipKind| {
        !b.kinds.is_empty() && b.kinds.iter().all(|k| *k == kind)
    };
    for (kind, word) in [
        (RelationshipKind::Observes, "for monitoring"),
        (RelationshipKind::Configures, "for configuration"),
    ] {
        let count = bundles.iter().filter(|b| only(b, kind)).count();
        if bundles.len() > most && count > 1 {
            bundles.retain(|b| !only(b, kind));
            reasons.push(format!("{count} {word}"));
        }
    }
    let mut weak = 0;
    while bundles.len() > most {
        let mut degree: BTreeMap<&str, usize> = BTreeMap::new();
        let mut out: BTreeMap<&str, usize> = BTreeMap::new();
        let mut into: BTreeMap<&str, usize> = BTreeMap::new();
        for bundle in &bundles {
            *degree.entry(&bundle.from).or_default() += 1;
            *degree.entry(&bundle.to).or_default() += 1;
            *out.entry(&bundle.from).or_default() += 1;
            *into.entry(&bundle.to).or_default() += 1;
        }
        let of = |id: &str| degree.get(id).copied().unwrap_or(0);
        // Where a box gives to one other only, that line says what it is for; so does the only one in.
        let goes = |id: &str| out.get(id).copied().unwrap_or(0);
        let comes = |id: &str| into.get(id).copied().unwrap_or(0);
        let worst = bundles
            .iter()
            .enumerate()
            .max_by_key(|(n, b)| {
                let heap = b.from.starts_with("more:") || b.to.starts_with("more:");
                let least = of(&b.from).min(of(&b.to));
                (
                    least > 1,
                    heap || goes(&b.from) > 1 && comes(&b.to) > 1,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(from: &str, to: &str) -> Bundle {
        Bundle {
            from: from.to_owned(),
            to: to.to_owned(),
            labels: BTreeSet::new(),
            technologies: BTreeSet::new(),
            kinds: BTreeSet::from([RelationshipKind::Calls]),
            waits: true,
            count: 1,
        }
    }

    #[test]
    fn the_only_line_out_of_a_box_stays() {
        let mut all = vec![bundle("web", "edge")];
        for n in 0..6 {
            all.push(bundle(&format!("person-{n}"), "web"));
            all.push(bundle("edge", &format!("service-{n}")));
            all.push(bundle(&format!("service-{n}"), "database"));
            all.push(bundle(&format!("service-{n}"), "provider"));
        }
        let left = thin(all.clone(), all.len() - 2, &mut Vec::new());
        assert_eq!(left.len(), all.len() - 2);
        assert!(left.iter().any(|b| b.from == "web" && b.to == "edge"));
        // Where nothing else can go, it goes: the budget holds.
        let ring = vec![bundle("a", "b"), bundle("b", "c"), bundle("c", "a")];
        assert_eq!(thin(ring, 2, &mut Vec::new()).len(), 2);
    }
}
