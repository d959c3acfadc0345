//! Conditions that stand in one file and hold for what stands in others.

use crate::extractors::java_marks::CACHE_SWITCH;
use groundplan_model::{Blueprint, Provenance, Topic};
use std::collections::BTreeMap;

/// Caches of annotations work only where something switches them on: its condition is theirs.
pub(super) fn join(blueprint: &mut Blueprint) {
    let mut found: BTreeMap<Option<String>, (String, Provenance)> = BTreeMap::new();
    blueprint.observations.retain(|o| {
        let switch = o.topic == Topic::CacheUse && o.name == CACHE_SWITCH;
        if let (true, Some(detail)) = (switch, &o.detail) {
            let condition = (detail.clone(), o.provenance.clone());
            found.entry(o.element.clone()).or_insert(condition);
        }
        !switch
    });
    for observation in &mut blueprint.observations {
        if observation.topic == Topic::CacheUse
            && let Some((condition, at)) = found.get(&observation.element)
        {
            observation.detail = Some(match observation.detail.take() {
                Some(detail) => format!("{detail}, {condition}"),
                None => condition.clone(),
            });
            let places = at.evidence.iter().cloned();
            observation.provenance = observation.provenance.clone().and(places);
        }
    }
}
