//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod django_http;
mod dotenv;
mod go_channels;
mod go_clients;
mod go_code;
mod go_http;
mod go_marks;
mod grpc_code;
mod python_channels;
mod python_clients;
mod python_code;
mod python_http;
mod python_marks;
mod rust_channels;
mod rust_clients;
mod rust_code;
mod rust_http;
mod rust_marks;

/// The registry. One line per extractor.
pub static EXTRACTORS: &[&Extractor] = &[
    &django_http::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &go_channels::EXTRACTOR,
    &go_clients::EXTRACTOR,
    &go_code::EXTRACTOR,
    &go_http::EXTRACTOR,
    &go_marks::EXTRACTOR,
    &grpc_code::EXTRACTOR,
    &python_channels::EXTRACTOR,
    &python_clients::EXTRACTOR,
    &python_code::EXTRACTOR,
    &python_http::EXTRACTOR,
    &python_marks::EXTRACTOR,
    &rust_channels::EXTRACTOR,
    &rust_clients::EXTRACTOR,
    &rust_code::EXTRACTOR,
    &rust_http::EXTRACTOR,
    &rust_marks::EXTRACTOR,
];
