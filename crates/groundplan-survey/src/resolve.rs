//! Facts to blueprint: resolvers join what single files say.

mod above;
pub(crate) mod address;
mod addressed_stores;
mod api_platform_paths;
mod asked_bases;
mod aspnet;
mod base_defaults;
mod bicep;
mod builds;
mod cache_files;
mod cache_times;
mod called_actions;
mod called_paths;
mod catalogues;
mod changelogs;
pub(crate) mod charts;
mod commanded;
mod components;
mod composed;
mod conditions;
mod configured_bases;
mod contracts;
mod coordinators;
mod coverage;
mod dapr;
mod described;
mod django;
mod django_routes;
mod drf;
mod editions;
mod ef_models;
mod elements;
mod embedded;
mod endpoints;
pub(crate) mod environments;
mod extended;
mod flows;
mod foreign;
mod generated;
mod go_constants;
mod go_handed;
mod go_tables;
mod gradle_projects;
mod handlers;
mod headed_terms;
mod holders;
mod host_names;
mod huma;
mod identity;
mod imported;
mod inner_projects;
mod interpolate;
mod java_constants;
mod java_paths;
mod jobs;
mod jsdoc;
mod key_sources;
mod ktor_paths;
mod laravel_config;
mod laravel_dumps;
mod laravel_middleware;
mod laravel_paths;
mod leaders;
mod left_behind;
mod limits;
mod model_ends;
mod model_superclasses;
mod models;
mod module_paths;
pub(crate) mod names;
mod needed;
mod nest_paths;
mod observations;
mod one_line;
mod other_sets;
mod outcomes;
mod overlap;
mod own_packages;
mod ownership;
mod phoenix;
mod php_actions;
mod php_names;
mod programs;
mod proxies;
mod purposes;
mod python_answers;
mod python_calls;
mod python_modules;
pub(crate) mod rails;
pub(crate) mod rails_ends;
mod record_uses;
mod release_log;
mod requests;
mod router_names;
mod routers;
mod runs;
pub(crate) mod sails;
mod schemas;
mod secret_settings;
mod settings;
mod settled;
mod snapshots;
mod sockets;
mod spring_access;
mod stores;
mod symfony_paths;
mod taken_away;
mod telemetry;
mod terraform;
mod test_bases;
mod topic_pages;
mod undescribed;
mod units;
mod unread_fields;
mod user_roles;
mod variants;
mod versions;
mod waterline;
mod whole_paths;
mod wiring;
mod world;

use crate::tree::Tree;
use groundplan_knowledge::Knowledge;
use groundplan_model::{Blueprint, Diagnostic, SCHEMA_VERSION, Setting, SettingSource};
use std::collections::BTreeMap;

/// What lies outside the tree and names it.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Name for a system that no file names: that of the remote repository or of the folder.
    pub fallback_name: String,
}

/// Joins facts into the as-built blueprint. `blueprint_id`, questions, views and history are
/// still empty; diagnostics of single files are passed on.
pub fn resolve(
    tree: &Tree,
    knowledge: &Knowledge,
    surroundings: &Surroundings,
) -> (Blueprint, Vec<Diagnostic>) {
    let mut diagnostics: Vec<Diagnostic> = tree
        .files
        .iter()
        .flat_map(|f| f.diagnostics.iter().cloned())
        .collect();
    let files = interpolate::interpolate(&tree.files, knowledge);
    let world = world::World::new(&files, knowledge).with_links(&tree.links);
    let (mut units, holders) = units::units(&world);
    let handed_out = settings::handed_out(&world, &units, &holders);
    let mut values = settings::values(&world, &units, &handed_out, &holders);
    let mut stores = stores::configured(&world, &units, &values);
    let mut addressed = addressed_stores::addressed(&world, &units, &values, &stores);
    for store in &mut addressed {
        store.server = addressed_stores::server(&store.targets);
    }
    stores.extend(addressed);
    stores::add(&world, &mut stores, &mut units, &mut values);
    stores::share(&units, &mut stores);
    let dapr = dapr::read(&world);
    dapr::add(&world, &dapr, &mut units, &mut values);
    let outer = wiring::Outer {
        handed_out: &handed_out,
        holders: &holders,
        stores: &stores,
        dapr: &dapr,
    };
    let graph = wiring::wire(&world, &units, &values, &outer);
    coordinators::mark(&mut units, &graph);

    let mut blueprint = Blueprint {
        schema_version: SCHEMA_VERSION.to_owned(),
        origin: "built".to_owned(),
        ..Blueprint::default()
    };
    identity::fill(&mut blueprint, &world, surroundings);
    let ids = elements::fill(&mut blueprint, &world, &units, &graph);
    embedded::fill(&mut blueprint, &world, &units, &ids);
    components::fill(&mut blueprint, &world, &units, &ids);
    undescribed::leave_out(&mut blueprint);
    let handlers = handlers::Handlers::of(&world);
    let found = contracts::fill(&mut blueprint, &world, &units, &ids, &handlers);
    diagnostics.extend(found);
    whole_paths::with_base(&mut blueprint);
    asked_bases::put(&mut blueprint, &world);
    ownership::fill(&mut blueprint, &world);
    called_paths::join(&mut blueprint, &units, &ids, &graph);
    environments::fill(&mut blueprint, &world);
    observations::fill(&mut blueprint, &world, &units, &ids, &values, &holders);
    php_actions::tell_turned(&mut blueprint, &world);
    unread_fields::leave_out(&mut blueprint, &world);
    go_handed::settle(&mut blueprint, &handlers);
    headed_terms::fill(&mut blueprint, &world);
    topic_pages::fill(&mut blueprint, &world);
    user_roles::fill(&mut blueprint);
    whole_paths::of_probes(&mut blueprint);
    limits::fill(&mut blueprint, &world);
    flows::fill(&mut blueprint, &world);
    coverage::fill(&mut blueprint, tree, knowledge);
    sort(&mut blueprint);
    diagnostics.sort();
    diagnostics.dedup();
    (blueprint, diagnostics)
}

/// Calls a key that code of .NET reads as the file of its part has it: the platform compares keys without
/// case (<https://learn.microsoft.com/dotnet/core/extensions/configuration>).
fn name_keys(blueprint: &mut Blueprint) {
    let is_of = |setting: &Setting, ends: &str| {
        let first = setting.provenance.first();
        first.is_some_and(|at| at.path.ends_with(ends))
    };
    let mut known: BTreeMap<(Option<String>, String), String> = BTreeMap::new();
    for setting in &blueprint.settings {
        if setting.source == SettingSource::File && is_of(setting, ".json") {
            let key = (setting.element.clone(), setting.name.to_lowercase());
            known.entry(key).or_insert_with(|| setting.name.clone());
        }
    }
    for setting in &mut blueprint.settings {
        if setting.source == SettingSource::Property && is_of(setting, ".cs") {
            let key = (setting.element.clone(), setting.name.to_lowercase());
            if let Some(name) = known.get(&key) {
                setting.name.clone_from(name);
            }
        }
    }
}

/// The order of the public form, which is part of its meaning.
fn sort(blueprint: &mut Blueprint) {
    name_keys(blueprint);
    blueprint.elements.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.relationships.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.entities.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.interfaces.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.decisions.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.settings.sort_by(|a, b| {
        (&a.element, &a.name, a.source, &a.profile, &a.provenance).cmp(&(
            &b.element,
            &b.name,
            b.source,
            &b.profile,
            &b.provenance,
        ))
    });
    blueprint.settings.dedup();
    blueprint.dependencies.sort_by(|a, b| {
        (&a.element, &a.ecosystem, &a.name, &a.provenance).cmp(&(
            &b.element,
            &b.ecosystem,
            &b.name,
            &b.provenance,
        ))
    });
    blueprint.dependencies.dedup();
    blueprint.observations.sort_by(|a, b| {
        (a.topic, &a.element, &a.name, &a.provenance).cmp(&(
            b.topic,
            &b.element,
            &b.name,
            &b.provenance,
        ))
    });
    blueprint.observations.dedup();
}
