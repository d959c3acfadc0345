//! How long a cache keeps what it holds, where one file says it and others use it by its name.

use crate::extractors::cache_decorators::{DEFINES, USED};
use crate::extractors::csharp_marks::PROFILE;
use groundplan_model::{Blueprint, Evidence, Observation, Topic};
use std::collections::{BTreeMap, BTreeSet};

/// Puts the times of profiles where they are named, and leaves out decorators that no file defines as a cache.
pub(super) fn join(blueprint: &mut Blueprint) {
    let is_cache = |o: &Observation| o.topic == Topic::CacheUse;
    let mut profiles: BTreeMap<String, Option<(String, Vec<Evidence>)>> = BTreeMap::new();
    let mut defined: Vec<(String, Evidence)> = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for o in blueprint.observations.iter().filter(|o| is_cache(o)) {
        let said = o.detail.clone().unwrap_or_default();
        if let Some(name) = o.name.strip_prefix(PROFILE) {
            let found = (said, o.provenance.evidence.clone());
            // Two of one name say nothing of either.
            let known = profiles.contains_key(name);
            profiles.insert(name.to_owned(), (!known).then_some(found));
        } else if let Some(name) = o.name.strip_prefix(DEFINES)
            && let Some(at) = o.provenance.first()
        {
            defined.push((name.to_owned(), at.clone()));
        } else if let Some(name) = o.name.strip_prefix(USED) {
            used.insert(name.to_owned());
        }
    }
    blueprint.observations.retain_mut(|o| {
        if !is_cache(o) {
            return true;
        }
        if o.name.starts_with(PROFILE) {
            return false;
        }
        if let Some(name) = o.name.strip_prefix(DEFINES).map(str::to_owned) {
            o.name = name;
            // One cache is told once: where it says no time, its uses do.
            return o.detail.is_some() || !used.contains(&o.name);
        }
        if let Some(name) = o.name.strip_prefix(USED).map(str::to_owned) {
            let known = defined.iter().find(|(of, _)| *of == name);
            o.name = name;
            return known.is_some();
        }
        // The call in the decorator has the time of the parameter.
        let at = o.provenance.first();
        let in_decorator = at.is_some_and(|at| {
            defined.iter().any(|(_, of)| {
                of.path == at.path && of.lines[0] < at.lines[0] && at.lines[0] <= of.lines[1]
            })
        });
        let named = o.detail.as_deref().is_some_and(|d| {
            d.chars().all(|c| c.is_alphanumeric() || c == '_')
                && !d.starts_with(|c: char| c.is_ascii_digit())
        });
        if in_decorator && named {
            return false;
        }
        if let Some(name) = o
            .detail
            .as_deref()
            .and_then(|d| d.strip_prefix("CacheProfileName = "))
        {
            let last = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
            if let Some(Some((lasts, places))) = profiles.get(last) {
                o.detail = Some(lasts.clone());
                o.provenance = o.provenance.clone().and(places.iter().cloned());
            }
        }
        true
    });
}
