//! Metrics that are sent to a StatsD server: nothing registers them, so that each call is where one is
//! made (<https://github.com/statsd/statsd/blob/master/docs/metric_types.md>).

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "push-metrics",
    docs: "\
### What it finds
Metrics that code sends to a StatsD or Datadog agent by a client whose name speaks of StatsD, with
their names: `statsd_client.incr(\"jobs.started\")`; in Go, JavaScript and Python also by one of the program's own
whose name speaks of metrics, where theirs have dots: `metrics_provider.counter(\"calls.failed\")`.

### What it does not find
Names that are not written at the call, clients under other names, tests.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Python,
        Language::Rust,
        Language::TypeScript,
    ])],
    markers: &["statsd", "tatsD", "Statsd", "metric", "Metric"],
    run: extract,
};

/// Methods of clients, in lower case without underscores.
const SENDS: [&str; 20] = [
    "count",
    "counter",
    "decr",
    "decrement",
    "decrementcounter",
    "distribution",
    "gauge",
    "gaugedelta",
    "histogram",
    "incr",
    "increment",
    "incrementcounter",
    "pipeline",
    "recordexecutiontime",
    "recordgaugevalue",
    "set",
    "time",
    "timed",
    "timer",
    "timing",
];

/// Methods of facades of one's own.
const FACADE: [&str; 7] = [
    "counter",
    "gauge",
    "histogram",
    "incr",
    "increment",
    "timer",
    "timing",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let speaks = |text: &str| text.to_ascii_lowercase().contains("statsd");
    let code = file.code();
    let mut seen = BTreeSet::new();
    for call in code.calls() {
        let name = code.name(call);
        let Some((receiver, method)) = name.rsplit_once('.') else {
            continue;
        };
        let method = method.replace('_', "").to_ascii_lowercase();
        let last = receiver.rsplit('.').next().unwrap_or(receiver);
        if !SENDS.contains(&method.as_str()) {
            continue;
        }
        let Some(metric) = code.string(call.open + 1) else {
            continue;
        };
        // A facade of one's own: what it is called, and a name that no setter has.
        let own = matches!(
            code.language,
            Language::Go | Language::JavaScript | Language::Python | Language::TypeScript
        ) && last.to_ascii_lowercase().contains("metric")
            && FACADE.contains(&method.as_str())
            && metric.contains('.')
            && !metric.contains('/');
        if !speaks(last) && !own {
            continue;
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-{}%:/$".contains(c);
        if metric.is_empty() || !metric.chars().all(plain) || !seen.insert(metric.to_owned()) {
            continue;
        }
        let mark = Mark {
            topic: Topic::Metric,
            name: metric.to_owned(),
            detail: None,
        };
        acc.add(file, call.line, call.line, Claim::Mark(mark));
    }
}
