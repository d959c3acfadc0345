//! Sequelize: migrations by its query interface, as changes of a schema that are replayed.

pub(super) mod columns;
mod keys;

use crate::extractor::{Extractor, Reads};
use crate::extractors::knex::{id, taken_back};
use crate::extractors::sql_in_code::{mentions, plain, without_variables};
use crate::facts::{Claim, FileFacts, SqlChange};
use crate::paths;
use crate::records;
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Entity, EntityKind, Topic};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sequelize-migrations",
    docs: "\
### What it finds
Tables that migrations of Sequelize make, change and drop through its query interface
(<https://sequelize.org/docs/v6/other-topics/query-interface/>): columns with type, nullability, default,
key and comment, references with what happens on deletion, indexes, keys of several columns; columns that
are added, changed, renamed and removed, tables that are renamed and dropped; statements of SQL that
`sequelize.query` is given whole, views among them; one mark per migration.

### What it does not find
Names that are put together, columns that a function of another file makes, what
`down` takes back, what only runs where a condition holds is taken as run.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["queryInterface", "QueryInterface"],
    run: extract,
};

/// Texts that a loop goes over at most.
const MOST: usize = 40;

/// Whether a file is a migration of Sequelize: one with a step `up` that is given its query interface.
pub(super) fn is_migration(file: &SourceFile<'_>) -> bool {
    matches!(file.language, Language::JavaScript | Language::TypeScript)
        && file.says("ueryInterface")
        && !paths::is_test(file.path)
        && up(file.code()).is_some()
}

/// The token of the name of the step forward: `up: async (queryInterface) =>`, `async up(queryInterface)`,
/// `exports.up = function`, `export const up = async ({ context: queryInterface }) =>`.
fn up(code: &Code<'_>) -> Option<usize> {
    (0..code.tokens.len()).find(|&at| {
        let opens = ["=", "(", ":"].iter().any(|mark| code.is(at + 1, mark));
        let called = at > 0 && code.is(at - 1, ".") && code.is(at + 1, "(");
        code.is(at, "up") && opens && !called
    })
}

/// What the migrations of a file say, in its order.
pub(super) struct Changes<'f, 't> {
    file: &'f SourceFile<'t>,
    code: &'f Code<'t>,
    values: Values<'f, 't>,
    all: Vec<((u32, u32), SqlChange)>,
    /// The variable of a loop around the call, with one of its texts.
    bound: Option<(&'t str, String)>,
    /// The bracket of the call.
    place: usize,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !is_migration(file) {
        return;
    }
    let code = file.code();
    let left = taken_back(code);
    let before = acc.facts.len();
    let mut changes = Changes {
        file,
        code,
        values: Values::new(file),
        all: Vec::new(),
        bound: None,
        place: 0,
    };
    let interface = interface(code);
    for call in code.calls() {
        let at = scan::word_at(code, call);
        if at < 2 || !code.is(at - 1, ".") || left.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let on = code.raw(at - 2);
        let word = code.raw(at);
        let query = on == "sequelize" && word == "query";
        if !query && on != "queryInterface" && Some(on) != interface {
            continue;
        }
        // A call in a loop over texts is made for each of them.
        changes.bound = None;
        changes.place = call.open;
        for bound in changes.bindings(call.open) {
            changes.bound = bound;
            match query {
                true => changes.query(acc, call.open),
                false => changes.step(word, call.open),
            }
        }
    }
    for ((first, last), change) in changes.all {
        acc.add(file, first, last, Claim::Sql(Box::new(change)));
    }
    let in_folder = file
        .folder()
        .split('/')
        .any(|part| part.to_ascii_lowercase().contains("migration"));
    if acc.facts.len() > before || in_folder {
        scan::mark(acc, file, 1, Topic::Migration, file.name(), None);
    }
}

/// The name that the step forward has for the query interface: its first parameter, or what `context` is
/// taken as (<https://github.com/sequelize/umzug>).
fn interface<'t>(code: &Code<'t>) -> Option<&'t str> {
    let at = up(code)?;
    let open = (at + 1..at + 8).find(|&at| code.is(at, "("))?;
    if code.is(open + 1, "{") {
        let close = code.partner(open + 1)?;
        let named = (open + 2..close).find(|&at| code.is(at, "context"))?;
        return match code.is(named + 1, ":") {
            true => code.ident(named + 2),
            false => Some("context"),
        };
    }
    code.ident(open + 1)
}

impl<'t> Changes<'_, 't> {
    fn push(&mut self, lines: (u32, u32), change: SqlChange) {
        self.all.push((lines, change));
    }

    /// First and last line of a call by its bracket.
    fn lines(&self, open: usize) -> (u32, u32) {
        let last = self.code.partner(open).unwrap_or(open);
        let word = open.saturating_sub(1);
        (self.code.line(word), self.code.line(last))
    }

    /// An entity of a table that holds nothing yet.
    fn table(&self, name: &str, lines: (u32, u32)) -> Entity {
        let (_, last) = name.rsplit_once('.').unwrap_or(("", name));
        let stored = Some(last.to_owned());
        let (first, end) = lines;
        let mut made = records::entity(self.file, name, stored, EntityKind::Table, first, end);
        made.id = id(name);
        made
    }

    /// The texts that the variable of a loop around a call has, `for (const table of ["a", "b"])`, where the
    /// call names it; one call without any where there is no such loop.
    fn bindings(&self, open: usize) -> Vec<Option<(&'t str, String)>> {
        let code = self.code;
        let close = code.partner(open).unwrap_or(open);
        let named = |name: &str| {
            let within = format!("${{{name}}}");
            (open..close).any(|at| {
                code.is(at, name) || code.string(at).is_some_and(|text| text.contains(&within))
            })
        };
        let begins = |at: &usize| {
            code.is(*at, "of") && matches!(code.raw(at.saturating_sub(2)), "const" | "let" | "var")
        };
        // The nearest loop whose body holds the call.
        for at in (2..open).rev().filter(begins) {
            let Some(name) = code.ident(at - 1).filter(|name| named(name)) else {
                continue;
            };
            let around = (at + 1..open).find(|&end| code.is(end, ")"));
            let body = around.map(|end| end + 1).filter(|&body| code.is(body, "{"));
            let holds = body
                .and_then(|body| code.partner(body))
                .is_some_and(|end| end > open);
            let (Some(end), true) = (around, holds) else {
                continue;
            };
            let list = self.values.literal_at(&(at + 1..end));
            let Some(list) = list.filter(|&list| code.is(list, "[")) else {
                continue;
            };
            let parts = code.arguments(list);
            let texts: Vec<String> = parts.iter().filter_map(|part| self.text(part)).collect();
            if !texts.is_empty() && texts.len() == parts.len() && texts.len() <= MOST {
                return texts.into_iter().map(|text| Some((name, text))).collect();
            }
        }
        vec![None]
    }

    /// The text that a variable has where the call stands, with its line: a name may be given one after the
    /// other.
    fn constant(&self, name: &str) -> Option<(&'t str, u32)> {
        let code = self.code;
        let set = |at: &usize| {
            let at = *at;
            code.is(at, name)
                && code.is(at + 1, "=")
                && !code.is(at + 2, "=")
                && !(at > 0 && code.is(at - 1, "."))
        };
        match (0..self.place).rev().find(set) {
            Some(at) => {
                let alone = !["+", "."].contains(&code.raw(at + 3));
                let text = code.string(at + 2).filter(|_| alone)?;
                Some((text, code.line(at + 2)))
            }
            None => code.constants().get(name).copied(),
        }
    }

    /// A text with the constants of the file, and with the variable of the loop around it.
    fn filled(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            let bound = self.bound.as_ref().filter(|(known, _)| *known == name);
            let value = bound.map(|(_, text)| text.as_str());
            let value = value.or_else(|| Some(self.constant(name)?.0));
            match value {
                Some(value) => out.push_str(value),
                None => out.push_str(&format!("${{{name}}}")),
            }
            rest = behind;
        }
        out + rest
    }

    /// The text of an argument: a literal, a constant of the file, or the variable of a loop.
    fn text(&self, range: &Range<usize>) -> Option<String> {
        if range.len() != 1 {
            return None;
        }
        let found = match self.code.string(range.start) {
            Some(text) => self.filled(text),
            None => {
                let name = self.code.ident(range.start)?;
                match self.bound.as_ref().filter(|(known, _)| *known == name) {
                    Some((_, text)) => text.clone(),
                    None => self.constant(name)?.0.to_owned(),
                }
            }
        };
        Some(found).filter(|text| !text.is_empty() && !text.contains("${"))
    }

    fn property_text(&self, open: usize, name: &str) -> Option<String> {
        self.text(&self.values.property(open, name)?)
    }

    /// The name of a table: a text, or an object with the schema that it lies in.
    fn table_name(&self, range: &Range<usize>) -> Option<String> {
        let Some(open) = self.object(range) else {
            return self.text(range);
        };
        let name = ["tableName", "table", "name"]
            .iter()
            .find_map(|key| self.property_text(open, key))?;
        let schema = self.values.property(open, "schema");
        let Some(schema) = schema else {
            return Some(name);
        };
        match self.text(&schema) {
            Some(schema) if matches!(schema.as_str(), "public" | "dbo") => Some(name),
            Some(schema) => Some(format!("{schema}.{name}")),
            // A schema that the settings name is the one that all tables lie in.
            None => Some(name),
        }
    }

    fn object(&self, range: &Range<usize>) -> Option<usize> {
        let open = self.values.literal_at(range)?;
        self.code.is(open, "{").then_some(open)
    }

    /// The texts of an argument: one, or those of a list.
    fn texts(&self, range: &Range<usize>) -> Vec<String> {
        match self.code.is(range.start, "[") {
            true => {
                let parts = self.code.arguments(range.start);
                parts.iter().filter_map(|r| self.text(r)).collect()
            }
            false => self.text(range).into_iter().collect(),
        }
    }

    /// One call of the query interface.
    fn step(&mut self, word: &str, open: usize) {
        let given = self.code.arguments(open);
        let Some(table) = given.first().and_then(|range| self.table_name(range)) else {
            return;
        };
        let lines = self.lines(open);
        let second = given.get(1);
        match word {
            "createTable" => {
                if let Some(columns) = second.and_then(|range| self.object(range)) {
                    self.create(&table, columns, given.get(2), lines);
                }
            }
            "dropTable" => self.push(lines, SqlChange::Drop(id(&table))),
            "renameTable" => {
                if let Some(to) = second.and_then(|range| self.table_name(range)) {
                    let at = self.file.evidence(lines.0, lines.1);
                    let from = id(&table);
                    let to = to.rsplit('.').next().unwrap_or(&to).to_owned();
                    self.push(lines, SqlChange::Rename { from, to, at });
                }
            }
            "addColumn" | "changeColumn" => {
                let column = second.and_then(|range| self.text(range));
                if let (Some(column), Some(said)) = (column, given.get(2)) {
                    match word {
                        "addColumn" => self.add(&table, &column, said, lines),
                        _ => self.change(&table, &column, said, lines),
                    }
                }
            }
            "removeColumn" => {
                if let Some(column) = second.and_then(|range| self.text(range)) {
                    let table = id(&table);
                    self.push(lines, SqlChange::DropColumn { table, column });
                }
            }
            "renameColumn" => {
                let names = (second, given.get(2));
                if let (Some(from), Some(to)) = names
                    && let (Some(from), Some(to)) = (self.text(from), self.text(to))
                {
                    let table = id(&table);
                    self.push(lines, SqlChange::RenameColumn { table, from, to });
                }
            }
            "addIndex" => self.index(&table, second, given.get(2), lines),
            "removeIndex" => self.drop_index(&table, second, lines),
            "addConstraint" => self.constraint(&table, second, given.get(2), lines),
            "removeConstraint" => {
                if let Some(name) = second.and_then(|range| self.text(range)) {
                    let table = id(&table);
                    self.push(lines, SqlChange::DropConstraint { table, name });
                }
            }
            _ => {}
        }
    }

    /// `sequelize.query("ALTER TABLE …")`: a statement that is given whole, here or as a constant.
    fn query(&self, acc: &mut FileFacts, open: usize) {
        let code = self.code;
        let Some(range) = code.arguments(open).into_iter().next() else {
            return;
        };
        let mut text = String::new();
        let mut line = code.line(range.start);
        for at in range.clone() {
            if let Some(part) = code.string(at) {
                // Pieces that are joined keep their lines.
                let here = line + text.matches('\n').count() as u32;
                let gap = code.line(at).saturating_sub(here);
                text.push_str(&"\n".repeat(gap as usize));
                text.push_str(&plain(part));
            } else if let Some(name) = code.ident(at).filter(|_| range.len() == 1)
                && let Some((part, at)) = self.constant(name)
            {
                text = plain(part);
                line = at;
            } else if !code.is(at, "+") {
                return;
            }
        }
        let text = self.filled(&text);
        if mentions(&text) {
            super::sql::statements(acc, self.file, &without_variables(&text), line);
        }
    }
}
