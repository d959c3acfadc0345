//! Variables that envconfig of Go makes of the names of fields: `envconfig.Process("shop", &c)`
//! (<https://github.com/kelseyhightower/envconfig#struct-tag-support>). What a tag names itself is read with the
//! other tags.

use super::{EnvCall, is_variable, plain, tag_value};
use crate::code_view::CodeView;
use std::ops::Range;

const MODULE: &str = "github.com/kelseyhightower/envconfig";

/// Structs in each other, and fields of one loader, at most.
const DEEPEST: usize = 4;
const MOST: usize = 300;

pub(super) fn add(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    if !view.file.says(MODULE) {
        return;
    }
    let code = view.code;
    let mut found = Vec::new();
    for word in ["Process", "MustProcess"] {
        for call in view.calls_of(word) {
            let package = view.alias(code.raw(call.first)).unwrap_or_default();
            let arguments = code.arguments(call.open);
            let [prefix, target] = arguments.as_slice() else {
                continue;
            };
            if call.open != call.first + 3 || !package.starts_with(MODULE) {
                continue;
            }
            let none = prefix.len() == 1 && code.string(prefix.start) == Some("");
            let prefix = match none {
                true => Some(String::new()),
                false => plain(view, prefix.clone()).map(|prefix| format!("{prefix}_")),
            };
            let body = type_of(view, target.clone()).and_then(|kind| body_of(view, kind));
            if let (Some(prefix), Some(open)) = (prefix, body) {
                fields(view, open, &prefix, DEEPEST, &mut found);
            }
        }
    }
    for read in found {
        if !all.iter().any(|known| known.name == read.name) {
            all.push(read);
        }
    }
}

/// The type of this file that a variable has: of `var c Config`, `c := Config{}`, `c := &Config{}`,
/// `c := new(Config)`.
fn type_of<'t>(view: &CodeView<'_, 't>, target: Range<usize>) -> Option<&'t str> {
    let code = view.code;
    let at = target.clone().find(|&at| code.ident(at).is_some())?;
    if at + 1 != target.end {
        return None;
    }
    let definition = view.visible(code.raw(at), at).into_iter().next_back()?;
    let mut said = match definition.kind.is_empty() {
        true => definition.value.clone(),
        false => definition.kind.clone(),
    };
    let name = said.find(|&at| code.ident(at).is_some_and(|word| word != "new"))?;
    (!code.is(name + 1, "."))
        .then(|| code.ident(name))
        .flatten()
}

/// The bracket of the fields of a struct of this file.
fn body_of(view: &CodeView<'_, '_>, name: &str) -> Option<usize> {
    let code = view.code;
    let mut declared = (0..code.tokens.len())
        .filter(|&at| code.is(at, name) && code.is(at + 1, "struct") && code.is(at + 2, "{"));
    declared.next().map(|at| at + 2)
}

fn fields(
    view: &CodeView<'_, '_>,
    open: usize,
    prefix: &str,
    depth: usize,
    found: &mut Vec<EnvCall>,
) {
    let code = view.code;
    let Some(close) = code.partner(open) else {
        return;
    };
    let mut at = open + 1;
    while at < close && found.len() < MOST {
        let first = at;
        let mut line = code.line(first);
        let mut inline = None;
        let mut tag = "";
        // One field ends with its line, or with that of its bracket.
        while at < close && code.line(at) == line {
            if code.is(at, "{")
                && let Some(end) = code.partner(at)
            {
                inline = Some(at);
                at = end;
                line = code.line(end);
            }
            if code.raw(at).starts_with('`') {
                tag = code.string(at).unwrap_or_default();
            }
            at += 1;
        }
        let Some(name) = code.ident(first).filter(|name| exported(name)) else {
            continue;
        };
        let is_on = |key: &str| tag_value(tag, key).is_some_and(|v| matches!(v, "true" | "1"));
        if is_on("ignored") || code.is(first + 1, ",") || code.is(first + 1, ".") {
            continue;
        }
        let typed = first + 1 + usize::from(code.is(first + 1, "*"));
        let bare = code.line(first + 1) != code.line(first) || code.raw(typed).starts_with('`');
        if bare {
            // The fields of a struct without a name of its own stand beside the others.
            if let (Some(inner), true) = (body_of(view, name), depth > 0) {
                fields(view, inner, prefix, depth - 1, found);
            }
            continue;
        }
        let own = tag_value(tag, "envconfig").filter(|own| !own.is_empty());
        let key = match own {
            Some(own) => own.to_owned(),
            None if is_on("split_words") => split(name),
            None => name.to_owned(),
        };
        let whole = format!("{prefix}{key}").to_ascii_uppercase();
        let kind = code.ident(typed).filter(|_| !code.is(typed + 1, "."));
        let inner = inline.or_else(|| kind.and_then(|kind| body_of(view, kind)));
        if let Some(inner) = inner {
            if depth > 0 {
                fields(view, inner, &format!("{whole}_"), depth - 1, found);
            }
            continue;
        }
        if own.is_none() && is_variable(&whole) {
            found.push(EnvCall {
                at: first,
                name: whole,
                default: tag_value(tag, "default").map(str::to_owned),
                computed: None,
                field: Some(name.to_owned()),
                switch: code.is(typed, "bool"),
                line: code.line(first),
            });
        }
    }
}

fn exported(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The words of a name, parted by underscores: `HTTPPort` is `HTTP_Port`.
fn split(name: &str) -> String {
    let all: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, letter) in all.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| all.get(b));
        let after = all.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|b| {
                !b.is_ascii_uppercase() || after.is_some_and(|a| !a.is_ascii_uppercase())
            });
        if begins && !out.ends_with('_') {
            out.push('_');
        }
        out.push(*letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_of_names() {
        for (name, words) in [
            ("Port", "Port"),
            ("LogLevel", "Log_Level"),
            ("HTTPPort", "HTTP_Port"),
            ("DatabaseURL", "Database_URL"),
            ("OAuth2Secret", "O_Auth2_Secret"),
        ] {
            assert_eq!(split(name), words);
        }
    }
}
