//! C++: HTTP endpoints of Drogon, Crow, oat++, Pistache and cpp-httplib.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cpp-http",
    docs: "\
### What it finds
Routes of Drogon (`METHOD_ADD` below the path that the class gives, `ADD_METHOD_TO`, `PATH_ADD`,
`WS_PATH_ADD`, `registerHandler`; <https://drogonframework.github.io/drogon-docs>), of Crow (`CROW_ROUTE`
with `methods`, blueprints), of oat++ (`ENDPOINT`), of Pistache (`Routes::Get`) and of cpp-httplib
(`server.Get` with a function that answers).

### What it does not find
Paths that are put together while the program runs, regular expressions, files that are served, tests.
A method `OPTIONS` beside others, which answers a browser before the request itself.
",
    reads: &[Reads::Own(&[Language::C, Language::Cpp])],
    markers: &[
        "METHOD_ADD",
        "ADD_METHOD_TO",
        "PATH_ADD",
        "registerHandler",
        "CROW_ROUTE",
        "CROW_BP_ROUTE",
        "ENDPOINT(",
        "ENDPOINT_ASYNC(",
        "Routes::",
        "httplib",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let httplib = file.says("httplib");
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        let arguments = code.arguments(call.open);
        // `#define CROW_ROUTE(app, url)` declares the macro.
        if code.is(call.first.wrapping_sub(1), "define") {
            continue;
        }
        match word {
            "METHOD_ADD" | "ADD_METHOD_TO" => drogon(acc, file, call, &arguments, word),
            "PATH_ADD" | "WS_PATH_ADD" => {
                if let Some(path) = arguments.first().and_then(|range| text(code, range)) {
                    let methods = match word {
                        "PATH_ADD" => methods(code, &arguments[1..]),
                        _ => vec!["WEBSOCKET".to_owned()],
                    };
                    add(acc, file, call, &path, methods, None, "drogon");
                }
            }
            "registerHandler" if arguments.len() > 1 => {
                if let Some(path) = text(code, &arguments[0]) {
                    let methods = methods(code, &arguments[2..]);
                    let handler = named(code, &arguments[1]);
                    add(acc, file, call, &path, methods, handler, "drogon");
                }
            }
            "CROW_ROUTE" | "CROW_BP_ROUTE" => crow(acc, file, call, &arguments),
            "ENDPOINT" | "ENDPOINT_ASYNC" if arguments.len() > 2 => {
                let method = text(code, &arguments[0]).filter(|m| METHODS.contains(&m.as_str()));
                if let (Some(method), Some(path)) = (method, text(code, &arguments[1])) {
                    let handler = code.ident(arguments[2].start).map(str::to_owned);
                    add(acc, file, call, &path, vec![method], handler, "oatpp");
                }
            }
            _ => {
                let upper = word.to_ascii_uppercase();
                let verb = METHODS.contains(&upper.as_str()) && word != upper && word.len() > 2;
                if !verb || !word.starts_with(char::is_uppercase) {
                    continue;
                }
                if code
                    .dotted(call.first, call.open)
                    .ends_with(&format!("Routes.{word}"))
                    && arguments.len() == 3
                    && let Some(path) = text(code, &arguments[1])
                {
                    let handler = (arguments[2].clone())
                        .find(|&at| code.is_byte(at, b'&'))
                        .and_then(|at| named(code, &(at..arguments[2].end)));
                    add(acc, file, call, &path, vec![upper], handler, "pistache");
                } else if httplib
                    && arguments.len() == 2
                    && code.is_byte(arguments[1].start, b'[')
                    // A client is given what takes in the pieces of an answer.
                    && (arguments[1].clone()).any(|at| matches!(code.raw(at), "Request" | "Response" | "auto"))
                    && let Some(path) = text(code, &arguments[0])
                {
                    add(acc, file, call, &path, vec![upper], None, "cpp-httplib");
                }
            }
        }
    }
}

/// A path that is written out, in one literal or several beside each other; a regular expression is none.
fn text(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let mut whole = String::new();
    for at in range.clone() {
        whole.push_str(code.string(at)?);
    }
    let path = whole.split('?').next().unwrap_or_default();
    let plain = !code.raw(range.start).starts_with('R') && !path.contains(['(', '[', '\\', '^']);
    plain.then_some(whole)
}

/// `METHOD_ADD(Orders::list, "/list/{1}", Get)`: the class and the namespaces around it stand before the
/// path, as Drogon puts them; `ADD_METHOD_TO` takes the path as it is.
fn drogon(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    call: Call,
    arguments: &[Range<usize>],
    word: &str,
) {
    let code = file.code();
    let [handler, path, rest @ ..] = arguments else {
        return;
    };
    let Some(own) = text(code, path) else {
        return;
    };
    let words: Vec<&str> = handler.clone().filter_map(|at| code.ident(at)).collect();
    let Some((method, class)) = words.split_last() else {
        return;
    };
    let mut prefix = String::new();
    if word == "METHOD_ADD" {
        let mut outer = namespaces(code, call.first);
        if class.is_empty() {
            return;
        }
        if class.len() == 1 || !class.starts_with(&outer) {
            outer.extend(class.last().copied());
        } else {
            outer = class.to_vec();
        }
        prefix = format!("/{}", outer.join("/"));
    }
    let handler = match class.last() {
        Some(class) => format!("{class}::{method}"),
        None => (*method).to_owned(),
    };
    let whole = http_paths::join(&prefix, &own);
    let methods = methods(code, rest);
    add(acc, file, call, &whole, methods, Some(handler), "drogon");
}

/// The namespaces around a token, outermost first.
fn namespaces<'t>(code: &Code<'t>, at: usize) -> Vec<&'t str> {
    let mut all = Vec::new();
    for word in 0..at {
        if !code.is(word, "namespace") || code.is(word.wrapping_sub(1), "using") {
            continue;
        }
        let open = (word + 1..word + 12).find(|&i| matches!(code.raw(i), "{" | ";" | "="));
        let Some(open) = open.filter(|&open| code.is(open, "{")) else {
            continue;
        };
        if code.partner(open).is_some_and(|close| close > at) {
            all.extend((word + 1..open).filter_map(|i| code.ident(i)));
        }
    }
    all
}

/// The methods among arguments, `Get`, `drogon::Post`, `{Get, Post}`; names of filters are none.
fn methods(code: &Code<'_>, arguments: &[Range<usize>]) -> Vec<String> {
    let words = arguments.iter().flat_map(Clone::clone);
    let named = words.filter_map(|at| code.ident(at)).map(|word| {
        let method = word.to_ascii_uppercase();
        (word.starts_with(char::is_uppercase) && METHODS.contains(&method.as_str())
            || word == "Options")
            .then_some(method)
    });
    whole(named.flatten().collect())
}

/// All methods where none is named, and without `OPTIONS` beside others.
fn whole(mut all: Vec<String>) -> Vec<String> {
    if all.is_empty() {
        return vec!["ANY".to_owned()];
    }
    if all.iter().any(|method| method != "OPTIONS") {
        all.retain(|method| method != "OPTIONS");
    }
    all
}

/// The name behind `&Orders::list`.
fn named(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let at = range.start + usize::from(code.is_byte(range.start, b'&'));
    code.ident(at)?;
    let end = (at..range.end).find(|&i| code.ident(i).is_none() && !code.is_byte(i, b':'));
    let words: Vec<&str> = (at..end.unwrap_or(range.end))
        .filter_map(|i| code.ident(i))
        .collect();
    Some(words.join("::"))
}

/// `CROW_ROUTE(app, "/orders/<int>").methods("GET"_method, crow::HTTPMethod::Post)`.
fn crow(acc: &mut FileFacts, file: &SourceFile<'_>, call: Call, arguments: &[Range<usize>]) {
    let code = file.code();
    let [router, path] = arguments else {
        return;
    };
    let Some(own) = text(code, path) else {
        return;
    };
    let name = code.raw(router.start);
    // `crow::Blueprint orders("orders");`
    let blueprint = (1..code.tokens.len()).find_map(|at| {
        let made = code.is(at - 1, "Blueprint") && code.is(at, name) && code.is_byte(at + 1, b'(');
        code.string(at + 2).filter(|_| made)
    });
    let prefix = blueprint.map(http_paths::prefix).unwrap_or_default();
    let mut found = Vec::new();
    let after = code.partner(call.open).map_or(call.open, |close| close + 1);
    if code.is_byte(after, b'.') && code.is(after + 1, "methods") && code.is_byte(after + 2, b'(') {
        for range in code.arguments(after + 2) {
            let word = range.clone().rev().find_map(|at| {
                code.string(at)
                    .or_else(|| code.ident(at).filter(|word| *word != "_method"))
            });
            let method = word.unwrap_or_default().to_ascii_uppercase();
            if METHODS.contains(&method.as_str()) || method == "OPTIONS" {
                found.push(method);
            }
        }
    }
    let methods = match found.is_empty() {
        true => vec!["GET".to_owned()],
        false => whole(found),
    };
    let path = http_paths::join(&prefix, &own);
    add(acc, file, call, &path, methods, None, "crow");
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    call: Call,
    path: &str,
    methods: Vec<String>,
    handler: Option<String>,
    framework: &str,
) {
    let code = file.code();
    let close = code.partner(call.open).unwrap_or(call.open);
    let last = code.line(close).min(call.line + 20);
    for path in http_paths::alternatives(path) {
        for method in &methods {
            let endpoint = Endpoint {
                method: method.clone(),
                path: http_paths::template(&numbered(&path)),
                handler: handler.clone(),
                ..http_paths::unread(framework)
            };
            http_paths::add(acc, file, call.line, last, endpoint);
        }
    }
}

/// `{1:id}` of Drogon is the parameter `id`.
fn numbered(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 && rest[digits..].starts_with(':') {
            rest = &rest[digits + 1..];
        }
    }
    out.push_str(rest);
    out
}
