//! SQL scripts: data definitions and migrations.

mod clickhouse;
mod cql;
mod names;
mod routines;
mod shape;
mod split;
mod table;
mod views;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark, SqlChange};
use crate::source::SourceFile;
use groundplan_model::{Diagnostic, Provenance, Severity, Topic};
use groundplan_syntax::Language;
use split::{Flavour, Statement, strip_word};
use sqlparser::ast;
use sqlparser::dialect::{
    ClickHouseDialect, Dialect, GenericDialect, MsSqlDialect, MySqlDialect, PostgreSqlDialect,
    SQLiteDialect,
};
use sqlparser::parser::Parser;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sql",
    docs: "\
### What it finds
Tables, views, columns, keys, checks, defaults, indexes, partitioning and comments of `*.sql` and `*.cql` files,
as changes in the order of the file (`CREATE`, `ALTER TABLE`, `DROP`, `COMMENT ON`, also inside of
`DO` blocks); tables that a routine is called for; one mark per migration file. PostgreSQL, MySQL, SQL Server, SQLite and ClickHouse are told apart by their marks. Dumps of
`psql` with data are read; rows are never kept.

### What it does not find
Copies in folders of backups and old schemas, functions, triggers, types, sequences, grants, partitions of a table, temporary tables, and down
migrations. Statements that could not be read are counted in one note per file.
",
    reads: &[Reads::Languages(&[Language::Sql]), Reads::Paths(&["*.cql"])],
    markers: &[],
    run: extract,
};

/// A statement above this is not parsed: a table of a thousand columns has a tenth of it.
const MAX_STATEMENT: usize = 512 * 1024;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if is_down(file.path) || is_past(file) {
        return;
    }
    let text = up_part(file.text);
    if is_migration(file) || super::liquibase::is_formatted(file) {
        let name = match file.name().to_ascii_lowercase().as_str() {
            "up.sql" | "migration.sql" => file.folder().rsplit('/').next().unwrap_or_default(),
            _ => file.name(),
        };
        let mark = Mark {
            topic: Topic::Migration,
            name: name.to_owned(),
            detail: None,
        };
        acc.add(file, 1, file.lines().count(), Claim::Mark(mark));
    }
    if super::liquibase::is_formatted(file) {
        super::liquibase::formatted(acc, file);
        return;
    }
    match file.path.ends_with(".cql") {
        true => statements(acc, file, &cql::plain(text), 1),
        false => statements(acc, file, text, 1),
    }
}

/// Reads the statements of a script whose first line is line `first` of the file.
pub(super) fn statements(acc: &mut FileFacts, file: &SourceFile<'_>, text: &str, first: u32) {
    let flavour = split::flavour(text);
    let plain = (flavour == Flavour::ClickHouse).then(|| clickhouse::plain(text));
    let text = plain.as_deref().unwrap_or(text);
    let before = first.saturating_sub(1);
    let mut unread: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut looked_at = 0;
    let whole = split::split(text, flavour);
    let inner: Vec<Statement<'_>> = whole
        .iter()
        .flat_map(|statement| routines::of_block(*statement))
        .collect();
    for statement in whole.into_iter().chain(inner) {
        let last = || statement.text.matches('\n').count() as u32;
        if let Some(call) = routines::called(statement.text) {
            for table in call.names {
                let (first, last) = (statement.line + before, statement.line + before + last());
                let change = SqlChange::Called {
                    table: table.to_lowercase(),
                    routine: call.routine.clone(),
                    asked: call.asked,
                    at: file.evidence(first, last),
                };
                acc.add(file, first, last, Claim::Sql(Box::new(change)));
            }
        }
        if let Some((name, texts)) = routines::defined(statement.text) {
            let shape = shape::Shape {
                file,
                first: statement.line + before,
                last: statement.line + before + last(),
                flavour,
            };
            let (first, last) = (shape.first, shape.last);
            let whole = Provenance::observed([file.evidence(first, last)]);
            let parsed = texts.iter().filter_map(|text| parse_text(text, flavour));
            let changes = parsed.flat_map(|parsed| shape.changes(parsed));
            let mut changes: Vec<SqlChange> = changes.map(|(_, change)| change).collect();
            for change in &mut changes {
                if let SqlChange::Extend(entity) = change {
                    // Lines inside of the texts are none of the file.
                    let fields = entity.fields.iter_mut();
                    fields.for_each(|f| f.provenance.clone_from(&whole));
                    let relations = entity.relations.iter_mut();
                    relations.for_each(|r| r.provenance.clone_from(&whole));
                }
            }
            let change = SqlChange::Routine { name, changes };
            acc.add(file, first, last, Claim::Sql(Box::new(change)));
        }
        let Some(kind) = kind(statement.text) else {
            continue;
        };
        looked_at += 1;
        let parts = parse(statement, flavour);
        let lost = parts.iter().find(|part| part.parsed.is_none());
        if let Some(part) = lost {
            let line = part.line + before;
            unread.entry(kind.to_owned()).or_insert((0, line)).0 += 1;
        }
        for part in parts {
            let Some(parsed) = part.parsed else {
                continue;
            };
            let line = part.line + before;
            let shape = shape::Shape {
                file,
                first: line,
                last: line + part.text.matches('\n').count() as u32,
                flavour,
            };
            for ((first, last), mut change) in shape.changes(parsed) {
                if let (
                    Flavour::ClickHouse,
                    SqlChange::Create(entity) | SqlChange::Extend(entity),
                ) = (flavour, &mut change)
                {
                    clickhouse::nullability(entity);
                }
                acc.add(file, first, last, Claim::Sql(Box::new(change)));
            }
        }
    }
    report(acc, file, &unread, looked_at);
}

fn report(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    unread: &BTreeMap<String, (u32, u32)>,
    looked_at: u32,
) {
    let count: u32 = unread.values().map(|(count, _)| count).sum();
    let Some(line) = unread.values().map(|(_, line)| *line).min() else {
        return;
    };
    let kinds: Vec<String> = unread
        .iter()
        .map(|(kind, (count, _))| format!("{kind} {count}"))
        .collect();
    let noun = if looked_at == 1 {
        "statement was"
    } else {
        "statements were"
    };
    let message = format!(
        "{count} of {looked_at} {noun} not read in full: {}",
        kinds.join(", ")
    );
    let note = Diagnostic::new(Severity::Note, "sql-not-read", message)
        .at(file.evidence(line, line))
        .help("what these statements say of tables is missing; the first stands at this line");
    acc.diagnostics.push(note);
}

/// The kind of a statement that says something of tables; `None` for all others.
fn kind(text: &str) -> Option<&'static str> {
    let mut words = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .take(7)
        .map(str::to_ascii_uppercase);
    let verb = words.next()?;
    match verb.as_str() {
        "CREATE" => {
            for word in words {
                match word.as_str() {
                    "TABLE" => return Some("CREATE TABLE"),
                    "VIEW" => return Some("CREATE VIEW"),
                    "INDEX" => return Some("CREATE INDEX"),
                    "TEMP" | "TEMPORARY" => return None,
                    "OR" | "REPLACE" | "UNIQUE" | "MATERIALIZED" | "UNLOGGED" | "GLOBAL"
                    | "LOCAL" | "RECURSIVE" | "FOREIGN" | "EXTERNAL" | "CLUSTERED"
                    | "NONCLUSTERED" | "FULLTEXT" | "SPATIAL" | "ALTER" | "ALGORITHM"
                    | "UNDEFINED" | "MERGE" | "FORCE" => {}
                    _ => return None,
                }
            }
            None
        }
        "ALTER" => match words.next()?.as_str() {
            "TABLE" => Some("ALTER TABLE"),
            // PostgreSQL names views as it does tables.
            "VIEW" | "MATERIALIZED" if words.any(|w| w == "RENAME") => Some("ALTER TABLE"),
            // Other changes of an index are those of its storage.
            "INDEX" if words.any(|w| w == "RENAME") => Some("ALTER INDEX"),
            // What a type holds is not kept, only how columns call it.
            "TYPE" if words.any(|w| w == "RENAME") => Some("ALTER TYPE"),
            _ => None,
        },
        "RENAME" => (words.next()? == "TABLE").then_some("RENAME TABLE"),
        "DROP" => match words.next()?.as_str() {
            "TABLE" => Some("DROP TABLE"),
            "VIEW" | "MATERIALIZED" => Some("DROP VIEW"),
            "INDEX" => Some("DROP INDEX"),
            _ => None,
        },
        "COMMENT" => {
            words.next().filter(|w| w == "ON")?;
            match words.next()?.as_str() {
                "TABLE" | "COLUMN" | "VIEW" => Some("COMMENT ON"),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A statement, or one operation of an `ALTER TABLE` that was not understood as a whole.
struct Part<'t> {
    text: &'t str,
    line: u32,
    parsed: Option<ast::Statement>,
}

fn parse(statement: Statement<'_>, flavour: Flavour) -> Vec<Part<'_>> {
    let whole = |parsed| {
        vec![Part {
            text: statement.text,
            line: statement.line,
            parsed,
        }]
    };
    if statement.text.len() > MAX_STATEMENT || !names::is_shallow(statement.text) {
        return whole(None);
    }
    // An index that is dropped while the table is in use, which the parser takes for its name.
    if let Some(rest) = strip_word(statement.text, "DROP")
        && let Some(rest) = strip_word(rest.trim_start(), "INDEX")
        && let Some(rest) = strip_word(rest.trim_start(), "CONCURRENTLY")
    {
        return whole(parse_text(&format!("DROP INDEX {rest}"), flavour));
    }
    // Another name for a view, which the parser does not know.
    if let Some(rest) = strip_word(statement.text, "ALTER") {
        let rest = rest.trim_start();
        let view = strip_word(rest, "MATERIALIZED").map_or(rest, str::trim_start);
        if let Some(rest) = strip_word(view, "VIEW") {
            return whole(parse_text(&format!("ALTER TABLE {rest}"), flavour));
        }
    }
    if let Some(parsed) = parse_text(statement.text, flavour) {
        return whole(Some(parsed));
    }
    // SQLite compares by `IS` and `IS NOT` as others do by `=`.
    if let Some(plain) = names::compared(statement.text)
        && let Some(parsed) = parse_text(&plain, flavour)
    {
        return whole(Some(parsed));
    }
    // An index on the root of partitions, which the parser does not know.
    if strip_word(statement.text, "CREATE").is_some() {
        let without = statement.text.replacen(" ON ONLY ", " ON ", 1);
        return whole(parse_text(&without, flavour));
    }
    // `IF EXISTS` of an index, which the parser does not know.
    if statement
        .text
        .to_ascii_uppercase()
        .starts_with("ALTER INDEX")
    {
        let words: Vec<&str> = statement.text.split_whitespace().collect();
        let kept = words
            .iter()
            .filter(|w| !w.eq_ignore_ascii_case("if") && !w.eq_ignore_ascii_case("exists"));
        let without: Vec<&str> = kept.copied().collect();
        return whole(parse_text(&without.join(" "), flavour));
    }
    let Some(operations) = names::operations(statement.text) else {
        return whole(None);
    };
    let mut parts = Vec::new();
    let (mut line, mut from) = (statement.line, 0);
    for operation in operations {
        let between = statement
            .text
            .get(from..operation.start)
            .unwrap_or_default();
        line += between.matches('\n').count() as u32;
        from = operation.start;
        if names::says_nothing(operation.text) {
            continue;
        }
        // Line feeds before the operation keep its lines where they were.
        let alone = format!("{} {}", operation.head.replace('\n', " "), operation.text);
        parts.push(Part {
            text: operation.text,
            line,
            parsed: parse_text(&alone, flavour),
        });
    }
    parts
}

fn parse_text(text: &str, flavour: Flavour) -> Option<ast::Statement> {
    let guessed: &dyn Dialect = match flavour {
        Flavour::ClickHouse => &ClickHouseDialect {},
        Flavour::Postgres => &PostgreSqlDialect {},
        Flavour::MySql => &MySqlDialect {},
        Flavour::MsSql => &MsSqlDialect {},
        Flavour::Sqlite => &SQLiteDialect {},
    };
    let is_alter = strip_word(text, "ALTER").is_some();
    let others: [&dyn Dialect; 3] = [&GenericDialect {}, &PostgreSqlDialect {}, &MySqlDialect {}];
    std::iter::once(guessed).chain(others).find_map(|dialect| {
        let mut parser = Parser::new(dialect).try_with_sql(text).ok()?;
        let parsed = parser.parse_statement().ok()?;
        // What stands behind a table is storage; behind an operation it is another operation.
        let rest = parser.peek_token().token;
        (!is_alter || rest == sqlparser::tokenizer::Token::EOF).then_some(parsed)
    })
}

/// Whether a script lies among copies of what databases held at some time, or among what is kept of
/// the past: in a folder whose name ends or begins so. A subject of a system that is called so keeps
/// migrations.
fn is_past(file: &SourceFile<'_>) -> bool {
    let folder = file.folder().to_ascii_lowercase();
    let is_copy = |word: &str| matches!(word, "backup" | "backups");
    let last = folder.rsplit('/').next().unwrap_or_default();
    let of_past = |part: &str| {
        let words = ['-', '_', '.', ' '];
        let copies = part
            .rsplit_once(words)
            .is_some_and(|(_, word)| is_copy(word));
        copies
            || part
                .split_once(words)
                .is_some_and(|(word, _)| word == "old")
    };
    !folder.contains("migrat") && (is_copy(last) || folder.split('/').any(of_past))
}

/// Whether a file undoes a migration.
fn is_down(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.strip_suffix(".sql").unwrap_or(name);
    let is_word = |w: &str| matches!(w, "down" | "undo" | "rollback");
    let last = stem.rsplit(['.', '_', '-']).next().unwrap_or(stem);
    // Flyway: `U2__name.sql`.
    let flyway = stem
        .strip_prefix('u')
        .and_then(|rest| rest.split_once("__"))
        .is_some_and(|(version, _)| {
            !version.is_empty()
                && version
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b == b'.' || b == b'_')
        });
    is_word(last)
        || flyway
        || folder
            .split('/')
            .any(|part| is_word(part) || part == "rollbacks")
}

/// The script without the parts that undo it.
fn up_part(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with("--") {
            let words: Vec<&str> = trimmed.trim_start_matches('-').split_whitespace().collect();
            let joined = words.join(" ").to_ascii_lowercase();
            let joined = joined.trim_start_matches('/');
            if [
                "+goose down",
                "migrate:down",
                "+migrate down",
                "@undo",
                "rollback;",
            ]
            .iter()
            .any(|mark| joined.starts_with(mark))
            {
                return &text[..at];
            }
        }
        at += line.len();
    }
    text
}

/// Whether folder and name look like a migration.
fn is_migration(file: &SourceFile<'_>) -> bool {
    let folder = file.folder().to_ascii_lowercase();
    let by_folder = folder.split('/').any(|part| {
        matches!(
            part,
            "migrations" | "migration" | "migrate" | "changesets" | "flyway" | "schema_migrations"
        )
    });
    let name = file.name().to_ascii_lowercase();
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits >= 3 && name[digits..].starts_with(['_', '-', '.']);
    let flyway = name
        .strip_prefix(['v', 'r'])
        .and_then(|rest| rest.split_once("__"))
        .is_some_and(|(version, _)| {
            version
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'.' || b == b'_')
        });
    by_folder || numbered || flyway
}
