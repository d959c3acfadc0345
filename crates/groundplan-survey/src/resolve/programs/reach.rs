//! What programs of a module of Go are built of: the packages that they import, directly or through
//! others, and of packages of commands those files that they ask for.

use super::module_of;
use crate::facts::{Claim, FileFacts, Starts};
use crate::resolve::world::{World, folder_of};
use std::collections::{BTreeMap, BTreeSet};

/// The packages of a module, and what each imports of them. Where programs ask one package for a function
/// each, every file with such a function is told apart from its package.
pub(super) struct Packages<'f> {
    /// Folders of packages, and paths of files that are told apart.
    pub(super) nodes: Vec<&'f str>,
    places: BTreeMap<&'f str, usize>,
    next: Vec<Vec<usize>>,
}

/// A file with the packages of the module that it imports.
struct Source<'f> {
    folder: &'f str,
    path: &'f str,
    starts: Option<&'f Starts>,
    /// Functions of the module that it names, with the folder of their package.
    asks: Vec<(String, &'f str)>,
    imports: BTreeSet<String>,
}

/// The folder that an import of a module means.
struct Module<'m> {
    name: &'m str,
    root: &'m str,
}

impl Module<'_> {
    fn folder(&self, import: &str) -> Option<String> {
        let rest = import.strip_prefix(self.name)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let inner = rest.trim_start_matches('/');
        Some(match (self.root.is_empty(), inner.is_empty()) {
            (true, _) => inner.to_owned(),
            (false, true) => self.root.to_owned(),
            (false, false) => format!("{}/{inner}", self.root),
        })
    }
}

fn starts_of(file: &FileFacts) -> Option<&Starts> {
    file.facts.iter().find_map(|fact| match &fact.claim {
        Claim::Starts(starts) => Some(starts.as_ref()),
        _ => None,
    })
}

impl<'f> Packages<'f> {
    pub(super) fn of(world: &World<'f>, module: usize) -> Self {
        let project = &world.projects[module];
        let of = Module {
            name: module_of(project).unwrap_or_default(),
            root: &project.folder,
        };
        let mut sources: Vec<Source<'f>> = Vec::new();
        for file in world.files.iter().filter(|f| f.path.ends_with(".go")) {
            if file.path.ends_with("_test.go") || world.project_of(&file.path) != Some(module) {
                continue;
            }
            let imports = file.imports().filter_map(|i| of.folder(i.module()));
            let (folder, starts) = (folder_of(&file.path), starts_of(file));
            let asks = starts.map_or(&[][..], |s| s.asks.as_slice()).iter();
            let asks = asks.filter_map(|(module, name)| {
                let of = match module.is_empty() {
                    true => Some(folder.to_owned()),
                    false => of.folder(module),
                };
                Some((of?, name.as_str()))
            });
            sources.push(Source {
                folder,
                path: &file.path,
                starts,
                asks: asks.collect(),
                imports: imports.collect(),
            });
        }
        let apart = Apart::of(&sources);
        let mut all = Packages {
            nodes: Vec::new(),
            places: BTreeMap::new(),
            next: Vec::new(),
        };
        for source in &sources {
            all.node(source.folder);
        }
        for path in apart.files.values().flatten() {
            all.node(path);
        }
        for source in &sources {
            let single = all.place(source.path);
            let from = single.or_else(|| all.place(source.folder)).unwrap_or(0);
            all.join(&apart, source, from);
        }
        for next in &mut all.next {
            next.sort_unstable();
            next.dedup();
        }
        all
    }

    fn node(&mut self, name: &'f str) {
        if !self.places.contains_key(name) {
            self.places.insert(name, self.nodes.len());
            self.nodes.push(name);
            self.next.push(Vec::new());
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Adds what a file leads to.
    fn join(&mut self, apart: &Apart<'f>, source: &Source<'f>, from: usize) {
        let mut to: Vec<usize> = Vec::new();
        // The files that make what this one asks a package for.
        let asked = |folder: &str| -> Vec<&'f str> {
            let asks = source.asks.iter().filter(|(of, _)| of == folder);
            let files = asks.filter_map(|(of, name)| apart.makers.get(&(of.as_str(), *name)));
            files.flatten().copied().collect()
        };
        for folder in &source.imports {
            to.extend(self.place(folder));
            // Nothing is known of what other files name.
            match source.starts {
                Some(_) => to.extend(
                    asked(folder)
                        .into_iter()
                        .filter_map(|path| self.place(path)),
                ),
                None => {
                    let files = apart.files.get(folder.as_str()).into_iter().flatten();
                    to.extend(files.filter_map(|path| self.place(path)));
                }
            }
        }
        let beside = asked(source.folder).into_iter();
        to.extend(beside.filter_map(|path| self.place(path)));
        // A file is a part of its package.
        to.extend(self.place(source.folder));
        to.retain(|&at| at != from);
        if let Some(next) = self.next.get_mut(from) {
            next.extend(to);
        }
    }

    /// What the package in a folder is built of.
    pub(super) fn reached(&self, folder: &str) -> Vec<bool> {
        let mut all = vec![false; self.nodes.len()];
        let mut next: Vec<usize> = self.place(folder).into_iter().collect();
        while let Some(at) = next.pop() {
            if let Some(known) = all.get_mut(at)
                && !std::mem::replace(known, true)
            {
                next.extend(self.next.get(at).into_iter().flatten());
            }
        }
        all
    }
}

/// Files that other packages ask for a function of theirs.
#[derive(Default)]
struct Apart<'f> {
    /// Their paths by package.
    files: BTreeMap<&'f str, Vec<&'f str>>,
    /// Their paths by package and function.
    makers: BTreeMap<(&'f str, &'f str), Vec<&'f str>>,
}

impl<'f> Apart<'f> {
    fn of(sources: &[Source<'f>]) -> Self {
        let asks = sources.iter().flat_map(|s| {
            let others = s.asks.iter().filter(move |(folder, _)| folder != s.folder);
            others.map(|(folder, name)| (folder.as_str(), *name))
        });
        let asked: BTreeSet<(&str, &str)> = asks.collect();
        let mut all = Apart::default();
        for source in sources {
            let makes = source.starts.map_or(&[][..], |s| s.makes.as_slice());
            if makes
                .iter()
                .any(|name| asked.contains(&(source.folder, name.as_str())))
            {
                all.files
                    .entry(source.folder)
                    .or_default()
                    .push(source.path);
                for name in makes {
                    let key = (source.folder, name.as_str());
                    all.makers.entry(key).or_default().push(source.path);
                }
            }
        }
        all
    }
}
