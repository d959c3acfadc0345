//! CodeIgniter: HTTP routes.

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
    name: "codeigniter-routes",
    docs: "\
### What it finds
Routes of `Config/Routes.php` of CodeIgniter 4: `$routes->get('orders', 'Orders::index')` and the like, `match`,
`add`, `resource` with `only` and `except`, below the groups around them
(<https://codeigniter.com/user_guide/incoming/routing.html>). The table of CodeIgniter 3 in `application/config/routes.php`:
`$route['orders/(:num)']['get'] = 'orders/show/$1'`.

### What it does not find
Routes that are found by the name of a controller (`autoRoute`), routes to the command line, files that modules add.
",
    reads: &[Reads::Paths(&[
        "**/Config/Routes.php",
        "**/Config/Routes/*.php",
        "**/application/config/routes.php",
    ])],
    markers: &["$route[", "->get(", "->post(", "->put(", "->delete(", "->add(", "->match(", "->resource(", "->group("],
    run: extract,
};

/// Groups in groups at most.
const DEEPEST: u8 = 24;

/// Actions of a resource: name, methods, what follows the path of the collection.
const RESOURCE: [(&str, &[&str], &str); 7] = [
    ("index", &["GET"], ""),
    ("new", &["GET"], "/new"),
    ("edit", &["GET"], "/{id}/edit"),
    ("show", &["GET"], "/{id}"),
    ("create", &["POST"], ""),
    ("update", &["PUT", "PATCH"], "/{id}"),
    ("delete", &["DELETE"], "/{id}"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || scan::is_test(file.path) {
        return;
    }
    let code = file.code();
    let mut found = Vec::new();
    walk(code, 0..code.tokens.len(), "", 0, &mut found);
    table(code, &mut found);
    for (line, endpoint) in found {
        http_paths::add(acc, file, line, line, endpoint);
    }
}

/// Keys of the table of CodeIgniter 3 that are no paths.
const SETTINGS: [&str; 3] = ["default_controller", "404_override", "translate_uri_dashes"];

/// The table of CodeIgniter 3: what stands behind the action are its arguments.
fn table(code: &Code<'_>, found: &mut Vec<(u32, Endpoint)>) {
    let key = |open: usize| {
        let text = code.string(open + 1)?;
        (code.is(open, "[") && code.is(open + 2, "]")).then_some(text)
    };
    for at in (0..code.tokens.len()).filter(|&at| code.ident(at) == Some("$route")) {
        let Some(path) = key(at + 1).filter(|path| !SETTINGS.contains(path)) else {
            continue;
        };
        let verb = key(at + 4).map(str::to_ascii_uppercase);
        let sign = at + if verb.is_some() { 7 } else { 4 };
        let method = verb.unwrap_or_else(|| "ANY".to_owned());
        let action = code.string(sign + 1).filter(|_| code.is(sign, "="));
        let Some(action) = action.filter(|_| method == "ANY" || METHODS.contains(&method.as_str()))
        else {
            continue;
        };
        let parts: Vec<&str> = action.split('/').take_while(|p| !p.contains('$')).collect();
        let handler = match parts.as_slice() {
            [.., class, action] => Some(format!("{class}::{action}")),
            [class] if !class.is_empty() => Some(format!("{class}::index")),
            _ => None,
        };
        let endpoint = Endpoint {
            method,
            path: http_paths::join("", &placeholders(path)),
            handler,
            ..http_paths::unread("codeigniter")
        };
        found.push((code.line(at), endpoint));
    }
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
        let routes = code
            .ident(at)
            .is_some_and(|name| name == "$routes" || name == "$route");
        let Some(chain) = routes.then(|| php::chain_at(code, at)).flatten() else {
            at += 1;
            continue;
        };
        let link = chain.links[0];
        let arguments = code.arguments(link.open);
        at = link.open + 1;
        let line = code.line(link.open);
        let mut add = |methods: &[String], path: &Range<usize>, action: &Range<usize>| {
            let Some(text) = php::text(code, path) else {
                return;
            };
            let action = php::text(code, action).filter(|name| !name.contains('/'));
            let handler = action.map(|name| {
                name.split('/')
                    .next()
                    .unwrap_or_default()
                    .trim_start_matches('\\')
                    .to_owned()
            });
            for method in methods {
                let endpoint = Endpoint {
                    method: method.clone(),
                    path: http_paths::join(prefix, &placeholders(&text)),
                    handler: handler.clone(),
                    ..http_paths::unread("codeigniter")
                };
                found.push((line, endpoint));
            }
        };
        match (link.name, arguments.as_slice()) {
            ("group", [path, .., inner]) => {
                let Some((body, _)) = php::closure(code, inner) else {
                    continue;
                };
                if let Some(text) = php::text(code, path).filter(|_| depth < DEEPEST) {
                    let below = http_paths::join(prefix, &placeholders(&text));
                    let below = if below == "/" { "" } else { below.as_str() };
                    walk(code, body.clone(), below, depth + 1, found);
                }
                at = body.end;
            }
            ("match", [methods, path, action, ..]) => {
                let methods: Vec<String> = php::texts(code, methods)
                    .iter()
                    .map(|m| m.to_ascii_uppercase())
                    .collect();
                add(&methods, path, action);
            }
            ("add", [path, action, ..]) => add(&["ANY".to_owned()], path, action),
            ("resource", [name, ..]) => {
                let Some(name) = php::text(code, name) else {
                    continue;
                };
                let options = arguments.get(1).and_then(|range| php::list_at(code, range));
                let said = |key: &str| {
                    let value = options.and_then(|open| php::value_of(code, open, key));
                    value.map(|range| {
                        php::texts(code, &range)
                            .join(",")
                            .split(',')
                            .map(|t| t.trim().to_owned())
                            .collect::<Vec<_>>()
                    })
                };
                let (only, except) = (said("only"), said("except").unwrap_or_default());
                for (action, methods, after) in RESOURCE {
                    let asked = only
                        .as_ref()
                        .is_none_or(|only| only.iter().any(|o| o == action));
                    if !asked || except.iter().any(|e| e == action) {
                        continue;
                    }
                    for method in methods {
                        let endpoint = Endpoint {
                            method: (*method).to_owned(),
                            path: http_paths::join(
                                prefix,
                                &format!("{}{after}", placeholders(&name)),
                            ),
                            ..http_paths::unread("codeigniter")
                        };
                        found.push((line, endpoint));
                    }
                }
            }
            (name, [path, action, ..]) => {
                let upper = name.to_ascii_uppercase();
                if METHODS.contains(&upper.as_str()) && name != upper {
                    add(&[upper], path, action);
                }
            }
            _ => {}
        }
    }
}

/// `orders/(:num)/lines/(:segment)` as a template.
fn placeholders(path: &str) -> String {
    let mut out = String::new();
    let mut number = 0;
    for part in path.split('/').filter(|part| !part.is_empty()) {
        out.push('/');
        let mut rest = part;
        while let Some(at) = rest.find('(') {
            number += 1;
            out.push_str(&rest[..at]);
            out.push_str(&format!("{{arg{number}}}"));
            rest = rest[at..]
                .find(')')
                .map_or("", |close| &rest[at + close + 1..]);
        }
        out.push_str(rest);
    }
    if out.is_empty() { "/".to_owned() } else { out }
}
