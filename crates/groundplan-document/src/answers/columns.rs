//! What is told of columns, and of views.

use super::seen::end;
use crate::context::Context;
use crate::text::names;
use crate::tree::Text;
use crate::words;
use groundplan_model::{Cardinality, Entity, EntityKind, Field, NULLABILITY_UNREAD};

pub(super) fn entity_name<'a>(c: &Context<'a>, id: &'a str) -> &'a str {
    c.blueprint
        .entities
        .iter()
        .find(|e| e.id == id)
        .map_or(id, |e| e.name.as_str())
}

/// Whether the survey could not tell if a column may be empty.
pub(super) fn is_unread(f: &Field) -> bool {
    f.constraints.iter().any(|x| x == NULLABILITY_UNREAD)
}

/// Whether what makes the table says that a column may be empty: SQL, a schema or the steps of migrations,
/// or a field of Django, which makes its columns. What other models say nothing of, the database may rule out.
fn null_said(f: &Field) -> bool {
    let django = f.data_type.ends_with("Field") || f.data_type == "ForeignKey";
    let makes = |path: &str| {
        let lower = path.to_ascii_lowercase();
        [".sql", ".prisma", "schema.rb"]
            .iter()
            .any(|end| lower.ends_with(end))
            || lower.split('/').any(|part| part.contains("migrat"))
            || lower.ends_with(".py") && django
    };
    // What is made of other columns is as empty as these are.
    let made = || {
        f.constraints.iter().any(|x| {
            let upper = x.to_ascii_uppercase();
            upper.starts_with("GENERATED")
                || upper.contains("IS NOT NULL")
                || upper.contains("AUTO_INCREMENT")
        })
    };
    !is_unread(f) && !made() && f.provenance.evidence.iter().any(|at| makes(&at.path))
}

/// Whether an index keeps the values of this column alone unique, in all rows.
pub(super) fn keyed(e: &Entity, f: &Field) -> bool {
    let alone = |fields: &[String]| matches!(fields, [one] if *one == f.name);
    e.indexes
        .iter()
        .any(|i| i.unique && i.predicate.is_none() && alone(&i.fields))
}

pub(super) fn constraints(c: &Context, e: &Entity, f: &Field) -> String {
    let mut all: Vec<String> = Vec::new();
    if !e.kind.is_kept() {
        all.extend(f.constraints.iter().map(|x| words::short(x, 80)));
        return all.join(", ");
    }
    if f.primary_key {
        all.push("primary key".to_owned());
    }
    if f.unique || keyed(e, f) {
        all.push("unique".to_owned());
    }
    let together = e.indexes.iter().filter(|i| {
        i.unique && i.predicate.is_none() && i.fields.len() > 1 && i.fields.contains(&f.name)
    });
    for index in together.take(3) {
        let others = index.fields.iter().filter(|name| **name != f.name);
        let others: Vec<&str> = others.map(String::as_str).collect();
        let text = format!("unique together with {}", others.join(" and "));
        if !all.contains(&text) {
            all.push(text);
        }
    }
    // What a view shows may be missing where its tables are joined.
    if !f.nullable && !f.primary_key && e.kind != EntityKind::View {
        all.push("not null".to_owned());
    }
    if e.kind == EntityKind::Table && f.nullable && !f.primary_key && null_said(f) {
        all.push("nullable".to_owned());
    }
    if let Some(default) = &f.default {
        // An empty text is one too.
        all.push(match default.trim().is_empty() {
            true => "default ''".to_owned(),
            false => format!("default {}", words::short(default, 40)),
        });
    }
    let keys = e.relations.iter().filter(|r| {
        r.fields.len() == 1
            && r.fields.contains(&f.name)
            && !matches!(
                r.cardinality,
                Cardinality::OneToMany | Cardinality::ManyToMany
            )
    });
    for r in keys {
        let other = entity_name(c, &r.to);
        all.push(match r.to_fields.first() {
            Some(field) => format!("references {other}.{field}"),
            None => format!("references {other}"),
        });
    }
    all.extend(f.constraints.iter().map(|x| words::short(x, 80)));
    all.join(", ")
}

/// That an entity is a view, and over what.
pub(super) fn view_text(c: &Context, e: &Entity) -> Option<Text> {
    if e.kind != EntityKind::View {
        return None;
    }
    let mut text = Text::plain(match e.materialized {
        true => "A materialized view",
        false => "A view",
    });
    if !e.over.is_empty() {
        let over: Vec<&str> = e.over.iter().map(|id| entity_name(c, id)).collect();
        text = text.then(" over ").spans(names(over, 8));
    }
    Some(end(text.from(&e.provenance)))
}

/// That an entity may have other fields than those that are told, and why.
pub(super) fn unread_bases(e: &Entity) -> Option<Text> {
    let of_script = || {
        e.provenance
            .first()
            .is_some_and(|at| at.path.ends_with(".sql"))
    };
    let text = match e.kind {
        EntityKind::View => {
            "It may have more fields: one of the tables that it takes all of was not read."
        }
        _ if of_script() => {
            "Its fields and keys may differ: a script calls a routine for it, which changes it by statements \
             that are put together while they run."
        }
        _ => "It may have more fields: a class that it stands on was not read.",
    };
    e.partial.then(|| Text::plain(text).from(&e.provenance))
}
