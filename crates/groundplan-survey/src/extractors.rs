//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod dotenv;
mod dotnet_config;
mod java_clients;
mod java_code;
mod java_http;
mod js_clients;
mod js_code;
mod js_connections;
mod js_http;
mod service_urls;
mod spring_config;

/// The registry. One line per extractor.
pub static EXTRACTORS: &[&Extractor] = &[
    &dotenv::EXTRACTOR,
    &dotnet_config::EXTRACTOR,
    &java_clients::EXTRACTOR,
    &java_code::EXTRACTOR,
    &java_http::EXTRACTOR,
    &js_clients::EXTRACTOR,
    &js_code::EXTRACTOR,
    &js_connections::EXTRACTOR,
    &js_http::EXTRACTOR,
    &service_urls::EXTRACTOR,
    &spring_config::EXTRACTOR,
];
