//! D19 and D20: what a team can carry and when it is done.

use super::load::Load;
use crate::brief::Brief;
use crate::facts::{Facts, number};
use crate::inputs::{Inputs, Segment};
use groundplan_knowledge::controls;

/// Team and schedule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Team {
    /// Engineers.
    pub engineers: f64,
    /// Deployables that they can own.
    pub deployables_max: f64,
    /// Engineer-weeks that the scope takes.
    pub effort: f64,
    /// Engineer-weeks until the system must be live.
    pub available: f64,
    /// Effort over available.
    pub ratio: f64,
    /// The ratio of the must requirements alone, taken by their number.
    pub must_ratio: f64,
    /// Effort before the factors for product and load.
    pub plain: f64,
    /// Months for which audit records are kept.
    pub audit_months: f64,
}

/// What the team can carry.
pub fn team(inputs: &Inputs, load: &Load) -> Team {
    let c = |name: &str| inputs.constant(name);
    let engineers = inputs.engineers();
    let packs = controls();
    let chosen = || packs.iter().filter(|p| inputs.packs.contains(&p.id));
    let rules: f64 = chosen().map(|p| p.effort_weeks).sum();
    let partners = (inputs.partners as f64 - 1.0).max(0.0) * c("effort_integration");
    let plain =
        inputs.shares.iter().map(|s| s.effort).sum::<f64>() + c("effort_base") + rules + partners;
    let product = if inputs.segment == Segment::Internal {
        1.0
    } else {
        c("effort_product")
    };
    let scale = 1.0 + 0.15 * (load.peak.max(1.0) / 100.0).log10().max(0.0);
    let effort = plain * product * scale;
    let focus = if engineers > 9.0 {
        c("focus_large")
    } else {
        c("focus_small")
    };
    let available = engineers * inputs.share() * inputs.weeks() * focus;
    let later: f64 = inputs
        .shares
        .iter()
        .map(|s| s.effort * (1.0 - s.must))
        .sum();
    let musts = effort * (plain - later) / plain.max(1e-9);
    let least = inputs.get("constraints.retention_months").unwrap_or(12.0);
    Team {
        engineers,
        deployables_max: (engineers / c("engineers_per_deployable")).round().max(1.0),
        effort,
        available,
        ratio: if available > 0.0 {
            effort / available
        } else {
            99.0
        },
        must_ratio: if available > 0.0 {
            musts / available
        } else {
            99.0
        },
        plain,
        audit_months: chosen()
            .map(|p| p.audit_months)
            .fold(least.max(12.0), f64::max),
    }
}

impl Team {
    /// Writes the sums down.
    pub fn facts(&self, inputs: &Inputs, load: &Load, brief: &Brief, facts: &mut Facts) {
        match brief.numbers.get("team.engineers") {
            Some(s) => facts.stated(
                "team.engineers",
                "engineers who build and run it",
                s,
                "engineers",
                "team",
            ),
            None => facts
                .computed(
                    "team.engineers",
                    "engineers who build and run it",
                    self.engineers,
                    "engineers",
                    "the brief names no team; 4 are assumed",
                    &["brief.team"],
                )
                .assumed("A-TEAM"),
        };
        match brief.numbers.get("timeline.weeks") {
            Some(s) => facts.stated(
                "schedule.weeks",
                "weeks until it is live",
                s,
                "weeks",
                "timeline",
            ),
            None => facts
                .computed(
                    "schedule.weeks",
                    "weeks until it is live",
                    inputs.weeks(),
                    "weeks",
                    "the brief names no date; half a year is assumed",
                    &["brief.timeline"],
                )
                .assumed("A-TIMELINE"),
        };
        facts
            .computed(
                "team.deployables_max",
                "deployables that the team can own",
                self.deployables_max,
                "deployables",
                format!("{} engineers ÷ 3, at least 1", number(self.engineers)),
                &["team.engineers"],
            )
            .source("Team Topologies, chapter 3 (cognitive load); one third is an estimate E");
        let product = if inputs.segment == Segment::Internal {
            "1"
        } else {
            "1.5"
        };
        facts.computed("schedule.effort_ew", "effort of the scope", self.effort, "engineer-weeks", format!("{} of capabilities, base, compliance and integrations × {product} × (1 + 0.15 log₁₀({} ÷ 100), at least 1)", number(self.plain), number(load.peak)), &["capabilities", "compliance.packs", "load.peak_rps"]).source("efforts ±50 % (E)");
        facts
            .computed(
                "schedule.available_ew",
                "engineer-weeks until the date",
                self.available,
                "engineer-weeks",
                format!(
                    "{} engineers{} × {} weeks × {}",
                    number(self.engineers),
                    match brief.numbers.get("team.share") {
                        Some(s) => format!(" × {} of their time (“{}”)", number(s.value), s.words),
                        None => String::new(),
                    },
                    number(inputs.weeks()),
                    if self.engineers > 9.0 { "0.5" } else { "0.6" }
                ),
                &["team.engineers", "schedule.weeks"],
            )
            .source("share of working time that goes into the plan (E)");
        facts.computed(
            "schedule.ratio",
            "effort against available time",
            self.ratio,
            "",
            format!("{} ÷ {}", number(self.effort), number(self.available)),
            &["schedule.effort_ew", "schedule.available_ew"],
        );
        facts.computed(
            "compliance.audit_retention_months",
            "months for which audit records are kept",
            self.audit_months,
            "months",
            "the longest of 12, the packs and what the brief states",
            &["compliance.packs", "brief.constraints"],
        );
    }
}
