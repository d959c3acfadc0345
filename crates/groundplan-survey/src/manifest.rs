//! What the extractors of manifests share.

use crate::facts::{Claim, FileFacts, Import, PackageDependency};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Node;

/// The text of the scalar under a key, blanks cut; `None` if it is empty.
pub(crate) fn text_of(node: &Node, key: &str) -> Option<String> {
    let text = node.str_of(key)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// First and last line of those keys of a mapping that stand in it; the lines of the mapping if
/// none does. This is what a package is cited by.
pub(crate) fn span_of(node: &Node, keys: &[&str]) -> (u32, u32) {
    let mut span: Option<(u32, u32)> = None;
    for (key, value) in node.entries() {
        if keys.contains(&key.text.as_str()) {
            let (first, last) = span.unwrap_or((key.line, value.last));
            span = Some((first.min(key.line), last.max(value.last).max(key.line)));
        }
    }
    span.unwrap_or((node.first, node.last))
}

/// Member folders or globs relative to the root; negations and what leaves the root are dropped.
pub(crate) fn members(file: &SourceFile<'_>, node: Option<&Node>) -> Vec<String> {
    let written = node.map(Node::strings).unwrap_or_default();
    written
        .into_iter()
        .filter(|(member, _)| !member.starts_with('!'))
        .filter_map(|(member, _)| file.resolve(member))
        .collect()
}

/// Adds a dependency that stands at lines `first..=last`.
pub(crate) fn depend(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (first, last): (u32, u32),
    dependency: PackageDependency,
) {
    if dependency.name.is_empty() || dependency.name.len() > 200 {
        return;
    }
    acc.add(file, first, last, Claim::Dependency(dependency));
}

/// A dependency without a path; credentials are cut from versions that are addresses.
pub(crate) fn dependency(
    ecosystem: &str,
    name: &str,
    version: &str,
    scope: DependencyScope,
) -> PackageDependency {
    PackageDependency {
        ecosystem: ecosystem.to_owned(),
        name: name.trim().to_owned(),
        version: secrets::without_credentials(version.trim()),
        scope,
        path: None,
    }
}

/// Adds an import of another manifest file, by its path relative to the root.
pub(crate) fn include(acc: &mut FileFacts, file: &SourceFile<'_>, line: u32, path: &str) {
    if let Some(module) = file.resolve(path) {
        acc.add(file, line, line, Claim::Import(Import { module }));
    }
}

/// Scope of an extra or group of dependencies, judged by its name.
pub(crate) fn scope_of_group(name: &str, otherwise: DependencyScope) -> DependencyScope {
    let lower = name.to_ascii_lowercase();
    let has = |words: &[&str]| {
        lower
            .split(['-', '_', '.', '/'])
            .any(|part| words.contains(&part))
    };
    if has(&["test", "tests", "testing", "pytest", "e2e"]) {
        DependencyScope::Test
    } else if has(&[
        "dev",
        "devel",
        "devdocs",
        "develop",
        "development",
        "lint",
        "linting",
        "docs",
        "doc",
        "typing",
        "types",
        "ci",
        "release",
        "local",
        "pre",
    ]) {
        DependencyScope::Development
    } else if has(&["build"]) {
        DependencyScope::Build
    } else {
        otherwise
    }
}
