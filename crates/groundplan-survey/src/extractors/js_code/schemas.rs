//! Variables of the environment that a schema names: envalid, zod and t3-env, joi, yup, valibot,
//! convict, figue, env-var, fastify, NestJS and AdonisJS.

use super::literal;
use crate::facts::FileFacts;
use crate::finders::Finders;
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Code};
use std::collections::BTreeSet;
use std::ops::Range;

/// Calls that check what they are given.
const CHECKS: [&str; 14] = [
    "parse",
    "parseAsync",
    "safeParse",
    "safeParseAsync",
    "validate",
    "validateAsync",
    "validateSync",
    "attempt",
    "assert",
    "cast",
    "create",
    "decode",
    "decodeUnknownSync",
    "from",
];

/// Calls that put objects together: what they are given is set, not read.
const WRITES: [&str; 6] = ["assign", "merge", "extend", "defaults", "spawn", "exec"];

/// Adds the variables that schemas of a file name.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let text = file.text;
    // Most files have none of these words.
    static WHOLE: Finders = Finders::of(&["process.env", "import.meta.env"]);
    let whole = WHOLE.any(text);
    static NAMED: Finders = Finders::of(&[
        "createEnv",
        "convict",
        "env-var",
        "validationSchema",
        "env-schema",
        "fastify/env",
        "envsafe",
        "Env.create",
        "Env.rules",
    ]);
    let named = NAMED.any(text);
    static SAID: Finders = Finders::of(&["env: '", "env: \"", "env:'", "env:\"", "env: ["]);
    let said = SAID.any(text);
    if !whole && !named && !said {
        return;
    }
    let code = file.code();
    if said {
        let settings = (0..code.tokens.len())
            .filter(|&at| code.is(at, "env") && code.is(at + 1, ":"))
            .take(MOST_SETTINGS);
        // Of convict any object with the name of a variable is one, and all have a default.
        let least = if text.contains("convict") { 1 } else { 2 };
        for at in settings {
            of_settings(acc, file, at, least);
        }
    }
    let mut found: BTreeSet<(usize, &str)> = BTreeSet::new();
    if whole {
        for at in 0..code.tokens.len() {
            if is_whole(code, at) {
                checked(code, at, &mut found);
            }
        }
    }
    if named {
        for call in code.calls() {
            by_name(code, text, call, &mut found);
        }
        for at in 0..code.tokens.len() {
            by_property(code, text, at, &mut found);
        }
    }
    for (at, name) in found {
        scan::env(acc, file, code.line(at), name, default_of(code, at));
        if value_of(code, at).any(|at| may_miss(code, at)) {
            scan::may_miss(acc, name);
        }
    }
}

/// Whether the whole environment stands at `at`: nothing of it is chosen.
fn is_whole(code: &Code<'_>, at: usize) -> bool {
    let end = match code.raw(at) {
        "process" if code.is(at + 1, ".") && code.is(at + 2, "env") => at + 3,
        "import" if code.is(at + 2, "meta") && code.is(at + 4, "env") => at + 5,
        _ => return false,
    };
    matches!(code.raw(end), ")" | ",")
}

/// The call that has the environment at `at` among its arguments, and the schema of it: beside the
/// environment, before the call, or in the constant that the call or an argument names.
fn checked<'t>(code: &Code<'t>, at: usize, found: &mut BTreeSet<(usize, &'t str)>) {
    // The last call that begins before it holds it, if it is not closed before.
    let Some(call) = code
        .calls()
        .filter(|c| c.open < at && code.partner(c.open).is_some_and(|close| close > at))
        .max_by_key(|c| c.open)
    else {
        return;
    };
    let last = code.raw(scan::word_at(code, call));
    if WRITES.contains(&last) || last.starts_with("spawn") || last.starts_with("exec") {
        return;
    }
    let arguments = code.arguments(call.open);
    if !arguments.iter().any(|r| r.start == at) {
        return;
    }
    for argument in arguments.iter().filter(|r| r.start != at) {
        match code.raw(argument.start) {
            "{" => keys(code, argument.start, true, found),
            _ => named_schema(code, argument.clone(), found),
        }
    }
    if CHECKS.contains(&last) {
        // `z.object({ … }).parse(process.env)`: the literal stands in the chain before.
        let chain = call.first..call.open;
        literals(code, chain.clone(), found);
        named_schema(code, chain, found);
    }
}

/// The literals of a schema that a constant of the file holds.
fn named_schema<'t>(code: &Code<'t>, range: Range<usize>, found: &mut BTreeSet<(usize, &'t str)>) {
    schema_of(code, range, 0, found);
}

/// Constants that are made of one another, at most.
const DEEPEST: u8 = 4;

fn schema_of<'t>(
    code: &Code<'t>,
    range: Range<usize>,
    depth: u8,
    found: &mut BTreeSet<(usize, &'t str)>,
) {
    let Some(word) = code.ident(range.start) else {
        return;
    };
    for at in 1..code.tokens.len() {
        let declares = code.is(at, word)
            && matches!(code.raw(at - 1), "const" | "let" | "var")
            && matches!(code.raw(at + 1), "=" | ":");
        if declares {
            let end = statement_end(code, at);
            // `const settings = variables.transform(…)`: what it takes, the other constant says.
            let made_of = at + 2;
            if code.is(at + 1, "=") && code.is(made_of + 1, ".") && depth < DEEPEST {
                schema_of(code, made_of..made_of + 1, depth + 1, found);
            }
            literals(code, at + 1..end, found);
            // `const spec = { PORT: num({ default: 80 }) }`
            let object = (at + 1..end.min(at + 8)).find(|&at| code.is(at, "{"));
            if let Some(open) = object.filter(|&open| code.is(open - 1, "=")) {
                keys(code, open, true, found);
            }
            return;
        }
    }
}

/// Where the statement that begins at `at` ends: before the next declaration that stands in no
/// bracket.
fn statement_end(code: &Code<'_>, at: usize) -> usize {
    let mut next = at + 1;
    while next < code.tokens.len() {
        match code.raw(next) {
            ";" | "const" | "let" | "var" | "export" | "function" | "class" => return next,
            _ => next = code.partner(next).filter(|p| *p > next).unwrap_or(next) + 1,
        }
    }
    next
}

/// The keys of every literal that is an argument of a call in a range.
fn literals<'t>(code: &Code<'t>, range: Range<usize>, found: &mut BTreeSet<(usize, &'t str)>) {
    for at in range {
        if code.is(at, "{") && at > 0 && code.is(at - 1, "(") {
            keys(code, at, true, found);
        }
    }
}

/// The names of variables among the keys of a literal; `checked` ones have a call as value.
fn keys<'t>(code: &Code<'t>, open: usize, checked: bool, found: &mut BTreeSet<(usize, &'t str)>) {
    for part in code.arguments(open) {
        let name = code.string(part.start).or_else(|| code.ident(part.start));
        let Some(name) = name.filter(|n| is_variable(n)) else {
            continue;
        };
        let calls = part.clone().any(|at| code.is(at, "("));
        let says = part.clone().any(|at| code.is(at, "{"));
        if code.is(part.start + 1, ":") && (calls || says || !checked) {
            found.insert((part.start, name));
        }
    }
}

/// `createEnv({ server: { … } })`, `envsafe({ … })`, `Env.create(…, { … })`, `env.get("X")`.
fn by_name<'t>(code: &Code<'t>, text: &str, call: Call, found: &mut BTreeSet<(usize, &'t str)>) {
    let name = code.name(call);
    let arguments = code.arguments(call.open);
    match name.as_str() {
        "createEnv" => {
            for part in arguments.iter().flat_map(|r| code.arguments(r.start)) {
                let group = matches!(code.raw(part.start), "server" | "client" | "shared");
                if group && code.is(part.start + 1, ":") && code.is(part.start + 2, "{") {
                    keys(code, part.start + 2, false, found);
                }
            }
        }
        "envsafe" | "Env.create" | "Env.rules" => {
            for argument in arguments.iter().filter(|r| code.is(r.start, "{")) {
                keys(code, argument.start, true, found);
            }
        }
        "env.get" | "get" => {
            let name = code.string(call.open + 1).filter(|n| is_variable(n));
            if let Some(name) = name.filter(|_| text.contains("env-var")) {
                found.insert((call.open + 1, name));
            }
        }
        _ => {}
    }
}

/// `validationSchema: Joi.object({ … })` of NestJS, `properties: { … }` of the schema of fastify.
fn by_property<'t>(code: &Code<'t>, text: &str, at: usize, found: &mut BTreeSet<(usize, &'t str)>) {
    if !code.is(at + 1, ":") {
        return;
    }
    match code.raw(at) {
        "validationSchema" => {
            let own = at + 2;
            if matches!(code.raw(own + 1), "," | "}") {
                named_schema(code, own..own + 1, found);
                return;
            }
            // To the end of a chain of calls: `Joi.object().keys({ … })`.
            let mut end = own;
            while code.ident(end).is_some() || code.is(end, ".") || code.is(end, "(") {
                end = code.partner(end).unwrap_or(end) + 1;
            }
            literals(code, own..end, found);
        }
        "properties"
            if code.is(at + 2, "{")
                && (text.contains("env-schema") || text.contains("fastify/env")) =>
        {
            keys(code, at + 2, false, found);
        }
        _ => {}
    }
}

/// Whether a schema says at a token that a value may be missing: `z.string().optional()`, `v.optional(v.string())`.
fn may_miss(code: &Code<'_>, at: usize) -> bool {
    // What may be null may still not be missing.
    let word = matches!(code.raw(at), "optional" | "nullish" | "notRequired");
    word && code.is(at + 1, "(")
}

/// The tokens of the value of a key.
fn value_of(code: &Code<'_>, at: usize) -> Range<usize> {
    let mut end = at + 1;
    if !code.is(end, ":") {
        return end..end;
    }
    while end < code.tokens.len() && !matches!(code.raw(end), "," | ")" | "]" | "}") {
        end = code.partner(end).filter(|p| *p > end).unwrap_or(end) + 1;
    }
    at + 2..end
}

/// Objects of settings that are read of one file, at most.
const MOST_SETTINGS: usize = 1_000;

/// Keys beside which an object names the variable that sets it.
const BESIDE: [&str; 5] = ["arg", "default", "doc", "format", "schema"];

/// `{ doc: "…", schema: v.string(), default: 80, env: "PORT" }` of convict and figue, and of any other that
/// reads such objects: one has at least so many of the keys beside.
fn of_settings(acc: &mut FileFacts, file: &SourceFile<'_>, at: usize, least: usize) {
    let code = file.code();
    let lists = code.is(at + 2, "[");
    let end = match lists {
        true => code.partner(at + 2).unwrap_or(at + 2),
        false => at + 2,
    };
    if !matches!(code.raw(end + 1), "," | "}") {
        return;
    }
    // `env: ["WORKER_ID", "HOSTNAME"]`: the first that is set.
    let names = (at + 2..end + 1).filter_map(|at| code.string(at).filter(|name| is_variable(name)));
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return;
    }
    let Some(open) = scan::open_around(code, at).filter(|&open| code.is(open, "{")) else {
        return;
    };
    let items = code.arguments(open);
    let with = |key: &str| {
        let is = |r: &&Range<usize>| code.is(r.start, key) && code.is(r.start + 1, ":");
        items.iter().find(is).map(|r| r.start + 2..r.end)
    };
    if BESIDE.iter().filter(|key| with(key).is_some()).count() < least {
        return;
    }
    let value = with("default");
    let word = value.as_ref().map_or("", |value| code.raw(value.start));
    let switch = matches!(word, "true" | "false").then_some(word);
    let schema = with("schema").or_else(|| with("format"));
    let missing = word == "undefined" || schema.is_some_and(|mut r| r.any(|at| may_miss(code, at)));
    for name in names {
        let line = code.line(at);
        match &value {
            None => scan::env(acc, file, line, name, None),
            Some(value) => match literal(code, value.start)
                .or(switch)
                .filter(|_| value.len() == 1)
            {
                Some(default) => scan::env(acc, file, line, name, Some(default)),
                None => scan::computed_env(acc, file, line, name, code, value.clone()),
            },
        }
        if missing {
            scan::may_miss(acc, name);
        }
    }
}

/// The default that the chain after a variable gives: `get("PORT").default("80").asPortNumber()`.
fn of_chain<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let before = at.checked_sub(1).filter(|&open| code.is(open, "("))?;
    let mut close = code.partner(before)?;
    for _ in 0..8 {
        if !code.is(close + 1, ".") || !code.is(close + 3, "(") {
            return None;
        }
        if code.is(close + 2, "default") {
            return literal(code, close + 4).filter(|_| code.is(close + 5, ")"));
        }
        close = code.partner(close + 3)?;
    }
    None
}

/// The default beside a key: `str({ default: "x" })`, `z.string().default("x")`,
/// `get("PORT").default("80")`.
fn default_of<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    if let Some(default) = of_helper(code, at).or_else(|| of_chain(code, at)) {
        return Some(default);
    }
    let (mut next, mut depth) = (at + 1, 0_i32);
    while next < code.tokens.len().min(at + 80) {
        match code.raw(next) {
            "(" | "{" | "[" => depth += 1,
            ")" | "}" | "]" => {
                depth -= 1;
                if depth < 0 {
                    return None;
                }
            }
            "," if depth == 0 => return None,
            "default" | "prefault" if matches!(code.raw(next + 1), ":" | "(") => {
                let alone = matches!(code.raw(next + 3), "," | "}" | ")");
                let word = code.raw(next + 2);
                let switch = matches!(word, "true" | "false").then_some(word);
                return literal(code, next + 2).or(switch).filter(|_| alone);
            }
            _ => {}
        }
        next += 1;
    }
    None
}

/// `flag("false")` of a function of the file that hands its parameter on as the default:
/// `const flag = (value: string) => z.string().default(value)`.
fn of_helper<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let (name, open) = (at + 2, at + 3);
    let word = code
        .ident(name)
        .filter(|_| code.is(at + 1, ":") && code.is(open, "("))?;
    let given = code.arguments(open);
    let literal_given = given
        .iter()
        .position(|r| r.len() == 1 && literal(code, r.start).is_some())?;
    let defined = (1..code.tokens.len()).find(|&i| {
        let begins = matches!(code.raw(i - 1), "const" | "function");
        code.is(i, word) && begins
    })?;
    let params = (defined + 1..defined + 4).find(|&i| code.is(i, "("))?;
    let parameter = code.arguments(params).get(literal_given)?.start;
    let parameter = code.ident(parameter)?;
    let end = statement_end(code, defined);
    let hands_on = (params..end).any(|i| {
        matches!(code.raw(i), "default" | "prefault")
            && code.is(i + 1, "(")
            && code.is(i + 2, parameter)
            && code.is(i + 3, ")")
    });
    literal(code, given.get(literal_given)?.start).filter(|_| hands_on)
}

fn is_variable(name: &str) -> bool {
    name.len() >= 3
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
