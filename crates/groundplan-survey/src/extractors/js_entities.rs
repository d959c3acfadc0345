//! Records that Node code stores: Mongoose and Sequelize.

use super::sequelize_migrations::columns::default_text;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::prose;
use crate::records::{self, apply, relation, type_name};
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Cardinality, DEFAULT_IN_PROGRAM, Entity, EntityKind};
use groundplan_syntax::{Call, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-entities",
    docs: "\
### What it finds
Schemas of Mongoose with the name of their model, and models of Sequelize: fields with type, key,
nullability, uniqueness and default, relations by reference.

### What it does not find
Associations that Sequelize adds by call, schemas that are put together at run time.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["mongoose", "sequelize", "Sequelize"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    let models = models(file);
    for call in file.code().calls() {
        schema(acc, file, &values, &models, call);
        model(acc, file, &values, call);
    }
}

/// `new Schema({ … })` with the name of the model that is made of it.
fn schema(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    models: &Models<'_>,
    call: Call,
) {
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
    let in_place = call
        .first
        .checked_sub(1)
        .and_then(|at| models.by_place.get(&at));
    let named = variable
        .and_then(|v| models.by_variable.get(v))
        .or(in_place);
    // A schema without a model is a part of another one, named as its variable.
    let stem = || {
        variable
            .map(|v| v.trim_end_matches("Schema"))
            .filter(|s| !s.is_empty())
    };
    let Some(name) = named.copied().or_else(stem).map(str::to_owned) else {
        return;
    };
    let line = call.line;
    let mut entity = records::entity(file, &name, None, EntityKind::Collection, line, line);
    entity.description = prose::summary(file, line);
    for part in code.arguments(open) {
        property(file, values, &mut entity, part);
    }
    let end = code.partner(open).map_or(line, |close| code.line(close));
    acc.add(file, line, end, Claim::Entity(Box::new(entity)));
}

/// The names in `model("Name", schema)`: by the variable of the schema, and by the place of one
/// that stands in the call itself.
#[derive(Default)]
struct Models<'t> {
    by_variable: BTreeMap<&'t str, &'t str>,
    by_place: BTreeMap<usize, &'t str>,
}

fn models<'t>(file: &SourceFile<'t>) -> Models<'t> {
    let code = file.code();
    let mut models = Models::default();
    for call in code.calls() {
        if !code.is(scan::word_at(code, call), "model") {
            continue;
        }
        let second = code.arguments(call.open).into_iter().nth(1);
        let (Some(name), Some(second)) = (code.string(call.open + 1), second) else {
            continue;
        };
        match code.ident(second.start).filter(|_| second.len() == 1) {
            Some(variable) => {
                models.by_variable.entry(variable).or_insert(name);
            }
            None => {
                models.by_place.insert(second.start, name);
            }
        }
    }
    models
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
    field.description = prose::of_field(file, line, line);
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
        let default = values.property(open, "defaultValue");
        let default = default.and_then(|range| default_text(code, &range));
        if let Some(text) = default.and_then(|text| secrets::keep(name, &text)) {
            field
                .constraints
                .push(format!("{DEFAULT_IN_PROGRAM}{text}"));
        }
        let comment = values.folded_property(open, &["comment"]);
        field.description = comment.or(field.description);
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
