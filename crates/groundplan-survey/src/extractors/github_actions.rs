//! Workflows of GitHub Actions.

mod calls;
mod marks;
pub(in crate::extractors) mod stages;
pub(crate) mod triggers;
pub(crate) mod truth;

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{Field, Fields, one_line, redact_command};
use crate::facts::{Claim, FileFacts};
use crate::source::SourceFile;
use groundplan_model::{CALLED, Job, JobStage, Pipeline, Provenance};
use groundplan_syntax::Node;
use std::collections::{BTreeMap, BTreeSet};
use truth::{Given, Truth};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "github-actions",
    docs: "\
### What it finds
Workflows of GitHub Actions: what starts them, jobs with their order, steps, environment and the
stages that their steps show (lint, build, test, security, package, deploy, release, which is also
what puts an image into a registry); security
scans, linters, coverage, load tests and image registries; secrets by name. Composite actions of the repository
and workflows that others call, with their inputs: what they do belongs to the job that calls them.

### What it does not find
What actions and workflows of other repositories do; expressions on anything else than events, branches, tags and
inputs; jobs and steps that are switched off (`if: false`).
",
    reads: &[Reads::Paths(&[
        ".github/workflows/*.yml",
        ".github/workflows/*.yaml",
        "**/.github/workflows/*.yml",
        "**/.github/workflows/*.yaml",
        "action.yml",
        "action.yaml",
    ])],
    markers: &["jobs:", "composite"],
    run: extract,
};

/// Jobs and steps beyond these are cut.
const MAX_JOBS: usize = 200;
const MAX_STEPS: usize = 200;

/// A step of a job, or a job that calls a workflow.
struct Step<'n> {
    title: String,
    name: Option<&'n str>,
    uses: Option<&'n str>,
    run: Option<&'n str>,
    node: &'n Node,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if matches!(file.name(), "action.yml" | "action.yaml") {
        return calls::action(acc, file);
    }
    for root in file.documents() {
        let fields = Fields::of(root);
        let Some(jobs) = fields.get("jobs").filter(|f| f.node.is_mapping()) else {
            continue;
        };
        let stem = file.name().rsplit_once('.').map_or("", |(stem, _)| stem);
        let name = fields.get("name").and_then(|f| f.str()).unwrap_or(stem);
        let variables = variables(&fields);
        let (triggers, schedules) = fields.get("on").map(triggers::read).unwrap_or_default();
        let mut found = Pipeline {
            id: format!("github-actions/{stem}"),
            name: name.to_owned(),
            product: "GitHub Actions".to_owned(),
            triggers,
            jobs: Vec::new(),
            provenance: Provenance::observed([file.node(root)]),
        };
        let tried = truth::only_tries(&found.triggers);
        let mut all_steps = Vec::new();
        let mut called = Vec::new();
        let jobs = Fields::of(jobs.node);
        for field in jobs.iter().filter(|f| !is_off(f.node)).take(MAX_JOBS) {
            let steps = steps(field.node);
            let mut job = job(file, &field, &steps);
            called.extend(calls::of_job(
                acc, file, &found.id, &job, field.node, &steps,
            ));
            let pushed = pushed(&steps, &found.triggers, &job.events);
            let pushes = pushed != Truth::Never;
            if !tried && !found.triggers.is_empty() && pushes {
                add_publication(&mut job, &pushed);
            }
            // Pages about the system are not the system, whatever publishes them.
            // The name of a file speaks of a job only where the file has no other.
            let alone = jobs.iter().count() == 1 && is_neutral(&job.id);
            let of_pages = stages::is_of_pages(&job.id) || alone && stages::is_of_pages(stem);
            if of_pages && !pushes {
                let mut shown = job.step_stages.iter().flatten();
                let shown = shown.any(|stage| *stage == JobStage::Release);
                keep_stages(&mut job, |stage| {
                    stage != JobStage::Deploy && (stage != JobStage::Release || shown)
                });
            }
            // What runs on pull requests alone releases nothing.
            if tried && job.stages.len() > 1 {
                job.stages.retain(|stage| *stage != JobStage::Release);
            } else if tried && job.stages == [JobStage::Release] {
                job.stages = vec![JobStage::Other];
            }
            found.jobs.push(job);
            all_steps.push((field.key.text.as_str(), steps));
        }
        if found.triggers.iter().any(|t| t == CALLED) {
            calls::workflow(acc, file, root, called);
        }
        acc.add(
            file,
            root.first,
            root.last,
            Claim::Pipeline(Box::new(found)),
        );
        triggers::marks(acc, file, name, &schedules);
        if let Some(on) = fields.get("on") {
            triggers::choices(acc, file, on);
        }
        for (job, steps) in &all_steps {
            let mut seen = BTreeSet::new();
            let of = format!("job `{job}`");
            for step in steps {
                marks::read(acc, file, &of, step, &variables, &mut seen);
            }
        }
        marks::secrets(acc, file, root);
    }
}

/// When steps put an image into a registry, by what starts their pipeline and the events that their job is limited
/// to.
fn pushed(steps: &[Step<'_>], triggers: &[String], events: &[String]) -> Truth {
    let own = triggers_of(triggers, events);
    let given = Given {
        triggers: &own,
        inputs: None,
    };
    let mut texts: BTreeSet<String> = BTreeSet::new();
    for step in steps {
        let Some(push) = stages::push_of(step) else {
            continue;
        };
        let holds = step
            .node
            .str_of("if")
            .map(|text| truth::truth(text, &given));
        let holds = holds.unwrap_or(Truth::Always);
        match holds.and(truth::truth(&push, &given)) {
            Truth::Always => return Truth::Always,
            Truth::Never => {}
            Truth::When(text) => {
                texts.insert(text);
            }
        }
    }
    match texts.is_empty() {
        true => Truth::Never,
        false => Truth::When(texts.into_iter().collect::<Vec<_>>().join(" or ")),
    }
}

/// The triggers that a job runs on, by the events that its condition limits it to; all of them where none is known.
pub(crate) fn triggers_of(triggers: &[String], events: &[String]) -> Vec<String> {
    let runs = |trigger: &String| {
        let Some(of) = truth::event_of(trigger) else {
            return true;
        };
        let plain = of.replace('_', " ");
        let is = |event: &String| event.replace('_', " ") == plain;
        match events {
            [] => true,
            [one] if one.starts_with(ALL_BUT) => {
                one.trim_start_matches(ALL_BUT).replace('_', " ") != plain
            }
            some => some.iter().any(is),
        }
    };
    triggers.iter().filter(|t| runs(t)).cloned().collect()
}

/// Adds the release of a job that puts what it packs into a registry, whatever has started it.
fn add_publication(job: &mut Job, pushed: &Truth) {
    if !job.stages.contains(&JobStage::Release) {
        let package = (job.limits.iter()).filter(|(stage, _)| *stage == JobStage::Package);
        let mut limits: Vec<String> = package.map(|(_, text)| text.clone()).collect();
        if let Truth::When(text) = pushed {
            limits = vec![match limits.first() {
                Some(first) if !text.contains(first.as_str()) => {
                    match first.contains(text.as_str()) {
                        true => first.clone(),
                        false => format!("{first} and {text}"),
                    }
                }
                _ => text.clone(),
            }];
        }
        release(job, limits);
    }
}

fn release(job: &mut Job, limits: Vec<String>) {
    job.stages.retain(|known| *known != JobStage::Other);
    job.stages.push(JobStage::Release);
    job.stages.sort_unstable();
    let limits = limits.into_iter().map(|text| (JobStage::Release, text));
    job.limits.extend(limits);
    job.limits.sort_unstable();
}

/// Whether the key of a job says nothing of what it is about.
fn is_neutral(id: &str) -> bool {
    const WORDS: [&str; 8] = [
        "and", "build", "deploy", "job", "main", "pages", "publish", "run",
    ];
    id.split(['-', '_']).all(|word| WORDS.contains(&word))
}

/// Leaves out stages of a job and of its steps.
fn keep_stages(job: &mut Job, keep: impl Fn(JobStage) -> bool) {
    job.stages.retain(|stage| keep(*stage));
    for step in &mut job.step_stages {
        step.retain(|stage| keep(*stage));
    }
    job.limits.retain(|(stage, _)| keep(*stage));
    if job.stages.is_empty() {
        job.stages.push(JobStage::Other);
    }
}

/// Plain values of the environment of the workflow, for `${{ env.NAME }}`.
fn variables(fields: &Fields<'_>) -> BTreeMap<String, String> {
    let Some(env) = fields.get("env") else {
        return BTreeMap::new();
    };
    let values = Fields::of(env.node);
    values
        .iter()
        .filter_map(|f| Some((f.key.text.clone(), f.str()?.to_owned())))
        .filter(|(name, _)| !crate::secrets::is_secret_name(name))
        .collect()
}

fn steps(job: &Node) -> Vec<Step<'_>> {
    if let Some(uses) = job.str_of("uses") {
        return vec![Step {
            title: format!("uses {uses}"),
            name: None,
            uses: Some(uses),
            run: None,
            node: job,
        }];
    }
    let items = job.get("steps").map_or(&[][..], Node::items);
    items
        .iter()
        .filter(|item| !is_off(item))
        .take(MAX_STEPS)
        .filter_map(|item| {
            let (name, uses, run) = (item.str_of("name"), item.str_of("uses"), item.str_of("run"));
            let first = run.and_then(|text| {
                let mut lines = text.lines().map(str::trim);
                lines.find(|l| !l.is_empty() && !l.starts_with('#') && !l.starts_with("set -"))
            });
            let title = name
                .map(one_line)
                .or_else(|| uses.map(str::to_owned))
                .or_else(|| first.map(redact_command))?;
            Some(Step {
                title,
                name,
                uses,
                run,
                node: item,
            })
        })
        .collect()
}

/// Whether a job or step is switched off: its condition is `false`.
fn is_off(node: &Node) -> bool {
    let Some(condition) = node.get("if") else {
        return false;
    };
    condition.truth() == Some(false) || condition.str().and_then(truth::inside) == Some("false")
}

/// The events to which `if: github.event_name == '…'` limits a job; none where another part of the
/// condition lets it run without.
fn events(job: &Node) -> Vec<String> {
    let condition = job.str_of("if").unwrap_or_default();
    // What a bracket turns round holds of none of its parts.
    if condition.replace(' ', "").contains("!(") {
        return Vec::new();
    }
    let mut all = Vec::new();
    for part in condition.split("||") {
        let value = part
            .split_once("github.event_name")
            .and_then(|(_, rest)| rest.trim_start().strip_prefix("=="))
            .and_then(|rest| rest.trim_start().strip_prefix(['\'', '"']))
            .and_then(|rest| rest.split(['\'', '"']).next());
        // `github.event_name != 'pull_request'`, and nothing else that lets it run.
        let but = part
            .split_once("github.event_name")
            .and_then(|(_, rest)| rest.trim_start().strip_prefix("!="))
            .and_then(|rest| rest.trim_start().strip_prefix(['\'', '"']))
            .and_then(|rest| rest.split(['\'', '"']).next());
        if let Some(but) = but.filter(|_| !condition.contains("||")) {
            return vec![format!("{ALL_BUT}{but}")];
        }
        match value {
            Some(value) => all.push(value.to_owned()),
            None => return Vec::new(),
        }
    }
    all
}

/// What stands before the one event on which a job does not run.
const ALL_BUT: &str = "all events but ";

/// The condition of a job as it is written, where neither events nor branches and tags are all that it is about.
fn condition(job: &Node) -> Option<String> {
    let text = job.str_of("if")?.trim();
    let text = one_line(truth::inside(text).unwrap_or(text));
    // How jobs before it ended, says nothing of when it is due.
    let plain: String = text.split_whitespace().collect();
    let ended = [
        "always()",
        "success()",
        "!cancelled()",
        "!failure()",
        "failure()",
    ];
    if ended.contains(&plain.as_str()) || text.len() > MAX_CONDITION {
        return None;
    }
    let said = |part: &str| {
        part.contains("github.event_name")
            || part.contains("github.ref") && limit(part).is_some()
            || ended.contains(&part.trim())
    };
    let parts = text.split("||").flat_map(|part| part.split("&&"));
    let whole = parts
        .map(|part| part.trim_matches(['(', ')', ' ']))
        .all(said);
    let known = !events(job).is_empty() || limit(&text).is_some();
    if whole && known {
        return None;
    }
    // Of parts that hold together those that say more.
    if known && !text.contains("||") && !text.contains('(') {
        let parts = text.split("&&").map(str::trim);
        let rest: Vec<&str> = parts.filter(|&part| !said(part)).collect();
        return Some(rest.join(" && "));
    }
    Some(text)
}

/// Conditions longer than this are not shown.
const MAX_CONDITION: usize = 110;

/// The stages that a condition limits: of the job, or of every step that shows them.
fn limits(
    job: &Node,
    steps: &[Step<'_>],
    shown: &[Vec<JobStage>],
    stages: &[JobStage],
) -> Vec<(JobStage, String)> {
    let whole = job.str_of("if").and_then(limit);
    let mut all = Vec::new();
    for stage in stages.iter().filter(|stage| **stage != JobStage::Other) {
        let of_stage = steps.iter().zip(shown).filter(|(_, s)| s.contains(stage));
        let own: Option<BTreeSet<String>> = of_stage
            .map(|(step, _)| step.node.str_of("if").and_then(limit))
            .collect();
        let own = own.unwrap_or_default().into_iter().collect::<Vec<_>>();
        let text = match (&whole, own.as_slice()) {
            (Some(whole), _) => whole.clone(),
            (None, []) => continue,
            (None, own) => own.join(" or "),
        };
        all.push((*stage, text));
    }
    all
}

/// A condition in words, as far as it is about what was pushed: `for tags v*`, `on the branch main`.
fn limit(condition: &str) -> Option<String> {
    let quoted = |rest: &str| {
        let rest = rest.split_once(['\'', '"'])?.1;
        Some(rest.split(['\'', '"']).next().unwrap_or(rest).to_owned())
    };
    let one = |part: &str| -> Option<String> {
        if part.contains('!') {
            return None;
        }
        let (_, rest) = part.split_once("github.ref")?;
        let value = quoted(rest)?;
        let begins = part.contains("startsWith");
        if let Some(tag) = value.strip_prefix("refs/tags/") {
            return Some(match (tag, begins) {
                ("", _) => "for tags".to_owned(),
                (tag, true) => format!("for tags {tag}*"),
                (tag, false) => format!("for the tag {tag}"),
            });
        }
        if rest.starts_with("_type") {
            return (value == "tag").then(|| "for tags".to_owned());
        }
        // `github.ref_name` is the name of a branch or of a tag.
        let branch = value.strip_prefix("refs/heads/")?;
        Some(match begins {
            true => format!("on branches {branch}*"),
            false => format!("on the branch {branch}"),
        })
    };
    // What a bracket turns round holds of none of its parts.
    if condition.replace(' ', "").contains("!(") {
        return None;
    }
    // All alternatives have to be known; of parts that hold together one is enough.
    let all: Option<Vec<String>> = condition
        .split("||")
        .map(|alternative| alternative.split("&&").find_map(one))
        .collect();
    all.map(|all| all.join(" or "))
}

fn job(file: &SourceFile<'_>, field: &Field<'_>, steps: &[Step<'_>]) -> Job {
    let node = field.node;
    let id = field.key.text.clone();
    // A name that is an expression says less than the key.
    let title = node.str_of("name").filter(|name| !name.contains("${{"));
    let mut name = title.unwrap_or(&id).to_owned();
    let matrix = node.at(&["strategy", "matrix"]);
    if let Some(matrix) = matrix {
        let keys: Vec<String> = Fields::of(matrix)
            .iter()
            .filter(|f| !matches!(f.key.text.as_str(), "include" | "exclude"))
            .map(|f| f.key.text.clone())
            .collect();
        let over = if keys.is_empty() {
            "a list".to_owned()
        } else {
            keys.join(", ")
        };
        name = format!("{name} (matrix over {over})");
    }
    let mut step_stages: Vec<Vec<JobStage>> = steps.iter().map(stages::of_step).collect();
    let mut stages: Vec<JobStage> = step_stages.iter().flatten().copied().collect();
    if stages.is_empty() && steps.iter().any(stages::is_opaque) {
        stages = stages::of_title(&format!("{id} {}", title.unwrap_or_default()));
    }
    // The tests whose results it shows ran in another job.
    if stages::only_reports(steps) {
        stages.retain(|stage| *stage != JobStage::Test);
        for own in &mut step_stages {
            own.retain(|stage| *stage != JobStage::Test);
        }
    }
    let environment = node.get("environment");
    let environment = environment.and_then(|e| e.str().or_else(|| e.str_of("name")));
    stages.sort_unstable();
    stages.dedup();
    if stages.is_empty() {
        stages.push(JobStage::Other);
    }
    let limits = limits(node, steps, &step_stages, &stages);
    let needs = node.get("needs").map(Node::strings).unwrap_or_default();
    Job {
        id,
        name: one_line(&name),
        stages,
        needs: needs.into_iter().map(|(need, _)| need.to_owned()).collect(),
        steps: steps.iter().map(|step| step.title.clone()).collect(),
        step_stages,
        environment: environment.map(str::to_owned),
        events: events(node),
        limits,
        condition: condition(node),
        provenance: Provenance::observed([field.evidence(file)]),
    }
}
