//! What a class of Django REST framework says of all its methods: who may call, how often, what body they take
//! and what exceptions are answered with (<https://www.django-rest-framework.org/api-guide/views/>).

use crate::code_view::CodeView;
use crate::extractors::django_handlers::answered;
use crate::facts::Handler;

/// What stands before the name of a class that counts requests, and of one that says who calls, among the
/// calls of a class.
pub(crate) const COUNTS: &str = "throttle ";
pub(crate) const SIGNS_IN: &str = "authentication ";

/// Adds what the class at `index` says itself.
pub(super) fn fill(view: &CodeView<'_, '_>, index: usize, handler: &mut Handler) {
    let code = view.code;
    let own = code.definitions().iter().filter(|d| d.scope == Some(index) && !d.param);
    for definition in own {
        // Of `rest_framework.permissions.IsAuthenticated` the last word.
        let words = definition.value.clone().filter(|at| !code.is(at + 1, "."));
        let words = words.filter_map(|at| code.ident(at)).filter(|w| w.starts_with(char::is_uppercase));
        match definition.name {
            "permission_classes" => handler.guards = words.map(str::to_owned).collect(),
            "throttle_classes" => {
                handler.calls.extend(words.map(|w| format!("{COUNTS}{w}")));
            }
            "throttle_scope" => handler.calls.push(format!("{COUNTS}ScopedRateThrottle")),
            "authentication_classes" => {
                handler.calls.extend(words.map(|w| format!("{SIGNS_IN}{w}")));
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
            "handle_exception" => handler.befores = answered(view, method),
            // Which holds for whom, its code decides.
            "get_permissions" => handler.leaves = true,
            "get_serializer_class" => handler.more = true,
            // Where it asks for the action, the limit is not that of all methods.
            "get_throttles" if !method.body.clone().any(|at| code.is(at, "action")) => {
                let made = method.body.clone().filter(|&at| code.is(at + 1, "("));
                let made = made.filter_map(|at| code.ident(at));
                let made = made.filter(|w| w.ends_with("Throttle") && w.starts_with(char::is_uppercase));
                handler.calls.extend(made.map(|w| format!("{COUNTS}{w}")));
            }
            _ => {}
        }
    }
}
