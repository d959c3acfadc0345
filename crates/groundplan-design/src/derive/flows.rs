//! How often the flows of a brief run.

use crate::brief::Brief;
use crate::facts::{Facts, number};

/// Writes down how often the flows of the brief run, where it states their share; `average` is the
/// load in requests per second.
pub(crate) fn facts(brief: &Brief, average: f64, facts: &mut Facts) {
    for flow in &brief.flows {
        let Some(share) = flow.share else {
            continue;
        };
        facts.computed(
            &format!("flow.{}.per_day", crate::blueprint::slug(&flow.name)),
            &format!("requests of “{}” a day", flow.name),
            (average * share * 86_400.0).max(1.0).round(),
            "a day",
            format!(
                "{} requests/s × 86,400 s × {} stated in the brief",
                number(average),
                number(share)
            ),
            &["load.avg_rps", "brief.flows"],
        );
    }
}
