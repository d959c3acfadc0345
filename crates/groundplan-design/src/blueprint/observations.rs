//! What the capabilities bring that is no element of its own: metrics, alerts, events, tests,
//! runbooks, caches, limits.

use super::Maker;
use super::elements::Parts;
use crate::facts::number;
use groundplan_model::{Blueprint, Observation, Provenance, Topic};

struct Notes<'m, 'a> {
    m: &'m Maker<'a>,
    all: Vec<Observation>,
}

impl Notes<'_, '_> {
    fn add(
        &mut self,
        topic: Topic,
        element: &str,
        name: &str,
        detail: &str,
        provenance: Provenance,
    ) {
        let detail = self.m.tell(detail);
        self.all.push(Observation {
            topic,
            element: Some(element.to_owned()).filter(|e| !e.is_empty()),
            name: self.m.tell(name),
            detail: Some(detail).filter(|d| !d.is_empty()),
            provenance,
        });
    }
}

/// All observations.
pub(crate) fn observations(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    let mut notes = Notes { m, all: Vec::new() };
    for pack in &m.packs {
        let reason = m.reason(pack);
        let home = pack
            .components
            .first()
            .map_or_else(|| parts.main(), |c| parts.container_of(&c.id));
        for metric in &pack.metrics {
            let labels = if metric.labels.is_empty() {
                String::new()
            } else {
                format!(" by {}", metric.labels.join(", "))
            };
            notes.add(
                Topic::Metric,
                &home,
                &metric.name,
                &format!("{}{labels}: {}", metric.kind, m.nouns.text(&metric.meaning)),
                reason.clone(),
            );
            if let Some(alert) = &metric.alert {
                notes.add(Topic::AlertRule, &home, &metric.name, alert, reason.clone());
            }
        }
        for event in &pack.events {
            let payload: Vec<String> = event
                .payload
                .iter()
                .map(|f| m.nouns.identifier(&f.name))
                .collect();
            notes.add(
                Topic::Event,
                &parts.container_of(&event.producer),
                &event.name,
                &format!(
                    "from {} to {}; carries {}",
                    event.producer,
                    event.consumers.join(", "),
                    payload.join(", ")
                ),
                reason.clone(),
            );
        }
        for test in &pack.tests {
            notes.add(
                Topic::Test,
                &home,
                &test.id,
                &format!("{}: {}", test.level, m.nouns.text(&test.shows)),
                reason.clone(),
            );
        }
        for run in &pack.runbooks {
            notes.add(
                Topic::Runbook,
                &home,
                &run.id,
                &format!(
                    "{}; {}",
                    m.nouns.text(&run.symptom),
                    m.nouns.text(&run.actions.join("; "))
                ),
                reason.clone(),
            );
        }
        for cache in &pack.caches {
            if parts.cache.is_some() {
                notes.add(
                    Topic::CacheUse,
                    &home,
                    &m.nouns.text(&cache.what),
                    &format!("{}; ends with: {}", cache.ttl, cache.invalidation),
                    reason.clone(),
                );
            }
        }
    }
    platform(m, parts, &mut notes);
    b.observations = notes.all;
}

fn platform(m: &Maker, parts: &Parts, notes: &mut Notes) {
    let main = parts.main();
    let of = |path: &str| m.computed("value of the design", &[path]);
    for (name, detail) in [
        (
            "http_requests_total",
            "counter by operation and status: rate and errors of each operation",
        ),
        (
            "http_request_duration_seconds",
            "histogram by operation: answer time",
        ),
        (
            "process_cpu_seconds_total",
            "counter by instance: utilisation",
        ),
        ("db_pool_in_use", "gauge by instance: connections in use"),
    ] {
        notes.add(Topic::Metric, &main, name, detail, of("observability"));
    }
    notes.add(
        Topic::AlertRule,
        &main,
        "ErrorBudgetFastBurn",
        "page: more than {slo.burn_fast_pct} of requests fail over 1 h and over 5 min",
        of("slo.burn_fast_pct"),
    );
    notes.add(
        Topic::AlertRule,
        &main,
        "ErrorBudgetSlowBurn",
        "page: more than {slo.burn_slow_pct} of requests fail over 6 h and over 30 min",
        of("slo.burn_slow_pct"),
    );
    notes.add(
        Topic::AlertRule,
        &main,
        "ErrorBudgetTicket",
        "ticket: more than {slo.burn_ticket_pct} of requests fail over 3 d and over 6 h",
        of("slo.burn_ticket_pct"),
    );
    notes.add(
        Topic::AlertRule,
        &main,
        "LatencyP99",
        "page: P99 above {latency.p99_target_ms} for 10 min",
        of("latency.p99_target_ms"),
    );
    notes.add(
        Topic::AlertRule,
        &parts.database,
        "DatabaseUtilisation",
        "ticket: CPU above 50 % for 30 min, or disk full within 14 days by its trend",
        of("db.vcpu"),
    );
    notes.add(
        Topic::AlertRule,
        &parts.monitoring,
        "DeadMan",
        "page from outside when no heartbeat came for 5 min",
        of("observability"),
    );
    notes.add(
        Topic::HealthCheck,
        &main,
        "/healthz",
        "the process runs",
        of("platform"),
    );
    notes.add(
        Topic::HealthCheck,
        &main,
        "/readyz",
        "database and queue answer within 1 s; an instance that does not gets no requests",
        of("platform"),
    );
    notes.add(Topic::Timeout, &main, "time-outs", "the caller's budget of {latency.p99_target_ms} is handed down; a call to a partner ends after 8 s", of("latency.p99_target_ms"));
    notes.add(Topic::Retry, &main, "retries", "two at most, with full jitter, for calls that may be repeated; together at most 10 % more load", of("load.peak_rps"));
    notes.add(
        Topic::CircuitBreaker,
        &main,
        "circuit breakers",
        "one per partner; opens after half of 20 calls failed, tries again after 30 s",
        of("integrations.count"),
    );
    notes.add(Topic::RateLimit, &parts.edge, "per person", "{limits.user_rps}, bursts of {limits.user_burst}; writes {limits.write_rps}; beyond that 429 with Retry-After", of("limits.user_rps"));
    notes.add(Topic::LoadTest, &main, "ramp, soak, spike", "to {test.load_ramp_rps} in 10 min, 60 min at that load, 5 min at {test.load_spike_rps}, one instance ended at peak", of("test.load_ramp_rps"));
    for person in &parts.people {
        let name = person.trim_start_matches("person.");
        notes.add(Topic::Role, &main, name, "", m.decided("authz"));
    }
    notes.add(
        Topic::Backup,
        &parts.database,
        "database backup",
        &format!(
            "a full copy each night and {}, {{recovery.backup_gb}} {}",
            super::backup_log(m),
            super::backup_place(m)
        ),
        of("recovery.rpo_min"),
    );
    let (what, ttl) = if m.design.inputs.people {
        (
            "static files that {persons} load, named by their hash",
            "1 year; ends with: a new name",
        )
    } else {
        (
            "answers that carry an ETag",
            "0 s; ends with: each new version of the record",
        )
    };
    notes.add(Topic::CacheUse, &parts.edge, what, ttl, m.decided("edge"));
    if parts.queue.is_some() || m.option("queue") == "outbox" {
        notes.add(
            Topic::ErrorHandling,
            &main,
            "dead letters",
            "what failed five times stands apart with its cause and is replayed by hand",
            m.decided("queue"),
        );
    }
    if m.design.outcome.team.engineers > 2.0 {
        for pack in m.packs.iter().filter(|p| p.always_if.is_none()) {
            notes.add(
                Topic::FeatureFlag,
                &main,
                &format!("{}.enabled", pack.id),
                &format!(
                    "switches {} by phase; owner tech lead, removed two releases after launch",
                    pack.name.to_lowercase()
                ),
                m.decided("flags"),
            );
        }
    }
    limitations(m, notes);
}

fn limitations(m: &Maker, notes: &mut Notes) {
    let main = m.system.clone();
    let of = |path: &str| m.computed("flip points and findings of the design", &[path]);
    for finding in m.design.findings.iter().filter(|f| f.is_conflict()) {
        let way = finding.options.first().cloned().unwrap_or_default();
        notes.add(
            Topic::Limitation,
            &main,
            &finding.message,
            &way,
            of("findings"),
        );
    }
    let mut growth: Vec<(f64, String)> = Vec::new();
    for (path, flips) in &m.design.flips {
        for flip in flips
            .iter()
            .filter(|f| f.driver == crate::decide::Driver::PeakLoad && f.at > f.now)
        {
            growth.push((
                flip.at,
                format!(
                    "{} holds up to about {} requests/s; then {}",
                    path.replace('_', " "),
                    number(flip.at),
                    flip.to
                ),
            ));
        }
    }
    growth.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, text) in growth.into_iter().take(4) {
        notes.add(
            Topic::Limitation,
            &main,
            &text,
            "revisit at half of that load",
            of("load.peak_rps"),
        );
    }
    notes.add(Topic::Limitation, &main, "CPU per request ({compute.cpu_ms}), statements per read and sizes of records are estimates", "measure them in the first load test and put them into the brief", of("compute.cpu_ms"));
    notes.add(
        Topic::Limitation,
        &main,
        "one failed full restore takes {data.restore_h}",
        "restore by partition, newest first",
        of("data.restore_h"),
    );
    notes.add(
        Topic::Todo,
        &main,
        "sizes for {load.peak_rps} rest on estimates until the first load test",
        "{compute.instances} may be off by a factor of two | high | two days in phase 1",
        of("compute.instances"),
    );
    if m.option("queue") == "outbox" {
        notes.add(
            Topic::Todo,
            &main,
            "workers poll the outbox",
            "up to a second of delay; replaced by a queue above 500 requests/s | low | two weeks",
            of("queue"),
        );
    }
}
