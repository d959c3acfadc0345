//! Compose files of examples that alone start what the repository makes.

use super::rank;
use crate::extractors::published_images;
use crate::facts::{Claim, Deployable, FileFacts};
use crate::imports::is_version;
use crate::resolve::names::{image_name, is_test_word};
use crate::resolve::world::folder_of;
use groundplan_knowledge::Knowledge;
use std::collections::BTreeSet;

/// Which Compose files show how the product is run although their place is one of examples, and which others
/// bring only images of others: the first tell the system, the second what its developers use beside it.
/// Both are empty where a file of the system itself starts what the repository makes, or images that are no
/// product of others that is known: a system may be started from images that it has published.
pub(super) fn examples(
    files: &[FileFacts],
    knowledge: &Knowledge,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let names = product_names(files);
    let published = published(files);
    let is_own = |d: &Deployable| {
        d.build.is_some()
            || d.image.as_ref().is_some_and(|image| {
                let known = published_images::image(&image.value);
                known.is_some_and(|image| published.contains(image.as_str()))
                    || is_called(&names, image_name(&image.value))
            })
    };
    let (mut examples, mut others) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let deployed = file.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Deployable(d) => Some(d.as_ref()),
            _ => None,
        });
        let (mut any, mut own, mut composed, mut foreign) = (false, false, true, true);
        for d in deployed {
            any = true;
            foreign &= d
                .image
                .as_ref()
                .is_none_or(|image| knowledge.by_image(&image.value).is_some());
            own |= is_own(d) || d.image.is_none();
            composed &= d.source == "compose";
        }
        if !any {
            continue;
        }
        match (own, rank(&file.path)) {
            // The system itself starts it.
            (true, 0) => return (BTreeSet::new(), BTreeSet::new()),
            (false, 0) if composed && !foreign => {
                return (BTreeSet::new(), BTreeSet::new());
            }
            (true, _) if composed && !is_of_tests(&file.path) => {
                examples.insert(file.path.clone());
            }
            (false, 0) if composed => {
                others.insert(file.path.clone());
            }
            _ => {}
        }
    }
    match examples.is_empty() {
        true => (BTreeSet::new(), BTreeSet::new()),
        false => (examples, others),
    }
}

/// Whether an image is called as the product or begins with its name: `shop`, `shop-server`.
fn is_called(names: &BTreeSet<&str>, image: &str) -> bool {
    names.iter().any(|name| {
        let rest = image.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

/// What the manifests at the root call the product: the last part of the name, without the version that
/// modules of Go end in.
fn product_names(files: &[FileFacts]) -> BTreeSet<&str> {
    let roots = files.iter().filter(|f| folder_of(&f.path).is_empty());
    roots
        .flat_map(|f| &f.facts)
        .filter_map(|fact| match &fact.claim {
            Claim::Package(package) => Some(package.name.as_str()),
            _ => None,
        })
        .filter_map(|name| name.rsplit('/').find(|part| !is_version(part)))
        // Names such as `app` are those of many images.
        .filter(|name| name.len() > 3 && !matches!(*name, "server" | "backend" | "frontend"))
        .collect()
}

fn published(files: &[FileFacts]) -> BTreeSet<&str> {
    let facts = files.iter().flat_map(|f| &f.facts);
    facts
        .filter_map(|fact| match &fact.claim {
            Claim::Publishes(image) => Some(image.image.as_str()),
            _ => None,
        })
        .collect()
}

/// Whether the place of a file speaks of tests, of lessons or of a container to work in, and not of an example.
fn is_of_tests(path: &str) -> bool {
    let mut words = path
        .split(['/', '.', '-', '_'])
        .map(str::to_ascii_lowercase);
    words.any(|word| {
        is_test_word(&word)
            || matches!(
                word.as_str(),
                "tutorial"
                    | "tutorials"
                    | "demo"
                    | "demos"
                    | "playground"
                    | "sandbox"
                    | "devcontainer"
                    | "gitpod"
                    | "dev"
                    | "development"
                    | "ci"
                    | "github"
                    | "gitlab"
                    | "benchmark"
                    | "benchmarks"
                    | "fixtures"
                    | "testdata"
                    | "cypress"
                    | "playwright"
            )
    })
}
