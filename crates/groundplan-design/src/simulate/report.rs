//! What was simulated beside what is predicted, targeted and measured.

use super::engine::Outcome;
use super::plan::{Class, Plan, Profile, Scenario, Service, Station};
use super::statistics::interval;
use crate::derive::erlang::{erlang_c, response};
use crate::derive::latency::{Hop, Z99, sum};
use groundplan_model::{Diagnostic, Severity};
use std::collections::BTreeMap;

/// Beyond this difference the two models disagree.
const DISAGREE: f64 = 0.15;

/// What somebody measured of a flow, ms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Median.
    pub p50_ms: Option<f64>,
    /// 99th percentile.
    pub p99_ms: Option<f64>,
}

/// One kind of requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Id of the class.
    pub id: String,
    /// Name of the class.
    pub name: String,
    /// Requests that were answered after the warm-up.
    pub answered: usize,
    /// Share of requests that were rejected or failed.
    pub lost: f64,
    /// P99 target, ms.
    pub target_ms: f64,
    /// Median and P99 that the analytic model predicts, ms.
    pub predicted: (f64, f64),
    /// Simulated median, and half the width of its 95 % interval, ms.
    pub p50: (f64, Option<f64>),
    /// Simulated P99, and half the width of its 95 % interval, ms.
    pub p99: (f64, Option<f64>),
    /// What somebody measured.
    pub measured: Option<Measured>,
    /// `Measured met`, `Predicted missed` and the like.
    pub verdict: &'static str,
}

/// All rows, and what the stations did.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Rows in the order of the classes.
    pub rows: Vec<Row>,
    /// Name, utilisation, longest queue and probability of waiting (Erlang C) of stations with slots.
    pub stations: Vec<(String, f64, usize, f64)>,
    /// Models that disagree, and requests that are not accounted for.
    pub diagnostics: Vec<Diagnostic>,
}

/// Sets an outcome beside the predictions of the analytic model.
pub fn report(
    plan: &Plan,
    outcome: &Outcome,
    scenario: Scenario,
    measured: &BTreeMap<String, Measured>,
) -> Report {
    let mut diagnostics = Vec::new();
    if !outcome.is_conserved() {
        diagnostics.push(Diagnostic::new(
            Severity::Error,
            "simulation-conservation",
            "expected every request to be accounted for, found a difference",
        ));
    }
    let mut rows = Vec::new();
    for (at, class) in plan.classes.iter().enumerate() {
        let none = Vec::new();
        let times = outcome.times.get(at).unwrap_or(&none);
        let lost = outcome.lost.get(at).copied().unwrap_or(0) as f64;
        let all = times.len() as f64 + lost;
        let row = Row {
            id: class.id.clone(),
            name: class.name.clone(),
            answered: times.len(),
            lost: if all > 0.0 { lost / all } else { 0.0 },
            target_ms: plan.target_ms,
            predicted: predicted(plan, class),
            p50: interval(times, 0.5),
            p99: interval(times, 0.99),
            measured: measured.get(&class.id).copied(),
            verdict: "",
        };
        let verdict = verdict(&row);
        // A tail of few values says nothing about a model.
        let steady = scenario == Scenario::Steady && plan.profile == Profile::Peak;
        if steady && row.answered >= 2_000 && row.p99.0 > 0.0 {
            let apart = (row.predicted.1 - row.p99.0).abs();
            let chance = row.p99.1.unwrap_or(f64::INFINITY);
            if apart / row.p99.0 > DISAGREE && apart > chance {
                diagnostics.push(disagreement(&row, apart / row.p99.0));
            }
        }
        rows.push(Row { verdict, ..row });
    }
    let known = rows.iter().map(|r| r.id.as_str()).collect::<Vec<_>>();
    for id in measured.keys().filter(|id| !known.contains(&id.as_str())) {
        diagnostics.push(unknown(id, &known));
    }
    Report {
        stations: stations(plan, outcome),
        rows,
        diagnostics,
    }
}

fn disagreement(row: &Row, off: f64) -> Diagnostic {
    let message = format!(
        "`{}`: the analytic model predicts a P99 of {:.1} ms, the simulation has {:.1} ms, {:.0} % apart",
        row.name,
        row.predicted.1,
        row.p99.0,
        off * 100.0
    );
    Diagnostic::new(Severity::Warning, "W-MODEL-DISAGREE", message)
        .help("trust the simulation, and measure this flow first")
}

fn unknown(id: &str, known: &[&str]) -> Diagnostic {
    let message =
        format!("expected the id of a simulated flow, found `{id}` among measured values");
    let near = groundplan_knowledge::nearest(id, known.iter().copied());
    let help = near.map_or_else(
        || format!("the flows are {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::new(Severity::Warning, "unknown-flow", message).help(help)
}

fn verdict(row: &Row) -> &'static str {
    let measured = row.measured.and_then(|m| m.p99_ms);
    // The tail of a few requests is chance: there the model decides.
    let p99 = row.p99.1.map_or(row.predicted.1, |_| row.p99.0);
    match measured {
        Some(p99) if p99 <= row.target_ms => "Measured met",
        Some(_) => "Measured missed",
        None if row.lost > 0.01 => "Predicted missed: more than 1 % lost",
        None if row.answered == 0 => "Not simulated",
        None if p99 <= row.target_ms => "Predicted met",
        None => "Predicted missed",
    }
}

/// Median and P99 of a class in ms, by the analytic model: stations with slots by the M/M/c
/// response (waiting × (1 + scv)/2 for other service times, Allen and Cunneen), the sum by moments.
pub fn predicted(plan: &Plan, class: &Class) -> (f64, f64) {
    let total = plan.total_share().max(1e-9);
    let hops: Vec<Hop> = class
        .hops
        .iter()
        .filter_map(|hop| {
            let station = plan.stations.get(hop.station)?;
            let visits: f64 = plan
                .classes
                .iter()
                .map(|c| {
                    let here = c.hops.iter().filter(|h| h.station == hop.station);
                    c.share / total * here.map(|h| h.probability).sum::<f64>()
                })
                .sum();
            let (p50, p99) = quantiles(station, plan.rate * visits);
            Some((p50, p99, hop.probability))
        })
        .collect();
    match hops.as_slice() {
        // One station alone needs no moments.
        [(p50, p99, p)] if *p >= 1.0 => (*p50, *p99),
        _ => sum(&hops),
    }
}

fn quantiles(station: &Station, rate: f64) -> (f64, f64) {
    let (mean, scv) = match station.service {
        Service::Exponential { mean_s } => (mean_s, 1.0),
        Service::Constant { s } => (s, 0.0),
        Service::LogNormal { median_s, sigma } => (
            median_s * (sigma * sigma / 2.0).exp(),
            (sigma * sigma).exp() - 1.0,
        ),
    };
    let plain = match station.service {
        Service::Exponential { mean_s } => (mean_s * std::f64::consts::LN_2, mean_s * 100_f64.ln()),
        Service::Constant { s } => (s, s),
        Service::LogNormal { median_s, sigma } => (median_s, median_s * (Z99 * sigma).exp()),
    };
    let Some(slots) = station.slots else {
        return (plain.0 * 1e3, plain.1 * 1e3);
    };
    let offered = (rate * mean).min(f64::from(slots) * 0.999);
    if (scv - 1.0).abs() < 1e-9 {
        let at = |q: f64| response(slots, offered, mean, q) * 1e3;
        return (at(0.5), at(0.99));
    }
    // What waiting adds to an exponential service, scaled, on top of the own service time.
    let factor = (1.0 + scv) / 2.0;
    let exponential = |q: f64| -(1.0 - q).ln() * mean;
    let at = |q: f64, own: f64| {
        (own + factor * (response(slots, offered, mean, q) - exponential(q)).max(0.0)) * 1e3
    };
    (at(0.5, plain.0), at(0.99, plain.1))
}

fn stations(plan: &Plan, outcome: &Outcome) -> Vec<(String, f64, usize, f64)> {
    let both = plan
        .stations
        .iter()
        .zip(&outcome.busy)
        .zip(&outcome.longest);
    both.filter_map(|((station, busy), longest)| {
        let slots = station.slots?;
        let waits = erlang_c(slots.min(3_000), busy * f64::from(slots.min(3_000)));
        Some((station.name.clone(), *busy, *longest, waits))
    })
    .collect()
}
