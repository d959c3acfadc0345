//! Rust: whom the code calls, apart from gRPC.

use crate::call_rules::{self, Rule, Table, client, http};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-clients",
    docs: "\
### What it finds
Calls to others with their address as far as this file tells it: reqwest, ureq, awc; sqlx, diesel,
tokio-postgres, deadpool, sea-orm, MongoDB, Redis, Elasticsearch, Cassandra; the AWS SDK,
object_store; stores in files of the process (sled, redb, RocksDB); connections to message brokers. Where the address is a parameter, the callers in the
same file give it.

### What it does not find
Requests that hyper builds piece by piece, clients behind traits of the system itself, calls in
tests.
",
    reads: &[Reads::Own(&[Language::Rust])],
    markers: &["use ", "::"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    call_rules::apply(acc, &CodeView::of(file), &TABLE);
}

const VERBS: &str = "get post put delete patch head";
const REQWEST: &str = "reqwest$ reqwest.blocking$ reqwest.Client$ reqwest.Client.new$ reqwest.Client.builder$ \
    reqwest.ClientBuilder.new$ reqwest.blocking.Client$ reqwest.blocking.Client.new$ \
    reqwest.blocking.Client.builder$ reqwest_middleware.ClientWithMiddleware$ \
    reqwest_middleware.ClientBuilder.new$ reqwest.Client.default$";
const PG: &str = "sqlx.PgPool$ sqlx.postgres.PgPool$ sqlx.postgres.PgPoolOptions sqlx.PgConnection$ \
    sqlx.postgres.PgConnection$";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    http(REQWEST, VERBS, "0", "@", "reqwest"),
    http(REQWEST, "request", "1", "0", "reqwest"),
    http("ureq$ ureq.Agent ureq.agent$", VERBS, "0", "@", "ureq"),
    http("awc.Client", VERBS, "0", "@", "awc"),
    http("surf$", VERBS, "0", "@", "surf"),
    client(PG, "connect connect_lazy", "0", "postgresql", "sqlx"),
    client(
        "sqlx.MySqlPool$ sqlx.mysql.MySqlPoolOptions sqlx.mysql.MySqlPool$",
        "connect connect_lazy",
        "0",
        "mysql",
        "sqlx",
    ),
    client(
        "sqlx.SqlitePool$ sqlx.sqlite.SqlitePoolOptions sqlx.sqlite.SqlitePool$",
        "connect connect_lazy",
        "0",
        "sqlite",
        "sqlx",
    ),
    client(
        "sqlx.AnyPool$ sqlx.any.AnyPoolOptions",
        "connect",
        "0",
        "sql",
        "sqlx",
    ),
    client(
        "diesel.PgConnection$ diesel.pg.PgConnection$ diesel.prelude.PgConnection$ diesel_async.AsyncPgConnection$",
        "establish",
        "0",
        "postgresql",
        "diesel",
    ),
    client(
        "diesel.MysqlConnection$ diesel.mysql.MysqlConnection$",
        "establish",
        "0",
        "mysql",
        "diesel",
    ),
    client(
        "diesel.SqliteConnection$ diesel.sqlite.SqliteConnection$",
        "establish",
        "0",
        "sqlite",
        "diesel",
    ),
    client(
        "diesel_async.pooled_connection.AsyncDieselConnectionManager$",
        "new new_with_config",
        "0",
        "postgresql",
        "diesel-async",
    ),
    client(
        "diesel.r2d2.ConnectionManager$",
        "new",
        "0",
        "sql",
        "diesel",
    ),
    client(
        "tokio_postgres$ postgres.Client$",
        "connect",
        "0",
        "postgresql",
        "tokio-postgres",
    ),
    client("sea_orm.Database$", "connect", "0", "sql", "sea-orm"),
    client(
        "mysql_async.Pool$ mysql.Pool$",
        "new from_url",
        "0",
        "mysql",
        "mysql",
    ),
    client("rusqlite.Connection$", "open", "0", "sqlite", "rusqlite"),
    client(
        "mongodb.Client$ mongodb.options.ClientOptions$ mongodb.sync.Client$",
        "with_uri_str parse",
        "0",
        "mongodb",
        "mongodb",
    ),
    client(
        "redis.Client$ redis.aio.ConnectionManager$",
        "open",
        "0",
        "redis",
        "redis-rs",
    ),
    client(
        "deadpool_redis.Config$ bb8_redis.RedisConnectionManager$",
        "from_url new",
        "0",
        "redis",
        "redis-rs",
    ),
    client(
        "fred.types.RedisConfig$ fred.prelude.RedisConfig$",
        "from_url",
        "0",
        "redis",
        "fred",
    ),
    client(
        "elasticsearch.http.transport.Transport$ elasticsearch.http.transport.SingleNodeConnectionPool$",
        "single_node new",
        "0",
        "elasticsearch",
        "elasticsearch-rs",
    ),
    client(
        "scylla.SessionBuilder$ scylla.SessionBuilder.new",
        "known_node",
        "0",
        "cassandra",
        "scylla",
    ),
    client("neo4rs.Graph$", "new", "0", "neo4j", "neo4rs"),
    client(
        "meilisearch_sdk.client.Client$ meilisearch_sdk.Client$",
        "new",
        "0",
        "meilisearch",
        "meilisearch-sdk",
    ),
    client(
        "qdrant_client.Qdrant$",
        "from_url",
        "0",
        "qdrant",
        "qdrant-client",
    ),
    client("etcd_client.Client$", "connect", "0", "etcd", "etcd-client"),
    client(
        "aws_sdk_s3.Client$",
        "new from_conf",
        "",
        "aws-s3",
        "aws-sdk-rust",
    ),
    client(
        "aws_sdk_dynamodb.Client$",
        "new from_conf",
        "",
        "aws-dynamodb",
        "aws-sdk-rust",
    ),
    client(
        "aws_sdk_sqs.Client$",
        "new from_conf",
        "",
        "aws-sqs",
        "aws-sdk-rust",
    ),
    client(
        "aws_sdk_sns.Client$",
        "new from_conf",
        "",
        "aws-sns",
        "aws-sdk-rust",
    ),
    client(
        "aws_sdk_secretsmanager.Client$",
        "new from_conf",
        "",
        "aws-secretsmanager",
        "aws-sdk-rust",
    ),
    client(
        "object_store.aws.AmazonS3Builder",
        "with_bucket_name",
        "0",
        "s3",
        "object-store",
    ),
    client(
        "object_store.gcp.GoogleCloudStorageBuilder",
        "with_bucket_name",
        "0",
        "gcp-storage",
        "object-store",
    ),
    client("s3.Bucket$ s3.bucket.Bucket$", "new", "0", "s3", "rust-s3"),
    client("lapin.Connection$", "connect", "0", "amqp", "lapin"),
    client(
        "deadpool_lapin.Config$",
        "create_pool",
        "url=",
        "amqp",
        "lapin",
    ),
    client("rdkafka", "set", "bootstrap.servers= !", "kafka", "rdkafka"),
    client("async_nats$ nats$", "connect", "0", "nats", "async-nats"),
    client(
        "lettre.SmtpTransport$ lettre.AsyncSmtpTransport$ lettre.transport.smtp.SmtpTransport$",
        "relay starttls_relay builder_dangerous from_url",
        "0",
        "smtp",
        "lettre",
    ),
    // Stores in files of the process.
    client("sled$", "open", "", "sled", "sled"),
    client("redb.Database$", "create open", "", "redb", "redb"),
    client(
        "rocksdb.DB$ rocksdb.TransactionDB$ rocksdb.OptimisticTransactionDB$",
        "open open_default open_cf open_cf_descriptors",
        "",
        "rocksdb",
        "rocksdb",
    ),
    client("stripe.Client$", "new", "", "stripe", "async-stripe"),
];
