//! The one definition of `groundplan.yaml`.

use super::shape::Shape::{
    Anything, Choice, List, ListOr, Map, Open, Record, Text, TextOr, TextsOr, Truth,
};
use super::shape::{Field, Shape, key, needed, said};

/// The roles of [`groundplan_model::Role`], as they are written.
pub(crate) const ROLES: &[&str] = &[
    "service",
    "ui",
    "gateway",
    "job",
    "database",
    "cache",
    "search_index",
    "object_storage",
    "broker",
    "registry",
    "config_server",
    "monitoring",
    "auth",
    "load_generator",
    "program",
    "library",
    "external",
];

/// The kinds of [`groundplan_model::ElementKind`].
pub(crate) const ELEMENT_KINDS: &[&str] = &[
    "person",
    "software_system",
    "container",
    "component",
    "deployment_node",
];

/// The kinds of [`groundplan_model::RelationshipKind`].
pub(crate) const RELATIONSHIP_KINDS: &[&str] = &[
    "calls",
    "reads",
    "writes",
    "publishes",
    "subscribes",
    "routes",
    "observes",
    "configures",
    "starts_after",
];

/// The kinds of [`groundplan_model::RequirementKind`].
pub(crate) const REQUIREMENT_KINDS: &[&str] = &[
    "functional",
    "performance",
    "availability",
    "scalability",
    "security",
    "maintainability",
    "privacy",
    "cost",
    "operations",
];

const STATUSES: &[&str] = &[
    "proposed",
    "accepted",
    "rejected",
    "deprecated",
    "superseded",
];
const TIERS: &[&str] = &["development", "test", "staging", "production", "other"];

/// All of `groundplan.yaml`.
pub(crate) static ROOT: Shape = Record(&[
    key(
        "system",
        Record(SYSTEM),
        "What the system is called and what it is for.",
    ),
    key(
        "scale",
        TextsOr(SCALE),
        "How much load and data it has to bear.",
    ),
    key(
        "stakeholders",
        ListOr(&TextOr(STAKEHOLDER), PEOPLE),
        "People, teams and roles with an interest in the system.",
    ),
    said(
        "goals",
        "What the system must achieve, the weightiest first; replaces goals found in a README.",
    ),
    said(
        "non_goals",
        "What the system is expressly not for; replaces those found in a README.",
    ),
    said(
        "success_criteria",
        "Numbers by which it is judged whether the system is a success.",
    ),
    key(
        "use_cases",
        List(&TextOr(USE_CASE)),
        "What people and programs do with the system.",
    ),
    key(
        "requirements",
        List(&TextOr(REQUIREMENT)),
        "What the system must do or be.",
    ),
    key(
        "targets",
        Record(TARGETS),
        "Numbers that the system must keep.",
    ),
    key(
        "slos",
        List(&Record(SLO)),
        "Service level objectives, for the system or for one element.",
    ),
    key(
        "constraints",
        TextsOr(CONSTRAINTS),
        "What limits the solution.",
    ),
    key(
        "recovery",
        TextsOr(RECOVERY),
        "How fast the system must be back, and what may be lost.",
    ),
    key("operations", TextsOr(OPERATIONS), "How the system is run."),
    key(
        "environments",
        Open(&[], "environment names", &TextOr(ENVIRONMENT)),
        "Where the system runs.",
    ),
    key(
        "deployment",
        TextsOr(DEPLOYMENT),
        "How and where it is deployed.",
    ),
    key(
        "delivery",
        TextsOr(DELIVERY),
        "How a change becomes a running version.",
    ),
    key("data", TextsOr(DATA), "What holds for the data as a whole."),
    key(
        "entities",
        Open(&[], "entity ids", &TextOr(ENTITY)),
        "What code does not say about records.",
    ),
    key(
        "interfaces",
        Open(INTERFACES, "interface ids", &TextOr(INTERFACE)),
        "What code does not say about interfaces.",
    ),
    key(
        "security",
        TextsOr(SECURITY),
        "How the system is protected. Never a secret itself.",
    ),
    key(
        "threats",
        List(&TextOr(THREAT)),
        "Threats that a review named.",
    ),
    key(
        "caching",
        TextsOr(CACHING),
        "What is cached, for how long, and what removes it.",
    ),
    key(
        "scaling",
        TextsOr(SCALING),
        "What is added when load grows.",
    ),
    said(
        "performance",
        "Measures that were taken for speed, and what they brought.",
    ),
    said(
        "technology",
        "Languages, frameworks and products that code does not show.",
    ),
    said(
        "configuration",
        "Which settings there are, and where they come from.",
    ),
    key(
        "observability",
        TextsOr(OBSERVABILITY),
        "How it is known that the system is well.",
    ),
    key("testing", TextsOr(TESTING), "How the system is tested."),
    key(
        "decisions",
        List(&Record(DECISION)),
        "Architecture decisions; one with the id of an observed record replaces it.",
    ),
    key(
        "roadmap",
        List(&TextOr(MILESTONE)),
        "What is planned, in order; replaces an observed roadmap.",
    ),
    key(
        "limitations",
        List(&TextOr(LIMITATION)),
        "Known limitations.",
    ),
    key(
        "debt",
        List(&TextOr(DEBT)),
        "Known shortcuts and what they cost.",
    ),
    key(
        "glossary",
        Map("terms", &Text),
        "Terms that mean something special here.",
    ),
    key(
        "owners",
        Map("element ids or globs", &Text),
        "Who owns which element.",
    ),
    key(
        "elements",
        Map("element ids", &Record(ELEMENT)),
        "Corrections of elements, by id: renames, hides, additions.",
    ),
    key(
        "relationships",
        List(&Record(RELATIONSHIP)),
        "Corrections of dependencies: additions and hides.",
    ),
    key(
        "flows",
        List(&Record(FLOW)),
        "What happens in the system from an entry point on.",
    ),
    key(
        "review",
        TextsOr(REVIEW),
        "Who reviews the documents, and when.",
    ),
    key("documents", Record(DOCUMENTS), "The documents themselves."),
    key(
        "brief",
        Anything,
        "The brief of a system that is being designed; read by `groundplan design`.",
    ),
    said(
        "outlines",
        "Documents to write unless `--outline` says otherwise.",
    ),
    said(
        "include",
        "Survey only paths that match one of these globs.",
    ),
    said("exclude", "Leave out paths that match one of these globs."),
    key(
        "source_url",
        Text,
        "Web address under which the files can be seen.",
    ),
]);

const SYSTEM: &[Field] = &[
    key("name", Text, "Name as a reader knows it."),
    key(
        "purpose",
        Text,
        "What it does, and for whom, in one or two sentences.",
    ),
    key(
        "problem",
        Text,
        "Which problem it solves, and what people did before.",
    ),
    said("users", "Who uses it, and how many they are."),
    said("consumers", "Programs that use it."),
    said("use_cases", "What people and programs do with it."),
    said("scale", "Load and data at the peak."),
    key("version", Text, "Version that the documents describe."),
    key(
        "status",
        Text,
        "Where it stands in its life, for example `in production since 2023`.",
    ),
    key(
        "style",
        Text,
        "The architecture style that was chosen, and why.",
    ),
    said("features", "What it offers, the weightiest first."),
];

const SCALE: &[Field] = &[
    said("users", "People or programs that use it."),
    said("requests", "Requests per second at the peak."),
    said("data", "Volume of data, now and later."),
    said("growth", "How fast load and data grow."),
    said(
        "capacity",
        "What it bears today, and how that was measured.",
    ),
    said("target", "What it must bear."),
];

const STAKEHOLDER: &[Field] = &[
    needed("name", Text, "Name of the person or team."),
    key(
        "role",
        Text,
        "Role, for example `product owner`, `tech lead`, `architect`.",
    ),
    said("concern", "What they care about."),
];

/// The roles that documents ask for by name.
pub(crate) const PEOPLE: &[Field] = &[
    said("product_owner", "Who decides what is built."),
    said("tech_lead", "Who leads technically."),
    said("architects", "Who answers for the architecture."),
    said("development", "Who builds it."),
    said("operations", "Who runs it."),
    said("others", "Who else has an interest."),
];

const USE_CASE: &[Field] = &[
    needed("name", Text, "The use case, a verb phrase."),
    key("actor", Text, "Who starts it."),
    said("detail", "What happens, and how often."),
];

const REQUIREMENT: &[Field] = &[
    key("id", Text, "Stable id, for example `FR-1`."),
    needed("text", Text, "One sentence."),
    key(
        "kind",
        Choice(REQUIREMENT_KINDS),
        "What kind it is; `functional` unless given.",
    ),
    key(
        "priority",
        Choice(&["must", "should", "could", "wont"]),
        "How much it matters.",
    ),
    key("target", Text, "Target with unit."),
    key("measurement", Text, "How the target is measured."),
];

/// A number to keep.
const TARGET: Shape = TextOr(&[
    needed("target", Text, "The target with unit."),
    key("measurement", Text, "How it is measured."),
    key("achieved", Text, "What was measured, with unit and date."),
    key(
        "window",
        Text,
        "Time over which it is judged, for example `30 d`.",
    ),
    key(
        "priority",
        Choice(&["must", "should", "could", "wont"]),
        "How much it matters.",
    ),
]);

const TARGETS: &[Field] = &[
    key(
        "availability",
        TARGET,
        "Share of the time or of the requests that must be served.",
    ),
    key(
        "uptime",
        TARGET,
        "Share of the time that the system must be up.",
    ),
    key(
        "error_budget",
        TARGET,
        "Failure that is allowed in a window.",
    ),
    key("error_rate", TARGET, "Share of requests that may fail."),
    key("latency", TARGET, "Answer time, with its percentile."),
    key("latency_p50", TARGET, "Median of the answer time."),
    key("latency_p90", TARGET, "90th percentile of the answer time."),
    key("latency_p95", TARGET, "95th percentile of the answer time."),
    key("latency_p99", TARGET, "99th percentile of the answer time."),
    key("response_time", TARGET, "Answer time without a percentile."),
    key("throughput", TARGET, "Requests or messages per second."),
    key("concurrent_users", TARGET, "Users at the same time."),
    key(
        "cache_hit_rate",
        TARGET,
        "Share of reads that a cache answers.",
    ),
    key("database_query_time", TARGET, "Time of a database query."),
    key("page_load", TARGET, "Time until a page can be used."),
    key("test_coverage", TARGET, "Share of the code that tests run."),
    key("recovery_time", TARGET, "Mean time to recovery."),
    key("cost", TARGET, "Cost per month or per request."),
    key(
        "capacity",
        TextsOr(CAPACITY),
        "What it must bear, and what it bears.",
    ),
    said("business", "Numbers of the business that it must reach."),
    said(
        "accessibility",
        "Standard of accessibility, for example `WCAG 2.2 AA`.",
    ),
    said("browsers", "Browsers and devices that must work."),
    said("locales", "Languages, currencies and time zones."),
    said("measured", "What was measured, when, and how."),
];

const CAPACITY: &[Field] = &[
    said("current", "What it bears today, and how that was measured."),
    said("target", "What it must bear."),
];

const SLO: &[Field] = &[
    key("id", Text, "Stable id."),
    needed(
        "indicator",
        Text,
        "What is measured, for example `latency of GET /orders`.",
    ),
    needed("target", Text, "The target with unit."),
    key("percentile", Text, "Percentile, for example `p99`."),
    key(
        "window",
        Text,
        "Time over which it is judged, for example `30 d`.",
    ),
    key("element", Text, "Id of the element it is about."),
    key("achieved", Text, "What was measured, with unit."),
];

const CONSTRAINTS: &[Field] = &[
    said(
        "team",
        "How many people build and run it, with which skills.",
    ),
    said("timeline", "When it must be live, or since when it is."),
    said("budget", "What it may cost, and who watches that."),
    said("compliance", "Laws, standards and contracts that bind it."),
    said("stack", "Technologies that are mandatory or excluded."),
    said("integrations", "Systems that it has to work with."),
    said("licence", "Licence of it, and licences that are excluded."),
    said("other", "Whatever else limits the solution."),
];

const RECOVERY: &[Field] = &[
    said("rto", "Recovery time objective."),
    said("rpo", "Recovery point objective."),
    said("failover", "Who or what moves the load, and how."),
    said(
        "restore",
        "How data is restored, and when that was last tried.",
    ),
];

const OPERATIONS: &[Field] = &[
    said("rto", "Recovery time objective: how fast it must be back."),
    said(
        "rpo",
        "Recovery point objective: how much data may be lost.",
    ),
    said(
        "backup",
        "What is backed up, how often, where to, and for how long.",
    ),
    said("file_backup", "How files outside databases are backed up."),
    said("configuration_backup", "How configuration is backed up."),
    said("backup_retention", "How long backups are kept."),
    said(
        "restore",
        "How data is restored, and when that was last tried.",
    ),
    said(
        "failover",
        "What happens when a store or node fails: who or what moves the load.",
    ),
    said(
        "failures",
        "Failures that must be survived, and in what time.",
    ),
    said("high_availability", "Measures that keep it up."),
    said("on_call", "Who is on call, and how they are reached."),
    said(
        "incident",
        "What is done first in an incident, and by whom.",
    ),
    said("runbooks", "Where the runbooks are."),
    said("release_frequency", "How often releases are made."),
    said("hotfix", "How a hotfix goes out."),
    said("windows", "When deployments are allowed."),
    said(
        "rollback",
        "How a bad version is taken back, and how long that takes.",
    ),
    said("strategy", "How a new version is rolled out."),
    said("maintenance", "Regular work, and when it is done."),
    said("alert_channels", "Where alerts go."),
    said("support", "Who answers users, and when."),
    said("capacity", "How capacity is planned and watched."),
    said("recovery_time", "How long recovery took the last times."),
    said("drill", "When recovery was last tried, and what came out."),
    said("release", "How often releases are made, and when."),
    said(
        "deprecation",
        "How long an old version lives, and how its end is announced.",
    ),
    said("admin", "What administrators do, and with which tools."),
    said("cost", "What it costs a month, and who watches that."),
    said("limits", "Limits of what one client or tenant may use."),
    said(
        "load_tests",
        "Load under which it is tested, and what came out.",
    ),
    said("resilience_tests", "Failures that are tried on purpose."),
    said("notification", "Who is told about an outage, and how."),
    said(
        "probes",
        "What is asked from outside to see whether it is up.",
    ),
    said("response_times", "How fast alerts must be answered."),
    said("scaling", "What is added when load grows."),
    said(
        "telemetry_retention",
        "How long logs, metrics and traces are kept.",
    ),
];

const ENVIRONMENT: &[Field] = &[
    key(
        "tier",
        Choice(TIERS),
        "Which of the usual tiers it is; judged by its name unless given.",
    ),
    said("purpose", "What it is for."),
    said("cloud", "Provider and services."),
    said("provider", "Provider and account."),
    said("regions", "Where it runs."),
    said("sizing", "Processor, memory and disk of each part."),
    said("access", "Who may reach it."),
    said("data", "Which data it holds."),
    key("url", Text, "Address of it."),
    said("notes", "How it differs from the others."),
];

const DEPLOYMENT: &[Field] = &[
    said("cloud", "Provider and services."),
    said("regions", "Where it runs."),
    said("sizing", "Processor, memory and disk of each part."),
    said("orchestration", "What starts and restarts the parts."),
    said("load_balancing", "What spreads the load."),
    said("cdn", "What is served from the edge."),
    said("network", "Networks and who may reach them."),
];

const DELIVERY: &[Field] = &[
    said("pipeline", "How a commit becomes a running version."),
    said(
        "strategy",
        "How a new version is rolled out: rolling, blue-green, canary.",
    ),
    said(
        "rollout",
        "In which steps a new version goes out, and who stops it.",
    ),
    said(
        "rollback",
        "How a bad version is taken back, and how long that takes.",
    ),
    said("releases", "How often releases are made, and when."),
    said("hotfix", "How a hotfix goes out."),
    said("windows", "When deployments are allowed."),
    said("data_migration", "Data that is moved from an older system."),
    said(
        "feature_flags",
        "Features that are switched at run time, and who switches them.",
    ),
];

const DATA: &[Field] = &[
    said("retention", "How long which data is kept."),
    said("archival", "What is archived, where, and when."),
    said("deletion", "How data is deleted, and on whose request."),
    said("privacy", "Personal data and what protects it."),
    said("classification", "Classes of data by sensitivity."),
    said(
        "partitioning",
        "From which size on data is split, and by which key.",
    ),
    said("sharding", "How data is spread over servers."),
    said("replication", "Copies, and how far they may lag."),
    said("consistency", "What readers may see, and when."),
    said("quality", "How wrong data is found."),
    said("lineage", "Where data comes from and goes to."),
    said("migration", "Data that is moved from an older system."),
    said("volume", "How much data there is, and how it grows."),
    said("growth", "How fast data grows."),
    said("owners", "Who owns which data."),
];

const ENTITY: &[Field] = &[
    said("description", "What the record stands for."),
    said("indexes", "Look-ups that must be fast."),
    said("retention", "How long it is kept."),
    said("privacy", "Personal data in it."),
    said("volume", "How many there are, and how fast they grow."),
];

const INTERFACE: &[Field] = &[
    said("description", "What it is for."),
    said("schemas", "What requests and answers look like."),
    said("versioning", "How it is versioned."),
    said("rate_limits", "How much one client may ask for."),
    said("consumers", "Who uses it."),
    key(
        "audience",
        Choice(&["public", "internal"]),
        "Who may use it.",
    ),
];

const INTERFACES: &[Field] = &[
    said("versioning", "How interfaces are versioned."),
    said(
        "deprecation",
        "How long an old version lives, and how its end is announced.",
    ),
    said("compatibility", "What may change without a new version."),
    said("rate_limits", "How much one client may ask for."),
    said("consumers", "Who uses them."),
    said(
        "schemas",
        "What requests and answers look like, where code does not say.",
    ),
    said("errors", "How failures are told to clients."),
];

const SECURITY: &[Field] = &[
    said(
        "authentication",
        "How users and programs prove who they are.",
    ),
    said(
        "authorization",
        "Who may do what, and where that is enforced.",
    ),
    said("roles", "Roles and what they may do."),
    key(
        "encryption",
        TextsOr(ENCRYPTION),
        "Which data is encrypted at rest and on which connections.",
    ),
    said(
        "encryption_at_rest",
        "Which stores are encrypted, with whose keys.",
    ),
    said(
        "encryption_in_transit",
        "Which connections are encrypted, and how.",
    ),
    said(
        "audit",
        "Which actions leave a trace, and how long it is kept.",
    ),
    said(
        "rate_limits",
        "How much one client may ask for, and what happens beyond that.",
    ),
    said(
        "secrets",
        "Where secrets are kept and who changes them; never a secret itself.",
    ),
    said("network", "Networks and ports, and who may reach them."),
    said(
        "application",
        "How input is checked and users are kept apart.",
    ),
    said("input_validation", "How input is checked."),
    said("cors", "Which origins may call from a browser."),
    said("headers", "Security headers of answers."),
    said("compliance", "Standards that were audited, and when."),
    said(
        "testing",
        "Penetration tests and scans, and when the last one was.",
    ),
    said("vulnerabilities", "How weaknesses are reported and mended."),
    said("incident", "Who is told about a breach, and how fast."),
];

const ENCRYPTION: &[Field] = &[
    said("at_rest", "Which stores are encrypted, with whose keys."),
    said("in_transit", "Which connections are encrypted, and how."),
];

const THREAT: &[Field] = &[
    key("id", Text, "Stable id, for example `T-1`."),
    needed(
        "story",
        Text,
        "Who does what to which part, in one sentence.",
    ),
    key(
        "category",
        Choice(&["S", "T", "R", "I", "D", "E"]),
        "STRIDE letter.",
    ),
    said("affects", "Ids of the elements it is about."),
    said("mitigations", "What reduces it."),
];

const CACHING: &[Field] = &[
    said("strategy", "What is cached, and why."),
    said("ttl", "How long entries live."),
    said("invalidation", "What removes entries."),
    said("browser", "What browsers keep."),
    said("cdn", "What the edge keeps."),
    said("application", "What processes keep in memory."),
    said("database", "What the database keeps of queries."),
];

const SCALING: &[Field] = &[
    said("strategy", "What is added when load grows."),
    said("limit", "The first limit that will be met."),
    said(
        "auto_scaling",
        "What adds and removes replicas, and by which signal.",
    ),
    said("load_balancing", "What spreads the load."),
    said("sharding", "How data is spread over servers."),
    said("read_replicas", "Copies that answer reads."),
    said("stateless", "Which parts keep no state."),
];

const OBSERVABILITY: &[Field] = &[
    said("metrics", "Numbers that tell whether the system is well."),
    said(
        "business_metrics",
        "Numbers that tell whether the business is well.",
    ),
    said("infrastructure_metrics", "Numbers of machines and stores."),
    said(
        "logging",
        "Where logs go, in which form, and how long they are kept.",
    ),
    said("tracing", "How one request is followed through all parts."),
    said("trace_coverage", "Share of requests that are traced."),
    said("alerts", "Conditions that wake somebody, and whom."),
    said("alert_channels", "Where alerts go."),
    said("dashboards", "Dashboards that the team looks at."),
    said("tools", "Products that collect and show."),
];

const TESTING: &[Field] = &[
    said("strategy", "Which tests there are, and what they cover."),
    said(
        "gates",
        "Numbers that a change must reach before it is merged.",
    ),
    said("resilience", "Failures that are tried on purpose."),
    said(
        "load",
        "Load under which the system is tested, and what came out.",
    ),
    said("security", "Tests of the protection."),
    said("unit", "Tests of single parts."),
    said("integration", "Tests of parts together."),
    said("end_to_end", "Tests of the whole."),
    said("acceptance", "Who accepts a version, and how."),
    said("environments", "Where tests run."),
];

const DECISION: &[Field] = &[
    needed("id", Text, "Stable id, for example `ADR-0007`."),
    needed("title", Text, "Title without number."),
    key("status", Choice(STATUSES), "Where it stands."),
    key("date", Text, "Date, YYYY-MM-DD."),
    said("deciders", "Who decided."),
    key("context", Text, "What made a decision necessary; Markdown."),
    key("options", List(&TextOr(OPTION)), "What was considered."),
    key("decision", Text, "What was decided."),
    key("rationale", Text, "Why."),
    said("positive", "Good consequences."),
    said("negative", "Bad consequences."),
    said(
        "consequences",
        "Consequences that are neither good nor bad.",
    ),
    key(
        "superseded_by",
        Text,
        "Id of the decision that replaces it.",
    ),
];

const OPTION: &[Field] = &[
    needed("name", Text, "Name of the option."),
    said("pros", "Arguments for it."),
    said("cons", "Arguments against it."),
    key("chosen", Truth, "Whether it was chosen."),
];

const MILESTONE: &[Field] = &[
    needed("name", Text, "Name of the phase."),
    key(
        "term",
        Choice(&["short", "medium", "long"]),
        "How far away it is.",
    ),
    said("deliverables", "What it delivers."),
];

const LIMITATION: &[Field] = &[
    needed("text", Text, "The limitation."),
    key("impact", Text, "Whom it hurts, and how."),
    key("plan", Text, "What is planned about it."),
];

const DEBT: &[Field] = &[
    needed("item", Text, "The shortcut that was taken."),
    key("impact", Text, "What it costs now."),
    key("priority", Text, "How urgent it is."),
    key("effort", Text, "What it would cost to mend."),
];

const ELEMENT: &[Field] = &[
    key(
        "name",
        Text,
        "Name to show; the id stays and the old name becomes an alias.",
    ),
    key("purpose", Text, "What it is for, one sentence."),
    key("description", Text, "The same as `purpose`."),
    key(
        "kind",
        Choice(ELEMENT_KINDS),
        "C4 kind; for elements that are added.",
    ),
    key("role", Choice(ROLES), "What it does in the system."),
    said(
        "technology",
        "Technologies, the main one first; replaces what was observed.",
    ),
    key("external", Truth, "Whether it lies outside the system."),
    key("parent", Text, "Id of the element that contains it."),
    said("tags", "Marks; added to those that are there."),
    said("aliases", "Other names under which files speak of it."),
    key("owner", Text, "Who owns it."),
    said("responsibilities", "What it is responsible for."),
    said(
        "terms",
        "Limits and failure behaviour that somebody outside promises.",
    ),
    said("contract", "Terms under which somebody outside offers it."),
    said("fallback", "What happens when it does not answer."),
    said("scaling", "What is added when its load grows."),
    said("data", "Which data it holds."),
    key("version", Text, "Version of it that runs."),
    said("notes", "Whatever else a reader should know."),
    key("hide", Truth, "Leave it and its relationships out."),
    key("add", Truth, "It is not in the code, but it exists."),
];

const RELATIONSHIP: &[Field] = &[
    needed("from", Text, "Id of the element that needs the other."),
    needed("to", Text, "Id of the element that is needed."),
    key(
        "kind",
        Choice(RELATIONSHIP_KINDS),
        "What happens; `calls` unless given.",
    ),
    key("description", Text, "A short phrase for the edge."),
    key("technology", Text, "Library or product that carries it."),
    key("protocol", Text, "Wire protocol, for example `gRPC`."),
    key(
        "mode",
        Choice(&["sync", "async"]),
        "Whether the caller waits.",
    ),
    key(
        "hide",
        Truth,
        "Leave it out; without `kind`, all between the two.",
    ),
];

const FLOW: &[Field] = &[
    needed("title", Text, "Title in the system's own nouns."),
    key("actor", Text, "Who starts it."),
    needed(
        "steps",
        List(&TextOr(STEP)),
        "Steps in order: `from -> to: what happens`, or what happens inside.",
    ),
];

const STEP: &[Field] = &[
    needed("from", Text, "Id of the element that acts."),
    key(
        "to",
        Text,
        "Id of the element acted upon; the same unless given.",
    ),
    needed("action", Text, "What happens, a verb phrase."),
    key(
        "kind",
        Choice(&[
            "request", "read", "write", "publish", "consume", "internal", "respond",
        ]),
        "What kind of step it is.",
    ),
];

const REVIEW: &[Field] = &[
    key(
        "status",
        Text,
        "Status of the documents, for example `draft` or `approved`.",
    ),
    said("reviewers", "Who reviews them."),
    key("last", Text, "When they were last reviewed."),
    key("next", Text, "When they are reviewed next."),
    said("schedule", "How often they are reviewed."),
    said("feedback", "Where feedback goes."),
];

const DOCUMENTS: &[Field] = &[
    key("version", Text, "Version of the documents."),
    said("authors", "Who answers for them."),
    key("review", TextsOr(REVIEW), "The same as `review`."),
];
