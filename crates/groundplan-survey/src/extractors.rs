//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod caddy;
mod compose;
mod dockerfile;
mod dotenv;
mod envoy;
mod github_actions;
mod haproxy;
mod kubernetes;
mod kustomize;
mod manifests;
mod nginx;
mod traefik_rule;

/// The registry. One line per extractor.
#[rustfmt::skip]
pub static EXTRACTORS: &[&Extractor] = &[
    &caddy::EXTRACTOR,
    &compose::EXTRACTOR,
    &dockerfile::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &envoy::EXTRACTOR,
    &github_actions::EXTRACTOR,
    &haproxy::EXTRACTOR,
    &kubernetes::EXTRACTOR,
    &kustomize::EXTRACTOR,
    &nginx::EXTRACTOR,
];
