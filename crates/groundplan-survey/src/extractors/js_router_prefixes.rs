//! JavaScript and TypeScript: paths below which routers are taken in.

use crate::http_paths;
use crate::scan;
use crate::values::Values;
use groundplan_syntax::{Call, Code};
use std::ops::Range;

/// What `basePath` in the chain behind a bracket puts before the routes.
pub(super) fn base_path(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> Option<String> {
    let mut close = code.partner(open)?;
    for _ in 0..64 {
        if !code.is(close + 1, ".") {
            return None;
        }
        let mut next = close + 3;
        if code.is(next, "<") {
            next = (next..next + 60).find(|&at| code.is(at, "("))?;
        }
        if !code.is(next, "(") {
            return None;
        }
        if code.is(close + 2, "basePath") {
            let path = code.arguments(next).into_iter().next()?;
            let text = values.fold(path.clone())?;
            return Some(scan::path(below_open_base(code, &path, &text)));
        }
        close = code.partner(next)?;
    }
    None
}

/// A path without what stands before it as the base of a whole program, which a setting gives and which is empty where
/// nothing is set: `process.env.BASE_PATH ?? ""`. Routes are told relative to it.
fn below_open_base<'a>(code: &Code<'_>, written: &Range<usize>, text: &'a str) -> &'a str {
    let rest = text.trim_start_matches('/').strip_prefix('{');
    let Some((name, rest)) = rest.and_then(|rest| rest.split_once('}')) else {
        return text;
    };
    let is_base = |at: usize| {
        let word = code.ident(at).or_else(|| code.string(at));
        word.is_some_and(http_paths::is_base)
    };
    let empty = |at: usize| code.string(at) == Some("") && matches!(code.raw(at - 1), "?" | "|");
    // Of several pieces of code the names are not told apart.
    let alone = !rest.contains('{');
    let base = http_paths::is_base(name.trim_start_matches("env:"))
        || alone && written.clone().any(|at| is_base(at) || at > 0 && empty(at));
    if base { rest } else { text }
}

pub(super) fn below(prefix: &str, path: &str) -> String {
    match scan::below(prefix, path) {
        root if root == "/" => String::new(),
        path => path,
    }
}

/// What `mount("/api", api)` of koa-mount hands on, with the prefix that it gives; anything else as
/// it is, with the prefix of the call around it.
pub(super) fn unwrapped(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    outer: &str,
    given: Range<usize>,
) -> (String, Range<usize>) {
    let mounts = code.is(given.start, "mount") && code.is(given.start + 1, "(");
    let inner = match mounts {
        true => code.arguments(given.start + 1),
        false => Vec::new(),
    };
    match inner.as_slice() {
        [app] => (outer.to_owned(), app.clone()),
        [path, app] => {
            let path = values.fold(path.clone()).map(|p| scan::path(&p));
            (below(outer, &path.unwrap_or_default()), app.clone())
        }
        _ => (outer.to_owned(), given),
    }
}

/// The prefixes that a call gives to what it takes in: of `app.use(["/a", "/b"], api)` both.
pub(super) fn prefixes_of(code: &Code<'_>, values: &Values<'_, '_>, call: Call) -> Vec<String> {
    let arguments = code.arguments(call.open);
    let listed = arguments.first().filter(|first| {
        arguments.len() > 1 && code.is(first.start, "[") && code.is(call.open - 1, "use")
    });
    let Some(list) = listed else {
        return vec![prefix_of(code, values, call).unwrap_or_default()];
    };
    let paths = code.arguments(list.start).into_iter();
    let paths: Vec<Option<String>> = paths
        .map(|range| values.fold(range).filter(|path| path.starts_with('/')))
        .collect();
    // A list of middlewares gives no path.
    if paths.iter().all(Option::is_none) {
        return vec![String::new()];
    }
    let one = |path: Option<String>| match path.map(|path| scan::path(&path)) {
        Some(path) if path == "/" => String::new(),
        Some(path) => path,
        None => format!("/{}", http_paths::UNREAD),
    };
    paths.into_iter().map(one).collect()
}

/// The prefix that a call gives to what it takes in.
pub(super) fn prefix_of(code: &Code<'_>, values: &Values<'_, '_>, call: Call) -> Option<String> {
    let arguments = code.arguments(call.open);
    let given = match code.raw(call.open - 1) {
        "register" => {
            let open = arguments.get(1).and_then(|o| values.literal_at(o))?;
            let range = values.property(open, "prefix")?;
            let name = code.dotted(range.start, range.end);
            values.fold(range).unwrap_or(format!("{{{name}}}"))
        }
        _ if arguments.len() > 1 => {
            let first = arguments.first()?.clone();
            let name = code.dotted(first.start, first.end);
            let named = first.len() <= 5 && code.ident(first.start).is_some();
            match values.fold(first) {
                Some(path) => path,
                // Routes are told relative to the base of the whole program.
                None if named && http_paths::is_base(&name) => return None,
                // A prefix that another file names.
                None if named && name.contains(['.', '_']) => format!("{{{name}}}"),
                None => return None,
            }
        }
        _ => return None,
    };
    // A base that the environment gives stands before the path and is no part of it.
    let bare = given
        .strip_prefix("{env:")
        .and_then(|rest| rest.split_once('}'));
    // One with a default beside it is where routes stand that nobody has moved.
    if let Some((name, rest)) = bare
        && !http_paths::is_base(name)
        && let Some(default) = default_of(code, name)
    {
        return Some(scan::path(&format!("{default}{rest}"))).filter(|path| path != "/");
    }
    let path = scan::path(bare.map_or(given.as_str(), |(_, rest)| rest));
    (path != "/").then_some(path)
}

/// The path that stands beside a variable of the environment for where it is not set:
/// `process.env.API_PREFIX || "/api"`.
fn default_of<'t>(code: &Code<'t>, name: &str) -> Option<&'t str> {
    let read = format!("env.{name}");
    let mut places = code.text.match_indices(&read).take(20);
    places.find_map(|(at, _)| {
        let behind = code.text.get(at + read.len()..)?.trim_start();
        let other = ["||", "??"].iter().find_map(|or| behind.strip_prefix(or))?;
        let other = other.trim_start();
        let quote = other
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let (path, _) = other.get(1..)?.split_once(quote)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
        (path.starts_with('/') && path.chars().all(plain)).then_some(path)
    })
}
