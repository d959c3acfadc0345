use crate::facts::Placed;
use groundplan_model::Operation;
use serde::{Deserialize, Serialize};

/// A path of an OpenAPI contract whose operations stand in another file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathElsewhere {
    /// The path as the contract has it.
    pub path: String,
    /// File relative to the repository, with the pointer into it: `api/paths.yaml#/orders`.
    pub target: String,
    /// Schemes that the contract names for all operations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<String>,
    /// Whether all of them are needed, or one of them is enough, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
}

/// Operations of a path that stand outside of the contract; they have no path yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathItem {
    /// Pointer into the file, empty where the whole file is one path: `/orders`.
    pub pointer: String,
    /// The operations.
    pub operations: Vec<Operation>,
}

/// A class answers the operations of an interface that a build makes from a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Implements {
    /// The class.
    pub class: String,
    /// The interface, without its package.
    pub interface: String,
    /// Whether the framework makes routes of the class, so that it can be nothing but a server.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub serves: bool,
    /// The methods that it overrides and that have no mapping of their own.
    pub methods: Vec<Placed<String>>,
}
