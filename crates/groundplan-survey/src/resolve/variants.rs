//! Variants: which deployment files belong together, and which of several sets is the main one.
//!
//! Files that describe the same parts and that nothing joins are alternatives: nobody runs them
//! together. A part is told by one of them as a whole; the others are named, never mixed in.

mod benches;
mod builds;
mod own;

use crate::extractors::{DEPLOYS, FOR_TESTS};
use crate::facts::{Claim, Deployable, Fact, FileFacts};
use crate::resolve::environments::tier;
use crate::resolve::names::{image_name, image_tag, is_aside, is_test_word, plain};
use crate::resolve::world::folder_of;
use crate::source::join;
pub(crate) use benches::mounted;
use groundplan_knowledge::Knowledge;
use groundplan_model::{EnvironmentTier, Evidence};
use std::collections::{BTreeMap, BTreeSet};

/// Where a deployment file stands among all: smaller comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Whether it belongs to a set that the main one does not take in.
    pub(crate) aside: bool,
    /// Number of its set; files of one set are deployed together.
    pub(crate) set: usize,
}

/// What deploys a part, and where that stands.
type Placed<'f> = (&'f Deployable, &'f Evidence);

/// The sets of deployment files.
#[derive(Debug, Default)]
pub(crate) struct Variants {
    places: BTreeMap<String, Place>,
    /// Names of parts by set, with whether only a profile starts each.
    parts: BTreeMap<usize, BTreeMap<String, bool>>,
    /// Sets of Compose files that lie on top of another one.
    layers: BTreeSet<usize>,
    /// Sets of Kubernetes manifests by folder.
    folders: BTreeMap<String, Place>,
    /// Compose files of containers to work in.
    workbenches: BTreeSet<String>,
    /// Compose files that run the code of the repository for tests alone.
    tested: BTreeSet<String>,
    /// Compose files that try an image which a build has just made.
    tried: BTreeSet<String>,
    /// Compose files of examples that alone start what the repository makes.
    examples: BTreeSet<String>,
    /// Compose files of nothing but images of others, where examples start what the repository makes.
    beside: BTreeSet<String>,
    /// Compose files in which the developers of one program run it from its source.
    benches: BTreeSet<String>,
}

/// What a file deploys.
struct Described<'f> {
    path: &'f str,
    compose: bool,
    /// Parts that it defines with an image or a build.
    defined: BTreeSet<String>,
    /// All parts, with whether only a profile starts each.
    parts: BTreeMap<String, bool>,
    /// Whether it says of no part what it is given: then it changes the images of another file.
    thin: bool,
}

impl Variants {
    pub(crate) fn new(files: &[FileFacts], knowledge: &Knowledge) -> Self {
        let described = described(files);
        let (examples, beside) = own::examples(files, knowledge);
        let mut all = Variants {
            examples,
            beside,
            workbenches: workbenches(files, knowledge),
            tested: tested(files),
            tried: tried(files),
            benches: benches::benches(files, knowledge),
            ..Variants::default()
        };
        all.compose(files, &described);
        all.kubernetes(files, &described);
        for path in builds::lists(files) {
            if let Some(place) = all.places.get_mut(path) {
                place.aside = true;
            }
        }
        let best = described
            .iter()
            .map(|d| all.rank(d.path))
            .min()
            .unwrap_or(0);
        let ranks: BTreeMap<&str, u8> = described
            .iter()
            .map(|d| (d.path, all.rank(d.path)))
            .collect();
        for one in &described {
            let Some(place) = all.places.get_mut(one.path) else {
                continue;
            };
            place.aside |= ranks.get(one.path).is_some_and(|rank| *rank > best);
            // A layer starts what it defines; the rest is started by what lies below.
            let layer = all.layers.contains(&place.set);
            let parts = all.parts.entry(place.set).or_default();
            for (name, later) in &one.parts {
                if layer && (one.thin || !one.defined.contains(name)) {
                    continue;
                }
                let known = parts.entry(name.clone()).or_insert(*later);
                *known &= *later;
            }
        }
        all
    }

    /// Whether a Compose file starts a container to work in: it lies in a folder for that, or what it
    /// builds or mounts the source into only waits.
    pub(crate) fn is_workbench(&self, path: &str) -> bool {
        let mut parts = path.split('/');
        let named =
            |part: &str| part.starts_with(".devcontainer") || part.starts_with("devcontainer");
        self.workbenches.contains(path) || parts.any(named)
    }

    /// Whether a Compose file runs the code of the repository for tests alone.
    pub(crate) fn is_tested(&self, path: &str) -> bool {
        self.tested.contains(path)
    }

    /// Whether a Compose file tries an image which a build has just made: nobody works there.
    pub(crate) fn is_tried(&self, path: &str) -> bool {
        self.tried.contains(path)
    }

    /// Whether a file changes or starts the system for developers alone: its name says so, or it is the
    /// override that Compose takes in unasked, while a deployment lists its files without it.
    pub(crate) fn is_for_developers(&self, path: &str) -> bool {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        self.is_workbench(path)
            || self.beside.contains(path)
            || self.is_bench(path)
            || self.of(path).aside
                && (tier(stem) == EnvironmentTier::Development || by_name(path).1 == "override")
    }

    /// Whether the developers of one program run it from its source by a Compose file: what the file starts
    /// beside it is theirs, and the program is installed in another way.
    pub(crate) fn is_bench(&self, path: &str) -> bool {
        self.benches.contains(path)
    }

    /// 0 for the system itself, 1 for what is offered beside it, 2 for what tests or develops it.
    pub(crate) fn rank(&self, path: &str) -> u8 {
        let tested = self.tested.contains(path) || self.is_tried(path) || is_for_tests(path);
        match self.workbenches.contains(path) || tested {
            true => 2,
            false if self.examples.contains(path) => 0,
            false if self.beside.contains(path) || self.is_bench(path) => rank(path).max(1),
            false => rank(path),
        }
    }

    /// The place of a deployment file.
    pub(crate) fn of(&self, path: &str) -> Place {
        self.places.get(path).copied().unwrap_or_default()
    }

    /// The order of files of one folder of manifests among all: what is offered beside the system
    /// and what no workload stands beside comes later.
    pub(crate) fn order(&self, path: &str) -> (u8, bool, Place) {
        let place = self.folders.get(folder_of(path));
        (
            self.rank(path),
            place.is_none(),
            place.copied().unwrap_or_default(),
        )
    }

    /// Whether the set of a file changes another one and does not start alone.
    pub(crate) fn is_layer(&self, path: &str) -> bool {
        self.layers.contains(&self.of(path).set)
    }

    /// How many parts the set of a file starts, and how many more only a profile starts.
    pub(crate) fn counts(&self, path: &str) -> (usize, usize) {
        let parts = self.parts.get(&self.of(path).set);
        let later = parts.map_or(0, |p| p.values().filter(|later| **later).count());
        (parts.map_or(0, BTreeMap::len) - later, later)
    }

    /// The files of the set of a file, the one that the others change first.
    pub(crate) fn together(&self, path: &str) -> Vec<&str> {
        let set = self.of(path).set;
        let all = self.places.iter().filter(|(_, place)| place.set == set);
        let mut all: Vec<&str> = all.map(|(path, _)| path.as_str()).collect();
        all.sort_by_key(|path| !by_name(path).0);
        all
    }

    /// Splits what deploys one part into that of its main set, for each tool, and the rest.
    pub(crate) fn split<'f>(&self, all: Vec<Placed<'f>>) -> (Vec<Placed<'f>>, Vec<Placed<'f>>) {
        let mut best: BTreeMap<&str, Place> = BTreeMap::new();
        for (deployable, at) in all.iter().filter(|(d, _)| is_defined(d)) {
            let place = self.of(&at.path);
            let known = best.entry(&deployable.source).or_insert(place);
            *known = (*known).min(place);
        }
        // What only an aside set of one tool deploys is told by the main set of another.
        let any_main = best.values().any(|place| !place.aside);
        best.retain(|_, place| !any_main || !place.aside);
        if best.is_empty() {
            return (all, Vec::new());
        }
        let (mut main, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|(d, at)| {
            let place = best.get(d.source.as_str());
            place.is_some_and(|place| self.of(&at.path).set == place.set)
        });
        // The file that defines a part says more than one that changes it.
        main.sort_by_key(|(d, _)| !is_defined(d));
        (main, other)
    }

    fn compose(&mut self, files: &[FileFacts], described: &[Described<'_>]) {
        let mut all: Vec<&Described<'_>> = described.iter().filter(|d| d.compose).collect();
        all.sort_by_key(|d| {
            let (default, infix) = by_name(d.path);
            (
                self.rank(d.path),
                d.path.matches('/').count(),
                !default,
                is_stage(infix),
                changes_by_name(d.path),
                d.defined.len(),
                d.path,
            )
        });
        let joined = joined(files);
        let commanded = commanded(files);
        let deployed = deployed(files);
        // A command that lists its files leaves out the override that is taken in unasked.
        let left_out = |one: &str, base: &str| {
            let with_base = deployed
                .iter()
                .filter(|list| list.iter().any(|p| p == base));
            let mut with_base = with_base.peekable();
            with_base.peek().is_some() && !with_base.any(|list| list.iter().any(|p| p == one))
        };
        let mut chosen: Vec<(&Described<'_>, usize)> = Vec::new();
        for (index, one) in all.iter().enumerate() {
            let folder = folder_of(one.path);
            let (_, infix) = by_name(one.path);
            let base = chosen.iter().find(|(other, _)| {
                let pair = (other.path, one.path);
                let named = infix == "override"
                    && folder_of(other.path) == folder
                    && by_name(other.path).0
                    && !left_out(one.path, other.path);
                let told = joined.contains(&pair) || joined.contains(&(pair.1, pair.0));
                // A file without a definition of its own changes another; where nothing tells
                // which commands take it in, its name has to be more than that of a stage. What it
                // defines itself is started by who takes it in, and by nobody else.
                let layer = folder_of(other.path) == folder
                    && by_name(other.path).0
                    && !is_stage(infix)
                    && !infix.is_empty()
                    && one.parts.keys().any(|p| other.parts.contains_key(p))
                    && one.defined.is_empty()
                    && !left_out(one.path, other.path)
                    && !joined.iter().any(|(a, _)| folder_of(a) == folder);
                named || told || layer
            });
            if let Some((_, set)) = base {
                let place = Place {
                    aside: false,
                    set: *set,
                };
                self.places.insert(one.path.to_owned(), place);
                chosen.push((one, *set));
                continue;
            }
            let shares = |other: &Described<'_>| {
                let shared = one.defined.intersection(&other.defined).count();
                let near = folder_of(other.path) == folder;
                shared > 0 && (near || shared * 2 >= one.defined.len())
            };
            let beside = |other: &Described<'_>| {
                folder_of(other.path) == folder && by_name(other.path).0 && is_stage(infix)
            };
            // A layer that some command takes in, and the main one does not.
            let layer = |other: &Described<'_>| {
                folder_of(other.path) == folder
                    && one.parts.keys().any(|p| other.parts.contains_key(p))
            };
            let told = |other: &Described<'_>| {
                commanded.contains(one.path) && commanded.contains(other.path)
            };
            let aside = chosen
                .iter()
                .any(|(other, _)| shares(other) || beside(other) || layer(other) || told(other));
            // A file that says of no part what runs changes those of a file beside it, which may
            // itself be one of several to choose from.
            let undefined = one.defined.is_empty()
                && all.iter().any(|other| {
                    folder_of(other.path) == folder
                        && one.parts.keys().any(|p| other.defined.contains(p))
                });
            let aside = aside || undefined;
            // 0 is the set of files that are in none.
            let set = 1 + index;
            let changes = |other: &Described<'_>| {
                let known = one.parts.keys().all(|p| other.parts.contains_key(p));
                layer(other) && (one.parts.len() > one.defined.len() || known && one.thin)
            };
            if undefined || aside && chosen.iter().any(|(other, _)| changes(other)) {
                self.layers.insert(set);
            }
            self.places
                .insert(one.path.to_owned(), Place { aside, set });
            if !aside {
                chosen.push((one, set));
            }
        }
    }

    fn kubernetes(&mut self, files: &[FileFacts], described: &[Described<'_>]) {
        let mut folders: BTreeMap<&str, Vec<&Described<'_>>> = BTreeMap::new();
        for one in described.iter().filter(|d| !d.compose) {
            folders.entry(folder_of(one.path)).or_default().push(one);
        }
        let mut all: Vec<(&str, Vec<&Described<'_>>)> = folders.into_iter().collect();
        let names = |files: &[&Described<'_>]| -> BTreeSet<String> {
            files.iter().flat_map(|d| d.defined.clone()).collect()
        };
        all.sort_by_key(|(folder, files)| {
            let count = std::cmp::Reverse(names(files).len());
            let path = files.first().map_or("", |d| d.path);
            (rank(path), count, folder.matches('/').count(), *folder)
        });
        // A component of Kustomize is a part of what takes it in; where the main set does not, it is
        // offered beside it.
        let components = components(files);
        let main = all
            .iter()
            .map(|(folder, _)| *folder)
            .find(|folder| !above(folder).any(|f| components.contains_key(f)));
        let beside = |folder: &str| {
            let component = above(folder).find_map(|f| components.get(f));
            component.is_some_and(|takers| match main {
                Some(main) => !takers.iter().any(|(at, takes)| {
                    *at == main || takes.iter().any(|t| above(main).any(|f| f == t))
                }),
                None => false,
            })
        };
        let first = 1_000_000;
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for (index, (folder, files)) in all.iter().enumerate() {
            let own = names(files);
            let known = own.intersection(&taken).count();
            let aside = known > 0 && known * 2 >= own.len() || beside(folder);
            for one in files {
                let place = Place {
                    aside,
                    set: first + index,
                };
                self.places.insert(one.path.to_owned(), place);
                self.folders.insert(folder_of(one.path).to_owned(), place);
            }
            if !aside {
                taken.extend(own);
            }
        }
    }
}

/// Whether something says what runs, in contrast to a change of it.
fn is_defined(d: &Deployable) -> bool {
    d.image.is_some()
        || d.build.is_some()
        || (d.attributes.iter()).any(|(k, _)| k == "build.context" || k == "extends")
}

/// Names that workloads of a cluster have in several namespaces, each from an image of its own: these are
/// different parts and no alternatives.
fn apart(files: &[FileFacts]) -> BTreeSet<String> {
    let mut all: BTreeMap<String, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for fact in files.iter().flat_map(|f| &f.facts) {
        if let Claim::Deployable(d) = &fact.claim
            && d.source == "kubernetes"
            && let Some((space, image)) = d.namespace.as_deref().zip(d.image.as_ref())
        {
            let known = all.entry(plain(&d.name)).or_default();
            known.insert((space, image_name(&image.value)));
        }
    }
    let distinct = |pairs: &BTreeSet<(&str, &str)>| {
        let spaces: BTreeSet<&str> = pairs.iter().map(|(space, _)| *space).collect();
        let images: BTreeSet<&str> = pairs.iter().map(|(_, image)| *image).collect();
        pairs.len() > 1 && spaces.len() == pairs.len() && images.len() == pairs.len()
    };
    let all = all.into_iter().filter(|(_, pairs)| distinct(pairs));
    all.map(|(name, _)| name).collect()
}

fn described(files: &[FileFacts]) -> Vec<Described<'_>> {
    let apart = apart(files);
    let mut all: Vec<Described<'_>> = Vec::new();
    for file in files {
        for fact in &file.facts {
            let Claim::Deployable(unit) = &fact.claim else {
                continue;
            };
            if all.last().is_none_or(|d| d.path != file.path) {
                all.push(Described {
                    path: &file.path,
                    compose: unit.source == "compose",
                    defined: BTreeSet::new(),
                    parts: BTreeMap::new(),
                    thin: true,
                });
            }
            let Some(last) = all.last_mut() else {
                continue;
            };
            let mut name = plain(&unit.name);
            if let Some(space) = unit.namespace.as_ref().filter(|_| apart.contains(&name)) {
                name = format!("{name}@{space}");
            }
            if is_defined(unit) {
                last.defined.insert(name.clone());
            }
            last.thin &= unit.env.is_empty()
                && unit.ports.is_empty()
                && unit.volumes.is_empty()
                && unit.command.is_none();
            last.parts.insert(name, !unit.profiles.is_empty());
        }
    }
    all
}

/// A folder and those above it.
fn above(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |f| (!f.is_empty()).then(|| folder_of(f)))
}

/// Components of Kustomize by folder, each with the kustomizations that take it in: their folders
/// and all that they take in. Those of a stage are no default.
fn components(files: &[FileFacts]) -> BTreeMap<&str, Vec<(&str, &[String])>> {
    let mut all: BTreeMap<&str, Vec<(&str, &[String])>> = BTreeMap::new();
    let overlays = || {
        files.iter().flat_map(|file| {
            let found = file.facts.iter().filter_map(|fact| match &fact.claim {
                Claim::Overlay(o) if o.mechanism.starts_with("Kustomize") => Some(o),
                _ => None,
            });
            found.map(|o| (file.path.as_str(), o))
        })
    };
    for (path, overlay) in overlays() {
        if overlay.mechanism == "Kustomize component" {
            all.entry(folder_of(path)).or_default();
        }
    }
    for (path, overlay) in overlays() {
        if overlay.mechanism == "Kustomize component" || is_stage(&overlay.name) || rank(path) > 0 {
            continue;
        }
        for taken in &overlay.resources {
            if let Some(takers) = all.get_mut(taken.as_str()) {
                takers.push((folder_of(path), &overlay.resources));
            }
        }
    }
    all
}

/// Whether the one part that a Compose file builds is made by a build file for developers:
/// `Dockerfile.dev`, `dev/docker/Dockerfile`.
fn is_for_developers(file: &FileFacts) -> bool {
    let composed = file.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Deployable(d) if d.source == "compose" => Some(d),
        _ => None,
    });
    let mut built = composed.filter(|d| d.build.is_some());
    let (Some(one), None) = (built.next(), built.next()) else {
        return false;
    };
    let dockerfile = one.dockerfile.as_deref().unwrap_or_default();
    let mut words = dockerfile.split(|c: char| !c.is_ascii_alphanumeric());
    by_name(&file.path).0 && words.any(|w| matches!(w, "dev" | "devel" | "development"))
}

/// Compose files that run the code of the repository for tests alone.
fn tested(files: &[FileFacts]) -> BTreeSet<String> {
    let told = |fact: &Fact| matches!(&fact.claim, Claim::Overlay(o) if o.mechanism == FOR_TESTS);
    let all = files
        .iter()
        .filter(|file| is_only_tested(file) || file.facts.iter().any(told));
    all.map(|file| file.path.clone()).collect()
}

/// Whether a Compose file runs the code of the repository for tests alone: the frameworks of all of it
/// are told to be in the stage of tests.
fn is_only_tested(file: &FileFacts) -> bool {
    const STAGES: [&str; 9] = [
        "APP_ENV",
        "DJANGO_ENV",
        "FLASK_ENV",
        "MIX_ENV",
        "NODE_ENV",
        "RACK_ENV",
        "RAILS_ENV",
        "RAILS_ENVIRONMENT",
        "SYMFONY_ENV",
    ];
    let mut tested = 0;
    for fact in &file.facts {
        let Claim::Deployable(d) = &fact.claim else {
            continue;
        };
        if d.source != "compose" {
            return false;
        }
        let open = |image: &str| image.starts_with("${");
        let is_own = d.build.is_some() || d.image.as_ref().is_none_or(|i| open(&i.value));
        let stage = d.env.iter().find(|e| STAGES.contains(&e.name.as_str()));
        let of_tests = stage
            .and_then(|e| e.value.as_deref())
            .is_some_and(|v| matches!(v, "test" | "testing" | "ci"));
        if is_own && !of_tests {
            return false;
        }
        tested += usize::from(is_own);
    }
    // The file that is started without being named, with several programs in it, is the system whatever
    // stage it is set to.
    tested == 1 || tested > 1 && !by_name(&file.path).0
}

/// Compose files that try an image which a build has just made.
fn tried(files: &[FileFacts]) -> BTreeSet<String> {
    let all = files.iter().filter(|file| tries_an_image(file));
    all.map(|file| file.path.clone()).collect()
}

/// Whether a Compose file tries an image that a build has just made: a service is called `sut`, the system
/// under test (<https://docs.docker.com/docker-hub/repos/manage/builds/automated-testing/>), or an image of no
/// registry is tagged as one to be tested, and nothing is built or published to a port of the host.
fn tries_an_image(file: &FileFacts) -> bool {
    let composed = file.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Deployable(d) if d.source == "compose" => Some(d),
        _ => None,
    });
    let is_made = |d: &Deployable| {
        let image = d.image.as_ref().map_or("", |i| i.value.as_str());
        let owner = image.split('/').next().unwrap_or_default();
        image_tag(image) == Some("test") && !(image.contains('/') && owner.contains(['.', '$']))
    };
    let (mut made, mut used) = (false, false);
    for d in composed {
        if d.name == "sut" {
            return true;
        }
        made |= is_made(d);
        used |= d.build.is_some() || d.ports.iter().any(|p| p.value.host.is_some());
    }
    made && !used
}

/// Compose files whose own code only waits for somebody to come in: `sleep infinity`,
/// `tail -f /dev/null` (<https://containers.dev/guide/dockerfile#docker-compose>); and those whose one
/// own part is built for developers. A store waits behind what its command sets up, and works meanwhile.
fn workbenches(files: &[FileFacts], knowledge: &Knowledge) -> BTreeSet<String> {
    let is_server = |d: &Deployable| {
        let image = d.image.as_ref().filter(|_| d.build.is_none());
        let product = image.and_then(|i| knowledge.by_image(&i.value));
        product.is_some_and(|product| product.is_server())
    };
    let waits = |d: &Deployable| {
        let command = d.command.as_ref().map_or("", |c| c.value.as_str());
        let idle = [
            "sleep infinity",
            "sleep inf",
            "tail -f /dev/null",
            "sleep 1000d",
        ];
        let is_own =
            d.build.is_some() || (d.volumes.iter()).any(|v| v.value.starts_with(['.', '/', '~']));
        d.source == "compose" && is_own && !is_server(d) && idle.iter().any(|i| command.contains(i))
    };
    let mut all = BTreeSet::new();
    for file in files {
        let any = |fact: &Fact| matches!(&fact.claim, Claim::Deployable(d) if waits(d));
        if file.facts.iter().any(any) || is_for_developers(file) {
            all.insert(file.path.clone());
        }
    }
    all
}

/// The files of commands that deploy a system.
fn deployed(files: &[FileFacts]) -> Vec<&[String]> {
    let all = files.iter().flat_map(|file| &file.facts);
    let all = all.filter_map(|fact| match &fact.claim {
        Claim::Overlay(o) if o.mechanism == "Compose command" && o.name == DEPLOYS => {
            Some(o.resources.as_slice())
        }
        _ => None,
    });
    all.collect()
}

/// Compose files that some command takes in.
fn commanded(files: &[FileFacts]) -> BTreeSet<&str> {
    let all = files.iter().flat_map(|file| &file.facts);
    let all = all.filter_map(|fact| match &fact.claim {
        Claim::Overlay(o) if o.mechanism == "Compose command" => Some(&o.resources),
        _ => None,
    });
    all.flatten().map(String::as_str).collect()
}

/// Pairs of Compose files that belong together: by `include`, `extends` or a command with both.
fn joined(files: &[FileFacts]) -> BTreeSet<(&str, &str)> {
    let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut main: Option<(u8, &Vec<String>)> = None;
    for file in files {
        for fact in &file.facts {
            match &fact.claim {
                Claim::Overlay(o) if o.mechanism == "Compose include" => {
                    pairs.extend(o.resources.iter().map(|r| (file.path.as_str(), r.as_str())));
                }
                // Of several commands the one that deploys a system counts, then the one that is called
                // as one starts it.
                Claim::Overlay(o) if o.mechanism == "Compose command" => {
                    let rank = match o.name.as_str() {
                        DEPLOYS => 2,
                        "start" | "up" | "run" | "default" => 1,
                        _ => 0,
                    };
                    if main.is_none_or(|(known, _)| rank > known) {
                        main = Some((rank, &o.resources));
                    }
                }
                Claim::Deployable(unit) => {
                    let bases = unit.attributes.iter().filter(|(k, _)| k == "extends");
                    let bases = bases.filter_map(|(_, v)| v.value.split_once('#'));
                    pairs.extend(bases.map(|(base, _)| (file.path.as_str(), base)));
                }
                _ => {}
            }
        }
    }
    if let Some((first, rest)) = main.and_then(|(_, m)| m.split_first()) {
        pairs.extend(rest.iter().map(|other| (first.as_str(), other.as_str())));
    }
    selected(files, &mut pairs);
    pairs
}

/// Adds the Compose files that the `.env` beside them selects: those of `COMPOSE_FILE`
/// (<https://docs.docker.com/compose/how-tos/environment-variables/envvars/#compose_file>), and where a
/// script chooses by a variable of its own, the one that is called after the value (`DATABASE=postgres`
/// and `docker-compose.postgres.yml`).
fn selected<'f>(files: &'f [FileFacts], pairs: &mut BTreeSet<(&'f str, &'f str)>) {
    let composed = |file: &FileFacts| {
        let of_compose =
            |fact: &Fact| matches!(&fact.claim, Claim::Deployable(d) if d.source == "compose");
        file.facts.iter().any(of_compose)
    };
    let at = |path: &str| {
        let found = files.binary_search_by(|f| f.path.as_str().cmp(path)).ok()?;
        Some(files[found].path.as_str())
    };
    let dotenv = |f: &&FileFacts| f.path == ".env" || f.path.ends_with("/.env");
    for file in files.iter().filter(dotenv) {
        let folder = folder_of(&file.path);
        let beside: Vec<&'f str> = (files.iter())
            .filter(|f| folder_of(&f.path) == folder && composed(f))
            .map(|f| f.path.as_str())
            .collect();
        let main = beside.iter().copied().find(|path| by_name(path).0);
        for fact in &file.facts {
            let Claim::Property(property) = &fact.claim else {
                continue;
            };
            let Some(value) = property.value.as_deref().filter(|v| !v.is_empty()) else {
                continue;
            };
            if property.key == "COMPOSE_FILE" {
                let mut all = value
                    .split([':', ';'])
                    .filter_map(|p| at(&join(folder, p)?));
                if let Some(first) = all.next() {
                    pairs.extend(all.map(|other| (first, other)));
                }
            } else if let Some(main) = main {
                // `APP_ENV=dev` says how a program runs and selects no file.
                let called =
                    (beside.iter()).filter(|path| by_name(path).1 == value && !is_stage(value));
                pairs.extend(called.map(|other| (main, *other)));
            }
        }
    }
}

/// Whether a deployment file says by its own name that tests start it: `compose.e2e.yml`,
/// `docker-compose.snapshots.yml`, `docker-compose-ui-e2e.yaml`.
pub(crate) fn is_for_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let composed = stem.contains("compose");
    let mut words = stem.split(['.', '-', '_']);
    composed && words.any(|word| is_test_word(word) || matches!(word, "snapshot" | "snapshots"))
}

/// Whether a Compose file has the name that the tool takes without being told, and what stands
/// after that name.
fn by_name(path: &str) -> (bool, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let infix = ["docker-compose", "docker_compose", "compose"]
        .iter()
        .find_map(|base| stem.strip_prefix(base));
    match infix {
        Some("") => (true, ""),
        Some(infix) => (false, infix.trim_matches(['.', '-', '_'])),
        None => (false, ""),
    }
}

/// Whether the name of a file says that it changes another one: `ci.override.yml` beside `default.yml`.
fn changes_by_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut words = name.split(['.', '-', '_']);
    words.any(|word| matches!(word, "override" | "overrides" | "overlay"))
}

fn is_stage(infix: &str) -> bool {
    tier(infix) != EnvironmentTier::Other
}

/// What the place of a file says of its rank.
pub(crate) fn rank(path: &str) -> u8 {
    if is_aside(path) {
        return 2;
    }
    let word = |folder: &str| match folder.to_ascii_lowercase().as_str() {
        ".devcontainer" | "devcontainer" | "playwright" | "cypress" | ".github" | ".gitlab"
        | ".circleci" | "ci" | ".ci" | ".buildkite" | ".drone" | ".azure-pipelines"
        | "build-scripts" | "build-tools" | "loadtest" | "loadtests" | "load-test"
        | "load-tests" => 2,
        // `test-environments`, `e2e-stack`, `browser-tests`
        other if is_of_tests(other) => 2,
        "contrib" | "extra" | "extras" | "hack" | "dev" | "development" | "sandbox"
        | "optional" | "local" | "local-dev" | "devel" | "overlays" | "overlay" => 1,
        _ => 0,
    };
    let folders = folder_of(path).split('/').map(word).max().unwrap_or(0);
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.starts_with("devcontainer") {
        true => 2,
        false => folders,
    }
}

/// Whether the first or last word of the name of a folder speaks of tests.
fn is_of_tests(folder: &str) -> bool {
    let first = folder.split(['-', '_']).next().unwrap_or_default();
    let last = folder.rsplit(['-', '_']).next().unwrap_or_default();
    matches!(first, "test" | "tests" | "e2e") || matches!(last, "tests" | "e2e")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variants(files: &[(&str, &str)]) -> Variants {
        let files: Vec<FileFacts> = files
            .iter()
            .map(|(path, text)| crate::extract_file(path, text))
            .collect();
        Variants::new(&files, groundplan_knowledge::knowledge())
    }

    fn compose(services: &[&str]) -> String {
        let all = services
            .iter()
            .map(|s| format!("  {s}:\n    image: {s}:1\n"));
        format!("services:\n{}", all.collect::<String>())
    }

    #[test]
    fn alternatives_are_not_added_up() {
        let all = variants(&[
            ("contrib/basic.yml", &compose(&["app", "db"])),
            ("contrib/caddy.yml", &compose(&["app", "caddy", "db"])),
            (
                ".devcontainer/docker-compose.yml",
                &compose(&["db", "workspace"]),
            ),
        ]);
        assert!(!all.of("contrib/basic.yml").aside);
        assert!(all.of("contrib/caddy.yml").aside);
        assert!(all.of(".devcontainer/docker-compose.yml").aside);
        assert_eq!(all.counts("contrib/caddy.yml"), (3, 0));
    }

    #[test]
    fn files_that_complete_each_other_are_one_system() {
        let all = variants(&[
            ("docker-compose-infra.yml", &compose(&["db", "kafka"])),
            ("docker-compose-apps.yml", &compose(&["orders", "users"])),
        ]);
        assert!(!all.of("docker-compose-infra.yml").aside);
        assert!(!all.of("docker-compose-apps.yml").aside);
    }

    #[test]
    fn a_file_of_a_stage_is_no_layer() {
        let all = variants(&[
            ("docker-compose.yml", &compose(&["app"])),
            ("docker-compose.dev.yml", &compose(&["db", "mail"])),
            (
                "docker-compose.override.yml",
                "services:\n  app:\n    restart: always\n",
            ),
        ]);
        assert!(all.of("docker-compose.dev.yml").aside);
        assert_eq!(
            all.of("docker-compose.override.yml"),
            all.of("docker-compose.yml")
        );
    }

    #[test]
    fn what_a_layer_defines_is_started_with_it_alone() {
        let all = variants(&[
            ("docker/docker-compose.yaml", &compose(&["app", "db"])),
            (
                "docker/docker-compose-ports.yaml",
                "services:\n  app:\n    ports: ['80:80']\n  queue:\n    image: queue:1\n",
            ),
            ("web/compose.snapshots.yml", &compose(&["browser", "pages"])),
        ]);
        assert!(!all.of("docker/docker-compose.yaml").aside);
        assert_eq!(all.counts("docker/docker-compose.yaml"), (2, 0));
        assert!(all.of("docker/docker-compose-ports.yaml").aside);
        assert!(all.of("web/compose.snapshots.yml").aside);
    }

    #[test]
    fn a_command_says_which_layers_run() {
        let patched =
            "services:\n  app:\n    environment:\n      A: b\n  queue:\n    image: queue:1\n";
        let all = variants(&[
            ("compose.yaml", &compose(&["app"])),
            ("compose.full.yaml", patched),
            ("compose.agent.yaml", patched),
            (
                "Makefile",
                "FULL=-f compose.yaml -f compose.full.yaml\nagent:\n\tdocker compose $(FULL) -f compose.agent.yaml up\nstart:\n\tdocker compose $(FULL) up -d\n",
            ),
        ]);
        assert!(!all.of("compose.full.yaml").aside);
        assert!(all.of("compose.agent.yaml").aside);
    }

    #[test]
    fn a_deployment_that_lists_its_files_leaves_the_override_to_developers() {
        let changed =
            "services:\n  app:\n    ports: ['8000:8000']\n  mail:\n    image: mailpit:1\n";
        let all = variants(&[
            ("compose.yml", &compose(&["app", "db"])),
            ("compose.override.yml", changed),
            (
                "compose.deploy.yml",
                "services:\n  app:\n    restart: always\n",
            ),
            (
                ".github/workflows/deploy.yml",
                "jobs:\n  a:\n    steps:\n      - run: docker compose -f compose.yml -f compose.deploy.yml up -d\n",
            ),
        ]);
        assert_eq!(all.of("compose.deploy.yml"), all.of("compose.yml"));
        assert!(all.of("compose.override.yml").aside);
        assert!(all.is_for_developers("compose.override.yml"));
        assert_eq!(all.counts("compose.yml"), (2, 0));
    }

    #[test]
    fn a_stand_for_tests_is_no_part_of_the_system() {
        let warned = format!(
            "# DO NOT USE THIS!\n# This is only intended for testing sign-in.\n\n{}",
            compose(&["app", "gateway", "idp"])
        );
        let all = variants(&[
            ("docker-compose.yml", &compose(&["app"])),
            (
                "scripts/test-stands/a/compose.yml",
                &compose(&["app", "db"]),
            ),
            ("tools/sign-in/compose.yml", &warned),
        ]);
        assert_eq!(all.rank("docker-compose.yml"), 0);
        assert_eq!(all.rank("scripts/test-stands/a/compose.yml"), 2);
        assert_eq!(all.rank("tools/sign-in/compose.yml"), 2);
    }

    #[test]
    fn the_set_with_most_workloads_is_the_main_one() {
        let workload = |name: &str| {
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n      containers:\n      - name: {name}\n        image: {name}:1\n"
            )
        };
        let all = variants(&[
            ("k8s/a.yaml", &workload("a")),
            ("k8s/b.yaml", &workload("b")),
            ("src/a/k8s/base/a.yaml", &workload("a")),
            ("extras/c/a.yaml", &workload("a")),
            ("extras/c/pool.yaml", &workload("pool")),
            ("monitoring/agent.yaml", &workload("agent")),
        ]);
        assert!(!all.of("k8s/a.yaml").aside);
        assert!(all.of("src/a/k8s/base/a.yaml").aside);
        assert!(all.of("extras/c/pool.yaml").aside);
        assert!(!all.of("monitoring/agent.yaml").aside);
    }
}
