//! Keys and indexes of the tables of a blueprint of Laravel.

use super::{Changes, id, link};
use crate::facts::{KeyKind, SqlChange};
use crate::inflect::plural;
use crate::php::{self, Link};
use crate::scan;
use groundplan_model::{Cardinality, Entity, EntityRelation, Index, Provenance};

impl<'t> Changes<'_, 't> {
    /// The name of a key as the framework makes it, and what it stands for.
    pub(super) fn key(
        &self,
        table: &str,
        field: &str,
        name: Option<String>,
        kind: KeyKind,
    ) -> SqlChange {
        let end = match kind {
            KeyKind::Primary => "primary",
            KeyKind::Unique => "unique",
            KeyKind::Foreign => "foreign",
        };
        SqlChange::NamedKey {
            table: table.to_owned(),
            name: name.unwrap_or_else(|| made_name(table, &[field.to_owned()], end)),
            fields: vec![field.to_owned()],
            kind,
        }
    }

    pub(super) fn index(
        &self,
        table: &str,
        fields: Vec<String>,
        name: Option<String>,
        link: &Link<'t>,
        end: &str,
    ) -> Index {
        let line = self.code.line(link.open);
        Index {
            name: name.unwrap_or_else(|| made_name(table, &fields, end)),
            fields,
            unique: end == "unique",
            method: match link.name {
                "fulltext" | "fullText" => Some("fulltext".to_owned()),
                "spatialIndex" => Some("spatial".to_owned()),
                _ => None,
            },
            predicate: None,
            provenance: Provenance::observed([self.file.evidence(line, line)]),
        }
    }

    /// The foreign key of `foreignId('user_id')->constrained()`, `->references('id')->on('users')`.
    pub(super) fn reference(
        &self,
        first: &Link<'t>,
        rest: &[Link<'t>],
        column: &str,
        new: &mut Entity,
        named: &mut Vec<SqlChange>,
    ) {
        let constrained = link(rest, "constrained");
        let given = constrained.and_then(|l| {
            let text = self.text(l, 0)?;
            Some(text.rsplit(':').next().unwrap_or(&text).to_owned())
        });
        let on = link(rest, "on").and_then(|l| self.text(l, 0));
        // Without a name of its own the table is that of the column or of the class.
        let usual = || {
            let class = (first.name == "foreignIdFor")
                .then(|| self.code.arguments(first.open).into_iter().next())
                .flatten()
                .and_then(|range| php::class(self.code, &range));
            let one = match class {
                Some(class) => scan::snake(&class),
                None => column.strip_suffix("_id").unwrap_or(column).to_owned(),
            };
            plural(&one)
        };
        let Some(to) = on.or_else(|| constrained.map(|_| given.unwrap_or_else(usual))) else {
            return;
        };
        let field = link(rest, "references").and_then(|l| self.text(l, 0));
        let field = field.or_else(|| constrained.and_then(|l| self.text(l, 1)));
        let relation = self.relation(vec![column.to_owned()], &to, field, rest, first);
        named.push(self.key(&new.id, column, None, KeyKind::Foreign));
        new.relations.push(relation);
    }

    pub(super) fn relation(
        &self,
        fields: Vec<String>,
        to: &str,
        field: Option<String>,
        rest: &[Link<'t>],
        at: &Link<'t>,
    ) -> EntityRelation {
        let line = self.code.line(at.open);
        let on_delete = rest.iter().find_map(|link| match link.name {
            "onDelete" => self.text(link, 0),
            "cascadeOnDelete" => Some("cascade".to_owned()),
            "nullOnDelete" => Some("set null".to_owned()),
            "restrictOnDelete" => Some("restrict".to_owned()),
            "noActionOnDelete" => Some("no action".to_owned()),
            _ => None,
        });
        EntityRelation {
            fields,
            to: id(to),
            to_fields: vec![field.unwrap_or_else(|| "id".to_owned())],
            cardinality: Cardinality::ManyToOne,
            on_delete: on_delete.map(|word| word.to_lowercase()),
            through: None,
            provenance: Provenance::observed([self.file.evidence(line, line)]),
        }
    }
}

/// The name that the framework gives to a key or index: `orders_user_id_foreign`.
pub(super) fn made_name(table: &str, fields: &[String], end: &str) -> String {
    let whole = format!("{table}_{}_{end}", fields.join("_")).to_lowercase();
    whole.replace(['-', '.'], "_")
}
