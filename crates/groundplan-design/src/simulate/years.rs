//! Years of failures and repairs: how the availability of a tier spreads.

use super::random::Random;
use crate::design::Design;

/// Minutes of a year.
const YEAR: f64 = 525_600.0;
/// Mean minutes of an outage of the platform (E): what providers publish after the fact.
const OUTAGE: f64 = 60.0;

/// Availability over many years, percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Years {
    /// Years that were run.
    pub years: u32,
    /// Mean availability.
    pub mean: f64,
    /// Availability that nine of ten years reach.
    pub nine_in_ten: f64,
    /// Share of the years that meet the target.
    pub meeting: f64,
    /// What the sum of the design expects.
    pub predicted: f64,
    /// The target.
    pub target: f64,
}

/// A kind of outage: events a year, mean minutes, share of the users that it reaches.
#[derive(Clone, Copy, Debug)]
struct Kind {
    a_year: f64,
    minutes: f64,
    reach: f64,
}

/// Runs years of outages of the chosen tier: the platform, bad deployments and incidents that wait
/// for a person, each a Poisson process with exponential durations. While an outage has everybody, further ones add
/// only what goes beyond its end; outages that reach some of the users add up otherwise.
pub fn years(design: &Design, years: u32, seed: u64) -> Years {
    let out = &design.outcome;
    let tier = out.tier;
    let reach = &out.reach;
    let table = &design.inputs.tables.availability;
    let at = |list: &[f64]| list.get(tier).copied().unwrap_or(0.0);
    let change = |name: &str| table.change.get(name).copied().unwrap_or(0.0);
    let down = (1.0 - at(&reach.infra) / 100.0).max(0.0);
    let minutes = match at(&table.failover_min) {
        short if short > 0.0 => short.max(1.0),
        _ => OUTAGE,
    };
    let kinds = [
        Kind {
            a_year: down * YEAR / minutes,
            minutes,
            reach: 1.0,
        },
        Kind {
            a_year: change("deploys_per_month") * 12.0 * change("failure_rate"),
            minutes: change("mttr_min"),
            reach: at(&table.exposed),
        },
        Kind {
            a_year: at(&table.human_incidents_per_year),
            minutes: reach.response_min,
            reach: 1.0,
        },
    ];
    let lost = lost(&kinds, years, seed);
    let mut sorted: Vec<f64> = lost.iter().map(|l| 100.0 * (1.0 - l / YEAR)).collect();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len().max(1) as f64;
    let met = sorted.iter().filter(|a| **a >= reach.target).count() as f64;
    let worst = sorted.get((count * 0.1) as usize).copied();
    Years {
        years,
        mean: sorted.iter().sum::<f64>() / count,
        nine_in_ten: worst.unwrap_or(100.0),
        meeting: met / count,
        predicted: at(&reach.expected),
        target: reach.target,
    }
}

/// Minutes lost in each year.
fn lost(kinds: &[Kind], years: u32, seed: u64) -> Vec<f64> {
    let mut streams: Vec<Random> = (0..kinds.len())
        .map(|i| Random::new(seed, &format!("outage {i}")))
        .collect();
    let mut lost = vec![0.0; years as usize];
    let mut next: Vec<f64> = Vec::new();
    for (kind, random) in kinds.iter().zip(&mut streams) {
        next.push(gap(kind, random));
    }
    let end = f64::from(years) * YEAR;
    // Until when everybody is without the system.
    let mut down_until = 0.0_f64;
    loop {
        let first = (0..kinds.len()).min_by(|a, b| {
            let time = |i: usize| next.get(i).copied().unwrap_or(f64::INFINITY);
            time(*a).total_cmp(&time(*b))
        });
        let Some(i) = first else { break };
        let (Some(kind), Some(random), Some(slot)) =
            (kinds.get(i), streams.get_mut(i), next.get_mut(i))
        else {
            break;
        };
        let now = *slot;
        if now >= end {
            break;
        }
        let until = now + random.exponential(kind.minutes);
        *slot = now + gap(kind, random);
        let counted = (until - now.max(down_until)).max(0.0) * kind.reach;
        if kind.reach >= 1.0 {
            down_until = down_until.max(until);
        }
        if let Some(year) = lost.get_mut((now / YEAR) as usize) {
            *year += counted;
        }
    }
    lost
}

fn gap(kind: &Kind, random: &mut Random) -> f64 {
    if kind.a_year <= 0.0 {
        return f64::INFINITY;
    }
    random.exponential(YEAR / kind.a_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_those_of_the_rates() {
        let kinds = [
            Kind {
                a_year: 3.0,
                minutes: 60.0,
                reach: 1.0,
            },
            Kind {
                a_year: 10.0,
                minutes: 30.0,
                reach: 0.1,
            },
        ];
        let lost = lost(&kinds, 20_000, 1);
        let mean = lost.iter().sum::<f64>() / 20_000.0;
        assert!((mean - 210.0).abs() < 4.0, "{mean}");
        let none = super::lost(&[], 3, 1);
        assert_eq!(none, [0.0; 3]);
    }
}
