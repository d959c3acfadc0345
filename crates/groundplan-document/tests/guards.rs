//! What keeps sentences from saying more than their evidence bears out.

mod common;

use common::{at, edge, element, package, say, secret, seen, seen_at, surveyed, with};
use groundplan_model::{
    Blueprint, Element, ElementKind, Environment, EnvironmentTier, Evidence, Flow, Provenance,
    RelationshipKind, Role, Setting, SettingSource, Step, StepKind, Topic,
};

fn place(path: &str) -> Provenance {
    Provenance::observed([Evidence::new(path, 7, 7, "")])
}

fn outside(name: &str) -> Element {
    let mut e = element(name, Role::External, &[]);
    e.external = true;
    e.kind = ElementKind::SoftwareSystem;
    e.attributes.clear();
    e
}

/// `page` calls `api`, and `api` calls `mail.example.com` from a file.
fn chain(path: &str) -> Blueprint {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("page", Role::Ui, &["React"]),
        element("api", Role::Service, &["Go"]),
        outside("mail.example.com"),
    ];
    let mut first = edge("page", "api", RelationshipKind::Calls);
    first.operations = vec!["GET /orders".to_owned()];
    let mut second = edge("api", "mail.example.com", RelationshipKind::Calls);
    second.operations = vec!["POST /send".to_owned()];
    second.provenance = place(path);
    blueprint.relationships = vec![first, second];
    blueprint
}

#[test]
fn an_error_reaches_further_only_along_a_flow() {
    let mut blueprint = chain("mail/client.go");
    let text = say(&blueprint, "failure-modes");
    assert!(
        text.contains("`mail.example.com` does not answer"),
        "{text}"
    );
    assert!(!text.contains("an error may reach"), "{text}");
    let step = |from: &str, to: &str| Step {
        from: from.to_owned(),
        to: to.to_owned(),
        action: "asks".to_owned(),
        kind: StepKind::Request,
        relationship: None,
        provenance: at(4),
    };
    blueprint.flows = vec![Flow {
        id: "order".to_owned(),
        title: "An order is sent".to_owned(),
        actor: None,
        steps: vec![step("page", "api"), step("api", "mail.example.com")],
        errors: Vec::new(),
        provenance: at(4),
    }];
    let text = say(&blueprint, "failure-modes");
    assert!(
        text.contains("through it an error may reach `page`"),
        "{text}"
    );
    // What a path is given lets nobody in.
    blueprint.flows[0].title = "POST /sync/{authToken}/orders of api".to_owned();
    assert!(!say(&blueprint, "authentication-flow").contains("asks"));
    blueprint.flows[0].title = "POST /login of api".to_owned();
    assert!(say(&blueprint, "authentication-flow").contains("asks"));
}

#[test]
fn what_scripts_and_telemetry_call_fails_nobody() {
    for path in [
        "magefile.go",
        "scripts/release.go",
        "server/telemetry/sender.go",
        "server/version.service.go",
    ] {
        let text = say(&chain(path), "failure-modes");
        assert!(!text.contains("mail.example.com"), "{path}: {text}");
    }
}

#[test]
fn a_store_of_several_is_lost_where_it_is_selected() {
    let mut blueprint = surveyed();
    let named = |id: &str, technology: &str| {
        let mut e = element(id, Role::Database, &[technology]);
        e.attributes.clear();
        e
    };
    let mut mysql = named("mysql", "MySQL");
    with(&mut mysql, "selected-by", "DB_ENGINE");
    blueprint.elements = vec![
        element("api", Role::Service, &["Go"]),
        mysql,
        named("postgres", "PostgreSQL"),
    ];
    blueprint.relationships = vec![
        edge("api", "mysql", RelationshipKind::Writes),
        edge("api", "postgres", RelationshipKind::Writes),
    ];
    let text = say(&blueprint, "failure-modes");
    assert!(
        text.contains("Where `DB_ENGINE` selects it, `api` cannot reach what it keeps there"),
        "{text}"
    );
    assert!(
        text.contains("Where it is the one in use, `api` cannot reach what it keeps there"),
        "{text}"
    );
}

#[test]
fn drivers_are_one_line_and_no_product_of_the_system() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("api", Role::Service, &["Go"])];
    blueprint.dependencies = vec![
        package("api", "go", "github.com/lib/pq", "PostgreSQL"),
        package("api", "go", "github.com/go-sql-driver/mysql", "MySQL"),
        package("api", "go", "github.com/rabbitmq/amqp091-go", "RabbitMQ"),
        package(
            "api",
            "go",
            "github.com/aws/aws-sdk-go/service/s3",
            "Amazon S3",
        ),
    ];
    assert_eq!(
        say(&blueprint, "primary-database"),
        "Drivers among the packages of `api`: MySQL and PostgreSQL."
    );
    assert_eq!(
        say(&blueprint, "queue-product"),
        "Drivers among the packages of `api`: RabbitMQ. No broker that a file starts was found, nor who \
         sends and who takes."
    );
    assert_eq!(
        say(&blueprint, "object-storage"),
        "Drivers among the packages of `api`: Amazon S3."
    );
    let text = say(&blueprint, "key-technologies");
    assert!(text.contains("Drivers among the packages: "), "{text}");
    assert!(!text.contains("\nMySQL"), "{text}");
}

#[test]
fn libraries_of_pages_are_those_of_user_interfaces() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("page", Role::Ui, &["React"]),
        element("api", Role::Service, &["Node.js"]),
    ];
    blueprint.dependencies = vec![
        package("page", "npm", "@mui/material", "Material UI"),
        package("api", "npm", "handlebars", "Handlebars"),
    ];
    // What fills templates beside a user interface writes mails.
    assert_eq!(say(&blueprint, "ui-library"), "MUI 1.0.0 in `page`.");
}

#[test]
fn of_two_parts_none_does_more_than_any_other() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("api", Role::Service, &["Go"]),
        element("jobs", Role::Service, &["Go"]),
        element("db", Role::Database, &["PostgreSQL"]),
        element("redis", Role::Cache, &["Redis"]),
    ];
    blueprint.relationships = vec![
        edge("api", "db", RelationshipKind::Writes),
        edge("api", "redis", RelationshipKind::Writes),
        edge("jobs", "db", RelationshipKind::Writes),
    ];
    let text = say(&blueprint, "summary");
    assert!(!text.contains("more than any other"), "{text}");
}

#[test]
fn what_forbids_to_keep_is_no_cache_and_one_file_no_layer() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("web", Role::Service, &["Python"])];
    let header = |value: &str, path: &str| {
        let mut o = seen_at(Topic::CacheUse, "web", "Cache-Control", path, 7);
        o.detail = Some(value.to_owned());
        o
    };
    blueprint.observations = vec![header("no-cache, no-store", "web/index.py")];
    for key in ["browser-cache", "cache-count", "optimizations"] {
        let text = say(&blueprint, key);
        assert!(!text.contains("Cache-Control"), "{key}: {text}");
    }
    blueprint.observations = vec![header("public, max-age=600", "web/about.py")];
    assert!(
        say(&blueprint, "browser-cache").starts_with("In `web/about.py`: `Cache-Control` in `web`"),
        "{}",
        say(&blueprint, "browser-cache")
    );
    let text = say(&blueprint, "cache-count");
    assert!(!text.contains("layer"), "{text}");
    blueprint.observations = vec![header("public, max-age=600", "contrib/nginx.conf")];
    let text = say(&blueprint, "browser-cache");
    assert!(!text.contains("Cache-Control"), "{text}");
    // A map that the program keeps stays one where its time is known; a library of several layers is none.
    let product = |name: &str| {
        let mut blueprint = blueprint.clone();
        blueprint.observations = vec![header("60000 ms", "web/prices.py")];
        blueprint.observations[0].name = name.to_owned();
        say(&blueprint, "cache-product")
    };
    assert!(product("price_cache").contains("keeps values in its memory"));
    for name in ["HybridCache", "Django cache", "@Cacheable(\"priceCache\")"] {
        assert!(!product(name).contains("in its memory"), "{name}");
    }
    blueprint.observations = vec![header("public, max-age=600", "nginx.conf")];
    assert_eq!(say(&blueprint, "cache-count"), "One layer: browser.");
    blueprint.observations = vec![header("cache_time", "web/views.py")];
    blueprint.observations[0].name = "Django cache".to_owned();
    assert_eq!(
        say(&blueprint, "cache"),
        "`Django cache` in `web`, in `web/views.py`, is called with a time to live from `cache_time`, \
         whose value was not read."
    );
}

#[test]
fn levels_that_nothing_proves_are_not_told_apart() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("api", Role::Service, &["Go"])];
    let mut tests = seen(Topic::Test, "unsorted", "309 files");
    tests.element = Some("api".to_owned());
    blueprint.observations = vec![tests];
    let open =
        "309 files with tests in `api`; their levels were not told apart by path or imports.";
    for key in ["unit-tests", "integration-tests"] {
        assert_eq!(say(&blueprint, key), open, "{key}");
    }
    assert!(
        say(&blueprint, "tests").starts_with("309 files with tests (levels not told apart)"),
        "{}",
        say(&blueprint, "tests")
    );
}

#[test]
fn stages_are_denied_only_where_something_is_deployed() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("api", Role::Service, &["Go"])];
    let none = "No place that this repository deploys to was found";
    assert!(say(&blueprint, "environment-staging").starts_with(none));
    blueprint.environments = vec![Environment {
        id: "live".to_owned(),
        name: "overlays/live".to_owned(),
        tier: EnvironmentTier::Production,
        mechanism: "Kustomize overlay".to_owned(),
        attributes: Vec::new(),
        provenance: at(3),
    }];
    assert!(
        say(&blueprint, "environment-staging").starts_with("No staging environment was found"),
        "{}",
        say(&blueprint, "environment-staging")
    );
}

#[test]
fn a_value_that_was_not_read_is_no_dash() {
    let mut blueprint = surveyed();
    blueprint.settings = vec![Setting {
        element: None,
        name: "SHOP_PORT".to_owned(),
        source: SettingSource::Environment,
        value: None,
        secret: false,
        profile: None,
        provenance: place("main.go"),
    }];
    let text = say(&blueprint, "environment-variables");
    assert!(
        text.contains("`SHOP_PORT` | no part | read by code"),
        "{text}"
    );
}

#[test]
fn variables_of_bundlers_are_no_defaults_of_the_system() {
    let mut blueprint = surveyed();
    let setting = |name: &str, path: &str| Setting {
        element: None,
        name: name.to_owned(),
        source: SettingSource::Environment,
        value: Some("8080".to_owned()),
        secret: false,
        profile: None,
        provenance: place(path),
    };
    blueprint.settings = vec![setting("DEV_PORT", "ui/vite.config.ts")];
    assert_eq!(
        say(&blueprint, "default-values"),
        "Only tools of developers were seen to have defaults, for `DEV_PORT`."
    );
    blueprint.settings.push(setting("PORT", "main.go"));
    let text = say(&blueprint, "default-values");
    assert!(text.contains("`PORT` is `8080` unless set"), "{text}");
    assert!(!text.contains("DEV_PORT"), "{text}");
}

#[test]
fn secrets_of_developers_are_no_threat() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("db", Role::Database, &["PostgreSQL"])];
    let mut written = secret("db", "POSTGRES_PASSWORD", None);
    written.provenance = place(".devcontainer/compose.yml");
    blueprint.settings = vec![written.clone()];
    assert_eq!(
        say(&blueprint, "secrets"),
        "`POSTGRES_PASSWORD` has its value in a file for development or pipelines."
    );
    assert!(!say(&blueprint, "threat-model").contains("Whoever can read the repository"));
    written.provenance = place("deploy/compose.yml");
    blueprint.settings = vec![written];
    assert!(say(&blueprint, "threat-model").contains("Whoever can read the repository"));
}

#[test]
fn a_guard_is_told_with_a_verb() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("api", Role::Service, &["Node.js"])];
    let mut guard = seen_at(Topic::Authentication, "api", "JwtGuard", "api/auth.ts", 7);
    guard.detail = Some("guards 6 handlers of `Orders`, such as `create`".to_owned());
    blueprint.observations = vec![guard];
    let text = say(&blueprint, "authentication");
    assert!(
        text.contains("`JwtGuard` in `api` guards 6 handlers of `Orders`"),
        "{text}"
    );
}
