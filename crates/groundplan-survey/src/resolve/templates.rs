//! Templates of infrastructure that nothing deploys: files of a library of modules, as starter projects
//! bring them along, that no deployed file takes in.

use crate::facts::Claim;
use crate::resolve::world::{World, folder_of};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the file that a deployment begins with
/// (<https://learn.microsoft.com/azure/developer/azure-developer-cli/azd-schema>).
const MAIN: &str = "main.bicep";

/// Files of Bicep below the folder of a main file that is not reached from any of those.
pub(crate) fn unused<'f>(world: &World<'f>) -> BTreeSet<&'f str> {
    let mut taken: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut files: BTreeSet<&'f str> = BTreeSet::new();
    for file in world.files.iter().filter(|f| f.path.ends_with(".bicep")) {
        files.insert(&file.path);
        for fact in &file.facts {
            if let Claim::TakesIn(path) = &fact.claim {
                taken.entry(&file.path).or_default().push(path);
            }
        }
    }
    if taken.is_empty() {
        return BTreeSet::new();
    }
    let is_main = |path: &str| path.rsplit('/').next() == Some(MAIN);
    let mains: Vec<&str> = files.iter().copied().filter(|p| is_main(p)).collect();
    let mut reached: BTreeSet<&str> = mains.iter().copied().collect();
    let mut edge = mains.clone();
    while let Some(path) = edge.pop() {
        for next in taken.get(path).into_iter().flatten() {
            if reached.insert(next) {
                edge.push(next);
            }
        }
    }
    let below = |path: &str| {
        mains.iter().any(|main| {
            let folder = folder_of(main);
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|r| r.starts_with('/'))
        })
    };
    files
        .into_iter()
        .filter(|path| !reached.contains(path) && below(path))
        .collect()
}
