//! Contracts that say the same operations: one that bundles others stands beside its parts, and
//! each operation is offered once.

use crate::resolve::described::shape;
use groundplan_model::{Interface, InterfaceKind};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Method and whole path of each operation, whatever its parameters are called.
pub(crate) fn keys(interface: &Interface) -> Vec<(String, String)> {
    let base = interface.base_path.as_deref().unwrap_or_default();
    let all = interface.operations.iter();
    all.map(|o| (o.method.clone(), shape(&format!("{base}/{}", o.path))))
        .collect()
}

/// The numbers in a version, so that 1.10 is newer than 1.9.
pub(crate) fn version(interface: &Interface) -> Vec<u64> {
    let written = interface.version.as_deref().unwrap_or_default();
    written
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok())
        .collect()
}

/// The part that offers a contract, and its name.
fn title(interface: &Interface) -> (Option<String>, String) {
    (interface.element.clone(), interface.name.clone())
}

/// Whether two contracts may speak of one interface: of the same part; where the part is not
/// known, of the same title.
fn may_be_one(a: &Interface, b: &Interface) -> bool {
    a.kind == InterfaceKind::Http
        && b.kind == InterfaceKind::Http
        && a.element == b.element
        && (a.element.is_some() || a.name == b.name)
}

/// Leaves each operation to the contract that has most of them. One of which nothing is left is a
/// view of another; one that keeps some is called partial, since it offers more than it lists.
/// Those that still share a name get that of their file behind it.
pub(crate) fn resolve(contracts: &mut Vec<Interface>) {
    let mut order: Vec<usize> = (0..contracts.len()).collect();
    let mut newest: BTreeMap<(Option<String>, String), Vec<u64>> = BTreeMap::new();
    for one in contracts.iter() {
        let known = newest.entry(title(one)).or_default();
        *known = std::mem::take(known).max(version(one));
    }
    order.sort_by_cached_key(|&i| {
        let one = &contracts[i];
        let size = (one.operations.len(), one.schemas.len());
        // An older version of a contract keeps what the newest no longer offers.
        let old = newest.get(&title(one)) != Some(&version(one));
        (old, Reverse((size, version(one))), i)
    });
    // What larger contracts offer, and whose it is.
    let mut taken: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    let mut views: BTreeSet<usize> = BTreeSet::new();
    for &at in &order {
        let own = keys(&contracts[at]);
        let known = |key: &(String, String)| {
            let holders = taken.get(key).into_iter().flatten();
            holders
                .copied()
                .find(|&h| may_be_one(&contracts[h], &contracts[at]))
        };
        let shared: Vec<Option<usize>> = own.iter().map(known).collect();
        let n = shared.iter().flatten().count();
        // A probe that two interfaces have does not make one of them.
        if n * 2 < own.len().max(1) {
            for key in own {
                taken.entry(key).or_default().push(at);
            }
            continue;
        }
        if n == own.len() {
            views.insert(at);
            continue;
        }
        let mut shared = shared.iter();
        let left = &mut contracts[at];
        left.operations
            .retain(|_| shared.next().is_none_or(Option::is_none));
        left.partial = true;
        for key in keys(&contracts[at]) {
            taken.entry(key).or_default().push(at);
        }
    }
    let mut at = 0;
    contracts.retain(|_| {
        at += 1;
        !views.contains(&(at - 1))
    });
    tell_apart(contracts);
}

/// Interfaces of one part that have one name get that of their file behind it.
fn tell_apart(contracts: &mut [Interface]) {
    let mut counts: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    for one in contracts.iter() {
        *counts.entry(title(one)).or_default() += 1;
    }
    for one in contracts.iter_mut() {
        if counts.get(&title(one)).copied() > Some(1)
            && let Some(place) = one.provenance.first()
        {
            let name = place.path.rsplit('/').next().unwrap_or(&place.path);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            one.name = format!("{} ({stem})", one.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use crate::facts::Claim;
    use groundplan_model::Interface;

    fn contract(path: &str, paths: &[&str]) -> Interface {
        let paths: String = paths
            .iter()
            .map(|p| format!("  {p}:\n    get:\n      responses: {{}}\n"))
            .collect();
        let text = format!("openapi: 3.0.1\ninfo:\n  title: Shop\n  version: '1'\npaths:\n{paths}");
        let facts = crate::extract_file(path, &text);
        let found = facts.facts.into_iter().find_map(|fact| match fact.claim {
            Claim::Interface(one) => Some(*one),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{path} is a contract"))
    }

    fn told(mut all: Vec<Interface>) -> Vec<String> {
        resolve(&mut all);
        all.iter()
            .map(|i| format!("{} {} {}", i.name, i.operations.len(), i.partial))
            .collect()
    }

    #[test]
    fn a_contract_inside_another_is_a_view_of_it() {
        let found = told(vec![
            contract("api/orders.yaml", &["/orders", "/orders/{id}"]),
            contract("api/users.yaml", &["/users/{name}"]),
            contract(
                "api/all.yaml",
                &["/orders", "/orders/{key}", "/users/{name}"],
            ),
        ]);
        assert_eq!(found, ["Shop 3 false"]);
    }

    #[test]
    fn what_two_contracts_share_is_counted_once() {
        let found = told(vec![
            contract("api/v1.yaml", &["/orders", "/orders/{id}", "/old"]),
            contract(
                "api/v2.yaml",
                &["/orders", "/orders/{id}", "/new", "/newer"],
            ),
            contract("api/admin.yaml", &["/admin", "/admin/users", "/orders"]),
        ]);
        let wanted = [
            "Shop (v1) 1 true",
            "Shop (v2) 4 false",
            "Shop (admin) 3 false",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn the_newest_version_of_a_contract_is_whole() {
        let mut new = contract("api/v2.yaml", &["/orders", "/orders/{id}"]);
        new.version = Some("2.0".to_owned());
        let old = contract("api/v1.yaml", &["/orders", "/orders/{id}", "/old"]);
        let found = told(vec![old, new]);
        assert_eq!(found, ["Shop (v1) 1 true", "Shop (v2) 2 false"]);
    }
}
