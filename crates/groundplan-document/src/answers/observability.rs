//! Metrics and what watches the system as a whole.

use super::goals::distinct;
use super::records;
use super::seen::{Group, MOST, end, groups};
use super::tools::{Tool, all_lines, lines, of, sentences, told, tools};
use crate::answer::{Absence, Answer};
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_knowledge::{Category, Technology, knowledge};
use groundplan_model::{Attribute, Element, Observation, RelationshipKind, Role, Topic};
use std::collections::BTreeSet;

records! {
    "application-metrics": application_metrics, "Metrics that the code registers, and where they are scraped.";
    "business-metrics": business_metrics, "Metrics that count what the business does, by their names.";
    "infrastructure-metrics": infrastructure_metrics, "Exporters, probes and numbers of machines and stores.";
    "metric-tools": metric_tools, "Products and libraries that collect and keep metrics.";
    "monitoring": monitoring, "What watches the system: products, alert rules, dashboards, probes.";
}

const WATCHING: [Category; 6] = [
    Category::Metrics,
    Category::Tracing,
    Category::LogStore,
    Category::Alerting,
    Category::Dashboard,
    Category::ErrorTracking,
];

/// Metrics with a name of their own: what is only scraped or switched on is none.
pub(super) fn registered<'a>(c: &Context<'a>) -> Vec<&'a Observation> {
    let switched = ["stub_status", "default process metrics"];
    let own = |o: &&&Observation| !o.name.starts_with('/') && !switched.contains(&o.name.as_str());
    c.seen(Topic::Metric).iter().filter(own).copied().collect()
}

/// Paths at which metrics are served or scraped.
fn scraped<'a>(c: &Context<'a>) -> Vec<&'a Observation> {
    let served = c
        .seen(Topic::Telemetry)
        .iter()
        .filter(|o| o.name.contains('/'));
    let scraped = c
        .seen(Topic::Metric)
        .iter()
        .filter(|o| o.name.starts_with('/'));
    scraped.chain(served).copied().collect()
}

/// `` Scraped at `/metrics` of `cart` and `orders` ``, one sentence per path.
fn scraped_texts(c: &Context) -> Vec<Text> {
    let mut paths: Vec<(&str, Vec<&Observation>)> = Vec::new();
    for o in scraped(c) {
        match paths.iter_mut().find(|(path, _)| *path == o.name) {
            Some((_, all)) => all.push(o),
            None => paths.push((&o.name, vec![o])),
        }
    }
    let text = |(path, all): (&str, Vec<&Observation>)| {
        let elements = distinct(
            all.iter()
                .filter_map(|o| o.element.as_deref())
                .map(|id| c.name_of(id)),
        );
        let mut text = Text::plain("Metrics are served at ").then_code(path);
        if !elements.is_empty() {
            text = text.then(" of ").spans(names(elements, 4));
        }
        if let [detail] = distinct(all.iter().filter_map(|o| o.detail.as_deref())).as_slice() {
            text = text
                .then(": ")
                .spans(crate::text::inline(&words::short(detail, 120)));
        }
        end(text.from(&first_places(all.iter().map(|o| &o.provenance), 3)))
    };
    paths.into_iter().take(4).map(text).collect()
}

/// Libraries that count and time; OpenTelemetry only with a package that says so.
fn metric_products<'a>(c: &Context<'a>) -> Vec<Tool<'a>> {
    tools(c, |t| t.category == Category::Metrics)
}

/// OpenTelemetry belongs to traces; its packages for metrics say so by their names.
fn telemetry_metric_packages(c: &Context) -> Option<Text> {
    let all: Vec<_> = c
        .blueprint
        .dependencies
        .iter()
        .filter(|d| d.name.to_lowercase().contains("metric"))
        .filter(|d| {
            let technology = d.technology.as_deref().and_then(|t| knowledge().by_name(t));
            technology.is_some_and(|t| t.category == Category::Tracing)
        })
        .collect();
    let first = all.first()?;
    let elements = distinct(
        all.iter()
            .filter_map(|d| d.element.as_deref())
            .map(|id| c.name_of(id)),
    );
    let mut text = Text::plain("OpenTelemetry metrics");
    if let Some(name) = first
        .technology
        .as_deref()
        .filter(|t| *t != "OpenTelemetry")
    {
        text = Text::plain(format!("Metrics of {name}"));
    }
    text = text.then(" by ").then_code(&first.name);
    if !elements.is_empty() {
        text = text.then(" in ").spans(names(elements, 4));
    }
    Some(end(
        text.from(&first_places(all.iter().map(|d| &d.provenance), 2))
    ))
}

/// `` `orders_total` in `orders`, in {order}: orders placed ``; of the settings in the detail only
/// what a reader wants to know.
pub(super) fn metric_text(group: &Group) -> Text {
    let mut text = Text::code(group.name);
    if !group.elements.is_empty() {
        text = text
            .then(" in ")
            .spans(names(group.elements.iter().copied(), 3));
    }
    let mut words_of = Vec::new();
    for part in group.detail.unwrap_or("").split(", ") {
        let quoted = |value: &str| value.trim().trim_matches(['\'', '"', '{', '}']).to_owned();
        match part.split_once(" = ") {
            Some(("unit", unit)) => text = text.then(", in ").then_code(quoted(unit)),
            Some(("description" | "help", help)) => words_of.push(quoted(help)),
            _ => words_of.push(part.to_owned()),
        }
    }
    let about = words_of.join(", ");
    if !about.trim().is_empty() {
        text = text
            .then(": ")
            .spans(crate::text::inline(&words::short(&about, 160)));
    }
    end(text.from(&first_places(group.sources.iter().copied(), 3)))
}

/// One sentence per group, at most `most`, the rest counted.
fn items(groups: &[Group], most: usize, designed: bool) -> Vec<Text> {
    let mut out: Vec<Text> = groups.iter().take(most).map(metric_text).collect();
    if groups.len() > most {
        let more = words::count(groups.len() - most, "more metric");
        out.push(Text::plain(match designed {
            true => format!(
                "{more} {} planned.",
                words::verb_for(groups.len() - most, "is", "are")
            ),
            false => format!(
                "{more} {} in code.",
                words::verb_for(groups.len() - most, "stands", "stand")
            ),
        }));
    }
    out
}

fn application_metrics<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let own = registered(c);
    // What counts the business stands under a heading of its own.
    let records = Records::of(c);
    let (business, technical): (Vec<&Observation>, Vec<&Observation>) =
        own.iter().partition(|o| is_business(&records, &o.name));
    let mut out = items(&groups(c, &technical), 6, c.designed());
    if !business.is_empty() {
        let n = groups(c, &business).len();
        let all = distinct(business.iter().map(|o| o.name.as_str()));
        let text = Text::default().spans(names(all, 3)).then(format!(
            " {} of the business and {} under business metrics.",
            words::verb_for(n, "speaks", "speak"),
            words::verb_for(n, "stands", "stand"),
        ));
        out.push(text.from(&first_places(business.iter().map(|o| &o.provenance), 2)));
    }
    out.extend(scraped_texts(c));
    let libraries: Vec<Tool> = metric_products(c)
        .into_iter()
        .filter(|t| t.servers.is_empty() || !t.clients.is_empty())
        .collect();
    if own.is_empty() {
        let mut used: Vec<Text> = libraries
            .iter()
            .flat_map(super::tools::package_texts)
            .collect();
        used.extend(telemetry_metric_packages(c));
        out.extend(used);
    }
    let answer = all_lines(out).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Metric],
            "registered metric",
            &["metric libraries", "scrape annotations"],
            "metrics",
        )
    });
    told(c, &["observability.metrics"], answer)
}

/// Words of a name: `orders_placed.total` and `ordersPlaced` both give `orders`, `placed`.
fn name_words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower = false;
    for ch in name.chars().take(200) {
        if !ch.is_alphanumeric() || ch.is_uppercase() && lower {
            out.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        lower = ch.is_lowercase();
        if ch.is_alphanumeric() {
            word.extend(ch.to_lowercase());
        }
    }
    out.extend((!word.is_empty()).then_some(word));
    out
}

/// Words of trade; a number or dashboard with one of them speaks of the business.
const TRADE: [&str; 34] = [
    "basket",
    "booking",
    "bookings",
    "business",
    "cart",
    "carts",
    "checkout",
    "checkouts",
    "conversion",
    "customer",
    "customers",
    "funnel",
    "invoice",
    "invoices",
    "kpi",
    "order",
    "orders",
    "payment",
    "payments",
    "product",
    "products",
    "purchase",
    "purchases",
    "refund",
    "refunds",
    "revenue",
    "sale",
    "sales",
    "shipment",
    "signup",
    "signups",
    "subscription",
    "subscriptions",
    "visits",
];

/// Words of machinery; with one of them a name speaks of how something runs, not of what for.
const MACHINERY: [&str; 53] = [
    "api",
    "bytes",
    "cache",
    "connection",
    "connections",
    "cpu",
    "db",
    "disk",
    "duration",
    "error",
    "errors",
    "evaluation",
    "evaluations",
    "exceptions",
    "execution",
    "executions",
    "gc",
    "grpc",
    "heap",
    "http",
    "job",
    "jobs",
    "jvm",
    "latency",
    "lag",
    "memory",
    "network",
    "pod",
    "pool",
    "process",
    "queries",
    "query",
    "queue",
    "request",
    "requests",
    "response",
    "retries",
    "retry",
    "rpc",
    "runner",
    "seconds",
    "sql",
    "task",
    "tasks",
    "thread",
    "service",
    "services",
    "threads",
    "time",
    "timeout",
    "up",
    "worker",
    "workers",
];

/// Names of own records, one and many, by which a name is told to speak of the business.
pub(super) struct Records {
    single: BTreeSet<String>,
    many: BTreeSet<String>,
}

impl Records {
    pub(super) fn of(c: &Context) -> Self {
        let names = c.entities.iter().take(200).map(|e| e.name.to_lowercase());
        let single: BTreeSet<String> = names.filter(|r| r.len() > 2).collect();
        let many = single.iter().map(|r| words::plural(r)).collect();
        Records { single, many }
    }

    fn has(&self, word: &str) -> bool {
        self.single.contains(word)
            || self.many.contains(word)
            || self.single.contains(&words::plural(word))
    }
}

/// Whether a name speaks of the business: words of trade or names of own records, none of machinery.
pub(super) fn is_business(records: &Records, name: &str) -> bool {
    let parts = name_words(name);
    if parts.iter().any(|w| MACHINERY.contains(&w.as_str())) {
        return false;
    }
    let trade = |w: &String| TRADE.contains(&w.as_str());
    parts.iter().any(trade) || parts.iter().any(|w| records.has(w))
}

fn business_metrics<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let own = registered(c);
    let records = Records::of(c);
    let business: Vec<&Observation> = own
        .iter()
        .filter(|o| is_business(&records, &o.name))
        .copied()
        .collect();
    let answer = lines(items(&groups(c, &business), MOST, c.designed())).unwrap_or_else(|| match own.len() {
        // What code counts without a registration that is known was not read.
        0 => c.absent_topics(
            &[Topic::Metric],
            "business metric",
            &["registrations of metrics"],
            "metrics",
        ),
        n => Answer::Absent(Absence::because(
            Text::plain(format!(
                "None of the metrics that were found speaks by its name of the business (searched: the {} of {} in code).",
                words::noun_for(n, "name"),
                words::count(n, "metric"),
            ))
            .from(&first_places(own.iter().map(|o| &o.provenance), 2)),
        )),
    });
    told(c, &["observability.business_metrics"], answer)
}

/// A probe or health check in deployment files; intervals and timeouts of it are none themselves.
fn probe(e: &Element) -> Option<&Attribute> {
    e.attributes.iter().find(|a| {
        let kind = a.key.strip_prefix("probe.").unwrap_or("");
        a.key == "health-check" || !kind.is_empty() && !kind.contains('.')
    })
}

/// How many deployed containers are probed, and which are not.
fn probed(c: &Context) -> Option<Text> {
    let deployed: Vec<&Element> = super::deployment::started(c)
        .into_iter()
        .filter(|e| e.attribute("deployed-by").is_some() && !super::volumes::is_elsewhere(e))
        .collect();
    let (with, without): (Vec<&Element>, Vec<&Element>) =
        deployed.iter().partition(|e| probe(e).is_some());
    if with.is_empty() {
        return None;
    }
    let text = match without.len() {
        0 => Text::plain(match with.len() {
            1 => "The one deployed container is probed for its health.".to_owned(),
            n => format!(
                "{} are probed for their health.",
                words::all_of(n, "deployed container")
            ),
        }),
        n => {
            let all = deployed.len();
            let text = Text::plain(format!(
                "{} of {} deployed containers {} probed for {} health; ",
                words::number(with.len() as u64),
                words::number(all as u64),
                words::verb_for(with.len(), "is", "are"),
                words::verb_for(with.len(), "its", "their"),
            ));
            let text = text.spans(names(without.iter().map(|e| e.name.as_str()), 5));
            text.then(words::verb_for(n, " is not.", " are not."))
        }
    };
    let places = with.iter().filter_map(|e| probe(e)).map(|a| &a.provenance);
    let text = text.from(&first_places(places, 3));
    Some(counted(
        text,
        "deployed containers with a probe or health check",
        with.iter().map(|e| e.id.clone()),
    ))
}

fn infrastructure_metrics<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let exporters = tools(c, |t| {
        t.category == Category::Metrics && t.role == Some(Role::Monitoring) && !keeps_series(t)
    });
    let mut out: Vec<Text> = exporters
        .iter()
        .flat_map(|t| {
            t.servers
                .iter()
                .map(|e| super::tools::server_text(c, e, t.name))
        })
        .collect();
    for group in groups(c, c.seen(Topic::Metric))
        .iter()
        .filter(|g| g.name == "stub_status")
    {
        let text = Text::plain("nginx serves its own numbers by ").then_code(group.name);
        out.push(end(
            text.from(&first_places(group.sources.iter().copied(), 2))
        ));
    }
    let answer = lines(out).unwrap_or_else(|| {
        c.absent(
            "exporter for machines or stores",
            &["containers", "nginx configuration"],
            "metrics",
        )
    });
    told(c, &["observability.infrastructure_metrics"], answer)
}

/// Products that keep or show series, in contrast to exporters and agents.
fn keeps_series(technology: &Technology) -> bool {
    let about = technology.about.as_str();
    let keeps = ["keeps", "time series", "collects"]
        .iter()
        .any(|w| about.contains(w));
    keeps && !about.contains("turns")
}

/// What a collector does with signals of one kind (`traces`, `metrics`, `logs`).
pub(super) fn pipelines(c: &Context, signal: &str) -> Vec<Text> {
    let of_signal = |o: &&&Observation| o.name.split('/').next() == Some(signal);
    let all = c.seen(Topic::TelemetryPipeline).iter().filter(of_signal);
    all.take(4)
        .map(|o| {
            let detail = o.detail.as_deref().unwrap_or_default();
            let text = Text::plain("A collector has the pipeline ").then_code(&o.name);
            let text = text.then(": ").spans(crate::text::inline(detail));
            end(text.from(&o.provenance))
        })
        .collect()
}

fn metric_tools<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out = sentences(c, &metric_products(c));
    out.extend(telemetry_metric_packages(c));
    let plain: Vec<&Observation> = c
        .seen(Topic::Telemetry)
        .iter()
        .filter(|o| !o.name.contains('/'))
        // What tracks errors measures nothing.
        .filter(|o| {
            let known = knowledge().by_name(&o.name);
            known.is_none_or(|t| t.category != Category::ErrorTracking)
        })
        .copied()
        .collect();
    out.extend(seen_in(c, &plain, "Set up in code", 6));
    out.extend(pipelines(c, "metrics"));
    let answer = lines(out).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Metric],
            "metric product or library",
            &["containers", "package manifests"],
            "metrics",
        )
    });
    told(c, &["observability.tools"], answer)
}

/// `` A tracer is set up in code of `cart` and `orders`: `OTLP exporter` and `OpenTelemetry` ``:
/// observations in one sentence, at most `most` of their names.
pub(super) fn seen_in(c: &Context, all: &[&Observation], lead: &str, most: usize) -> Option<Text> {
    if all.is_empty() {
        return None;
    }
    let elements = distinct(
        all.iter()
            .filter_map(|o| o.element.as_deref())
            .map(|id| c.name_of(id)),
    );
    let mut text = Text::plain(lead);
    if !elements.is_empty() {
        text = text
            .then(if lead.ends_with("code") {
                " of "
            } else {
                " in "
            })
            .spans(names(elements, 5));
    }
    text = text
        .then(": ")
        .spans(names(distinct(all.iter().map(|o| o.name.as_str())), most));
    Some(end(
        text.from(&first_places(all.iter().map(|o| &o.provenance), 3))
    ))
}

fn monitoring<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = of(c, &WATCHING);
    let mut servers: Vec<(&Element, &str)> = all
        .iter()
        .flat_map(|t| t.servers.iter().map(|e| (*e, t.name)))
        .collect();
    // Whom code asks for operations of an API is a neighbour, whatever else that product does.
    servers.retain(|(e, _)| {
        let asked = |r: &groundplan_model::Relationship| {
            r.kind == RelationshipKind::Calls && !r.operations.is_empty()
        };
        let all = c.incoming(&e.id);
        !e.external || all.is_empty() || !all.iter().all(|r| asked(r))
    });
    // The sentence that counts parts by role counts these as monitoring too.
    for e in c.with_role(&[Role::Monitoring]) {
        if !servers.iter().any(|(s, _)| s.id == e.id) {
            servers.push((
                e,
                e.technology.first().map_or(e.name.as_str(), String::as_str),
            ));
        }
    }
    let mut out: Vec<Text> = Vec::new();
    if !servers.is_empty() {
        let shown: Vec<Vec<Span>> = servers
            .iter()
            .take(6)
            .map(|(e, product)| match e.name.eq_ignore_ascii_case(product) {
                true => vec![Span::Code(e.name.clone())],
                false => vec![
                    Span::Code(e.name.clone()),
                    Span::Plain(format!(" ({product})")),
                ],
            })
            .collect();
        let n = shown.len();
        let mut text = Text::default();
        for (i, spans) in shown.into_iter().enumerate() {
            let joint = match i {
                0 => "",
                _ if i + 1 == n && servers.len() <= 6 => " and ",
                _ => ", ",
            };
            if !joint.is_empty() {
                text = text.then(joint);
            }
            text = text.spans(spans);
        }
        if servers.len() > 6 {
            text = text.then(format!(" and {} more", servers.len() - 6));
        }
        text = text.then(words::verb_for(
            servers.len(),
            " watches the system.",
            " watch the system.",
        ));
        out.push(text.from(&first_places(servers.iter().map(|(e, _)| &e.provenance), 4)));
    }
    out.extend(super::alerts::rules_sentence(c));
    out.extend(super::alerts::dashboards_sentence(c));
    let libraries: Vec<&Tool> = all
        .iter()
        .filter(|t| t.technology.category != Category::Dashboard)
        .collect();
    out.extend(
        libraries
            .into_iter()
            .flat_map(super::tools::package_texts)
            .take(3),
    );
    out.extend(probed(c));
    let answer = lines(out).unwrap_or_else(|| {
        let checked = |e: &&Element| !super::scaling::probes(e).is_empty();
        c.absent(
            match c.containers.iter().any(checked) || !c.seen(Topic::HealthCheck).is_empty() {
                true => "monitoring product, alert rule or dashboard",
                false => "monitoring product, alert rule, dashboard or probe",
            },
            &[
                "containers",
                "package manifests",
                "Prometheus rules",
                "Grafana dashboards",
                "deployment files",
            ],
            "metrics",
        )
    });
    told(c, &["observability.tools", "observability.alerts"], answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_marks_and_capitals() {
        assert_eq!(
            name_words("orders_placed.total"),
            ["orders", "placed", "total"]
        );
        assert_eq!(name_words("ordersPlaced"), ["orders", "placed"]);
        assert_eq!(name_words("HTTPRequests"), ["httprequests"]);
        assert!(name_words("--").is_empty());
    }
}
