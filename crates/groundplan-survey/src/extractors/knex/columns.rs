//! What one statement of a builder of Knex says.

use super::{Changes, Link, id};
use crate::facts::{KeyKind, SqlChange};
use crate::records;
use crate::secrets;
use groundplan_model::{Cardinality, EntityRelation, Field, Index, Provenance};

/// Methods that add one column of a type
/// (<https://knexjs.org/guide/schema-builder.html#schema-building>).
const TYPES: [(&str, &str); 28] = [
    ("bigIncrements", "bigint"),
    ("bigInteger", "bigint"),
    ("bigint", "bigint"),
    ("binary", "binary"),
    ("boolean", "boolean"),
    ("date", "date"),
    ("dateTime", "datetime"),
    ("datetime", "datetime"),
    ("decimal", "decimal"),
    ("double", "double"),
    ("enu", "enum"),
    ("enum", "enum"),
    ("float", "float"),
    ("geography", "geography"),
    ("geometry", "geometry"),
    ("increments", "integer"),
    ("integer", "integer"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("mediumint", "mediumint"),
    ("point", "point"),
    ("smallint", "smallint"),
    ("string", "varchar(255)"),
    ("text", "text"),
    ("time", "time"),
    ("timestamp", "timestamp"),
    ("tinyint", "tinyint"),
    ("uuid", "uuid"),
];

fn link<'l, 't>(links: &'l [Link<'t>], name: &str) -> Option<&'l Link<'t>> {
    links.iter().find(|link| link.name == name)
}

/// The name that the builder gives to a key or index: `orders_user_id_foreign`.
fn made_name(table: &str, fields: &[String], end: &str) -> String {
    format!("{table}_{}_{end}", fields.join("_")).to_lowercase()
}

impl<'t> Changes<'_, 't> {
    /// Adds what a statement says that adds no column; `false` if it is one of a column.
    pub(super) fn command(
        &mut self,
        table: &str,
        first: Link<'t>,
        rest: &[Link<'t>],
        lines: (u32, u32),
    ) -> bool {
        let fields = self.given(first.open, 0);
        match first.name {
            "primary" | "unique" | "index" => self.keys(table, first, fields, lines),
            "foreign" => {
                if let Some((relation, named)) = self.reference(table, fields, rest, lines) {
                    let mut new = self.table(table, lines);
                    new.relations.push(relation);
                    self.push(lines, SqlChange::Extend(new));
                    self.push(lines, named);
                }
            }
            "dropColumn" | "dropColumns" => {
                let given = self.code.arguments(first.open);
                let columns: Vec<String> = given.iter().flat_map(|r| self.texts(r)).collect();
                for column in columns {
                    let table = id(table);
                    self.push(lines, SqlChange::DropColumn { table, column });
                }
            }
            "dropTimestamps" => {
                for column in ["created_at", "updated_at"] {
                    let (table, column) = (id(table), column.to_owned());
                    self.push(lines, SqlChange::DropColumn { table, column });
                }
            }
            "dropForeign" | "dropUnique" | "dropIndex" | "dropPrimary" => {
                let end = first.name.trim_start_matches("drop").to_lowercase();
                let name = self.one(first.open, 1);
                let name = match first.name {
                    "dropPrimary" => "PRIMARY".to_owned(),
                    _ => name.unwrap_or_else(|| made_name(table, &fields, &end)),
                };
                let table = id(table);
                self.push(lines, SqlChange::DropConstraint { table, name });
            }
            "renameColumn" => {
                if let (Some(from), Some(to)) = (self.one(first.open, 0), self.one(first.open, 1)) {
                    let table = id(table);
                    self.push(lines, SqlChange::RenameColumn { table, from, to });
                }
            }
            "setNullable" | "dropNullable" => {
                let operation = match first.name {
                    "setNullable" => "DROP NOT NULL",
                    _ => "SET NOT NULL",
                };
                for column in fields {
                    let mut column = records::field(self.file, &column, "", lines.0);
                    column.constraints.push(operation.to_owned());
                    let table = id(table);
                    self.push(lines, SqlChange::Column { table, column });
                }
            }
            "comment" => {
                if let Some(text) = fields.into_iter().next() {
                    let change = SqlChange::Comment {
                        table: id(table),
                        column: None,
                        text,
                    };
                    self.push(lines, change);
                }
            }
            _ => return false,
        }
        true
    }

    fn keys(&mut self, table: &str, first: Link<'t>, fields: Vec<String>, lines: (u32, u32)) {
        if fields.is_empty() {
            return;
        }
        let mut new = self.table(table, lines);
        let name = self.one(first.open, 1);
        match (first.name, fields.as_slice()) {
            ("primary", _) => {
                for field in &fields {
                    let mut field = records::field(self.file, field, "", lines.0);
                    field.primary_key = true;
                    field.nullable = false;
                    new.fields.push(field);
                }
            }
            ("unique", [one]) => {
                let mut field = records::field(self.file, one, "", lines.0);
                field.unique = true;
                new.fields.push(field);
                let name = name.unwrap_or_else(|| made_name(table, &fields, "unique"));
                let key = SqlChange::NamedKey {
                    table: id(table),
                    name,
                    fields,
                    kind: KeyKind::Unique,
                };
                self.push(lines, SqlChange::Extend(new));
                self.push(lines, key);
                return;
            }
            (kind, _) => new.indexes.push(Index {
                name: name.unwrap_or_else(|| made_name(table, &fields, kind)),
                fields,
                unique: kind == "unique",
                method: None,
                predicate: None,
                provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
            }),
        }
        self.push(lines, SqlChange::Extend(new));
    }

    /// Adds the column of a statement, `table.string("email", 80).unique().notNullable()`.
    pub(super) fn column(
        &mut self,
        table: &str,
        first: Link<'t>,
        rest: &[Link<'t>],
        lines: (u32, u32),
    ) {
        if first.name == "timestamps" {
            return self.timestamps(table, first, lines);
        }
        let Some((name, kind)) = self.named(first) else {
            return;
        };
        let mut field = records::field(self.file, &name, &kind, lines.0);
        field.primary_key = first.name.ends_with("ncrements") || link(rest, "primary").is_some();
        field.unique = link(rest, "unique").is_some();
        field.nullable = link(rest, "notNullable").is_none() && !field.primary_key;
        let default = link(rest, "defaultTo").and_then(|l| self.default_of(l.open));
        field.default = default.and_then(|text| secrets::keep(&name, &text));
        field.description = link(rest, "comment").and_then(|l| self.one(l.open, 0));
        if link(rest, "alter").is_some() {
            return self.changed(table, rest, field, lines);
        }
        let unique = field.unique;
        let mut new = self.table(table, lines);
        new.fields.push(field);
        let mut named = Vec::new();
        if unique {
            named.push(SqlChange::NamedKey {
                table: id(table),
                name: made_name(table, std::slice::from_ref(&name), "unique"),
                fields: vec![name.clone()],
                kind: KeyKind::Unique,
            });
        }
        if let Some(index) = link(rest, "index") {
            let given = self.one(index.open, 0);
            let fields = vec![name.clone()];
            new.indexes.push(Index {
                name: given.unwrap_or_else(|| made_name(table, &fields, "index")),
                fields,
                unique: false,
                method: None,
                predicate: None,
                provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
            });
        }
        if let Some((relation, key)) = self.reference(table, vec![name], rest, lines) {
            new.relations.push(relation);
            named.push(key);
        }
        self.push(lines, SqlChange::Extend(new));
        for change in named {
            self.push(lines, change);
        }
    }

    /// Name and type of the column that a method adds.
    fn named(&self, first: Link<'t>) -> Option<(String, String)> {
        let name = self.one(first.open, 0);
        if first.name == "specificType" {
            return Some((name?, self.one(first.open, 1)?));
        }
        let (_, kind) = TYPES.iter().find(|(method, _)| *method == first.name)?;
        let name = match first.name.ends_with("ncrements") {
            true => name.unwrap_or_else(|| "id".to_owned()),
            false => name?,
        };
        let number = |index: usize| {
            let range = self.code.arguments(first.open).into_iter().nth(index)?;
            let text = self.code.raw(range.start);
            let whole = range.len() == 1 && text.bytes().all(|b| b.is_ascii_digit());
            whole.then_some(text)
        };
        let kind = match (*kind, number(1), number(2)) {
            ("varchar(255)", Some(length), _) => format!("varchar({length})"),
            ("decimal", Some(all), Some(behind)) => format!("decimal({all},{behind})"),
            ("decimal", Some(all), None) => format!("decimal({all})"),
            ("enum", ..) => {
                let values = self.given(first.open, 1);
                match values.is_empty() {
                    true => "enum".to_owned(),
                    false => format!("enum('{}')", values.join("', '")),
                }
            }
            (kind, ..) => kind.to_owned(),
        };
        Some((name, kind))
    }

    /// What `defaultTo` is given: a literal, or the time of the database.
    fn default_of(&self, open: usize) -> Option<String> {
        let code = self.code;
        let range = code.arguments(open).into_iter().next()?;
        if let Some(text) = self.text(&range) {
            return Some(text);
        }
        let raw = code.raw(range.start);
        let literal = raw.starts_with(|c: char| c.is_ascii_digit())
            || matches!(raw, "true" | "false" | "null");
        if range.len() == 1 {
            return literal.then(|| raw.to_owned());
        }
        // `knex.raw("gen_random_uuid()")` is an expression of the database.
        let raw = range.clone().find(|&at| {
            code.is(at, "raw")
                && code.is(at + 1, "(")
                && code.partner(at + 1) == Some(range.end - 1)
        });
        if let Some(at) = raw {
            let text = code.arguments(at + 1).into_iter().next()?;
            let text = code.string(text.start).filter(|_| text.len() == 1)?;
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let plain = !text.is_empty() && text.len() <= 100 && !text.contains("${");
            return plain.then_some(text);
        }
        let now = range
            .clone()
            .any(|at| code.is(at, "now") && code.is(at + 1, "("));
        now.then(|| "now()".to_owned())
    }

    /// Whether what `alter()` changes leaves this as it is: `alter({ alterNullable: false })`.
    fn left(&self, alter: &Link<'t>, option: &str) -> bool {
        let code = self.code;
        let close = code.partner(alter.open).unwrap_or(alter.open);
        (alter.open..close)
            .any(|at| code.is(at, option) && code.is(at + 1, ":") && code.is(at + 2, "false"))
    }

    /// A column that `alter()` defines anew: a default that it does not name is gone, and without
    /// `notNullable()` it may be null (<https://knexjs.org/guide/schema-builder.html#alter>).
    fn changed(&mut self, table: &str, rest: &[Link<'t>], field: Field, lines: (u32, u32)) {
        let mut all = Vec::new();
        let left = |option: &str| link(rest, "alter").is_some_and(|alter| self.left(alter, option));
        if !left("alterType") {
            all.push("TYPE");
        }
        if !left("alterNullable") {
            all.push(match link(rest, "notNullable") {
                Some(_) => "SET NOT NULL",
                None => "DROP NOT NULL",
            });
        }
        // A default that was not read is told no longer, since it is another one.
        if field.default.is_some() {
            all.push("SET DEFAULT");
        } else {
            all.push("DROP DEFAULT");
        }
        for operation in all {
            let column = Field {
                constraints: vec![operation.to_owned()],
                unique: false,
                ..field.clone()
            };
            let table = id(table);
            self.push(lines, SqlChange::Column { table, column });
        }
    }

    /// `timestamps(useTimestamps, defaultToNow)`: two columns.
    fn timestamps(&mut self, table: &str, first: Link<'t>, lines: (u32, u32)) {
        let given = self.code.arguments(first.open);
        let truth = |index: usize| {
            given
                .get(index)
                .is_some_and(|r| self.code.is(r.start, "true"))
        };
        let kind = if truth(0) { "timestamp" } else { "datetime" };
        let mut new = self.table(table, lines);
        for name in ["created_at", "updated_at"] {
            let mut field = records::field(self.file, name, kind, lines.0);
            if truth(1) {
                field.nullable = false;
                field.default = Some("now()".to_owned());
            }
            new.fields.push(field);
        }
        self.push(lines, SqlChange::Extend(new));
    }

    /// `references("id").inTable("users").onDelete("CASCADE")`, `references("users.id")`.
    fn reference(
        &self,
        table: &str,
        fields: Vec<String>,
        rest: &[Link<'t>],
        lines: (u32, u32),
    ) -> Option<(EntityRelation, SqlChange)> {
        let to = link(rest, "references").and_then(|l| self.one(l.open, 0))?;
        let on = ["inTable", "on"]
            .iter()
            .find_map(|name| link(rest, name))
            .and_then(|l| self.one(l.open, 0));
        let (on, field) = match (on, to.rsplit_once('.')) {
            (Some(on), _) => (on, to),
            (None, Some((on, field))) => (on.to_owned(), field.to_owned()),
            (None, None) => return None,
        };
        let on_delete = link(rest, "onDelete").and_then(|l| self.one(l.open, 0));
        let key = SqlChange::NamedKey {
            table: id(table),
            name: made_name(table, &fields, "foreign"),
            fields: fields.clone(),
            kind: KeyKind::Foreign,
        };
        let relation = EntityRelation {
            fields,
            to: id(&on),
            to_fields: vec![field],
            cardinality: Cardinality::ManyToOne,
            on_delete: on_delete.map(|word| word.to_lowercase()),
            through: None,
            provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
        };
        Some((relation, key))
    }
}
