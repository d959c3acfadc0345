//! Metrics of Python that no call of a library names where it stands.

use crate::code_view::CodeView;
use crate::facts::{Claim, FileFacts, Mark};
use groundplan_model::Topic;

/// Kinds of metrics of prometheus_client that are handed to a function which makes them:
/// `self.register(Counter, "requests_total", "Requests")`.
pub(super) fn passed(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.imports_any(&["prometheus_client"]) {
        return;
    }
    let code = view.code;
    for at in 1..code.tokens.len() {
        let kind = code.ident(at).unwrap_or_default();
        let given = matches!(kind, "Counter" | "Gauge" | "Histogram" | "Summary")
            && code.is(at - 1, "(")
            && code.is(at + 1, ",");
        let Some(name) = code.string(at + 2).filter(|_| given) else {
            continue;
        };
        let ours = view
            .canonical(kind, at)
            .is_some_and(|whole| whole.starts_with("prometheus_client"));
        if !ours || name.is_empty() || name.contains(' ') {
            continue;
        }
        let detail = code.string(at + 4).filter(|_| code.is(at + 3, ","));
        let mark = Mark {
            topic: Topic::Metric,
            name: name.to_owned(),
            detail: detail.map(str::to_owned),
        };
        acc.add(
            view.file,
            code.line(at),
            code.line(at + 2),
            Claim::Mark(mark),
        );
    }
}

/// Metrics that a meter makes: `meter.create_counter("shop.orders")`, also where the meter is one of the
/// program's own around that of OpenTelemetry
/// (<https://opentelemetry-python.readthedocs.io/en/latest/api/metrics.html>).
pub(super) fn of_meters(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    const MAKERS: [&str; 9] = [
        "create_counter",
        "create_gauge",
        "create_histogram",
        "create_metric",
        "create_observable_counter",
        "create_observable_gauge",
        "create_observable_up_down_counter",
        "create_up_down_counter",
        "create_observable_updowncounter",
    ];
    let code = view.code;
    for &call in MAKERS.iter().flat_map(|name| view.calls_of(name)) {
        let name = code.name(call);
        let Some((receiver, _)) = name.rsplit_once('.') else {
            continue;
        };
        let last = receiver
            .rsplit('.')
            .next()
            .unwrap_or(receiver)
            .to_ascii_lowercase();
        // What OpenTelemetry itself is asked for is found by its module.
        let known = view
            .callee(call)
            .on
            .is_some_and(|on| on.contains("opentelemetry"));
        if known || !last.trim_start_matches('_').ends_with("meter") {
            continue;
        }
        let first = code
            .named_argument(call.open, "name")
            .or_else(|| view.argument(call.open, 0));
        let Some(name) = first.and_then(|range| view.constant(range)) else {
            continue;
        };
        if name.is_empty() || name.contains([' ', '{']) {
            continue;
        }
        let detail = code
            .named_argument(call.open, "description")
            .and_then(|range| view.constant(range));
        let mark = Mark {
            topic: Topic::Metric,
            name,
            detail,
        };
        acc.add(view.file, call.line, call.line, Claim::Mark(mark));
    }
}
