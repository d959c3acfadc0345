//! Packages of C and C++ that Conan and vcpkg fetch.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package};
use crate::manifest::{depend, dependency, span_of, text_of};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "native-packages",
    docs: "\
### What it finds
Libraries under `[requires]`, `[tool_requires]` and `[test_requires]` of a `conanfile.txt`; name,
version, `requires` and `self.requires(…)` of a `conanfile.py`; the package and the dependencies of a
`vcpkg.json` with the least version they ask for.

### What it does not find
Options and features, lock files, what a recipe computes.
",
    reads: &[Reads::Paths(&["conanfile.txt", "conanfile.py", "vcpkg.json"])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    match file.name().to_ascii_lowercase().as_str() {
        "vcpkg.json" => vcpkg(acc, file),
        "conanfile.txt" => conan_text(acc, file),
        _ => conan_recipe(acc, file),
    }
}

/// Adds `poco/1.12.4@user/channel`.
fn reference(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    text: &str,
    scope: DependencyScope,
) {
    let text = text.split('@').next().unwrap_or(text);
    if let Some((name, version)) = text.trim().split_once('/') {
        let version = version.split('#').next().unwrap_or(version);
        let found = dependency("conan", name, version.trim_matches(['[', ']']), scope);
        depend(acc, file, (line, line), found);
    }
}

fn scope_of(word: &str) -> Option<DependencyScope> {
    Some(match word {
        "requires" => DependencyScope::Runtime,
        "tool_requires" | "build_requires" => DependencyScope::Build,
        "test_requires" => DependencyScope::Test,
        _ => return None,
    })
}

fn conan_text(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut scope = None;
    for (number, line) in file.text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or(line).trim();
        if let Some(section) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            scope = scope_of(section);
        } else if let Some(scope) = scope {
            reference(acc, file, number as u32 + 1, line, scope);
        }
    }
}

fn conan_recipe(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let (mut name, mut version, mut at) = (None, None, 0);
    let mut open: Option<DependencyScope> = None;
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        let quoted = || line.split('"').skip(1).step_by(2);
        let Some((word, rest)) = line.split_once(['=', '(']) else {
            // Lines of a tuple that is open.
            if let Some(scope) = open {
                quoted().for_each(|text| reference(acc, file, number, text, scope));
            }
            if line.ends_with(')') || line.ends_with(']') {
                open = None;
            }
            continue;
        };
        let word = word.trim();
        match word {
            "name" if name.is_none() => {
                name = quoted().next().map(str::to_owned);
                at = number;
            }
            "version" if version.is_none() => version = quoted().next().map(str::to_owned),
            _ => {}
        }
        let Some(scope) = scope_of(word.strip_prefix("self.").unwrap_or(word)) else {
            continue;
        };
        match word.starts_with("self.") {
            // The first text is the package, those behind it are options.
            true => quoted()
                .take(1)
                .for_each(|text| reference(acc, file, number, text, scope)),
            false => {
                quoted().for_each(|text| reference(acc, file, number, text, scope));
                let rest = rest.trim();
                open = (rest.is_empty() || rest.ends_with([',', '(', '['])).then_some(scope);
            }
        }
    }
    if let Some(name) = name {
        let claim = Package {
            ecosystem: "conan".to_owned(),
            name,
            folder: file.folder().to_owned(),
            version,
            ..Package::default()
        };
        acc.add(file, at, at, Claim::Package(claim));
    }
}

fn vcpkg(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.json() else {
        return;
    };
    if let Some(name) = text_of(root, "name") {
        let versions = [
            "version",
            "version-string",
            "version-semver",
            "version-date",
        ];
        let claim = Package {
            ecosystem: "vcpkg".to_owned(),
            name,
            folder: file.folder().to_owned(),
            version: versions.iter().find_map(|key| text_of(root, key)),
            description: text_of(root, "description"),
            license: text_of(root, "license"),
            ..Package::default()
        };
        let (first, last) = span_of(root, &["name", "version", "version-string"]);
        acc.add(file, first, last, Claim::Package(claim));
    }
    for node in root
        .get("dependencies")
        .map(Node::items)
        .unwrap_or_default()
    {
        let name = node.str().or_else(|| node.str_of("name"));
        let version = node.str_of("version>=");
        let version = version.map(|v| format!(">={v}")).unwrap_or_default();
        let scope = match node.get("host").and_then(Node::str) {
            Some("true") => DependencyScope::Build,
            _ => DependencyScope::Runtime,
        };
        if let Some(name) = name {
            let found = dependency("vcpkg", name, &version, scope);
            depend(acc, file, (node.first, node.last), found);
        }
    }
}
