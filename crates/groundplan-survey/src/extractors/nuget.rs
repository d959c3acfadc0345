//! Projects of .NET.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, ManagedVersion, Package};
use crate::manifest::{depend, dependency};
use crate::markup;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use roxmltree::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nuget",
    docs: "\
### What it finds
Projects of .NET with target framework, package and project references; versions of
`Directory.Packages.props`, and the one that a `Directory.Build.props` gives to all projects, also as
`<AssemblyVersion>`; member projects of a solution. The Web and Worker kits and the output type `Exe`
mark an application; what a test project needs is needed by tests. A program of NUKE or Cake builds the
others and is no application.

### What it does not find
Properties that MSBuild computes, and `packages.config`.
",
    reads: &[Reads::Paths(&[
        "*.csproj",
        "*.fsproj",
        "*.vbproj",
        "Directory.Build.props",
        "Directory.Packages.props",
        "*.sln",
        "*.slnx",
    ])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name().to_ascii_lowercase();
    if name.ends_with(".sln") || name.ends_with(".slnx") {
        return solution(acc, file);
    }
    let Some(document) = markup::parse(acc, file) else {
        return;
    };
    let root = document.root_element();
    if name == "directory.build.props" {
        return common_version(acc, file, root);
    }
    if name == "directory.packages.props" {
        for node in root
            .descendants()
            .filter(|n| n.has_tag_name("PackageVersion"))
        {
            let Some(name) = node.attribute("Include") else {
                continue;
            };
            let claim = ManagedVersion {
                ecosystem: "nuget".to_owned(),
                name: name.to_owned(),
                version: value(node, "Version").unwrap_or_default(),
                alias: None,
                path: None,
            };
            let (first, last) = markup::lines(file, node);
            acc.add(file, first, last, Claim::ManagedVersion(claim));
        }
        return;
    }
    project(acc, file, root);
}

/// An attribute, or a child element with that name.
fn value(node: Node<'_, '_>, name: &str) -> Option<String> {
    let child = || node.children().find(|n| n.has_tag_name(name))?.text();
    let text = node.attribute(name).or_else(child)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A property of the project.
fn property<'d>(root: Node<'d, 'd>, name: &str) -> Option<Node<'d, 'd>> {
    root.children()
        .filter(|n| n.has_tag_name("PropertyGroup"))
        .find_map(|group| group.children().find(|n| n.has_tag_name(name)))
}

fn project(acc: &mut FileFacts, file: &SourceFile<'_>, root: Node<'_, '_>) {
    let text = |name: &str| {
        let text = property(root, name)?.text()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let kit = root.attribute("Sdk").unwrap_or_default();
    let references: Vec<Node<'_, '_>> = root
        .descendants()
        .filter(|n| n.has_tag_name("PackageReference"))
        .collect();
    let is_test = text("IsTestProject").is_some_and(|t| t.eq_ignore_ascii_case("true"))
        || references
            .iter()
            .any(|n| n.attribute("Include") == Some("Microsoft.NET.Test.Sdk"));
    // A build that is written as a program (<https://nuke.build>, <https://cakebuild.net/docs/running-builds>).
    let builds = references.iter().any(|n| {
        matches!(
            n.attribute("Include"),
            Some("Nuke.Common" | "Cake.Frosting")
        )
    });
    // The kit of web programs builds a library as well, where the project says so.
    let output = text("OutputType").map(|t| t.to_ascii_lowercase());
    let starts = match output.as_deref() {
        Some("library" | "module") => false,
        Some(output) if output.ends_with("exe") => true,
        _ => kit.contains(".Web") || kit.contains(".Worker") || kit.contains("BlazorWebAssembly"),
    };
    let runs = starts && !builds;
    let stem = file
        .name()
        .rsplit_once('.')
        .map_or(file.name(), |(stem, _)| stem);
    let frameworks = text("TargetFramework").or_else(|| text("TargetFrameworks"));
    let claim = Package {
        ecosystem: "nuget".to_owned(),
        name: text("AssemblyName")
            .filter(|n| !n.contains('$'))
            .unwrap_or_else(|| stem.to_owned()),
        folder: file.folder().to_owned(),
        version: text("Version").or_else(|| text("VersionPrefix")),
        description: text("Description")
            .map(|d| d.split_whitespace().collect::<Vec<_>>().join(" ")),
        license: text("PackageLicenseExpression"),
        runtime: frameworks.map(|f| f.replace(';', ", ")),
        application: runs && !is_test,
        // The Web and Worker kits bring what keeps a program running.
        binaries: (runs
            && !is_test
            && matches!(
                kit,
                "Microsoft.NET.Sdk" | "Microsoft.NET.Sdk.WindowsDesktop"
            ))
        .then(|| stem.to_owned())
        .into_iter()
        .collect(),
        ..Package::default()
    };
    let line = file.lines().line_of(root.range().start);
    acc.add(file, line, line, Claim::Package(claim));
    if !is_test {
        common_version(acc, file, root);
    }

    // Kits of others are packages too: `<Project Sdk="Aspire.AppHost.Sdk/9.0.0">`.
    if !kit.is_empty() && !kit.starts_with("Microsoft.NET.Sdk") {
        let (name, version) = kit.split_once('/').unwrap_or((kit, ""));
        let claim = dependency("nuget", name, version, DependencyScope::Build);
        depend(acc, file, (line, line), claim);
    }
    for node in references {
        let Some(name) = node.attribute("Include") else {
            continue;
        };
        let private = value(node, "PrivateAssets").is_some_and(|v| v.eq_ignore_ascii_case("all"));
        let scope = match (is_test, private) {
            (true, _) => DependencyScope::Test,
            _ if builds => DependencyScope::Build,
            (_, true) => DependencyScope::Development,
            _ => DependencyScope::Runtime,
        };
        let version = value(node, "Version").or_else(|| value(node, "VersionOverride"));
        let claim = dependency("nuget", name, &version.unwrap_or_default(), scope);
        depend(acc, file, markup::lines(file, node), claim);
    }
    for node in root
        .descendants()
        .filter(|n| n.has_tag_name("ProjectReference"))
    {
        let Some(written) = node.attribute("Include") else {
            continue;
        };
        let path = written.replace('\\', "/");
        let last = path.rsplit('/').next().unwrap_or(&path);
        let name = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
        let scope = if is_test {
            DependencyScope::Test
        } else {
            DependencyScope::Runtime
        };
        let mut claim = dependency("nuget", name, "", scope);
        claim.path = file.resolve(&path);
        depend(acc, file, markup::lines(file, node), claim);
    }
}

/// The version that a project has, or that all projects below a folder take
/// (<https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory>).
fn common_version(acc: &mut FileFacts, file: &SourceFile<'_>, root: Node<'_, '_>) {
    let of = |tag: &str| {
        let mut all = root.descendants().filter(|n| n.has_tag_name(tag));
        all.find(|n| {
            n.text()
                .is_some_and(|t| !t.trim().is_empty() && !t.contains("$("))
        })
    };
    // That of the assembly is the version of the program where no other is given; `1.0.0.0` is what a
    // template writes (<https://learn.microsoft.com/dotnet/standard/library-guidance/versioning>).
    let assembly = || {
        let node = of("AssemblyVersion")?;
        let text = node.text()?.trim();
        (text != "1.0.0.0" && !text.contains('*')).then_some(node)
    };
    let Some(node) = of("Version")
        .or_else(|| of("VersionPrefix"))
        .or_else(assembly)
    else {
        return;
    };
    let claim = ManagedVersion {
        ecosystem: "nuget".to_owned(),
        name: String::new(),
        version: node.text().unwrap_or_default().trim().to_owned(),
        alias: None,
        path: None,
    };
    let (first, last) = markup::lines(file, node);
    acc.add(file, first, last, Claim::ManagedVersion(claim));
}

/// The projects of a solution: `Project("{…}") = "Name", "path\Name.csproj"` or
/// `<Project Path="…" />`.
fn solution(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut members = Vec::new();
    let mut lines: Option<(u32, u32)> = None;
    for (number, line) in file.text.lines().enumerate() {
        if !(line.starts_with("Project(") || line.contains("<Project ")) {
            continue;
        }
        let path = line
            .split('"')
            .find(|part| part.ends_with("proj") && part.contains('.'))
            .map(|part| part.replace('\\', "/"));
        if let Some(path) = path.and_then(|path| file.resolve(&path)) {
            let number = number as u32 + 1;
            members.push(path);
            lines = Some(lines.map_or((number, number), |(first, _)| (first, number)));
        }
    }
    let Some((first, last)) = lines else {
        return;
    };
    let stem = file
        .name()
        .rsplit_once('.')
        .map_or(file.name(), |(stem, _)| stem);
    let claim = Package {
        ecosystem: "nuget".to_owned(),
        name: stem.to_owned(),
        folder: file.folder().to_owned(),
        members,
        ..Package::default()
    };
    acc.add(file, first, last, Claim::Package(claim));
}
