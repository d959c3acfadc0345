//! Functions of Node that answer requests and stand apart from their routes.

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::extractors::js_contexts::CHECKED;
use crate::extractors::js_routers::before_types;
use crate::extractors::{js_contexts, js_inline};
use crate::facts::{Claim, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-controllers",
    docs: "\
### What it finds
Named functions of a request and a response, as Express calls them (`async findOne(req, res)` of a class,
`exports.create = catchAsync(async (req, res, next) => …)`, `function list(req, res)`), and of a context, as
Koa and Hono do (`async function list(ctx)`): fields of query, body and headers that they take, and the
statuses that they answer with.

### What it does not find
What functions answer that are handed the response, errors that the program handles elsewhere, and which
fields must be there.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["(req", "(_req", "(ctx", "(context", "(c:", "(c)", "(c,"],
    run: extract,
};

/// Functions of one file at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let code = file.code();
    let mut made = 0;
    for open in 1..code.tokens.len() {
        if made >= MOST || !code.is(open, "(") {
            continue;
        }
        let express = parameters(code, open);
        let koa = || {
            let name = js_contexts::context(code, open)?;
            matches!(name, "ctx" | "context" | "c").then_some(name)
        };
        let context = if express.is_some() { None } else { koa() };
        if express.is_none() && context.is_none() {
            continue;
        }
        let Some(close) = code.partner(open) else {
            continue;
        };
        let Some((arrow, body)) = js_inline::body(code, close) else {
            continue;
        };
        let name = match arrow {
            true => assigned(code, open),
            false => declared(code, open),
        };
        let Some(name) = name else { continue };
        let made_here = match (express, context) {
            (Some((request, response)), _) => js_inline::read(code, name, request, response, body),
            (None, Some(context)) => js_contexts::read(code, name, context, body),
            (None, None) => None,
        };
        if let Some(mut handler) = made_here {
            // What makes it is called where it stands before routes.
            let maker = arrow.then(|| maker_of(code, open, name)).flatten();
            // What was checked before it, its route says.
            let calls = handler.calls.len();
            handler.calls.retain(|call| !call.starts_with(CHECKED));
            handler.more |= handler.calls.len() < calls;
            let (first, last) = (code.line(open), code.line(close));
            if let Some(maker) = maker {
                let mut handler = handler.clone();
                maker.clone_into(&mut handler.name);
                acc.add(file, first, last, Claim::Handler(Box::new(handler)));
            }
            acc.add(file, first, last, Claim::Handler(Box::new(handler)));
            made += 1;
        }
    }
}

/// The names of request and response among the parameters between brackets. Four parameters are those of a
/// handler of errors.
fn parameters<'t>(code: &Code<'t>, open: usize) -> Option<(&'t str, &'t str)> {
    let first = code.ident(open + 1)?;
    if !matches!(first, "req" | "request" | "_req" | "_request") {
        return None;
    }
    let all = code.arguments(open);
    let ([_, second] | [_, second, _]) = all.as_slice() else {
        return None;
    };
    let second = code.ident(second.start)?;
    matches!(second, "res" | "response" | "resp" | "reply").then_some((first, second))
}

/// `findOne` of `async findOne(req, res) {`, `list` of `function list(req, res) {`.
fn declared<'t>(code: &Code<'t>, open: usize) -> Option<&'t str> {
    let name = code.ident(open - 1)?;
    let keyword = matches!(
        name,
        "function" | "async" | "if" | "for" | "while" | "switch" | "catch"
    );
    if !keyword {
        return Some(name);
    }
    // `exports.list = function (req, res) {`
    (name == "function")
        .then(|| assigned(code, open - 1))
        .flatten()
}

/// What a function with its parameters at a bracket is called.
fn called<'t>(code: &Code<'t>, params: usize) -> Option<&'t str> {
    let name = params.checked_sub(1)?;
    match code.raw(name) {
        "=" => code.ident(name.checked_sub(1)?),
        "async" => code.ident(name.checked_sub(2)?),
        "function" => None,
        _ => code.ident(name),
    }
}

/// The function that makes another one and returns it by its name:
/// `const allow = (role) => { const check = (req, res, next) => …; return check; }`.
fn maker_of<'t>(code: &Code<'t>, open: usize, name: &str) -> Option<&'t str> {
    let (params, body) = conditions::function_around(code, open)?;
    let close = code.partner(body)?;
    let returned = |i: usize| {
        code.is(i, "return")
            && code.is(i + 1, name)
            && (matches!(code.raw(i + 2), ";" | "}") || code.starts_line(i + 2))
    };
    (open..close).any(returned).then(|| called(code, params))?
}

/// What a function is given to: `create` of `exports.create = catchAsync(async (req, res) => …)` and of
/// `create: async (req, res) => …`.
fn assigned<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let mut at = at;
    for _ in 0..6 {
        let before = at.checked_sub(1)?;
        match code.raw(before) {
            "async" | "(" => at = before,
            "=" | ":" => {
                let mut name = code.ident(before.checked_sub(1)?)?;
                // `const requireUser: RequestHandler = (req, res, next) => …`
                if code.is(before, "=") && before > 3 && code.is(before - 2, ":") {
                    name = code.ident(before - 3).unwrap_or(name);
                }
                return (!code.is(before, "=") || !code.is(at, ">")).then_some(name);
            }
            // `return createMiddleware(async (c, next) => …)`: what makes it is called so.
            "return" if code.ident(at).is_some() => {
                let (params, _) = conditions::function_around(code, before)?;
                return called(code, params);
            }
            // `createMiddleware<{ Variables: X }>(…)`
            ">" if code.is(at, "(") => {
                at = before_types(code, at).filter(|&at| code.ident(at).is_some())?;
            }
            // The function that wraps it.
            _ if code.is(at, "(") && code.ident(before).is_some() => at = before,
            "." if code.ident(at).is_some() => at = before.checked_sub(1)?,
            _ => return None,
        }
    }
    None
}
