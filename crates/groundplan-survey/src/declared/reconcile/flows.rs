//! Flows that people describe.

use super::names::{Names, unknown};
use super::{MOST_FAULTS, same};
use crate::declared::{Declaration, FlowDeclaration};
use crate::resolve::names::slug;
use groundplan_model::{
    Blueprint, Diagnostic, Flow, Provenance, Relationship, RelationshipKind, Step, StepKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Puts declared flows first; an observed one of the same title gives way.
pub(super) fn add(
    blueprint: &mut Blueprint,
    declared: &Declaration,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if declared.flows.is_empty() {
        return;
    }
    let mut edges: BTreeMap<(&str, &str), &Relationship> = BTreeMap::new();
    for edge in &blueprint.relationships {
        edges.entry((&edge.from, &edge.to)).or_insert(edge);
    }
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    for declaration in &declared.flows {
        if diagnostics.len() > MOST_FAULTS {
            return;
        }
        let mut flow = one(
            declaration,
            &blueprint.system.id,
            names,
            &edges,
            diagnostics,
        );
        let base = flow.id.clone();
        let mut number = 2;
        while !ids.insert(flow.id.clone()) {
            flow.id = format!("{base}-{number}");
            number += 1;
        }
        all.push(flow);
    }
    blueprint.flows.retain(|old| {
        !ids.contains(&old.id)
            && !declared
                .flows
                .iter()
                .any(|new| same(&new.title.text, &old.title))
    });
    blueprint.flows.splice(0..0, all);
}

fn one(
    declared: &FlowDeclaration,
    system: &str,
    names: &Names,
    edges: &BTreeMap<(&str, &str), &Relationship>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Flow {
    let mut steps = Vec::new();
    let mut here = system.to_owned();
    for step in &declared.steps {
        let mut find = |written: &Option<String>, otherwise: &str| match written {
            None => Some(otherwise.to_owned()),
            Some(written) => match names.find(written) {
                Ok(id) => Some(id.to_owned()),
                Err(many) => {
                    diagnostics.push(unknown(names, written, &many, Some(&step.place)));
                    None
                }
            },
        };
        let Some(from) = find(&step.from, &here) else {
            continue;
        };
        let Some(to) = find(&step.to, &from) else {
            continue;
        };
        let edge = edges.get(&(from.as_str(), to.as_str())).copied();
        let kind = step.kind.unwrap_or(match edge.map(|e| e.kind) {
            _ if from == to => StepKind::Internal,
            Some(RelationshipKind::Reads) => StepKind::Read,
            Some(RelationshipKind::Writes) => StepKind::Write,
            Some(RelationshipKind::Publishes) => StepKind::Publish,
            Some(RelationshipKind::Subscribes) => StepKind::Consume,
            _ => StepKind::Request,
        });
        here.clone_from(&to);
        let relationship = edge.map(|e| e.id.clone());
        steps.push(Step {
            from,
            to,
            action: step.action.clone(),
            kind,
            relationship,
            provenance: Provenance::declared([step.place.clone()]),
        });
    }
    Flow {
        id: slug(&declared.title.text),
        title: declared.title.text.clone(),
        actor: declared.actor.as_ref().map(|a| a.text.clone()),
        steps,
        errors: Vec::new(),
        provenance: Provenance::declared([declared.place.clone()]),
    }
}
