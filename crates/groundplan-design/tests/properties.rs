//! Properties over many briefs: nothing panics, and what must not fall does not fall.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::brief::{Brief, KEYS, set};
use groundplan_design::capabilities::choose;
use groundplan_design::derive::compute::instances;
use groundplan_design::inputs::Inputs;
use groundplan_design::outcome::{Outcome, outcome};
use groundplan_design::{design, read_brief};

/// A small generator with a fixed seed (Knuth's constants), so that a failure repeats.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

const PURPOSES: [&str; 10] = [
    "Vineyard harvest log: pickers log crates, the cellar weighs the crates, measures sugar and decides which tank each lot goes to. Works offline.",
    "Clerks list hearings, lawyers ask for adjournments. Sealed cases must not appear in public.",
    "Collect telemetry of loggers and raise alarms; an excursion quarantines the batch until a pharmacist releases it.",
    "Pilots upload the photos of a flight, a model marks broken insulators, the operator wants a report.",
    "Patients book slots at clinics and get reminders by SMS.",
    "Sellers list products, buyers order and pay by card.",
    "Collect telemetry from vehicles and raise alarms in real time.",
    "Employees file tickets, managers approve them and see dashboards.",
    "People post photos, follow others and read a timeline.",
    "Students watch lessons and sit a timed exam.",
];
const SCALES: [&str; 10] = [
    "60 flights per day, 1,800 photos per flight at 22 MB each, 24 pilots",
    "6,200 loggers, one reading each 90 seconds",
    "2.4M downloads a day, avg episode 45 MiB",
    "2k users",
    "900k MAU, 300 rps peak, 2 TB/yr",
    "1.5M DAU",
    "30k devices every 20 s, 40 users",
    "12 rps average, 5 GB",
    "40k concurrent users",
    "",
];
const TEAMS: [&str; 5] = ["solo", "3 engineers", "9 developers", "40 engineers", ""];
const STACKS: [&str; 6] = [
    "",
    "Go",
    "Kubernetes, Kafka",
    "C#, SQL Server",
    "no Kubernetes, Ruby",
    "AWS",
];
const CONSTRAINTS: [&str; 8] = [
    "hosted in France, certificates kept for 10 years, SMS to the driver within 60 s",
    "on premises, Active Directory, data must not leave Canada, 99.99 %",
    "",
    "GDPR, $2k/month, 99.9%",
    "99.99%, single-region, €900/month",
    "HIPAA, on-premises",
    "air-gapped, 99.5%, P99 < 80 ms",
    "SOC 2, data must stay in the EU, hosted in us-east-1",
];

fn brief(dice: &mut Dice) -> Brief {
    let text = format!(
        "purpose: '{}'\nscale: '{}'\nteam: '{}'\ntimeline: '{}'\nstack: '{}'\nconstraints: '{}'\n",
        dice.pick(&PURPOSES),
        dice.pick(&SCALES),
        dice.pick(&TEAMS),
        dice.pick(&["3 months", "two years", "10 weeks", ""]),
        dice.pick(&STACKS),
        dice.pick(&CONSTRAINTS),
    );
    read_brief("brief.yaml", &text).0
}

fn evaluated(brief: &Brief) -> Outcome {
    outcome(&Inputs::new(brief, &choose(brief)))
}

fn vcpu(state: &Outcome) -> f64 {
    instances(state.compute.base, state.tier) * state.compute.vcpu
}

#[test]
fn no_brief_panics_and_every_fact_has_a_basis() {
    let mut dice = Dice(1);
    for _ in 0..40 {
        let brief = brief(&mut dice);
        let (made, _) = design(&brief, Vec::new());
        let made = made.unwrap();
        for (path, fact) in made.facts.iter() {
            assert!(!fact.name.is_empty(), "{path}");
            assert!(!fact.formula.is_empty(), "{path}");
        }
        for element in &made.blueprint.elements {
            let plain =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._/-".contains(c);
            assert!(element.id.chars().all(plain), "{}", element.id);
        }
        // Nothing stays unfilled, and the peak is one number wherever it is told.
        let told = serde_json::to_string(&made.blueprint).unwrap();
        // `/{id}` is a part of an address.
        for (at, _) in told.match_indices('{') {
            let filled = !told[at + 1..].starts_with(|c: char| c.is_ascii_lowercase())
                || told[..at].ends_with('/');
            let around = told.get(at.saturating_sub(60)..at + 40);
            assert!(filled, "{around:?} in {}", brief.source);
        }
        let peak = made.facts.shown("load.peak_rps");
        for (at, found) in told.match_indices(" requests/s at peak and ") {
            let number = told[..at].rsplit([' ', '"']).next().unwrap_or_default();
            assert_eq!(
                peak,
                format!("{number}{}", &found[..11]),
                "{}",
                brief.source
            );
        }
        let known = |id: &str| made.blueprint.element(id).is_some();
        for r in &made.blueprint.relationships {
            assert!(known(&r.from) && known(&r.to), "{}", r.id);
        }
        for step in made.blueprint.flows.iter().flat_map(|f| &f.steps) {
            assert!(
                known(&step.from) && known(&step.to),
                "{} {}",
                step.from,
                step.to
            );
        }
    }
}

#[test]
fn more_load_takes_no_less() {
    let mut dice = Dice(7);
    for _ in 0..60 {
        let brief = brief(&mut dice);
        let mut before = evaluated(&brief);
        for factor in [1.05, 2.0, 5.0, 10.0, 50.0] {
            let mut more = brief.clone();
            for key in [
                "scale.mau",
                "scale.dau",
                "scale.concurrent",
                "scale.devices",
                "scale.peak_rps",
                "scale.avg_rps",
            ] {
                if let Some(n) = more.numbers.get_mut(key) {
                    n.value = brief.numbers[key].value * factor;
                }
            }
            let after = evaluated(&more);
            assert!(after.load.peak >= before.load.peak, "{}", brief.source);
            assert!(after.data.shards >= before.data.shards, "{}", brief.source);
            if after.tier == before.tier {
                assert!(vcpu(&after) >= vcpu(&before), "{factor} {}", brief.source);
            }
            before = after;
        }
    }
}

/// One number is one number: every sentence that names a fact by its words and unit names the value
/// of the facts file, in requirements, service levels, questions and elements alike.
#[test]
fn no_two_sections_disagree_on_a_number() {
    let mut dice = Dice(23);
    for _ in 0..30 {
        let brief = brief(&mut dice);
        let made = design(&brief, Vec::new()).0.unwrap();
        let told = serde_json::to_string(&made.blueprint).unwrap();
        let facts = &made.facts;
        for (before, path, after) in [
            ("at the peak of ", "load.peak_rps", ""),
            ("recovery within ", "recovery.rto_min", ""),
            ("writes again after ", "recovery.failover_min", ","),
            ("at most the last ", "recovery.rpo_min", " of changes lost"),
        ] {
            let shown = facts.shown(path);
            for (at, _) in told.match_indices(before) {
                let rest = &told[at + before.len()..];
                let number = rest.starts_with(|c: char| c.is_ascii_digit());
                let says = rest.starts_with(&format!("{shown}{after}"));
                let around: String = rest.chars().take(50).collect();
                assert!(
                    !number || says,
                    "{before}{around}: {shown} in {}",
                    brief.source
                );
            }
        }
        for slo in made
            .blueprint
            .slos
            .iter()
            .filter(|s| s.id == "slo.availability")
        {
            assert_eq!(slo.target, facts.shown("slo.availability_target"));
            let predicted = slo.predicted.clone().unwrap_or_default();
            assert_eq!(predicted, facts.shown("slo.availability_predicted"));
        }
    }
}

#[test]
fn a_larger_body_and_a_shorter_interval_take_no_less() {
    let read = |scale: &str| {
        let text = format!(
            "purpose: {}\nscale: '{scale}'\nteam: 5 engineers\n",
            PURPOSES[2]
        );
        evaluated(&read_brief("brief.yaml", &text).0)
    };
    let flights = |photos: u32, mb: u32| {
        read(&format!(
            "60 flights per day, {photos} photos per flight at {mb} MB each"
        ))
        .data
    };
    assert!(flights(1_800, 22).gb_per_year > flights(900, 22).gb_per_year);
    assert!(flights(1_800, 22).gb_per_year > flights(1_800, 11).gb_per_year);
    let loggers = |s: u32| {
        read(&format!("6,200 loggers, one reading each {s} seconds"))
            .load
            .peak
    };
    assert!(loggers(30) > loggers(90));
    let out = |mib: u32| {
        read(&format!("2.4M downloads a day, avg episode {mib} MiB"))
            .data
            .egress_gb
    };
    assert!(out(90) > out(45) && out(45) > 1e6);
}

#[test]
fn more_people_make_no_schedule_tighter() {
    let mut dice = Dice(11);
    for _ in 0..40 {
        let brief = brief(&mut dice);
        let mut more = brief.clone();
        let engineers = brief.number("team.engineers").unwrap_or(4.0);
        set(&mut more, "team.engineers", &format!("{}", engineers * 2.0)).unwrap();
        let (before, after) = (evaluated(&brief), evaluated(&more));
        assert!(after.team.deployables_max >= before.team.deployables_max);
        assert!(after.team.ratio <= before.team.ratio, "{}", brief.source);
    }
}

#[test]
fn more_time_makes_no_schedule_tighter() {
    let mut dice = Dice(13);
    for _ in 0..40 {
        let brief = brief(&mut dice);
        let mut more = brief.clone();
        let weeks = brief.number("timeline.weeks").unwrap_or(26.0);
        set(&mut more, "timeline.weeks", &format!("{}", weeks * 2.0)).unwrap();
        let (before, after) = (evaluated(&brief), evaluated(&more));
        assert!(after.team.ratio <= before.team.ratio, "{}", brief.source);
    }
}

#[test]
fn a_stricter_target_takes_no_lower_tier_and_less_money_no_fewer_conflicts() {
    let conflicts = |brief: &Brief| {
        let made = design(brief, Vec::new()).0.unwrap();
        let codes = made.findings.iter().filter(|f| f.is_conflict());
        codes.count()
    };
    let mut dice = Dice(17);
    for _ in 0..10 {
        let brief = brief(&mut dice);
        let mut strict = brief.clone();
        set(&mut strict, "constraints.availability", "99.99").unwrap();
        if brief
            .number("constraints.availability")
            .is_none_or(|a| a <= 99.99)
        {
            let (before, after) = (evaluated(&brief), evaluated(&strict));
            assert!(after.tier >= before.tier, "{}", brief.source);
        }
        let budget = brief.number("constraints.budget_per_month").unwrap_or(1e6);
        let (mut rich, mut poor) = (brief.clone(), brief.clone());
        set(
            &mut rich,
            "constraints.budget_per_month",
            &format!("{budget}"),
        )
        .unwrap();
        set(
            &mut poor,
            "constraints.budget_per_month",
            &format!("{}", budget / 100.0),
        )
        .unwrap();
        assert!(conflicts(&poor) >= conflicts(&rich), "{}", brief.source);
    }
}

#[test]
fn sections_tell_one_number_of_one_thing() {
    let mut dice = Dice(19);
    for _ in 0..12 {
        let brief = brief(&mut dice);
        let made = design(&brief, Vec::new()).0.unwrap();
        let told = serde_json::to_string(&made.blueprint).unwrap();
        for (path, behind) in [
            ("team.engineers", " allow a rotation"),
            ("slo.availability_target", " of requests answered"),
        ] {
            let shown = made.facts.shown(path);
            // Where a number stands before these words, it is the one of the facts.
            for (at, _) in told.match_indices(behind) {
                let right = told[..at].ends_with(shown.as_str());
                assert!(right, "{path} {shown}{behind} in {}", brief.source);
            }
        }
        // A range of costs has one pair of ends, wherever it is told.
        let ends = format!(
            "{} to {}",
            made.facts.shown("cost.low"),
            made.facts.shown("cost.high")
        );
        let costs = told.matches("the design costs ").count();
        let same = told.matches(&format!("the design costs {ends}")).count();
        assert_eq!(costs, same, "{ends} in {}", brief.source);
    }
}

#[test]
fn no_constraint_is_dropped() {
    let mut dice = Dice(23);
    let own = [
        "no voucher is redeemed twice",
        "works without a network for a day",
        "letters leave on the day of the decision",
        "answers arrive in sealed envelopes",
    ];
    for _ in 0..12 {
        let told = dice.pick(&own);
        let text = format!(
            "purpose: '{}'\nscale: '{}'\nconstraints: '{}, {told}'\n",
            dice.pick(&PURPOSES),
            dice.pick(&SCALES),
            dice.pick(&CONSTRAINTS),
        );
        let (brief, read) = read_brief("brief.yaml", &text);
        let made = design(&brief, read).0.unwrap();
        let head = &told[1..];
        let required = made.blueprint.requirements.iter();
        assert!(
            required.into_iter().any(|r| r.text.contains(head)),
            "{text}"
        );
        assert!(
            made.blueprint
                .questions
                .iter()
                .any(|q| q.text.contains(head)),
            "{text}"
        );
    }
}

#[test]
fn the_order_of_keys_changes_nothing() {
    let one = "purpose: Sellers list products and buyers pay by card.\nscale: 9k users\nteam: 4 engineers\nconstraints: GDPR\n";
    let other = "constraints: GDPR\nteam: 4 engineers\nscale: 9k users\npurpose: Sellers list products and buyers pay by card.\n";
    let facts = |text: &str| {
        let (brief, read) = read_brief("brief.yaml", text);
        let made = design(&brief, read).0.unwrap();
        let shown = made
            .facts
            .iter()
            .map(|(path, _)| format!("{path} = {}", made.facts.shown(path)));
        shown.collect::<Vec<_>>()
    };
    assert_eq!(facts(one), facts(other));
}

#[test]
fn hostile_texts_are_read_without_a_panic() {
    for text in [
        "purpose: \"\u{202e}\u{0}€€€ 9999999999999999999999999999k users\"\nscale: '1e999 rps, -5 TB, 0 users, 3.3.3.3, %%%, $, every every every'\n",
        "purpose: [a, [b, {c: d}]]\nscale: {peak_rps: -1, mau: 0, nonsense: {x: 1}}\nteam: {engineers: 1.5}\n",
        "purpose: ''\n",
        "- just\n- a list\n",
        "",
        "purpose: Sell\nscale: 18446744073709551616 users every 0 s, 5 devices every 0 s\nteam: 4294967296 engineers\nconstraints: 100%, 0%, €0/month, p99 0 ms\n",
    ] {
        let (brief, read) = read_brief("brief.yaml", text);
        let _ = design(&brief, read);
    }
    // Ranges do not nest.
    let long = format!("purpose: Sell\nscale: \"{}1 users\"\n", "1-".repeat(20_000));
    let _ = read_brief("brief.yaml", &long);
}

#[test]
fn every_key_can_be_set() {
    for (key, ..) in KEYS {
        let mut brief = Brief::default();
        set(&mut brief, key, "12").unwrap();
        assert!(!brief.numbers.is_empty(), "{key}");
    }
}
