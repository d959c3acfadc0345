//! JavaScript and TypeScript: procedures that are offered over HTTP as well, of tRPC and oRPC.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::extractors::js_described_routes::DESCRIBED;
use crate::extractors::js_imports::imports;
use crate::extractors::js_inline::INLINE;
use crate::extractors::js_validators;
use crate::facts::{Claim, Endpoint, FileFacts, Handler, Mount, Router};
use crate::http_paths;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use crate::values::Values;
use groundplan_model::Response;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-procedures",
    docs: "\
### What it finds
Procedures that say at which path they are offered: `.meta({ openapi: { method: \"GET\", path: \"/orders\" } })` of
tRPC (<https://github.com/trpc/trpc-openapi>) and `.route({ method: \"GET\", path: \"/orders\" })` of oRPC
(<https://orpc.unnoq.com/docs/openapi/routing>), with the prefix that the handler of the same project is given, and the
schemas that `.input()` and `.output()` name. The description of a procedure of tRPC may be a constant of another file.
Those of tRPC stand below what their handler is given (`createOpenApiExpressMiddleware` below a path, `endpoint`,
`basePath`) or the path in the `baseUrl` of their document; where neither was read, the begin of their path is unknown.

### What it does not find
Procedures that are only called through a client, prefixes of routers in routers.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &[
        ".meta(",
        ".route(",
        "OpenAPIHandler",
        "createOpenApi",
        "generateOpenApiDocument",
        "fastifyTRPCOpenApiPlugin",
        "openapi: {",
    ],
    run: extract,
};

/// Descriptions of one file that others may name, at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let orpc = file.text.contains("orpc") || file.text.contains("ORPC");
    if file.says("openapi") {
        describe(acc, file, &values);
    }
    let mut names = None;
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        if !matches!(word, "meta" | "route") {
            continue;
        }
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first() else {
            continue;
        };
        let Some(open) = values.literal_at(first).filter(|open| code.is(*open, "{")) else {
            // `.meta(showMeta)` of another file.
            let name = code
                .ident(first.start)
                .filter(|_| word == "meta" && first.len() == 1);
            let Some(name) = name else {
                continue;
            };
            let names = names.get_or_insert_with(|| imports(code));
            let there = names.get(name).and_then(|there| there.rsplit_once('#'));
            let (made, is_procedure) = schemas(code, call.open, false);
            if let Some((module, name)) = there.filter(|_| is_procedure) {
                let endpoint = Endpoint {
                    method: format!("[{module}#{DESCRIBED}{name}]"),
                    path: "/".to_owned(),
                    ..http_paths::unread("trpc")
                };
                http_paths::add(acc, file, call.line, call.line, endpoint);
                acc.add(file, call.line, call.line, Claim::Handler(Box::new(made)));
            }
            continue;
        };
        let (framework, object, default) = match word {
            "meta" => {
                let inner = values.property(open, "openapi");
                match inner.filter(|range| code.is(range.start, "{")) {
                    Some(range) => ("trpc", range.start, None),
                    None => continue,
                }
            }
            // What another framework calls `route` has a handler in its object.
            "route" if orpc && values.property(open, "handler").is_none() => {
                ("orpc", open, Some("POST"))
            }
            _ => continue,
        };
        let Some((method, path)) = said(code, &values, object, default) else {
            continue;
        };
        // `.route({ … })` begins within a chain; the name is the key or constant before it.
        let endpoint = Endpoint {
            method,
            path,
            summary: summary(&values, object),
            ..http_paths::unread(framework)
        };
        http_paths::add(acc, file, call.line, call.line, endpoint);
        if framework == "trpc" {
            let old = is_true(code, &values, object, "deprecated");
            let (made, _) = schemas(code, call.open, old);
            acc.add(file, call.line, call.line, Claim::Handler(Box::new(made)));
        }
    }
    if SERVES.into_iter().any(|word| file.says(word)) {
        prefix(acc, file, &values);
    }
}

/// Words of files that serve procedures or describe where they are served.
const SERVES: [&str; 4] = [
    "OpenAPIHandler",
    "createOpenApi",
    "fastifyTRPCOpenApiPlugin",
    "generateOpenApiDocument",
];

/// The method and path of a description whose bracket opens at `object`, unless it is switched off.
pub(super) fn said(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    object: usize,
    default: Option<&str>,
) -> Option<(String, String)> {
    let off = values.property(object, "enabled");
    if off.is_some_and(|range| code.is(range.start, "false")) {
        return None;
    }
    let path = values.folded_property(object, &["path"])?;
    let method = values.property(object, "method");
    let method = method.and_then(|mut range| range.find_map(|at| code.string(at)));
    let method = method.or(default).filter(|m| METHODS.contains(m))?;
    path.starts_with('/')
        .then(|| (method.to_owned(), http_paths::template(&path)))
}

/// What a description says that its operation does.
pub(super) fn summary(values: &Values<'_, '_>, object: usize) -> Option<String> {
    let text = values.folded_property(object, &["summary", "description"])?;
    (!text.contains('{'))
        .then(|| prose::sentence(&text))
        .flatten()
}

/// Whether a property is `true` as written.
pub(super) fn is_true(code: &Code<'_>, values: &Values<'_, '_>, object: usize, name: &str) -> bool {
    let value = values.property(object, name);
    value.is_some_and(|range| range.len() == 1 && code.is(range.start, "true"))
}

/// `export const showMeta: RouteMeta = { openapi: { method: "GET", path: "/orders/{id}" } }`, which a procedure of
/// another file is given.
fn describe(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    let opens = (3..code.tokens.len()).filter(|&at| code.is(at, "{") && code.is(at - 1, "="));
    for open in opens.take(MOST) {
        // `export const name =`, `export const name: Type =`
        let declared = (open.saturating_sub(8)..open)
            .rev()
            .find(|&at| code.is(at, "const"));
        let Some(at) = declared.filter(|&at| at > 0 && code.is(at - 1, "export")) else {
            continue;
        };
        let Some(name) = code.ident(at + 1) else {
            continue;
        };
        let inner = values.property(open, "openapi");
        let Some(object) = inner.map(|r| r.start).filter(|&at| code.is(at, "{")) else {
            continue;
        };
        let Some((method, path)) = said(code, values, object, None) else {
            continue;
        };
        let mut verbs = vec![format!("{method} {path}")];
        verbs.extend(summary(values, object));
        let router = Router {
            name: format!("{DESCRIBED}{name}"),
            verbs,
            ..Router::default()
        };
        let line = code.line(at);
        acc.add(file, line, line, Claim::Router(router));
    }
}

/// What `.input(schema)` and `.output(schema)` behind a description say that its procedure takes and answers, and
/// whether it ends as a procedure does: others have a method `meta` too.
fn schemas(code: &Code<'_>, open: usize, deprecated: bool) -> (Handler, bool) {
    let mut made = Handler {
        name: INLINE.to_owned(),
        deprecated,
        // What it throws, and what stands before it answers, was not followed.
        leaves: true,
        ..Handler::default()
    };
    let mut at = code.partner(open);
    for _ in 0..16 {
        let Some(close) = at.filter(|close| code.is(close + 1, ".")) else {
            break;
        };
        let next = close + 3;
        if !code.is(next, "(") {
            break;
        }
        match (code.raw(close + 2), code.arguments(next).as_slice()) {
            ("input", [schema]) => takes(code, schema, "body", &mut made),
            ("output", [schema]) => made.responses.push(answer(code, "200", schema)),
            ("query" | "mutation" | "subscription", _) => return (made, true),
            _ => {}
        }
        at = code.partner(next);
    }
    (made, false)
}

/// The name of the schema that an argument is: `ZOrder`, `schemas.ZOrder`.
fn named<'t>(code: &Code<'t>, schema: &Range<usize>) -> Option<&'t str> {
    let last = schema.end.checked_sub(1)?;
    let plain = schema
        .clone()
        .all(|at| code.ident(at).is_some() || code.is(at, "."));
    let name = code.ident(last).filter(|_| plain)?;
    (!matches!(name, "undefined" | "null" | "unknown" | "any")).then_some(name)
}

/// Adds what a schema says that an operation takes in its body or query.
pub(super) fn takes(code: &Code<'_>, schema: &Range<usize>, place: &str, made: &mut Handler) {
    match named(code, schema) {
        // A `GET` has no body: what it takes in its query, another place says.
        Some(name) if place == "body" => {
            made.request = Some(name.to_owned());
            made.more = true;
        }
        Some(_) => made.more = true,
        None => made.more |= !js_validators::fields(code, schema, place, made),
    }
}

/// An answer with a status, and the name of its schema where it has one.
pub(super) fn answer(code: &Code<'_>, status: &str, schema: &Range<usize>) -> Response {
    Response {
        schema: named(code, schema).map(str::to_owned),
        ..statuses::response(status)
    }
}

/// What the handlers of a file put before the procedures of their project.
fn prefix(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    let mut found = Vec::new();
    // `handler.handle(request, { prefix: "/api" })` of a file that makes an `OpenAPIHandler`
    if file.text.contains("OpenAPIHandler") {
        for call in code.calls().filter(|call| code.is(call.open - 1, "handle")) {
            let arguments = code.arguments(call.open);
            let open = arguments.get(1).and_then(|range| values.literal_at(range));
            let text = open.and_then(|open| values.folded_property(open, &["prefix"]));
            if let Some(text) = text.filter(|text| text.starts_with('/')) {
                found = vec![(call.line, "*orpc", text)];
            }
        }
    } else if file.text.contains("createOpenApiNextHandler") {
        // The place of a page that `createOpenApiNextHandler` makes.
        if let Some((_, inner)) = file.path.split_once("pages/api")
            && let Some((folders, _)) = inner.rsplit_once('/')
        {
            found.push((1, "*trpc", format!("/api{folders}")));
        }
    } else {
        let all = code.calls().filter_map(|call| {
            let prefix = of_handler(code, values, call)?;
            Some((call.line, "*trpc", prefix))
        });
        found.extend(all);
    }
    for (line, target, prefix) in found {
        let mount = Mount {
            prefix: http_paths::prefix(&prefix),
            target: target.to_owned(),
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// What a call puts before all procedures of tRPC, if it is one that serves them or describes where they are served.
fn of_handler(code: &Code<'_>, values: &Values<'_, '_>, call: Call) -> Option<String> {
    let arguments = code.arguments(call.open);
    let made = |range: &Range<usize>, name: &str| code.is(range.start, name);
    let property = |at: usize, name: &str| {
        let object = values.literal_at(arguments.get(at)?)?;
        values.folded_property(object, &[name])
    };
    let text = match scan::last_of_name(code, call) {
        // `createOpenApiFetchHandler<typeof appRouter>({ endpoint: "/api" })`
        "createOpenApiFetchHandler" => property(0, "endpoint")?,
        "generateOpenApiDocument" => below_host(&property(1, "baseUrl")?)?,
        // Where a router stands that takes it in, is not followed.
        "use" if !is_program(code.raw(call.open.saturating_sub(3))) => return None,
        "use" => match arguments.as_slice() {
            [path, handler] if made(handler, "createOpenApiExpressMiddleware") => {
                values.fold(path.clone())?
            }
            [handler] if made(handler, "createOpenApiExpressMiddleware") => String::new(),
            _ => return None,
        },
        "createServer" if made(arguments.first()?, "createOpenApiHttpHandler") => String::new(),
        "register" if made(arguments.first()?, "fastifyTRPCOpenApiPlugin") => {
            let object = values.literal_at(arguments.get(1)?)?;
            match values.property(object, "basePath") {
                Some(range) => values.fold(range)?,
                None => String::new(),
            }
        }
        _ => return None,
    };
    let text = text.trim_end_matches('/');
    (!text.contains(['{', '*']) && (text.is_empty() || text.starts_with('/')))
        .then(|| text.to_owned())
}

/// Whether a name is that of a whole program: where another router stands, is not known from its name.
pub(super) fn is_program(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("app") || name.ends_with("server") || matches!(&*name, "express" | "fastify")
}

/// The path of an address: `/api/v2` of `https://shop.example/api/v2` and of `{SITE}/api/v2`. What is an address
/// whole, has one that was not read.
fn below_host(text: &str) -> Option<String> {
    let rest = match text.split_once("://") {
        Some((_, rest)) => rest,
        None => text,
    };
    let rest = match rest.strip_prefix('{') {
        Some(inner) => {
            let (_, rest) = inner.split_once('}')?;
            if rest.trim_matches('/').is_empty() {
                return None;
            }
            rest
        }
        None if text.contains("://") => {
            rest.find('/').map_or("", |at| rest.get(at..).unwrap_or(""))
        }
        None => rest,
    };
    Some(rest.to_owned())
}
