//! Flows: what follows from a request at the edge of the system, as far as relationships show it.

use groundplan_model::{
    Blueprint, Confidence, Flow, Provenance, Relationship, RelationshipKind, Role, Step, StepKind,
};
use std::collections::BTreeSet;

/// Most flows that a blueprint carries.
const MOST: usize = 4;
/// Most steps of one flow.
const MOST_STEPS: usize = 12;

/// Adds flows from the entry points with the most to tell.
pub(crate) fn fill(blueprint: &mut Blueprint) {
    let mut starts: Vec<(usize, &str)> = blueprint
        .containers()
        .filter(|e| {
            !e.is_store()
                && !matches!(
                    e.role,
                    Some(
                        Role::Broker
                            | Role::Monitoring
                            | Role::LoadGenerator
                            | Role::Registry
                            | Role::ConfigServer
                    )
                )
        })
        .filter_map(|e| {
            let inside: Vec<&Relationship> = blueprint
                .outgoing(&e.id)
                .filter(|r| carries_requests(blueprint, r))
                .collect();
            let entry = blueprint
                .incoming(&e.id)
                .all(|r| !carries_requests(blueprint, r) || is_person(blueprint, &r.from));
            (entry && !inside.is_empty()).then_some((inside.len(), e.id.as_str()))
        })
        .collect();
    starts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let mut flows: Vec<Flow> = starts
        .iter()
        .take(MOST)
        .filter_map(|(_, start)| request_path(blueprint, start))
        .collect();
    flows.extend(
        messages(blueprint)
            .into_iter()
            .take(MOST.saturating_sub(flows.len())),
    );
    blueprint.flows = flows;
}

fn is_person(blueprint: &Blueprint, id: &str) -> bool {
    blueprint
        .element(id)
        .is_some_and(|e| e.kind == groundplan_model::ElementKind::Person)
}

fn carries_requests(blueprint: &Blueprint, relationship: &Relationship) -> bool {
    let target = blueprint.element(&relationship.to).and_then(|e| e.role);
    let tool = matches!(
        target,
        Some(Role::Monitoring | Role::Registry | Role::ConfigServer | Role::LoadGenerator)
    );
    let source = blueprint.element(&relationship.from).and_then(|e| e.role);
    !tool
        && source != Some(Role::LoadGenerator)
        && source != Some(Role::Monitoring)
        && relationship.confidence >= Confidence::Medium
        && !matches!(
            relationship.kind,
            RelationshipKind::Observes
                | RelationshipKind::Configures
                | RelationshipKind::StartsAfter
        )
}

/// From one entry point along its relationships, near ones first. The order of calls inside one
/// container is not known, so steps stand in the order of distance, then of name.
fn request_path(blueprint: &Blueprint, start: &str) -> Option<Flow> {
    let first = blueprint.element(start)?;
    let mut steps = Vec::new();
    let person = blueprint
        .incoming(start)
        .find(|r| is_person(blueprint, &r.from));
    if let Some(relationship) = person {
        steps.push(step(relationship, "sends a request to", StepKind::Request));
    }
    let mut seen: BTreeSet<&str> = BTreeSet::from([start]);
    let mut front: Vec<&str> = vec![start];
    while !front.is_empty() && steps.len() < MOST_STEPS {
        let mut next = Vec::new();
        for id in front {
            for relationship in blueprint
                .outgoing(id)
                .filter(|r| carries_requests(blueprint, r))
            {
                if steps.len() >= MOST_STEPS {
                    break;
                }
                let kind = match relationship.kind {
                    RelationshipKind::Reads => StepKind::Read,
                    RelationshipKind::Writes => StepKind::Write,
                    RelationshipKind::Publishes => StepKind::Publish,
                    RelationshipKind::Subscribes => continue,
                    _ => StepKind::Request,
                };
                let words = if relationship.description.is_empty() {
                    relationship.kind.verb()
                } else {
                    &relationship.description
                };
                steps.push(step(relationship, words, kind));
                if seen.insert(&relationship.to) {
                    next.push(relationship.to.as_str());
                }
            }
        }
        front = next;
    }
    let evidence: Vec<_> = steps
        .iter()
        .filter_map(|s| s.provenance.first().cloned())
        .take(3)
        .collect();
    Some(Flow {
        id: format!("request-{}", start.replace('/', ".")),
        title: format!("A request to {}", first.name),
        actor: person
            .and_then(|r| blueprint.element(&r.from))
            .map(|e| e.name.clone()),
        steps,
        errors: Vec::new(),
        provenance: Provenance::observed(evidence),
    })
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
            .map(|r| step(r, &format!("publishes {topic}"), StepKind::Publish))
            .collect();
        steps.extend(
            consumers
                .iter()
                .map(|r| step(r, &format!("consumes {topic}"), StepKind::Consume)),
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
