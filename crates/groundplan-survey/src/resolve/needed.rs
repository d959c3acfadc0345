//! The projects of the repository that a project is built with, directly or behind others.

use crate::facts::{Claim, PackageDependency};
use crate::resolve::inner_projects::InnerProjects;
use crate::resolve::world::{World, folder_of};
use groundplan_model::DependencyScope;
use std::collections::{BTreeMap, BTreeSet};

/// Projects behind each other at most.
const DEEPEST: usize = 6;

/// Which project a dependency means.
pub(crate) struct Needed<'f> {
    inner: InnerProjects<'f>,
    /// By ecosystem and name of the package; none where several have the same.
    named: BTreeMap<(&'f str, &'f str), Option<usize>>,
}

impl<'f> Needed<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut named: BTreeMap<(&str, &str), Option<usize>> = BTreeMap::new();
        for (index, project) in world.projects.iter().enumerate() {
            for (package, _) in project.packages.iter().filter(|(p, _)| !p.name.is_empty()) {
                named
                    .entry((&package.ecosystem, &package.name))
                    .and_modify(|known| *known = known.filter(|k| *k == index))
                    .or_insert(Some(index));
            }
        }
        Needed {
            inner: InnerProjects::of(world),
            named,
        }
    }

    fn project(&self, world: &World<'f>, from: usize, d: &PackageDependency) -> Option<usize> {
        // A project of .NET is named by its file.
        let place = d.path.as_deref().map(|p| match p.ends_with("proj") {
            true => folder_of(p),
            false => p,
        });
        let by_place = place.and_then(|p| world.project_at(p));
        if is_elsewhere(d) {
            return None;
        }
        by_place
            .or_else(|| self.inner.project(world, &world.projects[from].folder, d))
            .or_else(|| {
                let key = (d.ecosystem.as_str(), d.name.as_str());
                self.named.get(&key).copied().flatten()
            })
    }

    /// A project and all that it is built with, apart from what only its tests need.
    pub(crate) fn all(&self, world: &World<'f>, project: usize) -> BTreeSet<usize> {
        let mut all = BTreeSet::from([project]);
        let mut edge = vec![project];
        for _ in 0..DEEPEST {
            let mut next = Vec::new();
            for from in edge {
                for fact in world.facts_of(from) {
                    if let Claim::Dependency(d) = &fact.claim
                        && !is_of_tests(d)
                        && let Some(to) = self.project(world, from, d)
                        && all.insert(to)
                    {
                        next.push(to);
                    }
                }
            }
            edge = next;
        }
        all
    }
}

/// Whether only tests and examples of a package need a dependency. Those of npm that are for development are
/// not such: a bundler takes what it finds.
pub(crate) fn is_of_tests(d: &PackageDependency) -> bool {
    d.scope == DependencyScope::Test
        || d.ecosystem == "cargo" && d.scope == DependencyScope::Development
}

/// Whether a manifest takes a package from another repository: a folder of this one with the same name is
/// not what is built.
pub(crate) fn is_elsewhere(d: &PackageDependency) -> bool {
    const HOSTS: [&str; 5] = ["bitbucket:", "git@", "gist:", "github:", "gitlab:"];
    let version = d.version.as_str();
    let address = version.split_once("://").is_some_and(|(scheme, _)| {
        let scheme = scheme.strip_prefix("git+").unwrap_or(scheme);
        matches!(scheme, "git" | "http" | "https" | "ssh")
    });
    // `owner/name#branch` is one of GitHub (<https://docs.npmjs.com/cli/configuring-npm/package-json#github-urls>).
    let short = || {
        let name = version.split('#').next().unwrap_or(version);
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
                && part.starts_with(|c: char| c.is_ascii_alphanumeric())
        };
        d.ecosystem == "npm"
            && name
                .split_once('/')
                .is_some_and(|(owner, name)| plain(owner) && plain(name))
    };
    d.path.is_none()
        && matches!(d.ecosystem.as_str(), "cargo" | "npm")
        && (address || HOSTS.iter().any(|host| version.starts_with(host)) || short())
}
