//! What operations of FastAPI take and answer by what their handlers call and depend on.

use crate::extractors::python_handlers::UNPLACED;
use crate::facts::{DEPENDS, Endpoint, FileFacts, Input, ROUTER_DEPENDS, TYPED};
use crate::resolve::handlers::Seen;
use crate::resolve::python_calls::{Kind, PythonCalls, last};
use crate::statuses;
use groundplan_model::{Operation, Parameter};
use std::cell::OnceCell;

/// What functions of Python call, joined when a route of FastAPI asks first.
pub(super) struct Python<'f> {
    files: &'f [FileFacts],
    calls: OnceCell<PythonCalls<'f>>,
}

impl<'f> Python<'f> {
    pub(super) fn of(files: &'f [FileFacts]) -> Self {
        let calls = OnceCell::new();
        Python { files, calls }
    }

    fn calls(&self) -> &PythonCalls<'f> {
        self.calls.get_or_init(|| PythonCalls::of(self.files))
    }
}

/// Places parameters by their types: a word of a list of names is given in the query, a record is the body, and a record
/// that is said to be the query stands for its fields.
pub(super) fn placed(operation: &mut Operation, seen: Seen<'_>, python: &Python<'_>) {
    let waiting = |p: &Parameter| p.data_type.is_some() && p.place != "path";
    if !operation.parameters.iter().any(waiting) {
        return;
    }
    let references = || {
        let calls = seen.handler.calls.iter();
        calls.filter_map(|to| to.strip_prefix(TYPED))
    };
    let mut all = Vec::new();
    for mut parameter in std::mem::take(&mut operation.parameters) {
        let bare = parameter.data_type.as_deref().map(bare);
        let named = |to: &&str| bare.is_some_and(|bare| !to.is_empty() && last(to) == last(bare));
        let mut fitting = references()
            .filter(|_| matches!(parameter.place.as_str(), "body" | "query" | UNPLACED))
            .filter(named);
        // Of two types of one name nobody knows which.
        let kind = match (fitting.next(), fitting.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        };
        let kind = kind.and_then(|to| python.calls().kind(&seen.at.path, to));
        match (parameter.place.as_str(), kind) {
            ("body" | UNPLACED, Some((Kind::Enumeration, _))) => {
                "query".clone_into(&mut parameter.place);
                all.push(parameter);
            }
            (UNPLACED, Some((Kind::Model, _))) => {
                "body".clone_into(&mut parameter.place);
                all.push(parameter);
            }
            (UNPLACED, None) => {}
            ("query", Some((Kind::Model, class))) => {
                let fields = python.calls().fields(class).into_iter();
                all.extend(fields.map(of_input));
            }
            _ => all.push(parameter),
        }
    }
    operation.parameters = all;
}

/// The one name of a type that may be left out: `Status | None`, `Optional[Status]`.
fn bare(text: &str) -> &str {
    let text = text.strip_suffix(" | None").unwrap_or(text);
    let inner = text.strip_prefix("Optional[");
    inner.and_then(|t| t.strip_suffix(']')).unwrap_or(text)
}

fn of_input(input: &Input) -> Parameter {
    Parameter {
        name: input.name.clone(),
        place: input.place.clone(),
        data_type: input.data_type.clone(),
        required: input.required,
        description: None,
    }
}

/// Adds what is taken and answered by what a handler and its routers call and depend on.
pub(super) fn answer(
    operation: &mut Operation,
    endpoint: &Endpoint,
    seen: Option<Seen<'_>>,
    python: &Python<'_>,
) {
    if endpoint.framework != "fastapi" {
        return;
    }
    let mut starts = Vec::new();
    for guard in &endpoint.guards {
        let given = guard.strip_prefix(ROUTER_DEPENDS);
        // The path of the file may have blanks, the reference has none.
        if let Some((path, to)) = given.and_then(|given| given.rsplit_once(' ')) {
            starts.extend(python.calls().starts(path, std::iter::once(to)));
        }
    }
    if let Some(seen) = seen.filter(|seen| !seen.handler.calls.is_empty()) {
        let calls = seen.handler.calls.iter().map(String::as_str);
        starts.extend(python.calls().starts(&seen.at.path, calls));
    }
    for start in starts {
        let found = python.calls().outcome(start);
        for status in &found.statuses {
            statuses::add(&mut operation.responses, status);
        }
        operation.more_outcomes |= found.more;
        for input in &found.inputs {
            let known = |p: &Parameter| p.name == input.name;
            // A variable that the path does not have is another route's.
            if input.place != "path" && !operation.parameters.iter().any(known) {
                operation.parameters.push(of_input(input));
            }
        }
        let refuses = ["401", "403"].iter().any(|s| found.statuses.contains(s));
        if let Some(to) = start.2.strip_prefix([DEPENDS, TYPED]).filter(|_| refuses) {
            let name = last(to.trim_end_matches("()")).to_owned();
            if !operation.guards.contains(&name) {
                operation.guards.push(name);
            }
        }
    }
    statuses::in_order(&mut operation.responses);
}
