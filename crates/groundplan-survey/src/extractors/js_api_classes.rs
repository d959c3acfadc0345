//! Classes of JavaScript and TypeScript that call the outside through the class above them, which is given the
//! address: `class Weather extends ApiClient { constructor() { super("https://api.example.org/v2"); } }`.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-api-classes",
    docs: "\
### What it finds
The host that a class gives to the class above it (`super(\"https://api.example.org/v2\")`,
`super({ baseURL: \"https://…\" })`) or keeps in a field for it (`baseURL = \"https://…\"`), where its methods ask for
paths there (`this.get(\"/current\")`, `this.client.post(\"/alerts\")`); and the host that an instance of a class of
clients is made with (`new ImageProxy(\"maps\", \"https://tiles.example.org\")`).

### What it does not find
Addresses that settings give, and classes whose methods call by other names.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["super(", "baseURL", "baseUrl", "Client(", "API(", "Api(", "Proxy("],
    run: extract,
};

/// Options and fields that hold a base.
const BASES: [&str; 6] = [
    "apiUrl",
    "baseURL",
    "baseUrl",
    "base_url",
    "endpoint",
    "prefixUrl",
];

/// Methods that ask for a path.
const VERBS: [&str; 8] = [
    "delete", "fetch", "get", "patch", "post", "put", "query", "request",
];

/// What holds a client in a class.
const HOLDERS: [&str; 6] = ["api", "axios", "client", "http", "httpClient", "instance"];

/// Classes and instances of one file at most.
const MOST: usize = 40;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let mut values = None;
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut looked = 0;
    for at in 0..code.tokens.len() {
        if found.len() >= MOST || looked >= MOST {
            break;
        }
        match code.raw(at) {
            "class" if code.ident(at + 1).is_some() => {
                let Some(body) = extending(code, at) else {
                    continue;
                };
                looked += 1;
                let values = values.get_or_insert_with(|| Values::new(file));
                if asks(code, body.clone()) {
                    found.extend(given(code, values, body));
                }
            }
            "new" if makes_client(code, at) => {
                let literal = |range: &Range<usize>| {
                    let text = code.string(range.start).filter(|_| range.len() == 1)?;
                    is_address(text).then(|| text.to_owned())
                };
                let address = code.arguments(at + 2).iter().take(2).find_map(literal);
                found.extend(address.map(|address| (code.line(at), address)));
            }
            _ => {}
        }
    }
    found.dedup();
    for (line, address) in found {
        // What stands behind a question mark may be a key.
        let base = address.split(['?', '#']).next().map(str::to_owned);
        scan::client(acc, file, line, scan::call("http", base, ""));
    }
}

/// The body of a class that extends another.
fn extending(code: &Code<'_>, at: usize) -> Option<Range<usize>> {
    let last = (at + 60).min(code.tokens.len());
    let extends = (at + 2..last).find(|&i| matches!(code.raw(i), "extends" | "{"))?;
    if !code.is(extends, "extends") {
        return None;
    }
    let open = (extends + 2..last).find(|&i| code.is(i, "{"))?;
    Some(open + 1..code.partner(open)?)
}

/// Whether a class asks for paths by a method of its own or of a client that it holds.
fn asks(code: &Code<'_>, body: Range<usize>) -> bool {
    let (start, end) = (body.start, body.end);
    let mut calls = code
        .calls()
        .filter(|call| call.open > start && call.open < end);
    calls.any(|call| {
        let word = scan::word_at(code, call);
        if !VERBS.contains(&code.raw(word)) || !code.is(word.wrapping_sub(1), ".") {
            return false;
        }
        let holder = word.wrapping_sub(2);
        let own = code.is(holder, "this")
            || HOLDERS.contains(&code.raw(holder))
                && code.is(holder.wrapping_sub(1), ".")
                && code.is(holder.wrapping_sub(2), "this");
        let first = code.arguments(call.open).into_iter().next();
        own && first.is_some_and(|r| code.string(r.start).is_some_and(is_path))
    })
}

/// Whether a text is a path below a base.
fn is_path(text: &str) -> bool {
    !text.contains("://") && !text.contains(char::is_whitespace) && text.contains('/')
}

/// The address that the body of a class gives to what is above it, with its line.
fn given(code: &Code<'_>, values: &Values<'_, '_>, body: Range<usize>) -> Option<(u32, String)> {
    let mut at = body.start;
    while at < body.end {
        // `private baseUrl = "https://…";`
        if BASES.contains(&code.raw(at))
            && code.is(at + 1, "=")
            && let Some(text) = code.string(at + 2).filter(|text| is_address(text))
        {
            return Some((code.line(at), text.to_owned()));
        }
        if code.is(at, "constructor") && code.is(at + 1, "(") {
            let open = (at + 2..body.end).find(|&i| code.is(i, "super") && code.is(i + 1, "("))?;
            let first = code.arguments(open + 1).into_iter().next()?;
            let object = values.literal_at(&first).filter(|&open| code.is(open, "{"));
            let address = match object {
                Some(open) => values.folded_property(open, &BASES),
                None => values.fold(first),
            };
            let address = address.filter(|address| is_address(address))?;
            return Some((code.line(open), address));
        }
        at = match code.raw(at) {
            "{" | "(" | "[" => code.partner(at).map_or(at + 1, |close| close + 1),
            _ => at + 1,
        };
    }
    None
}

/// `new ImageProxy(`: a class of clients by its name. One that signs callers in is given the address to come back to.
fn makes_client(code: &Code<'_>, at: usize) -> bool {
    const ENDS: [&str; 4] = ["API", "Api", "Client", "Proxy"];
    let name = code.ident(at + 1).filter(|_| code.is(at + 2, "("));
    name.is_some_and(|name| {
        ENDS.iter()
            .any(|end| name.len() > end.len() && name.ends_with(end))
            && !name.to_ascii_lowercase().contains("auth")
    })
}

/// Whether a text is an address whose host is written out.
fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', ':', '?', '#']).next());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    host.is_some_and(|host| host.contains('.') && host.chars().all(plain))
}
