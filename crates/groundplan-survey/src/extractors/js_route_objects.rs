//! JavaScript and TypeScript: routes that are objects, which a loop adds to a router:
//! `for (const route of routes) app[route.method](route.path, route.handler)`.

use crate::extractor::{Extractor, Reads};
use crate::extractors::js_http::{VERBS, is_own, name_of, verb};
use crate::extractors::js_routers::{self, Routers};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-route-objects",
    docs: "\
### What it finds
Routes that are objects with a method and a path beside what answers or checks them
(`{ method: \"get\", path: \"/orders\", handler: list }`), where the program adds such objects to a router in a loop
(`app[route.method](route.path, route.handler)`).

### What it does not find
Objects whose method or path is put together, and options of requests.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["method: \"", "method: '"],
    run: extract,
};

/// Begins the name of the router that such an object stands on, which has what its path depends on behind it.
pub(crate) const OBJECT: &str = "[route-object]";

/// The target of a mount that takes in all such objects.
pub(crate) const OBJECTS: &str = "*route-objects";

/// Stands in the prefix of such a mount for a property of the object, with what stands for it where an object
/// has none: `@of.version=v1@`.
const OF: &str = "@of.";

/// Stands between the properties of an object.
const BETWEEN: &str = ";";

/// Objects of a file at most.
const MOST: usize = 1_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || !file.says("path: ") {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let methods = (1..code.tokens.len()).filter(|&at| {
        let known = |verb: &str| VERBS.iter().any(|known| verb.eq_ignore_ascii_case(known));
        code.is(at, "method") && code.is(at + 1, ":") && code.string(at + 2).is_some_and(known)
    });
    for at in methods.take(MOST) {
        let Some(open) = scan::open_around(code, at).filter(|&open| code.is(open, "{")) else {
            continue;
        };
        let path = values.property(open, "path");
        let path = path
            .filter(|range| range.len() == 1)
            .and_then(|range| code.string(range.start));
        let Some(path) = path.filter(|path| path.starts_with('/') || path.is_empty()) else {
            continue;
        };
        let handler = ["handler", "handle", "action", "controller"]
            .iter()
            .find_map(|name| values.property(open, name));
        // What checks a request or an answer belongs to a route, a body to a request.
        let keys = code.arguments(open);
        let checks = keys.iter().any(|part| {
            let key = code.raw(part.start);
            key.ends_with("Schema") || matches!(key, "schema" | "schemas" | "validate")
        });
        if handler.is_none() && !checks {
            continue;
        }
        let method = code.string(at + 2).unwrap_or_default().to_ascii_lowercase();
        let own = ["version", "apiVersion", "prefix", "basePath"]
            .iter()
            .filter_map(|name| {
                let value = values.property(open, name)?;
                let whole = value.len() == 1 || code.is(value.start + 1, "as");
                // One that is not written out is not known, and what stands where there is none is no value of it.
                let text = code.string(value.start).filter(|_| whole);
                let text = text.filter(|text| !text.contains(BETWEEN));
                Some(format!("{name}={}", text.unwrap_or_default()))
            });
        let own: Vec<String> = own.collect();
        let endpoint = Endpoint {
            method: verb(&method),
            path: scan::path(path),
            handler: handler.and_then(|range| name_of(file, &range)),
            router: Some(format!("{OBJECT}{}", own.join(BETWEEN))),
            ..http_paths::unread("express")
        };
        let line = code.line(at);
        scan::endpoint(acc, file, line, line, endpoint);
    }
}

/// Adds the loops of a file that take in such objects: `router[route.method](`/v1${route.path}`, route.handler)`.
pub(super) fn loops(acc: &mut FileFacts, file: &SourceFile<'_>, routers: &Routers) {
    if !file.says(".method") {
        return;
    }
    let code = file.code();
    for open in 6..code.tokens.len() {
        if !code.is(open, "(") || !code.is(open - 1, "]") {
            continue;
        }
        let Some(bracket) = code.partner(open - 1).filter(|&at| at > 0) else {
            continue;
        };
        // `[route.method]`, `[route.method.toLowerCase()]`
        let (Some(object), true) = (
            code.ident(bracket + 1),
            code.is(bracket + 2, ".") && code.is(bracket + 3, "method"),
        ) else {
            continue;
        };
        let first = match bracket {
            at if at >= 3 && code.is(at - 2, ".") && code.is(at - 3, "this") => at - 3,
            at => at - 1,
        };
        let (name, at) = match code.is(first, "this") {
            true => (code.raw(first + 2), first + 2),
            false => js_routers::receiver(code, first),
        };
        let path = code.arguments(open).into_iter().next();
        let Some(prefix) = path.and_then(|range| pattern(code, range.start, range.len(), object))
        else {
            continue;
        };
        if !is_own(file, routers, name) {
            continue;
        }
        let stand = routers.stand(file, name, at, 0);
        let mount = Mount {
            router: stand.router,
            prefix: format!("{}{prefix}", stand.prefix.trim_end_matches('/')),
            target: OBJECTS.to_owned(),
            ..Mount::default()
        };
        let line = code.line(open);
        acc.add(file, line, line, Claim::Mount(mount));
    }
}

/// What the path of a loop puts before that of its object: nothing for `route.path`, `/v1` for `/v1${route.path}`,
/// also where a constant before it holds that text.
fn pattern(code: &Code<'_>, at: usize, length: usize, object: &str) -> Option<String> {
    if code.is(at, object) && code.is(at + 1, ".") && length == 3 {
        return matches!(code.raw(at + 2), "path" | "url").then(String::new);
    }
    let text = match code.raw(at).strip_prefix('`') {
        Some(text) if length == 1 => text,
        _ => {
            let value = constant(code, code.ident(at).filter(|_| length == 1)?, at)?;
            code.raw(value).strip_prefix('`')?
        }
    };
    let mut out = String::new();
    let mut rest = text.trim_end_matches('`');
    while let Some((before, after)) = rest.split_once("${") {
        let (name, behind) = after.split_once('}')?;
        out.push_str(before);
        let own = name
            .strip_prefix(object)
            .and_then(|rest| rest.strip_prefix('.'));
        match own {
            Some("path" | "url") => return behind.is_empty().then_some(out),
            Some(property) => out.push_str(&format!("{OF}{property}=@")),
            None => out.push_str(&chosen(code, name, at, object)?),
        }
        rest = behind;
    }
    None
}

/// The first token of what a constant before a place is given.
fn constant(code: &Code<'_>, name: &str, at: usize) -> Option<usize> {
    let found = (at.saturating_sub(300)..at)
        .rev()
        .find(|&i| code.is(i, name) && code.is(i + 1, "="))?;
    Some(found + 2)
}

/// A constant that is a property of the object or a text where it has none: `const v = route.version ?? "v1"`.
fn chosen(code: &Code<'_>, name: &str, at: usize, object: &str) -> Option<String> {
    let value = constant(code, name, at)?;
    // Without semicolons the next statement may begin here, too.
    let mut tokens = (value..value + 24).take_while(|&i| !matches!(code.raw(i), ";" | "="));
    let text = tokens.find(|&i| code.string(i).is_some())?;
    let before = text.checked_sub(3)?;
    // Only what stands behind `??` or `||` is for objects that have none.
    let either = matches!(code.raw(before + 1), "?" | "|")
        && code.raw(before + 2) == code.raw(before + 1)
        && (value..before).take(8).any(|i| code.is(i, object));
    let property = code.ident(before).filter(|_| either)?;
    // One that would end the mark is left out.
    let default = code.string(text).filter(|text| !text.contains('@'));
    Some(format!("{OF}{property}={}@", default.unwrap_or_default()))
}

/// A prefix with the properties of an object filled in, `version=v2;prefix=/x`; none where one of them is not known.
pub(crate) fn filled(prefix: &str, own: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = prefix;
    while let Some((before, after)) = rest.split_once(OF) {
        let (property, behind) = after.split_once('@')?;
        let (name, default) = property.split_once('=')?;
        let mut all = own.split(BETWEEN).filter_map(|one| one.split_once('='));
        let said = all.find(|(of, _)| *of == name).map(|(_, value)| value);
        let value = said.unwrap_or(default);
        out.push_str(before);
        out.push_str(Some(value).filter(|value| !value.is_empty())?);
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn each_property_of_an_object_is_filled_in() {
        let of = |own: &str| filled("/@of.version=v1@@of.prefix=@", own);
        let whole = Some("/v2/stock".to_owned());
        assert_eq!(of("version=v2;prefix=/stock"), whole);
        assert_eq!(of("prefix=/stock"), Some("/v1/stock".to_owned()));
        // Nobody knows the one that is not written out, or has no default.
        assert_eq!(of("version=;prefix=/stock"), None);
        assert_eq!(of("version=v2"), None);
    }
}
