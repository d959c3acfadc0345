//! Errors that are thrown, in languages whose blocks stand between brackets: `try` and `catch`, what stands behind
//! a call in its chain, and fallbacks that annotations name.

use super::Dealt;
use super::said::{self, Clause};
use groundplan_model::Outcome;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

/// Tokens before a call in which a word is looked for that waits for it.
const BEFORE: usize = 12;

/// Functions that hand an error on.
const HANDS_ON: [&str; 5] = ["callback", "cb", "done", "next", "reject"];

/// The blocks that are tried, with what the first `catch` does that may take the error of a call.
pub(super) fn tries(code: &Code<'_>) -> Vec<(Range<usize>, Dealt)> {
    let mut all = Vec::new();
    for at in (0..code.tokens.len()).filter(|&at| code.is(at, "try")) {
        let mut open = at + 1;
        // Resources of Java.
        if code.is_byte(open, b'(') {
            let Some(close) = code.partner(open) else {
                continue;
            };
            open = close + 1;
        }
        let Some(close) = code.partner(open).filter(|_| code.is_byte(open, b'{')) else {
            continue;
        };
        if let Some((head, body, end)) = catching(code, close + 1) {
            let value = code.language == Language::Kotlin && is_value(code, at);
            let dealt = caught(code, head, body, end, value);
            all.push((open..close, dealt));
        }
    }
    all
}

/// Whether what is tried gives a value: `val stock = try { … } catch (e: E) { 0 }`.
fn is_value(code: &Code<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |at| code.raw(at));
    matches!(before, "=" | "return")
}

/// The first clause from a token on that may take the error of a call: what it names, and its block.
pub(crate) fn catching(code: &Code<'_>, mut at: usize) -> Option<(Range<usize>, usize, usize)> {
    while code.is(at, "catch") {
        let mut open = at + 1;
        let mut head = open..open;
        if code.is_byte(open, b'(') {
            let close = code.partner(open)?;
            head = open + 1..close;
            open = close + 1;
        }
        // `when (…)` of C# takes only some.
        if code.is(open, "when") {
            open = code.partner(open + 1)? + 1;
            at = code.partner(open)? + 1;
            continue;
        }
        let close = code.partner(open)?;
        let names = head.clone().filter_map(|i| code.ident(i));
        if head.is_empty() || crate::caught::may_be_of_calls(names) {
            return Some((head, open, close));
        }
        at = close + 1;
    }
    None
}

/// What the block does that takes an error; of Kotlin it may be a value.
fn caught(code: &Code<'_>, head: Range<usize>, open: usize, close: usize, is_value: bool) -> Dealt {
    // The name of what was caught stands last, of Kotlin before its type.
    let error = match code.language {
        Language::Kotlin => head.clone().find_map(|at| code.ident(at)),
        _ => head.clone().rev().find_map(|at| code.ident(at)),
    };
    block(code, open, close, error.unwrap_or_default(), is_value)
}

/// The token behind a statement: its `;` or block, or in languages without them the line.
fn statement_end(code: &Code<'_>, from: usize, end: usize) -> usize {
    let lines = matches!(
        code.language,
        Language::JavaScript | Language::TypeScript | Language::Kotlin
    );
    let mut at = from;
    while at < end {
        if code.is_byte(at, b';') {
            return at + 1;
        }
        at = match code.raw(at) {
            "(" | "[" => code.partner(at).unwrap_or(at) + 1,
            "{" => {
                let next = code.partner(at).unwrap_or(at) + 1;
                // A block ends its statement; a value goes on.
                let value = code
                    .raw(at.saturating_sub(1))
                    .ends_with(['=', '(', ',', ':', '>']);
                if !value && !matches!(code.raw(next), ")" | "," | "." | ";" | "else") {
                    return next;
                }
                next
            }
            _ => at + 1,
        };
        let goes_on = matches!(
            code.raw(at),
            "." | "?" | ":" | "+" | "&" | "|" | "=" | "`" | ")"
        ) || at
            .checked_sub(1)
            .is_some_and(|i| matches!(code.raw(i), "." | "," | "=" | "+" | "&" | "|" | "?"));
        if lines && code.starts_line(at) && !goes_on {
            return at;
        }
    }
    end
}

fn block(code: &Code<'_>, open: usize, close: usize, error: &str, is_value: bool) -> Dealt {
    let range = open..close + 1;
    let statements = said::statements(code, open + 1..close, statement_end);
    let clause = match Clause::read(code, open + 1..close, statements, error) {
        Ok(clause) => clause,
        Err(outcome) => {
            return Dealt {
                outcome,
                ..Dealt::unread(range)
            };
        }
    };
    let handed = (open + 1..close).any(|i| {
        HANDS_ON.contains(&code.raw(i)) && code.is_byte(i + 1, b'(') && code.is(i + 2, error)
    });
    let replaced = |given: Range<usize>, range: Range<usize>| {
        // A value that is made of the error tells of it.
        let fails = |i: usize| matches!(code.raw(i), "reject" | "failure" | "fail");
        if said::tells(code, &given, error) || given.clone().any(fails) {
            return Dealt::unread(range);
        }
        let value = said::value(code, &given).unwrap_or_default();
        Dealt::with(Outcome::Fallback, value, range)
    };
    let last = clause.last.clone();
    let gone_on = Dealt::new(clause.gone_on(), range.clone());
    match (code.raw(last.start), clause.status) {
        _ if last.is_empty() => Dealt::new(Outcome::Ignored, range),
        ("throw", status) => Dealt::with(Outcome::Returned, status.unwrap_or_default(), range),
        _ if handed && !error.is_empty() => Dealt::new(Outcome::Returned, range),
        (_, Some(status)) => Dealt::with(Outcome::Returned, status, range),
        ("return", _) => {
            let end = last.end - usize::from(code.is_byte(last.end - 1, b';'));
            match (last.start + 1 < end, clause.quiet_before) {
                (true, _) => replaced(last.start + 1..end, range),
                (_, true) => gone_on,
                _ => Dealt::unread(range),
            }
        }
        _ if is_value => replaced(last, range),
        _ if clause.assigns && clause.plain => Dealt::new(Outcome::Fallback, range),
        _ if clause.plain => gone_on,
        _ => Dealt::unread(range),
    }
}

/// What stands behind a call in its chain or is handed to it and takes its error.
pub(super) fn chained(code: &Code<'_>, call: Call) -> Option<Dealt> {
    let mut end = code.partner(call.open)?;
    if let Some(dealt) = by_callback(code, call.open, end) {
        return Some(dealt);
    }
    for _ in 0..24 {
        let dot = match (code.is_byte(end + 1, b'?'), code.is_byte(end + 1, b'.')) {
            (true, _) => end + 2,
            (_, true) => end + 1,
            _ => break,
        };
        let Some(close) = code
            .partner(dot + 2)
            .filter(|_| code.is_byte(dot, b'.') && code.is_byte(dot + 2, b'('))
        else {
            break;
        };
        let open = dot + 2;
        let range = dot..close + 1;
        match code.raw(dot + 1) {
            "catch" => return Some(handler(code, open, close, range)),
            "onErrorReturn" | "onErrorResume" | "exceptionally" | "onErrorComplete" => {
                let given = code.arguments(open).pop().unwrap_or(open + 1..close);
                return Some(replaced_by(code, &given, range));
            }
            // What is done with the error stands elsewhere, or nobody waits for it.
            "handle" | "recover" | "subscribe" | "whenComplete" | "onFailure" | "getOrNull"
            | "getOrElse" | "ContinueWith" => return Some(Dealt::unread(range)),
            "then" if code.arguments(open).len() > 1 => return Some(Dealt::unread(range)),
            // `transform(it -> breaker.run(it, t -> fallback()))`
            "transform" | "transformDeferred" => {
                if let Some(dealt) = breaker_in(code, open, close) {
                    return Some(dealt);
                }
            }
            _ => {}
        }
        end = close;
    }
    None
}

/// What a function does that is handed an error: `.catch((e) => [])`, `.catch(next)`.
fn handler(code: &Code<'_>, open: usize, close: usize, range: Range<usize>) -> Dealt {
    // The arrow stands behind what the function takes; others may stand in what it does.
    let first = open + 1 + usize::from(code.is(open + 1, "async"));
    let takes = code.partner(first).filter(|_| code.is_byte(first, b'('));
    let arrow = takes.unwrap_or(first) + 1;
    if !code.is_byte(arrow, b'=') || !code.is_byte(arrow + 1, b'>') {
        return match code.raw(first) {
            name if HANDS_ON.contains(&name) => Dealt::new(Outcome::Returned, range),
            "noop" => Dealt::new(Outcome::Ignored, range),
            "console" => Dealt::new(Outcome::Logged, range),
            _ => Dealt::unread(range),
        };
    }
    let error = (first..arrow)
        .find_map(|at| code.ident(at))
        .unwrap_or_default();
    let first = arrow + 2;
    if code.is_byte(first, b'{') {
        let end = code.partner(first).unwrap_or(close);
        let dealt = block(code, first, end, error, false);
        return Dealt { at: range, ..dealt };
    }
    let given = first..close;
    match (
        said::logs(code, given.clone()),
        said::tells(code, &given, error),
    ) {
        (true, _) => Dealt::new(Outcome::Logged, range),
        (_, true) => Dealt::unread(range),
        _ => replaced_by(code, &given, range),
    }
}

/// A value, or a function that gives one, in place of an answer.
fn replaced_by(code: &Code<'_>, given: &Range<usize>, range: Range<usize>) -> Dealt {
    let arrow = given
        .clone()
        .find(|&at| matches!(code.raw(at), "-" | "=") && code.is_byte(at + 1, b'>'));
    let value = arrow.map_or(given.start, |at| at + 2)..given.end;
    let fails = value.clone().any(|at| {
        matches!(code.raw(at), "throw")
            || code.is(at, "error") && code.is_byte(at.wrapping_sub(1), b'.')
    });
    let text = said::value(code, &value).unwrap_or_default();
    match fails {
        true => {
            let status = said::status(code, value).unwrap_or_default();
            Dealt::with(Outcome::Returned, status, range)
        }
        false => Dealt::with(Outcome::Fallback, text, range),
    }
}

/// What a function that is handed to a call does with the error that it is given first:
/// `client.charge(order, (err, paid) => { … })`.
fn by_callback(code: &Code<'_>, open: usize, close: usize) -> Option<Dealt> {
    if !matches!(code.language, Language::JavaScript | Language::TypeScript) {
        return None;
    }
    // A function stands last, and ends in a bracket.
    if !matches!(code.raw(close - 1), "}" | ")") {
        return None;
    }
    let given = code.arguments(open).pop()?;
    let arrow = given
        .clone()
        .find(|&at| code.is_byte(at, b'=') && code.is_byte(at + 1, b'>'))?;
    let named = given.clone().take(3).find_map(|at| code.ident(at))?;
    let error = matches!(named, "e" | "err" | "error" | "_err").then_some(named)?;
    let mut at = arrow + 2;
    if code.is_byte(at, b'{') {
        at += 1;
    }
    // `error ? reject(error) : resolve(answer)`
    while code.is_byte(at, b'(') {
        at += 1;
    }
    if code.is(at, error) && code.is_byte(at + 1, b'?') {
        let hands = HANDS_ON.contains(&code.raw(at + 2));
        return hands.then(|| Dealt::new(Outcome::Returned, at..close));
    }
    if code.is(at, "if") && code.is_byte(at + 1, b'(') && code.is(at + 2, error) {
        let next = code.partner(at + 1).filter(|end| *end == at + 3)? + 1;
        if code.is_byte(next, b'{') {
            let end = code.partner(next)?;
            let dealt = block(code, next, end, error, false);
            return Some(Dealt {
                at: at..end + 1,
                ..dealt
            });
        }
        let word = if code.is(next, "return") {
            next + 1
        } else {
            next
        };
        let hands = HANDS_ON.contains(&code.raw(word)) || code.is(word, "throw");
        return hands.then(|| Dealt::new(Outcome::Returned, at..word + 1));
    }
    None
}

/// The fallback of a circuit breaker whose `run` stands among tokens.
fn breaker_in(code: &Code<'_>, from: usize, to: usize) -> Option<Dealt> {
    let is_breaker = (from..to).any(|at| {
        let word = code.ident(at).unwrap_or_default().to_ascii_lowercase();
        word.contains("breaker")
    });
    let open = (from..to).find(|&at| {
        code.is_byte(at, b'(') && matches!(code.raw(at - 1), "run" | "executeSupplier")
    })?;
    let [_, fallback] = code.arguments(open).try_into().ok()?;
    let close = code.partner(open)?;
    is_breaker.then(|| replaced_by(code, &fallback, open - 1..close + 1))
}

/// Whether a name is that of a circuit breaker, or given to one by its type or value.
fn is_breaker(code: &Code<'_>, name: &str) -> bool {
    let says = |word: &str| word.to_ascii_lowercase().contains("breaker");
    let named = |at: usize| code.ident(at).is_some_and(says);
    let given = |at: usize| {
        let value = (at + 2..at + BEFORE).take_while(|&i| !code.is_byte(i, b';'));
        named(at - 1) || matches!(code.raw(at + 1), "=" | ":") && { value }.any(named)
    };
    says(name) || (1..code.tokens.len()).any(|at| code.is(at, name) && given(at))
}

/// The fallback of a circuit breaker that a call is handed to: `breaker.run(() -> client.get(), t -> none())`.
pub(super) fn around(code: &Code<'_>, body: &Range<usize>, first: usize) -> Option<Dealt> {
    if !matches!(code.language, Language::Java | Language::Kotlin) {
        return None;
    }
    let mut at = first;
    for _ in 0..120 {
        at = at.checked_sub(1).filter(|at| *at >= body.start)?;
        match code.raw(at) {
            ")" | "]" | "}" => at = code.partner(at)?,
            ";" => return None,
            "(" if code.is(at.checked_sub(1)?, "run") => {
                let name = code.call_at(at)?;
                let mut words = (name.first..at).filter_map(|i| code.ident(i));
                let breaks = words.any(|word| is_breaker(code, word));
                let [_, fallback] = code.arguments(at).try_into().ok()?;
                let close = code.partner(at)?;
                let outside = !fallback.contains(&first);
                return (breaks && outside)
                    .then(|| replaced_by(code, &fallback, at - 1..close + 1));
            }
            _ => {}
        }
    }
    None
}

/// Bodies of methods whose annotation names what is called in place of them:
/// `@CircuitBreaker(name = "stock", fallbackMethod = "none")`.
pub(super) fn replaced(code: &Code<'_>) -> Vec<(usize, Dealt)> {
    let mut all = Vec::new();
    for note in code.annotations() {
        let below = body_below(code, note.next);
        // Nobody waits for it.
        if note.name.ends_with("Async")
            && let Some(body) = below
        {
            all.push((body + 1, Dealt::unread(note.next - 1..note.next)));
        }
        let Some(open) = note.open else { continue };
        let named = code.named_argument(open, "fallbackMethod");
        let Some(named) = named.and_then(|range| code.string(range.start)) else {
            continue;
        };
        let close = code.partner(open).unwrap_or(open);
        if let Some(body) = below {
            let dealt = Dealt::with(Outcome::Fallback, format!("{named}()"), open - 1..close + 1);
            all.push((body + 1, dealt));
        }
    }
    all
}

/// The bracket of the body of what is declared from a token on; what has none ends before.
fn body_below(code: &Code<'_>, mut at: usize) -> Option<usize> {
    while at < code.tokens.len() {
        at = match code.raw(at) {
            "(" | "[" => code.partner(at)? + 1,
            "{" => return Some(at),
            ";" | "}" | "=" => return None,
            _ => at + 1,
        };
    }
    None
}

/// What is waited for and not caught leaves the function, in languages where other calls do not.
pub(super) fn awaited(code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
    if matches!(code.language, Language::JavaScript | Language::TypeScript) {
        return waits(code, body, call).filter(|_| !is_left(code, call.first));
    }
    // Elsewhere what nobody waits for loses its error.
    let task = code.language == Language::CSharp && code.raw(call.open - 1).ends_with("Async");
    let lost = task && waits(code, body, call).is_none();
    lost.then(|| Dealt::unread(call.first..call.open + 1))
}

/// Whether what a function without a name of JavaScript waits for is waited for by nobody else:
/// `orders.forEach(async (order) => { … })`.
fn is_left(code: &Code<'_>, at: usize) -> bool {
    let Some((params, _)) = crate::conditions::function_around(code, at) else {
        return false;
    };
    let mut before = params.saturating_sub(1);
    if code.is(before, "async") {
        before = before.saturating_sub(1);
    }
    let name = before.checked_sub(1).map_or("", |at| code.raw(at));
    code.is_byte(before, b'(')
        && matches!(
            name,
            "forEach" | "setTimeout" | "setInterval" | "on" | "subscribe"
        )
}

/// What functions without a name hold in Java and C#, and the blocks that Kotlin hands over: what fails there fails
/// for whoever runs them.
pub(super) fn lambdas(code: &Code<'_>) -> Vec<Range<usize>> {
    let mark = match code.language {
        Language::Java | Language::Kotlin => b'-',
        Language::CSharp => b'=',
        _ => return Vec::new(),
    };
    let mut all = Vec::new();
    for at in 1..code.tokens.len() {
        if code.is_byte(at, b'>') && code.is_byte(at - 1, mark) {
            let mut end = at + 1;
            while end < code.tokens.len() && !matches!(code.raw(end), ")" | "]" | "}" | "," | ";") {
                end = match code.raw(end) {
                    "(" | "[" | "{" => code.partner(end).unwrap_or(end) + 1,
                    _ => end + 1,
                };
            }
            all.push(at + 1..end);
        } else if code.language == Language::Kotlin
            && code.is_byte(at, b'{')
            && code.ident(at - 1).is_some()
            && !matches!(code.raw(at - 1), "else" | "try" | "finally" | "do")
            && let Some(close) = code.partner(at)
        {
            all.push(at..close);
        }
    }
    all
}

fn waits(code: &Code<'_>, body: &Range<usize>, call: Call) -> Option<Dealt> {
    let close = code.partner(call.open)?;
    let from = call.first.saturating_sub(BEFORE).max(body.start);
    let mut at = call.first;
    while at > from {
        // What a statement before waits for is another call.
        let goes_on = matches!(code.raw(at), "." | "?" | ":" | "&" | "|")
            || matches!(
                code.raw(at - 1),
                "(" | "["
                    | ","
                    | "="
                    | "."
                    | "&"
                    | "|"
                    | "?"
                    | ":"
                    | ">"
                    | "+"
                    | "await"
                    | "return"
            );
        if code.starts_line(at) && !goes_on {
            return None;
        }
        at -= 1;
        match code.raw(at) {
            "await" | "return" => {
                return Some(Dealt::new(Outcome::Returned, at..close + 1));
            }
            ")" | "]" | "}" => at = code.partner(at)?,
            // Where all are waited for whatever becomes of them, none fails.
            ";" | "{" | "allSettled" => return None,
            // An arrow without a block gives back what it calls.
            ">" if code.is_byte(at.wrapping_sub(1), b'=') => {
                return (at + 1 == call.first)
                    .then(|| Dealt::new(Outcome::Returned, at + 1..close + 1));
            }
            _ => {}
        }
    }
    None
}
