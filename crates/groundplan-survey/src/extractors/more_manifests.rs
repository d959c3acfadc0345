//! Manifests of Ruby, PHP, Elixir and CMake.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, ModulePaths, Package};
use crate::manifest::{depend, dependency, span_of, text_of};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "more-manifests",
    docs: "\
### What it finds
The package of a `composer.json` with the folders of its namespaces (`psr-4`); dependencies of a `Gemfile` with its groups, of `composer.json`,
of the `deps` of `mix.exs` with the project that it names, and the
packages that `find_package` of `CMakeLists.txt` asks for, with its project where it builds a program that
answers over HTTP.

### What it does not find
What Ruby, Elixir and CMake compute, versions of lock files, gems from `*.gemspec`.
",
    reads: &[Reads::Paths(&[
        "Gemfile",
        "composer.json",
        "mix.exs",
        "CMakeLists.txt",
    ])],
    markers: &["gem ", "require", "deps", "find_package", "psr-4"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    match file.name().to_ascii_lowercase().as_str() {
        "gemfile" => gems(acc, file),
        "composer.json" => composer(acc, file),
        "mix.exs" => mix(acc, file),
        _ => cmake(acc, file),
    }
}

/// The texts in quotes of a line.
fn quoted(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find(['"', '\'']) {
        let quote = if rest[open..].starts_with('"') {
            '"'
        } else {
            '\''
        };
        let Some((text, after)) = rest[open + 1..].split_once(quote) else {
            break;
        };
        found.push(text);
        rest = after;
    }
    found
}

/// The scope that a word such as `:test` or `only: [:dev]` gives.
fn scope(line: &str) -> Option<DependencyScope> {
    if line.contains(":test") {
        Some(DependencyScope::Test)
    } else if line.contains(":dev") {
        Some(DependencyScope::Development)
    } else {
        None
    }
}

fn gems(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut group = None;
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        if line.starts_with("group ") {
            group = scope(line);
        } else if line == "end" {
            group = None;
        } else if let Some(rest) = line.strip_prefix("gem ").or(line.strip_prefix("gem(")) {
            let texts = quoted(rest);
            let Some(name) = texts.first() else { continue };
            let is_version =
                |t: &&&str| t.starts_with(|c: char| c.is_ascii_digit() || "~<>=!".contains(c));
            let version = texts.iter().skip(1).find(is_version);
            let scope = scope(rest).or(group).unwrap_or(DependencyScope::Runtime);
            let claim = dependency("gem", name, version.unwrap_or(&""), scope);
            depend(acc, file, (number, number), claim);
        }
    }
}

fn composer(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        package(acc, file, root);
        for (key, scope) in [
            ("require", DependencyScope::Runtime),
            ("require-dev", DependencyScope::Development),
        ] {
            let Some(node) = root.get(key) else { continue };
            for (name, version) in node.entries() {
                // The language and its extensions are no packages.
                if name.text.contains('/') {
                    let version = version.str().unwrap_or_default();
                    let claim = dependency("composer", &name.text, version, scope);
                    depend(acc, file, (name.line, name.line), claim);
                }
            }
        }
    }
}

/// Names that projects are copied from, and that say nothing of what was made of them.
const SKELETONS: &[&str] = &[
    "laravel/laravel",
    "laravel/lumen",
    "slim/slim-skeleton",
    "symfony/skeleton",
    "symfony/website-skeleton",
    "yiisoft/yii2-app-advanced",
    "yiisoft/yii2-app-basic",
];

/// The package that a `composer.json` describes (<https://getcomposer.org/doc/04-schema.md>); one
/// that was copied into the tree is none.
fn package(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    if !root.is_mapping() || file.path.split('/').any(|part| part == "vendor") {
        return;
    }
    let name = text_of(root, "name").filter(|n| !SKELETONS.contains(&n.as_str()));
    let skeleton = name.is_none();
    let kind = text_of(root, "type").unwrap_or_default();
    let made_for_others = ["library", "plugin", "package", "bundle", "module", "theme"];
    let php = root.get("require").and_then(|needs| text_of(needs, "php"));
    let claim = Package {
        ecosystem: "composer".to_owned(),
        name: name.unwrap_or_default(),
        folder: file.folder().to_owned(),
        version: text_of(root, "version"),
        // What a skeleton says of itself is not said of what was made of it.
        description: text_of(root, "description").filter(|_| !skeleton),
        license: text_of(root, "license"),
        runtime: php.map(|version| format!("php {version}")),
        library: made_for_others.iter().any(|end| kind.ends_with(end)),
        ..Package::default()
    };
    let (first, last) = span_of(root, &["name", "description", "version", "license", "type"]);
    acc.add(file, first, last, Claim::Package(claim));
    namespaces(acc, file, root);
}

/// `"autoload": {"psr-4": {"Shop\\": "app/"}}`: the folders that classes of a namespace lie in.
fn namespaces(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let given = root.get("autoload").and_then(|loaded| loaded.get("psr-4"));
    let mut paths = Vec::new();
    for (key, node) in given.map(Node::entries).unwrap_or_default() {
        let one = node.str().map(str::to_owned);
        let more = node.items().iter().filter_map(|item| item.str());
        let places: Vec<String> = (one.into_iter().chain(more.map(str::to_owned)))
            .map(|place| format!("{}*", place.trim_start_matches("./")))
            .collect();
        if !places.is_empty() {
            paths.push((format!("{}*", key.text), places));
        }
    }
    if let Some(node) = given.filter(|_| !paths.is_empty()) {
        let claim = ModulePaths {
            paths,
            ..ModulePaths::default()
        };
        let claim = Claim::ModulePaths(Box::new(claim));
        acc.add(file, node.first, node.last, claim);
    }
}

fn mix(acc: &mut FileFacts, file: &SourceFile<'_>) {
    mix_project(acc, file);
    let mut inside = false;
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        let begins = line.starts_with("defp deps") || line.starts_with("def deps");
        inside |= begins;
        if inside && line == "end" {
            inside = false;
        }
        let Some(rest) = line.strip_prefix("{:").filter(|_| inside) else {
            continue;
        };
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let first = rest.trim_start_matches([',', ' ']);
        let version = match first.starts_with('"') {
            true => quoted(first).first().copied().unwrap_or_default(),
            false => "",
        };
        let scope = scope(rest).unwrap_or(DependencyScope::Runtime);
        depend(
            acc,
            file,
            (number, number),
            dependency("hex", name, version, scope),
        );
    }
}

/// The project of `mix.exs`: `app: :shop, version: "1.2.0"`. One whose application has a module to
/// start runs (<https://hexdocs.pm/mix/Mix.Tasks.Compile.App.html>).
fn mix_project(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lines = || file.text.lines().map(str::trim);
    let Some((number, name)) = lines().enumerate().find_map(|(number, line)| {
        let (before, rest) = line.split_once("app: :")?;
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        let name = &rest[..end.unwrap_or(rest.len())];
        matches!(before, "" | "[").then(|| (number as u32 + 1, name.to_owned()))
    }) else {
        return;
    };
    let version = lines().find_map(|line| quoted(line.strip_prefix("version: ")?).first().copied());
    let package = Package {
        ecosystem: "hex".to_owned(),
        name,
        folder: file.folder().to_owned(),
        version: version.map(str::to_owned),
        application: lines().any(|line| line.contains("mod: {")),
        ..Package::default()
    };
    acc.add(file, number, number, Claim::Package(package));
}

/// Libraries with which a program of C++ answers over HTTP.
const SERVES: [&str; 6] = [
    "drogon",
    "crow",
    "oatpp",
    "pistache",
    "httplib",
    "cpprestsdk",
];

/// The project of a `CMakeLists.txt` that builds a program which answers over HTTP: `project(shop CXX)`,
/// `add_executable(shop main.cc)`, `find_package(Drogon)`.
fn cmake_project(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lines = || file.text.lines().map(str::trim);
    let called = |word: &'static str| {
        move |line: &str| {
            let rest = line
                .strip_prefix(word)?
                .trim_start()
                .strip_prefix('(')?
                .trim_start();
            let end = rest.find([' ', ')', '\t']).unwrap_or(rest.len());
            Some(rest[..end].to_owned())
        }
    };
    let serves = |name: String| SERVES.contains(&name.to_ascii_lowercase().as_str());
    let found = (1..).zip(lines());
    let project = { found }.find_map(|(number, line)| Some((number, called("project")(line)?)));
    let builds = lines().any(|line| called("add_executable")(line).is_some());
    let answers = lines().filter_map(called("find_package")).any(serves);
    let Some((line, name)) = project.filter(|_| builds && answers) else {
        return;
    };
    let package = Package {
        ecosystem: "cmake".to_owned(),
        name: name.trim_matches('"').to_owned(),
        folder: file.folder().to_owned(),
        application: true,
        ..Package::default()
    };
    if !package.name.contains('$') && !scan::is_test(file.path) {
        acc.add(file, line, line, Claim::Package(package));
    }
}

fn cmake(acc: &mut FileFacts, file: &SourceFile<'_>) {
    cmake_project(acc, file);
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        let Some(rest) = line
            .strip_prefix("find_package")
            .and_then(|rest| rest.trim_start().strip_prefix('('))
        else {
            continue;
        };
        let name = rest
            .split([' ', ')', '\t'])
            .find(|w| !w.is_empty())
            .unwrap_or_default();
        let claim = dependency("cmake", name, "", DependencyScope::Build);
        depend(acc, file, (number, number), claim);
    }
}
