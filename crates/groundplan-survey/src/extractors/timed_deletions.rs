//! What code deletes because of its age.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{DELETED_AFTER, Topic};
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "timed-deletions",
    docs: "\
### What it finds
Deletions of what is older than some time: `DELETE FROM … WHERE created_at < now() - interval '7 days'` in
string literals, `diesel::delete(…)` with `.lt(now() - days(7))`, and chains of Django, Rails and Laravel that
compare a time and end in `delete`; each with the table or model and the time, or that the time is given to it.

### What it does not find
Deletions whose time is compared in other functions, and those that change rows in place of deleting them.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Php,
        Language::Python,
        Language::Ruby,
        Language::Rust,
        Language::TypeScript,
    ])],
    markers: &[
        "DELETE FROM",
        "delete from",
        "diesel::delete",
        ".delete_all",
        ".destroy_all",
        ".delete()",
        "->delete()",
    ],
    run: extract,
};

/// Statements longer than this are not looked through.
const LONGEST: usize = 2000;

/// Deletions of one file at most.
const MOST: usize = 20;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.path.to_ascii_lowercase().contains("migrat") {
        return;
    }
    let mut found = in_literals(file);
    found.extend(in_chains(file));
    found.sort();
    found.dedup();
    for (line, what, after) in found.into_iter().take(MOST) {
        let detail = match after {
            Some(after) => format!("{what}\n{after}"),
            None => what,
        };
        scan::mark(acc, file, line, Topic::Stated, DELETED_AFTER, Some(detail));
    }
}

/// Line, table or model, and time.
type Deletion = (u32, String, Option<String>);

/// `DELETE FROM` in string literals that compare a time with one before now.
fn in_literals(file: &SourceFile<'_>) -> Vec<Deletion> {
    let code = file.code();
    let mut found = Vec::new();
    for (index, _) in code.tokens.iter().enumerate() {
        let Some(text) = code.string(index).filter(|text| text.len() <= LONGEST) else {
            continue;
        };
        let lower = text.to_ascii_lowercase();
        let Some(at) = lower.find("delete from ") else {
            continue;
        };
        let now = [
            "now()",
            "current_timestamp",
            "now('",
            "datetime('now",
            "sysdate",
            "getdate()",
        ];
        if !now.iter().any(|word| lower.contains(word)) || !compares_age(&lower) {
            continue;
        }
        let table = text.get(at + "delete from ".len()..).unwrap_or_default();
        let table = table.split_whitespace().next().unwrap_or_default();
        let table = table.trim_matches(['"', '`', '[', ']', ';', ')', '\\']);
        let plain = |c: char| c.is_alphanumeric() || "_.".contains(c);
        if !table.is_empty() && table.chars().all(plain) {
            found.push((code.line(index), table.to_owned(), time(&lower)));
        }
    }
    found
}

/// Whether SQL compares a column with what lies before now: `< now() - …`, `< datetime('now', '-7 days')`.
fn compares_age(lower: &str) -> bool {
    let plain: String = lower.split_whitespace().collect();
    [
        "<now()-",
        "<=now()-",
        "<current_timestamp-",
        "<(now()-",
        "<datetime('now','-",
        "<date_sub(",
    ]
    .iter()
    .any(|mark| plain.contains(mark))
}

/// Chains of calls that compare a time with one before now and delete what fits.
fn in_chains(file: &SourceFile<'_>) -> Vec<Deletion> {
    let ends: &[&str] = match file.language {
        Language::Rust => &["diesel::delete"],
        Language::Ruby => &[".delete_all", ".destroy_all"],
        Language::Python => &[".delete()"],
        Language::Php => &["->delete()"],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for end in ends {
        let (mut line, mut counted) = (1_u32, 0_usize);
        for (at, _) in file.text.match_indices(end).take(MOST * 4) {
            let between = file.text.as_bytes().get(counted..at).unwrap_or_default();
            line += memchr::memchr_iter(b'\n', between).count() as u32;
            counted = at;
            let statement = match file.language {
                Language::Rust => forward(file.text, at),
                _ => backward(file.text, at),
            };
            let Some(statement) = statement else { continue };
            let plain: String = statement.split_whitespace().collect();
            let older = match file.language {
                Language::Rust => plain.contains(".lt(now") || plain.contains(".le(now"),
                Language::Ruby => {
                    // What is older: `< ?`, `created_at: ...30.days.ago`.
                    let before = ["<?", "<:", "<=?", ":...", ":.."];
                    plain.contains(".ago") && before.iter().any(|mark| plain.contains(mark))
                }
                Language::Python => plain.contains("__lt") && plain.contains("-timedelta("),
                _ => plain.contains("'<") && plain.contains("->sub"),
            };
            let Some(what) = model(&plain, file.language).filter(|_| older) else {
                continue;
            };
            if let Some(after) = time(&plain.to_ascii_lowercase()) {
                found.push((line, what, Some(after)));
            }
        }
    }
    found
}

/// A statement from its begin to the semicolon.
fn forward(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let end = memchr::memchr(
        b';',
        rest.as_bytes().get(..LONGEST).unwrap_or(rest.as_bytes()),
    )?;
    rest.get(..end)
}

/// A statement up to its end: the lines above that belong to the same chain.
fn backward(text: &str, at: usize) -> Option<&str> {
    // Longer statements are not read.
    let mut from = at.saturating_sub(LONGEST);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at)?;
    let mut begin = before.rfind('\n').map_or(0, |n| n + 1);
    for _ in 0..12 {
        let line = before.get(begin..)?.trim_start();
        let open = line.matches([')', ']']).count() > line.matches(['(', '[']).count();
        let goes_on = open || line.starts_with(['.', '-']) || line.is_empty();
        if !goes_on || begin == 0 {
            break;
        }
        begin = before.get(..begin - 1)?.rfind('\n').map_or(0, |n| n + 1);
    }
    before.get(begin..).filter(|text| text.len() <= LONGEST)
}

/// The table or model of a chain without blanks.
fn model(plain: &str, language: Language) -> Option<String> {
    let (before, _) = match language {
        Language::Rust => plain.split_once("::table")?,
        Language::Python => plain.split_once(".objects")?,
        Language::Php => plain
            .split_once("::where")
            .or_else(|| plain.split_once("::query"))?,
        _ => plain.split_once(".where")?,
    };
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name = before.rsplit(|c: char| !is_name(c)).next()?;
    (!name.is_empty() && name.starts_with(|c: char| c.is_alphabetic())).then(|| name.to_owned())
}

/// The time in a statement, lower case: `interval '7 days'`, `days(7)`, `7.days`, `timedelta(days=7)`,
/// `subdays(7)`, `'-7 days'`, `interval 7 day`.
fn time(lower: &str) -> Option<String> {
    const UNITS: [&str; 6] = ["minute", "hour", "day", "week", "month", "year"];
    for unit in UNITS {
        for (at, _) in lower.match_indices(unit) {
            let before = lower
                .get(..at)?
                .trim_end_matches([' ', '.', '_', '\'', '"']);
            let digits = before
                .chars()
                .rev()
                .take_while(char::is_ascii_digit)
                .count();
            let behind = lower.get(at + unit.len()..)?.strip_prefix('s');
            let behind = behind.or_else(|| lower.get(at + unit.len()..))?;
            let argument = behind.strip_prefix(['(', '=']).unwrap_or_default();
            let given: String = argument.chars().take_while(char::is_ascii_digit).collect();
            let number = match digits {
                0 => given,
                n => before.get(before.len() - n..)?.to_owned(),
            };
            // `$2 * interval '1 day'` counts by what it is given.
            let many = before.get(..before.len() - digits)?;
            let times = many
                .trim_end_matches(['\'', ' '])
                .trim_end_matches("interval");
            if !number.is_empty() && number.len() <= 5 && !times.trim_end().ends_with('*') {
                let plural = if number == "1" { "" } else { "s" };
                return Some(format!("{number} {unit}{plural}"));
            }
        }
    }
    None
}
