//! Whether what code reads by a name is a variable of the environment or a key of its settings.

use crate::extractors::csharp_code::FILES_ALONE;
use crate::facts::{Claim, EnvRead};
use crate::resolve::world::World;
use groundplan_model::SettingSource;
use std::collections::BTreeSet;

/// The projects whose settings come from files alone.
pub(super) struct KeySources(BTreeSet<usize>);

impl KeySources {
    pub(super) fn of(world: &World<'_>) -> Self {
        let mut found = BTreeSet::new();
        for (file, fact) in world.facts() {
            if matches!(&fact.claim, Claim::Router(router) if router.name == FILES_ALONE) {
                found.extend(world.project_of(&file.path));
            }
        }
        KeySources(found)
    }

    /// Where a read takes its value from: no variable of the environment has a name with such signs, and a program
    /// whose settings come from files alone asks the environment for no key of them.
    pub(super) fn source(&self, read: &EnvRead, path: &str, world: &World<'_>) -> SettingSource {
        let of_files = || (world.project_of(path)).is_some_and(|project| self.0.contains(&project));
        match read.name.contains(['.', ':', '-']) || read.keyed && of_files() {
            true => SettingSource::Property,
            false => SettingSource::Environment,
        }
    }
}
