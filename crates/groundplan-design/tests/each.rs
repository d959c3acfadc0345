//! What each of several things does or has, who comes, what weighs how much, and what is kept: the
//! phrases of briefs beside usual phrases of other trades that must stay what they are.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{Brief, design, read_brief};

fn brief(scale: &str, constraints: &str) -> Brief {
    let text = format!(
        "purpose: Clerks register parcels.\nscale: \"{scale}\"\nteam: 4\ntimeline: 6 months\nconstraints: \"{constraints}\"\n"
    );
    read_brief("brief.yaml", &text).0
}

fn number(scale: &str, key: &str) -> Option<f64> {
    let value = brief(scale, "").number(key)?;
    Some((value * 1e6).round() / 1e6)
}

/// So many a second.
fn daily(n: f64) -> Option<f64> {
    Some((n / 86_400.0 * 1e6).round() / 1e6)
}

fn packs(purpose: &str) -> Vec<String> {
    let text = format!("purpose: \"{purpose}\"\nscale: 500 users\nteam: 4\ntimeline: 6 months\n");
    let (brief, read) = read_brief("brief.yaml", &text);
    let made = design(&brief, read).0;
    let ids = made.map(|d| d.chosen.reasons).unwrap_or_default();
    ids.keys().map(|id| (*id).to_owned()).collect()
}

#[test]
fn what_each_does_counts_for_all_of_them() {
    let items = |scale: &str| number(scale, "scale.items_per_s");
    assert_eq!(
        items("220 agents, each calls 40 customers a day"),
        daily(8_800.0)
    );
    assert_eq!(
        number("220 agents, each calls 40 customers a day", "scale.dau"),
        None
    );
    assert_eq!(
        items("90 notaries, each notary handles 6 deeds a day"),
        daily(540.0)
    );
    assert_eq!(
        items("90 nurses, every nurse visits about 12 patients a day"),
        daily(1_080.0)
    );
    assert_eq!(
        items("600k DAU, 4 matches per player and day"),
        daily(2_400_000.0)
    );
    let lots = brief(
        "60 sales a year, 300 lots per sale, each lot gets 6 bids",
        "",
    );
    let bids = lots.number("scale.items_per_s").unwrap() * 31_536_000.0;
    assert!((bids - 108_000.0).abs() < 1.0, "{bids}");
}

#[test]
fn usual_counts_stay_what_they_are() {
    let items = |scale: &str| number(scale, "scale.items_per_s");
    // Nobody counts the shops: what comes is what stands there.
    assert_eq!(items("every shop sends 300 orders a day"), daily(300.0));
    assert_eq!(
        items("each evening 40 drivers come, 900 parcels a day"),
        daily(900.0)
    );
    assert_eq!(
        items("12 depots, 900 parcels a day, each scanned"),
        daily(900.0)
    );
    assert_eq!(items("35 clerks, 6 letters each per day"), daily(210.0));
    assert_eq!(
        items("80,000 registered members, 12 librarians, 3,000 loans a day"),
        daily(3_000.0)
    );
    assert_eq!(
        number("80,000 registered members, 12 librarians", "scale.mau"),
        Some(80_012.0)
    );
    assert_eq!(
        number("300 nurses, each with a tablet, 9 rooms", "scale.mau"),
        Some(300.0)
    );
    assert_eq!(
        items("2,000 machines, each with 40 sensors, every machine is checked, 70 reports a day"),
        daily(70.0)
    );
}

#[test]
fn people_of_each_are_counted() {
    let mau = |scale: &str| number(scale, "scale.mau");
    assert_eq!(mau("1,150 wholesalers with ~4 buyers each"), Some(4_600.0));
    assert_eq!(mau("60 schools, 25 teachers per school"), Some(1_500.0));
    assert_eq!(mau("12 depots with about 30 drivers each"), Some(360.0));
    // Usual counts.
    assert_eq!(
        mau("3.2 million registered, 1.1M monthly, 180k groups with 12 members each"),
        Some(1.1e6)
    );
    assert_eq!(mau("60 schools, 1,500 teachers"), Some(1_500.0));
    assert_eq!(mau("40 teachers with 25 pupils each"), Some(1_040.0));
    assert_eq!(mau("900 drivers per month"), Some(900.0));
    assert_eq!(mau("12 clerks and 300 agents"), Some(312.0));
    assert_eq!(
        mau("50 wholesalers, 4,000 buyers"),
        mau("50 wholesalers, 4,000 buyers")
    );
}

#[test]
fn who_comes_is_told_from_who_is_registered() {
    let all = "50 million registered, 18M monthly, 4.5M a day";
    assert_eq!(number(all, "scale.mau"), Some(18e6));
    assert_eq!(number(all, "scale.dau"), Some(4.5e6));
    assert_eq!(
        number("1.2M registered fans, 300k monthly active", "scale.mau"),
        Some(300e3)
    );
    // Usual counts.
    assert_eq!(
        number("80k registered, 2,500 at once", "scale.mau"),
        Some(80e3)
    );
    assert_eq!(
        number("900k registered drivers, 45 wardens", "scale.mau"),
        Some(900_045.0)
    );
    assert_eq!(
        number("310k monthly visitors, 22k a day", "scale.mau"),
        Some(310e3)
    );
    assert_eq!(
        number("310k monthly visitors, 22k a day", "scale.dau"),
        Some(22e3)
    );
}

#[test]
fn bodies_behind_a_comma_weigh_what_is_counted_before_it() {
    let body = |scale: &str| {
        let brief = brief(scale, "");
        let noun = brief.nouns.get("scale.object_mb").cloned();
        (brief.number("scale.object_mb"), noun.unwrap_or_default())
    };
    let of = |mb: f64, noun: &str| (Some(mb), noun.to_owned());
    assert_eq!(
        body("120k episodes are uploaded a month, 45 MB on average"),
        of(45.0, "episode")
    );
    assert_eq!(
        body("900 drawings a day (on average 8 MB), 60 clerks"),
        of(8.0, "drawing")
    );
    assert_eq!(
        body("35 inspectors, 6 inspections each per week, 80 photos per inspection, 3 MB each"),
        of(3.0, "photo")
    );
    // Usual amounts.
    assert_eq!(
        number("80 users, 45 GB of scans", "scale.gb_initial"),
        Some(45.0)
    );
    assert_eq!(
        number("400 clerks, 3 TB of scanned plans", "scale.gb_initial"),
        Some(3_000.0)
    );
    assert_eq!(
        number("2 million documents (1.4 TB)", "scale.gb_initial"),
        Some(1_400.0)
    );
    assert_eq!(
        number("400 users, 40 GB on average", "scale.gb_initial"),
        Some(40.0)
    );
    assert_eq!(
        number("90 users, 20 GB per year", "scale.gb_per_year"),
        Some(20.0)
    );
    assert_eq!(
        number("50 designs, 3 MB per design", "scale.gb_initial"),
        Some(0.15)
    );
}

#[test]
fn looks_are_no_records() {
    let looks = |scale: &str| number(scale, "scale.looks_per_s");
    let asks = "300 orders a day. The tracking page asks 25 million times a day";
    assert_eq!(number(asks, "scale.items_per_s"), daily(300.0));
    assert_eq!(looks(asks), daily(25e6));
    assert_eq!(
        looks("9,000 customers look at availability 4 million times a day"),
        daily(4e6)
    );
    // Usual phrases.
    assert_eq!(
        looks("310 members, each member opens it 5 times a day"),
        daily(1_550.0)
    );
    assert_eq!(
        looks("40 clerks check the list 12 times a day"),
        daily(480.0)
    );
}

#[test]
fn who_did_what_is_a_trail() {
    let months = |said: &str| brief("500 users", said).number("constraints.retention_months");
    assert_eq!(
        months("bids and who opened them kept for 10 years"),
        Some(120.0)
    );
    assert_eq!(
        months("we must keep who saw a record for 3 years"),
        Some(36.0)
    );
    assert_eq!(
        months("every access must be logged and kept for 10 years"),
        Some(120.0)
    );
    // Usual phrases.
    assert_eq!(months("photos kept for 5 years"), None);
    assert_eq!(months("members who cancelled are kept for 2 years"), None);
    assert_eq!(months("invoices of customers who paid kept 10 years"), None);
    assert_eq!(months("audit trail 10 years"), Some(120.0));
    assert_eq!(months("everything is kept for 5 years"), Some(60.0));
    assert_eq!(
        months("who cancelled is called again, letters kept 3 years"),
        None
    );
}

#[test]
fn shares_without_of_are_of_what_was_counted_before() {
    let rate = |scale: &str| number(scale, "scale.window_items_s");
    let even = "31.536 million bookings a year, 40 clerks";
    assert_eq!(rate(even), None);
    let first = rate("8.64 million registrations a month, 40% on the first day").unwrap();
    assert!((first - 40.0).abs() < 0.1, "{first}");
    let evening = rate("86,400 entries a day, 90% of the entries arrive between 18:00 and 22:00");
    assert_eq!(evening, Some(5.4));
    // Usual phrases.
    assert_eq!(rate("86,400 entries a day, 40% in the EU"), None);
    assert_eq!(rate("86,400 entries a day, 20% on phones"), None);
    assert_eq!(rate("9,000 orders a day, half of them are returned"), None);
}

#[test]
fn a_place_of_ones_own_is_no_cloud() {
    let cloud = |said: &str| {
        let brief = brief("500 users", said);
        brief.wish("cloud").map(|w| w.value.clone())
    };
    let own = Some("on-premises".to_owned());
    assert_eq!(cloud("data centre of the state, WCAG 2.1 AA"), own);
    assert_eq!(cloud("must run in the data center of the ministry"), own);
    assert_eq!(cloud("university data centre"), own);
    // Usual phrases.
    assert_eq!(cloud("in a data centre of the provider in Frankfurt"), None);
    assert_eq!(cloud("data centre in the EU"), None);
    assert_eq!(cloud("data centres of the hoster must be certified"), None);
    assert_eq!(cloud("not in the data centre of the state"), None);
}

#[test]
fn one_word_that_means_something_else_brings_no_part() {
    let has = |purpose: &str, pack: &str| packs(purpose).iter().any(|p| p == pack);
    let cases = [
        (
            "Fitters inspect cranes. We rent out tower cranes.",
            "booking",
        ),
        (
            "Clerks score telecom customers every night. Agents call them.",
            "subscriptions",
        ),
        (
            "Players form parties. Matchmaking finds an opponent of equal rating.",
            "recommendations",
        ),
        (
            "Parents enter lessons of their children. Payment stays cash at the pool.",
            "payments",
        ),
        (
            "Foresters list lots, invoices are exported to our accounting system.",
            "ledger",
        ),
        (
            "Buyers see price and delivery date and request hoses.",
            "geo",
        ),
    ];
    for (purpose, pack) in cases {
        assert!(!has(purpose, pack), "{pack}: {purpose}");
    }
    // Where it is meant, it stays.
    let usual = [
        (
            "We rent out canoes. Guests book a canoe for a day.",
            "booking",
        ),
        ("Owners rent out their boats to tourists.", "booking"),
        (
            "Customers change their mobile tariff and see their telecom contract.",
            "subscriptions",
        ),
        (
            "Matchmaking for volunteers and clubs. Clubs post tasks.",
            "recommendations",
        ),
        ("Guests reserve tables and pay by card.", "payments"),
        ("Members make a payment by card or in the app.", "payments"),
        (
            "An accounting system for clubs: treasurers book journals in the general ledger.",
            "ledger",
        ),
        ("Couriers deliver meals to homes along a route.", "geo"),
    ];
    for (purpose, pack) in usual {
        assert!(has(purpose, pack), "{pack}: {purpose}");
    }
}

/// What the brief itself asks for, one line each.
fn wanted(purpose: &str) -> String {
    let text = format!("purpose: \"{purpose}\"\nscale: 500 users\nteam: 4\ntimeline: 6 months\n");
    let (brief, read) = read_brief("brief.yaml", &text);
    let made = design(&brief, read).0;
    let all = made.into_iter().flat_map(|d| d.blueprint.requirements);
    let own = ["FR-brief", "FR-domain", "FR-told"];
    let all = all.filter(|r| own.iter().any(|o| r.id.starts_with(o)));
    all.map(|r| r.text).collect::<Vec<_>>().join("\n")
}

#[test]
fn deeds_are_read_past_states_and_phrases() {
    let says = |purpose: &str, words: &str| {
        let all = wanted(purpose);
        assert!(all.contains(words), "{words}: {all}");
    };
    says(
        "Ward nurses mark beds free or occupied, managers read figures of the week.",
        "mark beds",
    );
    says(
        "Singers of our choir say whether they come and find the scores.",
        "find the scores",
    );
    says(
        "Gardeners take over watering shifts and see the water bill.",
        "take over watering shifts",
    );
    says(
        "Foresters list lots. Clerks enter parcels by 6:00 each day.",
        "by 6.00 each day",
    );
    says("Patients fill in a diary every evening.", "fill in a diary");
    says(
        "Everybody wants to see the standings of a round.",
        "standings",
    );
    assert!(!wanted("Everybody wants to see the standings of a round.").contains("everybody want"));
    says(
        "A serious side effect alerts the investigator, nurses answer queries.",
        "side effect",
    );
    // Usual sentences.
    says("Porters take samples to the laboratory.", "take samples");
    says(
        "Inspectors take photos and mark damage on a plan.",
        "take photos",
    );
    says(
        "Librarians take back media and manage the collection.",
        "take back media",
    );
    says("Members of the board approve budgets.", "approve budgets");
    says("Clerks fill the form and print it.", "fill the form");
    assert!(!wanted("Visitors take quizzes and win prizes.").contains("priz "));
}

#[test]
fn what_was_done_before_is_none_of_it_on_a_line_of_its_own() {
    let text = "purpose: |\n  Clerks register parcels.\n  Today it is whiteboards, phones and paper.\nscale: 90 users\nteam: 4\ntimeline: 6 months\n";
    let (brief, read) = read_brief("brief.yaml", text);
    let made = design(&brief, read).0.unwrap();
    let told = made.blueprint.requirements.iter();
    assert!(told.into_iter().all(|r| !r.text.contains("whiteboards")));
}

#[test]
fn periods_and_outages_are_read() {
    let said = brief(
        "90 users",
        "keep raw data 3 months and summaries 5 years, dispatch must not stop for more than 10 minutes",
    );
    let kept: Vec<&str> = said.retention.iter().map(|r| r.period.as_str()).collect();
    assert_eq!(kept, ["3 months", "5 years"]);
    assert_eq!(said.number("constraints.rto_min"), Some(10.0));
    // Usual constraints.
    let rto = |said: &str| brief("90 users", said).number("constraints.rto_min");
    assert_eq!(rto("sessions stop after 30 minutes"), None);
    assert_eq!(rto("must not be down for more than 2 hours a month"), None);
    assert_eq!(rto("may be down for two hours"), Some(120.0));
    assert_eq!(rto("requests must not take longer than 2 s"), None);
    assert_eq!(rto("keep tickets 3 months and go live in 2 years"), None);
    let one = brief("90 users", "keep tickets 3 months and go live in 2 years");
    assert_eq!(one.retention.len(), 1);
}

#[test]
fn what_is_metered_by_a_price_is_no_meter() {
    let has = |purpose: &str, pack: &str| packs(purpose).iter().any(|p| p == pack);
    let api = "An API that checks names. Clients get keys, metered billing per check.";
    assert!(!has(api, "iot") && !has(api, "energy"));
    assert!(has(
        "Electricity meters send readings, households see consumption.",
        "energy"
    ));
    assert!(!has(
        "An app for book clubs: members propose titles.",
        "booking"
    ));
    assert!(has("Guests book a table.", "booking"));
    assert!(has("Members book club rooms and courts.", "booking"));
}

#[test]
fn things_alone_are_a_scale() {
    let text = "purpose: Gardeners take over watering shifts.\nscale: 140 plots\nteam: 1\ntimeline: 3 months\n";
    let (_, found) = read_brief("brief.yaml", text);
    assert!(found.iter().all(|d| d.name != "V-SCALE-UNPARSED"));
    let text = text.replace("140 plots", "quite a lot");
    let (_, found) = read_brief("brief.yaml", &text);
    assert!(found.iter().any(|d| d.name == "V-SCALE-UNPARSED"));
}
