//! `go.mod` and `go.work`.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Package, PackageDependency};
use crate::manifest::{depend, dependency};
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-mod",
    docs: "\
### What it finds
The module of a `go.mod` with its Go version, the modules it requires directly, tools as
development dependencies, and paths of `replace` directives that stay in the repository; the
modules of a `go.work`.

### What it does not find
Requirements marked `// indirect`: nobody chose them. Which packages are programs is seen in code.
",
    reads: &[Reads::Paths(&["go.mod", "go.work"])],
    markers: &[],
    run: extract,
};

/// One directive: its words and line, blocks in parentheses taken apart.
struct Directive<'t> {
    verb: &'t str,
    words: Vec<&'t str>,
    comment: &'t str,
    line: u32,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let directives = directives(file.text);
    let find = |verb: &str| directives.iter().find(|d| d.verb == verb);
    let runtime = find("go").and_then(|d| d.words.first());
    let mut package = Package {
        ecosystem: "go".to_owned(),
        folder: file.folder().to_owned(),
        runtime: runtime.map(|v| format!("go {v}")),
        ..Package::default()
    };
    if file.name().eq_ignore_ascii_case("go.work") {
        let uses: Vec<&Directive<'_>> = directives.iter().filter(|d| d.verb == "use").collect();
        let (Some(first), Some(last)) = (uses.first(), uses.last()) else {
            return;
        };
        package.members = uses
            .iter()
            .filter_map(|d| file.resolve(d.words.first()?))
            .collect();
        acc.add(file, first.line, last.line, Claim::Package(package));
        return;
    }
    let Some((module, name)) = find("module").and_then(|d| Some((d, d.words.first()?))) else {
        return;
    };
    package.name = (*name).to_owned();
    acc.add(file, module.line, module.line, Claim::Package(package));

    let tools: Vec<&str> = directives
        .iter()
        .filter(|d| d.verb == "tool")
        .filter_map(|d| d.words.first().copied())
        .collect();
    let replaced = replacements(file, &directives);
    for directive in directives.iter().filter(|d| d.verb == "require") {
        let Some(name) = directive.words.first() else {
            continue;
        };
        let is_tool = tools.iter().any(|tool| below(tool, name));
        if directive.comment.contains("indirect") && !is_tool {
            continue;
        }
        let version = directive.words.get(1).copied().unwrap_or_default();
        let scope = if is_tool {
            DependencyScope::Development
        } else {
            DependencyScope::Runtime
        };
        let claim = PackageDependency {
            path: replaced.get(name).cloned(),
            ..dependency("go", name, version, scope)
        };
        depend(acc, file, (directive.line, directive.line), claim);
    }
}

/// Module path to folder, of those that are replaced by a folder of the repository.
fn replacements<'t>(
    file: &SourceFile<'_>,
    directives: &[Directive<'t>],
) -> BTreeMap<&'t str, String> {
    let mut found = BTreeMap::new();
    for directive in directives.iter().filter(|d| d.verb == "replace") {
        let words = &directive.words;
        let Some(arrow) = words.iter().position(|w| *w == "=>") else {
            continue;
        };
        let (Some(from), Some(to)) = (words.first(), words.get(arrow + 1)) else {
            continue;
        };
        if (to.starts_with("./") || to.starts_with("../"))
            && let Some(path) = file.resolve(to)
        {
            found.insert(*from, path);
        }
    }
    found
}

/// Whether the package `tool` lies in `module`.
fn below(tool: &str, module: &str) -> bool {
    tool.strip_prefix(module)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn directives(text: &str) -> Vec<Directive<'_>> {
    let mut found = Vec::new();
    let mut block: Option<&str> = None;
    for (number, line) in text.lines().enumerate() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        // A `//` inside a word belongs to an address, which go.mod does not allow anyway.
        let mut words: Vec<&str> = code
            .split_whitespace()
            .map(|w| w.trim_matches(['"', '`']))
            .collect();
        let line = number as u32 + 1;
        match (words.first().copied(), block) {
            (None, _) => {}
            (Some(")"), _) => block = None,
            (Some(_), Some(verb)) => found.push(Directive {
                verb,
                words,
                comment,
                line,
            }),
            (Some(verb), None) => {
                words.remove(0);
                match words.first() {
                    Some(&"(") => block = Some(verb),
                    Some(_) => found.push(Directive {
                        verb,
                        words,
                        comment,
                        line,
                    }),
                    // `require(` without a blank.
                    None => block = verb.strip_suffix('('),
                }
            }
        }
    }
    found
}
