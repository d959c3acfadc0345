//! Routes that no file lists: a gateway that looks its parts up in a registry leads to all that register
//! themselves there.

use super::{End, Found, Wiring, relaxed};
use crate::facts::Claim;
use groundplan_model::{Evidence, RelationshipKind, Role};
use std::collections::BTreeSet;

impl Wiring<'_, '_> {
    /// Joins the one gateway of a registry with what registers itself there, where the gateway has no
    /// routes of its own: Zuul does so unless it is told to ignore services
    /// (<https://cloud.spring.io/spring-cloud-netflix/multi/multi__router_and_filter_zuul.html>), Spring
    /// Cloud Gateway if its locator is on.
    pub(super) fn join_discovered(&mut self) {
        let found: Vec<(usize, Evidence)> = (0..self.units.len())
            .filter_map(|unit| Some((unit, self.finds_by_name(unit)?)))
            .collect();
        let [(gateway, at)] = found.as_slice() else {
            return;
        };
        let edges = || self.graph.edges.iter();
        let routes = edges().any(|((from, _), edge)| {
            from == gateway && edge.sides.contains_key(&RelationshipKind::Routes)
        });
        let registers = |unit: usize| -> BTreeSet<usize> {
            let ends = edges().filter(|((from, _), _)| *from == unit);
            let ends = ends.filter_map(|((_, end), _)| match end {
                End::Unit(to) if self.units[*to].role == Role::Registry => Some(*to),
                _ => None,
            });
            ends.collect()
        };
        // Routes may stand in the repository of a configuration server, which is somewhere else.
        let ends = |unit: usize| edges().filter(move |((from, _), _)| *from == unit);
        let elsewhere = ends(*gateway).any(|((_, end), _)| match end {
            End::Unit(to) if self.units[*to].role == Role::ConfigServer => {
                let mut own = self.handed_out.values();
                ends(*to).any(|((_, end), _)| matches!(end, End::Outside(_)))
                    && !own.any(|units| units.as_slice() == [*gateway])
            }
            _ => false,
        });
        let registry = registers(*gateway);
        if routes || elsewhere || registry.is_empty() {
            return;
        }
        let known = (0..self.units.len()).filter(|&unit| {
            let own = &self.units[unit];
            unit != *gateway
                && own.role == Role::Service
                && own.project.is_some()
                && !own.deployables.is_empty()
                && !registers(unit).is_disjoint(&registry)
        });
        let known: Vec<usize> = known.collect();
        for to in known {
            let found = Found {
                protocol: Some("HTTP".to_owned()),
                ..Found::guess(Some(RelationshipKind::Routes), at)
            };
            self.add(*gateway, End::Unit(to), found);
        }
    }

    /// Where a unit switches on that names of a registry become routes.
    fn finds_by_name(&self, unit: usize) -> Option<Evidence> {
        const LOCATORS: [&str; 3] = [
            "spring.cloud.gateway.discovery.locator.enabled",
            "spring.cloud.gateway.server.webflux.discovery.locator.enabled",
            "spring.cloud.gateway.server.webmvc.discovery.locator.enabled",
        ];
        let project = self.units[unit].project?;
        let located = self.values[unit]
            .iter()
            .find(|v| LOCATORS.contains(&v.key.as_str()) && v.value == "true");
        if let Some(value) = located {
            return Some(value.at.clone());
        }
        let ignores = self.values[unit]
            .iter()
            .any(|v| relaxed(&v.key).starts_with("zuulignoredservices") && v.value.contains('*'));
        let mut facts = self.world.facts_of(project);
        let switch = facts.find(|fact| match &fact.claim {
            Claim::Uses(uses) => uses.technology == "zuul" && uses.side == "server",
            _ => false,
        });
        switch.filter(|_| !ignores).map(|fact| fact.at.clone())
    }
}
