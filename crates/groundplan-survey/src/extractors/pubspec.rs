//! Packages of Dart and Flutter.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package};
use crate::manifest::{depend, dependency, span_of, text_of};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "pubspec",
    docs: "\
### What it finds
The package of a `pubspec.yaml` with version, description, SDK, members of a workspace and executables,
and its dependencies by scope, those by path with their folder
(<https://dart.dev/tools/pub/pubspec>).

### What it does not find
Versions of `pubspec.lock`, overrides.
",
    reads: &[Reads::Paths(&["pubspec.yaml"])],
    markers: &["name:"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.yaml().iter().take(1) {
        let Some(name) = text_of(root, "name") else {
            continue;
        };
        let sdk = root.get("environment").and_then(|e| text_of(e, "sdk"));
        let executables = root.get("executables").map(Node::entries);
        let workspace = root.get("workspace").map(Node::strings);
        let members = workspace.unwrap_or_default().into_iter();
        let claim = Package {
            ecosystem: "pub".to_owned(),
            name,
            folder: file.folder().to_owned(),
            version: text_of(root, "version"),
            description: text_of(root, "description"),
            runtime: sdk.map(|version| format!("dart {version}")),
            members: members.filter_map(|(path, _)| file.resolve(path)).collect(),
            binaries: executables
                .unwrap_or_default()
                .iter()
                .map(|(key, _)| key.text.clone())
                .collect(),
            ..Package::default()
        };
        let (first, last) = span_of(root, &["name", "description", "version"]);
        acc.add(file, first, last, Claim::Package(claim));
        for (key, scope) in [
            ("dependencies", DependencyScope::Runtime),
            ("dev_dependencies", DependencyScope::Development),
        ] {
            for (name, given) in root.get(key).map(Node::entries).unwrap_or_default() {
                let version = given
                    .str()
                    .or_else(|| given.str_of("version"))
                    .or_else(|| given.str_of("sdk"))
                    .unwrap_or_default();
                let mut found = dependency("pub", &name.text, version, scope);
                found.path = given.str_of("path").and_then(|path| file.resolve(path));
                depend(acc, file, (name.line, given.last.max(name.line)), found);
            }
        }
    }
}
