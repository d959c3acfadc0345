//! How a new version replaces the one before.

use super::deployment::{by_value, names_of, on_kubernetes, places, told};
use super::found::found;
use super::releases::has_mark;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::tree::Text;
use crate::words;
use groundplan_model::Element;

/// Elements whose marks speak of two versions side by side.
fn side_by_side<'a>(c: &Context<'a>, marks: &[&str]) -> Vec<Text> {
    let speaks = |text: &str| has_mark(text, marks);
    let mut items = Vec::new();
    for e in &c.containers {
        for a in e.attributes_of("rollout").filter(|a| speaks(&a.value)) {
            items.push(end(Text::code(&e.name)
                .then(" is rolled out with ")
                .then_code(&a.value)
                .from(&a.provenance)));
        }
    }
    for p in &c.blueprint.pipelines {
        for j in p
            .jobs
            .iter()
            .filter(|j| speaks(&j.name) || j.steps.iter().any(|s| speaks(s)))
        {
            items.push(end(Text::plain("Job ")
                .then_code(&j.name)
                .then(" of ")
                .then_code(&p.name)
                .from(&j.provenance)));
        }
    }
    items
}

pub(super) fn blue_green(c: &Context) -> Answer {
    let said = told(c, &["delivery.strategy"]);
    let mut items: Vec<Text> = said.into_iter().collect();
    items.extend(side_by_side(
        c,
        &["blue-green", "blue/green", "bluegreen", "canary"],
    ));
    items.extend(super::hosted::strategies(c, &["bluegreen", "canary"]));
    found(items).unwrap_or_else(|| {
        c.absent(
            "blue-green or canary deployment",
            &["strategies of Kubernetes workloads", "jobs of pipelines"],
            "rollout",
        )
    })
}

pub(super) fn rolling_update(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["delivery.strategy", "delivery.rollout"])
        .into_iter()
        .collect();
    for (strategy, elements) in by_value(c, "rollout") {
        let text = Text::default().spans(names_of(&elements, 5));
        let text = match strategy {
            "Recreate" => text.then(words::verb_for(
                elements.len(),
                " stops before its new version starts (strategy Recreate), so it is away meanwhile",
                " stop before their new versions start (strategy Recreate), so they are away meanwhile",
            )),
            other => text.then(words::verb_for(elements.len(), " is replaced with ", " are replaced with ")).then_code(other),
        };
        items.push(end(text.from(&places(elements, "rollout", 3))));
    }
    items.extend(super::charted::optional_rollouts(c));
    items.extend(super::hosted::strategies(c, &["rolling", "immediate"]));
    let plain: Vec<&Element> = on_kubernetes(c)
        .into_iter()
        // A container beside another in one pod is rolled out with it.
        .filter(|e| {
            e.attribute("rollout").is_none()
                && e.attribute("rollout.optional").is_none()
                && e.attribute("pod-of").is_none()
                && e.attribute("workload")
                    .is_some_and(|a| a.value == "Deployment")
        })
        .collect();
    if !plain.is_empty() {
        let n = words::capital(&words::spelled_count(plain.len(), "Deployment"));
        let verb = words::verb_for(plain.len(), " sets", " set");
        let text = Text::plain(format!(
            "{n}{verb} no strategy, so the default of Kubernetes holds: new pods start before old ones stop, a quarter at a time"
        ));
        items.push(end(text.from(&places(
            plain.iter().copied(),
            "workload",
            3,
        ))));
        let blind: Vec<&Element> = plain
            .into_iter()
            .filter(|e| e.attribute("probe.readiness").is_none() && e.attribute("port").is_some())
            .collect();
        if !blind.is_empty() {
            let verb = words::verb_for(
                blind.len(),
                " has no readiness probe, so a new pod gets requests before it can answer them",
                " have no readiness probe, so a new pod gets requests before it can answer them",
            );
            let text = Text::default().spans(names_of(&blind, 5)).then(verb);
            items.push(end(text.from(&places(blind, "workload", 2))));
        }
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "rolling update",
            &["update settings of Compose and Kubernetes files"],
            "rollout",
        )
    })
}
