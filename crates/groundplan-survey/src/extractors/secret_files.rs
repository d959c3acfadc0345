//! Secrets that a start script takes from files.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "secret-files",
    docs: "\
### What it finds
Secrets that a shell script takes from a file which a second variable names: calls of a function that puts
`_FILE` or `__FILE` behind the name of a variable, and reads of such a variable itself.

### What it does not find
What programs in other languages read from files, and variables that are no secrets by their name.
",
    reads: &[Reads::Languages(&[Language::Shell])],
    markers: &["_FILE"],
    run: extract,
};

/// Lines of one script at most.
const MOST_LINES: usize = 2_000;

/// Lines of one function at most.
const LONGEST: usize = 60;

/// What stands behind the name of the variable, the longer first.
const ENDS: [&str; 2] = ["__FILE", "_FILE"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let lines: Vec<&str> = file.text.lines().take(MOST_LINES).collect();
    let takers = takers(&lines);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (number, line) in (1_u32..).zip(&lines) {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let called = words.next().and_then(|first| {
            let (_, end) = takers.iter().find(|(name, _)| *name == first)?;
            let name = words.next()?.trim_matches(['"', '\'', ';']);
            Some((name, *end))
        });
        if let Some((name, end)) = called.or_else(|| read(line))
            && is_variable(name)
            && secrets::is_secret_name(name)
            && seen.insert(name)
        {
            let detail = format!(
                "from a file that a variable with {end} behind its name names, where that is set"
            );
            let topic = Topic::SecretReference;
            scan::mark(acc, file, number, topic, name, Some(detail));
        }
    }
}

/// The functions that put an end behind the name of a variable they are given: `"${1}_FILE"`.
fn takers<'t>(lines: &[&'t str]) -> Vec<(&'t str, &'static str)> {
    let mut all = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let head = line.trim().trim_start_matches("function ").trim_start();
        let Some((name, _)) = head
            .split_once('(')
            .filter(|(_, rest)| rest.starts_with(')'))
        else {
            continue;
        };
        let name = name.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if name.is_empty() || !name.chars().all(plain) {
            continue;
        }
        let body = lines.get(at + 1..).unwrap_or_default().iter().take(LONGEST);
        let body = body.take_while(|line| !line.starts_with('}'));
        // The name of the variable is what it is given.
        if !body
            .clone()
            .any(|line| line.contains("$1") || line.contains("${1"))
        {
            continue;
        }
        let end = body.filter_map(|line| {
            let at = line.find("}__FILE").map(|_| ENDS[0]);
            at.or_else(|| line.find("}_FILE").map(|_| ENDS[1]))
        });
        if let Some(end) = end.into_iter().next() {
            all.push((name, end));
        }
    }
    all
}

/// The variable whose file a line reads: `$(cat "$DB_PASSWORD_FILE")`, `$(< "${DB_PASSWORD__FILE}")`.
fn read(line: &str) -> Option<(&str, &'static str)> {
    let (before, rest) = line.split_once("$(")?;
    let into = before.trim_end_matches('"').strip_suffix('=')?;
    let into = into.rsplit([' ', '\t']).next()?;
    let rest = rest.trim_start();
    if !rest.starts_with('<') && !rest.starts_with("cat ") {
        return None;
    }
    let (_, name) = rest.split_once('$')?;
    let name = name.trim_start_matches('{');
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    let name = name.get(..end)?;
    let (own, end) = ENDS
        .iter()
        .find_map(|end| Some((name.strip_suffix(end)?, *end)))?;
    (own == into).then_some((own, end))
}

fn is_variable(name: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    name.len() > 2 && name.bytes().all(upper)
}
