//! How a commit becomes a running version: pipelines, stages, releases, rollback and switches.

use super::deployment::{fixed, imaged, names_of, told};
use super::found::{absent, found, more, product_text, products};
use super::goals::distinct;
use super::records;
use super::seen::{end, groups, item};
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::text::{first_places, inline, names, steps};
use crate::tree::{Block, DiagramForm, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{Job, JobStage, Observation, Pipeline, Release, Topic, ViewKind};
use std::collections::BTreeSet;

records! {
    "deployment-windows": |c, _| deployment_windows(c), "When deployments are made.";
    "feature-flags": |c, _| feature_flags(c), "What is switched at run time or at start.";
    "hotfix": |c, _| hotfix(c), "How an urgent fix goes out.";
    "pipeline-diagram": |c, _| pipeline_diagram(c), "The pipeline with most jobs as a diagram.";
    "pipeline-stages": |c, _| pipeline_stages(c), "Which stages the pipelines have, and which not.";
    "pipeline-steps": |c, _| pipeline_steps(c), "The steps of the pipeline that deploys, in order.";
    "pipelines": |c, _| pipelines(c), "All pipelines with their triggers and jobs.";
    "release-frequency": |c, _| release_frequency(c), "How often releases are made.";
    "release-process": |c, _| release_process(c), "What makes a release, and the last ones.";
    "rollback": |c, _| rollback(c), "How a bad version is taken back.";
    "stage-build": |c, _| stage(c, &[JobStage::Build], "build"), "Jobs that build.";
    "stage-deploy": |c, _| stage(c, &[JobStage::Deploy, JobStage::Release], "deploy"), "Jobs that deploy or release.";
    "stage-package": |c, _| stage(c, &[JobStage::Package], "package"), "Jobs that make images and packages.";
    "stage-security": |c, _| stage_security(c), "Jobs that look for weaknesses.";
    "stage-test": |c, _| stage(c, &[JobStage::Test, JobStage::Lint], "test"), "Jobs that test and lint.";
}

const WORKFLOWS: [&str; 1] = ["GitHub Actions workflows"];

fn no_pipeline(c: &Context) -> Answer {
    c.absent("pipeline", &WORKFLOWS, "pipeline")
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

/// Whether a pipeline makes the system, in contrast to those that look after issues.
fn is_work(p: &Pipeline) -> bool {
    p.jobs
        .iter()
        .flat_map(|j| &j.stages)
        .any(|s| *s != JobStage::Other)
}

/// Pipelines, those that deploy or release first, then by number of jobs.
fn ranked<'a>(c: &Context<'a>) -> Vec<&'a Pipeline> {
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
            let triggers: Vec<&str> = p.triggers.iter().take(4).map(String::as_str).collect();
            text = text.then(format!(" runs on {}", words::list(&triggers, "and")));
        }
        let stages = stages_of(p);
        if !stages.is_empty() {
            text = text.then(format!(": {}", words::list(&stages, "and")));
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
                false => text.then(format!(" No job does {}.", words::list(&missing, "or"))),
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

/// Steps that do something of this system, in contrast to checkouts and tool set-ups.
fn own_steps(j: &Job) -> Vec<&str> {
    let prepares = |s: &str| {
        let lower = s.to_lowercase();
        let action = lower
            .rsplit_once('/')
            .map_or(lower.as_str(), |(_, name)| name);
        [
            "checkout",
            "setup-",
            "cache@",
            "upload-artifact",
            "download-artifact",
            "set up ",
            "setup ",
            "install ",
        ]
        .iter()
        .any(|p| action.starts_with(p) || lower.starts_with(p))
    };
    let own: Vec<&str> = j
        .steps
        .iter()
        .map(String::as_str)
        .filter(|s| !prepares(s))
        .collect();
    if own.is_empty() {
        j.steps.iter().map(String::as_str).collect()
    } else {
        own
    }
}

fn steps_text(j: &Job, most: usize) -> Vec<crate::tree::Span> {
    let short: Vec<String> = own_steps(j)
        .into_iter()
        .map(|s| words::short(s, 60))
        .collect();
    names(short.iter().map(String::as_str), most)
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
                .take(12)
                .map(|s| Text::plain(words::capital(&words::short(s, 90))).from(&one.provenance));
            items.extend(all);
            own.len()
        }
        many => {
            for j in many.iter().take(12) {
                let mut text = Text::code(&j.name);
                if !j.steps.is_empty() {
                    text = text.then(": ").spans(steps_text(j, 5));
                }
                if let Some(environment) = &j.environment {
                    text = text.then(", into ").then_code(environment);
                }
                items.push(end(text.from(&j.provenance)));
            }
            many.len()
        }
    };
    if total > 12 {
        items.push(more(total - 12));
    }
    let triggers: Vec<&str> = p.triggers.iter().take(4).map(String::as_str).collect();
    let mut text = Text::code(&p.name);
    text = match triggers.is_empty() {
        true => text.then(format!(" on {}:", p.product)),
        false => text.then(format!(" runs on {}:", words::list(&triggers, "and"))),
    };
    let others = ranked(c)
        .into_iter()
        .filter(|o| o.id != p.id && is_work(o))
        .count();
    let mut blocks = vec![steps(items)];
    if others > 0 {
        let verb = words::verb_for(others, "builds, tests or checks", "build, test or check");
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} {verb} beside it.",
            words::capital(&words::spelled_count(others, "more pipeline"))
        ))));
    }
    Answer::both(text.from(&p.provenance), blocks)
}

fn job_text(p: &Pipeline, j: &Job) -> Text {
    let text = Text::code(&j.name).then(" in ").then_code(&p.name);
    let text = match j.steps.is_empty() {
        true => text,
        false => text.then(": ").spans(steps_text(j, 4)),
    };
    let text = match &j.environment {
        Some(e) => text.then(", into ").then_code(e),
        None => text,
    };
    end(text.from(&j.provenance))
}

fn stage(c: &Context, stages: &[JobStage], noun: &str) -> Answer {
    let all = jobs(c).filter(|(_, j)| j.stages.iter().any(|s| stages.contains(s)));
    found(all.map(|(p, j)| job_text(p, j)).collect())
        .unwrap_or_else(|| c.absent(&format!("{noun} job"), &WORKFLOWS, "pipeline"))
}

fn stage_security(c: &Context) -> Answer {
    let all = jobs(c).filter(|(_, j)| j.stages.contains(&JobStage::Security));
    let mut items: Vec<Text> = all.map(|(p, j)| job_text(p, j)).collect();
    let seen: Vec<&Observation> = c.seen(Topic::SecurityScan).to_vec();
    items.extend(groups(c, &seen).iter().map(|g| end(item(g))));
    found(items).unwrap_or_else(|| {
        c.absent(
            "security scan",
            &["GitHub Actions workflows", "configuration of scanners"],
            "pipeline",
        )
    })
}

/// Days since a fixed day of an ISO date, for differences only.
fn day(date: &str) -> Option<i64> {
    let mut parts = date.get(..10)?.split('-');
    let mut next = || parts.next()?.parse::<i64>().ok();
    let (y, m, d) = (next()?, next()?, next()?);
    if !(1..=12).contains(&m) || !(1..=31).contains(&d) || !(1..=9999).contains(&y) {
        return None;
    }
    let shifted = if m <= 2 { y - 1 } else { y };
    let from_march = (m + 9) % 12;
    Some(
        shifted * 365 + shifted / 4 - shifted / 100
            + shifted / 400
            + (from_march * 153 + 2) / 5
            + d,
    )
}

/// The middle of the days between one release and the next.
fn middle_gap(releases: &[Release]) -> Option<i64> {
    let mut days: Vec<i64> = releases.iter().filter_map(|r| day(&r.date)).collect();
    days.sort_unstable();
    let mut gaps: Vec<i64> = days
        .windows(2)
        .filter_map(|w| Some(w.last()? - w.first()?))
        .collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

fn releases_text(c: &Context) -> Option<Text> {
    let all = &c.blueprint.history.releases;
    let (newest, oldest) = (all.first()?, all.last()?);
    let n = words::count(all.len(), "release");
    let text = match all.len() {
        1 => Text::plain("One release: ")
            .then_code(&newest.name)
            .then(format!(" of {}", newest.date)),
        _ => Text::plain(format!("{n} from {} to {}", oldest.date, newest.date)),
    };
    let text = match middle_gap(all) {
        Some(0) => text.then(", half of them on the day of the one before"),
        Some(gap) => text.then(format!(
            ", half of them within {} of the one before",
            words::count(usize::try_from(gap).unwrap_or(0), "day")
        )),
        None => text,
    };
    let text = match all.len() {
        1 => text,
        _ => text.then("; the newest is ").then_code(&newest.name),
    };
    Some(counted(
        end(text),
        "median of the days between tags that look like releases",
        ["git tags".to_owned()],
    ))
}

fn release_frequency(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(
        c,
        &[
            "delivery.releases",
            "operations.release_frequency",
            "operations.release",
        ],
    )
    .into_iter()
    .collect();
    items.extend(releases_text(c));
    super::goals::one_line(items).unwrap_or(Answer::Gap("releases"))
}

/// Pipelines that release or deploy, with the words of their triggers.
fn shipping<'a>(c: &Context<'a>) -> Vec<&'a Pipeline> {
    let ships = |j: &Job| {
        j.stages
            .iter()
            .any(|s| matches!(s, JobStage::Deploy | JobStage::Release))
    };
    ranked(c)
        .into_iter()
        .filter(|p| p.jobs.iter().any(ships))
        .collect()
}

fn shipping_text(p: &Pipeline) -> Text {
    let triggers: Vec<&str> = p.triggers.iter().take(4).map(String::as_str).collect();
    let mut text = match triggers.is_empty() {
        true => Text::code(&p.name).then(" ships"),
        false => Text::code(&p.name).then(format!(
            " runs on {} and ships",
            words::list(&triggers, "and")
        )),
    };
    let ships = p.jobs.iter().filter(|j| {
        j.stages
            .iter()
            .any(|s| matches!(s, JobStage::Deploy | JobStage::Release))
    });
    let ships: Vec<&Job> = ships.collect();
    text = text
        .then(" with ")
        .spans(names(ships.iter().map(|j| j.name.as_str()), 3));
    let into = distinct(ships.iter().filter_map(|j| j.environment.as_deref()));
    if !into.is_empty() {
        text = text.then(" into ").spans(names(into, 3));
    }
    end(text.from(&first_places(ships.iter().map(|j| &j.provenance), 2)))
}

fn release_process(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(
        c,
        &[
            "delivery.releases",
            "delivery.rollout",
            "operations.release",
        ],
    )
    .into_iter()
    .collect();
    items.extend(shipping(c).into_iter().map(shipping_text));
    items.extend(releases_text(c));
    found(items).unwrap_or_else(|| {
        c.absent(
            "release or deployment job",
            &["GitHub Actions workflows", "git tags"],
            "releases",
        )
    })
}

fn deployment_windows(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.windows", "operations.windows"])
        .into_iter()
        .collect();
    for p in shipping(c) {
        for t in p.triggers.iter().filter(|t| t.starts_with("schedule")) {
            let text = Text::code(&p.name)
                .then(" ships on ")
                .then_code(t.trim_start_matches("schedule").trim());
            items.push(end(text.then(" (cron, UTC)").from(&p.provenance)));
        }
    }
    found(items).unwrap_or(Answer::Gap("releases"))
}

/// Pipelines and jobs whose names contain one of the words.
fn called<'a>(c: &Context<'a>, marks: &[&str]) -> Vec<Text> {
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        marks.iter().any(|m| lower.contains(m))
    };
    let mut items = Vec::new();
    for p in ranked(c) {
        if speaks(&p.name) || p.triggers.iter().any(|t| speaks(t)) {
            let triggers: Vec<&str> = p.triggers.iter().take(4).map(String::as_str).collect();
            let text = Text::code(&p.name).then(format!(" ({})", p.product));
            let text = if triggers.is_empty() {
                text
            } else {
                text.then(format!(" runs on {}", words::list(&triggers, "and")))
            };
            items.push(end(text.from(&p.provenance)));
        } else {
            let named = p
                .jobs
                .iter()
                .filter(|j| speaks(&j.name) || j.steps.iter().any(|s| speaks(s)));
            items.extend(named.map(|j| job_text(p, j)));
        }
    }
    items
}

fn hotfix(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.hotfix", "operations.hotfix"])
        .into_iter()
        .collect();
    items.extend(called(c, &["hotfix", "hot-fix"]));
    found(items).unwrap_or(Answer::Gap("releases"))
}

fn rollback(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.rollback", "operations.rollback"])
        .into_iter()
        .collect();
    items.extend(called(
        c,
        &["rollback", "roll back", "rollout undo", "revert"],
    ));
    let runbooks: Vec<&Observation> = c
        .seen(Topic::Runbook)
        .iter()
        .filter(|o| o.name.to_lowercase().contains("rollback"))
        .copied()
        .collect();
    items.extend(groups(c, &runbooks).iter().map(|g| end(item(g))));
    if let Some(answer) = found(items) {
        return answer;
    }
    if !c.surveyed() {
        return Answer::Gap("rollback");
    }
    let text = Text::plain(
        "No rollback job or runbook was found (searched: GitHub Actions workflows and documents).",
    );
    let all = imaged(c, false);
    let (kept, loose): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(_, a)| fixed(&a.value) != Some(false));
    if kept.is_empty() {
        return c.absent(
            "rollback job or runbook",
            &["GitHub Actions workflows", "documents"],
            "rollback",
        );
    }
    let n = words::spelled_count(kept.len(), "container");
    let verb = words::verb_for(
        kept.len(),
        " runs an image with a version",
        " run images with a version",
    );
    let mut text = text.then(format!(
        " {}{verb}, so that an earlier one can be named",
        words::capital(&n)
    ));
    if !loose.is_empty() {
        let elements: Vec<_> = loose.iter().map(|(e, _)| *e).collect();
        let verb = words::verb_for(loose.len(), " does not", " do not");
        text = text.then("; ").spans(names_of(&elements, 4)).then(verb);
    }
    let text = end(text)
        .then(" Who takes a version back, and how fast: ")
        .and(c.ask("rollback"))
        .then(".");
    Answer::text(text.from(&first_places(kept.iter().map(|(_, a)| &a.provenance), 3)))
}

/// Settings that switch something on or off when a part starts.
fn switches(c: &Context) -> Vec<Text> {
    let speaks = |name: &str| {
        let lower = name.to_lowercase();
        let parts: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let first = parts.first().copied().unwrap_or("");
        let last = parts.last().copied().unwrap_or("");
        // Keys of frameworks have dots; they switch parts of the framework, not of the system.
        !lower.contains('.')
            && (["enable", "enabled", "disable", "disabled", "feature"].contains(&first)
                || ["enabled", "disabled"].contains(&last))
    };
    let mut all: Vec<(&str, Vec<&str>, Vec<_>)> = Vec::new();
    for s in c
        .blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && speaks(&s.name))
    {
        let element = s.element.as_deref().map(|id| c.name_of(id));
        match all.iter_mut().find(|(name, ..)| *name == s.name) {
            Some((_, elements, sources)) => {
                elements.extend(element.filter(|e| !elements.contains(e)));
                sources.push(&s.provenance);
            }
            None => all.push((&s.name, element.into_iter().collect(), vec![&s.provenance])),
        }
    }
    all.sort_by_key(|(_, elements, _)| std::cmp::Reverse(elements.len()));
    all.into_iter()
        .map(|(name, elements, sources)| {
            let text = Text::code(name).then(" switches a part on or off at start");
            let text = if elements.is_empty() {
                text
            } else {
                text.then(" in ").spans(names(elements, 4))
            };
            end(text.from(&first_places(sources, 2)))
        })
        .collect()
}

fn feature_flags(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.feature_flags"]).into_iter().collect();
    items.extend(
        products(c, |t| t.category == Category::FeatureFlags)
            .iter()
            .map(product_text),
    );
    let seen: Vec<&Observation> = c.seen(Topic::FeatureFlag).to_vec();
    items.extend(groups(c, &seen).iter().map(|g| {
        let text = Text::code(g.name);
        let text = match g.elements.is_empty() {
            true => text,
            false => text
                .then(" in ")
                .spans(names(g.elements.iter().copied(), 3)),
        };
        let text = match g.detail {
            Some(detail) => text.then(": ").spans(inline(&words::short(detail, 120))),
            None => text,
        };
        end(text.from(&first_places(g.sources.iter().copied(), 2)))
    }));
    items.extend(switches(c));
    found(items).unwrap_or_else(|| {
        absent(
            c,
            "feature flag",
            &["package manifests", "names of settings"],
            "feature-flags",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(date: &str) -> Release {
        Release {
            name: date.to_owned(),
            date: date.to_owned(),
        }
    }

    #[test]
    fn days_between_dates() {
        let gap = |a: &str, b: &str| Some(day(b)? - day(a)?);
        assert_eq!(gap("2024-02-28", "2024-03-01"), Some(2));
        assert_eq!(gap("2023-02-28", "2023-03-01"), Some(1));
        assert_eq!(gap("2023-12-31", "2024-01-01"), Some(1));
        assert_eq!(gap("2020-01-01", "2021-01-01"), Some(366));
        assert_eq!(day("2024-13-01"), None);
        assert_eq!(day("äöü"), None);
        assert_eq!(day(""), None);
    }

    #[test]
    fn the_middle_gap_is_no_mean() {
        let all = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-12-01"].map(release);
        assert_eq!(middle_gap(&all), Some(7));
        assert_eq!(middle_gap(&all[..1]), None);
    }
}
