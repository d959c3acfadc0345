//! Writing: all or nothing, and never over somebody's work.
//!
//! Beside the outputs stands a manifest with the hash of each. A file that is not in it, or whose
//! content no longer has that hash, was written or edited by a person and is refused.

use anyhow::{Context, Result};
use groundplan_survey::MANIFEST;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    /// What this file is, for whoever finds it.
    about: String,
    /// Relative path to hash.
    files: BTreeMap<String, String>,
}

/// What stands in the way of writing.
pub(crate) struct Refusal {
    /// Path as the user knows it.
    pub(crate) path: PathBuf,
    /// `edited by hand` or `not written by Groundplan`.
    pub(crate) why: &'static str,
    /// What would change, as a unified diff.
    pub(crate) diff: String,
}

/// Files to write into one folder: relative path to content.
pub(crate) type Files = BTreeMap<String, String>;

/// What would be overwritten although a person wrote it.
pub(crate) fn refusals(folder: &Path, files: &Files) -> Vec<Refusal> {
    let manifest = read_manifest(folder);
    let mut all = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        let Ok(found) = std::fs::read(&path) else {
            continue;
        };
        if found == text.as_bytes() {
            continue;
        }
        let why = match manifest.files.get(name) {
            Some(hash) if *hash == hash_of(&found) => continue,
            Some(_) => "edited by hand",
            None => "not written by Groundplan",
        };
        let found = String::from_utf8_lossy(&found).into_owned();
        let diff = similar::TextDiff::from_lines(found.as_str(), text.as_str());
        let diff = diff
            .unified_diff()
            .context_radius(1)
            .header("as it is", "as it would be")
            .to_string();
        all.push(Refusal {
            path,
            why,
            diff: diff.lines().take(24).collect::<Vec<_>>().join("\n"),
        });
    }
    all
}

fn read_manifest(folder: &Path) -> Manifest {
    let text = std::fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Writes the files, removes those of the last run that are no longer made and that nobody
/// edited, and writes the manifest last. Each file is written beside its place and renamed.
pub(crate) fn write(folder: &Path, files: &Files) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let before = read_manifest(folder);
    for (name, text) in files {
        write_one(&folder.join(name), text)?;
    }
    let now: BTreeSet<&String> = files.keys().collect();
    for (name, hash) in before.files.iter().filter(|(name, _)| !now.contains(name)) {
        let sound = !name.split('/').any(|part| part == "..") && !name.starts_with('/');
        let path = folder.join(name);
        if sound && std::fs::read(&path).is_ok_and(|found| hash_of(&found) == *hash) {
            let _ = std::fs::remove_file(&path);
        }
    }
    let manifest = Manifest {
        about:
            "Written by `groundplan generate`. Hashes (BLAKE3) tell hand edits from generated text."
                .to_owned(),
        files: files
            .iter()
            .map(|(name, text)| (name.clone(), hash_of(text.as_bytes())))
            .collect(),
    };
    let text = serde_json::to_string_pretty(&manifest).context("cannot write the manifest")?;
    write_one(&folder.join(MANIFEST), &format!("{text}\n"))
}

/// Writes a file beside its place and renames it, so that it is whole or not there.
pub(crate) fn write_one(path: &Path, text: &str) -> Result<()> {
    if std::fs::read(path).is_ok_and(|found| found == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = std::fs::File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}
