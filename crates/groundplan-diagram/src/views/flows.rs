//! Flows as sequences of messages.

use super::{Model, kebab, node};
use groundplan_model::{Element, ElementKind, Flow, StepKind, View, ViewKind, ViewNode, ViewStep};
use std::collections::BTreeMap;

/// Views of this kind at most.
const VIEWS: usize = 4;
/// Messages of one view.
const STEPS: usize = 24;
/// Participants of one view.
const PARTICIPANTS: usize = 10;

/// The views `flow-<flow id>` of the heaviest flows.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    let flows = model.blueprint.flows.iter();
    flows
        .map(|flow| view(model, flow))
        .filter(|v| !v.nodes.is_empty())
        .take(VIEWS)
        .collect()
}

fn view(model: &Model<'_>, flow: &Flow) -> View {
    let id = kebab(&flow.id);
    let id = if id.starts_with("flow-") {
        id
    } else {
        format!("flow-{id}")
    };
    let mut made = super::view(id, ViewKind::Sequence, flow.title.clone());
    let mut nodes: BTreeMap<&str, ViewNode> = BTreeMap::new();
    let mut strangers = 0;
    for step in &flow.steps {
        let (Some(from), Some(to)) = (find(model, &step.from), find(model, &step.to)) else {
            strangers += 1;
            continue;
        };
        let new = usize::from(!nodes.contains_key(from.id.as_str()))
            + usize::from(from.id != to.id && !nodes.contains_key(to.id.as_str()));
        if made.steps.len() >= STEPS || nodes.len() + new > PARTICIPANTS {
            break;
        }
        for element in [from, to] {
            nodes
                .entry(&element.id)
                .or_insert_with(|| participant(element));
        }
        made.steps.push(ViewStep {
            from: from.id.clone(),
            to: to.id.clone(),
            // Names are marked as code in a text only.
            label: step.action.trim_end_matches('.').replace('`', ""),
            reply: step.kind == StepKind::Respond,
            is_async: step.kind == StepKind::Publish,
        });
    }
    let all = flow.steps.len() - strangers;
    if made.steps.len() < all {
        made.omitted = format!("The first {} of {all} steps are shown.", made.steps.len());
    }
    made.nodes = nodes.into_values().collect();
    made
}

/// The element with this id, or the person with this name.
fn find<'a>(model: &Model<'a>, id: &str) -> Option<&'a Element> {
    model.by_id.get(id).copied().or_else(|| {
        let mut persons = model
            .blueprint
            .elements
            .iter()
            .filter(|e| e.kind == ElementKind::Person);
        persons.find(|e| e.name == id)
    })
}

fn participant(element: &Element) -> ViewNode {
    ViewNode {
        description: String::new(),
        ..node(element)
    }
}
