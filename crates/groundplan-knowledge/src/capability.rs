//! Capability packs: what a system that can do something (take payments, book slots) consists of.
//!
//! A pack is one YAML file under `data/capabilities/`. It proposes requirements, components,
//! entities, endpoints, flows and so on, and says by which words of a brief it is recognised
//! ([`crate::detect`]). The grammar of the lines inside a pack stands in `capability_lines.rs`.

use crate::capability_lexicon::Lexicon;
use crate::capability_lines::{fields, lines};
use groundplan_model::Priority;
use serde::Deserialize;
use std::sync::OnceLock;

pub use crate::capability_parts::{
    Actor, AuthClass, Cache, Component, ComponentKind, Constant, CostDriver, Endpoint, Entity,
    ErrorCase, Event, External, Field, Flow, FlowError, FlowStep, Idempotency, Join, JoinRelation,
    JoinStep, Mark, Metric, Noun, PiiClass, Question, Response, Rule, RuleKind, Runbook, Slo,
    Stride, Subscription, Term, TestCase, Threat,
};

/// The embedded packs as JSON, sorted by id.
static PACKS: &[&str] = &include!(concat!(env!("OUT_DIR"), "/capabilities.rs"));

/// All capability packs, sorted by id; decoded at the first call, some milliseconds.
pub fn capabilities() -> &'static [Capability] {
    static ALL: OnceLock<Vec<Capability>> = OnceLock::new();
    // The tests decode every embedded pack; none is dropped in a program that passes them.
    ALL.get_or_init(|| {
        PACKS
            .iter()
            .filter_map(|json| serde_json::from_str(json).ok())
            .collect()
    })
}

/// The pack `accounts` of a system whose people sign in at an identity provider: no password, no
/// recovery, no lock-out of its own.
pub fn federated_accounts() -> Option<&'static Capability> {
    const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/accounts-federated.json"));
    static PACK: OnceLock<Option<Capability>> = OnceLock::new();
    // A test decodes it and holds it to the rules of all packs.
    PACK.get_or_init(|| serde_json::from_str(TEXT).ok())
        .as_ref()
}

/// Packs that take the place of the one with their id where a brief speaks the words of their lexicon: a
/// tender whose bids stay sealed is no auction in which bidders outbid each other.
pub fn variants() -> &'static [Capability] {
    static TEXTS: &[&str] = &include!(concat!(env!("OUT_DIR"), "/variants.rs"));
    static ALL: OnceLock<Vec<Capability>> = OnceLock::new();
    // A test decodes each and holds it to the rules of all packs.
    ALL.get_or_init(|| {
        let read = TEXTS.iter().map(|json| serde_json::from_str(json));
        read.filter_map(Result::ok).collect()
    })
}

/// The pack with this id.
pub fn capability(id: &str) -> Option<&'static Capability> {
    capabilities().iter().find(|pack| pack.id == id)
}

/// The packs with these ids and all that they require, each once, in the order of [`capabilities`].
pub fn with_required(ids: &[&str]) -> Vec<&'static Capability> {
    let mut wanted: Vec<&str> = ids.to_vec();
    let mut at = 0;
    while let Some(pack) = wanted.get(at).map(|id| capability(id)) {
        let required = pack.iter().flat_map(|p| p.requires.iter());
        for id in required {
            if !wanted.contains(&id.as_str()) {
                wanted.push(id);
            }
        }
        at += 1;
    }
    let chosen = |pack: &&Capability| wanted.contains(&pack.id.as_str());
    capabilities().iter().filter(chosen).collect()
}

/// When a pack belongs to a design without a word of the brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Always {
    /// People use the system.
    HumanUsers,
    /// In every system.
    Any,
}

/// What a capability asks of the platform; decisions read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Transactions that must not interleave: money, stock, seats.
    Serialisable,
    /// A log or queue between producers and consumers once the rate is high.
    Stream,
    /// An object store for large bodies.
    Objects,
    /// Reads that touch many records per request.
    FanOut,
    /// Connections that stay open.
    Connections,
    /// A store ordered by time.
    TimeSeries,
    /// An inverted index over text.
    TextIndex,
    /// An index over places.
    GeoIndex,
    /// A store by columns for aggregates.
    Columnar,
    /// Accelerators or a model provider.
    Inference,
    /// A clock that starts work at a given time.
    Timers,
    /// Delivery close to the reader.
    Edge,
}

/// A capability pack. All texts are proposals; none states a fact about the user's organisation.
///
/// Texts hold marks for what a design has names for, so that no sentence is true of any system:
/// `{name}` is the system, `{thing}`, `{things}` and `{a_thing}` what it is about, `{person}`,
/// `{persons}` and `{a_person}` who uses it, `{partner}` the systems it exchanges data with, `{paid}`
/// what is paid for, `{file_most}` the largest file. An entity with nouns is marked by its name:
/// `{case_record}`, `{case_records}`, `{a_case_record}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Kebab-case id, equal to the name of the file.
    pub id: String,
    /// Display name, for example `Payments`.
    pub name: String,
    /// What the system does with it: a phrase in the third person that can follow `the system`.
    pub about: String,
    /// When it belongs to a design without a word of the brief.
    #[serde(default)]
    pub always_if: Option<Always>,
    /// The words by which a brief shows it.
    pub lexicon: Lexicon,
    /// Ids of packs that it builds on.
    #[serde(default)]
    pub requires: Vec<String>,
    /// What it asks of the platform.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Compliance packs that it suggests, for example `pci-dss`.
    #[serde(default)]
    pub suggests: Vec<String>,
    /// Whether its effort counts once per named item, as with integrations.
    #[serde(default)]
    pub per_item: bool,
    /// Effort of a first production version, engineer-weeks.
    pub effort: Constant,
    /// CPU of a request against a plain create-read-update-delete request.
    pub cpu: Constant,
    /// Reads among its requests, 0 to 1.
    pub reads: Constant,
    /// Requests that it adds per active user and day.
    pub requests: Constant,
    /// Size of a new record, bytes.
    pub record: Constant,
    /// People and their roles: `id: what they do | nouns`.
    #[serde(deserialize_with = "lines")]
    pub actors: Vec<Actor>,
    /// Systems outside: `id: what it does | products`.
    #[serde(default, deserialize_with = "lines")]
    pub externals: Vec<External>,
    /// What it must do, most important first.
    pub requirements: Vec<Requirement>,
    /// Parts, most important first.
    pub components: Vec<Component>,
    /// Records, most important first.
    pub entities: Vec<Entity>,
    /// Operations of the interface.
    pub endpoints: Vec<Endpoint>,
    /// What happens from an entry point to stores and neighbours, most important first.
    pub flows: Vec<Flow>,
    /// Events: `name producer -> consumers: payload fields`.
    #[serde(deserialize_with = "lines")]
    pub events: Vec<Event>,
    /// Threats, worst first.
    pub threats: Vec<Threat>,
    /// Objectives: `id | indicator | target | window`.
    #[serde(deserialize_with = "lines")]
    pub slos: Vec<Slo>,
    /// Metrics: `name | kind | labels | meaning | alert`.
    #[serde(deserialize_with = "lines")]
    pub metrics: Vec<Metric>,
    /// Tests: `id | level | what is shown`.
    #[serde(deserialize_with = "lines")]
    pub tests: Vec<TestCase>,
    /// What to do when something is wrong.
    pub runbooks: Vec<Runbook>,
    /// What costs grow with: `driver | grows with | what is paid`.
    #[serde(deserialize_with = "lines")]
    pub costs: Vec<CostDriver>,
    /// What may be cached: `what | time to live | invalidation`.
    #[serde(default, deserialize_with = "lines")]
    pub caches: Vec<Cache>,
    /// What a first version leaves out, one phrase a line.
    #[serde(deserialize_with = "lines")]
    pub non_goals: Vec<String>,
    /// What only the organisation can answer: `question | role | why it matters`.
    #[serde(deserialize_with = "lines")]
    pub questions: Vec<Question>,
    /// Words of the field: `term | meaning`.
    #[serde(default, deserialize_with = "lines")]
    pub terms: Vec<Term>,
    /// What is added when another pack is present too.
    #[serde(default)]
    pub joins: Vec<Join>,
}

/// Something that an actor must be able to do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Kebab-case id, unique in the pack.
    pub id: String,
    /// MoSCoW priority in a first version.
    pub priority: Priority,
    /// Id of the actor of the story.
    pub actor: String,
    /// What the actor wants: continues `I want to`.
    pub wants: String,
    /// Why: continues `so that`.
    pub so: String,
    /// Criteria that can be tested, one sentence a line.
    #[serde(deserialize_with = "lines")]
    pub accept: Vec<String>,
}

impl Capability {
    /// The entities that nouns of the brief may name, with these nouns.
    pub fn noun_slots(&self) -> impl Iterator<Item = (&Entity, &Noun)> {
        let nouns = |entity: &'_ Entity| entity.nouns.len();
        self.entities
            .iter()
            .filter(move |entity| nouns(entity) > 0)
            .flat_map(|entity| entity.nouns.iter().map(move |noun| (entity, noun)))
    }

    /// The entity with this name.
    pub fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.name == name)
    }

    /// The component with this id.
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    /// The joins that hold when the packs with these ids are present.
    pub fn joins_with<'a>(&'a self, present: &'a [&str]) -> impl Iterator<Item = &'a Join> {
        self.joins
            .iter()
            .filter(|join| present.contains(&join.with.as_str()))
    }
}

/// Reads a comma-separated list of fields, as endpoints have it.
pub(crate) fn field_list<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Vec<Field>, D::Error> {
    let text = String::deserialize(from)?;
    fields(&text).map_err(serde::de::Error::custom)
}
