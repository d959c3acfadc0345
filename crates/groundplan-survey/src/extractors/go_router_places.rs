//! Go: functions that are given several routers, each of which stands where its own caller says, and functions
//! that stand in a list which a loop calls with a router.

use super::go_endpoint_structs::VALUE;
use super::go_holders::FIELD;
use super::go_http::FRAMEWORKS;
use super::go_paths;
use super::go_routers::target;
use crate::call_rules::METHODS;
use crate::code_view::{CodeView, is_below};
use crate::facts::{Claim, FileFacts, Mount, Router};
use groundplan_syntax::{Call, Function};
use std::collections::BTreeSet;
use std::ops::Range;

/// Lists of a file at most, and functions of one.
const MOST: usize = 200;

/// What a function fills that is given several routers, by the place of the one that is meant; the first of them
/// goes by the name of the function alone.
pub(super) fn at_place(function: &str, place: usize) -> String {
    format!("{function}@{place}")
}

/// Places of the parameters of a function whose type is a router of a framework.
fn routers(view: &CodeView<'_, '_>, function: &Function<'_>) -> Vec<usize> {
    let code = view.code;
    let Some(open) = function.params else {
        return Vec::new();
    };
    let all = code.arguments(open);
    let given = |place: &usize| typed(&all, *place).is_some_and(|kind| is_of_framework(view, kind));
    (0..all.len()).filter(given).collect()
}

/// The type of the parameter at a place: of `public, private *gin.RouterGroup` it stands behind the last.
pub(super) fn typed(parameters: &[Range<usize>], place: usize) -> Option<Range<usize>> {
    let own = parameters.iter().skip(place).find(|range| range.len() > 1);
    own.map(|range| range.start + 1..range.end)
}

/// Whether a type is a router of a framework: `*gin.RouterGroup`, `chi.Router`.
pub(super) fn is_of_framework(view: &CodeView<'_, '_>, kind: Range<usize>) -> bool {
    const OTHERS: [&str; 8] = [
        "Context",
        "Ctx",
        "Handler",
        "HandlerFunc",
        "H",
        "Request",
        "Response",
        "ResponseWriter",
    ];
    let code = view.code;
    let plain = |at: usize| code.ident(at).is_some() || matches!(code.raw(at), "." | "*");
    if !kind.clone().all(plain) {
        return false;
    }
    kind.clone().any(|at| {
        let module = code.ident(at).and_then(|name| view.alias(name));
        let word = code.ident(at + 2).filter(|_| code.is(at + 1, "."));
        let (Some(module), Some(word)) = (module, word) else {
            return false;
        };
        let known = FRAMEWORKS.iter().find(|(f, ..)| is_below(module, f));
        match known {
            Some(("net/http", ..)) => word == "ServeMux",
            Some(_) => !OTHERS.contains(&word) && !word.ends_with("Func"),
            None => false,
        }
    })
}

/// The name of the router that a parameter of a function is, where the function is called `whole`.
pub(super) fn of_parameter(
    view: &CodeView<'_, '_>,
    scope: Option<usize>,
    name: &str,
    whole: Option<String>,
) -> Option<String> {
    let whole = whole?;
    let code = view.code;
    let function = scope.and_then(|scope| code.functions().get(scope));
    let Some((function, open)) = function.and_then(|f| Some((f, f.params?))) else {
        return Some(whole);
    };
    if function.name.is_empty() {
        return Some(whole);
    }
    let all = code.arguments(open);
    let place = all.iter().position(|range| code.is(range.start, name));
    let first = routers(view, function).first().copied();
    Some(match (place, first) {
        (Some(place), Some(first)) if first < place => at_place(&whole, place),
        _ => whole,
    })
}

/// Whether a name among those that routes stand on is that of a function, or of one of its parameters.
pub(super) fn names(partial: &BTreeSet<String>, function: &str) -> Vec<String> {
    let begin = at_place(function, 0);
    let begin = begin.trim_end_matches('0').to_owned();
    let all = partial.range(function.to_owned()..);
    let all = all.take_while(|name| name.starts_with(function)).take(MOST);
    all.filter(|name| *name == function || name.starts_with(&begin))
        .cloned()
        .collect()
}

/// The type of what a field holds, where another file declares it: `s.orders.RegisterRoutes` leads through the
/// field `orders`.
pub(super) fn of_field(receiver: &str, method: &str) -> String {
    match receiver.rsplit_once('.') {
        Some((_, field)) => format!(".{FIELD}{field}.{method}"),
        None => format!(".{method}"),
    }
}

/// What a loop calls in each round: `for _, add := range adders { add(api) }`.
pub(super) fn looped(view: &CodeView<'_, '_>, call: Call) -> Option<Vec<String>> {
    let code = view.code;
    let name = code
        .ident(call.first)
        .filter(|_| call.open == call.first + 1)?;
    let (at, list) = go_paths::ranged(code, name, call.first).next()?;
    if !code.is(at.checked_sub(1)?, ",") {
        return None;
    }
    let from = view.in_blocks(name, call.first);
    if from.last().is_some_and(|d| d.param) {
        return None;
    }
    // `range []func(chi.Router){addOrders, addUsers} {`
    if code.is(list, "[") {
        return functions(view, &(list..code.tokens.len().min(list + 400)));
    }
    let first = code.ident(list)?;
    if code.is(list + 1, "{") {
        let own = view.in_blocks(first, list);
        let global = (own.last()).is_none_or(|d| d.scope.is_none() && !d.param && !d.field);
        return match global {
            true => Some(vec![format!("${first}{VALUE}")]),
            false => functions(view, &own.last().filter(|d| !d.param)?.value),
        };
    }
    let module = view.alias(first).filter(|_| code.is(list + 1, "."))?;
    let list = code.ident(list + 2).filter(|_| code.is(list + 3, "{"))?;
    Some(vec![format!("{module}.{list}{VALUE}")])
}

/// The method of each value of a list that is written out, which a loop calls: of `for _, h := range handlers {
/// h.Register(api) }` that of `orders.NewHandler(db)` and of `&users.Handler{}`; none where one of them is not
/// read.
pub(super) fn methods(view: &CodeView<'_, '_>, call: Call, method: &str) -> Option<Vec<String>> {
    let code = view.code;
    let name = code.ident(call.first)?;
    let (at, list) = go_paths::ranged(code, name, call.first).next()?;
    if !code.is(at.checked_sub(1)?, ",") {
        return None;
    }
    let value = match code.ident(list) {
        Some(list_name) if code.is(list + 1, "{") => {
            let known = view.in_blocks(list_name, list);
            known.last().filter(|d| !d.param)?.value.clone()
        }
        _ => list..code.tokens.len().min(list + 400),
    };
    listed(view, &value, |item| method_of(view, item, method))
}

/// The method of what an item makes or names.
fn method_of(view: &CodeView<'_, '_>, item: &Range<usize>, method: &str) -> Option<String> {
    let code = view.code;
    let first = item.start + usize::from(code.is(item.start, "&"));
    let end = (first..item.end).find(|&at| matches!(code.raw(at), "(" | "{"));
    let end = end.unwrap_or(item.end);
    if end < item.end && code.partner(end).map(|close| close + 1) != Some(item.end) {
        return None;
    }
    let name = code.dotted(first, end);
    if end == item.end {
        // `handlers := []Handler{orders, users}` of variables.
        let kind = view.canonical(&name, first)?;
        return kind.contains('/').then(|| format!("{kind}.{method}"));
    }
    match name.split_once('.') {
        Some((package, kind)) if !kind.contains('.') => {
            let module = view.alias(package)?;
            Some(format!("{module}.{kind}.{method}"))
        }
        None if code.is(end, "{") && !name.is_empty() => Some(format!(".{name}.{method}")),
        None => {
            let kind = name.strip_prefix("New").filter(|kind| !kind.is_empty())?;
            Some(format!(".{kind}.{method}"))
        }
        _ => None,
    }
}

/// The functions of a list that is written out, as other files know them; none where it holds anything else.
fn functions(view: &CodeView<'_, '_>, list: &Range<usize>) -> Option<Vec<String>> {
    listed(view, list, |item| function(view, item))
}

/// What the items of a list that is written out stand for; none where one of them is not read.
fn listed(
    view: &CodeView<'_, '_>,
    list: &Range<usize>,
    read: impl Fn(&Range<usize>) -> Option<String>,
) -> Option<Vec<String>> {
    let code = view.code;
    if !code.is(list.start, "[") || !code.is(list.start + 1, "]") {
        return None;
    }
    let open = list.clone().find(|&at| code.is(at, "{"))?;
    let items = code.arguments(open);
    let all: Vec<String> = items.iter().take(MOST).filter_map(read).collect();
    (!all.is_empty() && all.len() == items.len()).then_some(all)
}

/// A function that is named and not called.
fn function(view: &CodeView<'_, '_>, item: &Range<usize>) -> Option<String> {
    let code = view.code;
    let names = |at: usize| code.ident(at).is_some() || code.is(at, ".");
    let plain = item.clone().all(names) && (1..=5).contains(&item.len());
    let known = plain && !matches!(code.raw(item.start), "nil" | "true" | "false");
    known.then(|| target(view, item.start, item.end)).flatten()
}

/// Functions that variables of the package hold in a list, at once or one after another
/// (`adders = append(adders, addOrders)`): the list is a router of the name of its variable.
pub(super) fn lists(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    // A function of this file that is given a router, or a list that is called so.
    let adds = |list: &str, item: &Range<usize>| {
        let own = code.ident(item.start).filter(|_| item.len() == 1);
        let own = own.and_then(|name| view.function(name));
        match own {
            Some(function) => !routers(view, function).is_empty(),
            None => list.to_ascii_lowercase().contains("route"),
        }
    };
    let mut found: Vec<(usize, &str, String)> = Vec::new();
    for call in view.calls_of("append") {
        let given = code.arguments(call.open);
        let Some((list, items)) = given.split_first() else {
            continue;
        };
        let Some(name) = code.ident(list.start).filter(|_| list.len() == 1) else {
            continue;
        };
        let kept = call.first >= 2 && code.is(call.first - 1, "=") && code.is(call.first - 2, name);
        let own = view.in_blocks(name, call.first);
        // `list = append(…)` in a function gives it to the package; `:=` and `var` do not.
        let declared = |at: usize| !code.is(at + 1, "=") || at > 0 && code.is(at - 1, "var");
        let local = (own.iter()).any(|d| d.param || d.scope.is_some() && declared(d.at));
        if !kept || local {
            continue;
        }
        for item in items.iter().filter(|item| adds(name, item)) {
            let target = function(view, item);
            found.extend(target.map(|target| (call.first, name, target)));
        }
    }
    let globals = code.definitions().iter();
    let globals = globals.filter(|d| d.scope.is_none() && !d.field && !d.param);
    for list in globals.filter(|d| code.is(d.value.start, "[")) {
        let open = list.value.clone().find(|&at| code.is(at, "{"));
        let items = open.map(|open| code.arguments(open)).unwrap_or_default();
        let routes = !items.is_empty() && items.iter().all(|item| adds(list.name, item));
        for target in functions(view, &list.value)
            .filter(|_| routes)
            .unwrap_or_default()
        {
            found.push((list.at, list.name, target));
        }
    }
    found.truncate(MOST);
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for (at, name, target) in found {
        let line = code.line(at);
        let list = format!("{name}{VALUE}");
        if named.insert(name) {
            let router = Router {
                name: list.clone(),
                ..Router::default()
            };
            acc.add(view.file, line, line, Claim::Router(router));
        }
        let mount = Mount {
            router: Some(list),
            target,
            ..Mount::default()
        };
        acc.add(view.file, line, line, Claim::Mount(mount));
    }
}

/// Whether the last word of a call is that of a route and hands no router on.
pub(super) fn is_route(last: &str) -> bool {
    METHODS.contains(&last.to_ascii_uppercase().as_str())
        || matches!(
            last,
            "Use" | "Group" | "Handle" | "HandleFunc" | "ListenAndServe" | "Fatal"
        )
}
