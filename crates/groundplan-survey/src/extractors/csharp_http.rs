//! HTTP endpoints and gRPC services of ASP.NET Core.

mod attributes;
pub(crate) mod inherited;
mod inline;
mod minimal;
mod reflected;
mod routed;
mod versions;

pub(super) use inline::definition;
pub(crate) use reflected::{CLASS, HELPER};
pub(crate) use routed::OF_CLASS;

use crate::extractor::{Extractor, Reads};
use crate::extractors::csharp_handlers;
use crate::facts::{Claim, Endpoint, FileFacts, Mount, Router};
use crate::http_paths;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Annotation, DeclKind, Declared, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "csharp-http",
    docs: "\
### What it finds
Endpoints of ASP.NET Core: controllers with `[Route]` and `[HttpGet]` and the like, the tokens
`[controller]` and `[action]` and the version of `[ApiVersion]` filled in, and which controller extends which, so that routes and
actions of a base can be joined; minimal APIs with the prefixes of their groups, also where
functions of other files fill a group that they are given, and where the group of each class is made
by reflection from its name; the endpoints that `MapIdentityApi` adds; hubs and health checks. gRPC
services by the base class that was generated for them. What actions take by their parameters and what the
comment says of them, what they answer by type, attributes and body (`Ok(…)`, `NotFound(…)`, `PhysicalFile(…)`,
`StatusCode(n)`, results of methods of the same file), and whom controllers let in.

### What it does not find
Controllers that have no route of their own and rely on conventional routing.
",
    reads: &[Reads::Own(&[Language::CSharp])],
    markers: &[
        "Http",
        "[Route",
        "Controller",
        "Map",
        "ServerCallContext",
        "UseHealthChecks",
        "LowercaseUrls",
        "RouteTemplateProvider",
        "RouteAttribute",
        "HttpMethodProvider",
    ],
    run: extract,
};

/// What `[action]` stands for in a route: the name of the method without `Async`
/// (<https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.mvc.mvcoptions.suppressasyncsuffixinactionnames>).
pub(crate) fn action_name(method: &str) -> &str {
    let last = method.rsplit('.').next().unwrap_or(method);
    let bare = last.strip_suffix("Async");
    bare.filter(|name| !name.is_empty()).unwrap_or(last)
}

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
    attributes::classes(acc, file, &values);
    lower_case(acc, file);
    minimal::routes(acc, file, &values);
    carter(acc, file, &values);
    services(acc, file);
}

/// `public OrdersModule() : base("/orders")` of a `CarterModule`: what stands before the routes that the class
/// adds (<https://github.com/CarterCommunity/Carter>).
fn carter(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    if !file.text.contains("CarterModule") {
        return;
    }
    let code = file.code();
    for class in &file.outline().types {
        let extends = (class.heritage.clone()).any(|at| code.is(at, "CarterModule"));
        let base = (class.open..class.close).find(|&at| {
            code.is(at, "base") && code.is(at + 1, "(") && code.is(at.wrapping_sub(1), ":")
        });
        let path = base
            .filter(|_| extends)
            .and_then(|at| values.argument(at + 1, 0));
        if let (Some(path), Some(at)) = (path, base) {
            let mount = Mount {
                prefix: http_paths::prefix(&path),
                target: format!("#{}::AddRoutes", class.name),
                ..Mount::default()
            };
            scan::add(acc, file, code.line(at), Claim::Mount(mount));
        }
    }
}

/// The router that says that names of controllers and actions are written in lower case in paths.
pub(crate) const LOWER_CASE: &str = "[lower case]";

/// `AddRouting(options => options.LowercaseUrls = true)`
/// (<https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.routing.routeoptions.lowercaseurls>).
fn lower_case(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("LowercaseUrls") {
        return;
    }
    let code = file.code();
    let set = |&at: &usize| {
        code.is(at, "LowercaseUrls") && code.is(at + 1, "=") && code.is(at + 2, "true")
    };
    if let Some(at) = (0..code.tokens.len()).find(set) {
        let router = Router {
            name: LOWER_CASE.to_owned(),
            ..Router::default()
        };
        scan::add(acc, file, code.line(at), Claim::Router(router));
    }
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
    let whole = match code.string(first.start) {
        Some(text) if first.len() == 1 => text.to_owned(),
        _ => values.fold(first)?,
    };
    // ASP.NET does not ask how a token is written.
    let whole = whole.replace("[Controller]", "[controller]");
    Some(whole.replace("[Action]", "[action]"))
}

fn action(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
) {
    let verbs: Vec<(String, Option<String>)> = declared
        .annotations
        .iter()
        .filter_map(|a| {
            let method = match verb(&a.name) {
                Some(verb) => verb.to_owned(),
                None if attributes::may_act(&a.name) => format!("[{}]", a.name),
                None => return None,
            };
            Some((method, template(file, values, a)))
        })
        .collect();
    let Some(owner) = declared.owner.filter(|_| !verbs.is_empty()) else {
        return;
    };
    let outline = file.outline();
    let class = outline.of_type(owner);
    let Some(kind) = outline.types.get(owner) else {
        return;
    };
    // Methods of interfaces are those of clients, which other packages make.
    if kind.keyword != "class" && verbs.iter().all(|(method, _)| method.starts_with('[')) {
        return;
    }
    let class_name = kind.name.as_str();
    let prefix = class
        .and_then(|c| c.annotation(&["Route"]))
        .and_then(|a| template(file, values, a));
    let own = declared
        .annotation(&["Route"])
        .and_then(|a| template(file, values, a));
    let explained =
        class.is_some_and(|c| c.annotations.iter().any(|a| attributes::may_route(&a.name)));
    let router = inherited::actions_of(file, kind, prefix.is_some(), explained);
    let mut taken = false;
    let versions = versions::of(file, declared, class);
    for (method, path) in verbs {
        let path = path.or_else(|| own.clone());
        let marked = method.starts_with('[');
        if prefix.is_none() && path.is_none() && router.is_none() && !marked {
            continue;
        }
        let written = path.unwrap_or_default();
        let absolute = written.starts_with(['/', '~']);
        let router = router.clone().filter(|_| !absolute);
        let whole = match (written.strip_prefix('~'), written.starts_with('/')) {
            (Some(rest), _) => rest.to_owned(),
            (None, true) => written,
            _ if router.is_some() => written,
            _ => match (prefix.as_deref().unwrap_or_default(), written.as_str()) {
                ("", own) => own.to_owned(),
                (prefix, "") => prefix.to_owned(),
                (prefix, own) => format!("{}/{own}", prefix.trim_end_matches('/')),
            },
        };
        let controller = class_name.strip_suffix("Controller").unwrap_or(class_name);
        let mut whole = whole.replace("[action]", action_name(&declared.name));
        if router.is_none() {
            whole = whole.replace("[controller]", controller);
        }
        let filled = versions::filled(&whole, &versions).into_iter();
        for whole in filled.flat_map(|whole| http_paths::alternatives(&whole)) {
            let whole = scan::path(&whole);
            if !taken {
                csharp_handlers::add(acc, file, declared, &whole);
                taken = true;
            }
            if let Some(router) = router.as_deref()
                && inherited::is_overridable(file, declared)
            {
                let name = inherited::overridable(router, &declared.name, &whole);
                let router = Router {
                    name,
                    ..Router::default()
                };
                acc.add(file, declared.line, declared.line, Claim::Router(router));
            }
            let endpoint = Endpoint {
                method: method.clone(),
                path: whole,
                handler: Some(declared.name.clone()),
                framework: "aspnet-core".to_owned(),
                summary: prose::summary(file, declared.first),
                router: router.clone(),
                verbs: Vec::new(),
                given: false,
                mounts: Vec::new(),
                class: None,
                guards: Vec::new(),
            };
            scan::endpoint(acc, file, declared.first, declared.line, endpoint);
        }
    }
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
