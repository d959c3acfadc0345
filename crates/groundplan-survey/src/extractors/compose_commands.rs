//! Commands that start several Compose files together.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Overlay};
use crate::source::SourceFile;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "compose-commands",
    docs: "\
### What it finds
Which Compose files are started together: `docker compose -f … -f … up` in Makefiles, justfiles,
Taskfiles and shell scripts, variables of the file filled in, with the target that does so; those
that a workflow of GitHub for deployments starts, or a page of Markdown tells to, where one of them is
called after deploying; and `COMPOSE_FILE` of a `.env` file.

### What it does not find
Commands in programs, and files whose names a script computes.
",
    reads: &[Reads::Paths(&[
        "Makefile",
        "GNUmakefile",
        "*.mk",
        "justfile",
        "Taskfile.yml",
        "Taskfile.yaml",
        "*.sh",
        ".env",
        ".github/workflows/*.yml",
        ".github/workflows/*.yaml",
        "*.md",
    ])],
    markers: &["compose", "COMPOSE_FILE"],
    run: extract,
};

/// What a command is called that deploys a system.
pub(crate) const DEPLOYS: &str = "deploy";

/// Whether a word of a name speaks of deploying.
fn speaks_of_deploying(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        matches!(
            word,
            "deploy" | "deployment" | "release" | "prod" | "production" | "staging" | "cd"
        )
    })
}

/// Variables that are filled in, one inside the other.
const MAX_DEPTH: usize = 6;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut variables: BTreeMap<&str, &str> = BTreeMap::new();
    let mut target = "";
    let mut tasks = Tasks::of(file.name());
    let workflow = file.path.starts_with(".github/workflows/");
    let page = file.name().ends_with(".md");
    if workflow && !speaks_of_deploying(file.name())
        || (workflow || page)
            && !file.text.contains("compose -f")
            && !file.text.contains("compose --file")
    {
        return;
    }
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        if let Some((name, value)) = assignment(line) {
            if name == "COMPOSE_FILE" {
                let files = value.trim_matches(['"', '\'']).split([':', ';']);
                found(acc, file, number, "default", files);
            }
            variables.insert(name, value.trim());
            continue;
        }
        let begun = match &mut tasks {
            Some(tasks) => tasks.begun(line),
            None => target_of(line),
        };
        if let Some(name) = begun {
            target = name;
            continue;
        }
        if !line.contains("compose") && !line.contains("COMPOSE")
            || line.trim_start().starts_with('#')
        {
            continue;
        }
        let line = filled(line, &variables, 0);
        let words: Vec<&str> = line.split_whitespace().collect();
        if !line.contains("compose") || !words.contains(&"up") {
            continue;
        }
        let mut files: Vec<&str> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            if matches!(*word, "-f" | "--file") {
                files.extend(words.get(at + 1));
            } else if let Some(path) = word.strip_prefix("--file=") {
                files.push(path);
            }
        }
        // Compose files are named from the root there, whatever the folder of the workflow.
        if workflow || page {
            let all = files.iter().map(|path| path.trim_matches(['"', '\'', '`']));
            let all: Vec<String> = match workflow {
                true => all
                    .filter_map(|path| crate::source::join("", path))
                    .collect(),
                false => all.filter_map(|path| file.resolve(path)).collect(),
            };
            let names = all
                .iter()
                .skip(1)
                .map(|p| p.rsplit('/').next().unwrap_or(p));
            if workflow || names.clone().any(speaks_of_deploying) {
                add(acc, file, number, DEPLOYS, all);
            }
            continue;
        }
        found(acc, file, number, target, files.into_iter());
    }
}

fn found<'a>(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    target: &str,
    files: impl Iterator<Item = &'a str>,
) {
    let resources: Vec<String> = files
        .map(|path| path.trim_matches(['"', '\'']))
        .filter(|path| !path.contains('$'))
        .filter_map(|path| file.resolve(path))
        .collect();
    add(acc, file, line, target, resources);
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    target: &str,
    resources: Vec<String>,
) {
    if resources.len() < 2 {
        return;
    }
    let overlay = Overlay {
        mechanism: "Compose command".to_owned(),
        name: target.to_owned(),
        resources,
        variables: Vec::new(),
        changes: Vec::new(),
    };
    acc.add(file, line, line, Claim::Overlay(overlay));
}

/// `NAME = value`, `NAME ?= value` or `NAME=value` at the beginning of a line.
pub(super) fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '?', '+']).trim_end();
    let is_name = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !line.starts_with([' ', '\t']);
    is_name.then_some((name, value))
}

/// Where in a Taskfile the tasks begin, and how far they are indented.
#[derive(Debug, Default)]
struct Tasks {
    inside: bool,
    indent: Option<usize>,
}

impl Tasks {
    fn of(name: &str) -> Option<Self> {
        name.starts_with("Taskfile.").then(Tasks::default)
    }

    /// The task that a line begins: a key as far in as the first one below `tasks:`.
    fn begun<'t>(&mut self, line: &'t str) -> Option<&'t str> {
        let key = line.trim_start();
        let indent = line.len() - key.len();
        if key.is_empty() || key.starts_with('#') {
            return None;
        }
        if indent == 0 {
            self.inside = key.trim_end() == "tasks:";
            return None;
        }
        if !self.inside || indent != *self.indent.get_or_insert(indent) {
            return None;
        }
        let name = key.trim_end().strip_suffix(':')?;
        Some(name.trim_matches(['"', '\'']))
    }
}

/// The target of a Makefile or recipe of a justfile that a line begins.
fn target_of(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let name = name.trim_end();
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    is_name.then_some(name)
}

/// A line with `$(NAME)` and `${NAME}` filled in.
pub(super) fn filled(line: &str, variables: &BTreeMap<&str, &str>, depth: usize) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('$') {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let close = match behind.get(1..2) {
            Some("(") => ')',
            Some("{") => '}',
            _ => {
                out.push('$');
                rest = behind.get(1..).unwrap_or_default();
                continue;
            }
        };
        let inner = behind.get(2..).unwrap_or_default();
        let Some(end) = inner.find(close) else {
            out.push_str(behind);
            return out;
        };
        let name = inner.get(..end).unwrap_or_default();
        match variables.get(name) {
            Some(value) if depth < MAX_DEPTH && out.len() < 10_000 => {
                out.push_str(&filled(value, variables, depth + 1));
            }
            _ => {
                out.push_str("$(");
                out.push_str(name);
                out.push(')');
            }
        }
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
