//! What an action of an ASP.NET controller takes and answers with what its class and the classes above it say
//! of all actions: who may call, and where parameters without an attribute come from
//! (<https://learn.microsoft.com/aspnet/core/web-api/#binding-source-parameter-inference>).

use crate::extractors::csharp_attributes::{ATTRIBUTE, VALUE};
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
    value(&mut made, seen, handlers);
    made.calls.clear();
    let mut places = vec![seen.at.clone()];
    let api = line.iter().find(|class| class.handler.more);
    made.leaves |= !foreign.is_empty() || line.iter().any(|class| class.handler.leaves);
    let own = attributes(&mut made, &line, seen, handlers);
    guards(&mut made, &line, api.is_some(), &mut places, &own);
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

/// Takes back that an action answers with a value where what it returns is called like a result and the program
/// has no class of that name that is none.
fn value(made: &mut Handler, seen: Seen<'_>, handlers: &Handlers<'_>) {
    let called = made.calls.iter().find(|call| call.starts_with(VALUE));
    let Some(called) = called.filter(|name| handlers.named(name, &seen.at.path).is_none()) else {
        return;
    };
    let bare = called.trim_start_matches(VALUE).to_owned();
    let of = |schema: &Option<String>| {
        let kind = schema.as_deref().and_then(|s| s.split('<').next());
        kind == Some(bare.as_str())
    };
    made.responses
        .retain(|r| r.status != "200" || !of(&r.schema));
    for response in made.responses.iter_mut().filter(|r| of(&r.schema)) {
        response.schema = None;
    }
    made.leaves = true;
}

/// The attributes and filters of the program that stand before an action and ask who calls, each with its class;
/// others may answer in place of the action as well.
fn attributes<'h>(
    made: &mut Handler,
    line: &[Seen<'_>],
    seen: Seen<'_>,
    handlers: &Handlers<'h>,
) -> Vec<Seen<'h>> {
    let mut asking = Vec::new();
    let classes = line.iter().map(|class| (class.handler, class.at));
    for (handler, at) in std::iter::once((seen.handler, seen.at)).chain(classes) {
        for before in &handler.befores {
            let (all, _) = handlers.line(&format!("{ATTRIBUTE}{}", before.name), &at.path);
            let words = ["Authoriz", "Permission"];
            // What is not here is a package's; its name says whether it may turn callers away.
            made.leaves |= all
                .iter()
                .any(|class| class.handler.leaves || class.handler.more)
                || all.is_empty()
                    && (before.name.ends_with("Filter")
                        || words.iter().any(|word| before.name.contains(word)));
            let asks = all
                .into_iter()
                .find(|class| !class.handler.guards.is_empty());
            asking.extend(asks);
        }
    }
    made.befores.clear();
    asking
}

/// Takes over what the classes ask, unless one of them or the action is free of it, and what an interface for
/// programs answers then: pages send callers to where they sign in.
fn guards(
    made: &mut Handler,
    line: &[Seen<'_>],
    api: bool,
    places: &mut Vec<Evidence>,
    own: &[Seen<'_>],
) {
    let free = std::iter::once(&*made)
        .chain(line.iter().map(|class| class.handler))
        .any(|handler| handler.guards.iter().any(|guard| guard == ANONYMOUS));
    if free {
        made.guards.clear();
        return;
    }
    let asking = line.iter().chain(own);
    for class in asking.filter(|class| !class.handler.guards.is_empty()) {
        places.push(class.at.clone());
        for guard in &class.handler.guards {
            if !made.guards.contains(guard) {
                made.guards.push(guard.clone());
            }
        }
    }
    let of_filter = |guard: &String| {
        let mut filters = own.iter().filter(|class| class.handler.leaves);
        filters.any(|class| class.handler.guards.contains(guard))
    };
    // One that asks for more than to be signed in says all that the plain one does; a filter need not.
    let more = |guard: &String| guard != "Authorize" && !of_filter(guard);
    if made.guards.iter().any(more) {
        made.guards.retain(|guard| guard != "Authorize");
    }
    let of_scheme = |given: &str| {
        given.contains("AuthenticationSchemes")
            && !given.contains("Roles")
            && !given.contains("Policy")
    };
    // What a filter of the program answers, its class says, whatever the class of the action is.
    let filters = own.iter().filter(|class| class.handler.leaves);
    for response in filters.flat_map(|class| &class.handler.responses) {
        statuses::add(&mut made.responses, &response.status);
    }
    let asks = !made.guards.iter().all(of_filter);
    let refuses = |class: &Seen<'_>| {
        !class.handler.leaves && class.handler.responses.iter().any(|r| r.status == "403")
    };
    let more = own.iter().any(refuses)
        || made
            .guards
            .iter()
            .any(|guard| guard.contains('(') && !of_scheme(guard));
    // What callers get who may not, a program for pages decides by how they sign in.
    made.leaves |= asks && !api;
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
