//! Topics, queues and exchanges in JavaScript and TypeScript.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::scan::{self, Part, Side};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-channels",
    docs: "\
### What it finds
Channels of amqplib, rhea, Azure Service Bus, kafkajs, NestJS microservices, Bull and BullMQ, Redis publish and subscribe,
NATS, MQTT, Amazon SQS and SNS, with the side on which the code stands.

### What it does not find
Names that another file sets; events inside one process.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[
        "amqp",
        "rabbit",
        "kafka",
        "EventPattern",
        "MessagePattern",
        "bull",
        "redis",
        "nats",
        "mqtt",
        "QueueUrl",
        "TopicArn",
        "sendToQueue",
        "rhea",
        "service-bus",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    // What a call gives is told by the name that it is given here.
    let values = Values::new(file).by_names();
    let code = file.code();
    for declared in file.declared() {
        for annotation in &declared.annotations {
            let Some(open) = annotation.open else {
                continue;
            };
            let (side, broker) = match annotation.name.as_str() {
                "EventPattern" | "MessagePattern" => (Side::Consumes, None),
                "RabbitSubscribe" | "RabbitRPC" => (Side::Consumes, Some("rabbitmq")),
                "Processor" if file.text.contains("@nestjs/bull") => {
                    (Side::Consumes, Some("redis"))
                }
                _ => continue,
            };
            let first = code.arguments(open).into_iter().next();
            let object = first.as_ref().and_then(|f| values.literal_at(f));
            let name = match object {
                Some(object) => {
                    values.folded_property(object, &["cmd", "queue", "routingKey", "name"])
                }
                None => values.argument(open, 0),
            };
            scan::channel(acc, file, annotation.line, name, side, broker);
        }
    }
    const WORDS: [&str; 23] = [
        "PublishCommand",
        "Queue",
        "ReceiveMessageCommand",
        "SendMessageCommand",
        "Worker",
        "assertExchange",
        "assertQueue",
        "checkQueue",
        "consume",
        "createConsumer",
        "createPublisher",
        "createReceiver",
        "createSender",
        "open_receiver",
        "open_sender",
        "publish",
        "receiveMessage",
        "registerQueue",
        "send",
        "sendBatch",
        "sendMessage",
        "sendToQueue",
        "subscribe",
    ];
    for call in code.calls() {
        if WORDS
            .binary_search(&code.raw(scan::word_at(code, call)))
            .is_ok()
        {
            called(acc, file, &values, call);
        }
    }
}

fn called(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let text = |what: &str| file.text.contains(what);
    let word = code.raw(scan::word_at(code, call));
    let argument = |at: usize| values.argument(call.open, at);
    let object = || {
        let first = code.arguments(call.open).into_iter().next()?;
        values.literal_at(&first)
    };
    let property = |names: &[&str]| values.folded_property(object()?, names);
    let rabbit = text("amqp");
    let kafka = text("kafka");
    // `createConsumer` is also a word of other libraries.
    let amqp_1 = || {
        let azure = text("@azure/service-bus") && matches!(word, "createSender" | "createReceiver");
        match azure {
            true => Some("azure-service-bus"),
            false if text("rabbitmq-amqp-js-client") => Some("amqp"),
            false if text("rhea") && !matches!(word, "createConsumer" | "createPublisher") => {
                Some("amqp")
            }
            false => None,
        }
    };
    let made = call.first > 0 && code.is(call.first - 1, "new");
    let (name, side, broker) = match word {
        "assertQueue" | "assertExchange" | "checkQueue" if rabbit => {
            (argument(0), Side::Neither, Some("rabbitmq"))
        }
        "sendToQueue" if rabbit => (argument(0), Side::Produces, Some("rabbitmq")),
        "consume" if rabbit => (argument(0), Side::Consumes, Some("rabbitmq")),
        "publish" if rabbit => {
            let exchange = argument(0).filter(|e| !e.is_empty());
            let key = argument(1).filter(|k| !k.is_empty());
            let name = match (exchange, key) {
                (Some(exchange), Some(key)) => Some(format!("{exchange}/{key}")),
                (exchange, key) => exchange.or(key),
            };
            (name, Side::Produces, Some("rabbitmq"))
        }
        // A link of AMQP 1.0 goes one way; its address may come from elsewhere.
        "open_sender" | "createSender" | "createPublisher" | "open_receiver" | "createReceiver"
        | "createConsumer"
            if amqp_1().is_some() =>
        {
            let sends = matches!(word, "open_sender" | "createSender" | "createPublisher");
            let side = if sends {
                Side::Produces
            } else {
                Side::Consumes
            };
            let name = argument(0).or_else(|| property(&["target", "source", "address"]));
            if name.is_none()
                && let Some(broker) = amqp_1()
            {
                let part = if sends { "producer" } else { "consumer" };
                scan::uses(acc, file, call.line, broker, part, word);
                return;
            }
            (name, side, amqp_1())
        }
        "send" | "sendBatch" if kafka => (property(&["topic"]), Side::Produces, Some("kafka")),
        "subscribe" if kafka => {
            let listed = || {
                let range = values.property(object()?, "topics")?;
                let list = values.literal_at(&range)?;
                values.argument(list, 0)
            };
            let name = property(&["topic"]).or_else(listed);
            (name, Side::Consumes, Some("kafka"))
        }
        "Queue" if made && text("bull") => (argument(0), Side::Produces, Some("redis")),
        "Worker" if made && text("bullmq") => (argument(0), Side::Consumes, Some("redis")),
        "registerQueue" if text("bull") => (property(&["name"]), Side::Neither, Some("redis")),
        "publish" if text("redis") => (argument(0), Side::Produces, Some("redis")),
        "subscribe" if text("ioredis") || text("'redis'") || text("\"redis\"") => {
            (argument(0), Side::Consumes, Some("redis"))
        }
        "publish" if text("nats") => (argument(0), Side::Produces, Some("nats")),
        "subscribe" if text("'nats'") || text("\"nats\"") => {
            (argument(0), Side::Consumes, Some("nats"))
        }
        "publish" if text("mqtt") => (argument(0), Side::Produces, Some("mqtt")),
        "subscribe" if text("mqtt") => (argument(0), Side::Consumes, Some("mqtt")),
        "SendMessageCommand" | "sendMessage" => {
            (property(&["QueueUrl"]), Side::Produces, Some("amazon-sqs"))
        }
        "ReceiveMessageCommand" | "receiveMessage" => {
            (property(&["QueueUrl"]), Side::Consumes, Some("amazon-sqs"))
        }
        "PublishCommand" => (property(&["TopicArn"]), Side::Produces, Some("amazon-sns")),
        _ => return,
    };
    let before = acc.facts.len();
    scan::channel(acc, file, call.line, name, side, broker);
    if word == "publish"
        && awaits(file, call)
        && let Some(fact) = acc.facts.get_mut(before)
        && let Claim::Channel(channel) = &mut fact.claim
    {
        channel.awaited = true;
    }
}

/// Whether the block of a call waits for a reply: it makes a promise that a timer ends.
fn awaits(file: &SourceFile<'_>, call: Call) -> bool {
    if !file.text.contains("setTimeout") {
        return false;
    }
    let code = file.code();
    let mut blocks = file
        .outline()
        .ancestors(call.open)
        .filter(|&at| code.is(at, "{"));
    blocks.next().is_some_and(|open| {
        let end = code.partner(open).unwrap_or(open);
        // `new Promise((resolve, reject) => {` stands before its block.
        let from = open.saturating_sub(10);
        let has = |word: &str, from: usize| (from..end).any(|at| code.is(at, word));
        has("setTimeout", open) && (has("withResolvers", open) || has("Promise", from))
    })
}
