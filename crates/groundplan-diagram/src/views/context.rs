//! C4 level 1: persons, the system as one box, external systems.

use super::{Model, budget, node, phrase};
use groundplan_model::{ElementKind, View, ViewKind, ViewNode};
use std::collections::BTreeMap;

/// The view `system-context` and its parts; none without any element.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    if model.blueprint.elements.is_empty() {
        return Vec::new();
    }
    let mut made = super::view(
        "system-context",
        ViewKind::SystemContext,
        format!("{}: system context", model.name),
    );
    let mut nodes: BTreeMap<String, ViewNode> = BTreeMap::new();
    for element in &model.blueprint.elements {
        let drawn = if element.kind == ElementKind::Person {
            Some(element)
        } else {
            model.outside(&element.id)
        };
        if let Some(element) = drawn {
            nodes.insert(element.id.clone(), node(element));
        }
    }
    nodes.insert(model.system.clone(), system(model));
    let lift = |id: &str| {
        let person = model
            .by_id
            .get(id)
            .is_some_and(|e| e.kind == ElementKind::Person);
        if person {
            return Some(id.to_owned());
        }
        Some(
            model
                .outside(id)
                .map_or_else(|| model.system.clone(), |e| e.id.clone()),
        )
    };
    let bundles = model.edges(lift, phrase);
    let parts = budget::fill(
        &mut made,
        nodes.into_values().collect(),
        bundles,
        "elements",
        model.budget,
    );
    budget::with(made, parts)
}

fn system(model: &Model<'_>) -> ViewNode {
    let element = model
        .by_id
        .get(model.system.as_str())
        .filter(|e| !e.external);
    let mut made = match element {
        Some(element) => node(element),
        None => ViewNode {
            id: model.system.clone(),
            kind: "Software System".to_owned(),
            ..super::quantity()
        },
    };
    made.name.clone_from(&model.name);
    made.role = None;
    if made.description.is_empty()
        && let Some(purpose) = &model.blueprint.system.purpose
    {
        made.description = super::short(&purpose.text);
    }
    made
}
