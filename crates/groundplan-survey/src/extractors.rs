//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod aspire;
mod csharp_channels;
mod csharp_clients;
mod csharp_code;
mod csharp_http;
mod csharp_marks;
mod dotenv;
mod dotnet_config;
mod java_channels;
mod java_clients;
mod java_code;
mod java_connections;
mod java_entities;
mod java_http;
mod java_marks;
mod java_switches;
mod js_channels;
mod js_clients;
mod js_code;
mod js_connections;
mod js_entities;
mod js_http;
mod js_marks;
mod logging_config;
mod nest_http;
mod nextjs_http;
mod prisma;
mod service_urls;
mod spring_config;
mod ts_entities;

/// The registry. One line per extractor.
pub static EXTRACTORS: &[&Extractor] = &[
    &aspire::EXTRACTOR,
    &csharp_channels::EXTRACTOR,
    &csharp_clients::EXTRACTOR,
    &csharp_code::EXTRACTOR,
    &csharp_http::EXTRACTOR,
    &csharp_marks::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &dotnet_config::EXTRACTOR,
    &java_channels::EXTRACTOR,
    &java_clients::EXTRACTOR,
    &java_code::EXTRACTOR,
    &java_connections::EXTRACTOR,
    &java_entities::EXTRACTOR,
    &java_http::EXTRACTOR,
    &java_marks::EXTRACTOR,
    &java_switches::EXTRACTOR,
    &js_channels::EXTRACTOR,
    &js_clients::EXTRACTOR,
    &js_code::EXTRACTOR,
    &js_connections::EXTRACTOR,
    &js_entities::EXTRACTOR,
    &js_http::EXTRACTOR,
    &js_marks::EXTRACTOR,
    &logging_config::EXTRACTOR,
    &nest_http::EXTRACTOR,
    &nextjs_http::EXTRACTOR,
    &prisma::EXTRACTOR,
    &service_urls::EXTRACTOR,
    &spring_config::EXTRACTOR,
    &ts_entities::EXTRACTOR,
];
