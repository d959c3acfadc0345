//! Go: groups that are told by the place of the code alone. The function that such a group is given has no
//! router of its own, so that routes in it are added to the outer one: those of Flamego and Macaron, and of routers
//! of a program's own that are like them.

use super::go_paths;
use crate::code_view::CodeView;
use crate::http_paths::{self, UNREAD, Written};
use groundplan_syntax::Call;

/// Frameworks that have such groups, and `Route` with a list of methods.
const MODULES: [&str; 2] = ["github.com/flamego/flamego", "gopkg.in/macaron"];

/// Whether a file uses one of them.
pub(super) fn are_used(view: &CodeView<'_, '_>) -> bool {
    view.imports_any(&MODULES)
}

/// Whether a call is one of a chain that says its path once: `m.Combo("/x").Get(h)`.
pub(super) fn is_combined(view: &CodeView<'_, '_>, call: Call) -> bool {
    let code = view.code;
    code.is(call.first + 1, ".") && code.is(call.first + 2, "Combo")
}

/// What the groups around a place put before its routes: `m.Group("/users", func() { m.Get("", list) })`.
pub(super) fn around(view: &CodeView<'_, '_>, at: usize) -> String {
    let mut prefix = String::new();
    let code = view.code;
    let functions = code.functions();
    let mut scope = code.function_at(at);
    // What is made inside of a group stands there already.
    let known = code.ident(at).map(|name| view.in_blocks(name, at));
    let made = known.and_then(|all| all.last().and_then(|d| d.scope));
    while let Some(function) = scope.and_then(|scope| functions.get(scope)) {
        if !function.name.is_empty() || scope == made {
            break;
        }
        if let Some(own) = group(view, function.first) {
            let own = if own == "/" { String::new() } else { own };
            prefix = match prefix.is_empty() {
                true => own,
                false => http_paths::join(&own, &prefix),
            };
        }
        scope = function.parent;
    }
    prefix
}

/// The path of the group that is given a function which begins at `first`.
fn group(view: &CodeView<'_, '_>, first: usize) -> Option<String> {
    let code = view.code;
    let alone = code.is(first, "func") && code.is(first + 1, "(") && code.is(first + 2, ")");
    let comma = first
        .checked_sub(1)
        .filter(|&at| alone && code.is(at, ","))?;
    let open = (comma.saturating_sub(24)..comma)
        .rev()
        .find(|&at| code.is(at, "(") && code.partner(at).is_some_and(|close| close > first))?;
    if !code.is(open.checked_sub(1)?, "Group") {
        return None;
    }
    match go_paths::written(view, &(open + 1..comma)) {
        Written::Path(text) => Some(text),
        Written::Unread => Some(UNREAD.to_owned()),
        Written::Other => None,
    }
}
