//! What a chart of Helm makes, and what it makes only where its values ask for it.

use super::goals::distinct;
use super::seen::end;
use crate::context::Context;
use crate::text::names;
use crate::tree::Text;
use groundplan_model::{Element, Setting, SettingSource};

/// The value of a chart that a variable takes and that is empty by default.
pub(super) fn value_of<'a>(c: &Context<'a>, s: &Setting) -> Option<&'a str> {
    let empty = s.value.as_deref() == Some("") && s.source == SettingSource::Deployment;
    let e = c.element(s.element.as_deref().filter(|_| empty)?)?;
    let file = s.provenance.first().map(|at| &at.path);
    let mut all = (e.attributes_of("chart-value"))
        .filter(|a| a.provenance.first().map(|at| &at.path) == file)
        .filter_map(|a| a.value.split_once("; "))
        .filter(|(name, _)| *name == s.name)
        .map(|(_, key)| key);
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// ``chart value `mail.host`, empty by default``
pub(super) fn value_text(key: &str) -> Text {
    Text::plain("chart value ")
        .then_code(key)
        .then(", empty by default")
}

/// `` A HorizontalPodAutoscaler of the chart (1 to 5 replicas by cpu 80 %) is made only where
/// `autoscaling.enabled` is set, which it is not by default ``
pub(super) fn optional_scaling(e: &Element) -> Option<Text> {
    let a = e.attribute("scaling.optional")?;
    let (bounds, keys) = a.value.rsplit_once("; ")?;
    let several = keys.contains(", ");
    let keys = names(keys.split(", "), 3);
    let text = Text::plain(format!(
        "An autoscaler of the chart ({bounds}) is made only where "
    ));
    let text = text.spans(keys).then(match several {
        true => " are set, which they are not by default",
        false => " is set, which it is not by default",
    });
    Some(text.from(&a.provenance))
}

/// Which strategy a chart gives to its workloads only where a value asks for it.
pub(super) fn optional_rollouts(c: &Context) -> Vec<Text> {
    let all = c.containers.iter().filter_map(|e| {
        let a = e.attribute("rollout.optional")?;
        let (strategy, key) = a.value.split_once("; ")?;
        let text = Text::code(&e.name);
        let text = match strategy {
            "" => text
                .then(" takes its strategy from the chart value ")
                .then_code(key)
                .then(", which is empty by default"),
            _ => text
                .then(" has the strategy ")
                .then_code(strategy)
                .then(" only where the chart value ")
                .then_code(key)
                .then(" is set, which it is not by default"),
        };
        Some(end(text.from(&a.provenance)))
    });
    all.collect()
}

/// What pods run before their containers start.
pub(super) fn init_containers(c: &Context) -> Vec<Text> {
    let all = c.containers.iter().filter_map(|e| {
        let a = e.attribute("init-containers")?;
        let text = Text::plain("Before ").then_code(&e.name);
        let text = text.then(" starts, its pod runs ");
        let own = names(a.value.split(", "), 5);
        let of_pod = e.attribute("pod-of").is_none();
        of_pod.then(|| end(text.spans(own).then(" to the end").from(&a.provenance)))
    });
    all.take(8).collect()
}

/// The kinds of objects that the templates of charts may make.
pub(super) fn kinds(c: &Context) -> Option<Text> {
    let all = c
        .containers
        .iter()
        .filter_map(|e| e.attribute("chart.kinds"));
    let all = all.flat_map(|a| a.value.split(", "));
    let mut all = distinct(all);
    all.sort_unstable();
    let text = Text::plain(
        "The templates of the chart hold objects of these kinds, each made as its values ask: ",
    );
    (all.len() > 1).then(|| end(text.then(all.join(", "))))
}
