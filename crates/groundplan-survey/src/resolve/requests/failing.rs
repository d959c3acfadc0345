//! What becomes of the failure of a call: along the functions from the call back to the one that answers, the
//! first that does not hand the error on says it.

use super::{Act, Told, Use, Ways, listed};
use crate::extractors::record_calls;
use crate::facts::{Failing, Span, holding};
use crate::failing::passes;
use groundplan_model::{
    CONDITIONS, CallFailure, Evidence, IF, Operation, Outcome, Provenance, Relationship,
    RelationshipKind, Statement, Step, StepKind,
};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Failures that are kept of one relationship.
const MOST: usize = 40;

/// Steps of one outcome that are named.
const NAMED: usize = 6;

/// What becomes of an error at a place; nothing where a function between was not read.
#[derive(Clone, Copy)]
pub(super) struct Fate<'w> {
    pub(super) outcome: Option<Outcome>,
    with: &'w str,
    at: Option<(&'w str, &'w Failing)>,
}

impl Default for Fate<'_> {
    /// What leaves the function that answers, goes to whoever asked.
    fn default() -> Self {
        Fate {
            outcome: Some(Outcome::Returned),
            with: "",
            at: None,
        }
    }
}

impl<'w> Fate<'w> {
    pub(super) fn unknown() -> Self {
        Fate {
            outcome: None,
            ..Fate::default()
        }
    }

    /// The same of an error of a call that stands on lines of a function.
    pub(super) fn at(self, path: &'w str, span: &'w Span, lines: [u32; 2]) -> Fate<'w> {
        let here = |f: &&Failing| (lines[0]..=lines[1]).contains(&f.line);
        let Some(own) = span.failing.iter().find(here) else {
            return match passes(Language::of(path)) {
                true => self,
                false => Fate::unknown(),
            };
        };
        match own.outcome {
            None => Fate::unknown(),
            // A status that is answered further out is what the caller gets.
            Some(Outcome::Returned) if self.outcome == Some(Outcome::Returned) => {
                match self.with.is_empty() {
                    true => Fate {
                        with: &own.with,
                        at: Some((path, own)),
                        ..self
                    },
                    false => self,
                }
            }
            Some(Outcome::Returned) => self,
            Some(outcome) => Fate {
                outcome: Some(outcome),
                with: &own.with,
                at: Some((path, own)),
            },
        }
    }

    /// Of two that one which ends more.
    pub(super) fn worse(self, other: Fate<'w>) -> Fate<'w> {
        let weight = |f: &Fate<'_>| match f.outcome {
            Some(Outcome::Stops) => 4,
            Some(Outcome::Returned) => 3,
            None => 2,
            Some(_) => 1,
        };
        match weight(&other) > weight(&self) {
            true => other,
            false => self,
        }
    }

    fn evidence(self) -> Option<Evidence> {
        let (path, own) = self.at?;
        let hash = format!("{:016x}", own.hash);
        Some(Evidence::new(path, own.lines[0], own.lines[1], hash))
    }
}

/// Failures of calls, by relationship, operation asked for and operation during which.
#[derive(Default)]
pub(super) struct Failures<'w> {
    by: BTreeMap<(&'w str, Option<&'w str>, String), (Fate<'w>, Evidence)>,
    /// Places that some operation reaches.
    reached: BTreeSet<(&'w str, String, u32)>,
}

impl<'w> Failures<'w> {
    /// Notes what becomes of the calls that one operation makes.
    pub(super) fn note(&mut self, operation: &str, uses: &[Use<'w>]) {
        for used in uses {
            let Act::Relation(relationship, asked) = used.act else {
                continue;
            };
            if !is_call(relationship, asked) {
                continue;
            }
            let at = used.at.as_ref();
            self.reached
                .insert((&relationship.id, at.path.clone(), at.lines[0]));
            let key = (relationship.id.as_str(), asked, operation.to_owned());
            self.by
                .entry(key)
                .and_modify(|(known, _)| *known = known.worse(used.when.fate))
                .or_insert((used.when.fate, at.clone()));
        }
    }

    /// All that is known, also of calls that no operation reaches and whose error their function keeps.
    pub(super) fn all(self, ways: &Ways<'w>) -> BTreeMap<String, Vec<CallFailure>> {
        let mut all: BTreeMap<String, Vec<CallFailure>> = BTreeMap::new();
        for ((id, asked, during), (fate, at)) in self.by {
            let Some(outcome) = fate.outcome else {
                continue;
            };
            let of = all.entry(id.to_owned()).or_default();
            if of.len() < MOST {
                of.push(failure(asked, Some(during), outcome, fate, at));
            }
        }
        for ((_, path), uses) in &ways.uses {
            for (act, at) in uses {
                let Act::Relation(relationship, asked) = act else {
                    continue;
                };
                let place = (relationship.id.as_str(), at.path.clone(), at.lines[0]);
                if !is_call(relationship, *asked) {
                    continue;
                }
                if self.reached.contains(&place) {
                    continue;
                }
                let spans = ways.of_file.get(path).copied().unwrap_or_default();
                let Some(span) = holding(spans, at.lines[0]) else {
                    continue;
                };
                let fate = Fate::unknown().at(path, span, at.lines);
                let Some(outcome) = fate.outcome else {
                    continue;
                };
                let of = all.entry(relationship.id.clone()).or_default();
                if of.len() < MOST {
                    of.push(failure(*asked, None, outcome, fate, (*at).clone()));
                }
            }
        }
        all
    }
}

fn failure(
    asked: Option<&str>,
    during: Option<String>,
    outcome: Outcome,
    fate: Fate<'_>,
    at: Evidence,
) -> CallFailure {
    CallFailure {
        asked: asked.map(str::to_owned),
        during,
        outcome,
        answer: (!fate.with.is_empty()).then(|| fate.with.to_owned()),
        provenance: Provenance::observed([at]).and(fate.evidence()),
    }
}

/// Whether a place of a relationship is a call that may fail, and not where a client is made.
fn is_call(relationship: &Relationship, asked: Option<&str>) -> bool {
    match relationship.kind {
        RelationshipKind::Calls => {
            let of_stub = relationship.protocol.as_deref() == Some("gRPC");
            asked.is_some_and(|asked| !of_stub || asked.contains('.'))
        }
        kind => kind == RelationshipKind::Publishes,
    }
}

/// Whether an operation by its name only asks for something: a reader of the list of what is done by then learns
/// nothing from it.
fn only_asks(operation: &str) -> bool {
    const ASKING: [&str; 12] = [
        "calculate",
        "check",
        "compute",
        "describe",
        "estimate",
        "evaluate",
        "has",
        "is",
        "preview",
        "resolve",
        "validate",
        "verify",
    ];
    let (method, path) = operation.split_once(' ').unwrap_or(("", operation));
    if matches!(method, "GET" | "HEAD" | "OPTIONS") {
        return true;
    }
    let last = path
        .rsplit(['/', '.'])
        .find(|w| !w.is_empty())
        .unwrap_or(path);
    let snake = crate::scan::snake(&last.replace('-', "_"));
    let first = snake.split('_').next().unwrap_or_default();
    ASKING.contains(&first) || first.starts_with("get") || record_calls::reads(first)
}

/// How a flow names what a step asks for.
fn name_of(ways: &Ways<'_>, step: &Step) -> String {
    let asked = ways.relationship(step).and_then(|r| {
        r.operations
            .iter()
            .filter(|o| {
                let rest = step.action.split_once(' ').map_or("", |(_, rest)| rest);
                rest.strip_prefix(o.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
            })
            .max_by_key(|o| o.len())
    });
    match asked {
        Some(asked) => asked.clone(),
        None => ways
            .elements
            .get(step.to.as_str())
            .map_or(step.to.clone(), |e| e.name.clone()),
    }
}

/// What happens when steps of a flow fail, in the order of the steps.
pub(super) fn errors(
    ways: &Ways<'_>,
    element: &str,
    operation: &Operation,
    told: &[Told<'_>],
) -> Vec<Statement> {
    let caller = (ways.elements.get(element)).map_or(element, |e| e.name.as_str());
    type Key<'k> = (Outcome, &'k str, Vec<String>);
    let mut groups: Vec<(Key<'_>, Vec<String>, Vec<Evidence>)> = Vec::new();
    let mut done: Vec<String> = Vec::new();
    for (step, fate) in told {
        let remote = step.relationship.is_some() && step.from == element;
        if !remote || !matches!(step.kind, StepKind::Request | StepKind::Publish) {
            continue;
        }
        let name = name_of(ways, step);
        // The same call may stand in a loop and outside of it.
        let again = |(other, _): &&Told<'_>| {
            other.to == step.to && other.action != step.action && name_of(ways, other) == name
        };
        let each = step.action.split_once(", for each ").map(|(_, each)| each);
        let shown = match each.filter(|_| told.iter().any(|t| again(&t))) {
            Some(each) => {
                let each = each.split_once(IF).map_or(each, |(each, _)| each);
                let each = (CONDITIONS.iter())
                    .fold(each, |each, end| each.strip_suffix(end).unwrap_or(each));
                format!("`{name}` for each {each}")
            }
            None => format!("`{name}`"),
        };
        let known = ways.relationship(step).is_some_and(|r| {
            let asked = r.operations.iter().find(|o| **o == name);
            is_call(r, asked.map(String::as_str))
        });
        if let Some(outcome) = fate.outcome.filter(|_| known) {
            let before = match outcome {
                Outcome::Returned | Outcome::Stops => done.clone(),
                _ => Vec::new(),
            };
            let key = (outcome, fate.with, before);
            let places = step
                .provenance
                .evidence
                .iter()
                .cloned()
                .chain(fate.evidence());
            match groups.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, names, all)) => {
                    if !names.contains(&shown) {
                        names.push(shown.clone());
                    }
                    all.extend(places);
                }
                None => groups.push((key, vec![shown], places.collect())),
            }
        }
        // What only happens in some cases may not have happened, nor what may have failed without an end.
        let sure = matches!(fate.outcome, Some(Outcome::Returned | Outcome::Stops));
        if sure && !step.is_conditional() && !only_asks(&name) && !done.contains(&name) {
            done.push(name);
        }
    }
    let sentence =
        |((outcome, with, before), names, places): (Key<'_>, Vec<String>, Vec<Evidence>)| {
            let more = names.len().saturating_sub(NAMED);
            let names: Vec<String> = names.into_iter().take(NAMED).collect();
            let names = match (more, names.as_slice()) {
                (0, [first @ .., last]) if !first.is_empty() => {
                    format!("{} or {last}", first.join(", "))
                }
                (0, _) => names.concat(),
                _ => format!("{} or one of {more} more", names.join(", ")),
            };
            let then = match (outcome, with.is_empty()) {
                (Outcome::Returned, true) => {
                    format!(
                        "`{caller}` passes the error on to whoever asked for `{}`",
                        operation.id
                    )
                }
                (Outcome::Returned, false) => format!("`{caller}` answers `{with}`"),
                (Outcome::Logged, _) => format!("`{caller}` logs it and goes on"),
                (Outcome::Ignored, _) => format!("`{caller}` drops the error and goes on"),
                (Outcome::Fallback, true) => {
                    format!("`{caller}` puts another value in place of the answer")
                }
                (Outcome::Fallback, false) => {
                    format!("`{caller}` takes `{with}` in place of the answer")
                }
                (Outcome::Stops, _) => format!("`{caller}` ends"),
            };
            let by_then = match before.is_empty() {
                true => String::new(),
                false => format!(
                    "; by then {} {} been done",
                    listed(before.iter().cloned(), "and"),
                    if before.len() == 1 { "has" } else { "have" }
                ),
            };
            Statement {
                text: format!("If {names} fails, {then}{by_then}."),
                provenance: Provenance::observed(places),
            }
        };
    groups.into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::only_asks;

    #[test]
    fn what_is_asked_for_changes_nothing() {
        for asks in [
            "GET /orders",
            "POST /getquote",
            "StockService.LookupItem",
            "CartService.GetCart",
        ] {
            assert!(only_asks(asks), "{asks}");
        }
        for does in ["POST /orders", "POST /quotes/quote", "LeadService.Convert"] {
            assert!(!only_asks(does), "{does}");
        }
    }
}
