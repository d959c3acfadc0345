//! Paths of NestJS as a caller reaches them: version and prefix of the program before each.

use crate::extractors::nest_bootstrap::{EXCLUDED, VERSION, VERSIONED};
use crate::extractors::nest_modules::{CONTROLLER, HOLDS, ROUTED};
use crate::facts::{Endpoint, Mount};
use crate::http_paths::{self, UNREAD};
use crate::resolve::world::folder_of;
use std::collections::{BTreeMap, BTreeSet};

/// What one start of a program says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Start {
    prefix: Option<String>,
    excluded: Vec<String>,
    /// What stands before a version, and the versions of routes that name none.
    versions: Option<(String, Vec<String>)>,
}

/// The starts of all programs by project, each with the file that holds it.
#[derive(Debug, Default)]
pub(crate) struct NestPaths<'f> {
    all: BTreeMap<Option<usize>, BTreeMap<&'f str, Start>>,
    /// Controllers by the file that has them.
    controllers: BTreeMap<&'f str, BTreeSet<&'f str>>,
    /// Modules that hold a controller.
    modules: BTreeMap<(Option<usize>, &'f str), BTreeSet<&'f str>>,
    /// What the program puts before all that a module holds.
    routed: BTreeMap<(Option<usize>, &'f str), BTreeSet<&'f str>>,
}

impl<'f> NestPaths<'f> {
    /// Takes in a mount whose target starts with `nest_bootstrap::PREFIX`.
    pub(crate) fn add(&mut self, project: Option<usize>, path: &'f str, mount: &'f Mount) {
        let target = mount.target.as_str();
        if let Some(name) = target.strip_prefix(CONTROLLER) {
            self.controllers.entry(path).or_default().insert(name);
            return;
        }
        if let Some(module) = target.strip_prefix(HOLDS) {
            let controller = mount.router.as_deref().unwrap_or_default();
            let of = self.modules.entry((project, controller)).or_default();
            of.insert(module);
            return;
        }
        if let Some(module) = target.strip_prefix(ROUTED) {
            let of = self.routed.entry((project, module)).or_default();
            of.insert(&mount.prefix);
            return;
        }
        let start = self
            .all
            .entry(project)
            .or_default()
            .entry(path)
            .or_default();
        match mount.target.as_str() {
            EXCLUDED => start.excluded.push(mount.prefix.clone()),
            VERSIONED => {
                let before = mount.router.clone().unwrap_or_default();
                let known = start.versions.get_or_insert((before, Vec::new()));
                known.1.push(mount.prefix.clone());
            }
            _ => match &start.prefix {
                Some(known) if *known != mount.prefix => start.prefix = Some(UNREAD.to_owned()),
                _ => start.prefix = Some(mount.prefix.clone()),
            },
        }
    }

    /// The start that the routes of a file are part of: the only one, or that of the folder around.
    fn of(&self, project: Option<usize>, path: &str) -> Result<Option<&Start>, ()> {
        let Some(all) = self.all.get(&project) else {
            return Ok(None);
        };
        let around = all.iter().filter(|(at, _)| {
            let folder = folder_of(at);
            folder.is_empty() || path.starts_with(folder) && path[folder.len()..].starts_with('/')
        });
        if let Some((_, start)) = around.max_by_key(|(at, _)| folder_of(at).len()) {
            return Ok(Some(start));
        }
        let mut starts = all.values();
        let first = starts.next();
        match starts.all(|other| Some(other) == first) {
            true => Ok(first),
            false => Err(()),
        }
    }

    /// What `RouterModule` puts before the controllers of a file: where they are of several modules, or a module
    /// stands at several places, nobody knows which is meant.
    fn of_module(&self, project: Option<usize>, path: &str) -> Option<&str> {
        if self.routed.is_empty() {
            return None;
        }
        let controllers = self.controllers.get(path)?.iter();
        let modules = controllers.filter_map(|name| self.modules.get(&(project, *name)));
        let places = modules
            .flatten()
            .map(|name| self.routed.get(&(project, *name)));
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for of in places {
            match of {
                Some(prefixes) => all.extend(prefixes),
                None => {
                    all.insert("");
                }
            }
        }
        match all.len() {
            0 => None,
            1 => all.pop_first(),
            _ => Some(UNREAD),
        }
    }

    /// The paths of an endpoint, without its version and as a caller reaches it.
    pub(crate) fn placed(
        &self,
        project: Option<usize>,
        path: &str,
        endpoint: &Endpoint,
    ) -> Vec<String> {
        let before = self
            .of_module(project, path)
            .filter(|before| !before.is_empty());
        let bare = &match before {
            Some(before) => http_paths::join(before, &endpoint.path),
            None => endpoint.path.clone(),
        };
        let start = match self.of(project, path) {
            Ok(None) => return vec![bare.clone()],
            Ok(Some(start)) => start,
            Err(()) => return vec![http_paths::join(UNREAD, bare)],
        };
        let named = endpoint
            .router
            .as_deref()
            .and_then(|r| r.strip_prefix(VERSION));
        let versions: Vec<String> = match &start.versions {
            None => vec![String::new()],
            Some((before, defaults)) => {
                let all = match named {
                    Some(version) => vec![version.to_owned()],
                    None => defaults.clone(),
                };
                let one = |v: String| match v.as_str() {
                    "" => String::new(),
                    _ if v.contains(['…', '{']) || before.contains('…') => UNREAD.to_owned(),
                    _ => format!("/{before}{v}"),
                };
                all.into_iter().map(one).collect()
            }
        };
        let excluded = start.excluded.iter().any(|pattern| fits(pattern, bare));
        let prefix = start
            .prefix
            .as_deref()
            .filter(|_| !excluded)
            .unwrap_or_default();
        let whole = |version: String| {
            if bare.starts_with(UNREAD) {
                return bare.clone();
            }
            let path = match version.is_empty() {
                true => bare.clone(),
                false => http_paths::join(&version, bare),
            };
            match prefix.trim_matches('/').is_empty() {
                true => path,
                false => http_paths::join(prefix, &path),
            }
        };
        let mut all: Vec<String> = versions.into_iter().map(whole).collect();
        all.dedup();
        all
    }
}

/// Whether a path that is left out is this one: `health`, `files/(.*)`, `files/{*rest}`, `a/:id`.
fn fits(pattern: &str, path: &str) -> bool {
    let cut = pattern.find(['(', '*']).map(|at| &pattern[..at]);
    if let Some(begin) = cut {
        let begin = begin.trim_end_matches(['{', '/', ':']);
        let rest = path.strip_prefix(begin);
        return begin.len() > 1 && rest.is_some_and(|r| r.is_empty() || r.starts_with('/'));
    }
    crate::resolve::described::shape(&http_paths::template(pattern))
        == crate::resolve::described::shape(path)
}
