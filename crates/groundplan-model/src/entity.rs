use crate::Provenance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of record it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum EntityKind {
    Table,
    View,
    Collection,
    Message,
    Type,
}

impl EntityKind {
    /// Whether it is kept in a store: messages and types have no rows, keys or indexes.
    pub fn is_kept(self) -> bool {
        matches!(
            self,
            EntityKind::Table | EntityKind::View | EntityKind::Collection
        )
    }
}

/// What a field says of itself among its constraints where its nullability stands in code that was
/// not followed.
pub const NULLABILITY_UNREAD: &str = "nullability not read";

/// How a field says among its constraints that the program gives it a value on insertion, which the
/// table does not know; the expression follows.
pub const SET_BY_PROGRAM: &str = "set by the program: ";

/// How a field says among its constraints what the program takes where it is given no value, which
/// the table does not know; the expression follows.
pub const DEFAULT_IN_PROGRAM: &str = "default in the program: ";

/// As [`SET_BY_PROGRAM`], on each change of the row.
pub const SET_AGAIN: &str = "set again on each change: ";

/// How a field says among its constraints that a validator of the program checks it, which the table
/// does not know; the check follows.
pub const CHECKED_BY_PROGRAM: &str = "checked by the program: ";

/// How a field says among its constraints that it is a key into something outside the repository;
/// the name of that follows.
pub const REFERS_TO: &str = "refers to ";

/// A column, field or property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Name as in the source.
    pub name: String,
    /// Type as in the source, for example `varchar(255)`.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Whether it may be absent or null.
    #[serde(default)]
    pub nullable: bool,
    /// Default as in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Part of the primary key.
    #[serde(default)]
    pub primary_key: bool,
    /// Unique by itself.
    #[serde(default)]
    pub unique: bool,
    /// Further constraints, as in the source (`CHECK (total >= 0)`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// Comment in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// How many of one side stand to how many of the other.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Cardinality {
    OneToOne,
    OneToMany,
    ManyToOne,
    ManyToMany,
}

/// A reference from this entity to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntityRelation {
    /// Fields of this entity.
    pub fields: Vec<String>,
    /// Id of the other entity.
    pub to: String,
    /// Fields of the other entity; empty means its primary key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_fields: Vec<String>,
    /// From this side to the other.
    pub cardinality: Cardinality,
    /// What happens on deletion, as in the source (`CASCADE`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<String>,
    /// Id of the entity of the source whose rows join the two, for many to many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// An index or unique constraint over several fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Index {
    /// Name as in the source; may be empty where the source gives none.
    pub name: String,
    /// Fields or expressions, in order.
    pub fields: Vec<String>,
    /// Whether it enforces uniqueness.
    #[serde(default)]
    pub unique: bool,
    /// Method as in the source (`gin`), if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Condition of a partial index, as in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// A kind of record that the system keeps or exchanges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// Stable id, unique among entities.
    pub id: String,
    /// Name as in the source.
    pub name: String,
    /// What kind of record it is.
    pub kind: EntityKind,
    /// What it stands for, if the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Id of the container that owns the code which defines it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Id of the store that keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// What a view takes its rows from, in the order of its query: ids of entities, names where there is no
    /// entity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
    /// Whether a view keeps the rows that its query came to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub materialized: bool,
    /// Whether there may be more fields: some come of code that was not read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Fields in the order of the source.
    pub fields: Vec<Field>,
    /// References to other entities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<EntityRelation>,
    /// Indexes and multi-field unique constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Partitioning clause as in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partitioning: Option<String>,
    /// How long a record is kept, if somebody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}
