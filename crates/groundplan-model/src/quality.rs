use crate::{Provenance, Statement};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Functional or quality requirement.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum RequirementKind {
    Functional,
    Performance,
    Availability,
    Scalability,
    Security,
    Maintainability,
    Privacy,
    Cost,
    Operations,
}

/// MoSCoW priority.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are MoSCoW's")]
pub enum Priority {
    Must,
    Should,
    Could,
    Wont,
}

/// Something the system must do or be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// Stable id.
    pub id: String,
    /// What kind it is.
    pub kind: RequirementKind,
    /// One sentence.
    pub text: String,
    /// How much it matters, if somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Target with unit, for quality requirements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How the target is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurement: Option<String>,
    /// Criteria that a test can decide, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptance: Vec<String>,
    /// Who says so.
    pub provenance: Provenance,
}

/// A service level objective.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Slo {
    /// Stable id.
    pub id: String,
    /// The indicator, for example `availability` or `latency of GET /orders`.
    pub indicator: String,
    /// The target with unit, for example `99.9 %` or `300 ms`.
    pub target: String,
    /// Percentile, for example `p99`, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentile: Option<String>,
    /// Window, for example `30 d`, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Id of the element it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Value with unit that a model predicts, if one was computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<String>,
    /// Measured value with unit, if somebody measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achieved: Option<String>,
    /// Who says so.
    pub provenance: Provenance,
}

/// How the value of a calculation is to be read.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CalculationForm {
    /// As words.
    #[default]
    Text,
    /// As a number without separators.
    Number,
    /// As `yes` or `no`.
    Flag,
    /// As names joined with `, `.
    List,
}

impl CalculationForm {
    /// Whether it is text, the form that needs no mention.
    pub fn is_text(&self) -> bool {
        *self == CalculationForm::Text
    }
}

/// A number with its sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Calculation {
    /// Dotted fact path.
    pub id: String,
    /// What it is, in words.
    pub name: String,
    /// Value, formatted without unit.
    pub value: String,
    /// How the value is to be read.
    #[serde(default, skip_serializing_if = "CalculationForm::is_text")]
    pub form: CalculationForm,
    /// Unit; empty for a count.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Where constants in the formula come from: tables with their date, literature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Formula and inputs.
    pub provenance: Provenance,
}

/// Something that a brief's design has, beside what a repository has in its place. At least one of
/// the two sides is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Stable id, for example `store.database` or `number.instances`.
    pub id: String,
    /// What is compared, in words.
    pub name: String,
    /// What was designed; `None` for what was found and not designed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designed: Option<Statement>,
    /// What was found; `None` for what was designed and not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Statement>,
    /// Whether the two agree as far as it can be told.
    pub agrees: bool,
}
