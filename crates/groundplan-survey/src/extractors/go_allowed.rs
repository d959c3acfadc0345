//! Go: which methods a function lets pass that answers requests of any.

use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use std::ops::Range;

/// The methods that the body of a handler goes on with: `if r.Method != http.MethodPost { http.Error(…, 405);
/// return }`, or a
/// `switch r.Method` whose `default` says that no other is allowed. Empty where it does not say so.
pub(super) fn methods(view: &CodeView<'_, '_>, body: &Range<usize>) -> Vec<String> {
    let code = view.code;
    let mut at = body.start + usize::from(code.is(body.start, "{"));
    while at < body.end {
        let found = match code.raw(at) {
            "if" => refused(view, at, body.end),
            "switch" => cases(view, at, body.end),
            _ => Vec::new(),
        };
        if !found.is_empty() {
            return found;
        }
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at).unwrap_or(at) + 1,
            _ => at + 1,
        };
    }
    Vec::new()
}

/// The method that a token names: `"POST"`, `MethodPost` of `http.MethodPost`.
fn method(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let word = code
        .string(at)
        .or_else(|| code.ident(at)?.strip_prefix("Method"));
    let word = word?.to_ascii_uppercase();
    METHODS.contains(&word.as_str()).then_some(word)
}

/// The place behind `r.Method` of some request, if it stands at `at`.
fn asks(view: &CodeView<'_, '_>, at: usize) -> Option<usize> {
    let code = view.code;
    let named = code.ident(at).is_some() && code.is(at + 1, ".") && code.is(at + 2, "Method");
    (named && !code.is(at + 3, "(") && !code.is(at + 3, ".")).then_some(at + 3)
}

/// Whether a word or text says that a method is not allowed here, or that nothing is found.
fn says_no(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower == "405" || lower.contains("allowed") || lower.contains("notfound")
}

/// `if r.Method != http.MethodGet && r.Method != http.MethodHead { …; return }`
fn refused(view: &CodeView<'_, '_>, at: usize, end: usize) -> Vec<String> {
    let code = view.code;
    let mut all = Vec::new();
    let mut next = at + 1;
    loop {
        let Some(after) = asks(view, next).filter(|&a| code.is(a, "!") && code.is(a + 1, "="))
        else {
            return Vec::new();
        };
        let mut word = after + 2;
        if code.is(word + 1, ".") {
            word += 2;
        }
        let Some(one) = method(view, word) else {
            return Vec::new();
        };
        all.push(one);
        next = word + 1;
        match code.is(next, "&") && code.is(next + 1, "&") {
            true => next += 2,
            false => break,
        }
    }
    let close = code.is(next, "{").then(|| code.partner(next)).flatten();
    let leaves = close.filter(|&close| close < end && !code.is(close + 1, "else"));
    // A form is shown to who only asks: that answers too.
    let refuses = leaves.is_some_and(|close| {
        let mut inside = next..close;
        inside.clone().any(|i| code.is(i, "return")) && inside.any(|i| says_no(code.raw(i)))
    });
    match refuses {
        true => all,
        false => Vec::new(),
    }
}

/// `switch r.Method { case http.MethodGet: …; default: http.Error(w, "", http.StatusMethodNotAllowed) }`
fn cases(view: &CodeView<'_, '_>, at: usize, end: usize) -> Vec<String> {
    let code = view.code;
    let open = asks(view, at + 1).filter(|&open| code.is(open, "{"));
    let Some((open, close)) = open.and_then(|open| Some((open, code.partner(open)?))) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let mut other = None;
    let mut next = open + 1;
    while next < close.min(end) {
        match code.raw(next) {
            "case" => {
                let mut word = next + 1;
                while word < close && !code.is(word, ":") {
                    // `case http.MethodGet, "HEAD":`; anything else is not read.
                    match method(view, word) {
                        Some(one) => all.push(one),
                        None if code.is(word, ",")
                            || code.is(word, ".")
                            || code.is(word + 1, ".") => {}
                        None => return Vec::new(),
                    }
                    word += 1;
                }
                next = word;
            }
            "default" => other = Some(next),
            _ => {}
        }
        next = match code.raw(next) {
            "(" | "[" | "{" => code.partner(next).unwrap_or(next) + 1,
            _ => next + 1,
        };
    }
    let until = |from: usize| {
        let case = (from + 1..close).find(|&i| code.is(i, "case"));
        case.unwrap_or(close)
    };
    let closed = other.is_some_and(|from| (from..until(from)).any(|i| says_no(code.raw(i))));
    match closed {
        true => all,
        false => Vec::new(),
    }
}

/// The same of a function that is written where it is given, also inside of a call: `http.HandlerFunc(func(w
/// http.ResponseWriter, r *http.Request) {…})`.
pub(super) fn of_literal(view: &CodeView<'_, '_>, given: &Range<usize>) -> Vec<String> {
    let mut all = view.code.functions().iter();
    let literal = all.find(|f| f.name.is_empty() && given.contains(&f.first));
    literal.map_or_else(Vec::new, |f| methods(view, &f.body))
}
