//! Prefixes of route files of Laravel: from the provider or route file that takes each in.

use crate::extractors::{LARAVEL_FILE, LARAVEL_GONE, is_laravel_gone};
use crate::facts::{Endpoint, Handler, Mount};
use crate::http_paths;
use crate::resolve::world::{World, folder_of};
use std::collections::{BTreeMap, BTreeSet};

/// Route files in route files at most.
const DEEPEST: u8 = 12;

/// Prefixes at which one file is taken in, at most.
const MOST: usize = 6;

/// Which file takes in which other, and below which prefix.
#[derive(Debug, Default)]
pub(crate) struct LaravelPaths<'f> {
    mounts: Vec<(&'f str, &'f Mount)>,
    /// By the file that is taken in.
    edges: BTreeMap<&'f str, Vec<(&'f str, &'f Mount)>>,
    /// Controllers by the name of the class.
    controllers: BTreeMap<&'f str, Vec<&'f Handler>>,
}

/// A prefix, and what stands before routes below it.
type Placed = (String, Vec<String>);

/// What a resource of Laravel asks of its controller.
const ACTIONS: [&str; 7] = [
    "index", "create", "store", "show", "edit", "update", "destroy",
];

impl<'f> LaravelPaths<'f> {
    /// Takes in a mount whose target starts with [`LARAVEL_FILE`].
    pub(crate) fn add(&mut self, path: &'f str, mount: &'f Mount) {
        self.mounts.push((path, mount));
    }

    /// Takes in a controller whose methods were read.
    pub(crate) fn controller(&mut self, handler: &'f Handler) {
        let all = self.controllers.entry(&handler.name).or_default();
        all.push(handler);
    }

    /// Whether a route leads to an action of a resource that its controller does not have: the line that
    /// makes a resource makes the routes of all actions, and those without a method answer nobody.
    pub(crate) fn lacks(&self, handler: Option<&str>) -> bool {
        let Some((class, action)) = handler.and_then(|h| h.split_once("::")) else {
            return false;
        };
        let Some(all) = self.controllers.get(class) else {
            return false;
        };
        // What a class takes from a base or a trait that was not read may be any method.
        let of_base = |base: &String| match self.controllers.get(base.as_str()) {
            Some(bases) => bases.iter().any(|b| has(b, action)),
            None => base != "Controller",
        };
        let lacks = |c: &&Handler| !has(c, action) && !c.more && !c.bases.iter().any(of_base);
        ACTIONS.contains(&action) && all.iter().all(lacks)
    }

    /// Finds the files that the mounts mean.
    pub(crate) fn join(&mut self, world: &World<'f>) {
        if self.mounts.is_empty() {
            return;
        }
        let sources: Vec<&'f str> = (world.files.iter())
            .map(|file| file.path.as_str())
            .filter(|path| path.ends_with(".php"))
            .collect();
        for (from, mount) in std::mem::take(&mut self.mounts) {
            let target = mount.target.strip_prefix(LARAVEL_FILE).unwrap_or_default();
            let Some(file) = meant(&sources, from, target, world) else {
                continue;
            };
            if file != from {
                let all = self.edges.entry(file).or_default();
                all.push((from, mount));
            }
        }
    }

    /// All prefixes of the routes of a file with what stands before them, at least one.
    fn prefixes(&self, path: &str, framework: &str, depth: u8) -> Vec<Placed> {
        let Some(edges) = self.edges.get(path).filter(|_| depth < DEEPEST) else {
            // What the framework does where nobody says otherwise
            // (<https://laravel.com/docs/routing#api-routes>).
            let usual = framework == "laravel"
                && (path == "routes/api.php" || path.ends_with("/routes/api.php"));
            return vec![match usual {
                true => ("/api".to_owned(), Vec::new()),
                false => Placed::default(),
            }];
        };
        let mut all = BTreeSet::new();
        for (from, mount) in edges {
            // A provider is no file of routes: it stands below nothing.
            for (outer, mut names) in self.prefixes(from, "", depth + 1) {
                names.extend(mount.depends.iter().cloned());
                let whole = match mount.prefix.is_empty() {
                    true => outer,
                    false => http_paths::join(&outer, &mount.prefix),
                };
                all.insert((whole, names));
            }
        }
        all.into_iter().take(MOST).collect()
    }

    /// Whether another file takes one in.
    pub(crate) fn takes_in(&self, file: &str) -> bool {
        self.edges.contains_key(file)
    }

    /// An endpoint of a file as callers reach it, with what stands before the files that take that one in.
    pub(crate) fn placed(&self, file: &str, endpoint: &Endpoint) -> Vec<Endpoint> {
        let path = endpoint.path.as_str();
        let one = |(prefix, names): Placed| {
            let whole = match prefix.is_empty() {
                true => path.to_owned(),
                false => http_paths::join(&prefix, path),
            };
            let mut made = Endpoint {
                path: http_paths::from_unread(whole),
                ..endpoint.clone()
            };
            let added = names.iter().filter(|name| !endpoint.guards.contains(name));
            made.guards.extend(added.cloned());
            // Where the file is taken in something may be taken off, too.
            let all = made.guards.clone();
            let mark = |name: &String| name.starts_with(LARAVEL_GONE);
            let stays = |name: &String| mark(name) || !is_laravel_gone(&all, name);
            made.guards.retain(stays);
            made
        };
        let all = self.prefixes(file, &endpoint.framework, 0);
        all.into_iter().map(one).collect()
    }
}

/// Whether a controller itself has a method.
fn has(controller: &Handler, action: &str) -> bool {
    controller.methods.iter().any(|method| method == action)
}

/// The file that a target means; of several that end alike the one nearest to who names it.
fn meant<'f>(sources: &[&'f str], from: &str, target: &str, world: &World<'_>) -> Option<&'f str> {
    let (kind, path) = target.split_at_checked(1)?;
    let exactly = |whole: &str| sources.iter().copied().find(|s| *s == whole);
    match kind {
        "=" => exactly(path),
        "~" => {
            let project = world.project_of(from);
            let folder = project.map_or("", |p| world.projects[p].folder.as_str());
            let mut whole = String::from(folder);
            if !whole.is_empty() {
                whole.push('/');
            }
            whole.push_str(path);
            exactly(&whole).or_else(|| nearest(sources, from, path))
        }
        _ => nearest(sources, from, path),
    }
}

fn nearest<'f>(sources: &[&'f str], from: &str, path: &str) -> Option<&'f str> {
    let shared = |other: &str| {
        let (a, b) = (folder_of(from).split('/'), folder_of(other).split('/'));
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let ends = |whole: &str| {
        let rest = whole.strip_suffix(path);
        rest.is_some_and(|r| r.is_empty() || r.ends_with('/'))
    };
    sources
        .iter()
        .copied()
        .filter(|source| ends(source))
        .max_by_key(|source| (shared(source), std::cmp::Reverse((source.len(), *source))))
}
