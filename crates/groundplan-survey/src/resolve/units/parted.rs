//! Containers in which developers run a source that the image of another part is built of.
//!
//! A file for developers may start a server and its pages as containers of their own, each with its folder
//! mounted, where the image that is deployed is built of both. They are other ways to run that part.

use super::Unit;
use crate::resolve::builds;
use crate::resolve::variants::mounted;
use crate::resolve::world::World;
use groundplan_knowledge::Technology;
use std::collections::{BTreeMap, BTreeSet};

/// Takes them into the part that is deployed. Several containers of one source may be several processes, which
/// one image does not show: they stay what they are.
pub(super) fn fold(world: &World<'_>, units: &mut Vec<Unit<'_>>) {
    let mut sources: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        if let Some(source) = source(world, unit) {
            sources.entry(source).or_default().push(index);
        }
    }
    if sources.is_empty() {
        return;
    }
    let parts: Vec<BTreeSet<usize>> = (units.iter())
        .map(
            |unit| match unit.development || unit.deployables.is_empty() {
                true => BTreeSet::new(),
                false => built_of(world, unit),
            },
        )
        .collect();
    let mut into: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (source, of) in sources {
        let [only] = of.as_slice() else { continue };
        let mut holders = (0..parts.len()).filter(|&u| parts[u].contains(&source));
        if let (Some(holder), None) = (holders.next(), holders.next()) {
            // Where it is not known that the part runs a source of its image, a server would vanish in it.
            let runs = units[holder].project.is_some_and(|project| {
                project == source || !world.projects[project].folder.is_empty()
            });
            if runs {
                into.insert(*only, (holder, source));
            }
        }
    }
    let mut all: Vec<Option<Unit<'_>>> = std::mem::take(units).into_iter().map(Some).collect();
    for (index, (holder, source)) in into {
        let Some(gone) = all.get_mut(index).and_then(Option::take) else {
            continue;
        };
        let Some(unit) = all.get_mut(holder).and_then(Option::as_mut) else {
            continue;
        };
        unit.hosts.extend(gone.hosts);
        // What is set for the pages alone is not set for what hands them out.
        if unit.project == Some(source) {
            unit.others.extend(gone.deployables);
            unit.others.extend(gone.others);
        }
    }
    units.extend(all.into_iter().flatten());
}

/// The only project below the root whose folder a container of developers alone mounts.
fn source(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    if !unit.development || unit.technology.is_some_and(Technology::is_server) {
        return None;
    }
    let told = unit.deployables.iter().chain(&unit.others);
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for (deployable, at) in told {
        if deployable.source != "compose" {
            return None;
        }
        for (folder, _) in mounted(deployable, &at.path) {
            let project = world.project_at(&folder).filter(|&p| world.is_code(p));
            found.extend(project.filter(|_| !folder.is_empty()));
        }
    }
    found.first().copied().filter(|_| found.len() == 1)
}

/// The projects of which the images of a part are built.
fn built_of(world: &World<'_>, unit: &Unit<'_>) -> BTreeSet<usize> {
    let images = unit.images.iter();
    let mut all: BTreeSet<usize> = images
        .flat_map(|(image, _)| builds::taken_in(world, image))
        .collect();
    all.extend(unit.project.filter(|_| !unit.images.is_empty()));
    all
}
