//! What jobs do by the composite actions and the workflows of the repository that they call.

use crate::extractors::github_actions::triggers_of;
use crate::extractors::github_actions::truth::{Given, Truth, inside, only_tries, truth};
use crate::facts::{Callable, Claim, JobCall, StepCall};
use crate::resolve::world::World;
use groundplan_model::{Job, JobStage, Pipeline};
use std::collections::{BTreeMap, BTreeSet};

/// How deep calls are followed.
const DEEPEST: usize = 5;
/// Steps of all that a job calls, at most.
const MOST: usize = 2_000;
/// Conditions of one stage that are told, at most.
const MOST_TOLD: usize = 3;

/// Where what is called does a stage: under which conditions, and whether it always does.
#[derive(Default)]
struct Done {
    always: bool,
    when: BTreeSet<String>,
}

type Stages = BTreeMap<JobStage, Done>;

/// Gives jobs the stages of what they call.
pub(crate) fn join(pipelines: &mut [Pipeline], world: &World<'_>) {
    let mut known: BTreeMap<&str, &Callable> = BTreeMap::new();
    // Two workflows in different folders may have one id.
    let mut calls: BTreeMap<(&str, &str, &str), Vec<&JobCall>> = BTreeMap::new();
    for (file, fact, _) in world.facts_by_kind() {
        match &fact.claim {
            Claim::Callable(made) => {
                known.entry(made.path.as_str()).or_insert(made.as_ref());
            }
            Claim::JobCall(call) => {
                let key = (
                    file.path.as_str(),
                    call.pipeline.as_str(),
                    call.job.as_str(),
                );
                calls.entry(key).or_default().push(call.as_ref());
            }
            _ => {}
        }
    }
    for pipeline in pipelines {
        let Some(at) = pipeline.provenance.evidence.first() else {
            continue;
        };
        for job in &mut pipeline.jobs {
            let key = job.id.clone();
            if let Some(own) = calls.get(&(at.path.as_str(), pipeline.id.as_str(), key.as_str())) {
                give(job, own, &known, &pipeline.triggers);
            }
        }
    }
}

/// Gives a job the stages of what its steps call.
fn give(job: &mut Job, calls: &[&JobCall], known: &BTreeMap<&str, &Callable>, triggers: &[String]) {
    let own = triggers_of(triggers, &job.events);
    let tried = only_tries(&own);
    let shown: BTreeSet<JobStage> = job.step_stages.iter().flatten().copied().collect();
    let mut all: Stages = BTreeMap::new();
    let mut found = false;
    let mut left = MOST;
    for call in calls {
        let Some(called) = known.get(call.call.path.as_str()) else {
            continue;
        };
        found = true;
        let given = Given {
            triggers: &own,
            inputs: None,
        };
        let holds = call.condition.as_deref().map(|c| truth(c, &given));
        let mut stages: Stages = BTreeMap::new();
        follow(
            called,
            &handed(&call.call, called, &given),
            holds.unwrap_or(Truth::Always),
            &Walk {
                known,
                triggers: &own,
            },
            DEEPEST,
            &mut left,
            &mut stages,
        );
        if tried {
            stages.remove(&JobStage::Release);
        }
        // A push is shown by no step as such.
        let of_step = stages.keys().copied();
        let of_step: Vec<JobStage> = of_step.filter(|s| *s != JobStage::Release).collect();
        if let Some(step) = job.step_stages.get_mut(call.step) {
            *step = of_step;
        }
        for (stage, done) in stages {
            let entry = all.entry(stage).or_default();
            entry.always |= done.always;
            entry.when.extend(done.when);
        }
    }
    if !found {
        return;
    }
    // What the other steps show stays, and what the name of the job says where nothing else does.
    let others: BTreeSet<JobStage> = job.step_stages.iter().flatten().copied().collect();
    let mut stages: BTreeSet<JobStage> =
        all.keys().copied().chain(others.iter().copied()).collect();
    if !shown.is_empty() || stages.is_empty() {
        let more = job.stages.iter().filter(|stage| !shown.contains(stage));
        stages.extend(more.copied());
    }
    stages.remove(&JobStage::Other);
    if stages.is_empty() {
        stages.insert(JobStage::Other);
    }
    let had: BTreeSet<JobStage> = job.stages.iter().copied().collect();
    let whole = calls.iter().find_map(|call| call.limit.as_deref());
    for stage in &stages {
        let done = all.get(stage);
        let own = had.contains(stage) && (others.contains(stage) || *stage == JobStage::Release);
        let limited = job.limits.iter().any(|(of, _)| of == stage);
        // A stage that the job does without a condition has none.
        if own && (done.is_none() || !limited) {
            continue;
        }
        let text = limit_of(done, whole);
        let before = job.limits.iter().filter(|(of, _)| own && of == stage);
        let mut texts: BTreeSet<String> = before.map(|(_, text)| text.clone()).collect();
        job.limits.retain(|(of, _)| of != stage);
        // One of both is enough.
        if let Some(text) = text {
            texts.insert(text);
            let texts: Vec<String> = texts.into_iter().collect();
            job.limits.push((*stage, texts.join(" or ")));
        }
    }
    job.limits.retain(|(stage, _)| stages.contains(stage));
    job.limits.sort_unstable();
    job.limits.dedup();
    job.stages = stages.into_iter().collect();
}

/// When a stage is done, in words: what its own conditions say, and that of the whole job.
fn limit_of(done: Option<&Done>, whole: Option<&str>) -> Option<String> {
    let own = done.filter(|done| !done.always).map(|done| {
        let when: Vec<&str> = done.when.iter().map(String::as_str).collect();
        match when.len() > MOST_TOLD {
            true => "under several conditions".to_owned(),
            false => when.join(" or "),
        }
    });
    match (own, whole) {
        (Some(own), Some(whole)) if !own.contains(whole) => Some(format!("{whole} and {own}")),
        (Some(own), _) => Some(own),
        (None, whole) => whole.map(str::to_owned),
    }
}

/// What holds for all that a job calls.
struct Walk<'w> {
    known: &'w BTreeMap<&'w str, &'w Callable>,
    triggers: &'w [String],
}

/// Adds the stages of what is called with these inputs, where `holds` does.
fn follow(
    called: &Callable,
    inputs: &BTreeMap<String, String>,
    holds: Truth,
    walk: &Walk<'_>,
    depth: usize,
    left: &mut usize,
    stages: &mut Stages,
) {
    let given = Given {
        triggers: walk.triggers,
        inputs: Some(inputs),
    };
    let mut add = |stage: JobStage, holds: &Truth| match holds {
        Truth::Never => {}
        Truth::Always => stages.entry(stage).or_default().always = true,
        Truth::When(text) => {
            stages.entry(stage).or_default().when.insert(text.clone());
        }
    };
    let mut deeper = Vec::new();
    for step in &called.steps {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let own = match &step.condition {
            Some(condition) => holds.clone().and(truth(condition, &given)),
            None => holds.clone(),
        };
        if own == Truth::Never {
            continue;
        }
        // What a call is named after counts where nobody sees what it calls.
        let seen = |call: &StepCall| depth > 0 && walk.known.contains_key(call.path.as_str());
        let named = !step.calls.iter().any(seen);
        let stages = step.stages.iter().filter(|_| named);
        for stage in stages.filter(|s| **s != JobStage::Other) {
            add(*stage, &own);
        }
        if let Some(push) = &step.push {
            add(JobStage::Release, &own.clone().and(truth(push, &given)));
        }
        for call in step.calls.iter().filter(|_| depth > 0) {
            if let Some(next) = walk.known.get(call.path.as_str()) {
                deeper.push((*next, handed(call, next, &given), own.clone()));
            }
        }
    }
    for (next, inputs, holds) in deeper {
        follow(next, &inputs, holds, walk, depth - 1, left, stages);
    }
}

/// The inputs of what is called: what the caller gives, else what they are by themselves. An input of the caller is
/// what that was given.
fn handed(call: &StepCall, called: &Callable, given: &Given<'_>) -> BTreeMap<String, String> {
    let mut all = called.inputs.clone();
    for (name, value) in &call.with {
        let put = match inside(value) {
            Some(inner) => match (inner.strip_prefix("inputs."), given.inputs) {
                (Some(name), Some(own)) => own.get(name).cloned().unwrap_or_default(),
                (_, Some(_)) if is_switch(inner) => match truth(inner, given) {
                    Truth::Always => "true".to_owned(),
                    Truth::Never => "false".to_owned(),
                    Truth::When(_) => value.clone(),
                },
                _ => value.clone(),
            },
            None => value.clone(),
        };
        all.insert(name.clone(), put);
    }
    all
}

/// Whether an expression on inputs is true or false, and no text.
fn is_switch(inner: &str) -> bool {
    let compares = ["==", "!="].iter().any(|sign| inner.contains(sign));
    inner.contains("inputs.") && (compares || inner.starts_with('!'))
}
