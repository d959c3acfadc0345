//! Guards that a decorator of the repository puts before handlers: it is defined in one file and
//! stands in others.

use crate::extractors::guard_topic;
use crate::facts::Claim;
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Observation, Provenance, Topic};
use std::collections::{BTreeMap, BTreeSet};

/// Adds what stands at handlers by such decorators, and takes out what they make void: where the whole
/// class is guarded, that five of its handlers are says too little.
pub(super) fn join(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    element: &dyn Fn(&str) -> Option<String>,
) {
    let mut guarding: BTreeMap<&str, BTreeSet<&[String]>> = BTreeMap::new();
    for (file, fact) in world.facts() {
        if let Claim::Guarding(g) = &fact.claim
            && !is_aside(&file.path)
        {
            let all = guarding.entry(&g.decorator).or_default();
            all.insert(&g.guards);
        }
    }
    // Of two decorators with one name it is not known which stands where.
    guarding.retain(|_, all| all.len() == 1);
    if guarding.is_empty() {
        return;
    }
    let mut whole: BTreeSet<(&str, String, &str)> = BTreeSet::new();
    let mut added = Vec::new();
    for (file, fact) in world.facts() {
        let Claim::Decorated(d) = &fact.claim else {
            continue;
        };
        let Some(guards) = guarding
            .get(d.decorator.as_str())
            .filter(|_| !is_aside(&file.path))
        else {
            continue;
        };
        for wanted in [Topic::Authentication, Topic::Authorization] {
            let own: Vec<&str> = (guards.iter().copied().flatten())
                .filter(|g| guard_topic(g) == Some(wanted))
                .map(String::as_str)
                .collect();
            if own.is_empty() {
                continue;
            }
            if d.whole {
                let names = own
                    .iter()
                    .map(|g| (file.path.as_str(), (*g).to_owned(), d.class.as_str()));
                whole.extend(names);
            }
            added.push(Observation {
                topic: wanted,
                element: element(&file.path),
                name: own.join(", "),
                // A type that handlers ask for is its own guard.
                detail: Some(match own.as_slice() {
                    [one] if *one == d.decorator => d.detail.clone(),
                    _ => format!("{}, by `@{}`", d.detail, d.decorator),
                }),
                provenance: Provenance::observed([fact.at.clone()]),
            });
        }
    }
    blueprint.observations.retain(|o| {
        let guards = matches!(o.topic, Topic::Authentication | Topic::Authorization);
        let (Some(detail), Some(at)) =
            (o.detail.as_deref().filter(|_| guards), o.provenance.first())
        else {
            return true;
        };
        let covered = |class: &str| detail.contains(&format!(" of `{class}`"));
        !(detail.starts_with("guards ")
            && whole
                .iter()
                .any(|(path, name, class)| *path == at.path && *name == o.name && covered(class)))
    });
    blueprint.observations.extend(added);
}
