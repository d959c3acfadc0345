//! Builds of sbt: projects, what they are built with, and which of them run.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package};
use crate::manifest::{depend, dependency};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sbt",
    docs: "\
### What it finds
Projects of a `build.sbt` with their folder and name, which of them are packed to run (`mainClass`, plugins of
Play and of sbt-native-packager, Docker and assembly; <https://www.scala-sbt.org/1.x/docs/Multi-Project.html>), and
the libraries that it and the files of `project` name (`\"group\" %% \"artifact\" % version % Test`).

### What it does not find
Versions and names that are computed, what a plugin adds, projects for tests and benchmarks.
",
    reads: &[Reads::Paths(&["build.sbt", "**/project/*.scala"])],
    markers: &["project", "Project", "%", "libraryDependencies", "enablePlugins"],
    run: extract,
};

/// Plugins that make something of a project which runs.
const RUNS: [&str; 10] = [
    "PlayScala",
    "PlayJava",
    "PlayService",
    "PlayMinimalJava",
    "JavaAppPackaging",
    "JavaServerAppPackaging",
    "DockerPlugin",
    "AshScriptPlugin",
    "SbtDistributablesPlugin",
    "mainClass",
];

/// Projects that nothing runs but those who build the system.
const ASIDE: [&str; 9] = [
    "it",
    "test",
    "tests",
    "e2e",
    "benchmark",
    "benchmarks",
    "bench",
    "docs",
    "website",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // `fixtures/project/X.scala` is no build.
    let build = file.name().ends_with(".sbt");
    if scan::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = Code::new(file.text, Language::Scala);
    let values = values(&code);
    if build {
        projects(acc, file, &code, &values);
    }
    libraries(acc, file, &code, &values);
}

/// What `val akka = "2.9.0"` and `val appName: String = "shop"` name.
fn values<'t>(code: &Code<'t>) -> BTreeMap<&'t str, &'t str> {
    let mut all = BTreeMap::new();
    for at in 2..code.tokens.len() {
        let text = code.string(at).filter(|_| code.is_byte(at - 1, b'='));
        let Some(text) = text else { continue };
        let begin = (at.saturating_sub(6)..at - 1)
            .rev()
            .find(|&i| code.is(i, "val"));
        if let Some(name) = begin.and_then(|begin| code.ident(begin + 1)) {
            all.entry(name).or_insert(text);
        }
    }
    all
}

/// A text, or what a name of the same file stands for; `Versions.akka` by its last word.
fn text<'t>(
    code: &Code<'t>,
    values: &BTreeMap<&'t str, &'t str>,
    range: Range<usize>,
) -> Option<&'t str> {
    if let Some(text) = code.string(range.start) {
        return Some(text);
    }
    let last = range.rev().find_map(|at| code.ident(at))?;
    values.get(last).copied()
}

fn projects<'t>(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    code: &Code<'t>,
    values: &BTreeMap<&'t str, &'t str>,
) {
    // `lazy val api = (project in file("api")).settings(…)` reaches to the next value.
    let begins: Vec<usize> = (0..code.tokens.len())
        .filter(|&at| matches!(code.raw(at), "val" | "def") && outside(code, at))
        .collect();
    let mut whole: Vec<Range<usize>> = Vec::new();
    let mut root = false;
    let mut tops: Vec<Range<usize>> = Vec::new();
    for (index, &at) in begins.iter().enumerate() {
        let end = begins.get(index + 1).copied().unwrap_or(code.tokens.len());
        let Some(name) = code.ident(at + 1) else {
            continue;
        };
        let begin = (at + 2..end.min(at + 12)).find(|&i| {
            matches!(
                code.raw(i),
                "project" | "Project" | "crossProject" | "projectMatrix"
            )
        });
        let Some(begin) = begin else { continue };
        let range = begin..end;
        // `assembly / mainClass := Some("shop.Main")` before all projects is said of the root.
        let before = whole.is_empty().then_some(0..at);
        whole.push(range.clone());
        tops.extend(before);
        let folder = (begin..end.min(begin + 12))
            .find(|&i| code.is(i, "file") && code.is_byte(i + 1, b'('))
            .and_then(|i| text(code, values, i + 2..code.partner(i + 1)?));
        let folder = folder.map_or(name, |f| f.trim_start_matches("./").trim_matches('/'));
        let folder = if folder == "." { "" } else { folder };
        root |= folder.is_empty();
        if ASIDE.contains(&name) {
            continue;
        }
        let id = (code.is(begin, "Project") && code.is_byte(begin + 1, b'('))
            .then(|| code.arguments(begin + 1).into_iter().next())
            .flatten()
            .and_then(|first| text(code, values, first));
        let mut ranges = vec![range];
        if folder.is_empty() {
            let mains = tops.iter().flat_map(Clone::clone);
            let mains = mains.filter(|&i| code.is(i, "mainClass") && outside(code, i));
            ranges.extend(mains.map(|i| i..i + 1));
        }
        add(acc, file, code, values, &ranges, folder, id.unwrap_or(name));
    }
    if root {
        return;
    }
    // What stands outside of all values is said of the folder of the file.
    let mut rest = Vec::new();
    let mut from = 0;
    for range in &whole {
        rest.push(from..range.start);
        from = range.end;
    }
    rest.push(from..code.tokens.len());
    let says = |word: &str| {
        let mut all = rest.iter().flat_map(Clone::clone);
        all.any(|at| code.is(at, word) && outside(code, at))
    };
    if says("name") || says("enablePlugins") || says("libraryDependencies") {
        add(acc, file, code, values, &rest, "", "");
    }
}

/// Whether a token stands in no bracket: of a build file nearly all do.
fn outside(code: &Code<'_>, at: usize) -> bool {
    let from = at.saturating_sub(2_000);
    let mut i = at;
    while i > from {
        i -= 1;
        match code.raw(i) {
            ")" | "]" | "}" => match code.partner(i).filter(|open| *open < i) {
                Some(open) => i = open,
                None => return false,
            },
            "(" | "[" | "{" => return false,
            _ => {}
        }
    }
    true
}

fn add<'t>(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    code: &Code<'t>,
    values: &BTreeMap<&'t str, &'t str>,
    ranges: &[Range<usize>],
    folder: &str,
    id: &str,
) {
    let set = |key: &str| {
        let mut all = ranges.iter().flat_map(Clone::clone);
        all.find_map(|at| {
            let assigned =
                code.is(at, key) && code.is_byte(at + 1, b':') && code.is_byte(at + 2, b'=');
            // `Test / name := …` says it of something else.
            let alone =
                !code.is_byte(at.wrapping_sub(1), b'/') && !code.is_byte(at.wrapping_sub(1), b'.');
            if !assigned || !alone {
                return None;
            }
            let end = (at + 3..at + 8).find(|&i| matches!(code.raw(i), "," | ")"));
            text(code, values, at + 3..end.unwrap_or(at + 4))
        })
    };
    let mut words = ranges
        .iter()
        .flat_map(Clone::clone)
        .filter_map(|at| code.ident(at));
    let application = words.any(|word| RUNS.contains(&word));
    let first = ranges.iter().find(|range| !range.is_empty());
    let line = first.map_or(1, |range| code.line(range.start));
    let own = file.folder();
    let whole = match (own.is_empty(), folder.is_empty()) {
        (true, _) => folder.to_owned(),
        (false, true) => own.to_owned(),
        (false, false) => format!("{own}/{folder}"),
    };
    let package = Package {
        ecosystem: "maven".to_owned(),
        name: set("name").unwrap_or(id).to_owned(),
        folder: whole,
        version: set("version").map(str::to_owned),
        description: set("description").map(str::to_owned),
        application,
        ..Package::default()
    };
    acc.add(file, line, line, Claim::Package(package));
}

/// `"org.http4s" %% "http4s-dsl" % "0.23.1" % Test`.
fn libraries<'t>(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    code: &Code<'t>,
    values: &BTreeMap<&'t str, &'t str>,
) {
    let percent = |at: usize| code.is_byte(at, b'%');
    for at in 0..code.tokens.len() {
        let Some(group) = code
            .string(at)
            .filter(|_| percent(at + 1) && !percent(at.wrapping_sub(1)))
        else {
            continue;
        };
        let mut next = at + 1;
        while percent(next) {
            next += 1;
        }
        let Some(artifact) = code.string(next).filter(|_| percent(next + 1)) else {
            continue;
        };
        let begin = next + 2;
        let end = (begin..begin + 8).find(|&i| {
            code.string(i).is_none() && code.ident(i).is_none() && !code.is_byte(i, b'.')
        });
        let end = end.unwrap_or(begin + 1);
        let version = text(code, values, begin..end).unwrap_or_default();
        let scope = match percent(end) {
            true if code
                .raw(end + 1)
                .trim_matches('"')
                .to_ascii_lowercase()
                .contains("test") =>
            {
                DependencyScope::Test
            }
            _ => DependencyScope::Runtime,
        };
        let line = code.line(at);
        let name = format!("{group}:{artifact}");
        let claim = dependency("maven", &name, version, scope);
        depend(acc, file, (line, line), claim);
    }
}
