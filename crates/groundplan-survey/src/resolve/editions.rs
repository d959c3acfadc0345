//! Contracts that are none of the running system: older editions of one that lies beside them, and
//! inputs of tests that describe other systems.

use crate::facts::{Claim, Endpoint};
use crate::paths;
use crate::resolve::described::shape;
use crate::resolve::world::World;
use groundplan_model::{Interface, InterfaceKind};
use std::collections::{BTreeMap, BTreeSet};

type Key = (String, String);

/// Method and whole path of each operation, whatever its parameters are called.
fn keys(interface: &Interface) -> BTreeSet<Key> {
    crate::resolve::overlap::keys(interface)
        .into_iter()
        .collect()
}

/// `openapi` and 1, 10 of `openapi-v1.10`; `None` where no version ends the name.
fn versioned(stem: &str) -> Option<(&str, Vec<u64>)> {
    let at = stem.rfind(|c: char| !c.is_ascii_digit() && c != '.')? + 1;
    let (before, digits) = (stem.get(..at)?, stem.get(at..)?);
    let before = before.strip_suffix(['v', 'V']).unwrap_or(before);
    // `report2024` and `oauth2` are names.
    let before = before.strip_suffix(['-', '_', '.', ' '])?;
    let numbers: Option<Vec<u64>> = digits.split('.').map(|n| n.parse().ok()).collect();
    Some((before, numbers?))
}

/// Files of contracts that are left out.
pub(crate) fn left_out<'f>(world: &World<'f>) -> BTreeSet<&'f str> {
    let contracts: Vec<(&'f str, &'f Interface)> = (world.facts())
        .filter_map(|(file, fact)| match &fact.claim {
            Claim::Interface(i)
                if matches!(i.kind, InterfaceKind::Http | InterfaceKind::Message) =>
            {
                Some((file.path.as_str(), i.as_ref()))
            }
            _ => None,
        })
        .collect();
    let mut left = older(&contracts);
    left.extend(inputs(&contracts, world));
    left
}

/// All but the newest of the contracts of a folder whose files are called alike but for a version, where
/// the newest has most of what each of them offers.
fn older<'f>(contracts: &[(&'f str, &'f Interface)]) -> BTreeSet<&'f str> {
    // By folder, name without the version, and ending.
    type Alike<'f> = Vec<(Vec<u64>, &'f str, &'f Interface)>;
    let mut alike: BTreeMap<(&str, &str, &str), Alike<'f>> = BTreeMap::new();
    for (path, interface) in contracts {
        let (folder, name) = paths::split_name(path).unwrap_or(("", path));
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        if let Some((stem, version)) = versioned(stem) {
            let all = alike.entry((folder, stem, end)).or_default();
            all.push((version, path, interface));
        }
    }
    let mut left = BTreeSet::new();
    for mut all in alike.into_values() {
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let Some((_, _, newest)) = all.pop() else {
            continue;
        };
        let newest = keys(newest);
        // Two versions that are offered side by side have other paths.
        let replaced = all.into_iter().filter(|(_, _, old)| {
            let old = keys(old);
            old.intersection(&newest).count() * 2 > old.len()
        });
        left.extend(replaced.map(|(_, path, _)| path));
    }
    left
}

/// Contracts below folders of tests of which the code answers less than half.
fn inputs<'f>(contracts: &[(&'f str, &'f Interface)], world: &World<'f>) -> BTreeSet<&'f str> {
    let mut tested: Vec<_> = (contracts.iter())
        .filter(|(path, i)| i.kind == InterfaceKind::Http && paths::is_test(path))
        .collect();
    if tested.is_empty() {
        return BTreeSet::new();
    }
    let routes: BTreeSet<Key> = (world.facts())
        .filter_map(|(_, fact)| match &fact.claim {
            Claim::Endpoint(Endpoint { method, path, .. }) => Some((method.clone(), shape(path))),
            _ => None,
        })
        .collect();
    // Prefixes of routes may stand elsewhere: what a route says is how the whole path ends.
    let answered = |(method, path): &Key| {
        let ends = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
        let mut ends = ends.filter_map(|at| path.get(at..));
        ends.any(|end| {
            !end.split('/').all(|p| p == "{}" || p.is_empty())
                && ["ANY", method.as_str()]
                    .iter()
                    .any(|m| routes.contains(&((*m).to_owned(), end.to_owned())))
        })
    };
    tested.retain(|(_, interface)| {
        let all = keys(interface);
        all.iter().filter(|key| answered(key)).count() * 2 < all.len()
    });
    tested.into_iter().map(|(path, _)| *path).collect()
}

#[cfg(test)]
mod tests {
    use super::versioned;

    #[test]
    fn versions_end_names() {
        assert_eq!(versioned("api-v1.10"), Some(("api", vec![1, 10])));
        assert_eq!(versioned("openapi_3"), Some(("openapi", vec![3])));
        assert_eq!(versioned("oauth2"), None);
        assert_eq!(versioned("openapi"), None);
    }
}
