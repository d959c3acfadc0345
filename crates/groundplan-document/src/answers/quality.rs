//! Service levels: targets, what was measured, error budgets, cost.

use super::records;
use super::seen::{MOST, constraint, topic};
use crate::answer::Answer;
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{bullets, full_table};
use crate::tree::Text;
use groundplan_model::{Priority, Provenance, Requirement, RequirementKind, Slo, Topic};

records! {
    "availability-measured": |c, _| measured(c, &AVAILABILITY, "availability-target"), "Availability as somebody measured it.";
    "availability-priority": |c, _| priority(c, RequirementKind::Availability), "How much availability matters.";
    "availability-target": |c, _| target(c, &AVAILABILITY, RequirementKind::Availability, "targets.availability", "availability-target"), "The share of time it must work.";
    "cache-target": |c, _| target(c, &["cache"], RequirementKind::Performance, "targets.cache_hit_rate", "performance-target"), "Share of reads that a cache must answer.";
    "cost-controls": cost_controls, "What watches and limits spending.";
    "cost-priority": |c, _| priority(c, RequirementKind::Cost), "How much cost matters.";
    "database-target": |c, _| target(c, &["database", "query"], RequirementKind::Performance, "targets.database_query_time", "performance-target"), "How fast queries must be.";
    "error-budget": error_budget, "How much failure the target allows.";
    "maintainability-priority": |c, _| priority(c, RequirementKind::Maintainability), "How much maintainability matters.";
    "maintainability-seen": maintainability_seen, "What enforces maintainability.";
    "maintainability-target": |c, _| target(c, &["coverage"], RequirementKind::Maintainability, "targets.coverage", "quality-gates"), "What maintainability is measured by.";
    "performance-measured": |c, _| measured(c, &LATENCY, "performance-target"), "Speed as somebody measured it.";
    "performance-priority": |c, _| priority(c, RequirementKind::Performance), "How much speed matters.";
    "performance-target": |c, _| target(c, &LATENCY, RequirementKind::Performance, "targets.latency", "performance-target"), "How fast it must answer.";
    "scalability-priority": |c, _| priority(c, RequirementKind::Scalability), "How much growth matters.";
    "scalability-target": |c, _| target(c, &["throughput", "load", "users"], RequirementKind::Scalability, "targets.throughput", "scale"), "What load it must carry.";
    "security-priority": |c, _| priority(c, RequirementKind::Security), "How much security matters.";
    "slos": slos, "All service levels.";
    "slos-and-budgets": slos, "All service levels with their windows.";
}

const AVAILABILITY: [&str; 2] = ["availability", "uptime"];
const LATENCY: [&str; 4] = ["latency", "response", "duration", "page load"];

/// A service level in words: indicator, percentile, target, window.
pub(super) fn slo_text(slo: &Slo) -> Text {
    let percentile = slo
        .percentile
        .as_deref()
        .map(|p| format!(", {p}"))
        .unwrap_or_default();
    let window = slo
        .window
        .as_deref()
        .map(|w| format!(" over {w}"))
        .unwrap_or_default();
    let predicted = slo
        .predicted
        .as_deref()
        .map(|p| match slo.achieved.as_deref() {
            Some(measured) => format!("; predicted {p}, measured {measured}"),
            None => format!("; predicted {p}, not measured"),
        })
        .unwrap_or_default();
    let words = format!(
        "{}{percentile}: {}{window}{predicted}.",
        slo.indicator,
        slo.target.trim_end_matches('.')
    );
    Text::sourced(words, slo.provenance.clone())
}

fn about<'a>(c: &Context<'a>, words: &[&str]) -> Vec<&'a Slo> {
    let matches = |s: &&Slo| words.iter().any(|w| s.indicator.to_lowercase().contains(w));
    c.blueprint.slos.iter().filter(matches).collect()
}

fn of_kind<'a>(c: &Context<'a>, kind: RequirementKind) -> Vec<&'a Requirement> {
    c.blueprint
        .requirements
        .iter()
        .filter(|r| r.kind == kind)
        .collect()
}

/// A declared target, a service level of that indicator, or a requirement of that kind.
fn target(
    c: &Context,
    words: &[&str],
    kind: RequirementKind,
    key: &str,
    question: &'static str,
) -> Answer {
    let slos = about(c, words);
    let texts: Vec<Text> = slos.into_iter().take(3).map(slo_text).collect();
    if let Some(answer) = super::goals::one_line(texts) {
        return answer;
    }
    if let Some(text) = declared(c, key) {
        return Answer::text(text);
    }
    let stated = of_kind(c, kind).into_iter().take(2).map(|r| {
        let words = r.target.as_deref().unwrap_or(&r.text);
        Text::sourced(crate::words::sentence(words), r.provenance.clone())
    });
    super::goals::one_line(stated.collect()).unwrap_or(Answer::Gap(question))
}

fn measured(c: &Context, words: &[&str], question: &'static str) -> Answer {
    let texts: Vec<Text> = about(c, words)
        .into_iter()
        .filter_map(|s| {
            if let (Some(predicted), None) = (s.predicted.as_deref(), s.achieved.as_deref()) {
                let percentile = s.percentile.as_deref().map(|p| format!(", {p}"));
                return Some(Text::sourced(
                    format!(
                        "{}{}: predicted {predicted}, target {}, not measured.",
                        s.indicator,
                        percentile.unwrap_or_default(),
                        s.target
                    ),
                    s.provenance.clone(),
                ));
            }
            let achieved = s.achieved.as_deref()?;
            let percentile = s.percentile.as_deref().map(|p| format!(", {p}"));
            let predicted = s.predicted.as_deref().map(|p| format!("predicted {p}, "));
            Some(Text::sourced(
                format!(
                    "{}{}: {}measured {achieved}, target {}.",
                    s.indicator,
                    percentile.unwrap_or_default(),
                    predicted.unwrap_or_default(),
                    s.target
                ),
                s.provenance.clone(),
            ))
        })
        .collect();
    super::goals::one_line(texts).unwrap_or(Answer::Gap(question))
}

fn priority(c: &Context, kind: RequirementKind) -> Answer {
    let found = of_kind(c, kind)
        .into_iter()
        .find_map(|r| Some((r.priority?, r)));
    match found {
        Some((priority, r)) => {
            let word = match priority {
                Priority::Must => "Must",
                Priority::Should => "Should",
                Priority::Could => "Could",
                Priority::Wont => "Won't",
            };
            Answer::text(Text::sourced(word, r.provenance.clone()))
        }
        None => Answer::Gap(match kind {
            RequirementKind::Performance => "performance-target",
            RequirementKind::Availability => "availability-target",
            RequirementKind::Scalability => "scale",
            RequirementKind::Security => "compliance",
            RequirementKind::Maintainability => "quality-gates",
            _ => "cost",
        }),
    }
}

fn slos<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let slos = c.blueprint.slos.iter().take(MOST);
    if slos.clone().any(|s| s.predicted.is_some()) {
        let columns = ["Service level", "Window", "Target", "Predicted", "Measured"];
        let rows = slos.map(slo_row).collect();
        return Answer::blocks(vec![full_table(&columns, rows, &[])]);
    }
    let all: Vec<Text> = slos.map(slo_text).collect();
    if all.is_empty() {
        return Answer::Gap("availability-target");
    }
    Answer::blocks(vec![bullets(all)])
}

/// A service level of which a model predicts something, beside what was measured.
fn slo_row(slo: &Slo) -> Vec<Text> {
    let percentile = slo.percentile.as_deref();
    let name = match percentile {
        Some(p) => format!("{}, {p}", slo.indicator),
        None => slo.indicator.clone(),
    };
    let or_dash = |said: &Option<String>| Text::plain(said.as_deref().unwrap_or("–"));
    let measured = slo.achieved.as_deref().unwrap_or("not measured");
    vec![
        Text::sourced(name, slo.provenance.clone()),
        or_dash(&slo.window),
        Text::plain(slo.target.trim_end_matches('.')),
        or_dash(&slo.predicted),
        Text::plain(measured),
    ]
}

/// Minutes that an availability target of so many percent leaves in 30 days: (1 − target) × 43,200.
fn error_budget<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = declared(c, "targets.error_budget") {
        return Answer::text(text);
    }
    let found = about(c, &AVAILABILITY)
        .into_iter()
        .find_map(|s| Some((percent(&s.target)?, s)));
    let Some((share, slo)) = found else {
        return Answer::Gap("availability-target");
    };
    let minutes = (100.0 - share) / 100.0 * 43_200.0;
    // A tenth of a minute is much of a small budget.
    let digits = if minutes < 10.0 { 2 } else { 1 };
    let text = format!(
        "{minutes:.digits$} minutes in 30 days: (100 % − {share} %) × 43,200 minutes = {minutes:.digits$}."
    );
    let formula = "(1 − availability target) × 43,200 minutes in 30 days";
    let source =
        Provenance::computed(formula, [slo.id.clone()]).and(slo.provenance.evidence.clone());
    Answer::text(Text::sourced(text, source))
}

fn percent(text: &str) -> Option<f64> {
    let number = text.split('%').next()?.trim();
    let number = number.rsplit([' ', '>', '=', '≥']).next()?;
    let share: f64 = number.parse().ok()?;
    (50.0..100.0).contains(&share).then_some(share)
}

fn budget(c: &Context) -> Answer {
    let stated = constraint(c, "budget").or_else(|| declared(c, "constraints.budget"));
    stated.map_or(Answer::Gap("cost"), Answer::text)
}

fn cost_controls<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = declared(c, "operations.cost_controls") {
        return Answer::text(text);
    }
    let limited: Vec<_> = c
        .containers
        .iter()
        .filter(|e| e.attribute("limit.memory").is_some() || e.attribute("limit.cpu").is_some())
        .collect();
    if limited.is_empty() {
        return budget(c);
    }
    let names = crate::text::names(limited.iter().map(|e| e.name.as_str()), 6);
    let source = crate::text::first_places(
        limited
            .iter()
            .filter_map(|e| {
                e.attribute("limit.memory")
                    .or_else(|| e.attribute("limit.cpu"))
            })
            .map(|a| &a.provenance),
        3,
    );
    let all = c.containers.len();
    let text = Text::plain(format!(
        "{} of {all} containers have a limit of memory or CPU: ",
        limited.len()
    ));
    Answer::text(
        text.spans(names)
            .then(". A spending limit is asked for in ")
            .and(c.ask("cost"))
            .then(".")
            .from(&source),
    )
}

fn maintainability_seen<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    topic(
        c,
        &[Topic::CoverageSetting, Topic::Linter],
        "coverage setting or linter",
        &["configuration files", "pipelines"],
        "quality-gates",
    )
}
