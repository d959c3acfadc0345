//! What only files say of a part that belong to another set than the one that is told.

use crate::facts::Deployable;
use crate::resolve::units::{Unit, is_sample};
use crate::resolve::world::{World, folder_of};
use groundplan_model::{Attribute, Evidence, Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// Where else the part is described: files of sets that are alternatives to the one that is told.
pub(crate) fn elsewhere(world: &World<'_>, unit: &Unit<'_>) -> Vec<Attribute> {
    let mut folders: BTreeMap<&str, &Evidence> = BTreeMap::new();
    // Where its developers run it is no other way to deploy it.
    let other = |at: &Evidence| !world.variants.is_bench(&at.path);
    let others: Vec<_> = (unit.others.iter()).filter(|(_, at)| other(at)).collect();
    for (deployable, at) in others.iter().copied() {
        let place = match deployable.source.as_str() {
            "compose" => at.path.as_str(),
            _ => folder_of(&at.path),
        };
        folders.entry(place).or_insert(at);
    }
    let all = folders.into_iter().map(|(place, at)| Attribute {
        key: "variant".to_owned(),
        value: place.to_owned(),
        provenance: Provenance::observed([at.clone()]),
    });
    let mut all: Vec<Attribute> = all.collect();
    // What only some variant mounts or publishes speaks against an absence.
    let told = |of: fn(&Deployable) -> bool| unit.deployables.iter().any(|(d, _)| of(d));
    let keeps: fn(&Deployable) -> bool =
        |d| !d.volumes.is_empty() || d.attributes.iter().any(|(k, _)| k == "volume-claim");
    let opens: fn(&Deployable) -> bool = |d| d.ports.iter().any(|p| p.value.host.is_some());
    all.extend(only_elsewhere(world, unit));
    for (deployable, _) in others {
        let volumes = deployable.volumes.iter();
        let claimed = (deployable.attributes.iter()).filter(|(key, _)| key == "volume-claim");
        for volume in volumes
            .chain(claimed.map(|(_, v)| v))
            .filter(|_| !told(keeps))
        {
            all.push(Attribute {
                key: "variant-volume".to_owned(),
                value: volume.value.clone(),
                provenance: Provenance::observed([volume.at.clone()]),
            });
        }
        let ports = deployable.ports.iter().filter(|_| !told(opens));
        for port in ports.filter(|p| p.value.host.is_some()) {
            all.push(Attribute {
                key: "variant-exposed".to_owned(),
                value: port.value.host.clone().unwrap_or_default(),
                provenance: Provenance::observed([port.at.clone()]),
            });
        }
    }
    all
}

/// Probes, limits, replicas and restarts that only another set of files tells of the part: whoever says that
/// there is none has to have looked there too. What belongs together is of one set, since values of two make
/// none that anybody starts; sets for tests and developers start nothing that stays.
fn only_elsewhere(world: &World<'_>, unit: &Unit<'_>) -> Vec<Attribute> {
    // The first that fits: how many processes there may be says nothing of memory.
    const FAMILIES: [&str; 7] = [
        "health-check",
        "limit.pids",
        "limit.",
        "probe.",
        "replicas",
        "request.",
        "restart",
    ];
    let family = |key: &str| FAMILIES.into_iter().find(|start| key.starts_with(start));
    let families = |d: &Deployable| -> BTreeSet<&str> {
        let keys = d.attributes.iter();
        keys.filter_map(|(key, _)| family(key)).collect()
    };
    let told = unit.deployables.iter().flat_map(|(d, _)| families(d));
    let mut told: BTreeSet<&str> = told.collect();
    let mut all: Vec<Attribute> = Vec::new();
    for (deployable, at) in &unit.others {
        let variants = &world.variants;
        let tested = variants.rank(&at.path) == 2 && !is_sample(&at.path);
        if tested || variants.is_for_developers(&at.path) {
            continue;
        }
        let new = |key: &str| family(key).is_some_and(|family| !told.contains(family));
        for (key, value) in deployable.attributes.iter().filter(|(key, _)| new(key)) {
            if !all.iter().any(|a| a.key == *key) {
                all.push(Attribute {
                    key: key.clone(),
                    value: value.value.clone(),
                    provenance: Provenance::observed([value.at.clone()]),
                });
            }
        }
        told.extend(families(deployable));
    }
    all
}
