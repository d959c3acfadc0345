use crate::Provenance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The five C4 kinds. A container is separately deployable or a data store; crates, packages and
/// modules are components (<https://c4model.com/abstractions>).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are C4's own")]
pub enum ElementKind {
    Person,
    SoftwareSystem,
    Container,
    Component,
    DeploymentNode,
}

/// What an element does in its system; decides its shape in diagrams and which section speaks of it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Role {
    Service,
    Ui,
    Gateway,
    Job,
    Database,
    Cache,
    SearchIndex,
    ObjectStorage,
    Broker,
    Registry,
    Coordinator,
    ConfigServer,
    Monitoring,
    Auth,
    LoadGenerator,
    Library,
    Program,
    External,
}

impl Role {
    /// Whether it keeps data (a C4 container that is a store).
    pub fn is_store(self) -> bool {
        matches!(
            self,
            Role::Database | Role::Cache | Role::SearchIndex | Role::ObjectStorage
        )
    }

    /// The word readers know, in lower case.
    pub fn word(self) -> &'static str {
        match self {
            Role::Service => "service",
            Role::Ui => "user interface",
            Role::Gateway => "gateway",
            Role::Job => "job",
            Role::Database => "database",
            Role::Cache => "cache",
            Role::SearchIndex => "search index",
            Role::ObjectStorage => "object storage",
            Role::Broker => "message broker",
            Role::Registry => "service registry",
            Role::Coordinator => "coordination service",
            Role::ConfigServer => "configuration server",
            Role::Monitoring => "monitoring tool",
            Role::Auth => "identity provider",
            Role::LoadGenerator => "load generator",
            Role::Library => "library",
            Role::Program => "program",
            Role::External => "external system",
        }
    }
}

/// A sentence or phrase with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// Plain text without markup, one line.
    pub text: String,
    /// Who says so.
    pub provenance: Provenance,
}

/// A named property of an element, for example `port`, `image`, `replicas`, `limit.memory`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attribute {
    /// Dotted lower-case key.
    pub key: String,
    /// The value as the file has it; secrets are never values.
    pub value: String,
    /// Where it stands.
    pub provenance: Provenance,
}

/// The key of the attribute that names a deployment node on which a container answers; one for each copy.
pub const DEPLOYED_ON: &str = "deployed-on";

/// The key of the attribute that names a deployment node on which a copy of a container waits until it is needed.
pub const STANDBY_ON: &str = "standby-on";

impl Attribute {
    /// The whole number that the value is, alone or with its unit: 3 of `3` and of `3 instances`.
    pub fn count(&self) -> Option<usize> {
        let mut words = self.value.split_whitespace();
        let digits = words.next()?;
        let rest = words.nth(1);
        digits
            .replace(',', "")
            .parse()
            .ok()
            .filter(|_| rest.is_none())
    }
}

/// A C4 element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Element {
    /// Stable id, `[a-z0-9._/-]+`; does not change when code moves to another folder.
    pub id: String,
    /// C4 kind.
    pub kind: ElementKind,
    /// The name that stands in the code or deployment files.
    pub name: String,
    /// What it is for, if a file or a person says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Statement>,
    /// Other names under which files speak of it: host names, image names, folder names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Technologies, main one first, by the display name of the knowledge base.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub technology: Vec<String>,
    /// Free marks, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What it does in the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Id of the element that contains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Whether it lies outside the described system.
    #[serde(default)]
    pub external: bool,
    /// Folder of its source, relative to the repository, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Properties, sorted by key, then by value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Why the element stands in the blueprint.
    pub provenance: Provenance,
}

impl Element {
    /// An element with nothing but its identity.
    pub fn new(
        id: impl Into<String>,
        kind: ElementKind,
        name: impl Into<String>,
        provenance: Provenance,
    ) -> Self {
        Element {
            id: id.into(),
            kind,
            name: name.into(),
            description: None,
            aliases: Vec::new(),
            technology: Vec::new(),
            tags: Vec::new(),
            role: None,
            parent: None,
            external: false,
            source: None,
            attributes: Vec::new(),
            provenance,
        }
    }

    /// The values of one attribute key, in order.
    pub fn attributes_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Attribute> {
        self.attributes.iter().filter(move |a| a.key == key)
    }

    /// The ports of the host on which the element answers others, as attributes `exposed`: what is bound
    /// to the machine itself (`127.0.0.1:9092:9092`, told by an attribute `port.9092.bind` of the same
    /// line) is left out.
    pub fn reachable_ports(&self) -> Vec<&Attribute> {
        let loopback = |value: &str| {
            value.starts_with("127.") || matches!(value, "localhost" | "::1" | "[::1]")
        };
        let bound = |a: &&Attribute| a.key.starts_with("port.") && a.key.ends_with(".bind");
        let places = |a: &'_ Attribute| {
            let all = a.provenance.evidence.iter();
            all.map(|e| (e.path.clone(), e.lines)).collect::<Vec<_>>()
        };
        let local: Vec<(String, [u32; 2])> = (self.attributes.iter().filter(bound))
            .filter(|a| loopback(&a.value))
            .flat_map(places)
            .collect();
        self.attributes_of("exposed")
            .filter(|a| {
                let at = places(a);
                at.is_empty() || !at.iter().all(|place| local.contains(place))
            })
            .collect()
    }

    /// The first value of one attribute key.
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.key == key)
    }

    /// Whether it keeps data.
    pub fn is_store(&self) -> bool {
        self.role.is_some_and(Role::is_store)
    }
}
