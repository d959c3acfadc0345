//! What applications reach through Dapr, by the names of its components.

use super::{End, Found, Wiring};
use crate::extractors::dapr_calls::{BINDING, DAPR, PUBLISH, READ, SECRET, SUBSCRIBE, WRITE};
use crate::facts::Claim;
use crate::resolve::address::{addresses, is_local};
use crate::resolve::dapr::{Component, Dapr};
use crate::resolve::names::loose;
use groundplan_model::{Confidence, RelationshipKind, Role};

/// The only component of the kind that an operation needs.
fn sole<'d, 'f>(dapr: &'d Dapr<'f>, operation: &str) -> Option<&'d Component<'f>> {
    let kind = match operation {
        PUBLISH | SUBSCRIBE => "pubsub",
        READ | WRITE => "state",
        _ => return None,
    };
    let of_kind = |c: &&Component<'_>| c.told.kind.split('.').next() == Some(kind);
    let mut all = dapr.components.values().filter(of_kind);
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

impl Wiring<'_, '_> {
    /// Joins code that names a component with the product behind it; where no code that was read names a
    /// component, the applications that its file lets use it.
    pub(super) fn join_dapr(&mut self, dapr: &Dapr<'_>) {
        for unit in 0..self.units.len() {
            for fact in self.clients(unit) {
                let Claim::Client(client) = &fact.claim else {
                    continue;
                };
                if client.protocol != DAPR {
                    continue;
                }
                let method = client.method.as_deref().unwrap_or_default();
                // Before there could be several brokers, calls named the topic alone.
                let of_topic = matches!(method, PUBLISH | SUBSCRIBE);
                let component = match client.target.as_deref() {
                    Some(name) => match dapr.components.get(name) {
                        None if of_topic && client.operation.is_none() => sole(dapr, method),
                        known => known,
                    },
                    None => sole(dapr, method),
                };
                let Some(component) = component else { continue };
                let Some(to) = self.behind(component) else {
                    continue;
                };
                let topic = client.operation.clone();
                let (kind, operation) = match client.method.as_deref() {
                    Some(PUBLISH) => (RelationshipKind::Publishes, topic),
                    Some(SUBSCRIBE) => (RelationshipKind::Subscribes, topic),
                    Some(READ | SECRET) => (RelationshipKind::Reads, None),
                    Some(WRITE) => (RelationshipKind::Writes, None),
                    Some(BINDING) => (RelationshipKind::Calls, topic),
                    _ => continue,
                };
                self.through(unit, to, component, (kind, operation), Confidence::High);
                let found = Found {
                    kind: Some(kind),
                    at: &fact.at,
                    protocol: None,
                    technology: None,
                    operation: None,
                    confidence: Confidence::High,
                };
                self.add(unit, End::Unit(to), found);
            }
        }
        let bus = |name: &str| dapr.components.get(name);
        for subscription in &dapr.subscriptions {
            let Some(component) = bus(&subscription.told.name) else {
                continue;
            };
            for scope in &subscription.told.scopes {
                if let (Some(unit), Some(to)) = (self.application(scope), self.behind(component)) {
                    let kind = RelationshipKind::Subscribes;
                    let found = Found {
                        kind: Some(kind),
                        at: subscription.at,
                        protocol: None,
                        technology: Some("Dapr".to_owned()),
                        operation: subscription.told.topic.clone(),
                        confidence: Confidence::High,
                    };
                    self.add(unit, End::Unit(to), found);
                }
            }
        }
        for component in dapr.components.values() {
            let Some(to) = self.behind(component) else {
                continue;
            };
            for scope in &component.told.scopes {
                let Some(unit) = self.application(scope) else {
                    continue;
                };
                if self.graph.edges.contains_key(&(unit, End::Unit(to))) {
                    continue;
                }
                let kind = match component.told.kind.split('.').next() {
                    Some("state") => RelationshipKind::Writes,
                    Some("secretstores" | "configuration") => RelationshipKind::Reads,
                    _ => RelationshipKind::Calls,
                };
                self.through(unit, to, component, (kind, None), Confidence::Medium);
            }
        }
    }

    fn through(
        &mut self,
        unit: usize,
        to: usize,
        component: &Component<'_>,
        (kind, operation): (RelationshipKind, Option<String>),
        confidence: Confidence,
    ) {
        let found = Found {
            kind: Some(kind),
            at: component.at,
            protocol: component.product.and_then(|p| p.protocol.clone()),
            technology: Some("Dapr".to_owned()),
            operation,
            confidence,
        };
        self.add(unit, End::Unit(to), found);
    }

    /// The unit behind a component: the one that answers to its address, else the only one of its product.
    fn behind(&self, component: &Component<'_>) -> Option<usize> {
        for target in &component.told.targets {
            for address in addresses(target) {
                let known = (!is_local(&address.host))
                    .then(|| self.book.get(address.host.split('.').next()?)?.first())
                    .flatten();
                if let Some(&unit) = known {
                    return Some(unit);
                }
            }
        }
        let product = component.product?;
        let mut all = (0..self.units.len()).filter(|&u| self.serves(u, &product.id));
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }

    /// The unit that is an application of Dapr, by its id.
    fn application(&self, id: &str) -> Option<usize> {
        if let Some(found) = self.book.get(&id.to_ascii_lowercase()) {
            return found.first().copied();
        }
        let own = |&u: &usize| {
            let unit = &self.units[u];
            unit.project.is_some()
                && matches!(
                    unit.role,
                    Role::Service | Role::Ui | Role::Gateway | Role::Job
                )
                && loose(&unit.name) == loose(id)
        };
        let mut all = (0..self.units.len()).filter(own);
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }
}
