//! What came of a survey, kept under the identity of everything that decided it.
//!
//! When no file, option, declaration or tag has changed since the last run, the blueprint of that
//! run is the answer, and no facts are joined. One file per tree and outputs holds the version of
//! the program, the identity and the hash of the rest on its first line, the diagnostics as JSON
//! on the second, and then the blueprint as it is printed. It is written to a temporary file and
//! renamed; what cannot be read is as good as absent.

use groundplan_model::Diagnostic;
use std::path::{Path, PathBuf};

/// Hash over the sources of the whole program.
const BUILD: &str = env!("GROUNDPLAN_BUILD");

/// A survey that was found again.
pub(crate) struct Kept {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The blueprint as pretty JSON.
    pub(crate) blueprint: String,
}

/// The survey with this identity, if it is the last one that was kept in `place`.
pub(crate) fn load(place: &Path, identity: &str) -> Option<Kept> {
    let mut text = std::fs::read_to_string(place).ok()?;
    let head_end = text.find('\n')?;
    // A file that was cut or changed is none.
    if text[..head_end] != head(identity, &text[head_end + 1..]) {
        return None;
    }
    let rest = &text[head_end + 1..];
    let line_end = rest.find('\n')?;
    let diagnostics = serde_json::from_str(&rest[..line_end]).ok()?;
    let start = head_end + 1 + line_end + 1;
    text.drain(..start);
    Some(Kept {
        diagnostics,
        blueprint: text,
    })
}

/// Keeps a survey in the place of the last one. A fault only means that the next run takes longer;
/// the facts' own cache reports a folder that cannot be written.
pub(crate) fn save(place: &Path, identity: &str, kept: &Kept) {
    let Ok(diagnostics) = serde_json::to_string(&kept.diagnostics) else {
        return;
    };
    let temporary = place.with_extension(format!("{}.tmp", std::process::id()));
    let body = format!("{diagnostics}\n{}", kept.blueprint);
    let text = format!("{}\n{body}", head(identity, &body));
    let folder = place.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&temporary, text))
        .and_then(|()| std::fs::rename(&temporary, place));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
}

fn head(identity: &str, body: &str) -> String {
    format!(
        "{BUILD} {identity} {}",
        blake3::hash(body.as_bytes()).to_hex()
    )
}

/// Where the survey of `root` is kept; those for different outputs do not push each other out.
pub(crate) fn place(folder: &Path, root: &Path, outputs: &[String]) -> PathBuf {
    let full = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let mut hasher = blake3::Hasher::new();
    hasher.update(full.as_os_str().as_encoded_bytes());
    for output in outputs {
        hasher.update(b"\0").update(output.as_bytes());
    }
    folder.join(format!(
        "{}.survey",
        &hasher.finalize().to_hex().as_str()[..16]
    ))
}
