//! JavaScript and TypeScript: paths that the class of a router has itself, which a loop puts before its routes:
//! `app.use(`/v1${router.path}`, router.routes)`.

use crate::facts::{Claim, FileFacts, Router};
use crate::source::SourceFile;
use groundplan_syntax::Code;

/// Begins the name of a path of a class, and stands for it in the prefix of a mount until all files are known;
/// the name of the property follows.
pub(crate) const OWN: &str = "@own.";

/// Ends such a name in a prefix.
const END: char = '@';

/// What stands in a prefix for a property of the router that is taken in.
pub(super) fn mark(property: &str) -> String {
    format!("{OWN}{property}{END}")
}

/// A prefix with the property of the router filled in; none where that is not known.
pub(crate) fn filled<'f>(prefix: &str, known: impl Fn(&str) -> Option<&'f str>) -> Option<String> {
    let Some((before, rest)) = prefix.split_once(OWN) else {
        return Some(prefix.to_owned());
    };
    let (property, after) = rest.split_once(END)?;
    // What a class gives to the one that it extends is kept there under the name of the property.
    let own = known(&format!("{OWN}{property}")).or_else(|| known(OWN))?;
    let own = own.trim_start_matches('/');
    let slash = if before.ends_with('/') { "" } else { "/" };
    Some(format!("{before}{slash}{own}{after}"))
}

/// Adds the paths of the class of a file that makes a router.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("class ") || !file.says("Router(") {
        return;
    }
    let code = file.code();
    for at in 1..code.tokens.len() {
        if let Some((name, value, text)) = given(code, at).or_else(|| kept(code, at)) {
            let line = code.line(value);
            let router = Router {
                name,
                prefix: text.to_owned(),
                ..Router::default()
            };
            acc.add(file, line, line, Claim::Router(router));
        }
    }
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
    let lower = name.to_ascii_lowercase();
    let named = ["path", "prefix", "route", "endpoint"];
    let begins = matches!(
        code.raw(at - 1),
        "{" | "}" | ";" | "public" | "readonly" | "private" | "protected" | "static"
    ) || code.starts_line(at);
    let typed = code.is(at + 1, ":") && code.is(at + 2, "string");
    let equals = at + 1 + 2 * usize::from(typed);
    if !begins || !code.is(equals, "=") || !named.iter().any(|end| lower.ends_with(end)) {
        return None;
    }
    let text = code.string(equals + 1).filter(|text| is_path(text))?;
    Some((format!("{OWN}{name}"), equals + 1, text))
}

fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    text.chars().all(plain) && !text.contains("://")
}
