//! Timeouts, retries and circuit breakers, each at the calls that it holds for: those of the function in which it
//! stands or above which it is written, and those of a file that calls nobody else.

use crate::facts::{Span, holding};
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Evidence, Observation, Relationship, RelationshipKind, Topic};
use groundplan_syntax::Language;
use std::collections::BTreeMap;

/// Lines between an annotation and the function below it, at most.
const ABOVE: u32 = 6;

/// Limits that are kept of one relationship.
const MOST: usize = 6;

/// Notes at each relationship what limits its calls.
pub(crate) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    let spans: BTreeMap<&str, &[Span]> = (world.files.iter())
        .filter(|f| !f.spans.is_empty())
        .map(|f| (f.path.as_str(), f.spans.as_slice()))
        .collect();
    for relationship in &mut blueprint.relationships {
        relationship.acknowledged = relationship.kind == RelationshipKind::Publishes
            && places(relationship).any(|at| waits(&spans, at));
    }
    let topics = [Topic::Timeout, Topic::Retry, Topic::CircuitBreaker];
    let limits: Vec<&Observation> = (blueprint.observations.iter())
        .filter(|o| topics.contains(&o.topic) && o.element.is_some())
        .collect();
    if limits.is_empty() {
        return;
    }
    let found: Vec<Vec<Observation>> = (blueprint.relationships.iter())
        .map(|r| {
            let holds = |o: &&&Observation| {
                o.element.as_deref() == Some(&r.from)
                    && around(&blueprint.relationships, &spans, o, r)
            };
            let all = limits.iter().filter(holds).take(MOST);
            all.map(|o| (*o).clone()).collect()
        })
        .collect();
    for (relationship, limits) in blueprint.relationships.iter_mut().zip(found) {
        relationship.limits = limits;
    }
}

/// Whether the function around the place of a message waits until the broker has it: it takes from the channel of
/// what was delivered (Go), or empties the queue of what it handed the message to (Python, C#).
fn waits(spans: &BTreeMap<&str, &[Span]>, at: &Evidence) -> bool {
    let functions = spans.get(at.path.as_str()).copied().unwrap_or_default();
    holding(functions, at.lines[0]).is_some_and(|s| {
        let here = |of: &str| {
            let mut calls = s.calls.iter().filter(|c| c.of == of);
            calls.any(|c| (at.lines[0]..=at.lines[1]).contains(&c.line))
        };
        let mut later = s.calls.iter().filter(|c| c.line >= at.lines[0]);
        later.any(|c| match c.name.as_str() {
            "Successes" => true,
            "flush" | "Flush" => here(&c.of),
            _ => false,
        })
    })
}

/// The places at which a relationship is used, nearest first.
fn places(relationship: &Relationship) -> impl Iterator<Item = &Evidence> {
    let of = relationship
        .places
        .iter()
        .flat_map(|p| &p.provenance.evidence);
    of.chain(&relationship.provenance.evidence)
}

fn around(
    all: &[Relationship],
    spans: &BTreeMap<&str, &[Span]>,
    limit: &Observation,
    relationship: &Relationship,
) -> bool {
    let Some(at) = limit.provenance.first() else {
        return false;
    };
    let line = at.lines[0];
    let mut same = places(relationship)
        .filter(|p| p.path == at.path && Language::of(&p.path).is_code())
        .peekable();
    if same.peek().is_none() {
        return false;
    }
    let functions = spans.get(at.path.as_str()).copied().unwrap_or_default();
    let below = || {
        let next = functions.iter().filter(|s| s.first > line);
        next.min_by_key(|s| s.first)
            .filter(|s| s.first - line <= ABOVE)
    };
    let go = Language::of(&at.path) == Language::Go;
    match holding(functions, line).or_else(below) {
        Some(function) => {
            let within = |p: &Evidence| {
                // What is set behind a call does not hold for it.
                let before = !go || p.lines[1] >= line;
                holding(functions, p.lines[0]).is_some_and(|f| f.first == function.first) && before
            };
            same.any(within)
        }
        None => {
            let here = |r: &Relationship| places(r).any(|p| p.path == at.path);
            let mut others = all
                .iter()
                .filter(|r| r.from == relationship.from && r.to != relationship.to);
            !others.any(here)
        }
    }
}
