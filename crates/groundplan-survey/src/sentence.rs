//! The first sentences of a comment.

/// The first sentence of a comment as plain text, at most `longest` characters.
pub(crate) fn one(text: &str, longest: usize) -> Option<String> {
    let paragraph = paragraph(text)?;
    Some(cut(split(&paragraph).next()?.trim(), longest))
}

/// The first sentence or two of a comment as plain text, at most `longest` characters; `None` if
/// the comment is a licence, a directive, a heading or no sentence at all.
pub(crate) fn first(text: &str, longest: usize) -> Option<String> {
    let paragraph = paragraph(text)?;
    let mut out = String::new();
    for (index, part) in split(&paragraph).enumerate() {
        if index > 0 && (out.chars().count() + part.chars().count() > longest || index > 1) {
            break;
        }
        if index == 1 && out.chars().count() > longest / 2 {
            break;
        }
        out.push_str(part);
    }
    Some(cut(out.trim(), longest))
}

/// The text, cut at a word and marked with `…` if it is longer.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let head: String = text.chars().take(longest).collect();
    let head = head
        .rsplit_once(' ')
        .map_or(head.as_str(), |(head, _)| head);
    format!("{} …", head.trim_end_matches([',', ';', ':']))
}

/// The first paragraph that is prose.
fn paragraph(text: &str) -> Option<String> {
    const NO_PROSE: [&str; 14] = [
        "copyright",
        "license",
        "licence",
        "spdx-",
        "all rights reserved",
        "go:build",
        "+build",
        "@generated",
        "do not edit",
        "-*-",
        "eslint",
        "nolint",
        "noqa",
        "pylint",
    ];
    let text = text.replace("\r\n", "\n");
    for block in text.split("\n\n") {
        let lower = block.to_ascii_lowercase();
        if NO_PROSE.iter().any(|w| lower.contains(w)) {
            continue;
        }
        let mut words: Vec<&str> = Vec::new();
        for line in block.lines() {
            let line = line.trim();
            let marks = line.starts_with(['#', '=', '|', '<', '!', '@', '~', '`', '+'])
                || line.starts_with("http://")
                || line.starts_with("https://")
                || line.starts_with("---")
                || line.starts_with(":param")
                || line.starts_with("Args:")
                || line.starts_with("Returns:")
                || line.starts_with("swagger:");
            let item = line.starts_with("- ") || line.starts_with("* ");
            if marks || item {
                if words.is_empty() {
                    continue;
                }
                break;
            }
            words.extend(line.split_whitespace());
        }
        let joined = words.join(" ");
        if joined.chars().filter(|c| c.is_alphabetic()).count() >= 8 && joined.contains(' ') {
            return Some(joined);
        }
    }
    None
}

/// Sentences with the blank after them; an abbreviation or a version does not end one.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut from = 0;
        let end = loop {
            let Some(found) = rest.get(from..).and_then(|r| r.find(". ")) else {
                break rest.len();
            };
            let at = from + found;
            let word = rest[..at].rsplit(' ').next().unwrap_or_default();
            let next = rest[at + 2..].chars().next();
            let short = matches!(
                word.to_ascii_lowercase().as_str(),
                "e.g" | "i.e" | "etc" | "vs" | "cf" | "no"
            );
            if !short && next.is_some_and(|c| !c.is_lowercase()) {
                break at + 2;
            }
            from = at + 2;
        };
        let (sentence, tail) = rest.split_at(end);
        rest = tail;
        Some(sentence)
    })
}
