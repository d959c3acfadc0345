//! Go: what is handed requests without the begin of their path, by `http.StripPrefix`.

use super::go_paths;
use super::go_routers::{DEEPEST, is_router};
use crate::code_view::CodeView;
use crate::facts::Mount;
use crate::http_paths::{self, BASE, Written};
use groundplan_syntax::Call;
use std::ops::Range;

/// The path below which a mux is handed the requests of another one, which takes it off:
/// `outer.Handle("/api/", http.StripPrefix("/api", inner))`. Of a parameter only its function says so.
pub(super) fn stripped(
    view: &CodeView<'_, '_>,
    name: &str,
    scope: Option<usize>,
    depth: u8,
) -> Option<String> {
    let code = view.code;
    view.calls_of("StripPrefix").iter().find_map(|&call| {
        let given = code.arguments(call.open);
        let [prefix, inner] = given.as_slice() else {
            return None;
        };
        if scope.is_some() && code.function_at(call.open) != scope
            || !inner.clone().any(|at| code.is(at, name))
        {
            return None;
        }
        let own = view.fold(prefix.clone()).filter(|p| p.starts_with('/'));
        let own = own.or_else(|| match go_paths::written(view, &held(view, prefix)) {
            Written::Path(text) if text.trim_start_matches('/').starts_with(BASE) => Some(text),
            _ => None,
        })?;
        // The mux that hands on may be handed requests itself.
        let around = (call.first.saturating_sub(24)..call.first).rev();
        let open = around.take_while(|&at| !code.is(at, "{")).find(|&at| {
            code.is(at, "(") && code.partner(at).is_some_and(|close| close > call.open)
        });
        let outer = open.and_then(|open| code.call_at(open));
        let outer = outer.and_then(|outer| code.ident(outer.first).map(|on| (on, outer.first)));
        let outer = outer.filter(|(on, at)| {
            *on != name && depth < DEEPEST && is_router(view, *at) && !code.is(at + 1, "(")
        });
        let outer = outer.and_then(|(on, _)| stripped(view, on, scope, depth + 1));
        Some(http_paths::join(&outer.unwrap_or_default(), &own))
    })
}

/// The value of a variable of a function that an argument names.
fn held(view: &CodeView<'_, '_>, range: &Range<usize>) -> Range<usize> {
    let name = view.code.ident(range.start).filter(|_| range.len() == 1);
    let known = name.map_or_else(Vec::new, |name| view.in_blocks(name, range.start));
    match known.as_slice() {
        [one] if !one.param && !one.value.is_empty() => one.value.clone(),
        _ => range.clone(),
    }
}

/// `http.StripPrefix("/api", h.UserHandler).ServeHTTP(w, r)` in a function that hands requests on: what the
/// type of the field is made with in its package stands there.
pub(super) fn handed_on(view: &CodeView<'_, '_>, call: Call, mounts: &mut Vec<(u32, Mount)>) {
    let code = view.code;
    let arguments = code.arguments(call.open);
    let [prefix, handler] = arguments.as_slice() else {
        return;
    };
    let serves = code
        .partner(call.open)
        .is_some_and(|close| code.is(close + 1, ".") && code.is(close + 2, "ServeHTTP"));
    let field = code.ident(handler.end - 1).filter(|_| {
        handler.len() == 3 && code.is(handler.start + 1, ".") && code.ident(handler.start).is_some()
    });
    let (Some(field), Some(prefix)) = (
        field.filter(|_| serves),
        view.fold(prefix.clone()).filter(|p| p.starts_with('/')),
    ) else {
        return;
    };
    for definition in view.fields(field) {
        let kind = definition.kind.clone();
        let at = kind.start + usize::from(code.is(kind.start, "*"));
        let package = code.ident(at).and_then(|name| view.alias(name));
        let name = code.ident(at + 2).filter(|_| code.is(at + 1, "."));
        let (Some(package), Some(name)) = (package, name) else {
            continue;
        };
        for maker in ["New".to_owned(), format!("New{name}")] {
            let mount = Mount {
                prefix: http_paths::prefix(&prefix),
                target: format!("{package}.{maker}"),
                ..Mount::default()
            };
            mounts.push((call.line, mount));
        }
    }
}
