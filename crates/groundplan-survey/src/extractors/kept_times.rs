//! How long something is kept, by constants of code.

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::secrets::words_of;
use crate::source::SourceFile;
use groundplan_model::{KEPT_FOR, Topic};
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "kept-times",
    docs: "\
### What it finds
Constants whose names say that they hold how long data is kept and whose values are written there:
`const DEFAULT_KEEP_PERIOD = 365`, `DefaultAttachmentExpiryDuration = 3 * time.Hour`,
`RETENTION = timedelta(days=30)`.

### What it does not find
Lives of tokens, sessions, links and cached copies, and times that are read from elsewhere.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Php,
        Language::Python,
        Language::Ruby,
        Language::Rust,
        Language::TypeScript,
    ])],
    markers: &[
        "etention", "ETENTION", "eep", "EEP", "xpir", "XPIR", "rune", "RUNE", "urge", "URGE",
        "elete", "ELETE",
    ],
    run: extract,
};

/// Constants of one file at most.
const MOST: usize = 8;

/// Tokens of a value at most.
const VALUE: usize = 14;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // What such files keep is what lets somebody in.
    let lower = file.path.to_ascii_lowercase();
    let name = crate::paths::split_name(&lower).map_or(lower.as_str(), |(_, name)| name);
    let of_login = ["auth", "jwt", "login", "token"]
        .iter()
        .any(|word| name.contains(word));
    let of_page = [".tsx", ".jsx"].iter().any(|end| lower.ends_with(end));
    if scan::part(file) != Part::Own
        || file.is_test()
        || scan::is_test(file.path)
        || of_login
        || of_page
    {
        return;
    }
    let code = file.code();
    let mut told: Vec<&str> = Vec::new();
    for at in 0..code.tokens.len() {
        let Some(name) = code.ident(at).filter(|name| speaks(name)) else {
            continue;
        };
        let Some(value) = value(code, at) else {
            continue;
        };
        if told.contains(&name) || told.len() >= MOST || inside(code, at) {
            continue;
        }
        told.push(name);
        let detail = Some(format!("{name}\n{value}"));
        scan::mark(acc, file, code.line(at), Topic::Stated, KEPT_FOR, detail);
    }
}

/// Whether a token stands in a function.
fn inside(code: &Code<'_>, at: usize) -> bool {
    match code.language {
        Language::Go | Language::Python | Language::Ruby => {
            let mut around = code.function_at(at);
            while let Some(one) = around.and_then(|index| code.functions().get(index)) {
                if !one.class {
                    return true;
                }
                around = one.parent;
            }
            false
        }
        _ => conditions::in_function(code, at),
    }
}

/// Whether a name says that it holds how long data is kept.
fn speaks(name: &str) -> bool {
    // The life of what lets somebody in, of copies and of connections is none, nor is how often one looks.
    const NOT: [&str; 56] = [
        "access",
        "activation",
        "challenge",
        "factor",
        "flow",
        "mfa",
        "nonce",
        "oauth",
        "state",
        "confirmation",
        "email",
        "ip",
        "mail",
        "alive",
        "auth",
        "beat",
        "cache",
        "cached",
        "cert",
        "certificate",
        "check",
        "code",
        "cookie",
        "count",
        "cron",
        "delay",
        "dns",
        "every",
        "frequency",
        "header",
        "idle",
        "interval",
        "invite",
        "jwt",
        "key",
        "lease",
        "limit",
        "link",
        "lock",
        "login",
        "otp",
        "password",
        "presence",
        "refresh",
        "request",
        "reset",
        "retry",
        "session",
        "sessions",
        "size",
        "timeout",
        "token",
        "tokens",
        "url",
        "verification",
        "warning",
    ];
    const TIMES: [&str; 12] = [
        "after", "age", "days", "day", "duration", "hours", "minutes", "months", "period", "time",
        "ttl", "weeks",
    ];
    let words = words_of(name);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    if words.len() < 2 && !has(&["retention"]) || has(&NOT) {
        return false;
    }
    let kept = has(&["keep", "kept", "expire", "expires", "expiry", "expiration"]);
    let removed =
        has(&["delete", "deleted", "prune", "purge", "hard"]) && has(&["after", "age", "days"]);
    has(&["retention"]) || kept && has(&TIMES) || removed
}

/// A length of time that stands behind a name: `= 12 * time.Hour`, `: number = 365`.
fn value(code: &Code<'_>, at: usize) -> Option<String> {
    let mut from = at + 1;
    // The type: `: number =`, `time.Duration =`.
    for _ in 0..4 {
        if code.is(from, "=") {
            break;
        }
        let typed = code.is(from, ":") || code.is(from, ".") || code.ident(from).is_some();
        if !typed {
            return None;
        }
        from += 1;
    }
    if !code.is(from, "=") || code.is(from + 1, "=") || code.is(from + 1, ">") {
        return None;
    }
    let line = code.line(from);
    let first = from + 1;
    let end = (first..code.tokens.len())
        .find(|&i| code.line(i) > line || matches!(code.raw(i), ";" | ","))
        .unwrap_or(code.tokens.len());
    if end <= first || end - first > VALUE {
        return None;
    }
    const UNITS: [&str; 24] = [
        "time",
        "Hour",
        "Minute",
        "Second",
        "Duration",
        "from_secs",
        "from_hours",
        "from_days",
        "hours",
        "days",
        "weeks",
        "minutes",
        "seconds",
        "day",
        "month",
        "months",
        "year",
        "timedelta",
        "datetime",
        "TimeSpan",
        "FromDays",
        "FromHours",
        "ofDays",
        "ofHours",
    ];
    let mut digits = false;
    for index in first..end {
        let raw = code.raw(index);
        let number = raw.bytes().next().is_some_and(|b| b.is_ascii_digit());
        digits |= number;
        let sign = matches!(raw, "*" | "(" | ")" | "." | "=" | ":" | "::");
        let known = number || sign || UNITS.contains(&raw);
        if !known {
            return None;
        }
    }
    let start = code.tokens.get(first)?.start as usize;
    let stop = code.tokens.get(end.checked_sub(1)?)?.end as usize;
    let text = code
        .text
        .get(start..stop)?
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    // Nothing is kept for `0`: that is a switch.
    (digits && text != "0" && text != "1").then_some(text)
}

#[cfg(test)]
mod tests {
    use super::speaks;

    #[test]
    fn names_say_how_long_data_is_kept() {
        for name in [
            "DEFAULT_KEEP_PERIOD",
            "DefaultAttachmentExpiryDuration",
            "DefaultWebPushExpiryDuration",
            "RETENTION_DAYS",
            "userHardDeleteAfterDuration",
            "logRetention",
            "PURGE_AFTER_DAYS",
        ] {
            assert!(speaks(name), "{name}");
        }
        for name in [
            "KEEP_ALIVE_PERIOD",
            "tokenExpiryDuration",
            "sessionExpiryHours",
            "cacheExpiryDuration",
            "deleteUser",
            "EXPIRED",
            "keepDays_check_interval",
            "bookkeeping",
        ] {
            assert!(!speaks(name), "{name}");
        }
    }
}
