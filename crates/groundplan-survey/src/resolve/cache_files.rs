//! How long caches keep what, which their files say and code does not.

use groundplan_model::{Blueprint, Observation, Topic};
use std::collections::BTreeMap;

/// Gives what code caches under a name the time that the file of the cache has for it; what no code uses is
/// left as it is.
pub(crate) fn join(blueprint: &mut Blueprint) {
    let of_file = |path: &str| path.ends_with(".xml");
    // Two programs may each have a cache of one name.
    type Key = (Option<String>, String);
    let key = |o: &Observation| -> Key { (o.element.clone(), o.name.clone()) };
    let mut known: BTreeMap<Key, (String, groundplan_model::Evidence)> = BTreeMap::new();
    for o in &blueprint.observations {
        let place = o
            .provenance
            .first()
            .filter(|at| o.topic == Topic::CacheUse && of_file(&at.path));
        if let (Some(at), Some(detail)) = (place, &o.detail) {
            known.insert(key(o), (detail.clone(), at.clone()));
        }
    }
    if known.is_empty() {
        return;
    }
    let mut used: Vec<Key> = Vec::new();
    for o in &mut blueprint.observations {
        let code = o.provenance.first().is_some_and(|at| !of_file(&at.path));
        if o.topic != Topic::CacheUse || o.detail.is_some() || !code {
            continue;
        }
        if let Some((detail, at)) = known.get(&key(o)) {
            o.detail = Some(detail.clone());
            o.provenance.evidence.push(at.clone());
            used.push(key(o));
        }
    }
    blueprint.observations.retain(|o| {
        let file = o.provenance.first().is_some_and(|at| of_file(&at.path));
        o.topic != Topic::CacheUse || !file || !used.contains(&key(o))
    });
}
