//! What an action of an ASP.NET controller takes and answers with what its class and the classes above it say
//! of all actions: who may call, and where parameters without an attribute come from
//! (<https://learn.microsoft.com/aspnet/core/web-api/#binding-source-parameter-inference>).

use crate::extractors::csharp_handlers::{ANONYMOUS, BOUND, CONTROLLER, is_simple};
use crate::facts::{Endpoint, Handler, Input};
use crate::resolve::handlers::{Handlers, Seen};
use crate::statuses;
use groundplan_model::Evidence;

/// An action with what stands above it, its own place first; `None` for what is no action of a controller.
pub(crate) fn action(
    endpoint: &Endpoint,
    at: &Evidence,
    handlers: &Handlers<'_>,
) -> Option<(Handler, Vec<Evidence>)> {
    if endpoint.framework != "aspnet-core" {
        return None;
    }
    let seen = handlers.of_endpoint(endpoint, at)?;
    let calls = &seen.handler.calls;
    let class = calls.iter().find(|call| call.starts_with(CONTROLLER))?;
    let (line, foreign) = handlers.line(class, &seen.at.path);
    let mut made = seen.handler.clone();
    made.calls.clear();
    let mut places = vec![seen.at.clone()];
    let api = line.iter().find(|class| class.handler.more);
    made.leaves |= !foreign.is_empty() || line.iter().any(|class| class.handler.leaves);
    guards(&mut made, &line, api.is_some(), &mut places);
    let taken = std::mem::take(&mut made.inputs);
    for input in taken {
        bind(&mut made, input, api.is_some(), endpoint);
    }
    if let Some(api) = api.filter(|_| made.request.is_some()) {
        statuses::add(&mut made.responses, "400");
        places.push(api.at.clone());
    }
    made.responses.sort_by(|a, b| a.status.cmp(&b.status));
    places.dedup();
    Some((made, places))
}

/// Takes over what the classes ask, unless one of them or the action is free of it, and what an interface for
/// programs answers then: pages send callers to where they sign in.
fn guards(made: &mut Handler, line: &[Seen<'_>], api: bool, places: &mut Vec<Evidence>) {
    let free = std::iter::once(&*made)
        .chain(line.iter().map(|class| class.handler))
        .any(|handler| handler.guards.iter().any(|guard| guard == ANONYMOUS));
    if free {
        made.guards.clear();
        return;
    }
    for class in line.iter().filter(|class| !class.handler.guards.is_empty()) {
        places.push(class.at.clone());
        for guard in &class.handler.guards {
            if !made.guards.contains(guard) {
                made.guards.push(guard.clone());
            }
        }
    }
    // One that asks for more than to be signed in says all that the plain one does.
    if made.guards.len() > 1 {
        made.guards.retain(|guard| guard != "Authorize");
    }
    let of_scheme = |given: &str| {
        given.contains("AuthenticationSchemes")
            && !given.contains("Roles")
            && !given.contains("Policy")
    };
    let asks = !made.guards.is_empty();
    let more = made
        .guards
        .iter()
        .any(|guard| guard.contains('(') && !of_scheme(guard));
    if api && asks {
        statuses::add(&mut made.responses, "401");
    }
    if api && more {
        statuses::add(&mut made.responses, "403");
    }
}

/// Puts a parameter where the framework takes it from.
fn bind(made: &mut Handler, mut input: Input, api: bool, endpoint: &Endpoint) {
    if input.place != BOUND {
        made.inputs.push(input);
        return;
    }
    let kind = input.data_type.clone().unwrap_or_default();
    let reads = matches!(endpoint.method.as_str(), "GET" | "HEAD");
    if kind.contains("IFormFile") {
        input.place = "form".to_owned();
        made.inputs.push(input);
    } else if is_simple(&kind) && (api || reads) {
        input.place = "query".to_owned();
        made.inputs.push(input);
    } else if api && !reads && made.request.is_none() && !is_list_of_simple(&kind) {
        made.request = Some(kind);
    } else if api && reads {
        // An enumeration is one value; a request that reads has no body that it could be bound from.
        input.place = "query".to_owned();
        made.inputs.push(input);
    } else {
        // Without `[ApiController]` it may come from the form, the path or the query.
        made.more = true;
    }
}

/// A list of values, which editions of the framework bind differently.
fn is_list_of_simple(kind: &str) -> bool {
    kind.ends_with("[]") && is_simple(kind)
}
