//! Records that classes of TypeORM and of NestJS for Mongoose describe.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::prose;
use crate::records::{self, apply, relation, type_name};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Cardinality, EntityKind};
use groundplan_syntax::{Annotation, DeclKind, Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ts-entities",
    docs: "\
### What it finds
Classes with `@Entity` of TypeORM and with `@Schema` of NestJS for Mongoose: columns with type, key,
nullability, uniqueness and default, relations with their cardinality.

### What it does not find
Columns of base classes and of embedded objects, entities of other libraries.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["@Entity", "@Schema"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for declared in &file.outline().declared {
        if declared.kind == DeclKind::Type {
            class(acc, file, &values, declared);
        }
    }
}

/// A class of TypeORM, or of NestJS for Mongoose.
fn class(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, declared: &Declared) {
    let code = file.code();
    let outline = file.outline();
    let typeorm = declared
        .annotation(&["Entity"])
        .filter(|_| file.text.contains("typeorm"));
    let nest = declared
        .annotation(&["Schema"])
        .filter(|_| file.text.contains("@nestjs/mongoose"));
    let (annotation, kind) = match (typeorm, nest) {
        (Some(found), _) => (found, EntityKind::Table),
        (None, Some(found)) => (found, EntityKind::Collection),
        (None, None) => return,
    };
    let options = |a: &Annotation| {
        let all = code.arguments(a.open?);
        all.iter()
            .find_map(|part| values.literal_at(part))
            .filter(|&o| code.is(o, "{"))
    };
    let stored = annotation
        .open
        .and_then(|open| code.string(open + 1).map(str::to_owned))
        .or_else(|| values.folded_property(options(annotation)?, &["name", "collection"]));
    let mut entity = records::entity(
        file,
        &declared.name,
        stored,
        kind,
        declared.first,
        declared.line,
    );
    entity.description = prose::summary(file, declared.first);
    for member in &outline.declared {
        if member.kind != DeclKind::Field || member.owner != declared.owner {
            continue;
        }
        let written = written_type(file, member);
        for found in &member.annotations {
            let name = found.name.as_str();
            let cardinality = match name {
                "ManyToOne" => Some(Cardinality::ManyToOne),
                "OneToMany" => Some(Cardinality::OneToMany),
                "OneToOne" => Some(Cardinality::OneToOne),
                "ManyToMany" => Some(Cardinality::ManyToMany),
                _ => None,
            };
            if let Some(cardinality) = cardinality {
                if let Some(target) = target(file, found) {
                    let made = relation(file, &member.name, &target, cardinality, member.line);
                    entity.relations.push(made);
                }
                continue;
            }
            let key = name.starts_with("Primary") || name == "ObjectIdColumn";
            if !key && !name.ends_with("Column") && name != "Prop" || name == "JoinColumn" {
                continue;
            }
            let open = options(found);
            let first = found
                .open
                .and_then(|o| code.string(o + 1))
                .filter(|_| name != "Prop");
            let said = open
                .and_then(|o| values.property(o, "type"))
                .map(|range| type_name(file, range));
            let shown = first.map(str::to_owned).or(said).unwrap_or(written.clone());
            let mut field = records::field(file, &member.name, &shown, member.line);
            // Columns of TypeORM are not null unless they say so; fields of Mongoose the reverse.
            field.nullable = name == "Prop";
            field.primary_key = key;
            if let Some(open) = open {
                apply(file, values, open, &mut field);
            }
            entity.fields.push(field);
        }
    }
    if !entity.fields.is_empty() {
        let claim = Claim::Entity(Box::new(entity));
        acc.add(file, declared.first, declared.line, claim);
    }
}

/// The type after the colon of a field.
fn written_type(file: &SourceFile<'_>, member: &Declared) -> String {
    let code = file.code();
    let colon = (member.at + 1..member.at + 3).find(|&at| code.is(at, ":"));
    let Some(colon) = colon else {
        return String::new();
    };
    let end = (colon + 1..colon + 20)
        .find(|&at| matches!(code.raw(at), ";" | "=" | "@") || code.line(at) > code.line(colon))
        .unwrap_or(colon + 2);
    (colon + 1..end).map(|at| code.raw(at)).collect()
}

/// `() => Order` or `type => Order`.
fn target(file: &SourceFile<'_>, found: &Annotation) -> Option<String> {
    let code = file.code();
    let first = code.arguments(found.open?).into_iter().next()?;
    let arrow = first
        .clone()
        .find(|&at| code.is(at, "=") && code.is(at + 1, ">"));
    match arrow {
        Some(at) => code.ident(at + 2).map(str::to_owned),
        None => code.string(first.start).map(str::to_owned),
    }
}
