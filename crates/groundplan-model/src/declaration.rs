use crate::Provenance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person, team or role with an interest in the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stakeholder {
    /// Name or handle, for example `@acme/payments`.
    pub name: String,
    /// Role: `owner`, `maintainer`, `author`, `product owner`, `user` …
    pub role: String,
    /// What they care about or own: path patterns, concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concern: Option<String>,
    /// Who says so.
    pub provenance: Provenance,
}

/// The role of a [`Stakeholder`] who is named in a file of owners; the concern has the patterns, with `, ` between them.
pub const CODE_OWNER: &str = "code owner";

/// Patterns of such files that hold every file of the repository.
pub const EVERY_FILE: [&str; 6] = ["/", "*", "**", "/**", "**/*", "/**/*"];

/// A goal or non-goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Goal {
    /// One sentence.
    pub text: String,
    /// Who says so.
    pub provenance: Provenance,
}

/// A phase or milestone of a roadmap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// Name of the phase.
    pub name: String,
    /// `short`, `medium` or `long` term, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// What it delivers.
    pub deliverables: Vec<String>,
    /// Who says so.
    pub provenance: Provenance,
}

/// A term of the glossary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// The term.
    pub term: String,
    /// What it means here.
    pub meaning: String,
    /// Who says so.
    pub provenance: Provenance,
}
