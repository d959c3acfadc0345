//! Remix and React Router: endpoints whose paths are those of their files.

use crate::extractor::{Extractor, Reads};
use crate::extractors::{js_inline, js_responses, nextjs_http};
use crate::facts::{ANSWERED_BY, Claim, Endpoint, FileFacts, Handler};
use crate::http_paths;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Code;
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "remix-routes",
    docs: "\
### What it finds
Resource routes of Remix and of React Router with routes of files (`app/routes/api.orders.$id.ts`,
`app/routes/api.orders.$id/route.ts`, `app/routes/api/orders/$id.ts`): `loader` answers GET, `action` the methods that
it asks for, or all but GET (<https://reactrouter.com/how-to/resource-routes>).

### What it does not find
Pages, which give away a component, and routes that `routes.ts` or the configuration names.
",
    reads: &[Reads::Paths(&[
        "**/app/routes/**/*.ts",
        "**/app/routes/**/*.tsx",
        "**/app/routes/**/*.js",
        "**/app/routes/**/*.jsx",
    ])],
    markers: &["loader", "action"],
    run: extract,
};

/// Functions of the framework that make an answer.
const HELPERS: [&str; 6] = [
    "data",
    "defer",
    "json",
    "redirect",
    "redirectDocument",
    "replace",
];

const CHANGING: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let inner = file.path.rsplit_once("app/routes/").map(|(_, inner)| inner);
    let Some((stem, _)) = inner.and_then(|inner| inner.rsplit_once('.')) else {
        return;
    };
    let code = file.code();
    // What gives away a component is a page.
    let component = |at: usize| code.is(at, "default") && given(code, at);
    if (1..code.tokens.len()).any(component) {
        return;
    }
    let path = path(stem);
    for (name, methods) in [("loader", BTreeSet::from(["GET"])), ("action", asked(code))] {
        let Some(at) = (1..code.tokens.len()).find(|&at| code.is(at, name) && given(code, at))
        else {
            continue;
        };
        let line = code.line(at);
        // What an action does for one method is not what it does for another.
        let asks = methods.len() > 1 && (at..code.tokens.len()).any(|i| code.is(i, "method"));
        let read = match name == "action" && asks {
            true => None,
            false => handler(code, name, at, &methods),
        };
        // One that was not read is none of another file either.
        let handler = read.unwrap_or_else(|| Handler {
            name: name.to_owned(),
            more: true,
            leaves: true,
            ..Handler::default()
        });
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
        for method in methods {
            let endpoint = Endpoint {
                method: method.to_owned(),
                path: path.clone(),
                handler: Some(name.to_owned()),
                summary: prose::summary(file, line),
                ..http_paths::unread("remix")
            };
            scan::endpoint(acc, file, line, line, endpoint);
        }
    }
}

/// What a function that is given away under its own name takes and answers, as far as its own body says.
fn handler(code: &Code<'_>, name: &str, at: usize, methods: &BTreeSet<&str>) -> Option<Handler> {
    let function = code.is(at - 1, "function") || code.is(at + 1, "=");
    let open = (at..code.tokens.len().min(at + 6)).find(|&i| code.is(i, "("))?;
    let wraps = (at + 1..open).any(|i| !matches!(code.raw(i), "=" | "async"));
    if !function || wraps {
        return None;
    }
    let (_, body) = js_inline::body(code, code.partner(open)?)?;
    // The method tells where a schema finds what it checks.
    let method = if name == "loader" { "GET" } else { "POST" };
    let mut made = Handler {
        name: method.to_owned(),
        ..Handler::default()
    };
    js_responses::answers(code, at..body.end, &mut made);
    nextjs_http::takes(code, at..body.end, &mut made);
    name.clone_into(&mut made.name);
    // `json`, `data` and `redirect` of the framework are no functions of the program.
    let helps = |by: &str| {
        by.strip_prefix(ANSWERED_BY)
            .is_some_and(|name| HELPERS.contains(&name))
    };
    made.throws.retain(|by| !helps(by));
    // The one method that it asks for is not refused.
    if name == "action" && methods.len() == 1 {
        made.responses.retain(|r| r.status != "405");
    }
    // What it throws or is helped to answer by the framework, was not followed.
    made.leaves = true;
    Some(made)
}

/// Whether the name at a place is given away: `export const loader`, `export async function action`,
/// `export const { action, loader } = …`, `export { action }`, `export default`.
fn given(code: &Code<'_>, at: usize) -> bool {
    let mut first = at - 1;
    let list = (at.saturating_sub(24)..at)
        .rev()
        .take_while(|&i| code.ident(i).is_some() || matches!(code.raw(i), "," | "{" | ":"))
        .find(|&i| code.is(i, "{"));
    let ends = matches!(code.raw(at + 1), "," | "}");
    if let Some(open) = list.filter(|_| ends && !code.is(at - 1, ".")) {
        first = open.saturating_sub(1);
    }
    while first > 0
        && matches!(
            code.raw(first),
            "const" | "let" | "async" | "function" | "*"
        )
    {
        first -= 1;
    }
    code.is(first, "export")
}

/// The methods that an action asks for: `request.method !== "POST"`, `switch (request.method) { case "PUT":`.
fn asked<'t>(code: &Code<'t>) -> BTreeSet<&'t str> {
    let switches = (2..code.tokens.len())
        .any(|at| code.is(at, "method") && code.is(at - 1, ".") && before(code, at, "switch"));
    let asks = |at: usize| {
        let compared = (at.saturating_sub(8)..at).any(|i| {
            code.is(i, "method") && i > 0 && code.is(i - 1, ".") && code.line(i) == code.line(at)
        });
        compared && code.is(at - 1, "=") || switches && code.is(at - 1, "case")
    };
    let found: BTreeSet<&str> = (1..code.tokens.len())
        .filter_map(|at| Some((at, code.string(at).filter(|word| CHANGING.contains(word))?)))
        .filter_map(|(at, word)| asks(at).then_some(word))
        .collect();
    match found.is_empty() {
        // A GET is never given to it.
        true => BTreeSet::from(CHANGING),
        false => found,
    }
}

fn before(code: &Code<'_>, at: usize, word: &str) -> bool {
    (at.saturating_sub(6)..at).any(|i| code.is(i, word))
}

/// The path of a file below `app/routes`: `api.orders.$id`, `api.orders.$id/route`, `_layout.about`.
fn path(stem: &str) -> String {
    let mut out = String::new();
    let stem = stem.strip_suffix("/route").unwrap_or(stem);
    for part in parts(stem) {
        let part = part.trim_end_matches('+');
        let part = part
            .strip_suffix('_')
            .filter(|p| !p.is_empty())
            .unwrap_or(part);
        if part.is_empty() || part.starts_with('_') || part == "index" {
            continue;
        }
        let inner = part.strip_prefix('(').and_then(|p| p.strip_suffix(')'));
        let part = inner.unwrap_or(part);
        out.push('/');
        match part.strip_prefix('$') {
            Some("") => out.push_str("{path}"),
            Some(name) => out.push_str(&format!("{{{name}}}")),
            None => out.push_str(part),
        }
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

/// The parts between dots and slashes; what stands in brackets is meant as it is: `sitemap[.]xml`.
fn parts(stem: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut inside = false;
    for sign in stem.chars() {
        match sign {
            '[' => inside = true,
            ']' => inside = false,
            '.' | '/' if !inside => all.push(String::new()),
            sign => {
                if let Some(last) = all.last_mut() {
                    last.push(sign);
                }
            }
        }
    }
    all
}
