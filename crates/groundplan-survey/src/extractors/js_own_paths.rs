//! JavaScript and TypeScript: paths that the class of a router has itself, which a loop puts before its routes:
//! `app.use(`/v1${router.path}`, router.routes)`.

use crate::facts::{Claim, FileFacts, Router};
use crate::source::SourceFile;
use groundplan_syntax::{Code, TypeDecl};

/// Begins the name of a path of a class, and stands for it in the prefix of a mount until all files are known;
/// the name of the property follows.
pub(crate) const OWN: &str = "@own.";

/// Ends such a name in a prefix.
const END: char = '@';

/// What stands in a prefix for a property of the router that is taken in.
pub(super) fn mark(property: &str) -> String {
    format!("{OWN}{property}{END}")
}

/// A prefix with the properties of the router filled in; none where one of them is not known, or has several
/// values.
pub(crate) fn filled<'f>(
    prefix: &str,
    known: impl Fn(&str) -> Option<Option<&'f str>>,
) -> Option<String> {
    let alone = prefix.matches(OWN).count() == 1;
    let mut out = String::new();
    let mut rest = prefix;
    while let Some((before, behind)) = rest.split_once(OWN) {
        let (property, after) = behind.split_once(END)?;
        // What a class gives to the one that it extends is kept there under the name of the property: nobody
        // knows which of several.
        let given = || known(OWN).filter(|_| alone);
        let own = known(&format!("{OWN}{property}")).or_else(given)??;
        out.push_str(before);
        if !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(own.trim_start_matches('/'));
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// Adds the paths of the class of a file that makes a router.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("class ") || !file.says("Router(") {
        return;
    }
    let code = file.code();
    let outline = file.outline();
    let found = (1..code.tokens.len()).filter_map(|at| {
        let path = given(code, at).or_else(|| kept(code, at))?;
        let class = outline.owner(at).and_then(|of| outline.types.get(of))?;
        let lends = code.is(at, "super") && !extends_router(code, class);
        (!lends).then_some((class, path))
    });
    let mut found: Vec<_> = found.collect();
    if found.iter().any(|(class, _)| makes_router(code, class)) {
        found.retain(|(class, _)| makes_router(code, class));
    }
    // Nobody knows which of several classes a route is of.
    let several = (found.windows(2)).any(|pair| matches!(pair, [a, b] if a.0.at != b.0.at));
    for (_, (name, value, text)) in found.into_iter().filter(|_| !several) {
        let line = code.line(value);
        let router = Router {
            name,
            prefix: text.to_owned(),
            ..Router::default()
        };
        acc.add(file, line, line, Claim::Router(router));
    }
}

/// Whether a class extends one of routers, by the name of that.
fn extends_router(code: &Code<'_>, class: &TypeDecl) -> bool {
    let base = class.base(code).unwrap_or_default().to_ascii_lowercase();
    base.contains("rout") || base.contains("controller")
}

/// Whether a class makes a router in its body.
fn makes_router(code: &Code<'_>, class: &TypeDecl) -> bool {
    (class.open..class.close).any(|at| {
        let made = code.ident(at).is_some_and(|word| word.ends_with("Router"));
        made && code.is(at + 1, "(")
    })
}

/// The only text that a class gives to the one that it extends: `super(logger, 'orders')`.
fn given<'t>(code: &Code<'t>, at: usize) -> Option<(String, usize, &'t str)> {
    if !code.is(at, "super") || !code.is(at + 1, "(") {
        return None;
    }
    let mut texts = (code.arguments(at + 1).into_iter())
        .filter_map(|range| Some((range.start, code.string(range.start)?)));
    let (value, text) = texts.next()?;
    (texts.next().is_none() && is_path(text)).then(|| (OWN.to_owned(), value, text))
}

/// `public path = '/orders'` of a class.
fn kept<'t>(code: &Code<'t>, at: usize) -> Option<(String, usize, &'t str)> {
    let name = code.ident(at)?;
    let begins = matches!(
        code.raw(at - 1),
        "{" | "}" | ";" | "public" | "readonly" | "private" | "protected" | "static"
    ) || code.starts_line(at);
    let typed = code.is(at + 1, ":") && code.is(at + 2, "string");
    let equals = at + 1 + 2 * usize::from(typed);
    if !begins || !code.is(equals, "=") {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let named = ["path", "prefix", "route", "endpoint"];
    if !named.iter().any(|end| lower.ends_with(end)) {
        return None;
    }
    let text = code.string(equals + 1).filter(|text| is_path(text))?;
    Some((format!("{OWN}{name}"), equals + 1, text))
}

fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    text.chars().all(plain) && !text.contains("://")
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn each_property_of_a_router_is_filled_in() {
        let of = |prefix: &str| {
            filled(prefix, |name| match name {
                "@own.path" => Some(Some("/orders")),
                "@own.version" => Some(Some("v2")),
                // Two classes of the file say something else.
                "@own.prefix" => Some(None),
                "@own." => Some(Some("stock")),
                _ => None,
            })
        };
        let whole = Some("/api/v2/orders".to_owned());
        assert_eq!(of("/api/@own.version@@own.path@"), whole);
        assert_eq!(of("/@own.other@"), Some("/stock".to_owned()));
        assert_eq!(of("/@own.version@/@own.other@"), None);
        assert_eq!(of("/@own.prefix@"), None);
    }
}
