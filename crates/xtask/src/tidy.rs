//! Rules of the house that no compiler knows.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Which crate of ours may depend on which; ARCHITECTURE.md gives the reasons. Development
/// dependencies may add `groundplan-testing`.
const EDGES: [(&str, &[&str]); 12] = [
    (
        "groundplan",
        &[
            "groundplan-design",
            "groundplan-diagram",
            "groundplan-document",
            "groundplan-knowledge",
            "groundplan-model",
            "groundplan-picture",
            "groundplan-render",
            "groundplan-survey",
            "groundplan-syntax",
        ],
    ),
    (
        "groundplan-design",
        &[
            "groundplan-knowledge",
            "groundplan-model",
            "groundplan-syntax",
        ],
    ),
    ("groundplan-diagram", &["groundplan-model"]),
    (
        "groundplan-document",
        &[
            "groundplan-knowledge",
            "groundplan-model",
            "groundplan-syntax",
        ],
    ),
    ("groundplan-knowledge", &["groundplan-model"]),
    ("groundplan-model", &[]),
    ("groundplan-picture", &[]),
    (
        "groundplan-render",
        &[
            "groundplan-diagram",
            "groundplan-document",
            "groundplan-model",
        ],
    ),
    (
        "groundplan-survey",
        &[
            "groundplan-knowledge",
            "groundplan-model",
            "groundplan-syntax",
        ],
    ),
    ("groundplan-syntax", &["groundplan-model"]),
    ("groundplan-testing", &[]),
    (
        "xtask",
        &[
            "groundplan-design",
            "groundplan-document",
            "groundplan-knowledge",
            "groundplan-model",
            "groundplan-render",
            "groundplan-survey",
        ],
    ),
];

/// Where arguments, environment, clock or files may be touched; elsewhere a library must take
/// them as values.
const WORLD: [(&str, &[&str]); 3] = [
    (
        "std::env::",
        &[
            "crates/groundplan/",
            "crates/xtask/",
            "crates/groundplan-testing/",
            // Its table of calls that read the environment names them.
            "crates/groundplan-survey/src/extractors/rust_code.rs",
        ],
    ),
    ("SystemTime::now", &["crates/groundplan/", "crates/xtask/"]),
    (
        "std::fs::",
        &[
            "crates/groundplan/",
            "crates/xtask/",
            "crates/groundplan-testing/",
            "crates/groundplan-survey/src/cache.rs",
            "crates/groundplan-survey/src/declared.rs",
            "crates/groundplan-survey/src/survey.rs",
            "crates/groundplan-survey/src/tree.rs",
            "crates/groundplan-survey/src/walk.rs",
        ],
    ),
];

/// Lines beyond which a source file fails.
const LONGEST: usize = 1_000;

/// All faults, sorted.
pub(crate) fn run(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    edges(root, &mut faults)?;
    let files = tracked(root)?;
    for path in &files {
        let Ok(text) = std::fs::read_to_string(root.join(path)) else {
            continue;
        };
        if path.ends_with(".rs") && !path.contains("/fixtures/") && !path.starts_with("examples/") {
            source(path, &text, &mut faults);
        }
        if path.ends_with(".md") && !path.starts_with("examples/") && !path.contains("/fixtures/") {
            paths_exist(root, path, &text, &mut faults);
        }
    }
    crates_named(root, &files, &mut faults);
    faults.sort();
    Ok(faults)
}

fn tracked(root: &Path) -> Result<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("cannot run `git ls-files`")?;
    Ok(String::from_utf8_lossy(&listed.stdout)
        .lines()
        .map(str::to_owned)
        .collect())
}

fn edges(root: &Path, faults: &mut Vec<String>) -> Result<()> {
    let out = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root)
        .output()
        .context("cannot run `cargo metadata`")?;
    let metadata: Value =
        serde_json::from_slice(&out.stdout).context("`cargo metadata` gave no JSON")?;
    let allowed: BTreeMap<&str, &[&str]> = EDGES.into_iter().collect();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(allowed) = allowed.get(name) else {
            faults.push(format!(
                "{name}: no row in the table of edges of xtask/src/tidy.rs"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            let ours = to.starts_with("groundplan");
            let is_test = dependency["kind"].as_str() == Some("dev");
            if ours && !allowed.contains(&to) && !is_test {
                faults.push(format!(
                    "{name} depends on {to}, which the table of edges forbids"
                ));
            }
        }
        if package["license"].as_str() != Some("MIT OR Apache-2.0") {
            faults.push(format!("{name}: expected the licence of the workspace"));
        }
    }
    Ok(())
}

fn source(path: &str, text: &str, faults: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LONGEST {
        faults.push(format!(
            "{path}: {lines} lines, at most {LONGEST} are allowed"
        ));
    }
    let is_test =
        path.contains("/tests/") || path.ends_with("tests.rs") || path.ends_with("build.rs");
    // What stands below `#[cfg(test)]` is a test.
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    if !is_test && path.starts_with("crates/") && path.contains("/src/") {
        for (word, homes) in WORLD {
            let known = homes.iter().any(|home| path.starts_with(home));
            if code.contains(word) && !known {
                faults.push(format!(
                    "{path}: `{word}` is known only to {}",
                    homes.join(", ")
                ));
            }
        }
        if !text.starts_with("//!") && path.ends_with("lib.rs") {
            faults.push(format!(
                "{path}: expected a head that says what the crate is for"
            ));
        }
    }
    for (number, line) in text.lines().enumerate() {
        if line.trim_end() != line {
            faults.push(format!(
                "{path}:{}: blanks at the end of the line",
                number + 1
            ));
        }
    }
}

/// Paths in back quotes that begin with a folder of ours must exist: prose drifts first.
fn paths_exist(root: &Path, path: &str, text: &str, faults: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate() {
        for part in line.split('`').skip(1).step_by(2) {
            let ours = ["crates/", "docs/", "examples/", "bench/", ".ci/"];
            let plain = !part.contains(['*', '<', ' ', '{', '$', '…']);
            let target = part.split(':').next().unwrap_or(part);
            if ours.iter().any(|o| part.starts_with(o)) && plain && !root.join(target).exists() {
                faults.push(format!("{path}:{}: `{part}` does not exist", number + 1));
            }
        }
    }
}

/// ARCHITECTURE.md names every crate.
fn crates_named(root: &Path, files: &[String], faults: &mut Vec<String>) {
    let map = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    for file in files {
        if let Some(name) = file
            .strip_prefix("crates/")
            .and_then(|f| f.strip_suffix("/Cargo.toml"))
            && !name.contains('/')
            && !map.contains(&format!("`{name}`"))
        {
            faults.push(format!("ARCHITECTURE.md: `{name}` is not on the map"));
        }
    }
}
