//! Chains of calls as C# builders are written: `b.Property<string>("Name").IsRequired()`.

use groundplan_syntax::Code;
use std::ops::Range;

/// Calls of a chain at most.
const LONGEST: usize = 400;

/// One call of a chain.
#[derive(Clone, Debug)]
pub(crate) struct Link<'t> {
    /// Name of the method.
    pub(crate) name: &'t str,
    /// Tokens between `<` and `>`; empty without type arguments.
    pub(crate) types: Range<usize>,
    /// Index of the bracket of its arguments.
    pub(crate) open: usize,
}

/// Calls that begin at one word.
#[derive(Clone, Debug)]
pub(crate) struct Chain<'t> {
    /// The calls in order; never empty.
    pub(crate) links: Vec<Link<'t>>,
    /// Index after the last bracket.
    pub(crate) end: usize,
}

impl<'t> Chain<'t> {
    /// The first call of a name.
    pub(crate) fn link(&self, name: &str) -> Option<&Link<'t>> {
        self.links.iter().find(|link| link.name == name)
    }
}

/// The calls on the word at `at`, `None` if there are none.
pub(crate) fn chain_at<'t>(code: &Code<'t>, at: usize) -> Option<Chain<'t>> {
    code.ident(at)?;
    let mut links = Vec::new();
    let mut next = at + 1;
    while links.len() < LONGEST && code.is_byte(next, b'.') {
        let Some(name) = code.ident(next + 1) else {
            break;
        };
        let (types, open) = type_arguments(code, next + 2);
        let Some(close) = Some(open).filter(|_| code.is_byte(open, b'(')) else {
            break;
        };
        let Some(close) = code.partner(close) else {
            break;
        };
        links.push(Link { name, types, open });
        next = close + 1;
    }
    (!links.is_empty()).then_some(Chain { links, end: next })
}

/// What stands between `<` and `>` at `at`, and the index after it.
fn type_arguments(code: &Code<'_>, at: usize) -> (Range<usize>, usize) {
    if !code.is(at, "<") {
        return (at..at, at);
    }
    let mut depth = 0_u32;
    for end in at..at + 60 {
        match code.raw(end) {
            "<" => depth += 1,
            ">" => depth -= 1,
            ";" | "{" | "" => break,
            _ => {}
        }
        if depth == 0 {
            return (at + 1..end, end + 1);
        }
    }
    (at..at, at)
}

/// The text of an argument: one token of text, or `nameof(X)` and `x => x.Name` by their last word.
pub(crate) fn text(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    if let (Some(text), 1) = (code.string(range.start), range.len()) {
        return Some(unescaped(text));
    }
    let named = code.is(range.start, "nameof") && range.len() <= 8;
    let arrow = range.len() <= 8
        && range
            .clone()
            .any(|at| code.is(at, ">") || code.is(at, "=>"));
    let last = range.clone().rev().find_map(|at| code.ident(at));
    last.filter(|_| named || arrow).map(str::to_owned)
}

/// All texts in the arguments of a call: `HasKey("A", "B")`, `HasIndex(new[] { "A", "B" })`.
pub(crate) fn texts(code: &Code<'_>, open: usize) -> Vec<String> {
    let close = code.partner(open).unwrap_or(open);
    let texts = (open..close).filter_map(|at| code.string(at));
    texts.take(64).map(unescaped).collect()
}

/// The members that the arguments of a call name: `"A", "B"`, `nameof(T.A)`, `e => e.A`,
/// `e => new { e.A, e.B }`.
pub(crate) fn members(code: &Code<'_>, open: usize) -> Vec<String> {
    let named = texts(code, open);
    if !named.is_empty() {
        return named;
    }
    let close = code.partner(open).unwrap_or(open);
    let last = |at: &usize| {
        code.is_byte(at - 1, b'.') && !code.is_byte(at + 1, b'.') && !code.is_byte(at + 1, b'(')
    };
    let words = (open + 1..close)
        .filter(last)
        .filter_map(|at| code.ident(at));
    words.take(64).map(str::to_owned).collect()
}

/// What `DeleteBehavior` means in the database. What the program does with rows that it has loaded says
/// nothing of it.
pub(crate) fn on_delete(word: &str) -> Option<&'static str> {
    match word {
        "Cascade" => Some("CASCADE"),
        "SetNull" => Some("SET NULL"),
        "Restrict" => Some("RESTRICT"),
        _ => None,
    }
}

/// What a literal of C# stands for: `\"Id\" IS NOT NULL` without the signs that hide the quotes.
fn unescaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, letters.clone().next()) {
            ('\\', Some(hidden @ ('"' | '\'' | '\\'))) => {
                made.push(hidden);
                letters.next();
            }
            _ => made.push(letter),
        }
    }
    made
}

/// The name of the variable of a closure and the tokens of its body: `b => { … }`.
pub(crate) fn closure<'t>(
    code: &Code<'t>,
    range: &Range<usize>,
) -> Option<(&'t str, Range<usize>)> {
    let first = if code.is_byte(range.start, b'(') {
        range.start + 1
    } else {
        range.start
    };
    let name = code.ident(first)?;
    let open = (first..range.end.min(first + 6)).find(|&at| code.is_byte(at, b'{'))?;
    Some((name, open + 1..code.partner(open)?))
}
