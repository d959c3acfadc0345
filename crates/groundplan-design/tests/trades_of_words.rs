//! Words of one trade in the text of another, what comes together and what is followed: each beside
//! wordings that must not change.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{Brief, Design, design, read_brief};

fn text(purpose: &str, scale: &str, constraints: &str) -> String {
    format!(
        "purpose: \"{purpose}\"\nscale: \"{scale}\"\nteam: 6 engineers\ntimeline: 9 months\nconstraints: \"{constraints}\"\n"
    )
}

fn brief(purpose: &str, scale: &str, constraints: &str) -> Brief {
    read_brief("brief.yaml", &text(purpose, scale, constraints)).0
}

fn made(purpose: &str, scale: &str, constraints: &str) -> Design {
    let (brief, read) = read_brief("brief.yaml", &text(purpose, scale, constraints));
    design(&brief, read).0.unwrap()
}

/// A purpose in which nothing is recognised brings no pack.
fn packs(purpose: &str) -> Vec<&'static str> {
    let (brief, read) = read_brief("brief.yaml", &text(purpose, "500 users", ""));
    let made = design(&brief, read).0;
    made.map_or_else(Vec::new, |d| d.chosen.reasons.into_keys().collect())
}

fn kept(design: &Design, entity: &str) -> Option<String> {
    let mut all = design.blueprint.entities.iter();
    all.find(|e| e.name == entity)?.retention.clone()
}

#[test]
fn words_of_another_trade_bring_no_pack() {
    for (purpose, pack) in [
        (
            "Advertisers book campaigns, hosts upload episodes.",
            "booking",
        ),
        (
            "Apps like Foo fetch the feed. Numbers must follow the rules of the board, hosts get their share.",
            "social",
        ),
        (
            "Clerks see who waits at the call points and the meeting points.",
            "calls",
        ),
        (
            "Managers import bills and purchase ledgers about products.",
            "orders",
        ),
        (
            "Managers import bills and purchase ledgers of suppliers.",
            "procurement",
        ),
        ("Carbon accounting: managers import ledger lines.", "ledger"),
        (
            "Holders register with a code, votes count on the record date.",
            "records",
        ),
        (
            "Suppliers fill in questionnaires about products, managers review a product.",
            "surveys",
        ),
        (
            "Donors fill in the health questionnaire, clerks check it.",
            "surveys",
        ),
        (
            "Donors book an appointment for donating blood, nurses register each donation.",
            "payments",
        ),
        (
            "Donors give blood, nurses check their health and register a bag, hospitals get it.",
            "health",
        ),
        ("Hospitals order linen, drivers deliver a bag.", "health"),
        (
            "Agents offer jobs to translators. Translators are paid monthly by bank transfer.",
            "payments",
        ),
    ] {
        assert!(!packs(purpose).contains(&pack), "{pack}: {purpose}");
    }
    for (purpose, pack) in [
        ("Guests book rooms and cancel a booking.", "booking"),
        ("Visitors book entry to a museum.", "booking"),
        ("Users follow friends and plan trips.", "social"),
        ("Doctors join a video call with patients.", "calls"),
        ("Buyers order products and put them in a cart.", "orders"),
        ("Bookkeepers post journals to a general ledger.", "ledger"),
        (
            "Members answer questionnaires, authors close the survey.",
            "surveys",
        ),
        (
            "Donors donate money for the zoo and get a receipt.",
            "payments",
        ),
        ("Donors donate for research on blood cancer.", "payments"),
        ("Buyers order parts, orders are paid by card.", "payments"),
        (
            "Nurses write down how a patient is, hospitals read it.",
            "health",
        ),
    ] {
        assert!(packs(purpose).contains(&pack), "{pack}: {purpose}");
    }
}

#[test]
fn bids_are_sealed_or_a_clock_runs_or_they_go_up() {
    let told = |purpose: &str| {
        let all = made(purpose, "500 users", "").blueprint.requirements;
        all.into_iter()
            .map(|r| r.text)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let open = told("Sellers put lots into an auction and bidders bid on a lot.");
    assert!(open.contains("leave a highest bid"), "{open}");
    let purpose = "Foresters offer lots of timber in an auction, sawmills hand in sealed bids until the deadline.";
    assert!(!packs(purpose).contains(&"realtime"));
    let sealed = told(purpose);
    assert!(!sealed.contains("leave a highest bid"), "{sealed}");
    assert!(
        sealed.contains("nobody can read before the opening"),
        "{sealed}"
    );
    let clock =
        told("Dutch clock auction: growers announce lots, buyers bid against a falling price.");
    assert!(clock.contains("stop the falling price"), "{clock}");
    assert!(!clock.contains("leave a highest bid"), "{clock}");
    // Neither a sealed box nor a price that suppliers press makes another auction.
    let reverse = told(
        "Reverse auction: purchasers offer lots of sealed boxes, suppliers bid falling prices against each other.",
    );
    assert!(reverse.contains("leave a highest bid"), "{reverse}");
}

#[test]
fn who_is_online_at_once_and_what_comes_together() {
    let number = |scale: &str, key: &str| brief("Buyers bid.", scale, "").number(key);
    let all = "2,400 buyers all online from 6:00 to 9:00";
    assert_eq!(number(all, "scale.concurrent"), Some(2_400.0));
    assert_eq!(
        number("2,400 buyers, all on phones", "scale.concurrent"),
        None
    );
    let lines = "200 users, 86,400 reports a day, 40 lines per report";
    let load = made("Clerks file reports.", lines, "").outcome.load;
    assert!((load.items.unwrap() - 40.0).abs() < 1e-6);
    assert!((load.avg - 1.0).abs() < 0.2, "{}", load.avg);
    // Bodies come one by one.
    let photos = "200 users, 86,400 visits a day, 40 photos per visit of 1 MB";
    let load = made("Clerks file visits and photos.", photos, "")
        .outcome
        .load;
    assert!(load.avg > 30.0, "{}", load.avg);
}

#[test]
fn what_is_kept_is_meant_as_a_whole() {
    let design = made(
        "Clerks publish articles and record visits; visitors read an article.",
        "500 users",
        "IP addresses of visitors may be kept 24 hours only",
    );
    assert!(
        design
            .blueprint
            .entities
            .iter()
            .all(|e| e.retention.as_deref() != Some("24 hours"))
    );
    let design = made(
        "Parents see where the school bus is and report an absence.",
        "40 buses, position every 10 seconds, 900 parents",
        "locations deleted after 14 days",
    );
    assert_ne!(kept(&design, "session").as_deref(), Some("14 days"));
    assert!(design.chosen.has("tracking") && !design.chosen.has("iot"));
    let brief = brief(
        "Holders vote.",
        "500 users",
        "results provable to a court for 5 years",
    );
    assert_eq!(
        brief.retention.first().map(|r| r.things.clone()),
        Some(vec!["result".to_owned()])
    );
}

#[test]
fn what_is_free_is_reserved_and_a_verb_is_no_thing() {
    let names = |purpose: &str| -> Vec<String> {
        let all = made(purpose, "400 berths", "").blueprint.entities;
        all.into_iter().map(|e| e.name).collect()
    };
    let berths = names(
        "Skippers search for a free berth for their boat and reserve it, masters assign berths.",
    );
    assert!(berths.contains(&"berth".to_owned()), "{berths:?}");
    assert!(!berths.contains(&"boat".to_owned()), "{berths:?}");
    // A time that is free is no thing that is.
    let boats = names("Guests see free times of a boat and book a boat.");
    assert!(boats.contains(&"boat".to_owned()), "{boats:?}");
    let donors = names("Donors book an appointment, shops order products and sell a product.");
    assert!(!donors.contains(&"book".to_owned()), "{donors:?}");
    let shop = names("Readers order a book, shops sell books.");
    assert!(shop.contains(&"book".to_owned()), "{shop:?}");
}

#[test]
fn one_body_has_its_size_however_it_is_told() {
    let first =
        |scale: &str| brief("Clerks upload documents.", scale, "").number("scale.object_mb");
    for told in [
        "documents of 3 MB",
        "source documents avg 3 MB",
        "documents average 3 MB",
        "documents (avg 3 MB)",
        "average source document 3 MB",
        "documents are 3 MB on average",
    ] {
        let scale = format!("300 users, 900 projects a day, {told}");
        assert_eq!(first(&scale), Some(3.0), "{told}");
    }
    // All of them together.
    assert_eq!(
        first("300 users, 900 projects a day, documents are 3 GB"),
        None
    );
}

#[test]
fn an_outage_that_is_borne_is_the_time_to_recover() {
    let rto = |constraints: &str| {
        brief("Clerks file cases.", "300 users", constraints).number("constraints.rto_min")
    };
    assert_eq!(rto("Down for an hour is bearable."), Some(60.0));
    assert_eq!(rto("A delay of 4 hours is acceptable."), None);
}

#[test]
fn a_clause_that_breaks_off_stays_with_the_one_before() {
    let told = "Paper receipts are fine, losing a case is not.";
    let all = made("Clerks file cases.", "300 users", told)
        .blueprint
        .requirements;
    let said: Vec<&str> = all.iter().map(|r| r.text.as_str()).collect();
    assert!(
        said.contains(&"Paper receipts are fine, losing a case is not."),
        "{said:?}"
    );
}

#[test]
fn what_was_read_elsewhere_makes_no_period_known() {
    let scale = "300 users, 7 years";
    let text = text("Clerks file cases.", scale, "data retention 7 years");
    let (_, found) = read_brief("brief.yaml", &text);
    assert!(
        found
            .iter()
            .any(|d| d.name == "W-NUMBER-UNREAD" && d.message.contains("7 years")),
        "{found:?}"
    );
}

#[test]
fn levels_of_operations_have_the_nouns_of_the_brief() {
    let all = made(
        "Patients book an appointment with a doctor.",
        "300 users",
        "",
    );
    let levels: Vec<&str> = (all.blueprint.slos.iter().map(|s| s.indicator.as_str())).collect();
    assert!(levels.contains(&"POST /v1/appointments"), "{levels:?}");
}

#[test]
fn nobody_waits_in_a_queue_to_sign_in() {
    let all = made(
        "Clerks file cases and close a case.",
        "300 users",
        "Single sign-on for clerks.",
    );
    let told = &all.blueprint.system.answers["operations.failures"].text;
    let sign_on = told.split(". ").find(|t| t.contains("sign-on")).unwrap();
    assert!(sign_on.contains("open sessions go on"), "{told}");
}

#[test]
fn what_is_kept_stands_before_a_comma() {
    let brief = brief(
        "Clerks upload documents.",
        "300 users, source files of 3 MB, kept for 7 years",
        "",
    );
    let kept = brief.retention.first().map(|r| r.things.clone());
    assert_eq!(kept, Some(vec!["source".to_owned(), "file".to_owned()]));
    assert_eq!(brief.number("constraints.data_retention_months"), None);
}

#[test]
fn what_a_purpose_is_about_names_it() {
    let name = |purpose: &str| brief(purpose, "500 users", "").name();
    assert_eq!(
        name("We are a small company that hosts podcasts. Hosts upload an episode."),
        "Podcast system"
    );
    assert_eq!(
        name("parents see where the school bus is, and report a sick child"),
        "School bus system"
    );
    assert_eq!(
        name("Companies add their domains, clerks check reports."),
        "Domain system"
    );
    assert_eq!(
        name("Online voting at general meetings - holders register and vote."),
        "Online voting at general meetings"
    );
}

#[test]
fn what_is_kept_outgrows_a_budget() {
    let codes = |constraints: &str| -> Vec<String> {
        let scale = "40 users, 86,400 photos a day, 10 MB per photo";
        let all = made(
            "Crews upload photos, inspectors check a photo.",
            scale,
            constraints,
        )
        .findings;
        all.into_iter().map(|f| f.code).collect()
    };
    let later = |constraints: &str| codes(constraints).contains(&"W-BUDGET-LATER".to_owned());
    assert!(later("photos kept 10 years, 12,000 USD per month"));
    assert!(!later("photos kept 10 years, 90,000 USD per month"));
    assert!(!later(
        "photos deleted after 6 months, 12,000 USD per month"
    ));
}

#[test]
fn a_month_in_brackets_has_the_year_before_it() {
    let timeline = |text: &str| {
        let all =
            format!("purpose: Clerks file cases.\nscale: 50 users\nteam: 4\ntimeline: {text}\n");
        read_brief("brief.yaml", &all).0.deadline.map(|d| d.value)
    };
    assert!(timeline("ready for the season 2028 (end of March)").is_some());
}

#[test]
fn a_product_of_others_is_read_and_not_chosen() {
    let stores = |stack: &str| {
        let text = format!(
            "purpose: Clerks book rooms.\nscale: 500 users\nteam: 4 engineers\ntimeline: 9 months\nstack: \"{stack}\"\n"
        );
        let (brief, read) = read_brief("brief.yaml", &text);
        let partners: Vec<String> = brief.partners.iter().map(|p| p.name.clone()).collect();
        let made = design(&brief, read).0.unwrap();
        (made.outcome.option("primary_db").to_owned(), partners)
    };
    let read = |stack: &str, partner: &str| {
        let (db, partners) = stores(stack);
        assert_eq!(
            (db.as_str(), partners),
            ("postgres", vec![partner.to_owned()]),
            "{stack}"
        );
    };
    read(
        "Java, Oracle must be read for the container register",
        "container register (Oracle)",
    );
    read(
        "Go, tariffs are imported from the old Oracle",
        "existing Oracle",
    );
    // What is asked for is chosen.
    for stack in ["Java, Oracle must be used", "Oracle only", "Java, Oracle"] {
        assert_eq!(stores(stack), ("oracle".to_owned(), Vec::new()), "{stack}");
    }
}

#[test]
fn times_and_sentences_with_a_colon_are_told() {
    let design = made(
        "Dispatchers plan tours each evening at 18:00 and drivers follow the tour.",
        "46 drivers",
        "Tours must be there at 5:00 even if the software is down. Pupils are minors: no names of pupils leave the school. \
         German data protection officer of the ministry must approve.",
    );
    let told: Vec<&str> = design
        .blueprint
        .requirements
        .iter()
        .map(|r| r.text.as_str())
        .collect();
    for said in [
        "plan tours each evening at 18:00",
        "Tours must be there at 5:00 even if the software is down",
        "Pupils are minors: no names of pupils leave the school",
        "German data protection officer of the ministry must approve",
    ] {
        assert!(told.iter().any(|t| t.contains(said)), "{said}: {told:#?}");
    }
}

#[test]
fn a_list_goes_on_behind_a_participle() {
    let design = made(
        "Drivers report full bins, blocked access and damage with a photo. Clerks assign jobs.",
        "46 drivers",
        "",
    );
    let asked = design.blueprint.questions.iter();
    let lost: Vec<&str> = asked
        .map(|q| q.text.as_str())
        .filter(|q| q.contains("locked access"))
        .collect();
    assert_eq!(lost, Vec::<&str>::new());
    let requirements = &design.blueprint.requirements;
    assert!(requirements.iter().any(|r| {
        r.text
            .contains("report full bins, blocked access and damage with a photo")
    }),);
}

#[test]
fn what_is_deleted_stands_in_the_clause_before() {
    let design = made(
        "Drivers upload a photo of each bin. Clerks assign jobs to drivers.",
        "46 drivers",
        "Photos may show people and number plates; delete after 30 days",
    );
    assert_eq!(kept(&design, "photo").as_deref(), Some("30 days"));
    let jobs = kept(&design, "dispatch_job");
    assert_ne!(jobs.as_deref(), Some("1 months"));
    assert_ne!(jobs.as_deref(), Some("30 days"));
}

#[test]
fn what_people_report_of_a_thing_is_a_record_of_its_own() {
    let design = made(
        "1,100 containers report their fill level every hour. Citizens report overflowing containers through a web form.",
        "1,100 containers",
        "",
    );
    let names: Vec<&str> = design
        .blueprint
        .entities
        .iter()
        .map(|e| e.name.as_str())
        .collect();
    assert!(names.contains(&"container_report"), "{names:?}");
    assert!(
        !names.iter().any(|n| n.contains("overflowing")),
        "{names:?}"
    );
    let asked = design.blueprint.questions.iter();
    let asked: Vec<&str> = asked
        .map(|q| q.text.as_str())
        .filter(|q| q.contains("ontainers report their fill"))
        .collect();
    assert_eq!(asked, Vec::<&str>::new());
}

#[test]
fn those_who_lead_build_too() {
    let engineers = |team: &str| {
        let text = format!(
            "purpose: Clerks book rooms.\nscale: 500 users\nteam: \"{team}\"\ntimeline: 9 months\n"
        );
        read_brief("brief.yaml", &text).0.number("team.engineers")
    };
    assert_eq!(
        engineers("one lead developer, two developers, a UX designer"),
        Some(3.0)
    );
    assert_eq!(engineers("a lead developer and two developers"), Some(3.0));
    assert_eq!(engineers("4 engineers and a tester"), Some(4.0));
}
