//! How outside systems are waited for, which decides what their silence does.

use crate::brief::{Brief, Partner};
use groundplan_knowledge::Capability;
use groundplan_knowledge::capability::ComponentKind;

/// How an outside system is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Work for it waits in the queue.
    Queued,
    /// Somebody waits for its answer.
    Waited,
    /// It signs people in.
    SignIn,
    /// What changed there is read from time to time; what was read before stays in use.
    Source,
}

impl Way {
    /// The way of a pack's neighbour: who starts the flows of the pack that reach it. What stands
    /// between passes the wait on.
    pub(super) fn of(pack: &Capability, external: &str) -> Way {
        let reach =
            |f: &&groundplan_knowledge::capability::Flow| f.steps.iter().any(|s| s.to == external);
        let mut callers = (pack.flows.iter().filter(reach))
            .filter_map(|f| f.steps.first())
            .map(|s| s.from.as_str());
        let waits = |id: &str| {
            let component = pack.components.iter().find(|c| c.id == id);
            component.is_none_or(|c| {
                !matches!(c.kind, ComponentKind::Worker | ComponentKind::Job)
                    && !c.id.starts_with("outbox")
            })
        };
        if callers.any(waits) {
            Way::Waited
        } else {
            Way::Queued
        }
    }

    /// The way of a partner that the brief names and no pack has.
    pub(super) fn of_partner(brief: &Brief, partner: &Partner) -> Way {
        match partner.what.as_str() {
            "identity provider" | "corporate directory" => Way::SignIn,
            _ if asked(brief, &partner.name) => Way::Waited,
            crate::brief::SOURCE => Way::Source,
            _ => Way::Queued,
        }
    }

    /// Mitigation, recovery, and what callers do about errors.
    pub(super) fn words(self) -> [&'static str; 3] {
        match self {
            Way::Queued => [
                "time-out, two repeats with jitter, circuit breaker; work on {things} for it waits in the queue",
                "set by its operator; work on {things} for it waits in the queue for up to 24 h",
                "time-out 8 s, two repeats with jitter where the call may be repeated, circuit breaker; {things} that fail wait in the queue for 24 h",
            ],
            Way::Waited => [
                "time-out, two repeats with jitter, circuit breaker; while it is open the step is refused with 503, and {persons} go on with what does not need it",
                "set by its operator; refused steps on {things} may be sent again under the same key",
                "time-out 8 s, two repeats with jitter where the call may be repeated, circuit breaker; then 503 with Retry-After to {persons}",
            ],
            Way::SignIn => [
                "keys of the issuer are cached for 24 h, so open sessions go on; new sign-ins of {persons} wait",
                "set by its operator; the operators of {name} have a break-glass account meanwhile",
                "time-out 5 s, one repeat; then the sign-in page tells {persons} that it cannot be reached",
            ],
            Way::Source => [
                "time-out, two repeats with jitter, circuit breaker; what was read before stays in use and says of when it is",
                "set by its operator; what changed there meanwhile is read when it is back",
                "time-out 8 s, two repeats with jitter, circuit breaker; then the next run reads what changed since the last one",
            ],
        }
    }
}

/// Whether a partner is one to exchange records with: not one that signs in, pays or sends, and none
/// of which is only read.
pub(super) fn exchanges(what: &str) -> bool {
    if what == crate::brief::SOURCE {
        return false;
    }
    let other = [
        "directory",
        "identity",
        "payment",
        "SMS",
        "e-mail",
        "maps",
        "calendar",
        "chat",
    ];
    !other.iter().any(|o| what.contains(o))
}

/// Whether somebody waits for the answer of a partner: `checks the tags against the cattle database`.
pub(super) fn asked(brief: &Brief, partner: &str) -> bool {
    const LOOKS: [&str; 11] = [
        "check", "verify", "validate", "look up", "query", "compare", "search", "find", "see",
        "read", "match",
    ];
    // What is called so often a second is part of the answers.
    let counted = brief
        .partners
        .iter()
        .any(|p| p.name == partner && p.rps.is_some());
    if counted {
        return true;
    }
    let partner = partner.to_lowercase();
    crate::brief::story::story(brief).iter().any(|deed| {
        let rest = deed.rest.to_lowercase();
        let at = rest.find(&partner).unwrap_or(0);
        let before: Vec<&str> = rest.get(..at).unwrap_or_default().split(' ').collect();
        LOOKS.contains(&deed.verb.as_str())
            && before
                .iter()
                .rev()
                .take(4)
                .any(|w| matches!(*w, "against" | "in" | "from" | "at" | "with"))
    })
}
