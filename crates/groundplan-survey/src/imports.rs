//! What a file of Go, Rust or Python imports, and under which name.

use groundplan_syntax::{Code, Language, TokenKind};

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImportLine {
    /// Module as it goes into the claim: `github.com/acme/x`, `crate::cart::Item`, `.views`.
    pub(crate) module: String,
    /// Name under which code speaks of it, empty if it has none, and what that name stands for.
    pub(crate) names: Vec<(String, String)>,
    /// One-based line.
    pub(crate) line: u32,
}

pub(crate) fn imports(code: &Code<'_>) -> Vec<ImportLine> {
    match code.language {
        Language::Go => go(code),
        Language::Rust => rust(code),
        Language::Python => python(code),
        _ => Vec::new(),
    }
}

fn go(code: &Code<'_>) -> Vec<ImportLine> {
    let mut all = Vec::new();
    // The package of a folder `api/v1` may be called `api`.
    let mut outer: Vec<(usize, String)> = Vec::new();
    for index in 0..code.tokens.len() {
        // Imports stand before everything else.
        if matches!(code.ident(index), Some("func" | "type" | "var" | "const")) {
            break;
        }
        if !code.is(index, "import") || code.ident(index).is_none() {
            continue;
        }
        let range = if code.is(index + 1, "(") {
            index + 2..code.partner(index + 1).unwrap_or(code.tokens.len())
        } else {
            index + 1..(index + 3).min(code.tokens.len())
        };
        for at in range {
            let Some(path) = code.string(at) else {
                continue;
            };
            let alias = code
                .ident(at - 1)
                .filter(|_| code.line(at - 1) == code.line(at) && at > index + 1);
            let whole = without_version(path);
            let names = match alias {
                Some(alias) => vec![alias.to_owned()],
                None => go_names(&whole),
            };
            let folder = whole.strip_suffix("/v1").filter(|_| alias.is_none());
            let folder = folder.and_then(|outer| outer.rsplit('/').next());
            outer.extend(folder.map(|name| (all.len(), name.to_owned())));
            all.push(ImportLine {
                module: path.to_owned(),
                names: names.into_iter().map(|n| (n, whole.clone())).collect(),
                line: code.line(at),
            });
            if !code.is(index + 1, "(") {
                break;
            }
        }
    }
    // Not where another import has that name.
    let taken = |name: &String| {
        let mut names = all.iter().flat_map(|line| &line.names);
        names.any(|(known, _)| known == name)
            || outer.iter().filter(|(_, other)| other == name).count() > 1
    };
    let free: Vec<_> = outer.iter().filter(|(_, name)| !taken(name)).collect();
    for (at, name) in free {
        let whole = without_version(&all[*at].module);
        all[*at].names.push((name.clone(), whole));
    }
    all
}

/// Whether a part of a path or a name is a version: `v2`.
pub(crate) fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// `github.com/go-chi/chi/v5` and `gopkg.in/yaml.v3` without their major version. No module ends with
/// `/v1`: where that stands, it is a folder.
pub(crate) fn without_version(path: &str) -> String {
    if !path.contains("/v") && !path.contains(".v") {
        return path.to_owned();
    }
    let parts: Vec<&str> = path
        .split('/')
        .enumerate()
        .filter(|(index, part)| *index == 0 || !is_version(part) || *part == "v1")
        .map(|(_, part)| part)
        .collect();
    let joined = parts.join("/");
    match joined.rsplit_once('.') {
        Some((head, version)) if is_version(version) => head.to_owned(),
        _ => joined,
    }
}

/// The names that a package may have; only its own source would tell which.
fn go_names(path: &str) -> Vec<String> {
    let last = path.rsplit('/').next().unwrap_or(path);
    let mut names = vec![last.to_owned()];
    if !last.contains(['-', '.']) {
        return names;
    }
    for shorter in [
        last.strip_prefix("go-"),
        last.strip_suffix("-go"),
        last.strip_suffix(".go"),
        last.rsplit_once('-').map(|(_, end)| end),
    ] {
        names.extend(shorter.map(str::to_owned));
    }
    let plain = last.replace(['-', '.'], "");
    names.push(plain);
    names.push(last.replace(['-', '.'], "_"));
    names.sort();
    names.dedup();
    names
}

fn rust(code: &Code<'_>) -> Vec<ImportLine> {
    let mut all = Vec::new();
    for index in 0..code.tokens.len() {
        let Some(word) = code.ident(index) else {
            continue;
        };
        match word {
            "use" => {
                // `use<'a>` captures lifetimes and imports nothing.
                if code.is(index + 1, "<") || index > 0 && code.is(index - 1, "#") {
                    continue;
                }
                rust_tree(code, index + 1, "", &mut all, 0);
            }
            "mod" => {
                let (name, next) = rust_word(code, index + 1);
                if let Some(name) = name
                    && code.is(next, ";")
                {
                    let module = format!("self::{name}");
                    all.push(ImportLine {
                        names: vec![(name.clone(), module.replace("::", "."))],
                        module,
                        line: code.line(index + 1),
                    });
                }
            }
            "extern" if code.is(index + 1, "crate") => {
                if let Some(name) = code.ident(index + 2) {
                    all.push(ImportLine {
                        module: name.to_owned(),
                        names: vec![(name.to_owned(), name.to_owned())],
                        line: code.line(index + 2),
                    });
                }
            }
            _ => {}
        }
    }
    all
}

/// A word with the mark that makes a keyword a name (`r#type`), and the index after it.
fn rust_word(code: &Code<'_>, at: usize) -> (Option<String>, usize) {
    match code.ident(at + 2) {
        Some(word) if code.is(at, "r") && code.is(at + 1, "#") => {
            (Some(format!("r#{word}")), at + 3)
        }
        _ => (code.ident(at).map(str::to_owned), at + 1),
    }
}

/// Reads one tree of `use` from `from`; returns the index after it.
fn rust_tree(
    code: &Code<'_>,
    from: usize,
    prefix: &str,
    all: &mut Vec<ImportLine>,
    depth: u8,
) -> usize {
    let mut path = prefix.to_owned();
    let mut at = from;
    let mut last = from;
    let push = |path: String, name: Option<String>, line: u32, all: &mut Vec<ImportLine>| {
        if path.is_empty() {
            return;
        }
        let dotted = path.replace("::", ".");
        all.push(ImportLine {
            names: name.map(|n| vec![(n, dotted)]).unwrap_or_default(),
            module: path,
            line,
        });
    };
    loop {
        if let (Some(word), next) = rust_word(code, at) {
            if word == "as" {
                let name = code.ident(at + 1).map(str::to_owned);
                push(path, name, code.line(last), all);
                return at + 2;
            }
            if word == "self" && path == prefix && !prefix.is_empty() {
                // `a::{self}` is `a` itself.
            } else {
                if !path.is_empty() {
                    path.push_str("::");
                }
                path.push_str(&word);
            }
            last = at;
            at = next;
        } else if code.is(at, ":") && code.is(at + 1, ":") {
            at += 2;
        } else if code.is(at, "#") || code.is(at, "$") {
            at += 1;
        } else if code.is(at, "*") {
            push(path, None, code.line(at), all);
            return at + 1;
        } else if code.is(at, "{") {
            let close = code.partner(at).unwrap_or(at);
            if depth > 16 {
                return close + 1;
            }
            let mut inner = at + 1;
            while inner < close {
                if code.is(inner, ",") {
                    inner += 1;
                    continue;
                }
                let next = rust_tree(code, inner, &path, all, depth + 1);
                inner = next.max(inner + 1);
            }
            return close + 1;
        } else {
            let name = path.rsplit("::").next().map(str::to_owned);
            if last >= from && at > from {
                push(path, name, code.line(last), all);
            }
            return at;
        }
    }
}

fn python(code: &Code<'_>) -> Vec<ImportLine> {
    let mut all = Vec::new();
    for index in 0..code.tokens.len() {
        let Some(word) = code.ident(index) else {
            continue;
        };
        if !matches!(word, "import" | "from") || !starts_statement(code, index) {
            continue;
        }
        if word == "import" {
            python_import(code, index + 1, &mut all);
        } else {
            python_from(code, index + 1, &mut all);
        }
    }
    all
}

fn starts_statement(code: &Code<'_>, index: usize) -> bool {
    if code.starts_line(index) {
        // Inside brackets a line may begin with anything; a keyword of a statement cannot.
        return index == 0 || !code.is(index - 1, "\\");
    }
    index > 0 && matches!(code.raw(index - 1), ";" | ":")
}

/// A dotted name with leading dots, and the index after it.
fn python_path(code: &Code<'_>, from: usize) -> (String, usize) {
    let mut path = String::new();
    let mut at = from;
    while code.is(at, ".") {
        path.push('.');
        at += 1;
    }
    while let Some(word) = code.ident(at) {
        if word == "import" && code.line(at) == code.line(from) && path.starts_with('.') {
            break;
        }
        path.push_str(word);
        at += 1;
        if code.is(at, ".") && code.ident(at + 1).is_some() {
            path.push('.');
            at += 1;
        } else {
            break;
        }
    }
    (path, at)
}

fn python_import(code: &Code<'_>, from: usize, all: &mut Vec<ImportLine>) {
    let mut at = from;
    loop {
        let line = code.line(at);
        let (path, next) = python_path(code, at);
        if path.is_empty() {
            return;
        }
        at = next;
        let mut names = Vec::new();
        if code.is(at, "as") && code.line(at) == line {
            if let Some(alias) = code.ident(at + 1) {
                names.push((alias.to_owned(), path.clone()));
            }
            at += 2;
        } else {
            let first = path.split('.').next().unwrap_or(&path);
            names.push((first.to_owned(), first.to_owned()));
        }
        all.push(ImportLine {
            module: path,
            names,
            line,
        });
        if !code.is(at, ",") {
            return;
        }
        at += 1;
        if code.is(at, "\\") {
            at += 1;
        }
    }
}

fn python_from(code: &Code<'_>, from: usize, all: &mut Vec<ImportLine>) {
    let line = code.line(from);
    let (path, mut at) = python_path(code, from);
    if code.is(at, "\\") {
        at += 1;
    }
    if path.is_empty() || !code.is(at, "import") {
        return;
    }
    at += 1;
    let limit = if code.is(at, "(") {
        code.partner(at).unwrap_or(code.tokens.len())
    } else {
        code.tokens.len()
    };
    let bracket = code.is(at, "(");
    if bracket {
        at += 1;
    }
    let only_dots = path.bytes().all(|b| b == b'.');
    let mut names = Vec::new();
    let mut modules = Vec::new();
    let mut before = line;
    while at < limit {
        let token = &code.tokens[at];
        if !bracket && token.line != before && !code.continues_line(at) {
            break;
        }
        before = token.line;
        match token.kind {
            TokenKind::Ident => {
                let name = code.raw(at);
                let whole = if only_dots {
                    format!("{path}{name}")
                } else {
                    format!("{path}.{name}")
                };
                let alias = code.is(at + 1, "as").then(|| code.ident(at + 2)).flatten();
                names.push((alias.unwrap_or(name).to_owned(), whole.clone()));
                if only_dots {
                    modules.push((whole, token.line));
                }
                at += if alias.is_some() { 3 } else { 1 };
            }
            _ if matches!(code.raw(at), "," | "\\") => at += 1,
            _ => break,
        }
    }
    if modules.is_empty() {
        all.push(ImportLine {
            module: path,
            names,
            line,
        });
        return;
    }
    for (index, (module, line)) in modules.into_iter().enumerate() {
        all.push(ImportLine {
            module,
            names: names.get(index).cloned().into_iter().collect(),
            line,
        });
    }
}
