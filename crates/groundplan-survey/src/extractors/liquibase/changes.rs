//! The changes of a set.

use super::tree::Element;
use crate::facts::{KeyKind, SqlChange};
use crate::records;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance};

/// Columns of a table at most.
const MOST_COLUMNS: usize = 2_000;

/// What one change says, in order, with its lines.
pub(super) struct Changes<'e, 'f, 't> {
    file: &'f SourceFile<'t>,
    change: &'e Element,
    pub(super) all: Vec<((u32, u32), SqlChange)>,
}

/// The id that a table has in the replay: in lower case, with its schema unless that is the usual
/// one or only a run knows it.
fn id(schema: Option<&str>, table: &str) -> String {
    let table = table.to_lowercase();
    match schema.map(str::to_lowercase) {
        Some(schema) if !matches!(schema.as_str(), "public" | "dbo") && !schema.contains('$') => {
            format!("{schema}.{table}")
        }
        _ => table,
    }
}

fn names(list: &str) -> Vec<String> {
    let names = list.split(',').map(str::trim).filter(|n| !n.is_empty());
    names.take(64).map(str::to_owned).collect()
}

/// A type without the class of Java that names it; types of SQL in lower case.
fn data_type(written: &str) -> String {
    let plain = written.trim();
    plain
        .strip_prefix("java.sql.Types.")
        .unwrap_or(plain)
        .to_lowercase()
}

impl<'e, 'f, 't> Changes<'e, 'f, 't> {
    pub(super) fn new(file: &'f SourceFile<'t>, change: &'e Element) -> Self {
        Changes {
            file,
            change,
            all: Vec::new(),
        }
    }

    /// Reads the change; one of an unknown name says nothing.
    pub(super) fn read(&mut self) {
        let change = self.change;
        let table = change.get("tableName").unwrap_or_default().to_owned();
        let id = id(change.get("schemaName"), &table);
        match change.name.as_str() {
            "createTable" => self.create(table),
            "addColumn" => self.extend(&table, |this, entity| this.columns(entity)),
            "dropTable" => self.push(SqlChange::Drop(id)),
            "dropView" => {
                if let Some(view) = change.get("viewName") {
                    self.push(SqlChange::Drop(view.to_lowercase()));
                }
            }
            "dropColumn" => {
                let inner = change.all("column").filter_map(|c| c.get("name"));
                let columns = change.get("columnName").into_iter().chain(inner);
                for column in columns.map(str::to_owned).take(MOST_COLUMNS) {
                    let table = id.clone();
                    self.push(SqlChange::DropColumn { table, column });
                }
            }
            "renameTable" | "renameView" => self.rename_table(),
            "renameColumn" => {
                let names = (change.get("oldColumnName"), change.get("newColumnName"));
                if let (Some(from), Some(to)) = names {
                    let (table, from, to) = (id, from.to_owned(), to.to_owned());
                    self.push(SqlChange::RenameColumn { table, from, to });
                }
            }
            "modifyDataType" => self.property("TYPE", |f, c| {
                f.data_type = c.get("newDataType").map(data_type).unwrap_or_default();
            }),
            "addNotNullConstraint" => self.property("SET NOT NULL", |f, _| f.nullable = false),
            "dropNotNullConstraint" => self.property("DROP NOT NULL", |_, _| {}),
            "addDefaultValue" => self.property("SET DEFAULT", |f, c| f.default = default(f, c)),
            "dropDefaultValue" => self.property("DROP DEFAULT", |_, _| {}),
            "addPrimaryKey" => self.primary_key(&table),
            "addUniqueConstraint" => self.unique(&table),
            "addForeignKeyConstraint" => self.foreign_key(),
            "createIndex" => self.index(&table),
            "dropIndex" => {
                if let Some(name) = change.get("indexName") {
                    self.push(SqlChange::DropIndex(name.to_owned()));
                }
            }
            "dropPrimaryKey" => self.drop_constraint(id, Some("PRIMARY")),
            "dropUniqueConstraint" => self.drop_constraint(id, change.get("constraintName")),
            "dropForeignKeyConstraint" => {
                let table = self::id(
                    change.get("baseTableSchemaName"),
                    change.get("baseTableName").unwrap_or_default(),
                );
                self.drop_constraint(table, change.get("constraintName"));
            }
            "setTableRemarks" | "setColumnRemarks" => {
                let text = change.get("remarks").unwrap_or_default().to_owned();
                let column = change.get("columnName").map(str::to_owned);
                self.push(SqlChange::Comment {
                    table: id,
                    column,
                    text,
                });
            }
            _ => {}
        }
    }

    fn push(&mut self, change: SqlChange) {
        self.all.push((self.change.lines, change));
    }

    fn seen(&self, lines: (u32, u32)) -> Provenance {
        Provenance::observed([self.file.evidence(lines.0, lines.1)])
    }

    fn table(&self, name: &str) -> Entity {
        let (first, last) = self.change.lines;
        let stored = Some(name.to_owned());
        let mut made = records::entity(self.file, name, stored, EntityKind::Table, first, last);
        let schema = self.change.get("schemaName");
        made.id = id(schema.or(self.change.get("baseTableSchemaName")), name);
        made
    }

    fn create(&mut self, table: String) {
        if table.is_empty() || table.contains("${") {
            return;
        }
        let mut entity = self.table(&table);
        entity.description = self.change.get("remarks").map(str::to_owned);
        let named = self.columns(&mut entity);
        self.push(SqlChange::Create(entity));
        self.all.extend(named);
    }

    /// Adds to a table what `fill` puts into it.
    fn extend(
        &mut self,
        table: &str,
        fill: impl FnOnce(&Self, &mut Entity) -> Vec<((u32, u32), SqlChange)>,
    ) {
        if table.is_empty() {
            return;
        }
        let mut entity = self.table(table);
        let named = fill(self, &mut entity);
        self.push(SqlChange::Extend(entity));
        self.all.extend(named);
    }

    /// The columns of the change, and the names of their keys.
    fn columns(&self, entity: &mut Entity) -> Vec<((u32, u32), SqlChange)> {
        let mut named = Vec::new();
        for column in self.change.all("column").take(MOST_COLUMNS) {
            let Some(name) = column.get("name") else {
                continue;
            };
            let written = column.get("type").map(data_type).unwrap_or_default();
            let mut field = records::field(self.file, name, &written, column.lines.0);
            field.provenance = self.seen(column.lines);
            field.default = default(&field, column);
            field.description = column.get("remarks").map(str::to_owned);
            if column.is("autoIncrement", "true") {
                field.constraints.push("AUTO_INCREMENT".to_owned());
            }
            for rules in column.all("constraints") {
                self.constraints(entity, &mut field, rules, column.lines, &mut named);
            }
            entity.fields.push(field);
        }
        named
    }

    fn constraints(
        &self,
        entity: &mut Entity,
        field: &mut Field,
        rules: &Element,
        lines: (u32, u32),
        named: &mut Vec<((u32, u32), SqlChange)>,
    ) {
        let mut name_key = |name: Option<&str>, kind| {
            if let Some(name) = name {
                let change = SqlChange::NamedKey {
                    table: entity.id.clone(),
                    name: name.to_owned(),
                    fields: vec![field.name.clone()],
                    kind,
                };
                named.push((lines, change));
            }
        };
        if rules.is("nullable", "false") {
            field.nullable = false;
        }
        if rules.is("primaryKey", "true") {
            field.primary_key = true;
            field.nullable = false;
            name_key(rules.get("primaryKeyName"), KeyKind::Primary);
        }
        if rules.is("unique", "true") {
            field.unique = true;
            name_key(rules.get("uniqueConstraintName"), KeyKind::Unique);
        }
        // `references="owner(id)"`, or table and columns apart.
        let written = rules.get("references").map(|r| match r.split_once('(') {
            Some((table, columns)) => (table.trim(), names(columns.trim_end_matches([')', ' ']))),
            None => (r, Vec::new()),
        });
        let apart = || {
            let columns = rules.get("referencedColumnNames").unwrap_or_default();
            Some((rules.get("referencedTableName")?, names(columns)))
        };
        if let Some((table, to_fields)) = written.or_else(apart) {
            name_key(rules.get("foreignKeyName"), KeyKind::Foreign);
            let (schema, table) = match table.rsplit_once('.') {
                Some((schema, table)) => (Some(schema), table),
                None => (None, table),
            };
            entity.relations.push(EntityRelation {
                fields: vec![field.name.clone()],
                to: id(schema, table),
                to_fields,
                cardinality: Cardinality::ManyToOne,
                on_delete: rules
                    .is("deleteCascade", "true")
                    .then(|| "CASCADE".to_owned()),
                through: None,
                provenance: self.seen(lines),
            });
        }
        if let Some(check) = rules.get("checkConstraint") {
            field.constraints.push(check.to_owned());
        }
    }

    /// A change of one property of a column, called as the replay calls it.
    fn property(&mut self, operation: &str, change: impl FnOnce(&mut Field, &Element)) {
        let element = self.change;
        let names = (element.get("tableName"), element.get("columnName"));
        let (Some(table), Some(column)) = names else {
            return;
        };
        let mut field = records::field(self.file, column, "", element.lines.0);
        field.provenance = self.seen(element.lines);
        change(&mut field, element);
        if operation == "TYPE" && field.data_type.is_empty() {
            return;
        }
        field.constraints.push(operation.to_owned());
        self.push(SqlChange::Column {
            table: id(element.get("schemaName"), table),
            column: field,
        });
    }

    fn rename_table(&mut self) {
        let old = self
            .change
            .get("oldTableName")
            .or(self.change.get("oldViewName"));
        let new = self
            .change
            .get("newTableName")
            .or(self.change.get("newViewName"));
        if let (Some(from), Some(to)) = (old, new) {
            let (first, last) = self.change.lines;
            let change = SqlChange::Rename {
                from: id(self.change.get("schemaName"), from),
                to: to.to_owned(),
                at: self.file.evidence(first, last),
            };
            self.push(change);
        }
    }

    fn drop_constraint(&mut self, table: String, name: Option<&str>) {
        if let Some(name) = name.map(str::to_owned) {
            self.push(SqlChange::DropConstraint { table, name });
        }
    }

    fn named(&self, entity: &Entity, fields: &[String], kind: KeyKind) -> Option<SqlChange> {
        let name = self.change.get("constraintName")?;
        Some(SqlChange::NamedKey {
            table: entity.id.clone(),
            name: name.to_owned(),
            fields: fields.to_vec(),
            kind,
        })
    }

    /// A column that is there, to be given a key.
    fn known(&self, name: &str) -> Field {
        let mut field = records::field(self.file, name, "", self.change.lines.0);
        field.provenance = self.seen(self.change.lines);
        field
    }

    fn primary_key(&mut self, table: &str) {
        let columns = names(self.change.get("columnNames").unwrap_or_default());
        self.extend(table, |this, entity| {
            for column in &columns {
                let mut field = this.known(column);
                field.primary_key = true;
                field.nullable = false;
                entity.fields.push(field);
            }
            let key = this.named(entity, &columns, KeyKind::Primary);
            key.map(|k| (this.change.lines, k)).into_iter().collect()
        });
    }

    fn unique(&mut self, table: &str) {
        let columns = names(self.change.get("columnNames").unwrap_or_default());
        self.extend(table, |this, entity| match columns.as_slice() {
            [column] => {
                let mut field = this.known(column);
                field.unique = true;
                entity.fields.push(field);
                let key = this.named(entity, &columns, KeyKind::Unique);
                key.map(|k| (this.change.lines, k)).into_iter().collect()
            }
            _ => {
                let name = this.change.get("constraintName").unwrap_or_default();
                entity.indexes.push(this.made_index(name, columns, true));
                Vec::new()
            }
        });
    }

    fn made_index(&self, name: &str, fields: Vec<String>, unique: bool) -> Index {
        Index {
            name: name.to_owned(),
            fields,
            unique,
            predicate: None,
            method: None,
            provenance: self.seen(self.change.lines),
        }
    }

    fn index(&mut self, table: &str) {
        let columns = self.change.all("column").filter_map(|c| c.get("name"));
        let columns: Vec<String> = columns.take(64).map(str::to_owned).collect();
        self.extend(table, |this, entity| {
            let name = this.change.get("indexName").unwrap_or_default();
            let unique = this.change.is("unique", "true");
            if !columns.is_empty() {
                entity.indexes.push(this.made_index(name, columns, unique));
            }
            Vec::new()
        });
    }

    fn foreign_key(&mut self) {
        let change = self.change;
        let tables = (
            change.get("baseTableName"),
            change.get("referencedTableName"),
        );
        let (Some(table), Some(to)) = tables else {
            return;
        };
        let fields = names(change.get("baseColumnNames").unwrap_or_default());
        let to_fields = names(change.get("referencedColumnNames").unwrap_or_default());
        let cascades = change.is("deleteCascade", "true");
        let on_delete = change.get("onDelete").or(cascades.then_some("CASCADE"));
        // As databases do when nothing is said.
        let on_delete = on_delete.filter(|a| !a.eq_ignore_ascii_case("NO ACTION"));
        let relation = EntityRelation {
            fields: fields.clone(),
            to: id(change.get("referencedTableSchemaName"), to),
            to_fields,
            cardinality: Cardinality::ManyToOne,
            on_delete: on_delete.map(str::to_uppercase),
            through: None,
            provenance: self.seen(change.lines),
        };
        self.extend(table, |this, entity| {
            entity.relations.push(relation);
            let key = this.named(entity, &fields, KeyKind::Foreign);
            key.map(|k| (this.change.lines, k)).into_iter().collect()
        });
    }
}

/// The default of a column, unless it looks like a secret.
fn default(field: &Field, column: &Element) -> Option<String> {
    const FORMS: [&str; 6] = [
        "defaultValue",
        "defaultValueNumeric",
        "defaultValueBoolean",
        "defaultValueDate",
        "defaultValueComputed",
        "defaultValueSequenceNext",
    ];
    let value = FORMS.iter().find_map(|form| column.get(form))?;
    secrets::keep(&field.name, value)
}
