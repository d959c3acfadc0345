//! What `params` of Rails is asked for.

use crate::facts::{Handler, Input};
use crate::ruby::Kind;
use crate::ruby::members::Members;
use std::ops::Range;

/// Names in names at most.
const DEEPEST: u8 = 8;

/// Reads what is done with the `params` at `at`.
pub(super) fn read(m: &Members<'_>, at: usize, handler: &mut Handler) {
    if m.is_mark(at + 1, "[") {
        index(m, at + 1, String::new(), handler);
        return;
    }
    match m.called_on(at + 1) {
        Some(asked) => {
            called(m, asked, "", handler);
        }
        // Handed on whole.
        None => handler.more = true,
    }
}

/// Bytes of the name of a parameter at most, those that it lies in included: each call behind another adds
/// to it.
const LONGEST: usize = 160;

/// `[:a]`, `[:a][:b]` and what is called on it.
fn index(m: &Members<'_>, open: usize, before: String, handler: &mut Handler) {
    if before.len() > LONGEST {
        handler.more = true;
        return;
    }
    let Some(close) = m.partner(open) else { return };
    let Some(key) = literal(m, open + 1).filter(|_| close == open + 2) else {
        handler.more = true;
        return;
    };
    let name = within(&before, key);
    if m.is_mark(close + 1, "[") {
        let asked = literal(m, close + 2);
        if asked.is_some() {
            index(m, close + 1, name, handler);
            return;
        }
    }
    if m.is_mark(close + 1, "=") {
        // What is set here no caller gives.
        return;
    }
    if let Some(asked) = m.called_on(close + 1)
        && matches!(
            m.word(asked),
            "permit" | "require" | "fetch" | "dig" | "slice" | "expect"
        )
        && called(m, asked, &name, handler)
    {
        return;
    }
    add(handler, &name, false);
}

/// A method that is called on all of them, or on those below a name; `false` if it is another's.
fn called(m: &Members<'_>, asked: usize, before: &str, handler: &mut Handler) -> bool {
    if before.len() > LONGEST {
        handler.more = true;
        return true;
    }
    let given = m.given(asked);
    let parts = m.arguments(given.clone());
    let first = parts.first();
    match m.word(asked) {
        "require" => {
            let names = first.and_then(|part| m.names(part));
            let Some(names) = names else {
                handler.more = true;
                return true;
            };
            let after = behind(m, asked, &given);
            if let ([name], Some(next)) = (names.as_slice(), m.called_on(after))
                && matches!(
                    m.word(next),
                    "permit" | "fetch" | "dig" | "slice" | "require"
                )
            {
                let whole = within(before, name);
                if called(m, next, &whole, handler) {
                    require(handler, &whole);
                    return true;
                }
            }
            for name in names {
                add(handler, &within(before, name), true);
            }
        }
        "expect" => {
            for part in &parts {
                fields(m, part, before, true, handler, 0);
            }
        }
        "permit" | "slice" | "values_at" | "extract!" => {
            for part in &parts {
                fields(m, part, before, false, handler, 0);
            }
        }
        "fetch" | "dig" | "key?" | "has_key?" | "include?" | "member?" | "delete" => {
            let dig = m.word(asked) == "dig";
            let mut name = before.to_owned();
            let mut known = false;
            for part in parts.iter().take(if dig { 6 } else { 1 }) {
                match literal(m, part.start).filter(|_| part.len() == 1) {
                    Some(key) => {
                        name = within(&name, key);
                        known = true;
                    }
                    None => break,
                }
            }
            if !known {
                handler.more = true;
                return true;
            }
            let after = behind(m, asked, &given);
            let block = m.is_mark(after, "{") || m.word(after) == "do";
            let must = m.word(asked) == "fetch" && parts.len() == 1 && !block;
            if !block
                && let Some(next) = m.called_on(after)
                && m.word(next) == "permit"
            {
                return called(m, next, &name, handler);
            }
            add(handler, &name, must);
        }
        "permitted?" | "present?" | "blank?" | "empty?" | "class" | "is_a?" => {}
        _ if before.is_empty() => handler.more = true,
        _ => return false,
    }
    true
}

/// The token behind what a method is given.
fn behind(m: &Members<'_>, asked: usize, given: &Range<usize>) -> usize {
    match m.is_mark(asked + 1, "(") {
        true => given.end + 1,
        false => given.end,
    }
}

/// `:a`, `%i[a b]`, `c: []`, `d: [:e, :f]`.
fn fields(
    m: &Members<'_>,
    part: &Range<usize>,
    before: &str,
    must: bool,
    handler: &mut Handler,
    depth: u8,
) {
    if depth > DEEPEST {
        handler.more = true;
        return;
    }
    if let Some((key, value)) = m.keyed(part) {
        let name = within(before, key);
        let open = value.start;
        let list = m.is_mark(open, "[") && m.partner(open) == Some(value.end.wrapping_sub(1));
        match list {
            true if value.len() == 2 => add(handler, &format!("{name}[]"), must),
            true => {
                for inner in m.arguments(open + 1..value.end - 1) {
                    fields(m, &inner, &name, false, handler, depth + 1);
                }
                if must {
                    require(handler, &name);
                }
            }
            false => match m.token(open) {
                Some(token) if token.kind == Kind::Words => {
                    for key in token.text.split_whitespace() {
                        add(handler, &within(&name, key), false);
                    }
                }
                _ => {
                    handler.more = true;
                    add(handler, &name, must);
                }
            },
        }
        return;
    }
    if let Some(names) = m.names(part) {
        for name in names {
            add(handler, &within(before, name), must);
        }
        return;
    }
    let open = part.start;
    let whole = m.partner(open) == Some(part.end.wrapping_sub(1));
    if whole && (m.is_mark(open, "[") || m.is_mark(open, "{")) {
        for inner in m.arguments(open + 1..part.end - 1) {
            fields(m, &inner, before, must, handler, depth + 1);
        }
        return;
    }
    // A constant, a call, a sum of lists.
    handler.more = true;
    if let Some(close) = m.partner(open).filter(|_| m.is_mark(open, "[")) {
        fields(m, &(open..close + 1), before, must, handler, depth + 1);
    }
}

/// Notes that a name must be given, where no field below it was read.
fn require(handler: &mut Handler, name: &str) {
    let below = format!("{name}[");
    if !handler.inputs.iter().any(|i| i.name.starts_with(&below)) {
        add(handler, name, true);
    }
}

fn literal<'t>(m: &Members<'t>, at: usize) -> Option<&'t str> {
    let token = m.token(at)?;
    let plain = matches!(token.kind, Kind::Symbol | Kind::Text) && !token.text.contains("#{");
    plain.then_some(token.text)
}

fn within(before: &str, name: &str) -> String {
    match before.is_empty() {
        true => name.to_owned(),
        false => format!("{before}[{name}]"),
    }
}

fn add(handler: &mut Handler, name: &str, required: bool) {
    // Names that the framework sets itself.
    if matches!(name, "controller" | "action" | "format" | "") || name.len() > 120 {
        return;
    }
    match handler
        .inputs
        .iter_mut()
        .find(|i| i.name == name && i.place == "form")
    {
        Some(known) => known.required |= required,
        None => handler.inputs.push(Input {
            name: name.to_owned(),
            place: "form".to_owned(),
            data_type: None,
            required,
        }),
    }
}
