//! Caches and switches of Go whose field nobody reads.

use crate::facts::{Claim, FieldsRead};
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Topic};
use std::collections::BTreeSet;

/// Leaves out caches that are made and never used, and switches of the environment that switch nothing.
pub(crate) fn leave_out(blueprint: &mut Blueprint, world: &World<'_>) {
    // Of all projects: in a workspace of modules the configuration is one of its own and read in the others.
    let mut read: BTreeSet<u32> = BTreeSet::new();
    for (_, fact) in world.facts() {
        if let Claim::FieldsRead(fields) = &fact.claim {
            read.extend(&fields.read);
        }
    }
    if read.is_empty() {
        return;
    }
    let is_read = |name: &str| read.contains(&FieldsRead::key(name));
    let mut caches: BTreeSet<(&str, u32)> = BTreeSet::new();
    // By their names too: one line may read several.
    let mut switches: BTreeSet<(&str, u32, &str)> = BTreeSet::new();
    for (file, fact) in world.facts() {
        let path = file.path.as_str();
        match &fact.claim {
            Claim::FieldsRead(fields) => {
                let dead = fields.made.iter().filter(|(name, _)| !is_read(name));
                caches.extend(dead.map(|(_, line)| (path, *line)));
            }
            Claim::EnvRead(env) if path.ends_with(".go") => {
                let truth = env.default.as_deref().is_some_and(|default| {
                    ["true", "false"]
                        .iter()
                        .any(|t| default.eq_ignore_ascii_case(t))
                });
                let dead = env.field.as_deref().is_some_and(|name| !is_read(name));
                if truth && dead {
                    switches.insert((path, fact.at.lines[0], env.name.as_str()));
                }
            }
            _ => {}
        }
    }
    blueprint.observations.retain(|o| {
        let at = o.provenance.first().filter(|_| o.topic == Topic::CacheUse);
        !at.is_some_and(|at| caches.contains(&(at.path.as_str(), at.lines[0])))
    });
    blueprint.settings.retain(|s| {
        let at = s.provenance.first();
        !at.is_some_and(|at| switches.contains(&(at.path.as_str(), at.lines[0], &*s.name)))
    });
}
