//! NestJS: what answers in place of handlers, or puts what they answer into something else: guards, pipes
//! that check bodies, interceptors of all handlers.

use crate::extractor::{Extractor, Reads};
use crate::extractors::js_marks::composed::{is_exemption, is_known};
use crate::extractors::js_marks::guards::name_of;
use crate::extractors::nest_handlers;
use crate::facts::{Claim, FileFacts, Handler, Mount};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use crate::values::Values;
use groundplan_syntax::{Annotation, Code, Declared, Language, TypeDecl};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nest-above",
    docs: "\
### What it finds
What answers in NestJS before a handler is asked: guards with the statuses of the exceptions that they
make and with those of the framework (`canActivate` that gives `false`, guards of Passport and of the
throttler), guards and pipes of a whole application (`APP_GUARD`, `useGlobalPipes`), classes whose fields
`ValidationPipe` checks; and the object that an interceptor of all handlers puts their answers into.

### What it does not find
What a guard leaves to a service, interceptors of single handlers, what filters of exceptions write.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
    ])],
    markers: &[
        "CanActivate",
        "extends AuthGuard(",
        "extends ThrottlerGuard",
        "NestInterceptor",
        "class-validator",
        "extends PartialType(",
        "extends PickType(",
        "extends OmitType(",
        "createZodDto(",
        "APP_GUARD",
        "APP_PIPE",
        "APP_INTERCEPTOR",
        "useGlobalGuards",
        "useGlobalPipes",
        "useGlobalInterceptors",
        "APP_FILTER",
        "useGlobalFilters",
    ],
    run: extract,
};

/// Target of a mount that puts a guard, its `router`, before all handlers of an application.
pub(crate) const GUARD: &str = "*nest-guard";
/// Target of a mount that checks bodies before all handlers; `router` is the status of those that fail.
pub(crate) const PIPE: &str = "*nest-pipe";
/// Target of a mount that names an interceptor of all handlers as its `router`.
pub(crate) const INTERCEPTOR: &str = "*nest-interceptor";
/// Target of a mount that puts a filter, its `router`, behind all handlers, which writes what exceptions answer.
pub(crate) const FILTER: &str = "*nest-filter";
/// Target of a mount that says of a class, its `router`, that a pipe finds something to check in it.
pub(crate) const CHECKED: &str = "*nest-checked";
/// Target of a mount that says which object an interceptor, its `router`, puts answers into; the prefix is
/// its keys, `=` behind the one that holds the answer.
pub(crate) const WRAPS: &str = "*nest-wraps";

/// What a guard calls where it leaves the question to the class above.
pub(crate) const ABOVE: &str = "super";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    for class in &file.outline().types {
        if class.keyword != "class" {
            continue;
        }
        let has = |word: &str| class.heritage.clone().any(|at| code.is(at, word));
        let base = class.base(code).unwrap_or_default();
        if has("CanActivate") || base.ends_with("Guard") {
            guard(acc, file, class);
        }
        if has("NestInterceptor") {
            wraps(acc, file, class);
        }
        let mapped = matches!(
            base,
            "PartialType" | "PickType" | "OmitType" | "IntersectionType" | "createZodDto"
        );
        if mapped || file.text.contains("class-validator") && checks(file, class) {
            note(acc, file, class.line, CHECKED, &class.name, "");
        }
    }
    let has = |word: &str| file.text.contains(word);
    let provides = ["APP_GUARD", "APP_PIPE", "APP_INTERCEPTOR", "APP_FILTER"];
    if provides.into_iter().any(has) {
        provided(acc, file);
    }
    if has("useGlobal") {
        used(acc, file);
    }
}

/// What stands before a method of a controller, in the words of its decorators: names of guards, `@` before
/// decorators of the repository, which may be made of some, and [`OPEN`] or [`UNCOUNTED`] where one says that
/// what stands before all others does not stand before it.
pub(super) fn before(code: &Code<'_>, class: &Declared, method: &Declared) -> Vec<String> {
    let all = || class.annotations.iter().chain(&method.annotations);
    let counts = |name: &str| name.to_ascii_lowercase().contains("throttl");
    let open = |notes: &[Annotation]| notes.iter().any(|a| is_exemption(&a.name));
    let mut found: Vec<String> = Vec::new();
    if open(&method.annotations) || open(&class.annotations) {
        found.push(OPEN.to_owned());
    }
    if all().any(|a| counts(&a.name) && a.name.starts_with("Skip")) {
        found.push(UNCOUNTED.to_owned());
    }
    if all().any(|a| a.name == "UseFilters") {
        found.push(FILTERED.to_owned());
    }
    let taken_out = open(&method.annotations);
    for (notes, of_class) in [(&class.annotations, true), (&method.annotations, false)] {
        for note in notes.iter() {
            match note.open.filter(|_| note.name == "UseGuards") {
                Some(_) if of_class && taken_out => {}
                Some(open) => {
                    let given = code.arguments(open).into_iter();
                    found.extend(given.filter_map(|range| name_of(code, range)));
                }
                None if is_known(&note.name) || is_exemption(&note.name) => {}
                None => found.push(format!("@{}", note.name)),
            }
        }
    }
    found
}

/// Stands among what is before a method that is open to all.
pub(crate) const OPEN: &str = "!";
/// Stands among what is before a method whose class extends another, whose guards hold, too.
pub(crate) const INHERITS: &str = "!extends";
/// Stands among what is before a method whose calls nobody counts.
pub(crate) const UNCOUNTED: &str = "!throttle";

/// Stands among what is before a method whose exceptions a filter of its own answers.
pub(crate) const FILTERED: &str = "!filters";

/// The status of a pipe of the framework that turns a parameter into another type, where it cannot
/// (<https://docs.nestjs.com/pipes#built-in-pipes>).
pub(super) fn parsed(code: &Code<'_>, range: Range<usize>) -> Option<&'static str> {
    let at = range.clone().find(|&at| {
        let name = code.ident(at).unwrap_or_default();
        name.starts_with("Parse") && name.ends_with("Pipe")
    })?;
    let own = (at..range.end).find(|&i| code.is(i, "errorHttpStatusCode"));
    match own {
        Some(own) => {
            let end = (own..range.end).find(|&i| matches!(code.raw(i), "," | "}"))?;
            statuses::code(code.raw(end - 1))
        }
        None => Some("400"),
    }
}

fn note(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    target: &str,
    name: &str,
    what: &str,
) {
    let mount = Mount {
        router: Some(name.to_owned()),
        prefix: what.to_owned(),
        target: target.to_owned(),
        ..Mount::default()
    };
    acc.add(file, line, line, Claim::Mount(mount));
}

/// Names that a file imports from a package.
pub(super) fn imported<'t>(code: &Code<'t>, package: &str) -> BTreeSet<&'t str> {
    let mut all = BTreeSet::new();
    for at in 0..code.tokens.len() {
        if !(code.is(at, "from") && code.string(at + 1) == Some(package)) {
            continue;
        }
        let names = (0..at).rev().take_while(|&i| !code.is(i, "import"));
        all.extend(names.filter_map(|i| code.ident(i)));
    }
    all
}

/// Whether a field of a class is one that `class-validator` checks.
fn checks(file: &SourceFile<'_>, class: &TypeDecl) -> bool {
    let code = file.code();
    let names = imported(code, "class-validator");
    (class.open..class.close).any(|at| {
        code.is(at, "@")
            && code.ident(at + 1).is_some_and(|name| names.contains(name))
            && code.is(at + 2, "(")
    })
}

/// A method of a class with the tokens of its body.
fn method(code: &Code<'_>, class: &TypeDecl, name: &str) -> Option<Range<usize>> {
    let mut at = class.open + 1;
    while at < class.close {
        if code.is(at, name) && code.is(at + 1, "(") {
            let close = code.partner(at + 1)?;
            let mut open = close + 1;
            // The type of the answer may have brackets of its own.
            while open < class.close {
                if code.is(open, "{") && !matches!(code.raw(open - 1), ":" | "<" | "|" | "&" | ",")
                {
                    return Some(open..code.partner(open)?);
                }
                if code.is(open, ";") {
                    return None;
                }
                open += 1;
            }
            return None;
        }
        at = match code.raw(at) {
            "{" | "(" | "[" => code.partner(at).unwrap_or(at) + 1,
            _ => at + 1,
        };
    }
    None
}

/// A guard: what it answers by the exceptions that it makes, and by the framework where it lets nobody
/// pass (<https://docs.nestjs.com/guards#role-based-authentication>).
fn guard(acc: &mut FileFacts, file: &SourceFile<'_>, class: &TypeDecl) {
    let code = file.code();
    let mut handler = Handler {
        name: class.name.clone(),
        leaves: true,
        ..Handler::default()
    };
    if let Some(base) = class.base(code) {
        let open = class.heritage.clone().find(|&at| code.is(at, base));
        let name = open.and_then(|at| name_of(code, at..class.open));
        handler.bases.push(name.unwrap_or_else(|| base.to_owned()));
    }
    let mut found = nest_handlers::exceptions(file, class.open..class.close, false);
    for name in ["canActivate", "handleRequest"] {
        let Some(body) = method(code, class, name) else {
            continue;
        };
        handler.methods.push(name.to_owned());
        if name != "canActivate" {
            continue;
        }
        let above = body
            .clone()
            .any(|at| code.is(at, ABOVE) && code.is(at + 1, ".") && code.is(at + 2, "canActivate"));
        if above {
            handler.calls.push(ABOVE.to_owned());
        } else if refuses(code, body) {
            statuses::give(&mut found, statuses::response("403"));
        }
    }
    found.sort_by(|a, b| a.status.cmp(&b.status));
    handler.responses = found;
    let claim = Claim::Handler(Box::new(handler));
    acc.add(file, class.line, class.line, claim);
}

/// Whether a body says `return false`, or gives back what a comparison, a negation or a question to a list is.
fn refuses(code: &Code<'_>, body: Range<usize>) -> bool {
    const ASKS: [&str; 4] = ["some", "every", "includes", "has"];
    body.clone().any(|at| {
        if !code.is(at, "return") {
            return false;
        }
        let end = (at + 1..body.end)
            .find(|&i| code.is(i, ";"))
            .unwrap_or(at + 1);
        // What a function inside returns, is not the answer of the guard.
        let inner = (body.start..at).rev().any(|open| {
            code.is(open, "{")
                && open > body.start + 1
                && code.partner(open).is_some_and(|close| close > at)
                && (code.is(open - 1, ">") || code.is(open - 1, "=>"))
        });
        if inner {
            return false;
        }
        let compares = || {
            (at + 1..end).any(|i| {
                matches!(code.raw(i), "===" | "!==" | "==" | "!=")
                    || matches!(code.raw(i), "=" | "!") && code.is(i + 1, "=")
            })
        };
        code.is(at + 1, "false") && code.is(at + 2, ";")
            || end < at + 40
                && !(at + 1..end).any(|i| code.is(i, "{"))
                && (compares()
                    || (at + 1..end).any(|i| {
                        ASKS.contains(&code.raw(i)) && code.is(i - 1, ".") && code.is(i + 1, "(")
                    }))
    })
}

/// `next.handle().pipe(map((data) => ({ data, success: true })))`: of one object that is given back, its keys.
fn wraps(acc: &mut FileFacts, file: &SourceFile<'_>, class: &TypeDecl) {
    let code = file.code();
    let Some(body) = method(code, class, "intercept") else {
        return;
    };
    let mut found: Vec<String> = Vec::new();
    for at in body.clone() {
        if !(code.is(at, "map") && code.is(at + 1, "(")) || code.is(at - 1, ".") {
            continue;
        }
        let Some(given) = code.arguments(at + 1).into_iter().next() else {
            continue;
        };
        let bracket = usize::from(code.is(given.start, "("));
        let Some(param) = code.ident(given.start + bracket) else {
            return;
        };
        let Some(arrow) = given
            .clone()
            .find(|&i| code.is(i, "=") && code.is(i + 1, ">") || code.is(i, "=>"))
        else {
            return;
        };
        let from = arrow + if code.is(arrow, "=>") { 1 } else { 2 };
        let objects: Vec<usize> = match code.raw(from) {
            "(" if code.is(from + 1, "{") => vec![from + 1],
            "{" => {
                let end = code.partner(from).unwrap_or(from);
                let mut returns = (from..end).filter(|&i| code.is(i, "return"));
                let first = returns.next();
                // One of several says less than all.
                if returns.next().is_some() {
                    return;
                }
                first
                    .map(|i| i + 1)
                    .filter(|&i| code.is(i, "{"))
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        };
        for open in objects {
            let mut keys = Vec::new();
            for part in code.arguments(open) {
                let Some(key) = code.ident(part.start) else {
                    return;
                };
                let value = match code.raw(part.start + 1) {
                    ":" => part.start + 2..part.end,
                    _ => part.clone(),
                };
                // `data: data ?? null`, `data`
                let holds = code.is(value.start, param)
                    && (value.len() == 1
                        || matches!(code.raw(value.start + 1), "?" | "??" | "||" | "|"));
                keys.push(format!("{key}{}", if holds { "=" } else { "" }));
            }
            found.push(keys.join(","));
        }
    }
    if let [keys] = found.as_slice()
        && keys.matches('=').count() == 1
    {
        note(acc, file, class.line, WRAPS, &class.name, keys);
    }
}

/// `{ provide: APP_GUARD, useClass: JwtGuard }` (<https://docs.nestjs.com/guards#binding-guards>).
fn provided(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 2..code.tokens.len() {
        let target = match code.string(at).unwrap_or(code.raw(at)) {
            "APP_GUARD" => GUARD,
            "APP_PIPE" => PIPE,
            "APP_INTERCEPTOR" => INTERCEPTOR,
            "APP_FILTER" => FILTER,
            _ => continue,
        };
        if !code.is(at - 2, "provide") {
            continue;
        }
        let class = code.is(at + 2, "useClass") || code.is(at + 2, "useExisting");
        // `useValue: new ValidationPipe({…})`, `useFactory: () => new ValidationPipe()`.
        let made = (at + 2..at + 12).find(|&i| code.is(i, "new") && code.ident(i + 1).is_some());
        let name = match (class, made) {
            (true, _) => code.ident(at + 4).map(|name| (name, None)),
            (false, Some(new)) if !(at + 2..new).any(|i| code.is(i, "}")) => {
                code.ident(new + 1).map(|name| (name, Some(new + 2)))
            }
            _ => None,
        };
        if let Some((name, open)) = name {
            stands(acc, file, code.line(at), target, name, open);
        }
    }
}

/// `app.useGlobalGuards(new JwtGuard(reflector))`.
fn used(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for call in code.calls() {
        let target = match code.raw(call.open - 1) {
            "useGlobalGuards" => GUARD,
            "useGlobalPipes" => PIPE,
            "useGlobalInterceptors" => INTERCEPTOR,
            "useGlobalFilters" => FILTER,
            _ => continue,
        };
        for part in code.arguments(call.open) {
            let new = code.is(part.start, "new");
            let at = part.start + usize::from(new);
            // What a variable holds was made elsewhere.
            if let Some(name) = code.ident(at).filter(|_| new) {
                stands(acc, file, code.line(at), target, name, Some(at + 1));
            }
        }
    }
}

fn stands(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    target: &str,
    name: &str,
    open: Option<usize>,
) {
    if target != PIPE {
        return note(acc, file, line, target, name, "");
    }
    if !matches!(
        name,
        "ValidationPipe" | "ZodValidationPipe" | "I18nValidationPipe"
    ) {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let options = (open.filter(|&open| code.is(open, "(")))
        .and_then(|open| code.arguments(open).into_iter().next());
    let own = |key: &str| {
        let at = options
            .as_ref()
            .and_then(|range| values.literal_at(range))?;
        values.property(at, key)
    };
    // A factory of the program makes the exception, and with it the status.
    if own("exceptionFactory").is_some() {
        return;
    }
    // <https://docs.nestjs.com/techniques/validation#using-the-built-in-validationpipe>
    let status = match own("errorHttpStatusCode") {
        Some(range) => statuses::code(code.raw(range.end - 1)),
        None => Some("400"),
    };
    if let Some(status) = status {
        note(acc, file, line, PIPE, status, "");
    }
}
