//! FluentMigrator: what the steps of its migrations do to tables.

use super::sql;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, KeyKind, SqlChange};
use crate::fluent::{self, Chain, Link};
use crate::paths;
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance};
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "fluent-migrator",
    docs: "\
### What it finds
What migrations of FluentMigrator do to tables, in the order of the file: `Create.Table`, `Create.Column`, `Alter.Table`
with its columns, `Alter.Column`, `Delete.Table`, `Delete.Column`, `Rename.Table`, `Rename.Column`, keys, indexes and
statements of SQL in `Execute.Sql` (<https://fluentmigrator.github.io>). A table that a method of the project creates,
`Create.TableForModel(…)`, is known in part, since what that method adds was not read.

### What it does not find
What `Down` takes back, names that code puts together, statements that are put together, seeded rows.
",
    reads: &[Reads::Languages(&[Language::CSharp])],
    markers: &["FluentMigrator"],
    run: extract,
};

/// Arguments of one call that are names, at most.
const MOST_NAMES: usize = 16;

/// Words that begin a step.
const ROOTS: [&str; 5] = ["Alter", "Create", "Delete", "Execute", "Rename"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let code = file.code();
    let marked = |at: usize| code.is(at, "[") && code.ident(at + 1).is_some_and(is_migration);
    if !(0..code.tokens.len()).any(marked) {
        return;
    }
    let back = taken_back(code);
    let mut steps = Steps { acc, file, code };
    let mut at = 1;
    while at < code.tokens.len() {
        // What `Down` takes back is not done.
        if let Some(body) = method(code, at)
            && (code.is(at, "Down") || back.contains(code.raw(at)))
        {
            at = body.end.max(at + 1);
            continue;
        }
        let begins = matches!(code.raw(at - 1), ";" | "{" | "}" | ")" | "else")
            || at >= 2 && code.is(at - 1, ">") && code.is(at - 2, "=");
        let root = begins && ROOTS.contains(&code.raw(at));
        let Some(chain) = root.then(|| fluent::chain_at(code, at)).flatten() else {
            at += 1;
            continue;
        };
        let lines = (code.line(at), code.line(chain.end.saturating_sub(1)));
        steps.one(code.raw(at), &chain, lines);
        at = chain.end.max(at + 1);
    }
}

/// The body of a method without a result whose name stands at a place: `void Down() { … }`, `void Down() => …;`.
fn method(code: &Code<'_>, at: usize) -> Option<Range<usize>> {
    let declared = at > 0 && code.is(at - 1, "void") && code.is(at + 1, "(");
    let begin = code.partner(at + 1).filter(|_| declared)? + 1;
    if code.is_byte(begin, b'{') {
        return Some(begin..code.partner(begin)? + 1);
    }
    Some(begin..scan::end_of_expression(code, begin))
}

/// The methods of a file that `Down` calls, and nothing else does.
fn taken_back<'t>(code: &Code<'t>) -> BTreeSet<&'t str> {
    let (mut down, mut other) = (BTreeSet::new(), BTreeSet::new());
    let mut end_of_down = 0;
    for at in 1..code.tokens.len() {
        if code.is(at, "Down")
            && let Some(body) = method(code, at)
        {
            end_of_down = body.end;
        }
        // `Create.Table(…)` is no method of the file, `this.Drop()` is.
        let own = !code.is(at - 1, ".") || at > 1 && code.is(at - 2, "this");
        let called = own && code.is(at + 1, "(") && !code.is(at - 1, "void");
        if let Some(name) = code.ident(at).filter(|_| called) {
            match at < end_of_down {
                true => down.insert(name),
                false => other.insert(name),
            };
        }
    }
    down.retain(|name| !other.contains(name));
    down
}

/// `[Migration(7)]`, and attributes of a project that end so.
fn is_migration(word: &str) -> bool {
    word.ends_with("Migration") || word.ends_with("MigrationAttribute")
}

struct Steps<'a, 'f, 's> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
    code: &'f Code<'s>,
}

type Lines = (u32, u32);

impl<'s> Steps<'_, '_, 's> {
    fn add(&mut self, lines: Lines, change: SqlChange) {
        let claim = Claim::Step(Box::new(change));
        self.acc.add(self.file, lines.0, lines.1, claim);
    }

    fn text(&self, link: &Link<'s>, place: usize) -> Option<String> {
        let range = self.code.arguments(link.open).into_iter().nth(place)?;
        let constant = || {
            let name = self.code.ident(range.start).filter(|_| range.len() == 1)?;
            let value = self.code.constants().get(name)?;
            Some(value.0.to_owned())
        };
        // `$"{prefix}_orders"` is put together.
        let whole = !self.code.raw(range.start).starts_with('$');
        let text = fluent::text(self.code, &range).filter(|_| whole);
        text.or_else(constant).filter(|text| !text.is_empty())
    }

    /// All texts that calls are given; none where one of them is no literal, since the others alone would be a
    /// narrower key or index.
    fn all<'l>(&self, links: impl Iterator<Item = &'l Link<'s>>) -> Option<Vec<String>>
    where
        's: 'l,
    {
        let places = |link: &Link<'s>| self.code.arguments(link.open).len();
        let mut all = Vec::new();
        for link in links {
            for at in 0..places(link).min(MOST_NAMES) {
                all.push(self.text(link, at)?);
            }
        }
        Some(all)
    }

    /// The text that a call of the chain is given first.
    fn named(&self, chain: &Chain<'s>, name: &str) -> Option<String> {
        self.text(chain.link(name)?, 0)
    }

    fn table(&self, name: &str, chain: &Chain<'s>, lines: Lines) -> Entity {
        let kind = EntityKind::Table;
        let stored = Some(name.to_owned());
        let mut made = records::entity(self.file, name, stored, kind, lines.0, lines.1);
        made.id = self.id(chain, name);
        made
    }

    /// The id of a table, as ids have it: with its schema unless that is the usual one.
    fn id(&self, chain: &Chain<'s>, table: &str) -> String {
        records::in_schema(self.named(chain, "InSchema").as_deref(), table)
    }

    /// The schema that is said right behind a call of the chain.
    fn schema_behind(&self, chain: &Chain<'s>, name: &str) -> Option<String> {
        let mut links = chain.links.iter().skip_while(|link| link.name != name);
        let next = links.nth(1).filter(|link| link.name == "InSchema")?;
        self.text(next, 0)
    }

    fn one(&mut self, root: &str, chain: &Chain<'s>, lines: Lines) {
        let Some(first) = chain.links.first() else {
            return;
        };
        let name = self.text(first, 0);
        match (root, first.name) {
            ("Create", "Column") => self.column(chain, name, lines, true),
            ("Create", "Index") => self.index(chain, name, lines),
            ("Create", "ForeignKey") => self.foreign(chain, name, lines),
            ("Create", "PrimaryKey" | "UniqueConstraint") => {
                self.key(chain, first.name, name, lines);
            }
            ("Create", made) if made.starts_with("Table") => self.create(chain, name, lines),
            ("Alter", "Table") => self.alter(chain, name, lines),
            ("Alter", "Column") => self.column(chain, name, lines, false),
            ("Delete", "Table") => {
                if let Some(name) = name {
                    self.add(lines, SqlChange::Drop(self.id(chain, &name)));
                }
            }
            ("Delete", "Column") => {
                let Some(table) = self.named(chain, "FromTable") else {
                    return;
                };
                let table = self.id(chain, &table);
                let columns = chain.links.iter().filter(|link| link.name == "Column");
                let columns: Vec<String> = columns.filter_map(|l| self.text(l, 0)).collect();
                for column in columns {
                    let table = table.clone();
                    self.add(lines, SqlChange::DropColumn { table, column });
                }
            }
            ("Delete", "Index") => {
                if let Some(name) = name {
                    self.add(lines, SqlChange::DropIndex(name));
                }
            }
            ("Delete", "ForeignKey" | "PrimaryKey" | "UniqueConstraint") => {
                let table = ["OnTable", "FromTable"];
                let table = table.iter().find_map(|key| self.named(chain, key));
                if let (Some(name), Some(table)) = (name, table) {
                    let table = self.id(chain, &table);
                    self.add(lines, SqlChange::DropConstraint { table, name });
                }
            }
            ("Rename", "Table") => {
                if let (Some(name), Some(to)) = (name, self.named(chain, "To")) {
                    let (from, at) = (self.id(chain, &name), self.file.evidence(lines.0, lines.1));
                    self.add(lines, SqlChange::Rename { from, to, at });
                }
            }
            ("Rename", "Column") => {
                let table = self.named(chain, "OnTable");
                let to = self.named(chain, "To");
                if let (Some(from), Some(table), Some(to)) = (name, table, to) {
                    let table = self.id(chain, &table);
                    self.add(lines, SqlChange::RenameColumn { table, from, to });
                }
            }
            ("Execute", "Sql") => self.sql(first),
            _ => {}
        }
    }

    fn sql(&mut self, link: &Link<'s>) {
        let Some(range) = self.code.arguments(link.open).into_iter().next() else {
            return;
        };
        // What is put together is not known.
        let plain = range.len() == 1 && !self.code.raw(range.start).starts_with('$');
        if let Some(text) = self.code.string(range.start).filter(|_| plain) {
            let raw = self.code.raw(range.start);
            let text = match raw.starts_with('@') {
                true => text.replace("\"\"", "\""),
                false if raw.starts_with("\"\"\"") => text.to_owned(),
                false => {
                    let blanks = ["\\r", "\\n", "\\t"].iter();
                    let text =
                        blanks.fold(text.to_owned(), |text, hidden| text.replace(hidden, " "));
                    text.replace("\\\"", "\"")
                }
            };
            let line = self.code.line(range.start);
            sql::statements(self.acc, self.file, &text, line);
        }
    }

    /// `Create.Table("Orders").WithColumn("Id").AsInt32().PrimaryKey()`
    fn create(&mut self, chain: &Chain<'s>, name: Option<String>, lines: Lines) {
        let Some(name) = name else { return };
        let mut made = self.table(&name, chain, lines);
        // A method of the project adds what it adds.
        made.partial = chain.links.first().is_some_and(|link| link.name != "Table");
        self.columns(&mut made, chain, &["WithColumn"]);
        if let Some(text) = self.named(chain, "WithDescription") {
            made.description = Some(text);
        }
        self.add(lines, SqlChange::Create(made));
    }

    /// `Alter.Table("Orders").AddColumn("Note").AsString().Nullable()`
    fn alter(&mut self, chain: &Chain<'s>, name: Option<String>, lines: Lines) {
        let Some(name) = name else { return };
        let mut made = self.table(&name, chain, lines);
        self.columns(&mut made, chain, &["AddColumn"]);
        let table = made.id.clone();
        if !made.fields.is_empty() {
            self.add(lines, SqlChange::Extend(made));
        }
        let mut changed = self.table(&name, chain, lines);
        self.columns(&mut changed, chain, &["AlterColumn"]);
        for field in changed.fields {
            self.retype(&table, &field, lines);
        }
    }

    /// `Create.Column("Note").OnTable("Orders").AsString()`, and `Alter.Column` that changes one.
    fn column(&mut self, chain: &Chain<'s>, name: Option<String>, lines: Lines, new: bool) {
        let (Some(_), Some(table)) = (name, self.named(chain, "OnTable")) else {
            return;
        };
        let mut made = self.table(&table, chain, lines);
        self.columns(&mut made, chain, &["Column"]);
        if made.fields.is_empty() {
            return;
        }
        match new {
            true => self.add(lines, SqlChange::Extend(made)),
            false => {
                for field in &made.fields {
                    self.retype(&made.id, field, lines);
                }
            }
        }
    }

    fn retype(&mut self, table: &str, field: &Field, lines: Lines) {
        let null = match field.nullable {
            true => "DROP NOT NULL",
            false => "SET NOT NULL",
        };
        // Where no type is said it stays.
        let kinds = ["TYPE", null].into_iter();
        for operation in kinds.skip(usize::from(field.data_type.is_empty())) {
            let column = Field {
                constraints: vec![operation.to_owned()],
                ..field.clone()
            };
            let table = table.to_owned();
            self.add(lines, SqlChange::Column { table, column });
        }
    }

    /// The columns of a chain, each from the call that names it up to the next one.
    fn columns(&self, made: &mut Entity, chain: &Chain<'s>, begins: &[&str]) {
        const NAMES: [&str; 4] = ["AddColumn", "AlterColumn", "Column", "WithColumn"];
        let named = |link: &Link<'_>| NAMES.contains(&link.name);
        let mut at = 0;
        while let Some(link) = chain.links.get(at) {
            at += 1;
            if !begins.contains(&link.name) {
                continue;
            }
            let Some(name) = self.text(link, 0) else {
                continue;
            };
            let end = chain.links.iter().skip(at).position(named);
            let end = end.map_or(chain.links.len(), |count| at + count);
            let Some(told) = chain.links.get(at..end) else {
                continue;
            };
            self.told(made, &name, told, self.code.line(link.open));
        }
    }

    /// What the calls behind the name of a column say of it.
    fn told(&self, made: &mut Entity, name: &str, told: &[Link<'s>], line: u32) {
        let mut field = records::field(self.file, name, "", line);
        // Unless it is said a column takes no null (<https://fluentmigrator.github.io/articles/fluent-interface.html>).
        field.nullable = false;
        for link in told {
            match link.name {
                "Nullable" => field.nullable = true,
                "PrimaryKey" => field.primary_key = true,
                "Unique" | "Indexed" => made.indexes.push(Index {
                    name: self.text(link, 0).unwrap_or_default(),
                    fields: vec![name.to_owned()],
                    unique: link.name == "Unique",
                    method: None,
                    predicate: None,
                    provenance: self.seen((line, line)),
                }),
                "WithColumnDescription" => field.description = self.text(link, 0),
                "WithDefaultValue" => field.default = self.default(name, link),
                "ForeignKey" => {
                    let all = self.all([link].into_iter()).unwrap_or_default();
                    // `(table, column)`, `(name, table, column)`, `(name, schema, table, column)`
                    if let [.., table, column] = all.as_slice() {
                        let schema = all.get(1).filter(|_| all.len() == 4);
                        made.relations.push(EntityRelation {
                            fields: vec![name.to_owned()],
                            to: records::in_schema(schema.map(String::as_str), table),
                            to_fields: vec![column.clone()],
                            cardinality: Cardinality::ManyToOne,
                            on_delete: None,
                            through: None,
                            provenance: self.seen((line, line)),
                        });
                    }
                }
                "OnDelete" | "OnDeleteOrUpdate" => {
                    // Where the key of this column was not read the last one is that of another.
                    let last = made.relations.last_mut();
                    if let Some(relation) = last.filter(|known| known.fields == [name]) {
                        relation.on_delete = rule(self.code, link.open);
                    }
                }
                kind if field.data_type.is_empty() => field.data_type = self.kind(kind, link),
                _ => {}
            }
        }
        made.fields.push(field);
    }

    /// `AsString(80)` is `string(80)`, `AsCustom("jsonb")` is what it is given.
    fn kind(&self, kind: &str, link: &Link<'s>) -> String {
        let Some(word) = kind.strip_prefix("As").filter(|word| !word.is_empty()) else {
            return String::new();
        };
        if word == "Custom" {
            return self.text(link, 0).unwrap_or_default();
        }
        let numbers: Vec<&str> = (self.code.arguments(link.open).into_iter())
            .filter(|range| range.len() == 1)
            .map(|range| self.code.raw(range.start))
            .filter(|raw| !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_digit()))
            .collect();
        // Types of SQL Server have these names, and the library makes of them what each product has.
        let word = match word {
            "DateTime2" => "datetime".to_owned(),
            "DateTimeOffset" => "datetime with offset".to_owned(),
            _ => word.to_lowercase(),
        };
        match numbers.is_empty() {
            true => word,
            false => format!("{word}({})", numbers.join(", ")),
        }
    }

    fn default(&self, name: &str, link: &Link<'s>) -> Option<String> {
        let range = self.code.arguments(link.open).into_iter().next()?;
        let text = match self.code.string(range.start) {
            Some(text) if range.len() == 1 => text.to_owned(),
            None if range.len() <= 4 => range.map(|at| self.code.raw(at)).collect(),
            _ => return None,
        };
        secrets::keep(name, &text).filter(|text| !text.is_empty())
    }

    /// `Create.Index("IX").OnTable("Orders").OnColumn("Date").Ascending().WithOptions().Unique()`
    fn index(&mut self, chain: &Chain<'s>, name: Option<String>, lines: Lines) {
        let Some(table) = self.named(chain, "OnTable") else {
            return;
        };
        let fields = chain.links.iter().filter(|link| link.name == "OnColumn");
        let Some(fields) = self.all(fields).filter(|fields| !fields.is_empty()) else {
            return;
        };
        let mut made = self.table(&table, chain, lines);
        made.indexes.push(Index {
            name: name.unwrap_or_default(),
            fields,
            unique: chain.link("Unique").is_some(),
            method: None,
            predicate: None,
            provenance: self.seen(lines),
        });
        self.add(lines, SqlChange::Extend(made));
    }

    /// `Create.ForeignKey("FK").FromTable("Lines").ForeignColumn("OrderId").ToTable("Orders").PrimaryColumn("Id")`
    fn foreign(&mut self, chain: &Chain<'s>, name: Option<String>, lines: Lines) {
        let all = |one: &str, many: &str| {
            let links = chain.links.iter();
            self.all(links.filter(|link| link.name == one || link.name == many))
        };
        let (Some(from), Some(to)) = (self.named(chain, "FromTable"), self.named(chain, "ToTable"))
        else {
            return;
        };
        let columns = all("ForeignColumn", "ForeignColumns");
        let (Some(fields), Some(to_fields)) = (columns, all("PrimaryColumn", "PrimaryColumns"))
        else {
            return;
        };
        if fields.is_empty() {
            return;
        }
        let mut made = self.table(&from, chain, lines);
        let schema = self.schema_behind(chain, "FromTable");
        made.id = records::in_schema(schema.as_deref(), &from);
        let on_delete = chain
            .link("OnDelete")
            .or_else(|| chain.link("OnDeleteOrUpdate"));
        made.relations.push(EntityRelation {
            fields: fields.clone(),
            to: records::in_schema(self.schema_behind(chain, "ToTable").as_deref(), &to),
            to_fields,
            cardinality: Cardinality::ManyToOne,
            on_delete: on_delete.and_then(|link| rule(self.code, link.open)),
            through: None,
            provenance: self.seen(lines),
        });
        let table = made.id.clone();
        self.add(lines, SqlChange::Extend(made));
        self.key_named(name, table, fields, KeyKind::Foreign, lines);
    }

    /// `Create.PrimaryKey("PK").OnTable("Orders").Columns("Shop", "Number")`
    fn key(&mut self, chain: &Chain<'s>, kind: &str, name: Option<String>, lines: Lines) {
        let Some(table) = self.named(chain, "OnTable") else {
            return;
        };
        let links = chain.links.iter();
        let links = links.filter(|link| matches!(link.name, "Column" | "Columns"));
        let Some(fields) = self.all(links).filter(|fields| !fields.is_empty()) else {
            return;
        };
        let mut made = self.table(&table, chain, lines);
        let kind = match kind {
            "PrimaryKey" => {
                for field in &fields {
                    let mut key = records::field(self.file, field, "", lines.0);
                    key.primary_key = true;
                    key.nullable = false;
                    made.fields.push(key);
                }
                KeyKind::Primary
            }
            _ => {
                made.indexes.push(Index {
                    name: name.clone().unwrap_or_default(),
                    fields: fields.clone(),
                    unique: true,
                    method: None,
                    predicate: None,
                    provenance: self.seen(lines),
                });
                KeyKind::Unique
            }
        };
        let table = made.id.clone();
        self.add(lines, SqlChange::Extend(made));
        self.key_named(name, table, fields, kind, lines);
    }

    fn seen(&self, lines: Lines) -> Provenance {
        Provenance::observed([self.file.evidence(lines.0, lines.1)])
    }

    fn key_named(
        &mut self,
        name: Option<String>,
        table: String,
        fields: Vec<String>,
        kind: KeyKind,
        lines: Lines,
    ) {
        if let Some(name) = name {
            let change = SqlChange::NamedKey {
                table,
                name,
                fields,
                kind,
            };
            self.add(lines, change);
        }
    }
}

/// `Rule.Cascade` as SQL says it.
fn rule(code: &Code<'_>, open: usize) -> Option<String> {
    let range: Range<usize> = code.arguments(open).into_iter().next()?;
    // Which one a variable holds is not known.
    let rule = match code.ident(range.end.checked_sub(1)?)? {
        "Cascade" => "cascade",
        "SetNull" => "set null",
        "SetDefault" => "set default",
        "None" => "no action",
        _ => return None,
    };
    Some(rule.to_owned())
}
