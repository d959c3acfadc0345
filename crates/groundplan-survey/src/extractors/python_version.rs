//! The version of a program of Python that stands in its code.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, ManagedVersion};
use crate::paths;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-version",
    docs: "\
### What it finds
`__version__` and `VERSION` as a text, also within a call (`Version(\"1.2\")`), in files that are called
after the version (`version.py`, `_version.py`, `__about__.py`) and in `__init__.py`. It is the version of the program where
`pyproject.toml` names the file.

### What it does not find
Versions that are put together, or taken from tags.
",
    reads: &[Reads::Paths(&[
        "**/version.py",
        "**/_version.py",
        "**/__version__.py",
        "**/__about__.py",
        "**/__init__.py",
    ])],
    markers: &["__version__", "VERSION"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    for definition in code.definitions() {
        if definition.scope.is_some() || !matches!(definition.name, "__version__" | "VERSION") {
            continue;
        }
        let value = definition.value.clone();
        // A text alone, or all that one call is given.
        let at = match value.len() {
            0 | 1 => value.start,
            _ if code.is(value.end - 1, ")") && code.is(value.end.saturating_sub(3), "(") => {
                value.end - 2
            }
            _ => continue,
        };
        let Some(version) = code.string(at) else {
            continue;
        };
        if !version.starts_with(|c: char| c.is_ascii_digit()) || version.len() > 40 {
            continue;
        }
        let line = code.line(definition.at);
        let claim = ManagedVersion {
            ecosystem: "pypi".to_owned(),
            name: String::new(),
            version: version.to_owned(),
            alias: None,
            path: None,
        };
        acc.add(file, line, line, Claim::ManagedVersion(claim));
        return;
    }
}
