//! Go: routes that a function of the program makes which is named after the method:
//! `router.NewGetRoute("/volumes", v.list)`. What adds them reads the path of each.

use super::go_http::{is_path, made, open_handler};
use super::go_paths;
use super::go_routers::Stand;
use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::facts::Endpoint;
use crate::http_paths::Written;
use groundplan_syntax::Call;

/// What a call adds under such a name.
pub(super) fn of(view: &CodeView<'_, '_>, call: Call, last: &str) -> Option<Vec<Endpoint>> {
    let method = method(last)?;
    let arguments = view.code.arguments(call.open);
    let [path, handler, ..] = arguments.as_slice() else {
        return None;
    };
    // Only what is written out: a maker that hands on its own parameters names no route.
    view.code.string(path.start)?;
    let raw = match go_paths::written(view, path) {
        Written::Path(raw) if raw.starts_with('/') && is_path(&raw) => raw,
        _ => return None,
    };
    let value = view.code.string(handler.start).is_some();
    let name = open_handler(view, handler).filter(|name| !value && name != "nil");
    let answers = name.is_some() || view.code.is(handler.start, "func");
    let place = Stand::default();
    answers.then(|| made(view, vec![method], &place, &raw, name, "go-net-http"))
}

/// The method in the name of a function that makes a route: `NewGetRoute`, `DELETERoute`, `newPostEndpoint`.
fn method(name: &str) -> Option<String> {
    let rest = ["Route", "Endpoint"]
        .iter()
        .find_map(|end| name.strip_suffix(end))?;
    let word = ["New", "new", "Make", "make", "Add", "add"]
        .iter()
        .find_map(|begin| rest.strip_prefix(begin))
        .unwrap_or(rest);
    let upper = word.to_ascii_uppercase();
    METHODS.contains(&upper.as_str()).then_some(upper)
}
