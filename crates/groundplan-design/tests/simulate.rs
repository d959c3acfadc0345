//! The simulation against exact formulas, against the analytic model, and against itself.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::derive::erlang::{erlang_c, response};
use groundplan_design::simulate::{
    Class, Hop, Outcome, Plan, Profile, Scenario, Service, Settings, Station, plan, report, run,
    years,
};
use groundplan_design::{Design, design, read_brief};
use std::collections::BTreeMap;

const BRIEF: &str = "\
title: Table guide
purpose: Guests reserve a table in one of 900 restaurants and pay a deposit by card.
scale: 250k users, 120 rps peak, 80 GB/yr
team: 5 engineers
timeline: 7 months
constraints: GDPR, $3k/month, 99.9%, integrate with Adyen
flows:
  - name: Reserve a table
    share: 10%
    steps: [guest chooses a table, app reads the free tables, app stores the reservation]
";

fn hop(station: usize, probability: f64) -> Hop {
    Hop {
        station,
        probability,
        miss: false,
    }
}

fn only(stations: Vec<Station>, rate: f64, hops: Vec<Hop>) -> Plan {
    Plan {
        stations,
        classes: vec![Class {
            id: "all".to_owned(),
            name: "All".to_owned(),
            share: 1.0,
            hops,
        }],
        rate,
        average: 1.0,
        profile: Profile::Peak,
        period_s: 1.0,
        disturbance_s: 0.0,
        flush_s: None,
        target_ms: 500.0,
    }
}

fn one_queue(rho: f64, slots: u32, service: Service, mean: f64) -> Plan {
    let rate = rho * f64::from(slots) / mean;
    only(
        vec![Station::queue("station", slots, service)],
        rate,
        vec![hop(0, 1.0)],
    )
}

/// Mean over three seeds of P50, P99 and mean, ms.
fn simulated(plan: &Plan, requests: u32) -> (f64, f64, f64) {
    let mut sums = (0.0, 0.0, 0.0);
    for seed in 1..=3 {
        let out = run(plan, Settings { requests, seed });
        assert!(out.is_conserved(), "{:?}", (out.generated, out.completed));
        let mut times = out.times[0].clone();
        times.sort_unstable();
        let at = |q: f64| times[((q * times.len() as f64).ceil() as usize).max(1) - 1] as f64 / 1e6;
        let mean = times.iter().map(|t| *t as f64).sum::<f64>() / times.len() as f64 / 1e6;
        sums = (
            sums.0 + at(0.5) / 3.0,
            sums.1 + at(0.99) / 3.0,
            sums.2 + mean / 3.0,
        );
    }
    sums
}

fn near(found: f64, exact: f64, share: f64, what: &str) {
    let off = (found - exact).abs() / exact;
    assert!(
        off <= share,
        "{what}: {found} against {exact}, {:.1} %",
        off * 100.0
    );
}

/// The six cases of the specification, and three more: the exact response of M/M/c within 5 %.
#[test]
fn queues_have_the_exact_quantiles() {
    let cases = [
        (0.6, 2),
        (0.6, 4),
        (0.6, 16),
        (0.8, 4),
        (0.8, 16),
        (0.9, 16),
        (0.5, 1),
        (0.7, 8),
        (0.3, 32),
    ];
    for (rho, slots) in cases {
        let plan = one_queue(rho, slots, Service::Exponential { mean_s: 0.004 }, 0.004);
        let (p50, p99, _) = simulated(&plan, 100_000);
        let exact = |q: f64| response(slots, rho * f64::from(slots), 0.004, q) * 1e3;
        near(p50, exact(0.5), 0.03, &format!("P50 of {rho}, {slots}"));
        near(p99, exact(0.99), 0.05, &format!("P99 of {rho}, {slots}"));
    }
}

/// M/M/1: mean 1/(mu - lambda), P99 ln(100)/(mu - lambda). M/M/c: mean by Erlang C. M/D/1 and
/// M/G/1: mean waiting by Pollaczek and Khinchine.
#[test]
fn means_are_those_of_the_exact_formulas() {
    let mean = 0.004;
    let plan = one_queue(0.7, 1, Service::Exponential { mean_s: mean }, mean);
    let (_, p99, average) = simulated(&plan, 200_000);
    near(average, 4.0 / 0.3, 0.04, "mean of M/M/1");
    near(p99, 100_f64.ln() * 4.0 / 0.3, 0.05, "P99 of M/M/1");

    let plan = one_queue(0.8, 4, Service::Exponential { mean_s: mean }, mean);
    let (.., average) = simulated(&plan, 200_000);
    let exact = 4.0 + erlang_c(4, 3.2) * 4.0 / (4.0 - 3.2);
    near(average, exact, 0.03, "mean of M/M/4");

    let plan = one_queue(0.7, 1, Service::Constant { s: mean }, mean);
    let (.., average) = simulated(&plan, 200_000);
    near(
        average,
        4.0 + 0.7 * 4.0 / (2.0 * 0.3),
        0.03,
        "mean of M/D/1",
    );

    let service = Service::log_normal(2.0, 12.0);
    let Service::LogNormal { median_s, sigma } = service else {
        unreachable!("it is made so")
    };
    let own = median_s * (sigma * sigma / 2.0).exp();
    let scv = (sigma * sigma).exp() - 1.0;
    let plan = one_queue(0.6, 1, service, own);
    let (.., average) = simulated(&plan, 200_000);
    let exact = own * 1e3 * (1.0 + 0.6 * (1.0 + scv) / (2.0 * 0.4));
    near(average, exact, 0.05, "mean of M/G/1");
}

/// A full queue turns away what Erlang B says.
#[test]
fn loss_is_that_of_erlang_b() {
    let mut plan = one_queue(0.9, 4, Service::Exponential { mean_s: 0.004 }, 0.004);
    plan.stations[0].queue_limit = Some(0);
    let out = run(
        &plan,
        Settings {
            requests: 400_000,
            seed: 1,
        },
    );
    let a = 3.6_f64;
    let mut blocked = 1.0;
    for i in 1..=4 {
        blocked = a * blocked / (f64::from(i) + a * blocked);
    }
    near(
        out.rejected as f64 / out.generated as f64,
        blocked,
        0.03,
        "Erlang B",
    );
    assert!(out.is_conserved());
}

/// The three paths of the specification: the sum by moments within 5 %.
#[test]
fn paths_are_within_five_percent_of_the_moments() {
    let delays = |list: &[(f64, f64)]| -> Vec<Station> {
        let named = |(i, d): (usize, &(f64, f64))| Station::delay(&format!("hop {i}"), *d);
        list.iter().enumerate().map(named).collect()
    };
    let all = [
        (1.0, 4.0),
        (4.0, 16.0),
        (0.5, 2.0),
        (2.0, 20.0),
        (60.0, 400.0),
    ];
    for (name, hops, exact) in [
        (
            "read",
            vec![hop(0, 1.0), hop(1, 1.0), hop(2, 1.0), hop(3, 0.2)],
            21.4,
        ),
        (
            "write",
            vec![hop(0, 1.0), hop(1, 1.0), hop(3, 1.0), hop(3, 1.0)],
            36.9,
        ),
        (
            "payment",
            vec![hop(0, 1.0), hop(1, 1.0), hop(3, 1.0), hop(4, 1.0)],
            410.5,
        ),
    ] {
        let plan = only(delays(&all), 1_000.0, hops);
        let (_, p99, _) = simulated(&plan, 100_000);
        near(p99, exact, 0.03, name);
        let predicted = report::predicted(&plan, &plan.classes[0]);
        near(predicted.1, p99, 0.05, &format!("{name}, analytic"));
    }
}

/// Chance sends a request to a hop once, whether it arrives there later or has to ask again.
#[test]
fn chance_is_drawn_once_for_a_hop() {
    let mean_s = 0.004;
    let mut plan = only(
        vec![
            Station::delay("hop", (1.0, 4.0)),
            Station::queue("station", 64, Service::Exponential { mean_s }),
        ],
        1_000.0,
        vec![hop(0, 1.0), hop(1, 0.5)],
    );
    let settings = Settings {
        requests: 100_000,
        seed: 1,
    };
    let out = run(&plan, settings);
    let visits = out.busy[1] * 64.0 * out.seconds / mean_s / out.generated as f64;
    near(visits, 0.5, 0.03, "visits after a delay");

    // Half of the requests ask a station that is silent for 30 of 100 seconds, and whose
    // circuit stays open up to 5 seconds longer.
    plan.stations[1] = Station::delay("station", (1.0, 4.0));
    plan.stations[1].down = true;
    plan.disturbance_s = 30.0;
    let out = run(&plan, settings);
    let lost = out.failed as f64 / out.generated as f64;
    assert!((0.15..0.18).contains(&lost), "{lost}");
}

fn of(text: &str) -> Design {
    let (brief, read) = read_brief("brief.yaml", text);
    design(&brief, read).0.unwrap()
}

fn ran(design: &Design, profile: Profile, scenario: Scenario, seed: u64) -> (Plan, Outcome) {
    let requests = 100_000;
    let plan = plan(design, profile, scenario, requests);
    let out = run(&plan, Settings { requests, seed });
    assert!(out.is_conserved(), "{scenario:?} {profile:?}");
    (plan, out)
}

#[test]
fn flows_of_a_design_agree_with_the_model() {
    let design = of(BRIEF);
    let (plan, out) = ran(&design, Profile::Peak, Scenario::Steady, 1);
    let report = report(&plan, &out, Scenario::Steady, &BTreeMap::new());
    let own = report
        .rows
        .iter()
        .find(|r| r.id == "reserve-a-table")
        .unwrap();
    assert!(own.answered > 5_000, "{own:?}");
    for row in report.rows.iter().filter(|r| r.answered > 20_000) {
        near(row.predicted.1, row.p99.0, 0.05, &row.name);
        let half = row.p99.1.unwrap();
        assert!(half < row.p99.0 * 0.1, "{row:?}");
    }
    let shares: f64 = plan.classes.iter().map(|c| c.share).sum();
    assert!((shares - 1.0).abs() < 1e-9, "{shares}");
}

#[test]
fn the_same_seed_gives_the_same_outcome() {
    let design = of(BRIEF);
    let a = ran(&design, Profile::Day, Scenario::ZoneLoss, 7).1;
    let b = ran(&design, Profile::Day, Scenario::ZoneLoss, 7).1;
    assert_eq!(a, b);
    let c = ran(&design, Profile::Day, Scenario::ZoneLoss, 8).1;
    assert_ne!(a.times, c.times);
}

#[test]
fn failures_do_harm_and_lose_no_request() {
    // A load that has a cache.
    let design = of(&BRIEF.replace("120 rps", "2000 rps"));
    assert!(design.outcome.data.cache, "there is a cache to flush");
    let (_, calm) = ran(&design, Profile::Peak, Scenario::Steady, 1);
    let lost = |out: &Outcome| out.lost.iter().sum::<u64>();
    let mean = |out: &Outcome| {
        let all = out.times.concat();
        all.iter().sum::<u64>() / all.len() as u64
    };
    let tail = |out: &Outcome| {
        let mut all = out.times.concat();
        all.sort_unstable();
        all[all.len() * 99 / 100]
    };
    assert_eq!(lost(&calm), 0);
    // Of few instances one is missed; of many that idle it is not.
    let small = of(BRIEF);
    let (_, few) = ran(&small, Profile::Peak, Scenario::Steady, 1);
    let (_, fewer) = ran(&small, Profile::Peak, Scenario::InstanceLoss, 1);
    assert_eq!(lost(&fewer), 0);
    assert!(mean(&fewer) > mean(&few), "{} {}", mean(&fewer), mean(&few));
    for scenario in [
        Scenario::ZoneLoss,
        Scenario::CacheFlush,
        Scenario::SlowDependency,
    ] {
        let (_, out) = ran(&design, Profile::Peak, scenario, 1);
        assert_eq!(lost(&out), 0, "{scenario:?}");
        let (slow, steady) = (mean(&out), mean(&calm));
        assert!(slow > steady, "{scenario:?}: {slow} {steady}");
    }
    let (_, out) = ran(&design, Profile::Peak, Scenario::SlowDependency, 1);
    let (slow, steady) = (tail(&out), tail(&calm));
    assert!(slow > steady, "{slow} {steady}");
    let (_, out) = ran(&design, Profile::Peak, Scenario::DatabaseFailover, 1);
    assert!(lost(&out) > 100, "{}", lost(&out));
    for profile in [Profile::Day, Profile::Start] {
        let (plan, out) = ran(&design, profile, Scenario::Steady, 1);
        assert!(
            out.seconds > 100_000.0 / plan.rate * 1.2,
            "{profile:?} {}",
            out.seconds
        );
    }
}

#[test]
fn years_have_the_availability_of_the_sum() {
    let design = of(BRIEF);
    let found = years(&design, 10_000, 1);
    let (down, expected) = (100.0 - found.mean, 100.0 - found.predicted);
    near(down, expected, 0.05, "unavailability");
    assert!(found.nine_in_ten < found.mean, "{found:?}");
    assert!((0.0..=1.0).contains(&found.meeting));
}

#[test]
fn measured_values_decide_and_unknown_flows_are_told() {
    let design = of(BRIEF);
    let (plan, out) = ran(&design, Profile::Peak, Scenario::Steady, 1);
    let measured = |p99| groundplan_design::simulate::Measured {
        p50_ms: None,
        p99_ms: Some(p99),
    };
    let all = BTreeMap::from([
        ("read".to_owned(), measured(9_000.0)),
        ("reserve-a-tabel".to_owned(), measured(1.0)),
    ]);
    let report = report(&plan, &out, Scenario::Steady, &all);
    let read = report.rows.iter().find(|r| r.id == "read").unwrap();
    assert_eq!(read.verdict, "Measured missed");
    let told: Vec<&str> = report.diagnostics.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(told, ["unknown-flow"]);
    assert_eq!(
        report.diagnostics[0].help,
        ["did you mean `reserve-a-table`?"]
    );
}

/// Loads that no system has: nothing overflows, and every request is accounted for.
#[test]
fn impossible_loads_are_simulated() {
    for scale in [
        "1 user",
        "900000000 rps peak",
        "5B devices every 1 ms",
        "1 rps peak",
    ] {
        let text = format!("purpose: Guests reserve a table\nscale: {scale}\nteam: 1 engineer\n");
        let (brief, read) = read_brief("brief.yaml", &text);
        let design = design(&brief, read).0.unwrap();
        for scenario in [
            Scenario::Steady,
            Scenario::ZoneLoss,
            Scenario::DatabaseFailover,
            Scenario::CacheFlush,
        ] {
            let plan = plan(&design, Profile::Day, scenario, 2_000);
            let settings = Settings {
                requests: 2_000,
                seed: u64::MAX,
            };
            let out = run(&plan, settings);
            assert!(out.is_conserved(), "{scale} {scenario:?}");
            let all = report(&plan, &out, scenario, &BTreeMap::new());
            assert!(all.rows.iter().all(|r| r.p99.0.is_finite()), "{scale}");
        }
    }
}
