//! Messages: which parts send what to the broker, and which take it.

use super::parted::Parted;
use super::{End, Found, Wiring};
use crate::facts::Claim;
use groundplan_model::{Confidence, RelationshipKind, Role};
use std::collections::{BTreeMap, BTreeSet};

impl Wiring<'_, '_> {
    /// The queues of jobs that a unit reaches: a broker, or a store where it reaches no broker.
    fn queues(&self, unit: usize, products: &[String]) -> Vec<usize> {
        let reached = |to: &usize| {
            self.graph.edges.contains_key(&(unit, End::Unit(*to)))
                && products.iter().any(|id| self.serves(*to, id))
        };
        let all: Vec<usize> = (0..self.units.len()).filter(reached).collect();
        let brokers = all.iter().filter(|&&u| self.units[u].role == Role::Broker);
        let brokers: Vec<usize> = brokers.copied().collect();
        match brokers.is_empty() {
            true => all,
            false => brokers,
        }
    }

    /// The broker that carries the messages of a unit: of several the one that it reaches already, of
    /// those that are told as they are, or the product itself beside what only speaks its protocol.
    fn carrier(&self, unit: usize, mut all: Vec<usize>, product: Option<&str>) -> Option<usize> {
        let reached = |b: usize| self.graph.edges.contains_key(&(unit, End::Unit(b)));
        let told = |b: usize| !self.units[b].optional;
        let itself = |b: usize| {
            let technology = self.units[b].technology;
            technology.is_some_and(|t| Some(t.id.as_str()) == product)
        };
        let keeps: [&dyn Fn(usize) -> bool; 3] = [&reached, &told, &itself];
        for keep in keeps {
            if let [only] = all.as_slice() {
                return Some(*only);
            }
            if all.iter().any(|&b| keep(b)) {
                all.retain(|&b| keep(b));
            }
        }
        match all.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Joins who sends messages with the broker that carries them, and it with who takes them.
    pub(super) fn join_channels(&mut self) {
        let brokers: Vec<usize> = (0..self.units.len())
            .filter(|&u| self.units[u].role == Role::Broker)
            .collect();
        let taken: BTreeSet<&str> = (self.world.facts())
            .filter_map(|(_, fact)| match &fact.claim {
                Claim::Channel(channel) if channel.consumes => Some(channel.name.as_str()),
                _ => None,
            })
            .collect();
        let mut shared: BTreeMap<usize, Option<Parted<'_>>> = BTreeMap::new();
        for unit in 0..self.units.len() {
            let Some(project) = self.units[unit].project else {
                continue;
            };
            let (world, units) = (self.world, self.units);
            let parted = shared
                .entry(project)
                .or_insert_with(|| Parted::of(world, units, project));
            let facts: Vec<_> = self.world.facts_of(project).collect();
            for fact in facts {
                // That what is handed on is sent is likely, and not written.
                let confidence = match &fact.claim {
                    Claim::HandedOn(_) => Confidence::Medium,
                    _ => Confidence::High,
                };
                let unnamed;
                let channel = match &fact.claim {
                    Claim::Channel(channel) => channel,
                    Claim::Uses(uses) if matches!(uses.side.as_str(), "producer" | "consumer") => {
                        unnamed = crate::facts::Channel {
                            name: String::new(),
                            produces: uses.side == "producer",
                            consumes: uses.side == "consumer",
                            broker: Some(uses.technology.clone()),
                            awaited: false,
                        };
                        &unnamed
                    }
                    // What is made and handed on is sent where somebody takes it.
                    Claim::HandedOn(name) if taken.contains(name.as_str()) => {
                        unnamed = crate::facts::Channel {
                            name: name.clone(),
                            produces: true,
                            consumes: false,
                            broker: None,
                            awaited: false,
                        };
                        &unnamed
                    }
                    _ => continue,
                };
                let serving: Vec<usize> = match &channel.broker {
                    Some(id) => (0..self.units.len())
                        .filter(|&u| self.serves(u, id))
                        .collect(),
                    None => brokers.clone(),
                };
                let jobs = (channel.broker.as_deref())
                    .and_then(|id| world.knowledge.by_id(id))
                    .map_or(&[][..], |t| t.jobs_in.as_slice());
                let serving = match jobs {
                    [] => serving,
                    jobs => self.queues(unit, jobs),
                };
                let Some(broker) = self.carrier(unit, serving, channel.broker.as_deref()) else {
                    continue;
                };
                // `${orders.topic}` is what the configuration of the unit says.
                let name = match channel.name.contains("${") {
                    true => self.expand(unit, &channel.name),
                    false => channel.name.clone(),
                };
                let part = |sends| match parted.as_ref() {
                    Some(parted) => parted.has(unit, sends, &fact.at.path),
                    None => true,
                };
                // Of several processes of one source only a known worker takes its jobs.
                if !jobs.is_empty()
                    && (self.units[unit].role == Role::Job
                        || parted.is_none() && self.leaders.sharing(project) > 1)
                {
                    continue;
                }
                let takes = || match (jobs.is_empty(), parted.as_ref()) {
                    (false, Some(parted)) => parted.is_worker(unit),
                    _ => part(false),
                };
                let kinds = [
                    (channel.produces && part(true)).then_some(RelationshipKind::Publishes),
                    (channel.consumes && takes()).then_some(RelationshipKind::Subscribes),
                ];
                for kind in kinds.into_iter().flatten() {
                    let found = Found {
                        kind: Some(kind),
                        at: &fact.at,
                        protocol: self.units[broker]
                            .technology
                            .and_then(|t| t.protocol.clone()),
                        technology: None,
                        // A task is a function, and no topic.
                        operation: Some(name.clone()).filter(|n| !n.is_empty() && jobs.is_empty()),
                        confidence,
                    };
                    let end = End::Unit(broker);
                    self.add(unit, end.clone(), found);
                    if channel.awaited
                        && let Some(edge) = self.graph.edges.get_mut(&(unit, end))
                        && let Some(side) = edge.sides.get_mut(&kind)
                    {
                        side.awaited = true;
                    }
                }
            }
        }
    }
}
