//! What the body of an action makes: results by the methods of `ControllerBase`, by classes of results and
//! by numbers (<https://learn.microsoft.com/aspnet/core/web-api/action-return-types>).

use super::status_of;
use crate::scan;
use crate::statuses;
use groundplan_syntax::Code;
use std::collections::BTreeSet;
use std::ops::Range;

/// Methods of a controller, without `Result` and `AtAction` and the like at their end, with the status that
/// they answer where its name is not that of the status itself.
const HELPERS: [(&str, &str); 15] = [
    ("Content", "200"),
    ("File", "200"),
    ("Forbid", "403"),
    ("Json", "200"),
    ("LocalRedirect", "302"),
    ("LocalRedirectPermanent", "301"),
    ("PartialView", "200"),
    ("PhysicalFile", "200"),
    ("Problem", "500"),
    ("Redirect", "302"),
    ("RedirectPermanent", "301"),
    ("RedirectPreserveMethod", "307"),
    ("ValidationProblem", "400"),
    ("View", "200"),
    ("VirtualFile", "200"),
];

/// Methods of a controller that are named after the status that they answer.
const NAMED: [&str; 9] = [
    "Ok",
    "Created",
    "Accepted",
    "NoContent",
    "BadRequest",
    "Unauthorized",
    "NotFound",
    "Conflict",
    "UnprocessableEntity",
];

/// Own methods that an action hands its result on to, at most.
const MOST: usize = 16;

/// What a body answers.
#[derive(Debug, Default)]
pub(super) struct Results {
    /// The statuses of the results that it makes.
    pub(super) statuses: BTreeSet<String>,
    /// Whether it returns values that are no results: they are answered with 200.
    pub(super) values: bool,
    /// Whether it hands on what it returns, or fails in a way that others answer.
    pub(super) leaves: bool,
}

/// The results of the method whose parameters close at a token; `None` if it has no body.
///
/// Of a method that promises no more than that there is an answer (`untyped`), a value that is no result
/// was made elsewhere.
pub(super) fn of(code: &Code<'_>, close: usize, untyped: bool) -> Option<Results> {
    let mut found = Results::default();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![body(code, close)?];
    while let Some(body) = open.pop() {
        for name in read(code, body, untyped, &mut found) {
            if known.contains(name) {
                continue;
            }
            let own = definition(code, name).filter(|_| known.len() < MOST);
            match own.and_then(|close| self::body(code, close)) {
                Some(body) => open.push(body),
                None => found.leaves = true,
            }
            known.insert(name);
        }
    }
    Some(found)
}

/// The tokens of the body of a method whose parameters close at a token: `{ … }` or behind an arrow.
fn body(code: &Code<'_>, close: usize) -> Option<Range<usize>> {
    let start = (close + 1..close + 24).find(|&at| matches!(code.raw(at), "{" | "=" | ";"))?;
    match code.raw(start) {
        "{" => Some(start..code.partner(start)?),
        "=" if code.is(start + 1, ">") => Some(start + 1..scan::end_of_expression(code, start)),
        _ => None,
    }
}

/// Takes up one body, and gives the own methods that it hands its result on to.
fn read<'t>(
    code: &Code<'t>,
    body: Range<usize>,
    untyped: bool,
    found: &mut Results,
) -> BTreeSet<&'t str> {
    let mut own = BTreeSet::new();
    let inner = functions_within(code, &body);
    if !code.is(body.start, "{") {
        own.extend(returned(code, body.start + 1..body.end, untyped, found));
    }
    for at in body.clone() {
        if let Some(status) = result(code, at) {
            found.statuses.insert(status);
        } else if code.is(at, "StatusCode")
            && code.is(at + 1, "=")
            && !code.is(at + 2, "=")
            && let Some(status) = set(code, at)
        {
            found.statuses.insert(status);
        }
        // What is thrown, filters and middleware of the program may answer.
        found.leaves |= code.is(at, "throw");
        if code.is(at, "return")
            && !code.is(at + 1, ";")
            && !inner.iter().any(|range| range.contains(&at))
        {
            let end = scan::end_of_expression(code, at + 1);
            own.extend(returned(code, at + 1..end, untyped, found));
        }
    }
    own
}

/// The status that is assigned at a token, `StatusCode = 404`.
fn set(code: &Code<'_>, at: usize) -> Option<String> {
    let from = at + 2;
    let ends = |&at: &usize| matches!(code.raw(at), ";" | "," | "}" | ")" | "");
    let end = (from..from + 12).find(ends).unwrap_or(from + 1);
    status_of(code, &(from..end))
}

/// Lambdas with a body of their own and functions in a function: what they return is no answer by itself.
fn functions_within(code: &Code<'_>, body: &Range<usize>) -> Vec<Range<usize>> {
    const HEADS: [&str; 9] = [
        "if", "for", "foreach", "while", "switch", "catch", "using", "lock", "when",
    ];
    let opens = |&at: &usize| {
        let before = at.wrapping_sub(1);
        let lambda =
            code.is(before, "=>") || code.is(before, ">") && code.is(at.wrapping_sub(2), "=");
        let local = || {
            let open = code.is(before, ")").then(|| code.partner(before)).flatten();
            let name = open.and_then(|open| open.checked_sub(2));
            name.is_some_and(|before| {
                let word = code.ident(before + 1);
                word.is_some_and(|word| !HEADS.contains(&word))
                    && !matches!(code.raw(before), "new" | ".")
            })
        };
        at > body.start && code.is(at, "{") && (lambda || local())
    };
    let all = body.clone().filter(opens);
    all.filter_map(|at| Some(at..code.partner(at)?)).collect()
}

/// The status of a result that is made at a token.
pub(crate) fn result(code: &Code<'_>, at: usize) -> Option<String> {
    let word = code.ident(at)?;
    let made = code.is(at.wrapping_sub(1), "new");
    let of = code
        .is(at.wrapping_sub(1), ".")
        .then(|| code.raw(at.wrapping_sub(2)));
    let own = of.is_none_or(|of| matches!(of, "this" | "base" | "Results" | "TypedResults"));
    let open = match code.is(at + 1, "<") {
        true => code.after_types(at + 1),
        false => at + 1,
    };
    if !own || !code.is(open, "(") {
        return None;
    }
    // A method of that name which stands here is declared, unless words of a statement are before it.
    let before = code.raw(at.wrapping_sub(1));
    let declared = code.ident(at.wrapping_sub(1)).is_some()
        && !matches!(before, "return" | "await" | "new" | "else" | "is");
    if declared {
        return None;
    }
    let given = || code.arguments(open).into_iter();
    if made {
        let kind = word
            .strip_suffix("Result")
            .filter(|kind| !kind.is_empty())?;
        // `new JsonResult(order) { StatusCode = 404 }`
        let close = code.partner(open)?;
        let fields = code.is(close + 1, "{").then(|| code.partner(close + 1));
        let mut fields = close..fields.flatten().unwrap_or(close);
        if let Some(at) = fields.find(|&at| code.is(at, "StatusCode")) {
            return set(code, at);
        }
        return match kind.strip_suffix("Object").unwrap_or(kind) {
            "StatusCode" => status_of(code, &given().next()?),
            "" | "Empty" | "FileContent" | "FileStream" => Some("200".to_owned()),
            plain => helper(plain),
        };
    }
    match word {
        "StatusCode" => status_of(code, &given().next()?),
        "Problem" => {
            let named = code.named_argument(open, "statusCode");
            match named.or_else(|| given().nth(2)) {
                Some(range) => status_of(code, &range),
                None => Some("500".to_owned()),
            }
        }
        word => helper(word),
    }
}

/// Whether a class of results of the framework is called so, without `Result` at its end.
pub(crate) fn is_of_framework(kind: &str) -> bool {
    let plain = kind.strip_suffix("Object").unwrap_or(kind);
    let others = [
        "Challenge",
        "Empty",
        "File",
        "FileContent",
        "FileStream",
        "SignIn",
        "SignOut",
        "StatusCode",
        "",
    ];
    others.contains(&plain) || helper(plain).is_some()
}

fn helper(word: &str) -> Option<String> {
    let ends = ["AtAction", "AtRoute", "ToAction", "ToRoute", "ToPage"];
    let bare = ends.iter().find_map(|end| word.strip_suffix(end));
    let bare = bare.unwrap_or(word);
    let known = HELPERS.iter().find(|(name, _)| *name == bare);
    let status = known.map(|(_, status)| *status);
    let named = || {
        NAMED
            .contains(&bare)
            .then(|| statuses::code(bare))
            .flatten()
    };
    status.or_else(named).map(str::to_owned)
}

/// Takes up one expression that is returned, and gives the own methods that it is handed on to.
fn returned<'t>(
    code: &Code<'t>,
    range: Range<usize>,
    untyped: bool,
    found: &mut Results,
) -> Vec<&'t str> {
    let mut own = Vec::new();
    let mut open = vec![range];
    while let Some(range) = open.pop() {
        let awaits = range.clone().take_while(|&at| code.is(at, "await")).count();
        let range = range.start + awaits..range.end;
        if let Some((yes, no)) = branches(code, &range) {
            open.extend([yes, no]);
            continue;
        }
        let first = match (code.raw(range.start), code.raw(range.start + 1)) {
            ("new", _) => range.start + 1,
            ("this" | "base" | "Results" | "TypedResults", ".") => range.start + 2,
            _ => range.start,
        };
        if result(code, first).is_some()
            || code.is(first, "ControllerContext")
            || code.is(range.start, "throw")
        {
            continue;
        }
        let called = code.ident(first).filter(|_| code.is(first + 1, "("));
        if let Some(name) = called.filter(|_| first != range.start + 1) {
            own.push(name);
            continue;
        }
        // `result.Match(…)`, `ToActionResult(…)`: what makes the answer is named so.
        let hands_on = range.clone().filter(|&at| code.is(at + 1, "(")).any(|at| {
            let word = code.raw(at);
            word.contains("Result") || word.contains("Response") || word.contains("Match")
        });
        found.leaves |= untyped || hands_on || range.clone().any(|at| code.is(at, "switch"));
        found.values |= !untyped;
    }
    own
}

/// Both sides of `a ? b : c` or `a ?? b`.
fn branches(code: &Code<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let mut mark = None;
    let mut at = range.start;
    while at < range.end {
        match code.raw(at) {
            "(" | "[" | "{" => at = code.partner(at).filter(|close| *close < range.end)?,
            "??" if mark.is_none() => return Some((range.start..at, at + 1..range.end)),
            "?" if mark.is_none() && code.is(at + 1, "?") => {
                return Some((range.start..at, at + 2..range.end));
            }
            "?" if mark.is_none() && !matches!(code.raw(at + 1), "." | "[") => mark = Some(at),
            ":" => {
                let mark = mark?;
                return Some((mark + 1..at, at + 1..range.end));
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the parameters of a method of this file close that has a body.
fn definition(code: &Code<'_>, name: &str) -> Option<usize> {
    let open = crate::extractors::csharp_http::definition(code, name)?;
    code.partner(open)
}
