use groundplan_model::{Entity, Evidence};
use serde::{Deserialize, Serialize};

/// A class that an object mapper may store. Whether it is a table of its own shows only once its
/// base classes, which may stand in other files, are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelClass {
    /// Name of the class.
    pub name: String,
    /// What the class itself declares.
    pub entity: Entity,
    /// Last words of its base classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<String>,
    /// What maps it to a table.
    #[serde(default)]
    pub mapper: Mapper,
    /// Whether it names its own table, so that its bases need not say that it is one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stored: bool,
    /// Whether it only lends its fields to others, or is another view of a table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lends: bool,
    /// Columns that are made by a way of the repository's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makers: Vec<Maker>,
    /// Ends of relationships that hold one row at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ones: Vec<One>,
    /// Whether it has options of its own that take nothing of those of its bases: their indexes are
    /// none of its.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// Columns of its bases that it says it has not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
}

/// One row of another class at most stands at an end of a relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct One {
    /// Name of the other class.
    pub to: String,
    /// Whether it is said by the class that holds the key, of the class itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// Where it is said.
    pub at: Evidence,
}

/// How a column is made where not the object mapper itself is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// Name of the column.
    pub field: String,
    /// Name of the function, or of the column with arguments bound, that makes it; empty where the
    /// object mapper does.
    pub by: String,
    /// Whether it may be null, if that is said at this place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Whether it is a column for certain, by the name of what makes it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sure: bool,
}

/// The name under which a way of making columns stands among the classes: that of no class.
pub(crate) fn maker_name(name: &str) -> String {
    format!("{name}()")
}

/// The name under which a class of fields stands among the classes: that of no model.
pub(crate) fn field_class(name: &str) -> String {
    format!("field:{name}")
}

/// An object mapper: each has its own rules for keys and bases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Mapper {
    #[default]
    Django,
    SqlAlchemy,
    Jpa,
    Sequelize,
    EfCore,
    Waterline,
}

/// The name under which the settings of Django choose the type of keys.
pub(crate) const AUTO_FIELD: &str = "DEFAULT_AUTO_FIELD";
