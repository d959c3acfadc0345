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
            sources.push(Source {
                folder: folder_of(&file.path),
                path: &file.path,
                starts: starts_of(file),
                imports: imports.collect(),
            });
        }
        let apart = apart(&of, &sources);
        let mut all = Packages {
            nodes: Vec::new(),
            places: BTreeMap::new(),
            next: Vec::new(),
        };
        for source in &sources {
            all.node(source.folder);
        }
        for files in apart.values() {
            for file in files {
                all.node(file.path);
            }
        }
        for source in &sources {
            let single = all.place(source.path);
            let from = single.or_else(|| all.place(source.folder)).unwrap_or(0);
            all.join(&of, &apart, source, from);
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
    fn join(
        &mut self,
        of: &Module<'_>,
        apart: &BTreeMap<&'f str, Vec<&Source<'f>>>,
        source: &Source<'f>,
        from: usize,
    ) {
        let mut to: Vec<usize> = Vec::new();
        let asks = |folder: &str, file: &Source<'_>| {
            let (Some(own), Some(other)) = (source.starts, file.starts) else {
                return false;
            };
            own.asks.iter().any(|(module, name)| {
                let meant = match module.is_empty() {
                    true => source.folder == folder,
                    false => of.folder(module).is_some_and(|f| f == folder),
                };
                meant && other.makes.binary_search(name).is_ok()
            })
        };
        for folder in &source.imports {
            to.extend(self.place(folder));
            // Nothing is known of what other files name.
            let known = source.starts.is_some();
            let files = apart.get(folder.as_str()).into_iter().flatten();
            let files = files.filter(|file| !known || asks(folder, file));
            to.extend(files.filter_map(|file| self.place(file.path)));
        }
        let beside = apart.get(source.folder).into_iter().flatten();
        let beside = beside.filter(|file| file.path != source.path && asks(source.folder, file));
        to.extend(beside.filter_map(|file| self.place(file.path)));
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

/// Files that other packages ask for a function of theirs, by package.
fn apart<'s, 'f>(
    of: &Module<'_>,
    sources: &'s [Source<'f>],
) -> BTreeMap<&'f str, Vec<&'s Source<'f>>> {
    let mut asked: BTreeSet<(String, &str)> = BTreeSet::new();
    for (module, name) in sources
        .iter()
        .filter_map(|s| s.starts)
        .flat_map(|s| &s.asks)
    {
        if !module.is_empty()
            && let Some(folder) = of.folder(module)
        {
            asked.insert((folder, name));
        }
    }
    let mut all: BTreeMap<&'f str, Vec<&'s Source<'f>>> = BTreeMap::new();
    for source in sources {
        let is_asked = |name: &String| asked.contains(&(source.folder.to_owned(), name.as_str()));
        if source.starts.is_some_and(|s| s.makes.iter().any(is_asked)) {
            all.entry(source.folder).or_default().push(source);
        }
    }
    all
}
