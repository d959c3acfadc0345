//! Which base callers say that a group of operations has.

use super::Served;
use crate::extractors::asked_paths::{HOLE, tells};
use std::collections::{BTreeMap, BTreeSet};

/// An operation is asked for below a base.
pub(super) struct Hit {
    /// What stands before its path; nothing where it is asked for as it stands.
    pub(super) head: String,
    /// Whether a test of the same program asks.
    pub(super) own: bool,
    /// Which of the asked paths it is.
    pub(super) ask: usize,
}

/// Different operations that have to be asked for below one base.
const FEWEST: usize = 3;

/// How well an asked path ends like that of an operation: its fixed words, then its parts; nothing if it does not.
pub(super) fn score(parts: &[String], asked: &[String]) -> Option<(usize, usize)> {
    let from = asked.len().checked_sub(parts.len())?;
    let mut fixed = 0;
    for (own, other) in parts.iter().zip(asked.get(from..)?) {
        match own == HOLE {
            true => {}
            false if own == other => fixed += 1,
            false => return None,
        }
    }
    parts
        .iter()
        .any(|part| tells(part))
        .then_some((fixed, parts.len()))
}

/// The shapes of operations that say something.
pub(super) fn shapes(served: &[Served], all: impl Iterator<Item = usize>) -> BTreeSet<&[String]> {
    let parts = all.map(|at| served[at].parts.as_slice());
    parts
        .filter(|parts| parts.iter().any(|part| tells(part)))
        .collect()
}

/// The base of a group, the asked paths that say it, and the operations that they ask for. Tests of the program
/// itself come before all others; where callers say two bases, none is told.
pub(super) fn decide(
    served: &[Served],
    group: &[usize],
    hits: &BTreeMap<usize, Vec<Hit>>,
    unread: bool,
) -> Option<(String, Vec<usize>, Vec<usize>)> {
    let all = shapes(served, group.iter().copied());
    let needed = match all.len() {
        0 | 1 => return None,
        few => few.min(FEWEST),
    };
    let own = |hit: &Hit| hit.own && !hit.head.is_empty();
    let tested = group
        .iter()
        .any(|at| hits.get(at).is_some_and(|all| all.iter().any(own)));
    let first = tested.then(|| by_head(served, group, hits, true));
    let by_tests = first.as_ref().and_then(winner);
    let (head, only) = match by_tests {
        Some((head, count)) if count >= needed => (head, true),
        // Tests that disagree are not outvoted.
        None if tested => return None,
        tests => {
            let everybody = by_head(served, group, hits, false);
            let (head, count) = winner(&everybody)?;
            if count < needed || tests.is_some_and(|(by_tests, _)| by_tests != head) {
                return None;
            }
            (head, false)
        }
    };
    if head.is_empty()
        || !unread
            && group
                .iter()
                .any(|&at| begins_with(&served[at].parts, &head))
    {
        return None;
    }
    let (mut asked, mut supported) = (Vec::new(), Vec::new());
    for &at in group {
        let said = hits.get(&at).into_iter().flatten();
        let mut said = said.filter(|hit| hit.head == head && (hit.own || !only));
        if let Some(hit) = said.next() {
            supported.push(at);
            if !asked.contains(&hit.ask) {
                asked.push(hit.ask);
            }
        }
    }
    Some((head, asked, supported))
}

fn begins_with(parts: &[String], head: &str) -> bool {
    let head: Vec<String> = head.split('/').skip(1).map(str::to_lowercase).collect();
    parts.starts_with(&head)
}

/// Bases with the shapes that are asked for below each.
type ByHead<'s> = BTreeMap<String, BTreeSet<&'s [String]>>;

fn by_head<'s>(
    served: &'s [Served],
    group: &[usize],
    hits: &BTreeMap<usize, Vec<Hit>>,
    own: bool,
) -> ByHead<'s> {
    let mut all: ByHead<'s> = BTreeMap::new();
    for &at in group {
        for hit in hits
            .get(&at)
            .into_iter()
            .flatten()
            .filter(|hit| hit.own || !own)
        {
            let shapes = all.entry(hit.head.clone()).or_default();
            shapes.insert(served[at].parts.as_slice());
        }
    }
    all
}

/// The base that all say, but for few that ask for something else which ends alike.
fn winner(all: &ByHead<'_>) -> Option<(String, usize)> {
    let (head, shapes) = all
        .iter()
        .max_by_key(|(head, shapes)| (shapes.len(), !head.is_empty()))?;
    let others: BTreeSet<_> = (all.iter().filter(|(other, _)| *other != head))
        .flat_map(|(_, shapes)| shapes)
        .collect();
    (others.len() * 5 <= shapes.len()).then(|| (head.clone(), shapes.len()))
}
