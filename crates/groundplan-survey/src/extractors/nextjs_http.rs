//! HTTP endpoints of Next.js, whose paths are those of its files.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Handler, Input, Mount};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::Code;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nextjs-http",
    docs: "\
### What it finds
Route handlers below `app` with the methods that they export, and API routes below `pages/api` with
the methods that they tell apart or give to a wrapper as a table by method, also where they only give
away what another file has (`export { default } from`); folders in square brackets become parameters.

Of each method the body that it takes and the statuses that it answers with, as far as its branch
shows them.

### What it does not find
Pages; what functions called by a route do; a base path of the configuration.
",
    reads: &[Reads::Paths(&[
        "**/pages/api/**/*.ts",
        "**/pages/api/**/*.js",
        "**/pages/api/**/*.tsx",
        "**/app/**/route.ts",
        "**/app/**/route.js",
        "**/app/**/route.tsx",
    ])],
    markers: &["export", "exports"],
    run: extract,
};

/// Tokens before a name in the list that gives it away, at most.
const MOST_LISTED: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) == Part::Own {
        next(acc, file);
    }
}

fn next(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let stem = file
        .path
        .rsplit_once('.')
        .map_or(file.path, |(stem, _)| stem);
    let parts: Vec<&str> = stem.split('/').collect();
    let pages = parts.windows(2).position(|w| w == ["pages", "api"]);
    let app = parts.iter().rposition(|p| *p == "app");
    let (from, until) = match (pages, app) {
        (Some(at), _) => (at + 1, parts.len()),
        // `app/src/api/orders/route.ts` lies in a project that is called so.
        (None, Some(at)) if parts.last() == Some(&"route") && parts.get(at + 1) != Some(&"src") => {
            (at + 1, parts.len() - 1)
        }
        _ => return,
    };
    let mut path = String::new();
    for part in &parts[from..until] {
        let grouped = part.starts_with('(') || part.starts_with('@');
        if grouped || (*part == "index" && pages.is_some()) {
            continue;
        }
        let inner = part.trim_start_matches('[').trim_end_matches(']');
        let inner = inner.trim_start_matches("...");
        path.push('/');
        if inner.len() == part.len() {
            path.push_str(part);
        } else {
            path.push_str(&format!("{{{inner}}}"));
        }
    }
    let mut found: Vec<(String, usize)> = Vec::new();
    for at in 1..code.tokens.len() {
        let word = if pages.is_some() {
            let compared = matches!(code.raw(at - 1), "case" | "=" | "[");
            // A table of handlers that a wrapper is given: `withMiddlewares({ POST: …, GET: … })`.
            let key = matches!(code.raw(at - 1), "{" | ",") && code.is(at + 1, ":");
            let named = code.ident(at).filter(|_| key);
            code.string(at).filter(|_| compared).or(named)
        } else {
            let exported = matches!(code.raw(at - 1), "function" | "const")
                && (at.saturating_sub(3)..at).any(|before| code.is(before, "export"));
            code.ident(at).filter(|_| exported || listed(code, at))
        };
        let method = word.filter(|w| {
            matches!(
                *w,
                "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
            )
        });
        if let Some(method) = method
            && !found.iter().any(|(known, _)| known == method)
        {
            found.push((method.to_owned(), at));
        }
    }
    let exported = (1..code.tokens.len())
        .find(|&at| code.is(at, "default") && (code.is(at - 1, "export") || listed(code, at)));
    if found.is_empty() && pages.is_some() {
        found.extend(exported.map(|at| ("ANY".to_owned(), at)));
    }
    answers(acc, file, &found);
    let handed = handed(code);
    for (method, at) in found {
        let line = code.line(at);
        let endpoint = Endpoint {
            method,
            path: if path.is_empty() {
                "/".to_owned()
            } else {
                path.clone()
            },
            handler: None,
            framework: "nextjs".to_owned(),
            summary: exported.and_then(|at| prose::summary(file, code.line(at))),
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: handed.clone(),
            class: None,
            guards: Vec::new(),
        };
        scan::endpoint(acc, file, line, line, endpoint);
    }
}

/// Whether a name is one that a list gives away: `export { default } from "…"`,
/// `export { handler as GET }`, `export const { GET, POST } = handlers`.
fn listed(code: &Code<'_>, at: usize) -> bool {
    let ends = matches!(code.raw(at + 1), "," | "}");
    let begins = matches!(code.raw(at - 1), "," | "{" | "as");
    let open = (0..at).rev().take(MOST_LISTED).find(|&i| code.is(i, "{"));
    ends && begins
        && open.and_then(|i| i.checked_sub(1)).is_some_and(|before| {
            code.is(before, "export")
                || code.is(before, "const") && before > 0 && code.is(before - 1, "export")
        })
}

/// `export const GET = handle(app)`: the routes of an application of Hono answer, which has whole paths.
fn handed(code: &Code<'_>) -> Vec<Mount> {
    let named = (1..code.tokens.len()).find_map(|at| {
        let whole = code.is(at, "handle") && code.is(at - 1, "=") && code.is(at + 1, "(");
        code.ident(at + 2).filter(|_| whole && code.is(at + 3, ")"))
    });
    let mount = |name| Mount {
        target: format!("#{name}"),
        ..Mount::default()
    };
    named.map(mount).into_iter().collect()
}

/// What stands in the branch of each method: from where it is told apart to the next.
fn answers(acc: &mut FileFacts, file: &SourceFile<'_>, places: &[(String, usize)]) {
    let code = file.code();
    for (index, (method, at)) in places.iter().enumerate() {
        let next = places.get(index + 1).map_or(code.tokens.len(), |p| p.1);
        let end = (*at..next)
            .find(|&i| code.is(i, "default") && code.is(i + 1, ":"))
            .unwrap_or(next);
        let mut handler = Handler {
            name: method.clone(),
            ..Handler::default()
        };
        let mut statuses: Vec<&str> = Vec::new();
        let mut plain = false;
        for i in *at..end {
            let given = match code.raw(i) {
                "status" if code.is(i + 1, "(") || code.is(i + 1, ":") => Some(code.raw(i + 2)),
                "json" | "send" if code.is(i + 1, "(") && code.is(i.wrapping_sub(1), ".") => {
                    plain |= !code.is(i.wrapping_sub(2), ")");
                    None
                }
                "query" => {
                    queries(code, i, &mut handler);
                    None
                }
                "body" if code.is(i.wrapping_sub(1), ".") || code.is(i + 1, "as") => {
                    let kind = code.ident(i + 2).filter(|_| code.is(i + 1, "as"));
                    handler.request = kind
                        .map(str::to_owned)
                        .or(handler.request)
                        .or_else(|| Some("JSON".to_owned()));
                    None
                }
                _ => None,
            };
            let status = given.and_then(statuses::code);
            if let Some(status) = status.filter(|s| !statuses.contains(s)) {
                statuses.push(status);
            }
        }
        if statuses.is_empty() && plain {
            statuses.push("200");
        }
        statuses.sort_unstable();
        let made = |status: &str| Response {
            status: status.to_owned(),
            description: None,
            schema: None,
        };
        handler.responses = statuses.into_iter().map(made).collect();
        let line = code.line(*at);
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
    }
}

/// The names that `const { id, page = 1 } = req.query` takes out of the query.
fn queries(code: &Code<'_>, at: usize, handler: &mut Handler) {
    let from = match at.checked_sub(2) {
        Some(before) if code.is(before + 1, ".") => before,
        _ => at,
    };
    let Some(close) = from
        .checked_sub(2)
        .filter(|&c| code.is(c, "}") && code.is(c + 1, "="))
    else {
        return;
    };
    let first = close.saturating_sub(60);
    let Some(open) = (first..close).rev().find(|&i| code.is(i, "{")) else {
        return;
    };
    for i in open + 1..close {
        let begins = code.is(i - 1, "{") || code.is(i - 1, ",");
        if let Some(name) = code.ident(i).filter(|_| begins) {
            handler.inputs.push(Input {
                name: name.to_owned(),
                place: "query".to_owned(),
                data_type: None,
                required: false,
            });
        }
    }
}
