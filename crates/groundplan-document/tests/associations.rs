//! Associations that no key of the database holds, and deletions that something stands in the way of.
#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod common;

use common::{say, surveyed};
use groundplan_model::{
    Cardinality, Entity, EntityKind, EntityRelation, Evidence, Field, Index, Provenance,
};

fn place(path: &str) -> Provenance {
    Provenance::observed([Evidence::new(path, 2, 2, "")])
}

fn table(name: &str, source: &str, columns: &[&str]) -> Entity {
    let field = |name: &&str| Field {
        name: (*name).to_owned(),
        data_type: "bigint".to_owned(),
        nullable: false,
        default: None,
        primary_key: *name == "id",
        unique: false,
        constraints: Vec::new(),
        description: None,
        provenance: place(source),
    };
    Entity {
        id: name.to_owned(),
        name: name.to_owned(),
        kind: EntityKind::Table,
        description: None,
        owner: None,
        store: None,
        over: Vec::new(),
        materialized: false,
        partial: false,
        fields: columns.iter().map(field).collect(),
        relations: Vec::new(),
        indexes: Vec::new(),
        partitioning: None,
        retention: None,
        provenance: place(source),
    }
}

fn refers(field: &str, to: &str, rule: Option<&str>, source: &str) -> EntityRelation {
    EntityRelation {
        fields: vec![field.to_owned()],
        to: to.to_owned(),
        to_fields: Vec::new(),
        cardinality: Cardinality::ManyToOne,
        on_delete: rule.map(str::to_owned),
        through: None,
        provenance: place(source),
    }
}

#[test]
fn associations_without_a_key_are_told_once() {
    let steps = "db/migrations/1_first.js";
    let mut trip = table("trip", steps, &["id", "harbour_id", "ship_id"]);
    let model = "api/models/Trip.js";
    trip.relations
        .push(refers("harbour_id", "harbour", None, model));
    trip.relations.push(refers("ship_id", "ship", None, model));
    let mut blueprint = surveyed();
    blueprint.entities = vec![
        trip,
        table("harbour", steps, &["id"]),
        table("ship", steps, &["id"]),
    ];
    let text = say(&blueprint, "entity-relationships");
    let once = "2 references between tables are associations of models: no migration that was read sets a foreign key for them, so that the program alone keeps to them.";
    assert_eq!(text.matches(once).count(), 1, "{text}");
    let sql = say(&blueprint, "database-schema");
    assert!(!sql.contains("FOREIGN KEY"), "{sql}");
    let line = "harbour_id bigint NOT NULL /* the program refers to harbour by it */";
    assert!(sql.contains(line), "{sql}");
    // A key that a migration sets is one.
    for relation in &mut blueprint.entities[0].relations {
        relation.provenance = place(steps);
    }
    let text = say(&blueprint, "entity-relationships");
    assert!(!text.contains("associations of models"), "{text}");
    let sql = say(&blueprint, "database-schema");
    assert!(sql.contains("FOREIGN KEY (harbour_id)"), "{sql}");
}

#[test]
fn what_protects_rows_stops_a_deletion_that_goes_on_to_them() {
    let file = "shop/models.py";
    let mut house = table("house", file, &["id", "space"]);
    house
        .relations
        .push(refers("space", "space", Some("CASCADE"), file));
    let mut member = table("member", file, &["id", "house"]);
    member
        .relations
        .push(refers("house", "house", Some("PROTECT"), file));
    let mut room = table("room", file, &["id", "house"]);
    room.relations
        .push(refers("house", "house", Some("CASCADE"), file));
    let mut lease = table("lease", file, &["id", "room"]);
    lease
        .relations
        .push(refers("room", "room", Some("RESTRICT"), file));
    let mut blueprint = surveyed();
    blueprint.entities = vec![table("space", file, &["id"]), house, member, room, lease];
    let text = say(&blueprint, "entity-relationships");
    for wanted in [
        "Many rows of `house` belong to one row of `space` through `space`; they are deleted with it, unless rows of `member` refer to them, or rows of `lease` to what would be deleted with them.",
        "Many rows of `room` belong to one row of `house` through `house`; they are deleted with it, unless rows of `lease` refer to them.",
        "Many rows of `member` belong to one row of `house` through `house`; that row cannot be deleted while it is referred to.",
    ] {
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn what_is_unique_only_together_is_told_beside_the_column() {
    let file = "shop/models.py";
    let mut shelf = table("shelf", file, &["id", "space", "name"]);
    shelf.indexes.push(Index {
        name: String::new(),
        fields: vec!["space".to_owned(), "name".to_owned()],
        unique: true,
        method: None,
        predicate: None,
        provenance: place(file),
    });
    let mut blueprint = surveyed();
    blueprint.entities = vec![shelf];
    let text = common::of_each(&blueprint, "entity", "entity-fields");
    assert!(text.contains("unique together with space"), "{text}");
}
