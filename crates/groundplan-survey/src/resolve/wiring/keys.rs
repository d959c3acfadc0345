//! Settings that a unit is given for others: a key that only other settings refer to, and a key that
//! the code of others reads by its name.

use crate::facts::Claim;
use crate::resolve::needed::Needed;
use crate::resolve::settings::Value;
use crate::resolve::units::Unit;
use crate::resolve::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of keys across the system.
pub(super) struct Keys {
    /// Keys that values refer to (`${shop.auth}`), with the units that have such a value.
    referred: BTreeMap<String, BTreeSet<usize>>,
    /// Keys with sections that code reads by their whole name, with the projects of the code.
    read: BTreeMap<String, BTreeSet<usize>>,
    /// The same without their middle.
    families: BTreeSet<String>,
    /// Per unit the projects that it is built with, where one of those reads.
    built: Vec<BTreeSet<usize>>,
}

impl Keys {
    pub(super) fn of<'f>(world: &World<'f>, units: &[Unit<'f>], values: &[Vec<Value>]) -> Self {
        let mut referred: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (unit, values) in values.iter().enumerate() {
            for value in values.iter().filter(|v| v.value.contains("${")) {
                for (key, _) in crate::environment::placeholder_keys(&value.value) {
                    referred.entry(key).or_default().insert(unit);
                }
            }
        }
        let mut read: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for project in 0..world.projects.len() {
            for fact in world.facts_of(project) {
                let Claim::EnvRead(found) = &fact.claim else {
                    continue;
                };
                if found.name.contains(':') {
                    read.entry(plain(&found.name)).or_default().insert(project);
                }
            }
        }
        let built = match read.is_empty() {
            true => Vec::new(),
            false => {
                let needed = Needed::of(world);
                let all = units.iter().map(|unit| {
                    let project = unit.project;
                    project.map_or_else(BTreeSet::new, |p| needed.all(world, p))
                });
                all.collect()
            }
        };
        Keys {
            referred,
            families: read.keys().filter_map(|key| family(key)).collect(),
            read,
            built,
        }
    }

    /// Whether a value that a unit is given matters to others alone.
    pub(super) fn is_of_others(&self, unit: usize, value: &Value) -> bool {
        // A common setting that others put into theirs is no address of this one.
        if value.shared
            && !value.is_env
            && self
                .referred
                .get(&value.key)
                .is_some_and(|users| !users.contains(&unit))
        {
            return true;
        }
        // Code of .NET that asks for a key by its name shows who uses it: the others are only told.
        if !is_sectioned(&value.key) {
            return false;
        }
        let key = plain(&value.key);
        let Some(readers) = self.read.get(&key) else {
            // `Services:Mail:Url` is read by nobody where `Services:Cart:Url` is read by its name.
            return family(&key).is_some_and(|family| self.families.contains(&family));
        };
        let built = self.built.get(unit);
        built.is_some_and(|own| !own.is_empty() && own.is_disjoint(readers))
    }
}

/// Whether a key has sections as the configuration of .NET writes them: `Services:Cart`,
/// `Services__Cart`.
fn is_sectioned(key: &str) -> bool {
    key.contains(':') || key.contains("__")
}

fn plain(key: &str) -> String {
    key.replace("__", ":").to_ascii_lowercase()
}

/// What keys of one kind have in common: `services:cart:url` and `services:mail:url`.
fn family(key: &str) -> Option<String> {
    let (first, rest) = key.split_once(':')?;
    let (_, last) = rest.rsplit_once(':')?;
    Some(format!("{first}:*:{last}"))
}
