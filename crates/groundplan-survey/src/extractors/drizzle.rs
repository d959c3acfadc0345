//! Tables that Drizzle declares.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::prose;
use crate::records::{self, relation};
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{
    Cardinality, DEFAULT_IN_PROGRAM, Entity, EntityKind, Index, Provenance, SET_AGAIN,
};
use groundplan_syntax::{Call, Code, Language};
use std::collections::BTreeMap;
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
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["drizzle-orm"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let is_table = |call: &Call| {
        let word = code.raw(scan::word_at(code, *call));
        matches!(word, "pgTable" | "mysqlTable" | "sqliteTable")
    };
    let tables: Vec<Call> = code.calls().filter(is_table).collect();
    let mut names = Names::new();
    for &call in &tables {
        let arguments = code.arguments(call.open);
        let object = arguments.get(1).filter(|r| code.is(r.start, "{"));
        if let (Some(variable), Some(object)) = (variable(code, call), object) {
            let parts = code.arguments(object.start).into_iter();
            let columns = parts.filter_map(|part| Declared::of(code, part.start));
            names.extend(columns.map(|c| ((variable, c.key), c.name)));
        }
    }
    for call in tables {
        table(acc, file, call, &names);
    }
}

/// Names of columns by the variable of the table and the key.
type Names<'t> = BTreeMap<(&'t str, &'t str), &'t str>;

/// The name of a column that code names by its key; of a table of another file as it is usual.
fn column_name(names: &Names<'_>, table: &str, key: &str) -> String {
    let known = names.get(&(table, key));
    known.map_or_else(|| scan::snake(key), |name| (*name).to_owned())
}

/// The variable that holds a table: others refer to the table by it.
fn variable<'t>(code: &Code<'t>, call: Call) -> Option<&'t str> {
    let at = call.first.checked_sub(2)?;
    code.ident(at).filter(|_| code.is(at + 1, "="))
}

/// The head of a column: `authorId: integer("author_id")`.
struct Declared<'t> {
    key: &'t str,
    kind: &'t str,
    /// As the database has it: the key unless another is given.
    name: &'t str,
    /// The bracket of the type.
    open: usize,
}

impl<'t> Declared<'t> {
    fn of(code: &Code<'t>, at: usize) -> Option<Self> {
        let (key, kind) = (code.ident(at)?, code.ident(at + 2)?);
        let open = at + 3;
        if !code.is(at + 1, ":") || !code.is(open, "(") {
            return None;
        }
        let named = code
            .arguments(open)
            .first()
            .and_then(|r| code.string(r.start));
        Some(Declared {
            key,
            kind,
            name: named.unwrap_or(key),
            open,
        })
    }
}

fn table(acc: &mut FileFacts, file: &SourceFile<'_>, call: Call, names: &Names<'_>) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let name = arguments.first().and_then(|r| code.string(r.start));
    let object = arguments.get(1).map(|r| r.start);
    let (Some(name), Some(open)) = (name, object.filter(|&at| code.is(at, "{"))) else {
        return;
    };
    let variable = variable(code, call);
    let end = code.partner(call.open).unwrap_or(call.open);
    let (first, last) = (call.line, code.line(end));
    let stored = Some(name.to_owned());
    let kind = EntityKind::Table;
    let mut entity = records::entity(file, variable.unwrap_or(name), stored, kind, first, last);
    entity.description = prose::summary(file, first);
    for part in code.arguments(open) {
        column(file, &mut entity, part, names);
    }
    if let Some(more) = arguments.get(2) {
        let name = |key: &str| column_name(names, variable.unwrap_or_default(), key);
        keys(file, &mut entity, more.clone(), &name);
    }
    if !entity.fields.is_empty() {
        acc.add(file, first, last, Claim::Entity(Box::new(entity)));
    }
}

/// `authorId: integer("author_id").notNull().references(() => users.id, { onDelete: "cascade" })`
fn column(file: &SourceFile<'_>, entity: &mut Entity, part: Range<usize>, names: &Names<'_>) {
    let code = file.code();
    let Some(declared) = Declared::of(code, part.start) else {
        return;
    };
    let Declared {
        name, kind, open, ..
    } = declared;
    let line = code.line(part.start);
    let length = (open..code.partner(open).unwrap_or(open))
        .find(|&at| code.is(at, "length") && code.is(at + 1, ":"))
        .map(|at| code.raw(at + 2));
    let kind = match length {
        Some(length) => format!("{kind}({length})"),
        None => kind.to_owned(),
    };
    let mut field = records::field(file, name, &kind, line);
    field.description = prose::summary(file, line);
    let mut at = code.partner(open).unwrap_or(open) + 1;
    // Types of a column may hold commas, which end no argument.
    while code.is(at, ".") {
        // `.$type<Settings>()` says something to the compiler alone.
        let Some(inner) = opened(code, at + 2) else {
            break;
        };
        let Some(close) = code.partner(inner) else {
            break;
        };
        match code.raw(at + 1) {
            "primaryKey" => field.primary_key = true,
            "notNull" => field.nullable = false,
            "unique" => field.unique = true,
            "defaultNow" => field.default = Some("now()".to_owned()),
            "default" => {
                let given = code.arguments(inner).into_iter().next();
                let text = given.and_then(|given| default_text(code, &given));
                field.default = text.and_then(|text| secrets::keep(name, &text));
            }
            // What the program sets on the way to the table.
            word @ ("$default" | "$defaultFn" | "$onUpdate" | "$onUpdateFn") => {
                let label = match word.starts_with("$default") {
                    true => DEFAULT_IN_PROGRAM,
                    false => SET_AGAIN,
                };
                let given = code.arguments(inner).into_iter().next();
                let text = given.map_or_else(String::new, |given| made_by(code, given));
                field.constraints.push(format!("{label}{text}"));
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
                    made.to_fields = code
                        .ident(dot + 1)
                        .map(|key| column_name(names, target, key))
                        .into_iter()
                        .collect();
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

/// The bracket of a call behind its name, past its type arguments.
fn opened(code: &Code<'_>, after: usize) -> Option<usize> {
    let mut depth = 0_u32;
    for at in after..(after + 200).min(code.tokens.len()) {
        match code.raw(at) {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "(" if depth == 0 => return Some(at),
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// A default of the database: a literal, or `` sql`now()` ``.
fn default_text(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    match range.len() {
        1 => Some(match code.string(range.start) {
            Some("") => "''".to_owned(),
            Some(text) => text.to_owned(),
            None => code.raw(range.start).to_owned(),
        }),
        2 if code.is(range.start, "sql") => {
            let text = code.string(range.start + 1)?;
            (!text.contains("${")).then(|| text.to_owned())
        }
        2 if matches!(code.raw(range.start), "-" | "[" | "{") => {
            Some(range.clone().map(|at| code.raw(at)).collect())
        }
        _ => None,
    }
}

/// What a function without arguments gives, `() => createId()`, or the name of one.
fn made_by(code: &Code<'_>, range: Range<usize>) -> String {
    let arrow = (range.clone()).find(|&at| code.is(at, ">") && at > 0 && code.is(at - 1, "="));
    let body = arrow.map_or(range.start, |at| at + 1)..range.end;
    if code.is(body.start, "{") || body.len() > 12 {
        return "an expression".to_owned();
    }
    let mut text = String::new();
    for at in body {
        text.push_str(code.raw(at));
        if code.is(at, "new") {
            text.push(' ');
        }
    }
    text
}

/// `index("by_name").on(t.name)`, `uniqueIndex("x").on(t.a, t.b)`, `primaryKey({ columns: [t.a] })`.
fn keys(
    file: &SourceFile<'_>,
    entity: &mut Entity,
    range: Range<usize>,
    name: &dyn Fn(&str) -> String,
) {
    let code = file.code();
    let listed = |open: usize| -> Vec<String> {
        code.arguments(open)
            .into_iter()
            .filter(|r| r.len() == 3 && code.is(r.start + 1, "."))
            .filter_map(|r| code.ident(r.start + 2))
            .map(name)
            .collect()
    };
    for at in range {
        if code.is(at, "primaryKey") && code.is(at + 1, "(") {
            let close = code.partner(at + 1).unwrap_or(at);
            let columns = (at + 2..close).find(|&i| code.is(i, "columns") && code.is(i + 1, ":"));
            let columns = columns.map(|i| listed(i + 2)).unwrap_or_default();
            for field in entity
                .fields
                .iter_mut()
                .filter(|f| columns.contains(&f.name))
            {
                field.primary_key = true;
                field.nullable = false;
            }
            continue;
        }
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
        let fields = listed(close + 3);
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
