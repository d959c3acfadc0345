//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod adr;
mod cargo;
mod changelog;
mod codeowners;
mod docs;
mod dotenv;
mod go_mod;
mod license;
mod maven;
mod npm;
mod openapi;
mod proto;
mod python_manifest;
mod readme;
mod roadmap;
mod sql;
mod tests;

/// The registry. One line per extractor.
#[rustfmt::skip]
pub static EXTRACTORS: &[&Extractor] = &[
    &adr::EXTRACTOR,
    &cargo::EXTRACTOR,
    &changelog::EXTRACTOR,
    &codeowners::EXTRACTOR,
    &docs::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &go_mod::EXTRACTOR,
    &license::EXTRACTOR,
    &maven::EXTRACTOR,
    &npm::EXTRACTOR,
    &openapi::EXTRACTOR,
    &proto::EXTRACTOR,
    &python_manifest::EXTRACTOR,
    &readme::EXTRACTOR,
    &roadmap::EXTRACTOR,
    &sql::EXTRACTOR,
    &tests::EXTRACTOR,
];
