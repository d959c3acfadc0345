//! Classes that Java and Kotlin store: JPA, Spring Data, DynamoDB.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mapper, ModelClass};
use crate::kotlin_classes;
use crate::members::{Mark, Member, mark_at, members};
use crate::prose;
use crate::records;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance};
use groundplan_syntax::{Code, DeclKind, Declared, Language, TypeDecl};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-entities",
    docs: "\
### What it finds
Classes with `@Entity` of JPA, `@Document` of Spring Data MongoDB, `@Table` of Spring Data JDBC, R2DBC
and Cassandra, `@RedisHash`, and tables of DynamoDB: fields with type, key, nullability, uniqueness
and constraints of Bean Validation, relations with their cardinality by the side that has the key, tables
of `@JoinTable`, indexes of `@Table`. Names that are constants of other files are filled in later. What a
`@MappedSuperclass` or the class of an `@Embedded` object lends is added once all files are known.

### What it does not find
Tables that several classes share by inheritance, collections of values, annotations on getters, records;
of Kotlin properties whose type is not written.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "@Entity",
        "@Document",
        "@Table",
        "@RedisHash",
        "@DynamoD",
        "@MappedSuperclass",
        "@Embeddable",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    let outline = file.outline();
    let kotlin = file.code().language == Language::Kotlin;
    let of_kotlin = match kotlin {
        true => kotlin_classes::classes(file),
        false => Vec::new(),
    };
    let of_java = outline
        .declared
        .iter()
        .filter(|declared| declared.kind == DeclKind::Type && !kotlin)
        .filter_map(|declared| Some((declared, outline.types.get(declared.owner?)?)));
    let of_kotlin = of_kotlin.iter().map(|(declared, class)| (declared, class));
    for (declared, class) in of_java.chain(of_kotlin) {
        if declared
            .annotation(&["MappedSuperclass", "Embeddable"])
            .is_some()
        {
            let kind = EntityKind::Table;
            let entity = entity(file, &values, declared, class, kind, None);
            superclass(acc, file, class, entity, true);
            continue;
        }
        if let Some((kind, name)) = stored(file, &values, declared) {
            let entity = entity(file, &values, declared, class, kind, name);
            if class.base(file.code()).is_some() || !embedded(file, class).is_empty() {
                let mut alone = entity.clone();
                alone.fields.clear();
                superclass(acc, file, class, alone, false);
            }
            for table in join_tables(file, &values, class) {
                let at = table.provenance.first().map_or(class.line, |e| e.lines[0]);
                acc.add(file, at, at, Claim::Entity(Box::new(table)));
            }
            acc.add(
                file,
                declared.first,
                class.line,
                Claim::Entity(Box::new(entity)),
            );
        }
    }
}

/// A name without the marks that quote it in SQL.
fn unquoted(name: &str) -> &str {
    name.trim_matches(['`', '"', '[', ']'])
}

/// The type parameters of a class: `class Base<K extends Comparable<K>, V>`.
pub(super) fn parameters<'t>(code: &Code<'t>, class: &TypeDecl) -> Vec<&'t str> {
    let mut all = Vec::new();
    let mut depth = 0_u32;
    for at in class.heritage.clone() {
        match code.raw(at) {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "," => {}
            _ if depth == 1 && (code.is(at - 1, "<") || code.is(at - 1, ",")) => {
                all.extend(code.ident(at));
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    all
}

/// A class that lends its fields, or one that may take some from above.
fn superclass(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    class: &TypeDecl,
    mut entity: Entity,
    lends: bool,
) {
    let code = file.code();
    let base = class.base(code);
    let inside = embedded(file, class);
    // What stands for a type of the heirs is none itself.
    let parameters = if lends {
        parameters(code, class)
    } else {
        Vec::new()
    };
    for field in &mut entity.fields {
        if parameters.contains(&field.data_type.as_str()) {
            field.data_type.clear();
        }
    }
    let class = ModelClass {
        name: class.name.clone(),
        entity,
        bases: base.map(str::to_owned).into_iter().chain(inside).collect(),
        mapper: Mapper::Jpa,
        stored: !lends,
        lends,
        makers: Vec::new(),
        ones: Vec::new(),
        apart: false,
        without: Vec::new(),
    };
    let line = class.entity.provenance.first().map_or(1, |e| e.lines[0]);
    acc.add(file, line, line, Claim::Model(Box::new(class)));
}

/// The classes whose columns an object inside a class brings under their own names (`@Embedded`).
fn embedded(file: &SourceFile<'_>, class: &TypeDecl) -> Vec<String> {
    let code = file.code();
    let mut all: Vec<String> = Vec::new();
    for member in members(file, class) {
        // A collection has a table of its own, whatever it embeds
        // (<https://jakarta.ee/specifications/persistence/3.1/jakarta-persistence-spec-3.1#a497>).
        if member.mark(&["Embedded", "EmbeddedId"]).is_none()
            || member
                .mark(&["ElementCollection", "CollectionTable"])
                .is_some()
            || !overridden(file, &member).is_empty()
        {
            continue;
        }
        let name = member.kind.clone().rev().find_map(|at| code.ident(at));
        all.extend(name.map(str::to_owned));
    }
    all
}

/// The columns that an embedded object is told to use: `@AttributeOverride(name = "street", column =
/// @Column(name = "billing_street"))`.
fn overridden(file: &SourceFile<'_>, member: &Member<'_>) -> Vec<Field> {
    let code = file.code();
    let mut all = Vec::new();
    for mark in &member.marks {
        if !mark.name.starts_with("AttributeOverride") {
            continue;
        }
        for at in mark.start..mark.end {
            let names = code.is(at, "Column") && code.is(at + 1, "(");
            let range = names.then(|| code.named_argument(at + 1, "name")).flatten();
            let Some(column) = range.and_then(|r| code.string(r.start)) else {
                continue;
            };
            let line = code.line(at);
            all.push(records::field(file, unquoted(column), "", line));
        }
    }
    all
}

/// Tables between two classes: `@JoinTable(name = "a_b", joinColumns = @JoinColumn(name = "a_id"),
/// inverseJoinColumns = @JoinColumn(name = "b_id"))`.
fn join_tables(file: &SourceFile<'_>, values: &Values<'_, '_>, class: &TypeDecl) -> Vec<Entity> {
    let code = file.code();
    let mut all = Vec::new();
    for member in members(file, class) {
        let Some(mark) = member.mark(&["JoinTable"]) else {
            continue;
        };
        let Some(open) = mark.open else { continue };
        let Some(name) = named(file, values, mark).filter(|name| !name.starts_with('{')) else {
            continue;
        };
        let target = member.kind.clone().rev().find_map(|at| code.ident(at));
        let columns = |which: &str| -> Option<String> {
            let range = code.named_argument(open, which)?;
            let mut names = range.filter(|&at| code.is(at, "name") && code.is(at + 1, "="));
            let (at, None) = (names.next()?, names.next()) else {
                return None;
            };
            Some(unquoted(code.string(at + 2)?).to_owned())
        };
        let (Some(target), Some(own), Some(other)) = (
            target,
            columns("joinColumns"),
            columns("inverseJoinColumns"),
        ) else {
            continue;
        };
        let (first, last) = (code.line(mark.start), member.last);
        let kind = EntityKind::Table;
        let mut entity = records::entity(file, &name, Some(name.clone()), kind, first, last);
        let ends = [(own, class.name.as_str()), (other, target)];
        for (column, to) in ends {
            let mut field = records::field(file, &column, "", first);
            field.nullable = false;
            entity.fields.push(field);
            let many = Cardinality::ManyToOne;
            entity
                .relations
                .push(records::relation(file, &column, to, many, first));
        }
        all.push(entity);
    }
    all
}

/// How a class is stored and under which name, if the annotation says one.
fn stored(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
) -> Option<(EntityKind, Option<String>)> {
    let code = file.code();
    let named = |annotation: &str, names: &[&str]| -> Option<String> {
        let open = declared.annotation(&[annotation])?.open?;
        let range = names
            .iter()
            .find_map(|n| code.named_argument(open, n))
            .or_else(|| {
                let first = code.arguments(open).into_iter().next()?;
                (!code.is(first.start + 1, "=")).then_some(first)
            })?;
        name_of(file, values, range)
    };
    let has = |name: &str| declared.annotation(&[name]).is_some();
    let text = |what: &str| file.text.contains(what);
    if has("Entity") && !text("dev.morphia") {
        let name = named("Table", &["name"]).or_else(|| named("Entity", &["name"]));
        return Some((EntityKind::Table, name));
    }
    if has("Document") && (text("mongodb") || text("elasticsearch") || text("couchbase")) {
        let name = named("Document", &["collection", "value", "indexName"]);
        return Some((EntityKind::Collection, name));
    }
    if has("Table") && (text("data.relational") || text("data.cassandra")) {
        return Some((EntityKind::Table, named("Table", &["value", "name"])));
    }
    if has("RedisHash") {
        return Some((EntityKind::Collection, named("RedisHash", &["value"])));
    }
    if has("DynamoDBTable") || has("DynamoDbBean") {
        return Some((EntityKind::Table, named("DynamoDBTable", &["tableName"])));
    }
    None
}

fn entity(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
    class: &TypeDecl,
    kind: EntityKind,
    name: Option<String>,
) -> Entity {
    let mut entity = records::entity(file, &class.name, name, kind, declared.first, class.line);
    entity.description = prose::summary(file, declared.first);
    for member in members(file, class) {
        if member.mark(&["Transient", "DynamoDBIgnore"]).is_some() {
            continue;
        }
        if is_told_by_other(file, &member) {
            continue;
        }
        if let Some(relation) = relation(file, values, &member) {
            let many = matches!(
                relation.cardinality,
                Cardinality::OneToMany | Cardinality::ManyToMany
            );
            // The key of the inverse side, and that of a table between, is no column here.
            let elsewhere = relation.fields.is_empty() || relation.through.is_some();
            entity.relations.push(relation);
            if many || elsewhere {
                continue;
            }
        }
        // An embedded object is spread over columns of its class, which stands elsewhere.
        if member
            .mark(&["Embedded", "EmbeddedId", "ElementCollection"])
            .is_some()
        {
            // Columns of the object that are named here are told; others are joined later.
            let named = overridden(file, &member);
            // Its other columns have the names of the object.
            entity.partial |= !named.is_empty();
            entity.fields.extend(named);
            continue;
        }
        entity.fields.push(field(file, values, &member));
    }
    entity.indexes = indexes(file, values, declared);
    entity
}

/// Whether a field is the inverse side of a relation of one to one or many to many: the other class,
/// which has the key or the table between, tells it (`mappedBy`).
fn is_told_by_other(file: &SourceFile<'_>, member: &Member<'_>) -> bool {
    let open = member
        .mark(&["OneToOne", "ManyToMany"])
        .and_then(|m| m.open);
    open.is_some_and(|open| file.code().named_argument(open, "mappedBy").is_some())
}

/// A name of a table or column in an annotation; where it is a constant of another file, that in braces,
/// to be filled in later.
fn name_of(file: &SourceFile<'_>, values: &Values<'_, '_>, range: Range<usize>) -> Option<String> {
    if let Some(name) = values.fold(range.clone()) {
        return Some(unquoted(&name).to_owned()).filter(|name| !name.is_empty());
    }
    let text = text(file.code(), range);
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    (!text.is_empty() && text.chars().all(word)).then(|| format!("{{{text}}}"))
}

/// The name that an annotation gives a column or table.
fn named(file: &SourceFile<'_>, values: &Values<'_, '_>, mark: &Mark<'_>) -> Option<String> {
    let range = file.code().named_argument(mark.open?, "name")?;
    name_of(file, values, range)
}

fn text(code: &Code<'_>, range: Range<usize>) -> String {
    let mut out = String::new();
    for at in range {
        out.push_str(code.raw(at));
        if code.is(at, ",") {
            out.push(' ');
        }
    }
    out
}

fn argument(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    mark: &Mark<'_>,
    names: &[&str],
) -> Option<String> {
    let code = file.code();
    let open = mark.open?;
    let range = names.iter().find_map(|n| code.named_argument(open, n))?;
    values
        .fold(range.clone())
        .or_else(|| Some(text(code, range)))
}

fn field(file: &SourceFile<'_>, values: &Values<'_, '_>, member: &Member<'_>) -> Field {
    const CHECKS: [&str; 14] = [
        "Size",
        "Min",
        "Max",
        "Pattern",
        "Email",
        "Length",
        "Digits",
        "NotEmpty",
        "NotBlank",
        "Positive",
        "PositiveOrZero",
        "Past",
        "Future",
        "DecimalMin",
    ];
    let code = file.code();
    let kind = text(code, member.kind.clone());
    let column = member.mark(&["Column", "JoinColumn", "Field", "DynamoDBAttribute"]);
    let value = |name: &str| column.and_then(|c| argument(file, values, c, &[name]));
    let key = member
        .mark(&[
            "Id",
            "EmbeddedId",
            "MongoId",
            "PrimaryKey",
            "DynamoDBHashKey",
            "PrimaryKeyColumn",
        ])
        .is_some();
    let primitive = matches!(
        kind.as_str(),
        "int" | "long" | "short" | "byte" | "boolean" | "char" | "float" | "double"
    ) || code.language == Language::Kotlin
        && !member.optional
        && matches!(
            kind.as_str(),
            "Int" | "Long" | "Short" | "Byte" | "Boolean" | "Char" | "Float" | "Double"
        );
    let required = member
        .mark(&["NotNull", "NotBlank", "NotEmpty", "Nonnull"])
        .is_some();
    let mut constraints: Vec<String> = ["length", "precision", "scale"]
        .iter()
        .filter_map(|name| Some(format!("{name} = {}", value(name)?)))
        .collect();
    constraints.extend(
        member
            .marks
            .iter()
            .filter(|m| CHECKS.contains(&m.name))
            .map(|m| {
                // `@field:Size` of Kotlin is `@Size`.
                let sited = code.is(m.start + 2, ":");
                let start = m.start + if sited { 3 } else { 1 };
                format!("@{}", text(code, start..m.end))
            }),
    );
    let at = file.evidence(member.first, member.last);
    Field {
        name: column
            .and_then(|mark| named(file, values, mark))
            .unwrap_or_else(|| member.name.to_owned()),
        data_type: value("columnDefinition").unwrap_or(kind),
        nullable: !(key
            || primitive
            || required
            || value("nullable").is_some_and(|v| v == "false")),
        default: None,
        primary_key: key,
        unique: value("unique").is_some_and(|v| v == "true")
            || member.mark(&["Indexed"]).is_some_and(|m| {
                argument(file, values, m, &["unique"]).is_some_and(|v| v == "true")
            }),
        constraints,
        description: value("comment")
            .or_else(|| {
                member
                    .mark(&["Comment"])
                    .and_then(|mark| argument(file, values, mark, &["value"]))
            })
            .or_else(|| prose::summary(file, member.first)),
        provenance: Provenance::observed([at]),
    }
}

fn relation(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    member: &Member<'_>,
) -> Option<EntityRelation> {
    let code = file.code();
    let cardinality = [
        ("ManyToOne", Cardinality::ManyToOne),
        ("OneToMany", Cardinality::OneToMany),
        ("OneToOne", Cardinality::OneToOne),
        ("ManyToMany", Cardinality::ManyToMany),
        ("DBRef", Cardinality::ManyToOne),
    ]
    .into_iter()
    .find(|(name, _)| member.mark(&[name]).is_some())
    .map(|(_, cardinality)| cardinality)?;
    // `List<Pet>` is about `Pet`, `Map<String, Pet>` too.
    let target = member.kind.clone().rev().find_map(|at| code.ident(at))?;
    let collection = member.kind.clone().any(|at| code.is(at, "<"));
    let cardinality = match cardinality {
        Cardinality::ManyToOne if collection => Cardinality::OneToMany,
        other => other,
    };
    let jpa = member.mark(&["DBRef"]).is_none();
    let column = member
        .mark(&["JoinColumn"])
        .and_then(|m| named(file, values, m));
    let through = member
        .mark(&["JoinTable"])
        .and_then(|m| named(file, values, m))
        .filter(|name| !name.starts_with('{'))
        .map(|name| scan::snake(&name));
    let many = matches!(
        cardinality,
        Cardinality::OneToMany | Cardinality::ManyToMany
    );
    let fields = match column {
        // Of one to many the key stands in the table of the many.
        Some(_) if jpa && cardinality == Cardinality::OneToMany => Vec::new(),
        Some(column) => vec![column],
        // The key stands in the other table, or in one between.
        None if through.is_some() || many && jpa => Vec::new(),
        None => vec![member.name.to_owned()],
    };
    let at = file.evidence(member.first, member.last);
    Some(EntityRelation {
        fields,
        to: scan::snake(target),
        to_fields: Vec::new(),
        cardinality,
        on_delete: None,
        through,
        provenance: Provenance::observed([at]),
    })
}

/// `@Table(indexes = @Index(…), uniqueConstraints = @UniqueConstraint(…))`
fn indexes(file: &SourceFile<'_>, values: &Values<'_, '_>, declared: &Declared) -> Vec<Index> {
    let code = file.code();
    let Some(open) = declared.annotation(&["Table"]).and_then(|a| a.open) else {
        return Vec::new();
    };
    let close = code.partner(open).unwrap_or(open);
    let mut all = Vec::new();
    for at in open..close {
        let unique_constraint = code.is(at, "UniqueConstraint");
        // Kotlin writes annotations inside others without their sign.
        let marked =
            code.is(at - 1, "@") || code.language == Language::Kotlin && code.is(at + 1, "(");
        if !marked || !(unique_constraint || code.is(at, "Index")) {
            continue;
        }
        let mark = mark_at(code, at - 1);
        let fields = ["columnList", "columnNames"].iter().find_map(|name| {
            let range = code.named_argument(mark.open?, name)?;
            let parts = if code.is(range.start, "{") || code.is(range.start, "[") {
                code.arguments(range.start)
            } else {
                vec![range]
            };
            let folded = parts.into_iter().filter_map(|part| values.fold(part));
            Some(folded.collect::<Vec<_>>().join(","))
        });
        let fields: Vec<String> = fields
            .unwrap_or_default()
            .split(',')
            .map(|f| unquoted(f.trim()).to_owned())
            .filter(|f| !f.is_empty())
            .collect();
        if fields.is_empty() {
            continue;
        }
        let says_unique = argument(file, values, &mark, &["unique"]);
        all.push(Index {
            name: argument(file, values, &mark, &["name"]).unwrap_or_default(),
            fields,
            unique: unique_constraint || says_unique.is_some_and(|v| v == "true"),
            predicate: None,
            method: None,
            provenance: Provenance::observed([file.evidence(code.line(at), code.line(at))]),
        });
    }
    all
}
