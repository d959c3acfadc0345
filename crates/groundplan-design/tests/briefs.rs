//! Briefs as companies write them: each becomes a design, the same each time, and the nouns of the
//! brief stand among its records, beside the capability packs that its words ask for.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{design, read_brief};
use groundplan_model::Severity;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn briefs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/briefs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|p| {
            let name = p.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(p).unwrap())
        })
        .collect()
}

/// The requirements of a purpose, as people want them.
fn wanted(purpose: &str) -> Vec<String> {
    let text = format!("purpose: {purpose}\nscale: 900 users\nteam: 5 engineers\n");
    let (brief, read) = read_brief("brief.yaml", &text);
    let (made, _) = design(&brief, read);
    let all = made.iter().flat_map(|d| &d.blueprint.requirements);
    all.map(|r| r.text.clone()).collect()
}

#[test]
fn deeds_are_read_as_people_write_them() {
    let has = |purpose: &str, words: &str| {
        let all = wanted(purpose);
        assert!(all.iter().any(|t| t.contains(words)), "{words}: {all:#?}");
    };
    let lacks = |purpose: &str, words: &str| {
        let all = wanted(purpose);
        assert!(!all.iter().any(|t| t.contains(words)), "{words}: {all:#?}");
    };
    let tax = "Hosts declare overnight stays, the town collects the tax by direct debit; clerks correct declarations and grant exemptions.";
    has(tax, "declare overnight stays");
    has(tax, "grant exemptions");
    lacks(tax, "so that clerks can");
    // Money between bank accounts needs no card.
    has(tax, "by bank transfer or direct debit");
    lacks(tax, "pay by card");
    has("Buyers order flowers and pay by card.", "pay by card");
    // What follows a passive clause is the next sentence.
    let organ =
        "Coordinators register donors, and when an organ is offered the system ranks recipients.";
    lacks(organ, "organs the system ranks");
    // Things that report by themselves are devices.
    has(
        "Beekeepers mount a probe under each hive; the hives report their weight every 15 minutes.",
        "have every reading of a probe stored once",
    );
}

/// Capabilities and findings of a brief.
fn made(text: &str) -> (Vec<String>, Vec<String>, groundplan_design::Design) {
    let (brief, read) = read_brief("brief.yaml", text);
    let (design, found) = design(&brief, read);
    let found = found
        .iter()
        .map(|d| format!("{}: {}", d.name, d.message))
        .collect();
    let design = design.unwrap();
    let packs = design.chosen.packs();
    let packs = packs.iter().map(|p| p.id.clone()).collect();
    (packs, found, design)
}

fn short(purpose: &str, scale: &str) -> String {
    format!("purpose: {purpose}\nscale: {scale}\nteam: 3 engineers\ntimeline: 6 months\n")
}

#[test]
fn one_word_brings_no_product() {
    for (purpose, pack) in [
        ("Armourers issue rifles from the magazine to cadets.", "cms"),
        (
            "Growers see the payment for each crate the same evening.",
            "payments",
        ),
        ("Translators are paid by the word.", "payments"),
        ("A clerk is connected by video to a free signer.", "media"),
        (
            "Vets report adverse reactions by web form, e-mail or phone.",
            "notifications",
        ),
        (
            "Patients report side effects of creams to the maker.",
            "health",
        ),
    ] {
        let purpose = format!("Clerks register visits. {purpose}");
        let (packs, found, _) = made(&short(&purpose, "500 users"));
        assert!(
            !packs.contains(&pack.to_owned()),
            "{purpose}: {packs:?} {found:#?}"
        );
    }
    // What people do, or what the brief calls the system, is enough.
    for (purpose, pack) in [
        ("Editors publish essays and readers comment on them.", "cms"),
        ("A wiki for the volunteers of a hospice.", "cms"),
        ("Guests pay for a room before they come.", "payments"),
        (
            "The laboratory tests each sample and doctors read results.",
            "lab",
        ),
    ] {
        let (packs, found, _) = made(&short(purpose, "500 users"));
        assert!(
            packs.contains(&pack.to_owned()),
            "{purpose}: {packs:?} {found:#?}"
        );
    }
}

#[test]
fn no_clause_of_a_purpose_is_lost() {
    let text = short(
        "Foresters mark trees for felling. Wood is certified on the Silvatrace platform within 9 days. Crane crews set their breaks and are paid by the hour.",
        "300 users",
    );
    let (_, found, design) = made(&text);
    let all = &design.blueprint.requirements;
    let has = |words: &str| all.iter().any(|r| r.text.contains(words));
    assert!(has("mark trees"), "{all:#?}");
    assert!(
        has("certified on the Silvatrace platform within 9 days"),
        "{found:#?}"
    );
    assert!(
        found.iter().any(|f| f.starts_with("W-DEED-UNREAD")),
        "{found:#?}"
    );
    let asked = &design.blueprint.questions;
    assert!(
        asked.iter().any(|q| q.text.contains("Silvatrace")),
        "{asked:#?}"
    );
}

#[test]
fn sizes_are_multiplied_and_looks_are_reads() {
    let number = |scale: &str, path: &str| {
        let text = short(
            "Surveyors enter damages with photos. Members check their balance.",
            scale,
        );
        made(&text).2.facts.number(path)
    };
    let scale = "40k damages per year, 5 photos per damage of 3 MB, 80 users";
    assert_eq!(number(scale, "data.gb_per_year").round(), 600.0);
    let scale = "9M members, 1.2M DAU, balance is checked 4 times a day by an active member";
    let looks = number(scale, "load.look_rps_avg");
    assert!(
        (looks / (4.0 * 1.2e6 / 86_400.0) - 1.0).abs() < 0.01,
        "{looks}"
    );
    // The animals of both kinds are those of a day, and only on weekdays.
    let scale = "200 users, 600 goats and 2,000 sheep sheared per day on weekdays";
    let items = number(scale, "load.create_rps_avg");
    assert!((items / (2_600.0 / 86_400.0) - 1.0).abs() < 0.01, "{items}");
}

/// A list without an end is read like any text, and not once more for each of its parts.
#[test]
fn long_lists_of_counts_end() {
    let list = "2 goats and ".repeat(4_000);
    let text = short(
        "Shepherds count animals. Vets treat animals.",
        &format!("{list}2 sheep sheared per day, 20 users"),
    );
    let (brief, read) = read_brief("brief.yaml", &text);
    assert!(
        !read.iter().any(|d| d.severity == Severity::Error),
        "{read:#?}"
    );
    assert_eq!(brief.numbers.get("scale.mau").map(|n| n.value), Some(20.0));
}

/// What a brief rules out is neither asked about nor put in because nothing else was recognised.
#[test]
fn what_is_ruled_out_is_in_no_doubt() {
    let text = format!(
        "{}capabilities: [-health]\n",
        short(
            "Patients of the dental kind. Clerks answer letters.",
            "900 users"
        )
    );
    let (packs, found, _) = made(&text);
    assert!(!packs.iter().any(|p| p == "health"), "{packs:#?}");
    assert!(
        !found.iter().any(|f| f.starts_with("W-CAPABILITY-DOUBT")),
        "{found:#?}"
    );
}

#[test]
fn what_is_stated_under_a_key_is_read() {
    let text = "purpose: Drillers record cores and managers approve plans.\nscale: 900 users\nteam: 3 engineers, one of them half time\ntimeline: by 2027-05-01\nstack: {must: [Kafka]}\nconstraints:\n  p99_ms: 700\n  residency: [Bhutan]\n";
    let (_, found, design) = made(text);
    let all = &design.blueprint.requirements;
    assert!(all.iter().all(|r| !r.text.contains("P99 ms")), "{all:#?}");
    assert!(
        all.iter().all(|r| !r.text.contains("must stay in")),
        "{all:#?}"
    );
    let has = |code: &str, words: &str| {
        assert!(
            found
                .iter()
                .any(|f| f.starts_with(code) && f.contains(words)),
            "{code} {words}: {found:#?}"
        );
    };
    has("C-RESIDENCY-REGION", "Bhutan");
    has("W-MUST-COST", "Kafka is demanded and taken");
    let goals = &design.blueprint.goals;
    assert!(
        goals.iter().any(|g| g.text.contains("by 2027-05-01")),
        "{goals:#?}"
    );
    let weeks = design.facts.number("schedule.available_ew");
    assert!((weeks - 2.5 * 26.0 * 0.6).abs() < 0.1, "{weeks}");
}

#[test]
fn tables_speak_the_dialect_of_the_database() {
    let text = "purpose: Keepers record animals and vets see treatments.\nscale: 300 users\nteam: 2 engineers\ntimeline: 6 months\nstack: .NET, SQL Server, our own server\n";
    let (_, _, design) = made(text);
    let fields = design.blueprint.entities.iter().flat_map(|e| &e.fields);
    for field in fields {
        let kind = &field.data_type;
        assert!(
            !["citext", "jsonb", "timestamptz", "inet", "bytea"]
                .iter()
                .any(|t| kind.contains(t)),
            "{} {kind}",
            field.name
        );
    }
    assert!(
        design
            .blueprint
            .entities
            .iter()
            .all(|e| e.partitioning.is_none())
    );
    let costs: Vec<&str> = design.facts.iter().map(|(path, _)| path).collect();
    assert!(!costs.contains(&"cost.item.network_address_translation"));
}

#[test]
fn briefs_of_companies_become_designs() {
    let mut told = String::new();
    for (name, text) in briefs() {
        let (brief, read) = read_brief("brief.yaml", &text);
        assert!(
            read.iter().all(|d| d.severity != Severity::Error),
            "{name}: {read:?}"
        );
        let (made, found) = design(&brief, read.clone());
        let made = made.unwrap_or_else(|| panic!("{name}: {found:?}"));
        let again = design(&brief, read).0.unwrap();
        assert!(made.blueprint == again.blueprint, "{name} differs");
        // What its pack adds stands in the blueprint, and what its flows name exists.
        let known = |id: &str| made.blueprint.element(id).is_some();
        for step in made.blueprint.flows.iter().flat_map(|f| &f.steps) {
            assert!(known(&step.from) && known(&step.to), "{name}: {step:?}");
        }
        let own = made.chosen.domain.as_deref();
        let entities = own.iter().flat_map(|d| d.entities.iter());
        let mut names: Vec<&str> = entities.map(|e| e.name.as_str()).collect();
        for entity in &names {
            assert!(
                made.blueprint.entities.iter().any(|e| e.name == *entity),
                "{name}: no entity {entity}"
            );
        }
        names.sort_unstable();
        let packs = made.chosen.packs();
        let packs: Vec<&str> = packs.iter().map(|p| p.id.as_str()).collect();
        writeln!(told, "{name}: {}", names.join(", ")).unwrap();
        writeln!(told, "    packs: {}", packs.join(", ")).unwrap();
    }
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/briefs.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&expected, &told).unwrap();
    }
    assert_eq!(std::fs::read_to_string(expected).unwrap(), told);
}

#[test]
fn what_the_brief_says_stands_against_what_is_usual() {
    let has = |text: &str, words: &str| {
        let (_, _, design) = made(text);
        let all = serde_json::to_string(&design.blueprint).unwrap();
        all.contains(words)
    };
    // What is never done has neither column, operation nor wish.
    let calls = "Clerks register visits. A clerk talks to a signer by video call. Calls are never recorded.";
    for words in [
        "recording_consent",
        "recording-consents",
        "record with the consent",
    ] {
        assert!(!has(&short(calls, "500 users"), words), "{words}");
    }
    // The bound of one deed is no target of all answers.
    let setup = format!(
        "{}constraints: call setup under 3 s at P95\n",
        short(calls, "500 users")
    );
    let (brief, _) = read_brief("brief.yaml", &setup);
    assert!(brief.number("constraints.p95_ms").is_none());
    // Per day on weekdays is 260 times a year.
    let days = short(
        "Clerks register parcels and drivers deliver them.",
        "1,000 parcels per day on weekdays",
    );
    let (_, _, design) = made(&days);
    let items = design.facts.number("data.items_per_year");
    assert!((items - 260_000.0).abs() < 1.0, "{items}");
    // Who is looked up acts all the same; lists without an article belong to their deed; a state is
    // no record of its own; departments have no article.
    let wishes = wanted(
        "Agents look up a subscriber. Subscribers transfer airtime to another number and block a stolen card. Growers see weight, grade and price. Marketing defines offers. Every quarter the signal team reviews tables.",
    );
    for words in [
        "transfer airtime to another number",
        "see weight, grade and price",
        "Marketing defines offers",
        "The signal team reviews tables",
    ] {
        assert!(
            wishes.iter().any(|w| w.contains(words)),
            "{words}: {wishes:#?}"
        );
    }
    assert!(!has(
        &short(
            "Clerks register visits. Guests block a stolen card.",
            "500 users"
        ),
        "stolen_card"
    ));
}

#[test]
fn a_file_is_not_cut_by_month() {
    let text = format!(
        "{}stack: {{must: [SQLite]}}\n",
        short("Clerks register visits and wardens check them.", "40 users")
    );
    let (_, _, design) = made(&text);
    let all = serde_json::to_string(&design.blueprint).unwrap();
    assert!(all.contains("SQLite"));
    assert!(!all.contains("Revisit partitioning: partitions by month"));
}

#[test]
fn words_bring_a_pack_only_where_they_argue_for_it() {
    let packs = |purpose: &str, rest: &str| {
        let text = format!(
            "purpose: {purpose}\nscale: 900 users, 8,000 page views a day, 200 visits per day\nteam: 3 engineers\ntimeline: 6 months\n{rest}"
        );
        made(&text).0
    };
    let lacks = |purpose: &str, rest: &str, id: &str| {
        let all = packs(purpose, rest);
        assert!(!all.contains(&id.to_owned()), "{id}: {purpose} {all:?}");
    };
    let has = |purpose: &str, rest: &str, id: &str| {
        let all = packs(purpose, rest);
        assert!(all.contains(&id.to_owned()), "{id}: {purpose} {all:?}");
    };
    // A word that says whose desk it is.
    let desk =
        "Tool for the dispatch desk of a crane firm. A clerk records a hire and assigns a crane.";
    for id in ["geo", "dispatch", "people", "analytics", "cms"] {
        lacks(desk, "", id);
    }
    lacks(
        "Software for a payroll company. Clerks record boilers of clients.",
        "",
        "people",
    );
    lacks(
        "Software of a lending office. Clerks record boilers.",
        "",
        "lending",
    );
    // What the brief says is done elsewhere.
    lacks(
        "Clerks record parcels. Payments are not handled here.",
        "",
        "payments",
    );
    lacks(
        "Clerks record parcels. Payments are out of scope.",
        "",
        "payments",
    );
    lacks("Clerks record parcels. No online payments.", "", "payments");
    lacks(
        "Clerks record parcels; customers get an invoice from SAP (not from us).",
        "",
        "integration",
    );
    // How often pages are looked at says nothing of who writes them.
    lacks(
        "Wardens record owls; the public looks at owls on a website.",
        "",
        "cms",
    );
    lacks("Wardens record owls.", "", "analytics");
    // A provider of payments stands with payments, any other system beside.
    lacks("Riders pay a ride by card with Stripe.", "", "integration");
    has("Riders pay a ride by card with Stripe.", "", "payments");
    has(
        "Clerks record parcels and send each parcel to SAP.",
        "",
        "integration",
    );
    // A record by its number needs no index of words.
    lacks(
        "Clerks record parcels and search for a parcel by serial number.",
        "",
        "search",
    );
    has(
        "Clerks record parcels and search parcels by any word of the label.",
        "",
        "search",
    );
}

#[test]
fn what_is_left_out_stands_among_the_non_goals() {
    for (purpose, words) in [
        (
            "Clerks record parcels. No online payments, no public website.",
            "No online payments",
        ),
        (
            "Clerks record parcels. Complaints are not handled here.",
            "Complaints are not handled here",
        ),
        (
            "Clerks record parcels. There is no portal for customers.",
            "There is no portal",
        ),
    ] {
        let (_, found, design) = made(&short(purpose, "900 users"));
        let goals = &design.blueprint.non_goals;
        assert!(
            goals.iter().any(|g| g.text.starts_with(words)),
            "{words}: {goals:#?}"
        );
        let told = |r: &groundplan_model::Requirement| r.text.starts_with(words);
        assert!(!design.blueprint.requirements.iter().any(told), "{words}");
        assert!(
            !found.iter().any(|f| f.contains("W-DEED-UNREAD")),
            "{found:#?}"
        );
    }
}

#[test]
fn recovery_is_what_the_restore_allows() {
    let text = |purpose: &str, scale: &str, rest: &str| {
        format!(
            "purpose: {purpose}\nscale: {scale}\nteam: 2 engineers\ntimeline: 6 months\nconstraints: {rest}\n"
        )
    };
    let purpose = "Clerks of our staff record boilers and look up boilers.";
    // Nothing is stated: the assumed time is no shorter than the restore of so much.
    let (_, found, design) = made(&text(purpose, "40 users, 6 TB", "GDPR"));
    let number = |d: &groundplan_design::Design, path: &str| d.facts.number(path);
    assert!(number(&design, "recovery.rto_min") >= number(&design, "recovery.failover_min"));
    assert!(!found.iter().any(|f| f.contains("W-RTO")), "{found:#?}");
    // Ten minutes are asked for: a replica stands by, and the restore says what it is for.
    for said in [
        "RTO 10 min",
        "recovery time of 10 minutes",
        "RTO: 10 minutes, RPO 1 minute",
    ] {
        let rest = format!("'{said}'");
        let (_, _, design) = made(&text(purpose, "40 users, 6 TB", &rest));
        assert!(
            number(&design, "recovery.failover_min") <= 10.0,
            "{said}: {}",
            number(&design, "recovery.failover_min")
        );
        let late = number(&design, "recovery.restore_late_min");
        assert!((late - (number(&design, "data.restore_h") * 60.0 - 10.0)).abs() < 1e-6);
    }
}
