//! Python: routes that a function of the program adds with a path that its callers give.

use crate::code_view::CodeView;
use groundplan_syntax::{Call, Function};
use std::ops::Range;

/// Calls of one helper that are followed, at most.
const MOST: usize = 1000;

/// What one caller of a helper gives.
pub(super) struct Given {
    pub(super) line: u32,
    pub(super) path: String,
    /// The handler, where the helper is given it as well.
    pub(super) handler: Option<Range<usize>>,
    /// The methods, where the helper is given them as well.
    pub(super) methods: Option<Range<usize>>,
}

/// The routes of `def register(resource, url): api.add_url_rule(url, view_func=resource)` by its callers in the
/// same file. None where the path is no parameter of a function around, or where one of the callers was
/// not read.
pub(super) fn callers(
    view: &CodeView<'_, '_>,
    call: Call,
    path: &Range<usize>,
    handler: Option<&Range<usize>>,
    methods: Option<&Range<usize>>,
) -> Option<Vec<Given>> {
    let code = view.code;
    let function = code.functions().get(code.function_at(call.open)?)?;
    if function.name.is_empty() || function.class {
        return None;
    }
    let parameters = parameters(view, function);
    let place_of = |range: &Range<usize>| {
        let name = code.ident(range.start).filter(|_| range.len() == 1)?;
        let is_own = view.parameter_of(name, range.start).is_some();
        parameters.iter().position(|known| *known == name && is_own)
    };
    // `url`, `API + url`, `f"/api{url}"`
    let (place, text) = match place_of(path) {
        Some(place) => (place, None),
        None => {
            let text = view.fold(path.clone())?;
            let named = |name: &&str| text.matches(&format!("{{{name}}}")).count() == 1;
            let place = parameters.iter().position(named)?;
            (place, Some(text))
        }
    };
    // What the function makes of its parameter before is another path.
    let name = *parameters.get(place)?;
    let changed = |at: usize| code.is(at, name) && code.is(at + 1, "=") && !code.is(at + 2, "=");
    if function.body.clone().any(changed) {
        return None;
    }
    let handler = handler.and_then(place_of);
    let methods = methods.and_then(place_of);
    let given = |caller: Call, place: usize| {
        let named = code.named_argument(caller.open, parameters[place]);
        // A method is called without the object that it belongs to.
        let bound = usize::from(matches!(parameters.first(), Some(&("self" | "cls"))));
        named.or_else(|| view.argument(caller.open, place.checked_sub(bound)?))
    };
    let outside = |caller: &&Call| !function.body.contains(&caller.open);
    let all: Vec<&Call> = (view.calls_of(function.name).iter())
        .filter(outside)
        .take(MOST)
        .collect();
    let one = |caller: &&Call| {
        let own = view.fold(given(**caller, place)?)?;
        let path = match &text {
            Some(text) => text.replace(&format!("{{{name}}}"), &own),
            None => own,
        };
        path.starts_with('/').then(|| Given {
            line: code.line(caller.first),
            path,
            handler: handler.and_then(|place| given(**caller, place)),
            methods: methods.and_then(|place| given(**caller, place)),
        })
    };
    let found: Option<Vec<Given>> = all.iter().map(one).collect();
    found.filter(|found| !found.is_empty())
}

/// The names of the parameters of a function, in order.
fn parameters<'t>(view: &CodeView<'t, '_>, function: &Function<'_>) -> Vec<&'t str> {
    let open = function.params.map(|open| view.code.arguments(open));
    let all = open.into_iter().flatten();
    all.take_while(|range| !view.code.is(range.start, "*"))
        .filter_map(|range| view.code.ident(range.start))
        .collect()
}
