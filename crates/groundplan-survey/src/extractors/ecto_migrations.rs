//! Migrations of Ecto.

mod columns;

use super::sql;
use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, KeyKind, Mark, SqlChange};
use crate::paths;
use crate::records;
use crate::scan;
use crate::source::SourceFile;
use columns::{Table, Target};
use groundplan_model::{Entity, EntityKind, Index, Provenance, Topic};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ecto-migrations",
    docs: "\
### What it finds
What migrations of Ecto do to tables, in the order of the file: `create table`, `alter table` with
`add`, `modify` and `remove`, `references`, `timestamps`, `create index` and `unique_index`, `rename`,
`drop`, and statements of SQL in `execute` (<https://hexdocs.pm/ecto_sql/Ecto.Migration.html>).

### What it does not find
What a migration computes, what `down` undoes, tables that a library makes by a call of its own, and
keys that the configuration of the repository sets for all tables.
",
    reads: &[Reads::Paths(&[
        "**/migrations/*.exs",
        "**/migrations/*.ex",
    ])],
    markers: &["Ecto.Migration"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let mut changed = false;
    for module in elixir::statements(file.text) {
        let methods = module.body.iter().filter(|s| s.word == "def");
        for method in methods {
            let first = method.arguments.first().map_or("", String::as_str);
            if !matches!(first, "change" | "up" | "change()" | "up()") {
                continue;
            }
            if !changed {
                let mark = Mark {
                    topic: Topic::Migration,
                    name: file.name().to_owned(),
                    detail: None,
                };
                acc.add(file, 1, file.lines().count(), Claim::Mark(mark));
                changed = true;
            }
            let mut replay = Replay { acc, file };
            replay.all(&method.body, 0);
            // `def change, do: execute("…")`
            if let Some(short) = method.option("do") {
                for mut statement in elixir::statements(short) {
                    statement.lines = method.lines;
                    replay.one(&statement, 0);
                }
            }
        }
    }
}

/// Changes of one migration.
struct Replay<'a, 'f, 's> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
}

/// The name that Ecto gives to an index.
fn index_name(table: &str, columns: &[String]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|c| c.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "_"))
        .collect();
    format!("{table}_{}_index", columns.join("_"))
}

impl Replay<'_, '_, '_> {
    fn all(&mut self, statements: &[Statement], depth: u32) {
        for statement in statements {
            if depth < 20 {
                self.one(statement, depth);
            }
        }
    }

    fn add(&mut self, lines: (u32, u32), change: SqlChange) {
        let claim = Claim::Sql(Box::new(change));
        self.acc.add(self.file, lines.0, lines.1, claim);
    }

    /// Names the foreign keys of what was made as Ecto does, by which they may be dropped.
    fn keys(&mut self, target: &Target, columns: Vec<String>, lines: (u32, u32)) {
        for column in columns {
            let change = SqlChange::NamedKey {
                table: target.id(),
                name: format!("{}_{column}_fkey", target.name),
                fields: vec![column],
                kind: KeyKind::Foreign,
            };
            self.add(lines, change);
        }
    }

    fn entity(&self, target: &Target, lines: (u32, u32)) -> Entity {
        let name = target.name.clone();
        let (file, kind) = (self.file, EntityKind::Table);
        let mut made = records::entity(file, &name, Some(name.clone()), kind, lines.0, lines.1);
        made.id = target.id();
        made
    }

    fn one(&mut self, statement: &Statement, depth: u32) {
        let lines = statement.lines;
        let first = statement.arguments.first().map_or("", String::as_str);
        let called = elixir::call(first);
        let table = || Target::of(first);
        match (statement.word.as_str(), called.as_ref().map(|c| c.0)) {
            ("create" | "create_if_not_exists", Some("table")) => {
                if let Some(target) = table() {
                    self.create(statement, &target);
                }
            }
            ("create" | "create_if_not_exists", Some(kind @ ("index" | "unique_index"))) => {
                let arguments = called.as_ref().map(|c| c.1.as_slice()).unwrap_or_default();
                self.index(arguments, kind == "unique_index", lines);
            }
            ("alter", Some("table")) => {
                if let Some(target) = table() {
                    self.alter(statement, &target);
                }
            }
            ("drop" | "drop_if_exists", Some("table")) => {
                if let Some(target) = table() {
                    self.add(lines, SqlChange::Drop(target.id()));
                }
            }
            ("drop" | "drop_if_exists", Some("index" | "unique_index")) => {
                let arguments = called.map(|c| c.1).unwrap_or_default();
                if let Some((name, _)) = indexed(&arguments) {
                    self.add(lines, SqlChange::DropIndex(name));
                }
            }
            ("drop" | "drop_if_exists", Some("constraint")) => {
                let arguments = called.map(|c| c.1).unwrap_or_default();
                let names: Vec<&str> = arguments.iter().filter_map(|a| elixir::name(a)).collect();
                if let [table, name, ..] = names.as_slice() {
                    let change = SqlChange::DropConstraint {
                        table: table.to_lowercase(),
                        name: (*name).to_owned(),
                    };
                    self.add(lines, change);
                }
            }
            ("rename", Some("table")) => self.rename(statement),
            ("execute", _) => self.execute(first, lines.0),
            // Conditions and loops that Ecto runs once hold statements of their own.
            (word, _) if !word.starts_with("def") => self.all(&statement.body, depth + 1),
            _ => {}
        }
    }

    fn create(&mut self, statement: &Statement, target: &Target) {
        let mut table = Table::new(self.file, self.entity(target, statement.lines));
        table.key(target, statement.lines.0);
        let mut last = statement.lines.1;
        for line in &statement.body {
            table.line(line);
            last = last.max(line.lines.1);
        }
        let mut entity = table.entity;
        columns::of_clickhouse(&mut entity);
        // The line of `end`.
        let last = if statement.body.is_empty() {
            last
        } else {
            last + 1
        };
        entity.provenance = Provenance::observed([self.file.evidence(statement.lines.0, last)]);
        let keys = entity.relations.iter().flat_map(|r| r.fields.clone());
        let keys = keys.collect();
        self.add((statement.lines.0, last), SqlChange::Create(entity));
        self.keys(target, keys, (statement.lines.0, last));
    }

    fn alter(&mut self, statement: &Statement, target: &Target) {
        for line in &statement.body {
            let name = line.arguments.first().and_then(|a| elixir::name(a));
            match (line.word.as_str(), name) {
                ("add" | "add_if_not_exists" | "timestamps", _) => {
                    let mut table = Table::new(self.file, self.entity(target, line.lines));
                    table.line(line);
                    let entity = table.entity;
                    if !entity.fields.is_empty() {
                        let keys = entity.relations.iter().flat_map(|r| r.fields.clone());
                        let keys = keys.collect();
                        self.add(line.lines, SqlChange::Extend(entity));
                        self.keys(target, keys, line.lines);
                    }
                }
                ("remove" | "remove_if_exists", Some(column)) => {
                    let change = SqlChange::DropColumn {
                        table: target.id(),
                        column: column.to_owned(),
                    };
                    self.add(line.lines, change);
                }
                ("modify", Some(column)) => {
                    for change in columns::modified(self.file, &target.id(), column, line) {
                        self.add(line.lines, change);
                    }
                }
                _ => {}
            }
        }
    }

    fn index(&mut self, arguments: &[String], unique: bool, lines: (u32, u32)) {
        let Some(target) = Target::of_arguments(arguments) else {
            return;
        };
        let Some((name, fields)) = indexed(arguments) else {
            return;
        };
        let mut entity = self.entity(&target, lines);
        let text = |key| elixir::option(arguments, key).and_then(elixir::name);
        let method = text("using").map(str::to_ascii_lowercase);
        entity.indexes.push(Index {
            name,
            fields,
            unique: unique || elixir::option(arguments, "unique") == Some("true"),
            method: method.filter(|m| m != "btree"),
            predicate: elixir::option(arguments, "where").map(|t| t.trim_matches('"').to_owned()),
            provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
        });
        self.add(lines, SqlChange::Extend(entity));
    }

    /// `rename table(:a), to: table(:b)`, `rename table(:a), :old, to: :new`
    fn rename(&mut self, statement: &Statement) {
        let arguments = &statement.arguments;
        let (Some(from), Some(to)) = (
            arguments.first().and_then(|a| Target::of(a)),
            statement.option("to"),
        ) else {
            return;
        };
        let lines = statement.lines;
        let column = arguments.get(1).and_then(|a| elixir::name(a));
        let change = match (column.filter(|_| arguments.len() > 2), Target::of(to)) {
            (None, Some(to)) => SqlChange::Rename {
                from: from.id(),
                to: to.name,
                at: self.file.evidence(lines.0, lines.1),
            },
            (Some(column), _) => match elixir::name(to) {
                Some(to) => SqlChange::RenameColumn {
                    table: from.id(),
                    from: column.to_owned(),
                    to: to.to_owned(),
                },
                None => return,
            },
            _ => return,
        };
        self.add(lines, change);
    }

    /// `execute "…"` or with what undoes it as a second argument.
    fn execute(&mut self, text: &str, line: u32) {
        let (inner, first) = match text.strip_prefix("\"\"\"") {
            Some(rest) => {
                let rest = rest.strip_suffix("\"\"\"").unwrap_or(rest);
                (rest.strip_prefix('\n').unwrap_or(rest), line + 1)
            }
            None => {
                let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
                match inner {
                    Some(inner) => (inner, line),
                    None => return,
                }
            }
        };
        // What is put together is not known.
        if !inner.contains("#{") {
            sql::statements(self.acc, self.file, &inner.replace("\\\"", "\""), first);
        }
    }
}

/// Name and columns of an index: `index(:users, [:email], name: :users_by_email)`.
fn indexed(arguments: &[String]) -> Option<(String, Vec<String>)> {
    let table = elixir::name(arguments.first()?)?;
    let columns = arguments.get(1)?;
    let fields: Vec<String> = match elixir::list(columns) {
        Some(list) => list
            .iter()
            .map(|c| elixir::name(c).map_or_else(|| c.trim_matches('"').to_owned(), str::to_owned))
            .collect(),
        None => vec![elixir::name(columns)?.to_owned()],
    };
    let given = elixir::option(arguments, "name").and_then(elixir::name);
    let name = given.map_or_else(|| index_name(table, &fields), str::to_owned);
    Some((name, fields))
}
