//! What callers do when what they call fails, as their code shows it: they answer with an error, go on without
//! the answer, or put another value in its place.

use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_model::{CallFailure, Outcome, Provenance, Relationship, RelationshipKind};
use std::collections::{BTreeMap, BTreeSet};

/// Operations of a caller that are named in one clause.
const OPERATIONS: usize = 3;

/// Callers that pass an error on that are named behind those whose call fails.
const FURTHER: usize = 3;

/// Whether what becomes of the failure of calls over a relationship was read.
pub(super) fn is_told(r: &Relationship) -> bool {
    !r.failures.is_empty()
}

/// Failures of calls of one caller with one outcome: what is answered, the operations during which, the places.
type Group<'a> = (
    Outcome,
    BTreeSet<&'a str>,
    BTreeSet<&'a str>,
    Vec<&'a Provenance>,
);

/// Whether what is done ends with the error.
fn ends(failure: &CallFailure) -> bool {
    !failure.outcome.goes_on()
}

/// The failures of one caller by what becomes of them. An operation that one call ends does not go on after another.
fn groups<'a>(all: &[&'a CallFailure]) -> Vec<Group<'a>> {
    let ended: BTreeSet<&str> = (all.iter())
        .filter(|f| ends(f))
        .filter_map(|f| f.during.as_deref())
        .collect();
    let gone_on =
        |f: &&&CallFailure| ends(f) || f.during.as_deref().is_none_or(|d| !ended.contains(d));
    // Which statuses an operation answers with, for those of equal ones to be told together.
    let mut answers: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
    for f in all.iter().filter(|f| ends(f)) {
        let of = answers.entry(f.during.as_deref()).or_default();
        of.extend(f.answer.as_deref());
    }
    let mut found: Vec<Group<'a>> = Vec::new();
    for failure in all.iter().filter(gone_on) {
        let answer: BTreeSet<&str> = match ends(failure) {
            true => answers
                .get(&failure.during.as_deref())
                .cloned()
                .unwrap_or_default(),
            false => failure.answer.as_deref().into_iter().collect(),
        };
        let known = |g: &Group<'_>| g.0 == failure.outcome && g.1 == answer;
        let place = match found.iter().position(known) {
            Some(place) => place,
            None => {
                found.push((failure.outcome, answer, BTreeSet::new(), Vec::new()));
                found.len() - 1
            }
        };
        if let Some((_, _, during, sources)) = found.get_mut(place) {
            during.extend(failure.during.as_deref());
            sources.push(&failure.provenance);
        }
    }
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found
}

/// `` `frontend` answers `500` to `GET /cart` and `GET /` ``, with its places.
fn clause(caller: &str, (outcome, answer, during, sources): &Group<'_>) -> Text {
    let text = Text::code(caller);
    let operations = || names(during.iter().copied(), OPERATIONS);
    let within = |text: Text| match during.is_empty() {
        true => text,
        false => text.then(" in ").spans(operations()),
    };
    let values = || {
        let all = answer.iter().map(|a| Span::Code((*a).to_owned())).collect();
        words::list_spans(all, OPERATIONS, "or")
    };
    let text = match (outcome, answer.is_empty()) {
        (Outcome::Returned, false) => text
            .then(" answers ")
            .spans(values())
            .then(if during.is_empty() { "" } else { " to " })
            .spans(operations()),
        (Outcome::Returned, true) => within(text.then(" passes the error on")),
        (Outcome::Logged, _) => within(text.then(" logs the error and goes on")),
        (Outcome::Ignored, _) => within(text.then(" drops the error and goes on")),
        (Outcome::Fallback, false) => within(
            text.then(" takes ")
                .spans(values())
                .then(" in place of the answer"),
        ),
        (Outcome::Fallback, true) => {
            within(text.then(" puts another value in place of the answer"))
        }
        (Outcome::Stops, _) => within(text.then(" stops")),
    };
    // Where the error is dealt with says it; the call alone does where nothing deals with it.
    let places = sources.iter().filter_map(|p| p.evidence.last());
    text.from(&Provenance::observed(places.take(2).cloned()))
}

/// One clause for each caller and outcome, and what a caller only hands over.
fn clauses(c: &Context, needs: &[&Relationship]) -> Vec<Text> {
    let callers: BTreeSet<&str> = needs
        .iter()
        .filter(|r| is_told(r))
        .map(|r| r.from.as_str())
        .collect();
    let mut all = Vec::new();
    for id in callers {
        let own: Vec<&&Relationship> = needs.iter().filter(|r| r.from == id).collect();
        let failures: Vec<&CallFailure> = own.iter().flat_map(|r| &r.failures).collect();
        all.extend(
            groups(&failures)
                .iter()
                .map(|group| clause(c.name_of(id), group)),
        );
        let routes = own.iter().filter(|r| r.kind == RelationshipKind::Routes);
        let routes: Vec<&&&Relationship> = routes.filter(|r| !r.operations.is_empty()).collect();
        if !routes.is_empty() {
            let paths = routes
                .iter()
                .flat_map(|r| &r.operations)
                .map(String::as_str);
            let text = Text::plain("what ")
                .then_code(c.name_of(id))
                .then(" routes to it gets no answer: ")
                .spans(names(paths, OPERATIONS));
            all.push(text.from(&first_places(routes.iter().map(|r| &r.provenance), 1)));
        }
    }
    all
}

/// Those to whom the error of a called part goes on: callers of operations that end with it. Who calls the part
/// itself as well is told of these calls.
fn further(c: &Context, needs: &[&Relationship]) -> Vec<Text> {
    let mut all = Vec::new();
    let told: BTreeSet<(&str, &str)> = (needs.iter())
        .flat_map(|r| r.failures.iter().map(move |f| (r, f)))
        .filter(|(_, f)| ends(f))
        .filter_map(|(r, f)| Some((r.from.as_str(), f.during.as_deref()?)))
        .collect();
    let calls: BTreeSet<&str> = needs.iter().map(|r| r.from.as_str()).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for between in &calls {
        for next in c.incoming(between) {
            let passed = |f: &&CallFailure| {
                let asked = f.asked.as_deref().unwrap_or_default();
                let rest = asked.rsplit_once('.').map_or(asked, |(_, rest)| rest);
                let ended = told.contains(&(*between, asked)) || told.contains(&(*between, rest));
                let known = f
                    .during
                    .as_deref()
                    .is_some_and(|d| told.contains(&(&next.from, d)));
                ended && !known && (ends(f) || !calls.contains(next.from.as_str()))
            };
            let passed: Vec<&CallFailure> = next.failures.iter().filter(passed).collect();
            if next.from == **between || passed.is_empty() || !seen.insert(&next.id) {
                continue;
            }
            all.extend(
                groups(&passed)
                    .iter()
                    .map(|group| clause(c.name_of(&next.from), group)),
            );
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
