//! HTTP endpoints of Next.js, whose paths are those of its files.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nextjs-http",
    docs: "\
### What it finds
Route handlers below `app` with the methods that they export, and API routes below `pages/api` with
the methods that they tell apart; folders in square brackets become parameters.

### What it does not find
Pages; a base path of the configuration.
",
    reads: &[Reads::Paths(&[
        "**/pages/api/**/*.ts",
        "**/pages/api/**/*.js",
        "**/pages/api/**/*.tsx",
        "**/app/**/route.ts",
        "**/app/**/route.js",
        "**/app/**/route.tsx",
    ])],
    markers: &["export", "exports"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) == Part::Own {
        next(acc, file);
    }
}

fn next(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let stem = file
        .path
        .rsplit_once('.')
        .map_or(file.path, |(stem, _)| stem);
    let parts: Vec<&str> = stem.split('/').collect();
    let pages = parts.windows(2).position(|w| w == ["pages", "api"]);
    let app = parts.iter().rposition(|p| *p == "app");
    let (from, until) = match (pages, app) {
        (Some(at), _) => (at + 1, parts.len()),
        (None, Some(at)) if parts.last() == Some(&"route") => (at + 1, parts.len() - 1),
        _ => return,
    };
    let mut path = String::new();
    for part in &parts[from..until] {
        let grouped = part.starts_with('(') || part.starts_with('@');
        if grouped || (*part == "index" && pages.is_some()) {
            continue;
        }
        let inner = part.trim_start_matches('[').trim_end_matches(']');
        let inner = inner.trim_start_matches("...");
        path.push('/');
        if inner.len() == part.len() {
            path.push_str(part);
        } else {
            path.push_str(&format!("{{{inner}}}"));
        }
    }
    let mut found: Vec<(String, u32)> = Vec::new();
    for at in 1..code.tokens.len() {
        let line = code.line(at);
        let word = if pages.is_some() {
            let compared = matches!(code.raw(at - 1), "case" | "=" | "[");
            code.string(at).filter(|_| compared)
        } else {
            let exported = matches!(code.raw(at - 1), "function" | "const")
                && (at.saturating_sub(3)..at).any(|before| code.is(before, "export"));
            code.ident(at).filter(|_| exported)
        };
        let method = word.filter(|w| {
            matches!(
                *w,
                "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
            )
        });
        if let Some(method) = method
            && !found.iter().any(|(known, _)| known == method)
        {
            found.push((method.to_owned(), line));
        }
    }
    let exported =
        (1..code.tokens.len()).find(|&at| code.is(at, "default") && code.is(at - 1, "export"));
    if found.is_empty() && pages.is_some() {
        found.extend(exported.map(|at| ("ANY".to_owned(), code.line(at))));
    }
    for (method, line) in found {
        let endpoint = Endpoint {
            method,
            path: if path.is_empty() {
                "/".to_owned()
            } else {
                path.clone()
            },
            handler: None,
            framework: "nextjs".to_owned(),
            summary: exported.and_then(|at| prose::summary(file, code.line(at))),
        };
        scan::endpoint(acc, file, line, line, endpoint);
    }
}
