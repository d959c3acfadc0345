//! Go: the path that an expression gives, with constants of other files left open until all files are known.

use super::go_http::is_path;
use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::http_paths::{self, CONSTANT, UNREAD, Written};
use crate::imports::is_version;
use groundplan_syntax::Code;
use std::ops::Range;

/// Names that lead to names at most.
const DEEPEST: u8 = 6;

/// What one part of an expression says.
enum Part {
    Text(String),
    /// The base under which the whole program is deployed, by its name: where no default of it is known, routes
    /// are told relative to it.
    Base(String),
    /// Known only when the program runs.
    Unknown,
}

/// `{const:consts.URLPathAPI}` for a constant of another file, whose value its own file has.
pub(super) fn constant_of(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let first = code.ident(range.start)?;
    if !view.visible(first, range.start).is_empty() {
        return None;
    }
    if range.len() == 3 && code.is(range.start + 1, ".") {
        let name = code.ident(range.start + 2)?;
        let package = package_of(view.alias(first)?);
        let exported = name.starts_with(char::is_uppercase);
        return exported.then(|| open(package, name));
    }
    if range.len() != 1 || view.alias(first).is_some() || matches!(first, "nil" | "true" | "false")
    {
        return None;
    }
    // Another file of the package has it.
    Some(open(folder_name(view.file.path), first))
}

fn open(package: &str, name: &str) -> String {
    format!("{{{CONSTANT}{package}.{name}}}")
}

/// The last word of the path of a package, without the version: `users` of
/// `github.com/acme/shop/users/v2`.
fn package_of(module: &str) -> &str {
    let mut parts = module.rsplit('/');
    let last = parts.next().unwrap_or(module);
    match is_version(last) {
        true => parts.next().unwrap_or(last),
        false => last,
    }
}

/// What the folder of a file is called, `main` at the root.
pub(super) fn folder_name(path: &str) -> &str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    match folder.rsplit('/').next().unwrap_or(folder) {
        "" => "main",
        name => name,
    }
}

/// Whether an expression is put together in a way that is read here; all others are read as in other
/// languages.
fn is_made(view: &CodeView<'_, '_>, range: &Range<usize>) -> bool {
    let code = view.code;
    let mut at = range.start;
    while at < range.end {
        match code.raw(at) {
            "+" => return true,
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at) + 1,
            _ => at += 1,
        }
    }
    let called = called(view, range);
    called.is_some_and(|(name, _)| is_maker(&name)) || constant_of(view, range).is_some()
}

fn is_maker(name: &str) -> bool {
    matches!(
        name,
        "fmt.Sprintf"
            | "fmt.Sprint"
            | "path.Join"
            | "filepath.Join"
            | "strings.TrimSuffix"
            | "strings.TrimRight"
            | "string"
    )
}

/// The name and the bracket of a call that is the whole of an expression.
fn called(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<(String, usize)> {
    let code = view.code;
    code.ident(range.start)?;
    let open = range.clone().find(|&at| code.is(at, "("))?;
    let whole = code.partner(open).map(|close| close + 1) == Some(range.end);
    whole.then(|| (code.dotted(range.start, open), open))
}

/// What an expression says about a path.
pub(super) fn written(view: &CodeView<'_, '_>, range: &Range<usize>) -> Written {
    if let Some(text) = looped(view, range) {
        return Written::Path(below_root(text));
    }
    let kept = kept(view, range);
    let range = kept.as_ref().unwrap_or(range);
    // `conf.BaseURI("/api")`: what is deployed below a base is told relative to it.
    if let Some((name, open)) = called(view, range)
        && http_paths::is_base(&name)
        && let [inner] = view.code.arguments(open).as_slice()
    {
        return written(view, inner);
    }
    if !is_made(view, range) {
        let code = view.code;
        let written = http_paths::written(code, range, |r| view.fold(r));
        let name = code.dotted(range.start, range.end);
        let base = written == Written::Unread && !name.contains('(') && http_paths::is_base(&name);
        return match base {
            true => Written::Path(http_paths::open_base(&name)),
            false => written,
        };
    }
    match parts(view, range, 0) {
        Some(parts) => whole(parts),
        None => Written::Other,
    }
}

/// The value of a constant of the same file that is put together itself: `const OnePath = BasePath + "/:" + util.ID`.
fn kept(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<Range<usize>> {
    let name = view.code.ident(range.start).filter(|_| range.len() == 1)?;
    let known = view.visible(name, range.start);
    let [one] = known.as_slice() else {
        return None;
    };
    let constant = one.scope.is_none() && !one.param && !one.value.is_empty();
    (constant && is_made(view, &one.value)).then(|| one.value.clone())
}

/// The value of a constant that is put together from others: `RouteItem = RouteCollection + "/{id}"`.
pub(super) fn constant_value(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    match whole(parts(view, range, 0)?) {
        Written::Path(text) if !text.starts_with(UNREAD) => Some(text),
        _ => None,
    }
}

fn whole(parts: Vec<Part>) -> Written {
    let mut text = String::new();
    for part in parts {
        // `"/{name:" + regexp + "}"`: which texts a parameter may have is no part of the path.
        let expression = match text.rfind(['{', '}']) {
            Some(at) => text[at..].starts_with('{') && text[at..].contains(':'),
            None => false,
        };
        let named = !matches!(&part, Part::Text(more) if !more.starts_with("{const:"));
        if expression && named {
            text.push_str(".+");
            continue;
        }
        match part {
            Part::Text(more) => text.push_str(&more),
            Part::Base(name) if text.trim_matches('/').is_empty() => {
                text = http_paths::open_base(&name);
            }
            // Nothing is told of what follows a part that is not known, but that there is one.
            Part::Base(_) | Part::Unknown if text.is_empty() => UNREAD.clone_into(&mut text),
            Part::Base(_) | Part::Unknown => return Written::Unread,
        }
    }
    // What stands before a space is a method, whatever it is called.
    if let Some((name, rest)) = text.split_once("} /")
        && name.starts_with("{const:")
        && !name.contains('}')
    {
        return Written::Path(format!("ANY /{rest}"));
    }
    match text.strip_prefix(UNREAD) {
        // `method + " /users"` in a loop over methods.
        Some(rest) if rest.starts_with(" /") || rest.starts_with(" {const:") => {
            Written::Path(format!("ANY{rest}"))
        }
        Some(rest) if !rest.starts_with('/') || is_bare(rest) => Written::Unread,
        _ => Written::Path(below_root(text)),
    }
}

/// Tokens of the body of a loop that a name is looked for at most.
const BODY: usize = 400;

/// Rounds of a loop at most.
const MOST: usize = 8;

/// Where loops give a name another value in each round, the nearest before a place first, with where each has what
/// it goes over: `for _, path := range list {`.
pub(super) fn ranged(
    code: &Code<'_>,
    name: &str,
    before: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let places = (before.saturating_sub(BODY)..before).rev();
    places
        .filter(move |&at| code.is(at, name))
        .map(move |at| (at, at + 1 + usize::from(code.is(at + 1, ":"))))
        .filter(move |&(_, sign)| code.is(sign, "=") && code.is(sign + 1, "range"))
        .map(|(at, sign)| (at, sign + 2))
}

/// What a name stands for that a loop over a list of texts gives another value in each round:
/// `for _, path := range []string{"/v1", "/v2"} { api := app.Group(path)`.
fn looped(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let name = code.ident(range.start).filter(|_| range.len() == 1)?;
    let (_, list) =
        ranged(code, name, range.start).find(|&(at, _)| at > 0 && code.is(at - 1, ","))?;
    let (open, body) = match code.ident(list) {
        Some(list_name) => {
            let known = view.visible(list_name, list);
            let value = known.last().filter(|d| !d.param)?.value.clone();
            (value.clone().find(|&at| code.is(at, "{"))?, list + 1)
        }
        None => {
            let open = (list..list + 6).find(|&at| code.is(at, "{"))?;
            (open, code.partner(open)? + 1)
        }
    };
    let inside = code.is(body, "{") && code.partner(body).is_some_and(|end| end > range.start);
    if !inside || !code.is(open.checked_sub(1)?, "string") {
        return None;
    }
    let given = code.arguments(open);
    let texts: Option<Vec<String>> = given.into_iter().map(|r| view.constant(r)).collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_-.".contains(c);
    // A loop over methods of HTTP gives no part of a path.
    let part = |text: &String| text.chars().all(plain) && !METHODS.contains(&text.as_str());
    let texts = texts.filter(|all| all.iter().all(part))?;
    match texts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ if texts.len() > MOST => None,
        _ => {
            // What all begin with stands before the loop: `"GET " + path`.
            let inner: Option<Vec<&str>> = texts.iter().map(|t| t.strip_prefix('/')).collect();
            let slash = if inner.is_some() { "/" } else { "" };
            let values = inner.map_or_else(|| texts.join("|"), |all| all.join("|"));
            Some(format!("{slash}{}{values}}}", http_paths::ROUNDS))
        }
    }
}

/// A path that begins with what a loop gives, with the slash that only some of the rounds may have.
fn below_root(text: String) -> String {
    match text.starts_with(http_paths::ROUNDS) {
        true => format!("/{text}"),
        false => text,
    }
}

/// Whether a path has parameters only.
fn is_bare(path: &str) -> bool {
    let parameter = |part: &str| {
        part.is_empty()
            || part.starts_with([':', '*'])
            || part.starts_with('{') && part.ends_with('}') && !part.starts_with("{const:")
    };
    path.split('/').all(parameter)
}

fn parts(view: &CodeView<'_, '_>, range: &Range<usize>, depth: u8) -> Option<Vec<Part>> {
    let code = view.code;
    if range.is_empty() || depth > DEEPEST {
        return None;
    }
    if code.is(range.start, "(") && code.partner(range.start) == Some(range.end - 1) {
        return parts(view, &(range.start + 1..range.end - 1), depth + 1);
    }
    let mut all = Vec::new();
    let mut from = range.start;
    let mut at = range.start;
    while at <= range.end {
        if at == range.end || code.is(at, "+") {
            part(view, &(from..at), depth, &mut all)?;
            from = at + 1;
        }
        at = match code.raw(at) {
            "(" | "[" | "{" if at < range.end => code.partner(at)? + 1,
            _ => at + 1,
        };
    }
    Some(all)
}

/// Adds what one part says; `None` where it is no part of a path.
fn part(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
    depth: u8,
    all: &mut Vec<Part>,
) -> Option<()> {
    let code = view.code;
    if range.is_empty() {
        return None;
    }
    if range.len() == 1
        && let Some(text) = code.string(range.start)
    {
        all.push(Part::Text(text.to_owned()));
        return Some(());
    }
    if code.is(range.start, "(") {
        all.extend(parts(view, range, depth + 1)?);
        return Some(());
    }
    let first = code.ident(range.start).filter(|name| *name != "func")?;
    if let Some(text) = looped(view, range) {
        all.push(Part::Text(text));
        return Some(());
    }
    if let Some((name, open)) = called(view, range) {
        match name.as_str() {
            "fmt.Sprintf" => return formatted(view, open, depth, all),
            "path.Join" | "filepath.Join" => {
                let mut text = String::new();
                for one in code.arguments(open) {
                    match parts(view, &one, depth + 1).map(whole) {
                        Some(Written::Path(more)) if more.starts_with(UNREAD) => text = more,
                        Some(Written::Path(more)) => text = http_paths::join(&text, &more),
                        _ => UNREAD.clone_into(&mut text),
                    }
                }
                match text.strip_prefix(UNREAD) {
                    Some(rest) => {
                        all.push(Part::Unknown);
                        all.push(Part::Text(rest.to_owned()));
                    }
                    None => all.push(Part::Text(format!("/{}", text.trim_start_matches('/')))),
                }
                return Some(());
            }
            "string" => {
                let inner = code.arguments(open).into_iter().next()?;
                return part(view, &inner, depth + 1, all);
            }
            // Without a slash at its end a path is the same.
            "strings.TrimSuffix" | "strings.TrimRight" => {
                let given = code.arguments(open);
                let [inner, end] = given.as_slice() else {
                    return None;
                };
                if view.fold(end.clone()).as_deref() != Some("/") {
                    all.push(Part::Unknown);
                    return Some(());
                }
                return part(view, inner, depth + 1, all);
            }
            "fmt.Sprint" => {
                for one in code.arguments(open) {
                    part(view, &one, depth + 1, all)?;
                }
                return Some(());
            }
            _ => {}
        }
        let read = view.env().contains_key(&open);
        let base = !read && http_paths::is_base(name.trim_end_matches("()"));
        all.push(if base {
            Part::Base(name)
        } else {
            Part::Unknown
        });
        return Some(());
    }
    if let Some(text) = constant_of(view, range) {
        all.push(Part::Text(text));
        return Some(());
    }
    let visible = view.visible(first, range.start);
    // Each round of a loop has another.
    if visible.iter().any(|one| {
        code.is(one.value.start, "range") || code.is(one.value.start.wrapping_sub(1), "range")
    }) {
        all.push(Part::Unknown);
        return Some(());
    }
    if range.len() == 1
        && let [one] = visible.as_slice()
        && one.scope.is_none()
        && !one.param
        && !one.value.is_empty()
        && one.value.start != range.start
        && let Some(inner) = parts(view, &one.value.clone(), depth + 1)
    {
        all.extend(inner);
        return Some(());
    }
    let text = view.fold(range.clone());
    // What each round of a loop has is no parameter.
    let known =
        text.filter(|text| !text.starts_with("{") && !text.contains("{range}") && is_path(text));
    all.push(match known {
        Some(text) => Part::Text(text),
        None => match code.dotted(range.start, range.end) {
            name if http_paths::is_base(&name) => Part::Base(name),
            _ => Part::Unknown,
        },
    });
    Some(())
}

/// `fmt.Sprintf("%s/users/{%s}", base, name)`
fn formatted(view: &CodeView<'_, '_>, open: usize, depth: u8, all: &mut Vec<Part>) -> Option<()> {
    let arguments = view.code.arguments(open);
    let (format, given) = arguments.split_first()?;
    let mut given = given.iter();
    let text = view.fold(format.clone())?;
    let mut rest = text.as_str();
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            all.push(Part::Text(before.to_owned()));
        }
        let verb = after.get(1..2)?;
        rest = after.get(2..)?;
        match verb {
            "%" => all.push(Part::Text("%".to_owned())),
            // What has a width or an index is more than one letter.
            _ if !matches!(verb, "s" | "v" | "d" | "q") => {
                all.push(Part::Unknown);
                return Some(());
            }
            // A number that has a part of the path for itself is a parameter of who calls.
            "d" if before.ends_with('/') && (rest.is_empty() || rest.starts_with('/')) => {
                let given = given.next()?;
                let before = all.len();
                part(view, given, depth + 1, all)?;
                if all[before..].iter().any(|p| !matches!(p, Part::Text(_))) {
                    let name = given.clone().find_map(|at| view.code.ident(at));
                    all.truncate(before);
                    all.push(Part::Text(format!("{{{}}}", name.unwrap_or("number"))));
                }
            }
            _ => part(view, given.next()?, depth + 1, all)?,
        }
    }
    if !rest.is_empty() {
        all.push(Part::Text(rest.to_owned()));
    }
    Some(())
}

/// A path as a template where a parameter goes up to the next slash, with all signs in between: `/hooks/:hook-id`
/// of gin, echo, httprouter and Hertz is `/hooks/{hook-id}`.
pub(super) fn template(framework: &str, raw: &str) -> String {
    if !matches!(framework, "gin" | "echo" | "httprouter" | "hertz") || !raw.contains(':') {
        return http_paths::template(raw);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let parts = raw.split('/').map(|part| match part.strip_prefix(':') {
        Some(name) if !name.is_empty() && name.chars().all(plain) => format!("{{{name}}}"),
        _ => part.to_owned(),
    });
    http_paths::template(&parts.collect::<Vec<_>>().join("/"))
}
