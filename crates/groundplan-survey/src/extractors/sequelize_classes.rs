//! Records that classes of sequelize-typescript describe by decorators.

use super::sequelize_migrations::columns::{default_text, type_text};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mapper, ModelClass};
use crate::prose;
use crate::records::{self, apply, relation};
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{
    CHECKED_BY_PROGRAM, Cardinality, DEFAULT_IN_PROGRAM, EntityKind, EntityRelation, Field,
    NULLABILITY_UNREAD,
};
use groundplan_syntax::{Annotation, DeclKind, Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sequelize-classes",
    docs: "\
### What it finds
Classes with `@Table` of sequelize-typescript, and base classes that lend columns to them: columns with
type, key, nullability, uniqueness, default, what the program checks (`@Length`, `@IsIn`, `@IsEmail`) and the
comment above; associations with their cardinality and the column of their key, keys by `@ForeignKey`.

### What it does not find
Names of tables that Sequelize makes from the name of a class, scopes, hooks; columns that are only made when
a row is read (`DataType.VIRTUAL`) are left out.
",
    reads: &[Reads::Own(&[Language::TypeScript])],
    markers: &["sequelize-typescript"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for index in 0..file.outline().types.len() {
        class(acc, file, &values, index);
    }
}

fn class(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, index: usize) {
    let (code, outline) = (file.code(), file.outline());
    let class = &outline.types[index];
    if class.keyword != "class" {
        return;
    }
    let of_class = |d: &&Declared| d.owner == Some(index);
    let declared = (outline.declared.iter().filter(of_class)).find(|d| d.kind == DeclKind::Type);
    let table = declared.and_then(|d| d.annotation(&["Table"]));
    let first = declared.map_or(class.line, |d| d.first);
    let options = || {
        let first = code.arguments(table?.open?).first().cloned()?;
        values.literal_at(&first)
    };
    // `updatedAt: false` takes a column out that a base has.
    let without = ["createdAt", "updatedAt", "deletedAt"]
        .into_iter()
        .filter(|name| {
            let said = |key: &str| {
                let range = options().and_then(|open| values.property(open, key));
                range.is_some_and(|range| code.is(range.start, "false"))
            };
            said(name) || said("timestamps")
        });
    let without: Vec<String> = without.map(str::to_owned).collect();
    let stored = table.and_then(|t| t.open).and_then(|open| {
        let options = code.arguments(open).first().cloned()?;
        let name = code.string(options.start).map(str::to_owned);
        name.or_else(|| values.folded_property(values.literal_at(&options)?, &["tableName"]))
    });
    let kind = EntityKind::Table;
    let mut entity = records::entity(file, &class.name, stored, kind, first, class.line);
    entity.description = prose::summary(file, first);
    let members: Vec<&Declared> = (outline.declared.iter().filter(of_class))
        .filter(|member| member.kind == DeclKind::Field)
        .collect();
    for member in &members {
        let related = association(file, values, &members, member);
        entity.relations.extend(related);
        entity.fields.extend(column(file, values, member));
    }
    // A key without an association of its own.
    for member in &members {
        let key = member.annotation(&["ForeignKey"]);
        let known = entity
            .relations
            .iter()
            .any(|r| r.fields == [member.name.clone()]);
        if let Some(target) = key.and_then(|key| target(file, key)).filter(|_| !known) {
            let many = Cardinality::ManyToOne;
            let made = relation(file, &member.name, &target, many, member.line);
            entity.relations.push(made);
        }
    }
    if entity.fields.is_empty() {
        return;
    }
    let class = ModelClass {
        name: class.name.clone(),
        entity,
        bases: class.base(code).map(str::to_owned).into_iter().collect(),
        mapper: Mapper::Sequelize,
        stored: table.is_some(),
        lends: table.is_none(),
        makers: Vec::new(),
        ones: Vec::new(),
        apart: false,
        without,
    };
    acc.add(file, first, first, Claim::Model(Box::new(class)));
}

/// `@BelongsTo(() => User, "userId")`, `@BelongsTo(() => User, { foreignKey: "userId", onDelete: "CASCADE" })`
/// (<https://github.com/sequelize/sequelize-typescript#associations>): what belongs to another has its key,
/// in the column that is named, in the only one with `@ForeignKey` of that class, or in one named after the
/// member.
fn association(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    members: &[&Declared],
    member: &Declared,
) -> Option<EntityRelation> {
    let code = file.code();
    let (found, cardinality) = member.annotations.iter().find_map(|a| {
        let cardinality = match a.name.as_str() {
            "BelongsTo" => Cardinality::ManyToOne,
            "HasMany" => Cardinality::OneToMany,
            "HasOne" => Cardinality::OneToOne,
            "BelongsToMany" => Cardinality::ManyToMany,
            _ => return None,
        };
        Some((a, cardinality))
    })?;
    let target = target(file, found)?;
    let mut made = relation(file, &member.name, &target, cardinality, member.line);
    if cardinality != Cardinality::ManyToOne {
        return Some(made);
    }
    let second = code.arguments(found.open?).into_iter().nth(1);
    let options = second.as_ref().and_then(|part| values.literal_at(part));
    let named = match options {
        Some(open) => {
            let rule = values.folded_property(open, &["onDelete"]);
            made.on_delete = rule.map(|rule| rule.to_lowercase());
            values.folded_property(open, &["foreignKey"])
        }
        None => second.and_then(|part| code.string(part.start).map(str::to_owned)),
    };
    let key = named.unwrap_or_else(|| {
        let leads = |member: &&&Declared| {
            let key = member.annotation(&["ForeignKey"]);
            key.and_then(|key| self::target(file, key)).as_ref() == Some(&target)
        };
        let mut keys = members.iter().filter(leads);
        match (keys.next(), keys.next()) {
            (Some(only), None) => only.name.clone(),
            _ => format!("{}Id", member.name),
        }
    });
    made.fields = vec![key];
    Some(made)
}

/// `() => User`, or `{ model: () => User }`.
fn target(file: &SourceFile<'_>, found: &Annotation) -> Option<String> {
    let code = file.code();
    let mut first = code.arguments(found.open?).into_iter().next()?;
    let arrow = first.find(|&at| code.is(at, "=") && code.is(at + 1, ">"))?;
    code.ident(arrow + 2).map(str::to_owned)
}

/// A column: each decorator says one thing of it. What is not said of it the database may say.
fn column(file: &SourceFile<'_>, values: &Values<'_, '_>, member: &Declared) -> Option<Field> {
    let code = file.code();
    let with = |name: &str| member.annotations.iter().find(|a| a.name == name);
    let stamped = ["CreatedAt", "UpdatedAt", "DeletedAt"]
        .iter()
        .any(|name| with(name).is_some());
    let found = with("Column").or_else(|| with("ForeignKey"));
    if found.is_none() && !stamped {
        return None;
    }
    let given = found
        .filter(|a| a.name == "Column")
        .and_then(|a| code.arguments(a.open?).into_iter().next());
    let open = given
        .as_ref()
        .and_then(|part| values.literal_at(part))
        .filter(|&o| code.is(o, "{"));
    let typed = match open {
        Some(open) => values.property(open, "type"),
        None => given.filter(|part| code.is(part.start, "DataType")),
    };
    // What is made of other columns when it is read is kept nowhere.
    let made = |range: &std::ops::Range<usize>| code.is(range.start + 2, "VIRTUAL");
    if typed.as_ref().is_some_and(made) {
        return None;
    }
    let shown = match &typed {
        Some(range) => type_text(code, range),
        None => written_type(file, member),
    };
    let named = open.and_then(|open| values.folded_property(open, &["field"]));
    let name = named.unwrap_or_else(|| member.name.clone());
    let mut field = records::field(file, &name, &shown, member.line);
    field.description = prose::summary(file, member.first);
    field.nullable = with("DeletedAt").is_some() || !stamped;
    field.primary_key = with("PrimaryKey").is_some();
    field.unique = with("Unique").is_some();
    if let Some(open) = open {
        apply(file, values, open, &mut field);
        let comment = values.folded_property(open, &["comment"]);
        field.description = comment.or(field.description);
    }
    let comment = with("Comment").and_then(|a| code.string(a.open? + 1));
    field.description = comment.map(str::to_owned).or(field.description);
    let null = with("AllowNull").map(|a| !a.open.is_some_and(|o| code.is(o + 1, "false")));
    let said = open.is_some_and(|open| values.property(open, "allowNull").is_some());
    match null {
        _ if field.primary_key => field.nullable = false,
        Some(null) => field.nullable = null,
        None if said || stamped => {}
        // The library lets a column be null that says nothing of it, the database may not.
        None => field.constraints.push(NULLABILITY_UNREAD.to_owned()),
    }
    let default = with("Default").and_then(|a| code.arguments(a.open?).into_iter().next());
    let property = open.and_then(|open| values.property(open, "defaultValue"));
    if let Some(text) = default
        .or(property)
        .and_then(|range| program_default(file, &range))
        && let Some(text) = secrets::keep(&name, &text)
    {
        field
            .constraints
            .push(format!("{DEFAULT_IN_PROGRAM}{text}"));
    }
    field.constraints.extend(
        member
            .annotations
            .iter()
            .filter_map(|a| check(file, values, a))
            .map(|text| format!("{CHECKED_BY_PROGRAM}{text}")),
    );
    Some(field)
}

/// What the program gives a column where it is given nothing: a literal, a member of an enumeration, or a
/// way of Sequelize (`DataType.UUIDV4`).
fn program_default(file: &SourceFile<'_>, range: &std::ops::Range<usize>) -> Option<String> {
    let code = file.code();
    default_text(code, range).or_else(|| {
        let of_library = code.is(range.start, "DataType") && range.len() == 3;
        of_library.then(|| code.raw(range.start + 2).to_owned())
    })
}

/// What a decorator has the program check before it keeps a value
/// (<https://github.com/sequelize/sequelize-typescript#model-validation>).
fn check(file: &SourceFile<'_>, values: &Values<'_, '_>, found: &Annotation) -> Option<String> {
    let code = file.code();
    let first = || code.arguments(found.open?).into_iter().next();
    let text = |range: std::ops::Range<usize>| -> Option<String> {
        let plain = range.len() <= 5;
        let text: String = range.map(|at| code.raw(at)).collect();
        (plain && !text.is_empty()).then_some(text)
    };
    match found.name.as_str() {
        "IsEmail" => Some("an e-mail address".to_owned()),
        "IsUrl" => Some("a URL".to_owned()),
        "IsUUID" => Some("a UUID".to_owned()),
        "IsDate" => Some("a date".to_owned()),
        "IsInt" => Some("a whole number".to_owned()),
        "IsNumeric" => Some("a number".to_owned()),
        "NotEmpty" => Some("not empty".to_owned()),
        "Min" => Some(format!("at least {}", text(first()?)?)),
        "Max" => Some(format!("at most {}", text(first()?)?)),
        "Length" => {
            let open = values.literal_at(&first()?)?;
            let bound = |name: &str| values.property(open, name).and_then(text);
            Some(match (bound("min"), bound("max")) {
                (Some(min), Some(max)) => format!("{min} to {max} characters"),
                (Some(min), None) => format!("at least {min} characters"),
                (None, Some(max)) => format!("at most {max} characters"),
                (None, None) => return None,
            })
        }
        "IsIn" => {
            let outer = values.literal_at(&first()?)?;
            let inner = code.arguments(outer).into_iter().next()?;
            let parts = match values.literal_at(&inner) {
                Some(open) if code.is(open, "[") => code.arguments(open),
                // `@IsIn([Object.values(State)])`
                _ => return Some(format!("one of {}", scan::joined(code, inner))),
            };
            let all: Vec<String> = parts
                .into_iter()
                .filter_map(|part| match code.string(part.start) {
                    Some(text) => Some(text.to_owned()),
                    None => text(part),
                })
                .collect();
            (!all.is_empty()).then(|| format!("one of {}", all.join(", ")))
        }
        _ => None,
    }
}

/// The first word of the type after the colon of a field; sequelize-typescript takes the column's
/// type from it.
fn written_type(file: &SourceFile<'_>, member: &Declared) -> String {
    let code = file.code();
    let colon = (member.at + 1..member.at + 3).find(|&at| code.is(at, ":"));
    let word = colon.map(|at| code.raw(at + 1)).unwrap_or_default();
    word.to_owned()
}
