//! Whether what code reads by a name is a variable of the environment or a key of its settings.

use crate::extractors::csharp_code::FILES_ALONE;
use crate::facts::{Claim, EnvRead};
use crate::resolve::world::World;
use groundplan_model::SettingSource;

/// Where a read takes its value from: no variable of the environment has a name with such signs, and a program
/// whose settings come from files alone asks the environment for no key of them.
pub(super) fn of(read: &EnvRead, path: &str, world: &World<'_>) -> SettingSource {
    let keyed = read.keyed && {
        let project = world.project_of(path);
        let mut facts = project
            .into_iter()
            .flat_map(|project| world.facts_of(project));
        facts.any(|fact| matches!(&fact.claim, Claim::Router(router) if router.name == FILES_ALONE))
    };
    match keyed || read.name.contains(['.', ':', '-']) {
        true => SettingSource::Property,
        false => SettingSource::Environment,
    }
}
