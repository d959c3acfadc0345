//! API Platform: resources, whose operations are routes.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths::{self, CONSTANT};
use crate::paths;
use crate::php;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language, Node};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "api-platform",
    docs: "\
### What it finds
Operations of resources of API Platform (<https://api-platform.com/docs/core/operations/>) as routes: of
attributes of classes (`#[ApiResource(operations: [new Get()])]`, `#[GetCollection]`) and of YAML
(`resources:`), with their templates or the paths that follow from the name of the resource. Prefixes of
routes and the way that segments are written, of the configuration.

### What it does not find
Operations of XML and of annotations, identifiers that consist of several properties, names that a generator
of the program makes of classes, tests.
",
    reads: &[
        Reads::Languages(&[Language::Php]),
        Reads::Paths(&[
            "**/config/**/*.yaml",
            "**/config/**/*.yml",
            "**/ApiResource/**/*.yaml",
            "**/ApiResource/**/*.yml",
        ]),
    ],
    markers: &["ApiPlatform\\Metadata", "api_platform", "resources:"],
    run: extract,
};

/// Framework of the endpoints.
pub(crate) const FRAMEWORK: &str = "api-platform";
/// What all resources of a project stand below, but for those that say so themselves.
pub(crate) const PREFIX: &str = "api-platform:prefix";
/// Where the routes of the framework are taken in.
pub(crate) const ROUTES: &str = "api-platform:routes";
/// Words of segments are divided by dashes.
pub(crate) const DASHES: &str = "api-platform:dashes";
/// What stands before the name of a class in a path, until all files are known.
pub(crate) const SEGMENT: &str = "segment:";

/// One operation.
#[derive(Clone, Debug, Default)]
struct Operation {
    method: String,
    collection: bool,
    template: Option<String>,
    prefix: Option<String>,
    lines: (u32, u32),
}

/// What one declaration says of a resource.
#[derive(Clone, Debug, Default)]
struct Resource {
    name: String,
    template: Option<String>,
    prefix: Option<String>,
    /// `None` where it says nothing of operations: then it has the usual ones.
    operations: Option<Vec<Operation>>,
    lines: (u32, u32),
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || php::is_foreign(file.path) {
        return;
    }
    if file.language == Language::Php {
        if file.text.contains("ApiPlatform\\Metadata") {
            classes(acc, file);
        }
        return;
    }
    for root in file.documents() {
        if let Some(all) = root.get("resources") {
            // Other files have `resources:` too, of which none is a class.
            for (name, node) in all
                .entries()
                .iter()
                .filter(|(name, _)| name.text.contains('\\'))
            {
                described(acc, file, &name.text, name.line, node);
            }
        }
        configured(acc, file, root);
    }
}

/// The method of an operation, and whether it is one of the collection.
fn kind(name: &str) -> Option<(&'static str, bool)> {
    let last = name.rsplit('\\').next().unwrap_or(name);
    match last.to_ascii_lowercase().as_str() {
        "get" => Some(("GET", false)),
        "getcollection" => Some(("GET", true)),
        "post" => Some(("POST", true)),
        "put" => Some(("PUT", false)),
        "patch" => Some(("PATCH", false)),
        "delete" => Some(("DELETE", false)),
        _ => None,
    }
}

/// What a resource has that names no operations.
const USUAL: [&str; 5] = ["GetCollection", "Post", "Get", "Patch", "Delete"];

/// Whether a controller only says that there is nothing.
fn refuses(controller: &str) -> bool {
    let last = controller.rsplit('\\').next().unwrap_or(controller);
    matches!(last, "NotFoundAction" | "NotExposedAction")
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, class: &str, resource: &Resource) {
    let usual = || {
        let kinds = USUAL.iter().filter_map(|name| kind(name));
        let made = kinds.map(|(method, collection)| Operation {
            method: method.to_owned(),
            collection,
            lines: resource.lines,
            ..Operation::default()
        });
        made.collect()
    };
    let all = resource.operations.clone().unwrap_or_else(usual);
    for operation in all {
        let template = operation.template.as_ref().or(resource.template.as_ref());
        let own = match template {
            Some(template) => template.replace(".{_format}", "").replace("{._format}", ""),
            None => {
                let one = if operation.collection { "" } else { "/{id}" };
                format!("/{{{CONSTANT}{SEGMENT}{}}}{one}", resource.name)
            }
        };
        let prefix = match operation.prefix.as_ref().or(resource.prefix.as_ref()) {
            Some(prefix) => http_paths::prefix(prefix),
            None => format!("/{{{CONSTANT}{PREFIX}}}"),
        };
        let endpoint = Endpoint {
            method: operation.method,
            path: http_paths::join(&prefix, &http_paths::template(&own)),
            handler: Some(class.to_owned()),
            ..http_paths::unread(FRAMEWORK)
        };
        let (first, last) = operation.lines;
        http_paths::add(acc, file, first, last, endpoint);
    }
}

/// The resources that attributes of the classes of a file declare.
fn classes(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let mut waiting: Vec<Resource> = Vec::new();
    let mut at = 0;
    while at < code.tokens.len() {
        if code.is_byte(at, b'#') && code.is_byte(at + 1, b'[') {
            for part in code.arguments(at + 1) {
                attribute(code, part, &mut waiting);
            }
            at = code.partner(at + 1).unwrap_or(at + 1) + 1;
            continue;
        }
        match code.raw(at) {
            "class" | "interface" if at == 0 || !code.is_byte(at - 1, b':') => {
                if let Some(class) = code.ident(at + 1) {
                    for mut resource in std::mem::take(&mut waiting) {
                        if resource.name.is_empty() {
                            class.clone_into(&mut resource.name);
                        }
                        add(acc, file, class, &resource);
                    }
                }
            }
            "function" | ";" => waiting.clear(),
            _ => {}
        }
        at += 1;
    }
}

/// `ApiResource(shortName: 'Order')`, or an operation that stands by itself and belongs to the resource
/// before it.
fn attribute(code: &Code<'_>, part: Range<usize>, waiting: &mut Vec<Resource>) {
    let open = part.clone().find(|&at| code.is_byte(at, b'('));
    let Some(name) = code.ident(open.unwrap_or(part.end).wrapping_sub(1)) else {
        return;
    };
    let lines = (code.line(part.start), code.line(part.end.saturating_sub(1)));
    if name == "ApiResource" {
        let text = |key: &str| {
            let range = php::named(code, open?, key)?;
            php::text(code, &range)
        };
        let first = open.and_then(|open| code.arguments(open).into_iter().next());
        let plain = first.and_then(|range| php::text(code, &range));
        let listed = open.and_then(|open| php::named(code, open, "operations"));
        let operations = listed
            .and_then(|range| php::list_at(code, &range))
            .map(|list| {
                let entries = php::entries(code, list).into_iter();
                entries
                    .filter_map(|(_, value)| operation(code, value))
                    .flatten()
                    .collect()
            });
        waiting.push(Resource {
            name: text("shortName").unwrap_or_default(),
            template: text("uriTemplate").or(plain),
            prefix: text("routePrefix"),
            operations,
            lines,
        });
        return;
    }
    let Some(found) = operation(code, part) else {
        return;
    };
    if waiting.is_empty() {
        waiting.push(Resource {
            lines,
            ..Resource::default()
        });
    }
    if let Some(resource) = waiting.last_mut() {
        resource.operations.get_or_insert_default().extend(found);
    }
}

/// `new Get(uriTemplate: '/orders/{id}')` and the attribute of the same form; no operation, but not none at
/// all, where its controller only refuses.
fn operation(code: &Code<'_>, part: Range<usize>) -> Option<Option<Operation>> {
    let open = part.clone().find(|&at| code.is_byte(at, b'('));
    let name = code.ident(open.unwrap_or(part.end).wrapping_sub(1))?;
    let (method, collection) = kind(name)?;
    let text = |key: &str| {
        let range = php::named(code, open?, key)?;
        php::text(code, &range)
    };
    let controller = open.and_then(|open| php::named(code, open, "controller"));
    let controller = controller.and_then(|range| php::class(code, &range));
    if controller.is_some_and(|controller| refuses(&controller)) {
        return Some(None);
    }
    let first = open.and_then(|open| code.arguments(open).into_iter().next());
    let plain = first.and_then(|range| php::text(code, &range));
    Some(Some(Operation {
        method: method.to_owned(),
        collection,
        template: text("uriTemplate").or(plain),
        prefix: text("routePrefix"),
        lines: (code.line(part.start), code.line(part.end.saturating_sub(1))),
    }))
}

/// `App\Entity\Order:` with `operations:`, in one or several forms.
fn described(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str, line: u32, node: &Node) {
    let class = name.rsplit('\\').next().unwrap_or(name);
    let forms: Vec<&Node> = match node.items() {
        [] => vec![node],
        items => items.iter().map(AsRef::as_ref).collect(),
    };
    for form in forms {
        let text = |key: &str| form.str_of(key).map(str::to_owned);
        let listed = form.get("operations");
        let operations = listed.map(|listed| {
            let mut all = Vec::new();
            for (key, one) in listed.entries() {
                let kind = kind(&key.text).filter(|_| key.text.contains("ApiPlatform\\"));
                all.extend(named(one, kind, key.line));
            }
            for one in listed.items() {
                all.extend(named(one, None, one.first));
            }
            all
        });
        let resource = Resource {
            name: text("shortName").unwrap_or_else(|| class.to_owned()),
            template: text("uriTemplate"),
            prefix: text("routePrefix"),
            operations,
            lines: (line, line),
        };
        add(acc, file, class, &resource);
    }
}

/// One operation of YAML, which says its class itself unless its key does.
fn named(node: &Node, known: Option<(&'static str, bool)>, line: u32) -> Option<Operation> {
    let class = node.str_of("class").and_then(kind);
    let (method, collection) = match (class.or(known), node.str_of("method")) {
        (Some((_, collection)), Some(method)) => (method.to_ascii_uppercase(), collection),
        (Some((method, collection)), None) => (method.to_owned(), collection),
        (None, Some(method)) => (method.to_ascii_uppercase(), false),
        (None, None) => return None,
    };
    if node.str_of("controller").is_some_and(refuses) {
        return None;
    }
    Some(Operation {
        method,
        collection,
        template: node.str_of("uriTemplate").map(str::to_owned),
        prefix: node.str_of("routePrefix").map(str::to_owned),
        lines: (line, line),
    })
}

/// What configuration says of all resources: `api_platform: defaults: route_prefix: /v2`, and the entry that
/// takes in the routes below `/api`.
fn configured(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let mut say = |target: &str, prefix: &str, line: u32| {
        let mount = Mount {
            prefix: http_paths::prefix(prefix),
            target: format!("*{target}"),
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    };
    for (key, entry) in root.entries() {
        if entry.str_of("type") == Some("api_platform") {
            say(ROUTES, entry.str_of("prefix").unwrap_or_default(), key.line);
        } else if key.text == "api_platform" {
            if let Some(prefix) = entry.at(&["defaults", "route_prefix"]).and_then(Node::str) {
                say(PREFIX, prefix, key.line);
            }
            let names = entry.str_of("path_segment_name_generator");
            if names.is_some_and(|generator| generator.ends_with(".dash")) {
                say(DASHES, "", key.line);
            }
        }
    }
}
