//! Decorators of the repository itself: what guards they are made of, where they stand, and which
//! handlers are taken out of what stands before their class.

use super::guards::{Behind, described, name_of, topic};
use crate::facts::{Claim, Decorated, FileFacts, Guarding};
use crate::scan;
use crate::source::SourceFile;
use groundplan_syntax::{Code, DeclKind};
use std::collections::BTreeMap;

/// Tokens that are looked back at for the head of a function.
const MOST_BACK: usize = 400;

/// Decorators of classes whose methods answer somebody.
const ANSWERING: [&str; 3] = ["Controller", "Resolver", "WebSocketGateway"];

/// Adds what decorators of the repository are made of, where they stand, and guards of a whole
/// application.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.says("UseGuards(") {
        made_of(acc, file);
    }
    if file.says("APP_GUARD") {
        of_application(acc, file);
    }
    standing(acc, file);
}

/// `export const Auth = () => applyDecorators(UseGuards(JwtGuard))`.
fn made_of(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let mut all: BTreeMap<String, (u32, Vec<String>)> = BTreeMap::new();
    for call in code.calls() {
        if !code.is(scan::word_at(code, call), "UseGuards") {
            continue;
        }
        // What stands in a condition is not put there each time.
        let before = call.first.checked_sub(1).map_or("", |at| code.raw(at));
        if !matches!(before, "(" | "," | "return" | "=>") {
            continue;
        }
        let Some((name, line)) = head(code, call.first) else {
            continue;
        };
        let guards = code.arguments(call.open).into_iter();
        let guards = guards.filter_map(|range| name_of(code, range));
        let entry = all.entry(name).or_insert_with(|| (line, Vec::new()));
        entry.1.extend(guards);
    }
    for (decorator, (line, guards)) in all {
        if !guards.is_empty() {
            scan::add(
                acc,
                file,
                line,
                Claim::Guarding(Guarding { decorator, guards }),
            );
        }
    }
}

/// The function around a place: `function Auth(`, `const Auth = (…) =>`.
fn head(code: &Code<'_>, from: usize) -> Option<(String, u32)> {
    for at in (from.saturating_sub(MOST_BACK)..from).rev() {
        let function = code.is(at, "function");
        let constant = code.is(at, "const") && code.is(at + 2, "=");
        let made = constant && (code.is(at + 3, "(") || code.is(at + 4, "=>"));
        if function || made {
            let name = code.ident(at + 1)?;
            return Some((name.to_owned(), code.line(at + 1)));
        }
        // Another class or block of a class ended before the function began.
        if code.is(at, "class") {
            return None;
        }
    }
    None
}

/// `{ provide: APP_GUARD, useClass: AuthGuard }`: a guard before all handlers of an application.
fn of_application(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for at in 0..code.tokens.len() {
        if !(code.is(at, "APP_GUARD") && at >= 2 && code.is(at - 2, "provide")) {
            continue;
        }
        let used = ["useClass", "useExisting"];
        if !(used.iter().any(|word| code.is(at + 2, word)) && code.is(at + 3, ":")) {
            continue;
        }
        if let Some(name) = code.ident(at + 4)
            && let Some(topic) = topic(name)
        {
            let detail = "stands before all handlers of the application that are not taken out (`APP_GUARD`)";
            scan::mark(
                acc,
                file,
                code.line(at),
                topic,
                name,
                Some(detail.to_owned()),
            );
        }
    }
}

/// Decorators at controllers that no package of NestJS brings.
pub(super) fn standing(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let outline = file.outline();
    let mut all: BTreeMap<(&str, &str), Behind<'_>> = BTreeMap::new();
    for declared in &outline.declared {
        let Some(owner) = declared.owner else {
            continue;
        };
        let answering =
            (outline.of_type(owner)).is_some_and(|c| c.annotation(&ANSWERING).is_some());
        let fits = matches!(declared.kind, DeclKind::Type | DeclKind::Function);
        let Some(class) = outline.types.get(owner).filter(|_| answering && fits) else {
            continue;
        };
        for annotation in declared.annotations.iter().filter(|a| !is_known(&a.name)) {
            let key = (class.name.as_str(), annotation.name.as_str());
            let behind = all.entry(key).or_insert_with(|| Behind {
                line: annotation.line,
                handlers: Vec::new(),
                whole: false,
            });
            match declared.kind {
                DeclKind::Type => behind.whole = true,
                _ => behind.handlers.push(&declared.name),
            }
        }
    }
    for ((class, decorator), behind) in all {
        let mut detail = described(class, "", &behind);
        if behind.whole {
            note_exempt(&mut detail, &exempt(file, class));
        }
        let decorated = Decorated {
            decorator: decorator.to_owned(),
            class: class.to_owned(),
            whole: behind.whole,
            detail,
        };
        scan::add(acc, file, behind.line, Claim::Decorated(decorated));
    }
}

/// Decorators of packages, which stand at nearly all handlers.
pub(crate) fn is_known(name: &str) -> bool {
    // What describes an operation for OpenAPI; a guard of the repository may begin like it.
    const DESCRIBING: [&str; 9] = [
        "Body",
        "Consumes",
        "Endpoint",
        "Operation",
        "Param",
        "Produces",
        "Query",
        "Response",
        "Tags",
    ];
    let described = |rest: &str| DESCRIBING.iter().any(|word| rest.ends_with(word));
    name.strip_prefix("Api").is_some_and(described)
        || ANSWERING.contains(&name)
        || matches!(
            name,
            "All"
                | "Delete"
                | "Get"
                | "Head"
                | "Header"
                | "HttpCode"
                | "Options"
                | "Patch"
                | "Post"
                | "Put"
                | "Query"
                | "Mutation"
                | "ResolveField"
                | "SubscribeMessage"
                | "EventPattern"
                | "MessagePattern"
                | "Throttle"
                | "UseFilters"
                | "UseGuards"
                | "UseInterceptors"
                | "UsePipes"
                | "Version"
        )
}

/// Handlers of a class at which a decorator says by its name that something is left out: `@Public()`,
/// `@SkipAuth()`, `@AllowAnonymous()`; those that are about limits and caches open nothing.
pub(super) fn exempt<'f>(file: &'f SourceFile<'_>, class: &str) -> Vec<(&'f str, &'f str)> {
    let outline = file.outline();
    let mut all = Vec::new();
    for declared in &outline.declared {
        let owner = declared.owner.and_then(|at| outline.types.get(at));
        if declared.kind != DeclKind::Function || owner.is_none_or(|o| o.name != class) {
            continue;
        }
        let opened = declared.annotations.iter().find(|a| is_exemption(&a.name));
        all.extend(opened.map(|a| (declared.name.as_str(), a.name.as_str())));
    }
    all
}

pub(crate) fn is_exemption(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let out = has(&[
        "public",
        "skip",
        "anonymous",
        "noauth",
        "unauth",
        "exempt",
        "disable",
        "bypass",
        "optional",
        "ignore",
        "without",
    ]);
    out && !has(&[
        "throttl",
        "limit",
        "cache",
        "csrf",
        "transform",
        "intercept",
        "log",
        "publicapi",
    ])
}

/// Adds to `guards all handlers of …` which of them are marked otherwise.
pub(super) fn note_exempt(detail: &mut String, open: &[(&str, &str)]) {
    let Some((handler, decorator)) = open.first() else {
        return;
    };
    *detail = detail.replacen("guards all handlers of", "stands at the class", 1);
    /// Handlers that are named at most.
    const NAMED: usize = 6;
    let alike = open.iter().all(|(_, other)| other == decorator);
    let names: Vec<String> = open.iter().map(|(name, _)| format!("`{name}`")).collect();
    let more = match names.as_slice() {
        [one] => format!("; {one} is marked `@{decorator}`"),
        [some @ .., last] if alike && names.len() <= NAMED => {
            format!("; {} and {last} are marked `@{decorator}`", some.join(", "))
        }
        _ => format!(
            "; {} of its handlers are marked otherwise, such as `{handler}` by `@{decorator}`",
            open.len()
        ),
    };
    detail.push_str(&more);
}
