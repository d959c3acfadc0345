//! Short ways to make entities of the vocabulary.

use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Provenance};
use std::ops::Range;

/// An entity without fields. Its id is made of the name in code, so that relations of other files
/// meet it; its name is the one in the store, if the code says one.
pub(crate) fn entity(
    file: &SourceFile<'_>,
    code_name: &str,
    stored_name: Option<String>,
    kind: EntityKind,
    first: u32,
    last: u32,
) -> Entity {
    Entity {
        id: scan::snake(code_name),
        name: stored_name.unwrap_or_else(|| code_name.to_owned()),
        kind,
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
        provenance: Provenance::observed([file.evidence(first, last)]),
    }
}

/// The id of a table, as ids have it: with its schema unless that is the usual one.
pub(crate) fn in_schema(schema: Option<&str>, table: &str) -> String {
    let table = table.to_lowercase();
    match schema.map(str::to_lowercase) {
        Some(schema) if !matches!(schema.as_str(), "public" | "dbo") => format!("{schema}.{table}"),
        _ => table,
    }
}

/// A field of which only name and type are known; it may be absent.
pub(crate) fn field(file: &SourceFile<'_>, name: &str, data_type: &str, line: u32) -> Field {
    Field {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        nullable: true,
        default: None,
        primary_key: false,
        unique: false,
        constraints: Vec::new(),
        description: None,
        provenance: Provenance::observed([file.evidence(line, line)]),
    }
}

/// A relation that stands at one line; `target` is the name in code.
pub(crate) fn relation(
    file: &SourceFile<'_>,
    field: &str,
    target: &str,
    cardinality: Cardinality,
    line: u32,
) -> EntityRelation {
    EntityRelation {
        fields: vec![field.to_owned()],
        to: scan::snake(target),
        to_fields: Vec::new(),
        cardinality,
        on_delete: None,
        through: None,
        provenance: Provenance::observed([file.evidence(line, line)]),
    }
}

/// The options of a column that Mongoose, TypeORM and Sequelize share.
pub(crate) fn apply(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    open: usize,
    field: &mut Field,
) {
    let code = file.code();
    let truth = |name: &str| {
        let range = values.property(open, name)?;
        match code.raw(range.start) {
            "true" | "[" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    };
    let required = truth("required").unwrap_or(false) || truth("allowNull") == Some(false);
    field.primary_key |= truth("primaryKey").unwrap_or(false) || truth("primary").unwrap_or(false);
    field.unique |= truth("unique").unwrap_or(false);
    if let Some(nullable) = truth("nullable") {
        field.nullable = nullable;
    } else if required || field.primary_key {
        field.nullable = false;
    }
    let default = values.property(open, "default").filter(|r| r.len() <= 5);
    field.default = default
        .map(|range| {
            // `() => "now()"` is an expression of the database.
            let arrow = range.clone().find(|&at| code.is(at, ">"));
            let start = arrow.map_or(range.start, |at| at + 1);
            (start..range.end)
                .map(|at| code.raw(at))
                .collect::<String>()
        })
        .and_then(|text| secrets::keep(&field.name, text.trim_matches(['"', '\''])))
        .filter(|text| !text.is_empty());
    for name in ["length", "minlength", "maxlength", "min", "max", "enum"] {
        let range = values.property(open, name).filter(|r| r.len() <= 30);
        if let Some(range) = range {
            let text: Vec<&str> = range.map(|at| code.raw(at)).collect();
            field
                .constraints
                .push(format!("{name} = {}", text.join("")));
        }
    }
}

/// The name of a type in JavaScript: the last word of a dotted name, or the text of a literal.
pub(crate) fn type_name(file: &SourceFile<'_>, range: Range<usize>) -> String {
    let code = file.code();
    if let Some(text) = code.string(range.start) {
        return text.to_owned();
    }
    let name = code.dotted(range.start, range.end);
    let last = name
        .trim_end_matches("()")
        .rsplit('.')
        .next()
        .unwrap_or_default();
    if last.is_empty() {
        "object".to_owned()
    } else {
        last.to_owned()
    }
}
