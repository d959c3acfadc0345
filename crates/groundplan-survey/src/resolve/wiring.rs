//! Who needs whom: the graph of a system stands in its configuration, so addresses are joined with
//! the names under which units can be reached.

mod called_paths;
mod channels;
mod code;
mod commands;
mod configured;
mod constants;
mod dapr;
mod defaults;
mod discovered;
mod examples;
mod files;
mod guesses;
mod in_development;
mod invoked;
mod key_words;
mod keys;
mod leaders;
mod left_over;
mod libraries;
mod made;
mod outside;
mod parted;
mod portions;
mod reads;
mod registered;
mod sdks;
mod services;
mod started;
mod switched;
mod user_addresses;

use crate::addresses::tells_own_address;
use crate::facts::{Claim, Fact};
use crate::resolve::address::{Address, addresses, is_address_key, is_local};
use crate::resolve::called_paths::OpenCall;
use crate::resolve::dapr::Dapr;
use crate::resolve::holders::Holders;
use crate::resolve::leaders::Leaders;
use crate::resolve::names::is_aside;
use crate::resolve::needed::Needed;
use crate::resolve::runs::Runs;
use crate::resolve::settings::{Value, fill};
use crate::resolve::stores::{Store, has_driver};
use crate::resolve::units::{Unit, hands_out_pages, is_cluster_route, is_port_key};
use crate::resolve::world::{World, folder_of};
use crate::secrets::is_of_bundle;
pub(crate) use code::shape;
use defaults::{default_port, listens_on, ports_of};
use groundplan_knowledge::{Category, Technology};
use groundplan_model::{Confidence, Evidence, RelationshipKind, Role};
pub(crate) use key_words::is_of_tests;
use key_words::{
    is_host_key, is_of_callers, is_of_documentation, is_of_waiting, is_outer_key, is_own_name,
    is_socket_key, names_pages, tells_public_address,
};
pub(crate) use services::site_of;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// The end of an edge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// A unit, by its index.
    Unit(usize),
    /// Something outside, by its host.
    Outside(String),
}

/// What is known of one edge, by what it does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edge {
    /// Each kind with its own evidence.
    pub(crate) sides: BTreeMap<RelationshipKind, Side>,
}

/// What is known of one kind of an edge.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    /// Where the using end says so.
    pub(crate) evidence: Vec<Evidence>,
    /// Protocol, if seen.
    pub(crate) protocol: Option<String>,
    /// Library, if seen.
    pub(crate) technology: Option<String>,
    /// Operations or topics.
    pub(crate) operations: BTreeSet<String>,
    /// Where each operation is asked for, each message sent or taken.
    pub(crate) places: BTreeMap<String, Vec<Evidence>>,
    /// Whether code that sends a message waits for the reply.
    pub(crate) awaited: bool,
    /// How sure.
    pub(crate) confidence: Confidence,
}

impl Edge {
    /// Whether an address or a call is written down.
    pub(crate) fn is_sure(&self) -> bool {
        self.sides
            .values()
            .any(|s| s.confidence == Confidence::High)
    }

    /// The kinds that say most: a plain call without an operation says nothing beside another
    /// kind, which it only supports.
    pub(crate) fn main_sides(&self) -> BTreeMap<RelationshipKind, Side> {
        let mut all = self.sides.clone();
        if all.len() > 1
            && let Some(plain) = all.remove(&RelationshipKind::Calls)
        {
            if !plain.operations.is_empty() {
                all.insert(RelationshipKind::Calls, plain);
                return all;
            }
            for side in all.values_mut() {
                let more = plain.evidence.iter().filter(|e| !side.evidence.contains(e));
                let more: Vec<Evidence> = more.cloned().collect();
                side.evidence.extend(more);
                side.evidence.truncate(MOST_EVIDENCE);
                side.protocol = side.protocol.take().or_else(|| plain.protocol.clone());
                side.technology = side.technology.take().or_else(|| plain.technology.clone());
                side.confidence = side.confidence.max(plain.confidence);
            }
        }
        all
    }
}

/// Places beyond this are left out.
const MOST_EVIDENCE: usize = 12;

/// Places of one operation or message that are kept.
pub(crate) const MOST_PLACES: usize = 4;

/// All edges.
#[derive(Default)]
pub(crate) struct Graph {
    pub(crate) edges: BTreeMap<(usize, End), Edge>,
    /// Stores that code opens and that no part of the system is: unit, product, where.
    pub(crate) opened: BTreeMap<(usize, String), Evidence>,
    /// Databases without a server that a unit keeps by its configuration: unit, product.
    pub(crate) kept: BTreeMap<(usize, String), Kept>,
    /// Stores that configuration names.
    pub(crate) configured: Vec<configured::Configured>,
    /// Foreign systems that client libraries show, by name, with the id of the technology.
    pub(crate) services: BTreeMap<String, String>,
    /// Foreign systems that code can call and for which nothing is set up: unit, name, where.
    pub(crate) callable: BTreeMap<(usize, String), Vec<Evidence>>,
    /// On what an edge depends, in words.
    pub(crate) conditions: BTreeMap<(usize, End), String>,
    /// Hosts outside that issue or check the tokens of a part.
    pub(crate) issuers: BTreeSet<String>,
    /// Calls by a path behind a name that stands for an address.
    pub(crate) open_calls: Vec<OpenCall>,
    /// Clients whose target nobody answers: unit, where.
    pub(crate) unresolved: Vec<(usize, Evidence)>,
}

/// Where a database without a server is configured, and the setting that may select another.
pub(crate) type Kept = (Evidence, Option<String>);

/// A new edge, or more evidence for one that is there.
struct Found<'a> {
    kind: Option<RelationshipKind>,
    at: &'a Evidence,
    protocol: Option<String>,
    technology: Option<String>,
    operation: Option<String>,
    confidence: Confidence,
}

impl<'a> Found<'a> {
    /// An edge that no address shows.
    fn guess(kind: Option<RelationshipKind>, at: &'a Evidence) -> Self {
        Found {
            kind,
            at,
            protocol: None,
            technology: None,
            operation: None,
            confidence: Confidence::Medium,
        }
    }
}

struct Wiring<'w, 'f> {
    world: &'w World<'f>,
    units: &'w [Unit<'f>],
    values: &'w [Vec<Value>],
    /// Host to units.
    book: BTreeMap<String, Vec<usize>>,
    /// Port on this machine to units.
    ports: BTreeMap<String, Vec<usize>>,
    /// Host under which a cluster hands all paths on to one unit.
    fronts: BTreeMap<&'f str, usize>,
    /// Configuration files that belong to units elsewhere.
    handed_out: &'w BTreeMap<String, Vec<usize>>,
    /// Who is told with what several containers share.
    leaders: Leaders,
    /// Who holds which file.
    holders: &'w Holders,
    /// Folders of the build files of what is deployed.
    built: BTreeSet<&'w str>,
    /// What runs of the code of each unit.
    runs: Vec<Runs>,
    /// What each of several processes of one source does alone.
    portions: portions::Portions<'f>,
    /// Variables of patterns for files of variables, by folder.
    examples: examples::Examples<'f>,
    /// Clients that shared modules make for a unit, and clients that nobody asks for.
    made: made::Clients<'f>,
    /// Operations of gRPC contracts.
    contracts: invoked::Contracts<'f>,
    /// Addresses in constants of Java.
    constants: constants::Constants<'f>,
    /// Keys of which code reads some by their names, and those that other settings only refer to.
    keys: keys::Keys,
    /// What each project is built with, found when it is first asked for.
    needed: OnceCell<Needed<'f>>,
    /// Of each unit whether it issues tokens, and whether it shows pages; found when first asked for.
    traits: OnceCell<Vec<(bool, bool)>>,
    /// Variables and keys that code reads outside of tests, found when they are first asked for.
    read: OnceCell<Vec<&'f Fact>>,
    graph: Graph,
}

/// What is known of the system beside its units and what each is given.
pub(crate) struct Outer<'o, 'f> {
    /// Files that a configuration server hands out, with who gets them.
    pub(crate) handed_out: &'o BTreeMap<String, Vec<usize>>,
    /// Who holds which file.
    pub(crate) holders: &'o Holders,
    /// Stores that the configuration of frameworks names.
    pub(crate) stores: &'o [Store<'f>],
    /// Components of Dapr.
    pub(crate) dapr: &'o Dapr<'f>,
}

/// Joins everything that is written with everybody who answers.
pub(crate) fn wire(
    world: &World<'_>,
    units: &[Unit<'_>],
    values: &[Vec<Value>],
    outer: &Outer<'_, '_>,
) -> Graph {
    let mut book: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut ports: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut listening: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        for host in &unit.hosts {
            book.entry(host.clone()).or_default().push(index);
        }
        for (deployable, _) in &unit.deployables {
            for port in deployable
                .ports
                .iter()
                .filter_map(|p| p.value.host.as_ref())
            {
                ports.entry(port.clone()).or_default().push(index);
            }
        }
        for value in &values[index] {
            if is_port_key(&value.key) {
                let text = fill(&value.value, &|_| None);
                for port in ports_of(&text) {
                    listening.entry(port.to_owned()).or_default().push(index);
                }
            }
        }
        // Or on the port that its code takes where nothing sets a variable.
        if unit.deployables.is_empty()
            && let Some(port) = default_port(world, unit)
        {
            listening.entry(port.to_owned()).or_default().push(index);
        }
        // Started by hand, a program answers on the port that its build file tells.
        if unit.deployables.is_empty() {
            for port in unit.images.iter().flat_map(|(image, _)| &image.ports) {
                let port = port.value.split('/').next().unwrap_or_default();
                if port.bytes().all(|b| b.is_ascii_digit()) && !port.is_empty() {
                    listening.entry(port.to_owned()).or_default().push(index);
                }
            }
        }
        // Without a network of its own a product answers on this machine, on its usual ports.
        if let Some(product) = unit.technology.filter(|_| shares_network(unit)) {
            for port in &product.ports {
                listening.entry(port.to_string()).or_default().push(index);
            }
        }
    }
    // Who is deployed under a name answers to it, whatever others call themselves in their settings.
    for (host, owners) in &mut book {
        let deployed = |unit: &usize| {
            let unit = &units[*unit];
            let mut all = unit.deployables.iter().chain(&unit.others);
            all.any(|(d, _)| {
                let mut names = std::iter::once(&d.name).chain(&d.aliases);
                names.any(|name| name.eq_ignore_ascii_case(host))
            })
        };
        if owners.len() > 1 && owners.iter().any(deployed) {
            owners.retain(deployed);
        }
    }
    // A port that is published on the host is what the host answers on; where none is, a part may
    // be started by hand.
    for (port, units) in listening {
        ports.entry(port).or_insert(units);
    }
    // What only an alternative publishes is reached there in that one.
    let mut elsewhere: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let published = unit.others.iter().flat_map(|(d, _)| &d.ports);
        for port in published.filter_map(|p| p.value.host.as_ref()) {
            elsewhere.entry(port.clone()).or_default().push(index);
        }
    }
    for (port, units) in elsewhere {
        ports.entry(port).or_insert(units);
    }
    for list in ports.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    let mut wiring = Wiring {
        world,
        units,
        values,
        fronts: fronts(world, &book),
        book,
        ports,
        handed_out: outer.handed_out,
        leaders: Leaders::of(units),
        holders: outer.holders,
        built: built(units),
        runs: units.iter().map(|u| Runs::of(world, u)).collect(),
        portions: portions::Portions::of(world, units),
        examples: examples::Examples::of(world),
        made: made::Clients::of(world, units),
        contracts: invoked::Contracts::of(world),
        constants: constants::Constants::of(world),
        keys: keys::Keys::of(world, units, values),
        needed: OnceCell::new(),
        traits: OnceCell::new(),
        read: OnceCell::new(),
        graph: Graph::default(),
    };
    for unit in 0..units.len() {
        wiring.join_values(unit);
        wiring.join_commands(unit);
        wiring.join_code(unit);
        wiring.join_defaults(unit);
        wiring.join_default_hosts(unit);
    }
    wiring.join_configured(outer.stores);
    wiring.join_dapr(outer.dapr);
    wiring.join_started();
    wiring.join_product_files();
    wiring.join_mounted();
    wiring.join_procedures();
    wiring.join_routes();
    wiring.join_pages();
    wiring.join_channels();
    wiring.join_platform();
    wiring.join_registered();
    wiring.join_discovered();
    wiring.join_dashboards();
    wiring.join_links();
    wiring.join_variants();
    wiring.keep_defaults();
    wiring.join_drivers();
    wiring.join_start_order();
    wiring.join_services();
    wiring.join_in_development();
    wiring.join_user_addresses();
    wiring.join_programs();
    wiring.join_sdks();
    wiring.note_opened();
    wiring.note_open_calls();
    wiring.mark_development();
    wiring.mark_switched();
    wiring.graph
}

/// Hosts of which routes of a cluster hand everything on to one unit.
fn fronts<'f>(world: &World<'f>, book: &BTreeMap<String, Vec<usize>>) -> BTreeMap<&'f str, usize> {
    let mut all: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let Claim::Route(route) = &fact.claim else {
            continue;
        };
        let whole = route.path.as_deref().is_none_or(|path| path == "/");
        let host = route
            .host
            .as_deref()
            .filter(|h| h.contains('.') && !h.contains(['*', '$', '{']));
        let Some(host) = host.filter(|_| is_cluster_route(&route.gateway) && !is_aside(&file.path))
        else {
            continue;
        };
        let name = route.target.split([':', '.']).next().unwrap_or_default();
        let to = match book.get(&name.to_ascii_lowercase()).map(Vec::as_slice) {
            Some([only]) if whole => Some(*only),
            _ => None,
        };
        all.entry(host)
            .and_modify(|known| *known = known.filter(|unit| Some(*unit) == to))
            .or_insert(to);
    }
    all.into_iter()
        .filter_map(|(host, to)| Some((host, to?)))
        .collect()
}

/// Whether a container takes part in the network of its host.
fn shares_network(unit: &Unit<'_>) -> bool {
    let shares = |key: &str, value: &str| {
        (key == "network-mode" && value == "host") || (key == "host-network" && value == "true")
    };
    let mut attributes = unit.deployables.iter().flat_map(|(d, _)| &d.attributes);
    attributes.any(|(key, value)| shares(key, &value.value))
}

/// Whether two files lie below one folder for templates, or in one folder.
fn shares_root(a: &str, b: &str) -> bool {
    let root = |path: &str| {
        let end = path.find("/templates/");
        end.map_or_else(|| folder_of(path).to_owned(), |end| path[..end].to_owned())
    };
    root(a) == root(b)
}

fn built<'w>(units: &'w [Unit<'_>]) -> BTreeSet<&'w str> {
    let deployed = units.iter().filter(|u| {
        let places = u.deployables.iter().map(|(_, at)| at.path.as_str());
        places.into_iter().any(|path| !is_aside(path))
    });
    deployed
        .flat_map(|u| &u.images)
        .map(|(_, at)| folder_of(&at.path))
        .collect()
}

impl Wiring<'_, '_> {
    fn add(&mut self, from: usize, to: End, found: Found<'_>) {
        if to == End::Unit(from) {
            return;
        }
        let role = match &to {
            End::Unit(unit) => self.units[*unit].role,
            End::Outside(_) => Role::External,
        };
        let kind = found.kind.unwrap_or_else(|| kind_by_role(role));
        let edge = self.graph.edges.entry((from, to)).or_default();
        let side = edge.sides.entry(kind).or_insert_with(|| Side {
            evidence: Vec::new(),
            protocol: None,
            technology: None,
            operations: BTreeSet::new(),
            places: BTreeMap::new(),
            awaited: false,
            confidence: found.confidence,
        });
        if !side.evidence.contains(found.at) && side.evidence.len() < MOST_EVIDENCE {
            side.evidence.push(found.at.clone());
        }
        side.protocol = side.protocol.take().or(found.protocol);
        side.technology = side.technology.take().or(found.technology);
        let is_used = matches!(
            kind,
            RelationshipKind::Calls | RelationshipKind::Publishes | RelationshipKind::Subscribes
        );
        if let Some(operation) = found.operation.as_ref().filter(|_| is_used) {
            let places = side.places.entry(operation.clone()).or_default();
            if places.len() < MOST_PLACES && !places.contains(found.at) {
                places.push(found.at.clone());
            }
        }
        side.operations.extend(found.operation);
        side.confidence = side.confidence.max(found.confidence);
    }

    /// The unit that answers to a host, seen from another unit.
    fn answer(&self, host: &str, port: Option<&str>, from: usize) -> Option<usize> {
        if is_local(host) {
            let port = port?;
            // What a program calls at its own port is itself.
            let mut own = self.values[from].iter();
            if own.any(|v| listens_on(v, port)) {
                return None;
            }
            let owners = self.ports.get(port)?;
            let mut others = owners.iter().filter(|&&u| u != from);
            let first = *others.next()?;
            // On one machine a port has one owner; if files disagree, nobody is named, unless they
            // start the same product, of which one or the other runs.
            let product = |unit: usize| {
                let own = &self.units[unit];
                own.technology
                    .filter(|_| own.role.is_store())
                    .map(|t| &t.id)
            };
            return others
                .all(|&other| product(first).is_some() && product(first) == product(other))
                .then_some(first);
        }
        if let Some(found) = self.of_pod(host).or_else(|| self.of_open_shift(host)) {
            return Some(self.nearest(found, from));
        }
        let mut name = host;
        loop {
            if let Some(found) = self.book.get(name) {
                return Some(self.nearest(found, from));
            }
            // `cart.shop.svc.cluster.local` and `cart.shop` mean `cart`.
            let (first, rest) = host.split_once('.')?;
            // Consul answers under `cart.service.consul` and `cart.service.east.consul`
            // (<https://developer.hashicorp.com/consul/docs/services/discovery/dns-static-lookups>).
            let consul = rest.starts_with("service.") && rest.ends_with("consul");
            let cluster = consul
                || rest.contains("svc")
                || rest.ends_with("local")
                || self.is_namespace(rest);
            if name == first || !cluster {
                return None;
            }
            name = first;
        }
    }

    fn is_namespace(&self, name: &str) -> bool {
        // Manifests that name no namespace are applied to this one unless they are told another
        // (<https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces>).
        let usual = name == "default";
        self.units
            .iter()
            .flat_map(|u| &u.deployables)
            .any(|(d, _)| match &d.namespace {
                Some(own) => own == name,
                None => usual && d.source == "kubernetes",
            })
    }

    /// Of several units with one name, the one that shares most of the path.
    fn nearest(&self, found: &[usize], from: usize) -> usize {
        let own = self.units[from]
            .evidence
            .first()
            .map(|e| e.path.as_str())
            .unwrap_or_default();
        let shared = |unit: usize| {
            self.units[unit]
                .evidence
                .iter()
                .map(|e| {
                    e.path
                        .split('/')
                        .zip(own.split('/'))
                        .take_while(|(a, b)| a == b)
                        .count()
                })
                .max()
                .unwrap_or(0)
        };
        let mut best = found[0];
        for &unit in &found[1..] {
            if shared(unit) > shared(best) {
                best = unit;
            }
        }
        best
    }

    /// A value of the environment or configuration of a unit, by name.
    fn lookup(&self, unit: usize, name: &str) -> Option<String> {
        let relaxed = relaxed(name);
        let found = self.values[unit].iter().find(|v| v.key == name);
        let found = found.or_else(|| {
            self.values[unit]
                .iter()
                .find(|v| self::relaxed(&v.key) == relaxed)
        });
        found.map(|v| v.value.clone())
    }

    fn expand(&self, unit: usize, text: &str) -> String {
        fill(text, &|name| self.lookup(unit, name))
    }

    fn protocol(&self, address: &Address, to: &End) -> Option<String> {
        let by_scheme = address
            .scheme
            .as_deref()
            .and_then(|s| self.world.knowledge.by_scheme(s));
        if let Some(protocol) = by_scheme.and_then(|t| t.protocol.clone()) {
            return Some(protocol);
        }
        // The port of OTLP over gRPC (<https://opentelemetry.io/docs/specs/otlp/>).
        if address.port.as_deref() == Some("4317") {
            return Some("gRPC".to_owned());
        }
        match address.scheme.as_deref() {
            Some("http") => return Some("HTTP".to_owned()),
            Some("https") => return Some("HTTPS".to_owned()),
            Some("grpc" | "dns") => return Some("gRPC".to_owned()),
            Some("ws" | "wss") => return Some("WebSocket".to_owned()),
            _ => {}
        }
        // A store or broker speaks its own protocol to all; others may speak several.
        let End::Unit(unit) = to else { return None };
        let role = self.units[*unit].role;
        self.units[*unit]
            .technology
            .filter(|_| role.is_store() || role == Role::Broker)
            .and_then(|t| t.protocol.clone())
    }

    fn join_values(&mut self, unit: usize) {
        // A product's own settings name its data and users, not its neighbours, unless they hold
        // a full address.
        let product = self.units[unit]
            .technology
            .is_some_and(|t| t.role.is_some());
        let reads = self.reads(unit);
        self.join_hidden(unit);
        for index in 0..self.values[unit].len() {
            let value = self.values[unit][index].clone();
            if is_own_name(&value.key)
                || is_of_callers(&value.key)
                || is_of_documentation(&value.key)
                || self.is_own_issuer(unit, &value)
                || self.is_switched_off(unit, &value.key)
                || is_of_tests(&value.at.path)
                || (value.shared && value.is_env && !self.is_read(unit, &value.key, &reads))
                || (value.shared && self.imports_in_vain(unit, &value))
            {
                continue;
            }
            let text = self.expand(unit, &value.value);
            // What a file of variables has to set, its pattern shows.
            let example = self.examples.fill(&value, &text);
            let by_example = example.is_some();
            let text = example.unwrap_or(text);
            self.join_repository(unit, &value, &text);
            self.join_list(unit, &value, &text);
            self.join_named(unit, &value, &text, by_example);
            for mut address in addresses(&text) {
                let hinted = is_address_key(&value.key) && !product;
                if address.port.is_none() && hinted && is_local(&address.host) {
                    let beside = self.port_beside(unit, &value.key);
                    address.port = beside.or_else(|| self.port_of_section(&value.key));
                }
                // What stands before a store is told its host: a pooler, a page to look into it.
                let stands_before = matches!(
                    self.units[unit].role,
                    Role::Auth | Role::Gateway | Role::Service | Role::Ui
                );
                let neighbour = product
                    && stands_before
                    && is_host_key(&value.key)
                    && self.book.contains_key(address.host.as_str());
                let called = value.is_env && names_service(&value.key, &address.host);
                if address.bare && !hinted && !neighbour && !called {
                    continue;
                }
                // Inside a container `localhost` is the container itself; in a page it is the machine of
                // whoever looks at it, on which ports are published.
                let of_page = self.units[unit].role == Role::Ui && is_of_bundle(&value.key)
                    || is_outer_key(&value.key) && self.shows_pages(unit);
                if value.is_env
                    && !value.shared
                    && !of_page
                    && is_local(&address.host)
                    && self.runs_alone(unit)
                {
                    continue;
                }
                let answer = self.answer(&address.host, address.port.as_deref(), unit);
                // What a bundle is told is where browsers go.
                let answer = answer.or_else(|| {
                    let front = self.fronts.get(address.host.as_str()).copied();
                    front.filter(|_| self.units[unit].role == Role::Ui && is_of_bundle(&value.key))
                });
                // A name says more than a port that another part has on this machine.
                let by_port = |to: usize| self.units[to].role == Role::Service;
                if !by_example
                    && answer.is_none_or(by_port)
                    && let Some(named) = self.named_by_key(unit, &value, &address)
                    && answer != Some(named)
                {
                    self.add_named(unit, &value, named);
                    continue;
                }
                let Some(to) = answer else {
                    // The pattern of an installation names no system that this one needs, and
                    // what a program is told of its own address none beside it.
                    if by_example || value.commented || tells_own_address(&value.key) {
                        continue;
                    }
                    let read = value.is_env && reads.contains(&value.key) && hinted;
                    // Where pages are, a program tells those whom it writes to.
                    if names_pages(&value.key) && !is_of_bundle(&value.key) {
                        continue;
                    }
                    if read && self.is_public(&address) {
                        self.call_outside(unit, &value, &address);
                    } else {
                        self.outside(unit, &value, &address);
                    }
                    continue;
                };
                // The address of another page, or of what operators look at, is a link.
                let shown = matches!(
                    self.units[to].role,
                    Role::Ui | Role::Monitoring | Role::Registry
                );
                let local = is_local(&address.host);
                let own_role = self.units[unit].role;
                let page = || self.units[to].role == Role::Ui || self.shows_pages(to);
                if own_role == Role::Service && names_pages(&value.key) && page() {
                    continue;
                }
                // A tool that has taken a port of this machine is none of the parts that the key names.
                if local
                    && self.units[to].project.is_none()
                    && self.names_other(&value.key, unit, to)
                {
                    continue;
                }
                // Who waits for another part to start calls it by another setting.
                let plain = matches!(
                    self.units[to].role,
                    Role::Service | Role::Gateway | Role::Ui
                );
                if plain && is_of_waiting(&value.key) {
                    continue;
                }
                if local
                    && (of_page && shown
                        || tells_public_address(&value.key)
                        || self.is_own_section(unit, &value.key))
                {
                    continue;
                }
                // A store in configuration that all get is used by those that have a driver.
                let is_data = self.units[to].role.is_store() || self.units[to].role == Role::Broker;
                let driven = self.has_driver(unit, to) || self.speaks_to(&address, to);
                let named = || reads.contains(&value.key) && self.names(&value.key, to);
                // So is what a configuration server tells all of where spans go.
                let traced = self.units[to].role == Role::Monitoring && !value.is_env;
                if value.shared && (is_data || traced) && !driven && !named() {
                    continue;
                }
                // Spring opens what a driver among its packages can.
                let of_spring = value.key.starts_with("spring.") && !value.is_env && !value.shared;
                if is_data && of_spring && self.has_no_driver_for(unit, to) {
                    continue;
                }
                if is_data
                    && !driven
                    && (self.is_left_over(unit, &value, &address, to)
                        || self.is_given_in_vain(unit, &value, &reads, to))
                {
                    continue;
                }
                // Whoever issues tokens is told where its clients are, and calls none of them.
                if self.units[to].project.is_some() && self.issues_tokens(unit) {
                    continue;
                }
                if value.shared && !is_data && self.gets_common_only(unit, &value) {
                    continue;
                }
                if !is_data && self.keys.is_of_others(unit, &value) {
                    continue;
                }
                if is_data && self.is_not_selected(unit, to) {
                    continue;
                }
                let end = End::Unit(to);
                let protocol = match is_socket_key(&value.key) && !is_data {
                    true => Some("WebSocket".to_owned()),
                    false => self.protocol(&address, &end),
                };
                let guess = !is_data && self.is_of_the_block(unit, &value);
                let found = Found {
                    kind: None,
                    at: &value.at,
                    protocol,
                    technology: None,
                    operation: None,
                    confidence: match guess {
                        true => Confidence::Low,
                        false => Confidence::High,
                    },
                };
                self.add(unit, end, found);
            }
        }
    }

    /// Whether one block of a deployment file gives a variable to several containers of one source, and
    /// this is not the one that leads: which of them calls the neighbour, the block does not say.
    fn is_of_the_block(&self, unit: usize, value: &Value) -> bool {
        let Some(project) = self.units[unit].project.filter(|_| value.is_env) else {
            return false;
        };
        if self.leaders.sharing(project) < 2 || self.leaders.leads(unit, Some(project)) {
            return false;
        }
        let same = |other: &usize| {
            self.units[*other].project == Some(project)
                && self.values[*other]
                    .iter()
                    .any(|v| v.is_env && v.at == value.at)
        };
        (0..self.units.len())
            .filter(|&o| o != unit)
            .any(|o| same(&o))
    }

    /// Whether a unit is deployed with a network of its own, as containers are unless they take
    /// part in that of their host.
    fn runs_alone(&self, unit: usize) -> bool {
        let unit = &self.units[unit];
        !unit.deployables.is_empty() && !shares_network(unit)
    }

    /// Whether a unit's manifest names a driver for the product that another unit is.
    fn has_driver(&self, unit: usize, to: usize) -> bool {
        let Some(project) = self.units[unit].project else {
            return false;
        };
        let Some(product) = self.units[to].technology else {
            return true;
        };
        has_driver(self.world, project, product)
    }

    /// Whether the scheme of an address is that of the product that a unit is: a driver may stand in the
    /// manifest of a library.
    fn speaks_to(&self, address: &Address, to: usize) -> bool {
        let known = self.world.knowledge;
        let by_scheme = address.scheme.as_deref().and_then(|s| known.by_scheme(s));
        let product = self.units[to].technology;
        by_scheme
            .zip(product)
            .is_some_and(|(wanted, actual)| known.serves(&actual.id, &wanted.id))
    }

    /// Whether a key is named for the product that a store or broker is: `RABBITMQ_HOST`.
    fn names(&self, key: &str, to: usize) -> bool {
        let Some(product) = self.units[to].technology else {
            return false;
        };
        let lower = key.to_ascii_lowercase();
        let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|w| w.len() > 3 && product.id.starts_with(w))
    }

    /// Whether the code of a unit is built with what issues tokens to other programs.
    fn issues_tokens(&self, unit: usize) -> bool {
        self.traits().get(unit).is_some_and(|t| t.0)
    }

    fn traits(&self) -> &[(bool, bool)] {
        self.traits.get_or_init(|| {
            let of = |unit: usize| {
                let issues =
                    self.has_dependency(unit, |t| t.category == Category::IdentityProvider);
                let pages = self.units[unit].role == Role::Ui
                    || hands_out_pages(self.world, &self.units[unit])
                    || self.has_dependency(unit, |t| t.category == Category::UiFramework);
                (issues, pages)
            };
            (0..self.units.len()).map(of).collect()
        })
    }

    /// Whether a unit hands pages to browsers.
    fn shows_pages(&self, unit: usize) -> bool {
        self.traits().get(unit).is_some_and(|t| t.1)
    }

    /// Whether a unit's manifest names a package of a technology itself, and not only a client of it.
    fn has_dependency(&self, unit: usize, wanted: fn(&Technology) -> bool) -> bool {
        let project = self.units[unit].project;
        let mut facts = project.into_iter().flat_map(|p| self.world.facts_of(p));
        facts.any(|fact| match &fact.claim {
            Claim::Dependency(d) => (self.world.knowledge.by_package(&d.ecosystem, &d.name))
                .is_some_and(|(t, client)| !client && wanted(t)),
            _ => false,
        })
    }

    /// Whether a value comes from what a configuration server gives to all, and the unit has no file of
    /// its own there, so that nothing says which of it matters to it.
    fn gets_common_only(&self, unit: usize, value: &Value) -> bool {
        self.handed_out.contains_key(&value.at.path)
            && !(self.handed_out.iter()).any(|(_, to)| to.len() == 1 && to.contains(&unit))
    }

    /// Whether a value holds in no profile or in one that the deployment switches on.
    fn is_on(&self, unit: usize, value: &Value) -> bool {
        value.profile.as_ref().is_none_or(|profile| {
            // `.env.production` holds what the deployed system is given.
            if value.is_env && profile == "production" {
                return true;
            }
            let active = self.lookup(unit, "SPRING_PROFILES_ACTIVE");
            active.is_some_and(|all| all.split(',').any(|one| one.trim() == profile))
        })
    }

    /// A configuration server may read a Git repository that lies on its own disk.
    fn join_repository(&mut self, unit: usize, value: &Value, text: &str) {
        if !value.key.ends_with("config.server.git.uri") || !self.is_on(unit, value) {
            return;
        }
        let path = text.strip_prefix("file:").unwrap_or(text);
        let path = format!("/{}", path.trim_matches('/'));
        let absolute = text.starts_with('/') || text.starts_with("file:/");
        if !absolute || text.contains(['$', '{']) || path.len() < 2 {
            return;
        }
        let found = Found {
            kind: Some(RelationshipKind::Reads),
            at: &value.at,
            protocol: None,
            technology: None,
            operation: None,
            confidence: Confidence::High,
        };
        self.add(unit, End::Outside(path), found);
    }

    /// Whether a unit is the product `wanted`: an id of the knowledge base, a scheme (`amqp`), or
    /// the short name of a cloud's service (`aws-sqs`).
    fn serves(&self, unit: usize, wanted: &str) -> bool {
        let known = self.world.knowledge;
        let long = wanted.replace("aws-", "amazon-").replace("gcp-", "google-");
        let id = known
            .by_id(wanted)
            .filter(|t| t.role.is_some())
            .or_else(|| known.by_scheme(wanted))
            .or_else(|| known.by_id(&long))
            .map_or(wanted, |t| t.id.as_str());
        self.products(unit)
            .iter()
            .any(|product| known.serves(product, id))
    }

    /// The products that a unit is: by its image, or by code that switches a server on.
    fn products(&self, unit: usize) -> Vec<String> {
        let mut all: Vec<String> = self.units[unit]
            .technology
            .iter()
            .map(|t| t.id.clone())
            .collect();
        if let Some(project) = self.units[unit].project {
            for fact in self.world.facts_of(project) {
                if let Claim::Uses(uses) = &fact.claim
                    && uses.side == "server"
                {
                    all.push(uses.technology.clone());
                }
            }
        }
        all
    }
}

/// `SPRING_REDIS_HOST`, `spring.redis.host` and `spring.redis-host` are one (relaxed binding).
fn relaxed(key: &str) -> String {
    key.chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Whether a variable is called after the service that it names: `STOCK_DESK_SERVICE=stock-desk`.
fn names_service(key: &str, host: &str) -> bool {
    let key = relaxed(key);
    let rest = key.strip_prefix(relaxed(host).as_str());
    host.len() > 2 && matches!(rest, Some("service" | "servicename" | "svc"))
}

fn kind_by_role(role: Role) -> RelationshipKind {
    match role {
        Role::Database | Role::Cache | Role::SearchIndex | Role::ObjectStorage => {
            RelationshipKind::Writes
        }
        Role::ConfigServer => RelationshipKind::Configures,
        _ => RelationshipKind::Calls,
    }
}
