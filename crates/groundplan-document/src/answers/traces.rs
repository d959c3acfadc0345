//! Traces: products, tracers and spans, and which services are covered.

use super::found::package_text;
use super::observability::{pipelines, seen_in};
use super::records;
use super::seen::end;
use super::tools::{lines, of, sentences, told};
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{
    Dependency, DependencyScope, Element, Observation, Provenance, Relationship, RelationshipKind,
    Role, Topic,
};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "trace-coverage": trace_coverage, "Which own services are set up for tracing, and which are not.";
    "tracing": tracing, "How a request is followed: products, libraries and own spans.";
}

fn tracing<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out = sentences(c, &of(c, &[Category::Tracing]));
    let (set_up, spans): (Vec<&Observation>, Vec<&Observation>) = c
        .seen(Topic::Tracing)
        .iter()
        .copied()
        .filter(|o| !of_sidecars(o))
        .partition(|o| is_set_up(&o.name));
    out.extend(sidecars(c));
    if let Some(text) = seen_in(c, &set_up, "A tracer is set up in code", 4) {
        out.push(text);
    }
    if let Some(text) = seen_in(c, &spans, "Own spans are started", 6) {
        out.push(text);
    }
    out.extend(trace_packages(c));
    out.extend(pipelines(c, "traces"));
    let answer = lines(out).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Tracing],
            "tracing product, library or span",
            &["containers", "package manifests"],
            "tracing",
        )
    });
    told(c, &["observability.tracing"], answer)
}

/// Whether sidecars hand traces on by a file, so that no code starts a span for it.
fn of_sidecars(o: &Observation) -> bool {
    let detail = o.detail.as_deref();
    detail.is_some_and(|d| d.starts_with("sidecars of "))
}

fn sidecars(c: &Context) -> Vec<Text> {
    let mut all: Vec<(&str, Vec<&Provenance>)> = Vec::new();
    for o in c.seen(Topic::Tracing).iter().filter(|o| of_sidecars(o)) {
        let said = o.detail.as_deref().unwrap_or_default();
        match all.iter_mut().find(|(known, _)| *known == said) {
            Some((_, places)) => places.push(&o.provenance),
            None => all.push((said, vec![&o.provenance])),
        }
    }
    let text = |(said, places): &(&str, Vec<&Provenance>)| {
        let spans = crate::text::inline(&words::capital(said));
        let sources = Vec::new();
        end(Text { spans, sources }.from(&first_places(places.iter().copied(), 2)))
    };
    all.iter().take(3).map(text).collect()
}

/// Whether an observation speaks of the set-up of a tracer, in contrast to a span of its own.
fn is_set_up(name: &str) -> bool {
    let lower = name.to_lowercase();
    let said = [
        "telemetry",
        "otel",
        "otlp",
        "tracing",
        "tracer",
        "jaeger",
        "zipkin",
        "datadog",
        "exporter",
        "sdk",
        // What is told of an error collector is where it is started.
        "sentry",
    ];
    said.iter().any(|w| lower.contains(w))
}

/// Whether a setting speaks of tracing by its name.
fn is_trace_setting(name: &str) -> bool {
    let lower = name.to_lowercase().replace(['_', '-'], ".");
    [
        "otel.exporter",
        "otel.traces",
        "otel.service",
        "opentelemetry",
        "traces.sample",
        "zipkin",
        "jaeger",
        "management.tracing",
        "sleuth",
        "dd.trace",
        "opentracing",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

/// Whether a package of the running program brings a tracer, by its name: starters and bridges have
/// names of their own and still bring the product they are named after.
fn is_trace_package(d: &Dependency) -> bool {
    let lower = d.name.to_lowercase();
    let named = [
        "zipkin",
        "jaeger",
        "opentelemetry",
        "opentracing",
        "micrometer-tracing",
        "spring-cloud-sleuth",
        "ddtrace",
        "dd-trace",
        "skywalking",
    ];
    let runs = !matches!(
        d.scope,
        DependencyScope::Test | DependencyScope::Development
    );
    runs && named.iter().any(|w| lower.contains(w))
}

/// Packages that bring a tracer and belong to no product that is known by name.
fn trace_packages(c: &Context) -> Vec<Text> {
    let mut by: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    let tracing: BTreeSet<&str> = c
        .blueprint
        .dependencies
        .iter()
        .filter(|d| {
            let technology = d.technology.as_deref().and_then(|t| knowledge().by_name(t));
            technology.is_some_and(|t| t.category == Category::Tracing)
        })
        .filter_map(|d| d.element.as_deref())
        .collect();
    for d in &c.blueprint.dependencies {
        let technology = d.technology.as_deref().and_then(|t| knowledge().by_name(t));
        let known = technology.is_some_and(|t| t.category == Category::Tracing);
        // Who has the product itself is told already.
        let told = d.element.as_deref().is_some_and(|id| tracing.contains(id));
        if known || told || !is_trace_package(d) {
            continue;
        }
        let name = d.name.rsplit(':').next().unwrap_or(&d.name);
        let entry = by.entry(name).or_default();
        if let Some(id) = d.element.as_deref() {
            entry.0.push(c.name_of(id));
        }
        entry.1.push(&d.provenance);
    }
    by.into_iter()
        .map(|(name, (users, sources))| package_text(name, users, &sources))
        .collect()
}

/// Why an element counts as set up for tracing.
pub(super) fn traced<'a>(c: &Context<'a>, e: &'a Element) -> Option<&'a Provenance> {
    let of_tracing = |name: &str| {
        knowledge()
            .by_name(name)
            .is_some_and(|t| t.category == Category::Tracing || t.traces)
    };
    // Containers that run one source are traced alike; what it holds is told of one of them.
    let alike: Vec<&str> = (c.containers.iter())
        .filter(|o| o.id == e.id || o.source.is_some() && o.source == e.source)
        .map(|o| o.id.as_str())
        .collect();
    let mine = |id: &Option<String>| id.as_deref().is_some_and(|id| alike.contains(&id));
    let package = c.blueprint.dependencies.iter().find(|d| {
        mine(&d.element) && (d.technology.as_deref().is_some_and(of_tracing) || is_trace_package(d))
    });
    if let Some(package) = package {
        return Some(&package.provenance);
    }
    let seen = (alike.iter()).find_map(|id| c.seen_at(Topic::Tracing, id).first().copied());
    if let Some(seen) = seen {
        return Some(&seen.provenance);
    }
    // A cloud traces what is told to be traced.
    let told = c.element(&e.id).and_then(|e| e.attribute("tracing"));
    if let Some(told) = told.filter(|a| matches!(a.value.as_str(), "Active" | "true")) {
        return Some(&told.provenance);
    }
    let reports = c.outgoing(&e.id).iter().find(|r| {
        // A proxy that shows the pages of a tracing product sends no traces by that.
        let sends = r.kind != RelationshipKind::Routes;
        let target = c.element(&r.to).and_then(|to| to.technology.first());
        sends && target.is_some_and(|t| of_tracing(t))
    });
    if let Some(edge) = reports {
        return Some(&edge.provenance);
    }
    let setting = c
        .blueprint
        .settings
        .iter()
        .find(|s| mine(&s.element) && is_trace_setting(&s.name));
    setting.map(|s| &s.provenance)
}

/// Whether requests of users run through it: no store, broker, monitoring or load generator, also
/// not one that is only built on the image of such a product.
fn serves(e: &Element) -> bool {
    let apart = |r: Role| {
        r.is_store() || matches!(r, Role::LoadGenerator | Role::Broker | Role::Monitoring)
    };
    let base = e
        .attribute("base-image")
        .and_then(|a| knowledge().by_image(&a.value));
    !e.role.is_some_and(apart) && !base.and_then(|t| t.role).is_some_and(apart)
}

/// Own containers with code in the repository that serve requests.
pub(super) fn with_code<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let has_packages = |e: &Element| {
        c.blueprint
            .dependencies
            .iter()
            .any(|d| d.element.as_deref() == Some(&e.id))
    };
    let all = c.containers.iter().filter(|e| serves(e));
    all.filter(|e| e.source.is_some() || has_packages(e))
        .copied()
        .collect()
}

/// What a trace should run through: parts with code here; where none has code here, all that serve.
fn traceable<'a>(c: &Context<'a>) -> (Vec<&'a Element>, &'static str) {
    let own = with_code(c);
    let elsewhere = c
        .containers
        .iter()
        .any(|e| serves(e) && !own.iter().any(|o| o.id == e.id) && traced(c, e).is_some());
    match own.is_empty() || elsewhere {
        true => (
            c.containers.iter().filter(|e| serves(e)).copied().collect(),
            "",
        ),
        false => (own, " with code here"),
    }
}

/// A tracer in code that belongs to no one part: whoever uses that code is traced as well, and
/// nobody can be said not to be.
fn shared_tracer(c: &Context) -> Option<Text> {
    let own = |id: &Option<String>| {
        id.as_deref()
            .is_some_and(|id| c.containers.iter().any(|e| e.id == id))
    };
    // What lies in the folder of a part is of that part, also if it is a project of its own.
    let inside = |o: &Observation| {
        let path = o.provenance.first().map_or("", |e| e.path.as_str());
        let sources = c
            .containers
            .iter()
            .filter_map(|e| e.source.as_deref())
            .filter(|s| !s.is_empty());
        sources.into_iter().any(|s| {
            path.strip_prefix(s)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let proxy = ["otel_trace", "opentracing", "opentelemetry"];
    let seen = c.seen(Topic::Tracing).iter().find(|o| {
        !own(&o.element) && is_set_up(&o.name) && !proxy.contains(&o.name.as_str()) && !inside(o)
    })?;
    let text = Text::plain("A tracer is set up in code that several parts may share.");
    Some(text.from(&seen.provenance))
}

/// Where a call leaves the traced part: `` `cart` calls `tax`, and the trace ends there ``.
fn trace_end(c: &Context, with: &[&Element], without: &[&Element]) -> Option<Text> {
    let among = |all: &[&Element], id: &str| all.iter().any(|e| e.id == id);
    // Configuration and look-ups are fetched outside of requests, and have no request to follow.
    let aside = |id: &str| {
        let role = c.element(id).and_then(|e| e.role);
        let fetches = c
            .outgoing(id)
            .iter()
            .any(|r| r.kind == RelationshipKind::Configures);
        matches!(
            role,
            Some(Role::ConfigServer | Role::Registry | Role::Coordinator | Role::Job)
        ) || fetches
    };
    let calls = |r: &&&Relationship| {
        let protocol = r.protocol.as_deref().unwrap_or("").to_lowercase();
        let request = protocol.contains("http") || protocol.contains("grpc");
        let forward = matches!(r.kind, RelationshipKind::Calls | RelationshipKind::Routes);
        request && forward && !r.only_addressed() && !aside(&r.to)
    };
    let found = with.iter().flat_map(|e| c.outgoing(&e.id)).filter(calls);
    let r = found
        .into_iter()
        .find(|r| among(with, &r.from) && among(without, &r.to))?;
    let text = Text::plain(" ")
        .then_code(c.name_of(&r.from))
        .then(" calls ")
        .then_code(c.name_of(&r.to));
    Some(text.then(", and the trace ends there.").from(&r.provenance))
}

fn trace_coverage<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let (own, here) = traceable(c);
    let (with, without): (Vec<&Element>, Vec<&Element>) =
        own.iter().partition(|e| traced(c, e).is_some());
    let shared = shared_tracer(c).filter(|_| !without.is_empty());
    let answer = if let (true, Some(shared)) = (with.is_empty(), &shared) {
        Answer::text(shared.clone())
    } else if with.is_empty() {
        c.absent_topics(
            &[Topic::Tracing],
            "service that is set up for tracing",
            &["package manifests", "settings", "calls to tracing products"],
            "tracing",
        )
    } else {
        let text = match without.len() {
            0 if with.len() == 1 => {
                Text::plain(format!("The one service{here} is set up for tracing."))
            }
            0 => Text::plain(format!(
                "{}{here} are set up for tracing.",
                words::all_of(with.len(), "service")
            )),
            n => {
                let text = Text::plain(format!(
                    "{} of {} services{here} {} set up for tracing; ",
                    words::number(with.len() as u64),
                    words::number(own.len() as u64),
                    words::verb_for(with.len(), "is", "are"),
                ));
                let text = text.spans(names(without.iter().map(|e| e.name.as_str()), 6));
                let text = text.then(words::verb_for(n, " is not.", " are not."));
                match (shared, trace_end(c, &with, &without)) {
                    (Some(shared), _) => text.then(" ").append(shared),
                    (None, Some(more)) => text.append(more),
                    (None, None) => text,
                }
            }
        };
        let text = text.from(&first_places(with.iter().filter_map(|e| traced(c, e)), 3));
        Answer::text(counted(
            text,
            "services with a tracing package, tracer or setting",
            with.iter().map(|e| e.id.clone()),
        ))
    };
    told(c, &["observability.trace_coverage"], answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_settings_are_known_by_name() {
        for (name, wanted) in [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", true),
            ("spring.zipkin.base-url", true),
            ("MANAGEMENT_TRACING_SAMPLING_PROBABILITY", true),
            ("HOTEL_ROOMS", false),
            ("STACK_TRACE", false),
        ] {
            assert_eq!(is_trace_setting(name), wanted, "{name}");
        }
    }
}
