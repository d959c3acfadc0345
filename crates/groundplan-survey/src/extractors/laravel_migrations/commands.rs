//! Statements of a blueprint of Laravel that add no column: keys, indexes, what is dropped.

use super::keys::made_name;
use super::{Changes, id, link};
use crate::facts::{KeyKind, SqlChange};
use crate::php::{self, Link};
use crate::records;

impl<'t> Changes<'_, 't> {
    /// Adds what a command says; `false` if the statement is one of a column.
    pub(super) fn command(
        &mut self,
        table: &str,
        first: &Link<'t>,
        rest: &[Link<'t>],
        lines: (u32, u32),
    ) -> bool {
        let given = self.code.arguments(first.open);
        let fields = || {
            let Some(range) = given.first() else {
                return Vec::new();
            };
            match php::list_at(self.code, range) {
                Some(open) => (php::entries(self.code, open).into_iter())
                    .filter_map(|(_, value)| self.value(&value))
                    .collect::<Vec<String>>(),
                None => self.value(range).into_iter().collect(),
            }
        };
        match first.name {
            "primary" | "unique" | "index" | "fulltext" | "fullText" | "spatialIndex" => {
                let fields = fields();
                self.keys(table, first, fields, lines);
            }
            "foreign" => {
                let fields = fields();
                let to = link(rest, "on").and_then(|l| self.text(l, 0));
                let Some(to) = to.filter(|_| !fields.is_empty()) else {
                    return true;
                };
                let field = link(rest, "references").and_then(|l| self.text(l, 0));
                let mut new = self.table(table, lines.0, lines.1);
                let name = self.text(first, 1);
                let name = name.unwrap_or_else(|| made_name(table, &fields, "foreign"));
                let relation = self.relation(fields.clone(), &to, field, rest, first);
                new.relations.push(relation);
                self.push(lines, SqlChange::Extend(new));
                let key = SqlChange::NamedKey {
                    table: id(table),
                    name,
                    fields,
                    kind: KeyKind::Foreign,
                };
                self.push(lines, key);
            }
            "dropColumn" | "removeColumn" => {
                for column in php::all_texts(self.code, first.open) {
                    self.drop_column(table, &column, lines);
                }
            }
            "dropTimestamps" | "dropTimestampsTz" => {
                self.drop_column(table, "created_at", lines);
                self.drop_column(table, "updated_at", lines);
            }
            "dropSoftDeletes" | "dropSoftDeletesTz" => {
                let name = self.text(first, 0);
                self.drop_column(table, name.as_deref().unwrap_or("deleted_at"), lines);
            }
            "dropRememberToken" => self.drop_column(table, "remember_token", lines),
            "dropConstrainedForeignId" => {
                if let Some(column) = self.text(first, 0) {
                    self.drop_column(table, &column, lines);
                }
            }
            "dropMorphs" => {
                if let Some(name) = self.text(first, 0) {
                    self.drop_column(table, &format!("{name}_type"), lines);
                    self.drop_column(table, &format!("{name}_id"), lines);
                }
            }
            "renameColumn" => {
                if let (Some(from), Some(to)) = (self.text(first, 0), self.text(first, 1)) {
                    let table = id(table);
                    // A name may stand in the quotes of the database.
                    let [from, to] = [from, to].map(|name| name.trim_matches('`').to_owned());
                    self.push(lines, SqlChange::RenameColumn { table, from, to });
                }
            }
            "renameIndex" => {
                if let (Some(from), Some(to)) = (self.text(first, 0), self.text(first, 1)) {
                    let at = self.file.evidence(lines.0, lines.1);
                    self.push(lines, SqlChange::RenameIndex { from, to, at });
                }
            }
            "dropForeign" | "dropUnique" | "dropIndex" | "dropPrimary" | "dropFullText"
            | "dropSpatialIndex" => {
                // A list names the columns, a text the key.
                let listed = given
                    .first()
                    .is_some_and(|range| php::list_at(self.code, range).is_some());
                let end = first.name.trim_start_matches("drop").to_lowercase();
                let name = match (fields().as_slice(), first.name) {
                    (_, "dropPrimary") => "PRIMARY".to_owned(),
                    ([], _) => return true,
                    (columns, _) if listed => made_name(table, columns, &end),
                    ([name, ..], _) => name.clone(),
                };
                let table = id(table);
                self.push(lines, SqlChange::DropConstraint { table, name });
            }
            "rename" => {
                if let Some(to) = self.text(first, 0) {
                    self.rename(table, &to, lines);
                }
            }
            "drop" | "dropIfExists" => self.push(lines, SqlChange::Drop(id(table))),
            "comment" => {
                if let Some(text) = self.text(first, 0) {
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

    fn drop_column(&mut self, table: &str, column: &str, lines: (u32, u32)) {
        let change = SqlChange::DropColumn {
            table: id(table),
            column: column.to_owned(),
        };
        self.push(lines, change);
    }

    /// `$table->unique(['shop_id', 'number'], 'orders_number')`: a key of one column is one of the
    /// column.
    fn keys(&mut self, table: &str, first: &Link<'t>, fields: Vec<String>, lines: (u32, u32)) {
        if fields.is_empty() {
            return;
        }
        let mut new = self.table(table, lines.0, lines.1);
        let name = self.text(first, 1);
        let mut named = None;
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
                named = Some(self.key(&new.id, one, name, KeyKind::Unique));
            }
            (kind, _) => {
                let end = match kind {
                    "unique" => "unique",
                    "fulltext" | "fullText" => "fulltext",
                    "spatialIndex" => "spatialindex",
                    _ => "index",
                };
                new.indexes
                    .push(self.index(table, fields, name, first, end));
            }
        }
        self.push(lines, SqlChange::Extend(new));
        if let Some(named) = named {
            self.push(lines, named);
        }
    }
}
