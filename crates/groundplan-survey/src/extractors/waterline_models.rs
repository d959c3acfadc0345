//! Models of Waterline, as Sails has them in `api/models`.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mapper, ModelClass};
use crate::records;
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{
    CHECKED_BY_PROGRAM, Cardinality, DEFAULT_IN_PROGRAM, Entity, EntityKind, Field,
    NULLABILITY_UNREAD,
};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "waterline-models",
    docs: "\
### What it finds
Models of Waterline (<https://sailsjs.com/documentation/concepts/models-and-orm/models>): files of `api/models` of Sails
that export `attributes`, and `Waterline.Collection.extend({…})`, with the name of the table, columns with type, what
the program requires, checks and fills in, associations (`model`, `collection` with `via` and `through`), and the
attributes of `config/models.js` that all models have.

### What it does not find
Attributes that a call or a spread brings, methods of instances, life cycle callbacks.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["attributes:", "exports.models"],
    run: extract,
};

/// The name under which the attributes of all models stand among the classes.
const ALL_MODELS: &str = "*waterline";

/// A base that is not there: some of the attributes come from elsewhere.
const ELSEWHERE: &str = "*waterline-elsewhere";

/// Attributes of a model at most.
const MOST: usize = 300;

/// Whether a file holds a model of Sails by its folder.
fn is_model_file(path: &str) -> bool {
    path.starts_with("api/models/") || path.contains("/api/models/")
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    if file.name() == "models.js" && file.folder().ends_with("config") {
        return of_all(acc, file, &values);
    }
    let code = file.code();
    let stem = file.name().rsplit_once('.').map_or("", |(stem, _)| stem);
    if is_model_file(file.path) {
        if let Some(open) = exported(code, None) {
            model(acc, file, &values, open, stem);
        }
        return;
    }
    if !file.says("Waterline.Collection.extend(") {
        return;
    }
    for call in code.calls() {
        let collection = code.is(call.open - 1, "extend")
            && call.open > 3
            && code.is(call.open - 3, "Collection");
        if !collection || !code.is(call.open + 1, "{") {
            continue;
        }
        let open = call.open + 1;
        if let Some(name) = values.folded_property(open, &["globalId", "identity"]) {
            model(acc, file, &values, open, &name);
        }
    }
}

/// The bracket of the object that a file exports: of `module.exports`, or of one property of it.
pub(crate) fn exported(code: &Code<'_>, property: Option<&str>) -> Option<usize> {
    let mut places = 0..code.tokens.len();
    places.find_map(|at| {
        if !code.is(at, "exports") {
            return None;
        }
        let end = match property {
            Some(name) if code.is(at + 1, ".") && code.is(at + 2, name) => at + 3,
            None if at > 1 && code.is(at - 1, ".") && code.is(at - 2, "module") => at + 1,
            _ => return None,
        };
        (code.is(end, "=") && code.is(end + 1, "{")).then_some(end + 1)
    })
}

/// `module.exports.models = { attributes: { id: { … } } }`: what all models have.
fn of_all(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    let Some(open) = exported(code, Some("models")) else {
        return;
    };
    let (first, last) = lines(code, open);
    let mut entity = records::entity(file, ALL_MODELS, None, EntityKind::Table, first, last);
    let key = values.folded_property(open, &["primaryKey"]);
    if let Some(list) = object(values, code, open, "attributes") {
        attributes(file, values, list, key.as_deref(), &mut entity);
    }
    let claim = ModelClass {
        lends: true,
        stored: false,
        ..class(ALL_MODELS, entity)
    };
    acc.add(file, first, last, Claim::Model(Box::new(claim)));
}

fn model(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    open: usize,
    name: &str,
) {
    let code = file.code();
    let Some(list) = object(values, code, open, "attributes") else {
        return;
    };
    let (first, last) = lines(code, open);
    let table = values.folded_property(open, &["tableName"]);
    let mut entity = records::entity(file, name, table, EntityKind::Table, first, last);
    let key = values.folded_property(open, &["primaryKey"]);
    let whole = attributes(file, values, list, key.as_deref(), &mut entity);
    let mut claim = class(name, entity);
    claim.bases.push(ALL_MODELS.to_owned());
    if !whole {
        claim.bases.push(ELSEWHERE.to_owned());
    }
    // `createdAt: false` takes out what all models have.
    for part in code.arguments(list) {
        if code.is(part.start + 1, ":") && code.is(part.start + 2, "false") {
            let name = key_of(code, &part);
            claim.without.extend([scan::snake(name), name.to_owned()]);
        }
    }
    acc.add(file, first, last, Claim::Model(Box::new(claim)));
}

fn class(name: &str, entity: Entity) -> ModelClass {
    ModelClass {
        name: name.to_owned(),
        entity,
        bases: Vec::new(),
        mapper: Mapper::Waterline,
        stored: true,
        lends: false,
        makers: Vec::new(),
        ones: Vec::new(),
        apart: false,
        without: Vec::new(),
    }
}

fn lines(code: &Code<'_>, open: usize) -> (u32, u32) {
    let last = code.partner(open).unwrap_or(open);
    (code.line(open), code.line(last))
}

/// The bracket of the object that a property is.
fn object(values: &Values<'_, '_>, code: &Code<'_>, open: usize, name: &str) -> Option<usize> {
    let found = values.property(open, name)?;
    values.literal_at(&found).filter(|&open| code.is(open, "{"))
}

/// The name of a property.
pub(crate) fn key_of<'t>(code: &Code<'t>, part: &Range<usize>) -> &'t str {
    code.string(part.start)
        .unwrap_or_else(|| code.raw(part.start))
}

/// Adds the attributes of a model; `false` if some of them come from elsewhere.
fn attributes(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    list: usize,
    key: Option<&str>,
    entity: &mut Entity,
) -> bool {
    let code = file.code();
    let mut whole = true;
    for part in code.arguments(list).into_iter().take(MOST) {
        let name = key_of(code, &part);
        if !code.is(part.start + 1, ":") {
            // `...shared`; `toJSON() {…}` is a method.
            whole &= !code.is(part.start, ".");
            continue;
        }
        let value = part.start + 2..part.end;
        let line = code.line(part.start);
        // `name: "string"`, as before version 1 of Sails.
        if let Some(kind) = code.string(value.start).filter(|_| value.len() == 1) {
            let field = records::field(file, name, kind, line);
            entity.fields.push(field);
            continue;
        }
        if !code.is(value.start, "{") {
            let method = matches!(code.raw(value.start), "function" | "async" | "(" | "false");
            whole &= method;
            continue;
        }
        attribute(file, values, (name, line), value.start, key, entity);
    }
    whole
}

/// `boardId: { model: "Board", required: true, columnName: "board_id" }`.
fn attribute(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    (name, line): (&str, u32),
    open: usize,
    key: Option<&str>,
    entity: &mut Entity,
) {
    let code = file.code();
    let last = code.line(code.partner(open).unwrap_or(open));
    let said = |names: &[&str]| values.folded_property(open, names);
    let truth = |name: &str| {
        let range = values.property(open, name);
        range.is_some_and(|range| code.is(range.start, "true"))
    };
    let relate = |field: &str, target: &str, cardinality: Cardinality| {
        let mut made = records::relation(file, field, target, cardinality, line);
        made.provenance = groundplan_model::Provenance::observed([file.evidence(line, last)]);
        made
    };
    if let Some(target) = said(&["collection"]) {
        let joint = said(&["through"]);
        let cardinality = match joint {
            Some(_) => Cardinality::ManyToMany,
            None => Cardinality::OneToMany,
        };
        let mut made = relate(name, &target, cardinality);
        made.through = joint.map(|joint| scan::snake(&joint));
        // Whether the other side has a column for it shows once all models are known.
        made.to_fields = said(&["via"]).into_iter().collect();
        entity.relations.push(made);
        return;
    }
    let column = said(&["columnName"]).unwrap_or_else(|| name.to_owned());
    let target = said(&["model"]);
    if let Some(target) = &target {
        let made = relate(&column, target, Cardinality::ManyToOne);
        entity.relations.push(made);
    }
    let stored = object(values, code, open, "autoMigrations");
    let stored_type = stored.and_then(|open| values.folded_property(open, &["columnType"]));
    let kind = stored_type
        .or_else(|| said(&["columnType", "type"]))
        .unwrap_or_default();
    let mut field = records::field(file, &column, &kind, line);
    field.provenance = groundplan_model::Provenance::observed([file.evidence(line, last)]);
    field.description = said(&["description"]);
    field.primary_key = name == key.unwrap_or("id") || truth("primaryKey");
    let unique = stored.and_then(|open| values.property(open, "unique"));
    field.unique = truth("unique") || unique.is_some_and(|range| code.is(range.start, "true"));
    // What is not required is kept as an empty value of its type, and may be null only where that is said
    // (<https://sailsjs.com/documentation/concepts/models-and-orm/attributes#allownull>).
    let open_type = matches!(kind.as_str(), "json" | "ref") || target.is_some();
    field.nullable = !field.primary_key && !truth("required") && (truth("allowNull") || open_type);
    // The program keeps to that, which says nothing of the column.
    field.constraints.push(NULLABILITY_UNREAD.to_owned());
    constraints(file, values, open, &mut field);
    entity.fields.push(field);
}

/// What the program fills in and checks.
fn constraints(file: &SourceFile<'_>, values: &Values<'_, '_>, open: usize, field: &mut Field) {
    let code = file.code();
    let default = values.property(open, "defaultsTo").filter(|r| r.len() <= 7);
    let default = default.map(|range| scan::joined(code, range));
    let default = default.map(|text| text.trim_matches(['"', '\'']).to_owned());
    if let Some(text) = default
        .filter(|text| !text.is_empty() && text != "null")
        .and_then(|text| secrets::keep(&field.name, &text))
    {
        field
            .constraints
            .push(format!("{DEFAULT_IN_PROGRAM}{text}"));
    }
    let inner = object(values, code, open, "validations");
    let rule = |name: &str| {
        values
            .property(open, name)
            .or_else(|| values.property(inner?, name))
    };
    let mut checks: Vec<String> = Vec::new();
    if let Some(range) = rule("isIn")
        && let Some(text) = one_of(values, code, &range)
    {
        checks.push(text);
    }
    for (name, words) in [
        ("isEmail", "an e-mail address"),
        ("isURL", "a URL"),
        ("isUUID", "a UUID"),
        ("isInteger", "a whole number"),
        ("isIP", "an IP address"),
        ("isNotEmptyString", "not empty"),
    ] {
        if rule(name).is_some_and(|range| code.is(range.start, "true")) {
            checks.push(words.to_owned());
        }
    }
    for (name, before, after) in [
        ("min", "at least ", ""),
        ("max", "at most ", ""),
        ("minLength", "at least ", " characters"),
        ("maxLength", "at most ", " characters"),
    ] {
        let number = rule(name).filter(|range| range.len() == 1);
        let text = number.map(|range| code.raw(range.start));
        if let Some(text) = text.filter(|text| text.bytes().all(|b| b.is_ascii_digit())) {
            checks.push(format!("{before}{text}{after}"));
        }
    }
    let all = checks.into_iter();
    let all = all.map(|text| format!("{CHECKED_BY_PROGRAM}{text}"));
    field.constraints.extend(all);
}

/// `["draft", "sent"]`, `Object.values(States)` with the object in the file, or as it is written.
fn one_of(values: &Values<'_, '_>, code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let listed = code.is(range.start, "[");
    let of_object = code.is(range.start, "Object")
        && code.is(range.start + 2, "values")
        && code.is(range.start + 3, "(");
    let all: Vec<String> = if listed {
        let parts = code.arguments(range.start);
        let all = parts.iter().filter(|part| part.len() == 1);
        all.filter_map(|part| code.string(part.start))
            .map(str::to_owned)
            .collect()
    } else if of_object {
        let argument = code.arguments(range.start + 3).into_iter().next()?;
        let object = values.literal_at(&argument).filter(|&o| code.is(o, "{"));
        let parts = object.map(|open| code.arguments(open)).unwrap_or_default();
        let whole = parts
            .iter()
            .all(|part| part.len() == 3 && code.string(part.start + 2).is_some());
        let texts = parts.iter().filter_map(|part| code.string(part.start + 2));
        match whole {
            true => texts.map(str::to_owned).collect(),
            false => Vec::new(),
        }
    } else {
        Vec::new()
    };
    match all.len() {
        1..=20 => Some(format!("one of {}", all.join(", "))),
        _ => {
            let text = scan::joined(code, range.clone());
            (!text.is_empty() && text.len() <= 60).then(|| format!("one of {text}"))
        }
    }
}
