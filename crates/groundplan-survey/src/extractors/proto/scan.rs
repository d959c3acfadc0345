//! Services of a file that does not parse, found by their words.

use super::{Method, Service};

/// Words and marks with their lines; comments and strings are left out.
fn words(text: &str) -> Vec<(&str, u32)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1_u32);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let skip = match rest[0] {
            b'\n' => {
                line += 1;
                1
            }
            b'/' if rest.starts_with(b"//") => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            b'/' if rest.starts_with(b"/*") => {
                let length = memchr::memmem::find(rest, b"*/").map_or(rest.len(), |p| p + 2);
                line += memchr::memchr_iter(b'\n', &rest[..length]).count() as u32;
                length
            }
            quote @ (b'"' | b'\'') => {
                let inner = &rest[1..];
                memchr::memchr2(quote, b'\n', inner)
                    .map_or(rest.len(), |p| p + 1 + usize::from(inner[p] == quote))
            }
            c if c.is_ascii_alphanumeric() || c == b'_' || c == b'.' => {
                let length = rest
                    .iter()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.'))
                    .count();
                found.extend(text.get(at..at + length).map(|word| (word, line)));
                length
            }
            b'{' | b'}' | b'(' | b')' | b';' => {
                found.extend(text.get(at..=at).map(|mark| (mark, line)));
                1
            }
            _ => 1,
        };
        at += skip.max(1);
    }
    found
}

/// Package and services.
pub(super) fn services(text: &str) -> (String, Vec<Service>) {
    let words = words(text);
    let word = |at: usize| words.get(at).map_or("", |(word, _)| *word);
    let line = |at: usize| words.get(at).map_or(1, |(_, line)| *line);
    let mut package = String::new();
    let mut all: Vec<Service> = Vec::new();
    let (mut depth, mut open) = (0_u32, None);
    for at in 0..words.len() {
        match word(at) {
            "package" if depth == 0 && word(at + 2) == ";" => word(at + 1).clone_into(&mut package),
            "service" if word(at + 2) == "{" => {
                open = Some(depth);
                all.push(Service {
                    name: word(at + 1).to_owned(),
                    comment: None,
                    deprecated: false,
                    lines: (line(at), line(at + 2)),
                    methods: Vec::new(),
                });
            }
            "rpc" if open.is_some() && word(at + 2) == "(" => {
                if let (Some(method), Some(service)) =
                    (method(&words[at..words.len().min(at + 16)]), all.last_mut())
                {
                    service.methods.push(method);
                }
            }
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if open == Some(depth) {
                    open = None;
                    if let Some(service) = all.last_mut() {
                        service.lines.1 = line(at);
                    }
                }
            }
            _ => {}
        }
    }
    (package, all)
}

/// `rpc Name (stream Request) returns (stream Response)`.
fn method(words: &[(&str, u32)]) -> Option<Method> {
    let (_, name) = (words.first()?, words.get(1)?.0);
    let (request, sends, end) = argument(words, 2)?;
    (words.get(end)?.0 == "returns").then_some(())?;
    let (response, answers, end) = argument(words, end + 1)?;
    Some(Method {
        routes: Vec::new(),
        name: name.to_owned(),
        request: request.to_owned(),
        response: response.to_owned(),
        streams: (sends, answers),
        comment: None,
        deprecated: false,
        lines: (words.first()?.1, words.get(end - 1)?.1),
    })
}

/// `(stream Name)` at `at`: the name, whether it streams, and the place behind it.
fn argument<'t>(words: &[(&'t str, u32)], at: usize) -> Option<(&'t str, bool, usize)> {
    let word = |at: usize| words.get(at).map(|(word, _)| *word);
    (word(at)? == "(").then_some(())?;
    let streams = word(at + 1)? == "stream" && word(at + 2)? != ")";
    let name = at + 1 + usize::from(streams);
    (word(name + 1)? == ")").then_some(())?;
    Some((word(name)?, streams, name + 2))
}
