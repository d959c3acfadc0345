//! Symfony: HTTP routes that attributes and annotations give.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::paths;
use crate::php;
use crate::php_actions;
use crate::php_annotations::{self, Mark, Value};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "symfony-http",
    docs: "\
### What it finds
Routes that attributes of controllers give (`#[Route('/orders', methods: ['GET'])]`, `#[Get('/x')]` of
FOSRestBundle) and annotations of their comments (`@Route(path=…)`), below the path of the class, with
the method that answers; a class that is called itself (`__invoke`).

### What it does not find
Routes of XML and PHP configuration, resources of API Platform, tests.
",
    reads: &[Reads::Languages(&[Language::Php])],
    markers: &["Route(", "Get(", "Post(", "Put(", "Patch(", "Delete("],
    run: extract,
};

/// What one attribute says.
#[derive(Clone, Debug, Default)]
struct Route {
    paths: Vec<String>,
    methods: Vec<String>,
    line: u32,
    last: u32,
}

/// A class and the routes that its own attributes give.
#[derive(Clone, Debug, Default)]
struct Class {
    name: String,
    routes: Vec<Route>,
    /// Whether one of its methods has a route.
    has_routes: bool,
    /// Whether it is called itself.
    invoked: bool,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let known = [
        "Routing\\Annotation",
        "Routing\\Attribute",
        "FOS\\RestBundle",
    ];
    if paths::is_test(file.path) || !known.iter().any(|mark| file.text.contains(mark)) {
        return;
    }
    let code = file.code();
    let imports = php_actions::imports(code);
    let mut annotated = annotated(code, &imports).into_iter().peekable();
    let mut waiting: Vec<Route> = Vec::new();
    let mut class = Class::default();
    let mut at = 0;
    while at < code.tokens.len() {
        while let Some(route) = annotated.next_if(|(end, _)| *end < code.line(at)) {
            waiting.push(route.1);
        }
        if code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
            let parts = code.arguments(at + 1);
            let routes = parts.into_iter().filter(|part| {
                let first = code.ident(part.start).unwrap_or_default();
                !describes(&imports, first)
            });
            waiting.extend(routes.filter_map(|part| route(code, part)));
            at = code.partner(at + 1).unwrap_or(at + 1) + 1;
            continue;
        }
        match code.raw(at) {
            // `Orders::class` is no declaration.
            "class" if at == 0 || !code.is_byte(at - 1, b':') => {
                if let Some(name) = code.ident(at + 1).filter(|name| *name != "extends") {
                    close(acc, file, &class);
                    class = Class {
                        name: name.to_owned(),
                        routes: std::mem::take(&mut waiting),
                        ..Class::default()
                    };
                }
            }
            "function" => {
                let name = code.ident(at + 1).unwrap_or_default();
                class.invoked |= name == "__invoke";
                class.has_routes |= !waiting.is_empty();
                for route in std::mem::take(&mut waiting) {
                    let outer = class.routes.first();
                    add(acc, file, outer, &route, format!("{}::{name}", class.name));
                }
            }
            ";" => waiting.clear(),
            _ => {}
        }
        at += 1;
    }
    close(acc, file, &class);
}

/// Whether attributes that begin with a word describe an operation for OpenAPI and route nothing: `OA\Get`
/// (<https://zircote.github.io/swagger-php/guide/attributes.html>).
fn describes(imports: &BTreeMap<&str, String>, first: &str) -> bool {
    let whole = imports.get(first).map_or(first, String::as_str);
    ["OpenApi", "Swagger"].contains(&whole.split('\\').next().unwrap_or(whole))
}

/// The routes of annotations, each with the line where its comment ends.
fn annotated(code: &Code<'_>, imports: &BTreeMap<&str, String>) -> Vec<(u32, Route)> {
    let mut all = Vec::new();
    for (line, text) in code.comments() {
        let end = line + text.matches('\n').count() as u32;
        let marks = php_annotations::of_comment(text, line, |name| {
            let last = name.rsplit('\\').next().unwrap_or_default();
            let first = name.split('\\').next().unwrap_or_default();
            (verb_of(last).is_some() || last == "Route") && !describes(imports, first)
        });
        all.extend(marks.iter().map(|mark| (end, of_mark(mark))));
    }
    all
}

/// `@Route("/orders/{id}", methods={"GET", "HEAD"})`, `@Rest\Get("/orders")`.
fn of_mark(mark: &Mark) -> Route {
    let plain = match mark.plain() {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let path = mark.get("path").map(str::to_owned).or(plain);
    let methods = match verb_of(&mark.name) {
        Some(verb) => vec![verb],
        None => (mark.texts("methods").iter())
            .flat_map(|text| text.split('|'))
            .map(str::to_ascii_uppercase)
            .collect(),
    };
    Route {
        paths: path.iter().map(|path| bare(path)).collect(),
        methods,
        line: mark.first,
        last: mark.last,
    }
}

/// The method that `Get` or `Delete` stands for.
fn verb_of(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    (METHODS.contains(&upper.as_str()) && name != upper).then_some(upper)
}

/// The routes of a class that is called itself.
fn close(acc: &mut FileFacts, file: &SourceFile<'_>, class: &Class) {
    if class.invoked && !class.has_routes {
        for route in &class.routes {
            add(acc, file, None, route, class.name.clone());
        }
    }
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    outer: Option<&Route>,
    route: &Route,
    handler: String,
) {
    let root = [String::new()];
    let outer_paths = outer.map(|o| o.paths.as_slice()).filter(|p| !p.is_empty());
    let methods = match (&route.methods, outer) {
        (own, Some(outer)) if own.is_empty() => outer.methods.clone(),
        (own, _) => own.clone(),
    };
    let any = ["ANY".to_owned()];
    let methods = if methods.is_empty() {
        &any[..]
    } else {
        &methods
    };
    for prefix in outer_paths.unwrap_or(&root) {
        let own = if route.paths.is_empty() {
            &root[..]
        } else {
            &route.paths
        };
        for path in own {
            for method in methods {
                let endpoint = Endpoint {
                    method: method.clone(),
                    path: http_paths::join(
                        &http_paths::prefix(prefix),
                        &http_paths::template(path),
                    ),
                    handler: Some(handler.clone()),
                    ..http_paths::unread("symfony")
                };
                http_paths::add(acc, file, route.line, route.last, endpoint);
            }
        }
    }
}

/// `Route('/orders/{id<\d+>}', methods: ['GET'])`, `Rest\Get(path: '/orders')`.
fn route(code: &Code<'_>, part: Range<usize>) -> Option<Route> {
    let open = part.clone().find(|&at| code.is_byte(at, b'('))?;
    let name = code.ident(open.checked_sub(1)?)?;
    let verb = verb_of(name);
    if verb.is_none() && name != "Route" {
        return None;
    }
    let first = code.arguments(open).into_iter().next();
    // `path: '/orders'` is named, `self::ORDERS` is not.
    let is_named = |at: usize| code.is_byte(at, b':') && !code.is_byte(at + 1, b':');
    let plain = first.filter(|range| !is_named(range.start + 1));
    let path = php::named(code, open, "path").or(plain);
    let mut paths = path
        .as_ref()
        .map(|range| php::texts(code, range))
        .unwrap_or_default();
    // A path that is put together elsewhere is not that of the class.
    if paths.is_empty() && path.is_some() {
        paths.push(http_paths::UNREAD.to_owned());
    }
    let methods = match verb {
        Some(verb) => vec![verb],
        None => php::named(code, open, "methods")
            .map(|range| methods(code, &range))
            .unwrap_or_default(),
    };
    Some(Route {
        paths: paths.iter().map(|path| bare(path)).collect(),
        methods,
        line: code.line(open - 1),
        last: code.line(part.end.saturating_sub(1)),
    })
}

/// Methods as texts, or as constants of the request (`Request::METHOD_GET`).
fn methods(code: &Code<'_>, range: &Range<usize>) -> Vec<String> {
    let named = |at: usize| {
        let text = code
            .string(at)
            .or_else(|| code.ident(at)?.strip_prefix("METHOD_"))?;
        Some(text.to_ascii_uppercase())
    };
    let words = range.clone().filter_map(named);
    words
        .flat_map(|text| text.split('|').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// A path without what its parameters must look like or are if they are not given: `{id<\d+>?1}`.
pub(super) fn bare(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, inner)) = rest.split_once('{') {
        let name = inner.trim_start_matches('!');
        let end = name
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(name.len());
        out.push_str(before);
        out.push_str(&format!("{{{}}}", &name[..end]));
        // An expression may hold braces of its own: `{year<\d{4}>}`.
        let mut depth = 1;
        let close = inner.bytes().position(|b| {
            match b {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        rest = close.map_or("", |at| &inner[at + 1..]);
    }
    out + rest
}
