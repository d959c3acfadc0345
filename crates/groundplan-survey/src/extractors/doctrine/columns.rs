//! Properties as columns and references of a table.

use super::Property;
use crate::php_annotations::{Mark, Value};
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityRelation, Field, Index, Provenance};

/// Writes what properties say into a table.
pub(super) struct Columns<'e, 'f, 't> {
    file: &'f SourceFile<'t>,
    entity: &'e mut Entity,
}

impl<'e, 'f, 't> Columns<'e, 'f, 't> {
    pub(super) fn new(file: &'f SourceFile<'t>, entity: &'e mut Entity) -> Self {
        Columns { file, entity }
    }

    fn seen(&self, first: u32, last: u32) -> Provenance {
        Provenance::observed([self.file.evidence(first, last)])
    }

    pub(super) fn property(&mut self, property: &Property<'_>) {
        let mark = |name: &str| property.marks.iter().find(|m| m.name == name);
        if let Some(column) = mark("Column") {
            let field = self.column(property, column, mark("Id").is_some());
            self.entity.fields.push(field);
        }
        for name in ["ManyToOne", "OneToOne", "ManyToMany"] {
            if let Some(found) = mark(name) {
                self.reference(property, found);
            }
        }
    }

    fn column(&self, property: &Property<'_>, column: &Mark, is_key: bool) -> Field {
        let name = column.get("name").or(match column.plain() {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        });
        let name = name.unwrap_or(property.name).trim_matches(['`', '"']);
        let mut data_type = match column.get("type") {
            Some(written) => type_of(written),
            None => self.type_of_property(property),
        };
        if let Some(length) = column.get("length") {
            data_type = format!("{data_type}({length})");
        } else if let Some(precision) = column.get("precision") {
            let scale = column.get("scale").unwrap_or("0");
            data_type = format!("{data_type}({precision},{scale})");
        }
        let mut field = records::field(self.file, name, &data_type, property.last);
        field.provenance = self.seen(property.first, property.last);
        field.primary_key = is_key;
        // What may be empty says so; the type of the property decides nothing
        // (<https://www.doctrine-project.org/projects/doctrine-orm/en/3.3/reference/attributes-reference.html>).
        field.nullable = column.is("nullable", "true") && !is_key;
        field.unique = column.is("unique", "true");
        let default = column.option("options", "default");
        field.default = default.and_then(|value| secrets::keep(name, value));
        field.description = column.option("options", "comment").map(str::to_owned);
        field
    }

    /// The type that Doctrine takes for a property with a type of PHP.
    fn type_of_property(&self, property: &Property<'_>) -> String {
        let code = self.file.code();
        let words = property.kind.clone().filter_map(|at| code.ident(at));
        let word = words.filter(|w| *w != "null").last().unwrap_or_default();
        let last = word.rsplit('\\').next().unwrap_or(word);
        match last {
            "" | "string" => "string",
            "int" => "integer",
            "bool" => "boolean",
            "float" => "float",
            "array" => "json",
            "DateTime" | "DateTimeInterface" => "datetime",
            "DateTimeImmutable" => "datetime_immutable",
            "DateInterval" => "dateinterval",
            other => other,
        }
        .to_owned()
    }

    fn reference(&mut self, property: &Property<'_>, found: &Mark) {
        // The other side keeps the key.
        if found.get("mappedBy").is_some() {
            return;
        }
        let code = self.file.code();
        let of_type = || {
            let words = property.kind.clone().filter_map(|at| code.ident(at));
            words.filter(|w| *w != "null").last().map(str::to_owned)
        };
        let target = found
            .get("targetEntity")
            .map(str::to_owned)
            .or_else(of_type);
        let last = |name: &str| name.rsplit(['\\', ':']).next().unwrap_or(name).to_owned();
        let target = target.map(|t| last(t.trim_end_matches("::class")));
        let Some(target) = target.filter(|t| !t.is_empty() && t != "Collection") else {
            return;
        };
        if found.name == "ManyToMany" {
            let many = Cardinality::ManyToMany;
            let mut relation =
                records::relation(self.file, property.name, &target, many, property.last);
            relation.provenance = self.seen(property.first, property.last);
            relation.fields.clear();
            self.entity.relations.push(relation);
            return;
        }
        let own = property.marks.iter().filter(|m| m.name == "JoinColumn");
        let within = property.marks.iter().filter(|m| m.name == "JoinColumns");
        let within = within.flat_map(|m| [m.inner(None), m.inner(Some("value"))].concat());
        let joins: Vec<&Mark> = own.chain(within).collect();
        let first = joins.first();
        let name = first.and_then(|m| m.get("name").map(str::to_owned));
        let name = name.unwrap_or_else(|| format!("{}_id", property.name));
        let mut field = records::field(self.file, &name, "", property.last);
        field.provenance = self.seen(property.first, property.last);
        field.primary_key = property.marks.iter().any(|m| m.name == "Id");
        let required = first.is_some_and(|m| m.is("nullable", "false"));
        field.nullable = !required && !field.primary_key;
        field.unique = found.name == "OneToOne" || first.is_some_and(|m| m.is("unique", "true"));
        self.entity.fields.push(field);
        self.entity.relations.push(EntityRelation {
            fields: vec![name],
            to: scan::snake(&target),
            to_fields: first
                .and_then(|m| m.get("referencedColumnName"))
                .map(str::to_owned)
                .into_iter()
                .collect(),
            cardinality: match found.name.as_str() {
                "OneToOne" => Cardinality::OneToOne,
                _ => Cardinality::ManyToOne,
            },
            on_delete: first.and_then(|m| m.get("onDelete")).map(str::to_uppercase),
            through: None,
            provenance: self.seen(property.first, property.last),
        });
    }

    /// Indexes of the class and of its table.
    pub(super) fn table(&mut self, own: &[Mark]) {
        let table = own.iter().find(|m| m.name == "Table");
        let listed = |name: &str| table.map(|t| t.inner(Some(name))).unwrap_or_default();
        let apart = own
            .iter()
            .filter(|m| matches!(m.name.as_str(), "Index" | "UniqueConstraint"));
        let all = listed("indexes")
            .into_iter()
            .chain(listed("uniqueConstraints"))
            .chain(apart);
        for mark in all {
            let columns = mark.texts("columns");
            let columns = if columns.is_empty() {
                mark.texts("fields")
            } else {
                columns
            };
            if columns.is_empty() {
                continue;
            }
            self.entity.indexes.push(Index {
                name: mark.get("name").unwrap_or_default().to_owned(),
                fields: columns,
                unique: mark.name == "UniqueConstraint",
                predicate: None,
                method: None,
                provenance: self.seen(mark.first, mark.last),
            });
        }
    }
}

/// `Types::DATETIME_MUTABLE` and `'datetime'` are one type.
fn type_of(written: &str) -> String {
    let Some((_, name)) = written.rsplit_once("::") else {
        return written.to_owned();
    };
    let lower = name.to_lowercase();
    lower.strip_suffix("_mutable").unwrap_or(&lower).to_owned()
}
