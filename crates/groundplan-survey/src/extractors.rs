//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod dotenv;

/// The registry. One line per extractor.
pub static EXTRACTORS: &[&Extractor] = &[&dotenv::EXTRACTOR];
