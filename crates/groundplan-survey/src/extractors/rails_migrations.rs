//! Migrations of Active Record.

mod columns;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, KeyKind, Mark, SqlChange};
use crate::inflect::singular;
use crate::paths;
use crate::records;
use crate::ruby::{self, Statement, Value};
use crate::scan;
use crate::source::SourceFile;
use columns::{Defaults, Table};
use groundplan_model::{Entity, EntityKind, Topic};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-migrations",
    docs: "\
### What it finds
What the migrations in `db/migrate` do to tables, in the order of the file: `create_table`,
`change_table`, `add_column`, `add_reference`, `add_index`, `add_foreign_key`, `add_timestamps`, and
what changes, renames or removes these, also in loops over names that are written down, and
`monetize` of money-rails and `attachment` of Paperclip. They are replayed where no `schema.rb` stands beside them.

### What it does not find
Statements of SQL in `execute`, what a migration computes, and what a `down` undoes.
",
    reads: &[Reads::Paths(&[
        "**/db/migrate/**/*.rb",
        "**/db/*_migrate/**/*.rb",
    ])],
    markers: &["ActiveRecord::Migration"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let mark = Mark {
        topic: Topic::Migration,
        name: file.name().to_owned(),
        detail: None,
    };
    acc.add(file, 1, file.lines().count(), Claim::Mark(mark));
    for class in ruby::statements(file.text) {
        let methods = class.body.iter().filter(|s| s.word == "def");
        let up = |s: &&Statement<'_>| {
            let name = s.args.first();
            let is = |word| name == Some(&Value::Word(word));
            is("change") || is("up") || is("self.up")
        };
        for method in methods.filter(up) {
            let mut replay = Replay {
                acc,
                file,
                depth: 0,
                defaults: Defaults::of(&class),
                lists: Vec::new(),
            };
            replay.lists(&class.body);
            replay.all(&method.body);
        }
    }
}

/// Changes of one migration.
struct Replay<'a, 'f, 's> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
    depth: u32,
    defaults: Defaults,
    /// Lists of names that are written down, by what they are assigned to.
    lists: Vec<(&'s str, Vec<Value<'s>>)>,
}

/// Rounds of a loop at most.
const MOST: usize = 100;

/// The name of a table as ids have it.
fn id(name: &str) -> String {
    let name = name.strip_prefix("public.").unwrap_or(name);
    name.to_lowercase()
}

/// The name of the table between two, in their order: `shop_orders_products` of `shop_orders` and
/// `shop_products` (<https://api.rubyonrails.org/classes/ActiveRecord/ConnectionAdapters/SchemaStatements.html#method-i-create_join_table>).
fn joined(one: &str, other: &str) -> String {
    let ends = one
        .char_indices()
        .filter(|(_, c)| matches!(c, '_' | '.'))
        .map(|(at, _)| at + 1);
    let common = ends
        .filter(|end| *end < one.len() && other.len() > *end && other.starts_with(&one[..*end]));
    let cut = common.max().unwrap_or(0);
    format!("{one}_{}", &other[cut..])
}

impl<'s> Replay<'_, '_, 's> {
    fn all(&mut self, statements: &[Statement<'s>]) {
        self.depth += 1;
        self.lists(statements);
        for statement in statements {
            if self.depth < 20 {
                self.one(statement);
            }
        }
        self.depth -= 1;
    }

    /// `tables = %i[orders notes]`, `TABLES = [:orders, :notes].freeze`
    fn lists(&mut self, statements: &[Statement<'s>]) {
        for statement in statements.iter().filter(|s| s.word == "=") {
            let name = match statement.args.first() {
                Some(Value::Code(name) | Value::Word(name)) => *name,
                _ => continue,
            };
            match statement.args.get(1) {
                Some(Value::List(all)) => self.lists.push((name, all.clone())),
                // `%i[orders notes].freeze`
                Some(Value::Code(code)) => {
                    let plain = code.strip_suffix(".freeze").unwrap_or(code);
                    let found = ruby::statements(plain).into_iter().next();
                    if let Some(Value::List(all)) = found.and_then(|s| s.args.into_iter().next()) {
                        self.lists.push((name, all));
                    }
                }
                _ => {}
            }
        }
    }

    /// `%i[orders notes].each do |table| … end`: its body once for each name.
    fn each(&mut self, statement: &Statement<'s>) -> bool {
        let on = statement.on.trim_end_matches(".each");
        let listed = match statement.args.first() {
            Some(Value::List(all)) => Some(all.clone()),
            _ => {
                let mut all = self.lists.iter().rev();
                all.find(|(name, _)| *name == on)
                    .map(|(_, all)| all.clone())
            }
        };
        let (Some(listed), [name, ..]) = (listed, statement.params.as_slice()) else {
            return false;
        };
        for value in listed.iter().filter(|v| v.name().is_some()).take(MOST) {
            let body = bound(&statement.body, name, value);
            self.all(&body);
        }
        true
    }

    fn add(&mut self, lines: (u32, u32), change: SqlChange) {
        let claim = Claim::Sql(Box::new(change));
        self.acc.add(self.file, lines.0, lines.1, claim);
    }

    /// An entity that holds what is added to a table.
    fn entity(&self, name: &str, lines: (u32, u32)) -> Entity {
        let stored = Some(name.to_owned());
        let mut made =
            records::entity(self.file, name, stored, EntityKind::Table, lines.0, lines.1);
        made.id = id(name);
        made
    }

    fn one(&mut self, statement: &Statement<'s>) {
        if matches!(statement.word, "each" | "each_with_index") && self.each(statement) {
            return;
        }
        if !statement.on.is_empty() {
            // `Order.without_timeout do … end`; what only changes rows has no change of a table.
            if statement.word != "down" {
                self.all(&statement.body);
            }
            return;
        }
        let name = |at: usize| statement.args.get(at).and_then(Value::name);
        let lines = statement.lines;
        let at = || self.file.evidence(lines.0, lines.1);
        match (statement.word, name(0), name(1)) {
            ("create_table", Some(table), _) => self.create(statement, table),
            ("create_join_table", Some(one), Some(other)) => self.join(statement, one, other),
            ("change_table", Some(table), _) => self.change(statement, table),
            ("drop_table", Some(_), _) => {
                for table in statement.args.iter().filter_map(Value::name) {
                    self.add(lines, SqlChange::Drop(id(table)));
                }
            }
            ("rename_table", Some(from), Some(to)) => {
                let change = SqlChange::Rename {
                    from: id(from),
                    to: to.to_owned(),
                    at: at(),
                };
                self.add(lines, change);
            }
            ("remove_columns", Some(table), Some(_)) => {
                for column in statement.args.iter().skip(1).filter_map(Value::name) {
                    self.drop_column(table, column, lines);
                }
            }
            (
                "add_column"
                | "add_columns"
                | "add_reference"
                | "add_belongs_to"
                | "add_index"
                | "add_timestamps"
                | "add_foreign_key"
                | "add_attachment"
                | "add_monetize"
                | "add_money"
                | "remove_attachment"
                | "remove_monetize"
                | "remove_money"
                | "remove_column"
                | "remove_reference"
                | "remove_belongs_to"
                | "remove_timestamps"
                | "remove_index"
                | "remove_foreign_key"
                | "rename_column"
                | "rename_index"
                | "change_column"
                | "change_column_null"
                | "change_column_default"
                | "change_column_comment",
                Some(table),
                _,
            ) => self.part(table, statement),
            ("def" | "execute", ..) => {}
            // `reversible do |dir| dir.up do … end end`, `safety_assured { … }`, conditions.
            ("unless" | "if", ..) => {
                self.all(&statement.body);
                self.all(&statement.otherwise);
            }
            ("reversible", ..) => {
                for inner in statement.body.iter().filter(|s| s.word == "up") {
                    self.all(&inner.body);
                }
            }
            _ => self.all(&statement.body),
        }
    }

    /// `add_column :orders, :note, :text`: what a table is changed by in one statement.
    fn part(&mut self, table: &str, statement: &Statement<'_>) {
        let inner = Statement {
            args: statement.args.get(1..).unwrap_or_default().to_vec(),
            word: match statement.word {
                "add_column" | "add_columns" => "column",
                "add_reference" | "add_belongs_to" => "references",
                "add_index" => "index",
                "add_timestamps" => "timestamps",
                "add_attachment" => "attachment",
                "add_monetize" => "monetize",
                "add_money" => "money",
                "remove_money" => "remove_monetize",
                "add_foreign_key" => "foreign_key",
                "remove_column" => "remove",
                "remove_reference" | "remove_belongs_to" => "remove_references",
                "rename_column" => "rename",
                "change_column" => "change",
                "change_column_null" => "change_null",
                "change_column_default" => "change_default",
                other => other,
            },
            ..statement.clone()
        };
        self.columns(table, &inner);
    }

    /// `change_table :orders do |t| … end`
    fn change(&mut self, statement: &Statement<'_>, table: &str) {
        let Some(variable) = statement.params.first() else {
            return;
        };
        for inner in lines_on(&statement.body, variable) {
            self.columns(table, inner);
        }
    }

    /// One line of a table that is there.
    fn columns(&mut self, table: &str, statement: &Statement<'_>) {
        let lines = statement.lines;
        let names = || statement.args.iter().filter_map(Value::name);
        let first = statement.args.first().and_then(Value::name);
        let second = statement.args.get(1);
        match (statement.word, first) {
            ("remove", _) => {
                // The type that stands behind a column says how to bring it back.
                let all = names().take(match statement.on.is_empty() {
                    true => 1,
                    false => usize::MAX,
                });
                for column in all {
                    self.drop_column(table, column, lines);
                }
            }
            ("remove_references" | "remove_belongs_to", Some(reference)) => {
                self.drop_column(table, &format!("{reference}_id"), lines);
                if statement.flag("polymorphic") == Some(true) {
                    self.drop_column(table, &format!("{reference}_type"), lines);
                }
            }
            ("remove_attachment", Some(name)) => {
                for (end, _) in columns::ATTACHMENT {
                    self.drop_column(table, &format!("{name}{end}"), lines);
                }
            }
            ("remove_monetize", Some(amount)) => {
                self.drop_column(table, &format!("{amount}_cents"), lines);
                self.drop_column(table, &format!("{amount}_currency"), lines);
            }
            ("remove_timestamps", _) => {
                self.drop_column(table, "created_at", lines);
                self.drop_column(table, "updated_at", lines);
            }
            ("remove_index", _) => {
                let columns = statement.option("column").map(Value::names);
                let columns = columns.or_else(|| statement.args.first().map(Value::names));
                let named = statement.option_name("name").map(str::to_owned);
                let made = columns.map(|columns| columns::index_name(table, &columns));
                if let Some(name) = named.or(made) {
                    self.add(lines, SqlChange::DropIndex(name));
                }
            }
            ("remove_foreign_key", to) => {
                let column = statement.option_name("column").map(str::to_owned);
                let column = column.or_else(|| Some(format!("{}_id", singular(to?))));
                if let Some(column) = column {
                    let name = columns::key_name(&column);
                    let table = id(table);
                    self.add(lines, SqlChange::DropConstraint { table, name });
                }
            }
            ("rename", Some(from)) => {
                if let Some(to) = second.and_then(Value::name) {
                    let change = SqlChange::RenameColumn {
                        table: id(table),
                        from: from.to_owned(),
                        to: to.to_owned(),
                    };
                    self.add(lines, change);
                }
            }
            ("rename_index", Some(from)) => {
                if let Some(to) = second.and_then(Value::name) {
                    let change = SqlChange::RenameIndex {
                        from: from.to_owned(),
                        to: to.to_owned(),
                        at: self.file.evidence(lines.0, lines.1),
                    };
                    self.add(lines, change);
                }
            }
            ("change" | "change_null" | "change_default", Some(column)) => {
                for change in columns::changed(self.file, &id(table), column, statement) {
                    self.add(lines, change);
                }
            }
            ("change_column_comment", _) => {}
            _ => {
                let mut made = Table::new(self.file, self.defaults, self.entity(table, lines));
                made.line(statement);
                self.extend(made, lines);
            }
        }
    }

    fn drop_column(&mut self, table: &str, column: &str, lines: (u32, u32)) {
        let change = SqlChange::DropColumn {
            table: id(table),
            column: column.to_owned(),
        };
        self.add(lines, change);
    }

    fn extend(&mut self, made: Table<'_, '_>, lines: (u32, u32)) {
        let entity = made.entity;
        if entity.fields.is_empty() && entity.relations.is_empty() && entity.indexes.is_empty() {
            return;
        }
        let keys = keys(&entity);
        self.add(lines, SqlChange::Extend(entity));
        for key in keys {
            self.add(lines, key);
        }
    }

    /// `create_table :orders, id: :uuid do |t| … end`
    fn create(&mut self, statement: &Statement<'_>, name: &str) {
        let last = statement.body.iter().map(|s| s.lines.1).max();
        let lines = (
            statement.lines.0,
            last.map_or(statement.lines.1, |line| line + 1),
        );
        if matches!(
            statement.option("force"),
            Some(Value::Word("true") | Value::Symbol("cascade"))
        ) {
            self.add(lines, SqlChange::Drop(id(name)));
        }
        let mut entity = self.entity(name, lines);
        entity.description = statement.option_name("comment").map(str::to_owned);
        let mut made = Table::new(self.file, self.defaults, entity);
        made.key(statement);
        let variable = statement.params.first().copied().unwrap_or_default();
        for inner in lines_on(&statement.body, variable) {
            made.line(inner);
        }
        let keys = keys(&made.entity);
        self.add(lines, SqlChange::Create(made.entity));
        for key in keys {
            self.add(lines, key);
        }
    }

    /// `create_join_table :orders, :products`
    fn join(&mut self, statement: &Statement<'_>, one: &str, other: &str) {
        // The names as they are given, which are those of tables.
        let mut names = [one, other];
        names.sort_unstable();
        let name = statement.option_name("table_name").map(str::to_owned);
        let name = name.unwrap_or_else(|| joined(names[0], names[1]));
        let mut made = Table::new(
            self.file,
            self.defaults,
            self.entity(&name, statement.lines),
        );
        for table in [one, other] {
            made.link(&singular(table), statement.lines.0);
        }
        let variable = statement.params.first().copied().unwrap_or_default();
        for inner in lines_on(&statement.body, variable) {
            made.line(inner);
        }
        self.add(statement.lines, SqlChange::Create(made.entity));
    }
}

/// Statements with a value in place of the variable of a loop.
fn bound<'t>(all: &[Statement<'t>], name: &str, value: &Value<'t>) -> Vec<Statement<'t>> {
    let swap = |given: &Value<'t>| match given {
        Value::Word(word) if *word == name => value.clone(),
        // `table.to_sym`
        Value::Code(code)
            if code
                .strip_suffix(".to_sym")
                .or_else(|| code.strip_suffix(".to_s"))
                .is_some_and(|word| word == name) =>
        {
            value.clone()
        }
        other => other.clone(),
    };
    let one = |statement: &Statement<'t>| Statement {
        args: statement.args.iter().map(swap).collect(),
        body: bound(&statement.body, name, value),
        otherwise: bound(&statement.otherwise, name, value),
        ..statement.clone()
    };
    all.iter().map(one).collect()
}

/// The lines that speak to the table of a block; of a condition the first branch, which is what
/// today's versions take.
fn lines_on<'b, 't>(body: &'b [Statement<'t>], variable: &str) -> Vec<&'b Statement<'t>> {
    let mut all = Vec::new();
    for statement in body {
        match statement.word {
            "if" | "unless" => {
                let first = statement.body.iter().filter(|s| s.on == variable);
                all.extend(first);
            }
            _ if statement.on == variable => all.push(statement),
            _ => {}
        }
    }
    all
}

/// Foreign keys by names that a later migration finds them by: Active Record names them after a
/// hash, and removes them by their column.
fn keys(entity: &Entity) -> Vec<SqlChange> {
    let named = |fields: &Vec<String>| {
        Some(SqlChange::NamedKey {
            table: entity.id.clone(),
            name: columns::key_name(fields.first()?),
            fields: fields.clone(),
            kind: KeyKind::Foreign,
        })
    };
    (entity.relations.iter())
        .filter_map(|relation| named(&relation.fields))
        .collect()
}
