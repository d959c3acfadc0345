//! Classes of Flask-Classful: what their methods answer, and where they are registered.

use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::extractors::python_http::made;
use crate::extractors::python_routers;
use crate::facts::{Endpoint, Mount, Router};
use crate::http_paths;
use groundplan_syntax::{Annotation, Function};

/// Methods of a class that answer below the class itself without a word, with the method of HTTP
/// (<https://flask-classful.teracy.org/#special-method-names>).
const OWN: [(&str, &str); 6] = [
    ("index", "GET"),
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
];

/// What a class may have that changes which of its methods answer, and where.
const CHANGING: [&str; 5] = [
    "default_methods",
    "excluded_methods",
    "method_dashified",
    "special_methods",
    "base_args",
];

/// The classes of this file, as routers that something has to register, and their routes.
pub(super) fn find(
    view: &CodeView<'_, '_>,
    found: &mut Vec<(u32, Endpoint)>,
) -> Vec<(u32, Router)> {
    let code = view.code;
    let mut routers = Vec::new();
    if !view.imports_any(&["flask_classful", "flask_classy"]) {
        return routers;
    }
    let all = code.functions();
    let notes = code.annotations();
    for (index, class) in all.iter().enumerate() {
        let named = |base: &String| base.ends_with("FlaskView");
        if !class.class || !view.bases(class).iter().any(named) {
            continue;
        }
        let text = |name: &str| {
            let own = code.definitions().iter();
            let mut own = own.filter(|d| d.scope == Some(index) && d.name == name);
            own.next().and_then(|d| view.constant(d.value.clone()))
        };
        let base = text("route_base").unwrap_or_else(|| {
            let name = class.name.strip_suffix("View").unwrap_or(class.name);
            name.to_lowercase()
        });
        let own = |name: &str| {
            let mut own = code.definitions().iter();
            own.any(|d| d.scope == Some(index) && d.name == name)
        };
        // What registers the class may give another in its place.
        let before = match own("route_prefix") {
            true => format!("/{}", http_paths::UNREAD),
            false => String::new(),
        };
        let plain = !CHANGING.into_iter().any(own);
        let whole = http_paths::join(&before, &format!("/{}", base.trim_matches('/')));
        let line = code.line(class.at);
        let router = Router {
            name: class.name.to_owned(),
            prefix: http_paths::prefix(&whole),
            ..Router::default()
        };
        routers.push((line, router));
        let methods = all.iter().filter(|f| f.parent == Some(index) && !f.class);
        for method in methods {
            for (line, verb, path) in answers(view, &notes, method, plain) {
                let name = Some(method.name.to_owned());
                let summary = view.summary_of(method);
                let mut endpoint = made(verb, http_paths::template(&path), name, "flask", summary);
                endpoint.router = Some(class.name.to_owned());
                found.push((line, endpoint));
            }
        }
    }
    routers
}

/// What one method answers: what its decorators say, else what its name does.
fn answers(
    view: &CodeView<'_, '_>,
    notes: &[Annotation],
    method: &Function<'_>,
    plain: bool,
) -> Vec<(u32, String, String)> {
    let code = view.code;
    let all = code.functions();
    let mut said = Vec::new();
    let of_method = |note: &&Annotation| {
        let next = all.get(all.partition_point(|f| f.first < note.next));
        note.name == "route" && next.is_some_and(|f| f.at == method.at)
    };
    for note in notes.iter().filter(of_method) {
        let Some(open) = note.open else { continue };
        let path = view.argument(open, 0).and_then(|r| view.fold(r));
        let Some(path) = path else {
            said.push((note.line, String::new(), http_paths::UNREAD.to_owned()));
            continue;
        };
        let verbs = code.named_argument(open, "methods");
        let verbs = verbs.into_iter().flatten().filter_map(|at| code.string(at));
        let verbs = verbs.map(str::to_ascii_uppercase);
        let mut verbs: Vec<String> = verbs.filter(|v| METHODS.contains(&v.as_str())).collect();
        if verbs.is_empty() {
            verbs.push("GET".to_owned());
        }
        said.extend(verbs.into_iter().map(|v| (note.line, v, path.clone())));
    }
    // What another decorator makes of a method is not known.
    let noted = |note: &Annotation| {
        let next = all.get(all.partition_point(|f| f.first < note.next));
        next.is_some_and(|f| f.at == method.at)
    };
    let own = OWN.iter().find(|(name, _)| *name == method.name);
    let hidden = ["_", "before_", "after_"];
    let hidden = hidden.iter().any(|begin| method.name.starts_with(begin));
    if !said.is_empty() || hidden || !plain || own.is_none() && notes.iter().any(noted) {
        return said;
    }
    let mut path = match own {
        Some(_) => String::new(),
        None => format!("/{}", method.name),
    };
    // What has a default is asked in the query.
    let given = method.params.map(|open| code.arguments(open));
    for range in given.into_iter().flatten().skip(1) {
        let default = range.clone().any(|at| code.is(at, "="));
        if let Some(name) = code.ident(range.start).filter(|_| !default) {
            path.push_str(&format!("/{{{name}}}"));
        }
    }
    let verb = own.map_or("GET", |(_, verb)| verb);
    vec![(method.line, verb.to_owned(), path)]
}

/// `OrderView.register(app, route_prefix="/api")`: where classes are registered.
pub(super) fn mounts(view: &CodeView<'_, '_>) -> Vec<(u32, Mount)> {
    let code = view.code;
    let mut all = Vec::new();
    for &call in view.calls_of("register") {
        let name = code.name(call);
        let class = name.strip_suffix(".register").unwrap_or_default();
        let given = view.argument(call.open, 0);
        let app = given
            .filter(|r| r.len() == 1)
            .and_then(|r| code.ident(r.start));
        let (Some(app), true) = (app, class.starts_with(char::is_uppercase)) else {
            continue;
        };
        let target = match view.function(class).is_some_and(|f| f.class) {
            true => format!("#{class}"),
            false => match view.alias(class) {
                Some(module) => module.to_owned(),
                None => continue,
            },
        };
        let above = python_routers::stand(view, app, call.first, 0);
        let own = |name: &str| {
            let own = code.named_argument(call.open, name)?;
            let text = view.fold(own);
            Some(text.unwrap_or_else(|| http_paths::UNREAD.to_owned()))
        };
        let prefix = http_paths::join(&above.prefix, &own("route_prefix").unwrap_or_default());
        // Its base stands in place of that of the class.
        let base = own("route_base");
        let replaces = base.is_some();
        let prefix = http_paths::join(&prefix, &base.unwrap_or_default());
        let mount = Mount {
            router: above.router,
            prefix: http_paths::prefix(&prefix),
            target,
            replaces,
            ..Mount::default()
        };
        all.push((code.line(call.first), mount));
    }
    all
}
