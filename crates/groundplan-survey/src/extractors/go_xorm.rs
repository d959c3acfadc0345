//! Records that Go code stores: structs of Xorm.

use super::go_entities::{documented, is_row, table_name, wraps_table};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::prose;
use crate::records;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{EntityKind, Field, Index, Provenance};
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-xorm",
    docs: "\
### What it finds
Structs of Xorm, told by `xorm` tags: columns with type, key, nullability, uniqueness, default and index, and
the name that `TableName` gives; else that of the snake mapper.

### What it does not find
Other mappers and prefixes of tables, columns of embedded structs, relations, structs inside of functions
(they hold rows of queries) unless a table is made of them there, structs without a key whose tags only name
columns (they do as well), structs that embed one with a table and
have no name of a table of their own.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["xorm:\""],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    for at in 1..code.tokens.len() {
        if code.is(at, "struct")
            && code.is(at + 1, "{")
            && let Some(name) = code.ident(at - 1)
            && let Some(close) = code.partner(at + 1)
            && !is_row(code, name, at)
            && (name.starts_with(char::is_uppercase) || is_named(code, name))
        {
            model(acc, file, name, at, close);
        }
    }
}

/// Whether a struct that no other package sees is a table all the same: it says which, or one is made of it
/// here. Else it holds rows of a query.
fn is_named(code: &Code<'_>, name: &str) -> bool {
    let makes = |at: usize| {
        matches!(code.raw(at), "CreateTables" | "Sync" | "Sync2")
            && (code.partner(at + 1)).is_some_and(|close| (at + 1..close).any(|i| code.is(i, name)))
    };
    table_name(code, name).is_some() || (0..code.tokens.len()).any(makes)
}

fn model(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str, at: usize, close: usize) {
    let code = file.code();
    let (first, last) = (code.line(at), code.line(close));
    let mut entity = records::entity(file, name, None, EntityKind::Table, first, last);
    let mut known = false;
    let mut kept = table_name(code, name).is_some();
    let mut next = at + 2;
    while next < close {
        let start = next;
        let line = code.line(start);
        let mut end = start;
        while end < close && code.line(end) == line {
            end = match code.raw(end) {
                "{" | "(" => code.partner(end).map_or(end + 1, |p| p + 1),
                _ => end + 1,
            };
        }
        next = end.max(start + 1);
        let Some(word) = (code.ident(start)).filter(|w| w.starts_with(char::is_uppercase)) else {
            continue;
        };
        // A struct that GORM keeps as well is read with its rules.
        if gorm(code, start..end).is_some_and(|tag| tag != "-") {
            return;
        }
        let tag = xorm(code, start..end);
        let data_type: String = (start + 1..end)
            .take_while(|&i| code.string(i).is_none())
            .map(|i| code.raw(i))
            .collect();
        // An embedded struct has a name and no type.
        let embedded = data_type.is_empty() || data_type.starts_with('.');
        let words = words(tag.unwrap_or_default());
        let apart = |w: &String| matches!(w.as_str(), "-" | "extends" | "<-");
        kept |= embedded || word.eq_ignore_ascii_case("id") || words.len() > 1;
        kept |= words.iter().any(|w| is_rule(w));
        if embedded || words.iter().any(apart) {
            continue;
        }
        known |= tag.is_some();
        let mut field = records::field(file, &scan::snake(word), &data_type, line);
        let last = code.line(end.saturating_sub(1));
        let tags = (start..end).rev().find_map(|i| code.string(i));
        field.description = prose::of_field(file, line, last).or_else(|| documented(tags));
        let mut indexed = None;
        for (at, word) in words.iter().enumerate() {
            let is_default = |w: &String| w.eq_ignore_ascii_case("default");
            // The value of a default is no name.
            if !at
                .checked_sub(1)
                .and_then(|b| words.get(b))
                .is_some_and(is_default)
            {
                rule(&mut field, &mut indexed, word, words.get(at + 1));
            }
        }
        if let Some(unique) = indexed {
            entity.indexes.push(Index {
                name: String::new(),
                fields: vec![field.name.clone()],
                unique,
                method: None,
                predicate: None,
                provenance: Provenance::observed([file.evidence(line, line)]),
            });
        }
        entity.fields.push(field);
    }
    // An `Id` is the key where nothing else is (<https://xorm.io/docs/chapter-02/4.columns/>).
    if !entity.fields.iter().any(|field| field.primary_key) {
        let id = |field: &&mut Field| {
            field.name.eq_ignore_ascii_case("id") && field.data_type == "int64"
        };
        if let Some(field) = entity.fields.iter_mut().find(id) {
            field.primary_key = true;
            field.nullable = false;
        }
    }
    // A struct whose tags only name columns, without a key, holds what a query gives.
    if known && kept && !entity.fields.is_empty() && !wraps_table(code, name, at + 2..close) {
        entity.name = table_name(code, name).unwrap_or_else(|| scan::snake(name));
        acc.add(file, first, last, Claim::Entity(Box::new(entity)));
    }
}

/// Whether a word of a tag says how a column is kept, and is no name of one
/// (<https://xorm.io/docs/chapter-02/4.columns/>).
fn is_rule(word: &str) -> bool {
    const RULES: [&str; 14] = [
        "pk", "autoincr", "index", "unique", "created", "updated", "deleted", "version", "notnull",
        "json", "text", "bigint", "datetime", "extends",
    ];
    let lower = word.to_ascii_lowercase();
    RULES.contains(&lower.as_str()) || word.contains('(')
}

/// The tag of Xorm among those of a field.
fn xorm<'t>(code: &Code<'t>, field: std::ops::Range<usize>) -> Option<&'t str> {
    tagged(code, field, "xorm:\"")
}

/// The tag of GORM among those of a field.
fn gorm<'t>(code: &Code<'t>, field: std::ops::Range<usize>) -> Option<&'t str> {
    tagged(code, field, "gorm:\"")
}

fn tagged<'t>(code: &Code<'t>, field: std::ops::Range<usize>, key: &str) -> Option<&'t str> {
    let tag = field.rev().find_map(|at| code.string(at))?;
    let (_, rest) = tag.split_once(key)?;
    rest.split('"').next()
}

/// The words of a tag; what stands in brackets or quotes belongs to its word.
fn words(tag: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let (mut depth, mut quoted) = (0_u32, false);
    for c in tag.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '\'' => quoted = !quoted,
            _ => {}
        }
        match (c, all.last_mut()) {
            (' ', _) if depth == 0 && !quoted => all.push(String::new()),
            (_, Some(word)) => word.push(c),
            _ => {}
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

/// What one word of a tag says of a column (<https://xorm.io/docs/chapter-02/4.columns/>).
fn rule(field: &mut Field, indexed: &mut Option<bool>, word: &str, next: Option<&String>) {
    let lower = word.to_ascii_lowercase();
    let head = lower.split('(').next().unwrap_or_default();
    match head {
        "pk" => {
            field.primary_key = true;
            field.nullable = false;
        }
        "notnull" => field.nullable = false,
        // `NOT NULL` in two words.
        "null" => {}
        "not" if next.is_some_and(|n| n.eq_ignore_ascii_case("null")) => field.nullable = false,
        // A group of columns is unique together, which a column does not say by itself.
        "unique" if lower == head => field.unique = true,
        "index" if lower == head => *indexed = Some(false),
        "default" => {
            let inner = word
                .split_once('(')
                .map(|(_, rest)| rest.trim_end_matches(')'));
            let value = inner.or(next.map(String::as_str));
            field.default = value.map(|value| value.trim_matches('\'').to_owned());
        }
        "autoincr" | "created" | "updated" | "deleted" | "version" | "unique" | "index"
        | "comment" | "collate" | "utc" | "local" | "cache" | "nocache" | "->" => {}
        _ if word.starts_with('\'') => field.name = word.trim_matches('\'').to_owned(),
        "json" | "jsonb" | "text" | "longtext" | "mediumtext" | "tinytext" | "blob"
        | "longblob" | "mediumblob" | "varchar" | "char" | "int" | "bigint" | "smallint"
        | "tinyint" | "bool" | "boolean" | "double" | "float" | "decimal" | "numeric"
        | "datetime" | "timestamp" | "timestampz" | "date" | "uuid" | "varbinary" | "binary" => {
            field.data_type = lower
        }
        // `TEXT cfg`: what is no rule is the name of the column.
        "unsigned" | "signed" | "zerofill" | "on" | "update" | "cascade" => {}
        _ if is_name(word) => field.name = word.to_owned(),
        _ => {}
    }
}

/// Whether a word of a tag may be the name of a column.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
