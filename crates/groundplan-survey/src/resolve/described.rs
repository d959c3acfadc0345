//! Routes of code and the operations of contracts that they answer.

use crate::facts::Endpoint;
use crate::http_paths::UNREAD;
use crate::resolve::handlers::Seen;
use crate::resolve::overlap::version;
use groundplan_model::{Interface, InterfaceKind, Operation};
use std::collections::{BTreeMap, BTreeSet};

/// A path without the names of its parameters.
pub(crate) fn shape(path: &str) -> String {
    let parts = path
        .split('/')
        .filter(|p| !p.is_empty())
        .map(|p| if p.starts_with('{') { "{}" } else { p });
    parts.collect::<Vec<_>>().join("/")
}

/// The title of a contract, behind which `overlap` may have put the name of its file.
fn title(interface: &Interface) -> &str {
    interface.name.split(" (").next().unwrap_or_default()
}

/// Which operation of which interface a route is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// The operation at these places.
    One(usize, usize),
    /// Its begin was not read, and several operations end as it does.
    Several,
    /// None.
    No,
}

/// The operations of contracts by what they end in.
pub(crate) struct Described {
    whole: BTreeMap<(String, String), (usize, usize)>,
    /// Operations by their path without the base that their contract puts before it.
    bare: BTreeMap<(String, String), (usize, usize)>,
    ends: BTreeMap<(String, String), BTreeSet<(usize, usize)>>,
    /// Methods and paths that code routes.
    routed: BTreeSet<(String, String)>,
}

impl Described {
    /// Of the contracts of one part; `None` for those of which no part is known.
    pub(crate) fn of(interfaces: &[Interface], element: Option<&str>) -> Self {
        let mut all = Described {
            whole: BTreeMap::new(),
            bare: BTreeMap::new(),
            ends: BTreeMap::new(),
            routed: BTreeSet::new(),
        };
        for (at, interface) in interfaces.iter().enumerate() {
            if interface.element.as_deref() != element || interface.kind != InterfaceKind::Http {
                continue;
            }
            let base = interface.base_path.as_deref().unwrap_or_default();
            let own = version(interface);
            // Of several editions of one contract the newest is the one that code answers.
            let newer = |known: (usize, usize)| {
                let other = interfaces.get(known.0).filter(|_| known.0 != at);
                other.is_some_and(|other| title(other) == title(interface) && own > version(other))
            };
            for (number, operation) in interface.operations.iter().enumerate() {
                let place = (at, number);
                let bare = shape(&operation.path);
                let full = shape(&format!("{base}/{}", operation.path));
                let key = (operation.method.clone(), full.clone());
                let known = all.whole.entry(key).or_insert(place);
                if newer(*known) {
                    *known = place;
                }
                let key = (operation.method.clone(), bare);
                let known = all.bare.entry(key).or_insert(place);
                if newer(*known) {
                    *known = place;
                }
                for (cut, _) in full.match_indices('/') {
                    let key = (operation.method.clone(), full[cut + 1..].to_owned());
                    all.ends.entry(key).or_default().insert(place);
                }
                let key = (operation.method.clone(), full);
                all.ends.entry(key).or_default().insert(place);
            }
        }
        all
    }

    /// Forgets the paths without a base of contracts whose whole paths code has: there `/health`
    /// is another route than `/api/health`. Elsewhere a proxy may put the base before all.
    pub(crate) fn keep_apart<'e>(&mut self, routes: impl Iterator<Item = &'e Endpoint>) {
        let mut whole: BTreeSet<usize> = BTreeSet::new();
        for route in routes {
            let key = (route.method.clone(), shape(&route.path));
            self.routed.insert(key.clone());
            if let Some(&(interface, _)) = self.whole.get(&key)
                && !self.bare.contains_key(&key)
            {
                whole.insert(interface);
            }
        }
        self.bare
            .retain(|_, (interface, _)| !whole.contains(interface));
    }

    /// The operation that a route is.
    pub(crate) fn find(&self, endpoint: &Endpoint) -> Match {
        let Some(rest) = unread(&endpoint.path) else {
            let key = (endpoint.method.clone(), shape(&endpoint.path));
            let found = self.whole.get(&key).or_else(|| self.bare.get(&key));
            return found.map_or(Match::No, |&(i, o)| Match::One(i, o));
        };
        match self.ending(&endpoint.method, rest) {
            None => Match::No,
            Some(all) => match (all.len(), all.first()) {
                (1, Some(&(i, o))) => Match::One(i, o),
                _ => Match::Several,
            },
        }
    }

    /// The operation that the annotation of a handler names where no route leads to, while the handler is routed
    /// at a path that differs in one part: one of the two is mistyped, and the route is what answers. A base may
    /// stand before the route.
    pub(crate) fn mistyped(&self, endpoint: &Endpoint, seen: Seen<'_>) -> Option<(usize, usize)> {
        // What its begin is nobody knows, so that it cannot be said to differ.
        if unread(&endpoint.path).is_some() {
            return None;
        }
        let own = shape(&endpoint.path);
        let parts = own.split('/').count();
        let mut all = seen.handler.handing.routes.iter().filter_map(|route| {
            let (method, path) = route.split_once(' ')?;
            let key = (method.to_owned(), shape(path));
            let place = self.whole.get(&key).or_else(|| self.bare.get(&key))?;
            let differ = own.split('/').rev().zip(key.1.split('/').rev());
            let differ = differ.filter(|(a, b)| a != b).count();
            let fits =
                method == endpoint.method && differ == 1 && key.1.split('/').count() <= parts;
            (fits && !self.routed.contains(&key)).then_some(*place)
        });
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }

    /// The operation that proves whose contract it is: the one that a route is, or the first of
    /// several that one contract alone ends so.
    fn answered(&self, endpoint: &Endpoint) -> Option<(usize, usize)> {
        match self.find(endpoint) {
            Match::One(interface, operation) => Some((interface, operation)),
            Match::No => None,
            Match::Several => {
                let all = self.ending(&endpoint.method, unread(&endpoint.path)?)?;
                let first = *all.first()?;
                all.iter().all(|(i, _)| *i == first.0).then_some(first)
            }
        }
    }

    /// Operations whose path ends so.
    fn ending(&self, method: &str, rest: &str) -> Option<&BTreeSet<(usize, usize)>> {
        let rest = shape(rest);
        // A parameter alone ends too many paths.
        if rest.split('/').all(|p| p == "{}" || p.is_empty()) {
            return None;
        }
        self.ends.get(&(method.to_owned(), rest))
    }
}

/// What is known of a path whose begin was not read: `/orders` of `…/orders` and of `/…/orders`.
fn unread(path: &str) -> Option<&str> {
    path.strip_prefix('/').unwrap_or(path).strip_prefix(UNREAD)
}

/// Contracts that stand apart from all parts, with the one part whose routes they describe.
pub(crate) fn adopted(
    interfaces: &[Interface],
    routes: &[(usize, Vec<&Endpoint>)],
) -> Vec<(usize, usize)> {
    let described = Described::of(interfaces, None);
    let mut found = Vec::new();
    // Operations of each contract that the routes of each part answer.
    let mut answered: BTreeMap<usize, BTreeMap<usize, BTreeSet<usize>>> = BTreeMap::new();
    for (unit, endpoints) in routes {
        for endpoint in endpoints {
            if let Some((interface, operation)) = described.answered(endpoint) {
                let units = answered.entry(interface).or_default();
                units.entry(*unit).or_default().insert(operation);
            }
        }
    }
    for (interface, units) in answered {
        let mut counts: Vec<(usize, usize)> =
            units.iter().map(|(u, ops)| (ops.len(), *u)).collect();
        counts.sort_by_key(|(n, unit)| (std::cmp::Reverse(*n), *unit));
        let Some(&(most, unit)) = counts.first() else {
            continue;
        };
        let next = counts.get(1).map_or(0, |(n, _)| *n);
        let offered = interfaces.get(interface).map_or(0, |i| i.operations.len());
        let own = routes
            .iter()
            .find(|(u, _)| *u == unit)
            .map_or(0, |(_, e)| e.len());
        // A probe that both have proves nothing; most of what either says does.
        if most >= 2 && most >= next * 3 && most * 3 >= offered.min(own) {
            found.push((interface, unit));
        }
    }
    found
}

/// Routes of a part that were read, at least, for a contract to be measured by them.
const FEWEST: usize = 10;

/// Takes their operations from contracts of a part that speak of another state of it: many routes were read, at
/// least as many as a contract names, and fewer than a third of its operations are among them, below any base.
pub(crate) fn leave_out(interfaces: &mut [Interface], element: &str, routes: &[&Endpoint]) {
    // Below a path whose end was not read anything may stand.
    if routes.iter().any(|r| r.path.ends_with(UNREAD)) {
        return;
    }
    let read: BTreeSet<(&str, String)> = (routes.iter())
        .map(|r| {
            let known = r.path.rsplit(UNREAD).next().unwrap_or(&r.path);
            (r.method.as_str(), shape(known))
        })
        .collect();
    if read.len() < FEWEST {
        return;
    }
    for interface in interfaces {
        let operations = &interface.operations;
        // What classes answer that are made of a contract has no routes in code.
        let joined = operations.iter().any(|o| o.handler.is_some());
        if interface.kind != InterfaceKind::Http
            || interface.element.as_deref() != Some(element)
            || interface.partial
            || joined
            || operations.is_empty()
            || operations.len() > read.len()
            || !is_written(interface)
        {
            continue;
        }
        let is_read = |o: &&Operation| {
            let own = shape(&o.path);
            let mut all = read.iter();
            all.any(|(method, path)| {
                let same = *method == o.method || matches!(*method, "ALL" | "ANY" | "*");
                same && ends_alike(path, &own)
            })
        };
        if operations.iter().filter(is_read).count() * 3 < operations.len() {
            interface.unserved = true;
            interface.element = None;
            interface.operations.clear();
            interface.schemas.clear();
            interface.security_schemes.clear();
            interface.security_default = None;
        }
    }
}

/// Whether an interface stands in a file of a contract.
fn is_written(interface: &Interface) -> bool {
    let path = interface.provenance.first().map(|at| at.path.as_str());
    let ends = [".json", ".yaml", ".yml"];
    path.is_some_and(|path| ends.iter().any(|end| path.ends_with(end)))
}

/// Whether the shorter of two shapes of paths is the end of the longer one, a parameter standing for any part; one
/// part at least has to have the same name.
fn ends_alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let mut named = false;
    for (x, y) in a.rsplit('/').zip(b.rsplit('/')) {
        let open = x == "{}" || y == "{}";
        if x != y && !open {
            return false;
        }
        named |= !open;
    }
    named
}

#[cfg(test)]
mod tests {
    use super::{Described, Match, ends_alike, unread};
    use crate::facts::Claim;
    use groundplan_model::Interface;

    fn contract(title: &str, version: &str) -> Interface {
        let text = format!(
            "openapi: 3.0.1\ninfo: {{title: {title}, version: '{version}'}}\nservers: [{{url: /v{version}}}]\n\
             paths:\n  /health:\n    get:\n      responses: {{}}\n"
        );
        let facts = crate::extract_file("api/openapi.yaml", &text);
        let found = facts.facts.into_iter().find_map(|fact| match fact.claim {
            Claim::Interface(one) => Some(*one),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{title} is a contract"))
    }

    #[test]
    fn the_newest_edition_is_answered_and_no_other_contract() {
        let code =
            "const app = require('express')();\napp.get('/health', (req, res) => res.json({}));\n";
        let facts = crate::extract_file("src/app.js", code).facts;
        let route = facts.into_iter().find_map(|fact| match fact.claim {
            Claim::Endpoint(endpoint) => Some(endpoint),
            _ => None,
        });
        let route = route.unwrap_or_else(|| panic!("a route"));
        let of = |all: &[Interface]| Described::of(all, None).find(&route);
        let editions = [contract("Orders", "1.9"), contract("Orders", "1.10")];
        assert_eq!(of(&editions), Match::One(1, 0));
        let others = [contract("Orders", "1.0"), contract("Stock", "3.2")];
        assert_eq!(of(&others), Match::One(0, 0));
    }

    #[test]
    fn paths_are_alike_below_any_base() {
        assert!(ends_alike("api/v1/orders/{}", "orders/{}"));
        assert!(ends_alike("orders/{}", "shop/orders/{}"));
        assert!(!ends_alike("api/v1/orders/{}/lines", "v1/order/{}/lines"));
        assert!(!ends_alike("{}", "orders/{}"));
    }

    #[test]
    fn a_begin_may_be_unread_with_and_without_a_slash() {
        assert_eq!(unread("…/orders/{id}"), Some("/orders/{id}"));
        assert_eq!(unread("/…/orders"), Some("/orders"));
        assert_eq!(unread("/orders/…"), None);
    }
}
