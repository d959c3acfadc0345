//! Answers on security, storage and technology, as a reader meets them.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use groundplan_document::{Block, Options, Outline, Span, Text, compose, parse_outline};
use groundplan_model::{
    Attribute, Blueprint, Confidence, Dependency, DependencyScope, Element, ElementKind, Entity,
    EntityKind, Evidence, Field, LanguageCoverage, Mode, Observation, Provenance, Relationship,
    RelationshipKind, Role, Setting, SettingSource, Topic,
};

const KEYS: [&str; 52] = [
    "application-security",
    "audit-log",
    "authentication",
    "authorization",
    "backend-frameworks",
    "backend-language",
    "browser-cache",
    "build-tools",
    "cache",
    "cache-count",
    "cache-layers",
    "cache-product",
    "cdn",
    "ci-product",
    "cloud",
    "container-platform",
    "container-runtime",
    "cors",
    "database-products",
    "encryption",
    "frontend",
    "input-validation",
    "key-services",
    "language-table",
    "message-flow",
    "network-security",
    "object-storage",
    "orchestration",
    "orm",
    "primary-database",
    "query-cache",
    "queue-product",
    "rate-limiting",
    "read-replicas",
    "roles",
    "search-index",
    "secrets",
    "security-headers",
    "security-metrics",
    "security-monitoring",
    "security-priority",
    "security-scans",
    "service-mesh",
    "sharding",
    "state",
    "state-management",
    "test-libraries",
    "threat-model",
    "topics",
    "ui-library",
    "validation-libraries",
    "authentication-flow",
];

fn outline(key: &str) -> Outline {
    let text = format!(
        "name: one\ntitle: One\nabout: One answer\nsections:\n  - heading: Answer\n    keep: true\n    labels:\n      - {{label: Answer, fill: {key}}}\n"
    );
    parse_outline(&text).unwrap()
}

fn words(text: &Text) -> String {
    let word = |span: &Span| match span {
        Span::Plain(t) | Span::Strong(t) | Span::Emphasis(t) => t.clone(),
        Span::Code(t) => format!("`{t}`"),
        Span::Link { text, .. } | Span::File { text, .. } | Span::Section { text, .. } => {
            text.clone()
        }
        Span::Question(id) | Span::Decision(id) => id.clone(),
        Span::Cite(_) => String::new(),
    };
    text.spans.iter().map(word).collect()
}

fn lines(block: &Block, out: &mut Vec<String>) {
    match block {
        Block::Paragraph(text) => out.push(words(text)),
        Block::Labelled { text, blocks, .. } => {
            out.push(words(text));
            blocks.iter().for_each(|b| lines(b, out));
        }
        Block::List { items, .. } => {
            for item in items {
                let label = item
                    .label
                    .as_ref()
                    .map(|l| format!("{l}: "))
                    .unwrap_or_default();
                out.push(format!("{label}{}", words(&item.text)));
                item.items.iter().for_each(|i| out.push(words(&i.text)));
            }
        }
        Block::Table { rows, .. } => {
            for row in rows {
                out.push(row.iter().map(words).collect::<Vec<_>>().join(" | "));
            }
        }
        Block::Code { text, .. } => out.push(text.clone()),
        Block::Diagram { .. } | Block::Contents => {}
    }
}

/// What stands under a key, one line for each paragraph, item and row.
fn say(blueprint: &Blueprint, key: &str) -> String {
    let (document, diagnostics) = compose(blueprint, &outline(key), &Options::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut out = Vec::new();
    document
        .sections
        .iter()
        .flat_map(|s| &s.blocks)
        .for_each(|b| lines(b, &mut out));
    out.retain(|l| !l.trim().is_empty());
    out.iter()
        .map(|l| l.strip_prefix("Answer: ").unwrap_or(l))
        .collect::<Vec<_>>()
        .join("\n")
}

fn at(line: u32) -> Provenance {
    Provenance::observed([Evidence::new("compose.yaml", line, line, "")])
}

fn element(id: &str, role: Role, technology: &[&str]) -> Element {
    let mut e = Element::new(id, ElementKind::Container, id, at(1));
    e.role = Some(role);
    e.technology = technology.iter().map(|t| (*t).to_owned()).collect();
    with(&mut e, "deployed-by", "Docker Compose");
    e
}

fn with(e: &mut Element, key: &str, value: &str) {
    e.attributes.push(Attribute {
        key: key.to_owned(),
        value: value.to_owned(),
        provenance: at(2),
    });
}

fn edge(from: &str, to: &str, kind: RelationshipKind) -> Relationship {
    Relationship {
        id: format!("{from}->{to}"),
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
        description: String::new(),
        technology: None,
        protocol: None,
        mode: Mode::Sync,
        operations: Vec::new(),
        data_direction: None,
        confidence: Confidence::High,
        provenance: at(3),
    }
}

fn surveyed() -> Blueprint {
    let mut blueprint = Blueprint::default();
    blueprint.system.name = "Shop".to_owned();
    blueprint.coverage.files = 12;
    blueprint
}

fn secret(element: &str, name: &str, value: Option<&str>) -> Setting {
    Setting {
        element: Some(element.to_owned()),
        name: name.to_owned(),
        source: SettingSource::Deployment,
        value: value.map(str::to_owned),
        secret: true,
        profile: None,
        provenance: at(4),
    }
}

#[test]
fn what_was_not_found_says_where_it_was_searched() {
    let blueprint = surveyed();
    for key in KEYS {
        let text = say(&blueprint, key);
        let gap = ["security-priority", "threat-model"].contains(&key);
        match gap {
            true => assert!(text.contains("OQ-"), "{key}: {text}"),
            false => assert!(
                text.starts_with("No ") && text.contains("(searched: "),
                "{key}: {text}"
            ),
        }
    }
}

#[test]
fn without_a_survey_everything_is_a_question() {
    let blueprint = Blueprint::default();
    for key in KEYS {
        let text = say(&blueprint, key);
        assert!(text.contains("OQ-"), "{key}: {text}");
    }
}

#[test]
fn the_same_list_does_not_stand_under_writing_and_reading() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("cart", Role::Service, &["Go"]),
        element("db", Role::Database, &["PostgreSQL"]),
    ];
    blueprint.relationships = vec![edge("cart", "db", RelationshipKind::Writes)];
    let text = say(&blueprint, "read-path");
    assert!(
        text.starts_with("No connection for reading alone"),
        "{text}"
    );
    assert!(!text.contains("db"), "{text}");
}

#[test]
fn one_cache_is_one_sentence_with_its_consequence() {
    let mut blueprint = surveyed();
    let mut cart = element("cart", Role::Service, &["Go"]);
    with(&mut cart, "build", "cart");
    blueprint.elements = vec![cart, element("redis", Role::Cache, &["Redis"])];
    blueprint.relationships = vec![edge("cart", "redis", RelationshipKind::Writes)];
    assert_eq!(
        say(&blueprint, "cache"),
        "`redis` (Redis) is used by `cart`, for which no other store was found: what it keeps \
         there may be kept nowhere else. No volume was found for it."
    );
    assert_eq!(say(&blueprint, "cache-count"), "One layer: server.");
    // With a database beside it the cache is no longer the only store.
    blueprint
        .elements
        .push(element("db", Role::Database, &["PostgreSQL"]));
    blueprint
        .relationships
        .push(edge("cart", "db", RelationshipKind::Writes));
    assert_eq!(
        say(&blueprint, "cache"),
        "`redis` (Redis) is used by `cart`; whether as a cache, a store or a queue was not followed."
    );
    assert_eq!(
        say(&blueprint, "primary-database"),
        "`cart` uses `db` (PostgreSQL). No lasting volume was found for it."
    );
}

#[test]
fn messages_have_senders_and_takers() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("checkout", Role::Service, &["Go"]),
        element("mailer", Role::Service, &["Go"]),
        element("rabbitmq", Role::Broker, &["RabbitMQ"]),
    ];
    let mut sends = edge("checkout", "rabbitmq", RelationshipKind::Publishes);
    sends.operations = vec!["orders".to_owned()];
    let mut takes = edge("mailer", "rabbitmq", RelationshipKind::Subscribes);
    takes.operations = vec!["orders".to_owned()];
    blueprint.relationships = vec![sends, takes];
    assert_eq!(
        say(&blueprint, "topics"),
        "`orders` | `checkout` | `mailer`"
    );
    let flow = say(&blueprint, "message-flow");
    assert!(flow.contains("checkout -> rabbitmq -> mailer"), "{flow}");
    assert!(
        flow.contains(
            "`rabbitmq` (RabbitMQ) takes messages of `checkout` and hands messages to `mailer`."
        ),
        "{flow}"
    );
    assert!(
        flow.contains("No dead-letter queue was found (searched: "),
        "{flow}"
    );
}

#[test]
fn secrets_that_stand_in_files_are_told_from_variables() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("db", Role::Database, &["PostgreSQL"])];
    blueprint.settings = vec![
        secret("db", "POSTGRES_PASSWORD", None),
        secret(
            "db",
            "REPLICATION_PASSWORD",
            Some("${REPLICATION_PASSWORD}"),
        ),
    ];
    let text = say(&blueprint, "secrets");
    assert!(
        text.contains(
            "At least one secret stands with its value in a deployment file: `POSTGRES_PASSWORD`."
        ),
        "{text}"
    );
    assert!(
        text.contains("At least one secret comes from a variable of the shell or an environment file: `REPLICATION_PASSWORD`."),
        "{text}"
    );
    let threats = say(&blueprint, "threat-model");
    assert!(
        threats.contains("the value of `POSTGRES_PASSWORD` for `db`"),
        "{threats}"
    );
    assert!(!threats.contains("REPLICATION_PASSWORD"), "{threats}");
}

#[test]
fn threats_follow_from_what_was_seen_the_worst_first() {
    let mut blueprint = surveyed();
    let mut web = element("web", Role::Ui, &["Node.js"]);
    with(&mut web, "exposed", "8080");
    with(&mut web, "base-image", "node:22");
    let mut db = element("db", Role::Database, &["PostgreSQL"]);
    with(&mut db, "image", "postgres:latest");
    with(&mut db, "exposed", "5432");
    blueprint.elements = vec![web, db];
    blueprint.relationships = vec![edge("web", "db", RelationshipKind::Writes)];
    let text = say(&blueprint, "threat-model");
    let first = text.lines().next().unwrap_or("");
    assert!(
        first.starts_with("Information disclosure: ")
            && first.contains("anybody who reaches the host can try `db` on port `5432`"),
        "{text}"
    );
    assert!(
        text.contains("Tampering: Whoever can push to `postgres:latest`"),
        "{text}"
    );
    assert!(
        text.contains("Denial of service: One client floods `web` and, through it, `db`"),
        "{text}"
    );
    assert!(
        text.contains("Elevation of privilege: `web` starts as root inside its container"),
        "{text}"
    );
    // What stands against a threat takes it away.
    let mut safe = blueprint.clone();
    for e in &mut safe.elements {
        e.attributes
            .retain(|a| a.key != "exposed" && a.key != "image");
        with(e, "limit.memory", "128Mi");
        with(e, "user", "1000");
    }
    safe.observations = vec![Observation {
        topic: Topic::RateLimit,
        element: None,
        name: "limit_req".to_owned(),
        detail: None,
        provenance: at(5),
    }];
    let text = say(&safe, "threat-model");
    assert!(
        text.contains("OQ-") && !text.contains("Elevation") && !text.contains("Denial"),
        "{text}"
    );
}

#[test]
fn the_file_of_an_open_port_is_that_of_the_port() {
    let mut blueprint = surveyed();
    let mut db = element("db", Role::Database, &["PostgreSQL"]);
    for (value, path) in [("dynamic", "test/compose.yaml"), ("5432", "compose.yaml")] {
        db.attributes.push(Attribute {
            key: "exposed".to_owned(),
            value: value.to_owned(),
            provenance: Provenance::observed([Evidence::new(path, 7, 7, "")]),
        });
    }
    blueprint.elements = vec![db];
    let text = say(&blueprint, "threat-model");
    assert!(
        text.contains("Where `compose.yaml` starts it, anybody who reaches the host can try `db` on port `5432`"),
        "{text}"
    );
}

#[test]
fn hostile_names_are_only_names() {
    let mut blueprint = surveyed();
    let names = [
        "`",
        "<script>alert(1)</script>",
        "ä`ö``ü",
        "[x](javascript:1)",
        "",
    ];
    for (i, name) in names.iter().enumerate() {
        let mut e = element(&format!("e{i}"), Role::Database, &[name]);
        e.name = (*name).to_owned();
        for key in [
            "image",
            "exposed",
            "volume",
            "network",
            "base-image",
            "command",
            "replicas",
        ] {
            with(&mut e, key, name);
            with(&mut e, key, &"ß:".repeat(5000));
        }
        blueprint.elements.push(e);
        for topic in [
            Topic::Authentication,
            Topic::Authorization,
            Topic::Cors,
            Topic::SecurityHeader,
            Topic::NetworkPolicy,
            Topic::SecretReference,
            Topic::CacheUse,
            Topic::Tls,
        ] {
            blueprint.observations.push(Observation {
                topic,
                element: Some(format!("e{i}")),
                name: (*name).to_owned(),
                detail: Some("ß`".repeat(3000)),
                provenance: at(6),
            });
        }
        // A circle.
        let to = format!("e{}", (i + 1) % names.len());
        blueprint
            .relationships
            .push(edge(&format!("e{i}"), &to, RelationshipKind::Calls));
    }
    for key in KEYS {
        assert!(!say(&blueprint, key).is_empty(), "{key}");
    }
}

fn read(blueprint: &mut Blueprint, languages: &[(&str, u32)]) {
    blueprint.coverage.languages = languages
        .iter()
        .map(|(language, lines)| LanguageCoverage {
            language: (*language).to_owned(),
            files: 3,
            lines: *lines,
            depth: "read".to_owned(),
        })
        .collect();
}

fn package(element: &str, ecosystem: &str, name: &str, technology: &str) -> Dependency {
    Dependency {
        element: Some(element.to_owned()),
        ecosystem: ecosystem.to_owned(),
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        scope: DependencyScope::Runtime,
        technology: Some(technology.to_owned()),
        provenance: Provenance::observed([Evidence::new("go.mod", 9, 9, "")]),
    }
}

fn seen(topic: Topic, element: &str, name: &str, path: &str, line: u32) -> Observation {
    Observation {
        topic,
        element: Some(element.to_owned()),
        name: name.to_owned(),
        detail: None,
        provenance: Provenance::observed([Evidence::new(path, line, line, "")]),
    }
}

#[test]
fn an_absence_names_what_nobody_reads_and_asks_where_that_is_the_main_part() {
    let mut blueprint = surveyed();
    read(&mut blueprint, &[("Go", 9000), ("Lua", 3000)]);
    let text = say(&blueprint, "security-headers");
    assert!(
        text.ends_with("and code in Go; not searched: Lua)."),
        "{text}"
    );
    read(&mut blueprint, &[("Lua", 9000), ("Go", 3000)]);
    for key in ["security-headers", "orm", "rate-limiting", "encryption"] {
        let text = say(&blueprint, key);
        assert!(
            text.contains("OQ-") && !text.contains("No "),
            "{key}: {text}"
        );
    }
}

#[test]
fn a_client_library_is_no_platform() {
    let mut blueprint = surveyed();
    let mut board = element("board", Role::Service, &["Go"]);
    board.attributes.clear();
    blueprint.elements = vec![board];
    blueprint.dependencies = vec![
        package("board", "go", "k8s.io/client-go", "Kubernetes"),
        package(
            "board",
            "go",
            "github.com/digitalocean/godo",
            "DigitalOcean",
        ),
    ];
    let text = say(&blueprint, "orchestration");
    assert!(text.starts_with("No Compose file"), "{text}");
    let text = say(&blueprint, "cloud");
    assert!(
        text.contains("`board` has client libraries of DigitalOcean")
            && text.contains("do not show where the system itself runs"),
        "{text}"
    );
    for key in ["summary", "primary-technologies", "key-technologies"] {
        let text = say(&blueprint, key);
        assert!(!text.contains("Kubernetes"), "{key}: {text}");
    }
    let text = say(&blueprint, "summary");
    assert!(!text.contains("deployed with"), "{text}");
}

#[test]
fn a_driver_in_a_manifest_is_not_use() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("visits", Role::Service, &["Java"])];
    blueprint.dependencies = vec![package(
        "visits",
        "maven",
        "com.mysql:mysql-connector-j",
        "MySQL",
    )];
    let text = say(&blueprint, "database-products");
    assert_eq!(
        text,
        "MySQL: `visits` has a driver or client of it among its packages."
    );
}

#[test]
fn a_timeout_guards_only_the_call_beside_it() {
    let mut blueprint = surveyed();
    let mut mail = element("mail.example.com", Role::External, &[]);
    mail.external = true;
    mail.kind = ElementKind::SoftwareSystem;
    let mut pay = mail.clone();
    pay.id = "pay.example.com".to_owned();
    pay.name = pay.id.clone();
    blueprint.elements = vec![element("shop", Role::Service, &["Go"]), mail, pay];
    let mut to_mail = edge("shop", "mail.example.com", RelationshipKind::Calls);
    to_mail.provenance = Provenance::observed([Evidence::new("mail/client.go", 40, 40, "")]);
    let mut to_pay = edge("shop", "pay.example.com", RelationshipKind::Calls);
    to_pay.provenance = Provenance::observed([Evidence::new("pay/client.go", 40, 40, "")]);
    blueprint.relationships = vec![to_mail, to_pay];
    blueprint.observations = vec![seen(
        Topic::Timeout,
        "shop",
        "http.Client",
        "pay/client.go",
        31,
    )];
    let text = say(&blueprint, "failure-modes");
    let row = |name: &str| {
        let found = text.lines().find(|l| l.starts_with(name));
        found.unwrap_or_default().to_owned()
    };
    assert!(
        row("`pay.example.com`").contains("A timeout beside the call"),
        "{text}"
    );
    assert!(
        row("`mail.example.com`").contains("| not known |"),
        "{text}"
    );
    assert!(text.contains("1 timeout in shop"), "{text}");
}

#[test]
fn accounts_of_workloads_and_tokens_of_calls_are_no_access_control() {
    let mut blueprint = surveyed();
    read(&mut blueprint, &[("Go", 900)]);
    blueprint.elements = vec![element("cart", Role::Service, &["Go"])];
    blueprint.observations = vec![seen(
        Topic::Authorization,
        "cart",
        "ServiceAccount `cart`",
        "k8s.yaml",
        3,
    )];
    blueprint.dependencies = vec![package("cart", "go", "golang.org/x/oauth2", "Go OAuth2")];
    let text = say(&blueprint, "authorization");
    assert!(
        text.starts_with("No permission check, policy or role binding was found"),
        "{text}"
    );
    for key in ["authentication", "authentication-flow"] {
        let text = say(&blueprint, key);
        assert!(!text.contains("OAuth"), "{key}: {text}");
    }
}

#[test]
fn open_doors_of_a_product_are_told() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("grafana", Role::Monitoring, &["Grafana"])];
    let mut open = seen(
        Topic::Authentication,
        "grafana",
        "anonymous access",
        "grafana.ini",
        3,
    );
    open.detail = Some("Admin".to_owned());
    blueprint.observations = vec![open];
    let text = say(&blueprint, "authentication");
    // How a tool lets people in does not say how the system does.
    assert!(text.starts_with("No identity provider"), "{text}");
    let wanted = "\n`grafana` lets everybody in without a name, as `Admin`.";
    assert!(text.ends_with(wanted), "{text}");
    let threats = say(&blueprint, "threat-model");
    assert!(
        threats.contains("`grafana` lets everybody in without a name"),
        "{threats}"
    );
}

#[test]
fn a_port_bound_to_the_machine_hides_no_port_of_another_file() {
    let mut blueprint = surveyed();
    let mut web = element("web", Role::Service, &[]);
    for (key, value, path) in [
        ("port.80.bind", "127.0.0.1", "compose.yaml"),
        ("exposed", "8080", "compose.yaml"),
        ("exposed", "9090", "compose.prod.yaml"),
    ] {
        web.attributes.push(Attribute {
            key: key.to_owned(),
            value: value.to_owned(),
            provenance: Provenance::observed([Evidence::new(path, 5, 5, "")]),
        });
    }
    blueprint.elements = vec![web];
    let text = say(&blueprint, "network-security");
    assert!(text.contains("web (9090)"), "{text}");
}

#[test]
fn power_over_the_host_is_told_with_its_own_reason() {
    let mut blueprint = surveyed();
    let mut profiler = element("profiler", Role::Monitoring, &[]);
    with(&mut profiler, "privileged", "true");
    let mut collector = element("collector", Role::Monitoring, &[]);
    with(
        &mut collector,
        "volume",
        "/var/run/docker.sock:/var/run/docker.sock",
    );
    blueprint.elements = vec![profiler, collector];
    let text = say(&blueprint, "threat-model");
    assert!(!text.contains("The same goes for `collector`"), "{text}");
    assert!(text.contains("runs privileged"), "{text}");
    assert!(text.contains("holds the socket of Docker"), "{text}");
}

#[test]
fn a_cache_in_code_is_a_layer() {
    let mut blueprint = surveyed();
    read(&mut blueprint, &[("Python", 900)]);
    blueprint.elements = vec![element("web", Role::Service, &["Python"])];
    let mut cached = seen(Topic::CacheUse, "web", "Django cache", "web/plugins.py", 7);
    cached.detail = Some("3600".to_owned());
    blueprint.observations = vec![cached];
    let text = say(&blueprint, "cache-layers");
    assert!(
        text.starts_with("Application | `Django cache` in `web` | 3600"),
        "{text}"
    );
    assert_eq!(
        say(&blueprint, "cache"),
        "`Django cache` in `web` is called with `3600` as its time to live."
    );
}

#[test]
fn a_hash_of_passwords_is_no_encryption() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Java"])];
    let mut old = seen(
        Topic::Encryption,
        "shop",
        "bcrypt for passwords",
        "A.java",
        4,
    );
    old.detail = Some("only checked".to_owned());
    blueprint.observations = vec![
        seen(
            Topic::Encryption,
            "shop",
            "Argon2 for passwords",
            "A.java",
            3,
        ),
        old,
    ];
    let text = say(&blueprint, "encryption");
    let wanted = "`shop` keeps passwords as hashes of Argon2, with bcrypt for what was hashed before, which is no encryption.";
    assert!(text.starts_with(wanted), "{text}");
    blueprint.observations = vec![seen(
        Topic::Encryption,
        "shop",
        "bcrypt password hashes",
        "a.go",
        3,
    )];
    let text = say(&blueprint, "encryption");
    let wanted = "`shop` imports bcrypt to hash passwords, which is no encryption.";
    assert!(text.starts_with(wanted), "{text}");
}

#[test]
fn an_address_in_the_configuration_outranks_a_driver() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Java"])];
    blueprint.dependencies = vec![package("shop", "maven", "com.h2database:h2", "H2")];
    let url = |value: &str, profile: Option<&str>| Setting {
        source: SettingSource::File,
        secret: false,
        profile: profile.map(str::to_owned),
        ..secret("shop", "spring.r2dbc.url", Some(value))
    };
    blueprint.settings = vec![
        url("r2dbc:h2:file:///data/shop", None),
        url("r2dbc:h2:mem:///shop", Some("test")),
        url("r2dbc:pool:mysql://localhost:3306/shop", Some("mysql")),
    ];
    let text = say(&blueprint, "primary-database");
    let wanted = [
        "`spring.r2dbc.url` of `shop` names H2, also in the profile `test`.",
        "`spring.r2dbc.url` of `shop` names MySQL in the profile `mysql`.",
    ];
    assert_eq!(text, wanted.join("\n"));
}

#[test]
fn an_address_is_read_through_what_wraps_it() {
    for (value, text) in [
        (
            "jdbc:tc:postgresql:16:///shop",
            "`spring.datasource.url` of `shop` names PostgreSQL.",
        ),
        (
            "jdbc:h2:./data",
            "`spring.datasource.url` of `shop` names H2.",
        ),
        (
            "postgresql+psycopg://db/shop",
            "`spring.datasource.url` of `shop` names PostgreSQL.",
        ),
    ] {
        let mut blueprint = surveyed();
        blueprint.elements = vec![element("shop", Role::Service, &["Java"])];
        blueprint.settings = vec![Setting {
            source: SettingSource::File,
            secret: false,
            ..secret("shop", "spring.datasource.url", Some(value))
        }];
        assert_eq!(say(&blueprint, "primary-database"), text, "{value}");
        // The name of a product is no address.
        blueprint.settings[0].value = Some("postgresql:16".to_owned());
        let text = say(&blueprint, "primary-database");
        assert!(text.starts_with("No database was found"), "{text}");
    }
}

#[test]
fn variables_of_build_files_and_start_commands_count() {
    let mut blueprint = surveyed();
    let set = Setting {
        element: None,
        secret: false,
        provenance: Provenance::observed([Evidence::new("Dockerfile", 3, 3, "")]),
        ..secret("", "JVM_OPTS", Some("-Xmx256m"))
    };
    let read = Setting {
        source: SettingSource::Environment,
        value: None,
        ..set.clone()
    };
    blueprint.settings = vec![set, read];
    let text = say(&blueprint, "environment-variable-count");
    assert_eq!(
        text,
        "At least 1 environment variable: start commands read at least 1 and build and deployment files set 1."
    );
}

#[test]
fn a_level_of_one_profile_is_told_with_it() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Java"])];
    let mut level = seen(
        Topic::LogLevel,
        "shop",
        "shop.orders",
        "application-dev.yaml",
        4,
    );
    level.detail = Some("DEBUG in profile dev".to_owned());
    blueprint.observations = vec![level];
    let text = say(&blueprint, "log-levels");
    assert_eq!(
        text,
        "`shop.orders` starts at level `DEBUG` in the profile `dev` in `shop`."
    );
}

#[test]
fn a_primary_key_is_an_index() {
    let mut blueprint = surveyed();
    let field = |name: &str, primary_key: bool| Field {
        name: name.to_owned(),
        data_type: "int".to_owned(),
        nullable: false,
        default: None,
        primary_key,
        unique: false,
        constraints: Vec::new(),
        description: None,
        provenance: at(5),
    };
    blueprint.entities = vec![Entity {
        id: "orders".to_owned(),
        name: "orders".to_owned(),
        kind: EntityKind::Table,
        description: None,
        owner: None,
        store: None,
        fields: vec![field("id", true), field("total", false)],
        relations: Vec::new(),
        indexes: Vec::new(),
        partitioning: None,
        retention: None,
        provenance: at(5),
    }];
    assert_eq!(
        say(&blueprint, "indexing"),
        "Databases keep keys as indexes: `orders.id`. No other index is declared in the schemas and models that were read."
    );
}

#[test]
fn jobs_that_wait_in_a_cache_are_told_beside_it() {
    let mut blueprint = surveyed();
    let mut redis = element("redis", Role::Cache, &["Redis"]);
    with(&mut redis, "image-version", "7-alpine");
    blueprint.elements = vec![element("web", Role::Service, &["Python"]), redis];
    blueprint.relationships = vec![edge("web", "redis", RelationshipKind::Writes)];
    blueprint.dependencies = vec![package("web", "pypi", "rq", "RQ")];
    let jobs = "RQ runs Python jobs in workers that read Redis; it is among the packages of `web`.";
    assert_eq!(say(&blueprint, "queue-product"), jobs);
    let text = say(&blueprint, "cache-product");
    assert!(text.contains("Redis 7 runs as `redis`"), "{text}");
    assert!(text.contains(jobs), "{text}");
    // What serves the protocol keeps the jobs as well; another cache does not.
    for (product, told) in [("Valkey", true), ("Memcached", false)] {
        blueprint.elements[1].technology = vec![product.to_owned()];
        let text = say(&blueprint, "cache-product");
        assert!(text.contains(product), "{text}");
        assert_eq!(text.contains(jobs), told, "{text}");
    }
}

#[test]
fn drivers_beside_the_database_that_is_used_are_left_out() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("web", Role::Service, &["Python"]),
        element("db", Role::Database, &["PostgreSQL"]),
    ];
    blueprint.relationships = vec![edge("web", "db", RelationshipKind::Writes)];
    blueprint.dependencies = vec![package("web", "pypi", "oracledb", "Oracle Database")];
    assert_eq!(
        say(&blueprint, "database-products"),
        "PostgreSQL runs as `db`; it is used by `web`."
    );
}
