//! `Cargo.toml`.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, ManagedVersion, Package};
use crate::manifest::{depend, dependency, members, span_of, text_of};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cargo",
    docs: "\
### What it finds
The package of a `Cargo.toml` with version, description, licence, `rust-version` and `[[bin]]`
targets; members of a workspace; dependencies with scope and path, those of `[target.…]` included, and the drivers that features of
SQLx, Diesel and SeaORM bring (`sqlx/postgres`);
versions that `[workspace.dependencies]` sets. A value that a member inherits is given as
`workspace`.

### What it does not find
Versions of `Cargo.lock`, other features, and binaries that Cargo infers from `src/main.rs` or `src/bin`.
",
    reads: &[Reads::Paths(&["Cargo.toml"])],
    markers: &["[package", "[workspace"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.toml() else {
        return;
    };
    let workspace = root.get("workspace");
    if let Some(package) = root.get("package") {
        add_package(acc, file, root, package, workspace);
    } else if let Some(workspace) = workspace {
        let shared = workspace.get("package");
        let claim = Package {
            ecosystem: "cargo".to_owned(),
            folder: file.folder().to_owned(),
            version: shared.and_then(|s| text_of(s, "version")),
            license: shared.and_then(|s| text_of(s, "license")),
            description: shared
                .and_then(|s| text_of(s, "description"))
                .map(|d| one_line(&d)),
            runtime: shared
                .and_then(|s| text_of(s, "rust-version"))
                .map(|v| format!("rust {v}")),
            members: members_of(file, Some(workspace)),
            roots: true,
            ..Package::default()
        };
        let (first, last) = span_of(workspace, &["members", "exclude", "default-members"]);
        acc.add(file, first, last, Claim::Package(claim));
    }
    add_dependencies(acc, file, root);
    if let Some(targets) = root.get("target") {
        for (_, target) in targets.entries() {
            add_dependencies(acc, file, target);
        }
    }
    for (key, node) in workspace
        .and_then(|w| w.get("dependencies"))
        .map(Node::entries)
        .unwrap_or_default()
    {
        let (name, version, path) = read_dependency(file, &key.text, node);
        let claim = ManagedVersion {
            ecosystem: "cargo".to_owned(),
            name,
            version,
            alias: None,
            path,
        };
        let last = node.last.max(key.line);
        acc.add(file, key.line, last, Claim::ManagedVersion(claim));
    }
}

fn add_package(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    root: &Node,
    package: &Node,
    workspace: Option<&Node>,
) {
    let Some(name) = text_of(package, "name") else {
        return;
    };
    let bins = root.get("bin").map(Node::items).unwrap_or_default();
    let mut binaries: Vec<String> = bins.iter().filter_map(|b| text_of(b, "name")).collect();
    if let Some(run) = text_of(package, "default-run")
        && !binaries.contains(&run)
    {
        binaries.push(run);
    }
    // What is packed for those who install it is made to run, also where its program has no entry of its own:
    // <https://github.com/kornelski/cargo-deb>, <https://github.com/cat-in-136/cargo-generate-rpm>,
    // <https://github.com/cargo-bins/cargo-binstall/blob/main/SUPPORT.md>.
    let packed = package.get("metadata").is_some_and(|metadata| {
        let kinds = ["deb", "rpm", "generate-rpm", "binstall", "bundle"];
        kinds.iter().any(|kind| metadata.get(kind).is_some())
    });
    let inherits = package.entries().iter().any(|(_, n)| is_inherited(n));
    let claim = Package {
        version_file: None,
        aliases: Vec::new(),
        ecosystem: "cargo".to_owned(),
        name,
        folder: file.folder().to_owned(),
        version: value(package, "version"),
        // What a workspace says of all its members says nothing of one.
        description: text_of(package, "description").map(|d| one_line(&d)),
        license: value(package, "license"),
        runtime: value(package, "rust-version").map(|v| match v.as_str() {
            "workspace" => v,
            _ => format!("rust {v}"),
        }),
        members: members_of(file, workspace),
        roots: workspace.is_some(),
        application: packed || !binaries.is_empty(),
        library: false,
        binaries,
        scripts: Vec::new(),
        group: None,
        parent: text_of(package, "workspace").or(inherits.then(|| "workspace".to_owned())),
    };
    let (first, last) = span_of(package, &["name", "version", "description"]);
    acc.add(file, first, last, Claim::Package(claim));
}

/// The members of a workspace, and behind `!` what it excludes.
fn members_of(file: &SourceFile<'_>, workspace: Option<&Node>) -> Vec<String> {
    let mut all = members(file, workspace.and_then(|w| w.get("members")));
    let excluded = members(file, workspace.and_then(|w| w.get("exclude")));
    all.extend(excluded.into_iter().map(|folder| format!("!{folder}")));
    all
}

/// A value of `[package]`; `workspace` if it is inherited.
fn value(package: &Node, key: &str) -> Option<String> {
    let node = package.get(key)?;
    if is_inherited(node) {
        return Some("workspace".to_owned());
    }
    text_of(package, key).filter(|_| node.truth() != Some(false))
}

fn is_inherited(node: &Node) -> bool {
    node.get("workspace").and_then(Node::truth) == Some(true)
}

fn add_dependencies(acc: &mut FileFacts, file: &SourceFile<'_>, node: &Node) {
    const TABLES: [(&str, DependencyScope); 5] = [
        ("dependencies", DependencyScope::Runtime),
        ("dev-dependencies", DependencyScope::Development),
        ("dev_dependencies", DependencyScope::Development),
        ("build-dependencies", DependencyScope::Build),
        ("build_dependencies", DependencyScope::Build),
    ];
    for (table, scope) in TABLES {
        let entries = node.get(table).map(Node::entries).unwrap_or_default();
        for (key, value) in entries {
            let (name, version, path) = read_dependency(file, &key.text, value);
            let optional = value.get("optional").and_then(Node::truth) == Some(true);
            let scope = if optional && scope == DependencyScope::Runtime {
                DependencyScope::Optional
            } else {
                scope
            };
            let mut claim = dependency("cargo", &name, &version, scope);
            claim.path = path;
            let lines = (key.line, value.last.max(key.line));
            depend(acc, file, lines, claim);
            for feature in drivers(&name, value) {
                let claim = dependency("cargo", &format!("{name}/{feature}"), &version, scope);
                depend(acc, file, lines, claim);
            }
        }
    }
}

/// The features of a library for databases that bring the driver of one, written `sqlx/postgres` as
/// Cargo writes features of a dependency.
fn drivers<'n>(name: &str, node: &'n Node) -> Vec<&'n str> {
    const DATABASES: [&str; 3] = ["mysql", "postgres", "sqlite"];
    if !matches!(name, "diesel" | "diesel-async" | "sea-orm" | "sqlx") {
        return Vec::new();
    }
    let listed = node.get("features").map(Node::strings).unwrap_or_default();
    let product =
        |feature: &str| DATABASES.contains(&feature.strip_prefix("sqlx-").unwrap_or(feature));
    let all = listed.into_iter().map(|(feature, _)| feature);
    all.filter(|feature| product(feature)).collect()
}

/// Name, version and path of an entry of a table of dependencies.
fn read_dependency(
    file: &SourceFile<'_>,
    key: &str,
    node: &Node,
) -> (String, String, Option<String>) {
    if let Some(version) = node.str() {
        return (key.to_owned(), version.to_owned(), None);
    }
    let name = text_of(node, "package").unwrap_or_else(|| key.to_owned());
    let path = node.str_of("path").and_then(|path| file.resolve(path));
    let version = if is_inherited(node) {
        "workspace".to_owned()
    } else {
        text_of(node, "version")
            .or_else(|| {
                let address = text_of(node, "git")?;
                let at = ["rev", "tag", "branch"]
                    .iter()
                    .find_map(|key| text_of(node, key));
                Some(at.map_or(address.clone(), |at| format!("{address}#{at}")))
            })
            .unwrap_or_default()
    };
    (name, crate::secrets::without_credentials(&version), path)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
