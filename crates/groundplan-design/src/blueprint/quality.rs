//! Requirements, service levels, goals, people with an interest, phases and terms.

use super::Maker;
use super::elements::{Parts, capital};
use crate::brief::{Brief, Field};
use crate::capabilities::Chosen;
use crate::facts::number;
use groundplan_knowledge::{Capability, Control, ControlPack, controls};
use groundplan_model::{
    Blueprint, Priority, Provenance, Requirement, RequirementKind, Slo, Statement,
};

/// Compliance packs with the controls that apply, and whether the pack is assumed.
pub(crate) fn applying(m: &Maker) -> Vec<(&'static ControlPack, Vec<&'static Control>, bool)> {
    let profiling = m.profiles();
    // A brief may speak of health data where no part of the design treats patients.
    let health = m.has("health") || m.brief.has("health_data");
    let risky = profiling
        || health
        || m.has("kyc")
        || m.has("tracking")
        || m.design.outcome.load.mau > 100_000.0;
    let tracking = m.has("analytics") && (m.has("batch") || m.design.outcome.load.write_heavy);
    let applies = |c: &&Control| match c.when.as_deref() {
        Some("health") => health,
        Some("kyc") => m.has("kyc"),
        Some("risky") => risky,
        Some("tracking") => tracking,
        Some("location") => m.has("tracking"),
        Some("profiling") => profiling,
        _ => true,
    };
    let found = |code: &str| m.design.findings.iter().any(|f| f.code == code);
    controls()
        .iter()
        .filter_map(|pack| {
            let named = m.design.inputs.packs.contains(&pack.id);
            let assumed = pack.id == "pci-dss" && found("A-PCI");
            (named || assumed).then(|| {
                let list = pack.controls.iter().filter(applies).collect();
                (pack, list, !named)
            })
        })
        .collect()
}

/// Why a control stands here.
pub(crate) fn control_reason(m: &Maker, pack: &ControlPack, assumed: bool) -> Provenance {
    if assumed {
        return Provenance::assumed("A-PCI");
    }
    let place = m.brief.packs.get(&pack.id).and_then(|p| p.evidence.clone());
    Provenance::declared(place)
}

/// Everything about what must be reached.
pub(crate) fn quality(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    functional(m, b);
    measures(m, b);
    super::scenarios::scenarios(m, b);
    levels(m, parts, b);
    identity(m, b);
    super::plan::plan(m, b);
}

fn functional(m: &Maker, b: &mut Blueprint) {
    let mut order = m.packs.clone();
    // What the brief itself asks for stands before what its kind of system brings along.
    order.sort_by_key(|p| {
        let own = p.id == crate::domain::ID;
        (p.always_if.is_some(), !own, p.id.clone())
    });
    let mut all: Vec<(Priority, Requirement)> = told(m.brief, &m.packs, &m.name);
    b.requirements.extend(bound(m));
    b.requirements.extend(untold(m));
    for pack in order {
        for r in pack
            .requirements
            .iter()
            .filter(|r| !m.nouns.never(&pack.id, &r.wants))
        {
            let actor = m.nouns.actor(&r.actor);
            let article = super::article(&actor);
            let so = match r.so.trim() {
                "" => String::new(),
                so => format!(" so that {}", m.nouns.text(so)),
            };
            let text = format!(
                "As {article} {actor}, I want to {}{so}.",
                m.nouns.text(&r.wants)
            );
            all.push((
                r.priority,
                Requirement {
                    id: format!("FR-{}-{}", pack.id, r.id),
                    kind: RequirementKind::Functional,
                    text,
                    priority: Some(r.priority),
                    target: None,
                    measurement: None,
                    acceptance: r.accept.iter().map(|a| m.nouns.text(a)).collect(),
                    provenance: m.reason(pack),
                },
            ));
        }
    }
    all.sort_by_key(|(priority, _)| *priority);
    b.requirements.extend(all.into_iter().map(|(_, r)| r));
}

/// What people do with records that a pack keeps, in the words of the brief: `As an officer, I want
/// to approve the warning`. What is done with the brief's own records stands in its own pack.
fn told(brief: &Brief, packs: &[&Capability], name: &str) -> Vec<(Priority, Requirement)> {
    let mut all: Vec<(Priority, Requirement)> = Vec::new();
    let own = packs.iter().find(|p| p.id == crate::domain::ID);
    let deeds = crate::brief::story::story(brief);
    // What others handle wants nothing: `the warning reaches all phones`.
    let people = &groundplan_knowledge::design_tables().vocabulary;
    let handled = |who: &str| {
        let head = who.rsplit(' ').next().unwrap_or(who);
        // An agent looks up a subscriber, and subscribers act all the same.
        !people.is_somebody(head) && deeds.iter().any(|d| d.what.iter().any(|w| w == who))
    };
    for deed in &deeds {
        let person = crate::domain::actor(deed);
        if deed.agentless {
            all.extend(happens(brief, name, deed, all.len()));
            continue;
        }
        let Some(who) = person.filter(|who| !handled(who)) else {
            let machine = deed
                .who
                .as_deref()
                .filter(|who| person.is_none() && !handled(who));
            all.extend(machine.and_then(|who| by_itself(brief, name, who, deed, all.len())));
            continue;
        };
        let act = crate::domain::wanted(deed);
        // The same deed in the words of the brief's own records.
        let said = |r: &groundplan_knowledge::capability::Requirement| {
            let verb = r.wants.split(' ').next() == deed.verb.split(' ').next();
            let things = deed
                .what
                .iter()
                .all(|w| r.wants.contains(w.as_str()) || r.wants.contains(&crate::domain::many(w)));
            r.wants == act
                || verb && !deed.what.is_empty() && things && r.actor.replace('-', " ") == who
        };
        let known = own.is_some_and(|p| p.requirements.iter().any(said));
        let words: Vec<&str> = act.split_whitespace().collect();
        // `decide which tank each lot goes to` has no record and is wanted all the same; `work with
        // them` says nothing alone.
        let vague = |w: &&str| {
            [
                "it", "them", "and", "or", "with", "up", "out", "in", "on", "to", "for", "when",
                "this", "that",
            ]
            .contains(w)
        };
        let alone = deed.what.is_empty() && (words.len() < 3 || words.get(1).is_some_and(vague));
        let lost = words
            .get(1)
            .is_some_and(|w| ["it", "them", "that"].contains(w));
        if known || words.len() < 2 || alone || lost {
            continue;
        }
        let text = format!("As {} {who}, I want to {act}.", super::article(who));
        if all.iter().any(|(_, r)| r.text == text) {
            continue;
        }
        let things: Vec<String> = deed.what.iter().map(|w| crate::domain::many(w)).collect();
        let things = match things.is_empty() {
            true => "records".to_owned(),
            false => super::listed(&things),
        };
        let accept = match deed.act {
            crate::brief::story::Act::Read => format!(
                "{} sees the {things} that the role opens, and no number of others.",
                capital(&format!("{} {who}", super::article(who)))
            ),
            _ => format!(
                "Afterwards the {things} show what was done, by which {who} and when; a second try changes nothing."
            ),
        };
        let said = brief.fields.get(&Field::Purpose);
        all.push((
            Priority::Must,
            Requirement {
                id: format!("FR-brief-{}", all.len() + 1),
                kind: RequirementKind::Functional,
                text,
                priority: Some(Priority::Must),
                target: None,
                measurement: None,
                acceptance: vec![accept],
                provenance: Provenance::declared(said.and_then(|s| s.place.evidence.clone())),
            },
        ));
    }
    all
}

/// What is told without saying who does it: `Portfolios are run against catastrophe models`.
fn happens(
    brief: &Brief,
    name: &str,
    deed: &crate::brief::story::Deed,
    count: usize,
) -> Option<(Priority, Requirement)> {
    let noun = crate::domain::many(deed.what.first()?);
    let tail = deed.rest.strip_prefix(noun.as_str()).unwrap_or_default();
    let done = crate::brief::story::past(&deed.verb);
    let made = format!("{noun} are {done} {}", tail.trim());
    let text = deed.said.as_deref().unwrap_or(made.trim());
    let said = brief.fields.get(&Field::Purpose);
    let requirement = Requirement {
        id: format!("FR-brief-{}", count + 1),
        kind: RequirementKind::Functional,
        text: format!("{}.", capital(text)),
        priority: Some(Priority::Must),
        target: None,
        measurement: None,
        acceptance: vec![format!(
            "On staging {text}, and {name} records each time with its outcome; a failed one is tried again and told."
        )],
        provenance: Provenance::declared(said.and_then(|s| s.place.evidence.clone())),
    };
    Some((Priority::Must, requirement))
}

/// What a part of the system or a machine does: `The controller reports door cycles`.
fn by_itself(
    brief: &Brief,
    name: &str,
    who: &str,
    deed: &crate::brief::story::Deed,
    count: usize,
) -> Option<(Priority, Requirement)> {
    let plain = who
        .chars()
        .all(|c| c.is_ascii_lowercase() || c == ' ' || c == '-');
    let does = crate::domain::does(deed);
    // A tree that gets an order does nothing.
    let passive = ["get", "receive", "need", "want", "reach", "win"].contains(&deed.verb.as_str());
    // `parts replace each other`: of one of them it cannot be said.
    let mutual = deed.rest.contains("each other") || deed.rest.contains("one another");
    if passive || !plain || mutual || does.split(' ').count() < 2 || deed.what.is_empty() {
        return None;
    }
    let said = brief.fields.get(&Field::Purpose);
    let requirement = Requirement {
        id: format!("FR-brief-{}", count + 1),
        kind: RequirementKind::Functional,
        text: format!("{} {does}.", capital(&named_as(brief, who))),
        priority: Some(Priority::Must),
        target: None,
        measurement: None,
        acceptance: vec![format!(
            "On staging {} {does}; where that fails, the log of {name} says why and it is tried again.",
            named_as(brief, who)
        )],
        provenance: Provenance::declared(said.and_then(|s| s.place.evidence.clone())),
    };
    Some((Priority::Must, requirement))
}

/// Who acts, with the article unless the brief does without: `Marketing defines offers`, `AI ranks`.
fn named_as(brief: &Brief, who: &str) -> String {
    let text = brief.text(Field::Purpose);
    let words = crate::brief::tokens(text);
    let capitals = words
        .iter()
        .filter(|t| t.word() == who)
        .filter_map(|t| text.get(t.start..t.end))
        .find(|raw| raw.len() > 1 && raw.chars().all(|c| c.is_ascii_uppercase()));
    if let Some(capitals) = capitals {
        return capitals.to_owned();
    }
    let pointed = |i: usize| {
        let before = i.checked_sub(1).and_then(|k| words.get(k));
        before.is_some_and(|t| crate::brief::story::is_filler(t.word()))
    };
    let alone = !who.contains(' ')
        && (0..words.len()).any(|i| words.get(i).is_some_and(|t| t.word() == who) && !pointed(i));
    match alone {
        true => who.to_owned(),
        false => format!("the {who}"),
    }
}

/// What the brief demands in words that no pack has.
fn bound(m: &Maker) -> Vec<Requirement> {
    let test = "A test on staging, agreed with whoever answers the open question on it, shows before each phase that this holds";
    in_words("bound", &m.rules, test)
}

/// Requirements in the words of the brief, each accepted in the same way.
fn in_words(prefix: &str, rules: &[crate::brief::rules::Rule], test: &str) -> Vec<Requirement> {
    let requirement = |(i, rule): (usize, &crate::brief::rules::Rule)| Requirement {
        id: format!("FR-{prefix}-{}", i + 1),
        kind: match rule.deed {
            true => RequirementKind::Functional,
            false => RequirementKind::Operations,
        },
        text: format!("{}.", capital(&rule.text)),
        priority: Some(Priority::Must),
        target: None,
        measurement: None,
        acceptance: vec![format!("{test}: “{}”.", rule.text)],
        provenance: Provenance::declared(rule.place.evidence.clone()),
    };
    rules.iter().enumerate().map(requirement).collect()
}

/// Clauses of the purpose of which no requirement has most of the words.
pub(crate) fn lost(brief: &Brief, chosen: &Chosen, name: &str) -> Vec<crate::brief::rules::Rule> {
    let packs = chosen.packs();
    let own = packs.iter().find(|p| p.id == crate::domain::ID);
    let mut texts: Vec<String> = told(brief, &packs, name)
        .into_iter()
        .map(|(_, r)| r.text)
        .collect();
    for requirement in own.iter().flat_map(|p| &p.requirements) {
        texts.push(format!("{} {}", requirement.actor, requirement.wants));
    }
    // What a record holds stands in its columns.
    let deeds = crate::brief::story::story(brief);
    texts.extend(deeds.iter().map(|d| d.fields.join(" ")));
    let steps = brief.flows.iter().flat_map(|f| &f.steps);
    texts.extend(steps.map(|(step, _)| step.clone()));
    // What a capability was chosen by has its part in the design.
    texts.extend(chosen.spoken.iter().cloned());
    crate::brief::rules::untold(brief, &texts)
}

/// What the brief tells and no part of the design came from, in its own words.
fn untold(m: &Maker) -> Vec<Requirement> {
    let test = "Whoever answers the open question on it walks through it on staging before the first phase ends";
    in_words("told", &m.design.lost, test)
}

fn measures(m: &Maker, b: &mut Blueprint) {
    let all = &mut b.requirements;
    let add = |all: &mut Vec<Requirement>,
               id: &str,
               kind,
               text: &str,
               target: &str,
               measurement: &str,
               inputs: &[&str]| {
        all.push(Requirement {
            id: id.to_owned(),
            kind,
            text: m.tell(text),
            priority: Some(Priority::Must),
            target: Some(m.tell(target)),
            measurement: Some(m.tell(measurement)),
            acceptance: Vec::new(),
            provenance: m.computed("targets of the brief and of its kind of users", inputs),
        });
    };
    add(
        all,
        "NFR-performance",
        RequirementKind::Performance,
        "Answers stay fast at the peak of {load.peak_rps}.",
        "P50 {latency.p50_target_ms}, P99 {latency.p99_target_ms} at peak",
        "histogram of answer times at the edge, per operation, over 5 min",
        &["latency.p99_target_ms", "load.peak_rps"],
    );
    add(
        all,
        "NFR-availability",
        RequirementKind::Availability,
        "The system answers {slo.availability_target} of the requests of 30 days.",
        match m.design.outcome.reach.hours {
            Some(_) => {
                "{slo.availability_target}: {slo.error_budget_service_min_30d} of errors in the {slo.service_hours_30d} of service of 30 days, {slo.error_budget_min_30d} by the calendar"
            }
            None => {
                "{slo.availability_target}, that is {slo.error_budget_min_30d} of errors in 30 days"
            }
        },
        "share of answers without 5xx, at the edge",
        &["slo.availability_target"],
    );
    let alone = m.design.inputs.has("one_machine");
    add(
        all,
        "NFR-scalability",
        RequirementKind::Scalability,
        match alone {
            true => "The load may grow to what a larger machine carries.",
            false => {
                "The load may grow to the instances that are allowed without a change of the design."
            }
        },
        match m.design.facts.get("realtime.connections") {
            // One machine has no second beside it.
            Some(_) if alone => {
                "{load.peak_rps} at launch, {test.load_spike_rps} on a machine of twice the size; {realtime.connections} open at once on {realtime.gateways}; {data.gb_year3} after three years"
            }
            None if alone => {
                "{load.peak_rps} at launch, {test.load_spike_rps} on a machine of twice the size; {data.gb_year3} after three years"
            }
            Some(_) => {
                "{load.peak_rps} at launch, {test.load_spike_rps} with {compute.instances_max}; {realtime.connections} open at once on {realtime.gateways}; {data.gb_year3} after three years"
            }
            None => {
                "{load.peak_rps} at launch, {test.load_spike_rps} with {compute.instances_max}; {data.gb_year3} after three years"
            }
        },
        "load test before each phase, utilisation at peak at most 75 %",
        &["load.peak_rps", "data.gb_year3"],
    );
    add(
        all,
        "NFR-maintainability",
        RequirementKind::Maintainability,
        "A change of how {things} are handled touches one deployable, of {deployables} in all.",
        "80 % of the lines of domain modules under test; a reviewed change to {things} is live within a day",
        "coverage gate and lead time in the pipeline",
        &["deployables"],
    );
    add(
        all,
        "NFR-operations",
        RequirementKind::Operations,
        "A backup of {things} is worth what its last restore proved.",
        match m.design.facts.get("recovery.restore_late_min").is_some() {
            _ if super::loses(m) => {
                "after the loss of the database writes again within {recovery.failover_min}, without what was written since the last copy outside; a restore test each quarter"
            }
            true => {
                "after the loss of the database writes again within {recovery.failover_min}, at most {recovery.rpo_min} of data lost; a full restore within {data.restore_h}, tested each quarter"
            }
            false => {
                "recovery within {recovery.rto_min}, at most {recovery.rpo_min} of data lost; a restore test each quarter"
            }
        },
        "restore drill with a clock",
        &["recovery.rto_min", "recovery.rpo_min"],
    );
    if m.brief.criticality() == Some("life") {
        add(
            all,
            "NFR-safety",
            RequirementKind::Operations,
            "While the system is down, those whose lives depend on it follow a procedure that needs no part of it.",
            "the procedure is rehearsed twice a year and carries {recovery.rto_min}",
            "protocol of the rehearsal, signed by who runs the site",
            &["recovery.rto_min", "slo.availability_target"],
        );
    }
    let budget = m.design.facts.get("budget").is_some();
    let cost = if budget {
        format!("at most {{budget}}; the design {}", super::costs(m))
    } else {
        format!("the design {}; no budget is stated", super::costs(m))
    };
    let licences = match m.design.facts.get("cost.item.database_licences") {
        Some(_) => "; licences of the database are {cost.item.database_licences} of it",
        None => "",
    };
    let cost = &format!("{cost}{licences}");
    add(
        all,
        "NFR-cost",
        RequirementKind::Cost,
        "Hosting stays within what the table of prices predicts.",
        cost,
        "monthly bill by tag, alerts at 50, 80 and 100 %",
        &["cost.low", "cost.high"],
    );
    for (pack, list, assumed) in applying(m) {
        for control in list {
            let private = pack.id == "gdpr";
            all.push(Requirement {
                id: format!("{} {}", pack.name, control.reference),
                kind: if private {
                    RequirementKind::Privacy
                } else {
                    RequirementKind::Security
                },
                text: format!("{} {}: {}.", pack.name, control.reference, control.text),
                priority: Some(Priority::Must),
                target: None,
                measurement: Some(format!(
                    "evidence for {} {}, reviewed each quarter",
                    pack.name, control.reference
                )),
                acceptance: Vec::new(),
                provenance: control_reason(m, pack, assumed),
            });
        }
    }
    if m.design.inputs.packs.is_empty() {
        add(
            all,
            "NFR-security",
            RequirementKind::Security,
            "No compliance pack is named; access to {things}, encryption and audit follow the threats below.",
            "none of the top five threats to {name} stays above medium",
            "verification test of each threat in the pipeline",
            &["compliance.packs"],
        );
    }
    let months = number(m.design.facts.number("compliance.audit_retention_months"));
    add(
        all,
        "NFR-audit",
        RequirementKind::Security,
        "Who did what to which {thing} is recorded and cannot be changed.",
        &format!(
            "audit records are kept for {months} months{}",
            if months == "72" { " (6 years)" } else { "" }
        ),
        "a test writes, tries to change and reads an audit record",
        &["compliance.audit_retention_months"],
    );
}

fn levels(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    let f = |path: &str| m.fact(path);
    let mut add = |id: &str,
                   indicator: &str,
                   target: String,
                   percentile: Option<&str>,
                   predicted: Option<String>,
                   inputs: &[&str]| {
        b.slos.push(Slo {
            id: id.to_owned(),
            indicator: indicator.to_owned(),
            target,
            percentile: percentile.map(str::to_owned),
            window: Some("30 d".to_owned()),
            element: Some(parts.edge.clone()),
            predicted,
            achieved: None,
            provenance: m.computed("target and prediction of the facts", inputs),
        });
    };
    add(
        "slo.availability",
        "availability",
        f("slo.availability_target"),
        None,
        Some(f("slo.availability_predicted")),
        &["slo.availability_target", "slo.availability_predicted"],
    );
    if let Some(hours) = m.design.outcome.reach.hours {
        let share = number(hours);
        add(
            "slo.availability-service",
            &format!("availability in the {share} service hours of a week"),
            f("slo.availability_target"),
            None,
            Some(f("slo.availability_service_predicted")),
            &[
                "slo.availability_target",
                "slo.availability_service_predicted",
                "slo.error_budget_service_min_30d",
            ],
        );
    }
    add(
        "slo.latency-p50",
        "response time at peak",
        f("latency.p50_target_ms"),
        Some("P50"),
        Some(f("latency.read_p50_predicted_ms")),
        &["latency.p50_target_ms", "latency.read_p50_predicted_ms"],
    );
    add(
        "slo.latency-p99",
        "response time at peak",
        f("latency.p99_target_ms"),
        Some("P99"),
        Some(f("latency.p99_predicted_ms")),
        &["latency.p99_target_ms", "latency.p99_predicted_ms"],
    );
    // What the brief bounds in time is a level of its own: `alarms within 90 s`.
    for (i, (rule, indicator, target)) in
        crate::brief::rules::bounds(m.brief).into_iter().enumerate()
    {
        b.slos.push(Slo {
            id: format!("slo.named.{:02}", i + 1),
            indicator,
            target,
            percentile: None,
            window: Some("30 d".to_owned()),
            element: Some(parts.main()),
            predicted: None,
            achieved: None,
            provenance: Provenance::declared(rule.place.evidence.clone()),
        });
    }
    let mut order = m.packs.clone();
    order.sort_by_key(|p| (p.always_if.is_some(), p.id.clone()));
    for pack in order {
        for s in &pack.slos {
            let said = m.nouns.text(&s.indicator);
            let indicator = match is_operation(&s.indicator) {
                true => m.nouns.identifier(&said),
                false => said,
            };
            b.slos.push(Slo {
                id: format!(
                    "slo.{}.{}.{}",
                    if pack.always_if.is_some() {
                        "platform"
                    } else {
                        "own"
                    },
                    pack.id,
                    s.id
                ),
                indicator,
                target: signs(&m.nouns.filled(&within(m, &s.indicator, &s.target))),
                percentile: None,
                window: Some(s.window.clone()),
                element: Some(parts.main()),
                predicted: of_operation(m, pack, &s.indicator, &s.target),
                achieved: None,
                provenance: m.reason(pack),
            });
        }
    }
}

/// Whether an indicator is about one operation: `POST /v1/bookings`.
fn is_operation(indicator: &str) -> bool {
    indicator
        .split_once(' ')
        .is_some_and(|(_, path)| path.starts_with("/v1/"))
}

/// The target of one operation: where the brief states how fast all of them answer, none is slower.
fn within(m: &Maker, indicator: &str, target: &str) -> String {
    let stated = m.brief.number("constraints.p99_ms");
    let operation = is_operation(indicator);
    let own = target
        .strip_prefix("P99 <= ")
        .and_then(|t| t.split_once(' '))
        .and_then(|(n, unit)| {
            let scale = match unit {
                "ms" => 1.0,
                "s" => 1e3,
                _ => return None,
            };
            Some(n.parse::<f64>().ok()? * scale)
        });
    match (stated, own) {
        (Some(all), Some(own)) if operation && own > all => {
            format!("P99 <= {} ms", number(all))
        }
        _ => target.to_owned(),
    }
}

/// What the model predicts for the response time of one operation: that of reads or writes, where no
/// outside system has a part in it.
fn of_operation(m: &Maker, pack: &Capability, indicator: &str, target: &str) -> Option<String> {
    let (method, path) = indicator.split_once(' ')?;
    let alone = path.starts_with("/v1/") && !path.contains(' ') && pack.externals.is_empty();
    let reads = match method {
        "GET" => true,
        "POST" | "PUT" | "PATCH" | "DELETE" => false,
        _ => return None,
    };
    let fact = match reads {
        true => "latency.read_p99_predicted_ms",
        false => "latency.write_p99_predicted_ms",
    };
    let known = m.design.facts.get(fact).is_some();
    (alone && known && target.starts_with("P99")).then(|| m.fact(fact))
}

/// Comparisons as readers write them.
fn signs(text: &str) -> String {
    text.replace("<=", "≤").replace(">=", "≥")
}

fn identity(m: &Maker, b: &mut Blueprint) {
    let said = |field: Field| {
        let said = m.brief.fields.get(&field)?;
        (!said.is_empty()).then(|| Statement {
            text: m.brief.written(field),
            provenance: Provenance::declared(said.place.evidence.clone()),
        })
    };
    b.system.purpose = said(Field::Purpose);
    let verbs: Vec<String> = m
        .packs
        .iter()
        .filter(|p| p.always_if.is_none())
        .map(|p| m.nouns.text(&p.about))
        .take(3)
        .collect();
    b.system.problem = Some(Statement {
        text: format!("Today nobody {}", verbs.join("; nobody "))
            .replace("nobody nobody", "nobody"),
        provenance: m.computed(
            "the capabilities of the brief, as their absence",
            &["capabilities"],
        ),
    });
    if verbs.is_empty() {
        b.system.problem = None;
    } else if let Some(problem) = &mut b.system.problem {
        problem.text = format!(
            "The work that the system takes over: it {}",
            verbs.join("; it ")
        );
    }
    b.system.style = Some(m.say(
        &format!(
            "{}, {{parts}} for {{team.engineers}}",
            capital(m.design.outcome.name("style"))
        ),
        m.decided("style"),
    ));
    for pack in m.packs.iter().filter(|p| p.always_if.is_none()) {
        // The words that brought it stand beside it, so that a wrong one is seen.
        let said = match m.design.chosen.reasons.get(pack.id.as_str()) {
            Some(crate::capabilities::Reason::Words { words, .. })
                if pack.id != crate::domain::ID && !words.trim().is_empty() =>
            {
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                format!(" (the brief says “{words}”)")
            }
            _ => String::new(),
        };
        b.system.features.push(Statement {
            text: format!("{}: {}{said}", pack.name, m.nouns.text(&pack.about)),
            provenance: m.reason(pack),
        });
    }
    let mut keep = |key: &str, statement: Option<Statement>| {
        if let Some(statement) = statement {
            b.system.constraints.push((key.to_owned(), statement));
        }
    };
    let facts = |template: &str, inputs: &[&str]| {
        Some(m.say(template, m.computed("facts of the design", inputs)))
    };
    keep(
        "team",
        said(Field::Team)
            .filter(|_| m.brief.number("team.engineers").is_some())
            .or_else(|| facts("{team.engineers} are assumed", &["team.engineers"])),
    );
    keep(
        "timeline",
        said(Field::Timeline)
            .filter(|_| m.brief.number("timeline.weeks").is_some())
            .or_else(|| facts("{schedule.weeks} are assumed", &["schedule.weeks"])),
    );
    keep(
        "scale",
        said(Field::Scale).or_else(|| facts("{load.mau} a month are assumed", &["load.mau"])),
    );
    keep("stack", said(Field::Stack));
    keep("constraints", said(Field::Constraints));
    if let Some(stated) = m.brief.numbers.get("constraints.budget_per_month") {
        keep(
            "budget",
            Some(Statement {
                text: m
                    .design
                    .facts
                    .filled(&format!("{{budget}}; the design {}", super::costs(m))),
                provenance: Provenance::declared(stated.place.evidence.clone()),
            }),
        );
    } else {
        keep(
            "budget",
            facts(
                &format!("No budget is stated; the design {}", super::costs(m)),
                &["cost.low", "cost.high"],
            ),
        );
    }
    let packs: Vec<String> = applying(m)
        .iter()
        .map(|(p, _, assumed)| {
            format!(
                "{} ({}){}",
                p.name,
                p.what,
                if *assumed { ", assumed" } else { "" }
            )
        })
        .collect();
    if !packs.is_empty() {
        let evidence = m.brief.packs.values().filter_map(|p| p.evidence.clone());
        keep(
            "compliance",
            Some(Statement {
                text: format!(
                    "{} is designed for {}; no document certifies it",
                    m.name,
                    packs.join(", ")
                ),
                provenance: Provenance::declared(evidence),
            }),
        );
    } else {
        keep(
            "compliance",
            facts("No compliance pack is named", &["compliance.packs"]),
        );
    }
    let people = m.design.outcome.load.mau;
    if people > 0.0 || m.design.outcome.load.dau > 0.0 {
        keep(
            "users",
            facts(
                "{load.dau} a day, {load.segment}",
                &["load.dau", "load.segment"],
            ),
        );
    }
}
