//! The documents that this repository carries are what the program writes today.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_path_buf()
}

fn files_below(folder: &Path, base: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, base, all);
        } else {
            let name = path
                .strip_prefix(base)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            all.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// Writes the documents of `path` with `extra` options to a temporary folder inside the
/// repository's build folder and compares them with those in `path/docs/architecture`;
/// `UPDATE_EXPECT=1` writes them there instead.
fn fresh(path: &str, extra: &[&str]) {
    let source = root().join(path);
    let committed = source.join("docs/architecture");
    let mut before = BTreeMap::new();
    files_below(&committed, &committed, &mut before);
    let status = Command::new(env!("CARGO_BIN_EXE_groundplan"))
        .arg("generate")
        .arg(&source)
        .args(["--no-history", "--no-cache", "--quiet"])
        .args(extra)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "generate {path} ended with {status}");
    let mut after = BTreeMap::new();
    files_below(&committed, &committed, &mut after);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return;
    }
    let names: Vec<&String> = before.keys().chain(after.keys()).collect();
    let stale: std::collections::BTreeSet<&&String> = names
        .iter()
        .filter(|name| before.get(**name) != after.get(**name))
        .collect();
    // What was there is put back, so that a failing test changes nothing.
    for (name, text) in &before {
        std::fs::write(committed.join(name), text).unwrap();
    }
    assert!(
        stale.is_empty(),
        "{path}: stale documents (UPDATE_EXPECT=1 rewrites): {stale:?}"
    );
}

#[test]
fn documents_of_the_example_are_fresh() {
    fresh("examples/shop", &["--outline", "all"]);
}

#[test]
fn documents_of_the_designed_example_are_fresh() {
    fresh("examples/boxoffice", &[]);
}

#[test]
fn own_documents_are_fresh() {
    fresh("", &["--outline", "reference,technical"]);
}
