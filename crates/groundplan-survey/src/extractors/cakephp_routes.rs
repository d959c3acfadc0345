//! CakePHP: HTTP routes.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::php;
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::Code;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cakephp-routes",
    docs: "\
### What it finds
Routes of `config/routes.php` of CakePHP and of its plugins: `connect` with its methods, `get` and the like,
`resources` with `only`, below the scopes, prefixes and plugins around them
(<https://book.cakephp.org/5/en/development/routing.html>).

### What it does not find
Routes by the name of a controller (`fallbacks`), extensions, files that are served.
",
    reads: &[Reads::Paths(&["**/config/routes.php", "**/config/routes/*.php"])],
    markers: &["->connect(", "->resources(", "->scope("],
    run: extract,
};

/// Scopes in scopes at most.
const DEEPEST: u8 = 24;

/// Actions of a resource: name, methods, what follows the path of the collection.
const RESOURCE: [(&str, &[&str], &str); 5] = [
    ("index", &["GET"], ""),
    ("create", &["POST"], ""),
    ("view", &["GET"], "/{id}"),
    ("update", &["PUT", "PATCH"], "/{id}"),
    ("delete", &["DELETE"], "/{id}"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || scan::is_test(file.path) || !file.text.contains("Cake\\") {
        return;
    }
    let code = file.code();
    let mut found = Vec::new();
    walk(code, 0..code.tokens.len(), "", 0, &mut found);
    for (line, endpoint) in found {
        http_paths::add(acc, file, line, line, endpoint);
    }
}

/// `OrderLines` as a part of a path: `order-lines`.
fn dashed(name: &str) -> String {
    scan::snake(name).replace('_', "-")
}

fn walk(
    code: &Code<'_>,
    range: Range<usize>,
    prefix: &str,
    depth: u8,
    found: &mut Vec<(u32, Endpoint)>,
) {
    let mut at = range.start;
    while at < range.end {
        let variable = code
            .ident(at)
            .is_some_and(|name| name.starts_with('$') || name == "Router");
        let Some(chain) = variable.then(|| php::chain_at(code, at)).flatten() else {
            at += 1;
            continue;
        };
        let link = chain.links[0];
        let arguments = code.arguments(link.open);
        at = link.open + 1;
        let line = code.line(link.open);
        match (link.name, arguments.as_slice()) {
            ("scope" | "prefix" | "plugin", [path, .., inner]) => {
                let Some((body, _)) = php::closure(code, inner) else {
                    continue;
                };
                let options = arguments.get(1).and_then(|range| php::list_at(code, range));
                let given = options.and_then(|open| php::value_of(code, open, "path"));
                let text = match given {
                    Some(range) => php::text(code, &range),
                    None => php::text(code, path).map(|text| match link.name {
                        "scope" => text,
                        _ => format!("/{}", dashed(&text)),
                    }),
                };
                if let Some(text) = text.filter(|_| depth < DEEPEST) {
                    let below = http_paths::join(prefix, &http_paths::prefix(&starred(&text)));
                    let below = if below == "/" { "" } else { below.as_str() };
                    walk(code, body.clone(), below, depth + 1, found);
                }
                at = body.end;
            }
            ("resources", [name, ..]) => {
                let Some(name) = php::text(code, name) else {
                    continue;
                };
                let options = arguments.get(1).and_then(|range| php::list_at(code, range));
                let value = |key: &str| options.and_then(|open| php::value_of(code, open, key));
                let only = value("only").map(|range| php::texts(code, &range));
                let path = value("path").and_then(|range| php::text(code, &range));
                let path = path.unwrap_or_else(|| dashed(&name));
                for (action, methods, after) in RESOURCE {
                    if only
                        .as_ref()
                        .is_some_and(|only| !only.iter().any(|o| o == action))
                    {
                        continue;
                    }
                    for method in methods {
                        let endpoint = Endpoint {
                            method: (*method).to_owned(),
                            path: http_paths::join(prefix, &format!("/{path}{after}")),
                            handler: Some(format!("{name}::{action}")),
                            ..http_paths::unread("cakephp")
                        };
                        found.push((line, endpoint));
                    }
                }
            }
            (name, [path, target, ..]) => {
                let upper = name.to_ascii_uppercase();
                let verb = METHODS.contains(&upper.as_str()) && name != upper && name != "connect";
                let text = php::text(code, path).filter(|text| text.starts_with('/'));
                let Some(text) = text.filter(|_| verb || name == "connect") else {
                    continue;
                };
                let open = php::list_at(code, target);
                if open.is_none() && php::text(code, target).is_none() {
                    continue;
                }
                let value = |key: &str| open.and_then(|open| php::value_of(code, open, key));
                let word = |key: &str| value(key).and_then(|range| php::text(code, &range));
                let mut methods: Vec<String> = value("_method")
                    .map(|range| php::texts(code, &range))
                    .unwrap_or_default();
                for link in &chain.links[1..] {
                    if link.name == "setMethods" {
                        methods = php::all_texts(code, link.open);
                    }
                }
                if verb {
                    methods = vec![upper];
                } else if methods.is_empty() {
                    methods.push("ANY".to_owned());
                }
                let handler = match (word("controller"), word("action")) {
                    (Some(class), Some(action)) => Some(format!("{class}::{action}")),
                    (None, None) => php::text(code, target),
                    (class, _) => class,
                };
                for method in methods {
                    let endpoint = Endpoint {
                        method: method.to_ascii_uppercase(),
                        path: http_paths::join(prefix, &http_paths::template(&starred(&text))),
                        handler: handler.clone(),
                        ..http_paths::unread("cakephp")
                    };
                    found.push((line, endpoint));
                }
            }
            _ => {}
        }
    }
}

/// A star at the end takes what follows: `/pages/*`, `/pages/**`.
fn starred(path: &str) -> String {
    match path.strip_suffix("/**") {
        Some(rest) => format!("{rest}/*"),
        None => path.to_owned(),
    }
}
