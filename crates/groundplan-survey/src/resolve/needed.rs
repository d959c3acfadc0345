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
                        && d.scope != DependencyScope::Test
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
