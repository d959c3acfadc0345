//! Which tokens of an API route below `pages/api` answer each method: the block behind `if (req.method === "POST")`
//! with what stands before all blocks, or what is left of the function for a method that is only listed.

use crate::conditions;
use crate::extractors::js_inline;
use crate::scan;
use groundplan_syntax::Code;
use std::ops::Range;

/// What answers the methods of one file.
pub(super) struct Parts<'t> {
    /// The names of the request and the response.
    pub(super) names: (&'t str, &'t str),
    /// Of each method the tokens that answer it, and whether more may answer it: its block does not leave the
    /// function and an answer stands behind it, or which part is its own is not known.
    pub(super) answers: Vec<(Vec<Range<usize>>, bool)>,
    /// Whether a function of others stands before it, `export default withUser(handler)`.
    pub(super) wrapped: bool,
}

/// The statement of a condition that tells a method apart.
struct Block {
    /// From the `if` to the end of its statement.
    whole: Range<usize>,
    inner: Range<usize>,
    /// Whether it is for all others, `if (req.method !== "POST") return …`.
    others: bool,
    /// Whether more is asked than the method, `if (req.method === "POST" && !session) return …`.
    partly: bool,
}

/// Comparisons of one method in a file at which it is not read.
const MOST_COMPARED: usize = 60;

/// Nothing where the methods are told apart in another way, or the function was not found.
pub(super) fn of<'t>(code: &Code<'t>, places: &[(String, usize)]) -> Option<Parts<'t>> {
    let told = |at: usize| matches!(code.raw(at - 1), "case" | "{" | ",") && !is_listed(code, at);
    if places
        .iter()
        .any(|(method, at)| method != "ANY" && told(*at))
    {
        return None;
    }
    // A method may be compared before: `if (req.method !== "GET" && req.method !== "POST") return …`.
    let mut blocks: Vec<Vec<Block>> = Vec::new();
    for (method, at) in places {
        let compared: Vec<usize> = (*at..code.tokens.len())
            .filter(|&i| code.string(i) == Some(method.as_str()) && code.is(i - 1, "="))
            .take(MOST_COMPARED)
            .collect();
        if compared.len() == MOST_COMPARED {
            return None;
        }
        blocks.push(
            compared
                .into_iter()
                .filter_map(|i| block(code, i))
                .collect(),
        );
    }
    let all = || blocks.iter().flatten();
    let (exported, wrapped) = exported(code)?;
    let around = all()
        .next()
        .and_then(|b| conditions::function_around(code, b.whole.start));
    let (params, body) = match around {
        Some((params, open)) => (params, open..code.partner(open)?),
        None => exported?,
    };
    let given = code.arguments(params);
    // `const handler = withUser(async (req, res) => …)`
    let wrapped = wrapped || scan::open_around(code, params).is_some_and(|open| code.is(open, "("));
    let request = code.ident(given.first()?.start)?;
    let response = code.ident(given.get(1)?.start)?;
    // Another function tells them apart as well.
    let within = |b: &Block| body.start <= b.whole.start && b.whole.end <= body.end;
    let elsewhere = !all().all(within);
    let mut answers = Vec::new();
    for ((_, at), found) in places.iter().zip(&blocks) {
        let own = || found.iter().filter(|b| !b.others && within(b));
        let Some(first) = own().next() else {
            // `const isPost = req.method === "POST"`: which part is whose, is not known.
            let unread = places.len() > 1 && code.is(at - 1, "=") && !found.iter().any(within);
            let parts = match unread {
                true => Vec::new(),
                false => rest(&body, all()),
            };
            answers.push((parts, unread || elsewhere));
            continue;
        };
        let mut parts = rest(&(body.start..first.whole.start), all());
        let mut open = elsewhere;
        for block in own() {
            parts.push(block.inner.clone());
            parts.extend(caught(code, block.whole.start, body.start));
            let leaves = !block.partly && returns(code, &block.inner);
            open |= !leaves
                && rest(&(behind(code, block)..body.end), all())
                    .into_iter()
                    .flatten()
                    .any(|i| code.is(i, response));
        }
        answers.push((parts, open));
    }
    Some(Parts {
        names: (request, response),
        answers,
        wrapped,
    })
}

/// The bodies of `catch` behind the blocks of `try` that stand around a token.
fn caught(code: &Code<'_>, at: usize, body: usize) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut inner = at;
    while let Some(open) = scan::open_around(code, inner).filter(|&open| open > body) {
        inner = open;
        let close = code.partner(open).filter(|_| code.is(open - 1, "try"));
        let Some(close) = close.filter(|&close| code.is(close + 1, "catch")) else {
            continue;
        };
        // `catch (e) {`, `catch {`
        let start = match code.is(close + 2, "(") {
            true => code.partner(close + 2).map_or(close + 2, |end| end + 1),
            false => close + 2,
        };
        all.extend(code.partner(start).map(|end| start..end));
    }
    all
}

/// Where goes on what does not leave the function in a block: behind all branches of its condition, unless the
/// condition asks for more than the method.
fn behind(code: &Code<'_>, block: &Block) -> usize {
    let mut end = block.whole.end;
    while !block.partly && code.is(end + 1, "else") {
        let open = match code.is(end + 2, "if") {
            true => code.partner(end + 3).map(|close| close + 1),
            false => Some(end + 2),
        };
        match open.filter(|&open| code.is(open, "{")) {
            Some(open) => end = code.partner(open).unwrap_or(open),
            None => break,
        }
    }
    end
}

/// Whether a block leaves the function in any case.
fn returns(code: &Code<'_>, inner: &Range<usize>) -> bool {
    let start = inner.start + usize::from(code.is(inner.start, "{"));
    let mut at = start;
    while at < inner.end {
        match code.raw(at) {
            "{" | "(" | "[" => at = code.partner(at).unwrap_or(at),
            "return" | "throw" => {
                let under = code.is(at - 1, ")")
                    && code
                        .partner(at - 1)
                        .and_then(|open| open.checked_sub(1))
                        .is_some_and(|word| {
                            matches!(code.raw(word), "if" | "for" | "await" | "while")
                        });
                if at == start || !under && !matches!(code.raw(at - 1), "else" | ".") {
                    return true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// What is left of a body without the blocks of methods.
fn rest<'b>(body: &Range<usize>, blocks: impl Iterator<Item = &'b Block>) -> Vec<Range<usize>> {
    let mut taken: Vec<&Range<usize>> = blocks.map(|b| &b.whole).collect();
    taken.sort_by_key(|range| range.start);
    let mut all = Vec::new();
    let mut from = body.start;
    for range in taken
        .into_iter()
        .filter(|r| r.start >= body.start && r.end <= body.end)
    {
        if range.start >= from {
            all.push(from..range.start);
            from = range.end;
        }
    }
    all.push(from..body.end);
    all
}

/// Whether a method stands in a list of those that are allowed: `methods: ["GET", "POST"]`.
fn is_listed(code: &Code<'_>, at: usize) -> bool {
    scan::open_around(code, at).is_some_and(|open| code.is(open, "["))
}

/// The condition that compares the method at a token.
fn block(code: &Code<'_>, at: usize) -> Option<Block> {
    let mut before = at.checked_sub(1)?;
    while code.is(before, "=") {
        before = before.checked_sub(1)?;
    }
    let others = code.is(before, "!");
    let open = scan::open_around(code, at).filter(|&open| code.is(open, "("))?;
    let start = open.checked_sub(1).filter(|&start| code.is(start, "if"))?;
    let close = code.partner(open)?;
    // `if (req.method === "PUT" || req.method === "PATCH")` is for both; with another condition it is for none alone.
    let other = |i: usize| code.ident(i).is_some() && !code.is(i, "method") && !code.is(i + 1, ".");
    if (open..close).any(|i| code.is(i, "|")) && (others || (open + 1..close).any(other)) {
        return None;
    }
    let partly = (open..close).any(|i| code.is(i, "&"));
    let inner = match code.is(close + 1, "{") {
        true => close + 1..code.partner(close + 1)?,
        false => close + 1..(close + 1..code.tokens.len()).find(|&i| code.is(i, ";"))?,
    };
    Some(Block {
        whole: start..inner.end,
        inner,
        others,
        partly,
    })
}

/// A function by the bracket of its parameters and its body.
type Function = (usize, Range<usize>);

/// The function that a file gives away as its own, and whether another one stands before it.
fn exported(code: &Code<'_>) -> Option<(Option<Function>, bool)> {
    let at =
        (1..code.tokens.len()).find(|&at| code.is(at, "default") && code.is(at - 1, "export"))? + 1;
    let end = (at..code.tokens.len())
        .find(|&i| code.is(i, ";"))
        .unwrap_or(code.tokens.len());
    // `withUser(handler)`, `auth.wrap(handler)`
    let own = match code.raw(at) {
        "async" | "function" => true,
        // `(req, res) =>`, against `(withUser(handler))`
        "(" => (code.partner(at)).is_some_and(|end| matches!(code.raw(end + 1), "=" | ":")),
        _ => false,
    };
    let line = code.line(at);
    let wrapped = !own
        && (at..end)
            .take_while(|&i| code.line(i) == line)
            .any(|i| code.is(i, "("));
    // `export default async function handler(req, res) {`, `export default withUser(async (req, res) => …)`
    let literal = (at..end.min(at + 12)).find_map(|open| {
        let close = code.partner(open).filter(|_| code.is(open, "("))?;
        let given = code.arguments(open).len();
        let (_, body) = js_inline::body(code, close).filter(|_| (2..=4).contains(&given))?;
        Some((open, body))
    });
    let named = || {
        let mut names = (at..end.min(at + 12)).filter_map(|i| code.ident(i));
        names.find_map(|name| function(code, name))
    };
    Some((literal.or_else(named), wrapped))
}

/// The function of a file that is called so, also one with a type: `const handler: NextApiHandler = async (req, res) =>`.
fn function(code: &Code<'_>, name: &str) -> Option<Function> {
    (1..code.tokens.len())
        .filter(|&at| code.is(at, name) && matches!(code.raw(at - 1), "const" | "function"))
        .find_map(|at| {
            let open = (at + 1..at + 16).find(|&i| code.is(i, "("))?;
            let (_, body) = js_inline::body(code, code.partner(open)?)?;
            Some((open, body))
        })
}
