//! What rubrics of strangers found missing, by class, each beside briefs of another trade or wording
//! that must not change.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{Brief, Design, design, read_brief};

fn brief(text: &str) -> Brief {
    read_brief("brief.yaml", text).0
}

fn made(text: &str) -> Design {
    let (brief, read) = read_brief("brief.yaml", text);
    design(&brief, read).0.unwrap()
}

fn six(purpose: &str, scale: &str, constraints: &str) -> String {
    format!(
        "purpose: \"{purpose}\"\nscale: \"{scale}\"\nteam: 9 engineers\ntimeline: 9 months\nconstraints: \"{constraints}\"\n"
    )
}

fn codes(design: &Design) -> Vec<&str> {
    design.findings.iter().map(|f| f.code.as_str()).collect()
}

fn packs(purpose: &str, constraints: &str) -> Vec<&'static str> {
    let design = made(&six(purpose, "500 users", constraints));
    design.chosen.reasons.keys().copied().collect()
}

#[test]
fn what_is_raw_is_there_as_long_as_it_is_kept() {
    let year = |scale: &str| {
        let text = six("Agents send lines, engineers search lines.", scale, "");
        made(&text).facts.number("data.gb_year1")
    };
    let said = "90 users, 40k events/s peak, 3 TB/day, raw lines deleted after 30 days";
    assert!((year(said) - 90_000.0).abs() < 1.0);
    for other in [
        "90 users, 40k events/s peak, 3 TB/day, raw lines deleted after 30 days, totals stay",
        "90 users, 3 TB/day, raw lines deleted after 30 days",
        "90 users, 3 TB/day, thumbnails deleted after 30 days",
        "90 users, 3 TB/day, raw bean orders kept 30 days",
        "90 users, 3 TB/day, reduced frames kept 10 years",
    ] {
        assert!((year(other) - 1_095_000.0).abs() < 1.0, "{other}");
    }
    let bounded = |constraints: &str| {
        let text = six(
            "Agents send lines, engineers search lines.",
            said,
            constraints,
        );
        brief(&text).numbers.contains_key("scale.raw_kept_years")
    };
    assert!(bounded("data must stay in the EU"));
    assert!(!bounded("totals stay for ever"));
}

#[test]
fn nobody_keeps_people_for_ever_under_a_law_that_limits_it() {
    let found = |constraints: &str| {
        let design = made(&six(
            "Clerks register boats of owners.",
            "500 users",
            constraints,
        ));
        let all = codes(&design);
        let said = ["C-KEEP-FOREVER", "W-KEEP-FOREVER"];
        said.into_iter().find(|c| all.contains(c))
    };
    assert_eq!(found("GDPR, keep all CVs forever"), Some("C-KEEP-FOREVER"));
    assert_eq!(
        found("GDPR, customer accounts are never deleted"),
        Some("C-KEEP-FOREVER")
    );
    assert_eq!(
        found("GDPR, coins are kept permanently"),
        Some("W-KEEP-FOREVER")
    );
    for other in [
        "keep all CVs forever",
        "GDPR, nothing about clients may be kept forever",
        "GDPR, the audit log is never deleted",
        "GDPR, keep invoices 10 years",
        "GDPR, a lamp burns permanently",
        "GDPR, customer accounts are never deleted by us unless they ask",
        "GDPR; we don't want to keep chats forever",
        "GDPR, avoid keeping profiles indefinitely",
        "GDPR, call recordings are stored and permanently encrypted",
        "GDPR, blocked users are kept out permanently",
        "GDPR, contact data is deleted permanently and we keep totals",
        "GDPR, wrong entries are never deleted but struck out",
    ] {
        assert_eq!(found(other), None, "{other}");
    }
}

#[test]
fn what_stays_may_be_a_part() {
    let pinned = |constraints: &str| {
        let said = brief(&six("Agencies plan tours.", "500 users", constraints));
        (
            said.pinned.keys().cloned().collect::<Vec<_>>(),
            said.hosting.keys().cloned().collect::<Vec<_>>(),
        )
    };
    let none: Vec<String> = Vec::new();
    let of = |place: &str| vec![place.to_owned()];
    assert_eq!(
        pinned("documents of EU workspaces must stay in the EU").0,
        of("eu")
    );
    assert_eq!(
        pinned("data of German customers must stay in Germany").0,
        of("eu")
    );
    assert_eq!(pinned("data must stay in the EU").0, none);
    assert_eq!(pinned("EU region, data must stay in the EU").0, none);
    assert_eq!(pinned("two regions (EU and US)").1, ["eu", "us"]);
    assert_eq!(
        pinned("we store everything in two regions (EU and US)").1,
        ["eu", "us"]
    );
    assert_eq!(pinned("two sales regions (EU and US)").1, none);
    assert_eq!(pinned("two offices (EU and US)").1, none);
}

#[test]
fn sox_is_a_law_in_capitals_only() {
    let bound = |constraints: &str| {
        let said = brief(&six(
            "Finance staff book journals.",
            "500 users",
            constraints,
        ));
        (said.packs.contains_key("sox"), said.later.len())
    };
    assert_eq!(bound("SOX, RPO 0"), (true, 0));
    assert_eq!(
        bound("must work with the Red Sox ticket office"),
        (false, 0)
    );
    assert_eq!(bound("SOx limits of IMO"), (false, 0));
    assert_eq!(bound("report of SOX emissions"), (false, 0));
    assert_eq!(bound("SOX asks for limits per clerk"), (true, 0));
    assert_eq!(bound("SOX later"), (false, 1));
}

#[test]
fn products_are_bought_for_what_a_system_is_mostly_about() {
    let kind = |purpose: &str| {
        made(&six(purpose, "500 users", ""))
            .facts
            .shown("product.kind")
    };
    assert_eq!(
        kind("Recruiting tool: candidates upload CVs, recruiters schedule interviews."),
        "an applicant tracking product"
    );
    assert_eq!(
        kind("Genome lab: samples are sequenced, results released, clients take a survey after."),
        "none that is known"
    );
}

#[test]
fn a_date_without_a_beginning_is_understood() {
    let found = |timeline: &str| {
        let text = format!(
            "purpose: Clerks register boats.\nscale: 200 users\nteam: 2\ntimeline: \"{timeline}\"\n"
        );
        let design = made(&text);
        codes(&design)
            .into_iter()
            .find(|c| c.contains("TIMELINE"))
            .map(str::to_owned)
    };
    assert_eq!(found("by 2028-06").as_deref(), Some("A-TIMELINE-START"));
    assert_eq!(found("soon").as_deref(), Some("V-TIMELINE-UNPARSED"));
    assert_eq!(found("6 months"), None);
    assert_eq!(found("start in January 2027, live by June 2027"), None);
}

#[test]
fn rates_of_programs_that_ask_for_flags_read() {
    let reads = |purpose: &str, scale: &str| {
        made(&six(purpose, scale, ""))
            .facts
            .number("load.read_fraction")
    };
    let flags =
        "Feature flag service: SDKs in apps fetch flag rules, teams roll out by percentage.";
    assert!(reads(flags, "30k rps peak, 2,500 companies") > 0.98);
    for (purpose, scale) in [
        (flags, "30k rps peak, 2M MAU"),
        (
            "Shop orders with feature flags for new checkout.",
            "800 rps",
        ),
        (
            "Experiments: analysts run experiments, apps report events.",
            "20k events/s peak",
        ),
        ("Clerks register boats.", "300 rps peak"),
    ] {
        assert!(reads(purpose, scale) < 0.98, "{purpose} {scale}");
    }
}

#[test]
fn pay_people_and_applicants_are_three_things() {
    let of = |purpose: &str| {
        let all = packs(purpose, "");
        ["payroll", "people", "recruiting"]
            .into_iter()
            .filter(|p| all.contains(p))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("Recruiting tool: candidates upload CVs, recruiters schedule interviews."),
        ["recruiting"]
    );
    assert_eq!(
        of("HR portal: employees file leave requests, managers approve them."),
        ["people"]
    );
    assert_eq!(
        of("Payroll: the office computes wages and staff download payslips."),
        ["payroll", "people"]
    );
    assert_eq!(
        of("A blood bank recruits donors and books appointments."),
        [""; 0]
    );
    assert_eq!(
        of("Landlords list vacancies of flats, tenants book viewings."),
        [""; 0]
    );
}

#[test]
fn results_from_the_system_of_a_laboratory_make_none() {
    let of = |purpose: &str, constraints: &str| {
        let all = packs(purpose, constraints);
        ["escalation", "health", "lab"]
            .into_iter()
            .filter(|p| all.contains(p))
            .collect::<Vec<_>>()
    };
    let ward = "Lab results for hospital wards: results arrive from the lab system, clinicians see them per patient, critical values alert staff until somebody acknowledges.";
    assert_eq!(of(ward, "HIPAA"), ["escalation", "health"]);
    assert_eq!(
        of(
            "Laboratory software: technicians register samples, analysers send values, doctors read results.",
            ""
        ),
        ["lab"]
    );
    assert_eq!(
        of(
            "Clinics plan beds; nurses assign beds to patients.",
            "HIPAA"
        ),
        [""; 0]
    );
    assert_eq!(
        of(
            "Customers open tickets, agents escalate tickets to experts.",
            ""
        ),
        [""; 0]
    );
}

#[test]
fn what_a_system_notes_of_itself_is_no_record() {
    let entities = |purpose: &str| {
        let design = made(&six(purpose, "500 users", ""));
        let all = design.blueprint.entities.into_iter();
        all.map(|e| e.id).collect::<Vec<_>>()
    };
    let audited = entities("Teams switch feature flags. Every change is audited.");
    assert!(!audited.iter().any(|e| e == "change"), "{audited:?}");
    let proposed = entities("Clerks propose changes of addresses; the head approves changes.");
    assert!(
        proposed.iter().any(|e| e.contains("change")),
        "{proposed:?}"
    );
}

#[test]
fn services_share_the_instances() {
    let design = made(&six(
        "Marketplace: sellers list bikes, buyers search, order and pay by card, chat with the seller, managers read sales reports.",
        "1M MAU, 9k rps peak",
        "99.9%",
    ));
    let total = design.facts.number("compute.instances");
    let copies = |e: &groundplan_model::Element| {
        let own = e.role == Some(groundplan_model::Role::Service);
        let value = e.attributes.iter().find(|a| a.key == "replicas" && own)?;
        value.value.parse::<f64>().ok()
    };
    let all: Vec<f64> = design
        .blueprint
        .elements
        .iter()
        .filter_map(copies)
        .collect();
    if all.len() > 1 {
        let sum: f64 = all.iter().sum();
        assert!(sum >= total, "{all:?} of {total}");
    }
}

/// What a system is about, as the operators' wish calls it.
fn about(title: &str, purpose: &str) -> String {
    let text = format!("title: {title}\n{}", six(purpose, "500 users", ""));
    let told = serde_json::to_string(&made(&text).blueprint).unwrap();
    let (_, behind) = told.split_once("abuse of ").unwrap();
    behind.split_once(" stops").unwrap().0.to_owned()
}

#[test]
fn what_a_system_is_about_is_no_attachment() {
    for (title, purpose, thing) in [
        (
            "Insurance claims",
            "Claims handling: customers report damage and upload photos, adjusters assess the sum.",
            "claims",
        ),
        (
            "Tax returns",
            "Filing of tax: citizens fill in their return, upload receipts and submit it, clerks assess it.",
            "returns",
        ),
        // Where a photo is what it is all about, it stays.
        (
            "Photo contest",
            "People post photos, and juries look at photos.",
            "photos",
        ),
        (
            "Hotel booking",
            "Guests reserve a room and pay a deposit by card.",
            "rooms",
        ),
        (
            "Parcels",
            "Scanners report each parcel they see, receivers follow theirs.",
            "parcels",
        ),
    ] {
        assert_eq!(about(title, purpose), thing, "{title}");
    }
}

#[test]
fn what_proves_records_is_kept_as_long_as_they_are() {
    let months = |constraints: &str| {
        let text = six("Adjusters assess claims.", "500 users", constraints);
        made(&text)
            .facts
            .number("compliance.audit_retention_months")
    };
    assert_eq!(months("claim records kept 10 years"), 120.0);
    for other in [
        "claim photos kept 10 years",
        "claim records kept 2 years",
        "call records deleted after 90 days",
    ] {
        assert_eq!(months(other), 12.0, "{other}");
    }
}

#[test]
fn who_fills_in_an_application_comes_for_it() {
    let average =
        |purpose: &str, scale: &str| made(&six(purpose, scale, "")).facts.number("load.avg_rps");
    let forms = "Applicants submit applications, clerks approve or reject them.";
    let items = 86_400.0;
    let one = |scale: &str| average(forms, scale) * items;
    assert!((one("2,500 applications a day") - 25_000.0).abs() < 1.0);
    // Who is counted makes the load.
    assert!(one("2,500 applications a day, 100 users") < 25_000.0);
    let scans = average("Scanners report each parcel.", "2,500 scans a day") * items;
    assert!((scans - 2_500.0).abs() < 1.0, "{scans}");
}

#[test]
fn a_law_is_cited_where_it_binds() {
    let cites = |constraints: &str| {
        let design = made(&six(
            "Dating app: people swipe, match, chat.",
            "50M MAU",
            constraints,
        ));
        let mut all = design.blueprint.questions.iter();
        all.find(|q| q.key == "minors")
            .map(|q| q.text.contains("GDPR"))
    };
    assert_eq!(cites("GDPR"), Some(true));
    assert_eq!(cites(""), Some(false));
}
