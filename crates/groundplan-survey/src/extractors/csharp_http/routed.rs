//! Where a route of a minimal API stands: groups in variables, and functions that are given what they
//! add routes to (<https://learn.microsoft.com/aspnet/core/fundamentals/minimal-apis/route-handlers>).
//! Each such function is a router: an extension by its name, any other method as `Class::Method`.

use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code};
use std::collections::BTreeMap;
use std::ops::Range;

/// Types that routes are added to.
const TYPES: [&str; 5] = [
    "IEndpointRouteBuilder",
    "RouteGroupBuilder",
    "IVersionedEndpointRouteBuilder",
    "WebApplication",
    "IApplicationBuilder",
];

/// The part of a path that a helper makes of the name of a class.
pub(crate) const OF_CLASS: &str = "[group]";

/// Functions of a file at most.
const MOST: usize = 2_000;

/// Prefixes of this file, and the function that is given what they begin at.
#[derive(Clone, Debug, Default)]
pub(super) struct Stand {
    pub(super) prefix: String,
    pub(super) router: Option<String>,
}

/// A function that is given something to add routes to.
pub(super) struct Function<'t> {
    pub(super) router: String,
    pub(super) line: u32,
    /// Whether it only ever adds to a group, which has a prefix of its own.
    pub(super) group: bool,
    /// The class of an extension.
    pub(super) extends: Option<String>,
    parameter: &'t str,
    pub(super) body: Range<usize>,
}

/// The functions and groups of a file, as far as it was read.
pub(super) struct Routed<'t> {
    pub(super) functions: Vec<Function<'t>>,
    groups: BTreeMap<(usize, &'t str), Stand>,
}

impl<'t> Routed<'t> {
    pub(super) fn of(file: &SourceFile<'t>) -> Self {
        let code = file.code();
        let mut functions = Vec::new();
        for at in 0..code.tokens.len() {
            if functions.len() < MOST
                && let Some(kind) = code.ident(at).filter(|kind| TYPES.contains(kind))
                && let Some(function) = function(file, at, kind)
            {
                functions.push(function);
            }
        }
        Routed {
            functions,
            groups: BTreeMap::new(),
        }
    }

    /// The innermost function around a token.
    fn around(&self, at: usize) -> Option<usize> {
        let all = self.functions.iter().enumerate();
        all.filter(|(_, f)| f.body.contains(&at))
            .min_by_key(|(_, f)| f.body.len())
            .map(|(index, _)| index)
    }

    /// The router that the function around a token fills.
    pub(super) fn router_at(&self, at: usize) -> Option<&str> {
        let function = self.functions.get(self.around(at)?)?;
        Some(function.router.as_str())
    }

    /// What a variable or parameter stands for at a token, if routes can be added to it.
    pub(super) fn named(&self, name: &str, at: usize) -> Option<Stand> {
        let inside = self.around(at);
        if let Some(stand) = self.groups.get(&(inside.unwrap_or(usize::MAX), name)) {
            return Some(stand.clone());
        }
        let function = self.functions.get(inside?)?;
        (function.parameter == name).then(|| Stand {
            prefix: String::new(),
            router: Some(function.router.clone()),
        })
    }

    /// Where the last word of a chain of calls stands, with the groups that the chain makes.
    pub(super) fn before(&self, code: &Code<'_>, values: &Values<'_, '_>, call: Call) -> Stand {
        let mut stand = self.named(code.raw(call.first), call.first);
        let mut stand = stand.take().unwrap_or_default();
        for at in call.first..call.open.saturating_sub(1) {
            if code.is(at, "MapGroup")
                && let Some(part) = group(code, values, at + 1)
            {
                stand.prefix = scan::below(&stand.prefix, &part);
            }
        }
        stand
    }

    /// Takes up `var group = app.MapGroup("/x")` and `var api = app.NewVersionedApi()`.
    pub(super) fn assign(&mut self, code: &Code<'t>, values: &Values<'_, '_>, call: Call) {
        let Some(variable) = call
            .first
            .checked_sub(2)
            .filter(|_| code.is(call.first - 1, "="))
            .and_then(|at| code.ident(at))
        else {
            return;
        };
        let word = scan::word_at(code, call);
        // What is fetched from it is something else.
        if code.raw(word).starts_with("Get") {
            return;
        }
        let makes = code.is(word, "MapGroup");
        let known = self.named(code.raw(call.first), call.first).is_some();
        let inside = self.around(call.first).unwrap_or(usize::MAX);
        // The words after a group in its chain change nothing of where it stands.
        let chained = (call.first..word).any(|at| code.is(at, "MapGroup"));
        if !makes && !known && !chained {
            return;
        }
        let mut stand = self.before(code, values, call);
        if makes {
            let part = group(code, values, call.open).unwrap_or_default();
            stand.prefix = scan::below(&stand.prefix, &part);
        }
        self.groups.insert((inside, variable), stand);
    }
}

/// The prefix of a group: `MapGroup(this)` asks a helper, which makes it of the name of the class.
fn group(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> Option<String> {
    if code.is(open + 1, "this") && code.is(open + 2, ")") {
        return Some(format!("/{OF_CLASS}"));
    }
    values.argument(open, 0)
}

/// The function that has the type at a token as that of a parameter.
fn function<'t>(file: &SourceFile<'t>, at: usize, kind: &str) -> Option<Function<'t>> {
    let code = file.code();
    let parameter = code.ident(at + 1)?;
    if !matches!(code.raw(at + 2), "," | ")" | "=") {
        return None;
    }
    let open = file.outline().parent(at).filter(|&o| code.is(o, "("))?;
    let call = code.call_at(open)?;
    let name_at = scan::word_at(code, call);
    let name = code.ident(name_at)?;
    let close = code.partner(open)?;
    let mut next = close + 1;
    // `where T : class`
    while !matches!(code.raw(next), "{" | "=" | "=>" | ";" | "") && next < close + 40 {
        next += 1;
    }
    let end = match code.raw(next) {
        "{" => code.partner(next)?,
        "=" | "=>" => end_of_expression(code, next)?,
        _ => return None,
    };
    let extension = code.is(at.checked_sub(1)?, "this");
    let class = || {
        Some(
            file.outline()
                .types
                .get(file.outline().owner(at)?)?
                .name
                .as_str(),
        )
    };
    let router = match extension {
        true => name.to_owned(),
        false => format!("{}::{name}", class().unwrap_or_default()),
    };
    Some(Function {
        router,
        line: code.line(name_at),
        extends: class().filter(|_| extension).map(str::to_owned),
        group: kind == "RouteGroupBuilder",
        parameter,
        body: next..end,
    })
}

/// The `;` after an arrow.
fn end_of_expression(code: &Code<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    while at < code.tokens.len() {
        match code.raw(at) {
            ";" => return Some(at),
            "(" | "[" | "{" => at = code.partner(at)?,
            _ => {}
        }
        at += 1;
    }
    None
}
