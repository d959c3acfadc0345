//! Keys of a structured brief and of `--what-if`, with their units.

use super::grammar::{Grammar, Quantity, seconds};
use super::token::tokens;
use super::{Brief, CRITICALITY, DATA_CLASSES, Field, Force, Place, Stated, Wish};
use groundplan_knowledge::{design_tables, nearest};

/// Every key that holds a number: dotted key, unit, what it is.
pub const KEYS: [(&str, &str, &str); 40] = [
    ("scale.mau", "users", "monthly active users"),
    ("scale.dau", "users", "daily active users"),
    ("scale.concurrent", "users", "concurrent users at peak"),
    ("scale.devices", "devices", "devices that send"),
    (
        "scale.device_interval_s",
        "s",
        "seconds between two messages of a device",
    ),
    (
        "scale.peak_rps",
        "requests/s",
        "requests per second at peak",
    ),
    (
        "scale.avg_rps",
        "requests/s",
        "requests per second on average",
    ),
    (
        "scale.items_per_s",
        "items/s",
        "new items per second on average",
    ),
    ("scale.gb_initial", "GB", "data at launch"),
    ("scale.gb_per_year", "GB/year", "data that comes every year"),
    ("scale.object_mb", "MB", "size of one file or body"),
    (
        "scale.egress_gb_month",
        "GB/month",
        "traffic to the outside",
    ),
    ("scale.peak_factor", "", "peak against the average"),
    (
        "scale.busy_hours",
        "h",
        "hours of the day in which the work is done",
    ),
    ("team.share", "", "part of their time, 0 to 1"),
    ("constraints.budget_once", "", "money for building it, once"),
    (
        "team.engineers",
        "engineers",
        "engineers who build and run it",
    ),
    ("timeline.weeks", "weeks", "weeks until it is live"),
    (
        "constraints.budget_per_month",
        "per month",
        "money for hosting",
    ),
    ("constraints.availability", "%", "availability target"),
    ("constraints.p50_ms", "ms", "latency target, median"),
    (
        "constraints.p95_ms",
        "ms",
        "latency target, 95th percentile",
    ),
    (
        "constraints.p99_ms",
        "ms",
        "latency target, 99th percentile",
    ),
    ("constraints.rto_min", "min", "recovery time objective"),
    ("constraints.rpo_min", "min", "recovery point objective"),
    (
        "constraints.retention_months",
        "months",
        "retention of audit records",
    ),
    (
        "constraints.data_retention_months",
        "months",
        "retention of all records",
    ),
    (
        "constraints.service_hours_week",
        "h",
        "hours of a week in which the system is worked with",
    ),
    ("read_write_ratio", "", "reads for one write"),
    ("payload.request_kb", "KB", "size of a request"),
    ("payload.response_kb", "KB", "size of a response"),
    ("payload.record_b", "B", "size of a record"),
    ("growth_per_year", "per year", "factor by which data grows"),
    ("rto_min", "min", "recovery time objective"),
    ("rpo_min", "min", "recovery point objective"),
    ("response_p50_ms", "ms", "latency target, median"),
    ("response_p99_ms", "ms", "latency target, 99th percentile"),
    ("legacy_data_gb", "GB", "data to migrate"),
    ("tenants", "tenants", "tenants at launch"),
    ("pages_per_session", "", "pages of a session"),
];

/// Keys that mean another one.
const SAME: [(&str, &str); 10] = [
    ("rto_min", "constraints.rto_min"),
    ("rpo_min", "constraints.rpo_min"),
    ("response_p50_ms", "constraints.p50_ms"),
    ("response_p99_ms", "constraints.p99_ms"),
    ("scale.users", "scale.mau"),
    ("scale.registered", "scale.mau"),
    ("scale.rps", "scale.peak_rps"),
    ("team.size", "team.engineers"),
    ("constraints.budget", "constraints.budget_per_month"),
    ("constraints.target", "constraints.availability"),
];

/// The key as the tables know it; `None` if there is no such key.
pub(crate) fn known(key: &str) -> Option<&'static str> {
    let key = SAME
        .iter()
        .find(|(k, _)| *k == key)
        .map_or(key, |(_, to)| to);
    KEYS.iter().map(|(k, ..)| *k).find(|k| *k == key)
}

/// The unit of a key.
pub(crate) fn unit(key: &str) -> &'static str {
    KEYS.iter()
        .find(|(k, ..)| *k == key)
        .map_or("", |(_, unit, _)| unit)
}

/// A number as the shorthand grammar reads it: `50k`, `5 TB`, `4 h`, `99.9%`, `$5k/month`.
pub(crate) fn number(key: &str, text: &str) -> Option<f64> {
    let tokens = tokens(text);
    let grammar = Grammar {
        tokens: &tokens,
        vocabulary: &design_tables().vocabulary,
        point_groups: false,
    };
    let found = grammar.quantities();
    let first = found.first()?;
    if found.len() > 1 || text.trim_start().starts_with('-') {
        return None;
    }
    let unit = unit(key);
    Some(match &first.quantity {
        Quantity::Plain(n) | Quantity::Percent(n) => *n,
        Quantity::Users { number, .. }
        | Quantity::Devices { number, .. }
        | Quantity::Stock { number, .. } => *number,
        Quantity::Times(n) => *n,
        Quantity::Hours(hours) => hours.map(|(from, to)| to - from)?,
        Quantity::Pace { .. }
        | Quantity::Burst { .. }
        | Quantity::Nested { .. }
        | Quantity::Daily { .. }
        | Quantity::Often { .. } => return None,
        Quantity::Egress { gb_per_month } => *gb_per_month,
        Quantity::Each { mb, .. } => *mb,
        Quantity::Rate { per_s, .. } | Quantity::Items { per_s, .. } => *per_s,
        Quantity::Data { gb, per_year } => match unit {
            "KB" => gb * 1e6,
            "B" => gb * 1e9,
            "MB" => gb * 1e3,
            "GB/month" => gb / if *per_year { 12.0 } else { 1.0 },
            _ => *gb,
        },
        Quantity::Money { per_month, .. } => *per_month,
        Quantity::Duration(s) => match unit {
            "ms" => s * 1_000.0,
            "min" => s / 60.0,
            "h" => s / 3_600.0,
            "weeks" => s / seconds("week").unwrap_or(604_800.0),
            "months" => s / 2_628_000.0,
            _ => *s,
        },
    })
}

/// The currency of an amount, ISO code.
pub(crate) fn currency(text: &str) -> Option<&'static str> {
    tokens(text).iter().find_map(super::grammar::currency)
}

/// The words that a key takes, if it takes no others.
pub(crate) fn closed(key: &str) -> Option<&'static [&'static str]> {
    match key {
        "criticality" => Some(&CRITICALITY),
        "data_classes" => Some(&DATA_CLASSES),
        _ => None,
    }
}

/// The words of a closed key, as they were written.
pub(crate) fn closed_words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    words.filter(|w| !w.is_empty())
}

/// Whether a closed key takes one word only.
pub(crate) fn takes_one(key: &str) -> bool {
    key == "criticality"
}

/// Sets a key of a brief as `--what-if` does: `scale.peak_rps`, `team.engineers`, or a whole field
/// (`constraints`), a word (`criticality`), or a decision (`language`).
///
/// # Errors
/// A message that names the key or value that was not understood, with what is near to it.
pub fn set(brief: &mut Brief, key: &str, value: &str) -> Result<(), String> {
    let stated = |n: f64| Stated {
        value: n,
        words: value.trim().to_owned(),
        place: Place::default(),
    };
    if let Some(key) = known(key) {
        let number = number(key, value)
            .filter(|n| n.is_finite() && *n > 0.0)
            .ok_or_else(|| format!("expected a positive number for `{key}`, found `{value}`"))?;
        brief.numbers.insert(key, stated(number));
        return Ok(());
    }
    if let Some(field) = Field::ALL.into_iter().find(|f| f.key() == key) {
        return super::read::restate(brief, field, value);
    }
    if let Some(known) = closed(key) {
        let said = value.trim().to_lowercase();
        let words: Vec<&str> = closed_words(&said).collect();
        let many = takes_one(key) && words.len() > 1;
        if words.is_empty() || many || !words.iter().all(|w| known.contains(w)) {
            let all = known.join("`, `");
            return Err(format!(
                "expected one of `{all}` for `{key}`, found `{value}`"
            ));
        }
        let stated = Stated {
            value: said.clone(),
            words: said,
            place: Place::default(),
        };
        brief.answers.insert(key.to_owned(), stated);
        brief.mark();
        return Ok(());
    }
    let names = &design_tables().vocabulary.names;
    if let Some(values) = names.get(key) {
        let lower = value.trim().to_lowercase();
        let option = values
            .iter()
            .find(|(option, aliases)| **option == lower || aliases.contains(&lower))
            .map(|(option, _)| option.clone())
            .ok_or_else(|| {
                let near = nearest(&lower, values.keys().map(String::as_str));
                let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                format!("expected an option of `{key}`, found `{value}`{hint}")
            })?;
        brief.wishes.retain(|w| w.decision != key);
        brief.wishes.push(Wish {
            decision: key.to_owned(),
            value: option,
            name: value.trim().to_owned(),
            force: Force::Must,
            place: Place::default(),
        });
        return Ok(());
    }
    let all = KEYS
        .iter()
        .map(|(k, ..)| *k)
        .chain(Field::ALL.map(Field::key));
    let near = nearest(key, all.chain(names.keys().map(String::as_str)));
    let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
    Err(format!("expected a key of the brief, found `{key}`{hint}"))
}
