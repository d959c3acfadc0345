//! temporary
use crate::facts::SqlChange;
pub(crate) fn replay(changes: &[(&str, &SqlChange)]) -> Vec<groundplan_model::Entity> {
    changes.iter().filter_map(|(_, c)| match c { SqlChange::Create(e) => Some(e.clone()), _ => None }).collect()
}
