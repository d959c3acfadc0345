//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod cargo;
mod dotenv;
mod go_mod;
mod maven;
mod npm;
mod openapi;
mod proto;
mod python_manifest;
mod readme;
mod sql;

/// The registry. One line per extractor.
#[rustfmt::skip]
pub static EXTRACTORS: &[&Extractor] = &[
    &cargo::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &go_mod::EXTRACTOR,
    &maven::EXTRACTOR,
    &npm::EXTRACTOR,
    &openapi::EXTRACTOR,
    &proto::EXTRACTOR,
    &python_manifest::EXTRACTOR,
    &readme::EXTRACTOR,
    &sql::EXTRACTOR,
];
