use super::require;
use crate::facts::{Claim, FileFacts, Package, PackageDependency};
use crate::manifest::{depend, dependency, members, scope_of_group, span_of, text_of};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Node;

pub(super) fn pyproject(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.toml() else {
        return;
    };
    let project = root.get("project");
    let poetry = root.at(&["tool", "poetry"]);
    add_package(acc, file, root);
    if let Some(project) = project {
        list(
            acc,
            file,
            project.get("dependencies"),
            DependencyScope::Runtime,
        );
        groups(
            acc,
            file,
            project.get("optional-dependencies"),
            DependencyScope::Optional,
        );
    }
    groups(
        acc,
        file,
        root.get("dependency-groups"),
        DependencyScope::Development,
    );
    let development = DependencyScope::Development;
    list(
        acc,
        file,
        root.at(&["tool", "uv", "dev-dependencies"]),
        development,
    );
    groups(
        acc,
        file,
        root.at(&["tool", "pdm", "dev-dependencies"]),
        development,
    );
    if let Some(poetry) = poetry {
        table(
            acc,
            file,
            poetry.get("dependencies"),
            DependencyScope::Runtime,
        );
        table(acc, file, poetry.get("dev-dependencies"), development);
        let groups = poetry.get("group").map(Node::entries).unwrap_or_default();
        for (key, group) in groups {
            let scope = scope_of_group(&key.text, DependencyScope::Optional);
            table(acc, file, group.get("dependencies"), scope);
        }
    }
    list(
        acc,
        file,
        root.at(&["build-system", "requires"]),
        DependencyScope::Build,
    );
}

fn add_package(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let project = root.get("project");
    let poetry = root.at(&["tool", "poetry"]);
    let members = members(file, root.at(&["tool", "uv", "workspace", "members"]));
    let Some(main) = project.or(poetry) else {
        if !members.is_empty() {
            let workspace = root.at(&["tool", "uv", "workspace"]).unwrap_or(root);
            let (first, last) = span_of(workspace, &["members"]);
            let claim = Package {
                ecosystem: "pypi".to_owned(),
                folder: file.folder().to_owned(),
                members,
                ..Package::default()
            };
            acc.add(file, first, last, Claim::Package(claim));
        }
        return;
    };
    let text = |key: &str| text_of(main, key).or_else(|| text_of(poetry?, key));
    let license = text("license").or_else(|| text_of(main.get("license")?, "text"));
    let python = text("requires-python")
        .or_else(|| text_of(poetry?.get("dependencies")?, "python"))
        .map(|v| format!("python {v}"));
    let mut binaries = Vec::new();
    for node in [
        project.and_then(|p| p.get("scripts")),
        project.and_then(|p| p.get("gui-scripts")),
        poetry.and_then(|p| p.get("scripts")),
    ] {
        let entries = node.map(Node::entries).unwrap_or_default();
        binaries.extend(entries.iter().map(|(k, _)| k.text.clone()));
    }
    let mut scripts = Vec::new();
    for path in [["tool", "pdm", "scripts"], ["tool", "poe", "tasks"]] {
        let entries = root.at(&path).map(Node::entries).unwrap_or_default();
        for (key, node) in entries {
            let command = node
                .str()
                .or_else(|| node.str_of("cmd"))
                .or_else(|| node.str_of("shell"));
            if let Some(command) = command.and_then(|c| crate::secrets::keep("", c)) {
                scripts.push((key.text.clone(), command));
            }
        }
    }
    let claim = Package {
        aliases: Vec::new(),
        ecosystem: "pypi".to_owned(),
        name: text("name").unwrap_or_default(),
        folder: file.folder().to_owned(),
        version: text("version"),
        description: text("description"),
        license,
        runtime: python,
        members,
        application: !binaries.is_empty(),
        library: false,
        binaries,
        scripts,
        parent: None,
        group: None,
        roots: false,
        version_file: version_file(file, root, main),
    };
    if claim.name.is_empty() && poetry.is_some() && project.is_none() && claim.runtime.is_none() {
        // Poetry's settings alone make no package.
        return;
    }
    let (first, last) = span_of(main, &["name", "version", "description"]);
    acc.add(file, first, last, Claim::Package(claim));
}

/// The file that the version is read from where the manifest calls it dynamic: by Hatch and PDM from a
/// path, by setuptools from an attribute of a module
/// (<https://hatch.pypa.io/latest/version/>,
/// <https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata>).
fn version_file(file: &SourceFile<'_>, root: &Node, project: &Node) -> Option<String> {
    let dynamic = project
        .get("dynamic")
        .map(Node::strings)
        .unwrap_or_default();
    if !dynamic.iter().any(|(name, _)| *name == "version") {
        return None;
    }
    let tool = |path: &[&str]| root.at(path).and_then(Node::str).map(str::to_owned);
    let attribute = || {
        let name = tool(&["tool", "setuptools", "dynamic", "version", "attr"])?;
        let (module, _) = name.rsplit_once('.')?;
        Some(format!("{}.py", module.replace('.', "/")))
    };
    let path = tool(&["tool", "hatch", "version", "path"])
        .or_else(|| tool(&["tool", "pdm", "version", "path"]))
        .or_else(attribute)?;
    crate::source::join(file.folder(), &path)
}

/// A list of requirements of PEP 508.
fn list(acc: &mut FileFacts, file: &SourceFile<'_>, node: Option<&Node>, scope: DependencyScope) {
    for (text, line) in node.map(Node::strings).unwrap_or_default() {
        require(acc, file, text, line, scope);
    }
}

/// Named lists of requirements; `{include-group = …}` adds nothing of its own.
fn groups(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    node: Option<&Node>,
    otherwise: DependencyScope,
) {
    for (key, group) in node.map(Node::entries).unwrap_or_default() {
        list(acc, file, Some(group), scope_of_group(&key.text, otherwise));
    }
}

/// A table of names with versions, as Poetry and Pipenv have it.
fn table(acc: &mut FileFacts, file: &SourceFile<'_>, node: Option<&Node>, scope: DependencyScope) {
    for (key, value) in node.map(Node::entries).unwrap_or_default() {
        if key.text == "python" {
            continue;
        }
        // Poetry allows a list of alternatives by marker; the first speaks for all.
        let value = value.items().first().map_or(value, |first| first.as_ref());
        let text = |name: &str| text_of(value, name);
        let version = match value.str() {
            Some(version) => version.to_owned(),
            None => text("version")
                .or_else(|| text("git"))
                .or_else(|| text("url"))
                .unwrap_or_default(),
        };
        let optional = value.get("optional").and_then(Node::truth) == Some(true);
        let scope = if optional {
            DependencyScope::Optional
        } else {
            scope
        };
        let claim = PackageDependency {
            path: text("path").and_then(|path| file.resolve(&path)),
            ..dependency("pypi", &key.text, &version, scope)
        };
        depend(acc, file, (key.line, value.last.max(key.line)), claim);
    }
}

pub(super) fn pipfile(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.toml() else {
        return;
    };
    let requires = root.get("requires");
    let python = requires
        .and_then(|r| text_of(r, "python_full_version").or_else(|| text_of(r, "python_version")));
    if let (Some(requires), Some(python)) = (requires, python) {
        let claim = Package {
            ecosystem: "pypi".to_owned(),
            folder: file.folder().to_owned(),
            runtime: Some(format!("python {python}")),
            ..Package::default()
        };
        let (first, last) = span_of(requires, &["python_version", "python_full_version"]);
        acc.add(file, first, last, Claim::Package(claim));
    }
    table(acc, file, root.get("packages"), DependencyScope::Runtime);
    table(
        acc,
        file,
        root.get("dev-packages"),
        DependencyScope::Development,
    );
}
