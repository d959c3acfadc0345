//! Which function or class answers an endpoint, and what it takes and gives.

use crate::extractors::django_handlers::{ANY, WITH, WITHOUT};
use crate::extractors::js_error_handlers::{ANSWERS, HANDED};
use crate::extractors::js_inline::INLINE;
use crate::extractors::rust_handlers::FUNCTION;
use crate::facts::{Claim, Endpoint, Handler};
use crate::resolve::django::view_of;
use crate::resolve::names::{is_aside, plain};
use crate::resolve::world::{World, folder_of};
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// A handler and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'f> {
    pub(crate) handler: &'f Handler,
    pub(crate) at: &'f Evidence,
}

/// All handlers by name.
pub(crate) struct Handlers<'f> {
    by_name: BTreeMap<&'f str, Vec<(&'f Handler, &'f Evidence)>>,
    /// Handlers without a name by file and line; none where a line has several.
    inline: BTreeMap<(&'f str, u32), Option<(&'f Handler, &'f Evidence)>>,
    /// What files of Node with handlers are called.
    modules: BTreeSet<String>,
    /// Where the program answers the errors that functions of a file hand on, by the path of the file.
    answered: BTreeMap<&'f str, &'f Evidence>,
}

/// Base classes above a class at most.
const HIGHEST: usize = 24;

impl<'f> Handlers<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut by_name: BTreeMap<&'f str, Vec<(&'f Handler, &'f Evidence)>> = BTreeMap::new();
        let mut inline = BTreeMap::new();
        let mut modules = BTreeSet::new();
        let mut handing: BTreeSet<&'f str> = BTreeSet::new();
        for (file, fact) in world.facts() {
            if let Claim::Handler(handler) = &fact.claim
                && !is_aside(&file.path)
            {
                let seen = (handler.as_ref(), &fact.at);
                if handler.throws.iter().any(|name| name.starts_with(HANDED)) {
                    handing.insert(&fact.at.path);
                }
                if handler.name == INLINE {
                    let place = (fact.at.path.as_str(), fact.at.lines[0]);
                    let known = inline.contains_key(&place);
                    inline.insert(place, (!known).then_some(seen));
                    continue;
                }
                if of_node(&file.path) {
                    modules.insert(module_of(&file.path));
                }
                by_name.entry(&handler.name).or_default().push(seen);
            }
        }
        let answers: Vec<_> = (by_name.get(ANSWERS).into_iter().flatten())
            .map(|&(_, at)| (world.project_of(&at.path), at))
            .collect();
        let answered = handing.into_iter().filter_map(|path| {
            // Another program of the repository answers only its own.
            let project = world.project_of(path);
            let own: Vec<_> = (answers.iter().copied())
                .filter(|(of, _)| *of == project)
                .collect();
            nearest(&own, path).map(|(_, at)| (path, at))
        });
        Handlers {
            answered: answered.collect(),
            by_name,
            inline,
            modules,
        }
    }

    /// Where the errors that functions of a file hand on with a status are answered with it.
    pub(crate) fn answering(&self, path: &str) -> Option<&'f Evidence> {
        self.answered.get(path).copied()
    }

    /// The handler called `name` that a file at `path` means: its own, that of its folder, else the
    /// only one there is.
    pub(crate) fn named(&self, name: &str, path: &str) -> Option<Seen<'f>> {
        let all = self.by_name.get(name)?;
        nearest(all, path).map(|(handler, at)| Seen { handler, at })
    }

    /// The function that a route of Go names: of several of the name the one in the folder that its package or
    /// the variable before it is called after, `api_v1.List` in `api/v1`.
    pub(crate) fn routed_in_go(&self, name: &str, path: &str) -> Option<Seen<'f>> {
        let (before, last) = name.rsplit_once('.').unwrap_or(("", name));
        let all = self.by_name.get(last)?.iter().copied();
        let all: Vec<_> = all.filter(|(_, at)| at.path.ends_with(".go")).collect();
        let owner = plain(before.rsplit('.').next().unwrap_or_default());
        // Whole folders: `apiv1` is `api/v1`, `auth` is not `oauth`.
        let called = |at: &Evidence| {
            let mut parts = String::new();
            owner.len() > 1
                && folder_of(&at.path).rsplit('/').take(4).any(|part| {
                    parts.insert_str(0, &plain(part));
                    parts == owner
                })
        };
        let own: Vec<_> = all.iter().copied().filter(|(_, at)| called(at)).collect();
        // Where its package has several of the name, one of another package is not meant.
        let found = match own.is_empty() {
            true => nearest(&all, path),
            false => nearest(&own, path),
        };
        found.map(|(handler, at)| Seen { handler, at })
    }

    /// The function of Go that a file at `path` calls so: one of its own package, of the package that is named
    /// by its module, or a method, which may be of any.
    pub(crate) fn of_go(&self, name: &str, path: &str) -> Option<Seen<'f>> {
        let (module, last) = match name.rsplit_once('/') {
            Some((before, rest)) => {
                let (package, last) = rest.rsplit_once('.')?;
                (Some(format!("{before}/{package}")), last)
            }
            None => match name.split_once('.') {
                Some(("", last)) => (None, last),
                // A package of the standard library is none of these.
                Some(_) => return None,
                None => (None, name),
            },
        };
        // A method of another type is surely meant only where it is the only one.
        let (last, only) = match last.strip_prefix('.') {
            Some(last) => (last, true),
            None => (last, false),
        };
        let all = self.by_name.get(last)?.iter().copied();
        let fits = |at: &Evidence| {
            let folder = folder_of(&at.path);
            at.path.ends_with(".go")
                && match &module {
                    Some(module) => {
                        let rest = module.strip_suffix(folder);
                        !folder.is_empty() && rest.is_some_and(|rest| rest.ends_with('/'))
                    }
                    None => name.starts_with('.') || folder == folder_of(path),
                }
        };
        let method = name.starts_with('.');
        let all = all.filter(|(handler, at)| handler.handing.method == method && fits(at));
        let all: Vec<_> = all.collect();
        // What serves is whatever it was made from.
        if last == "ServeHTTP" || only && all.len() != 1 {
            return None;
        }
        nearest(&all, path).map(|(handler, at)| Seen { handler, at })
    }

    /// The same of a name with the module before it, `orders.AddView`: of several of the name the one in
    /// a file or folder that is called so.
    fn qualified(&self, name: &str, path: &str) -> Option<Seen<'f>> {
        let (before, last) = name.rsplit_once('.').unwrap_or(("", name));
        self.of_module(before, last, path)
    }

    /// What is called `name` in a module, `shop.orders`, as a file at `path` names it.
    pub(crate) fn of_module(&self, before: &str, name: &str, path: &str) -> Option<Seen<'f>> {
        let all = self.by_name.get(name)?;
        if before.is_empty() || all.len() < 2 {
            return self.named(name, path);
        }
        let dots = before.len() - before.trim_start_matches('.').len();
        let mut folder = folder_of(path);
        for _ in 1..dots {
            folder = folder_of(folder);
        }
        let outer = folder.split('/').filter(|_| dots > 0);
        let module: Vec<&str> = outer
            .chain(before.split('.'))
            .filter(|p| !p.is_empty())
            .collect();
        // How many parts at the end of the module are those of a file, or of its folder.
        let common = |at: &Evidence| {
            let stem = at.path.rsplit_once('.').map_or(at.path.as_str(), |p| p.0);
            let alike = |stem: &str| {
                let parts = stem.rsplit('/').zip(module.iter().rev());
                parts.take_while(|(a, b)| a == *b).count()
            };
            alike(stem).max(alike(folder_of(stem)))
        };
        let most = all.iter().map(|(_, at)| common(at)).max().unwrap_or(0);
        let called = |at: &Evidence| most > 0 && common(at) == most;
        let own: Vec<_> = all.iter().copied().filter(|(_, at)| called(at)).collect();
        match nearest(&own, path) {
            Some((handler, at)) => Some(Seen { handler, at }),
            None => self.named(name, path),
        }
    }

    /// The name of what answers where several stand around each other, the outermost first: the
    /// innermost that some file shows to take requests, else the first.
    pub(crate) fn innermost(&self, names: &str, path: &str) -> String {
        let known = |name: &&str| {
            let last = name.rsplit('.').next().unwrap_or(name);
            match path.ends_with(".go") {
                true => self.routed_in_go(name, path).is_some(),
                false => self.named(last, path).is_some(),
            }
        };
        // `auth.RequireAdmin()` only stands around what answers. What answers is not told by its name: a `listRoles`
        // is no guard.
        let answering = || names.split('|').filter(|name| !name.ends_with("()"));
        let first = answering().next().unwrap_or(names);
        answering().rfind(known).unwrap_or(first).to_owned()
    }

    /// The handler of an endpoint, if its body was read.
    pub(crate) fn of_endpoint(&self, endpoint: &Endpoint, at: &Evidence) -> Option<Seen<'f>> {
        // Routes that are files have handlers called by the method.
        let name = match &endpoint.handler {
            Some(name) => name.rsplit(['.', ':']).next().unwrap_or(name),
            None if endpoint.framework == "nextjs" => endpoint.method.as_str(),
            None => {
                let found = self.inline.get(&(at.path.as_str(), at.lines[0]));
                let (handler, at) = (*found?)?;
                return Some(Seen { handler, at });
            }
        };
        // Of overloaded methods the one whose declaration the route stands at.
        let here = self.by_name.get(name).and_then(|all| {
            let mut fits = all.iter().filter(|(_, place)| {
                place.path == at.path && (at.lines[0]..=at.lines[1]).contains(&place.lines[0])
            });
            let one = fits.next()?;
            fits.next().is_none().then_some(Seen {
                handler: one.0,
                at: one.1,
            })
        });
        let found = match endpoint.handler.as_deref().and_then(|h| h.rsplit_once('.')) {
            _ if at.path.ends_with(".go") => {
                let whole = endpoint.handler.as_deref().unwrap_or(name);
                self.routed_in_go(whole, &at.path)
            }
            Some((owner, _)) if of_node(&at.path) => self.owned(owner, name, &at.path),
            _ if at.path.ends_with(".rs") => self.of_rust(endpoint.handler.as_deref()?, &at.path),
            _ => self.named(name, &at.path),
        };
        if endpoint.framework.starts_with("django") {
            return self
                .viewed(endpoint, at)
                .or(here.or(found).filter(is_function));
        }
        let seen = here.or(found)?;
        // Of a class only its own and inherited methods were read, not what they take.
        is_function(&seen).then_some(seen)
    }

    /// The body of a view of Django for the method of an endpoint: that of a function, or of a method of its
    /// class or the nearest base that has it.
    fn viewed(&self, endpoint: &Endpoint, at: &Evidence) -> Option<Seen<'f>> {
        let name = view_of(endpoint)?;
        let (module, last) = name.rsplit_once('.').unwrap_or(("", name));
        let method = endpoint.method.to_ascii_lowercase();
        let words = match endpoint.verbs.as_slice() {
            [] => vec![method, ANY.to_owned()],
            // What a router or `as_view({"get": "list"})` leads to.
            words => words.to_vec(),
        };
        let (line, _) = self.line(name, &at.path);
        words.iter().find_map(|word| {
            let of_class = line
                .iter()
                .filter(|seen| !is_function(seen))
                .find_map(|seen| {
                    let whole = format!("{}.{word}", seen.handler.name);
                    let all = self.by_name.get(whole.as_str())?;
                    let own = all.iter().find(|(_, place)| place.path == seen.at.path);
                    let found = own.map(|(handler, at)| Seen { handler, at })?;
                    Some(self.on_path(&whole, &endpoint.path, found))
                });
            of_class.or_else(|| self.of_module(module, &format!("{last}.{word}"), &at.path))
        })
    }

    /// Of a method that a path may leave a parameter of out, what it does where the path has it, or has not.
    fn on_path(&self, name: &str, path: &str, found: Seen<'f>) -> Seen<'f> {
        let with = format!("{name}{WITH}");
        let all = self.by_name.range(with.as_str()..);
        let mut all = all.map_while(|(key, all)| Some((key.strip_prefix(with.as_str())?, all)));
        let here =
            |all: &[(&Handler, &Evidence)]| all.iter().any(|(_, at)| at.path == found.at.path);
        let Some((parameter, _)) = all.find(|(_, all)| here(all)) else {
            return found;
        };
        let mark = match path.contains(&format!("{{{parameter}}}")) {
            true => WITH,
            false => WITHOUT,
        };
        let all = self
            .by_name
            .get(format!("{name}{mark}{parameter}").as_str());
        let mut own = all
            .into_iter()
            .flatten()
            .filter(|(_, at)| at.path == found.at.path);
        own.next()
            .map_or(found, |(handler, at)| Seen { handler, at })
    }

    /// The function `name` of Django that answers requests of this method for another.
    pub(crate) fn view(&self, name: &str, method: &str, path: &str) -> Option<Seen<'f>> {
        let (module, name) = name.rsplit_once('.').unwrap_or(("", name));
        let own = format!("{name}.{}", method.to_ascii_lowercase());
        (self.of_module(module, &own, path))
            .or_else(|| self.of_module(module, &format!("{name}.{ANY}"), path))
    }

    /// The function that a program of Node names in a route, with the object or module before it if it does.
    pub(crate) fn function(&self, name: &str, path: &str) -> Option<Seen<'f>> {
        match name.rsplit_once('.') {
            Some((owner, last)) => self.owned(owner, last, path),
            None => self.named(name, path),
        }
    }

    /// The function `name` that a program of Node takes of a module or object: the one in the file called
    /// after it, `create` of `user.controller.js` for `userController.create`, else the only one there is.
    fn owned(&self, owner: &str, name: &str, path: &str) -> Option<Seen<'f>> {
        let all = self.by_name.get(name)?;
        let owner = bare(owner.rsplit('.').next().unwrap_or(owner));
        let called = |at: &Evidence| module_of(&at.path) == owner;
        let own: Vec<_> = all.iter().copied().filter(|(_, at)| called(at)).collect();
        // A module that is here and has none of the name was read otherwise, or makes it when it runs.
        match own.is_empty() {
            true => (all.len() == 1 && !self.modules.contains(&owner))
                .then(|| self.named(name, path))
                .flatten(),
            false => nearest(&own, path).map(|(handler, at)| Seen { handler, at }),
        }
    }

    /// The function of Rust that a route names, `orders::list`: the one in the file or folder that is called like the
    /// module before it.
    fn of_rust(&self, whole: &str, path: &str) -> Option<Seen<'f>> {
        let mut words = whole.rsplit(['.', ':']).filter(|word| !word.is_empty());
        let name = format!("{FUNCTION}{}", words.next()?);
        let all = self.by_name.get(name.as_str())?;
        let module = words
            .next()
            .filter(|m| !matches!(*m, "self" | "super" | "crate"));
        let Some(module) = module else {
            return nearest(all, path).map(|(handler, at)| Seen { handler, at });
        };
        // The file that is called like the module, else the folder.
        let in_module = |at: &Evidence, folder: bool| {
            let stem = at.path.strip_suffix(".rs").unwrap_or(&at.path);
            let stem = stem.strip_suffix("/mod").unwrap_or(stem);
            stem.rsplit('/').nth(usize::from(folder)) == Some(module)
        };
        [false, true].iter().find_map(|&folder| {
            let own: Vec<_> = (all.iter().copied())
                .filter(|(_, at)| in_module(at, folder))
                .collect();
            nearest(&own, path).map(|(handler, at)| Seen { handler, at })
        })
    }

    /// What is called `name` in the nearest folder above that has one of the name, and no other.
    fn above(&self, name: &str, path: &str) -> Option<Seen<'f>> {
        let all = self.by_name.get(name)?;
        let mut folder = folder_of(path);
        while !folder.is_empty() {
            folder = folder_of(folder);
            let here = all.iter().copied();
            let mut here = here.filter(|(_, at)| folder_of(&at.path) == folder);
            if let Some((handler, at)) = here.next() {
                return here.next().is_none().then_some(Seen { handler, at });
            }
        }
        None
    }

    /// A class, with the module that a route names before it if it does, and all its bases that stand
    /// in the repository, and the names of those that do not.
    pub(crate) fn line(&self, name: &str, path: &str) -> (Vec<Seen<'f>>, BTreeSet<&'f str>) {
        let mut found: Vec<Seen<'f>> = Vec::new();
        let mut foreign = BTreeSet::new();
        let Some(first) = self.qualified(name, path) else {
            return (found, foreign);
        };
        found.push(first);
        let mut at = 0;
        while let Some(class) = found.get(at).copied() {
            at += 1;
            for base in &class.handler.bases {
                let near = self.named(base, &class.at.path);
                match near.or_else(|| self.above(base, &class.at.path)) {
                    // `class DeleteView(DeleteView)`: its base is another of its name.
                    Some(seen) if seen.at == class.at => {
                        foreign.insert(base.as_str());
                    }
                    Some(seen) if found.len() < HIGHEST => {
                        if !found.iter().any(|f| f.at == seen.at) {
                            found.push(seen);
                        }
                    }
                    _ => {
                        foreign.insert(base.as_str());
                    }
                }
            }
        }
        (found, foreign)
    }
}

/// Whether a handler is a function: of a class only its own and inherited methods were read, not what
/// they take.
fn is_function(seen: &Seen<'_>) -> bool {
    seen.handler.methods.is_empty() && seen.handler.bases.is_empty()
}

/// Whether a file is a program of Node.
fn of_node(path: &str) -> bool {
    [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"]
        .iter()
        .any(|end| path.ends_with(end))
}

/// What a file of Node is called by those who import it, of a file `index` its folder.
fn module_of(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    bare(match stem {
        "index" => folder_of(path).rsplit('/').next().unwrap_or(stem),
        _ => stem,
    })
}

/// `user` of `usersController`, `user.controller` and `UserCtrl`.
fn bare(name: &str) -> String {
    let plain: String = (name.chars().filter(char::is_ascii_alphanumeric))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let ends = [
        "controllers",
        "controller",
        "ctrl",
        "handlers",
        "handler",
        "routes",
        "api",
    ];
    let stem = ends
        .iter()
        .find_map(|end| plain.strip_suffix(end))
        .filter(|s| !s.is_empty());
    let stem = stem.unwrap_or(&plain);
    stem.strip_suffix('s').unwrap_or(stem).to_owned()
}

/// What a file at `path` means by a name that several have: its own, that of its folder, that of a
/// folder below, else the only one there is.
pub(crate) fn nearest<'f, T: Copy>(
    all: &[(T, &'f Evidence)],
    path: &str,
) -> Option<(T, &'f Evidence)> {
    let one = |fits: &dyn Fn(&str) -> bool| {
        let mut found = all.iter().filter(|(_, at)| fits(&at.path));
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    };
    let folder = folder_of(path);
    one(&|p| p == path)
        .or_else(|| one(&|p| folder_of(p) == folder))
        .or_else(|| one(&|p| !folder.is_empty() && p.starts_with(folder)))
        .or_else(|| one(&|_| true))
}
