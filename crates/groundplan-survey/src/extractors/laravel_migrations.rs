//! Laravel: migrations, as changes of a schema that are replayed in the order of their files.

mod arms;
mod columns;
mod commands;
mod gates;
mod keys;
mod loops;
mod types;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, SqlChange};
use crate::paths;
use crate::php::{self, Chain, Link};
use crate::records;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{Entity, EntityKind, Topic};
use groundplan_syntax::Code;
use loops::Bound;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-migrations",
    docs: "\
### What it finds
What the `up` of each migration of Laravel changes: tables with columns, types, defaults, comments,
keys, indexes and foreign keys (`Schema::create`), columns that are added, changed, renamed and
dropped (`Schema::table`), tables that are renamed and dropped; one mark per migration. Of what a
migration does for one driver or another (`if (DB::getDriverName() === 'sqlite') … else …`), one arm:
the first that is not for SQLite. Where `up` returns under a condition before it makes a table, the condition
(`if (! App::isLocal()) { return; }`). Of a name that a setting gives, its default
(`config('audit.table', 'audits')`).

### What it does not find
Statements of SQL in a migration, names that are put together from anything but literal texts and
loops over lists of these, what `down` takes back, macros of the blueprint that the system defines itself.
",
    reads: &[Reads::Paths(&["**/migrations/**/*.php"])],
    markers: &["Schema::"],
    run: extract,
};

/// Closures in closures at most.
const DEEPEST: u8 = 6;

/// What a migration says, in the order of the file.
pub(super) struct Changes<'f, 't> {
    file: &'f SourceFile<'t>,
    code: &'f Code<'t>,
    all: Vec<((u32, u32), SqlChange)>,
    /// Variables of loops around, with what each stands for.
    bound: Vec<(&'t str, Bound)>,
    /// What only the driver runs that is not followed.
    skipped: Vec<Range<usize>>,
    /// Where the condition ends under which the statements go on, and what it says of tables that they make then.
    gate: Option<(usize, String)>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let Some(body) = up(code) else {
        return;
    };
    let mut changes = Changes {
        file,
        code,
        all: Vec::new(),
        bound: Vec::new(),
        skipped: arms::skipped(file),
        gate: gates::gate(code, &body),
    };
    let helpers = helpers(code, &body, &changes.skipped);
    changes.statements(body, 0);
    let gate = changes.gate.take();
    for (called, body) in helpers {
        // What is called behind the condition is done under it as a whole.
        let behind = gate.as_ref().filter(|(end, _)| called > *end);
        changes.gate = behind.map(|(_, said)| (body.start, said.clone()));
        changes.statements(body, 0);
    }
    let name = file.name().to_owned();
    scan::mark(acc, file, 1, Topic::Migration, name, None);
    for ((first, last), change) in changes.all {
        acc.add(file, first, last, Claim::Sql(Box::new(change)));
    }
}

/// The methods that `up` calls, `$this->createUsers()` or `self::createUsers()`: where it does so first, and their
/// bodies.
fn helpers(
    code: &Code<'_>,
    up: &Range<usize>,
    skipped: &[Range<usize>],
) -> Vec<(usize, Range<usize>)> {
    const MOST: usize = 100;
    let mut found = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for at in up.clone() {
        if skipped.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let own = ["$this", "this", "self", "static"]
            .iter()
            .any(|own| code.is(at, own));
        let chain = php::chain_at(code, at).filter(|_| own);
        let Some(link) = chain.and_then(|chain| chain.links.into_iter().next()) else {
            continue;
        };
        if !seen.contains(&link.name) && seen.len() < MOST {
            seen.push(link.name);
            found.extend(method(code, link.name).map(|body| (at, body)));
        }
    }
    found
}

/// The body of the method that applies a migration.
fn up(code: &Code<'_>) -> Option<Range<usize>> {
    method(code, "up")
}

fn method(code: &Code<'_>, called: &str) -> Option<Range<usize>> {
    let name = (1..code.tokens.len()).find(|&at| {
        code.is(at, called) && code.is(at - 1, "function") && code.is_byte(at + 1, b'(')
    })?;
    let close = code.partner(name + 1)?;
    // `up(): void {`
    let open = (close + 1..close + 6).find(|&at| code.is_byte(at, b'{'))?;
    Some(open + 1..code.partner(open)?)
}

/// The id that a table has in the replay.
pub(super) fn id(table: &str) -> String {
    table.to_lowercase()
}

impl<'f, 't> Changes<'f, 't> {
    fn push(&mut self, lines: (u32, u32), change: SqlChange) {
        self.all.push((lines, change));
    }

    /// An entity of a table that holds nothing yet.
    fn table(&self, name: &str, first: u32, last: u32) -> Entity {
        let stored = Some(name.to_owned());
        let mut made = records::entity(self.file, name, stored, EntityKind::Table, first, last);
        made.id = id(name);
        made
    }

    /// Where what begins at a token and is not followed ends.
    fn skipped(&self, at: usize) -> Option<usize> {
        let mut all = self.skipped.iter();
        all.find(|range| range.contains(&at)).map(|range| range.end)
    }

    /// All statements of a body; what stands in a loop over texts is said once for each.
    fn statements(&mut self, body: Range<usize>, depth: u8) {
        let code = self.code;
        let mut at = body.start;
        while at < body.end {
            if let Some(end) = self.skipped(at) {
                at = end;
                continue;
            }
            if let Some(found) = self.each(at).filter(|_| depth < DEEPEST) {
                let end = found.body.end + 1;
                for bound in found.values {
                    let known = self.bound.len();
                    self.bound.extend(bound);
                    self.statements(found.body.clone(), depth + 1);
                    self.bound.truncate(known);
                }
                at = end;
                continue;
            }
            // `$schema = Schema::connection($this->getConnection());`
            let builds = |_: &Chain<'t>| code.is(at, "Schema") || code.is(at, "$schema");
            match php::chain_at(code, at).filter(builds) {
                Some(chain) => {
                    self.statement(&chain, code.line(at));
                    at = chain.end;
                }
                None => at += 1,
            }
        }
    }

    /// `Schema::create('users', function (Blueprint $table) {…})` and the like.
    fn statement(&mut self, chain: &Chain<'t>, first: u32) {
        let code = self.code;
        for link in &chain.links {
            let arguments = code.arguments(link.open);
            let Some(name) = arguments.first().and_then(|range| self.value(range)) else {
                continue;
            };
            let last = code.partner(link.open).map_or(first, |at| code.line(at));
            match link.name {
                "create" | "table" => {
                    let blueprint = arguments.get(1).and_then(|r| php::closure(code, r));
                    let Some((body, Some(variable))) = blueprint else {
                        continue;
                    };
                    if link.name == "create" {
                        let mut entity = self.table(&name, first, last);
                        let gate = (self.gate.as_ref()).filter(|(end, _)| link.open > *end);
                        entity.description = gate.map(|(_, said)| said.clone());
                        self.push((first, last), SqlChange::Create(entity));
                    }
                    self.blueprint(&name, body, variable, 0);
                }
                "drop" | "dropIfExists" => self.push((first, last), SqlChange::Drop(id(&name))),
                "rename" => {
                    if let Some(to) = arguments.get(1).and_then(|r| php::text(code, r)) {
                        self.rename(&name, &to, (first, last));
                    }
                }
                "dropColumns" => {
                    let columns = arguments.iter().skip(1);
                    for column in columns.flat_map(|r| php::texts(code, r)) {
                        let table = id(&name);
                        self.push((first, last), SqlChange::DropColumn { table, column });
                    }
                }
                _ => {}
            }
        }
    }

    fn rename(&mut self, from: &str, to: &str, lines: (u32, u32)) {
        let change = SqlChange::Rename {
            from: id(from),
            to: to.to_owned(),
            at: self.file.evidence(lines.0, lines.1),
        };
        self.push(lines, change);
    }

    /// All statements of a blueprint, `$table->string('email')->unique();`.
    fn blueprint(&mut self, table: &str, body: Range<usize>, variable: &str, depth: u8) {
        let code = self.code;
        let mut at = body.start;
        while at < body.end {
            if let Some(end) = self.skipped(at) {
                at = end;
                continue;
            }
            if let Some(found) = self.each(at).filter(|_| depth < DEEPEST) {
                let end = found.body.end + 1;
                for bound in found.values {
                    let known = self.bound.len();
                    self.bound.extend(bound);
                    self.blueprint(table, found.body.clone(), variable, depth + 1);
                    self.bound.truncate(known);
                }
                at = end;
                continue;
            }
            let chain = code
                .is(at, variable)
                .then(|| php::chain_at(code, at))
                .flatten();
            let Some(chain) = chain else {
                at += 1;
                continue;
            };
            let lines = (code.line(at), code.line(chain.end - 1));
            // `$table->after('email', function ($table) {…})` holds columns.
            let inner = (chain.links.iter())
                .flat_map(|link| code.arguments(link.open))
                .find_map(|range| php::closure(code, &range));
            if let Some((body, Some(variable))) = inner.filter(|_| depth < DEEPEST) {
                self.blueprint(table, body, variable, depth + 1);
            } else if let [first, rest @ ..] = chain.links.as_slice()
                && !self.command(table, first, rest, lines)
            {
                self.column(table, first, rest, lines);
            }
            at = chain.end;
        }
    }

    /// The text of an argument of a call.
    fn text(&self, link: &Link<'t>, index: usize) -> Option<String> {
        let range = self.code.arguments(link.open).into_iter().nth(index)?;
        self.value(&range)
    }

    /// The tokens of an argument as written.
    fn written(&self, link: &Link<'t>, index: usize) -> Option<String> {
        let range = self.code.arguments(link.open).into_iter().nth(index)?;
        let one = |at| self.code.string(at).unwrap_or_else(|| self.code.raw(at));
        (range.len() <= 6).then(|| range.map(one).collect())
    }
}

/// The link of a name, if it is there.
pub(super) fn link<'l, 't>(links: &'l [Link<'t>], name: &str) -> Option<&'l Link<'t>> {
    links.iter().find(|link| link.name == name)
}
