//! What the extractors of PHP share: chains of calls, texts, lists and names of classes.

use groundplan_syntax::{Code, TokenKind};
use std::ops::Range;

/// Whether a file is code of a framework or what a generator copies, and no part of the program.
pub(crate) fn is_foreign(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, "vendor" | "stubs" | "node_modules"))
}

/// Links of one chain at most: longer ones are no set-up code.
const LONGEST: usize = 40;

/// One call of a chain: `prefix('admin')`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link<'t> {
    /// The method.
    pub(crate) name: &'t str,
    /// Its opening bracket.
    pub(crate) open: usize,
}

/// Calls one after the other on one receiver: `Route::prefix('admin')->group(…)`.
#[derive(Clone, Debug)]
pub(crate) struct Chain<'t> {
    /// The calls in order.
    pub(crate) links: Vec<Link<'t>>,
    /// The token behind the last bracket.
    pub(crate) end: usize,
}

/// The chain whose receiver stands at `at`; `None` if no call follows it.
pub(crate) fn chain_at<'t>(code: &Code<'t>, at: usize) -> Option<Chain<'t>> {
    code.ident(at)?;
    let mut links = Vec::new();
    let mut end = at + 1;
    while links.len() < LONGEST
        && let Some(name_at) = behind_arrow(code, end)
        && let Some(name) = code.ident(name_at)
        && code.is_byte(name_at + 1, b'(')
        && let Some(close) = code.partner(name_at + 1)
    {
        let open = name_at + 1;
        links.push(Link { name, open });
        end = close + 1;
    }
    (!links.is_empty()).then_some(Chain { links, end })
}

/// The token behind `::`, `->` or `?->`.
fn behind_arrow(code: &Code<'_>, at: usize) -> Option<usize> {
    let at = at + usize::from(code.is_byte(at, b'?'));
    let is = |a: u8, b: u8| code.is_byte(at, a) && code.is_byte(at + 1, b);
    (is(b':', b':') || is(b'-', b'>')).then_some(at + 2)
}

/// The text that an argument gives: literals and constants of the class, one or several joined by dots. `None`
/// where a variable or a call takes part.
pub(crate) fn text(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let mut out = String::new();
    let mut at = range.start;
    while at < range.end {
        if let Some(content) = code.string(at) {
            if code.raw(at).starts_with('"') && content.contains('$') {
                return None;
            }
            out.push_str(content);
            at += 1;
        } else {
            out.push_str(constant(code, at)?);
            at += 4;
        }
        match at < range.end {
            true if code.is_byte(at, b'.') && at + 1 < range.end => at += 1,
            true => return None,
            false => return Some(out),
        }
    }
    None
}

/// The text of `self::ORDERS` or `static::ORDERS` that stands at a token, where the file has the constant once.
fn constant<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let own = matches!(code.raw(at), "self" | "static");
    let colons = code.is_byte(at + 1, b':') && code.is_byte(at + 2, b':');
    let name = code.ident(at + 3).filter(|_| own && colons)?;
    let mut all = (2..code.tokens.len()).filter(|&i| {
        let declared = code.is(i - 1, "const") || code.is(i - 2, "const");
        declared && code.is(i, name) && code.is_byte(i + 1, b'=')
    });
    let found = all.next().filter(|_| all.next().is_none())?;
    code.string(found + 2)
        .filter(|_| code.is_byte(found + 3, b';'))
}

/// The bracket of a list that an argument is: `[…]` or `array(…)`.
pub(crate) fn list_at(code: &Code<'_>, range: &Range<usize>) -> Option<usize> {
    if code.is_byte(range.start, b'[') {
        return Some(range.start);
    }
    (code.is(range.start, "array") && code.is_byte(range.start + 1, b'('))
        .then_some(range.start + 1)
}

/// The entries of a list, each with its key if it has one.
pub(crate) fn entries(code: &Code<'_>, open: usize) -> Vec<(Option<Range<usize>>, Range<usize>)> {
    let split = |range: Range<usize>| {
        let mut at = range.start;
        while at + 1 < range.end {
            if code.is_byte(at, b'=') && code.is_byte(at + 1, b'>') {
                return (Some(range.start..at), at + 2..range.end);
            }
            // `fn () => …` is a value.
            if code.is(at, "fn") || code.is(at, "function") {
                break;
            }
            at = code.partner(at).filter(|&p| p > at).unwrap_or(at) + 1;
        }
        (None, range)
    };
    code.arguments(open).into_iter().map(split).collect()
}

/// The value under a key of a list.
pub(crate) fn value_of(code: &Code<'_>, open: usize, key: &str) -> Option<Range<usize>> {
    let is = |range: &Range<usize>| range.len() == 1 && code.string(range.start) == Some(key);
    entries(code, open)
        .into_iter()
        .find_map(|(name, value)| name.is_some_and(|n| is(&n)).then_some(value))
}

/// The texts of an argument: of a list those of its elements, else its own.
pub(crate) fn texts(code: &Code<'_>, range: &Range<usize>) -> Vec<String> {
    match list_at(code, range) {
        Some(open) => entries(code, open)
            .into_iter()
            .filter_map(|(_, value)| text(code, &value))
            .collect(),
        None => text(code, range).into_iter().collect(),
    }
}

/// All texts of the arguments of a call, those of lists included.
pub(crate) fn all_texts(code: &Code<'_>, open: usize) -> Vec<String> {
    let arguments = code.arguments(open);
    arguments.iter().flat_map(|r| texts(code, r)).collect()
}

/// The class of `Name::class`, without its namespace, also of one written as a text.
pub(crate) fn class(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let last = range.end.checked_sub(1)?;
    if range.len() >= 4
        && code.is(last, "class")
        && code.is_byte(last - 1, b':')
        && code.is_byte(last - 2, b':')
    {
        let name = code.ident(last - 3)?;
        return Some(name.to_owned());
    }
    let whole = text(code, range).filter(|t| !t.contains([' ', '/', '@']))?;
    let name = whole.rsplit('\\').next().unwrap_or(&whole);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The named argument of a call, `api: …`.
pub(crate) fn named(code: &Code<'_>, open: usize, name: &str) -> Option<Range<usize>> {
    code.arguments(open).into_iter().find_map(|range| {
        let named = code.is(range.start, name)
            && code.is_byte(range.start + 1, b':')
            && !code.is_byte(range.start + 2, b':');
        named.then_some(range.start + 2..range.end)
    })
}

/// A file that an argument names by its place: relative to the folder of the code (`__DIR__`), or
/// by a helper of the framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `__DIR__.'/api.php'`: relative to the file.
    Beside(String),
    /// `base_path('routes/api.php')`: relative to the root of the application.
    Root(String),
    /// `module_path('Blog', 'routes/api.php')`, a variable before it: the end of the path.
    End(String),
}

/// The file of PHP that an argument names.
pub(crate) fn place(code: &Code<'_>, range: &Range<usize>) -> Option<Place> {
    let last = range.clone().rev().find(|&at| {
        code.tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Str)
    })?;
    let path = code.string(last).filter(|p| p.ends_with(".php"))?;
    if path.contains(['$', '*', '{']) {
        return None;
    }
    let path = path.trim_start_matches('/').to_owned();
    let has = |word: &str| range.clone().any(|at| code.is(at, word));
    Some(if has("__DIR__") && !has("dirname") {
        Place::Beside(path)
    } else if has("base_path") || has("basePath") || has("getcwd") {
        Place::Root(path)
    } else {
        Place::End(path.trim_start_matches("../").to_owned())
    })
}

/// The body of a closure that an argument is, `function () use ($x) {…}` or `fn () => …`, with the
/// name of its first parameter.
pub(crate) fn closure<'t>(
    code: &Code<'t>,
    range: &Range<usize>,
) -> Option<(Range<usize>, Option<&'t str>)> {
    let start = range.start + usize::from(code.is(range.start, "static"));
    let arrow = code.is(start, "fn");
    if !(arrow || code.is(start, "function")) {
        return None;
    }
    let open = (start + 1..range.end.min(start + 3)).find(|&at| code.is_byte(at, b'('))?;
    let close = code.partner(open)?;
    let first = (open + 1..close)
        .filter_map(|at| code.ident(at))
        .find(|name| name.starts_with('$'));
    let body = if arrow {
        let begin =
            (close..range.end).find(|&at| code.is_byte(at, b'=') && code.is_byte(at + 1, b'>'))?;
        begin + 2..range.end
    } else {
        let begin = (close..range.end).find(|&at| code.is_byte(at, b'{'))?;
        begin + 1..code.partner(begin)?
    };
    Some((body, first))
}
