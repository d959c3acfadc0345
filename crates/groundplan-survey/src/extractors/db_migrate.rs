//! Migrations of db-migrate, as changes of a schema that are replayed.

use crate::extractor::{Extractor, Reads};
use crate::extractors::knex::{id, taken_back};
use crate::facts::{Claim, FileFacts, SqlChange};
use crate::paths;
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{
    Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance, Topic,
};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "db-migrate",
    docs: "\
### What it finds
Tables that migrations of db-migrate make, change and drop through its own functions
(<https://db-migrate.readthedocs.io/en/latest/API/SQL/>): `db.createTable(\"orders\", { id: { type: \"int\", primaryKey:
true } })`, `db.addColumn`, `removeColumn`, `renameColumn`, `changeColumn`, `addIndex`, `addForeignKey`, `renameTable`, `dropTable`, also
bound for later (`db.createTable.bind(db, \"orders\", …)`); one mark per migration.

### What it does not find
Options that stand elsewhere, what `down` takes back; statements of SQL (`db.runSql`) are read as such.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["exports.up", "export async function up", "export function up"],
    run: extract,
};

/// The functions of the library that change a schema.
const FUNCTIONS: [&str; 10] = [
    "addColumn",
    "addForeignKey",
    "addIndex",
    "changeColumn",
    "createTable",
    "dropTable",
    "removeColumn",
    "removeForeignKey",
    "renameColumn",
    "renameTable",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || !FUNCTIONS.iter().any(|name| file.text.contains(name)) {
        return;
    }
    let code = file.code();
    let left = taken_back(code);
    let mut all = Vec::new();
    for call in code.calls() {
        if left.iter().any(|range| range.contains(&call.open)) {
            continue;
        }
        let name = code.name(call);
        let mut parts = name.split('.');
        let (Some("db"), Some(function)) = (parts.next(), parts.next()) else {
            continue;
        };
        // What is bound for later is given the object first.
        let skip = match parts.next() {
            None => 0,
            Some("bind") => 1,
            Some(_) => continue,
        };
        let last = code.line(code.partner(call.open).unwrap_or(call.open));
        let given: Vec<Range<usize>> = code.arguments(call.open).into_iter().skip(skip).collect();
        let change = Change {
            file,
            code,
            lines: (call.line, last),
            given,
        };
        all.extend(change.of(function).map(|made| (change.lines, made)));
    }
    if all.is_empty() {
        return;
    }
    let name = file.name().to_owned();
    scan::mark(acc, file, 1, Topic::Migration, name, None);
    for ((first, last), change) in all {
        acc.add(file, first, last, Claim::Sql(Box::new(change)));
    }
}

/// One call of a function of the library.
struct Change<'f, 't> {
    file: &'f SourceFile<'t>,
    code: &'f Code<'t>,
    lines: (u32, u32),
    given: Vec<Range<usize>>,
}

impl Change<'_, '_> {
    fn text(&self, index: usize) -> Option<String> {
        let range = self.given.get(index).filter(|range| range.len() == 1)?;
        let text = self.code.string(range.start)?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    }

    fn texts(&self, index: usize) -> Vec<String> {
        let Some(range) = self.given.get(index) else {
            return Vec::new();
        };
        let text = |at: usize| self.code.string(at).map(str::to_owned);
        match self.code.is(range.start, "[") {
            true => range.clone().filter_map(text).collect(),
            false => text(range.start).into_iter().collect(),
        }
    }

    fn of(&self, function: &str) -> Option<SqlChange> {
        let name = self.text(0)?;
        let table = id(&name);
        let at = || self.file.evidence(self.lines.0, self.lines.1);
        Some(match function {
            "createTable" => SqlChange::Create(self.created(&name)?),
            "addColumn" => {
                let mut made = self.table(&name);
                let open = self.given.get(2)?.start;
                self.add(&mut made, &self.text(1)?, open);
                SqlChange::Extend(made)
            }
            "changeColumn" => {
                let mut made = self.table(&name);
                self.add(&mut made, &self.text(1)?, self.given.get(2)?.start);
                SqlChange::Column {
                    table,
                    column: made.fields.pop()?,
                }
            }
            "removeColumn" => SqlChange::DropColumn {
                table,
                column: self.text(1)?,
            },
            "renameColumn" => SqlChange::RenameColumn {
                table,
                from: self.text(1)?,
                to: self.text(2)?,
            },
            "renameTable" => SqlChange::Rename {
                from: table,
                to: self.text(1)?,
                at: at(),
            },
            "dropTable" => SqlChange::Drop(table),
            "removeForeignKey" => SqlChange::DropConstraint {
                table,
                name: self.text(1)?,
            },
            "addIndex" => {
                let fields = self.texts(2);
                let mut made = self.table(&name);
                let unique = self.given.get(3);
                made.indexes.push(Index {
                    name: self.text(1).unwrap_or_default(),
                    fields,
                    unique: unique.is_some_and(|r| self.code.is(r.start, "true")),
                    method: None,
                    predicate: None,
                    provenance: Provenance::observed([at()]),
                });
                SqlChange::Extend(made)
            }
            "addForeignKey" => {
                // Table, other table, name, columns with those of the other.
                let mut made = self.table(&name);
                let pairs = self.properties(self.given.get(3)?.start);
                let own = pairs.iter().map(|(key, _)| (*key).to_owned()).collect();
                let others = pairs.iter().filter_map(|(_, r)| self.code.string(r.start));
                made.relations.push(EntityRelation {
                    fields: own,
                    to: id(&self.text(1)?),
                    to_fields: others.map(str::to_owned).collect(),
                    cardinality: Cardinality::ManyToOne,
                    on_delete: None,
                    through: None,
                    provenance: Provenance::observed([at()]),
                });
                SqlChange::Extend(made)
            }
            _ => return None,
        })
    }

    /// A table that holds nothing yet.
    fn table(&self, name: &str) -> Entity {
        let (first, last) = self.lines;
        let stored = Some(name.to_owned());
        let mut made = records::entity(self.file, name, stored, EntityKind::Table, first, last);
        made.id = id(name);
        made
    }

    /// The table that a call makes: its columns stand in the options, or in `columns` of them.
    fn created(&self, name: &str) -> Option<Entity> {
        let mut made = self.table(name);
        let open = self.given.get(1)?.start;
        let mut columns = self.properties(open);
        let inner = columns
            .iter()
            .find(|(key, range)| *key == "columns" && self.code.is(range.start, "{"));
        if let Some(inner) = inner.map(|(_, range)| range.start) {
            columns = self.properties(inner);
        }
        for (column, range) in columns {
            self.add(&mut made, column, range.start);
        }
        (!made.fields.is_empty()).then_some(made)
    }

    /// Adds a column: its type as a text, or its options in braces.
    fn add(&self, made: &mut Entity, name: &str, at: usize) {
        let code = self.code;
        let line = code.line(at);
        let options = self.properties(at);
        let of = |key: &str| {
            options
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, r)| r.clone())
        };
        let is = |key: &str| of(key).is_some_and(|range| code.is(range.start, "true"));
        let written = of("type").map_or(at, |range| range.start);
        let Some(kind) = code.string(written).map(str::to_owned).or_else(|| {
            // `type: dataType.STRING`
            let last = of("type")?.end.checked_sub(1)?;
            code.ident(last).map(str::to_ascii_lowercase)
        }) else {
            return;
        };
        let kind = match of("length").map(|range| code.raw(range.start)) {
            Some(length) => format!("{kind}({length})"),
            None => kind,
        };
        let mut field: Field = records::field(self.file, name, &kind, line);
        field.primary_key = is("primaryKey");
        field.unique = is("unique");
        field.nullable = !(is("notNull") || field.primary_key);
        field.default = of("defaultValue")
            .filter(|range| range.len() == 1)
            .map(|range| code.string(range.start).unwrap_or(code.raw(range.start)))
            .and_then(|text| secrets::keep(name, text));
        if let Some(key) = of("foreignKey").filter(|range| code.is(range.start, "{")) {
            let inner = self.properties(key.start);
            let text = |key: &str| {
                let found = inner.iter().find(|(name, _)| *name == key);
                found.and_then(|(_, range)| code.string(range.start))
            };
            if let Some(to) = text("table") {
                let mut relation =
                    records::relation(self.file, name, to, Cardinality::ManyToOne, line);
                relation.to = id(to);
                relation.to_fields = text("mapping").map(str::to_owned).into_iter().collect();
                made.relations.push(relation);
            }
        }
        made.fields.push(field);
    }

    /// The properties of an object literal; none where there is no literal.
    fn properties(&self, open: usize) -> Vec<(&str, Range<usize>)> {
        let code = self.code;
        if !code.is(open, "{") {
            return Vec::new();
        }
        let parts = code.arguments(open).into_iter();
        parts
            .filter_map(|part| {
                let key = code.string(part.start).or_else(|| code.ident(part.start))?;
                let value = part.start + 2..part.end;
                (code.is(part.start + 1, ":") && !value.is_empty()).then_some((key, value))
            })
            .collect()
    }
}
