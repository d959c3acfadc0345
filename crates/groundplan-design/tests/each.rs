//! What each of several things does, who comes, and when: three wordings of different trades each.

use groundplan_design::{Brief, design, read_brief};

fn brief(text: &str) -> (Brief, Vec<String>) {
    let (brief, found) = read_brief("brief.yaml", text);
    let told = |d: &groundplan_model::Diagnostic| format!("{}: {}", d.name, d.message);
    (brief, found.iter().map(told).collect())
}

fn four(purpose: &str, scale: &str) -> String {
    format!("purpose: \"{purpose}\"\nscale: \"{scale}\"\nteam: 4\ntimeline: 6 months\n")
}

fn number(scale: &str, key: &str) -> Option<f64> {
    let (brief, _) = brief(&four("Clerks register parcels.", scale));
    brief.number(key)
}

fn packs(text: &str) -> Vec<String> {
    let (brief, read) = read_brief("brief.yaml", text);
    // A purpose that is refused brings no pack either.
    let made = design(&brief, read).0;
    let ids = made.map(|d| d.chosen.reasons).unwrap_or_default();
    ids.keys().map(|id| (*id).to_owned()).collect()
}

#[test]
fn what_each_does_counts_for_all() {
    let day = |n: f64| Some(n / 86_400.0);
    let near = |scale: &str, key: &str, wanted: Option<f64>| {
        let found = number(scale, key);
        let same = found
            .zip(wanted)
            .is_some_and(|(a, b)| (a - b).abs() < b * 1e-3 + 1e-9);
        assert!(
            same || found == wanted,
            "{scale}: {key} {found:?}, not {wanted:?}"
        );
    };
    let items = "scale.items_per_s";
    // What somebody does to people in a day makes nobody a user.
    near(
        "220 agents, each calls 40 customers a day",
        items,
        day(8_800.0),
    );
    near(
        "220 agents, each calls 40 customers a day",
        "scale.dau",
        None,
    );
    near(
        "90 nurses, every nurse visits 12 patients a day",
        items,
        day(1_080.0),
    );
    near(
        "600k DAU, 4 matches per player and day",
        items,
        day(2_400_000.0),
    );
    // People of each organisation.
    near(
        "1,150 wholesalers with ~4 buyers each",
        "scale.mau",
        Some(4_600.0),
    );
    near(
        "60 schools, 25 teachers per school",
        "scale.mau",
        Some(1_500.0),
    );
    near(
        "12 depots with about 30 drivers each",
        "scale.mau",
        Some(360.0),
    );
    // What is done to each of them again and again.
    let week = |n: f64| Some(n / 604_800.0);
    near(
        "340 cranes, 55 fitters. Each crane is inspected every 2 weeks",
        items,
        week(170.0),
    );
    near(
        "700 hydrants, all hydrants are checked once a week, 9 clerks",
        items,
        week(700.0),
    );
    // Beside another rate, too.
    let scans = "1.9 million parcels a day, 14 scans per parcel. 10,000 returns a day";
    near(scans, items, day(26_610_000.0));
    // A page that asks brings no records.
    let asks = "300 orders a day. The tracking page asks 25 million times a day";
    near(asks, items, day(300.0));
    near(asks, "scale.looks_per_s", day(25e6));
}

#[test]
fn bodies_behind_a_comma_weigh_what_comes() {
    let mb = |scale: &str| number(scale, "scale.object_mb");
    assert_eq!(
        mb("120k episodes are uploaded per month, 45 MB on average"),
        Some(45.0)
    );
    assert_eq!(
        mb("900 drawings a day (on average 8 MB), 60 clerks"),
        Some(8.0)
    );
    assert_eq!(
        mb("70 surveys a day, 20 photos per survey, 3 MB each"),
        Some(3.0)
    );
    assert_eq!(
        number(
            "120k episodes per month, 45 MB on average",
            "scale.gb_initial"
        ),
        None
    );
    // A stock stays one.
    assert_eq!(
        number("80 users, 45 GB of scans", "scale.gb_initial"),
        Some(45.0)
    );
}

#[test]
fn who_comes_is_told_from_who_is_registered() {
    let all = "50 million registered, 18M monthly, 4.5M a day";
    assert_eq!(number(all, "scale.mau"), Some(18e6));
    assert_eq!(number(all, "scale.dau"), Some(4.5e6));
    assert_eq!(
        number("80k registered, 2,500 at once", "scale.mau"),
        Some(80_000.0)
    );
    assert_eq!(
        number("1400 families, 12 instructors", "scale.mau"),
        Some(1_412.0)
    );
    let mills = brief(&four(
        "Sawmills hand in bids. Foresters list lots.",
        "450 sawmills, 90 foresters",
    ));
    assert_eq!(mills.0.number("scale.mau"), Some(540.0));
}

#[test]
fn a_season_stands_beside_the_peak_of_a_day() {
    let more = |scale: &str| number(scale, "scale.season_factor");
    assert_eq!(more("90k orders a day, December is 2.5x"), Some(2.5));
    assert_eq!(more("400 bookings a day, in summer 4x"), Some(4.0));
    assert_eq!(more("5,000 loads a day, harvest is 6 times"), Some(6.0));
    assert_eq!(more("5,000 loads a day, peak is 6x"), None);
}

#[test]
fn a_timeline_without_a_year_is_told() {
    let weeks = |timeline: &str| {
        let text = format!(
            "purpose: Clerks register parcels.\nscale: 500 users\nteam: 4\ntimeline: \"{timeline}\"\n"
        );
        let (brief, found) = brief(&text);
        (brief.number("timeline.weeks"), found.join("\n"))
    };
    assert_eq!(
        weeks("live for the sale of October, we start in January").0,
        Some(39.1)
    );
    assert_eq!(
        weeks("starting in March, live by the end of August").0,
        Some(21.7)
    );
    assert!(
        weeks("before summer")
            .1
            .contains("`before summer` needs a year")
    );
    assert!(
        weeks("Q3 next year")
            .1
            .contains("`Q3 next year` needs a year")
    );
    assert_eq!(weeks("6 months").0, Some(26.1));
}

#[test]
fn who_did_what_is_a_trail() {
    let months = |constraints: &str| {
        let text = format!(
            "{}constraints: {constraints}\n",
            four("Clerks open bids.", "500 users")
        );
        brief(&text).0.number("constraints.retention_months")
    };
    assert_eq!(
        months("bids and who opened them kept for 10 years"),
        Some(120.0)
    );
    assert_eq!(
        months("we must keep who saw a record for 3 years"),
        Some(36.0)
    );
    assert_eq!(months("keep who changed prices 2 years"), Some(24.0));
    assert_eq!(months("photos kept for 5 years"), None);
}

#[test]
fn one_word_brings_no_pack() {
    let has =
        |purpose: &str, pack: &str| packs(&four(purpose, "500 users")).iter().any(|p| p == pack);
    assert!(!has(
        "We rent out tower cranes. Fitters inspect cranes.",
        "booking"
    ));
    assert!(has(
        "We rent out canoes. Guests book a canoe for a day.",
        "booking"
    ));
    assert!(!has(
        "Score all telecom customers every night. Agents call them.",
        "subscriptions"
    ));
    assert!(!has(
        "Matchmaking finds an opponent party of equal rating. Players form parties.",
        "recommendations"
    ));
    assert!(has(
        "Matchmaking for volunteers and clubs. Clubs post tasks.",
        "recommendations"
    ));
    assert!(!has(
        "Parents book lessons. Payment stays cash at the pool.",
        "payments"
    ));
    assert!(!has("Guests reserve tables. They pay cash.", "payments"));
    assert!(has("Guests reserve tables and pay by card.", "payments"));
    assert!(!has(
        "Buyers see price and delivery date and order hoses.",
        "geo"
    ));
    assert!(has("Couriers deliver meals to homes along a route.", "geo"));
}
