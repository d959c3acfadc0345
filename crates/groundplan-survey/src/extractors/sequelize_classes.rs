//! Records that classes of sequelize-typescript describe by decorators.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mapper, ModelClass};
use crate::prose;
use crate::records::{self, apply, relation, type_name};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Cardinality, EntityKind, EntityRelation, Field};
use groundplan_syntax::{Annotation, DeclKind, Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sequelize-classes",
    docs: "\
### What it finds
Classes with `@Table` of sequelize-typescript, and base classes that lend columns to them: columns with
type, key, nullability and uniqueness, associations with their cardinality.

### What it does not find
Names of tables that Sequelize makes from the name of a class, scopes, hooks, columns that only
migrations make.
",
    reads: &[Reads::Own(&[Language::TypeScript])],
    markers: &["sequelize-typescript"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for index in 0..file.outline().types.len() {
        class(acc, file, &values, index);
    }
}

fn class(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, index: usize) {
    let (code, outline) = (file.code(), file.outline());
    let class = &outline.types[index];
    if class.keyword != "class" {
        return;
    }
    let of_class = |d: &&Declared| d.owner == Some(index);
    let declared = (outline.declared.iter().filter(of_class)).find(|d| d.kind == DeclKind::Type);
    let table = declared.and_then(|d| d.annotation(&["Table"]));
    let first = declared.map_or(class.line, |d| d.first);
    let stored = table.and_then(|t| t.open).and_then(|open| {
        let options = code.arguments(open).first().cloned()?;
        let name = code.string(options.start).map(str::to_owned);
        name.or_else(|| values.folded_property(values.literal_at(&options)?, &["tableName"]))
    });
    let kind = EntityKind::Table;
    let mut entity = records::entity(file, &class.name, stored, kind, first, class.line);
    entity.description = prose::summary(file, first);
    for member in outline.declared.iter().filter(of_class) {
        if member.kind == DeclKind::Field {
            entity.relations.extend(association(file, member));
            entity.fields.extend(column(file, values, member));
        }
    }
    if entity.fields.is_empty() {
        return;
    }
    let class = ModelClass {
        name: class.name.clone(),
        entity,
        bases: class.base(code).map(str::to_owned).into_iter().collect(),
        mapper: Mapper::Sequelize,
        stored: table.is_some(),
        lends: table.is_none(),
        makers: Vec::new(),
        ones: Vec::new(),
        apart: false,
    };
    acc.add(file, first, first, Claim::Model(Box::new(class)));
}

/// `@BelongsTo(() => User, "userId")`
/// (<https://github.com/sequelize/sequelize-typescript#associations>).
fn association(file: &SourceFile<'_>, member: &Declared) -> Option<EntityRelation> {
    let (found, cardinality) = member.annotations.iter().find_map(|a| {
        let cardinality = match a.name.as_str() {
            "BelongsTo" => Cardinality::ManyToOne,
            "HasMany" => Cardinality::OneToMany,
            "HasOne" => Cardinality::OneToOne,
            "BelongsToMany" => Cardinality::ManyToMany,
            _ => return None,
        };
        Some((a, cardinality))
    })?;
    let target = target(file, found)?;
    Some(relation(
        file,
        &member.name,
        &target,
        cardinality,
        member.line,
    ))
}

/// `() => User`, or `{ model: () => User }`.
fn target(file: &SourceFile<'_>, found: &Annotation) -> Option<String> {
    let code = file.code();
    let mut first = code.arguments(found.open?).into_iter().next()?;
    let arrow = first.find(|&at| code.is(at, "=") && code.is(at + 1, ">"))?;
    code.ident(arrow + 2).map(str::to_owned)
}

/// A column: each decorator says one thing of it. Columns may be null unless they say otherwise
/// (<https://github.com/sequelize/sequelize-typescript#column>).
fn column(file: &SourceFile<'_>, values: &Values<'_, '_>, member: &Declared) -> Option<Field> {
    let code = file.code();
    let with = |name: &str| member.annotations.iter().find(|a| a.name == name);
    let stamped = ["CreatedAt", "UpdatedAt", "DeletedAt"]
        .iter()
        .any(|name| with(name).is_some());
    let found = with("Column").or_else(|| with("ForeignKey"));
    if found.is_none() && !stamped {
        return None;
    }
    let given = found
        .filter(|a| a.name == "Column")
        .and_then(|a| code.arguments(a.open?).into_iter().next());
    let open = given
        .as_ref()
        .and_then(|part| values.literal_at(part))
        .filter(|&o| code.is(o, "{"));
    let typed = match open {
        Some(open) => values.property(open, "type"),
        None => given.filter(|part| code.is(part.start, "DataType")),
    };
    let shown = match typed {
        // `DataType.ENUM(...)`
        Some(range) if code.is(range.start + 1, ".") => code.raw(range.start + 2).to_owned(),
        Some(range) => type_name(file, range),
        None => written_type(file, member),
    };
    let mut field = records::field(file, &member.name, &shown, member.line);
    field.nullable = with("DeletedAt").is_some() || !stamped;
    field.primary_key = with("PrimaryKey").is_some();
    field.unique = with("Unique").is_some();
    if let Some(open) = open {
        apply(file, values, open, &mut field);
    }
    let allowed = with("AllowNull").map(|a| !a.open.is_some_and(|o| code.is(o + 1, "false")));
    field.nullable = !field.primary_key && allowed.unwrap_or(field.nullable);
    Some(field)
}

/// The first word of the type after the colon of a field; sequelize-typescript takes the column's
/// type from it.
fn written_type(file: &SourceFile<'_>, member: &Declared) -> String {
    let code = file.code();
    let colon = (member.at + 1..member.at + 3).find(|&at| code.is(at, ":"));
    let word = colon.map(|at| code.raw(at + 1)).unwrap_or_default();
    word.to_owned()
}
