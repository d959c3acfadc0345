//! Go: topics, queues, exchanges and subjects.

use crate::call_rules::{self, Rule, Table, channel, consumes, produces};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-channels",
    docs: "\
### What it finds
Topics, queues, exchanges and subjects that Go code produces to or consumes from: sarama,
segmentio/kafka-go, confluent-kafka-go, amqp091, AMQP 1.0, Azure Service Bus, NATS, NSQ, MQTT, Redis pub/sub, SQS, SNS, Google
Pub/Sub, asynq.

### What it does not find
Names that come from another file or are computed from data; tests.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &[
        "sarama", "kafka", "amqp", "nats", "nsq", "mqtt", "redis", "sqs", "sns", "pubsub", "asynq",
        "servicebus",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    call_rules::apply(acc, &CodeView::of(file), &TABLE);
}

const SARAMA: &str = "github.com/IBM/sarama github.com/Shopify/sarama";
const KAFKA_GO: &str = "github.com/segmentio/kafka-go";
const CONFLUENT: &str = "github.com/confluentinc/confluent-kafka-go";
const AMQP: &str = "github.com/rabbitmq/amqp091-go github.com/streadway/amqp \
    ?github.com/rabbitmq/amqp091-go ?github.com/streadway/amqp";
const AMQP_1: &str =
    "github.com/Azure/go-amqp pack.ag/amqp ?github.com/Azure/go-amqp ?pack.ag/amqp";
const SERVICE_BUS: &str = "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus \
    ?github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus";
const NATS: &str = "github.com/nats-io/nats.go ?github.com/nats-io/nats.go";
const REDIS: &str = "github.com/redis/go-redis github.com/go-redis/redis \
    ?github.com/redis/go-redis ?github.com/go-redis/redis";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    produces(SARAMA, "ProducerMessage", "Topic=", "kafka"),
    consumes(SARAMA, "ConsumePartition", "0", "kafka"),
    consumes(
        "github.com/IBM/sarama.NewConsumerGroup github.com/Shopify/sarama.NewConsumerGroup github.com/IBM/sarama.ConsumerGroup ?github.com/IBM/sarama ?github.com/Shopify/sarama",
        "Consume",
        "1",
        "kafka",
    ),
    produces(KAFKA_GO, "Writer WriterConfig Message", "Topic=", "kafka"),
    consumes(KAFKA_GO, "ReaderConfig", "Topic= GroupTopics=", "kafka"),
    produces(CONFLUENT, "TopicPartition", "Topic=", "kafka"),
    consumes(CONFLUENT, "SubscribeTopics Subscribe", "0", "kafka"),
    consumes("github.com/twmb/franz-go", "ConsumeTopics", "0", "kafka"),
    produces("github.com/twmb/franz-go", "Record", "Topic=", "kafka"),
    channel(AMQP, "QueueDeclare", "0", "amqp", false, false),
    channel(AMQP, "ExchangeDeclare", "0", "amqp", false, false),
    consumes(AMQP, "Consume ConsumeWithContext", "0", "amqp"),
    produces(AMQP, "Publish", "amqp:0", "amqp"),
    produces(AMQP, "PublishWithContext", "amqp:1", "amqp"),
    consumes(
        SERVICE_BUS,
        "NewReceiverForQueue NewReceiverForSubscription AcceptSessionForQueue AcceptNextSessionForQueue",
        "0",
        "azure-service-bus",
    ),
    produces(
        "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus.NewClient github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus.NewClientFromConnectionString",
        "NewSender",
        "0",
        "azure-service-bus",
    ),
    consumes(AMQP_1, "NewReceiver", "1", "amqp"),
    produces(AMQP_1, "NewSender", "1", "amqp"),
    produces(NATS, "Publish PublishMsg Request PublishAsync", "0", "nats"),
    consumes(
        NATS,
        "Subscribe QueueSubscribe ChanSubscribe SubscribeSync PullSubscribe",
        "0",
        "nats",
    ),
    consumes("github.com/nsqio/go-nsq", "NewConsumer", "0", "nsq"),
    produces("github.com/nsqio/go-nsq", "Publish", "0", "nsq"),
    produces(
        "github.com/eclipse/paho.mqtt.golang",
        "Publish",
        "0",
        "mqtt",
    ),
    consumes(
        "github.com/eclipse/paho.mqtt.golang",
        "Subscribe",
        "0",
        "mqtt",
    ),
    produces(REDIS, "Publish", "1", "redis"),
    consumes(REDIS, "Subscribe PSubscribe", "1", "redis"),
    produces(REDIS, "XAdd XAddArgs", "Stream=", "redis"),
    consumes(
        REDIS,
        "XReadGroup XRead XReadGroupArgs XReadArgs",
        "Streams=",
        "redis",
    ),
    produces(
        "github.com/aws/aws-sdk-go-v2/service/sqs github.com/aws/aws-sdk-go/service/sqs",
        "SendMessageInput",
        "QueueUrl=",
        "aws-sqs",
    ),
    consumes(
        "github.com/aws/aws-sdk-go-v2/service/sqs github.com/aws/aws-sdk-go/service/sqs",
        "ReceiveMessageInput",
        "QueueUrl=",
        "aws-sqs",
    ),
    produces(
        "github.com/aws/aws-sdk-go-v2/service/sns github.com/aws/aws-sdk-go/service/sns",
        "PublishInput",
        "TopicArn=",
        "aws-sns",
    ),
    produces("cloud.google.com/go/pubsub", "Topic", "0", "gcp-pubsub"),
    consumes(
        "cloud.google.com/go/pubsub",
        "Subscription",
        "0",
        "gcp-pubsub",
    ),
    produces("github.com/hibiken/asynq", "NewTask", "0", "asynq"),
    consumes(
        "github.com/hibiken/asynq.NewServeMux",
        "HandleFunc Handle",
        "0",
        "asynq",
    ),
];
