//! Messages, topics and queues in C#.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part, Side};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-channels",
    docs: "\
### What it finds
Messages that MassTransit, NServiceBus and event buses of the same shape publish and consume, by the
name of their type; queues and exchanges of RabbitMQ.Client; topics of Confluent.Kafka; queues of
Azure Service Bus.

### What it does not find
Messages that are published through a variable whose type the file does not show.
",
    reads: &[Reads::Languages(&[Language::CSharp])],
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

/// The type of what is published: made in place, in a variable, or mapped.
fn message_type(file: &SourceFile<'_>, call: Call) -> Option<String> {
    let code = file.code();
    let first = code.arguments(call.open).into_iter().next()?;
    if code.is(first.start, "new") {
        return code.ident(first.start + 1).map(str::to_owned);
    }
    let name = code.ident(first.start).filter(|_| first.len() == 1)?;
    let from = call.open.saturating_sub(400);
    let assigned = (from..call.open)
        .rev()
        .find(|&at| code.is(at, name) && code.is(at + 1, "="))?;
    let declared = assigned.checked_sub(1).and_then(|at| code.ident(at));
    if let Some(kind) = declared.filter(|k| k.starts_with(char::is_uppercase)) {
        return Some(kind.to_owned());
    }
    if code.is(assigned + 2, "new") {
        return code.ident(assigned + 3).map(str::to_owned);
    }
    // `command.Adapt<OrderPlaced>()`
    let end = (assigned..call.open).find(|&at| code.is(at, ";"))?;
    let open = (assigned..end).find(|&at| code.is(at, "<") && code.is(at + 2, ">"))?;
    let mapped = matches!(code.raw(open - 1), "Adapt" | "Map" | "ToEvent");
    code.ident(open + 1).filter(|_| mapped).map(str::to_owned)
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
            let kind = kind.or_else(|| message_type(file, call));
            (kind.filter(|k| k.len() > 2), Side::Produces, None)
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
        _ => return,
    };
    scan::channel(acc, file, call.line, found, side, broker);
}
