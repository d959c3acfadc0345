//! Images: which container runs which, what it is built on, and where it is kept.

use super::found::{found, more};
use super::goals::distinct;
use super::records;
use super::seen::{end, groups};
use crate::answer::Answer;
use crate::context::Context;
use crate::text::{first_places, inline, name, names, plain_cell, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_model::{Attribute, Element, Observation, Provenance, Topic};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

records! {
    "image-registry": |c, _| image_registry(c), "Where images are kept.";
    "images": |c, _| images(c), "The image of each container, and what it is built on.";
}

/// The image that says most of itself: with a version, else with a registry, else the first.
pub(super) fn image_of(e: &Element) -> Option<&Attribute> {
    let tagged = |a: &&Attribute| version_of(&a.value).is_some();
    let all = || e.attributes_of("image");
    all()
        .find(tagged)
        .or_else(|| all().find(|a| a.value.contains('/')))
        .or_else(|| all().next())
}

/// Tag or digest of an image; nothing if it names none.
fn version_of(image: &str) -> Option<&str> {
    if let Some((_, digest)) = image.split_once('@') {
        return Some(digest);
    }
    let last = image.rsplit('/').next().unwrap_or(image);
    // `${TAG:-1}` has a colon of its own.
    let name = last.split('$').next().unwrap_or(last);
    let last = if name.contains(':') || !last.starts_with('$') {
        last
    } else {
        name
    };
    last.split_once(':')
        .map(|(_, tag)| tag)
        .filter(|t| !t.is_empty())
}

/// Whether the image is the same tomorrow: a digest, or a tag with a number that is no variable.
/// Nothing if a variable decides.
pub(super) fn fixed(image: &str) -> Option<bool> {
    // `shop:<version>` is for whoever deploys it to fill in.
    let variable = |text: &str| text.contains(['$', '<']) || text.contains("{{");
    let last = image.rsplit('/').next().unwrap_or(image);
    let Some(version) = version_of(image) else {
        // A variable in front of the last slash is an owner or a registry, no version.
        return (!variable(last)).then_some(false);
    };
    if variable(version) || variable(last) {
        return None;
    }
    let digest = version.starts_with("sha256:");
    Some(digest || !version.starts_with("latest") && version.chars().any(|c| c.is_ascii_digit()))
}

/// Whether the repository builds the image of a container.
pub(super) fn is_built(e: &Element) -> bool {
    e.attribute("base-image").is_some() || e.attribute("build").is_some()
}

/// The images that deployment files name for a container, each once, with where it stands.
pub(super) fn images_of(e: &Element) -> Vec<&Attribute> {
    let mut all: Vec<&Attribute> = Vec::new();
    for a in e.attributes_of("image") {
        if all.iter().all(|known| known.value != a.value) {
            all.push(a);
        }
    }
    all
}

/// Registry and owner in front of the name of an image; none for an image of Docker Hub's own.
fn owner(image: &str) -> Option<&str> {
    let owner = image.rsplit_once('/').map(|(owner, _)| owner)?;
    (!owner.contains('$') && owner != "library").then_some(owner)
}

/// Whether others have built what a container runs. What has the owner of images that are built here
/// is built by the same people, by a file that was not tied to it or elsewhere.
pub(super) fn is_ready(c: &Context, e: &Element) -> bool {
    let Some(image) = image_of(e).filter(|_| !is_built(e) && e.source.is_none()) else {
        return false;
    };
    let Some(owner) = owner(&image.value) else {
        return true;
    };
    let own = c.containers.iter().filter(|x| is_built(x));
    !own.flat_map(|x| x.attributes_of("image"))
        .any(|a| self::owner(&a.value) == Some(owner))
}

/// Images that others have built, of all deployment files.
fn ready<'a>(c: &Context<'a>) -> Vec<(&'a Element, &'a Attribute)> {
    let all = c.containers.iter().copied().filter(|e| is_ready(c, e));
    all.flat_map(|e| images_of(e).into_iter().map(move |a| (e, a)))
        .collect()
}

fn images(c: &Context) -> Answer {
    let mut rows: Vec<Vec<Text>> = Vec::new();
    for e in &c.containers {
        let image = image_of(e);
        let bases: Vec<&Attribute> = e.attributes_of("base-image").collect();
        if image.is_none() && bases.is_empty() {
            continue;
        }
        let cells = |all: &[&Attribute]| {
            let mut text = Text::default();
            for (i, a) in all.iter().enumerate().take(3) {
                let joint = if i == 0 { "" } else { ", elsewhere " };
                text = text
                    .then(joint)
                    .then_code(short_image(&a.value))
                    .from(&a.provenance);
            }
            match all.is_empty() {
                true => plain_cell(""),
                false => text,
            }
        };
        let cell = |a: Option<&Attribute>| match a {
            Some(a) => Text::code(short_image(&a.value)).from(&a.provenance),
            None => plain_cell(""),
        };
        let base = match bases.as_slice() {
            [] => match e.attribute("build") {
                Some(a) => Text::plain("built from ")
                    .then_code(&a.value)
                    .then("; no Dockerfile was read there")
                    .from(&a.provenance),
                None if e.source.is_some() => Text::plain(
                    "built from its source in this repository; no Dockerfile that makes it was found",
                ),
                None if is_ready(c, e) => Text::plain("ready image"),
                None => Text::plain("which Dockerfile makes it was not found"),
            },
            [one] => cell(Some(one)),
            [first, others @ ..] => cell(Some(first)).then(format!(" and {} more", others.len())),
        };
        let all = images_of(e);
        rows.push(vec![name(&e.name), cells(&all), base]);
    }
    if rows.is_empty()
        && let Some(text) = super::platform::untied_builds(c)
    {
        return Answer::text(text);
    }
    if rows.is_empty() {
        return c.absent(
            "container image",
            &["Dockerfiles", "Compose and Kubernetes files"],
            "deployment",
        );
    }
    let total = rows.len();
    rows.truncate(16);
    let mut blocks = vec![table(&["Container", "Image", "Built on"], rows)];
    if total > 16 {
        blocks.push(Block::Paragraph(more(total - 16)));
    }
    // The name that Compose gives to what it builds is no reference to something built before.
    let pulled = |e: &Element, a: &Attribute| {
        let builds = || {
            e.attributes_of("build")
                .flat_map(|b| &b.provenance.evidence)
        };
        let mut places = a.provenance.evidence.iter();
        places.any(|place| builds().all(|b| b.path != place.path))
    };
    let loose: Vec<(&Element, &Attribute)> = c
        .containers
        .iter()
        .flat_map(|e| images_of(e).into_iter().map(move |a| (*e, a)))
        .filter(|(e, a)| fixed(&a.value) == Some(false) && pulled(e, a))
        .collect();
    let text = match loose.len() {
        0 => Text::default(),
        n => {
            let verb = words::verb_for(
                n,
                " names no version, so it may change",
                " name no version, so they may change",
            );
            let shown = distinct(loose.iter().map(|(_, a)| a.value.as_str()));
            let text = Text::plain(format!(
                "{}{verb} between two starts: ",
                words::capital(&words::spelled_count(n, "image"))
            ));
            end(text
                .spans(names(shown, 5))
                .from(&first_places(loose.iter().map(|(_, a)| &a.provenance), 3)))
        }
    };
    Answer::both(text, blocks)
}

/// An image with its digest cut to what tells it apart.
fn short_image(image: &str) -> String {
    match image.split_once("@sha256:") {
        Some((before, digest)) => format!(
            "{before}@sha256:{}…",
            digest.chars().take(12).collect::<String>()
        ),
        None => words::short(image, 100),
    }
}

/// Host of the registry in the name of an image, if it names one.
fn registry_of(image: &str) -> Option<&str> {
    let (first, _) = image.split_once('/')?;
    // Behind the last point of a host stands a word, behind that of a version a number; an address is all numbers.
    let host = |(_, last): (&str, &str)| {
        last.starts_with(|c: char| c.is_ascii_alphabetic()) || first.parse::<Ipv4Addr>().is_ok()
    };
    (first.rsplit_once('.').is_some_and(host) || first.contains(':') || first == "localhost")
        .then_some(first)
        .filter(|f| !f.contains('$'))
}

fn image_registry(c: &Context) -> Answer {
    let mut hosts: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for e in &c.containers {
        for a in e.attributes_of("image") {
            if let Some(host) = registry_of(&a.value) {
                let entry = hosts.entry(host).or_default();
                if !entry.0.contains(&e.name.as_str()) {
                    entry.0.push(&e.name);
                }
                entry.1.push(&a.provenance);
            }
        }
    }
    let mut hosts: Vec<_> = hosts.into_iter().collect();
    hosts.sort_by_key(|(_, (elements, _))| std::cmp::Reverse(elements.len()));
    let mut items: Vec<Text> = hosts
        .into_iter()
        .map(|(host, (elements, sources))| {
            let verb = words::verb_for(elements.len(), " has the image of ", " has the images of ");
            let text = Text::code(host).then(verb).spans(names(elements, 4));
            end(text.from(&first_places(sources, 3)))
        })
        .collect();
    let seen: Vec<&Observation> = c.seen(Topic::ImageRegistry).to_vec();
    let mut jobs: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for group in groups(c, &seen) {
        jobs.entry(group.name).or_default().push(group);
    }
    for (host, all) in jobs {
        let text = Text::code(host).then(" is used by ");
        let details: Vec<&str> = all.iter().filter_map(|g| g.detail).collect();
        let text = match details.is_empty() {
            true => text.then("pipelines"),
            false => text.spans(inline(&words::list(&details, "and"))),
        };
        items.push(end(text.from(&first_places(
            all.iter().flat_map(|g| g.sources.iter().copied()),
            3,
        ))));
    }
    let hub: Vec<(&Element, &Attribute)> = ready(c)
        .into_iter()
        .filter(|(_, a)| registry_of(&a.value).is_none() && !a.value.contains('$'))
        .collect();
    if !hub.is_empty() {
        let n = words::capital(&words::spelled_count(hub.len(), "ready image"));
        let verb = words::verb_for(
            hub.len(),
            " names no registry and comes",
            " name no registry and come",
        );
        let short: Vec<String> = hub.iter().map(|(_, a)| short_image(&a.value)).collect();
        let shown = distinct(short.iter().map(String::as_str));
        let text = Text::plain(format!(
            "{n}{verb} from the default of the runtime, Docker Hub: "
        ))
        .spans(names(shown, 4));
        items.push(end(
            text.from(&first_places(hub.iter().map(|(_, a)| &a.provenance), 3))
        ));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "image registry",
            &[
                "images of Compose and Kubernetes files",
                "jobs of pipelines",
            ],
            "deployment",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_taken_apart() {
        for (image, version, is_fixed, registry) in [
            ("redis", None, Some(false), None),
            ("redis:alpine", Some("alpine"), Some(false), None),
            ("redis:7.2-alpine", Some("7.2-alpine"), Some(true), None),
            (
                "ghcr.io/acme/web:latest-7",
                Some("latest-7"),
                Some(false),
                Some("ghcr.io"),
            ),
            (
                "localhost:5000/web",
                None,
                Some(false),
                Some("localhost:5000"),
            ),
            ("acme/web@sha256:abc", Some("sha256:abc"), Some(true), None),
            ("${REGISTRY}/web:${TAG}", Some("${TAG}"), None, None),
            ("gcr.io/${PROJECT}/web", None, Some(false), Some("gcr.io")),
            ("${IMAGE}", None, None, None),
            ("shop-8.4/app:1.2", Some("1.2"), Some(true), None),
            (
                "10.0.0.5/shop:1.2",
                Some("1.2"),
                Some(true),
                Some("10.0.0.5"),
            ),
        ] {
            assert_eq!(version_of(image), version, "{image}");
            assert_eq!(fixed(image), is_fixed, "{image}");
            assert_eq!(registry_of(image), registry, "{image}");
        }
    }
}
