//! Files of Bicep that are reached: collections of modules are copied whole into a tree, and what no
//! file takes in is never made.

use crate::extractors::BICEP_MODULE;
use crate::facts::{Claim, FileFacts};
use crate::source::join;
use groundplan_model::Topic;
use std::collections::{BTreeMap, BTreeSet};

/// The file that a deployment begins with
/// (<https://learn.microsoft.com/azure/developer/azure-developer-cli/make-azd-compatible>).
const MAIN: &str = "main.bicep";

/// Whether a fact says that a file of Bicep takes in another.
pub(super) fn is_module(claim: &Claim) -> bool {
    matches!(claim, Claim::Deployable(d) if d.source == "bicep" && d.kind == BICEP_MODULE)
}

/// Drops what files make that no other takes in although a `main.bicep` stands in a folder above
/// them, and the uses themselves.
pub(super) fn keep_reached(files: &mut [FileFacts]) {
    let mut takes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut mains = BTreeSet::new();
    for file in files.iter().filter(|f| f.path.ends_with(".bicep")) {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        if name == MAIN {
            mains.insert(folder.to_owned());
        }
        let targets = takes.entry(file.path.clone()).or_default();
        for fact in file.facts.iter().filter(|f| is_module(&f.claim)) {
            if let Claim::Deployable(module) = &fact.claim {
                let path = module.attributes.iter().find(|(key, _)| key == "path");
                targets.extend(path.and_then(|(_, path)| join(folder, &path.value)));
            }
        }
    }
    let begins = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let above = |main: &String| {
            main.is_empty() || folder == main || folder.starts_with(&format!("{main}/"))
        };
        name == MAIN || !mains.iter().any(above)
    };
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = (takes.keys().map(String::as_str))
        .filter(|path| begins(path))
        .collect();
    while let Some(path) = open.pop() {
        if reached.insert(path) {
            open.extend(takes.get(path).into_iter().flatten().map(String::as_str));
        }
    }
    for file in files.iter_mut().filter(|f| takes.contains_key(&f.path)) {
        let made = reached.contains(file.path.as_str());
        file.facts.retain(|fact| match &fact.claim {
            claim if is_module(claim) => false,
            Claim::Deployable(_) => made,
            Claim::Mark(mark) => made || mark.topic != Topic::Infrastructure,
            _ => true,
        });
    }
}
