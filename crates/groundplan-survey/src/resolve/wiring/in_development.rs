//! Parts that developers start beside the system, joined by what the files for their tasks set.

use super::{End, Found, Wiring};
use crate::extractors::task_addresses::TASK_ADDRESS;
use crate::facts::{Claim, Fact};
use groundplan_knowledge::Technology;
use groundplan_model::{Confidence, Role, Topic};

/// What an edge to such a part depends on.
pub(super) const CONDITION: &str = "in development";

impl<'f> Wiring<'_, 'f> {
    /// Joins parts with those for developers that a variable of a task leads to, where the code reads the variable,
    /// its name speaks of the other part, and the other part is published on the port.
    pub(super) fn join_in_development(&mut self) {
        let files = self.world.files.iter().flat_map(|file| &file.facts);
        let told: Vec<(&'f Fact, &'f str, &'f str)> = files
            .filter_map(|fact| match &fact.claim {
                Claim::Mark(mark) if mark.topic == Topic::Stated && mark.name == TASK_ADDRESS => {
                    let (key, port) = mark.detail.as_deref()?.split_once('\n')?;
                    Some((fact, key, port))
                }
                _ => None,
            })
            .collect();
        if told.is_empty() {
            return;
        }
        for unit in 0..self.units.len() {
            let Some(project) = self.units[unit].project else {
                continue;
            };
            if self.units[unit].development || !self.leaders.leads(unit, Some(project)) {
                continue;
            }
            let reads = self.reads(unit);
            for (fact, key, port) in &told {
                if !reads.contains(*key) {
                    continue;
                }
                let Some(to) = self.answer("localhost", Some(port), unit) else {
                    continue;
                };
                let other = &self.units[to];
                if !other.development || !speaks_of(key, &other.name, other.technology) {
                    continue;
                }
                // Who keeps its data elsewhere by default has its tables there.
                let store = matches!(other.role, Role::Database | Role::Cache);
                if store && self.keeps(unit) {
                    continue;
                }
                let found = Found {
                    kind: None,
                    at: &fact.at,
                    protocol: other.technology.and_then(|t| t.protocol.clone()),
                    technology: None,
                    operation: None,
                    confidence: Confidence::Medium,
                };
                let end = End::Unit(to);
                let known = self.graph.edges.contains_key(&(unit, end.clone()));
                self.add(unit, end.clone(), found);
                if !known {
                    let conditions = &mut self.graph.conditions;
                    conditions.insert((unit, end), CONDITION.to_owned());
                }
            }
        }
    }
}

impl Wiring<'_, '_> {
    /// Says of the other connections with parts that only developers start that they are there in development alone.
    pub(super) fn mark_development(&mut self) {
        let units = self.units;
        let told = self.graph.edges.keys().filter(|(from, end)| {
            matches!(end, End::Unit(to) if units[*to].development) && !units[*from].development
        });
        for key in told {
            let conditions = &mut self.graph.conditions;
            conditions
                .entry(key.clone())
                .or_insert_with(|| CONDITION.to_owned());
        }
    }
}

/// Whether a word of a variable is what a part is called, its product or what that speaks: `SMTP_HOST`,
/// `POSTGRES_SERVER`.
fn speaks_of(key: &str, name: &str, technology: Option<&Technology>) -> bool {
    // Words that say no more than that an address is meant.
    const PLAIN: [&str; 9] = [
        "addr", "address", "base", "endpoint", "host", "http", "port", "server", "service",
    ];
    let lower = key.to_ascii_lowercase();
    let mut called = vec![name.to_ascii_lowercase()];
    if let Some(t) = technology {
        called.push(t.id.clone());
        called.extend(t.compatible_with.clone());
        called.extend(t.protocol.as_ref().map(|p| p.to_ascii_lowercase()));
    }
    let mut words = lower
        .split('_')
        .filter(|word| word.len() > 3 && !PLAIN.contains(word));
    words.any(|word| called.iter().any(|c| c.starts_with(word)))
}
