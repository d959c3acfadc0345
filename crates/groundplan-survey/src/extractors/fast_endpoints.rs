//! FastEndpoints: HTTP endpoints of ASP.NET Core, one class each.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths::{self, Written};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "fast-endpoints",
    docs: "\
### What it finds
Endpoints of FastEndpoints (<https://fast-endpoints.com/docs/get-started>): the methods and paths that a class
derived from `Endpoint<…>` sets up (`Get(\"/orders/{id}\")`, `Verbs` with `Routes`), below the path of its
`Group` and the prefix of all routes,
and the version of all routes where it is put before them.

### What it does not find
Versions of single endpoints, groups within groups, tests.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &["FastEndpoints", "Endpoint<", "EndpointWithoutRequest", ": Group", "RoutePrefix"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    // `c.Endpoints.RoutePrefix = "api";`
    for at in 2..code.tokens.len() {
        if code.is(at, "RoutePrefix")
            && code.is(at - 2, "Endpoints")
            && code.is(at + 1, "=")
            && let Some(text) = code.string(at + 2)
        {
            let text = http_paths::join(text, &version(code).unwrap_or_default());
            let mount = Mount {
                prefix: http_paths::prefix(&text),
                target: "*fastendpoints".to_owned(),
                ..Mount::default()
            };
            acc.add(file, code.line(at), code.line(at), Claim::Mount(mount));
        }
    }
    let outline = file.outline();
    for class in &outline.types {
        let heritage: Vec<&str> = class
            .heritage
            .clone()
            .filter_map(|at| code.ident(at))
            .collect();
        let range = class.open..class.close;
        let Some(base) = heritage.first() else {
            continue;
        };
        if *base == "Group" || *base == "SubGroup" {
            group(acc, file, &values, &class.name, range);
        } else if matches!(
            *base,
            "Endpoint"
                | "EndpointWithoutRequest"
                | "EndpointWithMapper"
                | "Ep"
                | "EndpointWithMapping"
        ) {
            class_of(acc, file, &values, &class.name, range);
        }
    }
}

/// What a program puts before the routes of all endpoints that say no version themselves: `v1` of
/// `c.Versioning.Prefix = "v"; c.Versioning.DefaultVersion = 1; c.Versioning.PrependToRoute = true;`
/// (<https://fast-endpoints.com/docs/api-versioning>).
fn version(code: &Code<'_>) -> Option<String> {
    let said = |name: &str| {
        (2..code.tokens.len())
            .find(|&at| code.is(at, name) && code.is(at - 2, "Versioning") && code.is(at + 1, "="))
    };
    let before = code.is(said("PrependToRoute")? + 2, "true");
    let number: u32 = code.raw(said("DefaultVersion")? + 2).parse().ok()?;
    let prefix = match said("Prefix") {
        Some(at) => code.string(at + 2)?,
        None => "v",
    };
    (before && number > 0).then(|| format!("{prefix}{number}"))
}

/// `Configure("admin", ep => …)` of a group.
fn group(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    name: &str,
    body: Range<usize>,
) {
    let code = file.code();
    let calls = code.calls().filter(|call| body.contains(&call.open));
    for call in
        calls.filter(|call| code.is(call.open - 1, "Configure") && call.first + 1 == call.open)
    {
        let Some(first) = code.arguments(call.open).into_iter().next() else {
            continue;
        };
        // `Prefix.ToLowerInvariant()`
        let end = first.end;
        let lowers = first.len() > 4
            && code.is(end - 1, ")")
            && code.is(end - 2, "(")
            && matches!(code.raw(end - 3), "ToLower" | "ToLowerInvariant");
        let text = match lowers {
            true => values.fold(first.start..end - 4).map(|t| t.to_lowercase()),
            false => values.fold(first.clone()),
        };
        let empty = code.dotted(first.start, end).ends_with("tring.Empty");
        let text = match text {
            _ if empty => String::new(),
            Some(text) => text,
            None => http_paths::UNREAD.to_owned(),
        };
        let router = Router {
            name: name.to_owned(),
            ..Router::default()
        };
        acc.add(file, call.line, call.line, Claim::Router(router));
        let mount = Mount {
            prefix: http_paths::prefix(&text),
            target: format!("#{name}"),
            ..Mount::default()
        };
        acc.add(file, call.line, call.line, Claim::Mount(mount));
    }
}

fn class_of(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    name: &str,
    body: Range<usize>,
) {
    let code = file.code();
    let calls: Vec<_> = code
        .calls()
        .filter(|call| body.contains(&call.open))
        .filter(|call| word_of(code, call.open) == Some(call.first))
        .collect();
    // Only what configures the endpoint stands outside of its handler.
    let configured = calls
        .iter()
        .find(|call| code.is(call.first, "Configure") && code.is(call.first - 1, "void"));
    let Some(place) = configured.and_then(|call| code.partner(call.open)) else {
        return;
    };
    let end = match code.raw(place + 1) {
        "{" => code.partner(place + 1).unwrap_or(place),
        // `public override void Configure() => Get("/x");`
        _ => (place..body.end)
            .find(|&at| code.is(at, ";"))
            .unwrap_or(place),
    };
    let inside = || {
        calls
            .iter()
            .filter(|call| (place..end).contains(&call.open))
    };
    let router = inside()
        .find(|call| code.is(call.first, "Group"))
        .and_then(|call| {
            (call.first + 1..call.open)
                .rev()
                .find_map(|at| code.ident(at))
        });
    let router = router.map(|group| format!("={group}"));
    // Its own version stands in place of that of all others: `Version(2)`.
    let versioned = inside().any(|call| code.is(call.first, "Version"));
    let mut routes: Vec<(u32, Vec<String>, Vec<Range<usize>>)> = Vec::new();
    let (mut verbs, mut paths) = (Vec::new(), Vec::new());
    let mut line = None;
    for call in inside() {
        let word = code.raw(call.first);
        let upper = word.to_ascii_uppercase();
        let arguments = code.arguments(call.open);
        if METHODS.contains(&upper.as_str()) && word != upper {
            routes.push((call.line, vec![upper], arguments));
        } else if word == "Verbs" {
            let words = arguments.iter().flat_map(Clone::clone);
            let words = words.filter_map(|at| code.ident(at).or_else(|| code.string(at)));
            let words = words.map(str::to_ascii_uppercase);
            verbs.extend(words.filter(|word| METHODS.contains(&word.as_str())));
            line.get_or_insert(call.line);
        } else if word == "Routes" {
            paths.extend(arguments);
        }
    }
    if let Some(line) = line {
        routes.push((line, verbs, paths));
    }
    for (line, methods, paths) in routes {
        for path in paths {
            // A lambda names what is bound to the path: `Get("/x/{id}", r => new { r.Id })`.
            if path
                .clone()
                .any(|at| code.is(at, "=") && code.is(at + 1, ">"))
            {
                continue;
            }
            let own = match http_paths::written(code, &path, |r| values.fold(r)) {
                Written::Path(text) if versioned => {
                    format!("{}/{}", http_paths::UNREAD, text.trim_start_matches('/'))
                }
                Written::Path(text) => text,
                Written::Unread => http_paths::UNREAD.to_owned(),
                Written::Other => continue,
            };
            for method in &methods {
                let endpoint = Endpoint {
                    method: method.clone(),
                    path: http_paths::template(&own),
                    handler: Some(name.to_owned()),
                    router: router.clone(),
                    ..http_paths::unread("fastendpoints")
                };
                http_paths::add(acc, file, line, line, endpoint);
            }
        }
    }
}

/// The word of a call without a receiver, before its type parameters.
fn word_of(code: &Code<'_>, open: usize) -> Option<usize> {
    let call = code.call_at(open)?;
    let dotted = code.dotted(call.first, open);
    (!dotted.contains('.') && !code.is(call.first.checked_sub(1)?, ".")).then_some(call.first)
}
