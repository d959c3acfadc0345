//! Stories about containers: images that move, power over the host, root.

use super::{Story, story};

use super::super::goals::distinct;
use super::super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{Element, Provenance};
use std::collections::BTreeMap;

/// Whether nothing pins the content of an image: no tag, or one that moves.
pub(super) fn is_moving(e: &Element, image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    let open = match name.split_once(':') {
        None => true,
        Some((_, tag)) => ["latest", "nightly", "edge", "master", "main"].contains(&tag),
    };
    // A name without a registry that is the element's own is filled in by the build.
    let own = !image.contains('/')
        && (image == e.name || e.aliases.iter().any(|a| a == image))
        && !e.is_store();
    open && !own && !image.contains(['@', '$', '{'])
}

/// Images that another party can replace: tampering.
pub(super) fn moving_images(c: &Context) -> Option<Story> {
    let mut moving: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for e in &c.containers {
        // What a deployment file builds is not pulled; an image of one's own that it only names is.
        if e.attribute("build").is_some() || super::super::deployment::is_of_development(e) {
            continue;
        }
        for a in e.attributes_of("image").filter(|a| is_moving(e, &a.value)) {
            let entry = moving.entry(&a.value).or_default();
            entry.0.push(&e.name);
            entry.1.push(&a.provenance);
        }
    }
    let (image, (users, places)) = moving
        .iter()
        .max_by_key(|(image, (users, _))| (users.len(), std::cmp::Reverse(**image)))?;
    let tagged = image.rsplit('/').next().is_some_and(|n| n.contains(':'));
    let text = Text::plain("Whoever can push to ")
        .then_code(*image)
        .then(" decides what runs as ")
        .spans(names(users.iter().copied(), 4))
        .then(if tagged {
            ": its tag moves, and no digest pins the content"
        } else {
            ": no tag or digest pins the content"
        });
    let text = match moving.len() - 1 {
        0 => text,
        n => end(text).then(format!(
            " The same holds for {}.",
            words::spelled_count(n, "other image")
        )),
    };
    let others = moving
        .iter()
        .filter(|(other, _)| *other != image)
        .flat_map(|(_, (_, p))| p.iter());
    let sources = places.iter().take(2).chain(others).copied();
    Some(story(2, "Tampering", text.from(&first_places(sources, 3))))
}

/// Containers with the power of their host, and those that run as root: elevation of privilege.
pub(super) fn mighty_containers(c: &Context) -> Vec<Story> {
    let mut all = Vec::new();
    let mut mighty: Vec<(&Element, &groundplan_model::Attribute, &str)> = Vec::new();
    for e in &c.containers {
        for a in &e.attributes {
            let why = match a.key.as_str() {
                "privileged" if a.value == "true" => "runs privileged",
                "volume" if a.value.contains("docker.sock") => "holds the socket of Docker",
                _ => continue,
            };
            mighty.push((e, a, why));
        }
    }
    if let Some((e, _, why)) = mighty.first() {
        let of = |reason: &str| {
            distinct(
                mighty
                    .iter()
                    .filter(|(_, _, r)| *r == reason)
                    .map(|(e, _, _)| e.name.as_str()),
            )
        };
        let others: Vec<&str> = of(why).into_iter().filter(|n| *n != e.name).collect();
        let mut text = Text::plain("Whoever breaks into ")
            .then_code(&e.name)
            .then(format!(" owns the host, since it {why}"));
        if !others.is_empty() {
            text = end(text)
                .then(" The same goes for ")
                .spans(names(others, 4));
        }
        // Another reason is told as such.
        for reason in distinct(mighty.iter().map(|(_, _, r)| *r).filter(|r| r != why)) {
            let all: Vec<&str> = of(reason).into_iter().filter(|n| *n != e.name).collect();
            if !all.is_empty() {
                text = end(text)
                    .then(" So does whoever breaks into ")
                    .spans(words::list_spans(
                        all.iter().map(|n| Span::Code((*n).to_owned())).collect(),
                        4,
                        "or",
                    ))
                    .then(format!(", which {reason}"));
            }
        }
        let sources = mighty.iter().map(|(_, a, _)| &a.provenance);
        all.push(story(
            3,
            "Elevation of privilege",
            text.from(&first_places(sources, 3)),
        ));
    }
    let root: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| runs_as_root(e))
        .copied()
        .collect();
    if let Some(first) = root.first() {
        let entry = root
            .iter()
            .find(|e| !e.reachable_ports().is_empty())
            .unwrap_or(first);
        let total = c
            .containers
            .iter()
            .filter(|e| e.attribute("base-image").is_some())
            .count();
        // What is seen is the start; a server may give root up before it answers.
        let text = Text::code(&entry.name)
            .then(" starts as root inside its container: the Dockerfile sets no other user");
        let base = entry.attribute("base-image").map(|a| a.value.as_str());
        let text = match base {
            Some(base) => text
                .then(", and its base ")
                .then_code(super::super::found::short_image(base))
                .then(" starts as root"),
            None => text,
        };
        let text = match root.len() {
            1 => text,
            n if n == total => end(text).then(format!(
                " So {} all {} with a Dockerfile.",
                words::verb_for(n, "does", "do"),
                words::spelled_count(n, "container")
            )),
            n => end(text).then(format!(
                " So {} {} of {} with a Dockerfile.",
                words::verb_for(n, "does", "do"),
                words::spelled(n),
                words::spelled_count(total, "container")
            )),
        };
        let text = match inherited(c).as_slice() {
            [] => text,
            some => end(text)
                .then(words::verb_for(
                    some.len(),
                    " With the user of its base, which is not written here, runs ",
                    " With the users of their bases, which are not written here, run ",
                ))
                .spans(names(some.iter().copied(), 4)),
        };
        let sources = std::iter::once(*entry)
            .chain(root.iter().copied())
            .filter_map(|e| e.attribute("base-image"))
            .map(|a| &a.provenance);
        all.push(story(
            1,
            "Elevation of privilege",
            text.from(&first_places(sources, 3)),
        ));
    }
    all
}

/// Names of own images without a user of their own whose base may have set one.
fn inherited<'a>(c: &Context<'a>) -> Vec<&'a str> {
    let silent = |e: &&&Element| {
        e.attribute("user").is_none()
            && e.attribute("gives-root-up").is_none()
            && e.attribute("run-as-non-root").is_none()
            && e.attributes_of("base-image")
                .any(|a| !a.value.contains('$') && !starts_as_root(&a.value))
    };
    c.containers
        .iter()
        .filter(silent)
        .map(|e| e.name.as_str())
        .collect()
}

/// Whether the default user of a published image is root: systems, languages and their tools.
/// Products are left out, since many of them come with a user of their own.
fn starts_as_root(image: &str) -> bool {
    const ROOT: [&str; 44] = [
        "almalinux",
        "alpine",
        "amazoncorretto",
        "amazonlinux",
        "archlinux",
        "aspnet",
        "buildpack-deps",
        "bun",
        "busybox",
        "caddy",
        "centos",
        "clojure",
        "composer",
        "dart",
        "debian",
        "debian-slim",
        "deno",
        "eclipse-temurin",
        "elixir",
        "erlang",
        "fedora",
        "golang",
        "gradle",
        "haskell",
        "httpd",
        "java",
        "jdk",
        "jre",
        "julia",
        "maven",
        "nginx",
        "node",
        "openjdk",
        "perl",
        "php",
        "python",
        "rockylinux",
        "ruby",
        "runtime",
        "runtime-deps",
        "rust",
        "scratch",
        "swift",
        "ubuntu",
    ];
    let name = image.split('@').next().unwrap_or(image);
    let name = name.rsplit('/').next().unwrap_or(name);
    let (name, _) = name.split_once(':').unwrap_or((name, ""));
    ROOT.contains(&name)
}

/// Whether an own image names no user, its base none that is known, the deployment none, and what it starts
/// does not go on as another.
pub(super) fn runs_as_root(e: &Element) -> bool {
    let bases: Vec<&str> = e
        .attributes_of("base-image")
        .map(|a| a.value.as_str())
        .collect();
    let unprivileged = |b: &&str| {
        let lower = b.to_lowercase();
        [
            "nonroot",
            "non-root",
            "chiseled",
            "unprivileged",
            "rootless",
            "chainguard",
            "bitnami",
            "$",
        ]
        .iter()
        .any(|w| lower.contains(w))
    };
    let users: Vec<&str> = e.attributes_of("user").map(|a| a.value.as_str()).collect();
    let root = |u: &&str| matches!(u.split(':').next(), Some("0" | "root"));
    !bases.is_empty()
        && bases.iter().all(|b| starts_as_root(b))
        && !bases.iter().any(unprivileged)
        && users.iter().all(root)
        && e.attribute("gives-root-up").is_none()
        && !e
            .attributes_of("run-as-non-root")
            .any(|a| a.value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;
    use groundplan_model::{Attribute, ElementKind};

    fn element(attributes: &[(&str, &str)]) -> Element {
        let source = Provenance::observed([]);
        let mut e = Element::new("cart", ElementKind::Container, "cart", source.clone());
        e.attributes = attributes
            .iter()
            .map(|(key, value)| Attribute {
                key: (*key).to_owned(),
                value: (*value).to_owned(),
                provenance: source.clone(),
            })
            .collect();
        e
    }

    #[test]
    fn images_move_without_a_fixed_tag() {
        let e = element(&[]);
        for image in [
            "redis",
            "redis:latest",
            "ghcr.io/acme/x:nightly",
            "localhost:5000/x",
        ] {
            assert!(is_moving(&e, image), "{image}");
        }
        for image in [
            "redis:7.2",
            "redis@sha256:00",
            "x:${TAG}",
            "cart",
            "redis:7-alpine",
        ] {
            assert!(!is_moving(&e, image), "{image}");
        }
    }

    #[test]
    fn root_is_what_no_file_forbids() {
        assert!(runs_as_root(&element(&[("base-image", "node:22")])));
        assert!(runs_as_root(&element(&[
            ("base-image", "node:22"),
            ("user", "0:0")
        ])));
        assert!(!runs_as_root(&element(&[
            ("base-image", "node:22"),
            ("user", "app")
        ])));
        assert!(!runs_as_root(&element(&[(
            "base-image",
            "gcr.io/distroless/base:nonroot"
        )])));
        let forbidden = [("base-image", "node:22"), ("run-as-non-root", "true")];
        assert!(!runs_as_root(&element(&forbidden)));
        assert!(!runs_as_root(&element(&[("base-image", "${BASE}")])));
        assert!(!runs_as_root(&element(&[])));
    }
}
