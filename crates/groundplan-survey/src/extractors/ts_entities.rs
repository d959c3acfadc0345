//! Records that classes of TypeORM and of NestJS for Mongoose describe.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mapper, ModelClass};
use crate::prose;
use crate::records::{self, apply, relation, type_name};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Cardinality, Entity, EntityKind, Field};
use groundplan_syntax::{Annotation, DeclKind, Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ts-entities",
    docs: "\
### What it finds
Classes with `@Entity` of TypeORM and with `@Schema` of NestJS for Mongoose: columns with type, key,
nullability, uniqueness and default, relations with their cardinality, the columns that keep their keys and
the tables between two (`@JoinTable`). What a base class lends is added once all files are known.

### What it does not find
Columns of embedded objects, names that a strategy makes, entities of other libraries.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["@Entity", "@Schema", "typeorm"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for declared in file.declared() {
        if declared.kind == DeclKind::Type {
            class(acc, file, &values, declared);
        }
    }
    if file.text.contains("typeorm") {
        lending(acc, file, &values);
    }
}

/// A class of TypeORM, or of NestJS for Mongoose.
fn class(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, declared: &Declared) {
    let code = file.code();
    let outline = file.outline();
    let typeorm = declared
        .annotation(&["Entity"])
        .filter(|_| file.text.contains("typeorm"));
    let nest = declared
        .annotation(&["Schema"])
        .filter(|_| file.text.contains("@nestjs/mongoose"));
    let (annotation, kind) = match (typeorm, nest) {
        (Some(found), _) => (found, EntityKind::Table),
        (None, Some(found)) => (found, EntityKind::Collection),
        (None, None) => return,
    };
    let options = |a: &Annotation| options(file, values, a);
    let stored = annotation
        .open
        .and_then(|open| code.string(open + 1).map(str::to_owned))
        .or_else(|| values.folded_property(options(annotation)?, &["name", "collection"]));
    let mut entity = records::entity(
        file,
        &declared.name,
        stored,
        kind,
        declared.first,
        declared.line,
    );
    entity.description = prose::summary(file, declared.first);
    let mut joined = Vec::new();
    columns(file, values, declared.owner, &mut entity, &mut joined);
    for table in joined {
        let line = table
            .provenance
            .first()
            .map_or(declared.line, |e| e.lines[0]);
        acc.add(file, line, line, Claim::Entity(Box::new(table)));
    }
    let class = declared.owner.and_then(|owner| outline.types.get(owner));
    let base = class.and_then(|class| class.base(code));
    let base = base.filter(|_| kind == EntityKind::Table && typeorm.is_some());
    if let Some(base) = base {
        let mut alone = entity.clone();
        alone.fields.clear();
        let lines = (declared.first, declared.line);
        model(acc, file, (&declared.name, Some(base)), alone, false, lines);
    }
    if !entity.fields.is_empty() || base.is_some() {
        let claim = Claim::Entity(Box::new(entity));
        acc.add(file, declared.first, declared.line, claim);
    }
}

/// A class that lends its columns to others, or one that may take some from above.
fn model(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (name, base): (&str, Option<&str>),
    entity: Entity,
    lends: bool,
    lines: (u32, u32),
) {
    let class = ModelClass {
        name: name.to_owned(),
        entity,
        bases: base.map(str::to_owned).into_iter().collect(),
        mapper: Mapper::Jpa,
        stored: !lends,
        lends,
        makers: Vec::new(),
        ones: Vec::new(),
        apart: false,
        without: Vec::new(),
    };
    acc.add(file, lines.0, lines.1, Claim::Model(Box::new(class)));
}

/// Classes without a table of their own whose members are columns: `abstract class Base`.
fn lending(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let (code, outline) = (file.code(), file.outline());
    for (index, class) in outline.types.iter().enumerate() {
        let marked = |d: &Declared| d.kind == DeclKind::Type && d.owner == Some(index);
        if class.keyword != "class" || outline.declared.iter().any(marked) {
            continue;
        }
        let lines = (class.line, code.line(class.close));
        let kind = EntityKind::Table;
        let mut entity = records::entity(file, &class.name, None, kind, lines.0, lines.1);
        columns(file, values, Some(index), &mut entity, &mut Vec::new());
        let base = class.base(code);
        if !entity.fields.is_empty() {
            model(acc, file, (&class.name, base), entity, true, lines);
        }
    }
}

/// The columns of the members of a class, and the tables between it and others.
fn columns(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    owner: Option<usize>,
    entity: &mut Entity,
    joined: &mut Vec<Entity>,
) {
    let code = file.code();
    let options = |a: &Annotation| options(file, values, a);
    let mut keys: Vec<Field> = Vec::new();
    let members = file.outline().declared.iter();
    for member in members.filter(|m| m.kind == DeclKind::Field && m.owner == owner) {
        let written = written_type(file, member);
        for found in &member.annotations {
            let name = found.name.as_str();
            let cardinality = match name {
                "ManyToOne" => Some(Cardinality::ManyToOne),
                "OneToMany" => Some(Cardinality::OneToMany),
                "OneToOne" => Some(Cardinality::OneToOne),
                "ManyToMany" => Some(Cardinality::ManyToMany),
                _ => None,
            };
            if let Some(cardinality) = cardinality {
                if let Some(target) = target(file, found) {
                    let mut made = relation(file, &member.name, &target, cardinality, member.line);
                    let joins = member.annotation(&["JoinColumn"]);
                    // The side of one to one that has the key says so.
                    if (name == "ManyToOne" || name == "OneToOne" && joins.is_some())
                        && let Some(key) = key(file, values, member, found, joins)
                    {
                        made.fields = vec![key.name.clone()];
                        keys.push(key);
                    }
                    if let (Some(table), "ManyToMany") = (member.annotation(&["JoinTable"]), name) {
                        joined.push(between(file, values, entity, member, table, &target));
                    }
                    entity.relations.push(made);
                }
                continue;
            }
            let is_key = name.starts_with("Primary") || name == "ObjectIdColumn";
            if !is_key && !name.ends_with("Column") && name != "Prop" || name == "JoinColumn" {
                continue;
            }
            let open = options(found);
            let first = found
                .open
                .and_then(|o| code.string(o + 1))
                .filter(|_| name != "Prop");
            let said = open
                .and_then(|o| values.property(o, "type"))
                .map(|range| type_name(file, range));
            let shown = first
                .map(str::to_owned)
                .or(said)
                .unwrap_or_else(|| written.clone());
            let mut field = records::field(file, &member.name, &shown, member.line);
            field.description = prose::summary(file, member.first);
            // Columns of TypeORM are not null unless they say so; fields of Mongoose the reverse.
            field.nullable = name == "Prop";
            field.primary_key = is_key;
            if let Some(open) = open {
                apply(file, values, open, &mut field);
                let comment = values.folded_property(open, &["comment"]);
                field.description = comment.or(field.description);
                let called = values.folded_property(open, &["name"]);
                if let Some(called) = called.filter(|_| name != "Prop") {
                    field.name = called;
                }
            }
            // A member may have several decorators that say the same of it.
            match entity.fields.iter_mut().find(|f| f.name == field.name) {
                Some(known) => known.primary_key |= field.primary_key,
                None => entity.fields.push(field),
            }
        }
    }
    for key in keys {
        let known = |f: &Field| f.name.eq_ignore_ascii_case(&key.name);
        if !entity.fields.iter().any(known) {
            entity.fields.push(key);
        }
    }
}

/// The object of options among what an annotation is given.
fn options(file: &SourceFile<'_>, values: &Values<'_, '_>, a: &Annotation) -> Option<usize> {
    let all = file.code().arguments(a.open?);
    all.iter().find_map(|part| object(file, values, part))
}

/// The column that keeps the key of another table: the one that `@JoinColumn` names, else the member with
/// `Id` behind it (<https://typeorm.io/docs/relations/relations#joincolumn-options>).
fn key(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    member: &Declared,
    found: &Annotation,
    joins: Option<&Annotation>,
) -> Option<Field> {
    let told = joins
        .and_then(|joins| joins.open)
        .is_some_and(|open| !file.code().arguments(open).is_empty());
    // Names that were not read are none that could be made.
    if told && joins.is_some_and(|joins| options(file, values, joins).is_none()) {
        return None;
    }
    let named = joins.and_then(|joins| {
        let open = options(file, values, joins)?;
        values.folded_property(open, &["name"])
    });
    let name = named.unwrap_or_else(|| format!("{}Id", member.name));
    let mut key = records::field(file, &name, "", member.line);
    if let Some(open) = options(file, values, found) {
        let said = values.property(open, "nullable");
        key.nullable = said.is_none_or(|r| !file.code().is(r.start, "false"));
    }
    key.primary_key = member.annotation(&["PrimaryColumn"]).is_some();
    Some(key)
}

/// The table of a `@JoinTable` with its two keys.
fn between(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    entity: &Entity,
    member: &Declared,
    table: &Annotation,
    target: &str,
) -> Entity {
    let open = options(file, values, table);
    let named = |open: Option<usize>, key: &str| values.folded_property(open?, &[key]);
    let usual = || scan::snake(&format!("{}_{}_{target}", entity.name, member.name));
    let name = named(open, "name").unwrap_or_else(usual);
    let kind = EntityKind::Table;
    let line = member.line;
    let mut made = records::entity(file, &name, Some(name.clone()), kind, member.first, line);
    let ends = [
        (
            ["joinColumn", "joinColumns"],
            entity.id.as_str(),
            entity.name.as_str(),
        ),
        (["inverseJoinColumn", "inverseJoinColumns"], target, target),
    ];
    for (keys, end, table) in ends {
        let given = open.and_then(|open| keys.iter().find_map(|key| values.property(open, key)));
        let inner = (given.as_ref()).and_then(|range| object(file, values, range));
        // A name that is not read is none that could be made.
        let column = match (&given, named(inner, "name")) {
            (_, Some(name)) => name,
            (None, None) => format!("{}Id", camel(table)),
            (Some(_), None) => continue,
        };
        let mut field = records::field(file, &column, "", line);
        (field.nullable, field.primary_key) = (false, true);
        made.fields.push(field);
        let many = Cardinality::ManyToOne;
        made.relations
            .push(relation(file, &column, end, many, line));
    }
    made
}

/// `order_items` and `OrderItems` as `orderItems`, as TypeORM names columns after tables
/// (`DefaultNamingStrategy.joinTableColumnName`).
fn camel(name: &str) -> String {
    let mut made = String::new();
    let mut capital = false;
    for c in name.chars() {
        match c {
            '_' | '-' | '.' | ' ' => capital = !made.is_empty(),
            c if made.is_empty() => made.extend(c.to_lowercase()),
            c if capital => {
                made.extend(c.to_uppercase());
                capital = false;
            }
            c => made.push(c),
        }
    }
    made
}

/// The object literal in a range, or the only one of a list.
fn object(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    range: &std::ops::Range<usize>,
) -> Option<usize> {
    let code = file.code();
    let open = values.literal_at(range)?;
    if !code.is(open, "[") {
        return code.is(open, "{").then_some(open);
    }
    match code.arguments(open).as_slice() {
        [only] => values.literal_at(only).filter(|&o| code.is(o, "{")),
        _ => None,
    }
}

/// The type after the colon of a field.
fn written_type(file: &SourceFile<'_>, member: &Declared) -> String {
    let code = file.code();
    let colon = (member.at + 1..member.at + 3).find(|&at| code.is(at, ":"));
    let Some(colon) = colon else {
        return String::new();
    };
    let end = (colon + 1..colon + 20)
        .find(|&at| matches!(code.raw(at), ";" | "=" | "@") || code.line(at) > code.line(colon))
        .unwrap_or(colon + 2);
    (colon + 1..end).map(|at| code.raw(at)).collect()
}

/// `() => Order` or `type => Order`.
fn target(file: &SourceFile<'_>, found: &Annotation) -> Option<String> {
    let code = file.code();
    let first = code.arguments(found.open?).into_iter().next()?;
    let arrow = first
        .clone()
        .find(|&at| code.is(at, "=") && code.is(at + 1, ">"));
    match arrow {
        Some(at) => code.ident(at + 2).map(str::to_owned),
        None => code.string(first.start).map(str::to_owned),
    }
}
