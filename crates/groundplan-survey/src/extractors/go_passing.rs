//! Servers that a command of Go starts to show or be told one thing, and that end with it.

use crate::code_view::CodeView;
use crate::extractors::go_helpers::named;
use groundplan_syntax::Call;

/// Whether a route is one of a server that the function around it makes, serves on a port that nobody chose or
/// opens a browser for: no interface of the program that answers.
pub(super) fn is_passing(view: &CodeView<'_, '_>, call: Call) -> bool {
    let code = view.code;
    let Some(function) = named(view, call.open) else {
        return false;
    };
    // What a program does first, it is there for.
    if matches!(function.name, "main" | "init") {
        return false;
    }
    let Some(router) = code.ident(call.first) else {
        return false;
    };
    let inside = |at: usize| function.body.contains(&at);
    let made = |at: usize| inside(at) && matches!(code.raw(at + 1), "(" | ".");
    let known = view.visible(router, call.first);
    let own = known
        .last()
        .is_some_and(|d| !d.param && inside(d.at) && made(d.value.start));
    if !own {
        return false;
    }
    let calls = |name: &'static str| view.calls_of(name).iter().filter(|c| inside(c.open));
    let serves = ["Serve", "ListenAndServe"]
        .into_iter()
        .any(|name| calls(name).next().is_some());
    let opens = || {
        view.calls().any(|(name, all)| {
            let browser = name.to_ascii_lowercase().contains("browser");
            let first = |c: &Call| code.raw(c.first).eq_ignore_ascii_case("browser");
            all.iter().any(|c| inside(c.open) && (browser || first(c)))
        })
    };
    let any_port = || {
        calls("Listen").any(|c| {
            let mut all = code.arguments(c.open).into_iter();
            all.any(|r| code.string(r.start).is_some_and(|at| at.ends_with(":0")))
        })
    };
    // What has more to answer than a page and one call back is there for its users.
    let routes = || {
        let all = view.calls().flat_map(|(_, all)| all);
        let path = |call: &Call| {
            let given = code.arguments(call.open).into_iter().next();
            given.and_then(|range| code.string(range.start))
        };
        let routed = |call: &&Call| {
            inside(call.open)
                && code.ident(call.first) == Some(router)
                && path(call).is_some_and(|path| path.contains('/'))
        };
        all.filter(routed).take(3).count()
    };
    serves && (opens() || any_port()) && routes() < 3
}
