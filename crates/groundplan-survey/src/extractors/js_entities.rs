//! Records that Node code stores: Mongoose, TypeORM, Sequelize.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::records;
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Provenance};
use groundplan_syntax::{Annotation, Call, DeclKind, Declared, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-entities",
    docs: "\
### What it finds
Schemas of Mongoose with the name of their model, classes with `@Entity` of TypeORM and `@Schema` of
NestJS for Mongoose, and models of Sequelize: fields with type, key, nullability, uniqueness and
default, relations by reference or decorator.

### What it does not find
Associations that Sequelize adds by call, fields of base classes, schemas that are put together at
run time.
",
    reads: &[Reads::Languages(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["Schema", "@Entity", "sequelize", "Sequelize", "DataTypes"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    if file.text.contains("mongoose") || file.text.contains("sequelize") {
        for call in file.code().calls() {
            schema(acc, file, &values, call);
            model(acc, file, &values, call);
        }
    }
    for declared in &file.outline().declared {
        if declared.kind == DeclKind::Type {
            class(acc, file, &values, declared);
        }
    }
}

/// `new Schema({ … })` with the name of the model that is made of it.
fn schema(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let last = scan::word_at(code, call);
    let made = call.first > 0 && code.is(call.first - 1, "new");
    if !code.is(last, "Schema") || !made || !file.text.contains("mongoose") {
        return;
    }
    let object = code
        .arguments(call.open)
        .first()
        .and_then(|first| values.literal_at(first))
        .filter(|&open| code.is(open, "{"));
    let Some(open) = object else { return };
    let variable = call
        .first
        .checked_sub(3)
        .filter(|&at| code.is(at + 1, "="))
        .and_then(|at| code.ident(at));
    let Some(name) = model_name(file, variable, call.open).or_else(|| {
        // A schema without a model is a part of another one, named as its variable.
        let stem = variable?.trim_end_matches("Schema");
        (!stem.is_empty()).then(|| stem.to_owned())
    }) else {
        return;
    };
    let line = call.line;
    let mut entity = records::entity(file, &name, None, EntityKind::Collection, line, line);
    entity.description = scan::summary(file, line);
    for part in code.arguments(open) {
        property(file, values, &mut entity, part);
    }
    let end = code.partner(open).map_or(line, |close| code.line(close));
    acc.add(file, line, end, Claim::Entity(Box::new(entity)));
}

/// The name in `model("Name", schema)`, where `schema` is the variable or stands in place.
fn model_name(file: &SourceFile<'_>, variable: Option<&str>, schema: usize) -> Option<String> {
    let code = file.code();
    code.calls().find_map(|call| {
        if !code.is(scan::word_at(code, call), "model") {
            return None;
        }
        let arguments = code.arguments(call.open);
        let second = arguments.get(1)?;
        let by_name = variable.is_some_and(|v| second.len() == 1 && code.is(second.start, v));
        let in_place = second.contains(&schema);
        (by_name || in_place).then(|| code.string(call.open + 1).map(str::to_owned))?
    })
}

/// A property of a schema: `name: String`, `name: { type: String, required: true }`, a list.
fn property(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    entity: &mut Entity,
    part: Range<usize>,
) {
    let code = file.code();
    let name = code.raw(part.start).trim_matches(['"', '\'']);
    if !code.is(part.start + 1, ":") || part.len() < 3 || name.starts_with('.') {
        return;
    }
    let line = code.line(part.start);
    let value = part.start + 2..part.end;
    let list = code.is(value.start, "[");
    let inner = if list {
        code.arguments(value.start)
            .into_iter()
            .next()
            .unwrap_or(value.clone())
    } else {
        value.clone()
    };
    let options = code.is(inner.start, "{").then_some(inner.start);
    let kind = options.and_then(|open| values.property(open, "type"));
    let shown = match (&kind, options) {
        (Some(range), _) => type_name(file, range.clone()),
        (None, Some(_)) => "object".to_owned(),
        (None, None) => type_name(file, inner.clone()),
    };
    let shown = if list { format!("{shown}[]") } else { shown };
    let mut field = records::field(file, name, &shown, line);
    if let Some(open) = options.filter(|_| kind.is_some()) {
        apply(file, values, open, &mut field);
        if let Some(target) = values.folded_property(open, &["ref"]) {
            let cardinality = if list {
                Cardinality::OneToMany
            } else {
                Cardinality::ManyToOne
            };
            entity
                .relations
                .push(relation(file, name, &target, cardinality, line));
        }
        if let Some(target) = values
            .property(open, "references")
            .and_then(|r| values.literal_at(&r))
            .and_then(|inner| values.folded_property(inner, &["model"]))
        {
            let many = Cardinality::ManyToOne;
            entity
                .relations
                .push(relation(file, name, &target, many, line));
        }
    }
    entity.fields.push(field);
}

/// The options of a column that Mongoose, TypeORM and Sequelize share.
fn apply(file: &SourceFile<'_>, values: &Values<'_, '_>, open: usize, field: &mut Field) {
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

fn type_name(file: &SourceFile<'_>, range: Range<usize>) -> String {
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

fn relation(
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
        provenance: Provenance::observed([file.evidence(line, line)]),
    }
}

/// `sequelize.define("name", { … })`, `Name.init({ … }, { tableName })`.
fn model(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, call: Call) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let object = |at: usize| {
        let open = values.literal_at(arguments.get(at)?)?;
        code.is(open, "{").then_some(open)
    };
    let (name, columns, options) = match code.raw(scan::word_at(code, call)) {
        "define" if file.text.contains("equelize") => {
            let Some(name) = code.string(call.open + 1) else {
                return;
            };
            (name.to_owned(), object(1), object(2))
        }
        "init" if file.text.contains("equelize") => {
            (code.raw(call.first).to_owned(), object(0), object(1))
        }
        _ => return,
    };
    let Some(open) = columns else { return };
    if !file.text.contains("DataTypes") && !file.text.contains("Sequelize.") {
        return;
    }
    let stored = options.and_then(|o| values.folded_property(o, &["tableName"]));
    let line = call.line;
    let mut entity = records::entity(file, &name, stored, EntityKind::Table, line, line);
    for part in code.arguments(open) {
        property(file, values, &mut entity, part);
    }
    let end = code.partner(open).map_or(line, |close| code.line(close));
    if !entity.fields.is_empty() {
        acc.add(file, line, end, Claim::Entity(Box::new(entity)));
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
    let options = |a: &Annotation| {
        let all = code.arguments(a.open?);
        all.iter()
            .find_map(|part| values.literal_at(part))
            .filter(|&o| code.is(o, "{"))
    };
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
    entity.description = scan::summary(file, declared.first);
    for member in &outline.declared {
        if member.kind != DeclKind::Field || member.owner != declared.owner {
            continue;
        }
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
                    let made = relation(file, &member.name, &target, cardinality, member.line);
                    entity.relations.push(made);
                }
                continue;
            }
            let key = name.starts_with("Primary") || name == "ObjectIdColumn";
            if !key && !name.ends_with("Column") && name != "Prop" || name == "JoinColumn" {
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
            let shown = first.map(str::to_owned).or(said).unwrap_or(written.clone());
            let mut field = records::field(file, &member.name, &shown, member.line);
            // Columns of TypeORM are not null unless they say so; fields of Mongoose the reverse.
            field.nullable = name == "Prop";
            field.primary_key = key;
            if let Some(open) = open {
                apply(file, values, open, &mut field);
            }
            entity.fields.push(field);
        }
    }
    if !entity.fields.is_empty() {
        let claim = Claim::Entity(Box::new(entity));
        acc.add(file, declared.first, declared.line, claim);
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
