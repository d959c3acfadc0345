//! Addresses of this machine that code takes where nothing sets a variable: whoever develops the system
//! starts its parts beside each other, each on a port of its own.

use super::{End, Found, Wiring, is_host_key, is_of_callers, is_own_name};
use crate::addresses::tells_own_address;
use crate::facts::{Claim, EnvRead, Fact};
use crate::resolve::address::{addresses, is_address_key, is_local};
use crate::resolve::names::is_aside;
use crate::resolve::settings::Value;
use crate::resolve::units::{Unit, is_port_key};
use crate::resolve::world::World;
use groundplan_model::Role;

impl<'f> Wiring<'_, 'f> {
    /// Whether most services of the system are started by hand, beside each other: nothing packs them.
    fn is_started_by_hand(&self) -> bool {
        let services = self
            .units
            .iter()
            .filter(|u| u.project.is_some() && matches!(u.role, Role::Service | Role::Gateway));
        let (bare, packed): (Vec<_>, Vec<_>) =
            services.partition(|u| u.deployables.is_empty() && u.images.is_empty());
        bare.len() > 2 && bare.len() > packed.len()
    }

    /// Joins a unit with the part whose name its code takes as a host where nothing sets the key:
    /// `@Value("${stock.host:stock}")`.
    pub(super) fn join_default_hosts(&mut self, unit: usize) {
        let Some(project) = self.units[unit].project else {
            return;
        };
        if !self.leaders.leads(unit, Some(project)) {
            return;
        }
        let reads = self.world.facts_of(project).filter_map(|fact| {
            let Claim::EnvRead(read) = &fact.claim else {
                return None;
            };
            let default = read.default.as_deref()?;
            self.runs[unit]
                .holds(&fact.at.path)
                .then_some((fact, read.name.as_str(), default))
        });
        let reads: Vec<(&'f Fact, &'f str, &'f str)> = reads.collect();
        for (fact, name, default) in reads {
            let other = is_own_name(name)
                || is_of_callers(name)
                || tells_own_address(name)
                || !is_address_key(name);
            if other || self.lookup(unit, name).is_some() || self.is_hidden(unit, name) {
                continue;
            }
            for address in addresses(default) {
                let unsaid = address.bare && !is_host_key(name);
                if is_local(&address.host) || unsaid {
                    continue;
                }
                let Some(to) = self.answer(&address.host, address.port.as_deref(), unit) else {
                    continue;
                };
                let role = self.units[to].role;
                let is_data = role.is_store() || role == Role::Broker;
                let end = End::Unit(to);
                // The address of a page is a link or a place to return to.
                if is_data && !self.has_driver(unit, to) && !self.speaks_to(&address, to)
                    || role == Role::Ui
                    || self.units[to].project.is_some() && self.issues_tokens(unit)
                    || self.graph.edges.contains_key(&(unit, end.clone()))
                {
                    continue;
                }
                let protocol = self.protocol(&address, &end);
                let found = Found {
                    protocol,
                    ..Found::guess(None, &fact.at)
                };
                self.add(unit, end, found);
            }
        }
    }

    /// Joins a unit that no container encloses with the one part that answers on the port of a default.
    pub(super) fn join_defaults(&mut self, unit: usize) {
        let own = &self.units[unit];
        let enclosed = (own.deployables.iter()).any(|(d, _)| {
            matches!(
                d.source.as_str(),
                "compose" | "kubernetes" | "helm" | "nomad"
            )
        });
        // A tool that nothing packs may be pointed at any installation.
        let serves = || own.role == Role::Service && self.is_started_by_hand();
        let packed = !own.deployables.is_empty() || !own.images.is_empty() || serves();
        let Some(project) = own.project.filter(|_| packed && !enclosed) else {
            return;
        };
        if !self.leaders.leads(unit, Some(project)) {
            return;
        }
        let reads = self
            .world
            .facts_of(project)
            .filter_map(|fact| match &fact.claim {
                Claim::EnvRead(read) if self.runs[unit].holds(&fact.at.path) => Some((fact, read)),
                _ => None,
            });
        let reads: Vec<(&'f Fact, &'f EnvRead)> = reads.collect();
        for (fact, read) in &reads {
            let name = read.name.as_str();
            let Some(default) = read.default.as_deref() else {
                continue;
            };
            if is_own_name(name)
                || is_of_callers(name)
                || tells_own_address(name)
                || !is_address_key(name)
                || self.lookup(unit, name).is_some()
                || self.is_hidden(unit, name)
            {
                continue;
            }
            for address in addresses(default).into_iter().filter(|a| is_local(&a.host)) {
                let beside = || {
                    // `DB_HOST` and `DB_PORT`, each with a default of its own.
                    let stem = name
                        .strip_suffix("HOST")
                        .or_else(|| name.strip_suffix("HOSTNAME"))?;
                    let port = format!("{stem}PORT");
                    let (_, read) = reads.iter().find(|(_, r)| r.name == port)?;
                    read.default.clone()
                };
                let Some(port) = address.port.clone().or_else(beside) else {
                    continue;
                };
                let Some(to) = self.answer(&address.host, Some(&port), unit) else {
                    continue;
                };
                let role = self.units[to].role;
                let is_data = role.is_store() || role == Role::Broker;
                if is_data && !self.has_driver(unit, to) && !self.speaks_to(&address, to) {
                    continue;
                }
                // The address of a page is a link or a place to return to, and whoever issues tokens is told
                // where its clients are.
                if role == Role::Ui || self.units[to].project.is_some() && self.issues_tokens(unit)
                {
                    continue;
                }
                let end = End::Unit(to);
                let protocol = self.protocol(&address, &end);
                let found = Found {
                    protocol,
                    ..Found::guess(None, &fact.at)
                };
                self.add(unit, end, found);
            }
        }
    }
}

/// Whether a setting of a framework says that a program listens on a port.
pub(super) fn listens_on(value: &Value, port: &str) -> bool {
    let own = !value.shared && value.profile.is_none() && is_port_key(&value.key);
    own && ports_of(&value.value).any(|own| own == port)
}

/// The ports that a setting lists, alone or in addresses: `http://+:5000;https://+:5001`.
pub(super) fn ports_of(value: &str) -> impl Iterator<Item = &str> {
    let parts = value
        .split(';')
        .map(|part| part.trim().trim_end_matches('/'));
    let ports = parts.filter_map(|part| part.rsplit(':').next());
    ports.filter(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// The one port that the code of a unit listens on where nothing sets the variable.
pub(super) fn default_port<'f>(world: &World<'f>, unit: &Unit<'f>) -> Option<&'f str> {
    let mut reads = world
        .facts_of(unit.project?)
        .filter_map(|f| match &f.claim {
            Claim::EnvRead(read) if is_port_key(&read.name) && !is_aside(&f.at.path) => {
                read.default.as_deref()
            }
            _ => None,
        });
    let first = reads.next()?;
    let plain = first.len() > 2 && first.bytes().all(|b| b.is_ascii_digit());
    (plain && reads.all(|other| other == first)).then_some(first)
}
