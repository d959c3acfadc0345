use crate::{Provenance, Statement};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a step of a flow is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum StepKind {
    Request,
    Read,
    Write,
    Publish,
    Consume,
    Internal,
    Respond,
}

/// How a step says, at the end of its action, on what it depends: after a failure, otherwise and under a
/// condition, otherwise, in one of several cases, under a condition, where nothing ended it before.
pub const CONDITIONS: [&str; 6] = [
    ", after a failure",
    ", otherwise, if a condition holds",
    ", otherwise",
    ", in one of several cases",
    ", if a condition holds",
    ", unless it ended before",
];

/// Begins a condition that a step tells at the end of its action, in the words of the code and a backquote.
pub const IF: &str = ", if `";

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Id of the element that acts.
    pub from: String,
    /// Id of the element acted upon; equal to `from` for internal steps.
    pub to: String,
    /// What happens, a verb phrase in the system's own nouns.
    pub action: String,
    /// What kind of step it is.
    pub kind: StepKind,
    /// Id of the relationship it follows, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<String>,
    /// Where it can be seen.
    pub provenance: Provenance,
}

impl Step {
    /// Whether it happens only under a condition, as far as its action says so.
    pub fn is_conditional(&self) -> bool {
        let told = self.action.ends_with('`') && self.action.contains(IF);
        told || CONDITIONS.iter().any(|words| self.action.ends_with(words))
    }
}

/// What happens in the system from an entry point to its stores and neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Flow {
    /// Stable id, unique among flows.
    pub id: String,
    /// Title in the system's own nouns.
    pub title: String,
    /// Who starts it, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// What happens when a step fails, as far as code shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Statement>,
    /// Why this flow stands here.
    pub provenance: Provenance,
}
