//! Which project of the repository a dependency of Maven or Gradle means, and which project is the
//! program that another one only packs.

use crate::facts::{Claim, PackageDependency};
use crate::resolve::gradle_projects::GradleProjects;
use crate::resolve::world::World;
use groundplan_model::DependencyScope;
use std::collections::{BTreeMap, BTreeSet};

/// Projects that only pack others, behind each other at most.
const DEEPEST: usize = 4;

/// The projects of all Maven and Gradle builds.
#[derive(Debug, Default)]
pub(crate) struct InnerProjects<'f> {
    gradle: GradleProjects<'f>,
    /// By group and artifact; none where several have the same.
    maven: BTreeMap<(&'f str, &'f str), Option<usize>>,
}

impl<'f> InnerProjects<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut maven: BTreeMap<(&str, &str), Option<usize>> = BTreeMap::new();
        for (index, project) in world.projects.iter().enumerate() {
            for (package, _) in &project.packages {
                if let Some(group) = &package.group {
                    maven
                        .entry((group, &package.name))
                        .and_modify(|known| *known = known.filter(|k| *k == index))
                        .or_insert(Some(index));
                }
            }
        }
        InnerProjects {
            gradle: GradleProjects::of(world),
            maven,
        }
    }

    /// The project that a dependency of the project in the folder `from` means.
    pub(crate) fn project(
        &self,
        world: &World<'f>,
        from: &str,
        dependency: &PackageDependency,
    ) -> Option<usize> {
        if dependency.ecosystem != "maven" {
            return None;
        }
        if let Some(folder) = self.gradle.folder(from, &dependency.name) {
            return world.project_at(&folder);
        }
        let (group, artifact) = dependency.name.split_once(':')?;
        self.maven.get(&(group, artifact)).copied().flatten()
    }

    /// The projects that a project is built with, apart from its tests.
    pub(crate) fn needed(&self, world: &World<'f>, project: usize) -> BTreeSet<usize> {
        let folder = &world.projects[project].folder;
        let all = world
            .facts_of(project)
            .filter_map(|fact| match &fact.claim {
                Claim::Dependency(d) if d.scope != DependencyScope::Test => {
                    self.project(world, folder, d)
                }
                _ => None,
            });
        all.filter(|&p| p != project).collect()
    }

    /// The project whose program another one packs: one without a line of code that is built with the
    /// program. Of several dependencies the one that starts something is meant.
    pub(crate) fn packed(&self, world: &World<'f>, project: usize) -> Option<usize> {
        let mut found = project;
        for _ in 0..DEEPEST {
            if has_sources(world, found) {
                return (found != project).then_some(found);
            }
            let needed = self.needed(world, found);
            // What another of them is built with is a library of that.
            let below: BTreeSet<usize> = (needed.iter())
                .flat_map(|&p| self.needed(world, p))
                .collect();
            let top: Vec<usize> = needed.difference(&below).copied().collect();
            found = match top.as_slice() {
                [only] => *only,
                several => {
                    let mut starting = several.iter().filter(|&&p| starts(world, p));
                    let first = starting.next()?;
                    starting.next().is_none().then_some(*first)?
                }
            };
        }
        None
    }
}

/// Whether a project has code of its own beside build files.
pub(crate) fn has_sources(world: &World<'_>, project: usize) -> bool {
    let mut files = world.projects[project].own.iter();
    files.any(|&i| {
        let file = &world.files[i];
        file.language.is_code() && !file.vendored && !file.path.ends_with(".gradle.kts")
    })
}

fn starts(world: &World<'_>, project: usize) -> bool {
    world
        .facts_of(project)
        .any(|fact| matches!(&fact.claim, Claim::Entry(_)))
}
