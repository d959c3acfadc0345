//! What ties rows beside the keys of the database: associations that the program alone keeps to, and
//! what stands in the way of a deletion that goes on to other rows.

use super::columns::entity_name;
use super::found::products;
use super::goals::distinct;
use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_model::{Cardinality, Entity, EntityRelation, Evidence};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a file says what a database makes: SQL, or a step of a migration.
fn is_step(at: &Evidence) -> bool {
    let lower = at.path.to_ascii_lowercase();
    let by_name = [".sql", "/schema.rb"]
        .iter()
        .any(|end| lower.ends_with(end));
    let mut folders = lower.rsplit('/').skip(1);
    by_name || folders.any(|part| part.contains("migrat"))
}

/// Whether a file has models whose tables migrations alone make, with keys that lead to the tables by their names:
/// Rails and Waterline. Keys of other mappers may lead to a table that was not found to be that of the model.
fn is_model(at: &Evidence) -> bool {
    let path = at.path.as_str();
    let of_sails = path.starts_with("api/models/") || path.contains("/api/models/");
    !is_step(at) && (path.ends_with(".rb") || of_sails && path.ends_with(".js"))
}

/// Whether a relation is an association of a model for which no migration sets a key, while migrations make
/// its column.
pub(super) fn is_unkeyed(e: &Entity, r: &EntityRelation) -> bool {
    let to_one = matches!(
        r.cardinality,
        Cardinality::ManyToOne | Cardinality::OneToOne
    );
    let [field] = r.fields.as_slice() else {
        return false;
    };
    let column = e.fields.iter().find(|f| f.name == *field);
    let made = column.is_some_and(|f| f.provenance.evidence.iter().any(is_step));
    let places = &r.provenance.evidence;
    to_one && made && !places.is_empty() && places.iter().all(is_model)
}

/// That associations have no key in the database, once for all of them.
pub(super) fn unkeyed(c: &Context) -> Option<Text> {
    let all: Vec<&EntityRelation> = (c.entities.iter())
        .flat_map(|e| e.relations.iter().filter(move |r| is_unkeyed(e, r)))
        .collect();
    if all.is_empty() {
        return None;
    }
    let text = match all.len() {
        1 => "One reference between tables is an association of a model: no migration that was read sets a foreign key for it, so that the program alone keeps to it".to_owned(),
        n => format!(
            "{} references between tables are associations of models: no migration that was read sets a foreign key for them, so that the program alone keeps to them",
            words::number(n as u64)
        ),
    };
    let places = all.iter().map(|r| &r.provenance);
    Some(end(Text::plain(text).from(&first_places(places, 2))))
}

/// The same beside the first table that has one.
pub(super) fn unkeyed_beside(c: &Context, e: &Entity) -> Option<Text> {
    let has = |e: &&&Entity| e.relations.iter().any(|r| is_unkeyed(e, r));
    let first = c.entities.iter().find(has)?;
    (first.id == e.id).then(|| unkeyed(c))?
}

/// What maps tables by models that no extractor reads, or whose models may lie where none was looked for.
const MODELS: [&str; 21] = [
    "adonis",
    "bookshelf",
    "bun-go",
    "cakephp",
    "codeigniter",
    "ebean",
    "eloquent",
    "ent",
    "exposed",
    "ktorm",
    "laravel",
    "mikro-orm",
    "objection",
    "peewee",
    "pony-orm",
    "propel",
    "rom",
    "sails",
    "sequel",
    "tortoise-orm",
    "waterline",
];

/// Whether code maps tables by models of which none was read: all that is known of the tables stands in
/// their migrations.
pub(super) fn models_unread(c: &Context, e: &Entity) -> bool {
    let by_code = |e: &&Entity| {
        let places = e.relations.iter().map(|r| &r.provenance);
        let mut places = places.chain([&e.provenance]);
        places.any(|place| !place.evidence.iter().all(is_step))
    };
    let tables = || c.entities.iter().copied().filter(|e| e.kind.is_kept());
    if !e.kind.is_kept() || tables().any(|e| by_code(&e)) {
        return false;
    }
    !products(c, |t| MODELS.contains(&t.id.as_str())).is_empty()
}

/// What a rule for deletions does, in one spelling: `NO ACTION` and `NoAction` are `noaction`.
pub(super) fn rule_of(rule: &str) -> String {
    let all = rule.chars().filter(char::is_ascii_alphanumeric);
    all.map(|c| c.to_ascii_lowercase()).collect()
}

fn rule(r: &EntityRelation) -> String {
    rule_of(r.on_delete.as_deref().unwrap_or_default())
}

/// Tables looked at behind one that a deletion goes on to, at most.
const MOST: usize = 200;

/// Whose rows stop a deletion that goes on to rows of an entity: those that refer to them, or to what would be
/// deleted with them, by a key that does not allow it.
pub(super) fn blocked_by<'a>(c: &Context<'a>, e: &Entity) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut direct: Vec<&str> = Vec::new();
    let mut behind: Vec<&str> = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = Vec::new();
    let parents: BTreeSet<&str> = (e.relations.iter())
        .filter(|r| rule(r) == "cascade")
        .map(|r| r.to.as_str())
        .collect();
    let falls = |other: &Entity| {
        let mut keys = other.relations.iter();
        keys.any(|r| rule(r) == "cascade" && parents.contains(r.to.as_str()))
    };
    let mut into: BTreeMap<&str, Vec<(&Entity, &EntityRelation)>> = BTreeMap::new();
    for other in &c.blueprint.entities {
        let keys = other.relations.iter().filter(|r| {
            matches!(
                r.cardinality,
                Cardinality::ManyToOne | Cardinality::OneToOne
            )
        });
        for r in keys {
            into.entry(&r.to).or_default().push((other, r));
        }
    }
    let mut at = Some(e.id.as_str());
    while let Some(id) = at {
        for (other, r) in into.get(id).into_iter().flatten() {
            match rule(r).as_str() {
                // What is deleted with the same row by a key of its own stops nothing but where that is protected.
                "restrict" | "noaction" if falls(other) => {}
                "protect" | "restrict" | "noaction" if id == e.id => {
                    direct.push(entity_name(c, &other.id));
                }
                "protect" | "restrict" | "noaction" => {
                    behind.push(entity_name(c, &other.id));
                }
                "cascade" if known.len() < MOST && known.insert(&other.id) => {
                    open.push(&other.id);
                }
                _ => {}
            }
        }
        at = open.pop();
    }
    let direct = distinct(direct.into_iter());
    let mut behind = distinct(behind.into_iter());
    behind.retain(|name| !direct.contains(name));
    (direct, behind)
}

/// The same as a clause behind that rows are deleted with another: `, unless rows of X refer to them`.
pub(super) fn unless_blocked(c: &Context, e: &Entity, text: Text, one: bool) -> Text {
    let (direct, behind) = blocked_by(c, e);
    let them = if one { "it" } else { "them" };
    match (direct.is_empty(), behind.is_empty()) {
        (true, true) => text,
        (false, true) => (text.then(", unless rows of ").spans(names(direct, 4)))
            .then(format!(" refer to {them}")),
        (true, false) => (text.then(", unless rows of ").spans(names(behind, 4)))
            .then(format!(" refer to what would be deleted with {them}")),
        (false, false) => (text.then(", unless rows of ").spans(names(direct, 4)))
            .then(format!(" refer to {them}, or rows of "))
            .spans(names(behind, 4))
            .then(format!(" to what would be deleted with {them}")),
    }
}
