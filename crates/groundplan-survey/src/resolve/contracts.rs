//! Interfaces and entities: contracts, code and migrations joined with the containers they belong
//! to.

use crate::extractors::{IN_CODE, TRANSCODED};
use crate::facts::{ANY_CLASS, Claim, FileFacts, ImportAt, PathItem};
use crate::resolve::changelogs::Changelogs;
use crate::resolve::described::shape;
use crate::resolve::editions::left_out;
use crate::resolve::endpoints;
use crate::resolve::go_tables::{self, GoTables};
use crate::resolve::handlers::Handlers;
use crate::resolve::java_constants::JavaConstants;
use crate::resolve::leaders::{Leaders, only_user};
use crate::resolve::left_behind::LeftBehind;
use crate::resolve::names::{is_aside, slug};
use crate::resolve::rails::{self, Rails};
use crate::resolve::units::Unit;
use crate::resolve::world::{Named, World, folder_of};
use crate::resolve::{
    ef_models, jobs, laravel_dumps, model_ends, model_superclasses, models, overlap, rails_ends,
    schemas, snapshots, waterline,
};
use crate::resolve_sql::OrderKey;
use crate::scan;
use crate::source::join;
use aho_corasick::AhoCorasick;
use groundplan_model::{
    Audience, Blueprint, Diagnostic, Entity, EntityKind, EntityRelation, Interface, InterfaceKind,
    NULLABILITY_UNREAD, Operation, REFERS_TO, Role,
};
use groundplan_syntax::Language;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Adds interfaces and entities.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
    handlers: &Handlers<'_>,
) -> Vec<Diagnostic> {
    let leaders = Leaders::of(units);
    let owner = |path: &str| -> Option<usize> { leaders.get(world.project_of(path)?) };
    let exposed = exposed(blueprint, units, ids);
    contracts(blueprint, world, units, ids, &owner, &exposed);
    endpoints::fill(blueprint, world, units, ids, &exposed, handlers);
    jobs::fill(blueprint, world, units, ids);
    endpoints::of_gateways(blueprint, units, ids, &exposed);
    entities(blueprint, world, units, ids, &owner);
    Vec::new()
}

/// Units that somebody outside can reach: published ports of services and interfaces, and what a
/// gateway routes to.
fn exposed(blueprint: &Blueprint, units: &[Unit<'_>], ids: &[String]) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    for (index, unit) in units.iter().enumerate() {
        let published = unit
            .deployables
            .iter()
            .any(|(d, _)| d.source == "compose" && d.ports.iter().any(|p| p.value.host.is_some()));
        let routed = blueprint
            .relationships
            .iter()
            .any(|r| r.to == ids[index] && r.kind == groundplan_model::RelationshipKind::Routes);
        if matches!(unit.role, Role::Ui | Role::Gateway) || published || routed {
            all.insert(index);
        }
    }
    all
}

fn contracts(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
    owner: &dyn Fn(&str) -> Option<usize>,
    exposed: &BTreeSet<usize>,
) {
    let servers = grpc_servers(world, units);
    let implemented: BTreeSet<&str> = world
        .facts()
        .filter_map(|(file, fact)| match &fact.claim {
            Claim::GrpcServer(service) if !is_aside(&file.path) => Some(service.as_str()),
            _ => None,
        })
        .collect();
    let graphql = graphql_servers(world);
    let gateway = LazyCell::new(|| transcodes(world));
    let items = LazyCell::new(|| path_items(world));
    let left_out = left_out(world);
    let mut found: Vec<Interface> = Vec::new();
    let mut seen: BTreeSet<(InterfaceKind, String, Vec<String>)> = BTreeSet::new();
    for (file, fact) in world.facts() {
        let Claim::Interface(interface) = &fact.claim else {
            continue;
        };
        let described = matches!(interface.kind, InterfaceKind::Http | InterfaceKind::Message);
        if is_aside(&file.path) && !described || left_out.contains(file.path.as_str()) {
            continue;
        }
        let transcoded = interface.id.ends_with(TRANSCODED);
        if transcoded && !*gateway {
            continue;
        }
        let mut interface = interface.as_ref().clone();
        if interface.partial && interface.kind == InterfaceKind::Http {
            take_in(&mut interface, file, &items);
        }
        // An interface of which no operation is known would seem to have none.
        if interface.operations.is_empty() && interface.partial && described {
            continue;
        }
        // The same contract is often copied beside each of its users.
        let operations: Vec<String> = interface.operations.iter().map(|o| o.id.clone()).collect();
        if !seen.insert((interface.kind, interface.name.clone(), operations)) {
            continue;
        }
        let unit = match interface.kind {
            InterfaceKind::Grpc => {
                let name = interface.name.rsplit('.').next().unwrap_or(&interface.name);
                let found = servers.get(name);
                interface.unserved = !implemented.contains(name);
                found.and_then(|s| (s.len() == 1).then(|| s.first().copied()).flatten())
            }
            InterfaceKind::Http if transcoded => {
                let found = servers.get(interface.name.as_str());
                found.and_then(|s| (s.len() == 1).then(|| s.first().copied()).flatten())
            }
            InterfaceKind::Graphql => {
                // Programs that only ask keep a copy of what they ask.
                let project = world.project_of(&file.path);
                interface.unserved = !graphql.contains(&project);
                owner(&file.path).filter(|_| !interface.unserved)
            }
            _ => owner(&file.path),
        };
        interface.element = unit.map(|u| ids[u].clone());
        if interface.audience == Audience::Unknown {
            interface.audience = match (interface.kind, unit) {
                (InterfaceKind::Grpc, _) => Audience::Internal,
                (_, Some(unit)) => endpoints::audience(blueprint, ids, exposed, unit),
                _ => Audience::Unknown,
            };
        }
        found.push(interface);
    }
    let found = joined(blueprint, found, TRANSCODED, "HTTP routes of gRPC");
    let mut found = joined(blueprint, found, IN_CODE, "GraphQL operations");
    overlap::resolve(&mut found);
    for mut interface in found {
        interface.id = unique(&slug(&interface.name), &blueprint.interfaces);
        blueprint.interfaces.push(interface);
    }
}

/// Whether a program of the repository answers HTTP in place of gRPC by the annotations of its services.
fn transcodes(world: &World<'_>) -> bool {
    const BUILT_IN: [&str; 4] = [
        "github.com/grpc-ecosystem/grpc-gateway",
        "connectrpc.com/vanguard",
        "Microsoft.AspNetCore.Grpc.JsonTranscoding",
        "go-kratos/kratos/v2/transport/http",
    ];
    let known = |name: &str| BUILT_IN.iter().any(|known| name.contains(known));
    world.files.iter().any(|file| {
        let packages = file.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Dependency(package) => Some(package.name.as_str()),
            _ => None,
        });
        file.language != Language::Proto
            && file
                .imports()
                .map(ImportAt::module)
                .chain(packages)
                .any(known)
    })
}

/// What several files declare of one kind, by the end of its id, as one interface for each part, without
/// what a contract lists already.
fn joined(blueprint: &Blueprint, found: Vec<Interface>, end: &str, called: &str) -> Vec<Interface> {
    let (coded, mut rest): (Vec<Interface>, Vec<Interface>) =
        found.into_iter().partition(|i| i.id.ends_with(end));
    let key = |o: &Operation| (o.method.clone(), shape(&o.path));
    let Some(kind) = coded.first().map(|i| i.kind) else {
        return rest;
    };
    // What a contract lists whose part is not known may be of any.
    let mut listed: BTreeMap<Option<String>, BTreeSet<(String, String)>> = BTreeMap::new();
    for one in rest.iter().filter(|i| i.kind == kind) {
        let known = listed.entry(one.element.clone()).or_default();
        known.extend(one.operations.iter().map(key));
    }
    let is_listed = |element: &Option<String>, o: &Operation| {
        let of =
            |element: &Option<String>| listed.get(element).is_some_and(|l| l.contains(&key(o)));
        of(element) || of(&None)
    };
    let mut joined: BTreeMap<Option<String>, Interface> = BTreeMap::new();
    for mut interface in coded {
        let element = interface.element.clone();
        interface.operations.retain(|o| !is_listed(&element, o));
        match joined.get_mut(&interface.element) {
            Some(known) => known.operations.append(&mut interface.operations),
            None if interface.operations.is_empty() => {}
            None => {
                let id = interface.element.as_deref();
                let of = id.and_then(|id| blueprint.elements.iter().find(|e| e.id == id));
                interface.name = match of {
                    Some(element) => format!("{} {called}", element.name),
                    None => called.to_owned(),
                };
                joined.insert(interface.element.clone(), interface);
            }
        }
    }
    for mut interface in joined.into_values() {
        let mut seen = BTreeSet::new();
        interface.operations.retain(|o| seen.insert(key(o)));
        rest.push(interface);
    }
    rest
}

/// Operations that contracts of other files may take in, by file and pointer.
fn path_items<'f>(world: &World<'f>) -> BTreeMap<String, &'f PathItem> {
    let found = world.facts().filter_map(|(file, fact)| match &fact.claim {
        Claim::PathItem(item) => Some((format!("{}#{}", file.path, item.pointer), item.as_ref())),
        _ => None,
    });
    found.collect()
}

/// Gives a contract the operations of its paths that stand in other files; it stays partial where one
/// is missing.
fn take_in(interface: &mut Interface, file: &FileFacts, items: &BTreeMap<String, &PathItem>) {
    let paths = file.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::PathElsewhere(path) => Some(path),
        _ => None,
    });
    let mut missing = false;
    for at in paths {
        let Some(item) = items.get(at.target.as_str()) else {
            missing = true;
            continue;
        };
        for one in &item.operations {
            let mut one = one.clone();
            one.id = format!("{} {}", one.method, at.path);
            one.path.clone_from(&at.path);
            if one.security_inherited {
                one.security.clone_from(&at.guards);
                one.security_inherited = !at.guards.is_empty();
                one.security_all = at.all;
            }
            interface.operations.push(one);
        }
    }
    interface.partial = missing;
}

/// An id that no interface has.
pub(crate) fn unique(base: &str, taken: &[Interface]) -> String {
    let mut id = base.to_owned();
    let mut number = 2;
    while taken.iter().any(|i| i.id == id) {
        id = format!("{base}-{number}");
        number += 1;
    }
    id
}

/// Projects whose packages or imports answer GraphQL. Looked for only where there is a schema.
fn graphql_servers(world: &World<'_>) -> BTreeSet<Option<usize>> {
    let is_schema = |claim: &Claim| match claim {
        Claim::Interface(i) => i.kind == InterfaceKind::Graphql,
        _ => false,
    };
    if !world.facts().any(|(_, fact)| is_schema(&fact.claim)) {
        return BTreeSet::new();
    }
    let mut all = BTreeSet::new();
    // Of ten imports nine bring in what others brought in before.
    let mut known: Named<&str, bool> = Named::default();
    for file in world.files {
        let packages = file.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Dependency(package) => Some(package.name.as_str()),
            _ => None,
        });
        let mut names = file.imports().map(ImportAt::module).chain(packages);
        if names.any(|name| *known.entry(name).or_insert_with(|| is_graphql_server(name))) {
            all.insert(world.project_of(&file.path));
        }
    }
    all
}

/// Packages and modules that answer GraphQL.
const GRAPHQL_SERVERS: [&str; 30] = [
    "graphene",
    "strawberry",
    "ariadne",
    "apollo-server",
    "@apollo/server",
    "@apollo/subgraph",
    "@nestjs/graphql",
    "graphql-yoga",
    "mercurius",
    "express-graphql",
    "graphql-http",
    "type-graphql",
    "@pothos/core",
    "gqlgen",
    "graphql-go",
    "graph-gophers",
    "async-graphql",
    "juniper",
    "hotchocolate",
    "graphql.server",
    "spring-boot-starter-graphql",
    "spring-graphql",
    "graphql-dgs",
    "graphql-java",
    "graphql-kotlin",
    "nuwave/lighthouse",
    "absinthe",
    "graphql-ruby",
    "sangria",
    "caliban",
];

/// Whether a package or module is one that answers GraphQL: one search for all names, since every
/// import of a tree is asked.
fn is_graphql_server(name: &str) -> bool {
    static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        // Modules have `_` where packages have `-`.
        let both = GRAPHQL_SERVERS
            .iter()
            .flat_map(|n| [(*n).to_owned(), n.replace('-', "_")]);
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true);
        builder.build(both).ok()
    });
    let Some(search) = SEARCH.as_ref() else {
        return false;
    };
    let bytes = name.as_bytes();
    search.find_overlapping_iter(name).any(|found| {
        let end = bytes.get(found.end());
        let begin = found.start().checked_sub(1).and_then(|b| bytes.get(b));
        end.is_none_or(|b| !b.is_ascii_alphanumeric())
            && begin.is_none_or(|b| !b.is_ascii_alphanumeric())
    })
}

fn grpc_servers(world: &World<'_>, units: &[Unit<'_>]) -> BTreeMap<String, BTreeSet<usize>> {
    let mut servers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let Some(project) = unit.project else {
            continue;
        };
        for fact in world.facts_of(project) {
            if let Claim::GrpcServer(service) = &fact.claim {
                servers.entry(service.clone()).or_default().insert(index);
            }
        }
    }
    servers
}

/// The only unit that serves the services of a contract.
fn serving(servers: &BTreeMap<String, BTreeSet<usize>>, file: &FileFacts) -> Option<usize> {
    if servers.is_empty() || file.language != Language::Proto {
        return None;
    }
    let names = file.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Interface(i) if i.kind == InterfaceKind::Grpc => i.name.rsplit('.').next(),
        _ => None,
    });
    let found = names.filter_map(|name| servers.get(name));
    let all: BTreeSet<usize> = found.flatten().copied().collect();
    all.first().copied().filter(|_| all.len() == 1)
}

/// Tables by replaying migrations per project, then entities of code that no table describes.
fn entities(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
    owner: &dyn Fn(&str) -> Option<usize>,
) {
    let rails = Rails::of(world);
    let changelogs = Changelogs::of(world);
    let left = LeftBehind::of(world);
    let dumps = laravel_dumps::of_others(world);
    let go = GoTables::of(world);
    let snapshots_of: BTreeSet<Option<usize>> = (world.files.iter())
        .filter(|file| snapshots::is_snapshot(&file.path) && !is_aside(&file.path))
        .map(|file| world.project_of(&file.path))
        .collect();
    let mut changes: BTreeMap<(Option<usize>, &str), Vec<schemas::Change<'_>>> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let project = || world.project_of(&file.path);
        let change = match &fact.claim {
            Claim::Sql(change) => change,
            // What a snapshot beside it comes to tells no step towards it.
            Claim::Step(change) if !snapshots_of.contains(&project()) => change,
            _ => continue,
        };
        if !is_aside(&file.path)
            && !rails.is_past(file)
            && !changelogs.taken.contains(file.path.as_str())
            && !snapshots::is_snapshot(&file.path)
            && !left.holds(&file.path)
            && !dumps.contains(file.path.as_str())
            && !go.is_past(file)
        {
            // Statements and what builders do stand among each other in scripts.
            let mixed = [".js", ".ts", ".mjs", ".cjs"];
            let key = match mixed.iter().any(|end| file.path.ends_with(end)) {
                true => OrderKey::of(&file.path).at(fact.at.lines[0]),
                false => OrderKey::of(&file.path),
            };
            changes
                .entry((project(), rails::database_of(&file.path)))
                .or_default()
                .push((key, &file.path, change));
        }
    }
    let mut all: Vec<Entity> = Vec::new();
    for (path, mut entity) in changelogs.tables {
        entity.owner = owner(path).map(|u| ids[u].clone());
        all.push(entity);
    }
    let logged = all.len();
    let usual = LazyCell::new(|| usual_product(world));
    let usual = || usual.clone();
    for changes in schemas::of_one_schema(changes.into_values().collect()) {
        for mut entity in schemas::tables(&changes, &usual) {
            let unit = entity.provenance.first().and_then(|e| owner(&e.path));
            entity.owner = unit.map(|u| ids[u].clone());
            // Scripts from before a changelog that makes the same tables.
            let same = |e: &Entity| e.id == entity.id && e.owner == entity.owner;
            if !all.iter().take(logged).any(same) {
                schemas::put(&mut all, entity);
            }
        }
    }
    // A snapshot has what classes and their configuration come to; a context elsewhere may keep none.
    let mut snapshots = snapshots::tables(world);
    let with: BTreeSet<Option<usize>> =
        (snapshots.iter().map(|(path, _)| world.project_of(path))).collect();
    let others = ef_models::tables(world, &mut snapshots);
    // Where migrations say what the tables of a context are, its sets and classes say it less well.
    let stepped: BTreeSet<String> = (all.iter())
        .filter(|e| {
            let first = e.provenance.first();
            first.is_some_and(|at| at.path.ends_with(".cs"))
        })
        .map(|e| e.name.to_lowercase())
        .collect();
    let mut told: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (path, entity) in &others {
        let (all, known) = told.entry(path).or_default();
        *all += 1;
        *known += usize::from(stepped.contains(&entity.name.to_lowercase()));
    }
    snapshots.extend(others.into_iter().filter(|(path, _)| {
        let (all, known) = told.get(path).copied().unwrap_or_default();
        !with.contains(&world.project_of(path)) && known * 2 < all
    }));
    let users = match snapshots.is_empty() {
        true => BTreeMap::new(),
        false => endpoints::users_of_libraries(blueprint, world, units, ids),
    };
    for (path, mut entity) in snapshots {
        // Migrations mostly lie in a library of the program that runs them.
        let user = || only_user(units, users.get(&world.project_of(path)?)?);
        entity.owner = owner(path).or_else(user).map(|u| ids[u].clone());
        // Scripts of the database say better what its tables are.
        if !all.iter().any(|e| schemas::is_same(e, &entity)) {
            all.push(entity);
        }
    }
    let kept = Kept::of(world);
    // Contracts of a module with several programs lie apart from the one that keeps them.
    let servers = match world.programs.is_empty() {
        true => BTreeMap::new(),
        false => grpc_servers(world, units),
    };
    let mut classes: Vec<Entity> = Vec::new();
    let mut named_only: Vec<Entity> = Vec::new();
    let lent = model_superclasses::lent(world);
    let constants = JavaConstants::of(world);
    let scripted: BTreeSet<String> = all.iter().map(|e| e.name.to_ascii_lowercase()).collect();
    let scripted = |name: &str| scripted.contains(&name.to_ascii_lowercase());
    let of_scripts = go.scripted_modules(world, scripted);
    for (file, fact) in world.facts() {
        let Claim::Entity(entity) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) || go.is_past(file) {
            continue;
        }
        // A table that scripts make stays one, whatever the program makes besides.
        let made = go.makes(&file.path, entity) && !go.is_in(&of_scripts, &file.path);
        if !made && !scripted(&entity.name) {
            continue;
        }
        if entity.kind == EntityKind::Collection && !kept.keeps(world, &file.path, &entity.id) {
            continue;
        }
        let mut entity = entity.as_ref().clone();
        go.rename(&file.path, &mut entity);
        let serves = serving(&servers, file).or_else(|| owner(&file.path));
        entity.owner = serves.map(|u| ids[u].clone());
        let from = lent.get(file.path.as_str());
        if let Some(from) = from.and_then(|of_file| of_file.get(&entity.id)) {
            take(&mut entity, from);
        }
        if file.path.ends_with(".java") {
            constants.fill_in(&mut entity);
        }
        if entity.fields.is_empty() {
            named_only.push(entity);
        } else {
            classes.push(entity);
        }
    }
    rails_ends::join(&mut all, &mut classes);
    // A collection of which only the name is known, once, and only if no schema describes it.
    let mut known: BTreeSet<(Option<String>, String)> = classes
        .iter()
        .flat_map(|e| {
            let ids = [e.id.clone(), format!("{}s", e.id), e.name.to_lowercase()];
            ids.map(|id| (e.owner.clone(), id))
        })
        .collect();
    for entity in named_only {
        if known.insert((entity.owner.clone(), entity.id.clone())) {
            classes.push(entity);
        }
    }
    // What the image of a database runs when it starts first is the schema of that database, whatever part
    // the folder above belongs to.
    for entity in all.iter_mut().filter(|e| e.owner.is_some()) {
        if let Some(store) = store_with_script(units, ids, entity) {
            let uses = |owner: &str| blueprint.outgoing(owner).any(|r| r.to == store);
            entity.owner.take_if(|owner| !uses(owner));
        }
    }
    // Classes of Sequelize and models of Waterline are stored in the tables that migrations make, where these were read.
    let mut modelled = models::tables(world);
    let of_waterline = waterline::files(world);
    waterline::settle(&mut modelled, &of_waterline);
    let (of_sequelize, mut models): (Vec<_>, Vec<_>) = modelled
        .into_iter()
        .partition(|(path, _)| path.ends_with(".ts") || path.ends_with(".js"));
    let made = |entity: &Entity| {
        all.iter()
            .any(|e| e.name.eq_ignore_ascii_case(&entity.name))
    };
    if of_sequelize.iter().any(|(_, entity)| made(entity)) {
        classes.extend(of_sequelize.into_iter().map(|(path, mut entity)| {
            entity.owner = owner(path).map(|u| ids[u].clone());
            waterline::beside_migrations(path, &mut entity, &of_waterline);
            entity
        }));
    } else {
        // What makes the tables is the model alone, and what it says nothing of may be null.
        models.extend(of_sequelize.into_iter().map(|(path, mut entity)| {
            for field in &mut entity.fields {
                field.constraints.retain(|c| c != NULLABILITY_UNREAD);
            }
            (path, entity)
        }));
        models.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    }
    schemas::join(&mut all, go_tables::merged(classes));
    let mut mapped: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for (path, mut entity) in models {
        entity.owner = owner(path).map(|u| ids[u].clone());
        // A table that the scripts of its database define is the one that code names.
        let known = |e: &Entity, name: &str| {
            let mut fields = e.fields.iter();
            fields.any(|f| f.name.eq_ignore_ascii_case(name))
        };
        let loose = |e: &Entity| {
            let fits = e.id == entity.id && e.owner.is_none();
            fits && entity.fields.iter().all(|f| known(e, &f.name))
        };
        if all.iter().any(loose) {
            let owners = mapped.entry(entity.id.clone()).or_default();
            owners.insert(entity.owner.clone());
            continue;
        }
        let same = |e: &Entity| e.id == entity.id && e.owner == entity.owner;
        if !all.iter().any(same) {
            all.push(entity);
        }
    }
    // The only part whose code maps a table keeps it.
    for entity in all.iter_mut().filter(|e| e.owner.is_none()) {
        let owners = mapped.get(&entity.id).filter(|owners| owners.len() == 1);
        if let Some(owner) = owners.and_then(|owners| owners.first()) {
            entity.owner.clone_from(owner);
        }
    }
    tell_apart(&mut all);
    model_ends::by_keys(&mut all);
    model_ends::key_types(&mut all);
    let inside = opens_files(world, &all);
    for entity in &mut all {
        let mut places = entity.provenance.evidence.iter();
        let product = places.find_map(|at| {
            let own = || inside.contains(at.path.as_str()).then_some("sqlite");
            schemas::product_beside(&at.path).or_else(own)
        });
        entity.store = store_with_script(units, ids, entity).or_else(|| {
            let owner = entity.owner.as_deref()?;
            store_of(blueprint, owner, entity.kind, product)
        });
    }
    blueprint.entities.extend(all);
}

/// Files with tables that open a database in a file themselves: these tables are not in the database that a
/// deployment names. A mapper has a driver for SQLite beside others and is none of these.
fn opens_files<'f>(world: &World<'f>, tables: &[Entity]) -> BTreeSet<&'f str> {
    const DRIVERS: [&str; 5] = [
        "aiosqlite",
        "better-sqlite3",
        "node:sqlite",
        "rusqlite",
        "sqlite3",
    ];
    let opens = |module: &str| {
        let first = module.split([':', '.']).next().unwrap_or_default();
        DRIVERS.contains(&module) || DRIVERS.contains(&first)
    };
    let places = tables.iter().flat_map(|e| &e.provenance.evidence);
    let with: BTreeSet<&str> = places.map(|at| at.path.as_str()).collect();
    let files = (world.files.iter()).filter(|f| with.contains(f.path.as_str()));
    let found = files.filter(|f| f.imports().any(|import| opens(import.module())));
    found.map(|f| f.path.as_str()).collect()
}

/// The product of which a program opens a database where nobody tells it another: the one default of the
/// settings that name it, those that code reads first (`DB_DRIVER`, `sqlite` unless set).
fn usual_product(world: &World<'_>) -> Option<String> {
    const CHOICES: [&str; 10] = [
        "adapter",
        "backend",
        "client",
        "connection",
        "database",
        "dialect",
        "driver",
        "engine",
        "provider",
        "type",
    ];
    let mut read: BTreeSet<String> = BTreeSet::new();
    let mut set: BTreeSet<String> = BTreeSet::new();
    for (file, fact) in world.facts() {
        let (key, value, all) = match &fact.claim {
            Claim::EnvRead(read_here) => (&read_here.name, &read_here.default, &mut read),
            Claim::Property(p) if p.profile.is_none() => (&p.key, &p.value, &mut set),
            _ => continue,
        };
        let last = key.rsplit(['_', '.', '-']).next().unwrap_or_default();
        let Some(value) = value.as_deref().filter(|v| v.len() < 16) else {
            continue;
        };
        if is_aside(&file.path) || !CHOICES.iter().any(|c| c.eq_ignore_ascii_case(last)) {
            continue;
        }
        // What is inside of a program is there for tests, but for SQLite.
        let product = schemas::product_called(value.trim());
        all.extend(product.filter(|p| p == "sqlite" || !schemas::is_in_program(p)));
    }
    let chosen = if read.is_empty() { set } else { read };
    let mut chosen = chosen.into_iter();
    chosen.next().filter(|_| chosen.next().is_none())
}

/// The classes whose objects repositories keep, by project.
#[derive(Default)]
struct Kept<'f>(BTreeMap<Option<usize>, BTreeSet<&'f str>>);

impl<'f> Kept<'f> {
    fn of(world: &World<'f>) -> Self {
        let mut all = Kept::default();
        for (file, fact) in world.facts() {
            if let Claim::Keeps(class) = &fact.claim {
                let project = world.project_of(&file.path);
                all.0.entry(project).or_default().insert(class);
            }
        }
        all
    }

    /// Whether a class of documents is kept: a copy of the class of another program, which no
    /// repository of its project names while they name others, is only a form of what it gets.
    fn keeps(&self, world: &World<'_>, path: &str, id: &str) -> bool {
        if !path.ends_with(".java") && !path.ends_with(".kt") || self.0.is_empty() {
            return true;
        }
        let Some(all) = self.0.get(&world.project_of(path)) else {
            return true;
        };
        all.contains(ANY_CLASS) || all.iter().any(|class| scan::snake(class) == id)
    }
}

/// Adds what superclasses lend and the class does not say itself.
fn take(entity: &mut Entity, from: &Entity) {
    entity.partial |= from.partial;
    let own = std::mem::take(&mut entity.fields);
    for field in &from.fields {
        let known = own
            .iter()
            .chain(&entity.fields)
            .any(|f| f.name == field.name);
        if !known {
            entity.fields.push(field.clone());
        }
    }
    entity.fields.extend(own);
    for relation in &from.relations {
        let same = |r: &EntityRelation| {
            r.fields == relation.fields && (!r.fields.is_empty() || r.to == relation.to)
        };
        if !entity.relations.iter().any(same) {
            entity.relations.push(relation.clone());
        }
    }
}

/// Entities of one name in several containers get the container's name before theirs.
fn tell_apart(all: &mut Vec<Entity>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entity in all.iter() {
        *counts.entry(entity.id.clone()).or_default() += 1;
    }
    let ids: BTreeMap<(Option<String>, String), String> = all
        .iter()
        .filter(|e| counts[&e.id] > 1)
        .filter_map(|e| {
            let owner = e.owner.clone()?;
            Some((
                (Some(owner.clone()), e.id.clone()),
                format!("{owner}.{}", e.id),
            ))
        })
        .collect();
    for entity in all.iter_mut() {
        let owner = entity.owner.clone();
        for relation in &mut entity.relations {
            if let Some(id) = ids.get(&(owner.clone(), relation.to.clone())) {
                relation.to.clone_from(id);
            }
            let joint = relation.through.clone();
            if let Some(id) = joint.and_then(|j| ids.get(&(owner.clone(), j))) {
                relation.through = Some(id.clone());
            }
        }
        for table in &mut entity.over {
            if let Some(id) = ids.get(&(owner.clone(), table.clone())) {
                table.clone_from(id);
            }
        }
        if let Some(id) = ids.get(&(owner, entity.id.clone())) {
            entity.id.clone_from(id);
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|e| seen.insert(e.id.clone()));
    let known: BTreeSet<String> = all.iter().map(|e| e.id.clone()).collect();
    for entity in all.iter_mut() {
        if entity.kind == EntityKind::Table {
            refers_elsewhere(entity, &known);
        }
        entity.relations.retain(|r| known.contains(&r.to));
        for relation in &mut entity.relations {
            relation.through.take_if(|joint| !known.contains(joint));
        }
    }
}

/// A key into a table of a framework or a package, which is none of the repository's, stays at its
/// column.
fn refers_elsewhere(entity: &mut Entity, known: &BTreeSet<String>) {
    let Entity {
        relations, fields, ..
    } = entity;
    for relation in relations.iter().filter(|r| !known.contains(&r.to)) {
        let [key] = relation.fields.as_slice() else {
            continue;
        };
        if let Some(field) = fields.iter_mut().find(|f| f.name == *key) {
            field
                .constraints
                .push(format!("{REFERS_TO}{}", relation.to));
        }
    }
}

/// The database whose image is built of the folder in which the script of a table lies, or that
/// mounts the script to run it when it starts for the first time.
fn store_with_script(units: &[Unit<'_>], ids: &[String], entity: &Entity) -> Option<String> {
    let path = &entity.provenance.first()?.path;
    if !entity.kind.is_kept() || !path.ends_with(".sql") {
        return None;
    }
    let within = |folder: &str| {
        let rest = path.strip_prefix(folder);
        !folder.is_empty() && rest.is_some_and(|r| r.is_empty() || r.starts_with('/'))
    };
    let holds = |unit: &Unit<'_>| {
        let built = unit
            .images
            .iter()
            .any(|(_, at)| within(folder_of(&at.path)));
        let mounted = unit.deployables.iter().any(|(d, at)| {
            d.volumes.iter().any(|volume| {
                let (source, target) = volume.value.split_once(':').unwrap_or_default();
                target.contains("initdb")
                    && join(folder_of(&at.path), source).is_some_and(|source| within(&source))
            })
        });
        unit.role == Role::Database && (built || mounted)
    };
    let mut found = units.iter().zip(ids).filter(|(unit, _)| holds(unit));
    let (_, first) = found.next()?;
    found.next().is_none().then(|| first.clone())
}

/// The one database that a container needs; where the scripts of a table are for one `product`,
/// the one that runs it.
fn store_of(
    blueprint: &Blueprint,
    owner: &str,
    kind: EntityKind,
    product: Option<&str>,
) -> Option<String> {
    if !kind.is_kept() {
        return None;
    }
    let is_database = |id: &str| {
        let runs = |e: &groundplan_model::Element| {
            product.is_none_or(|p| {
                (e.technology.iter()).any(|t| t.to_lowercase().contains(&p.to_lowercase()))
            })
        };
        blueprint
            .element(id)
            .is_some_and(|e| e.role == Some(Role::Database) && runs(e))
    };
    let mut stores = blueprint
        .outgoing(owner)
        .filter(|r| r.kind != groundplan_model::RelationshipKind::StartsAfter)
        .map(|r| r.to.as_str())
        .filter(|to| is_database(to));
    let first = stores.next()?;
    stores.all(|other| other == first).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{path_items, take_in};
    use crate::facts::Claim;
    use crate::resolve::world::World;

    #[test]
    fn paths_of_a_contract_may_stand_in_other_files() {
        let contract = "openapi: 3.1.0
info:
  title: Shop
security:
  - bearer: []
paths:
  /orders/{id}:
    $ref: ./paths/orders.yaml#/one
  /health:
    $ref: ./paths/health.yaml
  /gone:
    $ref: ./paths/gone.yaml
";
        let orders = "one:
  get:
    operationId: order:get
    responses: {'200': {description: The order}}
  delete:
    operationId: order:delete
    security: []
    responses: {'204': {description: Gone}}
other:
  get:
    operationId: other:get
    responses: {}
";
        let health = "get:\n  operationId: health\n  responses: {'200': {description: Up}}\n";
        let files = [
            ("api/openapi.yaml", contract),
            ("api/paths/orders.yaml", orders),
            ("api/paths/health.yaml", health),
        ]
        .map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let found = world.facts().find_map(|(file, fact)| match &fact.claim {
            Claim::Interface(i) => Some((file, i.as_ref().clone())),
            _ => None,
        });
        let (file, mut interface) = found.unwrap_or_else(|| panic!("a contract"));
        take_in(&mut interface, file, &path_items(&world));
        let told: Vec<String> = interface
            .operations
            .iter()
            .map(|o| {
                let at = o.provenance.first().map_or("", |e| e.path.as_str());
                format!("{} {:?} {at}", o.id, o.security)
            })
            .collect();
        assert_eq!(
            told,
            [
                "GET /orders/{id} [\"bearer\"] api/paths/orders.yaml",
                "DELETE /orders/{id} [] api/paths/orders.yaml",
                "GET /health [\"bearer\"] api/paths/health.yaml",
            ]
        );
        assert!(interface.partial, "one path is missing");
    }
}
