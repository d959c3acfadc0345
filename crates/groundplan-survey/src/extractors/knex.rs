//! Knex and builders of its form: migrations, as changes of a schema that are replayed.

mod columns;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, SqlChange};
use crate::paths;
use crate::records;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{Entity, EntityKind, Topic};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "knex",
    docs: "\
### What it finds
Tables that the schema builder of Knex makes (`knex.schema.createTable`, also as AdonisJS and
Objection have it): columns with type, default, key, nullability and comment, indexes, foreign keys;
columns that are added, changed, renamed and dropped, tables that are renamed and dropped; one mark
per migration, which lies in a folder such as `migrations` and `knex_migrations`; and that code applies them
(`migrate.latest(`).

### What it does not find
Statements of SQL in a migration, names that are put together, what `down` takes back.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &[
        "schema.createTable",
        "schema.alterTable",
        ".createTable(",
        ".alterTable(",
        "schema.table(",
        ".table(",
        "migrate.latest(",
        "exports.up",
        "function up(",
    ],
    run: extract,
};

/// A call of a chain, `notNullable()`, with its opening bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'t> {
    name: &'t str,
    open: usize,
}

/// Calls of one chain at most.
const LONGEST: usize = 30;

/// What the migrations of a file say, in its order.
pub(super) struct Changes<'f, 't> {
    file: &'f SourceFile<'t>,
    code: &'f Code<'t>,
    all: Vec<((u32, u32), SqlChange)>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // The query interface of Sequelize has methods of these names and takes objects.
    // Kysely has methods of these names too, and takes no function for a table.
    if paths::is_test(file.path) {
        return;
    }
    applied(acc, file);
    let dated = is_dated(file);
    if !file.text.contains(".schema") && !dated || super::kysely::is_written_with(file) {
        return;
    }
    let code = file.code();
    let left = taken_back(code);
    let mut changes = Changes {
        file,
        code,
        all: Vec::new(),
    };
    for call in code.calls() {
        let at = scan::word_at(code, call);
        if at < 2 || !code.is(at - 1, ".") || left.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let on_schema = code.is(at - 2, "schema");
        // `knex.schema.createTable(…).createTable(…)`
        if on_schema || code.is(at - 2, ")") {
            changes.statement(code.raw(at), call.open);
        }
    }
    if changes.all.is_empty() && !dated {
        return;
    }
    if dated || file.folder().split('/').any(is_folder) {
        let name = file.name().to_owned();
        scan::mark(acc, file, 1, Topic::Migration, name, None);
    }
    for ((first, last), change) in changes.all {
        acc.add(file, first, last, Claim::Sql(Box::new(change)));
    }
}

/// Whether a folder holds migrations by its name.
fn is_folder(part: &str) -> bool {
    part == "migrations" || part.ends_with("_migrations") || part.ends_with("-migrations")
}

/// Whether a file is a migration of Knex by its folder, its date or number, and what it hands out:
/// `knex_migrations/2023-08-16-0000-create-uptime.js` with `exports.up = function (knex)`.
fn is_dated(file: &SourceFile<'_>) -> bool {
    let name = file.name();
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let hands = [
        "exports.up =",
        "export async function up(knex",
        "export function up(knex",
    ];
    digits >= 3
        && file.folder().rsplit('/').next().is_some_and(is_folder)
        && file.text.contains("knex")
        && hands.iter().any(|mark| file.text.contains(mark))
}

/// `await knex.migrate.latest()`: the program brings its database up to date itself.
fn applied(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("migrate.latest(") || scan::part(file) != scan::Part::Own {
        return;
    }
    let code = file.code();
    for call in code.calls() {
        let at = scan::word_at(code, call);
        if code.is(at, "latest") && at > 1 && code.is(at - 2, "migrate") {
            let detail = Some(crate::marks::APPLIED.to_owned());
            scan::mark(
                acc,
                file,
                call.line,
                Topic::Migration,
                "migrate.latest",
                detail,
            );
            return;
        }
    }
}

/// The functions that take a migration back: from `down` to `up` or the end of the file.
pub(super) fn taken_back(code: &Code<'_>) -> Vec<Range<usize>> {
    let defines = |at: usize, name: &str| {
        let opens = ["=", "(", ":"].iter().any(|mark| code.is(at + 1, mark));
        let called = at > 0 && code.is(at - 1, ".") && code.is(at + 1, "(");
        code.is(at, name) && opens && !called
    };
    let end = code.tokens.len();
    let mut found = Vec::new();
    let mut at = 0;
    while at < end {
        if defines(at, "down") {
            let next = (at + 1..end).find(|&at| defines(at, "up")).unwrap_or(end);
            found.push(at..next);
            at = next;
        }
        at += 1;
    }
    found
}

/// The id that a table has in the replay.
pub(super) fn id(table: &str) -> String {
    table.to_lowercase()
}

/// The calls that follow the one with its bracket at `open`.
pub(super) fn links<'t>(code: &Code<'t>, open: usize) -> (Vec<Link<'t>>, usize) {
    let mut found = Vec::new();
    let mut end = code.partner(open).unwrap_or(open) + 1;
    while found.len() < LONGEST
        && code.is(end, ".")
        && let Some(name) = code.ident(end + 1)
        && code.is(end + 2, "(")
        && let Some(close) = code.partner(end + 2)
    {
        let open = end + 2;
        found.push(Link { name, open });
        end = close + 1;
    }
    (found, end)
}

impl<'f, 't> Changes<'f, 't> {
    fn push(&mut self, lines: (u32, u32), change: SqlChange) {
        self.all.push((lines, change));
    }

    /// An entity of a table that holds nothing yet.
    fn table(&self, name: &str, lines: (u32, u32)) -> Entity {
        let stored = Some(name.to_owned());
        let (first, last) = lines;
        let mut made = records::entity(self.file, name, stored, EntityKind::Table, first, last);
        made.id = id(name);
        made
    }

    /// The text of an argument: a literal, a constant of the file, or `this.tableName`.
    fn text(&self, range: &Range<usize>) -> Option<String> {
        let code = self.code;
        if let Some(text) = code.string(range.start).filter(|_| range.len() == 1) {
            return Some(text.to_owned());
        }
        let last = code.ident(range.end.checked_sub(1)?)?;
        if range.len() == 1 {
            return code
                .constants()
                .get(last)
                .map(|(text, _)| (*text).to_owned());
        }
        let own = range.len() == 3 && code.is(range.start, "this");
        let mut places =
            (0..code.tokens.len()).filter(|&at| code.is(at, last) && code.is(at + 1, "="));
        let at = places.next().filter(|_| own)?;
        code.string(at + 2).map(str::to_owned)
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

    /// The texts of the argument of a call at an index.
    fn given(&self, open: usize, index: usize) -> Vec<String> {
        let range = self.code.arguments(open).into_iter().nth(index);
        range.map(|r| self.texts(&r)).unwrap_or_default()
    }

    fn one(&self, open: usize, index: usize) -> Option<String> {
        self.given(open, index).into_iter().next()
    }

    /// `createTable("users", table => {…})` and the like.
    fn statement(&mut self, word: &str, open: usize) {
        let code = self.code;
        let Some(name) = self.one(open, 0).filter(|name| !name.is_empty()) else {
            return;
        };
        let last = code.partner(open).unwrap_or(open);
        let lines = (code.line(open), code.line(last));
        match word {
            "createTable" | "createTableIfNotExists" => {
                if let Some((variable, body)) = self.builder(open) {
                    let entity = self.table(&name, lines);
                    self.push(lines, SqlChange::Create(entity));
                    self.blueprint(&name, variable, body);
                }
            }
            "alterTable" => {
                if let Some((variable, body)) = self.builder(open) {
                    self.blueprint(&name, variable, body);
                }
            }
            "table" => {
                if let Some((variable, body)) = self.builder(open) {
                    self.blueprint(&name, variable, body);
                }
            }
            "dropTable" | "dropTableIfExists" => self.push(lines, SqlChange::Drop(id(&name))),
            "renameTable" => {
                if let Some(to) = self.one(open, 1) {
                    let from = id(&name);
                    let at = self.file.evidence(lines.0, lines.1);
                    self.push(lines, SqlChange::Rename { from, to, at });
                }
            }
            _ => {}
        }
    }

    /// The function that a call is given: the name of its parameter, and what stands behind it.
    fn builder(&self, open: usize) -> Option<(&'t str, Range<usize>)> {
        let code = self.code;
        let range = code.arguments(open).into_iter().nth(1)?;
        let skipped = |at: &usize| matches!(code.raw(*at), "async" | "function" | "(");
        let at = range.clone().find(|at| !skipped(at))?;
        let variable = code.ident(at)?;
        (range.len() > 3).then_some((variable, at + 1..range.end))
    }

    /// All statements of a builder, `table.string("email").notNullable();`.
    fn blueprint(&mut self, table: &str, variable: &str, body: Range<usize>) {
        let code = self.code;
        let mut at = body.start;
        while at + 3 < body.end {
            let begins = code.is(at, variable)
                && code.is(at + 1, ".")
                && code.is(at + 3, "(")
                && !code.is(at - 1, ".");
            let Some(name) = code.ident(at + 2).filter(|_| begins) else {
                at += 1;
                continue;
            };
            let first = Link { name, open: at + 3 };
            let (rest, end) = links(code, at + 3);
            let lines = (code.line(at), code.line(end - 1));
            if !self.command(table, first, &rest, lines) {
                self.column(table, first, &rest, lines);
            }
            at = end;
        }
    }
}
