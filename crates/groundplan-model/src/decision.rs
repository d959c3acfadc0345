use crate::Provenance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Status of an architecture decision record.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are Nygard's and MADR's")]
pub enum DecisionStatus {
    Proposed,
    Accepted,
    Rejected,
    Deprecated,
    Superseded,
    Unknown,
}

impl DecisionStatus {
    /// The word with a capital.
    pub fn word(self) -> &'static str {
        match self {
            DecisionStatus::Proposed => "Proposed",
            DecisionStatus::Accepted => "Accepted",
            DecisionStatus::Rejected => "Rejected",
            DecisionStatus::Deprecated => "Deprecated",
            DecisionStatus::Superseded => "Superseded",
            DecisionStatus::Unknown => "Not stated",
        }
    }
}

/// An option that a decision considered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Consideration {
    /// Name of the option.
    pub name: String,
    /// Whether it was chosen.
    #[serde(default)]
    pub chosen: bool,
    /// Arguments for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pros: Vec<String>,
    /// Arguments against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cons: Vec<String>,
    /// Weighted score from 0 to 1, if options were scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// The constraint that excludes it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
}

/// An architecture decision record (Nygard; MADR for the options).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Stable id, `ADR-0007` or the id the file has.
    pub id: String,
    /// Title without number.
    pub title: String,
    /// Status.
    pub status: DecisionStatus,
    /// What the record says of its status beside that word, in its words: that parts are superseded, or a word that
    /// is none of the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_note: Option<String>,
    /// ISO date as the file has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deciders: Vec<String>,
    /// Context, as Markdown text of the file (paragraphs separated by blank lines).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub context: String,
    /// Options considered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Consideration>,
    /// The decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rationale: String,
    /// Good consequences, one each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    /// Bad consequences, one each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
    /// Consequences that the file does not sort into good and bad.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consequences: Vec<String>,
    /// Values at which the decision would be another one, one each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub would_change: Vec<String>,
    /// Id of the decision that replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Where parts of it stand, where that is known more closely: by the name of the field, and with its number, from
    /// 0, for one consequence (`negative.0`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, Provenance>,
    /// Where it stands.
    pub provenance: Provenance,
}

impl Decision {
    /// Where a part of it stands.
    pub fn place(&self, part: &str) -> &Provenance {
        self.places.get(part).unwrap_or(&self.provenance)
    }

    /// Whether nothing says that it is not, or not yet, in force.
    pub fn holds(&self) -> bool {
        match self.status {
            DecisionStatus::Accepted => true,
            DecisionStatus::Unknown => self.status_note.is_none(),
            _ => false,
        }
    }
}

/// A gap: something that cannot be declared, observed or computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// `OQ-n`, numbered in the order of weight.
    pub id: String,
    /// Key in the catalogue of questions.
    pub key: String,
    /// The question, one sentence with a question mark.
    pub text: String,
    /// Role of the person who can answer.
    pub owner: String,
    /// What depends on the answer.
    pub why: String,
    /// Key of `groundplan.yaml` that answers it.
    pub answer: String,
    /// Options, if there are typical ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A threat (STRIDE) to an element or a relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Threat {
    /// Stable id.
    pub id: String,
    /// STRIDE letter.
    pub category: String,
    /// The story in one sentence.
    pub story: String,
    /// Ids of the elements and relationships it is about.
    pub affects: Vec<String>,
    /// What reduces it, and where that was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mitigations: Vec<String>,
    /// Severity before and after the mitigations, `high, then low`, if rated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// What shows that it happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detection: Option<String>,
    /// What proves that the mitigations hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<String>,
    /// Why it stands here.
    pub provenance: Provenance,
}
