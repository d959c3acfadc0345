//! Registries that no service asks: what keeps the members of a broker or a store together, as ZooKeeper
//! does beside Kafka (<https://kafka.apache.org/documentation/#zk>).

use crate::resolve::units::Unit;
use crate::resolve::wiring::{End, Graph};
use groundplan_model::{RelationshipKind, Role};

/// Tells registries that brokers and stores alone need by what they do there.
pub(super) fn mark(units: &mut [Unit<'_>], graph: &Graph) {
    let clustered = |unit: usize| {
        let role = units.get(unit).map(|u| u.role);
        role.is_some_and(|r| r == Role::Broker || r.is_store())
    };
    let asks = |kind: &RelationshipKind| {
        !matches!(
            kind,
            RelationshipKind::Observes | RelationshipKind::StartsAfter
        )
    };
    let coordinates = |unit: usize| {
        let mut users = (graph.edges.iter())
            .filter(|((_, to), edge)| *to == End::Unit(unit) && edge.sides.keys().any(asks))
            .map(|((from, _), _)| *from)
            .peekable();
        users.peek().is_some() && users.all(clustered)
    };
    let found: Vec<usize> = (0..units.len())
        .filter(|&unit| units[unit].role == Role::Registry && units[unit].project.is_none())
        .filter(|&unit| coordinates(unit))
        .collect();
    for unit in found {
        units[unit].role = Role::Coordinator;
    }
}
