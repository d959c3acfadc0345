//! Terms that a heading of a document explains, where data of that name is kept.

use super::world::World;
use crate::facts::Claim;
use crate::inflect::singular;
use crate::statements::told::HEADED_TERM;
use groundplan_model::{Blueprint, Provenance, Term, Topic};
use std::collections::BTreeSet;

/// Adds a term for each heading that is called like an entity or table; what a contract explains stands. The
/// pages of documents were chosen where they were read.
pub(crate) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    const MOST: usize = 20;
    let kept: BTreeSet<String> = blueprint.entities.iter().map(|e| key(&e.name)).collect();
    let mut added = 0;
    for (_, fact) in world.facts() {
        let Claim::Mark(mark) = &fact.claim else {
            continue;
        };
        let told = mark.detail.as_deref().and_then(|d| d.split_once('\n'));
        let of_heading = mark.topic == Topic::Stated && mark.name == HEADED_TERM;
        let Some((term, meaning)) = told.filter(|_| of_heading && added < MOST) else {
            continue;
        };
        let name = key(term);
        let known = blueprint.glossary.iter().any(|t| key(&t.term) == name);
        if !known && kept.contains(&name) {
            added += 1;
            blueprint.glossary.push(Term {
                term: term.to_owned(),
                meaning: meaning.to_owned(),
                provenance: Provenance::observed([fact.at.clone()]),
            });
        }
    }
}

/// A name as it is compared: `mealplan` of `Meal Plans` and `meal_plans`.
fn key(name: &str) -> String {
    let name = name.rsplit('.').next().unwrap_or(name);
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    singular(&plain.to_lowercase())
}
