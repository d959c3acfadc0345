//! Stores, brokers, cloud services and gRPC services that Java and Kotlin code connects to.

use crate::addresses;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, DeclKind, Language};
use std::cell::LazyCell;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-connections",
    docs: "\
### What it finds
Connections of JDBC, MongoDB, Redis, Kafka, RabbitMQ, Elasticsearch and AWS clients; gRPC channels,
stubs and the services that the file implements. Addresses are folded as those of HTTP clients are.

### What it does not find
Connections that a framework makes from configuration alone; addresses from another file.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "Grpc",
        "ManagedChannel",
        "ChannelBuilder",
        "DriverManager",
        "Jedis",
        "MongoClient",
        "RedisURI",
        "RedisClient",
        "LettuceConnectionFactory",
        "RedisStandaloneConfiguration",
        "ConnectionFactory",
        "HttpHost",
        "ServerAddress",
        "awssdk",
        "amazonaws",
        "BOOTSTRAP_SERVERS",
        "bootstrap.servers",
        "setJdbcUrl",
        "ImplBase",
        "CoroutineStub",
    ],
    run: extract,
};

/// Constructors and factories that take an address or a host and port: name of the call, protocol,
/// library.
const CONNECTIONS: [(&str, &str, &str); 16] = [
    ("DriverManager.getConnection", "jdbc", "jdbc"),
    ("HttpHost", "elasticsearch", "elasticsearch"),
    ("Jedis", "redis", "jedis"),
    ("JedisPool", "redis", "jedis"),
    ("LettuceConnectionFactory", "redis", "lettuce"),
    ("ManagedChannelBuilder.forAddress", "grpc", "grpc"),
    ("ManagedChannelBuilder.forTarget", "grpc", "grpc"),
    ("NettyChannelBuilder.forAddress", "grpc", "grpc"),
    ("NettyChannelBuilder.forTarget", "grpc", "grpc"),
    ("CachingConnectionFactory", "amqp", "spring-amqp"),
    ("MongoClient", "mongodb", "mongodb"),
    ("MongoClients.create", "mongodb", "mongodb"),
    ("RedisStandaloneConfiguration", "redis", "spring-data-redis"),
    ("RedisClient.create", "redis", "lettuce"),
    ("RedisURI.create", "redis", "lettuce"),
    ("ServerAddress", "mongodb", "mongodb"),
];

/// Clients of AWS by the word that their builder begins with: protocol.
const AWS: [(&str, &str); 16] = [
    ("AmazonDynamoDB", "dynamodb"),
    ("AmazonKinesis", "kinesis"),
    ("AmazonS3", "s3"),
    ("AmazonSNS", "sns"),
    ("AmazonSQS", "sqs"),
    ("DynamoDbAsyncClient", "dynamodb"),
    ("DynamoDbClient", "dynamodb"),
    ("KinesisClient", "kinesis"),
    ("KmsClient", "kms"),
    ("S3AsyncClient", "s3"),
    ("S3Client", "s3"),
    ("SecretsManagerClient", "secretsmanager"),
    ("SesClient", "ses"),
    ("SnsClient", "sns"),
    ("SqsAsyncClient", "sqs"),
    ("SqsClient", "sqs"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for call in file.code().calls() {
        connections(acc, file, &values, call);
        grpc(acc, file, call);
    }
    brokers(acc, file, &values);
    stubs(acc, file, &values);
    servers(acc, file);
}

/// A client at the line of a call.
fn emit(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, client: Client) {
    scan::client(acc, file, line, client);
}

fn connections(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let word = code.raw(call.open - 1);
    // Most calls end in no word of a row, which tells before their name is put together.
    let name = LazyCell::new(|| code.name(call));
    let last = scan::last_of_name(code, call);
    let is_new = call.first > 0 && code.is(call.first - 1, "new");
    for (wanted, protocol, library) in CONNECTIONS {
        let named = match wanted.rsplit_once('.') {
            Some((_, end)) => end == last && name.ends_with(wanted),
            None => is_new && word == wanted,
        };
        // Apache HttpClient has a class of the same name.
        let foreign = || {
            let of_search = ["elasticsearch", "opensearch"];
            wanted == "HttpHost" && !of_search.iter().any(|p| file.says(p))
        };
        if !named || foreign() {
            continue;
        }
        let Some(first) = values.argument(call.open, 0) else {
            continue;
        };
        let protocol = match protocol {
            "jdbc" => addresses::protocol(&first).unwrap_or("jdbc"),
            other => other,
        };
        let target = match values.argument(call.open, 1) {
            Some(port) if is_port(&port) => format!("{first}:{port}"),
            _ => first,
        };
        emit(
            acc,
            file,
            call.line,
            scan::call(protocol, Some(target), library),
        );
    }
    if matches!(word, "create" | "builder" | "standard" | "defaultClient")
        || word.ends_with("Client") && is_new
    {
        let subject = if is_new {
            word
        } else {
            name.split('.').next().unwrap_or_default()
        };
        let row = AWS.iter().find(|(start, _)| {
            subject.strip_prefix(start).is_some_and(|rest| {
                matches!(
                    rest,
                    "" | "Client" | "ClientBuilder" | "AsyncClientBuilder" | "AsyncClient"
                )
            })
        });
        if let Some((_, protocol)) = row {
            emit(acc, file, call.line, scan::call(protocol, None, "aws-sdk"));
        }
    }
    let arguments = || code.arguments(call.open);
    match word {
        "put" | "setProperty" => {
            let Some(key) = arguments().first().cloned() else {
                return;
            };
            let key_text = code
                .string(key.start)
                .unwrap_or_else(|| code.raw(key.end - 1));
            if matches!(key_text, "bootstrap.servers" | "BOOTSTRAP_SERVERS_CONFIG")
                && let Some(target) = values.argument(call.open, 1)
            {
                emit(
                    acc,
                    file,
                    call.line,
                    scan::call("kafka", Some(target), "kafka-clients"),
                );
            }
        }
        "setJdbcUrl" => {
            if let Some(target) = values.argument(call.open, 0) {
                let protocol = addresses::protocol(&target).unwrap_or("jdbc");
                emit(
                    acc,
                    file,
                    call.line,
                    scan::call(protocol, Some(target), "jdbc"),
                );
            }
        }
        "setHost" | "setHostName" if file.text.contains("com.rabbitmq") => {
            if let Some(target) = values.argument(call.open, 0) {
                emit(
                    acc,
                    file,
                    call.line,
                    scan::call("amqp", Some(target), "rabbitmq"),
                );
            }
        }
        "setHostName" if file.text.contains("JedisConnectionFactory") => {
            if let Some(target) = values.argument(call.open, 0) {
                emit(
                    acc,
                    file,
                    call.line,
                    scan::call("redis", Some(target), "jedis"),
                );
            }
        }
        _ => {}
    }
}

/// `props[BOOTSTRAP_SERVERS_CONFIG] = servers` of Kotlin.
fn brokers(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        let key =
            code.is(at, "BOOTSTRAP_SERVERS_CONFIG") || code.string(at) == Some("bootstrap.servers");
        if !key || !code.is(at + 1, "]") || !code.is(at + 2, "=") {
            continue;
        }
        let end = (at + 3..code.tokens.len())
            .find(|&end| code.line(end) > code.line(at) || code.is(end, ";"))
            .unwrap_or(code.tokens.len());
        if let Some(target) = values.fold(at + 3..end) {
            let client = scan::call("kafka", Some(target), "kafka-clients");
            emit(acc, file, code.line(at), client);
        }
    }
}

fn is_port(text: &str) -> bool {
    text.starts_with('$')
        || text.starts_with("{env:")
        || !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `CartGrpc.newBlockingStub(channel)`.
fn grpc(acc: &mut FileFacts, file: &SourceFile<'_>, call: Call) {
    let code = file.code();
    let method = code.raw(call.open - 1);
    let stub = matches!(
        method,
        "newBlockingStub" | "newStub" | "newFutureStub" | "newBlockingV2Stub"
    ) || method.ends_with("CoroutineStub");
    if !stub {
        return;
    }
    let class = call.open.checked_sub(3).map_or("", |at| code.raw(at));
    let service = if method.ends_with("CoroutineStub") {
        method.strip_suffix("CoroutineStub")
    } else {
        class.strip_suffix("Grpc")
    };
    if let Some(service) = service.filter(|s| !s.is_empty()) {
        let client = Client {
            operation: Some(service.to_owned()),
            ..scan::call("grpc", None, "grpc")
        };
        emit(acc, file, call.line, client);
    }
}

/// Fields and parameters with `@GrpcClient("name")`.
fn stubs(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let outline = file.outline();
    for declared in &outline.declared {
        let found = declared.annotation(&["GrpcClient"]);
        let (Some(found), DeclKind::Field | DeclKind::Parameter) = (found, declared.kind) else {
            continue;
        };
        let target = found.open.and_then(|open| values.argument(open, 0));
        let service = file.variable_type(&declared.name).and_then(|kind| {
            ["BlockingStub", "FutureStub", "CoroutineStub", "Stub"]
                .iter()
                .find_map(|end| kind.strip_suffix(end))
        });
        let client = Client {
            operation: service.map(str::to_owned),
            ..scan::call("grpc", target, "grpc")
        };
        emit(acc, file, found.line, client);
    }
}

/// `class X extends CartGrpc.CartImplBase`.
fn servers(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for index in 0..code.tokens.len() {
        let Some(word) = code.ident(index) else {
            continue;
        };
        let service = word
            .strip_suffix("CoroutineImplBase")
            .or_else(|| word.strip_suffix("ImplBase"));
        let Some(service) = service.filter(|s| !s.is_empty()) else {
            continue;
        };
        let before = index.checked_sub(2).map_or("", |at| code.raw(at));
        if before.starts_with(service) || code.is(index.wrapping_sub(1), "extends") {
            let claim = Claim::GrpcServer(service.to_owned());
            scan::add(acc, file, code.line(index), claim);
        }
    }
}
