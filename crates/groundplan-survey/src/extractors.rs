//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod compose;
mod dockerfile;
mod dotenv;
mod github_actions;
mod kubernetes;
mod kustomize;
mod manifests;
mod nginx;
mod traefik_rule;

/// The registry. One line per extractor.
#[rustfmt::skip]
pub static EXTRACTORS: &[&Extractor] = &[
    &compose::EXTRACTOR,
    &dockerfile::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &github_actions::EXTRACTOR,
    &kubernetes::EXTRACTOR,
    &kustomize::EXTRACTOR,
    &nginx::EXTRACTOR,
];
