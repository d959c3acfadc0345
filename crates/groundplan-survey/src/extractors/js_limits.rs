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
        // Numbers with `*` between them, none of which is 0: that sets no limit.
        let number = |i: usize| {
            let raw = code.raw(i);
            raw.bytes().all(|b| b.is_ascii_digit() || b == b'_') && raw != "0"
        };
        let product = |i: usize| match (i - at) % 2 {
            0 => number(i),
            _ => code.is(i, "*"),
        };
        let whole = (end - at) % 2 == 1 && (code.is(end, ";") || !goes_on(code, end));
        if !whole || !(at + 2..end).all(product) {
            continue;
        }
        let value: Vec<&str> = (at + 2..end).map(|i| code.raw(i)).collect();
        let name = format!("axios{FOR_ALL_CALLS}");
        let detail = Some(format!("{} ms", value.join(" ")));
        scan::mark(acc, file, line, Topic::Timeout, name, detail);
        return;
    }
}

/// Whether a token goes on with the expression of the line before it.
fn goes_on(code: &Code<'_>, at: usize) -> bool {
    matches!(
        code.raw(at),
        "*" | "/" | "+" | "-" | "%" | "?" | "|" | "&" | "."
    )
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
        let mut head = head.take_while(|&i| !code.is(i, ";"));
        let made = head.find(|&i| code.is(i, "new")).and_then(|i| {
            let equals = i
                .checked_sub(1)
                .filter(|&e| code.is(e, "=") || code.is(e, ":"))?;
            code.ident(equals.checked_sub(1)?)
        });
        let (Some(name), Some(interval)) = (made, interval) else {
            continue;
        };
        // What waits for its turn limits what the program asks of others; a limit for those who ask it refuses
        // (<https://www.npmjs.com/package/limiter>).
        let refuses = values.property(open, "fireImmediately");
        let refuses = refuses.is_some_and(|r| r.len() == 1 && code.is(r.start, "true"))
            || file.text.contains(&format!("{name}.tryRemoveTokens("));
        if !refuses {
            continue;
        }
        let detail = match interval.bytes().all(|b| b.is_ascii_digit()) {
            true => format!("{limit} in {interval} ms"),
            false => format!("{limit} per {interval}"),
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
        if !own {
            continue;
        }
        // Of a range all ends have to be known.
        let time = code.string(call.open + 1);
        let Some((n, unit)) = time.and_then(|time| time.split_once(' ')) else {
            return;
        };
        let (Ok(n), Some(seconds)) = (n.parse::<u64>(), scan::seconds(unit)) else {
            return;
        };
        let word = unit.trim_end_matches('s');
        times.insert((n.saturating_mul(seconds), scan::many(&n.to_string(), word)));
        first.get_or_insert(call.line);
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
