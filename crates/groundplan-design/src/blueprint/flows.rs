//! Flows of the capabilities on the elements of this design, joined where two capabilities meet.

use super::Maker;
use super::elements::{Parts, capital};
use groundplan_knowledge::Capability;
use groundplan_knowledge::capability::FlowStep;
use groundplan_model::{Blueprint, Flow, Provenance, Statement, Step, StepKind};

fn kind(parts: &Parts, from: &str, to: &str, asynchronous: bool, text: &str) -> StepKind {
    if from == to {
        return StepKind::Internal;
    }
    let answers = ["returns", "answers", "shows", "responds"];
    if to.starts_with("person.") && answers.iter().any(|w| text.starts_with(w)) {
        StepKind::Respond
    } else if asynchronous {
        StepKind::Publish
    } else if parts.database == to {
        StepKind::Write
    } else {
        StepKind::Request
    }
}

fn step(m: &Maker, parts: &Parts, from: &FlowStep, reason: &Provenance) -> Step {
    let (a, b) = (parts.id(&from.from), parts.id(&from.to));
    let action = m.nouns.text(&from.operation);
    Step {
        kind: kind(parts, &a, &b, from.asynchronous, &action),
        from: a,
        to: b,
        action,
        relationship: None,
        provenance: reason.clone(),
    }
}

/// All flows: those of the brief, then those of the capabilities with the most requests first.
pub(crate) fn flows(m: &Maker, parts: &Parts, blueprint: &mut Blueprint) {
    super::own_flows::flows(m, parts, blueprint);
    let present: Vec<&str> = m.packs.iter().map(|p| p.id.as_str()).collect();
    let mut order: Vec<&Capability> = m.packs.clone();
    order.sort_by(|a, b| {
        let own = |p: &Capability| p.always_if.is_some();
        own(a)
            .cmp(&own(b))
            .then(b.requests.value.total_cmp(&a.requests.value))
            .then(a.id.cmp(&b.id))
    });
    // The first flow of each capability, then the second ones.
    let most = order.iter().map(|p| p.flows.len()).max().unwrap_or(0);
    for rank in 0..most {
        for pack in &order {
            let Some(flow) = pack.flows.get(rank) else {
                continue;
            };
            let reason = m.reason(pack);
            let mut steps = Vec::new();
            let mut numbers = Vec::new();
            for (i, from) in flow.steps.iter().enumerate() {
                steps.push(step(m, parts, from, &reason));
                numbers.push(i + 1);
                for other in &m.packs {
                    for join in other.joins_with(&present) {
                        let here = join
                            .steps
                            .iter()
                            .filter(|s| s.flow == flow.id && s.after == i + 1);
                        for joined in here {
                            steps.push(step(m, parts, &joined.step, &m.reason(other)));
                            numbers.push(0);
                        }
                    }
                }
            }
            let errors = flow
                .errors
                .iter()
                .map(|e| {
                    let at = numbers
                        .iter()
                        .position(|n| *n == e.step)
                        .map_or(e.step, |p| p + 1);
                    Statement {
                        text: format!(
                            "Step {at}, {}: {}",
                            m.nouns.text(&e.when),
                            m.nouns.text(&e.then)
                        ),
                        provenance: reason.clone(),
                    }
                })
                .collect();
            let actor = steps
                .iter()
                .map(|s| &s.from)
                .find(|f| f.starts_with("person."));
            let actor = actor
                .and_then(|id| blueprint.element(id))
                .map(|e| e.name.clone());
            blueprint.flows.push(Flow {
                id: flow.id.clone(),
                title: capital(&m.nouns.text(&flow.title)),
                actor,
                steps,
                errors,
                provenance: reason,
            });
        }
    }
}
