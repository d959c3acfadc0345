//! Programs of one module of Go that are packed into images of their own: each is a project, with
//! the packages that no other program imports
//! (<https://go.dev/doc/modules/layout#multiple-commands>).

mod packed;
mod reach;
mod unreleased;

pub(crate) use packed::argument_paths;

use crate::facts::{Claim, ImageBuild};
use crate::resolve::names::is_aside;
use crate::resolve::world::{Project, World, folder_of};
use groundplan_model::Evidence;
use reach::Packages;
use std::collections::{BTreeMap, BTreeSet};

/// A program and the images that start it.
struct Program<'f> {
    /// Folder of its `main` package.
    folder: &'f str,
    /// Its name: that of the file which an image starts.
    name: String,
    images: Vec<(&'f ImageBuild, &'f Evidence)>,
}

/// Who is built of which packages of a module.
struct Split {
    /// Of each package the program that it is told with.
    owner: Vec<Option<usize>>,
    /// The program that the rest of the module is told with.
    leader: usize,
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
                let mut programs = self.packed(module, &folders);
                self.add_unreleased(module, &folders, &mut programs);
                let packed: Vec<&'f str> = programs.iter().map(|p| p.folder).collect();
                if !self.split(module, &folders, programs) {
                    self.set_tools_aside(module, &folders, &packed);
                }
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

    /// Whether the module was parted.
    fn split(
        &mut self,
        module: usize,
        mains: &BTreeSet<&'f str>,
        programs: Vec<Program<'f>>,
    ) -> bool {
        // Where images take its code in, a single program that is known may be one of others.
        let only_released = || {
            let folder = &self.projects[module].folder;
            let within =
                |at: &Evidence| folder.is_empty() || at.path.starts_with(&format!("{folder}/"));
            let takes = |image: &ImageBuild| {
                let mut all = image.copies.iter();
                all.any(|c| c == "." || self.has_code(c.trim_end_matches('/')))
            };
            let mut released = self.released_folders();
            released.any(|of| programs.iter().all(|p| p.folder == of))
                && !self
                    .all_images()
                    .any(|(image, at)| within(at) && takes(image))
        };
        if programs.len() < 2 && !(programs.len() == 1 && only_released()) {
            return false;
        }
        let packages = Packages::of(self, module);
        let reaches: Vec<Vec<bool>> = programs
            .iter()
            .map(|program| packages.reached(program.folder))
            .collect();
        let split = Split::of(&reaches, &packages.nodes);
        let folder = self.projects[module].folder.clone();
        let named: Vec<(&'f str, String)> = mains
            .iter()
            .map(|f| (*f, main_name(f).to_owned()))
            .collect();
        let chosen = self.chosen(&folder, &named);
        let mut places: Vec<usize> = Vec::new();
        for (index, program) in programs.into_iter().enumerate() {
            let short = main_name(program.folder);
            let names = [program.name.as_str(), short];
            let names = names.into_iter().filter(|n| !n.is_empty());
            let names: Vec<String> = names.map(str::to_owned).collect();
            let at = match index == split.leader {
                true => module,
                false => self.projects.len(),
            };
            places.push(at);
            for (_, _, image) in chosen.iter().filter(|(f, ..)| *f == program.folder) {
                self.chosen.insert(image.clone(), at);
            }
            if !chosen.is_empty() {
                let names = names.iter().map(|name| ((module, name.clone()), at));
                self.chosen_names.extend(names);
            }
            self.programs.insert(program.folder, at);
            if at == module {
                let project = &mut self.projects[module];
                project.call(names);
                project.program = program.images;
                continue;
            }
            let packages = self.projects[module].packages.clone();
            let mut project = Project {
                folder: program.folder.to_owned(),
                reach: Some(folder.clone()),
                packages,
                program: program.images,
                ..Project::default()
            };
            project.call(names);
            self.projects.push(project);
        }
        for (node, owner) in split.owner.iter().enumerate() {
            let name = packages.nodes[node];
            let owner = owner.and_then(|o| places.get(o).copied());
            if let Some(at) = owner.filter(|at| *at != module) {
                self.reached.insert(name, at);
            }
            let users = reaches.iter().zip(&places);
            let others = users.filter(|(r, at)| r[node] && owner != Some(**at));
            let others: Vec<usize> = others.map(|(_, at)| *at).collect();
            if !others.is_empty() {
                self.shared.insert(name, others);
            }
        }
        let rest: Vec<&'f str> = (packages.nodes.iter().zip(&split.owner))
            .filter(|(_, owner)| owner.is_none())
            .map(|(name, _)| *name)
            .collect();
        self.set_aside(&folder, &rest);
        true
    }

    /// Puts programs aside that lie in a folder for tools beside others that do not, with the packages that
    /// they alone are built of, unless something packs them.
    fn set_tools_aside(&mut self, module: usize, mains: &BTreeSet<&'f str>, packed: &[&'f str]) {
        let root = self.projects[module].folder.clone();
        let inner = |folder: &'f str| folder.strip_prefix(root.as_str()).unwrap_or(folder);
        let (tools, others): (Vec<&'f str>, Vec<&'f str>) = mains
            .iter()
            .partition(|folder| inner(folder).split('/').any(holds_tools));
        if tools.is_empty() || others.is_empty() {
            return;
        }
        let tools = tools.into_iter().filter(|folder| !packed.contains(folder));
        let packages = Packages::of(self, module);
        let reached_by = |folder: &str| packages.reached(folder);
        let of_tools: Vec<Vec<bool>> = tools.map(reached_by).collect();
        let of_others: Vec<Vec<bool>> = (packed.iter().copied())
            .chain(others.iter().copied())
            .map(reached_by)
            .collect();
        let any = |all: &[Vec<bool>], node: usize| all.iter().any(|reached| reached[node]);
        let alone: Vec<&'f str> = (packages.nodes.iter().enumerate())
            .filter(|(node, _)| any(&of_tools, *node) && !any(&of_others, *node))
            .map(|(_, name)| *name)
            .collect();
        self.set_aside(&root, &alone);
    }

    /// Puts aside what no packed program is built of: tools of those who work on the module, and packages
    /// that nothing imports.
    fn set_aside(&mut self, root: &str, rest: &[&'f str]) {
        let outside = |name: &&&'f str| **name != root && !is_aside(&format!("{name}/x"));
        let rest: Vec<&'f str> = rest.iter().filter(outside).copied().collect();
        let Some(first) = rest.first() else {
            return;
        };
        let at = self.projects.len();
        self.projects.push(Project {
            folder: (*first).to_owned(),
            reach: Some(root.to_owned()),
            is_aside: true,
            ..Project::default()
        });
        self.reached.extend(rest.into_iter().map(|name| (name, at)));
    }

    /// Gives each program of a module those packages of the manifest that it imports. What none of them
    /// imports, such as what comes with others, stays with the program that the module is told with.
    pub(super) fn share_manifests(&mut self) {
        let programs: BTreeSet<usize> = self.programs.values().copied().collect();
        let mut needs: BTreeMap<&'f str, BTreeMap<usize, BTreeSet<&'f str>>> = BTreeMap::new();
        for &program in &programs {
            let Some(path) = self.manifest_of(program) else {
                continue;
            };
            let own = self.projects[program].own.iter();
            let own = own.map(|&i| &self.files[i]);
            let own = own.filter(|file| file.path.ends_with(".go"));
            let imports: BTreeSet<&'f str> = own
                .flat_map(|file| file.imports().map(|import| import.module()))
                .collect();
            let is_imported = |name: &str| {
                // `a-v2` stands between `a` and `a/b`.
                let below = format!("{name}/");
                let mut from = imports.range(below.as_str()..);
                imports.contains(name)
                    || from.next().is_some_and(|module| module.starts_with(&below))
            };
            let needed = self.listed(path).filter(|name| is_imported(name)).collect();
            needs.entry(path).or_default().insert(program, needed);
        }
        for (path, of) in needs {
            let place = self.files.binary_search_by(|f| f.path.as_str().cmp(path));
            for (&program, needed) in &of {
                let leads = self.projects[program].reach.is_none();
                let others = |name: &&str| of.values().any(|all| all.contains(*name));
                let listed = self.listed(path).filter(|name| !needed.contains(name));
                let left = listed.filter(|name| !leads || others(name)).collect();
                let project = &mut self.projects[program];
                project.left = left;
                if let Some(place) = place.ok().filter(|_| !leads) {
                    project.own.push(place);
                }
            }
        }
    }

    /// The manifest of the module that a program is of.
    fn manifest_of(&self, program: usize) -> Option<&'f str> {
        let mut packages = self.projects[program].packages.iter();
        let found = packages.find(|(_, at)| at.path.ends_with("go.mod"));
        found.map(|(_, at)| at.path.as_str())
    }

    /// The packages that a manifest lists.
    fn listed(&self, path: &str) -> impl Iterator<Item = &'f str> + use<'f> {
        let facts = self.file(path).into_iter().flat_map(|file| &file.facts);
        facts.filter_map(|fact| match &fact.claim {
            Claim::Dependency(d) if d.ecosystem == "go" => Some(d.name.as_str()),
            _ => None,
        })
    }

    /// Folders of the programs of a module that need a package of its manifest; none where the manifest is
    /// that of one program.
    pub(crate) fn needing(&self, manifest: &str, name: &str) -> Vec<&'f str> {
        let needs = |program: usize| {
            self.manifest_of(program) == Some(manifest)
                && !self.projects[program].left.contains(name)
        };
        let all = self.programs.iter().filter(|(_, program)| needs(**program));
        all.map(|(folder, _)| *folder).collect()
    }

    /// Whether several programs of a module are built of the package of a file.
    pub(crate) fn is_shared(&self, path: &str) -> bool {
        !self.users(path).is_empty()
    }

    /// The programs beside the owner of a file that are built of it.
    pub(super) fn users(&self, path: &str) -> &[usize] {
        if self.shared.is_empty() || !path.ends_with(".go") {
            return &[];
        }
        let found = self.shared.get(path);
        let found = found.or_else(|| self.shared.get(folder_of(path)));
        found.map_or(&[], Vec::as_slice)
    }
}

impl Split {
    /// What several are built of is told of the one with most packages of its own.
    fn of(reaches: &[Vec<bool>], nodes: &[&str]) -> Self {
        let mut weights = vec![0_usize; reaches.len()];
        let users = |node: usize| (0..reaches.len()).filter(move |&p| reaches[p][node]);
        for (node, name) in nodes.iter().enumerate() {
            let mut all = users(node);
            // Files that are told apart are no packages.
            if let (Some(only), None) = (all.next(), all.next())
                && !name.ends_with(".go")
                && let Some(weight) = weights.get_mut(only)
            {
                *weight += 1;
            }
        }
        let heaviest = |all: &mut dyn Iterator<Item = usize>| {
            all.max_by_key(|&i| (weights[i], std::cmp::Reverse(i)))
        };
        Split {
            owner: (0..nodes.len())
                .map(|node| heaviest(&mut users(node)))
                .collect(),
            leader: heaviest(&mut (0..reaches.len())).unwrap_or(0),
        }
    }
}

/// Whether a folder is called as one that holds tools of those who work on a module
/// (<https://github.com/golang-standards/project-layout#tools>).
fn holds_tools(folder: &str) -> bool {
    matches!(
        folder,
        "tools" | "tool" | "hack" | "scripts" | "script" | "misc" | "contrib" | "devtools"
    )
}

/// The name of a `main` package: that of its folder, or of what is kept in the folder above where its own
/// only says that it is a program (`services/orders/cmd`).
fn main_name(folder: &str) -> &str {
    let mut parts = folder.rsplit('/');
    let name = parts.next().unwrap_or_default();
    match (name, parts.next()) {
        ("cmd" | "main", Some(above)) => above,
        _ => name,
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
