//! Go: types of a program's own that wrap a router. What they are made of, which of their methods make a group,
//! and which parameter of a method that adds a route is what answers.

use super::go_guards::lets_some_pass;
use super::go_http;
use super::go_own_routers::{self, result};
use super::go_router_places::{is_of_framework, typed};
use super::go_routers::{is_router, name_of, takes_group};
use crate::code_view::CodeView;
use groundplan_syntax::{Call, Function};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a method that makes a group puts behind the prefix of what it is a method of.
pub(super) enum Prefix {
    /// The argument at a place.
    Given(usize),
    /// The words in its body.
    Own(Range<usize>),
}

/// The argument that a function only puts into what it makes: the group of `NewRouter(group)` of
/// `func NewRouter(g *echo.Group) *Router { return &Router{Group: g} }`. What that makes stands where the group does.
pub(super) fn wrapped(view: &CodeView<'_, '_>, value: &Range<usize>) -> Option<Range<usize>> {
    let code = view.code;
    let name = code.ident(value.start)?;
    let open = value.start + 1;
    if !code.is(open, "(") || code.partner(open).map(|close| close + 1) != Some(value.end) {
        return None;
    }
    let given = code.arguments(open);
    if let Some(function) = view.function(name) {
        let group = given.get(kept(view, function)?).cloned();
        // Of anything else the place is not known here.
        return group.filter(|r| is_router(view, r.start) || makes_group(view, r));
    }
    // A maker of another file of the package: `NewRouter(e.Group("/api"))` is given a group that is made in place.
    let maker = name.starts_with("New") || name.starts_with("new");
    let mut groups = given.into_iter().filter(|range| makes_group(view, range));
    let group = groups
        .next()
        .filter(|_| maker && view.visible(name, value.start).is_empty())?;
    groups.next().is_none().then_some(group)
}

/// Whether an expression makes a group of a router that is named: `s.echo.Group("/api")`.
fn makes_group(view: &CodeView<'_, '_>, range: &Range<usize>) -> bool {
    let code = view.code;
    let Some(open) = range.clone().find(|&at| code.is(at, "(")) else {
        return false;
    };
    let whole = code.partner(open).map(|close| close + 1) == Some(range.end);
    let text = view.argument(open, 0);
    let text = text.is_some_and(|r| r.len() == 1 && code.string(r.start).is_some());
    whole && text && open >= range.start + 3 && code.is(open - 1, "Group")
}

/// The parameter that a function only keeps in what it makes, where that is a router.
fn kept(view: &CodeView<'_, '_>, function: &Function<'_>) -> Option<usize> {
    let code = view.code;
    let kind = result(view, function)?;
    let given = code.arguments(function.params?);
    let body = function.body.clone();
    let inside = |at: usize, open: usize| code.partner(open).is_some_and(|close| at < close);
    let mut literals = (body.clone()).filter(|&at| code.is(at, kind) && code.is(at + 1, "{"));
    let literal = literals.next().map(|at| at + 1);
    let mut found = given.iter().enumerate().filter(|(_, range)| {
        let Some(name) = code
            .ident(range.start)
            .filter(|_| is_router_type(view, range))
        else {
            return false;
        };
        body.clone().any(|at| {
            // `Router{Group: group}`, `Router{group}`
            let field = matches!(code.raw(at - 1), ":" | "{" | ",")
                && matches!(code.raw(at + 1), "," | "}")
                && literal.is_some_and(|open| at > open && inside(at, open));
            // `r.group = group`
            let set = code.is(at - 1, "=") && code.is(at - 3, ".") && code.starts_line(at + 1);
            code.is(at, name) && (field || set)
        })
    });
    let (place, _) = found.next()?;
    found.next().is_none().then_some(place)
}

/// Whether a parameter is a router or a group of one, or a router of the program's own.
fn is_router_type(view: &CodeView<'_, '_>, range: &Range<usize>) -> bool {
    let mut own = (range.start + 1..range.end).filter_map(|at| view.code.ident(at));
    is_of_framework(view, range.start + 1..range.end) || own.any(go_own_routers::is_router_name)
}

/// What a method of this file, which gives back a router of the program's own, puts behind the prefix of its
/// receiver: `func (r *Router) SubGroup(prefix string) *Router { return NewRouter(r.Group.Group(prefix)) }`.
pub(super) fn prefix_of(view: &CodeView<'_, '_>, method: &str) -> Option<Prefix> {
    let code = view.code;
    let mut functions = code.functions().iter();
    let function = functions.find(|f| f.name == method && is_making(view, f))?;
    let given = code.arguments(function.params?);
    let inner = (function.body.clone()).filter(|&at| {
        matches!(code.raw(at), "Group" | "Party" | "Route" | "PathPrefix")
            && code.is(at + 1, "(")
            && code.is(at - 1, ".")
    });
    let mut all = inner.filter_map(|at| view.argument(at + 1, 0));
    let first = all.next().filter(|_| all.next().is_none())?;
    if first.len() == 1 && code.string(first.start).is_some() {
        return Some(Prefix::Own(first));
    }
    let place = given
        .iter()
        .position(|range| code.is(range.start, code.raw(first.start)))?;
    (first.len() == 1).then_some(Prefix::Given(place))
}

/// The methods of a file that give back the type that they are methods of, by their names.
pub(super) fn makers<'f, 't>(view: &CodeView<'f, 't>) -> BTreeMap<&'t str, &'f Function<'t>> {
    let mut all = BTreeMap::new();
    let functions = view.code.functions().iter();
    for function in functions.filter(|f| !f.name.is_empty() && is_making(view, f)) {
        all.entry(function.name).or_insert(function);
    }
    all
}

/// Whether a method takes at a place what stands before handlers, by the type of its parameter: `m ...Middleware`.
pub(super) fn takes_before(view: &CodeView<'_, '_>, method: &Function<'_>, place: usize) -> bool {
    let code = view.code;
    let Some(open) = method.params else {
        return false;
    };
    let given = code.arguments(open);
    let Some(last) = given.len().checked_sub(1) else {
        return false;
    };
    typed(&given, place.min(last)).is_some_and(|mut kind| {
        kind.any(|at| {
            let word = code.raw(at).to_ascii_lowercase();
            word.contains("middleware")
                || word.ends_with("handler")
                || word.ends_with("handlerfunc")
        })
    })
}

/// Whether a function is a method that gives back the type that it is a method of.
fn is_making(view: &CodeView<'_, '_>, function: &Function<'_>) -> bool {
    let kind = result(view, function);
    kind.is_some() && owner(view, function).as_deref() == kind
}

/// The type that a method belongs to.
pub(super) fn owner(view: &CodeView<'_, '_>, function: &Function<'_>) -> Option<String> {
    let name = name_of(view, function);
    name.split_once('.').map(|(kind, _)| kind.to_owned())
}

/// Whether what is named at a place is of a type of this file.
pub(super) fn holds(view: &CodeView<'_, '_>, at: usize, kind: &str) -> bool {
    let code = view.code;
    let Some(name) = code.ident(at) else {
        return false;
    };
    let mut step = at;
    while code.is(step + 1, ".") && code.ident(step + 2).is_some() && code.is(step + 3, ".") {
        step += 2;
    }
    let known = match step == at {
        true => view.in_blocks(name, at),
        false => view.fields(code.raw(step)),
    };
    known.last().is_some_and(|definition| {
        let named = definition.kind.clone().any(|at| code.is(at, kind));
        named || makes(view, &definition.value, kind)
    })
}

/// Whether an expression makes a value of a type of this file: `&Router{…}`, `NewRouter(…)`, `r.SubGroup("/x")`.
fn makes(view: &CodeView<'_, '_>, value: &Range<usize>, kind: &str) -> bool {
    let code = view.code;
    let start = value.start + usize::from(code.is(value.start, "&"));
    if code.is(start, kind) && code.is(start + 1, "{") {
        return true;
    }
    let Some(open) = value
        .end
        .checked_sub(1)
        .and_then(|close| code.partner(close))
    else {
        return false;
    };
    let called = open.checked_sub(1).and_then(|at| code.ident(at));
    let mut functions = code.functions().iter();
    code.is(open, "(")
        && called
            .is_some_and(|name| functions.any(|f| f.name == name && result(view, f) == Some(kind)))
}

/// The argument that answers of those that a caller gives to a function which adds a route with the call at
/// `route`: by its parameters, in whatever order the body hands them on.
pub(super) fn answering(
    view: &CodeView<'_, '_>,
    function: &Function<'_>,
    route: usize,
    given: &[Range<usize>],
) -> Option<Range<usize>> {
    let code = view.code;
    let parameters = code.arguments(function.params?);
    let handed: Vec<Range<usize>> = code.arguments(route);
    let named = |name: &str| {
        let mut tokens = handed.iter().flat_map(Clone::clone);
        tokens.any(|at| code.is(at, name) && !code.is(at - 1, "."))
    };
    let (mut one, mut many): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for (place, range) in parameters.iter().enumerate() {
        let Some(name) = code.ident(range.start) else {
            continue;
        };
        let Some(kind) = typed(&parameters, place) else {
            continue;
        };
        if named(name) && answers(view, &kind) {
            match code.is(kind.start, ".") {
                true => many.push(place),
                false => one.push(place),
            }
        }
    }
    match (one.as_slice(), many.as_slice()) {
        ([place], _) => given.get(*place).cloned(),
        // `GET(path string, handlers ...gin.HandlerFunc)`: the last one answers.
        ([], [place]) if place + 1 == parameters.len() => {
            given.last().filter(|_| given.len() > *place).cloned()
        }
        _ => None,
    }
}

/// Whether a type is one of what answers, and not of what stands before it.
fn answers(view: &CodeView<'_, '_>, kind: &Range<usize>) -> bool {
    let code = view.code;
    // `...gin.HandlerFunc`
    let dots = kind.clone().take_while(|&at| code.is(at, ".")).count();
    let start = kind.start + dots;
    let words = || (start..kind.end).filter_map(|at| code.ident(at));
    if words().any(|word| word.to_ascii_lowercase().contains("middleware")) {
        return false;
    }
    if code.is(start, "func") {
        // `func(http.Handler) http.Handler` stands around what answers.
        return !(code.is(start + 1, "(") && takes_handler(view, start + 1));
    }
    const ENDS: [&str; 4] = ["handler", "handlerfunc", "handlerfn", "handle"];
    words().next_back().is_some_and(|word| {
        let lower = word.to_ascii_lowercase();
        ENDS.iter().any(|end| lower.ends_with(end))
    })
}

fn takes_handler(view: &CodeView<'_, '_>, open: usize) -> bool {
    let close = view.code.partner(open).unwrap_or(open);
    let named = |at: usize| {
        view.code.raw(at).ends_with("Handler") || view.code.raw(at).ends_with("HandlerFunc")
    };
    !takes_group(view, open) && (open..close).any(named)
}

/// Which argument of a route of a router of the program's own answers, where its method stands in another file:
/// the only one behind the path that names the function of a value or package, or is written in place, beside names
/// of this package and calls. Words of names do not tell: `auth.BeginWebAuthn` is no guard.
pub(super) fn handler_at(
    view: &CodeView<'_, '_>,
    call: Call,
    given: &[Range<usize>],
    path: usize,
) -> Option<usize> {
    let code = view.code;
    if given.len() < path + 3 || go_own_routers::type_of(view, call.first).is_none() {
        return None;
    }
    let dotted = |range: &Range<usize>| {
        let named = |at: usize| code.ident(at).is_some() || code.is(at, ".");
        code.is(range.start, "func") || range.len() > 1 && range.clone().all(named)
    };
    let mut found = (given.iter().enumerate().skip(path + 1)).filter(|(_, range)| dotted(range));
    let (place, _) = found.next()?;
    found.next().is_none().then_some(place)
}

/// What answers of what a function puts together, behind what stands around it: `chain(list, requireAdmin)`. Where
/// several may, none is told.
pub(super) fn combined(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
    outer: &str,
) -> Option<String> {
    let mut all = Vec::new();
    go_http::candidates(view, range, 0, &mut all);
    all.retain(|name| name != outer && !name.starts_with("http."));
    let last = |name: &String| lets_some_pass(name.rsplit('.').next().unwrap_or(name));
    let (guards, others): (Vec<String>, Vec<String>) = all.into_iter().partition(last);
    let [one] = others.as_slice() else {
        return None;
    };
    let guards: Vec<String> = guards.iter().map(|name| format!("{name}()|")).collect();
    Some(format!("{outer}()|{}{one}", guards.concat()))
}

/// Whether a function only puts others together, by its name: `chain(list, logged)`. It is nobody's handler.
pub(super) fn combines(name: &str) -> bool {
    let last = name
        .trim_end_matches("()")
        .rsplit('.')
        .next()
        .unwrap_or(name);
    let lower = last.to_ascii_lowercase();
    const WHOLE: [&str; 7] = [
        "adapt", "chain", "combine", "compose", "decorate", "pipe", "wrap",
    ];
    const STARTS: [&str; 6] = ["adapt", "apply", "chain", "compose", "with", "wrap"];
    const OBJECTS: [&str; 5] = [
        "handler",
        "handlers",
        "handlerfunc",
        "middleware",
        "middlewares",
    ];
    let begun = || {
        let mut rest = STARTS.iter().filter_map(|word| lower.strip_prefix(word));
        rest.any(|rest| OBJECTS.contains(&rest))
    };
    WHOLE.contains(&lower.as_str()) || begun()
}
