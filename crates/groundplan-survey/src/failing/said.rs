//! What code that deals with an error says: a status, a value, a line of a log.

use crate::extractors::python_handlers::status_of;
use crate::statuses;
use groundplan_syntax::Code;
use std::ops::Range;

/// Characters of a value at most: what is longer is not read at a glance.
const LONGEST: usize = 60;

/// The status of a failure that stands among tokens: `http.StatusBadGateway`, `codes.Internal`, `500`.
pub(super) fn status(code: &Code<'_>, range: Range<usize>) -> Option<String> {
    range.into_iter().find_map(|at| one(code, at))
}

fn one(code: &Code<'_>, at: usize) -> Option<String> {
    let raw = code.raw(at);
    if raw.len() == 3 && raw.starts_with(['4', '5']) && raw.bytes().all(|b| b.is_ascii_digit()) {
        return is_answer(code, at).then(|| raw.to_owned());
    }
    let word = code.ident(at)?;
    // `status.HTTP_502_BAD_GATEWAY`, `StatusCodes.Status502BadGateway`
    if word.starts_with("HTTP_") {
        return status_of(word).filter(|s| fails(s));
    }
    if let Some(rest) = word.strip_prefix("Status").and_then(|rest| rest.get(..3))
        && rest.bytes().all(|b| b.is_ascii_digit())
    {
        return fails(rest).then(|| rest.to_owned());
    }
    let dot = at.checked_sub(1)?;
    let on = match code.raw(dot) {
        "." => dot.checked_sub(1),
        ":" => dot.checked_sub(2),
        _ => None,
    };
    let on = on.and_then(|at| code.ident(at))?;
    match on {
        "codes" | "Code" => Some(word.to_owned()),
        "StatusCode" if code.text.contains("rpc") => Some(word.to_owned()),
        // `Status::internal(…)` of tonic.
        "Status" if code.is_byte(at + 1, b'(') && code.text.contains("tonic") => {
            Some(word.to_owned())
        }
        "http" | "HttpStatus" | "HttpStatusCode" | "StatusCode" | "StatusCodes" | "fiber"
        | "iris" | "Response" => statuses::code(word).filter(|s| fails(s)).map(str::to_owned),
        _ => None,
    }
}

fn fails(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

/// Whether a number is handed to what answers: `res.status(502)`, `status_code=502`, `abort(502)`.
fn is_answer(code: &Code<'_>, at: usize) -> bool {
    const WORDS: [&str; 14] = [
        "abort",
        "answer",
        "code",
        "error",
        "exception",
        "fail",
        "head",
        "json",
        "problem",
        "render",
        "reply",
        "respond",
        "response",
        "status",
    ];
    let tells = |at: Option<usize>| {
        let word = at.and_then(|at| code.ident(at)).unwrap_or_default();
        let lower = word.to_ascii_lowercase();
        WORDS.iter().any(|known| lower.contains(known))
    };
    let mut before = at;
    for _ in 0..40 {
        let Some(next) = before.checked_sub(1) else {
            return false;
        };
        before = next;
        match code.raw(before) {
            "=" | ":" if before + 1 == at => return tells(before.checked_sub(1)),
            "(" => return tells(before.checked_sub(1)),
            // `return jsonify(error), 502` of Flask.
            "return" => return true,
            ")" | "]" | "}" => before = code.partner(before).unwrap_or(before),
            ";" | "{" => return false,
            _ => {}
        }
    }
    false
}

/// Whether something among tokens is written to a log.
pub(super) fn logs(code: &Code<'_>, range: Range<usize>) -> bool {
    const WORDS: [&str; 22] = [
        "console", "debugf", "eprintln", "errorf", "fprintf", "glog", "infof", "klog", "log",
        "logf", "logger", "logging", "logrus", "logs", "print", "printf", "println", "puts",
        "slog", "warn", "warnf", "warning",
    ];
    range.into_iter().any(|at| {
        let Some(word) = code.ident(at) else {
            return false;
        };
        let snake = crate::scan::snake(word);
        let made = at.checked_sub(2).is_some_and(|on| code.is(on, "fmt"));
        !(made && snake == "errorf") && snake.split('_').any(|part| WORDS.contains(&part))
    })
}

/// Whether the program ends here: `os.Exit(1)`, `log.Fatal(err)`, `panic(err)`.
pub(super) fn exits(code: &Code<'_>, at: usize) -> bool {
    let dotted = at.checked_sub(1).is_some_and(|dot| code.is_byte(dot, b'.'));
    let called = code.is_byte(at + 1, b'(');
    let name = code.raw(at);
    called
        && match dotted {
            true => matches!(
                name,
                "Fatal"
                    | "Fatalf"
                    | "Fatalln"
                    | "Exit"
                    | "exit"
                    | "exitProcess"
                    | "Panic"
                    | "Panicf"
            ),
            false => matches!(name, "panic" | "exitProcess"),
        }
}

/// A value as it is written, if a reader takes it in at a glance.
pub(super) fn value(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let first = code.tokens.get(range.start)?;
    let last = code.tokens.get(range.end.checked_sub(1)?)?;
    let text = code.text.get(first.start as usize..last.end as usize)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches(';').trim();
    // A long text, a secret or what is put together says nothing by its letters.
    let short = text.chars().count() <= LONGEST && !text.contains('`') && !text.is_empty();
    (short && crate::redact::without_secrets(text) == text).then(|| text.to_owned())
}

/// Whether a statement that begins at a token gives a variable another value.
pub(super) fn assigns(code: &Code<'_>, range: &Range<usize>) -> bool {
    let mut at = range.start;
    while at < range.end {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
            "=" => {
                let near = [at.wrapping_sub(1), at + 1];
                let compares = near
                    .iter()
                    .any(|&i| matches!(code.raw(i), "=" | "!" | "<" | ">" | ":"));
                return !compares && at > range.start;
            }
            _ => {}
        }
        at += 1;
    }
    false
}
