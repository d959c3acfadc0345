//! Which records code reads and writes, where, as far as the program keeps records of that name.

use crate::facts::{ANY_CLASS, Claim, KEEPERS, NamedBy, RecordUse};
use crate::inflect::singular;
use crate::resolve::names::plain;
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Entity, Evidence};
use std::collections::BTreeMap;

/// A place that reads or writes records.
#[derive(Clone, Copy)]
pub(super) struct RecordPlace<'w> {
    pub(super) entity: &'w Entity,
    pub(super) writes: bool,
    pub(super) at: &'w Evidence,
}

/// The places of each file, in its order.
pub(super) fn places<'w>(
    blueprint: &'w Blueprint,
    world: &'w World<'w>,
) -> BTreeMap<&'w str, Vec<RecordPlace<'w>>> {
    let mut all: BTreeMap<&str, Vec<RecordPlace<'_>>> = BTreeMap::new();
    let names = Names::of(blueprint, world);
    for (file, fact) in world.facts() {
        let Claim::RecordUse(used) = &fact.claim else {
            continue;
        };
        if let Some(entity) = names.entity(used, world, &file.path) {
            let place = RecordPlace {
                entity,
                writes: used.writes,
                at: &fact.at,
            };
            all.entry(&file.path).or_default().push(place);
        }
    }
    for places in all.values_mut() {
        places.sort_by_key(|p| (p.at.lines, !p.writes, &p.entity.id));
    }
    all
}

/// Kept records by the names that code has for them.
struct Names<'w> {
    /// By name and id as they are written, in small letters.
    exact: BTreeMap<String, Vec<&'w Entity>>,
    /// By the letters of their singular.
    loose: BTreeMap<String, Vec<&'w Entity>>,
    /// By the letters of the file that defines the class.
    stems: BTreeMap<String, Vec<&'w Entity>>,
    /// The class that a repository keeps, by the name of the file of the repository.
    kept: BTreeMap<&'w str, &'w str>,
    /// The project that the definition of each stands in, by id.
    project: BTreeMap<&'w str, usize>,
}

impl<'w> Names<'w> {
    fn of(blueprint: &'w Blueprint, world: &'w World<'w>) -> Self {
        let mut names = Names {
            exact: BTreeMap::new(),
            loose: BTreeMap::new(),
            stems: BTreeMap::new(),
            kept: BTreeMap::new(),
            project: BTreeMap::new(),
        };
        for entity in blueprint.entities.iter().filter(|e| e.kind.is_kept()) {
            let add = |all: &mut BTreeMap<String, Vec<&'w Entity>>, key: String| {
                let all = all.entry(key).or_default();
                if !all.iter().any(|e| e.id == entity.id) {
                    all.push(entity);
                }
            };
            add(&mut names.exact, entity.name.to_lowercase());
            add(&mut names.exact, entity.id.to_lowercase());
            add(&mut names.loose, plain(&singular(&entity.name)));
            add(&mut names.loose, plain(&singular(&entity.id)));
            for at in &entity.provenance.evidence {
                if is_of_one_class(&at.path) {
                    add(&mut names.stems, plain(&singular(stem(&at.path))));
                }
                if let Some(project) = world.project_of(&at.path) {
                    names.project.insert(&entity.id, project);
                }
            }
        }
        for (file, fact) in world.facts() {
            if let Claim::Keeps(class) = &fact.claim
                && class != ANY_CLASS
            {
                names.kept.insert(stem(&file.path), class);
            }
        }
        names
    }

    fn entity(&self, used: &RecordUse, world: &World<'_>, path: &str) -> Option<&'w Entity> {
        let last = used.of.rsplit([':', '.', '\\']).next()?;
        let loose = |name: &str| {
            let key = plain(&singular(name));
            let by_file = || {
                self.stems
                    .get(&key)
                    .filter(|_| used.by != NamedBy::Variable)
            };
            self.loose.get(&key).or_else(by_file)
        };
        let found = match used.by {
            NamedBy::Table => self.exact.get(&last.to_lowercase()).or_else(|| loose(last)),
            NamedBy::Class | NamedBy::Variable => loose(last),
            NamedBy::Keeper => {
                let class = self.kept.get(last).copied().or_else(|| keeps(last))?;
                loose(class)
            }
        }?;
        let project = world.project_of(path);
        let own = |e: &&&Entity| self.project.get(e.id.as_str()).copied() == project;
        match found.as_slice() {
            [only] => Some(only),
            several => {
                let mut own = several.iter().filter(own);
                own.next().filter(|_| own.next().is_none()).copied()
            }
        }
    }
}

/// Whether a file is named after the one class that it holds.
fn is_of_one_class(path: &str) -> bool {
    let endings = [".java", ".kt", ".cs", ".php", ".ts", ".ex"];
    endings.iter().any(|ending| path.ends_with(ending)) && !path.ends_with("index.ts")
}

/// The class that a keeper is named after: `OrderRepository`, `IOrderDao`.
fn keeps(name: &str) -> Option<&str> {
    let class = KEEPERS.iter().find_map(|end| name.strip_suffix(end))?;
    let rest = class.strip_prefix('I').unwrap_or(class);
    let class = if rest.starts_with(char::is_uppercase) {
        rest
    } else {
        class
    };
    (!class.is_empty()).then_some(class)
}

/// The name of a file without folders and endings.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
