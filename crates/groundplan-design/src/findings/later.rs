//! What the first years bring beyond the first.

use super::{Finding, place, push};
use crate::brief::{Brief, Field};
use crate::derive::cost::Cost;
use crate::facts::number;
use crate::inputs::Inputs;
use crate::outcome::Outcome;
use groundplan_model::Severity;

/// What is kept outgrows the budget by what the brief itself states, before anything grows.
pub(super) fn later(brief: &Brief, inputs: &Inputs, out: &Outcome, all: &mut Vec<Finding>) {
    const YEARS: f64 = 3.0;
    let Some(budget) = inputs.get("constraints.budget_per_month") else {
        return;
    };
    let data = &out.data;
    let now = out.costs.get(out.tier).map_or(0.0, Cost::least);
    if !data.objects || data.only_rows || inputs.on_premises || now > budget {
        return;
    }
    // `cases kept 10 years, photos deleted after 6 months`: what lies there is the bodies.
    let bodies = inputs.get("scale.object_kept_years").unwrap_or(YEARS);
    let years = data.kept_years.unwrap_or(YEARS).min(YEARS).min(bodies);
    let there = (data.gb_initial + data.gb_per_year * years) * (1.0 - data.db_share);
    let cost = there * inputs.tables.prices.get("object_gb") * inputs.exchange;
    if years < 2.0 || cost <= budget {
        return;
    }
    let currency = brief.currency.as_deref().unwrap_or("USD");
    push(
        all,
        "W-BUDGET-LATER",
        Severity::Warning,
        place(brief, "constraints.budget_per_month", Field::Constraints),
        format!(
            "{} GB lie in the object store after {} years of what the brief states, which costs {} {currency} a month at list price; the budget for all of it is {} {currency}",
            number(there.round()),
            number(years),
            number(cost.round()),
            number(budget)
        ),
        vec![
            "move what is older than a year to a colder class of storage, with its time of retrieval".to_owned(),
            "keep only a smaller copy of what is old".to_owned(),
            "shorten the period for which it is kept".to_owned(),
        ],
    );
}
