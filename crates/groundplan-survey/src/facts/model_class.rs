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
    /// Whether it only lends its fields to others, or is another view of a table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lends: bool,
}
