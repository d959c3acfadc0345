//! Models of Waterline once all of them are known: which sides of an association have its column.

use crate::facts::{Claim, Mapper};
use crate::resolve::world::World;
use groundplan_model::{Cardinality, Entity, EntityRelation};
use std::collections::{BTreeMap, BTreeSet};

/// The files with models of Waterline.
pub(super) fn files<'f>(world: &World<'f>) -> BTreeSet<&'f str> {
    let models = world.facts().filter_map(|(_, fact)| match &fact.claim {
        Claim::Model(class) if class.mapper == Mapper::Waterline => Some(fact.at.path.as_str()),
        _ => None,
    });
    models.collect()
}

/// Models are referred to by their names in letters of any height: `boardmembership` is `BoardMembership`.
fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

/// Gives associations the ids of the models that they mean, and settles what collections are: where the
/// other side has a column for it, that side tells it; where both sides are collections, rows of a table
/// between the two join them.
pub(super) fn settle(all: &mut [(&str, Entity)], files: &BTreeSet<&str>) {
    let own = |path: &str| files.contains(path);
    if files.is_empty() {
        return;
    }
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut relations: BTreeMap<String, Vec<EntityRelation>> = BTreeMap::new();
    for (_, entity) in all.iter().filter(|(path, _)| own(path)) {
        ids.entry(plain(&entity.id))
            .or_insert_with(|| entity.id.clone());
        let known = relations.entry(plain(&entity.id)).or_default();
        known.extend(entity.relations.iter().cloned());
    }
    for (_, entity) in all.iter_mut().filter(|(path, _)| own(path)) {
        let this = plain(&entity.id);
        entity.relations.retain_mut(|relation| {
            let target = plain(&relation.to);
            let via = relation.to_fields.first().map(|via| plain(via));
            if let Some(id) = ids.get(&target) {
                relation.to.clone_from(id);
            }
            if let Some(id) = relation.through.as_ref().and_then(|t| ids.get(&plain(t))) {
                relation.through = Some(id.clone());
            }
            relation.to_fields.clear();
            if relation.cardinality != Cardinality::OneToMany {
                return true;
            }
            let Some(via) = via else {
                relation.cardinality = Cardinality::ManyToMany;
                return true;
            };
            let others = relations.get(&target).into_iter().flatten();
            let back = others
                .filter(|other| plain(&other.to) == this)
                .filter(|other| {
                    let mut names = other.fields.iter().map(|name| plain(name));
                    names.any(|name| name == via || name == format!("{via}id"))
                });
            let back: Vec<Cardinality> = back.map(|other| other.cardinality).collect();
            if back.contains(&Cardinality::ManyToOne) {
                return false;
            }
            // Both sides are collections; it is told once.
            if back.is_empty() {
                return ids.contains_key(&target);
            }
            relation.cardinality = Cardinality::ManyToMany;
            this <= target
        });
    }
}

/// What a model says of keys that Waterline would only set where it made the table itself.
pub(super) fn beside_migrations(path: &str, entity: &mut Entity, files: &BTreeSet<&str>) {
    if files.contains(path) {
        entity.fields.iter_mut().for_each(|f| f.unique = false);
    }
}
