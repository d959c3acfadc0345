//! JavaScript: handlers of `OPTIONS` that only let browsers through. They are no operation of an interface.

use groundplan_syntax::Code;
use std::ops::Range;

/// What a handler does with its response that says nothing: `res.sendStatus(204)`.
const SAYS_NOTHING: [&str; 10] = [
    "end",
    "header",
    "headers",
    "return",
    "send",
    "sendStatus",
    "set",
    "setHeader",
    "status",
    "writeHead",
];

/// Whether a handler of `OPTIONS` answers the preflight of CORS and nothing else: a function that only ends its
/// response, or the middleware itself (`cors()`), also in a variable.
pub(super) fn only(code: &Code<'_>, handler: &Range<usize>) -> bool {
    if handler.len() == 1 && code.ident(handler.start).is_some() {
        return holds_cors(code, code.raw(handler.start));
    }
    let start = handler.start + usize::from(code.is(handler.start, "async"));
    if code.is(start, "cors") && code.is(start + 1, "(") {
        return code.partner(start + 1).map(|close| close + 1) == Some(handler.end);
    }
    let open = start + usize::from(code.is(start, "function"));
    let Some(close) = code.partner(open).filter(|_| code.is(open, "(")) else {
        return false;
    };
    let params = code.arguments(open);
    let [_, response, ..] = params.as_slice() else {
        return false;
    };
    let Some(name) = code.ident(response.start) else {
        return false;
    };
    let mut ends = false;
    for at in close + 1..handler.end {
        let Some(word) = code.ident(at) else { continue };
        if word != name && !SAYS_NOTHING.contains(&word) {
            return false;
        }
        ends |= matches!(word, "end" | "send" | "sendStatus");
        // `res.send(all)` hands out a variable, which is not the response; a text is an answer.
        let answers = word == "send" && code.is(at + 1, "(") && !code.is(at + 2, ")");
        if answers {
            return false;
        }
    }
    ends
}

/// Whether the middleware stands in a variable of the file: `const open = cors({ maxAge: 600 })`.
fn holds_cors(code: &Code<'_>, name: &str) -> bool {
    /// Tokens that are looked through for it, at most.
    const MOST: usize = 20_000;
    (1..code.tokens.len()).take(MOST).any(|at| {
        code.is(at, name)
            && matches!(code.raw(at - 1), "const" | "let" | "var")
            && code.is(at + 1, "=")
            && code.is(at + 2, "cors")
            && code.is(at + 3, "(")
    })
}
