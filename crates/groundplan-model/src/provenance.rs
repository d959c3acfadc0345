use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One place in one file of the described repository.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Evidence {
    /// Path relative to the repository, with `/` as separator.
    pub path: String,
    /// First and last line, one-based and inclusive.
    pub lines: [u32; 2],
    /// Hash of exactly those lines: the first 16 hexadecimal digits of BLAKE3 over their bytes,
    /// line ends normalised to `\n`. Empty only in evidence that was built by hand in tests.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
}

impl Evidence {
    /// A place that spans `first..=last` of `path`.
    pub fn new(path: impl Into<String>, first: u32, last: u32, hash: impl Into<String>) -> Self {
        Evidence {
            path: path.into(),
            lines: [first, last.max(first)],
            hash: hash.into(),
        }
    }

    /// `path:line` or `path:first-last`, as people write it.
    pub fn label(&self) -> String {
        let [first, last] = self.lines;
        if first == last {
            format!("{}:{first}", self.path)
        } else {
            format!("{}:{first}-{last}", self.path)
        }
    }
}

/// How a claim came to stand in a blueprint.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ProvenanceKind {
    /// A person wrote it, in `groundplan.yaml` or a brief.
    Declared,
    /// It can be seen in a file of the repository.
    Observed,
    /// A formula over other values gave it.
    Computed,
    /// A decision with options and scores chose it.
    Decided,
    /// Neither known nor derivable; an open question stands beside it.
    Assumed,
}

/// Why an element, a number or a sentence stands in a blueprint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// What kind of reason it is.
    pub kind: ProvenanceKind,
    /// Where it can be read; not empty for declared and observed claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The formula of a computed value, in words a reader can follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Ids of the elements, facts or files that went into a computed value; for an absence, what
    /// was searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// The decision that chose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// The open question that an assumption waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

impl Provenance {
    fn of(kind: ProvenanceKind, evidence: Vec<Evidence>) -> Self {
        Provenance {
            kind,
            evidence,
            formula: None,
            inputs: Vec::new(),
            decision: None,
            question: None,
        }
    }

    /// Seen in the repository at these places; duplicates are dropped, the order is kept.
    pub fn observed(evidence: impl IntoIterator<Item = Evidence>) -> Self {
        let mut all: Vec<Evidence> = Vec::new();
        for place in evidence {
            if !all.contains(&place) {
                all.push(place);
            }
        }
        Provenance::of(ProvenanceKind::Observed, all)
    }

    /// Written by a person at this place.
    pub fn declared(evidence: impl IntoIterator<Item = Evidence>) -> Self {
        Provenance {
            kind: ProvenanceKind::Declared,
            ..Provenance::observed(evidence)
        }
    }

    /// The result of `formula` over `inputs`.
    pub fn computed(formula: impl Into<String>, inputs: impl IntoIterator<Item = String>) -> Self {
        Provenance {
            formula: Some(formula.into()),
            inputs: inputs.into_iter().collect(),
            ..Provenance::of(ProvenanceKind::Computed, Vec::new())
        }
    }

    /// Chosen by a decision.
    pub fn decided(decision: impl Into<String>) -> Self {
        Provenance {
            decision: Some(decision.into()),
            ..Provenance::of(ProvenanceKind::Decided, Vec::new())
        }
    }

    /// Assumed until `question` is answered.
    pub fn assumed(question: impl Into<String>) -> Self {
        Provenance {
            question: Some(question.into()),
            ..Provenance::of(ProvenanceKind::Assumed, Vec::new())
        }
    }

    /// The same reason with more places where it can be seen.
    pub fn and(mut self, more: impl IntoIterator<Item = Evidence>) -> Self {
        for place in more {
            if !self.evidence.contains(&place) {
                self.evidence.push(place);
            }
        }
        self
    }

    /// The first place, if there is one.
    pub fn first(&self) -> Option<&Evidence> {
        self.evidence.first()
    }
}
