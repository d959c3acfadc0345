//! Entity Framework Core: the snapshot of the model that stands at the end of all migrations.

mod model;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, SqlChange, TableRules};
use crate::paths;
use crate::records;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{
    Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance, Topic,
};
use groundplan_syntax::Language;
use model::{EntityType, Model, Property, Stored};
use std::collections::BTreeMap;

/// How the names of snapshots end.
pub(crate) const FILE: &str = "ModelSnapshot.cs";

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ef-snapshots",
    docs: "\
### What it finds
In the `*ModelSnapshot.cs` that Entity Framework Core keeps beside its migrations: tables and views
with columns, types of the database, nullability, defaults, comments, keys, indexes and foreign keys;
owned types and heirs that share a table as columns of it. One mark per migration, by the file of its
class. Snapshots of one context for several products are told once.

### What it does not find
Check constraints, sequences, seeded rows, migrations of a context without a snapshot.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &["ModelSnapshot", "MigrationBuilder"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    if !file.path.ends_with(FILE) {
        migration(acc, file);
        return;
    }
    let model = Model::read(file.code());
    let tables = Tables::of(file, &model);
    if let Some(context) = context(file) {
        for (class, table) in &tables.classes {
            let rules = TableRules::of_snapshot(class, table, &context);
            let lines = model.types.get(*class).map_or((1, 1), |kind| kind.lines);
            acc.add(file, lines.0, lines.1, Claim::TableRules(Box::new(rules)));
        }
    }
    for table in tables.made.into_values() {
        let lines = table.provenance.first().map_or([1, 1], |at| at.lines);
        let change = SqlChange::Create(table);
        acc.add(file, lines[0], lines[1], Claim::Sql(Box::new(change)));
    }
}

/// `[DbContext(typeof(LendingContext))]`
fn context(file: &SourceFile<'_>) -> Option<String> {
    let code = file.code();
    let mut all = 1..code.tokens.len();
    let at = all.find(|&at| {
        code.is(at, "DbContext") && code.is_byte(at - 1, b'[') && code.is(at + 2, "typeof")
    })?;
    let close = code.partner(at + 3)?;
    code.ident(close - 1).map(str::to_owned)
}

/// `public partial class AddLoans : Migration` in `20240102030405_AddLoans.cs`. The file beside it that
/// names the step is written by a tool.
fn migration(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let step = |class: &groundplan_syntax::TypeDecl| {
        class.heritage.clone().any(|at| code.is(at, "Migration"))
    };
    if file.outline().types.iter().any(step) {
        scan::mark(acc, file, 1, Topic::Migration, file.name(), None);
    }
}

/// Types of C# that hold a value where nothing else is said.
fn is_value(kind: &str) -> bool {
    matches!(
        kind,
        "bool"
            | "byte"
            | "sbyte"
            | "short"
            | "ushort"
            | "int"
            | "uint"
            | "long"
            | "ulong"
            | "float"
            | "double"
            | "decimal"
            | "char"
            | "Guid"
            | "DateTime"
            | "DateTimeOffset"
            | "DateOnly"
            | "TimeOnly"
            | "TimeSpan"
            | "BigInteger"
    )
}

/// The tables of a model by id.
struct Tables<'f, 't> {
    file: &'f SourceFile<'t>,
    model: &'f Model<'f, 't>,
    made: BTreeMap<String, Entity>,
    /// Full names of types with the id of their table.
    classes: BTreeMap<&'f str, String>,
}

/// The table of an entity type and how its columns are called there.
struct Place {
    kind: EntityKind,
    table: String,
    schema: Option<String>,
    /// What stands before the names of columns.
    prefix: String,
    /// Whether rows of other types may lie in the table, so that columns may be empty.
    optional: bool,
    /// Whether all is one column of this name.
    json: Option<String>,
    /// Whether the table is that of another type.
    shared: bool,
}

impl Place {
    fn id(&self) -> String {
        records::in_schema(self.schema.as_deref(), &self.table)
    }
}

/// Bases and owners above a type at most.
const HIGHEST: u8 = 16;

impl<'f, 't> Tables<'f, 't> {
    fn of(file: &'f SourceFile<'t>, model: &'f Model<'f, 't>) -> Self {
        let mut tables = Tables {
            file,
            model,
            made: BTreeMap::new(),
            classes: BTreeMap::new(),
        };
        // Types with a table of their own come first, so that its lines are theirs.
        for shared in [false, true] {
            for name in &model.names {
                let place = tables.place(name, 0).filter(|place| place.shared == shared);
                if let (Some(place), Some(kind)) = (place, model.types.get(name)) {
                    tables.add(name, kind, &place);
                    tables.classes.insert(name, place.id());
                }
            }
        }
        tables
    }

    fn place(&self, name: &str, depth: u8) -> Option<Place> {
        let kind = self.model.types.get(name).filter(|_| depth < HIGHEST)?;
        let own = |table: String, schema: Option<String>, kind: EntityKind| Place {
            kind,
            table,
            schema,
            prefix: String::new(),
            optional: false,
            json: None,
            shared: false,
        };
        let owner = kind.owner.as_ref();
        let above = owner.map(|(owner, _)| owner).or(kind.base.as_ref());
        match (
            &kind.stored,
            above.map(|above| self.place(above, depth + 1)),
        ) {
            (Stored::Nowhere, _) => None,
            (Stored::View(view), _) => Some(own(view.clone(), None, EntityKind::View)),
            (Stored::Table(table, schema), None) => {
                Some(own(table.clone(), schema.clone(), EntityKind::Table))
            }
            (Stored::Unsaid, None) => {
                let last = name.rsplit('.').next().unwrap_or(name).to_owned();
                Some(own(last, None, EntityKind::Table))
            }
            (_, Some(None)) | (Stored::Json(_), None) => None,
            (stored, Some(Some(mut place))) => {
                if let Stored::Table(table, schema) = stored
                    && (*table != place.table || *schema != place.schema)
                {
                    return Some(own(table.clone(), schema.clone(), EntityKind::Table));
                }
                place.shared = true;
                match owner {
                    Some((owner, navigation)) => {
                        let there = self.model.types.get(owner);
                        place.optional |= !there.is_some_and(|t| t.required.contains(navigation));
                        let name = format!("{}{navigation}", place.prefix);
                        if let Stored::Json(column) = stored
                            && place.json.is_none()
                        {
                            place.json = Some(match column.is_empty() {
                                true => name.clone(),
                                false => column.clone(),
                            });
                        }
                        place.prefix = format!("{name}_");
                    }
                    // Rows of the base have none of the columns of an heir.
                    None => place.optional = true,
                }
                Some(place)
            }
        }
    }

    fn seen(&self, lines: (u32, u32)) -> Provenance {
        Provenance::observed([self.file.evidence(lines.0, lines.1)])
    }

    /// The column of a property, that of a base included.
    fn column(&self, kind: &EntityType, place: &Place, name: &str) -> String {
        let mut next = Some(kind);
        for _ in 0..HIGHEST {
            let Some(kind) = next else { break };
            let found = kind.properties.iter().find(|p| p.name == name);
            if let Some(column) = found.and_then(|p| p.column.clone()) {
                return column;
            }
            next = kind
                .base
                .as_ref()
                .and_then(|base| self.model.types.get(base));
        }
        // The key of an owned type is that of its owner.
        match place.shared && !kind.key.iter().any(|k| k == name) {
            true => format!("{}{name}", place.prefix),
            false => name.to_owned(),
        }
    }

    fn columns(&self, kind: &EntityType, place: &Place, names: &[String]) -> Vec<String> {
        names.iter().map(|n| self.column(kind, place, n)).collect()
    }

    fn field(&self, kind: &EntityType, place: &Place, property: &Property) -> Field {
        let is_key = kind.key.contains(&property.name);
        let written = property.column_type.as_deref().unwrap_or(&property.kind);
        let shouted = !written.bytes().any(|b| b.is_ascii_lowercase());
        let written = match shouted {
            true => written.to_lowercase(),
            false => written.trim_end_matches('?').to_owned(),
        };
        let name = self.column(kind, place, &property.name);
        let mut field = records::field(self.file, &name, &written, property.lines.0);
        field.provenance = self.seen(property.lines);
        field.primary_key = is_key && !place.shared;
        let filled = property.required || is_key || is_value(&property.kind);
        field.nullable = !filled || place.optional;
        field.default.clone_from(&property.default);
        field.description.clone_from(&property.comment);
        // A date has no length, whatever the model says of its text.
        let kind = property.kind.trim_end_matches('?');
        let has_length = matches!(kind, "string" | "byte[]" | "char[]") && !written.contains('(');
        if let Some(length) = property.length.as_ref().filter(|_| has_length) {
            field.constraints.push(format!("length = {length}"));
        }
        field
    }

    fn add(&mut self, name: &str, kind: &EntityType, place: &Place) {
        let id = place.id();
        if !self.made.contains_key(&id) {
            let (first, last) = kind.lines;
            let stored = Some(place.table.clone());
            let mut made = records::entity(self.file, name, stored, place.kind, first, last);
            made.id.clone_from(&id);
            made.description.clone_from(&kind.comment);
            self.made.insert(id.clone(), made);
        }
        let (mut fields, mut relations, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(json) = &place.json {
            let mut field = records::field(self.file, json, "json", kind.lines.0);
            field.provenance = self.seen(kind.lines);
            field.nullable = place.optional;
            fields.push(field);
        } else {
            let inherited = self.inherited(kind, place);
            fields.extend(inherited);
            for property in &kind.properties {
                let own_key = place.shared && kind.owner.is_some();
                if !(own_key && kind.key.contains(&property.name)) {
                    fields.push(self.field(kind, place, property));
                }
            }
            for reference in &kind.references {
                relations.extend(self.relation(kind, place, reference));
            }
            for key in &kind.keys {
                indexes.push(Index {
                    name: key.name.clone(),
                    fields: self.columns(kind, place, &key.properties),
                    unique: key.unique,
                    predicate: key.filter.clone(),
                    method: None,
                    provenance: self.seen(key.lines),
                });
            }
        }
        let Some(made) = self.made.get_mut(&id) else {
            return;
        };
        for field in fields {
            let known = made
                .fields
                .iter_mut()
                .find(|f| f.name.eq_ignore_ascii_case(&field.name));
            match known {
                // Heirs may share a column.
                Some(known) => {
                    let places = field.provenance.evidence;
                    known.provenance = known.provenance.clone().and(places);
                }
                None => made.fields.push(field),
            }
        }
        made.relations.extend(relations);
        made.indexes.extend(indexes);
    }

    /// The key of a base whose heir has a table of its own.
    fn inherited(&self, kind: &EntityType, place: &Place) -> Vec<Field> {
        let base = kind.base.as_ref().filter(|_| !place.shared);
        let Some(base) = base.and_then(|base| self.model.types.get(base)) else {
            return Vec::new();
        };
        let keys = base
            .properties
            .iter()
            .filter(|p| base.key.contains(&p.name));
        keys.map(|p| self.field(base, place, p)).collect()
    }

    fn relation(
        &self,
        kind: &EntityType,
        place: &Place,
        reference: &model::Reference,
    ) -> Option<EntityRelation> {
        let there = self.place(&reference.to, 0)?;
        let to = self.model.types.get(&reference.to)?;
        let shares = place.shared && there.id() == place.id();
        // The key of an owned type in the table of its owner refers to nothing else.
        (!shares || kind.owner.is_none()).then(|| EntityRelation {
            fields: self.columns(kind, place, &reference.properties),
            to: there.id(),
            to_fields: self.columns(to, &there, &reference.to_properties),
            cardinality: match reference.one_to_one {
                true => Cardinality::OneToOne,
                false => Cardinality::ManyToOne,
            },
            on_delete: reference.on_delete.map(str::to_owned),
            through: None,
            provenance: self.seen(reference.lines),
        })
    }
}
