//! Languages in which the tokens tell where an import stands.

use super::Found;
use groundplan_syntax::{Code, TokenKind};

/// Whether a statement may begin at `index`: the first token of a line, or behind `;` and brackets.
fn begins(code: &Code<'_>, index: usize) -> bool {
    index == 0
        || code.line(index) > code.line(index - 1)
        || matches!(code.raw(index - 1), ";" | "{" | "}" | "do")
}

/// Names with one mark between them from `at`: what they make together, and the index after.
fn path(code: &Code<'_>, at: usize, mark: &str) -> (String, usize) {
    let mut end = at;
    let mut path = String::new();
    while let Some(word) = name(code, end) {
        path.push_str(word.0);
        end = word.1;
        let inner = name(code, end + 1).is_some();
        if !code.is(end, mark) || !inner {
            break;
        }
        path.push_str(mark);
        end += 1;
    }
    (path, end)
}

/// A name, one in backticks too, and the index after it.
fn name<'t>(code: &Code<'t>, at: usize) -> Option<(&'t str, usize)> {
    if let Some(word) = code.ident(at) {
        return Some((word, at + 1));
    }
    let quoted = code.is(at, "`") && code.is(at + 2, "`");
    let word = code.ident(at + 1).filter(|_| quoted)?;
    Some((word, at + 3))
}

/// `import`, `export` and `part`, each with its address.
pub(super) fn dart(code: &Code<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for at in 0..code.tokens.len() {
        if matches!(code.raw(at), "import" | "export" | "part")
            && begins(code, at)
            && let Some(address) = code.string(at + 1)
        {
            all.push((code.line(at + 1), address.to_owned()));
        }
    }
    all
}

/// `alias A.B`, `alias A.{B, C}`, `import`, `require` and `use`.
pub(super) fn elixir(code: &Code<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for at in 0..code.tokens.len() {
        if !matches!(code.raw(at), "alias" | "import" | "require" | "use") {
            continue;
        }
        let first = if code.is(at + 1, "(") { at + 2 } else { at + 1 };
        let module = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_uppercase()) || text.starts_with("__MODULE__")
        };
        // `quote do: use X` stands in the middle of a line.
        let quoted = at > 1 && code.is(at - 1, ":") && code.is(at - 2, "do");
        let arrow = at > 1 && code.is(at - 1, ">") && code.is(at - 2, "-");
        if !(begins(code, at) || quoted || arrow) {
            continue;
        }
        let line = code.line(first);
        if code.is(first, ":")
            && let Some(word) = code.ident(first + 1).filter(|_| code.line(at) == line)
        {
            all.push((line, format!(":{word}")));
            continue;
        }
        let (head, end) = path(code, first, ".");
        if !module(&head) || code.is(end, "(") || code.is(end, "=") && !code.is(end + 1, ">") {
            continue;
        }
        if !(code.is(end, ".") && code.is(end + 1, "{")) {
            all.push((line, head));
            continue;
        }
        let close = code.partner(end + 1).unwrap_or(end + 1);
        let mut inner = end + 2;
        while inner < close {
            let (name, next) = path(code, inner, ".");
            if module(&name) {
                all.push((code.line(inner), format!("{head}.{name}")));
            }
            inner = next.max(inner + 1);
        }
    }
    all
}

/// `require "x"`, with or without brackets.
pub(super) fn lua(code: &Code<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for at in 0..code.tokens.len() {
        // `"a" .. require "b"` joins, and is no method of anything.
        let joined = at > 1 && code.is(at - 1, ".") && code.is(at - 2, ".");
        let method = at > 0 && matches!(code.raw(at - 1), "." | ":" | "function") && !joined;
        if !code.is(at, "require") || code.ident(at).is_none() || method {
            continue;
        }
        let place = if code.is(at + 1, "(") { at + 2 } else { at + 1 };
        let alone = place == at + 1 || code.is(place + 1, ")");
        if let Some(module) = code.string(place).filter(|_| alone) {
            all.push((code.line(place), module.to_owned()));
        }
    }
    all
}

/// `use` of namespaces up to the first type, and `require` and `include` of a literal.
pub(super) fn php(code: &Code<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    let mut at = 0;
    let mut head = true;
    while at < code.tokens.len() {
        match code.raw(at) {
            "use" if head && php_statement(code, at) => at = php_use(code, at + 1, &mut all),
            "class" | "interface" | "trait" | "enum"
                if code.ident(at + 1).is_some() && at > 0 && !code.is(at - 1, ":") =>
            {
                head = false;
                at += 1;
            }
            "require" | "require_once" | "include" | "include_once"
                if at == 0 || !matches!(code.raw(at - 1), ">" | ":" | "function") =>
            {
                let place = if code.is(at + 1, "(") { at + 2 } else { at + 1 };
                let next = if place == at + 1 {
                    place + 1
                } else {
                    place + 2
                };
                // What is joined to a path is computed.
                let whole = !code.is(next, ".") && (place == at + 1 || code.is(place + 1, ")"));
                let computed =
                    |text: &&str| code.raw(place).starts_with('"') && text.contains(['$', '{']);
                if let Some(file) = code.string(place).filter(|text| whole && !computed(text)) {
                    all.push((code.line(place), file.to_owned()));
                }
                at = place;
            }
            _ => at += 1,
        }
    }
    all
}

/// A statement of PHP may also stand behind the tag that opens it.
fn php_statement(code: &Code<'_>, at: usize) -> bool {
    at == 0 || matches!(code.raw(at - 1), ";" | "{" | "}" | "php" | "?" | "]")
}

/// The names of one `use` statement; returns the index after it.
fn php_use(code: &Code<'_>, from: usize, all: &mut Vec<Found>) -> usize {
    let mut at = from;
    let mut group: Option<String> = None;
    loop {
        if matches!(code.raw(at), "function" | "const") {
            at += 1;
        }
        if code.is(at, "\\") {
            at += 1;
        }
        let line = code.line(at);
        let (name, next) = path(code, at, "\\");
        at = next;
        if code.is(at, "\\") && code.is(at + 1, "{") {
            group = Some(name);
            at += 2;
            continue;
        }
        if !name.is_empty() {
            all.push((
                line,
                match &group {
                    Some(head) => format!("{head}\\{name}"),
                    None => name,
                },
            ));
        }
        if code.is(at, "as") {
            at += 2;
        }
        if code.is(at, "}") && group.take().is_some() {
            at += 1;
        }
        if !code.is(at, ",") {
            return at.max(from);
        }
        at += 1;
    }
}

/// `import a.b.{C, D => E}, f.G`: one for each name, `*` for all, none for what is hidden.
pub(super) fn scala(code: &Code<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for at in 0..code.tokens.len() {
        let begun = begins(code, at) || at > 0 && code.is(at - 1, ">");
        if !code.is(at, "import") || code.ident(at).is_none() || !begun {
            continue;
        }
        let mut next = at + 1;
        loop {
            next = scala_path(code, next, &mut all);
            if !code.is(next, ",") {
                break;
            }
            next += 1;
        }
    }
    all
}

fn scala_path(code: &Code<'_>, from: usize, all: &mut Vec<Found>) -> usize {
    let mut at = from;
    let mut path = String::new();
    let mut place = from;
    let leaf = |path: &str, name: &str| match name {
        "_" | "*" => format!("{path}.*"),
        _ if path.is_empty() => name.to_owned(),
        _ => format!("{path}.{name}"),
    };
    loop {
        if code.is(at, "{") {
            let close = code.partner(at).unwrap_or(at);
            for part in code.arguments(at) {
                let (first, after) = match name(code, part.start) {
                    Some(found) => found,
                    None => (code.raw(part.start), part.start + 1),
                };
                let hidden = code.is(close.min(part.end) - 1, "_") && after < part.end;
                if !hidden {
                    all.push((code.line(part.start), leaf(&path, first)));
                }
            }
            return close + 1;
        }
        let (word, next) = match name(code, at) {
            Some(found) => found,
            None if code.is(at, "*") => ("*", at + 1),
            // An operator: `import shop.Syntax.~`
            None if at > from && !code.raw(at).is_empty() && !"{;,".contains(code.raw(at)) => {
                let mut end = at + 1;
                let together = |end: usize| {
                    let (last, next) = (code.tokens.get(end - 1), code.tokens.get(end));
                    last.zip(next).is_some_and(|(last, next)| {
                        last.end == next.start && next.kind == TokenKind::Punct
                    })
                };
                while together(end) && !matches!(code.raw(end), "," | ";" | "{") {
                    end += 1;
                }
                let last = code.tokens.get(end - 1).map_or(0, |t| t.end as usize);
                let first = code.tokens.get(at).map_or(0, |t| t.start as usize);
                (code.text.get(first..last).unwrap_or_default(), end)
            }
            None => break,
        };
        place = at;
        path = leaf(&path, word);
        at = next;
        if !code.is(at, ".") {
            break;
        }
        at += 1;
    }
    if at == from {
        return from;
    }
    let renamed = code.is(at, "as") && code.line(at) == code.line(place);
    // `import a.b as _` hides it, too rare to ask.
    all.push((code.line(place), path));
    if renamed { at + 2 } else { at }
}

/// `import A`, `@testable import A`, `import struct A.B`.
pub(super) fn swift(code: &Code<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for at in 0..code.tokens.len() {
        if !code.is(at, "import") || code.tokens[at].kind != TokenKind::Ident {
            continue;
        }
        let marked = at > 0
            && (code.is(at - 1, ")")
                || at > 1 && code.is(at - 2, "@")
                || matches!(
                    code.raw(at - 1),
                    "public" | "internal" | "package" | "private" | "fileprivate"
                ));
        if !(begins(code, at) || marked) {
            continue;
        }
        let kind = matches!(
            code.raw(at + 1),
            "struct" | "class" | "enum" | "protocol" | "func" | "var" | "let" | "typealias"
        );
        let first = if kind { at + 2 } else { at + 1 };
        let (module, _) = path(code, first, ".");
        if !module.is_empty() && code.line(first) == code.line(at) {
            all.push((code.line(first), module));
        }
    }
    all
}
