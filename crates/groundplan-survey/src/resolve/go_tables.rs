//! Tables of Go code: the models of a part say what they are, and what migrations once made of them
//! does not.

use crate::facts::{Claim, FileFacts};
use crate::resolve::names::is_aside;
use crate::resolve::world::{World, folder_of};
use groundplan_model::{Entity, EntityKind, Topic};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Where migrations of Go lie beside models of the same project.
pub(crate) struct GoTables<'f> {
    /// Folders of registered migrations, by the project.
    folders: BTreeMap<&'f str, Option<usize>>,
    /// Projects with models outside of these folders.
    modelled: BTreeSet<Option<usize>>,
    /// Folders of modules.
    modules: Vec<&'f str>,
    /// What GORM is told to make tables of, by the folder of the module.
    made: BTreeMap<&'f str, Made<'f>>,
}

/// What GORM is told to make and drop in a module, by ids of structs.
#[derive(Default)]
struct Made<'f> {
    structs: BTreeSet<&'f str>,
    dropped: BTreeSet<&'f str>,
    /// Where each is made last and dropped last: file and line.
    last: BTreeMap<&'f str, (&'f str, u32, bool)>,
    /// Whether some of it was not read.
    partial: bool,
    /// Whether tables are called after one row.
    singular: bool,
}

impl<'f> GoTables<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let go = || {
            let all = world.files.iter();
            all.filter(|f| f.language == Language::Go && !is_aside(&f.path))
        };
        let mut folders = BTreeMap::new();
        for file in go().filter(|f| is_migration(f)) {
            folders.insert(folder_of(&file.path), world.project_of(&file.path));
        }
        let mut modelled = BTreeSet::new();
        if !folders.is_empty() {
            let models = |f: &&FileFacts| {
                !folders.contains_key(folder_of(&f.path))
                    && f.facts.iter().any(|f| matches!(f.claim, Claim::Entity(_)))
            };
            modelled = go()
                .filter(models)
                .map(|f| world.project_of(&f.path))
                .collect();
        }
        let packages = world.facts().filter_map(|(_, fact)| match &fact.claim {
            Claim::Package(package) if package.ecosystem == "go" => Some(package.folder.as_str()),
            _ => None,
        });
        let modules: Vec<&'f str> = packages.collect();
        let mut made: BTreeMap<&'f str, Made<'f>> = BTreeMap::new();
        for (file, fact) in world.facts() {
            if let Claim::Migrated(told) = &fact.claim
                && !is_aside(&file.path)
            {
                let of_module = made.entry(module(&modules, &file.path)).or_default();
                of_module.partial |= !told.whole && !told.dropped;
                of_module.singular |= told.singular;
                let into = match told.dropped {
                    true => &mut of_module.dropped,
                    false => &mut of_module.structs,
                };
                into.extend(told.structs.iter().map(String::as_str));
                // What is dropped before it is made, as to begin anew, stays.
                for id in &told.structs {
                    let here = (file.path.as_str(), fact.at.lines[0], told.dropped);
                    let known = of_module.last.entry(id).or_insert(here);
                    if known.0 == here.0 && known.1 <= here.1 || known.0 != here.0 && !here.2 {
                        *known = here;
                    }
                }
            }
        }
        GoTables {
            folders,
            modelled,
            modules,
            made,
        }
    }

    /// Whether the table of a struct is one that its module makes. A struct with a name of a table that is
    /// not the usual one may belong to a table that is made otherwise.
    pub(crate) fn makes(&self, path: &str, entity: &Entity) -> bool {
        let made = self.made.get(module(&self.modules, path));
        let made = made.filter(|_| path.ends_with(".go"));
        let Some(made) = made.filter(|made| !made.structs.is_empty()) else {
            return true;
        };
        let id = entity.id.as_str();
        let usual = entity.name == crate::inflect::plural(id);
        let gone = made.dropped.contains(id) && made.last.get(id).is_some_and(|last| last.2);
        !gone && (made.structs.contains(id) || made.partial || !usual)
    }

    /// Modules whose tables scripts make (`scripted` tells the names): of their structs three or more stand for such a
    /// table, most of all, and nothing is made of a struct. What is left there lends its columns, or stands for a row.
    pub(crate) fn scripted_modules<'a>(
        &'a self,
        world: &World<'a>,
        scripted: impl Fn(&str) -> bool,
    ) -> BTreeSet<&'a str> {
        const FEWEST: usize = 3;
        let mut counted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (file, fact) in world.facts() {
            let Claim::Entity(entity) = &fact.claim else {
                continue;
            };
            let own = file.language == Language::Go && !is_aside(&file.path);
            if !own || entity.kind != EntityKind::Table {
                continue;
            }
            let of = module(&self.modules, &file.path);
            let made = self.made.get(of);
            if made.is_some_and(|made| !made.structs.is_empty() || made.partial) {
                continue;
            }
            let (all, of_scripts) = counted.entry(of).or_default();
            *all += 1;
            *of_scripts += usize::from(scripted(&entity.name));
        }
        let most =
            |(all, of_scripts): &(usize, usize)| *of_scripts >= FEWEST && of_scripts * 2 > *all;
        let scripted = counted.into_iter().filter(|(_, n)| most(n));
        scripted.map(|(of, _)| of).collect()
    }

    /// Whether a file is one of Go in one of these modules.
    pub(crate) fn is_in(&self, modules: &BTreeSet<&str>, path: &str) -> bool {
        path.ends_with(".go") && modules.contains(module(&self.modules, path))
    }

    /// Gives the table of a struct the name that its module's rule makes; one that the struct names itself
    /// stays.
    pub(crate) fn rename(&self, path: &str, entity: &mut Entity) {
        let made = self.made.get(module(&self.modules, path));
        let singular = made.is_some_and(|made| made.singular) && path.ends_with(".go");
        if singular && entity.name == crate::inflect::plural(&entity.id) {
            entity.name.clone_from(&entity.id);
        }
    }

    /// Whether a file of Go is a migration of a project that has models: these say what its tables are
    /// now, and a table that only migrations know is gone.
    pub(crate) fn is_past(&self, file: &FileFacts) -> bool {
        file.language == Language::Go
            && (self.folders.get(folder_of(&file.path)))
                .is_some_and(|project| self.modelled.contains(project))
    }
}

/// The folder of the module of a file.
fn module<'f>(modules: &[&'f str], path: &str) -> &'f str {
    let inside = |folder: &str| {
        let rest = path.strip_prefix(folder);
        folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let outer = modules.iter().copied().filter(|folder| inside(folder));
    outer.max_by_key(|folder| folder.len()).unwrap_or("")
}

/// Whether a file lies among migrations: it registers one, and its structs are those of a moment.
fn is_migration(file: &FileFacts) -> bool {
    let named = folder_of(&file.path)
        .to_ascii_lowercase()
        .contains("migrat");
    let structs = |claim: &Claim| matches!(claim, Claim::Entity(_));
    let marked = |claim: &Claim| {
        matches!(claim, Claim::Mark(mark) if mark.topic == Topic::Migration
            && file.path.ends_with(mark.name.as_str()))
    };
    named
        && file.facts.iter().any(|f| marked(&f.claim))
        && (file.facts.iter().any(|f| structs(&f.claim)) || is_of_structs(file))
}

/// Whether a migration is one of a library whose migrations work with structs of the program.
fn is_of_structs(file: &FileFacts) -> bool {
    let of = |module: &str| module.contains("xormigrate") || module.contains("gormigrate");
    file.imports().any(|import| of(import.module()))
}

/// Structs of one part with one name of a table are one table: the one with most columns says it.
pub(crate) fn merged(classes: Vec<Entity>) -> Vec<Entity> {
    let is_go = |e: &Entity| {
        e.provenance
            .first()
            .is_some_and(|at| at.path.ends_with(".go"))
    };
    let key = |e: &Entity| (e.owner.clone(), e.name.to_lowercase());
    let mut best: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    for (at, class) in classes.iter().enumerate().filter(|(_, e)| is_go(e)) {
        let known = best.entry(key(class)).or_insert(at);
        if classes[*known].fields.len() < class.fields.len() {
            *known = at;
        }
    }
    // What refers to another struct of the table refers to the one that is told.
    let mut ids: BTreeMap<(Option<String>, String), String> = BTreeMap::new();
    let mut kept = Vec::new();
    for (at, class) in classes.iter().enumerate() {
        match best
            .get(&key(class))
            .filter(|best| is_go(class) && **best != at)
        {
            Some(&best) if class.id != classes[best].id => {
                ids.insert(
                    (class.owner.clone(), class.id.clone()),
                    classes[best].id.clone(),
                );
            }
            Some(_) => {}
            None => kept.push(class.clone()),
        }
    }
    // Structs of several packages may have one name, `Status`, and tables of their own.
    let mut taken: BTreeSet<(Option<String>, String)> = BTreeSet::new();
    for class in kept.iter_mut().filter(|e| is_go(e)) {
        let mut free = taken.insert((class.owner.clone(), class.id.clone()));
        let plain = crate::scan::snake(&class.name);
        let mut n = 1;
        while !free {
            class.id = match n {
                1 => plain.clone(),
                _ => format!("{plain}-{n}"),
            };
            n += 1;
            free = taken.insert((class.owner.clone(), class.id.clone()));
        }
    }
    // What another table is called now is not the struct that went.
    ids.retain(|id, _| !taken.contains(id));
    for class in &mut kept {
        for relation in &mut class.relations {
            if let Some(id) = ids.get(&(class.owner.clone(), relation.to.clone())) {
                relation.to.clone_from(id);
            }
        }
    }
    kept
}
