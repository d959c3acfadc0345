//! The table of facts of a design.

use crate::blueprint::Nouns;
use crate::brief::Brief;
use crate::capabilities::Chosen;
use crate::decide::Taken;
use crate::derive::compute::instances;
use crate::derive::data::Data;
use crate::facts::{Basis, Facts, number};
use crate::findings::Finding;
use crate::inputs::{Inputs, Segment};
use crate::outcome::Outcome;
use groundplan_model::{FactValue, Severity};

/// All facts.
pub(crate) fn table(
    brief: &Brief,
    chosen: &Chosen,
    inputs: &Inputs,
    out: &Outcome,
    findings: &[Finding],
    nouns: &Nouns,
) -> Facts {
    let mut facts = Facts::default();
    let currency = brief.currency.as_deref().unwrap_or("USD");
    out.load.facts(inputs, brief, &mut facts);
    out.compute.facts(
        inputs,
        &out.load,
        out.choice("language"),
        out.tier,
        &mut facts,
    );
    out.data.facts(inputs, &out.load, brief, &mut facts);
    // A budget may have taken the replica back.
    let standby = out.standby.filter(|_| out.tier == 2);
    out.reach
        .facts(inputs, out.tier, standby.map(|s| s.reason()), &mut facts);
    out.team.facts(inputs, &out.load, brief, &mut facts);
    let stated = ["constraints.p99_ms", "constraints.p95_ms"]
        .iter()
        .any(|k| brief.numbers.contains_key(k));
    out.latency.facts(&out.compute, stated, &mut facts);
    if let Some(cost) = out.cost() {
        cost.facts(inputs, currency, &mut facts);
    }
    let rejected = findings.iter().any(|f| f.severity == Severity::Error);
    facts.other(
        "status",
        "whether a design could be made",
        FactValue::Text(if rejected { "rejected" } else { "ok" }.to_owned()),
        "no error among the findings",
        &["findings"],
    );
    let ids = chosen.reasons.keys().map(|id| (*id).to_owned()).collect();
    facts.other(
        "capabilities",
        "capabilities of the brief",
        FactValue::List(ids),
        "words of purpose, scale and constraints, with what they require",
        &["brief.purpose", "brief.scale", "brief.constraints"],
    );
    let mut codes: Vec<String> = findings.iter().map(|f| f.code.clone()).collect();
    codes.sort();
    codes.dedup();
    facts.other(
        "findings",
        "findings about the brief",
        FactValue::List(codes),
        "checks of the brief",
        &["brief"],
    );
    let packs: Vec<String> = inputs.packs.iter().cloned().collect();
    facts.other(
        "compliance.packs",
        "compliance packs",
        FactValue::List(packs),
        "named in the brief",
        &["brief.constraints"],
    );
    let regions: Vec<String> = brief
        .residency
        .keys()
        .chain(brief.hosting.keys())
        .cloned()
        .collect();
    facts.other(
        "regions.demanded",
        "places that the brief demands",
        if regions.is_empty() {
            FactValue::Text("none".to_owned())
        } else {
            FactValue::List(regions)
        },
        "named in the brief",
        &["brief.constraints"],
    );
    let product = crate::outcome::PRODUCTS
        .iter()
        .find(|(id, _)| inputs.product == Some(*id));
    facts.other(
        "product.kind",
        "product that could be bought for the common part",
        FactValue::Text(
            product
                .map_or("none that is known", |(_, kind)| kind)
                .to_owned(),
        ),
        "by capability",
        &["capabilities"],
    );
    facts.other(
        "load.segment",
        "who uses it",
        FactValue::Text(inputs.segment.word().to_owned()),
        "words of purpose and scale",
        &["brief.purpose", "brief.scale"],
    );
    facts.computed(
        "integrations.count",
        "systems to integrate with",
        inputs.partners as f64,
        "",
        "named in the brief",
        &["brief.constraints", "brief.purpose"],
    );
    facts.computed(
        "entities.count",
        "kinds of records",
        inputs.entities as f64,
        "",
        "entities of the capabilities",
        &["capabilities"],
    );
    facts.computed(
        "capabilities.count",
        "capabilities",
        chosen.reasons.len() as f64,
        "capabilities",
        "found in the brief, required by these, or in every system",
        &["capabilities"],
    );
    let roles = chosen
        .packs()
        .iter()
        .flat_map(|p| p.actors.iter().map(|a| a.id.as_str()))
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    facts.computed(
        "roles.count",
        "roles of people",
        roles as f64,
        "",
        "actors of the capabilities",
        &["capabilities"],
    );
    facts.computed(
        "deployables",
        "deployables",
        out.deployables,
        "",
        "by style, at most what the team can own, and a worker where work is queued",
        &["style", "team.deployables_max", "capabilities"],
    );
    facts
        .computed(
            "api.deprecation_months",
            "months of notice before a version ends",
            if inputs.segment == Segment::Consumer {
                6.0
            } else {
                12.0
            },
            "months",
            "12 for organisations, 6 for consumers",
            &["load.segment"],
        )
        .source("K18");
    recovery(inputs, out, &mut facts);
    telemetry(inputs, out, &mut facts);
    limits(inputs, out, &mut facts);
    connections(inputs, out, &mut facts);
    trial(out, &mut facts);
    if let Some(s) = brief.numbers.get("constraints.budget_per_month") {
        facts.stated(
            "budget",
            "budget of hosting",
            s,
            &format!("{currency}/month"),
            "constraints",
        );
    }
    if let Some(s) = brief.numbers.get("constraints.budget_once") {
        facts.stated(
            "budget.once",
            "money for building it, once",
            s,
            currency,
            "constraints",
        );
    }
    for (noun, s) in &brief.stocks {
        let path = format!("brief.stock.{}", noun.replace([' ', '-'], "_"));
        let many = crate::blueprint::plural(noun);
        facts.stated(&path, &format!("{many} at launch"), s, &many, "scale");
    }
    if !brief.partners.is_empty() {
        // D13: what an hour of silence leaves, and how long the partner's limit takes for it.
        // What devices send stays here; a partner hears of what people and programs change.
        let items = out.load.items.map(|i| i * out.load.peak_factor);
        let users = out.load.http_peak * 0.5;
        let devices = out.load.device_msgs > 0.0;
        let rate = match devices {
            true => items.unwrap_or(users),
            false => out.load.peak * (1.0 - out.load.reads),
        };
        let limit = 10.0_f64.max(rate * 2.0);
        facts.computed(
            "integration.backlog_1h",
            "changes that wait after an hour of a partner's silence, at most",
            (rate * 3_600.0).ceil(),
            "changes",
            match (devices, out.load.items) {
                (true, Some(items)) => format!(
                    "{} new records/s × {} at peak × 3,600 s: each concerns the partner",
                    number(items),
                    number(out.load.peak_factor)
                ),
                (true, None) => format!(
                    "half of {} requests/s of people × 3,600 s; what devices send stays here",
                    number(out.load.http_peak)
                ),
                (false, _) => format!(
                    "{} requests/s × (1 − {}) × 3,600 s: each change concerns the partner",
                    number(out.load.peak),
                    number(out.load.reads)
                ),
            },
            &["load.peak_rps", "load.read_fraction"],
        );
        facts
            .computed(
                "integration.drain_min",
                "minutes until they are sent",
                (rate * 60.0 / (limit - rate)).ceil().max(1.0),
                "min",
                format!("backlog ÷ ({} − {} changes/s)", number(limit), number(rate)),
                &["integration.backlog_1h"],
            )
            .source("D13; the partner takes 10 changes/s or twice what comes (E)");
    }
    if let Some(s) = brief.numbers.get("legacy_data_gb") {
        facts.stated("migration.gb", "data to migrate", s, "GB", "legacy_data_gb");
        facts
            .computed(
                "migration.hours",
                "hours of the transfer",
                s.value * 1_000.0 / 50.0 / 3_600.0,
                "h",
                format!("{} GB ÷ 50 MB/s", number(s.value)),
                &["migration.gb"],
            )
            .source("50 MB/s through validation (E)");
    }
    frequencies(chosen, out, nouns, &mut facts);
    crate::derive::flows::facts(brief, out.load.avg, &mut facts);
    if let Some(items) = out.load.items {
        let noun = brief
            .nouns
            .get("scale.items_per_s")
            .map_or("item", String::as_str);
        facts.computed(
            "data.items_per_year",
            &format!("new {noun} records in a year").replace("record records", "records"),
            items * 31_536_000.0 * brief.number("scale.days_per_year").unwrap_or(365.0) / 365.0,
            "per year",
            format!(
                "{} per second × 31,536,000 s{}",
                number(items),
                crate::derive::data::few(brief)
            ),
            &["load.create_rps_avg"],
        );
    }
    for (path, taken) in &out.taken {
        decided(path, taken, &mut facts);
    }
    facts
}

/// How often each flow runs: the requests of its capability, shared by its flows.
fn frequencies(chosen: &Chosen, out: &Outcome, nouns: &Nouns, facts: &mut Facts) {
    let packs = chosen.packs();
    let total: f64 = packs
        .iter()
        .map(|p| p.requests.value.max(0.5))
        .sum::<f64>()
        .max(1.0);
    for pack in &packs {
        let share = pack.requests.value.max(0.5) / total;
        for (i, flow) in pack.flows.iter().enumerate() {
            // The first flow of a capability carries most of its requests.
            let part = if i == 0 {
                0.8
            } else {
                0.2 / (pack.flows.len() as f64 - 1.0).max(1.0)
            };
            let steps = flow.steps.len().max(1) as f64;
            let a_day = out.load.avg * share * part * 86_400.0 / steps;
            facts
                .computed(
                    &format!("flow.{}.per_day", flow.id),
                    &format!("runs of “{}” a day", nouns.text(&flow.title)),
                    a_day.max(1.0).round(),
                    "a day",
                    format!(
                        "{} requests/s × 86,400 s × {} of the capability × {} ÷ {} steps",
                        number(out.load.avg),
                        number(share),
                        number(part),
                        number(steps)
                    ),
                    &["load.avg_rps", "capabilities"],
                )
                .source("shares of requests (E)");
        }
    }
}

fn decided(path: &str, taken: &Taken, facts: &mut Facts) {
    let choice = taken.choice();
    let value = match choice.value.as_str() {
        "true" => FactValue::Flag(true),
        "false" => FactValue::Flag(false),
        text => FactValue::Text(text.to_owned()),
    };
    let score = taken.scores.get(taken.chosen).copied().flatten();
    let formula = match (taken.mandated, score, taken.margin()) {
        (true, _, _) => "demanded by the brief".to_owned(),
        (_, Some(score), Some(margin)) => format!(
            "score {}, {} above the next option",
            number((score * 100.0).round() / 100.0),
            number((margin * 100.0).round() / 100.0)
        ),
        _ => "the only option that no constraint excludes".to_owned(),
    };
    facts
        .other(path, &taken.spec.title, value, formula, &[])
        .basis = Basis::Decided(taken.spec.id.clone());
}

fn recovery(inputs: &Inputs, out: &Outcome, facts: &mut Facts) {
    let f = facts;
    let rto = inputs.get("constraints.rto_min");
    let rpo = inputs.get("constraints.rpo_min");
    let target = f.computed(
        "recovery.rto_min",
        "recovery time objective",
        rto_min(inputs, out),
        "min",
        if rto.is_some() {
            "stated in the brief".to_owned()
        } else if rto_min(inputs, out) > 240.0 {
            format!(
                "4 h unless stated; the restore takes {} min, and nothing stands by",
                number(failover_min(out).ceil())
            )
        } else {
            "4 h unless stated".to_owned()
        },
        &["brief.constraints"],
    );
    if rto.is_none() {
        target.assumed("A-RTO");
    }
    let default_rpo = if out.tier == 0 { 60.0 } else { 5.0 };
    let target = f.computed(
        "recovery.rpo_min",
        "recovery point objective",
        rpo.unwrap_or(default_rpo),
        "min",
        if rpo.is_some() {
            "stated in the brief"
        } else {
            "log shipped every 5 min, or hourly dumps of one machine"
        },
        &["brief.constraints", "region_tier"],
    );
    if rpo.is_none() {
        target.assumed("A-RPO");
    }
    f.computed(
        "recovery.backup_gb",
        "size of the backups",
        out.data.db_gb() * 1.3,
        "GB",
        format!("{} GB × (1 + 0.3 of increments)", number(out.data.db_gb())),
        &["db.gb_year1"],
    )
    .source("30 % of increments (E)");
    let late = out.data.restore_h * 60.0 - rto_min(inputs, out);
    if late > 0.0 {
        f.computed(
            "recovery.restore_late_min",
            "minutes by which a full restore is longer than the recovery time",
            late,
            "min",
            format!(
                "{} h × 60 − {}",
                number(out.data.restore_h),
                number(rto_min(inputs, out))
            ),
            &["data.restore_h", "recovery.rto_min"],
        );
    }
    let failover = failover_min(out);
    let how = [
        "a new machine and a full restore",
        "a full restore",
        "promotion of a replica",
        "the standby region takes over",
        "the other region serves already",
    ][out.tier];
    f.computed(
        "recovery.failover_min",
        "minutes until the system serves after the loss of the database",
        failover,
        "min",
        how,
        &["region_tier", "data.restore_h"],
    )
    .source("fail-over times of the availability table (E)");
}

/// D22.
fn telemetry(inputs: &Inputs, out: &Outcome, facts: &mut Facts) {
    let f = facts;
    let sampled = if out.load.avg > 1_000.0 { 0.1 } else { 1.0 };
    let kb = inputs.constant("log_kb");
    f.computed(
        "telemetry.log_gb_month",
        "logs",
        out.load.avg * 2.628 * kb * sampled,
        "GB",
        format!(
            "{} requests/s × {} KB × 2.628{}",
            number(out.load.avg),
            number(kb),
            if sampled < 1.0 {
                ", one in ten kept"
            } else {
                ""
            }
        ),
        &["load.avg_rps"],
    )
    .source("0.5 KB a line (E)");
    let endpoints = inputs.entities as f64 * 3.0;
    f.computed(
        "telemetry.series",
        "time series",
        out.deployables * 30.0 + endpoints * 12.0,
        "series",
        format!(
            "{} deployables × 30 + about {} operations × 12",
            number(out.deployables),
            number(endpoints)
        ),
        &["deployables", "entities.count"],
    )
    .source("D22 (E)");
}

/// D21.
fn limits(inputs: &Inputs, out: &Outcome, facts: &mut Facts) {
    let f = facts;
    let active = (out.load.dau / 10.0).max(1.0);
    let per_user = (20.0 * out.load.peak.min(out.load.http_peak) / active)
        .clamp(10.0, 100.0)
        .round();
    f.computed(
        "limits.user_rps",
        "requests per person and second",
        per_user,
        "requests/s",
        "20 times the mean of an active person at peak, between 10 and 100",
        &["load.peak_rps", "load.dau"],
    )
    .source("D21 (E)");
    f.computed(
        "limits.user_burst",
        "burst per person",
        per_user * 3.0,
        "requests",
        format!("{} × 3", number(per_user)),
        &["limits.user_rps"],
    );
    f.computed(
        "limits.write_rps",
        "writes per person and second",
        (per_user / 5.0).max(1.0),
        "requests/s",
        format!("{} ÷ 5", number(per_user)),
        &["limits.user_rps"],
    );
    f.computed(
        "limits.login_per_account_min",
        "sign-in attempts per account and minute",
        5.0,
        "attempts",
        "fixed",
        &[],
    )
    .source("D21; OWASP ASVS asks for a limit, not for this number");
    f.computed(
        "limits.login_per_address_min",
        "sign-in attempts per address and minute",
        20.0,
        "attempts",
        "fixed",
        &[],
    )
    .source("D21");
    if inputs.ids.contains("multitenant") {
        let tenants = inputs.get("tenants").unwrap_or(200.0);
        f.computed(
            "limits.tenant_rps",
            "requests per tenant and second",
            (out.load.peak / tenants * 10.0).max(10.0).ceil(),
            "requests/s",
            format!(
                "{} requests/s ÷ {} tenants × 10",
                number(out.load.peak),
                number(tenants)
            ),
            &["load.peak_rps"],
        )
        .source("D21 (E)");
        let fact = f.computed(
            "brief.tenants",
            "tenants at launch",
            tenants,
            "tenants",
            if inputs.get("tenants").is_some() {
                "stated"
            } else {
                "200 are assumed"
            },
            &["brief.tenants"],
        );
        if inputs.get("tenants").is_none() {
            fact.assumed("A-TENANTS");
        }
    } else {
        f.computed(
            "brief.tenants",
            "tenants",
            0.0,
            "tenants",
            "one organisation",
            &["capabilities"],
        );
    }
}

/// D12 and D23.
fn connections(inputs: &Inputs, out: &Outcome, facts: &mut Facts) {
    let f = facts;
    let total = instances(out.compute.base, out.tier);
    let pool = out.data.db_vcpu * 2.0 + 1.0;
    let each = (pool * 0.8 / total).floor();
    // One slow statement must not stop an instance: a pooler lets each have some of its own.
    const FLOOR: f64 = 5.0;
    f.computed(
        "db.pool_per_instance",
        "connections of an instance",
        if each < 2.0 { FLOOR } else { each },
        "connections",
        if each < 2.0 {
            format!(
                "{} × 0.8 ÷ {} is less than 2, so a pooler stands between and each instance has {} to it",
                number(pool),
                number(total),
                number(FLOOR)
            )
        } else {
            format!("{} × 0.8 ÷ {}", number(pool), number(total))
        },
        &["db.pool_total", "compute.instances"],
    );
    if inputs.needs(groundplan_knowledge::capability::Need::Connections) {
        // Where nobody is counted, so many are there that their pauses make the peak.
        let counted = inputs.get("scale.concurrent").is_some()
            || out.load.dau > 0.0
            || out.load.device_msgs > 0.0;
        let open = match counted {
            true => inputs.get("scale.concurrent").unwrap_or(out.load.dau * 0.1),
            false => out.load.peak * inputs.constant("think_time"),
        }
        .max(1.0);
        let per_gb = inputs.constant("ws_per_gb");
        f.computed(
            "realtime.connections",
            "open connections at peak",
            open,
            "connections",
            match counted {
                true => "stated concurrent users, or a tenth of the daily ones".to_owned(),
                false => format!(
                    "{} requests/s × {} s between two of one client (N = X × Z)",
                    number(out.load.peak),
                    number(inputs.constant("think_time"))
                ),
            },
            match counted {
                true => &["load.dau", "brief.scale"],
                false => &["load.peak_rps", "brief.scale"],
            },
        )
        .source(match counted {
            true => "one in ten at once (E)",
            false => "pause of a client between two requests (E)",
        });
        f.computed(
            "realtime.gateways",
            "instances that hold connections",
            (open / (per_gb * 4.0 * 0.7)).ceil().max(2.0),
            "instances",
            format!(
                "{} ÷ ({} per GB × 4 GB × 0.7), at least 2",
                number(open),
                number(per_gb)
            ),
            &["realtime.connections"],
        )
        .source("50 KiB per idle TLS WebSocket (E)");
        let jitter = (open / (out.load.peak.max(1.0) * 0.5))
            .clamp(5.0, 300.0)
            .ceil();
        f.computed(
            "realtime.reconnect_jitter_s",
            "window over which clients reconnect",
            jitter,
            "s",
            format!(
                "{} connections ÷ half of {} requests/s, 5 to 300",
                number(open),
                number(out.load.peak)
            ),
            &["realtime.connections", "load.peak_rps"],
        );
    }
    if out.load.device_msgs > 0.0 {
        let devices = inputs.get("scale.devices").unwrap_or(0.0);
        let jitter = (devices / (out.load.peak.max(1.0) * 0.5))
            .clamp(5.0, 3_600.0)
            .ceil();
        f.computed(
            "devices.reconnect_jitter_s",
            "window over which devices reconnect after an outage",
            jitter,
            "s",
            format!(
                "{} devices ÷ half of {} requests/s, 5 to 3,600",
                number(devices),
                number(out.load.peak)
            ),
            &["load.peak_rps", "brief.scale"],
        );
    }
    if out.load.stream {
        let rate = if out.load.device_msgs > 0.0 {
            out.load.device_msgs
        } else {
            out.load.peak
        };
        f.computed(
            "stream.backlog_1h",
            "messages that wait after an hour without consumers",
            rate * 3_600.0,
            "messages",
            format!("{} × 3,600 s", number(rate)),
            &["load.peak_rps"],
        );
        f.computed(
            "stream.drain_h",
            "hours until a backlog of one hour is gone",
            1.0,
            "h",
            "consumers are sized for twice the rate: λt ÷ (2λ − λ)",
            &["stream.partitions"],
        )
        .source("backlog formula of Kafka sizing (S)");
        f.computed(
            "stream.retention_h",
            "retention of the log",
            72.0,
            "h",
            "three times the longest outage of a consumer, 24 h",
            &[],
        )
        .source("D13 (E)");
    }
}

/// D26.
fn trial(out: &Outcome, facts: &mut Facts) {
    let peak = out.load.peak;
    facts.computed(
        "test.load_ramp_rps",
        "load that the test ramps up to in 10 min and holds for 60 min",
        peak,
        "requests/s",
        "1.0 × peak",
        &["load.peak_rps"],
    );
    facts.computed(
        "test.load_spike_rps",
        "load of the spike of 5 min",
        peak * 2.0,
        "requests/s",
        format!("2 × {}", number(peak)),
        &["load.peak_rps"],
    );
}

/// Minutes until the system serves after the loss of the database.
pub(crate) fn failover_min(out: &Outcome) -> f64 {
    failover_of(&out.data, out.tier)
}

/// The same of a tier: without a replica a full restore stands before it.
pub(crate) fn failover_of(data: &Data, tier: usize) -> f64 {
    let restore = data.restore_h * 60.0;
    [restore + 30.0, restore, 2.0, 15.0, 1.0]
        .get(tier)
        .copied()
        .unwrap_or(restore)
}

/// The recovery time: stated, or 4 h, and where a full restore alone takes longer and nothing stands
/// by, what it takes, in whole hours.
pub(crate) fn rto_min(inputs: &Inputs, out: &Outcome) -> f64 {
    let own = (failover_min(out) / 60.0).ceil() * 60.0;
    inputs.get("constraints.rto_min").unwrap_or(own.max(240.0))
}
