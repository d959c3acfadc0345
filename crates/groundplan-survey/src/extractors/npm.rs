//! `package.json` and `pnpm-workspace.yaml`.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, ManagedVersion, Package};
use crate::manifest::{depend, dependency, members, span_of, text_of};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "npm",
    docs: "\
### What it finds
The package of a `package.json` with version, description, licence, `engines.node`, executables,
scripts and workspaces; dependencies with scope, `file:` and `link:` paths; members and catalogues
of a `pnpm-workspace.yaml`, members of a `lerna.json`. A package with a script `start`, `serve` or
`dev`, or with `bin`, counts as an application unless it is the root of a workspace or a library:
made for others to import, without `bin` and without a script that starts it.

### What it does not find
Versions of lock files. Packages that were copied into the tree (`node_modules`, `bower_components`, `vendor`,
`wwwroot/lib`) are not read.
",
    reads: &[Reads::Paths(&[
        "package.json",
        "pnpm-workspace.yaml",
        "lerna.json",
    ])],
    markers: &[],
    run: extract,
};

/// Whether a manifest came with a package that was copied into the tree.
fn is_foreign(path: &str) -> bool {
    // Where templates of ASP.NET put libraries of pages.
    let copied = path.contains("wwwroot/lib/");
    copied
        || path.split('/').any(|part| {
            matches!(
                part,
                "node_modules" | "bower_components" | "vendor" | "third_party"
            )
        })
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if is_foreign(file.path) {
        return;
    }
    match file.name() {
        "pnpm-workspace.yaml" => {
            for root in file.yaml().iter().take(1) {
                add_workspace(acc, file, root);
                add_catalogs(acc, file, root);
            }
        }
        "lerna.json" => {
            if let Some(root) = file.json() {
                add_workspace(acc, file, root);
            }
        }
        _ => {
            if let Some(root) = file.json().filter(|root| root.is_mapping()) {
                add_package(acc, file, root);
                add_dependencies(acc, file, root);
            }
        }
    }
}

fn add_workspace(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let members = members(file, root.get("packages"));
    if members.is_empty() {
        return;
    }
    let claim = Package {
        ecosystem: "npm".to_owned(),
        folder: file.folder().to_owned(),
        members,
        ..Package::default()
    };
    let (first, last) = span_of(root, &["packages"]);
    acc.add(file, first, last, Claim::Package(claim));
}

fn add_catalogs(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let mut catalogs: Vec<(String, &Node)> = Vec::new();
    if let Some(node) = root.get("catalog") {
        catalogs.push(("catalog:".to_owned(), node));
    }
    let named = root.get("catalogs").map(Node::entries).unwrap_or_default();
    catalogs.extend(
        named
            .iter()
            .map(|(k, n)| (format!("catalog:{}", k.text), *n)),
    );
    for (alias, catalog) in catalogs {
        for (key, node) in catalog.entries() {
            let Some(version) = node.str() else {
                continue;
            };
            let claim = ManagedVersion {
                ecosystem: "npm".to_owned(),
                name: key.text.clone(),
                version: version.to_owned(),
                alias: Some(alias.clone()),
                path: None,
            };
            acc.add(file, key.line, node.last, Claim::ManagedVersion(claim));
        }
    }
}

fn add_package(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let workspaces = root.get("workspaces");
    let members = members(file, workspaces.map(|w| w.get("packages").unwrap_or(w)));
    let name = text_of(root, "name").unwrap_or_default();
    let known = [
        "scripts",
        "dependencies",
        "devDependencies",
        "main",
        "version",
    ];
    if name.is_empty() && members.is_empty() && known.iter().all(|key| root.get(key).is_none()) {
        // A marker file such as `{"type": "module"}` is no package.
        return;
    }
    let binaries: Vec<String> = match root.get("bin") {
        Some(node) if node.is_mapping() => {
            node.entries().iter().map(|(k, _)| k.text.clone()).collect()
        }
        Some(node) if node.str().is_some() => {
            let short = name.rsplit('/').next().unwrap_or(&name);
            vec![short.to_owned()]
        }
        _ => Vec::new(),
    };
    let scripts: Vec<(String, String)> = root
        .get("scripts")
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .filter_map(|(key, node)| {
            let command = secrets::keep("", node.str()?)?;
            Some((key.text.clone(), command))
        })
        .collect();
    let starts = scripts.iter().any(|(name, command)| {
        matches!(name.as_str(), "start" | "serve" | "dev")
            && !is_handed_on(command)
            && !only_shows(command)
            && !only_builds(command, &scripts)
    });
    let library = members.is_empty() && binaries.is_empty() && is_library(root, &scripts);
    let license = text_of(root, "license").or_else(|| text_of(root.get("license")?, "type"));
    let claim = Package {
        aliases: Vec::new(),
        ecosystem: "npm".to_owned(),
        name,
        folder: file.folder().to_owned(),
        version: text_of(root, "version"),
        description: text_of(root, "description"),
        license,
        runtime: root
            .get("engines")
            .and_then(|e| text_of(e, "node"))
            .map(|v| format!("node {v}")),
        application: !library && (!binaries.is_empty() || (starts && members.is_empty())),
        library,
        members,
        binaries,
        scripts,
        parent: None,
        group: None,
        roots: false,
        version_file: None,
    };
    let (first, last) = match ["name", "version", "description", "main", "scripts"]
        .iter()
        .position(|key| root.get(key).is_some())
    {
        Some(0..=2) => span_of(root, &["name", "version", "description"]),
        Some(_) => span_of(root, &["main", "scripts"]),
        None => (root.first, root.first),
    };
    acc.add(file, first, last, Claim::Package(claim));
}

/// Whether a script shows pieces of pages to those who write them: templates of mail, a catalogue of
/// components.
fn only_shows(command: &str) -> bool {
    let mut words = command
        .split_whitespace()
        .skip_while(|word| matches!(*word, "npx" | "bunx" | "pnpm" | "yarn" | "exec"));
    matches!(
        words.next(),
        Some(
            "email"
                | "react-email"
                | "maizzle"
                | "storybook"
                | "start-storybook"
                | "histoire"
                | "ladle"
        )
    )
}

/// Whether a script starts what other packages of its workspace are: `turbo run start`,
/// `pnpm --filter web dev`, `yarn workspace web start`.
fn is_handed_on(command: &str) -> bool {
    let mut words = command.split_whitespace().skip_while(|word| {
        matches!(
            *word,
            "cross-env" | "dotenv" | "npx" | "--" | "exec" | "run"
        ) || word.contains('=') && !word.starts_with('-')
    });
    let tool = words.next().unwrap_or_default();
    let mut rest = words.take_while(|word| !matches!(*word, "&&" | ";" | "||"));
    match tool {
        "turbo" | "nx" | "lerna" | "rush" | "lage" | "moon" | "bolt" | "ultra" => true,
        "pnpm" | "yarn" | "npm" | "bun" => rest.any(|word| {
            matches!(
                word,
                "-r" | "-w" | "-F" | "recursive" | "workspace" | "workspaces"
            ) || ["--filter", "--recursive", "--workspace", "--parallel"]
                .iter()
                .any(|flag| word.starts_with(flag))
        }),
        _ => false,
    }
}

/// Whether a package is made to be imported: it says what others get
/// (<https://nodejs.org/api/packages.html#package-entry-points>), and nothing starts it.
fn is_library(root: &Node, scripts: &[(String, String)]) -> bool {
    let has = |key: &str| root.get(key).is_some();
    // An extension of an editor or browser is loaded by it.
    let hosted = has("contributes") || has("activationEvents");
    let offers = ["exports", "module", "types", "typings"]
        .iter()
        .any(|key| has(key));
    if hosted || !(offers || has("main")) {
        return false;
    }
    let script = |name: &str| {
        let found = scripts.iter().find(|(own, _)| own == name);
        found.map(|(_, command)| command.as_str())
    };
    let runs = |name: &str| script(name).is_some_and(|command| !only_builds(command, scripts));
    if runs("start") || runs("serve") {
        return false;
    }
    let published = ["files", "publishConfig", "peerDependencies"]
        .iter()
        .any(|key| has(key))
        || ["prepublishOnly", "prepublish", "prepack"]
            .iter()
            .any(|name| script(name).is_some());
    published || offers && !runs("dev")
}

/// Whether a command builds, and builds again when a file changes, but runs nothing of what it built,
/// by itself or through another script.
fn only_builds(command: &str, scripts: &[(String, String)]) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let called = match words.as_slice() {
        ["npm" | "pnpm" | "yarn" | "bun", "run", name] | ["pnpm" | "yarn", name] => Some(*name),
        _ => None,
    };
    let mut others = scripts.iter();
    let command = match called.and_then(|name| others.find(|(own, _)| own == name)) {
        Some((_, inner)) if inner != command => inner,
        _ => command,
    };
    builds_alone(command)
}

fn builds_alone(command: &str) -> bool {
    const BUILDERS: [&str; 14] = [
        "tsc",
        "vue-tsc",
        "tsup",
        "tsdown",
        "rollup",
        "microbundle",
        "unbuild",
        "babel",
        "swc",
        "ng-packagr",
        "preconstruct",
        "father",
        "bunchee",
        "stencil",
    ];
    let words: Vec<&str> = command.split_whitespace().collect();
    // `concurrently "tsc --watch" "nodemon dist"` does more than its first word.
    let one = !command.contains(['&', ';', '|', '"', '\'']);
    let first = words
        .iter()
        .find(|w| !w.contains('=') && !matches!(**w, "npx" | "cross-env"))
        .and_then(|w| w.rsplit('/').next());
    // `build:watch`, `watch:build`: scripts are named for what they do.
    let builds = words.iter().any(|w| {
        let mut parts = w.split([':', '-']);
        parts.any(|part| matches!(part, "build" | "pack" | "bundle" | "stub"))
    });
    one && (first.is_some_and(|w| BUILDERS.contains(&w)) || builds)
}

fn add_dependencies(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    const TABLES: [(&str, DependencyScope); 4] = [
        ("dependencies", DependencyScope::Runtime),
        ("devDependencies", DependencyScope::Development),
        ("peerDependencies", DependencyScope::Runtime),
        ("optionalDependencies", DependencyScope::Optional),
    ];
    let direct = root.get("dependencies");
    let optional_peers = root.get("peerDependenciesMeta");
    for (table, scope) in TABLES {
        let entries = root.get(table).map(Node::entries).unwrap_or_default();
        for (key, node) in entries {
            let Some(version) = node.str() else {
                continue;
            };
            let mut scope = scope;
            if table == "peerDependencies" {
                if direct.is_some_and(|d| d.get(&key.text).is_some()) {
                    continue;
                }
                let meta = optional_peers.and_then(|m| m.get(&key.text));
                if meta.and_then(|m| m.get("optional")?.truth()) == Some(true) {
                    scope = DependencyScope::Optional;
                }
            }
            let mut claim = dependency("npm", &key.text, version, scope);
            claim.path = ["file:", "link:", "portal:"]
                .iter()
                .find_map(|scheme| version.strip_prefix(scheme))
                .and_then(|path| file.resolve(path));
            depend(acc, file, (key.line, node.last), claim);
        }
    }
}
