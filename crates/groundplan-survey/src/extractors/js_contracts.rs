//! JavaScript and TypeScript: contracts of ts-rest, and what serves them.

use crate::extractor::{Extractor, Reads};
use crate::extractors::js_contexts;
use crate::extractors::js_imports::imports;
use crate::extractors::js_inline::INLINE;
use crate::extractors::js_procedures;
use crate::facts::{Claim, Endpoint, FileFacts, Handler, Mount, Router};
use crate::http_paths::{self, UNREAD};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{Origin, Response};
use groundplan_syntax::{Code, Language};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-contracts",
    docs: "\
### What it finds
Operations that a contract of ts-rest describes (`initContract().router({ show: { method: \"GET\", path: \"/orders/:id\" } })`,
<https://ts-rest.com/contract/overview>) with what they take and answer, contracts in contracts also of other files, and
where a program serves them (`createExpressEndpoints`, `createHonoEndpoints`, `registerRouter`, `createNextRouter`,
`createNextHandler`, `fetchRequestHandler`, `createLambdaHandler`).

### What it does not find
Contracts that nothing serves here, which are those of clients, those that are served at a place which was not read,
and those that NestJS serves.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["initContract", "@ts-rest/"],
    run: extract,
};

/// Contracts in contracts that are followed at most.
const DEPTH: u8 = 6;

/// Parts of the contracts of one file that are looked at, at most.
const MOST: usize = 5000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    let names = imports(file.code());
    if file.says("initContract") {
        describe(acc, file, &values, &names);
    }
    serve(acc, file, &values, &names);
}

/// What names of a file stand for that it imports.
type Names = BTreeMap<String, String>;

/// The contracts of a file that have a name.
fn describe(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, names: &Names) {
    let code = file.code();
    let left = Cell::new(MOST);
    let made = |at: usize| {
        let maker = code.is(at, "initContract") && code.is(at + 1, "(") && code.is(at - 1, "=");
        maker.then(|| code.ident(at.checked_sub(2)?)).flatten()
    };
    let makers: BTreeSet<&str> = (1..code.tokens.len()).filter_map(made).collect();
    for call in code.calls() {
        let Some(dot) = call
            .open
            .checked_sub(2)
            .filter(|_| code.is(call.open - 1, "router"))
        else {
            continue;
        };
        // `c.router(`, `initContract().router(`
        let first = match code.raw(dot.wrapping_sub(1)) {
            ")" => (code.partner(dot - 1).and_then(|open| open.checked_sub(1)))
                .filter(|&at| code.is(at, "initContract")),
            word if makers.contains(word) => Some(dot - 1),
            _ => None,
        };
        let equals = first.and_then(|at| at.checked_sub(2));
        let name = equals
            .filter(|&at| code.is(at + 1, "="))
            .and_then(|at| code.ident(at));
        if let Some(name) = name {
            let contract = Contract {
                file,
                values,
                name,
                names,
                makers: &makers,
                left: &left,
            };
            let router = Router {
                name: name.to_owned(),
                ..Router::default()
            };
            acc.add(file, call.line, call.line, Claim::Router(router));
            contract.routes(acc, call.open, "", 0);
        }
    }
}

/// A contract and the file that has it.
struct Contract<'a, 'f, 'c, 't> {
    file: &'a SourceFile<'f>,
    values: &'a Values<'c, 't>,
    name: &'a str,
    names: &'a Names,
    makers: &'a BTreeSet<&'a str>,
    left: &'a Cell<usize>,
}

impl Contract<'_, '_, '_, '_> {
    /// The routes that `router({ … }, { pathPrefix })` is given.
    fn routes(&self, acc: &mut FileFacts, open: usize, outer: &str, depth: u8) {
        let arguments = self.file.code().arguments(open);
        let literal = |at: usize| self.values.literal_at(arguments.get(at)?);
        let Some(object) = literal(0).filter(|_| depth < DEPTH) else {
            return;
        };
        let prefix = literal(1).and_then(|options| self.values.property(options, "pathPrefix"));
        let prefix = match prefix {
            Some(range) => match self.values.fold(range) {
                Some(text) => http_paths::template(&text),
                None => UNREAD.to_owned(),
            },
            None => String::new(),
        };
        self.object(acc, object, &http_paths::join(outer, &prefix), depth);
    }

    fn object(&self, acc: &mut FileFacts, object: usize, prefix: &str, depth: u8) {
        let code = self.file.code();
        for part in code.arguments(object) {
            match self.left.get().checked_sub(1) {
                Some(left) => self.left.set(left),
                None => return,
            }
            let line = code.line(part.start);
            let value = match part.len() {
                1 => part.start,
                _ if code.is(part.start + 1, ":") => part.start + 2,
                // `...orders`, `[key]: …`
                _ => continue,
            };
            let made = |what: &[&str]| {
                self.makers.contains(code.raw(value))
                    && code.is(value + 1, ".")
                    && what.contains(&code.raw(value + 2))
                    && code.is(value + 3, "(")
            };
            if made(&["router"]) {
                self.routes(acc, value + 3, prefix, depth + 1);
            } else if made(&["query", "mutation"]) {
                self.route(acc, value + 4, prefix, line);
            } else if code.is(value, "{") {
                match self.values.property(value, "path") {
                    Some(_) => self.route(acc, value, prefix, line),
                    None if depth < DEPTH => self.object(acc, value, prefix, depth + 1),
                    None => {}
                }
            } else if let Some(other) = code.ident(value).filter(|_| value + 1 == part.end) {
                // `orders: ordersContract`
                let mount = Mount {
                    router: Some(self.name.to_owned()),
                    prefix: prefix.trim_end_matches('/').to_owned(),
                    target: target(self.names, other),
                    ..Mount::default()
                };
                acc.add(self.file, line, line, Claim::Mount(mount));
            }
        }
    }

    /// `{ method: "GET", path: "/orders/:id", query, body, responses, summary, deprecated }`
    fn route(&self, acc: &mut FileFacts, object: usize, prefix: &str, line: u32) {
        let (code, values) = (self.file.code(), self.values);
        let Some((method, path)) = js_procedures::said(code, values, object, None) else {
            return;
        };
        let endpoint = Endpoint {
            method,
            path: http_paths::join(prefix, &path),
            router: Some(self.name.to_owned()),
            summary: js_procedures::summary(values, object),
            ..http_paths::unread("ts-rest")
        };
        http_paths::add(acc, self.file, line, line, endpoint);
        let mut made = Handler {
            name: INLINE.to_owned(),
            deprecated: js_procedures::is_true(code, values, object, "deprecated"),
            leaves: true,
            ..Handler::default()
        };
        for (name, place) in [("body", "body"), ("query", "query")] {
            let schema = values.property(object, name);
            if let Some(schema) = schema.filter(|schema| !is_nothing(code, schema)) {
                js_procedures::takes(code, &schema, place, &mut made);
            }
        }
        let responses = values.property(object, "responses");
        let open = responses.filter(|range| code.is(range.start, "{"));
        for part in open
            .into_iter()
            .flat_map(|range| code.arguments(range.start))
        {
            let status = js_contexts::number(code, part.start);
            if let Some(status) = status.filter(|_| code.is(part.start + 1, ":")) {
                made.responses.push(Response {
                    origin: Some(Origin::Declared),
                    ..js_procedures::answer(code, &status, &(part.start + 2..part.end))
                });
            }
        }
        acc.add(self.file, line, line, Claim::Handler(Box::new(made)));
    }
}

/// Whether a contract says that there is no body: `c.noBody()`, `null`, `z.undefined()`, `c.type<null>()`.
fn is_nothing(code: &Code<'_>, schema: &Range<usize>) -> bool {
    // One of several, or a field, is not all of it.
    let mut before = schema
        .clone()
        .take_while(|&at| !matches!(code.raw(at), "(" | "{" | "[" | "|" | "&"));
    before.any(|at| matches!(code.raw(at), "noBody" | "null" | "undefined" | "void"))
        && !schema.clone().any(|at| matches!(code.raw(at), "|" | "or"))
}

/// What a name of a contract stands for: one of this file, or what an import says.
fn target(names: &Names, name: &str) -> String {
    let there = names.get(name).cloned();
    there.unwrap_or_else(|| format!("#{name}"))
}

/// Functions that serve a contract.
const SERVES: [&str; 7] = [
    "createExpressEndpoints",
    "createHonoEndpoints",
    "createLambdaHandler",
    "createNextHandler",
    "createNextRouter",
    "fetchRequestHandler",
    "registerRouter",
];

/// What gives a contract to a program that serves it.
fn serve(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, names: &Names) {
    if !file.says("@ts-rest/") {
        return;
    }
    let code = file.code();
    for call in code.calls() {
        let word = scan::last_of_name(code, call);
        if !SERVES.contains(&word) {
            continue;
        }
        let arguments = code.arguments(call.open);
        let object = |at: usize| {
            let range = arguments.get(at)?;
            values.literal_at(range).filter(|open| code.is(*open, "{"))
        };
        let (given, prefix) = match word {
            "createExpressEndpoints" | "createHonoEndpoints" | "registerRouter" => {
                let app = arguments.get(2).and_then(|range| code.ident(range.start));
                let whole = app.is_some_and(js_procedures::is_program)
                    // A plugin of Fastify has the name of the program and may stand below a path, and so may
                    // an `app` of Hono.
                    && (word != "registerRouter" || file.says("Fastify(") || file.says("fastify("))
                    && !file.says("basePath(");
                // Where another router stands, is not followed.
                (arguments.first().cloned(), whole.then(String::new))
            }
            // A page for all that is below its folder.
            "createNextRouter" => {
                let below = file.path.split_once("pages/").map(|(_, inner)| inner);
                let folder = below.and_then(|inner| inner.rsplit_once('/'));
                let prefix = folder.map(|(folder, _)| format!("/{folder}"));
                (arguments.first().cloned(), prefix)
            }
            "createNextHandler" | "createLambdaHandler" => {
                (arguments.first().cloned(), base(values, object(2)))
            }
            "fetchRequestHandler" => {
                let open = object(0);
                let given = open.and_then(|open| values.property(open, "contract"));
                let options = open.and_then(|open| values.property(open, "options"));
                let options = options
                    .map(|range| range.start)
                    .filter(|&at| code.is(at, "{"));
                (given, base(values, options))
            }
            _ => continue,
        };
        let name = given
            .filter(|range| range.len() == 1)
            .and_then(|range| code.ident(range.start));
        if let (Some(name), Some(prefix)) = (name, prefix) {
            let mount = Mount {
                prefix,
                target: target(names, name),
                ..Mount::default()
            };
            acc.add(file, call.line, call.line, Claim::Mount(mount));
        }
    }
}

/// The `basePath` of the options of a server; nothing is known of one that is computed.
fn base(values: &Values<'_, '_>, options: Option<usize>) -> Option<String> {
    match options.and_then(|open| values.property(open, "basePath")) {
        Some(range) => {
            let text = values.fold(range)?;
            text.starts_with('/').then(|| http_paths::prefix(&text))
        }
        None => Some(String::new()),
    }
}
