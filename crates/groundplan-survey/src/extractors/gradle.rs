//! Build files of Gradle.

mod catalog;
mod settings;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package};
use crate::finders::Finders;
use crate::manifest::{depend, dependency};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "gradle",
    docs: "\
### What it finds
Dependencies and plugins of `build.gradle` and `build.gradle.kts` where they are literals, also
in lists over several lines, and of `dependencies.gradle` beside it, with versions of variables of the same file; Java version; project name and included projects
of `settings.gradle`, also where it moves or renames them; versions of `libs.versions.toml` with their aliases. A plugin that makes a
program marks an application.

### What it does not find
What scripts compute. A build file has no name, so its package bears that of its folder.
",
    reads: &[Reads::Paths(&[
        "build.gradle",
        "build.gradle.kts",
        "settings.gradle",
        "settings.gradle.kts",
        "*.versions.toml",
        "dependencies.gradle",
        "dependencies.gradle.kts",
    ])],
    markers: &[],
    run: extract,
};

const APPLICATION_PLUGINS: [&str; 9] = [
    "org.springframework.boot",
    "spring-boot",
    "application",
    "io.quarkus",
    "io.micronaut.application",
    "io.ktor.plugin",
    "com.google.cloud.tools.jib",
    "com.android.application",
    "com.bmuschko.docker-java-application",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name().to_ascii_lowercase();
    if name.ends_with(".versions.toml") {
        catalog::read(acc, file, name.trim_end_matches(".versions.toml"));
    } else if name.starts_with("settings.") {
        settings::read(acc, file);
    } else {
        build(acc, file);
    }
}

/// The texts in quotes of a line, with the place behind each.
pub(super) fn quoted(line: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = line.get(at..).and_then(|rest| rest.find(['"', '\''])) {
        let open = at + start;
        let quote = line[open..].chars().next().unwrap_or('"');
        let Some(length) = line[open + 1..].find(quote) else {
            break;
        };
        let end = open + 1 + length;
        found.push((&line[open + 1..end], end + 1));
        at = end + 1;
    }
    found
}

fn build(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let variables = variables(file.text);
    let mut package = Package {
        ecosystem: "maven".to_owned(),
        name: file
            .folder()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        folder: file.folder().to_owned(),
        ..Package::default()
    };
    let mut at = 1;
    let mut in_comment = false;
    // The configuration whose list of libraries goes on in the next line.
    let mut list: Option<String> = None;
    let own = own_configurations(file.text);
    static OF_JAVA: Finders = Finders::of(&JAVA);
    let names_java = OF_JAVA.any(file.text);
    // Brackets that are open since the head of a list of versions which a project may use, and uses not.
    let mut limits: Option<i32> = None;
    // The classpath of the build script and what all subprojects get is not this project's.
    for (number, written) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = written.trim();
        in_comment |= line.starts_with("/*");
        let skip = in_comment || line.starts_with("//");
        in_comment &= !line.contains("*/");
        if skip {
            continue;
        }
        if limits.is_some() || line.starts_with("constraints") && line.ends_with('{') {
            let braces = |c: char| i32::try_from(line.matches(c).count()).unwrap_or(0);
            let open = limits.unwrap_or(0) + braces('{') - braces('}');
            limits = (open > 0).then_some(open);
            continue;
        }
        let listed = list
            .take()
            .filter(|_| line.starts_with(['"', '\'']))
            .map(|configuration| format!("{configuration} {line}"));
        let line = listed.as_deref().unwrap_or(line);
        let word = line.split([' ', '(']).next().unwrap_or_default();
        let renamed = own
            .contains(&word)
            .then(|| format!("implementation{}", &line[word.len()..]));
        let line = renamed.as_deref().unwrap_or(line);
        let opens = line.ends_with(',') && library(line).is_some()
            || matches!(
                line,
                "implementation(" | "implementation" | "api(" | "runtimeOnly("
            )
            || matches!(line, "testImplementation(" | "compileOnly(");
        if opens {
            let configuration = line.split([' ', '(']).next().unwrap_or_default();
            list = Some(configuration.to_owned());
        }
        if let Some((id, version)) = plugin(line) {
            let applied = !line.contains("apply false");
            if applied && APPLICATION_PLUGINS.contains(&id.as_str()) {
                package.application = true;
                at = number;
            }
            let version = fill(version.unwrap_or_default(), &variables);
            let claim = dependency("maven", &id, &version, DependencyScope::Build);
            if applied {
                depend(acc, file, (number, number), claim);
            }
        } else if let Some((name, version, scope)) =
            library(line).filter(|(n, ..)| is_used(line, n))
        {
            let version = fill(&version, &variables);
            let name = fill(&name, &variables);
            depend(
                acc,
                file,
                (number, number),
                dependency("maven", &name, &version, scope),
            );
        } else if let Some(version) = names_java.then(|| java(line)).flatten() {
            package.runtime = Some(format!("java {version}"));
        } else if let Some(value) = assigned(written, "version") {
            package.version = Some(fill(value, &variables));
        } else if let Some(value) = assigned(written, "description") {
            package.description = Some(value.to_owned());
        }
    }
    // Dependencies that a build file takes from beside it make no project of their own.
    if file.name().starts_with("build.") {
        acc.add(file, at, at, Claim::Package(package));
    }
}

/// Configurations that a build makes itself and that its code is compiled with:
/// `implementation.extendsFrom(framework)`
/// (<https://docs.gradle.org/current/userguide/declaring_configurations.html>).
fn own_configurations(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    if memchr::memmem::find(text.as_bytes(), b".extendsFrom").is_none() {
        return found;
    }
    for line in text.lines().map(str::trim) {
        let Some((before, after)) = line.split_once(".extendsFrom") else {
            continue;
        };
        let base = before.rsplit(['.', ' ', '"', '\'']).find(|w| !w.is_empty());
        if !matches!(base, Some("implementation" | "api" | "runtimeOnly")) {
            continue;
        }
        let names = after.split(|c: char| !c.is_alphanumeric() && c != '_');
        found.extend(names.filter(|name| !name.is_empty() && *name != "configurations"));
    }
    found
}

/// Whether a dependency is more than something that a plugin of the build needs: of the class path of a
/// build script only plugins themselves are told.
fn is_used(line: &str, name: &str) -> bool {
    let of_script = line.starts_with("classpath");
    !of_script || name.contains("plugin") || name.contains("gradle") && !name.contains("extension")
}

/// Plain variables: `def x = '1'`, `ext.x = "1"`, `val x = "1"`, `x = '1'`.
pub(super) fn variables(text: &str) -> BTreeMap<&str, &str> {
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let Some((left, right)) = line.split_once('=') else {
            continue;
        };
        let name = left.split([':', ' ', '\t', '.']).rfind(|w| !w.is_empty());
        if let (Some(name), Some((value, _))) = (name, quoted(right).first()) {
            found.entry(name).or_insert(*value);
        }
    }
    found
}

/// Fills in `$name` and `${name}` of the same file; others stay.
pub(super) fn fill(text: &str, variables: &BTreeMap<&str, &str>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('$') {
        out.push_str(head);
        let braced = tail.starts_with('{');
        let bare = tail.trim_start_matches('{');
        let end = bare
            .find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)))
            .unwrap_or(bare.len());
        let name = bare[..end].rsplit('.').next().unwrap_or_default();
        match variables.get(name) {
            Some(value) => out.push_str(value),
            None if braced => out.push_str(&format!("${{{}}}", &bare[..end])),
            None => out.push_str(&format!("${}", &bare[..end])),
        }
        rest = &bare[end..];
        if braced {
            rest = rest.strip_prefix('}').unwrap_or(rest);
        }
    }
    out.push_str(rest);
    out
}

/// `id 'x' version 'y'`, `id("x") version "y"`, `kotlin("jvm")`, `apply plugin: 'x'`.
fn plugin(line: &str) -> Option<(String, Option<&str>)> {
    // Core plugins need no quotes in Kotlin.
    if matches!(line, "application" | "war") {
        return Some((line.to_owned(), None));
    }
    let texts = quoted(line);
    let first = texts.first()?.0;
    let version = line
        .contains(" version ")
        .then(|| texts.get(1).map(|(version, _)| *version))
        .flatten();
    if line.starts_with("id ") || line.starts_with("id(") || line.starts_with("apply plugin:") {
        return Some((first.to_owned(), version));
    }
    let kotlin = line.starts_with("kotlin(\"");
    kotlin.then(|| (format!("org.jetbrains.kotlin.{first}"), version))
}

/// Name, version and scope of a line such as `implementation 'g:a:1'`.
fn library(line: &str) -> Option<(String, String, DependencyScope)> {
    let end = line.find([' ', '('])?;
    let (configuration, rest) = line.split_at(end);
    let lower = configuration.to_ascii_lowercase();
    let scope = if lower.contains("test") {
        DependencyScope::Test
    } else if matches!(
        lower.as_str(),
        "compileonly" | "annotationprocessor" | "kapt" | "ksp" | "classpath"
    ) {
        DependencyScope::Build
    } else if lower == "developmentonly" {
        DependencyScope::Development
    } else {
        DependencyScope::Runtime
    };
    const ENDS: [&str; 9] = [
        "implementation",
        "compile",
        "api",
        "runtimeonly",
        "compileonly",
        "annotationprocessor",
        "runtime",
        "developmentonly",
        "classpath",
    ];
    let known =
        ENDS.iter().any(|end| lower.ends_with(end)) || matches!(lower.as_str(), "kapt" | "ksp");
    if !known || !configuration.chars().all(char::is_alphanumeric) {
        return None;
    }
    let rest = rest.trim_start_matches(['(', ' ']);
    let is_bom = rest.starts_with("platform") || rest.starts_with("enforcedPlatform");
    if let Some(alias) = rest
        .strip_prefix("libs.")
        .or(rest.strip_prefix("platform(libs."))
    {
        let alias = alias.split([')', ' ', '{']).next().unwrap_or(alias);
        return (!is_bom).then(|| (format!("libs.{alias}"), String::new(), scope));
    }
    // `projects.sharedModel` is the project `:shared-model`.
    if let Some(path) = rest.strip_prefix("projects.") {
        let end = path.find(|c: char| !c.is_alphanumeric() && c != '.');
        let path = &path[..end.unwrap_or(path.len())];
        return Some((project_path(path), String::new(), scope));
    }
    let texts = quoted(rest);
    let named = |key: &str| {
        let after = rest.split_once(key)?.1.trim_start().strip_prefix(':')?;
        quoted(after).first().map(|(text, _)| (*text).to_owned())
    };
    if let Some(group) = named("group")
        && let Some(name) = named("name")
    {
        let version = named("version").unwrap_or_default();
        return Some((format!("{group}:{name}"), version, scope));
    }
    let (first, _) = texts.first()?;
    if rest.starts_with("project") {
        return Some(((*first).to_owned(), String::new(), scope));
    }
    let mut parts = first.splitn(3, ':');
    let (group, name) = (parts.next()?, parts.next()?);
    if is_bom || group.is_empty() || name.is_empty() || group.contains(' ') {
        return None;
    }
    let version = parts.next().unwrap_or_default();
    let version = version.split(['@', ':']).next().unwrap_or(version);
    Some((format!("{group}:{name}"), version.to_owned(), scope))
}

/// The path of a project by its type-safe name
/// (<https://docs.gradle.org/current/userguide/declaring_dependencies_basics.html>).
fn project_path(accessor: &str) -> String {
    let mut out = String::new();
    for part in accessor.split('.').filter(|part| !part.is_empty()) {
        out.push(':');
        for c in part.chars() {
            if c.is_ascii_uppercase() {
                out.push('-');
            }
            out.push(c.to_ascii_lowercase());
        }
    }
    out
}

const JAVA: [&str; 4] = [
    "JavaLanguageVersion.of(",
    "jvmToolchain(",
    "sourceCompatibility",
    "JavaVersion.VERSION_",
];

fn java(line: &str) -> Option<String> {
    let (mark, rest) = JAVA
        .iter()
        .find_map(|mark| Some((mark, line.split_once(mark)?.1)))?;
    let rest = match *mark {
        "sourceCompatibility" => rest.rsplit("VERSION_").next().unwrap_or(rest),
        _ => rest,
    };
    let version: String = rest
        .chars()
        .skip_while(|c| " ='\"(".contains(*c))
        .take_while(|c| c.is_ascii_digit() || "._".contains(*c))
        .collect();
    let version = version.replace('_', ".");
    (!version.is_empty()).then_some(version)
}

/// The value of `key = 'value'` or `key 'value'` that begins a line without indentation.
fn assigned<'t>(line: &'t str, key: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(key)?;
    let rest = rest
        .trim_start()
        .strip_prefix('=')
        .unwrap_or(rest)
        .trim_start();
    rest.starts_with(['"', '\''])
        .then(|| quoted(rest).first().map(|(t, _)| *t))?
}
