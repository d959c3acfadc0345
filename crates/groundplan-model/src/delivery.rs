use crate::{Attribute, Provenance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which of the usual tiers an environment belongs to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum EnvironmentTier {
    Development,
    Test,
    Staging,
    Production,
    Other,
}

/// A place where the system runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Environment {
    /// Stable id.
    pub id: String,
    /// Name as in the source.
    pub name: String,
    /// Usual tier, judged by the name.
    pub tier: EnvironmentTier,
    /// What describes it, for example `Kustomize overlay`, `Compose override`.
    pub mechanism: String,
    /// Properties, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// The trigger of a [`Pipeline`] that only another one calls.
pub const CALLED: &str = "called by another workflow";

/// How the triggers of a [`Pipeline`] of GitHub Actions begin, each with the event that its conditions name; of two
/// that begin alike the longer stands first.
pub const EVENTS: [(&str, &str); 12] = [
    ("push", "push"),
    ("tag ", "push"),
    ("pull request (with secrets)", "pull_request_target"),
    ("pull request review comment", "pull_request_review_comment"),
    ("pull request review", "pull_request_review"),
    ("pull request", "pull_request"),
    ("schedule ", "schedule"),
    ("release", "release"),
    ("after workflow ", "workflow_run"),
    ("manual", "workflow_dispatch"),
    ("merge queue", "merge_group"),
    ("call of the API", "repository_dispatch"),
];

/// What a job of a pipeline mainly does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum JobStage {
    Lint,
    Build,
    Test,
    Security,
    Package,
    Deploy,
    Release,
    Other,
}

/// A job of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// Key of the job in its file.
    pub id: String,
    /// Display name.
    pub name: String,
    /// All stages that its steps show, in pipeline order.
    pub stages: Vec<JobStage>,
    /// Keys of jobs that must end before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Names or commands of its steps, first line each.
    pub steps: Vec<String>,
    /// The stages that each step shows by its commands and actions, one entry per step; empty if
    /// this is not known of any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub step_stages: Vec<Vec<JobStage>>,
    /// Environment it deploys to, if it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Events of its pipeline to which a condition limits it; empty if it runs on all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Stages that a condition of the job or of all their steps limits, with the condition in words:
    /// `for tags v*`, `on the branch main`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<(JobStage, String)>,
    /// The condition under which it runs, as the source writes it, where `events` and `limits` do not say it
    /// whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// A CI/CD pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pipeline {
    /// Stable id.
    pub id: String,
    /// Name as in the source.
    pub name: String,
    /// The product that runs it, for example `GitHub Actions`.
    pub product: String,
    /// What starts it, for example `push to main`, `pull_request`.
    pub triggers: Vec<String>,
    /// Jobs in the order of the file.
    pub jobs: Vec<Job>,
    /// Where it stands.
    pub provenance: Provenance,
}
