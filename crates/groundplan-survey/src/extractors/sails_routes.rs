//! Sails: routes of `config/routes.js`, and which policies stand before which actions.

use crate::extractor::{Extractor, Reads};
use crate::extractors::waterline_models::{exported, key_of};
use crate::facts::{Before, Claim, Endpoint, FileFacts, Handler};
use crate::http_paths;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sails-routes",
    docs: "\
### What it finds
Routes of Sails (<https://sailsjs.com/documentation/concepts/routes/custom-routes>): the addresses of `config/routes.js`
with the actions that they lead to, also as objects with `action`, `controller`, `view` or `fn`; the policies of
`config/policies.js` that stand before actions; and whether `config/blueprints.js` leaves routes to be made of models.

### What it does not find
Addresses that are regular expressions, routes that hooks bind, routes of blueprints.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["exports.routes", "exports.policies", "exports.blueprints"],
    run: extract,
};

/// The name under which what stands before actions is kept.
pub(crate) const POLICIES: &str = "*sails-policies";

/// Begins the name under which a policy is kept.
pub(crate) const POLICY: &str = "policies/";

/// What Sails calls itself among the frameworks.
pub(crate) const SAILS: &str = "sails";

/// Routes of a file at most.
const MOST: usize = 2_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let of_config = file.folder().rsplit('/').next() == Some("config");
    if !of_config || scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    if let Some(open) = exported(code, Some("routes")) {
        let values = Values::new(file);
        for part in code.arguments(open).into_iter().take(MOST) {
            route(acc, file, &values, &part);
        }
    }
    if let Some(open) = exported(code, Some("policies")) {
        policies(acc, file, open);
    }
    if let Some(open) = exported(code, Some("blueprints")) {
        let off = |name: &str| {
            let mut parts = code.arguments(open).into_iter();
            parts.any(|part| {
                code.is(part.start, name)
                    && code.is(part.start + 1, ":")
                    && code.is(part.start + 2, "false")
            })
        };
        // Unless it is told otherwise, Sails makes routes of each model.
        if !(off("rest") && off("shortcuts")) {
            let line = code.line(open);
            scan::endpoint(acc, file, line, line, http_paths::unread(SAILS));
        }
    }
}

/// The name of an action as routes and policies have it: `UserController.create` is `user/create`.
fn action_name(written: &str) -> String {
    let path = written.replace("Controller.", "/").replace('.', "/");
    let path = path.trim_end_matches("Controller");
    path.trim_matches('/').to_lowercase()
}

/// `"POST /api/boards/:id": "boards/update"`.
fn route(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, part: &Range<usize>) {
    let code = file.code();
    let line = code.line(part.start);
    let last = code.line(part.end.saturating_sub(1).max(part.start));
    let unread = |acc: &mut FileFacts| {
        scan::endpoint(acc, file, line, line, http_paths::unread(SAILS));
    };
    let address = code
        .string(part.start)
        .filter(|_| code.is(part.start + 1, ":"));
    let Some(address) = address else {
        // `...routes`, `[address]: "…"`
        return unread(acc);
    };
    let (method, path) = match address.trim().split_once(char::is_whitespace) {
        Some((word, path)) => (word.to_ascii_uppercase(), path.trim()),
        None => ("ANY".to_owned(), address.trim()),
    };
    let method = match method.as_str() {
        "ALL" => "ANY".to_owned(),
        _ => method,
    };
    let known = matches!(
        method.as_str(),
        "ANY" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"
    );
    if path.starts_with("r|") || !known {
        return unread(acc);
    }
    if !path.starts_with('/') {
        return;
    }
    let value = part.start + 2..part.end;
    let Some(handler) = target(code, values, &value) else {
        return;
    };
    let endpoint = Endpoint {
        method,
        path: http_paths::template(path),
        handler,
        ..http_paths::unread(SAILS)
    };
    scan::endpoint(acc, file, line, last, endpoint);
}

/// What an address leads to: the name of an action, nothing for a view or a function; `None` where
/// it sends the caller on.
fn target(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    value: &Range<usize>,
) -> Option<Option<String>> {
    if let Some(text) = code.string(value.start).filter(|_| value.len() == 1) {
        let elsewhere = text.starts_with('/') || text.contains("://");
        return (!elsewhere).then(|| Some(action_name(text)));
    }
    // Of a list the last one answers.
    if code.is(value.start, "[") {
        let last = code.arguments(value.start).into_iter().next_back()?;
        return match code.is(last.start, "[") {
            true => Some(None),
            false => target(code, values, &last),
        };
    }
    if !code.is(value.start, "{") {
        return Some(None);
    }
    let said = |name: &str| values.folded_property(value.start, &[name]);
    if let Some(target) = said("target") {
        return Some(Some(action_name(&target)));
    }
    let found = match (said("controller"), said("action")) {
        (Some(controller), Some(action)) => Some(action_name(&format!("{controller}.{action}"))),
        (None, Some(action)) => Some(action_name(&action)),
        _ => None,
    };
    Some(found)
}

/// `"boards/*": ["is-authenticated"]`, `"terms/show": true`, and of controllers
/// `UserController: { create: "is-admin" }`.
fn policies(acc: &mut FileFacts, file: &SourceFile<'_>, open: usize) {
    let code = file.code();
    let mut all: Vec<Before> = Vec::new();
    for part in code.arguments(open).into_iter().take(MOST) {
        if !code.is(part.start + 1, ":") {
            continue;
        }
        let name = action_name(key_of(code, &part));
        let value = part.start + 2..part.end;
        if code.is(value.start, "{") {
            for inner in code.arguments(value.start).into_iter().take(MOST) {
                if code.is(inner.start + 1, ":") {
                    let action = key_of(code, &inner);
                    let whole = format!("{name}/{}", action.to_lowercase());
                    all.extend(stand(code, whole, inner.start + 2..inner.end));
                }
            }
        } else {
            all.extend(stand(code, name, value));
        }
    }
    if all.is_empty() {
        return;
    }
    let (first, last) = (code.line(open), code.partner(open).map(|at| code.line(at)));
    let handler = Handler {
        name: POLICIES.to_owned(),
        befores: all,
        ..Handler::default()
    };
    acc.add(
        file,
        first,
        last.unwrap_or(first),
        Claim::Handler(Box::new(handler)),
    );
}

/// The policies before one action, in their order; one without a name where none is.
fn stand(code: &Code<'_>, action: String, value: Range<usize>) -> Vec<Before> {
    let one = |name: &str, depends: bool| Before {
        name: name.to_owned(),
        only: vec![action.clone()],
        depends,
        ..Before::default()
    };
    if code.is(value.start, "true") {
        return vec![one("", false)];
    }
    let parts = match code.is(value.start, "[") {
        true => code.arguments(value.start),
        false => vec![value],
    };
    let named = parts.into_iter().map(|part| match code.string(part.start) {
        Some(name) if part.len() == 1 => one(name, false),
        // `false` lets nobody in, and a function was not read.
        _ => one("", true),
    });
    named.collect()
}
