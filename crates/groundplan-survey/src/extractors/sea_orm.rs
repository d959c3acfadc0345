//! Models of SeaORM.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::prose;
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, EntityKind, Field};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sea-orm",
    docs: "\
### What it finds
Structs with `#[sea_orm(table_name = \"…\")]`: columns with type, key, uniqueness and whether they may
be absent, and what `belongs_to` of their relations refers to.

### What it does not find
Tables of migrations (`sea_orm_migration`), column types that only `ColumnTrait::def` tells.
",
    reads: &[Reads::Languages(&[Language::Rust])],
    markers: &["sea_orm(table_name", "sea_orm(schema_name"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    for note in code.annotations() {
        let open = note.open.filter(|_| note.name == "sea_orm");
        let Some(table) = open.and_then(|open| text_of(code, open, "table_name")) else {
            continue;
        };
        let limit = code.tokens.len().min(note.next + 60);
        let Some(at) = (note.next..limit).find(|&at| code.is(at, "struct")) else {
            continue;
        };
        let Some(body) = (at + 1..limit).find(|&at| code.is(at, "{")) else {
            continue;
        };
        let Some(close) = code.partner(body) else {
            continue;
        };
        // Every model is called `Model`; others refer to it by its module.
        let module = match module_of(code, at) {
            Some(name) => name,
            None => file_module(file.path),
        };
        let (first, last) = (note.line, code.line(close));
        let stored = Some(table.to_owned());
        let mut entity = records::entity(file, module, stored, EntityKind::Table, first, last);
        entity.description = prose::summary(file, first);
        entity.fields = fields(file, code, body + 1..close);
        relations(file, code, close, &mut entity.relations);
        if !entity.fields.is_empty() {
            acc.add(file, first, last, Claim::Entity(Box::new(entity)));
        }
    }
}

/// The inline module around a struct, `pub mod users { … }`.
fn module_of<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let inside = |open: usize| code.partner(open).is_some_and(|close| close > at);
    let mut all = (0..at).rev();
    let module = all.find(|&m| code.is(m, "mod") && code.is(m + 2, "{") && inside(m + 2))?;
    code.ident(module + 1)
}

fn file_module(path: &str) -> &str {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name.strip_suffix(".rs").unwrap_or(name) {
        "mod" => folder.rsplit('/').next().unwrap_or(folder),
        stem => stem,
    }
}

/// The text of `key = "…"` in an attribute.
fn text_of<'t>(code: &Code<'t>, open: usize, key: &str) -> Option<&'t str> {
    let close = code.partner(open)?;
    let at = (open + 1..close).find(|&at| code.is(at, key) && code.is(at + 1, "="))?;
    code.string(at + 2)
}

/// The fields of a struct, with what attributes say of their columns.
fn fields(file: &SourceFile<'_>, code: &Code<'_>, body: Range<usize>) -> Vec<Field> {
    let mut found = Vec::new();
    let mut at = body.start;
    while at < body.end {
        let mut marks: Vec<usize> = Vec::new();
        while code.is(at, "#") && code.is(at + 1, "[") {
            if code.is(at + 2, "sea_orm") && code.is(at + 3, "(") {
                marks.push(at + 3);
            }
            at = code.partner(at + 1).unwrap_or(at + 1) + 1;
        }
        if code.is(at, "pub") {
            at += 1;
            if code.is(at, "(") {
                at = code.partner(at).unwrap_or(at) + 1;
            }
        }
        let kind = at + 2..end_of_type(code, at + 2, body.end);
        if let Some(name) = code.ident(at).filter(|_| code.is(at + 1, ":")) {
            found.extend(field(file, code, name, &kind, &marks));
        }
        at = kind.end.max(at) + 1;
    }
    found
}

/// Where a type ends: at the comma that stands in no bracket.
fn end_of_type(code: &Code<'_>, from: usize, end: usize) -> usize {
    let (mut at, mut depth) = (from, 0_i32);
    while at < end {
        match code.raw(at) {
            "<" => depth += 1,
            ">" => depth -= 1,
            "," if depth <= 0 => return at,
            _ => at = code.partner(at).filter(|p| *p > at).unwrap_or(at),
        }
        at += 1;
    }
    end
}

fn field(
    file: &SourceFile<'_>,
    code: &Code<'_>,
    name: &str,
    kind: &Range<usize>,
    marks: &[usize],
) -> Option<Field> {
    let has = |key: &str| {
        let inside = |open: &usize| *open..code.partner(*open).unwrap_or(*open);
        marks.iter().flat_map(inside).any(|at| code.is(at, key))
    };
    let said = |key: &str| marks.iter().find_map(|open| text_of(code, *open, key));
    if has("ignore") || has("belongs_to") || has("has_many") || has("has_one") {
        return None;
    }
    let line = code.line(kind.start);
    let optional = code.is(kind.start, "Option") && code.is(kind.start + 1, "<");
    let inner = match optional {
        true => kind.start + 2..kind.end.saturating_sub(1),
        false => kind.clone(),
    };
    let written: String = inner.map(|at| code.raw(at)).collect();
    let column = said("column_name").unwrap_or(name);
    let kind = said("column_type").unwrap_or(&written);
    let mut field = records::field(file, column, kind, line);
    field.primary_key = has("primary_key");
    field.unique = has("unique");
    field.nullable = (optional || has("nullable")) && !field.primary_key;
    field.default = said("default_value").and_then(|text| secrets::keep(column, text));
    Some(field)
}

/// `#[sea_orm(belongs_to = "super::users::Entity", from = "Column::UserId", to = "super::users::Column::Id")]`
fn relations(
    file: &SourceFile<'_>,
    code: &Code<'_>,
    from: usize,
    all: &mut Vec<groundplan_model::EntityRelation>,
) {
    for note in code.annotations() {
        let Some(open) = note
            .open
            .filter(|_| note.name == "sea_orm" && note.next > from)
        else {
            continue;
        };
        // What follows is of the next model.
        if text_of(code, open, "table_name").is_some() {
            break;
        }
        let last = |text: &str| scan::snake(text.rsplit("::").next().unwrap_or(text));
        let target = text_of(code, open, "belongs_to").and_then(|path| path.rsplit("::").nth(1));
        let (Some(target), Some(field)) = (target, text_of(code, open, "from")) else {
            continue;
        };
        let many = Cardinality::ManyToOne;
        let mut made = records::relation(file, &last(field), target, many, note.line);
        made.to_fields = text_of(code, open, "to").map(last).into_iter().collect();
        made.on_delete = text_of(code, open, "on_delete").map(str::to_lowercase);
        all.push(made);
    }
}
