//! What shows only once all tables are known: the types of keys into them, and which relations join
//! one row to one.

use crate::facts::One;
use crate::scan;
use groundplan_model::{Cardinality, Entity, EntityRelation};
use std::collections::BTreeMap;

/// A table with the class that it is made of.
pub(crate) struct Made<'f> {
    /// Path of the file of the class.
    pub(crate) path: &'f str,
    /// Name of the class.
    pub(crate) class: &'f str,
    /// The table.
    pub(crate) entity: Entity,
    /// Ends of relationships of the class that hold one row at most.
    pub(crate) ones: Vec<&'f One>,
}

/// How a key of unknown type says what it has the type of.
const AS: &str = "as ";

/// Gives keys the types of what they refer to, and tells one-to-one relations.
pub(crate) fn join(all: &mut [Made<'_>]) {
    // A key may refer to a key.
    for _ in 0..3 {
        types(all);
    }
    ends(all);
}

fn types(all: &mut [Made<'_>]) {
    let open = |made: &Made<'_>| {
        made.entity
            .fields
            .iter()
            .any(|f| f.data_type.starts_with(AS))
    };
    if !all.iter().any(open) {
        return;
    }
    let mut known: BTreeMap<String, Option<String>> = BTreeMap::new();
    for made in all.iter() {
        for field in &made.entity.fields {
            let key = format!("{}.{}", made.entity.id, field.name);
            let kind = field.data_type.clone();
            // Two tables of one name may differ.
            let entry = known.entry(key).or_insert_with(|| Some(kind.clone()));
            if entry.as_ref().is_some_and(|k| *k != kind) {
                *entry = None;
            }
        }
    }
    for made in all.iter_mut() {
        for field in &mut made.entity.fields {
            let Some(to) = field.data_type.strip_prefix(AS) else {
                continue;
            };
            let to = to.to_lowercase();
            let kind = known.get(&to).cloned().flatten();
            if let Some(kind) = kind.filter(|kind| !kind.starts_with(AS)) {
                field.data_type = kind;
            }
        }
    }
}

fn ends(all: &mut [Made<'_>]) {
    let mut classes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, made) in all.iter().enumerate() {
        classes.entry(made.class).or_default().push(at);
    }
    let mut found: Vec<(usize, String, &One)> = Vec::new();
    for (at, made) in all.iter().enumerate() {
        for one in &made.ones {
            let Some([other]) = classes.get(one.to.as_str()).map(Vec::as_slice) else {
                continue;
            };
            let refers = |e: &Entity, to: &str| e.relations.iter().any(|r| r.to == to);
            let other_id = &all[*other].entity.id;
            if one.own {
                found.push((at, other_id.clone(), one));
            } else if !refers(&made.entity, other_id) {
                // The key stands on the other side.
                found.push((*other, made.entity.id.clone(), one));
            }
        }
    }
    for (at, to, one) in found {
        let relations = &mut all[at].entity.relations;
        let mut of_it = relations.iter_mut().filter(|r| r.to == to);
        // Which of several keys the relationship goes by is not followed.
        let (Some(relation), None) = (of_it.next(), of_it.next()) else {
            continue;
        };
        if relation.cardinality == Cardinality::ManyToOne {
            relation.cardinality = Cardinality::OneToOne;
            relation.provenance = relation.provenance.clone().and([one.at.clone()]);
        }
    }
}

/// A column that holds an object of another class has the type of that one's key.
pub(crate) fn key_types(entities: &mut [Entity]) {
    let mut keys: BTreeMap<String, String> = BTreeMap::new();
    for entity in entities.iter() {
        let mut primary = entity.fields.iter().filter(|f| f.primary_key);
        if let (Some(key), None) = (primary.next(), primary.next())
            && !key.data_type.is_empty()
        {
            keys.insert(entity.id.clone(), key.data_type.clone());
        }
    }
    for entity in entities.iter_mut() {
        let Entity {
            fields, relations, ..
        } = entity;
        for relation in relations.iter() {
            let ([name], Some(kind)) = (relation.fields.as_slice(), keys.get(&relation.to)) else {
                continue;
            };
            let class = relation.to.rsplit('.').next().unwrap_or_default();
            let field = fields.iter_mut().find(|f| f.name == *name);
            if let Some(field) = field
                && (field.data_type.is_empty() || scan::snake(&field.data_type) == class)
                && !field.data_type.contains(' ')
            {
                field.data_type.clone_from(kind);
            }
        }
    }
}

/// A key that is unique, or all of the primary key, joins one row to one.
pub(crate) fn by_keys(entities: &mut [Entity]) {
    for entity in entities.iter_mut() {
        let Entity {
            fields,
            relations,
            indexes,
            ..
        } = entity;
        let primary: Vec<&String> = fields
            .iter()
            .filter(|f| f.primary_key)
            .map(|f| &f.name)
            .collect();
        let alone = |r: &EntityRelation| {
            let [field] = r.fields.as_slice() else {
                return false;
            };
            primary == [field]
                || fields.iter().any(|f| f.unique && f.name == *field)
                || indexes.iter().any(|i| {
                    i.unique && i.predicate.is_none() && i.fields == std::slice::from_ref(field)
                })
        };
        for relation in relations.iter_mut() {
            if relation.cardinality == Cardinality::ManyToOne && alone(relation) {
                relation.cardinality = Cardinality::OneToOne;
            }
        }
    }
}
