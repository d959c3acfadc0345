//! Minimal APIs: `app.MapGet("/x", handler)` with groups, hubs and health checks, and functions that
//! are given a group to fill.

use super::inline;
use super::reflected;
use super::routed::{Routed, Stand};
use crate::call_rules::METHODS;
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths;
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Code};

/// Calls of functions that fill a router, in a file at most.
const MOST: usize = 2_000;

/// How words begin that say something of routes or take something of an application, and add none.
const ASIDE: [&str; 16] = [
    "Accepts", "Allow", "Build", "Cache", "Create", "Disable", "Exclude", "Get", "Has", "New",
    "Produces", "Report", "Require", "Run", "Throw", "With",
];

/// Adds the routes of a file and the functions that fill those of others.
pub(super) fn routes(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    let mut routed = Routed::of(file);
    for function in routed.functions.iter().filter(|f| f.group) {
        let router = Router {
            name: function.router.clone(),
            prefix: reflected::own_prefix(file, function).unwrap_or_default(),
            ..Router::default()
        };
        acc.add(file, function.line, function.line, Claim::Router(router));
    }
    // An extension may also be called as a method of its class.
    for function in &routed.functions {
        if let Some(class) = &function.extends {
            let mount = Mount {
                router: Some(format!("{class}::{}", function.router)),
                target: format!("#{}", function.router),
                alias: true,
                ..Mount::default()
            };
            acc.add(file, function.line, function.line, Claim::Mount(mount));
        }
    }
    reflected::groups(acc, file, &routed);
    let mut mounts = 0;
    for call in code.calls() {
        routed.assign(code, values, call);
        let word = code.raw(scan::word_at(code, call));
        if let Some(method) = method(word) {
            route(acc, file, values, &routed, call, method, 1);
        } else if word == "MapMethods" {
            for method in methods(code, call) {
                route(acc, file, values, &routed, call, &method, 2);
            }
        } else if word == "MapIdentityApi" && scan::word_at(code, call) > call.first {
            identity(acc, file, &routed.before(code, values, call), call.line);
        } else if word == "MapGrpcService" {
            let generic = (call.first..call.open)
                .rev()
                .find(|&at| code.ident(at).is_some());
            let mark = format!("MapGrpcService<{}>", generic.map_or("", |at| code.raw(at)));
            scan::uses(acc, file, call.line, "grpc", "server", mark);
        } else if mounts < MOST
            && let Some(mount) = mount(file, values, &routed, call)
        {
            mounts += 1;
            scan::add(acc, file, call.line, Claim::Mount(mount));
        }
    }
}

fn method(word: &str) -> Option<&'static str> {
    Some(match word {
        "MapGet" => "GET",
        "MapPost" => "POST",
        "MapPut" => "PUT",
        "MapDelete" => "DELETE",
        "MapPatch" => "PATCH",
        "MapHub" => "WEBSOCKET",
        "MapHealthChecks" | "UseHealthChecks" => "GET",
        _ => return None,
    })
}

/// The methods of `app.MapMethods("/check", [HttpMethods.Options], …)`, `new[] { "GET" }`.
fn methods(code: &Code<'_>, call: Call) -> Vec<String> {
    let Some(range) = code.arguments(call.open).into_iter().nth(1) else {
        return Vec::new();
    };
    let named = |at: usize| {
        let class = code.ident(at.checked_sub(2)?)?;
        let known = matches!(class, "HttpMethods" | "HttpMethod");
        code.ident(at)
            .filter(|_| known && code.is_byte(at - 1, b'.'))
    };
    let all = range.filter_map(|at| code.string(at).or_else(|| named(at)));
    let mut all: Vec<String> = all.map(str::to_ascii_uppercase).collect();
    all.retain(|m| METHODS.contains(&m.as_str()));
    all.dedup();
    if all.is_empty() {
        // A list in a variable: which methods it has was not read.
        all.push("ANY".to_owned());
    }
    all
}

fn route(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routed: &Routed<'_>,
    call: Call,
    method: &str,
    handler: usize,
) {
    let code = file.code();
    let word = code.raw(scan::word_at(code, call));
    let arguments = code.arguments(call.open);
    let text = |at: usize| {
        let range = arguments.get(at)?;
        match code.string(range.start) {
            Some(text) if range.len() == 1 => Some(text.to_owned()),
            _ => values.fold(range.clone()),
        }
    };
    let health = word.ends_with("HealthChecks");
    let plain = !health && word != "MapHub";
    // Helpers of many projects take the method first: `group.MapPut(Update, "{id}")`.
    let turned = || {
        let first = arguments.first().filter(|r| plain && r.len() == 1)?;
        inline::definition(code, code.ident(first.start)?)?;
        match arguments.len() {
            1 => Some(String::new()),
            _ => text(1),
        }
    };
    let (path, at) = match (text(0), turned()) {
        (Some(path), _) => (path, handler),
        (None, Some(path)) => (path, 0),
        (None, None) => {
            // A route there is, but not at which path; a helper of the same name only hands on.
            let hands_on = routed.router_at(call.first) == Some(word);
            if plain && !hands_on && scan::word_at(code, call) > call.first && !arguments.is_empty()
            {
                let endpoint = http_paths::unread("aspnet-core");
                acc.add(file, call.line, call.line, Claim::Endpoint(endpoint));
            }
            return;
        }
    };
    let stand = routed.before(code, values, call);
    let whole = scan::below(&stand.prefix, &path);
    if health {
        let topic = Topic::HealthCheck;
        scan::mark(acc, file, call.line, topic, whole.clone(), None);
    }
    let named = |range: &std::ops::Range<usize>| {
        let mut tokens = range.clone();
        tokens.all(|at| code.ident(at).is_some() || code.is(at, "."))
    };
    let handler = arguments.get(at).filter(|range| named(range));
    let name = handler.map(|range| code.dotted(range.start, range.end));
    let handler_name = name.clone();
    if plain && let Some(given) = arguments.get(at) {
        inline::add(acc, file, call, given, method, &whole);
    }
    let endpoint = Endpoint {
        method: method.to_owned(),
        path: whole,
        handler: name.filter(|n| !n.is_empty() && !health),
        framework: if word == "MapHub" {
            "signalr"
        } else {
            "aspnet-core"
        }
        .to_owned(),
        summary: with_summary(file, call.open)
            .or_else(|| of_method(file, handler_name.as_deref()?))
            .filter(|_| !health),
        router: stand.router,
        verbs: Vec::new(),
        given: false,
        mounts: Vec::new(),
        class: None,
        guards: Vec::new(),
    };
    scan::endpoint(acc, file, call.line, call.line, endpoint);
}

/// What `MapIdentityApi` adds
/// (<https://learn.microsoft.com/aspnet/core/security/authentication/identity-api-authorization>).
const IDENTITY: [(&str, &str); 10] = [
    ("POST", "/register"),
    ("POST", "/login"),
    ("POST", "/refresh"),
    ("GET", "/confirmEmail"),
    ("POST", "/resendConfirmationEmail"),
    ("POST", "/forgotPassword"),
    ("POST", "/resetPassword"),
    ("POST", "/manage/2fa"),
    ("GET", "/manage/info"),
    ("POST", "/manage/info"),
];

/// The endpoints of ASP.NET Core Identity, which stand in no file of the repository.
fn identity(acc: &mut FileFacts, file: &SourceFile<'_>, stand: &Stand, line: u32) {
    for (method, path) in IDENTITY {
        let endpoint = Endpoint {
            method: method.to_owned(),
            path: scan::below(&stand.prefix, path),
            handler: Some("MapIdentityApi".to_owned()),
            framework: "aspnet-core".to_owned(),
            summary: Some("Given by ASP.NET Core Identity".to_owned()),
            router: stand.router.clone(),
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: None,
            guards: Vec::new(),
        };
        scan::endpoint(acc, file, line, line, endpoint);
    }
}

/// `[EndpointSummary("…")]` above a method of this file.
fn of_method(file: &SourceFile<'_>, name: &str) -> Option<String> {
    let declared = file.outline().declared.iter().find(|d| d.name == name)?;
    let annotation = declared.annotation(&["EndpointSummary"])?;
    let text = file.code().string(annotation.open? + 1)?;
    let text = text.trim().trim_end_matches('.');
    (!text.is_empty()).then(|| text.to_owned())
}

/// `group.MapOrders()`, `Orders.Map(group)`, `module.Map(group)`, `Map(group)`: a function that may
/// fill what it is given.
fn mount(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routed: &Routed<'_>,
    call: Call,
) -> Option<Mount> {
    let code = file.code();
    let word_at = scan::word_at(code, call);
    let word = code.ident(word_at)?;
    let receiver = code.ident(call.first)?;
    let aside = || ASIDE.iter().any(|begin| word.starts_with(begin));
    if !word.starts_with(char::is_uppercase) || word == "MapGroup" || aside() {
        return None;
    }
    let on = (word_at > call.first).then(|| routed.named(receiver, call.first));
    let class = receiver.starts_with(char::is_uppercase);
    let mapped = word.starts_with("Map") && word_at > call.first && !class;
    if let Some(Some(_)) = on {
        return Some(made(routed.before(code, values, call), word.to_owned()));
    }
    if let Some(stand) = given(code, routed, call) {
        // Some class, or an object of one that is not known here.
        let owner = match word_at.checked_sub(2).filter(|&at| at >= call.first) {
            Some(at) => code.ident(at).filter(|c| c.starts_with(char::is_uppercase)),
            None => {
                let outline = file.outline();
                let owner = outline.owner(word_at)?;
                outline.types.get(owner).map(|t| t.name.as_str())
            }
        };
        return Some(made(stand, format!("{}::{word}", owner.unwrap_or("?"))));
    }
    mapped.then(|| made(routed.before(code, values, call), word.to_owned()))
}

/// What the only or first argument of a call stands for, if routes can be added to it.
fn given(code: &Code<'_>, routed: &Routed<'_>, call: Call) -> Option<Stand> {
    let first = code.arguments(call.open).into_iter().next()?;
    (first.len() == 1).then(|| routed.named(code.raw(first.start), first.start))?
}

fn made(stand: Stand, target: String) -> Mount {
    Mount {
        router: stand.router,
        prefix: stand.prefix,
        target,
        ..Mount::default()
    }
}

/// `.WithSummary("…")` among the calls that follow in the chain.
fn with_summary(file: &SourceFile<'_>, open: usize) -> Option<String> {
    let code = file.code();
    let mut at = code.partner(open)? + 1;
    for _ in 0..20 {
        if !code.is(at, ".") {
            return None;
        }
        let next = (at + 2..at + 12).find(|&o| code.is(o, "("))?;
        if code.is(at + 1, "WithSummary") {
            let text = code.string(next + 1)?.trim().trim_end_matches('.');
            return (!text.is_empty()).then(|| text.to_owned());
        }
        at = code.partner(next)? + 1;
    }
    None
}
