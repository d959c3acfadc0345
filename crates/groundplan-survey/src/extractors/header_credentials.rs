//! Credentials that code takes out of the header of a request.

use crate::code_view::rust_tests;
use crate::extractor::{Extractor, Reads, SERVING};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "header-credentials",
    docs: "\
### What it finds
Code that reads a header by which callers prove who they are (`Authorization`, `X-Api-Key`, `X-Auth-Token`):
`r.Header.Get(\"Authorization\")`, `request.META[\"HTTP_X_API_KEY\"]`, `req.headers['x-api-key']`,
`$request->header('X-Api-Key')`, `headers.get(AUTHORIZATION)`, parameters that are bound to one, and
`r.BasicAuth()` of Go.

### What it does not find
Which of several ways a route asks for, headers whose name another file holds, and what a client sets.
",
    reads: &[Reads::Own(&SERVING)],
    markers: &[
        "uthorization\"",
        "uthorization'",
        "AUTHORIZATION",
        "eaders.authorization",
        "eaders.Authorization",
        "\"ApiKey\"",
        "'ApiKey'",
        "\"apiKey\"",
        "'apiKey'",
        "\"apikey\"",
        "'apikey'",
        "-Api-Key",
        "-API-Key",
        "-API-KEY",
        "-api-key",
        "HTTP_X_",
        "-Auth-Token",
        "-auth-token",
        "-Access-Token",
        "-access-token",
        ".BasicAuth()",
    ],
    run: extract,
};

/// Headers of one file at most.
const MOST: usize = 6;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // Interfaces of clients bind what they send.
    let clients = [
        "@FeignClient",
        "@HttpExchange",
        "RegisterRestClient",
        "retrofit2",
        "using Refit",
    ];
    if scan::part(file) != Part::Own || clients.iter().any(|mark| file.text.contains(mark)) {
        return;
    }
    let code = file.code();
    let tests = rust_tests(code);
    let mut seen = BTreeSet::new();
    for at in 1..code.tokens.len() {
        if tests.iter().any(|range| range.contains(&at)) {
            continue;
        }
        // `user, password, ok := r.BasicAuth()` of Go, <https://pkg.go.dev/net/http#Request.BasicAuth>.
        let basic = code.is(at, "BasicAuth")
            && code.is_byte(at + 1, b'(')
            && code.is_byte(at + 2, b')')
            && at >= 2
            && matches!(code.raw(at - 2), "r" | "req" | "request" | "Request");
        if basic && code.language == Language::Go && seen.insert("basic") {
            let name = "Code reads the name and password of HTTP Basic from requests";
            scan::mark(acc, file, code.line(at), Topic::Authentication, name, None);
            continue;
        }
        let Some(header) = header(code, at).filter(|_| reads(code, at)) else {
            continue;
        };
        if seen.len() < MOST && seen.insert(header) {
            let name = format!("Code reads the header `{header}` of requests");
            scan::mark(acc, file, code.line(at), Topic::Authentication, name, None);
        }
    }
}

/// The header that a literal or a name stands for, as it is written in requests.
fn header(code: &Code<'_>, at: usize) -> Option<&'static str> {
    const HEADERS: [(&str, &str); 6] = [
        ("authorization", "Authorization"),
        ("apikey", "ApiKey"),
        ("x-api-key", "X-Api-Key"),
        ("api-key", "Api-Key"),
        ("x-auth-token", "X-Auth-Token"),
        ("x-access-token", "X-Access-Token"),
    ];
    let named = |text: &str| {
        // `API_KEY` is a variable of the environment, `HTTP_API_KEY` a header in one.
        if text.contains('_') && !text.starts_with("HTTP_") {
            return None;
        }
        let lower = text.to_ascii_lowercase().replace('_', "-");
        let plain = lower.strip_prefix("http-").unwrap_or(&lower);
        HEADERS
            .iter()
            .find(|(key, _)| *key == plain)
            .map(|(_, header)| *header)
    };
    match code.string(at) {
        Some(text) if text.len() <= 24 => named(text),
        Some(_) => None,
        None => match code.raw(at) {
            "AUTHORIZATION" => Some("Authorization"),
            "authorization" | "Authorization" if code.is(at - 1, ".") => Some("Authorization"),
            _ => None,
        },
    }
}

/// Whether the name at a place is asked for among the headers of a request, and not set.
fn reads(code: &Code<'_>, at: usize) -> bool {
    // `HttpHeaders.AUTHORIZATION`, `header::AUTHORIZATION`
    let mut from = at;
    while code.string(at).is_none()
        && from > 2
        && matches!(code.raw(from - 1), "." | "::" | ":")
        && code.raw(at) == "AUTHORIZATION"
    {
        from -= if code.is(from - 1, ":") { 3 } else { 2 };
    }
    let assigned = |after: usize| code.is(after, "=") && !code.is(after + 1, "=");
    // `req.headers.authorization`
    if code.is(from - 1, ".") {
        return chain(code, from - 1).is_some_and(|all| of_request(code, &all))
            && !assigned(at + 1);
    }
    // `alias="X-Api-Key"`, `name = "X-Api-Key"` of what binds a parameter.
    if code.is(from - 1, "=")
        && from > 2
        && matches!(code.raw(from - 2), "alias" | "name" | "value")
    {
        let open = (from.saturating_sub(14)..from).rfind(|&open| code.is(open, "("));
        let name = open.and_then(|open| Some(code.raw(open.checked_sub(1)?)));
        return name.is_some_and(|name| name.to_ascii_lowercase().contains("header"));
    }
    if code.is(from - 1, "[") {
        return chain(code, from - 1).is_some_and(|all| of_request(code, &all))
            && code.is(at + 1, "]")
            && !assigned(at + 2);
    }
    if !code.is(from - 1, "(") {
        return false;
    }
    let Some(all) = chain(code, from - 1) else {
        return false;
    };
    let method = all.first().map_or("", String::as_str);
    let alone = code.is(at + 1, ")");
    let asks = match method {
        "get" | "getfirst" | "get_header" | "getheader" | "trygetvalue" | "fetch" | "peek"
        | "get_req_header" | "headerstring" | "getheaderstring" => true,
        "header" | "headers" | "requestheader" | "fromheader" | "headerparam" => alone,
        _ => false,
    };
    // `r.Header.Get(…)` names the headers before the method.
    asks && !all.iter().any(|name| is_sent(name))
        && (of_request(code, &all) || method.contains("header"))
}

/// Whether a name is of an answer, or of what a client sends.
fn is_sent(name: &str) -> bool {
    const CLIENT: [&str; 8] = [
        "axios",
        "client",
        "common",
        "config",
        "defaultrequestheaders",
        "defaults",
        "options",
        "session",
    ];
    matches!(name, "res" | "rsp") || name.starts_with("resp") || CLIENT.contains(&name)
}

/// Whether names speak of the headers of a request that came in, rather than of an answer or of what is sent:
/// where headers are plain objects, a client keeps its own in one.
fn of_request(code: &Code<'_>, names: &[String]) -> bool {
    const CAME: [&str; 9] = [
        "c",
        "connection",
        "context",
        "ctx",
        "environ",
        "env",
        "event",
        "handshake",
        "meta",
    ];
    let typed = matches!(
        code.language,
        Language::CSharp | Language::Go | Language::Java | Language::Kotlin | Language::Rust
    );
    let came = |n: &String| n.starts_with("req") || CAME.contains(&n.as_str());
    if !typed && !names.iter().any(came) {
        return false;
    }
    let holds =
        |n: &String| n.contains("header") || matches!(n.as_str(), "meta" | "env" | "environ");
    names.iter().any(holds) && !names.iter().any(|n| is_sent(n))
}

/// The names before a bracket, the last first and in small letters: `r.Header.Get` as get, header, r.
fn chain(code: &Code<'_>, bracket: usize) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut at = bracket;
    while at > 0 && all.len() < 6 {
        at -= 1;
        match code.raw(at) {
            "." | "::" | "->" | "?." | "?" | "!" | ":" | "-" | ">" | "$" | "@" => {}
            // `c.Request().Header`, `request.headers()`
            ")" => at = code.partner(at)?,
            _ => match code.ident(at) {
                // Two names without anything between them are no chain.
                Some(name) if all.is_empty() || code.ident(at + 1).is_none() => {
                    all.push(name.trim_start_matches('$').to_ascii_lowercase());
                }
                _ => break,
            },
        }
    }
    (!all.is_empty()).then_some(all)
}
