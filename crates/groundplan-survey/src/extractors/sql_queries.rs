//! Statements in literals of code that read and write tables.

use crate::code_view::rust_tests;
use crate::extractor::{Extractor, PROGRAMS, Reads};
use crate::facts::{Claim, FileFacts, NamedBy, RecordUse};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sql-queries",
    docs: "\
### What it finds
Which tables a statement in a string literal of code reads and writes (`SELECT … FROM a JOIN b`,
`INSERT INTO c`, `UPDATE d SET`, `DELETE FROM e`), where it stands and where a constant that holds it
is named. Literals joined by `+`, `.` or `&` are one statement.

### What it does not find
Tables that are put in when the program runs, and statements of migrations and tests.
",
    reads: &[Reads::Own(&PROGRAMS)],
    markers: &[
        "SELECT ",
        "SELECT\n",
        "select ",
        "INSERT INTO",
        "insert into",
        "UPDATE ",
        "update ",
        "DELETE FROM",
        "delete from",
        "@Query(",
    ],
    run: extract,
};

/// Literals longer than this are data.
const LONGEST: usize = 64 * 1024;

/// Uses of tables in one file at most.
const MOST: usize = 600;

/// Whether a file is code that runs for its users, and neither makes the tables nor first rows of them.
pub(super) fn runs(file: &SourceFile<'_>) -> bool {
    let lower = file.path.to_ascii_lowercase();
    let prepares = ["migrat", "/seed", "factories/"];
    scan::part(file) == Part::Own
        && !file.is_test()
        && !prepares.iter().any(|word| lower.contains(word))
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !runs(file) {
        return;
    }
    let code = file.code();
    let tests = rust_tests(code);
    let constants: BTreeMap<*const u8, (&str, u32)> = (code.constants().iter())
        .map(|(name, (text, line))| (text.as_ptr(), (*name, *line)))
        .collect();
    let in_test = |at: usize| tests.iter().any(|range| range.contains(&at));
    let mut statements = 0;
    let mut held: BTreeMap<&str, Vec<(&str, bool)>> = BTreeMap::new();
    let mut found = 0;
    let mut at = 0;
    while at < code.tokens.len() && found < MOST {
        let is = |text: &&str| {
            begins(text) || of_objects(code, at, text) || reads(text) && joined(code, at).is_some()
        };
        let Some(text) = code.string(at).filter(is) else {
            if let Some(name) = code.ident(at)
                && let Some(tables) = held.get(name)
                && code
                    .constants()
                    .get(name)
                    .is_some_and(|c| c.1 != code.line(at))
                && !in_test(at)
            {
                found += add(acc, file, code.line(at), tables.iter().copied());
            }
            at += 1;
            continue;
        };
        statements += 1;
        if statements > MOST {
            break;
        }
        if in_test(at) {
            at += 1;
            continue;
        }
        let line = code.line(at);
        let name = constant_before(code, at, &constants);
        let mut all = tables(text);
        // What is joined on is the same statement.
        while let Some(next) = joined(code, at) {
            all.extend(tables_within(code.string(next).unwrap_or_default()));
            at = next;
        }
        all.sort_unstable();
        all.dedup();
        if let Some(name) = name {
            held.insert(name, all.clone());
        }
        found += add(acc, file, line, all.into_iter());
        at += 1;
    }
}

fn add<'t>(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    tables: impl Iterator<Item = (&'t str, bool)>,
) -> usize {
    let mut added = 0;
    for (of, writes) in tables {
        let of = of.to_owned();
        let by = NamedBy::Table;
        acc.add(
            file,
            line,
            line,
            Claim::RecordUse(RecordUse { of, by, writes }),
        );
        added += 1;
    }
    added
}

/// The constant that a literal is given to, outside of functions: a variable of one function has the name
/// of that of another.
fn constant_before<'t>(
    code: &Code<'t>,
    at: usize,
    constants: &BTreeMap<*const u8, (&'t str, u32)>,
) -> Option<&'t str> {
    let (name, from) = constants.get(&code.string(at)?.as_ptr())?;
    let outside = match code.language {
        Language::Go | Language::Python | Language::Rust => code
            .function_at(at)
            .is_none_or(|f| code.functions().get(f).is_some_and(|f| f.class)),
        _ => {
            let first = (0..=at)
                .rev()
                .find(|&i| code.starts_line(i) && code.line(i) <= *from)?;
            let words = (first..at).take(6).map(|i| code.raw(i));
            code.column(first) == 0
                || words
                    .clone()
                    .any(|w| matches!(w, "static" | "final" | "companion"))
        }
    };
    outside.then_some(*name)
}

/// The literal that is joined to the one at `at`, also behind a value: `"SELECT * " + by + " FROM a"`.
fn joined(code: &Code<'_>, at: usize) -> Option<usize> {
    if code.language == Language::Python && code.string(at + 1).is_some() {
        return Some(at + 1);
    }
    let joins = |at: usize| matches!(code.raw(at), "+" | "." | "&");
    if !joins(at + 1) {
        return None;
    }
    if code.string(at + 2).is_some() {
        return Some(at + 2);
    }
    // A call in a chain (`"…".format()`) has no second sign behind its words.
    let mut next = at + 2;
    let limit = at + 14;
    while next < limit {
        match code.raw(next) {
            "(" | "[" => next = code.partner(next)? + 1,
            _ if joins(next) && code.string(next + 1).is_some() => return Some(next + 1),
            "." | ":" | "-" | ">" | "$" => next += 1,
            _ if code.ident(next).is_some() => next += 1,
            _ => return None,
        }
    }
    None
}

/// The words of a statement: names with their points, and single signs.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '`' | '"' | '[' | ']' | '\\')
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        while let Some(comment) = rest.strip_prefix("--") {
            rest = comment
                .find('\n')
                .map_or("", |end| &comment[end..])
                .trim_start();
        }
        let first = rest.chars().next()?;
        let length = match inside(first) {
            true => rest.find(|c| !inside(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        Some(word)
    })
}

/// Whether a text begins as a statement that reads or writes.
fn begins(text: &str) -> bool {
    if text.len() > LONGEST || text.len() < 12 {
        return false;
    }
    let mut words = words(text);
    let first = words.next().unwrap_or_default();
    // `Delete from favorites` is a sentence; a statement is written in letters of one height.
    let is = |word: &str| first == word || first == word.to_ascii_uppercase();
    let second = words.next().unwrap_or_default();
    match second.to_ascii_lowercase().as_str() {
        "into" => is("insert") || is("replace") || is("merge"),
        "from" => is("delete"),
        "or" | "ignore" => is("insert"),
        "" => false,
        _ => {
            // `select a country` is a sentence of people; a statement says from where, or what it sets.
            (is("select") || is("with")) && words.any(|w| w.eq_ignore_ascii_case("from"))
                || is("update")
                    && self::words(text)
                        .take(6)
                        .any(|w| w.eq_ignore_ascii_case("set"))
        }
    }
}

/// Whether a text is a query of objects that leaves out what it selects: `@Query("FROM Order o")`.
fn of_objects(code: &Code<'_>, at: usize, text: &str) -> bool {
    let of_java = matches!(code.language, Language::Java | Language::Kotlin);
    let mut words = words(text);
    of_java
        && (at.saturating_sub(4)..at).any(|at| code.is(at, "Query"))
        && words.next().is_some_and(|w| w.eq_ignore_ascii_case("from"))
        && words
            .next()
            .is_some_and(|w| w.starts_with(char::is_uppercase))
}

/// Whether a text begins to read, its tables still to come.
fn reads(text: &str) -> bool {
    matches!(words(text).next(), Some("select" | "SELECT"))
}

/// The tables of a statement, and whether each is written.
fn tables(text: &str) -> Vec<(&str, bool)> {
    let mut all = tables_within(text);
    let mut first = words(text);
    if first
        .next()
        .is_some_and(|w| w.eq_ignore_ascii_case("update"))
    {
        all.extend(first.next().and_then(table).map(|name| (name, true)));
    }
    all
}

/// The tables behind `FROM`, `JOIN` and `INTO`.
fn tables_within(text: &str) -> Vec<(&str, bool)> {
    let mut all = Vec::new();
    let mut own: BTreeSet<&str> = BTreeSet::new();
    let (mut before, mut last) = ("", "");
    for word in words(text) {
        let after = |wanted: &str| last.eq_ignore_ascii_case(wanted);
        if word.eq_ignore_ascii_case("as") && table(last).is_some() {
            // `WITH newest AS (…)` names a result; an alias of a column does no harm here.
            own.insert(last);
        }
        let writes = after("into") || after("from") && before.eq_ignore_ascii_case("delete");
        if (writes || after("from") || after("join"))
            && let Some(name) = table(word)
        {
            all.push((name, writes));
        }
        (before, last) = (last, word);
    }
    all.retain(|(name, writes)| *writes || !own.contains(name));
    all
}

/// A name of a table without its schema and marks.
fn table(word: &str) -> Option<&str> {
    let name = word.rsplit('.').next()?;
    let name = name.trim_matches(|c| matches!(c, '`' | '"' | '[' | ']' | '\\'));
    let mut letters = name.chars();
    let first = letters.next()?;
    let is_name =
        (first.is_alphabetic() || first == '_') && letters.all(|c| c.is_alphanumeric() || c == '_');
    let keyword = [
        "select", "only", "lateral", "unnest", "values", "set", "the",
    ];
    (is_name && !keyword.iter().any(|k| name.eq_ignore_ascii_case(k))).then_some(name)
}
