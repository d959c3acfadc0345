//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod adr;
mod cargo;
mod changelog;
mod codeowners;
mod coverage;
mod docs;
mod dotenv;
mod go_mod;
mod gradle;
mod grafana;
mod license;
mod linters;
mod maven;
mod npm;
mod nuget;
mod openapi;
mod prometheus_rules;
mod proto;
mod python_manifest;
mod readme;
mod roadmap;
mod security_scan;
mod sql;
mod tests;

/// The registry. One line per extractor.
#[rustfmt::skip]
pub static EXTRACTORS: &[&Extractor] = &[
    &adr::EXTRACTOR,
    &cargo::EXTRACTOR,
    &changelog::EXTRACTOR,
    &codeowners::EXTRACTOR,
    &coverage::EXTRACTOR,
    &docs::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &go_mod::EXTRACTOR,
    &gradle::EXTRACTOR,
    &grafana::EXTRACTOR,
    &license::EXTRACTOR,
    &linters::EXTRACTOR,
    &maven::EXTRACTOR,
    &npm::EXTRACTOR,
    &nuget::EXTRACTOR,
    &openapi::EXTRACTOR,
    &prometheus_rules::EXTRACTOR,
    &proto::EXTRACTOR,
    &python_manifest::EXTRACTOR,
    &readme::EXTRACTOR,
    &roadmap::EXTRACTOR,
    &security_scan::EXTRACTOR,
    &sql::EXTRACTOR,
    &tests::EXTRACTOR,
];
