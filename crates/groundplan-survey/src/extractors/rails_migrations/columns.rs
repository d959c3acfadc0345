//! The lines of a table: `t.string :name, null: false`.

use crate::facts::SqlChange;
use crate::inflect::{plural, singular};
use crate::records;
use crate::ruby::{Statement, Value};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityRelation, Field, Index, Provenance};

/// What a migration means by default, which depends on the version that its class names
/// (<https://api.rubyonrails.org/classes/ActiveRecord/Migration/Compatibility.html>).
#[derive(Clone, Copy)]
pub(super) struct Defaults {
    /// The type of keys.
    key: &'static str,
    /// Whether timestamps may be absent.
    optional_times: bool,
    /// Whether a reference has an index.
    indexed: bool,
}

impl Defaults {
    /// Those of a class: `class CreateOrders < ActiveRecord::Migration[7.1]`.
    pub(super) fn of(class: &Statement<'_>) -> Self {
        let parent = match class.args.get(1) {
            Some(Value::Code(parent)) => *parent,
            _ => "",
        };
        let version = parent.split(['[', ']']).nth(1).unwrap_or("4.2");
        let mut numbers = version
            .split('.')
            .map(|n| n.trim().parse::<u32>().unwrap_or(0));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Defaults {
            key: if version >= (5, 1) {
                "bigint"
            } else {
                "integer"
            },
            optional_times: version < (5, 0),
            indexed: version >= (5, 0),
        }
    }
}

/// What stands behind the name of a file in the columns that Paperclip keeps of it
/// (<https://github.com/thoughtbot/paperclip#migrations>).
pub(super) const ATTACHMENT: [(&str, &str); 4] = [
    ("_file_name", "string"),
    ("_content_type", "string"),
    ("_file_size", "integer"),
    ("_updated_at", "datetime"),
];

/// A table, or what is added to one.
pub(super) struct Table<'f, 's> {
    file: &'f SourceFile<'s>,
    defaults: Defaults,
    pub(super) entity: Entity,
}

/// The name that Active Record gives to an index.
pub(super) fn index_name(table: &str, columns: &[&str]) -> String {
    format!("index_{table}_on_{}", columns.join("_and_"))
}

/// A name for the foreign key of a column.
pub(super) fn key_name(column: &str) -> String {
    format!("foreign key of {column}")
}

/// The default of a column; an expression of the database as it is written.
fn default(name: &str, value: &Value<'_>) -> Option<String> {
    let text = match value {
        Value::Text(text) | Value::Symbol(text) | Value::Word(text) => *text,
        Value::Code(code) => code.split(['"', '\'']).nth(1)?,
        Value::List(all) if all.is_empty() => "[]",
        Value::Map(all) if all.is_empty() => "{}",
        _ => return None,
    };
    secrets::keep(name, text).filter(|text| !text.is_empty() && text != "nil")
}

/// The type of a column with its size.
fn sized(kind: &str, statement: &Statement<'_>) -> String {
    let number = |key: &str| match statement.option(key) {
        Some(Value::Word(number)) => Some(*number),
        _ => None,
    };
    match number("limit") {
        Some(limit) => format!("{kind}({limit})"),
        None => kind.to_owned(),
    }
}

/// What `change_column`, `change_column_null` and `change_column_default` do.
pub(super) fn changed(
    file: &SourceFile<'_>,
    table: &str,
    column: &str,
    statement: &Statement<'_>,
) -> Vec<SqlChange> {
    let line = statement.lines.0;
    let change = |operation: &str, set: &dyn Fn(&mut Field)| {
        let mut field = records::field(file, column, "", line);
        set(&mut field);
        field.constraints.push(operation.to_owned());
        SqlChange::Column {
            table: table.to_owned(),
            column: field,
        }
    };
    let null = |nullable: bool| match nullable {
        true => change("DROP NOT NULL", &|_| {}),
        false => change("SET NOT NULL", &|f| f.nullable = false),
    };
    let preset = |value: &Value<'_>| match default(column, value) {
        Some(text) => change("SET DEFAULT", &|f| f.default = Some(text.clone())),
        None => change("DROP DEFAULT", &|_| {}),
    };
    let second = statement.args.get(1);
    match (statement.word, second) {
        ("change_null", Some(Value::Word(word))) => vec![null(*word == "true")],
        ("change_default", given) => {
            // `from: 1, to: 2` can be undone, `2` cannot.
            let given = statement.option("to").or(given);
            given.into_iter().map(preset).collect()
        }
        ("change", Some(kind)) => {
            let kind = kind.name().unwrap_or_default();
            let mut all = vec![change("TYPE", &|f| f.data_type = sized(kind, statement))];
            all.extend(statement.flag("null").map(null));
            all.extend(statement.option("default").map(preset));
            all
        }
        _ => Vec::new(),
    }
}

impl<'f, 's> Table<'f, 's> {
    pub(super) fn new(file: &'f SourceFile<'s>, defaults: Defaults, entity: Entity) -> Self {
        Table {
            file,
            defaults,
            entity,
        }
    }

    /// The key that a table has unless its options say otherwise.
    pub(super) fn key(&mut self, statement: &Statement<'_>) {
        let composed = matches!(statement.option("primary_key"), Some(Value::List(_)));
        let kind = match statement.option("id") {
            Some(Value::Word("false")) => return,
            Some(Value::Symbol(kind) | Value::Text(kind)) => *kind,
            _ => self.defaults.key,
        };
        if composed {
            return;
        }
        let name = statement.option_name("primary_key").unwrap_or("id");
        let mut key = records::field(self.file, name, kind, statement.lines.0);
        key.primary_key = true;
        key.nullable = false;
        self.entity.fields.push(key);
    }

    /// One line of a table.
    pub(super) fn line(&mut self, statement: &Statement<'_>) {
        let names = || statement.args.iter().filter_map(Value::name);
        let line = statement.lines.0;
        match statement.word {
            "references" | "belongs_to" => {
                for name in names() {
                    self.reference(name, statement);
                }
            }
            "timestamps" => {
                let null = statement
                    .flag("null")
                    .unwrap_or(self.defaults.optional_times);
                for name in ["created_at", "updated_at"] {
                    let mut field = records::field(self.file, name, "datetime", line);
                    field.nullable = null;
                    self.entity.fields.push(field);
                }
            }
            "monetize" => {
                for name in names() {
                    self.money(name, statement);
                }
            }
            "attachment" => {
                for name in names() {
                    for (end, kind) in ATTACHMENT {
                        let column = format!("{name}{end}");
                        let field = records::field(self.file, &column, kind, line);
                        self.entity.fields.push(field);
                    }
                }
            }
            // The type stands behind the name.
            "primary_key" => {
                let kind = statement.args.get(1).and_then(Value::name);
                if let Some(name) = names().next() {
                    self.field(name, kind.unwrap_or("primary_key"), statement);
                    if let Some(field) = self.entity.fields.last_mut() {
                        (field.primary_key, field.nullable) = (true, false);
                    }
                }
            }
            "index" => {
                if let Some(columns) = statement.args.first() {
                    self.index(&columns.names(), statement);
                }
            }
            "foreign_key" => {
                if let Some(to) = names().next() {
                    let given = statement.option("column").map(Value::names);
                    let columns = given.unwrap_or_default();
                    let columns = match columns.is_empty() {
                        true => vec![format!("{}_id", singular(to))],
                        false => columns.iter().map(|c| (*c).to_owned()).collect(),
                    };
                    self.relation(columns, to, statement);
                }
            }
            "column" => {
                let kind = statement.args.get(1).and_then(Value::name);
                if let (Some(name), Some(kind)) = (names().next(), kind) {
                    self.field(name, kind, statement);
                }
            }
            "check_constraint" | "exclusion_constraint" | "unique_constraint" | "comment" => {}
            kind => {
                for name in names() {
                    self.field(name, kind, statement);
                }
            }
        }
    }

    fn field(&mut self, name: &str, kind: &str, statement: &Statement<'_>) {
        let line = statement.lines.0;
        let mut field = records::field(self.file, name, &sized(kind, statement), line);
        field.nullable = statement.flag("null") != Some(false);
        field.primary_key = kind == "primary_key" || statement.flag("primary_key") == Some(true);
        field.default = statement.option("default").and_then(|v| default(name, v));
        field.description = statement.option_name("comment").map(str::to_owned);
        self.entity.fields.push(field);
        self.indexed(&[name], statement);
    }

    /// `t.monetize :price`: an amount in the smallest unit with its currency
    /// (<https://github.com/RubyMoney/money-rails#migration-helpers>).
    fn money(&mut self, name: &str, statement: &Statement<'_>) {
        let line = statement.lines.0;
        let off = |key: &str| match statement.option(key) {
            Some(Value::Map(options)) => options.contains(&("present", Value::Word("false"))),
            _ => false,
        };
        let ends = [
            ("amount", "_cents", "integer"),
            ("currency", "_currency", "string"),
        ];
        for (key, end, kind) in ends {
            if !off(key) {
                let mut field = records::field(self.file, &format!("{name}{end}"), kind, line);
                field.nullable = false;
                self.entity.fields.push(field);
            }
        }
    }

    /// `index: true`, `index: { unique: true }` of a column.
    fn indexed(&mut self, columns: &[&str], statement: &Statement<'_>) {
        match statement.option("index") {
            Some(Value::Map(options)) => {
                let given = Statement {
                    options: options.clone(),
                    ..statement.clone()
                };
                self.index(columns, &given);
            }
            Some(Value::Word("true")) => {
                let given = Statement {
                    options: Vec::new(),
                    ..statement.clone()
                };
                self.index(columns, &given);
            }
            _ => {}
        }
    }

    fn index(&mut self, columns: &[&str], statement: &Statement<'_>) {
        let name = statement.option_name("name").map(str::to_owned);
        let method = statement.option_name("using").filter(|m| *m != "btree");
        if columns.is_empty() {
            return;
        }
        self.entity.indexes.push(Index {
            name: name.unwrap_or_else(|| index_name(&self.entity.name, columns)),
            fields: columns.iter().map(|c| (*c).to_owned()).collect(),
            unique: statement.flag("unique") == Some(true),
            method: method.map(str::to_owned),
            predicate: statement.option_name("where").map(str::to_owned),
            provenance: Provenance::observed([self
                .file
                .evidence(statement.lines.0, statement.lines.1)]),
        });
    }

    /// `t.references :user, foreign_key: true`: a column with an index and often a key; of many
    /// kinds of things (`polymorphic`) with the name of its kind beside it.
    fn reference(&mut self, name: &str, statement: &Statement<'_>) {
        let kind = statement.option_name("type").unwrap_or(self.defaults.key);
        let null = statement.flag("null") != Some(false);
        let line = statement.lines.0;
        let column = format!("{name}_id");
        let poly = match statement.option("polymorphic") {
            Some(Value::Word("false")) | None => false,
            Some(_) => true,
        };
        let kind_column = format!("{name}_type");
        if poly {
            let mut field = records::field(self.file, &kind_column, "string", line);
            field.nullable = null;
            self.entity.fields.push(field);
        }
        let mut field = records::field(self.file, &column, kind, line);
        field.nullable = null;
        field.default = statement
            .option("default")
            .and_then(|v| default(&column, v));
        self.entity.fields.push(field);
        let columns: &[&str] = match poly {
            true => &[&kind_column, &column],
            false => &[&column],
        };
        match statement.option("index") {
            None if !self.defaults.indexed => {}
            None => {
                let plain = Statement {
                    options: Vec::new(),
                    ..statement.clone()
                };
                self.index(columns, &plain);
            }
            Some(_) => self.indexed(columns, statement),
        }
        match statement.option("foreign_key") {
            Some(Value::Word("true")) => {
                let plain = Statement {
                    options: Vec::new(),
                    ..statement.clone()
                };
                self.relation(vec![column], &plural(name), &plain);
            }
            Some(Value::Map(options)) => {
                let given = Statement {
                    options: options.clone(),
                    ..statement.clone()
                };
                let to = given.option_name("to_table").map(str::to_owned);
                self.relation(vec![column], &to.unwrap_or_else(|| plural(name)), &given);
            }
            _ => {}
        }
    }

    /// A column of a table that joins two others.
    pub(super) fn link(&mut self, name: &str, line: u32) {
        let mut field = records::field(self.file, &format!("{name}_id"), self.defaults.key, line);
        field.nullable = false;
        self.entity.fields.push(field);
    }

    fn relation(&mut self, columns: Vec<String>, to: &str, statement: &Statement<'_>) {
        let keys = statement.option("primary_key").map(Value::names);
        let keys = keys.unwrap_or_default().into_iter().map(str::to_owned);
        let evidence = self.file.evidence(statement.lines.0, statement.lines.1);
        self.entity.relations.push(EntityRelation {
            fields: columns,
            to: super::id(to),
            to_fields: keys.collect(),
            cardinality: Cardinality::ManyToOne,
            on_delete: statement.option_name("on_delete").map(str::to_owned),
            through: None,
            provenance: Provenance::observed([evidence]),
        });
    }
}
