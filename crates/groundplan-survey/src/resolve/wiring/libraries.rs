//! Modules of the repository that others are built with.

use super::guesses::is_runtime;
use crate::facts::Claim;
use crate::resolve::names::is_aside;
use crate::resolve::needed::is_elsewhere;
use crate::resolve::world::{World, folder_of};
use std::collections::{BTreeMap, BTreeSet};

/// Modules of the repository that nothing runs by themselves, with who is built with them.
pub(super) struct Libraries {
    needs: BTreeMap<usize, BTreeSet<usize>>,
    run: BTreeSet<usize>,
    /// How many run projects need each library, directly or through others.
    users: BTreeMap<usize, usize>,
}

impl Libraries {
    /// Of the projects that are run.
    pub(super) fn of(world: &World<'_>, run: impl Iterator<Item = usize>) -> Self {
        let run: BTreeSet<usize> = run.collect();
        let mut named: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (index, project) in world.projects.iter().enumerate() {
            for (package, _) in project.packages.iter().filter(|_| !project.is_aside) {
                if !package.name.is_empty() {
                    named.insert((&package.ecosystem, &package.name), index);
                }
            }
        }
        let mut needs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        if named.len() > 1 {
            for (index, project) in world.projects.iter().enumerate() {
                let manifests: BTreeSet<&str> = project
                    .packages
                    .iter()
                    .map(|(_, at)| at.path.as_str())
                    .collect();
                let facts = world.facts_of(index);
                for fact in facts.filter(|f| manifests.contains(f.at.path.as_str())) {
                    let Claim::Dependency(d) = &fact.claim else {
                        continue;
                    };
                    if is_elsewhere(d) {
                        continue;
                    }
                    let by_path = || {
                        let path = d.path.as_deref().filter(|p| !is_aside(p))?;
                        let folder = world.project_at(path);
                        folder.or_else(|| world.project_at(folder_of(path)))
                    };
                    let name = (d.ecosystem.as_str(), d.name.as_str());
                    let to = named.get(&name).copied().or_else(by_path);
                    if let Some(to) = to.filter(|to| *to != index && is_runtime(d.scope)) {
                        needs.entry(index).or_default().insert(to);
                    }
                }
            }
        }
        let mut all = Libraries {
            needs,
            run,
            users: BTreeMap::new(),
        };
        let mut users: BTreeMap<usize, usize> = BTreeMap::new();
        for &project in &all.run {
            for library in all.closure(project) {
                *users.entry(library).or_default() += 1;
            }
        }
        all.users = users;
        all
    }

    fn closure(&self, project: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut next = vec![project];
        while let Some(at) = next.pop() {
            for &other in self.needs.get(&at).into_iter().flatten() {
                if !self.run.contains(&other) && seen.insert(other) {
                    next.push(other);
                }
            }
        }
        seen
    }

    /// The libraries that a part is built with, each with whether it is so alone.
    pub(super) fn below(&self, project: usize) -> Vec<(usize, bool)> {
        let alone = |library: usize| self.users.get(&library) == Some(&1);
        let all = self.closure(project).into_iter();
        all.map(|library| (library, alone(library))).collect()
    }
}
