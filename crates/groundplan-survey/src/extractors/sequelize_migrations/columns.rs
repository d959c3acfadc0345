//! What an object says of a column: `{ type: Sequelize.STRING, allowNull: false, defaultValue: "x" }`.

use super::{Changes, id};
use crate::facts::{KeyKind, SqlChange};
use crate::prose;
use crate::records;
use crate::secrets;
use groundplan_model::{Cardinality, EntityRelation, Field, Index, Provenance};
use groundplan_syntax::Code;
use std::collections::BTreeMap;
use std::ops::Range;

/// A type without the name of the module that has it: `Sequelize.ENUM("a", "b")` is `ENUM('a', 'b')`.
pub(crate) fn type_text(code: &Code<'_>, range: &Range<usize>) -> String {
    if let (1, Some(text)) = (range.len(), code.string(range.start)) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut out = String::new();
    let mut at = range.start;
    while at < range.end && out.len() < 300 {
        let raw = code.raw(at);
        let of_module = matches!(raw, "Sequelize" | "DataTypes" | "DataType" | "sequelize");
        if code.is(at, "new") || of_module && code.is(at + 1, ".") {
            at += if of_module { 2 } else { 1 };
            continue;
        }
        match code.string(at) {
            Some(text) => out.push_str(&format!("'{text}'")),
            None if raw == "," => out.push_str(", "),
            None => out.push_str(raw),
        }
        at += 1;
    }
    out.trim_end_matches("()")
        .replace(", ]", "]")
        .replace(", )", ")")
}

/// Whether tokens name a type of Sequelize: `Sequelize.STRING(40)`, `STRING` of its own.
pub(crate) fn is_type(code: &Code<'_>, range: &Range<usize>) -> bool {
    let first = code.raw(range.start);
    matches!(first, "Sequelize" | "DataTypes" | "DataType") && code.is(range.start + 1, ".")
        || first.len() > 2 && first.bytes().all(|b| b.is_ascii_uppercase())
}

/// What a column is given where a row says nothing, as far as the database knows it: `Sequelize.NOW` and
/// its keys are set by the program (<https://sequelize.org/docs/v6/core-concepts/model-basics/#default-values>).
pub(crate) fn default_text(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    if range.len() == 1 {
        let raw = code.raw(range.start);
        let plain =
            raw.starts_with(|c: char| c.is_ascii_digit()) || matches!(raw, "true" | "false");
        return match code.string(range.start) {
            Some("") => Some("''".to_owned()),
            Some(text) => Some(text.to_owned()).filter(|text| !text.contains("${")),
            None => plain.then(|| raw.to_owned()),
        };
    }
    let called = |name: &str| {
        let mut places = range.clone();
        places.find(|&at| code.is(at, name) && code.is(at + 1, "("))
    };
    // `Sequelize.literal("now()")`, `Sequelize.fn("now")`
    if let Some(at) = called("literal") {
        return code.string(at + 2).map(str::to_owned);
    }
    if let Some(at) = called("fn") {
        let close = code.partner(at + 1)?;
        let name = code.string(at + 2)?;
        return (close == at + 3).then(|| format!("{name}()"));
    }
    let negative = range.len() == 2 && code.is(range.start, "-");
    let list = code.is(range.start, "[") || code.is(range.start, "{");
    if (list || negative) && range.len() <= 8 {
        return Some(range.clone().map(|at| code.raw(at)).collect());
    }
    // A member of an enumeration of the program.
    let dotted = code.dotted(range.start, range.end);
    let of_library = ["Sequelize.", "DataTypes.", "DataType.", "sequelize."]
        .iter()
        .any(|module| dotted.starts_with(module));
    (!of_library && !dotted.is_empty() && dotted.split('.').count() * 2 - 1 == range.len())
        .then_some(dotted)
}

/// A column, with what else its object says.
pub(super) struct Column {
    pub(super) field: Field,
    pub(super) reference: Option<EntityRelation>,
    /// The name of the key that the column shares with others of that name.
    pub(super) key: Option<String>,
    /// Whether its object says if it may be null.
    pub(super) null_said: bool,
}

impl Changes<'_, '_> {
    /// A column by its name and what it is given: a type, or an object.
    pub(super) fn column(
        &self,
        name: &str,
        said: &Range<usize>,
        lines: (u32, u32),
    ) -> Option<Column> {
        let (code, file) = (self.code, self.file);
        let Some(open) = self.object(said) else {
            // A function that makes the column says more than its name.
            let plain = code.string(said.start).is_some() || is_type(code, said);
            let kind = type_text(code, said);
            return (plain && !kind.is_empty()).then(|| Column {
                field: self.field(name, &kind, lines),
                reference: None,
                key: None,
                null_said: false,
            });
        };
        let property = |key: &str| self.values.property(open, key);
        let truth = |key: &str| {
            property(key).and_then(|range| match code.raw(range.start) {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            })
        };
        let name = self
            .property_text(open, "field")
            .unwrap_or_else(|| name.to_owned());
        let kind = property("type").map(|range| type_text(code, &range));
        let mut field = self.field(&name, &kind.unwrap_or_default(), lines);
        field.primary_key = truth("primaryKey").unwrap_or(false);
        field.nullable = truth("allowNull") != Some(false) && !field.primary_key;
        field.unique = truth("unique").unwrap_or(false);
        let default = property("defaultValue").and_then(|range| default_text(code, &range));
        field.default = default.and_then(|text| secrets::keep(&name, &text));
        field.description = self.property_text(open, "comment").or(field.description);
        if truth("autoIncrement") == Some(true) {
            field.constraints.push("AUTO_INCREMENT".to_owned());
        }
        let key = property("unique").and_then(|range| match self.object(&range) {
            Some(inner) => self.property_text(inner, "name"),
            None => self.text(&range),
        });
        let reference = self.reference(&field.name, open, lines);
        let provenance = Provenance::observed([file.evidence(lines.0, lines.1)]);
        field.provenance = provenance;
        Some(Column {
            field,
            reference,
            key,
            null_said: property("allowNull").is_some(),
        })
    }

    fn field(&self, name: &str, kind: &str, lines: (u32, u32)) -> Field {
        let mut field = records::field(self.file, name, kind, lines.0);
        field.description = prose::summary(self.file, lines.0);
        field
    }

    /// `references: { model: "users", key: "id" }, onDelete: "CASCADE"`.
    fn reference(&self, name: &str, open: usize, lines: (u32, u32)) -> Option<EntityRelation> {
        let said = self.values.property(open, "references")?;
        let (to, key) = match self.object(&said) {
            Some(inner) => {
                let model = self.values.property(inner, "model")?;
                let key = self.property_text(inner, "key");
                (self.table_name(&model)?, key)
            }
            None => (self.text(&said)?, self.property_text(open, "referencesKey")),
        };
        let on_delete = self.property_text(open, "onDelete");
        Some(self.relation(
            vec![name.to_owned()],
            &to,
            // Sequelize refers to `id` where no key is named.
            vec![key.unwrap_or_else(|| "id".to_owned())],
            on_delete,
            lines,
        ))
    }

    pub(super) fn relation(
        &self,
        fields: Vec<String>,
        to: &str,
        to_fields: Vec<String>,
        on_delete: Option<String>,
        lines: (u32, u32),
    ) -> EntityRelation {
        EntityRelation {
            fields,
            to: id(to),
            to_fields,
            cardinality: Cardinality::ManyToOne,
            on_delete: on_delete.map(|word| word.to_lowercase()),
            through: None,
            provenance: Provenance::observed([self.file.evidence(lines.0, lines.1)]),
        }
    }

    /// `createTable("users", { id: {…}, name: Sequelize.STRING }, { comment: "…", uniqueKeys: {…} })`.
    pub(super) fn create(
        &mut self,
        table: &str,
        columns: usize,
        options: Option<&Range<usize>>,
        lines: (u32, u32),
    ) {
        let mut entity = self.table(table, lines);
        let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for part in self.properties(columns, 0) {
            let name = self.code.raw(part.start).trim_matches(['"', '\'', '`']);
            let value = part.start + 2..part.end;
            let at = (
                self.code.line(part.start),
                self.code.line(part.end.saturating_sub(1)),
            );
            let Some(column) = self.column(name, &value, at) else {
                continue;
            };
            if let Some(key) = column.key {
                let name = column.field.name.clone();
                keys.entry(key).or_default().push(name);
            }
            entity.relations.extend(column.reference);
            entity.fields.push(column.field);
        }
        let options = options.and_then(|range| self.object(range));
        if let Some(open) = options {
            entity.description = self.property_text(open, "comment");
            let given = self.values.property(open, "uniqueKeys");
            let given = given.and_then(|range| self.object(&range));
            for part in given
                .map(|open| self.properties(open, 0))
                .unwrap_or_default()
            {
                let value = part.start + 2..part.end;
                let Some(inner) = self.object(&value) else {
                    continue;
                };
                let fields = self.values.property(inner, "fields");
                let fields = fields.map(|range| self.texts(&range)).unwrap_or_default();
                let name = self.code.raw(part.start).trim_matches(['"', '\'']);
                keys.insert(name.to_owned(), fields);
            }
        }
        let mut named = Vec::new();
        for (name, fields) in keys {
            match fields.as_slice() {
                [] => {}
                [one] => {
                    let field = entity.fields.iter_mut().find(|f| f.name == *one);
                    if let Some(field) = field {
                        field.unique = true;
                    }
                }
                _ => entity.indexes.push(Index {
                    name: name.clone(),
                    fields: fields.clone(),
                    unique: true,
                    method: None,
                    predicate: None,
                    provenance: entity.provenance.clone(),
                }),
            }
            named.push(SqlChange::NamedKey {
                table: id(table),
                name,
                fields,
                kind: KeyKind::Unique,
            });
        }
        self.push(lines, SqlChange::Create(entity));
        for change in named {
            self.push(lines, change);
        }
    }

    /// The properties of an object, with those of objects of this file that are spread into it.
    fn properties(&self, open: usize, depth: u32) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        for part in self.code.arguments(open) {
            if self.code.is(part.start + 1, ":") {
                all.push(part);
                continue;
            }
            let name =
                (part.clone()).find(|&at| !self.code.is(at, ".") && !self.code.is(at, "..."));
            let spread = self.code.raw(part.start).starts_with('.');
            let inner = name.filter(|_| spread && depth < 3);
            if let Some(inner) = inner.and_then(|at| self.object(&(at..part.end))) {
                all.extend(self.properties(inner, depth + 1));
            }
        }
        all
    }

    pub(super) fn add(&mut self, table: &str, name: &str, said: &Range<usize>, lines: (u32, u32)) {
        let Some(column) = self.column(name, said, lines) else {
            return;
        };
        let mut new = self.table(table, lines);
        let mut field = column.field;
        field.unique |= column.key.is_some();
        if field.data_type.is_empty() {
            return;
        }
        let named = column
            .reference
            .is_some()
            .then(|| self.old_key(table, name));
        new.relations.extend(column.reference);
        new.fields.push(field);
        self.push(lines, SqlChange::Extend(new));
        if let Some(named) = named {
            self.push(lines, named);
        }
    }

    /// Versions before 5 name a key after its column.
    fn old_key(&self, table: &str, name: &str) -> SqlChange {
        SqlChange::NamedKey {
            table: id(table),
            name: format!("{name}_foreign_idx"),
            fields: vec![name.to_owned()],
            kind: KeyKind::Foreign,
        }
    }

    /// A column that is defined anew: what is not said of it holds no more, but for its keys; where a
    /// reference is said, the reference alone is sure to be made.
    pub(super) fn change(
        &mut self,
        table: &str,
        name: &str,
        said: &Range<usize>,
        lines: (u32, u32),
    ) {
        let Some(column) = self.column(name, said, lines) else {
            return;
        };
        let (field, unique) = (column.field, column.key.is_some());
        let whole = column.reference.is_none() && !field.data_type.is_empty();
        let mut new = self.table(table, lines);
        if let Some(reference) = column.reference {
            new.relations.push(reference);
        }
        if field.unique || unique {
            let mut key = records::field(self.file, &field.name, "", lines.0);
            key.unique = true;
            new.fields.push(key);
        }
        let mut all = Vec::new();
        if whole {
            all.push(Field {
                unique: false,
                primary_key: false,
                ..field.clone()
            });
        } else {
            let mut operations = Vec::new();
            match field.nullable {
                false => operations.push("SET NOT NULL"),
                true if column.null_said => operations.push("DROP NOT NULL"),
                true => {}
            }
            if field.default.is_some() {
                operations.push("SET DEFAULT");
            }
            for operation in operations {
                all.push(Field {
                    constraints: vec![operation.to_owned()],
                    ..field.clone()
                });
            }
        }
        for column in all {
            let table = id(table);
            self.push(lines, SqlChange::Column { table, column });
        }
        if !new.relations.is_empty() || !new.fields.is_empty() {
            let named = (!new.relations.is_empty()).then(|| self.old_key(table, name));
            self.push(lines, SqlChange::Extend(new));
            if let Some(named) = named {
                self.push(lines, named);
            }
        }
    }
}
