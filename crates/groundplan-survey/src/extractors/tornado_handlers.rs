//! Tornado: classes that answer, in lists of patterns.

use super::python_http::{class_methods, handler_name, made};
use crate::code_view::CodeView;
use crate::facts::Endpoint;
use crate::http_paths;
use std::ops::Range;

/// Paths that one pattern stands for, at most.
const MOST: usize = 12;

/// `(r"/x", Handler)` in the list of a `tornado.web.Application`, or in one that another file takes in.
pub(super) fn find(view: &CodeView<'_, '_>, found: &mut Vec<(u32, Endpoint)>) {
    let code = view.code;
    let bound = || code.text.contains("handlers = [") && code.text.contains("Handler)");
    if !view.imports_any(&["tornado"]) && !bound() {
        return;
    }
    for open in 0..code.tokens.len() {
        let tuple = code.is(open, "(")
            && (open == 0 || matches!(code.raw(open - 1), "[" | "," | "url" | "URLSpec"));
        if !tuple || code.string(open + 1).is_none() {
            continue;
        }
        let arguments = code.arguments(open);
        let [pattern, handler, ..] = arguments.as_slice() else {
            continue;
        };
        let Some(raw) = written(view, pattern) else {
            continue;
        };
        let Some(handler) = handler_name(view, handler.clone()) else {
            continue;
        };
        if !raw.trim_start_matches('^').starts_with('/') || !handler.ends_with("Handler") {
            continue;
        }
        let class = view.function(handler.rsplit('.').next().unwrap_or(&handler));
        let verbs = class.map_or_else(|| vec!["ANY".to_owned()], |c| class_methods(view, c));
        for one in variants(&raw) {
            for method in &verbs {
                let path = http_paths::from_regex(&one);
                let summary = class.and_then(|c| view.summary_of(c));
                let endpoint = made(
                    method.clone(),
                    path,
                    Some(handler.clone()),
                    "tornado",
                    summary,
                );
                found.push((code.line(open), endpoint));
            }
        }
    }
}

/// The pattern that an argument gives: `r"/x"`, `r"/x/%s" % id_regex`, `rf"/x/{id_regex}"`. What another file
/// names is a parameter of that name.
fn written(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let text = code.string(range.start)?;
    let mut out = String::new();
    if range.len() == 1 {
        if !code.is_f_string(range.start) {
            return Some(text.to_owned());
        }
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let mark = &rest[at..=at];
            if rest[at + 1..].starts_with(mark) {
                out.push_str(mark);
                rest = &rest[at + 2..];
                continue;
            }
            let (name, after) = rest[at + 1..].split_once('}')?;
            part(view, name, range.start, &mut out);
            rest = after;
        }
        out.push_str(rest);
        return Some(out);
    }
    if !code.is(range.start + 1, "%") {
        return None;
    }
    let given = range.start + 2..range.end;
    let names: Vec<Range<usize>> = match code.is(given.start, "(") {
        true => code.arguments(given.start),
        false => vec![given],
    };
    let mut names = names.into_iter();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("%s") {
        out.push_str(before);
        let name = names.next()?;
        part(
            view,
            &code.dotted(name.start, name.end),
            name.start,
            &mut out,
        );
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// Adds the part of a pattern that a name stands for.
fn part(view: &CodeView<'_, '_>, name: &str, at: usize, out: &mut String) {
    let code = view.code;
    let last = view.visible(name, at).last().copied();
    let own = last
        .filter(|d| d.value.len() == 1)
        .and_then(|d| code.string(d.value.start));
    match own {
        Some(text) => out.push_str(text),
        None => {
            let word = name.rsplit('.').next().unwrap_or(name).trim_matches('_');
            let word = word.strip_suffix("_regex").unwrap_or(word);
            let word: String = word
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            // What stands right behind a word brings its slash along.
            if out.ends_with(|c: char| c.is_alphanumeric()) {
                out.push('/');
            }
            out.push_str(&format!("(?P<{word}>[^/]+)"));
        }
    }
}

/// The patterns that one comes to: with and without a group at its end that may be left out, and one for each
/// word of a group of words (`(?P<action>restart|interrupt)`).
fn variants(pattern: &str) -> Vec<String> {
    let mut all = vec![
        pattern
            .trim_end_matches('$')
            .trim_end_matches("/?")
            .to_owned(),
    ];
    let mut at = 0;
    while at < all.len() && all.len() < MOST {
        if let Some((before, inner)) = optional_end(&all[at]) {
            let (before, whole) = (before.to_owned(), format!("{before}{inner}"));
            all[at] = whole;
            all.push(before);
        } else if let Some((range, words)) = words(&all[at]) {
            let (before, after) = (
                all[at][..range.start].to_owned(),
                all[at][range.end..].to_owned(),
            );
            let mut made = words
                .into_iter()
                .map(|word| format!("{before}{word}{after}"));
            if let Some(first) = made.next() {
                let more: Vec<String> = made.collect();
                all[at] = first;
                all.extend(more);
            }
        } else {
            at += 1;
        }
    }
    all.truncate(MOST);
    all
}

/// `/x/([^/]+)` and `/([^/]+)` of `/x/([^/]+)(?:/([^/]+))?`.
fn optional_end(pattern: &str) -> Option<(&str, &str)> {
    let body = pattern.strip_suffix(")?")?;
    let mut depth = 1_u32;
    let open = body.char_indices().rev().find_map(|(at, c)| {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let inner = body[open + 1..].strip_prefix("?:")?;
    (inner.starts_with('/') && open > 0).then(|| (&pattern[..open], inner))
}

/// Where the first group of words alone stands, and the words.
fn words(pattern: &str) -> Option<(Range<usize>, Vec<String>)> {
    for (at, _) in pattern.match_indices('(') {
        let inner = &pattern[at + 1..];
        let close = inner.find([')', '('])?;
        if inner[close..].starts_with('(') {
            continue;
        }
        let group = &inner[..close];
        let group = match group.strip_prefix("?P<").and_then(|g| g.split_once('>')) {
            Some((_, rest)) => rest,
            None => group.strip_prefix("?:").unwrap_or(group),
        };
        let plain = |word: &str| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        };
        let all: Vec<String> = group.split('|').map(str::to_owned).collect();
        let end = at + 1 + close + 1;
        let repeated = pattern[end..].starts_with(['?', '*', '+']);
        if all.len() > 1 && all.iter().all(|word| plain(word)) && !repeated {
            return Some((at..end, all));
        }
    }
    None
}
