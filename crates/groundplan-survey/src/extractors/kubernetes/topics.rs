//! Topics and queues that operators keep: Strimzi and RabbitMQ.

use super::object::Object;
use crate::facts::FileFacts;
use groundplan_model::Topic;
use groundplan_syntax::Node;

/// `KafkaTopic` of Strimzi (<https://strimzi.io/docs/operators/latest/configuring#type-KafkaTopic-reference>)
/// and `Queue` and `Exchange` of the topology operator of RabbitMQ.
pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let given = |key: &str| object.spec_str(&[key]).map(str::to_owned);
    let (name, parts) = match object.kind {
        "KafkaTopic" => {
            let mut parts = vec!["a topic of Kafka".to_owned()];
            parts.extend(given("partitions").map(|n| format!("partitions {n}")));
            parts.extend(given("replicas").map(|n| format!("replicas {n}")));
            let config = object.spec(&["config"]).map(Node::entries);
            for (key, value) in config.unwrap_or_default() {
                let told = ["retention.ms", "retention.bytes", "cleanup.policy"];
                if let Some(value) = value.str().filter(|_| told.contains(&key.text.as_str())) {
                    parts.push(format!("`{}` {value}", key.text));
                }
            }
            (given("topicName"), parts)
        }
        "Queue" | "Exchange" if object.group == "rabbitmq.com" => {
            let what = match object.kind {
                "Queue" => "a queue of RabbitMQ",
                _ => "an exchange of RabbitMQ",
            };
            let mut parts = vec![what.to_owned()];
            parts.extend(given("type").map(|t| format!("type {t}")));
            let durable = given("durable").filter(|d| d == "true");
            parts.extend(durable.map(|_| "durable".to_owned()));
            (given("name"), parts)
        }
        _ => return,
    };
    let name = name.unwrap_or_else(|| object.name.to_owned());
    object.mark(acc, Topic::Queue, name, Some(parts.join(", ")));
}
