//! Modules of Bazel.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package};
use crate::manifest::{depend, dependency};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "bazel",
    docs: "\
### What it finds
The module of a `MODULE.bazel` with its version, and the modules that `bazel_dep` asks for with their
versions, those of development apart (<https://bazel.build/rules/lib/globals/module>).

### What it does not find
Targets of `BUILD` files, archives of a `WORKSPACE`, what extensions fetch.
",
    reads: &[Reads::Paths(&["MODULE.bazel"])],
    markers: &["module(", "bazel_dep("],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let text = file.text;
    for call in ["module(", "bazel_dep("] {
        for (at, _) in text.match_indices(call) {
            if !(at == 0 || text[..at].ends_with('\n')) {
                continue;
            }
            let inner = text[at + call.len()..].split(')').next();
            let inner = inner.unwrap_or_default();
            let first = file.lines().line_of(at);
            let last = first + inner.matches('\n').count() as u32;
            let Some(name) = argument(inner, "name") else {
                continue;
            };
            let version = argument(inner, "version");
            if call == "module(" {
                let claim = Package {
                    ecosystem: "bazel".to_owned(),
                    name: name.to_owned(),
                    folder: file.folder().to_owned(),
                    version: version.map(str::to_owned),
                    ..Package::default()
                };
                acc.add(file, first, last, Claim::Package(claim));
                continue;
            }
            let scope = match inner.contains("dev_dependency = True") {
                true => DependencyScope::Development,
                false => DependencyScope::Build,
            };
            let found = dependency("bazel", name, version.unwrap_or_default(), scope);
            depend(acc, file, (first, last), found);
        }
    }
}

/// The text of `key = "text"`.
fn argument<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.split([',', '\n']).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().strip_prefix('"')?;
        (name.trim() == key).then(|| value.split('"').next())?
    })
}
