//! Errors of Rust are values, and what stands behind the call says what becomes of them.

use super::{Dealt, said};
use groundplan_model::Outcome;
use groundplan_syntax::{Call, Code};
use std::ops::Range;

pub(super) fn dealt(code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
    let dealt = of_call(code, body, call)?;
    match dealt.outcome {
        Some(Outcome::Returned) if runs_apart(code, body, call.first) => {
            Some(Dealt::unread(dealt.at))
        }
        _ => Some(dealt),
    }
}

/// Whether a token stands in a closure or a block that runs by itself: `tokio::spawn(async move { … })`.
fn runs_apart(code: &Code<'_>, body: &Range<usize>, from: usize) -> bool {
    let mut at = from;
    while at > body.start {
        at -= 1;
        match code.raw(at) {
            "}" | ")" | "]" => at = code.partner(at).unwrap_or(at),
            "{" if matches!(code.raw(at.wrapping_sub(1)), "move" | "async" | "|") => return true,
            _ => {}
        }
    }
    false
}

fn of_call(code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
    let mut end = code.partner(call.open)?;
    let start = call.first;
    loop {
        if code.is_byte(end + 1, b'?') {
            let status = said::status(code, call.open..end).unwrap_or_default();
            return Some(Dealt::with(Outcome::Returned, status, start..end + 2));
        }
        if !code.is_byte(end + 1, b'.') {
            break;
        }
        if code.is(end + 2, "await") {
            end += 2;
            continue;
        }
        if !code.is_byte(end + 3, b'(') {
            break;
        }
        let close = code.partner(end + 3)?;
        let given = end + 4..close;
        match code.raw(end + 2) {
            "unwrap_or" => {
                let value = said::value(code, &given).unwrap_or_default();
                return Some(Dealt::with(Outcome::Fallback, value, start..close + 1));
            }
            "unwrap_or_default" | "unwrap_or_else" => {
                return Some(Dealt::new(Outcome::Fallback, start..close + 1));
            }
            "ok" if !matches!(code.raw(close + 1), "." | "?") => {
                return Some(Dealt::new(Outcome::Ignored, start..close + 1));
            }
            "expect" | "unwrap" => {
                let function = code.function_at(call.first);
                let function = function.and_then(|at| code.functions().get(at))?;
                return (function.name == "main")
                    .then(|| Dealt::new(Outcome::Stops, start..close + 1));
            }
            _ => end = close,
        }
    }
    let before = start.checked_sub(1)?;
    if code.is(before, "return") || end + 1 == body.end {
        return Some(Dealt::new(Outcome::Returned, start..end + 1));
    }
    if code.is_byte(before, b'=') && code.is(before.checked_sub(1)?, "_") {
        return Some(Dealt::new(Outcome::Ignored, before - 1..end + 1));
    }
    // `if let Err(e) = call() { … }`
    let pattern = before.checked_sub(1).filter(|_| code.is_byte(before, b'='));
    if let Some(open) = pattern.and_then(|close| code.partner(close))
        && code.is(open.checked_sub(1)?, "Err")
        && code.is_byte(end + 1, b'{')
    {
        return block(code, end + 1);
    }
    if code.is(before, "match") && code.is_byte(end + 1, b'{') {
        let close = code.partner(end + 1)?;
        let arm = (end + 2..close).find(|&at| {
            code.is(at, "Err")
                && code.is_byte(at + 1, b'(')
                && code
                    .partner(at + 1)
                    .is_some_and(|to| code.is_byte(to + 1, b'=') && code.is_byte(to + 2, b'>'))
        })?;
        let open = code.partner(arm + 1)? + 3;
        if code.is_byte(open, b'{') {
            return block(code, open);
        }
        let last = (open..close)
            .find(|&at| code.is_byte(at, b','))
            .unwrap_or(close);
        let given = open + usize::from(code.is(open, "return"));
        return failed(code, given, last, arm..last);
    }
    None
}

/// What is given back between two tokens, if it is an error or answers with the status of one.
fn failed(code: &Code<'_>, from: usize, to: usize, range: Range<usize>) -> Option<Dealt> {
    let status = said::status(code, from..to);
    let fails = code.is(from, "Err") || status.is_some();
    fails.then(|| Dealt::with(Outcome::Returned, status.unwrap_or_default(), range))
}

/// What a block does that runs where there is an error.
fn block(code: &Code<'_>, open: usize) -> Option<Dealt> {
    let close = code.partner(open)?;
    let range = open..close + 1;
    let returns = (open..close).find(|&at| code.is(at, "return"));
    if let Some(at) = returns {
        return failed(code, at + 1, close, range);
    }
    let nested = (open + 1..close).any(|at| code.is_byte(at, b'{') || code.is(at, "Err"));
    (!nested && said::logs(code, open..close)).then(|| Dealt::new(Outcome::Logged, range))
}
