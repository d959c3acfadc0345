//! Constants of Go packages that hold paths.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::go_paths;
use crate::facts::{Claim, FileFacts, PathConstant};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-path-constants",
    docs: "\
### What it finds
Constants of a package that are paths (`URLPathAPI = \"/api\"`), also where one is put together from
others (`RouteItem = RouteList + \"/{id}\"`), so that routes of other files can be read that are written
with them.

### What it does not find
Constants inside of functions, and those that are filled while the program runs.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &[" = \"/", " + \"/"],
    run: extract,
};

/// Constants of a file at most.
const MOST: usize = 500;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let code = view.code;
    let mut found = 0;
    for equals in 1..code.tokens.len() {
        if !code.is(equals, "=") || found >= MOST {
            continue;
        }
        let Some(name) = code.ident(equals - 1) else {
            continue;
        };
        if code.function_at(equals).is_some() {
            continue;
        }
        let end = (equals + 1..code.tokens.len()).find(|&at| {
            code.starts_line(at)
                || code.is(at, ")") && code.partner(at).is_none_or(|open| open < equals)
        });
        let range = equals + 1..end.unwrap_or(code.tokens.len());
        let Some(value) = go_paths::constant_value(&view, &range) else {
            continue;
        };
        let path = value.starts_with('/') || value.starts_with('{') && value.contains("}/");
        // A name for another constant says of itself whether it is that of a path.
        let other = || value.starts_with('{') && value.ends_with('}') && is_named(name);
        // A word is part of a path where its name says so: `OutboxPath = "outbox"`.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let word = !value.is_empty() && value.chars().all(plain) && is_named(name);
        if (path || word || other()) && !value.contains([' ', '\\']) {
            found += 1;
            let constant = PathConstant {
                class: go_paths::folder_name(file.path).to_owned(),
                name: name.to_owned(),
                value,
            };
            let line = code.line(equals);
            acc.add(file, line, line, Claim::PathConstant(constant));
        }
    }
}

/// Whether a name speaks of a path.
fn is_named(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "api", "base", "endpoint", "path", "prefix", "route", "uri", "url", "pattern",
    ];
    let lower = name.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}
