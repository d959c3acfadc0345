//! Statements of the parser to changes of a schema.

use super::names::{bare, defs, folded, id, last_part, partitioning, property, written};
use super::split::Flavour;
use crate::facts::SqlChange;
use crate::source::SourceFile;
use groundplan_model::{Entity, EntityKind, Field, Provenance};
use sqlparser::ast::{
    self, AlterTableOperation, CommentDef, CommentObject, CreateTableOptions, Ident, ObjectName,
    ObjectType, Spanned, SqlOption,
};
use sqlparser::tokenizer::Span;

/// First and last line of a change in the file.
pub(super) type At = (u32, u32);

/// Where a statement stands: its lines in the file.
pub(super) struct Shape<'f, 't> {
    pub(super) file: &'f SourceFile<'t>,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) flavour: Flavour,
}

impl Shape<'_, '_> {
    /// What a statement changes, in order, with the lines of each change.
    pub(super) fn changes(&self, statement: ast::Statement) -> Vec<(At, SqlChange)> {
        let whole = (self.first, self.last);
        match statement {
            ast::Statement::CreateTable(table) => {
                // A placeholder that whoever runs the script fills in names no table.
                let name = table.name.to_string();
                let open = ["%", "${", "{{"].iter().any(|mark| name.contains(mark));
                let named = name.contains(char::is_alphanumeric) && !open;
                // SQL Server marks what lasts as long as a session by its name.
                let short = last_part(&table.name).starts_with(['#', '@']);
                if table.temporary || table.partition_of.is_some() || !named || short {
                    return Vec::new();
                }
                self.create_table(table)
            }
            ast::Statement::CreateView(view) => {
                if view.temporary {
                    return Vec::new();
                }
                vec![(whole, SqlChange::Create(self.create_view(view)))]
            }
            ast::Statement::CreateIndex(index) => {
                let mut entity = self.entity(&index.table_name);
                let name = index.name.as_ref().map(last_part).unwrap_or_default();
                let method = index.using.as_ref().map(|m| m.to_string());
                let mut made = self.index(name, &index.columns, index.unique, method, whole);
                if let Some(predicate) = &index.predicate {
                    made.predicate = Some(bare(&predicate.to_string()));
                }
                entity.indexes.push(made);
                vec![(whole, SqlChange::Extend(entity))]
            }
            ast::Statement::AlterTable(alter) => {
                let table = id(&alter.name);
                let mut all = Vec::new();
                for operation in alter.operations {
                    let at = self.lines(operation.span());
                    self.alter(&alter.name, &table, operation, at, &mut all);
                }
                all
            }
            ast::Statement::AlterIndex {
                name,
                operation: ast::AlterIndexOperation::RenameIndex { index_name },
            } => {
                let (from, to) = (last_part(&name), last_part(&index_name));
                let at = self.file.evidence(self.first, self.last);
                vec![(whole, SqlChange::RenameIndex { from, to, at })]
            }
            ast::Statement::AlterType(ast::AlterType {
                name,
                operation: ast::AlterTypeOperation::Rename(rename),
            }) => {
                let (from, to) = (last_part(&name), rename.new_name.value);
                let at = self.file.evidence(self.first, self.last);
                vec![(whole, SqlChange::RenameType { from, to, at })]
            }
            ast::Statement::RenameTable(renames) => renames
                .iter()
                .map(|r| {
                    let (from, to) = (id(&r.old_name), written(&r.new_name));
                    let at = self.file.evidence(self.first, self.last);
                    (whole, SqlChange::Rename { from, to, at })
                })
                .collect(),
            ast::Statement::Drop {
                object_type, names, ..
            } => names
                .iter()
                .filter_map(|name| match object_type {
                    ObjectType::Table | ObjectType::View | ObjectType::MaterializedView => {
                        Some((whole, SqlChange::Drop(id(name))))
                    }
                    ObjectType::Index => Some((whole, SqlChange::DropIndex(last_part(name)))),
                    _ => None,
                })
                .collect(),
            ast::Statement::Comment {
                object_type,
                object_name,
                comment,
                ..
            } => self
                .comment(&object_type, &object_name, comment)
                .map(|change| (whole, change))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn lines(&self, span: Span) -> At {
        let line = |n: u64| self.first + (n.max(1) as u32).saturating_sub(1);
        if span.start.line == 0 || span.end.line < span.start.line {
            return (self.first, self.last);
        }
        let first = line(span.start.line).min(self.last);
        (first, line(span.end.line).clamp(first, self.last))
    }

    pub(super) fn seen(&self, (first, last): At) -> Provenance {
        Provenance::observed([self.file.evidence(first, last)])
    }

    pub(super) fn entity(&self, name: &ObjectName) -> Entity {
        Entity {
            id: id(name),
            name: last_part(name),
            kind: EntityKind::Table,
            description: None,
            owner: None,
            store: None,
            over: Vec::new(),
            materialized: false,
            partial: false,
            fields: Vec::new(),
            relations: Vec::new(),
            indexes: Vec::new(),
            partitioning: None,
            retention: None,
            provenance: self.seen((self.first, self.last)),
        }
    }

    fn create_table(&self, table: ast::CreateTable) -> Vec<(At, SqlChange)> {
        let mut entity = self.entity(&table.name);
        let mut named = Vec::new();
        for column in table.columns {
            self.column(
                &mut entity,
                &mut named,
                &column.name,
                &column.data_type,
                column.options,
            );
        }
        for constraint in table.constraints {
            self.constraint(&mut entity, &mut named, constraint);
        }
        if let Some(query) = table.query.filter(|_| entity.fields.is_empty()) {
            entity.fields = self.projection(&query, false);
            // The rows are the table's own from then on.
            entity.fields.iter_mut().for_each(|f| f.constraints.clear());
        }
        let options = match &table.table_options {
            CreateTableOptions::Plain(options) | CreateTableOptions::With(options) => {
                options.as_slice()
            }
            _ => &[],
        };
        entity.description = options
            .iter()
            .find_map(|option| match option {
                SqlOption::Comment(comment) => Some(comment),
                _ => None,
            })
            .or(table.comment.as_ref())
            .map(|(CommentDef::WithEq(text) | CommentDef::WithoutEq(text))| text.clone());
        let text = self.file.lines().slice(self.first, self.last);
        let by = table.partition_by.map(|by| by.to_string());
        entity.partitioning = by.or_else(|| partitioning(text));
        let whole = (self.first, self.last);
        let mut all = vec![(whole, SqlChange::Create(entity))];
        all.extend(named);
        all
    }

    pub(super) fn plain_field(&self, name: &Ident) -> Field {
        Field {
            name: folded(name),
            data_type: String::new(),
            nullable: true,
            default: None,
            primary_key: false,
            unique: false,
            constraints: Vec::new(),
            description: None,
            provenance: self.seen(self.lines(name.span)),
        }
    }

    fn comment(
        &self,
        kind: &CommentObject,
        name: &ObjectName,
        text: Option<String>,
    ) -> Option<SqlChange> {
        let text = text.unwrap_or_default();
        match kind {
            CommentObject::Table | CommentObject::View | CommentObject::MaterializedView => {
                Some(SqlChange::Comment {
                    table: id(name),
                    column: None,
                    text,
                })
            }
            CommentObject::Column => {
                let mut table = name.clone();
                let column = table.0.pop()?;
                Some(SqlChange::Comment {
                    table: id(&table),
                    column: column.as_ident().map(|i| i.value.clone()),
                    text,
                })
            }
            _ => None,
        }
    }

    fn alter(
        &self,
        name: &ObjectName,
        table: &str,
        operation: AlterTableOperation,
        at: At,
        all: &mut Vec<(At, SqlChange)>,
    ) {
        let table = table.to_owned();
        let mut entity = self.entity(name);
        entity.provenance = self.seen(at);
        let mut named = Vec::new();
        let change = match operation {
            AlterTableOperation::AddColumn { column_def: c, .. } => {
                self.column(&mut entity, &mut named, &c.name, &c.data_type, c.options);
                SqlChange::Extend(entity)
            }
            AlterTableOperation::AddConstraint { constraint, .. } => {
                self.constraint(&mut entity, &mut named, constraint);
                SqlChange::Extend(entity)
            }
            AlterTableOperation::DropColumn { column_names, .. } => {
                all.extend(column_names.into_iter().map(|column| {
                    let (table, column) = (table.clone(), folded(&column));
                    (at, SqlChange::DropColumn { table, column })
                }));
                return;
            }
            AlterTableOperation::RenameColumn {
                old_column_name,
                new_column_name,
            } => SqlChange::RenameColumn {
                table,
                from: folded(&old_column_name),
                to: folded(&new_column_name),
            },
            AlterTableOperation::RenameTable { table_name } => {
                let (ast::RenameTableNameKind::As(to) | ast::RenameTableNameKind::To(to)) =
                    table_name;
                let (to, at) = (written(&to), self.file.evidence(at.0, at.1));
                SqlChange::Rename {
                    from: table,
                    to,
                    at,
                }
            }
            AlterTableOperation::RenameConstraint { old_name, new_name } => {
                let (from, to) = (old_name.value, new_name.value);
                SqlChange::RenameConstraint { table, from, to }
            }
            AlterTableOperation::DropConstraint { name, .. }
            | AlterTableOperation::DropForeignKey { name, .. } => {
                let name = name.value;
                SqlChange::DropConstraint { table, name }
            }
            AlterTableOperation::DropPrimaryKey { .. } => {
                let name = "PRIMARY".to_owned();
                SqlChange::DropConstraint { table, name }
            }
            AlterTableOperation::DropIndex { name } => SqlChange::DropIndex(name.value),
            AlterTableOperation::AlterColumn { column_name, op } => {
                let mut column = self.plain_field(&column_name);
                column.provenance = self.seen(at);
                if !property(&mut column, op) {
                    return;
                }
                SqlChange::Column { table, column }
            }
            AlterTableOperation::ModifyColumn {
                col_name,
                data_type,
                options,
                ..
            } => {
                let options = defs(options);
                self.column(&mut entity, &mut named, &col_name, &data_type, options);
                let Some(column) = entity.fields.pop() else {
                    return;
                };
                SqlChange::Column { table, column }
            }
            AlterTableOperation::ChangeColumn {
                old_name,
                new_name,
                data_type,
                options,
                ..
            } => {
                if old_name.value != new_name.value {
                    let (from, to) = (old_name.value, new_name.value.clone());
                    let table = table.clone();
                    all.push((at, SqlChange::RenameColumn { table, from, to }));
                }
                let options = defs(options);
                self.column(&mut entity, &mut named, &new_name, &data_type, options);
                let Some(column) = entity.fields.pop() else {
                    return;
                };
                SqlChange::Column { table, column }
            }
            _ => return,
        };
        all.push((at, change));
        all.extend(named);
    }
}
