//! Headers that code sets in its answers.

use crate::code_view::rust_tests;
use crate::conditions;
use crate::extractor::{Extractor, PROGRAMS, Reads};
use crate::extractors::java_marks::period_of;
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};
use std::borrow::Cow;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "response-headers",
    docs: "\
### What it finds
Headers with a value in code of C#, Elixir, Go, Java, JavaScript, Kotlin, PHP, Python, Ruby, Rust, Scala and
TypeScript: those that tell browsers what a page may do (`Content-Security-Policy`,
`Strict-Transport-Security`, `X-Frame-Options` and others), what may be kept (`Cache-Control`), and which
origins may call (`Access-Control-Allow-Origin`). `Cache-Control` also where a call of a framework says it:
`CacheControl.maxAge(30, TimeUnit.MINUTES)` and `CacheControl.noStore()` of Spring
(<https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-caching.html>), `cache_control(private=True,
max_age=12)` of Django (<https://docs.djangoproject.com/en/stable/topics/http/decorators/#caching>).

### What it does not find
Values that no literal gives, unless a call sets them (of texts that are joined with code, `{…}` stands for the
code), and times that are computed; names that are constants of a library.
",
    reads: &[Reads::Own(&PROGRAMS)],
    markers: &[
        "Content-Security-Policy",
        "content-security-policy",
        "X-Frame-Options",
        "x-frame-options",
        "X-Content-Type-Options",
        "x-content-type-options",
        "Strict-Transport-Security",
        "strict-transport-security",
        "Referrer-Policy",
        "referrer-policy",
        "Permissions-Policy",
        "permissions-policy",
        "Cache-Control",
        "cache-control",
        "Access-Control-Allow-Origin",
        "access-control-allow-origin",
        "CacheControl.",
        "cache_control(",
    ],
    run: extract,
};

/// A header: its name, what it is about, and words of which a value must have one.
struct Header {
    name: &'static str,
    topic: Topic,
    values: &'static [&'static str],
}

const fn header(name: &'static str, topic: Topic, values: &'static [&'static str]) -> Header {
    Header {
        name,
        topic,
        values,
    }
}

/// Values by the standards of each: <https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers>.
const HEADERS: [Header; 8] = [
    header(
        "Content-Security-Policy",
        Topic::SecurityHeader,
        &["-src", "frame-ancestors", "upgrade-insecure", "sandbox"],
    ),
    header(
        "X-Frame-Options",
        Topic::SecurityHeader,
        &["DENY", "SAMEORIGIN"],
    ),
    header(
        "X-Content-Type-Options",
        Topic::SecurityHeader,
        &["nosniff"],
    ),
    header(
        "Strict-Transport-Security",
        Topic::SecurityHeader,
        &["max-age"],
    ),
    header(
        "Referrer-Policy",
        Topic::SecurityHeader,
        &["origin", "no-referrer"],
    ),
    header("Permissions-Policy", Topic::SecurityHeader, &["=("]),
    // `no-cache` alone is also what a request asks for.
    header(
        "Cache-Control",
        Topic::CacheUse,
        &["max-age", "no-store", "immutable", "public", "private"],
    ),
    header("Access-Control-Allow-Origin", Topic::Cors, &["*", "://"]),
];

/// What sets a header of an answer, by the last word of the call.
const SETTERS: [&str; 25] = [
    "Add",
    "Append",
    "AppendHeader",
    "Header",
    "Set",
    "SetHeader",
    "WithHeader",
    "add",
    "add_header",
    "append",
    "append_header",
    "header",
    "headers",
    "insert",
    "insert_header",
    "putHeader",
    "put_resp_header",
    "raw_header",
    "set",
    "set_header",
    "set_raw_header",
    "setResponseHeader",
    "setHeader",
    "addHeader",
    "withHeader",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    if is_of_other_tier(file.path) {
        return;
    }
    let code = file.code();
    let tests = rust_tests(code);
    let mut seen: Vec<Seen> = Vec::new();
    for at in 0..code.tokens.len() {
        if tests.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let Some(text) = code.string(at) else {
            if let Some(value) = kept_for(code, at)
                && let Some(header) = HEADERS.iter().find(|h| h.name == "Cache-Control")
            {
                note(&mut seen, header, code.line(at), Some(value));
            }
            continue;
        };
        let Some(header) = HEADERS.iter().find(|h| begins(text, h.name)) else {
            continue;
        };
        // `link.setAttribute('referrer-policy', 'no-referrer')` is an attribute of a page.
        let attribute = at >= 2
            && code.is(at - 1, "(")
            && matches!(
                code.raw(at - 2),
                "setAttribute" | "getAttribute" | "removeAttribute"
            );
        if attribute || is_row(code, at) {
            continue;
        }
        let known = seen.iter().any(|s| s.header.name == header.name);
        if known && header.topic == Topic::Cors {
            continue;
        }
        let fits = |value: &str| {
            let lower = value.to_ascii_lowercase();
            let has = |word: &str| lower.contains(&word.to_ascii_lowercase());
            header.values.iter().any(|word| has(word))
        };
        // `header('X-Frame-Options: DENY')` has both in one text.
        let value = match text.get(header.name.len()..).unwrap_or_default() {
            "" => match value_of(code, at) {
                Some(value) if fits(&value) => Some(value),
                // `response.headers["Cache-Control"] = "no-cache"` is set on an answer.
                Some(value)
                    if header.topic == Topic::CacheUse
                        && value.contains("no-cache")
                        && code.is(at.wrapping_sub(1), "[")
                        && is_set(code, at) =>
                {
                    Some(value)
                }
                Some(_) => continue,
                None if header.topic == Topic::CacheUse => continue,
                None if is_set(code, at) || is_pair(code, at) => None,
                None => continue,
            },
            rest => match rest.strip_prefix(':').map(str::trim) {
                Some(value) if fits(value) => Some(Cow::Borrowed(value)),
                _ => continue,
            },
        };
        // What is written to an object of a store is no header of an answer.
        if header.topic == Topic::CacheUse && is_of_object(code, at) {
            continue;
        }
        let value = (value.as_deref()).map(|v| v.trim().trim_end_matches(';'));
        // Code in a value says nothing to a reader; the words beside it do.
        let value = match header.topic {
            Topic::CacheUse => value.and_then(literal_words),
            _ => value.map(without_code),
        };
        if known && header.topic == Topic::CacheUse && value.is_none() {
            continue;
        }
        let value = value.map(|v| match conditions::around(file, at) {
            Some(around) if header.topic == Topic::SecurityHeader => {
                format!("{v} ({})", around.sentence())
            }
            _ => v,
        });
        note(&mut seen, header, code.line(at), value);
    }
    for one in seen {
        let more = one.values.len() > MOST_VALUES;
        let shown: Vec<String> = one.values.into_iter().take(MOST_VALUES).collect();
        let mut detail = shown.join(" | ");
        if shown.len() > 1 {
            detail = format!("by place {detail}{}", if more { " | …" } else { "" });
        }
        let detail = (!detail.is_empty()).then(|| detail.chars().take(160).collect());
        let header = one.header;
        scan::mark(acc, file, one.line, header.topic, header.name, detail);
    }
}

/// Values of one header of a file that are told, at most.
const MOST_VALUES: usize = 2;

/// A header of a file with the values that its branches send.
struct Seen {
    header: &'static Header,
    line: u32,
    values: Vec<String>,
}

/// Notes a header with a value: one branch sends one, and another branch the next.
fn note(seen: &mut Vec<Seen>, header: &'static Header, line: u32, value: Option<String>) {
    match seen.iter_mut().find(|s| s.header.name == header.name) {
        Some(one) => {
            let values = &mut one.values;
            values.extend(value.filter(|v| !values.contains(v)));
        }
        None => seen.push(Seen {
            header,
            line,
            values: value.into_iter().collect(),
        }),
    }
}

/// What a call of a framework at a token lets callers keep, as `Cache-Control` has it.
fn kept_for(code: &Code<'_>, at: usize) -> Option<String> {
    let of_spring =
        || code.is(at.wrapping_sub(1), ".") && code.is(at.wrapping_sub(2), "CacheControl");
    match code.raw(at) {
        "cache_control" if code.is(at + 1, "(") && code.text.contains("django") => {
            of_django(code, at + 1)
        }
        "maxAge" if of_spring() => {
            let (n, unit) = period_of(code, at + 1)?;
            let age = n.checked_mul(scan::seconds(&unit)?)?;
            Some(format!("max-age={age}"))
        }
        "noStore" if of_spring() => Some("no-store".to_owned()),
        _ => None,
    }
}

/// `(private=True, max_age=12)` as the header has it.
fn of_django(code: &Code<'_>, open: usize) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for range in code.arguments(open) {
        let name = code
            .ident(range.start)
            .filter(|_| code.is(range.start + 1, "="))?;
        let name = name.replace('_', "-");
        match scan::product(code, range.start + 2) {
            Some(n) => parts.push(format!("{name}={n}")),
            None if code.is(range.start + 2, "True") => parts.push(name),
            None => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The directives of a value, of those that are all code the name: `{scope}, max-age=3600` of
/// `${scope}, max-age=3600`, and `private, max-age={…}` of `private, max-age=${seconds}`.
fn literal_words(value: &str) -> Option<String> {
    let marked = without_code(value);
    let said = |word: &str| {
        let plain = word.replace("{…}", "");
        plain.chars().any(char::is_alphanumeric) && !plain.contains(['$', '{', '}', '#'])
    };
    let parts: Vec<&str> = marked.split(',').map(str::trim).collect();
    if !parts.iter().any(|word| said(word)) {
        return None;
    }
    let written: Vec<&str> = value.split(',').map(str::trim).collect();
    let mut shown = Vec::new();
    for (index, word) in parts.iter().enumerate() {
        if said(word) {
            shown.push((*word).to_owned());
        } else if *word == "{…}"
            && parts.len() == written.len()
            && let Some(name) = written.get(index).and_then(|word| name_of_code(word))
        {
            shown.push(format!("{{{name}}}"));
        }
    }
    Some(shown.join(", "))
}

/// The name that a piece of code alone is: `scope` of `${scope}`.
fn name_of_code(word: &str) -> Option<&str> {
    let inner = word
        .strip_prefix("${")
        .or_else(|| word.strip_prefix("#{"))?;
    let name = inner.strip_suffix('}')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain)).then_some(name)
}

/// A value with a mark in the place of each piece of code: `frame-ancestors 'self' {…}`.
fn without_code(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let opens = |pair: &[u8]| matches!(pair, b"${" | b"#{");
    while let Some(at) = rest.as_bytes().windows(2).position(opens) {
        let (before, after) = rest.split_at(at);
        let Some((_, behind)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str("{…}");
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Whether a file holds only where developers or tests run the program:
/// `config/environments/development.rb`.
fn is_of_other_tier(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or(name);
    matches!(stem, "development" | "test" | "local") && parts.next() == Some("environments")
}

/// Whether words around a header speak of an object that is put into a store: `s3_options`, `x-amz-acl`.
fn is_of_object(code: &Code<'_>, at: usize) -> bool {
    const AROUND: usize = 48;
    let speaks = |at: usize| {
        let text = code.string(at).or_else(|| code.ident(at));
        let text = text.unwrap_or_default().to_ascii_lowercase();
        text.starts_with("x-amz-")
            || text.split(['_', '-']).any(|word| word == "s3")
            || matches!(text.as_str(), "put_object" | "putobject" | "bucket" | "fog")
    };
    (at.saturating_sub(AROUND)..code.tokens.len().min(at + AROUND)).any(speaks)
}

fn begins(text: &str, name: &str) -> bool {
    text.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
        && !text[name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-')
}

/// The literal behind a name: `"X", "value"`, `["X"] = "value"`, `"X": "value"`, `"X" => "value"`, and
/// `key: "X", value: "value"` of Next.js.
/// Texts that are joined are one value, with `{…}` for what is no literal among them.
fn value_of<'t>(code: &Code<'t>, at: usize) -> Option<Cow<'t, str>> {
    let mut next = at + 1;
    for _ in 0..4 {
        let between = matches!(
            code.raw(next),
            "," | "]" | "=" | ":" | "=>" | "->" | ">" | "(" | "value"
        );
        if !between {
            break;
        }
        next += 1;
    }
    let first = (next > at + 1).then(|| code.string(next)).flatten()?;
    let mut whole = Cow::Borrowed(first);
    for _ in 0..MOST_JOINED {
        // A dot joins in PHP alone; elsewhere a method follows it.
        let joins =
            code.is(next + 1, "+") || code.language == Language::Php && code.is(next + 1, ".");
        match code.string(next + 2).filter(|_| joins) {
            Some(more) => {
                whole.to_mut().push_str(more);
                next += 2;
            }
            None if joins && code.ident(next + 2).is_some() => {
                whole.to_mut().push_str("{…}");
                next = operand(code, next + 2);
            }
            None => break,
        }
    }
    Some(whole)
}

/// Texts of one value that are joined, at most.
const MOST_JOINED: usize = 24;

/// The last token of the operand that begins with a name: `this.nonce`, `$this->nonce`, `nonce(request)`.
fn operand(code: &Code<'_>, first: usize) -> usize {
    let mut last = first;
    let arrow = |at: usize| {
        let pair = |one: u8, two: u8| code.is_byte(at, one) && code.is_byte(at + 1, two);
        pair(b'-', b'>') || pair(b':', b':')
    };
    for _ in 0..MOST_JOINED {
        let arrow = arrow(last + 1);
        let next = last + 2 + usize::from(arrow);
        let named = (arrow || code.is(last + 1, ".")) && code.ident(next).is_some();
        match code.raw(last + 1) {
            _ if named => last = next,
            "(" | "[" => match code.partner(last + 1) {
                Some(close) => last = close,
                None => return last,
            },
            _ => return last,
        }
    }
    last
}

/// Whether the text begins a row of three or more texts of a table, `("Referrer-Policy", "same-origin", "SETTING")`:
/// a header that is sent has a name and a value.
fn is_row(code: &Code<'_>, at: usize) -> bool {
    let Some(open) = at.checked_sub(1) else {
        return false;
    };
    let called = open.checked_sub(1).is_some_and(|on| {
        code.ident(on).is_some() || matches!(code.raw(on), "!" | ">" | ")" | "]")
    });
    let opens = matches!(code.raw(open), "(" | "[" | "{") && !called;
    let texts = |n: usize| code.is(at + 2 * n - 1, ",") && code.string(at + 2 * n).is_some();
    opens && texts(1) && texts(2)
}

/// Whether a call that sets headers has the text as its first argument and another behind it.
fn is_set(code: &Code<'_>, at: usize) -> bool {
    let opens = at.checked_sub(1).filter(|&open| code.is(open, "("));
    let word = opens.and_then(|open| open.checked_sub(1));
    let sets = |word: usize| {
        let made = code.is(word, "new") && word >= 3 && code.raw(word - 3).ends_with("Header");
        made || SETTERS.contains(&code.raw(word))
    };
    // `response["X"] = policy`, `response.headers["X"] = policy`
    let index = || {
        let opens = at.checked_sub(1).is_some_and(|open| code.is(open, "["));
        let is_answer = |on: usize| {
            let on = code.ident(on).unwrap_or_default().to_ascii_lowercase();
            on.starts_with("res") || on.ends_with("response")
        };
        let of_answer = at.checked_sub(2).is_some_and(|on| {
            let named = code.raw(on).eq_ignore_ascii_case("headers");
            let before = on.checked_sub(2).filter(|_| named && code.is(on - 1, "."));
            is_answer(on) || before.is_some_and(is_answer)
        });
        let set = code.is(at + 1, "]") && code.is(at + 2, "=") && !code.is(at + 3, "=");
        opens && set && of_answer
    };
    code.is(at + 1, ",") && word.is_some_and(sets) || index()
}

/// Whether the text is the name in `{ key: "X", value: policy }`, the form in which Next.js takes headers.
fn is_pair(code: &Code<'_>, at: usize) -> bool {
    let is_key = at >= 2 && code.is(at - 1, ":") && code.is(at - 2, "key");
    is_key && code.is(at + 1, ",") && code.is(at + 2, "value") && code.is(at + 3, ":")
}
