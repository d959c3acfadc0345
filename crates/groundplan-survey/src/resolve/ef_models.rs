//! Tables of a context of Entity Framework Core that keeps no snapshot: its sets, joined with the
//! classes that they are of
//! (<https://learn.microsoft.com/ef/core/modeling/entity-types>).

use crate::facts::{Claim, Mapper, ModelClass};
use crate::resolve::handlers::nearest;
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use groundplan_model::{Cardinality, Entity, EntityRelation, Evidence, Field};
use std::collections::{BTreeMap, BTreeSet};

/// Bases above a class at most.
const HIGHEST: usize = 8;

type Classes<'f> = BTreeMap<&'f str, Vec<(&'f ModelClass, &'f Evidence)>>;

/// The tables of all contexts, each with the path of its context.
pub(super) fn tables<'f>(world: &World<'f>) -> Vec<(&'f str, Entity)> {
    let mut classes: Classes<'f> = BTreeMap::new();
    let mut sets: Vec<(&'f str, &'f ModelClass)> = Vec::new();
    for (file, fact) in world.facts() {
        let Claim::Model(class) = &fact.claim else {
            continue;
        };
        if class.mapper != Mapper::EfCore || is_aside(&file.path) {
            continue;
        }
        match class.stored {
            true => sets.push((&file.path, class)),
            false => classes
                .entry(&class.name)
                .or_default()
                .push((class, &fact.at)),
        }
    }
    let kept: BTreeSet<&str> = sets.iter().map(|(_, set)| set.name.as_str()).collect();
    let made = sets.iter().filter_map(|(path, set)| {
        let (class, at) = nearest(classes.get(set.name.as_str())?, path)?;
        let entity = table(set, (class, at), &classes, &kept);
        (!entity.fields.is_empty()).then_some((*path, entity))
    });
    made.collect()
}

fn table<'f>(
    set: &ModelClass,
    (class, at): (&'f ModelClass, &'f Evidence),
    classes: &Classes<'f>,
    kept: &BTreeSet<&str>,
) -> Entity {
    let mut entity = class.entity.clone();
    entity.name.clone_from(&set.entity.name);
    let mut line = vec![(class, at)];
    while let Some((last, at)) = line.last().copied() {
        let base = last
            .bases
            .first()
            .and_then(|base| classes.get(base.as_str()));
        match base.and_then(|all| nearest(all, &at.path)) {
            Some(base) if line.len() < HIGHEST && !line.iter().any(|known| known.1 == base.1) => {
                line.push(base);
            }
            _ => break,
        }
    }
    // A base of a library may lend columns.
    let own = |name: &String| {
        let mut letters = name.chars();
        letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
    };
    let last = line.last().and_then(|(last, _)| last.bases.first());
    entity.partial = last.is_some_and(|base| !own(base) && !classes.contains_key(base.as_str()));
    let all: Vec<&Field> = (line.iter().rev())
        .flat_map(|(c, _)| &c.entity.fields)
        .collect();
    entity.fields.clear();
    for field in &all {
        let kind = field.data_type.as_str();
        let inner = kind
            .split_once('<')
            .map(|(_, rest)| rest.trim_end_matches('>'));
        let list = inner.is_some() || kind.ends_with("[]");
        if kept.contains(kind) {
            entity.relations.push(reference(field, kind, &all));
        } else if !list || kind == "byte[]" {
            entity.fields.push((*field).clone());
        }
    }
    entity
}

/// `public Order Order { get; set; }`, with `OrderId` beside it where the class has it.
fn reference(field: &Field, kind: &str, all: &[&Field]) -> EntityRelation {
    let key = format!("{}Id", field.name);
    let own = all.iter().find(|f| f.name == key);
    EntityRelation {
        fields: vec![own.map_or_else(|| field.name.clone(), |f| f.name.clone())],
        to: crate::scan::snake(kind),
        to_fields: Vec::new(),
        cardinality: Cardinality::ManyToOne,
        on_delete: None,
        through: None,
        provenance: field.provenance.clone(),
    }
}
