use crate::{Observation, Provenance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one element does to another. The direction is that of dependency: `from` needs `to`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum RelationshipKind {
    Calls,
    /// Only reads, as statements or the product show.
    Reads,
    /// Uses what keeps data; the description says more where statements show it.
    Writes,
    Publishes,
    Subscribes,
    Routes,
    Observes,
    Configures,
    /// Start order alone: nothing shows that the two speak with each other.
    StartsAfter,
}

impl RelationshipKind {
    /// The verb in the third person, as on an edge label.
    pub fn verb(self) -> &'static str {
        match self {
            RelationshipKind::Calls => "calls",
            RelationshipKind::Reads => "reads from",
            // An address shows that a store is used, and no more.
            RelationshipKind::Writes => "uses",
            RelationshipKind::Publishes => "publishes to",
            RelationshipKind::Subscribes => "subscribes to",
            RelationshipKind::Routes => "routes to",
            RelationshipKind::Observes => "observes",
            RelationshipKind::Configures => "takes configuration from",
            RelationshipKind::StartsAfter => "starts after",
        }
    }
}

/// Whether the caller waits.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The caller waits for the answer.
    Sync,
    /// The caller goes on; the answer, if any, comes as another message.
    Async,
}

/// How sure the resolver is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A guess from names; documents leave it out.
    Low,
    /// One end is written down, the other was matched by name.
    Medium,
    /// Both ends are written down.
    High,
}

/// A directed dependency between two elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Relationship {
    /// `from->to:kind`, unique.
    pub id: String,
    /// Id of the element that needs the other.
    pub from: String,
    /// Id of the element that is needed.
    pub to: String,
    /// What happens.
    pub kind: RelationshipKind,
    /// A short phrase for the edge, in the system's own nouns.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Library or product that carries it, if seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technology: Option<String>,
    /// Wire protocol, for example `HTTP`, `gRPC`, `AMQP`, `PostgreSQL`, if seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Whether the caller waits.
    pub mode: Mode,
    /// Ids or names of the operations used, if seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// Where each operation is asked for and each message sent or taken, in the order of `operations`, if
    /// that was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<OperationPlaces>,
    /// Whether code that sends a message waits until the broker has taken it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub acknowledged: bool,
    /// What the caller does when a call over it fails, as far as the code around the calls shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<CallFailure>,
    /// Timeouts, retries and circuit breakers that stand around calls over it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Observation>,
    /// `out` if data flows from `from` to `to`, `in` the other way, `both`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_direction: Option<String>,
    /// How sure the resolver is.
    pub confidence: Confidence,
    /// Evidence of both ends, the using end first.
    pub provenance: Provenance,
}

/// Where an operation of a relationship is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OperationPlaces {
    /// One of the operations of the relationship.
    pub operation: String,
    /// Where it is used.
    pub provenance: Provenance,
}

/// What becomes of the error of a call.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ends what is done and goes to whoever asked for it.
    Returned,
    /// It is logged, and what is done goes on.
    Logged,
    /// It is dropped, and what is done goes on.
    Ignored,
    /// Another value takes the place of the answer.
    Fallback,
    /// The program ends.
    Stops,
}

impl Outcome {
    /// Whether what is done goes on without the answer.
    pub fn goes_on(self) -> bool {
        matches!(self, Outcome::Logged | Outcome::Ignored | Outcome::Fallback)
    }
}

/// What a caller does when a call fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CallFailure {
    /// The operation that is asked for, one of the relationship, if that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// The operation of the caller during which it is asked for; none where no request leads there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during: Option<String>,
    /// What becomes of the error.
    pub outcome: Outcome,
    /// The status that the caller answers with, or the value that takes the place of the answer, as it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Where the call stands, and where its error is dealt with.
    pub provenance: Provenance,
}

impl Relationship {
    /// Where an operation is used, as near as it was read.
    pub fn at(&self, operation: &str) -> &Provenance {
        let own = self.places.iter().find(|p| p.operation == operation);
        own.map_or(&self.provenance, |p| &p.provenance)
    }

    /// Whether an operation of the called side is asked for, by its id; of a service of gRPC its name stands before.
    pub fn asks(&self, id: &str) -> bool {
        let same = |o: &String| {
            o == id
                || o.strip_suffix(id)
                    .is_some_and(|rest| rest.ends_with('.') && !id.contains(' '))
        };
        self.operations.iter().any(same)
    }

    /// The description of a dependency of which only an address in a setting is known: whether the
    /// one calls the other, redirects to it or prints it in a mail, the address does not say.
    pub const ADDRESS: &'static str = "has the address of";

    /// The description of what a library tells a foreign system of a running program: nobody waits for it.
    pub const REPORTS: &'static str = "reports to";

    /// The description of what a program hands to a collector of telemetry: nobody waits for it.
    pub const EXPORTS: &'static str = "exports telemetry to";

    /// Whether it only tells another system of the running program, also where that depends on something.
    pub fn only_reports(&self) -> bool {
        let reports = [Self::REPORTS, Self::EXPORTS];
        self.mode == Mode::Async
            && reports
                .iter()
                .any(|words| self.description.starts_with(words))
    }

    /// Whether nothing but an address in a setting is known of it.
    pub fn only_addressed(&self) -> bool {
        self.description == Self::ADDRESS
    }

    /// The verb in the third person: that of the kind, unless only an address is known.
    pub fn verb(&self) -> &'static str {
        match (self.only_addressed(), self.only_reports()) {
            (true, _) => Self::ADDRESS,
            (_, true) if self.description.starts_with(Self::EXPORTS) => Self::EXPORTS,
            (_, true) => Self::REPORTS,
            _ => self.kind.verb(),
        }
    }
}
