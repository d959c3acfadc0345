//! Records that structures of SeaORM describe.

use crate::code_view::rust_tests;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::prose;
use crate::records::{self, relation};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, EntityKind, EntityRelation, Field};
use groundplan_syntax::{Annotation, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rust-entities",
    docs: "\
### What it finds
Structures with `#[sea_orm(table_name = \"…\")]` of SeaORM
(<https://www.sea-ql.org/SeaORM/docs/generate-entity/entity-structure/>): columns with type, key,
nullability, uniqueness and default, and the relations of the same file with their cardinality.

### What it does not find
Tables that migrations of sea-query alone make, types that `column_type` gives by a function, models of
Diesel.
",
    reads: &[Reads::Own(&[Language::Rust])],
    markers: &["sea_orm("],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let notes: Vec<Annotation> = code.annotations();
    let tests = rust_tests(code);
    for (index, note) in notes.iter().enumerate() {
        let table = given(code, note, "table_name").and_then(|r| code.string(r.start));
        let Some(table) = table.filter(|_| note.name == "sea_orm") else {
            continue;
        };
        if tests.iter().any(|range| range.contains(&note.next)) {
            continue;
        }
        let Some((at, open)) = structure(code, note.next) else {
            continue;
        };
        let close = code.partner(open).unwrap_or(open);
        // Structures of one name in a module each: the table tells them apart.
        let (first, last) = (note.line, code.line(at));
        let stored = Some(table.to_owned());
        let mut entity = records::entity(file, table, stored, EntityKind::Table, first, last);
        // The comment stands above the first of its attributes.
        let above = (notes[..index].iter().rev())
            .scan(note.next, |next, n| {
                let joined = n.next < *next && code.is(n.next, "#");
                *next = n.next;
                joined.then_some(n.line)
            })
            .last();
        entity.description = prose::summary(file, above.unwrap_or(first));
        let columns = columns(file, open + 1..close, &notes);
        entity.relations = relations(file, &notes, &columns);
        entity.fields = columns.into_iter().map(|(_, field)| field).collect();
        if !entity.fields.is_empty() {
            acc.add(file, first, last, Claim::Entity(Box::new(entity)));
        }
    }
}

/// The value of an argument of an attribute: `table_name = "users"`.
fn given(code: &Code<'_>, note: &Annotation, name: &str) -> Option<Range<usize>> {
    let arguments = code.arguments(note.open?);
    let found = arguments
        .into_iter()
        .find(|r| code.is(r.start, name) && code.is(r.start + 1, "="))?;
    Some(found.start + 2..found.end)
}

/// Whether an attribute says a bare word: `primary_key`.
fn says(code: &Code<'_>, note: &Annotation, word: &str) -> bool {
    let arguments = note.open.map(|open| code.arguments(open));
    let mut all = arguments.into_iter().flatten();
    all.any(|r| r.len() == 1 && code.is(r.start, word))
}

/// The structure that further attributes lead to: its name and the bracket of its fields.
fn structure(code: &Code<'_>, from: usize) -> Option<(usize, usize)> {
    let at = past_attributes(code, from)?;
    let at = past_visibility(code, at)?;
    let name = code.is(at, "struct").then_some(at + 1)?;
    code.is(name + 1, "{").then_some((name, name + 1))
}

fn past_attributes(code: &Code<'_>, mut at: usize) -> Option<usize> {
    while code.is(at, "#") {
        at = code.partner(at + 1)? + 1;
    }
    Some(at)
}

fn past_visibility(code: &Code<'_>, mut at: usize) -> Option<usize> {
    if code.is(at, "pub") {
        at += 1;
        if code.is(at, "(") {
            at = code.partner(at)? + 1;
        }
    }
    Some(at)
}

/// The fields of a structure that are columns, by their names in code.
fn columns<'t>(
    file: &SourceFile<'t>,
    body: Range<usize>,
    notes: &[Annotation],
) -> Vec<(&'t str, Field)> {
    let code = file.code();
    let mut all = Vec::new();
    let mut at = body.start;
    while at < body.end && all.len() < 400 {
        let begin = at;
        let name_at = past_attributes(code, at).and_then(|at| past_visibility(code, at));
        let Some(name_at) = name_at.filter(|&n| code.ident(n).is_some() && code.is(n + 1, ":"))
        else {
            break;
        };
        let mut end = name_at + 2;
        let mut depth = 0_i32;
        while end < body.end && !(depth == 0 && code.is(end, ",")) {
            match code.raw(end) {
                "<" => depth += 1,
                ">" => depth -= 1,
                "(" | "[" => end = code.partner(end).unwrap_or(end),
                _ => {}
            }
            end += 1;
        }
        at = end + 1;
        let first = notes.partition_point(|n| n.next <= begin);
        let own: Vec<&Annotation> = (notes.iter().skip(first))
            .take_while(|n| n.next <= name_at)
            .filter(|n| n.name == "sea_orm")
            .collect();
        // What is only joined to a row is no column of it.
        if own.iter().any(|n| says(code, n, "ignore")) {
            continue;
        }
        let mut made = column(file, name_at, name_at + 2..end, &own);
        made.description = prose::summary(file, code.line(begin));
        all.push((code.raw(name_at), made));
    }
    all
}

fn column(file: &SourceFile<'_>, at: usize, kind: Range<usize>, own: &[&Annotation]) -> Field {
    let code = file.code();
    let text = |name: &str| {
        let range = own.iter().find_map(|n| given(code, n, name))?;
        code.string(range.start).map(str::to_owned)
    };
    // `Option<T>` may be null (<https://www.sea-ql.org/SeaORM/docs/generate-entity/column-types/>).
    let optional = code.is(kind.start, "Option") && code.is(kind.start + 1, "<");
    let shown = match optional {
        true => kind.start + 2..kind.end.saturating_sub(1),
        false => kind,
    };
    let shown: String = shown.map(|i| code.raw(i)).collect();
    let name = text("column_name").unwrap_or_else(|| code.raw(at).to_owned());
    let kind = text("column_type").unwrap_or(shown);
    let mut field = records::field(file, &name, &kind, code.line(at));
    field.nullable = optional || own.iter().any(|n| says(code, n, "nullable"));
    field.primary_key = own.iter().any(|n| says(code, n, "primary_key"));
    field.unique = own.iter().any(|n| says(code, n, "unique"));
    field.default = (own.iter().find_map(|n| given(code, n, "default_value")))
        .filter(|r| r.len() == 1)
        .and_then(|r| secrets::keep(&name, code.raw(r.start).trim_matches('"')));
    field
}

/// The relations that variants of a file name: `#[sea_orm(belongs_to = "super::users::Entity", …)]`.
fn relations(
    file: &SourceFile<'_>,
    notes: &[Annotation],
    columns: &[(&str, Field)],
) -> Vec<EntityRelation> {
    const KINDS: [(&str, Cardinality); 3] = [
        ("belongs_to", Cardinality::ManyToOne),
        ("has_many", Cardinality::OneToMany),
        ("has_one", Cardinality::OneToOne),
    ];
    let code = file.code();
    let column = |note: &Annotation, name: &str| -> Option<String> {
        let range = given(code, note, name)?;
        let last = code.string(range.start)?.rsplit("::").next()?;
        Some(crate::scan::snake(last))
    };
    let mut all = Vec::new();
    for note in notes.iter().filter(|n| n.name == "sea_orm") {
        for (name, cardinality) in KINDS {
            let Some(target) = given(code, note, name).and_then(|r| code.string(r.start)) else {
                continue;
            };
            // The module of an entity is called like its table.
            let mut words = target.rsplit("::");
            let Some(module) = words.next().and_then(|_| words.next()) else {
                continue;
            };
            // The column of a variant is the one of the field that is called so.
            let named = column(note, "from").unwrap_or_default();
            let own = columns.iter().find(|(name, _)| *name == named);
            let field = own.map_or(named, |(_, field)| field.name.clone());
            let mut made = relation(file, &field, module, cardinality, note.line);
            made.fields.retain(|f| !f.is_empty());
            made.to_fields.extend(column(note, "to"));
            if let Some(action) = given(code, note, "on_delete").and_then(|r| code.string(r.start))
            {
                made.on_delete = Some(action.to_uppercase());
            }
            all.push(made);
        }
    }
    all
}
