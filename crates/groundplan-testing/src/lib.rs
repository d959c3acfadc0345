//! Fixture runner and comparison for the tests of the other crates (a dev-dependency only).
//!
//! A fixture is a folder `<root>/<name>/<case>/` with an input and an `expected.txt`.
//! `UPDATE_EXPECT=1` rewrites what is expected, `CASE=name/case` runs one case.
#![allow(
    clippy::panic,
    clippy::print_stderr,
    reason = "a test helper reports by panicking"
)]

use std::path::{Path, PathBuf};

/// One fixture folder.
pub struct Case {
    /// `name/case`.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
}

/// All cases below `root`, sorted; two levels deep.
///
/// # Panics
/// If `root` cannot be read or holds no case: a test that runs nothing must not pass.
pub fn cases(root: &Path) -> Vec<Case> {
    let mut found = Vec::new();
    for name in folders(root) {
        for case in folders(&name) {
            let label = |p: &Path| {
                p.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned()
            };
            found.push(Case {
                name: format!("{}/{}", label(&name), label(&case)),
                path: case,
            });
        }
    }
    if let Ok(wanted) = std::env::var("CASE") {
        found.retain(|case| case.name.contains(&wanted));
    }
    assert!(
        !found.is_empty(),
        "no fixture found below {}",
        root.display()
    );
    found
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", root.display()));
    let mut all: Vec<PathBuf> = entries
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.is_dir())
        .collect();
    all.sort();
    all
}

/// Runs every case below `root`; `run` returns the text that `expected.txt` should hold.
///
/// # Panics
/// If a case differs from its expectation, after all have run, with a diff of each.
pub fn run(root: &Path, run: impl Fn(&Case) -> String) {
    let mut failed = Vec::new();
    for case in cases(root) {
        if !matches(&case.path.join("expected.txt"), &run(&case)) {
            failed.push(case.name);
        }
    }
    assert!(
        failed.is_empty(),
        "cases differ (UPDATE_EXPECT=1 rewrites): {failed:?}"
    );
}

/// Whether `found` is what `expected` holds; prints a diff if not. With `UPDATE_EXPECT=1` the file
/// is rewritten and the answer is yes.
pub fn matches(expected: &Path, found: &str) -> bool {
    let wanted = std::fs::read_to_string(expected).unwrap_or_default();
    if wanted == found {
        return true;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(expected, found)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", expected.display()));
        return true;
    }
    let diff = similar::TextDiff::from_lines(wanted.as_str(), found);
    eprintln!(
        "--- {}\n{}",
        expected.display(),
        diff.unified_diff().context_radius(3)
    );
    false
}
