//! Services of one Compose file whose names differ in a number alone: copies of one part, or servers of
//! their own.

use super::Unit;
use crate::facts::Deployable;
use crate::resolve::world::World;
use groundplan_model::{Evidence, Role};
use std::collections::BTreeSet;

/// Whether a service is another copy of a part: built from the same folder, started and told the same, with
/// a number as the end of its name (`orders-1`, `orders-2`).
pub(super) fn is_another(unit: &Unit<'_>, other: &Deployable, at: &Evidence) -> bool {
    let Some(base) = numbered(&other.name) else {
        return false;
    };
    let told = |d: &Deployable| -> BTreeSet<(String, Option<String>)> {
        let all = d.env.iter().map(|e| (e.name.clone(), e.value.clone()));
        all.collect()
    };
    let inside = |d: &Deployable| -> BTreeSet<String> {
        d.ports.iter().map(|p| p.value.container.clone()).collect()
    };
    let value = |placed: &Option<crate::facts::Placed<String>>| {
        placed.as_ref().map(|placed| placed.value.clone())
    };
    other.source == "compose"
        && other.build.is_some()
        && unit.deployables.iter().any(|(d, place)| {
            place.path == at.path
                && d.name != other.name
                && numbered(&d.name) == Some(base)
                && value(&d.build) == value(&other.build)
                && d.dockerfile == other.dockerfile
                && value(&d.command) == value(&other.command)
                && told(d) == told(other)
                && inside(d) == inside(other)
        })
}

/// The name before the number at its end.
fn numbered(name: &str) -> Option<&str> {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = base.strip_suffix(['-', '_'])?;
    (base.len() < name.len() && !word.is_empty()).then_some(word)
}

/// Whether a service is a server of a store or broker that runs beside a unit of almost the same name: of
/// two versions of a program one answers for the other, and two servers hold what each is given.
pub(super) fn is_beside(
    world: &World<'_>,
    unit: &Unit<'_>,
    other: &Deployable,
    at: &Evidence,
) -> bool {
    let holds = |d: &Deployable| {
        let image = d.image.as_ref();
        let role = image.and_then(|image| world.knowledge.by_image(&image.value)?.role);
        role.is_some_and(|role| role.is_store() || role == Role::Broker)
    };
    other.source == "compose"
        && holds(other)
        && unit.deployables.iter().any(|(d, place)| {
            d.source == "compose" && place.path == at.path && d.name != other.name
        })
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn numbers_at_the_end() {
        assert_eq!(numbered("orders-v1-2"), Some("orders-v1"));
        assert_eq!(numbered("orders_10"), Some("orders"));
        assert_eq!(numbered("orders-v1"), None);
        assert_eq!(numbered("orders2"), None);
        assert_eq!(numbered("-1"), None);
    }
}
