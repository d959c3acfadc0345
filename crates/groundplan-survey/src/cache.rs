//! Facts of earlier runs, found again by content, never by time.
//!
//! One pack per tree: lines of `key TAB json`, written to a temporary file and renamed, so that an
//! interrupted run leaves the old pack. A pack of another version of the extractors is not read.

use crate::facts::FileFacts;
use groundplan_model::{Diagnostic, Severity};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Hash over the sources of what makes facts; a change of an extractor makes the cache void.
const FINGERPRINT: &str = env!("GROUNDPLAN_FINGERPRINT");

pub(crate) struct Cache {
    path: Option<PathBuf>,
    text: String,
    index: HashMap<u128, (usize, usize)>,
}

impl Cache {
    /// A cache that holds nothing and keeps nothing.
    pub(crate) fn none() -> Cache {
        Cache {
            path: None,
            text: String::new(),
            index: HashMap::new(),
        }
    }

    /// Opens the pack of `root` in `folder`. What cannot be read is as good as empty.
    pub(crate) fn open(folder: Option<&Path>, root: &Path) -> Cache {
        let none = Cache::none();
        let Some(folder) = folder else { return none };
        let full = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let name = xxhash_rust::xxh3::xxh3_64(full.as_os_str().as_encoded_bytes());
        let path = folder.join(format!("{name:016x}.facts"));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let mut index = HashMap::new();
        let mut lines = text.split_inclusive('\n');
        let mut at = match lines.next() {
            Some(head) if head.trim_end() == FINGERPRINT => head.len(),
            _ => {
                return Cache {
                    path: Some(path),
                    ..none
                };
            }
        };
        for line in lines {
            if let Some((key, json)) = line.split_once('\t')
                && let Ok(key) = u128::from_str_radix(key, 16)
            {
                let start = at + line.len() - json.len();
                index.insert(key, (start, at + line.len()));
            }
            at += line.len();
        }
        Cache {
            path: Some(path),
            text,
            index,
        }
    }

    /// Whether there are facts under a key.
    pub(crate) fn has(&self, key: u128) -> bool {
        self.index.contains_key(&key)
    }

    /// The facts under a key; `None` if the pack is damaged there.
    pub(crate) fn get(&self, key: u128) -> Option<FileFacts> {
        let &(start, end) = self.index.get(&key)?;
        serde_json::from_str(self.text.get(start..end)?.trim_end()).ok()
    }

    /// Writes the pack anew if it has changed. A fault is a remark: the survey itself is whole.
    pub(crate) fn save(&self, keys: &[u128], files: &[FileFacts]) -> Option<Diagnostic> {
        let path = self.path.as_ref()?;
        let same =
            keys.len() == self.index.len() && keys.iter().all(|k| self.index.contains_key(k));
        if same {
            return None;
        }
        let written = write(path, keys, files);
        written.err().map(|error| {
            let message = format!("cannot keep facts for the next run: {}", error.kind());
            Diagnostic::new(Severity::Note, "cache-not-written", message)
                .help("use `--no-cache`, or give a folder that can be written with `--cache DIR`")
        })
    }
}

fn write(path: &Path, keys: &[u128], files: &[FileFacts]) -> std::io::Result<()> {
    use std::io::Write;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut out = std::io::BufWriter::new(std::fs::File::create(&temporary)?);
    writeln!(out, "{FINGERPRINT}")?;
    for (key, facts) in keys.iter().zip(files) {
        write!(out, "{key:032x}\t")?;
        serde_json::to_writer(&mut out, facts)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    drop(out);
    std::fs::rename(&temporary, path).inspect_err(|_| {
        let _ = std::fs::remove_file(&temporary);
    })
}
