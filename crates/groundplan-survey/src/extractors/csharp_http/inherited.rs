//! Controllers that extend others: `[Route]` of a base holds for those that extend it, and actions of
//! a base are served below the routes of each
//! (<https://learn.microsoft.com/aspnet/core/mvc/controllers/routing#attribute-routing-with-inheritance>).
//! A class is a router of its own name; its actions stand on another one, `Name()`, which the class
//! takes in and each class that extends it.

use super::{attributes, template, versions};
use crate::extractors::csharp_handlers;
use crate::facts::{Claim, FileFacts, Mount, Router};
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{DeclKind, Declared, TypeDecl};

/// Bases of the framework, which give no route.
const FRAMEWORK: [&str; 4] = [
    "Controller",
    "ControllerBase",
    "ApiController",
    "ODataController",
];

/// The router that the actions of a class stand on, where one that it extends may have the route;
/// `None` where the class says all of it.
pub(super) fn actions_of(
    file: &SourceFile<'_>,
    class: &TypeDecl,
    routed: bool,
    explained: bool,
) -> Option<String> {
    let base = base(file, class);
    let lends = is_abstract(file, class) || class.name.starts_with("Base");
    let joined = lends || (base.is_some() || explained) && !routed;
    (controls(class, base) && joined).then(|| actions(&class.name))
}

/// Whether a class is a controller by its name or that of its base.
fn controls(class: &TypeDecl, base: Option<&str>) -> bool {
    let named = |name: &str| name.contains("Controller");
    let attribute = class.name.ends_with("Attribute");
    !attribute && class.keyword == "class" && (named(&class.name) || base.is_some_and(named))
}

/// What each controller of a file takes from the one that it extends and gives to those that extend it.
pub(super) fn classes(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    if !file.text.contains("Controller") {
        return;
    }
    let outline = file.outline();
    for (index, class) in outline.types.iter().enumerate() {
        let base = base(file, class);
        if !controls(class, base) {
            continue;
        }
        csharp_handlers::class(acc, file, index, base);
        let route = outline
            .of_type(index)
            .and_then(|c| c.annotation(&["Route"]))
            .and_then(|a| template(file, values, a));
        let mut all: Vec<Claim> = vec![named(class.name.clone())];
        let mount = |router: Option<String>, prefix: &str, target: String| {
            Claim::Mount(Mount {
                router,
                prefix: prefix.to_owned(),
                target,
                ..Mount::default()
            })
        };
        // `[V1ApiController("orders")]`, which another file explains.
        let marks = outline.of_type(index).filter(|_| route.is_none());
        let marks = marks.iter().flat_map(|c| &c.annotations);
        for mark in marks.filter(|a| attributes::may_route(&a.name)) {
            let (router, prefix) = attributes::router(mark, template(file, values, mark));
            let target = format!("#{}", class.name);
            all.push(mount(Some(format!("={router}")), &prefix, target));
        }
        match (&route, base) {
            (Some(route), _) => {
                let known = versions::of_class(file, outline.of_type(index));
                for route in versions::filled(route, &known) {
                    all.push(mount(None, &scan::path(&route), format!("#{}", class.name)));
                }
            }
            (None, Some(base)) => {
                all.push(mount(
                    Some(format!("={base}")),
                    "",
                    format!("#{}", class.name),
                ));
            }
            (None, None) => {}
        }
        if is_abstract(file, class) {
            all.push(named(actions(&class.name)));
        } else {
            let own = format!("#{}", actions(&class.name));
            all.push(mount(Some(class.name.clone()), "", own));
        }
        if let Some(base) = base {
            let own = match is_abstract(file, class) {
                true => actions(&class.name),
                false => class.name.clone(),
            };
            all.push(mount(Some(own), "", actions(base)));
        }
        let away = taken_away(file, index);
        if !away.is_empty() {
            all.push(Claim::Router(Router {
                name: format!("{TAKEN_AWAY}{}", class.name),
                verbs: away,
                ..Router::default()
            }));
        }
        for claim in all {
            acc.add(file, class.line, class.line, claim);
        }
    }
}

/// What stands before the name of a class in the router that names the actions of its bases which it
/// takes away, and before the name of the router that says that an action may be taken away.
pub(crate) const TAKEN_AWAY: &str = "!";

/// The router that says that an action may be overridden, by those that its class stands on, its name
/// and its path: of several of one name only some may be.
pub(crate) fn overridable(router: &str, action: &str, path: &str) -> String {
    format!("{TAKEN_AWAY}{router} {action} {path}")
}

/// Whether classes that extend its own may override an action.
pub(super) fn is_overridable(file: &SourceFile<'_>, action: &Declared) -> bool {
    let code = file.code();
    (action.start..action.at)
        .filter_map(|at| code.ident(at))
        .any(|word| matches!(word, "virtual" | "abstract" | "override"))
}

/// The actions of a base that a class overrides as none: `[NonAction] public override …`
/// (<https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.mvc.nonactionattribute>).
fn taken_away(file: &SourceFile<'_>, class: usize) -> Vec<String> {
    let code = file.code();
    let overrides = |declared: &&Declared| {
        let own = declared.kind == DeclKind::Function && declared.owner == Some(class);
        own && declared
            .annotation(&["NonAction"])
            .is_some_and(|mark| (mark.next..declared.at).any(|at| code.is(at, "override")))
    };
    let all = file.outline().declared.iter().filter(overrides);
    all.map(|declared| declared.name.clone()).collect()
}

fn named(name: String) -> Claim {
    Claim::Router(Router {
        name,
        ..Router::default()
    })
}

fn actions(class: &str) -> String {
    format!("{class}()")
}

fn is_abstract(file: &SourceFile<'_>, class: &TypeDecl) -> bool {
    let code = file.code();
    let before = class.at.saturating_sub(5)..class.at;
    code.is(class.at.wrapping_sub(1), "class") && {
        let mut words = before
            .rev()
            .skip(1)
            .take_while(|&at| code.ident(at).is_some());
        words.any(|at| code.is(at, "abstract"))
    }
}

/// The class that another extends, unless it is one of the framework or an interface.
fn base<'s>(file: &'s SourceFile<'_>, class: &TypeDecl) -> Option<&'s str> {
    let name = class.base(file.code())?;
    let mut letters = name.chars();
    let interface = letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase);
    (!interface && !FRAMEWORK.contains(&name)).then_some(name)
}
