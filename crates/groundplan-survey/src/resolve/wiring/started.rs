//! Programs that have no manifest: a container starts one by its name, and its sources lie under that name.

use super::{End, Found, Wiring};
use crate::facts::{Claim, Fact};
use crate::resolve::address::addresses;
use crate::resolve::names::is_aside;
use crate::resolve::programs::first_word;
use crate::resolve::world::folder_of;
use groundplan_model::Confidence;
use groundplan_syntax::Language;
use std::collections::BTreeMap;

impl<'f> Wiring<'_, 'f> {
    /// Joins what the program of C++ that a container starts names: `OrderService` is built from
    /// `src/OrderService/OrderService.cpp`.
    pub(super) fn join_started(&mut self) {
        let mut sources: BTreeMap<&'f str, Vec<&'f Fact>> = BTreeMap::new();
        for file in self.world.files {
            if file.language != Language::Cpp || file.facts.is_empty() || is_aside(&file.path) {
                continue;
            }
            let name = file.path.rsplit('/').next().unwrap_or_default();
            let stem = name.split('.').next().unwrap_or(name);
            let folder = folder_of(&file.path).rsplit('/').next().unwrap_or_default();
            // Other files of the folder of a program are its own.
            let program = if folder.is_empty() { stem } else { folder };
            let clients = file.facts.iter();
            let clients = clients.filter(|f| matches!(f.claim, Claim::Client(_)));
            sources.entry(program).or_default().extend(clients);
        }
        if sources.is_empty() {
            return;
        }
        for unit in 0..self.units.len() {
            let own = &self.units[unit];
            let named = |p: usize| !self.world.projects[p].packages.is_empty();
            if own.project.is_some_and(named) {
                continue;
            }
            let told = own.deployables.iter().chain(&own.others);
            let mut commands = told.filter_map(|(d, _)| d.command.as_ref());
            let facts = commands.find_map(|c| sources.get(first_word(&c.value)?));
            for fact in facts.cloned().unwrap_or_default() {
                let Claim::Client(client) = &fact.claim else {
                    continue;
                };
                for address in addresses(client.target.as_deref().unwrap_or_default()) {
                    let port = address.port.as_deref();
                    let Some(to) = self.answer(&address.host, port, unit) else {
                        continue;
                    };
                    let end = End::Unit(to);
                    let found = Found {
                        kind: None,
                        at: &fact.at,
                        protocol: self.protocol(&address, &end),
                        technology: None,
                        operation: None,
                        confidence: Confidence::High,
                    };
                    self.add(unit, end, found);
                }
            }
        }
    }
}
