//! User interfaces that are built into another part: pages that a server carries in its image or
//! its program are no container of their own.

use crate::facts::Claim;
use crate::resolve::holders::within;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use crate::source::join;
use groundplan_model::{Attribute, Blueprint, Evidence, Provenance, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Writes at each element that is built into others which these are.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
) {
    for (page, hosts) in embedded(world, units) {
        let element = ids.get(page);
        let element = element.and_then(|id| blueprint.elements.iter_mut().find(|e| e.id == *id));
        let Some(element) = element else {
            continue;
        };
        for (host, at) in hosts {
            element.attributes.push(Attribute {
                key: "built-into".to_owned(),
                value: units[host].name.clone(),
                provenance: Provenance::observed([at]),
            });
        }
        let order = |a: &Attribute| (a.key.clone(), a.value.clone());
        element.attributes.sort_by_key(order);
    }
}

/// The units that hand out the pages of others.
pub(crate) fn hosts(world: &World<'_>, units: &[Unit<'_>]) -> BTreeSet<usize> {
    let all = embedded(world, units).into_values();
    all.flat_map(BTreeMap::into_keys).collect()
}

/// For each unit that is built into others these others, with the place that says so.
fn embedded(world: &World<'_>, units: &[Unit<'_>]) -> BTreeMap<usize, BTreeMap<usize, Evidence>> {
    let mut pages: BTreeMap<usize, &str> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let folder = unit.project.map(|p| world.projects[p].folder.as_str());
        // What has an image or a deployment of its own runs by itself.
        let alone = unit.deployables.is_empty() && unit.others.is_empty() && unit.images.is_empty();
        if alone
            && unit.role == Role::Ui
            && let Some(folder) = folder.filter(|f| !f.is_empty())
        {
            pages.insert(index, folder);
        }
    }
    let mut all: BTreeMap<usize, BTreeMap<usize, Evidence>> = BTreeMap::new();
    if pages.is_empty() {
        return all;
    }
    let mut add = |page: usize, host: usize, at: &Evidence, told: bool| {
        // Pages may be put into other pages, where a build says so.
        if page != host && (told || !pages.contains_key(&host)) {
            let hosts = all.entry(page).or_default();
            hosts.entry(host).or_insert_with(|| at.clone());
        }
    };
    for (host, unit) in units.iter().enumerate() {
        for (image, at) in &unit.images {
            let context = unit.deployables.iter().find_map(|(d, _)| d.build.as_ref());
            for carried in &image.carried {
                for (page, folder) in &pages {
                    // Without a build in a deployment file the context is a folder above the file.
                    let held = match context {
                        Some(build) => holds(&build.value, &carried.value, folder),
                        None => std::iter::successors(Some(folder_of(&at.path)), |f| {
                            (!f.is_empty()).then(|| folder_of(f))
                        })
                        .any(|context| holds(context, &carried.value, folder)),
                    };
                    if held {
                        add(*page, host, &carried.at, false);
                    }
                }
            }
        }
    }
    for (_, fact) in world.facts() {
        let Claim::Embeds(embeds) = &fact.claim else {
            continue;
        };
        let Some(project) = world.project_of(&embeds.into) else {
            continue;
        };
        // A page that lies deeper is the nearer one: `ui/packages/editor` is not `ui`.
        let holding = pages
            .iter()
            .filter(|(_, folder)| within(&embeds.from, folder));
        if let Some((page, _)) = holding.max_by_key(|(_, folder)| folder.len())
            && units[*page].project != Some(project)
        {
            for (host, unit) in units.iter().enumerate() {
                if unit.project == Some(project) {
                    add(*page, host, &fact.at, true);
                }
            }
        }
    }
    all
}

/// Whether what a stage copied of its context holds a folder of the repository, or lies in it; a path
/// with a slash in front is one inside the stage, which has the whole context.
fn holds(context: &str, copied: &str, folder: &str) -> bool {
    if let Some(path) = copied.strip_prefix('/') {
        let inner = match context {
            "" => folder,
            _ => match folder
                .strip_prefix(context)
                .and_then(|f| f.strip_prefix('/'))
            {
                Some(inner) => inner,
                None => return false,
            },
        };
        return format!("/{path}/").contains(&format!("/{inner}/"));
    }
    join(context, copied).is_some_and(|path| !path.is_empty() && within(&path, folder))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn what_a_stage_copied_is_found_in_its_context() {
        assert!(holds("", "frontend", "frontend"));
        assert!(holds("", "frontend/package.json", "frontend"));
        assert!(holds("", "/app/frontend/dist", "frontend"));
        assert!(holds("shop", "web", "shop/web"));
        assert!(!holds("", "frontend-admin", "frontend"));
        assert!(!holds("", "/app/dist", "frontend"));
        assert!(!holds("", ".", "frontend"));
    }
}
