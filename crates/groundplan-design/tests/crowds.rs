//! Who of those that a brief counts comes: all of them, a part in a month, a part on a day.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::read_brief;

/// Users a month, a day and at once.
fn people(scale: &str) -> [Option<f64>; 3] {
    let text = format!("purpose: Clerks register parcels.\nscale: \"{scale}\"\nteam: 4\n");
    let (brief, _) = read_brief("brief.yaml", &text);
    ["scale.mau", "scale.dau", "scale.concurrent"].map(|key| brief.number(key))
}

#[test]
fn a_part_of_a_crowd_comes() {
    for (scale, expected) in [
        (
            "410,000 people have registered so far, 95,000 of them wash in a given month, and on a Sunday afternoon we see up to 3,800 at the same time",
            [Some(95_000.0), None, Some(3_800.0)],
        ),
        (
            "3.2 million registered, 1.1 million monthly, 12 editors",
            [Some(1_100_012.0), None, None],
        ),
        (
            "120,000 households, about 30,000 of them every month",
            [Some(30_000.0), None, None],
        ),
        (
            "120,000 members, of whom 9,000 come every day",
            [Some(120_000.0), Some(9_000.0), None],
        ),
        (
            "46,000 employees altogether, of whom 60 % order on a typical day",
            [Some(46_000.0), Some(27_600.0), None],
        ),
        (
            "2,000 users, 300 of them at the same time",
            [Some(2_000.0), None, Some(300.0)],
        ),
    ] {
        assert_eq!(people(scale), expected, "{scale}");
    }
}

#[test]
fn other_parts_leave_the_crowd_as_it_is() {
    for (scale, expected) in [
        (
            "80,000 registered members, 12 librarians",
            [Some(80_012.0), None, None],
        ),
        (
            "410,000 registered users, 95,000 of them have a newsletter",
            [Some(410_000.0), None, None],
        ),
        (
            "5,000 registered sellers, 40,000 monthly buyers",
            [Some(45_000.0), None, None],
        ),
        (
            "1,200 patients, of whom 30 die every month",
            [Some(1_200.0), None, None],
        ),
        (
            "900 clerks. 300 of them are on leave in a month",
            [Some(900.0), None, None],
        ),
        (
            "900 clerks, 450 orders a month of which 30 fail",
            [Some(900.0), None, None],
        ),
        (
            "300 monthly clerks, 200 registered dealers",
            [Some(500.0), None, None],
        ),
    ] {
        assert_eq!(people(scale), expected, "{scale}");
    }
}

#[test]
fn those_of_a_day_come_on_it() {
    for (scale, expected) in [
        (
            "on a normal winter day 2,000 visitors, on days with black ice up to 60,000 visitors",
            [None, Some(60_000.0), None],
        ),
        (
            "2,000 visitors on a normal day",
            [None, Some(2_000.0), None],
        ),
        (
            "150 drivers; on match days 60,000 fans",
            [None, Some(60_150.0), None],
        ),
        (
            "On a busy Saturday 700 guests, 5,000 members",
            [Some(5_700.0), None, None],
        ),
        // These name no day on which they come.
        ("On Monday 12 librarians start", [Some(12.0), None, None]),
        ("200 users on a single server", [None, None, Some(200.0)]),
        ("open on 3 days, 50 clerks", [Some(50.0), None, None]),
        (
            "on a normal day 40 trucks, 50 clerks",
            [Some(50.0), None, None],
        ),
        (
            "12 guests a day in one house and 20 guests a day in the other",
            [None, Some(32.0), None],
        ),
    ] {
        assert_eq!(people(scale), expected, "{scale}");
    }
}

#[test]
fn so_many_in_each_are_so_many_times_more() {
    for (scale, expected) in [
        ("11 gyms, about 800 climbers per gym", Some(8_800.0)),
        (
            "60 schools with 25 teachers per school, 12 clerks",
            Some(1_512.0),
        ),
        // A pace, a year, a count of all, two counts of owners, and none.
        ("60 schools, 25 teachers per school year", Some(25.0)),
        (
            "60 schools, 25 teachers per school, 1,400 teachers",
            Some(1_425.0),
        ),
        (
            "60 schools, 20 schools abroad, 25 teachers per school",
            Some(25.0),
        ),
        ("800 climbers per gym", Some(800.0)),
        ("60 schools, 25 teachers", Some(25.0)),
    ] {
        assert_eq!(people(scale)[0], expected, "{scale}");
    }
}

#[test]
fn what_each_does_in_a_day_is_done_by_all() {
    let a_day = |scale: &str| {
        let text = format!("purpose: Clerks register parcels.\nscale: \"{scale}\"\nteam: 4\n");
        let (brief, _) = read_brief("brief.yaml", &text);
        (brief.number("scale.items_per_s").unwrap_or(0.0) * 86_400.0).round()
    };
    for (scale, expected) in [
        (
            "430 officers. An officer has about 12 contacts a day.",
            5_160.0,
        ),
        ("80 clerks, each clerk registers 40 parcels a day", 3_200.0),
        // A count of all, nobody who is counted, two counts, what only one has.
        (
            "80 clerks, 3,000 parcels a day, a clerk registers 40 parcels a day",
            3_040.0,
        ),
        ("a clerk registers 40 parcels a day, 90 nurses", 40.0),
        (
            "80 clerks, 20 clerks abroad, a clerk registers 40 parcels a day",
            40.0,
        ),
        ("80 clerks, 40 parcels a day", 40.0),
        ("80 clerks, a lot of 40 parcels a day", 40.0),
    ] {
        assert_eq!(a_day(scale), expected, "{scale}");
    }
}

#[test]
fn a_few_on_a_day_are_some_more_people() {
    for (scale, expected) in [
        (
            "40,000 customers; on a normal day 25 drivers deliver parcels",
            [Some(40_025.0), None, None],
        ),
        (
            "Our 45,000 customers; on Mondays 60 riders ride out",
            [Some(45_060.0), None, None],
        ),
        (
            "5,000 clerks; on three days a year 40 auditors look at the figures",
            [Some(5_040.0), None, None],
        ),
        (
            "1,500 dispatchers, 60 employees on weekends",
            [Some(1_560.0), None, None],
        ),
        (
            "30,000 employees in 200 plants; on a typical day 1,200 visitors register",
            [Some(31_200.0), None, None],
        ),
        (
            "The office is open on weekdays for 5,000 members",
            [Some(5_000.0), None, None],
        ),
        // Of the same people a day says how many of them come.
        (
            "50,000 students, on exam days 20,000 students log in",
            [Some(50_000.0), Some(20_000.0), None],
        ),
    ] {
        assert_eq!(people(scale), expected, "{scale}");
    }
}

#[test]
fn who_leaves_and_who_is_a_tenth_of_a_percent_are_not_the_crowd() {
    for (scale, expected) in [
        (
            "120,000 members, 9,000 of whom cancel every month",
            [Some(120_000.0), None, None],
        ),
        (
            "300,000 users, 20,000 of them leave the app every month, 900 employees",
            [Some(300_900.0), None, None],
        ),
        (
            "800,000 registered users, 300 monthly business users",
            [Some(800_300.0), None, None],
        ),
        (
            "80,000 registered users, 20,000 monthly business users",
            [Some(100_000.0), None, None],
        ),
    ] {
        assert_eq!(people(scale), expected, "{scale}");
    }
}

#[test]
fn each_of_those_who_come_does_it() {
    let scale =
        "3 million registered users, 400,000 of them come every day; a user sends 5 messages a day";
    let text = format!("purpose: Clerks register parcels.\nscale: \"{scale}\"\nteam: 4\n");
    let (brief, _) = read_brief("brief.yaml", &text);
    let a_day = brief.number("scale.items_per_s").unwrap() * 86_400.0;
    assert_eq!(a_day.round(), 2_000_000.0);
    let text = text.replace(
        scale,
        "500 patients; each patient takes 6 measurements a day; a nurse sees 25 patients a day",
    );
    let (brief, _) = read_brief("brief.yaml", &text);
    let a_day = brief.number("scale.items_per_s").unwrap() * 86_400.0;
    assert_eq!(a_day.round(), 3_000.0);
}
