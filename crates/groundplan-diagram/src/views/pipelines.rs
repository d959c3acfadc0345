//! CI/CD pipelines: jobs as boxes, an edge from each job to those that wait for it.

use super::{Model, kebab};
use groundplan_model::{JobStage, Pipeline, View, ViewEdge, ViewKind, ViewNode};
use std::collections::{BTreeMap, BTreeSet};

/// Views of this kind at most.
const VIEWS: usize = 2;

/// The views `pipeline-<id>` of the pipelines with most jobs.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    let mut ranked: Vec<&Pipeline> = model
        .blueprint
        .pipelines
        .iter()
        .filter(|p| !p.jobs.is_empty())
        .collect();
    ranked.sort_by_key(|p| (std::cmp::Reverse(p.jobs.len()), p.id.as_str()));
    ranked
        .into_iter()
        .take(VIEWS)
        .map(|p| view(p, model.budget.nodes))
        .collect()
}

fn view(pipeline: &Pipeline, most: usize) -> View {
    let id = kebab(&pipeline.id);
    let id = if id.starts_with("pipeline-") {
        id
    } else {
        format!("pipeline-{id}")
    };
    let title = if pipeline.product.is_empty() {
        format!("{}: pipeline", pipeline.name)
    } else {
        format!("{}: pipeline ({})", pipeline.name, pipeline.product)
    };
    let mut made = super::view(id, ViewKind::Pipeline, title);
    let mut nodes: BTreeMap<&str, ViewNode> = BTreeMap::new();
    for job in pipeline.jobs.iter().take(most) {
        let stages: BTreeSet<JobStage> = job.stages.iter().copied().collect();
        let stages: Vec<&str> = stages.into_iter().filter_map(stage).collect();
        let mut description = match job.steps.len() {
            0 => String::new(),
            1 => "1 step".to_owned(),
            n => format!("{n} steps"),
        };
        if let Some(environment) = &job.environment {
            let gap = if description.is_empty() { "" } else { ", " };
            description = format!("{description}{gap}to {environment}");
        }
        nodes.entry(&job.id).or_insert_with(|| ViewNode {
            id: job.id.clone(),
            name: job.name.clone(),
            kind: stages.join(", "),
            description,
            role: None,
            person: false,
            external: false,
            parent: None,
            rows: Vec::new(),
        });
    }
    let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
    for job in &pipeline.jobs {
        for need in &job.needs {
            let known = nodes.contains_key(need.as_str()) && nodes.contains_key(job.id.as_str());
            if known && *need != job.id {
                pairs.insert((need, &job.id));
            }
        }
    }
    made.edges = pairs
        .into_iter()
        .map(|(from, to)| ViewEdge {
            id: format!("{from}->{to}"),
            from: from.to_owned(),
            to: to.to_owned(),
            label: String::new(),
            technology: String::new(),
            mode: None,
            ends: None,
        })
        .collect();
    made.nodes = nodes.into_values().collect();
    if made.nodes.len() < pipeline.jobs.len() {
        made.omitted = format!(
            "{} of {} jobs are shown.",
            made.nodes.len(),
            pipeline.jobs.len()
        );
    }
    made
}

fn stage(stage: JobStage) -> Option<&'static str> {
    match stage {
        JobStage::Lint => Some("lint"),
        JobStage::Build => Some("build"),
        JobStage::Test => Some("test"),
        JobStage::Security => Some("security"),
        JobStage::Package => Some("package"),
        JobStage::Deploy => Some("deploy"),
        JobStage::Release => Some("release"),
        JobStage::Other => None,
    }
}
