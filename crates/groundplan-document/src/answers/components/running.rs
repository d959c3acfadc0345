//! How a part runs: copies, what watches it, and what was seen of its security.

use super::settings_of;
use crate::answer::{Absence, Answer};
use crate::answers::charted::optional_scaling;
use crate::answers::found;
use crate::answers::goals::distinct;
use crate::answers::seen::{MOST, end, groups, item};
use crate::context::Context;
use crate::text::{bullets, first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{
    Attribute, ENCRYPTED_FIELD, Element, Observation, Relationship, RelationshipKind, Setting,
    SettingSource, Topic,
};

/// Replicas and scaling of one element as a sentence.
pub(in crate::answers) fn scaling_text(e: &Element) -> Option<Text> {
    let all: Vec<&Attribute> = e
        .attributes
        .iter()
        .filter(|a| a.key == "replicas" || a.key.starts_with("scaling."))
        .collect();
    let value = |key: &str| e.attribute(key).map(|a| a.value.as_str());
    let mut parts = Vec::new();
    match (value("scaling.min"), value("scaling.max")) {
        (Some(min), Some(max)) => parts.push(format!("between {min} and {max} replicas")),
        (None, Some(max)) => parts.push(format!("up to {max} replicas")),
        _ => {}
    }
    if let (true, Some(by)) = (parts.is_empty(), value("replicas-by")) {
        parts.push(format!("as many replicas as {by} says"));
    }
    if let (true, Some(n)) = (parts.is_empty(), value("replicas")) {
        let n: usize = n.trim().parse().ok()?;
        parts.push(words::count(n, "replica"));
    }
    if let Some(metric) = value("scaling.metric") {
        parts.push(format!("scaled by {metric}"));
    }
    (!parts.is_empty()).then(|| {
        Text::plain(parts.join(", ")).from(&first_places(all.iter().map(|a| &a.provenance), 2))
    })
}

pub(super) fn scaling(c: &Context, e: &Element) -> Answer {
    if let Some(mut text) = scaling_text(e) {
        if let Some(Span::Plain(first)) = text.spans.first_mut() {
            *first = words::capital(first);
        }
        let text = end(text);
        return Answer::text(match optional_scaling(e) {
            Some(more) => text.then(" ").append(end(more)),
            None => text,
        });
    }
    // What nothing starts has no number of copies.
    if c.surveyed() && e.attribute("deployed-by").is_none() {
        let text = "No number of copies can be named, because no deployment file that was read \
                    starts it.";
        return Answer::Absent(Absence::because(Text::plain(text)));
    }
    c.absent_at(
        e,
        "replica count or scaling rule",
        &["deployment files"],
        "scaling",
    )
}

pub(super) fn monitoring(c: &Context, e: &Element) -> Answer {
    let mut items: Vec<Text> = Vec::new();
    for a in e
        .attributes
        .iter()
        .filter(|a| a.key.starts_with("probe.") || a.key == "health-check")
    {
        let kind = a.key.strip_prefix("probe.").unwrap_or("health");
        let text = Text::plain(format!("{} probe: ", words::capital(kind)))
            .then_code(words::short(&a.value, 80));
        items.push(end(text.from(&a.provenance)));
    }
    for topic in [
        Topic::HealthCheck,
        Topic::Metric,
        Topic::Tracing,
        Topic::Logging,
        Topic::AlertRule,
    ] {
        let seen = c.seen_at(topic, &e.id);
        let room = MOST.saturating_sub(items.len());
        for mut group in groups(c, &seen).into_iter().take(room) {
            // The section is about this element already.
            group.elements.clear();
            let word = match topic {
                Topic::HealthCheck => "Health: ",
                Topic::Metric => "Metric: ",
                Topic::Tracing => "Tracing: ",
                Topic::Logging => "Logging: ",
                _ => "Alert: ",
            };
            let said = match topic {
                Topic::Metric => crate::answers::observability::metric_text(&group),
                _ => item(&group),
            };
            items.push(end(Text::plain(word).append(said)));
        }
    }
    let watching: Vec<&Relationship> = c
        .incoming(&e.id)
        .iter()
        .filter(|r| r.kind == RelationshipKind::Observes)
        .copied()
        .collect();
    if !watching.is_empty() {
        let by = distinct(watching.iter().map(|r| c.name_of(&r.from)));
        let text = Text::plain("Watched by ").spans(names(by, 4));
        items.push(end(
            text.from(&first_places(watching.iter().map(|r| &r.provenance), 2))
        ));
    }
    if let Some(at) =
        crate::answers::traces::traced(c, e).filter(|_| c.seen_at(Topic::Tracing, &e.id).is_empty())
    {
        items.push(Text::plain("Set up for tracing.").from(at));
    }
    // What another part is told to set up stands in the code of this one too.
    if items.is_empty()
        && let Some(text) = super::twins::told_there(c, e)
    {
        return Answer::text(text);
    }
    match items.is_empty() {
        true => c.absent_at(
            e,
            "probe, metric, trace or alert rule",
            &["marks in code", "deployment files", "alert rules"],
            "metrics",
        ),
        false => Answer::blocks(vec![bullets(items)]),
    }
}

pub(super) fn security(c: &Context, e: &Element) -> Answer {
    let mut items: Vec<Text> = Vec::new();
    let topics = [
        Topic::Authentication,
        Topic::Authorization,
        Topic::Tls,
        Topic::Encryption,
        Topic::RateLimit,
        Topic::InputValidation,
        Topic::SecretReference,
        Topic::SecretLeak,
    ];
    for topic in topics {
        let mut seen = c.seen_at(topic, &e.id);
        // What a pipeline holds is none of the part.
        seen.retain(|o| {
            let place = o.provenance.first();
            !place.is_some_and(|p| crate::answers::goals::is_pipeline(c.blueprint, &p.path))
        });
        let hashes = crate::answers::protection::hash_texts(c, &seen);
        items.extend(hashes);
        seen.retain(|o| !crate::answers::protection::is_of_passwords(o));
        let field = |o: &&Observation| o.name.starts_with(ENCRYPTED_FIELD);
        let fields: Vec<&Observation> = seen.iter().copied().filter(field).collect();
        items.extend(crate::answers::checked::texts_of(&fields));
        seen.retain(|o| !field(o));
        let mut all = groups(c, &seen);
        all.iter_mut().for_each(|group| group.elements.clear());
        let told: Vec<Text> = match c.designed() {
            true => all.iter().map(found::mark_text).collect(),
            false => found::named_texts(&all),
        };
        items.extend(told.into_iter().take(3));
    }
    if let Some(a) = e.attribute("user") {
        items.push(end(Text::plain("Runs as user ")
            .then_code(&a.value)
            .from(&a.provenance)));
    }
    let secrets: Vec<&Setting> = settings_of(c, e).into_iter().filter(|s| s.secret).collect();
    // What stands in a file says nothing of whether code reads it.
    let read = |s: &&Setting| {
        let names = |o: &&Setting| {
            let (own, other) = (s.name.to_lowercase(), o.name.to_lowercase());
            own == other
                || own
                    .strip_prefix(&other)
                    .is_some_and(|rest| rest.starts_with(':'))
        };
        s.source != SettingSource::File
            || settings_of(c, e)
                .iter()
                .any(|o| o.source.is_read() && names(o))
    };
    let (read, kept): (Vec<&Setting>, Vec<&Setting>) = secrets.into_iter().partition(read);
    let leads = [
        (
            "By their names at least these secrets are among what it is given or reads: ",
            read,
        ),
        ("Secrets in its configuration files: ", kept),
    ];
    for (lead, secrets) in leads {
        if !secrets.is_empty() {
            let text = Text::plain(lead)
                .spans(names(distinct(secrets.iter().map(|s| s.name.as_str())), 6));
            items.push(end(
                text.from(&first_places(secrets.iter().map(|s| &s.provenance), 2))
            ));
        }
    }
    items.truncate(MOST);
    if items.is_empty() {
        Answer::Gap("application-security")
    } else {
        Answer::blocks(vec![bullets(items)])
    }
}
