//! Methods of gRPC stubs that code calls, each an operation of a contract.

use super::Wiring;
use crate::facts::{Claim, Client, Fact};
use crate::resolve::names::plain;
use crate::resolve::world::World;
use groundplan_model::InterfaceKind;
use std::collections::BTreeMap;

/// Operations of gRPC contracts by the letters of their service, each by its own letters.
pub(super) struct Contracts<'f> {
    services: BTreeMap<String, BTreeMap<String, &'f str>>,
    /// The operations that code calls, by its project and the letters of their service, and where.
    called: BTreeMap<(usize, String), Vec<(&'f str, &'f Fact)>>,
}

impl<'f> Contracts<'f> {
    pub(super) fn of(world: &World<'f>) -> Self {
        let mut services: BTreeMap<String, BTreeMap<String, &'f str>> = BTreeMap::new();
        for (_, fact) in world.facts() {
            let Claim::Interface(interface) = &fact.claim else {
                continue;
            };
            if interface.kind == InterfaceKind::Grpc {
                let known = services.entry(plain(&interface.name)).or_default();
                let all = interface.operations.iter();
                known.extend(all.map(|o| (plain(&o.id), o.id.as_str())));
            }
        }
        let mut contracts = Contracts {
            services,
            called: BTreeMap::new(),
        };
        for project in 0..world.projects.len() {
            for fact in world.facts_of(project) {
                let Claim::Invoked(invoked) = &fact.claim else {
                    continue;
                };
                let service = plain(&invoked.service);
                if let Some(operation) = contracts.operation(&service, &invoked.method) {
                    let all = contracts.called.entry((project, service)).or_default();
                    all.push((operation, fact));
                }
            }
        }
        contracts
    }

    /// The operation of a service that a method stands for, however its language writes it.
    fn operation(&self, service: &str, method: &str) -> Option<&'f str> {
        let known = self.services.get(service)?;
        let method = plain(method);
        let found = known.get(&method);
        let found = found.or_else(|| known.get(method.strip_suffix("async")?));
        found.copied()
    }
}

/// What is known of the calls through one stub.
pub(super) enum Stub<'f> {
    /// It is no stub of gRPC, or no call of it was read.
    Open,
    /// Nothing calls it, where calls of other stubs were read.
    Unused,
    /// The operations that are called, and where.
    Called(Vec<(String, &'f Fact)>),
}

impl<'f> Wiring<'_, 'f> {
    /// What code of a unit calls of the stub that a client is.
    pub(super) fn invoked(&self, unit: usize, project: usize, client: &Client) -> Stub<'f> {
        let service = client
            .operation
            .as_deref()
            .filter(|_| client.protocol == "grpc");
        let Some(service) = service else {
            return Stub::Open;
        };
        let wanted = plain(service);
        if !self.contracts.services.contains_key(&wanted) {
            return Stub::Open;
        }
        let holds = |(_, fact): &&(&str, &Fact)| self.runs[unit].holds(&fact.at.path);
        let of = (project, wanted);
        let own = self.contracts.called.get(&of).into_iter().flatten();
        let own = own.filter(holds);
        let all: Vec<(String, &'f Fact)> = own
            .map(|(operation, fact)| (format!("{service}.{operation}"), *fact))
            .collect();
        if !all.is_empty() {
            return Stub::Called(all);
        }
        let all = (project, String::new())..(project + 1, String::new());
        let mut others = self.contracts.called.range(all).flat_map(|(_, all)| all);
        match others.any(|called| holds(&called)) {
            true => Stub::Unused,
            false => Stub::Open,
        }
    }
}
