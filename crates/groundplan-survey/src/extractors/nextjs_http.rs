//! HTTP endpoints of Next.js, whose paths are those of its files.

mod pages;

use crate::extractor::{Extractor, Reads};
use crate::extractors::{js_inline, js_responses};
use crate::facts::{Claim, Endpoint, FileFacts, Handler, Input, Mount};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use groundplan_syntax::Code;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nextjs-http",
    docs: "\
### What it finds
Route handlers below `app` with the methods that they export, and API routes below `pages/api` with
the methods that they tell apart or give to a wrapper as a table by method, also where they only give
away what another file has (`export { default } from`); folders in square brackets become parameters.

Of each method what it takes and the statuses that it answers with, as far as its branch shows them, and
the functions whose response it returns.

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
    answers(acc, file, &found, pages.is_none());
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
fn answers(acc: &mut FileFacts, file: &SourceFile<'_>, places: &[(String, usize)], web: bool) {
    let code = file.code();
    let parts = (!web).then(|| pages::of(code, places)).flatten();
    // What stands before `switch (req.method)`, or catches what its branches throw, answers for all of them.
    let first = places.first().map_or(0, |place| place.1);
    let beside = !web
        && parts.is_none()
        && ((first..code.tokens.len()).any(|i| code.is(i, "catch"))
            || (1..first).any(|i| {
                code.is(i - 1, ".")
                    && code.is(i + 1, "(")
                    && matches!(code.raw(i), "status" | "json" | "send" | "end" | "redirect")
            }));
    for (index, (method, at)) in places.iter().enumerate() {
        let next = places.get(index + 1).map_or(code.tokens.len(), |p| p.1);
        let end = (*at..next)
            .find(|&i| code.is(i, "default") && code.is(i + 1, ":"))
            .unwrap_or(next);
        let mut handler = Handler {
            name: method.clone(),
            ..Handler::default()
        };
        let line = code.line(*at);
        if web {
            // Functions behind it are those of others.
            let open = (*at..end).find(|&i| code.is(i, "("));
            let close = open.and_then(|open| code.partner(open));
            let own = close.map(|close| match js_inline::body(code, close) {
                Some((_, body)) => body.end,
                None => close + 1,
            });
            let end = own.unwrap_or(end).min(end);
            js_responses::answers(code, *at..end, &mut handler);
            if file.says("next/navigation") {
                handler.leaves |= (*at..end).any(|i| {
                    code.is(i + 1, "(")
                        && !code.is(i.saturating_sub(1), ".")
                        && matches!(code.raw(i), "notFound" | "redirect" | "permanentRedirect")
                });
            }
            takes(code, *at..end, &mut handler);
            acc.add(file, line, line, Claim::Handler(Box::new(handler)));
            continue;
        }
        let own = parts
            .as_ref()
            .and_then(|p| Some((p, p.answers.get(index)?)));
        if let Some((parts, (ranges, falls))) = own {
            told(code, ranges, parts, &mut handler);
            handler.leaves |= falls;
            acc.add(file, line, line, Claim::Handler(Box::new(handler)));
            continue;
        }
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
            // A text is the state of something else: `status: "accepted"`.
            let status = given
                .filter(|raw| !raw.starts_with(['"', '\'', '`']))
                .and_then(statuses::code);
            if let Some(status) = status.filter(|s| !statuses.contains(s)) {
                statuses.push(status);
            }
        }
        if statuses.is_empty() && plain {
            statuses.push("200");
        }
        statuses.sort_unstable();
        let made = |status: &str| statuses::response(status);
        handler.responses = statuses.into_iter().map(made).collect();
        handler.leaves |= beside;
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
    }
}

/// Adds what the parts of a function take and answer.
fn told(code: &Code<'_>, ranges: &[Range<usize>], parts: &pages::Parts<'_>, handler: &mut Handler) {
    let mut found = Vec::new();
    for range in ranges {
        let (request, response) = parts.names;
        found.extend(js_inline::answers(
            code,
            request,
            response,
            range.clone(),
            handler,
        ));
        for at in range
            .clone()
            .filter(|&at| code.is(at, "body") && code.is(at + 1, "as"))
        {
            let kind = code
                .ident(at + 2)
                .filter(|name| name.starts_with(char::is_uppercase));
            if let Some(kind) = kind {
                handler.request.get_or_insert_with(|| kind.to_owned());
            }
        }
    }
    found.sort();
    found.dedup();
    handler.responses = found.into_iter().map(statuses::response).collect();
    // Who stands before it may answer in its place.
    handler.leaves |= parts.wrapped;
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

/// What a route handler of the web platform takes: `searchParams.get("page")`,
/// `const { name } = await request.json()`, and fields of a variable `body` or `query` that is taken out of
/// the result of a function which is given the request.
pub(super) fn takes(code: &Code<'_>, range: Range<usize>, handler: &mut Handler) {
    // `async function GET(request: Request)`, `export const GET = handle(async (req) => …)`.
    let params = range.clone().take(24).find_map(|at| {
        // `async ({ request, params }: ActionArgs)` of Remix.
        if code.is(at, "(") && code.is(at + 1, "{") {
            let close = code.partner(at + 1)?;
            let named = |i: &usize| code.is(*i, "request") && !code.is(*i + 1, ":");
            return (at + 2..close).find(named).map(|i| ("request", i));
        }
        let first = code.is(at, "(").then(|| code.ident(at + 1)).flatten()?;
        matches!(first, "request" | "req" | "_request" | "_req").then_some((first, at + 1))
    });
    let Some((request, declared)) = params else {
        return;
    };
    // Whether a schema of the function names all that is taken.
    let mut checked = false;
    let mut forms: Vec<&str> = Vec::new();
    let mut bodies: Vec<&str> = Vec::new();
    let mut queries: Vec<&str> = Vec::new();
    for at in declared + 1..range.end {
        let of_request = code.is(at - 1, ".") && code.is(at - 2, request);
        let called = code.is(at + 1, "(");
        match code.raw(at) {
            // Those of another address are not the request's.
            "searchParams" if code.is(at - 1, ".") && !of_the_request(code, at, request) => {}
            "searchParams" if code.is(at + 1, ".") => match code.raw(at + 2) {
                "get" | "getAll" | "has" if code.is(at + 3, "(") => match code.string(at + 4) {
                    Some(name) => js_inline::add(handler, name, "query"),
                    None => handler.more = true,
                },
                _ => handler.more = true,
            },
            "searchParams" => handler.more |= !named_before(code, at),
            "headers" | "cookies"
                if of_request && code.is(at + 1, ".") && code.is(at + 2, "get") =>
            {
                let place = if code.is(at, "headers") {
                    "header"
                } else {
                    "cookie"
                };
                if let Some(name) = code.string(at + 4) {
                    js_inline::add(handler, name, place);
                }
            }
            "json" | "formData" if of_request && called => {
                let place = if code.is(at, "json") { "body" } else { "form" };
                match destructured(code, at - 2) {
                    Some(Fields::Named(names)) => {
                        (names.iter()).for_each(|name| js_inline::add(handler, name, place));
                    }
                    Some(Fields::Whole(variable)) if place == "body" => bodies.push(variable),
                    Some(Fields::Whole(variable)) => forms.push(variable),
                    None if place == "body" => match cast(code, at + 1) {
                        Some(kind) => handler.request = Some(kind.to_owned()),
                        None => handler.more = true,
                    },
                    None => handler.more = true,
                }
            }
            "text" | "arrayBuffer" | "blob" if of_request && called => handler.more = true,
            // `const { query, body } = await parse(request, schema)`
            word if word == request && !matches!(code.raw(at + 1), "." | ":") => {
                let first = (code.is(at - 1, "(")).then(|| at - 2);
                match first.and_then(|at| destructured(code, at)) {
                    Some(Fields::Named(names)) => {
                        // `parse(request, schema)`: what the schema of the same function names.
                        let place = match handler.name.as_str() {
                            "GET" | "HEAD" => "query",
                            _ => "body",
                        };
                        // Where a `DELETE` brings it, the function decides.
                        let known = handler.name != "DELETE" && code.is(at + 1, ",");
                        checked |= known
                            && code.ident(at + 2).is_some_and(|schema| {
                                checked_by(code, schema, declared..at, place, handler)
                            });
                        for name in names {
                            match name {
                                "body" => bodies.push(name),
                                "query" | "searchParams" => queries.push(name),
                                _ => {}
                            }
                        }
                    }
                    _ => handler.more = true,
                }
            }
            _ if code.is(at - 1, ".") => {}
            word if forms.contains(&word) && code.is(at + 1, ".") => {
                match code.string(at + 4).filter(|_| code.is(at + 2, "get")) {
                    Some(name) => js_inline::add(handler, name, "form"),
                    None => handler.more = true,
                }
            }
            word if bodies.contains(&word) => fields(code, at, "body", checked, handler),
            word if queries.contains(&word) => fields(code, at, "query", checked, handler),
            _ => {}
        }
    }
}

/// Adds the fields of `const schema = z.object({ name: z.string() })`; whether they are all that it has.
fn checked_by(
    code: &Code<'_>,
    schema: &str,
    range: Range<usize>,
    place: &str,
    handler: &mut Handler,
) -> bool {
    let made = range.clone().find(|&at| {
        code.is(at, schema)
            && code.is(at + 1, "=")
            && code.is(at + 3, ".")
            && code.is(at + 4, "object")
    });
    let Some(open) = made.map(|at| at + 6).filter(|&open| code.is(open, "{")) else {
        return false;
    };
    let mut all = true;
    for field in code.arguments(open) {
        match code
            .ident(field.start)
            .filter(|_| code.is(field.start + 1, ":"))
        {
            Some(name) => js_inline::add(handler, name, place),
            // `...paging`
            None => all = false,
        }
    }
    all
}

/// What a use of a variable that holds a body or query takes of it.
fn fields(code: &Code<'_>, at: usize, place: &str, checked: bool, handler: &mut Handler) {
    if let Some(name) = code.ident(at + 2).filter(|_| code.is(at + 1, ".")) {
        if !code.is(at + 3, "(") && name != "length" {
            js_inline::add(handler, name, place);
        }
    } else if let Some(Fields::Named(names)) = destructured(code, at) {
        (names.iter()).for_each(|name| js_inline::add(handler, name, place));
    } else {
        // Who is handed it whole takes more; where it is made it is not used.
        let handed = matches!(code.raw(at + 1), ")" | ",");
        handler.more |= handed && !checked && !named_before(code, at);
    }
}

/// Whether `….searchParams` at `at` is of the address that was asked for: `request.nextUrl`, `new URL(request.url)`,
/// or a variable that holds one of them.
fn of_the_request(code: &Code<'_>, at: usize, request: &str) -> bool {
    let asked = |open: usize| code.is(open, "(") && code.is(open + 1, request);
    if code.is(at - 2, ")") {
        return code.partner(at - 2).is_some_and(asked);
    }
    let Some(name) = code.ident(at - 2) else {
        return false;
    };
    name == "nextUrl"
        || (0..at).any(|i| {
            code.is(i, name)
                && code.is(i + 1, "=")
                && (code.is(i + 2, "new") && asked(i + 4)
                    || code.is(i + 2, request) && code.is(i + 4, "nextUrl"))
        })
}

/// Whether `const { searchParams } = …` gives a name that is used behind it.
fn named_before(code: &Code<'_>, at: usize) -> bool {
    matches!(code.raw(at - 1), "{" | ",") && matches!(code.raw(at + 1), "}" | ",")
}

/// The type that what a call gives is taken for: `Order` of `(await request.json()) as Order`.
fn cast<'t>(code: &Code<'t>, open: usize) -> Option<&'t str> {
    let mut at = code.partner(open)? + 1;
    if code.is(at, ")") {
        at += 1;
    }
    let kind = code.ident(at + 1).filter(|_| code.is(at, "as"))?;
    let plain = !matches!(code.raw(at + 2), "." | "<" | "[" | "|" | "&");
    (plain && kind.starts_with(char::is_uppercase)).then_some(kind)
}

/// What an expression is assigned to.
enum Fields<'t> {
    Named(Vec<&'t str>),
    Whole(&'t str),
}

/// The names that `const { name, page = 1 } = …` takes out of an expression that begins at `at`, or the
/// variable that it is assigned to.
fn destructured<'t>(code: &Code<'t>, at: usize) -> Option<Fields<'t>> {
    let equals = (at.saturating_sub(3)..at)
        .rev()
        .find(|&i| !matches!(code.raw(i), "await" | "("))?;
    if !code.is(equals, "=") {
        return None;
    }
    let before = equals.checked_sub(1)?;
    if let Some(name) = code.ident(before) {
        let plain = matches!(code.raw(before.checked_sub(1)?), "const" | "let" | "var");
        return plain.then_some(Fields::Whole(name));
    }
    let open = code.partner(before).filter(|_| code.is(before, "}"))?;
    let names = code.arguments(open).into_iter();
    let names = names.filter_map(|field| code.ident(field.start));
    Some(Fields::Named(names.collect()))
}
