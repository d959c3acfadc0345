//! Classes of ASP.NET programs that stand before actions as attributes, and those that are called like results
//! and are values.

use crate::extractor::{Extractor, Reads};
use crate::extractors::csharp_handlers::results;
use crate::facts::{Claim, FileFacts, Handler};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language, TypeDecl};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-attributes",
    docs: "\
### What it finds
Attributes that a program makes of `AuthorizeAttribute` or of a filter, with the roles or the policy that they set
and the statuses that a filter of authorization answers, and which classes called `…Result` are values that actions
return rather than results of the framework.

### What it does not find
What a filter asks, and attributes of packages.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &[
        "AuthorizeAttribute",
        "FilterAttribute",
        "IAuthorizationFilter",
        "IAsyncAuthorizationFilter",
        "IActionFilter",
        "IAsyncActionFilter",
        "Result",
    ],
    run: extract,
};

/// What stands before the name of an attribute or filter among the names of handlers.
pub(crate) const ATTRIBUTE: &str = "attribute ";

/// What stands before the name of a class that is called like a result and is a value.
pub(crate) const VALUE: &str = "value ";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    for class in &file.outline().types {
        let bases = extended(code, class);
        let handler = if is_result(&class.name) {
            // One that extends another may be a result of the framework by it.
            let other = bases.iter().any(|base| base.contains("Result"));
            (!other && class.keyword != "interface").then(|| Handler {
                name: format!("{VALUE}{}", class.name),
                ..Handler::default()
            })
        } else {
            attribute(code, class, &bases)
        };
        // What an attribute asks of all that carry it.
        let asks = handler
            .as_ref()
            .filter(|h| !h.leaves)
            .and_then(|h| h.guards.first());
        let given = asks.and_then(|guard| Some(guard.split_once('(')?.1.trim_end_matches(')')));
        if let Some(given) = given {
            let detail = Some(format!(
                "an attribute that asks for {}",
                given.replace('"', "")
            ));
            let name = class.name.as_str();
            scan::mark(acc, file, class.line, Topic::Authorization, name, detail);
        }
        if let Some(handler) = handler {
            let claim = Claim::Handler(Box::new(handler));
            acc.add(file, class.line, class.line, claim);
        }
    }
}

/// Whether a type is called like a result of an action; `Result` alone is one of many packages.
pub(super) fn is_result(name: &str) -> bool {
    name.strip_suffix("Result").is_some_and(|own| {
        own.len() > 1
            && !own.ends_with("Http")
            && !matches!(own, "Action" | "IAction" | "IHttpAction")
            && !results::is_of_framework(own)
    })
}

/// `Admin` of `AdminAttribute`, as it is written before an action.
pub(super) fn written(name: &str) -> &str {
    match name.strip_suffix("Attribute") {
        Some(own) if !own.is_empty() => own,
        _ => name,
    }
}

/// The names of what a class extends.
fn extended<'t>(code: &Code<'t>, class: &TypeDecl) -> Vec<&'t str> {
    let mut depth = 0_i32;
    let mut all = Vec::new();
    for at in class.heritage.clone() {
        match code.raw(at) {
            "<" | "(" => depth += 1,
            ">" | ")" => depth -= 1,
            _ if depth == 0 && !code.is(at + 1, ".") => all.extend(code.ident(at)),
            _ => {}
        }
    }
    all
}

fn attribute(code: &Code<'_>, class: &TypeDecl, bases: &[&str]) -> Option<Handler> {
    let name = written(&class.name);
    let mut handler = Handler {
        name: format!("{ATTRIBUTE}{name}"),
        ..Handler::default()
    };
    let has = |wanted: &[&str]| bases.iter().any(|base| wanted.contains(base));
    let decides = has(&["IAuthorizationFilter", "IAsyncAuthorizationFilter"]);
    if has(&["AuthorizeAttribute", "Authorize"]) {
        let (guard, more) = asked(code, class, name);
        handler.guards.push(guard);
        statuses::add(&mut handler.responses, "401");
        if more {
            statuses::add(&mut handler.responses, "403");
        }
        // One that decides itself as well may refuse in other ways.
        handler.more = decides;
    } else if decides {
        handler.guards.push(name.to_owned());
        handler.leaves = true;
    } else if bases.iter().any(|base| {
        base.ends_with("FilterAttribute")
            || base.ends_with("Filter") && base.starts_with('I') && !base.contains("Endpoint")
    }) {
        handler.leaves = true;
        handler.bases = filters(code, class);
    } else {
        // What an attribute of the program asks, one that extends it asks as well.
        let own = |base: &&&str| base.ends_with("Attribute") && **base != "Attribute";
        let base = bases.iter().find(own)?;
        handler.bases = vec![format!("{ATTRIBUTE}{}", written(base))];
    }
    if decides {
        for status in (class.open..class.close).filter_map(|at| results::result(code, at)) {
            statuses::add(&mut handler.responses, &status);
        }
    }
    Some(handler)
}

/// The guard of an attribute of `AuthorizeAttribute`, `Admin(Roles = Admin)`, and whether it asks for more than to
/// be signed in: `Roles = "Admin"` or `Policy = …` in its body, or a policy for the class that it extends.
fn asked(code: &Code<'_>, class: &TypeDecl, name: &str) -> (String, bool) {
    let mut more = false;
    let sets = |at: usize| {
        matches!(code.raw(at), "Roles" | "Policy") && code.is(at + 1, "=") && !code.is(at + 2, "=")
    };
    // Which of several holds, the program decides.
    let one = (class.open..class.close).filter(|&at| sets(at)).count() == 1;
    for at in class.open..class.close {
        let word = code.raw(at);
        if sets(at) {
            more = true;
            // Longer expressions are made of what the attribute is given.
            let end = (at + 2..at + 8).find(|&i| code.is(i, ";"));
            let plain = end.filter(|&end| {
                (at + 2..end)
                    .all(|i| code.string(i).is_some() || code.ident(i).is_some() || code.is(i, "."))
                    && (code.string(at + 2).is_some() || code.is(at + 3, "."))
            });
            if let Some(end) = plain.filter(|_| one) {
                let given = scan::spoken(code, at + 2..end);
                return (format!("{name}({word} = {given})"), true);
            }
        }
        let base = word == "base" && code.is(at + 1, "(") && !code.is(at + 2, ")");
        more |= base;
    }
    (name.to_owned(), more)
}

/// The filters that an attribute names: `base(typeof(PermissionFilter))`.
fn filters(code: &Code<'_>, class: &TypeDecl) -> Vec<String> {
    let body: Range<usize> = class.open..class.close;
    let named = body.filter(|&at| code.is(at, "typeof") && code.is(at + 1, "("));
    let named = named.filter_map(|at| code.ident(at + 2));
    named
        .map(|name| format!("{ATTRIBUTE}{}", written(name)))
        .collect()
}
