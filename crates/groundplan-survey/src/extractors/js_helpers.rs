//! JavaScript and TypeScript: routes that a function of the program adds to the router it is given.

use super::js_http::{self, VERBS};
use super::js_routers::Routers;
use crate::facts::{Claim, Endpoint, FileFacts, Router};
use crate::http_paths::{self, Written};
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code};
use std::collections::BTreeMap;
use std::ops::Range;

/// Routes that are added by calls as `addRoute(router, "get", "/orders/:id", [guard], show)`. Where the call
/// names no method, `addPage(router, "/orders", show)`, the function says which ones it adds: its name
/// stands in place of the method until all files are known.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routers: &Routers,
    framework: &str,
) {
    let code = file.code();
    for call in code.calls() {
        if let Some((method, path, handler)) = called(file, values, routers, call) {
            let given = code.arguments(call.open)[0].clone();
            let stand = routers.stand(file, code.raw(given.start), given.start, 0);
            for path in http_paths::alternatives(&path) {
                let endpoint = Endpoint {
                    method: method.clone(),
                    path: scan::below(&stand.prefix, &path),
                    handler: js_http::name_of(file, &handler),
                    router: stand.router.clone(),
                    ..http_paths::unread(framework)
                };
                scan::endpoint(acc, file, call.line, call.line, endpoint);
            }
        }
    }
}

/// Adds the functions of the file that add routes to a router which they are given.
pub(super) fn define(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for (name, line, verbs) in helpers(file.code()) {
        let router = Router {
            name: format!("[{name}]"),
            verbs,
            ..Router::default()
        };
        acc.add(file, line, line, Claim::Router(router));
    }
}

/// The method, the path and the handler of a call that is given a router and a path.
fn called(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routers: &Routers,
    call: Call,
) -> Option<(String, String, Range<usize>)> {
    let code = file.code();
    let word = code.raw(call.open - 1);
    let declared = code.is(call.first.wrapping_sub(1), "function");
    if declared || VERBS.contains(&word) || matches!(word, "use" | "require" | "mount") {
        return None;
    }
    let arguments = code.arguments(call.open);
    let [router, second, third, ..] = arguments.as_slice() else {
        return None;
    };
    let name = code.ident(router.start).filter(|_| router.len() == 1)?;
    let handler = arguments.last()?.clone();
    let answers = code.ident(handler.start).is_some() || code.is(handler.start, "(");
    let plain = matches!(
        code.raw(handler.start),
        "true" | "false" | "null" | "undefined"
    );
    if !answers || plain || !js_http::is_own(file, routers, name) {
        return None;
    }
    let path = |range: &Range<usize>| match code.string(range.start) {
        Some(_) => match http_paths::written(code, range, |r| values.fold(r)) {
            Written::Path(path) => Some(path).filter(|p| p.starts_with(['/', '…'])),
            _ => None,
        },
        None => None,
    };
    let verb = code.string(second.start).filter(|_| second.len() == 1);
    match verb.map(str::to_ascii_lowercase) {
        Some(verb) if VERBS.contains(&verb.as_str()) && arguments.len() > 3 => {
            Some((js_http::verb(&verb), path(third)?, handler))
        }
        _ => {
            let local = code.ident(call.open - 1)?;
            Some((format!("[{local}]"), path(second)?, handler))
        }
    }
}

/// Whether a route is one that a function adds with a path that its callers give.
pub(super) fn is_defining(code: &Code<'_>, call: Call) -> bool {
    let first = code.arguments(call.open).into_iter().next();
    let given = first
        .and_then(|path| pattern(code, &path))
        .map(|(given, _)| given);
    let plain = call.first + 3 == call.open && code.is(call.first + 1, ".");
    plain
        && given
            .is_some_and(|given| function(code, call.first, code.raw(call.first), given).is_some())
}

/// Functions of the file that add routes to a parameter with a path that another one begins or ends:
/// the name, the line, and each method with the path around `{}`.
fn helpers(code: &Code<'_>) -> Vec<(String, u32, Vec<String>)> {
    let mut all: BTreeMap<String, (u32, Vec<String>)> = BTreeMap::new();
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        let plain = call.first + 3 == call.open && code.is(call.first + 1, ".");
        if !plain || !VERBS.contains(&word) {
            continue;
        }
        let arguments = code.arguments(call.open);
        let (Some(path), Some(_)) = (arguments.first(), arguments.get(1)) else {
            continue;
        };
        let Some((given, around)) = pattern(code, path) else {
            continue;
        };
        let Some((name, line)) = function(code, call.first, code.raw(call.first), given) else {
            continue;
        };
        let entry = all.entry(name.to_owned()).or_insert((line, Vec::new()));
        let added = format!("{} {around}", js_http::verb(word));
        if !entry.1.contains(&added) {
            entry.1.push(added);
        }
    }
    all.into_iter()
        .map(|(name, (line, verbs))| (name, line, verbs))
        .collect()
}

/// The name that a path is put together with, and the text around it: of `/api${path}` the name `path`
/// and `/api{}`.
fn pattern<'t>(code: &Code<'t>, range: &Range<usize>) -> Option<(&'t str, String)> {
    if range.len() != 1 {
        return None;
    }
    if let Some(name) = code.ident(range.start) {
        return Some((name, "{}".to_owned()));
    }
    let text = code.raw(range.start).strip_prefix('`')?.strip_suffix('`')?;
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    let one = !after.contains("${") && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let fits = before.is_empty() || before.starts_with('/');
    (one && fits).then(|| (name, format!("{before}{{}}{after}")))
}

/// The function around a token that gets both names, as parameters or out of the list of them
/// (`const [router, path] = args`), with its own name.
fn function<'t>(code: &Code<'t>, at: usize, router: &str, path: &str) -> Option<(&'t str, u32)> {
    let mut index = at;
    for _ in 0..4_000 {
        index = index.checked_sub(1)?;
        match code.raw(index) {
            ")" | "]" | "}" => index = code.partner(index).filter(|&open| open < index)?,
            "{" => {
                let from = index.saturating_sub(14);
                let close = (from..index).rev().find(|&i| code.is(i, ")"));
                let Some(open) = close.and_then(|close| code.partner(close)) else {
                    continue;
                };
                let close = close.unwrap_or(index);
                let among = |range: Range<usize>| {
                    let has = |name| range.clone().any(|i| code.is(i, name));
                    has(router) && has(path)
                };
                // `const [router, path] = args;`
                let taken = (index..at).any(|i| {
                    code.is(i, "[")
                        && code
                            .partner(i)
                            .is_some_and(|end| code.is(end + 1, "=") && end < at && among(i..end))
                });
                if !among(open..close) && !taken {
                    continue;
                }
                let mut before = open.checked_sub(1)?;
                while matches!(code.raw(before), "function" | "async" | "=") {
                    before = before.checked_sub(1)?;
                }
                let name = code.ident(before)?;
                let keyword = matches!(
                    name,
                    "if" | "for" | "while" | "switch" | "exports" | "catch"
                );
                return (!keyword).then(|| (name, code.line(before)));
            }
            _ => {}
        }
    }
    None
}
