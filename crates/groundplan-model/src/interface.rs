use crate::Provenance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The style of an interface.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum InterfaceKind {
    Http,
    Grpc,
    Graphql,
    Thrift,
    Message,
    CommandLine,
}

impl InterfaceKind {
    /// As a reader writes it.
    pub fn word(self) -> &'static str {
        match self {
            InterfaceKind::Http => "HTTP",
            InterfaceKind::Grpc => "gRPC",
            InterfaceKind::Graphql => "GraphQL",
            InterfaceKind::Thrift => "Thrift",
            InterfaceKind::Message => "messages",
            InterfaceKind::CommandLine => "command line",
        }
    }
}

/// Who may use an interface.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Audience {
    Public,
    Internal,
    Unknown,
}

/// An input of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Parameter {
    /// Name as in the source.
    pub name: String,
    /// `path`, `query`, `header`, `cookie` or `body`.
    pub place: String,
    /// Type as in the source.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Whether the caller must give it.
    #[serde(default)]
    pub required: bool,
    /// What it means, if the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// One outcome of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// HTTP status, gRPC code or `default`.
    pub status: String,
    /// What it means, if the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Name of the schema or type of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// How it comes about, where the status does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl Response {
    /// Whether it turns the caller down: by its status, or because it is thrown whatever its status is.
    pub fn fails(&self) -> bool {
        self.origin == Some(Origin::Thrown) || self.status.starts_with(['4', '5'])
    }

    /// Whether only a declaration beside the code names it, and no code that was read gives it.
    pub fn only_declared(&self) -> bool {
        self.origin == Some(Origin::Declared)
    }
}

/// How an outcome comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Thrown in place of the answer, so that it refuses what was asked even if its status is one of success.
    Thrown,
    /// Declared beside the code, for the contract that code makes of such declarations; no code that was read
    /// gives it.
    Declared,
}

/// Something a caller can ask of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Operation {
    /// Unique within the interface, for example `GET /orders/{id}` or `PlaceOrder`.
    pub id: String,
    /// HTTP method, `RPC`, `PUBLISH`, `SUBSCRIBE`; upper case.
    pub method: String,
    /// Path template with `{name}` for parameters, or the full method name of an RPC.
    pub path: String,
    /// One line from the source on what it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Function or method that answers, if code shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// Inputs apart from the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// Name of the schema or type of the request body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Outcomes, successes first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
    /// Names of the security schemes that guard it, if the source says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<String>,
    /// Whether those schemes are not its own but what the source names for all operations.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub security_inherited: bool,
    /// Whether all of those schemes are needed at once (`true`) or one of them is enough (`false`); nothing where
    /// there is but one, or where the source joins them in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_all: Option<bool>,
    /// Whether callers may also come without any of those schemes, as the source says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub security_optional: bool,
    /// What code asks of the caller before it answers, by the names of the code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<String>,
    /// What else its route and the groups around it put before the code that answers, as code writes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
    /// Grouping tag of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Whether the source marks it as deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// Whether the code that answers was not read: then parameters, body and outcomes beside those
    /// given are not known, and none may be denied.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
    /// Whether there may be more outcomes: its code hands the answer on to functions that were not
    /// followed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more_outcomes: bool,
    /// Statuses that the handler answers and the contract does not declare.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undeclared: Vec<String>,
    /// Where it stands; contract first, code second where both are known.
    pub provenance: Provenance,
}

/// A named structure that operations exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Schema {
    /// Name as in the source.
    pub name: String,
    /// Field name, type, whether required.
    pub fields: Vec<(String, String, bool)>,
    /// What it is where it is no set of fields: `string`, `Pet[]`, `Cat | Dog`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// A set of operations offered by one element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Interface {
    /// Stable id, unique among interfaces.
    pub id: String,
    /// Name as in the source, for example an OpenAPI title or a protobuf service.
    pub name: String,
    /// Id of the element that offers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Its style.
    pub kind: InterfaceKind,
    /// Who may use it.
    pub audience: Audience,
    /// Whether there may be more operations: some are registered by code that was not followed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Whether only a contract speaks of it: no code was seen that serves it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unserved: bool,
    /// Version as in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Common prefix of the paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_path: Option<String>,
    /// What it is for, if the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Security schemes: name and kind as in the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security_schemes: Vec<(String, String)>,
    /// Where schemes are named for all operations that name none of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_default: Option<Provenance>,
    /// What can be asked, in the order of the source.
    pub operations: Vec<Operation>,
    /// Structures exchanged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemas: Vec<Schema>,
    /// Where it stands.
    pub provenance: Provenance,
}
