//! Absences name where was searched, without a survey all is asked, and any name is only a name.

mod common;

use common::{at, edge, element, read, say, surveyed, with};
use groundplan_model::{
    Blueprint, Environment, EnvironmentTier, Observation, RelationshipKind, Role, Setting,
    SettingSource, Topic,
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

#[test]
fn beside_a_production_environment_each_part_without_a_size_has_its_line() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Go"])];
    let sizing = say(&blueprint, "resource-sizing");
    assert!(sizing.starts_with("No resource request"), "{sizing}");
    blueprint.environments = vec![Environment {
        id: "production".to_owned(),
        name: "production".to_owned(),
        tier: EnvironmentTier::Production,
        mechanism: "deployment job".to_owned(),
        attributes: Vec::new(),
        provenance: at(4),
    }];
    let sizing = say(&blueprint, "resource-sizing");
    assert!(sizing.contains("`shop` | no size set"), "{sizing}");
    // A region is told in the same section.
    blueprint.environments.clear();
    blueprint.settings.push(Setting {
        element: None,
        name: "aws.region".to_owned(),
        source: SettingSource::File,
        value: Some("us-east-1".to_owned()),
        secret: false,
        profile: None,
        provenance: at(4),
    });
    let sizing = say(&blueprint, "resource-sizing");
    assert!(sizing.contains("`shop` | no size set"), "{sizing}");
}
