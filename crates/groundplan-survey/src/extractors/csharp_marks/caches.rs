//! How long caches of ASP.NET keep what they hold: profiles of responses, and entries that are put into a cache
//! with a span of time (<https://learn.microsoft.com/aspnet/core/performance/caching/response>).

use crate::facts::FileFacts;
use crate::finders::Finders;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Code;
use std::ops::Range;

/// What stands before the name of a profile in the name of its mark.
pub(crate) const PROFILE: &str = "cache profile ";

/// Adds the profiles that a file defines and the spans of time that it gives entries.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    static WORDS: Finders = Finders::of(&["CacheProfiles", "Expiration", "Caching"]);
    if !WORDS.any(file.text) {
        return;
    }
    let code = file.code();
    let caching = file.text.contains("Caching");
    for at in 1..code.tokens.len() {
        let line = code.line(at);
        match code.raw(at) {
            "Add" if code.is(at - 1, ".") && code.is(at.wrapping_sub(2), "CacheProfiles") => {
                let arguments = code.arguments(at + 1);
                let [name, made, ..] = arguments.as_slice() else {
                    continue;
                };
                let last = name.end - 1;
                let name = code.string(last).or_else(|| code.ident(last));
                if let (Some(name), Some(header)) = (name, header(code, made)) {
                    let name = format!("{PROFILE}{name}");
                    scan::mark(acc, file, line, Topic::CacheUse, name, Some(header));
                }
            }
            word @ ("SetAbsoluteExpiration" | "SetSlidingExpiration") if code.is(at + 1, "(") => {
                let given = code.arguments(at + 1).into_iter().next();
                let lasts = given.and_then(|range| span(code, range.start));
                if let Some(lasts) = lasts {
                    scan::mark(acc, file, line, Topic::CacheUse, word, Some(lasts));
                }
            }
            word @ ("AbsoluteExpirationRelativeToNow" | "SlidingExpiration")
                if code.is(at + 1, "=") =>
            {
                if let Some(lasts) = span(code, at + 2) {
                    scan::mark(acc, file, line, Topic::CacheUse, word, Some(lasts));
                }
            }
            // Of what `Microsoft.Extensions.Caching`, EasyCaching and FusionCache give.
            word @ ("Set" | "SetAsync" | "TrySet" | "TrySetAsync")
                if caching && code.is(at + 1, "(") && code.is(at - 1, ".") =>
            {
                let third = code.arguments(at + 1).into_iter().nth(2);
                let lasts = third.and_then(|range| span(code, range.start));
                if let Some(lasts) = lasts {
                    scan::mark(acc, file, line, Topic::CacheUse, word, Some(lasts));
                }
            }
            _ => {}
        }
    }
}

/// `TimeSpan.FromMinutes(30)` as people write it.
pub(super) fn span(code: &Code<'_>, at: usize) -> Option<String> {
    let unit = match code.raw(at + 2) {
        "FromMilliseconds" => "ms",
        "FromSeconds" => "s",
        "FromMinutes" => "min",
        "FromHours" => "h",
        "FromDays" => "days",
        _ => return None,
    };
    let whole = code.is(at, "TimeSpan") && code.is(at + 1, ".") && code.is(at + 3, "(");
    let n = scan::product(code, at + 4).filter(|_| whole)?;
    // What is asked of the span afterwards is another number: `.Seconds` of thirty days is none.
    let more = code
        .partner(at + 3)
        .is_some_and(|close| code.is(close + 1, "."));
    (!more).then(|| format!("{n} {unit}"))
}

/// What a profile lets callers keep, as the header that it sends.
fn header(code: &Code<'_>, made: &Range<usize>) -> Option<String> {
    let open = made.clone().find(|&at| code.is(at, "{"))?;
    let set = |name: &str| {
        let mut fields = code.arguments(open).into_iter();
        fields.find(|f| code.is(f.start, name) && code.is(f.start + 1, "="))
    };
    let says = |name: &str, value: &str| set(name).is_some_and(|f| code.is(f.end - 1, value));
    if says("NoStore", "true") {
        return Some("`Cache-Control: no-store`".to_owned());
    }
    let age = scan::product(code, set("Duration")?.start + 2)?;
    let place = match () {
        () if says("Location", "None") => "no-cache",
        () if says("Location", "Client") => "private",
        () => "public",
    };
    Some(format!("`Cache-Control: {place},max-age={age}`"))
}
