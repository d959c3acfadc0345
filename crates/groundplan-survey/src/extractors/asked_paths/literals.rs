//! Literals and words of a line that are paths.

use super::{Kind, context, shape};
use crate::facts::AskedPath;
use groundplan_syntax::Language;
use std::collections::BTreeMap;

/// What a line does.
#[derive(PartialEq, Eq)]
pub(super) enum Line {
    /// It asks, or does something else.
    Plain,
    /// It registers a route.
    Serves,
}

/// The paths in quotes of a line of code.
pub(super) fn literals(
    line: &str,
    above: &str,
    language: Language,
    (kind, test): (Kind, bool),
    variables: &BTreeMap<&str, &str>,
    found: &mut Vec<AskedPath>,
) -> Line {
    let single = matches!(
        language,
        Language::JavaScript
            | Language::TypeScript
            | Language::Vue
            | Language::Python
            | Language::Php
            | Language::Ruby
            | Language::Elixir
    );
    let ticks = matches!(
        language,
        Language::JavaScript | Language::TypeScript | Language::Vue | Language::Go
    );
    let is_quote = |c: char| c == '"' || c == '\'' && single || c == '`' && ticks;
    let mut from = 0;
    while let Some(at) = line.get(from..).and_then(|rest| rest.find(is_quote)) {
        let open = from + at;
        let Some(quote) = line.get(open..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let Some(end) = end_of(line, open + 1, quote) else {
            break;
        };
        let text = line.get(open + 1..end).unwrap_or_default();
        let before = line.get(..open).unwrap_or_default();
        from = end + 1;
        let Some((raw, behind)) = begins(text) else {
            continue;
        };
        let (more, next) = joined(line, from);
        let after = line.get(next..).unwrap_or_default();
        from = next;
        // `base + "/orders"`.
        let plus = before.trim_end().ends_with(['+', '.']) && !before.trim_end().ends_with("..");
        if context::serves(before, after) {
            return Line::Serves;
        }
        if context::is_no_request(before) {
            continue;
        }
        let said = match plus {
            true => {
                let call = before.rsplit_once('(').map_or("", |(head, _)| head);
                context::said(&format!("{call}("), above)
            }
            false => context::said(before, above),
        };
        if kind == Kind::Script && !said.asks {
            continue;
        }
        let head = text.get(..text.len() - raw.len()).filter(|_| behind);
        let head = head.and_then(|head| head.strip_prefix("${")?.strip_suffix('}'));
        let head = head.and_then(|name| variables.get(name)).copied();
        let head = head.unwrap_or_default();
        if let Some(path) = shape::path(&format!("{head}{raw}{more}")) {
            let open = behind || plus || kind == Kind::Script && !test && said.client;
            found.push(asked(path, said.method, open));
        }
    }
    Line::Plain
}

fn asked(path: String, method: Option<String>, open: bool) -> AskedPath {
    AskedPath {
        path,
        method,
        open,
        ..AskedPath::default()
    }
}

/// Where a literal ends.
fn end_of(line: &str, from: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    let mut depth = 0_u32;
    for (at, c) in line.get(from..)?.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            // Quotes in `${…}` and `#{…}` close nothing.
            c if c == quote && (depth == 0 || quote != '`') => return Some(from + at),
            _ => {}
        }
    }
    None
}

/// The path that a literal begins with, and whether it stands behind something that is not known.
fn begins(text: &str) -> Option<(&str, bool)> {
    if text.starts_with('/') {
        return (!text.starts_with("//")).then_some((text, false));
    }
    if let Some(rest) = text
        .strip_prefix("http://")
        .or(text.strip_prefix("https://"))
    {
        let at = host_end(rest)?;
        let host = rest.get(..at)?;
        return context::is_own_host(host)
            .then(|| rest.get(at..))
            .flatten()
            .map(|p| (p, false));
    }
    // `${base}/orders`, `#{base}/orders`, `{base}/orders`, `%s/orders`, `$BASE/orders`, `{{host}}/orders`
    let begin = ["$", "#{", "{", "%s/"]
        .iter()
        .any(|mark| text.starts_with(mark));
    let at = host_end(text).filter(|_| begin)?;
    let rest = text.get(at..)?;
    Some((rest, true))
}

/// Where the path behind an address or a hole begins: the first slash outside of braces.
fn host_end(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices().take(120) {
        match c {
            '{' | '(' | '[' | '<' => depth += 1,
            '}' | ')' | ']' | '>' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => return Some(at),
            c if c.is_whitespace() && depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// What is joined to a literal that ends at `from`: `"/orders/" + id + "/lines"` goes on by `{}/lines`.
fn joined(line: &str, from: usize) -> (String, usize) {
    let mut out = String::new();
    let mut at = from;
    for _ in 0..8 {
        let Some(rest) = line.get(at..) else { break };
        let Some(inner) = rest.trim_start().strip_prefix(['+']).map(str::trim_start) else {
            break;
        };
        let start = line.len() - inner.len();
        match inner.chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => {
                let Some(end) = end_of(line, start + 1, quote) else {
                    break;
                };
                out.push_str(line.get(start + 1..end).unwrap_or_default());
                at = end + 1;
            }
            Some(_) => {
                out.push_str(shape::HOLE);
                at = start + operand(inner);
            }
            None => {
                out.push_str(shape::HOLE);
                break;
            }
        }
    }
    (out, at)
}

/// How long a value is that is joined to a text: `order.getId()`.
fn operand(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices().take(200) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 0 => return at,
            ')' | ']' => depth -= 1,
            ',' | ';' | '+' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// The paths of a line of a document, a script or a file of requests: whole addresses of this system, and what
/// stands behind a method. Scripts ask where a client or a method stands on the line or on the one above.
pub(super) fn requests(
    (line, above): (&str, &str),
    language: Language,
    fenced: bool,
    found: &mut Vec<AskedPath>,
) {
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let requests = !matches!(language, Language::Markdown | Language::Shell);
    let script = fenced || language == Language::Shell;
    if !requests && !script && !line.contains("://") {
        return;
    }
    let mut words = line.split(|c: char| !c.is_ascii_alphabetic());
    let written = words.find_map(|word| METHODS.into_iter().find(|method| *method == word));
    let method = written.map(str::to_owned);
    let mut rest = line;
    let mut whole = false;
    while let Some((scheme, address)) = rest.split_once("://") {
        // Addresses of databases are no requests, and may hold a password.
        let http = scheme.ends_with("http") || scheme.ends_with("https");
        let end = address.find(|c: char| c.is_whitespace() || "\"'`)>|\\,;".contains(c));
        let (address, behind) = address.split_at(end.unwrap_or(address.len()));
        rest = behind;
        whole = true;
        let Some(at) = host_end(address).filter(|_| http) else {
            continue;
        };
        let (host, path) = address.split_at(at);
        if context::is_own_host(host)
            && let Some(path) = shape::path(path)
        {
            found.push(asked(path, method.clone(), false));
        }
    }
    let sends = |line: &str| ["curl", "wget", "http "].iter().any(|w| line.contains(w));
    let sent = || method.is_some() || sends(line) || above.ends_with('\\') && sends(above);
    if whole || !(requests || script && sent()) {
        return;
    }
    // `GET {{host}}/api/orders`, `curl "$BASE/api/orders"`, `"raw": "{{host}}/api/orders"`
    for word in line.split([' ', '"', '\'', '`', ',']) {
        let hole = ["{{", "$"].iter().any(|mark| word.starts_with(mark));
        let (raw, open) = match (hole, host_end(word)) {
            (true, Some(at)) => (word.get(at..).unwrap_or_default(), true),
            (false, Some(0)) if method.is_some() => (word, true),
            _ => continue,
        };
        if let Some(path) = shape::path(raw) {
            found.push(asked(path, method.clone(), open));
        }
    }
}
