//! What is said of a part comes from the files of that part, and what is counted is counted by place.

mod common;

use common::{at, element, json, package, say, seen, seen_at, surveyed};
use groundplan_model::{
    Entity, EntityKind, Evidence, Index, Provenance, Role, Setting, SettingSource, Topic,
};

#[test]
fn a_library_is_cited_from_the_part_that_is_named() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("ui", Role::Ui, &["TypeScript"])];
    let mut loose = package("", "npm", "@mui/material", "MUI");
    loose.element = None;
    loose.version = "7.0.0".to_owned();
    loose.provenance = Provenance::observed([Evidence::new("next/package.json", 1, 1, "")]);
    let own = package("ui", "npm", "@mui/material", "MUI");
    blueprint.dependencies = vec![loose, own];
    assert_eq!(say(&blueprint, "ui-library"), "MUI 1.0.0 in `ui`.");
    assert!(!json(&blueprint, "ui-library").contains("next/package.json"));
}

#[test]
fn another_name_of_a_host_is_the_part() {
    let mut blueprint = surveyed();
    let mut search = element("shop-search", Role::SearchIndex, &["Elasticsearch"]);
    search.aliases = vec!["es".to_owned()];
    blueprint.elements = vec![element("shop", Role::Service, &["Java"]), search];
    blueprint.settings = vec![Setting {
        element: Some("shop".to_owned()),
        name: "search.url".to_owned(),
        source: SettingSource::Property,
        value: Some("http://es:9200".to_owned()),
        secret: false,
        profile: None,
        provenance: at(4),
    }];
    let text = say(&blueprint, "encryption");
    assert!(
        text.contains("at least `shop-search` is reached without TLS"),
        "{text}"
    );
}

#[test]
fn migrations_are_counted_by_path_in_each_set() {
    let mut blueprint = surveyed();
    let step = |path: &str, name: &str| seen_at(Topic::Migration, "db", name, path, 1);
    blueprint.observations = vec![
        step("mysql/V1__init.sql", "V1__init.sql"),
        step("postgres/V1__init.sql", "V1__init.sql"),
        step("postgres/v2/V2__index.sql", "V2__index.sql"),
    ];
    let text = say(&blueprint, "data-migration");
    assert!(
        text.starts_with("3 schema migrations in two sets, each for one product"),
        "{text}"
    );
    assert!(text.contains("1 schema migration in `mysql`"), "{text}");
    assert!(text.contains("2 schema migrations in `postgres`"), "{text}");
    blueprint.observations = vec![
        step("core/V1__init.sql", "V1__init.sql"),
        step("postgres/V1__init.sql", "V1__init.sql"),
    ];
    let text = say(&blueprint, "data-migration");
    assert!(
        text.starts_with("2 schema migrations in two folders; whether they are sets"),
        "{text}"
    );
}

#[test]
fn open_work_is_at_least_what_was_met() {
    let mut blueprint = surveyed();
    let todo = seen(Topic::Todo, "TODO", "move these");
    blueprint.observations = vec![todo.clone(), todo];
    let text = say(&blueprint, "technical-debt");
    assert!(
        text.starts_with("At least 2 marks of open work outside of all deployable parts"),
        "{text}"
    );
}

#[test]
fn a_library_or_an_index_over_words_is_a_search_index() {
    let mut blueprint = surveyed();
    blueprint.elements = vec![element("web", Role::Ui, &["TypeScript"])];
    let mut library = package("web", "npm", "minisearch", "");
    library.technology = None;
    blueprint.dependencies = vec![library];
    let text = say(&blueprint, "search-index");
    assert!(text.contains("`minisearch`"), "{text}");
    blueprint.dependencies.clear();
    blueprint.entities = vec![Entity {
        id: "post".to_owned(),
        name: "post".to_owned(),
        kind: EntityKind::Table,
        indexes: vec![Index {
            name: "post_title_trgm_idx".to_owned(),
            fields: vec!["title".to_owned()],
            unique: false,
            method: Some("gin".to_owned()),
            predicate: None,
            provenance: at(6),
        }],
        owner: None,
        store: None,
        over: Vec::new(),
        materialized: false,
        partial: false,
        description: None,
        fields: Vec::new(),
        relations: Vec::new(),
        partitioning: None,
        retention: None,
        provenance: at(5),
    }];
    let text = say(&blueprint, "search-index");
    assert_eq!(
        text,
        "`post` has an index over text: `post_title_trgm_idx`."
    );
}
