//! Topics, queues and exchanges in Java and Kotlin.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::finders::Finders;
use crate::scan::{self, Part, Side};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Call, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-channels",
    docs: "\
### What it finds
Channels of Spring Kafka, Spring AMQP, Spring JMS, Spring Cloud Stream, Spring Cloud AWS, the Kafka
and RabbitMQ clients, Micronaut, SmallRye Reactive Messaging and Eventuate, with the side on which the code
stands. Names are folded; a name from the configuration stays as `${key}`.

### What it does not find
Names that another file sets; bindings of functional Spring Cloud Stream, which stand in the
configuration.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "Listener",
        "kafka",
        "Kafka",
        "rabbit",
        "Rabbit",
        "jms",
        "Jms",
        "StreamBridge",
        "streamBridge",
        "@Input",
        "@Output",
        "basicPublish",
        "queueDeclare",
        "sqs",
        "Sqs",
        "@Incoming",
        "@Outgoing",
        "DomainEvent",
        "TopicExchange",
        "NewTopic",
    ],
    run: extract,
};

/// Annotation, arguments that name the channel, side, broker.
type Listener = (
    &'static str,
    &'static [&'static str],
    Side,
    Option<&'static str>,
);

const LISTENERS: [Listener; 10] = [
    ("Incoming", &["value"], Side::Consumes, None),
    ("Input", &["value"], Side::Consumes, None),
    ("JmsListener", &["destination"], Side::Consumes, Some("jms")),
    (
        "KafkaListener",
        &["topics", "topicPattern"],
        Side::Consumes,
        Some("kafka"),
    ),
    ("Outgoing", &["value"], Side::Produces, None),
    ("Output", &["value"], Side::Produces, None),
    (
        "RabbitListener",
        &["queues", "queuesToDeclare"],
        Side::Consumes,
        Some("rabbitmq"),
    ),
    ("SendTo", &["value"], Side::Produces, None),
    (
        "SqsListener",
        &["value", "queueNames"],
        Side::Consumes,
        Some("amazon-sqs"),
    ),
    ("StreamListener", &["value", "target"], Side::Consumes, None),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    // The words of annotations that name a channel; most listeners are of something else.
    static WORDS: Finders = Finders::of(&[
        "Incoming",
        "Input",
        "JmsListener",
        "KafkaListener",
        "Outgoing",
        "Output",
        "RabbitListener",
        "SendTo",
        "SqsListener",
        "StreamListener",
        "micronaut",
    ]);
    let all = match WORDS.any(file.text) {
        true => file.declared(),
        false => &[],
    };
    for declared in all {
        for annotation in &declared.annotations {
            let word = annotation.name.rsplit('.').next().unwrap_or_default();
            let row = LISTENERS.iter().find(|row| row.0 == word);
            if let Some((_, arguments, side, broker)) = row {
                listener(acc, file, &values, annotation, arguments, *side, *broker);
            } else if let Some((side, broker)) = of_micronaut(file.text, word) {
                listener(
                    acc,
                    file,
                    &values,
                    annotation,
                    &["value"],
                    side,
                    Some(broker),
                );
            }
        }
    }
    for call in file.code().calls() {
        produced(acc, file, &values, call);
    }
}

/// The side of a name that Micronaut puts on methods of a listener or of a client, which are told apart by
/// the annotation of the class
/// (<https://micronaut-projects.github.io/micronaut-kafka/latest/guide/>).
fn of_micronaut(text: &str, word: &str) -> Option<(Side, &'static str)> {
    let has = |mark: &str| text.contains(mark);
    match word {
        "Topic" if has("micronaut.configuration.kafka") => {
            match (has("@KafkaListener"), has("@KafkaClient")) {
                (true, false) => Some((Side::Consumes, "kafka")),
                (false, true) => Some((Side::Produces, "kafka")),
                _ => None,
            }
        }
        "Queue" if has("micronaut.rabbitmq") && has("@RabbitListener") => {
            Some((Side::Consumes, "rabbitmq"))
        }
        "Binding" if has("micronaut.rabbitmq") && has("@RabbitClient") => {
            Some((Side::Produces, "rabbitmq"))
        }
        _ => None,
    }
}

fn listener(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    annotation: &Annotation,
    arguments: &[&str],
    side: Side,
    broker: Option<&str>,
) {
    let code = file.code();
    let Some(open) = annotation.open else { return };
    // `@RabbitListener(bindings = @QueueBinding(value = @Queue("x"), …))`
    if annotation.name == "RabbitListener" && code.named_argument(open, "bindings").is_some() {
        let close = code.partner(open).unwrap_or(open);
        for at in open..close {
            if code.is(at, "Queue") && code.is(at - 1, "@") && code.is(at + 1, "(") {
                let range = ["value", "name"]
                    .iter()
                    .find_map(|n| code.named_argument(at + 1, n))
                    .or_else(|| code.arguments(at + 1).into_iter().next());
                let name = range.and_then(|r| values.fold(r));
                scan::channel(acc, file, code.line(at), name, side, broker);
            }
        }
        return;
    }
    let named = arguments.iter().find_map(|n| code.named_argument(open, n));
    let range = named.or_else(|| {
        let first = code.arguments(open).into_iter().next()?;
        (!code.is(first.start + 1, "=")).then_some(first)
    });
    let Some(range) = range else { return };
    for name in names(file, values, range) {
        let name = placeholder(&name);
        scan::channel(acc, file, annotation.line, Some(name), side, broker);
    }
}

/// One name or a list of them; `Sink.INPUT` of Spring Cloud Stream is `input`.
fn names(file: &SourceFile<'_>, values: &Values<'_, '_>, range: Range<usize>) -> Vec<String> {
    let code = file.code();
    let parts = if matches!(code.raw(range.start), "{" | "[") {
        code.arguments(range.start)
    } else {
        vec![range]
    };
    let one = |part: Range<usize>| {
        values
            .fold(part.clone())
            .or_else(|| match code.dotted(part.start, part.end).as_str() {
                "Sink.INPUT" | "Processor.INPUT" => Some("input".to_owned()),
                "Source.OUTPUT" | "Processor.OUTPUT" => Some("output".to_owned()),
                _ => constant(file, part),
            })
    };
    parts.into_iter().filter_map(one).collect()
}

/// A constant of another class keeps its name: `{Channels.ORDERS}`.
fn constant(file: &SourceFile<'_>, range: Range<usize>) -> Option<String> {
    let code = file.code();
    let last = code.ident(range.end.checked_sub(1)?)?;
    let shouted = last.chars().any(char::is_uppercase) && !last.chars().any(char::is_lowercase);
    let of_class = range.len() == 3 && code.raw(range.start).starts_with(char::is_uppercase);
    let is_call = range.clone().any(|at| code.is(at, "("));
    let fine = (shouted || of_class) && !is_call;
    fine.then(|| format!("{{{}}}", code.dotted(range.start, range.end)))
}

/// `${key:default}` without its default, `#{…}` of SpEL as far as it is a placeholder.
fn placeholder(name: &str) -> String {
    match crate::environment::placeholder_keys(name).first() {
        Some((key, _)) if name.starts_with("${") || name.starts_with("#{") => format!("${{{key}}}"),
        _ => name.to_owned(),
    }
}

fn produced(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let word = code.raw(call.open - 1);
    // Hardly any call has one of these names, and to look at types and arguments costs more.
    if !matches!(
        word,
        "send"
            | "ProducerRecord"
            | "NewTopic"
            | "subscribe"
            | "convertAndSend"
            | "convertSendAndReceive"
            | "basicPublish"
            | "basicConsume"
            | "queueDeclare"
            | "exchangeDeclare"
            | "Queue"
            | "TopicExchange"
            | "DirectExchange"
            | "FanoutExchange"
    ) {
        return;
    }
    let receiver = call
        .open
        .checked_sub(3)
        .filter(|_| code.is(call.open - 2, "."))
        .map_or("", |at| code.raw(at));
    let kind = file.variable_type(receiver).unwrap_or_default();
    let speaks = |what: &str| {
        receiver.to_ascii_lowercase().contains(what) || kind.to_ascii_lowercase().contains(what)
    };
    let is_new = call.first > 0 && code.is(call.first - 1, "new");
    let arguments = code.arguments(call.open);
    let argument = |at: usize| -> Option<String> {
        let range = arguments.get(at)?.clone();
        values.fold(range.clone()).or_else(|| constant(file, range))
    };
    let (name, side, broker) = match word {
        "send" if speaks("kafkatemplate") => (argument(0), Side::Produces, Some("kafka")),
        "ProducerRecord" if is_new => (argument(0), Side::Produces, Some("kafka")),
        "NewTopic" if is_new => (argument(0), Side::Neither, Some("kafka")),
        "subscribe"
            if file.text.contains("org.apache.kafka")
                && (speaks("consumer") || file.language == Language::Kotlin) =>
        {
            (
                listed(file, values, &arguments),
                Side::Consumes,
                Some("kafka"),
            )
        }
        "convertAndSend" | "convertSendAndReceive" if speaks("rabbit") || speaks("amqp") => {
            let exchange = argument(0);
            let name = match (arguments.len(), argument(1)) {
                (3.., Some(key)) => exchange.map(|e| {
                    if key.is_empty() {
                        e
                    } else {
                        format!("{e}/{key}")
                    }
                }),
                _ => exchange,
            };
            (name, Side::Produces, Some("rabbitmq"))
        }
        "convertAndSend" if speaks("jms") => (argument(0), Side::Produces, Some("jms")),
        "convertAndSend" | "send" if speaks("queuemessagingtemplate") || speaks("sqstemplate") => {
            (argument(0), Side::Produces, Some("amazon-sqs"))
        }
        "send" if speaks("streambridge") => (argument(0), Side::Produces, None),
        "basicPublish" => {
            let key = argument(1).filter(|k| !k.is_empty());
            let exchange = argument(0).filter(|e| !e.is_empty());
            let name = match (exchange, key) {
                (Some(exchange), Some(key)) => Some(format!("{exchange}/{key}")),
                (exchange, key) => exchange.or(key),
            };
            (name, Side::Produces, Some("rabbitmq"))
        }
        "basicConsume" => (argument(0), Side::Consumes, Some("rabbitmq")),
        "queueDeclare" | "exchangeDeclare" if file.text.contains("com.rabbitmq") => {
            (argument(0), Side::Neither, Some("rabbitmq"))
        }
        "Queue" | "TopicExchange" | "DirectExchange" | "FanoutExchange"
            if is_new && file.text.contains("springframework.amqp") =>
        {
            (argument(0), Side::Neither, Some("rabbitmq"))
        }
        _ => return,
    };
    // Where only a variable has the name, the side on which the code stands is known all the same.
    if let (None, Side::Produces, Some(broker)) = (&name, &side, broker) {
        scan::uses(acc, file, call.line, broker, "producer", word);
    }
    scan::channel(acc, file, call.line, name, side, broker);
}

/// `subscribe(Collections.singletonList("x"))`, `subscribe(List.of("x"))`.
fn listed(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    arguments: &[Range<usize>],
) -> Option<String> {
    let code = file.code();
    let first = arguments.first()?.clone();
    let open = first.clone().find(|&at| code.is(at, "("))?;
    values.argument(open, 0)
}
