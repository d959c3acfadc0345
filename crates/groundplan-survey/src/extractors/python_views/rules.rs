//! What a class of Django REST framework says of all its methods: who may call, how often, what body they take
//! and what exceptions are answered with (<https://www.django-rest-framework.org/api-guide/views/>).

use crate::code_view::CodeView;
use crate::extractors::django_handlers::answered;
use crate::facts::{Before, Handler};
use groundplan_syntax::Function;
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands before the name of a class that counts requests, and of one that says who calls, among the
/// calls of a class.
pub(crate) const COUNTS: &str = "throttle ";
pub(crate) const SIGNS_IN: &str = "authentication ";

/// What stands before the name of the parameter by which a router looks up one record.
pub(crate) const LOOKED_UP: &str = "lookup ";

/// Adds what the class at `index` says itself.
pub(super) fn fill(view: &CodeView<'_, '_>, index: usize, handler: &mut Handler) {
    let code = view.code;
    let own = code
        .definitions()
        .iter()
        .filter(|d| d.scope == Some(index) && !d.param);
    for definition in own {
        // Of `rest_framework.permissions.IsAuthenticated` the last word.
        let words = definition.value.clone().filter(|at| !code.is(at + 1, "."));
        let words = words
            .filter_map(|at| code.ident(at))
            .filter(|w| w.starts_with(char::is_uppercase));
        match definition.name {
            "permission_classes" => {
                handler.guards = words.map(str::to_owned).collect();
                // An empty list lets everybody in, whatever the classes above ask.
                if is_empty(view, &definition.value) {
                    handler.guards.push("AllowAny".to_owned());
                }
            }
            "throttle_classes" | "authentication_classes" => {
                let lead = match definition.name {
                    "throttle_classes" => COUNTS,
                    _ => SIGNS_IN,
                };
                handler.calls.extend(words.map(|w| format!("{lead}{w}")));
                if is_empty(view, &definition.value) {
                    handler.calls.push(lead.to_owned());
                }
            }
            // The name of the router's parameter; that of the keyword goes first.
            "lookup_url_kwarg" | "lookup_field" if definition.value.len() == 1 => {
                if let Some(name) = code.string(definition.value.start) {
                    let call = format!("{LOOKED_UP}{name}");
                    match definition.name {
                        "lookup_url_kwarg" => handler.calls.insert(0, call),
                        _ => handler.calls.push(call),
                    }
                }
            }
            "serializer_class" if definition.value.len() == 1 => {
                handler.request = words.map(str::to_owned).next();
            }
            _ => {}
        }
    }
    let methods = code.functions().iter().filter(|f| f.parent == Some(index));
    for method in methods {
        match method.name {
            "handle_exception" => handler.befores.extend(answered(view, method)),
            "get_permissions" => match chosen(view, method) {
                Some(befores) => handler.befores.extend(befores),
                // Which holds for whom, its code decides.
                None => handler.leaves = true,
            },
            "get_serializer_class" => handler.more = true,
            // Where it asks for the action, the limit is not that of all methods.
            "get_throttles" if !method.body.clone().any(|at| code.is(at, "action")) => {
                let made = method.body.clone().filter(|&at| code.is(at + 1, "("));
                let made = made.filter_map(|at| code.ident(at));
                let made =
                    made.filter(|w| w.ends_with("Throttle") && w.starts_with(char::is_uppercase));
                handler.calls.extend(made.map(|w| format!("{COUNTS}{w}")));
            }
            _ => {}
        }
    }
}

/// Whether a value is `[]` or `()`.
fn is_empty(view: &CodeView<'_, '_>, value: &Range<usize>) -> bool {
    let code = view.code;
    value.len() == 2 && code.partner(value.start) == Some(value.start + 1)
}

/// The permissions of `def get_permissions(self)` that one condition chooses between: what it asks where the method
/// or the action is among those that are named, and where it is not.
fn chosen(view: &CodeView<'_, '_>, method: &Function<'_>) -> Option<Vec<Before>> {
    let code = view.code;
    let body = method.body.clone();
    let at = body
        .clone()
        .find(|&at| code.is(at, "if") && code.starts_line(at))?;
    let one = body
        .clone()
        .filter(|&at| matches!(code.raw(at), "if" | "elif"))
        .count()
        == 1;
    let colon = (at..body.end).find(|&at| code.is(at, ":"))?;
    let asks = (at..colon).any(|at| {
        code.is(at, "self")
            && (code.is(at + 2, "action")
                || code.is(at + 2, "request") && code.is(at + 4, "method"))
    });
    let turned = (at..colon).any(|at| matches!(code.raw(at), "not" | "!=" | "!" | "or" | "and"));
    let words: Vec<String> = (at..colon)
        .filter_map(|at| code.string(at))
        .map(str::to_owned)
        .collect();
    // What another place asks, `super().get_permissions()` and `self.permission_classes` hand on.
    let hands_on = body.clone().any(|at| {
        code.is(at.wrapping_sub(1), ".")
            && (code.is(at, "permission_classes") || code.is(at, "get_permissions"))
    });
    if !one || !asks || turned || words.is_empty() || hands_on {
        return None;
    }
    let column = code.column(at);
    let mut lines = (colon + 1..body.end).filter(|&i| code.starts_line(i));
    let end = lines
        .find(|&i| code.column(i) <= column)
        .unwrap_or(body.end);
    let classes = |range: Range<usize>| {
        let names = range
            .filter(|&at| !code.is(at + 1, ".") && !code.is(at.wrapping_sub(2), "super"))
            .filter_map(|at| code.ident(at));
        let own = |name: &&str| name.starts_with(char::is_uppercase) && !name.ends_with("ViewSet");
        names.filter(own).collect::<BTreeSet<_>>()
    };
    let before = |name: &str| Before {
        name: name.to_owned(),
        asks: true,
        ..Before::default()
    };
    let named = classes(colon..end).into_iter().map(|name| Before {
        only: words.clone(),
        ..before(name)
    });
    let others = classes(end..body.end).into_iter().map(|name| Before {
        except: words.clone(),
        ..before(name)
    });
    Some(named.chain(others).collect())
}
