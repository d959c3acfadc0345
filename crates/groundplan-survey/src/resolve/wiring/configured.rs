//! Stores that the configuration of a framework names, joined with the parts that are such stores.

use super::{End, Found, Wiring};
use crate::resolve::address::{addresses, is_local};
use crate::resolve::stores::Store;
use groundplan_model::Confidence;

/// What is known of a store that configuration names, for its element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Configured {
    /// The unit that is the store.
    pub(crate) unit: usize,
    /// The variable that selects the product.
    pub(crate) switch: Option<String>,
    /// Where the configuration says so.
    pub(crate) at: groundplan_model::Evidence,
}

impl Wiring<'_, '_> {
    pub(super) fn join_configured(&mut self, stores: &[Store<'_>]) {
        for store in stores {
            let Some(first) = store.places.first() else {
                continue;
            };
            // What has no server lies beside its user.
            if !store.product.is_server() {
                let key = (store.unit, store.product.name.clone());
                self.graph
                    .kept
                    .entry(key)
                    .or_insert_with(|| ((*first).clone(), store.switch.clone()));
                continue;
            }
            let Some((to, confidence)) = self.store_of(store) else {
                continue;
            };
            for at in &store.places {
                let found = Found {
                    kind: None,
                    at,
                    protocol: store.product.protocol.clone(),
                    technology: Some(store.library.to_owned()).filter(|l| !l.is_empty()),
                    operation: None,
                    confidence,
                };
                self.add(store.unit, End::Unit(to), found);
            }
            self.graph.configured.push(Configured {
                unit: to,
                switch: store.switch.clone(),
                at: (*first).clone(),
            });
        }
    }

    /// The unit that is the store which a configuration names: by its address, by what else joins the
    /// two, or since it is the only one of the product.
    fn store_of(&self, store: &Store<'_>) -> Option<(usize, Confidence)> {
        if let Some(added) = store.added {
            let sure = match store.pattern {
                true => Confidence::Medium,
                false => Confidence::High,
            };
            return Some((added, sure));
        }
        let serves = |unit: usize| self.serves(unit, &store.product.id);
        for target in &store.targets {
            for address in addresses(target) {
                let to = match is_local(&address.host) {
                    true => None,
                    false => self.answer(&address.host, address.port.as_deref(), store.unit),
                };
                if let Some(to) = to.filter(|&to| serves(to)) {
                    return Some((to, Confidence::High));
                }
            }
        }
        let all: Vec<usize> = (0..self.units.len()).filter(|&u| serves(u)).collect();
        let joined = |&to: &usize| {
            let edge = self.graph.edges.get(&(store.unit, End::Unit(to)));
            edge.is_some_and(super::Edge::is_sure)
        };
        // Of several stores of one product an address that is known tells which is meant.
        let known: Vec<usize> = all.iter().copied().filter(joined).collect();
        let lasting: Vec<usize> = (all.iter().copied())
            .filter(|&u| !self.units[u].optional)
            .collect();
        if let [only] = known.as_slice() {
            return Some((*only, Confidence::High));
        }
        // What runs in any case goes before what is started on demand.
        let all = if lasting.is_empty() { all } else { lasting };
        let awaited = || {
            let waited = all
                .iter()
                .copied()
                .filter(|&u| self.is_awaited(u, store.unit));
            waited.collect::<Vec<usize>>()
        };
        // Of several the one that others wait for is a server, and not what keeps its files.
        let found = match (known.is_empty(), all.as_slice()) {
            (true, [only]) => Some(*only),
            (true, [_, _, ..]) => match awaited().as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            _ => None,
        };
        Some((found?, Confidence::Medium))
    }

    /// Whether a unit that is no store itself waits for a store, or is linked with it, in place of a
    /// user: with the same source, or from an image whose source is not known.
    fn is_awaited(&self, store: usize, user: usize) -> bool {
        let waits = |unit: usize| {
            let own = &self.units[unit];
            let all = own.deployables.iter().chain(&own.others);
            let mut names = all.flat_map(|(d, _)| d.depends_on.iter().chain(&d.links));
            names.any(|name| {
                self.answer(&name.value.to_ascii_lowercase(), None, unit) == Some(store)
            })
        };
        let stands_for = |unit: usize| {
            let own = &self.units[unit];
            let source = own.project.is_none() || own.project == self.units[user].project;
            source && !own.role.is_store()
        };
        (0..self.units.len()).any(|unit| stands_for(unit) && waits(unit))
    }
}
