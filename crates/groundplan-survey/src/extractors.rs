//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod dotenv;
mod java_clients;
mod java_code;
mod java_http;

/// The registry. One line per extractor.
pub static EXTRACTORS: &[&Extractor] = &[
    &dotenv::EXTRACTOR,
    &java_clients::EXTRACTOR,
    &java_code::EXTRACTOR,
    &java_http::EXTRACTOR,
];
