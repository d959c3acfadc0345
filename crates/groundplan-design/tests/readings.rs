//! What readers of designed documents would not sign, by class: sizes, days, sign-in, status quo,
//! partners, and words that bring no product.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{Brief, Design, design, read_brief};
use std::fmt::Write as _;

fn brief(text: &str) -> (Brief, Vec<String>) {
    let (brief, found) = read_brief("brief.yaml", text);
    let told = |d: &groundplan_model::Diagnostic| format!("{}: {}", d.name, d.message);
    (brief, found.iter().map(told).collect())
}

fn made(text: &str) -> Design {
    let (brief, read) = read_brief("brief.yaml", text);
    design(&brief, read).0.unwrap()
}

fn four(purpose: &str, scale: &str) -> String {
    format!("purpose: \"{purpose}\"\nscale: \"{scale}\"\nteam: 4\ntimeline: 6 months\n")
}

fn number(scale: &str, key: &str) -> Option<f64> {
    let (brief, _) = brief(&four("Clerks register parcels.", scale));
    brief.number(key)
}

/// Requirements of people, machines and the brief's own words.
fn wanted(purpose: &str) -> String {
    let design = made(&four(purpose, "500 users"));
    let mut out = String::new();
    for r in &design.blueprint.requirements {
        if r.id.starts_with("FR-brief")
            || r.id.starts_with("FR-domain")
            || r.id.starts_with("FR-told")
        {
            writeln!(out, "{}", r.text).unwrap();
        }
    }
    out
}

fn packs(text: &str) -> Vec<String> {
    let ids = made(text).chosen.reasons;
    ids.keys().map(|id| (*id).to_owned()).collect()
}

#[test]
fn what_each_thing_has_is_counted() {
    // The boxes send, and not 900 of something.
    let silos = "14,000 silos, one box per silo, a message of 900 bytes every 5 minutes, 60 elevator managers";
    assert_eq!(number(silos, "scale.devices"), Some(14_000.0));
    assert_eq!(number(silos, "scale.device_interval_s"), Some(300.0));
    assert_eq!(number(silos, "payload.record_b"), Some(900.0));
    assert_eq!(number(silos, "scale.mau"), Some(60.0));
    let two = "300 ships, two trackers per ship, one position every 30 seconds";
    assert_eq!(number(two, "scale.devices"), Some(600.0));
    // Photos of listings lie there.
    let photos = "310k monthly visitors, 22k a day, 9,000 listings with 12 photos of 3 MB each";
    assert_eq!(number(photos, "scale.gb_initial"), Some(324.0));
    assert_eq!(number(photos, "scale.dau"), Some(22_000.0));
    assert_eq!(number(photos, "scale.mau"), Some(310_000.0));
}

#[test]
fn a_peak_is_not_multiplied_with_the_year() {
    let days = "at most 46 treatments an hour and 430 on the worst day; the season runs from October to April";
    let items = number(days, "scale.items_per_s").unwrap() * 86_400.0;
    assert!((items - 430.0).abs() < 0.01, "{items}");
    assert_eq!(number(days, "scale.days_per_year"), Some(213.0));
}

#[test]
fn teams_and_days_are_read_with_their_parts() {
    let of = |team: &str, timeline: &str| {
        let text = format!(
            "purpose: Clerks register parcels.\nscale: 500 users\nteam: {team}\ntimeline: {timeline}\n"
        );
        let (brief, found) = brief(&text);
        let deadline = brief.deadline.as_ref().map(|d| d.value.clone());
        (
            brief.number("team.engineers"),
            brief.number("timeline.weeks"),
            deadline,
            found,
        )
    };
    assert_eq!(of("6 (two firmware)", "6 months").0, Some(6.0));
    assert_eq!(of("5 (3 backend, 2 frontend)", "6 months").0, Some(5.0));
    // A quarter later than another day is no time from now.
    let later = of("4", "MVP in Q2 2027, loans a quarter later");
    assert_eq!((later.1, later.2), (None, Some("Q2 2027".to_owned())));
    let two = of(
        "4",
        "live before the renewals of 1 January 2028, the old grid is off on 2028-03-31",
    );
    assert_eq!(two.2.as_deref(), Some("1 January 2028"));
    let told = "`2028-03-31` stands in `timeline` beside `1 January 2028`";
    assert!(two.3.iter().any(|d| d.contains(told)), "{:?}", two.3);
}

#[test]
fn a_sentence_goes_on_over_the_end_of_its_line() {
    let text = "purpose: Clerks register treatments.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: |\n  99.9 % availability. The records of all treatments must not be\n  altered after the flight has left. GDPR\n";
    let design = made(text);
    let bound: Vec<&str> = (design.blueprint.requirements.iter())
        .filter(|r| r.id.starts_with("FR-bound"))
        .map(|r| r.text.as_str())
        .collect();
    assert_eq!(
        bound,
        ["The records of all treatments must not be altered after the flight has left."]
    );
    // A period is not all that a clause says, nor is a partner.
    let kept = "purpose: Clerks register treatments and find them on a map near them.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: treatments are kept for 5 years and must not be altered after the flight has left; no data leaves the airport except invoices to SAP\n";
    let design = made(kept);
    let bound: Vec<&str> = (design.blueprint.requirements.iter())
        .filter(|r| r.id.starts_with("FR-bound"))
        .map(|r| r.text.as_str())
        .collect();
    assert_eq!(
        bound,
        [
            "Treatments are kept for 5 years and must not be altered after the flight has left.",
            "No data leaves the airport except invoices to SAP."
        ]
    );
    let conflict = design
        .findings
        .iter()
        .find(|f| f.code == "C-OUTSIDE")
        .unwrap();
    assert_eq!(
        conflict.message,
        "“no data leaves the airport”, and the design speaks with map provider outside"
    );
    let list = "purpose: Clerks register treatments.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: languages German, French, Italian and English; VAT margin scheme\n";
    let design = made(list);
    assert!(
        (design.blueprint.requirements.iter())
            .any(|r| r.text == "Languages German, French, Italian and English.")
    );
}

#[test]
fn how_it_is_done_today_is_no_part_of_the_system() {
    let text = four(
        "Today the coordinator does it with a whiteboard and a radio. The coordinator assigns each aircraft to a pad.",
        "120 people on shift",
    );
    let packs = packs(&text);
    assert!(!packs.iter().any(|p| p == "collaboration"), "{packs:?}");
    let told = wanted(
        "Today the coordinator does it with a whiteboard. The coordinator assigns each aircraft to a pad.",
    );
    assert!(!told.contains("whiteboard"), "{told}");
}

#[test]
fn words_of_others_bring_no_product() {
    let has =
        |purpose: &str, pack: &str| packs(&four(purpose, "500 users")).iter().any(|p| p == pack);
    // An adjective is no deed, a bank lends itself, and shops that are told sell nothing here.
    let numbers = "Underwriters upload portfolios. Actuaries can reproduce every published number for seven years.";
    assert!(!has(numbers, "cms"));
    let bank = "Sellers list a violin. Buyers can ask for a loan from our partner bank.";
    assert!(!has(bank, "lending") && !has(bank, "partners"));
    let scores = "An API that tells online shops and banks whether an address is worth writing to. Customers create and revoke keys. Analysts mark domains.";
    assert!(!has(scores, "orders"));
    assert!(has(scores, "devapi"));
    let radio = "Coordinators assign trucks. The pilot is told the time by radio.";
    assert!(!has(radio, "notifications"));
    // They still do what they say.
    assert!(has(
        "Editors publish articles and authors write them.",
        "cms"
    ));
    assert!(has(
        "An online shop for tea. Customers order tea.",
        "orders"
    ));
    assert!(has(
        "Borrowers apply for a loan and repay it monthly.",
        "lending"
    ));
}

/// Asserts that the requirements of a purpose hold each of some texts.
fn wants(purpose: &str, texts: &[&str]) {
    let told = wanted(purpose);
    for text in texts {
        assert!(told.contains(text), "{text}: {told}");
    }
}

#[test]
fn deeds_have_their_people() {
    wants(
        "The buyer pays into escrow; the instrument goes first to a luthier of our network, who inspects it and writes a report. Clerks register violins.",
        &[
            "As a luthier, I want to inspect the instrument.",
            "As a luthier, I want to write a report.",
        ],
    );
    // Nobody is named, so nobody wants it.
    let runs = wanted(
        "Portfolios are run against models for wind, flood and earthquake. Underwriters upload portfolios.",
    );
    assert!(
        runs.contains("Portfolios are run against models for wind, flood and earthquake."),
        "{runs}"
    );
    assert!(!runs.contains("operator"), "{runs}");
    // A particle behind its object makes another verb.
    wants(
        "Teachers sign children in and out at the door.",
        &[
            "As a teacher, I want to sign in children at the door.",
            "As a teacher, I want to sign out children at the door.",
        ],
    );
    wants(
        "Clerks sign inspectors in. Clerks register visits.",
        &["As a clerk, I want to sign in inspectors."],
    );
    wants(
        "When a layer warms in a day the farmer starts a fan. Clerks register silos.",
        &["As a farmer, I want to start a fan."],
    );
    wants(
        "Farmers get a text message and can start the fan. Clerks register silos.",
        &["As a farmer, I want to start the fan."],
    );
    wants(
        "Clerks register animals. Farmers see weight, grade and payment for each animal.",
        &["As a farmer, I want to see weight, grade and payment for each animal."],
    );
    wants(
        "Serious cases are sent to EMA and FDA as ICSR (E2B R3) within 15 days, deaths within 7 days. Clerks register cases.",
        &[
            "Serious cases are sent to EMA and FDA as ICSR (E2B R3) within 15 days, deaths within 7 days.",
        ],
    );
    wants(
        "Buyers make an offer, the seller accepts or rejects it.",
        &["As a seller, I want to accept the offer."],
    );
}

#[test]
fn who_is_told_is_whom_the_brief_tells() {
    let told = |purpose: &str| {
        let design = made(&four(purpose, "500 users"));
        let all = design.blueprint.requirements.into_iter();
        let mut told = all.filter(|r| r.text.contains("to be told once when"));
        told.next().map(|r| r.text).unwrap_or_default()
    };
    for (purpose, who) in [
        (
            "Customers get a quote. Critical values alert doctors by text message. Clerks enter values.",
            "As a doctor,",
        ),
        (
            "Critical values alert doctors. Clerks enter values. Parents are told by text message.",
            "As a parent,",
        ),
    ] {
        assert!(told(purpose).starts_with(who), "{}", told(purpose));
    }
}

#[test]
fn files_are_as_large_as_what_is_sent() {
    let most = |purpose: &str| {
        let design = made(&four(purpose, "500 users"));
        let all = serde_json::to_string(&design.blueprint).unwrap();
        ["up to 50 MB", "up to 5 GB"].map(|size| all.contains(size))
    };
    assert_eq!(
        most("Doctors upload scan recordings and attach files. Clerks register patients."),
        [false, true]
    );
    assert_eq!(
        most("Roasters order raw beans for car models and attach files. Buyers upload a photo."),
        [true, false]
    );
}

#[test]
fn records_have_the_fields_that_the_brief_names() {
    let fields = |purpose: &str, entity: &str| {
        let design = made(&four(purpose, "500 users"));
        let found = design.blueprint.entities.iter().find(|e| e.name == entity);
        let names = found.unwrap().fields.iter().map(|f| f.name.clone());
        names.collect::<Vec<_>>().join(" ")
    };
    let blasts = fields(
        "A shot-firer records every blast on a tablet at the face: drill pattern, charge per hole, detonator delays.",
        "blast",
    );
    assert!(
        blasts.contains("drill_pattern charge_per_hole detonator_delays"),
        "{blasts}"
    );
    let with = fields(
        "Station managers ask for a treatment with the flight number, the type of fluid and the parts of the aircraft to be treated. A coordinator assigns trucks.",
        "treatment",
    );
    assert!(
        with.contains("flight_number fluid_type aircraft_parts"),
        "{with}"
    );
    // The next sentence is no field.
    let tags = fields(
        "Hauliers announce a delivery with the ear tags of the animals, the lairage clerk checks the tags against the national database.",
        "delivery",
    );
    assert!(
        tags.contains("animal_ear_tags") && !tags.contains("clerk"),
        "{tags}"
    );
    let form = fields(
        "Labs submit samples with a form, the facility queues runs on sequencers.",
        "sample",
    );
    assert!(!form.contains("facility"), "{form}");
    // A tool and somebody are no fields.
    let tool = fields(
        "Wardens record trees with a tablet. Clerks check them.",
        "tree",
    );
    assert!(!tool.contains("tablet"), "{tool}");
}

#[test]
fn bounds_are_service_levels() {
    let text = "purpose: Clerks scan crates so that a recall can name all customers of an animal within 4 hours.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: alarms within 90 s; P95 of search below 400 ms; P99 under 800 ms; RTO under 4 h\n";
    let design = made(text);
    let named: Vec<String> = (design.blueprint.slos.iter())
        .filter(|s| s.id.starts_with("slo.named"))
        .map(|s| format!("{}: {}", s.indicator, s.target))
        .collect();
    assert_eq!(
        named,
        [
            "a recall can name all customers of an animal: ≤ 4 hours",
            "alarms: ≤ 90 s",
            "search: P95 ≤ 400 ms"
        ]
    );
    let (brief, _) = brief(text);
    assert_eq!(brief.number("constraints.p99_ms"), Some(800.0));
    assert_eq!(brief.number("constraints.p95_ms"), None);
}

#[test]
fn nouns_bend() {
    let design = made(&four("Teachers register children.", "90 children"));
    let names: Vec<&str> = design
        .blueprint
        .entities
        .iter()
        .map(|e| e.name.as_str())
        .collect();
    assert!(names.contains(&"child"), "{names:?}");
    let text = serde_json::to_string(&design.blueprint).unwrap();
    assert!(!text.contains("childrens") && text.contains("/v1/children"));
    let boxes = made(&four("Installers put a crate into service.", "500 users"));
    let text = serde_json::to_string(&boxes.blueprint).unwrap();
    assert!(!text.contains("putted"));
}

#[test]
fn who_signs_in_elsewhere_has_no_password_here() {
    let design = made(&four("Clerks register parcels.", "500 users"));
    let text = serde_json::to_string(&design.blueprint).unwrap();
    for word in ["recovery-links", "weak_password", "password hashing"] {
        assert!(!text.contains(word), "{word}");
    }
    let alone = format!(
        "{}constraints: air-gapped, no internet\n",
        four("Clerks register parcels.", "500 users")
    );
    let text = serde_json::to_string(&made(&alone).blueprint).unwrap();
    assert!(text.contains("Argon2id") && text.contains("recovery-links"));
}

#[test]
fn partners_have_their_way() {
    let text = "purpose: Clerks register parcels. The sequence comes from the A-CDM platform. The pilot is told the time by ACARS.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: single sign-on with Entra ID\nintegrations:\n  - {name: Stripe, direction: outbound}\n  - {name: DNS resolvers, protocol: DNS, rps: 9000}\n";
    let (brief, _) = brief(text);
    let names: Vec<&str> = brief.partners.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "A-CDM platform",
            "ACARS",
            "Active Directory",
            "DNS resolvers",
            "Stripe"
        ]
    );
    let design = made(text);
    assert!(design.chosen.has("payments"));
    // What is asked so often a second is waited for.
    let dns = (design.blueprint.relationships.iter())
        .find(|r| r.to == "dns-resolvers")
        .unwrap();
    assert_eq!(dns.from, "app");
}

#[test]
fn operations_are_as_fast_as_all_of_them() {
    let text = "purpose: Clerks register parcels.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: {p99_ms: 60}\n";
    let design = made(text);
    for slo in &design.blueprint.slos {
        assert!(
            !(slo.indicator.contains("/v1/parcels") && slo.target.contains("400 ms")),
            "{} {}",
            slo.indicator,
            slo.target
        );
    }
}

#[test]
fn parts_of_the_stack_are_heard() {
    let text = "purpose: Sensors send readings every minute. Clerks register parcels.\nscale: 500 sensors every minute\nteam: 4\ntimeline: 6 months\nstack: Go, MQTT, Hetzner, tablets run Android\n";
    let design = made(text);
    let unread: Vec<&str> = (design.findings.iter())
        .filter(|f| f.code == "W-STACK-UNREAD")
        .map(|f| f.message.as_str())
        .collect();
    assert!(unread.is_empty(), "{unread:?}");
    let text = serde_json::to_string(&design.blueprint).unwrap();
    assert!(text.contains("Hetzner") && !text.contains("three zones in the region"));
}

#[test]
fn of_a_larger_number_those_who_build_count() {
    let of = |team: &str| {
        let text = format!("purpose: Clerks register parcels.\nscale: 500 users\nteam: {team}\n");
        brief(&text).0.number("team.engineers")
    };
    assert_eq!(of("14 people, 9 of them developers"), Some(9.0));
    assert_eq!(
        of("60 engineers in the department, 16 of them on this"),
        Some(16.0)
    );
    assert_eq!(of("40 developers, 6 on this project"), Some(6.0));
    assert_eq!(of("we are 12, 5 of us write code"), Some(5.0));
    assert_eq!(of("a department of 30, of whom 8 engineers"), Some(8.0));
    assert_eq!(of("2 engineers, one of them part-time"), Some(2.0));
    // Nobody is counted, and it is one.
    assert_eq!(of("my nephew, evenings"), Some(1.0));
    assert_eq!(of("a student of the school"), Some(1.0));
    assert_eq!(of("an intern, a freelancer"), Some(2.0));
    assert_eq!(of("my cousin and some others"), None);
}

#[test]
fn what_is_kept_how_long() {
    let of = |constraints: &str| {
        let text = format!(
            "purpose: Clerks register extracts.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: \"{constraints}\"\n"
        );
        let (brief, _) = brief(&text);
        let kept: Vec<String> = (brief.retention.iter())
            .map(|r| format!("{} {}", r.things.join(" "), r.period))
            .collect();
        (
            kept.join("; "),
            brief.number("constraints.retention_months"),
        )
    };
    let trail = Some(120.0);
    assert_eq!(
        of("Every access must be logged and kept for 10 years").1,
        trail
    );
    assert_eq!(of("all actions are logged, logs kept 10 yrs").1, trail);
    assert_eq!(of("audit trail 120 months retention").1, trail);
    assert_eq!(of("MiFID II, keep 7 years immutable").1, Some(84.0));
    assert_eq!(of("extracts are kept 10 yrs").0, "extract 10 yrs");
    let two = "extract 20 years; request 3 years";
    assert_eq!(of("keep extracts 20 years, requests 3 years").0, two);
    assert_eq!(of("keep extracts 20 years and requests 3 years").0, two);
    assert_eq!(
        of("extracts are kept for 20 years; requests for 3 years").0,
        "extract 20 years; request 3 years"
    );
    // A term is no period of keeping.
    assert_eq!(
        of("keep extracts 20 years, contract for 3 years").0,
        "extract 20 years; contract 3 years"
    );
    assert_eq!(
        of("keep extracts 20 years, go live in 2 years").0,
        "extract 20 years"
    );
}

#[test]
fn rates_are_of_what_was_counted_before() {
    let peak = |scale: &str| number(scale, "scale.peak_rps");
    assert_eq!(
        peak("90 million lookups a day, 4,500 per second at 9 in the morning"),
        Some(4_500.0)
    );
    assert_eq!(
        peak("35 million order events per trading day (08:00-17:30), peaks 6k/s at the open"),
        Some(6_000.0)
    );
    assert_eq!(peak("2m page views a day, at lunch 300/s"), Some(300.0));
    assert_eq!(
        peak("9,000 payments per business day, up to 120 per minute"),
        Some(2.0)
    );
    let items = number(
        "35 million order events per trading day (08:00-17:30), peaks 6k/s at the open",
        "scale.items_per_s",
    );
    assert!(items.is_some_and(|n| n > 400.0), "{items:?}");
    // A rate of each of several is none of all.
    assert_eq!(peak("800 users, 40 per second per node"), None);
}

#[test]
fn targets_need_no_sign_that_says_nothing() {
    let of = |constraints: &str, key: &str| {
        let text = format!(
            "purpose: Clerks register extracts.\nscale: 500 users\nconstraints: \"{constraints}\"\n"
        );
        brief(&text).0.number(key)
    };
    let up = "constraints.availability";
    assert_eq!(of("GDPR. 99.95 during the show", up), Some(99.95));
    assert_eq!(of("99.9, hosted in Germany", up), Some(99.9));
    assert_eq!(of("99.99 uptime", up), Some(99.99));
    assert_eq!(of("model 99.9 of the scanner", up), None);
    let lost = "constraints.rpo_min";
    assert_eq!(of("RPO 0, RTO 30 min", lost), Some(0.0));
    assert_eq!(of("RPO zero", lost), Some(0.0));
    assert_eq!(of("zero data loss", lost), Some(0.0));
    assert_eq!(of("RPO 15 min", lost), Some(15.0));
    let design = made(
        "purpose: Clerks register extracts of a land book.\nscale: 500 users\nteam: 9\ntimeline: 6 months\nconstraints: RPO 0, on premises, WCAG 2.1 AA\n",
    );
    assert_eq!(design.outcome.tier, 2);
    let targets: Vec<&str> = (design.blueprint.requirements.iter())
        .filter_map(|r| r.target.as_deref())
        .collect();
    assert!(
        targets.contains(&"WCAG 2.1 AA on each screen"),
        "{targets:?}"
    );
}

#[test]
fn what_binds_all_use_cases_is_none() {
    let design = made(
        "purpose: Clerks register extracts and notaries order them. Replaces a shared Excel sheet.\nscale: 500 users\nteam: 4\ntimeline: 6 months\nconstraints: \"WCAG 2.1 AA. Maintenance at night is fine. Opening hours 7-20 on working days. Nothing may be lost. Basements without reception. Notaries pay per extract.\"\n",
    );
    let of = |kind| -> Vec<&str> {
        let all = design.blueprint.requirements.iter();
        all.filter(|r| {
            r.kind == kind && (r.id.starts_with("FR-bound") || r.id.starts_with("FR-told"))
        })
        .map(|r| r.text.as_str())
        .collect()
    };
    assert_eq!(
        of(groundplan_model::RequirementKind::Functional),
        ["Notaries pay per extract."]
    );
    assert_eq!(
        of(groundplan_model::RequirementKind::Operations),
        [
            "Maintenance at night is fine.",
            "Opening hours 7-20 on working days.",
            "Nothing may be lost.",
            "Basements without reception."
        ]
    );
}

#[test]
fn a_replica_is_explained_by_what_asked_for_it() {
    let of = |constraints: &str| {
        let text = format!(
            "purpose: Clerks register extracts of a land book.\nscale: 500 users, 900 GB\nteam: 4\ntimeline: 6 months\nconstraints: \"{constraints}\"\n"
        );
        let design = made(&text);
        let found = design.findings.iter().find(|f| f.code == "C-AVAIL-BUDGET");
        (design.outcome.standby, found.map(|f| f.message.clone()))
    };
    let (standby, told) = of("RTO 15 min, $400 a month");
    assert_eq!(standby, Some(groundplan_design::outcome::Standby::Time));
    let told = told.unwrap_or_default();
    assert!(
        told.starts_with(
            "a full restore takes longer than the brief allows: that needs a replica, tier T2 at "
        ),
        "{told}"
    );
    let (standby, told) = of("no data loss, $400 a month");
    assert_eq!(standby, Some(groundplan_design::outcome::Standby::Loss));
    let told = told.unwrap_or_default();
    assert!(
        told.starts_with("the brief allows no data to be lost: that needs"),
        "{told}"
    );
    assert_eq!(of("99.9 %, $400 a month").0, None);
}

#[test]
fn what_others_do_elsewhere_brings_no_part() {
    let all = |purpose: &str| {
        let (brief, read) = read_brief("brief.yaml", &four(purpose, "500 users"));
        let design = design(&brief, read).0;
        let design = design.unwrap_or_else(|| panic!("refused: {purpose}"));
        let ids = design.chosen.reasons.keys().map(|id| (*id).to_owned());
        ids.collect::<Vec<String>>()
    };
    let none = |purposes: &[&str], pack: &str| {
        for purpose in purposes {
            let all = all(purpose);
            assert!(!all.iter().any(|p| p == pack), "{pack}: {purpose}: {all:?}");
        }
    };
    let one = |purpose: &str, pack: &str| {
        let all = all(purpose);
        assert!(all.iter().any(|p| p == pack), "{pack}: {purpose}: {all:?}");
    };
    let watched = [
        "Watch gearboxes of wind turbines. Analysts set alarm thresholds.",
        "Technicians inspect the blades of wind turbines and write a report.",
        "Planners assign crews that maintain wind turbines at sea.",
    ];
    none(&watched, "energy");
    one(
        "Settle the output of a wind park and bill consumers by load profile.",
        "energy",
    );
    let trades = [
        "Ingest all orders and executions from four trading systems and evaluate rules. Officers investigate an alert.",
        "Officers review alerts of trading surveillance on executions and orders.",
        "Monitor trading of our desks: evaluate order events per trading day and raise alerts.",
    ];
    for pack in ["orders", "trading", "ledger"] {
        none(&trades, pack);
    }
    one(
        "An exchange for carbon certificates. Traders enter limit orders in an order book.",
        "trading",
    );
    let carried = [
        "Practices book the pickup of blood samples and drivers scan the bags for the laboratory.",
        "Couriers collect water samples and bring them to the lab.",
        "Plan the transport of tissue samples between hospitals.",
    ];
    none(&carried, "lab");
    one(
        "The laboratory tests blood samples and releases results.",
        "lab",
    );
    let shows = [
        "Every evening a live quiz show of 12 questions, players answer within 10 seconds.",
        "A pub quiz app. Hosts write questions and teams answer.",
        "A trivia quiz game for two players.",
    ];
    none(&shows, "learning");
    one(
        "Teachers write a quiz for each lesson and students take it.",
        "learning",
    );
    let dealers = [
        "Dealers and farmers list used tractors, buyers write to the seller.",
        "Car dealers import their stock each night and buyers search it.",
        "Collectors and dealers offer stamps, buyers make an offer.",
    ];
    none(&dealers, "partners");
    one(
        "Dealers and farmers list used tractors, buyers write to the seller.",
        "listings",
    );
    one(
        "A dealer portal. Dealers register a deal and earn commission.",
        "partners",
    );
    let bought = [
        "Software vendors ask us which parts fit a vehicle. Vendors pay per 1000 calls, invoice monthly.",
        "A public API with keys for garages. Vendors call it and are invoiced monthly.",
        "Weather forecasts by a public API with keys. Vendors see their usage, invoices quarterly.",
    ];
    none(&bought, "procurement");
    one(
        "Process invoices from suppliers and match them with purchase orders.",
        "procurement",
    );
    let directory = [
        "Nurses swap shifts and the sister approves. Login with the hospital's Active Directory.",
        "Clerks note visits. Sign-in via Active Directory.",
        "Users log in through LDAP and note visits.",
    ];
    none(&directory, "integration");
    one(
        "Clerks note visits, and each one is synced with SAP.",
        "integration",
    );
    let extracts = [
        "Notaries request certified extracts from the land register and clerks check requests.",
        "Citizens order a copy of the civil register and pay the fee.",
        "We import catalogues of 180 manufacturers each night and vendors query parts.",
    ];
    none(&extracts, "records");
    let asked = [
        "Cafes tell us by 16:00 how many rolls they want, the bakers order flour.",
        "Customers tell us which bins are full and drivers empty the bins.",
        "Members tell us what they harvested, clerks enter each harvest.",
    ];
    none(&asked, "notifications");
    one("Remind members of their shift by SMS.", "notifications");
}

#[test]
fn counts_of_a_day_and_of_each_are_read() {
    let day = |scale: &str| number(scale, "scale.dau");
    assert_eq!(
        day("310 customers, about 220 of them order on a given day"),
        Some(220.0)
    );
    assert_eq!(day("40k members, 9k of whom come each day"), Some(9_000.0));
    assert_eq!(
        day("5,000 nurses, 1,200 of them sign in on any day"),
        Some(1_200.0)
    );
    assert_eq!(day("5,000 nurses, 1,200 of them in Bern"), None);
    let there = |scale: &str| number(scale, "scale.gb_initial");
    assert_eq!(
        there("240k listings (avg 12 photos of 2.5 MB)"),
        Some(7_200.0)
    );
    assert_eq!(there("9,000 flats (20 photos of 3 MB each)"), Some(540.0));
    assert_eq!(there("1,000 plans (about 4 scans of 50 MB)"), Some(200.0));
    let items = number(
        "4,200 turbines, around 1.5 bursts per turbine and day",
        "scale.items_per_s",
    );
    assert_eq!(items.map(|n| (n * 86_400.0).round()), Some(6_300.0));
    // The purpose says how large one is that the scale counts.
    let year = |purpose: &str, scale: &str| {
        let gb = made(&four(purpose, scale)).facts.number("data.gb_per_year");
        (gb / 1e3).round()
    };
    let bursts = "Each turbine sends a summary every ten seconds and, on a trigger, a raw burst of 12 MB. Analysts set thresholds.";
    let two = "4,200 turbines, around 1.5 bursts per turbine and day";
    assert!(year(bursts, two) >= 27.0, "{}", year(bursts, two));
    let scans = "Clerks register a scan of 20 MB of each parcel.";
    assert_eq!(year(scans, "500 users, 4,000 scans a day"), 29.0);
    let clips = "Guards watch clips; a clip has 50 MB.";
    assert_eq!(year(clips, "500 users, 1,000 clips per day"), 18.0);
    let growth = |scale: &str| number(scale, "growth_per_year");
    assert_eq!(
        growth("4,200 turbines today, 9,000 in three years"),
        Some(1.289)
    );
    assert_eq!(growth("500 users now, 3,000 in 2 years"), Some(2.449));
    assert_eq!(growth("2 TB, 8 TB in two years"), Some(2.0));
    assert_eq!(growth("500 users, 40 rules; 3,000 in 2 years"), None);
}

#[test]
fn what_must_be_finished_by_then_is_a_level() {
    let of = |scale: &str| {
        let text = format!(
            "purpose: Clerks compute salaries.\nscale: \"{scale}\"\nteam: 4\ntimeline: 6 months\n"
        );
        let (brief, found) = brief(&text);
        let design = design(&brief, Vec::new()).0.unwrap();
        let level = design
            .blueprint
            .slos
            .iter()
            .map(|s| format!("{}: {}", s.indicator, s.target));
        (
            level
                .filter(|l| l.contains("hours") || l.contains("min"))
                .collect::<Vec<_>>(),
            found.iter().any(|d| d.contains("W-NUMBER-UNREAD")),
        )
    };
    let (levels, unread) = of("640 companies, 500 users. One run must be finished in 5 hours.");
    assert!(
        levels.contains(&"One run must be finished: ≤ 5 hours".to_owned()),
        "{levels:?}"
    );
    assert!(!unread);
    let (levels, _) = of("500 users. The nightly import is done in 90 min.");
    assert!(
        levels.iter().any(|l| l.ends_with("is done: ≤ 90 min")),
        "{levels:?}"
    );
    let (levels, _) = of("500 users. All payslips must be there within 2 hours.");
    assert!(
        levels
            .iter()
            .any(|l| l.ends_with("must be there: ≤ 2 hours")),
        "{levels:?}"
    );
}

#[test]
fn more_than_people_cause_comes_from_programs() {
    let codes = |purpose: &str, scale: &str| {
        let design = made(&four(purpose, scale));
        let codes: Vec<String> = design.findings.iter().map(|f| f.code.clone()).collect();
        (
            codes.contains(&"W-SCALE-INCONSISTENT".to_owned()),
            design.outcome.option("queue").to_owned(),
        )
    };
    let events = "35 million order events per trading day, peaks 6k/s at the open. 45 officers";
    let watch = "Evaluate rules on executions. Officers investigate an alert.";
    assert_eq!(codes(watch, events), (false, "log".to_owned()));
    let calls = "90 million lookups a day, 4,500 per second at 9; 62 vendors";
    let api = "A public API with keys. Vendors ask which parts fit a vehicle.";
    assert!(!codes(api, calls).0);
    // People who are said to do that much are told.
    assert!(
        codes(
            "Clerks register parcels.",
            "40 users, 900 requests per second"
        )
        .0
    );
}

#[test]
fn a_period_of_all_is_one_of_what_the_brief_handles() {
    let of = |constraints: &str| {
        let text = four(
            "Officers investigate an alert and escalate it to the regulator. Officers are notified by e-mail.",
            "45 officers",
        );
        let design = made(&format!("{text}constraints: \"{constraints}\"\n"));
        let kept = |name: &str| {
            let all = design.blueprint.entities.iter();
            let found = all.into_iter().find(|e| e.name == name);
            found.and_then(|e| e.retention.clone()).unwrap_or_default()
        };
        (kept("alert"), kept("delivery_attempt"))
    };
    let usual = "24 months after the last change, until the owner of alerts sets a period";
    let seven = ("7 years".to_owned(), "6 months".to_owned());
    assert_eq!(of("keep 7 years immutable"), seven);
    assert_eq!(of("everything is kept for 7 years"), seven);
    assert_eq!(of("data retention 7 years"), seven);
    assert_eq!(of("hosted in the EU").0, usual);
}

#[test]
fn what_is_mutual_is_said_of_no_single_one() {
    for purpose in [
        "Clerks register parcels. Parts replace each other.",
        "Clerks register parcels. Plants shade one another.",
        "Clerks register parcels. Boxes block each other.",
    ] {
        let wanted = wanted(purpose);
        let mutual = wanted.contains("s each other") || wanted.contains("s one another");
        assert!(!mutual, "{wanted}");
    }
}

#[test]
fn people_of_a_year_are_a_twelfth_of_it_a_month() {
    let mau = |scale: &str| number(scale, "scale.mau").map(f64::round);
    assert_eq!(
        mau("9 ships, 1.2 million passengers and 240k cars a year"),
        Some(100_000.0)
    );
    assert_eq!(mau("36,000 visitors per year"), Some(3_000.0));
    assert_eq!(mau("24k patients yearly, 12 beds"), Some(2_000.0));
    assert_eq!(mau("24k patients a month"), Some(24_000.0));
}

#[test]
fn who_has_a_job_sends_nothing() {
    let of = |purpose: &str, scale: &str, key: &str| brief(&four(purpose, scale)).0.number(key);
    let close = "Controllers correct errors and close the month.";
    assert_eq!(of(close, "260 controllers", "scale.mau"), Some(260.0));
    assert_eq!(of(close, "260 controllers", "scale.devices"), None);
    let rescue = "Dispatchers create missions and pick teams.";
    let scale = "2,300 volunteers in 41 stations";
    assert_eq!(of(rescue, scale, "scale.devices"), None);
    let lifts = "Technicians repair lifts. A lift sends a status after each ride.";
    assert_eq!(of(lifts, "900 lifts", "scale.devices"), Some(900.0));
    let plain = "Owners see their sensors.";
    assert_eq!(of(plain, "900 sensors", "scale.devices"), Some(900.0));
}

#[test]
fn parts_in_brackets_say_who_builds() {
    let team = |team: &str| {
        let text = format!("purpose: Clerks register parcels.\nteam: \"{team}\"\n");
        brief(&text).0.number("team.engineers")
    };
    assert_eq!(
        team("24 people (15 developers, 4 testers, 3 analysts, 2 ops)"),
        Some(17.0)
    );
    assert_eq!(
        team("11 staff (6 backend, 3 frontend developers, 2 designers)"),
        Some(9.0)
    );
    assert_eq!(team("6 engineers (two firmware)"), Some(6.0));
    assert_eq!(team("8 people (5 developers and 3 testers)"), Some(5.0));
}

#[test]
fn a_trail_is_kept_as_long_as_its_clause_says() {
    let months = |constraints: &str| {
        let text = format!("purpose: Clerks register parcels.\nconstraints: {constraints}\n");
        brief(&text).0.number("constraints.retention_months")
    };
    assert_eq!(months("SOX, audit trail 10 years, RPO 0"), Some(120.0));
    assert_eq!(months("audit log for 7 years"), Some(84.0));
    assert_eq!(
        months("decisions explainable, access logs 24 months"),
        Some(24.0)
    );
    assert_eq!(months("live in 2 years"), None);
}

#[test]
fn what_comes_is_there_as_long_as_it_is_kept() {
    let years = |constraints: &str, scale: &str| {
        let text = format!(
            "purpose: Mechanics inspect doors.\nscale: \"{scale}\"\nconstraints: {constraints}\n"
        );
        let design = made(&text);
        let year = |path: &str| design.facts.number(path);
        (year("data.gb_year3") / year("data.gb_per_year") * 100.0).round() / 100.0
    };
    let doors = "4 million openings a day, 6 KB per profile";
    assert_eq!(years("profiles kept 12 months", doors), 2.25);
    assert_eq!(years("openings are deleted after one year", doors), 2.25);
    assert_eq!(
        years("readings stored for 1 year", "900 sensors every 5 s"),
        2.25
    );
    assert_eq!(years("GDPR", doors), 4.75);
    // The growth of three years is that of the newest year that is kept.
    let photo = "50k DAU, 80% of them post within 10 minutes, photo 900 KB";
    assert_eq!(number(photo, "scale.object_mb"), Some(0.9));
    assert_eq!(
        number(photo, "scale.items_per_s").map(|n| (n * 1e3).round()),
        Some(463.0)
    );
}
