//! The walk: which files there are, in a fixed order.

mod copies;

use globset::{Glob, GlobSet, GlobSetBuilder};
use groundplan_model::{Diagnostic, Severity};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{DirEntry, FileType};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

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
/// all the same is read. Where no git is, as in what an archive of a commit holds, a pattern leaves out
/// only what looks like the result of a build or like settings of one machine: what else is there was kept.
pub(crate) fn walk(root: &Path, include: &[String], exclude: &[String]) -> Walked {
    let (include, mut faults) = globs(include);
    let (exclude, more) = globs(exclude);
    faults.extend(more);
    let tracked = crate::history::tracked(root);
    let walk = Walk {
        root,
        archive: tracked.is_empty() && !crate::history::is_kept(root),
        tracked: &tracked,
        include: &include,
        exclude: &exclude,
        found: Mutex::new(Walked {
            diagnostics: faults,
            ..Walked::default()
        }),
    };
    rayon::scope(|scope| {
        let root = Folder {
            full: root.to_path_buf(),
            path: Some(String::new()),
            depth: 0,
            entry: None,
            kept: 0..tracked.len(),
            rules: None,
        };
        walk.folder(root, scope);
    });
    let mut walked = walk.found.into_inner().unwrap_or_default();
    walked.files.sort();
    add_tracked(&mut walked, root, &tracked, &include, &exclude);
    walked.diagnostics.sort();
    walked.passed.entry("code of others").or_default();
    copies::drop_copies(&mut walked);
    drop_outputs(&mut walked);
    walked
}

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 256;

/// A walk under way: every folder adds what it holds when it has been read.
struct Walk<'w> {
    root: &'w Path,
    /// Whether no git keeps what lies there.
    archive: bool,
    /// What git keeps, in order.
    tracked: &'w [String],
    include: &'w Option<GlobSet>,
    exclude: &'w Option<GlobSet>,
    found: Mutex<Walked>,
}

/// A folder that is to be read.
struct Folder {
    full: PathBuf,
    /// Path relative to the root; `None` if it is not UTF-8.
    path: Option<String>,
    depth: usize,
    /// What tells whether patterns leave it out; a folder that they leave out is looked into for what
    /// git keeps in it all the same.
    entry: Option<Arc<Entry>>,
    /// The places of what git keeps in it.
    kept: Range<usize>,
    rules: Option<Arc<Rules>>,
}

/// A folder as an entry of the one above it.
struct Entry {
    full: PathBuf,
    above: Option<Arc<Entry>>,
    rules: Option<Arc<Rules>>,
    left_out: OnceLock<bool>,
}

impl Entry {
    /// Whether patterns leave it out, or a folder above it: asked only where something is met that git
    /// does not keep.
    fn is_left_out(&self) -> bool {
        *self.left_out.get_or_init(|| {
            self.above.as_ref().is_some_and(|above| above.is_left_out())
                || Rules::leave_out(self.rules.as_deref(), &self.full, true)
        })
    }
}

/// The files with patterns of what is left out, the one that decides first.
const RULES: [&str; 2] = [".ignore", ".gitignore"];

/// What the files `.ignore` and `.gitignore` of a folder leave out, with those of the folders above.
struct Rules {
    above: Option<Arc<Rules>>,
    folder: PathBuf,
    /// Whether no git keeps what lies there.
    archive: bool,
    has: [bool; 2],
    /// The patterns of both files, read when something is held against them that git does not keep.
    read: OnceLock<[Gitignore; 2]>,
}

impl Rules {
    /// The rules of a folder with these entries; most have none of their own.
    fn of(folder: &Folder, entries: &[(OsString, DirEntry)], archive: bool) -> Option<Arc<Rules>> {
        let has = |wanted: &str| entries.iter().any(|(name, _)| name == wanted);
        let has = RULES.map(has);
        if has == [false, false] {
            return folder.rules.clone();
        }
        Some(Arc::new(Rules {
            above: folder.rules.clone(),
            folder: folder.full.clone(),
            archive,
            has,
            read: OnceLock::new(),
        }))
    }

    fn read(&self) -> &[Gitignore; 2] {
        self.read.get_or_init(|| {
            let read = |at: usize| {
                let mut rules = GitignoreBuilder::new(&self.folder);
                // A line that is no pattern leaves nothing out.
                rules.add(self.folder.join(RULES[at]));
                rules.build().ok()
            };
            [0, 1].map(|at| {
                let rules = self.has[at].then(|| read(at)).flatten();
                rules.unwrap_or_else(Gitignore::empty)
            })
        })
    }

    /// Whether an entry is left out: the nearest folder with a word on it decides, and `.ignore`
    /// before `.gitignore`.
    fn leave_out(rules: Option<&Rules>, path: &Path, is_folder: bool) -> bool {
        let path = path.strip_prefix("./").unwrap_or(path);
        let (mut by_ignore, mut by_git) = (Match::None, Match::None);
        let mut next = rules;
        while let Some(rules) = next {
            let [ignore, git] = rules.read();
            if by_ignore.is_none() {
                by_ignore = ignore.matched(path, is_folder).map(|_| ());
            }
            if by_git.is_none() {
                by_git = git.matched(path, is_folder).map(|_| ());
            }
            next = rules.above.as_deref();
        }
        // What somebody added by force and packed up with the rest, no list of git tells.
        if rules.is_some_and(|rules| rules.archive) && !is_of_a_machine(path, is_folder) {
            by_git = Match::None;
        }
        by_ignore.or(by_git).is_ignore()
    }
}

/// Whether a name is that of what builds, tools and editors leave behind, or of settings of one machine.
fn is_of_a_machine(path: &Path, is_folder: bool) -> bool {
    const FOLDERS: [&str; 28] = [
        "backup",
        "backups",
        "bin",
        "build",
        "cache",
        "cdk.out",
        "classes",
        "compiled",
        "coverage",
        "debug",
        "dist",
        "generated",
        "htmlcov",
        "log",
        "logs",
        "obj",
        "out",
        "output",
        "pods",
        "public",
        "release",
        "secrets",
        "static",
        "storage",
        "target",
        "temp",
        "tmp",
        "uploads",
    ];
    const ENDS: [&str; 11] = [
        "backup", "bak", "class", "env", "key", "log", "pem", "pyc", "swp", "tfstate", "tfvars",
    ];
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return true;
    };
    let lower = name.to_ascii_lowercase();
    let end = lower.rsplit('.').next().unwrap_or_default();
    match is_folder {
        true => lower.starts_with('.') || FOLDERS.contains(&lower.as_str()),
        false => {
            let own =
                |part: &str| part == "local" || part == "override" || part.starts_with("local_");
            let local = lower.split('.').any(own);
            lower.starts_with(".env") || local || lower.contains('.') && ENDS.contains(&end)
        }
    }
}

impl Walk<'_> {
    fn folder<'s>(&'s self, mut folder: Folder, scope: &rayon::Scope<'s>) {
        let mut here = Walked::default();
        let mut entries: Vec<(OsString, DirEntry)> = Vec::new();
        match std::fs::read_dir(&folder.full) {
            Ok(all) => {
                for entry in all {
                    match entry {
                        Ok(entry) => entries.push((entry.file_name(), entry)),
                        Err(error) => here.diagnostics.push(self.fault(&folder.full, &error)),
                    }
                }
            }
            Err(error) => here.diagnostics.push(self.fault(&folder.full, &error)),
        }
        folder.rules = Rules::of(&folder, &entries, self.archive);
        for (name, entry) in entries {
            let full = folder.full.join(&name);
            let kind = match entry.file_type() {
                Ok(kind) => kind,
                Err(error) => {
                    here.diagnostics.push(self.fault(&full, &error));
                    continue;
                }
            };
            // It is never read, and to say that patterns leave it out would mean to read them.
            if kind.is_dir() && name == ".git" {
                continue;
            }
            let path = (folder.path.as_deref().zip(name.to_str())).map(|(folder, name)| {
                let name = match name.contains('\\') {
                    true => Cow::Owned(name.replace('\\', "/")),
                    false => Cow::Borrowed(name),
                };
                match folder {
                    "" => name.into_owned(),
                    _ => [folder, "/", name.as_ref()].concat(),
                }
            });
            let left_out = || {
                folder
                    .entry
                    .as_ref()
                    .is_some_and(|entry| entry.is_left_out())
                    || Rules::leave_out(folder.rules.as_deref(), &full, kind.is_dir())
            };
            if !kind.is_dir() {
                let kept = kind.is_file() && self.keeps(&folder.kept, path.as_deref());
                if kept || !left_out() {
                    self.visit(&mut here, kind, path, full);
                }
                continue;
            }
            let foreign = name.to_str().is_some_and(|name| FOREIGN.contains(&name))
                && !is_own_vendor(self.root, &full);
            if foreign {
                let path = path.filter(|_| !left_out());
                let passed = here.passed.entry("code of others").or_default();
                passed.extend(path);
            } else if folder.depth + 1 < DEEPEST {
                let kept = self.below(&folder.kept, path.as_deref());
                if kept.is_empty() && left_out() {
                    continue;
                }
                let entry = Entry {
                    full: full.clone(),
                    above: folder.entry.clone(),
                    rules: folder.rules.clone(),
                    left_out: OnceLock::new(),
                };
                let inner = Folder {
                    full,
                    path,
                    entry: Some(Arc::new(entry)),
                    kept,
                    depth: folder.depth + 1,
                    rules: folder.rules.clone(),
                };
                scope.spawn(move |scope| self.folder(inner, scope));
            }
        }
        if let Ok(mut found) = self.found.lock() {
            found.files.append(&mut here.files);
            found.links.append(&mut here.links);
            found.diagnostics.append(&mut here.diagnostics);
            for (reason, mut paths) in here.passed {
                found.passed.entry(reason).or_default().append(&mut paths);
            }
        }
    }

    /// Whether git keeps a file of a folder of which it keeps `kept`.
    fn keeps(&self, kept: &Range<usize>, path: Option<&str>) -> bool {
        let all = self.tracked.get(kept.clone()).unwrap_or_default();
        path.is_some_and(|path| all.binary_search_by(|p| p.as_str().cmp(path)).is_ok())
    }

    /// The places of what git keeps in a folder inside one of which it keeps `kept`.
    fn below(&self, kept: &Range<usize>, path: Option<&str>) -> Range<usize> {
        let all = self.tracked.get(kept.clone()).unwrap_or_default();
        let Some(path) = path.filter(|_| !all.is_empty()) else {
            return 0..0;
        };
        // `/` stands in the order where the path of the folder ends.
        let order = |p: &str| {
            let head = p.as_bytes().get(..path.len()).unwrap_or(p.as_bytes());
            let next = p.as_bytes().get(path.len()).copied();
            head.cmp(path.as_bytes())
                .then(next.unwrap_or_default().cmp(&b'/'))
        };
        let from = all.partition_point(|p| order(p).is_lt());
        let count = all[from..].partition_point(|p| order(p).is_eq());
        let from = kept.start + from;
        from..from + count
    }

    fn fault(&self, path: &Path, error: &std::io::Error) -> Diagnostic {
        // The text may hold an absolute path.
        let text = format!("{}: {error}", path.display());
        let text = text.replace(&*self.root.to_string_lossy(), ".");
        Diagnostic::new(Severity::Warning, "unreadable-folder", text)
            .help("give read permission, or exclude it with `--exclude`")
    }

    /// A file, a link or something else that is no folder.
    fn visit(&self, here: &mut Walked, kind: FileType, path: Option<String>, full: PathBuf) {
        let Some(path) = path else {
            let name = full
                .to_string_lossy()
                .replace(&*self.root.to_string_lossy(), ".");
            let passed = here.passed.entry("name is not UTF-8").or_default();
            passed.insert(name);
            return;
        };
        if kind.is_symlink() {
            let target = std::fs::read_link(&full).ok();
            let target = target.as_deref().and_then(Path::to_str).and_then(|target| {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                crate::source::join(folder, &target.replace('\\', "/"))
            });
            if let Some(target) = target {
                here.links.insert(path.clone(), target);
            }
            here.passed.entry("symbolic link").or_default().insert(path);
            return;
        }
        let unwanted = self.include.as_ref().is_some_and(|g| !g.is_match(&path))
            || self.exclude.as_ref().is_some_and(|g| g.is_match(&path));
        if kind.is_file() && !unwanted {
            here.files.push(Found { path, full });
        }
    }
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

/// Adds the files that git keeps although a `.gitignore` names them: whoever added them by force
/// wanted them in the repository.
fn add_tracked(
    walked: &mut Walked,
    root: &Path,
    tracked: &[String],
    include: &Option<GlobSet>,
    exclude: &Option<GlobSet>,
) {
    let mut more = Vec::new();
    let mut files = walked.files.iter().map(|f| &f.path).peekable();
    for path in tracked {
        // Both are in order.
        while files.next_if(|known| *known < path).is_some() {}
        let known = files.peek() == Some(&path);
        // A folder `vendor` that was walked is one's own.
        let foreign = || {
            let mut folders = Path::new(path).ancestors().skip(1);
            folders.any(|folder| {
                let name = folder.file_name().and_then(|name| name.to_str());
                name.is_some_and(|name| FOREIGN.contains(&name))
                    && !is_own_vendor(root, &root.join(folder))
            })
        };
        if known
            || include.as_ref().is_some_and(|g| !g.is_match(path))
            || exclude.as_ref().is_some_and(|g| g.is_match(path))
            || foreign()
        {
            continue;
        }
        let full = root.join(path);
        let is_file = std::fs::symlink_metadata(&full).is_ok_and(|m| m.is_file());
        // No folder above it may be a link that leads elsewhere.
        let inside = || {
            let (real, base) = (full.canonicalize(), root.canonicalize());
            matches!((real, base), (Ok(real), Ok(base)) if real == base.join(path))
        };
        if is_file && inside() {
            let path = path.clone();
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
