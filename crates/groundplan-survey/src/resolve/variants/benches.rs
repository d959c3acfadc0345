//! Compose files in which the developers of one program run it from its source.

use crate::extractors::COMMENTED;
use crate::facts::{Claim, Deployable, FileFacts, PublishedImage};
use crate::resolve::holders::{below_start, within};
use crate::resolve::world::folder_of;
use crate::source::join;
use groundplan_knowledge::Knowledge;
use std::collections::BTreeSet;

/// Compose files that say of themselves that they are for development, by their first comment, their name or
/// their folder, or by what they build, and that start one program of the repository and nothing else of it.
/// Where a file starts several programs it is the one place that says what belongs together.
pub(super) fn benches(files: &[FileFacts], knowledge: &Knowledge) -> BTreeSet<String> {
    let published = published(files);
    let all = files.iter().filter(|file| {
        let mut own: BTreeSet<String> = BTreeSet::new();
        let mut told = is_called_so(&file.path) || says_so(file);
        for fact in &file.facts {
            let Claim::Deployable(d) = &fact.claim else {
                continue;
            };
            if d.source != "compose" {
                return false;
            }
            // The default environment of Laravel for development (<https://laravel.com/docs/sail>).
            told |= d.env.iter().any(|env| env.name == "LARAVEL_SAIL");
            told |= is_built_for_developers(d, &file.path, files, &published);
            own.extend(source(d, &file.path, knowledge));
        }
        told && own.len() == 1
    });
    all.map(|file| file.path.clone()).collect()
}

/// The folder whose code a service runs: what is mounted from the working copy, or else what is built.
fn source(d: &Deployable, path: &str, knowledge: &Knowledge) -> Option<String> {
    let server = (d.image.as_ref()).is_some_and(|image| {
        let product = knowledge.by_image(&image.value);
        d.build.is_none() && product.is_some_and(|product| product.is_server())
    });
    if server {
        return None;
    }
    let mounts = mounted(d, path).map(|(folder, _)| folder);
    // The outermost folder holds the others.
    let mounted = mounts.min_by_key(String::len);
    let built = d.build.as_ref().map(|build| build.value.clone());
    match (mounted, built) {
        (Some(mounted), Some(built)) if mounted.is_empty() || within(&built, &mounted) => {
            Some(mounted)
        }
        (mounted, built) => built.or(mounted.filter(|_| d.image.is_some())),
    }
}

/// Folders of the repository that a service of Compose mounts, each with the path inside.
pub(crate) fn mounted<'d>(
    d: &'d Deployable,
    path: &'d str,
) -> impl Iterator<Item = (String, &'d str)> {
    d.volumes.iter().filter_map(move |volume| {
        let mut parts = volume.value.split(':');
        let (host, inside) = (parts.next()?, parts.next()?);
        let host = below_start(host).map_or_else(|| host.to_owned(), |rest| format!(".{rest}"));
        let folder = join(folder_of(path), &host).filter(|_| host.starts_with('.'))?;
        Some((folder, inside.trim_end_matches('/')))
    })
}

/// Build files of the images that pipelines push; nothing where one of them is not known.
fn published(files: &[FileFacts]) -> BTreeSet<String> {
    let all = files.iter().flat_map(|file| &file.facts);
    let all = all.filter_map(|fact| match &fact.claim {
        Claim::Publishes(image) => Some(image),
        _ => None,
    });
    let file = |image: &PublishedImage| {
        let plain = || join(image.context.as_deref()?, "Dockerfile");
        image.dockerfile.clone().or_else(plain)
    };
    let all: Option<BTreeSet<String>> = all.map(file).collect();
    all.unwrap_or_default()
}

/// Whether the image of a service is made for those who work on its source: by a build file or a stage that is
/// called so, or by another file than that of the image which a pipeline pushes, with the source mounted over it.
fn is_built_for_developers(
    d: &Deployable,
    path: &str,
    files: &[FileFacts],
    published: &BTreeSet<String>,
) -> bool {
    let Some(build) = &d.build else {
        return false;
    };
    let plain = || join(&build.value, "Dockerfile");
    let Some(dockerfile) = d.dockerfile.clone().or_else(plain) else {
        return false;
    };
    let stage = d.attributes.iter().find(|(key, _)| key == "build.target");
    if stage.is_some_and(|(_, stage)| is_for_development(&stage.value)) {
        return true;
    }
    let name = dockerfile.rsplit('/').next().unwrap_or(&dockerfile);
    if name.split(['.', '-', '_']).any(is_for_development) {
        return true;
    }
    // Whoever works on the source has it in the container.
    let worked_on = mounted(d, path).any(|(folder, _)| folder.is_empty() || folder == build.value);
    let other = |file: &FileFacts| {
        file.path != dockerfile
            && folder_of(&file.path) == folder_of(&dockerfile)
            && file.path.rsplit('/').next() == Some("Dockerfile")
    };
    let local = name.split(['.', '-', '_']).any(|word| word == "local");
    let unpublished = !published.is_empty() && !published.contains(&dockerfile);
    worked_on && (unpublished || local && files.iter().any(other))
}

fn is_for_development(word: &str) -> bool {
    matches!(word, "dev" | "devel" | "develop" | "development")
}

fn says_so(file: &FileFacts) -> bool {
    file.facts.iter().any(|fact| {
        matches!(&fact.claim, Claim::Overlay(o)
            if o.mechanism == COMMENTED && o.name == "development")
    })
}

/// Whether a file or its folder is called after development: `compose.dev.yml`, `development/compose.yml`.
fn is_called_so(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut words = name.split(['.', '-', '_']);
    let folder = folder_of(path).rsplit('/').next();
    words.any(is_for_development) || folder.is_some_and(is_for_development)
}
