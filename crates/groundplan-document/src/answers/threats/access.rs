//! Stories about callers: open doors, trust inside, floods, denied actions.

use super::{Story, administers, mutual_tls, story, with_defence};

use super::super::deployment::is_on_demand;
use super::super::found::with_role;
use super::super::goals::distinct;
use super::super::seen::end;
use crate::answer::Absence;
use crate::context::Context;
use crate::text::first_places;
use crate::tree::Text;
use crate::words;
use groundplan_model::{Audience, Element, InterfaceKind, Operation, Role, Topic};
use std::collections::BTreeMap;

/// Whether a method only asks by what it means (<https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods>).
fn reads(o: &Operation) -> bool {
    matches!(
        o.method.as_str(),
        "GET" | "HEAD" | "OPTIONS" | "QUERY" | "SUBSCRIPTION"
    )
}

/// Public operations of elements at which no authentication was seen: spoofing.
pub(super) fn open_doors(c: &Context) -> Vec<Story> {
    let mut by_element: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for i in c
        .blueprint
        .interfaces
        .iter()
        .filter(|i| i.audience == Audience::Public)
    {
        let Some(id) = i.element.as_deref() else {
            continue;
        };
        if !i.security_schemes.is_empty()
            || !c.seen_at(Topic::Authentication, id).is_empty()
            || has_guard(c, id)
        {
            continue;
        }
        by_element
            .entry(id)
            .or_default()
            .extend(i.operations.iter().filter(|o| o.security.is_empty()));
    }
    let mut all: Vec<_> = by_element
        .into_iter()
        .filter_map(|(id, mut operations)| {
            // What changes something is worth more to an attacker than what reads.
            operations.retain(|o| !is_probe(&o.path));
            operations.sort_by_key(|o| (reads(o), std::cmp::Reverse(money(&o.id)), o.id.clone()));
            let first = *operations.first()?;
            let writes = operations.iter().filter(|o| !reads(o)).count();
            Some((id, operations.len(), writes, first))
        })
        .collect();
    all.sort_by_key(|(id, n, writes, _)| (std::cmp::Reverse((*writes, *n)), *id));
    let rest = all.len().saturating_sub(2);
    all.iter()
        .take(2)
        .enumerate()
        .map(|(i, (id, n, writes, o))| {
            let call = match o.method.as_str() {
                "ANY" => o.path.clone(),
                method => format!("{method} {}", o.path),
            };
            let text = Text::plain("Whoever reaches ")
                .then_code(c.name_of(id))
                .then(" can try ")
                .then_code(call)
                .then(match (n, *writes) {
                    (1, _) => ", its one public operation".to_owned(),
                    (n, 0) => format!(", one of {}", words::count(*n, "public operation")),
                    (n, w) => format!(
                        ", one of {} of which {w} {} a method that may change something",
                        words::count(*n, "public operation"),
                        words::verb_for(w, "has", "have")
                    ),
                })
                .then(": which checks of the caller stand in its handlers was not read");
            let text = match (i, rest) {
                (1, rest) if rest > 0 => end(text).then(format!(
                    " The same holds for {}.",
                    words::spelled_count(rest, "other container")
                )),
                _ => text,
            };
            let source = c.element(id).map(|e| &e.provenance);
            story(
                3,
                "Spoofing",
                text.from(&first_places(
                    [Some(&o.provenance), source].into_iter().flatten(),
                    2,
                )),
            )
        })
        .collect()
}

pub(super) fn is_probe(path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    [
        "health",
        "healthz",
        "_healthz",
        "ready",
        "readyz",
        "live",
        "livez",
        "ping",
        "metrics",
        "favicon.ico",
        "robots.txt",
    ]
    .contains(&last)
}

/// Whether the manifest of an element holds a library that checks who calls.
pub(super) fn has_guard(c: &Context, id: &str) -> bool {
    use super::super::security::{Guard, guard};
    c.blueprint
        .dependencies
        .iter()
        .filter(|d| d.element.as_deref() == Some(id))
        .any(|d| {
            let technology = d
                .technology
                .as_deref()
                .and_then(|n| groundplan_knowledge::knowledge().by_name(n));
            technology
                .and_then(guard)
                .is_some_and(|g| matches!(g, Guard::Authentication | Guard::Both))
        })
}

/// Services that trust whoever reaches them inside: spoofing.
pub(super) fn trusted_inside(c: &Context) -> Option<Story> {
    if mutual_tls(c) {
        return None;
    }
    let internal = c
        .internal
        .iter()
        .filter_map(|i| Some((*i, i.element.as_deref()?)));
    let open: Vec<_> = internal
        .filter(|(i, id)| {
            i.security_schemes.is_empty()
                && c.seen_at(Topic::Authentication, id).is_empty()
                && !has_guard(c, id)
        })
        .filter(|(i, _)| i.operations.iter().any(|o| !is_probe(&o.path)))
        .collect();
    let (interface, id) = *open
        .iter()
        .max_by_key(|(i, id)| (value(i), c.incoming(id).len(), std::cmp::Reverse(*id)))?;
    let operation = interface
        .operations
        .iter()
        .filter(|o| !is_probe(&o.path))
        .max_by_key(|o| {
            (
                money(&o.id),
                !matches!(o.method.as_str(), "GET" | "HEAD" | "QUERY" | "SUBSCRIPTION"),
            )
        })?;
    let what = match interface.kind {
        InterfaceKind::Grpc => operation.id.clone(),
        _ => format!("{} {}", operation.method, operation.path),
    };
    let n = distinct(open.iter().map(|(_, id)| *id)).len();
    let mut text = Text::plain("A program that has got into the network calls ")
        .then_code(what)
        .then(" of ")
        .then_code(c.name_of(id));
    text = text.then(match interface.kind {
        InterfaceKind::Grpc => " over gRPC; which check of the caller stands there was not read",
        _ => "; which check of the caller stands there was not read",
    });
    if n > 1 {
        text = end(text).then(format!(
            " The same holds for {}.",
            words::spelled_count(n - 1, "other service")
        ));
    }
    let text = text.from(&first_places(
        [&operation.provenance, &interface.provenance],
        2,
    ));
    let text = with_defence(c, text, &[Topic::NetworkPolicy]);
    Some(story(2, "Spoofing", text))
}

/// How much an attacker gains from an operation, by its name.
pub(super) fn money(name: &str) -> u8 {
    let lower = name.to_lowercase();
    let has = |all: &[&str]| all.iter().any(|w| lower.contains(w));
    match () {
        () if has(&[
            "charge",
            "payment",
            "pay",
            "transfer",
            "refund",
            "transaction",
            "payout",
        ]) =>
        {
            3
        }
        () if has(&[
            "order", "user", "account", "admin", "password", "token", "checkout",
        ]) =>
        {
            2
        }
        () if has(&[
            "cart", "basket", "create", "update", "delete", "place", "empty", "add", "set",
        ]) =>
        {
            1
        }
        () => 0,
    }
}

pub(super) fn value(i: &groundplan_model::Interface) -> u8 {
    i.operations.iter().map(|o| money(&o.id)).max().unwrap_or(0)
}

/// Doors without a limit, and containers without a bound on memory: denial of service.
pub(super) fn floods(c: &Context) -> Vec<Story> {
    let mut all = Vec::new();
    let mut doors: Vec<&Element> = with_role(c, &[Role::Gateway, Role::Ui]);
    doors.extend(
        c.containers
            .iter()
            .filter(|e| !e.reachable_ports().is_empty() && e.role == Some(Role::Service)),
    );
    doors.retain(|e| {
        let runs = e.attribute("deployed-by").is_some() || c.containers.len() == 1;
        runs && !e.external && !administers(e)
    });
    // The door that is open stands before one that only others reach.
    doors.sort_by_key(|e| {
        (
            e.role == Some(Role::Service),
            e.reachable_ports().is_empty(),
            e.role != Some(Role::Gateway),
        )
    });
    let door = doors.first();
    let limited = !c.seen(Topic::RateLimit).is_empty()
        || !super::super::found::products(c, |t| {
            t.category == groundplan_knowledge::Category::RateLimit
        })
        .is_empty();
    if let (Some(door), false) = (door, limited) {
        let text = Text::plain("One client floods ").then_code(&door.name);
        // What a word or name speaks of is not denied.
        let said = c.unless_spoken(Absence::of("rate limit", &[])).spoken;
        let text = text.then(match said.is_empty() {
            true => ": no rate limit was found",
            false => ", unless a limit stops it, which was not decided",
        });
        let text = end(text.from(&first_places([&door.provenance], 1)));
        all.push(story(2, "Denial of service", text));
    }
    let deployed: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some() && !is_on_demand(e))
        .filter(|e| !crate::answers::volumes::is_elsewhere(e))
        .copied()
        .collect();
    let unbounded: Vec<&Element> = deployed
        .iter()
        .filter(|e| e.attribute("limit.memory").is_none())
        .copied()
        .collect();
    if let Some(first) = unbounded.first() {
        let text = Text::plain("A leak in ")
            .then_code(&first.name)
            .then(" can take the memory of its neighbours: no memory limit was read for ");
        let text = match (unbounded.len(), deployed.len()) {
            (1, _) => text.then("it"),
            (n, total) if n == total => text.then(format!(
                "any of the {}",
                words::spelled_count(n, "container")
            )),
            (n, total) => text.then(format!(
                "{} of {}",
                words::spelled(n),
                words::spelled_count(total, "container")
            )),
        };
        let sources = unbounded
            .iter()
            .filter_map(|e| e.attribute("deployed-by"))
            .map(|a| &a.provenance);
        all.push(story(
            1,
            "Denial of service",
            text.from(&first_places(sources, 3)),
        ));
    }
    all
}

/// Actions that leave no trace: repudiation.
pub(super) fn no_trace(c: &Context) -> Option<Story> {
    let audited = !c.seen(Topic::AuditLog).is_empty()
        || c.containers
            .iter()
            .any(|e| e.name.to_lowercase().contains("audit"))
        || c.blueprint
            .entities
            .iter()
            .any(|e| e.name.to_lowercase().contains("audit"));
    let said = || {
        !c.unless_spoken(Absence::of("audit record", &[]))
            .spoken
            .is_empty()
    };
    let rows = || (c.blueprint.entities.iter()).any(super::super::security::keeps_actions);
    if audited || rows() || said() {
        return None;
    }
    // Where entities of a part were not read, an audit table may be among them; where its operations
    // are not all known, neither is what stands before them.
    let kept = |id: &str| {
        let mut entities = c.blueprint.entities.iter();
        entities.any(|e| e.owner.as_deref() == Some(id))
    };
    let all = c
        .blueprint
        .interfaces
        .iter()
        .filter(|i| c.designed() || !i.partial)
        .filter_map(|i| Some((i, i.element.as_deref()?)))
        .filter(|(_, id)| c.designed() || kept(id));
    let (_, id, o) = all
        .flat_map(|(i, id)| i.operations.iter().map(move |o| (i, id, o)))
        .filter(|(_, _, o)| {
            !matches!(
                o.method.as_str(),
                "GET" | "HEAD" | "OPTIONS" | "QUERY" | "SUBSCRIPTION" | "ANY"
            ) && money(&o.id) > 0
        })
        .max_by_key(|(i, id, o)| {
            (
                money(&o.id),
                i.audience == Audience::Public,
                std::cmp::Reverse((*id, o.id.as_str())),
            )
        })?;
    let what = if o.method == "RPC" {
        o.id.clone()
    } else {
        format!("{} {}", o.method, o.path)
    };
    let text = Text::plain("Somebody denies having called ")
        .then_code(what)
        .then(" of ")
        .then_code(c.name_of(id))
        .then(": no audit table or message was found that would show it; log lines of its handler were not read for it");
    Some(story(1, "Repudiation", text.from(&o.provenance)))
}
