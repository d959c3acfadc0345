//! Entity Framework Core: what code says of the tables of classes.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ColumnRule, EndRule, FileFacts, TableRules};
use crate::fluent::{self, Chain, Link};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{EntityKind, Index, Provenance};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ef-configurations",
    docs: "\
### What it finds
What `IEntityTypeConfiguration<T>` and `modelBuilder.Entity<T>(…)` of Entity Framework Core say of the table
of a class: its name, keys, indexes, columns with type, length and whether they must be filled, members that
are not stored, and who keeps the key of a relationship.

### What it does not find
Owned types, conversions of values, rules that are made in loops, seeded rows.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &["EntityTypeBuilder<", ".Entity<"],
    run: extract,
};

/// Statements of a file at most.
const MOST: usize = 2_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let mut at = 0;
    while at < code.tokens.len() {
        let (next, found) = builder(file, at)
            .or_else(|| chained(file, at))
            .unwrap_or((at + 1, None));
        if let Some((rules, lines)) = found {
            acc.add(file, lines.0, lines.1, Claim::TableRules(Box::new(rules)));
        }
        at = next;
    }
}

type Found = (usize, Option<(TableRules, (u32, u32))>);

/// `void Configure(EntityTypeBuilder<Loan> builder) { … }`
fn builder(file: &SourceFile<'_>, at: usize) -> Option<Found> {
    let code = file.code();
    if !code.is(at, "EntityTypeBuilder") || !code.is(at + 1, "<") {
        return None;
    }
    let class = code.ident(at + 2)?;
    let variable = code.ident(at + 4).filter(|_| code.is(at + 3, ">"))?;
    // `void Configure(EntityTypeBuilder<Loan> builder) => builder.ToTable("Loans");`
    let arrow = code.is_byte(at + 5, b')') && code.is_byte(at + 7, b'>') || code.is(at + 6, "=>");
    if arrow {
        let end = (at + 6..code.tokens.len()).find(|&at| code.is_byte(at, b';'))?;
        let rules = body(file, class, variable, at + 6..end);
        let lines = (code.line(at), code.line(end));
        return Some((end, rules.map(|rules| (rules, lines))));
    }
    let open = (at + 5..at + 24).find(|&at| code.is_byte(at, b'{') || code.is_byte(at, b';'))?;
    let close = code.partner(open).filter(|_| code.is_byte(open, b'{'))?;
    let rules = body(file, class, variable, open + 1..close);
    let lines = (code.line(at), code.line(close));
    Some((close, rules.map(|rules| (rules, lines))))
}

/// `modelBuilder.Entity<Loan>(e => { … })`, `modelBuilder.Entity<Loan>().HasKey(l => l.Number)`
fn chained(file: &SourceFile<'_>, at: usize) -> Option<Found> {
    let code = file.code();
    let starts = code.is_byte(at + 1, b'.') && code.is(at + 2, "Entity") && code.is(at + 3, "<");
    let chain = fluent::chain_at(code, at).filter(|_| starts)?;
    let (first, rest) = chain.links.split_first()?;
    let class = first.types.clone().rev().find_map(|at| code.ident(at))?;
    let arguments = code.arguments(first.open);
    let lines = (code.line(at), code.line(chain.end - 1));
    let rules = match arguments.first().and_then(|r| fluent::closure(code, r)) {
        Some((variable, range)) => body(file, class, variable, range),
        None => {
            let mut rules = TableRules::new(class);
            let chain = Chain {
                links: rest.to_vec(),
                end: chain.end,
            };
            let known = statement(file, &mut rules, &chain, lines);
            known.then_some(rules)
        }
    };
    Some((chain.end, rules.map(|rules| (rules, lines))))
}

fn body(
    file: &SourceFile<'_>,
    class: &str,
    variable: &str,
    range: Range<usize>,
) -> Option<TableRules> {
    let code = file.code();
    let mut rules = TableRules::new(class);
    let (mut at, mut count) = (range.start, 0);
    while at < range.end && count < MOST {
        let starts = code.is(at, variable) && !code.is_byte(at.wrapping_sub(1), b'.');
        let Some(chain) = starts.then(|| fluent::chain_at(code, at)).flatten() else {
            at += 1;
            continue;
        };
        let lines = (code.line(at), code.line(chain.end - 1));
        count += usize::from(statement(file, &mut rules, &chain, lines));
        at = chain.end;
    }
    (count > 0).then_some(rules)
}

/// Adds what one statement says; whether it says anything that is known.
fn statement(
    file: &SourceFile<'_>,
    rules: &mut TableRules,
    chain: &Chain<'_>,
    lines: (u32, u32),
) -> bool {
    let Some(first) = chain.links.first() else {
        return false;
    };
    let code = file.code();
    let seen = Provenance::observed([file.evidence(lines.0, lines.1)]);
    match first.name {
        "ToTable" => rules.table = text(code, first).or(rules.table.take()),
        "ToView" => {
            rules.table = text(code, first).or(rules.table.take());
            rules.kind = EntityKind::View;
        }
        "HasKey" => rules.key = Some(fluent::members(code, first.open)),
        "HasNoKey" => rules.key = Some(Vec::new()),
        "Ignore" => rules.ignored.extend(fluent::members(code, first.open)),
        "Property" | "PrimitiveCollection" => {
            let Some(member) = fluent::members(code, first.open).pop() else {
                return false;
            };
            let said = |name| chain.link(name).and_then(|link| text(code, link));
            rules.columns.push(ColumnRule {
                member,
                column: said("HasColumnName"),
                data_type: said("HasColumnType"),
                required: chain.link("IsRequired").map(|link| !is_false(code, link)),
                length: chain
                    .link("HasMaxLength")
                    .and_then(|link| number(code, link)),
                provenance: seen,
            });
        }
        "HasIndex" | "HasAlternateKey" => {
            let unique = chain
                .link("IsUnique")
                .is_some_and(|link| !is_false(code, link));
            rules.indexes.push(Index {
                name: chain
                    .link("HasDatabaseName")
                    .or(chain.link("HasName"))
                    .and_then(|link| text(code, link))
                    .unwrap_or_default(),
                fields: fluent::members(code, first.open),
                unique: unique || first.name == "HasAlternateKey",
                method: None,
                predicate: chain.link("HasFilter").and_then(|link| text(code, link)),
                provenance: seen,
            });
        }
        "HasOne" | "HasMany" => {
            let Some(member) = fluent::members(code, first.open).pop() else {
                return false;
            };
            let key = chain.link("HasForeignKey");
            let holder =
                key.and_then(|link| link.types.clone().rev().find_map(|at| code.ident(at)));
            rules.ends.push(EndRule {
                member,
                many: first.name == "HasMany",
                of_many: chain.link("WithMany").is_some(),
                keys: key
                    .map(|link| fluent::members(code, link.open))
                    .unwrap_or_default(),
                holder: holder.map(str::to_owned),
                on_delete: chain.link("OnDelete").and_then(|link| {
                    let close = code.partner(link.open)?;
                    fluent::on_delete(code.raw(close.saturating_sub(1))).map(str::to_owned)
                }),
                provenance: seen,
            });
        }
        _ => return false,
    }
    true
}

fn text(code: &Code<'_>, link: &Link<'_>) -> Option<String> {
    let range = code.arguments(link.open).into_iter().next()?;
    fluent::text(code, &range)
}

/// `IsRequired(false)`
fn is_false(code: &Code<'_>, link: &Link<'_>) -> bool {
    code.is(link.open + 1, "false")
}

/// The argument, where it is one number.
fn number(code: &Code<'_>, link: &Link<'_>) -> Option<String> {
    let one = code.raw(link.open + 1);
    let plain = one.bytes().all(|b| b.is_ascii_digit()) && code.is_byte(link.open + 2, b')');
    (plain && !one.is_empty()).then(|| one.to_owned())
}
