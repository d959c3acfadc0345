//! How long callers may keep an answer, where a call of a framework says it and not the text of a header.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cache-headers",
    docs: "\
### What it finds
`CacheControl.maxAge(30, TimeUnit.MINUTES)` and `CacheControl.noStore()` of Spring
(<https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-caching.html>), `cache_control(private=True,
max_age=12)` of Django (<https://docs.djangoproject.com/en/stable/topics/http/decorators/#caching>).

### What it does not find
Times that are computed.
",
    reads: &[Reads::Own(&[
        Language::Java,
        Language::Kotlin,
        Language::Python,
    ])],
    markers: &["CacheControl.", "cache_control("],
    run: extract,
};

/// Places of one file that are told at most.
const MOST: usize = 4;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let mut told: Vec<String> = Vec::new();
    for at in 2..code.tokens.len() {
        let value = match code.raw(at) {
            "cache_control" if code.is(at + 1, "(") && file.text.contains("django") => {
                of_django(code, at + 1)
            }
            "maxAge" if code.is(at - 1, ".") && code.is(at - 2, "CacheControl") => {
                seconds(code, at + 1).map(|n| format!("max-age={n}"))
            }
            "noStore" if code.is(at - 1, ".") && code.is(at - 2, "CacheControl") => {
                Some("no-store".to_owned())
            }
            _ => None,
        };
        let Some(value) = value.filter(|v| told.len() < MOST && !told.contains(v)) else {
            continue;
        };
        let line = code.line(at);
        scan::mark(
            acc,
            file,
            line,
            Topic::CacheUse,
            "Cache-Control",
            Some(value.clone()),
        );
        told.push(value);
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

/// `(30, TimeUnit.MINUTES)`, `(Duration.ofDays(365))` in seconds.
fn seconds(code: &Code<'_>, open: usize) -> Option<u64> {
    let arguments = code.arguments(open);
    let first = arguments.first()?;
    let (n, unit) = match arguments.get(1) {
        Some(unit) => (scan::product(code, first.start)?, code.raw(unit.end - 1)),
        None if code.is(first.start, "Duration") => (
            scan::product(code, first.start + 4)?,
            code.raw(first.start + 2),
        ),
        None => return None,
    };
    let factor = match unit {
        "SECONDS" | "ofSeconds" => 1,
        "MINUTES" | "ofMinutes" => 60,
        "HOURS" | "ofHours" => 3_600,
        "DAYS" | "ofDays" => 86_400,
        _ => return None,
    };
    n.checked_mul(factor)
}
