//! Go: operations of Huma.

use super::go_routers::stand;
use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::statuses;
use groundplan_syntax::Call;
use std::ops::Range;

const HUMA: &str = "github.com/danielgtaylor/huma";

/// What stands for all operations of Huma of a project in a mount.
const ALL: &str = "*huma";

/// Adds operations: `huma.Operation{Method: http.MethodGet, Path: "/labels"}`, whatever function gets it,
/// and `huma.Get(api, "/labels", list)`; and the path below which an adapter serves them.
pub(super) fn add(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.file.text.contains("huma") {
        return;
    }
    served(acc, view);
    if !view.imports_any(&[HUMA]) {
        return;
    }
    super::go_huma_handlers::add(acc, view);
    let code = view.code;
    for open in 3..code.tokens.len() {
        let literal =
            code.is(open, "{") && code.is(open - 1, "Operation") && code.is(open - 2, ".");
        if !literal || !is_huma(view, open - 3) {
            continue;
        }
        let text = |name: &str| view.field(open, name).and_then(|range| view.fold(range));
        let method = text("Method").map(|m| m.to_ascii_uppercase());
        let Some(method) = method.filter(|m| METHODS.contains(&m.as_str())) else {
            continue;
        };
        let Some(range) = view.field(open, "Path") else {
            continue;
        };
        let close = code.partner(open).unwrap_or(open);
        let handler = code
            .is(close + 1, ",")
            .then(|| named(view, close + 2))
            .flatten();
        let summary = text("Summary").filter(|s| !s.contains('{') && s.len() <= 160);
        let lines = (code.line(open), code.line(close));
        let mut marks = Vec::new();
        let status = view.field(open, "DefaultStatus");
        match status.and_then(|range| statuses::code(code.raw(range.end - 1))) {
            Some(status) => marks.push(format!("{STATUS}{status}")),
            None => marks.extend(adder(view, open).map(|name| format!("{ADDED}{name}"))),
        }
        for range in view.field(open, "Errors").into_iter() {
            let failing = range.filter_map(|at| statuses::code(code.raw(at)));
            marks.extend(failing.map(|status| format!("{FAILS}{status}")));
        }
        operation(acc, view, lines, &method, range, handler, (summary, marks));
    }
    for method in METHODS {
        let word = format!("{}{}", &method[..1], method[1..].to_ascii_lowercase());
        for &call in view.calls_of(&word) {
            let arguments = code.arguments(call.open);
            if call.first + 3 == call.open
                && is_huma(view, call.first)
                && let [_, path, handler, ..] = arguments.as_slice()
            {
                let handler = named(view, handler.start);
                let lines = (call.line, call.line);
                let marks = vec![format!("{ADDED}huma.{word}")];
                operation(
                    acc,
                    view,
                    lines,
                    method,
                    path.clone(),
                    handler,
                    (None, marks),
                );
            }
        }
    }
}

/// What stands, among what is before an operation, before the status of its success, before the function that
/// adds it, and before a status that it may fail with.
pub(crate) const STATUS: &str = "!status:";
pub(crate) const ADDED: &str = "!added:";
pub(crate) const FAILS: &str = "!fails:";

/// The function that an operation in brackets is given to: `huma.Register`, `Register`.
fn adder(view: &CodeView<'_, '_>, open: usize) -> Option<String> {
    let code = view.code;
    let mut at = open;
    while at > 0 && code.line(open) - code.line(at) < 4 {
        at -= 1;
        match code.raw(at) {
            ")" | "]" | "}" => at = code.partner(at)?,
            "(" => {
                // `[Input, Output]` may stand before the bracket.
                let mut last = at.checked_sub(1)?;
                if code.is(last, "]") {
                    last = code.partner(last)?.checked_sub(1)?;
                }
                let name = code.ident(last)?;
                let of = code
                    .is(last - 1, ".")
                    .then(|| code.ident(last - 2))
                    .flatten();
                return Some(match of {
                    Some(_) if is_huma(view, last - 2) => format!("huma.{name}"),
                    Some(package) => format!("{package}.{name}"),
                    None => name.to_owned(),
                });
            }
            "{" | ";" => return None,
            _ => {}
        }
    }
    None
}

fn is_huma(view: &CodeView<'_, '_>, at: usize) -> bool {
    let package = view.code.ident(at).and_then(|name| view.alias(name));
    package.is_some_and(|module| is_below(module, HUMA))
}

/// A function that is named at a place.
fn named(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    code.ident(at).filter(|name| *name != "func")?;
    let mut end = at + 1;
    while code.is(end, ".") && code.ident(end + 1).is_some() {
        end += 2;
    }
    Some(code.dotted(at, end))
}

fn operation(
    acc: &mut FileFacts,
    view: &CodeView<'_, '_>,
    (first, last): (u32, u32),
    method: &str,
    path: Range<usize>,
    handler: Option<String>,
    (summary, marks): (Option<String>, Vec<String>),
) {
    let literal = view.code.string(path.start).filter(|_| path.len() == 1);
    let path = literal.map(str::to_owned).or_else(|| view.constant(path));
    let endpoint = match path.filter(|p| p.starts_with('/')) {
        Some(path) => Endpoint {
            method: method.to_owned(),
            path: http_paths::template(&path),
            summary: summary.or_else(|| view.summary(handler.as_deref()?)),
            handler,
            guards: marks,
            ..http_paths::unread("huma")
        },
        None => http_paths::unread("huma"),
    };
    http_paths::add(acc, view.file, first, last, endpoint);
}

/// `humachi.New(router, config)`, `humaecho.NewWithGroup(e, group, config)`, also of an adapter of the
/// program's own with the path as an argument.
fn served(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for word in ["New", "NewWithGroup", "NewWithPrefix"] {
        for &call in view.calls_of(word) {
            let package = code
                .ident(call.first)
                .filter(|_| call.first + 3 == call.open);
            let module = package.and_then(|name| view.alias(name));
            let last = module
                .and_then(|m| m.rsplit('/').next())
                .unwrap_or_default();
            if !last.starts_with("huma") || last == "huma" {
                continue;
            }
            let Some(prefix) = prefix_of(view, call) else {
                continue;
            };
            let mount = Mount {
                prefix,
                target: ALL.to_owned(),
                ..Mount::default()
            };
            acc.add(view.file, call.line, call.line, Claim::Mount(mount));
        }
    }
}

/// The path below which an adapter serves; `None` where only its caller knows.
fn prefix_of(view: &CodeView<'_, '_>, call: Call) -> Option<String> {
    let arguments = view.code.arguments(call.open);
    let said = arguments.iter().find_map(|range| {
        let text = view.constant(range.clone())?;
        text.starts_with('/').then_some(text)
    });
    if let Some(said) = said {
        return Some(http_paths::prefix(&said));
    }
    // A group is the second argument, behind the server that it belongs to.
    let group = view.code.raw(call.open - 1) == "NewWithGroup";
    let router = arguments.get(usize::from(group))?;
    let name = view.code.ident(router.start).unwrap_or_default();
    let lent = view.parameter_of(name, router.start).is_some();
    (!lent).then(|| http_paths::prefix(&stand(view, router.start, 0).prefix))
}
