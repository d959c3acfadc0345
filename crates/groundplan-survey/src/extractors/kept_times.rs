//! How long something is kept, by constants of code.

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::secrets::words_of;
use crate::source::SourceFile;
use groundplan_model::{DELETED_AFTER, EXPIRED, KEPT_FOR, Topic};
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "kept-times",
    docs: "\
### What it finds
Constants whose names say that they hold how long data is kept and whose values are written there:
`const DEFAULT_KEEP_PERIOD = 365`, `DefaultAttachmentExpiryDuration = 3 * time.Hour`,
`RETENTION = timedelta(days=30)`. Setters that are given a number of seconds, minutes, hours or days
(`setMessageRetentionDuration(Duration.ofDays(7))`), and annotations of Spring Data by which documents of MongoDB go
(`@Indexed(expireAfterSeconds = 0)`).

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
        "etention",
        "ETENTION",
        "eep",
        "EEP",
        "xpir",
        "XPIR",
        "rune",
        "RUNE",
        "urge",
        "URGE",
        "elete",
        "ELETE",
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
        let Some(name) = code.ident(at) else {
            continue;
        };
        if let Some(detail) = index(code, at, name) {
            let line = code.line(at);
            scan::mark(acc, file, line, Topic::Stated, DELETED_AFTER, Some(detail));
            continue;
        }
        if told.len() < MOST
            && !told.contains(&name)
            && let Some(value) = set_time(code, at, name)
        {
            told.push(name);
            let detail = Some(format!("{name}\n{value}"));
            scan::mark(acc, file, code.line(at), Topic::Stated, KEPT_FOR, detail);
            continue;
        }
        // Few words are given something: the others need not be taken apart.
        let given = code.is(at + 1, "=")
            || code.is(at + 1, ":")
            || code.language == Language::Go && code.ident(at + 1).is_some();
        if !given || !speaks(name) {
            continue;
        }
        let Some(value) = value(code, at, name) else {
            continue;
        };
        if told.contains(&name)
            || told.len() >= MOST
            || conditions::is_inside(code, at)
            || !is_constant(code, at, name)
        {
            continue;
        }
        told.push(name);
        let detail = Some(format!("{name}\n{value}"));
        scan::mark(acc, file, code.line(at), Topic::Stated, KEPT_FOR, detail);
    }
}

/// The time that a setter called after retention is given: `600 seconds` of
/// `setMessageRetentionDuration(Duration.newBuilder().setSeconds(600).build())`.
fn set_time(code: &Code<'_>, at: usize, name: &str) -> Option<String> {
    const UNITS: [&str; 4] = ["seconds", "minutes", "hours", "days"];
    let setter = name.starts_with("set") && name.contains("Retention") && code.is(at + 1, "(");
    let close = code.partner(at + 1).filter(|_| setter)?;
    (at + 2..close).find_map(|i| {
        let called = code.ident(i).filter(|_| code.is(i + 1, "("))?;
        let called = called.trim_start_matches("set").trim_start_matches("of");
        let unit = UNITS
            .iter()
            .find(|unit| unit.eq_ignore_ascii_case(called))?;
        let number = code.raw(i + 2).trim_end_matches(['L', 'l']);
        let sound = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        (sound && code.is(i + 3, ")")).then(|| format!("{number} {unit}"))
    })
}

/// The class whose documents go by an index of MongoDB, and when
/// (<https://www.mongodb.com/docs/manual/core/index-ttl/>).
fn index(code: &Code<'_>, at: usize, name: &str) -> Option<String> {
    if name != "expireAfterSeconds" || !code.is(at + 1, "=") {
        return None;
    }
    let open = scan::open_around(code, at)?;
    if !code.raw(open.checked_sub(1)?).ends_with("Indexed") {
        return None;
    }
    let class = (1..open)
        .rev()
        .find(|&i| code.is(i - 1, "class") && code.ident(i).is_some());
    let class = code.raw(class?);
    match code.raw(at + 2) {
        // The time stands in the field.
        "0" => Some(format!("{class}\n{EXPIRED}")),
        n if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{class}\n{n} seconds"))
        }
        _ => None,
    }
}

/// Whether a name is declared where it stands: it is no parameter, no argument, no local of a script and no
/// member of an enumeration.
fn is_constant(code: &Code<'_>, at: usize, name: &str) -> bool {
    let line = code.line(at);
    let mut first = at;
    while first > 0 && code.line(first - 1) == line {
        first -= 1;
    }
    let begins = match code.language {
        Language::Python => first == at,
        Language::Ruby => first == at && !name.bytes().any(|b| b.is_ascii_lowercase()),
        Language::Go => {
            first == at || first + 1 == at && matches!(code.raw(first), "const" | "var")
        }
        // `export const`, `private static final Duration`, `pub(crate) const`.
        _ => (first..at).all(|i| {
            let rust = code.language == Language::Rust && matches!(code.raw(i), "(" | ")");
            rust || code.ident(i).is_some()
                || matches!(code.raw(i), "." | "<" | ">" | "?" | "$" | "#")
        }),
    };
    begins && !is_listed(code, at)
}

/// Whether a token stands among arguments, or among the members of an enumeration.
fn is_listed(code: &Code<'_>, at: usize) -> bool {
    let class = code.function_at(at).and_then(|i| code.functions().get(i));
    if let Some(class) = class.filter(|one| one.class) {
        let mut head = class.at..class.body.start;
        if head.any(|i| (code.ident(i)).is_some_and(|n| n.contains("Enum") || n.contains("Flag"))) {
            return true;
        }
    }
    let mut open = at;
    while open > 0 {
        open -= 1;
        match code.raw(open) {
            "}" | ")" | "]" => open = code.partner(open).unwrap_or(open),
            // `const (` of Go.
            "(" => {
                let before = open.checked_sub(1).map_or("", |i| code.raw(i));
                return !(code.language == Language::Go && matches!(before, "const" | "var"));
            }
            "[" => return true,
            "{" => {
                let head = (open.saturating_sub(HEAD)..open).rev();
                let mut head = head.take_while(|&i| !matches!(code.raw(i), ";" | "{" | "}"));
                // `const { keepDays = 30 } = options` has what holds where nothing is given.
                let taken = code.partner(open).is_some_and(|end| code.is(end + 1, "="));
                return taken || head.any(|i| code.is(i, "enum"));
            }
            _ => {}
        }
    }
    false
}

/// Tokens in the head of a type at most.
const HEAD: usize = 12;

/// Whether a name says that it holds how long data is kept.
fn speaks(name: &str) -> bool {
    // The life of what lets somebody in, of copies and of connections is none, nor is how often one looks.
    const NOT: [&str; 70] = [
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
        "invitation",
        "redis",
        "presigned",
        "signed",
        "csrf",
        "captcha",
        "verify",
        "confirm",
        "sms",
        "remember",
        "credentials",
        "trial",
        "license",
        "coupon",
    ];
    // Without one of these nothing below holds, and a name is short.
    const BEGINS: [&str; 6] = ["retention", "keep", "expir", "delete", "prune", "purge"];
    let stands = |word: &&str| {
        let mut parts = name.as_bytes().windows(word.len());
        parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if !BEGINS.iter().any(stands) {
        return false;
    }
    let words = words_of(name);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    if words.len() < 2 && !has(&["retention"]) || has(&NOT) {
        return false;
    }
    let kept = has(&["keep", "expire", "expires", "expiry", "expiration"]);
    let removed = has(&["delete", "deleted", "prune", "purge"]) && has(&["after", "age", "days"]);
    has(&["retention"]) || kept && has(&TIMES) || removed
}

/// Words of time in names.
const TIMES: [&str; 12] = [
    "after", "age", "days", "day", "duration", "hours", "minutes", "months", "period", "time",
    "ttl", "weeks",
];

/// Units in which a number alone may be.
const NUMBERED: [&str; 6] = ["ms", "millis", "sec", "secs", "seconds", "years"];

/// A length of time that stands behind a name: `= 12 * time.Hour`, `: number = 365`.
fn value(code: &Code<'_>, at: usize, name: &str) -> Option<String> {
    let mut from = at + 1;
    let here = code.line(at);
    // The type: `: number =`, `time.Duration =`.
    for _ in 0..4 {
        if code.is(from, "=") {
            break;
        }
        // A field with a type alone ends with its line.
        if code.line(from) > here {
            return None;
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
    // What goes on in the next line is not all there.
    let last = code.raw(end - 1);
    let goes_on = code.line(end) > line && matches!(code.raw(end), "*" | "." | "+" | "-" | "/");
    if goes_on || matches!(last, "*" | "." | "=" | ":") {
        return None;
    }
    let count = |bracket: &str| (first..end).filter(|&i| code.is(i, bracket)).count();
    if count("(") != count(")") {
        return None;
    }
    // A number alone may be that of an error or of a member of a list.
    let unit = |word: &String| TIMES.contains(&word.as_str()) || NUMBERED.contains(&word.as_str());
    if end - first == 1 && !words_of(name).iter().any(unit) {
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
        let sign = matches!(raw, "*" | "(" | ")" | "." | "=" | ":");
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
