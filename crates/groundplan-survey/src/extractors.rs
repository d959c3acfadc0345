//! Every extractor, in alphabetical order: the table of contents of what a survey can read.

use crate::extractor::Extractor;

mod adonis_routes;
mod adr;
mod aged_removals;
mod alert_receivers;
mod ansible;
pub(crate) mod api_platform;
mod apisix;
mod app_engine;
mod arc42;
pub(crate) mod asked_paths;
mod aspire;
mod asyncapi;
mod avro;
mod azd;
mod azure_function_code;
mod azure_functions;
mod backup_scripts;
pub(crate) mod base_defaults;
mod bazel;
mod bicep;
mod build_commands;
mod built_images;
pub(crate) mod cache_decorators;
mod caddy;
mod cakephp_routes;
mod cargo;
mod changelog;
mod class_migrations;
mod client_makers;
mod cloud_run;
mod cloudformation;
mod code_addresses;
mod codeigniter_routes;
mod codeowners;
mod collections;
mod command_branches;
mod command_lines;
mod compose;
mod compose_commands;
pub(crate) mod config_addresses;
mod coverage;
mod cpp_grpc;
mod cpp_http;
pub(crate) mod csharp_attributes;
mod csharp_channels;
mod csharp_clients;
pub(crate) mod csharp_code;
mod csharp_constants;
pub(crate) mod csharp_handlers;
pub(crate) mod csharp_http;
pub(crate) mod csharp_marks;
mod csharp_programs;
pub(crate) mod dapr_calls;
mod datadog_monitors;
mod db_migrate;
mod default_accounts;
pub(crate) mod default_stores;
pub(crate) mod django_handlers;
pub(crate) mod django_http;
mod django_models;
mod django_settings;
mod doc_parts;
mod dockerfile;
mod docs;
mod doctrine;
mod dotenv;
mod dotnet_config;
mod drf_servers;
mod drizzle;
mod ecto_migrations;
mod ecto_schemas;
mod ecto_stores;
mod ef_classes;
mod ef_configurations;
mod ef_migrations;
mod ef_snapshots;
mod ehcache;
mod elixir_brokers;
mod elixir_caches;
mod elixir_channels;
mod elixir_mailers;
pub(crate) mod elixir_marks;
mod elixir_plugs;
mod elixir_timers;
mod embedded_pages;
mod encrypted_fields;
mod envoy;
mod fast_endpoints;
mod file_routes;
mod flask_handlers;
mod flask_views;
mod fluent_migrator;
mod fly;
pub(crate) mod github_actions;
mod go_allowed;
mod go_auto_migrate;
mod go_beego;
mod go_channels;
mod go_clients;
mod go_code;
pub(crate) mod go_endpoint_structs;
mod go_entities;
mod go_fields;
mod go_generated;
mod go_guards;
mod go_handed;
mod go_handlers;
mod go_helpers;
pub(crate) mod go_holders;
mod go_http;
pub(crate) mod go_huma;
pub(crate) mod go_huma_handlers;
mod go_lexical_groups;
mod go_made_routes;
mod go_marks;
mod go_method_maps;
mod go_migrations;
mod go_mod;
mod go_own_routers;
mod go_passing;
mod go_path_constants;
mod go_paths;
mod go_request_branches;
mod go_restful;
mod go_route_tables;
mod go_router_places;
mod go_routers;
mod go_starts;
mod go_stripped;
mod go_template_fields;
mod go_wrappers;
mod go_xorm;
mod gradle;
mod grafana;
mod grafana_access;
mod graphql;
mod graphql_code;
mod grpc_code;
mod grpc_invoked;
mod haproxy;
mod header_credentials;
mod helm;
mod heroku;
mod html_scripts;
mod httpd;
mod image_labels;
mod ini_settings;
mod java_channels;
mod java_clients;
mod java_code;
mod java_connections;
pub(crate) mod java_dubbo;
mod java_entities;
pub(crate) mod java_handlers;
pub(crate) mod java_http;
pub(crate) mod java_marks;
pub(crate) mod java_path_constants;
pub(crate) mod java_refusals;
mod java_repositories;
mod java_routers;
mod java_routes;
mod java_switches;
mod js_api_classes;
mod js_barrels;
mod js_channels;
mod js_clients;
mod js_code;
mod js_connections;
mod js_contexts;
mod js_contracts;
mod js_controllers;
pub(crate) mod js_described_routes;
mod js_entities;
pub(crate) mod js_error_handlers;
mod js_handed_routers;
mod js_helpers;
pub(crate) mod js_http;
mod js_imports;
pub(crate) mod js_inline;
mod js_limits;
pub(crate) mod js_loops;
pub(crate) mod js_marks;
pub(crate) mod js_own_paths;
pub(crate) mod js_path_constants;
mod js_preflight;
mod js_procedures;
mod js_responses;
pub(crate) mod js_route_guards;
pub(crate) mod js_route_objects;
mod js_router_prefixes;
mod js_routers;
mod js_schedules;
mod js_socket_messages;
mod js_sockets;
mod js_validators;
pub(crate) mod jsdoc_operations;
mod kept_times;
mod knex;
pub(crate) mod known_files;
mod kong;
mod ktor_routes;
mod kubectl;
mod kubernetes;
mod kustomize;
mod kysely;
pub(crate) mod laravel_attributes;
mod laravel_config;
mod laravel_controllers;
mod laravel_http;
mod laravel_logging;
mod laravel_middleware;
mod laravel_migrations;
mod laravel_requests;
mod laravel_stores;
mod legal;
mod license;
mod linters;
mod liquibase;
mod litestar_http;
mod load_generators;
pub(crate) mod lockouts;
mod log_sinks;
mod logging_config;
mod manifests;
mod maven;
mod media_types;
mod memory_caches;
mod meteor_routes;
mod module_imports;
mod more_manifests;
mod native_packages;
pub(crate) mod nest_above;
pub(crate) mod nest_bootstrap;
pub(crate) mod nest_handlers;
mod nest_http;
pub(crate) mod nest_modules;
pub(crate) mod nextcloud_http;
mod nextjs_http;
mod nginx;
mod nix_services;
mod nomad;
mod npm;
mod nuget;
pub(crate) mod off_switches;
mod open_work;
mod openapi;
mod otel_collector;
mod other_ci;
mod own_limits;
mod own_settings;
mod package_people;
mod page_scripts;
pub(crate) mod phoenix_controllers;
pub(crate) mod phoenix_routes;
mod php_clients;
mod php_entries;
mod php_marks;
pub(crate) mod play_routes;
mod prisma;
pub(crate) mod procfile;
mod prometheus_rules;
mod proto;
pub(crate) mod published_images;
mod pubspec;
mod push_metrics;
mod python_calls;
mod python_channels;
mod python_clients;
mod python_code;
pub(crate) mod python_handed;
pub(crate) mod python_handlers;
mod python_helpers;
mod python_http;
mod python_loops;
mod python_manifest;
mod python_marks;
mod python_path_constants;
mod python_refs;
mod python_routers;
mod python_version;
pub(crate) mod python_views;
mod rails_app;
pub(crate) mod rails_controllers;
pub(crate) mod rails_devise;
mod rails_migrations;
mod rails_models;
mod rails_routes;
mod rails_schema;
mod rails_settings;
mod rails_stores;
mod readme;
pub(crate) mod record_calls;
mod refusals;
mod remix_routes;
mod render;
mod response_headers;
mod roadmap;
pub(crate) mod roda_http;
mod role_types;
mod ruby_channels;
mod ruby_http;
mod ruby_marks;
mod ruby_schedules;
mod rust_channels;
mod rust_clients;
mod rust_code;
mod rust_dropshot;
mod rust_entities;
pub(crate) mod rust_guards;
pub(crate) mod rust_handlers;
mod rust_http;
mod rust_loops;
mod rust_marks;
mod rust_poem;
pub(crate) mod rust_refusals;
mod rust_routers;
mod rust_tables;
pub(crate) mod rust_utoipa;
mod sails_actions;
pub(crate) mod sails_routes;
mod sbt;
mod script_clients;
mod script_env;
mod script_workers;
mod secret_files;
mod security_insights;
mod security_scan;
mod sequelize_classes;
mod sequelize_migrations;
mod serverless;
mod service_urls;
mod shown_contracts;
mod slim_http;
mod slo_files;
pub(crate) mod spring_access;
mod spring_config;
mod sql;
mod sql_in_code;
mod sql_queries;
mod sqlalchemy;
pub(crate) mod stage_files;
mod swift_package;
mod symfony_controllers;
mod symfony_env;
pub(crate) mod symfony_exceptions;
mod symfony_http;
mod symfony_limits;
mod symfony_queues;
mod symfony_routes;
mod symfony_security;
mod symfony_stores;
mod systemd;
mod table_prefixes;
pub(crate) mod task_addresses;
mod terraform;
pub(crate) mod tests;
mod thrift;
mod timed_deletions;
mod topic_pages;
mod tornado_handlers;
mod traefik_rule;
mod ts_entities;
mod tsconfig;
mod tye;
mod unchecked_certificates;
pub(crate) mod user_switches;
mod uwsgi;
mod vagrant;
mod warp_filters;
mod waterline_models;
mod wrangler;
mod yii_routes;

pub(crate) use aspire::PROXY as ASPIRE_PROXY;
pub(crate) use bicep::MODULE as BICEP_MODULE;
pub(crate) use cloudformation::CLOUDFORMATION;
pub(crate) use cloudformation::shape::snake;
pub(crate) use compose::comments::{COMMENTED, subject as composed_subject};
pub(crate) use compose::file::{FOR_TESTS, is_compose_name};
pub(crate) use compose_commands::DEPLOYS;
pub(crate) use csharp_programs::STARTS;
pub(crate) use ef_snapshots::FILE as SNAPSHOT_FILE;
pub(crate) use graphql_code::IN_CODE;
pub(crate) use helm::is_template;
pub(crate) use js_marks::guards::topic as guard_topic;
pub(crate) use openapi::TERM as INTERFACE_TERM;
pub(crate) use prisma::SOURCE as PRISMA_SOURCE;
pub(crate) use proto::TRANSCODED;

/// The key under which it is told that a program reads a file of configuration whose keys were not read.
pub(crate) const CONFIGURATION_FILE: &str = "configuration-file";
pub(crate) use drf_servers::SERVER as DRF_SERVER;
pub(crate) use go_generated::{
    SERVER as GENERATED_SERVER, is_server as is_generated_server, server as read_generated_server,
};
pub(crate) use kubernetes::dapr::SUBSCRIPTION as DAPR_SUBSCRIPTION;
pub(crate) use kubernetes::rendered as read_rendered;
pub(crate) use laravel_config::{CONFIG as CONFIG_OF, NAME as CONFIG_NAME, VALUE as CONFIG_VALUE};
pub(crate) use laravel_http::{
    COUNTED as LARAVEL_COUNTED, DEPRECATED as LARAVEL_DEPRECATED, FILE as LARAVEL_FILE,
    GONE as LARAVEL_GONE, VIA as LARAVEL_VIA, is_gone as is_laravel_gone,
    is_guard as is_laravel_guard,
};
pub(crate) use laravel_middleware::{
    ALIAS as LARAVEL_ALIAS, GLOBAL as LARAVEL_GLOBAL, GROUP as LARAVEL_GROUP,
};
pub(crate) use laravel_stores::INSIDE as LARAVEL_INSIDE;
pub(crate) use php_marks::PRUNED;
pub(crate) use symfony_routes::FOLDER as SYMFONY_FOLDER;
pub(crate) use terraform::{
    EXPRESSION as TERRAFORM_EXPRESSION, STAGE as TERRAFORM_STAGE, TERRAFORM,
};

/// Source of what the Serverless Framework makes.
pub(crate) const SERVERLESS: &str = "serverless";

/// Source of what Wrangler makes.
pub(crate) const CLOUDFLARE: &str = "cloudflare";

/// The registry. One line per extractor.
#[rustfmt::skip]
pub static EXTRACTORS: &[&Extractor] = &[
    &adonis_routes::EXTRACTOR,
    &adr::EXTRACTOR,
    &aged_removals::EXTRACTOR,
    &alert_receivers::EXTRACTOR,
    &ansible::EXTRACTOR,
    &api_platform::EXTRACTOR,
    &apisix::EXTRACTOR,
    &app_engine::EXTRACTOR,
    &arc42::EXTRACTOR,
    &asked_paths::EXTRACTOR,
    &aspire::EXTRACTOR,
    &asyncapi::EXTRACTOR,
    &avro::EXTRACTOR,
    &azd::EXTRACTOR,
    &azure_function_code::EXTRACTOR,
    &azure_functions::EXTRACTOR,
    &backup_scripts::EXTRACTOR,
    &base_defaults::EXTRACTOR,
    &bazel::EXTRACTOR,
    &bicep::EXTRACTOR,
    &build_commands::EXTRACTOR,
    &built_images::EXTRACTOR,
    &cache_decorators::EXTRACTOR,
    &caddy::EXTRACTOR,
    &cakephp_routes::EXTRACTOR,
    &cargo::EXTRACTOR,
    &changelog::EXTRACTOR,
    &class_migrations::EXTRACTOR,
    &client_makers::EXTRACTOR,
    &cloud_run::EXTRACTOR,
    &cloudformation::EXTRACTOR,
    &code_addresses::EXTRACTOR,
    &codeigniter_routes::EXTRACTOR,
    &codeowners::EXTRACTOR,
    &collections::EXTRACTOR,
    &command_branches::EXTRACTOR,
    &command_lines::EXTRACTOR,
    &compose::EXTRACTOR,
    &compose_commands::EXTRACTOR,
    &config_addresses::EXTRACTOR,
    &coverage::EXTRACTOR,
    &cpp_grpc::EXTRACTOR,
    &cpp_http::EXTRACTOR,
    &csharp_attributes::EXTRACTOR,
    &csharp_channels::EXTRACTOR,
    &csharp_clients::EXTRACTOR,
    &csharp_code::EXTRACTOR,
    &csharp_constants::EXTRACTOR,
    &csharp_http::EXTRACTOR,
    &csharp_marks::EXTRACTOR,
    &csharp_programs::EXTRACTOR,
    &dapr_calls::EXTRACTOR,
    &datadog_monitors::EXTRACTOR,
    &db_migrate::EXTRACTOR,
    &default_accounts::EXTRACTOR,
    &default_stores::EXTRACTOR,
    &django_handlers::EXTRACTOR,
    &django_http::EXTRACTOR,
    &django_models::EXTRACTOR,
    &django_settings::EXTRACTOR,
    &doc_parts::EXTRACTOR,
    &dockerfile::EXTRACTOR,
    &docs::EXTRACTOR,
    &doctrine::EXTRACTOR,
    &dotenv::EXTRACTOR,
    &dotnet_config::EXTRACTOR,
    &drf_servers::EXTRACTOR,
    &drizzle::EXTRACTOR,
    &ecto_migrations::EXTRACTOR,
    &ecto_schemas::EXTRACTOR,
    &ecto_stores::EXTRACTOR,
    &ef_classes::EXTRACTOR,
    &ef_configurations::EXTRACTOR,
    &ef_migrations::EXTRACTOR,
    &ef_snapshots::EXTRACTOR,
    &ehcache::EXTRACTOR,
    &elixir_brokers::EXTRACTOR,
    &elixir_caches::EXTRACTOR,
    &elixir_channels::EXTRACTOR,
    &elixir_mailers::EXTRACTOR,
    &elixir_marks::EXTRACTOR,
    &elixir_plugs::EXTRACTOR,
    &elixir_timers::EXTRACTOR,
    &embedded_pages::EXTRACTOR,
    &encrypted_fields::EXTRACTOR,
    &envoy::EXTRACTOR,
    &fast_endpoints::EXTRACTOR,
    &file_routes::EXTRACTOR,
    &fluent_migrator::EXTRACTOR,
    &fly::EXTRACTOR,
    &github_actions::EXTRACTOR,
    &go_auto_migrate::EXTRACTOR,
    &go_beego::EXTRACTOR,
    &go_channels::EXTRACTOR,
    &go_clients::EXTRACTOR,
    &go_code::EXTRACTOR,
    &go_entities::EXTRACTOR,
    &go_fields::EXTRACTOR,
    &go_generated::EXTRACTOR,
    &go_handlers::EXTRACTOR,
    &go_holders::EXTRACTOR,
    &go_http::EXTRACTOR,
    &go_marks::EXTRACTOR,
    &go_migrations::EXTRACTOR,
    &go_mod::EXTRACTOR,
    &go_path_constants::EXTRACTOR,
    &go_request_branches::EXTRACTOR,
    &go_starts::EXTRACTOR,
    &go_template_fields::EXTRACTOR,
    &go_xorm::EXTRACTOR,
    &gradle::EXTRACTOR,
    &grafana::EXTRACTOR,
    &grafana_access::EXTRACTOR,
    &graphql::EXTRACTOR,
    &graphql_code::EXTRACTOR,
    &grpc_code::EXTRACTOR,
    &grpc_invoked::EXTRACTOR,
    &haproxy::EXTRACTOR,
    &header_credentials::EXTRACTOR,
    &helm::EXTRACTOR,
    &heroku::EXTRACTOR,
    &html_scripts::EXTRACTOR,
    &httpd::EXTRACTOR,
    &image_labels::EXTRACTOR,
    &ini_settings::EXTRACTOR,
    &java_channels::EXTRACTOR,
    &java_clients::EXTRACTOR,
    &java_code::EXTRACTOR,
    &java_connections::EXTRACTOR,
    &java_dubbo::EXTRACTOR,
    &java_entities::EXTRACTOR,
    &java_handlers::EXTRACTOR,
    &java_http::EXTRACTOR,
    &java_marks::EXTRACTOR,
    &java_path_constants::EXTRACTOR,
    &java_refusals::EXTRACTOR,
    &java_repositories::EXTRACTOR,
    &java_routers::EXTRACTOR,
    &java_routes::EXTRACTOR,
    &java_switches::EXTRACTOR,
    &js_api_classes::EXTRACTOR,
    &js_barrels::EXTRACTOR,
    &js_channels::EXTRACTOR,
    &js_clients::EXTRACTOR,
    &js_code::EXTRACTOR,
    &js_connections::EXTRACTOR,
    &js_contracts::EXTRACTOR,
    &js_controllers::EXTRACTOR,
    &js_entities::EXTRACTOR,
    &js_error_handlers::EXTRACTOR,
    &js_http::EXTRACTOR,
    &js_limits::EXTRACTOR,
    &js_marks::EXTRACTOR,
    &js_path_constants::EXTRACTOR,
    &js_procedures::EXTRACTOR,
    &js_responses::EXTRACTOR,
    &js_route_objects::EXTRACTOR,
    &js_schedules::EXTRACTOR,
    &js_socket_messages::EXTRACTOR,
    &jsdoc_operations::EXTRACTOR,
    &kept_times::EXTRACTOR,
    &knex::EXTRACTOR,
    &known_files::EXTRACTOR,
    &kong::EXTRACTOR,
    &ktor_routes::EXTRACTOR,
    &kubectl::EXTRACTOR,
    &kubernetes::EXTRACTOR,
    &kustomize::EXTRACTOR,
    &kysely::EXTRACTOR,
    &laravel_attributes::EXTRACTOR,
    &laravel_config::EXTRACTOR,
    &laravel_controllers::EXTRACTOR,
    &laravel_http::EXTRACTOR,
    &laravel_logging::EXTRACTOR,
    &laravel_middleware::EXTRACTOR,
    &laravel_migrations::EXTRACTOR,
    &laravel_requests::EXTRACTOR,
    &laravel_stores::EXTRACTOR,
    &legal::EXTRACTOR,
    &license::EXTRACTOR,
    &linters::EXTRACTOR,
    &liquibase::EXTRACTOR,
    &litestar_http::EXTRACTOR,
    &load_generators::EXTRACTOR,
    &lockouts::EXTRACTOR,
    &log_sinks::EXTRACTOR,
    &logging_config::EXTRACTOR,
    &maven::EXTRACTOR,
    &media_types::EXTRACTOR,
    &memory_caches::EXTRACTOR,
    &meteor_routes::EXTRACTOR,
    &module_imports::EXTRACTOR,
    &more_manifests::EXTRACTOR,
    &native_packages::EXTRACTOR,
    &nest_above::EXTRACTOR,
    &nest_http::EXTRACTOR,
    &nextcloud_http::EXTRACTOR,
    &nextjs_http::EXTRACTOR,
    &nginx::EXTRACTOR,
    &nix_services::EXTRACTOR,
    &nomad::EXTRACTOR,
    &npm::EXTRACTOR,
    &nuget::EXTRACTOR,
    &off_switches::EXTRACTOR,
    &open_work::EXTRACTOR,
    &openapi::EXTRACTOR,
    &openapi::parts::EXTRACTOR,
    &otel_collector::EXTRACTOR,
    &other_ci::EXTRACTOR,
    &own_limits::EXTRACTOR,
    &own_settings::EXTRACTOR,
    &package_people::EXTRACTOR,
    &page_scripts::EXTRACTOR,
    &phoenix_controllers::EXTRACTOR,
    &phoenix_routes::EXTRACTOR,
    &php_clients::EXTRACTOR,
    &php_entries::EXTRACTOR,
    &php_marks::EXTRACTOR,
    &play_routes::EXTRACTOR,
    &prisma::EXTRACTOR,
    &procfile::EXTRACTOR,
    &prometheus_rules::EXTRACTOR,
    &proto::EXTRACTOR,
    &published_images::EXTRACTOR,
    &pubspec::EXTRACTOR,
    &push_metrics::EXTRACTOR,
    &python_calls::EXTRACTOR,
    &python_channels::EXTRACTOR,
    &python_clients::EXTRACTOR,
    &python_code::EXTRACTOR,
    &python_http::EXTRACTOR,
    &python_manifest::EXTRACTOR,
    &python_marks::EXTRACTOR,
    &python_path_constants::EXTRACTOR,
    &python_version::EXTRACTOR,
    &python_views::EXTRACTOR,
    &rails_app::EXTRACTOR,
    &rails_controllers::EXTRACTOR,
    &rails_devise::EXTRACTOR,
    &rails_migrations::EXTRACTOR,
    &rails_models::EXTRACTOR,
    &rails_routes::EXTRACTOR,
    &rails_schema::EXTRACTOR,
    &rails_settings::EXTRACTOR,
    &rails_stores::EXTRACTOR,
    &readme::EXTRACTOR,
    &record_calls::EXTRACTOR,
    &refusals::EXTRACTOR,
    &remix_routes::EXTRACTOR,
    &render::EXTRACTOR,
    &response_headers::EXTRACTOR,
    &roadmap::EXTRACTOR,
    &roda_http::EXTRACTOR,
    &role_types::EXTRACTOR,
    &ruby_channels::EXTRACTOR,
    &ruby_http::EXTRACTOR,
    &ruby_marks::EXTRACTOR,
    &ruby_schedules::EXTRACTOR,
    &rust_channels::EXTRACTOR,
    &rust_clients::EXTRACTOR,
    &rust_code::EXTRACTOR,
    &rust_entities::EXTRACTOR,
    &rust_handlers::EXTRACTOR,
    &rust_http::EXTRACTOR,
    &rust_marks::EXTRACTOR,
    &sails_actions::EXTRACTOR,
    &sails_routes::EXTRACTOR,
    &sbt::EXTRACTOR,
    &script_clients::EXTRACTOR,
    &script_env::EXTRACTOR,
    &script_workers::EXTRACTOR,
    &secret_files::EXTRACTOR,
    &security_insights::EXTRACTOR,
    &security_scan::EXTRACTOR,
    &sequelize_classes::EXTRACTOR,
    &sequelize_migrations::EXTRACTOR,
    &serverless::EXTRACTOR,
    &service_urls::EXTRACTOR,
    &shown_contracts::EXTRACTOR,
    &slim_http::EXTRACTOR,
    &slo_files::EXTRACTOR,
    &spring_access::EXTRACTOR,
    &spring_config::EXTRACTOR,
    &sql::EXTRACTOR,
    &sql_in_code::EXTRACTOR,
    &sql_queries::EXTRACTOR,
    &sqlalchemy::EXTRACTOR,
    &stage_files::EXTRACTOR,
    &swift_package::EXTRACTOR,
    &symfony_controllers::EXTRACTOR,
    &symfony_env::EXTRACTOR,
    &symfony_exceptions::EXTRACTOR,
    &symfony_http::EXTRACTOR,
    &symfony_limits::EXTRACTOR,
    &symfony_queues::EXTRACTOR,
    &symfony_routes::EXTRACTOR,
    &symfony_security::EXTRACTOR,
    &symfony_stores::EXTRACTOR,
    &systemd::EXTRACTOR,
    &table_prefixes::EXTRACTOR,
    &task_addresses::EXTRACTOR,
    &terraform::EXTRACTOR,
    &tests::EXTRACTOR,
    &thrift::EXTRACTOR,
    &timed_deletions::EXTRACTOR,
    &topic_pages::EXTRACTOR,
    &ts_entities::EXTRACTOR,
    &tsconfig::EXTRACTOR,
    &tye::EXTRACTOR,
    &unchecked_certificates::EXTRACTOR,
    &user_switches::EXTRACTOR,
    &uwsgi::EXTRACTOR,
    &vagrant::EXTRACTOR,
    &waterline_models::EXTRACTOR,
    &wrangler::EXTRACTOR,
    &yii_routes::EXTRACTOR,
];
