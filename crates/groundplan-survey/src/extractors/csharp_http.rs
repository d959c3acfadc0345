//! HTTP endpoints and gRPC services of ASP.NET Core.

mod inherited;

use crate::extractor::{Extractor, Reads};
use crate::extractors::csharp_handlers;
use crate::facts::{Claim, Endpoint, FileFacts};
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Annotation, DeclKind, Declared, Language};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-http",
    docs: "\
### What it finds
Endpoints of ASP.NET Core: controllers with `[Route]` and `[HttpGet]` and the like, the tokens
`[controller]` and `[action]` filled in, and which controller extends which, so that routes and
actions of a base can be joined; minimal APIs with the prefixes of their groups; hubs and
health checks. gRPC services by the base class that was generated for them.

### What it does not find
Controllers that have no route of their own and rely on conventional routing; groups that another
file makes.
",
    reads: &[Reads::Languages(&[Language::CSharp])],
    markers: &[
        "Http",
        "[Route",
        "Controller",
        "Map",
        "ServerCallContext",
        "UseHealthChecks",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for declared in &file.outline().declared {
        if declared.kind == DeclKind::Function {
            action(acc, file, &values, declared);
        }
    }
    inherited::classes(acc, file, &values);
    minimal(acc, file, &values);
    services(acc, file);
}

fn verb(name: &str) -> Option<&'static str> {
    Some(match name {
        "HttpGet" => "GET",
        "HttpPost" => "POST",
        "HttpPut" => "PUT",
        "HttpDelete" => "DELETE",
        "HttpPatch" => "PATCH",
        "HttpHead" => "HEAD",
        "HttpOptions" => "OPTIONS",
        _ => return None,
    })
}

/// The template of an attribute: its first argument without a name.
fn template(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    annotation: &Annotation,
) -> Option<String> {
    let code = file.code();
    let first = code.arguments(annotation.open?).into_iter().next()?;
    if code.is(first.start + 1, "=") {
        return None;
    }
    match code.string(first.start) {
        Some(text) if first.len() == 1 => Some(text.to_owned()),
        _ => values.fold(first),
    }
}

fn action(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
) {
    let verbs: Vec<(&str, Option<String>)> = declared
        .annotations
        .iter()
        .filter_map(|a| Some((verb(&a.name)?, template(file, values, a))))
        .collect();
    let Some(owner) = declared.owner.filter(|_| !verbs.is_empty()) else {
        return;
    };
    let outline = file.outline();
    let class = outline.of_type(owner);
    let Some(kind) = outline.types.get(owner) else {
        return;
    };
    let class_name = kind.name.as_str();
    let prefix = class
        .and_then(|c| c.annotation(&["Route"]))
        .and_then(|a| template(file, values, a));
    let own = declared
        .annotation(&["Route"])
        .and_then(|a| template(file, values, a));
    let router = inherited::actions_of(file, kind, prefix.is_some());
    let mut taken = false;
    for (method, path) in verbs {
        let path = path.or_else(|| own.clone());
        if prefix.is_none() && path.is_none() && router.is_none() {
            continue;
        }
        let written = path.unwrap_or_default();
        let absolute = written.starts_with(['/', '~']);
        let router = router.clone().filter(|_| !absolute);
        let whole = match (written.strip_prefix('~'), written.starts_with('/')) {
            (Some(rest), _) => scan::path(rest),
            (None, true) => scan::path(&written),
            _ if router.is_some() => scan::path(&written),
            _ => scan::below(prefix.as_deref().unwrap_or_default(), &written),
        };
        let controller = class_name.strip_suffix("Controller").unwrap_or(class_name);
        let mut whole = whole.replace("[action]", &declared.name);
        if router.is_none() {
            whole = whole.replace("[controller]", controller);
        }
        if !taken {
            csharp_handlers::add(acc, file, declared, &whole);
            taken = true;
        }
        let endpoint = Endpoint {
            method: method.to_owned(),
            path: whole,
            handler: Some(declared.name.clone()),
            framework: "aspnet-core".to_owned(),
            summary: prose::summary(file, declared.first),
            router,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
        };
        scan::endpoint(acc, file, declared.first, declared.line, endpoint);
    }
}

/// `app.MapGet("/x", handler)` with groups, hubs and health checks.
fn minimal(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        let receiver = code.raw(call.first);
        let prefix = || -> String {
            // A group may stand in the same chain or in a variable.
            let mut prefix = groups.get(receiver).cloned().unwrap_or_default();
            for at in call.first..call.open.saturating_sub(1) {
                if code.is(at, "MapGroup")
                    && let Some(part) = values.argument(at + 1, 0)
                {
                    prefix = scan::below(&prefix, &part);
                }
            }
            prefix
        };
        let method = match word {
            "MapGroup" => {
                let part = values.argument(call.open, 0).unwrap_or_default();
                let whole = scan::below(&prefix(), &part);
                let variable = call
                    .first
                    .checked_sub(2)
                    .filter(|_| code.is(call.first - 1, "="));
                if let Some(name) = variable.and_then(|at| code.ident(at)) {
                    groups.insert(name, whole);
                }
                continue;
            }
            "MapGet" => "GET",
            "MapPost" => "POST",
            "MapPut" => "PUT",
            "MapDelete" => "DELETE",
            "MapPatch" => "PATCH",
            "MapHub" => "WEBSOCKET",
            "MapHealthChecks" | "UseHealthChecks" => "GET",
            "MapGrpcService" => {
                let generic = (call.first..call.open)
                    .rev()
                    .find(|&at| code.ident(at).is_some());
                let mark = format!("MapGrpcService<{}>", generic.map_or("", |at| code.raw(at)));
                scan::uses(acc, file, call.line, "grpc", "server", mark);
                continue;
            }
            _ => continue,
        };
        let arguments = code.arguments(call.open);
        let path = arguments
            .first()
            .and_then(|first| match code.string(first.start) {
                Some(text) if first.len() == 1 => Some(text.to_owned()),
                _ => values.fold(first.clone()),
            });
        let Some(path) = path else { continue };
        let health = word.ends_with("HealthChecks");
        let whole = scan::below(&prefix(), &path);
        if health {
            scan::mark(
                acc,
                file,
                call.line,
                Topic::HealthCheck,
                whole.clone(),
                None,
            );
        }
        let named = |range: &std::ops::Range<usize>| {
            let mut tokens = range.clone();
            tokens.all(|at| code.ident(at).is_some() || code.is(at, "."))
        };
        let handler = arguments.get(1).filter(|range| named(range));
        let name = handler.map(|range| code.dotted(range.start, range.end));
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
            summary: with_summary(file, call.open).filter(|_| !health),
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
        };
        scan::endpoint(acc, file, call.line, call.line, endpoint);
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

/// `class CartService : Cart.CartBase` with methods that take a `ServerCallContext`.
fn services(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    if !file.text.contains("ServerCallContext") {
        return;
    }
    for found in &file.outline().types {
        let base = found.heritage.clone().find_map(|at| {
            let service = code.ident(at)?.strip_suffix("Base")?;
            let qualified = at >= 2 && code.is(at - 1, ".") && code.is(at - 2, service);
            // `using static Grpc.Health.V1.Health;` leaves the outer class out.
            let opened = || {
                file.text.lines().any(|line| {
                    line.trim_start().starts_with("using static ")
                        && line.trim_end().ends_with(&format!(".{service};"))
                })
            };
            (!service.is_empty() && (qualified || opened())).then_some(service)
        });
        match base {
            Some("Health") => {
                let topic = Topic::HealthCheck;
                scan::mark(acc, file, found.line, topic, "grpc.health.v1.Health", None);
            }
            Some(service) => {
                scan::add(acc, file, found.line, Claim::GrpcServer(service.to_owned()));
            }
            None => {}
        }
    }
}
