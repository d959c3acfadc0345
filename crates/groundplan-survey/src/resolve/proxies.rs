//! Reverse proxies that nothing deploys: where people start the parts by hand, a proxy's configuration
//! in the repository says that one stands before them.

use crate::facts::{Claim, GatewayRoute};
use crate::resolve::address::{addresses, is_local};
use crate::resolve::units::{Unit, is_port_key};
use crate::resolve::variants;
use crate::resolve::world::World;
use groundplan_model::{Evidence, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Adds a unit for each product whose configuration leads to at least two parts of the system, where
/// no file deploys any of them.
pub(super) fn add<'f>(world: &World<'f>, units: &mut Vec<Unit<'f>>) {
    let by_hand = |u: &Unit<'_>| u.deployables.is_empty() && u.images.is_empty();
    if units.len() < 2 || !units.iter().all(by_hand) {
        return;
    }
    let ports = ports(world, units);
    let mut found: BTreeMap<&str, (BTreeSet<usize>, BTreeMap<&str, &Evidence>)> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let Claim::Route(route) = &fact.claim else {
            continue;
        };
        if file.language.is_code() || variants::rank(&file.path) > 0 {
            continue;
        }
        let answers = answering(route, units, &ports);
        if answers.is_empty() {
            continue;
        }
        let (parts, files) = found.entry(&route.gateway).or_default();
        parts.extend(answers);
        files.entry(&file.path).or_insert(&fact.at);
    }
    for (product, (parts, files)) in found {
        let technology = world.knowledge.by_name(product);
        let Some(technology) = technology.filter(|t| t.role == Some(Role::Gateway)) else {
            continue;
        };
        if parts.len() < 2 || units.iter().any(|u| u.name == technology.id) {
            continue;
        }
        units.push(Unit {
            name: technology.id.clone(),
            hosts: BTreeSet::from([technology.id.clone()]),
            deployables: Vec::new(),
            others: Vec::new(),
            images: Vec::new(),
            project: None,
            technology: Some(technology),
            role: Role::Gateway,
            evidence: files.into_values().cloned().collect(),
            optional: false,
            development: false,
        });
    }
}

/// Ports that parts say they listen on, of this machine.
fn ports(world: &World<'_>, units: &[Unit<'_>]) -> BTreeMap<String, Vec<usize>> {
    let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let facts = unit.project.into_iter().flat_map(|p| world.facts_of(p));
        for fact in facts {
            if let Claim::Property(property) = &fact.claim
                && is_port_key(&property.key)
                && let Some(port) = &property.value
            {
                all.entry(port.clone()).or_default().push(index);
            }
        }
    }
    all.values_mut().for_each(|list| list.dedup());
    all
}

fn answering(
    route: &GatewayRoute,
    units: &[Unit<'_>],
    ports: &BTreeMap<String, Vec<usize>>,
) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    for address in addresses(&route.target) {
        if is_local(&address.host) {
            let owners = address.port.as_ref().and_then(|port| ports.get(port));
            if let Some([only]) = owners.map(Vec::as_slice) {
                all.insert(*only);
            }
        } else {
            let named = |unit: &usize| {
                units
                    .get(*unit)
                    .is_some_and(|u| u.hosts.contains(&address.host))
            };
            all.extend((0..units.len()).filter(named));
        }
    }
    all
}
