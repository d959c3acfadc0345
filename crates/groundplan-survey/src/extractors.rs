//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod dotenv;
mod go_clients;
mod go_code;
mod grpc_code;
mod python_clients;
mod python_code;
mod rust_clients;
mod rust_code;

/// The registry. One line per extractor.
pub static EXTRACTORS: &[&Extractor] = &[
    &dotenv::EXTRACTOR,
    &go_clients::EXTRACTOR,
    &go_code::EXTRACTOR,
    &grpc_code::EXTRACTOR,
    &python_clients::EXTRACTOR,
    &python_code::EXTRACTOR,
    &rust_clients::EXTRACTOR,
    &rust_code::EXTRACTOR,
];
