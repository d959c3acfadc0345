//! Compose files that only say how images are built: other files start them.

use crate::facts::{Claim, Deployable, FileFacts};
use crate::resolve::names::{image_name, is_aside};
use std::collections::BTreeSet;

/// Compose files that build several images and give none of them anything to run with, where other files
/// pull most of these images: they are lists for `docker compose build`.
pub(super) fn lists(files: &[FileFacts]) -> Vec<&str> {
    let mut all: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    for file in files {
        let deployed = deployed(file);
        if deployed.len() > 1 && deployed.iter().all(|d| only_builds(d)) {
            let images = deployed.iter().map(|d| match &d.image {
                Some(image) => image_name(&image.value),
                None => d.name.as_str(),
            });
            all.push((&file.path, images.collect()));
        }
    }
    if all.is_empty() {
        return Vec::new();
    }
    let mut pulled: BTreeSet<&str> = BTreeSet::new();
    for file in files.iter().filter(|file| !is_aside(&file.path)) {
        for d in deployed(file) {
            if let Some(image) = d.image.as_ref().filter(|_| d.build.is_none()) {
                pulled.insert(image_name(&image.value));
            }
        }
    }
    all.retain(|(_, images)| images.intersection(&pulled).count() * 2 > images.len());
    all.into_iter().map(|(path, _)| path).collect()
}

fn deployed(file: &FileFacts) -> Vec<&Deployable> {
    let all = file.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Deployable(d) => Some(d.as_ref()),
        _ => None,
    });
    all.collect()
}

fn only_builds(d: &Deployable) -> bool {
    d.source == "compose"
        && d.build.is_some()
        && d.ports.is_empty()
        && d.env.is_empty()
        && d.volumes.is_empty()
        && d.command.is_none()
        && d.depends_on.is_empty()
        && (d.attributes.iter()).all(|(key, _)| key.starts_with("build."))
}
