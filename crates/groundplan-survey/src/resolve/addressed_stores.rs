//! Stores, brokers and registries that the settings of an application name by their address and that
//! nothing in the repository starts: whoever runs the system brings them along.
//!
//! Two places say so: the setting, and the driver among what the application is built with. Where any part
//! of the system is such a product, the other mechanisms say who uses it.

use crate::facts::{Claim, Property};
use crate::resolve::address::addresses;
use crate::resolve::environments::tier;
use crate::resolve::leaders::Leaders;
use crate::resolve::names::{is_aside, plain};
use crate::resolve::needed::Needed;
use crate::resolve::settings::{Value, fill};
use crate::resolve::stores::Store;
use crate::resolve::units::Unit;
use crate::resolve::wiring::is_of_tests;
use crate::resolve::world::World;
use crate::scan;
use groundplan_knowledge::{Category, Technology};
use groundplan_model::{DependencyScope, EnvironmentTier, Evidence, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Ends of keys under which a framework of Java looks for a server, and the product
/// (<https://docs.spring.io/spring-boot/appendix/application-properties/index.html>).
const KEYS: [(&str, &str); 28] = [
    ("activemq.broker-url", "activemq"),
    ("cassandra.contact-points", "cassandra"),
    ("consul.host", "consul"),
    ("data.elasticsearch.cluster-nodes", "elasticsearch"),
    ("data.mongodb.host", "mongodb"),
    ("data.redis.host", "redis"),
    ("elasticsearch.rest.uris", "elasticsearch"),
    ("elasticsearch.uris", "elasticsearch"),
    ("kafka.binder.brokers", "kafka"),
    ("kafka.bootstrap-servers", "kafka"),
    ("kafka.bootstrap.servers", "kafka"),
    ("nacos.config.server-addr", "nacos"),
    ("nacos.discovery.server-addr", "nacos"),
    ("nacos.server-addr", "nacos"),
    ("neo4j.uri", "neo4j"),
    ("pulsar.client.service-url", "pulsar"),
    ("rabbitmq.addresses", "rabbitmq"),
    ("rabbitmq.host", "rabbitmq"),
    ("redis.cluster.nodes", "redis"),
    ("redis.host", "redis"),
    ("redis.sentinel.nodes", "redis"),
    ("rocketmq.name-server", "rocketmq"),
    ("rocketmq.nameserver", "rocketmq"),
    ("stream.rocketmq.binder.name-server", "rocketmq"),
    ("zookeeper.connect-string", "zookeeper"),
    ("zookeeper.connection.string", "zookeeper"),
    ("zookeeper.connectstring", "zookeeper"),
    ("zookeeper.quorum", "zookeeper"),
];

/// The addressed stores of all units, of products that no unit is.
pub(crate) fn addressed<'f>(
    world: &World<'f>,
    units: &[Unit<'f>],
    values: &[Vec<Value>],
    known: &[Store<'f>],
) -> Vec<Store<'f>> {
    let leaders = Leaders::of(units);
    let mut needed = None;
    let mut all = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let Some(project) = unit.project.filter(|p| leaders.leads(index, Some(*p))) else {
            continue;
        };
        let mut found = of_project(world, project, values.get(index).map_or(&[], Vec::as_slice));
        found.extend(opened(world, project));
        let sections = sections(world, project, values.get(index).map_or(&[], Vec::as_slice));
        if !sections.is_empty() {
            let needed = needed.get_or_insert_with(|| Needed::of(world));
            found.extend(sections.into_iter().filter_map(|section| {
                let product = answering_on(world, needed, project, section.port)?;
                let named = speaks_of(&section.stem, product);
                named.then_some((section.rank, product, section.host, section.at))
            }));
        }
        let mut best: BTreeMap<&str, (u8, Store<'f>)> = BTreeMap::new();
        for (rank, product, target, at) in found {
            let served = units.iter().filter_map(|u| u.technology);
            let mut served = served.chain(known.iter().map(|s| s.product));
            if served.any(|t| world.knowledge.serves(&t.id, &product.id))
                || is_started(units, product, &target)
            {
                continue;
            }
            let needed = needed.get_or_insert_with(|| Needed::of(world));
            if !is_built_with(world, needed, project, product) {
                continue;
            }
            let new = || Store::addressed(index, product, rank >= 3);
            let held = best.entry(&product.id).or_insert_with(|| (rank, new()));
            if rank < held.0 {
                *held = (rank, new());
            }
            if rank == held.0 {
                held.1.places.push(at);
                held.1.targets.push(target);
            }
        }
        all.extend(best.into_values().map(|(_, store)| store));
    }
    // A program may open a database in a branch that is never taken; several that open the same keep
    // their data there.
    let mut opened: BTreeMap<&str, usize> = BTreeMap::new();
    for store in all.iter().filter(|s| is_opened(s)) {
        *opened.entry(&store.product.id).or_default() += 1;
    }
    all.retain(|s| !is_opened(s) || opened.get(s.product.id.as_str()).is_some_and(|n| *n > 1));
    by_port(world, &mut all);
    all
}

/// What a driver for another product reaches at the port of a server that others of the system name: a
/// server may speak the protocols of several (`jdbc:postgresql://localhost:5433` of YugabyteDB).
fn by_port(world: &World<'_>, all: &mut [Store<'_>]) {
    let products: BTreeMap<&str, &Technology> = all
        .iter()
        .map(|store| (store.product.id.as_str(), store.product))
        .collect();
    for store in all {
        let ports: Vec<u16> = (store.targets.iter())
            .filter_map(|target| addresses(target).into_iter().next()?.port?.parse().ok())
            .collect();
        let open = ports.len() < store.targets.len() || ports.is_empty();
        if open || ports.iter().any(|port| store.product.ports.contains(port)) {
            continue;
        }
        let mut others = products.values().filter(|other| {
            other.id != store.product.id
                && world.knowledge.serves(&other.id, &store.product.id)
                && ports.iter().all(|port| other.ports.contains(port))
        });
        if let (Some(other), None) = (others.next(), others.next()) {
            store.product = other;
        }
    }
}

/// Whether only code says that a store is opened, and no setting.
fn is_opened(store: &Store<'_>) -> bool {
    store.targets.iter().all(String::is_empty)
}

/// Whether a part of the system is called after a product, or answers at an address: an image of one's own
/// may well be that product.
fn is_started(units: &[Unit<'_>], product: &Technology, target: &str) -> bool {
    let hosts: Vec<String> = addresses(target).into_iter().map(|a| a.host).collect();
    units.iter().any(|unit| {
        let called = plain(&unit.name) == plain(&product.id);
        called || hosts.iter().any(|host| unit.hosts.contains(host))
    })
}

type Named<'f> = (u8, &'f Technology, String, &'f Evidence);

/// What the settings of a project name, with how well each holds where the system runs for its users.
fn of_project<'f>(world: &World<'f>, project: usize, given: &[Value]) -> Vec<Named<'f>> {
    let mut all = Vec::new();
    let choices = choices(world, project);
    for fact in world.facts_of(project) {
        let Claim::Property(property) = &fact.claim else {
            continue;
        };
        let Some(value) = &property.value else {
            continue;
        };
        let path = &fact.at.path;
        if value.is_empty() || is_aside(path) || scan::is_test(path) || is_of_tests(path) {
            continue;
        }
        let chosen = property.profile.is_some() && choices.contains(property.key.as_str());
        let Some(rank) = rank(property).filter(|_| !chosen) else {
            continue;
        };
        let lookup = |name: &str| {
            let held = given.iter().find(|v| v.key == name && !v.shared)?;
            Some(held.value.clone())
        };
        if let Some(product) = product(world, &property.key, value) {
            all.push((rank, product, fill(value, &lookup), &fact.at));
        }
    }
    all
}

/// Keys under which a program has a database of its own unless a profile names a server, and profiles
/// name several products: whoever installs it chooses, and none of them is a part of the system.
fn choices<'f>(world: &World<'f>, project: usize) -> BTreeSet<&'f str> {
    let mut own: BTreeSet<&str> = BTreeSet::new();
    let mut servers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    // What production has, or everybody, is no choice.
    let mut fixed: BTreeSet<&str> = BTreeSet::new();
    for fact in world.facts_of(project) {
        let Claim::Property(property) = &fact.claim else {
            continue;
        };
        let value = property.value.as_deref().filter(|v| v.contains(':'));
        let product = value.and_then(|v| world.knowledge.by_scheme(v));
        let product = product.filter(|t| t.category == Category::Database);
        let Some(product) = product.filter(|_| !scan::is_test(&fact.at.path)) else {
            continue;
        };
        match (rank(property), product.is_server()) {
            (Some(1), false) => {
                own.insert(&property.key);
            }
            (Some(0 | 1), true) => {
                fixed.insert(&property.key);
            }
            (Some(_), true) => {
                let products = servers.entry(&property.key).or_default();
                products.insert(&product.id);
            }
            _ => {}
        }
    }
    let several = |key: &&str| servers.get(key).is_some_and(|products| products.len() > 1);
    own.into_iter()
        .filter(|key| !fixed.contains(key))
        .filter(several)
        .collect()
}

/// A section of a program's own settings that holds a host and a port.
struct Section<'f> {
    /// The key without its last word: `search` of `search.host`.
    stem: String,
    rank: u8,
    port: u16,
    host: String,
    at: &'f Evidence,
}

/// Whether the key of a section speaks of a product or of what such a product is for: a port alone says neither,
/// since anybody may listen on it.
fn speaks_of(stem: &str, product: &Technology) -> bool {
    const OF: [(Role, &[&str]); 5] = [
        (
            Role::Database,
            &[
                "db",
                "database",
                "datasource",
                "sql",
                "jdbc",
                "store",
                "persistence",
            ],
        ),
        (Role::Cache, &["cache", "caching", "session", "sessions"]),
        (
            Role::SearchIndex,
            &["search", "index", "elastic", "fulltext", "indexer"],
        ),
        (
            Role::ObjectStorage,
            &[
                "storage",
                "s3",
                "blob",
                "blobs",
                "bucket",
                "object",
                "objects",
                "objectstore",
                "media",
            ],
        ),
        (
            Role::Broker,
            &[
                "broker",
                "queue",
                "mq",
                "messaging",
                "messages",
                "events",
                "eventbus",
                "bus",
                "amqp",
                "jms",
                "stream",
            ],
        ),
    ];
    let lower = stem.to_ascii_lowercase();
    let id = plain(&product.id);
    lower.split(['.', '-', '_', ':']).any(|word| {
        let word = plain(word);
        let of_product = word.len() > 2 && (id.contains(&word) || word.contains(&id));
        let kind = OF.iter().filter(|(role, _)| product.role == Some(*role));
        of_product
            || kind
                .into_iter()
                .any(|(_, words)| words.contains(&word.as_str()))
    })
}

/// Sections of a program's own settings that hold a host and a port: `search.host` and `search.port`.
fn sections<'f>(world: &World<'f>, project: usize, given: &[Value]) -> Vec<Section<'f>> {
    let own: Vec<(&Property, &Evidence)> = (world.facts_of(project))
        .filter_map(|fact| match &fact.claim {
            Claim::Property(property) => Some((property, &fact.at)),
            _ => None,
        })
        .filter(|(_, at)| !is_aside(&at.path) && !scan::is_test(&at.path) && !is_of_tests(&at.path))
        .collect();
    let lookup = |name: &str| {
        let held = given.iter().find(|v| v.key == name && !v.shared)?;
        Some(held.value.clone())
    };
    let mut all = Vec::new();
    for (property, at) in &own {
        let key = property.key.to_ascii_lowercase();
        let stem = [".hostname", ".host"]
            .iter()
            .find_map(|end| key.strip_suffix(end));
        let (Some(stem), Some(value)) = (stem, &property.value) else {
            continue;
        };
        let wanted = format!("{stem}.port");
        let port = own.iter().find(|(other, place)| {
            place.path == at.path
                && other.profile == property.profile
                && other.key.eq_ignore_ascii_case(&wanted)
        });
        let port = port.and_then(|(other, _)| other.value.as_ref());
        let port = port.and_then(|text| fill(text, &lookup).parse::<u16>().ok());
        let host = fill(value, &lookup);
        // An address of all interfaces is one to listen on.
        let binds = matches!(host.as_str(), "0.0.0.0" | "::" | "[::]" | "*");
        if let (Some(port), Some(rank)) = (port, rank(property))
            && !host.is_empty()
            && !binds
            && !host.contains(['$', '{', ' ', '/'])
        {
            all.push(Section {
                stem: stem.to_owned(),
                rank,
                port,
                host,
                at,
            });
        }
    }
    all
}

/// The one store or broker that a project has a driver for and that usually listens on a port.
fn answering_on<'f>(
    world: &World<'f>,
    needed: &Needed<'_>,
    project: usize,
    port: u16,
) -> Option<&'f Technology> {
    let own = needed.all(world, project);
    let drivers = own.into_iter().flat_map(|p| world.facts_of(p));
    let mut all: BTreeMap<&str, (bool, &'f Technology)> = BTreeMap::new();
    for fact in drivers {
        let Claim::Dependency(d) = &fact.claim else {
            continue;
        };
        let server = world.knowledge.server_of(&d.ecosystem, &d.name);
        let Some(server) = server.filter(|_| d.scope != DependencyScope::Test) else {
            continue;
        };
        let kept = server
            .role
            .is_some_and(|r| r.is_store() || r == Role::Broker);
        if kept && server.is_server() && server.ports.contains(&port) {
            // A starter speaks a protocol; a driver beside it is made for one server.
            let driver = !d.name.contains("starter");
            all.entry(&server.id).or_insert((driver, server)).0 |= driver;
        }
    }
    if all.values().any(|(driver, _)| *driver) {
        all.retain(|_, (driver, _)| *driver);
    }
    match all.len() {
        1 => all.into_values().next().map(|(_, server)| server),
        _ => None,
    }
}

/// The database, the broker and the index that the code of a project opens, where it opens no other of its kind: at an
/// address that nothing shows, one server is meant, as long as nothing tells several apart.
fn opened<'f>(world: &World<'f>, project: usize) -> Vec<Named<'f>> {
    let mut databases: Vec<Named<'f>> = Vec::new();
    let mut brokers: Vec<Named<'f>> = Vec::new();
    let mut indexes: Vec<Named<'f>> = Vec::new();
    for fact in world.facts_of(project) {
        let Claim::Client(client) = &fact.claim else {
            continue;
        };
        let path = &fact.at.path;
        let known = world.knowledge;
        let product = known
            .by_id(&client.protocol)
            .or_else(|| known.by_scheme(&client.protocol));
        let Some(product) = product else { continue };
        let code = groundplan_syntax::Language::of(path).is_code();
        if !code || is_aside(path) || scan::is_test(path) {
            continue;
        }
        let all = match product.role {
            _ if product.category == Category::Database => &mut databases,
            Some(Role::Broker) => &mut brokers,
            Some(Role::SearchIndex) => &mut indexes,
            _ => continue,
        };
        all.push((2, product, String::new(), &fact.at));
    }
    let mut found = Vec::new();
    for all in [databases, brokers, indexes] {
        let products: BTreeSet<&str> = all.iter().map(|(_, p, _, _)| p.id.as_str()).collect();
        let server = all.first().is_some_and(|(_, p, _, _)| p.is_server());
        if products.len() == 1 && server {
            found.extend(all);
        }
    }
    found
}

fn rank(property: &Property) -> Option<u8> {
    match property.profile.as_deref().map(tier) {
        Some(EnvironmentTier::Production) => Some(0),
        None => Some(1),
        Some(EnvironmentTier::Staging | EnvironmentTier::Other) => Some(2),
        Some(EnvironmentTier::Development) => Some(3),
        Some(EnvironmentTier::Test) => None,
    }
}

/// The server that a setting names: by the scheme of its address, or by a key that a framework reads.
fn product<'f>(world: &World<'f>, key: &str, value: &str) -> Option<&'f Technology> {
    let kept = |t: &&Technology| {
        t.is_server()
            && t.role
                .is_some_and(|r| r.is_store() || matches!(r, Role::Broker | Role::Registry))
    };
    let first = value.split(',').next().unwrap_or(value);
    if first.contains("://") {
        return world.knowledge.by_scheme(first).filter(kept);
    }
    let key = key.to_ascii_lowercase();
    let named = KEYS.iter().find(|(end, _)| {
        let head = key.strip_suffix(end);
        head.is_some_and(|head| {
            head.is_empty() || head.ends_with(['.', '-']) || head.ends_with("local.")
        })
    });
    let (_, id) = named?;
    // `localhost`, `broker:9092`; a switch is none.
    let named =
        first.chars().any(|c| c.is_ascii_alphabetic()) && !matches!(first, "true" | "false");
    let numbers = first.split(':').next().unwrap_or(first);
    let host = named || numbers.parse::<std::net::Ipv4Addr>().is_ok();
    world.knowledge.by_id(id).filter(|_| host).filter(kept)
}

/// Whether a project is built with a driver for a product, itself or by what it is built with.
fn is_built_with(
    world: &World<'_>,
    needed: &Needed<'_>,
    project: usize,
    product: &Technology,
) -> bool {
    let own = needed.all(world, project);
    let mut facts = own.into_iter().flat_map(|p| world.facts_of(p));
    facts.any(|fact| match &fact.claim {
        Claim::Dependency(d) if d.scope != DependencyScope::Test => world
            .knowledge
            .server_of(&d.ecosystem, &d.name)
            .is_some_and(|t| world.knowledge.serves(&product.id, &t.id)),
        _ => false,
    })
}

/// The server that targets name: host and port of the first address, if all agree.
pub(crate) fn server(targets: &[String]) -> Option<String> {
    let mut all = BTreeSet::new();
    if targets.iter().all(String::is_empty) {
        return Some(String::new());
    }
    for target in targets.iter().filter(|t| !t.is_empty()) {
        let first = addresses(target).into_iter().next()?;
        let local = crate::resolve::address::is_local(&first.host);
        let host = if local {
            "localhost".to_owned()
        } else {
            first.host
        };
        all.insert(host);
    }
    let first = all.pop_first()?;
    all.is_empty().then_some(first)
}
