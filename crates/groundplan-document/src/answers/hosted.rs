//! What the files of hosting platforms say of the parts that they run.

use super::deployment::{by_value, is_of_development, names_of};
use super::seen::end;
use crate::context::Context;
use crate::text::first_places;
use crate::tree::Text;
use groundplan_model::{Attribute, Element, Provenance};
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
    let all = by_value(c, "deployed-by").into_iter();
    let all = all.filter_map(|(by, mut elements)| {
        elements.retain(|e| !is_of_development(e));
        (PLATFORMS.contains(&by) && !elements.is_empty()).then_some((by, elements))
    });
    all.collect()
}

/// What the files of platforms say of a part under a key, each with the platform whose file it is: the same part may
/// be started by others.
pub(super) fn by_platform<'a>(
    e: &'a Element,
    key: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Attribute)> {
    e.attributes_of(key).filter_map(move |said| {
        let path = &said.provenance.first()?.path;
        let here = |by: &&Attribute| by.provenance.evidence.iter().any(|at| at.path == *path);
        let by = e.attributes_of("deployed-by").find(here)?;
        Some((by.value.as_str(), said))
    })
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
        text = text
            .then(format!("{lead}{platform} describe "))
            .spans(names_of(elements, 6));
        let places = elements.iter().flat_map(|e| e.attributes_of("deployed-by"));
        let places = places.filter(|a| a.value == *platform);
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
    let all = of_each(c, "region").into_iter();
    let texts = all.map(|((platform, region), (parts, sources))| {
        let text = Text::plain(format!("By its files {platform} runs "));
        let text = text.spans(names_of(&parts, 6)).then(" in the region ");
        end(text.then_code(region).from(&first_places(sources, 2)))
    });
    texts.collect()
}

/// The ways in which a platform replaces a version by the next, of those that are asked for.
pub(super) fn strategies(c: &Context, wanted: &[&str]) -> Vec<Text> {
    let all = of_each(c, "deploy-strategy").into_iter();
    let all = all.filter(|((_, strategy), _)| wanted.contains(strategy));
    let texts = all.map(|((platform, strategy), (parts, sources))| {
        let text = Text::plain(format!("By its files {platform} replaces the machines of "));
        let text = text.spans(names_of(&parts, 6)).then(" with the strategy ");
        end(text.then_code(strategy).from(&first_places(sources, 2)))
    });
    texts.collect()
}

/// Parts of which files say the same, and where they do.
type Told<'a> = (Vec<&'a Element>, Vec<&'a Provenance>);

/// The parts for each platform and value of an attribute.
fn of_each<'a>(c: &Context<'a>, key: &'a str) -> BTreeMap<(&'a str, &'a str), Told<'a>> {
    let mut all: BTreeMap<(&str, &str), Told<'_>> = BTreeMap::new();
    for e in c.containers.iter().copied() {
        for (platform, said) in by_platform(e, key) {
            let (parts, sources) = all.entry((platform, said.value.as_str())).or_default();
            parts.push(e);
            sources.push(&said.provenance);
        }
    }
    all
}
