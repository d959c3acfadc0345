//! What an operation answers, and what is only declared of it.

use crate::text::inline;
use crate::tree::Span;
use crate::words;
use groundplan_model::{Operation, Origin, Response};

/// Statuses with the types of their bodies; two reasons for one status are one outcome.
fn shown<'r>(all: impl Iterator<Item = &'r Response>) -> Vec<Span> {
    let mut shown: Vec<String> = Vec::new();
    for r in all {
        let word = match &r.schema {
            Some(schema) => format!("{} {schema}", r.status),
            None => r.status.clone(),
        };
        if !shown.contains(&word) {
            shown.push(word);
        }
    }
    shown.into_iter().map(Span::Code).collect()
}

/// Whether it refuses with a status that looks like success.
fn refuses_oddly(r: &Response) -> bool {
    r.origin == Some(Origin::Thrown)
}

/// What is answered by code or contract, then what refuses with a status of success, then what only declarations
/// beside the code name.
pub(super) fn outcome(o: &Operation, told: bool) -> Vec<Span> {
    let given = shown((o.responses.iter()).filter(|r| r.origin.is_none()));
    let silent = given.is_empty();
    let mut spans = words::list_spans(given, 6, "or");
    let plain = |text: &str| Span::Plain(text.to_owned());
    for r in o.responses.iter().filter(|r| refuses_oddly(r)) {
        spans.push(plain(if spans.is_empty() {
            "refuses with "
        } else {
            "; refuses with "
        }));
        spans.push(Span::Code(r.status.clone()));
        if let Some(said) = r.description.as_deref().filter(|_| told) {
            spans.push(plain(" ("));
            spans.extend(inline(said));
            spans.push(plain(")"));
        }
    }
    if o.more_outcomes && !spans.is_empty() {
        spans.push(plain(", others not read"));
    }
    let declared = shown((o.responses.iter()).filter(|r| r.only_declared()));
    if !declared.is_empty() {
        let by_contract = !super::interfaces::in_code(o);
        // Decorators, annotations and comments all stand beside it.
        spans.push(plain(match (spans.is_empty(), by_contract) {
            (true, true) => "declared and not found in its code: ",
            (true, false) => "declared beside it, not found in its code: ",
            (false, true) => "; declared and not found in its code: ",
            (false, false) => "; declared beside it, not found in its code: ",
        }));
        spans.extend(words::list_spans(declared, 6, "and"));
    }
    match only_failures(o) && !silent {
        true => std::iter::once(plain("fails with ")).chain(spans).collect(),
        false => spans,
    }
}

/// Whether an answer on success was not recognized though failures were.
pub(super) fn only_failures(o: &Operation) -> bool {
    let mut given = o.responses.iter().filter(|r| !r.only_declared()).peekable();
    given.peek().is_some() && given.all(Response::fails)
}
