use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A number or decision that a document quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// Value without unit.
    pub value: String,
    /// Unit; empty for a count or a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Formula in words, if it was computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Fact paths, element ids or places that went in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// Where it can be read: `path:line`, or a reference of the literature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<String>,
    /// `declared`, `observed`, `computed`, `decided` or `assumed`.
    pub basis: String,
}

/// `facts.json`: dotted path to fact.
pub type FactTable = BTreeMap<String, Fact>;
