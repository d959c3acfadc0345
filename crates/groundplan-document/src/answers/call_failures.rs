//! What callers do when what they call fails, as their code shows it: they answer with an error, go on without
//! the answer, or put another value in its place.

use super::seen::end;
use crate::context::Context;
use crate::text::names;
use crate::tree::Text;
use groundplan_model::{CallFailure, Outcome, Provenance, Relationship};
use std::collections::BTreeSet;

/// Operations of a caller that are named in one clause.
const OPERATIONS: usize = 3;

/// Callers that pass an error on that are named behind those whose call fails.
const FURTHER: usize = 3;

/// Whether what becomes of the failure of calls over a relationship was read.
pub(super) fn is_told(r: &Relationship) -> bool {
    !r.failures.is_empty()
}

/// The failures of all relationships of one caller, each outcome once with the operations during which.
type Group<'a> = (
    (Outcome, Option<&'a str>),
    BTreeSet<&'a str>,
    Vec<&'a Provenance>,
);

fn groups<'a>(all: impl Iterator<Item = &'a CallFailure>) -> Vec<Group<'a>> {
    let mut found: Vec<Group<'a>> = Vec::new();
    for failure in all {
        let key = (failure.outcome, failure.answer.as_deref());
        let place = match found.iter().position(|(known, ..)| *known == key) {
            Some(place) => place,
            None => {
                found.push((key, BTreeSet::new(), Vec::new()));
                found.len() - 1
            }
        };
        if let Some((_, during, sources)) = found.get_mut(place) {
            during.extend(failure.during.as_deref());
            sources.push(&failure.provenance);
        }
    }
    found.sort_by_key(|((outcome, answer), ..)| (*outcome, *answer));
    found
}

/// `` `frontend` answers `500` to `GET /cart` and `GET /` ``, with its places.
fn clause(caller: &str, ((outcome, answer), during, sources): &Group<'_>) -> Text {
    let text = Text::code(caller);
    let operations = || names(during.iter().copied(), OPERATIONS);
    let within = |text: Text| match during.is_empty() {
        true => text,
        false => text.then(" in ").spans(operations()),
    };
    let text = match (outcome, answer) {
        (Outcome::Returned, Some(status)) => text
            .then(" answers ")
            .then_code(*status)
            .then(if during.is_empty() { "" } else { " to " })
            .spans(operations()),
        (Outcome::Returned, None) => within(text.then(" ends with the error")),
        (Outcome::Logged, _) => within(text.then(" logs the error and goes on")),
        (Outcome::Ignored, _) => within(text.then(" drops the error and goes on")),
        (Outcome::Fallback, Some(value)) => within(
            text.then(" takes ")
                .then_code(*value)
                .then(" in place of the answer"),
        ),
        (Outcome::Fallback, None) => {
            within(text.then(" puts another value in place of the answer"))
        }
        (Outcome::Stops, _) => within(text.then(" stops")),
    };
    // Where the error is dealt with says it; the call alone does where nothing deals with it.
    let places = sources.iter().filter_map(|p| p.evidence.last());
    text.from(&Provenance::observed(places.take(2).cloned()))
}

/// One clause for each caller and outcome.
fn clauses(c: &Context, needs: &[&Relationship]) -> Vec<Text> {
    let callers: BTreeSet<&str> = needs
        .iter()
        .filter(|r| is_told(r))
        .map(|r| r.from.as_str())
        .collect();
    let mut all = Vec::new();
    for id in callers {
        let own = needs.iter().filter(|r| r.from == id);
        for group in groups(own.flat_map(|r| &r.failures)) {
            all.push(clause(c.name_of(id), &group));
        }
    }
    all
}

/// Those to whom the error of a called part goes on: callers of operations that end with it.
fn further(c: &Context, needs: &[&Relationship]) -> Vec<Text> {
    let mut all = Vec::new();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for r in needs {
        let ended = (r.failures.iter())
            .filter(|f| f.outcome == Outcome::Returned)
            .filter_map(|f| f.during.as_deref());
        let ended: BTreeSet<&str> = ended.collect();
        for next in c
            .incoming(&r.from)
            .iter()
            .filter(|next| next.from != r.from)
        {
            let asked = |f: &&CallFailure| {
                f.asked.as_deref().is_some_and(|asked| {
                    let rest = asked.rsplit_once('.').map_or(asked, |(_, rest)| rest);
                    ended.contains(asked) || ended.contains(rest)
                })
            };
            let passed = next.failures.iter().filter(asked);
            if !seen.insert((&next.from, &r.from)) {
                continue;
            }
            for group in groups(passed) {
                all.push(clause(c.name_of(&next.from), &group));
            }
        }
    }
    all
}

/// What callers do when an element fails, as far as it was read: callers, then those that they answer.
pub(super) fn told(c: &Context, needs: &[&Relationship]) -> Option<Text> {
    let own = clauses(c, needs);
    let mut text = Text::default();
    for (i, clause) in own.into_iter().enumerate() {
        text = text.then(if i == 0 { "" } else { "; " }).append(clause);
    }
    if text.is_empty() {
        return None;
    }
    let passed = further(c, needs);
    let more = passed.len().saturating_sub(FURTHER);
    for (i, clause) in passed.into_iter().take(FURTHER).enumerate() {
        text = text
            .then(if i == 0 { "; through it " } else { "; " })
            .append(clause);
    }
    if more > 0 {
        text = text.then(format!("; and {more} more"));
    }
    Some(text)
}

/// The same as a sentence.
pub(super) fn sentence(c: &Context, needs: &[&Relationship]) -> Option<Text> {
    told(c, needs).map(|text| {
        let text = Text::plain("When a call fails, ").append(text);
        end(text)
    })
}
