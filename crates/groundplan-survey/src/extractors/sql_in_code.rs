//! SQL that defines tables inside of code: string literals and shell scripts.

use super::sql;
use crate::code_view::rust_tests;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language, Token};
use std::cell::LazyCell;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sql-in-code",
    docs: "\
### What it finds
`CREATE TABLE`, `ALTER TABLE`, `CREATE INDEX` and the like in string literals of code (those joined
by `+` as well) and in shell scripts, as changes in the order of the file. A file that is named
after migrations and holds such statements is a migration.

### What it does not find
Statements whose table is named by a variable, those of functions that undo a migration and of
`reverse_sql`, those of tests, and files that only make views and types.
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
        Language::Scala,
        Language::Shell,
        Language::TypeScript,
    ])],
    markers: &[
        "CREATE TABLE",
        "create table",
        "Create Table",
        "ALTER TABLE",
        "alter table",
        "CREATE INDEX",
        "create index",
        "CREATE UNIQUE INDEX",
        "create unique index",
        "DROP TABLE",
        "drop table",
    ],
    run: extract,
};

/// Literals longer than this are data.
const LONGEST: usize = 512 * 1024;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.is_test() || paths::is_generated(file.path, file.text) {
        return;
    }
    // Steps of Entity Framework tell which of their statements are those of `Down`.
    if file.language == Language::CSharp && file.says("MigrationBuilder") {
        return;
    }
    // Statements of a migration of Sequelize stand among its steps, and are told with them.
    if super::sequelize_migrations::is_migration(file) {
        return;
    }
    let lower = file.path.to_ascii_lowercase();
    let migrates = lower.contains("migrat");
    // What a program drops outside of migrations it may make again.
    let makes = || {
        let mut words = ["CREATE ", "create ", "Create ", "ALTER ", "alter "].iter();
        words.any(|word| file.text.contains(word))
    };
    if !migrates && !makes() {
        return;
    }
    let before = acc.facts.len();
    if file.language == Language::Shell {
        in_shell(acc, file);
    } else {
        in_literals(acc, file);
    }
    let found = acc.facts.len() > before;
    // A builder of statements may have told it already.
    let marked = acc
        .facts
        .iter()
        .any(|fact| matches!(&fact.claim, Claim::Mark(mark) if mark.topic == Topic::Migration));
    // A step of Django or Alembic is told where its class is read.
    let told = file.language == Language::Python
        && (file.says("migrations.Migration") || file.says("down_revision"));
    if found && !marked && migrates && !told {
        let mark = Mark {
            topic: Topic::Migration,
            name: file.name().to_owned(),
            detail: None,
        };
        acc.add(file, 1, file.lines().count(), Claim::Mark(mark));
    }
}

/// Whether a text begins with a statement that defines something.
fn defines(text: &str) -> bool {
    let mut words = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty());
    let is = |word: Option<&str>, wanted: &[&str]| {
        word.is_some_and(|w| wanted.iter().any(|x| w.eq_ignore_ascii_case(x)))
    };
    match words.next() {
        Some(verb) if verb.eq_ignore_ascii_case("create") => is(
            words.next(),
            &[
                "table",
                "unique",
                "index",
                "view",
                "materialized",
                "unlogged",
                "extension",
                "type",
            ],
        ),
        verb => is(verb, &["alter", "drop"]) && is(words.next(), &["table", "index", "view"]),
    }
}

/// Whether a statement anywhere in a text defines a table.
pub(super) fn mentions(text: &str) -> bool {
    text.split(';').any(|part| {
        let code = part
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("--"));
        code.take(1).next().is_some_and(defines)
    })
}

fn in_literals(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let mut tests = rust_tests(code);
    tests.extend(backwards(code));
    let steps = LazyCell::new(|| steps(code));
    let mut at = 0;
    while at < code.tokens.len() {
        if let Some(test) = tests.iter().find(|range| range.contains(&at)) {
            at = test.end;
            continue;
        }
        let Some(first) = code.string(at) else {
            at += 1;
            continue;
        };
        let start = at;
        let line = code.line(at);
        let mut text = plain(first);
        // Pieces that are joined; line feeds between keep the lines where they are.
        loop {
            let next = match code.raw(at + 1) {
                "+" | "." | "\\" => at + 2,
                _ if file.language == Language::Python => at + 1,
                _ => break,
            };
            let Some(more) = code.string(next) else { break };
            let here = line + text.matches('\n').count() as u32;
            let gap = code.line(next).saturating_sub(here);
            text.push_str(&"\n".repeat(gap as usize));
            text.push_str(&plain(more));
            at = next;
            if text.len() > LONGEST {
                break;
            }
        }
        at += 1;
        if text.len() > LONGEST || !mentions(&text) || is_docstring(code, start) {
            continue;
        }
        // `"CREATE TABLE " + name`: a variable goes on.
        let goes_on = ["+", "."].contains(&code.raw(at)) && !text.trim_end().ends_with([')', ';']);
        if !undoes_by(code, start, &steps) && !goes_on {
            sql::statements(acc, file, &without_variables(&text), line);
        }
    }
}

/// A literal with the escapes that SQL meets as blanks and quotes.
pub(super) fn plain(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    text.replace("\\n", "  ")
        .replace("\\t", "  ")
        .replace("\\r", "  ")
        .replace("\\\"", "\"")
        .replace("\\'", "'")
        .replace("\\`", "`")
}

/// Without the statements that a variable names: what they define is not known.
pub(super) fn without_variables(text: &str) -> String {
    let unknown = |part: &str| {
        part.contains("${")
            || part.contains("#{")
            || part.contains("%s")
            || part.contains("%[1]")
            || positional(part)
            // An empty array or object in quotes is a value.
            || part.replace("'{}'", "").contains("{}")
            || part.contains('{') && part.contains('}') && !part.contains("'{")
    };
    if !unknown(text) {
        return text.to_owned();
    }
    let blank = |part: &str| -> String { "\n".repeat(part.matches('\n').count()) };
    text.split_inclusive(';')
        .map(|part| match unknown(part) {
            true => blank(part),
            false => part.to_owned(),
        })
        .collect()
}

/// Whether a text has a place that is filled by number or by name: `%1$s` of Java and PHP, `%(schema)s` of Python.
fn positional(text: &str) -> bool {
    text.split('%').skip(1).any(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = digits > 0 && rest.get(digits..).is_some_and(|r| r.starts_with('$'));
        numbered || rest.starts_with('(') && rest.contains(")s")
    })
}

/// What undoes a step of Django: `reverse_sql` of `RunSQL`, written there or under a name of the file
/// (<https://docs.djangoproject.com/en/stable/ref/migration-operations/#runsql>).
fn backwards(code: &Code<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if code.language != Language::Python {
        return found;
    }
    let runs = |at: &usize| code.is(*at, "RunSQL") && code.is(at + 1, "(");
    for open in (0..code.tokens.len()).filter(runs).map(|at| at + 1) {
        let second = || {
            let given = code.arguments(open).into_iter();
            let mut plain = given.filter(|r| !code.is(r.start + 1, "="));
            plain.nth(1)
        };
        found.extend(code.named_argument(open, "reverse_sql").or_else(second));
    }
    let names: Vec<&str> = (found.iter().filter(|r| r.len() == 1))
        .filter_map(|r| code.ident(r.start))
        .collect();
    let named = code
        .definitions()
        .iter()
        .filter(|d| names.contains(&d.name));
    let named: Vec<Range<usize>> = named.map(|d| d.value.clone()).collect();
    found.extend(named.into_iter().filter(|r| !r.is_empty()));
    found.retain(|r| !r.is_empty());
    found
}

/// Whether a literal of Python stands for itself, as documentation does.
fn is_docstring(code: &Code<'_>, at: usize) -> bool {
    code.language == Language::Python
        && code.starts_line(at)
        && !at
            .checked_sub(1)
            .is_some_and(|before| ["(", "[", "{", ",", "=", "+"].contains(&code.raw(before)))
}

/// Whether a literal stands in a function that undoes: `down`, `downgrade`, `rollback`, `Revert`.
pub(super) fn undoes(code: &Code<'_>, at: usize) -> bool {
    undoes_by(code, at, &steps(code))
}

fn undoes_by(code: &Code<'_>, at: usize, steps: &[(usize, bool)]) -> bool {
    let named = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower.starts_with("down")
            || lower.ends_with("down")
            || lower.contains("rollback")
            || lower.contains("revert")
    };
    let mut around = code.function_at(at);
    while let Some(function) = around.and_then(|index| code.functions().get(index)) {
        // `Rollback: func(tx *gorm.DB) error {` in a list of migrations.
        let field = function
            .at
            .checked_sub(2)
            .filter(|_| function.name.is_empty() && code.is(function.at - 1, ":"));
        let field = field.and_then(|at| code.ident(at)).unwrap_or_default();
        if named(function.name) || named(field) {
            return true;
        }
        around = function.parent;
    }
    // Languages whose functions are not read: the nearest `down(` before a nearer `up(`.
    const FARTHEST: usize = 4000;
    let nearest = steps.partition_point(|(step, _)| *step < at);
    let nearest = nearest.checked_sub(1).and_then(|index| steps.get(index));
    nearest.is_some_and(|(step, undoes)| *undoes && at - step <= FARTHEST)
}

/// Heads of the functions of a migration by their tokens, and whether each undoes; none in languages
/// whose functions are read.
fn steps(code: &Code<'_>) -> Vec<(usize, bool)> {
    if matches!(
        code.language,
        Language::Go | Language::Python | Language::Rust
    ) {
        return Vec::new();
    }
    // The length and the first letter nearly always say no.
    let may_be = |token: &Token| {
        let first = code.text.as_bytes().get(token.start as usize);
        matches!(token.end - token.start, 2 | 4 | 6 | 8)
            && first.is_some_and(|b| matches!(b | 0x20, b'u' | b'c' | b'd' | b's' | b'r'))
    };
    let tokens = code.tokens.iter().enumerate();
    let tokens = tokens.filter(|(_, token)| may_be(token));
    let found = tokens.filter_map(|(at, _)| {
        let name = code.ident(at)?;
        if !matches!(code.raw(at + 1), "(" | ":" | "=") {
            return None;
        }
        let is = |word: &&str| name.eq_ignore_ascii_case(word);
        if ["up", "change"].iter().any(is) {
            return Some((at, false));
        }
        let undoes = ["down", "safedown", "revert", "rollback"].iter().any(is);
        undoes.then_some((at, true))
    });
    found.collect()
}

/// Statements of a shell script, from their first word to the semicolon that ends them.
fn in_shell(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.text.to_ascii_lowercase();
    let (mut from, mut line, mut counted) = (0, 1, 0);
    while let Some(found) = lower.get(from..).and_then(|rest| {
        let all = [
            "create table",
            "alter table",
            "create index",
            "create unique index",
        ];
        all.iter().filter_map(|word| rest.find(word)).min()
    }) {
        let start = from + found;
        let Some(length) = lower.get(start..).and_then(|rest| rest.find(';')) else {
            break;
        };
        let end = start + length + 1;
        line += lower[counted..start].matches('\n').count() as u32;
        counted = start;
        let row = lower[..start].rfind('\n').map_or(0, |at| at + 1);
        let comment = lower[row..start].trim_start().starts_with(['#', '-']);
        let text = &file.text[start..end];
        if !comment && length < 64 * 1024 && !text.contains('$') {
            sql::statements(acc, file, &plain(text), line);
        }
        from = end;
    }
}
