//! Indexes and keys that a query interface adds and removes.

use super::{Changes, id};
use crate::facts::{KeyKind, SqlChange};
use crate::records;
use crate::scan;
use groundplan_model::{Index, Provenance};
use std::ops::Range;

/// The name that Sequelize gives to an index: `order_items_order_id`.
fn index_name(table: &str, fields: &[String]) -> String {
    let table = table.replace('.', "_");
    scan::snake(&format!("{table}_{}", fields.join("_")))
}

impl Changes<'_, '_> {
    /// The columns of an index: names, objects that name one (`{ name: "title", order: "DESC" }`), or
    /// expressions.
    fn columns(&self, range: &Range<usize>) -> Vec<String> {
        let code = self.code;
        let Some(open) = self.values.literal_at(range).filter(|&o| code.is(o, "[")) else {
            return self.text(range).into_iter().collect();
        };
        let parts = code.arguments(open);
        let column = |part: &Range<usize>| {
            if let Some(open) = self.object(part) {
                let names = ["name", "attribute", "field"];
                return names.iter().find_map(|key| self.property_text(open, key));
            }
            self.text(part).or_else(|| {
                let literal = part.clone().find(|&at| code.is(at, "literal"))?;
                code.string(literal + 2).map(str::to_owned)
            })
        };
        let found: Vec<String> = parts.iter().filter_map(column).collect();
        // An index of which only some columns are known is told as another one.
        match found.len() == parts.len() {
            true => found,
            false => Vec::new(),
        }
    }

    /// The object of options of a call with the columns in front of it or in it: `(table, ["a"], { … })`,
    /// `(table, { fields: ["a"], … })`.
    fn given(
        &self,
        second: Option<&Range<usize>>,
        third: Option<&Range<usize>>,
    ) -> (Vec<String>, Option<usize>) {
        let Some(second) = second else {
            return (Vec::new(), None);
        };
        match self.object(second) {
            Some(open) => {
                let fields = self.values.property(open, "fields");
                let fields = fields.map(|range| self.columns(&range)).unwrap_or_default();
                (fields, Some(open))
            }
            None => (
                self.columns(second),
                third.and_then(|range| self.object(range)),
            ),
        }
    }

    pub(super) fn index(
        &mut self,
        table: &str,
        second: Option<&Range<usize>>,
        third: Option<&Range<usize>>,
        lines: (u32, u32),
    ) {
        let (fields, options) = self.given(second, third);
        if fields.is_empty() {
            return;
        }
        let text = |keys: &[&str]| {
            let open = options?;
            keys.iter().find_map(|key| self.property_text(open, key))
        };
        let property = |key: &str| self.values.property(options?, key);
        let unique = property("unique").is_some_and(|range| self.code.is(range.start, "true"))
            || text(&["type", "indicesType"]).is_some_and(|t| t.eq_ignore_ascii_case("unique"));
        let name = text(&["name", "indexName"]).unwrap_or_else(|| index_name(table, &fields));
        let predicate = property("where").and_then(|range| {
            let (first, last) = (
                self.code.tokens.get(range.start)?,
                self.code.tokens.get(range.end.checked_sub(1)?)?,
            );
            let text = self
                .code
                .text
                .get(first.start as usize..last.end as usize)?;
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        });
        let index = Index {
            name,
            fields,
            unique,
            method: text(&["using", "method"]).map(|m| m.to_lowercase()),
            predicate,
            provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
        };
        let mut new = self.table(table, lines);
        new.indexes.push(index);
        self.push(lines, SqlChange::Extend(new));
    }

    pub(super) fn drop_index(
        &mut self,
        table: &str,
        second: Option<&Range<usize>>,
        lines: (u32, u32),
    ) {
        let Some(second) = second else { return };
        let name = match self.code.is(second.start, "[") {
            true => {
                let fields = self.columns(second);
                (!fields.is_empty()).then(|| index_name(table, &fields))
            }
            false => self.text(second),
        };
        if let Some(name) = name {
            self.push(lines, SqlChange::DropIndex(name));
        }
    }

    /// `addConstraint("orders", { type: "foreign key", fields: ["userId"], name, references, onDelete })`.
    pub(super) fn constraint(
        &mut self,
        table: &str,
        second: Option<&Range<usize>>,
        third: Option<&Range<usize>>,
        lines: (u32, u32),
    ) {
        let (fields, Some(open)) = self.given(second, third) else {
            return;
        };
        let Some(kind) = self.property_text(open, "type") else {
            return;
        };
        let name = self.property_text(open, "name");
        let mut new = self.table(table, lines);
        let (end, kind) = match kind.to_ascii_lowercase().as_str() {
            "foreign key" => {
                let references = self.values.property(open, "references");
                let inner = references.and_then(|range| self.object(&range));
                let to = inner.and_then(|inner| {
                    let table = self.values.property(inner, "table")?;
                    self.table_name(&table)
                });
                let (Some(to), Some(inner)) = (to, inner) else {
                    return;
                };
                let key = self.property_text(inner, "field");
                let on_delete = self.property_text(open, "onDelete");
                let to_fields = key.into_iter().collect();
                let relation = self.relation(fields.clone(), &to, to_fields, on_delete, lines);
                new.relations.push(relation);
                ("fk", KeyKind::Foreign)
            }
            "unique" => {
                match fields.as_slice() {
                    [one] => {
                        let mut field = records::field(self.file, one, "", lines.0);
                        field.unique = true;
                        new.fields.push(field);
                    }
                    _ => new.indexes.push(Index {
                        name: name.clone().unwrap_or_default(),
                        fields: fields.clone(),
                        unique: true,
                        method: None,
                        predicate: None,
                        provenance: new.provenance.clone(),
                    }),
                }
                ("uk", KeyKind::Unique)
            }
            "primary key" => {
                for field in &fields {
                    let mut field = records::field(self.file, field, "", lines.0);
                    field.primary_key = true;
                    field.nullable = false;
                    new.fields.push(field);
                }
                ("pk", KeyKind::Primary)
            }
            _ => return,
        };
        if fields.is_empty() {
            return;
        }
        let name = name.unwrap_or_else(|| format!("{table}_{}_{end}", fields.join("_")));
        self.push(lines, SqlChange::Extend(new));
        let table = id(table);
        self.push(
            lines,
            SqlChange::NamedKey {
                table,
                name,
                fields,
                kind,
            },
        );
    }
}
