//! C4 level 3: the components of the containers that have most of them.

use super::{Bundle, Model, budget, kebab, node, phrase};
use groundplan_model::{Element, ElementKind, View, ViewGroup, ViewKind, ViewNode};
use std::collections::BTreeMap;

/// Views of this kind at most.
const VIEWS: usize = 2;

/// The views `components-<container>`, for containers with at least two components.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    let mut by_container: BTreeMap<&str, Vec<&Element>> = BTreeMap::new();
    for element in &model.blueprint.elements {
        if element.kind == ElementKind::Component
            && let Some(parent) = parent(model, element)
        {
            by_container.entry(&parent.id).or_default().push(element);
        }
    }
    let mut ranked: Vec<(&str, Vec<&Element>)> = by_container
        .into_iter()
        .filter(|(_, c)| c.len() > 1)
        .collect();
    ranked.sort_by_key(|(id, components)| (std::cmp::Reverse(components.len()), *id));
    ranked
        .into_iter()
        .take(VIEWS)
        .filter_map(|(id, components)| Some((model.by_id.get(id).copied()?, components)))
        .flat_map(|(container, components)| of(model, container, &components))
        .collect()
}

/// The container or system that directly or through other components contains `element`.
fn parent<'a>(model: &Model<'a>, element: &Element) -> Option<&'a Element> {
    model.lineage(&element.id).into_iter().find(|e| {
        matches!(e.kind, ElementKind::Container | ElementKind::SoftwareSystem) && !e.external
    })
}

fn of(model: &Model<'_>, container: &Element, components: &[&Element]) -> Vec<View> {
    let mut made = super::view(
        format!("components-{}", kebab(&container.id)),
        ViewKind::Component,
        format!("{}: components", container.name),
    );
    let nodes: Vec<ViewNode> = components
        .iter()
        .map(|element| ViewNode {
            parent: Some(container.id.clone()),
            ..node(element)
        })
        .collect();
    let kind = match container.kind {
        ElementKind::SoftwareSystem => "Software System",
        _ => "Container",
    };
    made.groups.push(ViewGroup {
        id: container.id.clone(),
        name: container.name.clone(),
        kind: kind.to_owned(),
        parent: None,
    });
    let own = |id: &str| components.iter().any(|c| c.id == id).then(|| id.to_owned());
    let bundles: Vec<Bundle> = model.edges(own, phrase);
    let parts = budget::fill(&mut made, nodes, bundles, "components", model.budget);
    budget::with(made, parts)
}
