//! Defaults that stand a step away from the read: in the arm of a `match`, or in the function that a
//! derive attribute calls.

use super::{is_variable, plain};
use crate::code_view::CodeView;
use groundplan_syntax::{Call, Code, Language, TokenKind};
use std::ops::Range;

/// Whether the argument after the name may be a default. A helper of this file says so by the name
/// of its parameter: others take a second variable, a description or a pointer.
pub(super) fn is_one(view: &CodeView<'_, '_>, call: Call, index: usize) -> bool {
    let code = view.code;
    let name = code.name(call);
    let last = name.rsplit(['.', ':']).next().unwrap_or(&name);
    let Some(open) = view.function(last).and_then(|f| f.params) else {
        return true;
    };
    let Some(parameter) = code.arguments(open).into_iter().nth(index) else {
        return true;
    };
    let word = code.ident(parameter.start).unwrap_or_default();
    let word = word.to_ascii_lowercase();
    ![
        "name", "key", "var", "desc", "help", "alias", "target", "dest",
    ]
    .iter()
    .any(|no| word.contains(no) && !word.contains("value"))
}

/// Whether what looks like a default names another variable: `get("DB_URI", "ORDER_DB_URI")`.
pub(super) fn is_other_variable(name: &str, text: &str) -> bool {
    name != text && is_variable(text) && text.contains('_') && is_variable(name)
}

/// `match env::var("X") { Ok(v) => …, Err(NotPresent) => 10, … }`: the literal of the first arm
/// that stands for nothing.
pub(super) fn of_match(view: &CodeView<'_, '_>, call: Call) -> Option<String> {
    let code = view.code;
    if code.language != Language::Rust {
        return None;
    }
    // A path may stand before the name: `env::var` with its module.
    let mut first = call.first;
    while first > 2 && code.is(first - 1, ":") && code.is(first - 2, ":") {
        first -= 3;
    }
    if !code.is(first.checked_sub(1)?, "match") {
        return None;
    }
    let mut at = code.partner(call.open)? + 1;
    while code.is(at, ".") && code.is(at + 2, "(") {
        at = code.partner(at + 2)? + 1;
    }
    let close = code.partner(at).filter(|_| code.is(at, "{"))?;
    let mut arm = at + 1;
    while arm < close {
        let start = arm;
        let arrow =
            (start..close.min(start + 40)).find(|&i| code.is(i, "=") && code.is(i + 1, ">"))?;
        let from = arrow + 2;
        let mut end = from;
        while end < close && !code.is(end, ",") {
            let opens = matches!(code.raw(end), "{" | "(" | "[");
            let block = code.is(end, "{");
            end = code.partner(end).filter(|_| opens).unwrap_or(end) + 1;
            if block && !code.is(end, ".") {
                break;
            }
        }
        let nothing = matches!(code.raw(start), "None" | "_")
            || code.is(start, "Err") && (start..arrow).any(|i| code.is(i, "NotPresent"))
            || code.is(start, "Err") && code.is(start + 2, "_");
        if nothing {
            return of_rust(view, from..end);
        }
        arm = match code.is(end, ",") {
            true => end + 1,
            false => end.max(start + 1),
        };
    }
    None
}

/// A literal, a constant, `"x".to_string()`, or a function without arguments whose body is one of
/// these. Sums and makers of values are not computed.
pub(super) fn of_rust(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    value(view, range, 0)
}

fn value(view: &CodeView<'_, '_>, range: Range<usize>, depth: u8) -> Option<String> {
    let code = view.code;
    if depth > 3 || range.is_empty() || range.len() > 24 {
        return None;
    }
    let range = without_conversion(view, range);
    if let Some(text) = plain(view, range.clone()) {
        return Some(text);
    }
    let first = range.start;
    if range.len() == 1 {
        let definition = view.visible(code.ident(first)?, first).pop()?;
        let known = !definition.param && definition.value.start != first;
        return value(view, definition.value.clone(), depth + 1).filter(|_| known);
    }
    // `PathBuf::from(X)`, `String::from("x")`
    let inner = code
        .partner(range.end - 1)
        .filter(|_| code.is(range.end - 1, ")"))?;
    let name = code.ident(inner.checked_sub(1)?)?;
    if inner + 1 < range.end - 1 {
        let from = name == "from" && first + 4 == inner;
        return from
            .then(|| value(view, inner + 1..range.end - 1, depth + 1))
            .flatten();
    }
    if inner != first + 1 {
        return None;
    }
    let body = view.function(name)?.body.clone();
    let body = match code.is(body.start, "{") {
        true => body.start + 1..body.end - 1,
        false => body,
    };
    value(view, body, depth + 1)
}

/// Without `.to_string()`, `.into()` and the like at its end.
fn without_conversion(view: &CodeView<'_, '_>, range: Range<usize>) -> Range<usize> {
    let code = view.code;
    let mut range = range;
    while range.len() > 4
        && code.is(range.end - 1, ")")
        && code.is(range.end - 2, "(")
        && matches!(
            code.raw(range.end - 3),
            "to_string" | "into" | "to_owned" | "to_path_buf" | "clone"
        )
        && code.is(range.end - 4, ".")
    {
        range.end -= 4;
    }
    let number = |at: usize| {
        let token = code.tokens.get(at);
        token.is_some_and(|t| t.kind == TokenKind::Number)
    };
    // A reference to a constant is the constant.
    if range.len() == 2 && code.is(range.start, "&") && !number(range.start + 1) {
        range.start += 1;
    }
    range
}
/// What a program takes where nobody sets a variable that it compares with a word: `false` behind
/// `process.env.X === '1'` and `os.Getenv("X") == "true"`, `true` behind `!= "false"`. `end` is the token
/// behind the read. Where it asks for the word that turns something off, what is on follows elsewhere.
pub(crate) fn unset(code: &Code<'_>, end: usize) -> Option<&'static str> {
    let mut at = end;
    while matches!(code.raw(at), "!" | ")") && !code.is(at + 1, "=") {
        at += 1;
    }
    // `.toLowerCase()`, `?.trim()`, `.lower()`
    while matches!(code.raw(at), "." | "?.") || code.is(at, "?") && code.is(at + 1, ".") {
        let name = if code.is(at, "?") { at + 2 } else { at + 1 };
        let plain = matches!(
            code.raw(name),
            "toLowerCase" | "toUpperCase" | "lower" | "upper" | "trim" | "strip"
        );
        if !plain || !code.is(name + 1, "(") {
            return None;
        }
        at = code.partner(name + 1)? + 1;
    }
    let differs = code.raw(at).starts_with('!');
    let first = at;
    while matches!(code.raw(at), "=" | "==" | "===" | "!" | "!=" | "!==") {
        at += 1;
    }
    let signs: usize = (first..at).map(|i| code.raw(i).len()).sum();
    if signs < 2 {
        return None;
    }
    let word = code.string(at)?.to_ascii_lowercase();
    let on = matches!(word.as_str(), "1" | "true" | "yes" | "on" | "enabled");
    let off = matches!(word.as_str(), "0" | "false" | "no" | "off" | "disabled");
    match (differs, on, off) {
        (false, true, _) => Some("false"),
        (true, _, true) => Some("true"),
        _ => None,
    }
}

/// Whether what a call of Python reads is made a whole number at once, by itself or in the function of the file
/// that reads for it: `int(os.getenv("X", False))`.
pub(super) fn is_whole_number(view: &CodeView<'_, '_>, call: Call) -> bool {
    let code = view.code;
    if code.language != Language::Python {
        return false;
    }
    let inside = |at: usize| at > 1 && code.is(at - 1, "(") && code.is(at - 2, "int");
    if inside(call.first) {
        return true;
    }
    let Some(name) = call.open.checked_sub(1).and_then(|at| code.ident(at)) else {
        return false;
    };
    let mut all = code
        .functions()
        .iter()
        .filter(|f| f.name == name && !f.class);
    let (Some(reader), None) = (all.next(), all.next()) else {
        return false;
    };
    let reads = |at: usize| matches!(code.raw(at), "os" | "getenv" | "environ") && inside(at);
    reader.body.clone().any(reads)
}
