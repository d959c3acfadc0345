//! Stores that the configuration of an application names.

use serde::{Deserialize, Serialize};

/// A connection that a framework opens by its own configuration: an entry of `config/database.yml`,
/// of `connections` in `config/database.php`, a repository of Ecto.
///
/// Texts may hold `{env:NAME}` and `{env:NAME:default}` for what the environment gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfiguredStore {
    /// What the framework keeps there: `database`, `cache`, `queue`, `files`, `messages`.
    pub purpose: String,
    /// Name of the connection as the configuration has it: `primary`, `pgsql`, `Shop.Repo`; empty
    /// where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Adapter, driver, scheme or knowledge id of the product; empty where the file says nothing of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub product: String,
    /// Addresses without credentials, the one that counts most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// The library that opens it, as people call it: `Active Record`.
    pub library: String,
    /// What has to give `name` for the connection to be used; nothing where it is always used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_by: Option<String>,
    /// The environment for which it is written: `production`; nothing where it holds in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}
