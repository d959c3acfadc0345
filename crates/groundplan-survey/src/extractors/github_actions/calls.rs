//! What workflows call of the repository itself: composite actions and other workflows
//! (<https://docs.github.com/actions/sharing-automations/creating-actions/metadata-syntax-for-github-actions>).

use super::{Step, marks, stages, steps};
use crate::extractors::manifests::{Field, Fields};
use crate::facts::{Callable, CalledStep, Claim, FileFacts, JobCall, StepCall};
use crate::source::SourceFile;
use groundplan_model::{JobStage, Pipeline};
use groundplan_syntax::Node;
use std::collections::{BTreeMap, BTreeSet};

/// A value beyond this is text and no switch.
const LONGEST: usize = 300;

/// A composite action: its steps belong to the jobs that use it.
pub(super) fn action(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        let Some(runs) = root.get("runs") else {
            continue;
        };
        if runs.str_of("using") != Some("composite") {
            continue;
        }
        let steps = steps(runs);
        let told = steps.iter().map(|step| CalledStep {
            stages: stages::of_step(step),
            condition: step.node.str_of("if").map(str::to_owned),
            push: stages::push_of(step),
            calls: call(step).into_iter().collect(),
        });
        let made = Callable {
            path: file.folder().to_owned(),
            inputs: inputs(root.get("inputs")),
            steps: told.collect(),
        };
        acc.add(file, root.first, root.last, Claim::Callable(Box::new(made)));
        // Elsewhere lie actions for the workflows of others.
        if !file.path.starts_with(".github/") {
            continue;
        }
        let name = file.folder().rsplit('/').next().unwrap_or_default();
        let of = format!("action `{name}`");
        let mut seen = BTreeSet::new();
        for step in &steps {
            marks::read(acc, file, &of, step, &BTreeMap::new(), &mut seen);
        }
    }
}

/// What is known of a job before it is told what calls make of it.
pub(super) struct Known<'p> {
    pub(super) pipeline: &'p Pipeline,
    pub(super) stages: Vec<JobStage>,
}

impl Known<'_> {
    /// Notes the calls of a job, and gives the job as others call it that call its workflow.
    pub(super) fn job(
        self,
        acc: &mut FileFacts,
        file: &SourceFile<'_>,
        field: &Field<'_>,
        steps: &[Step<'_>],
    ) -> Option<CalledStep> {
        let mut calls = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let Some(call) = call(step) else { continue };
            calls.push(call.clone());
            let made = JobCall {
                pipeline: self.pipeline.id.clone(),
                job: field.key.text.clone(),
                step: at,
                call,
                condition: step.node.str_of("if").map(str::to_owned),
            };
            let (first, last) = (step.node.first, step.node.last);
            acc.add(file, first, last, Claim::JobCall(Box::new(made)));
        }
        let pushes: Vec<String> = steps.iter().filter_map(stages::push_of).collect();
        let push = match pushes.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            some if some.iter().any(|p| p == "true") => Some("true".to_owned()),
            some => Some(format!("({})", some.join(") || ("))),
        };
        Some(CalledStep {
            stages: self.stages,
            condition: field.node.str_of("if").map(str::to_owned),
            push,
            calls,
        })
    }
}

/// A workflow that others call, with its jobs.
pub(super) fn workflow(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    root: &Node,
    jobs: Vec<CalledStep>,
) {
    let fields = Fields::of(root);
    let on = fields.get("on").map(|f| f.node);
    let made = Callable {
        path: file.path.to_owned(),
        inputs: inputs(on.and_then(|on| on.at(&["workflow_call", "inputs"]))),
        steps: jobs,
    };
    acc.add(file, root.first, root.last, Claim::Callable(Box::new(made)));
}

/// Inputs with what they are unless they are given.
fn inputs(node: Option<&Node>) -> BTreeMap<String, String> {
    let fields = node.map(Fields::of);
    let all = fields.iter().flat_map(Fields::iter);
    let value = |node: &Node| node.str_of("default").unwrap_or_default().to_owned();
    all.map(|f| (f.key.text.clone(), value(f.node)))
        .filter(is_kept)
        .collect()
}

/// What a step or a job calls of the repository.
fn call(step: &Step<'_>) -> Option<StepCall> {
    let path = step.uses?.strip_prefix("./")?.trim_end_matches('/');
    let with = step.node.get("with").map(Fields::of);
    let with = with.iter().flat_map(Fields::iter);
    let with = with.filter_map(|f| Some((f.key.text.clone(), f.str()?.to_owned())));
    Some(StepCall {
        path: path.to_owned(),
        with: with.filter(is_kept).collect(),
    })
}

/// Whether a value is kept: a secret that stands in the clear is not.
fn is_kept((name, value): &(String, String)) -> bool {
    let plain = value.contains("${{") || !crate::secrets::is_secret_name(name);
    plain && value.len() <= LONGEST && !crate::secrets::is_secret_value(value)
}
