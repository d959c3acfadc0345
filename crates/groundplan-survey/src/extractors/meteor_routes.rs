//! Meteor: routes beside its publications and methods.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::extractors::js_http::{VERBS, name_of, verb};
use crate::extractors::js_inline;
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths::{self, Written};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "meteor-routes",
    docs: "\
### What it finds
Routes of Meteor: what is added to the handlers of its web server (`WebApp.handlers.get(\"/orders\", list)`,
`WebApp.connectHandlers.use(\"/orders\", list)` with the methods that the function, one of the same file, asks for,
<https://docs.meteor.com/packages/webapp>) and to `JsonRoutes` of the package simple:json-routes.

### What it does not find
Methods and publications, functions that a request only goes through, and those of other files that are given
all requests below a path.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["WebApp.", "JsonRoutes.add("],
    run: extract,
};

/// What the web server of Meteor calls its handlers, since version 3 and before.
const HANDLERS: [&str; 4] = [
    "handlers",
    "rawHandlers",
    "connectHandlers",
    "rawConnectHandlers",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    for call in code.calls() {
        let name = code.name(call);
        let mut arguments = code.arguments(call.open);
        let methods = match name.split('.').collect::<Vec<_>>().as_slice() {
            ["WebApp", handlers, word] if HANDLERS.contains(handlers) => match *word {
                "use" if arguments.len() > 1 => match arguments.last() {
                    Some(handler) => answered(code, handler),
                    None => continue,
                },
                word if VERBS.contains(&word) => BTreeSet::from([verb(word)]),
                _ => continue,
            },
            ["JsonRoutes", "add"] if arguments.len() > 2 => {
                let method = arguments.remove(0);
                let word = code.string(method.start).unwrap_or_default();
                let word = word.to_ascii_lowercase();
                if !VERBS.contains(&word.as_str()) {
                    continue;
                }
                BTreeSet::from([verb(&word)])
            }
            _ => continue,
        };
        let [path, .., handler] = arguments.as_slice() else {
            continue;
        };
        let raw = match http_paths::written(code, path, |range| values.fold(range)) {
            Written::Path(raw) if raw.starts_with('/') => raw,
            Written::Path(_) | Written::Unread => http_paths::UNREAD.to_owned(),
            Written::Other => continue,
        };
        for method in methods {
            let endpoint = match raw.as_str() {
                http_paths::UNREAD => http_paths::unread("meteor"),
                raw => Endpoint {
                    method,
                    path: scan::path(raw),
                    handler: name_of(file, handler),
                    summary: prose::beside_route(file, code.line(call.first)),
                    ..http_paths::unread("meteor")
                },
            };
            scan::endpoint(acc, file, call.line, call.line, endpoint);
        }
    }
}

/// The methods that a function answers which is given all requests below a path; none of one that only hands
/// them on.
fn answered(code: &Code<'_>, handler: &Range<usize>) -> BTreeSet<String> {
    // `use("/api", limit({ max: 10 }))` makes what stands before others, and so may a function of another file.
    let written = matches!(code.raw(handler.start), "async" | "function" | "(");
    let name = code
        .ident(handler.start)
        .filter(|_| handler.len() == 1 && !written);
    let body = match name {
        Some(name) => {
            (1..code.tokens.len()).find_map(|at| Some(js_inline::definition(code, name, at)?.1))
        }
        None => written.then(|| handler.clone()),
    };
    let Some(handler) = body else {
        return BTreeSet::new();
    };
    let ends = |at: &usize| {
        let word = code.raw(*at);
        let sends = matches!(word, "end" | "json" | "send" | "pipe" | "redirect")
            && code.is(at.wrapping_sub(1), ".");
        (sends || word.starts_with("send")) && code.is(at + 1, "(")
    };
    if !handler.clone().any(|at| ends(&at)) {
        return BTreeSet::new();
    }
    let asked = |at: usize| {
        let asks = code.is(at, "method") && code.is(at.wrapping_sub(1), ".");
        let text = (at + 1..at + 5)
            .filter(|_| asks)
            .find_map(|i| code.string(i));
        text.filter(|word| METHODS.contains(word))
            .map(str::to_owned)
    };
    let found: BTreeSet<String> = handler.clone().filter_map(asked).collect();
    match found.is_empty() {
        true => BTreeSet::from(["ANY".to_owned()]),
        false => found,
    }
}
