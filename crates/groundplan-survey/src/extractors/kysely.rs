//! Kysely: migrations by its schema builder, as changes that are replayed in the order of their names.

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
    name: "kysely",
    docs: "\
### What it finds
Tables that the schema builder of Kysely makes (`db.schema.createTable(…).addColumn(…)`): columns with
type, default, key and nullability, foreign keys, keys and checks of a table, indexes; columns that are
added, changed, renamed and dropped, tables that are renamed and dropped; one mark per migration.

### What it does not find
Names that are put together, views, and what `down` takes back. Statements of SQL are those of
`sql-in-code`.
",
    reads: &[Reads::Languages(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["Kysely", "kysely"],
    run: extract,
};

/// A call of a chain, `.notNull()`, with its opening bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'t> {
    pub(super) name: &'t str,
    pub(super) open: usize,
}

/// Calls of one chain at most: a table may have many columns.
const LONGEST: usize = 400;

/// What the migrations of a file say, in its order.
pub(super) struct Changes<'f, 't> {
    pub(super) file: &'f SourceFile<'t>,
    pub(super) code: &'f Code<'t>,
    all: Vec<((u32, u32), SqlChange)>,
}

/// Whether a file is written with Kysely and no test.
pub(super) fn is_written_with(file: &SourceFile<'_>) -> bool {
    file.text.contains("kysely") && !paths::is_test(file.path)
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !is_written_with(file) || !file.text.contains("up") {
        return;
    }
    let code = file.code();
    // Only what goes forward is replayed: `export async function up(db: Kysely<any>)`.
    let Some(range) = forward(code) else {
        return;
    };
    let mut changes = Changes {
        file,
        code,
        all: Vec::new(),
    };
    let mut at = range.start;
    while at < range.end {
        let begins = code.is(at, "schema") && code.is(at + 1, ".") && code.is(at + 3, "(");
        match code.ident(at + 2).filter(|_| begins) {
            Some(name) => {
                let first = Link { name, open: at + 3 };
                let (links, end) = links(code, at + 3);
                changes.statement(first, &links);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    let in_folder = file.folder().split('/').any(|part| {
        let lower = part.to_ascii_lowercase();
        matches!(lower.as_str(), "migration" | "migrations")
    });
    if changes.all.is_empty() && !in_folder {
        return;
    }
    // A file whose SQL was read as well is one migration.
    let marked = acc
        .facts
        .iter()
        .any(|fact| matches!(&fact.claim, Claim::Mark(mark) if mark.topic == Topic::Migration));
    if !marked {
        scan::mark(acc, file, 1, Topic::Migration, file.name(), None);
    }
    for ((first, last), change) in changes.all {
        acc.add(file, first, last, Claim::Sql(Box::new(change)));
    }
}

/// The body of the function `up` that is given a database of Kysely.
fn forward(code: &Code<'_>) -> Option<Range<usize>> {
    let defines = |at: &usize| {
        let at = *at;
        let called = at > 0 && code.is(at - 1, ".");
        code.is(at, "up") && !called && (code.is(at + 1, "(") || code.is(at + 1, "="))
            || code.is(at, "up") && code.is(at + 1, ":")
    };
    let mut all = (0..code.tokens.len()).filter(defines);
    all.find_map(|at| body_of(code, at))
}

/// The body of the function whose name stands here, if it is given a database of Kysely.
fn body_of(code: &Code<'_>, at: usize) -> Option<Range<usize>> {
    let open = (at + 1..(at + 8).min(code.tokens.len())).find(|&at| code.is(at, "("))?;
    let close = code.partner(open)?;
    let typed = (open..close).any(|at| code.is(at, "Kysely") || code.is(at, "Transaction"));
    // In JavaScript the parameter has no type.
    if !typed && code.language != Language::JavaScript {
        return None;
    }
    // The type of what it gives may have brackets of its own: `Promise<{ … }>` is not written here.
    let body = (close + 1..(close + 24).min(code.tokens.len())).find(|&at| code.is(at, "{"))?;
    Some(body..code.partner(body)?)
}

/// The id that a table has in the replay.
pub(super) fn id(table: &str) -> String {
    table.to_lowercase()
}

/// The calls that follow the one with its bracket at `open`, and the index behind the last.
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

/// The call of this name in a chain.
pub(super) fn link<'l, 't>(links: &'l [Link<'t>], name: &str) -> Option<&'l Link<'t>> {
    links.iter().find(|link| link.name == name)
}

impl<'t> Changes<'_, 't> {
    pub(super) fn push(&mut self, lines: (u32, u32), change: SqlChange) {
        self.all.push((lines, change));
    }

    /// An entity of a table that holds nothing yet.
    pub(super) fn table(&self, name: &str, lines: (u32, u32)) -> Entity {
        let stored = Some(name.to_owned());
        let (first, last) = lines;
        let mut made = records::entity(self.file, name, stored, EntityKind::Table, first, last);
        made.id = id(name);
        made
    }

    /// Lines from the bracket of a call to its end.
    pub(super) fn lines(&self, open: usize) -> (u32, u32) {
        let code = self.code;
        let first = open.saturating_sub(1);
        (
            code.line(first),
            code.line(code.partner(open).unwrap_or(open)),
        )
    }

    /// The text of an argument: a literal, a constant of the file, or what stands in `` sql`…` ``.
    pub(super) fn text(&self, range: &Range<usize>) -> Option<String> {
        let code = self.code;
        let at = match code.is(range.start, "sql") {
            true => (range.start + 1..range.end).find(|&at| code.string(at).is_some())?,
            false if range.len() == 1 => range.start,
            false => return None,
        };
        if let Some(text) = code.string(at) {
            return (!text.contains("${")).then(|| text.trim().to_owned());
        }
        let name = code.ident(at)?;
        let known = code.constants().get(name);
        known.map(|(text, _)| (*text).to_owned())
    }

    /// The texts of the argument of a call at an index: one, or those of a list.
    pub(super) fn given(&self, open: usize, index: usize) -> Vec<String> {
        let Some(range) = self.code.arguments(open).into_iter().nth(index) else {
            return Vec::new();
        };
        match self.code.is(range.start, "[") {
            true => {
                let parts = self.code.arguments(range.start);
                parts.iter().filter_map(|r| self.text(r)).collect()
            }
            false => self.text(&range).into_iter().collect(),
        }
    }

    pub(super) fn one(&self, open: usize, index: usize) -> Option<String> {
        self.given(open, index).into_iter().next()
    }

    /// `createTable("users").addColumn(…)` and the like.
    fn statement(&mut self, first: Link<'t>, links: &[Link<'t>]) {
        let Some(name) = self.one(first.open, 0).filter(|name| !name.is_empty()) else {
            return;
        };
        let last = links.last().map_or(first.open, |link| link.open);
        let lines = (self.lines(first.open).0, self.lines(last).1);
        match first.name {
            "createTable" => self.created(&name, links, lines),
            "alterTable" => self.altered(&name, links),
            "dropTable" => self.push(lines, SqlChange::Drop(id(&name))),
            "createIndex" => self.index(&name, links, lines),
            "dropIndex" => self.push(lines, SqlChange::DropIndex(name)),
            _ => {}
        }
    }

    fn created(&mut self, name: &str, links: &[Link<'t>], lines: (u32, u32)) {
        let mut entity = self.table(name, lines);
        let mut keys = Vec::new();
        for link in links {
            self.part(name, *link, &mut entity, &mut keys);
        }
        self.push(lines, SqlChange::Create(entity));
        for key in keys {
            self.push(lines, key);
        }
    }

    fn altered(&mut self, table: &str, links: &[Link<'t>]) {
        for link in links {
            let lines = self.lines(link.open);
            let mut new = self.table(table, lines);
            let mut keys = Vec::new();
            if self.part(table, *link, &mut new, &mut keys) {
                self.push(lines, SqlChange::Extend(new));
                for key in keys {
                    self.push(lines, key);
                }
                continue;
            }
            let given = |index| self.one(link.open, index);
            let key = id(table);
            match (link.name, given(0), given(1)) {
                ("dropColumn", Some(column), _) => {
                    self.push(lines, SqlChange::DropColumn { table: key, column });
                }
                ("renameColumn", Some(from), Some(to)) => {
                    let table = key;
                    self.push(lines, SqlChange::RenameColumn { table, from, to });
                }
                ("renameTo", Some(to), _) => {
                    let at = self.file.evidence(lines.0, lines.1);
                    self.push(lines, SqlChange::Rename { from: key, to, at });
                    return;
                }
                ("dropConstraint", Some(name), _) => {
                    self.push(lines, SqlChange::DropConstraint { table: key, name });
                }
                ("dropIndex", Some(name), _) => self.push(lines, SqlChange::DropIndex(name)),
                ("alterColumn", Some(column), _) => self.changed(table, &column, *link),
                ("modifyColumn", Some(column), Some(kind)) => {
                    self.modified(table, &column, &kind, *link);
                }
                _ => {}
            }
        }
    }
}
