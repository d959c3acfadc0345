//! Errors of Go are values: what follows the assignment says what becomes of them.

use super::Dealt;
use super::said::{self, Clause};
use groundplan_model::Outcome;
use groundplan_syntax::{Call, Code};
use std::ops::Range;

/// Statements behind a call that are looked at for what its error leads to.
const NEXT: usize = 4;

pub(super) fn dealt(code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
    let function = code.function_at(call.first);
    let function = function.and_then(|at| code.functions().get(at));
    // What a function without a name hands on goes to whoever runs it.
    let within = function.filter(|f| f.name.is_empty() && f.body != *body);
    let named = code.functions().iter().any(|f| f.body == *body);
    let Some(inner) = within.filter(|_| named) else {
        return of_any(code, body, call);
    };
    let dealt = of_any(code, &inner.body, call)?;
    match dealt.outcome {
        Some(Outcome::Returned) => Some(Dealt::unread(dealt.at)),
        _ => Some(dealt),
    }
}

fn of_any(code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
    let name = code.raw(call.open.checked_sub(1)?);
    // A request is made before it is sent, and its failure is that of sending.
    if matches!(name, "NewRequest" | "NewRequestWithContext") {
        let sent = sent(code, body, call)?;
        return of_call(code, body, sent);
    }
    of_call(code, body, call)
}

/// The call that sends a request that another one makes: `client.Do(req)`.
fn sent(code: &Code<'_>, body: &Range<usize>, made: Call) -> Option<Call> {
    let (names, _) = assigned(code, made.first)?;
    let request = code.ident(*names.last()?)?;
    let from = code.partner(made.open)?;
    let open = (from..body.end).find(|&at| {
        code.is_byte(at, b'(')
            && code.is(at - 1, "Do")
            && code
                .arguments(at)
                .iter()
                .any(|r| r.len() == 1 && code.is(r.start, request))
    })?;
    code.call_at(open)
}

/// What a statement that ends in a call gives values to, the last first, and its first token.
fn assigned(code: &Code<'_>, first: usize) -> Option<(Vec<usize>, usize)> {
    let mut at = first.checked_sub(1)?;
    if !code.is_byte(at, b'=') {
        return None;
    }
    at = at.checked_sub(1)?;
    if code.is_byte(at, b':') {
        at = at.checked_sub(1)?;
    }
    code.ident(at)?;
    let mut names = vec![at];
    while let Some(before) = at.checked_sub(1) {
        match code.raw(before) {
            "," => {
                at = before.checked_sub(1)?;
                names.push(at);
            }
            "." => at = before.checked_sub(1)?,
            _ => break,
        }
    }
    Some((names, at))
}

/// Whether a token stands for an error.
fn is_error(name: &str) -> bool {
    name == "e" || name.to_ascii_lowercase().contains("err")
}

/// How the conditions of Go ask for an error: whether there is one, and the token behind.
fn asks(code: &Code<'_>, at: usize, name: &str) -> Option<(bool, usize)> {
    if !code.is(at, name) || !code.is_byte(at + 2, b'=') || !code.is(at + 3, "nil") {
        return None;
    }
    match code.raw(at + 1) {
        "!" => Some((true, at + 4)),
        "=" => Some((false, at + 4)),
        _ => None,
    }
}

fn of_call(code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
    let mut end = code.partner(call.open)?;
    while code.is_byte(end + 1, b'.') && code.is_byte(end + 3, b'(') {
        end = code.partner(end + 3)?;
    }
    let before = call.first.checked_sub(1)?;
    let whole = call.first..end + 1;
    if code.is(before, "return") {
        return Some(Dealt::new(Outcome::Returned, before..end + 1));
    }
    let (names, first) = assigned(code, call.first)?;
    let name = code.ident(*names.first()?)?;
    if name == "_" {
        return Some(Dealt::new(Outcome::Ignored, first..whole.end));
    }
    if !is_error(name) {
        return None;
    }
    let in_head = first.checked_sub(1).is_some_and(|at| code.is(at, "if"));
    if in_head {
        return code
            .is_byte(end + 1, b';')
            .then(|| branch(code, body, end + 2, name))?;
    }
    let mut at = end + 1;
    for _ in 0..NEXT {
        let next = statement_end(code, at, body.end);
        match code.raw(at) {
            "if" => return branch(code, body, at + 1, name),
            "return" => {
                let mentions = (at..next).any(|i| code.is(i, name));
                return mentions.then(|| Dealt::new(Outcome::Returned, at..next));
            }
            "switch" | "select" | "for" | "}" | "" => return None,
            // `check(err)`
            _ if (at..next).any(|i| code.is(i, name)) => return None,
            _ => at = next,
        }
    }
    None
}

/// The token behind a statement.
fn statement_end(code: &Code<'_>, from: usize, end: usize) -> usize {
    let mut at = from;
    while at < end {
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at).unwrap_or(at) + 1,
            "}" => return at,
            _ => at + 1,
        };
        let goes_on = |i: usize| {
            i.checked_sub(1)
                .is_some_and(|i| matches!(code.raw(i), "." | "," | "+" | "=" | "|" | "&"))
        };
        if code.is_byte(at, b';') || code.starts_line(at) && !goes_on(at) {
            return at;
        }
    }
    end
}

/// What the condition at a token does with the error of a name.
fn branch(code: &Code<'_>, body: &Range<usize>, at: usize, name: &str) -> Option<Dealt> {
    let (fails, next) = asks(code, at, name)?;
    let alone = code.is_byte(next, b'{');
    let either = code.is_byte(next, b'|') && code.is_byte(next + 1, b'|');
    let open = (next..body.end).find(|&i| code.is_byte(i, b'{'))?;
    let close = code.partner(open)?;
    if fails {
        return (alone || either).then(|| block(code, body, open..close + 1, name))?;
    }
    // `if err == nil { … } else { … }`
    if alone && code.is(close + 1, "else") && code.is_byte(close + 2, b'{') {
        let end = code.partner(close + 2)?;
        return block(code, body, close + 2..end + 1, name);
    }
    let both = code.is_byte(next, b'&');
    ((alone || both) && !code.is(close + 1, "else"))
        .then(|| Dealt::new(Outcome::Ignored, at..open + 1))
}

/// What a block does that runs where there is an error.
fn block(code: &Code<'_>, body: &Range<usize>, range: Range<usize>, error: &str) -> Option<Dealt> {
    let inner = range.start + 1..range.end - 1;
    let statements = said::statements(code, inner.clone(), statement_end);
    let clause = match Clause::read(code, inner.clone(), statements, error) {
        Ok(clause) => clause,
        Err(outcome) => return outcome.map(|outcome| Dealt::new(outcome, range)),
    };
    let gone_on = Dealt::new(clause.gone_on(), range.clone());
    let last = clause.last.start;
    if !code.is(last, "return") {
        // An answer was written or the error kept, and what follows was not read.
        if clause.status.is_some() || clause.keeps {
            return None;
        }
        return match clause.assigns {
            true => Some(Dealt::new(Outcome::Fallback, range)),
            _ if clause.logs => Some(gone_on),
            _ if clause.plain && matches!(code.raw(last), "continue" | "break") => Some(gone_on),
            _ => None,
        };
    }
    if let Some(status) = clause.status {
        return Some(Dealt::with(Outcome::Returned, status, range));
    }
    let given = last + 1..inner.end;
    let fails = gives_error(code, body);
    if given.is_empty() {
        // What bears a name is given back, among it the error. A function without a result that only tells of
        // the error ends as if nothing had been.
        return match fails {
            true => Some(Dealt::new(Outcome::Returned, range)),
            false => clause.quiet_before.then_some(gone_on),
        };
    }
    let nil = code.is(inner.end - 1, "nil");
    match (fails, nil) {
        (true, false) => Some(Dealt::new(Outcome::Returned, range)),
        (true, true) => Some(Dealt::new(Outcome::Fallback, range)),
        // A value that is made of the error tells of it.
        (false, _) if said::tells(code, &given, error) => None,
        (false, _) => {
            let value = said::value(code, &given).unwrap_or_default();
            Some(Dealt::with(Outcome::Fallback, value, range))
        }
    }
}

/// Whether the last result of the function with a body is an error: `error`, `*errors.AppError`.
fn gives_error(code: &Code<'_>, body: &Range<usize>) -> bool {
    let open = body.start.saturating_sub(1);
    let mut at = open.saturating_sub(1);
    if code.is_byte(at, b')') {
        // Results stand behind what a function takes: `(c C) (x X, err error)`.
        let before = code.partner(at).and_then(|open| open.checked_sub(1));
        if !before.is_some_and(|before| code.is_byte(before, b')')) {
            return false;
        }
        at = at.saturating_sub(1);
    }
    let name = code.ident(at).unwrap_or_default();
    name.to_ascii_lowercase().ends_with("error")
}
