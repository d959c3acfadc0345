//! What is meant by keys that no brief has, and how a value is written that is accepted.

use super::Field;
use super::keys::{KEYS, unit};
use super::read::{LISTS, MORE, WORDS};
use groundplan_knowledge::nearest;

/// What people call a key, without the field.
const CALLED: [(&str, &str); 52] = [
    ("data", "scale.gb_initial"),
    ("data_gb", "scale.gb_initial"),
    ("data_size", "scale.gb_initial"),
    ("data_volume", "scale.gb_initial"),
    ("storage", "scale.gb_initial"),
    ("storage_gb", "scale.gb_initial"),
    ("volume", "scale.gb_initial"),
    ("size", "scale.gb_initial"),
    ("existing_data", "scale.gb_initial"),
    ("data_per_year", "scale.gb_per_year"),
    ("data_growth", "scale.gb_per_year"),
    ("new_data", "scale.gb_per_year"),
    ("growth", "growth_per_year"),
    ("growth_rate", "growth_per_year"),
    ("people", "scale.mau"),
    ("customers", "scale.mau"),
    ("monthly_users", "scale.mau"),
    ("active_users", "scale.mau"),
    ("daily_users", "scale.dau"),
    ("daily_active_users", "scale.dau"),
    ("concurrent_users", "scale.concurrent"),
    ("sessions", "scale.concurrent"),
    ("sensors", "scale.devices"),
    ("machines", "scale.devices"),
    ("vehicles", "scale.devices"),
    ("interval", "scale.device_interval_s"),
    ("device_interval", "scale.device_interval_s"),
    ("requests", "scale.peak_rps"),
    ("requests_per_second", "scale.peak_rps"),
    ("qps", "scale.peak_rps"),
    ("tps", "scale.peak_rps"),
    ("throughput", "scale.peak_rps"),
    ("load", "scale.peak_rps"),
    ("orders", "scale.items_per_s"),
    ("orders_per_day", "scale.items_per_s"),
    ("transactions", "scale.items_per_s"),
    ("records", "scale.items_per_s"),
    ("events", "scale.items_per_s"),
    ("traffic", "scale.egress_gb_month"),
    ("bandwidth", "scale.egress_gb_month"),
    ("file_size", "scale.object_mb"),
    ("engineers", "team.engineers"),
    ("developers", "team.engineers"),
    ("headcount", "team.engineers"),
    ("months", "timeline.weeks"),
    ("deadline", "timeline.weeks"),
    ("uptime", "constraints.availability"),
    ("sla", "constraints.availability"),
    ("slo", "constraints.availability"),
    ("latency", "constraints.p99_ms"),
    ("recovery_time", "constraints.rto_min"),
    ("cost", "constraints.budget_per_month"),
];

/// A value that a key of numbers takes.
pub(super) fn example(key: &str) -> &'static str {
    match (key, unit(key)) {
        ("scale.device_interval_s", _) => "30 s",
        ("scale.items_per_s", _) => "400 per day",
        ("scale.mau" | "scale.dau" | "scale.concurrent" | "scale.devices", _) => "50k",
        ("team.share", _) => "0.5",
        ("growth_per_year", _) => "1.5",
        ("read_write_ratio", _) => "10",
        ("scale.peak_factor" | "pages_per_session", _) => "5",
        (k, _) if k.contains("budget") => "5000 EUR",
        ("scale.peak_rps" | "scale.avg_rps", _) => "200",
        (_, "GB") => "200 GB",
        (_, "GB/year") => "50 GB per year",
        (_, "GB/month") => "300 GB per month",
        (_, "MB") => "2 MB",
        (_, "KB") => "15 KB",
        (_, "B") => "500",
        (_, "weeks") => "6 months",
        (_, "months") => "24 months",
        (_, "ms") => "300 ms",
        (_, "min") => "60 min",
        (_, "h") => "10 h",
        (_, "%") => "99.9",
        _ => "20",
    }
}

/// How a key is written in the file, under its field if that was open.
fn written(key: &str, prefix: &str) -> String {
    let short = key.strip_prefix(prefix).filter(|_| !prefix.is_empty());
    let name = short.unwrap_or(key);
    let number = KEYS.iter().any(|(k, ..)| *k == key);
    match (number, name.split_once('.')) {
        (true, None) => format!("`{name}: {}`", example(key)),
        // A dotted key stands as one word at the top of the file.
        (true, Some(_)) => format!("`{name}: {}` at the top of the brief", example(key)),
        (false, _) => format!("`{name}`"),
    }
}

/// What helps who wrote a key that no brief has: the key that was meant, with a value that it takes,
/// or all keys of the field.
pub(super) fn help(name: &str, prefix: &str) -> String {
    let full = format!("{prefix}{name}");
    let called = name.to_lowercase().replace(['-', ' '], "_");
    let bare = called.rsplit('.').next().unwrap_or(&called);
    let field = Field::ALL
        .into_iter()
        .find(|f| prefix.strip_suffix('.') == Some(f.key()));
    let mut meant = CALLED.iter().find(|(c, _)| *c == bare).map(|(_, k)| *k);
    if meant.is_none() {
        let inside = |k: &&str| field.is_none() || k.starts_with(prefix);
        let all = KEYS.iter().map(|(k, ..)| *k).chain(LISTS).filter(inside);
        meant = match field {
            Some(_) => nearest(&full, all),
            None => nearest(
                &full,
                all.chain(Field::ALL.map(Field::key))
                    .chain(WORDS)
                    .chain(MORE),
            ),
        };
    }
    match (meant, field) {
        (Some(meant), _) => format!("did you mean {}?", written(meant, prefix)),
        (None, Some(field)) => {
            let keys = KEYS.iter().map(|(k, ..)| *k).chain(LISTS);
            let keys: Vec<&str> = keys.filter_map(|k| k.strip_prefix(prefix)).collect();
            match keys.first() {
                Some(first) => format!(
                    "`{}` takes text, or the keys {}; for example {}",
                    field.key(),
                    keys.join(", "),
                    written(&format!("{prefix}{first}"), prefix)
                ),
                None => format!("`{0}` takes text: `{0}: …`", field.key()),
            }
        }
        (None, None) => {
            "the fields are purpose, scale, team, timeline, stack and constraints".to_owned()
        }
    }
}

/// The text of a brief with quotes around values of one line that hold `: `, which YAML takes for
/// another key: `team: 9 engineers: 4 backend`. `None` where there is none.
pub(super) fn quoted(text: &str) -> Option<(String, Vec<String>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::with_capacity(lines.len());
    let mut names = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let parts = line.trim_start().split_once(": ");
        let known = |k: &str| k == "title" || Field::ALL.into_iter().any(|f| f.key() == k);
        let value = parts.filter(|(k, _)| known(k)).map(|(k, v)| (k, v.trim()));
        let goes_on = lines.get(i + 1).is_some_and(|next| {
            !next.trim().is_empty() && next.len() - next.trim_start().len() > indent
        });
        match value {
            Some((key, value))
                if value.contains(": ")
                    && !goes_on
                    && !value.starts_with(['"', '\'', '|', '>', '{', '[', '&', '*', '!']) =>
            {
                let inner = value.replace('\'', "''");
                out.push(format!("{}{key}: '{inner}'", " ".repeat(indent)));
                names.push(key.to_owned());
            }
            _ => out.push((*line).to_owned()),
        }
    }
    (!names.is_empty()).then(|| (out.join("\n") + "\n", names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_accepted() {
        for (key, ..) in KEYS {
            let value = example(key);
            assert!(
                super::super::keys::number(key, value).is_some_and(|n| n > 0.0),
                "`{key}: {value}`"
            );
        }
    }

    #[test]
    fn names_lead_to_keys() {
        for (_, key) in CALLED {
            assert!(KEYS.iter().any(|(k, ..)| *k == key), "{key}");
        }
    }
}
