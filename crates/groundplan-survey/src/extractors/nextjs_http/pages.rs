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
    /// Of each method the tokens that answer it.
    pub(super) ranges: Vec<Vec<Range<usize>>>,
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
}

/// Nothing where the methods are told apart in another way, or the function was not found.
pub(super) fn of<'t>(code: &Code<'t>, places: &[(String, usize)]) -> Option<Parts<'t>> {
    let told = |at: usize| matches!(code.raw(at - 1), "case" | "{" | ",") && !is_listed(code, at);
    if places
        .iter()
        .any(|(method, at)| method != "ANY" && told(*at))
    {
        return None;
    }
    let blocks: Vec<Option<Block>> = places.iter().map(|(_, at)| block(code, *at)).collect();
    let (exported, wrapped) = exported(code)?;
    let around = blocks.iter().flatten().next();
    let around = around.and_then(|b| conditions::function_around(code, b.whole.start));
    let (params, body) = match around {
        Some((params, open)) => (params, open..code.partner(open)?),
        None => exported?,
    };
    let all = code.arguments(params);
    let request = code.ident(all.first()?.start)?;
    let response = code.ident(all.get(1)?.start)?;
    let first = blocks.iter().flatten().map(|b| b.whole.start).min();
    let ranges = blocks.iter().map(|block| match block {
        Some(block) if !block.others => {
            vec![body.start..first.unwrap_or(body.start), block.inner.clone()]
        }
        _ => rest(&body, blocks.iter().flatten()),
    });
    Some(Parts {
        names: (request, response),
        ranges: ranges.collect(),
        wrapped,
    })
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
    if !code.is(before, "=") {
        return None;
    }
    while code.is(before, "=") {
        before = before.checked_sub(1)?;
    }
    let others = code.is(before, "!");
    let open = scan::open_around(code, at).filter(|&open| code.is(open, "("))?;
    let start = open.checked_sub(1).filter(|&start| code.is(start, "if"))?;
    // `if (req.method === "GET" || …)` is for several.
    let close = code.partner(open)?;
    if (open..close).any(|i| code.is(i, "|")) {
        return None;
    }
    let inner = match code.is(close + 1, "{") {
        true => close + 1..code.partner(close + 1)?,
        false => close + 1..(close + 1..code.tokens.len()).find(|&i| code.is(i, ";"))?,
    };
    Some(Block {
        whole: start..inner.end,
        inner,
        others,
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
    let wrapped = code
        .ident(at)
        .is_some_and(|word| !matches!(word, "async" | "function"))
        && code.is(at + 1, "(");
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
