//! Which records code reads and writes, where, as far as the program keeps records of that name.

use crate::facts::{ANY_CLASS, Claim, Fact, KEEPERS, NamedBy, RecordUse};
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
    /// Whether only the type of what keeps them, or the one that a method belongs to, says which they are.
    pub(super) keeper: bool,
    pub(super) at: &'w Evidence,
}

/// Places by their file.
type ByFile<'w> = BTreeMap<&'w str, Vec<RecordPlace<'w>>>;

/// Of which records a class that answers says that they are its own, by file and line of the class.
type ByClass<'w> = BTreeMap<(&'w str, u32), RecordPlace<'w>>;

/// The places of each file, in its order, and what classes that answer say of their records.
pub(super) fn places<'w>(
    blueprint: &'w Blueprint,
    world: &'w World<'w>,
) -> (ByFile<'w>, ByClass<'w>) {
    let mut all: ByFile<'_> = BTreeMap::new();
    let mut shown: ByClass<'_> = BTreeMap::new();
    let names = Names::of(blueprint, world);
    for (file, fact) in world.facts() {
        let Claim::RecordUse(used) = &fact.claim else {
            continue;
        };
        if let Some(entity) = names.entity(used, world, &file.path) {
            let place = RecordPlace {
                entity,
                writes: used.writes,
                keeper: used.by == NamedBy::Keeper
                    || used.by == NamedBy::Class && file.path.ends_with(".rs"),
                at: &fact.at,
            };
            if used.by == NamedBy::View {
                let line = |fact: &Fact| match fact.claim {
                    Claim::Handler(_) => Some(fact.at.lines[0]),
                    _ => None,
                };
                let above = file.facts.iter().filter_map(line);
                if let Some(class) = above.filter(|line| *line < fact.at.lines[0]).max() {
                    shown.entry((&file.path, class)).or_insert(place);
                }
                continue;
            }
            all.entry(&file.path).or_default().push(place);
        }
    }
    for places in all.values_mut() {
        // What one statement writes it has read before.
        places.sort_by_key(|p| (p.at.lines, p.writes, p.keeper, &p.entity.id));
    }
    (all, shown)
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
                    let stem = stem(&at.path);
                    let class = CONFIGURATIONS.iter().find_map(|end| stem.strip_suffix(end));
                    add(&mut names.stems, plain(&singular(class.unwrap_or(stem))));
                }
                if let Some(project) = world.project_of(&at.path) {
                    names.project.insert(&entity.id, project);
                }
            }
        }
        for (file, fact) in world.facts() {
            // What a class is called that is kept in a table of another name.
            if let Claim::TableRules(rules) = &fact.claim
                && let Some(table) = &rules.table
                && let Some([only]) = names.exact.get(&table.to_lowercase()).map(Vec::as_slice)
            {
                let only = *only;
                let class = rules.class.rsplit('.').next().unwrap_or(&rules.class);
                let all = names.loose.entry(plain(&singular(class))).or_default();
                if all.is_empty() {
                    all.push(only);
                }
            }
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
            NamedBy::Class | NamedBy::Variable | NamedBy::View => loose(last),
            NamedBy::Keeper => {
                let class = self.kept.get(last).copied().or_else(|| keeps(last))?;
                loose(class)
            }
        }?;
        // `TagChanges.Tag` of Elixir stands in the folder of its module.
        let module = used.of.rsplit_once('.').filter(|_| path.ends_with(".ex"));
        if let Some((module, _)) = module {
            let within = |e: &&&'w Entity| {
                let mut at = e.provenance.evidence.iter();
                at.any(|at| at.path.rsplit('/').nth(1).map(plain) == Some(plain(module)))
            };
            let files = self.stems.get(&plain(&singular(last)));
            let mut all = files.into_iter().flatten().filter(within);
            if let Some(entity) = all.next()
                && all.next().is_none()
            {
                return Some(entity);
            }
        }
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

/// Ends of the names of classes that say how objects of another are kept.
const CONFIGURATIONS: [&str; 4] = [
    "EntityTypeConfiguration",
    "EntityConfiguration",
    "Configuration",
    "Mapping",
];

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
