//! Level 0 of C4: several software systems of one owner with their people and neighbours.

use super::{Model, budget, node, phrase};
use groundplan_model::{Element, ElementKind, View, ViewKind, ViewNode};
use std::collections::BTreeMap;

/// The view `landscape` and its parts; none where there is only one system, which the context shows.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    let own = |e: &&Element| e.kind == ElementKind::SoftwareSystem && !e.external;
    if model.blueprint.elements.iter().filter(own).count() < 2 {
        return Vec::new();
    }
    let drawn = |id: &str| -> Option<&Element> {
        let element = model.by_id.get(id).copied()?;
        if element.kind == ElementKind::Person {
            return Some(element);
        }
        let line = model.lineage(id);
        (model.outside(id)).or_else(|| line.into_iter().rfind(|e| own(e)))
    };
    let mut nodes: BTreeMap<&str, ViewNode> = BTreeMap::new();
    for element in &model.blueprint.elements {
        if let Some(element) = drawn(&element.id) {
            nodes.insert(&element.id, node(element));
        }
    }
    let bundles = model.edges(|id| drawn(id).map(|e| e.id.clone()), phrase);
    let mut made = super::view(
        "landscape",
        ViewKind::Landscape,
        format!("{}: system landscape", model.name),
    );
    let nodes = nodes.into_values().collect();
    let parts = budget::fill(&mut made, nodes, bundles, "elements", model.budget);
    budget::with(made, parts)
}
