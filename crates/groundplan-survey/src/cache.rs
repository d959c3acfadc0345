//! Facts of earlier runs, found again by content, never by time.
//!
//! One pack per tree: a line with the version of the extractors, the facts of each file as JSON, the
//! index with key, start and length of each, and last where the index begins. A run that finds
//! every key reads the index alone. The pack is written to a temporary file and renamed, so that an
//! interrupted run leaves the old one. A pack of another version is not read.

use crate::facts::FileFacts;
use groundplan_model::{Diagnostic, Severity};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Hash over the sources of what makes facts; a change of an extractor makes the cache void.
const FINGERPRINT: &str = env!("GROUNDPLAN_FINGERPRINT");

/// Bytes of an entry of the index: key, start, length.
const ENTRY: usize = 16 + 8 + 8;

pub(crate) struct Cache {
    path: Option<PathBuf>,
    index: HashMap<u128, (u64, u64)>,
    /// The pack of the index, whatever is put in its place meanwhile.
    file: Option<File>,
    /// The whole pack, read when facts are first asked for.
    bytes: OnceLock<Vec<u8>>,
}

impl Cache {
    /// A cache that holds nothing and keeps nothing.
    pub(crate) fn none() -> Cache {
        Cache {
            path: None,
            index: HashMap::new(),
            file: None,
            bytes: OnceLock::new(),
        }
    }

    /// Opens the pack of `root` in `folder`. What cannot be read is as good as empty.
    pub(crate) fn open(folder: Option<&Path>, root: &Path) -> Cache {
        let none = Cache::none();
        let Some(folder) = folder else { return none };
        let full = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let name = xxhash_rust::xxh3::xxh3_64(full.as_os_str().as_encoded_bytes());
        let path = folder.join(format!("{name:016x}.facts"));
        let (index, file) = match index(&path) {
            Some((index, file)) => (index, Some(file)),
            None => Default::default(),
        };
        Cache {
            path: Some(path),
            index,
            file,
            ..none
        }
    }

    /// Whether there are facts under a key.
    pub(crate) fn has(&self, key: u128) -> bool {
        self.index.contains_key(&key)
    }

    /// The facts under a key; `None` if the pack is damaged there.
    pub(crate) fn get(&self, key: u128) -> Option<FileFacts> {
        let &(start, length) = self.index.get(&key)?;
        let bytes = self.bytes.get_or_init(|| {
            let mut bytes = Vec::new();
            if let Some(mut file) = self.file.as_ref() {
                let read = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
                // What was read of a broken pack is looked at piece by piece.
                let _ = read;
            }
            bytes
        });
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        serde_json::from_slice(bytes.get(start..end)?).ok()
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

/// Where the facts of each content stand in the pack: begin and length in bytes.
type Places = HashMap<u128, (u64, u64)>;

/// The index of a pack; `None` if it is damaged or of another version.
fn index(path: &Path) -> Option<(Places, File)> {
    let mut file = File::open(path).ok()?;
    let mut head = vec![0; FINGERPRINT.len() + 1];
    file.read_exact(&mut head).ok()?;
    if head.strip_suffix(b"\n") != Some(FINGERPRINT.as_bytes()) {
        return None;
    }
    let end = file.seek(SeekFrom::End(-8)).ok()?;
    let mut last = [0; 8];
    file.read_exact(&mut last).ok()?;
    let start = u64::from_le_bytes(last);
    let length = usize::try_from(end.checked_sub(start)?).ok()?;
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut entries = Vec::new();
    (&file).take(length as u64).read_to_end(&mut entries).ok()?;
    if entries.len() != length || length % ENTRY != 0 {
        return None;
    }
    let number = |bytes: &[u8]| Some(u64::from_le_bytes(bytes.try_into().ok()?));
    let entries = entries.chunks_exact(ENTRY).map(|entry| {
        let key = u128::from_le_bytes(entry[..16].try_into().ok()?);
        Some((key, (number(&entry[16..24])?, number(&entry[24..])?)))
    });
    Some((entries.collect::<Option<_>>()?, file))
}

fn write(path: &Path, keys: &[u128], files: &[FileFacts]) -> std::io::Result<()> {
    use std::io::Write;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut out = std::io::BufWriter::new(File::create(&temporary)?);
    writeln!(out, "{FINGERPRINT}")?;
    let mut start = FINGERPRINT.len() as u64 + 1;
    let mut entries = Vec::with_capacity(keys.len() * ENTRY);
    for (key, facts) in keys.iter().zip(files) {
        let kept = serde_json::to_vec(facts)?;
        let length = kept.len() as u64;
        entries.extend(key.to_le_bytes());
        entries.extend(start.to_le_bytes());
        entries.extend(length.to_le_bytes());
        out.write_all(&kept)?;
        out.write_all(b"\n")?;
        start += length + 1;
    }
    out.write_all(&entries)?;
    out.write_all(&start.to_le_bytes())?;
    out.flush()?;
    drop(out);
    std::fs::rename(&temporary, path).inspect_err(|_| {
        let _ = std::fs::remove_file(&temporary);
    })
}
