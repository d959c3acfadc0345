//! Errors that are raised, in languages whose blocks are lines further in: Python and Ruby.

use super::Dealt;
use super::said::{self, Clause};
use groundplan_model::Outcome;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

/// The blocks that are tried, with what the first clause does that may take the error of a call.
pub(super) fn tries(code: &Code<'_>) -> Vec<(Range<usize>, Dealt)> {
    let python = code.language == Language::Python;
    let (word, clause) = match python {
        true => ("try", "except"),
        false => ("begin", "rescue"),
    };
    let drops = python && code.text.contains("suppress(");
    if !code.text.contains(clause) && !drops {
        return Vec::new();
    }
    let starts: Vec<usize> = (0..code.tokens.len())
        .filter(|&at| code.starts_line(at))
        .collect();
    let mut all = Vec::new();
    for (index, &at) in starts.iter().enumerate() {
        // `with suppress(Exception):`
        if drops
            && code.is(at, "with")
            && let Some(word) = (at..at + 5).find(|&next| code.is(next, "suppress"))
        {
            let close = code.partner(word + 1).unwrap_or(word);
            if !crate::caught::may_be_of_calls((word + 2..close).filter_map(|i| code.ident(i))) {
                continue;
            }
            let column = code.column(at);
            let later = starts.get(index + 1..).unwrap_or_default().iter();
            let end = later.copied().find(|&next| code.column(next) <= column);
            let head = at..at + 2;
            all.push((
                at + 1..end.unwrap_or(code.tokens.len()),
                Dealt::new(Outcome::Ignored, head),
            ));
            continue;
        }
        let opens = code.is(at, word) || !python && code.is(at, "def");
        if !opens || python && !code.is_byte(at + 1, b':') {
            continue;
        }
        for (first, from, body, to) in clauses(code, &starts, index, clause) {
            let names = (from + 1..body)
                .take_while(|&next| !matches!(code.raw(next), "as" | ":"))
                .filter_map(|next| code.ident(next));
            if crate::caught::may_be_of_calls(names) {
                all.push((at + 1..first, block(code, from, body, to)));
                break;
            }
        }
    }
    all
}

/// The clauses behind the block that begins at one of the lines: the first of them, where each begins, where its body
/// does, and where it ends.
fn clauses(
    code: &Code<'_>,
    starts: &[usize],
    index: usize,
    clause: &str,
) -> Vec<(usize, usize, usize, usize)> {
    let column = code.column(starts.get(index).copied().unwrap_or_default());
    let lines = starts.get(index + 1..).unwrap_or_default();
    let mut heads = lines.iter().filter(|&&next| code.column(next) <= column);
    let Some(&first) = heads.next().filter(|&&next| code.is(next, clause)) else {
        return Vec::new();
    };
    // The lines at the same column: each clause ends where the next begins.
    let mut bounds = vec![first];
    bounds.extend(heads.copied().take(4));
    bounds.push(code.tokens.len());
    let mut all = Vec::new();
    for pair in bounds.windows(2) {
        let [from, to] = *pair else { continue };
        if !code.is(from, clause) {
            break;
        }
        let line = code.line(from);
        let body = (from..to).find(|&next| code.line(next) > line);
        all.push((first, from, body.unwrap_or(to), to));
    }
    all
}

/// The blocks of Python that are tried where the first clause that takes one of some exceptions does not let it pass:
/// it raises neither it nor what it is called there again.
pub(crate) fn swallowing(code: &Code<'_>, takes: fn(&str) -> bool) -> Vec<Range<usize>> {
    if !code.text.contains("except") {
        return Vec::new();
    }
    let starts: Vec<usize> = (0..code.tokens.len())
        .filter(|&at| code.starts_line(at))
        .collect();
    let mut all = Vec::new();
    for (index, &at) in starts.iter().enumerate() {
        if !code.is(at, "try") || !code.is_byte(at + 1, b':') {
            continue;
        }
        for (first, from, body, to) in clauses(code, &starts, index, "except") {
            let head = || (from + 1..body).take_while(|&next| !code.is_byte(next, b':'));
            let mut names = head()
                .take_while(|&next| !code.is(next, "as"))
                .filter_map(|next| code.ident(next))
                .peekable();
            if names.peek().is_some() && !names.any(takes) {
                continue;
            }
            let own = head()
                .find(|&next| code.is(next, "as"))
                .map(|next| code.raw(next + 1));
            let passes = (from..to)
                .filter(|&next| code.is(next, "raise"))
                .any(|next| {
                    let ends = |at: usize| at >= to || code.starts_line(at);
                    ends(next + 1)
                        || own.is_some_and(|own| code.is(next + 1, own)) && ends(next + 2)
                });
            if !passes {
                all.push(at + 1..first);
            }
            break;
        }
    }
    all
}

/// What is handed to something that runs it apart loses its error there: `asyncio.create_task(load())`.
pub(super) fn apart(code: &Code<'_>, call: Call) -> Option<Dealt> {
    let open = call.first.checked_sub(1)?;
    let name = open.checked_sub(1).map_or("", |at| code.raw(at));
    let runs = matches!(
        name,
        "add_task" | "create_task" | "ensure_future" | "run_in_executor" | "submit"
    );
    let gathers = name == "gather" && code.text.contains("return_exceptions=True");
    (code.is_byte(open, b'(') && (runs || gathers))
        .then(|| Dealt::unread(call.first..call.open + 1))
}

/// What a clause does whose body has these tokens.
fn block(code: &Code<'_>, head: usize, from: usize, to: usize) -> Dealt {
    let range = head..to.max(head + 1);
    if from >= to {
        return Dealt::unread(range);
    }
    let column = code.column(from);
    let starts: Vec<usize> = (from..to)
        .filter(|&at| code.starts_line(at) && code.column(at) <= column)
        .filter(|&at| !matches!(code.raw(at), ")" | "]" | "}"))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([to]);
    let statements = starts.iter().zip(ends).map(|(&at, end)| at..end);
    // `except Exception as e:`, `rescue Timeout::Error => e`
    let behind = |at: &usize| code.is(*at, "as") || code.is_byte(*at, b'>');
    let error = (head..from).find(behind).and_then(|at| code.ident(at + 1));
    let error = error.unwrap_or_default();
    let clause = match Clause::read(code, from..to, statements, error) {
        Ok(clause) => clause,
        Err(outcome) => {
            return Dealt {
                outcome,
                ..Dealt::unread(range)
            };
        }
    };
    let last = clause.last.clone();
    let gone_on = Dealt::new(clause.gone_on(), range.clone());
    let aborts = code.is(last.start, "abort")
        || code.is(last.start + 2, "abort") && code.is_byte(last.start + 1, b'.');
    match (code.raw(last.start), clause.status) {
        ("raise", status) => Dealt::with(Outcome::Returned, status.unwrap_or_default(), range),
        (_, status) if aborts => Dealt::with(Outcome::Returned, status.unwrap_or_default(), range),
        ("return", Some(status)) => Dealt::with(Outcome::Returned, status, range),
        ("return", _) => {
            let given = last.start + 1..last.end;
            match given.is_empty() {
                true if clause.quiet_before => gone_on,
                // A value that is made of the error tells of it.
                false if !said::tells(code, &given, error) => {
                    let value = said::value(code, &given).unwrap_or_default();
                    Dealt::with(Outcome::Fallback, value, range)
                }
                _ => Dealt::unread(range),
            }
        }
        (_, Some(_)) => Dealt::unread(range),
        _ if clause.assigns && clause.plain => Dealt::new(Outcome::Fallback, range),
        _ if clause.plain => gone_on,
        _ => Dealt::unread(range),
    }
}
