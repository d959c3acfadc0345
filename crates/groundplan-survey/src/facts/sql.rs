use groundplan_model::{Entity, Evidence, Field};
use serde::{Deserialize, Serialize};

/// A change of a database schema, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqlChange {
    /// `CREATE TABLE` or `CREATE VIEW`; relations hold table names in `to`: like ids, in lower case,
    /// without quotes, and without the schemas `public` and `dbo`.
    Create(Entity),
    /// `ALTER TABLE … ADD COLUMN`, constraints, keys, as an entity that holds only what is new. A
    /// field with an empty type adds its keys and constraints to the field that is there.
    Extend(Entity),
    /// `ALTER TABLE … DROP COLUMN`.
    DropColumn {
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// `ALTER TABLE … RENAME COLUMN`.
    RenameColumn {
        /// Table.
        table: String,
        /// Old name.
        from: String,
        /// New name.
        to: String,
    },
    /// `ALTER TABLE … RENAME TO`.
    Rename {
        /// Old name.
        from: String,
        /// New name.
        to: String,
        /// Where it stands.
        at: Evidence,
    },
    /// `ALTER INDEX … RENAME TO`.
    RenameIndex {
        /// Old name.
        from: String,
        /// New name.
        to: String,
        /// Where it stands.
        at: Evidence,
    },
    /// `ALTER TYPE … RENAME TO`.
    RenameType {
        /// Old name.
        from: String,
        /// New name.
        to: String,
        /// Where it stands.
        at: Evidence,
    },
    /// `ALTER TABLE … RENAME CONSTRAINT`.
    RenameConstraint {
        /// Table.
        table: String,
        /// Old name.
        from: String,
        /// New name.
        to: String,
    },
    /// `ALTER TABLE … ALTER COLUMN … TYPE`, `SET NOT NULL` and the like: the column as it is now.
    Column {
        /// Table.
        table: String,
        /// Column; an empty type means that the type stays. If one property alone is changed,
        /// `constraints` holds the operation and nothing else: `SET NOT NULL`, `DROP NOT NULL`,
        /// `SET DEFAULT`, `DROP DEFAULT` or `TYPE`.
        column: Field,
    },
    /// The name of a key, by which it may be dropped later.
    NamedKey {
        /// Table.
        table: String,
        /// Name of the constraint.
        name: String,
        /// Its fields.
        fields: Vec<String>,
        /// What kind of key it is.
        kind: KeyKind,
    },
    /// `ALTER TABLE … DROP CONSTRAINT`, `DROP FOREIGN KEY`; the name is `PRIMARY` for
    /// `DROP PRIMARY KEY`.
    DropConstraint {
        /// Table.
        table: String,
        /// Name of the constraint.
        name: String,
    },
    /// `CREATE PROCEDURE fix_keys`: what a routine does to each table that it is called for.
    Routine {
        /// Its name, in lower case and without schema.
        name: String,
        /// Its changes, of a table without a name.
        changes: Vec<SqlChange>,
    },
    /// `CALL fix_keys('orders')`: a routine changes the table by statements that are put together
    /// while it runs.
    Called {
        /// Table.
        table: String,
        /// The routine, as `Routine` has its name.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        routine: String,
        /// Whether it is called by `SELECT`, so that it may as well only read.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        asked: bool,
        /// The call.
        at: Evidence,
    },
    /// `DROP TABLE` or `DROP VIEW`.
    Drop(String),
    /// `DROP INDEX` by name.
    DropIndex(String),
    /// `COMMENT ON TABLE` or, with a column, `COMMENT ON COLUMN`.
    Comment {
        /// Table.
        table: String,
        /// Column, if it is about one.
        column: Option<String>,
        /// The comment.
        text: String,
    },
}

/// The name of a field of a view that stands for all columns of the table that its type names.
pub(crate) const ALL_COLUMNS: &str = "*";

/// How a field of a view says among its constraints from which column it comes: `from orders.id`. Until all
/// scripts are joined `#` stands before the column, and `|` between tables of which one has it.
pub(crate) const TAKEN_FROM: &str = "from ";

/// How a field of a view says among its constraints what it is computed by; the expression follows. Without
/// one, not all values are those of the column.
pub(crate) const COMPUTED: &str = "computed: ";

/// The kind of a key of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum KeyKind {
    Primary,
    Unique,
    Foreign,
}
