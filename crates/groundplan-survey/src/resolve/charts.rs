//! Workloads of Helm charts, filled from the `values.yaml` of their chart.

use crate::extractors::{CHART, HELM_VALUES};
use crate::facts::{Claim, Deployable, Fact, FileFacts};
use std::collections::BTreeMap;

/// Values of the charts, by the folder of each.
pub(crate) type Charts = BTreeMap<String, BTreeMap<String, String>>;

/// Reads the values of all charts.
pub(crate) fn charts(files: &[FileFacts]) -> Charts {
    let mut all = Charts::new();
    for fact in files.iter().flat_map(|f| &f.facts) {
        if let Claim::Overlay(overlay) = &fact.claim
            && overlay.mechanism == HELM_VALUES
        {
            let pairs = overlay.changes.iter().filter_map(|c| c.split_once('='));
            let pairs = pairs.map(|(k, v)| (k.to_owned(), v.to_owned()));
            all.entry(overlay.name.clone()).or_default().extend(pairs);
        }
    }
    all
}

/// Whether a fact is a workload of a chart.
pub(crate) fn is_templated(claim: &Claim) -> bool {
    matches!(claim, Claim::Deployable(d) if d.attributes.iter().any(|(k, _)| k == CHART))
}

/// Fills the workloads of a template; those that the chart's own values switch off, and those
/// whose name or image stays unknown, are left out.
pub(crate) fn fill_in(file: &mut FileFacts, charts: &Charts) {
    let folder = file.path.rsplit_once("/templates/").map_or("", |(f, _)| f);
    let empty = BTreeMap::new();
    let values = charts.get(folder).unwrap_or(&empty);
    file.facts.retain_mut(|Fact { claim, .. }| match claim {
        Claim::Deployable(unit) if unit.attributes.iter().any(|(k, _)| k == CHART) => {
            workload(unit, values)
        }
        _ => true,
    });
}

fn is_on(values: &BTreeMap<String, String>, path: &str) -> bool {
    match values.get(path) {
        Some(value) => !matches!(value.as_str(), "false" | "0" | "no"),
        None => {
            let below = format!("{path}.");
            let next = values.range(below.clone()..).next();
            next.is_some_and(|(key, _)| key.starts_with(&below))
        }
    }
}

/// Fills placeholders of values, each by itself: what is not known stays.
fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    const OPEN: &str = "${Values.";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        let Some((inner, behind)) = after.split_once('}') else {
            rest = after;
            out.push_str(OPEN);
            continue;
        };
        let (name, default) = match inner.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        match values.get(name).map(String::as_str).or(default) {
            Some(value) => out.push_str(value),
            None => {
                out.push_str(OPEN);
                out.push_str(inner);
                out.push('}');
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn workload(unit: &mut Deployable, values: &BTreeMap<String, String>) -> bool {
    let switches = unit.attributes.iter().filter(|(key, _)| key == CHART);
    let mut switches = switches.map(|(_, at)| at.value.as_str());
    if !switches.all(|path| path.is_empty() || is_on(values, path)) {
        return false;
    }
    unit.attributes.retain(|(key, _)| key != CHART);
    let filled = |text: &mut String| -> bool {
        *text = fill(text, values);
        !text.contains("${Values.") && !text.contains("${helm}")
    };
    if !filled(&mut unit.name) {
        return false;
    }
    if let Some(image) = &mut unit.image
        && !filled(&mut image.value)
    {
        // A tag that is not known leaves the image known.
        let known = image.value.split("${").next().unwrap_or("");
        match known.strip_suffix([':', '@']) {
            Some(name) if !name.is_empty() => image.value = name.to_owned(),
            _ => return false,
        }
    }
    unit.aliases.retain_mut(&filled);
    unit.labels.retain_mut(&filled);
    unit.ports.retain_mut(|port| {
        let host = port.value.host.as_mut().is_none_or(&filled);
        filled(&mut port.value.container) && host
    });
    for env in &mut unit.env {
        if env.value.as_mut().is_some_and(|value| !filled(value)) {
            env.value = None;
        }
    }
    unit.volumes.retain_mut(|v| filled(&mut v.value));
    unit.sidecars.retain_mut(|v| filled(&mut v.value));
    unit.attributes.retain_mut(|(_, v)| filled(&mut v.value));
    unit.command = unit.command.take().and_then(|mut command| {
        let known = filled(&mut command.value);
        known.then_some(command)
    });
    true
}
