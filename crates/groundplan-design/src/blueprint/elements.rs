//! C4 elements: people, the system, its containers and components, and what lies outside.

use super::neighbours::{Way, exchanges};
use super::{Maker, slug};
use crate::derive::load::VISIT;
use crate::facts::number;
use groundplan_knowledge::capability::ComponentKind;
use groundplan_model::{Attribute, Blueprint, Element, ElementKind, Provenance, Role, Statement};
use std::collections::BTreeMap;

/// Where the parts of the packs ended up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    /// Id of a pack's actor, external or component to the id of an element.
    pub(crate) ids: BTreeMap<String, String>,
    /// Component to the container that holds it.
    pub(crate) container: BTreeMap<String, String>,
    /// The containers that run code, the one people call first.
    pub(crate) services: Vec<String>,
    /// The container that works on queues and clocks, if there is one.
    pub(crate) worker: Option<String>,
    /// The container that takes a stream in, if there is one.
    pub(crate) ingest: Option<String>,
    /// The front end, if it is a container.
    pub(crate) web: Option<String>,
    /// Stores by role.
    pub(crate) database: String,
    pub(crate) cache: Option<String>,
    pub(crate) objects: Option<String>,
    pub(crate) queue: Option<String>,
    pub(crate) search: Option<String>,
    pub(crate) analytics: Option<String>,
    pub(crate) edge: String,
    pub(crate) identity: Option<String>,
    pub(crate) monitoring: String,
    /// People by id.
    pub(crate) people: Vec<String>,
    /// Partners by id.
    pub(crate) partners: Vec<String>,
    /// How each outside system is waited for, by its id.
    pub(super) ways: BTreeMap<String, Way>,
}

impl Parts {
    /// The element that stands for a part of a pack; the main service for unknown ones.
    pub(crate) fn id(&self, part: &str) -> String {
        let known = self.ids.get(part).cloned();
        known.unwrap_or_else(|| self.main())
    }

    /// The service that people call.
    pub(crate) fn main(&self) -> String {
        self.services.first().cloned().unwrap_or_default()
    }

    /// The container of an element: itself, or the one that holds it.
    pub(crate) fn container_of(&self, id: &str) -> String {
        self.container
            .get(id)
            .cloned()
            .unwrap_or_else(|| id.to_owned())
    }
}

struct Build<'m, 'a> {
    m: &'m Maker<'a>,
    all: Vec<Element>,
    parts: Parts,
}

/// Makes all elements.
pub(crate) fn elements(m: &Maker, blueprint: &mut Blueprint) -> Parts {
    let mut build = Build {
        m,
        all: Vec::new(),
        parts: Parts::default(),
    };
    build.system();
    build.people();
    build.services();
    build.stores();
    build.edge();
    build.components();
    build.outside();
    build.marks();
    blueprint.elements = build.all;
    build.parts
}

/// A word with a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(c) => c.to_uppercase().collect::<String>() + chars.as_str(),
        None => String::new(),
    }
}

/// `a, b and c`.
pub(crate) fn listed<S: std::borrow::Borrow<str>>(all: &[S]) -> String {
    match all {
        [before @ .., last] if !before.is_empty() => {
            format!("{} and {}", before.join(", "), last.borrow())
        }
        all => all.concat(),
    }
}

impl Build<'_, '_> {
    fn attribute(&self, key: &str, value: impl Into<String>, paths: &[&str]) -> Attribute {
        Attribute {
            key: key.to_owned(),
            value: self.m.tell(&value.into()),
            provenance: self.m.computed("sizing", paths),
        }
    }

    fn system(&mut self) {
        let place = self.m.brief.fields.get(&crate::brief::Field::Purpose);
        let evidence = place.and_then(|s| s.place.evidence.clone());
        let mut system = Element::new(
            &self.m.system,
            ElementKind::SoftwareSystem,
            &self.m.name,
            Provenance::declared(evidence.clone()),
        );
        system.description = Some(Statement {
            text: self.m.brief.written(crate::brief::Field::Purpose),
            provenance: Provenance::declared(evidence),
        });
        self.all.push(system);
    }

    fn people(&mut self) {
        for pack in self.m.packs.clone() {
            for actor in &pack.actors {
                let id = self.m.nouns.actor_id(&actor.id);
                let part = actor.id.clone();
                // A program in a role of its own is no person, but acts like one here.
                let noun = self.m.nouns.actor(&actor.id);
                let things = &groundplan_knowledge::design_tables().vocabulary.devices;
                let is_thing = noun
                    .split(' ')
                    .next_back()
                    .is_some_and(|w| things.iter().any(|t| t == w));
                let element_id = format!("{}.{id}", if is_thing { "device" } else { "person" });
                self.parts.ids.insert(part, element_id.clone());
                if self.all.iter().any(|e| e.id == element_id) {
                    continue;
                }
                let kind = if is_thing {
                    ElementKind::SoftwareSystem
                } else {
                    ElementKind::Person
                };
                let mut person = Element::new(
                    &element_id,
                    kind,
                    capital(&self.m.nouns.actor(&actor.id)),
                    self.m.reason(pack),
                );
                person.external = true;
                person.description = Some(Statement {
                    text: capital(&self.m.nouns.text(&actor.about)),
                    provenance: self.m.reason(pack),
                });
                if is_thing {
                    person.role = Some(Role::External);
                } else {
                    self.parts.people.push(element_id);
                }
                self.all.push(person);
            }
        }
    }

    fn container(
        &mut self,
        id: &str,
        name: &str,
        role: Role,
        technology: &[&str],
        about: &str,
        path: &str,
    ) -> &mut Element {
        let provenance = self.m.decided(path);
        let mut element = Element::new(id, ElementKind::Container, name, provenance.clone());
        element.role = Some(role);
        element.parent = Some(self.m.system.clone());
        element.technology = technology
            .iter()
            .map(|t| (*t).to_owned())
            .filter(|t| !t.is_empty())
            .collect();
        element.description = Some(self.m.say(about, provenance));
        self.all.push(element);
        let last = self.all.len() - 1;
        &mut self.all[last]
    }

    fn services(&mut self) {
        let m = self.m;
        let language = m.design.outcome.name("language").to_owned();
        let groups = super::services::groups(m);
        let total = groups.len().max(1);
        let instances = m.design.facts.number("compute.instances");
        let weights: Vec<f64> = groups
            .iter()
            .enumerate()
            .map(|(i, (_, packs))| weight(packs) + if i == 0 { VISIT } else { 0.0 })
            .collect();
        let copies = split(instances, &weights);
        let grows = m.design.facts.number("compute.instances_max") / instances.max(1.0);
        // Two copies of each part may be more machines than the load needs: then they are smaller.
        let all: f64 = copies.iter().sum();
        let vcpu = m.design.facts.number("compute.instance_vcpu");
        let weighed: f64 = weights.iter().sum();
        let vcpu_of = |i: usize, copies: f64| match (all > instances, weights.get(i)) {
            (true, Some(w)) => {
                let share = w / weighed.max(1e-9) * vcpu * instances / copies.max(1.0);
                ((share * 4.0).ceil() / 4.0).max(0.25)
            }
            _ => vcpu,
        };
        for (i, (name, packs)) in groups.iter().enumerate() {
            let id = slug(name);
            let about = match packs.as_slice() {
                [] => "answers requests".to_owned(),
                packs => packs
                    .iter()
                    .map(|p| m.nouns.text(&p.about))
                    .collect::<Vec<_>>()
                    .join("; "),
            };
            let n = copies.get(i).copied().unwrap_or(instances);
            let vcpu = vcpu_of(i, n);
            let attributes = vec![
                self.attribute(
                    "limit.cpu",
                    format!("{} vCPU", number(vcpu)),
                    &["compute.instance_vcpu", "compute.instances"],
                ),
                self.attribute(
                    "limit.memory",
                    format!("{} GB", number(2.0 * vcpu)),
                    &["compute.instance_vcpu", "compute.instances"],
                ),
                self.attribute("port", "8080", &[]),
                self.attribute("replicas", format!("{n}"), &["compute.instances"]),
                self.attribute(
                    "replicas.max",
                    match total {
                        1 => m.fact("compute.instances_max"),
                        _ => format!("{} instances", (n * grows).ceil()),
                    },
                    &["compute.instances_max"],
                ),
                self.attribute(
                    "state",
                    "stateless: sessions, files and records live in the stores",
                    &["primary_db"],
                ),
            ];
            let element = self.container(
                &id,
                name,
                Role::Service,
                &[&language],
                &capital(&about),
                "style",
            );
            element.attributes = attributes;
            self.parts.services.push(id.clone());
            for pack in packs {
                for component in &pack.components {
                    self.parts
                        .container
                        .insert(component.id.clone(), id.clone());
                }
            }
        }
        let stream = m.option("style") == "pipeline";
        if stream {
            let partitions = m.fact("stream.partitions");
            let attributes = vec![
                self.attribute(
                    "limit.cpu",
                    m.fact("compute.instance_vcpu"),
                    &["compute.instance_vcpu"],
                ),
                self.attribute("port", "8443", &[]),
                self.attribute(
                    "replicas",
                    m.fact("compute.instances"),
                    &["compute.instances"],
                ),
            ];
            let about = format!(
                "Takes {} in, checks sender and form, drops what came twice, and appends to the log of {partitions}",
                m.fact("load.peak_rps")
            );
            let element = self.container(
                "ingest",
                "ingest",
                Role::Gateway,
                &[&language],
                &about,
                "style",
            );
            element.attributes = attributes;
            self.parts.ingest = Some("ingest".to_owned());
        }
        if m.design.outcome.deployables > total as f64 || stream {
            let about = if stream {
                "Reads {things} from the log in order per key, computes aggregates and alarms, and writes them in batches"
            } else {
                "Sends what no {person} waits for, runs what a clock starts, and repeats what failed on {things}"
            };
            let attributes = vec![self.attribute(
                "replicas",
                if m.design.outcome.tier == 0 { "1" } else { "2" },
                &["region_tier"],
            )];
            let element =
                self.container("worker", "worker", Role::Job, &[&language], about, "queue");
            element.attributes = attributes;
            self.parts.worker = Some("worker".to_owned());
        }
        if matches!(m.option("front_end"), "spa" | "native") {
            let about =
                "What {persons} see; static files that call the interface of {name}".to_owned();
            self.container("web", "web", Role::Ui, &["TypeScript"], &about, "front_end");
            self.parts.web = Some("web".to_owned());
        }
    }

    fn stores(&mut self) {
        let m = self.m;
        let product = |path: &str, fallback: &str| -> String {
            let wish = m.brief.wish(path).filter(|_| {
                m.design
                    .outcome
                    .taken
                    .get(path)
                    .is_some_and(|t| t.preferred || t.mandated)
            });
            wish.map_or_else(|| fallback.to_owned(), |w| w.name.clone())
        };
        let db = match m.option("primary_db") {
            "postgres" => "PostgreSQL",
            "sqlite" => "SQLite",
            "mysql" => "MySQL",
            "kv" => "wide-column store",
            "timeseries" => "PostgreSQL",
            "document" => "document database",
            "sqlserver" => "SQL Server",
            "oracle" => "Oracle Database",
            _ => "PostgreSQL",
        };
        let db = product("primary_db", db);
        let attributes = vec![
            self.attribute("cpu", m.fact("db.vcpu"), &["db.vcpu"]),
            self.attribute("pool", m.fact("db.pool_total"), &["db.pool_total"]),
            self.attribute("replicas", m.fact("db.replicas"), &["db.replicas"]),
            self.attribute("shards", m.fact("db.shards"), &["db.shards"]),
            self.attribute("storage", m.fact("db.gb_year1"), &["db.gb_year1"]),
        ];
        let about = "Keeps the records: {db.transactions_s} and {db.read_queries_s} at peak, {db.gb_year1} after one year";
        let element = self.container(
            "database",
            "database",
            Role::Database,
            &[&db],
            about,
            "primary_db",
        );
        element.attributes = attributes;
        self.parts.database = "database".to_owned();
        if m.option("primary_db") == "timeseries" {
            let about = "Keeps readings in batches by time, compressed; partitions end with their retention";
            self.container(
                "readings",
                "readings",
                Role::Database,
                &["time-series store"],
                about,
                "primary_db",
            );
        }
        if m.design.outcome.data.cache {
            let about = "Answers {cache.hit_target} of the reads and holds counters and live state that instances share";
            let technology = product("cache", "Redis");
            self.container(
                "cache",
                "cache",
                Role::Cache,
                &[&technology],
                about,
                "cache",
            );
            self.parts.cache = Some("cache".to_owned());
        }
        if m.option("object_store") != "none" {
            let about = match m.design.outcome.data.only_rows {
                true => {
                    "Keeps files and large bodies, of which the brief names no size; clients send and fetch them by signed addresses"
                }
                false => {
                    "Keeps files and large bodies, {data.gb_year1} after one year; clients send and fetch them by signed addresses"
                }
            };
            self.container(
                "objects",
                "objects",
                Role::ObjectStorage,
                &["S3-compatible object store"],
                about,
                "object_store",
            );
            self.parts.objects = Some("objects".to_owned());
        }
        let queue = match m.option("queue") {
            "log" => Some((
                "log",
                "Kafka-class log",
                "Keeps {stream.partitions} of messages for {stream.retention_h}, in order per key",
            )),
            "managed" => Some((
                "queue",
                "managed queue",
                "Hands work on {things} to the worker and keeps what failed five times apart",
            )),
            "rabbit" => Some((
                "queue",
                "RabbitMQ-class broker",
                "Hands work on {things} to the worker and keeps what failed five times apart",
            )),
            _ => None,
        };
        if let Some((id, technology, about)) = queue {
            let technology = product("queue", technology);
            self.container(id, id, Role::Broker, &[&technology], about, "queue");
            self.parts.queue = Some(id.to_owned());
        }
        if m.option("search") == "engine" {
            let technology = product("search", "OpenSearch-class engine");
            self.container(
                "search-index",
                "search-index",
                Role::SearchIndex,
                &[&technology],
                "Answers searches with facets and typing errors; rebuilt from the records",
                "search",
            );
            self.parts.search = Some("search-index".to_owned());
        }
        if matches!(m.option("analytics_store"), "columnar" | "warehouse") {
            let technology = product("analytics_store", "ClickHouse-class columnar store");
            self.container(
                "analytics",
                "analytics",
                Role::Database,
                &[&technology],
                "Answers dashboards and reports over events, by tenant and day",
                "analytics_store",
            );
            self.parts.analytics = Some("analytics".to_owned());
        }
    }

    fn edge(&mut self) {
        let m = self.m;
        let name = m.design.outcome.name("edge").to_owned();
        let about =
            "Ends TLS, drops bad requests, limits rates per address and spreads {load.peak_rps}";
        let attributes = vec![self.attribute("port", "443", &[])];
        let element = self.container("edge", "edge", Role::Gateway, &[&name], about, "edge");
        element.attributes = attributes;
        self.parts.edge = "edge".to_owned();
        for element in &mut self.all {
            // Pages run where people open them, outside of every wall.
            if ["edge", "ingest", "web"].contains(&element.id.as_str()) {
                element.tags.push("exposed".to_owned());
            }
        }
        let name = m.design.outcome.name("observability").to_owned();
        self.container("observability", "observability", Role::Monitoring, &[&name], "Collects {telemetry.series} and {telemetry.log_gb_month} of logs a month and raises alerts", "observability");
        self.parts.monitoring = "observability".to_owned();
    }

    fn components(&mut self) {
        let m = self.m;
        for pack in &m.packs {
            for component in &pack.components {
                let home = match component.kind {
                    ComponentKind::Worker | ComponentKind::Job => self.parts.worker.clone(),
                    ComponentKind::Gateway => self.parts.ingest.clone(),
                    ComponentKind::Interface => self.parts.web.clone(),
                    _ => None,
                };
                let group = self.parts.container.get(&component.id).cloned();
                let parent = home.or(group).unwrap_or_else(|| self.parts.main());
                let mut element = Element::new(
                    &component.id,
                    ElementKind::Component,
                    &component.id,
                    m.reason(pack),
                );
                element.parent = Some(parent.clone());
                element.description = Some(Statement {
                    text: capital(&m.nouns.text(&component.about)),
                    provenance: m.reason(pack),
                });
                element.attributes = component
                    .does
                    .iter()
                    .map(|d| Attribute {
                        key: "responsibility".to_owned(),
                        value: m.nouns.text(d),
                        provenance: m.reason(pack),
                    })
                    .collect();
                element.tags = vec![
                    if pack.id == "admin" || pack.id == "accounts" {
                        "control plane"
                    } else {
                        "data plane"
                    }
                    .to_owned(),
                ];
                self.parts.container.insert(component.id.clone(), parent);
                self.parts
                    .ids
                    .insert(component.id.clone(), component.id.clone());
                self.all.push(element);
            }
        }
    }

    fn external(
        &mut self,
        id: &str,
        name: &str,
        about: &str,
        terms: &[(&str, &str)],
        way: Way,
        provenance: Provenance,
    ) {
        if self.all.iter().any(|e| e.id == id) {
            return;
        }
        let mut element = Element::new(id, ElementKind::SoftwareSystem, name, provenance.clone());
        element.external = true;
        element.role = Some(Role::External);
        element.description = Some(Statement {
            text: capital(&self.m.tell(about)),
            provenance: provenance.clone(),
        });
        let [mitigation, recovery, errors] = way.words();
        self.parts.ways.insert(id.to_owned(), way);
        let more = [
            ("mitigation", mitigation),
            ("recovery", recovery),
            ("errors", errors),
            (
                "terms",
                "the partner's limits for {things} are recorded by the first contract test; until then 10 requests/s",
            ),
        ];
        element.attributes = terms
            .iter()
            .chain(&more)
            .map(|(key, value)| Attribute {
                key: (*key).to_owned(),
                value: self.m.tell(value),
                provenance: provenance.clone(),
            })
            .collect();
        self.all.push(element);
    }

    /// Owner and recovery of each container.
    fn marks(&mut self) {
        let m = self.m;
        let engineers = m.design.inputs.engineers();
        let outage = m.fact("recovery.failover_min");
        let tier = m.design.outcome.tier;
        for i in 0..self.all.len() {
            let Some(element) = self.all.get(i) else {
                continue;
            };
            if element.kind != ElementKind::Container {
                continue;
            }
            let owner = if element.is_store()
                || element.role == Some(Role::Monitoring)
                || element.role == Some(Role::Broker)
            {
                "operations lead".to_owned()
            } else if engineers > 9.0 {
                format!("team of `{}`", element.id)
            } else {
                format!("the team of {}", m.fact("team.engineers"))
            };
            let recovery = match element.role {
                Some(Role::Database) => format!("{outage}, predicted"),
                Some(Role::Cache) => {
                    "1 min, predicted: it fills again from the database".to_owned()
                }
                Some(Role::ObjectStorage) => match m.design.inputs.on_premises {
                    true => "hours, predicted: from the backup of {things}".to_owned(),
                    false => "none of its own: the provider keeps three copies of all {things}"
                        .to_owned(),
                },
                _ if tier == 0 => "5 min, predicted: the machine starts it again".to_owned(),
                _ => "1 min, predicted: the platform starts another instance".to_owned(),
            };
            let copies = match element.attributes.iter().find(|a| a.key == "replicas") {
                Some(n) if n.value.trim() != "1" => format!(
                    "one of its {} copies may fail; unready ones get no requests of {{persons}}",
                    n.value.trim().trim_end_matches(" instances")
                ),
                _ => {
                    "one of {compute.instances} may fail; unready ones get no requests of {persons}"
                        .to_owned()
                }
            };
            let mitigation = match element.role {
                Some(Role::Database) if tier >= 2 && m.design.inputs.on_premises => {
                    "a replica on another machine is promoted; the log of {things} is shipped every few minutes"
                }
                Some(Role::Database) if tier >= 2 => {
                    "a replica in another zone is promoted; the log of {things} is shipped every few minutes"
                }
                Some(Role::Database) => {
                    "a backup of {things} each night and the log every few minutes; the restore is rehearsed"
                }
                Some(Role::Cache) => "two nodes; reads of one {thing} are joined while it fills",
                Some(Role::ObjectStorage) => "versions for 30 days; a nightly job finds orphans",
                Some(Role::Broker) if m.design.inputs.on_premises => {
                    "three copies on three machines; producers keep {things} that are not confirmed"
                }
                Some(Role::Gateway) if tier >= 2 && m.design.inputs.on_premises => {
                    "two machines behind one address, health checks every 10 s"
                }
                Some(Role::Broker) => {
                    "three copies in three zones; producers keep {things} that are not confirmed"
                }
                Some(Role::Gateway) if tier >= 2 => {
                    "instances in three zones behind one name, health checks every 10 s"
                }
                Some(Role::Job) => {
                    "{things} that it did not finish are taken up by the next one, since each step may be repeated"
                }
                Some(Role::Ui) => {
                    "static files from several places; {persons} keep the last version"
                }
                Some(Role::Monitoring) => "a dead-man alert from outside",
                _ if tier >= 2 => copies.as_str(),
                _ if tier == 1 => "one instance more than needed",
                _ => "the machine starts it again",
            };
            let mut more = vec![
                self.attribute("mitigation", mitigation, &["region_tier"]),
                self.attribute("owner", owner, &["team.engineers"]),
                self.attribute(
                    "recovery",
                    recovery,
                    &["recovery.failover_min", "region_tier"],
                ),
            ];
            if let Some(element) = self.all.get_mut(i) {
                element.attributes.append(&mut more);
                element
                    .attributes
                    .sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
            }
        }
    }

    /// Who signs people in where this system does not: id and name.
    fn sign_in(&self) -> Option<(String, String)> {
        let m = self.m;
        let usual = match m.option("authn") {
            "corporate" => ("directory", "corporate directory"),
            "idp" | "device" if m.design.inputs.people => {
                ("identity-provider", "identity provider")
            }
            _ => return None,
        };
        // A directory that the brief names is the provider; there is no second one.
        let named = m
            .brief
            .partners
            .iter()
            .find(|p| p.what.contains("directory") || p.what.contains("identity"));
        Some(named.map_or_else(
            || (usual.0.to_owned(), usual.1.to_owned()),
            |p| (slug(&p.name), p.name.clone()),
        ))
    }

    fn outside(&mut self) {
        let m = self.m;
        let mut placed: Vec<&str> = Vec::new();
        let sign_in = self.sign_in();
        for pack in &m.packs {
            for external in &pack.externals {
                // Where a directory signs people in, there is no provider beside it.
                if external.id == "identity-provider"
                    && let Some((id, _)) = &sign_in
                {
                    self.parts.ids.insert(external.id.clone(), id.clone());
                    continue;
                }
                // A partner that the brief names stands for the pack's nameless system.
                let partner = m.brief.partners.iter().find(|p| {
                    let name = p.name.to_lowercase();
                    external
                        .products
                        .iter()
                        .any(|product| name.contains(product.as_str()))
                        || external.id == "partner-system" && exchanges(&p.what)
                });
                // Where the brief names systems, a nameless one beside them is nobody's.
                let only = m.brief.partners.first().filter(|_| {
                    external.id == "partner-system"
                        && !m.brief.partners.iter().any(|p| exchanges(&p.what))
                });
                let partner = partner.or(only);
                let (id, name) = match partner {
                    Some(p) => (slug(&p.name), p.name.clone()),
                    None => (external.id.clone(), external.id.replace('-', " ")),
                };
                placed.extend(partner.map(|p| p.name.as_str()));
                let protocol = partner.map_or("REST over HTTPS", |p| p.protocol.as_str());
                let auth = partner.map_or("API key, signed notices", |p| p.auth.as_str());
                let terms = [("auth", auth), ("protocol", protocol)];
                let about = m.nouns.text(&external.about);
                let reason = match partner.and_then(|p| p.place.evidence.clone()) {
                    Some(evidence) => Provenance::declared([evidence]),
                    None => m.reason(pack),
                };
                let way = Way::of(pack, &external.id);
                self.external(&id, &name, &about, &terms, way, reason);
                self.parts.ids.insert(external.id.clone(), id);
            }
        }
        let rest: Vec<_> = m
            .brief
            .partners
            .iter()
            .filter(|p| !placed.contains(&p.name.as_str()))
            .collect();
        for partner in rest {
            let id = slug(&partner.name);
            let terms = [
                ("auth", partner.auth.as_str()),
                ("protocol", partner.protocol.as_str()),
            ];
            let about = match partner.what.as_str() {
                crate::brief::SOURCE => "keeps records of others, which {name} reads".to_owned(),
                what => format!("{what} that the brief asks to integrate with"),
            };
            let place = partner.place.evidence.clone();
            let way = Way::of_partner(m.brief, partner);
            self.external(
                &id,
                &partner.name,
                &about,
                &terms,
                way,
                Provenance::declared(place),
            );
        }
        self.parts.partners = m.brief.partners.iter().map(|p| slug(&p.name)).collect();
        match m.option("authn") {
            "corporate" => {
                let (id, name) = sign_in.unwrap_or_default();
                let reason = m.decided("authn");
                self.external(
                    &id,
                    &name,
                    "signs {persons} in with their account of the organisation",
                    &[("auth", "OIDC, SAML or LDAPS"), ("protocol", "OIDC")],
                    Way::SignIn,
                    reason,
                );
                self.parts.identity = Some(id);
            }
            "idp" | "device" if m.design.inputs.people => {
                let reason = m.decided("authn");
                let (id, name) = sign_in.unwrap_or_default();
                self.external(
                    &id,
                    &name,
                    "signs {persons} in with passkey or second factor and recovers accounts",
                    &[
                        ("auth", "client credentials"),
                        ("protocol", "OIDC over HTTPS"),
                    ],
                    Way::SignIn,
                    reason,
                );
                self.parts.identity = Some(id);
            }
            _ => {}
        }
    }
}

/// How much of the load the capabilities of a service make: their requests times their CPU.
fn weight(packs: &[&groundplan_knowledge::Capability]) -> f64 {
    let one = |p: &&groundplan_knowledge::Capability| p.requests.value.max(0.5) * p.cpu.value;
    packs.iter().map(one).sum()
}

/// Copies of each service: by weight, at least two where there are two at all, and at least as many as
/// the load needs in all.
fn split(instances: f64, weights: &[f64]) -> Vec<f64> {
    if weights.len() < 2 {
        return vec![instances; weights.len()];
    }
    let all: f64 = weights.iter().sum();
    let least = instances.min(2.0);
    let mut copies: Vec<f64> = weights
        .iter()
        .map(|w| (instances * w / all.max(1e-9)).floor().max(least))
        .collect();
    // What rounding left over goes to the heaviest.
    let heaviest = weights
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))
        .map_or(0, |(i, _)| i);
    let rest = instances - copies.iter().sum::<f64>();
    if let Some(first) = copies.get_mut(heaviest).filter(|_| rest > 0.0) {
        *first += rest;
    }
    copies
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn copies_make_up_what_the_load_needs() {
        assert_eq!(split(30.0, &[20.0]), [30.0]);
        assert_eq!(split(30.0, &[20.0, 10.0]), [20.0, 10.0]);
        assert_eq!(split(31.0, &[10.0, 20.0, 1.0]), [10.0, 20.0, 2.0]);
        assert_eq!(split(2.0, &[10.0, 20.0, 1.0]), [2.0, 2.0, 2.0]);
        assert_eq!(split(1.0, &[10.0, 20.0]), [1.0, 1.0]);
    }
}
