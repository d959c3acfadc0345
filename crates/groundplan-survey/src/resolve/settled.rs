//! Words that speak against an absence and that the repository itself settles: what they are about is read, and
//! it is something else.

use crate::extractors::lockouts::LOCKOUT;
use crate::paths;
use crate::resolve::catalogues::Catalogues;
use groundplan_model::{Blueprint, Topic};

/// What was read.
pub(super) struct Settled<'a> {
    catalogues: &'a Catalogues<'a>,
    /// Whether counted attempts lock an account.
    locks: bool,
}

impl<'a> Settled<'a> {
    pub(super) fn of(blueprint: &Blueprint, catalogues: &'a Catalogues<'a>) -> Self {
        let mut observations = blueprint.observations.iter();
        let locks = observations.any(|o| o.topic == Topic::Authentication && o.name == LOCKOUT);
        Settled { catalogues, locks }
    }

    /// Whether a word of a topic in a file says nothing of it.
    pub(super) fn settles(&self, topic: &str, path: &str, word: &str) -> bool {
        if self.catalogues.holds(path) {
            return true;
        }
        match topic {
            "quota" | "rate-limit" => self.locks && is_attempt(word),
            _ => false,
        }
    }
}

/// Whether a name is that of attempts which are counted: `MAX_LOGIN_ATTEMPTS`.
fn is_attempt(name: &str) -> bool {
    let lower = paths::lower(name);
    let counts = |word: &str| lower.contains(word);
    (counts("attempt") || counts("lockout"))
        && !["rate", "limit", "throttl", "quota", "per_"]
            .iter()
            .any(|word| counts(word))
}
