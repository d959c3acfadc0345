//! Which router of which file an import names, by the rules of each language.

use crate::extractors::go_holders;
use crate::extractors::js_described_routes::DESCRIBED;
use crate::extractors::js_http::EVERYTHING;
use crate::extractors::js_own_paths::OWN;
use crate::extractors::js_route_objects::OBJECT;
use crate::extractors::play_routes::ROUTES;
use crate::extractors::roda_http::BRANCHES;
use crate::facts::{Claim, Endpoint, Mount};
use crate::imports::without_version;
use crate::resolve::python_modules::PythonModules;
use crate::resolve::world::{World, folder_of};
use std::collections::{BTreeMap, BTreeSet};

/// A file and the name of a router in it.
pub(crate) type Node<'f> = (&'f str, &'f str);

/// Scripts that give away others, of those that are followed for one name at most.
const MOST_BARRELS: usize = 64;

/// How those names begin that are no routers of the file that has them.
const UNNAMED: [&str; 3] = ["=", OWN, OBJECT];

/// Whether the routers of a file are classes.
pub(crate) fn is_class_file(path: &str) -> bool {
    [".java", ".kt", ".cs"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn is_csharp(path: &str) -> bool {
    path.ends_with(".cs")
}

/// The one of several that has most folders in common with a file: extensions of one name in modules
/// that each call their own.
fn closest<'f>(all: &[Node<'f>], path: &str) -> Option<Node<'f>> {
    let common = |(other, _): &Node<'f>| {
        let folders = folder_of(other).split('/').zip(folder_of(path).split('/'));
        folders.take_while(|(a, b)| a == b).count()
    };
    let most = all.iter().map(common).max()?;
    let mut found = all.iter().filter(|node| common(node) == most);
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

/// Routers by name, files by path and module.
pub(crate) struct Index<'f> {
    /// All names of a file that routes stand on or that take in others.
    names: BTreeMap<&'f str, BTreeSet<&'f str>>,
    /// Nodes by the last word of their name.
    by_name: BTreeMap<&'f str, Vec<Node<'f>>>,
    /// Nodes of C# that are methods, `Class::Method`, by the name of the method.
    methods: BTreeMap<&'f str, Vec<Node<'f>>>,
    routes: BTreeSet<Node<'f>>,
    /// Files of Python by the names of their modules.
    modules: PythonModules<'f>,
    paths: BTreeSet<&'f str>,
    /// Files of scripts by their own name.
    scripts: BTreeMap<&'f str, Vec<&'f str>>,
    /// Folders of crates by the name that code gives them.
    crates: BTreeMap<String, &'f str>,
    /// Folders of packages of npm by name.
    packages: BTreeMap<&'f str, &'f str>,
    /// Scripts that give away all of another, with how they name it.
    handed_on: BTreeMap<&'f str, Vec<&'f str>>,
    /// Types of fields of Go by the name of the field, each with the folder of its structure.
    go_fields: BTreeMap<&'f str, BTreeSet<(&'f str, &'f str)>>,
}

impl<'f> Index<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut index = Index {
            names: BTreeMap::new(),
            by_name: BTreeMap::new(),
            methods: BTreeMap::new(),
            routes: BTreeSet::new(),
            modules: PythonModules::default(),
            paths: BTreeSet::new(),
            scripts: BTreeMap::new(),
            crates: BTreeMap::new(),
            packages: BTreeMap::new(),
            handed_on: BTreeMap::new(),
            go_fields: BTreeMap::new(),
        };
        for (file, fact) in world.facts() {
            let path = file.path.as_str();
            let name = match &fact.claim {
                Claim::Package(package) if path.ends_with("Cargo.toml") => {
                    index
                        .crates
                        .insert(package.name.replace('-', "_"), folder_of(path));
                    continue;
                }
                Claim::Package(package) if package.ecosystem == "npm" => {
                    index.packages.insert(&package.name, &package.folder);
                    continue;
                }
                Claim::Router(router) => Some(router.name.as_str()),
                Claim::Mount(mount) if mount.router.as_deref() == Some(EVERYTHING) => {
                    let all = index.handed_on.entry(path).or_default();
                    all.push(&mount.target);
                    continue;
                }
                Claim::Mount(mount) => match mount.router.as_deref() {
                    Some(name) if name.starts_with(go_holders::FIELD) => {
                        let field = &name[go_holders::FIELD.len()..];
                        let all = index.go_fields.entry(field).or_default();
                        all.insert((folder_of(path), &mount.target));
                        continue;
                    }
                    name => name,
                },
                Claim::Endpoint(endpoint) => endpoint.router.as_deref(),
                _ => continue,
            };
            let Some(name) = name.filter(|n| !UNNAMED.iter().any(|begin| n.starts_with(begin)))
            else {
                continue;
            };
            if index.names.entry(path).or_default().insert(name) {
                let last = name.rsplit('.').next().unwrap_or(name);
                index.by_name.entry(last).or_default().push((path, name));
                if let Some((_, method)) = name.rsplit_once("::").filter(|_| is_csharp(path)) {
                    index.methods.entry(method).or_default().push((path, name));
                }
            }
            if !matches!(&fact.claim, Claim::Router(_)) {
                index.routes.insert((path, name));
            }
        }
        if index.names.is_empty() {
            return index;
        }
        for file in world.files {
            let path = file.path.as_str();
            if path.ends_with(".py") {
                index.modules.add(path);
            } else if is_script(path) {
                index.paths.insert(path);
                let last = path.rsplit('/').next().unwrap_or(path);
                index.scripts.entry(last).or_default().push(path);
            }
        }
        index
    }

    /// Whether something stands on a router.
    pub(crate) fn has_routes(&self, node: Node<'f>) -> bool {
        self.routes.contains(&node)
    }

    /// The router that an endpoint stands on.
    pub(crate) fn of_endpoint(&self, path: &'f str, endpoint: &Endpoint) -> Option<Node<'f>> {
        self.node(path, endpoint.router.as_deref()?)
    }

    /// A router as a file names it.
    pub(crate) fn node(&self, path: &'f str, name: &str) -> Option<Node<'f>> {
        match name.strip_prefix('=') {
            Some(target) => self.named(path, target).into_iter().next(),
            None => {
                let name = self.names.get(path)?.get(name)?;
                Some((path, name))
            }
        }
    }

    /// The routers that a mount takes in.
    pub(crate) fn targets(&self, path: &'f str, mount: &Mount) -> Vec<Node<'f>> {
        self.named(path, &mount.target)
    }

    fn named(&self, path: &'f str, target: &str) -> Vec<Node<'f>> {
        if let Some(name) = target.strip_prefix('#') {
            return self.node(path, name).into_iter().collect();
        }
        // A function of the program that adds routes, by its name alone.
        if target.starts_with('[') && is_script(path) {
            let all = self.by_name.get(target).into_iter().flatten();
            let mut all = all.filter(|(p, _)| is_script(p));
            let first = all.next().copied();
            return first.filter(|_| all.next().is_none()).into_iter().collect();
        }
        match path.rsplit('.').next() {
            Some("py") => self.python(path, target).into_iter().collect(),
            Some("go") => match target.strip_prefix('$') {
                Some(name) => self.go_variable(path, name),
                None => self.go(path, target),
            },
            // A module may have the name of a crate: `dump::Api` in a workspace with a crate `dump`.
            Some("rb") => match target
                .strip_prefix("::")
                .filter(|t| t.starts_with(BRANCHES))
            {
                // Any number of files have branches of one name.
                Some(branches) => {
                    let all = self.by_name.get(branches);
                    all.cloned().unwrap_or_default()
                }
                None => self.drawn(path, target).into_iter().collect(),
            },
            Some("rs") => self
                .rust(path, target, true)
                .or_else(|| self.rust(path, target, false))
                .into_iter()
                .collect(),
            // Which of the classes that have the method an object is of, is not known: any.
            Some("cs") if target.starts_with("?::") => {
                let all = self.methods.get(&target["?::".len()..]);
                all.cloned().unwrap_or_default()
            }
            Some("java" | "kt" | "cs") => self.class(path, target).into_iter().collect(),
            _ if is_script(path) => self
                .script(path, target, &mut BTreeSet::new())
                .into_iter()
                .collect(),
            _ if path.ends_with(ROUTES) => self.routes_file(path, target).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// `shop.api.BaseResource` for a class that is imported, `BaseResource` for one of the same
    /// file or package; else the only one of its name.
    fn class(&self, path: &'f str, target: &str) -> Option<Node<'f>> {
        let (package, name) = target.rsplit_once('.').unwrap_or(("", target));
        let all = self.by_name.get(name)?;
        let is_class = |(p, n): &&Node<'f>| *n == name && is_class_file(p);
        let all: Vec<Node<'f>> = all.iter().filter(is_class).copied().collect();
        let folder = package.replace('.', "/");
        let near = |(p, _): &&Node<'f>| match folder.as_str() {
            "" => folder_of(p) == folder_of(path),
            _ => folder_of(p).ends_with(&folder),
        };
        let same = all.iter().find(|(p, _)| *p == path && folder.is_empty());
        let mut nearest = all.iter().filter(near);
        match (same, nearest.next(), nearest.next()) {
            (Some(node), ..) | (None, Some(node), None) => Some(*node),
            _ if all.len() > 1 && is_csharp(path) => closest(&all, path),
            _ => all.first().copied().filter(|_| all.len() == 1),
        }
    }

    /// `orders.Routes` of Play: the file `orders.routes`, beside this one or of another module.
    fn routes_file(&self, path: &'f str, target: &str) -> Option<Node<'f>> {
        let name = format!("{}.{ROUTES}", target.strip_suffix(".Routes")?);
        let all = self.by_name.get(ROUTES)?;
        let fits = |(p, _): &&Node<'f>| p.rsplit('/').next() == Some(name.as_str());
        let here = |(p, _): &&&Node<'f>| folder_of(p) == folder_of(path);
        let found: Vec<&Node<'f>> = all.iter().filter(fits).collect();
        let near = found.iter().find(here).copied();
        near.or_else(|| found.first().copied().filter(|_| found.len() == 1))
            .copied()
    }

    /// `.users.router` and `shop.api.users.router`.
    fn python(&self, path: &'f str, target: &str) -> Option<Node<'f>> {
        let (module, name) = target.rsplit_once('.')?;
        let dots = target.len() - target.trim_start_matches('.').len();
        let inner = module.trim_start_matches('.');
        let parts: Vec<&str> = inner.split('.').filter(|p| !p.is_empty()).collect();
        let file = self.modules.file(path, dots, &parts)?;
        if let Some(name) = self.names.get(file).and_then(|names| names.get(name)) {
            return Some((file, name));
        }
        // A package hands on what the only one of its modules has.
        let package = folder_of(file);
        let inside = |(p, n): &&Node<'f>| {
            *n == name
                && p.ends_with(".py")
                && p.strip_prefix(package)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let mut all = (self.by_name.get(name)?.iter())
            .filter(|_| file.ends_with("/__init__.py"))
            .filter(inside);
        let first = all.next()?;
        all.next().is_none().then_some(*first)
    }

    /// `github.com/acme/shop/users.Routes`, `.Routes` of the same package or of an object
    /// whose type is not known, `github.com/acme/shop/users.NewHandler.Routes` of one that is.
    fn go(&self, path: &'f str, target: &str) -> Vec<Node<'f>> {
        let (package, rest) = match target.rfind('/') {
            Some(slash) => match target[slash..].split_once('.') {
                Some((last, rest)) => (&target[..slash + last.len()], rest),
                None => return Vec::new(),
            },
            None => match target.split_once('.') {
                Some(pair) => pair,
                None => return Vec::new(),
            },
        };
        if let Some((field, method)) = rest
            .strip_prefix(go_holders::FIELD)
            .and_then(|r| r.split_once('.'))
        {
            let of_type = self.go_field(path, field);
            let found = of_type.map(|kind| self.go(path, &format!("{kind}.{method}")));
            return match found.filter(|all| !all.is_empty()) {
                Some(all) => all,
                None => self.go(path, &format!(".{method}")),
            };
        }
        let name = rest.rsplit('.').next().unwrap_or(rest);
        let known = self.by_name.get(name).into_iter().flatten().copied();
        let mut all: Vec<Node<'f>> = known.filter(|(p, _)| p.ends_with(".go")).collect();
        // Each round of a loop has another that is registered: `h.Register(group)`.
        if rest.starts_with('*') {
            all.retain(|(_, name)| name.contains('.'));
            // Types of several packages are those of several loops: which is meant where, was not read.
            let folders: BTreeSet<&str> = all.iter().map(|(p, _)| folder_of(p)).collect();
            return match folders.len() {
                0 | 1 => all,
                _ => Vec::new(),
            };
        }
        // `users.New(store).Handler` gives away what `New` has filled.
        if all.is_empty()
            && let Some((maker, _)) = rest.rsplit_once('.')
            && maker.starts_with("New")
        {
            return self.go(path, &format!("{package}.{maker}"));
        }
        let here = |(p, _): &Node<'f>| folder_of(p) == folder_of(path);
        // No package imports itself, and a method is one of its type.
        if !package.is_empty() {
            all.retain(|n| !here(n));
            let kind = rest.split_once('.').map(|(kind, _)| kind);
            let fits = |n: &Node<'f>| n.1.split_once('.').map(|(kind, _)| kind) == kind;
            if kind.is_some() && all.iter().any(fits) {
                all.retain(fits);
            }
        }
        let mut found: Vec<Node<'f>> = match package {
            "" if all.iter().any(here) => all.into_iter().filter(here).collect(),
            "" => all,
            _ => {
                // Of the import `…/api/v2` nobody knows whether that is a version or a folder.
                let depth = |(p, _): &Node<'f>| {
                    let folder = folder_of(p);
                    let plain = ends_alike(package, &without_version(folder));
                    let whole = ends_alike(package, folder);
                    // Of `api` and `api/v3` the import of `api` means the first.
                    (whole.max(plain), whole >= plain)
                };
                let most = all.iter().map(depth).max().unwrap_or_default();
                let near = |n: &Node<'f>| most.0 > 0 && depth(n) == most;
                let found: Vec<Node<'f>> = all.iter().copied().filter(near).collect();
                // `router.Groups.System.Register`: the type of a field of another package, which only one has.
                match found.is_empty() && all.len() == 1 && rest.matches('.').count() > 1 {
                    true => all,
                    false => found,
                }
            }
        };
        if found.len() > 1
            && let Some((kind, _)) = rest.rsplit_once('.')
        {
            let kind = kind.rsplit('.').next().unwrap_or(kind);
            let kind = kind.strip_prefix("New").unwrap_or(kind);
            let of_kind = |n: &&Node<'f>| n.1.split('.').next() == Some(kind);
            if found.iter().any(|n| of_kind(&n)) {
                found.retain(|n| of_kind(&n));
            }
        }
        let folders: BTreeSet<&str> = found.iter().map(|(p, _)| folder_of(p)).collect();
        match folders.len() {
            1 if found.len() == 1 => found,
            _ => Vec::new(),
        }
    }

    /// The type of a field of a structure of the same package; else that of the only ones of its name.
    fn go_field(&self, path: &str, field: &str) -> Option<&'f str> {
        let all = self.go_fields.get(field)?;
        let only = |here: bool| {
            let fits = all.iter().filter(|(f, _)| !here || *f == folder_of(path));
            let kinds: BTreeSet<&'f str> = fits.map(|(_, kind)| *kind).collect();
            let first = kinds.first().copied();
            (first.filter(|_| kinds.len() == 1), kinds.is_empty())
        };
        match only(true) {
            (_, true) => only(false).0.filter(|kind| !kind.starts_with('.')),
            (kind, false) => kind,
        }
    }

    /// A variable of a package, in all files of the package that use it.
    fn go_variable(&self, path: &'f str, name: &str) -> Vec<Node<'f>> {
        let all = self.by_name.get(name).into_iter().flatten().copied();
        all.filter(|(p, n)| p.ends_with(".go") && *n == name && folder_of(p) == folder_of(path))
            .collect()
    }

    /// `crate.api.users.routes`, `users.routes`.
    fn rust(&self, path: &'f str, target: &str, crates: bool) -> Option<Node<'f>> {
        let mut parts: Vec<&str> = target
            .split('.')
            .filter(|p| !matches!(*p, "crate" | "self" | "super"))
            .collect();
        let name = parts.pop()?;
        // `users::Controller::routes` stands in the module `users`.
        while parts
            .last()
            .is_some_and(|p| p.starts_with(char::is_uppercase))
        {
            parts.pop();
        }
        let all = self.by_name.get(name)?;
        let own = target.starts_with("self.") || !target.contains('.');
        // The first part may be another crate of the repository.
        let first = parts.first().filter(|_| crates);
        let folder = first.and_then(|first| self.crates.get(*first));
        let mut inside = String::new();
        if let Some(folder) = folder {
            parts.remove(0);
            inside = match folder.is_empty() {
                true => String::new(),
                false => format!("{folder}/"),
            };
        }
        let fits = |(p, _): &&Node<'f>| -> bool {
            if !p.ends_with(".rs") {
                return false;
            }
            if !p.starts_with(&inside) {
                return false;
            }
            let stem = rust_module(p);
            if parts.is_empty() {
                // The root of the crate, which may give away what its modules have.
                return match folder {
                    Some(_) => p.ends_with("/lib.rs") || *p == "src/lib.rs",
                    None => !own || *p == path,
                };
            }
            let segments: Vec<&str> = stem.split('/').collect();
            segments.ends_with(&parts)
        };
        let mut found: Vec<&Node<'f>> = all.iter().filter(fits).collect();
        // A path from the root of a crate names one file: `shop::endpoints` is not `shop::orders::endpoints`.
        let root = match folder {
            Some(folder) => Some(*folder),
            None if target.starts_with("crate.") => self.crate_of(path),
            None => None,
        };
        if let Some(root) = root.filter(|_| found.len() > 1) {
            let begin = if root.is_empty() { "" } else { "/" };
            let whole = format!("{root}{begin}src/{}", parts.join("/"));
            if found.iter().any(|(p, _)| rust_module(p) == whole) {
                found.retain(|(p, _)| rust_module(p) == whole);
            }
        }
        if found.is_empty() && !parts.is_empty() {
            // A module may give away what a file below it has.
            let below = |(p, _): &&Node<'f>| {
                let mut outer: Vec<&str> = rust_module(p).split('/').collect();
                outer.pop();
                p.ends_with(".rs") && p.starts_with(&inside) && outer.ends_with(&parts)
            };
            found = all.iter().filter(below).collect();
        }
        // `api::v1::router` may be of a module `v1` that stands within the file of `api`.
        if found.is_empty()
            && let Some((_, outer)) = parts.split_last().filter(|(_, outer)| !outer.is_empty())
        {
            let around = |(p, _): &&Node<'f>| {
                let segments: Vec<&str> = rust_module(p).split('/').collect();
                p.ends_with(".rs") && p.starts_with(&inside) && segments.ends_with(outer)
            };
            found = all.iter().filter(around).collect();
        }
        found.sort_by_key(|(p, n)| (std::cmp::Reverse(shared(p, path)), *p, *n));
        let best = found.first().copied()?;
        let tie = found.get(1).is_some_and(|n| {
            shared(n.0, path) == shared(best.0, path) && parts.is_empty() && n.0 != best.0
        });
        (!tie).then_some(*best)
    }

    /// The folder of the crate that a file is part of.
    fn crate_of(&self, path: &str) -> Option<&'f str> {
        let holds = |folder: &&&'f str| {
            let rest = path.strip_prefix(**folder);
            rest.is_some_and(|rest| folder.is_empty() || rest.starts_with('/'))
        };
        let all = self.crates.values().filter(holds);
        all.max_by_key(|folder| folder.len()).copied()
    }

    /// `api#routes`: the file `config/routes/api.rb` of an application of Rails.
    ///
    /// `::Shop::Engine`: the class of that name, also where its modules are left out.
    fn drawn(&self, path: &'f str, target: &str) -> Option<Node<'f>> {
        if let Some(class) = target.strip_prefix("::") {
            let ruby = |node: &&Node<'f>| node.0.ends_with(".rb");
            let exact = self.by_name.get(class).into_iter().flatten().find(ruby);
            let inner = || {
                let ends = |name: &str| {
                    let before = name.strip_suffix(class);
                    before.is_some_and(|before| before.ends_with("::"))
                };
                let all = self.by_name.iter().filter(|(name, _)| ends(name));
                all.flat_map(|(_, nodes)| nodes).find(ruby)
            };
            return exact.or_else(inner).copied();
        }
        let (file, name) = target.split_once('#')?;
        let config = path.rfind("config/")? + "config/".len();
        let wanted = format!("{}routes/{file}.rb", &path[..config]);
        let (file, names) = self.names.get_key_value(wanted.as_str())?;
        Some((file, names.get(name)?))
    }

    /// `./routes/users#default`; `seen` are the files whose others were asked, since these may name each other.
    fn script(
        &self,
        path: &'f str,
        target: &str,
        seen: &mut BTreeSet<&'f str>,
    ) -> Option<Node<'f>> {
        let (module, name) = target.rsplit_once('#')?;
        let base = if module.starts_with('.') {
            normal(folder_of(path), module)
        } else {
            let file = self.packaged(module).or_else(|| self.aliased(path, module));
            return self.in_script(file?, name);
        };
        let mut all = candidates(&base).into_iter();
        let file = all.find_map(|c| self.paths.get(c.as_str()).copied())?;
        let given = self.names.get(file).and_then(|names| names.get(name));
        if let Some(given) = given {
            return Some((file, *given));
        }
        let Some(others) = self.handed_on.get(file) else {
            return self.in_script(file, name);
        };
        if seen.len() == MOST_BARRELS || !seen.insert(file) {
            return None;
        }
        let mut one = |other: &&str| self.script(file, &format!("{other}#{name}"), seen);
        match others.as_slice() {
            [other] => one(other),
            // Of several the one that has the name is meant.
            others => others.iter().filter_map(one).find(|node| node.1 == name),
        }
    }

    /// The file of a package of the same repository: `@shop/api`, `@shop/api/routes/users`.
    fn packaged(&self, module: &str) -> Option<&'f str> {
        let end = match module.starts_with('@') {
            true => module.match_indices('/').nth(1).map(|(at, _)| at),
            false => module.find('/'),
        };
        let (package, inner) = module.split_at(end.unwrap_or(module.len()));
        let folder = self.packages.get(package)?;
        let inner = inner.trim_start_matches('/');
        let bases = match inner {
            "" => vec![
                String::new(),
                "src".to_owned(),
                "src/main".to_owned(),
                "src/app".to_owned(),
                "lib".to_owned(),
            ],
            inner => vec![inner.to_owned(), format!("src/{inner}")],
        };
        bases.into_iter().find_map(|base| {
            let base = normal(folder, &base);
            let mut all = candidates(&base).into_iter();
            all.find_map(|one| self.paths.get(one.as_str()).copied())
        })
    }

    /// The file that an alias of a folder leads to: `@/routes` and `~/routes` of the folder of the
    /// sources, `@server/routes` and `server/routes` of one that is called so.
    fn aliased(&self, path: &str, module: &str) -> Option<&'f str> {
        let own = ["@/", "~/", "#/"]
            .iter()
            .find_map(|a| module.strip_prefix(a));
        let inner = match own {
            Some(rest) => format!("src/{rest}"),
            None => module.trim_start_matches(['@', '~', '#']).to_owned(),
        };
        if !inner.contains('/') {
            return None;
        }
        let all = candidates(&inner).into_iter().find_map(|wanted| {
            let last = wanted.rsplit('/').next()?.to_owned();
            let fits = |p: &&&'f str| {
                p.strip_suffix(wanted.as_str())
                    .is_some_and(|before| before.is_empty() || before.ends_with('/'))
            };
            let found: Vec<&'f str> = self
                .scripts
                .get(last.as_str())?
                .iter()
                .filter(fits)
                .copied()
                .collect();
            (!found.is_empty()).then_some(found)
        })?;
        all.into_iter().max_by_key(|p| shared(p, path))
    }

    /// The only routers of the scripts of a folder, each with the name of its file: of `users.routes.js` that is
    /// `users`.
    pub(crate) fn in_folder(&self, path: &'f str, folder: &str) -> Vec<(Node<'f>, &'f str)> {
        let whole = normal(folder_of(path), folder);
        let mut all = Vec::new();
        for (&file, names) in &self.names {
            if folder_of(file) != whole || file == path || !is_script(file) {
                continue;
            }
            let last = file.rsplit('/').next().unwrap_or(file);
            let stem = last.split('.').next().unwrap_or(last);
            let name = names.get("default").or_else(|| only_router(names));
            if let Some(name) = name.filter(|_| stem != "index") {
                all.push(((file, *name), stem));
            }
        }
        all
    }

    fn in_script(&self, file: &'f str, name: &str) -> Option<Node<'f>> {
        let names = self.names.get(file)?;
        let found = names.get(name).or_else(|| {
            // A whole module is taken in: its only router is meant.
            only_router(names)
        })?;
        Some((file, found))
    }
}

/// The only router of a script, which may give away described routes beside it.
fn only_router<'n, 'f>(names: &'n BTreeSet<&'f str>) -> Option<&'n &'f str> {
    let mut all = names.iter().filter(|name| !name.starts_with(DESCRIBED));
    let first = all.next();
    first.filter(|_| all.next().is_none())
}

pub(crate) fn is_script(path: &str) -> bool {
    matches!(
        path.rsplit('.').next(),
        Some("js" | "ts" | "mjs" | "cjs" | "mts" | "cts" | "jsx" | "tsx")
    )
}

fn rust_module(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    ["/mod", "/lib", "/main"]
        .iter()
        .find_map(|end| stem.strip_suffix(end))
        .unwrap_or(stem)
}

/// How many bytes two paths have in common at the begin.
pub(crate) fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// How many folders two paths have in common at the end.
fn ends_alike(a: &str, b: &str) -> usize {
    let (a, b) = (a.rsplit('/'), b.rsplit('/'));
    a.zip(b)
        .take_while(|(a, b)| a == b && !a.is_empty())
        .count()
}

/// A relative module as a path without an end.
fn normal(folder: &str, module: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in module.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// The files that a module without an end may be.
fn candidates(base: &str) -> Vec<String> {
    let mut all = vec![base.to_owned()];
    // TypeScript imports what its compiler will write.
    let stem = base.strip_suffix(".js").unwrap_or(base);
    for end in ["ts", "js", "mjs", "cjs", "tsx", "jsx"] {
        all.push(format!("{stem}.{end}"));
    }
    for end in ["ts", "js", "mjs"] {
        all.push(format!("{base}/index.{end}"));
    }
    all
}
