//! Sentences under the keys that questions of the documents name: each is the answer that the
//! design gives where code or people would give it for a system that exists.

use super::Maker;
use super::delivery::region;
use super::elements::{Parts, capital};
use super::neighbours::Way;
use super::quality::applying;
use crate::facts::number;
use groundplan_model::{Blueprint, Provenance, Statement};

struct Say<'m, 'a> {
    m: &'m Maker<'a>,
    b: &'m mut Blueprint,
}

impl Say<'_, '_> {
    fn say(&mut self, key: &str, template: &str, provenance: Provenance) {
        let statement = self.m.say(template, provenance);
        self.b.system.answers.insert(key.to_owned(), statement);
    }

    fn of(&mut self, key: &str, template: &str, inputs: &[&str]) {
        let provenance = self.m.computed("facts of the design", inputs);
        self.say(key, template, provenance);
    }

    fn by(&mut self, key: &str, path: &str, template: &str) {
        let provenance = self.m.decided(path);
        self.say(key, template, provenance);
    }
}

/// Fills the answers.
pub(crate) fn answers(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    let mut s = Say { m, b };
    scope(m, &mut s);
    absences(m, &mut s);
    data(m, &mut s);
    security(m, &mut s);
    running(m, &mut s);
    operations(m, parts, &mut s);
    delivery(m, &mut s);
    conflicts(m, s.b);
}

fn scope(m: &Maker, s: &mut Say) {
    s.of("scale", "{load.peak_rps} at peak and {load.avg_rps} on average; {data.gb_year1} after one year, {data.gb_year3} after three", &["load.peak_rps", "load.avg_rps", "data.gb_year3"]);
    // What was measured stands in the table of service levels.
    let measured = match m.brief.measured.contains_key("availability") {
        true => "predicted",
        false => "predicted, not measured",
    };
    s.of("slos", &format!("{{slo.availability_target}} of requests answered ({{slo.availability_predicted}} {measured}); P50 {{latency.p50_target_ms}}, P99 {{latency.p99_target_ms}} at peak ({{latency.write_p99_predicted_ms}} predicted for writes)"), &["slo.availability_target", "latency.p99_target_ms"]);
    let further = further(m);
    s.of(
        "targets.throughput",
        &format!("{{load.peak_rps}} at launch, {{test.load_spike_rps}} {further}"),
        &["load.peak_rps"],
    );
    s.of("targets.latency", "P50 {latency.p50_target_ms}, P95 {latency.p95_target_ms}, P99 {latency.p99_target_ms} at peak", &["latency.p99_target_ms"]);
    s.of(
        "targets.database_query_time",
        "P99 of a statement within 20 ms, by an index for each filter",
        &["db.read_queries_s"],
    );
    s.of(
        "targets.coverage",
        "80 % of the lines of domain modules, every acceptance criterion by a test",
        &["deployables"],
    );
    if m.design.outcome.data.cache {
        s.by(
            "targets.cache_hit_rate",
            "cache",
            "{cache.hit_target} of reads",
        );
    } else {
        s.by(
            "targets.cache_hit_rate",
            "cache",
            "No cache: {db.read_queries_s} are below the 2,000 queries/s from which one pays",
        );
    }
    let licensed = m.design.facts.get("cost.item.database_licences").map(|_| {
        let product = m.design.outcome.name("primary_db");
        format!(", {{cost.item.database_licences}} of them at list price for licences of {product}")
    });
    s.of(
        "constraints.budget",
        &format!(
            "Hosting {}{}",
            super::costs(m),
            licensed.unwrap_or_default()
        ),
        &["cost.low", "cost.high"],
    );
    s.of("operations.cost_controls", &format!("A tag per deployable{}, alerts at 50, 80 and 100 % of {{cost.high}}, and instances at most {{compute.instances_max}}", if m.has("multitenant") { " and tenant" } else { "" }), &["cost.high", "compute.instances_max"]);
    let licences = m.design.facts.get("cost.item.database_licences").map(|_| {
        format!(
            "licences of {}, {{cost.item.database_licences}}, grow with the vCPU of each database node",
            m.design.outcome.name("primary_db")
        )
    });
    let driven = m.packs.iter().flat_map(|p| p.costs.iter()).take(3);
    let driven = driven.map(|c| format!("{} grows with {}", c.driver, c.grows_with));
    let cost: Vec<String> = licences.into_iter().chain(driven).collect();
    if !cost.is_empty() {
        s.of(
            "operations.cost_drivers",
            &capital(&cost.join("; ")),
            &["capabilities"],
        );
    }
    let fits = m.design.outcome.team.ratio;
    s.of("constraints.timeline", &format!("{{schedule.weeks}} until launch; the scope takes {{schedule.effort_ew}} of {{schedule.available_ew}}{}", if fits <= 1.1 { "" } else if m.design.outcome.team.must_ratio > 1.1 { "; even the must requirements alone exceed the time, so a minimal launch (MVP) has to drop whole capabilities or wait" } else { ", so the launch is cut to the must requirements" }), &["schedule.ratio"]);
    s.of("performance", "In the order in which they pay: an index for each filter and sort; a pool of {db.pool_per_instance} an instance; batch writes behind the queue; then up to {compute.instances_max}", &["db.pool_per_instance", "compute.instances_max"]);
    s.of("scaling", "Instances first, from {compute.instances} to {compute.instances_max} at 60 % CPU over 3 min; then database size above {db.vcpu}; then read replicas; the first limit is the primary's writes", &["compute.instances", "db.vcpu"]);
    if m.design.facts.get("realtime.connections").is_some() {
        s.of("scaling", "Instances first, from {compute.instances} to {compute.instances_max} at 60 % CPU over 3 min; connections apart from them: {realtime.connections} open at once are held by {realtime.gateways}, one more for each tenth above, since memory and not CPU is their limit; then database size above {db.vcpu}; then read replicas; the first limit is the primary's writes", &["compute.instances", "realtime.connections", "db.vcpu"]);
    }
    let alone = m.design.inputs.has("one_machine");
    if alone {
        s.of("performance", "In the order in which they pay: an index for each filter and sort; a pool of {db.pool_per_instance} an instance; batch writes behind the queue; then a larger machine", &["db.pool_per_instance"]);
        s.of("scaling", "A larger machine, above {compute.instance_vcpu} for the application and {db.vcpu} for the database; the brief has one, so that nothing is added beside it", &["compute.instance_vcpu", "db.vcpu"]);
    }
    if m.design.inputs.has("spike") && !alone {
        s.of("scaling", "Everybody starts at once, so instances are started before: a scheduled scale-up (pre-warm) to {compute.instances} 30 min ahead of the start. Clients spread their first request with jitter over 30 s, and a waiting room takes those above {load.peak_rps}; reactive scaling alone would come minutes too late", &["load.peak_rps", "compute.instances"]);
    }
    s.of(
        "limitations",
        "Listed with their plans; the first is the load, above {load.peak_rps}, at which the next decision flips",
        &["load.peak_rps"],
    );
    s.of(
        "debt",
        "Accepted for the launch of {name} and listed with effort",
        &["schedule.ratio"],
    );
}

/// By what twice the load is carried: by more instances, or where there is one machine, by a larger one.
fn further(m: &Maker) -> &'static str {
    match m.design.inputs.has("one_machine") {
        true => "on a machine of twice the size",
        false => "without a change of the design",
    }
}

/// What a part or a table of a document has none of, and why.
fn absences(m: &Maker, s: &mut Say) {
    let people: Vec<String> = m
        .brief
        .people
        .iter()
        .map(|p| super::nouns::plural(p))
        .collect();
    let who = if people.is_empty() {
        "programs".to_owned()
    } else {
        people.join(", ")
    };
    if m.design.facts.get("load.mau").is_some() {
        s.of(
            "system.users",
            &format!(
                "{}: {{load.mau}} a month, {{load.dau}} a day",
                capital(&who)
            ),
            &["load.mau", "load.dau"],
        );
    } else {
        s.of(
            "system.users",
            &format!("{}, at {{load.peak_rps}}", capital(&who)),
            &["load.peak_rps"],
        );
    }
    if m.design.facts.get("data.items_per_year").is_some() {
        let noun = m
            .brief
            .nouns
            .get("scale.items_per_s")
            .map_or("item", String::as_str);
        let a_year = number(m.design.facts.number("data.items_per_year"));
        let further = further(m);
        s.of("scale", &format!("{{load.peak_rps}} at peak and {{load.avg_rps}} on average; {a_year} new {} a year; {{data.gb_year1}} after one year, {{data.gb_year3}} after three", super::nouns::plural(noun)), &["load.peak_rps", "data.items_per_year", "data.gb_year3"]);
        s.of("targets.throughput", &format!("{{load.peak_rps}} and {a_year} new {} a year at launch, {{test.load_spike_rps}} {further}", super::nouns::plural(noun)), &["load.peak_rps", "data.items_per_year"]);
    }
    s.of(
        "use_cases",
        "Each flow and its runs a day stand among the facts as `flow.<id>.per_day`",
        &["load.avg_rps"],
    );
    s.of(
        "relationships",
        "None beyond its container, since modules behind {things} call each other in process; this would change with a second deployable",
        &["style"],
    );
    s.of("elements", "No such part: the brief of {name} asks for none, and the decisions say what would change that", &["style"]);
    s.of(
        "interfaces",
        "None of its own: {persons} reach it through other modules, a queue or a clock",
        &["style"],
    );
    s.of(
        "interfaces.<id>.schemas",
        "None: neither parameter nor body",
        &["api_style"],
    );
    s.of(
        "entities",
        "None of its own: it works on {things} and what other modules keep",
        &["capabilities"],
    );
    let mut chosen = vec![format!(
        "{} on the server",
        m.design.outcome.name("language")
    )];
    for element in &s.b.elements {
        let kept = element.is_store() || element.role == Some(groundplan_model::Role::Broker);
        let ui = element.role == Some(groundplan_model::Role::Ui);
        for technology in element.technology.iter().filter(|_| kept || ui) {
            let text = if ui {
                format!("{technology} in the browser")
            } else {
                format!("{technology} for {}", element.name)
            };
            if !chosen.contains(&text) {
                chosen.push(text);
            }
        }
    }
    s.by(
        "technology",
        "language",
        &format!("Chosen for {{name}}: {}", chosen.join(", ")),
    );
    not_chosen(m, s);
    s.of(
        "configuration",
        "None of its own: what its platform needs is part of the deployment of {name}",
        &["platform"],
    );
    s.of(
        "stakeholders",
        "To be named before phase 1",
        &["team.engineers"],
    );
    s.of("elements.<id>.terms", "Limits and failure behaviour are recorded by the first contract test; until then the adapter assumes 10 requests/s, 8 s and a circuit breaker", &["integrations.count"]);
}

/// What a design does without, and what it leaves to those who build it.
fn not_chosen(m: &Maker, s: &mut Say) {
    let language = m.design.outcome.name("language");
    s.by(
        "technology.libraries",
        "language",
        &format!("None is prescribed: nothing in the design depends on the choice, so those who build {{name}} make it with {language}"),
    );
    if m.design.outcome.taken.contains_key("front_end") {
        let pages = capital(m.design.outcome.name("front_end"));
        let in_browser = matches!(m.option("front_end"), "spa" | "native");
        let state = match in_browser {
            true => {
                "the store of their state is for those who build them to choose, nothing in the design depends on it"
            }
            false => "state stays on the server, so the browser needs no store for it",
        };
        let parts =
            "no framework and no set of parts is prescribed, nothing in the design depends on it";
        for (noun, why) in [
            ("state-library", state),
            ("UI-library", parts),
            ("user-interface-framework", parts),
            (
                "tool-that-builds-pages",
                "what builds them is part of the pipeline and for those who build them to choose",
            ),
        ] {
            s.by(
                &format!("technology.{noun}"),
                "front_end",
                &format!("{pages}: {why}"),
            );
        }
    }
    s.by(
        "technology.message-broker-or-queue",
        "queue",
        &format!(
            "{}; no broker runs beside it",
            capital(m.design.outcome.name("queue"))
        ),
    );
    let alone = match super::services::groups(m).len() {
        0 | 1 => "None: there is one service, so there are no calls between services that a mesh would carry".to_owned(),
        n => format!("None: {n} services call each other over HTTP with time-outs of their own"),
    };
    s.by("technology.service-mesh", "style", &alone);
}

fn data(m: &Maker, s: &mut Say) {
    let kept: Vec<(bool, String)> = m
        .packs
        .iter()
        .flat_map(|p| p.entities.iter().map(move |e| (p, e)))
        .filter(|(_, e)| m.nouns.exists(&e.name))
        .filter_map(|(p, e)| {
            let (period, said) = super::contracts::kept(m, e, p);
            let name = m.nouns.entity(&e.name);
            let words = match said.is_some() {
                true => format!("`{name}` {} (stated)", period?),
                false => format!("`{name}` {}", period?),
            };
            Some((said.is_none(), words))
        })
        .collect();
    let mut kept = kept;
    // What the brief states comes first.
    kept.sort_by_key(|(usual, _)| *usual);
    let named = super::contracts::unmatched(m);
    let named = named.iter().map(|r| {
        format!(
            "{} {} (stated, and no record of the design has that name yet)",
            r.things.join(" "),
            r.period
        )
    });
    let own = super::contracts::own_kept(m);
    let own = own
        .iter()
        .map(|(name, r)| format!("`{name}` {} (stated)", r.period));
    let kept: Vec<String> = named
        .chain(own)
        .chain(kept.into_iter().map(|(_, words)| words))
        .take(8)
        .collect();
    let mut text = format!(
        "By entity, proposed unless stated: {}. Audit records: {{compliance.audit_retention_months}}",
        kept.join(", ")
    );
    if m.has("tracking") && m.design.inputs.packs.contains("gdpr") {
        text.push_str(". Location points: retention of 30 days, then aggregates without a person");
    }
    if m.design.inputs.packs.contains("gdpr") {
        text.push_str(". Erasure replaces a person's fields by a pseudonym within 30 days");
    }
    s.of(
        "data.retention",
        &text,
        &["compliance.audit_retention_months"],
    );
    s.by(
        "data.partitioning",
        "partitioning",
        &capital(&format!(
            "{}: {{db.shards}} at launch, {{db.shards_year3}} in year three",
            m.design.outcome.name("partitioning")
        )),
    );
    if m.design.outcome.data.cache {
        s.by("caching", "cache", "Hot records and shared state for seconds to minutes, {cache.hit_target} of reads; an event of the record ends its entry, and a time to live ends the rest");
    } else {
        s.by("caching", "cache", "No cache between application and database: {db.read_queries_s} at peak reach it directly; browsers keep static files for a year by their hash");
    }
}

fn security(m: &Maker, s: &mut Say) {
    let by_area = |areas: &[&str]| -> Vec<String> {
        applying(m)
            .into_iter()
            .flat_map(|(pack, list, _)| {
                list.into_iter()
                    .filter(|c| areas.contains(&c.area.as_str()))
                    .map(move |c| format!("{} {}: {}", pack.name, c.reference, c.text))
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let with = |text: String, areas: &[&str]| {
        let rules = by_area(areas);
        if rules.is_empty() {
            text
        } else {
            format!("{text}. {}", rules.join(". "))
        }
    };
    let authn = capital(m.design.outcome.name("authn"));
    // A rule that ends sessions without activity is stricter than the usual length of one.
    let idle = by_area(&["identity"])
        .iter()
        .any(|r| r.contains("sessions end after"));
    let hours = match idle {
        true => "12 hours at most, ended earlier by inactivity,",
        false => "12 hours",
    };
    s.by("security.authentication", "authn", &with(format!("{authn}; sessions of {hours} in cookies that scripts cannot read, a second factor for operators"), &["identity"]));
    let authz = capital(m.design.outcome.name("authz"));
    let tenants = if m.has("multitenant") {
        "; row-level security keeps cross-tenant reads out in the database itself"
    } else {
        ""
    };
    s.by("security.authorization", "authz", &with(format!("{authz}; {{roles.count}} roles, enforced at each operation and again in the query{tenants}"), &["access"]));
    let ciphers = ["encrypt", "TLS", "cryptograph", "unreadable", "keys"];
    let mut encryption = "TLS 1.2 or newer on every connection, inside too; volumes, backups and objects with {things} are encrypted at rest with keys of the store of keys".to_owned();
    for rule in by_area(&["network", "data"]) {
        if ciphers.iter().any(|c| rule.contains(c)) {
            encryption.push_str(&format!(". {rule}"));
        }
    }
    s.by("security.encryption", "secrets", &encryption);
    s.by(
        "security.secrets",
        "secrets",
        &format!(
            "{}; credentials change every 90 days and at once when somebody leaves",
            capital(m.design.outcome.name("secrets"))
        ),
    );
    let months = m.design.facts.number("compliance.audit_retention_months");
    let years = if months >= 24.0 {
        format!(" ({} years)", number(months / 12.0))
    } else {
        String::new()
    };
    s.of("security.audit", &with(format!("Who did what to which {{thing}} or other record, from where, when and with which result, written in the transaction that acts; append-only, kept {{compliance.audit_retention_months}}{years}; the operator console searches it"), &["audit"]), &["compliance.audit_retention_months"]);
    s.by("security.network", "edge", "The edge is the only public address of {name}; what keeps {things} stands in private networks that admit named ports from named sources; outgoing calls go to listed partners only");
    s.of("security.application", &with("Every request on {things} is checked against its schema, statements take parameters, output is encoded by the template, and each query names the {person} whose {things} it reads".to_owned(), &["application"]), &["entities.count"]);
    let tenant = if m.has("multitenant") {
        "; {limits.tenant_rps} per tenant"
    } else {
        ""
    };
    let sign_in = match m.design.chosen.federated {
        true => "{limits.login_per_address_min} per address and minute",
        false => {
            "{limits.login_per_account_min} per account and {limits.login_per_address_min} per address and minute"
        }
    };
    s.of("security.rate_limits", &format!("{{limits.user_rps}} per person with bursts of {{limits.user_burst}}, {{limits.write_rps}} for writes{tenant}; sign-in {sign_in}; beyond that 429 with Retry-After"), &["limits.user_rps"]);
    let roles: Vec<String> = m
        .packs
        .iter()
        .flat_map(|p| p.actors.iter())
        .map(|a| m.nouns.actor(&a.id))
        .collect();
    let mut unique: Vec<String> = Vec::new();
    for role in roles {
        if !unique.contains(&role) {
            unique.push(role);
        }
    }
    s.by(
        "security.roles",
        "authz",
        &format!("Roles: {}", unique.join(", ")),
    );
    let supply = by_area(&["supplier", "governance"]);
    if !supply.is_empty() {
        s.of(
            "security.suppliers",
            &supply.join(". "),
            &["compliance.packs"],
        );
    }
    s.of(
        "threats",
        "Rated by likelihood times impact; to be reviewed by people who know {things}",
        &["capabilities"],
    );
}

fn running(m: &Maker, s: &mut Say) {
    // A provider that no option stands for is called by its name.
    let named = m
        .brief
        .wish("cloud")
        .filter(|w| w.value == "any" && m.design.outcome.choice("cloud") == "any");
    let cloud = match named {
        Some(wish) => wish.name.clone(),
        None => m.design.outcome.name("cloud").to_owned(),
    };
    s.by(
        "deployment.cloud",
        "cloud",
        &format!("{}, in {}", capital(&cloud), region(m)),
    );
    s.by(
        "deployment",
        "platform",
        &format!(
            "{{parts}} on {}, tier {{region_tier}}: {}{}",
            m.design.outcome.name("platform"),
            crate::derive::availability::shape(m.design.outcome.tier, m.design.inputs.on_premises),
            match (m.design.inputs.on_premises, m.design.inputs.has("air_gap")) {
                // Signatures, sessions and times of measurement rest on clocks that agree.
                (true, true) => {
                    "; all machines and devices take their time from two NTP servers on the site, with a clock of their own, since nothing outside is reached"
                }
                (true, false) => "; all machines take their time from two NTP servers",
                _ => "",
            }
        ),
    );
    s.of("deployment.sizing", "{compute.instances} of {compute.instance_vcpu} for the application, {db.vcpu} and {db.gb_year1} for the database, {db.replicas} for reads", &["compute.instances", "db.vcpu"]);
    s.by("observability.logging", "observability", "One line of JSON per request with time, level, trace, operation, status and milliseconds, never with names of {persons}, addresses or bodies; {telemetry.log_gb_month} a month, kept 30 days");
    if m.design.inputs.packs.contains("hipaa") {
        s.by("observability.logging", "observability", "One line of JSON per request with time, level, trace, operation, status and milliseconds; no PHI in logs, traces or metrics, only opaque ids; {telemetry.log_gb_month} a month, kept 30 days");
    }
    s.by("observability.tracing", "observability", "OpenTelemetry, one trace per request for {things} from the edge to the database; all errors and one in a hundred of the rest are kept");
    s.by("observability.metrics", "observability", "Rate, errors and duration of each operation, use and saturation of each resource, and the numbers of {things}; {telemetry.series}");
    let eight = m.design.inputs.engineers() >= 8.0;
    let people = if eight {
        "pages go to a rotation of two, around the clock"
    } else {
        "pages go to the one on call; outside business hours answers are best effort"
    };
    s.of("observability.alerts", &format!("Burn of the error budget at {{slo.burn_fast_pct}} over 1 h and {{slo.burn_slow_pct}} over 6 h pages; {{slo.burn_ticket_pct}} over 3 days opens a ticket; {people}"), &["slo.burn_fast_pct", "team.engineers"]);
    s.by("observability.dashboards", "observability", "Operations: budget left, rate, errors, P50 and P99 by operation, saturation of instances, pool and queue. Business: {things} by state and day");
}

fn operations(m: &Maker, parts: &Parts, s: &mut Say) {
    let said = |path: &str| m.design.facts.number(path);
    let missed = said("recovery.failover_min") > said("recovery.rto_min");
    let lost = super::loses(m);
    let recovery = match missed {
        _ if lost => {
            "Asked for are {recovery.rto_min} and at most {recovery.rpo_min} of data lost; nothing holds a second copy of each change, so that the loss of the database costs what was written since the last copy outside, and the system serves again within {recovery.failover_min}"
        }
        true => {
            "Asked for are {recovery.rto_min} and at most {recovery.rpo_min} of data lost; after the loss of the database this design serves again within {recovery.failover_min}, and misses the target until a replica stands by"
        }
        false => {
            "Back within {recovery.rto_min}, at most {recovery.rpo_min} of data lost; after the loss of the database the system serves again within {recovery.failover_min}"
        }
    };
    s.of(
        "recovery",
        recovery,
        &["recovery.rto_min", "recovery.rpo_min"],
    );
    s.of(
        "operations.rto",
        "{recovery.rto_min}; predicted {recovery.failover_min} after the loss of the database",
        &["recovery.rto_min", "recovery.failover_min"],
    );
    // What a room holds twice is lost with the room.
    let one_room = !lost
        && m.design.inputs.on_premises
        && !m.design.inputs.has("two_sites")
        && said("recovery.rpo_min") < 1.0;
    s.of(
        "operations.rpo",
        match one_room {
            _ if lost => {
                "{recovery.rpo_min} are asked for; nothing holds a second copy of each change, so that the loss of the database costs what was written since the last copy outside"
            }
            true => {
                "{recovery.rpo_min} after the loss of a machine, by synchronous replication; after the loss of the whole site, what was written since the last copy outside is gone until a second site holds the standby"
            }
            false if said("recovery.rpo_min") >= 1.0 => "{recovery.rpo_min}",
            false if m.design.inputs.on_premises => {
                "{recovery.rpo_min}: a commit is confirmed when the other site has it (synchronous replication); the way between the sites is part of each write"
            }
            false if m.design.outcome.tier >= 3 => {
                "{recovery.rpo_min} after the loss of a zone, by synchronous replication; the other region follows asynchronously, so that the loss of a whole region may cost the last seconds"
            }
            false => {
                "{recovery.rpo_min} after the loss of a zone, by synchronous replication"
            }
        },
        &["recovery.rpo_min"],
    );
    let objects = if parts.objects.is_some() {
        " Objects keep versions for 30 days."
    } else {
        ""
    };
    let place = super::backup_place(m);
    let place = place.as_str();
    let log = super::backup_log(m);
    // A restore that takes longer than the target says beside it what meets the target instead.
    let late = match m.design.facts.get("recovery.restore_late_min").is_some() {
        true if missed => {
            ", {recovery.restore_late_min} more than the {recovery.rto_min} that are asked for"
        }
        true => {
            ", {recovery.restore_late_min} more than the {recovery.rto_min} of the target: a lost database is replaced by what stands by, within {recovery.failover_min}, and only rows that were deleted or damaged wait for the restore, by partition and newest first"
        }
        false => "",
    };
    s.of("operations.backup", &format!("Database: a full copy each night and {log}, {{recovery.backup_gb}} {place}, kept 35 days.{objects} A restore test each quarter; a full restore takes {{data.restore_h}}{late}"), &["recovery.backup_gb", "data.restore_h"]);
    let files = match parts.objects.is_some() {
        true => "; files come back as the version before",
        false => "",
    };
    s.of("operations.restore", &format!("Into a new database: the last full copy, then the log up to the minute before the loss, {{data.restore_h}} for all of it{files}. The restore test of each quarter does the same and compares counts of {{things}} with the original"), &["data.restore_h"]);
    let how = [
        "A new machine is built by code and the last backup restored",
        "The database is restored from backup; another instance takes the requests at once",
        "A replica is promoted in about 2 min; the balancer leaves an instance of {name} out after 3 failed checks",
        "The standby region takes over in about 15 minutes by a switch of the name",
        "The other region serves already; the name leaves out the failed one within a minute",
    ][m.design.outcome.tier];
    // Two sites that lose sight of each other must not both write.
    let two_sites = m.design.inputs.on_premises && m.design.inputs.has("two_sites");
    let how = match (two_sites, m.design.outcome.tier) {
        (true, 3) => {
            "The other site takes over in about 15 minutes, by the vote of a witness at a third place; the failed site is fenced off first"
        }
        (true, 4) => {
            "The other site serves already; the name leaves out the failed one within a minute, by the vote of a witness at a third place"
        }
        _ => how,
    };
    s.of("operations.failover", how, &["region_tier"]);
    let mut failures = vec![
        match m.design.facts.number("compute.instances") <= 1.0 {
            true => "The instance ends: its platform starts it again, within {recovery.rto_min} at most, and until then nobody is answered".to_owned(),
            false => "An instance ends: the others carry its load, {compute.utilisation_peak} at peak before".to_owned(),
        },
        "The database fails: {recovery.failover_min} without writes, requests wait up to their time-out and then get 503 with Retry-After".to_owned(),
    ];
    let none_lost = said("recovery.rpo_min") < 1.0;
    match (two_sites, m.design.outcome.tier) {
        (true, 3 | 4) => {
            if none_lost {
                failures.push("A site is lost: no confirmed write is, since each waited for the other site (synchronous replication, RPO {recovery.rpo_min})".to_owned());
            }
            failures.push("The sites lose sight of each other: a witness at a third place has the casting vote (quorum), one site goes on, the other stops writing until it has caught up (no split brain)".to_owned());
        }
        _ if lost => failures.push("The disk of the database is lost: what was written since the last copy outside is gone, since nothing holds a second copy of each change".to_owned()),
        _ if one_room => failures.push("The whole site is lost: what was written since the last copy outside is gone, since the standby of RPO {recovery.rpo_min} stands in the same place; a second site would keep it".to_owned()),
        _ => {}
    }
    if parts.cache.is_some() {
        failures.push("The cache is empty or a hot key of {things} expires: reads of one {thing} are joined into one, and fills are limited so that the database keeps half of its capacity".to_owned());
    }
    if parts.queue.is_some() {
        failures.push(
            "Consumers stop: messages on {things} wait, and a backlog of an hour drains within an hour"
                .to_owned(),
        );
    }
    if m.design.facts.get("devices.reconnect_jitter_s").is_some() {
        failures.push("A reconnect storm after an outage: devices wait a random time of up to {devices.reconnect_jitter_s}".to_owned());
    } else if m.design.facts.get("realtime.reconnect_jitter_s").is_some() {
        failures.push("Connections break: clients reconnect with jitter over {realtime.reconnect_jitter_s} and ask for what they missed".to_owned());
    }
    if m.design.inputs.has("spike") {
        failures.push("A thundering herd at the start: clients spread with jitter over 30 s, a waiting room takes what exceeds {load.peak_rps}".to_owned());
    }
    if !m.brief.partners.is_empty() {
        let of = |way: Way| -> Vec<&str> {
            let all = m.brief.partners.iter().map(|p| p.name.as_str());
            all.filter(|name| parts.ways.get(&super::slug(name)) == Some(&way))
                .collect()
        };
        let silent = [
            (
                Way::Queued,
                "the circuit breaker opens, work waits in the queue for up to 24 h and is sent later",
            ),
            (
                Way::Waited,
                "the circuit breaker opens, and the step that asks it is refused with 503 until it is back",
            ),
            (
                Way::SignIn,
                "open sessions go on, since the keys of the issuer are cached for 24 h, and nobody signs in anew",
            ),
            (
                Way::Source,
                "what was read from it before stays in use, and what changed there is read when it is back",
            ),
        ];
        for (way, then) in silent {
            let names = of(way);
            if !names.is_empty() {
                failures.push(format!("{} does not answer: {then}", names.join(" or ")));
            }
        }
    }
    s.of(
        "operations.failures",
        &failures.join(". "),
        &["region_tier", "compute.instances"],
    );
    let rules: Vec<String> = applying(m)
        .into_iter()
        .flat_map(|(pack, list, _)| {
            list.into_iter()
                .filter(|c| c.area == "incident")
                .map(move |c| format!("{} {}: {}", pack.name, c.reference, c.text))
                .collect::<Vec<_>>()
        })
        .collect();
    let depth = if m.design.inputs.engineers() >= 8.0 {
        "two deep around the clock"
    } else if m.design.inputs.engineers() >= 4.0 {
        "one deep, best effort at night"
    } else {
        "business hours and best effort; nobody is woken reliably"
    };
    let allow = match m.design.inputs.engineers() == 1.0 {
        true => "allows",
        false => "allow",
    };
    // Nobody answers at night who is not on call.
    let answered = match m.design.inputs.engineers() {
        n if n >= 8.0 => "within 15 min at any hour".to_owned(),
        n if n >= 4.0 => format!(
            "within 15 min in business hours and, as is assumed for the availability, within {} min at other times",
            number(m.design.outcome.reach.response_min)
        ),
        _ => format!(
            "within 30 min in business hours and not reliably at other times, for which {} min are assumed",
            number(m.design.outcome.reach.response_min)
        ),
    };
    let mut text = format!(
        "{{team.engineers}} {allow} a rotation {depth}; severity 1 is a burning budget or a breach, answered {answered}, reviewed within five days"
    );
    if !rules.is_empty() {
        text.push_str(&format!(". {}", rules.join(". ")));
    }
    s.of("operations.on_call", &text, &["team.engineers"]);
    s.of("testing", "Unit and property tests of the rules for {things}, integration tests against a real database, contract tests of partners, end-to-end tests in which {persons} {verb} {things}; one test for each acceptance criterion", &["capabilities"]);
    s.of("testing.gates", "No merge below 80 % of the lines of domain modules, with a failing test, or with a finding above medium", &["deployables"]);
    s.of("testing.load", "Ramp to {test.load_ramp_rps} in 10 min, 60 min at that load, 5 min at {test.load_spike_rps}, one instance ended at peak; passed if P99 stays within {latency.p99_target_ms} and utilisation within 75 %", &["test.load_ramp_rps"]);
    // Only what stands there is broken on purpose.
    let mut drills = vec!["end an instance"];
    if m.design.outcome.tier >= 2 {
        drills.push("promote the standby of the database");
    }
    if !m.brief.partners.is_empty() {
        drills.push("hold a partner's answers for 30 s");
    }
    if m.design.outcome.data.cache {
        drills.push("empty the cache");
    }
    drills.push("restore a backup");
    s.of(
        "testing.resilience",
        &format!(
            "Each quarter on the staging of {{name}}: {}",
            drills.join(", ")
        ),
        &["region_tier"],
    );
    s.of(
        "review.schedule",
        "Each quarter, and above half of the way from {load.peak_rps} to the next flip point",
        &["load.peak_rps"],
    );
    s.of(
        "review.next",
        "Three months after launch",
        &["schedule.weeks"],
    );
    s.of(
        "review.reviewers",
        "Tech lead and operations lead of {name} (to be named)",
        &["team.engineers"],
    );
    s.of(
        "review.feedback",
        "To the tech lead of {name}, by a change of the brief",
        &["team.engineers"],
    );
    s.of(
        "documents.review",
        "Tech lead and operations lead of {name}, each quarter; feedback by a change of the brief",
        &["team.engineers"],
    );
}

fn delivery(m: &Maker, s: &mut Say) {
    s.by(
        "delivery.pipeline",
        "ci_cd",
        &format!(
            "{}, for {{parts}}: check, test, scan, package, staging, production",
            capital(m.design.outcome.name("ci_cd"))
        ),
    );
    let canary = if m.option("release") == "canary" {
        "; a tenth of the users for 10 min first, stopped by errors above {slo.burn_fast_pct} or P99 above {latency.p99_target_ms}"
    } else {
        ""
    };
    s.by(
        "delivery.rollout",
        "release",
        &format!(
            "{}{canary}; the tech lead stops it",
            capital(m.design.outcome.name("release"))
        ),
    );
    s.by("delivery.rollback", "release", "The image before is started again within 10 min; the tables of {things} need no way back, since a release only adds to them and the next one removes");
    s.by("delivery.releases", "release", "About eight a month, on working days before 15:00; a hotfix takes the same pipeline with one reviewer, about 30 min");
    s.by(
        "delivery.feature_flags",
        "flags",
        &format!(
            "{}: one flag for each of {{capabilities.count}} and each phase, with owner and expiry",
            capital(m.design.outcome.name("flags"))
        ),
    );
    let named = m.brief.answers.get("existing_systems").map(|said| {
        let names: Vec<&str> = said.value.split([',', ';']).map(str::trim).collect();
        let names: Vec<String> = names.into_iter().filter(|n| !n.is_empty()).map(str::to_owned).collect();
        format!(
            "{} exist{} today: which records of {{things}} come from there, and how many, is an open question; what comes is imported with a dry run, a count and a checksum per table",
            crate::blueprint::listed(&names),
            if names.len() == 1 { "s" } else { "" }
        )
    });
    let text = if m.design.facts.get("migration.gb").is_some() {
        "{migration.gb} come from the older system: about {migration.hours} of transfer, rehearsed twice, then a copy, a catch-up by change log and a switch in a window"
    } else if let Some(named) = &named {
        named.as_str()
    } else if m.brief.has("legacy") {
        "The brief speaks of an older system and names no volume: an import with a dry run, a count and a checksum per table; the volume is an open question"
    } else {
        "No data migration: {persons} start without {things}, since no older system is named"
    };
    s.of("delivery.data_migration", text, &["brief.purpose"]);
    let deprecation = m.design.outcome.name("versioning").to_owned();
    s.by(
        "interfaces.versioning",
        "versioning",
        &capital(&deprecation),
    );
}

/// Conflicts stand in the answers of their subject too, so that no section hides them.
fn conflicts(m: &Maker, b: &mut Blueprint) {
    for finding in m.design.findings.iter().filter(|f| f.is_conflict()) {
        let evidence = finding.place.evidence.clone();
        b.system.answers.insert(
            format!("conflicts.{}", finding.code),
            Statement {
                text: format!(
                    "{}. Ways out: {}",
                    capital(&finding.message),
                    finding.options.join("; or ")
                ),
                provenance: Provenance::declared(evidence),
            },
        );
    }
}
