//! JavaScript and TypeScript: procedures that are offered over HTTP as well, of tRPC and oRPC.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-procedures",
    docs: "\
### What it finds
Procedures that say at which path they are offered: `.meta({ openapi: { method: \"GET\", path: \"/orders\" } })` of
tRPC (<https://github.com/trpc/trpc-openapi>) and `.route({ method: \"GET\", path: \"/orders\" })` of oRPC
(<https://orpc.unnoq.com/docs/openapi/routing>), with the prefix that the handler of the same project is given.

### What it does not find
Procedures that are only called through a client, prefixes of routers in routers.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &[".meta(", ".route(", "OpenAPIHandler", "createOpenApi"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let orpc = file.text.contains("orpc") || file.text.contains("ORPC");
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        let Some(open) = code
            .arguments(call.open)
            .first()
            .and_then(|first| values.literal_at(first))
            .filter(|open| code.is(*open, "{"))
        else {
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
        let Some(path) = values
            .folded_property(object, &["path"])
            .filter(|p| p.starts_with('/'))
        else {
            continue;
        };
        let method = values.property(object, "method");
        let method = method.and_then(|mut range| range.find_map(|at| code.string(at)));
        let Some(method) = method.or(default).filter(|m| METHODS.contains(m)) else {
            continue;
        };
        // `.route({ … })` begins within a chain; the name is the key or constant before it.
        let endpoint = Endpoint {
            method: method.to_owned(),
            path: http_paths::template(&path),
            ..http_paths::unread(framework)
        };
        http_paths::add(acc, file, call.line, call.line, endpoint);
    }
    prefix(acc, file);
}

/// `handler.handle(request, { prefix: "/api" })` of a file that makes an `OpenAPIHandler`, and the place of a
/// page that `createOpenApiNextHandler` makes.
fn prefix(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let values = Values::new(file);
    let mut found = None;
    if file.text.contains("OpenAPIHandler") {
        for call in code.calls().filter(|call| code.is(call.open - 1, "handle")) {
            let arguments = code.arguments(call.open);
            let open = arguments.get(1).and_then(|range| values.literal_at(range));
            let text = open.and_then(|open| values.folded_property(open, &["prefix"]));
            if let Some(text) = text.filter(|text| text.starts_with('/')) {
                found = Some((call.line, "*orpc", text));
            }
        }
    } else if file.text.contains("createOpenApiNextHandler")
        && let Some((_, inner)) = file.path.split_once("pages/api")
        && let Some((folders, _)) = inner.rsplit_once('/')
    {
        found = Some((1, "*trpc", format!("/api{folders}")));
    }
    if let Some((line, target, prefix)) = found {
        let mount = Mount {
            prefix: http_paths::prefix(&prefix),
            target: target.to_owned(),
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
}
