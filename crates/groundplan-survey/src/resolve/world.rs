//! Facts in reach: projects, and what lies in them.

use crate::facts::{
    Chart, Claim, Fact, FileFacts, ImageBuild, NetworkService, Package, PublishedImage, Readme,
};
use crate::imports::is_version;
use crate::resolve::names::{Asides, is_aside, loose, plain};
use groundplan_knowledge::Knowledge;
use groundplan_model::{DependencyScope, Evidence};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A folder with its own manifest or its own image: the source of something.
#[derive(Debug, Default)]
pub(crate) struct Project<'f> {
    /// Folder relative to the root; empty for the root.
    pub(crate) folder: String,
    /// The folder that holds all of its files, where that is another one: a program of a module.
    pub(crate) reach: Option<String>,
    /// The images that start it, where a module has several programs.
    pub(crate) program: Vec<(&'f ImageBuild, &'f Evidence)>,
    /// Packages of the manifest of its module that it does not import, where others of the module do.
    pub(super) left: BTreeSet<&'f str>,
    /// Its manifests.
    pub(crate) packages: Vec<(&'f Package, &'f Evidence)>,
    /// Indexes into `World::files` of the files that belong to it and to no deeper project.
    pub(crate) files: Vec<usize>,
    /// Those of them that, seen from its folder, are no tests, samples or documentation.
    pub(super) own: Vec<usize>,
    /// Whether its folder holds tests, samples or documentation.
    pub(crate) is_aside: bool,
    /// Names by which it may be called: its folder and its packages.
    pub(crate) names: Vec<String>,
    /// The same, letters and digits only.
    pub(crate) plain_names: Vec<String>,
    /// The same without generic words.
    pub(crate) loose_names: Vec<String>,
}

/// Whether most files of code that are no tests or samples lie in none of the folders.
fn mostly_outside<P>(files: &[FileFacts], folders: &BTreeMap<String, Vec<P>>) -> bool {
    if folders.contains_key("") {
        return false;
    }
    let (mut inside, mut outside) = (0_usize, 0_usize);
    let code = |file: &&FileFacts| file.language.is_code() && !is_aside(&file.path);
    for file in files.iter().filter(code) {
        let mut above = std::iter::successors(Some(folder_of(&file.path)), |folder| {
            (!folder.is_empty()).then(|| folder_of(folder))
        });
        match above.any(|folder| folders.contains_key(folder)) {
            true => inside += 1,
            false => outside += 1,
        }
    }
    outside > inside
}

/// Puts the crate of Tauri that opens the pages of a package with that package: they are one application
/// (<https://v2.tauri.app/start/project-structure/>).
fn with_desktop_shells<P>(folders: &mut BTreeMap<String, Vec<P>>) {
    let shells: Vec<String> = (folders.keys())
        .filter(|f| f.rsplit('/').next() == Some("src-tauri"))
        .filter(|f| folders.contains_key(folder_of(f)))
        .cloned()
        .collect();
    for shell in shells {
        let packages = folders.remove(&shell).unwrap_or_default();
        let pages = folders.entry(folder_of(&shell).to_owned()).or_default();
        pages.extend(packages);
    }
}

/// Whether a fact says that a package needs another while it runs.
fn needs_at_work(fact: &Fact) -> bool {
    matches!(&fact.claim, Claim::Dependency(d)
        if matches!(d.scope, DependencyScope::Runtime | DependencyScope::Optional))
}

/// The packages of a folder without those that only hold tests or tools beside the manifest of another
/// language, which names what is there.
fn tools_last<'f>(
    mut packages: Vec<(&'f Package, &'f Evidence)>,
    needing: &BTreeSet<&str>,
) -> Vec<(&'f Package, &'f Evidence)> {
    let of_tools = |(package, at): &(&Package, &Evidence)| {
        package.ecosystem == "npm" && (is_of_tests(package) || !needing.contains(at.path.as_str()))
    };
    let named = |(package, _): &(&'f Package, &'f Evidence)| {
        !package.name.is_empty() && package.ecosystem != "npm"
    };
    if packages.iter().any(named) {
        packages.sort_by_key(|p| of_tools(p));
    }
    packages
}

/// Whether a package is one of tests, by its name or its scripts.
fn is_of_tests(package: &Package) -> bool {
    const TESTS: [&str; 6] = ["e2e", "test", "tests", "testing", "cypress", "playwright"];
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        words.any(|w| TESTS.contains(&w))
    };
    let scripts = &package.scripts;
    speaks(&package.name) || !scripts.is_empty() && scripts.iter().all(|(name, _)| speaks(name))
}

impl Project<'_> {
    fn name(&mut self) {
        let folder = self.folder.trim_end_matches("/src").rsplit('/').next();
        // A package of tests names nothing beside another.
        let tests = |(p, _): &&(&Package, &Evidence)| p.ecosystem == "npm" && is_of_tests(p);
        let beside = (self.packages.iter()).any(|p| !tests(&p) && !p.0.name.is_empty());
        let packages = (self.packages.iter())
            .filter(|p| !beside || !tests(p))
            .filter_map(|(package, _)| tail(&package.name));
        self.names = folder
            .into_iter()
            .chain(packages)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        self.spell();
    }

    /// Gives it names before those that it has.
    pub(super) fn call(&mut self, names: Vec<String>) {
        self.names.splice(0..0, names);
        let mut seen = BTreeSet::new();
        self.names.retain(|name| seen.insert(name.clone()));
        self.spell();
    }

    fn spell(&mut self) {
        self.plain_names = self.names.iter().map(|name| plain(name)).collect();
        self.loose_names = self.names.iter().map(|name| loose(name)).collect();
    }
}

/// The last part of the name of a package; the number of a major version behind a module path of Go
/// is none (<https://go.dev/ref/mod#major-version-suffixes>).
pub(crate) fn tail(name: &str) -> Option<&str> {
    let mut parts = name.rsplit(['/', ':']);
    let last = parts.next()?;
    // `gopkg.in/yaml.v3` has its number behind a point and keeps its name; a host is no name.
    match parts.next().filter(|_| is_version(last)) {
        Some(before) => Some(before.split('.').next().unwrap_or(before)),
        None => Some(last),
    }
}

/// A table by names that is asked very often and never walked; nobody gains by names that collide.
pub(crate) type Named<K, V> = FxHashMap<K, V>;

/// Everything that resolvers ask.
pub(crate) struct World<'f> {
    pub(crate) files: &'f [FileFacts],
    pub(crate) knowledge: &'f Knowledge,
    pub(crate) projects: Vec<Project<'f>>,
    /// Only ever asked for a folder, so that its order shows nowhere.
    by_folder: Named<String, usize>,
    /// Folders of Go, and files of them, that are told with a program of a module, with its project.
    pub(super) reached: BTreeMap<&'f str, usize>,
    /// Folders of Go, and files of them, with the programs beside that one which are built of them.
    pub(super) shared: BTreeMap<&'f str, Vec<usize>>,
    /// Projects of programs by the folder of their `main` package, where a module has several.
    pub(crate) programs: BTreeMap<&'f str, usize>,
    /// Image builds by the folder of their file: asked for once per unit and project.
    images: BTreeMap<&'f str, Vec<(&'f ImageBuild, &'f Evidence)>>,
    /// Image builds by a link to their file.
    linked: BTreeMap<&'f str, (&'f ImageBuild, &'f Evidence)>,
    /// Folders with code below them.
    code_below: BTreeSet<&'f str>,
    /// Network names in front of workloads.
    pub(crate) services: Vec<&'f NetworkService>,
    /// Which deployment files belong together.
    pub(crate) variants: crate::resolve::variants::Variants,
    /// What READMEs say.
    pub(crate) readmes: Vec<&'f Readme>,
    /// Charts of Helm by folder.
    charts: BTreeMap<&'f str, (&'f Chart, &'f Evidence)>,
    /// Images that the repository publishes, with the Dockerfile that builds each.
    pub(crate) published: BTreeMap<&'f str, Vec<&'f PublishedImage>>,
    /// Images that builds of projects make, with the folders of those projects.
    pub(crate) made: BTreeMap<&'f str, BTreeSet<&'f str>>,
    /// Images that one build file makes of the program which an argument names, with its project.
    pub(crate) chosen: BTreeMap<String, usize>,
    /// Programs by name, of modules whose programs an argument chooses.
    pub(super) chosen_names: BTreeMap<(usize, String), usize>,
    /// Of each file whether it is a test, a sample or documentation; found when first asked for.
    asides: OnceCell<Rc<Vec<bool>>>,
}

impl<'f> World<'f> {
    pub(crate) fn new(files: &'f [FileFacts], knowledge: &'f Knowledge) -> Self {
        let mut folders: BTreeMap<String, Vec<(&Package, &Evidence)>> = BTreeMap::new();
        let mut code_below: BTreeSet<&'f str> = BTreeSet::new();
        // Files of one folder stand beside each other.
        let mut last = None;
        for file in files {
            let here = folder_of(&file.path);
            if file.language.is_code() && last != Some(here) {
                last = Some(here);
                let mut folder = here;
                while code_below.insert(folder) && !folder.is_empty() {
                    folder = folder_of(folder);
                }
            }
        }
        // A list of requirements at the root names no package, but is one where a build takes the
        // whole tree; so is a root without any where the build file lies in a folder for such.
        let built_whole = || {
            files
                .iter()
                .flat_map(|f| &f.facts)
                .filter_map(|fact| match &fact.claim {
                    Claim::Deployable(d) if d.build.as_ref()?.value.is_empty() => Some(d),
                    _ => None,
                })
        };
        let whole = built_whole().next().is_some();
        let aside = built_whole().any(|d| {
            let of_builds = |path| crate::resolve::builds::is_aside_of_build(folder_of(path));
            d.dockerfile.as_deref().is_some_and(of_builds)
        });
        // Modules of Terraform and charts are no code that a build installs.
        let needs = |fact: &Fact| match &fact.claim {
            Claim::Dependency(d) => !matches!(d.ecosystem.as_str(), "terraform" | "helm"),
            _ => false,
        };
        let required: Vec<&str> = (files.iter())
            .filter(|file| !file.path.contains('/') && file.facts.iter().any(needs))
            .map(|file| file.path.as_str())
            .collect();
        // A build file at the root that copies the whole tree, or the list, takes it as well, whoever builds it.
        let takes = |copy: &String| {
            let listed = |path: &&str| path == copy || glob(copy, path);
            copy == "." || required.iter().any(listed)
        };
        let packs = |file: &FileFacts| {
            let image = |fact: &Fact| match &fact.claim {
                Claim::Image(image) => image.copies.iter().any(takes),
                _ => false,
            };
            !file.path.contains('/') && file.facts.iter().any(image)
        };
        if aside || !required.is_empty() && (whole || files.iter().any(packs)) {
            folders.entry(String::new()).or_default();
        }
        for file in files {
            for fact in &file.facts {
                match &fact.claim {
                    Claim::Package(package) => {
                        let folder = package.folder.clone();
                        folders.entry(folder).or_default().push((package, &fact.at));
                    }
                    // A Dockerfile marks a project where code lies beside or below it.
                    Claim::Image(_) => {
                        let folder = folder_of(&file.path);
                        if !folder.is_empty() && code_below.contains(folder) {
                            folders.entry(folder.to_owned()).or_default();
                        }
                    }
                    Claim::Deployable(unit) => {
                        if let Some(build) = &unit.build
                            && code_below.contains(build.value.as_str())
                            && !build.value.is_empty()
                        {
                            folders.entry(build.value.clone()).or_default();
                        }
                    }
                    _ => {}
                }
            }
        }
        // So is a root that a build takes whole where most of the code lies in no package.
        if folders.is_empty() || whole && mostly_outside(files, &folders) {
            folders.entry(String::new()).or_default();
        }
        with_desktop_shells(&mut folders);
        let by_folder = folders
            .keys()
            .enumerate()
            .map(|(i, f)| (f.clone(), i))
            .collect();
        let needing: BTreeSet<&str> = (files.iter())
            .filter(|f| f.path.ends_with("package.json") && f.facts.iter().any(needs_at_work))
            .map(|f| f.path.as_str())
            .collect();
        let projects = folders
            .into_iter()
            .map(|(folder, packages)| (folder, tools_last(packages, &needing)))
            .map(|(folder, packages)| Project {
                is_aside: is_aside(&format!("{folder}/x")),
                folder,
                packages,
                ..Project::default()
            })
            .map(|mut project| {
                project.name();
                project
            })
            .collect();
        let mut images: BTreeMap<&'f str, Vec<(&'f ImageBuild, &'f Evidence)>> = BTreeMap::new();
        let mut services = Vec::new();
        let mut readmes = Vec::new();
        let mut charts = BTreeMap::new();
        let mut published: BTreeMap<&'f str, Vec<&'f PublishedImage>> = BTreeMap::new();
        let mut made: BTreeMap<&'f str, BTreeSet<&'f str>> = BTreeMap::new();
        for file in files {
            for fact in &file.facts {
                match &fact.claim {
                    Claim::Image(image) => {
                        let folder = folder_of(&file.path);
                        images
                            .entry(folder)
                            .or_default()
                            .push((image.as_ref(), &fact.at));
                    }
                    Claim::Service(service) => services.push(service),
                    Claim::Chart(chart) if !chart.name.is_empty() => {
                        charts.insert(folder_of(&file.path), (chart.as_ref(), &fact.at));
                    }
                    // What a command builds is filled in where it is run: see `commanded`.
                    Claim::Publishes(image) if image.context.is_some() => {}
                    Claim::Publishes(image) if !is_aside(&file.path) => {
                        if let Some(folder) = &image.folder {
                            made.entry(&image.image).or_default().insert(folder);
                            continue;
                        }
                        published.entry(&image.image).or_default().push(image);
                    }
                    Claim::Readme(readme) => readmes.push(readme.as_ref()),
                    _ => {}
                }
            }
        }
        let mut world = World {
            files,
            knowledge,
            projects,
            by_folder,
            reached: BTreeMap::new(),
            shared: BTreeMap::new(),
            programs: BTreeMap::new(),
            images,
            linked: BTreeMap::new(),
            code_below,
            services,
            variants: crate::resolve::variants::Variants::new(files, knowledge),
            readmes,
            charts,
            published,
            made,
            chosen: BTreeMap::new(),
            chosen_names: BTreeMap::new(),
            asides: OnceCell::new(),
        };
        world.name_siblings();
        world.leave_out_lost_crates();
        world.split_programs();
        let mut asides = Asides::default();
        for (index, file) in files.iter().enumerate() {
            let users = world.users(&file.path).to_vec();
            if !users.is_empty() && !is_aside(&file.path) {
                for program in users {
                    world.projects[program].own.push(index);
                }
            }
            if let Some(project) = world.project_of(&file.path) {
                let project = &mut world.projects[project];
                project.files.push(index);
                let base = project.reach.as_ref().unwrap_or(&project.folder);
                let inner = file.path.strip_prefix(base.as_str());
                let inner = inner.unwrap_or(&file.path).trim_start_matches('/');
                if !asides.holds(inner) {
                    project.own.push(index);
                }
            }
        }
        world.leave_out_generators();
        world.share_manifests();
        world
    }

    /// Folders beside each other that end alike (`cart-shop-service`, `users-shop-service`) are called by
    /// what they do not share as well.
    fn name_siblings(&mut self) {
        let mut ends: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        let folders: Vec<String> = self.projects.iter().map(|p| p.folder.clone()).collect();
        for (index, folder) in folders.iter().enumerate() {
            let name = folder.rsplit('/').next().unwrap_or(folder);
            if let Some(at) = name.find('-').filter(|&at| name[at + 1..].contains('-')) {
                let key = (folder_of(folder), &name[at..]);
                ends.entry(key).or_default().push(index);
            }
        }
        for ((_, end), projects) in ends.into_iter().filter(|(_, all)| all.len() > 2) {
            for index in projects {
                let name = folders[index].rsplit('/').next().unwrap_or_default();
                let short = name.strip_suffix(end).unwrap_or(name).to_owned();
                let own = self.projects[index].names.clone();
                self.projects[index].call(own.into_iter().chain([short]).collect());
            }
        }
    }

    /// Puts crates aside that Cargo cannot build: below a workspace that neither lists nor excludes them,
    /// with no member that needs them by path
    /// (<https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields>).
    fn leave_out_lost_crates(&mut self) {
        let is_root = |package: &Package| package.ecosystem == "cargo" && package.roots;
        let roots: Vec<(&str, &Package)> = (self.projects.iter())
            .flat_map(|p| p.packages.iter())
            .filter(|(package, _)| is_root(package))
            .map(|(package, at)| (folder_of(&at.path), *package))
            .collect();
        if roots.is_empty() {
            return;
        }
        let mut needed: Option<BTreeSet<&str>> = None;
        let mut lost = Vec::new();
        for (index, project) in self.projects.iter().enumerate() {
            let mut own = project.packages.iter();
            let Some((_, at)) = own.find(|(p, _)| p.ecosystem == "cargo" && !p.name.is_empty())
            else {
                continue;
            };
            let folder = folder_of(&at.path);
            let above = |root: &str| {
                root.is_empty() && !folder.is_empty()
                    || folder
                        .strip_prefix(root)
                        .is_some_and(|r| r.starts_with('/'))
            };
            let around = roots
                .iter()
                .filter(|(root, _)| *root == folder || above(root));
            let Some((root, of)) = around.max_by_key(|(root, _)| root.len()) else {
                continue;
            };
            let mut listed = of.members.iter();
            if *root == folder || listed.any(|m| lists(m.trim_start_matches('!'), folder)) {
                continue;
            }
            let needed = needed.get_or_insert_with(|| {
                let paths = self.facts().filter_map(|(_, fact)| match &fact.claim {
                    Claim::Dependency(d) if d.ecosystem == "cargo" => d.path.as_deref(),
                    Claim::ManagedVersion(d) if d.ecosystem == "cargo" => d.path.as_deref(),
                    _ => None,
                });
                paths.collect()
            });
            if !needed.contains(folder) {
                lost.push(index);
            }
        }
        for index in lost {
            self.projects[index].is_aside = true;
        }
    }

    /// Takes programs of Go that only make code, such as what `//go:generate go run ./tables` starts, out
    /// of what a project does: those below `internal`, outside `cmd`, of a module that has a program in
    /// `cmd` or at its root (<https://go.dev/doc/modules/layout>).
    fn leave_out_generators(&mut self) {
        for project in &mut self.projects {
            let base = project.reach.as_ref().unwrap_or(&project.folder);
            let starts = |file: &FileFacts| {
                let main = |fact: &Fact| matches!(&fact.claim, Claim::Entry(e) if e.kind == "main");
                file.path.ends_with(".go") && file.facts.iter().any(main)
            };
            let inner = |file: &FileFacts| -> Option<String> {
                let rest = file.path.strip_prefix(base.as_str())?;
                Some(folder_of(rest.trim_start_matches('/')).to_owned())
            };
            let usual = |folder: &str| folder.is_empty() || folder.split('/').any(|f| f == "cmd");
            let mains: Vec<(String, String)> = project
                .own
                .iter()
                .map(|&i| &self.files[i])
                .filter(|file| starts(file))
                .filter_map(|file| Some((inner(file)?, folder_of(&file.path).to_owned())))
                .collect();
            if mains.len() < 2 || !mains.iter().any(|(folder, _)| usual(folder)) {
                continue;
            }
            let makers: BTreeSet<&str> = mains
                .iter()
                .filter(|(inner, _)| !usual(inner) && inner.split('/').any(|f| f == "internal"))
                .map(|(_, folder)| folder.as_str())
                .collect();
            let files = self.files;
            project
                .own
                .retain(|&i| !makers.contains(folder_of(&files[i].path)));
        }
    }

    /// The same, with the links of the tree: a `Dockerfile` may be one to the file that is meant.
    pub(crate) fn with_links(mut self, links: &'f BTreeMap<String, String>) -> Self {
        for (link, target) in links {
            if let Some(image) = self.image_at(target) {
                self.linked.insert(link, image);
            }
        }
        self
    }

    /// The deepest project that holds a path; of a contract beside the programs of one module that an
    /// argument chooses, the program that it is named after.
    pub(crate) fn project_of(&self, path: &str) -> Option<usize> {
        let found = self.holder_of(path)?;
        // What lies beside the code of a program is that of the program.
        if !self.reached.is_empty()
            && !path.ends_with(".go")
            && let Some(&program) = self.reached.get(folder_of(path))
            && !self.projects[program].is_aside
            && self.projects[program].reach.as_deref() == Some(&self.projects[found].folder)
        {
            return Some(program);
        }
        if self.chosen_names.is_empty() {
            return Some(found);
        }
        let (stem, ending) = path.rsplit('/').next()?.split_once('.').unwrap_or_default();
        if !matches!(ending, "json" | "proto" | "yaml" | "yml" | "graphql") {
            return Some(found);
        }
        let mut own = self.chosen_names.range((found, String::new())..);
        match own.next().is_some_and(|((module, _), _)| *module == found) {
            true => self.chosen_names.get(&(found, stem.to_owned())).copied(),
            false => Some(found),
        }
    }

    fn holder_of(&self, path: &str) -> Option<usize> {
        if path.ends_with(".go")
            && !self.reached.is_empty()
            && let Some(&program) =
                (self.reached.get(path)).or_else(|| self.reached.get(folder_of(path)))
        {
            return Some(program);
        }
        // A module of Go or Rust reaches into folders whose manifest is of another language: code
        // that embeds a front end lies beside it.
        let manifest = match path.rsplit('.').next() {
            Some("go") => Some("go.mod"),
            Some("rs") => Some("Cargo.toml"),
            _ => None,
        };
        let has = |project: usize, name: &str| {
            let mut packages = self.projects[project].packages.iter();
            packages.any(|(_, at)| at.path.ends_with(name))
        };
        let mut nearest = None;
        let mut folder = folder_of(path);
        loop {
            if let Some(&found) = self.by_folder.get(folder) {
                let Some(name) = manifest.filter(|_| !self.projects[found].packages.is_empty())
                else {
                    return nearest.or(Some(found));
                };
                if has(found, name) {
                    return Some(found);
                }
                nearest = nearest.or(Some(found));
            }
            if folder.is_empty() {
                return nearest;
            }
            folder = folder_of(folder);
        }
    }

    /// Whether this path is that of a file that was read.
    pub(crate) fn is_file(&self, path: &str) -> bool {
        self.file(path).is_some()
    }

    /// The facts of the file at a path, if it was read.
    pub(crate) fn file(&self, path: &str) -> Option<&'f FileFacts> {
        let files = self.files;
        let found = files.binary_search_by(|f| f.path.as_str().cmp(path));
        files.get(found.ok()?)
    }

    /// Whether a folder holds code of the repository.
    pub(crate) fn has_code(&self, folder: &str) -> bool {
        self.code_below.contains(folder)
    }

    /// Whether a project has files of code of its own.
    pub(crate) fn is_code(&self, project: usize) -> bool {
        let mut files = self.projects[project].files.iter();
        files.any(|&i| self.files[i].language.is_code())
    }

    /// The project of a crate of the repository, by its name.
    pub(crate) fn crate_of(&self, name: &str) -> Option<usize> {
        let is = |project: &Project<'_>| {
            let mut all = project.packages.iter();
            all.any(|(package, _)| package.ecosystem == "cargo" && package.name == name)
        };
        self.projects.iter().position(is)
    }

    /// The project at exactly this folder.
    pub(crate) fn project_at(&self, folder: &str) -> Option<usize> {
        self.by_folder.get(folder).copied()
    }

    /// Projects that nothing runs by itself, in the folder of one that is run: a module of its own that
    /// is built into it.
    pub(crate) fn nested<'i>(
        &self,
        owner: &BTreeMap<usize, &'i String>,
    ) -> BTreeMap<usize, &'i String> {
        let mut all = BTreeMap::new();
        for (index, project) in self.projects.iter().enumerate() {
            if owner.contains_key(&index) || project.is_aside {
                continue;
            }
            let mut folder = folder_of(&project.folder);
            // The root holds everything, so that it says nothing.
            while !folder.is_empty() {
                let found = self.project_at(folder).and_then(|p| owner.get(&p));
                if let Some(id) = found {
                    all.insert(index, *id);
                    break;
                }
                folder = folder_of(folder);
            }
        }
        self.linked_crates(owner, &mut all);
        all
    }

    /// Adds the crates that one run crate alone is built with, directly or through others.
    fn linked_crates<'i>(
        &self,
        owner: &BTreeMap<usize, &'i String>,
        all: &mut BTreeMap<usize, &'i String>,
    ) {
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, project) in self.projects.iter().enumerate() {
            for (package, _) in &project.packages {
                if package.ecosystem == "cargo" && !package.name.is_empty() {
                    named.insert(&package.name, index);
                }
            }
        }
        if named.len() < 2 {
            return;
        }
        let mut needs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for &project in named.values() {
            for (_, at) in &self.projects[project].packages {
                for fact in self.file(&at.path).into_iter().flat_map(|f| &f.facts) {
                    if let Claim::Dependency(d) = &fact.claim
                        && d.ecosystem == "cargo"
                        && matches!(
                            d.scope,
                            DependencyScope::Runtime | DependencyScope::Optional
                        )
                        && let Some(&other) = named.get(d.name.as_str())
                        && other != project
                    {
                        needs.entry(project).or_default().insert(other);
                    }
                }
            }
        }
        let mut users: BTreeMap<usize, BTreeSet<&'i String>> = BTreeMap::new();
        for (&project, &id) in owner {
            let mut next = vec![project];
            let mut seen = BTreeSet::from([project]);
            while let Some(at) = next.pop() {
                for &other in needs.get(&at).into_iter().flatten() {
                    if !owner.contains_key(&other) && seen.insert(other) {
                        users.entry(other).or_default().insert(id);
                        next.push(other);
                    }
                }
            }
        }
        for (project, ids) in users {
            let folder = &self.projects[project].folder;
            if let (Some(&id), 1) = (ids.first(), ids.len())
                && !folder.is_empty()
            {
                all.insert(project, id);
            }
        }
    }

    /// All facts of the tree with their files, in order.
    pub(crate) fn facts(&self) -> impl Iterator<Item = (&'f FileFacts, &'f Fact)> + use<'f> {
        let files = self.files;
        files
            .iter()
            .flat_map(|file| file.facts.iter().map(move |fact| (file, fact)))
    }

    /// All facts of the tree with their files, and whether the file is a test, a sample or
    /// documentation, in order.
    pub(crate) fn facts_by_kind(
        &self,
    ) -> impl Iterator<Item = (&'f FileFacts, &'f Fact, bool)> + use<'f> {
        let files = self.files.iter().enumerate();
        let files = files.filter(|(_, file)| !file.facts.is_empty());
        let asides = Rc::clone(self.asides());
        files.flat_map(move |(index, file)| {
            let aside = asides[index];
            file.facts.iter().map(move |fact| (file, fact, aside))
        })
    }

    fn asides(&self) -> &Rc<Vec<bool>> {
        self.asides.get_or_init(|| {
            let (files, mut asides) = (self.files.iter(), Asides::default());
            Rc::new(files.map(|file| asides.holds(&file.path)).collect())
        })
    }

    /// Whether the file at an index of `files` is a test, a sample or documentation.
    pub(crate) fn is_aside(&self, index: usize) -> bool {
        self.asides().get(index).is_some_and(|aside| *aside)
    }

    /// The image builds whose files lie in exactly this folder.
    pub(crate) fn images_in(&self, folder: &str) -> Vec<(&'f ImageBuild, &'f Evidence)> {
        let mut all = self.images.get(folder).cloned().unwrap_or_default();
        let linked = self.linked.iter().filter(|(l, _)| folder_of(l) == folder);
        all.extend(linked.map(|(_, image)| *image));
        all
    }

    /// All image builds, by folder.
    pub(crate) fn all_images(&self) -> impl Iterator<Item = (&'f ImageBuild, &'f Evidence)> {
        self.images.values().flatten().copied()
    }

    /// The image build of exactly this file.
    pub(crate) fn image_at(&self, path: &str) -> Option<(&'f ImageBuild, &'f Evidence)> {
        if let Some(image) = self.linked.get(path) {
            return Some(*image);
        }
        let all = self.images.get(folder_of(path))?;
        all.iter().find(|(_, at)| at.path == path).copied()
    }

    /// The outermost chart of Helm that holds a path.
    pub(crate) fn chart_of(&self, path: &str) -> Option<&'f Chart> {
        let root = std::iter::once("");
        let mut folders = root.chain(path.match_indices('/').map(|(at, _)| &path[..at]));
        let found = folders.find_map(|folder| self.charts.get(folder));
        found.map(|(chart, _)| *chart)
    }

    /// Charts of Helm that lie in no other and are no tests or samples, with their manifests.
    pub(crate) fn outer_charts(&self) -> impl Iterator<Item = (&'f Chart, &'f Evidence)> {
        let outer = self.charts.iter().filter(|(folder, (chart, at))| {
            let above = folder.match_indices('/').map(|(at, _)| &folder[..at]);
            let mut above = std::iter::once("").chain(above).filter(|a| a != *folder);
            !chart.library && !is_aside(&at.path) && !above.any(|a| self.charts.contains_key(a))
        });
        outer.map(|(_, found)| *found)
    }

    /// The facts of a project that are no tests, samples or documentation.
    pub(crate) fn facts_of(&self, project: usize) -> impl Iterator<Item = &'f Fact> + '_ {
        let files = self.files;
        let project = &self.projects[project];
        let left = &project.left;
        let own = project.own.iter().flat_map(move |&i| &files[i].facts);
        own.filter(move |fact| {
            left.is_empty()
                || !matches!(&fact.claim, Claim::Dependency(d)
                    if d.ecosystem == "go" && left.contains(d.name.as_str()))
        })
    }
}

/// Whether a member of a workspace, which may be a glob, is a folder or, of what is excluded, above it.
fn lists(member: &str, folder: &str) -> bool {
    let mut parts = folder.split('/');
    member.split('/').filter(|m| *m != ".").all(|wanted| {
        parts
            .next()
            .is_some_and(|part| wanted == part || glob(wanted, part))
    })
}

/// Whether a word matches one with stars.
pub(super) fn glob(wanted: &str, part: &str) -> bool {
    let Some((first, rest)) = wanted.split_once('*') else {
        return false;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = part.strip_prefix(first).and_then(|p| p.strip_suffix(last));
    let Some(mut inner) = inner else {
        return false;
    };
    middle.split('*').all(|word| match inner.split_once(word) {
        Some((_, behind)) => {
            inner = behind;
            true
        }
        None => false,
    })
}

/// The folder of a path; empty for the root.
pub(crate) fn folder_of(path: &str) -> &str {
    crate::paths::split_name(path).map_or("", |(folder, _)| folder)
}
