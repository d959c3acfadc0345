//! Functional routes of Spring, of WebFlux and MVC: `route(GET("/x"), handler::method)`,
//! `route().GET("/x", handler::method)`, the `router { }` of Kotlin, and what they are nested in.

use crate::facts::{Endpoint, FileFacts};
use crate::http_paths::{self, UNREAD};
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Functions that call each other, and prefixes of one route, at most.
const DEEPEST: u8 = 6;
const MOST: usize = 6;

/// Adds the routes of a file that speaks of router functions.
pub(super) fn routes<'f, 't>(
    acc: &mut FileFacts,
    file: &'f SourceFile<'t>,
    values: &Values<'f, 't>,
) {
    let code = file.code();
    let mut nesting = Nesting {
        file,
        values,
        uses: None,
    };
    for call in code.calls() {
        let verb = code.raw(call.open - 1);
        if !matches!(verb, "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD") {
            continue;
        }
        let arguments = code.arguments(call.open);
        let path = arguments.first().and_then(|first| match first.len() {
            // An empty path is a path too.
            1 if code.string(first.start) == Some("") => Some(String::new()),
            _ => values.fold(first.clone()),
        });
        let Some(path) = path.filter(|p| p.starts_with('/') || p.is_empty()) else {
            continue;
        };
        let handler = handler(file, call, &arguments);
        for prefix in nesting.prefixes(call.open, 0) {
            let path = match prefix.starts_with(UNREAD) {
                true => http_paths::join(&prefix, &scan::path(&path)),
                false => scan::below(&prefix, &path),
            };
            let endpoint = Endpoint {
                method: verb.to_owned(),
                path,
                handler: handler.clone(),
                framework: "spring-web".to_owned(),
                summary: None,
                router: None,
                verbs: Vec::new(),
                given: false,
                mounts: Vec::new(),
                class: None,
                guards: Vec::new(),
            };
            scan::endpoint(acc, file, call.line, call.line, endpoint);
        }
    }
}

/// The method that answers: the first reference among the further arguments, or the next argument
/// of the `route(…)` around.
fn handler(file: &SourceFile<'_>, call: Call, arguments: &[Range<usize>]) -> Option<String> {
    let code = file.code();
    let reference = |range: &Range<usize>| {
        let last = range.clone().rev().find(|&at| code.ident(at).is_some())?;
        let plain = range.len() <= 5 && code.is(last.checked_sub(1)?, ":");
        plain.then(|| code.raw(last).to_owned())
    };
    if arguments.len() > 1 {
        return arguments.iter().skip(1).find_map(reference);
    }
    let open = file.outline().parent(call.first)?;
    let all = code.arguments(open);
    reference(all.iter().find(|range| range.start > call.open)?)
}

/// The function that holds a token.
struct Member<'t> {
    name: &'t str,
    /// Whether what it gives serves by itself: Spring takes it, or it hands it to a server.
    serves: bool,
}

struct Nesting<'v, 'f, 't> {
    file: &'f SourceFile<'t>,
    values: &'v Values<'f, 't>,
    /// Where functions of the file are called or named, by name.
    uses: Option<BTreeMap<&'t str, Vec<usize>>>,
}

impl<'f, 't> Nesting<'_, 'f, 't> {
    /// What stands before the path of a route at a token: one for each place that the function
    /// around it is used at; `…` where nothing in this file says so.
    fn prefixes(&mut self, at: usize, depth: u8) -> Vec<String> {
        let code = self.file.code();
        let mut inner = String::new();
        let mut outermost = None;
        let opens: Vec<usize> = self.file.outline().ancestors(at).collect();
        for &open in &opens {
            let is_body = self.file.outline().types.iter().any(|t| t.open == open);
            if is_body {
                break;
            }
            outermost = Some(open);
            if let Some(prefix) = self.nest(code, open, at) {
                inner = above(&prefix, &inner);
                if inner.starts_with(UNREAD) {
                    return vec![inner];
                }
            }
        }
        let member = outermost.and_then(|open| member(code, open));
        let outer = match member {
            Some(Member { serves: true, .. }) => vec![String::new()],
            Some(Member { name, .. }) if depth < DEEPEST => {
                let places = self.places(name);
                let mut all = BTreeSet::new();
                for place in places {
                    // A function that names itself says nothing.
                    let mut around = self.file.outline().ancestors(place);
                    if around.any(|open| Some(open) == outermost) {
                        continue;
                    }
                    all.extend(self.prefixes(place, depth + 1));
                }
                all.into_iter().take(MOST).collect()
            }
            _ => Vec::new(),
        };
        match outer.is_empty() {
            true => vec![above(UNREAD, &inner)],
            false => outer.iter().map(|o| above(o, &inner)).collect(),
        }
    }

    /// The prefix that a bracket gives to what stands in it: `nest(path("/x"), …)`,
    /// `path("/x", …)`, `path("/x").nest { … }`, `"/x".nest { … }`.
    fn nest(&self, code: &Code<'t>, open: usize, at: usize) -> Option<String> {
        let word = open.checked_sub(1)?;
        if code.is(open, "{") && code.is(word, "nest") && code.is(word.checked_sub(1)?, ".") {
            let last = word.checked_sub(2)?;
            if code.string(last).is_some() {
                return self.text(last..last + 1);
            }
            let from = code.is(last, ")").then(|| code.partner(last)).flatten()?;
            return Some(self.predicate(code, from.saturating_sub(1)..last + 1));
        }
        let name = code.ident(word).filter(|_| code.is(open, "("))?;
        if !matches!(name, "nest" | "path") {
            return None;
        }
        let arguments = code.arguments(open);
        let first = arguments.first()?;
        if first.contains(&at) {
            return None;
        }
        match name {
            "path" => self.text(first.clone()),
            _ => Some(self.predicate(code, first.clone())),
        }
    }

    fn text(&self, range: Range<usize>) -> Option<String> {
        Some(match self.values.fold(range) {
            Some(text) if text.starts_with('/') || text.is_empty() => text,
            _ => UNREAD.to_owned(),
        })
    }

    /// The path that a predicate asks for; none if it asks only for headers and the like.
    fn predicate(&self, code: &Code<'t>, range: Range<usize>) -> String {
        let mut prefix = String::new();
        for at in range.clone() {
            let Some(word) = code.ident(at) else {
                // Kotlin may join a path to other predicates: `(accept(JSON) and "/x").nest { }`.
                if prefix.is_empty() && code.string(at).is_some_and(|t| t.starts_with('/')) {
                    prefix = self.text(at..at + 1).unwrap_or_default();
                }
                continue;
            };
            let called = code.is(at + 1, "(");
            match word {
                "path" | "pathPrefix" if called => {
                    let first = code.arguments(at + 1).into_iter().next();
                    prefix = first
                        .and_then(|f| self.text(f))
                        .unwrap_or_else(|| UNREAD.to_owned());
                }
                "accept" | "contentType" | "headers" | "method" | "methods" | "queryParam"
                | "version" | "all" | "and" => {}
                // A predicate of the program, or one that a variable holds.
                _ if range.len() <= 1 || called && prefix.is_empty() => {
                    return UNREAD.to_owned();
                }
                _ => {}
            }
        }
        prefix
    }

    /// Where a function is called or named in its file.
    fn places(&mut self, name: &str) -> Vec<usize> {
        let code = self.file.code();
        let uses = self.uses.get_or_insert_with(|| {
            let mut all: BTreeMap<&'t str, Vec<usize>> = BTreeMap::new();
            for at in 1..code.tokens.len() {
                let Some(word) = code.ident(at) else {
                    continue;
                };
                let before = code.raw(at - 1);
                let called = code.is(at + 1, "(")
                    && (matches!(before, "(" | "," | "." | "=" | "{" | "return")
                        || code.is(at - 1, ">") && code.is(at.saturating_sub(2), "-"));
                if called || before == ":" && code.is(at.saturating_sub(2), ":") {
                    all.entry(word).or_default().push(at);
                }
            }
            all
        });
        uses.get(name).cloned().unwrap_or_default()
    }
}

/// One prefix below another.
fn above(outer: &str, inner: &str) -> String {
    match (
        outer.trim_matches('/').is_empty(),
        inner.trim_matches('/').is_empty(),
    ) {
        (_, true) => outer.trim_end_matches('/').to_owned(),
        (true, false) => inner.to_owned(),
        (false, false) => http_paths::join(outer, inner),
    }
}

/// The function whose body, or whose expression, begins at or before a bracket directly in a type
/// or in the file.
fn member<'t>(code: &Code<'t>, open: usize) -> Option<Member<'t>> {
    // Back to the end of the member before, over brackets.
    let mut at = open;
    let mut name = None;
    let mut bean = false;
    for _ in 0..200 {
        let Some(before) = at.checked_sub(1) else {
            break;
        };
        match code.raw(before) {
            ";" | "{" | "}" => break,
            ")" | "]" => {
                let start = code.partner(before)?;
                let word = start.checked_sub(1)?;
                let noted = word > 0 && code.is(word - 1, "@");
                if code.is(start, "(") && !noted && code.ident(word).is_some() {
                    // The first bracket of the declaration is that of its parameters.
                    name = code.ident(word);
                }
                at = start;
                continue;
            }
            "Bean" if before > 0 && code.is(before - 1, "@") => bean = true,
            _ => {}
        }
        at = before;
    }
    let close = code.partner(open)?;
    let hands_over = |i: usize| {
        matches!(
            code.raw(i),
            "toHttpHandler" | "toWebHandler" | "toServlet" | "bean" | "bindToRouterFunction"
        )
    };
    let serves = bean || (at..close.min(at + 4_000)).any(hands_over);
    Some(Member {
        name: name?,
        serves,
    })
}
