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
    let text = match text.contains(":`") {
        true => without_roles(&text),
        false => text,
    };
    for block in text.split("\n\n") {
        let lower = block.to_ascii_lowercase();
        if NO_PROSE.iter().any(|w| lower.contains(w)) {
            continue;
        }
        let mut words: Vec<&str> = Vec::new();
        for line in block.lines() {
            let line = line.trim();
            // A name in code marks may begin a sentence; a fence begins code.
            let named = !line.starts_with("``")
                && line.trim_start_matches('`').contains("` ")
                && line.starts_with('`');
            let marks = !named && line.starts_with(['#', '=', '|', '<', '!', '@', '~', '`', '+'])
                || line.starts_with("http://")
                || line.starts_with("https://")
                || line.starts_with("---")
                || line.starts_with(":param")
                || line.starts_with("Args:")
                || line.starts_with("Returns:")
                || line.starts_with("swagger:")
                // The head that swag advises: `listOrders godoc` above `@Summary`.
                || line.strip_suffix(" godoc").is_some_and(|name| !name.contains(' '));
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

/// A text of Sphinx with the words that its roles stand for (``:class:`~shop.models.Order` `` is `Order`).
/// A formatter may have closed the first line before a role: what begins with one goes on with the
/// sentence (<https://www.sphinx-doc.org/en/master/usage/domains/python.html#cross-referencing-python-objects>).
fn without_roles(text: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for block in text.split("\n\n") {
        let goes_on = role(block.trim_start()).is_some();
        match blocks.last_mut().filter(|_| goes_on) {
            Some(before) => {
                let end = before.trim_end().trim_end_matches('.').len();
                before.truncate(end);
                before.push(' ');
                before.push_str(block.trim_start());
            }
            None => blocks.push(block.to_owned()),
        }
    }
    let joined = blocks.join("\n\n");
    let mut out = String::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        match role(&rest[at..]) {
            Some((name, length)) => {
                out.push_str(name);
                rest = &rest[at + length..];
            }
            None => {
                out.push(':');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What a role at the begin of a text stands for, and how long it is.
fn role(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix(':')?;
    let (name, target) = inner.split_once(":`")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == ':' || c == '-';
    if name.is_empty() || name.len() > 20 || !name.chars().all(plain) {
        return None;
    }
    let end = target.find('`')?;
    let written = &target[..end];
    // `:ref:`title <target>`` is its title.
    let shown = written.split(" <").next().unwrap_or(written);
    let shown = match shown.strip_prefix('~') {
        Some(path) => path.rsplit('.').next().unwrap_or(path),
        None => shown,
    };
    Some((shown, 1 + name.len() + 2 + end + 1))
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
