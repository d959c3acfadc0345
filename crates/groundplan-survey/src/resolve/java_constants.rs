//! Text constants of Java that stand in one file and are used in others.

use crate::extractors::java_path_constants;
use crate::facts::Claim;
use crate::resolve::world::World;
use groundplan_model::Entity;
use std::collections::{BTreeMap, BTreeSet};

/// Values of constants by name, and by class and name.
type Values<'f> = BTreeMap<(Option<&'f str>, &'f str), BTreeSet<&'f str>>;

/// Values of constants of classes that are named for holding some, and of all other classes.
#[derive(Debug, Default)]
pub(crate) struct JavaConstants<'f> {
    named: Values<'f>,
    others: Values<'f>,
}

impl<'f> JavaConstants<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut all = JavaConstants::default();
        for (file, fact) in world.facts() {
            if let Claim::PathConstant(constant) = &fact.claim
                && !file.path.ends_with(".go")
                && !file.path.ends_with(".py")
            {
                all.add(&constant.class, &constant.name, &constant.value);
            }
        }
        all
    }

    pub(crate) fn add(&mut self, class: &'f str, name: &'f str, value: &'f str) {
        let all = match java_path_constants::is_named(class) {
            true => &mut self.named,
            false => &mut self.others,
        };
        for class in [None, Some(class)] {
            all.entry((class, name)).or_default().insert(value);
        }
    }

    /// The value of `ORDERS` or `ApiPaths.ORDERS`, if all constants of that name have one.
    pub(crate) fn value(&self, name: &str) -> Option<&'f str> {
        let mut parts = name.rsplit('.');
        let last = parts.next()?;
        let key = (parts.next(), last);
        let values = self.named.get(&key).or_else(|| self.others.get(&key))?;
        let first = values.first()?;
        (values.len() == 1).then_some(*first)
    }

    /// Fills in the names of tables and columns that the extractor left as `{ModelConstants.ID}`; one
    /// that is not known stays as it is written.
    pub(crate) fn fill_in(&self, entity: &mut Entity) {
        let fill = |text: &mut String| {
            let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
            if let Some(name) = inner {
                *text = self.value(name).unwrap_or(name).to_owned();
            }
        };
        fill(&mut entity.name);
        for field in &mut entity.fields {
            fill(&mut field.name);
        }
        for relation in &mut entity.relations {
            relation.fields.iter_mut().for_each(fill);
        }
    }
}
