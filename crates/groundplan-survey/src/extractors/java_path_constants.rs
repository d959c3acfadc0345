//! Constants of Java and Kotlin that hold paths and names of columns.

use crate::extractor::{Extractor, Reads};
use crate::extractors::java_http::filled_in;
use crate::facts::{Claim, FileFacts, PathConstant};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-path-constants",
    docs: "\
### What it finds
Text constants of one word or path, or the address of a neighbour, in classes and interfaces that are named for holding constants or paths
(`ApiConstants`, `Routes`, `UrlPaths`), so that mappings and columns of other files can be read that are
written with them.

Of other classes the constants that are a path (`String API = \"/api/v1\"`), also where it begins with another
constant (`const val ORDERS = \"$API/orders\"`).

### What it does not find
Constants of other classes that are only a part of a path.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    // What such a class begins with: a path pattern for each of them would be asked of every file.
    markers: &[
        "Constants {",
        "Constant {",
        "Consts {",
        "Paths {",
        "Path {",
        "Routes {",
        "Route {",
        "Urls {",
        "URLs {",
        "Url {",
        "Uris {",
        "Endpoints {",
        "Mappings {",
        "const val ",
        "= \"/",
    ],
    run: extract,
};

/// Constants of a file at most: more are no list that a person keeps.
const MOST: usize = 2000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let stem = file.name().rsplit_once('.').map_or("", |(stem, _)| stem);
    let named = is_named(stem);
    let kotlin = file.path.ends_with(".kt");
    let joined = kotlin && file.text.contains("= \"$");
    if !named && !joined && !file.text.contains("= \"/") {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let mut found = 0;
    for equals in 1..code.tokens.len() {
        if !code.is(equals, "=") || found >= MOST {
            continue;
        }
        // `String NAME = …;` and `const val NAME = …`, `const val NAME: String = …`.
        let typed = equals >= 3 && code.is(equals - 2, ":");
        let name = if typed { equals - 3 } else { equals - 1 };
        let before = name.checked_sub(1).map_or("", |at| code.raw(at));
        let Some(word) = code
            .ident(name)
            .filter(|_| matches!(before, "String" | "val"))
        else {
            continue;
        };
        let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if !word.chars().all(upper) {
            continue;
        }
        let line = code.line(equals);
        // Kotlin ends it with its line, unless a sign joins the next one.
        let goes_on = |at: usize| code.is(at, "+") || code.is(at - 1, "+");
        let end = (equals + 1..code.tokens.len())
            .take(40)
            .find(|&at| code.is(at, ";") || code.line(at) > code.line(at - 1) && !goes_on(at))
            .unwrap_or_else(|| code.tokens.len().min(equals + 41));
        let value = match code.string(equals + 1) {
            Some(text) if end == equals + 2 && kotlin => Some(filled_in(text)),
            Some(text) if end == equals + 2 => Some(text.to_owned()),
            _ => values.fold(equals + 1..end),
        };
        let fits = |v: &String| match named {
            true => is_path(v) || is_neighbour(v),
            false => v.len() > 1 && v.starts_with(['/', '{']) && v.contains('/') && is_path(v),
        };
        let Some(value) = value.filter(fits) else {
            continue;
        };
        found += 1;
        let constant = PathConstant {
            class: class_of(file, equals).unwrap_or(stem).to_owned(),
            name: word.to_owned(),
            value,
        };
        acc.add(file, line, line, Claim::PathConstant(constant));
    }
}

/// The class that a constant stands in; those of a companion belong to the class around it.
fn class_of<'s>(file: &'s SourceFile<'_>, at: usize) -> Option<&'s str> {
    let outline = file.outline();
    let mut bodies = outline.ancestors(at).filter_map(|open| {
        let inner = open + 1;
        outline.types.get(outline.owner(inner)?)
    });
    bodies.find_map(|class| {
        let plain = !class.name.is_empty() && class.name != "Companion";
        plain.then_some(class.name.as_str())
    })
}

/// Whether a class is named for holding constants or paths.
pub(crate) fn is_named(class: &str) -> bool {
    let ends = EXTRACTOR.markers.iter();
    let mut ends = ends.filter_map(|marker| marker.strip_suffix(" {"));
    ends.any(|end| class.ends_with(end))
}

/// The address of a part of the same system.
fn is_neighbour(value: &str) -> bool {
    let rest = value
        .strip_prefix("http://")
        .or_else(|| value.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', ':']).next());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    host.is_some_and(|host| host.len() > 1 && host != "localhost" && host.chars().all(plain))
}

/// A path, or a word that may be one of its parts.
fn is_path(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.{}*:".contains(c);
    !value.is_empty() && !value.contains("://") && value.chars().all(plain)
}
