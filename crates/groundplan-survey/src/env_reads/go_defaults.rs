//! Defaults that a function of Go gives to the fields of a struct whose tags name variables:
//! `func Defaults() *Config { c := &Config{}; c.Port = "8080"; return c }` of `Port string `env:"PORT"``.

use super::{EnvCall, plain};
use crate::code_view::CodeView;
use groundplan_syntax::Function;
use std::collections::{BTreeMap, BTreeSet};

/// Types, functions, and tokens of one function, that are looked at, at most.
const MOST_TYPES: usize = 64;
const MOST_FUNCTIONS: usize = 40;
const LONGEST: usize = 6_000;

/// What a function gives to fields, with the line; `None` for a field that has several values.
type Given<'t> = BTreeMap<&'t str, Option<(String, u32)>>;

/// Gives reads without a default that of the function which is called after defaults.
pub(super) fn add(view: &CodeView<'_, '_>, all: &mut [EnvCall]) {
    let code = view.code;
    let open = |call: &EnvCall| {
        code.raw(call.at).starts_with('`')
            && call.default.is_none()
            && call.computed.is_none()
            && call.field.is_some()
    };
    if !all.iter().any(open) {
        return;
    }
    let structs = structs(view);
    let mut by_type: BTreeMap<&str, Given<'_>> = BTreeMap::new();
    for call in all.iter_mut().filter(|call| open(call)) {
        let Some(kind) = struct_of(&structs, call.at) else {
            continue;
        };
        if by_type.len() >= MOST_TYPES && !by_type.contains_key(kind) {
            continue;
        }
        let given = by_type.entry(kind).or_insert_with(|| given(view, kind));
        let field = call.field.as_deref().unwrap_or_default();
        if let Some(Some((value, line))) = given.get(field) {
            call.default = Some(value.clone());
            call.default_line = Some(*line);
        }
    }
}

/// A struct: its brackets, and the name of its type where it has one.
type Struct<'t> = (usize, usize, Option<&'t str>);

/// The structs of a file, in order.
fn structs<'t>(view: &CodeView<'_, 't>) -> Vec<Struct<'t>> {
    let code = view.code;
    let mut all = Vec::new();
    for at in 1..code.tokens.len() {
        if code.is(at, "struct")
            && code.is(at + 1, "{")
            && let Some(close) = code.partner(at + 1)
        {
            let declared = code.starts_line(at - 1) || code.is(at.wrapping_sub(2), "type");
            all.push((at + 1, close, code.ident(at - 1).filter(|_| declared)));
        }
    }
    all
}

/// The name of the type whose own fields a tag stands at.
fn struct_of<'t>(all: &[Struct<'t>], tag: usize) -> Option<&'t str> {
    /// Structs inside one that end before the tag, at most.
    const MOST: usize = 64;
    let until = all.partition_point(|(open, ..)| *open < tag);
    let mut before = all[..until].iter().rev().take(MOST);
    before.find(|(_, close, _)| *close > tag)?.2
}

/// What the functions that are called after defaults give to the fields of a type.
fn given<'t>(view: &CodeView<'_, 't>, kind: &str) -> Given<'t> {
    let mut all = Given::new();
    let functions = view.code.functions().iter();
    let named = |f: &&Function<'t>| {
        let name = f.name.to_ascii_lowercase();
        !f.class && name.contains("default") && f.body.len() <= LONGEST
    };
    for function in functions.filter(named).take(MOST_FUNCTIONS) {
        of_function(view, function, kind, &mut all);
    }
    all
}

fn of_function<'t>(
    view: &CodeView<'_, 't>,
    function: &Function<'t>,
    kind: &str,
    all: &mut Given<'t>,
) {
    let code = view.code;
    // `c := &Config{}`, `var c Config`, `(c *Config)`
    let mut holders: BTreeSet<&str> = BTreeSet::new();
    for at in function.first..function.body.end {
        if code.is(at, kind) && !code.is(at.wrapping_sub(1), ".") {
            let before = (function.first..at).rev().take(5);
            let before = before.take_while(|&n| !code.is(n, ","));
            holders.extend(before.filter_map(|n| code.ident(n)));
        }
    }
    let mut at = function.body.start;
    while at < function.body.end {
        // What stands in a block of its own holds only under its condition.
        if matches!(code.raw(at), "{" | "(" | "[")
            && let Some(close) = code.partner(at)
        {
            let literal = code.is(at, "{")
                && code.is(at.wrapping_sub(1), kind)
                && !code.is(at.wrapping_sub(2), ".");
            if literal {
                of_literal(view, at, close, all);
            }
            at = close.max(at) + 1;
            continue;
        }
        if code.starts_line(at)
            && let (Some(holder), Some(field)) = (code.ident(at), code.ident(at + 2))
            && code.is(at + 1, ".")
            && code.is(at + 3, "=")
            && !code.is(at + 4, "=")
            && holders.contains(holder)
        {
            let line = code.line(at);
            let mut end = at + 4;
            while end < function.body.end && code.line(end) == line {
                end = code.partner(end).unwrap_or(end).max(end) + 1;
            }
            note(view, field, at + 4..end, line, all);
            at = end;
            continue;
        }
        at += 1;
    }
}

/// `Config{Port: "8080"}`
fn of_literal<'t>(view: &CodeView<'_, 't>, open: usize, close: usize, all: &mut Given<'t>) {
    let code = view.code;
    for part in code.arguments(open) {
        if part.end <= close
            && code.is(part.start + 1, ":")
            && let Some(field) = code.ident(part.start)
        {
            note(
                view,
                field,
                part.start + 2..part.end,
                code.line(part.start),
                all,
            );
        }
    }
}

fn note<'t>(
    view: &CodeView<'_, 't>,
    field: &'t str,
    value: std::ops::Range<usize>,
    line: u32,
    all: &mut Given<'t>,
) {
    let found = (!value.is_empty())
        .then(|| plain(view, value))
        .flatten()
        .map(|text| (text, line));
    let known = all.entry(field).or_insert_with(|| found.clone());
    let same = known.as_ref().map(|(text, _)| text) == found.as_ref().map(|(text, _)| text);
    if !same {
        *known = None;
    }
}
