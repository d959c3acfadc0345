//! Answers on secrets, access, open ports and threats, as a reader meets them.

mod common;

use common::{at, edge, element, package, read, say, secret, seen_at, surveyed, with};
use groundplan_model::{
    Attribute, Evidence, Observation, Provenance, RelationshipKind, Role, Topic,
};

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
        text.contains("Denial of service: One client floods `web`: no rate limit was found."),
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
fn accounts_of_workloads_and_tokens_of_calls_are_no_access_control() {
    let mut blueprint = surveyed();
    read(&mut blueprint, &[("Go", 900)]);
    blueprint.elements = vec![element("cart", Role::Service, &["Go"])];
    blueprint.observations = vec![seen_at(
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
    let mut open = seen_at(
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
    assert!(text.contains("web (9090, by compose.prod.yaml)"), "{text}");
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
fn a_hash_of_passwords_is_no_encryption() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Java"])];
    let mut old = seen_at(
        Topic::Encryption,
        "shop",
        "bcrypt for passwords",
        "A.java",
        4,
    );
    old.detail = Some("only checked".to_owned());
    blueprint.observations = vec![
        seen_at(
            Topic::Encryption,
            "shop",
            "Argon2 for passwords",
            "A.java",
            3,
        ),
        old,
    ];
    assert!(!say(&blueprint, "encryption").contains("Argon2"));
    let text = say(&blueprint, "authentication");
    let wanted =
        "`shop` hashes passwords with Argon2, and checks with bcrypt what was hashed before.";
    assert!(text.contains(wanted), "{text}");
    // Copies of one declaration prove nothing of what is kept.
    let bean = |part: &str, line: u32| {
        let name = "bcrypt for passwords";
        let mut seen = seen_at(Topic::Encryption, part, name, "Security.java", line);
        seen.detail = Some("declared".to_owned());
        seen
    };
    blueprint
        .elements
        .push(element("cart", Role::Service, &["Java"]));
    blueprint.observations = vec![bean("cart", 9), bean("shop", 12), bean("shop", 30)];
    let text = say(&blueprint, "authentication");
    let wanted = "A password encoder (bcrypt) is declared in `cart` and `shop`, 3 places in all; no call that hashes a password with it was followed.";
    assert!(text.contains(wanted), "{text}");
    let call = seen_at(
        Topic::Encryption,
        "shop",
        "a hash for passwords",
        "A.java",
        9,
    );
    blueprint.observations.push(call);
    let text = say(&blueprint, "authentication");
    assert!(
        text.contains("`shop` hashes passwords with bcrypt."),
        "{text}"
    );
    assert!(text.contains("(bcrypt) is declared in `cart`;"), "{text}");
    blueprint.observations = vec![seen_at(
        Topic::Encryption,
        "shop",
        "bcrypt password hashes",
        "a.go",
        3,
    )];
    let text = say(&blueprint, "authentication");
    let wanted = "`shop` imports bcrypt to hash passwords.";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn fields_that_code_encrypts_are_told_with_their_condition() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("web", Role::Service, &["Ruby"])];
    let field = |name: &str, detail: &str| Observation {
        topic: Topic::Encryption,
        name: format!("{}{name}", groundplan_model::ENCRYPTED_FIELD),
        detail: Some(detail.to_owned()),
        element: Some("web".to_owned()),
        provenance: at(5),
    };
    blueprint.observations = vec![
        field("ApiKey.display_key", "Active Record"),
        field("ApiKey.secret", "Active Record"),
        field("Bank.token", "a cast of Laravel"),
        field("Plaid.token", "Active Record; if configured?"),
    ];
    let text = say(&blueprint, "encryption");
    for part in [
        "Active Record encrypts `ApiKey.display_key` and `ApiKey.secret` before they are stored",
        "A cast of Laravel encrypts `Bank.token` before it is stored",
        "Active Record encrypts `Plaid.token` before it is stored, but only below `if configured?`",
        "What else is encrypted at rest is asked in",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn servers_before_a_program_are_no_code_of_it() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("shop", Role::Service, &["Go"])];
    for (path, by_code) in [("deploy.d/Caddyfile", false), ("shop/main.go", true)] {
        let header = seen_at(Topic::SecurityHeader, "shop", "X-Frame-Options", path, 4);
        blueprint.observations = vec![header];
        let text = say(&blueprint, "security-headers");
        assert_eq!(text.contains("What code sets"), by_code, "{path}: {text}");
    }
}
