//! Entity Framework Core: what the steps of its migrations do to tables, where no snapshot tells it.

use super::sql;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, KeyKind, SqlChange};
use crate::fluent::{self, Link};
use crate::paths;
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ef-migrations",
    docs: "\
### What it finds
What migrations of Entity Framework Core do to tables, in the order of the file: `CreateTable`,
`AddColumn`, `AlterColumn`, `DropColumn`, `RenameColumn`, `RenameTable`, `DropTable`, keys, indexes, and
statements of SQL in `Sql` (<https://learn.microsoft.com/ef/core/managing-schemas/migrations>). They are
replayed where no `*ModelSnapshot.cs` is kept in their project.

### What it does not find
What `Down` takes back, statements that are put together, seeded rows.
",
    reads: &[Reads::Languages(&[Language::CSharp])],
    markers: &["MigrationBuilder"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let code = file.code();
    for at in 1..code.tokens.len() {
        // `protected override void Up(MigrationBuilder migrationBuilder)`
        let is_step = code.is(at, "Up") && code.is(at - 1, "void");
        if !is_step || !code.is(at + 2, "MigrationBuilder") {
            continue;
        }
        let open = code.partner(at + 1).map(|close| close + 1);
        let (Some(builder), Some(open)) = (code.ident(at + 3), open) else {
            continue;
        };
        if let Some(close) = code.partner(open).filter(|_| code.is_byte(open, b'{')) {
            let mut steps = Steps { acc, file, code };
            steps.all(builder, open + 1..close);
        }
    }
}

struct Steps<'a, 'f, 's> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
    code: &'f Code<'s>,
}

type Lines = (u32, u32);

impl<'s> Steps<'_, '_, 's> {
    fn all(&mut self, builder: &str, body: Range<usize>) {
        let mut at = body.start;
        while at < body.end {
            let chain = match self.code.is(at, builder) {
                true => fluent::chain_at(self.code, at),
                false => None,
            };
            let Some(chain) = chain else {
                at += 1;
                continue;
            };
            let lines = (self.code.line(at), self.code.line(chain.end - 1));
            if let Some(link) = chain.links.first() {
                self.one(link, lines);
            }
            at = chain.end;
        }
    }

    fn add(&mut self, lines: Lines, change: SqlChange) {
        let claim = Claim::Step(Box::new(change));
        self.acc.add(self.file, lines.0, lines.1, claim);
    }

    /// What an operation is given by name, or in the order of its parameters.
    fn given(&self, open: usize, name: &str, place: Option<usize>) -> Option<Range<usize>> {
        let code = self.code;
        let named = code.named_argument(open, name);
        named.or_else(|| {
            let range = code.arguments(open).into_iter().nth(place?)?;
            (!code.is(range.start + 1, ":")).then_some(range)
        })
    }

    fn text(&self, open: usize, name: &str, place: Option<usize>) -> Option<String> {
        let range = self.given(open, name, place)?;
        fluent::text(self.code, &range).filter(|text| !text.is_empty())
    }

    /// `column: "Id"`, `columns: new[] { "A", "B" }`.
    fn texts(&self, open: usize, one: &str, many: &str) -> Vec<String> {
        let range =
            (self.code.named_argument(open, one)).or_else(|| self.code.named_argument(open, many));
        let texts = range.into_iter().flatten();
        texts
            .filter_map(|at| self.code.string(at).map(str::to_owned))
            .collect()
    }

    fn is(&self, open: usize, name: &str, word: &str) -> bool {
        let range = self.code.named_argument(open, name);
        range.is_some_and(|r| self.code.is(r.start, word))
    }

    /// The table that an operation names, with what is added to it.
    fn table(&self, open: usize, key: &str, place: Option<usize>, lines: Lines) -> Option<Entity> {
        let name = self.text(open, key, place)?;
        let stored = Some(name.clone());
        let kind = EntityKind::Table;
        let mut made = records::entity(self.file, &name, stored, kind, lines.0, lines.1);
        made.id = records::in_schema(self.text(open, "schema", None).as_deref(), &name);
        Some(made)
    }

    fn one(&mut self, link: &Link<'s>, lines: Lines) {
        let open = link.open;
        match link.name {
            "CreateTable" => self.create(open, lines),
            "AddColumn" => {
                let made = self.table(open, "table", Some(1), lines);
                let name = self.text(open, "name", Some(0));
                if let (Some(mut made), Some(name)) = (made, name) {
                    let field = self.field(&name, open, link.types.clone(), lines.0);
                    made.fields.push(field);
                    self.add(lines, SqlChange::Extend(made));
                }
            }
            "AlterColumn" => {
                let made = self.table(open, "table", Some(1), lines);
                let name = self.text(open, "name", Some(0));
                if let (Some(made), Some(name)) = (made, name) {
                    let field = self.field(&name, open, link.types.clone(), lines.0);
                    let null = match field.nullable {
                        true => "DROP NOT NULL",
                        false => "SET NOT NULL",
                    };
                    for operation in ["TYPE", null] {
                        let column = Field {
                            constraints: vec![operation.to_owned()],
                            ..field.clone()
                        };
                        let table = made.id.clone();
                        self.add(lines, SqlChange::Column { table, column });
                    }
                }
            }
            "DropColumn" => {
                let made = self.table(open, "table", Some(1), lines);
                let name = self.text(open, "name", Some(0));
                if let (Some(made), Some(column)) = (made, name) {
                    let table = made.id;
                    self.add(lines, SqlChange::DropColumn { table, column });
                }
            }
            "RenameColumn" => {
                let made = self.table(open, "table", Some(1), lines);
                let from = self.text(open, "name", Some(0));
                let to = self.text(open, "newName", Some(2));
                if let (Some(made), Some(from), Some(to)) = (made, from, to) {
                    let table = made.id;
                    self.add(lines, SqlChange::RenameColumn { table, from, to });
                }
            }
            "RenameTable" => {
                let made = self.table(open, "name", Some(0), lines);
                let to = self.text(open, "newName", Some(2));
                if let (Some(made), Some(to)) = (made, to) {
                    let (from, at) = (made.id, self.file.evidence(lines.0, lines.1));
                    self.add(lines, SqlChange::Rename { from, to, at });
                }
            }
            "DropTable" => {
                if let Some(made) = self.table(open, "name", Some(0), lines) {
                    self.add(lines, SqlChange::Drop(made.id));
                }
            }
            "AddForeignKey" => {
                let made = self.table(open, "table", None, lines);
                let fields = self.texts(open, "column", "columns");
                if let Some(mut made) = made
                    && let Some(relation) = self.relation(open, fields, lines)
                {
                    let name = self.text(open, "name", Some(0));
                    let (table, fields) = (made.id.clone(), relation.fields.clone());
                    made.relations.push(relation);
                    self.add(lines, SqlChange::Extend(made));
                    self.named(name, table, fields, KeyKind::Foreign, lines);
                }
            }
            "AddPrimaryKey" => {
                let made = self.table(open, "table", Some(1), lines);
                let fields = self.texts(open, "column", "columns");
                if let Some(mut made) = made {
                    for field in &fields {
                        let mut key = records::field(self.file, field, "", lines.0);
                        key.primary_key = true;
                        made.fields.push(key);
                    }
                    let (name, table) = (self.text(open, "name", Some(0)), made.id.clone());
                    self.add(lines, SqlChange::Extend(made));
                    self.named(name, table, fields, KeyKind::Primary, lines);
                }
            }
            "DropForeignKey" | "DropPrimaryKey" | "DropUniqueConstraint" => {
                let made = self.table(open, "table", Some(1), lines);
                if let (Some(made), Some(name)) = (made, self.text(open, "name", Some(0))) {
                    let table = made.id;
                    self.add(lines, SqlChange::DropConstraint { table, name });
                }
            }
            "CreateIndex" => {
                let made = self.table(open, "table", Some(1), lines);
                let fields = self.texts(open, "column", "columns");
                if let (Some(mut made), false) = (made, fields.is_empty()) {
                    made.indexes.push(Index {
                        name: self.text(open, "name", Some(0)).unwrap_or_default(),
                        fields,
                        unique: self.is(open, "unique", "true"),
                        method: None,
                        predicate: self.text(open, "filter", None),
                        provenance: self.seen(lines),
                    });
                    self.add(lines, SqlChange::Extend(made));
                }
            }
            "DropIndex" => {
                if let Some(name) = self.text(open, "name", Some(0)) {
                    self.add(lines, SqlChange::DropIndex(name));
                }
            }
            "Sql" => self.sql(open),
            _ => {}
        }
    }

    fn sql(&mut self, open: usize) {
        let Some(range) = self.given(open, "sql", Some(0)) else {
            return;
        };
        // What is put together is not known.
        let plain = range.len() == 1 && !self.code.raw(range.start).starts_with('$');
        if let Some(text) = self.code.string(range.start).filter(|_| plain) {
            let quotes = match self.code.raw(range.start).starts_with('@') {
                true => "\"\"",
                false => "\\\"",
            };
            let (text, line) = (text.replace(quotes, "\""), self.code.line(range.start));
            sql::statements(self.acc, self.file, &text, line);
        }
    }

    fn seen(&self, lines: Lines) -> Provenance {
        Provenance::observed([self.file.evidence(lines.0, lines.1)])
    }

    fn named(
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

    /// A column: `table.Column<long>(type: "bigint", nullable: false)`.
    fn field(&self, name: &str, open: usize, kind: Range<usize>, line: u32) -> Field {
        let written = self.text(open, "type", None);
        let written = written.unwrap_or_else(|| kind.map(|at| self.code.raw(at)).collect());
        let shouted = !written.bytes().any(|b| b.is_ascii_lowercase());
        let written = match shouted {
            true => written.to_lowercase(),
            false => written,
        };
        let mut field = records::field(self.file, name, &written, line);
        field.nullable = self.is(open, "nullable", "true");
        let default = ["defaultValue", "defaultValueSql"]
            .into_iter()
            .find_map(|key| {
                let range = self.code.named_argument(open, key)?;
                let text = match self.code.string(range.start) {
                    Some(text) => text.to_owned(),
                    None if range.len() <= 2 => range.map(|at| self.code.raw(at)).collect(),
                    None => return None,
                };
                secrets::keep(name, &text)
            });
        field.default = default.filter(|text| !text.is_empty());
        field.description = self.text(open, "comment", None);
        let length = self.code.named_argument(open, "maxLength");
        if let Some(length) = length.filter(|_| !written.contains('(')) {
            let length: String = length.map(|at| self.code.raw(at)).collect();
            field.constraints.push(format!("length = {length}"));
        }
        field
    }

    fn relation(&self, open: usize, fields: Vec<String>, lines: Lines) -> Option<EntityRelation> {
        let to = self.text(open, "principalTable", None)?;
        let schema = self.text(open, "principalSchema", None);
        let on_delete = self.code.named_argument(open, "onDelete");
        let on_delete = on_delete.and_then(|r| self.code.ident(r.end.checked_sub(1)?));
        Some(EntityRelation {
            fields: Some(fields).filter(|fields| !fields.is_empty())?,
            to: records::in_schema(schema.as_deref(), &to),
            to_fields: self.texts(open, "principalColumn", "principalColumns"),
            cardinality: Cardinality::ManyToOne,
            on_delete: on_delete.map(|word| match word {
                "SetNull" => "set null".to_owned(),
                "SetDefault" => "set default".to_owned(),
                "NoAction" => "no action".to_owned(),
                word => word.to_lowercase(),
            }),
            through: None,
            provenance: self.seen(lines),
        })
    }

    /// `CreateTable(name: "Orders", columns: table => new { … }, constraints: table => { … })`
    fn create(&mut self, open: usize, lines: Lines) {
        let code = self.code;
        let Some(mut made) = self.table(open, "name", Some(0), lines) else {
            return;
        };
        made.description = self.text(open, "comment", None);
        let block = |key: &str, place| {
            let range = self.given(open, key, Some(place))?;
            range.clone().find(|&at| code.is_byte(at, b'{'))
        };
        // Columns are called by the members of the object unless they are given a name.
        let mut members: Vec<(String, String)> = Vec::new();
        for part in block("columns", 1)
            .map(|at| code.arguments(at))
            .into_iter()
            .flatten()
        {
            let Some(member) = code
                .ident(part.start)
                .filter(|_| code.is(part.start + 1, "="))
            else {
                continue;
            };
            let Some(chain) = fluent::chain_at(code, part.start + 2) else {
                continue;
            };
            let Some(link) = chain.links.first().filter(|link| link.name == "Column") else {
                continue;
            };
            let name = self.text(link.open, "name", None);
            let name = name.unwrap_or_else(|| member.trim_start_matches('@').to_owned());
            let line = code.line(part.start);
            let field = self.field(&name, link.open, link.types.clone(), line);
            members.push((member.to_owned(), name));
            made.fields.push(field);
        }
        let columns = |open: usize, key: &str| -> Vec<String> {
            let range = code.named_argument(open, key).or_else(|| {
                let second = code.arguments(open).into_iter().nth(1)?;
                (!code.is(second.start + 1, ":")).then_some(second)
            });
            let named = range
                .into_iter()
                .flatten()
                .filter(|&at| code.is(at - 1, "."));
            named
                .filter_map(|at| {
                    let member = code.ident(at)?;
                    let found = members.iter().find(|(name, _)| name == member);
                    found.map(|(_, column)| column.clone())
                })
                .collect()
        };
        let mut keys = Vec::new();
        let inner = block("constraints", 3).and_then(|at| Some((at, code.partner(at)?)));
        for at in inner.into_iter().flat_map(|(open, close)| open..close) {
            let begins = matches!(code.raw(at), ";" | "{" | "}");
            let Some(chain) = fluent::chain_at(code, at + 1).filter(|_| begins) else {
                continue;
            };
            let Some(link) = chain.links.first() else {
                continue;
            };
            let lines = (code.line(at + 1), code.line(chain.end - 1));
            let name = self.text(link.open, "name", Some(0));
            match link.name {
                "PrimaryKey" => {
                    let fields = columns(link.open, "columns");
                    for field in made.fields.iter_mut().filter(|f| fields.contains(&f.name)) {
                        field.primary_key = true;
                        field.nullable = false;
                    }
                    keys.push((name, fields, KeyKind::Primary, lines));
                }
                "UniqueConstraint" => {
                    let fields = columns(link.open, "columns");
                    made.indexes.push(Index {
                        name: name.clone().unwrap_or_default(),
                        fields: fields.clone(),
                        unique: true,
                        method: None,
                        predicate: None,
                        provenance: self.seen(lines),
                    });
                    keys.push((name, fields, KeyKind::Unique, lines));
                }
                "ForeignKey" => {
                    let one = columns(link.open, "column");
                    if let Some(relation) = self.relation(link.open, one, lines) {
                        keys.push((name, relation.fields.clone(), KeyKind::Foreign, lines));
                        made.relations.push(relation);
                    }
                }
                _ => {}
            }
        }
        let table = made.id.clone();
        self.add(lines, SqlChange::Create(made));
        for (name, fields, kind, lines) in keys {
            self.named(name, table.clone(), fields, kind, lines);
        }
    }
}
