use groundplan_model::Entity;
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
}

/// An object mapper: each has its own rules for keys and bases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Mapper {
    #[default]
    Django,
    SqlAlchemy,
}

/// The name under which the settings of Django choose the type of keys.
pub(crate) const AUTO_FIELD: &str = "DEFAULT_AUTO_FIELD";
