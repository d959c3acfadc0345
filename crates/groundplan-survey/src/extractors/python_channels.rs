//! Python: topics, queues, exchanges, subjects and tasks.

use crate::call_rules::{self, Rule, Table, channel, consumes, produces};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Channel, Claim, FileFacts};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-channels",
    docs: "\
### What it finds
Topics, queues, exchanges and subjects that Python code produces to or consumes from: kafka-python,
aiokafka, confluent-kafka, pika, aio-pika, kombu, NATS, MQTT, Redis pub/sub, SQS, SNS, Google
Pub/Sub; tasks of Celery and RQ by the name of their function, with the queue if it is given.

### What it does not find
Names that come from another file or are computed from data; tests.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &[
        "kafka",
        "pika",
        "kombu",
        "nats",
        "mqtt",
        "redis",
        "boto",
        "pubsub",
        "celery",
        "stomp",
        "servicebus",
        ".delay(",
        ".apply_async(",
        "rq.decorators",
        "django_rq",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    call_rules::apply(acc, &view, &TABLE);
    celery(acc, &view);
}

const PIKA: &str = "pika ?pika";
const REDIS: &str = "redis aioredis ?redis";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    produces(
        "kafka.KafkaProducer aiokafka.AIOKafkaProducer ?kafka ?aiokafka",
        "send send_and_wait",
        "0 topic=",
        "kafka",
    ),
    consumes(
        "kafka$ aiokafka$",
        "KafkaConsumer AIOKafkaConsumer",
        "0",
        "kafka",
    ),
    consumes(
        "kafka.KafkaConsumer aiokafka.AIOKafkaConsumer confluent_kafka.Consumer ?kafka ?confluent_kafka",
        "subscribe",
        "0 topics=",
        "kafka",
    ),
    produces(
        "confluent_kafka.Producer ?confluent_kafka",
        "produce",
        "0 topic=",
        "kafka",
    ),
    channel(PIKA, "queue_declare", "queue= 0", "amqp", false, false),
    channel(
        PIKA,
        "exchange_declare",
        "exchange= 0",
        "amqp",
        false,
        false,
    ),
    consumes(PIKA, "basic_consume", "queue= 0", "amqp"),
    produces(PIKA, "basic_publish", "amqp:exchange=", "amqp"),
    channel(
        "aio_pika ?aio_pika",
        "declare_queue declare_exchange",
        "0 name=",
        "amqp",
        false,
        false,
    ),
    produces("aio_pika ?aio_pika", "publish", "routing_key=", "amqp"),
    channel("kombu$", "Queue Exchange", "0", "amqp", false, false),
    produces("nats ?nats", "publish request", "0", "nats"),
    consumes("nats ?nats", "subscribe", "0", "nats"),
    produces("paho.mqtt ?paho", "publish", "0 topic=", "mqtt"),
    consumes("paho.mqtt ?paho", "subscribe", "0 topic=", "mqtt"),
    produces(REDIS, "publish xadd", "0", "redis"),
    consumes(REDIS, "psubscribe", "0", "redis"),
    consumes("redis aioredis", "subscribe", "0", "redis"),
    produces(
        "azure.servicebus ?azure.servicebus",
        "get_queue_sender get_topic_sender",
        "queue_name= topic_name= 0",
        "azure-service-bus",
    ),
    consumes(
        "azure.servicebus ?azure.servicebus",
        "get_queue_receiver get_subscription_receiver",
        "queue_name= topic_name= 0",
        "azure-service-bus",
    ),
    produces("boto3", "send_message", "QueueUrl=", "aws-sqs"),
    consumes("boto3", "receive_message", "QueueUrl=", "aws-sqs"),
    produces("boto3 ?boto3", "publish", "TopicArn=", "aws-sns"),
    produces(
        "google.cloud.pubsub_v1.PublisherClient ?google.cloud.pubsub_v1",
        "topic_path",
        "1",
        "gcp-pubsub",
    ),
    consumes(
        "google.cloud.pubsub_v1.SubscriberClient ?google.cloud.pubsub_v1",
        "subscription_path",
        "1",
        "gcp-pubsub",
    ),
    produces("celery.Celery", "send_task", "0", "celery"),
];

/// Tasks of Celery: the worker consumes what `delay` and `apply_async` produce.
fn celery(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let mut found: Vec<(u32, Channel)> = Vec::new();
    let mut tasks: BTreeSet<&str> = BTreeSet::new();
    let all = code.functions();
    for note in code.annotations() {
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        if !matches!(last, "task" | "shared_task" | "periodic_task" | "job") {
            continue;
        }
        let whole = view
            .canonical(&note.name, code.tokens.len())
            .unwrap_or_default();
        let app = note.name.rsplit_once('.').map(|(head, _)| head);
        let celery = whole.contains("celery") || app.is_some_and(|a| a.contains("celery"));
        // `@job("default")` of RQ, or a decorator of the program's own that is made of it.
        let rq = last == "job"
            && ["rq.", "django_rq", "tasks", "worker"]
                .iter()
                .any(|w| whole.contains(w));
        if !celery && !rq {
            continue;
        }
        let Some(function) = all.get(all.partition_point(|f| f.first < note.next)) else {
            continue;
        };
        tasks.insert(function.name);
        let given = |key: &str| {
            note.open
                .and_then(|open| code.named_argument(open, key))
                .and_then(|r| view.constant(r))
        };
        let name = given("name").unwrap_or_else(|| function.name.to_owned());
        found.push((note.line, made(name, false)));
        if let Some(queue) = given("queue") {
            found.push((note.line, made(queue, false)));
        }
    }
    let uses = !tasks.is_empty() || view.imports_any(&["celery"]);
    for last in ["delay", "apply_async", "s", "si"] {
        for &call in view.calls_of(last) {
            let name = code.name(call);
            let Some((receiver, _)) = name.rsplit_once('.') else {
                continue;
            };
            let task = receiver.rsplit('.').next().unwrap_or(receiver);
            let first = receiver.split('.').next().unwrap_or(receiver);
            let imported = view
                .alias(first)
                .is_some_and(|module| module.contains("task") || module.contains("celery"));
            if !tasks.contains(task)
                && !(imported && (uses || last == "delay" || last == "apply_async"))
            {
                continue;
            }
            found.push((code.line(call.first), made(task.to_owned(), true)));
            let queue = code
                .named_argument(call.open, "queue")
                .and_then(|r| view.constant(r));
            if let Some(queue) = queue {
                found.push((code.line(call.first), made(queue, true)));
            }
        }
    }
    // A task stands before the queue that it waits in.
    found.sort_by_key(|(line, _)| *line);
    for (line, channel) in found {
        acc.add(view.file, line, line, Claim::Channel(channel));
    }
}

fn made(name: String, produces: bool) -> Channel {
    Channel {
        name,
        produces,
        consumes: !produces,
        broker: Some("celery".to_owned()),
        awaited: false,
    }
}
