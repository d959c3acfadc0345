//! Reads of the environment and of injected configuration in code.

use crate::{env_reads, secrets};
use groundplan_syntax::{Annotation, Code, DeclKind, Language, Outline};
use std::collections::BTreeMap;

/// A read of the environment or of configuration at `at`: what it stands for and the index
/// after it. The text is `None` where the whole environment is meant.
pub(crate) fn environment_at(code: &Code<'_>, at: usize) -> Option<(Option<String>, usize)> {
    let env = |name: &str| Some(format!("{{env:{name}}}"));
    let member = |at: usize| -> Option<(Option<String>, usize)> {
        // `process.env?.X`.
        let optional = code.is(at, "?") && code.is(at + 1, ".") && code.ident(at + 2).is_some();
        let at = at + usize::from(optional);
        if code.is(at, ".") {
            let name = code.ident(at + 1)?;
            return Some((env(name), at + 2));
        }
        if code.is(at, "[") {
            let name = code.string(at + 1)?;
            return Some((env(name), at + 3));
        }
        Some((None, at))
    };
    let called = |open: usize, prefix: &str, spring: bool| {
        let name = code.string(open + 1)?;
        let close = code.partner(open)?;
        let text = if spring {
            format!("${{{name}}}")
        } else {
            format!("{{env:{prefix}{name}}}")
        };
        Some((Some(text), close + 1))
    };
    match (code.raw(at), code.language) {
        ("process", _) if code.is(at + 1, ".") && code.is(at + 2, "env") => member(at + 3),
        ("import", _) if code.is(at + 2, "meta") && code.is(at + 4, "env") => member(at + 5),
        ("Deno", _) if code.is(at + 2, "env") && code.is(at + 4, "get") => {
            called(at + 5, "", false)
        }
        ("System", Language::Java | Language::Kotlin)
            if code.is(at + 2, "getenv") && code.string(at + 4).is_some() =>
        {
            called(at + 3, "", false)
        }
        (word, Language::Java | Language::Kotlin) if is_own_reader(code, at, word) => {
            called(at + 1, "", false)
        }
        ("Environment", Language::CSharp) if code.is(at + 2, "GetEnvironmentVariable") => {
            called(at + 3, "", false)
        }
        (word, Language::Java | Language::Kotlin)
            if ends_with(word, "env") || word.eq_ignore_ascii_case("environment") =>
        {
            let getter = matches!(code.raw(at + 2), "getProperty" | "getRequiredProperty");
            (getter && code.is(at + 1, ".")).then(|| called(at + 3, "", true))?
        }
        (word, Language::CSharp) if is_configuration(word) => {
            if code.is(at + 1, "[") && word != "config" {
                let name = code.string(at + 2)?;
                return Some((env(name), at + 4));
            }
            let (name, next) = section(code, at + 1)?;
            Some((Some(format!("{{env:{name}}}")), next))
        }
        (word, Language::TypeScript | Language::JavaScript) if is_own_reader(code, at, word) => {
            called(at + 1, "", false)
        }
        (word, Language::TypeScript | Language::JavaScript)
            if ends_with(word, "configservice") && code.is(at + 1, ".") =>
        {
            if !matches!(code.raw(at + 2), "get" | "getOrThrow") {
                return None;
            }
            let open = (at + 3..at + 8).find(|&o| code.is(o, "("))?;
            called(open, "", false)
        }
        _ => None,
    }
}

/// Whether a call without a receiver is of a method that a program reads its environment with, by its name
/// and by that of the variable: `getenv("CART_HOST", "cart")`, `envOr("PORT", "80")`.
pub(crate) fn is_own_reader(code: &Code<'_>, at: usize, word: &str) -> bool {
    let bare = at == 0 || !code.is(at - 1, ".");
    if !bare || !code.is(at + 1, "(") {
        return false;
    }
    let variable = |name: &str| {
        let mut bytes = name.bytes();
        name.len() > 2 && bytes.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    // `isEnvironment("PROD")` asks in which of them it runs.
    let asks = |first: &String| matches!(first.as_str(), "has" | "in" | "is" | "on" | "only");
    if !code.string(at + 2).is_some_and(variable) || env_reads::is_writer(word) {
        return false;
    }
    let words = secrets::words_of(word);
    !words.first().is_some_and(asks)
        && words
            .iter()
            .any(|part| matches!(part.as_str(), "env" | "getenv" | "environment"))
}

fn is_configuration(word: &str) -> bool {
    ends_with(word, "configuration")
        || word.eq_ignore_ascii_case("config")
        || word.eq_ignore_ascii_case("_config")
}

/// Whether a word ends so, whatever its case.
fn ends_with(word: &str, end: &str) -> bool {
    let (word, end) = (word.as_bytes(), end.as_bytes());
    let start = word.len().checked_sub(end.len());
    start.is_some_and(|start| word[start..].eq_ignore_ascii_case(end))
}

/// The key that a chain reads which begins with a `.` at `dot`: `.GetSection("A")["B"]` is `A:B`,
/// `.GetSection("A")` alone is `A:*`. Gives the index after the chain.
fn section(code: &Code<'_>, dot: usize) -> Option<(String, usize)> {
    let mut key = String::new();
    let mut whole = false;
    let mut at = dot;
    for _ in 0..8 {
        if code.is(at, "[") {
            let Some(name) = code.string(at + 1) else {
                break;
            };
            key = format!("{key}:{name}");
            (at, whole) = (at + 3, false);
            continue;
        }
        if !code.is(at, ".") {
            break;
        }
        let word = code.raw(at + 1);
        if word == "Value" {
            (at, whole) = (at + 2, false);
            break;
        }
        let known = matches!(
            word,
            "GetConnectionString"
                | "GetValue"
                | "GetRequiredValue"
                | "GetSection"
                | "GetRequiredSection"
        );
        if !known {
            break;
        }
        let open = (at + 2..at + 8).find(|&o| code.is(o, "("))?;
        let Some(name) = code.string(open + 1) else {
            break;
        };
        if word == "GetConnectionString" {
            key.push_str(":ConnectionStrings");
        }
        key = format!("{key}:{name}");
        whole = word.ends_with("Section");
        at = code.partner(open)? + 1;
    }
    let key = key.trim_start_matches(':');
    if key.is_empty() {
        return None;
    }
    let name = if whole {
        format!("{key}:*")
    } else {
        key.to_owned()
    };
    Some((name, at))
}

/// Fields and parameters with `@Value("${key}")` or `@ConfigProperty(name = "key")`.
pub(crate) fn injected<'t>(code: &Code<'t>, outline: &Outline) -> BTreeMap<&'t str, String> {
    let mut all = BTreeMap::new();
    for declared in &outline.declared {
        if declared.kind == DeclKind::Type {
            continue;
        }
        if let Some(found) = declared.annotation(&["Value", "ConfigProperty"])
            && let Some(name) = code.ident(declared.at)
            && let Some(value) = given(code, found)
        {
            all.insert(name, value);
        }
    }
    // `Shop(@Value("${cart.url}") String cartUrl)`: what a constructor is given.
    if code.text.contains("@Value(") || code.text.contains("@ConfigProperty(") {
        for found in code.annotations() {
            if matches!(found.name.as_str(), "Value" | "ConfigProperty")
                && let Some(name) = parameter_after(code, &found)
                && let Some(value) = given(code, &found)
            {
                all.entry(name).or_insert(value);
            }
        }
    }
    all
}

/// The value that an annotation asks for, without defaults.
fn given(code: &Code<'_>, found: &Annotation) -> Option<String> {
    let open = found.open?;
    let text = code
        .named_argument(open, "name")
        .map_or_else(|| code.string(open + 1), |r| code.string(r.start))?;
    let key = placeholder_keys(text).into_iter().next();
    Some(match key {
        Some((key, _)) if text.starts_with("#{") => format!("${{{key}}}"),
        Some(_) => without_defaults(text),
        None if found.name.ends_with("ConfigProperty") => format!("${{{text}}}"),
        None => text.to_owned(),
    })
}

/// The parameter that an annotation stands at: the last word before the comma or the bracket behind it,
/// of Kotlin the one before the colon.
fn parameter_after<'t>(code: &Code<'t>, found: &Annotation) -> Option<&'t str> {
    let from = code.partner(found.open?)? + 1;
    let mut name = None;
    for at in from..(from + 24).min(code.tokens.len()) {
        match code.raw(at) {
            "," | ")" => return name,
            ":" => return name,
            ";" | "=" | "{" | "(" => return None,
            _ => name = code.ident(at).or(name),
        }
    }
    None
}

/// The keys of `${key:default}` in a text, each with its default.
pub(crate) fn placeholder_keys(text: &str) -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let tail = &rest[start + 2..];
        let end = closing(tail);
        let inner = &tail[..end];
        let (key, default) = match inner.split_once(':') {
            Some((key, default)) => (key, Some(default.to_owned())),
            None => (inner, None),
        };
        if !key.trim().is_empty() && all.len() < 50 {
            all.push((key.trim().to_owned(), default));
        }
        rest = tail;
    }
    all
}

fn without_defaults(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        out.push_str(&rest[..start]);
        let tail = &rest[start + 2..];
        let end = closing(tail);
        let key = tail[..end].split(':').next().unwrap_or_default();
        out.push_str(&format!("${{{}}}", key.trim()));
        rest = tail.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Offset of the `}` that closes a bracket which is already open; the length if there is none.
pub(crate) fn closing(text: &str) -> usize {
    let mut depth = 1_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}
