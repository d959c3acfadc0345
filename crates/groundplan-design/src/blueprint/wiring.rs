//! Relationships: what the flows need, and what the platform adds.

use super::Maker;
use super::elements::Parts;
use groundplan_model::{Blueprint, Confidence, Mode, Provenance, Relationship, RelationshipKind};
use std::collections::BTreeMap;

struct Wire<'m, 'a> {
    m: &'m Maker<'a>,
    all: BTreeMap<(String, String, RelationshipKind), Relationship>,
}

impl Wire<'_, '_> {
    #[allow(clippy::too_many_arguments, reason = "an edge has so many properties")]
    fn add(
        &mut self,
        from: &str,
        to: &str,
        kind: RelationshipKind,
        mode: Mode,
        description: &str,
        protocol: &str,
        provenance: Provenance,
    ) {
        if from == to || from.is_empty() || to.is_empty() {
            return;
        }
        let word = serde_word(kind);
        let key = (from.to_owned(), to.to_owned(), kind);
        self.all.entry(key).or_insert_with(|| Relationship {
            id: format!("{from}->{to}:{word}"),
            from: from.to_owned(),
            to: to.to_owned(),
            kind,
            description: self.m.tell(description),
            technology: None,
            protocol: Some(protocol.to_owned()).filter(|p| !p.is_empty()),
            mode,
            operations: Vec::new(),
            places: Vec::new(),
            acknowledged: false,
            failures: Vec::new(),
            limits: Vec::new(),
            data_direction: Some(
                if kind == RelationshipKind::Reads {
                    "in"
                } else {
                    "out"
                }
                .to_owned(),
            ),
            confidence: Confidence::High,
            provenance,
        });
    }
}

fn serde_word(kind: RelationshipKind) -> &'static str {
    match kind {
        RelationshipKind::Calls => "calls",
        RelationshipKind::Reads => "reads",
        RelationshipKind::Writes => "writes",
        RelationshipKind::Publishes => "publishes",
        RelationshipKind::Subscribes => "subscribes",
        RelationshipKind::Routes => "routes",
        RelationshipKind::Observes => "observes",
        RelationshipKind::Configures => "configures",
        RelationshipKind::StartsAfter => "starts_after",
    }
}

/// All relationships.
pub(crate) fn relationships(m: &Maker, parts: &Parts, blueprint: &mut Blueprint) {
    let mut wire = Wire {
        m,
        all: BTreeMap::new(),
    };
    platform(m, parts, &mut wire);
    of_flows(m, parts, blueprint, &mut wire);
    blueprint.relationships = wire.all.into_values().collect();
}

fn platform(m: &Maker, parts: &Parts, wire: &mut Wire) {
    use Mode::{Async, Sync};
    use RelationshipKind::{Calls, Observes, Publishes, Reads, Routes, Subscribes, Writes};
    let by = |path: &str| m.decided(path);
    let db = crate::brief::store_protocol(m.option("primary_db")).unwrap_or("PostgreSQL over TLS");
    for service in &parts.services {
        wire.add(
            &parts.edge,
            service,
            Routes,
            Sync,
            "routes requests",
            "HTTP",
            by("edge"),
        );
        wire.add(
            service,
            &parts.database,
            Writes,
            Sync,
            "reads and writes records, at most {db.pool_per_instance} an instance",
            db,
            by("primary_db"),
        );
        if let Some(cache) = &parts.cache {
            wire.add(
                service,
                cache,
                Reads,
                Sync,
                "looks up hot {things} and shared state",
                "RESP over TLS",
                by("cache"),
            );
        }
        if let Some(objects) = &parts.objects {
            wire.add(
                service,
                objects,
                Writes,
                Sync,
                "signs addresses of {things} and checks what was uploaded",
                "HTTPS",
                by("object_store"),
            );
        }
        if let Some(queue) = &parts.queue {
            wire.add(
                service,
                queue,
                Publishes,
                Async,
                "hands on work and events",
                "TLS",
                by("queue"),
            );
        }
        if let Some(search) = &parts.search {
            wire.add(
                service,
                search,
                Reads,
                Sync,
                "searches",
                "HTTPS",
                by("search"),
            );
        }
        if let Some(analytics) = &parts.analytics {
            wire.add(
                service,
                analytics,
                Reads,
                Sync,
                "reads reports",
                "HTTPS",
                by("analytics_store"),
            );
        }
        if let Some(identity) = &parts.identity {
            wire.add(
                service,
                identity,
                Calls,
                Sync,
                "signs {persons} in",
                "OIDC over HTTPS",
                by("authn"),
            );
        }
        wire.add(
            &parts.monitoring,
            service,
            Observes,
            Async,
            "collects metrics, logs and traces",
            "OTLP",
            by("observability"),
        );
    }
    if let Some(web) = &parts.web {
        wire.add(
            web,
            &parts.edge,
            Calls,
            Sync,
            "calls the interface",
            "HTTPS",
            by("front_end"),
        );
    }
    if let Some(ingest) = &parts.ingest {
        wire.add(
            &parts.edge,
            ingest,
            Routes,
            Sync,
            "routes messages",
            "HTTPS or MQTT over TLS",
            by("edge"),
        );
        if let Some(queue) = &parts.queue {
            wire.add(
                ingest,
                queue,
                Publishes,
                Async,
                "appends {load.peak_rps} at peak",
                "TLS",
                by("queue"),
            );
        }
        wire.add(
            &parts.monitoring,
            ingest,
            Observes,
            Async,
            "collects metrics, logs and traces",
            "OTLP",
            by("observability"),
        );
    }
    if let Some(worker) = &parts.worker {
        match &parts.queue {
            Some(queue) => wire.add(
                worker,
                queue,
                Subscribes,
                Async,
                "takes work on {things}, in order per key",
                "TLS",
                by("queue"),
            ),
            None => wire.add(
                worker,
                &parts.database,
                Subscribes,
                Async,
                &super::dialect::claim(m),
                db,
                by("queue"),
            ),
        }
        wire.add(
            worker,
            &parts.database,
            Writes,
            Sync,
            "writes results",
            db,
            by("primary_db"),
        );
        if m.option("primary_db") == "timeseries" {
            wire.add(
                worker,
                "readings",
                Writes,
                Sync,
                "writes readings in batches",
                db,
                by("primary_db"),
            );
            wire.add(
                &parts.main(),
                "readings",
                Reads,
                Sync,
                "reads windows of readings",
                db,
                by("primary_db"),
            );
        }
        for (store, path, text) in [
            (
                &parts.objects,
                "object_store",
                "writes and reads large bodies",
            ),
            (&parts.search, "search", "feeds the index from the outbox"),
            (
                &parts.analytics,
                "analytics_store",
                "writes events in batches",
            ),
            (&parts.cache, "cache", "drops what changed"),
        ] {
            if let Some(store) = store {
                wire.add(worker, store, Writes, Sync, text, "TLS", by(path));
            }
        }
        wire.add(
            &parts.monitoring,
            worker,
            Observes,
            Async,
            "collects metrics, logs and traces",
            "OTLP",
            by("observability"),
        );
    }
    if let (None, Some(queue)) = (&parts.worker, &parts.queue) {
        wire.add(
            &parts.main(),
            queue,
            Subscribes,
            Async,
            "takes work and events in a thread of its own",
            "TLS",
            by("queue"),
        );
    }
    for (partner, said) in parts.partners.iter().zip(&m.brief.partners) {
        if super::neighbours::asked(m.brief, &said.name) && parts.identity.as_ref() != Some(partner)
        {
            // Who asks waits for the answer, so no queue stands between.
            wire.add(
                &parts.main(),
                partner,
                Calls,
                Sync,
                "asks while somebody waits, with time-out and circuit breaker",
                said.protocol.split(';').next().unwrap_or_default(),
                m.decided("queue"),
            );
            continue;
        }
        if parts.identity.as_ref() == Some(partner) {
            continue;
        }
        let from = parts.worker.clone().unwrap_or_else(|| parts.main());
        let (kind, what) = match said.what == crate::brief::SOURCE {
            true => (
                Reads,
                "reads what changed through an adapter with time-out, retry and circuit breaker",
            ),
            false => (
                Calls,
                "exchanges {things} through an adapter with time-out, retry and circuit breaker",
            ),
        };
        // What is still to be agreed stands with the system, not on the line.
        let protocol = said.protocol.split(';').next().unwrap_or_default();
        wire.add(&from, partner, kind, Async, what, protocol, by("queue"));
    }
}

/// What the steps of flows need, between components and lifted to their containers.
fn of_flows(m: &Maker, parts: &Parts, blueprint: &Blueprint, wire: &mut Wire) {
    let external = |id: &str| blueprint.element(id).is_some_and(|e| e.external);
    let entry = parts.web.clone().unwrap_or_else(|| parts.edge.clone());
    for flow in &blueprint.flows {
        for step in &flow.steps {
            let asynchronous = step.kind == groundplan_model::StepKind::Publish;
            let mode = if asynchronous {
                Mode::Async
            } else {
                Mode::Sync
            };
            let kind = if asynchronous {
                RelationshipKind::Publishes
            } else {
                RelationshipKind::Calls
            };
            let kind = if external(&step.from) || external(&step.to) {
                RelationshipKind::Calls
            } else {
                kind
            };
            let (from, to) = (step.from.as_str(), step.to.as_str());
            let people = |id: &str| id.starts_with("person.");
            let reason = step.provenance.clone();
            match (people(from), people(to)) {
                (true, true) | (false, true) => {}
                (true, false) => {
                    let target = if external(to) {
                        to.to_owned()
                    } else {
                        entry.clone()
                    };
                    wire.add(
                        from,
                        &target,
                        RelationshipKind::Calls,
                        Mode::Sync,
                        &step.action,
                        "HTTPS",
                        reason,
                    );
                }
                (false, false) => {
                    let (a, b) = (parts.container_of(from), parts.container_of(to));
                    // What pages do reaches the services through the edge, which is wired already.
                    if Some(&a) == parts.web.as_ref() || Some(&b) == parts.web.as_ref() {
                        continue;
                    }
                    // Inside one container: a call in process.
                    if a == b {
                        wire.add(
                            from,
                            to,
                            RelationshipKind::Calls,
                            mode,
                            &step.action,
                            "in process",
                            reason.clone(),
                        );
                    } else if external(&a) {
                        wire.add(
                            &a,
                            &parts.edge,
                            RelationshipKind::Calls,
                            mode,
                            &step.action,
                            "HTTPS",
                            reason.clone(),
                        );
                    } else if external(&b) {
                        let protocol = blueprint
                            .element(&b)
                            .and_then(|e| e.attribute("protocol"))
                            .map_or("HTTPS", |p| p.value.as_str());
                        wire.add(&a, &b, kind, mode, &step.action, protocol, reason.clone());
                    } else if m.option("style") == "monolith" && Some(&a) == parts.worker.as_ref() {
                        // The worker runs the same modules in its own process.
                    } else if b != parts.edge
                        && blueprint.element(&b).is_some_and(|e| !e.is_store())
                        && a != b
                    {
                        let handed = Some(&b) == parts.worker.as_ref() || asynchronous;
                        if handed && parts.queue.is_some() {
                            continue;
                        }
                        wire.add(
                            &a,
                            &b,
                            if handed {
                                RelationshipKind::Publishes
                            } else {
                                RelationshipKind::Calls
                            },
                            if handed { Mode::Async } else { mode },
                            &step.action,
                            if handed { "outbox" } else { "HTTP" },
                            reason.clone(),
                        );
                    }
                }
            }
        }
    }
    lonely(parts, blueprint, wire);
}

/// People and systems outside that no step of a flow names are used all the same.
fn lonely(parts: &Parts, blueprint: &Blueprint, wire: &mut Wire) {
    let entry = parts.web.clone().unwrap_or_else(|| parts.edge.clone());
    let from = parts.worker.clone().unwrap_or_else(|| parts.main());
    for element in blueprint.elements.iter().filter(|e| e.external) {
        let named = wire
            .all
            .keys()
            .any(|(a, b, _)| *a == element.id || *b == element.id);
        if named {
            continue;
        }
        let reason = element.provenance.clone();
        if element.id.starts_with("person.") {
            wire.add(
                &element.id,
                &entry,
                RelationshipKind::Calls,
                Mode::Sync,
                "uses",
                "HTTPS",
                reason,
            );
        } else {
            let protocol = element
                .attribute("protocol")
                .map_or("HTTPS", |p| p.value.as_str());
            wire.add(
                &from,
                &element.id,
                RelationshipKind::Calls,
                Mode::Async,
                "calls through an adapter",
                protocol,
                reason,
            );
        }
    }
}
