//! Change logs.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, ReleaseNote};
use crate::markdown::{Kind, Markup, blocks, plain};
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "changelog",
    docs: "\
### What it finds
Releases of a change log, newest first, at most 30: version, date, and the first ten changes.

### What it does not find
What is not released yet, and logs of packages below `vendor` or `node_modules`.
",
    reads: &[Reads::Paths(&[
        "CHANGELOG*.md",
        "CHANGELOG",
        "CHANGELOG.txt",
        "CHANGELOG.rst",
        "CHANGES.md",
        "CHANGES.rst",
        "CHANGES.txt",
        "CHANGES",
        "HISTORY.md",
        "HISTORY.rst",
        "RELEASES.md",
        "RELEASE_NOTES.md",
        "RELEASE-NOTES.md",
        "RELEASENOTES.md",
        "whats-new.md",
        "whats_new.md",
        "whatsnew.md",
    ])],
    markers: &[],
    run: extract,
};

const MAX_RELEASES: usize = 30;
const MAX_CHANGES: usize = 10;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let foreign = ["node_modules", "vendor", "third_party"];
    if file.path.split('/').any(|part| foreign.contains(&part)) {
        return;
    }
    let mut found: Vec<((u32, u32), ReleaseNote)> = Vec::new();
    let mut open = false;
    // What the heading above says of the changes below it.
    let mut kind: Option<&'static str> = None;
    for block in blocks(file.text, Markup::of(file.path)) {
        let is_heading = matches!(block.kind, Kind::Heading(_));
        // Of most items nothing is told, and to make their text plain costs most of all this.
        let full = || {
            let last = found.last();
            !open || last.is_none_or(|(_, note)| note.changes.len() >= MAX_CHANGES)
        };
        if matches!(block.kind, Kind::Item(_)) && full() {
            continue;
        }
        let text = plain(&block.text);
        // In a plain text file a line of its own with a version is a heading.
        let heads = is_heading || (block.kind == Kind::Paragraph && text.len() < 60);
        match release(&text).filter(|_| heads) {
            Some(note) => {
                found.push(((block.first, block.last), note));
                open = true;
                kind = None;
            }
            None if is_heading && text.to_lowercase().contains("unreleased") => open = false,
            None if is_heading => kind = kind_of(&text),
            None => {
                if let Some((lines, note)) = found.last_mut().filter(|_| open)
                    && matches!(block.kind, Kind::Item(indent) if indent < 2)
                    && note.changes.len() < MAX_CHANGES
                    && !text.is_empty()
                {
                    lines.1 = block.last;
                    let change = without_credit(&text);
                    let told = kind.filter(|kind| !tells(change, kind));
                    note.changes.push(match told {
                        Some(kind) => format!("{kind}: {change}"),
                        None => change.to_owned(),
                    });
                }
            }
        }
    }
    let ascending = match (found.first(), found.last()) {
        (Some((_, first)), Some((_, last))) => numbers(&first.version) < numbers(&last.version),
        _ => false,
    };
    if ascending {
        found.reverse();
    }
    for ((first, last), note) in found.into_iter().take(MAX_RELEASES) {
        acc.add(file, first, last, Claim::Release(note));
    }
}

/// The kind of the changes below a heading, by the words of <https://keepachangelog.com/en/1.1.0/>.
fn kind_of(heading: &str) -> Option<&'static str> {
    const KINDS: [(&str, &[&str]); 6] = [
        ("Security", &["security"]),
        (
            "Fixed",
            &["fixed", "fixes", "bug fixes", "bugfixes", "bug fix"],
        ),
        ("Added", &["added", "new", "features", "new features"]),
        ("Removed", &["removed"]),
        ("Deprecated", &["deprecated", "deprecations"]),
        ("Changed", &["changed", "changes", "improvements"]),
    ];
    let words = heading
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    let found = KINDS.iter().find(|(_, all)| all.contains(&words.as_str()));
    found.map(|(kind, _)| *kind)
}

/// Whether a change says of itself of which kind it is: `Fix the total`, `Added a page`.
fn tells(change: &str, kind: &str) -> bool {
    let stems: &[&str] = match kind {
        "Fixed" => &["fix", "correct", "repair", "resolve", "prevent"],
        "Added" => &["add", "new", "introduc", "support", "creat", "implement"],
        "Removed" => &["remov", "drop", "delet"],
        "Deprecated" => &["deprecat"],
        // Most changes are verbs themselves.
        "Changed" => return true,
        _ => &[],
    };
    let lower = change.to_lowercase();
    stems.iter().any(|stem| lower.starts_with(stem))
}

/// A change without whom GitHub's own notes thank for it, and the request that brought it:
/// `Faster lists by @ann in https://github.com/acme/shop/pull/7`.
fn without_credit(text: &str) -> &str {
    let Some((change, credit)) = text.rsplit_once(" by @") else {
        return text;
    };
    let mut words = credit.split_whitespace();
    let name = words.next();
    let rest: Vec<&str> = words.collect();
    let sound = match rest.as_slice() {
        [] => true,
        ["in", address] => address.starts_with("http"),
        _ => false,
    };
    let change = change.trim_end();
    // `Issue 12 (the total is wrong) reported by @ann`
    let change = change
        .strip_suffix(" reported")
        .unwrap_or(change)
        .trim_end();
    match name.is_some() && sound && !change.is_empty() {
        true => change,
        false => text,
    }
}

/// The version and date of a heading such as `[1.2.0] - 2024-05-01` or `v1.2 (May 1, 2024)`.
fn release(heading: &str) -> Option<ReleaseNote> {
    let bare = heading.trim_start_matches(['[', ' ']);
    let bare = ["Version ", "version ", "Release ", "release "]
        .iter()
        .find_map(|word| bare.strip_prefix(word))
        .unwrap_or(bare);
    let end = bare
        .find([' ', ']', '(', ',', ':', '/'])
        .unwrap_or(bare.len());
    let (version, rest) = bare.split_at(end);
    let digits = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let plausible = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.contains('.')
        && digits.len() <= 40
        && digits
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-+_".contains(c));
    plausible.then(|| ReleaseNote {
        version: version.to_owned(),
        date: date(rest),
        changes: Vec::new(),
    })
}

/// The first ISO date of a text.
fn date(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '-'))
        .find(|word| {
            let mut parts = word.split('-').map(str::len);
            word.len() == 10
                && [parts.next(), parts.next(), parts.next()] == [Some(4), Some(2), Some(2)]
        })
        .map(str::to_owned)
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect()
}
