//! What is said of operations: whether a summary says more than their name, and how many there are where two sources
//! tell of the same.

use crate::tree::{Span, Text};
use groundplan_model::{Interface, Operation};
use std::collections::BTreeSet;

/// How many operations interfaces have together: one that a contract and the code both tell of, or two contracts,
/// is one, by its method and whole path.
pub(super) fn distinct_operations<'i>(all: impl IntoIterator<Item = &'i Interface>) -> usize {
    distinct_of(
        all.into_iter()
            .flat_map(|i| i.operations.iter().map(move |o| (i, o))),
    )
}

/// How many there are of operations that stand in the order of their interfaces.
pub(crate) fn distinct_of<'i>(
    all: impl IntoIterator<Item = (&'i Interface, &'i Operation)>,
) -> usize {
    let mut known: BTreeSet<(Option<&str>, &str, String)> = BTreeSet::new();
    let mut own: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut of: Option<&Interface> = None;
    let mut alone = 0;
    for (i, o) in all {
        if of.is_none_or(|before| !std::ptr::eq(before, i)) {
            own.clear();
            of = Some(i);
        }
        let path = whole(i, o);
        let read = path.starts_with('/');
        // The same operation twice in one interface is two: under another handler, or of another host.
        let new = own.insert((o.method.as_str(), path.clone()));
        let told = !known.insert((i.element.as_deref(), o.method.as_str(), path));
        // What the set held before this interface is told already.
        alone += usize::from(!read || !new || !told);
    }
    alone
}

/// The path of an operation below the base of its interface, with one name for all parameters.
fn whole(i: &Interface, o: &Operation) -> String {
    let base = i.base_path.as_deref().unwrap_or_default();
    let path = format!("{}{}", base.trim_end_matches('/'), o.path);
    let mut out = String::new();
    let mut rest = path.trim_end_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    match out.is_empty() && path.starts_with('/') {
        true => "/".to_owned(),
        false => out,
    }
}

/// The same text without a space at its begin.
pub(super) fn trimmed(mut text: Text) -> Text {
    if let Some(Span::Plain(first)) = text.spans.first_mut() {
        *first = first.trim_start().to_owned();
    }
    text
}

/// Whether a summary only says the method and the path in other words: `Update a gist` of `PATCH /gists/{id}`.
pub(super) fn restates(o: &Operation, summary: &str) -> bool {
    const FILLERS: [&str; 22] = [
        "a",
        "all",
        "an",
        "by",
        "existing",
        "for",
        "from",
        "given",
        "id",
        "in",
        "its",
        "new",
        "of",
        "one",
        "single",
        "specific",
        "specified",
        "that",
        "the",
        "this",
        "to",
        "with",
    ];
    let verbs: &[&str] = match o.method.as_str() {
        "GET" => &[
            "fetch", "find", "get", "list", "read", "retrieve", "return", "show",
        ],
        "POST" => &["add", "create", "post"],
        "PUT" | "PATCH" => &["change", "edit", "modify", "patch", "put", "set", "update"],
        "DELETE" => &["delete", "destroy", "remove"],
        _ => &[],
    };
    let known: BTreeSet<String> = split(&o.path).map(|word| stem(&word)).collect();
    let mut words = split(summary).peekable();
    words.peek().is_some()
        && words.all(|word| {
            let of_method = verbs.iter().any(|verb| stem(&word) == stem(verb));
            of_method || FILLERS.contains(&word.as_str()) || known.contains(&stem(&word))
        })
}

fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// A word without what makes it one of many, or what somebody does.
fn stem(word: &str) -> String {
    let bare = word.strip_suffix('s').unwrap_or(word);
    let bare = match bare.strip_suffix("ie") {
        Some(begin) => format!("{begin}y"),
        None => bare.to_owned(),
    };
    bare.strip_suffix('e').map_or(bare.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{distinct_operations, restates};
    use groundplan_model::{Interface, Operation};
    use serde_json::json;

    fn made(method: &str, path: &str) -> Operation {
        let value = json!({"id": format!("{method} {path}"), "method": method, "path": path,
            "provenance": {"kind": "observed"}});
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_summary_that_repeats_the_path_says_nothing() {
        for (method, path, summary) in [
            ("PATCH", "/gists/{uuid}", "Update a gist"),
            ("GET", "/categories", "List all categories."),
            (
                "DELETE",
                "/user/keys/{id}",
                "Deletes the key of a user by ID",
            ),
        ] {
            assert!(restates(&made(method, path), summary), "{summary}");
        }
        for (method, path, summary) in [
            ("PATCH", "/gists/{uuid}", "Delete a gist"),
            ("GET", "/orders", "List the open orders"),
            ("POST", "/login", "Sign a user in"),
            ("GET", "/orders", ""),
        ] {
            assert!(!restates(&made(method, path), summary), "{summary}");
        }
    }

    #[test]
    fn what_two_sources_tell_of_is_one() {
        let interface = |base: Option<&str>, all: Vec<Operation>| -> Interface {
            let value = json!({"id": "i", "name": "i", "kind": "http", "audience": "unknown",
                "base_path": base, "element": "shop", "operations": all,
                "provenance": {"kind": "observed"}});
            serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
        };
        let contract = interface(
            Some("/api"),
            vec![made("GET", "/orders/{id}"), made("GET", "/orders")],
        );
        let code = interface(
            None,
            vec![
                made("GET", "/api/orders/{order}"),
                made("POST", "/api/orders"),
                made("GET", "…/carts"),
                made("GET", "…/carts"),
            ],
        );
        assert_eq!(distinct_operations([&contract, &code]), 5);
    }
}
