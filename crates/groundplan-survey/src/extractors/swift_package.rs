//! Packages of Swift.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package};
use crate::manifest::{depend, dependency};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "swift-package",
    docs: "\
### What it finds
The package of a `Package.swift` with the version of its tools and the executables among its targets;
dependencies by address or path with the version that they ask for
(<https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html>).

### What it does not find
What the manifest computes, versions of `Package.resolved`, targets of Xcode projects.
",
    reads: &[Reads::Paths(&["Package.swift"])],
    markers: &["Package("],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let text = file.text;
    let Some(begin) = text.find("Package(") else {
        return;
    };
    let line = file.lines().line_of(begin);
    let tools = text.lines().next().and_then(|first| {
        let version = first.split_once("swift-tools-version")?.1;
        Some(version.trim_start_matches([':', ' ']).trim().to_owned())
    });
    let own = &text[begin + "Package(".len()..];
    let Some(name) = argument(own, "name") else {
        return;
    };
    let mut binaries = Vec::new();
    for (at, _) in text.match_indices(".executableTarget(") {
        let rest = &text[at + ".executableTarget(".len()..];
        binaries.extend(argument(rest, "name").map(str::to_owned));
    }
    let claim = Package {
        ecosystem: "swift".to_owned(),
        name: name.to_owned(),
        folder: file.folder().to_owned(),
        runtime: tools.map(|version| format!("swift {version}")),
        application: !binaries.is_empty(),
        library: binaries.is_empty() && text.contains(".library("),
        binaries,
        ..Package::default()
    };
    acc.add(file, line, line, Claim::Package(claim));
    for (at, _) in text.match_indices(".package(") {
        let rest = &text[at + ".package(".len()..];
        let rest = &rest[..end_of_call(rest)];
        let line = file.lines().line_of(at);
        let path = argument(rest, "path");
        let url = argument(rest, "url");
        let Some(place) = url.or(path) else { continue };
        let name = place.trim_end_matches('/').rsplit('/').next();
        let name = name.unwrap_or(place).trim_end_matches(".git");
        let keys = ["from", "exact", "branch", "revision"];
        let version = keys.iter().find_map(|key| argument(rest, key));
        let mut found = dependency(
            "swift",
            name,
            version.unwrap_or_default(),
            DependencyScope::Runtime,
        );
        found.path = path.filter(|_| url.is_none()).and_then(|p| file.resolve(p));
        depend(acc, file, (line, line), found);
    }
}

/// Where the call ends whose opening parenthesis has been read.
fn end_of_call(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices().take(2000) {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The text of `key: "text"` or `.key("text")`, the first of its name.
fn argument<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    for (at, _) in text.match_indices(key) {
        let whole = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = text[at + key.len()..].trim_start();
        let value = rest.strip_prefix(':').or_else(|| rest.strip_prefix('('));
        let value = value.map(str::trim_start).and_then(|v| v.strip_prefix('"'));
        if let Some(value) = value.filter(|_| whole) {
            return value.split('"').next();
        }
    }
    None
}
