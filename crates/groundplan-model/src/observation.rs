use crate::Provenance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an observation is about. Sections ask by topic; extractors and resolvers answer by topic.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Topic {
    AlertReceiver,
    AlertRule,
    AuditLog,
    Authentication,
    Authorization,
    Backup,
    CacheUse,
    CircuitBreaker,
    CodeOwnership,
    Compliance,
    Cors,
    CoverageSetting,
    Dashboard,
    Documentation,
    Encryption,
    ErrorHandling,
    Event,
    FeatureFlag,
    FrontendBuild,
    HealthCheck,
    Host,
    ImageRegistry,
    Infrastructure,
    InputValidation,
    Job,
    License,
    LogLevel,
    Logging,
    Limitation,
    Linter,
    LoadTest,
    MediaType,
    Metric,
    Migration,
    NetworkPolicy,
    ObjectStorage,
    Orm,
    Queue,
    RateLimit,
    Release,
    Retry,
    Role,
    Runbook,
    ScheduledJob,
    SecretReference,
    SecretLeak,
    SecurityHeader,
    SecurityScan,
    StateManagement,
    Stated,
    Technology,
    Telemetry,
    TelemetryPipeline,
    Test,
    Timeout,
    Tls,
    Todo,
    Tracing,
    UiLibrary,
    UseCase,
    Versioning,
    Volume,
}

/// Begins the name of a field that code encrypts before it is stored, `Customer.token` behind it; the detail
/// says what does it and, behind `; `, under which condition.
pub const ENCRYPTED_FIELD: &str = "field ";

/// The name of observations of [`Topic::Stated`] of what code deletes by its age: the detail has the table or
/// model, and behind line breaks the time, the column whose time it is where that is not when the row was made, and
/// what else the rows are chosen by, with commas between.
pub const DELETED_AFTER: &str = "deleted after a time";

/// The name of observations of [`Topic::Stated`] of files that code deletes by their age: the detail has the
/// function and behind a line break the time.
pub const FILES_DELETED_AFTER: &str = "files deleted after a time";

/// The name of observations of [`Topic::Stated`] of a listener that puts a prefix before the names of tables when the
/// program runs: the detail has what the prefix is given by.
pub const TABLE_PREFIX: &str = "prefix of tables";

/// Begins the time of [`DELETED_AFTER`] and [`FILES_DELETED_AFTER`] where a setting holds the number of days;
/// its name stands behind.
pub const DELETED_DAYS: &str = "the days of ";

/// The name of observations of [`Topic::Stated`] of programs that code starts: the detail has the program.
pub const STARTED: &str = "starts the program";

/// The time of [`DELETED_AFTER`] where it stands in the row itself.
pub const EXPIRED: &str = "expired";

/// The name of observations of [`Topic::Stated`] of constants and settings that say how long something is kept: the
/// detail has the name and, behind a line break, the value as it is written.
pub const KEPT_FOR: &str = "kept for a time";

/// The name of observations of [`Topic::Stated`] of a list of who uses the system: the detail has their number, the
/// first names, and of which kinds they are, a line each.
pub const ADOPTERS: &str = "adopters";

/// The name of observations of [`Topic::Stated`] of a reason or a decision that a document tells without a record
/// of it: the detail has the sentence, the heading that asks and a line break before it.
pub const REASON: &str = "reason";

/// The name of observations of [`Topic::Stated`] of calls whose address only users or operators know: the detail has
/// what holds it in code.
pub const GIVEN_ADDRESS: &str = "address given at run time";

/// The name of observations of [`Topic::Stated`] of who hosts the system for others, or where documents say that it
/// can be set up: the detail has the sentence or heading that leads to the names, and these.
pub const HOSTS_OFFERED: &str = "hosts-offered";

/// The name of observations of [`Topic::Stated`] of where requests and answers are shown to readers: the detail says
/// what shows them, `OpenAPI 3.1.0 with 12 operations`.
pub const CONTRACT_SHOWN: &str = "contract-shown";

/// Begins the name of observations of [`Topic::Stated`] of a page of documents that is on a topic, the id of which
/// stands behind: the detail has its title and, behind a line break, its first sentence.
pub const PAGE_ON: &str = "page on ";

/// The same of a section of a page, with its heading.
pub const SECTION_ON: &str = "section on ";

/// The name of observations of [`Topic::Stated`] of a file that lists people: the detail has how many stand under
/// which heading, a line each.
pub const PEOPLE_LISTED: &str = "people-listed";

/// The name of what is stated where a document shows a Compose file to those who set the system up: a line for each
/// service, its name and its image.
pub const DOCUMENTED_COMPOSE: &str = "documented-compose";

/// The name of what is stated where a document lists the hosts that the system has to reach: the question that the
/// list answers, and a line for each host.
pub const HOSTS_REACHED: &str = "hosts-reached";

/// The name of what is stated where a document says that the system does not ask callers who they are.
pub const NO_SIGN_IN: &str = "no-sign-in";

/// The name of what is stated where a policy says how soon reports of weaknesses are answered.
pub const REPORT_ANSWERED: &str = "report-answered";

/// Begins the name of observations of [`Topic::Stated`] of what a privacy policy or terms of service say, the key of
/// the question behind it: the detail has the kind of page and, behind a line break, what it says.
pub const BY_LAW: &str = "legal:";

/// The name behind [`BY_LAW`] of the laws that a policy names.
pub const LAWS_NAMED: &str = "laws-named";

/// Begins the detail of observations of [`Topic::Backup`] of archives that the program writes itself.
pub const ARCHIVE_BY_CODE: &str = "an archive that code writes";

/// The detail of observations of [`Topic::Backup`] of copies of a database that the program writes itself.
pub const DATABASE_BY_CODE: &str = "a copy of the database that code writes";

/// Names of observations of [`Topic::Backup`] of commands that dump a database alone, without a file beside it.
pub const DUMPS: [&str; 10] = [
    "BACKUP DATABASE",
    "Barman",
    "WAL-G",
    "mariadb-dump",
    "mongodump",
    "mysqldump",
    "pgBackRest",
    "pg_basebackup",
    "pg_dump",
    "pg_dumpall",
];

/// Files of settings that come with a new program of Laravel and name all products that the framework knows: what is
/// chosen among them is said elsewhere (<https://github.com/laravel/laravel/tree/12.x/config>).
pub const LARAVEL_CHOICES: [&str; 8] = [
    "broadcasting.php",
    "cache.php",
    "database.php",
    "filesystems.php",
    "logging.php",
    "mail.php",
    "queue.php",
    "session.php",
];

/// Stands in the detail of observations of [`Topic::CacheUse`] of values that a program keeps in its own memory.
pub const PROCESS_MEMORY: &str = "memory of the process";

/// Begins the detail of observations of [`Topic::Job`] of jobs that a part puts into its own queue; whose it is stands
/// behind.
pub const QUEUED: &str = "put into the queue of";

/// The name of observations of [`Topic::Stated`] of routes that are pages which a socket keeps up to date; how many
/// they are is the detail.
pub const LIVE_PAGES: &str = "pages of live views";

/// Stands in the detail of observations of [`Topic::Logging`] of lines that are in no structured form.
pub const LINES_OF_TEXT: &str = "lines of text";

/// Begins the detail of observations of [`Topic::InputValidation`] of attributes of .NET that check fields; they stand
/// behind.
pub const DATA_ANNOTATIONS: &str = "data annotations: ";

/// The name of observations of [`Topic::Stated`] of calls over a network whose errors the function that makes
/// them catches.
pub const CAUGHT_CALL: &str = "a call whose errors are caught";

/// Ends the name of an observation of [`Topic::Timeout`] that holds for all calls through a library.
pub const FOR_ALL_CALLS: &str = ", for all calls";

/// Ends the detail of an observation of [`Topic::Tls`] of code that takes any certificate.
pub const UNCHECKED: &str = ", unchecked";

/// The name of observations of [`Topic::LoadTest`] of programs that are written here and not for a tool.
pub const OWN_LOAD_TEST: &str = "its own";

/// The name of observations of [`Topic::Stated`] of messages over socket.io that a part answers: the detail has the name
/// of the message and, behind a line break, the check that stands first in its handler.
pub const SOCKET_MESSAGE: &str = "a message over socket.io";

/// The detail of observations of [`Topic::Event`] that no broker carries, since socket.io does.
pub const OVER_SOCKETS: &str = "sent over socket.io";

/// The detail of observations of [`Topic::Event`] that no broker carries, since they stay within the program.
pub const IN_PROCESS: &str = "in the process";

/// Something seen that is no element, relationship, entity or operation of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// What it is about.
    pub topic: Topic,
    /// Id of the element it belongs to, if it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Short name in the system's own words, for example `/healthz` or `http_requests_total`.
    pub name: String,
    /// More, if the source says more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Where it was seen.
    pub provenance: Provenance,
}

/// Where a dependency is needed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum DependencyScope {
    Runtime,
    Development,
    Test,
    Build,
    Optional,
}

/// A declared package dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dependency {
    /// Id of the element whose manifest declares it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// `cargo`, `npm`, `go`, `pypi`, `maven` …
    pub ecosystem: String,
    /// Package name; `group:artifact` for Maven.
    pub name: String,
    /// Version requirement as in the manifest; empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Where it is needed.
    pub scope: DependencyScope,
    /// Display name of the technology it belongs to, if the knowledge base knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technology: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// Where a configuration value comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SettingSource {
    /// An environment variable that code reads.
    Environment,
    /// A property that code reads by its key, wherever a framework takes it from.
    Property,
    /// A key of a configuration file.
    File,
    /// A value set by a deployment file.
    Deployment,
}

impl SettingSource {
    /// Whether code reads it, so that its value is what holds unless somebody sets another.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(self, SettingSource::Environment | SettingSource::Property)
    }
}

/// A configuration key of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// Id of the element that reads it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Name of the variable or dotted key.
    pub name: String,
    /// Where it comes from.
    pub source: SettingSource,
    /// Value or default, if it is no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether its name or place says that it is a secret.
    #[serde(default)]
    pub secret: bool,
    /// Profile or environment for which it is set, if for one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Where it is set or read.
    pub provenance: Provenance,
}
