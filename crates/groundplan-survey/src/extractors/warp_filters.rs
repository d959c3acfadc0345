//! Rust: routes that filters of warp are put together to.

use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::extractors::rust_http::{Region, chain, handler, made, stand_at, target};
use crate::extractors::rust_routers::{Pending, function_at};
use crate::facts::Endpoint;
use crate::http_paths::{self, UNREAD};
use groundplan_syntax::Call;
use std::ops::Range;

/// Filters around a path, at most.
const DEEPEST: u8 = 8;

/// A path that a filter asks for.
struct Path {
    text: String,
    /// Whether more follows: `path!("api" / ..)`.
    open: bool,
    /// Its tokens.
    range: Range<usize>,
}

fn is_warp(view: &CodeView<'_, '_>) -> bool {
    view.imports_any(&["warp"]) || view.code.text.contains("warp::")
}

/// The path that a call of `path!` or `path` asks for.
fn path(view: &CodeView<'_, '_>, call: Call) -> Option<Path> {
    let code = view.code;
    let close = code.partner(call.open)?;
    let range = call.first..close + 1;
    if code.is(call.open - 1, "!") {
        let mut text = String::new();
        let mut open = false;
        for at in call.open + 1..close {
            if let Some(part) = code.string(at) {
                text.push('/');
                text.push_str(part);
            } else if let Some(kind) = code.ident(at).filter(|_| !code.is(at + 1, ":")) {
                text.push_str(&format!("/{{{}}}", kind.to_ascii_lowercase()));
            }
            open |= code.is(at, ".") && code.is(at + 1, ".");
        }
        return Some(Path { text, open, range });
    }
    let first = code.arguments(call.open).into_iter().next()?;
    let text = view.fold(first)?;
    Some(Path {
        text: format!("/{}", text.trim_matches('/')),
        open: true,
        range,
    })
}

/// The calls of `path!` and `path` of warp.
fn paths<'a>(view: &'a CodeView<'_, '_>) -> impl Iterator<Item = (Call, Path)> + 'a {
    let all = view.calls_of("path").iter().filter(|&&call| {
        let on = view.callee(call).on.unwrap_or_default();
        on.starts_with("warp")
            || on.is_empty() && view.code.is(call.open - 1, "!") && view.imports_any(&["warp"])
    });
    all.filter_map(|&call| Some((call, path(view, call)?)))
}

/// The links of a chain that follow the token before `at`: name and brackets.
fn links<'t>(view: &CodeView<'_, 't>, mut at: usize) -> Vec<(&'t str, usize, usize)> {
    let code = view.code;
    let mut all = Vec::new();
    while code.is(at, ".")
        && let Some(name) = code.ident(at + 1)
    {
        // `.and_then::<T>(…)`
        let Some(open) = (at + 2..at + 16)
            .find(|&i| !matches!(code.raw(i), ":" | "<" | ">") && code.ident(i).is_none())
        else {
            break;
        };
        let Some(close) = code.partner(open).filter(|_| code.is(open, "(")) else {
            break;
        };
        all.push((name, open, close));
        at = close + 1;
    }
    all
}

/// What a request passes beside a path.
#[derive(Default)]
struct Beside {
    /// Arguments of `and` of its chain and of the chains around it.
    filters: Vec<Range<usize>>,
    /// Those of them that stand before the path.
    before: Vec<Range<usize>>,
    /// The name of what answers.
    name: Option<String>,
    /// Whether something answers at all, be it a closure.
    answers: bool,
    /// Behind the last token of the chain.
    end: usize,
}

fn beside(view: &CodeView<'_, '_>, range: &Range<usize>) -> Beside {
    let code = view.code;
    let mut found = Beside::default();
    let (mut start, mut end) = (range.start, range.end);
    let mut mapped = None;
    for _ in 0..DEEPEST {
        for (link, open, close) in links(view, end) {
            let first = code.arguments(open).into_iter().next();
            match (link, first) {
                ("and", Some(first)) => found.filters.push(first),
                // What comes later works with what came before.
                ("and_then" | "then", Some(first)) => {
                    found.name = handler(view, &first);
                    found.answers = true;
                }
                ("map", Some(first)) => mapped = handler(view, &first),
                _ => {}
            }
            end = close + 1;
        }
        // `filter.and(path!(…)).and(get())`: the chain around goes on.
        let Some(open) = start.checked_sub(1).filter(|&o| code.is(o, "(")) else {
            break;
        };
        let whole = code.partner(open) == Some(end);
        let Some(link) = open.checked_sub(1).filter(|_| whole) else {
            break;
        };
        let outer = code.call_at(open).filter(|c| c.first < link);
        match (code.raw(link), outer) {
            ("and", Some(outer)) => {
                let first = (outer.first..link)
                    .find(|&i| code.is(i, "."))
                    .unwrap_or(link);
                let mut before: Vec<Range<usize>> = Vec::new();
                before.push(outer.first..first);
                for (name, at) in chain(view, outer) {
                    if name == "and" && at != open {
                        before.extend(code.arguments(at).into_iter().next());
                    }
                }
                found.filters.extend(before.iter().cloned());
                found.before.extend(before);
                start = outer.first;
            }
            ("or", Some(outer)) => start = outer.first,
            _ => break,
        }
        end += 1;
    }
    if !found.answers {
        found.answers = mapped.is_some();
        found.name = mapped;
    }
    // What only takes a request apart answers nothing: another function goes on with it.
    let answers = code
        .function_at(range.start)
        .and_then(|f| code.functions().get(f))
        .is_none_or(|f| {
            let close = f.params.and_then(|o| code.partner(o)).unwrap_or(f.at);
            let mut given = close..f.body.start;
            !given.clone().any(|at| code.is(at, "Extract"))
                || given.any(|at| code.raw(at).contains("Reply"))
        });
    if !answers {
        found.name = None;
        found.answers = false;
    }
    found.end = end;
    found
}

/// The prefix that a function gives which stands before a path: the path of one of this file, `…`
/// for one of another that is called a path.
fn given(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let end = range
        .clone()
        .find(|&at| code.ident(at).is_none() && !code.is(at, ":"))
        .unwrap_or(range.end);
    let name = code.ident(end.checked_sub(1)?)?;
    let whole = code.dotted(range.start, end);
    if whole.starts_with("warp.") || !code.is(end, "(") {
        return None;
    }
    if let Some(function) = view.function(name) {
        let mut inside = paths(view).filter(|(call, _)| function.body.contains(&call.open));
        return inside.next().map(|(_, path)| path.text);
    }
    let lower = name.to_ascii_lowercase();
    ["path", "prefix", "root", "base", "route"]
        .iter()
        .any(|word| lower.contains(word))
        .then(|| UNREAD.to_owned())
}

/// The methods that a filter asks for; `None` if it is a function that other code holds.
fn methods(view: &CodeView<'_, '_>, range: &Range<usize>, depth: u8) -> Option<Vec<String>> {
    let code = view.code;
    let mut all = Vec::new();
    for at in range.clone() {
        let word = code.raw(at).to_ascii_uppercase();
        if METHODS.contains(&word.as_str())
            && code.is(at + 1, "(")
            && code.is(at + 2, ")")
            && !code.is(at.wrapping_sub(1), ".")
        {
            all.push(word);
        }
    }
    if !all.is_empty() {
        return Some(all);
    }
    let end = range
        .clone()
        .find(|&at| code.ident(at).is_none() && !code.is(at, ":"))
        .unwrap_or(range.end);
    // `warp::query::<Page>()` has a path that ends before its types.
    let end = (range.start..end)
        .rev()
        .find(|&at| code.ident(at).is_some())
        .map_or(end, |at| at + 1);
    let last = code.ident(end.checked_sub(1)?)?;
    let whole = code.dotted(range.start, end);
    let head = whole.split('.').next().unwrap_or_default();
    if head == "warp" || view.alias(head).is_some_and(|m| m.starts_with("warp")) {
        return Some(all);
    }
    // `with_db(pool)` hands something to the handler.
    if last.starts_with("with_") || last == "require" {
        return Some(all);
    }
    if whole == last
        && depth < DEEPEST
        && let Some(function) = view.function(last)
    {
        return methods(view, &function.body, depth + 1).or(Some(all));
    }
    let variable = view.visible(last, range.start).into_iter().next_back();
    match variable.filter(|v| whole == last && !v.value.is_empty()) {
        Some(variable) if depth < DEEPEST && !variable.value.contains(&range.start) => {
            methods(view, &variable.value, depth + 1)
        }
        _ => None,
    }
}

/// The method that an attribute of utoipa gives the function around a token.
fn described(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let function = code.functions().get(code.function_at(at)?)?;
    let open = (function.first..function.at)
        .find(|&i| code.is(i, "path") && code.is(i + 1, "(") && code.is(i.wrapping_sub(1), ":"))?
        + 1;
    let word = code
        .raw(code.arguments(open).into_iter().next()?.start)
        .to_ascii_uppercase();
    METHODS.contains(&word.as_str()).then_some(word)
}

/// Adds the prefixes under which filters of this file and of others stand.
pub(super) fn regions(
    view: &CodeView<'_, '_>,
    regions: &mut Vec<Region>,
    pending: &mut Vec<Pending>,
) {
    if !is_warp(view) {
        return;
    }
    let code = view.code;
    for (call, path) in paths(view) {
        if !path.open {
            continue;
        }
        let mut below = |from: usize| {
            for (link, open, _) in links(view, from) {
                if link == "and"
                    && let Some(range) = code.arguments(open).into_iter().next()
                {
                    let prefix = path.text.clone();
                    regions.push(Region {
                        range,
                        prefix,
                        at: call.open,
                    });
                }
            }
        };
        below(path.range.end);
        // `let root = path!("api" / ..); root.and(handlers())`
        let named = code.definitions().iter().filter(|d| {
            !d.param && d.value.contains(&call.open) && d.value.start == path.range.start
        });
        for definition in named {
            for at in definition.value.end..code.tokens.len() {
                if code.is(at, definition.name)
                    && code.function_at(at) == code.function_at(call.open)
                    && !code.is(at - 1, ".")
                {
                    let mut from = at + 1;
                    if code.is(from, ".") && code.is(from + 1, "clone") {
                        from += 4;
                    }
                    below(from);
                }
            }
        }
    }
    // Functions that make filters, wherever they are called.
    let mut heads: Vec<(Range<usize>, Call)> = Vec::new();
    for name in ["or", "and", "serve"] {
        for &call in view.calls_of(name) {
            heads.extend(
                code.arguments(call.open)
                    .into_iter()
                    .next()
                    .map(|r| (r, call)),
            );
            if name != "serve" {
                heads.push((call.first..call.open, call));
            }
        }
    }
    // `list_filter().then(list)`: what answers may follow at once.
    for name in ["then", "and_then"] {
        for &call in view.calls_of(name) {
            let gives = (code.function_at(call.open)).and_then(|f| code.functions().get(f));
            let filters = gives.is_some_and(|f| {
                let close = f.params.and_then(|o| code.partner(o)).unwrap_or(f.at);
                (close..f.body.start).any(|at| matches!(code.raw(at), "Filter" | "BoxedFilter"))
            });
            if filters {
                heads.push((call.first..call.open, call));
            }
        }
    }
    for (range, call) in heads {
        let end = range
            .clone()
            .find(|&at| code.ident(at).is_none() && !code.is(at, ":"))
            .unwrap_or(range.end);
        if end == range.start {
            continue;
        }
        let made = code.is(end, "(").then(|| code.partner(end)).flatten();
        let whole = range.start..made.map_or(end, |close| close + 1);
        if code.dotted(range.start, end).starts_with("warp.") {
            continue;
        }
        // The place is the head itself, so that what stands around it counts.
        let at = Call {
            open: range.start,
            ..call
        };
        head(view, &whole, at, regions, pending);
    }
}

/// What a filter begins with: a function, or a variable that holds what one gives.
fn head(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
    at: Call,
    regions: &mut Vec<Region>,
    pending: &mut Vec<Pending>,
) {
    let known = regions.len();
    target(view, range, String::new(), at, regions, pending);
    // The head is no region of its own; bodies and values that it leads to are.
    if regions.get(known).is_some_and(|r| r.range == *range) {
        regions.remove(known);
    }
    // `let routes = { … }` of the same function leads to a function of this file.
    let values: Vec<Range<usize>> = regions
        .iter()
        .skip(known)
        .filter(|r| r.range.len() < 4000)
        .map(|r| r.range.clone())
        .collect();
    for value in values {
        let code = view.code;
        let Some(name) = code
            .ident(value.start)
            .filter(|_| code.is(value.start + 1, "("))
        else {
            continue;
        };
        if let Some(function) = view.function(name) {
            regions.push(Region {
                range: function.body.clone(),
                prefix: String::new(),
                at: value.start,
            });
        }
    }
}

/// Adds the routes of `path!("hello" / String).and(warp::get())`, in whatever order they stand.
pub(super) fn find(view: &CodeView<'_, '_>, regions: &[Region], found: &mut Vec<(u32, Endpoint)>) {
    if !is_warp(view) {
        return;
    }
    let code = view.code;
    let mut seen: Vec<Range<usize>> = Vec::new();
    for (call, path) in paths(view) {
        let is_macro = code.is(call.open - 1, "!");
        let Beside {
            filters,
            before,
            name,
            answers,
            end,
        } = beside(view, &path.range);
        let inner = path.range.start..end;
        // `path("a").and(path("b"))`: the first one leads, the others were taken with it.
        if seen.iter().any(|s| s.contains(&call.open)) && !is_macro {
            continue;
        }
        let mut text = path.text.clone();
        if path.open {
            // A prefix is an operation only where the path ends in the same chain.
            if is_macro {
                continue;
            }
            let mut closed = answers;
            for filter in &filters {
                for at in filter.clone() {
                    let inner = code.call_at(at).filter(|_| code.is(at, "("));
                    let Some(inner) = inner else { continue };
                    let callee = view.callee(inner);
                    let on = callee.on.unwrap_or_default();
                    match callee.method.as_ref() {
                        "path" if on.starts_with("warp") => {
                            if let Some(more) = self::path(view, inner) {
                                text.push_str(&more.text);
                            }
                        }
                        "param" if on.starts_with("warp") => text.push_str("/{param}"),
                        "tail" if on.starts_with("warp") => {
                            text.push_str("/{path}");
                            closed = true;
                        }
                        "end" if on.starts_with("warp") => closed = true,
                        _ => {}
                    }
                }
            }
            if !closed {
                continue;
            }
        }
        seen.push(inner);
        let read: Vec<Option<Vec<String>>> = filters.iter().map(|f| methods(view, f, 0)).collect();
        let mut all: Vec<String> = Vec::new();
        for word in read.iter().flatten().flatten() {
            if !all.contains(word) {
                all.push(word.clone());
            }
        }
        if all.is_empty() {
            all.extend(described(view, call.open));
        }
        if all.is_empty() && read.iter().all(Option::is_some) && answers {
            all.push("ANY".to_owned());
        }
        let (outer, place) = stand_at(regions, call.open, 0);
        let router = function_at(view, place);
        // Another file may hold the method: that there is a route is all that is known.
        if all.is_empty() {
            found.push((call.line, http_paths::unread("warp")));
            continue;
        }
        for filter in &before {
            if let Some(prefix) = given(view, filter) {
                text = http_paths::join(&prefix, &text);
            }
        }
        let whole = http_paths::from_unread(http_paths::join(&outer, &text));
        for method in all {
            let mut endpoint = made(view, &method, &whole, name.clone(), "warp");
            if whole.starts_with(UNREAD) {
                endpoint.path.clone_from(&whole);
            }
            endpoint.router.clone_from(&router);
            found.push((call.line, endpoint));
        }
    }
}
