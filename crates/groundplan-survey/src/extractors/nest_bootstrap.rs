//! NestJS: what the start of a program puts before all paths, and versions that controllers give.

use crate::facts::{Claim, FileFacts, Mount};
use crate::http_paths::{self, UNREAD};
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, Code, Declared};
use std::ops::Range;

/// Target of a mount that gives a prefix to all routes of the program.
pub(crate) const PREFIX: &str = "*nestjs";
/// Target of a mount whose prefix is a path that the prefix of the program leaves out.
pub(crate) const EXCLUDED: &str = "*nestjs-exclude";
/// Target of a mount that says that versions stand in paths: `router` is what stands before the
/// number, `prefix` the version of routes that name none.
pub(crate) const VERSIONED: &str = "*nestjs-version";
/// Begin of the router of an endpoint that names a version, which follows it; nothing follows where
/// the route is for no version.
pub(crate) const VERSION: &str = "version:";

/// Adds what `setGlobalPrefix` and `enableVersioning` say.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let has = |word: &str| file.text.contains(word);
    // Bundlers of pages have an `enableVersioning` as well.
    if !has("@nestjs") || !has("setGlobalPrefix") && !has("enableVersioning") {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let mut add = |mount: Mount| {
            acc.add(file, call.line, call.line, Claim::Mount(mount));
        };
        if code.is(call.open - 1, "setGlobalPrefix") {
            let Some(first) = arguments.first() else {
                continue;
            };
            let prefix = values
                .fold(first.clone())
                .unwrap_or_else(|| format!("{{{}}}", code.dotted(first.start, first.end)));
            let Some(prefix) = before_all(&prefix) else {
                continue;
            };
            add(Mount {
                prefix,
                target: PREFIX.to_owned(),
                ..Mount::default()
            });
            let list = arguments
                .get(1)
                .and_then(|options| values.literal_at(options))
                .and_then(|open| values.property(open, "exclude"))
                .and_then(|range| values.literal_at(&range));
            for part in list.map(|open| code.arguments(open)).unwrap_or_default() {
                let path = match code.is(part.start, "{") {
                    true => values.folded_property(part.start, &["path"]),
                    false => values.fold(part),
                };
                if let Some(path) = path.filter(|p| !p.is_empty()) {
                    add(Mount {
                        prefix: format!("/{}", path.trim_start_matches('/')),
                        target: EXCLUDED.to_owned(),
                        ..Mount::default()
                    });
                }
            }
        } else if code.is(call.open - 1, "enableVersioning") {
            let options = arguments.first().and_then(|o| values.literal_at(o));
            if !arguments.is_empty() && options.is_none() {
                add(versioned("v", UNREAD.to_owned()));
                continue;
            }
            let kind = options.and_then(|open| values.property(open, "type"));
            // Without a type versions stand in paths.
            if kind.is_some_and(|r| !r.clone().any(|at| code.is(at, "URI"))) {
                continue;
            }
            let before = options
                .and_then(|open| values.property(open, "prefix"))
                .map(|r| match code.is(r.start, "false") {
                    true => String::new(),
                    false => values.fold(r).unwrap_or_else(|| UNREAD.to_owned()),
                })
                .unwrap_or_else(|| "v".to_owned());
            let default = options.and_then(|open| values.property(open, "defaultVersion"));
            let all = default.map(|r| named(code, &values, r));
            for version in all.unwrap_or_else(|| vec![String::new()]) {
                add(versioned(&before, version));
            }
        }
    }
}

/// The prefix of all routes; none where it is only the base that a program is deployed below. What a variable
/// holds was not read, unless it is a constant that another file may have.
fn before_all(prefix: &str) -> Option<String> {
    let named = prefix.trim_start_matches('/').strip_prefix('{');
    let Some((name, rest)) = named.and_then(|text| text.split_once('}')) else {
        return Some(scan::path(prefix));
    };
    let constant = name.contains(['.', ':']) || !name.bytes().any(|b| b.is_ascii_lowercase());
    match http_paths::is_base(name) {
        true if rest.trim_matches('/').is_empty() => None,
        true => Some(scan::path(rest)),
        // Its default may stand beside it: `process.env.API_PREFIX || 'api'`.
        false if name.starts_with("env:") => {
            let rest = rest.trim_end_matches('/');
            Some(format!("/{{{name}}}{rest}"))
        }
        false if constant => Some(scan::path(prefix)),
        false => Some(scan::path(&format!("/{UNREAD}{rest}"))),
    }
}

fn versioned(before: &str, version: String) -> Mount {
    Mount {
        router: Some(before.to_owned()),
        prefix: version,
        target: VERSIONED.to_owned(),
        ..Mount::default()
    }
}

/// The versions that an argument names; an empty one for the neutral version.
fn named(code: &Code<'_>, values: &Values<'_, '_>, range: Range<usize>) -> Vec<String> {
    let parts = match code.is(range.start, "[") {
        true => code.arguments(range.start),
        false => vec![range],
    };
    let one = |part: Range<usize>| {
        if part.clone().any(|at| code.is(at, "VERSION_NEUTRAL")) {
            return String::new();
        }
        values.fold(part).unwrap_or_else(|| UNREAD.to_owned())
    };
    parts.into_iter().map(one).collect()
}

/// The versions of a method: its own, else those of its controller; one `None` if neither says any.
pub(super) fn versions(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    method: &Declared,
    controller: &Annotation,
    class: &Declared,
) -> Vec<Option<String>> {
    let of = |note: &Annotation| {
        let first = code.arguments(note.open?).into_iter().next()?;
        Some(named(code, values, first))
    };
    let in_options = || {
        let first = code.arguments(controller.open?).into_iter().next()?;
        if !code.is(first.start, "{") {
            return None;
        }
        Some(named(
            code,
            values,
            values.property(first.start, "version")?,
        ))
    };
    let found = method
        .annotation(&["Version"])
        .and_then(of)
        .or_else(|| class.annotation(&["Version"]).and_then(of))
        .or_else(in_options);
    match found {
        Some(all) => {
            let all = all.into_iter();
            all.map(|v| Some(format!("{VERSION}{v}"))).collect()
        }
        None => vec![None],
    }
}
