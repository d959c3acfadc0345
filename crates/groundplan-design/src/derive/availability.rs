//! D16, D17 and D25: what each tier of regions and zones can promise.

use super::load::Load;
use crate::facts::{Facts, number};
use crate::inputs::{Inputs, Segment};
use groundplan_model::FactValue;

/// Names of the tiers.
pub const TIERS: [&str; 5] = ["T0", "T1", "T2", "T3", "T4"];
/// What a tier is.
pub const SHAPES: [&str; 5] = [
    "one instance in one zone",
    "one instance more than needed, one zone, one database",
    "three zones, replicated database, canary",
    "three zones and a warm standby region",
    "two active regions",
];

/// What a tier is where the machines stand on one's own site, which has no zones.
pub const OWN_SHAPES: [&str; 5] = [
    "one machine",
    "one machine more than needed, one database",
    "machines in separate racks, replicated database, canary",
    "a second site as warm standby",
    "two active sites",
];

/// What a tier is, on a provider's machines or on one's own.
pub fn shape(tier: usize, own: bool) -> &'static str {
    let all = if own { OWN_SHAPES } else { SHAPES };
    all.get(tier).copied().unwrap_or_default()
}

/// Availability by tier, percent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// What the machines promise.
    pub infra: [f64; 5],
    /// What remains after changes and people.
    pub expected: [f64; 5],
    /// The target.
    pub target: f64,
    /// Whether the brief states the target.
    pub stated: bool,
    /// The least tier that reaches the target.
    pub least: Option<usize>,
    /// Minutes until a person has mended something.
    pub response_min: f64,
    /// Hours of a week in which the system is worked with, if the brief says so.
    pub hours: Option<f64>,
    /// Availability by tier within these hours, percent: deployments wait for the others.
    pub in_hours: [f64; 5],
    /// Whether the target counts within these hours only.
    pub counts_hours: bool,
    /// The target that is usual for such a system, where nobody stated one and it cannot be kept.
    pub usual: Option<f64>,
}

/// What the tiers can promise: `A = infra − deploys × failures × MTTR × exposed ÷ 43,800 −
/// incidents × response ÷ 525,600`.
pub fn reach(inputs: &Inputs, load: &Load) -> Reach {
    let table = &inputs.tables.availability;
    let part = |name: &str| table.expected.get(name).copied().unwrap_or(1.0);
    let engineers = inputs.engineers();
    let levels = table.response_min.iter().rev();
    let response_min = levels
        .into_iter()
        .find(|(least, _)| engineers >= f64::from(**least))
        .map_or(480.0, |(_, minutes)| *minutes);
    let mut infra = [0.0; 5];
    if inputs.on_premises {
        infra[0] = part("site") * part("vm");
        infra[1] = part("site") * part("db_replicated");
        infra[2] = infra[1];
    } else {
        infra[0] = part("az") * part("vm");
        infra[1] = part("az") * part("lb") * part("db_single");
        infra[2] = part("lb") * part("region") * part("db_replicated");
    }
    let down = 1.0 - infra[2];
    let at = |list: &[f64], tier: usize| list.get(tier).copied().unwrap_or(0.0);
    let switch =
        |tier: usize| table.region_events_per_year * at(&table.failover_min, tier) / 525_600.0;
    infra[3] = 1.0 - (down * table.short_outage_share + switch(3));
    infra[4] = 1.0 - (down * down + switch(4));
    let change = |name: &str| table.change.get(name).copied().unwrap_or(0.0);
    let mut expected = [0.0; 5];
    let mut in_hours = [0.0; 5];
    let hours = inputs
        .get("constraints.service_hours_week")
        .filter(|h| *h < 168.0);
    for tier in 0..5 {
        let deploys = change("deploys_per_month")
            * change("failure_rate")
            * change("mttr_min")
            * at(&table.exposed, tier)
            / 43_800.0;
        let people = at(&table.human_incidents_per_year, tier) * response_min / 525_600.0;
        expected[tier] = (infra[tier] - deploys - people) * 100.0;
        in_hours[tier] = (infra[tier] - people) * 100.0;
        infra[tier] *= 100.0;
    }
    let critical = inputs.any(&["payments", "ledger", "health", "orders"]);
    let usual: f64 = if inputs.ids.contains("ledger") {
        99.95
    } else if critical || inputs.segment != Segment::Internal {
        99.9
    } else {
        99.5
    };
    let small = load.mau > 0.0 && load.mau <= 500.0 && !critical && load.peak < 50.0;
    let stated = inputs.get("constraints.availability");
    let usual = match critical_by_brief(inputs) {
        Some("low") => 99.0,
        Some("high") => usual.max(99.95),
        Some("life") => 99.99,
        // Who works at night, too, waits for no morning.
        _ if inputs.has("around_the_clock") => usual.max(99.9),
        _ if small => 99.0,
        _ => usual,
    };
    let target = stated.unwrap_or(usual);
    let counts_hours = hours.is_some() && inputs.has("available_in_hours");
    let mut reach = Reach {
        infra,
        expected,
        target,
        stated: stated.is_some(),
        least: None,
        response_min,
        hours,
        in_hours,
        counts_hours,
        usual: None,
    };
    reach.least = reach.least_for(target);
    reach
}

/// What the brief says that an outage costs.
fn critical_by_brief(inputs: &Inputs) -> Option<&'static str> {
    crate::brief::CRITICALITY
        .into_iter()
        .find(|c| inputs.has(&format!("criticality_{c}")))
}

impl Reach {
    /// The least tier that reaches a target. A single machine fails long: a fifth of the budget must
    /// stay.
    pub fn least_for(&self, target: f64) -> Option<usize> {
        let reached = match self.counts_hours {
            true => self.in_hours,
            false => self.expected,
        };
        let share = |tier: usize| if tier == 0 { 0.8 } else { 1.0 };
        (0..5).find(|tier| 100.0 - reached[*tier] <= (100.0 - target) * share(*tier) + 1e-9)
    }

    /// Takes a lower target in place of the usual one, which nobody stated.
    pub fn lower(&mut self, target: f64) {
        self.usual = Some(self.usual.unwrap_or(self.target));
        self.target = target;
        self.least = self.least_for(target);
    }

    /// Minutes of the error budget in 30 days.
    pub fn budget_min(&self) -> f64 {
        (100.0 - self.target) / 100.0 * 43_200.0
    }

    /// The sums over the hours in which people work with it.
    fn hour_facts(&self, hours: f64, tier: usize, facts: &mut Facts) {
        let sources = "deployments wait for the other hours; outages fall on any hour";
        facts.computed(
            "slo.service_hours_30d",
            "service hours in 30 days",
            hours * 30.0 / 7.0,
            "h",
            format!("{} h a week × 30 ÷ 7", number(hours)),
            &["brief.business_hours"],
        );
        facts.computed(
            "slo.error_budget_service_min_30d",
            "error budget in the service hours of 30 days",
            (100.0 - self.target) / 100.0 * hours * 30.0 / 7.0 * 60.0,
            "min",
            format!(
                "(100 − {}) % × {} h × 60",
                number(self.target),
                number(hours * 30.0 / 7.0)
            ),
            &["slo.availability_target", "slo.service_hours_30d"],
        );
        facts
            .computed(
                "slo.availability_service_predicted",
                "predicted availability within service hours",
                self.in_hours[tier],
                "%",
                format!(
                    "{} − incidents that need a person within {} min, tier {}",
                    number(self.infra[tier]),
                    number(self.response_min),
                    TIERS[tier]
                ),
                &["region_tier", "team.engineers"],
            )
            .source(sources);
    }

    /// Writes the sums down; `tier` is the chosen one.
    pub fn facts(&self, inputs: &Inputs, tier: usize, replica: Option<&str>, facts: &mut Facts) {
        let sources = inputs.tables.availability.sources.join("; ");
        if let Some(hours) = self.hours {
            self.hour_facts(hours, tier, facts);
        }
        let why = match critical_by_brief(inputs) {
            _ if self.stated => "stated in the brief".to_owned(),
            _ if self.usual.is_some() => format!(
                "nobody states one; {} is usual for such a system, and this is the highest of 99.9, 99.5 and 99 that {} within the budget",
                number(self.usual.unwrap_or_default()),
                match (inputs.on_premises, inputs.engineers()) {
                    (true, 1.0) => "one engineer keeps on machines of one's own".to_owned(),
                    (true, n) => format!("{} engineers keep on machines of one's own", number(n)),
                    (false, 1.0) => "one engineer keeps".to_owned(),
                    (false, n) => format!("{} engineers keep", number(n)),
                }
            ),
            Some(c) if c != "normal" => format!("criticality `{c}` of the brief: low 99, high 99.95, life 99.99"),
            _ => "by what an outage costs: ledger 99.95, orders, payments, health and products 99.9, internal tools 99.5, at most 500 users 99".to_owned(),
        };
        let target = facts.computed(
            "slo.availability_target",
            "availability target",
            self.target,
            "%",
            why,
            &["brief.constraints", "capabilities"],
        );
        if !self.stated {
            target.assumed("A-AVAILABILITY");
        }
        for (i, name) in TIERS.iter().enumerate() {
            facts
                .computed(
                    &format!("slo.availability_{}", name.to_lowercase()),
                    &format!("availability of {name}: {}", shape(i, inputs.on_premises)),
                    self.expected[i],
                    "%",
                    format!(
                        "{} − deployments − incidents that need a person within {} min",
                        number(self.infra[i]),
                        number(self.response_min)
                    ),
                    &["team.engineers"],
                )
                .source(sources.clone());
        }
        facts
            .computed(
                "slo.availability_predicted",
                "predicted availability",
                self.expected[tier],
                "%",
                format!("tier {}: {}", TIERS[tier], shape(tier, inputs.on_premises)),
                &["region_tier", "team.engineers"],
            )
            .source(sources);
        let sla: f64 = inputs.tables.availability.sla.values().product();
        facts
            .computed(
                "slo.sla_floor",
                "what contracts of providers promise",
                sla * 100.0,
                "%",
                "product of published refund thresholds: a promise of money, not of time",
                &[],
            )
            .source("cloudonaut, table of AWS SLAs (S)");
        facts.computed(
            "slo.error_budget_min_30d",
            "error budget in 30 days",
            self.budget_min(),
            "min",
            format!("(100 − {}) % × 43,200 min", number(self.target)),
            &["slo.availability_target"],
        );
        facts.computed(
            "slo.downtime_min_year",
            "downtime that the target allows in a year",
            (100.0 - self.target) / 100.0 * 525_600.0,
            "min",
            format!("(100 − {}) % × 525,600 min", number(self.target)),
            &["slo.availability_target"],
        );
        for (path, burn, windows, action) in [
            ("slo.burn_fast_pct", 14.4, "1 h and 5 min", "page"),
            ("slo.burn_slow_pct", 6.0, "6 h and 30 min", "page"),
            ("slo.burn_ticket_pct", 1.0, "3 d and 6 h", "ticket"),
        ] {
            facts
                .computed(
                    path,
                    &format!("share of failed requests over {windows} that starts a {action}"),
                    burn * (100.0 - self.target),
                    "%",
                    format!("{} × (100 − {})", number(burn), number(self.target)),
                    &["slo.availability_target"],
                )
                .source("SRE workbook, chapter 5: 14.4, 6 and 1 times the budget");
        }
        facts.other(
            "region_tier",
            "tier of zones and regions",
            FactValue::Text(TIERS[tier].to_owned()),
            match replica {
                Some(reason) => format!("{}, since {reason}", shape(tier, inputs.on_premises)),
                None => shape(tier, inputs.on_premises).to_owned(),
            },
            &[
                "slo.availability_target",
                "team.engineers",
                "brief.constraints",
            ],
        );
    }
}
