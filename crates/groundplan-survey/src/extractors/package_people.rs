//! Whom the manifest of the whole names as its authors or maintainers.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use crate::statements::said::{is_placeholder, without_addresses};
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "package-people",
    docs: "\
### What it finds
Names of authors and maintainers in `package.json`, `composer.json`, `pyproject.toml` and `Cargo.toml` at the root,
and of the maintainer of packages that GoReleaser makes.

### What it does not find
E-mail addresses, which are left out, and a name that is only an address.
",
    reads: &[Reads::Paths(&[
        "package.json",
        "composer.json",
        "pyproject.toml",
        "Cargo.toml",
        ".goreleaser.yml",
        ".goreleaser.yaml",
    ])],
    markers: &["author", "maintainer"],
    run: extract,
};

/// Names that are told.
const MOST: usize = 6;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.path.contains('/') {
        return;
    }
    let name = file.name();
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut what = "Author";
    match name {
        "pyproject.toml" | "Cargo.toml" => {
            let Some(root) = file.toml() else {
                return;
            };
            for path in [&["project"][..], &["tool", "poetry"], &["package"]] {
                let Some(package) = root.at(path) else {
                    continue;
                };
                for key in ["maintainers", "authors"] {
                    if let Some(node) = package.get(key).filter(|_| found.is_empty()) {
                        what = if key == "authors" {
                            "Author"
                        } else {
                            "Maintainer"
                        };
                        people(node, &mut found);
                    }
                }
            }
        }
        "package.json" | "composer.json" => {
            let Some(root) = file.json() else {
                return;
            };
            for key in ["maintainers", "author", "authors"] {
                if let Some(node) = root.get(key).filter(|_| found.is_empty()) {
                    what = if key == "maintainers" {
                        "Maintainer"
                    } else {
                        "Author"
                    };
                    people(node, &mut found);
                }
            }
        }
        _ => {
            for root in file.yaml().iter().take(1) {
                let all = root.get("nfpms").map(Node::items).unwrap_or_default();
                for one in all {
                    if let Some(node) = one.get("maintainer").filter(|_| found.is_empty()) {
                        what = "Maintainer of the packages";
                        people(node, &mut found);
                    }
                }
            }
        }
    }
    let Some((_, line)) = found.first().cloned() else {
        return;
    };
    let more = found.len().saturating_sub(MOST);
    let mut names: Vec<String> = found.into_iter().take(MOST).map(|(name, _)| name).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let mark = Mark {
        topic: Topic::Stated,
        name: "maintainers".to_owned(),
        detail: Some(format!("{what}: {}", names.join(", "))),
    };
    acc.add(file, line, line, Claim::Mark(mark));
}

/// The names in a text, an object or a list of them.
fn people(node: &Node, found: &mut Vec<(String, u32)>) {
    let mut add = |text: &str, line: u32| {
        let bare = text.split(" (http").next().unwrap_or(text);
        let name = without_addresses(bare);
        let name = name.trim().to_owned();
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        if letters > 2
            && name.len() < 80
            && !name.contains("://")
            && !is_placeholder(&name)
            && !found.iter().any(|(n, _)| *n == name)
        {
            found.push((name, line));
        }
    };
    let mut one = |node: &Node| match node.str() {
        Some(text) => add(text, node.first),
        None => {
            if let Some(name) = node.str_of("name") {
                add(name, node.first);
            }
        }
    };
    match node.items() {
        items if !items.is_empty() => {
            for item in items {
                one(item);
            }
        }
        _ => one(node),
    }
}
