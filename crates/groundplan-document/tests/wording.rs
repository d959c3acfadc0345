//! Sentences on flows, entities, releases, people and questions, as a reader meets them.

mod common;

use common::{at, edge, element, of_each, say, seen, surveyed, with};
use groundplan_model::{
    Author, Cardinality, Dependency, DependencyScope, Element, ElementKind, Entity, EntityKind,
    EntityRelation, Evidence, Field, Index, Observation, Pipeline, Provenance, RelationshipKind,
    Release, Role, Setting, SettingSource, Topic,
};

fn entity(kind: EntityKind, name: &str, field: &str, source: &str) -> Entity {
    Entity {
        id: name.to_lowercase(),
        name: name.to_owned(),
        kind,
        description: None,
        owner: None,
        store: None,
        over: Vec::new(),
        materialized: false,
        partial: false,
        fields: vec![Field {
            name: field.to_owned(),
            data_type: "bigint".to_owned(),
            nullable: false,
            default: None,
            primary_key: false,
            unique: false,
            constraints: Vec::new(),
            description: None,
            provenance: at(6),
        }],
        relations: Vec::new(),
        indexes: Vec::new(),
        partitioning: None,
        retention: None,
        provenance: Provenance::observed([Evidence::new(source, 1, 3, "")]),
    }
}

fn relation(field: &str, to: &str, source: &str) -> EntityRelation {
    EntityRelation {
        fields: vec![field.to_owned()],
        to: to.to_owned(),
        to_fields: Vec::new(),
        cardinality: Cardinality::ManyToOne,
        on_delete: None,
        through: None,
        provenance: Provenance::observed([Evidence::new(source, 2, 2, "")]),
    }
}

#[test]
fn neighbours_are_no_steps_of_one_request() {
    let mut blueprint = surveyed();
    for (id, role) in [
        ("web", Role::Ui),
        ("cart", Role::Service),
        ("ads", Role::Service),
        ("db", Role::Database),
    ] {
        blueprint.elements.push(element(id, role, &[]));
    }
    for (from, to, kind) in [
        ("web", "ads", RelationshipKind::Calls),
        ("web", "cart", RelationshipKind::Calls),
        ("cart", "db", RelationshipKind::Writes),
    ] {
        blueprint.relationships.push(edge(from, to, kind));
    }
    let text = say(&blueprint, "first-flow");
    assert!(text.contains("`web` calls `ads` and `cart`."), "{text}");
    assert!(text.contains("`cart` uses `db`."), "{text}");
    assert!(text.contains("in what order, is not known"), "{text}");
    assert!(!text.contains("→"), "{text}");
}

#[test]
fn imports_are_no_connections() {
    let mut blueprint = surveyed();
    blueprint.elements.push(element("web", Role::Ui, &[]));
    for id in ["web/pages", "web/types"] {
        let e = Element::new(id, ElementKind::Component, id, at(1));
        blueprint.elements.push(e);
    }
    let inner = edge("web/pages", "web/types", RelationshipKind::Calls);
    blueprint.relationships.push(inner);
    let text = say(&blueprint, "communication");
    assert!(text.starts_with("No connection between parts"), "{text}");
}

#[test]
fn what_is_counted_as_a_connection_is_listed() {
    let mut blueprint = surveyed();
    for (id, role) in [
        ("web", Role::Ui),
        ("cart", Role::Service),
        ("shared", Role::Library),
    ] {
        blueprint.elements.push(element(id, role, &[]));
    }
    let mut link = edge("web", "cart", RelationshipKind::Calls);
    link.description = "depends on".to_owned();
    blueprint.relationships = vec![link, edge("cart", "shared", RelationshipKind::Calls)];
    let table = say(&blueprint, "dependency-table");
    assert!(table.starts_with("No connection between parts"), "{table}");
    let call = edge("web", "cart", RelationshipKind::Calls);
    blueprint.relationships.push(call);
    let count = say(&blueprint, "dependency-count");
    assert!(count.starts_with("At least 1 connection"), "{count}");
    let table = say(&blueprint, "dependency-table");
    assert_eq!(table.lines().count(), 1, "{table}");
}

#[test]
fn what_a_pipeline_does_on_a_schedule_is_no_work_of_the_system() {
    let mut blueprint = surveyed();
    let place = |path: &str| Provenance::observed([Evidence::new(path, 3, 3, "")]);
    let mut job = Observation {
        topic: Topic::ScheduledJob,
        element: None,
        name: "nightly".to_owned(),
        detail: None,
        provenance: place("azure-pipelines.yml"),
    };
    blueprint.pipelines = vec![Pipeline {
        id: "azure".to_owned(),
        name: "azure".to_owned(),
        product: "Azure Pipelines".to_owned(),
        triggers: Vec::new(),
        jobs: Vec::new(),
        provenance: place("azure-pipelines.yml"),
    }];
    blueprint.observations = vec![job.clone()];
    let text = say(&blueprint, "operational-requirements");
    assert!(!text.contains("nightly"), "{text}");
    job.provenance = place("jobs.yaml");
    blueprint.observations = vec![job];
    let text = say(&blueprint, "operational-requirements");
    assert!(text.contains("runs on a schedule: `nightly`"), "{text}");
}

#[test]
fn contracts_have_messages_and_no_rows() {
    let mut blueprint = surveyed();
    let mut order = entity(EntityKind::Message, "Order", "item", "shop.proto");
    order.relations.push(relation("item", "item", "shop.proto"));
    let item = entity(EntityKind::Message, "Item", "id", "shop.proto");
    blueprint.entities = vec![order, item];
    let text = say(&blueprint, "entity-relationships");
    assert!(
        text.contains("`Order` contains `Item` in `item`."),
        "{text}"
    );
    let tables = say(&blueprint, "entity-tables");
    assert!(tables.starts_with("No table was found"), "{tables}");
    let indexes = say(&blueprint, "indexing");
    for word in ["row", "not null", "oreign key"] {
        for text in [&text, &tables, &indexes] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
fn partial_indexes_are_valid_sql_and_read_well() {
    let mut blueprint = surveyed();
    let mut post = entity(EntityKind::Table, "post", "published", "up.sql");
    post.indexes.push(Index {
        name: "hot".to_owned(),
        fields: vec!["published".to_owned()],
        unique: false,
        method: None,
        predicate: Some("(rank <> 0)".to_owned()),
        provenance: at(7),
    });
    blueprint.entities = vec![post];
    let text = say(&blueprint, "database-schema");
    assert!(
        text.contains("CREATE INDEX hot ON post (published) WHERE (rank <> 0);"),
        "{text}"
    );
    let text = say(&blueprint, "indexing");
    assert!(
        text.contains("`hot` on `post` over `published`, only for rows where `(rank <> 0)`."),
        "{text}"
    );
}

#[test]
fn an_index_of_some_rows_hides_no_unique_column() {
    let mut blueprint = surveyed();
    let mut post = entity(EntityKind::Table, "post", "slug", "up.sql");
    post.fields[0].unique = true;
    let mut index = Index {
        name: "hot".to_owned(),
        fields: vec!["slug".to_owned()],
        unique: true,
        method: None,
        predicate: Some("(rank <> 0)".to_owned()),
        provenance: at(7),
    };
    post.indexes.push(index.clone());
    blueprint.entities = vec![post.clone()];
    let text = of_each(&blueprint, "entity", "entity-indexes");
    assert!(text.contains("Unique: `slug`."), "{text}");
    // An index of all rows says the same.
    index.predicate = None;
    post.indexes = vec![index];
    blueprint.entities = vec![post];
    let text = of_each(&blueprint, "entity", "entity-indexes");
    assert!(!text.contains("Unique: "), "{text}");
}

#[test]
fn only_the_side_with_the_column_lacks_an_index() {
    let mut blueprint = surveyed();
    let mut pets = entity(EntityKind::Table, "pets", "owner_id", "up.sql");
    pets.relations
        .push(relation("owner_id", "owners", "up.sql"));
    let mut owners = entity(EntityKind::Table, "owners", "id", "up.sql");
    let mut inverse = relation("pets", "pets", "up.sql");
    inverse.cardinality = Cardinality::OneToMany;
    owners.relations.push(inverse);
    blueprint.entities = vec![owners, pets];
    let text = say(&blueprint, "indexing");
    assert!(
        text.contains("declares no index: `pets.owner_id`."),
        "{text}"
    );
    assert!(!text.contains("owners.pets"), "{text}");
}

#[test]
fn who_is_run_by_users_is_not_asked_about_outages() {
    let mut blueprint = surveyed();
    let mut program = Element::new("tool", ElementKind::Container, "tool", at(1));
    program.role = Some(Role::Program);
    blueprint.elements.push(program);
    let text = say(&blueprint, "availability-target");
    assert!(text.starts_with("Not asked, because"), "{text}");
    let mut served = surveyed();
    served.elements.push(element("api", Role::Service, &[]));
    let text = say(&served, "availability-target");
    assert!(
        text.starts_with("Not known: availability target (OQ-"),
        "{text}"
    );
}

#[test]
fn what_is_deployed_is_not_asked_when_it_goes_live() {
    let mut served = surveyed();
    served.elements.push(element("api", Role::Service, &[]));
    let text = say(&served, "timeline");
    assert!(
        text.starts_with("No date for going live is asked"),
        "{text}"
    );
}

#[test]
fn documents_answer_questions() {
    let mut blueprint = surveyed();
    let said = seen(Topic::Stated, "non-goals", "It sells nothing on credit.");
    blueprint.observations.push(said);
    let text = say(&blueprint, "non-goals");
    assert!(
        text.starts_with("Stated in compose.yaml: “It sells nothing on credit.”"),
        "{text}"
    );
}

#[test]
fn releases_have_the_changes_of_the_change_log() {
    let mut blueprint = surveyed();
    blueprint.history.releases = vec![Release {
        name: "v1.2.0".to_owned(),
        date: "2026-01-02".to_owned(),
        elsewhere: false,
    }];
    let text = say(&blueprint, "change-log");
    assert!(text.contains("no section of a change log"), "{text}");
    let note = seen(
        Topic::Release,
        "1.2.0",
        "2026-01-01\nCarts keep their items.",
    );
    blueprint.observations.push(note);
    let text = say(&blueprint, "change-log");
    assert!(
        text.starts_with("v1.2.0 | 2026-01-02 | Carts keep their items"),
        "{text}"
    );
}

#[test]
fn committers_are_people_and_no_stakeholders() {
    let mut blueprint = surveyed();
    blueprint.history.authors = vec![Author {
        name: "Ann".to_owned(),
        commits: 12,
    }];
    let text = say(&blueprint, "stakeholders");
    assert!(
        text.starts_with("1 person committed in the whole history: Ann (12 commits); who has which role is asked in"),
        "{text}"
    );
    let text = say(&blueprint, "development-team");
    assert!(
        text.starts_with("Most commits of the whole history: Ann (12 commits);"),
        "{text}"
    );
}

#[test]
fn calls_that_lead_nowhere_are_told_not_denied() {
    let mut blueprint = surveyed();
    let mut app = element("app", Role::Ui, &["TypeScript"]);
    with(&mut app, "unresolved-calls", "2");
    blueprint.elements.push(app);
    blueprint
        .elements
        .push(element("mail", Role::Service, &["Perl"]));
    let text = of_each(&blueprint, "component", "component-dependencies");
    assert!(
        text.contains("Further HTTP calls stand in its code, at places that name no host"),
        "{text}"
    );
    // Code in Perl is not read for calls, so nothing is denied.
    assert!(!text.contains("was found"), "{text}");
    assert!(text.contains("its code in Perl was not searched"), "{text}");
}

#[test]
fn what_no_deployment_starts_is_counted_apart() {
    let mut blueprint = surveyed();
    for id in ["cart", "ads"] {
        blueprint.elements.push(element(id, Role::Service, &[]));
    }
    let mut app = element("phone", Role::Ui, &[]);
    app.attributes.clear();
    blueprint.elements.push(app);
    let text = say(&blueprint, "purpose-and-scope");
    assert!(
        text.contains("Two containers and one app make up Shop"),
        "{text}"
    );
}

#[test]
fn what_a_server_carries_is_none_beside_it() {
    let mut blueprint = surveyed();
    blueprint
        .elements
        .push(element("server", Role::Service, &["Go"]));
    let mut pages = element("pages", Role::Ui, &["TypeScript"]);
    pages.attributes.clear();
    with(&mut pages, "built-into", "server");
    blueprint.elements.push(pages);
    let mut buttons = element("buttons", Role::Library, &[]);
    buttons.kind = ElementKind::Component;
    buttons.tags.push("imported".to_owned());
    blueprint.elements.push(buttons);
    let text = say(&blueprint, "purpose-and-scope");
    assert!(
        text.contains("Shop is one container, `server`, a service built with Go."),
        "{text}"
    );
    assert!(
        text.contains("The user interface `pages` is built into `server` and starts with it."),
        "{text}"
    );
    assert!(
        text.contains("At least one package is a library, which others import: `buttons`."),
        "{text}"
    );
    let text = say(&blueprint, "deployment-overview");
    assert!(
        !text.contains("No deployment file that was read starts"),
        "{text}"
    );
    assert!(
        text.contains("`pages` is built into `server` and starts with it."),
        "{text}"
    );
}

#[test]
fn each_deployment_has_its_image() {
    let mut blueprint = surveyed();
    let mut cart = element("cart", Role::Service, &[]);
    with(&mut cart, "image", "acme/cart:1.2");
    with(&mut cart, "image", "acme/cart:latest");
    with(&mut cart, "base-image", "node:22");
    blueprint.elements.push(cart);
    let mut logs = element("logs", Role::Service, &[]);
    with(&mut logs, "image", "acme/logs:1");
    blueprint.elements.push(logs);
    let text = say(&blueprint, "images");
    assert!(
        text.contains("`acme/cart:1.2`, elsewhere `acme/cart:latest`"),
        "{text}"
    );
    assert!(text.contains("One image names no version"), "{text}");
    // What has the owner of images that are built here is not the work of others.
    assert!(!text.contains("ready image"), "{text}");
}

#[test]
fn a_readme_in_the_first_person_is_quoted() {
    let mut blueprint = surveyed();
    blueprint.system.purpose = Some(groundplan_model::Statement {
        text: "In this branch we use Zipkin".to_owned(),
        provenance: Provenance::observed([Evidence::new("README.md", 7, 7, "")]),
    });
    let text = say(&blueprint, "purpose");
    assert_eq!(text, "The README says: “In this branch we use Zipkin.”");
}

#[test]
fn a_gateway_may_answer_by_itself() {
    let mut blueprint = surveyed();
    for id in ["gate", "cart", "ads"] {
        blueprint.elements.push(element(id, Role::Service, &[]));
    }
    for to in ["cart", "ads"] {
        blueprint
            .relationships
            .push(edge("gate", to, RelationshipKind::Routes));
    }
    let text = say(&blueprint, "first-flow");
    assert!(
        text.contains("`gate` routes requests to `cart` and `ads`."),
        "{text}"
    );
    assert!(!text.contains("each request"), "{text}");
}

#[test]
fn pre_releases_are_counted_apart() {
    let mut blueprint = surveyed();
    let tags = [
        ("v2.0.0", "2026-03-01"),
        ("v2.0.0-rc.1", "2026-02-20"),
        ("v1.0b2", "2026-02-01"),
        ("v1.0", "2026-01-01"),
    ];
    for (name, date) in tags {
        blueprint.history.releases.push(Release {
            name: name.to_owned(),
            date: date.to_owned(),
            elsewhere: false,
        });
    }
    let text = say(&blueprint, "release-frequency");
    assert!(text.contains("2 releases"), "{text}");
    let left = "Two more tags for pre-releases and builds were not counted";
    assert!(text.contains(left), "{text}");
    blueprint.history.other_tags = 1;
    let text = say(&blueprint, "release-frequency");
    let left = "Three more tags for pre-releases, builds or what is no version of its own, were";
    assert!(text.contains(left), "{text}");
}

#[test]
fn a_starter_of_a_tracer_is_a_tracer() {
    let mut blueprint = surveyed();
    blueprint
        .elements
        .push(element("cart", Role::Service, &["Java"]));
    blueprint.dependencies.push(Dependency {
        element: Some("cart".to_owned()),
        ecosystem: "maven".to_owned(),
        name: "org.acme:acme-starter-zipkin".to_owned(),
        version: String::new(),
        scope: DependencyScope::Runtime,
        technology: None,
        provenance: at(9),
    });
    let text = say(&blueprint, "trace-coverage");
    assert!(text.contains("is set up for tracing"), "{text}");
}

#[test]
fn a_column_that_may_be_empty_is_told_as_the_column() {
    let mut blueprint = surveyed();
    let mut pet = entity(EntityKind::Table, "pets", "owner_id", "schema.sql");
    pet.fields[0].nullable = true;
    pet.relations
        .push(relation("owner_id", "owners", "schema.sql"));
    let mut owner = entity(EntityKind::Table, "owners", "id", "schema.sql");
    let mut back = relation("pets", "pets", "schema.sql");
    back.cardinality = Cardinality::OneToMany;
    owner.relations.push(back);
    blueprint.entities = vec![pet, owner];
    let text = say(&blueprint, "entity-relationships");
    assert!(
        text.contains(
            "Rows of `pets` refer to at most one row of `owners` through `owner_id`, which may be empty."
        ),
        "{text}"
    );
    // The other end of the same relation is not told again.
    assert!(!text.contains("has many rows"), "{text}");
}

#[test]
fn the_user_of_a_base_is_not_guessed() {
    let mut blueprint = surveyed();
    for (id, base) in [("api", "eclipse-temurin:17"), ("dash", "acme/dash:5.2")] {
        let mut e = element(id, Role::Service, &[]);
        with(&mut e, "base-image", base);
        blueprint.elements.push(e);
    }
    let text = say(&blueprint, "threat-model");
    assert!(
        text.contains("its base `eclipse-temurin:17` starts as root"),
        "{text}"
    );
    assert!(!text.contains("in all"), "{text}");
    assert!(
        text.contains("which is not written here, runs `dash`"),
        "{text}"
    );
}

#[test]
fn keys_of_properties_are_no_variables() {
    let mut blueprint = surveyed();
    for (name, source) in [
        ("SHOP_PORT", SettingSource::Environment),
        ("shop.page-size", SettingSource::Property),
    ] {
        blueprint.settings.push(Setting {
            element: None,
            name: name.to_owned(),
            source,
            value: None,
            secret: false,
            profile: None,
            provenance: at(3),
        });
    }
    let text = say(&blueprint, "environment-variable-count");
    assert!(text.contains("At least 1 environment variable"), "{text}");
    let beside = "Beside these, code reads at least one property by key: shop.page-size";
    assert!(text.replace('`', "").contains(beside), "{text}");
}

#[test]
fn a_total_is_not_the_number_of_one_part() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("lens", Role::Ui, &["React"])];
    let mut inside = seen(Topic::Test, "unit", "24 files");
    inside.element = Some("lens".to_owned());
    blueprint.observations = vec![inside, seen(Topic::Test, "unit", "133 files")];
    assert_eq!(
        say(&blueprint, "unit-tests"),
        "157 files in `lens` (24), 133 outside of the parts told here."
    );
}

/// A table with columns of these names and types.
fn kept(name: &str, columns: &[(&str, &str)]) -> Entity {
    let mut made = entity(EntityKind::Table, name, "id", "db/schema.sql");
    made.fields[0].primary_key = true;
    for (column, data_type) in columns {
        let mut field = made.fields[0].clone();
        field.name = (*column).to_owned();
        field.data_type = (*data_type).to_owned();
        field.primary_key = false;
        made.fields.push(field);
    }
    made
}

#[test]
fn tables_of_deeds_are_audit_records_by_three_columns() {
    let said = |columns: &[(&str, &str)]| {
        let mut blueprint = surveyed();
        blueprint.entities = vec![kept("moderations", columns)];
        say(&blueprint, "audit-log").contains("keeps by its columns who did what and when")
    };
    assert!(said(&[
        ("moderator_user_id", "bigint"),
        ("action", "text"),
        ("created_at", "timestamptz")
    ]));
    assert!(said(&[
        ("userID", "int"),
        ("EventType", "varchar"),
        ("CreatedAt", "datetime")
    ]));
    // One column is not both who and when, an agent is no person, and a day is no moment.
    assert!(!said(&[
        ("event_type", "text"),
        ("modified_at", "timestamptz")
    ]));
    assert!(!said(&[
        ("user_agent", "text"),
        ("action", "text"),
        ("created_at", "timestamptz")
    ]));
    assert!(!said(&[
        ("user_id", "bigint"),
        ("action", "text"),
        ("due_date", "date")
    ]));
}

#[test]
fn tables_of_attempts_to_sign_in_are_audit_records() {
    let said = |name: &str, columns: &[(&str, &str)]| {
        let mut blueprint = surveyed();
        blueprint.entities = vec![kept(name, columns)];
        let wanted = "keeps by its columns who tried to come in, from where, when and whether they did: `email`, `ip`, `success` and `at`";
        ["audit-log", "security-monitoring"].map(|key| say(&blueprint, key).contains(wanted))
    };
    let all = [
        ("email", "text"),
        ("ip", "text"),
        ("success", "boolean"),
        ("at", "timestamptz"),
    ];
    assert_eq!(said("sign_in_attempts", &all), [true, true]);
    assert_eq!(said("LoginHistory", &all), [true, true]);
    // Whether they came in is told by no column.
    let without = [all[0], all[1], all[3]];
    assert_eq!(said("sign_in_attempts", &without), [false, false]);
    // Whoever pays has come in already.
    assert_eq!(said("payments", &all), [false, false]);
}

#[test]
fn a_column_refers_by_its_name_to_what_its_type_can_hold() {
    let said = |data_type: &str| {
        let mut blueprint = surveyed();
        blueprint.entities = vec![
            kept("inbound_emails", &[("message_id", data_type)]),
            kept("messages", &[]),
        ];
        of_each(&blueprint, "entity", "entity-relations")
            .contains("By its name, `message_id` refers to")
    };
    assert!(said("bigint"));
    assert!(!said("string"));
}
