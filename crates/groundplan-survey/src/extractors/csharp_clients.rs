//! Calls that .NET services make to others.

use crate::addresses;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Client, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, DeclKind, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-clients",
    docs: "\
### What it finds
Calls of `HttpClient` with the base address of the same file, base addresses of registered clients,
Refit interfaces, gRPC clients and channels, and connections: Entity Framework providers, ADO.NET,
MongoDB, Redis, Elasticsearch, MinIO, RabbitMQ, Kafka, Azure and AWS clients, Marten, and the client integrations of .NET
Aspire. Keys of the configuration become `{env:A:B}`. Hosts of constants beside an HTTP client, and of
servers that a configuration names unless another is set, and of addresses that a class of the project is given whose
name says that it is a request (`HttpRequest…`). Builders of connection strings that are given the parts.

### What it does not find
User names and passwords of connection strings; addresses that an options class carries.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &[
        "Client",
        "Uri",
        "BaseAddress",
        "GrpcChannel",
        "UseSqlServer",
        "UseNpgsql",
        "UseMySql",
        "UseSqlite",
        "UseCosmos",
        "UseOracle",
        "Connection",
        "Redis",
        "Npgsql",
        "HostName",
        "Refit",
        "BootstrapServers",
        "Marten",
        "DbContext",
        "Host(",
        "RabbitHutch",
        "\"http",
    ],
    run: extract,
};

/// Calls whose first argument says where to connect: name, protocol, library.
#[rustfmt::skip]
const CONNECTIONS: [(&str, &str, &str); 26] = [
    ("BlobServiceClient", "azure-blob-storage", "azure-storage-blobs"),
    ("ConnectionMultiplexer.Connect", "redis", "stackexchange-redis"),
    ("ConnectionMultiplexer.ConnectAsync", "redis", "stackexchange-redis"),
    ("ElasticClient", "elasticsearch", "nest"),
    ("ElasticsearchClient", "elasticsearch", "elastic-clients-elasticsearch"),
    ("GrpcChannel.ForAddress", "grpc", "grpc"),
    ("LiteDatabase", "litedb", "litedb"),
    ("MongoClient", "mongodb", "mongodb"),
    ("MySqlConnection", "mysql", "ado.net"),
    ("NpgsqlConnection", "postgresql", "npgsql"),
    ("NpgsqlDataSource.Create", "postgresql", "npgsql"),
    ("RabbitHutch.CreateBus", "amqp", "easynetq"),
    ("ServiceBusClient", "azure-service-bus", "azure-service-bus"),
    ("SqlConnection", "sqlserver", "ado.net"),
    ("SqliteConnection", "sqlite", "ado.net"),
    ("UseCosmos", "cosmosdb", "entity-framework-core"),
    ("UseMySQL", "mysql", "entity-framework-core"),
    ("UseMySql", "mysql", "entity-framework-core"),
    ("UseNpgsql", "postgresql", "entity-framework-core"),
    ("UseOracle", "oracle", "entity-framework-core"),
    ("UseSqlServer", "sqlserver", "entity-framework-core"),
    ("UseSqlite", "sqlite", "entity-framework-core"),
    ("AddMarten", "postgresql", "marten"),
    ("SQLiteConnection", "sqlite", "ado.net"),
    ("SmtpClient", "smtp", "smtp"),
    ("WithEndpoint", "minio", "minio"),
];

/// Integrations of .NET Aspire: their first argument names a connection string.
#[rustfmt::skip]
const ASPIRE: [(&str, &str); 18] = [
    ("AddAzureBlobClient", "azure-blob-storage"), ("AddAzureServiceBusClient", "azure-service-bus"),
    ("AddElasticsearchClient", "elasticsearch"), ("AddKafkaConsumer", "kafka"),
    ("AddKafkaProducer", "kafka"), ("AddMongoDBClient", "mongodb"),
    ("AddMySqlDataSource", "mysql"), ("AddMySqlDbContext", "mysql"), ("AddNatsClient", "nats"),
    ("AddNpgsqlDataSource", "postgresql"), ("AddNpgsqlDbContext", "postgresql"),
    ("AddQdrantClient", "qdrant"), ("AddRabbitMQClient", "amqp"),
    ("AddRedisClient", "redis"), ("AddRedisDistributedCache", "redis"),
    ("AddRedisOutputCache", "redis"), ("AddSqlServerClient", "sqlserver"),
    ("AddSqlServerDbContext", "sqlserver"),
];

/// Properties that are set to an address: name, protocol, what the file must mention.
#[rustfmt::skip]
const PROPERTIES: [(&str, &str, &str, &str); 5] = [
    ("Address", "grpc", "grpc", "AddGrpcClient"),
    ("BaseAddress", "http", "dotnet-httpclient", "BaseAddress"),
    ("BootstrapServers", "kafka", "confluent-kafka", "Kafka"),
    ("Configuration", "redis", "stackexchange-redis", "AddStackExchangeRedisCache"),
    ("HostName", "amqp", "rabbitmq", "ConnectionFactory"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    let base = properties(acc, file, &values);
    for call in file.code().calls() {
        http(acc, file, &values, base.as_deref(), call);
        connections(acc, file, &values, call);
        requests(acc, file, &values, call);
    }
    refit(acc, file);
    constants(acc, file, &values);
    builders(acc, file);
}

/// Builders of connection strings, with the store that each is of.
const BUILDERS: [(&str, &str, &str); 6] = [
    ("MySqlConnectionStringBuilder", "mysql", "ado.net"),
    ("NpgsqlConnectionStringBuilder", "postgresql", "npgsql"),
    ("OracleConnectionStringBuilder", "oracle", "ado.net"),
    ("SQLiteConnectionStringBuilder", "sqlite", "ado.net"),
    ("SqlConnectionStringBuilder", "sqlserver", "ado.net"),
    ("SqliteConnectionStringBuilder", "sqlite", "ado.net"),
];

/// `new NpgsqlConnectionStringBuilder { Host = options.Host }`: a connection that is put together of its parts. One
/// that is given a text takes a connection string apart.
fn builders(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("ConnectionStringBuilder") {
        return;
    }
    let code = file.code();
    let mut found: Vec<&str> = Vec::new();
    for at in 1..code.tokens.len() {
        let Some(row) = BUILDERS.iter().find(|row| code.is(at, row.0)) else {
            continue;
        };
        let made = code.is(at - 1, "new")
            && (code.is(at + 1, "{") || code.is(at + 1, "(") && code.is(at + 2, ")"));
        if made && !found.contains(&row.1) {
            found.push(row.1);
            scan::client(acc, file, code.line(at), scan::call(row.1, None, row.2));
        }
    }
}

/// `new HttpRequestBuilder("https://api.tides.example/v2/")`: a class of the project whose name says that it is a
/// request, given an address.
fn requests(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let word = code.raw(scan::word_at(code, call));
    let asks = (word.starts_with("HttpRequest") || word.starts_with("RestRequest"))
        && !word.ends_with("Exception");
    if !asks || call.first == 0 || !code.is(call.first - 1, "new") {
        return;
    }
    let Some(range) = code.arguments(call.open).into_iter().next() else {
        return;
    };
    let literal = range
        .clone()
        .any(|at| code.string(at).is_some_and(|t| t.contains("://")));
    let Some(text) = values.argument(call.open, 0).filter(|_| literal) else {
        return;
    };
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, _)) = text.split_once("://") else {
        return;
    };
    let host = addresses::host(text);
    let plain = !host.contains(['{', '}', ' ']) && host.contains('.');
    if matches!(scheme, "http" | "https") && plain {
        let target = Some(format!("{scheme}://{host}"));
        scan::client(
            acc,
            file,
            call.line,
            scan::call("http", target, "dotnet-httpclient"),
        );
    }
}

/// Words of names of constants that people open in a browser, or that no request goes to.
const READ: [&str; 14] = [
    "claim",
    "doc",
    "help",
    "home",
    "issue",
    "licen",
    "namespace",
    "page",
    "redirect",
    "schema",
    "site",
    "support",
    "term",
    "watch",
];

/// Words of names of constants in configuration that a server stands at unless another is set.
const SERVERS: [&str; 6] = ["address", "api", "endpoint", "host", "server", "url"];

/// `private const string ApiUrl = "https://api.tides.example/v2";` beside an HTTP client, and the server
/// that a configuration names unless it is told another.
fn constants(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    const CLIENTS: [&str; 5] = [
        "HttpClient",
        "HttpRequestMessage",
        "RestClient",
        "GetFromJsonAsync",
        "WebRequest",
    ];
    let (code, outline) = (file.code(), file.outline());
    let asks = CLIENTS.iter().any(|word| file.text.contains(word));
    let mut found: Vec<String> = Vec::new();
    for at in 1..code.tokens.len() {
        if !code.is(at, "string") || !code.is(at + 2, "=") {
            continue;
        }
        let fixed = code.is(at - 1, "const") || code.is(at - 1, "readonly");
        let Some(name) = code.ident(at + 1).filter(|_| fixed) else {
            continue;
        };
        let name = name.to_ascii_lowercase();
        let of_configuration = || {
            let owner = outline.owner(at).and_then(|o| outline.types.get(o));
            let ends = ["Configuration", "Options", "Settings"];
            owner.is_some_and(|o| ends.iter().any(|end| o.name.ends_with(end)))
                && SERVERS.iter().any(|word| name.contains(word))
        };
        if READ.iter().any(|word| name.contains(word)) || !asks && !of_configuration() {
            continue;
        }
        let end = (at + 3..at + 40)
            .find(|&at| code.is(at, ";"))
            .unwrap_or(at + 3);
        let first = code.string(at + 3).map(str::to_owned);
        let Some(text) = values.fold(at + 3..end).or(first) else {
            continue;
        };
        // What follows the path may be a key.
        let text = text.split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, _)) = text.split_once("://") else {
            continue;
        };
        let host = addresses::host(text);
        let plain = !host.contains(['{', '}', ' ']) && host.contains('.');
        let is_name = host.starts_with("schemas.") || host.ends_with("w3.org");
        if !matches!(scheme, "http" | "https") || !plain || is_name {
            continue;
        }
        if !found.iter().any(|known| known == host) {
            found.push(host.to_owned());
            let target = Some(format!("{scheme}://{host}"));
            let client = scan::call("http", target, "dotnet-httpclient");
            scan::client(acc, file, code.line(at), client);
        }
    }
}

/// The tokens of what is assigned from `from` on.
fn assigned(file: &SourceFile<'_>, from: usize) -> Range<usize> {
    let code = file.code();
    let mut at = from;
    while at < code.tokens.len() && at < from + 200 {
        match code.raw(at) {
            ";" | "," | ")" | "}" => break,
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
            _ => {}
        }
        at += 1;
    }
    from..at
}

/// Clients that are made known by an assignment. Gives the base address of the file, if it has
/// exactly one.
fn properties(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
) -> Option<String> {
    let code = file.code();
    let mut bases = Vec::new();
    for at in 1..code.tokens.len() {
        let Some(name) = code.ident(at).filter(|_| code.is(at + 1, "=")) else {
            continue;
        };
        let Some(row) = PROPERTIES.iter().find(|row| row.0 == name) else {
            continue;
        };
        if code.is(at + 2, "=") || code.is(at + 2, ">") || !file.text.contains(row.3) {
            continue;
        }
        let Some(target) = values.fold(assigned(file, at + 2)) else {
            continue;
        };
        let grpc = enclosing_generic(file, at, "AddGrpcClient");
        let client = match row.1 {
            "grpc" => {
                let Some(service) = grpc else { continue };
                let service = service.strip_suffix("Client").unwrap_or(service);
                Client {
                    operation: Some(service.to_owned()),
                    ..scan::call("grpc", Some(target), row.2)
                }
            }
            protocol => {
                if protocol == "http" {
                    bases.push(target.clone());
                }
                scan::call(protocol, Some(target), row.2)
            }
        };
        scan::client(acc, file, code.line(at), client);
    }
    bases.pop().filter(|_| bases.is_empty())
}

/// The type argument of the call `name<A.B>(…)` that holds the token.
fn enclosing_generic<'t>(file: &SourceFile<'t>, at: usize, name: &str) -> Option<&'t str> {
    let code = file.code();
    file.outline().ancestors(at).find_map(|open| {
        let close = open.checked_sub(1).filter(|&c| code.is(c, ">"))?;
        let start = (close.saturating_sub(20)..close)
            .rev()
            .find(|&i| code.is(i, "<"))?;
        (start > 0 && code.is(start - 1, name)).then(|| code.ident(close - 1))?
    })
}

/// The method that a call of `HttpClient` sends, by its name.
fn verb(word: &str) -> Option<&'static str> {
    Some(match word {
        "GetAsync" | "GetStringAsync" | "GetStreamAsync" | "GetByteArrayAsync"
        | "GetFromJsonAsync" => "GET",
        "PostAsync" | "PostAsJsonAsync" => "POST",
        "PutAsync" | "PutAsJsonAsync" => "PUT",
        "DeleteAsync" | "DeleteFromJsonAsync" => "DELETE",
        "PatchAsync" | "PatchAsJsonAsync" => "PATCH",
        _ => return None,
    })
}

fn http(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    base: Option<&str>,
    call: Call,
) {
    let code = file.code();
    if scan::plain_word(code, call).is_some_and(|word| verb(word).is_none()) {
        return;
    }
    let name = code.name(call);
    let Some(verb) = verb(name.rsplit('.').next().unwrap_or_default()) else {
        return;
    };
    let receiver = name.rsplit('.').nth(1).unwrap_or_default();
    let kind = file.variable_type(receiver);
    let lower = receiver.to_ascii_lowercase();
    if !(lower.contains("client") || lower == "http" || kind.is_some_and(|k| k == "HttpClient")) {
        return;
    }
    // Clients of stores and caches have methods of the same names.
    if kind.is_some_and(|k| k != "HttpClient") {
        return;
    }
    let Some(path) = values.argument(call.open, 0) else {
        return;
    };
    let target = match base {
        Some(base) if !path.contains("://") => {
            format!(
                "{}/{}",
                base.trim_end_matches('/'),
                path.trim_start_matches('/')
            )
        }
        _ => path,
    };
    if !target.contains('/') && !target.contains("env:") {
        return;
    }
    let client = Client {
        method: Some(verb.to_owned()),
        ..scan::call("http", Some(target), "dotnet-httpclient")
    };
    scan::client(acc, file, call.line, client);
}

fn connections(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    // To put the name together costs more than everything else that is asked of most calls.
    let known = |word: &str| {
        let ends = |known: &str| {
            let before = known.strip_suffix(word);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        ASPIRE.iter().any(|(known, _)| *known == word)
            || CONNECTIONS.iter().any(|(known, _, _)| ends(known))
    };
    if scan::plain_word(code, call).is_some_and(|word| !known(word)) {
        return;
    }
    let name = code.name(call);
    let word = name.rsplit('.').next().unwrap_or_default();
    let made = call.first > 0 && code.is(call.first - 1, "new");
    if let Some((_, protocol)) = ASPIRE.iter().find(|(known, _)| *known == word)
        && let Some(key) = code.string(call.open + 1)
    {
        let target = format!("{{env:ConnectionStrings:{key}}}");
        scan::client(
            acc,
            file,
            call.line,
            scan::call(protocol, Some(target), "aspire"),
        );
        return;
    }
    let row = CONNECTIONS.iter().find(|(known, _, _)| {
        if known.contains('.') {
            name.ends_with(known)
        } else {
            let opens = || match *known {
                "WithEndpoint" => file.says("using Minio"),
                // A class of another library has the same name (<https://github.com/praeclarum/sqlite-net>).
                "SQLiteConnection" => made && file.says("System.Data.SQLite"),
                _ => made || known.starts_with("Use") || known.starts_with("Add"),
            };
            *known == word && opens()
        }
    });
    let Some((_, protocol, library)) = row else {
        return;
    };
    let target = if word == "AddMarten" {
        inner_connection(file, values, call)
    } else {
        values.argument(call.open, 0)
    };
    // What a provider is given from elsewhere, it is opened with all the same.
    if target.is_none() && !["Use", "Elastic"].iter().any(|w| word.starts_with(w)) {
        return;
    }
    let by_address = target.as_deref().and_then(addresses::protocol);
    let protocol = by_address.filter(|p| *p != "http").unwrap_or(protocol);
    scan::client(acc, file, call.line, scan::call(protocol, target, library));
}

/// `AddMarten(options => options.Connection(…))`
fn inner_connection(file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) -> Option<String> {
    let code = file.code();
    let close = code.partner(call.open)?;
    let at = (call.open..close).find(|&at| code.is(at, "Connection") && code.is(at + 1, "("))?;
    values.argument(at + 1, 0)
}

/// `[Get("/orders/{id}")]` on the methods of an interface.
fn refit(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let outline = file.outline();
    for declared in &outline.declared {
        let in_interface = declared
            .owner
            .and_then(|owner| outline.types.get(owner))
            .is_some_and(|t| t.keyword == "interface");
        if declared.kind != DeclKind::Function || !in_interface {
            continue;
        }
        for annotation in &declared.annotations {
            let verb = match annotation.name.as_str() {
                "Get" | "Post" | "Put" | "Delete" | "Patch" => annotation.name.to_ascii_uppercase(),
                _ => continue,
            };
            let path = annotation
                .open
                .and_then(|open| file.code().string(open + 1));
            if let Some(path) = path {
                let client = Client {
                    method: Some(verb),
                    operation: Some(declared.name.clone()),
                    ..scan::call("http", Some(path.to_owned()), "refit")
                };
                scan::client(acc, file, annotation.line, client);
            }
        }
    }
}
