//! Numbers that documents state, as charts: what parts cost, how long answers take, how much of the
//! time it works. Nothing is computed here.

use super::Model;
use groundplan_model::{Calculation, Slo, View, ViewKind, ViewNode};

/// Quantities of one chart at most.
const MOST: usize = 16;

/// The views `cost`, `latency` and `availability`, as far as there are numbers.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    [cost(model), latency(model), availability(model)]
        .into_iter()
        .flatten()
        .collect()
}

/// A series, its value and its unit.
type Row = (String, String, String);

fn chart(model: &Model<'_>, id: &str, what: &str, bars: Vec<(String, Vec<Row>)>) -> View {
    let mut made = super::view(id, ViewKind::Chart, format!("{}: {what}", model.name));
    let all = bars.len();
    for (n, (name, rows)) in bars.into_iter().take(MOST).enumerate() {
        made.nodes.push(ViewNode {
            id: format!("bar-{:02}", n + 1),
            name,
            rows,
            ..super::quantity()
        });
    }
    if all > MOST {
        made.omitted = format!("{MOST} of {all} quantities are shown.");
    }
    made
}

fn row(series: &str, value: &str, unit: &str) -> Row {
    (series.to_owned(), value.to_owned(), unit.to_owned())
}

/// At most two decimals; more of them is more than an estimate knows.
fn rounded(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn cost(model: &Model<'_>) -> Option<View> {
    let items = model.blueprint.calculations.iter();
    let mut items: Vec<(&Calculation, f64)> = items
        .filter(|c| c.id.starts_with("cost.item."))
        .filter_map(|c| Some((c, c.value.parse::<f64>().ok().filter(|v| v.is_finite())?)))
        .collect();
    let unit = items.first().map(|(c, _)| c.unit.clone())?;
    if items.len() < 2 || items.iter().any(|(c, v)| c.unit != unit || *v < 0.0) {
        return None;
    }
    items.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
    let bars = items
        .into_iter()
        .map(|(c, value)| {
            (
                super::capital(&c.name),
                vec![row("cost", &rounded(value), &c.unit)],
            )
        })
        .collect();
    Some(chart(model, "cost", "cost by item", bars))
}

fn latency(model: &Model<'_>) -> Option<View> {
    let bars = model.blueprint.slos.iter().filter_map(|slo| {
        let rows = rows(slo, &["ms", "s"])?;
        let name = match &slo.percentile {
            Some(percentile) => format!("{percentile}, {}", slo.indicator),
            None => match slo.target.split_once(' ') {
                Some((first, _)) if first.starts_with(['P', 'p']) => {
                    format!("{first}, {}", slo.indicator)
                }
                _ => super::capital(&slo.indicator),
            },
        };
        Some((name, rows))
    });
    let bars: Vec<_> = bars.collect();
    (bars.len() > 1).then(|| chart(model, "latency", "latency budget", bars))
}

fn availability(model: &Model<'_>) -> Option<View> {
    let is_about_it = |slo: &&Slo| {
        let indicator = slo.indicator.to_lowercase();
        indicator.contains("availability") || indicator.contains("uptime")
    };
    let slos = model.blueprint.slos.iter().filter(is_about_it);
    let mut bars: Vec<(String, Vec<Row>)> = slos
        .filter_map(|slo| Some((super::capital(&slo.indicator), rows(slo, &["%"])?)))
        .collect();
    let options = model.blueprint.calculations.iter();
    let options = options.filter(|c| c.id.starts_with("slo.availability_t") && c.unit == "%");
    for option in options.filter(|c| !c.id.ends_with("target")) {
        let name = option.name.strip_prefix("availability of ");
        let name = super::capital(name.unwrap_or(&option.name));
        bars.push((name, vec![row("predicted", &option.value, &option.unit)]));
    }
    let rows = bars.iter().map(|(_, rows)| rows.len()).sum::<usize>();
    (rows > 1).then(|| chart(model, "availability", "availability", bars))
}

/// Target, prediction and measurement of an objective in one of these units.
fn rows(slo: &Slo, units: &[&str]) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    let sides = [
        ("target", Some(&slo.target)),
        ("predicted", slo.predicted.as_ref()),
        ("achieved", slo.achieved.as_ref()),
    ];
    for (series, text) in sides {
        if let Some((value, unit)) = text.and_then(|text| quantity(text, units)) {
            rows.push(row(series, value, unit));
        }
    }
    let has_target = rows.first().is_some_and(|(series, ..)| series == "target");
    has_target.then_some(rows)
}

/// The first number before one of the units: `P99 ≤ 800 ms` is 800 and `ms`.
fn quantity<'a>(text: &'a str, units: &[&'a str]) -> Option<(&'a str, &'a str)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let [value, unit] = pair else { return None };
        let unit = units.iter().find(|u| *u == unit)?;
        let number = value.parse::<f64>().ok()?;
        (number.is_finite() && number >= 0.0).then_some((*value, *unit))
    })
}
