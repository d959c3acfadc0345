//! What stands under a heading is of its kind, and what is known is not denied, as a reader meets it.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod common;

use common::{at, edge, element, of_each, package, say, secret, seen, seen_at, surveyed, with};
use groundplan_model::{
    Dependency, DependencyScope, ElementKind, Evidence, LanguageCoverage, Provenance,
    RelationshipKind, Role, Setting, SettingSource, Topic,
};

#[test]
fn names_alone_are_joined_and_claim_nothing() {
    let mut blueprint = surveyed();
    for (name, detail) in [
        ("BasicAuth", ""),
        ("LoginManager", ""),
        ("AuthGuard(jwt)", "guards getOrders"),
        ("AuthGuard(jwt)", "guards getUsers"),
        ("addRole", "hasRole('admin')  or isOwner()"),
        ("dropRole", "hasRole('admin')  or isOwner()"),
    ] {
        let mut o = seen(Topic::Authentication, name, detail);
        o.detail = Some(detail.to_owned()).filter(|d| !d.is_empty());
        blueprint.observations.push(o);
    }
    let text = say(&blueprint, "authentication");
    assert!(
        text.contains("`AuthGuard(jwt)` guards `getOrders` and `getUsers`."),
        "{text}"
    );
    assert!(
        text.contains("Named in code or configuration: `BasicAuth` and `LoginManager`."),
        "{text}"
    );
    assert!(text.contains("`addRole` and `dropRole`: hasRole"), "{text}");
    assert!(!text.contains("names `"), "{text}");
}

#[test]
fn what_packages_speak_to_is_not_denied() {
    let mut blueprint = surveyed();
    let mut shop = element("shop", Role::Service, &["Python"]);
    shop.source = Some("shop".to_owned());
    blueprint.elements.push(shop);
    blueprint.dependencies.push(Dependency {
        element: Some("shop".to_owned()),
        ecosystem: "pypi".to_owned(),
        name: "psycopg".to_owned(),
        version: String::new(),
        scope: DependencyScope::Runtime,
        technology: Some("PostgreSQL".to_owned()),
        provenance: at(9),
    });
    let text = of_each(&blueprint, "component", "component-dependencies");
    assert!(
        text.contains("Clients and drivers among its packages: ") && text.contains("PostgreSQL"),
        "{text}"
    );
    assert!(!text.contains("No outgoing connection"), "{text}");
}

#[test]
fn a_part_leaves_out_only_its_own_languages() {
    let mut blueprint = surveyed();
    let language = |language: &str, lines: u32| LanguageCoverage {
        language: language.to_owned(),
        files: 3,
        lines,
        depth: "read".to_owned(),
    };
    blueprint.coverage.languages = vec![language("Go", 9000), language("Lua", 3000)];
    let mut shop = element("shop", Role::Service, &["Go"]);
    shop.source = Some("shop".to_owned());
    blueprint.elements.push(shop);
    let text = of_each(&blueprint, "component", "component-dependencies");
    assert!(text.contains("No outgoing connection"), "{text}");
    assert!(!text.contains("Lua"), "{text}");
    // Where the language of its code is not known, it may be any of the repository.
    blueprint.elements[0].technology.clear();
    let text = of_each(&blueprint, "component", "component-dependencies");
    assert!(text.contains("not searched: Lua"), "{text}");
}

#[test]
fn a_restart_is_no_failover() {
    let mut blueprint = surveyed();
    for id in ["cart", "ads"] {
        let mut e = element(id, Role::Service, &[]);
        with(&mut e, "restart", "always");
        blueprint.elements.push(e);
    }
    let text = say(&blueprint, "failover");
    assert!(
        text.starts_with("No second copy of a part that could take over was found"),
        "{text}"
    );
}

#[test]
fn stores_and_tools_are_no_door() {
    let mut blueprint = surveyed();
    for (id, role, technology) in [
        ("shop", Role::Service, ""),
        ("redis", Role::Cache, "Redis"),
        ("mail", Role::Service, "MailHog"),
    ] {
        let mut e = element(
            id,
            role,
            &[technology][..usize::from(!technology.is_empty())],
        );
        with(&mut e, "exposed", "8080");
        blueprint.elements.push(e);
    }
    let text = say(&blueprint, "entry-points");
    assert!(text.contains("`shop` is open"), "{text}");
    assert!(!text.contains("redis") && !text.contains("mail"), "{text}");
}

#[test]
fn features_are_no_goals_without_a_word() {
    let mut blueprint = surveyed();
    let feature = serde_json::json!({
        "text": "Sells books.", "provenance": {"kind": "observed"},
    });
    blueprint
        .system
        .features
        .push(serde_json::from_value(feature).unwrap());
    let text = say(&blueprint, "goals");
    assert!(
        text.starts_with("No goals were found under such a heading"),
        "{text}"
    );
    assert!(text.contains("Sells books."), "{text}");
}

#[test]
fn tests_of_one_level_are_called_by_it() {
    let mut blueprint = surveyed();
    blueprint
        .observations
        .push(seen(Topic::Test, "e2e", "11 files"));
    let text = say(&blueprint, "tests");
    assert!(text.starts_with("11 files with end-to-end tests"), "{text}");
}

#[test]
fn a_section_under_the_heading_is_the_answer() {
    let mut blueprint = surveyed();
    let mut said = seen(Topic::Stated, "rollback", "Restore the backup first.");
    said.provenance = Provenance::observed([Evidence::new("docs/upgrade.md", 4, 5, "")]);
    blueprint.observations.push(said);
    let text = say(&blueprint, "rollback");
    assert!(
        text.starts_with("See docs/upgrade.md: “Restore the backup first.”"),
        "{text}"
    );
}

#[test]
fn what_runs_is_not_the_count_of_its_lines() {
    let mut blueprint = surveyed();
    let mut e = element("web", Role::Ui, &[]);
    e.source = Some("web".to_owned());
    with(&mut e, "base-image", "node:22-slim");
    blueprint.elements.push(e);
    let text = say(&blueprint, "backend-language");
    assert_eq!(text, "`web`, on `node:22-slim`.");
}

#[test]
fn a_stack_in_a_manifest_is_quoted() {
    let mut blueprint = surveyed();
    let purpose = serde_json::json!({
        "text": "A shop built with Python and React.",
        "provenance": {"kind": "observed", "evidence": [
            {"path": "pyproject.toml", "lines": [3, 3], "hash": ""}]},
    });
    blueprint.system.purpose = Some(serde_json::from_value(purpose).unwrap());
    let text = say(&blueprint, "purpose-and-scope");
    assert!(
        text.contains("The manifest says: “A shop built with"),
        "{text}"
    );
}

#[test]
fn a_name_in_the_name_of_the_system_says_nothing_of_a_metric() {
    let mut blueprint = surveyed();
    blueprint.system.name = "Authelia".to_owned();
    for name in ["authelia_request", "authelia_login_failed"] {
        blueprint
            .observations
            .push(seen(Topic::Metric, name, "A count."));
    }
    let text = say(&blueprint, "security-metrics");
    assert!(
        text.contains("login_failed") && !text.contains("authelia_request"),
        "{text}"
    );
}

#[test]
fn a_call_says_no_more_than_was_seen() {
    let mut blueprint = surveyed();
    for (id, role) in [
        ("shop", Role::Service),
        ("post", Role::Service),
        ("bank", Role::Service),
    ] {
        blueprint.elements.push(element(id, role, &[]));
    }
    let mut mail = edge("shop", "post", RelationshipKind::Calls);
    mail.protocol = Some("SMTP".to_owned());
    mail.description = "calls".to_owned();
    let mut pay = edge("shop", "bank", RelationshipKind::Calls);
    pay.description = "calls".to_owned();
    blueprint.relationships.extend([mail, pay]);
    let text = say(&blueprint, "dependency-table");
    assert!(text.contains("| `post` | sends mail |"), "{text}");
    assert!(text.contains("| `bank` | calls |"), "{text}");
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
        text.contains("`board` names in its manifest packages for DigitalOcean")
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
    let timeout = seen_at(Topic::Timeout, "shop", "http.Client", "pay/client.go", 31);
    to_pay.limits = vec![timeout.clone()];
    blueprint.relationships = vec![to_mail, to_pay];
    let errors = seen_at(Topic::ErrorHandling, "shop", "Sentry", "pay/client.go", 8);
    blueprint.observations = vec![timeout, errors];
    let text = say(&blueprint, "failure-modes");
    let row = |name: &str| {
        let found = text.lines().find(|l| l.starts_with(name));
        found.unwrap_or_default().to_owned()
    };
    assert!(
        row("`pay.example.com`").contains("A timeout around the call"),
        "{text}"
    );
    assert!(
        row("`mail.example.com`")
            .contains("hether a timeout of `shop` stands around the call was not followed |"),
        "{text}"
    );
    assert!(text.contains("1 timeout in shop"), "{text}");
    // What deals with errors stands beside a call as well.
    let text = of_each(&blueprint, "external-service", "external-errors");
    assert_eq!(text.matches("Error handling: ").count(), 1, "{text}");
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
    let mut level = seen_at(
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
