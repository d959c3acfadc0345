//! Stores and brokers that a switch brings in which is off by default.

use super::{End, MOST_EVIDENCE, Wiring};
use crate::extractors::off_switches::{ASKED, OFF};
use crate::facts::Claim;
use crate::resolve::names::is_aside;
use groundplan_model::{Evidence, Topic};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

impl Wiring<'_, '_> {
    /// Says of a connection that only settings show on which switch it depends, where one switch with the word of
    /// the product is off and code asks for it.
    pub(super) fn mark_switched(&mut self) {
        let mut of_project: BTreeMap<usize, BTreeMap<&str, &Evidence>> = BTreeMap::new();
        let mut found: Vec<((usize, End), String, Evidence)> = Vec::new();
        for (key, edge) in &self.graph.edges {
            let (unit, End::Unit(to)) = key else { continue };
            let (Some(project), Some(product)) =
                (self.units[*unit].project, self.units[*to].technology)
            else {
                continue;
            };
            let mut places = edge.sides.values().flat_map(|side| &side.evidence);
            let by_code = places.any(|at| Language::of(&at.path).is_code());
            if by_code || self.graph.conditions.contains_key(key) {
                continue;
            }
            let switches = of_project
                .entry(project)
                .or_insert_with(|| self.off_switches(project));
            let own = |(name, _): &(&&str, &&Evidence)| name.split('_').any(|w| w == product.id);
            let mut own = switches.iter().filter(own);
            if let (Some((name, at)), None) = (own.next(), own.next()) {
                let said = format!("when {name} is on; by default it is off");
                found.push((key.clone(), said, (*at).clone()));
            }
        }
        for (key, said, at) in found {
            let sides = self.graph.edges.get_mut(&key);
            for side in sides.into_iter().flat_map(|edge| edge.sides.values_mut()) {
                side.evidence.truncate(MOST_EVIDENCE - 1);
                side.evidence.push(at.clone());
            }
            self.graph.conditions.insert(key, said);
        }
    }

    /// Switches of a project that are off and that its code asks for, with where they are off.
    fn off_switches(&self, project: usize) -> BTreeMap<&str, &Evidence> {
        let mut off: BTreeMap<&str, &Evidence> = BTreeMap::new();
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        for fact in self.world.facts_of(project) {
            if let Claim::Mark(mark) = &fact.claim
                && mark.topic == Topic::Stated
                && !is_aside(&fact.at.path)
                && let Some(key) = mark.detail.as_deref()
            {
                match mark.name.as_str() {
                    OFF => {
                        off.entry(key).or_insert(&fact.at);
                    }
                    ASKED => {
                        asked.insert(key);
                    }
                    _ => {}
                }
            }
        }
        off.retain(|key, _| asked.contains(key));
        off
    }
}
