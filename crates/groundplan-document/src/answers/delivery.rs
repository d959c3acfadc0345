//! How a commit becomes a running version: pipelines, stages, releases, rollback and switches.

use super::deployment::told;
use super::found::{found, more};
use super::records;
use super::seen::{end, groups, item};
use crate::answer::Answer;
use crate::context::Context;
use crate::text::{bullets, first_places, names, steps};
use crate::tree::{Block, DiagramForm, Text};
use crate::words;
use groundplan_model::{CALLED, EVENTS, Job, JobStage, Observation, Pipeline, Topic, ViewKind};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "pipeline-diagram": |c, _| pipeline_diagram(c), "The pipeline with most jobs as a diagram.";
    "pipeline-stages": |c, _| pipeline_stages(c), "Which stages the pipelines have, and which not.";
    "pipeline-steps": |c, _| pipeline_steps(c), "The steps of the pipeline that deploys, in order.";
    "pipelines": |c, _| pipelines(c), "All pipelines with their triggers and jobs.";
    "stage-build": |c, _| stage_build(c), "Jobs that build.";
    "stage-deploy": |c, _| stage_deploy(c), "Jobs that deploy; without one those that release.";
    "stage-package": |c, _| stage(c, &[JobStage::Package], "package"), "Jobs that make images and packages.";
    "stage-security": |c, _| stage_security(c), "Jobs that look for weaknesses.";
    "stage-test": |c, _| stage(c, &[JobStage::Test], "test"), "Jobs that test.";
}

/// Where pipelines are looked for.
pub(super) const WORKFLOWS: &str = "pipeline files of twelve CI products";

fn no_pipeline(c: &Context) -> Answer {
    c.absent("pipeline", &[WORKFLOWS], "pipeline")
}

fn stage_word(stage: JobStage) -> &'static str {
    match stage {
        JobStage::Lint => "lint",
        JobStage::Build => "build",
        JobStage::Test => "test",
        JobStage::Security => "security",
        JobStage::Package => "package",
        JobStage::Deploy => "deploy",
        JobStage::Release => "release",
        JobStage::Other => "other",
    }
}

/// What starts a pipeline, as it follows `runs`: `on push to main`, `by hand`.
pub(super) fn triggers(p: &Pipeline) -> String {
    started(&p.triggers.iter().collect::<Vec<_>>())
}

/// What stands before the events on which a job does not run.
const ALL_BUT: &str = "all events but ";

/// The events on which a job does not run, where these are named in place of those on which it does.
fn left_out(event: &str) -> Option<impl Iterator<Item = &str>> {
    Some(event.strip_prefix(ALL_BUT)?.split(" and "))
}

/// The triggers of a pipeline that some of its jobs run on: those of the pipeline, unless conditions limit
/// each of the jobs to some events.
pub(super) fn triggers_of<'a>(p: &'a Pipeline, jobs: &[&'a Job]) -> Vec<&'a String> {
    if jobs.is_empty() || jobs.iter().any(|j| j.events.is_empty()) {
        return p.triggers.iter().collect();
    }
    let events: BTreeSet<&String> = jobs.iter().flat_map(|j| &j.events).collect();
    let plain = |event: &str| event.replace('_', " ");
    let named = |t: &str| (p.jobs.iter().flat_map(|j| &j.events)).any(|e| plain(e) == t);
    // What pushes is called so also where it is a tag.
    let runs = |t: &&String| {
        let known = match named(t.as_str()) {
            true => None,
            false => EVENTS.into_iter().find(|(begin, _)| t.starts_with(begin)),
        };
        let event = plain(known.map_or(t.as_str(), |(_, event)| event));
        let is = |e: &&String| match left_out(e) {
            Some(mut others) => others.all(|other| plain(other) != event),
            None => plain(e) == event,
        };
        events.iter().any(is) || t.as_str() == CALLED
    };
    let own: Vec<&String> = p.triggers.iter().filter(runs).collect();
    match own.is_empty() {
        true => events.into_iter().collect(),
        false => own,
    }
}

/// As [`triggers`], of some of them.
pub(super) fn started(triggers: &[&String]) -> String {
    let all: Vec<String> = triggers
        .iter()
        .take(4)
        .map(|t| {
            let t = words::short(t, 120);
            match t.as_str() {
                "manual" => "by hand".to_owned(),
                CALLED => "when another workflow calls it".to_owned(),
                "merge queue" => "in the merge queue".to_owned(),
                _ => match t.strip_prefix("schedule ") {
                    Some(cron) => format!("on the schedule {cron} (UTC)"),
                    None if t.starts_with("after ") => t,
                    None => format!("on {t}"),
                },
            }
        })
        .collect();
    let all = words::list(&all, "and");
    if triggers.len() > 4 {
        format!("{all}, among others")
    } else {
        all
    }
}

/// Whether a pipeline makes the system, in contrast to those that look after issues.
pub(super) fn is_work(p: &Pipeline) -> bool {
    p.jobs
        .iter()
        .flat_map(|j| &j.stages)
        .any(|s| *s != JobStage::Other)
}

/// What of a pipeline a condition limits: `; package and release only for tags v*`.
pub(super) fn limited(p: &Pipeline) -> String {
    let mut by: BTreeMap<String, BTreeSet<JobStage>> = BTreeMap::new();
    for (stage, condition) in p.jobs.iter().flat_map(|j| &j.limits) {
        // Where another job does it without a condition, the pipeline does it.
        let open = p.jobs.iter().any(|j| {
            j.stages.contains(stage) && !j.limits.iter().any(|(limited, _)| limited == stage)
        });
        if !open {
            by.entry(condition.clone()).or_default().insert(*stage);
        }
    }
    // A stage all jobs of which are limited to some events runs on these alone.
    let told: BTreeSet<JobStage> = by.values().flatten().copied().collect();
    let stages: BTreeSet<JobStage> = p
        .jobs
        .iter()
        .flat_map(|j| j.stages.iter().copied())
        .collect();
    for stage in stages {
        let does: Vec<&Job> = p
            .jobs
            .iter()
            .filter(|j| j.stages.contains(&stage))
            .collect();
        let own = triggers_of(p, &does);
        let limited = does.iter().all(|j| !j.events.is_empty()) && own.len() < p.triggers.len();
        if limited && stage != JobStage::Other && !told.contains(&stage) {
            by.entry(started(&own)).or_default().insert(stage);
        }
    }
    by.into_iter()
        .map(|(condition, stages)| {
            let stages: Vec<&str> = stages.iter().map(|s| stage_word(*s)).collect();
            format!("; {} only {condition}", words::list(&stages, "and"))
        })
        .collect()
}

/// Pipelines, those that deploy or release first, then by number of jobs.
pub(super) fn ranked<'a>(c: &Context<'a>) -> Vec<&'a Pipeline> {
    let mut all: Vec<&Pipeline> = c.blueprint.pipelines.iter().collect();
    let weight = |p: &Pipeline| {
        let stages: BTreeSet<JobStage> = p
            .jobs
            .iter()
            .flat_map(|j| j.stages.iter().copied())
            .collect();
        let ships = stages.contains(&JobStage::Deploy) || stages.contains(&JobStage::Release);
        let undone = p.triggers.iter().all(|t| t.starts_with("pull request"));
        (ships && !undone, is_work(p), stages.len(), p.jobs.len())
    };
    all.sort_by_key(|p| (std::cmp::Reverse(weight(p)), p.id.clone()));
    all
}

fn pipelines(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.pipeline"]).into_iter().collect();
    for p in ranked(c) {
        let mut text = Text::code(&p.name).then(format!(" ({})", p.product));
        if !p.triggers.is_empty() {
            text = text.then(format!(" runs {}", triggers(p)));
        }
        let stages = stages_of(p);
        if !stages.is_empty() {
            text = text.then(format!(": {}{}", words::list(&stages, "and"), limited(p)));
        }
        items.push(end(text.from(&p.provenance)));
    }
    found(items).unwrap_or_else(|| no_pipeline(c))
}

fn stages_of(p: &Pipeline) -> Vec<&'static str> {
    let stages: BTreeSet<JobStage> = p
        .jobs
        .iter()
        .flat_map(|j| j.stages.iter().copied())
        .collect();
    stages
        .into_iter()
        .filter(|s| *s != JobStage::Other)
        .map(stage_word)
        .collect()
}

fn pipeline_diagram(c: &Context) -> Answer {
    let view = c
        .blueprint
        .views
        .iter()
        .find(|v| v.kind == ViewKind::Pipeline);
    match view {
        Some(v) => {
            let diagram = Block::Diagram {
                view: v.id.clone(),
                form: DiagramForm::Text,
                caption: Text::default(),
            };
            Answer::both(Text::plain(words::sentence(&v.title)), vec![diagram])
        }
        None => pipelines(c),
    }
}

fn jobs<'a>(c: &Context<'a>) -> impl Iterator<Item = (&'a Pipeline, &'a Job)> {
    ranked(c)
        .into_iter()
        .flat_map(|p| p.jobs.iter().map(move |j| (p, j)))
}

fn pipeline_stages(c: &Context) -> Answer {
    if c.blueprint.pipelines.is_empty() {
        return told(c, &["delivery.pipeline"]).map_or_else(|| no_pipeline(c), Answer::text);
    }
    let all = [
        JobStage::Lint,
        JobStage::Build,
        JobStage::Test,
        JobStage::Security,
        JobStage::Package,
        JobStage::Deploy,
        JobStage::Release,
    ];
    let mut there: Vec<String> = Vec::new();
    let mut missing: Vec<&str> = Vec::new();
    let mut sources = Vec::new();
    for stage in all {
        let with: Vec<&Job> = jobs(c)
            .map(|(_, j)| j)
            .filter(|j| j.stages.contains(&stage))
            .collect();
        match with.len() {
            // What makes an image or a package builds it.
            0 if stage == JobStage::Build
                && jobs(c).any(|(_, j)| j.stages.contains(&JobStage::Package)) => {}
            0 => missing.push(stage_word(stage)),
            n => {
                there.push(format!(
                    "{} ({})",
                    stage_word(stage),
                    words::count(n, "job")
                ));
                sources.extend(with.first().map(|j| &j.provenance));
            }
        }
    }
    let n = c.blueprint.pipelines.len();
    let text = match there.is_empty() {
        true => Text::plain(format!(
            "No stage that builds or tests was found in {} (searched: names, actions and commands of their steps).",
            words::count(n, "pipeline")
        )),
        false => {
            let text = Text::plain(words::capital(&words::list(&there, "and"))).then(".");
            match missing.is_empty() {
                true => text,
                // Scripts that steps call may do what no command of them shows.
                false => text.then(format!(
                    " By the commands of their steps, no job was recognised for {}.",
                    words::list(&missing, "or")
                )),
            }
        }
    };
    let text = match sources.is_empty() {
        true => text.from(&first_places(
            c.blueprint.pipelines.iter().map(|p| &p.provenance),
            3,
        )),
        false => text.from(&first_places(sources, 4)),
    };
    Answer::text(text)
}

/// Steps that do something of this system, in contrast to checkouts and tool set-ups, each with its
/// place in the job.
fn own_steps(j: &Job) -> Vec<(usize, &str)> {
    let prepares = |s: &str| {
        let lower = s.to_lowercase();
        let action = lower
            .rsplit_once('/')
            .map_or(lower.as_str(), |(_, name)| name);
        let begins = [
            "checkout",
            "check out",
            "setup-",
            "set up ",
            "setup ",
            "install ",
            "cache@",
            "cache ",
            "auth@",
            "login-action",
            "log in ",
            "login ",
            "authenticate ",
            "upload-artifact",
            "download",
            "restore ",
            "free disk",
        ];
        begins
            .iter()
            .any(|p| action.starts_with(p) || lower.starts_with(p))
    };
    let all = || j.steps.iter().map(String::as_str).enumerate();
    let works = |at: usize| j.step_stages.get(at).is_some_and(|s| !s.is_empty());
    let own: Vec<(usize, &str)> = all().filter(|(at, s)| works(*at) || !prepares(s)).collect();
    if own.is_empty() { all().collect() } else { own }
}

/// The beginnings of words by which steps of a stage are known where nothing tells what they run.
fn stage_marks(stages: &[JobStage]) -> Vec<&'static str> {
    let marks = |s: &JobStage| -> &[&'static str] {
        match s {
            JobStage::Lint => &["lint", "check", "format", "style"],
            JobStage::Build => &["build", "compile", "assemble", "kustomize"],
            JobStage::Test => &["test", "verify", "smoke", "e2e"],
            JobStage::Security => &["scan", "codeql", "trivy", "audit", "snyk", "secur", "analy"],
            JobStage::Package => &["image", "docker", "package", "push", "publish", "chart"],
            JobStage::Deploy => &["deploy", "rollout", "apply", "helm", "kubectl"],
            JobStage::Release => &["release", "publish", "push", "tag"],
            JobStage::Other => &[],
        }
    };
    stages.iter().flat_map(marks).copied().collect()
}

/// Those steps of a job that are of one of the stages.
fn steps_of<'j>(j: &'j Job, stages: &[JobStage]) -> Vec<(usize, &'j str)> {
    let marks = stage_marks(stages);
    let mut own = own_steps(j);
    own.retain(|(at, step)| match j.step_stages.get(*at) {
        Some(of) => of.iter().any(|stage| stages.contains(stage)),
        None => {
            let lower = step.to_lowercase();
            let mut words = lower.split(|c: char| !c.is_alphanumeric());
            words.any(|word| marks.iter().any(|m| word.starts_with(m)))
        }
    });
    own
}

/// Steps by name: those of the stages, if any is known to be of one.
fn steps_text(j: &Job, stages: &[JobStage], most: usize) -> Vec<crate::tree::Span> {
    let fitting = steps_of(j, stages);
    let shown = if fitting.is_empty() {
        own_steps(j)
    } else {
        fitting
    };
    let short: Vec<String> = shown.into_iter().map(|(_, s)| step_name(s)).collect();
    names(short.iter().map(String::as_str), most)
}

/// Whether only some steps of a job are told: checkouts and what sets up tools are left out, and of a job that does
/// more than its stage the others.
fn steps_are_some(j: &Job, stages: &[JobStage]) -> bool {
    let told = match steps_of(j, stages).len() {
        0 => own_steps(j).len(),
        n => n,
    };
    told < j.steps.len()
}

/// A step as it is called; of a workflow that it uses the file.
fn step_name(step: &str) -> String {
    let used = step
        .strip_prefix("uses ")
        .and_then(|path| path.rsplit('/').next());
    words::short(used.unwrap_or(step), 60)
}

/// Jobs of a pipeline, each after those that it needs; a circle keeps the order of the file.
fn in_order(p: &Pipeline) -> Vec<&Job> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut out: Vec<&Job> = Vec::new();
    let mut left: Vec<&Job> = p.jobs.iter().take(200).collect();
    let known: BTreeSet<&str> = left.iter().map(|j| j.id.as_str()).collect();
    while !left.is_empty() {
        let ready = |j: &&Job| {
            j.needs
                .iter()
                .all(|n| done.contains(n.as_str()) || !known.contains(n.as_str()))
        };
        let (now, later): (Vec<&Job>, Vec<&Job>) = left.iter().copied().partition(ready);
        if now.is_empty() {
            out.extend(later);
            break;
        }
        done.extend(now.iter().map(|j| j.id.as_str()));
        out.extend(now);
        left = later;
    }
    out
}

fn pipeline_steps(c: &Context) -> Answer {
    let Some(p) = ranked(c).into_iter().find(|p| is_work(p)) else {
        return told(c, &["delivery.pipeline"]).map_or_else(|| no_pipeline(c), Answer::text);
    };
    let jobs = in_order(p);
    let mut items: Vec<Text> = Vec::new();
    let total = match jobs.as_slice() {
        // One job is told by its steps.
        [one] => {
            let own = own_steps(one);
            let all = own
                .iter()
                .take(15)
                .map(|(_, s)| Text::code(words::short(s, 90)).from(&one.provenance));
            items.extend(all);
            own.len()
        }
        many => {
            for j in many.iter().take(15) {
                let mut text = Text::code(&j.name);
                if !j.steps.is_empty() {
                    let lead = match steps_are_some(j, &[]) {
                        true => ", among its steps ",
                        false => ": ",
                    };
                    text = text.then(lead).spans(steps_text(j, &[], 5));
                }
                if let Some(environment) = &j.environment {
                    text = text.then(", into ").then_code(environment);
                }
                text = text.append(due(j));
                items.push(end(text.from(&j.provenance)));
            }
            many.len()
        }
    };
    if total > 15 {
        items.push(more(total - 15));
    }
    let mut text = Text::code(&p.name);
    text = match p.triggers.is_empty() {
        true => text.then(format!(" on {}:", p.product)),
        false => text.then(format!(" runs {}{}:", triggers(p), limited(p))),
    };
    let others: Vec<&Pipeline> = ranked(c)
        .into_iter()
        .filter(|o| o.id != p.id && is_work(o))
        .collect();
    // Without an order in the file there is none to number.
    let ordered = jobs.len() < 2 || jobs.iter().any(|j| !j.needs.is_empty());
    let mut blocks = vec![if ordered {
        steps(items)
    } else {
        bullets(items)
    }];
    if !others.is_empty() {
        let n = words::capital(&words::spelled_count(others.len(), "more pipeline"));
        let verb = words::verb_for(
            others.len(),
            " does work of this kind: ",
            " do work of this kind: ",
        );
        let mut text = Text::plain(format!("{n}{verb}"));
        for (i, other) in others.iter().take(6).enumerate() {
            let stages = words::list(&stages_of(other), "and");
            text = text
                .then(if i == 0 { "" } else { "; " })
                .then_code(&other.name)
                .then(format!(" ({stages})"));
        }
        if others.len() > 6 {
            text = text.then(format!("; and {} more", others.len() - 6));
        }
        let sources = others.iter().map(|o| &o.provenance);
        blocks.push(Block::Paragraph(
            text.then(".").from(&first_places(sources, 3)),
        ));
    }
    Answer::both(text.from(&p.provenance), blocks)
}

/// When a job runs, if not on all that starts its pipeline: `, only on release`, `, only for tags v*`.
pub(super) fn due(j: &Job) -> Text {
    let by_hand = |event: &String| match event.as_str() {
        "workflow_dispatch" => "a start by hand".to_owned(),
        event => event.replace('_', " "),
    };
    let mut text = Text::default();
    match j.events.as_slice() {
        [] => {}
        [one] if one.starts_with(ALL_BUT) => {
            text = text.then(format!(", on {}", by_hand(one)));
        }
        some => {
            let events: Vec<String> = some.iter().map(by_hand).collect();
            text = text.then(format!(", only on {}", words::list(&events, "or")));
        }
    }
    let limits: BTreeSet<&str> = j.limits.iter().map(|(_, text)| text.as_str()).collect();
    if let ([one], true) = (
        limits.into_iter().collect::<Vec<_>>().as_slice(),
        j.stages
            .iter()
            .all(|s| j.limits.iter().any(|(l, _)| l == s)),
    ) {
        text = text.then(format!(", only {one}"));
    }
    match j.condition.as_deref() {
        None => text,
        Some("by hand") => text.then(", started by hand"),
        Some(condition) => match condition.strip_prefix("only: ") {
            Some(refs) => text.then(", only for ").then_code(refs),
            None => text.then(", if ").then_code(condition),
        },
    }
}

/// Whether a change that somebody asks to merge lets a job run, as far as its conditions say: not what runs for
/// tags or on one branch, and nothing that waits for such a job.
pub(super) fn runs_on_change(p: &Pipeline, j: &Job, is_change: &dyn Fn(&str) -> bool) -> bool {
    let mut open: Vec<&Job> = vec![j];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(j) = open.pop() {
        if !seen.insert(&j.id) {
            continue;
        }
        let lets = match j.events.as_slice() {
            [] => true,
            some => some.iter().any(|e| match left_out(e) {
                Some(mut others) => !others.any(is_change),
                None => is_change(e),
            }),
        };
        let later = !j.stages.is_empty()
            && j.stages
                .iter()
                .all(|s| j.limits.iter().any(|(l, _)| l == s));
        let condition = j.condition.as_deref().unwrap_or_default();
        let of_tags = ["$CI_COMMIT_TAG", "only: tags", "only: main", "only: master"];
        let of_tag = of_tags.contains(&condition) || condition == "by hand";
        if !lets || later || of_tag {
            return false;
        }
        open.extend(p.jobs.iter().filter(|o| j.needs.contains(&o.id)));
    }
    true
}

pub(super) fn job_text(p: &Pipeline, j: &Job, stages: &[JobStage]) -> Text {
    let text = match j.name == p.name {
        true => Text::code(&j.name),
        false => Text::code(&j.name).then(" in ").then_code(&p.name),
    };
    let text = match j.steps.is_empty() {
        true => text,
        false => text
            .then(match steps_are_some(j, stages) {
                true => ", among its steps ",
                false => ": ",
            })
            .spans(steps_text(j, stages, 4)),
    };
    let text = match &j.environment {
        Some(e) => text.then(", into ").then_code(e),
        None => text,
    };
    end(text.append(due(j)).from(&j.provenance))
}

/// Jobs that deploy. What publishes a package or an image deploys nothing, and is named as such.
fn stage_deploy(c: &Context) -> Answer {
    let with = |stage: JobStage| jobs(c).filter(move |(_, j)| j.stages.contains(&stage));
    if with(JobStage::Deploy).count() > 0 || with(JobStage::Release).count() == 0 {
        return stage(c, &[JobStage::Deploy], "deploy");
    }
    let all = with(JobStage::Release).map(|(p, j)| {
        Text::plain("Released, not deployed: ").append(job_text(p, j, &[JobStage::Release]))
    });
    found(all.collect()).unwrap_or_else(|| stage(c, &[JobStage::Deploy], "deploy"))
}

/// Jobs that build. Where none is known to, what makes images and packages builds as well.
fn stage_build(c: &Context) -> Answer {
    let with = |stage: JobStage| jobs(c).filter(move |(_, j)| j.stages.contains(&stage));
    if with(JobStage::Build).count() > 0 || with(JobStage::Package).count() == 0 {
        return stage(c, &[JobStage::Build], "build");
    }
    let all = with(JobStage::Package).map(|(p, j)| {
        Text::plain("Nothing is built apart from what is packaged: ").append(job_text(
            p,
            j,
            &[JobStage::Package],
        ))
    });
    found(all.collect()).unwrap_or_else(|| stage(c, &[JobStage::Build], "build"))
}

fn stage(c: &Context, stages: &[JobStage], noun: &str) -> Answer {
    let all = jobs(c).filter(|(_, j)| j.stages.iter().any(|s| stages.contains(s)));
    found(all.map(|(p, j)| job_text(p, j, stages)).collect()).unwrap_or_else(|| {
        c.absent(
            &format!("job whose commands are known to {noun}"),
            &[WORKFLOWS],
            "pipeline",
        )
    })
}

fn stage_security(c: &Context) -> Answer {
    let all = jobs(c).filter(|(_, j)| j.stages.contains(&JobStage::Security));
    let mut items: Vec<Text> = all
        .map(|(p, j)| job_text(p, j, &[JobStage::Security]))
        .collect();
    // Scans inside jobs stand there already.
    let in_job = |o: &&&Observation| {
        !items.is_empty() && o.detail.as_deref().is_some_and(|d| d.starts_with("job "))
    };
    let seen: Vec<&Observation> = c
        .seen(Topic::SecurityScan)
        .iter()
        .filter(|o| !in_job(o))
        .copied()
        .collect();
    items.extend(groups(c, &seen).iter().map(|g| end(item(g))));
    found(items).unwrap_or_else(|| {
        c.absent(
            "security scan",
            &[WORKFLOWS, "configuration of scanners"],
            "pipeline",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Span;

    fn pipeline(triggers: &[&str], needs: &[(&str, &[&str])]) -> Pipeline {
        let strings = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let at = || groundplan_model::Provenance::observed([]);
        let job = |(id, needs): &(&str, &[&str])| Job {
            id: (*id).to_owned(),
            name: (*id).to_owned(),
            stages: Vec::new(),
            needs: strings(needs),
            steps: Vec::new(),
            environment: None,
            events: Vec::new(),
            limits: Vec::new(),
            condition: None,
            step_stages: Vec::new(),
            provenance: at(),
        };
        Pipeline {
            id: "p".to_owned(),
            name: "p".to_owned(),
            product: "GitHub Actions".to_owned(),
            triggers: strings(triggers),
            jobs: needs.iter().map(job).collect(),
            provenance: at(),
        }
    }

    #[test]
    fn jobs_follow_what_they_need() {
        let ids = |p: &Pipeline| in_order(p).iter().map(|j| j.id.clone()).collect::<Vec<_>>();
        let line = pipeline(
            &[],
            &[
                ("deploy", &["test"]),
                ("test", &["build"]),
                ("build", &["elsewhere"]),
            ],
        );
        assert_eq!(ids(&line), ["build", "test", "deploy"]);
        let circle = pipeline(&[], &[("a", &["b"]), ("b", &["a"]), ("c", &[])]);
        assert_eq!(ids(&circle), ["c", "a", "b"]);
    }

    #[test]
    fn steps_are_of_the_stage_that_they_run() {
        let mut p = pipeline(&[], &[("publish", &[])]);
        let mut job = p.jobs.remove(0);
        job.steps = ["Cache test packages", "Build the jar", "Push latest"]
            .map(str::to_owned)
            .to_vec();
        job.step_stages = vec![vec![], vec![JobStage::Build], vec![JobStage::Package]];
        let shown = |job: &Job, stage| format!("{:?}", steps_text(job, &[stage], 4));
        assert!(!shown(&job, JobStage::Build).contains("Push"));
        assert!(!shown(&job, JobStage::Package).contains("Cache"));
        // Without that it is told by words, and `latest` is no test.
        job.step_stages = Vec::new();
        job.steps.push("Smoke test".to_owned());
        let test = shown(&job, JobStage::Test);
        assert!(test.contains("Smoke") && !test.contains("latest"), "{test}");
    }

    #[test]
    fn conditions_say_when_a_job_runs() {
        let mut p = pipeline(&["push", "pull request"], &[("a", &[]), ("b", &["a"])]);
        let is_change = |event: &str| event == "pull_request";
        let said = |p: &Pipeline| -> String {
            let spans = due(&p.jobs[0]).spans.into_iter();
            let text = spans.map(|span| match span {
                Span::Plain(text) => text,
                Span::Code(text) => format!("`{text}`"),
                _ => String::new(),
            });
            text.collect()
        };
        let runs = |p: &Pipeline| {
            p.jobs
                .iter()
                .map(|j| runs_on_change(p, j, &is_change))
                .collect::<Vec<_>>()
        };
        assert_eq!((said(&p).as_str(), runs(&p)), ("", vec![true, true]));
        p.jobs[0].events = vec!["release".to_owned(), "workflow_dispatch".to_owned()];
        assert_eq!(said(&p), ", only on release or a start by hand");
        // What waits for a job that does not run, does not run either.
        assert_eq!(runs(&p), [false, false]);
        p.jobs[0].events = vec!["all events but pull_request".to_owned()];
        assert_eq!(said(&p), ", on all events but pull request");
        assert_eq!(runs(&p), [false, false]);
        p.jobs[0].events = vec!["all events but tag and pull_request".to_owned()];
        assert_eq!(runs(&p), [false, false]);
        p.jobs[0].events = vec!["pull_request".to_owned()];
        assert_eq!(runs(&p), [true, true]);
        p.jobs[0].events.clear();
        p.jobs[0].stages = vec![JobStage::Other];
        p.jobs[0].limits = vec![(JobStage::Other, "for tags v*".to_owned())];
        assert_eq!(said(&p), ", only for tags v*");
        assert_eq!(runs(&p), [false, false]);
        p.jobs[0].limits.clear();
        p.jobs[0].condition = Some("github.repository == 'shop/shop'".to_owned());
        assert_eq!(said(&p), ", if `github.repository == 'shop/shop'`");
        assert_eq!(runs(&p), [true, true]);
    }

    #[test]
    fn triggers_follow_the_verb() {
        assert_eq!(
            triggers(&pipeline(&["push to main", "manual"], &[])),
            "on push to main and by hand"
        );
        assert_eq!(
            triggers(&pipeline(&["schedule 0 0 * * *"], &[])),
            "on the schedule 0 0 * * * (UTC)"
        );
        assert_eq!(
            triggers(&pipeline(&["after workflow CI"], &[])),
            "after workflow CI"
        );
    }
}
