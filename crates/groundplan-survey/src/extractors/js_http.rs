//! HTTP endpoints of Node services.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Call, DeclKind, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-http",
    docs: "\
### What it finds
Endpoints of Express, Koa, Fastify, Hapi, Restify and Hono with the prefix under which a router is
mounted in the same file, of NestJS controllers, and of Next.js, whose paths are those of its files.

### What it does not find
Prefixes that another file mounts (`app.use(\"/api\", require(\"./routes\"))`), a global prefix of
NestJS, GraphQL, routes that are registered in a loop.
",
    reads: &[Reads::Languages(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[
        ".get(",
        ".post(",
        ".put(",
        ".delete(",
        ".patch(",
        ".all(",
        ".del(",
        ".route(",
        "@Controller",
        "GET",
        "POST",
        "export default",
    ],
    run: extract,
};

const VERBS: [&str; 9] = [
    "get", "post", "put", "delete", "patch", "head", "options", "all", "del",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    if next(acc, file) {
        return;
    }
    if file.text.contains("@Controller") {
        nest(acc, file);
    }
    if let Some(framework) = framework(file) {
        routers(acc, file, framework);
    }
}

/// The framework that the file imports; `express` for a file that gets its router as a parameter.
fn framework(file: &SourceFile<'_>) -> Option<&'static str> {
    const MODULES: [(&str, &str); 12] = [
        ("fastify", "fastify"),
        ("@hapi/hapi", "hapi"),
        ("hapi", "hapi"),
        ("koa-router", "koa"),
        ("@koa/router", "koa"),
        ("koa", "koa"),
        ("restify", "restify"),
        ("hono", "hono"),
        ("polka", "polka"),
        ("express-promise-router", "express"),
        ("express", "express"),
        ("@feathersjs/express", "express"),
    ];
    let code = file.code();
    let mut module_names = (0..code.tokens.len()).filter_map(|at| {
        let before = at.checked_sub(1).map_or("", |b| code.raw(b));
        let imported = before == "from"
            || before == "import"
            || before == "(" && at >= 2 && code.is(at - 2, "require");
        code.string(at).filter(|_| imported)
    });
    let found = module_names.find_map(|name| {
        MODULES
            .iter()
            .find(|(module, _)| *module == name)
            .map(|(_, framework)| *framework)
    });
    found.or_else(|| {
        [
            "function(app",
            "function (app",
            "(app) =>",
            "(router) =>",
            "(app, ",
            "(fastify",
        ]
        .iter()
        .any(|shape| file.text.contains(shape))
        .then_some(if file.text.contains("(fastify") {
            "fastify"
        } else {
            "express"
        })
    })
}

fn routers(acc: &mut FileFacts, file: &SourceFile<'_>, framework: &str) {
    let code = file.code();
    let values = Values::new(file);
    let prefixes = prefixes(file, &values);
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        if word == "route" {
            objects(acc, file, &values, call, framework);
            continue;
        }
        if !VERBS.contains(&word) || call.first + 2 > call.open - 1 {
            continue;
        }
        let receiver = code.raw(call.first);
        if !is_router(file, receiver) {
            continue;
        }
        let chained = (call.first..call.open)
            .find(|&at| code.is(at, "route") && code.is(at + 1, "("))
            .map(|at| at + 1);
        let arguments = code.arguments(call.open);
        // A setting is read with `app.get("x")`; a route has a handler.
        let handlers = match chained {
            Some(_) => &arguments[..],
            None => arguments.get(1..).unwrap_or_default(),
        };
        let Some(handler) = handlers.last() else {
            continue;
        };
        if code.is(handler.start, "{") && framework != "fastify" {
            continue;
        }
        let path_open = chained.unwrap_or(call.open);
        let paths = paths(file, &values, path_open);
        let prefix = prefixes.get(receiver).map_or("", String::as_str);
        for path in paths {
            let endpoint = Endpoint {
                method: verb(word),
                path: scan::below(prefix, &path),
                handler: name_of(file, handler),
                framework: framework.to_owned(),
                summary: scan::summary(file, code.line(call.first)),
            };
            scan::endpoint(acc, file, call.line, call.line, endpoint);
        }
    }
}

fn verb(word: &str) -> String {
    match word {
        "all" => "ANY".to_owned(),
        "del" => "DELETE".to_owned(),
        other => other.to_ascii_uppercase(),
    }
}

/// Whether a name is that of an application or router: by how it was made, else by custom.
fn is_router(file: &SourceFile<'_>, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "app" | "router" | "server" | "fastify" | "routes" | "route"
    ) || lower.ends_with("router")
        || lower.ends_with("routes")
        || [
            "express()",
            "Router()",
            "new Router(",
            "new Hono(",
            "fastify(",
        ]
        .iter()
        .any(|made| {
            file.text.contains(&format!("{name} = {made}"))
                || file.text.contains(&format!("{name} = express.{made}"))
        })
}

/// The prefixes of routers that this file mounts or makes with one.
fn prefixes(file: &SourceFile<'_>, values: &Values<'_, '_>) -> BTreeMap<String, String> {
    let code = file.code();
    let mut all = BTreeMap::new();
    for call in code.calls() {
        match code.raw(call.open - 1) {
            "use" => {
                let arguments = code.arguments(call.open);
                let (Some(first), Some(last)) = (arguments.first(), arguments.last()) else {
                    continue;
                };
                let path = values.fold(first.clone()).filter(|p| p.starts_with('/'));
                if let (Some(path), Some(name)) = (path, code.ident(last.start))
                    && arguments.len() > 1
                    && last.len() == 1
                {
                    all.entry(name.to_owned()).or_insert(path);
                }
            }
            "Router" if call.first >= 3 && code.is(call.first - 1, "new") => {
                let options = code.arguments(call.open).first().cloned();
                let prefix = options
                    .and_then(|o| values.literal_at(&o))
                    .and_then(|open| values.folded_property(open, &["prefix"]));
                if let (Some(prefix), Some(name)) = (prefix, code.ident(call.first - 3)) {
                    all.entry(name.to_owned()).or_insert(prefix);
                }
            }
            _ => {}
        }
    }
    all
}

/// The paths in the first argument: one, or a list.
fn paths(file: &SourceFile<'_>, values: &Values<'_, '_>, open: usize) -> Vec<String> {
    let code = file.code();
    let Some(first) = code.arguments(open).into_iter().next() else {
        return Vec::new();
    };
    let parts = if code.is(first.start, "[") {
        code.arguments(first.start)
    } else {
        vec![first]
    };
    parts
        .into_iter()
        .filter_map(|part| match code.string(part.start) {
            Some("") if part.len() == 1 => Some(String::new()),
            _ => values.fold(part),
        })
        .filter(|path| path.is_empty() || path.starts_with(['/', '{', '*']))
        .collect()
}

/// The name of a handler that is given by name.
fn name_of(file: &SourceFile<'_>, range: &Range<usize>) -> Option<String> {
    let code = file.code();
    let names = range
        .clone()
        .all(|at| code.ident(at).is_some() || code.is(at, "."));
    let name = code.dotted(range.start, range.end);
    (names && !name.is_empty() && range.len() <= 7).then_some(name)
}

/// `fastify.route({ method, url, handler })`, `server.route({ method, path, handler })` or a list.
fn objects(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    framework: &str,
) {
    let code = file.code();
    let Some(open) = code
        .arguments(call.open)
        .first()
        .and_then(|first| values.literal_at(first))
    else {
        return;
    };
    let opens: Vec<usize> = if code.is(open, "[") {
        let parts = code.arguments(open).into_iter();
        parts.filter_map(|part| values.literal_at(&part)).collect()
    } else {
        vec![open]
    };
    for open in opens {
        let Some(path) = values.folded_property(open, &["url", "path"]) else {
            continue;
        };
        let Some(range) = values.property(open, "method") else {
            continue;
        };
        let handler = values.property(open, "handler");
        let methods = range.filter_map(|at| code.string(at).map(str::to_ascii_uppercase));
        for method in methods {
            let endpoint = Endpoint {
                method: if method == "*" {
                    "ANY".to_owned()
                } else {
                    method
                },
                path: scan::path(&path),
                handler: handler.as_ref().and_then(|range| name_of(file, range)),
                framework: framework.to_owned(),
                summary: None,
            };
            let last = code
                .partner(open)
                .map_or(call.line, |close| code.line(close));
            let first = code.line(open);
            scan::endpoint(acc, file, first, last.min(first + 20), endpoint);
        }
    }
}

/// Controllers of NestJS.
fn nest(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let values = Values::new(file);
    let outline = file.outline();
    let first_path = |annotation: &Annotation| -> Vec<String> {
        let Some(open) = annotation.open else {
            return vec![String::new()];
        };
        let Some(first) = code.arguments(open).into_iter().next() else {
            return vec![String::new()];
        };
        if code.is(first.start, "{") {
            let path = values.folded_property(first.start, &["path"]);
            return vec![path.unwrap_or_default()];
        }
        let parts = if code.is(first.start, "[") {
            code.arguments(first.start)
        } else {
            vec![first]
        };
        let one = |part: Range<usize>| {
            let name = code.dotted(part.start, part.end);
            match code.string(part.start) {
                Some(text) if part.len() == 1 => text.to_owned(),
                _ => values.fold(part).unwrap_or_else(|| format!("{{{name}}}")),
            }
        };
        parts.into_iter().map(one).collect()
    };
    for declared in &outline.declared {
        if declared.kind != DeclKind::Function {
            continue;
        }
        let controller = declared
            .owner
            .and_then(|owner| outline.of_type(owner))
            .and_then(|class| class.annotation(&["Controller"]));
        let Some(controller) = controller else {
            continue;
        };
        let described = declared.annotation(&["ApiOperation"]).and_then(|a| {
            let first = code.arguments(a.open?).into_iter().next()?;
            values.folded_property(values.literal_at(&first)?, &["summary"])
        });
        let summary = described.or_else(|| scan::summary(file, declared.first));
        for annotation in &declared.annotations {
            let word = annotation.name.to_ascii_lowercase();
            let capital = annotation.name.starts_with(char::is_uppercase);
            if !VERBS.contains(&word.as_str()) || !capital {
                continue;
            }
            for prefix in first_path(controller) {
                for path in first_path(annotation) {
                    let endpoint = Endpoint {
                        method: verb(&word),
                        path: scan::below(&prefix, &path),
                        handler: Some(declared.name.clone()),
                        framework: "nestjs".to_owned(),
                        summary: summary.clone(),
                    };
                    scan::endpoint(acc, file, declared.first, declared.line, endpoint);
                }
            }
        }
    }
}

/// Route handlers and API routes of Next.js; whether the file is one.
fn next(acc: &mut FileFacts, file: &SourceFile<'_>) -> bool {
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
        _ => return false,
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
            summary: exported.and_then(|at| scan::summary(file, code.line(at))),
        };
        scan::endpoint(acc, file, line, line, endpoint);
    }
    true
}
