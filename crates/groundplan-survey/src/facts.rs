//! Facts: what one file says, before anything is joined.
//!
//! A fact is a claim with the lines where it stands. Facts are plain, serialisable data: they are
//! cached by content and must never hold the value of a secret.

mod asked;
mod called;
mod changelog;
mod chart;
mod contract_part;
mod dapr;
mod fields_read;
mod handed;
mod handler;
mod import;
mod model_class;
mod published;
mod python;
mod router;
mod settings;
mod span;
mod sql;
mod starts;
mod store;
mod table_rules;

pub use asked::{AskedPath, AskedPaths};
pub use called::{Callable, CalledStep, JobCall, StepCall};
pub use changelog::{ChangelogStep, StepKind};
pub use chart::{Chart, ChartDependency, ChartFile, ChartValue};
pub use contract_part::{Implements, PathElsewhere, PathItem};
pub use dapr::DaprComponent;
pub use fields_read::FieldsRead;
pub use handed::{Handed, Handing};
pub(crate) use handler::{ANSWERED_BY, PASSING, WITH};
pub use handler::{Before, Handler, Input};
pub(crate) use import::{ImportAt, ImportLine};
pub(crate) use model_class::{AUTO_FIELD, field_class, maker_name};
pub use model_class::{Maker, Mapper, ModelClass, One};
pub use published::PublishedImage;
pub(crate) use python::{DEPENDS, HERE, OF_CLASS, ROUTER_DEPENDS, TYPED, UNKNOWN};
pub use python::{PythonClass, PythonCode, PythonFunction};
pub use router::{Mount, Router};
pub use settings::{EnvRead, Property};
pub(crate) use span::{Asked, Branch, Called, Failing, Span, holding, tells_verb};
pub(crate) use sql::{ALL_COLUMNS, COMPUTED, TAKEN_FROM};
pub use sql::{KeyKind, SqlChange};
pub use starts::Starts;
pub use store::ConfiguredStore;
pub use table_rules::{ColumnRule, EndRule, TableRules};

use groundplan_model::{
    Decision, DependencyScope, Diagnostic, Entity, Evidence, Interface, Milestone, Pipeline, Slo,
    Topic,
};
use groundplan_syntax::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Path relative to the root of the survey.
    pub path: String,
    /// Language by file name.
    pub language: Language,
    /// Lines, 0 for a file that was not read.
    pub lines: u32,
    /// Size in bytes.
    pub bytes: u64,
    /// Whether it is a library of others that lies among the files of a user interface.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vendored: bool,
    /// Why it was not read, if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
    /// What it says, in the order of the extractors, then of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// Its functions, where one of them answers somebody or calls somebody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) spans: Vec<Span>,
    /// Its imports, where they are kept apart from `facts`: see [`FileFacts::with_imports_apart`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) imports: Vec<ImportLine>,
    /// Whether imports go there as they are found.
    #[serde(skip)]
    pub(crate) imports_apart: bool,
    /// Whether an import kept apart stood before all other facts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) begins_with_import: bool,
    /// What was wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
    /// Words in it that speak against an absence, the surest of each topic, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mentioned>,
}

/// A word of `data/absences.yaml` that stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentioned {
    /// Position of the topic among all.
    #[serde(rename = "t")]
    pub topic: u16,
    /// Position of the word in the topic; the greatest number where the name of the file says it.
    #[serde(rename = "w")]
    pub word: u16,
    /// The name that the word is part of, as it stands in the text, or the name of the file.
    #[serde(rename = "n", default)]
    pub text: String,
    /// The line, from 1.
    #[serde(rename = "l")]
    pub line: u32,
    /// Hash of that line, as in evidence.
    #[serde(rename = "h")]
    pub hash: String,
    /// The line of code itself, where it is short enough to be quoted; empty in documents.
    #[serde(rename = "s", default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}

/// A claim and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Where it stands.
    pub at: Evidence,
    /// What is claimed.
    pub claim: Claim,
}

/// A value with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub at: Evidence,
}

/// The subject of what a program says of itself to those who call it.
pub(crate) const COMMAND_LINE: &str = "#command-line";

/// What stands for all classes where a program may keep objects of any.
pub(crate) const ANY_CLASS: &str = "*";

/// What a file can claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// Something that is deployed: a Compose service, a Kubernetes workload.
    Deployable(Box<Deployable>),
    /// How an image is built (Dockerfile).
    Image(Box<ImageBuild>),
    /// A network name in front of workloads (Kubernetes Service).
    Service(NetworkService),
    /// A route from a host and path to a service: Ingress, HTTPRoute, proxy and gateway
    /// configuration.
    Route(GatewayRoute),
    /// A site of a web server whose configuration hands no request on.
    ServesFiles,
    /// Folder of a program that a release hands out (GoReleaser).
    Released(String),
    /// Structs of Go that a program makes tables of, or whose tables it drops.
    Migrated(Migrated),
    /// A start script goes on as another user than root; the program with which it does.
    UserSwitch(String),
    /// Named configuration data (ConfigMap; of a Secret only the keys).
    ConfigData(ConfigData),
    /// Scaling by load (HorizontalPodAutoscaler).
    Autoscaler(Autoscaler),
    /// A variant of a deployment: Kustomize overlay, Compose override, values file of a stage.
    Overlay(Overlay),
    /// A package, crate, module or project with its manifest.
    Package(Package),
    /// A dependency of the manifest in this file.
    Dependency(PackageDependency),
    /// A constant that mappings of other files may be written with.
    PathConstant(PathConstant),
    /// A version that this file sets for packages that depend on it elsewhere.
    ManagedVersion(ManagedVersion),
    /// A configuration key in a file: `.env`, `application.yml`, `.properties`.
    Property(Property),
    /// An environment variable that code reads.
    EnvRead(EnvRead),
    /// A module of the own crate that a body names by its path.
    PathUse(Import),
    /// An import; the line only, since there are many.
    Import(Import),
    /// An HTTP endpoint that code offers.
    Endpoint(Endpoint),
    /// A router that something else has to take in.
    Router(Router),
    /// A router takes in another.
    Mount(Mount),
    /// What a function or class that answers requests takes and gives.
    Handler(Box<Handler>),
    /// Fields of Go that are read, and caches that are given to fields.
    FieldsRead(Box<FieldsRead>),
    /// Which functions of a file of Python fail with what and call which others.
    Python(Box<PythonCode>),
    /// Paths that tests, pages and documents ask the system for.
    AskedPaths(Box<AskedPaths>),
    /// A call that code makes to somebody else: HTTP, gRPC, SQL connection, SDK.
    Client(Client),
    /// A method of a stub that generated code gives is called: the service may be reached by it.
    Invoked(Invoked),
    /// A store that a framework opens by the configuration of the application.
    Store(Box<ConfiguredStore>),
    /// What Dapr is told about a product that applications reach through it.
    Dapr(Box<DaprComponent>),
    /// A function that makes clients for others; the lines are those of the function.
    Maker(String),
    /// A function of another module is called that by its name makes a client.
    Made(Made),
    /// What a file of Go that starts a program has and asks others for.
    Starts(Box<Starts>),
    /// What a program does where its command line has that word; the lines are those of the branch.
    CommandBranch(String),
    /// A job of that class or name is done at once by whoever asks for it, and not by a worker.
    DoneAtOnce(String),
    /// A decorator of the repository puts guards before whatever it stands at.
    Guarding(Guarding),
    /// A decorator that is not of a package stands at handlers.
    Decorated(Decorated),
    /// A gRPC service that code implements, by its name in the `.proto` file.
    GrpcServer(String),
    /// An interface that code offers to others by a registry, as Dubbo does, by its name without package.
    RpcServer(String),
    /// A topic, queue, exchange or subject that code or configuration uses.
    Channel(Channel),
    /// The class of an object that is made and handed to something that may send it.
    HandedOn(String),
    /// Code or configuration switches on a technology or role: `@EnableEurekaServer`,
    /// `spring.cloud.gateway`, `opentelemetry.init`.
    Uses(Uses),
    /// An entry point: `main`, a Spring Boot application, a CLI.
    Entry(Entry),
    /// Something for an observation of the blueprint.
    Mark(Mark),
    /// A contract: OpenAPI, protobuf service, GraphQL.
    Interface(Box<Interface>),
    /// A path of a contract whose operations stand in another file.
    PathElsewhere(PathElsewhere),
    /// Operations that a contract in another file may take in.
    PathItem(Box<PathItem>),
    /// Names that the contract in this file gives its operations, by the ids of these: `GET /orders` is
    /// `listOrders`.
    OperationNames(BTreeMap<String, String>),
    /// A class answers the operations of an interface that a build makes from a contract.
    Implements(Implements),
    /// Code reads or writes records.
    RecordUse(RecordUse),
    /// A record defined by code or a contract: ORM class, protobuf message.
    Entity(Box<Entity>),
    /// A class whose objects a repository of the program keeps, or [`ANY_CLASS`].
    Keeps(String),
    /// A package that the program is put together from, by its dotted name: an application of Django.
    Module(String),
    /// A class that an object mapper may store.
    Model(Box<ModelClass>),
    /// What code says of the table of a class that may stand in another file.
    TableRules(Box<TableRules>),
    /// A statement of SQL DDL, to be replayed in order.
    Sql(Box<SqlChange>),
    /// A change of a table by a step of a migration, which a snapshot beside it tells better.
    Step(Box<SqlChange>),
    /// A step of a Liquibase changelog.
    Changelog(Box<ChangelogStep>),
    /// An architecture decision record.
    Decision(Box<Decision>),
    /// A CI/CD pipeline.
    Pipeline(Box<Pipeline>),
    /// A composite action, or a workflow that others call.
    Callable(Box<Callable>),
    /// A job of a pipeline calls such an action or workflow.
    JobCall(Box<JobCall>),
    /// What a README says.
    Readme(Box<Readme>),
    /// A release in a change log.
    Release(ReleaseNote),
    /// Owners of a path pattern.
    Owners(Owners),
    /// An objective that a file states.
    Slo(Box<Slo>),
    /// A phase of a roadmap.
    Milestone(Box<Milestone>),
    /// What a folder, package or file is for, by its own comment.
    Purpose(Purpose),
    /// What is built in one folder is put into what is built of another.
    Embeds(Embeds),
    /// Names of folders in the settings of TypeScript, and of namespaces in manifests of PHP.
    ModulePaths(Box<ModulePaths>),
    /// An image that the repository publishes.
    Publishes(PublishedImage),
    /// A variable, local or output of a module of Terraform.
    ModuleValue(ModuleValue),
    /// The manifest of a Helm chart.
    Chart(Box<Chart>),
    /// A template or the default values of a Helm chart.
    ChartFile(Box<ChartFile>),
}

/// What a value of a Terraform module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// What callers set.
    Variable,
    /// What the module names for itself.
    Local,
    /// What callers get.
    Output,
    /// What any other module may ask for by this name: an export, a parameter of a store.
    Shared,
}

/// A variable, local or output of a module of Terraform; its module is the folder of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleValue {
    /// Which of the three.
    pub kind: ValueKind,
    /// Name.
    pub name: String,
    /// Expression as written, the default of a variable; `None` if there is none or it is a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A port of a deployable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Port {
    /// Port inside the container, as written (may be a variable).
    pub container: String,
    /// Port on the host or node, if published at a fixed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Whether it is published at a free port of the host that the engine picks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dynamic: bool,
    /// `tcp`, `udp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Name, if it has one (`grpc`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An environment variable that a deployment sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvValue {
    /// Name of the variable.
    pub name: String,
    /// Value with defaults of `${VAR:-default}` filled in; `None` for a secret or a reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// `config_map:name/key`, `secret:name/key`, `field:path`, `env_file:path` for a reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Whether it is a secret by name or place.
    #[serde(default)]
    pub secret: bool,
    /// Where it stands.
    pub at: Evidence,
}

/// Something that is deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployable {
    /// `compose`, `kubernetes`, `procfile` …
    pub source: String,
    /// Kind in the source: `service`, `Deployment`, `StatefulSet`, `CronJob` …
    pub kind: String,
    /// Name.
    pub name: String,
    /// Namespace, Compose project or the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Host names, container names, network aliases, label values under which others reach it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Image with variables' defaults filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Placed<String>>,
    /// Folder of the build, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<Placed<String>>,
    /// Dockerfile of the build, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// Command or arguments, joined by blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Placed<String>>,
    /// Ports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Placed<Port>>,
    /// Environment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvValue>,
    /// Start-order dependencies, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Placed<String>>,
    /// Links, by name: what it reaches over the network by that name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Placed<String>>,
    /// Networks, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// Volumes, `source:target` as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Placed<String>>,
    /// Profiles without which it does not start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// Further properties by the keys of `docs/reference/attributes.md`: `replicas`,
    /// `limit.memory`, `request.cpu`, `probe.liveness`, `health-check`, `restart`, `user` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, Placed<String>)>,
    /// Labels that select it (Kubernetes pod labels), `key=value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Containers beside the main one (sidecars, init containers), by image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sidecars: Vec<Placed<String>>,
}

/// The attribute of a deployable whose health check, with that of its image, is switched off.
pub(crate) const CHECK_OFF: &str = "health-check.off";

/// The attribute of a deployable that names the server which it is a database of.
pub(crate) const INSIDE: &str = "inside";

impl Deployable {
    /// The first value of an attribute.
    pub(crate) fn attribute(&self, key: &str) -> Option<&String> {
        let mut all = self.attributes.iter();
        all.find(|(k, _)| k == key).map(|(_, placed)| &placed.value)
    }
}

/// How an image is built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageBuild {
    /// Base images, one per stage, in order; the last is the one that runs.
    pub bases: Vec<Placed<String>>,
    /// Exposed ports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Placed<String>>,
    /// Folders that `VOLUME` keeps apart from the image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Placed<String>>,
    /// Entry point or command of the last stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Placed<String>>,
    /// User of the last stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Placed<String>>,
    /// Health check of the last stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_check: Option<Placed<String>>,
    /// Environment of the last stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvValue>,
    /// Sources of `COPY` and `ADD` from the build context.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<String>,
    /// Of these what the last stage takes from stages that copied it, with the instruction that
    /// brings it: relative to the build context, or with a slash in front a path inside a stage that
    /// copied the whole context to elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Placed<String>>,
    /// The folder of the build context whose code the stage worked in that made the file which the
    /// image starts, with the instruction that brings that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<Placed<String>>,
    /// Folders of the programs that `go build` makes in it, relative to where it runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<String>,
    /// Packages and binaries that `cargo build` is told to make in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crates: Vec<String>,
    /// Names of the projects of .NET that `dotnet publish` is told to make in it, without their ending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assemblies: Vec<String>,
    /// What a build that asks for an earlier stage by its name builds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<(String, ImageBuild)>,
}

/// Structs of which GORM makes tables or drops them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migrated {
    /// Ids of the structs, as those of entities.
    pub structs: Vec<String>,
    /// Whether their tables go.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    /// Whether all that is named was read.
    pub whole: bool,
    /// Whether tables are called after one row: `issue` of `Issue`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub singular: bool,
}

/// A network name in front of workloads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkService {
    /// DNS name.
    pub name: String,
    /// Namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Labels that select the workload, `key=value`.
    pub selector: Vec<String>,
    /// Ports: service port, target port, name.
    pub ports: Vec<(String, Option<String>, Option<String>)>,
    /// `ClusterIP`, `LoadBalancer`, `NodePort`, `ExternalName`, `headless`.
    pub kind: String,
    /// Target of an ExternalName.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
}

/// A route to a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayRoute {
    /// Product or kind: `Ingress`, `nginx`, `Spring Cloud Gateway`, `Zuul`, `Traefik` …
    pub gateway: String,
    /// Class of the controller that serves it, where the route is an object of a cluster that names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Name of the gateway object, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Host, if it matches on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Path or pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Service name, host or address it leads to.
    pub target: String,
    /// Whether TLS ends here.
    #[serde(default)]
    pub tls: bool,
}

/// Named configuration data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigData {
    /// Name.
    pub name: String,
    /// Whether it is a Secret: then no entry has a value.
    pub secret: bool,
    /// Entries.
    pub entries: Vec<EnvValue>,
    /// Addresses in entries that are files, without credentials; a bare name where the key before
    /// it says that it is that of a host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Placed<String>>,
}

/// Scaling by load.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Autoscaler {
    /// Name of the workload.
    pub target: String,
    /// Least replicas.
    pub min: Option<String>,
    /// Most replicas.
    pub max: Option<String>,
    /// Metrics with their targets, for example `cpu 70 %`.
    pub metrics: Vec<String>,
    /// Values of the chart that have to be set for it to be made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
}

/// A variant of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    /// `Kustomize overlay`, `Kustomize base`, `Compose override`, `Spring profile` …
    pub mechanism: String,
    /// Name: folder or file infix.
    pub name: String,
    /// Files and folders it takes in, relative to the root.
    pub resources: Vec<String>,
    /// What it changes, one phrase each.
    pub changes: Vec<String>,
    /// Variables that its patches set, each with the name of the workload.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<(String, EnvValue)>,
}

/// What is built in one folder is put into what is built of another: pages into a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embeds {
    /// Folder of what is put in, relative to the root.
    pub from: String,
    /// A path in the source of what takes it, relative to the root.
    pub into: String,
}

/// A package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// `cargo`, `npm`, `go`, `pypi`, `maven`.
    pub ecosystem: String,
    /// Name.
    pub name: String,
    /// Folder, relative to the root; empty for the root.
    pub folder: String,
    /// Version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The file of code in which its version stands, relative to the root, where the manifest says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_file: Option<String>,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Version of the language or runtime that it asks for, for example `go 1.22`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
    /// Member folders or globs, if it is a workspace or aggregator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Whether it is the root of a workspace of Cargo; what that excludes stands behind `!` in `members`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub roots: bool,
    /// Members that are called otherwise than their folder, with it: `:shop-core` and `core`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<(String, String)>,
    /// Executables it builds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binaries: Vec<String>,
    /// Scripts: name and command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<(String, String)>,
    /// Whether it is made to run (plugin of Spring Boot, `[[bin]]`, `main` script).
    #[serde(default)]
    pub application: bool,
    /// Whether it is made for others to import and nothing in it starts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub library: bool,
    /// Name of the parent (Maven) or workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Group that it belongs to (Maven).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A dependency of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageDependency {
    /// `cargo`, `npm`, `go`, `pypi`, `maven`.
    pub ecosystem: String,
    /// Name; `group:artifact` for Maven.
    pub name: String,
    /// Version requirement as written, properties filled in where the file has them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Where it is needed.
    pub scope: DependencyScope,
    /// Path of a dependency inside the repository, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A version that is set in one place for many packages: `[workspace.dependencies]` of Cargo, a
/// catalogue of pnpm or Gradle, `Directory.Packages.props`. A [`PackageDependency`] whose version
/// is `workspace`, `catalog:…` or empty takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedVersion {
    /// `cargo`, `npm`, `maven`, `nuget`.
    pub ecosystem: String,
    /// Name as in [`PackageDependency`].
    pub name: String,
    /// Version requirement as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Name under which build files refer to it, if that is another: `libs.spring.web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Path of a dependency inside the repository, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// Under which names code of TypeScript or PHP imports folders of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulePaths {
    /// The folder that paths start from, relative to the root; that of the file without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The path of the settings that these extend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Patterns with at most one star, and the paths that each may mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<(String, Vec<String>)>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Module as written: `github.com/acme/x`, `./cart`, `org.acme.Cart`, `crate::cart`.
    pub module: String,
}

/// An HTTP endpoint that code offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Upper-case method, `ANY` if it answers all.
    pub method: String,
    /// Path template with `{name}` for parameters, prefixes of groups included as far as this file
    /// shows them; begins with `/`.
    pub path: String,
    /// Function or method that answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// Knowledge id of the framework.
    pub framework: String,
    /// First sentence of the handler's own comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The router of this file that the path stands on, or one of another file as imports name it
    /// behind `=`; `None` if the path is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub router: Option<String>,
    /// Of a class that answers: the methods that its route allows (`get`), with the method of the class
    /// where the route names it (`get:list`); empty where the route leaves it to the class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verbs: Vec<String>,
    /// Whether the route hands on arguments that do not stand in its path.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub given: bool,
    /// What the handler mounts: if one of these has routes of its own, the path is no operation. Of a
    /// view of Django the class with the module that it is imported from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<Mount>,
    /// The class of the handler with its namespace, as far as the file says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// What the route itself names that asks who calls and what they may do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<String>,
}

/// A constant of a class that is named for holding some, whose value is a path or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathConstant {
    /// The class.
    pub class: String,
    /// Its name.
    pub name: String,
    /// What it comes to, with constants of the same file filled in.
    pub value: String,
}

/// A call to somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// `http`, `grpc`, or the scheme or knowledge id of what is talked to.
    pub protocol: String,
    /// Address as folded from code, `{name}` for what is not known: `http://carts/{id}`,
    /// `{CATALOG_ADDR}`, a service name, a connection string without credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Method, if it is HTTP and known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Knowledge id or name of the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// gRPC service or operation, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

/// A call of a method of a stub.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Invoked {
    /// The service, by the name of the stub: `CartService` of `CartServiceClient`.
    pub service: String,
    /// The method as code writes it: `GetCart`, `get_cart`, `getCartAsync`.
    pub method: String,
}

/// Records that code reads or writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordUse {
    /// The name by which code knows them.
    pub of: String,
    /// What that name is.
    pub by: NamedBy,
    /// Whether they are written, else read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub writes: bool,
}

/// Ends of the names of types that keep records: `OrderRepository`.
pub(crate) const KEEPERS: [&str; 6] =
    ["Repositories", "Repository", "Repo", "Dao", "DAO", "Mapper"];

/// What a name of records is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedBy {
    /// The name of a table, in a statement: `orders`.
    Table,
    /// The name of a class, or of a set of its objects: `Order`, `Orders`.
    Class,
    /// The type of what keeps them: `OrderRepository`.
    Keeper,
    /// A variable that holds one: `order`.
    Variable,
    /// What a class that answers says of its own: `queryset = Order.objects`. It reads nothing by itself.
    View,
}

impl Asked {
    /// As methods of classes are called: `get`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Asked::Get => "get",
            Asked::Post => "post",
            Asked::Put => "put",
            Asked::Patch => "patch",
            Asked::Delete => "delete",
        }
    }

    /// The method of a name, in letters of any height.
    pub(crate) fn of(name: &str) -> Option<Asked> {
        Some(match name.to_ascii_uppercase().as_str() {
            "GET" => Asked::Get,
            "POST" => Asked::Post,
            "PUT" => Asked::Put,
            "PATCH" => Asked::Patch,
            "DELETE" => Asked::Delete,
            _ => return None,
        })
    }
}

/// A call of a function that makes a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Module as imported: `github.com/acme/shop/clients`, `shop.clients`, `../clients`.
    pub module: String,
    /// Name of the function.
    pub function: String,
}

/// A topic, queue, exchange or subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Name as folded.
    pub name: String,
    /// Whether this side produces.
    pub produces: bool,
    /// Whether this side consumes.
    pub consumes: bool,
    /// Knowledge id of the broker, if the library says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker: Option<String>,
    /// Whether the code that sends waits for the reply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awaited: bool,
}

/// A technology or role is switched on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uses {
    /// Knowledge id.
    pub technology: String,
    /// `server` if this code is it, `client` if it uses it.
    pub side: String,
    /// What showed it, for example `@EnableEurekaServer`.
    pub mark: String,
}

/// An entry point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// `main`, `spring-boot`, `cli`, `wsgi`, `script` …
    pub kind: String,
    /// Name of the class, package or function.
    pub name: String,
}

/// A decorator that is made of others, with the guards among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarding {
    /// Name of the decorator.
    pub decorator: String,
    /// Names of the guards.
    pub guards: Vec<String>,
}

/// What a decorator stands at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decorated {
    /// Name of the decorator.
    pub decorator: String,
    /// Class of the handlers.
    pub class: String,
    /// Whether it stands at the whole class.
    pub whole: bool,
    /// What a guard in it would do, in words.
    pub detail: String,
}

/// Something for an observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What it is about.
    pub topic: Topic,
    /// Short name.
    pub name: String,
    /// More.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What a README says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readme {
    /// First heading.
    pub title: Option<Placed<String>>,
    /// First paragraph that is prose, plain text.
    pub purpose: Option<Placed<String>>,
    /// Items under a heading such as "Features".
    pub features: Vec<Placed<String>>,
    /// Items under headings such as "Limitations", "Known issues".
    pub limitations: Vec<Placed<String>>,
    /// Items under headings such as "Non-goals", "Out of scope".
    pub non_goals: Vec<Placed<String>>,
    /// Items under headings such as "Goals".
    pub goals: Vec<Placed<String>>,
    /// Sentences that warn against running it for anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Placed<String>>,
    /// Rows of tables or items that describe a named service or module: name and text.
    pub parts: Vec<(String, Placed<String>)>,
    /// All headings with their level, for references.
    pub headings: Vec<(u8, Placed<String>)>,
    /// Links: text and address.
    pub links: Vec<(String, Placed<String>)>,
}

/// A release in a change log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseNote {
    /// Version.
    pub version: String,
    /// ISO date, if given.
    pub date: Option<String>,
    /// First items.
    pub changes: Vec<String>,
}

/// Owners of a path pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    /// Pattern as in CODEOWNERS.
    pub pattern: String,
    /// Handles or teams; addresses are left out.
    pub owners: Vec<String>,
}

/// What something is for, by its own comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// Folder or file, relative to the root, that it speaks of.
    pub subject: String,
    /// First sentence or two, plain text.
    pub text: String,
}
