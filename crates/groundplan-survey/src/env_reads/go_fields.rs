//! Variables that envconfig of Go makes of the names of fields: `envconfig.Process("shop", &c)`
//! (<https://github.com/kelseyhightower/envconfig#struct-tag-support>). What a tag names itself is read with the
//! other tags.

use super::{EnvCall, is_variable, plain, tag_value};
use crate::code_view::CodeView;
use groundplan_syntax::Code;
use std::collections::BTreeMap;
use std::ops::Range;

const MODULE: &str = "github.com/kelseyhightower/envconfig";

/// Structs in each other, variables of one file, and fields that are looked at, at most.
const DEEPEST: usize = 4;
const MOST: usize = 300;
const MOST_FIELDS: usize = 3_000;

/// Types of values that are read from a text; a type of another file may be a struct, whose fields are read instead.
const VALUES: [&str; 18] = [
    "bool",
    "byte",
    "complex128",
    "complex64",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
];

/// What is found of one file.
#[derive(Default)]
struct Found<'t> {
    /// The bracket of the fields of each struct of the file.
    structs: BTreeMap<&'t str, usize>,
    reads: Vec<EnvCall>,
    looked_at: usize,
}

pub(super) fn add(view: &CodeView<'_, '_>, all: &mut Vec<EnvCall>) {
    if !view.file.says(MODULE) {
        return;
    }
    let code = view.code;
    let mut found = Found::default();
    for at in 0..code.tokens.len() {
        if let Some(name) = code.ident(at)
            && code.is(at + 1, "struct")
            && code.is(at + 2, "{")
        {
            found.structs.entry(name).or_insert(at + 2);
        }
    }
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
            let body = type_of(view, target.clone());
            let body = body.and_then(|kind| found.structs.get(kind).copied());
            if let (Some(prefix), Some(open)) = (prefix, body) {
                fields(view, open, &prefix, DEEPEST, &mut found);
            }
        }
    }
    for read in found.reads {
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

/// Whether a type at a place is read from one text: `int`, `[]string`, `map[string]int`, `time.Duration`.
fn is_value(code: &Code<'_>, at: usize) -> bool {
    if code.is(at + 1, ".") {
        return matches!(
            (code.raw(at), code.raw(at + 2)),
            ("time", "Duration" | "Time") | ("url", "URL") | ("net", "IP")
        );
    }
    matches!(code.raw(at), "[" | "map") || VALUES.contains(&code.raw(at))
}

fn fields<'t>(
    view: &CodeView<'_, 't>,
    open: usize,
    prefix: &str,
    depth: usize,
    found: &mut Found<'t>,
) {
    let code = view.code;
    let Some(close) = code.partner(open) else {
        return;
    };
    let mut at = open + 1;
    while at < close && found.reads.len() < MOST && found.looked_at < MOST_FIELDS {
        found.looked_at += 1;
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
            if let (Some(inner), true) = (found.structs.get(name).copied(), depth > 0) {
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
        let of_file = || kind.and_then(|kind| found.structs.get(kind).copied());
        let inner = inline.or_else(of_file);
        if let Some(inner) = inner {
            if depth > 0 {
                fields(view, inner, &format!("{whole}_"), depth - 1, found);
            }
            continue;
        }
        let default = tag_value(tag, "default");
        let is_value = default.is_some() || is_value(code, typed);
        if own.is_none() && is_value && is_variable(&whole) {
            found.reads.push(EnvCall {
                at: first,
                name: whole,
                default: default.map(str::to_owned),
                computed: None,
                field: Some(name.to_owned()),
                switch: code.is(typed, "bool"),
                line: code.line(first),
                default_line: None,
            });
        }
    }
}

fn exported(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The words of a name, parted by underscores where the library parts them: `HTTPPort` is `HTTP_Port`, and `HTTP2Port`
/// `HTT_P2_Port`.
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
            ("HTTP2Port", "HTT_P2_Port"),
            ("DatabaseURL", "Database_URL"),
            ("OAuth2Secret", "O_Auth2_Secret"),
        ] {
            assert_eq!(split(name), words);
        }
    }
}
