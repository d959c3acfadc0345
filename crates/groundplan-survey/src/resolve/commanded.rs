//! Images that commands of the repository build: a workload that pulls one of them runs the folder
//! that it is built from, as if its deployment file had said so.

use crate::extractors::published_images::bare;
use crate::facts::{Claim, Deployable, FileFacts, Placed};
use crate::resolve::names::is_aside;
use groundplan_knowledge::Knowledge;
use groundplan_model::Evidence;
use std::collections::BTreeMap;

/// A folder and a Dockerfile that an image is built from.
type From<'f> = (&'f str, Option<&'f str>);

/// Images by name; `None` for those that are built from several places.
pub(super) type Builds<'f> = BTreeMap<&'f str, Option<(From<'f>, &'f Evidence)>>;

/// The images that commands build, and from what.
pub(super) fn builds(files: &[FileFacts]) -> Builds<'_> {
    let mut all: Builds<'_> = BTreeMap::new();
    let publishes = |f: &&FileFacts| {
        let mut all = f.facts.iter();
        all.any(|fact| matches!(fact.claim, Claim::Publishes(_))) && !is_aside(&f.path)
    };
    for file in files.iter().filter(publishes) {
        for fact in &file.facts {
            let Claim::Publishes(image) = &fact.claim else {
                continue;
            };
            let Some(context) = &image.context else {
                continue;
            };
            let context = match image.dockerfile {
                None => beside(files, &file.path, context).unwrap_or(context),
                Some(_) => context,
            };
            let from = (context, image.dockerfile.as_deref());
            let known = all
                .entry(&image.image)
                .or_insert_with(|| Some((from, &fact.at)));
            if known.is_some_and(|(other, _)| other != from) {
                *known = None;
            }
        }
    }
    all
}

/// A folder seen from the script that builds it, where none lies there seen from the root.
fn beside<'f>(files: &'f [FileFacts], script: &'f str, context: &str) -> Option<&'f str> {
    let folder = crate::resolve::world::folder_of(script);
    let is_there = |path: &str| {
        files
            .binary_search_by(|f| f.path.as_str().cmp(path))
            .is_ok()
    };
    // A script that builds where it stands is started there, unless the root has a file to build.
    if context.is_empty() && !folder.is_empty() {
        let own = is_there(&format!("{folder}/Dockerfile")) && !is_there("Dockerfile");
        return own.then_some(folder);
    }
    let first = |folder: &str| {
        let begin = format!("{folder}/");
        let at = files.partition_point(|f| f.path.as_str() < begin.as_str());
        let path = files.get(at)?.path.as_str();
        path.get(..folder.len())
            .filter(|_| path.starts_with(&begin))
    };
    if folder.is_empty() || context.is_empty() || first(context).is_some() {
        return None;
    }
    first(&format!("{folder}/{context}"))
}

/// Whether a workload pulls one of them.
pub(super) fn any(files: &[FileFacts], builds: &Builds<'_>, knowledge: &Knowledge) -> bool {
    let facts = files.iter().flat_map(|f| &f.facts);
    facts.into_iter().any(|fact| match &fact.claim {
        Claim::Deployable(deployable) => of(deployable, builds, knowledge).is_some(),
        _ => false,
    })
}

/// Gives workloads that only pull an image the folder that it is built from.
pub(super) fn fill_in(files: &mut [FileFacts], builds: &Builds<'_>, knowledge: &Knowledge) {
    for fact in files.iter_mut().flat_map(|f| &mut f.facts) {
        let Claim::Deployable(deployable) = &mut fact.claim else {
            continue;
        };
        if let Some(((context, dockerfile), at)) = of(deployable, builds, knowledge) {
            deployable.build = Some(Placed {
                value: context.to_owned(),
                at: at.clone(),
            });
            deployable.dockerfile = dockerfile.map(str::to_owned);
        }
    }
}

fn of<'f>(
    deployable: &Deployable,
    builds: &Builds<'f>,
    knowledge: &Knowledge,
) -> Option<(From<'f>, &'f Evidence)> {
    let image = deployable.image.as_ref()?;
    if deployable.build.is_some() {
        return None;
    }
    let name = bare(&image.value)?;
    // A product of others under its plain name is not what a folder of that name builds.
    if !name.contains('/') && knowledge.by_image(&image.value).is_some() {
        return None;
    }
    let last = name.rsplit('/').next().unwrap_or(&name);
    let any_owner = format!("*/{last}");
    let found = builds
        .get(name.as_str())
        .or_else(|| builds.get(any_owner.as_str()))
        // What is built under a plain name is tagged with that of its owner before it is pushed.
        .or_else(|| {
            let foreign = knowledge.by_image(&image.value).is_some();
            builds.get(last).filter(|_| !foreign)
        });
    *found?
}
