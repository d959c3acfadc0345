//! URL patterns of Django joined across files: what `include()` puts before a path, and which
//! methods a view answers.

use crate::extractors::django_http::SPLICED;
use crate::extractors::python_views::LOOKED_UP;
use crate::facts::Endpoint;
use crate::http_paths;
use crate::resolve::django_routes::Routes;
use crate::resolve::handlers::Handlers;
use crate::resolve::world::folder_of;
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// Files in files at most.
const DEEPEST: u8 = 8;

/// Places at which one file of patterns is mounted, at most.
const MOST: usize = 6;

/// The endpoints of a project as a caller reaches them: those of Django stand below the paths of
/// all `include()` that lead to them. Where some file includes others, a file that none includes
/// is mounted by code that was not followed; its paths begin with `…`. Other frameworks' endpoints
/// pass as they are, without the includes. Beside them, whether some patterns are given by calls
/// that were not followed, or by packages that are not here, so that there are more.
pub(crate) fn mounted<'f>(
    found: &[(&'f Endpoint, &'f Evidence)],
    handlers: &Handlers<'_>,
) -> (Vec<(Endpoint, &'f Evidence)>, bool) {
    let is_django = |e: &Endpoint| e.framework.starts_with("django");
    let files: BTreeSet<&str> = found
        .iter()
        .filter(|(e, _)| is_django(e))
        .map(|(_, at)| at.path.as_str())
        .collect();
    let modules = modules(&files);
    let mut more = false;
    let mut mounts: Mounts<'_> = BTreeMap::new();
    for (endpoint, at) in found.iter().filter(|(e, _)| is_django(e)) {
        let Some(module) = include_of(endpoint) else {
            continue;
        };
        let Some((file, rest)) = file_of(module, &at.path, &modules) else {
            more = true;
            continue;
        };
        if file != at.path {
            let entry = mounts.entry(file).or_default();
            let place = Mount {
                from: &at.path,
                path: &endpoint.path,
                router: rest.strip_suffix(".urls").filter(|r| !r.contains('.')),
            };
            if !entry.contains(&place) {
                entry.push(place);
            }
        }
    }
    let splices = found.iter().filter(|(e, _)| e.framework == SPLICED);
    let splices: BTreeSet<(&str, &str)> = splices
        .map(|(e, at)| (at.path.as_str(), e.path.as_str()))
        .collect();
    let all = || mounts.values().flatten();
    let mut including: BTreeSet<&str> = all()
        .filter(|place| !splices.contains(&(place.from, place.path)))
        .map(|place| place.from)
        .collect();
    // A file that only joins lists is where all begins only if no other is.
    if including.is_empty() {
        including = all().map(|place| place.from).collect();
    }
    let mut prefixes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in &files {
        prefixes.insert(file, prefixes_of(file, None, &mounts, &including, 0));
    }
    // Of several routers of a file each stands where it is included itself.
    let mut apart: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for (endpoint, at) in found.iter().filter(|(e, _)| is_django(e)) {
        if let Some((router, _)) = router_of(endpoint) {
            let key = (at.path.as_str(), router);
            apart
                .entry(key)
                .or_insert_with(|| prefixes_of(key.0, Some(router), &mounts, &including, 0));
        }
    }
    let routes = Routes::of(found, &prefixes, handlers);
    let mut all = Vec::new();
    for (endpoint, at) in found {
        if include_of(endpoint).is_some() {
            continue;
        }
        if !is_django(endpoint) {
            for (method, summary) in of_class(endpoint, at, handlers) {
                let mut endpoint = (*endpoint).clone();
                endpoint.method = method;
                endpoint.summary = endpoint.summary.or(summary);
                all.push((endpoint, *at));
            }
            continue;
        }
        let answered = answered(endpoint, at, handlers);
        let below = match router_of(endpoint) {
            Some((router, _)) => apart.get(&(at.path.as_str(), router)),
            None => prefixes.get(at.path.as_str()),
        };
        for prefix in below.into_iter().flatten() {
            for (method, tail, word) in &answered {
                if !routes.fits(endpoint, at, prefix, word) {
                    continue;
                }
                let mut endpoint = (*endpoint).clone();
                let slash = endpoint.path.ends_with('/');
                let mut own = http_paths::append(&endpoint.path, tail);
                if slash && !own.ends_with('/') {
                    own.push('/');
                }
                endpoint.path = http_paths::without_base(&http_paths::append(prefix, &own));
                endpoint.method.clone_from(method);
                endpoint.router = None;
                // Which module answers, and which method of its class, is asked once more.
                endpoint.verbs.clear();
                if !word.is_empty() {
                    endpoint.verbs.push(word.clone());
                }
                if let Some(plain) = endpoint.framework.strip_suffix("-root") {
                    endpoint.framework = plain.to_owned();
                }
                all.push((endpoint, *at));
            }
        }
    }
    one_handler(&mut all);
    // The root of a router is not reached where another pattern answers at its path.
    if all.iter().any(|(e, _)| is_root(e)) {
        let taken: BTreeSet<String> = all
            .iter()
            .filter(|(e, _)| !is_root(e))
            .map(|(e, _)| e.path.trim_end_matches('/').to_owned())
            .collect();
        all.retain(|(e, _)| !is_root(e) || !taken.contains(e.path.trim_end_matches('/')));
    }
    (all, more)
}

/// A place at which a file of patterns is mounted.
#[derive(PartialEq, Eq)]
struct Mount<'p> {
    /// The file that includes it.
    from: &'p str,
    /// The path there.
    path: &'p str,
    /// The router whose URLs are taken in, and nothing else of the file.
    router: Option<&'p str>,
}

type Mounts<'p> = BTreeMap<&'p str, Vec<Mount<'p>>>;

/// The variable of the router that a resource is registered at, and its class.
fn router_of(endpoint: &Endpoint) -> Option<(&str, &str)> {
    endpoint.router.as_deref()?.split_once(':')
}

/// Of two patterns of one file for the same method and path Django asks the first.
fn one_handler(all: &mut Vec<(Endpoint, &Evidence)>) {
    let mut seen: BTreeSet<(String, String, String)> = BTreeSet::new();
    all.retain(|(endpoint, at)| {
        !endpoint.framework.starts_with("django")
            || is_root(endpoint)
            || seen.insert((
                at.path.clone(),
                endpoint.method.clone(),
                endpoint.path.clone(),
            ))
    });
}

/// The methods of a route that a class of another file answers, as in flask-restful.
fn of_class(
    endpoint: &Endpoint,
    at: &Evidence,
    handlers: &Handlers<'_>,
) -> Vec<(String, Option<String>)> {
    let own = vec![(endpoint.method.clone(), None)];
    let asked = endpoint.framework == "flask" && endpoint.method == "ANY";
    let Some(name) = endpoint.handler.as_deref().filter(|_| asked) else {
        return own;
    };
    let (line, _) = handlers.line(name, &at.path);
    let words = line.iter().flat_map(|class| &class.handler.methods);
    let found: BTreeSet<String> = words
        .filter(|w| matches!(w.as_str(), "get" | "post" | "put" | "patch" | "delete"))
        .map(|w| w.to_ascii_uppercase())
        .collect();
    // The nearest class that defines a method says what it does.
    let says = |method: &str| {
        let definer = line.iter().find(|class| {
            let mut all = class.handler.methods.iter();
            all.any(|m| m.eq_ignore_ascii_case(method))
        })?;
        let mut docs = definer.handler.docs.iter();
        docs.find(|(m, _)| m.eq_ignore_ascii_case(method))
            .map(|(_, text)| text.clone())
    };
    match found.is_empty() {
        true => own,
        false => found
            .into_iter()
            .map(|method| {
                let text = says(&method);
                (method, text)
            })
            .collect(),
    }
}

fn is_root(endpoint: &Endpoint) -> bool {
    endpoint.framework.starts_with("django") && endpoint.handler.as_deref() == Some("APIRootView")
}

/// The class that answers, with the module that it is imported from where the file says so.
pub(crate) fn view_of(endpoint: &Endpoint) -> Option<&str> {
    let imported = endpoint.mounts.first().map(|view| view.target.as_str());
    imported.or(endpoint.handler.as_deref())
}

fn include_of(endpoint: &Endpoint) -> Option<&str> {
    endpoint.handler.as_deref()?.strip_prefix("include:")
}

/// Files by the end of their dotted name: `urls`, `api.urls`, `shop.api.urls`.
fn modules<'p>(files: &BTreeSet<&'p str>) -> BTreeMap<String, Vec<&'p str>> {
    let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for file in files {
        let stem = file.strip_suffix(".py").unwrap_or(file);
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        let parts: Vec<&str> = stem.split('/').collect();
        for from in 0..parts.len() {
            all.entry(parts[from..].join(".")).or_default().push(file);
        }
    }
    all
}

/// The file that a module names, or a module with a name of it, and what of the name is left then. Of
/// several files the nearest counts.
fn file_of<'m, 'p>(
    module: &'m str,
    from: &str,
    modules: &BTreeMap<String, Vec<&'p str>>,
) -> Option<(&'p str, &'m str)> {
    let left = |known: usize| {
        let rest = module.get(known..).unwrap_or_default();
        rest.trim_start_matches('.')
    };
    // What a call gives is known when the program runs.
    if module.ends_with("()") {
        return None;
    }
    // `.users.urlpatterns` stands beside the file, or in the folder of a package.
    let mut name = module.trim_start_matches('.');
    let up = module.len() - name.len();
    if up > 0 {
        let mut folder = folder_of(from);
        for _ in 1..up {
            folder = folder_of(folder);
        }
        let mut rest = name;
        for _ in 0..2 {
            let path = format!("{folder}/{rest}").replace('.', "/");
            let path = path.trim_start_matches('/');
            if let Some(files) = modules.get(&path.replace('/', ".")) {
                let whole = |f: &&&str| {
                    let stem = f.strip_suffix(".py").unwrap_or(f);
                    stem.strip_suffix("/__init__").unwrap_or(stem) == path
                };
                if let Some(file) = files.iter().find(whole) {
                    return Some((file, left(up + rest.len())));
                }
            }
            let Some((before, _)) = rest.rsplit_once('.') else {
                break;
            };
            rest = before;
        }
    }
    for _ in 0..3 {
        if let Some(files) = modules.get(name) {
            let shared = |file: &&&str| {
                let both = file.bytes().zip(from.bytes());
                both.take_while(|(a, b)| a == b).count()
            };
            // Of `api/urls.py` and `shop/api/urls.py` the name `api.urls` means the outer one.
            let near = |file: &&&str| {
                let folders = file.matches('/').count();
                (shared(file), std::cmp::Reverse(folders))
            };
            let file = files.iter().max_by_key(near).copied()?;
            return Some((file, left(up + name.len())));
        }
        name = name.rsplit_once('.')?.0;
    }
    None
}

fn prefixes_of(
    file: &str,
    router: Option<&str>,
    mounts: &Mounts<'_>,
    including: &BTreeSet<&str>,
    depth: u8,
) -> Vec<String> {
    let places = mounts.get(file).into_iter().flatten();
    let places: Vec<&Mount<'_>> = places
        .filter(|place| place.router.is_none() || place.router == router)
        .collect();
    if places.is_empty() {
        let unmounted = !including.is_empty() && !including.contains(file);
        return vec![if unmounted { "…" } else { "" }.to_owned()];
    }
    if depth >= DEEPEST {
        return Vec::new();
    }
    let mut all: Vec<String> = places
        .iter()
        .flat_map(|place| {
            let outer = prefixes_of(place.from, None, mounts, including, depth + 1);
            let path = place.path;
            outer.into_iter().map(move |o| http_paths::append(&o, path))
        })
        .collect();
    all.sort();
    all.dedup();
    all.truncate(MOST);
    all
}

/// Methods with the path below the endpoint's own that they answer, and the method of the class that
/// does.
fn answered(
    endpoint: &Endpoint,
    at: &Evidence,
    handlers: &Handlers<'_>,
) -> Vec<(String, String, String)> {
    let plain = |method: &str| (method.to_ascii_uppercase(), String::new(), String::new());
    let names: Vec<&str> = endpoint.verbs.iter().map(String::as_str).collect();
    let allowed: Vec<&str> = names.into_iter().filter(|v| is_told(v)).collect();
    let any = || match allowed.is_empty() {
        true => vec![plain(&endpoint.method)],
        false => allowed.iter().map(|method| plain(method)).collect(),
    };
    // `as_view({"get": "list"})` leaves nothing to the class.
    if allowed.iter().any(|verb| verb.contains(':')) {
        let pairs = allowed.iter().filter_map(|verb| verb.split_once(':'));
        return pairs
            .map(|(method, word)| {
                let method = method.to_ascii_uppercase();
                (method, String::new(), word.to_owned())
            })
            .collect();
    }
    let router = router_of(endpoint).map(|(_, class)| (class, handlers.line(class, &at.path)));
    if endpoint.framework.ends_with("-root") {
        let shown = router.is_some_and(|(name, (_, foreign))| {
            name == "DefaultRouter" || foreign.contains("DefaultRouter")
        });
        return match shown {
            true => vec![plain("GET")],
            false => Vec::new(),
        };
    }
    let Some(name) = view_of(endpoint) else {
        return any();
    };
    let (line, foreign) = handlers.line(name, &at.path);
    let name = name.rsplit('.').next().unwrap_or(name);
    let mut words: BTreeSet<&str> = BTreeSet::new();
    for class in &line {
        words.extend(class.handler.methods.iter().map(String::as_str));
    }
    for base in foreign
        .iter()
        .copied()
        .chain(line.is_empty().then_some(name))
    {
        words.extend(of_base(base));
    }
    let mut all: Vec<(String, String, String)> = Vec::new();
    // (<https://www.django-rest-framework.org/api-guide/routers/#simplerouter>)
    let looked = line.iter().find_map(|class| {
        let mut calls = class.handler.calls.iter();
        calls.find_map(|call| call.strip_prefix(LOOKED_UP))
    });
    let looked = format!("{{{}}}", looked.unwrap_or("pk"));
    let is_set = endpoint.framework == "django-rest-framework";
    for (word, method, one) in [
        ("list", "GET", false),
        ("create", "POST", false),
        ("retrieve", "GET", true),
        ("update", "PUT", true),
        ("partial_update", "PATCH", true),
        ("destroy", "DELETE", true),
        ("get", "GET", false),
        ("post", "POST", false),
        ("put", "PUT", false),
        ("patch", "PATCH", false),
        ("delete", "DELETE", false),
    ] {
        // A router asks for the first six, a path for the others.
        let asked = matches!(
            word,
            "list" | "create" | "retrieve" | "update" | "partial_update" | "destroy"
        ) == is_set;
        if asked && words.contains(word) {
            let tail = if one { looked.clone() } else { String::new() };
            all.push((method.to_owned(), tail, word.to_owned()));
        }
    }
    // What a router of the system adds to every list, if the view has it.
    for class in router.iter().flat_map(|(_, (line, _))| line) {
        for pair in &class.handler.methods {
            if let Some((method, action)) = pair.split_once(':')
                && words.contains(action)
            {
                all.push((
                    method.to_ascii_uppercase(),
                    String::new(),
                    action.to_owned(),
                ));
            }
        }
    }
    for word in words.iter().filter(|_| is_set) {
        let mut parts = word
            .strip_prefix('@')
            .into_iter()
            .flat_map(|w| w.splitn(3, ':'));
        if let (Some(method), Some(place), Some(path)) = (parts.next(), parts.next(), parts.next())
        {
            let one = match place {
                "one" => format!("{looked}/"),
                _ => String::new(),
            };
            // The path of an action is called after its method unless it says otherwise.
            all.push((
                method.to_owned(),
                format!("{one}{path}"),
                path.replace('-', "_"),
            ));
        }
    }
    // The nearest class that limits the methods counts, and so does the route.
    let mut only = line.iter().map(|class| &class.handler.only);
    let only = only.find(|only| !only.is_empty());
    let open = |method: &str| {
        let method = method.to_ascii_lowercase();
        only.is_none_or(|only| only.contains(&method))
            && (allowed.is_empty() || allowed.contains(&method.as_str()))
    };
    let limited = !all.is_empty();
    all.retain(|(method, ..)| open(method));
    match (limited, only) {
        (true, _) => all,
        (false, Some(only)) if allowed.is_empty() => only
            .iter()
            .filter(|method| is_told(method))
            .map(|method| plain(method))
            .collect(),
        (false, _) => any(),
    }
}

/// Whether a method is told: those that ask about others are not.
fn is_told(verb: &str) -> bool {
    let method = verb.split(':').next().unwrap_or(verb);
    !matches!(method, "head" | "options" | "trace")
}

/// What a class of Django or Django REST framework answers
/// (<https://www.django-rest-framework.org/api-guide/viewsets/>,
/// <https://docs.djangoproject.com/en/stable/ref/class-based-views/>).
pub(super) fn of_base(name: &str) -> &'static [&'static str] {
    match name {
        "ModelViewSet" => &[
            "list",
            "create",
            "retrieve",
            "update",
            "partial_update",
            "destroy",
        ],
        "ReadOnlyModelViewSet" => &["list", "retrieve"],
        "ListModelMixin" => &["list"],
        "CreateModelMixin" => &["create"],
        "RetrieveModelMixin" => &["retrieve"],
        "UpdateModelMixin" => &["update", "partial_update"],
        "DestroyModelMixin" => &["destroy"],
        "ListAPIView"
        | "RetrieveAPIView"
        | "TemplateView"
        | "ListView"
        | "DetailView"
        | "RedirectView"
        | "SpectacularAPIView"
        | "SpectacularSwaggerView"
        | "SpectacularRedocView" => &["get"],
        "CreateAPIView" | "LogoutView" => &["post"],
        "DestroyAPIView" => &["delete"],
        "UpdateAPIView" => &["put", "patch"],
        "ListCreateAPIView" | "FormView" | "CreateView" | "UpdateView" | "LoginView" => {
            &["get", "post"]
        }
        "DeleteView" => &["get", "post", "delete"],
        "RetrieveUpdateAPIView" => &["get", "put", "patch"],
        "RetrieveDestroyAPIView" => &["get", "delete"],
        "RetrieveUpdateDestroyAPIView" => &["get", "put", "patch", "delete"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests;
