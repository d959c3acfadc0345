//! Jobs that a program puts aside for itself: who puts them into their queue and who does them, where
//! no part of the system is a broker that carries them.

use crate::facts::Claim;
use crate::resolve::contracts::unique;
use crate::resolve::leaders::Leaders;
use crate::resolve::names::{is_aside, slug};
use crate::resolve::units::Unit;
use crate::resolve::world::World;
use groundplan_model::{
    Audience, Blueprint, Evidence, Interface, InterfaceKind, Operation, Provenance,
};
use std::collections::{BTreeMap, BTreeSet};

/// Libraries that keep jobs in a store of the program, by the name that extractors give their queue,
/// with the words of documents.
const LIBRARIES: [(&str, &str); 4] = [
    ("active-job", "jobs of Active Job"),
    ("laravel-queue", "queued jobs of Laravel"),
    ("oban", "jobs of Oban"),
    ("redis", "jobs of Sidekiq"),
];

/// Operations of one interface at most.
const MOST: usize = 200;

/// Adds one interface of messages for each program and library whose jobs no connection tells.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
) {
    let leaders = Leaders::of(units);
    let told: BTreeSet<String> = blueprint
        .relationships
        .iter()
        .flat_map(|r| r.operations.iter().cloned())
        .collect();
    let mut all: BTreeMap<(usize, &str), BTreeMap<(&str, bool), Vec<Evidence>>> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let Claim::Channel(channel) = &fact.claim else {
            continue;
        };
        let Some((_, words)) = LIBRARIES
            .iter()
            .find(|(broker, _)| channel.broker.as_deref() == Some(broker))
        else {
            continue;
        };
        // A job has the name of its class; what carries it is told by its own name elsewhere.
        let is_class = channel.name.starts_with(|c: char| c.is_ascii_uppercase());
        if !is_class || is_aside(&file.path) || told.contains(&channel.name) {
            continue;
        }
        let owner = world
            .project_of(&file.path)
            .and_then(|project| leaders.get(project));
        let Some(unit) = owner else { continue };
        let places = all
            .entry((unit, words))
            .or_default()
            .entry((&channel.name, channel.produces))
            .or_default();
        if places.len() < 3 {
            places.push(fact.at.clone());
        }
    }
    for ((unit, words), jobs) in all {
        let operations: Vec<Operation> = jobs
            .into_iter()
            .take(MOST)
            .map(|((name, produces), places)| {
                let method = if produces { "publish" } else { "subscribe" };
                Operation {
                    id: format!("{method}-{}", slug(name)),
                    method: method.to_owned(),
                    path: name.to_owned(),
                    summary: None,
                    handler: None,
                    parameters: Vec::new(),
                    request: None,
                    responses: Vec::new(),
                    security: Vec::new(),
                    security_inherited: false,
                    tag: None,
                    deprecated: false,
                    unread: false,
                    more_outcomes: false,
                    provenance: Provenance::observed(places),
                }
            })
            .collect();
        let places: Vec<Evidence> = operations
            .iter()
            .filter_map(|o| o.provenance.first().cloned())
            .take(3)
            .collect();
        let name = format!(
            "{} {words}",
            units.get(unit).map_or("", |u| u.name.as_str())
        );
        blueprint.interfaces.push(Interface {
            id: unique(&slug(&name), &blueprint.interfaces),
            name,
            element: ids.get(unit).cloned(),
            kind: InterfaceKind::Message,
            audience: Audience::Internal,
            partial: false,
            unserved: false,
            version: None,
            base_path: None,
            description: None,
            security_schemes: Vec::new(),
            security_default: None,
            operations,
            schemas: Vec::new(),
            provenance: Provenance::observed(places),
        });
    }
}
