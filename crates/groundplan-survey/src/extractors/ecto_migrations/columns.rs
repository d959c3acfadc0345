//! The lines of a table: `add :name, :string, null: false`.

use crate::elixir::{self, Statement};
use crate::facts::SqlChange;
use crate::records;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityRelation, Field, Provenance};

/// The table that a call names: `table(:users, prefix: "audit", primary_key: false)`.
pub(super) struct Target {
    /// Its name, with the schema in front if it has one.
    pub(super) name: String,
    /// What `primary_key:` is given.
    key: Option<String>,
}

impl Target {
    pub(super) fn of(text: &str) -> Option<Self> {
        let (word, arguments) = elixir::call(text)?;
        (word == "table").then(|| Self::of_arguments(&arguments))?
    }

    /// Of the arguments of a table, an index or a reference.
    pub(super) fn of_arguments(arguments: &[String]) -> Option<Self> {
        let own = elixir::name(arguments.first()?)?;
        let prefix = elixir::option(arguments, "prefix");
        let name = match prefix.map(elixir::name) {
            None => own.to_owned(),
            Some(Some(prefix)) if prefix != "public" => format!("{prefix}.{own}"),
            // A schema that code gives has no name here.
            Some(_) => own.to_owned(),
        };
        Some(Target {
            name,
            key: elixir::option(arguments, "primary_key").map(str::to_owned),
        })
    }

    /// The id that it has in the replay.
    pub(super) fn id(&self) -> String {
        self.name.to_lowercase()
    }
}

/// A table, or what is added to one.
pub(super) struct Table<'f, 's> {
    file: &'f SourceFile<'s>,
    pub(super) entity: Entity,
}

/// The default of a column; an expression of the database as it is written.
fn default(name: &str, text: &str) -> Option<String> {
    let text = match elixir::call(text) {
        Some(("fragment", arguments)) => arguments.first()?.trim_matches('"').to_owned(),
        Some(_) => return None,
        None => {
            let text = text.trim_matches('"');
            text.strip_prefix(':').unwrap_or(text).to_owned()
        }
    };
    let known = !text.is_empty() && text != "nil" && !text.contains("#{");
    secrets::keep(name, &text).filter(|_| known)
}

/// The type of a column as Ecto has it, with its size; `None` where code gives it.
fn kind(arguments: &[String]) -> Option<String> {
    let written = arguments.get(1)?;
    let base = match written.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        // `{:array, :string}`
        Some(inner) => {
            let parts = elixir::arguments(inner);
            let names: Vec<&str> = parts.iter().filter_map(|p| elixir::name(p)).collect();
            match names.as_slice() {
                ["array", inner] => format!("{inner}[]"),
                _ => return None,
            }
        }
        // A type of a product in its own words, `:"DateTime64(6, 'UTC')"`.
        None => match written
            .trim()
            .strip_prefix(":\"")
            .and_then(|t| t.strip_suffix('"'))
        {
            Some(inner) if !inner.contains(['"', '#', '\n']) => inner.to_owned(),
            _ => elixir::name(written)?.to_owned(),
        },
    };
    let number =
        |key| elixir::option(arguments, key).filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
    Some(
        match (number("size"), number("precision"), number("scale")) {
            (Some(size), ..) => format!("{base}({size})"),
            (None, Some(p), Some(s)) => format!("{base}({p},{s})"),
            (None, Some(p), None) => format!("{base}({p})"),
            _ => base,
        },
    )
}

/// The type of a column that refers to another table, and where it leads.
fn reference(
    file: &SourceFile<'_>,
    column: &str,
    arguments: &[String],
    lines: (u32, u32),
) -> Option<(String, EntityRelation)> {
    let target = Target::of_arguments(arguments)?;
    let text = |key| elixir::option(arguments, key).and_then(elixir::name);
    let relation = EntityRelation {
        fields: vec![column.to_owned()],
        to: target.id(),
        to_fields: text("column").map(str::to_owned).into_iter().collect(),
        cardinality: Cardinality::ManyToOne,
        on_delete: text("on_delete").filter(|r| *r != "nothing").map(|rule| {
            match rule {
                "delete_all" => "CASCADE",
                "nilify_all" => "SET NULL",
                "restrict" => "RESTRICT",
                other => other,
            }
            .to_owned()
        }),
        through: None,
        provenance: Provenance::observed([file.evidence(lines.0, lines.1)]),
    };
    // A key counts up by itself, what refers to it does not.
    let kind = match text("type") {
        None | Some("bigserial" | "identity") => "bigint",
        Some("serial") => "integer",
        Some(kind) => kind,
    };
    Some((kind.to_owned(), relation))
}

impl<'f, 's> Table<'f, 's> {
    pub(super) fn new(file: &'f SourceFile<'s>, entity: Entity) -> Self {
        Table { file, entity }
    }

    /// The key that a table has unless it says otherwise.
    pub(super) fn key(&mut self, target: &Target, line: u32) {
        let given = target.key.as_deref();
        if given == Some("false") {
            return;
        }
        let options = given.and_then(elixir::list).unwrap_or_default();
        let text = |key| elixir::option(&options, key).and_then(elixir::name);
        let name = text("name").unwrap_or("id");
        let kind = text("type").unwrap_or("bigserial");
        let mut key = records::field(self.file, name, kind, line);
        key.primary_key = true;
        key.nullable = false;
        self.entity.fields.push(key);
    }

    /// One line of a table.
    pub(super) fn line(&mut self, statement: &Statement) {
        match statement.word.as_str() {
            "add" | "add_if_not_exists" => self.add(statement),
            "timestamps" => self.timestamps(statement),
            _ => {}
        }
    }

    fn add(&mut self, statement: &Statement) {
        let lines = statement.lines;
        let arguments = &statement.arguments;
        let Some(name) = arguments.first().and_then(|a| elixir::name(a)) else {
            return;
        };
        let second = arguments.get(1).map_or("", String::as_str);
        let referred = match elixir::call(second) {
            Some(("references", inner)) => reference(self.file, name, &inner, lines),
            _ => None,
        };
        let kind = match &referred {
            Some((kind, _)) => kind.clone(),
            None => kind(arguments).unwrap_or_default(),
        };
        let mut field = records::field(self.file, name, &kind, lines.0);
        field.primary_key = statement.option("primary_key") == Some("true");
        field.nullable = statement.option("null") != Some("false") && !field.primary_key;
        field.default = statement.option("default").and_then(|t| default(name, t));
        field.description = statement
            .option("comment")
            .and_then(elixir::name)
            .map(str::to_owned);
        self.entity.fields.push(field);
        self.entity.relations.extend(referred.map(|(_, r)| r));
    }

    /// Two columns that say when; each may have another name, or be left out.
    fn timestamps(&mut self, statement: &Statement) {
        let kind = statement.option("type").and_then(elixir::name);
        let line = statement.lines.0;
        for own in ["inserted_at", "updated_at"] {
            let given = statement.option(own);
            if given == Some("false") {
                continue;
            }
            let name = given.and_then(elixir::name).unwrap_or(own);
            let mut field = records::field(self.file, name, kind.unwrap_or("naive_datetime"), line);
            field.nullable = statement.option("null") == Some("true");
            field.default = statement.option("default").and_then(|t| default(name, t));
            self.entity.fields.push(field);
        }
    }
}

/// What `modify :name, :text, null: false` does to a column.
pub(super) fn modified(
    file: &SourceFile<'_>,
    table: &str,
    column: &str,
    statement: &Statement,
) -> Vec<SqlChange> {
    let arguments = &statement.arguments;
    let change = |operation: &str, set: &dyn Fn(&mut Field)| {
        let mut field = records::field(file, column, "", statement.lines.0);
        set(&mut field);
        field.constraints.push(operation.to_owned());
        SqlChange::Column {
            table: table.to_owned(),
            column: field,
        }
    };
    let second = arguments.get(1).map_or("", String::as_str);
    let referred = match elixir::call(second) {
        Some(("references", inner)) => reference(file, column, &inner, statement.lines),
        _ => None,
    };
    let new = match &referred {
        Some((kind, _)) => Some(kind.clone()),
        None => kind(arguments),
    };
    let mut all: Vec<SqlChange> = new
        .map(|kind| change("TYPE", &|f| f.data_type.clone_from(&kind)))
        .into_iter()
        .collect();
    match statement.option("null") {
        Some("false") => all.push(change("SET NOT NULL", &|f| f.nullable = false)),
        Some("true") => all.push(change("DROP NOT NULL", &|_| {})),
        _ => {}
    }
    match statement.option("default") {
        Some("nil") => all.push(change("DROP DEFAULT", &|_| {})),
        Some(text) => {
            if let Some(text) = default(column, text) {
                all.push(change("SET DEFAULT", &|f| f.default = Some(text.clone())));
            }
        }
        None => {}
    }
    if let Some((_, relation)) = referred {
        let (first, last) = statement.lines;
        let kind = groundplan_model::EntityKind::Table;
        let mut entity = records::entity(file, table, Some(table.to_owned()), kind, first, last);
        entity.id = table.to_owned();
        entity.relations.push(relation);
        all.push(SqlChange::Extend(entity));
    }
    all
}

/// In ClickHouse a column is never null unless its type says so; types that no other product has tell it.
pub(super) fn of_clickhouse(entity: &mut Entity) {
    const TYPES: [&str; 6] = [
        "DateTime64",
        "Float64",
        "Int64",
        "LowCardinality(",
        "Nullable(",
        "UInt",
    ];
    let own = |f: &Field| TYPES.iter().any(|kind| f.data_type.starts_with(kind));
    if !entity.fields.iter().any(own) {
        return;
    }
    for field in &mut entity.fields {
        let inner = (field.data_type.strip_prefix("Nullable("))
            .and_then(|rest| rest.strip_suffix(')'))
            .map(str::to_owned);
        field.nullable = inner.is_some();
        if let Some(inner) = inner {
            field.data_type = inner;
        }
    }
}
