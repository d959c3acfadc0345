//! Entity Framework Core: which classes a context keeps, and what properties classes have.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, ColumnRule, EndRule, FileFacts, Mapper, ModelClass, TableRules};
use crate::fluent;
use crate::prose;
use crate::records;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{EntityKind, Field};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ef-classes",
    docs: "\
### What it finds
The sets of a context of Entity Framework Core (`DbSet<Order> Orders`, users and roles of
`IdentityDbContext<User, Role>`), and in folders for entities and
models the classes with their properties and what `[Key]`, `[MaxLength]`, `[Required]`, `[Column]`,
`[ForeignKey]`, `[NotMapped]` and `[Table]` say of them, so that tables can be told where no snapshot of the model is
kept.

### What it does not find
What configurations in code say of columns, types of the database, classes of other folders.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &["DbSet<", "IdentityDbContext<", "get;", "get =>"],
    run: extract,
};

/// Folders in which classes lie that are kept, by a word of their name.
const FOLDERS: [&str; 8] = [
    "aggregate",
    "data",
    "domain",
    "entit",
    "identity",
    "model",
    "persistence",
    "core",
];

/// Properties of a file at most.
const MOST: usize = 300;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    if file.text.contains("DbSet<") {
        sets(acc, file);
    }
    if file.text.contains("IdentityDbContext<") {
        identity(acc, file);
    }
    let folder = file.folder().to_ascii_lowercase();
    if FOLDERS.iter().any(|word| folder.contains(word)) {
        classes(acc, file);
    }
}

/// `public DbSet<Order> Orders`, in a class: an interface only repeats it.
fn sets(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let (code, outline) = (file.code(), file.outline());
    for at in 0..code.tokens.len() {
        if !code.is(at, "DbSet") || !code.is(at + 1, "<") {
            continue;
        }
        let class = outline.owner(at).and_then(|o| outline.types.get(o));
        let (Some(name), Some(class)) = (code.ident(at + 2), class) else {
            continue;
        };
        let Some(set) = code.ident(at + 4).filter(|_| code.is(at + 3, ">")) else {
            continue;
        };
        let property = matches!(code.raw(at + 5), "{" | "=>" | "=");
        if class.keyword != "class" || !property {
            continue;
        }
        let line = code.line(at);
        let model = ModelClass {
            name: name.to_owned(),
            entity: records::entity(
                file,
                name,
                Some(set.to_owned()),
                EntityKind::Table,
                line,
                line,
            ),
            // The context, by which its snapshot is found.
            bases: vec![class.name.clone()],
            mapper: Mapper::EfCore,
            stored: true,
            lends: false,
            makers: Vec::new(),
            ones: Vec::new(),
            apart: false,
            without: Vec::new(),
        };
        acc.add(file, line, line, Claim::Model(Box::new(model)));
    }
}

/// `class ShopContext : IdentityDbContext<Customer, Role, long>`: sets of a context that it does not
/// name itself (<https://learn.microsoft.com/aspnet/core/security/authentication/customize-identity-model>).
fn identity(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let (code, outline) = (file.code(), file.outline());
    for class in outline.types.iter().filter(|c| c.keyword == "class") {
        let Some(at) = class
            .heritage
            .clone()
            .find(|&at| code.is(at, "IdentityDbContext"))
        else {
            continue;
        };
        let mut before = at + 1;
        for set in ["AspNetUsers", "AspNetRoles"] {
            if !matches!(code.raw(before), "<" | ",") {
                break;
            }
            // `Domain.Customer` names its namespace before.
            let mut place = before + 1;
            while code.is(place + 1, ".") {
                place += 2;
            }
            before = place + 1;
            // `TUser` is what a class that stands on this one says.
            let given = |name: &&str| {
                let mut letters = name.chars();
                letters.next() == Some('T') && letters.next().is_some_and(char::is_uppercase)
            };
            let Some(name) = code.ident(place).filter(|name| !given(name)) else {
                continue;
            };
            let line = code.line(place);
            let stored = Some(set.to_owned());
            let kind = EntityKind::Table;
            let model = ModelClass {
                name: name.to_owned(),
                entity: records::entity(file, name, stored, kind, line, line),
                bases: vec![class.name.clone()],
                mapper: Mapper::EfCore,
                stored: true,
                lends: false,
                makers: Vec::new(),
                ones: Vec::new(),
                apart: false,
                without: Vec::new(),
            };
            acc.add(file, line, line, Claim::Model(Box::new(model)));
        }
    }
}

/// Classes with the properties that can be read and set.
fn classes(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let (code, outline) = (file.code(), file.outline());
    let mut found = 0;
    for (index, class) in outline.types.iter().enumerate() {
        if class.keyword != "class" {
            continue;
        }
        let kind = EntityKind::Table;
        let mut entity = records::entity(file, &class.name, None, kind, class.line, class.line);
        entity.description = prose::summary(file, class.line);
        let mut rules = TableRules::new(&class.name);
        for at in class.open + 1..class.close {
            let Some((name, range)) = property(code, at).filter(|_| found < MOST) else {
                continue;
            };
            if outline.owner(at) != Some(index) {
                continue;
            }
            found += 1;
            let optional = code.is(range.end - 1, "?");
            let end = range.end - usize::from(optional);
            let kind: String = (range.start..end).map(|at| code.raw(at)).collect();
            let mut field = records::field(file, name, &kind, code.line(range.start));
            field.description = commented(file, range.start);
            field.nullable = optional;
            field.primary_key = name == "Id" || name == format!("{}Id", class.name);
            attributes(file, &mut rules, name, range.start, &field);
            entity.fields.push(field);
        }
        rules.table = table_of(code, class.open);
        let said = TableRules::new(&class.name) != rules;
        if said {
            let last = code.line(class.close);
            acc.add(file, class.line, last, Claim::TableRules(Box::new(rules)));
        }
        let base = class.base(code).map(str::to_owned);
        if entity.fields.is_empty() && base.is_none() {
            continue;
        }
        let model = ModelClass {
            name: class.name.clone(),
            entity,
            bases: base.into_iter().collect(),
            mapper: Mapper::EfCore,
            stored: false,
            lends: true,
            makers: Vec::new(),
            ones: Vec::new(),
            apart: false,
            without: Vec::new(),
        };
        let last = code.line(class.close);
        acc.add(file, class.line, last, Claim::Model(Box::new(model)));
    }
}

/// `[Table("orders")]` before a class whose body begins at `open`.
fn table_of(code: &Code<'_>, open: usize) -> Option<String> {
    let ends = |at: &usize| matches!(code.raw(*at), ";" | "{" | "}");
    let before = (0..open).rev().find(ends).map_or(0, |at| at + 1);
    let named = |at: &usize| code.is(*at, "Table") && code.is(at + 1, "(");
    let at = (before..open).filter(named).find(|at| {
        let within = at
            .checked_sub(1)
            .is_some_and(|at| matches!(code.raw(at), "[" | "," | "."));
        within && code.string(at + 2).is_some()
    })?;
    code.string(at + 2).map(str::to_owned)
}

/// The documentation comment above a property, its attributes and its modifiers.
fn commented(file: &SourceFile<'_>, kind: usize) -> Option<String> {
    let code = file.code();
    let mut at = kind;
    while at > 0 && BEFORE.contains(&code.raw(at - 1)) {
        at -= 1;
    }
    for _ in 0..12 {
        let open = at.checked_sub(1).filter(|&end| code.is_byte(end, b']'));
        let Some(open) = open.and_then(|end| code.partner(end)) else {
            break;
        };
        at = open;
    }
    let text = prose::summary(file, code.line(at))?;
    // What a tool writes above every property says how it is used, not what it is.
    let rest = ["Gets or sets ", "Gets ", "Sets "]
        .iter()
        .find_map(|begin| {
            let said = text.get(..begin.len())?;
            said.eq_ignore_ascii_case(begin)
                .then(|| &text[begin.len()..])
        });
    let Some(rest) = rest else {
        return Some(text);
    };
    let rest = rest.strip_prefix("a value indicating ").unwrap_or(rest);
    let words = rest.split_whitespace().count();
    (words > 2).then(|| {
        let mut letters = rest.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        first + letters.as_str()
    })
}

/// What the attributes before a property say of its column: `[Key]`, `[MaxLength(40)]`, `[NotMapped]`.
fn attributes(
    file: &SourceFile<'_>,
    rules: &mut TableRules,
    name: &str,
    kind: usize,
    field: &Field,
) {
    let code = file.code();
    let mut at = kind;
    while at > 0 && BEFORE.contains(&code.raw(at - 1)) {
        at -= 1;
    }
    let mut column = ColumnRule {
        member: name.to_owned(),
        column: None,
        data_type: None,
        required: None,
        length: None,
        provenance: field.provenance.clone(),
    };
    let plain = column.clone();
    for _ in 0..12 {
        let open = at.checked_sub(1).filter(|&end| code.is_byte(end, b']'));
        let Some(open) = open.and_then(|end| code.partner(end)) else {
            break;
        };
        for part in code.arguments(open) {
            let (first, inner) = (part.start, part.start + 1);
            let attribute = code.ident(first).unwrap_or_default();
            let argument = code.is_byte(inner, b'(').then_some(inner + 1);
            let text = argument.and_then(|at| code.string(at)).map(str::to_owned);
            match attribute {
                "Key" => rules.key.get_or_insert_default().push(name.to_owned()),
                "NotMapped" => rules.ignored.push(name.to_owned()),
                "Required" => column.required = Some(true),
                "MaxLength" | "StringLength" => {
                    let number = argument
                        .map(|at| code.raw(at))
                        .filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
                    column.length = number.map(str::to_owned);
                }
                "Column" => column.column = text,
                "ForeignKey" => rules.ends.push(EndRule {
                    member: name.to_owned(),
                    many: false,
                    of_many: true,
                    keys: fluent::members(code, inner)
                        .into_iter()
                        .chain(
                            argument
                                .and_then(|at| code.ident(at + 2))
                                .map(str::to_owned),
                        )
                        .take(1)
                        .collect(),
                    holder: None,
                    on_delete: None,
                    provenance: field.provenance.clone(),
                }),
                _ => {}
            }
        }
        at = open;
    }
    if column != plain {
        rules.columns.push(column);
    }
}

/// Words that stand before the type of a property.
const BEFORE: [&str; 6] = [
    "public", "required", "virtual", "override", "new", "internal",
];

/// A property whose accessors begin at a token: its name, and the tokens of its type.
fn property<'t>(code: &Code<'t>, open: usize) -> Option<(&'t str, Range<usize>)> {
    if !code.is(open, "{") || !code.is(open + 1, "get") {
        return None;
    }
    let close = code.partner(open)?;
    let sets = (open..close).any(|at| matches!(code.raw(at), "set" | "init"));
    let name = code.ident(open.checked_sub(1)?)?;
    let modifier = |at: &usize| BEFORE.contains(&code.raw(*at));
    let first = (open.saturating_sub(24)..open - 1).rev().find(modifier)? + 1;
    // What is computed, and what belongs to the class and not to its objects, is no column.
    let plain = (first..open - 1).all(|at| {
        code.ident(at)
            .is_some_and(|w| !matches!(w, "static" | "abstract" | "return"))
            || matches!(code.raw(at), "<" | ">" | "?" | "," | "." | "[" | "]")
    });
    (sets && plain && first < open - 1).then_some((name, first..open - 1))
}
