//! Parts that one user reaches in two kinds of deployment under different names.
//!
//! A program that Compose and Kubernetes both start is given the host of its store by both. Where it is
//! given one store of a product here and one there, or one variable holds one name here and another
//! there, the two are one part; unless other users say that one of them stands for several.

use super::Unit;
use crate::facts::{Claim, Deployable};
use crate::resolve::address::{addresses, is_address_key, is_local};
use crate::resolve::names::plain;
use crate::resolve::settings::{Data, configuration_data};
use crate::resolve::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// Merges pairs that stand for each other and for nothing else.
pub(super) fn merge_counterparts(world: &World<'_>, units: &mut Vec<Unit<'_>>) {
    let maps = configuration_data(world);
    // Three kinds of deployment make two pairs of a part.
    for _ in 0..3 {
        let pairs = pairs(world, &maps, units);
        let single = |unit: usize, of: usize| {
            // Of the parts of one kind of deployment only one may stand for it.
            let own = sources(&units[of]);
            pairs.iter().all(|&(a, b)| {
                let other = match unit {
                    _ if a == unit => b,
                    _ if b == unit => a,
                    _ => return true,
                };
                other == of || sources(&units[other]).is_disjoint(&own)
            })
        };
        let found = pairs
            .iter()
            .find(|&&(a, b)| single(a, b) && single(b, a))
            .copied();
        let Some((first, second)) = found else { break };
        let merged = units.remove(second);
        let unit = &mut units[first];
        unit.hosts.extend(merged.hosts);
        unit.hosts.insert(merged.name.to_ascii_lowercase());
        unit.deployables.extend(merged.deployables);
        unit.others.extend(merged.others);
        unit.evidence.extend(merged.evidence);
        unit.images.extend(merged.images);
        unit.project = unit.project.or(merged.project);
        unit.technology = unit.technology.or(merged.technology);
        unit.optional &= merged.optional;
        unit.development &= merged.development;
    }
}

fn sources<'u>(unit: &'u Unit<'_>) -> BTreeSet<&'u str> {
    let all = unit.deployables.iter().chain(&unit.others);
    all.map(|(d, _)| d.source.as_str()).collect()
}

/// Pairs of units, the first one before the second.
fn pairs(world: &World<'_>, maps: &Data<'_>, units: &[Unit<'_>]) -> BTreeSet<(usize, usize)> {
    let mut all = BTreeSet::new();
    for (user, unit) in units.iter().enumerate() {
        // What the user is told by each kind of deployment: variable, and the part it names.
        let mut told: BTreeMap<&str, BTreeSet<(&str, usize)>> = BTreeMap::new();
        for (deployable, _) in unit.deployables.iter().chain(&unit.others) {
            let chosen = of_profiles(world, unit, deployable);
            let mapped = of_maps(maps, deployable);
            for (variable, host) in hosts(deployable).into_iter().chain(chosen).chain(mapped) {
                if let Some(of) = named(units, &deployable.source, &host).filter(|&o| o != user) {
                    let names = told.entry(&deployable.source).or_default();
                    names.insert((variable, of));
                }
            }
        }
        let kinds: Vec<_> = told.iter().collect();
        for (at, (_, here)) in kinds.iter().enumerate() {
            for (_, there) in &kinds[at + 1..] {
                for &(variable, a) in here.iter() {
                    for &(other, b) in there.iter() {
                        let apart = a != b && sources(&units[a]).is_disjoint(&sources(&units[b]));
                        if !apart || !alike(world, units, a, b) {
                            continue;
                        }
                        let only = |of: &BTreeSet<(&str, usize)>, unit: usize| {
                            let same = |o: usize| o == unit || !alike(world, units, o, unit);
                            units[unit].technology.is_some() && of.iter().all(|&(_, o)| same(o))
                        };
                        let called = variable == other && !variable.is_empty();
                        if called || only(here, a) && only(there, b) {
                            all.insert((a.min(b), a.max(b)));
                        }
                    }
                }
            }
        }
    }
    all
}

/// Whether two units may be one: the same product that keeps data, or one of which that is not known.
fn alike(world: &World<'_>, units: &[Unit<'_>], a: usize, b: usize) -> bool {
    let (a, b) = (&units[a], &units[b]);
    let keeps = |u: &Unit<'_>| {
        u.technology.is_none_or(|t| {
            t.role
                .is_some_and(|r| r.is_store() || r == groundplan_model::Role::Broker)
        })
    };
    let code = a.project.is_some() || b.project.is_some();
    match (a.technology, b.technology) {
        (None, None) => false,
        (Some(own), Some(other)) => keeps(a) && world.knowledge.serves(&own.id, &other.id),
        _ => !code && keeps(a) && keeps(b),
    }
}

/// The hosts that variables of a deployable name, parts whose address a platform fills in, and parts that
/// have to run before it.
fn hosts(deployable: &Deployable) -> Vec<(&str, String)> {
    let mut all = Vec::new();
    for before in &deployable.depends_on {
        all.push(("", before.value.clone()));
    }
    for env in &deployable.env {
        let filled = env.from.as_deref();
        if let Some(name) = filled.and_then(|from| from.strip_prefix("endpoint:")) {
            all.push((env.name.as_str(), name.to_owned()));
        }
        let Some(value) = env.value.as_deref() else {
            continue;
        };
        for address in addresses(value) {
            if !is_local(&address.host) && (!address.bare || is_address_key(&env.name)) {
                all.push((env.name.as_str(), address.host));
            }
        }
    }
    all
}

/// The hosts that variables take from a map of the cluster.
fn of_maps<'d>(maps: &Data<'_>, deployable: &'d Deployable) -> Vec<(&'d str, String)> {
    let mut all = Vec::new();
    for env in deployable.env.iter().filter(|e| is_address_key(&e.name)) {
        let from = env.from.as_deref().filter(|_| env.value.is_none());
        let place = from.and_then(|from| from.strip_prefix("config_map:")?.split_once('/'));
        let Some((map, key)) = place else { continue };
        let mut entries = maps.get(map).into_iter().flatten();
        let value = entries.find_map(|entry| entry.value.as_deref().filter(|_| entry.name == key));
        for address in addresses(value.unwrap_or_default()) {
            if !is_local(&address.host) {
                all.push((env.name.as_str(), address.host));
            }
        }
    }
    all
}

/// The hosts that settings of a program name for the profiles that a deployable switches on.
fn of_profiles<'f>(
    world: &World<'f>,
    unit: &Unit<'_>,
    deployable: &Deployable,
) -> Vec<(&'f str, String)> {
    let mut env = deployable.env.iter();
    let active = env.find(|e| e.name == "SPRING_PROFILES_ACTIVE");
    let active = active.and_then(|e| e.value.as_deref()).unwrap_or_default();
    let Some(project) = unit.project.filter(|_| !active.is_empty()) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for fact in world.facts_of(project) {
        let Claim::Property(property) = &fact.claim else {
            continue;
        };
        let on = |profile: &str| active.split(',').any(|one| one.trim() == profile);
        let value = property.value.as_deref();
        let (Some(value), true) = (value, property.profile.as_deref().is_some_and(on)) else {
            continue;
        };
        for address in addresses(value) {
            if !is_local(&address.host) && !address.bare {
                all.push((property.key.as_str(), address.host));
            }
        }
    }
    all
}

/// The unit that a kind of deployment starts under a name.
fn named(units: &[Unit<'_>], source: &str, host: &str) -> Option<usize> {
    let name = host.split('.').next().unwrap_or(host);
    let wanted = plain(name);
    let has = |unit: &Unit<'_>| {
        let all = unit.deployables.iter().chain(&unit.others);
        let mut own = all.filter(|(d, _)| d.source == source).peekable();
        // The name of a Service of Kubernetes that selects it.
        let selected = source == "kubernetes" && unit.hosts.contains(&name.to_ascii_lowercase());
        if own.peek().is_some() && selected {
            return true;
        }
        own.any(|(d, _)| {
            let mut names = std::iter::once(&d.name).chain(&d.aliases);
            names.any(|n| {
                let n = plain(n);
                // A resource of a template is called after what it makes: `CartDbService`.
                n == wanted || n.strip_suffix("service") == Some(wanted.as_str())
            })
        })
    };
    let mut all = (0..units.len()).filter(|&u| has(&units[u]));
    let first = all.next()?;
    all.next().is_none().then_some(first)
}
