//! Liquibase: changelogs as changes of a schema, replayed in the order of their includes.

mod changes;
mod tree;

use crate::extractor::{Extractor, Reads};
use crate::facts::{ChangelogStep, Claim, FileFacts, StepKind};
use crate::markup;
use crate::paths;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use changes::Changes;
use groundplan_model::Topic;
use groundplan_syntax::Language;
use tree::Element;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "liquibase",
    docs: "\
### What it finds
The change sets of a Liquibase changelog in XML, YAML or JSON: tables with columns, types, defaults,
remarks, keys, indexes and foreign keys, what is added, changed, renamed and dropped later, the
statements of `sql` changes; which changelogs and scripts it includes, so that all are replayed in
the order in which they run; properties; for which database products a set runs. One mark per file
with sets. Changelogs in formatted SQL are read with the SQL scripts.

### What it does not find
Rows, preconditions, rollbacks, changes by classes of Java, sets that run only in the context `test`.
",
    reads: &[Reads::Paths(&[
        "*changelog*.{xml,yaml,yml,json}",
        "**/*changelog*/**/*.{xml,yaml,yml,json}",
        "**/{liquibase,migrations,migration,changesets,changes,db,database}/**/*.{xml,yaml,yml,json}",
        "**/src/*/resources/**/*.{xml,yaml,yml,json}",
    ])],
    markers: &["databaseChangeLog"],
    run: extract,
};

/// Steps and changes of one file at most.
const MOST: usize = 20_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let root = if file.name().to_ascii_lowercase().ends_with(".xml") {
        let document = markup::parse(acc, file);
        document.and_then(|d| tree::of_xml(file, d.root_element(), 0))
    } else {
        file.documents().into_iter().find_map(|document| {
            let entries = document.entries();
            let (key, node) = entries
                .iter()
                .find(|(k, _)| k.text == "databaseChangeLog")?;
            tree::of_node(key, node, 0)
        })
    };
    let Some(root) = root.filter(|root| root.name == "databaseChangeLog") else {
        return;
    };
    if root.all("changeSet").next().is_some() {
        scan::mark(acc, file, 1, Topic::Migration, file.name(), None);
    }
    for element in root.children.iter().take(MOST) {
        step(acc, file, element);
    }
}

fn step(acc: &mut FileFacts, file: &SourceFile<'_>, element: &Element) {
    let Some(runs) = Runs::of(element) else {
        return;
    };
    let kind = match element.name.as_str() {
        "changeSet" => {
            runs.add(acc, file, element.lines, StepKind::Set);
            set(acc, file, element, &runs);
            return;
        }
        "include" => element.get("file").map(|path| StepKind::Include {
            path: path.trim_start_matches("classpath:").to_owned(),
            relative: element.is("relativeToChangelogFile", "true"),
        }),
        "includeAll" => element.get("path").map(|path| StepKind::IncludeAll {
            path: path.trim_start_matches("classpath:").to_owned(),
            relative: element.is("relativeToChangelogFile", "true"),
        }),
        "property" => {
            let name = element.get("name").unwrap_or_default();
            let value = element.get("value").and_then(|v| secrets::keep(name, v));
            value.map(|value| StepKind::Property {
                name: name.to_owned(),
                value,
            })
        }
        _ => None,
    };
    if let Some(kind) = kind {
        runs.add(acc, file, element.lines, kind);
    }
}

/// The changes of a set, in order.
fn set(acc: &mut FileFacts, file: &SourceFile<'_>, set: &Element, runs: &Runs) {
    for change in &set.children {
        match change.name.as_str() {
            "sql" => {
                // A script may be for fewer products than its set.
                let own = Runs::of(change).map(|own| own.within(runs));
                let (Some(own), Some((text, line))) = (own, &change.text) else {
                    continue;
                };
                own.add(acc, file, change.lines, StepKind::Set);
                super::sql::statements(acc, file, &without_schemas(text), *line);
                runs.add(acc, file, change.lines, StepKind::Set);
            }
            "sqlFile" => {
                let own = Runs::of(change).map(|own| own.within(runs));
                if let (Some(own), Some(path)) = (own, change.get("path")) {
                    let kind = StepKind::Include {
                        path: path.trim_start_matches("classpath:").to_owned(),
                        relative: change.is("relativeToChangelogFile", "true"),
                    };
                    own.add(acc, file, change.lines, kind);
                }
            }
            _ => {
                let mut changes = Changes::new(file, change);
                changes.read();
                for ((first, last), found) in changes.all.into_iter().take(MOST) {
                    acc.add(file, first, last, Claim::Sql(Box::new(found)));
                }
            }
        }
        if acc.facts.len() > MOST {
            return;
        }
    }
}

/// Schemas that only a run knows, `${database.defaultSchemaName}.person`, say nothing and are no SQL.
fn without_schemas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}').map(|end| at + end) else {
            break;
        };
        out.push_str(&rest[..at]);
        rest = match rest[end + 1..].strip_prefix('.') {
            Some(after) => after,
            None => {
                out.push_str(&rest[at..=end]);
                &rest[end + 1..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// For which database products a step runs.
#[derive(Clone, Default)]
pub(super) struct Runs {
    only: Vec<String>,
    never: Vec<String>,
}

impl Runs {
    /// `None` for what runs only in tests.
    fn of(element: &Element) -> Option<Runs> {
        let mut runs = Runs::default();
        let contexts = ["context", "contextFilter"].iter();
        let contexts: Vec<&str> = contexts.filter_map(|name| element.get(name)).collect();
        for list in contexts.iter().copied().chain(element.get("dbms")) {
            runs.read(list);
        }
        let is_test = |list: &&str| list.trim().eq_ignore_ascii_case("test");
        (!contexts.iter().any(is_test)).then_some(runs)
    }

    /// Of `mysql,!h2` or `postgresql AND tenant` the words, with what is refused apart. Which words
    /// are products is known to who joins the files.
    fn read(&mut self, list: &str) {
        let mut refused = false;
        let is_part = |c: char| c.is_alphanumeric() || "_-.@!".contains(c);
        for word in list
            .split(|c| !is_part(c))
            .filter(|w| !w.is_empty())
            .take(64)
        {
            let (no, name) = match word.strip_prefix('!') {
                Some(name) => (true, name),
                None => (refused, word),
            };
            let lower = name.to_ascii_lowercase();
            refused = lower == "not";
            if refused || lower.is_empty() || matches!(lower.as_str(), "and" | "or" | "all") {
                continue;
            }
            let into = if no { &mut self.never } else { &mut self.only };
            into.push(lower);
        }
    }

    /// The same with what is said of the whole set, which holds where it says nothing itself.
    fn within(mut self, set: &Runs) -> Runs {
        if self.only.is_empty() {
            self.only.clone_from(&set.only);
        }
        self.never.extend(set.never.iter().cloned());
        self
    }

    fn add(&self, acc: &mut FileFacts, file: &SourceFile<'_>, lines: (u32, u32), kind: StepKind) {
        let step = ChangelogStep {
            kind,
            only: self.only.clone(),
            never: self.never.clone(),
        };
        acc.add(file, lines.0, lines.1, Claim::Changelog(Box::new(step)));
    }
}

/// Whether a script of SQL is a changelog
/// (<https://docs.liquibase.com/concepts/changelogs/sql-format.html>).
pub(super) fn is_formatted(file: &SourceFile<'_>) -> bool {
    let is_head = |line: &str| {
        let words: Vec<&str> = line.trim_start_matches('-').split_whitespace().collect();
        line.starts_with("--")
            && words
                .join(" ")
                .eq_ignore_ascii_case("liquibase formatted sql")
    };
    file.language == Language::Sql && file.text.lines().take(40).any(|line| is_head(line.trim()))
}

/// The sets of a changelog in SQL.
pub(super) fn formatted(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let (mut at, mut line) = (0, 1);
    let mut sets: Vec<(usize, u32, Option<Runs>)> = Vec::new();
    for (number, text) in (1..).zip(file.text.split_inclusive('\n')) {
        let head = text.trim().trim_start_matches('-').trim_start();
        if text.trim_start().starts_with("--")
            && head
                .get(..10)
                .is_some_and(|h| h.eq_ignore_ascii_case("changeset "))
            && sets.len() < MOST
        {
            let mut element = Element::default();
            for word in head.split_whitespace().skip(2) {
                if let Some((name, value)) = word.split_once(':') {
                    let value = value.trim_matches('"').to_owned();
                    element.attributes.push((name.to_owned(), value));
                }
            }
            sets.push((at, number, Runs::of(&element)));
        }
        at += text.len();
        line = number;
    }
    let ends: Vec<(usize, u32)> = (sets.iter().skip(1))
        .map(|(start, number, _)| (*start, number.saturating_sub(1)))
        .chain([(file.text.len(), line)])
        .collect();
    for ((start, first, runs), (end, last)) in sets.into_iter().zip(ends) {
        if let Some(runs) = runs {
            runs.add(acc, file, (first, last.max(first)), StepKind::Set);
            let text = file.text.get(start..end).unwrap_or_default();
            super::sql::statements(acc, file, &without_schemas(text), first);
        }
    }
}
