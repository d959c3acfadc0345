//! Tables that Drizzle declares.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::prose;
use crate::records::{self, relation};
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, Index, Provenance};
use groundplan_syntax::{Call, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "drizzle",
    docs: "\
### What it finds
Tables of Drizzle (`pgTable`, `mysqlTable`, `sqliteTable`): columns with type, key, nullability,
uniqueness, literal default and length, references with what happens on deletion, indexes.

### What it does not find
Tables that a creator of the repository's own makes, columns that another object lends, relations
that only `relations` tells.
",
    reads: &[Reads::Languages(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["drizzle-orm"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        if matches!(word, "pgTable" | "mysqlTable" | "sqliteTable") {
            table(acc, file, call);
        }
    }
}

fn table(acc: &mut FileFacts, file: &SourceFile<'_>, call: Call) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let name = arguments.first().and_then(|r| code.string(r.start));
    let object = arguments.get(1).map(|r| r.start);
    let (Some(name), Some(open)) = (name, object.filter(|&at| code.is(at, "{"))) else {
        return;
    };
    // Others refer to a table by its variable.
    let variable = call
        .first
        .checked_sub(2)
        .filter(|&at| code.is(at + 1, "="))
        .and_then(|at| code.ident(at));
    let end = code.partner(call.open).unwrap_or(call.open);
    let (first, last) = (call.line, code.line(end));
    let stored = Some(name.to_owned());
    let kind = EntityKind::Table;
    let mut entity = records::entity(file, variable.unwrap_or(name), stored, kind, first, last);
    entity.description = prose::summary(file, first);
    for part in code.arguments(open) {
        column(file, &mut entity, part);
    }
    if let Some(more) = arguments.get(2) {
        keys(file, &mut entity, more.clone());
    }
    if !entity.fields.is_empty() {
        acc.add(file, first, last, Claim::Entity(Box::new(entity)));
    }
}

/// `authorId: integer("author_id").notNull().references(() => users.id, { onDelete: "cascade" })`
fn column(file: &SourceFile<'_>, entity: &mut Entity, part: Range<usize>) {
    let code = file.code();
    let (Some(key), Some(kind)) = (code.ident(part.start), code.ident(part.start + 2)) else {
        return;
    };
    let open = part.start + 3;
    if !code.is(part.start + 1, ":") || !code.is(open, "(") {
        return;
    }
    let line = code.line(part.start);
    let given = code.arguments(open);
    let named = given.first().and_then(|r| code.string(r.start));
    let name = named.unwrap_or(key);
    let length = (open..code.partner(open).unwrap_or(open))
        .find(|&at| code.is(at, "length") && code.is(at + 1, ":"))
        .map(|at| code.raw(at + 2));
    let kind = match length {
        Some(length) => format!("{kind}({length})"),
        None => kind.to_owned(),
    };
    let mut field = records::field(file, name, &kind, line);
    let mut at = code.partner(open).unwrap_or(open) + 1;
    while at + 2 < part.end && code.is(at, ".") && code.is(at + 2, "(") {
        let inner = at + 2;
        let Some(close) = code.partner(inner) else {
            break;
        };
        match code.raw(at + 1) {
            "primaryKey" => field.primary_key = true,
            "notNull" => field.nullable = false,
            "unique" => field.unique = true,
            "defaultNow" => field.default = Some("now()".to_owned()),
            "default" if close == inner + 2 => {
                let text = code
                    .string(inner + 1)
                    .unwrap_or_else(|| code.raw(inner + 1));
                field.default = secrets::keep(name, text);
            }
            "references" => {
                // `() => users.id`, `(): AnyPgColumn => users.id`
                let dot =
                    (inner + 1..close).find(|&i| code.is(i, ".") && code.ident(i + 1).is_some());
                if let Some(dot) = dot
                    && let Some(target) = code.ident(dot - 1)
                {
                    let many = Cardinality::ManyToOne;
                    let mut made = relation(file, name, target, many, code.line(dot));
                    made.to_fields = code.ident(dot + 1).map(scan::snake).into_iter().collect();
                    made.on_delete = (dot..close)
                        .find(|&i| code.is(i, "onDelete"))
                        .and_then(|i| code.string(i + 2))
                        .map(str::to_owned);
                    entity.relations.push(made);
                }
            }
            _ => {}
        }
        at = close + 1;
    }
    field.nullable &= !field.primary_key;
    entity.fields.push(field);
}

/// `index("by_name").on(t.name)`, `uniqueIndex("x").on(t.a, t.b)`, `primaryKey({ columns: [t.a] })`.
fn keys(file: &SourceFile<'_>, entity: &mut Entity, range: Range<usize>) {
    let code = file.code();
    for at in range {
        let unique = match code.raw(at) {
            "uniqueIndex" | "unique" => true,
            "index" => false,
            _ => continue,
        };
        let Some(close) = code.partner(at + 1).filter(|_| code.is(at + 1, "(")) else {
            continue;
        };
        if !code.is(close + 2, "on") || !code.is(close + 3, "(") {
            continue;
        }
        let fields: Vec<String> = code
            .arguments(close + 3)
            .into_iter()
            .filter(|r| r.len() == 3 && code.is(r.start + 1, "."))
            .filter_map(|r| code.ident(r.start + 2))
            .map(scan::snake)
            .collect();
        if fields.is_empty() {
            continue;
        }
        let line = code.line(at);
        entity.indexes.push(Index {
            name: code.string(at + 2).unwrap_or_default().to_owned(),
            fields,
            unique,
            method: None,
            predicate: None,
            provenance: Provenance::observed([file.evidence(line, line)]),
        });
    }
}
