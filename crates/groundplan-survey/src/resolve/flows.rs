//! Flows: what configuration or code shows step by step.
//!
//! A connection says that one part needs another, not which request does so, nor in which order. Messages
//! have an order by nature: who consumes a topic does so after it was published. Requests have that of
//! the code which answers them (see `requests.rs`); where it was not read, flows are declared, or the
//! documents say what each part calls without an order.

use crate::resolve::world::World;
use groundplan_model::{
    Blueprint, Flow, Provenance, Relationship, RelationshipKind, Step, StepKind,
};
use std::collections::BTreeSet;

/// Most flows that a blueprint carries.
const MOST: usize = 4;

/// Adds the flows of requests that were followed, and of messages whose producers and consumers are known.
pub(crate) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    let (mut flows, mut failures) = super::requests::flows(blueprint, world);
    for relationship in &mut blueprint.relationships {
        relationship.failures = failures.remove(&relationship.id).unwrap_or_default();
    }
    flows.extend(messages(blueprint));
    flows.truncate(MOST);
    blueprint.flows = flows;
}

fn step(relationship: &Relationship, words: &str, kind: StepKind) -> Step {
    Step {
        from: relationship.from.clone(),
        to: relationship.to.clone(),
        action: words.to_owned(),
        kind,
        relationship: Some(relationship.id.clone()),
        provenance: relationship.provenance.clone(),
    }
}

/// A step that sends or takes one message, with the place of that message.
fn message(relationship: &Relationship, verb: &str, topic: &str, kind: StepKind) -> Step {
    Step {
        provenance: relationship.at(topic).clone(),
        ..step(relationship, &format!("{verb} {topic}"), kind)
    }
}

/// Messages of one topic from producers over the broker to consumers.
fn messages(blueprint: &Blueprint) -> Vec<Flow> {
    let mut topics: BTreeSet<(&str, &str)> = BTreeSet::new();
    for relationship in &blueprint.relationships {
        if relationship.kind == RelationshipKind::Publishes {
            topics.extend(
                relationship
                    .operations
                    .iter()
                    .map(|o| (o.as_str(), relationship.to.as_str())),
            );
        }
    }
    let mut flows = Vec::new();
    for (topic, broker) in topics {
        let using = |kind| {
            blueprint.relationships.iter().filter(move |r| {
                r.kind == kind && r.to == broker && r.operations.iter().any(|o| o == topic)
            })
        };
        let producers: Vec<&Relationship> = using(RelationshipKind::Publishes).collect();
        let consumers: Vec<&Relationship> = using(RelationshipKind::Subscribes).collect();
        if producers.is_empty() || consumers.is_empty() {
            continue;
        }
        let mut steps: Vec<Step> = producers
            .iter()
            .map(|r| message(r, "publishes", topic, StepKind::Publish))
            .collect();
        steps.extend(
            consumers
                .iter()
                .map(|r| message(r, "consumes", topic, StepKind::Consume)),
        );
        let evidence: Vec<_> = steps
            .iter()
            .filter_map(|s| s.provenance.first().cloned())
            .take(3)
            .collect();
        flows.push(Flow {
            id: format!("message-{}", crate::resolve::names::slug(topic)),
            title: format!("Message {topic}"),
            actor: None,
            steps,
            errors: Vec::new(),
            provenance: Provenance::observed(evidence),
        });
    }
    flows
}
