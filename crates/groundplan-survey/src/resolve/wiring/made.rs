//! Clients that a shared module makes: they belong to those that ask for them.

use super::libraries::Libraries;
use crate::facts::{Claim, Fact, FileFacts};
use crate::resolve::names::is_aside;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use groundplan_model::Evidence;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Who makes clients for whom.
#[derive(Debug, Default)]
pub(super) struct Clients<'f> {
    of: Vec<Vec<&'f Fact>>,
    unused: BTreeSet<(&'f str, u32)>,
    /// Clients that packages of several programs make, by their place, with the projects that ask for them.
    asked: Asked<'f>,
}

/// Of each client, by its place, the projects that ask for it, and where.
type Asked<'f> = BTreeMap<(&'f str, u32), BTreeMap<usize, &'f Evidence>>;

impl<'f> Clients<'f> {
    pub(super) fn of(world: &World<'f>, units: &[Unit<'f>]) -> Self {
        let mut made: BTreeSet<&str> = BTreeSet::new();
        // Per function: the file of its maker and the clients that it opens.
        let mut makers: BTreeMap<&'f str, Vec<(&'f str, Vec<&'f Fact>)>> = BTreeMap::new();
        let of_makers = |f: &Fact| matches!(f.claim, Claim::Made(_) | Claim::Maker(_));
        let speaks = |f: &&'f FileFacts| f.facts.iter().any(of_makers) && !is_aside(&f.path);
        for file in world.files.iter().filter(speaks) {
            for fact in &file.facts {
                match &fact.claim {
                    Claim::Made(call) => {
                        made.insert(&call.function);
                    }
                    Claim::Maker(name) => {
                        let inside = |f: &&Fact| {
                            matches!(f.claim, Claim::Client(_))
                                && f.at.lines[0] >= fact.at.lines[0]
                                && f.at.lines[1] <= fact.at.lines[1]
                        };
                        let clients: Vec<&'f Fact> = file.facts.iter().filter(inside).collect();
                        if !clients.is_empty() {
                            makers.entry(name).or_default().push((&file.path, clients));
                        }
                    }
                    _ => {}
                }
            }
        }
        let mut unused = BTreeSet::new();
        for (name, all) in &makers {
            for (path, clients) in all {
                if Language::of(path) == Language::Go && !made.contains(name) {
                    unused.extend(clients.iter().map(|f| (*path, f.at.lines[0])));
                }
            }
        }
        let declared = declared(world, units);
        let linked = linked(world, units);
        let of = units
            .iter()
            .map(|unit| {
                let mut all: Vec<&'f Fact> = Vec::new();
                let Some(project) = unit.project else {
                    return all;
                };
                all.extend(linked.get(&project).into_iter().flatten().copied());
                if !declared.is_empty() {
                    let files = world.projects[project].files.iter();
                    let imports = files.flat_map(|&i| world.files[i].imports());
                    let asked: BTreeSet<String> = imports
                        .map(|import| import.module().replace('.', "/"))
                        .collect();
                    let found = asked
                        .iter()
                        .filter_map(|class| declared.get(class.as_str()));
                    all.extend(found.flatten().copied());
                }
                for fact in world.facts_of(project) {
                    let Claim::Made(call) = &fact.claim else {
                        continue;
                    };
                    if call.module.is_empty() {
                        continue;
                    }
                    for (path, clients) in makers.get(call.function.as_str()).into_iter().flatten()
                    {
                        let elsewhere = world.project_of(path) != Some(project);
                        if elsewhere && is_module(&call.module, path) {
                            all.extend(clients.iter().copied());
                        }
                    }
                }
                all
            })
            .collect();
        Clients {
            of,
            unused,
            asked: asked(world, units, &makers),
        }
    }

    /// Whether a client is made in a package of several programs, by a function that this one never asks for.
    pub(super) fn is_of_others(&self, fact: &Fact, project: usize) -> bool {
        let asked = self.asked.get(&(fact.at.path.as_str(), fact.at.lines[0]));
        asked.is_some_and(|projects| !projects.contains_key(&project))
    }

    /// Where a program asks for a client that is made in a package of several.
    pub(super) fn asked_at(&self, fact: &Fact, project: usize) -> Option<&'f Evidence> {
        let asked = self.asked.get(&(fact.at.path.as_str(), fact.at.lines[0]))?;
        asked.get(&project).copied()
    }

    /// The clients that a unit gets from modules outside of its own folder.
    pub(super) fn of_unit(&self, unit: usize) -> impl Iterator<Item = &'f Fact> + '_ {
        self.of.get(unit).into_iter().flatten().copied()
    }

    /// Whether a client is made by a function of Go that only tests mention.
    pub(super) fn is_unused(&self, fact: &Fact) -> bool {
        // A call through a sidecar needs no client that somebody asks for.
        let through = |c: &crate::facts::Client| {
            c.library.as_deref() == Some(crate::extractors::dapr_calls::DAPR)
        };
        if matches!(&fact.claim, Claim::Client(client) if through(client)) {
            return false;
        }
        self.unused
            .contains(&(fact.at.path.as_str(), fact.at.lines[0]))
    }
}

/// Who asks for which client that a function makes in a package which several programs of a module are built
/// of.
fn asked<'f>(
    world: &World<'f>,
    units: &[Unit<'f>],
    makers: &BTreeMap<&'f str, Vec<(&'f str, Vec<&'f Fact>)>>,
) -> Asked<'f> {
    let mut all: Asked<'f> = BTreeMap::new();
    let mut shared: BTreeMap<&str, Vec<(&'f str, &[&'f Fact])>> = BTreeMap::new();
    for (name, made) in makers {
        for (path, clients) in made.iter().filter(|(path, _)| world.is_shared(path)) {
            let places = clients.iter().map(|f| (*path, f.at.lines[0]));
            all.extend(places.map(|place| (place, BTreeMap::new())));
            shared.entry(name).or_default().push((path, clients));
        }
    }
    if shared.is_empty() {
        return all;
    }
    let projects: BTreeSet<usize> = units.iter().filter_map(|u| u.project).collect();
    for project in projects {
        for fact in world.facts_of(project) {
            let Claim::Made(call) = &fact.claim else {
                continue;
            };
            for (path, clients) in shared.get(call.function.as_str()).into_iter().flatten() {
                let here = match call.module.is_empty() {
                    true => fact.at.path != *path && folder_of(&fact.at.path) == folder_of(path),
                    false => is_module(&call.module, path),
                };
                if here {
                    for client in *clients {
                        let place = (*path, client.at.lines[0]);
                        all.entry(place)
                            .or_default()
                            .entry(project)
                            .or_insert(&fact.at);
                    }
                }
            }
        }
    }
    all
}

/// Clients in libraries of .NET, by the project of the one program that is built with them: what a library
/// opens, that program reaches.
fn linked<'f>(world: &World<'f>, units: &[Unit<'f>]) -> BTreeMap<usize, Vec<&'f Fact>> {
    let mut all: BTreeMap<usize, Vec<&'f Fact>> = BTreeMap::new();
    let run: BTreeSet<usize> = units.iter().filter_map(|u| u.project).collect();
    let of_dotnet = |project: usize| {
        let mut packages = world.projects[project].packages.iter();
        packages.any(|(package, _)| package.ecosystem == "nuget")
    };
    if !run.iter().any(|project| of_dotnet(*project)) {
        return all;
    }
    let libraries = Libraries::of(world, run.iter().copied());
    for project in run.into_iter().filter(|project| of_dotnet(*project)) {
        for (library, alone) in libraries.below(project) {
            let facts = world.facts_of(library).filter(|fact| {
                alone
                    && matches!(fact.claim, Claim::Client(_))
                    && fact.at.path.ends_with(".cs")
                    && !is_aside(&fact.at.path)
            });
            all.entry(project).or_default().extend(facts);
        }
    }
    all
}

/// Clients that a framework makes of interfaces in modules of which no part is built alone, by the path of
/// the interface: whoever imports it calls through it.
fn declared<'f>(world: &World<'f>, units: &[Unit<'f>]) -> BTreeMap<&'f str, Vec<&'f Fact>> {
    const LIBRARIES: [&str; 3] = [
        "micronaut-http-client",
        "microprofile-rest-client",
        "openfeign",
    ];
    let run: BTreeSet<usize> = units.iter().filter_map(|u| u.project).collect();
    let mut all: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for file in world.files {
        let jvm = matches!(file.language, Language::Java | Language::Kotlin);
        if !jvm || file.facts.is_empty() || is_aside(&file.path) {
            continue;
        }
        let is_made = |fact: &&'f Fact| match &fact.claim {
            Claim::Client(c) => c.library.as_deref().is_some_and(|l| LIBRARIES.contains(&l)),
            _ => false,
        };
        let mut facts = file.facts.iter().filter(is_made).peekable();
        if facts.peek().is_none()
            || world
                .project_of(&file.path)
                .is_some_and(|p| run.contains(&p))
        {
            continue;
        }
        let path = file.path.as_str();
        let inner = ["/java/", "/kotlin/"]
            .iter()
            .find_map(|at| Some(path.rsplit_once(at)?.1));
        let class = inner.and_then(|inner| Some(inner.rsplit_once('.')?.0));
        if let Some(class) = class {
            all.entry(class).or_default().extend(facts);
        }
    }
    all
}

/// Whether an imported module may be the one in a file: its last two words are those of the
/// folder, or its last one is the file.
fn is_module(module: &str, path: &str) -> bool {
    let module = module.trim_start_matches(['.', '/']);
    let words: Vec<&str> = module.split(['/', '.']).filter(|w| !w.is_empty()).collect();
    let Some(last) = words.last() else {
        return false;
    };
    let folder = folder_of(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let tail = |of: &str| of.rsplit('/').next() == Some(last);
    let before = words.len().checked_sub(2).and_then(|at| words.get(at));
    let above = folder_of(folder).rsplit('/').next().unwrap_or_default();
    let is_folder = tail(folder) && (above.is_empty() || before.is_none_or(|b| *b == above));
    is_folder || stem == *last && before.is_none_or(|b| tail(folder) || folder.ends_with(b))
}

#[cfg(test)]
mod tests {
    use super::is_module;

    #[test]
    fn modules_and_files() {
        assert!(is_module(
            "github.com/acme/shop/internal/common/client",
            "internal/common/client/grpc.go"
        ));
        assert!(is_module("shop.common.clients", "shop/common/clients.py"));
        assert!(is_module("../common/clients", "common/clients.ts"));
        assert!(!is_module(
            "cloud.google.com/go/firestore",
            "internal/common/client/grpc.go"
        ));
        assert!(!is_module(
            "google.golang.org/grpc",
            "internal/common/client/grpc.go"
        ));
    }
}
