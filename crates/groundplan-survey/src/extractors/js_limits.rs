//! Limits that a program of JavaScript sets for all that it does: the time that all calls of a client may take,
//! token buckets, and answers that a middleware keeps.

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{FOR_ALL_CALLS, Topic};
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-limits",
    docs: "\
### What it finds
`axios.defaults.timeout = …`, which holds for all calls through axios; token buckets of the package `limiter`
with what they let through (`tokensPerInterval`, `interval`); and caches that stand between the path and the
handler of a route, with how long they keep an answer: `router.get(path, cache('5 minutes'), handler)` of
apicache and of copies of it.

### What it does not find
Times that are computed, and which route a cache stands at.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["axios.defaults", "tokensPerInterval", "apicache"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own
        || file.is_test()
        || file.path.split('/').any(|part| part == "apicache")
    {
        return;
    }
    let code = file.code();
    defaults(acc, file, code);
    buckets(acc, file, code);
    if file.text.contains("apicache") {
        kept_answers(acc, file, code);
    }
}

/// `axios.defaults.timeout = 300 * 1000`.
fn defaults(acc: &mut FileFacts, file: &SourceFile<'_>, code: &Code<'_>) {
    for at in 4..code.tokens.len() {
        let set = code.is(at, "timeout")
            && code.is(at - 1, ".")
            && code.is(at - 2, "defaults")
            && code.is(at - 4, "axios")
            && code.is(at + 1, "=");
        if !set || conditions::is_under_one(file, at) {
            continue;
        }
        let line = code.line(at);
        let end = (at + 2..code.tokens.len())
            .find(|&i| code.is(i, ";") || code.line(i) > line)
            .unwrap_or(code.tokens.len());
        let number = |i: usize| {
            code.raw(i) == "*" || code.raw(i).bytes().all(|b| b.is_ascii_digit() || b == b'_')
        };
        if end == at + 2 || !(at + 2..end).all(number) {
            continue;
        }
        let value: Vec<&str> = (at + 2..end).map(|i| code.raw(i)).collect();
        let name = format!("axios{FOR_ALL_CALLS}");
        scan::mark(acc, file, line, Topic::Timeout, name, Some(value.join(" ")));
        return;
    }
}

/// `const loginRateLimiter = new RateLimiter({ tokensPerInterval: 20, interval: "minute" })`.
fn buckets(acc: &mut FileFacts, file: &SourceFile<'_>, code: &Code<'_>) {
    let values = Values::new(file);
    for at in 3..code.tokens.len() {
        if !code.is(at, "tokensPerInterval") || !code.is(at + 1, ":") {
            continue;
        }
        let Some(open) = (at.saturating_sub(24)..at)
            .rev()
            .find(|&i| code.is_byte(i, b'{'))
        else {
            continue;
        };
        let limit = values
            .property(open, "tokensPerInterval")
            .and_then(|r| values.fold(r));
        let interval = values
            .property(open, "interval")
            .and_then(|r| values.fold(r));
        let Some(limit) = limit.filter(|l| l.bytes().all(|b| b.is_ascii_digit())) else {
            continue;
        };
        // The name of what is made: `const login = new RateLimiter({`.
        let head = (open.saturating_sub(8)..open).rev();
        let made = head.clone().find(|&i| code.is(i, "new")).and_then(|i| {
            let equals = i
                .checked_sub(1)
                .filter(|&e| code.is(e, "=") || code.is(e, ":"))?;
            code.ident(equals.checked_sub(1)?)
        });
        let Some(name) = made else { continue };
        let detail = match interval {
            Some(interval) if interval.bytes().all(|b| b.is_ascii_digit()) => {
                format!("{limit} in {interval} ms")
            }
            Some(interval) => format!("{limit} per {interval}"),
            None => limit,
        };
        scan::mark(
            acc,
            file,
            code.line(at),
            Topic::RateLimit,
            name,
            Some(detail),
        );
    }
}

/// How long the answers of routes are kept, of all routes of the file.
fn kept_answers(acc: &mut FileFacts, file: &SourceFile<'_>, code: &Code<'_>) {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for at in 1..code.tokens.len() {
        // `let cache = apicache.middleware;`
        if code.is(at, "middleware") && at >= 4 && code.is(at - 1, ".") && code.is(at - 3, "=") {
            names.extend(code.ident(at - 4));
        }
    }
    let mut times: BTreeSet<(u64, String)> = BTreeSet::new();
    let mut first = None;
    for call in code.calls() {
        let callee = code.raw(call.open - 1);
        let own =
            names.contains(callee) || callee == "middleware" && code.is(call.first, "apicache");
        let Some(time) = code.string(call.open + 1).filter(|_| own) else {
            continue;
        };
        let Some((n, unit)) = time.split_once(' ') else {
            continue;
        };
        const UNITS: [(&str, u64); 5] = [
            ("second", 1),
            ("minute", 60),
            ("hour", 3600),
            ("day", 86_400),
            ("week", 604_800),
        ];
        let seconds = UNITS
            .iter()
            .find(|(word, _)| unit.trim_end_matches('s') == *word);
        if let (Ok(n), Some((word, seconds))) = (n.parse::<u64>(), seconds) {
            let plural = if n == 1 { "" } else { "s" };
            times.insert((n.saturating_mul(*seconds), format!("{n} {word}{plural}")));
            first.get_or_insert(call.line);
        }
    }
    let Some(line) = first else { return };
    let all: Vec<String> = times.into_iter().map(|(_, time)| time).collect();
    let detail = match all.as_slice() {
        [only] => only.clone(),
        [first, .., last] => format!("{first} to {last}, by route"),
        [] => return,
    };
    scan::mark(acc, file, line, Topic::CacheUse, "apicache", Some(detail));
}
