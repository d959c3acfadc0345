//! The walk: which files there are, in a fixed order.

use globset::{Glob, GlobSet, GlobSetBuilder};
use groundplan_model::{Diagnostic, Severity};
use ignore::{WalkBuilder, WalkState};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Folders that hold the code of others or the results of builds, whatever `.gitignore` says.
const FOREIGN: [&str; 14] = [
    "node_modules",
    "bower_components",
    "jspm_packages",
    "vendor",
    "third_party",
    "thirdparty",
    "site-packages",
    "__pycache__",
    ".venv",
    "venv",
    ".tox",
    ".git",
    ".hg",
    ".svn",
];

/// The file that lists what Groundplan wrote into a folder, with hashes.
pub const MANIFEST: &str = ".groundplan-manifest.json";

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Path relative to the root, with `/`.
    pub(crate) path: String,
    /// Where it can be opened.
    pub(crate) full: PathBuf,
}

/// What the walk found.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Files, sorted by path.
    pub(crate) files: Vec<Found>,
    /// What was passed over: reason and path.
    pub(crate) passed: BTreeMap<&'static str, BTreeSet<String>>,
    /// Links to other paths below the root, which are not followed, with what they point at.
    pub(crate) links: BTreeMap<String, String>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Finds the files below `root`. Links are never followed; `.gitignore` files inside the root
/// count, those of the user's account do not, so that every machine sees the same. What git keeps
/// all the same is read.
pub(crate) fn walk(root: &Path, include: &[String], exclude: &[String]) -> Walked {
    let (include, mut faults) = globs(include);
    let (exclude, more) = globs(exclude);
    faults.extend(more);
    let found = Mutex::new(Walked {
        diagnostics: faults,
        ..Walked::default()
    });
    let mut builder = WalkBuilder::new(root);
    builder
        .hidden(false)
        .parents(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .follow_links(false)
        .max_depth(Some(256));
    let passed = std::sync::Arc::new(Mutex::new(BTreeSet::new()));
    let sink = std::sync::Arc::clone(&passed);
    let base = root.to_path_buf();
    builder.filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
        let foreign = is_folder
            && entry.depth() > 0
            && entry
                .file_name()
                .to_str()
                .is_some_and(|name| FOREIGN.contains(&name))
            && !is_own_vendor(&base, entry.path());
        if foreign
            && let Some(path) = relative(&base, entry.path())
            && !path.ends_with(".git")
            && let Ok(mut sink) = sink.lock()
        {
            sink.insert(path);
        }
        !foreign
    });
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            let Ok(mut walked) = found.lock() else {
                return WalkState::Quit;
            };
            match entry {
                Ok(entry) => visit(&mut walked, root, &entry, &include, &exclude),
                Err(error) => {
                    // The text of the error may hold an absolute path.
                    let text = error.to_string().replace(&*root.to_string_lossy(), ".");
                    walked.diagnostics.push(
                        Diagnostic::new(Severity::Warning, "unreadable-folder", text)
                            .help("give read permission, or exclude it with `--exclude`"),
                    );
                }
            }
            WalkState::Continue
        })
    });
    let mut walked = found.into_inner().unwrap_or_default();
    walked.files.sort();
    add_tracked(&mut walked, root, &include, &exclude);
    walked.diagnostics.sort();
    if let Ok(passed) = passed.lock() {
        walked
            .passed
            .entry("code of others")
            .or_default()
            .extend(passed.iter().cloned());
    }
    drop_outputs(&mut walked);
    walked
}

/// Whether a folder that is called `vendor` is a module of the code around it, such as that of the
/// sellers of a shop: it stands in the folders of a package of Java, its own language declares it as
/// a module, or a file in it is named for it. Folders above `root` say nothing.
fn is_own_vendor(root: &Path, folder: &Path) -> bool {
    if folder.file_name().and_then(|name| name.to_str()) != Some("vendor") {
        return false;
    }
    let above = |name: &str| folder.parent().is_some_and(|up| up.join(name).is_file());
    // Managers of packages put theirs beside their manifests, and list it.
    if ["go.mod", "composer.json", "Gemfile"]
        .into_iter()
        .any(above)
        || ["modules.txt", "autoload.php"]
            .iter()
            .any(|name| folder.join(name).exists())
    {
        return false;
    }
    let inner = relative(root, folder).unwrap_or_default();
    let parts: Vec<&str> = inner.split('/').collect();
    let in_package = parts.windows(2).any(|pair| {
        matches!(pair[1], "java" | "kotlin" | "scala" | "groovy")
            && matches!(pair[0], "main" | "test" | "src" | "commonMain")
    });
    if in_package || folder.join("mod.rs").is_file() || above("vendor.rs") {
        return true;
    }
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    let own = |name: &str| {
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        let first = stem.split(['.', '-', '_']).next().unwrap_or_default();
        match end {
            // `vendor.controller.ts`, `page.tsx` of a route
            "ts" | "tsx" | "vue" | "svelte" | "jsx" => {
                first.eq_ignore_ascii_case("vendor")
                    || first.eq_ignore_ascii_case("vendors")
                    || matches!(stem, "page" | "route" | "layout")
            }
            // An application of Django.
            "py" => matches!(stem, "models" | "views" | "apps" | "urls" | "admin"),
            _ => false,
        }
    };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_str().is_some_and(own))
}

fn visit(
    walked: &mut Walked,
    root: &Path,
    entry: &ignore::DirEntry,
    include: &Option<GlobSet>,
    exclude: &Option<GlobSet>,
) {
    let Some(kind) = entry.file_type() else {
        return;
    };
    let Some(path) = relative(root, entry.path()) else {
        if !kind.is_dir() {
            let name = entry
                .path()
                .to_string_lossy()
                .replace(&*root.to_string_lossy(), ".");
            walked
                .passed
                .entry("name is not UTF-8")
                .or_default()
                .insert(name);
        }
        return;
    };
    if kind.is_symlink() {
        let target = std::fs::read_link(entry.path()).ok();
        let target = target.as_deref().and_then(Path::to_str).and_then(|target| {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            crate::source::join(folder, &target.replace('\\', "/"))
        });
        if let Some(target) = target {
            walked.links.insert(path.clone(), target);
        }
        walked
            .passed
            .entry("symbolic link")
            .or_default()
            .insert(path);
        return;
    }
    let unwanted = include.as_ref().is_some_and(|g| !g.is_match(&path))
        || exclude.as_ref().is_some_and(|g| g.is_match(&path));
    if kind.is_file() && !unwanted {
        walked.files.push(Found {
            path,
            full: entry.path().to_path_buf(),
        });
    }
}

/// Adds the files that git keeps although a `.gitignore` names them: whoever added them by force
/// wanted them in the repository.
fn add_tracked(
    walked: &mut Walked,
    root: &Path,
    include: &Option<GlobSet>,
    exclude: &Option<GlobSet>,
) {
    let mut more = Vec::new();
    for path in crate::history::tracked(root) {
        let known = walked
            .files
            .binary_search_by(|f| f.path.as_str().cmp(&path))
            .is_ok();
        // A folder `vendor` that was walked is one's own.
        let foreign = || {
            let mut folders = Path::new(&path).ancestors().skip(1);
            folders.any(|folder| {
                let name = folder.file_name().and_then(|name| name.to_str());
                name.is_some_and(|name| FOREIGN.contains(&name))
                    && !is_own_vendor(root, &root.join(folder))
            })
        };
        if known
            || include.as_ref().is_some_and(|g| !g.is_match(&path))
            || exclude.as_ref().is_some_and(|g| g.is_match(&path))
            || foreign()
        {
            continue;
        }
        let full = root.join(&path);
        let is_file = std::fs::symlink_metadata(&full).is_ok_and(|m| m.is_file());
        // No folder above it may be a link that leads elsewhere.
        let inside = || {
            let (real, base) = (full.canonicalize(), root.canonicalize());
            matches!((real, base), (Ok(real), Ok(base)) if real == base.join(&path))
        };
        if is_file && inside() {
            more.push(Found { path, full });
        }
    }
    if !more.is_empty() {
        walked.files.extend(more);
        walked.files.sort();
    }
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let path = path.strip_prefix(root).ok()?.to_str()?;
    Some(path.replace('\\', "/"))
}

/// What Groundplan wrote is never evidence: folders with a manifest lose the files it lists.
fn drop_outputs(walked: &mut Walked) {
    let manifests: Vec<Found> = walked
        .files
        .iter()
        .filter(|f| f.path.rsplit('/').next() == Some(MANIFEST))
        .cloned()
        .collect();
    for manifest in manifests {
        let folder = manifest.path.trim_end_matches(MANIFEST);
        let Ok(text) = std::fs::read_to_string(&manifest.full) else {
            continue;
        };
        let Ok(listed) = serde_json::from_str::<serde_json::Value>(&text) else {
            continue;
        };
        // `replaced` stands there when a run was killed while it wrote.
        let names: BTreeSet<String> = [&listed["files"], &listed["replaced"]]
            .into_iter()
            .filter_map(|list| list.as_object())
            .flat_map(|files| files.keys())
            .map(|name| format!("{folder}{name}"))
            .collect();
        walked
            .files
            .retain(|f| f.path != manifest.path && !names.contains(&f.path));
    }
}

fn globs(patterns: &[String]) -> (Option<GlobSet>, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        match Glob::new(pattern.trim_end_matches('/')) {
            Ok(glob) => {
                set.add(glob);
                if let Ok(below) = Glob::new(&format!("{}/**", pattern.trim_end_matches('/'))) {
                    set.add(below);
                }
            }
            Err(error) => faults.push(
                Diagnostic::new(
                    Severity::Error,
                    "bad-glob",
                    format!("`{pattern}`: {}", error.kind()),
                )
                .help("write a glob such as `services/**` or `**/*.tf`"),
            ),
        }
    }
    if patterns.is_empty() {
        return (None, faults);
    }
    (set.build().ok(), faults)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::walk;

    #[test]
    fn a_folder_of_vendors_is_own_where_the_code_says_so() {
        let own = format!("groundplan-walk-{}", std::process::id());
        let top = std::env::temp_dir().join(own);
        // Where a repository lies is no word about it.
        let root = top.join("src/java/repository");
        let files = [
            ("plugin/src/vendor/mod.rs", true),
            ("plugin/src/vendor/config.rs", true),
            ("shop/src/main/java/org/acme/vendor/Vendor.java", true),
            ("api/src/vendor/vendor.controller.ts", true),
            ("sales/vendor/models.py", true),
            ("tool/go.mod", true),
            ("tool/vendor/modules.txt", false),
            ("web/static/vendor/grid.js", false),
            ("old/vendor/lib.c", false),
        ];
        for (path, _) in files {
            let full = root.join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, "x\n").unwrap();
        }
        let walked = walk(&root, &[], &[]);
        std::fs::remove_dir_all(&top).unwrap();
        let found: Vec<&str> = walked.files.iter().map(|f| f.path.as_str()).collect();
        for (path, own) in files {
            assert_eq!(found.contains(&path), own, "{path}");
        }
    }
}
