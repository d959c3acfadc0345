//! Calls by a path whose base address no file shows: the one other part that answers on it is called.

use crate::imports::is_version;
use crate::resolve::elements::relationship;
use crate::resolve::units::Unit;
use crate::resolve::wiring::{Graph, MOST_PLACES, Side, shape};
use crate::secrets;
use groundplan_model::{
    Blueprint, Confidence, Evidence, InterfaceKind, Operation, RelationshipKind, Role,
};
use std::collections::{BTreeMap, BTreeSet};

/// A call behind a name that stands for an address.
pub(crate) struct OpenCall {
    pub(crate) unit: usize,
    /// The name, without the brackets around it.
    pub(crate) base: String,
    pub(crate) path: String,
    pub(crate) method: Option<String>,
    /// Whether it is one of a socket.
    pub(crate) socket: bool,
    pub(crate) library: Option<String>,
    pub(crate) at: Evidence,
    /// Whether the caller is a page, or a program that people run.
    pub(crate) page: bool,
}

/// Joins callers with the only other part that answers: on a path of two words that say something, or
/// where the base is called after that part. A page may speak to the part behind it by less.
pub(crate) fn join(blueprint: &mut Blueprint, units: &[Unit<'_>], ids: &[String], graph: &Graph) {
    let calls = &graph.open_calls;
    if calls.is_empty() {
        return;
    }
    let mut served: BTreeMap<String, Vec<(usize, &Operation)>> = BTreeMap::new();
    let all = blueprint.interfaces.iter();
    for interface in all.filter(|i| i.kind == InterfaceKind::Http) {
        let owner = interface
            .element
            .as_ref()
            .and_then(|id| ids.iter().position(|i| i == id));
        let Some(owner) = owner.filter(|&o| units[o].role != Role::Gateway) else {
            continue;
        };
        for operation in &interface.operations {
            served
                .entry(shape(&operation.path))
                .or_default()
                .push((owner, operation));
        }
    }
    let mut found: BTreeMap<(usize, usize), Side> = BTreeMap::new();
    for call in calls {
        let wanted = shape(&call.path);
        let method = call.method.as_deref();
        let fits = |operation: &Operation| {
            let open = matches!(operation.method.as_str(), "" | "ANY" | "ALL");
            method.is_none_or(|m| open || operation.method.eq_ignore_ascii_case(m))
        };
        let all = served.get(&wanted).into_iter().flatten();
        let all: Vec<&(usize, &Operation)> = all.filter(|(_, o)| fits(o)).collect();
        let owners: BTreeSet<usize> = all.iter().map(|(owner, _)| *owner).collect();
        // What several answer, or the caller itself, says nothing.
        let mut owners = owners.into_iter();
        let (Some(owner), None) = (owners.next(), owners.next()) else {
            continue;
        };
        let parts: Vec<&str> = wanted.split('/').collect();
        let telling = parts.iter().filter(|part| tells(part)).count();
        let enough = match call.page {
            true => parts.iter().filter(|part| is_fixed(part)).count() > 1,
            false => telling > 1,
        };
        let own = owner == call.unit || units[owner].project == units[call.unit].project;
        if own || telling == 0 {
            continue;
        }
        let base = words(&call.base);
        let whole = base.concat();
        let called = |o: usize| is_called_after(&base, &whole, &units[o]);
        let named = called(owner);
        let other = || (0..units.len()).any(|o| o != owner && called(o));
        if !named && (!enough || other()) {
            continue;
        }
        let to = graph
            .gateway_between(units, call.unit, owner)
            .unwrap_or(owner);
        let side = found.entry((call.unit, to)).or_insert_with(|| Side {
            evidence: Vec::new(),
            protocol: Some(if call.socket { "WebSocket" } else { "HTTP" }.to_owned()),
            technology: call.library.clone().filter(|l| !l.is_empty()),
            operations: BTreeSet::new(),
            places: BTreeMap::new(),
            awaited: false,
            confidence: Confidence::Medium,
        });
        let at = call.at.clone();
        if side.evidence.len() < MOST_EVIDENCE && !side.evidence.contains(&at) {
            side.evidence.push(at.clone());
        }
        if let (Some(method), Some((_, known))) = (method, all.first()) {
            let operation = format!("{method} {}", known.path);
            side.operations.insert(operation.clone());
            let places = side.places.entry(operation).or_default();
            if places.len() < MOST_PLACES && !places.contains(&at) {
                places.push(at);
            }
        }
    }
    for ((from, to), side) in found {
        add(blueprint, units, ids, (from, to), &side);
    }
}

/// Places beyond this are left out: fewer than of an edge that an address shows.
const MOST_EVIDENCE: usize = 6;

/// Adds an edge, or what it does to one that is there.
fn add(
    blueprint: &mut Blueprint,
    units: &[Unit<'_>],
    ids: &[String],
    (from, to): (usize, usize),
    side: &Side,
) {
    let kind = RelationshipKind::Calls;
    let new = relationship(units, (from, Some(to)), &ids[from], &ids[to], kind, side);
    // Who calls another waits for it for that reason.
    blueprint.relationships.retain(|r| {
        r.kind != RelationshipKind::StartsAfter || r.from != new.from || r.to != new.to
    });
    let known = blueprint.relationships.iter_mut().find(|r| r.id == new.id);
    match known {
        Some(known) => {
            let alike = |a: &str, b: &str| {
                let parts =
                    |text: &str| text.split_once(' ').map(|(m, p)| (m.to_owned(), shape(p)));
                parts(a) == parts(b)
            };
            let had = known.operations.clone();
            let more = new.operations.into_iter();
            let more = more.filter(|new| !had.iter().any(|old| alike(old, new)));
            known.operations.extend(more);
            known.operations.sort();
            known.operations.dedup();
            for place in new.places {
                if known.operations.contains(&place.operation)
                    && known.places.iter().all(|p| p.operation != place.operation)
                {
                    known.places.push(place);
                }
            }
        }
        None => blueprint.relationships.push(new),
    }
}

/// Whether a base of these words is called after a part: `{live_url}` of `live`.
fn is_called_after(words: &[String], whole: &str, unit: &Unit<'_>) -> bool {
    let mut names = std::iter::once(&unit.name).chain(&unit.hosts);
    names.any(|name| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let name: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        name.len() > 2 && (words.contains(&name) || whole == name)
    })
}

/// The words of a base without those that say that it is one.
fn words(base: &str) -> Vec<String> {
    const PLAIN: [&str; 18] = [
        "addr", "address", "api", "base", "config", "domain", "endpoint", "env", "get", "host",
        "origin", "self", "server", "service", "settings", "this", "uri", "url",
    ];
    let mut all = secrets::words_of(base);
    all.retain(|word| !PLAIN.contains(&word.as_str()));
    all
}

fn is_fixed(part: &str) -> bool {
    !part.is_empty() && !part.contains(['{', ':', '*', '$'])
}

/// Whether a part of a path says what it is about: `assets`, and not `api` or `v2`.
fn tells(part: &str) -> bool {
    const PLAIN: [&str; 16] = [
        "api", "auth", "callback", "health", "healthz", "info", "internal", "login", "metrics",
        "public", "rest", "status", "token", "user", "users", "version",
    ];
    is_fixed(part) && part.len() > 2 && !is_version(part) && !PLAIN.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::{tells, words};

    #[test]
    fn words_of_bases_and_of_paths() {
        assert_eq!(words("env:LIVE_BASE_URL"), ["live"]);
        assert_eq!(words("liveServerUrl"), ["live"]);
        assert!(words("API_BASE_URL").is_empty());
        assert!(tells("convert-document") && !tells("v2") && !tells("{id}"));
    }
}
