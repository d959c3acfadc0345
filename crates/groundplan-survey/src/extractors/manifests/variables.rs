//! Variables inside values: `${NAME:-default}` of Compose, `$(NAME)` of Kubernetes.

use crate::secrets::is_secret_name;
use std::collections::BTreeMap;

/// Defaults may hold variables with defaults; deeper nesting stays as written.
const MAX_DEPTH: u32 = 8;
/// A variable longer than this is no variable, so that a text of `${${${` costs no square time.
const MAX_LENGTH: usize = 500;
/// A text longer than this is no value of a setting and stays as written.
const MAX_TEXT: usize = 64_000;

/// A longer value is not put into others, so that none grows with every use.
const MAX_VALUE: usize = 1_000;

/// Values by name.
type Known = BTreeMap<String, String>;

/// Text with defaults of `${NAME:-default}` and `${NAME-default}` filled in. A variable without
/// default becomes `${NAME}`, however it was written; so does one whose name is that of a secret.
/// `$$` becomes `$`.
pub(in super::super) fn fill(text: &str) -> String {
    fill_known(text, &Known::new())
}

/// The same with the values of known variables.
pub(in super::super) fn fill_known(text: &str, known: &Known) -> String {
    if text.len() < MAX_TEXT && text.contains('$') {
        fill_at_depth(text, known, 0)
    } else {
        text.to_owned()
    }
}

/// Whether a name has points, as no variable of the environment has.
fn is_of_build(inner: &str) -> bool {
    let point = inner.find('.');
    let sound = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    // Behind a dash stands a default, which may have points.
    point.is_some_and(|point| inner.find('-').is_none_or(|dash| point < dash))
        && inner.bytes().all(sound)
}

fn fill_at_depth(text: &str, known: &Known, depth: u32) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        if let Some(after) = tail.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((inner, after)) = tail
            .strip_prefix('{')
            .and_then(braced)
            .filter(|(inner, _)| is_of_build(inner))
        {
            // What a build tool fills in before the file is used, such as `${docker.image}` of Maven.
            out.push_str(&format!("${{{inner}}}"));
            rest = after;
        } else if let Some((inner, after)) = tail.strip_prefix('{').and_then(braced) {
            out.push_str(&expand(inner, known, depth));
            rest = after;
        } else {
            let name = name_length(tail);
            if name == 0 {
                out.push('$');
            } else {
                out.push_str(&expand(&tail[..name], known, depth));
            }
            rest = &tail[name..];
        }
    }
    out.push_str(rest);
    out
}

/// What stands up to the closing brace, and what comes after it.
fn braced(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1_u32;
    for (at, byte) in text.bytes().enumerate().take(MAX_LENGTH) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[..at], &text[at + 1..]));
        }
    }
    None
}

fn name_length(text: &str) -> usize {
    let end = text
        .bytes()
        .position(|b| !(b.is_ascii_alphanumeric() || b == b'_'))
        .unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        0
    } else {
        end
    }
}

fn expand(inner: &str, known: &Known, depth: u32) -> String {
    let (name, rest) = inner.split_at(name_length(inner));
    if name.is_empty() {
        return format!("${{{inner}}}");
    }
    if let Some(value) = value_of(name, known) {
        return value.clone();
    }
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    match rest.strip_prefix('-') {
        Some(default) if !is_secret_name(name) && depth < MAX_DEPTH => {
            fill_at_depth(default, known, depth + 1)
        }
        _ => format!("${{{name}}}"),
    }
}

fn value_of<'k>(name: &str, known: &'k Known) -> Option<&'k String> {
    known
        .get(name)
        .filter(|value| value.len() < MAX_VALUE && !is_secret_name(name))
}

/// A value of a Kubernetes container with `$(NAME)` filled from variables that stand before it;
/// what is not known becomes `${NAME}`, as in the other formats. `$$(NAME)` is literal.
pub(in super::super) fn kubernetes_variables(text: &str, known: &Known) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("$(") {
        let (head, tail) = rest.split_at(at);
        let length = name_length(&tail[2..]);
        let closed = length > 0 && tail[2 + length..].starts_with(')');
        if !closed || head.ends_with('$') {
            out.push_str(head);
            out.push_str("$(");
            rest = &tail[2..];
            continue;
        }
        let name = &tail[2..2 + length];
        out.push_str(head);
        match value_of(name, known) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("${{{name}}}")),
        }
        rest = &tail[2 + length + 1..];
    }
    out.push_str(rest);
    out
}
