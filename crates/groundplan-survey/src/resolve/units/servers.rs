//! Servers of several databases, which are told by their databases.

use super::Unit;
use crate::facts::INSIDE;
use std::collections::BTreeMap;

/// Leaves out a server where two or more databases inside of it are parts and nothing else speaks of the
/// server itself, nor another kind of deployment of it: it would be counted beside what it holds.
pub(super) fn fold(units: &mut Vec<Unit<'_>>) {
    let mut inside: BTreeMap<String, usize> = BTreeMap::new();
    for unit in units.iter() {
        let mut all = unit.deployables.iter();
        if let Some(server) = all.find_map(|(d, _)| d.attribute(INSIDE))
            && *server != unit.name
        {
            *inside.entry(server.clone()).or_default() += 1;
        }
    }
    inside.retain(|_, databases| *databases > 1);
    for server in inside.into_keys() {
        let spoken = units.iter().flat_map(|u| &u.deployables).any(|(d, _)| {
            let mut all = d.links.iter().chain(&d.depends_on);
            d.attribute(INSIDE).is_none() && all.any(|to| to.value == server)
        });
        let alone = |unit: &Unit<'_>| {
            unit.others.is_empty()
                && unit.project.is_none()
                && (unit.deployables.iter()).all(|(d, _)| d.name == server && d.source == "aspire")
        };
        if !spoken {
            units.retain(|unit| unit.name != server || !alone(unit));
        }
    }
}
