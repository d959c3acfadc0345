//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod dotenv;
mod go_code;
mod python_code;
mod rust_code;

/// The registry. One line per extractor.
pub static EXTRACTORS: &[&Extractor] = &[
    &dotenv::EXTRACTOR,
    &go_code::EXTRACTOR,
    &python_code::EXTRACTOR,
    &rust_code::EXTRACTOR,
];
