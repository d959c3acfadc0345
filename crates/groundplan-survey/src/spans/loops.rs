//! The loops of a function over what something holds: what is done in them is done for each.

use groundplan_syntax::{Code, Language, TokenKind};
use std::ops::Range;

/// Tokens of the head of a loop at most.
const LONGEST: usize = 40;

/// The blocks that run for each of several things, with what each round is for: `` `item` of `items` ``.
pub(super) fn loops(code: &Code<'_>) -> Vec<(Range<usize>, String)> {
    let mut all = Vec::new();
    for (at, token) in code.tokens.iter().enumerate() {
        // Asked of every token, and the length nearly always says no.
        let len = token.end - token.start;
        if !(3..=7).contains(&len) || token.kind != TokenKind::Ident {
            continue;
        }
        let found = match code.raw(at) {
            "for" | "foreach" => head(code, at),
            "map" | "forEach" => handed(code, at),
            _ => None,
        };
        all.extend(found);
    }
    all
}

/// `for _, item := range items {`, `for (const item of items) {`, `for item in items:`,
/// `foreach ($items as $item) {`, `for (Item item : items) {`.
fn head(code: &Code<'_>, at: usize) -> Option<(Range<usize>, String)> {
    let bracket = code.is_byte(at + 1, b'(');
    let (from, to, block) = match bracket {
        true => {
            let close = code.partner(at + 1)?;
            let open = close + 1;
            (at + 2, close, code.is_byte(open, b'{').then_some(open)?)
        }
        false => {
            let ends = |i: &usize| match code.language {
                Language::Python => code.is_byte(*i, b':'),
                _ => code.is_byte(*i, b'{'),
            };
            let mut end = at + 1;
            while end < at + LONGEST && !ends(&end) {
                end = match code.raw(end) {
                    "(" | "[" => code.partner(end)?,
                    _ => end,
                } + 1;
            }
            (at + 1, end, ends(&end).then_some(end)?)
        }
    };
    // What a comprehension of Python is over, is no block of its own.
    if code.language == Language::Python && !code.starts_line(at) && !code.is(at - 1, "async") {
        return None;
    }
    let word = |i: usize| match code.language {
        Language::Go => code.is(i, "range"),
        Language::Java => code.is_byte(i, b':'),
        Language::Php => code.is(i, "as"),
        _ => matches!(code.raw(i), "of" | "in"),
    };
    let joint = (from..to).find(|&i| word(i))?;
    let (things, one) = match code.language {
        Language::Php => (from..joint, joint + 1..to),
        _ => (joint + 1..to, from..joint),
    };
    let block = match code.language {
        Language::Python => below(code, at, block),
        _ => block..code.partner(block)?,
    };
    let over = named(code, &things)?;
    let item = one
        .clone()
        .rev()
        .filter_map(|i| code.ident(i))
        .find(|name| *name != "_");
    let is_one = one.clone().all(|i| !matches!(code.raw(i), "{" | "[" | "("));
    let said = match item.filter(|_| is_one) {
        Some(item) => format!("`{}` of `{over}`", item.trim_start_matches('$')),
        None => format!("of `{over}`"),
    };
    Some((block, said))
}

/// `items.map(async (item) => {`.
fn handed(code: &Code<'_>, at: usize) -> Option<(Range<usize>, String)> {
    let dot = at.checked_sub(1).filter(|dot| code.is_byte(*dot, b'.'))?;
    let over = code.ident(dot.checked_sub(1)?)?;
    if !code.is_byte(at + 1, b'(') || over.starts_with(char::is_uppercase) {
        return None;
    }
    let close = code.partner(at + 1)?;
    let block = (at + 1..close)
        .take(LONGEST)
        .find(|&i| code.is_byte(i, b'{') && code.is_byte(i - 1, b'>'))?;
    // A single thing may be mapped as well: its name says so.
    let many = over.ends_with('s') || over.ends_with("List");
    many.then(|| Some((block..code.partner(block)?, format!("of `{over}`"))))?
}

/// What is gone through, as a name: `items` of `cart.items`, of `enumerate(items)`.
fn named<'t>(code: &Code<'t>, range: &Range<usize>) -> Option<&'t str> {
    let mut range = range.clone();
    if matches!(
        code.raw(range.start),
        "enumerate" | "sorted" | "reversed" | "list"
    ) {
        range = range.start + 2..range.end.saturating_sub(1);
    }
    let plain = |i: usize| {
        code.ident(i).is_some()
            || matches!(code.raw(i), "." | "&" | "(" | ")" | "*" | "$" | "-" | ">")
    };
    if range.is_empty() || !range.clone().all(plain) {
        return None;
    }
    let name = range.rev().find_map(|i| code.ident(i))?;
    // `orders.iter()`, `cart.GetItems()` are named by what they give.
    let told = name.trim_start_matches('$');
    (!matches!(told, "iter" | "values" | "keys" | "into_iter" | "entries")).then_some(told)
}

/// The lines of Python that stand further in than a head that ends at a token.
fn below(code: &Code<'_>, head: usize, colon: usize) -> Range<usize> {
    let line = (0..=head)
        .rev()
        .find(|&i| code.starts_line(i))
        .unwrap_or(head);
    let column = code.column(line);
    let end =
        (colon + 1..code.tokens.len()).find(|&i| code.starts_line(i) && code.column(i) <= column);
    colon..end.unwrap_or(code.tokens.len())
}
