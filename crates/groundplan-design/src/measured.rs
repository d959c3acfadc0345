//! What somebody measured, put beside what was promised and what the design predicts.

use crate::brief::{Brief, Stated};
use crate::design::Design;
use crate::facts::number;
use crate::simulate::report::predicted;
use crate::simulate::{Profile, Scenario, plan};
use groundplan_model::{Diagnostic, Provenance, Severity, Slo};

/// Names of values of the whole system, and the service level that each is about.
const WHOLE: [(&str, &str, &str); 3] = [
    ("availability", "slo.availability", "%"),
    ("p50_ms", "slo.latency-p50", "ms"),
    ("p99_ms", "slo.latency-p99", "ms"),
];

/// Puts the measured values of a brief into the service levels of its design: those of the system
/// into its levels, those of a flow into a level of its own beside the prediction for that flow.
pub(crate) fn put(brief: &Brief, design: &mut Design) -> Vec<Diagnostic> {
    if brief.measured.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    // The number of requests changes no prediction.
    let plan = plan(design, Profile::Peak, Scenario::Steady, 1_000);
    for (key, said) in &brief.measured {
        if let Some((_, id, unit)) = WHOLE.iter().find(|(name, ..)| name == key) {
            let level = design.blueprint.slos.iter_mut().find(|s| s.id == *id);
            if let Some(level) = level {
                level.achieved = Some(format!("{} {unit}", number(said.value)));
                level.provenance = level.provenance.clone().and(said.place.evidence.clone());
            }
            continue;
        }
        // Any service level by its id, or by the end of it that no other has.
        if let Some(level) = level(&design.blueprint.slos, key) {
            if let Some(slo) = design.blueprint.slos.get_mut(level) {
                slo.achieved = Some(with_unit(said, &slo.target));
                slo.provenance = slo.provenance.clone().and(said.place.evidence.clone());
            }
            continue;
        }
        let flow_value = key.rsplit_once('.');
        let flow_value = flow_value.filter(|(_, name)| ["p50_ms", "p99_ms"].contains(name));
        let Some((flow, name)) = flow_value else {
            found.push(unknown(key, said, &design.blueprint.slos, &plan));
            continue;
        };
        let Some(class) = plan.classes.iter().find(|c| c.id == flow) else {
            found.push(unknown(flow, said, &design.blueprint.slos, &plan));
            continue;
        };
        let (p50, p99) = predicted(&plan, class);
        let (percentile, path, model) = match name {
            "p50_ms" => ("P50", "latency.p50_target_ms", p50),
            _ => ("P99", "latency.p99_target_ms", p99),
        };
        let sources = said.place.evidence.clone();
        design.blueprint.slos.push(Slo {
            id: format!("slo.flow.{flow}.{}", percentile.to_lowercase()),
            indicator: format!("response time of \"{}\"", class.name),
            target: design.facts.shown(path),
            percentile: Some(percentile.to_owned()),
            window: None,
            element: None,
            predicted: Some(format!("{} ms", number(model.round()))),
            achieved: Some(format!("{} ms", number(said.value))),
            provenance: Provenance::computed(
                "target of the facts, prediction of the model for this flow, value of the brief",
                [path.to_owned()],
            )
            .and(sources),
        });
    }
    found
}

/// The service level of a name: its whole id, or the last part of it, if only one ends so.
fn level(slos: &[Slo], name: &str) -> Option<usize> {
    let whole = slos.iter().position(|s| s.id == name);
    whole.or_else(|| {
        let ends = |s: &Slo| s.id.rsplit('.').next() == Some(name);
        let mut all = slos.iter().enumerate().filter(|(_, s)| ends(s));
        let (at, _) = all.next()?;
        all.next().is_none().then_some(at)
    })
}

/// The value with the unit that was written with it, else with that of the target.
fn with_unit(said: &Stated<f64>, target: &str) -> String {
    let (_, words) = said.words.split_once(": ").unwrap_or(("", &said.words));
    let unit = |text: &str| {
        let digits = text.rfind(|c: char| c.is_ascii_digit());
        let tail = digits.and_then(|at| text.get(at + 1..)).unwrap_or_default();
        tail.trim().to_owned()
    };
    let own = unit(words);
    let unit = if own.is_empty() { unit(target) } else { own };
    format!("{} {unit}", number(said.value))
        .trim_end()
        .to_owned()
}

fn unknown(
    name: &str,
    said: &Stated<f64>,
    slos: &[Slo],
    plan: &crate::simulate::Plan,
) -> Diagnostic {
    let flows: Vec<&str> = plan.classes.iter().map(|c| c.id.as_str()).collect();
    let whole = WHOLE.iter().map(|(name, ..)| *name);
    let levels = slos
        .iter()
        .map(|s| s.id.rsplit('.').next().unwrap_or(&s.id));
    let known: Vec<&str> = whole.chain(levels).chain(flows.iter().copied()).collect();
    let message =
        format!("expected the id of a flow or of a service level in `measured`, found `{name}`");
    let fault = Diagnostic::new(Severity::Warning, "V-FLOW-UNKNOWN", message);
    let fault = match said.place.evidence.clone() {
        Some(place) => fault.at(place),
        None => fault,
    };
    match groundplan_knowledge::nearest(name, known.iter().copied()) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!(
            "`availability`, `p50_ms` and `p99_ms` are of the whole system; the flows are {}; ids of service levels stand in `blueprint.json`",
            flows.join(", ")
        )),
    }
}
