//! Quality scenarios (arc42 10, ISO/IEC 25010:2023): who or what does something to which part, in
//! which circumstances, what the system answers, and what proves it. Generated, never free text.

use super::Maker;
use crate::decide::Driver;
use crate::facts::number;
use groundplan_model::{Blueprint, Priority, Requirement, RequirementKind};

/// Adds a scenario for each characteristic that has one here.
pub(super) fn scenarios(m: &Maker, b: &mut Blueprint) {
    let mut add = |id: &str, text: &str, target: &str, measure: &str, inputs: &[&str]| {
        b.requirements.push(Requirement {
            id: format!("QS-{id}"),
            kind: RequirementKind::Operations,
            text: m.tell(text),
            priority: Some(Priority::Must),
            target: Some(m.tell(target)),
            measurement: Some(m.tell(measure)),
            acceptance: Vec::new(),
            provenance: m.computed("quality scenario of the design", inputs),
        });
    };
    // One instance has no others.
    let single = m.design.facts.number("compute.instances") <= 1.0;
    add(
        "reliability-instance",
        match single {
            true => {
                "When the only instance ends at the peak of {load.peak_rps}, {persons} cannot reach their {things} until the platform has started it again."
            }
            false => {
                "When one of {compute.instances} ends at the peak of {load.peak_rps}, the others carry the {things} that it served."
            }
        },
        match single {
            true => "answers again within {recovery.rto_min}, and nothing lost that was confirmed",
            false => "no answer 5xx after 30 s; utilisation of the rest at most 75 %",
        },
        "an instance is ended during the load test before each phase",
        match single {
            true => &["compute.instances", "load.peak_rps", "recovery.rto_min"],
            false => &["compute.instances", "load.peak_rps"],
        },
    );
    let restored = m.design.outcome.tier < 2;
    add(
        "reliability-database",
        match restored {
            true => {
                "When the database fails, changes of {things} are refused with 503 until it is restored from its backup."
            }
            false => {
                "When the primary database fails at the peak, changes of {things} are refused with 503 until the other one takes over."
            }
        },
        match m.design.facts.number("recovery.rpo_min") > 0.0 {
            _ if super::loses(m) => {
                "writes again after {recovery.failover_min}; lost is what was written since the last copy outside"
            }
            true => {
                "writes again after {recovery.failover_min}, at most the last {recovery.rpo_min} of changes lost"
            }
            false => {
                "writes again after {recovery.failover_min}, and nothing lost that was confirmed"
            }
        },
        "drill each quarter, with a counter of confirmed and found {things}",
        &["recovery.failover_min", "recovery.rpo_min"],
    );
    if let Some(partner) = m.brief.partners.iter().find(|p| {
        // Who waits for an answer leaves nothing in a queue.
        super::neighbours::exchanges(&p.what) && !super::neighbours::asked(m.brief, &p.name)
    }) {
        let text = format!(
            "When {} is silent for an hour at the peak, up to {{integration.backlog_1h}} wait for it and none is lost.",
            partner.name
        );
        add(
            "compatibility",
            &text,
            "all sent {integration.drain_min} after its return",
            "the contract test closes the partner's address for an hour at the peak",
            &["integration.backlog_1h", "integration.drain_min"],
        );
    }
    let flips = m.design.flips.iter();
    let first = flips
        .flat_map(|(path, all)| all.iter().map(move |f| (path, f)))
        .filter(|(_, f)| f.driver == Driver::PeakLoad && f.at > f.now)
        .min_by(|a, b| a.1.at.total_cmp(&b.1.at));
    if let Some((path, flip)) = first {
        let tenfold = m.design.outcome.load.peak * 10.0;
        let taken = m
            .design
            .outcome
            .taken
            .values()
            .find(|t| t.spec.path == *path);
        let what = taken.map_or_else(|| path.replace('_', " "), |t| t.spec.title.to_lowercase());
        let text = match flip.at > tenfold {
            true => format!(
                "Ten times the load, {} requests/s, changes no decision; the first that changes is that on {what}, from about {} requests/s.",
                number(tenfold),
                number(flip.at)
            ),
            false => format!(
                "When the load grows tenfold, to {} requests/s, the decision on {what} is the first that no longer holds, from about {} requests/s.",
                number(tenfold),
                number(flip.at)
            ),
        };
        add(
            "flexibility",
            &text,
            &format!(
                "{} is planned before the load reaches half of that",
                flip.to
            ),
            "the monthly peak is drawn against the value",
            &["load.peak_rps", path],
        );
    }
    if m.design.chosen.people {
        let persons = m.tell("{persons}");
        let text = format!(
            "{} who see, hear or move otherwise do with keyboard and screen reader what all {persons} do.",
            super::capital(&persons),
        );
        add(
            "interaction",
            &text,
            &format!(
                "WCAG {} on each screen",
                crate::brief::rules::accessibility(m.brief)
                    .as_deref()
                    .unwrap_or("2.2 AA")
            ),
            "an automatic check in the pipeline, and a test with five people before launch",
            &["capabilities"],
        );
    }
}
