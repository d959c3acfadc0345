//! Python: routers that a file hands to a function of another file, which takes them in:
//! `add_routers(app, orders_router)`.

use crate::code_view::CodeView;
use crate::extractors::python_routers::TAKING;
use crate::facts::{Mount, Router};
use groundplan_syntax::{Call, Definition};
use std::collections::BTreeSet;
use std::ops::Range;

/// The name of a parameter of a function as other files know it: `add_routers(1)`.
fn slot(function: &str, place: usize) -> String {
    format!("{function}({place})")
}

/// Whether a node stands for a parameter of a function.
pub(crate) fn is_slot(name: &str) -> bool {
    name.ends_with(')')
}

/// The slot of a parameter of a function that is no method.
pub(super) fn of_parameter(view: &CodeView<'_, '_>, parameter: &Definition<'_>) -> Option<String> {
    let code = view.code;
    let function = code.functions().get(parameter.scope?)?;
    if !parameter.param || function.class || function.parent.is_some() {
        return None;
    }
    let given = code.arguments(function.params?);
    let place = given
        .iter()
        .position(|range| code.is(range.start, parameter.name))?;
    Some(slot(function.name, place))
}

/// The parameters of functions of a file that take in what they are given, as routers that only others serve.
pub(super) fn routers(mounts: &[(u32, Mount)]) -> Vec<(u32, Router)> {
    let slots = mounts.iter().filter_map(|(line, mount)| {
        let name = mount
            .target
            .strip_prefix('#')
            .filter(|name| is_slot(name))?;
        Some((
            *line,
            Router {
                name: name.to_owned(),
                ..Router::default()
            },
        ))
    });
    slots.collect()
}

/// Routers of other files, and of this one, that are given to a function: whether that takes them in, only the
/// file of the function says.
pub(super) fn given(view: &CodeView<'_, '_>, all: &mut Vec<(u32, Mount)>) {
    let own: BTreeSet<String> = all.iter().map(|(_, mount)| mount.target.clone()).collect();
    let others = view.calls().filter(|(last, _)| !TAKING.contains(last));
    for (last, calls) in others {
        for &call in calls {
            let places = (0..6).map_while(|place| Some((place, view.argument(call.open, place)?)));
            let given: Vec<(usize, String)> = places
                .filter_map(|(place, range)| Some((place, target(view, &range)?)))
                .collect();
            // Few calls are given a router.
            let function = (!given.is_empty()).then(|| called(view, call, last));
            let Some(function) = function.flatten() else {
                continue;
            };
            for (place, target) in given {
                let router = slot(&function, place);
                // A function of this file says here whether it takes in what it is given.
                if router.starts_with('=') || own.contains(&format!("#{router}")) {
                    let mount = Mount {
                        router: Some(router),
                        target,
                        ..Mount::default()
                    };
                    all.push((view.code.line(call.first), mount));
                }
            }
        }
    }
}

/// The function that a call names: one of this file by its name, one of another as it is imported.
fn called(view: &CodeView<'_, '_>, call: Call, last: &str) -> Option<String> {
    let name = view.code.name(call);
    let first = name.split('.').next()?;
    // A class that is given a router is another one around it.
    if last.starts_with(char::is_uppercase) || !view.visible(first, call.first).is_empty() {
        return None;
    }
    if let Some(module) = view.alias(first) {
        let whole = format!("{module}{}", &name[first.len()..]);
        return whole.contains('.').then(|| format!("={whole}"));
    }
    let own = name == last && view.function(last).is_some_and(|f| !f.class);
    own.then_some(name)
}

/// What an argument names, where that is called a router.
fn target(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let plain = range
        .clone()
        .all(|at| code.ident(at).is_some() || code.is(at, "."));
    let last = code.ident(range.end.checked_sub(1)?).filter(|_| plain)?;
    let lower = last.to_ascii_lowercase();
    if !["router", "blueprint", "bp"]
        .iter()
        .any(|end| lower.ends_with(end))
        || !last.starts_with(|c: char| c.is_ascii_lowercase())
    {
        return None;
    }
    let name = code.dotted(range.start, range.end);
    let first = name.split('.').next()?;
    let known = view.visible(first, range.start);
    match (known.last(), view.alias(first)) {
        (None, Some(module)) => Some(format!("{module}{}", &name[first.len()..])),
        (Some(made), _) if !made.param && made.scope.is_none() && range.len() == 1 => {
            Some(format!("#{name}"))
        }
        _ => None,
    }
}
