//! `groundplan simulate`: the designed flows under the stated load, by discrete events.

use crate::arguments::{Arguments, ProfileName, ScenarioName, Simulate};
use crate::{described, diagnostics};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use groundplan_design::Design;
use groundplan_design::derive::latency::Z99;
use groundplan_design::facts::number;
use groundplan_design::simulate::{
    Measured, Outcome, Plan, Profile, Report, Row, Scenario, Service, Settings, Station, Years,
    plan, report, run as simulated, years,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// A run with what it was made from.
struct Run<'d> {
    design: &'d Design,
    plan: Plan,
    outcome: Outcome,
    report: Report,
    years: Years,
}

pub(crate) fn run(arguments: &Arguments, command: &Simulate) -> Result<ExitCode> {
    let designed = described::designed(&command.path)?;
    let show = |found: &[groundplan_model::Diagnostic]| {
        diagnostics::print(
            found,
            &designed.root,
            arguments.diagnostics,
            arguments.quiet,
        );
    };
    let Some(before) = &designed.design else {
        show(&designed.diagnostics);
        return Ok(ExitCode::from(2));
    };
    let after = if command.what_if.is_empty() {
        None
    } else {
        let (after, found) = designed.changed(&command.what_if)?;
        if after.is_none() {
            show(&found);
            return Ok(ExitCode::from(2));
        }
        after
    };
    let design = after.as_ref().unwrap_or(before);
    let measured = match &command.measured {
        Some(path) => measured(path)?,
        None => BTreeMap::new(),
    };
    let scenario = scenario(command.scenario);
    let plan = plan(design, profile(command.profile), scenario, command.requests);
    let settings = Settings {
        requests: command.requests,
        seed: command.seed,
    };
    let outcome = simulated(&plan, settings);
    let report = report(&plan, &outcome, scenario, &measured);
    show(&report.diagnostics);
    let run = Run {
        design,
        plan,
        outcome,
        report,
        years: years(design, command.years, command.seed),
    };
    if command.json {
        return super::print(&serde_json::to_string_pretty(&run.json(command))?);
    }
    super::print(&run.text(command))
}

fn scenario(name: ScenarioName) -> Scenario {
    match name {
        ScenarioName::Steady => Scenario::Steady,
        ScenarioName::InstanceLoss => Scenario::InstanceLoss,
        ScenarioName::ZoneLoss => Scenario::ZoneLoss,
        ScenarioName::DatabaseFailover => Scenario::DatabaseFailover,
        ScenarioName::CacheFlush => Scenario::CacheFlush,
        ScenarioName::SlowDependency => Scenario::SlowDependency,
    }
}

fn profile(name: ProfileName) -> Profile {
    match name {
        ProfileName::Peak => Profile::Peak,
        ProfileName::Day => Profile::Day,
        ProfileName::Start => Profile::Start,
    }
}

/// Measured values as the file has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
}

fn measured(path: &Path) -> Result<BTreeMap<String, Measured>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let seen: BTreeMap<String, Seen> = serde_json::from_str(&text).with_context(|| {
        format!(
            "expected measured values in {}: {{\"flow\": {{\"p50_ms\": 12, \"p99_ms\": 140}}}}",
            path.display()
        )
    })?;
    let mut all = BTreeMap::new();
    for (id, seen) in seen {
        let sound = |v: Option<f64>| v.is_none_or(|v| v.is_finite() && v > 0.0);
        if !(sound(seen.p50_ms) && sound(seen.p99_ms)) {
            bail!(
                "expected positive milliseconds for `{id}` in {}",
                path.display()
            );
        }
        let measured = Measured {
            p50_ms: seen.p50_ms,
            p99_ms: seen.p99_ms,
        };
        all.insert(id, measured);
    }
    Ok(all)
}

/// Milliseconds to a tenth, whole ones above 100.
fn ms(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

fn with_interval((value, half): (f64, Option<f64>)) -> String {
    match half {
        Some(half) => format!("{} ± {}", ms(value), ms(half)),
        None if value > 0.0 => ms(value),
        None => "–".to_owned(),
    }
}

impl Run<'_> {
    fn text(&self, command: &Simulate) -> String {
        let mut lines = vec![self.head(command), String::new()];
        let heads = [
            "Flow",
            "Metric",
            "Target",
            "Predicted",
            "Simulated (95 %)",
            "Measured",
            "Verdict",
        ];
        let mut rows: Vec<Vec<String>> = vec![heads.map(str::to_owned).to_vec()];
        for row in &self.report.rows {
            rows.extend(cells(row));
        }
        rows.push(self.availability());
        lines.extend(table(&rows));
        lines.push(String::new());
        let o = &self.outcome;
        let count = |n: u64| number(n as f64);
        lines.push(format!(
            "{} generated = {} completed + {} rejected + {} failed + {} in flight; {} retries",
            count(o.generated),
            count(o.completed),
            count(o.rejected),
            count(o.failed),
            count(o.in_flight),
            count(o.retries)
        ));
        for (name, busy, longest, waits) in &self.report.stations {
            lines.push(format!(
                "{name}: {:.0} % busy, longest queue {}, {:.1} % of requests wait (Erlang C)",
                busy * 100.0,
                number(*longest as f64),
                waits * 100.0
            ));
        }
        let delays: Vec<String> = self.plan.stations.iter().filter_map(delay).collect();
        lines.push(format!(
            "Estimates (E) of delays, P50 and P99: {}; measure them first",
            delays.join(", ")
        ));
        let y = &self.years;
        lines.push(format!(
            "{} years: {:.1} % of them meet {} %; nine of ten reach {:.3} %",
            number(f64::from(y.years)),
            y.meeting * 100.0,
            number(y.target),
            y.nine_in_ten
        ));
        lines.join("\n")
    }

    fn head(&self, command: &Simulate) -> String {
        format!(
            "{}: {} requests at up to {} requests/s, {} s; profile {}, {}; seed {}",
            self.design.blueprint.system.name,
            number(f64::from(command.requests)),
            number(self.plan.rate),
            seconds(self.outcome.seconds),
            word(command.profile),
            word(command.scenario).replace('-', " "),
            command.seed
        )
    }

    fn availability(&self) -> Vec<String> {
        let y = &self.years;
        let met = if y.mean >= y.target {
            "Predicted met"
        } else {
            "Predicted missed"
        };
        vec![
            "System".to_owned(),
            "availability".to_owned(),
            format!("{} %", number(y.target)),
            format!("{:.3} %", y.predicted),
            format!("{:.3} %", y.mean),
            "–".to_owned(),
            met.to_owned(),
        ]
    }

    fn json(&self, command: &Simulate) -> Value {
        let o = &self.outcome;
        let y = &self.years;
        let rows: Vec<Value> = self.report.rows.iter().map(row_json).collect();
        let stations: Vec<Value> = self
            .report
            .stations
            .iter()
            .map(|(name, busy, longest, waits)| {
                json!({"name": name, "utilisation": round(*busy), "longest_queue": longest, "waiting_probability": round(*waits)})
            })
            .collect();
        json!({
            "schema_version": 1,
            "system": self.design.blueprint.system.name,
            "scenario": word(command.scenario),
            "profile": word(command.profile),
            "seed": command.seed,
            "requests": command.requests,
            "peak_rps": self.plan.rate,
            "seconds": round(o.seconds),
            "rows": rows,
            "stations": stations,
            "requests_by_outcome": {
                "generated": o.generated, "completed": o.completed, "rejected": o.rejected,
                "failed": o.failed, "in_flight": o.in_flight, "retries": o.retries,
            },
            "availability": {
                "years": y.years, "target": y.target, "predicted": round(y.predicted),
                "simulated": round(y.mean), "nine_in_ten": round(y.nine_in_ten),
                "years_meeting_target": round(y.meeting),
            },
        })
    }
}

/// A value as the command line takes it.
fn word(value: impl ValueEnum) -> String {
    let known = value.to_possible_value();
    known.map_or_else(String::new, |v| v.get_name().to_owned())
}

/// A delay in words: name, median and P99.
fn delay(station: &Station) -> Option<String> {
    let Service::LogNormal { median_s, sigma } = station.service else {
        return None;
    };
    let p99 = median_s * (Z99 * sigma).exp();
    let short = |ms: f64| number((ms * 100.0).round() / 100.0);
    Some(format!(
        "{} {} and {} ms",
        station.name,
        short(median_s * 1e3),
        short(p99 * 1e3)
    ))
}

/// Whole seconds, tenths below ten.
fn seconds(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.1}")
    } else {
        number(value.round())
    }
}

/// Six digits behind the point, so that the last bits of a machine do not show.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn row_json(row: &Row) -> Value {
    let pair = |(value, half): (f64, Option<f64>)| json!({"ms": round(value), "half_width_ms": half.map(round)});
    json!({
        "id": row.id,
        "flow": row.name,
        "answered": row.answered,
        "lost_share": round(row.lost),
        "target_p99_ms": round(row.target_ms),
        "predicted_p50_ms": round(row.predicted.0),
        "predicted_p99_ms": round(row.predicted.1),
        "simulated_p50": pair(row.p50),
        "simulated_p99": pair(row.p99),
        "measured_p50_ms": row.measured.and_then(|m| m.p50_ms),
        "measured_p99_ms": row.measured.and_then(|m| m.p99_ms),
        "verdict": row.verdict,
    })
}

/// The lines of a flow: median, P99, and what was lost.
fn cells(row: &Row) -> Vec<Vec<String>> {
    let measured = |of: fn(&Measured) -> Option<f64>| {
        let value = row.measured.as_ref().and_then(of);
        value.map_or_else(|| "–".to_owned(), |v| format!("{} ms", ms(v)))
    };
    let line = |name: &str, metric: &str, rest: [String; 5]| {
        let mut all = vec![name.to_owned(), metric.to_owned()];
        all.extend(rest);
        all
    };
    let mut lines = vec![
        line(
            &row.name,
            "P50",
            [
                "–".to_owned(),
                format!("{} ms", ms(row.predicted.0)),
                format!("{} ms", with_interval(row.p50)),
                measured(|m| m.p50_ms),
                String::new(),
            ],
        ),
        line(
            "",
            "P99",
            [
                format!("{} ms", ms(row.target_ms)),
                format!("{} ms", ms(row.predicted.1)),
                format!("{} ms", with_interval(row.p99)),
                measured(|m| m.p99_ms),
                row.verdict.to_owned(),
            ],
        ),
    ];
    if row.lost > 0.0 {
        let lost = format!("{:.2} %", row.lost * 100.0);
        let none = || "–".to_owned();
        lines.push(line(
            "",
            "lost",
            [none(), none(), lost, none(), String::new()],
        ));
    }
    lines
}

/// Columns as wide as their widest cell.
fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let cells = rows.iter().filter_map(|r| r.get(at));
            cells.map(|c| c.chars().count()).max().unwrap_or(0)
        })
        .collect();
    rows.iter()
        .map(|row| {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(c, width)| format!("{c:width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}
