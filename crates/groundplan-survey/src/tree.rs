//! The whole tree: walk, read every file once, extract in parallel, cache by content.

use crate::cache::Cache;
use crate::facts::FileFacts;
use crate::mentions::is_searched;
use crate::read::{extract_apart, extract_generated, is_interesting, search_file};
use crate::walk::{Found, walk};
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::Language;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Files beyond this are not read; they are listed in the coverage.
pub const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// What a survey is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Globs of paths to survey; empty means all.
    pub include: Vec<String>,
    /// Globs of paths to leave out.
    pub exclude: Vec<String>,
    /// Folder for cached facts; `None` to do without.
    pub cache: Option<PathBuf>,
    /// Whether to read the git history.
    pub history: bool,
    /// Describe the state at this commit instead of the last one that touched a surveyed file.
    pub as_of: Option<String>,
    /// Whether what was read is left to the end of the process: to free some hundred thousand
    /// small pieces costs 3 % of a survey, and a program that surveys once gains nothing by it.
    pub once: bool,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Tree {
    /// Facts of each file, sorted by path.
    pub files: Vec<FileFacts>,
    /// Files that no extractor reads, searched for words alone.
    pub searched: Vec<FileFacts>,
    /// What was passed over or not understood: reason to paths.
    pub unread: BTreeMap<String, BTreeSet<String>>,
    /// Links to other paths of the tree, with what they point at; they are not followed.
    pub links: BTreeMap<String, String>,
    /// Hash over the paths and contents of all files that were read, as hexadecimal digits.
    pub hash: String,
}

/// Counts files while a survey runs, for a progress display.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files found, 0 while the walk is under way.
    pub found: AtomicU64,
    /// Files read.
    pub read: AtomicU64,
}

enum Outcome {
    /// Read and understood.
    Facts(u128, Box<FileFacts>),
    /// Read; its facts lie in the cache.
    Kept(u128),
    /// Not read: reason.
    Unread(&'static str),
    Failed(Diagnostic),
    /// No extractor wants it, and it is no text that is counted.
    Passed,
}

/// A tree whose contents are known by hash, while the facts of files that an earlier run has read
/// still lie in the cache: whoever knows what came of that very content need not join it again.
pub struct Reading {
    outcomes: Vec<(Found, Outcome)>,
    passed: BTreeMap<&'static str, BTreeSet<String>>,
    links: BTreeMap<String, String>,
    diagnostics: Vec<Diagnostic>,
    cache: Cache,
    hash: String,
}

/// What kind of file was passed over, by its name.
fn kind_passed(path: &str) -> String {
    const BINARY: [&str; 34] = [
        "7z", "avif", "bin", "bmp", "class", "db", "dll", "eot", "exe", "gif", "gz", "ico", "icns",
        "jar", "jpeg", "jpg", "mp3", "mp4", "otf", "pdf", "png", "psd", "pyc", "so", "svg", "tar",
        "tgz", "ttf", "wasm", "wav", "webm", "webp", "woff", "woff2",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && end.len() <= 20 => {
            let end = end.to_ascii_lowercase();
            match BINARY.contains(&end.as_str()) {
                true => "image, font or other binary".to_owned(),
                false => format!("not looked into: .{end}"),
            }
        }
        _ => "not looked into: without ending".to_owned(),
    }
}

/// Reads the files below `root` and extracts what the cache does not hold.
pub fn read_tree(root: &Path, options: &Options, progress: &Progress) -> Reading {
    let walked = walk(root, &options.include, &options.exclude);
    progress
        .found
        .store(walked.files.len() as u64, Ordering::Relaxed);
    let cache = Cache::open(options.cache.as_deref(), root);
    let outcomes: Vec<(Found, Outcome)> = walked
        .files
        .into_par_iter()
        .map_init(Vec::new, |buffer, found| {
            let outcome = read_file(&found, buffer, &cache);
            progress.read.fetch_add(1, Ordering::Relaxed);
            (found, outcome)
        })
        .collect();
    let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
    for (found, outcome) in &outcomes {
        match outcome {
            Outcome::Facts(key, _) | Outcome::Kept(key) => hash.update(&key.to_le_bytes()),
            Outcome::Unread(reason) => {
                hash.update(found.path.as_bytes());
                hash.update(reason.as_bytes());
            }
            Outcome::Failed(diagnostic) => hash.update(diagnostic.message.as_bytes()),
            // Their number stands in the coverage.
            Outcome::Passed => hash.update(found.path.as_bytes()),
        }
    }
    for (reason, path) in walked
        .passed
        .iter()
        .flat_map(|(reason, paths)| paths.iter().map(move |path| (reason, path)))
    {
        hash.update(reason.as_bytes());
        hash.update(path.as_bytes());
    }
    for target in walked.links.values() {
        hash.update(target.as_bytes());
    }
    for diagnostic in &walked.diagnostics {
        hash.update(diagnostic.message.as_bytes());
    }
    Reading {
        outcomes,
        passed: walked.passed,
        links: walked.links,
        diagnostics: walked.diagnostics,
        cache,
        hash: format!("{:032x}", hash.digest128()),
    }
}

impl Reading {
    /// Hash over what was read and what was passed over, as hexadecimal digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The facts of all files; what is new goes into the cache.
    pub fn facts(self) -> (Tree, Vec<Diagnostic>) {
        let mut diagnostics = self.diagnostics;
        let mut tree = Tree {
            hash: self.hash,
            links: self.links,
            ..Tree::default()
        };
        for (reason, paths) in self.passed {
            if !paths.is_empty() {
                tree.unread
                    .entry(reason.to_owned())
                    .or_default()
                    .extend(paths);
            }
        }
        let cache = &self.cache;
        let unpacked: Vec<(Found, Outcome)> = self
            .outcomes
            .into_par_iter()
            .map_init(Vec::new, |buffer, (found, outcome)| match outcome {
                Outcome::Kept(key) => {
                    let outcome = match cache.get(key) {
                        Some(facts) => Outcome::Facts(key, Box::new(facts)),
                        None => read_file(&found, buffer, &Cache::none()),
                    };
                    (found, outcome)
                }
                other => (found, other),
            })
            .collect();
        let mut keys = Vec::new();
        let mut unread = |reason: &str, path: String| {
            tree.unread
                .entry(reason.to_owned())
                .or_default()
                .insert(path);
        };
        for (found, outcome) in unpacked {
            match outcome {
                Outcome::Facts(key, facts) => {
                    keys.push(key);
                    tree.files.push(*facts);
                }
                Outcome::Unread(reason) => unread(reason, found.path),
                Outcome::Failed(diagnostic) => {
                    unread("unreadable", found.path);
                    diagnostics.push(diagnostic);
                }
                Outcome::Passed => unread(&kind_passed(&found.path), found.path),
                Outcome::Kept(_) => {}
            }
        }
        if let Some(fault) = cache.save(&keys, &tree.files) {
            diagnostics.push(fault);
        }
        let (searched, files) = std::mem::take(&mut tree.files)
            .into_iter()
            .partition(|f| f.unread.is_some());
        tree.files = files;
        tree.searched = searched;
        for file in &tree.searched {
            let kind = file.unread.clone().unwrap_or_default();
            tree.unread
                .entry(kind)
                .or_default()
                .insert(file.path.clone());
        }
        name_headers(&mut tree.files);
        (tree, diagnostics)
    }
}

/// Whether the first NUL of a file is the only one and stands in the middle of source code, as in a
/// literal: such a file is text.
fn is_stray(language: Language, bytes: &[u8], first: usize) -> bool {
    /// Formats of programs and pictures have one in their first bytes.
    const HEAD: usize = 64;
    language.is_code()
        && first >= HEAD
        && memchr::memchr(0, bytes.get(first + 1..).unwrap_or_default()).is_none()
}

fn read_file(found: &Found, buffer: &mut Vec<u8>, cache: &Cache) -> Outcome {
    let language = Language::of(&found.path);
    let understood = is_interesting(&found.path, language);
    if !understood && !is_searched(&found.path) {
        return Outcome::Passed;
    }
    buffer.clear();
    let read = std::fs::File::open(&found.full)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(buffer));
    if let Err(error) = read {
        let message = format!("cannot read `{}`: {}", found.path, error.kind());
        return Outcome::Failed(
            Diagnostic::new(Severity::Warning, "unreadable-file", message)
                .help("give read permission, or exclude it with `--exclude`"),
        );
    }
    if buffer.len() as u64 > MAX_BYTES {
        return Outcome::Unread("larger than 2 MiB");
    }
    let stray = match memchr::memchr(0, &buffer[..buffer.len().min(8192)]) {
        Some(first) if is_stray(language, buffer, first) => Some(first),
        Some(_) => return Outcome::Unread("binary"),
        None => None,
    };
    let mut hasher = xxhash_rust::xxh3::Xxh3Default::new();
    hasher.update(found.path.as_bytes());
    hasher.update(&[0]);
    hasher.update(buffer);
    let key = hasher.digest128();
    if cache.has(key) {
        return Outcome::Kept(key);
    }
    if let Some(at) = stray {
        buffer[at] = b' ';
    }
    // Nearly every text is sound, and to find that out so is several times as fast.
    let text = match std::str::from_utf8(buffer) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(buffer),
    };
    if !understood {
        let kind = kind_passed(&found.path).replace("not looked into", "searched for words only");
        return Outcome::Facts(key, Box::new(search_file(&found.path, &text, kind)));
    }
    if language.is_code() && is_generated(&found.path, &text) {
        if let Some(facts) = extract_generated(&found.path, &text) {
            return Outcome::Facts(key, Box::new(facts));
        }
        return Outcome::Unread("generated or minified");
    }
    let facts = extract_apart(&found.path, &text);
    Outcome::Facts(key, Box::new(facts))
}

/// A header is C++ where the sources around it are: `.h` alone does not tell.
fn name_headers(files: &mut [FileFacts]) {
    let tops = |end: fn(&FileFacts) -> bool| -> BTreeSet<String> {
        let found = files.iter().filter(|f| end(f));
        found.map(|f| top(&f.path).to_owned()).collect()
    };
    let cpp = tops(|f| f.language == Language::Cpp);
    let c = tops(|f| f.path.ends_with(".c"));
    for file in files {
        if file.language != Language::C || !file.path.ends_with(".h") {
            continue;
        }
        let place = top(&file.path);
        if cpp.contains(place) && !c.contains(place) {
            file.language = Language::Cpp;
        }
    }
}

/// The folder two levels below the root that holds a path: a program with its sources and headers.
fn top(path: &str) -> &str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let second = folder.match_indices('/').nth(1);
    &folder[..second.map_or(folder.len(), |(at, _)| at)]
}

/// Minified bundles and generated code: long lines, or a name or head that says so
/// (<https://go.dev/s/generatedcode>, `@generated`).
fn is_generated(path: &str, text: &str) -> bool {
    // A tool writes the snapshot of a model, and nothing else says all that stands in it; the step of a
    // schema it only begins.
    if path.ends_with(crate::extractors::SNAPSHOT_FILE) || crate::paths::is_schema_step(path) {
        return false;
    }
    crate::paths::is_generated(path, text)
        || (text.len() > 20_000
            && text.len() / memchr::memchr_iter(b'\n', text.as_bytes()).count().max(1) > 400)
}

/// Sets the number of threads for all surveys of this process; only the first call counts.
pub fn use_threads(threads: usize) {
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global();
}

#[cfg(test)]
mod tests {
    use super::is_stray;
    use groundplan_syntax::Language;

    #[test]
    fn one_stray_byte_makes_no_source_binary() {
        let mut text = "// what a clean text holds\n".repeat(8).into_bytes();
        text[100] = 0;
        assert!(is_stray(Language::TypeScript, &text, 100));
        assert!(!is_stray(Language::Json, &text, 100));
        text[150] = 0;
        assert!(!is_stray(Language::TypeScript, &text, 100));
        assert!(!is_stray(Language::TypeScript, &[b'a', 0, b'b'], 1));
    }
}
