//! Whether a label of the contract stands in a section, and says something.

use crate::markdown::{asks, begin, is_absence, is_reasoned, is_rule, norm, pattern, words};
use regex::Regex;
use std::sync::LazyLock;

/// What stands behind a label on its line.
enum Behind<'l> {
    /// The line begins with the label.
    Text(&'l str),
    /// The first cell of a row is the label.
    Row(String),
    /// A column of a table is called so.
    Column,
}

static ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:[-*+]|\d+[.)])\s"));

/// What stands behind the words of a label, if a line begins with them.
fn behind<'l>(line: &'l str, want: &[&str]) -> Option<Behind<'l>> {
    static LIST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?(?:\[[ xX]\]\s*)?"));
    static SHORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^.:]{1,60}:"));
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:\*\*|__|#+\s*)?[^*_:|]{0,80}?(?::\*\*|\*\*:?|__:?|:|$)"));
    if line.trim_start().starts_with('|') {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').collect();
        let keys: Vec<String> = cells.iter().map(norm).collect();
        let first = words(keys.first()?);
        if first.starts_with(want) && first.len() <= want.len() + 3 {
            return Some(Behind::Row(cells[1..].join(" ")));
        }
        let is_head = keys.iter().any(|key| words(key) == want);
        return is_head.then_some(Behind::Column);
    }
    let bare = &line[LIST.find(line).map_or(0, |found| found.end())..];
    let listed = bare.len() < line.trim_start().len();
    let bare = bare.trim_start_matches(|c: char| !c.is_alphanumeric() && !"*_#`[(<".contains(c));
    let marked = listed || bare.starts_with(['*', '#', '_']) || SHORT.is_match(bare);
    let key = norm(bare.trim_start_matches('#'));
    let have = words(&key);
    if !have.starts_with(want) || !marked && have.len() != want.len() {
        return None;
    }
    let end = LABEL.find(bare).map(|found| found.end());
    Some(Behind::Text(end.map_or(bare, |end| &bare[end..])))
}

/// Whether the text behind a label says something.
fn says(body: &str) -> bool {
    const EMPTY: [&str; 12] = [
        "",
        "none",
        "n a",
        "na",
        "unknown",
        "not known",
        "not recorded",
        "not available",
        "not specified",
        "none found",
        "not applicable",
        "nothing",
    ];
    const FEW: usize = 5;
    let plain = norm(body);
    if EMPTY.contains(&plain.as_str()) {
        return false;
    }
    // A bare absence of a word or two says less than one with its reason.
    !is_absence(begin(body.trim(), 40))
        || asks(body)
        || is_reasoned(body)
        || words(&plain).len() >= FEW
}

/// Whether a label of a section stands in its text and says something; `all` are the labels of that section,
/// each of which ends the text of another.
pub(crate) fn stands(text: &str, label: &str, all: &[&str]) -> bool {
    static PARENS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\([^)]*\)"));
    let key = |label: &str| norm(PARENS.replace_all(label, ""));
    let own = key(label);
    let want = words(&own);
    let others: Vec<String> = all
        .iter()
        .map(|other| key(other))
        .filter(|other| *other != own)
        .collect();
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().enumerate().any(|(at, line)| {
        let rest = &lines[at + 1..];
        match behind(line, &want) {
            None => false,
            Some(Behind::Row(cells)) => says(&cells),
            Some(Behind::Column) => rest
                .iter()
                .any(|row| row.trim_start().starts_with('|') && !is_rule(row)),
            Some(Behind::Text(begin)) => says(&body(line, begin, rest, &others)),
        }
    })
}

/// The text behind a label: the rest of its line, and the lines below it up to the next label or heading.
fn body(line: &str, begin: &str, rest: &[&str], others: &[String]) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let listed = ITEM.is_match(line);
    let mut all = begin.to_owned();
    for next in rest {
        if next.starts_with('#') {
            // A label may introduce sections.
            if all.trim().is_empty() {
                all.push_str(next.trim_start_matches('#'));
            }
            break;
        }
        let item = ITEM.is_match(next);
        let is_other = |other: &String| {
            matches!(
                behind(next, &words(other)),
                Some(Behind::Text(_) | Behind::Row(_))
            )
        };
        let other = (listed || !item) && others.iter().any(is_other);
        let bold = next
            .trim_start()
            .trim_start_matches(['-', '*', '+'])
            .trim_start()
            .starts_with("**");
        let sibling = listed && item && bold && indent(next) <= indent(line);
        if other || sibling || next.starts_with("**") {
            break;
        }
        all.push('\n');
        all.push_str(next);
    }
    all
}
