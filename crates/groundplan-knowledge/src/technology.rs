use groundplan_model::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Defines a closed set of names with its kebab-case spelling, so that messages can list them.
macro_rules! names {
    ($(#[$meta:meta])* $type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[allow(missing_docs, reason = "the names say it")]
        pub enum $type {
            $(#[serde(rename = $word)] $variant),*
        }

        impl $type {
            /// Every value, in the order of the definition.
            pub const ALL: &'static [$type] = &[$($type::$variant),*];

            /// The word that stands in data files.
            pub fn word(self) -> &'static str {
                match self { $($type::$variant => $word),* }
            }

            /// The value with this word.
            pub fn from_word(word: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|v| v.word() == word)
            }
        }
    };
}

names! {
    /// What kind of thing a technology is.
    Category {
        Language = "language",
        Runtime = "runtime",
        WebFramework = "web-framework",
        UiFramework = "ui-framework",
        UiLibrary = "ui-library",
        StateManagement = "state-management",
        BuildTool = "build-tool",
        Rpc = "rpc",
        HttpClient = "http-client",
        Orm = "orm",
        Database = "database",
        Cache = "cache",
        Search = "search",
        Broker = "broker",
        Streaming = "streaming",
        ObjectStorage = "object-storage",
        Gateway = "gateway",
        Proxy = "proxy",
        ServiceMesh = "service-mesh",
        ServiceRegistry = "service-registry",
        ConfigServer = "config-server",
        IdentityProvider = "identity-provider",
        AuthLibrary = "auth-library",
        Validation = "validation",
        Metrics = "metrics",
        Tracing = "tracing",
        Logging = "logging",
        LogStore = "log-store",
        Dashboard = "dashboard",
        Alerting = "alerting",
        ErrorTracking = "error-tracking",
        FeatureFlags = "feature-flags",
        Resilience = "resilience",
        RateLimit = "rate-limit",
        Scheduler = "scheduler",
        Workflow = "workflow",
        Testing = "testing",
        LoadTesting = "load-testing",
        BrowserTesting = "browser-testing",
        Linter = "linter",
        Formatter = "formatter",
        SecurityScanner = "security-scanner",
        Secrets = "secrets",
        ContainerRuntime = "container-runtime",
        Orchestrator = "orchestrator",
        Iac = "iac",
        Ci = "ci",
        Cloud = "cloud",
        Cdn = "cdn",
        Email = "email",
        Payment = "payment",
        Sms = "sms",
        Analytics = "analytics",
        Ml = "ml",
        Serialization = "serialization",
        Migration = "migration",
        ApiDocs = "api-docs",
        OtherLibrary = "other-library",
    }
}

names! {
    /// A package registry and its way of naming.
    Ecosystem {
        Cargo = "cargo",
        Npm = "npm",
        Go = "go",
        Pypi = "pypi",
        Maven = "maven",
        Gem = "gem",
        Composer = "composer",
        Nuget = "nuget",
        Hex = "hex",
        Pub = "pub",
    }
}

impl Ecosystem {
    /// The ecosystem with this name or one of its common names, for example `crates.io`, `gradle`.
    pub fn from_name(name: &str) -> Option<Ecosystem> {
        Some(match name {
            "crates" | "crates.io" | "rust" => Ecosystem::Cargo,
            "node" | "yarn" | "pnpm" | "bun" | "javascript" | "typescript" => Ecosystem::Npm,
            "golang" | "gomod" => Ecosystem::Go,
            "python" | "pip" | "poetry" | "uv" | "conda" => Ecosystem::Pypi,
            "gradle" | "java" | "sbt" | "kotlin" | "scala" => Ecosystem::Maven,
            "rubygems" | "ruby" | "bundler" => Ecosystem::Gem,
            "packagist" | "php" => Ecosystem::Composer,
            "dotnet" | "csharp" => Ecosystem::Nuget,
            "elixir" | "mix" => Ecosystem::Hex,
            "dart" | "flutter" => Ecosystem::Pub,
            other => return Ecosystem::from_word(other),
        })
    }
}

names! {
    /// A language whose import statements are matched. TypeScript counts as `javascript`, Kotlin,
    /// Scala and Groovy as `java`, F# and Visual Basic as `csharp`.
    Language {
        Python = "python",
        Go = "go",
        Java = "java",
        Javascript = "javascript",
        Rust = "rust",
        Csharp = "csharp",
        Ruby = "ruby",
        Php = "php",
        Elixir = "elixir",
        Dart = "dart",
    }
}

impl Language {
    /// The language with this name or a name that shares its imports.
    pub fn from_name(name: &str) -> Option<Language> {
        Some(match name {
            "typescript" | "tsx" | "jsx" | "js" | "ts" | "vue" | "svelte" => Language::Javascript,
            "kotlin" | "scala" | "groovy" => Language::Java,
            "c#" | "fsharp" | "vb" | "dotnet" => Language::Csharp,
            "golang" => Language::Go,
            other => return Language::from_word(other),
        })
    }

    /// The registry from which its packages come.
    pub fn ecosystem(self) -> Ecosystem {
        match self {
            Language::Python => Ecosystem::Pypi,
            Language::Go => Ecosystem::Go,
            Language::Java => Ecosystem::Maven,
            Language::Javascript => Ecosystem::Npm,
            Language::Rust => Ecosystem::Cargo,
            Language::Csharp => Ecosystem::Nuget,
            Language::Ruby => Ecosystem::Gem,
            Language::Php => Ecosystem::Composer,
            Language::Elixir => Ecosystem::Hex,
            Language::Dart => Ecosystem::Pub,
        }
    }

    /// What separates the segments of a module path.
    pub(crate) fn separator(self) -> &'static str {
        match self {
            Language::Python | Language::Java | Language::Csharp | Language::Elixir => ".",
            Language::Go | Language::Javascript | Language::Ruby | Language::Dart => "/",
            Language::Rust => "::",
            Language::Php => "\\",
        }
    }
}

/// Names per key; the lists are in the order of the file.
pub(crate) type Names<K> = BTreeMap<K, Vec<String>>;

/// A technology: what it is, and the marks by which files show it.
///
/// In all lists of names `*` stands for any run of characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Technology {
    /// Kebab-case id, equal to the name of the file.
    pub id: String,
    /// Display name, for example `PostgreSQL`.
    pub name: String,
    /// What kind of thing it is.
    pub category: Category,
    /// Whether it takes the traces of requests too, where another category stands first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub traces: bool,
    /// What it does, one phrase in the third person without a period, for example `keeps rows in
    /// tables with ACID transactions`.
    pub about: String,
    /// SPDX expression of the current version, or `proprietary`.
    pub licence: String,
    /// Address of the project, `https`.
    pub homepage: String,
    /// Other names by which people call it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Container images, as repository without registry, tag and digest: `postgres`, `*/kafka`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    /// Packages that are the technology itself; `group:artifact` for Maven, module paths for Go.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub packages: Names<Ecosystem>,
    /// Packages that talk to the technology, which runs elsewhere: drivers, clients, SDKs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drivers: Names<Ecosystem>,
    /// Schemes of its addresses, without `://`: `postgresql`, `jdbc:postgresql`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemes: Vec<String>,
    /// Default TCP ports on which it serves, main one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<u16>,
    /// Files that show its use, as globs over the path or, without `/`, over the file name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Module prefixes in import statements, where they differ from the package name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub imports: Names<Language>,
    /// Environment variables that are typical of it; weak hints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    /// Types of resources of Terraform and CloudFormation that make one, and sources of modules of
    /// Terraform that do: `aws_sqs_queue`, `AWS::SQS::Queue`, `terraform-aws-modules/sqs/aws`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The same, where what is made runs code that the user brings: `aws_lambda_function`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<String>,
    /// What it does in a system where it runs as a process of its own or as a foreign service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Name of the foreign system that code with one of its packages uses, where no part of the
    /// system is one: `Stripe`, `SMTP server`. What somebody else runs as a rule has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Id of the technology that this library talks to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_of: Option<String>,
    /// Id of the technology whose protocol it serves, so that drivers of that one reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compatible_with: Option<String>,
    /// Ids of the technologies in which the jobs of this library wait for its workers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs_in: Vec<String>,
    /// Name of the protocol on the wire, for edges to it: `PostgreSQL`, `AMQP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

impl Technology {
    /// The keys of an entry, in the order of the definition.
    pub(crate) const KEYS: &'static [&'static str] = &[
        "id",
        "name",
        "category",
        "about",
        "licence",
        "homepage",
        "aliases",
        "images",
        "packages",
        "drivers",
        "schemes",
        "ports",
        "files",
        "imports",
        "env",
        "resources",
        "runs",
        "role",
        "service",
        "client_of",
        "compatible_with",
        "jobs_in",
        "protocol",
    ];

    /// Whether it runs as a process of its own or as a foreign service, so that a package that
    /// belongs to it means a connection.
    pub fn is_server(&self) -> bool {
        self.role.is_some()
    }
}

/// The JSON Schema (draft 2020-12) of an entry, for editors of `.groundplan/technologies/*.yaml`.
pub fn technology_schema() -> serde_json::Value {
    schemars::schema_for!(Technology).to_value()
}
