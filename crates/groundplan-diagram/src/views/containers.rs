//! C4 level 2: containers inside the system boundary, persons and external systems outside.

use super::{Model, budget, node, phrase, say};
use groundplan_model::{Element, ElementKind, Role, View, ViewGroup, ViewKind, ViewNode};
use std::collections::{BTreeMap, BTreeSet};

/// The container that `id` is, or is part of.
pub(super) fn container_of<'a>(model: &Model<'a>, id: &str) -> Option<&'a Element> {
    model
        .lineage(id)
        .into_iter()
        .find(|e| e.kind == ElementKind::Container && !e.external)
}

/// The element as which `id` is drawn where containers are drawn.
pub(super) fn drawn<'a>(model: &Model<'a>, id: &str) -> Option<&'a Element> {
    let element = model.by_id.get(id).copied()?;
    if element.kind == ElementKind::Person {
        return Some(element);
    }
    model.outside(id).or_else(|| container_of(model, id))
}

/// The view `containers` and its parts; none without a container.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    if model.blueprint.containers().next().is_none() {
        return Vec::new();
    }
    let mut made = super::view(
        "containers",
        ViewKind::Container,
        format!("{}: containers", model.name),
    );
    let mut nodes: BTreeMap<String, ViewNode> = BTreeMap::new();
    let mut systems: BTreeSet<String> = BTreeSet::new();
    for element in &model.blueprint.elements {
        let Some(element) = drawn(model, &element.id) else {
            continue;
        };
        let mut made = node(element);
        if !element.external && element.kind == ElementKind::Container {
            let system = system_of(model, element);
            systems.insert(system.clone());
            made.parent = Some(system);
        }
        nodes.insert(made.id.clone(), made);
    }
    let mut bundles = model.edges(|id| drawn(model, id).map(|e| e.id.clone()), phrase);
    // A mail catcher on the machine of a developer is no part of what runs for users.
    let of_developers = only_for_developers(model, &nodes);
    nodes.retain(|id, _| !of_developers.contains_key(id));
    bundles.retain(|b| !of_developers.contains_key(&b.from) && !of_developers.contains_key(&b.to));
    // A person or neighbour without an edge tells nothing about the containers.
    let touched: BTreeSet<&str> = bundles
        .iter()
        .flat_map(|b| [b.from.as_str(), b.to.as_str()])
        .collect();
    let all = nodes.len();
    let nodes: Vec<ViewNode> = nodes
        .into_values()
        .filter(|n| n.parent.is_some() || touched.contains(n.id.as_str()))
        .collect();
    let bare = all - nodes.len();
    // Beside parts that work together, what only other sets of files start is a row of loose boxes.
    let (loose, nodes): (Vec<ViewNode>, Vec<ViewNode>) = nodes.into_iter().partition(|n| {
        let element = model.by_id.get(n.id.as_str());
        touched.len() > 1
            && !touched.contains(n.id.as_str())
            && element.is_some_and(|e| is_beside(e))
    });
    for id in systems {
        let name = if id == model.system {
            model.name.clone()
        } else {
            model
                .by_id
                .get(id.as_str())
                .map_or_else(|| id.clone(), |e| e.name.clone())
        };
        made.groups.push(ViewGroup {
            id,
            name,
            kind: "Software System".to_owned(),
            parent: None,
        });
    }
    let parts = budget::fill(
        &mut made,
        nodes,
        bundles,
        "containers and neighbours",
        model.budget,
    );
    if bare > 0 {
        let (noun, verb) = if bare == 1 {
            ("element", "is")
        } else {
            ("elements", "are")
        };
        let what =
            format!("{bare} {noun} outside without a relation to a container {verb} left out.");
        say(&mut made, &what);
    }
    let loose: Vec<String> = loose.iter().map(|n| n.name.clone()).collect();
    let of_developers: Vec<String> = of_developers.into_values().collect();
    for (names, why) in [
        (loose, "which nothing that is drawn reaches"),
        (of_developers, "started only for development"),
    ] {
        if !names.is_empty() {
            let verb = if names.len() == 1 { "is" } else { "are" };
            let names = crate::description::list(&names);
            say(&mut made, &format!("{names}, {why}, {verb} left out."));
        }
    }
    budget::with(made, parts)
}

/// Containers without code of their own that only files for developers start, by id with their names; none where
/// nothing else is drawn. What keeps data or carries messages stays: who runs the system has one like it.
fn only_for_developers(
    model: &Model<'_>,
    nodes: &BTreeMap<String, ViewNode>,
) -> BTreeMap<String, String> {
    let inside = || nodes.values().filter(|n| n.parent.is_some());
    let is = |n: &&ViewNode| {
        model.by_id.get(n.id.as_str()).is_some_and(|e| {
            let kept = e.is_store() || e.role == Some(Role::Broker);
            e.source.is_none() && !kept && e.tags.iter().any(|tag| tag == "development")
        })
    };
    if inside().all(|n| is(&n)) {
        return BTreeMap::new();
    }
    let all = inside().filter(is);
    all.map(|n| (n.id.clone(), n.name.clone())).collect()
}

/// Whether a container only runs where other sets of files are used, or is a store of a cloud.
fn is_beside(e: &Element) -> bool {
    let bucket = e.role == Some(Role::ObjectStorage) && e.attribute("image").is_none();
    e.tags.iter().any(|tag| tag == "on-demand") || bucket
}

fn system_of(model: &Model<'_>, element: &Element) -> String {
    model
        .lineage(&element.id)
        .into_iter()
        .find(|e| e.kind == ElementKind::SoftwareSystem)
        .map_or_else(|| model.system.clone(), |e| e.id.clone())
}
