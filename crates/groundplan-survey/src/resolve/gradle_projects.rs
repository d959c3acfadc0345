//! Which folder a project of a Gradle build means: `project(':shared:model')`.

use crate::resolve::world::{World, folder_of};
use std::collections::BTreeMap;

/// The projects of all Gradle builds of a repository.
#[derive(Debug, Default)]
pub(crate) struct GradleProjects<'f> {
    /// Folders of settings.
    roots: Vec<&'f str>,
    /// Folders of projects that are called otherwise, by the folder of the settings and the path.
    aliases: BTreeMap<(&'f str, &'f str), &'f str>,
}

impl<'f> GradleProjects<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut all = GradleProjects::default();
        for (package, at) in world.projects.iter().flat_map(|p| &p.packages) {
            if package.ecosystem != "maven" || !at.path.contains("settings.gradle") {
                continue;
            }
            let root = folder_of(&at.path);
            all.roots.push(root);
            for (path, folder) in &package.aliases {
                all.aliases.insert((root, path), folder);
            }
        }
        all
    }

    /// The folder of the project `path`, as a build file in the folder `from` calls it; `None` if
    /// `path` is not one of Gradle's.
    pub(crate) fn folder(&self, from: &str, path: &str) -> Option<String> {
        let inner = path.strip_prefix(':')?.replace(':', "/");
        let holds = |root: &&&str| {
            root.is_empty()
                || from
                    .strip_prefix(**root)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let root = self
            .roots
            .iter()
            .filter(holds)
            .max_by_key(|root| root.len());
        let root = root.copied().unwrap_or_default();
        if let Some(folder) = self.aliases.get(&(root, path)) {
            return Some((*folder).to_owned());
        }
        Some(match root {
            "" => inner,
            _ => format!("{root}/{inner}"),
        })
    }
}
