//! Requests through a builder or wrapper that the repository writes itself: a call whose name says
//! that it makes a request, with a whole address among its first arguments.

use crate::code_view::CodeView;
use crate::facts::{Claim, Client, FileFacts};
use crate::secrets::words_of;
use groundplan_syntax::Language;
use std::collections::BTreeSet;

/// Adds a client for each such call of which no other claim of the file speaks.
pub(crate) fn claims(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    if !view.file.says("https://") && !view.file.says("http://") {
        return;
    }
    let known: BTreeSet<u32> = acc
        .facts
        .iter()
        .filter(|fact| matches!(fact.claim, Claim::Client(_)))
        .flat_map(|fact| fact.at.lines)
        .collect();
    let mut found: BTreeSet<(u32, String, Option<&str>)> = BTreeSet::new();
    for (last, calls) in view.calls() {
        let method = method(last);
        if !requests(last) && method.is_none() {
            continue;
        }
        for &call in calls {
            // `curl.post(url)` through a module of its own; `cache.get(url)` asks nobody.
            if method.is_some() && !speaks_http(&view.code.name(call), last) {
                continue;
            }
            let line = view.code.line(call.first);
            if known.contains(&line) {
                continue;
            }
            let mut given = (0..3).filter_map(|index| view.argument(call.open, index));
            let whole = |text: &String| is_whole(text);
            let target = given.find_map(|range| {
                let text = view.fold(range.clone()).filter(whole)?;
                Some((text, view.other_addresses(&range)))
            });
            let target = target.or_else(|| Some((named(view, call.open)?, Vec::new())));
            let Some((target, others)) = target else {
                continue;
            };
            let others = others.into_iter().filter(whole);
            for target in others.chain([target]) {
                found.insert((line, crate::call_rules::address(&target), method));
            }
        }
    }
    for (line, target, method) in found {
        let client = Client {
            protocol: "http".to_owned(),
            target: Some(target),
            method: method.map(str::to_owned),
            library: None,
            operation: None,
        };
        acc.add(view.file, line, line, Claim::Client(client));
    }
}

/// The address that a request of the repository's own is made with by name, of a public host or of one that
/// the environment gives: `ApiRequest(url=f"http://{os.environ['CART']}/items")`.
fn named(view: &CodeView<'_, '_>, open: usize) -> Option<String> {
    if view.code.language != Language::Python {
        return None;
    }
    let given = ["url", "uri", "endpoint"]
        .iter()
        .find_map(|name| view.code.named_argument(open, name))?;
    let of_environment = |text: &str| {
        let rest = text.strip_prefix("http://");
        let rest = rest.or_else(|| text.strip_prefix("https://"));
        rest.is_some_and(|rest| rest.starts_with("{env:"))
    };
    view.fold(given)
        .filter(|text| is_whole(text) || of_environment(text))
}

/// The method of HTTP that a function is named after.
fn method(name: &str) -> Option<&'static str> {
    Some(match name {
        "get" | "Get" => "GET",
        "post" | "Post" => "POST",
        "put" | "Put" => "PUT",
        "patch" | "Patch" => "PATCH",
        "delete" | "Delete" => "DELETE",
        _ => return None,
    })
}

/// Whether the receiver of a call named after a method speaks HTTP: by its own name, or since what
/// is sent has a body.
fn speaks_http(name: &str, last: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some((receiver, _)) = lower.rsplit_once('.') else {
        return false;
    };
    let receiver = receiver.rsplit('.').next().unwrap_or(receiver);
    let named = ["curl", "http", "client", "session", "request", "api"]
        .iter()
        .any(|word| receiver.contains(word));
    named || matches!(last, "post" | "Post" | "patch" | "Patch")
}

/// Whether a name says that its function makes or sends a request; what answers one has other
/// arguments.
fn requests(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let makes = ["request", "fetch", "download"]
        .iter()
        .any(|word| lower.contains(word));
    let aside = |word: &String| {
        matches!(
            word.as_str(),
            "error"
                | "errors"
                | "context"
                | "handler"
                | "redirect"
                | "test"
                | "mock"
                | "log"
                | "logger"
                | "parse"
                | "is"
        )
    };
    let words = words_of(name.rsplit('.').next().unwrap_or(name));
    makes && !words.first().is_some_and(aside) && !words.last().is_some_and(aside)
}

/// An address of a fixed public host.
fn is_whole(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|r| r.split(['/', '?', '#', ':']).next());
    host.is_some_and(|h| {
        h.contains('.')
            && !h.ends_with('.')
            && h.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
    }) && text.len() <= 400
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::{is_whole, requests, speaks_http};

    #[test]
    fn names_and_addresses() {
        assert!(requests("NewRequestBuilder") && requests("fetch_json") && requests("_request"));
        assert!(!requests("RequestError") && !requests("Redirect") && !requests("parseRequest"));
        assert!(speaks_http("curl.get", "get") && speaks_http("self.post", "post"));
        assert!(!speaks_http("cache.get", "get") && !speaks_http("get", "get"));
        assert!(is_whole("https://api.acme.io/v1/{id}"));
        assert!(!is_whole("https://{host}/v1") && !is_whole("https://www.{domain}"));
    }
}
