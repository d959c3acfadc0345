use crate::{
    Calculation, Coverage, Decision, Dependency, Element, ElementKind, Entity, Environment, Flow,
    Goal, History, Interface, Milestone, Observation, Pipeline, Question, Relationship,
    Requirement, Setting, Slo, Stakeholder, Statement, Target, Term, Threat, Topic, View,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the public form; a breaking change raises the first number.
pub const SCHEMA_VERSION: &str = "1.0";

/// What the described system is called and what it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Id of the software system element.
    pub id: String,
    /// Name as a reader knows it.
    pub name: String,
    /// What it is for: the first paragraph of the README or the declared purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Statement>,
    /// The problem it solves, if somebody wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Statement>,
    /// Version of the system as its manifests or tags have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Statement>,
    /// Recognised architecture style, with its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Statement>,
    /// Main features listed in the README, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Statement>,
    /// Team size, timeline, budget and other constraints: key (`team`, `timeline`, `budget`,
    /// `compliance`, `scale`, `stack`, `users` …) and statement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<(String, Statement)>,
    /// What a person declared in `groundplan.yaml`, by its dotted key there, for example
    /// `operations.rto` or `review.next`: the key that a question names as its answer. Lists are
    /// joined with `; `.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Statement>,
}

/// The architecture of one software system, as designed or as built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Blueprint {
    /// [`SCHEMA_VERSION`] of the writer.
    pub schema_version: String,
    /// Hash of the content apart from `history`: `bp-` and 16 hexadecimal digits.
    pub blueprint_id: String,
    /// `built` for a survey, `designed` for a brief.
    pub origin: String,
    /// Name and purpose.
    pub system: Identity,
    /// C4 elements, sorted by id.
    pub elements: Vec<Element>,
    /// Dependencies, sorted by id.
    pub relationships: Vec<Relationship>,
    /// Data model, sorted by id.
    pub entities: Vec<Entity>,
    /// Interfaces, sorted by id.
    pub interfaces: Vec<Interface>,
    /// Flows, heaviest first.
    pub flows: Vec<Flow>,
    /// Requirements, sorted by id.
    pub requirements: Vec<Requirement>,
    /// Service level objectives, sorted by id.
    pub slos: Vec<Slo>,
    /// Numbers with their sums, sorted by id.
    pub calculations: Vec<Calculation>,
    /// Parts and numbers of a design beside what was found; empty without a brief or a repository.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Architecture decision records, sorted by id.
    pub decisions: Vec<Decision>,
    /// Threats, heaviest first.
    pub threats: Vec<Threat>,
    /// Open questions, in order.
    pub questions: Vec<Question>,
    /// Views, in the order in which documents show them.
    pub views: Vec<View>,
    /// Environments.
    pub environments: Vec<Environment>,
    /// CI/CD pipelines.
    pub pipelines: Vec<Pipeline>,
    /// People, teams and roles.
    pub stakeholders: Vec<Stakeholder>,
    /// Goals.
    pub goals: Vec<Goal>,
    /// Non-goals.
    pub non_goals: Vec<Goal>,
    /// Roadmap.
    pub roadmap: Vec<Milestone>,
    /// Glossary.
    pub glossary: Vec<Term>,
    /// Configuration keys, sorted by element and name.
    pub settings: Vec<Setting>,
    /// Package dependencies, sorted by element, ecosystem and name.
    pub dependencies: Vec<Dependency>,
    /// Everything else that was seen, sorted by topic, element and name.
    pub observations: Vec<Observation>,
    /// What was read.
    pub coverage: Coverage,
    /// What git says; outside the blueprint id.
    pub history: History,
}

impl Blueprint {
    /// The element with this id.
    pub fn element(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|e| e.id == id)
    }

    /// The containers of the system itself, in order.
    pub fn containers(&self) -> impl Iterator<Item = &Element> {
        self.elements
            .iter()
            .filter(|e| e.kind == ElementKind::Container && !e.external)
    }

    /// Everything outside the system: external systems and external containers, in order.
    pub fn externals(&self) -> impl Iterator<Item = &Element> {
        self.elements
            .iter()
            .filter(|e| e.external && e.kind != ElementKind::Person)
    }

    /// The components inside an element, in order.
    pub fn components_of<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |e| {
            e.kind == ElementKind::Component && e.parent.as_deref() == Some(parent)
        })
    }

    /// What was seen about a topic, in order.
    pub fn observations_of(&self, topic: Topic) -> impl Iterator<Item = &Observation> {
        self.observations.iter().filter(move |o| o.topic == topic)
    }

    /// Relationships that start at an element.
    pub fn outgoing<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Relationship> {
        self.relationships.iter().filter(move |r| r.from == id)
    }

    /// Relationships that end at an element.
    pub fn incoming<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Relationship> {
        self.relationships.iter().filter(move |r| r.to == id)
    }
}
