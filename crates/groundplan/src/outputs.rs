//! Writing: all or nothing, and never over somebody's work.
//!
//! Beside the outputs stands a manifest with the hash of each. A file that is not in it, or whose
//! content no longer has that hash, was written or edited by a person and is refused.

use anyhow::{Context, Result, bail};
use groundplan_survey::MANIFEST;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    /// What this file is, for whoever finds it.
    about: String,
    /// Relative path to hash.
    files: BTreeMap<String, String>,
    /// While a run is writing: the hashes of what it replaces. A run that was killed leaves them,
    /// so that the next one knows both texts as generated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    replaced: BTreeMap<String, BTreeSet<String>>,
}

impl Manifest {
    /// Whether a run of Groundplan wrote what has this hash; `None` for a name it never wrote.
    fn wrote(&self, name: &str, hash: &str) -> Option<bool> {
        let now = self.files.get(name);
        let before = self.replaced.get(name);
        if now.is_none() && before.is_none() {
            return None;
        }
        Some(now.is_some_and(|h| h == hash) || before.is_some_and(|all| all.contains(hash)))
    }

    /// Every name with all its hashes.
    fn all(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all = self.replaced.clone();
        for (name, hash) in &self.files {
            all.entry(name.clone()).or_default().insert(hash.clone());
        }
        all
    }
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
        // What a link leads to may lie anywhere and is not shown.
        if path.is_symlink() {
            all.push(Refusal {
                path,
                why: "a link, not written by Groundplan",
                diff: String::new(),
            });
            continue;
        }
        let Ok(found) = std::fs::read(&path) else {
            continue;
        };
        if found == text.as_bytes() {
            continue;
        }
        let why = match manifest.wrote(name, &hash_of(&found)) {
            Some(true) => continue,
            Some(false) => "edited by hand",
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

/// Fails if a link on the way to one of `names` leads out of `root`: a repository may hold any
/// links, and nobody who surveys it wants files written elsewhere.
pub(crate) fn stay_inside<'a>(root: &Path, names: impl IntoIterator<Item = &'a str>) -> Result<()> {
    let full = root
        .canonicalize()
        .with_context(|| format!("cannot open {}", root.display()))?;
    let mut seen = BTreeSet::new();
    for name in names {
        for folder in Path::new(name).ancestors().skip(1) {
            let path = root.join(folder);
            if seen.insert(path.clone())
                && path.is_symlink()
                && !path
                    .canonicalize()
                    .is_ok_and(|target| target.starts_with(&full))
            {
                bail!(
                    "refused to follow the link {} out of the repository",
                    path.display()
                );
            }
        }
    }
    Ok(())
}

/// Writes the files, removes those of the last run that are no longer made and that nobody
/// edited. Each file is written beside its place and renamed. The manifest is written first with
/// the hashes of both texts, and last with those of the new one.
pub(crate) fn write(folder: &Path, files: &Files) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let before = read_manifest(folder);
    let mut manifest = Manifest {
        about:
            "Written by `groundplan generate`. Hashes (BLAKE3) tell hand edits from generated text."
                .to_owned(),
        files: files
            .iter()
            .map(|(name, text)| (name.clone(), hash_of(text.as_bytes())))
            .collect(),
        replaced: before.all(),
    };
    if before.files != manifest.files {
        write_manifest(folder, &manifest)?;
    }
    for (name, text) in files {
        write_one(&folder.join(name), text.as_bytes())?;
    }
    for (name, hashes) in manifest
        .replaced
        .iter()
        .filter(|(name, _)| !files.contains_key(*name))
    {
        // The manifest may come with a hostile repository.
        let plain = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let path = folder.join(name);
        if plain
            && !path.is_symlink()
            && stay_inside(folder, [name.as_str()]).is_ok()
            && std::fs::read(&path).is_ok_and(|found| hashes.contains(&hash_of(&found)))
        {
            let _ = std::fs::remove_file(&path);
        }
    }
    manifest.replaced.clear();
    write_manifest(folder, &manifest)
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<()> {
    let text = serde_json::to_string_pretty(manifest).context("cannot write the manifest")?;
    write_one(&folder.join(MANIFEST), format!("{text}\n").as_bytes())
}

/// Writes a file beside its place and renames it, so that it is whole or not there.
pub(crate) fn write_one(path: &Path, bytes: &[u8]) -> Result<()> {
    if !path.is_symlink() && std::fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = std::fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}
