//! JavaScript and TypeScript: constants that hold paths.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mount};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-path-constants",
    docs: "\
### What it finds
Constants that a file gives away and that are paths (`export const API = '/api'`, `export const ROUTES = { USERS: 'users' }`,
`export enum Paths { Users = '/users' }`), so that routes of other files can be read that are written with them.

### What it does not find
Constants that are put together from others, and those that are filled while the program runs.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &["export const ", "export enum "],
    run: extract,
};

/// Begin of the target of a mount whose prefix is the value of a constant, whose name follows.
pub(crate) const CONSTANT: &str = "*js-constant:";

/// Constants of a file at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    let mut found: Vec<(u32, String, String)> = Vec::new();
    for at in 0..code.tokens.len() {
        if !code.is(at, "export") || found.len() >= MOST {
            continue;
        }
        let Some(name) = code.ident(at + 2) else {
            continue;
        };
        if code.is(at + 1, "enum") && code.is(at + 3, "{") {
            members(code, at + 3, name, "=", &mut found);
        }
        if !code.is(at + 1, "const") {
            continue;
        }
        // `export const API: string = '/api'`
        let typed = code.is(at + 3, ":") && code.ident(at + 4).is_some();
        let equals = if typed { at + 5 } else { at + 3 };
        if !code.is(equals, "=") {
            continue;
        }
        let frozen = code.is(equals + 1, "Object") && code.is(equals + 3, "freeze");
        let value = if frozen { equals + 5 } else { equals + 1 };
        if code.is(value, "{") {
            members(code, value, name, ":", &mut found);
        } else if let Some(text) = code.string(value).filter(|_| ends(code, value + 1)) {
            found.push((code.line(value), name.to_owned(), text.to_owned()));
        }
    }
    for (line, name, value) in found {
        if is_path(&value) && (value.starts_with('/') || is_named(&name)) {
            let mount = Mount {
                prefix: value,
                target: format!("{CONSTANT}{name}"),
                ..Mount::default()
            };
            acc.add(file, line, line, Claim::Mount(mount));
        }
    }
}

/// Whether a value ends before a token: what goes on is put together.
fn ends(code: &Code<'_>, at: usize) -> bool {
    matches!(code.raw(at), "" | ";" | "," | "}" | "as") || code.starts_line(at)
}

/// The texts of an object or enumeration: `ROUTES.USERS`.
fn members(
    code: &Code<'_>,
    open: usize,
    name: &str,
    sign: &str,
    found: &mut Vec<(u32, String, String)>,
) {
    for item in code.arguments(open) {
        let value = item.start + 2;
        if !code.is(item.start + 1, sign) || found.len() >= MOST {
            continue;
        }
        let Some(key) = code.ident(item.start) else {
            continue;
        };
        if code.is(value, "{") && sign == ":" && name.matches('.').count() < 2 {
            members(code, value, &format!("{name}.{key}"), sign, found);
        } else if let Some(text) = code.string(value).filter(|_| item.end == value + 1) {
            found.push((code.line(value), format!("{name}.{key}"), text.to_owned()));
        }
    }
}

fn is_path(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:{}".contains(c);
    !value.is_empty() && value.len() <= 100 && value.chars().all(plain) && !value.contains("://")
}

/// Whether a name speaks of a path.
fn is_named(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "api",
        "base",
        "controller",
        "endpoint",
        "path",
        "prefix",
        "route",
        "url",
        "version",
    ];
    let lower = name.to_ascii_lowercase();
    // `USERS` alone is used as a path where it is.
    WORDS.iter().any(|word| lower.contains(word))
        || !name.bytes().any(|b| b.is_ascii_lowercase() || b == b'.')
}
