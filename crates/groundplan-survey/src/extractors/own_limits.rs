//! Rate limits that a repository writes itself.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "own-limits",
    docs: "\
### What it finds
Types and functions of the code whose names say that they limit rates, in any language: the first of
each file.

### What it does not find
Which calls they guard, and how much they allow.
",
    reads: &[Reads::Own(&[
        Language::C,
        Language::Cpp,
        Language::CSharp,
        Language::Elixir,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Php,
        Language::Python,
        Language::Ruby,
        Language::Rust,
        Language::Scala,
        Language::Swift,
        Language::TypeScript,
    ])],
    markers: &[
        "rate_limit",
        "RateLimit",
        "rateLimit",
        "Throttl",
        "throttl",
        "TokenBucket",
        "LeakyBucket",
        "token_bucket",
        "leaky_bucket",
    ],
    run: extract,
};

/// Words after which a declaration has its name.
const DECLARES: [&str; 12] = [
    "class",
    "struct",
    "fn",
    "func",
    "def",
    "function",
    "interface",
    "trait",
    "enum",
    "module",
    "object",
    "defmodule",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.is_test() || paths::is_generated(file.path, file.text) {
        return;
    }
    for (line, text) in (1_u32..).zip(file.text.lines()) {
        let Some(name) = declared(text).filter(|name| limits(name)) else {
            continue;
        };
        let mark = Mark {
            topic: Topic::RateLimit,
            name: name.to_owned(),
            // It may hold back callers, or what the program itself asks others for.
            detail: Some("declared in code of its own".to_owned()),
        };
        acc.add(file, line, line, Claim::Mark(mark));
        return;
    }
}

/// The name that a line declares, if it begins with a declaration.
fn declared(line: &str) -> Option<&str> {
    // What is commented out begins with a mark.
    let mut words = line.split_whitespace().take(6);
    if words.clone().next()?.starts_with(['/', '*', '#', '"']) {
        return None;
    }
    words.find(|w| DECLARES.contains(w))?;
    let name = words.next()?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
    name.get(..end.unwrap_or(name.len()))
        .filter(|n| !n.is_empty())
}

/// Whether a name speaks of a limiter, not of what happens to those who are limited by others or of
/// its settings, and not of what is taken out of it.
fn limits(name: &str) -> bool {
    let lower: String = name
        .chars()
        .filter(|c| *c != '_')
        .map(|c| c.to_ascii_lowercase())
        .collect();
    // What slows down other work than that of callers limits no rate of requests.
    const CALLERS: [&str; 10] = [
        "api", "call", "client", "http", "ip", "login", "rate", "request", "signin", "user",
    ];
    // A name that ends otherwise, or that reads and writes something, may speak of the limits of
    // others: a tool that looks for `rate_limits` in manifests limits nobody.
    const LIMITERS: [&str; 12] = [
        "aspect",
        "attribute",
        "bucket",
        "check",
        "enforce",
        "filter",
        "guard",
        "interceptor",
        "layer",
        "limiter",
        "middleware",
        "policy",
    ];
    const READS: [&str; 10] = [
        "describe", "find", "format", "get", "list", "parse", "read", "render", "set", "show",
    ];
    let reads = READS.iter().any(|word| lower.starts_with(word));
    let own = lower.contains("ratelimit")
        && (lower.ends_with("ratelimit") || LIMITERS.iter().any(|word| lower.contains(word)))
        && !reads;
    // The algorithms by which rates are limited, also those of bytes and of one's own calls.
    let bucket = (lower.ends_with("tokenbucket") || lower.ends_with("leakybucket")) && !reads;
    let slows = bucket || lower.contains("throttler");
    let speaks = own || slows && CALLERS.iter().any(|word| lower.contains(word));
    let aside = [
        "error",
        "exception",
        "exceeded",
        "config",
        "settings",
        "options",
        "form",
        "dto",
        "test",
        "category",
        "command",
        "cost",
        "disable",
        "dummy",
        "enum",
        "exempt",
        "bypass",
        "skip",
        "unlimited",
        "without",
        "mock",
        "fake",
        "response",
        "reset",
        "remaining",
        "retry",
    ];
    speaks && !aside.iter().any(|w| lower.contains(w))
}
