//! HTTP calls that JavaScript and TypeScript make.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Client, FileFacts};
use crate::finders::Finders;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::{Values, known};
use groundplan_model::{GIVEN_ADDRESS, Topic};
use groundplan_syntax::{Call, Code, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-clients",
    docs: "\
### What it finds
HTTP calls with `fetch`, axios (also instances with a base URL that the same file makes), got, ky,
superagent, request, needle, jQuery, `$axios`, `$fetch` and `useFetch` of Nuxt, the clients of Angular, AngularJS and NestJS, `http.request`,
the clients of GraphQL of Apollo, graphql-request and urql, WebSockets, the client of socket.io,
what is called `fetch` on an object of any kind with the address of a machine, and forms of JSX, with folded address and
method, and both addresses of a choice (`fetch(local ? a : b)`).

### What it does not find
Calls through an instance or wrapper of another file; addresses of which nothing is known. Pages
and static files that a browser loads are no calls.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[
        "fetch",
        "axios",
        "got",
        "ky",
        "superagent",
        "request",
        "needle",
        "$http",
        "ajax",
        "http",
        "WebSocket",
        "EventSource",
        "socket.io-client",
        "ApolloClient",
        "HttpLink",
        "BatchHttpLink",
        "createHttpLink",
        "createUploadLink",
        "GraphQLClient",
        "urql",
        "<form",
    ],
    run: extract,
};

/// Receivers whose `get`, `post` … are HTTP calls, with the library; a name that ends so counts.
const RECEIVERS: [(&str, &str); 15] = [
    ("$", "jquery"),
    ("$axios", "axios"),
    ("$http", "angularjs"),
    ("agent", "superagent"),
    ("axios", "axios"),
    ("axiosinstance", "axios"),
    ("got", "got"),
    ("http", "angular"),
    ("httpclient", "angular"),
    ("httpservice", "nestjs"),
    ("jquery", "jquery"),
    ("ky", "ky"),
    ("needle", "needle"),
    ("request", "request"),
    ("superagent", "superagent"),
];

/// Functions that are called with an address, or with an object that holds one.
const FUNCTIONS: [(&str, &str); 19] = [
    ("$.ajax", "jquery"),
    ("$fetch", "fetch"),
    ("$http", "angularjs"),
    ("axios", "axios"),
    ("axios.request", "axios"),
    ("fetch", "fetch"),
    ("got", "got"),
    ("http.get", "node"),
    ("http.request", "node"),
    ("https.get", "node"),
    ("https.request", "node"),
    ("jQuery.ajax", "jquery"),
    ("ky", "ky"),
    ("ofetch", "fetch"),
    ("request", "request"),
    ("rp", "request"),
    ("useFetch", "fetch"),
    ("useLazyFetch", "fetch"),
    ("window.fetch", "fetch"),
];

pub(super) fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    let bases = instances(acc, file, &values);
    let own_fetch = has_own_fetch(file);
    for call in file.code().calls() {
        if own_fetch && file.code().is(scan::word_at(file.code(), call), "fetch") {
            continue;
        }
        request(acc, file, &values, &bases, call);
    }
    forms(acc, file, &values);
}

/// `<form method="POST" action={`${API_URL}/orders`}>` sends what people enter.
fn forms(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    if !file.text.contains("<form") {
        return;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        if !(code.is(at, "<") && code.is(at + 1, "form")) {
            continue;
        }
        let mut place = at + 2;
        let mut method = "GET".to_owned();
        let mut target = None;
        while place < code.tokens.len() && !code.is(place, ">") && place < at + 80 {
            let open = place + 2;
            let braced = code.is(open, "{").then(|| code.partner(open)).flatten();
            if code.is(place, "action") && code.is(place + 1, "=") {
                target = match braced {
                    Some(close) => values.fold(open + 1..close),
                    None => code.string(open).map(str::to_owned),
                };
            } else if code.is(place, "method") && code.is(place + 1, "=") {
                method = code.string(open).unwrap_or("GET").to_ascii_uppercase();
            }
            place = match (code.is(place, "{"), braced) {
                (true, _) => code.partner(place).map_or(place + 1, |close| close + 1),
                _ => place + 1,
            };
        }
        let Some(target) = target.filter(|t| is_target(t) && t.len() > 1) else {
            continue;
        };
        let client = Client {
            method: Some(method),
            ..scan::call("http", Some(target), "form")
        };
        scan::client(acc, file, code.line(at), client);
    }
}

/// Instances that this file makes with a base address: `const api = axios.create({ baseURL })`.
fn instances<'t>(
    acc: &mut FileFacts,
    file: &SourceFile<'t>,
    values: &Values<'_, 't>,
) -> BTreeMap<&'t str, String> {
    let code = file.code();
    let mut all = BTreeMap::new();
    for call in code.calls() {
        if !matches!(scan::last_of_name(code, call), "create" | "extend") {
            continue;
        }
        let name = code.name(call);
        let made = matches!(
            name.as_str(),
            "axios.create" | "Axios.create" | "got.extend" | "ky.create" | "ky.extend"
        );
        if !made {
            continue;
        }
        const BASES: [&str; 3] = ["baseURL", "prefixUrl", "baseUrl"];
        let options = code.arguments(call.open).first().cloned();
        let options = options.and_then(|first| values.literal_at(&first));
        let base = options.and_then(|open| values.folded_property(open, &BASES));
        // `import.meta.env.API || "/"`: what is built without the variable asks where it came from.
        let own = options
            .and_then(|open| BASES.iter().find_map(|name| values.property(open, name)))
            .and_then(|range| code.string(range.end.checked_sub(1)?))
            .filter(|text| text.starts_with('/') && !text.starts_with("//"));
        let base = match (base, own) {
            (Some(base), Some(own)) if base.starts_with("{env:") => Some(own.to_owned()),
            (base, _) => base,
        };
        let before = call.first.checked_sub(2);
        let variable = before.filter(|_| code.is(call.first - 1, "="));
        if let Some(name) = variable.and_then(|at| code.ident(at)) {
            all.insert(name, base.clone().unwrap_or_default());
        }
        let library = name
            .split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if let Some(base) = base.filter(|b| is_target(b)) {
            let client = scan::call("http", Some(base), &library);
            scan::client(acc, file, call.line, client);
        }
    }
    all
}

fn request(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    bases: &BTreeMap<&str, String>,
    call: Call,
) {
    let code = file.code();
    let last = scan::word_at(code, call);
    let word = code.raw(last);
    if is_definition(code, call) {
        return;
    }
    let arguments = code.arguments(call.open);
    let Some(first) = arguments.first() else {
        return;
    };
    if matches!(word, "WebSocket" | "EventSource") {
        if let Some(target) = values.fold(first.clone()).filter(|t| is_target(t)) {
            let protocol = if word == "WebSocket" {
                "websocket"
            } else {
                "http"
            };
            scan::client(acc, file, call.line, scan::call(protocol, Some(target), ""));
        }
        return;
    }
    if let Some(library) = graph(file, word) {
        let target = match values.literal_at(first).filter(|&open| code.is(open, "{")) {
            Some(open) => values.folded_property(open, &["uri", "url"]),
            None => values.fold(first.clone()),
        };
        // `./graphql` lies where the page does.
        let target = target.map(|t| match t.strip_prefix("./") {
            Some(path) => format!("/{path}"),
            None => t,
        });
        if let Some(target) = target.filter(|t| is_target(t)) {
            let client = Client {
                method: Some("POST".to_owned()),
                ..scan::call("http", Some(target), library)
            };
            scan::client(acc, file, call.line, client);
        }
        return;
    }
    if matches!(word, "io" | "connect") && is_socket_io(file, code, call) {
        if let Some(target) = values.fold(first.clone()).filter(|t| is_address(t)) {
            let client = scan::call("websocket", Some(target), "socket.io");
            scan::client(acc, file, call.line, client);
        }
        return;
    }
    let name = code.name(call);
    let own = name.strip_prefix("this.");
    // A method of the class itself is no client, whatever it is called.
    let defined = |name: &str| {
        (1..code.tokens.len()).any(|at| {
            let body = || code.partner(at + 1).map(|close| code.raw(close + 1));
            code.is(at, name)
                && code.is(at + 1, "(")
                && !code.is(at - 1, ".")
                && matches!(body(), Some("{" | ":"))
        })
    };
    let asked = |own: &str| FUNCTIONS.binary_search_by(|row| row.0.cmp(own)).is_ok();
    if own.is_some_and(|own| !own.contains('.') && asked(own) && defined(own)) {
        return;
    }
    let name = own.unwrap_or(&name);
    // `http` of Node is a module; `this.http` of Angular is a client with its own methods, and so is what
    // this file makes under that name.
    let made = name
        .split('.')
        .next()
        .is_some_and(|n| bases.contains_key(n));
    let angular = name == "http.get" && (file.says("@angular/") || made);
    if !angular && let Ok(row) = FUNCTIONS.binary_search_by(|row| row.0.cmp(name)) {
        // Wrappers of their own are often called `request`, and k6 has its own `http`.
        let library = match FUNCTIONS[row].1 {
            "request" if !imports_request(file) => "",
            "node" if file.says("k6/http") => "k6",
            other => other,
        };
        return address(acc, file, values, call, library);
    }
    // `this.fetchService.fetch("https://…")`: what wraps it may come from any file, and only an address of a
    // machine is one without doubt.
    if word == "fetch" && code.is(last - 1, ".") {
        let target = values.fold(first.clone()).filter(|t| is_target(t));
        if target.is_some_and(|t| t.starts_with("http://") || t.starts_with("https://")) {
            address(acc, file, values, call, "fetch");
        }
        return;
    }
    let Some(verb) = verb(word) else { return };
    let Some(receiver) = last.checked_sub(2).filter(|_| code.is(last - 1, ".")) else {
        return;
    };
    let receiver = code.raw(receiver);
    let (library, base) = match bases.get(receiver) {
        Some(base) => ("axios", base.as_str()),
        None => {
            let lower = receiver.to_ascii_lowercase();
            match RECEIVERS.binary_search_by(|row| row.0.cmp(&lower)) {
                Ok(row) => (RECEIVERS[row].1, ""),
                Err(_) => return,
            }
        }
    };
    // `request.get("Host")` of Express reads a header, `http.get` of Node was seen above.
    if library == "request" && !imports_request(file) {
        return;
    }
    if library == "angular" && !file.says("HttpClient") && !file.says("@angular/") {
        return;
    }
    // `request.post({ url: … })`.
    let object = values.literal_at(first).filter(|&open| code.is(open, "{"));
    let path = match object {
        Some(open) if library == "request" => values.folded_property(open, &["url", "uri"]),
        _ => values.fold(first.clone()),
    };
    let Some(path) = path else {
        return;
    };
    let target = if base.is_empty() || path.contains("://") {
        path
    } else {
        format!(
            "{}/{}",
            base.trim_end_matches('/'),
            path.trim_start_matches('/')
        )
    };
    if !is_target(&target) && base.is_empty() {
        return;
    }
    let client = Client {
        method: Some(verb.to_owned()),
        ..scan::call("http", Some(target), library)
    };
    scan::client(acc, file, call.line, client);
}

/// The library of a client that asks one address for all of GraphQL: `new ApolloClient({ uri })`, `createHttpLink({
/// uri })` (<https://www.apollographql.com/docs/react/api/link/apollo-link-http>), `new GraphQLClient(url)` of
/// graphql-request, `createClient({ url })` of urql.
fn graph(file: &SourceFile<'_>, word: &str) -> Option<&'static str> {
    match word {
        "ApolloClient" | "HttpLink" | "BatchHttpLink" | "createHttpLink" | "createUploadLink" => {
            file.says("apollo").then_some("apollo")
        }
        "GraphQLClient" => file.says("graphql-request").then_some("graphql-request"),
        "createClient" | "Client" => file.says("urql").then_some("urql"),
        _ => None,
    }
}

/// `io("ws://…")`, `io.connect("…")` of the client of socket.io
/// (<https://socket.io/docs/v4/client-initialization/>).
fn is_socket_io(file: &SourceFile<'_>, code: &Code<'_>, call: Call) -> bool {
    matches!(code.name(call).as_str(), "io" | "io.connect") && file.says("socket.io-client")
}

/// Whether a folded text begins as an address, or is a variable of the environment.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    is_target(text) && (text.contains("://") || text.starts_with("{env:"))
}

/// `fetch(changes) { … }` in a class or an object defines a method of that name.
fn is_definition(code: &Code<'_>, call: Call) -> bool {
    let Some(close) = code.partner(call.open) else {
        return false;
    };
    let modifier = |at: usize| {
        matches!(
            code.raw(at),
            "async" | "function" | "public" | "private" | "protected" | "static" | "override"
        )
    };
    let typed = || code.is(close + 1, ":") && call.first.checked_sub(1).is_some_and(modifier);
    code.is(close + 1, "{") || typed()
}

/// Whether the file gives the name `fetch` to something that is no client known for it.
fn has_own_fetch(file: &SourceFile<'_>) -> bool {
    static MADE: Finders = Finders::of(&[
        "function fetch(",
        "const fetch = (",
        "const fetch = async",
        "let fetch =",
    ]);
    MADE.any(file.text)
}

fn imports_request(file: &SourceFile<'_>) -> bool {
    static ASKED: Finders = Finders::of(&[
        "require('request",
        "require(\"request",
        "from 'request",
        "from \"request",
    ]);
    ASKED.any(file.text)
}

fn verb(word: &str) -> Option<&'static str> {
    Some(match word.trim_start_matches('$') {
        "get" | "getJSON" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "delete" | "del" => "DELETE",
        "patch" => "PATCH",
        "head" => "HEAD",
        _ => return None,
    })
}

/// A call with an address, with an address and options, or with options that hold the address.
fn address(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    library: &str,
) {
    let code = file.code();
    let arguments = code.arguments(call.open);
    let Some(first) = arguments.first() else {
        return;
    };
    let object = values.literal_at(first).filter(|&open| code.is(open, "{"));
    let (target, options) = match object {
        Some(open) => {
            let url = values.folded_property(open, &["url", "uri"]).or_else(|| {
                let host = values.folded_property(open, &["hostname", "host"])?;
                let port = values.folded_property(open, &["port"]);
                let path = values.folded_property(open, &["path"]).unwrap_or_default();
                let port = port.map_or_else(String::new, |p| format!(":{p}"));
                Some(format!("http://{host}{port}{path}"))
            });
            (url, Some(open))
        }
        None => {
            let options = arguments
                .get(1)
                .and_then(|second| values.literal_at(second));
            (values.fold(first.clone()), options)
        }
    };
    let target = match target {
        Some(text) if is_target(&text) => Some(text),
        // Nothing of the address is known: a call all the same, and it has to be told.
        Some(text) if known(&text) && !text.contains('{') => return,
        _ if matches!(library, "fetch" | "axios") => None,
        _ => return,
    };
    if target.is_none() && object.is_none() && is_webhook(code, first) {
        let held = code.dotted(first.start, first.end);
        let topic = Topic::Stated;
        scan::mark(acc, file, call.line, topic, GIVEN_ADDRESS, Some(held));
    }
    let method = options
        .and_then(|open| values.folded_property(open, &["method", "type"]))
        .filter(|m| m.len() <= 7 && m.chars().all(|c| c.is_ascii_alphabetic()))
        .map(|m| m.to_ascii_uppercase());
    // What says no method asks: where all of its options stand in the call, and none is one.
    let asks = match (options, arguments.get(usize::from(object.is_none()))) {
        (Some(open), _) => {
            let in_place = arguments.iter().any(|part| part.start == open);
            let spread = (code.arguments(open).iter()).any(|part| code.is(part.start, "."));
            let says = ["method", "type"].iter();
            in_place && !spread && !says.into_iter().any(|n| values.property(open, n).is_some())
        }
        (None, None) => true,
        (None, Some(second)) => is_function(code, second),
    };
    let method = method.or_else(|| {
        let known = matches!(library, "fetch" | "axios" | "request" | "node");
        (known && asks).then(|| "GET".to_owned())
    });
    let client = Client {
        method,
        ..scan::call("http", target, library)
    };
    // `fetch(local ? "http://a" : "http://b")` may reach either.
    let other = object.is_none().then(|| other_side(code, first)).flatten();
    let other = other
        .and_then(|range| values.fold(range))
        .filter(|text| is_target(text) && client.target.as_ref() != Some(text));
    let other = other.map(|target| Client {
        target: Some(target),
        ..client.clone()
    });
    for client in std::iter::once(client).chain(other) {
        scan::client(acc, file, call.line, client);
    }
}

/// Whether an address is that of a webhook, which who sets it up gives: `settings.webhookUrl`.
fn is_webhook(code: &Code<'_>, range: &Range<usize>) -> bool {
    let plain = (range.clone()).all(|at| code.ident(at).is_some() || code.is(at, "."));
    let last = range.end.checked_sub(1).and_then(|at| code.ident(at));
    let named = last.is_some_and(|name| {
        let lower = name.to_ascii_lowercase();
        ["webhook", "webhookurl", "webhook_url"].contains(&lower.as_str())
    });
    // A name alone may be that of a constant of another file.
    plain && named && (3..=9).contains(&range.len())
}

/// What stands behind the colon of `a ? b : c`.
fn other_side(code: &Code<'_>, range: &Range<usize>) -> Option<Range<usize>> {
    let (mut at, mut asked) = (range.start, false);
    while at < range.end {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at)?,
            "?" if code.is(at + 1, "?") => at += 1,
            "?" if !code.is(at + 1, ".") => asked = true,
            ":" if asked => return Some(at + 1..range.end),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether an argument is a function that is called back: written there, or by its name.
fn is_function(code: &Code<'_>, part: &Range<usize>) -> bool {
    match code.raw(part.start) {
        "function" | "async" => true,
        "(" => {
            (part.clone()).any(|at| code.is(at, "=>") || code.is(at, "=") && code.is(at + 1, ">"))
        }
        name if part.len() == 1 => matches!(name, "cb" | "callback" | "done" | "next"),
        _ => part.len() > 2 && code.is(part.start + 1, "=") && code.is(part.start + 2, ">"),
    }
}

/// Whether a folded text is the address of a service: not a page or a file beside the script.
fn is_target(text: &str) -> bool {
    let text = text.trim();
    let plain = text.split(['?', '#']).next().unwrap_or(text);
    let is_file = [
        ".html", ".json", ".svg", ".png", ".md", ".txt", ".css", ".js", ".csv",
    ]
    .iter()
    .any(|end| plain.ends_with(end));
    if text.contains([' ', '\n', '<']) || plain.starts_with('.') || !known(text) {
        return false;
    }
    let begins = text.starts_with(['/', '{', '$']) || text.contains("://") || text.contains('/');
    begins && (!is_file || text.contains("://"))
}
