//! What models of Rails say of the ends of tables: the schema that Active Record writes has the
//! columns, and seldom foreign keys.

use crate::inflect::plural;
use groundplan_model::{Entity, Field};
use std::collections::{BTreeMap, BTreeSet};

/// Whether an entity is a model that tells associations, and no table.
fn is_model(entity: &Entity) -> bool {
    let path = entity.provenance.first().map_or("", |e| e.path.as_str());
    path.ends_with(".rb") && path.contains("app/models/")
}

/// Joins models with the tables of schemas and migrations. A model whose table is not among those of
/// its program, while others are, tells nothing of them.
pub(crate) fn join(tables: &mut [Entity], classes: &mut Vec<Entity>) {
    if !classes.iter().any(is_model) {
        return;
    }
    let (models, rest): (Vec<Entity>, Vec<Entity>) =
        std::mem::take(classes).into_iter().partition(is_model);
    *classes = rest;
    let key = |e: &Entity| (e.owner.clone(), e.name.to_lowercase());
    let known: BTreeSet<(Option<String>, String)> =
        tables.iter().chain(classes.iter()).map(key).collect();
    // The table of each class by the name that relations have.
    let named: BTreeMap<(Option<String>, String), String> = models
        .iter()
        .map(|m| ((m.owner.clone(), m.id.clone()), m.name.to_lowercase()))
        .collect();
    for mut model in models {
        if !known.contains(&key(&model)) {
            if !known.iter().any(|(owner, _)| *owner == model.owner) {
                // A check may be of what is no column.
                model.fields.retain(|f| !f.data_type.is_empty());
                classes.extend((!model.fields.is_empty()).then_some(model));
            }
            continue;
        }
        let mut all = tables.iter_mut().chain(classes.iter_mut());
        let Some(table) = all.find(|t| key(t) == key(&model)) else {
            continue;
        };
        let mut told = false;
        for said in model.fields.iter().filter(|f| !f.constraints.is_empty()) {
            let of_it = |f: &&mut Field| f.name == said.name;
            if let Some(column) = table.fields.iter_mut().find(of_it) {
                let new = said.constraints.iter();
                let new = new.filter(|c| !column.constraints.contains(c)).cloned();
                let new: Vec<String> = new.collect();
                column.constraints.extend(new);
                let places = said.provenance.evidence.clone();
                column.provenance = column.provenance.clone().and(places);
                told = true;
            }
        }
        for mut relation in model.relations {
            let has = |name: &String| table.fields.iter().any(|f| f.name == *name);
            let class = (model.owner.clone(), relation.to.clone());
            let by_rule = || Some(plural(&relation.to));
            let to = named.get(&class).cloned().or_else(by_rule);
            let to = to.filter(|name| known.contains(&(model.owner.clone(), name.clone())));
            let (Some(to), true) = (to, relation.fields.iter().all(has)) else {
                continue;
            };
            let same = table
                .relations
                .iter_mut()
                .find(|r| r.fields == relation.fields);
            match same {
                Some(same) => {
                    let places = relation.provenance.evidence;
                    same.provenance = same.provenance.clone().and(places);
                }
                None => {
                    relation.to = to;
                    table.relations.push(relation);
                }
            }
            told = true;
        }
        if told {
            let places = model.provenance.evidence;
            table.provenance = table.provenance.clone().and(places);
        }
    }
}
