//! Stores that an application opens by the configuration of its framework: which of the connections
//! that are written down holds, what product it reaches, and the store as a part of the system where
//! no deployment file starts one.

use crate::extractors::procfile::PROCFILE;
use crate::facts::{Claim, ConfiguredStore};
use crate::resolve::environments::tier;
use crate::resolve::leaders::Leaders;
use crate::resolve::names::is_aside;
use crate::resolve::settings::{Value, fill, is_dotenv, is_pattern};
use crate::resolve::units::Unit;
use crate::resolve::wiring::is_of_tests;
use crate::resolve::world::{World, folder_of};
use crate::scan;
use groundplan_knowledge::{Category, Knowledge, Technology};
use groundplan_model::{DependencyScope, EnvironmentTier, Evidence, Role};
use std::collections::{BTreeMap, BTreeSet};

/// A product that a unit keeps data in, by its configuration.
#[derive(Clone)]
pub(crate) struct Store<'f> {
    /// The unit that opens it.
    pub(crate) unit: usize,
    /// The store that was added since nothing starts one.
    pub(crate) added: Option<usize>,
    /// What it is.
    pub(crate) product: &'f Technology,
    /// Where the configuration says so.
    pub(crate) places: Vec<&'f Evidence>,
    /// Addresses with what the unit is given filled in.
    pub(crate) targets: Vec<String>,
    /// The library that opens it.
    pub(crate) library: &'f str,
    /// Names of the connections, of those that have one.
    pub(crate) names: BTreeSet<&'f str>,
    /// What the framework keeps there: `database`, `cache`.
    pub(crate) purposes: BTreeSet<&'f str>,
    /// The variable that selects the product, where nothing that was read sets it for good.
    pub(crate) switch: Option<String>,
    /// Whether only the environment of developers has it.
    pub(crate) development: bool,
    /// Whether only patterns name it, from which an installation makes its own configuration.
    pub(crate) pattern: bool,
    /// The host that all of its addresses name, for a store that is known by its address alone: on one
    /// host there is one server of a product, whoever names it.
    pub(crate) server: Option<String>,
}

impl<'f> Store<'f> {
    /// A store that a unit names by its address; places and targets are still to come.
    pub(crate) fn addressed(unit: usize, product: &'f Technology, development: bool) -> Self {
        Store {
            unit,
            added: None,
            product,
            places: Vec::new(),
            targets: Vec::new(),
            library: "",
            names: BTreeSet::new(),
            purposes: BTreeSet::new(),
            switch: None,
            development,
            pattern: false,
            server: None,
        }
    }
}

type Claimed<'f> = (&'f ConfiguredStore, &'f Evidence);

/// What each unit that leads its source opens, in the order of units and products.
pub(crate) fn configured<'f>(
    world: &World<'f>,
    units: &[Unit<'f>],
    values: &[Vec<Value>],
) -> Vec<Store<'f>> {
    let mut facts = world.facts();
    if !facts.any(|(_, fact)| matches!(fact.claim, Claim::Store(_))) {
        return Vec::new();
    }
    let leaders = Leaders::of(units);
    let mut all = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let Some(project) = unit.project.filter(|p| leaders.leads(index, Some(*p))) else {
            continue;
        };
        let claims = claims(world, project);
        if claims.is_empty() {
            continue;
        }
        let mut given = values.get(index).cloned().unwrap_or_default();
        given.extend(patterns(world, project));
        all.extend(of_unit(world, index, project, claims, &given));
    }
    all
}

/// What the configuration of a project says, also in the patterns from which an installation makes its
/// own, which are no part of what runs.
fn claims<'f>(world: &World<'f>, project: usize) -> Vec<Claimed<'f>> {
    let files = world.projects[project].files.iter();
    let files = files.filter_map(|&index| world.files.get(index));
    let mut all = Vec::new();
    for file in files {
        let stores = file.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Store(store) => Some((store.as_ref(), &fact.at)),
            _ => None,
        });
        let stores: Vec<Claimed<'f>> = stores.collect();
        if !stores.is_empty()
            && !scan::is_test(&file.path)
            && !is_aside(&format!("{}/x", folder_of(&file.path)))
        {
            all.extend(stores);
        }
    }
    all
}

/// Variables of the patterns for files of variables at the root of a project.
fn patterns(world: &World<'_>, project: usize) -> Vec<Value> {
    let root = world.projects[project].folder.as_str();
    let files = world.projects[project].files.iter();
    let files = files.filter_map(|&index| world.files.get(index));
    let mut all = Vec::new();
    for file in files.filter(|f| folder_of(&f.path) == root) {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if !is_dotenv(name) || !is_pattern(&file.path) {
            continue;
        }
        for fact in &file.facts {
            if let Claim::Property(property) = &fact.claim
                && let Some(value) = &property.value
            {
                all.push(Value {
                    key: property.key.clone(),
                    value: value.clone(),
                    at: fact.at.clone(),
                    is_env: true,
                    profile: None,
                    shared: true,
                    secret: property.secret,
                    example: true,
                    commented: property.commented,
                });
            }
        }
    }
    all
}

fn of_unit<'f>(
    world: &World<'f>,
    unit: usize,
    project: usize,
    claims: Vec<Claimed<'f>>,
    given: &[Value],
) -> Vec<Store<'f>> {
    // Some files say which product a connection reaches, others only where it is.
    let (defining, placing): (Vec<_>, Vec<_>) = claims.into_iter().partition(|(s, _)| {
        !s.product.is_empty() || s.chosen_by.is_some() || !s.library.is_empty()
    });
    let mut found: BTreeMap<&str, Store<'f>> = BTreeMap::new();
    let mut defining = in_force(defining);
    // What the framework says comes before what a platform adds.
    defining.sort_by_key(|(store, _)| store.library.is_empty());
    for (store, at) in defining {
        if !is_chosen(store, given) {
            continue;
        }
        let more = placing
            .iter()
            .filter(|(other, _)| other.purpose == store.purpose && other.name == store.name);
        let more = in_force(more.copied().collect());
        let targets = store.targets.iter();
        let targets = targets.chain(more.iter().flat_map(|(s, _)| &s.targets));
        let targets: Vec<String> = targets.map(|t| filled(t, given)).collect();
        let Some(product) = product(world, project, store, &targets, given) else {
            continue;
        };
        // The skeleton of an application sets up messages over a store that it has no client for.
        if store.purpose == "messages" && !has_driver(world, project, product) {
            continue;
        }
        let switch = [store.chosen_by.as_deref(), Some(store.product.as_str())]
            .into_iter()
            .flatten()
            .find_map(|text| open_switch(text, given));
        let development = is_tier(store, EnvironmentTier::Development);
        let known = found.entry(&product.id).or_insert_with(|| Store {
            unit,
            added: None,
            product,
            places: Vec::new(),
            targets: Vec::new(),
            library: &store.library,
            names: BTreeSet::new(),
            purposes: BTreeSet::new(),
            switch: switch.clone(),
            development,
            pattern: true,
            server: None,
        });
        known.places.push(at);
        known.places.extend(more.iter().map(|(_, at)| *at));
        known.targets.extend(targets);
        known.purposes.insert(&store.purpose);
        known.development &= development;
        known.pattern &= is_pattern(&at.path);
        if switch.is_none() {
            known.switch = None;
        }
        if !store.name.is_empty() {
            known.names.insert(&store.name);
        }
    }
    found.into_values().collect()
}

/// Of the connections of one purpose those that hold where the system runs for its users: what is
/// written for production, else for all environments, else for developers. What is written for tests
/// never holds, and a pattern only where nothing else is written.
fn in_force(mut all: Vec<Claimed<'_>>) -> Vec<Claimed<'_>> {
    let rank = |(store, at): &Claimed<'_>| {
        let by_tier = match store.profile.as_deref().map(tier) {
            Some(EnvironmentTier::Production) => 0,
            None => 1,
            Some(EnvironmentTier::Staging | EnvironmentTier::Other) => 2,
            Some(EnvironmentTier::Development) => 3,
            Some(EnvironmentTier::Test) => 4,
        };
        (is_pattern(&at.path), by_tier)
    };
    all.retain(|claim| rank(claim).1 < 4);
    let mut best: BTreeMap<String, (bool, u8)> = BTreeMap::new();
    for claim in &all {
        let own = rank(claim);
        let known = best.entry(claim.0.purpose.clone()).or_insert(own);
        *known = own.min(*known);
    }
    all.retain(|claim| best.get(&claim.0.purpose) == Some(&rank(claim)));
    all
}

fn is_tier(store: &ConfiguredStore, wanted: EnvironmentTier) -> bool {
    store.profile.as_deref().map(tier) == Some(wanted)
}

/// A value that a unit is given under a name, other than for tests and for developers alone.
fn lookup<'v>(given: &'v [Value], name: &str) -> Option<&'v Value> {
    let rank = |v: &Value| match v.profile.as_deref().map(tier) {
        _ if v.is_env && !v.shared => Some(0),
        Some(EnvironmentTier::Test | EnvironmentTier::Development) => None,
        Some(EnvironmentTier::Production) => Some(1),
        None => Some(2),
        Some(_) => Some(3),
    };
    let says = |v: &&Value| {
        v.key == name
            && !v.value.is_empty()
            && !v.value.contains(&format!("{{{name}"))
            && !is_of_tests(&v.at.path)
    };
    let all = given.iter().filter(says);
    let all = all.filter_map(|v| Some((rank(v)?, v)));
    all.min_by_key(|(rank, _)| *rank).map(|(_, v)| v)
}

fn filled(text: &str, given: &[Value]) -> String {
    fill(text, &|name| lookup(given, name).map(|v| v.value.clone()))
}

fn is_chosen(store: &ConfiguredStore, given: &[Value]) -> bool {
    let Some(choice) = &store.chosen_by else {
        return true;
    };
    filled(choice, given) == store.name
}

/// The variable that a text begins with, if no deployment file sets it for this unit.
fn open_switch(text: &str, given: &[Value]) -> Option<String> {
    let rest = text.strip_prefix("{env:")?;
    let end = rest.find([':', '}'])?;
    let name = &rest[..end];
    match lookup(given, name) {
        // A setting of the application may be given by a variable in turn.
        Some(value) if !value.is_env => open_switch(&value.value.replace("${", "{env:"), &[]),
        Some(value) if !value.shared && !value.example => None,
        _ => Some(name.to_owned()),
    }
}

fn product<'f>(
    world: &World<'f>,
    project: usize,
    store: &ConfiguredStore,
    targets: &[String],
    given: &[Value],
) -> Option<&'f Technology> {
    let by_address = targets
        .iter()
        .filter(|t| t.contains("://"))
        .find_map(|t| world.knowledge.by_scheme(t).filter(|t| keeps_data(t)));
    let name = filled(&store.product, given);
    // A name that nobody knows is that of another product than the manifest has a driver for.
    by_address.or_else(|| match name.is_empty() {
        true => only_driver(world, project, &store.purpose),
        false => named(world.knowledge, &name),
    })
}

fn keeps_data(technology: &Technology) -> bool {
    matches!(
        technology.category,
        Category::Database
            | Category::Cache
            | Category::Search
            | Category::ObjectStorage
            | Category::Broker
    )
}

/// The product that an adapter or driver is named for: `postgresql`, `mysql2_makara`.
fn named<'k>(known: &'k Knowledge, name: &str) -> Option<&'k Technology> {
    let name = name.trim().to_ascii_lowercase();
    if name.is_empty() || name.contains(['{', '$', ' ']) {
        return None;
    }
    let first = name.split(['_', '-']).next().unwrap_or(&name);
    known
        .by_scheme(&name)
        .or_else(|| known.by_scheme(&name.replace('_', "-")))
        .or_else(|| known.by_id(&name))
        .or_else(|| known.by_scheme(first))
        .filter(|t| keeps_data(t))
}

/// The only database of which the manifest names a driver, where the configuration leaves it to an
/// address that nothing sets.
fn only_driver<'f>(world: &World<'f>, project: usize, purpose: &str) -> Option<&'f Technology> {
    if purpose != "database" {
        return None;
    }
    let mut all: BTreeMap<&str, &'f Technology> = BTreeMap::new();
    for fact in world.facts_of(project) {
        if let Claim::Dependency(d) = &fact.claim
            && d.scope == DependencyScope::Runtime
            && let Some(server) = world.knowledge.server_of(&d.ecosystem, &d.name)
            && server.category == Category::Database
        {
            all.insert(&server.id, server);
        }
    }
    match all.len() {
        1 => all.into_values().next(),
        _ => None,
    }
}

/// Whether a manifest of a project names a driver for a product.
pub(crate) fn has_driver(world: &World<'_>, project: usize, product: &Technology) -> bool {
    world.facts_of(project).any(|fact| {
        matches!(&fact.claim, Claim::Dependency(d)
            if world.knowledge.server_of(&d.ecosystem, &d.name)
                .is_some_and(|t| world.knowledge.serves(&product.id, &t.id)))
    })
}

/// Gives the other processes of a folder the stores of the one that leads: all of them run one
/// application with one configuration.
pub(crate) fn share<'f>(units: &[Unit<'f>], stores: &mut Vec<Store<'f>>) {
    let is_process = |unit: &Unit<'_>| {
        !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| d.source == PROCFILE)
    };
    let processes = (0..units.len()).filter(|&i| is_process(&units[i]));
    let mut more: Vec<Store<'f>> = Vec::new();
    for unit in processes {
        let own = |s: &&Store<'f>| units[s.unit].project == units[unit].project;
        let others = stores.iter().filter(own).filter(|s| s.unit != unit);
        more.extend(others.map(|store| Store {
            unit,
            ..store.clone()
        }));
    }
    stores.extend(more);
}

/// Adds the stores that configuration names and that no unit is. What has no server lies inside of
/// its user and is none.
pub(crate) fn add<'f>(
    world: &World<'f>,
    stores: &mut [Store<'f>],
    units: &mut Vec<Unit<'f>>,
    values: &mut Vec<Vec<Value>>,
) {
    let serves = |units: &[Unit<'f>], product: &Technology| {
        let mut products = units.iter().filter_map(|u| u.technology);
        products.any(|t| world.knowledge.serves(&t.id, &product.id))
    };
    let missing: Vec<usize> = (0..stores.len())
        .filter(|&s| stores[s].product.is_server() && !serves(units, stores[s].product))
        .collect();
    let mut servers: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for &at in &missing {
        let product = stores[at].product;
        let mut others = missing
            .iter()
            .filter(|&&s| stores[s].product.id == product.id);
        let server = stores[at].server.clone();
        let alone = others.all(|&s| s == at || server.is_some() && stores[s].server == server);
        let key = server.map(|server| (product.id.as_str(), server));
        if let Some(&known) = key.as_ref().and_then(|key| servers.get(key)) {
            stores[at].added = Some(known);
            let places = stores[at].places.iter().map(|at| (*at).clone());
            units[known].evidence.extend(places);
            units[known].optional &= stores[at].development;
            units[known].development &= stores[at].development;
            continue;
        }
        if let Some(key) = key {
            servers.insert(key, units.len());
        }
        let Some(role) = product.role else { continue };
        let store = &mut stores[at];
        // What only jobs and messages wait in is no cache.
        let carries = !store.purposes.is_empty()
            && store
                .purposes
                .iter()
                .all(|p| matches!(*p, "queue" | "messages"));
        let role = match role {
            Role::Cache if carries => Role::Broker,
            role => role,
        };
        let name = match alone {
            true => product.id.clone(),
            false => format!("{}-{}", units[store.unit].name, product.id),
        };
        store.added = Some(units.len());
        units.push(Unit {
            name,
            hosts: BTreeSet::new(),
            deployables: Vec::new(),
            others: Vec::new(),
            images: Vec::new(),
            project: None,
            technology: Some(product),
            role,
            evidence: store.places.iter().map(|at| (*at).clone()).collect(),
            optional: store.development,
            development: store.development,
        });
        values.push(Vec::new());
    }
}
