//! What of the code in a unit's folder runs in it: an image holds what its build copies, and scripts
//! of developers run by hand.

use crate::resolve::names::{is_workbench_folder, plain};
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use crate::source::join;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Which files of a project run in a unit.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// Folder of the project.
    folder: String,
    /// Files and folders that the image copies; empty where that is not known.
    copied: Vec<String>,
    /// The language of most of its code.
    language: Option<Language>,
    /// What starts it.
    commands: Vec<String>,
    /// Folders of programs beside the one that runs: `cmd/shop-gen` beside `cmd/shop`.
    others: Vec<String>,
}

impl Runs {
    pub(crate) fn of(world: &World<'_>, unit: &Unit<'_>) -> Self {
        let Some(project) = unit.project.and_then(|p| world.projects.get(p)) else {
            return Runs::default();
        };
        let code = || {
            let files = project.files.iter().filter_map(|&i| world.files.get(i));
            files.filter(|f| f.language.is_code())
        };
        let mut languages: BTreeMap<&str, (usize, Language)> = BTreeMap::new();
        for file in code() {
            languages
                .entry(file.language.name())
                .or_insert((0, file.language))
                .0 += 1;
        }
        let copied = copied(unit);
        let all = code().count();
        let held = code().filter(|f| is_copied(&copied, &f.path)).count();
        // Where the image takes what was built elsewhere, its copies do not tell the source.
        let copied = if held * 2 >= all { copied } else { Vec::new() };
        let mut commands: Vec<String> = (unit.deployables.iter())
            .filter_map(|(d, _)| d.command.as_ref())
            .chain(unit.images.iter().filter_map(|(i, _)| i.command.as_ref()))
            .map(|c| c.value.clone())
            .collect();
        commands.sort();
        let others = other_programs(world, unit, &commands);
        Runs {
            others,
            folder: project.folder.clone(),
            copied,
            language: languages
                .into_values()
                .max_by_key(|(n, _)| *n)
                .map(|(_, l)| l),
            commands,
        }
    }

    /// Whether what a file does happens while the unit runs.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.has(path) && !(Language::of(path).is_code() && is_tool_config(name))
    }

    /// Whether the unit has a file with it: [`Runs::holds`], or it configures the tools that build it.
    pub(crate) fn has(&self, path: &str) -> bool {
        let hidden = |folder: &str| folder.starts_with('.') && is_workbench_folder(folder);
        // What an editor or an assistant forwards or runs, the system does not.
        if path.starts_with('.') && path.split('/').any(|f| hidden(f) || f == ".github")
            || path.contains("/.") && path.split('/').any(hidden)
        {
            return false;
        }
        let language = Language::of(path);
        if !language.is_code() {
            return true;
        }
        let within = |folder: &String| {
            let rest = path.strip_prefix(folder.as_str());
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if self.others.iter().any(within) {
            return false;
        }
        if !self.copied.is_empty() && !is_copied(&self.copied, path) {
            return false;
        }
        let inner = path.strip_prefix(self.folder.as_str()).unwrap_or(path);
        let inner = inner.trim_start_matches('/');
        let folders = folder_of(inner);
        let first = folders.split('/').next().unwrap_or_default();
        let by_hand = match first {
            "dev" | "hack" | "scripts" | "script" | "contrib" => true,
            "tools" | "tool" | "build" | "ci" => self.language.is_some_and(|l| l != language),
            _ => language == Language::Python && folders.split('/').any(|f| f == "scripts"),
        };
        let name = inner.rsplit('/').next().unwrap_or(inner);
        let stem = name.split('.').next().unwrap_or(name);
        // What is put on the path of an image is named by what starts it.
        let by_hand = by_hand || (language == Language::Python && first == "bin");
        !by_hand || self.commands.iter().any(|c| c.contains(stem))
    }
}

/// The code of each project that runs in one of its units.
#[derive(Debug, Default)]
pub(crate) struct Running(BTreeMap<usize, Vec<Runs>>);

impl Running {
    pub(crate) fn of(world: &World<'_>, units: &[Unit<'_>]) -> Self {
        let mut all = Running::default();
        for unit in units {
            if let Some(project) = unit.project {
                all.0
                    .entry(project)
                    .or_default()
                    .push(Runs::of(world, unit));
            }
        }
        all
    }

    /// Whether what a file does happens while some unit of its project runs; so it does where its
    /// project has none.
    pub(crate) fn holds(&self, world: &World<'_>, path: &str) -> bool {
        self.any(world, path, |runs| runs.holds(path))
    }

    /// Whether some unit of the project of a file has it with it, as [`Runs::has`].
    pub(crate) fn has(&self, world: &World<'_>, path: &str) -> bool {
        self.any(world, path, |runs| runs.has(path))
    }

    fn any(&self, world: &World<'_>, path: &str, is: impl Fn(&Runs) -> bool) -> bool {
        let Some(project) = world.project_of(path) else {
            return true;
        };
        let units = self.0.get(&project);
        units.map_or(!world.projects[project].is_aside, |all| all.iter().any(is))
    }
}

/// A module of Go may hold several programs, each in a folder below `cmd`
/// (<https://go.dev/doc/modules/layout#multiple-commands>): where one of them has the name of what runs,
/// the others run elsewhere or by hand.
fn other_programs(world: &World<'_>, unit: &Unit<'_>, commands: &[String]) -> Vec<String> {
    let Some(project) = unit.project.and_then(|p| world.projects.get(p)) else {
        return Vec::new();
    };
    let base = match project.folder.as_str() {
        "" => "cmd/".to_owned(),
        folder => format!("{folder}/cmd/"),
    };
    let files = project.files.iter().filter_map(|&i| world.files.get(i));
    let programs: BTreeSet<&str> = files
        .filter(|f| f.language == Language::Go)
        .filter_map(|f| f.path.strip_prefix(base.as_str())?.split_once('/'))
        .map(|(name, _)| name)
        .collect();
    if programs.len() < 2 {
        return Vec::new();
    }
    let starts = |name: &str| {
        let words = commands.iter().flat_map(|c| c.split([' ', '/', '"', ',']));
        words.into_iter().any(|word| word == name)
    };
    let named = |name: &str| {
        let key = plain(name);
        starts(name) || plain(&unit.name) == key || project.plain_names.contains(&key)
    };
    if !programs.iter().any(|name| named(name)) {
        return Vec::new();
    }
    let others = programs.into_iter().filter(|name| !named(name));
    others.map(|name| format!("{base}{name}")).collect()
}

/// Whether a file configures what builds, serves while developing, or tests: what it proxies to or
/// calls happens on no machine that runs the system.
fn is_tool_config(name: &str) -> bool {
    const TOOLS: [&str; 24] = [
        "angular",
        "astro",
        "babel",
        "craco",
        "cypress",
        "esbuild",
        "eslint",
        "gatsby-node",
        "gruntfile",
        "gulpfile",
        "jest",
        "karma",
        "playwright",
        "protractor",
        "quasar",
        "rollup",
        "rsbuild",
        "rspack",
        "setupproxy",
        "svelte",
        "vite",
        "vitest",
        "webpack",
        "wdio",
    ];
    let lower = name.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or(&lower);
    let config = lower.contains(".config.") || lower.contains(".conf.");
    let named = |tool: &str| {
        let rest = stem.strip_prefix(tool);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    match TOOLS.iter().copied().find(|tool| named(tool)) {
        Some("gruntfile" | "gulpfile" | "setupproxy" | "gatsby-node" | "webpack") => true,
        Some(_) => config,
        // `vue.config.js` holds the proxy of its development server.
        None => config && stem == "vue",
    }
}

/// What the image of a unit copies, and what is mounted into it, relative to the root.
fn copied(unit: &Unit<'_>) -> Vec<String> {
    let Some((image, at)) = unit.images.first() else {
        return Vec::new();
    };
    let context = unit.deployables.iter().find_map(|(d, _)| d.build.as_ref());
    let context = context.map_or(folder_of(&at.path), |b| b.value.as_str());
    let mut all: Vec<String> = Vec::new();
    for copy in &image.copies {
        match join(context, copy) {
            Some(path) if !path.is_empty() && !path.contains('$') => all.push(path),
            // All of the tree, or nobody knows what.
            _ => return Vec::new(),
        }
    }
    for (deployable, at) in &unit.deployables {
        for volume in &deployable.volumes {
            let source = volume.value.split(':').next().unwrap_or_default();
            if source.contains(['.', '/']) {
                match join(folder_of(&at.path), source) {
                    Some(path) if path.is_empty() => return Vec::new(),
                    Some(path) => all.push(path),
                    None => {}
                }
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

fn is_copied(copied: &[String], path: &str) -> bool {
    copied.iter().any(|c| match c.split_once('*') {
        Some((head, _)) => path.starts_with(head),
        None => path
            .strip_prefix(c.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    })
}
