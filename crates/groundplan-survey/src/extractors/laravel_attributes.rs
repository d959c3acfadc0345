//! Laravel: routes that attributes of controllers give
//! (<https://github.com/spatie/laravel-route-attributes>).

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::inflect::singular;
use crate::paths;
use crate::php;
use crate::php_annotations::{self, Mark, Value};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-attributes",
    docs: "\
### What it finds
Routes that attributes of `Spatie\\RouteAttributes` give to the methods of a controller of Laravel
(`#[Get('/orders')]`, `#[Route(['put', 'patch'], '/orders/{order}')]`, `#[ApiResource('orders')]`), below the prefix
of the class, and the prefixes that `config/route-attributes.php` puts before folders.

### What it does not find
Routes of other packages of attributes, groups of attributes with several prefixes, tests.
",
    reads: &[Reads::Languages(&[Language::Php])],
    markers: &["RouteAttributes", "app_path("],
    run: extract,
};

/// The router of such a route: what stands before it, the settings of the package say.
pub(crate) const ROUTER: &str = "*laravel-attributes";

/// Begin of the target of a mount that puts a prefix before all such routes of a folder, which follows it.
pub(crate) const FOLDER: &str = "*laravel-attributes:";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    if file.path.ends_with("config/route-attributes.php") {
        return folders(acc, file);
    }
    if file.text.contains("RouteAttributes\\Attributes") {
        controller(acc, file);
    }
}

/// `app_path('Http/Controllers/Api') => ['prefix' => 'api', …]`
fn folders(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        if !code.is(at, "app_path") || !code.is(at + 1, "(") {
            continue;
        }
        let Some(close) = code.partner(at + 1) else {
            continue;
        };
        let folder = code.string(at + 2).filter(|_| close == at + 3);
        let list = close + 3;
        let given = code.is(close + 1, "=") && code.is(list, "[");
        let prefix = php::value_of(code, list, "prefix").filter(|_| given);
        let prefix = prefix.and_then(|range| php::text(code, &range));
        if let (Some(folder), Some(prefix)) = (folder, prefix)
            && !prefix.trim_matches('/').is_empty()
        {
            let line = code.line(at);
            let mount = Mount {
                prefix: http_paths::prefix(&prefix),
                target: format!("{FOLDER}{}", folder.trim_matches('/')),
                ..Mount::default()
            };
            acc.add(file, line, line, Claim::Mount(mount));
        }
    }
}

fn controller(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let mut waiting: Vec<Mark> = Vec::new();
    let mut class = "";
    let mut prefix = String::new();
    let mut at = 0;
    while at < code.tokens.len() {
        if code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
            waiting.extend(php_annotations::of_attribute(code, at + 1));
            at = code.partner(at + 1).unwrap_or(at + 1) + 1;
            continue;
        }
        match code.raw(at) {
            "class" if at == 0 || !code.is_byte(at - 1, b':') => {
                if let Some(name) = code.ident(at + 1).filter(|name| *name != "extends") {
                    class = name;
                    prefix = prefix_of(&waiting);
                    for mark in std::mem::take(&mut waiting) {
                        resource(acc, file, &prefix, class, &mark);
                    }
                }
            }
            "function" => {
                let name = code.ident(at + 1).unwrap_or_default();
                for mark in std::mem::take(&mut waiting) {
                    let handler = format!("{class}::{name}");
                    for (method, path) in routes(&mark) {
                        let path = http_paths::join(&prefix, &http_paths::template(&path));
                        add(acc, file, &mark, method, path, handler.clone());
                    }
                }
            }
            ";" => waiting.clear(),
            _ => {}
        }
        at += 1;
    }
}

/// What `#[Prefix('api/orders')]` and a `#[Group(prefix: 'api')]` that is the only one of a class put before
/// its routes.
fn prefix_of(marks: &[Mark]) -> String {
    let mut prefix = String::new();
    let groups = marks.iter().filter(|mark| mark.name == "Group").count();
    for mark in marks {
        let own = match mark.name.as_str() {
            "Prefix" => first(mark, "prefix"),
            "Group" if groups == 1 => mark.get("prefix").map(str::to_owned),
            _ => None,
        };
        if let Some(own) = own {
            prefix = http_paths::join(&prefix, &own);
        }
    }
    http_paths::prefix(&prefix)
}

/// The text of the first argument, or of the one with a name.
fn first(mark: &Mark, name: &str) -> Option<String> {
    let plain = match mark.plain() {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    mark.get(name).map(str::to_owned).or(plain)
}

/// The methods and the path that an attribute of a method gives.
fn routes(mark: &Mark) -> Vec<(String, String)> {
    let upper = mark.name.to_ascii_uppercase();
    let verb = METHODS.contains(&upper.as_str()) && mark.name != upper;
    if verb || mark.name == "Any" {
        let method = if verb { upper } else { "ANY".to_owned() };
        return first(mark, "uri")
            .map(|path| (method, path))
            .into_iter()
            .collect();
    }
    if mark.name != "Route" {
        return Vec::new();
    }
    // `#[Route(['put', 'patch'], '/orders/{order}')]`, `#[Route(methods: 'get', uri: '/orders')]`
    let mut plain = mark.arguments.iter().filter(|(name, _)| name.is_none());
    let (one, two) = (plain.next(), plain.next());
    let texts = |value: Option<&(Option<String>, Value)>| match value {
        Some((_, Value::Text(text))) => vec![text.clone()],
        Some((_, Value::List(all))) => (all.iter())
            .filter_map(|(_, value)| match value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let mut methods = mark.texts("methods");
    if methods.is_empty() {
        methods = texts(one);
    }
    let path = mark.get("uri").map(str::to_owned);
    let Some(path) = path.or_else(|| texts(two).into_iter().next()) else {
        return Vec::new();
    };
    let known = methods.iter().map(|method| method.to_ascii_uppercase());
    known
        .filter(|method| METHODS.contains(&method.as_str()))
        .map(|method| (method, path.clone()))
        .collect()
}

/// `#[Resource('orders', except: ['edit'])]`, `#[ApiResource('orders.lines')]` of a class.
fn resource(acc: &mut FileFacts, file: &SourceFile<'_>, prefix: &str, class: &str, mark: &Mark) {
    let api = mark.name == "ApiResource" || mark.is("apiResource", "true");
    if !matches!(mark.name.as_str(), "Resource" | "ApiResource") || mark.is("shallow", "true") {
        return;
    }
    let Some(name) = first(mark, "resource") else {
        return;
    };
    let mut path = prefix.to_owned();
    let parts: Vec<&str> = name.trim_matches('/').split('.').collect();
    let parameter = |part: &str| {
        let last = part.rsplit('/').next().unwrap_or(part);
        let own = mark.option("parameters", last).map(str::to_owned);
        own.unwrap_or_else(|| singular(last).replace('-', "_"))
    };
    for (index, part) in parts.iter().enumerate() {
        path = http_paths::join(&path, part);
        if index + 1 < parts.len() {
            path = http_paths::join(&path, &format!("{{{}}}", parameter(part)));
        }
    }
    let one = format!(
        "{{{}}}",
        parameter(parts.last().copied().unwrap_or_default())
    );
    let (only, except) = (mark.texts("only"), mark.texts("except"));
    for (action, methods, below) in [
        ("index", &["GET"][..], ""),
        ("create", &["GET"], "create"),
        ("store", &["POST"], ""),
        ("show", &["GET"], "*"),
        ("edit", &["GET"], "*/edit"),
        ("update", &["PUT", "PATCH"], "*"),
        ("destroy", &["DELETE"], "*"),
    ] {
        let wanted = only.is_empty() || only.iter().any(|name| name == action);
        let left_out = except.iter().any(|name| name == action);
        if !wanted || left_out || api && matches!(action, "create" | "edit") {
            continue;
        }
        for method in methods {
            let path = match below {
                "" => path.clone(),
                below => http_paths::join(&path, &below.replace('*', &one)),
            };
            let handler = format!("{class}::{action}");
            add(acc, file, mark, (*method).to_owned(), path, handler);
        }
    }
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    mark: &Mark,
    method: String,
    path: String,
    handler: String,
) {
    let endpoint = Endpoint {
        method,
        path,
        handler: Some(handler),
        router: Some(ROUTER.to_owned()),
        ..http_paths::unread("laravel")
    };
    http_paths::add(acc, file, mark.first, mark.last, endpoint);
}
