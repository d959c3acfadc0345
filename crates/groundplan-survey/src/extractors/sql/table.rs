//! Columns, keys and constraints of a table.

use super::names::{check_text, column_text, first_column, folded, id, type_text};
use super::shape::{At, Shape};
use crate::facts::{KeyKind, SqlChange};
use crate::prose;
use crate::secrets;
use groundplan_model::{Cardinality, Entity, EntityRelation, Field, Index};
use sqlparser::ast::{self, ColumnOption, DataType, Ident, IndexColumn, Spanned, TableConstraint};

impl Shape<'_, '_> {
    pub(super) fn column(
        &self,
        entity: &mut Entity,
        named: &mut Vec<(At, SqlChange)>,
        name: &Ident,
        data_type: &DataType,
        options: Vec<ast::ColumnOptionDef>,
    ) {
        let at = self.lines(name.span);
        let mut field = self.plain_field(name);
        field.data_type = type_text(data_type);
        // PostgreSQL's `serial` and identities are never null.
        field.nullable = !field.data_type.contains("serial");
        for option in options {
            let label = option.name.map(|n| n.value);
            match option.option {
                ColumnOption::NotNull => field.nullable = false,
                ColumnOption::Default(value) => {
                    field.default = secrets::keep(&field.name, &value.to_string());
                }
                ColumnOption::PrimaryKey(_) => {
                    field.primary_key = true;
                    field.nullable = false;
                }
                ColumnOption::Unique(_) => {
                    field.unique = true;
                    self.name_key(
                        entity,
                        named,
                        label,
                        vec![field.name.clone()],
                        KeyKind::Unique,
                        at,
                    );
                }
                ColumnOption::ForeignKey(mut key) => {
                    key.columns = vec![name.clone()];
                    key.name = label.map(Ident::new);
                    self.foreign_key(entity, named, &key, at);
                }
                ColumnOption::Check(check) => {
                    field.constraints.push(check_text(label, &check.expr));
                }
                ColumnOption::Comment(text) => field.description = Some(text),
                option @ (ColumnOption::Generated { .. }
                | ColumnOption::Identity(_)
                | ColumnOption::DialectSpecific(_)
                | ColumnOption::OnUpdate(_)) => {
                    let text = option.to_string();
                    field.nullable &= !text.contains("IDENTITY");
                    field.constraints.push(text);
                }
                _ => {}
            }
        }
        if field.description.is_none() {
            let row = self.file.lines().text(at.0).trim_start();
            // Of several columns in one line the comment is none's.
            let own = row.trim_start_matches(['"', '`', '[', '(', ',', ' ']);
            let begins = own
                .get(..name.value.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(&name.value));
            field.description = begins.then(|| prose::behind_sql(row)).flatten();
        }
        entity.fields.push(field);
    }

    fn foreign_key(
        &self,
        entity: &mut Entity,
        named: &mut Vec<(At, SqlChange)>,
        key: &ast::ForeignKeyConstraint,
        at: At,
    ) {
        let fields: Vec<String> = key.columns.iter().map(folded).collect();
        let label = key.name.as_ref().map(|n| n.value.clone());
        self.name_key(entity, named, label, fields.clone(), KeyKind::Foreign, at);
        entity.relations.push(EntityRelation {
            fields,
            to: id(&key.foreign_table),
            to_fields: key.referred_columns.iter().map(folded).collect(),
            cardinality: Cardinality::ManyToOne,
            on_delete: key.on_delete.as_ref().map(|action| action.to_string()),
            through: None,
            provenance: self.seen(at),
        });
    }

    fn name_key(
        &self,
        entity: &Entity,
        named: &mut Vec<(At, SqlChange)>,
        name: Option<String>,
        fields: Vec<String>,
        kind: KeyKind,
        at: At,
    ) {
        if let Some(name) = name {
            let table = entity.id.clone();
            let change = SqlChange::NamedKey {
                table,
                name,
                fields,
                kind,
            };
            named.push((at, change));
        }
    }

    pub(super) fn constraint(
        &self,
        entity: &mut Entity,
        named: &mut Vec<(At, SqlChange)>,
        constraint: TableConstraint,
    ) {
        let at = self.lines(constraint.span());
        match constraint {
            TableConstraint::PrimaryKey(key) => {
                let columns = key.columns.iter().map(column_text).collect();
                self.name_key(
                    entity,
                    named,
                    key.name.map(|n| n.value),
                    columns,
                    KeyKind::Primary,
                    at,
                );
                for column in &key.columns {
                    self.amend(entity, &column_text(column), at, |field| {
                        field.primary_key = true;
                        field.nullable = false;
                    });
                }
            }
            TableConstraint::Unique(key) => {
                let name = key.name.or(key.index_name).map(|n| n.value);
                if let [column] = key.columns.as_slice() {
                    let column = column_text(column);
                    self.amend(entity, &column, at, |field| field.unique = true);
                    self.name_key(entity, named, name, vec![column], KeyKind::Unique, at);
                } else {
                    let name = name.unwrap_or_default();
                    entity
                        .indexes
                        .push(self.index(name, &key.columns, true, None, at));
                }
            }
            TableConstraint::ForeignKey(key) => self.foreign_key(entity, named, &key, at),
            TableConstraint::Check(check) => {
                let text = check_text(check.name.map(|n| n.value), &check.expr);
                let column = first_column(&check.expr);
                self.amend(entity, &column.unwrap_or_default(), at, |field| {
                    field.constraints.push(text.clone());
                });
            }
            TableConstraint::Index(key) => {
                let name = key.name.map(|n| n.value).unwrap_or_default();
                let method = key.index_type.map(|m| m.to_string());
                entity
                    .indexes
                    .push(self.index(name, &key.columns, false, method, at));
            }
            TableConstraint::FulltextOrSpatial(key) => {
                let name = key.opt_index_name.map(|n| n.value).unwrap_or_default();
                let method = if key.fulltext { "FULLTEXT" } else { "SPATIAL" };
                let method = Some(method.to_owned());
                entity
                    .indexes
                    .push(self.index(name, &key.columns, false, method, at));
            }
            _ => {}
        }
    }

    /// Changes a field of the entity; one that stands elsewhere is named with an empty type.
    fn amend(&self, entity: &mut Entity, column: &str, at: At, change: impl Fn(&mut Field)) {
        let known = entity
            .fields
            .iter()
            .position(|f| f.name.eq_ignore_ascii_case(column));
        let fallback = (column.is_empty() && !entity.fields.is_empty()).then_some(0);
        if let Some(field) = known.or(fallback).and_then(|i| entity.fields.get_mut(i)) {
            change(field);
            let place = self.file.evidence(at.0, at.1);
            field.provenance = field.provenance.clone().and([place]);
        } else if !column.is_empty() {
            let mut field = self.plain_field(&Ident::new(column));
            field.provenance = self.seen(at);
            change(&mut field);
            entity.fields.push(field);
        }
    }

    pub(super) fn index(
        &self,
        name: String,
        columns: &[IndexColumn],
        unique: bool,
        method: Option<String>,
        at: At,
    ) -> Index {
        Index {
            name,
            fields: columns.iter().map(column_text).collect(),
            unique,
            predicate: None,
            method: method.map(|m| m.to_ascii_lowercase()),
            provenance: self.seen(at),
        }
    }
}
