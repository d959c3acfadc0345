//! Go: whom the code calls, apart from gRPC.

use crate::call_rules::{self, Rule, Table, client, http};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::own_requests;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-clients",
    docs: "\
### What it finds
Calls to others with their address as far as this file tells it: net/http, resty, req; database/sql
and its wrappers, pgx, gorm, MongoDB, Redis, Elasticsearch, OpenSearch, Cassandra, etcd, memcached; stores
in files of the process (bbolt, Badger, LevelDB);
the AWS, Google Cloud, Azure and MinIO SDKs; connections to message brokers. Where the address is a
parameter, the callers in the same file give it.
Requests with a whole address through a builder or wrapper of the repository's own.

### What it does not find
Clients behind an interface of the system itself, addresses that come from another file, calls in
tests and in generated code.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["import"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    call_rules::apply(acc, &view, &TABLE);
    own_requests::claims(acc, &view);
}

const HTTP: &str = "net/http$ net/http.Client$ net/http.DefaultClient$ golang.org/x/net/context/ctxhttp \
    go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp$ \
    github.com/hashicorp/go-retryablehttp$ github.com/hashicorp/go-retryablehttp.NewClient$";
const RESTY: &str = "github.com/go-resty/resty resty.dev";
const REQ: &str = "github.com/imroc/req$ github.com/imroc/req.C github.com/parnurzeal/gorequest";
const GO_REDIS: &str = "github.com/redis/go-redis github.com/go-redis/redis";
const ELASTIC: &str = "github.com/elastic/go-elasticsearch github.com/olivere/elastic";
const KAFKA_GO: &str = "github.com/segmentio/kafka-go";
const SARAMA: &str = "github.com/IBM/sarama github.com/Shopify/sarama";
const CONFLUENT: &str = "github.com/confluentinc/confluent-kafka-go";
const AMQP: &str = "github.com/rabbitmq/amqp091-go github.com/streadway/amqp";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    http(HTTP, "Get Head", "0", "@", "go-net-http"),
    http(HTTP, "Post PostForm", "0", "=POST", "go-net-http"),
    http(HTTP, "NewRequest", "1", "0", "go-net-http"),
    http(HTTP, "NewRequestWithContext", "2", "1", "go-net-http"),
    http(
        RESTY,
        "Get Post Put Delete Patch Head Options",
        "0",
        "@",
        "resty",
    ),
    http(RESTY, "SetBaseURL SetHostURL", "0", "=any", "resty"),
    http(REQ, "Get Post Put Delete Patch Head", "0", "@", "req"),
    client(
        "database/sql github.com/jmoiron/sqlx",
        "Open Connect MustConnect MustOpen",
        "1",
        "sql",
        "database/sql",
    ),
    client(
        "github.com/jmoiron/sqlx",
        "ConnectContext",
        "2",
        "sql",
        "database/sql",
    ),
    client(
        "github.com/XSAM/otelsql go.nhat.io/otelsql github.com/uptrace/opentelemetry-go-extra/otelsql",
        "Open",
        "1",
        "sql",
        "otelsql",
    ),
    client(
        "github.com/jackc/pgx$ github.com/jackc/pgx/pgxpool$ github.com/jackc/pgx/stdlib$ github.com/jackc/pgxpool$",
        "Connect New",
        "1",
        "postgresql",
        "pgx",
    ),
    client(
        "github.com/jackc/pgx github.com/jackc/pgxpool",
        "ParseConfig ConnectConfig",
        "0",
        "postgresql",
        "pgx",
    ),
    client(
        "github.com/lib/pq",
        "NewConnector NewListener",
        "0",
        "postgresql",
        "lib-pq",
    ),
    client(
        "github.com/go-pg/pg",
        "Connect",
        "Addr=",
        "postgresql",
        "go-pg",
    ),
    client("gorm.io/driver/postgres", "Open", "0", "postgresql", "gorm"),
    client(
        "gorm.io/driver/postgres",
        "New",
        "DSN=",
        "postgresql",
        "gorm",
    ),
    client("gorm.io/driver/mysql", "Open", "0", "mysql", "gorm"),
    client("gorm.io/driver/mysql", "New", "DSN=", "mysql", "gorm"),
    client("gorm.io/driver/sqlserver", "Open", "0", "sqlserver", "gorm"),
    client(
        "gorm.io/driver/sqlite github.com/glebarez/sqlite",
        "Open",
        "0",
        "sqlite",
        "gorm",
    ),
    client(
        "gorm.io/driver/clickhouse",
        "Open",
        "0",
        "clickhouse",
        "gorm",
    ),
    client("github.com/jinzhu/gorm", "Open", "1", "sql", "gorm"),
    client(
        "github.com/ClickHouse/clickhouse-go",
        "Open",
        "Addr=",
        "clickhouse",
        "clickhouse-go",
    ),
    client(
        "go.mongodb.org/mongo-driver/mongo/options",
        "ApplyURI",
        "0",
        "mongodb",
        "mongo-go-driver",
    ),
    client(
        "gopkg.in/mgo github.com/globalsign/mgo",
        "Dial DialWithTimeout",
        "0",
        "mongodb",
        "mgo",
    ),
    client(
        GO_REDIS,
        "NewClient NewRing",
        "Addr= Addrs=",
        "redis",
        "go-redis",
    ),
    client(
        GO_REDIS,
        "NewClusterClient NewUniversalClient",
        "Addrs=",
        "redis",
        "go-redis",
    ),
    client(
        GO_REDIS,
        "NewFailoverClient",
        "SentinelAddrs=",
        "redis",
        "go-redis",
    ),
    client(GO_REDIS, "ParseURL", "0", "redis", "go-redis"),
    client("github.com/gomodule/redigo", "Dial", "1", "redis", "redigo"),
    client(
        "github.com/gomodule/redigo",
        "DialURL",
        "0",
        "redis",
        "redigo",
    ),
    client(
        "github.com/redis/rueidis",
        "NewClient",
        "InitAddress=",
        "redis",
        "rueidis",
    ),
    client(
        "github.com/bradfitz/gomemcache",
        "New",
        "0",
        "memcached",
        "gomemcache",
    ),
    client(
        ELASTIC,
        "NewClient NewTypedClient",
        "Addresses=",
        "elasticsearch",
        "go-elasticsearch",
    ),
    client(ELASTIC, "SetURL", "0", "elasticsearch", "elastic"),
    client(
        "github.com/opensearch-project/opensearch-go",
        "NewClient",
        "Addresses=",
        "opensearch",
        "opensearch-go",
    ),
    client(
        "github.com/gocql/gocql",
        "NewCluster",
        "0",
        "cassandra",
        "gocql",
    ),
    client(
        "go.etcd.io/etcd/client go.etcd.io/etcd/clientv3",
        "New",
        "Endpoints=",
        "etcd",
        "etcd-client",
    ),
    client(
        "github.com/hashicorp/consul/api",
        "NewClient",
        "Address=",
        "consul",
        "consul-api",
    ),
    client(
        "github.com/hashicorp/vault/api",
        "NewClient",
        "Address=",
        "vault",
        "vault-api",
    ),
    client(
        "github.com/neo4j/neo4j-go-driver",
        "NewDriver NewDriverWithContext",
        "0",
        "neo4j",
        "neo4j-go-driver",
    ),
    client(
        "github.com/influxdata/influxdb-client-go",
        "NewClient NewClientWithOptions",
        "0",
        "influxdb",
        "influxdb-client-go",
    ),
    client(
        "github.com/meilisearch/meilisearch-go",
        "New NewClient",
        "0 Host=",
        "meilisearch",
        "meilisearch-go",
    ),
    client("github.com/minio/minio-go", "New", "0", "s3", "minio-go"),
    client(
        "github.com/aws/aws-sdk-go-v2/service/s3 github.com/aws/aws-sdk-go/service/s3",
        "New NewFromConfig",
        "",
        "aws-s3",
        "aws-sdk-go",
    ),
    client(
        "github.com/aws/aws-sdk-go-v2/service/dynamodb github.com/aws/aws-sdk-go/service/dynamodb",
        "New NewFromConfig",
        "",
        "aws-dynamodb",
        "aws-sdk-go",
    ),
    client(
        "github.com/aws/aws-sdk-go-v2/service/sqs github.com/aws/aws-sdk-go/service/sqs",
        "New NewFromConfig",
        "",
        "aws-sqs",
        "aws-sdk-go",
    ),
    client(
        "github.com/aws/aws-sdk-go-v2/service/sns github.com/aws/aws-sdk-go/service/sns",
        "New NewFromConfig",
        "",
        "aws-sns",
        "aws-sdk-go",
    ),
    client(
        "github.com/aws/aws-sdk-go-v2/service/secretsmanager github.com/aws/aws-sdk-go/service/secretsmanager",
        "New NewFromConfig",
        "",
        "aws-secretsmanager",
        "aws-sdk-go",
    ),
    client(
        "github.com/aws/aws-sdk-go-v2/service/ssm github.com/aws/aws-sdk-go/service/ssm",
        "New NewFromConfig",
        "",
        "aws-ssm",
        "aws-sdk-go",
    ),
    client(
        "github.com/aws/aws-sdk-go-v2/service/lambda github.com/aws/aws-sdk-go/service/lambda",
        "New NewFromConfig",
        "",
        "aws-lambda",
        "aws-sdk-go",
    ),
    client(
        "cloud.google.com/go/storage",
        "NewClient",
        "",
        "gcp-storage",
        "google-cloud-go",
    ),
    client(
        "cloud.google.com/go/pubsub",
        "NewClient",
        "1",
        "gcp-pubsub",
        "google-cloud-go",
    ),
    client(
        "cloud.google.com/go/firestore",
        "NewClient",
        "1",
        "gcp-firestore",
        "google-cloud-go",
    ),
    client(
        "cloud.google.com/go/spanner",
        "NewClient",
        "1",
        "gcp-spanner",
        "google-cloud-go",
    ),
    client(
        "cloud.google.com/go/bigquery",
        "NewClient",
        "1",
        "gcp-bigquery",
        "google-cloud-go",
    ),
    client(
        "cloud.google.com/go/secretmanager",
        "NewClient",
        "",
        "gcp-secret-manager",
        "google-cloud-go",
    ),
    client(
        "cloud.google.com/go/alloydbconn",
        "NewDialer",
        "",
        "postgresql",
        "alloydb-go-connector",
    ),
    client(
        "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob",
        "NewClient NewClientFromConnectionString",
        "0",
        "azure-blob",
        "azure-sdk-for-go",
    ),
    client(
        KAFKA_GO,
        "NewWriter NewReader",
        "Brokers=",
        "kafka",
        "kafka-go",
    ),
    client(KAFKA_GO, "Writer", "Addr=", "kafka", "kafka-go"),
    client(KAFKA_GO, "Dial DialContext", "1", "kafka", "kafka-go"),
    client(
        SARAMA,
        "NewAsyncProducer NewSyncProducer NewConsumer NewConsumerGroup NewClient NewClusterAdmin",
        "0",
        "kafka",
        "sarama",
    ),
    client(
        CONFLUENT,
        "NewProducer NewConsumer NewAdminClient",
        "bootstrap.servers=",
        "kafka",
        "confluent-kafka-go",
    ),
    client(
        "github.com/twmb/franz-go",
        "SeedBrokers",
        "0",
        "kafka",
        "franz-go",
    ),
    client(AMQP, "Dial DialTLS DialConfig", "0", "amqp", "amqp091-go"),
    client(
        "github.com/nats-io/nats.go",
        "Connect",
        "0",
        "nats",
        "nats.go",
    ),
    client(
        "github.com/nsqio/go-nsq",
        "NewProducer",
        "0",
        "nsq",
        "go-nsq",
    ),
    client(
        "github.com/eclipse/paho.mqtt.golang",
        "AddBroker",
        "0",
        "mqtt",
        "paho",
    ),
    // Stores in files of the process.
    client(
        "go.etcd.io/bbolt$ github.com/boltdb/bolt$ github.com/coreos/bbolt$",
        "Open",
        "",
        "bbolt",
        "bbolt",
    ),
    client(
        "github.com/dgraph-io/badger$",
        "Open OpenManaged",
        "",
        "badger",
        "badger",
    ),
    client(
        "github.com/syndtr/goleveldb/leveldb$",
        "OpenFile",
        "",
        "leveldb",
        "goleveldb",
    ),
    client(
        "go.temporal.io/sdk/client",
        "Dial NewClient",
        "HostPort=",
        "temporal",
        "temporal-sdk",
    ),
    client("net/smtp", "SendMail Dial", "0", "smtp", "net/smtp"),
    client(
        "github.com/stripe/stripe-go",
        "New",
        "",
        "stripe",
        "stripe-go",
    ),
    client(
        "github.com/sashabaranov/go-openai github.com/openai/openai-go",
        "NewClient",
        "",
        "openai",
        "openai-go",
    ),
];
