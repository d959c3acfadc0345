//! Parts that a repository has several times over, once for each language: whichever of them a deployment
//! runs, the others are no parts beside it.

use super::Unit;
use crate::resolve::names::plain;
use crate::resolve::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// Words that folders are called after which hold a program in one language.
const LANGUAGES: [&str; 24] = [
    "c++",
    "clojure",
    "cpp",
    "csharp",
    "dotnet",
    "elixir",
    "erlang",
    "fsharp",
    "go",
    "golang",
    "groovy",
    "java",
    "javascript",
    "js",
    "kotlin",
    "net",
    "node",
    "nodejs",
    "php",
    "python",
    "ruby",
    "rust",
    "scala",
    "typescript",
];

/// Projects in folders of at least two languages below the folder that holds the manifest of a part and is
/// called like that part, of which no file tells the source: `stock/java/quarkus` and `stock/node` beside
/// `stock/kubernetes/stock.yaml`.
pub(super) fn in_several_languages(world: &World<'_>, units: &[Unit<'_>]) -> BTreeSet<usize> {
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for unit in units {
        if unit.project.is_some() || unit.technology.is_some() || !unit.images.is_empty() {
            continue;
        }
        let names: BTreeSet<String> = (unit.hosts.iter().map(|host| plain(host)))
            .chain([plain(&unit.name)])
            .collect();
        for (_, at) in unit.deployables.iter().chain(&unit.others) {
            let mut folder = String::new();
            let mut parts: Vec<&str> = at.path.split('/').collect();
            parts.pop();
            for part in parts {
                if !folder.is_empty() {
                    folder.push('/');
                }
                folder.push_str(part);
                if names.contains(&plain(part)) {
                    folders.insert(folder.clone());
                }
            }
        }
    }
    let mut found: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (index, project) in world.projects.iter().enumerate() {
        let of = folders.iter().find_map(|folder| {
            let rest = project.folder.strip_prefix(folder.as_str())?;
            let mut parts = rest.strip_prefix('/')?.split('/');
            let language = parts.find_map(|part| {
                let lower = part.to_ascii_lowercase();
                LANGUAGES.iter().find(|word| **word == lower).copied()
            });
            Some((folder.as_str(), language?))
        });
        if let Some((folder, language)) = of {
            let all = found.entry(folder).or_default();
            all.entry(language).or_default().push(index);
        }
    }
    let several = found.into_values().filter(|languages| languages.len() > 1);
    several.flat_map(BTreeMap::into_values).flatten().collect()
}
