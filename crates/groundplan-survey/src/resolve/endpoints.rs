//! Endpoints of code, one interface per container, with what their handlers take and give.

use crate::extractors::django_handlers::DECORATED;
use crate::extractors::go_huma_handlers::SUCCESS;
use crate::extractors::java_handlers::UNCHECKED;
use crate::extractors::js_marks::guards::is_guard;
use crate::facts::{Claim, Endpoint, PASSING};
use crate::http_paths::UNREAD;
use crate::resolve::above::{Above, Controllers};
use crate::resolve::aspnet;
use crate::resolve::contracts::unique;
use crate::resolve::described::{self, Described, Match};
use crate::resolve::django;
use crate::resolve::drf;
use crate::resolve::generated::{self, Generated};
use crate::resolve::handlers::{Handlers, Seen};
use crate::resolve::huma::Huma;
use crate::resolve::inner_projects::has_sources;
use crate::resolve::java_paths::{JavaPaths, is_java};
use crate::resolve::jsdoc::Summaries;
use crate::resolve::laravel_middleware::Middleware;
use crate::resolve::leaders::Leaders;
use crate::resolve::names::is_aside;
use crate::resolve::one_line;
use crate::resolve::outcomes::{
    MOST_PLACES, body, fail, fill_in, is_unread, names_fields, operation, path_parameters, stopped,
    stopping, unfit,
};
use crate::resolve::phoenix::{Phoenix, is_phoenix};
use crate::resolve::php_actions::PhpActions;
use crate::resolve::python_answers::{self, Python};
use crate::resolve::rails::{FORM, Rails};
use crate::resolve::routers::Routers;
use crate::resolve::sails::Policies;
use crate::resolve::spring_access::SpringAccess;
use crate::resolve::terraform::OPERATION;
use crate::resolve::units::Unit;
use crate::resolve::versions::Versions;
use crate::resolve::world::World;
use groundplan_model::{
    Audience, Blueprint, ElementKind, Evidence, Interface, InterfaceKind, Operation, Origin,
    Provenance, Role,
};
use std::collections::{BTreeMap, BTreeSet};

/// Adds an interface for each container whose code, or the code of a library that only it takes
/// in, declares routes; those that a contract describes get their handler there.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
    exposed: &BTreeSet<usize>,
    handlers: &Handlers<'_>,
) {
    let python = Python::of(world.files);
    let routers = Routers::of(world);
    let java = JavaPaths::of(world);
    let rails = Rails::of(world);
    let php = PhpActions::of(world);
    let phoenix = Phoenix::of(world);
    let middleware = Middleware::of(world, &php);
    let (policies, summaries) = (Policies::of(world), Summaries::of(world));
    let above = Above::of(world);
    let huma = Huma::of(world);
    let access = SpringAccess::of(world);
    let users = users_of_libraries(blueprint, world, units, ids);
    let libraries = libraries(&users, world, units);
    let leaders = Leaders::of(units);
    let made = Generated::of(blueprint, world);
    let mut all: Vec<Served<'_>> = Vec::new();
    let mut serving: Vec<(usize, Vec<usize>)> = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let Some(project) = unit.project else {
            continue;
        };
        if !leaders.leads(index, Some(project)) {
            continue;
        }
        let taken = libraries.get(&index).into_iter().flatten().copied();
        serving.push((index, std::iter::once(project).chain(taken).collect()));
    }
    // Libraries come behind all units.
    let (mut owners, mut names) = (ids.to_vec(), Vec::new());
    names.extend(units.iter().map(|unit| unit.name.clone()));
    let taken: BTreeSet<usize> = libraries.values().flatten().copied().collect();
    for (id, name, project) in publishing(blueprint, &users, &taken, world, units) {
        serving.push((owners.len(), vec![project]));
        owners.push(id);
        names.push(name);
    }
    for (id, name, project) in left_over(blueprint, &serving, world) {
        serving.push((owners.len(), vec![project]));
        owners.push(id);
        names.push(name);
    }
    let ids = owners.as_slice();
    for (index, projects) in serving {
        let projects = projects.into_iter();
        let open = made.as_ref().is_some_and(|made| {
            let facts = projects.clone().flat_map(|project| world.facts_of(project));
            generated::join(blueprint, made, &ids[index], facts)
        });
        let versions = Versions::of(world, projects.clone());
        let found: Vec<(&Endpoint, &Evidence)> = projects
            .flat_map(|project| world.facts_of(project))
            .filter_map(|fact| match &fact.claim {
                Claim::Endpoint(endpoint) => Some((endpoint, &fact.at)),
                _ => None,
            })
            .filter(|(endpoint, at)| rails.offers(endpoint, at))
            .collect();
        let (mounted, more) = django::mounted(&found, handlers);
        let placed = mounted.into_iter().flat_map(|(endpoint, at)| {
            let all = routers.placed(endpoint, &at.path, world);
            let all = all
                .into_iter()
                .flat_map(|endpoint| allowed(endpoint, at, handlers));
            all.map(move |endpoint| (endpoint, at)).collect::<Vec<_>>()
        });
        let mut placed: Vec<(Endpoint, &Evidence)> = placed.collect();
        without_passing(&mut placed);
        for (endpoint, at) in &mut placed {
            policies.guard(endpoint, at);
            summaries.fill(endpoint, at, world);
            if is_java(&endpoint.framework) && endpoint.path.contains('{') {
                let project = world.project_of(&at.path);
                endpoint.path = java.whole(&endpoint.path, &at.path, project);
            }
            if let Some(path) = versions.filled(&endpoint.path) {
                endpoint.path = path;
            }
            if let Some(names) = endpoint.handler.as_mut().filter(|n| n.contains('|')) {
                let innermost = handlers.innermost(names, &at.path);
                // `requireAdmin(list)`: what stands around what answers, where some file shows what that is, or the
                // route itself shows what stands around it.
                let go = at.path.ends_with(".go");
                let read = go && handlers.routed_in_go(&innermost, &at.path).is_some();
                let around = names.split('|').take_while(|name| *name != innermost);
                let around = around.filter(|name| read || go && name.ends_with("()"));
                let around = around.map(|name| name.trim_end_matches("()"));
                let guards =
                    around.filter(|name| is_guard(name.rsplit('.').next().unwrap_or(name)));
                endpoint.guards.extend(guards.map(str::to_owned));
                *names = innermost;
            }
        }
        all.push((index, placed, more || open));
    }
    adopt(blueprint, ids, &all, exposed);
    for (index, placed, mut more) in all {
        if !more {
            let routes: Vec<&Endpoint> = placed.iter().map(|(endpoint, _)| endpoint).collect();
            described::leave_out(&mut blueprint.interfaces, &ids[index], &routes);
        }
        let mut described = Described::of(&blueprint.interfaces, Some(&ids[index]));
        described.keep_apart(placed.iter().map(|(endpoint, _)| endpoint));
        let mut operations: Vec<Operation> = Vec::new();
        let mut known: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        let mut wrapped = None;
        let mut routers_of_phoenix: BTreeSet<&str> = BTreeSet::new();
        let mut controllers = Controllers::default();
        // What a contract says of a route holds where the same router is mounted once more.
        let mut told: BTreeMap<(String, [u32; 2]), String> = BTreeMap::new();
        for (endpoint, at) in placed {
            // A route without a word of its path says that there is more, and no more than that.
            if endpoint.path.trim_matches('/') == UNREAD && endpoint.handler.is_none() {
                more = true;
                continue;
            }
            let acted = rails.action(&endpoint, at);
            let acted = acted.or_else(|| php.action(&endpoint, at));
            let acted = acted.or_else(|| aspnet::action(&endpoint, at, handlers));
            let acted = acted.or_else(|| phoenix.action(&endpoint, at));
            let acted = acted.as_ref().and_then(|(handler, places)| {
                let at = places.first()?;
                Some((Seen { handler, at }, places.get(1..).unwrap_or_default()))
            });
            let seen = match acted {
                Some((seen, _)) => Some(seen),
                // A method alone says nothing of which class it is one of.
                None if is_acted(&endpoint.framework) && endpoint.handler.is_some() => None,
                None => handlers.of_endpoint(&endpoint, at),
            };
            if joined(
                blueprint,
                &described,
                (&endpoint, at),
                seen,
                (handlers, &python),
            ) {
                if let Match::One(interface, number) = described.find(&endpoint)
                    && let Some(found) = blueprint.interfaces.get_mut(interface)
                    && let Some(operation) = found.operations.get_mut(number)
                {
                    if is_spring(&endpoint) {
                        let project = world.project_of(&at.path);
                        access.answer(operation, &endpoint.path, project, true);
                    }
                    if let Some(summary) = &operation.summary {
                        told.insert((at.path.clone(), at.lines), summary.clone());
                    }
                }
                continue;
            }
            let mut made = operation(&endpoint, at, seen);
            if let Some(seen) = seen.filter(|_| endpoint.framework == "fastapi") {
                python_answers::placed(&mut made, seen, &python);
            }
            // Decorators of NestJS and inputs of Sails say themselves what is the body, and what a field of it.
            if let Some(seen) = seen.filter(|_| !names_fields(&endpoint.framework)) {
                body(&mut made, seen, handlers);
            }
            match (seen, acted) {
                // Where the guards stand, and what answers in place of the action.
                (_, Some((_, others))) => {
                    let more = others.iter().take(MOST_PLACES).cloned();
                    made.provenance = made.provenance.and(more);
                }
                (Some(seen), None) => {
                    let silent = made.responses.is_empty();
                    fail(&mut made, seen, handlers);
                    // What is thrown and nobody here is seen to handle, is answered all the same.
                    let unknown = |name: &String| {
                        name != UNCHECKED && handlers.named(name, &seen.at.path).is_none()
                    };
                    made.more_outcomes |= is_spring(&endpoint)
                        && !made.responses.is_empty()
                        && seen.handler.throws.iter().any(unknown);
                    // Functions that it returns the answers of say what it answers.
                    if (silent || at.path.ends_with(".go")) && !made.responses.is_empty() {
                        made.unread = is_unread(&made, &endpoint, seen);
                    }
                }
                (None, None) => {}
            }
            if is_phoenix(&endpoint.framework) {
                phoenix.tell(&mut made, &endpoint);
                routers_of_phoenix.insert(&at.path);
            }
            if endpoint.framework == "huma" {
                huma.answer(&mut made, &endpoint);
            }
            python_answers::answer(&mut made, &endpoint, seen, &python);
            unfit(&mut made, &endpoint, at, handlers);
            if is_spring(&endpoint) {
                access.answer(&mut made, &endpoint.path, world.project_of(&at.path), false);
            }
            drf::above(&mut made, &endpoint, at, seen, handlers);
            stopped(&mut made, &endpoint, at, handlers);
            if matches!(endpoint.framework.as_str(), "laravel" | "lumen") {
                middleware.before(&mut made, &endpoint, at);
            }
            if endpoint.framework == "nestjs" {
                let project = world.project_of(&at.path);
                above.answer(&mut made, &endpoint, at, seen, handlers, project);
                controllers.add(&made, &endpoint, at, above.stands_before_all());
                wrapped = wrapped.or_else(|| above.shape(project));
            }
            // Two functions at one path are two operations: which one answers, or which prefix
            // was not read, is not for the survey to decide.
            let others = known.entry(made.id.clone()).or_default();
            if others.contains(&made.handler) {
                continue;
            }
            others.push(made.handler.clone());
            if let (Some(handler), 2..) = (&made.handler, others.len()) {
                made.id = format!("{} ({handler})", made.id);
            }
            operations.push(made);
        }
        // What stands at a path that was read is not said again without its begin.
        let known: BTreeSet<(String, String)> = operations
            .iter()
            .filter(|o| !o.path.starts_with(UNREAD))
            .filter_map(|o| Some((o.method.clone(), o.handler.clone()?)))
            .collect();
        operations.retain(|o| {
            let handler = o.handler.clone().unwrap_or_default();
            o.path.trim_matches('/') != UNREAD || !known.contains(&(o.method.clone(), handler))
        });
        for operation in operations.iter_mut().filter(|o| o.summary.is_none()) {
            let at = operation.provenance.first();
            let said = at.and_then(|at| told.get(&(at.path.clone(), at.lines)));
            operation.summary = said.cloned();
        }
        without_preflight(&mut operations);
        one_line::without_copies(&mut operations);
        if operations.is_empty() {
            continue;
        }
        operations.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
        let evidence = operations
            .iter()
            .take(3)
            .filter_map(|o| o.provenance.first().cloned());
        let mut provenance = Provenance::observed(evidence.collect::<Vec<_>>());
        let audience = audience(blueprint, ids, exposed, index);
        let mut said: Vec<String> = Vec::new();
        if let Some(shape) = wrapped {
            provenance = provenance.and(shape.places.map(Clone::clone));
            said.push(format!(
                "Answers of handlers are put into `{}` by `{}`, which stands before all that do not take themselves out.",
                shape.of(None),
                shape.by
            ));
        }
        if let Some((text, places)) = phoenix.pipelines(&routers_of_phoenix) {
            provenance = provenance.and(places);
            said.push(text);
        }
        if let Some((text, places)) = controllers.open() {
            provenance = provenance.and(places);
            said.push(text);
        }
        let description = Some(said.join(" ")).filter(|text| !text.is_empty());
        blueprint.interfaces.push(Interface {
            id: unique(&format!("{}-http", ids[index]), &blueprint.interfaces),
            name: format!("{} HTTP endpoints", names[index]),
            element: Some(ids[index].clone()),
            kind: InterfaceKind::Http,
            audience,
            partial: more,
            unserved: false,
            version: None,
            base_path: None,
            description,
            security_schemes: Vec::new(),
            security_default: None,
            operations,
            schemas: Vec::new(),
            provenance,
        });
    }
}

/// A route of Go for any method as one for each of those that its handler goes on with, if that says so.
fn allowed(endpoint: Endpoint, at: &Evidence, handlers: &Handlers<'_>) -> Vec<Endpoint> {
    if endpoint.method != "ANY" || !at.path.ends_with(".go") {
        return vec![endpoint];
    }
    let seen = handlers.of_endpoint(&endpoint, at);
    let only = seen.map_or(&[][..], |seen| seen.handler.only.as_slice());
    if only.is_empty() {
        return vec![endpoint];
    }
    let one = |method: &String| Endpoint {
        method: method.clone(),
        ..endpoint.clone()
    };
    only.iter().map(one).collect()
}

/// Takes away routes of servers that end with the command that makes them, where the part has others; where it has
/// none, they are what it answers.
fn without_passing(placed: &mut Vec<(Endpoint, &Evidence)>) {
    let passes = |endpoint: &Endpoint| endpoint.guards.iter().any(|g| g == PASSING);
    if placed.iter().any(|(endpoint, _)| !passes(endpoint)) {
        placed.retain(|(endpoint, _)| !passes(endpoint));
    }
    for (endpoint, _) in placed {
        endpoint.guards.retain(|g| g != PASSING);
    }
}

/// A route that is added for `OPTIONS` beside other methods lets browsers ask beforehand; it is no
/// operation of its own (<https://developer.mozilla.org/en-US/docs/Glossary/Preflight_request>).
fn without_preflight(operations: &mut Vec<Operation>) {
    let place = |o: &Operation| (o.path.clone(), o.handler.clone(), o.provenance.clone());
    let others: BTreeSet<_> = operations
        .iter()
        .filter(|o| o.method != "OPTIONS")
        .map(place)
        .collect();
    operations.retain(|o| o.method != "OPTIONS" || !others.contains(&place(o)));
}

/// What gateways that are made in a cloud pass on, as the interface that callers see.
pub(crate) fn of_gateways(
    blueprint: &mut Blueprint,
    units: &[Unit<'_>],
    ids: &[String],
    exposed: &BTreeSet<usize>,
) {
    for (index, unit) in units
        .iter()
        .enumerate()
        .filter(|(_, u)| u.role == Role::Gateway)
    {
        let mut operations: BTreeMap<String, Operation> = BTreeMap::new();
        let given = unit.deployables.iter().flat_map(|(d, _)| &d.attributes);
        for (_, asked) in given.filter(|(key, _)| key == OPERATION) {
            let Some((to, request)) = asked.value.split_once(' ') else {
                continue;
            };
            let Some((method, path)) = request.split_once(' ').filter(|(_, p)| p.starts_with('/'))
            else {
                continue;
            };
            operations
                .entry(request.to_owned())
                .or_insert_with(|| Operation {
                    id: request.to_owned(),
                    method: method.to_owned(),
                    path: path.to_owned(),
                    summary: None,
                    handler: Some(to.to_owned()),
                    parameters: Vec::new(),
                    request: None,
                    responses: Vec::new(),
                    security: Vec::new(),
                    security_inherited: false,
                    security_all: None,
                    security_optional: false,
                    tag: None,
                    deprecated: false,
                    unread: true,
                    more_outcomes: false,
                    undeclared: Vec::new(),
                    guards: Vec::new(),
                    before: Vec::new(),
                    provenance: Provenance::observed([asked.at.clone()]),
                });
        }
        let mut operations: Vec<Operation> = operations.into_values().collect();
        if operations.is_empty() {
            continue;
        }
        operations.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
        let evidence = operations.iter().take(3);
        let evidence = evidence.filter_map(|o| o.provenance.first().cloned());
        let provenance = Provenance::observed(evidence.collect::<Vec<_>>());
        let audience = audience(blueprint, ids, exposed, index);
        blueprint.interfaces.push(Interface {
            id: unique(&format!("{}-http", ids[index]), &blueprint.interfaces),
            name: format!("{} HTTP endpoints", unit.name),
            element: Some(ids[index].clone()),
            kind: InterfaceKind::Http,
            audience,
            partial: false,
            unserved: false,
            version: None,
            base_path: None,
            description: None,
            security_schemes: Vec::new(),
            security_default: None,
            operations,
            schemas: Vec::new(),
            provenance,
        });
    }
}

/// A unit, its routes at the paths that callers reach them by, and whether there are more.
type Served<'f> = (usize, Vec<(Endpoint, &'f Evidence)>, bool);

/// Contracts that stand apart from all parts go to the part that answers them.
fn adopt(blueprint: &mut Blueprint, ids: &[String], all: &[Served<'_>], exposed: &BTreeSet<usize>) {
    let apart = |i: &Interface| i.element.is_none() && i.kind == InterfaceKind::Http;
    if !blueprint.interfaces.iter().any(apart) {
        return;
    }
    let routes: Vec<(usize, Vec<&Endpoint>)> = all
        .iter()
        .map(|(index, placed, _)| (*index, placed.iter().map(|(e, _)| e).collect()))
        .collect();
    for (interface, unit) in described::adopted(&blueprint.interfaces, &routes) {
        let audience = audience(blueprint, ids, exposed, unit);
        if let Some(interface) = blueprint.interfaces.get_mut(interface) {
            interface.element = ids.get(unit).cloned();
            if interface.audience == Audience::Unknown {
                interface.audience = audience;
            }
        }
    }
}

/// Who calls a part: known where a port or gateway opens it, or another part was seen to. What only
/// a user interface calls may be called by the browsers of its users, so nobody may say `internal`.
pub(crate) fn audience(
    blueprint: &Blueprint,
    ids: &[String],
    exposed: &BTreeSet<usize>,
    unit: usize,
) -> Audience {
    let Some(id) = ids.get(unit) else {
        return Audience::Unknown;
    };
    let inside = |from: &str| {
        ids.iter().any(|i| i == from)
            && blueprint
                .element(from)
                .is_none_or(|e| e.role != Some(Role::Ui))
    };
    let called = blueprint
        .relationships
        .iter()
        .any(|r| r.to == *id && r.from != *id && inside(&r.from));
    match (exposed.contains(&unit), called) {
        (true, _) => Audience::Public,
        (false, true) => Audience::Internal,
        (false, false) => Audience::Unknown,
    }
}

/// For each unit the projects of libraries whose code runs in it and in no other unit that has routes
/// of its own: what they declare, it answers. A worker or chore that shares a library with a server
/// answers nothing.
fn libraries(
    users: &BTreeMap<usize, BTreeSet<usize>>,
    world: &World<'_>,
    units: &[Unit<'_>],
) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut all: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (&library, users) in users {
        let mut users = users.clone();
        // What only packs a program has no code of its own that could answer.
        let runs = |user: &usize| units[*user].project.is_some_and(|p| has_sources(world, p));
        if users.iter().any(runs) {
            users.retain(runs);
        }
        let answers = |user: &usize| units[*user].project.is_some_and(|p| routes(world, p));
        if users.len() > 1 {
            // Programs of .NET beside the one that answers migrate or fill stores with the same
            // code; elsewhere the one that answers nothing by itself is there for the library.
            let dotnet = is_dotnet(world, library);
            let fits = |user: &usize| answers(user) == dotnet;
            if users.iter().filter(|user| fits(user)).count() == 1 {
                users.retain(fits);
            }
            // The same server in a window of Windows is a second program beside the one that runs anywhere.
            let anywhere = |user: &usize| {
                units[*user]
                    .project
                    .is_some_and(|p| !is_for_windows(world, p))
            };
            if dotnet && users.iter().filter(|user| anywhere(user)).count() == 1 {
                users.retain(anywhere);
            }
        }
        if let (1, Some(user)) = (users.len(), users.first()) {
            all.entry(*user).or_default().insert(library);
        }
    }
    all
}

/// For each project of a library the units in which its code runs.
pub(crate) fn users_of_libraries(
    blueprint: &Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
    for element in &blueprint.elements {
        let folder = element.source.as_deref().filter(|f| !f.is_empty());
        if element.role == Some(Role::Library)
            && let Some(project) = folder.and_then(|f| world.project_at(f))
        {
            sources.insert(&element.id, project);
        }
    }
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for relation in &blueprint.relationships {
        if sources.contains_key(relation.to.as_str()) {
            next.entry(&relation.from).or_default().push(&relation.to);
        }
    }
    let own: BTreeSet<usize> = units.iter().filter_map(|u| u.project).collect();
    let mut users: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let leaders = Leaders::of(units);
    for (index, unit) in units.iter().enumerate() {
        let Some(project) = unit.project.filter(|p| leaders.get(*p) == Some(index)) else {
            continue;
        };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = vec![&ids[index]];
        while let Some(id) = open.pop() {
            for to in next.get(id).into_iter().flatten().copied() {
                if seen.insert(to) {
                    open.push(to);
                    let library = sources[to];
                    if library != project && !own.contains(&library) {
                        users.entry(library).or_default().insert(index);
                    }
                }
            }
        }
    }
    users
}

/// Libraries that declare routes and run in no part of this repository, as engines of Rails do, or in
/// several, of which nobody knows who answers: with id, name and project. Applications of others take them in,
/// so what they publish is an interface of theirs.
fn publishing(
    blueprint: &Blueprint,
    users: &BTreeMap<usize, BTreeSet<usize>>,
    taken: &BTreeSet<usize>,
    world: &World<'_>,
    units: &[Unit<'_>],
) -> Vec<(String, String, usize)> {
    let own: BTreeSet<usize> = units.iter().filter_map(|u| u.project).collect();
    let mut all = Vec::new();
    for element in &blueprint.elements {
        let folder = element.source.as_deref().filter(|f| !f.is_empty());
        let Some(folder) = folder.filter(|_| element.role == Some(Role::Library)) else {
            continue;
        };
        let project = world.project_at(folder).filter(|project| {
            let several = users.get(project).is_none_or(|all| all.len() > 1);
            !own.contains(project) && !taken.contains(project) && several && routes(world, *project)
        });
        if let Some(project) = project.filter(|_| !is_aside(&format!("{folder}/"))) {
            all.push((element.id.clone(), element.name.clone(), project));
        }
    }
    all
}

/// Whether a project is one of .NET.
fn is_dotnet(world: &World<'_>, project: usize) -> bool {
    let mut packages = world.projects[project].packages.iter();
    packages.any(|(package, _)| package.ecosystem == "nuget")
}

/// Whether a project of .NET is built for Windows alone: `net8.0-windows`.
fn is_for_windows(world: &World<'_>, project: usize) -> bool {
    let packages = world.projects[project].packages.iter();
    let mut runtimes = packages.filter_map(|(p, _)| p.runtime.as_deref());
    runtimes.any(|all| all.split(", ").all(|one| one.contains("-windows")))
}

/// Code with routes where no part of the system answers, as that of the whole: nothing here starts it, as with
/// packages that others install.
fn left_over(
    blueprint: &Blueprint,
    serving: &[(usize, Vec<usize>)],
    world: &World<'_>,
) -> Vec<(String, String, usize)> {
    let mut served = serving.iter().flat_map(|(_, projects)| projects);
    if served.any(|&project| routes(world, project)) {
        return Vec::new();
    }
    let mut systems = blueprint.elements.iter();
    let system = systems.find(|e| e.kind == ElementKind::SoftwareSystem && !e.external);
    let Some(system) = system else {
        return Vec::new();
    };
    let answers = |p: &usize| {
        let project = &world.projects[*p];
        !project.is_aside && !is_aside(&format!("{}/", project.folder)) && routes(world, *p)
    };
    let all = (0..world.projects.len()).filter(answers);
    all.map(|project| {
        let own = &world.projects[project];
        let name = own.names.first().filter(|_| !own.folder.is_empty());
        let name = name.unwrap_or(&system.name).clone();
        (system.id.clone(), name, project)
    })
    .collect()
}

/// Whether a project declares a route itself.
fn routes(world: &World<'_>, project: usize) -> bool {
    let mut facts = world.facts_of(project);
    facts.any(|fact| matches!(&fact.claim, Claim::Endpoint(_)))
}

/// Whether the rules of Spring Security stand before a route.
fn is_spring(endpoint: &Endpoint) -> bool {
    endpoint.framework.starts_with("spring")
}

/// Whether what the actions of a framework do is put together of several methods.
fn is_acted(framework: &str) -> bool {
    matches!(framework, "rails" | FORM | "laravel" | "lumen" | "symfony") || is_phoenix(framework)
}

/// Adds the handler to the operation of a contract that the endpoint answers; `true` if the route
/// is no operation beside those of contracts.
fn joined(
    blueprint: &mut Blueprint,
    described: &Described,
    (endpoint, at): (&Endpoint, &Evidence),
    seen: Option<Seen<'_>>,
    (handlers, python): (&Handlers<'_>, &Python<'_>),
) -> bool {
    let ((interface, number), mistyped) = match described.find(endpoint) {
        Match::Several => return true,
        Match::One(interface, number) => ((interface, number), false),
        Match::No => {
            let place = seen.and_then(|seen| described.mistyped(endpoint, seen));
            // Another route of the same function is an operation of its own.
            let free = |&(interface, number): &(usize, usize)| {
                let found = blueprint.interfaces.get(interface);
                let operation = found.and_then(|f| f.operations.get(number));
                operation.is_some_and(|o| o.handler.is_none())
            };
            match place.filter(free) {
                Some(place) => (place, true),
                None => return false,
            }
        }
    };
    let Some(found) = blueprint.interfaces.get_mut(interface) else {
        return false;
    };
    let base = found.base_path.clone().unwrap_or_default();
    let Some(operation) = found.operations.get_mut(number) else {
        return false;
    };
    // What its annotation calls otherwise is where its route is.
    if mistyped {
        rename(operation, &base, &endpoint.path);
    }
    if operation.handler.is_none() {
        operation.handler.clone_from(&endpoint.handler);
        operation.provenance = operation.provenance.clone().and([at.clone()]);
    }
    if let Some(seen) = seen {
        let declared = operation.responses.clone();
        fill_in(operation, seen);
        for guard in &seen.handler.guards {
            let named = !guard.starts_with(['!', DECORATED]);
            if named && !operation.guards.contains(guard) {
                operation.guards.push(guard.clone());
            }
        }
        // How an operation of Huma succeeds, its contract says.
        operation
            .responses
            .retain(|r| !r.status.starts_with(SUCCESS));
        // Code that answers what no contract declares is what callers are surprised by.
        let told = |status: &str| {
            declared
                .iter()
                .any(|r| r.status == status || r.status == "default")
        };
        // What it hands on and throws is answered elsewhere in the code.
        let mut by_code = self::operation(endpoint, at, Some(seen));
        fail(&mut by_code, seen, handlers);
        python_answers::answer(&mut by_code, endpoint, Some(seen), python);
        let all = by_code.responses.iter().map(|r| r.status.clone());
        let all = all.filter(|status| !status.starts_with(SUCCESS));
        if !declared.is_empty() {
            let mut all: Vec<String> = all.filter(|status| !told(status)).collect();
            for (response, _) in stopping(endpoint, at, handlers) {
                if !told(&response.status) && !all.contains(&response.status) {
                    all.push(response.status.clone());
                }
            }
            all.sort();
            if at.path.ends_with(".go") && !by_code.more_outcomes && !by_code.responses.is_empty() {
                stopped(&mut by_code, endpoint, at, handlers);
                // What stands before it and was not read may answer what is declared.
                if !by_code.more_outcomes {
                    only_declared(operation, &by_code, &all);
                }
            }
            operation.undeclared = all;
        }
        if at.path.ends_with(".go") {
            // Without one in the contract a deletion takes none.
            let takes = matches!(&*operation.method, "POST" | "PUT" | "PATCH");
            operation.request = (operation.request.take()).or(by_code.request.filter(|_| takes));
            operation.before = by_code.before;
            for guard in by_code.guards {
                if !operation.guards.contains(&guard) {
                    operation.guards.push(guard);
                }
            }
        }
        // What the body is, the contract says better.
        operation
            .parameters
            .retain(|p| p.place != "body" || p.description.is_some());
    }
    true
}

/// Gives an operation the path of a route, below the base of its contract, and the parameters in it.
fn rename(operation: &mut Operation, base: &str, route: &str) {
    let below = route.strip_prefix(base.trim_end_matches('/'));
    // `/apiary` is not below `/api`.
    let path = match below.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        Some("") => "/",
        Some(rest) => rest,
        None => route,
    };
    // Those of the base may be declared here too.
    let all = path_parameters(&format!("{base}{path}"));
    let parameters = &mut operation.parameters;
    parameters.retain(|p| p.place != "path" || all.iter().any(|own| own.name == p.name));
    for own in path_parameters(path) {
        if !(parameters.iter()).any(|p| p.place == "path" && p.name == own.name) {
            parameters.push(own);
        }
    }
    operation.path = path.to_owned();
    operation.id = format!("{} {path}", operation.method);
}

/// Marks statuses that a contract declares where its code, read whole, answers others of their kind instead:
/// 401 for 403, 200 for 201.
fn only_declared(operation: &mut Operation, by_code: &Operation, undeclared: &[String]) {
    let given = |status: &str| by_code.responses.iter().any(|r| r.status == status);
    let instead = |status: &str| match status {
        // What stands before all routes answers these.
        "401" | "429" => false,
        "403" => undeclared.iter().any(|u| u == "401"),
        _ => !status.starts_with('5') && undeclared.iter().any(|u| u.get(..1) == status.get(..1)),
    };
    for response in &mut operation.responses {
        let mut digits = response.status.bytes();
        let plain = response.status.len() == 3 && digits.all(|b| b.is_ascii_digit());
        if plain && !given(&response.status) && instead(&response.status) {
            response.origin = Some(Origin::Declared);
        }
    }
}

#[cfg(test)]
mod tests;
