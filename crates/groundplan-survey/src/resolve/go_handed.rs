//! What functions of Go answer, read and refuse by the functions that they hand a request on to.

use crate::extractors::js_marks::guards::is_guard;
use crate::facts::Handed;
use crate::resolve::handlers::{Handlers, Seen};
use crate::resolve::world::folder_of;
use crate::statuses;
use groundplan_model::{Blueprint, Evidence, Observation, Operation, Response, Topic};
use std::collections::BTreeSet;

/// Functions that hand on to each other, at most.
const DEEPEST: u8 = 5;

/// Functions that are followed or asked for one operation, at most: one budget for the whole walk, so that
/// functions which hand on to themselves or in a circle come to an end.
const MOST: usize = 300;

/// What a function comes to with all that it hands on to.
#[derive(Default)]
pub(crate) struct Followed<'h> {
    pub(crate) responses: Vec<Response>,
    pub(crate) request: Option<String>,
    /// Handlers whose inputs are read besides.
    pub(crate) read: Vec<Seen<'h>>,
    /// Functions that turn some callers away before anything else is done.
    pub(crate) guards: Vec<String>,
    /// Where these stand.
    pub(crate) places: Vec<Evidence>,
    /// Whether some function that may answer was not found.
    pub(crate) more: bool,
    left: usize,
}

/// Whether a function of Go hands anything on.
pub(crate) fn hands_on(seen: Seen<'_>) -> bool {
    let handing = &seen.handler.handing;
    let some = !handing.hands.is_empty() || !handing.written.is_empty() || handing.raises;
    some && seen.at.path.ends_with(".go")
}

/// Follows a function with what it is given: statuses by their places.
pub(crate) fn follow<'h>(seen: Seen<'h>, handlers: &Handlers<'h>) -> Followed<'h> {
    let mut all = Followed {
        left: MOST,
        ..Followed::default()
    };
    go_on(seen, &[], handlers, (0, true), &mut all);
    statuses::in_order(&mut all.responses);
    all
}

/// What a call is given by its place, with what the function around was given in place of its parameters.
fn given(hand: &Handed, around: &[(usize, String)]) -> Vec<(usize, String)> {
    let all = hand.statuses.iter().filter_map(|(place, status)| {
        let status = match status.strip_prefix('#') {
            Some(of) => {
                let of: usize = of.parse().ok()?;
                around.iter().find(|(place, _)| *place == of)?.1.clone()
            }
            None => status.clone(),
        };
        Some((*place, status))
    });
    all.collect()
}

fn go_on<'h>(
    seen: Seen<'h>,
    around: &[(usize, String)],
    handlers: &Handlers<'h>,
    (depth, tail): (u8, bool),
    all: &mut Followed<'h>,
) {
    let handler = seen.handler;
    let handing = &handler.handing;
    for response in &handler.responses {
        statuses::give(&mut all.responses, response.clone());
    }
    for place in &handing.written {
        match around.iter().find(|(at, _)| at == place) {
            Some((_, status)) => statuses::add(&mut all.responses, status),
            None => all.more = true,
        }
    }
    // A failure that it returns is answered by whoever asked for it, at last by the framework.
    let open = tail
        && handing.settles.is_some()
        && !settles(seen, handlers, Ask::Told, depth, &mut all.left);
    all.more |= handler.leaves || tail && handing.raises || open;
    let found: Vec<Option<Seen<'h>>> = handing
        .hands
        .iter()
        .map(|hand| called(hand, seen, handlers))
        .collect();
    // Each is asked once, and before any is followed, while there is a budget for it.
    let behind = handing.hands.iter().filter_map(|hand| hand.behind);
    let mut sent: BTreeSet<usize> = behind.collect();
    let some = !sent.is_empty();
    sent.retain(|&by| {
        let sure = handing.hands.get(by).filter(|by| !of_another_type(by));
        let next = sure.and_then(|_| *found.get(by)?);
        next.is_some_and(|next| settles(next, handlers, Ask::Sent, depth, &mut all.left))
    });
    // Where the budget is gone nobody knows whether what stands behind them is ever reached.
    all.more |= some && all.left == 0;
    for (hand, next) in handing.hands.iter().zip(&found) {
        // Who answered before cannot be answered again.
        if hand.behind.is_some_and(|by| sent.contains(&by)) {
            continue;
        }
        if hand.name.is_empty() {
            for (_, status) in &hand.statuses {
                statuses::add(&mut all.responses, status);
            }
            continue;
        }
        let Some(next) = *next else {
            all.more |= hand.stands;
            continue;
        };
        if depth >= DEEPEST || all.left == 0 {
            all.more = true;
            continue;
        }
        all.left -= 1;
        if next.at == seen.at {
            continue;
        }
        let target = next.handler.handing.body;
        let body = target.and_then(|place| hand.targets.iter().find(|(at, _)| *at == place));
        let request = body.map(|(_, kind)| kind.clone()).filter(|k| !k.is_empty());
        all.request = all
            .request
            .take()
            .or(request)
            .or_else(|| next.handler.request.clone());
        if depth == 0 && hand.asks {
            let mut own = Followed {
                left: all.left,
                ..Followed::default()
            };
            go_on(
                next,
                &given(hand, around),
                handlers,
                (depth + 1, false),
                &mut own,
            );
            all.left = own.left;
            let name = hand.name.rsplit('.').next().unwrap_or(&hand.name);
            let refuses = |r: &Response| matches!(r.status.as_str(), "401" | "403");
            let only = !own.responses.is_empty() && own.responses.iter().all(refuses);
            if only || is_guard(name) && own.responses.iter().any(refuses) {
                all.guards.push(name.to_owned());
                all.places.push(next.at.clone());
            }
        }
        all.read.push(next);
        let tail = tail && hand.stands;
        go_on(next, &given(hand, around), handlers, (depth + 1, tail), all);
    }
}

/// Whether a call is one of a method of another type, which is told by its name alone: that takes no answer away from
/// whoever asked it.
fn of_another_type(hand: &Handed) -> bool {
    hand.name.starts_with("..")
}

/// The function that a call leads to.
fn called<'h>(hand: &Handed, from: Seen<'_>, handlers: &Handlers<'h>) -> Option<Seen<'h>> {
    if hand.name.is_empty() {
        return None;
    }
    handlers.of_go(&hand.name, &from.at.path)
}

/// What is asked of a function that returns a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Whether its answer is known, be it sent or returned with the failure.
    Told,
    /// Whether it is sent, so that nobody can answer otherwise.
    Sent,
}

/// Whether a function answers before it returns a failure. What it takes of the budget is gone for the whole walk.
fn settles(seen: Seen<'_>, handlers: &Handlers<'_>, ask: Ask, depth: u8, left: &mut usize) -> bool {
    let handing = &seen.handler.handing;
    let known = handing
        .settles
        .as_ref()
        .filter(|_| depth < DEEPEST && *left > 0 && !(ask == Ask::Sent && handing.open));
    let Some(needed) = known else {
        return false;
    };
    *left -= 1;
    needed.iter().all(|&at| {
        let Some(hand) = handing.hands.get(at) else {
            return false;
        };
        let Some(next) = called(hand, seen, handlers) else {
            return false;
        };
        if ask == Ask::Sent && hand.asks && of_another_type(hand) {
            return false;
        }
        let its = &next.handler.handing;
        if hand.asks || ask == Ask::Sent && its.settles.is_some() {
            return settles(next, handlers, ask, depth + 1, left);
        }
        // `return render(w)`: what it could not send, and said with its failure alone.
        if ask == Ask::Sent && (its.open || its.raises) {
            return false;
        }
        let given = given(hand, &[]);
        let writes = next
            .handler
            .handing
            .written
            .iter()
            .any(|at| given.iter().any(|g| g.0 == *at));
        if writes || !next.handler.responses.is_empty() {
            return true;
        }
        let mut own = Followed {
            left: *left,
            ..Followed::default()
        };
        go_on(next, &given, handlers, (depth + 1, false), &mut own);
        *left = own.left;
        !own.responses.is_empty()
    })
}

/// Adds to an operation what its handler comes to.
pub(crate) fn add(operation: &mut Operation, seen: Seen<'_>, handlers: &Handlers<'_>) {
    if !hands_on(seen) {
        return;
    }
    let all = follow(seen, handlers);
    operation.more_outcomes |= all.more;
    for response in all.responses {
        statuses::give(&mut operation.responses, response);
    }
    let has_body = !matches!(operation.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    if operation.request.is_none() && has_body {
        operation.request = all.request;
    }
    for one in all.read {
        crate::resolve::outcomes::take_inputs(operation, one);
    }
    for guard in all.guards {
        if !operation.guards.contains(&guard) {
            operation.guards.push(guard);
        }
    }
    if !all.places.is_empty() {
        operation.provenance = operation.provenance.clone().and(all.places);
    }
}

/// Leaves out refusals that come after an answer: their guard has refused itself, with another status. What probes
/// call is named by what answers it, not by what stands around that.
pub(crate) fn settle(blueprint: &mut Blueprint, handlers: &Handlers<'_>) {
    let asks = |o: &Observation| o.topic == Topic::Authorization && behind_a_call(o).is_some();
    let around = |o: &Observation| {
        o.topic == Topic::HealthCheck && o.detail.as_deref().is_some_and(|d| d.contains('|'))
    };
    if !blueprint.observations.iter().any(|o| asks(o) || around(o)) {
        return;
    }
    blueprint.observations.retain_mut(|o| {
        let Some(path) = o.provenance.first().map(|at| at.path.clone()) else {
            return true;
        };
        if around(o) {
            o.detail = (o.detail.take()).map(|names| handlers.innermost(&names, &path));
            return true;
        }
        let guard = behind_a_call(o).filter(|_| o.topic == Topic::Authorization);
        // A method is one of any type, and a package is told by its folder: what is not surely meant settles nothing.
        let found = guard.and_then(|name| {
            let (package, _) = name.rsplit_once('.').unwrap_or(("", name));
            let seen = handlers.routed_in_go(name, &path)?;
            let folder = folder_of(&seen.at.path);
            let fits = match package {
                "" => folder == folder_of(&path),
                package => folder.rsplit('/').next() == Some(package),
            };
            (fits && !seen.handler.handing.method).then_some(seen)
        });
        let mut left = MOST;
        !found.is_some_and(|guard| settles(guard, handlers, Ask::Sent, 0, &mut left))
    });
}

/// The function whose failure a refusal of Go stands behind: ``if `err := auth.RequireUser(c); err != nil` ``.
fn behind_a_call(o: &Observation) -> Option<&str> {
    let at = o.provenance.first().filter(|at| at.path.ends_with(".go"));
    let said = o.detail.as_deref()?.strip_prefix("if `")?;
    let (call, failed) = said.split_once(") ; ").or_else(|| said.split_once("); "))?;
    let (_, call) = call.split_once(":= ")?;
    let name = call.split('(').next()?;
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'));
    (at.is_some() && plain && failed.starts_with("err != nil")).then_some(name)
}
