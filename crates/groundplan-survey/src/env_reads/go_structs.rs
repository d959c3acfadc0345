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

/// Whether a file has a tag that puts something before the names of a struct.
fn spaced(view: &CodeView<'_, '_>) -> bool {
    view.file.says("env-namespace") || view.file.says("envPrefix") || view.file.says("prefix=")
}

/// What a tag puts before the names of the struct that it stands at: of go-flags
/// (<https://pkg.go.dev/github.com/jessevdk/go-flags#hdr-Available_field_tags>), of env
/// (<https://github.com/caarlos0/env#prefix>), of go-envconfig
/// (<https://pkg.go.dev/github.com/sethvargo/go-envconfig#hdr-Nested_structs>).
fn space(tag: &str) -> Option<String> {
    if let Some(space) = super::tag_value(tag, "env-namespace") {
        return Some(format!("{space}_"));
    }
    let prefix = super::tag_value(tag, "envPrefix").or_else(|| {
        let options = super::tag_value(tag, "env")?;
        options
            .split(',')
            .find_map(|one| one.trim().strip_prefix("prefix="))
    });
    prefix.map(str::to_owned)
}

/// Namespaces of structs by the name of their type.
pub(super) fn namespaces(view: &CodeView<'_, '_>) -> BTreeMap<String, Vec<String>> {
    let code = view.code;
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if !spaced(view) {
        return all;
    }
    for at in 1..code.tokens.len() {
        let tag = code.string(at).filter(|_| code.raw(at).starts_with('`'));
        let namespace = tag.and_then(space);
        // A field of a named type; what a type of its own says is found around the variable.
        if let (Some(namespace), Some(kind)) = (namespace, code.ident(at - 1)) {
            let outer = names(view, &BTreeMap::new(), at, &namespace);
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
    if !spaced(view) {
        return all;
    }
    for (open, close) in around(view, at) {
        let tag = code.string(close + 1);
        let inline = tag.and_then(space);
        let kind = (open.checked_sub(2)).and_then(|before| code.ident(before));
        let given = match (inline, kind.and_then(|kind| namespaces.get(kind))) {
            (Some(one), _) => vec![one],
            (None, Some(several)) => several.clone(),
            _ => continue,
        };
        let mut below = Vec::new();
        for space in &given {
            below.extend(all.iter().map(|name| format!("{space}{name}")));
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
