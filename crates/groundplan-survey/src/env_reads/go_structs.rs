//! What stands around a variable of Go that a tag or a flag names: namespaces and defaults.

use crate::code_view::CodeView;
use std::collections::BTreeMap;

/// Names that one variable may have below namespaces, and structs around it, at most: more only hostile code
/// has.
const MOST: usize = 8;
const DEEPEST: usize = 24;

/// The braces around a token, the innermost first.
fn around<'c>(view: &'c CodeView<'_, '_>, at: usize) -> impl Iterator<Item = (usize, usize)> + 'c {
    let code = view.code;
    let opens = (0..at).rev().filter(move |&i| code.is(i, "{"));
    opens
        .filter_map(move |open| {
            let close = code.partner(open)?;
            (close > at).then_some((open, close))
        })
        .take(DEEPEST)
}

/// Namespaces of the structs that go-flags fills, by the name of their type
/// (<https://pkg.go.dev/github.com/jessevdk/go-flags#hdr-Available_field_tags>).
pub(super) fn namespaces(view: &CodeView<'_, '_>) -> BTreeMap<String, Vec<String>> {
    let code = view.code;
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if !view.file.says("env-namespace") {
        return all;
    }
    for at in 1..code.tokens.len() {
        let tag = code.string(at).filter(|_| code.raw(at).starts_with('`'));
        let namespace = tag.and_then(|tag| super::tag_value(tag, "env-namespace"));
        // A field of a named type; what a type of its own says is found around the variable.
        if let (Some(namespace), Some(kind)) = (namespace, code.ident(at - 1)) {
            let outer = names(view, &BTreeMap::new(), at, namespace);
            let names = all.entry(kind.to_owned()).or_default();
            names.extend(outer);
            names.truncate(MOST);
        }
    }
    all
}

/// The names of a variable below the namespaces of the structs around its tag; its own where there is none.
pub(super) fn names(
    view: &CodeView<'_, '_>,
    namespaces: &BTreeMap<String, Vec<String>>,
    at: usize,
    name: &str,
) -> Vec<String> {
    let code = view.code;
    let mut all = vec![name.to_owned()];
    if !view.file.says("env-namespace") {
        return all;
    }
    for (open, close) in around(view, at) {
        let tag = code.string(close + 1);
        let inline = tag.and_then(|tag| super::tag_value(tag, "env-namespace"));
        let kind = (open.checked_sub(2)).and_then(|before| code.ident(before));
        let given = match (inline, kind.and_then(|kind| namespaces.get(kind))) {
            (Some(one), _) => vec![one.to_owned()],
            (None, Some(several)) => several.clone(),
            _ => continue,
        };
        let mut below = Vec::new();
        for space in &given {
            below.extend(all.iter().map(|name| format!("{space}_{name}")));
        }
        below.truncate(MOST);
        all = below;
    }
    all
}

/// The `Value` of a flag of urfave/cli that the variable stands in.
pub(super) fn flag_value(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let (open, close) = around(view, at).find(|&(open, _)| {
        (open.checked_sub(1))
            .and_then(|before| code.ident(before))
            .is_some_and(|name| name.ends_with("Flag"))
    })?;
    let key = (open + 1..close).find(|&i| code.is(i, "Value") && code.is(i + 1, ":"))?;
    let value = key + 2;
    if let Some(text) = code.string(value) {
        return Some(text.to_owned());
    }
    let words: Vec<&str> = (value..close)
        .take_while(|&i| !code.is(i, ",") && code.line(i) == code.line(key))
        .map(|i| code.raw(i))
        .collect();
    // `3 * time.Second` says what it is; a call does not.
    let plain = words.len() < 6 && !words.contains(&"(");
    let spaced = words.join(" ").replace(" . ", ".");
    (plain && !spaced.is_empty()).then_some(spaced)
}
