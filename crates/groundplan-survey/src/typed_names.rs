//! Of which type the variables, fields and parameters of a file are, where it says so.

use groundplan_syntax::{Code, Language};
use std::collections::BTreeMap;

/// A type, and the one in its angle brackets: `Repository<Order>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Typed<'t> {
    pub(crate) name: &'t str,
    pub(crate) of: Option<&'t str>,
    /// The word before a point before it: in Go, its package.
    pub(crate) package: Option<&'t str>,
    /// Whether only an object that is made for the name says it.
    pub(crate) made: bool,
    /// Whether another name of the file, spelled alike, is declared with another type.
    pub(crate) several: bool,
}

/// Tokens in angle brackets at most.
const LONGEST: usize = 40;

/// The type of each name: the one that is declared first, else the one of what is made for it.
pub(crate) fn typed_names<'t>(code: &Code<'t>) -> BTreeMap<&'t str, Typed<'t>> {
    let mut all: BTreeMap<&str, Typed<'_>> = BTreeMap::new();
    for at in 0..code.tokens.len() {
        let Some(word) = code.ident(at).filter(|w| w.starts_with(char::is_uppercase)) else {
            continue;
        };
        if code.is_byte(at + 1, b'.') {
            continue;
        }
        let (of, next) = inner(code, at + 1);
        let declared = match code.language {
            Language::Java | Language::CSharp | Language::Php | Language::Scala | Language::Cpp => {
                name_behind(code, next)
            }
            _ => name_before(code, at),
        };
        let made = declared.is_none();
        let Some(name) = declared.or_else(|| made_for(code, at)) else {
            continue;
        };
        let typed = Typed {
            name: word,
            of,
            package: (at.checked_sub(2).filter(|_| code.is_byte(at - 1, b'.')))
                .and_then(|before| code.ident(before)),
            made,
            several: false,
        };
        all.entry(name)
            .and_modify(|known| {
                if known.made && !made {
                    *known = typed;
                } else {
                    known.several |= !made && known.name != word;
                }
            })
            .or_insert(typed);
    }
    all
}

/// The type in angle brackets, and the token behind them.
fn inner<'t>(code: &Code<'t>, at: usize) -> (Option<&'t str>, usize) {
    if !code.is_byte(at, b'<') {
        return (None, at);
    }
    let mut depth = 0;
    for i in at..at + LONGEST {
        match code.raw(i) {
            "<" => depth += 1,
            ">" => depth -= 1,
            ";" | "{" | "" => break,
            _ => {}
        }
        if depth == 0 {
            return (code.ident(at + 1), i + 1);
        }
    }
    (None, at)
}

/// `OrderRepository orders;`
fn name_behind<'t>(code: &Code<'t>, mut at: usize) -> Option<&'t str> {
    while matches!(code.raw(at), "?" | "[" | "]" | "&" | "*" | "$") {
        at += 1;
    }
    let name = code.ident(at)?;
    matches!(code.raw(at + 1), ";" | "=" | "," | ")" | ":").then_some(name.trim_start_matches('$'))
}

/// `orders: OrderRepository`, and in Go `orders *store.OrderRepository`.
fn name_before<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let mut before = at.checked_sub(1)?;
    if code.language == Language::Go {
        // `store.OrderRepository`, and no field of what a call gives.
        if code.is_byte(before, b'.') {
            code.ident(before.checked_sub(1)?)?;
            before = before.checked_sub(2)?;
        }
        while matches!(code.raw(before), "*" | "[" | "]") {
            before = before.checked_sub(1)?;
        }
        let name = code.ident(before)?;
        let word = [
            "return", "type", "func", "package", "import", "case", "range", "go", "defer", "if",
            "for", "else", "switch", "select",
        ];
        return (!word.contains(&name)).then_some(name);
    }
    while matches!(
        code.raw(before),
        "&" | "<" | "'" | "mut" | "dyn" | "Box" | "Arc"
    ) {
        before = before.checked_sub(1)?;
    }
    if !code.is_byte(before, b':') {
        return None;
    }
    let mut name = before.checked_sub(1)?;
    if matches!(code.raw(name), "?" | "!") {
        name = name.checked_sub(1)?;
    }
    code.ident(name)
}

/// `order = new Order(…)`, `order = Order(…)`, `order := &Order{…}`.
fn made_for<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    if !matches!(code.raw(at + 1), "(" | "{") {
        return None;
    }
    let mut before = at.checked_sub(1)?;
    if code.language == Language::Go && code.is_byte(before, b'.') {
        before = before.checked_sub(2)?;
    }
    while matches!(code.raw(before), "new" | "&" | "await") {
        before = before.checked_sub(1)?;
    }
    if !code.is_byte(before, b'=') {
        return None;
    }
    let mut name = before.checked_sub(1)?;
    if code.is_byte(name, b':') {
        name = name.checked_sub(1)?;
    }
    code.ident(name).map(|n| n.trim_start_matches(['$', '@']))
}
