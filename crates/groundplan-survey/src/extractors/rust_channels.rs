//! Rust: topics, queues, exchanges and subjects.

use crate::call_rules::{self, Rule, Table, channel, consumes, produces};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-channels",
    docs: "\
### What it finds
Topics, queues, exchanges and subjects that Rust code produces to or consumes from: rdkafka, lapin,
async-nats, rumqttc, Redis pub/sub, the AWS SDK.

### What it does not find
Names that come from another file or are computed from data; tests.
",
    reads: &[Reads::Own(&[Language::Rust])],
    markers: &["rdkafka", "lapin", "nats", "rumqttc", "redis", "aws_sdk"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    call_rules::apply(acc, &CodeView::of(file), &TABLE);
}

const LAPIN: &str = "lapin ?lapin";
const NATS: &str = "async_nats nats ?async_nats";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    produces(
        "rdkafka.producer.FutureRecord rdkafka.producer.BaseRecord",
        "to",
        "0",
        "kafka",
    ),
    consumes("rdkafka ?rdkafka", "subscribe", "0", "kafka"),
    channel(
        LAPIN,
        "queue_declare exchange_declare",
        "0",
        "amqp",
        false,
        false,
    ),
    consumes(LAPIN, "basic_consume", "0", "amqp"),
    produces(LAPIN, "basic_publish", "amqp:0", "amqp"),
    produces(NATS, "publish", "0", "nats"),
    consumes(NATS, "subscribe queue_subscribe", "0", "nats"),
    produces("rumqttc", "publish", "0", "mqtt"),
    consumes("rumqttc", "subscribe", "0", "mqtt"),
    produces("redis deadpool_redis", "publish", "0", "redis"),
    consumes("redis deadpool_redis", "subscribe psubscribe", "0", "redis"),
    produces("aws_sdk_sqs", "queue_url", "0", "aws-sqs"),
    produces("aws_sdk_sns", "topic_arn", "0", "aws-sns"),
];
