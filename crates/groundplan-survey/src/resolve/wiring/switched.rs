//! Stores and brokers that a switch brings in which is off by default.

use super::{End, MOST_EVIDENCE, Wiring};
use crate::extractors::off_switches::{ASKED, OFF};
use crate::facts::{Claim, Fact};
use crate::resolve::environments::stage_of_settings;
use crate::resolve::names::is_aside;
use groundplan_knowledge::{Category, Technology};
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
            let by_code = places.any(|at| Language::of(&at.path).is_code() && !registers(&at.path));
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

    /// Where code takes the disk of the machine for files unless a variable says otherwise, keys alone do nothing: the
    /// condition for them to lie elsewhere, and no condition where the variable is set to that.
    pub(super) fn on_disk(
        &self,
        unit: usize,
        project: usize,
        technology: &Technology,
    ) -> Option<Option<(String, Evidence)>> {
        if technology.category != Category::ObjectStorage {
            return None;
        }
        let mut facts = self.world.facts_of(project).filter_map(kept_on_disk);
        let (condition, name, at) = facts.next()?;
        // Two variables may choose for different files.
        if facts.any(|(_, other, _)| other != name) {
            return None;
        }
        let set = self.values[unit].iter().filter(|v| v.key == name);
        let mut set = set.filter(|v| !v.example && v.profile.is_none() && !is_aside(&v.at.path));
        let chosen = set.any(|v| {
            let value = self.expand(unit, &v.value);
            !value.is_empty() && !value.contains("${") && !is_disk(&value)
        });
        Some((!chosen).then(|| (condition, at.clone())))
    }
}

/// The condition for files to lie elsewhere, where a variable chooses that and is the disk of the machine by default:
/// `STORAGE_TYPE` that is `local`.
fn kept_on_disk(fact: &Fact) -> Option<(String, &str, &Evidence)> {
    // What is kept elsewhere than the files of users.
    const OTHERS: [&str; 16] = [
        "BACKUP", "BACKUPS", "CACHE", "CONFIG", "EVENT", "KEY", "LOG", "LOGS", "METADATA", "QUEUE",
        "SECRET", "SESSION", "SESSIONS", "STATE", "TOKEN", "VECTOR",
    ];
    let Claim::EnvRead(read) = &fact.claim else {
        return None;
    };
    let default = read.default.as_deref().filter(|value| is_disk(value))?;
    if is_aside(&fact.at.path) || stage_of_settings(&fact.at.path).is_some() {
        return None;
    }
    let words: Vec<&str> = read.name.split('_').collect();
    let of_files = |word: &&str| matches!(*word, "DISK" | "FILESYSTEM" | "FILESYSTEMS" | "STORAGE");
    let kind = ["BACKEND", "DISK", "DRIVER", "KIND", "PROVIDER", "TYPE"];
    let last = words.last().is_some_and(|last| kind.contains(last));
    let said = || format!("when {} is not {default}, its default", read.name);
    let others = words.iter().any(|word| OTHERS.contains(word));
    (last && words.iter().any(of_files) && !others).then(|| (said(), read.name.as_str(), &fact.at))
}

/// Whether a word stands for the disk of the machine as the place of files.
fn is_disk(word: &str) -> bool {
    let disks = ["disk", "file", "filesystem", "fs", "local", "public"];
    disks.contains(&word)
}

/// Whether a file of Symfony only registers its bundles
/// (<https://symfony.com/doc/current/bundles.html>).
fn registers(path: &str) -> bool {
    path.ends_with("Kernel.php") || path.ends_with("/bundles.php")
}
