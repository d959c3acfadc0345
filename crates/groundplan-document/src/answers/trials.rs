//! Load tests, failure tests and the gates that a change has to pass.

use super::delivery::runs_on_change;
use super::goals::distinct;
use super::records;
use super::seen::{end, groups};
use super::tools::{lines, of, package_texts, server_text, told, tools};
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_knowledge::{Category, Technology};
use groundplan_model::{
    Job, JobStage, OWN_LOAD_TEST, Observation, Operation, Pipeline, Role, Topic,
};

records! {
    "load-tests": load_tests, "Load tests, load generators and their tools.";
    "quality-gates": quality_gates, "Coverage thresholds, linters and checks of a change.";
    "resilience-tests": resilience_tests, "Failures that are tried on purpose.";
}

fn load_tests<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out: Vec<Text> = Vec::new();
    let load_tools = of(c, &[Category::LoadTesting]);
    for e in c
        .containers
        .iter()
        .filter(|e| e.role == Some(Role::LoadGenerator))
    {
        let product = load_tools
            .iter()
            .find(|t| t.servers.iter().any(|s| s.id == e.id));
        let loaded = |id: &str| {
            c.element(id)
                .is_none_or(|to| to.role != Some(Role::Monitoring))
        };
        let requests = c
            .outgoing(&e.id)
            .iter()
            .filter(|r| r.protocol.is_some() && loaded(&r.to));
        let targets = distinct(requests.map(|r| c.name_of(&r.to)));
        let mut text = Text::code(&e.name);
        if let Some(product) = product {
            text = text.then(format!(" ({})", product.name));
        }
        text = match targets.is_empty() {
            true => text.then(" puts load on the system"),
            false => text.then(" puts load on ").spans(names(targets, 4)),
        };
        text = text.from(&e.provenance);
        if let Some(command) = e.attribute("command") {
            text = text
                .then(" with ")
                .then_code(words::short(&command.value, 140))
                .from(&command.provenance);
        }
        out.push(end(text));
    }
    let seen = groups(c, c.seen(Topic::LoadTest));
    for group in seen.iter().take(6) {
        let mut text = match group.name {
            OWN_LOAD_TEST => Text::plain("A load generator of its own"),
            tool => Text::plain(tool).then(" load test"),
        };
        if !group.elements.is_empty() {
            // Where the script stands, not what it puts load on; of a design, what it will.
            text = text
                .then(match c.designed() {
                    true => " on ",
                    false => " that stands in ",
                })
                .spans(names(group.elements.iter().copied(), 3));
        }
        if let Some(detail) = group.detail {
            text = text
                .then(if c.designed() {
                    ", to be written: "
                } else {
                    " in "
                })
                .spans(crate::text::inline(&words::short(detail, 80)));
        }
        out.push(end(
            text.from(&first_places(group.sources.iter().copied(), 3))
        ));
    }
    out.extend(c.stated_in_documents("load-tests").map(end));
    if out.is_empty() {
        out.extend(load_pipelines(c));
    }
    if seen.is_empty() {
        out.extend(load_tools.iter().flat_map(package_texts).take(3));
    }
    if out.is_empty() {
        // What measures the code alone puts no load on the whole.
        let timers = of(c, &[Category::Testing]).into_iter();
        let timers: Vec<_> = timers
            .filter(|t| t.technology.about.starts_with("measures the time of"))
            .collect();
        let timed = timers.iter().flat_map(package_texts).take(2);
        let timed = timed.reduce(|all, text| all.then(" ").append(text));
        let absent = c.absent(
            "load test or load generator",
            &[
                "JMeter, k6, Locust and Gatling files",
                "containers",
                "pipelines",
            ],
            "load-tests",
        );
        let answer = match (absent, timed) {
            (Answer::Absent(absence), Some(timed)) => {
                let lead = " The time of parts of the code is measured: ";
                let text = absence.sentence().then(lead).append(timed);
                Answer::Absent(Absence::because(text))
            }
            (absent, _) => absent,
        };
        return told(c, &["testing.load"], answer);
    }
    if crate::context::declared(c, "testing.load").is_none() {
        let lead = "Which load was reached and what came out is asked in ";
        out.push(c.asked_in(Text::default(), lead, "load-tests"));
    }
    let answer = lines(out).unwrap_or(Answer::Gap("load-tests"));
    told(c, &["testing.load"], answer)
}

/// Pipelines that are called after a test under load, or have a job that is.
fn load_pipelines(c: &Context) -> Option<Text> {
    const TESTS: [&str; 3] = ["test", "testing", "tests"];
    // `Load test data` loads something.
    const THINGS: [&str; 24] = [
        "cache",
        "config",
        "configuration",
        "container",
        "data",
        "database",
        "dataset",
        "db",
        "dump",
        "env",
        "environment",
        "fixture",
        "fixtures",
        "image",
        "images",
        "matrix",
        "records",
        "report",
        "result",
        "results",
        "schema",
        "secrets",
        "settings",
        "users",
    ];
    let named = |name: &str| {
        let lower = name.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let pair = |first: &str| {
            words.windows(2).enumerate().any(|(at, pair)| {
                pair.first() == Some(&first)
                    && pair.get(1).is_some_and(|w| TESTS.contains(w))
                    && !words.get(at + 2).is_some_and(|w| THINGS.contains(w))
            })
        };
        words.iter().any(|w| matches!(*w, "loadtest" | "loadtests"))
            || pair("load")
            || pair("stress")
    };
    let all = c.blueprint.pipelines.iter();
    let all = all.filter(|p| named(&p.name) || p.jobs.iter().any(|j| named(&j.name)));
    let all: Vec<_> = all.take(3).collect();
    let n = all.len();
    let text = match n {
        0 => return None,
        1 => Text::plain("The pipeline "),
        _ => Text::plain("The pipelines "),
    };
    let text = text
        .spans(names(all.iter().map(|p| p.name.as_str()), 3))
        .then(words::verb_for(
            n,
            " or a job of it is called after a test under load",
            " or jobs of them are called after a test under load",
        ));
    Some(end(
        text.from(&first_places(all.iter().map(|p| &p.provenance), 2))
    ))
}

/// Whether a name speaks of a failure that is made on purpose.
fn makes_failures(name: &str) -> bool {
    let lower = name.to_lowercase();
    [
        "fail",
        "fault",
        "chaos",
        "latency",
        "delay",
        "crash",
        "memoryleak",
        "unreachable",
        "highcpu",
        "slow",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

/// Whether a technology makes failures, by what it does: `injects faults`, `… for tests`.
fn breaks(technology: &Technology) -> bool {
    let about = technology.about.as_str();
    technology.category == Category::Resilience
        && (about.contains("injects faults") || about.ends_with("for tests"))
}

fn resilience_tests<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // The category also holds libraries that survive failures.
    let makers = tools(c, breaks);
    let mut out: Vec<Text> = makers
        .iter()
        .flat_map(|t| t.servers.iter().map(|e| server_text(c, e, t.name)))
        .collect();
    out.extend(makers.iter().flat_map(package_texts));
    let flags: Vec<&Observation> = c
        .seen(Topic::FeatureFlag)
        .iter()
        .filter(|o| makes_failures(&o.name))
        .copied()
        .collect();
    if !flags.is_empty() {
        let all = distinct(flags.iter().map(|o| o.name.as_str()));
        let verb = words::verb_for(all.len(), "The feature flag ", "The feature flags ");
        let text = Text::plain(verb).spans(names(all.iter().copied(), 8));
        let text = text.then(words::verb_for(
            all.len(),
            " makes a failure on purpose",
            " make failures on purpose",
        ));
        out.push(end(text
            .then(", by name")
            .from(&first_places(flags.iter().map(|o| &o.provenance), 3))));
    }
    let chaos: Vec<&Operation> = c
        .primary_operations()
        .map(|(_, o)| o)
        .filter(|o| {
            ["chaos", "fault-injection"]
                .iter()
                .any(|w| o.path.to_lowercase().contains(w))
        })
        .collect();
    if !chaos.is_empty() {
        let text = Text::plain(words::verb_for(
            chaos.len(),
            "One operation makes failures on purpose, by its path: ",
            "Operations make failures on purpose, by their paths: ",
        ));
        let text = text.spans(names(distinct(chaos.iter().map(|o| o.id.as_str())), 6));
        out.push(end(
            text.from(&first_places(chaos.iter().map(|o| &o.provenance), 3))
        ));
    }
    let answer = lines(out).unwrap_or_else(|| {
        c.absent(
            "failure that is made on purpose",
            &[
                "chaos tools in containers and packages",
                "feature flags",
                "paths of operations",
            ],
            "resilience-tests",
        )
    });
    told(c, &["testing.resilience"], answer)
}

/// A job with its pipeline.
type Due<'a> = (&'a Pipeline, &'a Job);

/// The jobs of the workflow of the repository that a job calls, else the job itself.
fn called_by<'a>(all: &'a [Pipeline], p: &'a Pipeline, j: &'a Job) -> Vec<Due<'a>> {
    let path = match j.steps.as_slice() {
        [step] => step.strip_prefix("uses ./.github/workflows/"),
        _ => None,
    };
    let called = path.and_then(|path| {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let id = format!("github-actions/{stem}");
        all.iter().find(|o| o.id == id)
    });
    match called.filter(|other| !other.jobs.is_empty()) {
        Some(other) => other.jobs.iter().map(|job| (other, job)).collect(),
        None => vec![(p, j)],
    }
}

fn quality_gates<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut out: Vec<Text> = Vec::new();
    for group in groups(c, c.seen(Topic::CoverageSetting)).iter().take(4) {
        let mut text = Text::plain("Coverage by ").then(group.name);
        if let Some(detail) = group.detail {
            let threshold = detail.contains('%');
            let lead = if threshold { ", at least " } else { " in " };
            text = text
                .then(lead)
                .spans(crate::text::inline(&words::short(detail, 100)));
        }
        if !group.elements.is_empty() {
            text = text
                .then(" in ")
                .spans(names(group.elements.iter().copied(), 3));
        }
        out.push(end(
            text.from(&first_places(group.sources.iter().copied(), 2))
        ));
    }
    let linters = c.seen(Topic::Linter);
    let tools = distinct(linters.iter().map(|o| o.name.as_str()));
    if !tools.is_empty() {
        let spans = tools.iter().map(|n| Span::Plain((*n).to_owned())).collect();
        let text =
            Text::plain("Linters and formatters: ").spans(words::list_spans(spans, 8, "and"));
        out.push(end(
            text.from(&first_places(linters.iter().map(|o| &o.provenance), 3))
        ));
    }
    let starts = |t: &&str| {
        [
            "pull request",
            "pull_request",
            "merge request",
            "merge_request",
            "merge group",
        ]
        .contains(t)
    };
    let on_change = |p: &Pipeline| {
        let said = |t: &String| {
            let lower = t.to_lowercase();
            let two: Vec<&str> = lower.split(' ').take(2).collect();
            starts(&two.join(" ").as_str()) || two.first().is_some_and(starts)
        };
        p.triggers.iter().any(said)
    };
    let stages = [
        JobStage::Lint,
        JobStage::Build,
        JobStage::Test,
        JobStage::Security,
    ];
    let is_change = |event: &str| starts(&event);
    let (checks, others): (Vec<Due<'_>>, Vec<Due<'_>>) = c
        .blueprint
        .pipelines
        .iter()
        .filter(|p| on_change(p))
        .flat_map(|p| p.jobs.iter().map(move |j| (p, j)))
        // A condition may keep a job from running on what starts its pipeline.
        .filter(|(p, j)| runs_on_change(p, j, &is_change))
        .flat_map(|(p, j)| {
            let mut all = called_by(&c.blueprint.pipelines, p, j);
            // What is called has the event of the workflow that calls it.
            all.retain(|(of, job)| of.id == p.id || runs_on_change(of, job, &is_change));
            all
        })
        .partition(|(_, j)| j.stages.iter().any(|s| stages.contains(s)));
    // A name that jobs of several pipelines have says which one it is of.
    let called = |(p, j): &Due<'_>| {
        let mut others = c.blueprint.pipelines.iter().filter(|o| o.id != p.id);
        match others.any(|o| o.jobs.iter().any(|other| other.name == j.name)) {
            true if j.name != p.name => format!("{} of {}", j.name, p.name),
            _ => j.name.clone(),
        }
    };
    if !checks.is_empty() {
        let all: Vec<String> = checks.iter().map(called).collect();
        let all = distinct(all.iter().map(String::as_str));
        let lead = words::verb_for(
            all.len(),
            "A pull request can run one job that checks the change: ",
            "A pull request can run jobs that check the change: ",
        );
        let rest: Vec<String> = others.iter().map(called).collect();
        let rest = distinct(rest.iter().map(String::as_str));
        let rest: Vec<&str> = rest.into_iter().filter(|n| !all.contains(n)).collect();
        let mut text = Text::plain(lead).spans(names(all, 8));
        if !rest.is_empty() {
            text = text
                .then("; others that it can run: ")
                .spans(names(rest, 4));
        }
        out.push(end(text.from(&first_places(
            checks.iter().chain(&others).map(|(_, j)| &j.provenance),
            3,
        ))));
    }
    let said = c.stated_in_documents("quality-gates");
    if let Some(said) = &said {
        out.push(said.clone());
    }
    if out.is_empty() {
        let absent = c.absent(
            "coverage threshold, linter or check of a change",
            &["coverage settings", "linter settings", "pipelines"],
            "quality-gates",
        );
        return told(c, &["testing.gates"], absent);
    }
    if said.is_none() && crate::context::declared(c, "testing.gates").is_none() {
        let lead = "Which of them a merge must pass is set outside of the files; asked in ";
        out.push(c.asked_in(Text::default(), lead, "quality-gates"));
    }
    told(
        c,
        &["testing.gates"],
        lines(out).unwrap_or(Answer::Gap("quality-gates")),
    )
}
