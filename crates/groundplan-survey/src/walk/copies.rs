//! Libraries of others that somebody has copied among the files of a program: folders beside each other
//! that each come with a licence of their own and with nothing that builds them.

use super::{Found, Walked};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer copies beside each other are no habit.
const FEWEST: usize = 3;

/// Names of folders that hold what others made.
const HOLDERS: [&str; 12] = [
    "lib",
    "libs",
    "vendors",
    "vendored",
    "_vendor",
    "external",
    "externals",
    "extern",
    "deps",
    "dependencies",
    "third-party",
    "3rdparty",
];

/// Files that say how a folder is built or published: such a folder may be a package of one's own.
const MANIFESTS: [&str; 18] = [
    "package.json",
    "project.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Cargo.toml",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "mix.exs",
    "Dockerfile",
    "CMakeLists.txt",
    "BUILD",
    "BUILD.bazel",
    "Package.swift",
    "build.sbt",
];

/// Takes copies of libraries out of what was found and names their folders among what was passed over.
pub(super) fn drop_copies(walked: &mut Walked) {
    let copies = copies(&walked.files);
    if copies.is_empty() {
        return;
    }
    // A folder stands before all that lies in it, and nothing else does between.
    let within = |path: &str| {
        let mut ends = path.match_indices('/').map(|(end, _)| &path[..end]);
        ends.any(|folder| copies.contains(folder))
    };
    walked.files.retain(|file| !within(&file.path));
    let passed = walked.passed.entry("code of others").or_default();
    passed.extend(copies);
}

fn copies(files: &[Found]) -> BTreeSet<String> {
    // By the folder above: folders with a licence of their own.
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut built: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        let Some((folder, name)) = file.path.rsplit_once('/') else {
            continue;
        };
        let ends = [".csproj", ".fsproj", ".gemspec"];
        if MANIFESTS.contains(&name) || ends.iter().any(|end| name.ends_with(end)) {
            let outer = folder.match_indices('/').map(|(end, _)| &folder[..end]);
            built.extend(outer.chain([folder]));
        }
        let (above, _) = folder.rsplit_once('/').unwrap_or(("", folder));
        if !HOLDERS.contains(&above.rsplit('/').next().unwrap_or(above)) {
            continue;
        }
        let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
        if matches!(stem.as_str(), "LICENSE" | "LICENCE" | "COPYING") {
            all.entry(above).or_default().insert(folder);
        }
    }
    for folders in all.values_mut() {
        folders.retain(|folder| !built.contains(folder));
    }
    all.retain(|_, folders| folders.len() >= FEWEST);
    all.into_values().flatten().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paths: &[&str]) -> Vec<String> {
        let files = paths.iter().map(|path| Found {
            path: (*path).to_owned(),
            full: path.into(),
        });
        copies(&files.collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn folders_with_licences_and_no_manifest_are_copies() {
        let paths = [
            "server/libs/async/LICENSE",
            "server/libs/async/index.js",
            "server/libs/jwa/LICENSE.md",
            "server/libs/own/index.js",
            "server/libs/rss/LICENSE",
        ];
        assert_eq!(
            of(&paths),
            ["server/libs/async", "server/libs/jwa", "server/libs/rss"]
        );
        assert!(of(&paths[..3]).is_empty());
    }

    #[test]
    fn packages_of_a_workspace_are_none() {
        let packages = ["a", "b", "c", "d"];
        let paths: Vec<String> = packages
            .iter()
            .flat_map(|p| {
                [
                    format!("libs/{p}/LICENSE"),
                    format!("libs/{p}/package.json"),
                ]
            })
            .collect();
        assert!(of(&paths.iter().map(String::as_str).collect::<Vec<_>>()).is_empty());
        assert!(of(&["apps/a/LICENSE", "apps/b/LICENSE", "apps/c/LICENSE"]).is_empty());
    }
}
