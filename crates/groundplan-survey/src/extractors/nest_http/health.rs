//! What a health endpoint of NestJS checks by Terminus (<https://docs.nestjs.com/recipes/terminus>).

use crate::facts::{Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, DeclKind};
use std::ops::Range;

/// Adds to the health endpoints of a file which indicators they ask. A handler with `@HealthCheck()` is one
/// whatever its path is.
pub(super) fn note(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("@nestjs/terminus") {
        return;
    }
    let code = file.code();
    for declared in file.declared() {
        let is_check = declared.annotations.iter().any(|a| a.name == "HealthCheck");
        if declared.kind != DeclKind::Function || !is_check {
            continue;
        }
        let first = declared.annotations.iter().map(|a| a.line).min();
        let first = first.unwrap_or(declared.line).min(declared.line);
        let named = indicators(code, declared.line);
        let detail = match named.as_slice() {
            [] => None,
            [one] => Some(format!("checks {one}")),
            [some @ .., last] => Some(format!("checks {} and {last}", some.join(", "))),
        };
        let within = |line: u32| (first..=declared.line).contains(&line);
        let mut marked = false;
        for fact in &mut acc.facts {
            if let Claim::Mark(mark) = &mut fact.claim
                && mark.topic == Topic::HealthCheck
                && within(fact.at.lines[0])
            {
                mark.detail = mark.detail.take().or_else(|| detail.clone());
                marked = true;
            }
        }
        let path = acc.facts.iter().find_map(|fact| match &fact.claim {
            Claim::Endpoint(endpoint) if within(fact.at.lines[0]) => {
                Some((fact.at.lines[0], endpoint.path.clone()))
            }
            _ => None,
        });
        if let Some((line, path)) = path.filter(|_| !marked) {
            scan::mark(acc, file, line, Topic::HealthCheck, path, detail);
        }
    }
}

/// The names under which the handler at a line asks its indicators:
/// `this.health.check([() => this.db.pingCheck("database")])`.
fn indicators(code: &Code<'_>, line: u32) -> Vec<String> {
    /// Lines that a handler of this kind has at most.
    const LINES: u32 = 40;
    let call = code.calls().find(|call| {
        let at = scan::word_at(code, *call);
        let inside = (line..line + LINES).contains(&code.line(at));
        inside && code.is(at, "check") && code.is(call.open + 1, "[")
    });
    let Some(call) = call else {
        return Vec::new();
    };
    let all = code.arguments(call.open + 1).into_iter();
    all.filter_map(|range| indicator(code, range)).collect()
}

/// The key of one indicator, or else what is asked.
fn indicator(code: &Code<'_>, range: Range<usize>) -> Option<String> {
    let open = range
        .clone()
        .skip(2)
        .find(|&at| code.is(at, "(") && at > range.start && code.ident(at - 1).is_some())?;
    let key = code.string(open + 1).filter(|key| !key.is_empty());
    let asked = open.checked_sub(3).and_then(|at| code.ident(at));
    let name = key.or(asked)?;
    Some(format!("`{name}`"))
}
