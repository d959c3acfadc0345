//! Routers joined across files: which prefixes stand before the routes of one, from the program
//! that serves down to it.

use crate::extractors::api_platform;
use crate::extractors::base_defaults;
use crate::extractors::csharp_code::FILES_ALONE;
use crate::extractors::csharp_http::inherited::TAKEN_AWAY;
use crate::extractors::csharp_http::{CLASS, HELPER, LOWER_CASE, OF_CLASS, action_name};
use crate::extractors::go_endpoint_structs::VALUE;
use crate::extractors::go_holders;
use crate::extractors::js_described_routes::DESCRIBED;
use crate::extractors::js_http::{AUTOLOAD, BEFORE, EVERYTHING};
use crate::extractors::js_loops;
use crate::extractors::js_own_paths;
use crate::extractors::js_path_constants;
use crate::extractors::js_route_objects::{self, OBJECT, OBJECTS};
use crate::extractors::laravel_attributes;
use crate::extractors::nest_bootstrap;
use crate::extractors::rust_utoipa;
use crate::extractors::{GENERATED_SERVER, LARAVEL_FILE, SYMFONY_FOLDER};
use crate::facts::{Claim, Endpoint, Mount, ROUTER_DEPENDS};
use crate::http_paths::{self, BASE, CONSTANT, ROUNDS, UNREAD};
use crate::resolve::api_platform_paths;
use crate::resolve::base_defaults::BaseDefaults;
use crate::resolve::configured_bases::ConfiguredBases;
use crate::resolve::go_constants::GoConstants;
use crate::resolve::java_paths::is_java;
use crate::resolve::ktor_paths::KtorPaths;
use crate::resolve::laravel_paths::LaravelPaths;
use crate::resolve::nest_paths::NestPaths;
use crate::resolve::router_names::{Index, Node, is_class_file, is_script};
use crate::resolve::symfony_paths::SymfonyPaths;
use crate::resolve::taken_away::TakenAway;
use crate::resolve::world::{World, folder_of};
use graph::Graph;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Prefixes of routers of all files.
pub(crate) struct Routers<'f> {
    index: Index<'f>,
    prefixes: BTreeMap<Node<'f>, Vec<String>>,
    bases: BTreeMap<(Option<usize>, &'f str), String>,
    base_defaults: BaseDefaults<'f>,
    constants: BTreeMap<(Option<usize>, &'f str), BTreeSet<&'f str>>,
    go_constants: GoConstants<'f>,
    ktor: KtorPaths<'f>,
    /// Folders whose files are routes, with a slash at the end.
    loaded: BTreeSet<String>,
    /// Loops that take in routes which are objects: their project, the router, and what stands before the path.
    loops: Vec<(Option<usize>, Option<Node<'f>>, &'f str)>,
    /// What the projects of those loops depend on.
    needed: BTreeMap<usize, BTreeSet<&'f str>>,
    nest: NestPaths<'f>,
    /// Routers that nobody was seen to take in.
    unserved: BTreeSet<Node<'f>>,
    /// Routers that are only taken in under a condition.
    conditions: BTreeMap<Node<'f>, &'f str>,
    /// What FastAPI calls before the routes of a router wherever that is taken in, with its file.
    depends: BTreeMap<Node<'f>, Vec<(&'f str, &'f str)>>,
    /// Methods that attributes of a program's own give to actions.
    verbs: BTreeMap<Node<'f>, &'f [String]>,
    /// Outermost folders of programs of ASP.NET that write the paths of controllers in lower case.
    lower_case: BTreeSet<&'f str>,
    laravel: LaravelPaths<'f>,
    symfony: SymfonyPaths<'f>,
    taken_away: TakenAway<'f>,
}

impl<'f> Routers<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let index = Index::of(world);
        let mut graph = Graph {
            routers: BTreeMap::new(),
            edges: BTreeMap::new(),
            by_type: BTreeMap::new(),
            typed: BTreeMap::new(),
            aliases: BTreeSet::new(),
            own_paths: BTreeMap::new(),
        };
        let mut bases: BTreeMap<(Option<usize>, &str), String> = BTreeMap::new();
        let mut constants: BTreeMap<(Option<usize>, &str), BTreeSet<&str>> = BTreeMap::new();
        let mut go_constants = GoConstants::default();
        let mut ktor = KtorPaths::default();
        let mut nodes: BTreeSet<Node<'f>> = BTreeSet::new();
        let mut loaded = BTreeSet::new();
        let mut loops = Vec::new();
        let mut nest = NestPaths::default();
        let mut laravel = LaravelPaths::default();
        let mut symfony = SymfonyPaths::default();
        let mut configured = ConfiguredBases::default();
        let mut base_defaults = BaseDefaults::default();
        let mut taken_away = TakenAway::default();
        // Functions that take in what the same file has, and those that take in what others have.
        let (mut leading, mut taking) = (BTreeSet::new(), BTreeSet::new());
        for (file, fact) in world.facts() {
            let path = file.path.as_str();
            match &fact.claim {
                Claim::Router(router) if router.name.starts_with(TAKEN_AWAY) => {
                    taken_away.add(path, router);
                }
                Claim::Router(router) if router.name == FILES_ALONE => {}
                Claim::Router(router) if router.name.starts_with(js_own_paths::OWN) => {
                    let own = (path, router.name.as_str());
                    let path = Some(router.prefix.as_str());
                    let known = graph.own_paths.entry(own).or_insert(path);
                    *known = known.filter(|_| *known == path);
                }
                Claim::Router(router) => {
                    graph.routers.insert((path, &router.name), router);
                    nodes.insert((path, &router.name));
                }
                Claim::Mount(mount) if mount.target.starts_with(base_defaults::TARGET) => {
                    base_defaults.add(world.project_of(path), mount);
                }
                Claim::Mount(mount) if mount.target.starts_with(AUTOLOAD) => {
                    let folder = &mount.target[AUTOLOAD.len()..];
                    loaded.insert(match folder_of(path) {
                        "" => format!("{folder}/"),
                        outer => format!("{outer}/{folder}/"),
                    });
                }
                Claim::Mount(mount) if mount.target == OBJECTS => {
                    let from = mount.router.as_deref();
                    let from = from.and_then(|name| index.node(path, name));
                    nodes.extend(from);
                    loops.push((world.project_of(path), from, mount.prefix.as_str()));
                }
                Claim::Mount(mount) if mount.target.starts_with(LARAVEL_FILE) => {
                    laravel.add(path, mount);
                }
                Claim::Mount(mount) if mount.target.starts_with(SYMFONY_FOLDER) => {
                    symfony.add(world.project_of(path), mount);
                }
                Claim::Mount(mount) if mount.target.starts_with(nest_bootstrap::PREFIX) => {
                    nest.add(world.project_of(path), path, mount);
                }
                Claim::Mount(mount)
                    if mount.target.starts_with('*')
                        && !mount.target.starts_with(js_loops::FILES) =>
                {
                    let key = (world.project_of(path), &mount.target[1..]);
                    let base = bases.entry(key).or_insert_with(|| mount.prefix.clone());
                    if *base != mount.prefix {
                        UNREAD.clone_into(base);
                    }
                }
                Claim::Property(property)
                    if property.key.ends_with("path") || property.key.ends_with("Path") =>
                {
                    configured.add(world.project_of(path), property);
                }
                Claim::PathConstant(constant) if path.ends_with(".go") => {
                    go_constants.add(path, constant);
                }
                Claim::PathConstant(constant) if path.ends_with(".kt") => ktor.add(constant),
                Claim::PathConstant(constant) if path.ends_with(".py") => {
                    let key = (world.project_of(path), constant.name.as_str());
                    constants.entry(key).or_default().insert(&constant.value);
                }
                Claim::EnvRead(read) => {
                    let default = read.default.as_deref();
                    if let Some(value) = default.filter(|v| is_part(&read.name, v)) {
                        let key = (world.project_of(path), read.name.as_str());
                        constants.entry(key).or_default().insert(value);
                    }
                }
                // Names lead through these: see `Index`.
                Claim::Mount(mount)
                    if mount.router.as_deref().is_some_and(|name| {
                        name == EVERYTHING || name.starts_with(go_holders::FIELD)
                    }) => {}
                Claim::Handler(handler) if file.language == Language::Php => {
                    laravel.controller(handler);
                }
                Claim::Mount(mount) => {
                    graph.add(&index, path, mount, &mut nodes);
                    let inside = mount.target.starts_with('#');
                    let only_leads_on = match file.language {
                        // A list of functions that no loop gives a router leads nowhere.
                        Language::Go => inside || is_list_of_functions(mount),
                        Language::JavaScript | Language::TypeScript => mount.alias,
                        _ => mount.alias || inside,
                    };
                    if let Some(name) = mount.router.as_deref() {
                        match only_leads_on {
                            true if mount.alias => graph.aliases.insert((path, name)),
                            true => leading.insert((path, name)),
                            false => taking.insert((path, name)),
                        };
                    }
                }
                Claim::Endpoint(endpoint) => {
                    if let Some(node) = index.of_endpoint(path, endpoint) {
                        nodes.insert(node);
                    }
                    for mount in &endpoint.mounts {
                        graph.add(&index, path, mount, &mut nodes);
                    }
                }
                _ => {}
            }
        }
        leading.retain(|node| !taking.contains(node));
        graph.aliases.extend(leading);
        for (node, edges) in std::mem::take(&mut graph.by_type) {
            match graph.edges.contains_key(&node) {
                true => graph.typed.insert(node, edges),
                false => graph.edges.insert(node, edges),
            };
        }
        for (of, base) in configured.all() {
            bases.insert(of, base);
        }
        laravel.join(world);
        let mut needed = BTreeMap::new();
        for of in loops.iter().filter_map(|(of, ..)| *of) {
            needed.entry(of).or_insert_with(|| {
                let claims = world.facts_of(of).map(|fact| &fact.claim);
                let names = claims.filter_map(|claim| match claim {
                    Claim::Dependency(dependency) => Some(dependency.name.as_str()),
                    _ => None,
                });
                names.collect()
            });
        }
        let mut prefixes = BTreeMap::new();
        let alone = |node: &&Node<'f>| !graph.edges.contains_key(*node);
        let unserved = nodes.iter().filter(alone).copied().collect();
        let mut known = BTreeMap::new();
        let conditions = nodes
            .iter()
            .filter_map(|node| Some((*node, graph.condition(*node, &mut known, 0)?)))
            .collect();
        let mut asked = BTreeMap::new();
        for node in nodes {
            graph.prefixes(node, &mut prefixes, 0);
            if node.0.ends_with(".py") || is_script(node.0) {
                graph.depends(node, &mut asked, 0);
            }
        }
        let edges = graph.edges.iter().flat_map(|(node, all)| {
            let from = all.iter().filter_map(|edge| edge.from);
            from.map(|from| (from, *node))
        });
        taken_away.join(edges, &prefixes);
        let lower_case = (graph.routers.keys())
            .filter(|(_, name)| *name == LOWER_CASE)
            .map(|(path, _)| outermost(path))
            .collect();
        let verbs = (graph.routers.iter())
            .filter(|(_, router)| !router.verbs.is_empty())
            .map(|(node, router)| (*node, router.verbs.as_slice()))
            .collect();
        Routers {
            index,
            depends: asked,
            verbs,
            base_defaults,
            lower_case,
            prefixes,
            bases,
            constants,
            go_constants,
            ktor,
            loaded,
            loops,
            needed,
            nest,
            unserved,
            conditions,
            laravel,
            symfony,
            taken_away,
        }
    }

    /// The prefix that the folder of a file gives to its routes: `/users/{id}` for
    /// `routes/users/_id/index.js`.
    fn loaded(&self, path: &str) -> Option<String> {
        let folder = folder_of(path);
        let inner = self.loaded.iter().find_map(|root| {
            (folder.len() > root.len()).then(|| folder.strip_prefix(root.as_str()))?
        })?;
        let parts = inner.split('/').map(|part| match part.strip_prefix('_') {
            Some(name) if !name.is_empty() => format!("/{{{name}}}"),
            _ => format!("/{part}"),
        });
        Some(parts.collect())
    }

    /// The endpoint of a file at all paths that a caller reaches it by; none if it only mounts a
    /// router.
    pub(crate) fn placed(
        &self,
        endpoint: Endpoint,
        path: &'f str,
        world: &World<'f>,
    ) -> Vec<Endpoint> {
        let written = endpoint.path.clone();
        let all = self.placed_as(endpoint, &written, path, world);
        let project = world.project_of(path);
        let mut placed = Vec::new();
        for mut one in all {
            if let Some(whole) = self.base_defaults.filled(project, &one.path) {
                one.path = whole;
            }
            if !one.path.contains(ROUNDS) {
                placed.push(one);
                continue;
            }
            let rounds = http_paths::rounds(&one.path).into_iter();
            placed.extend(rounds.map(|path| Endpoint {
                path: http_paths::join("", &path),
                ..one.clone()
            }));
        }
        placed
    }

    /// The same of an endpoint whose path has more than what is `written` at it.
    fn placed_as(
        &self,
        endpoint: Endpoint,
        written: &str,
        path: &'f str,
        world: &World<'f>,
    ) -> Vec<Endpoint> {
        let mounts = |mount: &Mount| {
            let targets = self.index.targets(path, mount);
            targets.iter().any(|node| self.index.has_routes(*node))
        };
        let view = endpoint.framework.starts_with("django");
        if !view && endpoint.mounts.iter().any(mounts) {
            return Vec::new();
        }
        if endpoint.method.contains(DESCRIBED) {
            return self.described(&endpoint, path, world);
        }
        if endpoint.method.starts_with('[') {
            return self.marked(endpoint, path, world);
        }
        if let Some(own) = endpoint
            .router
            .as_deref()
            .and_then(|r| r.strip_prefix(OBJECT))
        {
            return self.of_loops(&endpoint, own, world.project_of(path), world);
        }
        let framework = endpoint.framework.as_str();
        if framework == "nestjs" {
            let all = self.nest.placed(world.project_of(path), path, &endpoint);
            let one = |whole: String| Endpoint {
                path: http_paths::from_unread(match whole == endpoint.path {
                    true => self.of_script(&whole, world.project_of(path)),
                    false => {
                        let project = world.project_of(path);
                        self.filled(&self.of_script(&whole, project), project)
                    }
                }),
                ..endpoint.clone()
            };
            return all.into_iter().map(one).collect();
        }
        if endpoint.router.as_deref() == Some(laravel_attributes::ROUTER) {
            if self.laravel.lacks(endpoint.handler.as_deref()) {
                return Vec::new();
            }
            let whole = match self.of_folder(world.project_of(path), path) {
                Some(prefix) => http_paths::join(prefix, &endpoint.path),
                None => endpoint.path.clone(),
            };
            return vec![Endpoint {
                path: whole,
                ..endpoint
            }];
        }
        if matches!(framework, "laravel" | "lumen" | "symfony") {
            return match framework {
                "symfony" => vec![Endpoint {
                    path: (self.symfony).placed(world.project_of(path), path, &endpoint.path),
                    ..endpoint
                }],
                _ if self.laravel.lacks(endpoint.handler.as_deref()) => Vec::new(),
                _ => self.laravel.placed(path, &endpoint),
            };
        }
        if framework == api_platform::FRAMEWORK {
            let project = world.project_of(path);
            let said = |what| self.bases.get(&(project, what)).map(String::as_str);
            let settings = api_platform_paths::Settings {
                routes: said(api_platform::ROUTES).unwrap_or_default(),
                prefix: said(api_platform::PREFIX).unwrap_or_default(),
                dashes: said(api_platform::DASHES).is_some(),
            };
            let whole = api_platform_paths::whole(&endpoint.path, &settings);
            return vec![Endpoint {
                path: http_paths::from_unread(whole),
                ..endpoint
            }];
        }
        let project = world.project_of(path);
        let base = match framework {
            "jax-rs" => self.of_package(project, path),
            _ => None,
        };
        let base = base.or_else(|| self.bases.get(&(project, framework)));
        let base = base.or_else(|| self.of_spring_package(project, framework, path));
        let base = base.or_else(|| self.of_procedures(framework));
        // Files that fill a group of Slim stand where that does.
        if framework == "slim" && self.laravel.takes_in(path) {
            let mut all = self.laravel.placed(path, &endpoint);
            if let Some(base) = base {
                for one in &mut all {
                    one.path = http_paths::join(base, &one.path);
                }
            }
            return all;
        }
        let node = self.index.of_endpoint(path, &endpoint);
        let found = node.and_then(|node| self.prefixes.get(&node));
        let unserved = node.is_some_and(|node| self.unserved.contains(&node));
        // Beego reads the comments of a controller only where a program includes it, and utoipa describes
        // what `routes!` serves.
        let described = |router: &str| router.starts_with(rust_utoipa::HANDLER);
        // A contract of ts-rest may be only that of a client.
        let only_served = matches!(framework, "beego" | "ts-rest")
            || endpoint.router.as_deref().is_some_and(described);
        if unserved && only_served {
            return Vec::new();
        }
        let none = [String::new()];
        let prefixes = found.map_or(&none[..], Vec::as_slice);
        let mut all = Vec::new();
        for prefix in prefixes {
            let mut prefix = prefix.as_str();
            let away = |node| self.taken_away.holds(node, &endpoint, written, prefix);
            if node.is_some_and(away) {
                continue;
            }
            // A generated server that nothing registers answers nowhere.
            if endpoint.router.as_deref() == Some(GENERATED_SERVER) && prefix == UNREAD {
                continue;
            }
            // Nor does a contract within one that nothing here serves.
            if framework == "ts-rest" && prefix.starts_with(UNREAD) {
                continue;
            }
            // A function of a minimal API is called, not extended.
            let class = |router: &str| !path.ends_with(".cs") || router.ends_with("()");
            let lent = endpoint.router.as_deref().is_some_and(class);
            if lent && is_class_file(path) && prefix == UNREAD && framework != "ktor" {
                // What a class lends is served by those that extend it only. An action of ASP.NET
                // without a class that has a route has its own, or is found by convention.
                if unserved || is_java(framework) || endpoint.path == "/" {
                    continue;
                }
                prefix = "";
            }
            let mut made = endpoint.clone();
            if made.path.contains(OF_CLASS) {
                let class = made.router.as_deref().and_then(|r| r.split("::").next());
                let group = self.bases.get(&(world.project_of(path), HELPER));
                let group = match (group, class) {
                    (Some(group), Some(class)) => group.replace(CLASS, class),
                    _ => UNREAD.to_owned(),
                };
                made.path = made.path.replace(&format!("/{OF_CLASS}"), &group);
            }
            if !prefix.is_empty() {
                made.path = http_paths::join(prefix, &made.path);
            }
            // The route of a class that others extend: each action has its own name there.
            if made.path.contains("[action]")
                && let Some(method) = made.handler.as_deref()
            {
                made.path = made.path.replace("[action]", action_name(method));
            }
            // Huma serves where its adapter is made; where that was not seen, below what was not read.
            // So does Armeria, where its server takes in the service.
            // And procedures of tRPC, where their handler does.
            if matches!(framework, "huma" | "armeria" | "trpc") && base.is_none() {
                made.path = http_paths::join(UNREAD, &made.path);
            }
            if let Some(base) = base.filter(|_| !made.path.starts_with(UNREAD)) {
                made.path = http_paths::join(base, &made.path);
            }
            if path.ends_with(".go") && made.path.contains(CONSTANT) {
                made.path = self.go_constants.filled(&made.path, path);
                if made.path.trim_matches('/') == UNREAD {
                    made = http_paths::unread(framework);
                }
            }
            if framework == "ktor" && made.path.contains(CONSTANT) {
                made.path = self.ktor.filled(&made.path);
                if made.path.trim_matches('/') == UNREAD {
                    made = http_paths::unread(framework);
                }
            }
            if is_script(path) {
                made.path = self.of_script(&made.path, world.project_of(path));
            }
            if !prefix.is_empty() || base.is_some() || made.path.starts_with("/{env:") {
                made.path = self.filled(&made.path, world.project_of(path));
            }
            if framework == "fastify"
                && prefix.is_empty()
                && made.path != UNREAD
                && let Some(folder) = self.loaded(path)
            {
                made.path = http_paths::join(&folder, &made.path);
            }
            made.path = http_paths::from_unread(made.path);
            if framework == "aspnet-core" && self.lower_case.contains(outermost(path)) {
                made.path = http_paths::lower_case(&made.path);
            }
            for (file, to) in node
                .and_then(|node| self.depends.get(&node))
                .into_iter()
                .flatten()
            {
                made.guards.push(match is_script(file) {
                    true => format!("{BEFORE}{to}"),
                    false => format!("{ROUTER_DEPENDS}{file} {to}"),
                });
            }
            if let Some(condition) = node.and_then(|node| self.conditions.get(&node)) {
                made.summary = Some(http_paths::only_if(made.summary.as_deref(), condition));
            }
            all.push(made);
        }
        all
    }
}

impl<'f> Routers<'f> {
    /// A route that is an object, where loops of its program, or of one that is built with its package, add it.
    /// Which of several loops goes through it, nobody knows.
    fn of_loops(
        &self,
        endpoint: &Endpoint,
        own: &str,
        project: Option<usize>,
        world: &World<'f>,
    ) -> Vec<Endpoint> {
        let here = |of: Option<usize>| of == project;
        let needs = |of: Option<usize>| {
            let needed = of.and_then(|of| self.needed.get(&of));
            let packages = project.and_then(|p| world.projects.get(p));
            let mut packages = packages.into_iter().flat_map(|p| &p.packages);
            packages.any(|(p, _)| needed.is_some_and(|all| all.contains(p.name.as_str())))
        };
        let own_loop = self.loops.iter().any(|(of, ..)| here(*of));
        let mut all: BTreeSet<BTreeSet<String>> = BTreeSet::new();
        for (of, from, prefix) in &self.loops {
            if !here(*of) && (own_loop || !needs(*of)) {
                continue;
            }
            let prefix = js_route_objects::filled(prefix, own);
            let prefix = prefix.unwrap_or_else(|| UNREAD.to_owned());
            let outer = from.and_then(|node| self.prefixes.get(&node));
            let none = [String::new()];
            let outer = outer.map_or(&none[..], Vec::as_slice).iter();
            all.insert(outer.map(|outer| above(outer, &prefix)).collect());
        }
        let prefixes = match all.len() {
            0 | 1 => all.pop_first().unwrap_or_default(),
            _ => BTreeSet::from([UNREAD.to_owned()]),
        };
        let one = |prefix: String| Endpoint {
            path: http_paths::from_unread(http_paths::join(&prefix, &endpoint.path)),
            router: None,
            ..endpoint.clone()
        };
        prefixes.into_iter().map(one).collect()
    }

    /// An action that an attribute of the program itself marks, with the methods and below the path
    /// that the attribute gives; none where no file explains the attribute.
    fn marked(&self, endpoint: Endpoint, path: &'f str, world: &World<'f>) -> Vec<Endpoint> {
        let named = |name: &str| self.index.node(path, &format!("={name}"));
        let open = || named(&format!("{}()]", endpoint.method.trim_end_matches(']')));
        let node = named(&endpoint.method).or_else(open);
        let Some((node, verbs)) = node.and_then(|n| Some((n, *self.verbs.get(&n)?))) else {
            return Vec::new();
        };
        let before = self.prefixes.get(&node).and_then(|all| all.first());
        let before = before.map_or("", String::as_str);
        let mut all = Vec::new();
        for verb in verbs {
            // What a function adds: a method with the path around the one that it is given.
            if let Some((method, around)) = verb.split_once(' ') {
                let whole = around.replace("{}", &endpoint.path);
                let made = Endpoint {
                    method: method.to_owned(),
                    path: match whole.contains(UNREAD) {
                        true => http_paths::from_unread(whole),
                        false => http_paths::join("", &whole),
                    },
                    ..endpoint.clone()
                };
                all.extend(self.placed_as(made, &endpoint.path, path, world));
                continue;
            }
            let path_of = match before.is_empty() || before == UNREAD {
                true => endpoint.path.clone(),
                false => http_paths::join(&endpoint.path, before),
            };
            let made = Endpoint {
                method: verb.clone(),
                path: path_of,
                ..endpoint.clone()
            };
            all.extend(self.placed_as(made, &endpoint.path, path, world));
        }
        all
    }

    /// A path of a script with constants of other files filled in, as far as one value of each is known:
    /// `/{ROUTES.USERS}/{id}`.
    fn of_script(&self, path: &str, project: Option<usize>) -> String {
        let mut out = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                break;
            };
            out.push_str(before);
            let key = format!("{}{name}", &js_path_constants::CONSTANT[1..]);
            let known = self.bases.get(&(project, key.as_str()));
            match known.filter(|value| !value.starts_with(UNREAD)) {
                Some(value) => {
                    let value = http_paths::template(value);
                    match out.ends_with('/') {
                        true => out.push_str(value.trim_start_matches('/')),
                        false => out.push_str(&value),
                    }
                }
                None => out.push_str(&format!("{{{name}}}")),
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// A path with the values of constants that another file gives: `/{settings.API}/x` where the
    /// default of the setting `API` is known. What is not known is not read.
    fn filled(&self, path: &str, project: Option<usize>) -> String {
        let Some((name, rest)) = path.strip_prefix("/{").and_then(|p| p.split_once('}')) else {
            return path.to_owned();
        };
        // A base is filled in at the end.
        if path[1..].starts_with(BASE) || path[1..].starts_with(ROUNDS) {
            return path.to_owned();
        }
        let last = name.rsplit(['.', ':']).next().unwrap_or(name);
        let constant = name.contains(['.', ':'])
            || last == "prefix"
            || !last.is_empty() && !last.bytes().any(|b| b.is_ascii_lowercase());
        if !constant {
            return path.to_owned();
        }
        match self
            .constants
            .get(&(project, last))
            .filter(|all| all.len() == 1)
        {
            Some(all) => {
                let value = all.first().copied().unwrap_or_default();
                http_paths::join(&http_paths::template(value), rest)
            }
            None => http_paths::join(UNREAD, rest),
        }
    }
}

/// Whether the default of a variable may be part of a path: one that begins with a slash, or a word under a
/// name that speaks of paths (`API_PREFIX`).
fn is_part(name: &str, value: &str) -> bool {
    let named = ["PREFIX", "PATH", "BASE", "ROOT"]
        .iter()
        .any(|word| name.to_ascii_uppercase().contains(word));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_/".contains(c);
    value.starts_with('/') || named && !value.is_empty() && value.chars().all(plain)
}

/// The outermost folder of a path: solutions of .NET lie beside each other in it.
fn outermost(path: &str) -> &str {
    path.split_once('/').map_or("", |(first, _)| first)
}

/// Two prefixes, one below the other; empty if both say nothing.
fn above(outer: &str, inner: &str) -> String {
    let bare = |p: &str| p.trim_matches('/').is_empty();
    match (bare(outer), bare(inner)) {
        (_, true) => outer.trim_end_matches('/').to_owned(),
        (true, false) => http_paths::join("", inner),
        (false, false) => http_paths::join(outer, inner),
    }
}

/// Whether a list of Go holds a function: what it holds besides are values.
fn is_list_of_functions(mount: &Mount) -> bool {
    let list = mount.router.as_deref();
    list.is_some_and(|name| name.ends_with(VALUE)) && !mount.target.ends_with(VALUE)
}

mod bases;
mod described;
mod graph;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_apps;
#[cfg(test)]
mod tests_bases;
#[cfg(test)]
mod tests_go;
#[cfg(test)]
mod tests_handed;
#[cfg(test)]
mod tests_js;
#[cfg(test)]
mod tests_more;
#[cfg(test)]
mod tests_places;
