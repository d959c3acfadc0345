//! Litestar: HTTP endpoints of controllers and functions, and the routers that take them in.

use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths::{self, Written};
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Annotation, Function, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "litestar-http",
    docs: "\
### What it finds
Endpoints of Litestar and Starlite: functions and methods of controllers that `@get`, `@post`, `@route` and
the like mark, below the `path` of their controller (<https://docs.litestar.dev/latest/usage/routing>), and
which routers take in which of them below which path.

### What it does not find
Static files, GraphQL, controllers that are made while the program runs, tests.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &["litestar", "starlite"],
    run: extract,
};

const MODULES: [&str; 2] = ["litestar", "starlite"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    if !view.imports_any(&MODULES) {
        return;
    }
    for note in view.code.annotations() {
        let at = view.code.tokens.len();
        let canonical = view.canonical(&note.name, at).unwrap_or_default();
        if MODULES.iter().any(|module| is_below(&canonical, module)) {
            let last = canonical.rsplit('.').next().unwrap_or_default();
            marked(acc, &view, &note, last);
        }
    }
    for word in ["Router", "Litestar", "Starlite"] {
        for call in view.calls_of(word) {
            let on = view.callee(*call).on.unwrap_or_default();
            if !MODULES.iter().any(|module| is_below(&on, module)) {
                continue;
            }
            let Some(handlers) =
                (view.code.named_argument(call.open, "route_handlers")).or_else(|| {
                    (word != "Router")
                        .then(|| view.argument(call.open, 0))
                        .flatten()
                })
            else {
                continue;
            };
            let prefix = view.code.named_argument(call.open, "path");
            let prefix = prefix.and_then(|range| view.fold(range));
            let prefix = prefix.map(|text| http_paths::prefix(&text));
            // `users = Router(path="/users", route_handlers=[…])`
            let name = (call.first.checked_sub(2))
                .filter(|&at| word == "Router" && view.code.is(at + 1, "="))
                .and_then(|at| view.code.ident(at));
            let open = handlers.start;
            if !view.code.is(open, "[") {
                continue;
            }
            for taken in view.code.arguments(open) {
                let mount = Mount {
                    router: name.map(str::to_owned),
                    prefix: prefix.clone().unwrap_or_default(),
                    target: match target(&view, &taken) {
                        Some(target) => target,
                        None => continue,
                    },
                    ..Mount::default()
                };
                acc.add(file, call.line, call.line, Claim::Mount(mount));
            }
        }
    }
}

/// What an entry of `route_handlers` stands for: a class or function of this file or of an import.
fn target(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let name = view.code.ident(range.start)?;
    let dotted = view.code.dotted(range.start, range.end);
    if dotted.contains('(') {
        return None;
    }
    match view.alias(name) {
        Some(_) => view.canonical(&dotted, range.start),
        None => Some(format!("#{name}")),
    }
}

/// The endpoints of one decorator.
fn marked(acc: &mut FileFacts, view: &CodeView<'_, '_>, note: &Annotation, last: &str) {
    let code = view.code;
    let Some(open) = note.open else { return };
    let upper = last.to_ascii_uppercase();
    let methods = match last {
        "route" => {
            let given = code.named_argument(open, "http_method");
            let words = given.into_iter().flatten();
            let words = words.filter_map(|at| code.string(at).or_else(|| code.ident(at)));
            let known = |word: &&str| METHODS.contains(word);
            words.filter(known).map(str::to_owned).collect()
        }
        "websocket" | "websocket_listener" => vec!["WEBSOCKET".to_owned()],
        _ if METHODS.contains(&upper.as_str()) => vec![upper],
        _ => return,
    };
    let all = code.functions();
    let Some(function) = all.get(all.partition_point(|f| f.first < note.next)) else {
        return;
    };
    let class = function
        .parent
        .and_then(|index| all.get(index))
        .filter(|f| f.class);
    let before = class.map(|class| path_of(view, class)).unwrap_or_default();
    let given = (code.named_argument(open, "path")).or_else(|| view.argument(open, 0));
    let mut own = Vec::new();
    match given {
        Some(range) if code.is(range.start, "[") => {
            own.extend(
                code.arguments(range.start)
                    .into_iter()
                    .filter_map(|r| text(view, r)),
            );
        }
        Some(range) => own.extend(text(view, range)),
        None => own.push(String::new()),
    }
    for path in own {
        for before in &before {
            for method in &methods {
                let endpoint = Endpoint {
                    method: method.clone(),
                    path: http_paths::template(&http_paths::join(before, &path)),
                    handler: Some(match class {
                        Some(class) => format!("{}.{}", class.name, function.name),
                        None => function.name.to_owned(),
                    }),
                    summary: view.summary_of(function),
                    router: Some(class.map_or(function.name, |class| class.name).to_owned()),
                    ..http_paths::unread("litestar")
                };
                http_paths::add(acc, view.file, note.line, code.line(function.at), endpoint);
            }
        }
    }
}

/// The text of a path, with what was not read at its begin marked so.
fn text(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    match http_paths::written(view.code, &range, |r| view.fold(r)) {
        Written::Path(path) => Some(path),
        Written::Unread => Some(http_paths::UNREAD.to_owned()),
        Written::Other => view.constant(range),
    }
}

/// What `path = "/orders"` of a controller puts before its methods, or each of a list of them.
fn path_of(view: &CodeView<'_, '_>, class: &Function<'_>) -> Vec<String> {
    let code = view.code;
    let all = code.functions();
    let own = |definition: &&groundplan_syntax::Definition<'_>| {
        let scope = definition.scope.and_then(|index| all.get(index));
        definition.name == "path" && scope.is_some_and(|f| f.at == class.at)
    };
    let value = code.definitions().iter().find(own).map(|d| d.value.clone());
    let Some(range) = value.filter(|value| !value.is_empty()) else {
        return vec![String::new()];
    };
    if code.is(range.start, "[") {
        let parts = code.arguments(range.start).into_iter();
        return parts.filter_map(|r| text(view, r)).collect();
    }
    vec![text(view, range).unwrap_or_else(|| http_paths::UNREAD.to_owned())]
}
