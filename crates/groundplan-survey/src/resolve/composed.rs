//! Guards that a decorator of the repository puts before handlers: it is defined in one file and
//! stands in others.

use crate::extractors::guard_topic;
use crate::extractors::js_marks::guards::{Behind, described};
use crate::extractors::rust_guards::HANDLERS;
use crate::facts::Claim;
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Evidence, Observation, Provenance, Topic};
use std::collections::{BTreeMap, BTreeSet};

/// A type that handlers ask for: what it is about, the part, and its name.
type Asked<'f> = (Topic, Option<String>, &'f str);

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
    let mut types: BTreeMap<Asked<'_>, (Vec<&str>, Vec<Evidence>)> = BTreeMap::new();
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
            // A type that handlers ask for is its own guard.
            if own.as_slice() == [d.decorator.as_str()] {
                let of_it = types.entry((wanted, element(&file.path), &d.decorator));
                let (handlers, places) = of_it.or_default();
                handlers.extend(d.detail.split(HANDLERS));
                places.push(fact.at.clone());
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
                detail: Some(format!("{}, by `@{}`", d.detail, d.decorator)),
                provenance: Provenance::observed([fact.at.clone()]),
            });
        }
    }
    for ((topic, element, name), (handlers, places)) in types {
        let behind = Behind {
            line: 0,
            handlers,
            whole: false,
        };
        added.push(Observation {
            topic,
            element,
            name: name.to_owned(),
            detail: Some(described("", "", &behind)),
            provenance: Provenance::observed(places),
        });
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
