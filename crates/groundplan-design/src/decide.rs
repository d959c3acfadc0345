//! Options scored by facts; what was excluded, what was rejected, and where a choice flips.

use crate::inputs::Inputs;
use crate::outcome::{Outcome, outcome};
use groundplan_knowledge::{Choice, DecisionSpec};
use std::collections::BTreeMap;

/// Points that a preference of the brief is worth.
const PREFERENCE: f64 = 0.15;
/// Below this margin a decision is open.
pub const NARROW: f64 = 0.10;

/// A decision with its scores.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The decision.
    pub spec: &'static DecisionSpec,
    /// Index of the chosen option.
    pub chosen: usize,
    /// Score by option, in their order; `None` if excluded.
    pub scores: Vec<Option<f64>>,
    /// Why an option is excluded, in the order of the options.
    pub excluded: Vec<Option<&'static str>>,
    /// Whether the brief demands the chosen option.
    pub mandated: bool,
    /// Whether the brief prefers the chosen option.
    pub preferred: bool,
    /// An option that the brief wants but that is excluded: its index.
    pub refused: Option<usize>,
    /// Why the chosen option does not pay, where the brief demands it all the same.
    pub waived: Option<&'static str>,
}

impl Taken {
    /// The chosen option.
    pub fn choice(&self) -> &'static Choice {
        // A lint holds every decision to at least one option.
        static NONE: std::sync::OnceLock<Choice> = std::sync::OnceLock::new();
        self.spec.options.get(self.chosen).unwrap_or_else(|| {
            NONE.get_or_init(|| Choice {
                id: String::new(),
                value: String::new(),
                name: None,
                needs: Vec::new(),
                scores: BTreeMap::new(),
                pros: Vec::new(),
                cons: Vec::new(),
                mitigation: None,
            })
        })
    }

    /// The score of the chosen option above the next one; `None` if no other is feasible.
    pub fn margin(&self) -> Option<f64> {
        let own = self.scores.get(self.chosen).copied().flatten()?;
        let others = self.scores.iter().enumerate();
        let best = others
            .filter(|(i, _)| *i != self.chosen)
            .filter_map(|(_, s)| *s)
            .fold(None, |best: Option<f64>, s| {
                Some(best.map_or(s, |b| b.max(s)))
            });
        best.map(|b| own - b)
    }

    /// The best option that was not chosen and is feasible.
    pub fn runner_up(&self) -> Option<(&'static Choice, f64)> {
        let mut best: Option<(&'static Choice, f64)> = None;
        for (i, option) in self.spec.options.iter().enumerate() {
            let Some(score) = self.scores.get(i).copied().flatten() else {
                continue;
            };
            if i != self.chosen && best.is_none_or(|(_, b)| score > b) {
                best = Some((option, score));
            }
        }
        best
    }
}

/// Takes a decision: hard constraints exclude, scores choose, demands overrule scores, ties go to
/// the option that stands first.
pub fn take(spec: &'static DecisionSpec, inputs: &Inputs, state: &Outcome) -> Taken {
    let value = |name: &str| state.variable(inputs, name);
    let wish = inputs.wished.get(&spec.path);
    let flag = spec.options.iter().any(|o| o.value == "true");
    // A cache that is named by its product is a wish for the first option that is one.
    let wanted = wish.and_then(|(wanted, must)| {
        let fits =
            |o: &Choice| o.value == *wanted || flag && o.value == "true" && wanted != "false";
        spec.options.iter().position(fits).map(|at| (at, *must))
    });
    let mut scores = Vec::with_capacity(spec.options.len());
    let mut excluded = Vec::with_capacity(spec.options.len());
    let mut waived = None;
    for (i, option) in spec.options.iter().enumerate() {
        let forbidden = (inputs.forbidden.iter())
            .any(|(path, value)| *path == spec.path && *value == option.value);
        // What only does not pay is taken all the same where the brief demands it.
        let demanded = wanted.is_some_and(|(at, must)| must && at == i);
        let broken = option
            .needs
            .iter()
            .find(|c| !(c.condition.holds(value) || demanded && c.economy));
        if demanded {
            waived = option
                .needs
                .iter()
                .find(|c| c.economy && !c.condition.holds(value))
                .map(|c| c.reason.as_str());
        }
        let reason = match broken {
            Some(constraint) => Some(constraint.reason.as_str()),
            None if forbidden => Some("the brief excludes it"),
            None => None,
        };
        let prefers = wanted.is_some_and(|(at, _)| at == i);
        let sum: f64 = option
            .scores
            .iter()
            .map(|(key, curve)| {
                // Who asks for something by name knows it.
                let utility = if prefers && key == "K" {
                    1.0
                } else {
                    curve.at(value)
                };
                spec.weights.get(key).copied().unwrap_or(0.0) * utility
            })
            .sum();
        scores.push(
            reason
                .is_none()
                .then_some(sum + if prefers { PREFERENCE } else { 0.0 }),
        );
        excluded.push(reason);
    }
    let mut chosen = None;
    for (i, score) in scores.iter().enumerate() {
        if let Some(score) = score
            && chosen.is_none_or(|(_, best)| *score > best + 1e-9)
        {
            chosen = Some((i, *score));
        }
    }
    let mut at = chosen.map_or(0, |(i, _)| i);
    let mut mandated = false;
    let mut refused = None;
    if let Some((want, must)) = wanted {
        let feasible = excluded.get(want).is_some_and(Option::is_none);
        if feasible && must {
            at = want;
            mandated = true;
        } else if !feasible {
            refused = Some(want);
        }
    }
    Taken {
        spec,
        chosen: at,
        scores,
        excluded,
        mandated,
        preferred: wanted.is_some_and(|(want, _)| want == at),
        refused,
        waived: waived.filter(|_| mandated),
    }
}

/// What sensitivity varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Driver {
    PeakLoad,
    Data,
    Engineers,
    Budget,
    Target,
    Weeks,
}

impl Driver {
    /// All.
    pub const ALL: [Driver; 6] = [
        Driver::PeakLoad,
        Driver::Data,
        Driver::Engineers,
        Driver::Budget,
        Driver::Target,
        Driver::Weeks,
    ];

    /// The fact that it varies, and its unit.
    pub fn path(self) -> (&'static str, &'static str) {
        match self {
            Driver::PeakLoad => ("load.peak_rps", "requests/s"),
            Driver::Data => ("data.gb_per_year", "GB/year"),
            Driver::Engineers => ("team.engineers", "engineers"),
            Driver::Budget => ("budget", "per month"),
            Driver::Target => ("slo.availability_target", "%"),
            Driver::Weeks => ("schedule.weeks", "weeks"),
        }
    }
}

/// A value of a driver at which a decision changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// What is varied.
    pub driver: Driver,
    /// The value of the driver today.
    pub now: f64,
    /// The first value found at which the choice is another one.
    pub at: f64,
    /// How documents name that choice.
    pub to: String,
}

/// The inputs with a driver at `factor` times its value; `None` if that is no sensible brief.
fn varied(inputs: &Inputs, base: &Outcome, driver: Driver, factor: f64) -> Option<Inputs> {
    let mut next = inputs.clone();
    let mut scale = |keys: &[&'static str]| {
        for key in keys {
            if let Some(n) = next.numbers.get_mut(key) {
                *n *= factor;
            }
        }
    };
    match driver {
        Driver::PeakLoad => {
            scale(&[
                "scale.mau",
                "scale.dau",
                "scale.concurrent",
                "scale.devices",
                "scale.peak_rps",
                "scale.avg_rps",
                "scale.items_per_s",
                "scale.looks_per_s",
            ]);
            if base.load.assumed {
                next.numbers.insert("scale.mau", 1_000.0 * factor);
            }
            // More load alone asks for no other target, and a budget that is spent is no reason for
            // fewer zones.
            let target = next.numbers.entry("constraints.availability");
            target.or_insert(base.reach.target);
            next.numbers.remove("constraints.budget_per_month");
        }
        Driver::Data => {
            next.numbers
                .insert("scale.gb_per_year", base.data.gb_per_year * factor);
            if let Some(n) = next.numbers.get_mut("scale.gb_initial") {
                *n *= factor;
            }
        }
        Driver::Engineers => {
            let engineers = (inputs.engineers() * factor).round();
            if !(1.0..=2_000.0).contains(&engineers) {
                return None;
            }
            next.numbers.insert("team.engineers", engineers);
        }
        Driver::Budget => {
            inputs.get("constraints.budget_per_month")?;
            scale(&["constraints.budget_per_month"]);
        }
        Driver::Target => {
            // The share of time down is what is varied, in the other direction.
            let target = 100.0 - (100.0 - base.reach.target) / factor;
            if !(90.0..=99.9999).contains(&target) {
                return None;
            }
            next.numbers.insert("constraints.availability", target);
        }
        Driver::Weeks => {
            let weeks = inputs.weeks() * factor;
            if !(1.0..=1_000.0).contains(&weeks) {
                return None;
            }
            next.numbers.insert("timeline.weeks", weeks);
        }
    }
    Some(next)
}

fn reading(inputs: &Inputs, state: &Outcome, driver: Driver) -> f64 {
    match driver {
        Driver::PeakLoad => state.load.peak,
        Driver::Data => state.data.gb_per_year,
        Driver::Engineers => inputs.engineers(),
        Driver::Budget => inputs.get("constraints.budget_per_month").unwrap_or(0.0),
        Driver::Target => state.reach.target,
        Driver::Weeks => inputs.weeks(),
    }
}

/// The choices of a state: decision path to option, and the tier.
fn choices(state: &Outcome) -> Vec<(&'static str, usize)> {
    let mut all: Vec<(&'static str, usize)> =
        state.taken.iter().map(|(p, t)| (*p, t.chosen)).collect();
    all.push(("region_tier", state.tier));
    all
}

/// Where each decision flips: for each driver the nearest value above and below today's, between a
/// thousandth and a thousand times it, found on a grid of six steps a decade and refined by
/// bisection to two per cent.
pub fn flips(inputs: &Inputs, base: &Outcome) -> BTreeMap<&'static str, Vec<Flip>> {
    /// Steps on each side of today's value.
    const STEPS: i32 = 18;
    let mut found: BTreeMap<&'static str, Vec<Flip>> = BTreeMap::new();
    let today = choices(base);
    for driver in Driver::ALL {
        let now = reading(inputs, base, driver);
        for direction in [1.0, -1.0] {
            let mut open = today.clone();
            let mut last = 1.0;
            for step in 1..=STEPS {
                let factor = 10_f64.powf(direction * f64::from(step) / 6.0);
                let Some(next) = varied(inputs, base, driver, factor) else {
                    break;
                };
                let state = outcome(&next);
                let there = choices(&state);
                let changed: Vec<(&'static str, usize)> = open
                    .iter()
                    .filter(|known| !there.contains(known))
                    .copied()
                    .collect();
                // One bisection serves all decisions that change in this step.
                if !changed.is_empty() {
                    refine(
                        inputs,
                        base,
                        driver,
                        (last, factor),
                        &changed,
                        now,
                        &mut found,
                    );
                    open.retain(|known| !changed.contains(known));
                }
                last = factor;
                if open.is_empty() {
                    break;
                }
            }
        }
    }
    found
}

fn refine(
    inputs: &Inputs,
    base: &Outcome,
    driver: Driver,
    (from, to): (f64, f64),
    changed: &[(&'static str, usize)],
    now: f64,
    found: &mut BTreeMap<&'static str, Vec<Flip>>,
) {
    let (mut same, mut other) = (from, to);
    // What holds at `other`, where it was evaluated here.
    let mut known: Option<(Inputs, Outcome)> = None;
    for _ in 0..5 {
        let middle = (same * other).sqrt();
        let Some(next) = varied(inputs, base, driver, middle) else {
            break;
        };
        let state = outcome(&next);
        let there = choices(&state);
        if changed.iter().all(|c| there.contains(c)) {
            same = middle;
        } else {
            other = middle;
            known = Some((next, state));
        }
    }
    let evaluated = || {
        let next = varied(inputs, base, driver, other)?;
        let state = outcome(&next);
        Some((next, state))
    };
    let Some((next, state)) = known.or_else(evaluated) else {
        return;
    };
    let there = choices(&state);
    let mut later = Vec::new();
    for known in changed {
        if there.contains(known) {
            later.push(*known);
            continue;
        }
        let to = match known.0 {
            "region_tier" => crate::derive::availability::TIERS[state.tier].to_owned(),
            path => state.name(path).to_owned(),
        };
        found.entry(known.0).or_default().push(Flip {
            driver,
            now,
            at: reading(&next, &state, driver),
            to,
        });
    }
    if !later.is_empty() && other < to.max(from) * 0.999 {
        refine(inputs, base, driver, (other, to), &later, now, found);
    }
}
