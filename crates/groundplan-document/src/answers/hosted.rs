//! What the files of hosting platforms say of the parts that they run.

use super::deployment::is_of_development;
use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use groundplan_model::{Element, Provenance};
use std::collections::BTreeMap;

/// Platforms whose files describe a place where the system runs, by the names that elements are deployed by.
const PLATFORMS: [&str; 6] = [
    "Fly.io",
    "Google App Engine",
    "Google Cloud Run",
    "Nomad",
    "Render",
    "Wrangler",
];

/// The parts that a platform runs, by platform.
pub(super) fn parts<'a>(c: &Context<'a>) -> BTreeMap<&'a str, Vec<&'a Element>> {
    let mut all: BTreeMap<&str, Vec<&Element>> = BTreeMap::new();
    for e in c
        .containers
        .iter()
        .copied()
        .filter(|e| !is_of_development(e))
    {
        let by = e.attributes_of("deployed-by").map(|a| a.value.as_str());
        for platform in by.filter(|by| PLATFORMS.contains(by)) {
            all.entry(platform).or_default().push(e);
        }
    }
    all
}

/// That files describe what a platform runs, without a stage.
pub(super) fn described(c: &Context) -> Option<Text> {
    let all = parts(c);
    let mut text = Text::default();
    for (at, (platform, elements)) in all.iter().enumerate() {
        let lead = if at == 0 {
            "The files for "
        } else {
            "; those for "
        };
        let spans = names(elements.iter().map(|e| e.name.as_str()), 6);
        text = text
            .then(format!("{lead}{platform} describe "))
            .spans(spans);
        let places = elements.iter().filter_map(|e| e.attribute("deployed-by"));
        text = text.from(&first_places(places.map(|a| &a.provenance), 2));
    }
    let mut parts = all.values().flatten();
    let end = match parts.any(|e| names_stage(e)) {
        true => ".",
        false => "; none of them names a stage.",
    };
    (!all.is_empty()).then(|| text.then(end))
}

/// Whether a part or the file that describes it is called after a stage: `fly.staging.toml`, `shop-prod`.
fn names_stage(e: &Element) -> bool {
    const STAGES: [&str; 9] = [
        "demo",
        "live",
        "preview",
        "prod",
        "production",
        "qa",
        "stage",
        "staging",
        "test",
    ];
    let names = |text: &str| {
        let parts = crate::named::parts(text);
        parts.iter().any(|part| STAGES.contains(&part.as_str()))
    };
    let places = e.attributes_of("deployed-by");
    let mut places = places.flat_map(|a| &a.provenance.evidence);
    names(&e.name) || places.any(|at| names(&at.path))
}

/// The regions that files of a platform put parts into: `By its files Fly.io runs api in the region cdg`.
pub(super) fn regions(c: &Context) -> Vec<Text> {
    of_each(c, "region", &|platform, parts, region| {
        let text = Text::plain(format!("By its files {platform} runs "));
        text.spans(parts).then(" in the region ").then_code(region)
    })
}

/// The ways in which a platform replaces a version by the next, of those that are asked for.
pub(super) fn strategies(c: &Context, wanted: &[&str]) -> Vec<Text> {
    of_each(c, "deploy-strategy", &|platform, parts, strategy| {
        if !wanted.contains(&strategy) {
            return Text::default();
        }
        let text = Text::plain(format!("By its files {platform} replaces the machines of "));
        text.spans(parts)
            .then(" with the strategy ")
            .then_code(strategy)
    })
}

type Told<'t> = dyn Fn(&str, Vec<crate::tree::Span>, &str) -> Text + 't;

/// A sentence for each platform and value of an attribute, with the parts that have it.
fn of_each(c: &Context, key: &str, told: &Told<'_>) -> Vec<Text> {
    type Found<'a> = (Vec<&'a str>, Vec<&'a Provenance>);
    let mut all: BTreeMap<(&str, &str), Found<'_>> = BTreeMap::new();
    for e in &c.containers {
        if let (Some(by), Some(value)) = (e.attribute("deployed-by"), e.attribute(key)) {
            let entry = all
                .entry((by.value.as_str(), value.value.as_str()))
                .or_default();
            entry.0.push(&e.name);
            entry.1.push(&value.provenance);
        }
    }
    let texts = all
        .into_iter()
        .filter_map(|((by, value), (parts, sources))| {
            let text = told(by, names(parts, 6), value);
            (!text.spans.is_empty()).then(|| end(text.from(&first_places(sources, 2))))
        });
    texts.collect()
}
