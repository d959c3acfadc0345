//! Migrations that Go code registers: which there are, and what their helpers drop and rename.

use super::sql_in_code::undoes;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark, SqlChange};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-migrations",
    docs: "\
### What it finds
Files of Go that register a migration with Goose, gormigrate or xormigrate, and the tables and columns that
helpers called for it drop or rename: `renameTable(tx, \"a\", \"b\")`, `tx.DropTables(\"x\")`,
`dropTableColumn(tx, \"x\", \"y\")`, `renameColumn(tx, \"x\", \"y\", \"z\")`.

### What it does not find
Names that are no literals, what undoes a migration, and the structs that migrations make tables of.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &[
        "xormigrate.Migration{",
        "gormigrate.Migration{",
        "goose.AddMigration",
        "goose.AddNamedMigration",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    let registered = (0..code.tokens.len())
        .filter(|&at| registers(code, at))
        .count();
    if registered == 0 {
        return;
    }
    for at in 0..code.tokens.len() {
        if code.is(at + 1, "(") && !code.is(at.saturating_sub(1), "func") && !undoes(code, at) {
            for change in changes(file, at) {
                let line = code.line(at);
                acc.add(file, line, line, Claim::Sql(Box::new(change)));
            }
        }
    }
    let known = |f: &crate::facts::Fact| matches!(&f.claim, Claim::Mark(m) if m.topic == Topic::Migration && m.name == file.name());
    if !acc.facts.iter().any(known) {
        let mark = Mark {
            topic: Topic::Migration,
            name: file.name().to_owned(),
            detail: None,
        };
        acc.add(file, 1, file.lines().count(), Claim::Mark(mark));
    }
}

/// `&xormigrate.Migration{ID: …}`, `goose.AddMigrationContext(up, down)`.
fn registers(code: &Code<'_>, at: usize) -> bool {
    match code.raw(at) {
        "xormigrate" | "gormigrate" => {
            let list = at >= 2 && code.is(at - 1, "*") && code.is(at - 2, "]");
            code.is(at + 2, "Migration") && code.is(at + 3, "{") && !list
        }
        "goose" => {
            let word = code.ident(at + 2).unwrap_or_default();
            code.is(at + 3, "(")
                && (word.starts_with("AddMigration") || word.starts_with("AddNamedMigration"))
        }
        _ => false,
    }
}

/// What a call drops or renames, by the name of the helper and its literals.
fn changes(file: &SourceFile<'_>, at: usize) -> Vec<SqlChange> {
    let code = file.code();
    let Some(name) = code.ident(at) else {
        return Vec::new();
    };
    let lower = name.to_ascii_lowercase();
    let drops = lower.starts_with("drop") || lower.starts_with("delete");
    let renames = lower.starts_with("rename");
    if !drops && !renames || lower.contains("index") || lower.contains("constraint") {
        return Vec::new();
    }
    let arguments = code.arguments(at + 1);
    let literals: Vec<String> = arguments
        .iter()
        .filter(|range| range.len() == 1)
        .filter_map(|range| code.string(range.start))
        .map(str::to_ascii_lowercase)
        .collect();
    // `helper(tx, …)` has the connection first, a method none.
    if literals.is_empty() || arguments.len() - literals.len() > 1 {
        return Vec::new();
    }
    let words = crate::scan::snake(name);
    let has = |all: &[&str]| words.split('_').any(|word| all.contains(&word));
    let column = has(&["column", "columns", "colum"]);
    let table = has(&["table", "tables"]);
    match (literals.as_slice(), column) {
        ([table, column], true) if drops => vec![SqlChange::DropColumn {
            table: table.clone(),
            column: column.clone(),
        }],
        ([table, from, to], true) if renames => vec![SqlChange::RenameColumn {
            table: table.clone(),
            from: from.clone(),
            to: to.clone(),
        }],
        ([from, to], false) if renames && table => vec![SqlChange::Rename {
            from: from.clone(),
            to: to.clone(),
            at: file.evidence(code.line(at), code.line(at)),
        }],
        (all, false) if drops && table => all
            .iter()
            .map(|name| SqlChange::Drop(name.clone()))
            .collect(),
        _ => Vec::new(),
    }
}
