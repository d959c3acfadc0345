//! With which status operations of Huma succeed: by how they are added, and by whether they give a body.

use crate::extractors::go_huma::{ADDED, FAILS, STATUS};
use crate::extractors::go_huma_handlers::{ADDS, BARE, BODY, SUCCESS, WITH_BODY};
use crate::facts::{Claim, Endpoint};
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use crate::statuses;
use groundplan_model::Operation;
use std::collections::{BTreeMap, BTreeSet};

/// What files say of operations of Huma.
#[derive(Default)]
pub(crate) struct Huma<'f> {
    /// Structures with a body.
    bodies: BTreeSet<&'f str>,
    /// Functions that add operations, with the statuses that they set by method.
    adds: BTreeMap<&'f str, BTreeSet<&'f str>>,
}

impl<'f> Huma<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = Huma::default();
        for (file, fact) in world.facts() {
            let Claim::Mount(mount) = &fact.claim else {
                continue;
            };
            let Some(name) = mount.router.as_deref().filter(|_| !is_aside(&file.path)) else {
                continue;
            };
            match mount.target.as_str() {
                BODY => {
                    found.bodies.insert(name);
                }
                ADDS => {
                    found.adds.entry(name).or_default().insert(&mount.prefix);
                }
                _ => {}
            }
        }
        found
    }

    /// Puts the status of success in its place, and adds those that the operation says it may fail with.
    pub(crate) fn answer(&self, operation: &mut Operation, endpoint: &Endpoint) {
        let marked = |mark: &str| {
            let all = endpoint.guards.iter();
            all.filter_map(|g| g.strip_prefix(mark)).collect::<Vec<_>>()
        };
        let method = operation.method.clone();
        let all = std::mem::take(&mut operation.responses);
        for mut response in all {
            let Some(shown) = response.status.strip_prefix(SUCCESS) else {
                operation.responses.push(response);
                continue;
            };
            let status = match marked(STATUS).as_slice() {
                [status] => Some((*status).to_owned()),
                _ => self.added(&marked(ADDED), &method, shown),
            };
            match status {
                Some(status) => {
                    if status == "204" {
                        response.schema = None;
                    }
                    response.status = status;
                    operation.responses.push(response);
                }
                None => operation.more_outcomes = true,
            }
        }
        for status in marked(FAILS) {
            statuses::add(&mut operation.responses, status);
        }
        statuses::in_order(&mut operation.responses);
        operation.unread &= operation.responses.is_empty();
    }

    /// The status that a function which adds an operation sets, else the usual one: 200 with a body, 204
    /// without (<https://huma.rocks/features/response-outputs/>).
    fn added(&self, by: &[&str], method: &str, shown: &str) -> Option<String> {
        let [by] = by else {
            return None;
        };
        if !by.starts_with("huma.") {
            let last = by.rsplit('.').next().unwrap_or(by);
            let mut known = self.adds.get(last)?.iter();
            let (one, None) = (known.next()?, known.next()) else {
                return None;
            };
            let mut set = one.split(',').filter_map(|one| one.split_once('='));
            if let Some((_, status)) = set.find(|(of, _)| *of == method) {
                return Some(status.to_owned());
            }
        }
        match shown {
            WITH_BODY => Some("200".to_owned()),
            BARE => Some("204".to_owned()),
            name if self.bodies.contains(name) => Some("200".to_owned()),
            _ => None,
        }
    }
}
