//! Schemas of Prisma.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, EnvRead, FileFacts};
use crate::prose;
use crate::records;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{
    Cardinality, Entity, EntityKind, EntityRelation, Index, Provenance, SET_AGAIN,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "prisma",
    docs: "\
### What it finds
Models of a Prisma schema as tables (as collections for MongoDB): fields with type, key, nullability,
uniqueness, default and comment, relations with what happens on deletion, indexes; the provider of
the data source and the variable that holds its address.

### What it does not find
Views, native types that another file defines.
",
    reads: &[Reads::Paths(&["*.prisma"])],
    markers: &["model ", "datasource "],
    run: extract,
};

/// The mark of the product that a data source names.
pub(crate) const SOURCE: &str = "datasource of Prisma";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let lines: Vec<&str> = file.text.lines().take(50_000).collect();
    let models: BTreeSet<&str> = lines.iter().filter_map(|l| header(l, "model")).collect();
    let columns = columns(&lines);
    let mongo = lines
        .iter()
        .any(|l| l.trim_start().starts_with("provider") && l.contains("\"mongodb\""));
    let mut at = 0;
    while at < lines.len() {
        let end = (at..lines.len())
            .find(|&i| lines[i].trim() == "}")
            .unwrap_or(lines.len() - 1);
        if let Some(name) = header(lines[at], "model") {
            let mut entity = model(file, &lines, at, end, name, mongo, &models);
            as_columns(&mut entity, name, &columns);
            let (first, last) = (at as u32 + 1, end as u32 + 1);
            acc.add(file, first, last, Claim::Entity(Box::new(entity)));
            at = end;
        } else if header(lines[at], "datasource").is_some() {
            source(acc, file, &lines, at, end);
            at = end;
        }
        at += 1;
    }
}

/// The columns that `@map("…")` names, by the snake-case name of their model and their field.
type Columns<'l> = BTreeMap<(String, &'l str), &'l str>;

fn columns<'l>(lines: &[&'l str]) -> Columns<'l> {
    let mut all = BTreeMap::new();
    let mut model: Option<String> = None;
    for line in lines {
        if let Some(name) = header(line, "model") {
            model = Some(scan::snake(name));
            continue;
        }
        let written = line.trim().split(" //").next().unwrap_or_default();
        let Some((head, rest)) = written.split_once(" @map(") else {
            continue;
        };
        let field = head.split_whitespace().next();
        if let (Some(model), Some(field), Some(column)) = (&model, field, rest.split('"').nth(1)) {
            all.insert((model.clone(), field), column);
        }
    }
    all
}

/// Gives fields, keys and relations the names of the columns that keep them.
fn as_columns(entity: &mut Entity, model: &str, columns: &Columns<'_>) {
    let named = |model: &str, field: &mut String| {
        if let Some(column) = columns.get(&(model.to_owned(), field.as_str())) {
            *field = (*column).to_owned();
        }
    };
    let own = scan::snake(model);
    for field in &mut entity.fields {
        named(&own, &mut field.name);
    }
    for field in entity.indexes.iter_mut().flat_map(|i| &mut i.fields) {
        named(&own, field);
    }
    for relation in &mut entity.relations {
        for field in &mut relation.fields {
            named(&own, field);
        }
        for field in &mut relation.to_fields {
            named(&relation.to, field);
        }
    }
}

/// The name in `keyword Name {`.
fn header<'l>(line: &'l str, keyword: &str) -> Option<&'l str> {
    let rest = line.trim().strip_prefix(keyword)?;
    let name = rest.strip_suffix('{')?;
    let name = name.strip_prefix(char::is_whitespace)?.trim();
    (!name.is_empty()).then_some(name)
}

fn source(acc: &mut FileFacts, file: &SourceFile<'_>, lines: &[&str], first: usize, last: usize) {
    for (offset, line) in lines[first..=last].iter().enumerate() {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let at = (first + offset) as u32 + 1;
        let quoted = value.split('"').nth(1).unwrap_or_default();
        match key.trim() {
            "provider" if !quoted.is_empty() => {
                let technology = match quoted {
                    "postgres" => "postgresql",
                    "sqlserver" => "sql-server",
                    other => other,
                };
                scan::uses(acc, file, at, technology, "client", SOURCE);
            }
            "url" if value.contains("env(") && !quoted.is_empty() => {
                let read = EnvRead {
                    field: None,
                    name: quoted.to_owned(),
                    default: None,
                    computed: None,
                    guarded: false,
                    switch: false,
                    keyed: false,
                    optional: false,
                };
                acc.add(file, at, at, Claim::EnvRead(read));
            }
            _ => {}
        }
    }
}

fn model(
    file: &SourceFile<'_>,
    lines: &[&str],
    first: usize,
    last: usize,
    name: &str,
    mongo: bool,
    models: &BTreeSet<&str>,
) -> Entity {
    let kind = if mongo {
        EntityKind::Collection
    } else {
        EntityKind::Table
    };
    let line_of = |at: usize| at as u32 + 1;
    let mut entity = records::entity(file, name, None, kind, line_of(first), line_of(last));
    let mut comment = comment_before(lines, first);
    entity.description = comment.take().and_then(|c| prose::sentence(&c));
    let body = lines.iter().enumerate().take(last).skip(first + 1);
    for (at, line) in body {
        let trimmed = line.trim();
        if let Some(rest) = trimmed.strip_prefix("///") {
            let rest = rest.trim();
            comment = match comment.take() {
                Some(before) => Some(format!("{before}\n{rest}")),
                None => Some(rest.to_owned()),
            };
            continue;
        }
        if trimmed.is_empty() || trimmed.starts_with("//") {
            continue;
        }
        if trimmed.starts_with("@@") {
            block_attribute(file, &mut entity, trimmed, line_of(at));
            continue;
        }
        let before = entity.fields.len();
        field(file, &mut entity, trimmed, line_of(at), models);
        // What stands above a relation is said of no column.
        let above = comment.take();
        if let Some(field) = entity.fields.get_mut(before) {
            let above = above.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
            let behind = || prose::behind_prisma(trimmed);
            if let Some(text) = above.or_else(behind) {
                field.description = Some(text);
            }
        }
    }
    entity
}

fn comment_before(lines: &[&str], at: usize) -> Option<String> {
    let before: Vec<&str> = lines[..at]
        .iter()
        .rev()
        .map_while(|l| l.trim().strip_prefix("///"))
        .map(str::trim)
        .collect();
    let words: Vec<&str> = before.into_iter().rev().collect();
    (!words.is_empty()).then(|| words.join("\n"))
}

fn field(file: &SourceFile<'_>, entity: &mut Entity, line: &str, at: u32, models: &BTreeSet<&str>) {
    let line = prose::comment_begins(line).map_or(line, |at| &line[..at]);
    let mut words = line.split_whitespace();
    let (Some(name), Some(written)) = (words.next(), words.next()) else {
        return;
    };
    let bare = written.trim_end_matches(['?', ']', '[']);
    let many = written.ends_with("[]");
    if models.contains(bare) {
        // The side that holds the key names its fields; a list is the other side.
        let names = |key: &str| listed(line, key);
        let fields = names("fields:");
        if !many && fields.is_empty() {
            return;
        }
        entity.relations.push(EntityRelation {
            fields: if fields.is_empty() {
                vec![name.to_owned()]
            } else {
                fields
            },
            to: scan::snake(bare),
            to_fields: names("references:"),
            cardinality: if many {
                Cardinality::OneToMany
            } else {
                Cardinality::ManyToOne
            },
            on_delete: line
                .split_once("onDelete:")
                .map(|(_, rest)| word(rest).to_owned()),
            through: None,
            provenance: Provenance::observed([file.evidence(at, at)]),
        });
        return;
    }
    let mut field = records::field(file, name, written.trim_end_matches('?'), at);
    field.primary_key = line.contains("@id");
    field.unique = line.contains("@unique");
    field.nullable = written.ends_with('?');
    field.default = line
        .split_once("@default(")
        .map(|(_, rest)| balanced(rest).trim_matches('"').to_owned())
        .filter(|d| !d.is_empty() && d.len() < 100);
    // Its client makes these; the column of the database has no default
    // (<https://www.prisma.io/docs/orm/reference/prisma-schema-reference#attribute-functions>).
    if let Some(made) = field.default.take_if(|d| is_of_client(d)) {
        let made = made.split('(').next().unwrap_or_default();
        let text = format!("Prisma Client sets it by `{made}()`");
        field.description.get_or_insert(text);
    }
    if line.contains("@updatedAt") {
        field
            .constraints
            .push(format!("{SET_AGAIN}the present time"));
    }
    if let Some((_, rest)) = line.split_once("@db.") {
        field.data_type = format!("{} ({})", field.data_type, native(rest));
    }
    entity.fields.push(field);
}

/// Whether a default is made by the client, not by the database.
fn is_of_client(default: &str) -> bool {
    let name = default.split('(').next().unwrap_or_default();
    default.contains('(') && matches!(name, "cuid" | "nanoid" | "ulid" | "uuid")
}

fn block_attribute(file: &SourceFile<'_>, entity: &mut Entity, line: &str, at: u32) {
    let inner = line.split_once('(').map_or("", |(_, rest)| balanced(rest));
    if line.starts_with("@@map") {
        if let Some(name) = inner.split('"').nth(1) {
            entity.name = name.to_owned();
        }
        return;
    }
    let fields = listed(line, "(");
    if line.starts_with("@@id") {
        for field in &mut entity.fields {
            field.primary_key |= fields.contains(&field.name);
        }
    } else if (line.starts_with("@@index") || line.starts_with("@@unique")) && !fields.is_empty() {
        entity.indexes.push(Index {
            name: String::new(),
            fields,
            unique: line.starts_with("@@unique"),
            predicate: None,
            method: None,
            provenance: Provenance::observed([file.evidence(at, at)]),
        });
    }
}

/// The names in the first `[…]` after `key`.
fn listed(line: &str, key: &str) -> Vec<String> {
    let rest = line.split_once(key).map_or("", |(_, rest)| rest);
    let Some((_, rest)) = rest.split_once('[') else {
        return Vec::new();
    };
    let inner = rest.split(']').next().unwrap_or_default();
    let names = inner.split(',').map(|n| word(n).to_owned());
    names.filter(|n| !n.is_empty()).collect()
}

fn word(text: &str) -> &str {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

/// The text up to the bracket that closes one which is already open.
fn balanced(text: &str) -> &str {
    let mut depth = 1_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return &text[..at];
                }
            }
            _ => {}
        }
    }
    text
}

/// `VarChar(255)` of `@db.VarChar(255) @unique`.
fn native(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or(text)
}
