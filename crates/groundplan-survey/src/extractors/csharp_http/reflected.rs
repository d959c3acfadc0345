//! Groups whose prefix a helper makes of the name of each class:
//! `app.MapGroup($"/api/{type.Name}")` in a loop over the classes of an assembly.

use super::routed::{Function, Routed};
use crate::facts::{Claim, FileFacts, Mount};
use crate::source::SourceFile;
use groundplan_syntax::Code;

/// What stands for the name of the class in a prefix.
pub(crate) const CLASS: &str = "[class]";

/// The mount that says how the groups of a project begin that classes ask for with `MapGroup(this)`.
pub(crate) const HELPER: &str = "aspnet-group";

/// Adds the groups that a helper of this file makes.
pub(super) fn groups(acc: &mut FileFacts, file: &SourceFile<'_>, routed: &Routed<'_>) {
    if !file.text.contains("MapGroup") || !file.text.contains(".Name") {
        return;
    }
    let code = file.code();
    for function in &routed.functions {
        let Some(prefix) = prefix(code, function) else {
            continue;
        };
        let mut mount = Mount {
            prefix,
            ..Mount::default()
        };
        if function.router == "MapGroup" {
            mount.target = format!("*{HELPER}");
        } else if let Some(method) = invoked(code, function) {
            mount.router = Some(function.router.clone());
            mount.target = format!("?::{method}");
        } else {
            continue;
        }
        acc.add(file, function.line, function.line, Claim::Mount(mount));
    }
}

/// `/api/[class]` of the first text in a function that has the name of a type in it.
fn prefix(code: &Code<'_>, function: &Function<'_>) -> Option<String> {
    let body = || function.body.clone();
    if !body().any(|at| code.is(at, "MapGroup")) {
        return None;
    }
    body().find_map(|at| {
        let text = code.string(at)?;
        let (begin, rest) = text.split_once('{')?;
        let (inner, end) = rest.split_once('}')?;
        let of_type = match inner.trim_end().strip_suffix(".Name") {
            Some(owner) => is_type(owner),
            None => body().any(|at| names_type(code, at, inner)),
        };
        (of_type && begin.starts_with('/') && !end.contains('{'))
            .then(|| format!("{begin}{CLASS}{end}"))
    })
}

fn is_type(text: &str) -> bool {
    text.to_ascii_lowercase().contains("type")
}

/// Whether `name = type.Name` or `name = group.GetType().Name` begins at a token.
fn names_type(code: &Code<'_>, at: usize, name: &str) -> bool {
    if !code.is(at, name) || !code.is(at + 1, "=") {
        return false;
    }
    let end = (at + 2..at + 40).find(|&end| matches!(code.raw(end), ";" | ""));
    let Some(end) = end else { return false };
    code.is(end - 1, "Name") && (at + 2..end - 1).any(|at| code.ident(at).is_some_and(is_type))
}

/// The method that is called of each class: `GetMethod(nameof(IGroup.Map))`, `GetMethod("Map")`.
fn invoked<'t>(code: &Code<'t>, function: &Function<'_>) -> Option<&'t str> {
    let at = function.body.clone().find(|&at| code.is(at, "GetMethod"))?;
    if let Some(name) = code.string(at + 2) {
        return Some(name);
    }
    let close = code.partner(at + 3).filter(|_| code.is(at + 2, "nameof"))?;
    code.ident(close - 1)
}

/// The prefix that a class gives itself, in a property: `string RoutePrefix => "/shop/orders";`.
pub(super) fn own_prefix(file: &SourceFile<'_>, function: &Function<'_>) -> Option<String> {
    let code = file.code();
    let class = function.router.split_once("::")?.0;
    let outline = file.outline();
    let own = |at: usize| {
        let owner = outline.owner(at).and_then(|o| outline.types.get(o));
        owner.is_some_and(|o| o.name == class)
    };
    (0..code.tokens.len()).find_map(|at| {
        let name = code.ident(at)?;
        if !name.ends_with("Prefix") || !own(at) {
            return None;
        }
        let value = match code.raw(at + 1) {
            "=>" => at + 2,
            "=" if code.is(at + 2, ">") => at + 3,
            "{" => code.partner(at + 1).filter(|&c| code.is(c + 1, "="))? + 2,
            _ => return None,
        };
        let text = code.string(value)?;
        (text.starts_with('/') && !text.contains('{') && code.is(value + 1, ";"))
            .then(|| text.to_owned())
    })
}
