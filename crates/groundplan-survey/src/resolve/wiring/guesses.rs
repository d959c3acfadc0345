//! What is joined although no address names the other: platform servers, drivers, start order.

use super::{End, Found, Wiring};
use crate::extractors::ASPIRE_PROXY;
use crate::facts::{Claim, Deployable, PackageDependency};
use crate::resolve::address::{addresses, is_address_key, is_local};
use crate::resolve::elements::kind_word;
use crate::resolve::names::loose;
use crate::resolve::needed::Needed;
use crate::resolve::settings::Value;
use crate::resolve::terraform::{self, LINK, OPERATION};
use groundplan_model::{Confidence, Evidence, RelationshipKind, Role};
use std::collections::{BTreeMap, BTreeSet};

/// A dashboard, and the product that gathers what it shows.
const DASHBOARDS: &[(&str, &str)] = &[("hystrix-dashboard", "turbine")];

impl Wiring<'_, '_> {
    /// Registry, configuration, tracing and the like: where one unit is the server and others
    /// switch the client on, they are joined.
    pub(super) fn join_platform(&mut self) {
        let mut servers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for unit in 0..self.units.len() {
            for product in self.products(unit) {
                servers.entry(product).or_default().insert(unit);
            }
        }
        for unit in 0..self.units.len() {
            let Some(project) = self.units[unit].project else {
                continue;
            };
            let facts: Vec<_> = self.world.facts_of(project).collect();
            for fact in facts {
                let technology = match &fact.claim {
                    Claim::Uses(uses) if uses.side == "client" => uses.technology.clone(),
                    Claim::Dependency(d) if is_runtime(d.scope) => {
                        let server = self.world.knowledge.server_of(&d.ecosystem, &d.name);
                        match server {
                            Some(t) if is_platform(t.role) => t.id.clone(),
                            _ => continue,
                        }
                    }
                    _ => continue,
                };
                let known = self.world.knowledge.by_id(&technology);
                let owners: Vec<usize> = servers
                    .iter()
                    .filter(|(id, _)| self.world.knowledge.serves(id, &technology))
                    .flat_map(|(_, units)| units.iter().copied())
                    .collect();
                let [to] = owners.as_slice() else { continue };
                if technology == "zipkin" && self.hands_spans_to_broker(unit) {
                    continue;
                }
                if self
                    .products(unit)
                    .iter()
                    .any(|p| self.world.knowledge.serves(p, &technology))
                {
                    continue;
                }
                let found = Found {
                    protocol: known.and_then(|t| t.protocol.clone()),
                    ..Found::guess(None, &fact.at)
                };
                self.add(unit, End::Unit(*to), found);
            }
        }
    }

    /// Whether spans go to a queue, from which the collector takes them
    /// (<https://docs.spring.io/spring-cloud-sleuth/docs/2.2.x/reference/html/#sending-spans-to-zipkin>).
    fn hands_spans_to_broker(&self, unit: usize) -> bool {
        self.values[unit].iter().any(|v| {
            let queue = ["spring.zipkin.rabbitmq.", "spring.zipkin.kafka."];
            let sender = v.key == "spring.zipkin.sender.type"
                && matches!(v.value.as_str(), "rabbit" | "kafka" | "activemq");
            sender || queue.iter().any(|start| v.key.starts_with(start))
        })
    }

    /// A dashboard whose only use is to show what another product gathers, and the one unit that is
    /// that product: nothing configures the two, since people type the address into the page
    /// (<https://github.com/Netflix-Skunkworks/hystrix-dashboard/wiki>).
    pub(super) fn join_dashboards(&mut self) {
        for (dashboard, source) in DASHBOARDS {
            let are = |id: &str| -> Vec<(usize, Evidence)> {
                let found = |unit: usize| {
                    let project = self.units[unit].project?;
                    self.world.facts_of(project).find_map(|fact| {
                        matches!(&fact.claim, Claim::Uses(u) if u.side == "server" && u.technology == id)
                            .then(|| (unit, fact.at.clone()))
                    })
                };
                (0..self.units.len()).filter_map(found).collect()
            };
            let (from, to) = (are(dashboard), are(source));
            if let ([(from, at)], [(to, _)]) = (from.as_slice(), to.as_slice()) {
                let found = Found {
                    protocol: Some("HTTP".to_owned()),
                    ..Found::guess(Some(RelationshipKind::Observes), at)
                };
                self.add(*from, End::Unit(*to), found);
            }
        }
    }

    /// `SHOP_API_URL` of a user interface whose value the operator gives: the one service of that name.
    /// Pages run in a browser, so what they call is known by its public address, not by its host.
    pub(super) fn join_named(&mut self, unit: usize, value: &Value, text: &str, example: bool) {
        let open = example || text.is_empty() || text.contains("${");
        if !value.is_env || !open {
            return;
        }
        if self.units[unit].role != Role::Ui {
            if !example && !value.shared {
                self.join_called(unit, value);
            }
            return;
        }
        let mut words: Vec<&str> = value.key.split('_').filter(|w| !w.is_empty()).collect();
        let mut speaks = false;
        while words.last().is_some_and(|word| {
            matches!(
                *word,
                "URL" | "URI" | "BASE" | "ENDPOINT" | "ADDRESS" | "ORIGIN"
            )
        }) {
            words.pop();
            speaks = true;
        }
        let Some(name) = words.last().filter(|_| speaks) else {
            return;
        };
        let fits = |&other: &usize| {
            let unit = &self.units[other];
            unit.role == Role::Service && loose(&unit.name) == loose(name)
        };
        let mut found = (0..self.units.len())
            .filter(|other| *other != unit)
            .filter(fits);
        if let (Some(to), None) = (found.next(), found.next()) {
            let found = Found {
                protocol: Some("HTTP".to_owned()),
                ..Found::guess(None, &value.at)
            };
            self.add(unit, End::Unit(to), found);
        }
    }

    /// `SERVICE_URI_DELIVERY` of a program, which a deployment file gives it and whose value the operator
    /// does: the one service that the other words name.
    fn join_called(&mut self, unit: usize, value: &Value) {
        let mut speaks = false;
        let mut words = Vec::new();
        for word in value.key.split('_').filter(|w| !w.is_empty()) {
            match word {
                "URL" | "URI" | "ENDPOINT" | "ADDRESS" | "ADDR" | "HOST" => speaks = true,
                "SERVICE" | "SVC" | "API" | "BASE" => {}
                _ => words.push(word),
            }
        }
        // `ADDRESS_SERVICE_URL` is the address of what keeps addresses.
        let first = value.key.split('_').find(|w| !w.is_empty());
        let keeps = |word: &&str| matches!(*word, "ADDRESS" | "ENDPOINT");
        if words.is_empty() && value.key.matches('_').count() > 1 {
            words.extend(first.filter(keeps));
        }
        let name = words.join("-").to_ascii_lowercase();
        if !speaks || name.len() < 4 {
            return;
        }
        // `SHOP_APP_URL` is where people find the pages of the shop.
        let pages = value
            .key
            .split('_')
            .any(|w| matches!(w, "APP" | "FRONTEND" | "UI" | "WEB"));
        let fits = |&other: &usize| {
            let service =
                self.units[other].role == Role::Service && (!pages || self.shows_pages(other));
            // Another container of the same code is no other part.
            let own = self.units[unit].project;
            let same = own.is_some() && self.units[other].project == own;
            other != unit && service && !same && self.is_called(other, &name)
        };
        let mut found = (0..self.units.len()).filter(fits);
        if let (Some(to), None) = (found.next(), found.next()) {
            let found = Found {
                protocol: Some("HTTP".to_owned()),
                ..Found::guess(None, &value.at)
            };
            self.add(unit, End::Unit(to), found);
        }
    }

    /// Whether a part has a name, by itself, by its folder, or without the word that all parts begin with.
    fn is_called(&self, unit: usize, name: &str) -> bool {
        let own = &self.units[unit];
        let name = loose(name);
        let folder = own.project.map(|p| self.world.projects[p].folder.as_str());
        let folder = folder.and_then(|folder| folder.rsplit('/').next());
        let split = |name: &str| -> Option<(String, String)> {
            let (first, rest) = name.split_once(['-', '_'])?;
            Some((first.to_owned(), rest.to_owned()))
        };
        let bare = || {
            let (first, rest) = split(&own.name)?;
            let mut parts = self.units.iter().filter(|u| u.project.is_some()).peekable();
            let several = self.units.iter().filter(|u| u.project.is_some()).count() > 2;
            let shared = parts.all(|u| split(&u.name).is_some_and(|(word, _)| word == first));
            (several && shared).then_some(rest)
        };
        loose(&own.name) == name
            || folder.is_some_and(|folder| loose(folder) == name)
            || bare().is_some_and(|rest| loose(&rest) == name)
    }

    /// Whether the code of a unit calls others over HTTP or gRPC.
    fn calls_others(&self, unit: usize) -> bool {
        let project = self.units[unit].project;
        let mut facts = project.into_iter().flat_map(|p| self.world.facts_of(p));
        facts.any(|fact| match &fact.claim {
            Claim::Client(client) => {
                let library = client
                    .library
                    .as_deref()
                    .is_some_and(|name| !name.is_empty());
                library && matches!(client.protocol.as_str(), "http" | "https" | "grpc")
            }
            _ => false,
        })
    }

    /// Variables of a user interface that a secret or a map of the cluster fills, whose value no file
    /// shows: the name is all that is known. Of a program those that a deployment file fills.
    pub(super) fn join_hidden(&mut self, unit: usize) {
        if self.units[unit].role != Role::Ui {
            // What only code reads has to be called an address (`USERS_SERVICE_URL`, `USERS_URL`).
            let of_service = |value: &Value| {
                let mut words = value.key.split('_');
                words.any(|word| matches!(word, "SERVICE" | "SVC" | "URL" | "URI"))
            };
            let unset = match self.calls_others(unit) {
                true => self.unset(unit),
                false => Vec::new(),
            };
            let unset = unset.into_iter().filter(of_service);
            for value in self.hidden(unit).into_iter().chain(unset) {
                self.join_called(unit, &value);
            }
            return;
        }
        for value in self.hidden(unit).into_iter().chain(self.unset(unit)) {
            self.join_named(unit, &value, "", false);
        }
    }

    /// Variables that code reads, that have no default and that nothing sets.
    fn unset(&self, unit: usize) -> Vec<Value> {
        let project = self.units[unit].project;
        let facts = project.into_iter().flat_map(|p| self.world.facts_of(p));
        let reads = facts.filter_map(|fact| match &fact.claim {
            Claim::EnvRead(read) if read.default.as_deref().is_none_or(str::is_empty) => {
                Some((read, &fact.at))
            }
            _ => None,
        });
        let unset = reads.filter(|(read, _)| self.lookup(unit, &read.name).is_none());
        unset.map(|(read, at)| unknown(&read.name, at)).collect()
    }

    /// Variables that a deployment file fills from elsewhere with what no file shows, or leaves to whoever
    /// deploys.
    fn hidden(&self, unit: usize) -> Vec<Value> {
        let given = self.units[unit]
            .deployables
            .iter()
            .flat_map(|(d, _)| &d.env);
        let hidden = given.filter(|env| {
            env.value.is_none() && !env.name.is_empty() && self.lookup(unit, &env.name).is_none()
        });
        hidden.map(|env| unknown(&env.name, &env.at)).collect()
    }

    /// Whether a deployment file fills a variable with what no file shows: then no default holds.
    pub(super) fn is_hidden(&self, unit: usize, name: &str) -> bool {
        let mut given = self.units[unit]
            .deployables
            .iter()
            .flat_map(|(d, _)| &d.env);
        given.any(|env| env.name == name && env.value.is_none() && env.from.is_some())
    }

    /// A driver among the dependencies, and one store that it can reach: either the only one, or
    /// the one that bears the unit's name.
    pub(super) fn join_drivers(&mut self) {
        for unit in 0..self.units.len() {
            let Some(project) = self.units[unit].project else {
                continue;
            };
            if is_for_tests(&self.world.projects[project].folder) {
                continue;
            }
            // A project of .NET has the packages of the projects that it is built with.
            let needed = self.needed.get_or_init(|| Needed::of(self.world));
            let facts: Vec<_> = (needed.all(self.world, project).into_iter())
                .flat_map(|p| self.world.facts_of(p).map(move |fact| (p, fact)))
                .collect();
            for (holder, fact) in facts {
                let Claim::Dependency(dependency) = &fact.claim else {
                    continue;
                };
                if holder != project && dependency.ecosystem != "nuget" {
                    continue;
                }
                if !is_runtime(dependency.scope) {
                    continue;
                }
                let server = self
                    .world
                    .knowledge
                    .server_of(&dependency.ecosystem, &dependency.name);
                let Some(server) = server else { continue };
                let is_data = server
                    .role
                    .is_some_and(|r| r.is_store() || r == Role::Broker);
                if !is_data {
                    continue;
                }
                // What prepares a store from the image of one serves nobody.
                let stores: Vec<usize> = (0..self.units.len())
                    .filter(|&u| self.serves(u, &server.id) && self.units[u].role != Role::Job)
                    .collect();
                let reached = stores
                    .iter()
                    .any(|&s| self.graph.edges.contains_key(&(unit, End::Unit(s))));
                if reached {
                    continue;
                }
                // Where others are given the address of a store, one that is given none has none.
                let addressed = |store: usize| self.is_addressed(store);
                let own = loose(&self.units[unit].name);
                let named: Vec<usize> = stores
                    .iter()
                    .copied()
                    .filter(|&s| own.len() > 2 && loose(&self.units[s].name).starts_with(&own))
                    .collect();
                let to = match (stores.as_slice(), named.as_slice()) {
                    ([only], _) if !self.is_named_for_other(*only, unit) && !addressed(*only) => {
                        *only
                    }
                    (_, [only]) => *only,
                    _ => match self.usual_store(unit, dependency, &stores) {
                        Some(store) => store,
                        None => continue,
                    },
                };
                if self.keeps_elsewhere(unit, to) {
                    continue;
                }
                // A driver that nothing opens is a package among others.
                let opened = match self.opening(unit, &server.id) {
                    Some(opened) => opened,
                    // A container to work in brings the stores that the code needs.
                    None if self.is_of_workbench(to) => None,
                    None => continue,
                };
                let found = Found {
                    kind: None,
                    at: opened.as_ref().unwrap_or(&fact.at),
                    protocol: server.protocol.clone(),
                    technology: Some(dependency.name.clone()),
                    operation: None,
                    confidence: Confidence::Medium,
                };
                self.add(unit, End::Unit(to), found);
            }
        }
    }

    /// Whether a database is one that developers start beside a program which keeps its data in another by
    /// default; whoever calls it has no address that leads there.
    pub(super) fn keeps_elsewhere(&self, unit: usize, to: usize) -> bool {
        let other = &self.units[to];
        other.development && other.role == Role::Database && self.keeps(unit)
    }

    /// The store that a program, started by hand, finds on this machine where its settings name no host: a
    /// starter looks on the usual port of its product
    /// (<https://docs.spring.io/spring-boot/appendix/application-properties/index.html#appendix.application-properties.data>).
    fn usual_store(&self, unit: usize, d: &PackageDependency, all: &[usize]) -> Option<usize> {
        let of_spring = is_starter(&d.name) && d.name.starts_with("org.springframework");
        let by_hand = self.units[unit].deployables.is_empty() && of_spring;
        let known = self.world.knowledge;
        let server = known.server_of(&d.ecosystem, &d.name).filter(|_| by_hand)?;
        // Whoever sets a host means another.
        let named = |key: &str| key.to_ascii_lowercase().contains(&server.id);
        let set = |v: &Value| !v.shared && is_address_key(&v.key) && named(&v.key);
        if self.values[unit].iter().any(set) {
            return None;
        }
        let port = server.ports.first()?.to_string();
        let found = self.answer("localhost", Some(&port), unit)?;
        all.contains(&found).then_some(found)
    }

    /// Whether only the files of a container to work in start a unit.
    fn is_of_workbench(&self, unit: usize) -> bool {
        let unit = &self.units[unit];
        let mut all = unit.deployables.iter().chain(&unit.others).peekable();
        unit.development
            && all.peek().is_some()
            && all.all(|(_, at)| self.world.variants.is_workbench(&at.path))
    }

    /// Where the code of a unit opens a connection to a product, or its configuration speaks of it;
    /// nothing where its manifest alone names a driver. A framework opens what its configuration
    /// names, so that `Some(None)` is a use without a line of its own.
    fn opening(&self, unit: usize, product: &str) -> Option<Option<Evidence>> {
        let known = self.world.knowledge;
        let serves = |protocol: &str| {
            let technology = known.by_id(protocol).or_else(|| known.by_scheme(protocol));
            protocol == product || technology.is_some_and(|t| known.serves(&t.id, product))
        };
        for fact in self.clients(unit) {
            if let Claim::Client(client) = &fact.claim
                && (serves(&client.protocol)
                    || client
                        .target
                        .as_deref()
                        .is_some_and(|t| t.contains("://") && serves(t)))
            {
                return Some(Some(fact.at.clone()));
            }
        }
        for value in &self.values[unit] {
            let scheme = value.value.contains("://") && serves(&value.value);
            let key = value.key.to_ascii_lowercase();
            if !value.shared && (scheme || key.contains(product)) {
                return Some(Some(value.at.clone()));
            }
        }
        // Who is given the name or the password of a user of the product opens it with them.
        let told = self.units[unit].deployables.iter();
        let mut told = told.flat_map(|(d, _)| &d.env).filter(|env| env.secret);
        let named = |name: &str| {
            let lower = name.to_ascii_lowercase();
            lower.split('_').any(|word| word == product)
        };
        if let Some(env) = told.find(|env| named(&env.name)) {
            return Some(Some(env.at.clone()));
        }
        let project = self.units[unit].project?;
        self.world
            .facts_of(project)
            .find_map(|fact| match &fact.claim {
                // A starter opens what it is for by itself.
                Claim::Dependency(d) if is_runtime(d.scope) && is_starter(&d.name) => {
                    let server = known.server_of(&d.ecosystem, &d.name)?;
                    known.serves(&server.id, product).then_some(None)
                }
                Claim::Channel(channel) => {
                    let broker = channel.broker.as_deref().is_some_and(serves);
                    broker.then(|| Some(fact.at.clone()))
                }
                Claim::Property(property) => {
                    let key = property.key.to_ascii_lowercase();
                    let named = key.contains(product) || key.contains("datasource");
                    named.then(|| Some(fact.at.clone()))
                }
                _ => None,
            })
    }

    /// The only part that is a product, where nothing is known to be given its address and its name is
    /// not that of another part.
    pub(super) fn only_store(&self, unit: usize, product: &str) -> Option<usize> {
        let mut all = (0..self.units.len())
            .filter(|&u| self.serves(u, product) && self.units[u].role != Role::Job);
        let only = all.next().filter(|_| all.next().is_none())?;
        (!self.is_addressed(only) && !self.is_named_for_other(only, unit)).then_some(only)
    }

    /// Whether somebody is given the address of a store or broker. That code sends or takes messages says
    /// nothing of where: the address may stand in the repository of a configuration server.
    fn is_addressed(&self, store: usize) -> bool {
        let in_code = |at: &Evidence| crate::paths::holds_code(&at.path);
        let mut edges = self.graph.edges.iter();
        edges.any(|((_, end), edge)| {
            let mut sides = edge.sides.iter();
            *end == End::Unit(store)
                && sides.any(|(kind, side)| {
                    let message = matches!(
                        kind,
                        RelationshipKind::Publishes | RelationshipKind::Subscribes
                    );
                    side.confidence == Confidence::High
                        && !(message && side.evidence.iter().all(in_code))
                })
        })
    }

    /// `orders-db` is no store of `carts`.
    fn is_named_for_other(&self, store: usize, unit: usize) -> bool {
        let name = loose(&self.units[store].name);
        (0..self.units.len()).any(|other| {
            let own = loose(&self.units[other].name);
            other != unit
                && other != store
                && own.len() > 2
                && name.len() > own.len()
                && name.starts_with(&own)
        })
    }

    /// A link gives a container the name under which it reaches another, and so says that it does.
    pub(super) fn join_links(&mut self) {
        let served = self.serving_files();
        for unit in 0..self.units.len() {
            let own = &self.units[unit];
            let told = own.deployables.iter().map(|d| (d, true));
            for ((deployable, at), told) in told.chain(own.others.iter().map(|d| (d, false))) {
                // Of stores that developers have beside a program an address tells which is used.
                let bench = self.world.variants.is_bench(&at.path);
                for link in &deployable.links {
                    let to = self.answer(&link.value.to_ascii_lowercase(), None, unit);
                    let Some(to) = to.filter(|to| told || self.units[*to].optional) else {
                        continue;
                    };
                    if bench && self.units[to].role.is_store() {
                        continue;
                    }
                    let routes = deployable.source == "aspire" && deployable.kind == ASPIRE_PROXY;
                    let role = self.units[to].role;
                    let made = || {
                        let known = self.world.knowledge;
                        terraform::kinds_of_link(known, deployable, &link.value, role)
                    };
                    let kinds = match routes {
                        true => vec![RelationshipKind::Routes],
                        // A link of Compose is a name and an order of start.
                        false if deployable.source == "compose" && served.contains(&unit) => {
                            vec![RelationshipKind::StartsAfter]
                        }
                        false => made(),
                    };
                    let operations = asked(deployable, &link.value);
                    if kinds.is_empty() {
                        self.add(unit, End::Unit(to), Found::guess(None, &link.at));
                    }
                    for kind in kinds {
                        let places = deployable.attributes.iter().filter(|(key, value)| {
                            key.strip_prefix(LINK) == Some(kind_word(kind))
                                && value.value == link.value
                        });
                        let mut places: Vec<_> = places.map(|(_, value)| &value.at).collect();
                        if places.is_empty() {
                            places.push(&link.at);
                        }
                        for at in places {
                            self.add(unit, End::Unit(to), Found::guess(Some(kind), at));
                        }
                        for (operation, at) in &operations {
                            let found = Found {
                                operation: Some((*operation).to_owned()),
                                ..Found::guess(Some(kind), at)
                            };
                            self.add(unit, End::Unit(to), found);
                        }
                    }
                }
                if told {
                    self.join_endpoints(unit, deployable);
                }
            }
        }
    }

    /// Web servers without code whose whole configuration hands no request on.
    fn serving_files(&self) -> BTreeSet<usize> {
        let mut serving = BTreeSet::new();
        let mut routing = BTreeSet::new();
        for (file, fact) in self.world.facts() {
            let all = match &fact.claim {
                Claim::ServesFiles => &mut serving,
                Claim::Route(_) => &mut routing,
                _ => continue,
            };
            all.extend(self.holders.placed(&file.path).into_iter().flatten());
        }
        let calls = |unit: &usize| self.graph.edges.keys().any(|(from, _)| from == unit);
        serving.retain(|unit: &usize| {
            self.units[*unit].project.is_none() && !routing.contains(unit) && !calls(unit)
        });
        serving
    }

    /// Variables that an application host fills with the address of another resource.
    fn join_endpoints(&mut self, unit: usize, deployable: &Deployable) {
        for env in &deployable.env {
            let from = env
                .from
                .as_deref()
                .and_then(|f| f.strip_prefix("endpoint:"));
            let Some(name) = from.filter(|_| is_address_key(&env.name)) else {
                continue;
            };
            if let Some(to) = self.answer(&name.to_ascii_lowercase(), None, unit) {
                // A store is spoken to in its own language.
                let store = matches!(
                    self.units[to].role,
                    Role::Database | Role::Cache | Role::Broker
                );
                let found = Found {
                    protocol: (!store).then(|| "HTTP".to_owned()),
                    ..Found::guess(None, &env.at)
                };
                self.add(unit, End::Unit(to), found);
            }
        }
    }

    /// What a variant gives a part of the address of another that only variants start: whoever takes
    /// that variant joins the two.
    pub(super) fn join_variants(&mut self) {
        for unit in 0..self.units.len() {
            let mut found: BTreeMap<(usize, String), &Evidence> = BTreeMap::new();
            if self.units[unit].others.is_empty() {
                continue;
            }
            let reads = self.reads(unit);
            for (deployable, _) in &self.units[unit].others {
                for env in &deployable.env {
                    let Some(value) = env.value.as_deref() else {
                        continue;
                    };
                    if env.name.is_empty() || super::is_own_name(&env.name) {
                        continue;
                    }
                    for address in addresses(&self.expand(unit, value)) {
                        let hinted = is_address_key(&env.name);
                        if is_local(&address.host) || (address.bare && !hinted) {
                            continue;
                        }
                        let to = self.answer(&address.host, address.port.as_deref(), unit);
                        // What the files that are told leave open, those of a variant may say.
                        let set = self.values[unit].iter();
                        let mut set = set.filter(|v| !v.example);
                        let open =
                            set.all(|v| v.key != env.name) && self.is_read(unit, &env.name, &reads);
                        let other = |to: &usize| {
                            let to = &self.units[*to];
                            // Whom measurements go to says nothing of the work.
                            (to.optional || open) && to.role != Role::Monitoring
                        };
                        let opens = |to: &usize| {
                            let role = self.units[*to].role;
                            let kept = role.is_store() || role == Role::Broker;
                            let own = self.units[unit].project.is_some();
                            !(kept && own && open)
                                || self.has_driver(unit, *to)
                                || self.speaks_to(&address, *to)
                        };
                        if let Some(to) = to.filter(|&to| to != unit).filter(other).filter(opens) {
                            let protocol = self.protocol(&address, &End::Unit(to));
                            found
                                .entry((to, protocol.unwrap_or_default()))
                                .or_insert(&env.at);
                        }
                    }
                }
            }
            let found: Vec<_> = found
                .into_iter()
                .map(|((to, protocol), at)| (to, protocol, at.clone()))
                .collect();
            for (to, protocol, at) in found {
                if self.graph.edges.contains_key(&(unit, End::Unit(to)))
                    || self.is_not_selected(unit, to)
                {
                    continue;
                }
                let found = Found {
                    protocol: Some(protocol).filter(|p| !p.is_empty()),
                    ..Found::guess(None, &at)
                };
                self.add(unit, End::Unit(to), found);
                let condition = self.in_variant(unit, to, &at);
                (self.graph.conditions).insert((unit, End::Unit(to)), condition);
            }
        }
    }

    /// Start order says who waits for whom, no more: with a driver for the other it is a use of it,
    /// and where the waiting part's configuration or code is known to reach others, it is nothing.
    /// A part without which nothing starts (log shipping, set-up) is waited for by all.
    pub(super) fn join_start_order(&mut self) {
        // Per file: how many entries it has, and how many of them wait for each name.
        let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
        let mut waiting: BTreeMap<(&str, String), usize> = BTreeMap::new();
        let all = (self.units.iter()).flat_map(|u| u.deployables.iter().chain(&u.others));
        for (deployable, at) in all {
            *entries.entry(&at.path).or_default() += 1;
            let names: BTreeSet<String> = deployable
                .depends_on
                .iter()
                .map(|d| d.value.to_ascii_lowercase())
                .collect();
            for name in names {
                *waiting.entry((&at.path, name)).or_default() += 1;
            }
        }
        let known: BTreeSet<usize> = self
            .graph
            .edges
            .iter()
            .filter(|(_, edge)| edge.is_sure())
            .map(|((from, _), _)| *from)
            .collect();
        // A gateway's routes are the whole of what it reaches.
        let routing: BTreeSet<usize> = self
            .graph
            .edges
            .iter()
            .filter(|(_, edge)| edge.sides.contains_key(&RelationshipKind::Routes))
            .map(|((from, _), _)| *from)
            .filter(|&from| self.units[from].role == Role::Gateway)
            .collect();
        for unit in (0..self.units.len()).filter(|u| !routing.contains(u)) {
            // What only a variant starts is waited for in that variant alone.
            let own = &self.units[unit];
            let told = own.deployables.iter().flat_map(|(d, _)| &d.depends_on);
            let others = own.others.iter();
            let others = others.filter(|(_, at)| !self.world.variants.is_bench(&at.path));
            let others = others.flat_map(|(d, _)| &d.depends_on);
            let wanted = told.map(|w| (w, true)).chain(others.map(|w| (w, false)));
            for (wait, told) in wanted {
                let host = wait.value.to_ascii_lowercase();
                let to = self.answer(&host, None, unit);
                let Some(to) = to.filter(|to| told || self.units[*to].optional) else {
                    continue;
                };
                if self.graph.edges.contains_key(&(unit, End::Unit(to)))
                    || self.keeps_elsewhere(unit, to)
                {
                    continue;
                }
                let target = &self.units[to];
                let plain_service = target.role == Role::Service && target.technology.is_none();
                let file = wait.at.path.as_str();
                let among = entries.get(file).copied().unwrap_or(0);
                let everybody = waiting
                    .get(&(file, host.clone()))
                    .is_some_and(|n| n * 2 >= among && *n > 4);
                let store =
                    self.units[unit].role.is_store() || self.units[unit].role == Role::Broker;
                // A ready store uses other stores and what coordinates it, and nothing that watches or
                // finds others.
                let aside = matches!(
                    target.role,
                    Role::Registry | Role::ConfigServer | Role::Monitoring | Role::Ui
                );
                let coordinates =
                    (target.technology).is_some_and(|t| COORDINATORS.contains(&t.id.as_str()));
                let ready = store && self.units[unit].project.is_none();
                if plain_service && (everybody || store) || ready && aside && !coordinates {
                    continue;
                }
                let driver = match target.role {
                    Role::Job => None,
                    _ => self
                        .driver(unit, to)
                        .or_else(|| self.named_setting(unit, to)),
                };
                let found = match &driver {
                    Some((at, protocol)) => Found {
                        protocol: protocol.clone(),
                        ..Found::guess(None, at)
                    },
                    // Own services are reached by addresses, of which this part has others.
                    None if known.contains(&unit) && target.project.is_some() => continue,
                    // Whoever watches comes to the watched; what coordinates a broker is the broker's.
                    None if known.contains(&unit) && is_watcher(target) => continue,
                    None => Found::guess(Some(RelationshipKind::StartsAfter), &wait.at),
                };
                let at = (!told).then(|| wait.at.clone());
                self.add(unit, End::Unit(to), found);
                if let Some(at) = at {
                    let condition = self.in_variant(unit, to, &at);
                    (self.graph.conditions).insert((unit, End::Unit(to)), condition);
                }
            }
        }
    }

    /// On what a connection depends that only a variant makes: on development, on the setting that chooses the
    /// product there, or else on that variant.
    fn in_variant(&self, unit: usize, to: usize, at: &Evidence) -> String {
        let others = &self.units[unit].others;
        let benches = &self.world.variants;
        if others.iter().all(|(_, at)| benches.is_bench(&at.path)) {
            return super::in_development::CONDITION.to_owned();
        }
        let known = self.world.knowledge;
        let chooses = |name: &str, value: &str| {
            let product = || known.by_scheme(value).or_else(|| known.by_id(value));
            super::reads::is_engine_key(name)
                && (self.units[to].technology.zip(product()))
                    .is_some_and(|(own, product)| known.serves(&own.id, &product.id))
                && self.is_read(unit, name, &self.reads(unit))
        };
        let given = others.iter().filter(|(_, place)| place.path == at.path);
        let mut given = given.flat_map(|(d, _)| &d.env);
        let switch = given.find_map(|env| {
            let value = env.value.as_deref()?;
            chooses(&env.name, value).then(|| format!("when {} is {value}", env.name))
        });
        switch.unwrap_or_else(|| format!("in the variant {}", at.path))
    }

    /// A variable of a unit that is named for the product of a store and for an address
    /// (`MONGO_URL`), whatever it is set to.
    fn named_setting(&self, unit: usize, to: usize) -> Option<(Evidence, Option<String>)> {
        let target = &self.units[to];
        let product = target.technology.filter(|_| target.role.is_store())?;
        // A product has variables for what it may be used with.
        if self.units[unit]
            .technology
            .is_some_and(|t| t.role.is_some())
        {
            return None;
        }
        let named = |key: &str| {
            let lower = key.to_ascii_lowercase();
            let mut words = lower.split(['_', '-', '.']);
            words.any(|w| w.len() > 3 && product.id.starts_with(w))
        };
        let set = (self.values[unit].iter()).find(|v| {
            v.is_env && !v.shared && !v.example && is_address_key(&v.key) && named(&v.key)
        })?;
        // An address of elsewhere is none of what is waited for.
        let text = self.expand(unit, &set.value);
        let elsewhere = !text.contains('$')
            && (addresses(&text).iter())
                .any(|a| !a.bare && self.answer(&a.host, None, unit) != Some(to));
        (!elsewhere).then(|| (set.at.clone(), product.protocol.clone()))
    }

    /// Where a unit's manifest names a driver for the product that another unit is, and the
    /// protocol it speaks.
    fn driver(&self, unit: usize, to: usize) -> Option<(Evidence, Option<String>)> {
        let project = self.units[unit].project?;
        let product = self.units[to].technology?;
        self.opening(unit, &product.id)?;
        self.world
            .facts_of(project)
            .find_map(|fact| match &fact.claim {
                Claim::Dependency(d) if is_runtime(d.scope) => {
                    let known = self.world.knowledge;
                    let server = known.server_of(&d.ecosystem, &d.name)?;
                    known
                        .serves(&product.id, &server.id)
                        .then(|| (fact.at.clone(), server.protocol.clone()))
                }
                _ => None,
            })
    }
}

/// Registries that stores keep in what they have to agree on: others mostly tell where something is.
const COORDINATORS: [&str; 2] = ["etcd", "zookeeper"];

/// A variable of which the name alone is known.
fn unknown(name: &str, at: &Evidence) -> Value {
    Value {
        key: name.to_owned(),
        value: String::new(),
        at: at.clone(),
        is_env: true,
        profile: None,
        shared: false,
        secret: true,
        example: false,
        commented: false,
    }
}

/// Whether a part comes to others by itself, or serves a broker alone: nobody calls it for waiting for it.
fn is_watcher(unit: &crate::resolve::units::Unit<'_>) -> bool {
    const PRODUCTS: [&str; 5] = [
        "grafana",
        "kibana",
        "node-exporter",
        "prometheus",
        "zookeeper",
    ];
    unit.technology
        .is_some_and(|t| PRODUCTS.contains(&t.id.as_str()))
}

/// What a part that is made in a cloud asks of another, with the place of each.
fn asked<'d>(made: &'d Deployable, link: &str) -> Vec<(&'d str, &'d Evidence)> {
    let all = made.attributes.iter().filter(|(key, _)| key == OPERATION);
    let own = |value: &'d str| value.strip_prefix(link)?.strip_prefix(' ');
    all.filter_map(|(_, value)| Some((own(&value.value)?, &value.at)))
        .collect()
}

/// Whether a folder is that of a runner of tests.
pub(super) fn is_for_tests(folder: &str) -> bool {
    let aside = crate::resolve::names::is_aside(&format!("{folder}/x"));
    let runner = |part: &str| matches!(part, "playwright" | "cypress" | "selenium" | "puppeteer");
    aside || folder.split('/').any(runner)
}

/// Whether a package configures and opens its client by being there.
fn is_starter(name: &str) -> bool {
    [
        "spring-boot-starter-",
        "spring-cloud-starter-",
        "spring-cloud-bus-",
        ":quarkus-",
    ]
    .iter()
    .any(|part| name.contains(part))
}

fn is_platform(role: Option<Role>) -> bool {
    matches!(
        role,
        Some(Role::Registry | Role::ConfigServer | Role::Monitoring | Role::Auth)
    )
}

pub(super) fn is_runtime(scope: groundplan_model::DependencyScope) -> bool {
    use groundplan_model::DependencyScope;
    matches!(scope, DependencyScope::Runtime | DependencyScope::Optional)
}
