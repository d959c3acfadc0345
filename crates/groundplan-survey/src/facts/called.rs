//! What actions and workflows of the repository do for the jobs that call them.

use groundplan_model::JobStage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A composite action, or a workflow that others call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callable {
    /// The folder of the action or the path of the workflow, relative to the root.
    pub path: String,
    /// Its inputs with what they are unless they are given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, String>,
    /// The steps of the action, or of the jobs of the workflow.
    pub steps: Vec<CalledStep>,
}

/// A step of an action, or of a job of a workflow that others call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledStep {
    /// The stages that it shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<JobStage>,
    /// The condition under which it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The condition under which it puts an image into a registry; `true` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<String>,
    /// What it calls itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<StepCall>,
}

/// A call of an action or workflow of the repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCall {
    /// The folder of the action or the path of the workflow, relative to the root.
    pub path: String,
    /// What it is given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, String>,
}

/// A job of a pipeline has a step that calls something of the repository, or is such a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCall {
    /// The id of the pipeline.
    pub pipeline: String,
    /// The key of the job.
    pub job: String,
    /// The place of the step in the job.
    pub step: usize,
    /// What is called.
    pub call: StepCall,
    /// The condition of the step or of the job, as it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What the condition of the whole job says of branches and tags, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
}
