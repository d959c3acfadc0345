//! The parts of a capability pack, as plain data.

use crate::capability::field_list;
use crate::capability_lines::{TextOrNumber, lines, one};
use serde::Deserialize;

/// How a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `E`: an engineering estimate, to be replaced by a measurement.
    Estimate,
    /// `S`: stated by a standard or a vendor.
    Stated,
    /// `M`: measured by a named source.
    Measured,
}

/// A number with its source. Written `5 E`, `0.9 M source`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Constant {
    /// The number.
    pub value: f64,
    /// How it is known.
    pub mark: Mark,
    /// Where it comes from, or how it was estimated.
    pub source: String,
}

/// A noun of the field. Written `clinic`, or `person/people` where the plural is irregular.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Noun {
    /// One of it.
    pub singular: String,
    /// Many of it.
    pub plural: String,
}

/// A person in a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Kebab-case id.
    pub id: String,
    /// What the person does with the system, third person.
    pub about: String,
    /// Nouns by which a brief may call the role.
    pub nouns: Vec<Noun>,
}

/// A system outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// Kebab-case id.
    pub id: String,
    /// What it does for this system, third person.
    pub about: String,
    /// Products that a brief may name, lower case.
    pub products: Vec<String>,
}

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentKind {
    /// Part of the application that answers requests.
    Module,
    /// A process that works on events or a queue.
    Worker,
    /// Work that a clock starts.
    Job,
    /// Holds connections of clients or devices.
    Gateway,
    /// Talks to a system outside.
    Adapter,
    /// What people see.
    Interface,
    /// Keeps data in a way of its own: objects, time series, an index.
    Store,
}

/// A part of the system.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Kebab-case id, unique over all packs.
    pub id: String,
    /// What it is.
    pub kind: ComponentKind,
    /// What it is for, third person.
    pub about: String,
    /// What it answers for, one phrase in the third person a line.
    #[serde(deserialize_with = "lines")]
    pub does: Vec<String>,
    /// Names of the entities that it alone writes.
    #[serde(default)]
    pub stores: Vec<String>,
}

/// Why a field is personal data or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PiiClass {
    /// Says who somebody is: name, date of birth, document number.
    Identity,
    /// Reaches somebody: e-mail address, telephone number, postal address.
    Contact,
    /// Account, card token, income, price paid.
    Financial,
    /// About health; GDPR article 9.
    Health,
    /// Where somebody is.
    Location,
    /// Lets somebody in: password hash, token, key.
    Credential,
    /// Written or made by a person.
    Content,
    /// What a person does with the system.
    Behaviour,
    /// Face, voice, fingerprint; GDPR article 9.
    Biometric,
}

/// A field. Written `name type [?] [pk] [unique] [pii:class] [default:x] [-> entity] [-- note]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in snake case.
    pub name: String,
    /// Type in the words of PostgreSQL; `enum(a|b)` lists the values.
    pub data_type: String,
    /// Whether it may be absent; of a request: optional.
    pub nullable: bool,
    /// Part of the primary key.
    pub primary_key: bool,
    /// Unique by itself.
    pub unique: bool,
    /// Why it is personal, if it is.
    pub pii: Option<PiiClass>,
    /// Default.
    pub default: Option<String>,
    /// Name of the entity that it refers to.
    pub references: Option<String>,
    /// What it means, where the name does not say it.
    pub note: Option<String>,
}

/// What a rule of an entity does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// `primary(a, b)`: a primary key of several fields.
    Primary,
    /// `unique(a, b)`, also with `where`.
    Unique,
    /// `check(expression)`.
    Check,
    /// `exclude(expression)`: no two rows may overlap.
    Exclude,
    /// `index(a, b)`, also with `using` and `where`.
    Index,
}

/// A constraint or index. Written `unique(a, b) where x -- reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it does.
    pub kind: RuleKind,
    /// What stands in the parentheses: field names with commas, or an expression.
    pub over: String,
    /// What follows the parentheses: `where …`, `using gist`.
    pub suffix: Option<String>,
    /// Why it is there.
    pub reason: Option<String>,
}

/// A kind of record.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Name in snake case, singular, unique over all packs.
    pub name: String,
    /// What one record stands for.
    pub about: String,
    /// Nouns of a brief that may stand instead of the name; only such as mean exactly this record.
    #[serde(default)]
    pub nouns: Vec<Noun>,
    /// Whether it exists only if the brief says one of the nouns.
    #[serde(default)]
    pub only_if_named: bool,
    /// Its fields.
    #[serde(deserialize_with = "lines")]
    pub fields: Vec<Field>,
    /// Its constraints and indexes.
    #[serde(default, deserialize_with = "lines")]
    pub rules: Vec<Rule>,
    /// How the table is cut, if it grows without end, for example `month of recorded_at`.
    #[serde(default)]
    pub partition: Option<String>,
    /// How long a record is kept, as a proposal.
    #[serde(default)]
    pub keep: Option<String>,
}

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthClass {
    /// Anybody.
    Public,
    /// A signed-in person.
    User,
    /// A signed-in person with an operator's role.
    Admin,
    /// A program with credentials of its own.
    Service,
    /// A device with credentials of its own.
    Device,
    /// A system outside that signs its messages.
    Webhook,
}

/// What a repeated call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Idempotency {
    /// It reads.
    Safe,
    /// The method itself may be repeated.
    Natural,
    /// An `Idempotency-Key` header makes it repeatable.
    Key,
    /// A unique field of the body makes it repeatable.
    Dedupe,
    /// It has another effect.
    None,
}

/// The success of an endpoint. Written `201 id uuid, status text`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "TextOrNumber")]
pub struct Response {
    /// HTTP status; 101 for a stream that stays open.
    pub status: u16,
    /// Fields of the body.
    pub fields: Vec<Field>,
}

/// A failure of an endpoint. Written `409 code: reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCase {
    /// HTTP status.
    pub status: u16,
    /// Code in the body, snake case.
    pub code: String,
    /// When it occurs.
    pub reason: String,
}

/// An operation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Method and path, for example `POST /v1/orders`; `WS`, `MQTT` for others.
    pub op: String,
    /// What it does, third person.
    pub does: String,
    /// Name of the entity that it is about.
    pub entity: String,
    /// Who may call it.
    pub auth: AuthClass,
    /// Ids of the actors that may call it; empty if no person does.
    #[serde(default)]
    pub by: Vec<String>,
    /// Scope of a token, for example `orders:write`.
    #[serde(default)]
    pub scope: Option<String>,
    /// What a repeated call does.
    pub idempotency: Idempotency,
    /// Parameters of the query and fields of the body; those of the path are in `op`.
    #[serde(default, rename = "in", deserialize_with = "field_list")]
    pub request: Vec<Field>,
    /// The success.
    #[serde(rename = "out")]
    pub response: Response,
    /// What can go wrong, besides what every endpoint shares (401, 403, 429, 500).
    #[serde(deserialize_with = "lines")]
    pub errors: Vec<ErrorCase>,
}

impl Endpoint {
    /// The method, for example `POST`.
    pub fn method(&self) -> &str {
        self.op.split_once(' ').map_or("", |(method, _)| method)
    }

    /// The path, for example `/v1/orders/{order_id}`.
    pub fn path(&self) -> &str {
        self.op.split_once(' ').map_or("", |(_, path)| path)
    }
}

/// A step. Written `from -> to: operation`, with `~>` where nobody waits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FlowStep {
    /// Id of the actor, external or component that acts.
    pub from: String,
    /// Id of what it acts upon; equal to `from` for work inside.
    pub to: String,
    /// What happens, third person; the subject is `from`.
    pub operation: String,
    /// Whether `from` goes on without an answer.
    pub asynchronous: bool,
}

/// What happens when a step fails. Written `2 | when | then`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowError {
    /// Number of the step, from 1.
    pub step: usize,
    /// What goes wrong.
    pub when: String,
    /// What the system does then.
    pub then: String,
}

/// What happens from an entry point to stores and neighbours.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Kebab-case id, unique over all packs.
    pub id: String,
    /// A sentence without a period, for example `A buyer places an order`.
    pub title: String,
    /// Steps in order.
    #[serde(deserialize_with = "lines")]
    pub steps: Vec<FlowStep>,
    /// Error branches.
    #[serde(deserialize_with = "lines")]
    pub errors: Vec<FlowError>,
}

/// A message. Written `order.placed order-module -> worker, other: order_id uuid, total_minor bigint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Name, `noun.past_participle`.
    pub name: String,
    /// Id of the component that publishes it.
    pub producer: String,
    /// Ids of the components that react.
    pub consumers: Vec<String>,
    /// What it carries.
    pub payload: Vec<Field>,
}

/// The letters of STRIDE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[allow(missing_docs, reason = "the names are STRIDE's")]
pub enum Stride {
    #[serde(rename = "S")]
    Spoofing,
    #[serde(rename = "T")]
    Tampering,
    #[serde(rename = "R")]
    Repudiation,
    #[serde(rename = "I")]
    InformationDisclosure,
    #[serde(rename = "D")]
    DenialOfService,
    #[serde(rename = "E")]
    ElevationOfPrivilege,
}

/// A threat as a story with names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// Kebab-case id, unique over all packs.
    pub id: String,
    /// Its letter.
    pub stride: Stride,
    /// Id of the component, external or actor, or name of the entity, that is attacked.
    pub on: String,
    /// Who does what to which element, with what effect; one or two sentences.
    pub story: String,
    /// 1 to 4, before mitigation.
    pub likelihood: u8,
    /// 1 to 4.
    pub impact: u8,
    /// What prevents it.
    pub mitigation: String,
    /// What shows it.
    pub detection: String,
    /// What proves the mitigation.
    pub verification: String,
}

/// An objective.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slo {
    /// Kebab-case id, unique over all packs.
    pub id: String,
    /// What is counted or timed.
    pub indicator: String,
    /// Comparison, number, unit: `>= 99.9 %`, `P99 <= 800 ms`.
    pub target: String,
    /// Window, for example `30 d`.
    pub window: String,
}

/// A metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Name as Prometheus has it, unique over all packs.
    pub name: String,
    /// `counter`, `gauge` or `histogram`.
    pub kind: String,
    /// Labels of few values.
    pub labels: Vec<String>,
    /// What it says.
    pub meaning: String,
    /// Condition of an alert, if it deserves one.
    pub alert: Option<String>,
}

/// A test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// Kebab-case id, unique over all packs.
    pub id: String,
    /// `unit`, `property`, `integration`, `contract`, `load`, `security`, `end-to-end`, `recovery`.
    pub level: String,
    /// What it shows, as a sentence without a period.
    pub shows: String,
}

/// What to do when something is wrong.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runbook {
    /// Kebab-case id, unique over all packs.
    pub id: String,
    /// What the person on call sees.
    pub symptom: String,
    /// What to look at, in order.
    #[serde(deserialize_with = "lines")]
    pub checks: Vec<String>,
    /// What to do, in order.
    #[serde(deserialize_with = "lines")]
    pub actions: Vec<String>,
}

/// What a cost grows with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostDriver {
    /// The thing that is paid.
    pub driver: String,
    /// What it grows with.
    pub grows_with: String,
    /// How it is held down.
    pub lever: String,
}

/// What may be cached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Entity and key.
    pub what: String,
    /// Time to live.
    pub ttl: String,
    /// What ends an entry early.
    pub invalidation: String,
}

/// What only the organisation can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question, with its mark.
    pub text: String,
    /// Role of the one who can answer.
    pub role: String,
    /// What in the design depends on it.
    pub matters: String,
}

/// A word of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word.
    pub term: String,
    /// What it means here.
    pub meaning: String,
}

/// What is added when another pack is present too; stands in one of the two packs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Id of the other pack.
    pub with: String,
    /// What connects the two, as a sentence without a period.
    pub about: String,
    /// References: `payment.order_id uuid -> order`.
    #[serde(default, deserialize_with = "lines")]
    pub relations: Vec<JoinRelation>,
    /// Steps: `place-order@4 order-module -> payment-module: reserves the amount`.
    #[serde(default, deserialize_with = "lines")]
    pub steps: Vec<JoinStep>,
    /// Reactions: `payment-module on order.placed: opens a payment for the total`.
    #[serde(default, deserialize_with = "lines")]
    pub subscriptions: Vec<Subscription>,
}

/// A field that an entity gets by a join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRelation {
    /// Name of the entity that gets the field.
    pub entity: String,
    /// The field, with its reference.
    pub field: Field,
}

/// A step that a flow gets by a join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinStep {
    /// Id of the flow.
    pub flow: String,
    /// Number of the step of that flow after which it comes.
    pub after: usize,
    /// The step.
    pub step: FlowStep,
}

/// A component that reacts to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Id of the component.
    pub component: String,
    /// Name of the event.
    pub event: String,
    /// What the component does, third person.
    pub action: String,
}

one!(Constant, Noun, FlowStep);
