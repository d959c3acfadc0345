//! What one call of a chain of Kysely says of a table.

use super::{Changes, Link, id, link, links};
use crate::facts::{KeyKind, SqlChange};
use crate::records;
use crate::secrets;
use groundplan_model::{Cardinality, Entity, EntityRelation, Field, Index, Provenance};

/// A column of an index without the order behind it: `created_at desc`.
fn bare(column: &str) -> String {
    let lower = column.to_ascii_lowercase();
    let ordered = [" asc", " desc", " nulls first", " nulls last"];
    let end = ordered.iter().filter_map(|word| lower.find(word)).min();
    column[..end.unwrap_or(column.len())].trim().to_owned()
}

impl<'t> Changes<'_, 't> {
    /// Adds the column, key or check of a call to `entity` and its names to `keys`; `false` for a call
    /// that adds none.
    pub(super) fn part(
        &self,
        table: &str,
        call: Link<'t>,
        entity: &mut Entity,
        keys: &mut Vec<SqlChange>,
    ) -> bool {
        let lines = self.lines(call.open);
        let named = |name: Option<String>, fields: &[String], kind| {
            Some(SqlChange::NamedKey {
                table: id(table),
                name: name?,
                fields: fields.to_vec(),
                kind,
            })
        };
        match call.name {
            "addColumn" => {
                if let Some((field, relation)) = self.column(call) {
                    entity.fields.push(field);
                    entity.relations.extend(relation);
                }
            }
            "addPrimaryKeyConstraint" => {
                let fields = self.given(call.open, 1);
                for name in &fields {
                    self.keyed(entity, name, lines.0, |field| {
                        field.primary_key = true;
                        field.nullable = false;
                    });
                }
                keys.extend(named(self.one(call.open, 0), &fields, KeyKind::Primary));
            }
            "addUniqueConstraint" => {
                let fields = self.given(call.open, 1);
                let name = self.one(call.open, 0);
                match fields.as_slice() {
                    [] => return true,
                    [one] => self.keyed(entity, one, lines.0, |field| field.unique = true),
                    _ => entity.indexes.push(Index {
                        name: name.clone().unwrap_or_default(),
                        fields: fields.clone(),
                        unique: true,
                        method: None,
                        predicate: None,
                        provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
                    }),
                }
                keys.extend(named(name, &fields, KeyKind::Unique));
            }
            "addForeignKeyConstraint" => {
                let fields = self.given(call.open, 1);
                let Some(to) = self.one(call.open, 2).filter(|_| !fields.is_empty()) else {
                    return true;
                };
                let rule = self.last_word(call.open, "onDelete");
                entity.relations.push(EntityRelation {
                    fields: fields.clone(),
                    to: id(&to),
                    to_fields: self.given(call.open, 3),
                    cardinality: Cardinality::ManyToOne,
                    on_delete: rule,
                    through: None,
                    provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
                });
                keys.extend(named(self.one(call.open, 0), &fields, KeyKind::Foreign));
            }
            _ => return false,
        }
        true
    }

    /// Changes a column that is there, or names one that another change made.
    fn keyed(&self, entity: &mut Entity, name: &str, line: u32, change: impl Fn(&mut Field)) {
        match entity.fields.iter_mut().find(|f| f.name == name) {
            Some(field) => change(field),
            None => {
                let mut field = records::field(self.file, name, "", line);
                change(&mut field);
                entity.fields.push(field);
            }
        }
    }

    /// What the call of this name inside a call is given: `(cb) => cb.onDelete("cascade")`.
    fn last_word(&self, open: usize, name: &str) -> Option<String> {
        let code = self.code;
        let close = code.partner(open)?;
        let at = (open..close).find(|&at| code.is(at, name) && code.is(at + 1, "("))?;
        self.one(at + 1, 0).map(|word| word.to_lowercase())
    }

    /// `addColumn("user_id", "uuid", (col) => col.notNull().references("users.id"))`
    /// (<https://kysely-org.github.io/kysely-apidoc/classes/ColumnDefinitionBuilder.html>).
    fn column(&self, call: Link<'t>) -> Option<(Field, Option<EntityRelation>)> {
        let code = self.code;
        let name = self.one(call.open, 0)?;
        let kind = self.one(call.open, 1).unwrap_or_default();
        let lines = self.lines(call.open);
        let mut field = records::field(self.file, &name, &kind, lines.0);
        field.provenance = Provenance::observed([self.file.evidence(lines.0, lines.1)]);
        let said = match code.arguments(call.open).into_iter().nth(2) {
            Some(range) => self.said_in(range),
            None => Vec::new(),
        };
        let kept = field.data_type.to_ascii_lowercase();
        let counted = matches!(kept.as_str(), "serial" | "bigserial" | "smallserial");
        field.primary_key = link(&said, "primaryKey").is_some();
        field.unique = link(&said, "unique").is_some();
        field.nullable = link(&said, "notNull").is_none() && !field.primary_key && !counted;
        let default = link(&said, "defaultTo").and_then(|l| self.default_of(l.open));
        field.default = default.and_then(|text| secrets::keep(&name, &text));
        let target = link(&said, "references").and_then(|l| self.one(l.open, 0));
        let relation = target.and_then(|target| {
            let (on, to) = target.rsplit_once('.')?;
            let rule = link(&said, "onDelete").and_then(|l| self.one(l.open, 0));
            Some(EntityRelation {
                fields: vec![name.clone()],
                to: id(on),
                to_fields: vec![to.to_owned()],
                cardinality: match field.unique || field.primary_key {
                    true => Cardinality::OneToOne,
                    false => Cardinality::ManyToOne,
                },
                on_delete: rule.map(|word| word.to_lowercase()),
                through: None,
                provenance: field.provenance.clone(),
            })
        });
        Some((field, relation))
    }

    /// The calls on the parameter of an arrow function: those of `col` in `(col) => col.notNull()`.
    fn said_in(&self, range: std::ops::Range<usize>) -> Vec<Link<'t>> {
        let code = self.code;
        let arrow = |at: &usize| code.is(*at, "=") && code.is(*at + 1, ">");
        let Some(arrow) = range.clone().find(arrow) else {
            return Vec::new();
        };
        let body = (arrow + 2..range.end)
            .find(|&at| code.ident(at).is_some() && code.is(at + 1, ".") && code.is(at + 3, "("));
        let first = body.and_then(|at| Some((code.ident(at + 2)?, at + 3)));
        let Some((name, open)) = first else {
            return Vec::new();
        };
        let (rest, _) = links(code, open);
        std::iter::once(Link { name, open }).chain(rest).collect()
    }

    /// What `defaultTo` is given: a literal, or an expression of the database.
    fn default_of(&self, open: usize) -> Option<String> {
        let code = self.code;
        let range = code.arguments(open).into_iter().next()?;
        if let Some(text) = self.text(&range) {
            return Some(text);
        }
        let raw = code.raw(range.start);
        let literal = raw.starts_with(|c: char| c.is_ascii_digit())
            || matches!(raw, "true" | "false" | "null");
        (range.len() == 1 && literal).then(|| raw.to_owned())
    }

    /// `alterColumn("name", (col) => col.setNotNull())`.
    pub(super) fn changed(&mut self, table: &str, name: &str, call: Link<'t>) {
        let lines = self.lines(call.open);
        let said = match self.code.arguments(call.open).into_iter().nth(1) {
            Some(range) => self.said_in(range),
            None => return,
        };
        for word in said {
            let mut column = records::field(self.file, name, "", lines.0);
            let operation = match word.name {
                "setNotNull" => {
                    column.nullable = false;
                    "SET NOT NULL"
                }
                "dropNotNull" => "DROP NOT NULL",
                "setDefault" => {
                    let default = self.default_of(word.open);
                    column.default = default.and_then(|text| secrets::keep(name, &text));
                    "SET DEFAULT"
                }
                "dropDefault" => "DROP DEFAULT",
                "setDataType" => {
                    column.data_type = self.one(word.open, 0).unwrap_or_default();
                    "TYPE"
                }
                _ => continue,
            };
            column.constraints.push(operation.to_owned());
            let table = id(table);
            self.push(lines, SqlChange::Column { table, column });
        }
    }

    /// `modifyColumn("name", "varchar(255)", (col) => col.notNull())`: the column as it is now.
    pub(super) fn modified(&mut self, table: &str, name: &str, kind: &str, call: Link<'t>) {
        let lines = self.lines(call.open);
        let Some((field, _)) = self.column(call) else {
            return;
        };
        let null = match field.nullable {
            true => "DROP NOT NULL",
            false => "SET NOT NULL",
        };
        for operation in ["TYPE", null] {
            let mut column = records::field(self.file, name, kind, lines.0);
            column.nullable = field.nullable;
            column.constraints.push(operation.to_owned());
            let table = id(table);
            self.push(lines, SqlChange::Column { table, column });
        }
    }

    /// `createIndex("orders_by_user").on("orders").columns(["user_id"]).unique()`
    /// (<https://kysely-org.github.io/kysely-apidoc/classes/CreateIndexBuilder.html>).
    pub(super) fn index(&mut self, name: &str, said: &[Link<'t>], lines: (u32, u32)) {
        let Some(table) = link(said, "on").and_then(|l| self.one(l.open, 0)) else {
            return;
        };
        let mut fields = Vec::new();
        for call in said {
            match call.name {
                "column" => {
                    let column = self.one(call.open, 0).map(|c| bare(&c));
                    fields.extend(column);
                }
                "columns" => {
                    fields.extend(self.given(call.open, 0).iter().map(|c| bare(c)));
                }
                "expression" => fields.extend(self.one(call.open, 0)),
                _ => {}
            }
        }
        if fields.is_empty() {
            return;
        }
        let mut new = self.table(&table, lines);
        let predicate = link(said, "where").and_then(|l| self.condition(l.open));
        new.indexes.push(Index {
            name: name.to_owned(),
            fields,
            unique: link(said, "unique").is_some(),
            method: link(said, "using")
                .and_then(|l| self.one(l.open, 0))
                .map(|method| method.to_lowercase()),
            predicate,
            provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
        });
        self.push(lines, SqlChange::Extend(new));
    }

    /// `where("deleted_at", "is", null)` as the text of a condition, or as it is written.
    fn condition(&self, open: usize) -> Option<String> {
        let code = self.code;
        let given = code.arguments(open);
        let word = |(index, range): (usize, &std::ops::Range<usize>)| {
            let text = self.text(range);
            match (index, text, range.len()) {
                // The value that a column is compared with.
                (2, Some(text), _) => Some(format!("'{text}'")),
                (_, Some(text), _) => Some(text),
                (_, None, 1) => Some(code.raw(range.start).to_owned()),
                (_, None, _) => None,
            }
        };
        let words: Option<Vec<String>> = given.iter().enumerate().map(word).collect();
        words
            .map(|words| words.join(" "))
            .filter(|text| !text.is_empty())
    }
}
