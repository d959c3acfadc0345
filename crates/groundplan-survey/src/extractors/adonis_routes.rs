//! AdonisJS: HTTP routes.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::inflect;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "adonis-routes",
    docs: "\
### What it finds
Routes of AdonisJS (<https://docs.adonisjs.com/guides/basics/routing>): `router.get('/orders', [Orders, 'index'])` and
the like, `any`, resources with `apiOnly`, `only` and `except`, below the prefixes of the groups around them.

### What it does not find
Routes of packages, domains, prefixes of groups whose routes stand in another file.
",
    reads: &[Reads::Own(&[Language::TypeScript, Language::JavaScript])],
    markers: &["@ioc:Adonis/Core/Route", "@adonisjs/core/services/router", "use('Route')"],
    run: extract,
};

/// Actions of a resource: name, methods, whether it is of one record, what follows, whether it is a form.
const RESOURCE: [(&str, &[&str], bool, &str, bool); 7] = [
    ("index", &["GET"], false, "", false),
    ("create", &["GET"], false, "/create", true),
    ("store", &["POST"], false, "", false),
    ("show", &["GET"], true, "", false),
    ("edit", &["GET"], true, "/edit", true),
    ("update", &["PUT", "PATCH"], true, "", false),
    ("destroy", &["DELETE"], true, "", false),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let calls: Vec<Call> = code
        .calls()
        .filter(|call| is_router(code, call.first))
        .collect();
    // Each group with what it holds and its prefix.
    let groups: Vec<(Range<usize>, String)> = calls
        .iter()
        .filter(|call| code.is(call.open - 1, "group"))
        .filter_map(|call| {
            let close = code.partner(call.open)?;
            let links = links(code, close);
            let prefix = links.iter().find(|(name, _)| *name == "prefix");
            let text = prefix.and_then(|(_, open)| code.string(open + 1));
            Some((
                call.open..close,
                http_paths::prefix(text.unwrap_or_default()),
            ))
        })
        .collect();
    for call in calls {
        let word = code.raw(call.open - 1);
        if call.first + 3 != call.open {
            continue;
        }
        let mut prefix = String::new();
        for (_, own) in groups
            .iter()
            .filter(|(range, _)| range.contains(&call.open))
        {
            prefix = http_paths::join(&prefix, own);
        }
        let arguments = code.arguments(call.open);
        let Some(path) = arguments.first().and_then(|range| code.string(range.start)) else {
            continue;
        };
        let close = code.partner(call.open).unwrap_or(call.open);
        let links = links(code, close);
        if let Some((_, open)) = links.iter().find(|(name, _)| *name == "prefix")
            && let Some(own) = code.string(open + 1)
        {
            prefix = http_paths::join(&prefix, &http_paths::prefix(own));
        }
        let upper = word.to_ascii_uppercase();
        if word == "resource" {
            resource(acc, file, call, &prefix, path, &links);
        } else if (METHODS.contains(&upper.as_str()) && word != upper || word == "any")
            && arguments.len() > 1
        {
            let handler = arguments[1]
                .clone()
                .filter_map(|at| code.ident(at).or_else(|| code.string(at)))
                .collect::<Vec<_>>();
            let named = code.is(arguments[1].start, "[") && handler.len() == 2
                || handler.len() == 1 && code.string(arguments[1].start).is_some();
            let endpoint = Endpoint {
                method: if word == "any" {
                    "ANY".to_owned()
                } else {
                    upper
                },
                path: http_paths::join(&prefix, &http_paths::template(path)),
                handler: named.then(|| handler.join(".")),
                ..http_paths::unread("adonis")
            };
            http_paths::add(acc, file, call.line, call.line, endpoint);
        }
    }
}

fn is_router(code: &Code<'_>, at: usize) -> bool {
    matches!(code.raw(at), "router" | "Route")
}

/// The calls behind a bracket, `).prefix("/api").as("orders")`: name and bracket.
fn links<'t>(code: &Code<'t>, close: usize) -> Vec<(&'t str, usize)> {
    let mut all = Vec::new();
    let mut at = close + 1;
    while all.len() < 20 && code.is(at, ".") && code.is(at + 2, "(") {
        let (Some(name), Some(end)) = (code.ident(at + 1), code.partner(at + 2)) else {
            break;
        };
        all.push((name, at + 2));
        at = end + 1;
    }
    all
}

/// `router.resource("users.orders", Orders).apiOnly().except(["destroy"])`.
fn resource(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    call: Call,
    prefix: &str,
    name: &str,
    links: &[(&str, usize)],
) {
    let code = file.code();
    let texts = |wanted: &str| {
        let link = links.iter().find(|(name, _)| *name == wanted);
        link.map(|(_, open)| {
            let close = code.partner(*open).unwrap_or(*open);
            (*open..close)
                .filter_map(|at| code.string(at))
                .collect::<Vec<_>>()
        })
    };
    let api = links.iter().any(|(name, _)| *name == "apiOnly");
    let (only, except) = (texts("only"), texts("except").unwrap_or_default());
    let mut base = prefix.to_owned();
    let parts: Vec<&str> = name.trim_matches('/').split('.').collect();
    for (index, part) in parts.iter().enumerate() {
        base = http_paths::join(&base, part);
        if index + 1 < parts.len() {
            base.push_str(&format!("/{{{}_id}}", inflect::singular(part)));
        }
    }
    for (action, methods, one, after, form) in RESOURCE {
        let asked = only.as_ref().is_none_or(|only| only.contains(&action));
        if !asked || except.contains(&action) || api && form {
            continue;
        }
        let id = if one { "/{id}" } else { "" };
        for method in methods {
            let endpoint = Endpoint {
                method: (*method).to_owned(),
                path: http_paths::join("", &format!("{base}{id}{after}")),
                ..http_paths::unread("adonis")
            };
            http_paths::add(acc, file, call.line, call.line, endpoint);
        }
    }
}
