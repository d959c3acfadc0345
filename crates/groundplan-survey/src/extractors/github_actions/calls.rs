//! What workflows call of the repository itself: composite actions and other workflows
//! (<https://docs.github.com/actions/sharing-automations/creating-actions/metadata-syntax-for-github-actions>).

use super::{Step, marks, stages, steps};
use crate::extractors::manifests::Fields;
use crate::facts::{Callable, CalledStep, Claim, FileFacts, JobCall, StepCall};
use crate::source::SourceFile;
use groundplan_model::{Job, JobStage};
use groundplan_syntax::Node;
use std::collections::{BTreeMap, BTreeSet};

/// A value beyond this is text and no switch.
const LONGEST: usize = 300;

/// What stands for a value that is not kept.
const HIDDEN: &str = "${{ secrets.value }}";

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

/// Notes the calls of a job, and gives what its steps do for those that call its workflow, each under the
/// condition of the job and its own.
pub(super) fn of_job(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    pipeline: &str,
    job: &Job,
    node: &Node,
    steps: &[Step<'_>],
) -> Vec<CalledStep> {
    let whole = node.str_of("if");
    let mut told = Vec::new();
    let mut left = job.stages.clone();
    left.retain(|stage| *stage != JobStage::Other);
    for (at, (step, shown)) in steps.iter().zip(&job.step_stages).enumerate() {
        let own = step.node.str_of("if");
        // A job that calls a workflow is its only step.
        let inner = own.filter(|_| !std::ptr::eq(step.node, node));
        left.retain(|stage| !shown.contains(stage));
        let call = call(step);
        told.push(CalledStep {
            stages: shown.clone(),
            condition: both(whole, inner),
            push: stages::push_of(step),
            calls: call.iter().cloned().collect(),
        });
        let Some(call) = call else { continue };
        let made = JobCall {
            pipeline: pipeline.to_owned(),
            job: job.id.clone(),
            step: at,
            call,
            condition: own.map(str::to_owned),
            limit: whole.and_then(super::limit),
        };
        let (first, last) = (step.node.first, step.node.last);
        acc.add(file, first, last, Claim::JobCall(Box::new(made)));
    }
    // What the name of the job says belongs to no step.
    told.push(CalledStep {
        stages: left,
        condition: whole.map(str::to_owned),
        ..CalledStep::default()
    });
    told.retain(|step| !step.stages.is_empty() || step.push.is_some() || !step.calls.is_empty());
    told
}

/// The condition under which both hold.
fn both(one: Option<&str>, two: Option<&str>) -> Option<String> {
    let bare = |text: &str| super::truth::inside(text).unwrap_or(text).trim().to_owned();
    match (one, two) {
        (Some(one), Some(two)) => Some(format!("({}) && ({})", bare(one), bare(two))),
        (one, two) => one.or(two).map(str::to_owned),
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
        .map(kept)
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
        with: with.map(kept).collect(),
    })
}

/// What is kept of an input: a secret that stands in the clear is not, only that there is one.
fn kept((name, value): (String, String)) -> (String, String) {
    let handed = super::truth::inside(&value).is_some();
    let plain = handed || !crate::secrets::is_secret_name(&name);
    let plain = plain && value.len() <= LONGEST && !crate::secrets::is_secret_value(&value);
    match plain || value.is_empty() {
        true => (name, value),
        false => (name, HIDDEN.to_owned()),
    }
}
