//! Structs of Go that a program makes tables of when it starts.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Migrated};
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-auto-migrate",
    docs: "\
### What it finds
Structs that GORM is told to make tables of (`db.AutoMigrate(&Order{}, &shop.Item{})`, also out of a list of the
same function or file), and those whose table it is told to drop (`Migrator().DropTable(&Route{})`,
<https://gorm.io/docs/migration.html>); and that tables are called after one row
(`schema.NamingStrategy{SingularTable: true}`, <https://gorm.io/docs/gorm_config.html#naming_strategy>).

### What it does not find
Lists that come from elsewhere: then nothing is said of the other structs of the module.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["AutoMigrate(", "DropTable(", "SingularTable"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    for call in code.calls() {
        let dropped = match code.raw(call.open - 1) {
            "AutoMigrate" => false,
            "DropTable" => true,
            _ => continue,
        };
        // The method of a wrapper is declared, and gorm itself is told what it takes.
        if code.is(call.open - 2, ")") || code.is(call.open - 2, "func") {
            continue;
        }
        if dropped && takes_back(code, call.first) {
            continue;
        }
        let mut structs = Vec::new();
        let mut whole = true;
        for argument in code.arguments(call.open) {
            whole &= named(code, argument, &mut structs, 0);
        }
        if structs.is_empty() && (dropped || whole) {
            continue;
        }
        let claim = Claim::Migrated(Migrated {
            structs,
            dropped,
            whole,
            singular: false,
        });
        acc.add(file, call.line, call.line, claim);
    }
    for at in 0..code.tokens.len() {
        let set = code.is(at, "SingularTable")
            && (code.is(at + 1, ":") || code.is(at + 1, "("))
            && code.is(at + 2, "true");
        if set {
            let claim = Claim::Migrated(Migrated {
                structs: Vec::new(),
                dropped: false,
                whole: true,
                singular: true,
            });
            acc.add(file, code.line(at), code.line(at), claim);
        }
    }
}

/// Whether a place lies in what takes a migration back or begins anew: `Rollback: func(tx *gorm.DB) error {…}`
/// of gormigrate, a function that is called `down`, `reset` or the like.
fn takes_back(code: &Code<'_>, at: usize) -> bool {
    let mut scope = code.function_at(at);
    while let Some(function) = scope.and_then(|scope| code.functions().get(scope)) {
        let lower = function.name.to_ascii_lowercase();
        let named = ["down", "reset", "rollback", "teardown"];
        let field = function.first.checked_sub(2).map_or("", |at| code.raw(at));
        if named.iter().any(|word| lower.contains(word)) || field == "Rollback" {
            return true;
        }
        scope = function.parent;
    }
    false
}

/// Adds the structs of an argument as their ids; whether nothing in it was left unread.
fn named(code: &Code<'_>, range: Range<usize>, structs: &mut Vec<String>, depth: usize) -> bool {
    let mut inner = range.clone();
    while matches!(code.raw(inner.start), "&" | "new" | "(" | "*") && inner.start < inner.end {
        inner.start += 1;
    }
    let Some(first) = code.ident(inner.start) else {
        // A list, `[]any{&Order{}, &Item{}}`.
        let open = inner.clone().find(|&at| code.is(at, "{"));
        return open.is_some_and(|open| listed(code, open, structs, depth));
    };
    let last = match code.is(inner.start + 1, ".") {
        true => code.ident(inner.start + 2).unwrap_or(first),
        false => first,
    };
    let made = range.clone().any(|at| code.is(at, "{")) || code.is(range.start, "new");
    let capital = last.starts_with(|c: char| c.is_uppercase());
    if made && capital {
        structs.push(scan::snake(last));
        return true;
    }
    // What only leads to the database, `ctx` before the structs or a text.
    if matches!(first, "ctx" | "db" | "tx") && inner.len() <= 1 {
        return true;
    }
    if depth > 0 || inner.len() > 4 {
        return false;
    }
    // `models := []any{…}`, with `models...` as argument.
    let list = (1..code.tokens.len())
        .find(|&at| code.is(at - 1, first) && matches!(code.raw(at), "=" | ":" | ":="));
    let open = list
        .and_then(|at| (at..at + 12).find(|&open| code.is(open, "{") && !code.is(open + 1, "}")));
    open.is_some_and(|open| listed(code, open, structs, depth + 1))
}

/// Adds what a list in braces holds.
fn listed(code: &Code<'_>, open: usize, structs: &mut Vec<String>, depth: usize) -> bool {
    let all = code.arguments(open);
    !all.is_empty()
        && all
            .into_iter()
            .all(|item| named(code, item, structs, depth.max(1)))
}
