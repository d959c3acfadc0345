//! What readers of designed documents would not sign, by class: words of two trades, records that are
//! kept elsewhere, clauses that vanish, and who does what.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{Design, design, read_brief};

fn made(text: &str) -> Design {
    let (brief, read) = read_brief("brief.yaml", text);
    design(&brief, read).0.unwrap()
}

fn four(purpose: &str, scale: &str) -> String {
    format!("purpose: \"{purpose}\"\nscale: \"{scale}\"\nteam: 4\ntimeline: 6 months\n")
}

fn packs(purpose: &str) -> Vec<&'static str> {
    let all = made(&four(purpose, "500 users")).chosen.reasons;
    all.keys().copied().collect()
}

/// What the brief itself asks for, one line each.
fn wanted(purpose: &str) -> Vec<String> {
    let design = made(&four(purpose, "500 users"));
    let own = ["FR-brief", "FR-domain", "FR-told"];
    let all = design.blueprint.requirements.into_iter();
    all.filter(|r| own.iter().any(|o| r.id.starts_with(o)))
        .map(|r| r.text)
        .collect()
}

#[test]
fn a_word_of_two_trades_is_that_of_the_other_capability() {
    let close = "Subsidiaries deliver bookings, controllers check them against the chart of accounts of the general ledger.";
    assert!(!packs(close).contains(&"booking"));
    let bids = "Sellers list lots for auction with a reserve, dealers bid until the hammer falls.";
    assert!(!packs(bids).contains(&"booking"));
    let photos =
        "Friends follow each other. Everybody gets the prompt and posts a photo into the feed.";
    assert!(!packs(photos).contains(&"assistant"));
    // Where nothing else is meant, they bring what they say.
    assert!(packs("Guests book a table and get a confirmation.").contains(&"booking"));
    assert!(
        packs("An assistant answers questions from our manuals, prompts are logged.")
            .contains(&"assistant")
    );
}

#[test]
fn names_that_begin_with_a_verb_are_nothing_that_is_done() {
    let apply = "Parents apply for the allowance, upload birth certificates and pay slips, case workers issue the notice.";
    let all = packs(apply);
    for id in ["people", "payments", "orders"] {
        assert!(!all.contains(&id), "{id} of {all:?}");
    }
    assert!(!wanted(apply).iter().any(|w| w.contains("to pay slips")));
    let state = "Clerks approve grants, payment orders go to the treasury each night.";
    assert!(!packs(state).contains(&"orders"));
    let test = "Foremen file test results and order forms, inspectors read them.";
    assert!(
        !wanted(test)
            .iter()
            .any(|w| w.contains("want to test") || w.contains("to order forms"))
    );
    // Who pays, pays.
    assert!(packs("Members pay by card and get a receipt.").contains(&"payments"));
}

#[test]
fn records_of_a_system_outside_are_not_kept_here() {
    let made_in = |purpose: &str| packs(purpose).contains(&"maintenance");
    assert!(!made_in(
        "Sensors watch doors, we open a work order in SAP for the workshop."
    ));
    assert!(made_in(
        "Fitters get a work order on the phone and report what they repaired."
    ));
    let by = packs("Yards list scrap, smelters buy it. Freight is arranged by the buyer.");
    assert!(!by.contains(&"dispatch"), "{by:?}");
}

#[test]
fn card_rules_of_an_interface_for_issuers_take_no_money() {
    let text = "purpose: API for card issuers that send us transactions, we check each for fraud.\nscale: 11 issuers, 400 tps peak\nteam: 9\nconstraints: PCI DSS\n";
    assert!(!made(text).chosen.has("payments"));
    let shop = "purpose: Fans buy tickets and pay by card.\nscale: 9k users\nteam: 9\nconstraints: PCI DSS\n";
    assert!(made(shop).chosen.has("payments"));
}

#[test]
fn half_a_clause_does_not_vanish() {
    let told = |purpose: &str, part: &str| {
        wanted(purpose)
            .iter()
            .any(|w| w.to_lowercase().contains(part))
    };
    let linen = "Drivers count bags, and hotels see on a portal what is still missing and get a monthly invoice.";
    assert!(told(linen, "hotels see on a portal what is still missing"));
    assert!(told(linen, "get a monthly invoice"));
    let doors =
        "Doors send a profile. Mechanics look at the profile, confirm or reject the suspicion.";
    assert!(told(doors, "confirm the suspicion"), "{:?}", wanted(doors));
    assert!(told(doors, "reject the suspicion"));
    let close = "Controllers validate the lines, eliminate the balances between companies and sign off the month.";
    assert!(
        told(close, "the balances between companies"),
        "{:?}",
        wanted(close)
    );
    assert!(told(close, "sign off the month"), "{:?}", wanted(close));
}

#[test]
fn who_acts_is_somebody() {
    let ferry = wanted("Passengers and cars book a crossing.");
    assert!(
        ferry
            .iter()
            .any(|w| w.contains("passenger") && w.contains("book a crossing")),
        "{ferry:?}"
    );
    assert!(!ferry.iter().any(|w| w.contains(" car ")));
    let money = wanted(
        "Buyers bid on lots, we hold the money in escrow until the weighbridge ticket confirms the weight.",
    );
    assert!(
        !money
            .iter()
            .any(|w| w.to_lowercase().contains("the money confirms")),
        "{money:?}"
    );
    let linen = wanted(
        "Hotels send us their dirty linen every morning, we wash it and bring it back the next day.",
    );
    assert!(
        linen.iter().any(|w| w.contains("send my dirty linen")),
        "{linen:?}"
    );
    assert!(
        linen
            .iter()
            .any(|w| w.contains("bring back the dirty linen the next day.")),
        "{linen:?}"
    );
}

#[test]
fn who_is_counted_at_work_comes_on_working_days() {
    let dau = |purpose: &str, scale: &str| made(&four(purpose, scale)).facts.number("load.dau");
    let apply = "Parents apply for the allowance, case workers check the application.";
    assert_eq!(dau(apply, "900 case workers in 26 offices"), 540.0);
    assert_eq!(
        dau("Mechanics inspect trams.", "45 mechanics and 5 engineers"),
        30.0
    );
    assert_eq!(
        dau(
            "Hotels order linen from drivers.",
            "80 hotel staff, 20 drivers"
        ),
        60.0
    );
    assert_eq!(
        dau("Parents apply for the allowance.", "900 parents"),
        180.0
    );
}

#[test]
fn what_devices_send_stands_beside_what_is_counted() {
    let facts = |scale: &str| {
        let design = made(&four(
            "Turbines send telemetry, engineers look at bursts.",
            scale,
        ));
        let of = |path: &str| design.facts.number(path);
        (of("load.device_msgs_s"), of("data.gb_per_year"))
    };
    let (messages, gb) = facts("1,000 turbines every 10 s, 100 bursts a day, 12 MB per burst");
    assert_eq!(messages, 100.0);
    // 438 GB of bursts and the rows of 100 messages a second.
    assert!(gb > 438.0 + 300.0 && gb < 438.0 + 2_000.0, "{gb}");
    let (messages, gb) = facts(
        "400 doors, 86,400 openings a day, 6 KB per profile, one status message per door every 4 seconds",
    );
    assert_eq!(messages, 100.0);
    assert!(gb > 302.0 + 300.0 && gb < 302.0 + 2_000.0, "{gb}");
    let (messages, _) = facts("60 trams, one position per tram every 2 s, 9 desks");
    assert_eq!(messages, 30.0);
    // What nobody sends is counted by its bodies alone.
    let (_, gb) = facts("9 engineers, 100 bursts a day, 12 MB per burst");
    assert_eq!(gb, 438.0);
}

#[test]
fn a_particle_belongs_to_its_verb() {
    let laptops = wanted("Employees search and check out laptops.");
    assert!(
        laptops.iter().any(|w| w.contains("search laptops")),
        "{laptops:?}"
    );
    assert!(
        laptops.iter().any(|w| w.contains("check out laptops")),
        "{laptops:?}"
    );
}

#[test]
fn complaints_are_no_names() {
    let name =
        |purpose: &str, scale: &str| read_brief("brief.yaml", &four(purpose, scale)).0.name();
    let fridges =
        "Our lab techs forget to log temperatures. Want probes that report by themselves.";
    assert_eq!(
        name(fridges, "64 fridges, one reading a minute"),
        "Fridge system"
    );
    assert_eq!(
        name(
            "We lose track of keys again and again.",
            "900 keys, 9 desks"
        ),
        "Key system"
    );
    assert_eq!(
        name("Our choir rents robes. Members borrow robes.", "40 members"),
        "Choir system"
    );
}

#[test]
fn a_constraint_asks_for_no_product() {
    let all = |purpose: &str, constraints: &str| {
        let text = format!(
            "{}constraints: \"{constraints}\"\n",
            four(purpose, "500 users")
        );
        let all = made(&text).chosen.reasons;
        all.keys().copied().collect::<Vec<_>>()
    };
    let clerks = "Clerks register parcels.";
    for (constraints, id) in [
        ("Availability of 99.8 % from November to April", "booking"),
        (
            "Records of treatment shall be stored for 12 years",
            "records",
        ),
        ("Receipts must be kept for ten years in the shop", "pos"),
        (
            "No patient data may leave the hospital; staff sign in with a card",
            "people",
        ),
        ("Forecasts are obtained from the weather service", "ml"),
        ("Orders older than a year are archived", "orders"),
    ] {
        assert!(!all(clerks, constraints).contains(&id), "{constraints}");
    }
    let billing = "Billing staff export the treatments of the quarter.";
    assert!(!packs(billing).contains(&"payments"));
    assert!(!packs("Technicians get a ticket when a machine fails.").contains(&"seating"));
    // How it works may stand there, and what it is for stands in the purpose.
    assert!(all(clerks, "works offline in cellars without network").contains(&"offline"));
    assert!(all(clerks, "payments by Stripe").contains(&"payments"));
    assert!(all(clerks, "export of all parcels as CSV").contains(&"exports"));
    assert!(all(clerks, "member companies must be separate tenants").contains(&"multitenant"));
    assert!(packs("Guests book a table.").contains(&"booking"));
    assert!(packs("Tenants pay by card, billing runs each month.").contains(&"payments"));
}

#[test]
fn trades_that_share_words_with_exams_and_shops_bring_none() {
    let plans =
        "Coaches sell training plans, athletes follow a plan and log each session with its grade.";
    let all = packs(plans);
    for id in ["learning", "orders"] {
        assert!(!all.contains(&id), "{id} of {all:?}");
    }
    // Where that is meant, they bring it.
    assert!(packs("Pupils sit exams and teachers publish the grades.").contains(&"learning"));
    assert!(packs("The shop sells power tools and course books.").contains(&"orders"));
    assert!(
        packs("Clerks approve supplier invoices that come by Peppol.").contains(&"procurement")
    );
}

#[test]
fn what_must_go_on_when_the_internet_is_down_works_without_network() {
    let gate = "Members open the gate, also when the internet of the site is down.";
    assert!(packs(gate).contains(&"offline"));
    let lost = "Players book a table and place bets; when the connection is lost, they come back to their table.";
    assert!(!packs(lost).contains(&"offline"));
}
