//! Servers that work together: the nodes of a cluster, replicas and what watches them.

use super::{End, Found, Wiring, is_host_key};
use crate::facts::Placed;
use crate::resolve::settings::Value;
use crate::resolve::units::commands::{replica_of, watched};
use groundplan_model::{Confidence, Evidence, RelationshipKind};

impl Wiring<'_, '_> {
    /// A list of names that are all those of neighbours: `REDIS_NODES: "node-0 node-1"`.
    pub(super) fn join_list(&mut self, unit: usize, value: &Value, text: &str) {
        if value.shared || !is_host_key(&value.key) {
            return;
        }
        let words: Vec<&str> = text
            .split([' ', ',', ';'])
            .filter(|word| !word.is_empty())
            .collect();
        let found: Vec<usize> = words
            .iter()
            .filter(|word| !word.contains([':', '/']))
            .filter_map(|word| self.answer(&word.to_ascii_lowercase(), None, unit))
            .collect();
        if words.len() < 2 || found.len() < words.len() {
            return;
        }
        for to in found {
            self.joined(unit, to, RelationshipKind::Calls, &value.at);
        }
    }

    /// The store that a replica copies, and the one that a sentinel watches.
    pub(super) fn join_leaders(&mut self, unit: usize) {
        let mut all: Vec<(RelationshipKind, Placed<String>)> = Vec::new();
        for (deployable, _) in &self.units[unit].deployables {
            let copied = replica_of(deployable).map(|at| (RelationshipKind::Reads, at));
            let seen = watched(deployable).map(|at| (RelationshipKind::Observes, at));
            all.extend(copied.into_iter().chain(seen));
        }
        for (kind, host) in all {
            if let Some(to) = self.answer(&host.value, None, unit) {
                self.joined(unit, to, kind, &host.at);
            }
        }
    }

    fn joined(&mut self, unit: usize, to: usize, kind: RelationshipKind, at: &Evidence) {
        let protocol = self.units[to].technology.and_then(|t| t.protocol.clone());
        let found = Found {
            kind: Some(kind),
            at,
            protocol,
            technology: None,
            operation: None,
            confidence: Confidence::High,
        };
        self.add(unit, End::Unit(to), found);
    }
}
