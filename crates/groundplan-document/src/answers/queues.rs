//! Messages: the product that carries them, who sends and who takes them.

use super::found::{
    Product, drivers_text, found, is_proven, kind_of, more, product_text, products, users_of,
    with_role,
};
use super::framework_choices::{self, Kept};
use super::goals::distinct;
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline, name, names, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{
    Element, IN_PROCESS, InterfaceKind, OVER_SOCKETS, Provenance, QUEUED, RelationshipKind, Role,
    Topic,
};
use std::collections::BTreeMap;

records! {
    "message-flow": message_flow, "Who sends messages through which broker to whom.";
    "queue-product": |c, _| queue_product(c), "Message brokers with versions.";
    "topics": topics, "Topics and queues with who sends and who takes.";
}

/// Job queues by their libraries.
fn job_queues(c: &Context) -> Vec<Text> {
    products(c, |t| !t.jobs_in.is_empty())
        .iter()
        .map(|p| {
            let text = Text::plain(format!("{} {}", p.technology.name, p.technology.about));
            let text = match p.users.is_empty() {
                true => text.then("; a manifest names it"),
                false => text
                    .then("; it is among the packages of ")
                    .spans(names(p.users.iter().copied(), 4)),
            };
            end(text.from(&first_places(p.sources.iter().copied(), 2)))
        })
        .collect()
}

/// Rented brokers that the code of parts can call by a client library, though no address of one was found.
fn callable(c: &Context) -> Vec<Text> {
    let broker = |name: &str| {
        knowledge()
            .by_name(name)
            .is_some_and(|t| t.category == Category::Broker)
    };
    let mut texts = Vec::new();
    for e in &c.containers {
        let all: Vec<_> = e
            .attributes_of("can-call")
            .filter(|a| broker(&a.value))
            .collect();
        let spans: Vec<Span> = all.iter().map(|a| Span::Plain(a.value.clone())).collect();
        if spans.is_empty() {
            continue;
        }
        let text = Text::code(&e.name)
            .then(" can call ")
            .spans(words::list_spans(spans, 4, "and"))
            .then(" from its code; who sends and who takes was not followed");
        texts.push(end(
            text.from(&first_places(all.iter().map(|a| &a.provenance), 3))
        ));
    }
    texts
}

/// Parts that put jobs aside for themselves in the queue of their framework, with what chooses where that is
/// kept (<https://laravel.com/docs/queues#driver-prerequisites>).
fn own_jobs(c: &Context) -> Vec<Text> {
    let queued = format!("{QUEUED} Laravel");
    let mut texts = Vec::new();
    for e in &c.containers {
        let mut jobs = c.seen_at(Topic::Job, &e.id);
        // A worker that only does them puts none aside.
        jobs.retain(|o| o.detail.as_ref() == Some(&queued));
        if jobs.is_empty() {
            continue;
        }
        let text = Text::code(&e.name).then(" puts jobs aside in the queue of Laravel");
        let chosen = framework_choices::chosen_by(c, Kept::Jobs, &e.id);
        let mut sources: Vec<&Provenance> = Vec::new();
        let text = match chosen {
            Some(chosen) => {
                sources.extend(chosen.places.first());
                let text = text.then("; ").then_code(chosen.name);
                text.then(" is ").then_code(chosen.value)
            }
            None => text,
        };
        sources.extend(jobs.iter().map(|o| &o.provenance));
        texts.push(end(text.from(&first_places(sources, 2))));
    }
    texts
}

fn no_broker(c: &Context) -> Answer {
    if let Some(answer) = found(callable(c)) {
        return answer;
    }
    let mut jobs = job_queues(c);
    jobs.extend(framework_choices::text(c, Kept::Jobs));
    if let Some(answer) = found(jobs) {
        return answer;
    }
    if let Some(answer) = found(own_jobs(c)) {
        return answer;
    }
    let idle = products(c, |t| t.role == Some(Role::Broker));
    if let Some(text) = drivers_text(&idle.iter().collect::<Vec<_>>()) {
        let more = " No broker that a file starts was found, nor who sends and who takes.";
        return Answer::text(text.then(more));
    }
    c.absent(
        "message broker or queue",
        &["images", "package manifests", "clients in code"],
        "technology",
    )
}

fn queue_product(c: &Context) -> Answer {
    let all = products(c, |t| t.role == Some(Role::Broker));
    if all.is_empty() {
        return no_broker(c);
    }
    let (proven, idle): (Vec<&Product>, Vec<&Product>) = all.iter().partition(|p| is_proven(p));
    let mut items: Vec<Text> = proven.into_iter().map(product_text).collect();
    items.extend(job_queues(c));
    // What only a manifest names carries nothing that was seen.
    if items.is_empty() {
        return no_broker(c);
    }
    items.extend(drivers_text(&idle));
    found(items).unwrap_or_else(|| no_broker(c))
}

/// A topic or queue.
#[derive(Default)]
struct Channel<'a> {
    from: Vec<&'a str>,
    to: Vec<&'a str>,
    sources: Vec<&'a Provenance>,
    /// What a file that keeps it says of it.
    settings: Option<&'a str>,
}

fn channels<'a>(c: &Context<'a>) -> BTreeMap<String, Channel<'a>> {
    let mut all: BTreeMap<String, Channel<'a>> = BTreeMap::new();
    let mut add = |name: &str, who: Option<&'a str>, sends: bool, source: &'a Provenance| {
        if name.trim().is_empty() {
            return;
        }
        let channel = all.entry(readable(name)).or_default();
        let side = if sends {
            &mut channel.from
        } else {
            &mut channel.to
        };
        if let Some(who) = who
            && !side.contains(&who)
        {
            side.push(who);
        }
        channel.sources.push(source);
    };
    for r in &c.blueprint.relationships {
        let sends = match r.kind {
            RelationshipKind::Publishes => true,
            RelationshipKind::Subscribes => false,
            _ => continue,
        };
        for operation in &r.operations {
            let place = r.at(operation);
            add(operation, Some(c.name_of(&r.from)), sends, place);
        }
    }
    for i in c
        .blueprint
        .interfaces
        .iter()
        .filter(|i| i.kind == InterfaceKind::Message)
    {
        for o in &i.operations {
            let who = i.element.as_deref().map(|id| c.name_of(id));
            add(
                &o.path,
                who,
                !o.method.eq_ignore_ascii_case("subscribe"),
                &o.provenance,
            );
        }
    }
    // Jobs that a program puts aside for itself, by what the survey says of each side.
    for o in c.seen(Topic::Job) {
        let queued = o.detail.as_deref().is_some_and(|d| d.starts_with("put "));
        let who = o.element.as_deref().map(|id| c.name_of(id));
        add(&o.name, who, queued, &o.provenance);
    }
    for o in c.seen(Topic::Event) {
        // No broker carries them; they are told among the events of their parts.
        if matches!(o.detail.as_deref(), Some(IN_PROCESS | OVER_SOCKETS)) {
            continue;
        }
        add(
            &o.name,
            o.element.as_deref().map(|id| c.name_of(id)),
            true,
            &o.provenance,
        );
    }
    for o in c.seen(Topic::Queue) {
        let channel = all.entry(readable(&o.name)).or_default();
        channel.settings = o.detail.as_deref();
        channel.sources.push(&o.provenance);
    }
    all
}

/// `{env:REDIS_CHANNEL}` as `$REDIS_CHANNEL`.
fn readable(name: &str) -> String {
    match name.strip_prefix("{env:").and_then(|n| n.strip_suffix('}')) {
        Some(variable) => format!("${variable}"),
        None => name.to_owned(),
    }
}

fn side(c: &Context, all: &[&str]) -> Text {
    match all.is_empty() && c.surveyed() {
        true => Text::plain("not followed"),
        false => Text::default().spans(names(all.iter().copied(), 4)),
    }
}

fn topics<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = channels(c);
    if all.is_empty() {
        let brokers = with_role(c, &[Role::Broker]);
        return match brokers.first() {
            Some(_) => c.absent(
                "name of a topic or queue",
                &["clients in code", "contracts", "settings"],
                "interfaces",
            ),
            None => no_broker(c),
        };
    }
    let n = all.len();
    let rows = all
        .iter()
        .take(12)
        .map(|(topic, channel)| {
            let mut called = name(topic);
            if let Some(settings) = channel.settings {
                called = called.then(", ").spans(inline(settings));
            }
            vec![
                called.from(&first_places(channel.sources.iter().copied(), 3)),
                side(c, &channel.from),
                side(c, &channel.to),
            ]
        })
        .collect();
    let mut blocks = vec![table(&["Topic or queue", "Sent by", "Taken by"], rows)];
    if n > 12 {
        blocks.push(Block::Paragraph(more(n - 12)));
    }
    Answer::blocks(blocks)
}

/// Names of those that stand to a broker in one of the ways.
fn parties<'a>(c: &Context<'a>, broker: &Element, kinds: &[RelationshipKind]) -> Vec<&'a str> {
    let all = c
        .incoming(&broker.id)
        .iter()
        .filter(|r| kinds.contains(&r.kind));
    distinct(all.map(|r| c.name_of(&r.from)))
}

fn message_flow<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let brokers = with_role(c, &[Role::Broker]);
    let mut lines: Vec<String> = Vec::new();
    let mut items: Vec<Text> = Vec::new();
    // Some systems use a cache or a database as a queue; the connection says so.
    let others = c.containers.iter().chain(&c.externals).filter(|e| {
        !brokers.iter().any(|b| b.id == e.id)
            && c.incoming(&e.id).iter().any(|r| {
                matches!(
                    r.kind,
                    RelationshipKind::Publishes | RelationshipKind::Subscribes
                )
            })
    });
    let others: Vec<&Element> = others.copied().collect();
    let all: Vec<&Element> = brokers.into_iter().chain(others).collect();
    for broker in all.iter().take(6) {
        let from = parties(c, broker, &[RelationshipKind::Publishes]);
        let to = parties(c, broker, &[RelationshipKind::Subscribes]);
        let mut rest = users_of(c, broker);
        rest.retain(|n| !from.contains(n) && !to.contains(n));
        let line = |left: &[&str], right: &[&str]| {
            format!(
                "{} -> {} -> {}",
                left.join(", "),
                broker.name,
                right.join(", ")
            )
        };
        match (from.is_empty(), to.is_empty()) {
            (true, true) => {}
            (false, true) => lines.push(format!("{} -> {}", from.join(", "), broker.name)),
            (true, false) => lines.push(format!("{} -> {}", broker.name, to.join(", "))),
            (false, false) => lines.push(line(&from, &to)),
        }
        let places = first_places(c.incoming(&broker.id).iter().map(|r| &r.provenance), 3)
            .and(broker.provenance.first().cloned());
        let mut text = Text::code(&broker.name).then(kind_of(broker));
        text = match (from.is_empty(), to.is_empty(), rest.is_empty()) {
            (true, true, true) => text.then(" stands ready; no part that uses it was found"),
            (true, true, false) => text
                .then(" is reached by ")
                .spans(names(rest, 6))
                .then("; which of them send and which take was not found"),
            _ => {
                let mut text = text;
                let mut joint = " takes messages of ";
                if !from.is_empty() {
                    text = text.then(joint).spans(names(from, 5));
                    joint = " and hands messages to ";
                } else {
                    joint = " hands messages to ";
                }
                if !to.is_empty() {
                    text = text.then(joint).spans(names(to, 5));
                }
                if !rest.is_empty() {
                    let n = rest.len();
                    text = text.then("; how ").spans(names(rest, 4));
                    text = text.then(words::verb_for(
                        n,
                        " uses it was not found",
                        " use it was not found",
                    ));
                }
                text
            }
        };
        items.push(end(text.from(&places)));
    }
    if items.is_empty() {
        return no_broker(c);
    }
    let channels = channels(c);
    let dead: Vec<&String> = channels
        .keys()
        .filter(|n| {
            let lower = n.to_lowercase();
            lower.contains("dlq") || lower.contains("dead") || lower.contains("dlx")
        })
        .collect();
    let mut blocks = Vec::new();
    if !lines.is_empty() {
        blocks.push(Block::Code {
            language: "text".to_owned(),
            text: lines.join("\n"),
            source: Some(first_places(
                all.iter()
                    .flat_map(|b| c.incoming(&b.id))
                    .map(|r| &r.provenance),
                3,
            )),
        });
    }
    blocks.push(bullets(items));
    // Without a single name there is nothing that could have been searched.
    if dead.is_empty() && !channels.is_empty() {
        let n = words::count(channels.len(), "topic");
        blocks.push(Block::Paragraph(Text::plain(match c.designed() {
            true => "No dead-letter queue is designed.".to_owned(),
            false => format!("No dead-letter queue was found (searched: the names of {n})."),
        })));
    } else if !dead.is_empty() {
        let text = Text::plain("What cannot be handled goes to ")
            .spans(names(dead.iter().map(|n| n.as_str()), 4));
        blocks.push(Block::Paragraph(end(text)));
    }
    Answer::blocks(blocks)
}
