use groundplan_model::{EntityKind, Index, Provenance};
use serde::{Deserialize, Serialize};

/// What code says of the table of a class elsewhere: Entity Framework's `IEntityTypeConfiguration<T>` and
/// `modelBuilder.Entity<T>(…)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRules {
    /// Name of the class.
    pub class: String,
    /// Name of the table or view, if it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Table or view.
    pub kind: EntityKind,
    /// Members that make the primary key, in order; `None` where convention decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Vec<String>>,
    /// Members that are not stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// What is said of members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnRule>,
    /// Indexes over members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Ends of relationships.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<EndRule>,
    /// The name of the context whose snapshot it is, where a snapshot says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot_of: Option<String>,
}

impl TableRules {
    /// Rules that say nothing yet.
    pub(crate) fn new(class: &str) -> Self {
        TableRules {
            class: class.rsplit('.').next().unwrap_or(class).to_owned(),
            table: None,
            kind: EntityKind::Table,
            key: None,
            ignored: Vec::new(),
            columns: Vec::new(),
            indexes: Vec::new(),
            ends: Vec::new(),
            snapshot_of: None,
        }
    }

    /// The class of a table of a snapshot; `table` is the id of the table.
    pub(crate) fn of_snapshot(class: &str, table: &str, context: &str) -> Self {
        TableRules {
            table: Some(table.to_owned()),
            snapshot_of: Some(context.to_owned()),
            ..TableRules::new(class)
        }
    }
}

/// What code says of a member that is a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRule {
    /// Name of the member.
    pub member: String,
    /// Name of the column, if another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Type in the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Whether it must be filled, if it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Greatest length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// What code says of a relationship, seen from the class that it is said of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndRule {
    /// The member that holds the other end.
    pub member: String,
    /// Whether the member holds many.
    pub many: bool,
    /// Whether the other end holds many of this one.
    pub of_many: bool,
    /// Members that keep the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The class that keeps the key, where it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// What happens to rows whose other end goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}
