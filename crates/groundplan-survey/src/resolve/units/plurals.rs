//! One part that two kinds of deployment call by one word, once in the plural: `basket-api` in Compose and
//! `baskets-api` in a cluster.

use super::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// Merges a part whose source is here with one of another kind of deployment that only pulls an image, where
/// nothing but the number of a word keeps their names apart and no third part is called so.
pub(super) fn merge_plurals(units: &mut Vec<Unit<'_>>) {
    loop {
        let mut called: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            called.entry(singular(&unit.name)).or_default().push(index);
        }
        let pair = called.values().find_map(|all| match all.as_slice() {
            [a, b] if stands_for(&units[*a], &units[*b]) => Some((*a, *b)),
            [a, b] if stands_for(&units[*b], &units[*a]) => Some((*b, *a)),
            _ => None,
        });
        let Some((own, other)) = pair else { return };
        let merged = units.remove(other);
        let own = if other < own { own - 1 } else { own };
        let unit = &mut units[own];
        unit.hosts.extend(merged.hosts);
        unit.deployables.extend(merged.deployables);
        unit.others.extend(merged.others);
        unit.evidence.extend(merged.evidence);
        unit.optional &= merged.optional;
        unit.development &= merged.development;
    }
}

/// Whether the second unit, of which only an image is known, may be the first one, which is built here.
fn stands_for(unit: &Unit<'_>, other: &Unit<'_>) -> bool {
    let sources = |u: &Unit<'_>| -> BTreeSet<String> {
        let all = u.deployables.iter().chain(&u.others);
        all.map(|(d, _)| d.source.clone()).collect()
    };
    let (own, pulled) = (sources(unit), sources(other));
    let builds = unit.deployables.iter().any(|(d, _)| d.build.is_some());
    let pulls = |u: &Unit<'_>| {
        let mut all = u.deployables.iter().chain(&u.others);
        all.all(|(d, _)| d.build.is_none() && d.image.is_some())
    };
    builds
        && unit.project.is_some()
        && unit.technology.is_none()
        && other.project.is_none()
        && other.technology.is_none()
        && other.images.is_empty()
        && pulls(other)
        && !pulled.is_empty()
        && own.is_disjoint(&pulled)
}

/// The words of a name, each without the sign of the plural.
fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words
        .filter(|word| !word.is_empty())
        .map(|word| match word.strip_suffix('s') {
            Some(short) if short.len() > 2 && !short.ends_with('s') => short,
            _ => word,
        })
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::singular;

    #[test]
    fn words_lose_the_sign_of_the_plural() {
        assert_eq!(singular("baskets-api"), singular("basket-api"));
        assert_eq!(singular("Orders_Consumer"), "order-consumer");
        // What ends in two of them is no plural, and neither are short words.
        assert_eq!(singular("access"), "access");
        assert_eq!(singular("dns"), "dns");
    }
}
