//! Python: whom the code calls, apart from gRPC.

use crate::call_rules::{self, Rule, Table, client, http};
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts};
use crate::own_requests;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-clients",
    docs: "\
### What it finds
Calls to others with their address as far as this file tells it: requests, httpx, aiohttp, urllib;
SQLAlchemy, psycopg, asyncpg, PyMySQL, MongoDB, Redis, Elasticsearch, OpenSearch, Cassandra, Neo4j,
memcached; boto3 and the Google Cloud and Azure SDKs; connections to message brokers, procedures that
Nameko calls over one by the name of the service. Where the
address is a parameter, the callers in the same file give it.
Requests with a whole address through a builder or wrapper of the repository's own.

### What it does not find
Clients behind functions of other files, hosts of the `DATABASES` setting of Django, calls in tests.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &["import", "ENGINE"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    call_rules::apply(acc, &view, &TABLE);
    aws(acc, &view);
    django(acc, &view);
    put_together(acc, file);
    own_requests::claims(acc, &view);
}

/// `DATABASE_URI = f"postgresql+psycopg2://{user}:{password}@{host}/{name}"`: an address that is put together tells
/// its product, though not where that is.
fn put_together(acc: &mut FileFacts, file: &SourceFile<'_>) {
    const SCHEMES: [(&str, &str); 5] = [
        ("postgresql", "postgresql"),
        ("postgres", "postgresql"),
        ("mysql", "mysql"),
        ("mariadb", "mariadb"),
        ("oracle", "oracle"),
    ];
    if !["f\"", "f'"].iter().any(|begin| file.text.contains(begin)) {
        return;
    }
    let mut found: Vec<(&str, u32, &str)> = Vec::new();
    for (line, text) in (1_u32..).zip(file.text.lines()) {
        let Some((name, value)) = text.split_once('=') else {
            continue;
        };
        let name = name.split(':').next().unwrap_or(name).trim();
        let upper = name.to_ascii_uppercase();
        let named = ["URI", "URL", "DSN"]
            .iter()
            .any(|word| upper.ends_with(word))
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_.".contains(&b));
        let value = value.trim_start();
        let inner = value
            .strip_prefix("f\"")
            .or_else(|| value.strip_prefix("f'"));
        let Some((scheme, rest)) = inner.filter(|_| named).and_then(|i| i.split_once("://")) else {
            continue;
        };
        let product = scheme.split('+').next().unwrap_or(scheme);
        let known = SCHEMES.iter().find(|(word, _)| *word == product);
        if let Some((_, protocol)) = known.filter(|_| rest.contains('{')) {
            found.push((name, line, protocol));
        }
    }
    for (name, line, protocol) in &found {
        // One name for several products is that of whichever is set up.
        if found.iter().any(|(n, _, p)| n == name && p != protocol) {
            continue;
        }
        let client = Client {
            protocol: (*protocol).to_owned(),
            target: None,
            method: None,
            library: None,
            operation: None,
        };
        acc.add(file, *line, *line, Claim::Client(client));
    }
}

/// `"ENGINE": "django.db.backends.postgresql"`: the framework opens what its settings name
/// (<https://docs.djangoproject.com/en/stable/ref/settings/#engine>).
fn django(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    const BACKENDS: [(&str, &str); 5] = [
        ("django.db.backends.postgresql", "postgresql"),
        ("django.contrib.gis.db.backends.postgis", "postgresql"),
        ("django.db.backends.mysql", "mysql"),
        ("django.db.backends.oracle", "oracle"),
        ("mssql", "sqlserver"),
    ];
    if !view.code.text.contains("ENGINE") {
        return;
    }
    for at in 2..view.code.tokens.len() {
        let Some(text) = view.code.string(at) else {
            continue;
        };
        let named = view.code.string(at - 2) == Some("ENGINE") && view.code.is(at - 1, ":");
        let backend = BACKENDS.iter().find(|(name, _)| {
            text.strip_prefix(name)
                .is_some_and(|r| r.is_empty() || r.starts_with('_'))
        });
        if let Some((_, protocol)) = backend.filter(|_| named) {
            let client = Client {
                protocol: (*protocol).to_owned(),
                target: None,
                method: None,
                library: Some("django".to_owned()),
                operation: None,
            };
            let line = view.code.line(at);
            acc.add(view.file, line, line, Claim::Client(client));
        }
    }
}

/// `boto3.client("s3")`: the first argument names the service.
fn aws(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    for name in ["client", "resource", "create_client"] {
        for &call in view.calls_of(name) {
            let on = view.callee(call).on.unwrap_or_default();
            let is_sdk = [
                "boto3",
                "boto3.Session",
                "boto3.session.Session",
                "aioboto3.Session",
                "aiobotocore.session.get_session",
            ]
            .contains(&on.as_str());
            let service = view
                .argument(call.open, 0)
                .and_then(|r| view.constant(r))
                .filter(|s| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            let Some(service) = service.filter(|_| is_sdk) else {
                continue;
            };
            let target = view
                .field(call.open, "endpoint_url")
                .and_then(|r| view.fold(r))
                .filter(|t| t != "{None}")
                .map(|t| call_rules::address(&t));
            let claim = Claim::Client(Client {
                protocol: format!("aws-{service}"),
                target,
                method: None,
                library: Some("boto3".to_owned()),
                operation: None,
            });
            let line = view.code.line(call.first);
            acc.add(view.file, line, line, claim);
        }
    }
}

const VERBS: &str = "get post put delete patch head options";
const REQUESTS: &str = "requests$ requests.Session$ requests.session$ requests.sessions.Session$";
const HTTPX: &str = "httpx$ httpx.Client$ httpx.AsyncClient$";
const AIOHTTP: &str = "aiohttp.ClientSession$ aiohttp.client.ClientSession$";
const REDIS: &str = "redis$ redis.asyncio$ redis.client$ redis.cluster$ aioredis$ fakeredis$";
const REDIS_TYPES: &str = "redis.Redis$ redis.StrictRedis$ redis.ConnectionPool$ redis.asyncio.Redis$ \
    redis.asyncio.ConnectionPool$ redis.asyncio$ redis.client.Redis$ redis$ aioredis$ aioredis.Redis$";

static TABLE: Table = Table::new(RULES);

const RULES: &[Rule] = &[
    http(REQUESTS, VERBS, "0 url=", "@", "requests"),
    http(REQUESTS, "request", "1 url=", "0 method=", "requests"),
    http(HTTPX, VERBS, "0 url=", "@", "httpx"),
    http(HTTPX, "request stream", "1 url=", "0 method=", "httpx"),
    http("httpx$", "Client AsyncClient", "base_url=", "=any", "httpx"),
    http(AIOHTTP, VERBS, "0 url=", "@", "aiohttp"),
    http(AIOHTTP, "request", "1 url=", "0 method=", "aiohttp"),
    http("aiohttp$", "ClientSession", "base_url=", "=any", "aiohttp"),
    http(
        "urllib.request$",
        "urlopen urlretrieve Request",
        "0 url=",
        "method=",
        "urllib",
    ),
    http(
        "urllib3$ urllib3.PoolManager$",
        "request",
        "1 url=",
        "0 method=",
        "urllib3",
    ),
    http(
        "http.client$",
        "HTTPConnection HTTPSConnection",
        "0 host=",
        "=any",
        "http.client",
    ),
    client(
        "sqlalchemy$ sqlalchemy.ext.asyncio$ sqlmodel$ sqlalchemy.engine$",
        "create_engine create_async_engine",
        "0 url=",
        "sql",
        "sqlalchemy",
    ),
    client(
        "psycopg2$ psycopg$ psycopg2.pool$ psycopg_pool$ psycopg.AsyncConnection$ psycopg.Connection$",
        "connect SimpleConnectionPool ThreadedConnectionPool ConnectionPool AsyncConnectionPool",
        "host+ dsn= conninfo= 0",
        "postgresql",
        "psycopg",
    ),
    client(
        "asyncpg$",
        "connect create_pool",
        "host+ dsn= 0",
        "postgresql",
        "asyncpg",
    ),
    client("databases$", "Database", "0", "sql", "databases"),
    client(
        "pymysql$ MySQLdb$ aiomysql$ mysql.connector$",
        "connect create_pool Connect",
        "host+ 0",
        "mysql",
        "mysql",
    ),
    client(
        "pymssql$ pyodbc$",
        "connect",
        "host+ 0",
        "sqlserver",
        "odbc",
    ),
    client(
        "sqlite3$ aiosqlite$",
        "connect",
        "0 database=",
        "sqlite",
        "sqlite3",
    ),
    client(
        "pymongo$ motor.motor_asyncio$ pymongo.mongo_client$",
        "MongoClient AsyncIOMotorClient AsyncMongoClient",
        "host+ 0",
        "mongodb",
        "pymongo",
    ),
    client(
        "mongoengine$",
        "connect",
        "host+ 0",
        "mongodb",
        "mongoengine",
    ),
    client(
        REDIS,
        "Redis StrictRedis RedisCluster ConnectionPool",
        "host+ 0",
        "redis",
        "redis-py",
    ),
    client(
        REDIS_TYPES,
        "from_url create_redis_pool create_redis create_pool",
        "0 url=",
        "redis",
        "redis-py",
    ),
    client(
        "elasticsearch$",
        "Elasticsearch AsyncElasticsearch",
        "hosts= 0 cloud_id=",
        "elasticsearch",
        "elasticsearch-py",
    ),
    client(
        "elasticsearch_dsl.connections",
        "create_connection",
        "hosts=",
        "elasticsearch",
        "elasticsearch-dsl",
    ),
    client(
        "opensearchpy$",
        "OpenSearch AsyncOpenSearch",
        "hosts= 0",
        "opensearch",
        "opensearch-py",
    ),
    client(
        "cassandra.cluster$",
        "Cluster",
        "0 contact_points=",
        "cassandra",
        "cassandra-driver",
    ),
    client(
        "neo4j$ neo4j.GraphDatabase$ neo4j.AsyncGraphDatabase$",
        "driver",
        "0 uri=",
        "neo4j",
        "neo4j",
    ),
    client(
        "pymemcache pylibmc$ memcache$",
        "Client",
        "0",
        "memcached",
        "memcache",
    ),
    client(
        "clickhouse_driver$ clickhouse_connect$",
        "Client get_client",
        "host+ 0",
        "clickhouse",
        "clickhouse",
    ),
    client(
        "influxdb_client$ influxdb$",
        "InfluxDBClient",
        "url= host+",
        "influxdb",
        "influxdb-client",
    ),
    client(
        "qdrant_client$",
        "QdrantClient AsyncQdrantClient",
        "url= host+ 0",
        "qdrant",
        "qdrant-client",
    ),
    client(
        "weaviate$",
        "Client connect_to_custom",
        "url= 0",
        "weaviate",
        "weaviate-client",
    ),
    client("minio$", "Minio", "0 endpoint=", "s3", "minio-py"),
    client(
        "google.cloud.storage$ google.cloud$",
        "Client",
        "",
        "gcp-storage",
        "google-cloud-storage",
    ),
    client(
        "google.cloud.bigquery$",
        "Client",
        "",
        "gcp-bigquery",
        "google-cloud-bigquery",
    ),
    client(
        "google.cloud.firestore$",
        "Client AsyncClient",
        "",
        "gcp-firestore",
        "google-cloud-firestore",
    ),
    client(
        "google.cloud.pubsub_v1$",
        "PublisherClient SubscriberClient",
        "",
        "gcp-pubsub",
        "google-cloud-pubsub",
    ),
    client(
        "google.cloud.secretmanager google.cloud.secretmanager_v1",
        "SecretManagerServiceClient",
        "",
        "gcp-secret-manager",
        "google-cloud-secret-manager",
    ),
    client(
        "azure.storage.blob",
        "BlobServiceClient from_connection_string",
        "account_url= conn_str= 0",
        "azure-blob",
        "azure-storage-blob",
    ),
    client(
        "azure.servicebus",
        "from_connection_string",
        "",
        "azure-servicebus",
        "azure-servicebus",
    ),
    client(
        "azure.cosmos",
        "CosmosClient",
        "0 url=",
        "azure-cosmos",
        "azure-cosmos",
    ),
    client(
        "kafka$ aiokafka$",
        "KafkaProducer KafkaConsumer AIOKafkaProducer AIOKafkaConsumer KafkaAdminClient",
        "bootstrap_servers=",
        "kafka",
        "kafka-python",
    ),
    client(
        "confluent_kafka$ confluent_kafka.aio$",
        "Producer Consumer",
        "bootstrap.servers=",
        "kafka",
        "confluent-kafka",
    ),
    client(
        "pika$",
        "ConnectionParameters URLParameters",
        "host+ 0",
        "amqp",
        "pika",
    ),
    client(
        "aio_pika$",
        "connect connect_robust",
        "host+ 0 url=",
        "amqp",
        "aio-pika",
    ),
    client("kombu$", "Connection", "0", "amqp", "kombu"),
    client(
        "nameko.rpc$ nameko.standalone.rpc$",
        "RpcProxy ServiceRpc ServiceRpcProxy",
        "0",
        "amqp",
        "nameko",
    ),
    client("nats$", "connect", "0 servers=", "nats", "nats-py"),
    client(
        "paho.mqtt.client",
        "connect",
        "0 host=",
        "mqtt",
        "paho-mqtt",
    ),
    client("celery$", "Celery", "broker=", "celery", "celery"),
    client("smtplib$", "SMTP SMTP_SSL", "0 host=", "smtp", "smtplib"),
    client("ldap3$", "Server", "0 host=", "ldap", "ldap3"),
    client("ldap$", "initialize", "0", "ldap", "python-ldap"),
    client("hvac$", "Client", "url=", "vault", "hvac"),
    client("consul$", "Consul", "host+", "consul", "python-consul"),
    client(
        "openai$",
        "OpenAI AsyncOpenAI AzureOpenAI",
        "base_url= azure_endpoint=",
        "openai",
        "openai",
    ),
    client(
        "anthropic$",
        "Anthropic AsyncAnthropic",
        "base_url=",
        "anthropic",
        "anthropic",
    ),
    client(
        "slack_sdk slack$",
        "WebClient AsyncWebClient",
        "",
        "slack",
        "slack-sdk",
    ),
    client("twilio.rest$", "Client", "", "twilio", "twilio"),
];
