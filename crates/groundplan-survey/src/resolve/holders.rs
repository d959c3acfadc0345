//! Which units hold a configuration file: those that mount it or copy it into their image, and only
//! where nobody does, those in whose source it lies.

use crate::facts::Claim;
use crate::resolve::settings::Value;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use crate::source::join;
use std::collections::{BTreeMap, BTreeSet};

/// Files and folders by what units do with them.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    /// Mounted or copied files and folders, with their units.
    placed: BTreeMap<String, BTreeSet<usize>>,
    /// Folders of builds, with their units; the root is none, since everything lies in it.
    built: BTreeMap<String, BTreeSet<usize>>,
    /// Units by project.
    projects: BTreeMap<usize, BTreeSet<usize>>,
}

impl Holders {
    pub(crate) fn new(world: &World<'_>, units: &[Unit<'_>]) -> Self {
        let mut all = Holders::default();
        for (index, unit) in units.iter().enumerate() {
            for (deployable, at) in &unit.deployables {
                let folder = folder_of(&at.path);
                for volume in &deployable.volumes {
                    if let Some(path) = mounted(folder, &volume.value) {
                        all.placed.entry(path).or_default().insert(index);
                    }
                }
                if let Some(build) = &deployable.build {
                    let file = deployable.dockerfile.as_deref().map(folder_of);
                    let inner = file.filter(|f| f.len() > build.value.len());
                    let folder = inner.unwrap_or(&build.value);
                    if !folder.is_empty() {
                        all.built
                            .entry(folder.to_owned())
                            .or_default()
                            .insert(index);
                    }
                }
            }
            for (image, at) in &unit.images {
                let context = unit.deployables.iter().find_map(|(d, _)| d.build.as_ref());
                let context = context.map_or(folder_of(&at.path), |b| b.value.as_str());
                // A whole context that is copied is the source, not a choice of files.
                for copy in image.copies.iter().filter(|c| *c != ".") {
                    if let Some(path) = join(context, copy)
                        && !path.is_empty()
                    {
                        all.placed.entry(path).or_default().insert(index);
                    }
                }
            }
            // What only a variant mounts is held by the same part.
            for (deployable, at) in &unit.others {
                for volume in &deployable.volumes {
                    if let Some(path) = mounted(folder_of(&at.path), &volume.value)
                        && world.is_file(&path)
                    {
                        all.placed.entry(path).or_default().insert(index);
                    }
                }
            }
            // What only its configuration shows holds that.
            if unit.project.is_none() && unit.deployables.is_empty() && unit.others.is_empty() {
                for at in &unit.evidence {
                    all.placed.entry(at.path.clone()).or_default().insert(index);
                }
            }
            if let Some(project) = unit.project {
                all.projects.entry(project).or_default().insert(index);
            }
        }
        // A file that only a stand for tests mounts is nobody's, wherever it lies.
        for file in world.files {
            for fact in &file.facts {
                let Claim::Deployable(deployable) = &fact.claim else {
                    continue;
                };
                for volume in &deployable.volumes {
                    if let Some(path) = mounted(folder_of(&fact.at.path), &volume.value)
                        && world.is_file(&path)
                    {
                        all.placed.entry(path).or_default();
                    }
                }
            }
        }
        // A copied folder that holds whole projects is source as well.
        let projects = &world.projects;
        all.placed
            .retain(|path, _| !projects.iter().any(|p| within(&p.folder, path)));
        all
    }

    /// The units that mount or copy a path, or a folder above it.
    pub(crate) fn placed(&self, path: &str) -> Option<&BTreeSet<usize>> {
        above(path).find_map(|p| self.placed.get(p))
    }

    /// The units that mount or copy exactly this file.
    pub(crate) fn mounted_file(&self, path: &str) -> Option<&BTreeSet<usize>> {
        self.placed.get(path)
    }

    /// The units that hold a configuration file.
    pub(crate) fn of(&self, world: &World<'_>, path: &str) -> BTreeSet<usize> {
        if let Some(placed) = self.placed(path) {
            return placed.clone();
        }
        let mut all = BTreeSet::new();
        if let Some(project) = world.project_of(path)
            && let Some(units) = self.projects.get(&project)
            && (!world.projects[project].folder.is_empty() || units.len() == 1)
        {
            all.extend(units);
        }
        let folder = above(folder_of(path)).find_map(|p| self.built.get(p));
        all.extend(folder.into_iter().flatten());
        all
    }

    /// As [`Holders::of`], and those units that have values from the file.
    pub(crate) fn with_values(
        &self,
        world: &World<'_>,
        values: &[Vec<Value>],
        path: &str,
    ) -> Vec<usize> {
        let mut all = self.of(world, path);
        if self.placed(path).is_none() {
            let takes = |unit: &usize| values[*unit].iter().any(|v| v.at.path == path);
            all.extend((0..values.len()).filter(takes));
        }
        all.into_iter().collect()
    }
}

/// A path and the folders above it, the root left out.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |p| Some(folder_of(p))).take_while(|p| !p.is_empty())
}

/// Whether a path is that of a folder, or lies below it.
pub(crate) fn within(path: &str, folder: &str) -> bool {
    path == folder
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// What stands behind `${PWD}` in a path: the folder from which Compose is started, mostly that of its file.
pub(crate) fn below_start(path: &str) -> Option<&str> {
    let mut started = ["${PWD}", "$PWD"].iter();
    let rest = started.find_map(|pwd| path.strip_prefix(pwd));
    rest.filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path of a bind mount relative to the root; a bare word is the name of a volume
/// (<https://docs.docker.com/reference/compose-file/services/#short-syntax-5>).
fn mounted(folder: &str, volume: &str) -> Option<String> {
    let (source, _) = volume.split_once(':')?;
    let started = below_start(source).and_then(|rest| rest.strip_prefix('/'));
    let named = started.is_none() && !source.contains(['.', '/']);
    let source = started.unwrap_or(source);
    if named {
        return None;
    }
    join(folder, source).filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{above, mounted};

    #[test]
    fn volumes_and_mounts_are_told_apart() {
        assert_eq!(
            mounted("docker", "./nginx.conf:/etc/nginx.conf:ro").as_deref(),
            Some("docker/nginx.conf")
        );
        assert_eq!(
            mounted("", "${PWD}/docker/nginx.conf:/etc/nginx.conf").as_deref(),
            Some("docker/nginx.conf")
        );
        assert_eq!(
            mounted("docker", "${PWD}/Caddyfile:/etc/caddy/Caddyfile").as_deref(),
            Some("docker/Caddyfile")
        );
        assert_eq!(mounted("docker", "../web:/web").as_deref(), Some("web"));
        assert_eq!(mounted("docker", "grafana:/var/lib/grafana"), None);
        assert_eq!(mounted("docker", "/etc/hosts:/etc/hosts"), None);
        assert_eq!(mounted("", ".:/app"), None);
    }

    #[test]
    fn folders_above() {
        assert_eq!(above("a/b/c").collect::<Vec<_>>(), ["a/b/c", "a/b", "a"]);
    }
}
