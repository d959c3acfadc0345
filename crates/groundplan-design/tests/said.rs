//! Usual phrases of briefs in other wordings, and those that only look like them.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{Brief, read_brief};

fn brief(field: &str, said: &str) -> Brief {
    let other = match field {
        "scale" => "team: 4\n",
        _ => "scale: \"90 clerks\"\n",
    };
    let text = format!("purpose: Clerks register parcels.\n{other}{field}: \"{said}\"\n");
    read_brief("brief.yaml", &text).0
}

#[test]
fn who_writes_is_no_country() {
    let places = |field: &str, said: &str| {
        let brief = brief(field, said);
        let all = brief.residency.keys().chain(brief.hosting.keys());
        all.cloned().collect::<Vec<_>>()
    };
    for (field, said) in [
        (
            "scale",
            "9,500 learners, 31,000 a year start with us, kept by 3 clerks",
        ),
        ("constraints", "Data stays with us"),
        ("constraints", "hosted by us in the basement"),
        ("constraints", "records must be kept by all of us"),
        ("constraints", "Card data must not be stored with us"),
        ("scale", "300 runs a day, let us stay within 40 users"),
    ] {
        assert_eq!(places(field, said), Vec::<String>::new(), "{said}");
    }
    for (field, said) in [
        ("constraints", "Data stays in the US"),
        ("constraints", "data must stay in us"),
        ("constraints", "hosted in the us"),
        ("constraints", "US data only"),
        ("constraints", "hosting in us-east"),
    ] {
        assert_eq!(places(field, said), ["us"], "{said}");
    }
}

#[test]
fn what_people_ask_for_is_no_call_of_an_interface() {
    let a_month = |said: &str| {
        let brief = brief("scale", said);
        let of = |key: &str| brief.number(key).map(|n| (n * 2_628_000.0).round());
        [of("scale.items_per_s"), of("scale.avg_rps")]
    };
    for (said, expected) in [
        (
            "40 studios / 180 artists. each studio gets ~60 requests a month",
            [Some(2_400.0), None],
        ),
        (
            "500 tenants, 3,000 requests per month",
            [Some(3_000.0), None],
        ),
        (
            "12 gardeners, 1,200 leave requests per year",
            [Some(100.0), None],
        ),
        (
            "90 porters, 365 transport requests per day",
            [Some(11_102.0), None],
        ),
        // Calls of an interface, and so many that they can be nothing else.
        ("2 million requests a day", [None, Some(60_833_333.0)]),
        (
            "30 clients, 3,000 API requests per month",
            [None, Some(3_000.0)],
        ),
        (
            "an API for 30 shops, 3,000 requests per month",
            [None, Some(3_000.0)],
        ),
        ("90 million requests a month", [None, Some(90_000_000.0)]),
        ("3,000 requests a day", [None, Some(91_250.0)]),
        // A part of the places, and a count of all.
        (
            "40 studios, 20 other studios, each studio gets 60 requests a month",
            [Some(60.0), None],
        ),
        (
            "40 studios, 12 desks, each member sends 60 requests a month",
            [Some(60.0), None],
        ),
        (
            "40 depots with 9 clerks, a depot gets 60 letters a month",
            [Some(60.0), None],
        ),
    ] {
        assert_eq!(a_month(said), expected, "{said}");
    }
}

#[test]
fn lengths_and_machines_are_no_people() {
    let people = |said: &str| brief("scale", said).number("scale.mau");
    for (said, expected) in [
        ("4,100 km of sewers, 85 named users", Some(85.0)),
        ("12 ha of greenhouse growers' land, 85 users", Some(85.0)),
        ("30 tonnes of flowers, 85 users", Some(85.0)),
        ("9 autoclaves and 12 washers, 55 nurses", Some(55.0)),
        ("14 dryers, 3 mixers, 6 dishwashers, 5 bakers", Some(5.0)),
        // Of people called as machines are, nobody knows.
        ("40 window washers, 3 planners", Some(3.0)),
        ("20 dog groomers, 3 planners", Some(23.0)),
        ("30 mixers of paint and 5 clerks", Some(5.0)),
        ("300 km drivers, 5 clerks", Some(305.0)),
    ] {
        assert_eq!(people(said), expected, "{said}");
    }
}

#[test]
fn how_long_something_goes_on_beside_a_day_is_no_deadline() {
    let weeks = |said: &str| brief("timeline", said).number("timeline.weeks");
    for (said, expected) in [
        (
            "Go-live 1 April 2028, project starts in July 2027; must run in parallel with the old system for 6 weeks",
            Some(39.3),
        ),
        ("mvp in 10 weeks, we have runway for 9 months", Some(10.0)),
        ("runway of 9 months", Some(39.1)),
        (
            "work starts 1 July 2027, live 1 October 2027, funded for 2 years",
            Some(13.1),
        ),
        (
            "4 months, then both systems in parallel for 6 weeks",
            Some(17.4),
        ),
        (
            "6 weeks of building, in parallel 4 weeks of data migration",
            Some(6.0),
        ),
        ("8 weeks", Some(8.0)),
        (
            "we start in July 2027, pilot after 4 months, parallel run of 6 weeks",
            Some(17.4),
        ),
        ("for 6 months", Some(26.1)),
        ("12 weeks in parallel to another project", Some(12.0)),
    ] {
        assert_eq!(weeks(said), expected, "{said}");
    }
}

#[test]
fn what_it_takes_to_restore_bounds_recovery() {
    let rto = |said: &str| brief("constraints", said).number("constraints.rto_min");
    for (said, expected) in [
        (
            "Restoring the system after a total failure shall take no longer than 8 hours",
            Some(480.0),
        ),
        ("Recovery must take less than 30 minutes", Some(30.0)),
        (
            "restarting the service may take at most 5 minutes",
            Some(5.0),
        ),
        (
            "not more than 15 minutes of standstill at a time",
            Some(15.0),
        ),
        ("At most 2 hours of downtime", Some(120.0)),
        ("no more than 20 minutes of outage", Some(20.0)),
        // Other things are restored or stand still.
        (
            "Restoring a deleted file takes no longer than 2 minutes",
            None,
        ),
        ("Recovery of a patient takes no longer than 2 days", None),
        ("Restoring paintings takes more than 8 hours", None),
        ("not more than 15 minutes of standstill of a machine", None),
        (
            "Customers get money back for more than 15 minutes of downtime",
            None,
        ),
        ("not more than 4 hours of downtime per month", None),
        (
            "When the line has more than 15 minutes of downtime, the foreman is called",
            None,
        ),
        ("a report on more than 15 minutes of standstill", None),
    ] {
        assert_eq!(rto(said), expected, "{said}");
    }
}
