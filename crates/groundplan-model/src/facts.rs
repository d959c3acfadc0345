use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The value of a fact: a number, a yes or no, names, or text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum FactValue {
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Ids or codes.
    List(Vec<String>),
    /// Words.
    Text(String),
}

impl FactValue {
    /// A number; whole ones lose their point.
    pub fn number(value: f64) -> Self {
        if value.fract() == 0.0 && value.abs() < 9e15 {
            FactValue::Whole(value as i64)
        } else {
            FactValue::Number(value)
        }
    }

    /// The value as a reader writes it, without unit and without separators.
    pub fn plain(&self) -> String {
        match self {
            FactValue::Whole(n) => n.to_string(),
            FactValue::Number(n) => n.to_string(),
            FactValue::Flag(true) => "yes".to_owned(),
            FactValue::Flag(false) => "no".to_owned(),
            FactValue::List(items) => items.join(", "),
            FactValue::Text(text) => text.clone(),
        }
    }
}

/// A number or decision that a document quotes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// Value without unit.
    pub value: FactValue,
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
