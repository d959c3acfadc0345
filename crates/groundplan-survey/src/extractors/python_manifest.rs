//! Manifests of Python.

mod pyproject;
mod requirements;
mod setup;

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::manifest::{depend, dependency};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-manifest",
    docs: "\
### What it finds
Package, Python version, console scripts and dependencies with scope in `pyproject.toml` (PEP 621,
PEP 735, Poetry, uv, PDM), `requirements*.txt` and `requirements/*.txt` (with `-r` as an import),
`setup.cfg`, `Pipfile`, and in `setup.py` where they are literals.

### What it does not find
Lists that `setup.py` computes, versions of lock files, and what a compiled `requirements.txt` says
to be there for the sake of another package (`# via`).
",
    reads: &[Reads::Paths(&[
        "pyproject.toml",
        "*requirements*.txt",
        "*requirements*.in",
        "**/requirements/*.txt",
        "**/requirements/*.in",
        "constraints.txt",
        "setup.cfg",
        "setup.py",
        "Pipfile",
    ])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    match file.name().to_ascii_lowercase().as_str() {
        "pyproject.toml" => pyproject::pyproject(acc, file),
        "pipfile" => pyproject::pipfile(acc, file),
        "setup.cfg" => setup::config(acc, file),
        "setup.py" => setup::script(acc, file),
        // Constraints pin what others ask for; they ask for nothing themselves.
        name if name.contains("constraint") => {}
        _ => requirements::read(acc, file),
    }
}

/// A requirement as in PEP 508: name without extras, and version or address.
fn requirement(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let text = text.split(" #").next().unwrap_or(text);
    let text = text.split(';').next().unwrap_or(text).trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut rest = rest.trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']').map_or("", |(_, rest)| rest);
    }
    let rest = rest.trim();
    let version = match rest.strip_prefix('@') {
        Some(address) => address.trim(),
        None => rest
            .split(" --")
            .next()
            .unwrap_or(rest)
            .trim()
            .trim_start_matches('(')
            .trim_end_matches([')', '\\', ' ', ',']),
    };
    let compares = version.starts_with(['=', '<', '>', '~', '!']);
    if !version.is_empty() && !compares && !rest.starts_with('@') {
        return None;
    }
    Some((name.to_owned(), version.to_owned()))
}

/// Adds a requirement of PEP 508; what is none is left out.
fn require(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    text: &str,
    line: u32,
    scope: DependencyScope,
) {
    if let Some((name, version)) = requirement(text) {
        let claim = dependency("pypi", &name, &version, scope);
        depend(acc, file, (line, line), claim);
    }
}
