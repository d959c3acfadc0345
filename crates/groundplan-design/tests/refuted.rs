//! Phrases that say something else than they seem to: each of them was once read wrongly.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{design, read_brief};

/// A number of a brief with these constraints.
fn bound(constraints: &str, key: &str) -> Option<f64> {
    let text = format!("purpose: Clerks file cases.\nconstraints: \"{constraints}\"\nteam: 4\n");
    read_brief("brief.yaml", &text).0.number(key)
}

/// The name of a system with this purpose.
fn name(purpose: &str) -> String {
    let text = format!("purpose: \"{purpose}\"\nteam: 4\n");
    read_brief("brief.yaml", &text).0.name()
}

#[test]
fn standstills_of_other_things_bound_no_recovery() {
    for said in [
        "The phone lines of the service must not be down for more than 5 minutes.",
        "A sensor on the site must not be offline for more than 10 minutes.",
        "When a freezer fails, it must be back within 2 hours.",
        "If a tool is lent out, it must be back within 24 hours.",
        "Customers do not pay for an outage longer than 6 hours.",
        "Gateways buffer readings over an interruption of up to 3 days.",
        "Tablets must work through an outage of up to 8 hours.",
        "An interruption in the cold chain of more than 15 minutes is not acceptable.",
        "No interruption longer than 30 minutes of the data feed is accepted.",
        "The old system had no outage longer than 2 hours last year; 99.9 %.",
    ] {
        assert_eq!(bound(said, "constraints.rto_min"), None, "{said}");
    }
    for said in [
        "In July it must be back within 15 minutes.",
        "If the system fails, it must be back within 15 minutes.",
        "An outage of up to 15 minutes can be tolerated.",
        "The new system must not be down for more than 15 minutes.",
    ] {
        assert_eq!(bound(said, "constraints.rto_min"), Some(15.0), "{said}");
    }
}

#[test]
fn what_is_lost_on_a_shelf_or_at_a_stop_is_no_data() {
    for said in [
        "At most 2 minutes may be lost at each stop.",
        "Paper records must never be lost.",
    ] {
        assert_eq!(bound(said, "constraints.rpo_min"), None, "{said}");
    }
}

#[test]
fn an_availability_beside_a_time_is_no_share_of_answers() {
    for (said, expected) in [
        ("Pages in under 2 s and 99.9 % around the clock.", 99.9),
        (
            "The shop answers in 1 s and is up 99.9 % of the time.",
            99.9,
        ),
        ("Response under 1 s / 99.5 %, EU hosting.", 99.5),
    ] {
        let read = bound(said, "constraints.availability");
        assert_eq!(read, Some(expected), "{said}");
    }
    let said = "95 % of requests within 300 ms and 99 % within 1 s";
    assert_eq!(bound(said, "constraints.availability"), None, "{said}");
}

#[test]
fn what_a_person_takes_is_no_latency() {
    for said in [
        "Printing pages takes less than 60 s in 95 % of cases.",
        "95 % of requests for help are answered by an agent within 60 s.",
        "99 % of service requests are taken up by a technician within 2 minutes.",
    ] {
        for key in [
            "constraints.p95_ms",
            "constraints.p99_ms",
            "constraints.availability",
        ] {
            assert_eq!(bound(said, key), None, "{said}: {key}");
        }
    }
}

#[test]
fn who_asks_for_something_else_names_no_system() {
    for (purpose, expected) in [
        (
            "Employees request a new application; managers approve it. Technicians install laptops.",
            "Application system",
        ),
        (
            "Hospitals need a replacement for a broken device quickly. Technicians deliver loan devices.",
            "Hospitals need a replacement",
        ),
        (
            "We run Kubernetes clusters for banks. Administrators order clusters; engineers patch nodes.",
            "Cluster system",
        ),
    ] {
        assert_eq!(name(purpose), expected, "{purpose}");
    }
}

/// The packs of a brief with these constraints.
fn packs(constraints: &str) -> Vec<String> {
    let text = format!(
        "purpose: \"Clerks register parcels and print labels.\"\nscale: \"900 clerks\"\nteam: 4\nconstraints: \"{constraints}\"\n"
    );
    let (brief, read) = read_brief("brief.yaml", &text);
    let made = design(&brief, read).0.unwrap();
    let ids = &made.chosen.reasons;
    ids.keys().map(|id| (*id).to_owned()).collect()
}

#[test]
fn what_somebody_must_be_able_to_do_is_built() {
    let has = |said: &str, id: &str| packs(said).iter().any(|p| p == id);
    assert!(has("Buyers and sellers must be able to chat.", "messaging"));
    // Who is able to do it is no demand for what they are called.
    assert!(!has("Buyers and sellers must be able to chat.", "orders"));
    assert!(!has("Nobody must be able to chat.", "messaging"));
}

#[test]
fn customers_who_changed_something_are_no_trail() {
    let months = |said: &str| {
        let text = format!(
            "purpose: \"Clerks register parcels and print labels.\"\nscale: \"900 clerks\"\nteam: 4\nconstraints: \"{said}\"\n"
        );
        let (brief, read) = read_brief("brief.yaml", &text);
        design(&brief, read)
            .0
            .unwrap()
            .facts
            .number("compliance.audit_retention_months")
    };
    let said = "Data of customers who changed supplier is kept 10 years.";
    assert_eq!(months(said).round(), 12.0);
    let said = "Who opened a record is kept 10 years.";
    assert_eq!(months(said).round(), 120.0);
}
