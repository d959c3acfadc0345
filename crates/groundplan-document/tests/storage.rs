//! Answers on stores, caches and queues, as a reader meets them.

mod common;

use common::{at, edge, element, package, read, say, secret, seen_at, surveyed, with};
use groundplan_model::{
    Entity, EntityKind, Evidence, Field, Provenance, RelationshipKind, Role, Setting,
    SettingSource, Topic,
};
use serde_json::json;

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
        "`redis` (Redis) is used by `cart`; whether as a cache, a store or a queue was not followed. \
         No volume was found for it."
    );
    assert_eq!(say(&blueprint, "cache-count"), "One layer: server.");
    blueprint
        .elements
        .push(element("db", Role::Database, &["PostgreSQL"]));
    blueprint
        .relationships
        .push(edge("cart", "db", RelationshipKind::Writes));
    assert_eq!(
        say(&blueprint, "cache"),
        "`redis` (Redis) is used by `cart`; whether as a cache, a store or a queue was not followed. \
         No volume was found for it."
    );
    assert_eq!(
        say(&blueprint, "primary-database"),
        "`cart` uses `db` (PostgreSQL). No lasting volume was found for it."
    );
}

/// What the survey did not join may be joined all the same.
#[test]
fn of_a_store_without_connections_nothing_is_denied() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("cart", Role::Service, &["Go"]),
        element("documents", Role::Database, &["MongoDB"]),
    ];
    let plain = "`documents` (MongoDB) is among the containers; which part uses it is not decided";
    assert_eq!(say(&blueprint, "primary-database"), format!("{plain}."));
    blueprint.settings = vec![Setting {
        element: Some("cart".to_owned()),
        name: "MONGO_URL".to_owned(),
        source: SettingSource::Environment,
        value: None,
        secret: false,
        profile: None,
        provenance: at(3),
    }];
    assert_eq!(
        say(&blueprint, "primary-database"),
        format!("{plain}: `MONGO_URL` of `cart` speaks of MongoDB.")
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
fn a_cache_in_code_is_a_layer() {
    let mut blueprint = surveyed();
    read(&mut blueprint, &[("Python", 900)]);
    blueprint.elements = vec![element("web", Role::Service, &["Python"])];
    let mut cached = seen_at(Topic::CacheUse, "web", "Django cache", "web/plugins.py", 7);
    cached.detail = Some("3600".to_owned());
    blueprint.observations = vec![cached];
    let text = say(&blueprint, "cache-layers");
    assert!(
        text.starts_with("Application | `Django cache` in `web` | 3600"),
        "{text}"
    );
    assert_eq!(
        say(&blueprint, "cache"),
        "Code of `web` in `web/plugins.py` keeps values in `Django cache` for 3600 seconds."
    );
    let mut once = seen_at(Topic::CacheUse, "web", "cache", "web/spec.py", 7);
    once.detail = Some("on `spec`, made once and kept in the memory of the process".to_owned());
    blueprint.observations = vec![once];
    assert_eq!(
        say(&blueprint, "cache-product"),
        "No product of its own: the program keeps values in its memory, `cache` in `web`."
    );
    assert_eq!(
        say(&blueprint, "cache-layers"),
        "Application | `cache` on `spec` in `web` | made once and kept in the memory of the process | With the process"
    );
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
        over: Vec::new(),
        materialized: false,
        partial: false,
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
fn jobs_that_wait_in_a_cache_are_told_as_a_queue() {
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
    assert!(!text.contains(jobs), "{text}");
    // What only carries jobs is no cache.
    blueprint.elements[1].role = Some(Role::Broker);
    let text = say(&blueprint, "cache-product");
    assert!(!text.contains("`redis`"), "{text}");
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

/// Nobody starts the sum of files that are alternatives.
#[test]
fn projects_of_compose_are_counted_each_by_itself() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![
        element("api", Role::Service, &["Go"]),
        element("db", Role::Database, &["PostgreSQL"]),
    ];
    assert!(say(&blueprint, "orchestration").contains("Docker Compose runs 2 containers"));
    let environment = |name: &str, counts: &[(&str, &str)]| groundplan_model::Environment {
        id: name.to_owned(),
        name: name.to_owned(),
        tier: groundplan_model::EnvironmentTier::Other,
        mechanism: "Docker Compose".to_owned(),
        attributes: counts
            .iter()
            .map(|(key, value)| groundplan_model::Attribute {
                key: (*key).to_owned(),
                value: (*value).to_owned(),
                provenance: at(1),
            })
            .collect(),
        provenance: at(1),
    };
    blueprint.environments = vec![
        environment(
            "local/compose.yml",
            &[("containers", "2"), ("containers-by-profile", "1")],
        ),
        environment("compose.yaml", &[("containers", "1")]),
        environment("tools/compose.yml", &[("containers-by-profile", "3")]),
    ];
    let text = say(&blueprint, "orchestration");
    assert!(
        text.contains(
            "Docker Compose starts one container with `compose.yaml`, two (one more by profiles) \
             with `local/compose.yml` and three by profiles with `tools/compose.yml`."
        ),
        "{text}"
    );
}

/// What only some start is no gateway of all the others.
#[test]
fn a_gateway_of_a_variant_is_told_as_one() {
    let mut blueprint = surveyed();
    let mut proxy = element("proxy", Role::Gateway, &["nginx"]);
    proxy.tags = vec!["on-demand".to_owned(), "development".to_owned()];
    blueprint.elements = vec![element("api", Role::Service, &["Go"]), proxy];
    assert_eq!(
        say(&blueprint, "routing"),
        "`proxy` is a gateway that starts only for development; which paths it routes where was \
         not read."
    );
}

/// What developers start by profiles does not stand for a system that nothing deploys.
#[test]
fn what_developers_start_makes_up_no_system() {
    let mut blueprint = surveyed();
    let mut mail = element("mail", Role::Service, &[]);
    mail.tags = vec!["on-demand".to_owned(), "development".to_owned()];
    with(&mut mail, "profile", "mail");
    let mut api = element("api", Role::Service, &["C#"]);
    api.attributes.clear();
    blueprint.elements = vec![api, mail];
    let text = say(&blueprint, "purpose-and-scope");
    assert!(
        !text.contains("make up") && text.contains("`api`"),
        "{text}"
    );
}

#[test]
fn what_settings_name_is_not_said_to_run() {
    let mut blueprint = surveyed();
    let mut db = element("mysql", Role::Database, &["MySQL"]);
    db.attributes.clear();
    blueprint.elements = vec![element("lending", Role::Service, &["Laravel"]), db];
    blueprint.relationships = vec![edge("lending", "mysql", RelationshipKind::Writes)];
    assert_eq!(
        say(&blueprint, "database-products"),
        "MySQL is known from settings or code alone, here as `mysql`; it is used by `lending`."
    );
    with(&mut blueprint.elements[1], "deployed-by", "Docker Compose");
    assert_eq!(
        say(&blueprint, "database-products"),
        "MySQL runs as `mysql`; it is used by `lending`."
    );
}

/// Code that can open several products opens the one that a setting names.
#[test]
fn of_several_products_the_one_that_a_setting_names_is_told() {
    let mut blueprint = surveyed();
    let mut notes = element("notes", Role::Service, &["Go"]);
    for product in ["MySQL", "PostgreSQL", "SQLite"] {
        with(&mut notes, "opens", product);
    }
    blueprint.elements = vec![notes];
    let plain = "`notes` can open MySQL, PostgreSQL or SQLite from its code";
    assert_eq!(say(&blueprint, "primary-database"), format!("{plain}."));
    let setting = |name: &str, value: &str| Setting {
        element: Some("notes".to_owned()),
        name: name.to_owned(),
        source: SettingSource::Environment,
        value: Some(value.to_owned()),
        secret: false,
        profile: None,
        provenance: at(56),
    };
    blueprint.settings = vec![setting("NOTES_DRIVER", "sqlite3")];
    assert_eq!(
        say(&blueprint, "primary-database"),
        format!("{plain}; `NOTES_DRIVER` is by default `sqlite3`.")
    );
    // A driver of something else, and one that two settings tell differently, decide nothing.
    blueprint.settings = vec![setting("STORAGE_DRIVER", "local")];
    assert_eq!(say(&blueprint, "primary-database"), format!("{plain}."));
    blueprint.settings = vec![
        setting("NOTES_DRIVER", "sqlite"),
        setting("LOG_DB_DRIVER", "postgres"),
    ];
    assert_eq!(say(&blueprint, "primary-database"), format!("{plain}."));
}

#[test]
fn what_stands_in_a_pattern_is_no_kept_configuration() {
    let kept = |path: &str| {
        let mut blueprint = surveyed();
        blueprint.history.revision = Some("abc".to_owned());
        let mut address = secret("web", "DATABASE_URL", Some("postgres://db:5432/shop"));
        address.secret = false;
        address.provenance = Provenance::observed([Evidence::new(path, 3, 3, "")]);
        blueprint.settings = vec![address];
        say(&blueprint, "configuration-backup").contains("keeps each earlier value")
    };
    assert!(kept("compose.yaml") && kept("template.yaml"));
    assert!(!kept(".env.example") && !kept("chart/templates/web.yaml"));
}

#[test]
fn what_prisma_adds_is_counted_apart() {
    let index = |table: &str, name: &str, field: &str| {
        let value = json!({
            "id": table, "name": table, "kind": "table", "provenance": at(5),
            "fields": [
                {"name": "A", "type": "int", "nullable": false, "provenance": at(5)},
                {"name": "B", "type": "int", "nullable": false, "provenance": at(5)},
            ],
            "indexes": [{"name": name, "fields": [field], "unique": false, "provenance": at(6)}],
        });
        serde_json::from_value::<Entity>(value).unwrap()
    };
    let mut blueprint = surveyed();
    blueprint.entities = vec![
        index("_OrderToTag", "_OrderToTag_B_index", "B"),
        index("orders", "orders_placed", "B"),
    ];
    let text = say(&blueprint, "optimizations");
    assert!(
        text.contains(
            "1 index beside primary and unique keys and 1 that Prisma makes between two models: `orders`"
        ),
        "{text}"
    );
}
