//! Puts a view into the form that every writer can rely on: ids unique, ends and parents that
//! exist, no empty boundary, no cycle among boundaries, sorted by id.

use groundplan_model::{View, ViewKind};
use std::collections::{BTreeMap, BTreeSet};

/// Boundaries nested deeper than this are drawn at this depth.
const DEEPEST: usize = 6;

/// `view` with duplicates, dangling ends and empty boundaries removed, in canonical order.
pub(crate) fn normal(view: &View) -> View {
    let mut view = view.clone();
    view.nodes
        .sort_by(|a, b| (&a.id, &a.name, &a.kind).cmp(&(&b.id, &b.name, &b.kind)));
    view.nodes.dedup_by(|a, b| a.id == b.id);
    view.groups
        .sort_by(|a, b| (&a.id, &a.name).cmp(&(&b.id, &b.name)));
    view.groups.dedup_by(|a, b| a.id == b.id);
    groups(&mut view);
    let ids: BTreeSet<String> = view.nodes.iter().map(|n| n.id.clone()).collect();
    view.edges
        .retain(|e| ids.contains(&e.from) && ids.contains(&e.to));
    view.edges
        .sort_by(|a, b| (&a.id, &a.from, &a.to, &a.label).cmp(&(&b.id, &b.from, &b.to, &b.label)));
    view.edges.dedup_by(|a, b| a.id == b.id);
    view.steps
        .retain(|s| ids.contains(&s.from) && ids.contains(&s.to));
    if view.kind == ViewKind::Sequence {
        by_appearance(&mut view);
    }
    view
}

/// Boxes, lines and messages of one picture.
pub(crate) type Limits = (usize, usize, usize);

/// Beyond them a picture is not drawn whole: nobody could read it, and its layout would take minutes.
pub(crate) const LIMITS: Limits = (2000, 5000, 600);
/// The same for a picture whose lines are so long that already fewer of them take minutes.
pub(crate) const TANGLED: Limits = (400, 1500, 600);

/// A view in normal form with no more than can be drawn; what was left out is said.
pub(crate) fn bounded(mut view: View, limits: Limits) -> View {
    let (nodes, edges, steps) = limits;
    let mut said = Vec::new();
    if view.nodes.len() > nodes {
        let mut degree: BTreeMap<String, usize> = BTreeMap::new();
        for edge in &view.edges {
            *degree.entry(edge.from.clone()).or_default() += 1;
            *degree.entry(edge.to.clone()).or_default() += 1;
        }
        let of = |id: &String| degree.get(id).copied().unwrap_or(0);
        said.push(format!(
            "The {nodes} best connected of {} boxes are drawn.",
            view.nodes.len()
        ));
        view.nodes
            .sort_by_key(|n| (std::cmp::Reverse(of(&n.id)), n.id.clone()));
        view.nodes.truncate(nodes);
        view = normal(&view);
    }
    if view.edges.len() > edges {
        said.push(format!("{edges} of {} lines are drawn.", view.edges.len()));
        view.edges.truncate(edges);
    }
    if view.steps.len() > steps {
        said.push(format!(
            "The first {steps} of {} steps are drawn.",
            view.steps.len()
        ));
        view.steps.truncate(steps);
    }
    for sentence in said {
        if !view.omitted.is_empty() {
            view.omitted.push(' ');
        }
        view.omitted.push_str(&sentence);
    }
    view
}

fn groups(view: &mut View) {
    let parents: BTreeMap<String, Option<String>> = view
        .groups
        .iter()
        .map(|g| (g.id.clone(), g.parent.clone()))
        .collect();
    for group in &mut view.groups {
        if chain(&parents, group.parent.as_deref()).is_none_or(|c| c.contains(&group.id)) {
            group.parent = None;
        }
    }
    let parents: BTreeMap<String, Option<String>> = view
        .groups
        .iter()
        .map(|g| (g.id.clone(), g.parent.clone()))
        .collect();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for node in &mut view.nodes {
        let mut line = chain(&parents, node.parent.as_deref()).unwrap_or_default();
        if line.len() > DEEPEST {
            line.drain(..line.len() - DEEPEST);
        }
        node.parent = line.first().cloned();
        used.extend(line);
    }
    view.groups.retain(|g| used.contains(&g.id));
}

/// `start` and what encloses it, inner first; `None` if a parent is unknown or there is a cycle.
fn chain(parents: &BTreeMap<String, Option<String>>, start: Option<&str>) -> Option<Vec<String>> {
    let mut line: Vec<String> = Vec::new();
    let mut at = start;
    while let Some(id) = at {
        let parent = parents.get(id)?;
        if line.iter().any(|l| l == id) || line.len() > 200 {
            return None;
        }
        line.push(id.to_owned());
        at = parent.as_deref();
    }
    Some(line)
}

fn by_appearance(view: &mut View) {
    let mut rank: BTreeMap<&str, usize> = BTreeMap::new();
    for step in &view.steps {
        for id in [step.from.as_str(), step.to.as_str()] {
            let next = rank.len();
            rank.entry(id).or_insert(next);
        }
    }
    let place: BTreeMap<String, usize> =
        rank.into_iter().map(|(id, n)| (id.to_owned(), n)).collect();
    view.nodes.sort_by_key(|n| {
        (
            place.get(&n.id).copied().unwrap_or(usize::MAX),
            n.id.clone(),
        )
    });
}
