//! Which policies of Sails stand before the action that a route leads to.

use crate::extractors::js_http::BEFORE;
use crate::extractors::sails_routes::{POLICIES, POLICY, SAILS};
use crate::facts::{self, Claim, Endpoint};
use crate::resolve::names::is_aside;
use crate::resolve::world::{World, folder_of};
use groundplan_model::Evidence;

/// What the files of policies say.
pub(crate) struct Policies<'f> {
    all: Vec<(&'f str, &'f [facts::Before])>,
}

impl<'f> Policies<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let found = world.facts().filter_map(|(file, fact)| match &fact.claim {
            Claim::Handler(handler) if handler.name == POLICIES && !is_aside(&file.path) => {
                Some((folder_of(&fact.at.path), handler.befores.as_slice()))
            }
            _ => None,
        });
        Policies {
            all: found.collect(),
        }
    }

    /// Adds the policies before the action of a route: those of the most specific key hold, and no others
    /// (<https://sailsjs.com/documentation/concepts/policies#using-policies-with-standalone-actions>).
    pub(crate) fn guard(&self, endpoint: &mut Endpoint, at: &Evidence) {
        if endpoint.framework != SAILS {
            return;
        }
        let Some(action) = endpoint.handler.clone() else {
            return;
        };
        let folder = folder_of(&at.path);
        let Some((_, befores)) = self.all.iter().find(|(of, _)| *of == folder) else {
            return;
        };
        let fits = |key: &str| match key.strip_suffix('*') {
            Some(before) => action.starts_with(before),
            None => {
                let rest = action.strip_prefix(key);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        };
        let keys = befores.iter().flat_map(|before| &before.only);
        let best = keys
            .filter(|key| fits(key))
            .max_by_key(|key| (**key == action, key.trim_end_matches('*').len()));
        let Some(best) = best else {
            return;
        };
        let before = befores.iter().filter(|before| before.only.contains(best));
        for policy in before {
            if policy.name.is_empty() {
                // A policy that was not read stands before it.
                if policy.depends {
                    endpoint.guards.push(BEFORE.to_owned());
                }
                continue;
            }
            endpoint.guards.push(policy.name.clone());
            let stops = format!("{BEFORE}{POLICY}{}", policy.name);
            endpoint.guards.push(stops);
        }
    }
}
