//! Programs of one module of Go that are packed into images of their own: each is a project, with
//! the packages that no other program imports
//! (<https://go.dev/doc/modules/layout#multiple-commands>).

use crate::extractors::published_images;
use crate::facts::{Claim, ImageBuild};
use crate::resolve::builds::{self, is_variant};
use crate::resolve::names::is_aside;
use crate::resolve::world::{Project, World, folder_of, tail};
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// A program and the images that start it.
struct Program<'f> {
    /// Folder of its `main` package.
    folder: String,
    /// Its name: that of the file which an image starts.
    name: String,
    images: Vec<(&'f ImageBuild, &'f Evidence)>,
    /// Folders of the packages that it is built of.
    reaches: BTreeSet<String>,
}

impl<'f> World<'f> {
    /// Makes a project of each program of a module that has an image of its own. The one with most
    /// code of its own stays the project of the module. Has to run before files are given to projects.
    pub(super) fn split_programs(&mut self) {
        let modules: Vec<usize> = (0..self.projects.len())
            .filter(|&p| module_of(&self.projects[p]).is_some() && !self.projects[p].is_aside)
            .collect();
        if modules.is_empty() {
            return;
        }
        let mains = self.mains(&modules);
        for (module, folders) in mains {
            if folders.len() > 1 {
                self.split(module, &folders);
            } else if let Some(folder) = folders.first() {
                self.name_after(module, folder);
            }
        }
    }

    /// The only program of a module is called as its folder below `cmd`, whatever the module is called.
    fn name_after(&mut self, module: usize, folder: &str) {
        let mut parts = folder.rsplit('/');
        let (name, above) = (parts.next().unwrap_or_default(), parts.next());
        let usual = matches!(name, "api" | "app" | "cli" | "main" | "server" | "service");
        if above == Some("cmd") && !usual && !name.is_empty() {
            let project = &mut self.projects[module];
            let own = project.names.clone();
            project.call(own.into_iter().chain([name.to_owned()]).collect());
        }
    }

    /// Folders of `main` packages by module.
    fn mains(&self, modules: &[usize]) -> BTreeMap<usize, BTreeSet<&'f str>> {
        let mut all: BTreeMap<usize, BTreeSet<&'f str>> = BTreeMap::new();
        for file in self.files.iter().filter(|f| f.path.ends_with(".go")) {
            let starts = |fact: &crate::facts::Fact| matches!(&fact.claim, Claim::Entry(e) if e.kind == "main");
            if file.facts.iter().any(starts)
                && !is_aside(&file.path)
                && let Some(project) = self.project_of(&file.path).filter(|p| modules.contains(p))
            {
                all.entry(project)
                    .or_default()
                    .insert(folder_of(&file.path));
            }
        }
        all
    }

    fn split(&mut self, module: usize, mains: &BTreeSet<&'f str>) {
        let mut programs = self.packed(module, mains);
        if programs.len() < 2 {
            return;
        }
        let imports = self.packages_of(module);
        for program in &mut programs {
            program.reaches = reached(&imports, &program.folder);
        }
        let alone = |own: usize| {
            let others = |folder: &&String| {
                let mut all = programs.iter().enumerate();
                !all.any(|(i, p)| i != own && p.reaches.contains(*folder))
            };
            programs[own].reaches.iter().filter(others).count()
        };
        let weights: Vec<usize> = (0..programs.len()).map(alone).collect();
        // What several are built of is told of the one with most packages of its own.
        let heaviest = |all: &mut dyn Iterator<Item = usize>| {
            all.max_by_key(|&i| (weights[i], std::cmp::Reverse(i)))
        };
        let leader = heaviest(&mut (0..programs.len())).unwrap_or(0);
        let owner = |folder: &String| {
            let reach = |i: &usize| programs[*i].reaches.contains(folder);
            heaviest(&mut (0..programs.len()).filter(reach))
        };
        let own: Vec<BTreeSet<String>> = programs
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let all = p.reaches.iter().filter(|f| owner(f) == Some(i));
                all.cloned().collect()
            })
            .collect();
        let folder = self.projects[module].folder.clone();
        let named: Vec<(&'f str, String)> = mains
            .iter()
            .map(|f| (*f, f.rsplit('/').next().unwrap_or(f).to_owned()))
            .collect();
        let chosen = self.chosen(&folder, &named);
        for (index, (program, own)) in programs.into_iter().zip(own).enumerate() {
            let short = program.folder.rsplit('/').next().unwrap_or_default();
            let names = [program.name.as_str(), short];
            let names = names.into_iter().filter(|n| !n.is_empty());
            let names: Vec<String> = names.map(str::to_owned).collect();
            let shared: BTreeSet<String> = program.reaches.difference(&own).cloned().collect();
            let at = match index == leader {
                true => module,
                false => self.projects.len(),
            };
            for (_, _, image) in chosen.iter().filter(|(f, ..)| *f == program.folder) {
                self.chosen.insert(image.clone(), at);
            }
            if !chosen.is_empty() {
                let names = names.iter().map(|name| ((module, name.clone()), at));
                self.chosen_names.extend(names);
            }
            if index == leader {
                let project = &mut self.projects[module];
                project.call(names);
                project.program = program.images;
                self.shared.insert(module, shared);
                continue;
            }
            let packages = self.projects[module].packages.clone();
            let mut project = Project {
                folder: program.folder.clone(),
                reach: Some(folder.clone()),
                packages,
                program: program.images,
                ..Project::default()
            };
            project.call(names);
            self.projects.push(project);
            self.reached.extend(own.into_iter().map(|f| (f, at)));
            self.shared.insert(at, shared);
        }
    }

    /// The programs of a module that some image starts, each once.
    fn packed(&self, module: usize, mains: &BTreeSet<&'f str>) -> Vec<Program<'f>> {
        let of_module = module_of(&self.projects[module]).unwrap_or_default();
        let root = &self.projects[module].folder;
        let name_of = |folder: &'f str| match folder == root {
            true => tail(of_module).unwrap_or_default().to_owned(),
            false => folder.rsplit('/').next().unwrap_or(folder).to_owned(),
        };
        let mains: Vec<(&'f str, String)> = mains.iter().map(|f| (*f, name_of(f))).collect();
        let is_called = |program: &str, main: &str| {
            let rest = program.strip_suffix(main);
            !main.is_empty()
                && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(['-', '_', '.']))
        };
        let mut all: BTreeMap<&'f str, Program<'f>> = BTreeMap::new();
        let mut images: Vec<(&'f ImageBuild, &'f Evidence)> = self
            .all_images()
            .flat_map(|(image, at)| {
                let stages = image.targets.iter().map(move |(_, stage)| (stage, at));
                std::iter::once((image, at)).chain(stages)
            })
            .filter(|(_, at)| {
                let within = root.is_empty() || at.path.starts_with(&format!("{root}/"));
                let mut words = at.path.split(['/', '.', '-', '_']);
                within && !is_aside(&at.path) && !words.any(is_variant)
            })
            .collect();
        images.sort_by_key(|(_, at)| (at.path.matches('/').count(), &at.path));
        for (image, at) in images {
            let started = started_program(image).and_then(|program| {
                let fits = mains.iter().filter(|(_, main)| is_called(program, main));
                let (folder, _) = fits.max_by_key(|(_, main)| main.len())?;
                Some((*folder, program.to_owned()))
            });
            // What it starts may have a common name; then the command that built it names the folder.
            let built = || {
                let [only] = image.programs.as_slice() else {
                    return None;
                };
                let is_at = |folder: &str| {
                    let above = folder.strip_suffix(only.as_str());
                    above.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
                };
                let mut fits = mains.iter().filter(|(folder, _)| is_at(folder));
                let (folder, main) = fits.next()?;
                fits.next().is_none().then(|| (*folder, main.clone()))
            };
            let Some((folder, program)) = started.or_else(built) else {
                continue;
            };
            let known = all.entry(folder).or_insert_with(|| Program {
                folder: folder.to_owned(),
                name: program,
                images: Vec::new(),
                reaches: BTreeSet::new(),
            });
            known.images.push((image, at));
        }
        for (folder, image, _) in self.chosen(root, &mains) {
            let known = all.entry(folder).or_insert_with(|| Program {
                folder: folder.to_owned(),
                name: folder.rsplit('/').next().unwrap_or(folder).to_owned(),
                images: Vec::new(),
                reaches: BTreeSet::new(),
            });
            if !known.images.iter().any(|(_, at)| *at == image.1) {
                known.images.push(image);
            }
        }
        // One image that holds all programs starts each by the command of its container.
        for (_, fact) in self.facts() {
            let Claim::Deployable(deployable) = &fact.claim else {
                continue;
            };
            let Some(program) = deployable
                .command
                .as_ref()
                .and_then(|c| first_word(&c.value))
            else {
                continue;
            };
            let mut fits = mains.iter().filter(|(_, main)| program == main);
            let image = builds::of_deployable(self, deployable);
            let image =
                image.filter(|(_, at)| root.is_empty() || at.path.starts_with(&format!("{root}/")));
            let (Some((folder, _)), Some(image)) = (fits.next(), image) else {
                continue;
            };
            let known = all.entry(folder).or_insert_with(|| Program {
                folder: (*folder).to_owned(),
                name: program.to_owned(),
                images: Vec::new(),
                reaches: BTreeSet::new(),
            });
            if !known.images.iter().any(|(_, at)| *at == image.1) {
                known.images.push(image);
            }
        }
        all.into_values().collect()
    }

    /// Programs that one build file makes, whichever an argument of the build says (`./cmd/${SVC}`), and
    /// that workloads pull as images of their names, several under one owner: folder, build and image.
    fn chosen(
        &self,
        root: &str,
        mains: &[(&'f str, String)],
    ) -> Vec<(&'f str, builds::Image<'f>, String)> {
        let within = |path: &str| root.is_empty() || path.starts_with(&format!("{root}/"));
        let usual = |at: &Evidence| {
            let mut words = at.path.split(['/', '.', '-', '_']);
            within(&at.path) && !is_aside(&at.path) && !words.any(is_variant)
        };
        let mut builders: Vec<(&str, builds::Image<'f>)> = self
            .all_images()
            .filter(|(_, at)| usual(at))
            .flat_map(|(image, at)| {
                let all = image.programs.iter().filter(|p| p.contains('*'));
                all.map(move |pattern| (pattern.as_str(), (image, at)))
            })
            .collect();
        builders.sort_by_key(|(_, (_, at))| (at.path.matches('/').count(), &at.path));
        let inner = |folder: &'f str| match root.is_empty() {
            true => folder,
            false => folder
                .strip_prefix(root)
                .unwrap_or(folder)
                .trim_start_matches('/'),
        };
        let fits = |pattern: &str, folder: &'f str| match pattern.split_once('*') {
            Some(("", "")) => inner(folder).starts_with("cmd/"),
            Some((begin, end)) => {
                let folder = inner(folder);
                folder.len() > begin.len() + end.len()
                    && folder.starts_with(begin)
                    && folder.ends_with(end)
            }
            None => false,
        };
        let mut found: BTreeMap<String, Vec<(&'f str, builds::Image<'f>, String)>> =
            BTreeMap::new();
        if builders.is_empty() {
            return Vec::new();
        }
        for (_, fact) in self.facts() {
            let Claim::Deployable(deployable) = &fact.claim else {
                continue;
            };
            let pulled = deployable
                .image
                .as_ref()
                .filter(|_| deployable.build.is_none());
            let Some(name) = pulled.and_then(|image| published_images::bare(&image.value)) else {
                continue;
            };
            let (owner, last) = name.rsplit_once('/').unwrap_or(("", &name));
            let Some((folder, _)) = mains.iter().find(|(_, main)| main == last) else {
                continue;
            };
            let builder = builders.iter().find(|(pattern, _)| fits(pattern, folder));
            if let Some((_, image)) = builder.filter(|_| !owner.is_empty()) {
                let of_owner = found.entry(owner.to_owned()).or_default();
                if !of_owner.iter().any(|(known, ..)| known == folder) {
                    of_owner.push((folder, *image, name.clone()));
                }
            }
        }
        found
            .into_values()
            .filter(|all| all.len() > 1)
            .flatten()
            .collect()
    }

    /// Folders of the packages of a module, each with those that it imports.
    fn packages_of(&self, module: usize) -> BTreeMap<&'f str, BTreeSet<String>> {
        let name = module_of(&self.projects[module]).unwrap_or_default();
        let root = &self.projects[module].folder;
        let mut all: BTreeMap<&'f str, BTreeSet<String>> = BTreeMap::new();
        for file in self.files.iter().filter(|f| f.path.ends_with(".go")) {
            if file.path.ends_with("_test.go") || self.project_of(&file.path) != Some(module) {
                continue;
            }
            let own = all.entry(folder_of(&file.path)).or_default();
            for import in file.imports() {
                if let Some(rest) = import.module().strip_prefix(name)
                    && (rest.is_empty() || rest.starts_with('/'))
                {
                    let inner = rest.trim_start_matches('/');
                    own.insert(match (root.is_empty(), inner.is_empty()) {
                        (true, _) => inner.to_owned(),
                        (false, true) => root.clone(),
                        (false, false) => format!("{root}/{inner}"),
                    });
                }
            }
        }
        all
    }
}

/// The path of a module of Go.
fn module_of<'p>(project: &'p Project<'_>) -> Option<&'p str> {
    let mut packages = project.packages.iter();
    let found = packages.find(|(package, _)| package.ecosystem == "go" && !package.name.is_empty());
    found.map(|(package, _)| package.name.as_str())
}

/// The file that an image starts; nothing where that is a script.
fn started_program(image: &ImageBuild) -> Option<&str> {
    first_word(&image.command.as_ref()?.value)
}

/// The name of the program that a command starts.
pub(crate) fn first_word(command: &str) -> Option<&str> {
    let words = command.split_whitespace();
    let mut words = words.filter(|w| !matches!(*w, "exec" | "tini" | "dumb-init" | "--" | "-g"));
    let name = words.next()?.trim_matches(['"', '\'']).rsplit('/').next()?;
    (!name.ends_with(".sh")).then_some(name)
}

fn reached(imports: &BTreeMap<&str, BTreeSet<String>>, main: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::from([main.to_owned()]);
    let mut next = vec![main.to_owned()];
    while let Some(folder) = next.pop() {
        for found in imports.get(folder.as_str()).into_iter().flatten() {
            if imports.contains_key(found.as_str()) && all.insert(found.clone()) {
                next.push(found.clone());
            }
        }
    }
    all
}
