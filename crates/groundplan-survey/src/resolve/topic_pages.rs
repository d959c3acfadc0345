//! Of the pages and sections that are on a topic those that lead furthest.

use super::world::World;
use crate::facts::{Claim, Fact, Mark};
use crate::statements::topics::topic_of;
use groundplan_model::{Blueprint, Observation, Provenance, SECTION_ON};
use std::collections::BTreeMap;

/// Pages of one topic that are kept.
const MOST: usize = 3;

/// Whether a mark says that a page or section is on a topic.
pub(crate) fn is_of_topic(mark: &Mark) -> bool {
    topic_of(mark).is_some()
}

/// Adds for each topic the pages that are on it, and then the sections, the nearest to the root first.
pub(crate) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    let mut all: BTreeMap<&str, Vec<(&Fact, &Mark)>> = BTreeMap::new();
    for (_, fact) in world.facts() {
        if let Claim::Mark(mark) = &fact.claim
            && let Some(topic) = topic_of(mark)
        {
            all.entry(topic).or_default().push((fact, mark));
        }
    }
    for found in all.values_mut() {
        found.sort_by_key(|(fact, mark)| {
            let (path, section) = (fact.at.path.as_str(), mark.name.starts_with(SECTION_ON));
            (section, path.matches('/').count(), path, fact.at.lines)
        });
        for (fact, mark) in found.iter().take(MOST) {
            blueprint.observations.push(Observation {
                topic: mark.topic,
                element: None,
                name: mark.name.clone(),
                detail: mark.detail.clone(),
                provenance: Provenance::observed([fact.at.clone()]),
            });
        }
    }
}
