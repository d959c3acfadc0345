//! Schemas of Ecto.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{
    CHECKED_BY_PROGRAM, Cardinality, DEFAULT_IN_PROGRAM, EntityKind, EntityRelation,
    NULLABILITY_UNREAD, Provenance,
};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ecto-schemas",
    docs: "\
### What it finds
Modules with `schema \"table\"`: fields with type and default, keys of `belongs_to`, `has_many`
and `many_to_many` with the table between, `timestamps`, the key that `@primary_key` sets
(<https://hexdocs.pm/ecto/Ecto.Schema.html>). The table is the one that migrations make.

### What it does not find
Virtual fields, embedded schemas, schemas of forms below a folder of pages (`shop_web`), fields that a
macro of the program adds.
",
    reads: &[Reads::Paths(&["*.ex"])],
    markers: &["schema \"", "schema(\""],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    // Pages have schemas of what a form holds.
    let is_of_pages = |folder: &str| folder.ends_with("_web");
    if file.folder().split('/').any(is_of_pages) {
        return;
    }
    modules(acc, file, &elixir::statements(file.text), 0);
}

fn modules(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Statement], depth: u32) {
    for module in all.iter().filter(|s| s.word == "defmodule") {
        if let Some(name) = module.arguments.first() {
            let name = name.rsplit('.').next().unwrap_or(name);
            let mut keys = Keys::default();
            for statement in &module.body {
                keys.read(statement);
                if statement.word == "schema" {
                    schema(acc, file, name, statement, &keys);
                }
            }
        }
        if depth < 8 {
            modules(acc, file, &module.body, depth + 1);
        }
    }
}

/// What attributes of a module say of keys.
struct Keys {
    own: Option<(String, String)>,
    foreign: String,
}

impl Default for Keys {
    fn default() -> Self {
        Keys {
            own: Some(("id".to_owned(), "id".to_owned())),
            foreign: "id".to_owned(),
        }
    }
}

impl Keys {
    fn read(&mut self, statement: &Statement) {
        let first = statement.arguments.first().map_or("", String::as_str);
        match statement.word.as_str() {
            // `@primary_key {:uuid, :binary_id, autogenerate: true}`
            "@primary_key" if first == "false" => self.own = None,
            "@primary_key" => {
                let inner = first.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
                let parts = elixir::arguments(inner.unwrap_or_default());
                let names: Vec<&str> = parts.iter().filter_map(|p| elixir::name(p)).collect();
                if let [name, kind, ..] = names.as_slice() {
                    self.own = Some(((*name).to_owned(), (*kind).to_owned()));
                }
            }
            "@foreign_key_type" => {
                if let Some(kind) = elixir::name(first) {
                    kind.clone_into(&mut self.foreign);
                }
            }
            _ => {}
        }
    }
}

/// The type of a field as it is written: `:string`, `{:array, :map}`, `Ecto.Enum`.
fn kind(text: Option<&String>) -> String {
    let text = text.map_or("", String::as_str);
    let Some(inner) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) else {
        return elixir::name(text).unwrap_or("string").to_owned();
    };
    let parts = elixir::arguments(inner);
    let names: Vec<&str> = parts.iter().filter_map(|p| elixir::name(p)).collect();
    match names.as_slice() {
        ["array", inner] => format!("{inner}[]"),
        [kind, ..] => (*kind).to_owned(),
        [] => "map".to_owned(),
    }
}

/// The values of `Ecto.Enum`: `[:open, :closed]`, or with what is kept for each, `[open: 1, closed: 2]`
/// (<https://hexdocs.pm/ecto/Ecto.Enum.html>).
fn values(written: &str) -> Option<String> {
    let inner = written.trim().strip_prefix('[')?.strip_suffix(']')?;
    let parts = elixir::arguments(inner);
    let name = |part: &String| {
        let part = part.trim();
        match part.split_once(": ") {
            Some((name, _)) => Some(name.to_owned()),
            None => part.strip_prefix(':').map(str::to_owned),
        }
    };
    let all: Vec<String> = parts.iter().filter_map(name).collect();
    let plain = |name: &String| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let whole = !all.is_empty() && all.len() == parts.len() && all.iter().all(plain);
    (whole && all.len() <= 16).then(|| all.join(", "))
}

fn schema(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str, all: &Statement, keys: &Keys) {
    let Some(table) = all.arguments.first().and_then(|a| elixir::name(a)) else {
        return;
    };
    let (first, mut last) = all.lines;
    let stored = Some(table.to_owned());
    let mut entity = records::entity(file, name, stored, EntityKind::Table, first, last);
    if let Some((name, kind)) = &keys.own {
        let mut key = records::field(file, name, kind, first);
        key.primary_key = true;
        key.nullable = false;
        entity.fields.push(key);
    }
    for statement in &all.body {
        let line = statement.lines.0;
        last = last.max(statement.lines.1);
        let arguments = &statement.arguments;
        let own = arguments.first().and_then(|a| elixir::name(a));
        let to = arguments.get(1).map(|t| t.rsplit('.').next().unwrap_or(t));
        match (statement.word.as_str(), own) {
            ("field", Some(own)) if statement.option("virtual") != Some("true") => {
                // A field may have another name than its column.
                let source = statement.option("source").and_then(elixir::name);
                let typed = arguments.get(1).filter(|a| !a.contains(": "));
                let mut field = records::field(file, source.unwrap_or(own), &kind(typed), line);
                field.primary_key = statement.option("primary_key") == Some("true");
                let default = statement.option("default").filter(|t| *t != "nil");
                let default = default.map(|t| t.trim_matches('"').trim_start_matches(':'));
                // A struct of the program begins with it; the table does not know it.
                let default = default
                    .filter(|t| !t.contains('(') && !t.contains('@'))
                    .and_then(|t| secrets::keep(own, t));
                let default = default.map(|t| format!("{DEFAULT_IN_PROGRAM}{t}"));
                field.constraints.extend(default);
                let values = statement
                    .option("values")
                    .filter(|_| typed.is_some_and(|t| t.contains("Ecto.Enum")))
                    .and_then(values);
                let values = values.map(|v| format!("{CHECKED_BY_PROGRAM}one of {v}"));
                field.constraints.extend(values);
                entity.fields.push(field);
            }
            ("embeds_one" | "embeds_many", Some(own)) => {
                entity.fields.push(records::field(file, own, "map", line));
            }
            ("belongs_to", Some(own)) => {
                // The field of the key may have another name than its column.
                let given = ["source", "foreign_key"]
                    .into_iter()
                    .find_map(|key| statement.option(key).and_then(elixir::name));
                let column = given.map_or_else(|| format!("{own}_id"), str::to_owned);
                let typed = statement.option("type").and_then(elixir::name);
                if statement.option("define_field") != Some("false") {
                    let typed = typed.unwrap_or(&keys.foreign);
                    let mut field = records::field(file, &column, typed, line);
                    field.primary_key = statement.option("primary_key") == Some("true");
                    entity.fields.push(field);
                }
                if let Some(to) = to {
                    let many = Cardinality::ManyToOne;
                    let relation = records::relation(file, &column, to, many, line);
                    entity.relations.push(relation);
                }
            }
            // The key of `has_one` lies in the other table, where `belongs_to` tells it.
            (word @ ("has_many" | "many_to_many"), Some(_)) => {
                // What is reached through others is none of the table's own ends.
                let through = statement.option("through").is_some();
                if let (Some(joint), Some(to)) = (statement.option("join_through"), to)
                    && joint.starts_with('"')
                    && let Some(joint) = elixir::name(joint)
                {
                    joined(acc, file, joint, [name, to], statement);
                }
                if let Some(to) = to.filter(|t| !through && !t.contains(": ")) {
                    entity.relations.push(EntityRelation {
                        fields: Vec::new(),
                        to: scan::snake(to),
                        to_fields: Vec::new(),
                        cardinality: match word {
                            "has_many" => Cardinality::OneToMany,
                            _ => Cardinality::ManyToMany,
                        },
                        on_delete: None,
                        through: None,
                        provenance: Provenance::observed([file.evidence(line, line)]),
                    });
                }
            }
            ("timestamps", _) => {
                let typed = statement.option("type").and_then(elixir::name);
                for own in ["inserted_at", "updated_at"] {
                    let given = statement.option(own);
                    if given == Some("false") {
                        continue;
                    }
                    let name = given.and_then(elixir::name).unwrap_or(own);
                    let typed = typed.unwrap_or("naive_datetime");
                    let mut field = records::field(file, name, typed, line);
                    field.nullable = false;
                    entity.fields.push(field);
                }
            }
            _ => {}
        }
    }
    entity.provenance = Provenance::observed([file.evidence(first, last + 1)]);
    acc.add(file, first, last + 1, Claim::Entity(Box::new(entity)));
}

/// The table of a `many_to_many` that is named by a text and has no schema: its keys are those of
/// `join_keys`, else the names of both ends with `_id`
/// (<https://hexdocs.pm/ecto/Ecto.Schema.html#many_to_many/3>).
fn joined(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    table: &str,
    ends: [&str; 2],
    statement: &Statement,
) {
    let lines = statement.lines;
    let stored = Some(table.to_owned());
    let kind = EntityKind::Table;
    let mut entity = records::entity(file, table, stored, kind, lines.0, lines.1);
    let given = statement.option("join_keys").and_then(elixir::list);
    let keys: Vec<String> = given.map_or_else(Vec::new, |all| {
        let names = all.iter().filter_map(|pair| pair.split_once(':'));
        names.map(|(name, _)| name.trim().to_owned()).collect()
    });
    let one_each = |at: usize| match keys.get(at) {
        Some(key) => key.clone(),
        None => format!("{}_id", scan::snake(ends[at])),
    };
    for (at, to) in ends.iter().enumerate() {
        let column = one_each(at);
        let mut field = records::field(file, &column, "id", lines.0);
        field.constraints.push(NULLABILITY_UNREAD.to_owned());
        entity.fields.push(field);
        let many = Cardinality::ManyToOne;
        let relation = records::relation(file, &column, to, many, lines.0);
        entity.relations.push(relation);
    }
    acc.add(file, lines.0, lines.1, Claim::Entity(Box::new(entity)));
}
