//! Messages, topics and queues in C#.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::scan::{self, Part, Side};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-channels",
    docs: "\
### What it finds
Messages that MassTransit, NServiceBus and event buses of the same shape publish and consume, by the
name of their type; objects that are made and handed to a method that sends, saves or puts aside messages,
which are published where another class takes them; queues and exchanges of RabbitMQ.Client; topics of Confluent.Kafka; queues of
Azure Service Bus.

### What it does not find
Messages that are published through a variable whose type the file does not show, and handlers that are
found by the names of their methods alone.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &[
        "IConsumer<",
        "Publish",
        "EventHandler<",
        "QueueDeclare",
        "BasicPublish",
        "BasicConsume",
        "ExchangeDeclare",
        "Subscribe",
        "Produce",
        "IHandleMessages<",
        "CreateSender",
        "CreateProcessor",
        "AddSubscription<",
        "Event",
        "Message",
        "Send",
        "Enqueue",
        "Outbox",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    handlers(acc, file);
    let values = Values::new(file);
    for call in file.code().calls() {
        called(acc, file, &values, call);
    }
}

/// `class X : IConsumer<OrderPlaced>`; interfaces that only pass the type on are left out.
fn handlers(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for found in &file.outline().types {
        if found.keyword == "interface" {
            continue;
        }
        for at in found.heritage.clone() {
            let is_handler = matches!(
                code.raw(at),
                "IConsumer" | "IHandleMessages" | "IIntegrationEventHandler"
            );
            let message = code
                .ident(at + 2)
                .filter(|_| is_handler && code.is(at + 1, "<"));
            // A type parameter of one letter is no message.
            if let Some(name) = message.filter(|n| n.len() > 2) {
                let name = Some(name.to_owned());
                scan::channel(acc, file, found.line, name, Side::Consumes, None);
            }
        }
    }
}

/// The type between `<` and `>` before the bracket of a call.
fn type_argument<'t>(file: &SourceFile<'t>, call: Call) -> Option<&'t str> {
    let code = file.code();
    let close = call.open.checked_sub(1).filter(|&c| code.is(c, ">"))?;
    let open = (close.saturating_sub(12)..close)
        .rev()
        .find(|&at| code.is(at, "<"))?;
    code.ident(open + 1)
}

/// Tokens before a call in which the variable that it hands on is looked for.
const BEFORE: usize = 400;

/// The types of what is published: made in place, in a variable, or mapped. A variable of a base may hold
/// an object of one of several types.
fn message_types(file: &SourceFile<'_>, call: Call, first: &Range<usize>) -> Vec<String> {
    let code = file.code();
    let made = made_in(code, first.clone());
    if !made.is_empty() {
        return made;
    }
    let Some(name) = code.ident(first.start).filter(|_| first.len() == 1) else {
        return Vec::new();
    };
    let from = call.open.saturating_sub(BEFORE);
    let assigned = |at: &usize| code.is(*at, name) && code.is(at + 1, "=");
    let mut found: Vec<String> = Vec::new();
    for at in (from..call.open).filter(assigned) {
        let end = (at..call.open).find(|&at| code.is(at, ";"));
        let end = end.unwrap_or(call.open);
        for kind in made_in(code, at + 2..end) {
            if !found.contains(&kind) {
                found.push(kind);
            }
        }
    }
    if !found.is_empty() {
        return found;
    }
    let Some(assigned) = (from..call.open).rev().find(assigned) else {
        return Vec::new();
    };
    let declared = assigned.checked_sub(1).and_then(|at| code.ident(at));
    if let Some(kind) = declared.filter(|k| k.starts_with(char::is_uppercase)) {
        return vec![kind.to_owned()];
    }
    // `command.Adapt<OrderPlaced>()`
    let mapped = || {
        let end = (assigned..call.open).find(|&at| code.is(at, ";"))?;
        let open = (assigned..end).find(|&at| code.is(at, "<") && code.is(at + 2, ">"))?;
        let mapped = matches!(code.raw(open - 1), "Adapt" | "Map" | "ToEvent");
        code.ident(open + 1).filter(|_| mapped).map(str::to_owned)
    };
    mapped().into_iter().collect()
}

/// Types of objects that an expression makes, without those that are only handed to their constructors.
fn made_in(code: &Code<'_>, range: Range<usize>) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let Some(kind) = code.ident(at + 1).filter(|_| code.is(at, "new")) else {
            // What a call takes is not what the expression is.
            let inner = code.is_byte(at, b'(') && at > range.start && code.ident(at - 1).is_some();
            at = match code.partner(at).filter(|_| inner) {
                Some(close) => close + 1,
                None => at + 1,
            };
            continue;
        };
        found.push(kind.to_owned());
        at += 2;
        while code.is_byte(at, b'(') || code.is_byte(at, b'{') {
            at = code.partner(at).map_or(at, |close| close) + 1;
        }
    }
    found
}

/// Words of methods that send a message, or put it aside to be sent: `AddAndSaveEventAsync`.
const HANDS_ON: [&str; 8] = [
    "Dispatch", "Emit", "Enqueue", "Event", "Message", "Outbox", "Publish", "Send",
];

/// Notes what a method may send on: `outbox.AddAndSaveEventAsync(new OrderStarted(id))`.
fn handed_on(acc: &mut FileFacts, file: &SourceFile<'_>, call: Call, word: &str) {
    if !HANDS_ON.iter().any(|part| word.contains(part)) {
        return;
    }
    let given = type_argument(file, call).map(str::to_owned);
    let all = file.code().arguments(call.open).into_iter().take(3);
    let all: Vec<String> = all
        .flat_map(|range| message_types(file, call, &range))
        .collect();
    for name in all.into_iter().chain(given) {
        if name.len() > 2 && name.starts_with(char::is_uppercase) {
            scan::add(acc, file, call.line, Claim::HandedOn(name));
        }
    }
}

fn called(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let name = code.name(call);
    let word = name.rsplit('.').next().unwrap_or_default();
    let receiver = name
        .rsplit('.')
        .nth(1)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let text = |what: &str| file.text.contains(what);
    let named = |names: &[&str], position: usize| {
        let found = names.iter().find_map(|n| code.named_argument(call.open, n));
        let range = found.or_else(|| {
            let range = code.arguments(call.open).get(position)?.clone();
            (!code.is(range.start + 1, ":")).then_some(range)
        })?;
        values.fold(range)
    };
    let bus = ["publish", "bus", "endpoint", "context"]
        .iter()
        .any(|part| receiver.contains(part));
    let rabbit = || text("RabbitMQ");
    let (found, side, broker) = match word {
        "Publish" | "PublishAsync" if bus => {
            let kind = type_argument(file, call).map(str::to_owned);
            let all = match kind {
                Some(kind) => vec![kind],
                None => {
                    let first = code.arguments(call.open).into_iter().next();
                    first
                        .map(|first| message_types(file, call, &first))
                        .unwrap_or_default()
                }
            };
            for kind in all.into_iter().filter(|k| k.len() > 2) {
                scan::channel(acc, file, call.line, Some(kind), Side::Produces, None);
            }
            return;
        }
        "AddSubscription" => {
            let kind = type_argument(file, call).map(str::to_owned);
            (kind.filter(|k| k.len() > 2), Side::Consumes, None)
        }
        // What is called so is made to be published.
        _ if word.ends_with("IntegrationEvent")
            && word != "IntegrationEvent"
            && call.first > 0
            && code.is(call.first - 1, "new") =>
        {
            (Some(word.to_owned()), Side::Produces, None)
        }
        "QueueDeclare" | "QueueDeclareAsync" if rabbit() => {
            (named(&["queue"], 0), Side::Neither, Some("rabbitmq"))
        }
        "ExchangeDeclare" | "ExchangeDeclareAsync" if rabbit() => {
            (named(&["exchange"], 0), Side::Neither, Some("rabbitmq"))
        }
        "BasicPublish" | "BasicPublishAsync" if rabbit() => {
            let exchange = named(&["exchange"], 0).filter(|e| !e.is_empty());
            let key = named(&["routingKey"], 1).filter(|k| !k.is_empty());
            let name = match (exchange, key) {
                (Some(exchange), Some(key)) => Some(format!("{exchange}/{key}")),
                (exchange, key) => exchange.or(key),
            };
            (name, Side::Produces, Some("rabbitmq"))
        }
        "BasicConsume" | "BasicConsumeAsync" if rabbit() => {
            (named(&["queue"], 0), Side::Consumes, Some("rabbitmq"))
        }
        "Subscribe" if text("Confluent.Kafka") => {
            (named(&["topic"], 0), Side::Consumes, Some("kafka"))
        }
        "Produce" | "ProduceAsync" if text("Confluent.Kafka") => {
            (named(&["topic"], 0), Side::Produces, Some("kafka"))
        }
        "CreateSender" if text("ServiceBus") => (
            named(&["queueOrTopicName"], 0),
            Side::Produces,
            Some("azure-service-bus"),
        ),
        "CreateProcessor" | "CreateReceiver" if text("ServiceBus") => (
            named(&["queueName"], 0),
            Side::Consumes,
            Some("azure-service-bus"),
        ),
        _ => return handed_on(acc, file, call, word),
    };
    scan::channel(acc, file, call.line, found, side, broker);
}
