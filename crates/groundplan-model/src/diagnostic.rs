use crate::Evidence;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad a diagnostic is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing was lost.
    Note,
    /// Something was left out or is doubtful.
    Warning,
    /// The material is wrong.
    Error,
}

/// A second place that a diagnostic speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Label {
    /// Where.
    pub place: Evidence,
    /// What is there.
    pub text: String,
}

/// A remark about the user's material. Message: lower case, one phrase, names in backticks, no
/// final period; says what was expected and what was found. The cure stands in `help`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Kebab-case name of the kind, for example `broken-yaml`.
    pub name: String,
    /// What is the matter.
    pub message: String,
    /// Where; `None` if it is about no single place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Evidence>,
    /// First and last column of the primary place, one-based, if known; for carets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<[u32; 2]>,
    /// Further places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// How to mend it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic about no single place.
    pub fn new(severity: Severity, name: &str, message: impl Into<String>) -> Self {
        Diagnostic {
            severity,
            name: name.to_owned(),
            message: message.into(),
            place: None,
            columns: None,
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    /// The same about a place.
    pub fn at(mut self, place: Evidence) -> Self {
        self.place = Some(place);
        self
    }

    /// The same with columns for the caret, one-based and inclusive.
    pub fn columns(mut self, first: u32, last: u32) -> Self {
        self.columns = Some([first, last.max(first)]);
        self
    }

    /// The same with a second place.
    pub fn label(mut self, place: Evidence, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place,
            text: text.into(),
        });
        self
    }

    /// The same with a cure.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}
