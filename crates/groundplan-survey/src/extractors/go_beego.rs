//! Go: routes of Beego, whose routers name a controller and which of its methods answers what.

use super::go_paths;
use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths::{self, UNREAD, Written};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::Language;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-beego",
    docs: "\
### What it finds
Routes of Beego: `web.Router` with a controller and which of its methods answers which method of HTTP, functions
(`web.Get`), both below namespaces, and the lines `@router` in comments of controllers that a namespace includes.

### What it does not find
Routes of `AutoRouter`; the methods of a controller that is routed without naming any.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["astaxie/beego", "beego/beego", "@router "],
    run: extract,
};

const FRAMEWORK: &str = "beego";

/// Namespaces in namespaces at most.
const DEEPEST: u8 = 8;

/// Packages that routes are added with.
const MODULES: [&str; 3] = [
    "github.com/beego/beego/v2/server/web",
    "github.com/beego/beego",
    "github.com/astaxie/beego",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    commented(acc, &view);
    if !view.imports_any(&MODULES) {
        return;
    }
    let code = view.code;
    for call in code.calls() {
        let Some(word) = code.ident(call.open - 1) else {
            continue;
        };
        let arguments = code.arguments(call.open);
        if !is_beego(&view, call.first, call.open) {
            continue;
        }
        let Some(outer) = outer(&view, call.first, 0) else {
            continue;
        };
        match word {
            "Router" | "NSRouter" => routed(acc, &view, &outer, &arguments, call.line),
            "Include" | "NSInclude" => included(acc, &view, &outer, &arguments, call.line),
            _ => {
                let verb = word.strip_prefix("NS").unwrap_or(word).to_ascii_uppercase();
                let method = match verb.as_str() {
                    "ANY" => "ANY",
                    other if METHODS.contains(&other) => other,
                    _ => continue,
                };
                if let [path, handler] = arguments.as_slice() {
                    let name = code.dotted(handler.start, handler.end);
                    let plain = handler
                        .clone()
                        .all(|at| code.ident(at).is_some() || code.is(at, "."));
                    let one = (method.to_owned(), plain.then_some(name));
                    added(acc, &view, &outer, path, vec![one], call.line);
                }
            }
        }
    }
}

/// Whether a call is one of the package, or of a namespace or server that it made.
fn is_beego(view: &CodeView<'_, '_>, first: usize, open: usize) -> bool {
    let code = view.code;
    let Some(name) = code.ident(first) else {
        return false;
    };
    if open == first + 1 {
        // Imported with a dot.
        return false;
    }
    let kind = view.canonical(name, first);
    kind.is_some_and(|kind| {
        let below = MODULES.iter().any(|module| is_below(&kind, module));
        let last = kind.rsplit('/').next().unwrap_or_default();
        below && (!last.contains('.') || last.contains("Namespace") || last.contains("HttpServer"))
    })
}

/// What the namespaces around a call put before its routes: those of the calls that it stands in, and of the
/// variable that it is called on. None where it is no part of the set-up.
fn outer(view: &CodeView<'_, '_>, first: usize, depth: u8) -> Option<String> {
    let code = view.code;
    if depth > DEEPEST {
        return None;
    }
    let mut prefix = String::new();
    // `ns.Router(…)` of a variable.
    if let Some(name) = code.ident(first)
        && let Some(made) = view.visible(name, first).last()
        && !made.value.is_empty()
        && let Some(open) = made.value.clone().find(|&at| code.is(at, "("))
        && code.is(open - 1, "NewNamespace")
    {
        prefix = namespace(view, open);
    }
    let function = code.function_at(first);
    let from = function.and_then(|f| code.functions().get(f));
    let from = from.map_or(0, |f| f.body.start);
    let mut at = first;
    while at > from {
        at -= 1;
        match code.raw(at) {
            ")" | "}" | "]" => at = code.partner(at)?,
            "(" if matches!(code.raw(at.checked_sub(1)?), "NewNamespace" | "NSNamespace") => {
                prefix = http_paths::join(&namespace(view, at), &prefix);
            }
            ";" => break,
            _ => {}
        }
    }
    Some(if prefix == "/" { String::new() } else { prefix })
}

fn namespace(view: &CodeView<'_, '_>, open: usize) -> String {
    let first = view.code.arguments(open).into_iter().next();
    match first.map(|range| go_paths::written(view, &range)) {
        Some(Written::Path(text)) => text,
        _ => UNREAD.to_owned(),
    }
}

/// `web.Router("/users", &controllers.Users{}, "get:List;post:Create")`
fn routed(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    outer: &str,
    arguments: &[Range<usize>],
    line: u32,
) {
    let [path, controller, mappings @ ..] = arguments else {
        return;
    };
    let code = view.code;
    let class = controller_of(view, controller);
    let mut all = Vec::new();
    for range in mappings {
        let Some(text) = code.string(range.start) else {
            continue;
        };
        for one in text.split(';') {
            let Some((methods, name)) = one.split_once(':') else {
                continue;
            };
            for method in methods.split(',') {
                let method = match method.trim() {
                    "*" => "ANY".to_owned(),
                    other => other.to_ascii_uppercase(),
                };
                if method == "ANY" || METHODS.contains(&method.as_str()) {
                    all.push((method, Some(handler(class.as_deref(), name.trim()))));
                }
            }
        }
    }
    if all.is_empty() {
        // Each method of HTTP goes to the method of the controller that has its name.
        all.push(("ANY".to_owned(), class.clone()));
    }
    added(acc, view, outer, path, all, line);
}

fn handler(class: Option<&str>, method: &str) -> String {
    match class {
        Some(class) => format!("{class}.{method}"),
        None => method.to_owned(),
    }
}

/// `controllers.Users` of `&controllers.Users{}`.
fn controller_of(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let at = range.start + usize::from(code.is(range.start, "&"));
    let open = (at..range.end).find(|&i| matches!(code.raw(i), "{" | "("))?;
    let name = code.dotted(at, open);
    (!name.is_empty()).then_some(name)
}

/// `web.NSInclude(&controllers.Users{})`: the routes stand in comments of the controller.
fn included(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    outer: &str,
    arguments: &[Range<usize>],
    line: u32,
) {
    for range in arguments {
        let Some(class) = controller_of(view, range) else {
            continue;
        };
        let target = match class.split_once('.') {
            Some((package, name)) => match view.alias(package) {
                Some(module) => format!("{module}.{name}"),
                None => continue,
            },
            None => format!(".{class}"),
        };
        let mount = Mount {
            prefix: http_paths::prefix(outer),
            target,
            ..Mount::default()
        };
        acc.add(view.file, line, line, Claim::Mount(mount));
    }
}

fn added(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    outer: &str,
    path: &Range<usize>,
    all: Vec<(String, Option<String>)>,
    line: u32,
) {
    let path = match go_paths::written(view, path) {
        Written::Path(path) => http_paths::join(outer, &without_types(&path)),
        Written::Unread => UNREAD.to_owned(),
        Written::Other => return,
    };
    for (method, handler) in all {
        let endpoint = match path.trim_matches('/') == UNREAD {
            true => http_paths::unread(FRAMEWORK),
            false => Endpoint {
                method,
                path: http_paths::template(&path),
                handler,
                ..http_paths::unread(FRAMEWORK)
            },
        };
        http_paths::add(acc, view.file, line, line, endpoint);
    }
}

/// `/users/:id` of `/users/:id:int`.
fn without_types(path: &str) -> String {
    let bare = |part: &str| match part.strip_prefix(':').and_then(|name| name.split_once(':')) {
        Some((name, _)) => format!(":{name}"),
        None => part.to_owned(),
    };
    path.split('/').map(bare).collect::<Vec<_>>().join("/")
}

/// `// @router /:id [get,put]` above a method of a controller.
fn commented(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    // Other tools read the same words, and route nothing by them.
    let controllers = view.imports_any(&MODULES)
        || [".ServeJSON(", ".Data[\"json\"]", ".Ctx.Input"]
            .iter()
            .any(|part| code.text.contains(part));
    if !controllers {
        return;
    }
    let mut classes = Vec::new();
    for function in code.functions() {
        let name = super::go_routers::name_of(view, function);
        let Some((class, _)) = name.split_once('.') else {
            continue;
        };
        let Some((first, last, _)) = code.comment_above(function.line) else {
            continue;
        };
        for line in first..=last {
            let text = view.file.lines().text(line).trim_start();
            let Some(route) = text
                .trim_start_matches('/')
                .trim_start()
                .strip_prefix("@router ")
            else {
                continue;
            };
            let (path, rest) = match route.trim().split_once(char::is_whitespace) {
                Some(pair) => pair,
                None => (route.trim(), "[get]"),
            };
            let methods = rest.trim().trim_start_matches('[');
            let methods = methods.split(']').next().unwrap_or_default();
            for method in methods.split(',') {
                let method = method.trim().to_ascii_uppercase();
                if !path.starts_with('/') || !METHODS.contains(&method.as_str()) {
                    continue;
                }
                let endpoint = Endpoint {
                    method,
                    path: http_paths::template(&without_types(path)),
                    handler: Some(name.clone()),
                    router: Some(class.to_owned()),
                    ..http_paths::unread(FRAMEWORK)
                };
                http_paths::add(acc, view.file, function.line, function.line, endpoint);
                if !classes.iter().any(|known| known == class) {
                    classes.push(class.to_owned());
                    let router = Router {
                        name: class.to_owned(),
                        ..Router::default()
                    };
                    let line = function.line;
                    acc.add(view.file, line, line, Claim::Router(router));
                }
            }
        }
    }
}
