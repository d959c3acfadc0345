//! What stands before the handler of a route of Hono and checks what it is given, or who calls:
//! `app.post("/x", zValidator("json", schema), (c) => …)`, also earlier in the same chain.

use crate::extractors::js_contexts::CHECKED;
use crate::facts::{Claim, FileFacts, Handler, Input};
use crate::source::SourceFile;
use crate::statuses;
use groundplan_syntax::{Call, Code};
use std::ops::Range;

/// Functions of the packages of Hono that stand before handlers, with the packages and what they answer in
/// place of those (<https://hono.dev/docs/middleware/builtin/bearer-auth>, <https://hono.dev/docs/guides/validation>).
const KNOWN: [(&str, &str, &[&str]); 14] = [
    ("arktypeValidator", "@hono/arktype-validator", &["400"]),
    ("basicAuth", "hono/basic-auth", &["401"]),
    ("bearerAuth", "hono/bearer-auth", &["400", "401"]),
    ("bodyLimit", "hono/body-limit", &["413"]),
    ("compress", "hono/compress", &[]),
    ("cors", "hono/cors", &[]),
    ("jwt", "hono/jwt", &["401"]),
    ("logger", "hono/logger", &[]),
    ("poweredBy", "hono/powered-by", &[]),
    ("prettyJSON", "hono/pretty-json", &[]),
    ("secureHeaders", "hono/secure-headers", &[]),
    ("typiaValidator", "@hono/typia-validator", &["400"]),
    ("vValidator", "@hono/valibot-validator", &["400"]),
    ("zValidator", "@hono/zod-validator", &["400"]),
];

/// Adds what functions of packages answer that a file takes in.
pub(super) fn define(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("hono") {
        return;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        let Some(module) = code
            .string(at)
            .filter(|_| code.is(at.wrapping_sub(1), "from"))
        else {
            continue;
        };
        // `import { a, b } from "x"`
        let close = at.saturating_sub(2);
        let open = code.is(close, "}").then(|| code.partner(close)).flatten();
        for (name, _, answers) in KNOWN.iter().filter(|(_, package, _)| *package == module) {
            let line = code.line(at);
            if (open.unwrap_or(close)..at).any(|i| code.is(i, name)) {
                let handler = Handler {
                    name: (*name).to_owned(),
                    responses: answers.iter().map(|s| statuses::response(*s)).collect(),
                    ..Handler::default()
                };
                acc.add(file, line, line, Claim::Handler(Box::new(handler)));
            }
        }
    }
}

/// The arguments of each `.use(…)` before a route in its chain that stand for all paths.
pub(super) fn before(code: &Code<'_>, route: Call) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut at = route.first;
    while at < route.open {
        if code.is(at, "use") && code.is(at + 1, "(") && code.is(at.wrapping_sub(1), ".") {
            let mut given = code.arguments(at + 1);
            let path = given.first().and_then(|range| code.string(range.start));
            if path.is_some() {
                given.remove(0);
            }
            if path.is_none_or(|path| matches!(path, "*" | "/*" | "/")) {
                all.extend(given);
            }
        }
        at = match code.raw(at) {
            "(" | "[" | "{" => code.partner(at).unwrap_or(at) + 1,
            _ => at + 1,
        };
    }
    all
}

/// What a function of the program checks before a handler, by its name: `validateJsonBody(schema)` what the
/// handler takes with `c.req.valid("json")`.
fn own_place(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix("validate")?;
    Some(match rest {
        "Body" | "Json" | "JsonBody" => "json",
        "Query" | "QueryParams" | "SearchParams" => "query",
        "Param" | "Params" | "PathParams" | "UrlParams" => "param",
        "Form" | "FormData" => "form",
        "Header" | "Headers" => "header",
        _ => return None,
    })
}

/// Whether a word makes a schema of an object: `z.object`, `v.strictObject`, which takes no other field.
fn is_object(word: &str) -> bool {
    matches!(word, "object" | "strictObject")
}

/// Adds what the checks that stand before a handler say that it takes.
pub(super) fn checked(code: &Code<'_>, standing: &[Range<usize>], made: &mut Handler) {
    for range in standing {
        let open = range.start + 1;
        let Some(name) = code.ident(range.start).filter(|_| code.is(open, "(")) else {
            continue;
        };
        let arguments = code.arguments(open);
        let by_name =
            own_place(name).filter(|word| made.calls.contains(&format!("{CHECKED}{word}")));
        let (word, schema) = match (by_name, arguments.as_slice()) {
            (Some(word), [schema]) => (word, schema),
            (None, [place, schema, ..]) if name == "validator" || name.ends_with("Validator") => {
                match code.string(place.start) {
                    Some(word) => (word, schema),
                    None => continue,
                }
            }
            _ => continue,
        };
        let place = match word {
            "json" => "body",
            "form" | "query" | "header" | "cookie" => word,
            _ => {
                made.calls
                    .retain(|call| *call != format!("{CHECKED}{word}"));
                continue;
            }
        };
        let named = code.ident(schema.start).filter(|_| schema.len() == 1);
        match named {
            Some(name) if place == "body" => made.request = Some(name.to_owned()),
            // What fields it has, another place says.
            Some(_) => continue,
            None if !fields(code, schema, place, made) => continue,
            None => {}
        }
        made.calls
            .retain(|call| *call != format!("{CHECKED}{word}"));
    }
    let open = made.calls.iter().any(|call| call.starts_with(CHECKED));
    made.more |= open;
    made.calls.retain(|call| !call.starts_with(CHECKED));
}

/// The tokens of a field without those of an object in it, whose fields are its own.
fn outer(code: &Code<'_>, field: Range<usize>) -> impl Iterator<Item = usize> {
    let mut inner = 0..0;
    field.filter(move |&at| {
        if is_object(code.raw(at)) && code.is(at + 1, "(") && !inner.contains(&at) {
            inner = at..code.partner(at + 1).unwrap_or(at);
        }
        !inner.contains(&at)
    })
}

/// The fields of `z.object({ url: z.string(), file: z.instanceof(File).optional() })`; whether these are all.
pub(super) fn fields(
    code: &Code<'_>,
    schema: &Range<usize>,
    place: &str,
    made: &mut Handler,
) -> bool {
    const OPTIONAL: [&str; 5] = ["optional", "default", "nullish", "prefault", "catch"];
    const MORE: [&str; 5] = ["extend", "merge", "and", "intersection", "passthrough"];
    let either = schema
        .clone()
        .any(|at| code.is(at, "or") && code.is(at + 1, "("));
    let mut found = false;
    let mut whole = true;
    let mut at = schema.start;
    while at < schema.end {
        whole &= !(MORE.contains(&code.raw(at)) && code.is(at + 1, "("));
        if is_object(code.raw(at)) && code.is(at + 1, "(") && code.is(at + 2, "{") {
            for field in code.arguments(at + 2) {
                let name = code.string(field.start).or_else(|| code.ident(field.start));
                let Some(name) = name.filter(|_| code.is(field.start + 1, ":")) else {
                    whole = false;
                    continue;
                };
                let optional =
                    outer(code, field.clone()).any(|at| OPTIONAL.contains(&code.raw(at)));
                found = true;
                let input = Input {
                    name: name.to_owned(),
                    place: place.to_owned(),
                    data_type: None,
                    required: !optional && !either,
                };
                if !made
                    .inputs
                    .iter()
                    .any(|i| i.name == input.name && i.place == input.place)
                {
                    made.inputs.push(input);
                }
            }
            at = code.partner(at + 1).unwrap_or(at);
        }
        at += 1;
    }
    found && whole
}
