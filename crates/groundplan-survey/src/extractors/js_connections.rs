//! Stores, brokers, cloud services and gRPC services that Node code connects to.

use crate::addresses;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts};
use crate::mention_place::{line_end, line_start};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-connections",
    docs: "\
### What it finds
Connections of the usual drivers (pg, mysql, mongodb, mongoose, redis, ioredis, amqplib, kafkajs,
nats, mqtt, memcached, Elasticsearch, Cassandra, Neo4j, SMTP), of Sequelize, TypeORM, Drizzle and Prisma, AWS
clients, gRPC clients with their address, and gRPC services that the file offers.

### What it does not find
Users and passwords, which are left out. Addresses from a configuration object of another file.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &[
        "connect",
        "Client",
        "Pool",
        "createConnection",
        "Redis",
        "Kafka",
        "Sequelize",
        "DataSource",
        "Prisma",
        "AWS",
        "grpc",
        "Grpc",
        "credentials",
        "addService",
        "Memcached",
        "driver",
        "createTransport",
        "forRoot",
        "drizzle(",
        "postgres(",
    ],
    run: extract,
};

/// How a call says where it connects to.
struct Row {
    /// Name of the call, or of the class after `new`.
    name: &'static str,
    /// Whether `new` stands before it.
    made: bool,
    /// Module that the file must import; empty for none.
    module: &'static str,
    /// Protocol; empty where the address or the options say it.
    protocol: &'static str,
    /// Library.
    library: &'static str,
}

const fn row(
    name: &'static str,
    made: bool,
    module: &'static str,
    protocol: &'static str,
    library: &'static str,
) -> Row {
    Row {
        name,
        made,
        module,
        protocol,
        library,
    }
}

#[rustfmt::skip]
const ROWS: [Row; 45] = [
    row("Client", true, "@elastic/elasticsearch", "elasticsearch", "elasticsearch"),
    row("Client", true, "@opensearch-project/opensearch", "opensearch", "opensearch"),
    row("Client", true, "cassandra-driver", "cassandra", "cassandra-driver"),
    row("Client", true, "pg", "postgresql", "pg"),
    row("DataSource", true, "typeorm", "", "typeorm"),
    row("IORedis", true, "ioredis", "redis", "ioredis"),
    row("Kafka", true, "@confluentinc/kafka-javascript", "kafka", "kafka-javascript"),
    row("Kafka", true, "kafkajs", "kafka", "kafkajs"),
    row("KafkaJS.Kafka", true, "@confluentinc/kafka-javascript", "kafka", "kafka-javascript"),
    row("Memcached", true, "memcached", "memcached", "memcached"),
    row("MongoClient", true, "mongodb", "mongodb", "mongodb"),
    row("MongoClient.connect", false, "mongodb", "mongodb", "mongodb"),
    row("MongooseModule.forRoot", false, "@nestjs/mongoose", "mongodb", "mongoose"),
    row("Pool", true, "pg", "postgresql", "pg"),
    row("PrismaMariaDb", true, "@prisma/adapter-mariadb", "mariadb", "prisma"),
    row("PrismaPg", true, "@prisma/adapter-pg", "postgresql", "prisma"),
    row("Redis", true, "ioredis", "redis", "ioredis"),
    row("Redis.Cluster", true, "ioredis", "redis", "ioredis"),
    row("Sequelize", true, "sequelize", "", "sequelize"),
    row("TypeOrmModule.forRoot", false, "@nestjs/typeorm", "", "typeorm"),
    row("amqp.connect", false, "amqplib", "amqp", "amqplib"),
    row("amqplib.connect", false, "amqplib", "amqp", "amqplib"),
    row("connect", false, "amqplib", "amqp", "amqplib"),
    row("connect", false, "nats", "nats", "nats"),
    row("createClient", false, "redis", "redis", "redis"),
    row("createConnection", false, "mongoose", "mongodb", "mongoose"),
    row("createConnection", false, "typeorm", "", "typeorm"),
    row("drizzle", false, "drizzle-orm/mysql2", "mysql", "drizzle-orm"),
    row("drizzle", false, "drizzle-orm/node-postgres", "postgresql", "drizzle-orm"),
    row("drizzle", false, "drizzle-orm/postgres-js", "postgresql", "drizzle-orm"),
    row("postgres", false, "postgres", "postgresql", "postgres"),
    row("mongoClient.connect", false, "mongodb", "mongodb", "mongodb"),
    row("mongodb.MongoClient.connect", false, "mongodb", "mongodb", "mongodb"),
    row("mongoose.connect", false, "mongoose", "mongodb", "mongoose"),
    row("mongoose.createConnection", false, "mongoose", "mongodb", "mongoose"),
    row("mqtt.connect", false, "mqtt", "mqtt", "mqtt"),
    row("mysql.createConnection", false, "", "mysql", "mysql"),
    row("mysql.createPool", false, "", "mysql", "mysql"),
    row("neo4j.driver", false, "neo4j-driver", "bolt", "neo4j-driver"),
    row("nodemailer.createTransport", false, "nodemailer", "smtp", "nodemailer"),
    row("pg.Client", true, "pg", "postgresql", "pg"),
    row("pg.Pool", true, "pg", "postgresql", "pg"),
    row("redis.createClient", false, "redis", "redis", "redis"),
    row("createCluster", false, "redis", "redis", "redis"),
    row("mariadb.createPool", false, "mariadb", "mariadb", "mariadb"),
];

const AWS: [(&str, &str); 14] = [
    ("CloudWatch", "cloudwatch"),
    ("CognitoIdentityServiceProvider", "cognito"),
    ("DynamoDB", "dynamodb"),
    ("DynamoDB.DocumentClient", "dynamodb"),
    ("EventBridge", "eventbridge"),
    ("Kinesis", "kinesis"),
    ("Lambda", "lambda"),
    ("S3", "s3"),
    ("SES", "ses"),
    ("SFN", "stepfunctions"),
    ("SNS", "sns"),
    ("SQS", "sqs"),
    ("SSM", "ssm"),
    ("SecretsManager", "secretsmanager"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for call in file.code().calls() {
        store(acc, file, &values, call);
        aws(acc, file, &values, call);
        grpc(acc, file, &values, call);
    }
    // `@GrpcMethod("CartService", "Get")` of NestJS
    for declared in file.declared() {
        let found = declared.annotation(&["GrpcMethod", "GrpcStreamMethod"]);
        let service = found.and_then(|a| file.code().string(a.open? + 1));
        if let (Some(found), Some(service)) = (found, service) {
            let claim = Claim::GrpcServer(service.to_owned());
            scan::add(acc, file, found.line, claim);
        }
    }
}

fn imports(file: &SourceFile<'_>, module: &str) -> bool {
    let says =
        |written: String| memchr::memmem::find(file.text.as_bytes(), written.as_bytes()).is_some();
    module.is_empty()
        || says(format!("'{module}'"))
        || says(format!("\"{module}\""))
        || says(format!("'{module}/"))
        || says(format!("\"{module}/"))
}

/// Whether a file takes a whole module in under a name.
fn imported_as(file: &SourceFile<'_>, name: &str, module: &str) -> bool {
    let begins = [
        format!("import {name} from"),
        format!("import * as {name} from"),
        format!("{name} = require("),
    ];
    let mut places = memchr::memmem::find_iter(file.text.as_bytes(), module.as_bytes());
    places.any(|at| {
        let line = &file.text[line_start(file.text, at)..line_end(file.text, at)];
        begins.iter().any(|begin| line.contains(begin.as_str()))
    })
}

fn store(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    // Most calls end in no word of a row, which tells before their name is put together.
    let word = scan::last_of_name(code, call);
    let ends = |row: &Row| {
        row.name.as_bytes().last() == word.as_bytes().last() && row.name.ends_with(word)
    };
    if word != "PrismaClient" && !ROWS.iter().any(ends) {
        return;
    }
    let made = call.first > 0 && code.is(call.first - 1, "new");
    let mut name = code.name(call);
    if let (Some(rest), Some(module)) =
        (name.strip_prefix("require()."), code.string(call.first + 2))
    {
        name = format!("{module}.{rest}");
    }
    // `import ampq from "amqplib/callback_api.js"`: a module may be called anything.
    if let Some((receiver, "connect")) = name.split_once('.')
        && receiver != "amqp"
        && imported_as(file, receiver, "amqplib")
    {
        name = "amqp.connect".to_owned();
    }
    let wanted = |row: &&Row| row.name == name && row.made == made && imports(file, row.module);
    if name == "PrismaClient" && made {
        scan::uses(acc, file, call.line, "prisma", "client", "new PrismaClient");
        return;
    }
    let Some(row) = ROWS.iter().find(wanted) else {
        return;
    };
    let arguments = code.arguments(call.open);
    let object = arguments.iter().find_map(|part| {
        let open = values.literal_at(part)?;
        code.is(open, "{").then_some(open)
    });
    let text = arguments
        .first()
        .filter(|first| values.literal_at(first).is_none())
        .and_then(|first| values.fold(first.clone()));
    let target = match (&text, object) {
        (Some(text), _) if text.contains("://") || text.contains("env:") => Some(text.clone()),
        (_, Some(open)) => place(file, values, open),
        (Some(text), None) => Some(text.clone()),
        (None, None) => None,
    };
    // `drizzle(pool)` takes a connection that is opened elsewhere.
    let whole = |text: &String| text.contains("://") || text.contains("env:");
    let target = target.filter(|text| row.library != "drizzle-orm" || whole(text));
    // `new Redis(6379, "host")`
    let target = match (target, values.argument(call.open, 1)) {
        (Some(port), Some(host)) if port.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{host}:{port}"))
        }
        (target, _) => target,
    };
    let said = object
        .and_then(|open| values.folded_property(open, &["type", "dialect"]))
        .and_then(|kind| dialect(&kind));
    let by_scheme = target.as_deref().and_then(addresses::protocol);
    let protocol = match row.protocol {
        "" => said.or(by_scheme).unwrap_or("sql"),
        fixed => fixed,
    };
    if protocol == "sql" && target.is_none() {
        return;
    }
    let client = scan::call(protocol, target, row.library);
    scan::client(acc, file, call.line, client);
}

fn dialect(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "postgres" | "postgresql" | "aurora-postgres" => "postgresql",
        "mysql" | "aurora-mysql" => "mysql",
        "mariadb" => "mariadb",
        "mongodb" => "mongodb",
        "mssql" => "sqlserver",
        "sqlite" | "better-sqlite3" => "sqlite",
        "oracle" => "oracle",
        "cockroachdb" => "cockroachdb",
        _ => return None,
    })
}

/// The address in an object of options: a URL, a list of brokers, or host, port and database.
fn place(file: &SourceFile<'_>, values: &Values<'_, '_>, open: usize) -> Option<String> {
    let code = file.code();
    let whole = ["connectionString", "url", "uri", "node", "nodes"];
    if let Some(url) = values.folded_property(open, &whole) {
        return Some(url);
    }
    for name in ["brokers", "servers", "contactPoints", "hosts"] {
        let Some(range) = values.property(open, name) else {
            continue;
        };
        let Some(list) = values.literal_at(&range) else {
            return values.fold(range);
        };
        let parts = code.arguments(list).into_iter();
        let all: Vec<String> = parts.filter_map(|part| values.fold(part)).collect();
        return (!all.is_empty()).then(|| all.join(","));
    }
    if let Some(socket) = values.property(open, "socket")
        && let Some(inner) = values.literal_at(&socket)
    {
        return place(file, values, inner);
    }
    let host = values.folded_property(open, &["host", "hostname"])?;
    let port = values
        .folded_property(open, &["port"])
        .map_or_else(String::new, |port| format!(":{port}"));
    let database = values
        .folded_property(open, &["database"])
        .map_or_else(String::new, |name| format!("/{name}"));
    Some(format!("{host}{port}{database}"))
}

fn aws(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    if call.first == 0 || !code.is(call.first - 1, "new") {
        return;
    }
    let name = code.name(call);
    let (service, qualified) = match name.strip_prefix("AWS.") {
        Some(service) => (service, true),
        None => (name.strip_suffix("Client").unwrap_or(&name), false),
    };
    let Some((_, protocol)) = AWS.iter().find(|(known, _)| *known == service) else {
        return;
    };
    let from_sdk = || file.says("@aws-sdk/") || file.says("aws-sdk/clients");
    if !qualified && !from_sdk() {
        return;
    }
    let endpoint = code
        .arguments(call.open)
        .first()
        .and_then(|first| values.literal_at(first))
        .and_then(|open| values.folded_property(open, &["endpoint"]));
    scan::client(
        acc,
        file,
        call.line,
        scan::call(protocol, endpoint, "aws-sdk"),
    );
}

fn grpc(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let word = code.raw(call.open - 1);
    if word == "addService" {
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first() else {
            return;
        };
        let names: Vec<&str> = first.clone().filter_map(|at| code.ident(at)).collect();
        let service = match names.as_slice() {
            // `proto.shop.Cart.service`
            [.., name, "service"] => Some(*name),
            // `CartServiceService` and `CartServiceDefinition` of generators
            [.., name] => name
                .strip_suffix("Definition")
                .or_else(|| {
                    name.strip_suffix("Service")
                        .filter(|n| n.ends_with("Service"))
                })
                .or(Some(*name)),
            [] => None,
        };
        if service.is_some_and(|s| s.eq_ignore_ascii_case("health")) {
            let topic = Topic::HealthCheck;
            return scan::mark(acc, file, call.line, topic, "grpc.health.v1.Health", None);
        }
        if let Some(service) = service {
            scan::add(acc, file, call.line, Claim::GrpcServer(service.to_owned()));
        }
        return;
    }
    if call.first == 0 || !code.is(call.first - 1, "new") {
        return;
    }
    let secured = code.arguments(call.open).get(1).is_some_and(|second| {
        second.clone().any(|at| {
            matches!(
                code.raw(at),
                "credentials" | "createInsecure" | "createSsl" | "ChannelCredentials"
            )
        })
    });
    if !secured {
        return;
    }
    let service = word
        .strip_suffix("Client")
        .filter(|s| !s.is_empty())
        .unwrap_or(word);
    let client = Client {
        operation: Some(service.to_owned()),
        ..scan::call("grpc", values.argument(call.open, 0), "grpc")
    };
    scan::client(acc, file, call.line, client);
}
