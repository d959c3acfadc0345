//! Doctrine: classes of PHP that an object mapper stores.

mod columns;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mapper, ModelClass};
use crate::paths;
use crate::php;
use crate::php_annotations::{self as marks, Mark};
use crate::records;
use crate::source::SourceFile;
use columns::Columns;
use groundplan_model::EntityKind;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "doctrine",
    docs: "\
### What it finds
Classes with `#[ORM\\Entity]` or `@ORM\\Entity`: table, columns with type, length, nullability,
uniqueness, default and comment, keys, references with the column that keeps them, indexes and unique
constraints. What a mapped superclass or a trait lends is added once all files are known.

### What it does not find
Mapping files of XML and YAML, columns of embedded classes, tables that several classes share by
inheritance, the naming strategy of the configuration: a column without a name is called as its
property.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &["ORM\\Entity", "ORM\\Column", "ORM\\MappedSuperclass", "ORM\\ManyToOne"],
    run: extract,
};

/// Properties of a class at most.
const MOST: usize = 400;

/// A property with what stands before it.
pub(super) struct Property<'t> {
    name: &'t str,
    /// Tokens of its type; empty if it has none.
    kind: Range<usize>,
    marks: Vec<Mark>,
    first: u32,
    last: u32,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    // Marks of comments, each with the line where its comment ends.
    let mut comments: Vec<(u32, Vec<Mark>)> = Vec::new();
    for (line, text) in code.comments() {
        let end = line + text.matches('\n').count() as u32;
        comments.push((
            end,
            marks::of_comment(text, line, |n| n.starts_with("ORM\\")),
        ));
    }
    let mut waiting: Vec<Mark> = Vec::new();
    let (mut at, mut line) = (0, 0);
    while at < code.tokens.len() {
        if code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
            waiting.extend(marks::of_attribute(code, at + 1));
            at = code.partner(at + 1).unwrap_or(at + 1) + 1;
            continue;
        }
        let is_type = matches!(code.raw(at), "class" | "trait")
            && code.ident(at + 1).is_some()
            && (at == 0 || !code.is_byte(at - 1, b':') && !code.is(at - 1, "new"));
        let open = is_type.then(|| body_of(code, at)).flatten();
        let Some((open, close)) = open.and_then(|open| Some((open, code.partner(open)?))) else {
            if code.is_byte(at, b';') {
                waiting.clear();
            }
            at += 1;
            continue;
        };
        let mut own = std::mem::take(&mut waiting);
        own.extend(before(&comments, line, code.line(at)));
        class(acc, file, &comments, at, open..close, &own);
        line = code.line(close);
        at = close + 1;
    }
}

fn body_of(code: &Code<'_>, at: usize) -> Option<usize> {
    (at + 2..(at + 60).min(code.tokens.len())).find(|&i| code.is_byte(i, b'{'))
}

/// The marks of comments that end between two lines.
fn before(comments: &[(u32, Vec<Mark>)], after: u32, until: u32) -> Vec<Mark> {
    let fits = comments
        .iter()
        .filter(|(end, _)| *end > after && *end <= until);
    fits.flat_map(|(_, marks)| marks.iter().cloned()).collect()
}

fn class(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    comments: &[(u32, Vec<Mark>)],
    at: usize,
    body: Range<usize>,
    own: &[Mark],
) {
    let code = file.code();
    let has = |name: &str| own.iter().find(|m| m.name == name);
    let stored = has("Entity");
    let is_trait = code.is(at, "trait");
    if stored.is_none() && has("MappedSuperclass").is_none() && !is_trait {
        return;
    }
    let Some(name) = code.ident(at + 1) else {
        return;
    };
    let first = own.iter().map(|m| m.first).min().unwrap_or(code.line(at));
    let unquoted = |name: &str| name.trim_matches(['`', '"']).to_owned();
    let table = has("Table").and_then(|m| {
        m.get("name").or(match m.plain() {
            Some(marks::Value::Text(text)) => Some(text.as_str()),
            _ => None,
        })
    });
    let table = table.map(unquoted);
    let kind = EntityKind::Table;
    let mut entity = records::entity(file, name, table, kind, first, code.line(at));
    let (properties, traits) = properties(code, comments, body.clone());
    let mut columns = Columns::new(file, &mut entity);
    for property in &properties {
        columns.property(property);
    }
    columns.table(own);
    let partial = properties
        .iter()
        .any(|p| p.marks.iter().any(|m| m.name == "Embedded"));
    entity.partial |= partial;
    let extends = (at + 2..body.start).find(|&i| code.is(i, "extends"));
    let base = extends.and_then(|i| {
        let words = (i + 1..body.start).take_while(|&j| !matches!(code.raw(j), "implements" | "{"));
        words.filter_map(|j| code.ident(j)).last()
    });
    let bases: Vec<String> = (base.into_iter().chain(traits)).map(last_of).collect();
    if stored.is_none() || !bases.is_empty() {
        let mut entity = entity.clone();
        if stored.is_some() {
            entity.fields.clear();
        }
        let lends = stored.is_none();
        let model = ModelClass {
            name: name.to_owned(),
            entity,
            bases,
            mapper: Mapper::Jpa,
            stored: !lends,
            lends,
            makers: Vec::new(),
            ones: Vec::new(),
            apart: false,
            without: Vec::new(),
        };
        acc.add(file, first, code.line(at), Claim::Model(Box::new(model)));
    }
    if stored.is_some() {
        acc.add(file, first, code.line(at), Claim::Entity(Box::new(entity)));
    }
}

fn last_of(name: &str) -> String {
    name.rsplit('\\').next().unwrap_or(name).to_owned()
}

/// The properties of a body with their marks, those of the constructor included, and its traits.
fn properties<'t>(
    code: &Code<'t>,
    comments: &[(u32, Vec<Mark>)],
    body: Range<usize>,
) -> (Vec<Property<'t>>, Vec<&'t str>) {
    let (mut all, mut traits) = (Vec::new(), Vec::new());
    let mut waiting: Vec<Mark> = Vec::new();
    let mut line = code.line(body.start).saturating_sub(1);
    let (mut at, mut begin) = (body.start + 1, None);
    while at < body.end && all.len() < MOST {
        if code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
            waiting.extend(marks::of_attribute(code, at + 1));
            at = code.partner(at + 1).unwrap_or(at + 1) + 1;
            continue;
        }
        match code.raw(at) {
            "use" => {
                let end = (at..body.end).find(|&i| matches!(code.raw(i), ";" | "{"));
                let end = end.unwrap_or(body.end);
                let is_last = |&i: &usize| matches!(code.raw(i + 1), "," | ";" | "{");
                traits.extend((at + 1..end).filter(is_last).filter_map(|i| code.ident(i)));
                at = skip(code, end);
            }
            "const" | "case" => at = until_end(code, at, body.end),
            "function" => {
                let open = (at..body.end).find(|&i| code.is_byte(i, b'('));
                let close = open.and_then(|open| code.partner(open));
                if let (Some(open), Some("__construct")) = (open, code.ident(at + 1)) {
                    for part in code.arguments(open) {
                        all.extend(promoted(code, part));
                    }
                }
                let next = close.unwrap_or(at + 1);
                let end = (next..body.end).find(|&i| matches!(code.raw(i), ";" | "{"));
                at = skip(code, end.unwrap_or(body.end));
                line = code.line(at.saturating_sub(1));
                (waiting, begin) = (Vec::new(), None);
                continue;
            }
            "public" | "protected" | "private" | "readonly" | "static" | "var" | "final"
            | "abstract" => {
                at += 1;
                begin = Some(at);
                continue;
            }
            word if word.starts_with('$') => {
                let mut own = std::mem::take(&mut waiting);
                own.extend(before(comments, line, code.line(at)));
                let last = code.line(at);
                all.push(Property {
                    name: word.trim_start_matches('$'),
                    kind: begin.unwrap_or(at)..at,
                    first: own.iter().map(|m| m.first).min().unwrap_or(last),
                    marks: own,
                    last,
                });
                at = until_end(code, at, body.end);
                line = last;
                begin = None;
                continue;
            }
            _ => at += 1,
        }
    }
    (all, traits)
}

/// A parameter of a constructor that is a property.
fn promoted<'t>(code: &Code<'t>, part: Range<usize>) -> Option<Property<'t>> {
    let mut marks = Vec::new();
    let mut at = part.start;
    while code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
        marks.extend(marks::of_attribute(code, at + 1));
        at = code.partner(at + 1)? + 1;
    }
    let is_modifier = |at| {
        matches!(
            code.raw(at),
            "public" | "protected" | "private" | "readonly"
        )
    };
    let begin = (at..part.end).find(|&i| !is_modifier(i))?;
    let name = (at..part.end).find(|&i| code.raw(i).starts_with('$'))?;
    let last = code.line(name);
    (begin > at).then(|| Property {
        name: code.raw(name).trim_start_matches('$'),
        kind: begin..name.max(begin),
        first: code.line(part.start).min(last),
        marks,
        last,
    })
}

/// The index after a `;`, or after the block that begins here.
fn skip(code: &Code<'_>, at: usize) -> usize {
    match code.is_byte(at, b'{') {
        true => code.partner(at).unwrap_or(at) + 1,
        false => at + 1,
    }
}

/// The index after the `;` or the hooks that end a member.
fn until_end(code: &Code<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next < end {
        match code.raw(next) {
            ";" => return next + 1,
            "{" => return skip(code, next),
            "(" | "[" => next = code.partner(next).filter(|&p| p > next).unwrap_or(next) + 1,
            _ => next += 1,
        }
    }
    end
}
