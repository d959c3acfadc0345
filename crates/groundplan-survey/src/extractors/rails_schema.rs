//! The schema that Active Record writes.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::inflect::singular;
use crate::paths;
use crate::records;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-schema",
    docs: "\
### What it finds
Tables of `db/schema.rb`: columns with type, null, default, limit and comment, keys, indexes and
foreign keys.

### What it does not find
Check constraints, views and functions; associations of models that no foreign key carries.
",
    reads: &[Reads::Paths(&["schema.rb", "*_schema.rb"])],
    markers: &["create_table "],
    run: extract,
};

/// Lines at most: more are no schema that somebody reads.
const MOST: usize = 50_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || !file.text.contains("ActiveRecord::Schema") {
        return;
    }
    let mut tables: Vec<(Entity, u32, u32)> = Vec::new();
    let mut open = false;
    for (number, line) in file.text.lines().take(MOST).enumerate() {
        let at = number as u32 + 1;
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("create_table ") {
            let Some(name) = first_text(rest) else {
                continue;
            };
            tables.push((table(file, name, rest, at), at, at));
            open = line.ends_with('|');
        } else if line == "end" {
            open = false;
        } else if let Some(rest) = line.strip_prefix("t.").filter(|_| open) {
            if let Some((entity, _, last)) = tables.last_mut() {
                *last = at;
                part(file, entity, rest, at);
            }
        } else if let Some(rest) = line.strip_prefix("add_foreign_key ") {
            foreign_key(file, &mut tables, rest, at);
        }
    }
    for (mut entity, first, last) in tables {
        entity.provenance = Provenance::observed([file.evidence(first, last + 1)]);
        acc.add(file, first, last + 1, Claim::Entity(Box::new(entity)));
    }
}

/// The first text in quotes.
fn first_text(rest: &str) -> Option<&str> {
    rest.trim_start().strip_prefix('"')?.split('"').next()
}

/// What `name:` is given: a text, a symbol, a number or a word.
fn option<'l>(rest: &'l str, name: &str) -> Option<&'l str> {
    let mark = format!(", {name}: ");
    let (_, value) = rest.split_once(mark.as_str())?;
    Some(match value.strip_prefix('"') {
        Some(text) => text.split('"').next().unwrap_or(text),
        None => {
            let word = value.split([',', ' ']).next().unwrap_or(value);
            word.trim_start_matches(':')
        }
    })
}

fn table(file: &SourceFile<'_>, name: &str, rest: &str, at: u32) -> Entity {
    let stored = Some(name.to_owned());
    let mut entity = records::entity(file, name, stored, EntityKind::Table, at, at);
    entity.id = name.to_lowercase();
    entity.description = option(rest, "comment").map(str::to_owned);
    let kind = option(rest, "id").unwrap_or("bigint");
    let composed = rest.contains(", primary_key: [");
    if kind != "false" && !composed {
        let name = option(rest, "primary_key").unwrap_or("id");
        let mut key = records::field(file, name, kind, at);
        key.primary_key = true;
        key.nullable = false;
        entity.fields.push(key);
    }
    entity
}

/// `string "email", limit: 80, default: "", null: false`, `index ["email"], unique: true`.
fn part(file: &SourceFile<'_>, entity: &mut Entity, rest: &str, at: u32) {
    let Some((kind, rest)) = rest.split_once(' ') else {
        return;
    };
    if kind == "index" {
        let list = rest.trim_start().strip_prefix('[');
        let fields: Vec<String> = match list {
            Some(list) => list
                .split(']')
                .next()
                .unwrap_or(list)
                .split(',')
                .map(|f| f.trim().trim_matches('"').to_owned())
                .collect(),
            None => first_text(rest).map(str::to_owned).into_iter().collect(),
        };
        entity.indexes.push(Index {
            name: option(rest, "name").unwrap_or_default().to_owned(),
            fields,
            unique: option(rest, "unique") == Some("true"),
            method: option(rest, "using")
                .filter(|m| *m != "btree")
                .map(str::to_owned),
            predicate: option(rest, "where").map(str::to_owned),
            provenance: Provenance::observed([file.evidence(at, at)]),
        });
        return;
    }
    let Some(name) = first_text(rest).filter(|_| kind != "check_constraint") else {
        return;
    };
    let kind = match option(rest, "limit") {
        Some(limit) => format!("{kind}({limit})"),
        None => kind.to_owned(),
    };
    let mut field = records::field(file, name, &kind, at);
    field.nullable = option(rest, "null") != Some("false");
    // `default: -> { "now()" }` is an expression of the database.
    field.default = match rest.split_once(", default: -> { \"") {
        Some((_, text)) => text.split('"').next().map(str::to_owned),
        None => option(rest, "default").map(str::to_owned),
    }
    .and_then(|text| secrets::keep(name, &text))
    .filter(|text| !text.is_empty() && text != "nil");
    field.description = option(rest, "comment").map(str::to_owned);
    entity.fields.push(field);
}

/// `add_foreign_key "orders", "users", column: "owner_id", on_delete: :cascade`
fn foreign_key(file: &SourceFile<'_>, tables: &mut [(Entity, u32, u32)], rest: &str, at: u32) {
    let mut names = rest.split('"').skip(1).step_by(2);
    let (Some(from), Some(to)) = (names.next(), names.next()) else {
        return;
    };
    let Some((entity, _, _)) = tables.iter_mut().find(|(e, _, _)| e.name == from) else {
        return;
    };
    // `column: ["account_id", "session_id"]` is a key of several columns.
    let list = rest.split_once(", column: [").map(|(_, list)| list);
    let columns: Vec<String> = match (list, option(rest, "column")) {
        (Some(list), _) => {
            let list = list.split(']').next().unwrap_or(list).split(',');
            list.map(|c| c.trim().trim_matches('"').to_owned())
                .collect()
        }
        (None, Some(column)) => vec![column.to_owned()],
        (None, None) => {
            // The column is named after one row: that which the table has.
            let wanted = format!("{}_id", singular(to));
            let has = |f: &&Field| f.name == wanted;
            let fits = entity.fields.iter().find(has).or_else(|| {
                entity.fields.iter().find(|f| {
                    let stem = f.name.strip_suffix("_id").unwrap_or_default();
                    let irregular = stem.strip_suffix('y').unwrap_or(stem);
                    stem.len() > 2 && (to.starts_with(stem) || to.starts_with(irregular))
                })
            });
            match fits {
                Some(field) => vec![field.name.clone()],
                None => return,
            }
        }
    };
    entity.relations.push(EntityRelation {
        fields: columns,
        to: to.to_lowercase(),
        to_fields: option(rest, "primary_key")
            .map(str::to_owned)
            .into_iter()
            .collect(),
        cardinality: Cardinality::ManyToOne,
        on_delete: option(rest, "on_delete").map(str::to_owned),
        through: None,
        provenance: Provenance::observed([file.evidence(at, at)]),
    });
}
