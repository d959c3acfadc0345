//! go-restful: services with a root path, whose routes are built by chains.

use super::go_http::{chain_open, made, open_handler};
use super::go_paths;
use super::go_routers::stand;
use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::facts::Endpoint;
use crate::http_paths::{self, UNREAD, Written};
use groundplan_syntax::Call;

/// Its package.
const MODULE: &str = "github.com/emicklei/go-restful";

/// Whether a file uses it.
fn is_used(view: &CodeView<'_, '_>) -> bool {
    view.imports_any(&[MODULE])
}

/// The routes of a file: `ws.Route(ws.GET("/{id}").To(h.one))`.
pub(super) fn routes(view: &CodeView<'_, '_>) -> Vec<(Call, Endpoint)> {
    let mut all = Vec::new();
    if !is_used(view) {
        return all;
    }
    let code = view.code;
    for method in METHODS {
        for &call in view.calls_of(method) {
            let given = code.arguments(call.open);
            let ([path], 3) = (given.as_slice(), call.open - call.first) else {
                continue;
            };
            let Some(to) = chain_open(view, call, "To").filter(|&to| to > call.open) else {
                continue;
            };
            let raw = match go_paths::written(view, path) {
                Written::Path(raw) => raw,
                Written::Unread => UNREAD.to_owned(),
                Written::Other => continue,
            };
            let handler = code
                .arguments(to)
                .first()
                .and_then(|r| open_handler(view, r));
            let place = stand(view, call.first, 0);
            let routes = made(
                view,
                vec![(*method).to_owned()],
                &place,
                &raw,
                handler,
                "go-restful",
            );
            all.extend(routes.into_iter().map(|endpoint| (call, endpoint)));
        }
    }
    all
}

/// The root path of the service that is named at `at`: `ws.Path("/users")`, also where it is made. Of a service
/// that a function of another package makes it was not read.
pub(super) fn root(view: &CodeView<'_, '_>, at: usize) -> String {
    let code = view.code;
    let Some(name) = code.ident(at).filter(|_| is_used(view)) else {
        return String::new();
    };
    let known = view.in_blocks(name, at);
    let Some(made) = known.last() else {
        return String::new();
    };
    let own = |call: &&Call| {
        let here = code.is(call.first, name) && call.open == call.first + 3;
        here && view.in_blocks(name, call.first).last().map(|d| d.at) == Some(made.at)
            || made.value.contains(&call.open)
    };
    if let Some(call) = view.calls_of("Path").iter().find(own) {
        let path = code.arguments(call.open).into_iter().next();
        return match path.map(|range| go_paths::written(view, &range)) {
            Some(Written::Path(text)) => http_paths::prefix(&text),
            _ => UNREAD.to_owned(),
        };
    }
    let first = made.value.start;
    let plain = made.param || made.value.is_empty() || matches!(code.raw(first), "new" | "&");
    let service = made.value.clone().any(|i| code.is(i, "(")) && code.is(first + 1, ".");
    match !plain
        && service
        && view
            .calls_of("Route")
            .iter()
            .any(|c| code.is(c.first, name))
    {
        true => UNREAD.to_owned(),
        false => String::new(),
    }
}
